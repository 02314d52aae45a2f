"""Suppressions as they are written: comments and front matter that ask not to be reported, and what they cover."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from postlint.lazy_pattern import lazy_pattern
from postlint.meta import Entry
from postlint.post import Decoded, Lines, Post

MARK = "postlint"
"""What stands in every source that suppresses something."""
KEY = "postlint"
"""The key of the front matter; `ignore` under it is a list of rules."""

_ACTIONS = "ignore-file|ignore|disable|enable"
# Bounded repeats: a hostile line of a million unclosed comments must not cost a million scans of it.
_COMMENT = lazy_pattern(
    rf"<!--[ \t]{{0,9}}postlint:[ \t]{{0,9}}(?P<html>{_ACTIONS})(?![\w-])(?P<html_codes>[^\n\r]{{0,500}}?)-->"
    rf"|\{{/\*[ \t]{{0,9}}postlint:[ \t]{{0,9}}(?P<mdx>{_ACTIONS})(?![\w-])(?P<mdx_codes>[^\n\r]{{0,500}}?)\*/\}}"
)
_META_COMMENT = lazy_pattern(
    r"(?:^|(?<=[ \t]))#[ \t]{0,9}postlint:[ \t]{0,9}(ignore-file|ignore)(?![\w-])([^\n\r]{0,500})"
)
_FENCE = lazy_pattern(r" {0,3}(`{3,}|~{3,})")
_CODE = lazy_pattern(r"[A-Za-z]+[0-9]{3}:?")
_META_FENCES = {"---": ("---", "..."), "+++": ("+++",)}


class Request(NamedTuple):
    """A comment, or a value under the key of the front matter: where it stands, what it covers, whom it names.

    `action` is "ignore", "disable" (up to an "enable"), "enable", or "key" for what the front matter has no meaning
    for. Offsets are those of the source.
    """

    action: str
    start: int
    end: int
    covered: tuple[int, int]
    selectors: tuple[str, ...]
    in_meta: bool = False
    """Whether it is a value of the front matter."""


def of_post(post: Post) -> tuple[Request, ...]:
    """What a post asks for."""
    if post.decoded is not None:
        return tuple(_placed(request, post, post.decoded) for request in of_post(post.decoded.post))
    if MARK not in post.source:
        return ()
    found = list(_comments(post.source))
    found.extend(_of_entry(entry, post) for entry in post.meta if entry.path[0] == KEY)
    return tuple(found)


def _placed(request: Request, post: Post, decoded: Decoded) -> Request:
    """A request of the text that the checks looked at, with places in the source; of both the end is the end."""
    start, end = request.covered
    first, last = decoded.span(start, end)
    if end >= len(decoded.post.source):
        last = len(post.source) + 1
    where = decoded.span(request.start, request.end)
    return Request(request.action, *where, (first, last), request.selectors, request.in_meta)


def find(source: str) -> tuple[Request, ...]:
    """What the comments of a source ask for, in order."""
    return tuple(_comments(source)) if MARK in source else ()


def _of_entry(entry: Entry, post: Post) -> Request:
    named = [part for part in entry.path if isinstance(part, str)]
    whole = (0, len(post.source) + 1)
    if named == [KEY, "ignore"]:
        selectors = tuple(part.strip() for part in entry.value.split(",") if part.strip())
        return Request("ignore", entry.start, entry.end, whole, selectors, in_meta=True)
    return Request("key", entry.start, entry.end, whole, tuple(named[1:]), in_meta=True)


def selectors_of(words: str) -> tuple[str, ...]:
    """The rules that a comment names, and not the reason it gives.

    What follows `--` is the reason, and so is whatever follows a name without a comma and is no code.
    """
    found: list[str] = []
    for part in words.partition("--")[0].split(","):
        names = part.split()
        for position, name in enumerate(names):
            if position and not _CODE.fullmatch(name):
                return tuple(found)
            found.append(name.rstrip(":"))
    return tuple(found)


def _comments(source: str) -> Iterator[Request]:
    lines = Lines(source)
    rows = [lines.row_text(row) for row in range(1, len(lines) + 1)]
    whole = (0, len(source) + 1)
    meta_rows = _meta_rows(rows)
    for index in range(meta_rows):
        for match in _META_COMMENT.finditer(rows[index]) if MARK in rows[index] else ():
            alone = not rows[index][: match.start()].strip()
            covered = whole if match[1] == "ignore-file" else _row_offsets(lines, index + alone, index + alone)
            start = lines.row_start(index + 1)
            yield Request("ignore", start + match.start(), start + match.end(), covered, selectors_of(match[2]))
    in_code = _code_rows(rows, meta_rows)
    for index in range(meta_rows, len(rows)):
        if MARK not in rows[index] or in_code[index]:
            continue
        alone = not _COMMENT.sub("", rows[index]).strip()
        for match in _COMMENT.finditer(rows[index]):
            start = lines.row_start(index + 1) + match.start()
            end = lines.row_start(index + 1) + match.end()
            action = match["html"] or match["mdx"]
            covered = whole
            if action == "ignore":
                covered = _row_offsets(lines, *(_next_block if alone else _own_block)(rows, in_code, index))
            elif action != "ignore-file":
                covered = (end, len(source) + 1)
            selectors = selectors_of(match["html_codes"] if match["html"] else match["mdx_codes"])
            yield Request(action.removesuffix("-file"), start, end, covered, selectors)


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
