"""What a regular expression may cost: how many ways a text can be shared out among its repetitions.

A backtracking search tries all of them before it gives up. Two repetitions multiply where characters that both can
match may go to the one or to the other; whatever must stand between them and can't be matched by one of them keeps them
apart, and they only add up.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import count

from postlint.lazy_pattern import lazy_pattern
from postlint.limits import PIECE

ENDLESS = PIECE
"""What a repetition without an upper bound counts for: no longer text is searched at once."""
MOST_WAYS = 8 * ENDLESS**2
"""Ways that may be tried in such a text: two repetitions of anything, the search itself being one, and some more."""

_TOKEN = lazy_pattern(
    r"(?P<item>\\(?:[xuUN](?:\{[^}]*\}|[0-9a-fA-F]*)|[0-9]{1,3}|.)|\[\^?\]?(?:\\.|[^\]\\])*\])"
    r"|(?P<open>\((?:\?(?:P<\w+>|P=\w+|\#[^)]*|[aiLmsux-]*:|<?[=!]|>|\(\w+\)|[aiLmsux]+))?)"
    r"|(?P<close>\))|(?P<or>\|)"
    r"|(?P<repeat>[*+?]|\{(?P<least>\d*)(?P<comma>,?)(?P<most>\d*)\})(?P<how>[?+]?)"
    r"|(?P<literal>.)",
    re.DOTALL,
)
_NOWHERE = lazy_pattern(r"\\[bBAZ]|[\^$]|\(\?[aiLmsux#].*", re.DOTALL)
_OTHERS = "éßñøЖя日本の한ー٣०“”’—…\u00a0\u2003\u200b\U0001f600"
_COPIES = 27
"""Two ways each, so many repetitions of a group make more than MOST_WAYS."""
_LARGEST = 20_000
_LONGEST_SEARCH = 50_000


@dataclass(slots=True)
class Part:
    """A piece of an alternative: its text, how often it may stand there, and the alternatives of a group."""

    text: str
    repeat: str = ""
    least: int = 1
    most: int = 1
    possessive: bool = False
    groups: list[list[Part]] = field(default_factory=list)

    @property
    def looks(self) -> bool:
        """Whether it looks ahead or behind and matches no character itself."""
        return self.text.startswith(("(?=", "(?!", "(?<=", "(?<!"))


def alternatives(pattern: str) -> list[list[Part]]:
    """The alternatives of a pattern that is known to be valid, each as its parts."""
    stack: list[tuple[list[list[Part]], int]] = [([[]], 0)]
    for token in _TOKEN.finditer(pattern):
        found = stack[-1][0]
        if token["open"] is not None and not token["open"].startswith(("(?#", "(?P=")) and not _is_flags(token["open"]):
            stack.append(([[]], token.start()))
        elif token["close"] is not None and len(stack) > 1:
            groups, start = stack.pop()
            stack[-1][0][-1].append(Part(pattern[start : token.end()], groups=groups))
        elif token["close"] is not None:
            # The end of a comment, of flags or of a reference.
            found[-1][-1].text += token[0]
        elif token["or"] is not None:
            found.append([])
        elif token["repeat"] is not None and found[-1] and _is_repeat(token):
            part = found[-1][-1]
            part.repeat = token[0]
            part.least, part.most = _bounds(token)
            part.possessive = token["how"] == "+"
        else:
            found[-1].append(Part(token[0]))
    return stack[0][0]


def _is_flags(opening: str) -> bool:
    return opening.startswith("(?") and opening[2:].isalpha()


def _is_repeat(token: re.Match[str]) -> bool:
    """Whether braces are a repeat: `{}` and `{,}` of a text stand for themselves."""
    return not token["repeat"].startswith("{") or bool(token["least"] or token["most"])


def _bounds(token: re.Match[str]) -> tuple[int, int]:
    plain = {"*": (0, ENDLESS), "+": (1, ENDLESS), "?": (0, 1)}.get(token["repeat"])
    if plain is not None:
        return plain
    least = int(token["least"] or 0)
    most = token["most"] if token["comma"] else token["least"]
    return min(least, ENDLESS), min(int(most), ENDLESS) if most else ENDLESS


@dataclass(frozen=True, slots=True)
class _Element:
    """Something that is matched: what characters, in how many ways, and on which of the pattern's branches."""

    text: str
    characters: frozenset[str]
    ways: int
    required: bool
    branches: frozenset[tuple[int, int]]
    """The groups it stands in and which of their alternatives: there it stands, if they are taken."""
    inside: frozenset[int]
    own: int = -1
    """Of the repetition of a group: the group, so that it is not weighed against what stands in it."""
    looks: int = -1
    """Of what is looked at ahead: a group of its own. The search goes on from before it and does not come back."""

    def excludes(self, other: _Element) -> bool:
        """Whether the two stand in different alternatives of a group."""
        mine = dict(self.branches)
        return any(mine.get(group, branch) != branch for group, branch in other.branches)


def costly(pattern: str) -> tuple[str, str] | None:
    """Two parts of a valid pattern that share characters out in too many ways; None where no parts do."""
    reader = _Reader(pattern)
    # A search begins anew at every character, which is one more repetition, before all others.
    elements = [_Element("", reader.characters("(?s:.)"), ENDLESS, False, frozenset(), frozenset())]
    try:
        elements += reader.sequence_of(alternatives(pattern), frozenset(), frozenset())
    except _OvergrownError:
        return pattern, pattern

    # What nothing follows that may fail is never gone back to.
    while len(elements) > 1 and elements[-1].ways > 1 and not elements[-1].required:
        elements.pop()
    elements[-1] = replace(elements[-1], ways=1)

    return _dense(elements)


class _OvergrownError(Exception):
    """A pattern whose groups, written out, would be longer than anybody needs."""


class _Reader:
    """Makes a line of elements of a pattern: a group that repeats repetitions stands there several times."""

    def __init__(self, pattern: str) -> None:
        flags = "".join(re.findall(r"\(\?([aiLmsux]+)[:)-]", pattern))
        self._flags = re.IGNORECASE | (re.DOTALL if "s" in flags else 0)
        self._probes = "".join({**dict.fromkeys(map(chr, range(128))), **dict.fromkeys(_OTHERS + pattern)})
        self._known: dict[str, frozenset[str]] = {}
        self._numbers = count()
        self._left = _LARGEST

    def characters(self, text: str) -> frozenset[str]:
        """The characters, of a few of each kind, that an item can match; all of them for a reference."""
        if text not in self._known:
            try:
                found = re.compile(text, self._flags)
                self._known[text] = frozenset(letter for letter in self._probes if found.fullmatch(letter))
            except re.error:
                self._known[text] = frozenset(self._probes)
        return self._known[text]

    def sequence_of(
        self, groups: Sequence[Sequence[Part]], branches: frozenset[tuple[int, int]], inside: frozenset[int]
    ) -> Iterator[_Element]:
        """The elements of alternatives. What stands in each of them, in one way or another, stands there for sure."""
        if len(groups) == 1:
            yield from self._sequence(groups[0], branches, inside)
            return
        number = next(self._numbers)
        within = inside | {number}
        found = [
            list(self._sequence(parts, branches | {(number, place)}, within)) for place, parts in enumerate(groups)
        ]
        sure = [[element for element in elements if element.required] for elements in found]
        for end in (0, -1):
            if all(sure):
                characters = frozenset().union(*(elements[end].characters for elements in sure))
                yield _Element("", characters, 1, True, branches, inside)
            if end == 0:
                ways = _beginning_alike(found)
                if ways > 1:
                    everything = frozenset().union(*(element.characters for line in found for element in line))
                    yield _Element("|", everything, ways, False, branches, inside, own=number)
                # Of words alone it is enough to know how they begin and end.
                if any(element.ways > 1 or element.looks >= 0 for line in found for element in line):
                    for line in found:
                        yield from line

    def _sequence(
        self, parts: Sequence[Part], branches: frozenset[tuple[int, int]], inside: frozenset[int]
    ) -> Iterator[_Element]:
        for part in parts:
            self._left -= 1
            if self._left < 0:
                raise _OvergrownError
            if part.looks:
                # What is behind has one length.
                if not part.text.startswith("(?<"):
                    number = next(self._numbers)
                    for element in self.sequence_of(part.groups, branches | {(number, 1)}, inside):
                        yield replace(element, looks=number) if element.looks < 0 else element
            elif part.text == "^":
                # The end of a line before it, or the one start of the text.
                yield _Element("", frozenset("\n"), 1, True, branches, inside)
            elif part.groups:
                yield from self._group(part, branches, inside)
            elif _NOWHERE.fullmatch(part.text):
                # It may fail, and lets anything pass that does not.
                yield _Element("", frozenset(self._probes), 1, False, branches, inside)
            elif part.most:
                ways = 1 if part.possessive else part.most - part.least + 1
                written = part.text + part.repeat
                yield _Element(written, self.characters(part.text), ways, part.least > 0, branches, inside)

    def _group(self, part: Part, branches: frozenset[tuple[int, int]], inside: frozenset[int]) -> Iterator[_Element]:
        if part.most == 0:
            return
        number = next(self._numbers)
        taken = branches if part.least else branches | {(number, 1)}
        within = inside | {number}
        first = list(self.sequence_of(part.groups, taken, within))
        yield from first
        if part.most == part.least == 1:
            return
        everything = frozenset().union(*(element.characters for element in first))
        ways = 1 if part.possessive else part.most - part.least + 1
        yield _Element(part.text + part.repeat, everything, ways, False, branches | {(number, 1)}, inside, own=number)
        copies = min(part.most, _COPIES if any(element.ways > 1 for element in first) else 2)
        for place in range(1, copies):
            sure = place < part.least
            yield from self.sequence_of(part.groups, branches if sure else branches | {(number, 1)}, within)


def _beginning_alike(found: Sequence[Sequence[_Element]]) -> int:
    """Of how many alternatives one text can be the beginning, at most: where two have the same characters so far."""
    fixed = [_fixed(elements) for elements in found]
    alike = {
        one: {
            other
            for other in range(len(fixed))
            if other != one and not any(map(frozenset.isdisjoint, fixed[one], fixed[other]))
        }
        for one in range(len(fixed))
    }
    most = 0
    # Alternatives that are all alike are found in what is left when those that are like the fewest have gone.
    while alike:
        least = min(alike, key=lambda one: len(alike[one]))
        most = max(most, len(alike[least]))
        for other in alike.pop(least):
            alike[other].discard(least)
    return most + 1


def _fixed(elements: Sequence[_Element]) -> list[frozenset[str]]:
    """The characters that an alternative begins with, up to the first that may be there or not."""
    found = []
    for element in elements:
        if not element.required or not element.text:
            break
        found.append(element.characters)
        if element.ways > 1:
            break
    return found


def _dense(elements: Sequence[_Element]) -> tuple[str, str] | None:
    """The first two of the elements that multiply to too many ways."""
    places = [place for place, element in enumerate(elements) if element.ways > 1]
    beside = {place: set(_beside(place, elements)) for place in places}
    left = [_LONGEST_SEARCH]

    def search(ways: int, chosen: tuple[int, ...], common: set[int]) -> tuple[int, ...]:
        left[0] -= 1
        for place in sorted(common):
            if ways * elements[place].ways > MOST_WAYS or left[0] < 0:
                return (*chosen, place)
            found = search(ways * elements[place].ways, (*chosen, place), common & beside[place])
            if found:
                return found
        return ()

    found = search(1, (), set(places))
    if not found:
        return None
    named = [elements[place].text for place in found if elements[place].text]
    return named[0], named[-1]


def _beside(place: int, elements: Sequence[_Element]) -> Iterator[int]:
    """The later elements that share characters with one, and that nothing keeps apart from it."""
    one = elements[place]
    between: list[_Element] = []
    for later in range(place + 1, len(elements)):
        other = elements[later]
        if one.excludes(other):
            continue
        nested = one.own in other.inside or other.own in one.inside
        seen = one.looks < 0 or (one.looks, 1) in other.branches
        if other.ways > 1 and not nested and seen and not one.characters.isdisjoint(other.characters):
            branches = one.branches | other.branches
            if not any(
                element.branches <= branches
                and (element.characters.isdisjoint(one.characters) or element.characters.isdisjoint(other.characters))
                for element in between
            ):
                yield later
        if other.required:
            if other.branches <= one.branches and other.characters.isdisjoint(one.characters):
                return
            between.append(other)
