"""The review report in Chromium: hostile posts, and a large corpus from its opening to the decisions on it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import hostile
import pytest
from browser import Browser

from postlint import reporters
from postlint.cli import run
from postlint.post import Lines
from postlint.reporters import About, html
from postlint.violations import Report

SITE = Path(__file__).parents[1] / "fixtures" / "site"
EVERY = "[...document.querySelectorAll('*')]"
OPEN_ALL = """(async () => {
    const wait = () => new Promise((done) => setTimeout(done, 0));
    const posts = model.posts.map((post) => postLink(post.path, post.number));
    let opened = 0;
    for (const link of [...posts, ...model.table.groups.map(groupLink)]) {
        location.hash = link;
        for (let tries = 0; tries < 400 && !document.querySelector("#detail .rows"); tries++) await wait();
        if (document.querySelector("#detail .rows")) opened++;
        fill(byId("detail"));
    }
    for (const tab of ["all", "merge", "rewrite", "other", "overview"]) {
        location.hash = tab;
        await wait();
        await wait();
    }
    return opened;
})()"""
"""Opens every post and group, then every list; how many had a text to show."""


def hostile_report() -> Report:
    """The violations of all hostile texts, each text a post of its own."""
    made = [hostile.report(text) for text in hostile.TEXTS.values()]
    violations = sorted((one for report in made for one in report.violations), key=lambda violation: violation.path)
    # Also posts to merge, which are shown side by side.
    pairs = [replace(violation, code="ND002", data={"percent": 90}) for violation in violations[::3]]
    pages = (*made[0].rules, made[0].rules[0]._replace(code="ND002"))
    return replace(made[0], violations=(*violations, *pairs), clusters=(), rules=pages)


def test_hostile_posts_run_nothing(browser: Browser, tmp_path: Path) -> None:
    report = hostile_report()
    source = "\n".join(text.replace("\n", " ") for text in hostile.TEXTS.values())
    page = tmp_path / "review.html"
    text = "".join(html.render(report, lambda *_: Lines(source), False, lambda path, number: About((path,))))
    page.write_text(text, encoding="utf-8")
    browser.open(page.as_uri())
    browser.until("document.querySelectorAll('#overview .actions li').length === 6")
    opened = browser.run(OPEN_ALL)
    groups = browser.run("model.table.groups.length")
    assert opened == len({violation.path for violation in report.violations}) + groups
    assert groups >= 1
    assert browser.run("document.title") == "Editorial review"
    assert browser.run("author.options.length") == 1 + len({violation.path for violation in report.violations})
    # Nothing but the elements that the page makes, and no attribute that runs or loads anything.
    assert browser.run("document.querySelectorAll('img, iframe, object, embed, base, form, link, [src]').length") == 0
    data = 'script[type="application/json"]'
    assert browser.run(f"document.querySelectorAll('script').length - document.querySelectorAll('{data}').length") == 1
    assert (
        browser.run(f"{EVERY}.flatMap((one) => one.getAttributeNames()).filter((name) => name.startsWith('on'))") == []
    )
    assert browser.run(f"{EVERY}.filter((one) => one.href && !one.getAttribute('href').startsWith('#')).length") == 0
    assert browser.problems == []
    assert {address.partition(":")[0] for address in browser.requests} == {"file"}
    assert len(browser.requests) == 1


def test_decisions_on_hostile_posts_are_exported_as_they_are(browser: Browser, tmp_path: Path) -> None:
    report = hostile_report()
    page = tmp_path / "review.html"
    text = "".join(reporters.render("html", report, lambda path, number: None, colour=False))
    page.write_text(text, encoding="utf-8")
    browser.open(page.as_uri())
    browser.until("document.querySelectorAll('#overview .actions li').length === 6")
    browser.run("model.table.violations.forEach((violation) => decide(violation, 'fix', '', '', ''))")
    found = json.loads(browser.run("exported()"))["decisions"]
    assert {entry["path"] for entry in found} == {violation.path for violation in report.violations}
    assert {entry["post"] for entry in found} == {violation.post for violation in report.violations}


LIGHT = {"features": [{"name": "prefers-color-scheme", "value": "light"}]}
DARK = {"features": [{"name": "prefers-color-scheme", "value": "dark"}]}


@pytest.mark.parametrize(
    ("media", "width"), [(LIGHT, 1400), (DARK, 1400), (LIGHT, 360)], ids=["light", "dark", "phone"]
)
def test_the_page_is_accessible(browser: Browser, tmp_path: Path, media: dict[str, object], width: int) -> None:
    assert run(["report", str(SITE), "--no-cache", "-o", str(tmp_path / "review.html")]) == 0
    browser.call("Emulation.setEmulatedMedia", **media)
    browser.call("Emulation.setDeviceMetricsOverride", width=width, height=800, deviceScaleFactor=1, mobile=False)
    browser.open((tmp_path / "review.html").as_uri())
    browser.until("document.querySelectorAll('#overview .actions li').length === 6")
    pages = [
        ("'overview'", "#overview"),
        ("'all'", "#list .item"),
        ("groupLink(model.table.groups[0])", "#detail .sides mark"),
    ]
    pages += [(f"postLink(model.posts[{index}].path)", "#detail .row") for index in (0, 2)]
    for address, shown in pages:
        browser.run(f"fill(byId('detail')); location.hash = {address}")
        browser.until(f"document.querySelector('{shown}')")
        assert browser.faults() == [], address
        # Nothing is wider than the window.
        assert browser.run("document.documentElement.scrollWidth") <= width, address
    browser.run("help.click()")
    assert browser.faults() == []
    # It does find what is wrong.
    browser.run("document.querySelector('main').append(document.createElement('img'))")
    assert [rule for rule, _ in browser.faults()] == ["image-alt"]


def test_paper_is_white(browser: Browser, tmp_path: Path) -> None:
    assert run(["report", str(SITE), "--no-cache", "-o", str(tmp_path / "review.html")]) == 0
    colours = "[getComputedStyle(document.body), getComputedStyle(document.querySelector('mark'))]"
    colours = f"{colours}.map(({{ backgroundColor, color }}) => [backgroundColor, color])"

    def shown(media: str, scheme: str) -> list[list[str]]:
        feature = {"name": "prefers-color-scheme", "value": scheme}
        browser.call("Emulation.setEmulatedMedia", media=media, features=[feature])
        found: list[list[str]] = browser.run(colours)
        return found

    browser.open((tmp_path / "review.html").as_uri())
    browser.until("document.querySelector('#overview .actions')")
    browser.run("location.hash = postLink(model.posts[0].path)")
    browser.until("document.querySelector('#detail .row')")
    light, paper = shown("screen", "light"), shown("print", "light")
    assert (light[0][0], paper[0]) == ("rgb(255, 255, 255)", ["rgb(255, 255, 255)", "rgb(0, 0, 0)"])
    assert light[1][0] == paper[1][0]
    assert shown("screen", "dark") != light
    assert shown("print", "dark") == paper
    browser.run("document.documentElement.dataset.theme = 'dark'")
    assert shown("screen", "light") != light
    assert shown("print", "light") == paper
    assert browser.run("getComputedStyle(document.querySelector('.tools')).display") == "none"


def test_authors_and_dates(browser: Browser, tmp_path: Path) -> None:
    assert run(["report", str(SITE), "--no-cache", "-o", str(tmp_path / "review.html")]) == 0
    browser.open((tmp_path / "review.html").as_uri())
    browser.until("document.querySelectorAll('#overview .actions li').length === 6")
    # By tests/test_cli_site.py: in March the posts about brake pads and winter tyres, in April those about mudguards;
    # the post about saddles has a date that no calendar has, the one about cables none.
    cells = "[...document.querySelectorAll('.time tr')].map((row) => [...row.cells].map((cell) => cell.textContent))"
    assert browser.run(cells) == [
        ["family", "2026-03", "2026-04"],
        ["BP", "6", "4"],
        ["DAT", "1", "0"],
        ["IMG", "1", "0"],
        ["MET", "0", "1"],
        ["ND", "0", "2"],
        ["REV", "2", "0"],
    ]
    assert "2 posts without a date" in browser.run("document.querySelector('.time').closest('section').textContent")

    assert browser.run("[...author.options].map((option) => option.textContent)") == ["any", "Ines Albrecht (5)"]
    browser.run("location.hash = 'all'")
    browser.until("document.querySelectorAll('#list .item').length === 6")
    browser.run("author.value = 'Ines Albrecht'; author.dispatchEvent(new Event('change'))")
    assert browser.run("document.querySelector('#list .sum').textContent") == "5 posts, 22 violations"
    browser.run("location.hash = postLink(model.posts.find(({ path }) => path.endsWith('that-last.md')).path)")
    browser.until("document.querySelector('#detail .row')")
    assert "Ines Albrecht, 2026-04-10" in browser.run("document.querySelector('#detail').textContent")


def test_periods_are_months_quarters_or_years(browser: Browser, tmp_path: Path) -> None:
    page = tmp_path / "review.html"
    empty = Report(hostile.report("").as_of, 1, 1, ())
    page.write_text("".join(reporters.render("html", empty, lambda *_: None, colour=False)), encoding="utf-8")
    browser.open(page.as_uri())
    browser.until("document.querySelector('#overview .actions')")

    def periods(*days: str) -> tuple[list[str], list[int]]:
        found = browser.run(
            f"(({{ names, placeOf }}) => [names, {json.dumps(days)}.map(placeOf)])(periodsOf({json.dumps(days)}))"
        )
        return found[0], found[1]

    assert periods("2025-11-30", "2026-02-01") == (["2025-11", "2025-12", "2026-01", "2026-02"], [0, 3])
    # 24 months are months, 25 are quarters, 73 are years.
    assert len(periods("2024-03-01", "2026-02-28")[0]) == 24
    names, places = periods("2024-03-01", "2026-03-01")
    assert (names[0], names[1], names[-1], places) == ("2024 Q1", "2024 Q2", "2026 Q1", [0, 8])
    names, places = periods("2020-03-01", "2026-03-01", "2023-12-31")
    assert (names, places) == ([str(year) for year in range(2020, 2027)], [0, 6, 3])
    # Of more than 24 years the first are one.
    names, places = periods("1970-01-01", "2003-01-01", "2004-01-01", "2026-01-01")
    assert (names[0], names[1], len(names), places) == ("earlier", "2003", 25, [0, 1, 2, 24])


def test_posts_of_one_file(browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    body = " ".join(f"Word {number} of a long sentence that both of the posts have." for number in range(20))
    rows = [{"title": title, "body": text, "author": title[0], "needs_review": True}
            for title, text in (("A", body), ("B", "Alone here."), ("C", body))]  # fmt: skip
    Path("posts.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    assert run(["report", "posts.jsonl", "--isolated", "--no-cache", "--as-of", "2026-11-20"]) == 0
    browser.open(Path("review.html").absolute().as_uri())
    browser.until("document.querySelector('#overview .map')")
    assert browser.run("[...author.options].map((option) => option.textContent)") == ["any", "A (1)", "B (1)", "C (1)"]
    browser.run("document.querySelector('.map a').click()")
    browser.until("document.querySelectorAll('#detail .sides mark').length >= 2")
    assert browser.run("[...document.querySelectorAll('#detail .members a')].map((link) => link.textContent)") == [
        "A",
        "C",
    ]
    # From the group to its second post, the third of the file, and a decision there.
    browser.run("document.querySelectorAll('#detail .members a')[1].click()")
    browser.until("document.querySelector('#detail h2').textContent === 'C' && document.querySelector('#detail .row')")
    assert browser.run("document.querySelector('#detail .path').textContent") == "posts.jsonl#2"
    # Its text is its row of the file.
    assert browser.run("[...document.querySelectorAll('#detail .row .number')].map((one) => one.textContent)") == ["3"]
    browser.run("document.querySelector('#detail select').value = 'fix'")
    browser.run("document.querySelector('#detail select').dispatchEvent(new Event('change'))")
    (made,) = json.loads(browser.run("exported()"))["decisions"]
    assert (made["path"], made["number"], made["post"]) == ("posts.jsonl", 2, "C")
    assert browser.problems == []
