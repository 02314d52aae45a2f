"""Two posts side by side in a terminal, in two columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby, zip_longest
from typing import NamedTuple

from postlint.reporters.terminal import counted, styled, visible, width
from postlint.side_by_side import MIN_SENTENCE_WORDS, Comparison, Paragraph, Row, Side, Stretch

NARROWEST = 40
"""Columns below which lines are not made narrower."""
WIDEST = 200
"""Columns above which lines are not made wider: the eye does not find the next line."""
SIGNS = {"same": "=", "near": "~", "first": "<", "second": ">"}


class _Cell(NamedTuple):
    """A character of a line, and whether it stands in one of the posts alone."""

    text: str
    own: bool


class _Form(NamedTuple):
    """Columns of a row number and of a text, and whether there are colours."""

    number: int
    text: int
    colour: bool


def render(comparison: Comparison, columns: int, colour: bool) -> Iterator[str]:
    """The figures, then the paragraphs beside each other, in lines of at most `columns` columns."""
    numbers = [len(str(side.row)) for row in comparison.rows for side in (row.first, row.second) if side is not None]
    number = max(numbers, default=1)
    form = _Form(number, (min(max(columns, NARROWEST), WIDEST) - 2 * (number + 1) - 3) // 2, colour)
    yield from _figures(comparison, colour)
    yield "\n"
    for one, other in zip(_head(comparison.first), _head(comparison.second), strict=True):
        yield from _lines(form, None, [Stretch(one, shared=True)], "|", None, [Stretch(other, shared=True)])
    for shares, rows in groupby(comparison.rows, key=_shares):
        if shares:
            for row in rows:
                yield "\n"
                yield from _row(form, row)
        else:
            yield "\n"
            yield from _own(form, list(rows))
    if any(map(_shares, comparison.rows)):
        own = styled("in colour", "yellow", colour=True) if colour else "[in brackets]"
        yield f"\n= the same   ~ nearly the same   < > in one post alone   {own}: not in the other post\n"


def _figures(comparison: Comparison, colour: bool) -> Iterator[str]:
    shared, smaller = comparison.shared_shingles, comparison.smaller
    for name, value, words in (
        (
            "resemblance",
            f"{comparison.resemblance:.3f}",
            f"{shared} of {counted(comparison.all_shingles, 'run')} of five words are in both",
        ),
        ("containment", f"{comparison.containment:.3f}", f"{shared} of {smaller.shingles} in {visible(smaller.name)}"),
        ("shared sentences", str(comparison.shared_sentences), f"of {MIN_SENTENCE_WORDS} words or more"),
    ):
        yield f"{name:<16}  {styled(f'{value:>5}', 'bold', colour=colour)}  {words}\n"


def _head(side: Side) -> tuple[str, str, str]:
    share = round(100 * side.shared_words / max(side.words, 1))
    size = f"{counted(side.words, 'word')} in {counted(side.paragraphs, 'paragraph')}"
    return side.name, side.title, f"{size}, {share} % in shared sentences"


def _shares(row: Row) -> bool:
    return any(side is not None and side.shares for side in (row.first, row.second))


def _row(form: _Form, row: Row) -> Iterator[str]:
    sides = [(side.row, side.stretches) if side is not None else (None, ()) for side in (row.first, row.second)]
    (first, text), (second, other) = sides
    yield from _lines(form, first, text, SIGNS[row.kind], second, other)


def _own(form: _Form, rows: Sequence[Row]) -> Iterator[str]:
    """What shares nothing, in one line."""
    first = [row.first for row in rows if row.first is not None]
    second = [row.second for row in rows if row.second is not None]
    sign = "|" if first and second else "<" if first else ">"
    (number, text), (other, text_there) = _counted(first), _counted(second)
    yield from _lines(form, number, text, sign, other, text_there)


def _counted(found: Sequence[Paragraph]) -> tuple[int | None, Sequence[Stretch]]:
    if not found:
        return None, ()
    return found[0].row, [Stretch(f"({counted(len(found), 'paragraph')} of its own)", shared=True)]


def _lines(
    form: _Form,
    number: int | None,
    text: Sequence[Stretch],
    sign: str,
    other: int | None,
    text_there: Sequence[Stretch],
) -> Iterator[str]:
    """Two texts in their columns, the numbers of their rows and the sign on the first line."""
    left, right = (wrapped(_cells(side, form.colour), form.text) for side in (text, text_there))
    for line, (mine, its) in enumerate(zip_longest(left, right, fillvalue=())):
        first, second = ("" if line or row is None else str(row) for row in (number, other))
        gap = " " * (form.text - sum(width(cell.text) for cell in mine))
        numbers = [styled(f"{row:>{form.number}}", "cyan", colour=form.colour) for row in (first, second)]
        middle = styled("|" if line else sign, "cyan", colour=form.colour)
        joined = f"{numbers[0]} {_styled(mine, form.colour)}{gap} {middle} {numbers[1]} {_styled(its, form.colour)}"
        yield joined.rstrip() + "\n"


def _cells(stretches: Sequence[Stretch], colour: bool) -> list[_Cell]:
    """The visible characters of a text; without colours what is the post's own stands in brackets."""
    cells: list[_Cell] = []
    for stretch in stretches:
        own = not stretch.shared
        text = visible(" ".join(stretch.text.split()))
        before, after = (" " if edge.isspace() else "" for edge in (stretch.text[:1], stretch.text[-1:]))
        if own and text and not colour:
            text = f"[{text}]"
        cells += [_Cell(before, own=False)] if before else []
        cells += [_Cell(character, own) for character in text]
        cells += [_Cell(after, own=False)] if after and text else []
    return cells


def wrapped(cells: Sequence[_Cell], columns: int) -> list[Sequence[_Cell]]:
    """Characters in lines of at most so many columns: broken at blanks and beside wide characters, else anywhere."""
    lines: list[Sequence[_Cell]] = []
    start, taken, last = 0, 0, 0
    index = 0
    while index < len(cells):
        size = width(cells[index].text)
        if size == 2 or (index > start and (cells[index].text == " " or width(cells[index - 1].text) == 2)):
            last = index
        if taken + size > columns and index > start:
            cut = last if last > start else index
            lines.append(cells[start:cut])
            start = cut + (cells[cut].text == " ")
            index, taken, last = start, 0, start
            continue
        taken += size
        index += 1
    lines.append(cells[start:])
    return lines


def _styled(cells: Sequence[_Cell], colour: bool) -> str:
    return "".join(
        styled("".join(cell.text for cell in run), "yellow", colour=colour and own)
        for own, run in groupby(cells, key=lambda cell: cell.own)
    )
