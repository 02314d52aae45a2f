"""Two posts beside each other: how much they share, which paragraphs belong together, and what differs in those."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from postlint.canonical import UNSPACED, sentences
from postlint.index.one_post import OnePost
from postlint.post import Lines, Post
from postlint.templates import bare, edits
from postlint.violations import post_name

MIN_SENTENCE_WORDS = 6
"""Shorter sentences are everybody's and do not count as shared, as in BP004."""
ALIKE = 0.6
"""Common words in their order, twice, over the words of both paragraphs, from which the two are nearly the same."""
_RUN = 3
"""Paragraphs are brought together by a run of so many words that is in both."""
_CROWD = 32
"""A run that stands in more paragraphs of a post brings the first of them alone."""
_TRIED = 5
"""Paragraphs that each is compared with: those it has most runs in common with."""
_LONGEST = 20_000
"""Words of a paragraph above which it is not aligned; the time goes with the square."""

_LETTERS = "".join(f"{chr(first)}-{chr(last)}" for first, last in UNSPACED)
_WORD = re.compile(rf"[{_LETTERS}]|[^\s{_LETTERS}]+")

Kind = Literal["same", "near", "first", "second"]


class Stretch(NamedTuple):
    """A piece of a paragraph, and whether it stands in the other post too."""

    text: str
    shared: bool


class Paragraph(NamedTuple):
    """A paragraph as it is shown: the row of its file where it begins (from 1), and its whole text in pieces."""

    row: int
    stretches: Sequence[Stretch]

    @property
    def shares(self) -> bool:
        """Whether any of it stands in the other post."""
        return any(stretch.shared for stretch in self.stretches)


class Row(NamedTuple):
    """Two paragraphs that belong together, or one that is in the first or the second post alone."""

    kind: Kind
    first: Paragraph | None
    second: Paragraph | None


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two posts. `shared_words` of its prose words stand in sentences that the other has too."""

    name: str
    """Its path; a later post of a file has its number behind a `#`."""
    title: str
    words: int
    paragraphs: int
    shared_words: int
    shingles: int
    """Distinct shingles (runs of five words inside one paragraph)."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What two posts share. Figures are exact: they are those of ND002, ND003 and BP004."""

    first: Side
    second: Side
    shared_shingles: int
    shared_sentences: int
    """Distinct sentences of `MIN_SENTENCE_WORDS` words or more that are in both."""
    rows: Sequence[Row]
    """The paragraphs in the order of the first post; what is in the second alone follows what it follows there."""

    @property
    def all_shingles(self) -> int:
        """The distinct shingles of both together."""
        return self.first.shingles + self.second.shingles - self.shared_shingles

    @property
    def resemblance(self) -> float:
        """Shared shingles over those of both, 0 to 1."""
        return self.shared_shingles / max(self.all_shingles, 1)

    @property
    def smaller(self) -> Side:
        """The post of fewer shingles; the first of equals."""
        return min(self.first, self.second, key=lambda side: side.shingles)

    @property
    def containment(self) -> float:
        """Shared shingles over those of the smaller post, 0 to 1."""
        return self.shared_shingles / max(self.smaller.shingles, 1)


class _Prose(NamedTuple):
    """A paragraph that has words: its key, the row it begins in, its words and where each stands in the text."""

    key: int
    row: int
    text: str
    words: Sequence[str]
    places: Sequence[tuple[int, int]]
    shared: Sequence[tuple[int, int]]
    """Where its shared sentences stand in the text."""
    sentences: frozenset[int]
    """Their keys."""


def compare(first: Post, second: Post) -> Comparison:
    """Compare two posts by the prose of their paragraphs."""
    one, other = OnePost(first), OnePost(second)
    keys = _long_sentences(one) & _long_sentences(other)
    left, right = _prose(one, keys), _prose(other, keys)
    return Comparison(
        _side(one, keys),
        _side(other, keys),
        shared_shingles=len(one.distinct_shingles & other.distinct_shingles),
        shared_sentences=len(keys),
        rows=tuple(_rows(left, right, _partners(left, right))),
    )


def _long_sentences(post: OnePost) -> set[int]:
    return {sentence.key for sentence in post.sentences if sentence.size >= MIN_SENTENCE_WORDS}


def _side(facts: OnePost, keys: set[int]) -> Side:
    return Side(
        post_name(facts.post.path, facts.post.number),
        facts.post.title.value if facts.post.title is not None else "",
        facts.words,
        sum(paragraph.size > 0 for paragraph in facts.paragraphs),
        sum(sentence.size for sentence in facts.sentences if sentence.key in keys),
        len(facts.distinct_shingles),
    )


def _prose(facts: OnePost, keys: set[int]) -> Sequence[_Prose]:
    shared: dict[int, dict[int, int]] = {}
    for sentence in facts.sentences:
        if sentence.key in keys:
            shared.setdefault(sentence.paragraph, {})[sentence.number] = sentence.key
    lines = Lines(facts.post.source, facts.post.start)
    found = []
    for index, (block, segment) in enumerate(zip(facts.blocks, facts.paragraphs, strict=True)):
        if not segment.size:
            continue
        numbers = shared.get(index, {})
        spans = [span for number, span in enumerate(sentences(block.text)) if number in numbers] if numbers else []
        matches = list(_WORD.finditer(block.text))
        words = [bare(match[0]) for match in matches]
        places = [match.span() for match in matches]
        row = lines.location(block.start).row
        found.append(_Prose(segment.key, row, block.text, words, places, spans, frozenset(numbers.values())))
    return found


def _partners(left: Sequence[_Prose], right: Sequence[_Prose]) -> Mapping[int, int]:
    """The paragraph of the right that belongs to each of the left, if one does; each is taken once."""
    waiting: dict[int, list[int]] = {}
    for number in reversed(range(len(right))):
        waiting.setdefault(right[number].key, []).append(number)
    partners = {index: waiting[text.key].pop() for index, text in enumerate(left) if waiting.get(text.key)}
    taken = set(partners.values())
    for _, index, number in sorted(_near(left, right, set(partners), taken)):
        if index not in partners and number not in taken:
            partners[index] = number
            taken.add(number)
    return partners


def _near(
    left: Sequence[_Prose], right: Sequence[_Prose], paired: set[int], taken: set[int]
) -> Iterator[tuple[float, int, int]]:
    """Pairs that are nearly the same or share a sentence: likeness (negative), and which paragraphs."""
    from rapidfuzz.distance import Indel

    having: dict[tuple[str, ...], list[int]] = {}
    for number, text in enumerate(right):
        if number not in taken:
            for run in _runs(text):
                standing = having.setdefault(run, [])
                if len(standing) < _CROWD:
                    standing.append(number)
    for index, text in enumerate(left):
        if index in paired:
            continue
        common = Counter(number for run in _runs(text) for number in having.get(run, ()))
        for number in sorted(common, key=lambda number: (-common[number], number))[:_TRIED]:
            alike = Indel.normalized_similarity(text.words, right[number].words)
            if alike >= ALIKE or text.sentences & right[number].sentences:
                yield -alike, index, number


def _runs(text: _Prose) -> set[tuple[str, ...]]:
    words = text.words
    if len(words) > _LONGEST:
        return set()
    return {tuple(words[start : start + _RUN]) for start in range(len(words) - _RUN + 1)}


def _rows(left: Sequence[_Prose], right: Sequence[_Prose], partners: Mapping[int, int]) -> Iterator[Row]:
    taken = set(partners.values())
    following: dict[int, list[int]] = {}
    before = -1
    for number in range(len(right)):
        if number in taken:
            before = number
        else:
            following.setdefault(before, []).append(number)
    yield from (_alone(right[number], "second") for number in following.get(-1, ()))
    for index, text in enumerate(left):
        partner = partners.get(index)
        if partner is None:
            yield _alone(text, "first")
            continue
        yield _pair(text, right[partner])
        yield from (_alone(right[number], "second") for number in following.get(partner, ()))


def _alone(text: _Prose, kind: Literal["first", "second"]) -> Row:
    shown = _shown(text, text.shared)
    return Row(kind, shown, None) if kind == "first" else Row(kind, None, shown)


def _pair(one: _Prose, other: _Prose) -> Row:
    if one.key == other.key:
        whole = [_shown(text, [(0, len(text.text))]) for text in (one, other)]
        return Row("same", whole[0], whole[1])
    mine, its = list(one.shared), list(other.shared)
    done, done_there = 0, 0
    ends = (len(one.words), len(one.words), len(other.words), len(other.words))
    for start, end, start_there, end_there in (*edits(one.words, other.words), ends):
        if start > done:
            mine.append((one.places[done][0], one.places[start - 1][1]))
            its.append((other.places[done_there][0], other.places[start_there - 1][1]))
        done, done_there = end, end_there
    return Row("near", _shown(one, mine), _shown(other, its))


def _shown(text: _Prose, shared: Sequence[tuple[int, int]]) -> Paragraph:
    """A paragraph cut where what it shares begins and ends; white space between two shared pieces is theirs."""
    stretches: list[Stretch] = []
    done = 0
    for start, end in sorted(shared):
        if end <= done:
            continue
        between = text.text[done : max(start, done)]
        if between.strip():
            stretches.append(Stretch(between, shared=False))
            piece = text.text[start:end]
        else:
            piece = text.text[done:end]
        if stretches and stretches[-1].shared:
            piece = stretches.pop().text + piece
        stretches.append(Stretch(piece, shared=True))
        done = end
    if done < len(text.text):
        stretches.append(Stretch(text.text[done:], shared=False))
    return Paragraph(text.row, tuple(stretches))
