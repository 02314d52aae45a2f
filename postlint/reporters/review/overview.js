// The overview: what to do first, the groups to merge as a map, families of rules over time, the worst posts, counts.

const ON_MAP = 40;
const PERIODS = 24;

function tilesPart(summary) {
  const tile = (number, word) => el("div", { class: "tile" }, el("b", {}, number.toLocaleString("en")), " " + word);
  const tiles = [tile(summary.posts, summary.posts === 1 ? "post" : "posts"), tile(summary.posts_with_violations, "with violations"),
    ...SEVERITIES.map((severity) => tile(summary.by_severity[severity], severity + "s"))];
  if (summary.suppressed) tiles.push(tile(summary.suppressed, "suppressed"));
  if (summary.baselined) tiles.push(tile(summary.baselined, "in the baseline"));
  return el("div", { class: "tiles" }, tiles);
}

function actionsPart(actions) {
  return el("ol", { class: "actions" }, actions.map(({ name, meaning }) => {
    const found = model.table.violations.filter((violation) => violation.action === name);
    const posts = new Set(found.map((violation) => violation.post)).size;
    return el("li", { class: found.length ? null : "none" }, el("h3", {}, el("a", { href: "#" + name }, name)),
      el("p", {}, meaning), el("p", { class: "sum" }, found.length ? counted(posts, "post") + " " : "nothing to do", tallies(found)));
  }));
}

/** How many posts have how much text of their own. */
function originalPart() {
  const { shared } = model.table;
  if (!shared.length) return "";
  const bars = shared.map((number, at) => [at * 10 + "-" + (at === 9 ? 100 : at * 10 + 9) + " %", number]);
  return el("div", {}, el("h2", {}, "Shared text"), barsPart(bars, "Posts by the share of their prose that other posts have too; the rest is their own."));
}

// ---- the map of groups

/** The pairs of posts of each group that a violation names: [place, place, percent], places in the group's list. */
function pairsOf(groups) {
  const places = new Map(groups.flatMap(({ files }) => files.map((file, at) => [file, at])));
  const pairs = new Map(groups.map((group) => [group, new Map()]));
  for (const { action, post, related, data } of model.table.violations) {
    const group = action === "merge" && model.groupOf.get(model.posts[post].file);
    if (!group || !pairs.has(group)) continue;
    for (const [file] of related) {
      const ends = [places.get(model.posts[post].file), places.get(file)].sort((a, b) => a - b);
      if (ends[0] !== ends[1]) pairs.get(group).set(ends.join(), [...ends, data.percent || 100]);
    }
  }
  return pairs;
}

function svg(tag, attributes, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  made.append(...children);
  return made;
}

/** A group as a ring of its posts; a line joins two that are alike, and is the thicker the more they are. */
function ringPart(group, pairs) {
  const size = Math.min(150, 44 + 7 * Math.sqrt(group.files.length) * 2);
  const around = size / 2 - 8;
  const at = (place) => {
    const angle = (2 * Math.PI * place) / group.files.length - Math.PI / 2;
    return [(size / 2 + around * Math.cos(angle)).toFixed(1), (size / 2 + around * Math.sin(angle)).toFixed(1)];
  };
  const lines = [...pairs.values()].slice(0, 500).map(([one, other, percent]) => {
    const [[x1, y1], [x2, y2]] = [at(one), at(other)];
    return svg("line", { x1, y1, x2, y2, "stroke-width": (0.5 + Math.max(0, percent - 60) / 16).toFixed(1) });
  });
  const dots = group.files.slice(0, 300).map((_, place) => svg("circle", { cx: at(place)[0], cy: at(place)[1], r: group.files.length > 40 ? 2 : 4 }));
  return svg("svg", { viewBox: `0 0 ${size} ${size}`, width: size, height: size, "aria-hidden": "true" }, ...lines, ...dots);
}

/** The largest groups to merge. One of them can be reached by Tab; arrow keys go from there to the others. */
function mapPart() {
  const groups = model.table.groups.slice(0, ON_MAP);
  if (!groups.length) return "";
  const pairs = pairsOf(groups);
  const titles = new Map(model.posts.map((post) => [post.file, post.title]));
  const named = (file) => titles.get(file) || model.table.files[file];
  const links = groups.map((group, at) => el("a", { href: groupLink(group), tabindex: at ? "-1" : "0" }, ringPart(group, pairs.get(group)),
    el("span", { class: "title" }, counted(group.files.length, "post") + ", " + group.percent + " %"),
    el("span", { class: "under" }, named(group.files[0]))));
  const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1, Home: -links.length, End: links.length };
  const go = (event) => {
    const from = links.indexOf(event.target.closest("a"));
    if (!(event.key in steps) || from < 0) return;
    event.preventDefault();
    const to = Math.max(0, Math.min(links.length - 1, from + steps[event.key]));
    links[from].tabIndex = -1;
    links[to].tabIndex = 0;
    links[to].focus();
  };
  const left = model.table.groups.length - groups.length;
  return el("section", { "aria-label": "Map of groups to merge" }, el("h2", {}, "Groups to merge"),
    el("p", { class: "meaning" }, "Each ring is a group, each dot a post; a line joins two posts that are alike, the thicker the more. The percentage is that of the closest two. Arrow keys go from ring to ring."),
    el("ul", { class: "map", onkeydown: go }, links.map((link) => el("li", {}, link))),
    left > 0 ? el("p", {}, el("a", { href: "#merge" }, counted(left, "smaller group") + " in the list")) : "");
}

// ---- families over time

/** The periods of some days ("2026-03-14") in their order, and what names the period of a day. */
function periodsOf(days) {
  const months = (day) => Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1;
  const [first, last] = days.reduce(([low, high], day) => [Math.min(low, months(day)), Math.max(high, months(day))], [Infinity, -Infinity]);
  const step = last - first < PERIODS ? 1 : last - first < 3 * PERIODS ? 3 : 12;
  const named = (period) => {
    const year = String(Math.floor((period * step) / 12));
    return step === 12 ? year : step === 3 ? `${year} Q${(period % 4) + 1}` : `${year}-${String((period % 12) + 1).padStart(2, "0")}`;
  };
  const end = Math.floor(last / step);
  const begin = Math.max(Math.floor(first / step), end - PERIODS + 1);
  const names = Array.from({ length: end - begin + 1 }, (_, at) => named(begin + at));
  const earlier = Math.floor(first / step) < begin;
  if (earlier) names.unshift("earlier");
  const placeOf = (day) => Math.max(0, Math.floor(months(day) / step) - begin + (earlier ? 1 : 0));
  return { names, placeOf };
}

/** The violations of each family by the date of their posts, as a table whose cells are the darker the more there are. */
function timePart() {
  const days = model.posts.map(({ day }) => day).filter(Boolean);
  if (new Set(days.map((day) => day.slice(0, 7))).size < 2) return "";
  const { names, placeOf } = periodsOf(days);
  const families = new Map();
  for (const { family, post } of model.table.violations) {
    const { day } = model.posts[post];
    if (!day) continue;
    if (!families.has(family)) families.set(family, names.map(() => 0));
    families.get(family)[placeOf(day)]++;
  }
  const most = Math.max(1, ...[...families.values()].flat());
  const rows = [...families].sort(([a], [b]) => (a < b ? -1 : 1)).map(([family, numbers]) => el("tr", {},
    el("th", { scope: "row" }, el("a", { href: "#all&rule=" + family }, family)),
    numbers.map((number) => el("td", { class: number ? "heat-" + Math.ceil((4 * number) / most) : null }, number.toLocaleString("en")))));
  const undated = model.posts.length - days.length;
  return el("section", { "aria-label": "Families over time" }, el("h2", {}, "Families of rules over time"),
    el("p", { class: "meaning" }, "Violations by the dates of their posts" + (undated ? `; ${counted(undated, "post")} without a date left out.` : ".")),
    el("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": "Table of families by date" },
      el("table", { class: "time", "aria-label": "Violations by family and date" },
        el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "family"), names.map((name) => el("th", { scope: "col" }, name)))),
        el("tbody", {}, rows))));
}

// ---- all of it

function showOverview() {
  const { summary, actions, rules } = model.table;
  const byRule = Object.entries(summary.by_code).sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  const worst = model.posts.map((post) => [post.found.reduce((sum, one) => sum + WEIGHT[one.severity], 0), post])
    .sort((a, b) => b[0] - a[0] || a[1].index - b[1].index).slice(0, 10);
  fill(byId("overview"),
    tilesPart(summary), el("h2", {}, "What to do, first things first"), actionsPart(actions),
    el("div", { class: "columns" },
      el("div", {}, el("h2", {}, "Posts that need most work"), worst.length ? el("ol", {}, worst.map(([, post]) =>
        el("li", {}, el("a", { href: postLink(post.path, post.number) }, post.title), " ", tallies(post.found)))) : el("p", {}, "No post has a violation.")),
      originalPart(),
      byRule.length ? el("div", {}, el("h2", {}, "Rules"), barsPart(byRule.map(([code, number]) => [code + " " + rules[code].name, number, "#all&rule=" + code]), "Violations by rule")) : ""),
    mapPart(), timePart());
}
