"""The editorial review report: one HTML file that asks nothing of the network, for an editor and a browser."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from postlint.reporters import About, Abouts, Sources
from postlint.reporters.review_data import chunks, table
from postlint.violations import Report

SCRIPTS = ("text.js", "model.js", "parts.js", "overview.js", "views.js", "main.js")
"""The files of the page's one script, in their order."""
_FOLDER = Path(__file__).with_name("review")


def render(report: Report, sources: Sources, colour: bool, abouts: Abouts = lambda *_: About()) -> Iterator[str]:
    """The page in pieces, all of it ASCII. Same report, same bytes.

    What the page shows stands in it as gzipped JSON in base64, which has no `<`: no text of a post can end its element.
    """
    page = (_FOLDER / "page.html").read_text(encoding="ascii")
    style = (_FOLDER / "review.css").read_text(encoding="ascii")
    script = "".join((_FOLDER / name).read_text(encoding="ascii") for name in SCRIPTS)
    before, _, rest = page.partition("@STYLE@")
    between, _, rest = rest.partition("@DATA@")
    last, _, after = rest.partition("@SCRIPT@")
    yield before.replace("@POLICY@", _policy(style, script))
    yield style
    yield between
    found = table(report, abouts)
    yield _data("table", found)
    held = []
    for number, portion in enumerate(chunks(report, sources, found["files"])):
        yield _data(f"rows-{number}", portion)
        held.append([file for file, *_ in portion])
    yield _data("chunks", held)
    yield last
    yield script
    yield after


def _policy(style: str, script: str) -> str:
    """What the browser lets the page do: its one style sheet, its one script, nothing else and nothing from outside."""
    return (
        f"default-src 'none'; script-src '{_hash(script)}'; style-src '{_hash(style)}'; "
        "img-src 'none'; base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(sha256(text.encode()).digest()).decode()}"


def _data(name: str, value: object) -> str:
    packed = base64.b64encode(gzip.compress(json.dumps(value, separators=(",", ":")).encode(), mtime=0)).decode()
    return f'<script type="application/json" id="{name}">{packed}</script>\n'
