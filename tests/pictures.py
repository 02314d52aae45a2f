"""The pictures of the documentation, made of what postlint prints and of its pages: `python tests/pictures.py`.

What a terminal shows is drawn here as SVG, and is the same wherever it is made; pages are photographed in Chromium.
"""

from __future__ import annotations

import base64
import contextlib
import io
import os
import random
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import NamedTuple

from browser import Browser
from corpora import stitched_posts, write
from golden import PAIR, ROOT, SITE

from postlint.cli import run
from postlint.reporters.terminal import width

FOLDER = ROOT / "docs" / "pictures"
COLUMNS = 108
LETTER, LINE, EDGE = 8.4, 19, 16
"""Pixels: the width of a letter, the height of a line, what is left free around them."""
TERMINALS: Mapping[str, Sequence[str]] = {
    "full.svg": ["check", SITE, "--no-cache", "--format", "full", "--select", "REV001,IMG001,DAT001"],
    "compare.svg": ["compare", *PAIR],
    "statistics.svg": ["check", SITE, "--no-cache", "--statistics"],
}
"""Pictures of a terminal and the command lines that are typed in it."""
_INK = "#d7dce2"
_COLOURS = {"31": "#ff7b85", "33": "#f0c05a", "34": "#79b0f7", "36": "#63cdd6"}
_STYLED = re.compile(r"\x1b\[([0-9;]*)m")


class Page(NamedTuple):
    """A picture of a page: what is opened in which report, what must stand there, and how high, dark and wide it is."""

    report: str
    address: str
    shown: str
    height: int
    theme: str = "light"
    width: int = 1280


PAGES: Mapping[str, Page] = {
    "overview.webp": Page("stitched", "'overview'", "#overview .tiles", 700),
    "map.webp": Page("stitched", "'overview'", "[aria-label^=Map]", 800),
    "merge.webp": Page("site", "groupLink(model.table.groups[0])", "#detail .sides", 760),
    "rewrite.webp": Page("site", "postLink(model.posts[0].path)", "#detail", 860, "dark"),
    "phone.webp": Page("site", "postLink(model.posts[2].path)", "#detail", 780, width=390),
}
"""Pictures of the review report."""


def printed(arguments: Sequence[str]) -> str:
    """What a command line prints to a terminal with colours."""
    before = dict(os.environ)
    os.environ.update({"FORCE_COLOR": "1", "NO_COLOR": "", "COLUMNS": str(COLUMNS), "FORCE_HYPERLINK": "0"})
    try:
        with contextlib.chdir(ROOT), contextlib.redirect_stdout(io.StringIO()) as output:
            run(arguments)
    finally:
        os.environ.clear()
        os.environ.update(before)
    return output.getvalue()


def drawn(arguments: Sequence[str]) -> str:
    """A terminal in which a command line was typed, as SVG."""
    typed = " ".join(["postlint", *arguments[arguments[0] == "check" :]]).replace(" --no-cache", "")
    lines = [[("$ ", "dim"), (typed, "bold")], *(list(pieces(line)) for line in printed(arguments).splitlines())]
    lines = [part for line in lines for part in folded(line)]
    high, wide = len(lines) * LINE + 2 * EDGE, round(COLUMNS * LETTER + 2 * EDGE)
    rows = "".join(row(line, EDGE + LINE * number + 14) for number, line in enumerate(lines))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" width="{wide}" height="{high}">\n'
        f"<title>{escape(typed)}</title>\n"
        f'<rect width="{wide}" height="{high}" rx="8" fill="#16191d"/>\n'
        f'<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, monospace" font-size="14" fill="{_INK}">\n'
        f"{rows}</g>\n</svg>\n"
    )


def pieces(line: str) -> Iterator[tuple[str, str]]:
    """The stretches of a line of one style: text and the numbers of the style, as ANSI has them."""
    style = ""
    for number, part in enumerate(_STYLED.split(line)):
        if number % 2:
            style = "" if part in ("", "0") else part
        elif part:
            yield part, style


def folded(line: Sequence[tuple[str, str]]) -> Iterator[list[tuple[str, str]]]:
    """A line in parts of as many columns as the terminal has."""
    part: list[tuple[str, str]] = []
    left = COLUMNS
    for text, style in line:
        for letter in text:
            if width(letter) > left:
                yield part
                part, left = [], COLUMNS
            part.append((letter, style))
            left -= width(letter)
    yield part


def row(letters: Sequence[tuple[str, str]], y: int) -> str:
    """A line of text; each stretch of one style stands where its column is, whatever font there is."""
    made, column, at = "", 0, 0
    while at < len(letters):
        style, start = letters[at][1], at
        while at < len(letters) and letters[at][1] == style:
            at += 1
        text = "".join(letter for letter, _ in letters[start:at])
        columns = width(text)
        if text.strip():
            x, long = EDGE + column * LETTER, columns * LETTER
            made += (
                f'<text x="{x:.1f}" y="{y}" textLength="{long:.1f}" lengthAdjust="spacingAndGlyphs" '
                f'xml:space="preserve"{look(style)}>{escape(text, quote=False)}</text>\n'
            )
        column += columns
    return made


def look(style: str) -> str:
    """The attributes of a style."""
    numbers = style.split(";")
    colour = next((_COLOURS[number] for number in numbers if number in _COLOURS), "")
    dim = "dim" in numbers or "2" in numbers
    bold = "bold" in numbers or "1" in numbers
    return (
        (f' fill="{colour}"' if colour else "")
        + (' font-weight="bold"' if bold else "")
        + (' opacity=".65"' if dim else "")
    )


def reports(folder: Path) -> dict[str, Path]:
    """The pages that are photographed: of the small site, and of a corpus in which much repeats."""
    rng = random.Random(2)
    authors = ["Ines Albrecht", "Tomas Lindqvist", "Marta Okafor"]
    posts = {
        name: text.replace("---\n", f"---\nauthor: {rng.choice(authors)}\ndate: 2025-{rng.randrange(1, 13):02}-15\n", 1)
        for name, text in stitched_posts(4, 140).items()
    }
    with contextlib.chdir(folder):
        write(Path("posts"), posts)
        more = ["--isolated", "--no-cache", "--as-of", "2026-11-20"]
        assert run(["report", "posts", *more, "-o", "stitched.html"]) == 0
    with contextlib.chdir(ROOT):
        assert run(["report", SITE, "--no-cache", "-o", str(folder / "site.html")]) == 0
    return {name: folder / f"{name}.html" for name in ("stitched", "site")}


def photographed(browser: Browser, path: Path, page: Page) -> bytes:
    """A page as WebP."""
    browser.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": page.theme}])
    browser.call(
        "Emulation.setDeviceMetricsOverride", width=page.width, height=page.height, deviceScaleFactor=1, mobile=False
    )
    browser.call("Emulation.setScrollbarsHidden", hidden=True)
    browser.open(path.as_uri())
    browser.until("document.querySelector('#overview .actions')")
    browser.run(f"location.hash = {page.address}")
    browser.until(f"document.querySelector({page.shown!r})")
    if "#detail" in page.shown:
        browser.until("document.querySelector('#detail .row')")
    browser.run(f"document.querySelector({page.shown!r}).closest('#detail, #overview section')?.scrollIntoView()")
    # A frame later all of it is drawn.
    browser.run("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))")
    taken = browser.call("Page.captureScreenshot", format="webp", quality=75)
    return base64.b64decode(taken["data"])


def main() -> None:
    """Make all pictures anew."""
    FOLDER.mkdir(exist_ok=True)
    for name, arguments in TERMINALS.items():
        (FOLDER / name).write_text(drawn(arguments), encoding="utf-8")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        browser = Browser(Path(folder))
        try:
            made = reports(Path(folder))
            for name, page in PAGES.items():
                (FOLDER / name).write_bytes(photographed(browser, made[page.report], page))
        finally:
            browser.close()


if __name__ == "__main__":
    main()
