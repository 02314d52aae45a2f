"use strict";
// Texts: made harmless, cut into words, compared in runs of five words, marked.

const HOSTILE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff\ue000-\uf8ff]|[\u{e0000}-\u{e0fff}]/gu;
const RUN = 5;

/** A text in which what is invisible, or turns text around, is seen as its code. */
function visible(text) {
  return text.replace(HOSTILE, (sign) => "\\u{" + sign.codePointAt(0).toString(16) + "}");
}

/** An element with attributes and children; texts among the children become text, never mark-up. */
function el(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(name, visible(String(value)));
  }
  append(made, children);
  return made;
}

function append(parent, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === "") continue;
    parent.append(child instanceof Node ? child : visible(String(child)));
  }
}

/** Put these children in the place of those that there are. */
function fill(parent, ...children) {
  parent.replaceChildren();
  append(parent, children);
}

function counted(number, noun) {
  return number.toLocaleString("en") + " " + noun + (number === 1 ? "" : "s");
}

/** The words of a text: each with its folded form and its start and end. */
function words(text) {
  const found = [];
  for (const match of text.matchAll(/[\p{L}\p{N}]+/gu)) {
    found.push([match[0].normalize("NFKC").toLowerCase(), match.index, match.index + match[0].length]);
  }
  return found;
}

/** The runs of five words of some rows; no run goes over the end of a row. */
function runsOf(rows) {
  const runs = new Set();
  for (const [, text] of rows) {
    const found = words(text);
    for (let at = 0; at + RUN <= found.length; at++) runs.add(found.slice(at, at + RUN).map((word) => word[0]).join(" "));
  }
  return runs;
}

/** The stretches of a row that stand in runs which the other text has, too: [start, end] in UTF-16 units. */
function sharedStretches(text, runs) {
  const found = words(text);
  const stretches = [];
  for (let at = 0; at + RUN <= found.length; at++) {
    if (!runs.has(found.slice(at, at + RUN).map((word) => word[0]).join(" "))) continue;
    const start = found[at][1];
    const end = found[at + RUN - 1][2];
    const last = stretches[stretches.length - 1];
    if (last && start <= last[1]) last[1] = end;
    else stretches.push([start, end]);
  }
  return stretches;
}

/** The offset in UTF-16 units of a column, which counts code points from 1. */
function offsetOf(text, column) {
  let offset = 0;
  for (let left = column - 1; left > 0 && offset < text.length; left--) {
    offset += text.codePointAt(offset) > 0xffff ? 2 : 1;
  }
  return offset;
}

/** A row with marks: [start, end, class, title]. Where marks overlap, the later one is shown. */
function marked(text, marks) {
  const edges = new Set([0, text.length]);
  for (const [start, end] of marks) edges.add(Math.min(start, text.length)).add(Math.min(end, text.length));
  const cuts = [...edges].sort((a, b) => a - b);
  const pieces = [];
  for (let at = 0; at + 1 < cuts.length; at++) {
    const mark = marks.findLast(([start, end]) => start <= cuts[at] && cuts[at + 1] <= end);
    const piece = text.slice(cuts[at], cuts[at + 1]);
    pieces.push(mark ? el("mark", { class: mark[2], title: mark[3] }, piece) : piece);
  }
  return pieces;
}
