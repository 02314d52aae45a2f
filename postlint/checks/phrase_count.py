"""Phrases that are fine once and a habit when they come often: counted over the prose of a post.

A rule's `with:` has `patterns`, unless it has an option `words`; `scopes` and `needs` as in `phrase.py`; `parts`, names
and the pieces of patterns that `{name}` stands for; `languages`, so that a post which declares another one is not
judged. Inline code is not searched, nor what stands in quotation marks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from postlint import shapes
from postlint.canonical import count_words
from postlint.checks.phrase import SCOPES, quote
from postlint.errors import UserError
from postlint.likeness import language_of
from postlint.needs import Guarded, Needs
from postlint.patterns import compiled, find_all, one_of
from postlint.post import Block, Post
from postlint.rules import Inspect, Options
from postlint.shapes import Shape, choices, count, gives, optional
from postlint.violations import Finding, Place, Related

SHOWN = 4
"""Other occurrences named with a finding."""

# An apostrophe is no closing quotation mark, nor is an inch sign an opening one.
_QUOTED = re.compile(
    r'(?<!\w)"[^"]*"|“[^“”]*”|„[^„“”]*[“”]|«[^«»]*»|»[^«»]*«|「[^「」]*」'
    r"|(?<!\w)'(?:[^'\n]|(?<=\w)'(?=\w))*'(?!\w)|‘(?:[^‘’]|(?<=\w)’(?=\w))*’"
)

# By the last letter of a word.
_ENDINGS = {"e": "e|es|ed|ing|ely", "y": "y|ies|ied|ying|ily", "": "|s|es|ed|ing|ly"}


SHAPE = Shape(
    scope="post",
    takes={
        "patterns": optional(shapes.patterns("What is counted; {name} stands for a part.")),
        "words": optional(shapes.words("Words that are counted in their regular endings, in place of patterns.")),
        "parts": optional(
            {
                "type": "object",
                "additionalProperties": shapes.pattern("A part of patterns."),
                "description": "Names and what stands for them in the patterns.",
            }
        ),
        "needs": optional(shapes.words("Texts in lower case; without one of them in the post nothing is counted.")),
        "scopes": choices("The kinds of text they are counted in.", *SCOPES),
        "languages": optional(shapes.words("Languages of the posts that are looked at; all if nothing is said.")),
        "min": optional(count("So many must be there."), 1),
        "max": optional(count("So many are fine."), 0),
        "per-words": optional(count("The words that `max` is for."), 0),
        "min-distinct": optional(count("So many different ones must be there."), 1),
    },
    gives=gives("count", "words", "text", "texts"),
)


def bind(options: Options, as_of: date) -> Inspect:
    """One finding a post, at the first occurrence, where there are at least `min` and more than `max`.

    With `per-words`, `max` is for so many words; with `min-distinct` so many of the patterns or words must occur.
    """
    search = _search(options)
    kinds = frozenset(SCOPES[scope] for scope in options["scopes"])
    most, least = options.get("max", 0), options.get("min", 1)
    per_words, least_distinct = options.get("per-words", 0), options.get("min-distinct", 1)
    languages = frozenset(options.get("languages", ()))

    def inspect(post: Post) -> Iterator[Finding]:
        blocks = [block for block in post.blocks if block.kind in kinds]
        found = [(block, match) for block in blocks for match in _matches(search, block)]
        if len(found) < least or not (found and (per_words or len(found) > most)):
            return
        if len({match.lastindex for _, match in found}) < least_distinct:
            return
        if languages and language_of(post) not in ("", *languages):
            return
        words = sum(count_words(block.text) for block in blocks)
        if per_words and len(found) * per_words <= most * words:
            return
        (start, end), *others = (block.place(*match.span()) for block, match in found[: SHOWN + 1])
        texts = list(dict.fromkeys(quote(match[0].lower()) for _, match in found))
        yield Finding(
            start,
            end,
            {"count": len(found), "words": words, "text": quote(found[0][1][0]), "texts": texts[: SHOWN + 1]},
            tuple(Related(Place(post.path, post.number, *place), "also here") for place in others),
        )

    literals = frozenset(options.get("needs", ("",)))
    return Guarded(inspect, Needs(literals=literals))


def _search(options: Options) -> re.Pattern[str]:
    """One pattern, each alternative a group of its own: `lastindex` of a match says which it was."""
    if "words" in options:
        if not options["words"] or not all(word.strip() for word in options["words"]):
            raise UserError('"words" is a list of words, none of them empty')
        alternatives = [_endings(word) for word in options["words"]]
        return re.compile(rf"(?<![\w-])(?:{'|'.join(alternatives)})(?![\w-])", re.IGNORECASE)
    patterns = options.get("patterns", [])
    if not patterns:
        raise UserError('with: "patterns" is a list of regular expressions, and there is none')
    for name, part in options.get("parts", {}).items():
        patterns = [pattern.replace(f"{{{name}}}", part) for pattern in patterns]
    for pattern in patterns:
        # Parts may be harmless each and not together.
        if compiled(pattern, re.IGNORECASE, "with: ").search("") is not None:
            raise UserError(f'with: the pattern "{pattern}" matches the empty text')
    return one_of((f"({pattern})" for pattern in patterns), re.IGNORECASE, "with: ")


def _endings(word: str) -> str:
    """A word, or several, in its regular endings, as a group: delve, delves, delved, delving."""
    stem = r"\s+".join(map(re.escape, word.split()))
    last = word[-1:] if word[-1:] in _ENDINGS else ""
    return f"({stem.removesuffix(last)}(?:{_ENDINGS[last]}))"


def _matches(search: re.Pattern[str], block: Block) -> Iterator[re.Match[str]]:
    """The matches in a block that are neither in code nor in quotation marks."""
    matches = list(find_all(search, block.text))
    if matches:
        spared = [*block.code, *(match.span() for match in _QUOTED.finditer(block.text))]
        for match in matches:
            if not any(match.start() < end and start < match.end() for start, end in spared):
                yield match
