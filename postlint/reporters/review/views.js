// The views: list, one post, one group of posts to merge.

const PAGE = 50;
const CARDS = 60;
const view = { items: [], page: 0, at: 0 };
const byId = (id) => document.getElementById(id);

function showState(said = "") {
  const made = [...model.decisions.values()];
  const good = made.filter(counts).length;
  const kept = model.keeps ? "" : " This browser keeps nothing for files: export before you close the page.";
  byId("state").textContent = (said && said + " ") + (good ? counted(good, "decision") + " to export." : "") + kept;
}

function showTabs() {
  const tabs = [["overview", null], ...model.table.actions.map(({ name }) => [name, name]), ["all", "all"]];
  const numbers = { all: model.table.violations.length };
  for (const violation of model.table.violations) numbers[violation.action] = (numbers[violation.action] || 0) + 1;
  fill(byId("tabs"), ...tabs.map(([name, action]) => el("a", {
    href: "#" + name, "aria-current": asked.tab === name ? "page" : null, class: action && !numbers[name] ? "none" : null,
  }, name, action ? el("span", { class: "count" }, " " + (numbers[name] || 0).toLocaleString("en")) : "")));
}

// ---- the list

function itemsOf(tab) {
  if (tab === "merge") {
    return groupsAsked().map(({ group, mine }) => ({
      link: groupLink(group),
      title: counted(group.files.length, "post") + ", closest " + group.percent + " %",
      under: group.files.slice(0, 3).map((file) => model.table.files[file]).join(", ") + (group.files.length > 3 ? ", ..." : ""),
      mine,
    }));
  }
  return postsOf(tab).map(({ post, mine }) => ({
    link: postLink(post.path, post.number), title: post.title,
    under: post.path + (tab === "all" || tab === "rewrite" ? "" : ": " + mine[0].message), mine,
  }));
}

function showList(keepPlace) {
  view.items = itemsOf(asked.tab);
  if (!keepPlace) view.page = view.at = 0;
  const pages = Math.max(1, Math.ceil(view.items.length / PAGE));
  view.page = Math.min(view.page, pages - 1);
  const from = view.page * PAGE;
  const shown = view.items.slice(from, from + PAGE);
  const action = model.table.actions.find(({ name }) => name === asked.tab);
  const step = (by, word) => el("button", { type: "button", disabled: view.page + by < 0 || view.page + by >= pages,
    onclick: () => { view.page += by; view.at = view.page * PAGE; showList(true); byId("list").scrollTop = 0; } }, word);
  fill(byId("list"),
    el("h2", {}, asked.tab), action ? el("p", { class: "meaning" }, action.meaning) : "",
    el("p", { class: "sum", role: "status" }, counted(view.items.length, asked.tab === "merge" ? "group" : "post") + ", " +
      counted(view.items.reduce((sum, item) => sum + item.mine.length, 0), "violation")),
    el("ol", { class: "items", start: from + 1 }, shown.map((item, at) => el("li", {}, el("a", { href: item.link, class: "item",
      "aria-current": item.link === location.hash ? "true" : null, onfocus: () => { view.at = from + at; } },
    el("span", { class: "title" }, item.title), el("span", { class: "under" }, item.under), el("span", { class: "sum" }, tallies(item.mine)))))),
    pages > 1 ? el("p", { class: "pager" }, step(-1, "Previous"), ` page ${view.page + 1} of ${pages} `, step(1, "Next")) : "");
}

/** Go up or down in the list, over the ends of its pages. */
function move(by) {
  if (byId("split").hidden || !view.items.length) return;
  const inList = document.activeElement.closest("#list .item");
  view.at = Math.max(0, Math.min(view.items.length - 1, inList ? view.at + by : view.at));
  const page = Math.floor(view.at / PAGE);
  if (page !== view.page) {
    view.page = page;
    const at = view.at;
    showList(true);
    view.at = at;
  }
  byId("list").querySelectorAll(".item")[view.at % PAGE].focus();
}

// ---- one post, one group

function cardsPart(found, level) {
  const holder = el("div", { class: "cards" }, found.slice(0, CARDS).map((violation) => violationPart(violation, level)));
  if (found.length > CARDS) {
    const more = el("button", { type: "button", onclick: () => {
      more.remove();
      append(holder, found.slice(CARDS).map((violation) => violationPart(violation, level)));
    } }, "Show " + (found.length - CARDS) + " more");
    holder.append(more);
  }
  return holder;
}

const LEGEND = [["shared-1", "in 1 or 2 other posts"], ["shared-2", "in 3 to 9"], ["shared-3", "in 10 or more"],
  ["found-error", "error"], ["found-warning", "warning"], ["found-info", "info"]];

async function showPost(path, number) {
  const detail = byId("detail");
  const file = model.table.files.findIndex((one) => nameInLink(one) === path);
  const posts = model.posts.filter((one) => one.file === file);
  const post = posts.find((one) => one.number === number) || posts[0];
  if (file < 0) return void fill(detail, el("h2", {}, "Not in this report"), el("p", {}, path));
  const group = model.groupOf.get(file);
  const found = post ? post.found : [];
  const parts = model.table.actions.map(({ name }) => [name, found.filter((violation) => violation.action === name && passes(violation))])
    .filter(([, mine]) => mine.length)
    .sort(([a], [b]) => (b === asked.tab) - (a === asked.tab));
  const hidden = found.length - parts.reduce((sum, [, mine]) => sum + mine.length, 0);
  const texts = el("section", { "aria-label": "Text" }, el("h3", {}, "Text"));
  fill(detail,
    el("a", { class: "back", href: "#" + asked.tab }, "Back to the list"),
    el("h2", {}, post ? post.title : path), el("p", { class: "path" }, path),
    post && (post.authors.length || post.day) ? el("p", { class: "meaning" }, [post.authors.join(", "), post.day].filter(Boolean).join(", ")) : "",
    el("p", {}, found.length ? tallies(found) : "No violation of its own.", group ? [" ", el("a", { href: groupLink(group) }, "in a group to merge")] : ""),
    parts.map(([name, mine]) => [el("h3", { class: "action" }, name + " ", el("span", { class: "count" }, mine.length)), cardsPart(mine, 4)]),
    hidden ? el("p", { class: "meaning" }, counted(hidden, "violation") + " hidden by the filters.") : "",
    texts);
  const known = await rowsOf(file);
  if (!known || !known.rows.length) return void texts.append(el("p", {}, "The report has no text of this file."));
  const marks = marksOf(found, known);
  texts.append(el("p", { class: "legend" }, LEGEND.map(([name, word]) => [el("mark", { class: name }, word), " "])),
    rowsPart(known, (row) => marks.get(row) || []));
}

async function showGroup(first) {
  const detail = byId("detail");
  const group = model.table.groups.find(({ files }) => nameInLink(model.table.files[files[0]]) === first);
  if (!group) return void fill(detail, el("h2", {}, "Not in this report"), el("p", {}, first));
  const [a, b] = group.pair;
  const members = new Set(group.files);
  const found = model.table.violations.filter((violation) => violation.action === "merge" && members.has(model.posts[violation.post].file) && passes(violation));
  const titles = new Map(model.posts.map((post) => [post.file, post.title]));
  const sides = el("div", { class: "sides" });
  const list = (files) => files.map((file) => el("li", {}, el("a", { href: postLink(model.table.files[file]) }, titles.get(file) || model.table.files[file]), " ", el("span", { class: "path" }, model.table.files[file])));
  const rest = group.files.length > 20 ? el("details", {}, el("summary", {}, group.files.length - 20 + " more"), el("ul", {}, list(group.files.slice(20)))) : "";
  fill(detail,
    el("a", { class: "back", href: "#merge" }, "Back to the list"),
    el("h2", {}, counted(group.files.length, "post") + " to merge"), el("ul", { class: "members" }, list(group.files.slice(0, 20))), rest,
    el("h3", {}, "The closest pair: " + group.percent + " %"),
    el("p", { class: "legend" }, el("mark", { class: "both" }, "stands in both"), " in runs of five words"),
    sides, el("h3", {}, "Violations"), cardsPart(found, 4));
  const [left, right] = [await rowsOf(a), await rowsOf(b)];
  const none = { rows: [] };
  for (const [file, own, other] of a === b ? [[a, left, null]] : [[a, left, right], [b, right, left]]) {
    const runs = runsOf((other || none).rows);
    const mark = (row, text) => sharedStretches(text, runs).map(([start, end]) => [start, end, "both", null]);
    sides.append(el("section", { "aria-label": model.table.files[file] }, el("h4", {}, el("a", { href: postLink(model.table.files[file]) }, titles.get(file) || model.table.files[file])),
      own ? rowsPart(own, mark) : el("p", {}, "The report has no text of this file.")));
  }
}
