"""The one place where the benchmarks call postlint's comparison of posts: texts in memory in, pairs or columns out."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence

from postlint import bodies
from postlint.corpus import Corpus
from postlint.facts import Digest, digest
from postlint.joining import join
from postlint.post import Block, Post
from postlint.store import Store

BATCH = 100
"""Posts that are fingerprinted at a time, as many as the engine takes."""
_LETTERS = str.maketrans("0123456789", "bcdfghjklm")


def near_duplicates(texts: Sequence[str], resemblance: float) -> tuple[list[int], list[int]]:
    """The verified pairs that postlint's near-duplicate pass gives: firsts and seconds, by position in `texts`.

    Shingles are kept in a temporary file, as in a whole run.
    """
    with tempfile.TemporaryDirectory() as folder:
        first, second = bodies.near_duplicates(texts, resemblance, Store(folder))
    return first.tolist(), second.tolist()


def joined(texts: Sequence[str]) -> Corpus:
    """The corpus of posts with this prose, all of it in memory."""
    return Corpus(join(_digests(texts, None)), _read_anew)


def _digests(texts: Sequence[str], store: Store | None) -> Iterator[Digest]:
    for start in range(0, len(texts), BATCH):
        posts = [_post(number, text) for number, text in enumerate(texts[start : start + BATCH], start)]
        yield digest(posts, store)


def _read_anew(path: str) -> Sequence[Post]:
    raise AssertionError(f"{path} has no file, and no rule that would show its text is run")


def _post(number: int, text: str) -> Post:
    # In order as the engine wants them; a word without digits, so that no post looks like part of a series.
    path = f"{number:09}.md".translate(_LETTERS)
    blocks = [Block("paragraph", paragraph, 0, 0) for paragraph in text.split("\n\n")]
    return Post(path, "markdown", "", blocks=blocks)
