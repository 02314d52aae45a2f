"""Two posts side by side as one HTML file that loads nothing and runs nothing."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from html import escape

from postlint.reporters.terminal import counted, visible
from postlint.side_by_side import MIN_SENTENCE_WORDS, Comparison, Paragraph, Row, Side

_STYLE = """
:root { color-scheme: light dark; --line: #767676; --shade: #d8efd3; --ink: #1b1b1b; --paper: #fff; }
@media (prefers-color-scheme: dark) { :root { --line: #8a8a8a; --shade: #23472a; --ink: #e8e8e8; --paper: #161616; } }
body { margin: 1.5rem auto; max-width: 80rem; padding: 0 1rem; color: var(--ink); background: var(--paper);
  font: 1rem/1.5 system-ui, sans-serif; }
h1 { font-size: 1.4rem; }
dl { display: grid; grid-template-columns: max-content max-content 1fr; gap: .2rem 1rem; }
dt { font-weight: 600; }
dd { margin: 0; font-variant-numeric: tabular-nums; }
table { border-collapse: collapse; width: 100%; table-layout: fixed; }
th, td { padding: .5rem; border-top: 1px solid var(--line); text-align: start; vertical-align: top;
  overflow-wrap: anywhere; }
th small { display: block; font-weight: 400; }
.kind { width: 7rem; text-align: center; }
.row { float: inline-start; margin-inline-end: .6rem; color: inherit; font-variant-numeric: tabular-nums; }
mark { color: inherit; background: var(--shade); }
b { border-bottom: 2px solid; }
@media print { body { max-width: none; } tr { break-inside: avoid; } }
"""
_DIGEST = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode("ascii")
# Only this very style is applied, and nothing is loaded, run or sent whatever a post has in it.
_POLICY = f"default-src 'none'; style-src 'sha256-{_DIGEST}'; base-uri 'none'; form-action 'none'"
_BREAKS = re.compile(r"[\t\n\r]")
_KINDS = {"same": "the same", "near": "nearly the same", "first": "left alone", "second": "right alone"}


def render(comparison: Comparison) -> Iterator[str]:
    """The page."""
    first, second = comparison.first, comparison.second
    name = f"{_text(first.name)} and {_text(second.name)}"
    yield (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{name} - postlint</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n"
        f"<h1>{name}</h1>\n"
    )
    yield from _figures(comparison)
    yield (
        "<p>Text that stands in both posts is <mark>shaded</mark>; in paragraphs that have some of it, what stands "
        "in one post alone is <b>underlined</b>.</p>\n<table>\n<thead>\n<tr>"
        f'{_head(first)}<th scope="col" class="kind">paragraph</th>{_head(second)}</tr>\n</thead>\n<tbody>\n'
    )
    yield from map(_row, comparison.rows)
    yield "</tbody>\n</table>\n</main>\n</body>\n</html>\n"


def _figures(comparison: Comparison) -> Iterator[str]:
    shared, smaller = comparison.shared_shingles, comparison.smaller
    runs = counted(comparison.all_shingles, "run")
    yield (
        "<dl>\n"
        f"<dt>Resemblance</dt><dd>{comparison.resemblance:.3f}</dd>"
        f"<dd>{shared} of {runs} of five words are in both</dd>\n"
        f"<dt>Containment</dt><dd>{comparison.containment:.3f}</dd>"
        f"<dd>{shared} of {smaller.shingles} in {_text(smaller.name)}</dd>\n"
        f"<dt>Shared sentences</dt><dd>{comparison.shared_sentences}</dd>"
        f"<dd>of {MIN_SENTENCE_WORDS} words or more</dd>\n</dl>\n"
    )


def _head(side: Side) -> str:
    share = round(100 * side.shared_words / max(side.words, 1))
    size = f"{counted(side.words, 'word')} in {counted(side.paragraphs, 'paragraph')}"
    title = f'<small dir="auto">{_text(side.title)}</small>' if side.title else ""
    return f'<th scope="col">{_text(side.name)}{title}<small>{size}, {share} % in shared sentences</small></th>'


def _row(row: Row) -> str:
    return f'<tr>{_cell(row.first)}<td class="kind">{_KINDS[row.kind]}</td>{_cell(row.second)}</tr>\n'


def _cell(paragraph: Paragraph | None) -> str:
    if paragraph is None:
        return "<td></td>"
    own = ("<b>", "</b>") if paragraph.shares else ("", "")
    pieces = []
    for stretch in paragraph.stretches:
        before, after = ("<mark>", "</mark>") if stretch.shared else own
        # Blanks at the ends are not underlined.
        inner = stretch.text.strip()
        start, _, end = stretch.text.partition(inner) if inner else (stretch.text, "", "")
        pieces.append(f"{_text(start)}{before}{_text(inner)}{after}{_text(end)}")
    return f'<td dir="auto"><span class="row">{paragraph.row}</span>{"".join(pieces)}</td>'


def _text(value: str) -> str:
    """A text that is nothing but text in HTML; what a reader would not see is shown as its escape."""
    return escape(visible(_BREAKS.sub(" ", value)))
