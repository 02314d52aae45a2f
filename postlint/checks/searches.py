"""Regular expressions that are looked for together: what a text must hold for one to match, and where alone it can."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Literal

from postlint.errors import UserError
from postlint.limits import PIECE
from postlint.patterns import compiled, find_all
from postlint.post import Block, Kind, Post

Span = tuple[int, int]

_TOKEN = re.compile(
    r"(?P<literal>[^\\\[\]().|?*+{}^$]+)(?P<repeated>(?=[?*+{]))?"
    r"|\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|N\{[^}]*\}|[0-9]{1,3}|.)"
    r"|\[\^?\]?(?:\\.|[^\]\\])*\]|\{[0-9]*,?[0-9]*\}|[()|]",
    re.DOTALL,
)
_VERBOSE = re.compile(r"\(\?[a-zA-Z]*x")
# What Python takes for the same letters where case does not count, besides the capitals of ASCII.
_SAME_LETTERS = {"ı".encode(): b"i", "İ".encode(): b"i", "ſ".encode(): b"s", "\u212a".encode(): b"k"}


def folded(text: str) -> bytes:
    """A text as bytes, its ASCII letters in lower case; what is like one where case does not count is that one, too."""
    data = text.encode("utf-8", "surrogatepass")
    if len(data) != len(text):
        for letter, plain in _SAME_LETTERS.items():
            data = data.replace(letter, plain)
    return data.lower()


class Search:
    """One pattern, compiled when a text first holds what each of its matches does.

    A regular expression without a fixed beginning is tried at every character, which takes a hundred times as long as
    to see that such a text is missing; and Python tries one that begins with an anchor everywhere, too.
    """

    __slots__ = ("_flags", "_pattern", "_words", "at", "literals", "text")

    def __init__(self, text: str, words: str, flags: int) -> None:
        """`words` stand for `{words}` in the text."""
        self.text = text
        self.literals, self.at = known_of(text.replace("{words}", "(?:)"), flags)
        self._words = words
        self._flags = flags
        self._pattern: re.Pattern[str] | None = None

    def compile(self) -> re.Pattern[str]:
        """The pattern. Raises UserError where it is none."""
        if self._pattern is None:
            if "{words}" in self.text:
                found = compiled(self.text.replace("{words}", f"(?:{self._words})"), self._flags, "with: ")
            else:
                # What the pattern of a rule's file costs was seen to where that was read.
                try:
                    found = re.compile(self.text, self._flags)
                except re.error as error:
                    raise UserError(f'with: the pattern "{self.text}" is not valid: {error}') from error
            if found.search("") is not None:
                raise UserError(f'with: the pattern "{found.pattern}" matches the empty text')
            self._pattern = found
        return self._pattern

    def spans(self, text: str) -> list[Span]:
        """Where the pattern matches, as `find_all` has it."""
        pattern = self.compile()
        if self.at == "anywhere" or len(text) > PIECE:
            return [match.span() for match in find_all(pattern, text)]
        found: list[Span] = []
        start = 0
        while True:
            match = pattern.match(text, start)
            if match is not None:
                if match.end() == start:
                    # After nothing the same place may be tried once more.
                    return [match.span() for match in find_all(pattern, text)]
                found.append(match.span())
                start = match.end() - 1
            if self.at == "text" or (start := text.find("\n", start) + 1) == 0:
                return found


class Searches:
    """Patterns that are looked for together."""

    __slots__ = ("_searches", "blind")

    def __init__(self, texts: Sequence[str], words: Sequence[str], match_case: bool) -> None:
        """`words` stand for `{words}` in the texts of the patterns."""
        anyone = "|".join(re.escape(word) for word in words) or r"(?!)"
        flags = re.MULTILINE if match_case else re.MULTILINE | re.IGNORECASE
        # One by one: joined into one, patterns lose the quick search for the character they begin with.
        self._searches = [Search(text, anyone, flags) for text in texts]
        self.blind = any(not search.literals and search.at == "anywhere" for search in self._searches)
        """Whether one must be tried at every character of any text."""

    def __bool__(self) -> bool:
        return bool(self._searches)

    def compile(self) -> None:
        """Compile all. Raises UserError where one is no pattern."""
        for search in self._searches:
            search.compile()

    def possible(self, data: bytes) -> Iterator[Search]:
        """Those that may find something in a text, which is given folded."""
        for search in self._searches:
            for literal in search.literals:
                if literal not in data:
                    break
            else:
                yield search

    def spans(self, text: str, data: bytes | None = None) -> list[Span]:
        """Where they match, without white space around; of matches that overlap the first, of these the longest.

        `data` is the text folded, if that is known.
        """
        spans = [
            span for search in self.possible(folded(text) if data is None else data) for span in search.spans(text)
        ]
        chosen = []
        last = 0
        for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
            if start >= last:
                last = end
                found = text[start:end]
                chosen.append((start + len(found) - len(found.lstrip()), start + len(found.rstrip())))
        return chosen


def known_of(text: str, flags: int) -> tuple[tuple[bytes, ...], Literal["anywhere", "text", "lines"]]:
    """The folded texts that every match of a pattern holds, the longest first, and where alone a match can begin.

    That is anywhere, or at the start of the text or of its lines. The texts are those outside of groups.
    """
    if "#" in text or _VERBOSE.search(text):
        # Comments may hold half a pair of brackets.
        return (), "anywhere"
    depth = 0
    literals: set[str] = set()
    for token in _TOKEN.finditer(text):
        if token["literal"] is not None:
            # Of a repeated text only the last character is.
            literal = token["literal"] if token["repeated"] is None else token["literal"][:-1]
            if literal and not depth and all(map(_folds_alone, literal)):
                literals.add(literal)
        elif token[0] == "|" and not depth:
            return (), "anywhere"
        else:
            depth += (token[0] == "(") - (token[0] == ")")
    at: Literal["anywhere", "text", "lines"] = "anywhere"
    if text.startswith("^"):
        at = "lines" if flags & re.MULTILINE else "text"
    elif text.startswith(r"\A"):
        at = "text"
    return tuple(sorted(map(folded, literals), key=lambda literal: (-len(literal), literal))), at


def _folds_alone(character: str) -> bool:
    """Whether `folded` knows all that is the same where case does not count."""
    return character.isascii() or character.lower() == character.upper()


class Texts:
    """The blocks of some kinds of a post, and their texts folded when they are first asked for."""

    __slots__ = ("_folds", "_whole", "blocks")

    def __init__(self, blocks: list[Block], folds: dict[Block, bytes]) -> None:
        self.blocks = blocks
        self._folds = folds
        self._whole: bytes | None = None

    def folded(self, block: Block) -> bytes:
        """The text of a block, folded."""
        data = self._folds.get(block)
        if data is None:
            data = self._folds[block] = folded(block.text)
        return data

    def whole(self) -> bytes:
        """The texts of all blocks, folded."""
        if self._whole is None:
            self._whole = folded("\n".join([block.text for block in self.blocks]))
        return self._whole


# Posts are shown to one rule after the other, and several look at the same blocks.
@lru_cache(maxsize=4)
def texts_of(post: Post, kinds: frozenset[Kind]) -> Texts:
    """The blocks of some kinds of a post."""
    return Texts([block for block in post.blocks if block.kind in kinds], _folds_of(post))


@lru_cache(maxsize=1)
def _folds_of(post: Post) -> dict[Block, bytes]:
    return {}
