"""Phrases that must not stand in a post: patterns, and the kinds of text they are looked for in.

A rule's `with:` has `patterns`, regular expressions for the body; `scopes`, the kinds of text they are looked for in
(prose alone by default); `needs`, literals in lower case, and `brackets`, words that follow an opening bracket: the
source must hold one of either before any pattern is tried; `meta`, fields whose values are searched for `meta-patterns`
(by default the same), if they hold one of `meta-needs`; `comment-patterns` for the comments of HTML and MDX, with
`comment-needs`, unless an option `comments` is false; `match-case`. `words` names an option with a list of words, which
stand for `{words}` in the patterns and for `needs`. An option `extra-patterns` has patterns of the user's.

Inline code is never searched, nor what directly follows an opening quotation mark: a post that speaks about a phrase
does not use it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date

from postlint.checks.conditions import is_empty, read_field
from postlint.errors import UserError, nearest
from postlint.meta import Entry
from postlint.needs import Guarded, InParts, Needs, one_of
from postlint.patterns import compiled
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


def bind(options: Options, as_of: date) -> Inspect:
    """The check, bound. Raises UserError where patterns or scopes can't be read."""
    match_case = options.get("match-case", False) is True
    words = _texts(options, _word_option(options)) if "words" in options else []
    extra = _texts(options, "extra-patterns")
    for pattern in extra:
        compiled(pattern, re.MULTILINE, "with: ")
    patterns = _compiled([*_texts(options, "patterns"), *extra], words, match_case)
    meta_patterns = _compiled(_texts(options, "meta-patterns"), words, match_case) or patterns
    comment_patterns = _compiled(_texts(options, "comment-patterns"), words, match_case)
    if not (patterns or meta_patterns or comment_patterns):
        raise UserError('with: "patterns" is a list of regular expressions, and there is none')
    # Nobody knows which literals a pattern of the user's needs.
    needs = [] if extra else _texts(options, "needs") or words
    brackets = [] if extra else _texts(options, "brackets")
    meta_needs = _texts(options, "meta-needs")
    comment_needs = _texts(options, "comment-needs")
    with_comments = bool(comment_patterns) and options.get("comments", True) is True
    kinds = _kinds(_texts(options, "scopes") or ["prose"]) if patterns else frozenset()
    fields = [read_field(field, "with") for field in _texts(options, "meta")]

    marked = [(_mark(need), (need if match_case else need.lower()).encode("utf-8", "surrogatepass")) for need in needs]

    def may_hold(text: str) -> bool:
        if not (needs or brackets) or (brackets and "[" in text):
            return True
        # As bytes: lowering a text that is not all ASCII takes ten times as long.
        return any(mark in text and need in _lowered(text, match_case) for mark, need in marked)

    def in_body(post: Post) -> Iterator[Finding]:
        for block in post.blocks:
            if block.kind in kinds and may_hold(block.text):
                yield from _in_block(block, patterns)

    def in_meta(post: Post) -> Iterator[Finding]:
        for field in fields:
            for entry in post.meta.all(field):
                if not is_empty(entry) and (not meta_needs or _holds_one(entry.value.lower(), meta_needs)):
                    yield from _in_entry(entry, post, meta_patterns)

    def in_comments(post: Post) -> Iterator[Finding]:
        return _in_comments(post, comment_patterns, comment_needs)

    parts = [Guarded(in_meta, Needs(fields=one_of(*fields)))] if fields else []
    if kinds and not (needs or brackets):
        parts.append(Guarded(in_body, Needs(literals=frozenset({""}))))
    elif kinds and match_case:
        parts.append(Guarded(in_body, Needs(exact=frozenset(needs), brackets=frozenset(brackets))))
    elif kinds:
        literals = frozenset(need.lower() for need in needs)
        parts.append(Guarded(in_body, Needs(literals=literals, brackets=frozenset(brackets))))
    if with_comments:
        parts.append(Guarded(in_comments, Needs(exact=frozenset(_COMMENT_ENDS))))
    return InParts(tuple(parts))


def _mark(need: str) -> str:
    """A character of a literal that has no case, and is no space: few texts have it. Nothing where it has none."""
    return next(
        (character for character in need if character.isascii() and not character.isalnum() and character != " "), ""
    )


def _lowered(text: str, match_case: bool) -> bytes:
    data = text.encode("utf-8", "surrogatepass")
    return data if match_case else data.lower()


def _holds_one(text: str, needs: list[str]) -> bool:
    return any(need in text for need in needs)


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


def _compiled(patterns: list[str], words: list[str], match_case: bool) -> list[re.Pattern[str]]:
    flags = re.MULTILINE if match_case else re.MULTILINE | re.IGNORECASE
    anyone = "|".join(re.escape(word) for word in words) or r"(?!)"
    filled = [pattern.replace("{words}", f"(?:{anyone})") for pattern in patterns]
    found = []
    for pattern in filled:
        try:
            search = re.compile(pattern, flags)
        except re.error as error:
            raise UserError(f'with: the pattern "{pattern}" is not valid: {error}') from error
        if search.search("") is not None:
            raise UserError(f'with: the pattern "{pattern}" matches the empty text')
        # One by one: joined into one, patterns lose the quick search for the character they begin with.
        found.append(search)
    return found


def _matches(patterns: list[re.Pattern[str]], text: str) -> Iterator[tuple[int, int]]:
    """Where patterns match, in order of the text, without white space around; of matches that overlap the first."""
    last = 0
    for start, end in sorted(match.span() for pattern in patterns for match in pattern.finditer(text)):
        if start >= last:
            last = end
            found = text[start:end]
            yield start + len(found) - len(found.lstrip()), start + len(found.rstrip())


def _in_block(block: Block, patterns: list[re.Pattern[str]]) -> Iterator[Finding]:
    text = block.text
    for start, end in _matches(patterns, text):
        if any(start < last and first < end for first, last in block.code):
            continue
        if start and text[start - 1] in _QUOTES:
            continue
        yield Finding(*block.place(start, end), {"text": quote(text[start:end])})


def _in_entry(entry: Entry, post: Post, patterns: list[re.Pattern[str]]) -> Iterator[Finding]:
    for start, end in _matches(patterns, entry.value):
        values = {"text": quote(entry.value[start:end]), "key": " ".join(entry.key.split())}
        # The source of a value with escapes or folded lines has other lengths: then the whole value is the place.
        first = post.source.find(entry.value, entry.start, entry.end)
        if first < 0:
            yield Finding(entry.start, entry.end, values)
            return
        yield Finding(first + start, first + end, values)


def _in_comments(post: Post, patterns: list[re.Pattern[str]], needs: list[str]) -> Iterator[Finding]:
    source = post.source
    position = 0
    unclosed = set()
    while (opening := _COMMENT.search(source, position)) is not None:
        position = opening.end()
        # Where one has no end none after it has: looking again each time would be quadratic.
        closing = -1 if opening[0] in unclosed else source.find(_COMMENT_ENDS[opening[0]], position)
        if closing < 0:
            unclosed.add(opening[0])
            continue
        comment = source[position:closing]
        if needs and not _holds_one(comment.lower(), needs):
            position = closing
            continue
        for start, end in _matches(patterns, comment):
            if not _is_code(post, opening.start()):
                yield Finding(position + start, position + end, {"text": quote(comment[start:end])})
        position = closing


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


def quote(text: str) -> str:
    """A text as a message quotes it: on one line, and not too long."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_QUOTE else f"{line[: _LONGEST_QUOTE - 1].rstrip()}…"
