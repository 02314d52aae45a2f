// Parts of the page: violations with their decisions, rows of files, bars.

// Half a surrogate pair has no place in an address.
const nameInLink = (path) => path.replace(/[\ud800-\udfff]/gu, "\ufffd");
const postLink = (path, number) => "#post=" + encodeURIComponent(nameInLink(path)) + (number ? "&n=" + number : "");
const groupLink = (group) => "#group=" + encodeURIComponent(nameInLink(model.table.files[group.files[0]]));
const badge = (severity) => el("span", { class: "badge " + severity }, severity);

function tallies(found) {
  return SEVERITIES.map((severity) => [severity, found.filter((one) => one.severity === severity).length])
    .filter(([, number]) => number)
    .map(([severity, number]) => el("span", { class: "badge " + severity }, counted(number, severity)));
}

/** A template with its slots: what this post has in them, and what the other has. */
function templatePart({ template, slots, other_slots: others }) {
  const pieces = template.split(/\{(\d+)\}/);
  const shown = pieces.map((piece, at) => {
    if (at % 2 === 0) return piece;
    const here = (slots || [])[piece - 1] || "";
    const there = (others || [])[piece - 1] || "";
    return el("span", { class: "slot" }, el("ins", {}, here || "nothing"), " / ", el("del", {}, there || "nothing"));
  });
  return el("figure", { class: "template" },
    el("blockquote", {}, shown),
    el("figcaption", {}, "Slots: ", el("ins", {}, "in this post"), " / ", el("del", {}, "in the other")));
}

/** What a violation says besides its message: the values that it is about. */
function valuesPart(data) {
  const skipped = new Set(["template", "slots", "other_slots", "other", "original"]);
  const said = Object.entries(data).filter(([key, value]) => !skipped.has(key) && value !== "" && value !== null);
  if (!said.length) return null;
  return el("dl", { class: "values" }, said.map(([key, value]) => el("div", {},
    el("dt", {}, key.replaceAll("_", " ")),
    el("dd", {}, typeof value === "object" ? [value].flat().map((one) => typeof one === "object" ? JSON.stringify(one) : one).join(", ") : value))));
}

function relatedPart(violation) {
  if (!violation.related.length) return null;
  const own = model.posts[violation.post].file;
  const places = violation.related.slice(0, 8).map(([file, [row], message]) => el("li", {}, message + ": ",
    file === own ? "row " + row : el("a", { href: postLink(model.table.files[file]) }, model.table.files[file] + ":" + row)));
  if (violation.related.length > 8) places.push(el("li", {}, violation.related.length - 8 + " more"));
  return el("ul", { class: "related" }, places);
}

function decisionPart(violation) {
  const about = violation.code + ", row " + violation.place[0];
  const now = decisionOf(violation) || { decision: "", reason: "", assignee: "" };
  const note = el("span", { class: "note", role: "status" });
  const select = el("select", { "aria-label": "Decision on " + about });
  for (const [value, word] of Object.entries(DECISIONS)) select.append(el("option", { value }, word));
  const reason = el("input", { "aria-label": "Reason, " + about, placeholder: "reason" });
  const assignee = el("input", { "aria-label": "Assigned to, " + about, placeholder: "assigned to" });
  select.value = now.decision;
  reason.value = now.reason;
  assignee.value = now.assignee;
  const fit = () => {
    reason.hidden = !select.value;
    assignee.hidden = select.value !== "assign";
    const lacks = select.value === "waive" && !reason.value.trim();
    reason.toggleAttribute("required", select.value === "waive");
    reason.setAttribute("aria-invalid", String(lacks));
    note.textContent = lacks ? "A waiver needs a reason; without one it is not exported." : "";
  };
  const take = () => {
    decide(violation, select.value, reason.value, assignee.value, document.getElementById("reviewer").value);
    fit();
    showState();
  };
  select.addEventListener("change", take);
  reason.addEventListener("input", take);
  assignee.addEventListener("input", take);
  fit();
  return el("div", { class: "decision" }, select, assignee, reason, note);
}

function violationPart(violation, level) {
  const rule = model.table.rules[violation.code];
  const named = violation.code + " " + rule.name;
  return el("article", { class: "violation " + violation.severity },
    el("h" + level, {}, badge(violation.severity), " ", named, el("span", { class: "place" }, " row " + violation.place[0])),
    el("p", { class: "message" }, violation.message),
    violation.quote && !violation.data.template ? el("blockquote", {}, violation.quote) : null,
    violation.data.template ? templatePart(violation.data) : null,
    valuesPart(violation.data),
    relatedPart(violation),
    el("p", { class: "fix" }, rule.fix),
    el("details", {}, el("summary", {}, "Why " + violation.code), el("p", {}, rule.why),
      rule.url ? el("p", { class: "url" }, rule.url) : null),
    decisionPart(violation));
}

/** How deep a shared text is shaded, by the number of posts that have it. */
function shade(violation) {
  if (!violation.code.startsWith("BP") || violation.code === "BP004") return null;
  const posts = violation.data.posts || 1;
  return posts >= 10 ? "shared-3" : posts >= 3 ? "shared-2" : "shared-1";
}

/** The marks on the rows that are known of a file for some violations: row number to marks. Small ones lie over large ones. */
function marksOf(found, known) {
  const marks = new Map();
  const at = (number, text, column) => offsetOf(text, number === known.first ? column - known.leftOut : column);
  const size = ({ place: [row, , last] }) => last - row;
  for (const violation of [...found].sort((a, b) => size(b) - size(a))) {
    const [row, column, lastRow, lastColumn] = violation.place;
    if (violation.code === "BP004" || violation.code.startsWith("ND00")) continue;
    for (const [number, text] of known.rows) {
      if (number < row || number > lastRow) continue;
      const start = number === row ? at(number, text, column) : 0;
      const end = number === lastRow ? at(number, text, lastColumn) : text.length;
      const title = violation.code + ": " + violation.message;
      if (!marks.has(number)) marks.set(number, []);
      marks.get(number).push([start, end, shade(violation) || "found-" + violation.severity, title]);
    }
  }
  return marks;
}

/** The rows of a file; a gap where rows are left out. `marksFor` gives the marks of a row. */
function rowsPart(known, marksFor) {
  const body = el("div", { class: "rows" });
  let next = known.first;
  const gap = (from, to) => el("p", { class: "gap" }, counted(to - from, "row") + " not shown");
  for (const [number, text] of known.rows) {
    if (number > next) body.append(gap(next, number));
    body.append(el("div", { class: "row" }, el("span", { class: "number" }, number), el("span", { class: "text" }, marked(text, marksFor(number, text)))));
    next = number + 1;
  }
  if (next <= known.last && known.rows.length) body.append(gap(next, known.last + 1));
  return body;
}

/** Bars: [label, number, link or nothing]. */
function barsPart(bars, named) {
  const most = Math.max(1, ...bars.map(([, number]) => number));
  return el("table", { class: "bars" }, el("caption", {}, named), el("tbody", {}, bars.map(([label, number, link]) => {
    const bar = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    bar.setAttribute("viewBox", "0 0 100 8");
    bar.setAttribute("preserveAspectRatio", "none");
    bar.setAttribute("aria-hidden", "true");
    const filled = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    filled.setAttribute("width", String((100 * number) / most));
    filled.setAttribute("height", "8");
    bar.append(filled);
    return el("tr", {}, el("th", { scope: "row" }, link ? el("a", { href: link }, label) : label),
      el("td", { class: "number" }, number.toLocaleString("en")), el("td", { class: "bar" }, bar));
  })));
}
