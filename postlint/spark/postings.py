"""The postings of a batch of posts, by numpy: all by which another post can be told to be like one of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from postlint.canonical import words
from postlint.corpus import Corpus
from postlint.facts import Digest
from postlint.fingerprint import I64, U64
from postlint.index.keys import RUNS, SAMPLE_SHIFT, SEGMENTS, VALUES
from postlint.post import Post
from postlint.samples import runs, sample
from postlint.sketch import low_bytes, sort_keys
from postlint.sketch_layout import KEY_SHIFT
from postlint.spark.contract import LOW, POST, VIEWS

_INTS = NDArray[np.integer]


class Columns(NamedTuple):
    """Postings of one kind: `contract.POSTINGS_ROW` without the kind, `post` being a row of the batch."""

    key: U64
    more: U64
    post: I64
    a: _INTS
    b: _INTS
    c: _INTS
    text: Sequence[bytes] | None = None


class Second(NamedTuple):
    """The second keys of paragraphs and sentences, which are so many that 64 bits would not do: see `second_keys`."""

    paragraphs: U64
    sentences: U64


def columns(facts: Digest, second: Second, kinds: Sequence[str], min_words: int) -> Iterator[tuple[str, Columns]]:
    """The postings of a batch, a kind at a time, each post once for each key, with its first occurrence.

    Posts of fewer than `min_words` words have no place in the bands.
    """
    corpus = Corpus(facts, _unread)
    for kind in kinds:
        if kind.startswith("body "):
            found = _bodies(corpus, int(kind.removeprefix("body ")))
        elif kind in SEGMENTS:
            segments = corpus.segments(kind)
            more = second.paragraphs if kind == "paragraph" else None
            found = _said(segments.key, segments.post, segments.start, segments.end, more)
        elif kind.removesuffix(" run") in RUNS and kind.endswith(" run"):
            found = _runs(facts, kind.removesuffix(" run"))
        elif kind in VALUES:
            found = _values(facts, kind)
        elif kind == "sentence":
            found = _sentences(corpus, second.sentences)
        else:
            found = _OTHERS[kind](corpus, min_words)
        if len(found.key):
            yield kind, found


def _unread(path: str, number: int) -> Post:
    raise AssertionError("postings are made of facts alone")


def _made(
    key: U64,
    post: _INTS,
    a: _INTS | int = 0,
    b: _INTS | int = 0,
    c: _INTS | int = 0,
    *,
    more: U64 | None = None,
    text: Sequence[bytes] | None = None,
) -> Columns:
    one, two, three = (np.broadcast_to(np.asarray(column, dtype=np.int32), key.shape) for column in (a, b, c))
    rest = np.zeros(len(key), dtype=np.uint64) if more is None else more
    return Columns(key.astype(np.uint64), rest, post.astype(np.int64), one, two, three, text)


def _once(found: Columns) -> Columns:
    """The first occurrence of each key in each post."""
    order = np.lexsort((np.arange(len(found.key)), found.more, found.key, found.post))
    key, more, post = found.key[order], found.more[order], found.post[order]
    new = np.ones(len(order), dtype=bool)
    new[1:] = (key[1:] != key[:-1]) | (more[1:] != more[:-1]) | (post[1:] != post[:-1])
    rows = order[new]
    text = None if found.text is None else [found.text[row] for row in rows.tolist()]
    a, b, c = (column[rows] for column in (found.a, found.b, found.c))
    return Columns(found.key[rows], found.more[rows], found.post[rows], a, b, c, text)


def _posts(corpus: Corpus, _: int) -> Columns:
    posts = corpus.posts
    count = len(posts)
    return _made(
        np.zeros(count, dtype=np.uint64),
        np.arange(count),
        posts.has_meta.astype(np.int32),
        text=[name.encode() for name in posts.format],
    )


def _views(corpus: Corpus, _: int) -> Columns:
    values = corpus.facts.values.get(VIEWS)
    if values is None:
        return _nothing()
    texts = [text.encode("utf-8", "surrogatepass") for text in values.text]
    return _made(np.zeros(len(values), dtype=np.uint64), values.post, text=texts)


def _low(corpus: Corpus, min_words: int) -> Columns:
    long = np.flatnonzero(corpus.prose_words >= min_words)
    low = low_bytes(corpus.facts.sketches[long])
    return _made(np.zeros(len(long), dtype=np.uint64), long, text=[row.tobytes() for row in low])


def _bands(corpus: Corpus, min_words: int) -> Columns:
    long = np.flatnonzero(corpus.prose_words >= min_words)
    keys, filled = sort_keys(corpus.facts.sketches[long])
    key = keys[filled]
    shift = np.uint64(KEY_SHIFT)
    owner = np.broadcast_to(long, keys.shape)[filled]
    return _made(key >> shift, owner, more=key & ((np.uint64(1) << shift) - np.uint64(1)))


def _bodies(corpus: Corpus, min_words: int) -> Columns:
    long = np.flatnonzero(corpus.prose_words >= min_words)
    return _made(corpus.body_keys[long], long, corpus.posts.published[long])


def _sentences(corpus: Corpus, more: U64) -> Columns:
    sentences, paragraphs = corpus.facts.sentences, corpus.facts.paragraphs
    post = corpus.sentence_post
    counts = np.bincount(post, minlength=len(corpus.posts))
    start, end = paragraphs.start[sentences.paragraph], paragraphs.end[sentences.paragraph]
    return _once(_made(sentences.key, post, start, end, counts[post], more=more))


def _samples(corpus: Corpus, _: int) -> Columns:
    facts = corpus.facts
    paragraphs = facts.paragraphs
    rows = np.repeat(np.arange(len(paragraphs)), facts.sample_counts)
    firsts = np.searchsorted(paragraphs.post, np.arange(len(corpus.posts)))
    post = paragraphs.post[rows]
    return _once(_made(corpus.samples << np.uint64(SAMPLE_SHIFT), post, rows - firsts[post], paragraphs.size[rows]))


def _values(facts: Digest, kind: str) -> Columns:
    values = facts.values.get(kind)
    return _said(values.key, values.post, values.start, values.end) if values is not None else _nothing()


def _said(key: U64, post: _INTS, start: _INTS, end: _INTS, more: U64 | None = None) -> Columns:
    said = key != 0
    rest = None if more is None else more[said]
    return _once(_made(key[said], post[said], start[said], end[said], more=rest))


def _runs(facts: Digest, kind: str) -> Columns:
    values = facts.values.get(kind)
    if values is None:
        return _nothing()
    keys: list[int] = []
    rows: list[int] = []
    previous = -1
    for row, post in enumerate(values.post.tolist()):
        if post != previous:
            found = sample(runs(words(values.text[row])))
            keys += found
            rows += [row] * len(found)
        previous = post
    row_of = np.array(rows, dtype=np.int64)
    text = [values.text[row].encode("utf-8", "surrogatepass") for row in rows]
    key = np.array(keys, dtype=np.uint64) << np.uint64(SAMPLE_SHIFT)
    return _made(key, values.post[row_of], values.start[row_of], values.end[row_of], text=text)


def _nothing() -> Columns:
    return _made(np.zeros(0, dtype=np.uint64), np.zeros(0, dtype=np.int64))


_OTHERS: dict[str, Callable[[Corpus, int], Columns]] = {
    POST: _posts,
    VIEWS: _views,
    LOW: _low,
    "band": _bands,
    "sample": _samples,
}
