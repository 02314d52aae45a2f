"""Counters of document frequency: a dict, polars and postlint, from texts and from columns of keys.

Each is three functions: one makes its input of the texts, one counts and is measured, one names what was counted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")

Counts = list[dict[str, int]]
"""Of paragraphs and of sentences: in how many posts each text occurs."""


class Counter(NamedTuple):
    """`finish(texts, count(prepare(texts)))` are the Counts; only `count` is measured."""

    prepare: Callable[[Sequence[str]], Any]
    count: Callable[[Any], Any]
    finish: Callable[[Sequence[str], Any], Counts]


def segments(text: str) -> tuple[list[str], list[str]]:
    """The paragraphs and the sentences of a text, in lower case."""
    paragraphs = text.lower().split("\n\n")
    return paragraphs, [sentence for paragraph in paragraphs for sentence in _SENTENCE_END.split(paragraph)]


def _same(texts: Sequence[str]) -> Sequence[str]:
    return texts


def _named_by_row(texts: Sequence[str], found: Sequence[Any]) -> Counts:
    """Counts of a number for each occurrence, in the order of the texts."""
    rows: tuple[list[str], list[str]] = ([], [])
    for text in texts:
        for of_kind, pieces in zip(rows, segments(text), strict=True):
            of_kind.extend(pieces)
    return [dict(zip(names, df.tolist(), strict=True)) for names, df in zip(rows, found, strict=True)]


def _texts_dict(texts: Sequence[str]) -> Counts:
    counted: Counts = [{}, {}]
    for text in texts:
        for counts, pieces in zip(counted, segments(text), strict=True):
            for piece in set(pieces):
                counts[piece] = counts.get(piece, 0) + 1
    return counted


def _texts_polars(texts: Sequence[str]) -> list[Any]:
    import polars as pl  # type: ignore[import-not-found,unused-ignore]

    posts = pl.DataFrame({"text": texts}).with_row_index("post")
    paragraphs = posts.with_columns(pl.col("text").str.to_lowercase().str.split("\n\n")).explode("text")
    # Its patterns know no look-behind, so each sentence is put on a line of its own first.
    lines = pl.col("text").str.replace_all(r"([.!?])\s+", "${1}\n").str.split("\n")
    sentences = paragraphs.with_columns(lines).explode("text")
    return [found.unique().group_by("text").len() for found in (paragraphs, sentences)]


def _named_by_frame(texts: Sequence[str], frames: Sequence[Any]) -> Counts:
    return [dict(frame.select("text", "len").iter_rows()) for frame in frames]


def _corpus(texts: Sequence[str]) -> Any:
    import adapter

    return adapter.joined(texts)


def _by_corpus(corpus: Any) -> list[Any]:
    return [corpus.repeats("paragraph").df, corpus.repeats("sentence").df]


class _Columns(NamedTuple):
    key: Any
    post: Any


def _columns(texts: Sequence[str]) -> list[_Columns]:
    corpus = _corpus(texts)
    facts = corpus.facts
    return [
        _Columns(facts.paragraphs.key, facts.paragraphs.post),
        _Columns(facts.sentences.key, corpus.sentence_post),
    ]


def _keys_dict(columns: Sequence[_Columns]) -> list[dict[int, int]]:
    counted = []
    for column in columns:
        counts: dict[int, int] = {}
        for key, _ in set(zip(column.key.tolist(), column.post.tolist(), strict=True)):
            counts[key] = counts.get(key, 0) + 1
        counted.append(counts)
    return counted


def _keys_polars(columns: Sequence[_Columns]) -> list[Any]:
    import polars as pl

    frames = [pl.DataFrame({"key": column.key, "post": column.post}) for column in columns]
    return [frame.unique().group_by("key").len() for frame in frames]


def _named_by_key(texts: Sequence[str], found: Sequence[dict[int, int]]) -> Counts:
    named = _named_by_row(texts, [column.key for column in _columns(texts)])
    return [{name: counts[key] for name, key in keys.items()} for keys, counts in zip(named, found, strict=True)]


def _named_by_key_frame(texts: Sequence[str], frames: Sequence[Any]) -> Counts:
    return _named_by_key(texts, [dict(frame.select("key", "len").iter_rows()) for frame in frames])


COUNTERS: dict[str, Counter] = {
    "texts: postlint": Counter(_same, lambda texts: _by_corpus(_corpus(texts)), _named_by_row),
    "texts: polars": Counter(_same, _texts_polars, _named_by_frame),
    "texts: dict": Counter(_same, _texts_dict, lambda texts, counted: counted),
    "keys: postlint": Counter(_corpus, _by_corpus, _named_by_row),
    "keys: polars": Counter(_columns, _keys_polars, _named_by_key_frame),
    "keys: dict": Counter(_columns, _keys_dict, _named_by_key),
}
