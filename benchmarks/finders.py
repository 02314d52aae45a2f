"""Finders of near-duplicates: postlint and its peers, each a function from texts in memory to what it found.

Each is made by a function that does the imports, so that these are not measured. They are asked for one job: posts
whose word 5-grams have a Jaccard resemblance of .8 or more.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

THRESHOLD = 0.8
PERMUTATIONS = 128
_WORD = re.compile(r"\w+")


class Found(NamedTuple):
    """What a finder gave: partners of each post, or only a flag for each post that repeats an earlier one."""

    partners: list[list[int]] | None = None
    flags: list[bool] | None = None


Finder = Callable[[Sequence[str]], Any]
Finish = Callable[[Any], Found]
"""Brings what a finder gave into the common form; not measured."""


def _grams(text: str) -> list[str]:
    words = _WORD.findall(text.lower())
    return [" ".join(gram) for gram in zip(words, words[1:], words[2:], words[3:], words[4:], strict=False)]


def _blocks(texts: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    for start in range(0, len(texts), size):
        yield texts[start : start + size]


def postlint() -> tuple[Finder, Finish]:
    """postlint: fingerprints in batches, candidates by bands, every pair verified."""
    import adapter

    def finish(pairs: tuple[list[int], list[int], int]) -> Found:
        firsts, seconds, posts = pairs
        partners: list[list[int]] = [[] for _ in range(posts)]
        for first, second in zip(firsts, seconds, strict=True):
            partners[first].append(second)
            partners[second].append(first)
        return Found(partners)

    def find(texts: Sequence[str]) -> tuple[list[int], list[int], int]:
        return *adapter.near_duplicates(texts, THRESHOLD), len(texts)

    return find, finish


def gaoya() -> tuple[Finder, Finish]:
    """gaoya: its own tokeniser and 5-grams, bands chosen by it; a match is what it estimates at the threshold."""
    from gaoya.minhash import MinHashStringIndex  # type: ignore[import-not-found,import-untyped,unused-ignore]

    def find(texts: Sequence[str]) -> list[list[int]]:
        index = MinHashStringIndex(
            hash_size=32,
            jaccard_threshold=THRESHOLD,
            num_bands=None,
            band_size=None,
            num_hashes=PERMUTATIONS,
            analyzer="word",
            lowercase=True,
            ngram_range=(5, 5),
            id_container="smallvec",
        )
        documents = list(texts)
        index.par_bulk_insert_docs(list(range(len(documents))), documents)
        found: list[list[int]] = index.par_bulk_query(documents)
        return found

    return find, _without_itself


def rensa() -> tuple[Finder, Finish]:
    """rensa: R-MinHash of the full sets and its LSH in 16 bands of 8; matches are its candidates."""
    from rensa import RMinHash, RMinHashLSH  # type: ignore[import-not-found,import-untyped,unused-ignore]

    def find(texts: Sequence[str]) -> list[list[int]]:
        index = RMinHashLSH(threshold=THRESHOLD, num_perm=PERMUTATIONS, num_bands=16)
        sketches: list[Any] = []
        for block in _blocks(texts, 1000):
            sketches.extend(RMinHash.from_token_sets([_grams(text) for text in block], PERMUTATIONS, 42))
        index.insert_many(sketches)
        found: list[list[int]] = index.query_all(sketches)
        return found

    return find, _without_itself


def rensa_rho() -> tuple[Finder, Finish]:
    """rensa's fastest way: a sketch of sampled tokens, and one flag a post, without saying what it repeats."""
    from rensa import RMinHash, RMinHashLSH  # type: ignore[import-not-found,import-untyped,unused-ignore]

    def find(texts: Sequence[str]) -> list[bool]:
        index = RMinHashLSH(threshold=THRESHOLD, num_perm=PERMUTATIONS, num_bands=8)
        flags: list[bool] = []
        for block in _blocks(texts, 1000):
            matrix = RMinHash.digest_matrix_from_token_sets_rho([_grams(text) for text in block], PERMUTATIONS, 42)
            flags.extend(index.insert_matrix_and_query_duplicate_flags(matrix, start_key=len(flags)))
        return flags

    return find, lambda flags: Found(flags=[bool(flag) for flag in flags])


def datasketch() -> tuple[Finder, Finish]:
    """datasketch: MinHash in bulk and its LSH with the bands it chooses; matches are its candidates."""
    from datasketch import MinHash, MinHashLSH  # type: ignore[import-not-found,import-untyped,unused-ignore]

    def find(texts: Sequence[str]) -> list[list[int]]:
        index = MinHashLSH(threshold=THRESHOLD, num_perm=PERMUTATIONS)
        grams = ([gram.encode() for gram in _grams(text)] for text in texts)
        sketches = MinHash.bulk(grams, num_perm=PERMUTATIONS)
        with index.insertion_session() as session:
            for number, sketch in enumerate(sketches):
                session.insert(number, sketch, check_duplication=False)
        return [index.query(sketch) for sketch in sketches]

    return find, _without_itself


def _without_itself(found: list[list[int]]) -> Found:
    return Found([[int(other) for other in others if int(other) != number] for number, others in enumerate(found)])


FINDERS: dict[str, Callable[[], tuple[Finder, Finish]]] = {
    "postlint": postlint,
    "gaoya": gaoya,
    "rensa": rensa,
    "rensa-rho": rensa_rho,
    "datasketch": datasketch,
}
