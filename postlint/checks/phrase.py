"""Phrases that must not stand in a post: patterns, and the kinds of text they are looked for in.

A rule's `with:` has `patterns`, regular expressions for the body; `scopes`, the kinds of text they are looked for in
(prose alone by default); `needs`, literals in lower case, and `brackets`, words that follow an opening bracket: the
source must hold one of either before any pattern is tried; `meta`, fields whose values are searched for `meta-patterns`
(by default the same), if they hold one of `meta-needs`; `comment-patterns` for the comments of HTML and MDX, with
`comment-needs`, unless an option `comments` is false; `match-case`. `words` names an option with a list of words, which
stand for `{words}` in the patterns and for `needs`. An option `extra-patterns` has patterns of the user's, an option
`common-phrases` switches `common-patterns` on.

`edge-patterns` are looked for only in the `first` and `last` blocks of the kinds searched, where these hold one of
`edge-needs` (which then are those of `patterns`, too, and say what the source must hold). So are `joint-patterns`, in
all blocks if neither is given: one of them alone says nothing, at least two must match.

Inline code is never searched, nor what directly follows an opening quotation mark: a post that speaks about a phrase
does not use it. With `skip-quotations` nothing in quotation marks is, nor what a chatbot is said to have said.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from itertools import chain

from postlint import shapes
from postlint.checks.conditions import FIELDS, is_empty, read_field
from postlint.checks.quotations import quotations
from postlint.checks.searches import Searches, Span, Texts, folded, texts_of
from postlint.checks.sources import COMMENT_ENDS, PARTS, body, code_of, comments, is_code, passages, unsearched
from postlint.errors import UserError, nearest
from postlint.meta import Entry
from postlint.needs import Guarded, InParts, Needs, one_of
from postlint.patterns import compiled
from postlint.post import Block, Kind, Post
from postlint.rules import Inspect, Options
from postlint.shapes import Gives, Shape, choices, gives, optional, switch
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

_QUOTES = frozenset("\"'“”„‘’‚«»‹›「『`")
_UNMARKED = _QUOTES | {"\\"}
_MID_SENTENCE = re.compile(r"[\w,:;][ \n]\Z")
_LONGEST_QUOTE = 70
_UNSEEN = re.compile(r"[\u200b\u2060\ufeff\ue000-\uf8ff\U000e0000-\U000e007f]")
_IN_THE_BODY = (
    "patterns", "extra-patterns", "common-patterns", "comment-patterns", "edge-patterns", "joint-patterns"
)  # fmt: skip


def _gives(parameters: Options) -> Gives:
    return gives("text") if any(parameters.get(name) for name in _IN_THE_BODY) else gives("text", "key")


SHAPE = Shape(
    scope="post",
    takes={
        "patterns": optional(
            shapes.patterns("What is looked for in the body; {words} stands for the words of an option.")
        ),
        "extra-patterns": optional(shapes.patterns("More of it.")),
        "common-patterns": optional(shapes.patterns("More of it, which people often write on purpose.")),
        "common-phrases": optional(switch("Whether the common patterns are looked for.")),
        "scopes": optional(choices("Where it is looked for; in prose if nothing is said.", *SCOPES, *PARTS)),
        "needs": optional(shapes.words("Texts in lower case; without one of them in the post nothing is looked for.")),
        "brackets": optional(shapes.words("The same: words that follow an opening bracket.")),
        "meta": optional(choices("Fields of the meta it is looked for in.", *sorted(FIELDS - {"post"}))),
        "meta-patterns": optional(shapes.patterns("What is looked for there; the same if nothing is said.")),
        "meta-needs": optional(
            shapes.words("The same for values; the same texts if nothing is said and the patterns are the same.")
        ),
        "comment-patterns": optional(shapes.patterns("What is looked for in comments.")),
        "comment-needs": optional(shapes.words("Texts in lower case, one of which the comment must hold.")),
        "comments": optional(switch("Whether comments are searched.")),
        "edge-patterns": optional(shapes.patterns("What is looked for in the first and last blocks alone.")),
        "first": optional(shapes.count("The first blocks are so many.")),
        "edge-needs": optional(shapes.words("Texts in lower case, one of which such a block must hold.")),
        "last": optional(shapes.count("The last blocks are so many.")),
        "joint-patterns": optional(shapes.patterns("What counts where two of these stand in a post.")),
        "skip-quotations": optional(switch("Whether what stands in quotation marks is passed over.")),
        "match-case": optional(switch("Whether capitals count.")),
        "words": optional({"type": "string", "format": "option", "description": "An option with a list of words."}),
    },
    gives=_gives,
)


def bind(options: Options, as_of: date) -> Inspect:
    """The check, bound. Raises UserError where patterns or scopes can't be read."""
    match_case = options.get("match-case", False) is True
    words = _texts(options, _word_option(options)) if "words" in options else []
    extra = _texts(options, "extra-patterns")
    for pattern in extra:
        compiled(pattern, re.MULTILINE, "with: ")
    common = _texts(options, "common-patterns") if options.get("common-phrases", False) is True else []

    def searches(*texts: str) -> Searches:
        found = Searches(texts, words, match_case)
        if not needs:
            found.compile()
        return found

    # Nobody knows which literals a pattern of the user's needs.
    needs = [] if extra else _texts(options, "needs") or words
    brackets = [] if extra else _texts(options, "brackets")
    anywhere = [*_texts(options, "patterns"), *common, *extra]
    patterns = searches(*anywhere)
    at_edge = searches(*anywhere, *_texts(options, "edge-patterns"))
    joint = [searches(pattern) for pattern in _texts(options, "joint-patterns")]
    meta_patterns = searches(*(_texts(options, "meta-patterns") or anywhere))
    comment_patterns = searches(*_texts(options, "comment-patterns"))
    if not (at_edge or joint or meta_patterns or comment_patterns):
        raise UserError('with: "patterns" is a list of regular expressions, and there is none')
    meta_needs = _texts(options, "meta-needs")
    if not (meta_needs or brackets or _texts(options, "meta-patterns")):
        meta_needs = [need.lower() for need in needs]
    comment_needs = _texts(options, "comment-needs")
    with_comments = bool(comment_patterns) and options.get("comments", True) is True
    scopes = _scopes(_texts(options, "scopes") or ["prose"]) if at_edge or joint else []
    kinds = frozenset(SCOPES[scope] for scope in scopes if scope in SCOPES)
    first, last = options.get("first", 0), options.get("last", 0)
    with_edges = bool(first or last)
    # A title stands at the edge of a post.
    titles = frozenset({"title"}).intersection(scopes if with_edges else ())
    parts_searched = frozenset(scopes).intersection(PARTS) - titles
    skip_quotations = options.get("skip-quotations", False) is True
    fields = [read_field(field, "with") for field in _texts(options, "meta")]

    edge_needs = [] if extra else [need.lower() for need in _texts(options, "edge-needs")]
    edge_literals = [need.encode("utf-8", "surrogatepass") for need in edge_needs]
    marked = [(_mark(need), (need if match_case else need.lower()).encode("utf-8", "surrogatepass")) for need in needs]

    def may_hold(text: str) -> bool:
        if not (needs or brackets) or (brackets and "[" in text):
            return True
        lowered = None
        for mark, need in marked:
            if mark in text:
                if lowered is None:
                    # As bytes: lowering a text that is not all ASCII takes ten times as long.
                    lowered = _lowered(text, match_case)
                if need in lowered:
                    return True
        return False

    def may_hold_at_edge(data: bytes) -> bool:
        return not edge_literals or any(map(data.__contains__, edge_literals))

    def in_body(post: Post) -> Iterator[Finding]:
        texts = texts_of(post, kinds)
        if any(patterns.possible(texts.whole())):
            for block in texts.blocks[first : max(first, len(texts.blocks) - last)]:
                # What must be tried everywhere is tried where it is not in vain.
                if not patterns.blind or may_hold(block.text):
                    found = patterns.spans(block.text, texts.folded(block))
                    if found and may_hold(block.text):
                        yield from _in_block(post, block, found, skip_quotations)
        if joint and not with_edges:
            yield from jointly(post, texts, texts.blocks)

    def at_edges(post: Post) -> Iterator[Finding]:
        texts = texts_of(post, kinds)
        edges = [*texts.blocks[:first], *texts.blocks[max(first, len(texts.blocks) - last) :]]
        held = [block for block in edges if may_hold_at_edge(texts.folded(block))]
        for block in held:
            yield from _in_block(post, block, at_edge.spans(block.text, texts.folded(block)), skip_quotations)
        if joint and held:
            yield from jointly(post, texts, edges)
        for passage in passages(post, titles):
            if may_hold_at_edge(folded(passage.text)):
                for start, end in at_edge.spans(passage.text):
                    yield Finding(*passage.place(start, end), {"text": quote(passage.text[start:end])})

    def jointly(post: Post, texts: Texts, blocks: Sequence[Block]) -> Iterator[Finding]:
        """What several patterns find, if at least two of them find something."""
        found = [
            [
                one
                for block in blocks
                for one in _in_block(post, block, each.spans(block.text, texts.folded(block)), skip_quotations)
            ]
            for each in joint
        ]
        if sum(map(bool, found)) > 1:
            yield from chain.from_iterable(found)

    def in_parts(post: Post) -> Iterator[Finding]:
        for passage in passages(post, parts_searched):
            if may_hold(passage.text):
                for start, end in patterns.spans(passage.text):
                    # Readers take an address in `<code>` for a link.
                    if not is_code(post, passage.start):
                        yield Finding(*passage.place(start, end), {"text": quote(passage.text[start:end])})
        if "markup" in parts_searched:
            yield from _in_markup(post, patterns)

    def in_meta(post: Post) -> Iterator[Finding]:
        for field in fields:
            for entry in post.meta.all(field):
                if not is_empty(entry) and (not meta_needs or _holds_one(entry.value.lower(), meta_needs)):
                    yield from _in_entry(entry, post, meta_patterns)

    def in_comments(post: Post) -> Iterator[Finding]:
        return _in_comments(post, comment_patterns, comment_needs)

    parts = [Guarded(in_meta, Needs(fields=one_of(*fields), values=frozenset(meta_needs)))] if fields else []
    if not (needs or brackets):
        needed = Needs(literals=frozenset({""}))
    elif match_case:
        needed = Needs(exact=frozenset(needs), brackets=frozenset(brackets))
    else:
        needed = Needs(literals=frozenset(need.lower() for need in needs), brackets=frozenset(brackets))
    if kinds and (patterns or not with_edges):
        parts.append(Guarded(in_body, needed))
    if kinds and with_edges:
        at_edges_needed = Needs(literals=frozenset(edge_needs or {""})) if patterns else needed
        parts.append(Guarded(at_edges, at_edges_needed))
    if parts_searched:
        parts.append(Guarded(in_parts, needed))
    if with_comments:
        parts.append(Guarded(in_comments, Needs(exact=frozenset(COMMENT_ENDS))))
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


def _scopes(scopes: list[str]) -> list[str]:
    for scope in scopes:
        if scope not in SCOPES and scope not in PARTS:
            raise UserError(f'with: no scope "{scope}"{nearest(scope, [*SCOPES, *PARTS])}')
    return scopes


def _texts(options: Options, key: str) -> list[str]:
    found = options.get(key, [])
    if not isinstance(found, (list, tuple)) or not all(isinstance(item, str) for item in found):
        raise UserError(f'with: "{key}" is a list of texts')
    return list(found)


def _in_block(post: Post, block: Block, found: Sequence[Span], skip_quotations: bool) -> Iterator[Finding]:
    text = block.text
    quoted: list[tuple[int, int]] | None = None
    for start, end in found:
        if any(start < last and first < end for first, last in code_of(post, block)):
            continue
        if start and text[start - 1] in _QUOTES:
            continue
        first, last = block.place(start, end)
        if skip_quotations:
            if quoted is None:
                quoted = quotations(text)
            if any(begin < start < stop for begin, stop in quoted) or _is_named(post.source, first, text[:start]):
                continue
        yield Finding(first, last, {"text": quote(text[start:end])})


def _is_named(source: str, start: int, before: str) -> bool:
    """Whether emphasis sets a phrase off in mid-sentence: `it said *as a language model* again`."""
    return source.startswith(("*", "_"), max(start - 1, 0)) and _MID_SENTENCE.search(before) is not None


def _in_markup(post: Post, patterns: Searches) -> Iterator[Finding]:
    passage = body(post)
    is_unsearched: Callable[[int], bool] | None = None
    for start, end in patterns.spans(passage.text):
        if is_unsearched is None:
            is_unsearched = unsearched(post)
        first, last = passage.place(start, end)
        if is_unsearched(first) or (first and post.source[first - 1] in _UNMARKED):
            continue
        yield Finding(first, last, {"text": quote(passage.text[start:end])})


def _in_entry(entry: Entry, post: Post, patterns: Searches) -> Iterator[Finding]:
    for start, end in patterns.spans(entry.value):
        values = {"text": quote(entry.value[start:end]), "key": " ".join(entry.key.split())}
        # The source of a value with escapes or folded lines has other lengths: then the whole value is the place.
        first = post.source.find(entry.value, entry.start, entry.end)
        if first < 0:
            yield Finding(entry.start, entry.end, values)
            return
        yield Finding(first + start, first + end, values)


def _in_comments(post: Post, patterns: Searches, needs: list[str]) -> Iterator[Finding]:
    meta = post.meta.block or (0, 0)
    for comment in comments(post):
        if needs and not _holds_one(comment.text.lower(), needs):
            continue
        for start, end in patterns.spans(comment.text):
            if not (meta[0] <= comment.start < meta[1] or is_code(post, comment.start)):
                yield Finding(*comment.place(start, end), {"text": quote(comment.text[start:end])})


def quote(text: str) -> str:
    """A text as a message quotes it: on one line, not too long, and what nobody can see as code points."""
    line = " ".join(_UNSEEN.sub(_code_point, text).split())
    return line if len(line) <= _LONGEST_QUOTE else f"{line[: _LONGEST_QUOTE - 1].rstrip()}…"


def _code_point(match: re.Match[str]) -> str:
    return f"<U+{ord(match[0]):04X}>"
