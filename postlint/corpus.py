"""The corpus as checks that compare posts see it: joined facts, and tables made of them once, when first asked for."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from postlint.canonical import sentences
from postlint.facts import I32, Column, Digest, Segments
from postlint.fingerprint import I64, U64, segment_keys
from postlint.likeness import Likeness, alike_by_right
from postlint.likeness_codes import LikenessCodes
from postlint.limits import WITNESSES
from postlint.locator import Locator
from postlint.post import Block, Post, Run
from postlint.store import Reader
from postlint.violations import Place

ReadPost = Callable[[str, int], Post]
"""Path and number of a post to the post, read anew: the text behind a fact. Raises OSError or LookupError where it is
not there any more."""
Table = TypeVar("Table")
PARTITION = 1 << 20
"""Keys that are sorted at a time."""
_WIDTH = 8
_RUN = 12


@dataclass(frozen=True, slots=True)
class Repeats:
    """Which segments stand in several posts. Rows are those of the segments."""

    df: I32
    """Document frequency: in how many posts the segment occurs."""
    witness: I32
    """The first row of the segment in another, unrelated post; -1 where there is none."""


class Corpus:
    """All posts of a run, in the order of path and number."""

    def __init__(
        self,
        facts: Digest,
        read_post: ReadPost,
        weights: Mapping[str, Any] | None = None,
        likeness: Collection[str] = ("language", "page", "series"),
    ) -> None:
        self._likeness = frozenset(likeness)
        self.weights = weights or {}
        """The options of BP004, which say from when on a post is mostly shared text."""
        self.facts = facts
        self.posts = facts.posts
        self.read_post = read_post
        self._tables: dict[Hashable, object] = {}
        self._reader = Reader()
        self.notes: list[str] = []
        """What the user should know of how the comparison was done."""

    def once(self, key: Hashable, make: Callable[[], Table]) -> Table:
        """A table that several rules use: made for the first, kept for the others."""
        if key not in self._tables:
            self._tables[key] = make()
        return self._tables[key]  # type: ignore[return-value]

    def close(self) -> None:
        """Close the files that shingles were read from."""
        self._reader.close()

    # Places

    def segments(self, kind: str) -> Segments:
        """The segments of a kind: "paragraph", "list", "code", "caption" or "outline"."""
        facts = self.facts
        return {
            "paragraph": facts.paragraphs,
            "list": facts.lists,
            "code": facts.codes,
            "caption": facts.captions,
            "outline": facts.outlines,
        }[kind]

    def place(self, segments: Segments, row: int) -> Place:
        """The place of a segment."""
        return self.place_in(int(segments.post[row]), int(segments.start[row]), int(segments.end[row]))

    def place_in(self, post: int, start: int, end: int) -> Place:
        """A place in a post."""
        return Place(self.posts.path[post], int(self.posts.number[post]), start, end)

    def anchor(self, post: int) -> Place:
        """Where a post as a whole is shown."""
        return self.place_in(post, int(self.posts.start[post]), int(self.posts.end[post]))

    def text(self, paragraph: int) -> str:
        """The text of a paragraph."""
        bounds = self.facts.text_bounds
        start = int(bounds[paragraph - 1]) if paragraph else 0
        return self._bytes(self.facts.texts, self._text_starts, start, int(bounds[paragraph])).decode(
            "utf-8", "surrogatepass"
        )

    def sentence(self, row: int) -> tuple[Place, str]:
        """The place and text of a sentence."""
        owners = self.facts.sentences.paragraph
        paragraph = int(owners[row])
        block, cut = self._cut(paragraph)
        start, end = cut[row - int(np.searchsorted(owners, owners[row]))]
        place = self.place_in(int(self.facts.paragraphs.post[paragraph]), *block.place(start, end))
        return place, block.text[start:end]

    @cached_property
    def _cut(self) -> Callable[[int], tuple[Block, list[tuple[int, int]]]]:
        # A few at a time: the sentences of a paragraph that have findings come close together.
        @lru_cache(maxsize=64)
        def cut(paragraph: int) -> tuple[Block, list[tuple[int, int]]]:
            text = self.text(paragraph)
            paragraphs = self.facts.paragraphs
            start, end = int(paragraphs.start[paragraph]), int(paragraphs.end[paragraph])
            return Block("paragraph", text, start, end, self._runs(paragraph)), sentences(text)

        return cut

    def _runs(self, paragraph: int) -> list[Run] | None:
        count = int(self.facts.run_counts[paragraph])
        if not count:
            return None
        end = int(self._run_bounds[paragraph])
        data = self._bytes(self.facts.runs, self._run_starts, _RUN * (end - count), _RUN * end)
        return [Run(*numbers) for numbers in np.frombuffer(data, dtype=np.int32).reshape(-1, 3).tolist()]

    def locator(self) -> Locator:
        """Places to the rows and columns of their start and end. It needs nothing of the corpus but the rows."""
        facts = self.facts
        return Locator(facts.posts, facts.line_starts, facts.line_counts)

    # Likeness

    def related(self, first: int, second: int) -> bool:
        """Whether two posts are alike by right: one post, one page, one series, or two languages."""
        return first == second or alike_by_right(self._likeness_of(first), self._likeness_of(second), self._likeness)

    def _likeness_of(self, post: int) -> Likeness:
        posts = self.posts
        return Likeness(posts.language[post], posts.identity[post], posts.series[post])

    def unrelated(self, first: NDArray[np.integer], second: NDArray[np.integer]) -> NDArray[np.bool_]:
        """For rows of post numbers: whether the two posts are alike by no right of theirs."""
        clear = self._codes.surely_unrelated(first, second)
        unclear = np.flatnonzero(~clear)
        same = first[unclear] == second[unclear]
        for row in unclear[~same].tolist():
            clear[row] = not self.related(int(first[row]), int(second[row]))
        return clear

    @cached_property
    def _codes(self) -> LikenessCodes:
        return LikenessCodes(self.posts.language, self.posts.identity, self.posts.series)

    # Document frequency

    @cached_property
    def sentence_post(self) -> I32:
        """The post of each sentence."""
        return self.facts.paragraphs.post[self.facts.sentences.paragraph]

    def repeats(self, kind: str) -> Repeats:
        """Document frequencies and witnesses of the segments of a kind, "sentence" being one more."""
        if kind == "sentence":
            key, post = self.facts.sentences.key, self.sentence_post
        else:
            key, post = self.segments(kind).key, self.segments(kind).post
        return self.once(("repeats", kind), lambda: self._count(key, post))

    def _count(self, keys: U64, posts: I32) -> Repeats:
        df = np.ones(len(keys), dtype=np.int32)
        witness = np.full(len(keys), -1, dtype=np.int32)
        rows = repeated(keys)
        key = keys[rows]
        # Rows are in order of their keys: those that have none, whose key is 0, come first.
        without = int(np.searchsorted(key, 1))
        rows, key = rows[without:], key[without:]
        if not len(rows):
            return Repeats(df, witness)
        post = posts[rows]
        new_key = np.concatenate(([True], key[1:] != key[:-1]))
        new_post = new_key | np.concatenate(([True], post[1:] != post[:-1]))
        group = np.cumsum(new_key) - 1
        counts = np.bincount(group[new_post])
        df[rows] = counts[group]
        # One entry a post and key; the witnesses tried for a row are the first few entries of its key.
        entries = np.flatnonzero(new_post)
        first_entry = np.concatenate(([0], np.cumsum(counts)))[:-1]
        found = np.full(len(rows), -1, dtype=np.int32)
        open_rows = np.flatnonzero(counts[group] > 1)
        for attempt in range(WITNESSES):
            open_rows = open_rows[counts[group[open_rows]] > attempt]
            if not len(open_rows):
                break
            candidate = entries[first_entry[group[open_rows]] + attempt]
            good = self.unrelated(post[open_rows], post[candidate])
            found[open_rows[good]] = rows[candidate[good]]
            open_rows = open_rows[~good]
        witness[rows] = found
        return Repeats(df, witness)

    # Whole posts

    @cached_property
    def prose_words(self) -> I64:
        """The prose words of each post."""
        paragraphs = self.facts.paragraphs
        return np.bincount(paragraphs.post, weights=paragraphs.size, minlength=len(self.posts)).astype(np.int64)

    @cached_property
    def body_keys(self) -> U64:
        """A key of each body: equal for the same paragraphs in the same order, and the same lists and code."""
        paragraphs = self.facts.paragraphs
        rows = np.flatnonzero(paragraphs.size > 0)
        post, key = paragraphs.post[rows], paragraphs.key[rows]
        result = np.zeros(len(self.posts), dtype=np.uint64)
        if len(rows):
            starts = np.flatnonzero(np.concatenate(([True], post[1:] != post[:-1])))
            result[post[starts]] = segment_keys(key, starts, np.diff(np.append(starts, len(rows))))
        # Lists and code belong to a body, too; their order among the paragraphs does not count.
        for segments in (self.facts.lists, self.facts.codes):
            np.add.at(result, segments.post, segments.key | np.uint64(1))
        return result

    # Shingles

    @cached_property
    def shingle_bounds(self) -> I64:
        """Where the shingles of paragraph i stand among all: from bounds[i] to bounds[i + 1]."""
        return np.concatenate(([0], np.cumsum(self.facts.shingle_counts, dtype=np.int64)))

    @cached_property
    def post_shingle_bounds(self) -> I64:
        """Where the shingles of post i stand among all: from bounds[i] to bounds[i + 1]."""
        return self.shingle_bounds[np.searchsorted(self.facts.paragraphs.post, np.arange(len(self.posts) + 1))]

    def shingles(self, start: int, end: int) -> U64:
        """The shingles from one position to another; both within one batch, as those of a post are."""
        data = self._bytes(self.facts.shingles, self._shingle_starts, start * _WIDTH, end * _WIDTH)
        return np.frombuffer(data, dtype=np.uint64)

    @cached_property
    def _shingle_starts(self) -> I64:
        return np.cumsum([0, *(column.length for column in self.facts.shingles)])

    @cached_property
    def _run_bounds(self) -> I64:
        return np.cumsum(self.facts.run_counts, dtype=np.int64)

    @cached_property
    def _run_starts(self) -> I64:
        return np.cumsum([0, *(column.length for column in self.facts.runs)])

    @cached_property
    def _text_starts(self) -> I64:
        return np.cumsum([0, *(column.length for column in self.facts.texts)])

    @property
    def samples(self) -> U64:
        """The sampled keys of all paragraphs, one paragraph after the other, read anew."""
        found = np.empty(sum(column.length for column in self.facts.samples) // _WIDTH, dtype=np.uint64)
        end = 0
        for column in self.facts.samples:
            piece = np.frombuffer(self._reader.read(column.data, 0, column.length), dtype=np.uint64)
            found[end : end + len(piece)] = piece
            end += len(piece)
        return found

    def _bytes(self, columns: Sequence[Column], starts: I64, start: int, end: int) -> bytes:
        return read_column(self._reader, columns, starts, start, end)


def read_column(reader: Reader, columns: Sequence[Column], starts: I64, start: int, end: int) -> bytes:
    """The bytes from one position to another of a column that is kept in batches; both within one batch."""
    if start == end:
        return b""
    batch = int(np.searchsorted(starts, start, side="right")) - 1
    return reader.read(columns[batch].data, start - int(starts[batch]), end - start)


def repeated(keys: U64) -> I64:
    """The rows of keys that occur more than once, in order of the key, then of the row."""
    if len(keys) <= PARTITION:
        return _repeated(keys)
    # What sorting takes in memory is a few times what is sorted: a part of the keys at a time.
    bits = (len(keys) // PARTITION).bit_length()
    part_of = (keys >> np.uint64(64 - bits)).astype(np.uint16)
    found = []
    for part in range(1 << bits):
        rows = np.flatnonzero(part_of == part)
        found.append(rows[_repeated(keys[rows])])
    return np.concatenate(found)


def _repeated(keys: U64) -> I64:
    if len(keys) < 2:
        return np.zeros(0, dtype=np.int64)
    # Sorting numbers is ten times as fast as sorting rows by them: the row goes below the upper bits of its key.
    bits = np.uint64((len(keys) - 1).bit_length())
    packed = keys >> bits
    packed <<= bits
    packed |= np.arange(len(keys), dtype=np.uint64)
    packed.sort()
    upper = packed >> bits
    same = upper[1:] == upper[:-1]
    member = np.zeros(len(keys), dtype=bool)
    member[1:] = same
    member[:-1] |= same
    rows = (packed[member] & ((np.uint64(1) << bits) - np.uint64(1))).astype(np.int64)
    group = upper[member]
    key = keys[rows]
    differing = (group[1:] == group[:-1]) & (key[1:] != key[:-1])
    if not differing.any():
        return rows
    # Two keys with the same upper bits, some once in a corpus: these few rows are sorted by all of the key.
    rows = np.sort(rows)
    rows = rows[np.argsort(keys[rows], kind="stable")]
    key = keys[rows]
    member = np.zeros(len(rows), dtype=bool)
    member[1:] = key[1:] == key[:-1]
    member[:-1] |= member[1:]
    return rows[member]
