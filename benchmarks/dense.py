"""Articles of a content farm: few skeletons, so that similar pairs grow with the square of the posts."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from articles import Article, around, prose, sentence_lengths
from vocabulary import vocabulary

SKELETONS = 24
PARAGRAPHS = 24
"""Paragraphs of a skeleton, about 32 words each."""
VARIANTS = (0.9, 0.07, 0.03)
"""How often each wording of a paragraph is taken."""
EDITS = 9
"""Fewer words than this are exchanged in each post."""


def dense(posts: int, seed: int) -> Iterator[Article]:
    """Articles by number: a skeleton, a wording of each of its paragraphs, and a few words exchanged."""
    words = vocabulary(seed)
    skeletons = []
    for skeleton in range(SKELETONS):
        rng = np.random.default_rng([seed, 4, skeleton])
        shapes = [[_shape(rng) for _ in VARIANTS] for _ in range(PARAGRAPHS)]
        skeletons.append([[(words.draw(rng, sum(shape)), shape) for shape in paragraph] for paragraph in shapes])
    for number in range(posts):
        rng = np.random.default_rng([seed, 5, number])
        skeleton_of_post = skeletons[int(rng.integers(SKELETONS))]
        wordings = rng.choice(len(VARIANTS), size=PARAGRAPHS, p=VARIANTS).tolist()
        chosen = [paragraph[wording] for paragraph, wording in zip(skeleton_of_post, wordings, strict=True)]
        ids = np.concatenate([part for part, _ in chosen])
        where = rng.choice(len(ids), size=int(rng.integers(EDITS)), replace=False)
        ids[where] = words.other(rng, ids[where])
        yield around(words, rng, number, prose(words, ids, [shape for _, shape in chosen]))


def _shape(rng: np.random.Generator) -> list[int]:
    """The lengths of the sentences of one paragraph."""
    return [length for paragraph in sentence_lengths(rng, 32, 32) for length in paragraph]
