"""The keys under which a post stands in the index: all by which another one can be told to be like it."""

from __future__ import annotations

from collections.abc import Iterator

from postlint.canonical import words
from postlint.index.one_post import OnePost
from postlint.rows import KINDS, MEASURES
from postlint.samples import KEY_BITS, runs, sample
from postlint.sketch_one import sort_keys

SEGMENTS = ("paragraph", "list", "code", "caption", "outline")
RUNS = ("title", "summary", "topic")
"""The kinds of values that are compared by runs of words."""
VALUES = tuple(kind for kind in KINDS if kind not in MEASURES)
POSTINGS = ("body", "sentence", *SEGMENTS, "sample", "band", *VALUES, *(f"{kind} run" for kind in RUNS))
"""The kinds of postings."""
SAMPLE_SHIFT = 64 - KEY_BITS
"""A sampled key stands in the upper bits of the key of its posting, by which chunks are chosen."""


def keys_of(facts: OnePost, min_words: int) -> list[tuple[str, int]]:
    """Kind and key of the postings of a post, each once. A post of fewer words has no place in the bands."""
    return sorted(set(_keys(facts, min_words)))


def _keys(facts: OnePost, min_words: int) -> Iterator[tuple[str, int]]:
    yield "body", facts.body_key
    for sentence in facts.sentences:
        yield "sentence", sentence.key
    for kind in SEGMENTS:
        for segment in facts.segments(kind):
            if segment.key:
                yield kind, segment.key
    for paragraph in range(len(facts.paragraphs)):
        for key in facts.samples(paragraph):
            yield "sample", key << SAMPLE_SHIFT
    if facts.words >= min_words:
        for band in sort_keys(facts.sketch):
            if band is not None:
                yield "band", band
    for kind in VALUES:
        for value in facts.values.get(kind, ()):
            if value.key:
                yield kind, value.key
    for kind in RUNS:
        for key in run_keys(facts, kind):
            yield f"{kind} run", key << SAMPLE_SHIFT


def run_keys(facts: OnePost, kind: str) -> list[int]:
    """The sampled keys of a post's first value of a kind."""
    values = facts.values.get(kind)
    return sample(runs(words(values[0].text))) if values else []
