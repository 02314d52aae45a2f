"""Bounds of the n-gram shares: what they exclude is never there, held against counting; what words they see."""

from __future__ import annotations

import random
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postlint import repetition_bounds
from postlint.repetition import duplicate_ngrams, top_ngram
from postlint.repetition_bounds import may_exceed

NONE: dict[int, float] = {}
ENGLISH = (
    "The old harbour of the town has two piers. On the first of them stands a lamp that nobody lights any more, and "
    "the boats that come in at night steer by the window of the inn. The second was built when the herring came back; "
    "it is of stone, and so wide that two carts can pass. Whoever walks to its end hears three bells: that of the "
    "church, that of the school, and the one under water which the fishermen speak of when they have had enough."
)


def looped(rng: random.Random) -> str:
    """A text in which some run comes again and again, between words of its own, with white space of many kinds."""
    vocabulary = ["a", "be", "see", "düne", "ocean", "harbour", "灯台", "lighthouse"][: rng.randint(1, 8)]
    unit = [rng.choice(vocabulary) for _ in range(rng.randint(1, 14))]
    words = ["first"]
    for number in range(rng.randint(0, 20)):
        words += unit[rng.randint(0, 1) :] if rng.random() < 0.6 else [f"{rng.choice(vocabulary)}{number}"]
    spaces = [" ", "\n\n", "\t "] + ["\u00a0", "\u2003", "\u3000"] * rng.randint(0, 1)
    return "".join(word + rng.choice(spaces) for word in words)


def test_what_is_excluded_is_not_there() -> None:
    rng = random.Random(7)
    excluded = 0
    for _ in range(600):
        text = looped(rng)
        words = text.split()
        for n in (2, 3, 4):
            characters = top_ngram(words, n).characters
            if characters:
                assert may_exceed(text, {n: (characters - 0.5) / len(text)}, NONE, 5)
        for n in range(5, 11):
            characters = duplicate_ngrams(words, n)
            if characters:
                assert may_exceed(text, NONE, {n: (characters - 0.5) / len(text)}, 5)
            else:
                excluded += not may_exceed(text, NONE, {n: 0.0}, 5)
    # Runs of ten that do not repeat may have runs of five in them that do.
    assert excluded > 600


def test_a_text_that_people_write_is_excluded() -> None:
    assert not may_exceed(ENGLISH, {2: 0.6, 3: 0.54, 4: 0.48}, {5: 0.45, 10: 0.3}, 5)
    assert may_exceed(ENGLISH * 2, NONE, {5: 0.3}, 5)


def test_bounds_counted_by_hand() -> None:
    """Of ten words "oak elm" are four; the longest has 3 characters and a space, so 4 times 2 times 4 are the bound."""
    text = "oak elm oak elm oak elm oak elm ash yew"
    assert len(text) == 39
    assert may_exceed(text, {2: 31 / 39}, NONE, 5)
    assert not may_exceed(text, {2: 32 / 39}, NONE, 5)
    # The runs of five from words 3 and 4 on have been there: of their six words each has 3 characters.
    assert may_exceed(text, NONE, {5: 17 / 39}, 5)
    assert not may_exceed(text, NONE, {5: 18 / 39}, 5)
    assert may_exceed(text, NONE, {5: 1.0, 6: 17 / 39}, 5)
    # They leave room for no run of eight, which would be 8 * 2 // 4 of the longest words, each with a space.
    assert not may_exceed(text, NONE, {8: 16 / 39}, 5)
    assert may_exceed(text, NONE, {8: 15 / 39}, 5)


@pytest.mark.parametrize(
    "text",
    [
        # Runs of four come again, and none of five.
        "a b c d 1 a b c d 2 a b c d 3 a b c d 4",
        # Words that differ in their first letter alone, in their last, in their length.
        "ax bx cx dx ex fx gx hx ix jx",
        "xa xb xc xd xe xf xg xh xi xj",
        "xx xxx xxxx xxxxx xxxxxx xxxxxxx xxxxxxxx xxxxxxxxx",
    ],
)
def test_other_words_are_other_runs(text: str) -> None:
    assert not may_exceed(text, NONE, {5: 0.0}, 5)
    assert may_exceed(f"{text} {text}", NONE, {5: 0.0}, 5)


@pytest.mark.parametrize("text", ["", " ", "\n\n"])
def test_a_text_without_words(text: str) -> None:
    assert not may_exceed(text, {2: 0.0}, {5: 0.0}, 5)


def test_white_space_is_what_parts_words() -> None:
    spaces = [chr(code) for code in range(sys.maxunicode + 1) if chr(code).isspace()]
    text = "".join(f"word{space}" for space in spaces)
    for one in (text, "".join(filter(str.isascii, text))):
        assert repetition_bounds._words(one)[1].tolist() == list(map(len, one.split()))


@given(st.text(alphabet="ab é日\u3000\u3001\u2028\U0001f600\ud800\n\x1c\x00", max_size=30))
def test_words_are_those_of_python(text: str) -> None:
    words, lengths = repetition_bounds._words(text)
    assert lengths.tolist() == list(map(len, text.split()))
    # The same words have the same hash.
    of_word: dict[str, int] = {}
    assert [of_word.setdefault(word, found) for word, found in zip(text.split(), words.tolist(), strict=True)] == (
        words.tolist()
    )
