"""Titles that are one pattern with a slot: the same words around other ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

import numpy as np

from postlint.canonical import words
from postlint.corpus import Corpus, repeated
from postlint.facts import I32
from postlint.fingerprint import U64
from postlint.hashing import value_key
from postlint.limits import WITNESSES
from postlint.rules import Compare, Options
from postlint.shapes import Shape, count, gives
from postlint.violations import Finding, Related


class _Frame(NamedTuple):
    """A title with some words taken out: how many stand before and behind them."""

    row: int
    before: int
    behind: int


SHAPE = Shape(
    scope="corpus",
    takes={
        "min-posts": count("Titles that have the pattern, this one included."),
        "min-words": count("Words that the titles have in common."),
        "max-slot-words": count("Words in the slot."),
    },
    gives=gives("template", "slot", "posts", "other_value", "other"),
)


def bind(options: Options, as_of: date) -> Compare:
    """At least `min-posts` titles that share `min-words` words around a slot of one to `max-slot-words` words.

    Three of the first posts with a pattern, the reported one included, must fill its slot differently.
    """
    min_posts, min_words, max_slot = options["min-posts"], max(options["min-words"], 1), options["max-slot-words"]

    def compare(corpus: Corpus) -> Iterator[Finding]:
        values = corpus.facts.values.get("title")
        if values is None:
            return
        titles = [_tokens(text) for text in values.text]
        frames: list[_Frame] = []
        keys: list[int] = []
        for row, title in enumerate(titles):
            for frame in _frames(row, title, min_words, max_slot):
                frames.append(frame)
                keys.append(value_key(" ".join(title[: frame.before]), " ".join(_behind(title, frame))))
        best: dict[int, tuple[int, int, int, _Frame, list[_Frame]]] = {}
        for group in _groups(np.array(keys, dtype=np.uint64)):
            if len(group) < min_posts:
                continue
            first = [frames[number] for number in group[: WITNESSES + 1]]
            for number in group:
                frame = frames[number]
                others = _others(corpus, titles, values.post, frame, first)
                if len(others) > 1:
                    rank = (-frame.before - frame.behind, -len(group), frame.before, frame, others)
                    best[frame.row] = min(best.get(frame.row, rank), rank)
        for row, (_, negative, _, frame, others) in sorted(best.items()):
            places = [
                corpus.place_in(int(values.post[at]), int(values.start[at]), int(values.end[at]))
                for at in (row, *(other.row for other in others))
            ]
            title = titles[row]
            yield Finding.at(
                places[0],
                values={
                    "template": " ".join((*title[: frame.before], "…", *_behind(title, frame))),
                    "slot": " ".join(_slot(title, frame)),
                    "posts": -negative,
                    "other_value": " ".join(values.text[others[0].row].split()),
                    "other": places[1].post,
                },
                related=tuple(Related(place, "the same pattern") for place in places[1:3]),
            )

    return compare


def _tokens(title: str) -> list[str]:
    """The words of a title: what white space parts is one, in scripts without spaces each letter."""
    found = []
    for token in title.replace("’", "'").split():
        parts = words(token)
        found.extend(["".join(parts)] if token.isascii() and parts else parts)
    return found


def _frames(row: int, title: Sequence[str], min_words: int, max_slot: int) -> Iterator[_Frame]:
    for slot in range(1, min(max_slot, len(title) - min_words) + 1):
        for before in range(len(title) - slot + 1):
            frame = _Frame(row, before, len(title) - slot - before)
            if _filling(title, frame):
                yield frame


def _slot(title: Sequence[str], frame: _Frame) -> Sequence[str]:
    return title[frame.before : len(title) - frame.behind]


def _filling(title: Sequence[str], frame: _Frame) -> tuple[str, ...]:
    """What a title says in the slot. Numbers say nothing: they tell the parts of a series apart."""
    return tuple(word for word in _slot(title, frame) if any(map(str.isalpha, word)))


def _behind(title: Sequence[str], frame: _Frame) -> Sequence[str]:
    return title[len(title) - frame.behind :]


def _groups(keys: U64) -> Iterator[list[int]]:
    """The positions of each key that occurs twice, in order."""
    rows = repeated(keys)
    if len(rows):
        edges = np.flatnonzero(keys[rows[1:]] != keys[rows[:-1]]) + 1
        for group in np.split(rows, edges):
            yield group.tolist()


def _others(
    corpus: Corpus, titles: Sequence[Sequence[str]], posts: I32, frame: _Frame, first: Sequence[_Frame]
) -> list[_Frame]:
    """Of the first posts with a pattern those that fill its slot each in their own way, and are no series."""
    seen = {_filling(titles[frame.row], frame)}
    found = []
    for other in first:
        slot = _filling(titles[other.row], other)
        if slot not in seen and not corpus.related(int(posts[frame.row]), int(posts[other.row])):
            seen.add(slot)
            found.append(other)
    return found
