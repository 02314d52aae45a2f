"""Regular expressions that are looked for together in one text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from postlint.errors import UserError
from postlint.patterns import compiled, find_all

Span = tuple[int, int]


class Searches:
    """Patterns, compiled when they are first needed: most posts need none of a rule, and a hook looks at one post.

    A pattern that begins with `\\A` is tried at the start alone; Python would try it everywhere.
    """

    __slots__ = ("_flags", "_found", "_texts", "_words")

    def __init__(self, texts: Sequence[str], words: Sequence[str], match_case: bool) -> None:
        """`words` stand for `{words}` in the texts of the patterns."""
        self._texts = tuple(texts)
        self._words = "|".join(re.escape(word) for word in words) or r"(?!)"
        self._flags = re.MULTILINE if match_case else re.MULTILINE | re.IGNORECASE
        self._found: list[tuple[re.Pattern[str], bool]] | None = None

    def __bool__(self) -> bool:
        return bool(self._texts)

    def compile(self) -> list[tuple[re.Pattern[str], bool]]:
        """The patterns, and whether each is tried at the start alone. Raises UserError where one is none."""
        if self._found is None:
            # One by one: joined into one, patterns lose the quick search for the character they begin with.
            self._found = [(self._pattern(text), text.startswith(r"\A")) for text in self._texts]
        return self._found

    def spans(self, text: str) -> Iterator[Span]:
        """Where they match, without white space around; of matches that overlap the first, of these the longest."""
        spans: list[Span] = []
        for pattern, at_start in self.compile():
            if at_start:
                match = pattern.match(text)
                if match is not None:
                    spans.append(match.span())
            else:
                spans.extend(match.span() for match in find_all(pattern, text))
        last = 0
        for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
            if start >= last:
                last = end
                found = text[start:end]
                yield start + len(found) - len(found.lstrip()), start + len(found.rstrip())

    def _pattern(self, text: str) -> re.Pattern[str]:
        if "{words}" in text:
            found = compiled(text.replace("{words}", f"(?:{self._words})"), self._flags, "with: ")
        else:
            # What the pattern of a rule's file costs was seen to where that was read.
            try:
                found = re.compile(text, self._flags)
            except re.error as error:
                raise UserError(f'with: the pattern "{text}" is not valid: {error}') from error
        if found.search("") is not None:
            raise UserError(f'with: the pattern "{found.pattern}" matches the empty text')
        return found
