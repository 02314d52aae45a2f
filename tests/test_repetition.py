"""Tests of the repetition statistics: figures counted by hand, and bounds held against counting everything."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from postlint.repetition import (
    duplicate_ngrams,
    duplicate_ngrams_bound,
    duplicates,
    excerpt,
    frequent_words,
    lines,
    paragraphs,
    repeated_ngrams,
    top_ngram,
)


def test_every_occurrence_after_the_first_is_a_duplicate() -> None:
    assert duplicates(["oak", "elm", "oak", "ash", "oak"]) == (2, 6)
    assert duplicates(["oak", "Oak", "oak "]) == (0, 0)
    assert duplicates([]) == (0, 0)


def test_blank_lines_part_paragraphs_and_are_no_lines() -> None:
    text = "\n\none\ntwo\n\n\nthree\n"
    assert paragraphs(text) == ["one\ntwo", "three"]
    # White space around the text stays: it makes an empty line at either end, as in datatrove.
    assert lines(text) == ["", "one", "two", "three", ""]
    # A line of one space is no blank line.
    assert paragraphs("one\n \ntwo") == ["one\n \ntwo"]


@pytest.mark.parametrize(
    ("text", "n", "top", "occurrences", "characters"),
    [
        # Overlaps count: "a a" begins at three of the four words.
        ("a a a a", 2, "a a", 3, 9),
        # Both occur twice, and "one two" comes first.
        ("one two three one two three", 2, "one two", 2, 14),
        ("one two three one two three", 3, "one two three", 2, 26),
        ("one two three", 3, "one two three", 1, 13),
        ("one two", 3, "", 0, 0),
        ("", 2, "", 0, 0),
    ],
)
def test_top_ngram(text: str, n: int, top: str, occurrences: int, characters: int) -> None:
    assert top_ngram(text.split(), n) == (top, occurrences, characters)


@pytest.mark.parametrize(
    ("text", "n", "characters"),
    [
        # The run at the fourth word is the second occurrence: 3 + 3 + 5 characters.
        ("one two three one two three", 3, 11),
        # After a hit the count goes on behind it: the hits begin at words 2 and 4, not at 3.
        ("a a a a a a", 2, 4),
        # From word 2 on: "b a" is new, then "a b", "a b" are hits.
        ("a b a b a b", 2, 4),
        ("one two three four", 5, 0),
        # Spaces do not count, so these two runs are one.
        ("no one xx noo ne", 2, 5),
    ],
)
def test_duplicate_ngrams(text: str, n: int, characters: int) -> None:
    assert duplicate_ngrams(text.split(), n) == characters


def test_shares_of_a_text_counted_by_hand() -> None:
    """A text of 40 characters and eleven words; "the sea" stands at words 0, 3 and 6."""
    text = "the sea is\n\nthe sea is\nthe sea is, is it"
    assert len(text) == 40
    assert duplicates(paragraphs(text)) == (0, 0)
    assert duplicates(lines(text)) == (1, 10)
    words = text.split()
    assert top_ngram(words, 2) == ("the sea", 3, 21)
    # Word 8 is "is,", so the run of three stands twice only.
    assert top_ngram(words, 3) == ("the sea is", 2, 20)
    # Hits are "the sea" at word 3 and, behind it, "is the" at word 5; at word 7 "sea is," is new.
    assert duplicate_ngrams(words, 2) == 11


def looped(rng: random.Random) -> list[str]:
    """A text in which some run comes again and again, between words of its own."""
    vocabulary = ["a", "be", "see", "dune", "ocean", "harbour", "lighthouse"][: rng.randint(1, 7)]
    unit = [rng.choice(vocabulary) for _ in range(rng.randint(1, 14))]
    words = ["first"]
    for number in range(rng.randint(1, 20)):
        words += unit[rng.randint(0, 1) :] if rng.random() < 0.5 else [f"{rng.choice(vocabulary)}{number}"]
    return words


def test_bounds_hold() -> None:
    """What a bound lets pass may be little; what it stops must be."""
    rng = random.Random(11)
    stopped = 0
    for _ in range(400):
        words = looped(rng)
        # Runs that are one only without spaces are left out of the bound, and do not occur in these texts.
        lengths = sorted(map(len, words), reverse=True)
        repeated = repeated_ngrams(words, 5)
        for n in range(5, 11):
            assert duplicate_ngrams(words, n) <= duplicate_ngrams_bound(lengths, n, repeated, 5)
        counts = Counter(words)
        for n in (2, 3, 4):
            characters = top_ngram(words, n).characters
            if characters:
                assert frequent_words(counts, (characters - 0.5) / n)
        # More than any word has, with a space after each occurrence.
        most = max(count for count in counts.values()) * (max(map(len, words)) + 1)
        stopped += not frequent_words(counts, most)
    assert stopped == 400


def test_repeated_ngrams_overlap() -> None:
    """Three runs are "a b c", two each "b c a" and "c a b": four of the seven came before."""
    assert repeated_ngrams("a b c a b c a b c".split(), 3) == 4
    assert repeated_ngrams("a b".split(), 3) == 0
    # Four repeated runs of 3 can be two of 4 words (2 each), of which the longest words are taken.
    assert duplicate_ngrams_bound([9, 8, 7, 6, 5, 4, 3, 2, 1], 4, 4, 3) == 9 + 8 + 7 + 6 + 5 + 4 + 3 + 2


def test_frequent_words_are_long_ones_that_are_frequent() -> None:
    """ "harbour" and a space ten times are 80 characters, "a" and a space forty times too."""
    counts = {"harbour": 10, "a": 40, "lighthouse": 1}
    assert frequent_words(counts, 79)
    # With "lighthouse" gone, eight characters a word are the most: only "a" is frequent enough, and too short.
    assert not frequent_words(counts, 80)
    assert not frequent_words({}, 0)


def test_excerpt_is_one_line_of_sixty_characters_at_most() -> None:
    assert excerpt("two\n lines") == "two lines"
    assert excerpt("x" * 60) == "x" * 60
    assert excerpt("x" * 61) == "x" * 59 + "…"
