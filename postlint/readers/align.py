"""Where the characters of a text stand: pieces that a parser gave, cut to stretches that match the source exactly."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence

from postlint.lazy_pattern import lazy_pattern
from postlint.post import Run

Piece = tuple[str, int, int]
"""Text and the stretch of the source it was made from."""
Span = tuple[int, int]

_UNDONE = lazy_pattern(r"\\([!-/:-@\[-`{-~])|&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")


def character(entity: str) -> str:
    """What an entity stands for by the rules of CommonMark; the entity where it is none."""
    if entity[1] == "#":
        code = int(entity[3:-1], 16) if entity[2] in "xX" else int(entity[2:-1])
        return "\ufffd" if code == 0 or 0xD800 <= code < 0xE000 or code > 0x10FFFF else chr(code)
    # The table of their names is large, and few posts have one.
    from html.entities import html5

    return html5.get(entity[1:], entity)


def align(text: str, source: str, start: int, end: int) -> list[Piece]:
    """Pieces of one parsed text: verbatim stretches, and each escape or entity by itself.

    Where that does not give the text (indented code, a continuation line), line is matched with line; a stretch that
    still can't be explained stays one piece.
    """
    # A character that was escaped may begin the text; its backslash stands before it.
    for first in (start, start + 1) if source[start - 1 : start] == "\\" else (start,):
        pieces = _undone(source, start, first, end)
        if "".join([piece[0] for piece in pieces]) == text:
            return pieces
    # At the end of a heading the parser leaves out more than it says.
    pieces = _undone(source, start, start, start + len(source[start:end].rstrip()))
    if "".join([piece[0] for piece in pieces]) == text:
        return pieces
    return align_lines(text, source, start, end)


def _undone(source: str, start: int, first: int, end: int) -> list[Piece]:
    """A stretch of source with its escapes and entities undone, but for those before `first`."""
    pieces: list[Piece] = []
    at = start
    for match in _UNDONE.finditer(source, first, end):
        undone = match[1] or character(match[0])
        if undone == match[0]:
            continue
        if match.start() > at:
            pieces.append((source[at : match.start()], at, match.start()))
        if match[1]:
            pieces.append((undone, match.start() + 1, match.end()))
        else:
            pieces.append((undone, match.start(), match.end()))
        at = match.end()
    if at < end:
        pieces.append((source[at:end], at, end))
    return pieces


def align_lines(text: str, source: str, start: int, end: int) -> list[Piece]:
    """Pieces of a text whose lines are those of the source without their indentation, quote marks or line ends."""
    pieces: list[Piece] = []
    at = start
    for line in text.split("\n"):
        ending = source.find("\n", at, end)
        if ending < 0:
            ending = source.find("\r", at, end)
        if line.strip():
            # Of a tab that is half indentation, half code, the parser gives the half as blanks.
            for blanks in range(4):
                found = source.rfind(line[blanks:], at, ending if ending >= 0 else end)
                if found >= 0 and (not blanks or source[found - 1 : found] == "\t"):
                    break
                if line[blanks : blanks + 1] != " ":
                    return [(text, start, end)]
            else:
                return [(text, start, end)]
            if blanks:
                pieces.append((line[:blanks], found - 1, found))
                line = line[blanks:]
            pieces.append((line, found, found + len(line)))
            at = found + len(line)
        if ending >= 0:
            first = ending - 1 if ending > at and source[ending - 1] == "\r" else ending
            blank = line if not line.strip() else ""
            if blank:
                pieces.append((blank, max(at, first - len(blank)), max(at, first)))
            pieces.append(("\n", first, ending + 1))
            at = ending + 1
    if pieces and "".join(piece[0] for piece in pieces) == text + "\n":
        pieces.pop()
    if "".join(piece[0] for piece in pieces) == text:
        return pieces
    return [(text, start, end)]


def cut(pieces: Sequence[Piece], holes: Sequence[Span]) -> list[Piece]:
    """The pieces without what stands in holes, in order: stretches that were blanked before the text was parsed."""
    kept: list[Piece] = []
    for text, start, end in pieces:
        at = start
        if end - start == len(text):
            for number in range(bisect_right(holes, at, key=_end), len(holes)):
                hole_start, hole_end = holes[number]
                if hole_start >= end:
                    break
                if hole_start > at:
                    kept.append((text[at - start : hole_start - start], at, hole_start))
                at = max(at, hole_end)
        if at < end or not text:
            kept.append((text[at - start :] if at > start else text, at, end))
    return kept


def _end(hole: Span) -> int:
    return hole[1]


def runs_of(pieces: Iterable[Piece], source: str) -> tuple[str, tuple[Run, ...]]:
    """The text of pieces and its runs: verbatim neighbours joined, everything else by itself."""
    runs: list[Run] = []
    parts: list[str] = []
    position = 0
    joinable = False
    for text, start, end in pieces:
        if not text:
            continue
        verbatim = end - start == len(text) and source.startswith(text, start)
        if joinable and verbatim and runs[-1].source_end == start:
            last = runs[-1]
            runs[-1] = Run(last.text_start, last.source_start, end)
        else:
            runs.append(Run(position, start, end))
        joinable = verbatim
        parts.append(text)
        position += len(text)
    return "".join(parts), tuple(runs)


def clip(runs: tuple[Run, ...], first: int, last: int, length: int) -> tuple[Run, ...]:
    """The runs of `text[first:last]`, of a text of the length given."""
    clipped = []
    for number, run in enumerate(runs):
        text_end = runs[number + 1].text_start if number + 1 < len(runs) else length
        if text_end <= first or run.text_start >= last:
            continue
        source_start, source_end = run.source_start, run.source_end
        if text_end - run.text_start == source_end - source_start:
            source_start += max(first - run.text_start, 0)
            source_end -= max(text_end - last, 0)
        clipped.append(Run(max(run.text_start, first) - first, source_start, source_end))
    return tuple(clipped)
