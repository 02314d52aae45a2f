"""An editor's morning: a report of ten thousand posts in Chromium, from the command line to the exported decisions."""

from __future__ import annotations

import json
import random
import string
from pathlib import Path
from typing import Any

import pytest
from browser import Browser

from postlint.cli import run

POSTS = 10_000
"""Posts of the corpus; every tenth is a copy of the one before it but for its last sentence."""
SELECT = "BP001,IMG001,ND002,REV001,REV002"
CHECK = ["content", "--isolated", "--no-cache", "--as-of", "2026-11-20", "--select", SELECT]


def write_posts(folder: Path, posts: int) -> None:
    """Posts of two paragraphs of their own and one that others have, all to be reviewed, all with a stand-in image."""
    rng = random.Random(11)
    words = ["".join(rng.choices(string.ascii_lowercase, k=rng.randrange(3, 9))) for _ in range(3_000)]

    def sentences(number: int) -> str:
        return " ".join(f"{' '.join(rng.choices(words, k=9)).capitalize()}." for _ in range(number))

    shared = [sentences(3) for _ in range(posts // 5)]
    own = ["", ""]
    for number in range(posts):
        part = folder / f"part-{number // 500:02}"
        if number % 500 == 0:
            part.mkdir(parents=True)
        if number % 10 == 1:
            body = [*own, shared[(number - 1) % len(shared)], sentences(1)]
        else:
            own = [sentences(5), sentences(5)]
            body = [*own, shared[number % len(shared)]]
        meta = f"title: Post {words[number % 97]} {number}\nneeds_review: true\nstatus: reviewed\nimage: https://placehold.co/6x4\n"
        text = "\n\n".join(body)
        (part / f"{words[number % 89]}-{number}.md").write_text(f"---\n{meta}---\n\n{text}\n", encoding="utf-8")


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder with the posts and their report, to work in."""
    folder = tmp_path / "site"
    write_posts(folder / "content", POSTS)
    monkeypatch.chdir(folder)
    assert run(["report", *CHECK, "--report", "json=found.json"]) == 0


def entered(browser: Browser, name: str, value: str, event: str = "change") -> None:
    """Enter a value in a field and say so, as typing does."""
    browser.run(f"{name}.value = {json.dumps(value)}; {name}.dispatchEvent(new Event({event!r}, {{bubbles: true}}))")


SUM = "document.querySelector('#list .sum').textContent"
FIELD = "document.querySelector('#detail .decision {}')"


@pytest.mark.usefixtures("site")
def test_ten_thousand_posts_are_opened_filtered_and_decided_on(browser: Browser, tmp_path: Path) -> None:
    counts = json.loads(Path("found.json").read_text(encoding="utf-8"))["summary"]["by_code"]
    # All posts have the image, the flag and the contradiction; a thousand pairs are copies; a shared paragraph stands
    # in five posts or, where a copy was made, in one more of them.
    assert counts == {"IMG001": POSTS, "REV001": POSTS, "REV002": POSTS, "ND002": 2_000, "BP001": counts["BP001"]}
    assert counts["BP001"] >= POSTS
    page = Path("review.html").absolute().as_uri()
    browser.open(page)
    browser.until("document.querySelectorAll('#overview .actions li').length === 6")
    assert browser.run("about.textContent").startswith(f"{sum(counts.values()):,} violations in 10,000 posts")

    # Filters: by rule, then by a folder, then by words.
    browser.run("location.hash = 'all'")
    browser.until("document.querySelectorAll('#list .item').length === 50")
    assert browser.run(SUM) == f"10,000 posts, {sum(counts.values()):,} violations"
    entered(browser, "rule", "ND002")
    assert browser.run(SUM) == "2,000 posts, 2,000 violations"
    entered(browser, "folder", "content/part-03")
    assert browser.run(SUM) == "100 posts, 100 violations"
    entered(browser, "search", "-1511.md", "input")
    # The post, and its copy, since that names the post.
    assert browser.run(SUM) == "2 posts, 2 violations"
    for name in ("rule", "folder"):
        entered(browser, name, "")
    entered(browser, "search", "", "input")

    # A cluster: its two posts side by side, and what they share marked.
    browser.run("location.hash = 'merge'")
    browser.until(f"{SUM} === '1,000 groups, 2,000 violations'")
    browser.run("document.querySelector('#list .item').click()")
    browser.until("document.querySelectorAll('#detail .sides .rows mark').length >= 4")

    assert browser.faults() == []

    # Decisions: one on a card of this group, one on a card of another post.
    entered(browser, "reviewer", "Ada", "input")
    entered(browser, FIELD.format("select"), "waive")
    entered(browser, FIELD.format("input[placeholder=reason]"), "the print version", "input")
    waived = browser.run("decisionOf(model.table.violations.find(decisionOf))")
    browser.run("location.hash = postLink(model.posts[5].path)")
    browser.until("document.querySelector('#detail h2').textContent === model.posts[5].title")
    browser.until("document.querySelectorAll('#detail .decision').length >= 4")
    entered(browser, FIELD.format("select"), "assign")
    entered(browser, FIELD.format('input[placeholder="assigned to"]'), "Bo", "input")
    browser.run("document.querySelector('#export').click()")
    begun = browser.wait_for("Browser.downloadWillBegin")
    browser.wait_for("Browser.downloadProgress", guid=begun["guid"], state="completed")
    (saved,) = tmp_path.glob("*.json")
    exported = json.loads(saved.read_text(encoding="utf-8"))
    decided = {entry["decision"]: entry for entry in exported["decisions"]}
    assert (decided["waive"]["code"], decided["waive"]["reason"], decided["waive"]["author"]) == (
        "ND002",
        "the print version",
        "Ada",
    )
    assert decided["waive"]["path"] == waived["path"]
    assert decided["assign"]["assignee"] == "Bo"
    assert len(exported["decisions"]) == 2
    assert browser.problems == []
    # The page, and the file that it saved where that counts as a request.
    assert [address for address in browser.requests if not address.startswith("blob:")] == [page]

    # postlint takes them: what is waived is no longer reported, of what is assigned nothing changes.
    folder = Path(waived["path"]).parent
    check = ["check", str(folder), *CHECK[1:], "--exit-zero", "--format", "json"]
    before, after = reported(check, "before.json"), reported([*check, "--baseline", str(saved)], "after.json")
    gone = [one for one in before["violations"] if one not in after["violations"]]
    assert [(one["code"], one["path"], one["fingerprint"]) for one in gone] == [
        ("ND002", waived["path"], waived["fingerprint"])
    ]
    assert (before["summary"]["baselined"], after["summary"]["baselined"]) == (0, 1)
    assert len(after["violations"]) == len(before["violations"]) - 1


def reported(arguments: list[str], name: str) -> Any:
    """The JSON report of a command line."""
    assert run([*arguments, "--output", name]) == 0
    return json.loads(Path(name).read_text(encoding="utf-8"))
