// Where the page starts: what stands in the address, what is typed, what is pressed.

function choices(id, options) {
  fill(byId(id), ...options.map(([value, word]) => {
    const option = el("option", {}, word);
    // As it is, not as it is shown: it is compared with what posts say.
    option.value = value;
    return option;
  }));
  byId(id).addEventListener("change", () => {
    asked[id] = byId(id).value;
    showList(false);
  });
}

function prepareFilters() {
  const { rules } = model.table;
  const codes = Object.keys(rules).sort();
  const families = [...new Set(codes.map((code) => rules[code].family))];
  const folders = new Set();
  for (const { folder } of model.posts) {
    const parts = folder.split("/");
    for (let at = 1; at <= parts.length; at++) if (parts.slice(0, at).join("/")) folders.add(parts.slice(0, at).join("/"));
  }
  choices("severity", [["", "any"], ...SEVERITIES.map((word) => [word, word])]);
  choices("rule", [["", "any"], ...families.filter((one) => !codes.includes(one)).map((one) => [one, one + " (all)"]), ...codes.map((code) => [code, code + " " + rules[code].name])]);
  choices("folder", [["", "any"], ...[...folders].sort().slice(0, 1000).map((one) => [one, one])]);
  const authors = new Map();
  for (const post of model.posts) for (const author of post.authors) authors.set(author, (authors.get(author) || 0) + 1);
  const byPosts = [...authors].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, 1000);
  choices("author", [["", "any"], ...byPosts.map(([author, number]) => [author, `${author} (${number.toLocaleString("en")})`])]);
  byId("author").parentElement.hidden = !byPosts.length;
  choices("decided", [["", "any"], ["open", "open"], ["fix", "fix"], ["waive", "waive"], ["assign", "assign"]]);
  choices("sort", [["work", "most work"], ["shared", "most shared text"], ["number", "most violations"], ["title", "title"], ["path", "path"]]);
  byId("search").addEventListener("input", () => {
    asked.search = byId("search").value.trim().toLowerCase();
    showList(false);
  });
}

/** Show what the address asks for: a tab, a post, or a group. */
function route() {
  const [head, ...rest] = location.hash.slice(1).split("&");
  const [kind, value] = [head.split("=")[0], decoded(head.slice(head.indexOf("=") + 1))];
  const more = Object.fromEntries(rest.map((part) => part.split("=")));
  const opens = kind === "post" || kind === "group";
  if (kind === "group") asked.tab = "merge";
  else if (opens && asked.tab === "overview") asked.tab = "all";
  else if (!opens) asked.tab = kind === "all" || model.table.actions.some(({ name }) => name === kind) ? kind : "overview";
  if (model.table.rules[more.rule]) byId("rule").value = asked.rule = more.rule;
  const overview = asked.tab === "overview";
  byId("overview").hidden = !overview;
  byId("split").hidden = byId("filters").hidden = overview;
  byId("split").classList.toggle("opened", opens);
  showTabs();
  if (overview) return showOverview();
  const tab = view.tab;
  view.tab = asked.tab;
  showList(tab === asked.tab);
  if (!opens) return void fill(byId("detail"), el("p", { class: "meaning" }, "Choose one from the list."));
  byId("detail").scrollTop = 0;
  byId("detail").focus({ preventScroll: true });
  if (kind === "post") showPost(value, Number(more.n || 0));
  else showGroup(value);
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function pressed(event) {
  const typing = event.target.closest("input, select, textarea");
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.key === "Escape") {
    if (typing) typing.blur();
    else if (byId("split").classList.contains("opened")) location.hash = asked.tab;
  } else if (typing) return;
  else if (event.key === "j") move(1);
  else if (event.key === "k") move(-1);
  else if (event.key === "?") byId("help").click();
  else if (event.key === "/" && !byId("filters").hidden) {
    event.preventDefault();
    byId("search").focus();
  }
}

function saveDecisions() {
  const link = el("a", { download: "postlint-decisions.json" });
  link.href = URL.createObjectURL(new Blob([exported()], { type: "application/json" }));
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

/** Read the chosen file, and say what has come of it. */
async function takeDecisions(event) {
  const [file] = event.target.files;
  event.target.value = "";
  if (!file) return;
  try {
    const [taken, left] = imported(await file.text());
    route();
    showState(counted(taken, "decision") + " taken over" + (left ? `, ${left.toLocaleString("en")} of violations that are not in this report` : "") + ".");
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    showState("This is no file of decisions.");
  }
}

function prepareTools() {
  const dark = () => document.documentElement.dataset.theme
    ? document.documentElement.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  const named = () => { byId("theme").textContent = dark() ? "Light" : "Dark"; };
  named();
  byId("theme").addEventListener("click", () => {
    document.documentElement.dataset.theme = dark() ? "light" : "dark";
    named();
  });
  byId("export").addEventListener("click", saveDecisions);
  byId("import").addEventListener("click", () => byId("chosen").click());
  byId("chosen").addEventListener("change", takeDecisions);
  byId("help").addEventListener("click", () => {
    byId("keys").hidden = !byId("keys").hidden;
    byId("help").setAttribute("aria-expanded", String(!byId("keys").hidden));
  });
  document.addEventListener("keydown", pressed);
}

async function start() {
  if (typeof DecompressionStream === "undefined") {
    byId("state").textContent = "This browser can't unpack the report: it needs one of 2023 or later (DecompressionStream).";
    return;
  }
  understood(await unpacked("table"));
  const { summary, as_of: day, postlint_version: version } = model.table;
  byId("about").textContent = `${counted(summary.violations, "violation")} in ${counted(summary.posts, "post")}, as of ${day}, by postlint ${version}`;
  prepareFilters();
  prepareTools();
  window.addEventListener("hashchange", route);
  route();
  showState();
}

start();
