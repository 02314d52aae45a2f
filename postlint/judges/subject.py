"""The post that is judged, and what several judges ask of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import Any

from postlint.canonical import sentences
from postlint.index.catalog import Known
from postlint.index.one_post import OnePost, Sentence
from postlint.judges.view import View
from postlint.limits import WITNESSES
from postlint.violations import Finding, Place


class Subject:
    """A post among all others. `weights` are the options of the rule that says what a post of mostly shared text is."""

    def __init__(self, known: Known, facts: OnePost, view: View, weights: Mapping[str, Any]) -> None:
        self.known = known
        self.facts = facts
        """What the post consists of."""
        self.view = view
        self._weights = weights
        self._tables: dict[object, object] = {}
        self._witnesses: dict[tuple[str, int], Known | None] = {}

    def once(self, key: object, make: Callable[[], Any]) -> Any:
        """What several rules use: made for the first, kept for the others."""
        if key not in self._tables:
            self._tables[key] = make()
        return self._tables[key]

    @cached_property
    def heavy(self) -> bool:
        """Whether it is mostly shared text."""
        from postlint.judges.shared_text import share_of

        return share_of(self, self._weights["min-sentence-words"]).stitched(self._weights)

    def witness(self, kind: str, key: int) -> Known | None:
        """The first unrelated post that has a segment, too."""
        if (kind, key) not in self._witnesses:
            self._witnesses[kind, key] = self.view.witness(kind, key, self.known, WITNESSES) if key else None
        return self._witnesses[kind, key]

    def place(self, start: int, end: int) -> Place:
        """A place in the post."""
        return Place(self.known.path, self.known.number, start, end)

    @property
    def anchor(self) -> Place:
        """Where the post as a whole is shown."""
        return self.place(*self.facts.post.anchor)

    def anchor_of(self, other: Known) -> Place:
        """Where another post as a whole is shown."""
        return self.view.anchor(other)

    def sentence(self, sentence: Sentence) -> tuple[Place, str]:
        """The place and text of a sentence."""
        block = self.facts.blocks[sentence.paragraph]
        start, end = sentences(block.text)[sentence.number]
        return self.place(*block.place(start, end)), block.text[start:end]


Judge = Callable[[Subject], Iterable[Finding]]
"""A judge bound to a rule's options: the findings of one post."""
