"""The corpus as checks that compare posts see it: joined facts, and tables made of them once, when first asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from postlint.facts import I32, I64, U64, Digest, PostFact, Segments, ValueFact
from postlint.fingerprint import segment_keys
from postlint.likeness import one_page, one_series
from postlint.post import Block
from postlint.violations import Place

WITNESSES = 8
"""How many other posts with the same segment are tried for one that is not legitimately alike."""

ReadBlock = Callable[[str, int, int], Block | None]
"""Path, post number and start of a block to that block, read anew: the text behind a fact."""


@dataclass(frozen=True, slots=True)
class Repeats:
    """Which segments stand in several posts. Rows are those of the segments."""

    df: I32
    """Document frequency: in how many posts the segment occurs."""
    witness: I32
    """The first row of the segment in another, unrelated post; -1 where there is none."""


class Corpus:
    """All posts of a run, in the order of path and number."""

    def __init__(self, facts: Digest, read_block: ReadBlock) -> None:
        self.facts = facts
        self.posts: Sequence[PostFact] = facts.posts
        self._read_block = read_block
        self._repeats: dict[str, Repeats] = {}
        self.related = lru_cache(maxsize=1 << 18)(self._related)

    @cached_property
    def values(self) -> dict[str, list[ValueFact]]:
        """The value facts of each kind, in order of post and place."""
        found: dict[str, list[ValueFact]] = {}
        for fact in self.facts.values:
            found.setdefault(fact.kind, []).append(fact)
        return found

    def segments(self, kind: str) -> Segments:
        """The segments of a kind: "paragraph", "sentence", "list" or "code"."""
        facts = self.facts
        return {
            "paragraph": facts.paragraphs,
            "sentence": facts.sentences,
            "list": facts.lists,
            "code": facts.codes,
        }[kind]

    def place(self, segments: Segments, row: int) -> Place:
        """The place of a segment."""
        post = self.posts[segments.post[row]]
        return Place(post.path, post.number, int(segments.start[row]), int(segments.end[row]))

    def anchor(self, post: int) -> Place:
        """Where a post as a whole is shown."""
        fact = self.posts[post]
        return Place(fact.path, fact.number, fact.start, fact.end)

    def block(self, place: Place) -> Block | None:
        """The block that starts at a place, read anew from its file; None if the file has changed since."""
        return self._read_block(place.path, place.number, place.start)

    def _related(self, first: int, second: int) -> bool:
        one, other = self.posts[first], self.posts[second]
        if one.language != other.language and one.language and other.language:
            return True
        return one_page(one.identity, other.identity) or one_series(one.series, other.series)

    @cached_property
    def _codes(self) -> tuple[I32, I32, NDArray[np.bool_]]:
        # Small numbers for language and stem, so that most pairs are told apart by columns alone.
        def numbered(names: list[str]) -> I32:
            order = {name: number for number, name in enumerate(sorted(set(names)))}
            return np.array([order[name] for name in names], dtype=np.int32)

        languages = numbered([post.language for post in self.posts])
        stems = numbered([post.identity.stem for post in self.posts])
        serial = [bool(post.series.words) and (post.series.numbered or post.series.dated) for post in self.posts]
        return languages, stems, np.array(serial, dtype=bool)

    def unrelated(self, first: I32, second: I32) -> NDArray[np.bool_]:
        """For rows of post numbers: whether the two posts may be compared, being neither twins nor of one series."""
        languages, stems, serial = self._codes
        clear = (languages[first] == languages[second]) & (stems[first] != stems[second])
        clear &= ~(serial[first] & serial[second])
        for row in np.flatnonzero(~clear).tolist():
            one, other = int(first[row]), int(second[row])
            clear[row] = one != other and not self.related(min(one, other), max(one, other))
        return clear

    def repeats(self, kind: str) -> Repeats:
        """Document frequencies and witnesses of a kind of segments."""
        if kind not in self._repeats:
            self._repeats[kind] = self._count(self.segments(kind))
        return self._repeats[kind]

    def _count(self, segments: Segments) -> Repeats:
        rows = len(segments)
        df = np.ones(rows, dtype=np.int32)
        witness = np.full(rows, -1, dtype=np.int32)
        if not rows:
            return Repeats(df, witness)
        # Stable, so that within a key the rows stay in the order of posts.
        order = np.argsort(segments.key, kind="stable")
        key, post = segments.key[order], segments.post[order]
        new_key = np.concatenate(([True], key[1:] != key[:-1]))
        new_post = new_key | np.concatenate(([True], post[1:] != post[:-1]))
        group = np.cumsum(new_key) - 1
        counts = np.bincount(group[new_post])
        df[order] = counts[group]
        # One entry a post and key; the witnesses tried for a row are the first few entries of its key.
        entries = np.flatnonzero(new_post)
        first_entry = np.concatenate(([0], np.cumsum(counts)))[:-1]
        open_rows = np.flatnonzero((counts[group] > 1) & (key != 0))
        for attempt in range(WITNESSES):
            open_rows = open_rows[counts[group[open_rows]] > attempt]
            if not len(open_rows):
                break
            candidate = entries[first_entry[group[open_rows]] + attempt]
            good = self.unrelated(post[open_rows], post[candidate])
            witness[order[open_rows[good]]] = order[candidate[good]]
            open_rows = open_rows[~good]
        df[segments.key == 0] = 1
        return Repeats(df, witness)

    @cached_property
    def prose_words(self) -> I64:
        """The prose words of each post."""
        paragraphs = self.facts.paragraphs
        return np.bincount(paragraphs.post, weights=paragraphs.size, minlength=len(self.posts)).astype(np.int64)

    @cached_property
    def body_keys(self) -> U64:
        """A key of each post's prose: equal for posts whose paragraphs are the same in the same order."""
        paragraphs = self.facts.paragraphs
        rows = np.flatnonzero(paragraphs.size > 0)
        post, key = paragraphs.post[rows], paragraphs.key[rows]
        result = np.zeros(len(self.posts), dtype=np.uint64)
        if len(rows):
            starts = np.flatnonzero(np.concatenate(([True], post[1:] != post[:-1])))
            lengths = np.diff(np.append(starts, len(rows)))
            result[post[starts]] = segment_keys(key, starts, lengths)
        return result
