"""Regular expressions that users write: refused where one could keep a run busy, and searched piece by piece."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from postlint.errors import UserError
from postlint.lazy_pattern import lazy_pattern
from postlint.limits import PIECE

if TYPE_CHECKING:
    from postlint.pattern_costs import Part

OVERLAP = 1000
"""Characters that two pieces have in common: a match of this length is found wherever it stands."""
LONGEST = 5000
"""Characters of a pattern."""

_LITERAL = lazy_pattern(r"[^\\.^$\[]|\\[^\w]", re.DOTALL)
_MANY = 10
"""Repetitions from which a repeat in a repeat is too much."""


def compiled(pattern: str, flags: int, where: str) -> re.Pattern[str]:
    """A pattern of the user's, compiled.

    Raises UserError where it is none, and where something repeated is repeated: `(a+)+` takes a time that doubles with
    each letter. What parts two repetitions, as the comma of `(?:,[0-9]+)+` does, makes it harmless. So are those
    refused that can share the same characters out among them in very many ways, as in `.*foo.*bar`.
    """
    # Most runs have no pattern of the user's.
    from postlint.pattern_costs import alternatives, costly

    try:
        found = re.compile(pattern, flags)
    except (re.error, OverflowError, RecursionError) as error:
        raise UserError(f'{where}the pattern "{pattern}" is not valid: {error}') from error
    if len(pattern) > LONGEST:
        raise UserError(f'{where}the pattern "{pattern[:40]}…" is longer than {LONGEST} characters')
    if found.flags & re.VERBOSE:
        raise UserError(f'{where}the pattern "{pattern}" has the flag x, which is not supported')
    for part in _nested(alternatives(pattern)):
        raise UserError(
            f'{where}the pattern "{pattern}" repeats "{part.text}", which repeats something itself: on some texts that '
            "takes for ever"
        )
    both = costly(pattern)
    if both is not None:
        raise UserError(
            f'{where}the pattern "{pattern}" lets "{both[0]}" and "{both[1]}" share out the same characters in too '
            "many ways: on some texts that takes for ever; an upper bound such as {0,40} helps"
        )
    return found


def one_of(patterns: Iterable[str], flags: int, where: str) -> re.Pattern[str]:
    """Patterns, each of which is one by itself and in a group, as the alternatives of one.

    Raises UserError where they are none together: flags for the whole stand in mid-pattern, a name is given twice.
    """
    try:
        return re.compile("|".join(patterns), flags)
    except re.error as error:
        raise UserError(f"{where}the patterns can't be joined into one: {error}") from error


def find_all(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """The matches of a pattern in a text, in order. A long text is searched in pieces: the time grows with its length.

    A match that is longer than OVERLAP may end with its piece.
    """
    return pattern.finditer(text) if len(text) <= PIECE else _in_pieces(pattern, text)


def find_first(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    """The first match of a pattern in a text, searched in the same way."""
    return pattern.search(text) if len(text) <= PIECE else next(_in_pieces(pattern, text), None)


def _in_pieces(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    start = 0
    while len(text) - start > PIECE:
        # What begins in the overlap is left to the next piece, which sees it whole.
        limit = start + PIECE - OVERLAP
        following = limit
        for match in pattern.finditer(text, start, start + PIECE):
            if match.start() >= limit:
                break
            yield match
            following = max(limit, match.end())
        start = following
    yield from pattern.finditer(text, start)


def _nested(groups: list[list[Part]]) -> Iterator[Part]:
    """The groups that are repeated and hold a repeat that nothing parts from the next."""
    for parts in groups:
        for part in parts:
            if part.most >= _MANY and any(_is_open(inner) for inner in part.groups):
                yield part
            yield from _nested(part.groups)


def _is_open(parts: list[Part]) -> bool:
    """Whether an alternative repeats something and has no character that only stands between two repetitions."""
    repeated = [part for part in _flat(parts) if part.most >= _MANY]
    if not repeated:
        return False
    return not any(
        not (part.most >= _MANY or not part.least or part.groups)
        and _LITERAL.fullmatch(part.text)
        and not _can_match(repeated, part.text)
        for part in parts
    )


def _flat(parts: list[Part]) -> Iterator[Part]:
    for part in parts:
        yield part
        for inner in part.groups:
            yield from _flat(inner)


def _can_match(repeated: list[Part], literal: str) -> bool:
    """Whether something that is repeated can match a character."""
    character = literal[-1]
    for part in repeated:
        try:
            if part.groups or re.search(part.text, character, re.IGNORECASE | re.DOTALL):
                return True
        except re.error:
            return True
    return False
