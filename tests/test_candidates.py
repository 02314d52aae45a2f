"""Which posts are compared with which, against the definition in plain loops: each post by its own neighbours alone."""

from __future__ import annotations

import math
import random
from collections import Counter, defaultdict
from datetime import date

import numpy as np
import pytest
from build import corpus
from hypothesis import example, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from postlint import bodies
from postlint import overlap as overlaps
from postlint import sketch as many
from postlint import sketch_one as one
from postlint.bodies import containing
from postlint.canonical import sentences, words
from postlint.checks import near_body
from postlint.fingerprint import I64, fingerprint, runs
from postlint.pairs import counted, meetings, split
from postlint.sketch_layout import BANDS, EMPTY, EMPTY_BYTE, SLOTS

Sketch = list[int]


def apart(first: int, second: int) -> bool:
    """Which posts these tests take for unrelated: most."""
    return (first * second + first + second) % 4 != 1


def apart_in_rows(first: I64, second: I64) -> NDArray[np.bool_]:
    return np.array([apart(*row) for row in zip(first.tolist(), second.tolist(), strict=True)], dtype=bool)


@st.composite
def crowds(draw: st.DrawFn) -> list[Sketch]:
    """Sketches of posts that are made of two, slots changed and emptied; some have no filled slot."""
    found = []
    for base, changes, seed in draw(
        st.lists(
            st.tuples(st.integers(0, 1), st.sampled_from([0, 0, 1, 3, 20, 60, 90]), st.integers(0, 9)),
            min_size=1,
            max_size=14,
        )
    ):
        rng = random.Random(f"{base} {seed}")
        slots = [(slot * 7919 + base * 104_729) * 65_537 % EMPTY for slot in range(SLOTS)]
        for slot in rng.sample(range(SLOTS), changes):
            slots[slot] = rng.choice([EMPTY, 255, rng.randrange(EMPTY)])
        found.append([EMPTY] * SLOTS if seed == 9 else slots)
    return found


def defined(sketches: list[Sketch], posts: list[int], resemblance: float, window: int, keep: int) -> list[int]:
    """The candidates of each post by the words of the definition."""
    found = []
    for post in posts:
        scores = {}
        for band in range(BANDS):
            places = {row: key for row in posts if (key := one.sort_keys(sketches[row])[band]) is not None}
            if post not in places:
                continue
            order = sorted(places, key=lambda row: (places[row], row))
            at = order.index(post)
            for other in order[max(at - window, 0) : at + window + 1]:
                if other == post or places[other] >> 26 != places[post] >> 26 or not apart(post, other):
                    continue
                agreeing = filled = 0
                for mine, theirs in zip(sketches[post], sketches[other], strict=True):
                    if mine != EMPTY or theirs != EMPTY:
                        filled += 1
                        # By the low byte, of which 255 is kept for empty slots.
                        agreeing += EMPTY not in (mine, theirs) and min(mine % 256, 254) == min(theirs % 256, 254)
                # At most four deviations of a binomial below what is asked for.
                if agreeing - resemblance * filled >= -4 * math.sqrt(resemblance * (1 - resemblance) * filled):
                    scores[other] = agreeing
        best = sorted(scores, key=lambda other: (-scores[other], other))[:keep]
        found += sorted(post << 32 | other for other in best)
    return found


# Two pairs, and more candidates allowed than there are.
PAIRS = [[(row % 2 + 1) * 1000 + slot for slot in range(SLOTS)] for row in range(5)]


@settings(max_examples=50, deadline=None)
@example(PAIRS, 1, 6, 0.6, False)
@given(crowds(), st.integers(1, 3), st.integers(1, 7), st.sampled_from([0.3, 0.6, 0.9]), st.booleans())
def test_candidates_are_those_of_the_definition(
    sketches: list[Sketch], window: int, keep: int, resemblance: float, letting_go: bool
) -> None:
    """Whatever is let go on the way. Every third post is too short to take part."""
    posts = [row for row in range(len(sketches)) if row % 3 != 2]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(many, "WINDOW", window)
        patch.setattr(many, "BEST", keep)
        if letting_go:
            patch.setattr(many, "WAITING", 0)
        table = np.array(sketches, dtype=np.uint32)
        found = many.candidates(table, np.array(posts), resemblance, apart_in_rows)
    assert found.tolist() == defined(sketches, posts, resemblance, window, keep)


@given(crowds())
def test_the_twins_agree_on_sketches(sketches: list[Sketch]) -> None:
    """Order, estimates and likelihood of many posts are those of each alone."""
    table = np.array(sketches, dtype=np.uint32)
    keys, filled = many.sort_keys(table)
    alone = [one.sort_keys(slots) for slots in sketches]
    assert filled.T.tolist() == [[key is not None for key in row] for row in alone]
    assert np.where(filled, keys, 0).T.tolist() == [[key or 0 for key in row] for row in alone]
    low = many.low_bytes(table)
    assert [row.tobytes() for row in low] == [one.low_bytes(slots) for slots in sketches]
    pairs = [(first, second) for first in range(len(sketches)) for second in range(first, len(sketches))]
    first, second = (np.array(side) for side in zip(*pairs, strict=True))
    agreeing, filled_slots = many.agreement(low, (low == EMPTY_BYTE).any(axis=1), first, second)
    filled_slots = np.broadcast_to(filled_slots, agreeing.shape)
    assert list(zip(agreeing.tolist(), filled_slots.tolist(), strict=True)) == [
        one.agreement(low[a].tobytes(), low[b].tobytes()) for a, b in pairs
    ]


@given(st.lists(st.lists(st.integers(0, 2**64 - 1), max_size=40), min_size=1, max_size=4))
def test_a_sketch_has_the_least_of_each_slot(posts: list[list[int]]) -> None:
    """The slot is the uppermost seven bits of a shingle, the value its upper half."""
    owners = np.repeat(np.arange(len(posts)), [len(shingles) for shingles in posts])
    found = many.sketch(np.array([s for shingles in posts for s in shingles], dtype=np.uint64), owners, len(posts))
    for row, shingles in zip(found.tolist(), posts, strict=True):
        expected = [min((s // 2**32 for s in shingles if s // 2**57 == slot), default=EMPTY) for slot in range(SLOTS)]
        assert row == expected == one.sketch_one(shingles)


@given(st.lists(st.lists(st.sampled_from("a bb ccc dddd eeeee".split()), max_size=12), max_size=5))
def test_sketches_of_runs_are_those_of_each_text_alone(texts: list[list[str]]) -> None:
    """Shingles that begin in one text and end in the next are of neither."""
    joined = [" ".join(text) for text in texts]
    found = runs(joined)
    alone = [fingerprint([text]).shingles for text in joined]
    bounds = list(zip(found.starts.tolist(), found.ends.tolist(), strict=True))
    assert [found.shingles[start:end].tolist() for start, end in bounds] == [of.tolist() for of in alone]
    sketches = many.sketch_ranges(found.shingles, found.starts, found.ends)
    assert sketches.tolist() == [one.sketch_one(of.tolist()) for of in alone]


@given(st.lists(st.integers(0, 40), max_size=60), st.lists(st.integers(0, 40), max_size=60))
def test_numbers_are_found_however_many_share_a_place(members: list[int], queries: list[int]) -> None:
    """Of two places only, three times over: most numbers find theirs taken."""
    spread = [[value * 0x9E3779B97F4A7C15 % 2**64 for value in values] for values in (members, queries)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(overlaps, "_PLACE_BITS", 1)
        patch.setattr(overlaps, "_SHIFTS", (63, 40, 20))
        places = overlaps._Places()
        chosen = places.distinct(np.array(spread[0], dtype=np.uint64)).tolist()
        kept = [value for value, good in zip(spread[0], chosen, strict=True) if good]
        assert sorted(kept) == sorted(set(spread[0]))
        found = places.contained(np.array(kept, dtype=np.uint64), np.array(spread[1], dtype=np.uint64))
    assert found.tolist() == [value in set(members) for value in queries]


def test_the_order_of_a_band_is_by_its_key_then_by_the_next_four() -> None:
    """Band 31 is followed by the bands 0 to 3; an empty band adds nothing and is passed over itself."""
    slots = [EMPTY] * SLOTS
    slots[127], slots[2], slots[5] = 3, 2, 9
    keys = one.sort_keys(slots)
    assert [band for band, key in enumerate(keys) if key is not None] == [0, 1, 31]
    first, second, last = (key for key in keys if key is not None)
    assert [key >> 59 for key in (first, second, last)] == [0, 1, 31]
    assert all(key % 2**10 == 0 for key in (first, second, last))
    # Of a band's key (33 bits from the 26th on) the uppermost four stand below those of the bands before it.
    assert last >> 22 & 15 == first >> 55 & 15
    assert last >> 18 & 15 == first >> 22 & 15 == second >> 55 & 15
    assert last >> 10 & 255 == first >> 10 & 4095 == second >> 10 & 65535 == 0
    assert len({first >> 55 & 15, second >> 55 & 15, 0}) == 3
    assert one.low_bytes([EMPTY, 0x1FF, 0x1FE, 0x103]) == bytes([EMPTY_BYTE, 254, 254, 3])


POOL = [f"{first} {second} of the {third} {fourth}." for first in ("red", "old") for second in ("elm", "oak", "yew")
        for third in ("far", "low") for fourth in ("hill", "moor")]  # fmt: skip
POSTS = st.lists(st.lists(st.sampled_from(POOL), min_size=1, max_size=7), min_size=2, max_size=10)


@settings(max_examples=60, deadline=None)
@given(POSTS, st.integers(1, 2), st.integers(1, 3))
def test_those_that_share_sentences_are_those_of_the_definition(texts: list[list[str]], window: int, keep: int) -> None:
    """A post meets the nearest holders of each of its sentences and keeps those it meets most."""
    made = corpus([[" ".join(text)] for text in texts])
    made.unrelated = apart_in_rows  # type: ignore[method-assign, assignment]
    ordered = [[made.text(post)[a:b] for a, b in sentences(made.text(post))] for post in range(len(texts))]
    long = [sum(len(words(sentence)) for sentence in text) >= 12 for text in ordered]
    expected = []
    for post, text in enumerate(ordered):
        met: Counter[int] = Counter()
        for sentence in set(text):
            holders = [row for row, other in enumerate(ordered) if sentence in other]
            at = holders.index(post)
            met.update(row for row in holders[max(at - window, 0) : at + window + 1] if row != post)
        scores = {
            other: count
            for other, count in met.items()
            if long[post] and long[other] and apart(post, other) and count >= 0.4 * min(len(text), len(ordered[other]))
        }
        expected += [(post, other) for other in sorted(sorted(scores, key=lambda row: (-scores[row], row))[:keep])]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bodies, "SENTENCE_WINDOW", window)
        patch.setattr(bodies, "SENTENCE_BEST", keep)
        found = containing(made, 12)
    assert list(zip(found.post.tolist(), found.partner.tolist(), strict=True)) == expected
    runs = [shingles(" ".join(text)) for text in ordered]
    for row, (post, other) in enumerate(expected):
        assert found.overlap.shared[row] == len(runs[post] & runs[other])
        assert found.overlap.of_first[row] == len(runs[post])
        assert found.overlap.of_second[row] == len(runs[other])


def shingles(text: str) -> set[tuple[str, ...]]:
    """Runs of five words, as tuples."""
    cut = words(text)
    return {tuple(cut[start : start + 5]) for start in range(len(cut) - 4)}


def test_a_post_knows_its_own_near_duplicates_and_no_more() -> None:
    """A chain: the second is near the first and the third, which are not near each other."""
    text = [f"word{row}" for row in range(120)]
    chain = []
    for changed in range(3):
        # Each word exchanged costs five of 116 runs: two of them leave 106 of 126, four leave 96 of 136.
        for row in range(2 * changed):
            text[20 * row + 10] = f"other{row}"
        chain.append([" ".join(text)])
    made = corpus(chain)
    assert made.posts.path == ["balan.md", "bamer.md", "banos.md"]
    options = {"measure": "resemblance", "min-words": 100, "resemblance": 0.8, "exact": False}
    found = {finding.path: finding.values for finding in near_body.bind(options, date.min)(made)}
    assert {path: (values["other"], values["posts"], values["original"]) for path, values in found.items()} == {
        "balan.md": ("bamer.md", 1, "balan.md"),
        "bamer.md": ("balan.md", 2, "balan.md"),
        "banos.md": ("bamer.md", 1, "bamer.md"),
    }
    assert {values["resemblance"] for values in found.values()} == {round(106 / 126, 4)}


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 6)), max_size=30))
def test_owners_meet_the_nearest_of_those_that_have_a_key(rows: list[tuple[int, int]]) -> None:
    """Keys that differ in their lowest bits alone are different keys."""
    expected: defaultdict[tuple[int, int], int] = defaultdict(int)
    for key in {key for key, _ in rows}:
        holders = sorted({owner for other, owner in rows if other == key})
        for at, first in enumerate(holders):
            for second in holders[at + 1 : at + 3]:
                expected[first, second] += 1
    ordered = sorted(rows)
    keys = np.array([1 << 63 | key for key, _ in ordered], dtype=np.uint64)
    pairs, counts = counted(meetings(keys, np.array([owner for _, owner in ordered], dtype=np.int64), 2))
    first, second = split(pairs)
    assert dict(zip(zip(first.tolist(), second.tolist(), strict=True), counts.tolist(), strict=True)) == expected
