"""The editorial review report: what stands in the page, that texts of posts stay texts, and what the page does."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
import shutil
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from browser import Browser

from postlint import reporters
from postlint.cli import run
from postlint.commands.rows import rows_of
from postlint.post import Lines, Location
from postlint.reporters import review_data
from postlint.reporters.review_actions import ACTIONS, action_of
from postlint.rules import all_rules
from postlint.violations import Cluster, RelatedLocation, Report, RulePage, Severity, Violation

ROOT = Path(__file__).parents[1]
SITE = ROOT / "fixtures" / "site"
HOSTILE = "</script><img src=x onerror=alert(1)> <!-- \u202e\u2028 &amp; \ud800 \x00"
BODY = "Measure the chain before the ride and wax it after the rain, says the old mechanic."
FILES = {
    "a.md": f"# Chains\n\n{BODY}\nOnly here.\n",
    "b/b.md": f"# Chains again\n\n{BODY}\nNot there.\n",
    f"b/{HOSTILE}.md": f"{HOSTILE}\n",
}


def violation(code: str, path: str, row: int = 1, other: str = "", **values: Any) -> Violation:
    """A violation of five columns at the start of a row, and another post beside it."""
    fields: dict[str, Any] = {
        "code": code,
        "name": all_rules()[code].name,
        "severity": Severity.WARNING,
        "message": f"{code} says so",
        "path": path,
        "post": "a title",
        "number": 0,
        "location": Location(row, 1),
        "end_location": Location(row, 6),
        "quote": "quote",
        "help": "",
        "data": {},
        "related": (RelatedLocation(other, Location(1, 1), Location(1, 3), "there"),) if other else (),
        "fingerprint": f"{code}-{path}-{row}",
        "url": "",
    }
    return Violation(**{**fields, **values})


def report(*violations: Violation, clusters: tuple[Cluster, ...] = ()) -> Report:
    codes = sorted({found.code for found in violations})
    pages = (RulePage(code, "a-name", Severity.WARNING, "What.", HOSTILE, "Mend it.", "") for code in codes)
    return Report(date(2026, 11, 20), 3, 3, violations, clusters=clusters, rules=tuple(pages))


def rendered(found: Report) -> str:
    return "".join(
        reporters.render(
            "html", found, lambda path, number: Lines(FILES[path]) if path in FILES else None, colour=False
        )
    )


class Page(HTMLParser):
    """The elements of a page, and the texts of its scripts and styles."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, str] = {}
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if self.cdata_elem:
            tag, attributes = self.tags[-1]
            name = attributes.get("id") or tag
            self.texts[name] = self.texts.get(name, "") + data

    def data(self, name: str) -> Any:
        return json.loads(gzip.decompress(base64.b64decode(self.texts[name], validate=True)))


HOSTILE_REPORT = report(
    violation(
        "BP001", "a.md", 3, "b/b.md", message=HOSTILE, post=HOSTILE, quote=HOSTILE, data={"posts": 2, HOSTILE: HOSTILE}
    ),
    violation("REV001", f"b/{HOSTILE}.md", post=HOSTILE, fingerprint=HOSTILE),
)


def test_every_rule_has_an_action() -> None:
    names = [action.name for action in ACTIONS]
    assert names == ["merge", "rewrite", "replace", "correct", "approve", "other"]
    found = {code: action_of(code) for code in all_rules()}
    assert set(found.values()) == set(names)
    # Only what is about neither text nor meta may be left over; a new family has to be thought about.
    assert {code[:3] for code, action in found.items() if action == "other"} == {"SEO", "STY"}
    assert {code for code, action in found.items() if action == "merge"} == {"ND001", "ND002", "ND003"}
    assert action_of("HOUSE001") == "other"


def test_hostile_text_adds_no_element_and_stays_what_it_is() -> None:
    text = rendered(HOSTILE_REPORT)
    assert text.isascii()
    found, empty = Page(text), Page(rendered(report()))
    data = [attributes for tag, attributes in found.tags if attributes.get("type") == "application/json"]
    assert [attributes["id"] for attributes in data] == ["table", "rows-0", "chunks"]
    assert [tag for tag in found.tags if tag[1] not in data] == [
        tag for tag in empty.tags if tag[1].get("type") != "application/json"
    ]
    table = found.data("table")
    assert table["files"] == sorted(FILES)
    assert table["violations"][0]["message"] == HOSTILE
    assert table["violations"][0]["data"] == {"posts": 2, HOSTILE: HOSTILE}
    assert table["posts"][1] == [table["files"].index(f"b/{HOSTILE}.md"), 0, HOSTILE, [], ""]
    assert table["rules"]["BP001"]["why"] == HOSTILE


def test_table_round_trip() -> None:
    table = Page(rendered(HOSTILE_REPORT)).data("table")
    assert (table["schema_version"], table["as_of"]) == (1, "2026-11-20")
    assert table["summary"]["by_code"] == {"BP001": 1, "REV001": 1}
    first = table["violations"][0]
    assert (first["code"], first["severity"], first["post"], first["place"]) == ("BP001", "warning", 0, [3, 1, 3, 6])
    assert first["related"] == [[table["files"].index("b/b.md"), [1, 1, 1, 3], "there"]]
    assert table["rules"]["BP001"]["action"] == "rewrite"


def test_rows_of_files() -> None:
    found = Page(rendered(HOSTILE_REPORT))
    files = found.data("table")["files"]
    rows = {files[file]: (size, segments) for file, size, segments in found.data("rows-0")}
    assert rows["a.md"] == ([1, 5, 0], [[1, ["# Chains", "", BODY, "Only here.", ""]]])
    assert set(rows) == set(FILES)
    assert found.data("chunks") == [[file for file, *_ in found.data("rows-0")]]


def test_of_a_long_file_the_rows_around_places(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(review_data, "WHOLE", 30)
    text = "\n".join(f"row {row}" for row in range(1, 31))
    found = report(violation("BP001", "a.md", 4), violation("BP001", "a.md", 6), violation("BP001", "a.md", 30))
    ((portion,),) = review_data.chunks(found, lambda path, number: Lines(text), ["a.md"])
    assert portion == (0, (1, 30, 0), [(3, ["row 3", "row 4", "row 5", "row 6", "row 7"]), (29, ["row 29", "row 30"])])
    monkeypatch.setattr(review_data, "PART", 12)
    ((portion,),) = review_data.chunks(found, lambda path, number: Lines(text), ["a.md"])
    assert portion == (0, (1, 30, 0), [(3, ["row 3", "row 4", "row 5"])])


def test_whole_files_have_a_budget_and_posts_to_merge_come_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(review_data, "IN_ALL", 1)
    found = report(violation("REV001", "a.md", 2), violation("ND002", "z.md", 2, "y.md"))
    (portion,) = review_data.chunks(found, lambda path, number: Lines("1\n2\n3\n4"), ["a.md", "y.md", "z.md"])
    assert portion == [
        (2, (1, 4, 0), [(1, ["1", "2", "3", "4"])]),
        (0, (1, 4, 0), [(1, ["1", "2", "3"])]),
        (1, (1, 4, 0), [(1, ["1", "2"])]),
    ]


def test_groups_are_connected_by_violations_and_clusters() -> None:
    found = report(
        violation("ND002", "a.md", other="b.md", data={"percent": 91}),
        violation("ND003", "c.md", other="d.md", data={"percent": 85}),
        violation("ND001", "e.md", other="f.md"),
        violation("BP001", "g.md", other="a.md"),
        clusters=(Cluster("1", "near-duplicate", ("a.md", "c.md"), 0.8),),
    )
    files = {path: index for index, path in enumerate("a.md b.md c.md d.md e.md f.md g.md".split())}
    assert review_data.groups(found, files) == [
        {"files": [0, 1, 2, 3], "pair": [0, 1], "percent": 91},
        {"files": [4, 5], "pair": [4, 5], "percent": 100},
    ]


def test_policy_names_the_hashes_of_the_style_and_the_script() -> None:
    text = rendered(HOSTILE_REPORT)
    found = Page(text)
    (policy,) = [
        attributes["content"] or ""
        for _, attributes in found.tags
        if attributes.get("http-equiv") == "Content-Security-Policy"
    ]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    hashes = {
        name: base64.b64encode(hashlib.sha256(found.texts[name].encode()).digest()).decode()
        for name in ("script", "style")
    }
    assert rules == {
        "default-src": "'none'",
        "script-src": f"'sha256-{hashes['script']}'",
        "style-src": f"'sha256-{hashes['style']}'",
        "img-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'none'",
    }


def test_the_page_names_no_address_and_writes_no_mark_up() -> None:
    text = rendered(report())
    addresses = set(re.findall(r"https?://[^\s\"'<>)]+", text))
    # The name of SVG's elements; nothing is fetched from it.
    assert addresses == {"http://www.w3.org/2000/svg"}
    script = Page(text).texts["script"]
    for way in (
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "Function(",
        "fetch(",
        "url(",
    ):
        assert way not in text, way
    assert not re.search(r"\.style\b|setAttribute\(\"style", script)


def test_empty_report() -> None:
    table = Page(rendered(report())).data("table")
    assert (table["violations"], table["groups"], table["files"]) == ([], [], [])


def test_key_depends_on_what_was_found() -> None:
    def key(*violations: Violation) -> str:
        return str(review_data.table(report(*violations), lambda *_: reporters.About())["key"])

    one, two = violation("BP001", "a.md", 3), violation("BP001", "a.md", 4)
    assert key(one, two) == key(two, one) != key(one)


def test_report_command_writes_a_page_and_fails_on_request(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    arguments = ["report", str(SITE), "--no-cache", "--as-of", "2026-11-20"]
    assert run(arguments) == 0
    page = Page((tmp_path / "review.html").read_text(encoding="utf-8"))
    assert page.data("table")["summary"]["by_code"]["REV001"] >= 1
    assert run([*arguments, "-o", "other.html", "--fail-on", "error", "--report", "html=third.html"]) == 1
    assert (tmp_path / "other.html").read_bytes() == (tmp_path / "review.html").read_bytes()
    assert (tmp_path / "third.html").read_bytes() == (tmp_path / "review.html").read_bytes()


def test_shared_text_of_all_posts_is_told_whether_it_is_known_or_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copytree(SITE / "posts", "posts")
    Path("postlint.toml").write_text('as-of = 2026-11-20\ncorpus = ["posts"]\n', encoding="utf-8")
    pages = []
    for _ in range(2):
        assert run(["report", "--verbose"]) == 0
        pages.append(Path("review.html").read_bytes())
    assert "nothing has changed since the last run" in capsys.readouterr().err
    assert pages[0] == pages[1]
    # By the words that tests/test_cli_site.py counts: 86 of 157; 84 of 137 and 82 of 125; 117 of 136 and twice 107 of
    # 132. What people wrote is their own.
    assert Page(pages[0].decode()).data("table")["shared"] == [3, 0, 0, 0, 0, 1, 2, 0, 3, 0]
    # It is not told of a few posts, nor where nothing was compared.
    for arguments in (["posts/choosing-a-saddle.md"], ["--select", "REV"]):
        assert run(["report", *arguments]) == 0
        assert Page(Path("review.html").read_text(encoding="utf-8")).data("table")["shared"] == []


def test_authors_and_day_of_a_post(tmp_path: Path) -> None:
    def about(meta: str) -> reporters.About:
        path = tmp_path / "a.md"
        path.write_text(f"---\n{meta}\n---\nText.\n", encoding="utf-8")
        with rows_of({}) as rows:
            return rows.about(str(path), 0)

    assert about("author: Ada\ndate: 2026-03-04 10:00") == (("Ada",), date(2026, 3, 4))
    assert about("authors: [Ada, ' Bo ', Ada, '']\ncreated: 2025-01-02") == (("Ada", "Bo"), date(2025, 1, 2))
    assert about("authors: [a, b, c, d, e, f]") == (tuple("abcde"), None)
    # A date that is none is passed over.
    assert about("date: 2026-13-40\ncreated: 2025-01-02").day == date(2025, 1, 2)
    assert about("title: A") == ((), None)
    with rows_of({}) as rows:
        assert rows.about(str(tmp_path / "gone.md"), 0) == ((), None)
        assert rows.about(str(tmp_path / "a.md"), 7) == ((), None)


MERGE = report(
    violation("ND002", "a.md", other="b/b.md", data={"percent": 91}, severity=Severity.ERROR),
    violation("REV001", "b/b.md", 3),
    violation("REV001", f"b/{HOSTILE}.md", post=HOSTILE, message=HOSTILE),
)


def test_in_a_browser(browser: Browser, tmp_path: Path) -> None:
    page = tmp_path / "review.html"
    page.write_text(rendered(MERGE), encoding="utf-8")
    browser.open(page.as_uri())
    browser.until("document.querySelectorAll('#overview .actions li').length === 6")
    assert browser.run("document.querySelector('#about').textContent").startswith("3 violations in 3 posts")

    # A filter, by keys: "/" goes to the search.
    browser.run("location.hash = '#all'")
    browser.until("document.querySelectorAll('#list .item').length === 3")
    browser.press("/")
    assert browser.run("document.activeElement.id") == "search"
    browser.call("Input.insertText", text="rev001 b/b.md")
    browser.until("document.querySelectorAll('#list .item').length === 1")
    browser.press("Escape")
    browser.run("search.value = ''; search.dispatchEvent(new Event('input'))")
    browser.run("severity.value = 'error'; severity.dispatchEvent(new Event('change'))")
    assert browser.run("[...document.querySelectorAll('#list .under')].map((under) => under.textContent)") == ["a.md"]
    browser.run("severity.value = ''; severity.dispatchEvent(new Event('change'))")

    # Hostile text is text, and what turns it around is seen.
    browser.run("location.hash = postLink(model.posts[2].path)")
    browser.until("document.querySelector('#detail .rows')")
    assert browser.run("document.querySelectorAll('img, #detail script').length") == 0
    title = browser.run("document.querySelector('#detail h2').textContent")
    assert title.startswith("</script><img src=x onerror=alert(1)> <!-- \\u{202e}\\u{2028} &amp; \\u{d800} \\u{0}")

    # A post: its violations as cards, the place of each marked in its text.
    browser.run("location.hash = postLink('b/b.md')")
    browser.until("document.querySelector('#detail h2').textContent === 'a title' && document.querySelector('.rows')")
    assert browser.run("[...document.querySelectorAll('#detail .message')].map((said) => said.textContent)") == [
        "REV001 says so"
    ]
    assert browser.run("[...document.querySelectorAll('.rows mark')].map((mark) => mark.textContent)") == [BODY[:5]]
    assert "[object" not in browser.run("document.body.innerText")

    # The group of posts to merge, opened by keys: what both say is marked, what one says is not.
    browser.run("location.hash = '#merge'")
    browser.until("document.querySelectorAll('#list .item').length === 1")
    browser.press("j")
    browser.press("Enter")
    browser.until("document.querySelectorAll('#detail .sides section').length === 2")
    marks = "[...document.querySelectorAll('#detail .sides mark')].map((mark) => mark.textContent)"
    assert browser.run(marks) == [BODY[:-1]] * 2

    # Decisions: a waiver without a reason is none.
    decide = "{0}.value = {1!r}; {0}.dispatchEvent(new Event({2!r}))"
    reason = "document.querySelector('.decision input[placeholder=reason]')"
    browser.run("reviewer.value = 'Ada'")
    browser.run(decide.format("document.querySelector('.decision select')", "waive", "change"))
    assert browser.run("JSON.parse(exported()).decisions") == []
    browser.run(decide.format(reason, "print version", "input"))
    browser.run("document.querySelector('#export').click()")
    begun = browser.wait_for("Browser.downloadWillBegin")
    browser.wait_for("Browser.downloadProgress", guid=begun["guid"], state="completed")
    (saved,) = tmp_path.glob("*.json")
    assert saved.name == "postlint-decisions.json"
    exported = json.loads(saved.read_text(encoding="utf-8"))
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", exported["decisions"][0].pop("date"))
    assert exported == {
        "schema_version": 1,
        "decisions": [
            {"fingerprint": "ND002-a.md-1", "code": "ND002", "path": "a.md", "number": 0, "post": "a title",
             "decision": "waive", "reason": "print version", "assignee": "", "author": "Ada"},
        ],
    }  # fmt: skip

    # Another editor, who has decided nothing, takes them over; what is not in the report is told.
    browser.run("localStorage.clear()")
    browser.open(page.as_uri())
    browser.until("document.querySelector('#overview .actions') && state.textContent === ''")
    (tmp_path / "wrong.json").write_text('{"schema_version": 1, "decisions": [{"decision": "burn"}]}', encoding="utf-8")
    choose(browser, tmp_path / "wrong.json")
    browser.until("state.textContent === 'This is no file of decisions. '")
    absent = {**exported["decisions"][0], "path": "gone.md", "date": "2026-11-20"}
    exported["decisions"][0]["date"] = "2026-11-19"
    exported["decisions"].append(absent)
    saved.write_text(json.dumps(exported), encoding="utf-8")
    choose(browser, saved)
    browser.until(
        "state.textContent.startsWith('1 decision taken over, 1 of violations that are not in this report. ')"
    )
    assert json.loads(browser.run("exported()"))["decisions"] == exported["decisions"][:1]

    # They are still there after the page was closed.
    browser.open(page.as_uri())
    browser.until("document.querySelector('#state').textContent.startsWith('1 decision')")
    assert browser.problems == []
    assert {address.partition(":")[0] for address in browser.requests} <= {"file", "blob"}


def choose(browser: Browser, path: Path) -> None:
    """Choose a file of decisions, as in the window that the button opens."""
    found = browser.call("Runtime.evaluate", expression="document.getElementById('chosen')")["result"]["objectId"]
    browser.call("DOM.setFileInputFiles", files=[str(path)], objectId=found)


def test_map_of_groups(browser: Browser, tmp_path: Path) -> None:
    page = tmp_path / "review.html"
    alike = [("a.md", "b.md", 97), ("b.md", "c.md", 81), ("p.md", "q.md", 90), ("y.md", "z.md", 85)]
    found = report(*(violation("ND002", one, other=other, data={"percent": percent}) for one, other, percent in alike))
    page.write_text(rendered(found), encoding="utf-8")
    browser.open(page.as_uri())
    browser.until("document.querySelector('#overview .map')")
    told = "[...document.querySelectorAll('.map a')].map((link) => link.querySelector('.title').textContent)"
    assert browser.run(told) == ["3 posts, 97 %", "2 posts, 90 %", "2 posts, 85 %"]
    parts = "['circle', 'line'].map((part) => link.querySelectorAll(part).length)"
    assert browser.run(f"[...document.querySelectorAll('.map a')].map((link) => {parts})") == [[3, 2], [2, 1], [2, 1]]
    # A line is the thicker the more its posts are alike.
    widths = "[...document.querySelectorAll('.map line')].map((line) => line.getAttribute('stroke-width'))"
    assert browser.run(widths) == ["2.8", "1.8", "2.4", "2.1"]
    at = "[...document.querySelectorAll('.map a')].indexOf(document.activeElement)"
    reached = "[...document.querySelectorAll('.map a')].map((link) => link.tabIndex)"
    browser.run("document.querySelector('.map a').focus()")
    for key, place in (("ArrowLeft", 0), ("ArrowRight", 1), ("End", 2), ("ArrowDown", 2), ("ArrowUp", 1)):
        browser.press(key)
        assert browser.run(at) == place, key
    assert browser.run(reached) == [-1, 0, -1]
    browser.press("Enter")
    browser.until("document.querySelector('#detail .members')")
    assert browser.run("location.hash") == "#group=p.md"
    assert browser.problems == []


def test_empty_report_in_a_browser(browser: Browser, tmp_path: Path) -> None:
    page = tmp_path / "review.html"
    page.write_text(rendered(report()), encoding="utf-8")
    browser.open(page.as_uri() + "#merge")
    browser.until("document.querySelector('#list .sum')")
    assert browser.run("document.querySelector('#list .sum').textContent") == "0 groups, 0 violations"
    assert browser.problems == []
