"""What workers make of posts before they are judged: their postings; and letters to those that ask of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from typing import Any

import numpy as np
import pyarrow as pa

from postlint.collector import paused
from postlint.facts import digest
from postlint.fingerprint import fingerprint, second_keys
from postlint.fingerprint_one import TextFingerprint
from postlint.index.one_post import OnePost
from postlint.post import Post
from postlint.spark.contract import ANSWERS, POSTINGS_ROW
from postlint.spark.incoming import Incoming, by_part
from postlint.spark.job import Job, Source
from postlint.spark.letters import written
from postlint.spark.postings import Second, columns
from postlint.spark.rows import batch, types_of

POSTS = 100
"""Posts that are fingerprinted at a time."""


class MarkedPost(OnePost):
    """The facts of a post whose paragraphs were fingerprinted together with those of others."""

    def __init__(self, post: Post, marks: Sequence[TextFingerprint]) -> None:
        super().__init__(post)
        self._marks = marks


def marked(posts: Sequence[Post]) -> list[MarkedPost]:
    """The facts of some posts."""
    texts = [[block.text for block in post.of_kind("paragraph")] for post in posts]
    found = fingerprint([text for some in texts for text in some])
    keys, sizes = found.text_keys.tolist(), found.text_words.tolist()
    bounds = found.shingle_bounds.tolist()
    shingles = found.shingles.tolist()
    sentences: list[list[tuple[int, int]]] = [[] for _ in keys]
    rows = (found.sentence_texts.tolist(), found.sentence_keys.tolist(), found.sentence_words.tolist())
    for text, key, size in zip(*rows, strict=True):
        sentences[text].append((key, size))
    marks = [
        TextFingerprint(keys[row], sizes[row], tuple(sentences[row]), tuple(shingles[bounds[row] : bounds[row + 1]]))
        for row in range(len(keys))
    ]
    made = []
    done = 0
    for post, some in zip(posts, texts, strict=True):
        made.append(MarkedPost(post, marks[done : done + len(some)]))
        done += len(some)
    return made


class Digesting:
    """Parts of files to the postings of their posts."""

    def __init__(self, job: Job) -> None:
        self._job = job

    def __call__(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Batches of `contract.PARTS`, in order, to such of `contract.POSTINGS_ROW`."""
        with closing(Source(self._job)) as source:
            yield from self._digests(batches, source)

    def _digests(self, batches: Iterable[pa.RecordBatch], source: Source) -> Iterator[pa.RecordBatch]:
        waiting: list[tuple[int, Post]] = []
        for _, parts in by_part(batches):
            for incoming in parts:
                for number, post in source.read(incoming.part):
                    if post.format != "unreadable":
                        waiting.append((number, post))
                    if len(waiting) == POSTS:
                        yield from self._digested(waiting)
                        waiting = []
            source.forget()
        yield from self._digested(waiting)

    def _digested(self, posts: Sequence[tuple[int, Post]]) -> Iterator[pa.RecordBatch]:
        if not posts:
            return
        numbers = np.array([number for number, _ in posts], dtype=np.int64)
        with paused():
            facts = digest([post for _, post in posts])
            second = Second(*second_keys([block.text for _, post in posts for block in post.of_kind("paragraph")]))
            for kind, found in columns(facts, second, self._job.kinds, self._job.least_words):
                size = len(found.key)
                yield pa.RecordBatch.from_arrays(
                    [
                        pa.array(np.full(size, self._job.kinds.index(kind), dtype=np.int8)),
                        pa.array(found.key.view(np.int64)),
                        pa.array(found.more.view(np.int64)),
                        pa.array(numbers[found.post]),
                        *(pa.array(column.astype(np.int32)) for column in (found.a, found.b, found.c)),
                        pa.nulls(size, pa.binary()) if found.text is None else pa.array(found.text, pa.binary()),
                    ],
                    schema=types_of(POSTINGS_ROW),
                )


class Answering:
    """Parts, with rows of posts that are asked about, to letters of these."""

    def __init__(self, job: Job) -> None:
        self._job = job

    def __call__(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Batches of `incoming.INCOMING` to such of `contract.ANSWERS`."""
        with closing(Source(self._job)) as source:
            for table, parts in by_part(batches):
                wants_body = table.column("df")
                for incoming in parts:
                    wanted = {incoming.posts[row]: bool(wants_body[row].as_py()) for row in incoming.open}
                    yield from self._answers(incoming, wanted, source)
                source.forget()

    def _answers(self, incoming: Incoming, wanted: dict[int, bool], source: Source) -> Iterator[pa.RecordBatch]:
        posts = [(number, post) for number, post in source.read(incoming.part) if number in wanted]
        for start in range(0, len(posts), POSTS):
            some = posts[start : start + POSTS]
            facts = marked([post for _, post in some])
            rows: list[Sequence[Any]] = [
                written(one, number, with_body=wanted[number]) for (number, _), one in zip(some, facts, strict=True)
            ]
            yield batch(rows, ANSWERS)
