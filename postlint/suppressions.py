"""Suppression comments: which stretches of a source ask not to be reported, and for which rules."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from postlint.errors import UserError
from postlint.intervals import Intervals
from postlint.post import Lines

MARK = "postlint:"

# Bounded repeats: a hostile line of a million unclosed comments must not cost a million scans of it.
_COMMENT = re.compile(
    r"<!--[ \t]{0,9}postlint:[ \t]{0,9}(?P<html>ignore-file|ignore)(?![\w-])(?P<html_codes>[^\n\r]{0,500}?)-->"
    r"|\{/\*[ \t]{0,9}postlint:[ \t]{0,9}(?P<mdx>ignore-file|ignore)(?![\w-])(?P<mdx_codes>[^\n\r]{0,500}?)\*/\}"
)
_META_COMMENT = re.compile(
    r"(?:^|(?<=[ \t]))#[ \t]{0,9}postlint:[ \t]{0,9}(ignore-file|ignore)(?![\w-])([^\n\r]{0,500})"
)
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_SEPARATOR = re.compile(r"[,\s]+")
_META_FENCES = {"---": ("---", "..."), "+++": ("+++",)}


class Unknown(NamedTuple):
    """A selector of a comment that means no rule (empty where the comment names none), and the comment's offsets."""

    selector: str
    start: int
    end: int


class Range(NamedTuple):
    """A stretch of the source and the codes that are not reported when they start in it."""

    start: int
    end: int
    codes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Suppressions:
    """The suppressions of one source."""

    ranges: tuple[Range, ...] = ()
    unknown: tuple[Unknown, ...] = ()
    _by_code: dict[str, Intervals] = field(default_factory=dict, compare=False, repr=False)

    def covers(self, code: str, start: int, end: int) -> bool:
        """Whether a violation of a rule that stands at these offsets is suppressed: what counts is where it starts."""
        if not self.ranges:
            return False
        if code not in self._by_code:
            self._by_code[code] = Intervals((found.start, found.end) for found in self.ranges if code in found.codes)
        return self._by_code[code].cover(start, start + 1)


NONE = Suppressions()


def find(source: str) -> Suppressions:
    """The suppressions of a source; costs one substring search where there are none."""
    return _scan(source) if MARK in source else NONE


class _Comment(NamedTuple):
    """A comment as it is written: its offsets, what it covers, and the codes it names."""

    start: int
    end: int
    covered: tuple[int, int]
    selectors: str


def _scan(source: str) -> Suppressions:
    ranges = []
    unknown = []
    for comment in _comments(source):
        codes: set[str] = set()
        selectors = [part for part in _SEPARATOR.split(comment.selectors.partition("--")[0]) if part]
        # A comment without a code would hide everything, now and later. ALL says so where it is meant.
        for selector in selectors or [""]:
            chosen = _codes(selector)
            codes.update(chosen)
            if not chosen:
                unknown.append(Unknown(selector, comment.start, comment.end))
        if codes:
            ranges.append(Range(*comment.covered, frozenset(codes)))
    return Suppressions(tuple(ranges), tuple(unknown))


def _codes(selector: str) -> tuple[str, ...]:
    from postlint.rules import select

    try:
        return tuple(select([selector])) if selector else ()
    except UserError:
        return ()


def _comments(source: str) -> Iterator[_Comment]:
    lines = Lines(source)
    rows = [lines.row_text(row) for row in range(1, len(lines) + 1)]
    whole = (0, len(source) + 1)
    meta_rows = _meta_rows(rows)
    for index in range(meta_rows):
        for match in _META_COMMENT.finditer(rows[index]) if MARK in rows[index] else ():
            alone = not rows[index][: match.start()].strip()
            covered = whole if match[1] == "ignore-file" else _row_offsets(lines, index + alone, index + alone)
            start = lines.row_start(index + 1)
            yield _Comment(start + match.start(), start + match.end(), covered, match[2])
    in_code = _code_rows(rows, meta_rows)
    for index in range(meta_rows, len(rows)):
        if MARK not in rows[index] or in_code[index]:
            continue
        alone = not _COMMENT.sub("", rows[index]).strip()
        for match in _COMMENT.finditer(rows[index]):
            covered = whole
            if (match["html"] or match["mdx"]) == "ignore":
                covered = _row_offsets(lines, *(_next_block if alone else _own_block)(rows, in_code, index))
            start = lines.row_start(index + 1)
            codes = match["html_codes"] if match["html"] else match["mdx_codes"]
            yield _Comment(start + match.start(), start + match.end(), covered, codes)


def _meta_rows(rows: Sequence[str]) -> int:
    """How many rows the front matter takes, its fences included; 0 where there is none."""
    closing = _META_FENCES.get(rows[0].lstrip("\ufeff").rstrip())
    if closing is None:
        return 0
    return next((index + 1 for index, row in enumerate(rows[1:], start=1) if row.rstrip() in closing), 0)


def _code_rows(rows: Sequence[str], first: int) -> list[bool]:
    """For each row, whether it is inside a fenced code block: a comment shown there is an example of one."""
    inside = [False] * len(rows)
    fence = ""
    for index in range(first, len(rows)):
        match = _FENCE.match(rows[index])
        if fence:
            inside[index] = True
            if match and match[1].startswith(fence) and not rows[index][match.end() :].strip():
                fence = ""
        elif match:
            inside[index] = True
            fence = match[1]
    return inside


def _next_block(rows: Sequence[str], in_code: Sequence[bool], index: int) -> tuple[int, int]:
    """The first and last row of the block after a comment on a row of its own."""
    first = index + 1
    while first < len(rows) - 1 and not _COMMENT.sub("", rows[first]).strip():
        first += 1
    return first, _block_end(rows, in_code, first)


def _own_block(rows: Sequence[str], in_code: Sequence[bool], index: int) -> tuple[int, int]:
    """The first and last row of the block that a row belongs to."""
    first = index
    while first > 0 and rows[first - 1].strip() and not in_code[first - 1]:
        first -= 1
    return first, _block_end(rows, in_code, index)


def _block_end(rows: Sequence[str], in_code: Sequence[bool], index: int) -> int:
    def goes_on(row: int) -> bool:
        return in_code[row] if in_code[index] else bool(rows[row].strip())

    last = index
    while last + 1 < len(rows) and goes_on(last + 1):
        last += 1
    return last


def _row_offsets(lines: Lines, first: int, last: int) -> tuple[int, int]:
    """The offsets of rows (from 0), the row's end included: a violation of an empty value stands there."""
    first, last = min(first, len(lines) - 1), min(last, len(lines) - 1)
    return lines.row_start(first + 1), lines.row_start(last + 1) + len(lines.row_text(last + 1)) + 1
