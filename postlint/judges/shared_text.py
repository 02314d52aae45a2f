"""See `checks/shared_text.py` and `shared_text.py`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from postlint.index.catalog import Known, Order
from postlint.index.one_post import Sentence
from postlint.judges.subject import Judge, Subject
from postlint.limits import LOOKED_AT, SOURCES
from postlint.rules import Options
from postlint.violations import Finding, Related


@dataclass(frozen=True, slots=True)
class Share:
    """How much of a post's prose stands in sentences that unrelated posts have, too."""

    shared: tuple[Sentence, ...]
    """These sentences."""
    total: int
    """Prose words."""
    single: int
    """Of the words in shared sentences the most that one other post has; each sentence counts for its witness."""

    @property
    def words(self) -> int:
        """Prose words in shared sentences."""
        return sum(sentence.size for sentence in self.shared)

    @property
    def sentences(self) -> int:
        """Distinct shared sentences."""
        return len({sentence.key for sentence in self.shared})

    @property
    def ratio(self) -> float:
        """Shared words over prose words, 0 to 1."""
        return self.words / max(self.total, 1)

    def stitched(self, options: Mapping[str, Any]) -> bool:
        """Whether the post is mostly shared text, by the options of BP004."""
        if self.total < options["min-words"] or self.sentences < options["min-sentences"]:
            return False
        one_source = self.single >= options["one-source"] * self.words
        return bool(self.ratio >= options["one-source-share" if one_source else "share"])


def share_of(subject: Subject, min_sentence_words: int) -> Share:
    """The shared text of a post; sentences of fewer words are everybody's and not counted."""

    def make() -> Share:
        shared = []
        sources: dict[Order, int] = {}
        for sentence in subject.facts.sentences:
            if sentence.size < min_sentence_words:
                continue
            witness = subject.witness("sentence", sentence.key)
            if witness is not None:
                shared.append(sentence)
                sources[witness.order] = sources.get(witness.order, 0) + sentence.size
        return Share(tuple(shared), subject.facts.words, max(sources.values(), default=0))

    share: Share = subject.once(("share", min_sentence_words), make)
    return share


def bind(options: Options, as_of: date) -> Judge:
    """A `share` of at least `min-words` of prose stands in `min-sentences` distinct shared sentences."""
    min_sentence_words = options["min-sentence-words"]

    def judge(subject: Subject) -> Iterator[Finding]:
        share = share_of(subject, min_sentence_words)
        if share.stitched(options):
            yield Finding.at(
                subject.anchor,
                values={
                    "percent": round(100 * share.ratio),
                    "shared": share.words,
                    "words": share.total,
                    "sentences": share.sentences,
                },
                related=tuple(
                    Related(subject.anchor_of(source), f"shares {words} words")
                    for source, words in _sources(subject, share)
                ),
            )

    return judge


def _sources(subject: Subject, share: Share) -> list[tuple[Known, int]]:
    """The unrelated posts that have the most words of a post's shared sentences, and how many."""
    words: dict[Order, int] = {}
    posts: dict[Order, Known] = {}
    for key, size in {sentence.key: sentence.size for sentence in reversed(share.shared)}.items():
        for post in subject.view.first("sentence", key, LOOKED_AT):
            posts[post.order] = post
            words[post.order] = words.get(post.order, 0) + size
    ranked = sorted(words, key=lambda order: (-words[order], order))
    subject.view.expect([posts[order] for order in ranked])
    unrelated = (order for order in ranked if not subject.view.related(subject.known, posts[order]))
    return [(posts[order], words[order]) for order in islice(unrelated, SOURCES)]
