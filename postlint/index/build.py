"""An index made anew of all facts of a corpus, in bulk by numpy."""

from __future__ import annotations

import json
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from postlint.canonical import words
from postlint.corpus import Corpus
from postlint.fingerprint import U64
from postlint.index.bulk import chunks
from postlint.index.catalog import BLOCK, Row, pack
from postlint.index.keys import POSTINGS, RUNS, SAMPLE_SHIFT, SEGMENTS, VALUES
from postlint.index.postings import MOST_POSTS, Layout
from postlint.samples import runs, sample
from postlint.sketch import low_bytes, sort_keys
from postlint.values import parse_number

TOP = 8
"""Posts of the highest view counts that are known without reading all counts."""


def pieces(corpus: Corpus, contents: Mapping[str, bytes], min_words: int) -> Iterator[tuple[str, bytes]]:
    """The pieces of an index. `contents` has the hash of each file's content, posts or none, in order of path.

    Posts of fewer than `min_words` words have no place in the bands. None at all where there are too many posts.
    """
    posts = corpus.posts
    if len(posts) > MOST_POSTS:
        return
    layouts = {}
    for kind in POSTINGS:
        keys, owners = _columns(corpus, kind, min_words)
        layouts[kind] = Layout.of(len(keys), len(posts))
        for number, chunk in enumerate(chunks(keys, owners, layouts[kind])):
            if chunk:
                yield f"{kind}/{number}", chunk
        # What is empty is said once, so that a chunk that is lost is not taken for one.
        filled = np.zeros(1 << layouts[kind].bits, dtype=bool)
        bits = layouts[kind].bits
        filled[(keys >> np.uint64(64 - bits)).astype(np.int64) if bits else np.zeros(len(keys), dtype=np.int64)] = True
        yield f"{kind}/filled", np.packbits(filled).tobytes()
    starts = []
    for number, (first, block) in enumerate(_blocks(corpus, contents)):
        starts.append(first)
        yield f"files/{number}", block
    views = _views(corpus)
    yield "views", zlib.compress(json.dumps(views).encode(), 1)
    base = {
        "posts": len(posts),
        "blocks": starts,
        "layouts": layouts,
        "formats": _formats(corpus),
        "views": _most_views(views),
    }
    yield "base", zlib.compress(json.dumps(base).encode(), 1)
    yield "paths", zlib.compress("\0".join(contents).encode("utf-8", "surrogateescape"), 1)


def _columns(corpus: Corpus, kind: str, min_words: int) -> tuple[U64, NDArray[np.integer]]:
    """Keys and posts of the postings of a kind, in any order, some perhaps twice."""
    facts = corpus.facts
    if kind == "body":
        return corpus.body_keys, np.arange(len(corpus.posts))
    if kind == "sentence":
        return facts.sentences.key, corpus.sentence_post
    if kind == "sample":
        owners = np.repeat(facts.paragraphs.post, facts.sample_counts)
        return corpus.samples << np.uint64(SAMPLE_SHIFT), owners
    if kind == "band":
        long = np.flatnonzero(corpus.prose_words >= min_words)
        keys, filled = sort_keys(facts.sketches[long])
        return keys[filled], np.broadcast_to(long, keys.shape)[filled]
    if kind in SEGMENTS:
        segments = corpus.segments(kind)
        return _said(segments.key, segments.post)
    if kind in VALUES:
        values = facts.values.get(kind)
        return _said(values.key, values.post) if values is not None else _nothing()
    return _runs(corpus, kind.removesuffix(" run"))


def _said(keys: U64, posts: NDArray[np.int32]) -> tuple[U64, NDArray[np.integer]]:
    return keys[keys != 0], posts[keys != 0]


def _nothing() -> tuple[U64, NDArray[np.integer]]:
    return np.zeros(0, dtype=np.uint64), np.zeros(0, dtype=np.int64)


def _runs(corpus: Corpus, kind: str) -> tuple[U64, NDArray[np.integer]]:
    assert kind in RUNS
    values = corpus.facts.values.get(kind)
    if values is None:
        return _nothing()
    keys: list[int] = []
    owners: list[int] = []
    previous = -1
    for row, post in enumerate(values.post.tolist()):
        if post != previous:
            found = sample(runs(words(values.text[row])))
            keys += found
            owners += [post] * len(found)
        previous = post
    return np.array(keys, dtype=np.uint64) << np.uint64(SAMPLE_SHIFT), np.array(owners, dtype=np.int64)


def _blocks(corpus: Corpus, contents: Mapping[str, bytes]) -> Iterator[tuple[tuple[str, int], bytes]]:
    """Each block of files with its first path and the number of its first post."""
    posts = corpus.posts
    low = low_bytes(corpus.facts.sketches)
    sentences = np.bincount(corpus.sentence_post, minlength=len(posts)).tolist()
    size = corpus.prose_words.tolist()
    titles, slugs = _first_values(corpus, "title"), _first_values(corpus, "slug")
    post = 0
    paths = list(contents)
    for start in range(0, len(paths), BLOCK):
        first = post
        files: list[tuple[str, bytes, Sequence[tuple[Row, bytes]]]] = []
        for path in paths[start : start + BLOCK]:
            rows = []
            while post < len(posts) and posts.path[post] == path:
                row = Row(
                    number=int(posts.number[post]),
                    format=posts.format[post],
                    has_meta=bool(posts.has_meta[post]),
                    language=posts.language[post],
                    slug=slugs.get(post),
                    title=titles.get(post),
                    published=int(posts.published[post]),
                    words=size[post],
                    sentences=sentences[post],
                )
                rows.append((row, low[post].tobytes()))
                post += 1
            files.append((path, contents[path], rows))
        yield (paths[start], first), pack(files)


def _first_values(corpus: Corpus, kind: str) -> dict[int, str]:
    values = corpus.facts.values.get(kind)
    if values is None:
        return {}
    found: dict[int, str] = {}
    for row, post in enumerate(values.post.tolist()):
        found.setdefault(post, values.text[row])
    return found


def _formats(corpus: Corpus) -> dict[str, tuple[int, int]]:
    posts = corpus.posts
    total = Counter(posts.format)
    having = Counter(name for name, has_meta in zip(posts.format, posts.has_meta.tolist(), strict=True) if has_meta)
    return {name: (total[name], having[name]) for name in total}


def _views(corpus: Corpus) -> list[tuple[int, str]]:
    values = corpus.facts.values.get("views")
    if values is None:
        return []
    return [(post, values.text[row]) for row, post in enumerate(values.post.tolist())]


def _most_views(views: Sequence[tuple[int, str]]) -> list[tuple[int, float]]:
    """The first post that has a view count, then those with the highest: post and count, 0 for none."""
    counts = [(post, parse_number(text) or 0) for post, text in views]
    return counts[:1] + sorted(counts, key=lambda item: -item[1])[:TOP]
