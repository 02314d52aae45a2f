// What the report says, what is asked of it, and what was decided.

const SEVERITIES = ["error", "warning", "info"];
const WEIGHT = { error: 1e6, warning: 1e3, info: 1 };
const DECISIONS = { "": "open", fix: "fix", waive: "waive", assign: "assign" };

const model = { table: null, posts: [], rows: new Map(), chunks: null, decisions: new Map(), keeps: true };
const asked = { tab: "overview", search: "", severity: "", rule: "", folder: "", author: "", decided: "", sort: "work" };

/** The JSON in an element of the page, unpacked. */
async function unpacked(id) {
  const packed = atob(document.getElementById(id).textContent);
  const bytes = new Uint8Array(packed.length);
  for (let at = 0; at < packed.length; at++) bytes[at] = packed.charCodeAt(at);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return JSON.parse(await new Response(stream).text());
}

function understood(table) {
  model.table = table;
  model.posts = table.posts.map(([file, number, title, authors, day], index) => ({
    index, file, number, authors, day, path: table.files[file], title: title || table.files[file], found: [],
  }));
  table.violations.forEach((violation, index) => {
    const post = model.posts[violation.post];
    violation.index = index;
    violation.action = table.rules[violation.code].action;
    violation.family = table.rules[violation.code].family;
    violation.words = [violation.code, table.rules[violation.code].name, violation.message, post.title, post.path]
      .join(" ").toLowerCase();
    post.found.push(violation);
  });
  for (const post of model.posts) {
    const cut = post.path.lastIndexOf("/");
    post.folder = cut < 0 ? "." : post.path.slice(0, cut);
    const stitched = post.found.find((violation) => violation.code === "BP004");
    post.shared = stitched ? stitched.data.percent : 0;
  }
  model.groupOf = new Map();
  table.groups.forEach((group, index) => {
    group.index = index;
    for (const file of group.files) model.groupOf.set(file, group);
  });
  model.decisions = kept();
}

// ---- what is asked

function passes(violation) {
  if (asked.severity && violation.severity !== asked.severity) return false;
  if (asked.rule && violation.family !== asked.rule && violation.code !== asked.rule) return false;
  if (asked.folder) {
    const folder = model.posts[violation.post].folder;
    if (folder !== asked.folder && !folder.startsWith(asked.folder + "/")) return false;
  }
  if (asked.author && !model.posts[violation.post].authors.includes(asked.author)) return false;
  if (asked.decided) {
    const decision = decisionOf(violation);
    if ((decision ? decision.decision : "open") !== asked.decided) return false;
  }
  return asked.search.split(/\s+/).every((word) => violation.words.includes(word));
}

/** The posts of a tab, each with those of its violations that are asked for, in the order that is asked for. */
function postsOf(tab) {
  const found = [];
  for (const post of model.posts) {
    const mine = post.found.filter((violation) => (tab === "all" || violation.action === tab) && passes(violation));
    if (mine.length) found.push({ post, mine, weight: mine.reduce((sum, one) => sum + WEIGHT[one.severity], 0) });
  }
  const byPath = (a, b) => a.post.index - b.post.index;
  const orders = {
    work: (a, b) => b.weight - a.weight || byPath(a, b),
    shared: (a, b) => b.post.shared - a.post.shared || byPath(a, b),
    number: (a, b) => b.mine.length - a.mine.length || byPath(a, b),
    title: (a, b) => (a.post.title < b.post.title ? -1 : a.post.title > b.post.title ? 1 : byPath(a, b)),
    path: byPath,
  };
  return found.sort(orders[asked.sort]);
}

/** The groups of posts to merge in which something is asked for. */
function groupsAsked() {
  const files = new Map();
  for (const { post, mine } of postsOf("merge")) files.set(post.file, (files.get(post.file) || []).concat(mine));
  return model.table.groups
    .map((group) => ({ group, mine: group.files.flatMap((file) => files.get(file) || []) }))
    .filter(({ mine }) => mine.length);
}

// ---- the rows of files

/** The rows that the report has of a file: {first, last, leftOut, rows: [[number, text], ...]}; null if it has none. */
async function rowsOf(file) {
  model.chunks ||= await unpacked("chunks");
  const at = model.chunks.findIndex((files) => files.includes(file));
  if (at < 0) return null;
  if (!model.rows.has(file)) {
    for (const [name, [first, last, leftOut], segments] of await unpacked("rows-" + at)) {
      const rows = segments.flatMap(([from, texts]) => texts.map((text, index) => [from + index, text]));
      model.rows.set(name, { first, last, leftOut, rows });
    }
  }
  return model.rows.get(file);
}

// ---- what was decided

const storageName = () => "postlint-review:" + model.table.key;
const nameOf = (violation) => {
  const { path, number } = model.posts[violation.post];
  return path + "\0" + number + "\0" + violation.fingerprint;
};

function decisionOf(violation) {
  return model.decisions.get(nameOf(violation));
}

function kept() {
  try {
    return new Map(JSON.parse(localStorage.getItem(storageName()) || "[]"));
  } catch {
    model.keeps = false;
    return new Map();
  }
}

function keep() {
  try {
    localStorage.setItem(storageName(), JSON.stringify([...model.decisions]));
  } catch {
    model.keeps = false;
  }
}

/** A decision as it is kept and exported. */
function decisionFor(violation, { decision, reason, assignee, author, date }) {
  const { path: name, number } = model.posts[violation.post];
  // A later post of a file is named by its number, too.
  const path = number ? name.slice(0, name.lastIndexOf("#")) : name;
  return {
    fingerprint: violation.fingerprint, code: violation.code, path, number, post: model.table.posts[violation.post][2],
    decision, reason, assignee: decision === "assign" ? assignee : "", author, date,
  };
}

/** Decide on a violation; a waiver counts only with a reason. */
function decide(violation, decision, reason, assignee, author) {
  const date = new Date().toISOString().slice(0, 10);
  if (decision) model.decisions.set(nameOf(violation), decisionFor(violation, { decision, reason, assignee, author, date }));
  else model.decisions.delete(nameOf(violation));
  keep();
}

const counts = (decision) => decision.decision !== "waive" || decision.reason.trim() !== "";

/** The decisions as the file that is exported, by path, post and fingerprint. */
function exported() {
  const order = (a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : a.number - b.number || (a.fingerprint < b.fingerprint ? -1 : 1));
  const decisions = [...model.decisions.values()].filter(counts).sort(order);
  return JSON.stringify({ schema_version: 1, decisions }, null, 2) + "\n";
}

const isDecision = (one) => one !== null && ["fix", "waive", "assign"].includes(one.decision) &&
  ["path", "fingerprint", "reason", "assignee", "author", "date"].every((key) => typeof one[key] === "string");

/** Take over the decisions of an exported file: how many, and how many are of violations that are not in this report. */
function imported(text) {
  const found = JSON.parse(text);
  if (found === null || found.schema_version !== 1 || !Array.isArray(found.decisions) || !found.decisions.every(isDecision)) {
    throw new SyntaxError("no decisions");
  }
  const here = new Map(model.table.violations.map((violation) => [nameOf(violation), violation]));
  let taken = 0;
  for (const one of found.decisions) {
    const name = (one.number ? one.path + "#" + one.number : one.path) + "\0" + one.number + "\0" + one.fingerprint;
    const violation = here.get(name);
    if (!violation) continue;
    model.decisions.set(name, decisionFor(violation, one));
    taken++;
  }
  keep();
  return [taken, found.decisions.length - taken];
}
