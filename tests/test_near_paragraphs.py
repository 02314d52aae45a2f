"""Near copies and near values against plain Python: a post at a time, by its own keys and the posts nearest to it."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import combinations, product

import numpy as np
import pytest
from build import NAMES, corpus
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz import fuzz

from postlint import sampling
from postlint.canonical import words
from postlint.checks.near_value import near_values
from postlint.corpus import Corpus
from postlint.fingerprint_one import fingerprint_one
from postlint.near_paragraphs import near_copies
from postlint.samples import LEAST_WORDS, SAMPLE, estimate, runs, sample

WORDS = "oak elm ash fir yew bay box fig hop ivy nut pea rye tea".split()
# Sentences of nine words: paragraphs are made of a few of them and of a word more or less.
POOL = [" ".join(WORDS[(start + step * 3) % len(WORDS)] for step in range(9)) for start in range(5)]
PARAGRAPHS = st.tuples(
    st.lists(st.sampled_from(POOL), min_size=1, max_size=4), st.lists(st.sampled_from(WORDS), max_size=3)
).map(lambda parts: " ".join([*parts[0], *parts[1]]))
CORPORA = st.lists(st.lists(PARAGRAPHS, min_size=1, max_size=4), min_size=2, max_size=12)
# Among posts that have nothing to do with each other stand issues of one series.
MIXED_NAMES = [name if row % 3 else f"{name[:2]}/letter-from-the-kiln-{1990 + row}" for row, name in enumerate(NAMES)]


def positions(made: Corpus) -> tuple[list[str], list[int]]:
    """The texts of the paragraphs, and the post of each."""
    posts = made.facts.paragraphs.post.tolist()
    return [made.text(row) for row in range(len(posts))], posts


def met_by(post: int, keys: list[int], holders: dict[int, dict[int, int]], window: int) -> Counter[int]:
    """The rows that a text with these keys meets, and by how many keys. `holders`: key to post to the first row."""
    met: Counter[int] = Counter()
    for key in keys:
        others = sorted(other for other in holders[key] if other != post)
        before = [other for other in others if other < post][-window:]
        after = [other for other in others if other > post][:window]
        met.update(holders[key][other] for other in (*before, *after))
    return met


@settings(max_examples=150, deadline=None)
@given(CORPORA, st.integers(1, 3), st.integers(1, 3), st.sampled_from([12, 20]), st.sampled_from([0.3, 0.5, 0.9]))
def test_near_copies_are_those_of_one_post_at_a_time(
    texts: list[list[str]], window: int, keep: int, min_words: int, limit: float
) -> None:
    """Windows of one to three posts overflow; issues of a series are no partners and do not count among the best."""
    made = corpus(texts, names=MIXED_NAMES)
    paragraphs, posts = positions(made)
    cut = [words(text) for text in paragraphs]
    sets = [{tuple(found[start : start + 5]) for start in range(len(found) - 4)} for found in cut]
    keys = [sample(fingerprint_one(text).shingles) if len(words(text)) >= LEAST_WORDS else [] for text in paragraphs]
    holders: defaultdict[int, dict[int, int]] = defaultdict(dict)
    for row, found in enumerate(keys):
        for key in found:
            holders[key].setdefault(posts[row], row)
    expected = []
    for row, post in enumerate(posts):
        copied = made.repeats("paragraph").witness[row] >= 0
        if copied or len(cut[row]) < min_words:
            continue
        met = met_by(post, keys[row], holders, window)
        partners = [other for other in met if len(cut[other]) >= min_words and not made.related(post, posts[other])]
        partners.sort(key=lambda other: (-estimate(met[other], len(cut[row]), len(cut[other])), -met[other], other))
        near = []
        for other in partners[:keep]:
            ratio = len(sets[row] & sets[other]) / min(len(sets[row]), len(sets[other]))
            if ratio >= limit:
                near.append((row, other, ratio))
        expected += sorted(near, key=lambda found: (-found[2], found[1]))
    found = near_copies(made, min_words, limit, window, keep)
    columns = (found.paragraph.tolist(), found.partner.tolist(), found.containment.tolist())
    assert list(zip(*columns, strict=True)) == expected


@settings(max_examples=60, deadline=None)
@given(CORPORA, st.sampled_from([0.3, 0.5, 0.8]))
def test_in_a_small_corpus_every_near_copy_is_found(texts: list[list[str]], limit: float) -> None:
    """Paragraphs of so few shingles that all are sampled, windows that hold all posts: brute force over all pairs."""
    made = corpus([[paragraph for paragraph in text if len(words(paragraph)) <= 12] for text in texts])
    paragraphs, posts = positions(made)
    cut = [words(text) for text in paragraphs]
    sets = [{tuple(found[start : start + 5]) for start in range(len(found) - 4)} for found in cut]
    expected = defaultdict(set)
    exact = set()
    for row, other in product(range(len(cut)), repeat=2):
        if posts[row] == posts[other] or min(len(cut[row]), len(cut[other])) < LEAST_WORDS:
            continue
        if cut[row] == cut[other]:
            exact.add(row)
        if len(sets[row] & sets[other]) >= limit * min(len(sets[row]), len(sets[other])):
            expected[row].add(posts[other])
    found = near_copies(made, LEAST_WORDS, limit, window=20, keep=100)
    for row in expected.keys() - exact:
        assert {posts[other] for other in found.partner[found.paragraph == row].tolist()} == expected[row]
    assert set(found.paragraph.tolist()) == expected.keys() - exact


@given(st.lists(st.lists(st.integers(0, 2**64 - 1), max_size=60), max_size=6), st.integers(0, 3))
def test_samples_are_those_of_one_text(texts: list[list[int]], dropped: int) -> None:
    """In numpy and in plain Python, texts that repeat their hashes included; a text that is not wanted has none."""
    # Of the hashes some are repeated, so that a text may have fewer distinct ones than it seems to.
    texts = [found * 2 if len(found) % 3 == 0 else found for found in texts]
    wanted = np.array([row != dropped for row in range(len(texts))], dtype=bool)
    flat = np.array([value for found in texts for value in found], dtype=np.uint64)
    keys, counts = sampling.samples(flat, np.array([len(found) for found in texts], dtype=np.int64), wanted)
    expected = [sample(found) if wanted[row] else [] for row, found in enumerate(texts)]
    assert counts.tolist() == [len(found) for found in expected]
    assert keys.tolist() == [key for found in expected for key in found]


def test_a_text_that_repeats_its_shingles_is_sampled_in_full() -> None:
    """Eight distinct shingles a hundred times over: whatever a limit lets pass, all eight are sampled."""
    spread = [value * 0x9E3779B97F4A7C15 % 2**64 for value in range(1, 9)]
    keys, counts = sampling.samples(np.array(spread * 100, dtype=np.uint64), np.array([800]), np.array([True]))
    assert counts.tolist() == [SAMPLE]
    assert keys.tolist() == sample(spread)


def test_keys_are_apart_however_many_parts_they_are_sorted_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """One part or many, blocks of one text or of all: the same meetings."""
    rng = np.random.default_rng(3)
    counts = rng.integers(0, SAMPLE + 1, 400)
    keys = np.concatenate([np.sort(rng.choice(600, count, replace=False)) for count in counts]).astype(np.uint64)
    # Keys of all sizes: their upper bits choose the part.
    keys *= np.uint64((1 << 40) // 601)
    posts = np.sort(rng.integers(0, 150, 400)).astype(np.int32)
    subjects = rng.random(400) < 0.7

    def found() -> list[tuple[int, int, int]]:
        rows = []
        for met in sampling.meetings(keys, counts, posts, subjects, 2):
            rows += zip(met.text.tolist(), met.other.tolist(), met.keys.tolist(), strict=True)
        return rows

    holders: defaultdict[int, dict[int, int]] = defaultdict(dict)
    split = np.split(keys, np.cumsum(counts)[:-1])
    for row, of_text in enumerate(split):
        for key in of_text.tolist():
            holders[key].setdefault(int(posts[row]), row)
    expected = []
    for row in np.flatnonzero(subjects).tolist():
        met = met_by(int(posts[row]), split[row].tolist(), holders, 2)
        expected += [(row, other, met[other]) for other in sorted(met)]
    assert len(expected) > 1000
    assert found() == expected
    monkeypatch.setattr(sampling, "PARTITION", 16)
    monkeypatch.setattr(sampling, "BLOCK", 1)
    assert found() == expected


def test_an_estimate_is_of_the_smaller_one() -> None:
    """All of 8 shingles in 80: of the larger one's sample a tenth is expected, one key of eight."""
    assert estimate(1, 12, 84) == estimate(1, 84, 12) == 1.0
    assert estimate(4, 44, 44) == 0.5
    assert estimate(1, 24, 44) == 0.25


# Titles that share their first words and differ in the last ones, in numbers, or in signs that are no words.
TITLES = st.tuples(
    st.sampled_from(["oak elm ash", "oak elm ash fir"]),
    st.sampled_from(["", "yew", "yes", "yew tree", "tree yew", "2", "iv", "c", "c++"]),
).map(" ".join)


@settings(max_examples=150, deadline=None)
@given(st.lists(TITLES, min_size=2, max_size=14), st.integers(1, 2), st.integers(3, 5), st.sampled_from([50, 70, 90]))
def test_near_values_are_those_of_one_post_at_a_time(
    titles: list[str], window: int, min_words: int, ratio: float
) -> None:
    """The closest of those met by runs of three words, numbers being equal, and texts not; of equals the first."""
    made = corpus([[""]] * len(titles), names=MIXED_NAMES, titles=titles)
    values = made.facts.values["title"]
    cut = [words(text) for text in values.text]
    texts = [" ".join(found) for found in cut]
    same = values.key.tolist()
    numbers = [[word for word in found if word in ("2", "iv")] for found in cut]
    keys = [sample(runs(found)) for found in cut]
    holders: defaultdict[int, dict[int, int]] = defaultdict(dict)
    for post, found in enumerate(keys):
        for key in found:
            holders[key][post] = post
    expected = []
    for post, text in enumerate(texts):
        if len(cut[post]) < min_words or same.count(same[post]) > 1:
            continue
        near = [
            (-fuzz.ratio(text, texts[other]), other)
            for other in met_by(post, keys[post], holders, window)
            if texts[other] != text and numbers[other] == numbers[post]
            if len(cut[other]) >= min_words and not made.related(post, other)
        ]
        near = [item for item in near if -item[0] >= ratio]
        if near:
            closest = min(near)
            expected.append((post, closest[1], -closest[0]))
    assert list(near_values(made, values, ratio, min_words, window)) == expected


def test_runs_are_of_three_words() -> None:
    assert [len(runs(words(text))) for text in ("", "oak elm", "oak elm ash", "oak elm ash fir")] == [0, 0, 1, 2]
    every = [runs(list(found))[0] for found in combinations(WORDS, 3)]
    assert len(set(every)) == len(every)
