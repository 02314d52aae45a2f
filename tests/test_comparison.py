"""Comparison of posts against brute force: document frequencies, pairs, overlaps, resemblance."""

from __future__ import annotations

import random
from collections import defaultdict
from itertools import combinations
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from build import corpus
from hypothesis import given
from hypothesis import strategies as st

from postlint.bodies import _every, components, containing, near_duplicates, resembling
from postlint.canonical import sentences, words
from postlint.corpus import Corpus, repeated
from postlint.facts import digest
from postlint.joining import join
from postlint.overlap import overlap
from postlint.readers import read
from postlint.shared_text import shared_text
from postlint.sketch import SLOTS, sketch
from postlint.store import Store

WORDS = "oak elm ash fir yew bay box fig hop ivy nut pea rye tea".split()
# A pool, so that paragraphs repeat whole and in part.
POOL = [" ".join(random.Random(seed).choices(WORDS, k=9)) + "." for seed in range(4)]
SENTENCES = st.one_of(
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=9).map(lambda found: " ".join(found) + "."),
    st.sampled_from(POOL),
)
PARAGRAPHS = st.lists(SENTENCES, min_size=1, max_size=4).map(" ".join)
CORPORA = st.lists(st.lists(PARAGRAPHS, min_size=1, max_size=4), min_size=1, max_size=9)


def shingles(paragraphs: list[str]) -> set[tuple[str, ...]]:
    """Runs of five words inside paragraphs, as tuples: no hash, no numpy."""
    found = set()
    for paragraph in paragraphs:
        cut = words(paragraph)
        found |= {tuple(cut[start : start + 5]) for start in range(len(cut) - 4)}
    return found


@given(CORPORA, st.integers(1, 4))
def test_document_frequencies_are_those_of_a_dict(texts: list[list[str]], batch: int) -> None:
    """Of paragraphs and sentences, however the posts are divided into batches."""
    made = corpus(texts, batch)
    posts = sorted(zip(made.posts.path, range(len(texts)), strict=True))
    for kind in ("paragraph", "sentence"):
        df: defaultdict[str, set[int]] = defaultdict(set)
        expected = []
        for index, text in enumerate(sorted_texts(texts)):
            for paragraph in text:
                pieces = [paragraph] if kind == "paragraph" else [paragraph[a:b] for a, b in sentences(paragraph)]
                for piece in pieces:
                    key = " ".join(words(piece))
                    df[key].add(index)
                    expected.append(key)
        assert len(posts) == len(texts)
        assert made.repeats(kind).df.tolist() == [len(df[key]) for key in expected]
        # Posts of these names are never related, so every repeated segment has a witness, the first other post.
        owners = made.facts.paragraphs.post if kind == "paragraph" else made.sentence_post
        for row, witness in enumerate(made.repeats(kind).witness.tolist()):
            others = sorted(df[expected[row]] - {int(owners[row])})
            assert (witness < 0) == (not others)
            if others:
                assert int(owners[witness]) == others[0]
                assert expected[witness] == expected[row]


def sorted_texts(texts: list[list[str]]) -> list[list[str]]:
    """The posts' paragraphs in the order of their paths."""
    from build import NAMES

    return [text for _, text in sorted(zip(NAMES, texts, strict=False))]


@given(CORPORA)
def test_shared_text_is_counted_by_hand(texts: list[list[str]]) -> None:
    """Words in sentences (of three words and more) that another post has, and how many distinct ones."""
    found = shared_text(corpus(texts), 3)
    ordered = [
        [" ".join(words(text[a:b])) for text in post for a, b in sentences(text)] for post in sorted_texts(texts)
    ]
    for index, mine in enumerate(ordered):
        others = {sentence for other, theirs in enumerate(ordered) if other != index for sentence in theirs}
        shared = [sentence for sentence in mine if sentence in others and len(sentence.split()) >= 3]
        assert found.words[index] == sum(len(sentence.split()) for sentence in shared)
        assert found.sentences[index] == len(set(shared))
        assert found.total[index] == sum(len(sentence.split()) for sentence in mine)


@given(st.lists(st.lists(st.integers(0, 30), max_size=12), min_size=2, max_size=6))
def test_overlap_is_that_of_sets(ranges: list[list[int]]) -> None:
    """Shared and distinct numbers of every pair of ranges."""
    spread = [[value * 0x9E3779B97F4A7C15 % 2**64 for value in values] for values in ranges]
    flat = np.array([value for values in spread for value in values], dtype=np.uint64)
    bounds = np.cumsum([0, *map(len, spread)])
    pairs = list(combinations(range(len(ranges)), 2))
    found = overlap(
        lambda start, end: flat[start:end],
        bounds[:-1],
        bounds[1:],
        np.array([first for first, _ in pairs]),
        np.array([second for _, second in pairs]),
    )
    sets = [set(values) for values in ranges]
    assert found.shared.tolist() == [len(sets[first] & sets[second]) for first, second in pairs]
    assert found.of_first.tolist() == [len(sets[first]) for first, _ in pairs]
    assert found.of_second.tolist() == [len(sets[second]) for _, second in pairs]


def planted(posts: int, seed: int) -> list[list[str]]:
    """Posts of 130 words, each second one a copy of the one before with a few words changed."""
    rng = random.Random(seed)
    vocabulary = ["".join(rng.choices("abcdefghijklmnopqrstuvwxyz", k=5)) for _ in range(3000)]
    texts: list[list[str]] = []
    for index in range(posts):
        if index % 2:
            cut = " ".join(texts[-1]).split()
            for place in rng.sample(range(len(cut)), rng.randrange(9)):
                cut[place] = rng.choice(vocabulary)
        else:
            cut = rng.choices(vocabulary, k=130)
        texts.append([" ".join(cut[start : start + 65]) for start in (0, 65)])
    return texts


def test_resembling_posts_are_those_of_brute_force(tmp_path: Path) -> None:
    """Thirty posts, all pairs: the same pairs, the same counts, in memory and from a file."""
    texts = planted(30, seed=7)
    sets = [shingles(text) for text in sorted_texts(texts)]
    expected = {
        (first, second): (len(sets[first] & sets[second]), len(sets[first]), len(sets[second]))
        for first, second in combinations(range(30), 2)
        if len(sets[first] & sets[second]) >= 0.6 * len(sets[first] | sets[second])
    }
    assert 5 < len(expected) < 15
    for store in (None, tmp_path):
        made = corpus(texts, batch=4, store=store)
        near = resembling(made, 100, 0.6)
        counts = near.overlap
        rows = zip(counts.shared.tolist(), counts.of_first.tolist(), counts.of_second.tolist(), strict=True)
        found = dict(zip(zip(near.post.tolist(), near.partner.tolist(), strict=True), rows, strict=True))
        assert found == both_ways(expected)
        made.close()


def both_ways(pairs: dict[tuple[int, int], tuple[int, int, int]]) -> dict[tuple[int, int], tuple[int, int, int]]:
    """Pairs with what they share and have, seen from either of the two."""
    return pairs | {(second, first): (shared, b, a) for (first, second), (shared, a, b) in pairs.items()}


def test_a_contained_post_is_found_though_it_resembles_little() -> None:
    """A post of three sentences inside one of thirty has a resemblance near .1."""
    rng = random.Random(3)
    pool = [" ".join(rng.choices(WORDS, k=12)) + f" number {row}." for row in range(40)]
    made = corpus([[" ".join(pool[:30])], [" ".join(pool[10:13])], [" ".join(pool[31:36])]])
    found = containing(made, 10)
    assert list(zip(made.posts.path, range(3), strict=True)) == [("balan.md", 0), ("bamer.md", 1), ("banos.md", 2)]
    assert list(zip(found.post.tolist(), found.partner.tolist(), strict=True)) == [(0, 1), (1, 0)]
    assert found.overlap.containment.tolist() == [1.0, 1.0]
    assert found.overlap.resemblance[0] < 0.2


def test_sketches_estimate_resemblance() -> None:
    """The share of equal slots is near the resemblance: 600 numbers each, 400 of them common, gives 400 of 800."""
    rng = np.random.default_rng(5)
    numbers = rng.integers(0, 2**64, size=800, dtype=np.uint64)
    shared = np.concatenate((numbers[:600], numbers[200:]))
    found = sketch(shared, np.repeat([0, 1], 600), 2)
    assert found.shape == (2, SLOTS)
    assert abs((found[0] == found[1]).mean() - 0.5) < 0.15


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), max_size=15))
def test_components_are_what_a_walk_reaches(edges: list[tuple[int, int]]) -> None:
    """Each cluster is named by its least member and holds what can be walked to."""
    reach = {node: {node} for edge in edges for node in edge}
    for _ in range(14):
        for first, second in edges:
            reach[first] = reach[second] = reach[first] | reach[second]
    # A walk of at most 13 steps over 13 nodes reaches all that can be reached.
    expected = {min(found): sorted(found) for found in reach.values()}
    first = np.array([edge[0] for edge in edges], dtype=np.int64)
    second = np.array([edge[1] for edge in edges], dtype=np.int64)
    assert components(first, second) == expected


def test_exact_comparison_finds_every_pair() -> None:
    """Posts of a small vocabulary: more like each other than the few that sketches keep."""
    rng = random.Random(11)
    base = [rng.choices(WORDS, k=60) for _ in range(3)]
    texts = []
    for row in range(24):
        cut = list(base[row % 3])
        for place in rng.sample(range(60), 3):
            cut[place] = f"word{row}x{place}"
        texts.append([" ".join(cut)])
    sets = [shingles(text) for text in sorted_texts(texts)]
    expected = {
        pair
        for pair in combinations(range(24), 2)
        if len(sets[pair[0]] & sets[pair[1]]) >= 0.4 * len(sets[pair[0]] | sets[pair[1]])
    }
    made = corpus(texts)
    near = resembling(made, 10, 0.4, exact=True)
    assert set(zip(near.post.tolist(), near.partner.tolist(), strict=True)) == expected | {
        (second, first) for first, second in expected
    }
    assert len(expected) > 50
    assert made.notes == []


def test_exact_comparison_gives_way_in_a_dense_corpus(monkeypatch: pytest.MonkeyPatch) -> None:
    """Too many pairs: the sketches choose, and a note says so."""
    monkeypatch.setattr("postlint.bodies.MOST_PAIRS", 5)
    text = " ".join(WORDS[row % len(WORDS)] for row in range(40))
    made = corpus([[text + f" end{row}."] for row in range(6)])
    found = resembling(made, 10, 0.5, exact=True)
    assert len(found.post) > 0
    assert len(made.notes) == 1
    assert "sketches" in made.notes[0]


def test_near_duplicates_of_texts_are_those_of_brute_force(tmp_path: Path) -> None:
    """Texts that are no posts: each one paragraph, all pairs by hand."""
    texts = [" ".join(paragraphs) for paragraphs in planted(250, seed=3)]
    sets = [shingles([text]) for text in texts]
    expected = [
        (first, second)
        for first, second in combinations(range(len(texts)), 2)
        if len(sets[first] & sets[second]) >= 0.8 * len(sets[first] | sets[second])
    ]
    assert len(expected) > 20
    for store in (None, Store(str(tmp_path))):
        first, second = near_duplicates(texts, 0.8, store)
        assert list(zip(first.tolist(), second.tolist(), strict=True)) == expected
    assert [len(posts) for posts in near_duplicates([], 0.8)] == [0, 0]


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=30))
def test_repeated_rows_are_in_order_of_key_and_row(parts: list[tuple[int, int]]) -> None:
    """Keys that differ in their lowest bits alone, as two in a large corpus may, are told apart, too."""
    keys = [(upper << 60) | lower for upper, lower in parts]
    expected = sorted((key, row) for row, key in enumerate(keys) if keys.count(key) > 1)
    assert repeated(np.array(keys, dtype=np.uint64)).tolist() == [row for _, row in expected]


def test_prefixes_are_long_enough_for_the_hardest_pair() -> None:
    """Seven of ten shingles in common, and all of them above the three that each post has alone: resemblance 7/13."""
    shared = list(range(100, 107))
    numbers = np.array([[1, 2, 3, *shared], [4, 5, 6, *shared]], dtype=np.uint64).ravel()
    posts = SimpleNamespace(
        post_shingle_bounds=np.array([0, 10, 20]), shingles=lambda start, end: numbers[start:end], notes=[]
    )
    found = _every(posts, np.array([0, 1]), 7 / 13)  # type: ignore[arg-type]
    assert found is not None
    assert found.tolist() == [0 << 32 | 1]


@pytest.mark.parametrize("stored", [False, True])
def test_sentences_stand_where_their_block_has_them(stored: bool, tmp_path: Path) -> None:
    """In mark-up, among entities and plain text, with a file for what is large and without one."""
    source = (
        "A *small* kiln &amp; a big one. Plain words follow here.\n\n"
        "Nothing but plain words. And some more.\n\n"
        "See [the\npage](https://kiln.org) about *clay*. It has `code.` in it.\n"
    )
    posts = [read(f"{name}.md", source.encode())[0] for name in ("boat", "kiln", "shed")]
    store = Store(str(tmp_path)) if stored else None
    made = Corpus(join([digest(posts[:1], store), digest(posts[1:], store)]), lambda path: [])
    row = 0
    for post in posts:
        for block in post.blocks:
            for start, end in sentences(block.text):
                place, text = made.sentence(row)
                assert text == block.text[start:end]
                assert place == (post.path, 0, *block.place(start, end))
                row += 1
    assert row == len(made.facts.sentences) == 21
    assert source[made.sentence(0)[0].start : made.sentence(0)[0].end] == "A *small* kiln &amp; a big one."
    made.close()
