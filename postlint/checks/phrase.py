"""Phrases that must not stand in a post: patterns, and the kinds of text they are looked for in.

A rule's `with:` has `patterns`, regular expressions for the body; `scopes`, the kinds of text they are looked for in
(prose alone by default); `needs`, literals of which the source must hold one before any pattern is tried; `meta`,
fields whose values are searched for `meta-patterns` (by default the same); `comment-patterns` for the comments of HTML
and MDX; `match-case`. `words` names an option with a list of words, which stand for `{words}` in the patterns and for
`needs`. An option `extra-patterns` has patterns of the user's.

Inline code is never searched, nor what directly follows an opening quotation mark: a post that speaks about a phrase
does not use it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache

from postlint.checks.conditions import is_empty, read_field
from postlint.errors import UserError, nearest
from postlint.meta import Entry
from postlint.post import Block, Kind, Post
from postlint.rules import Inspect, Options
from postlint.violations import Finding

SCOPES: Mapping[str, Kind] = {
    "prose": "paragraph",
    "headings": "heading",
    "list-items": "list_item",
    "table-cells": "table_cell",
    "captions": "caption",
    "quotes": "quote",
}
"""The kinds of block by the word a rule writes."""

_COMMENT = re.compile(r"<!--|\{/\*")
_COMMENT_ENDS = {"<!--": "-->", "{/*": "*/}"}
_QUOTES = frozenset("\"'“”„‘’‚«»‹›「『`")
_LONGEST_QUOTE = 70


@lru_cache(maxsize=4)
def lowered(source: str) -> str:
    """A source in lower case, for prefilters: made once a post, not once a rule."""
    return source.lower()


def bind(options: Options, as_of: date) -> Inspect:
    """The check, bound. Raises UserError where patterns or scopes can't be read."""
    match_case = options.get("match-case", False) is True
    words = _texts(options, _word_option(options)) if "words" in options else []
    needs = _texts(options, "needs") or words
    patterns = _texts(options, "patterns")
    extra = _texts(options, "extra-patterns")
    search = _compiled([*patterns, *extra], words, match_case)
    search_meta = _compiled(_texts(options, "meta-patterns"), words, match_case) or search
    search_comments = _compiled(_texts(options, "comment-patterns"), words, match_case)
    if search is None and search_meta is None and search_comments is None:
        raise UserError('with: "patterns" is a list of regular expressions, and there is none')
    if options.get("comments", True) is not True:
        search_comments = None
    # Nobody knows which literals a pattern of the user's needs.
    literals = () if extra else tuple(need if match_case else need.lower() for need in needs)
    kinds = _kinds(_texts(options, "scopes") or ["prose"]) if search is not None else frozenset()
    fields = [read_field(field, "with") for field in _texts(options, "meta")]

    def inspect(post: Post) -> Iterator[Finding]:
        if search_meta is not None:
            for field in fields:
                for entry in post.meta.all(field):
                    if not is_empty(entry):
                        yield from _in_entry(entry, post, search_meta)
        if search is None and search_comments is None:
            return
        source = post.source if match_case else lowered(post.source)
        if literals and not any(literal in source for literal in literals):
            return
        if search is not None:
            for block in post.blocks:
                if block.kind in kinds:
                    yield from _in_block(block, search)
        if search_comments is not None:
            yield from _in_comments(post, search_comments)

    return inspect


def _word_option(options: Options) -> str:
    name = options["words"]
    if not isinstance(name, str) or name not in options:
        raise UserError(f'with: "words" names an option of the rule, not {name!r}')
    return name


def _kinds(scopes: list[str]) -> frozenset[Kind]:
    for scope in scopes:
        if scope not in SCOPES:
            raise UserError(f'with: no scope "{scope}"{nearest(scope, SCOPES)}')
    return frozenset(SCOPES[scope] for scope in scopes)


def _texts(options: Options, key: str) -> list[str]:
    found = options.get(key, [])
    if not isinstance(found, (list, tuple)) or not all(isinstance(item, str) for item in found):
        raise UserError(f'with: "{key}" is a list of texts')
    return list(found)


def _compiled(patterns: list[str], words: list[str], match_case: bool) -> re.Pattern[str] | None:
    if not patterns:
        return None
    flags = re.MULTILINE if match_case else re.MULTILINE | re.IGNORECASE
    anyone = "|".join(re.escape(word) for word in words) or r"(?!)"
    filled = [pattern.replace("{words}", f"(?:{anyone})") for pattern in patterns]
    for pattern in filled:
        try:
            empty = re.compile(pattern, flags).search("") is not None
        except re.error as error:
            raise UserError(f'with: the pattern "{pattern}" is not valid: {error}') from error
        if empty:
            raise UserError(f'with: the pattern "{pattern}" matches the empty text')
    return re.compile("|".join(f"(?:{pattern})" for pattern in filled), flags)


def _in_block(block: Block, search: re.Pattern[str]) -> Iterator[Finding]:
    text = block.text
    for match in search.finditer(text):
        start, end = match.span()
        if any(start < last and first < end for first, last in block.code):
            continue
        if start and text[start - 1] in _QUOTES:
            continue
        start, end = _trimmed(text, start, end)
        yield Finding(*block.place(start, end), {"text": quote(text[start:end])})


def _in_entry(entry: Entry, post: Post, search: re.Pattern[str]) -> Iterator[Finding]:
    for match in search.finditer(entry.value):
        start, end = _trimmed(entry.value, *match.span())
        values = {"text": quote(entry.value[start:end]), "key": " ".join(entry.key.split())}
        # The source of a value with escapes or folded lines has other lengths: then the whole value is the place.
        first = post.source.find(entry.value, entry.start, entry.end)
        if first < 0:
            yield Finding(entry.start, entry.end, values)
            return
        yield Finding(first + start, first + end, values)


def _in_comments(post: Post, search: re.Pattern[str]) -> Iterator[Finding]:
    source = post.source
    position = 0
    while True:
        opening = _COMMENT.search(source, position)
        if opening is None:
            return
        closing = source.find(_COMMENT_ENDS[opening[0]], opening.end())
        if closing < 0:
            position = opening.end()
            continue
        position = closing + 3
        if _is_code(post, opening.start()):
            continue
        comment = source[opening.end() : closing]
        match = search.search(comment)
        if match is not None:
            start, end = _trimmed(comment, *match.span())
            values = {"text": quote(comment[start:end])}
            yield Finding(opening.end() + start, opening.end() + end, values)


def _is_code(post: Post, offset: int) -> bool:
    if post.meta.block is not None and post.meta.block[0] <= offset < post.meta.block[1]:
        return True
    for block in post.blocks:
        if block.start <= offset < block.end:
            if block.kind == "code":
                return True
            for first, last in block.code:
                start, end = block.place(first, last)
                if start <= offset < end:
                    return True
    return False


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """A match without the white space around it: patterns look at what stands before a phrase."""
    found = text[start:end]
    return start + len(found) - len(found.lstrip()), start + len(found.rstrip())


def quote(text: str) -> str:
    """A text as a message quotes it: on one line, and not too long."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_QUOTE else f"{line[: _LONGEST_QUOTE - 1].rstrip()}…"
