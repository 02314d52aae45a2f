"""Fingerprints: both twins agree, texts that read alike are alike, and cuts are where they should be."""

from __future__ import annotations

import re
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from postlint.canonical import count_words, folded, sentences, words
from postlint.fingerprint import fingerprint, second_keys
from postlint.fingerprint_one import fingerprint_one
from postlint.hashing import SHINGLE

# Letters of several scripts, every class of separator, marks that vanish and words longer than a window of hashing.
PLAIN = [
    "a",
    "The",
    "word",
    "internationalisation",
    "x" * 40,
    "y" * 253,
    " ",
    "\n",
    ". ",
    "!",
    "?) ",
    '." ',
    ".",
    "3.5",
    "don't",
    "_",
    "*",
]
FOREIGN = [
    "é",
    "é",
    "ß",
    "İ",
    "日本語",
    "。",
    "ไทย",
    "हिन्दी",
    "한국어",
    "—",
    "“",
    "” ",
    "…",
    "１",
    "\u200b",
    "\u00ad",
    "\x00",
    "\ud800",
]
PIECES = st.sampled_from(PLAIN + FOREIGN)
TEXTS = st.lists(PIECES, max_size=30).map("".join)


@given(st.lists(TEXTS, max_size=6))
def test_the_twins_agree(texts: list[str]) -> None:
    """Every number of a batch is the number of each text alone."""
    batch = fingerprint(texts)
    ones = [fingerprint_one(text) for text in texts]
    assert batch.text_keys.tolist() == [one.key for one in ones]
    assert batch.text_words.tolist() == [one.words for one in ones]
    found = list(zip(batch.sentence_keys.tolist(), batch.sentence_words.tolist(), strict=True))
    assert found == [sentence for one in ones for sentence in one.sentences]
    assert batch.sentence_texts.tolist() == [index for index, one in enumerate(ones) for _ in one.sentences]
    assert batch.shingles.tolist() == [shingle for one in ones for shingle in one.shingles]
    bounds = batch.shingle_bounds.tolist()
    assert [batch.shingles[first:last].tolist() for first, last in pairwise(bounds)] == [
        list(one.shingles) for one in ones
    ]


@given(TEXTS)
def test_sentences_are_those_that_are_hashed(text: str) -> None:
    """As many cuts in the text as keys, and every cut holds a word."""
    cuts = sentences(text)
    assert len(cuts) == len(fingerprint_one(text).sentences)
    assert all(0 <= start < end <= len(text) and words(text[start:end]) for start, end in cuts)
    assert [cut for cut in cuts if cut[0] >= cut[1]] == []


@given(st.lists(st.sampled_from("alpha beta gamma delta".split()), min_size=1, max_size=40))
def test_shingles_are_runs_of_five_words(tokens: list[str]) -> None:
    """Two runs of five words have one shingle exactly if they are the same words: counted on the words themselves."""
    runs = [tuple(tokens[start : start + SHINGLE]) for start in range(len(tokens) - SHINGLE + 1)]
    shingles = fingerprint([" ".join(tokens)]).shingles.tolist()
    assert len(shingles) == len(runs)
    assert len(set(shingles)) == len(set(runs))
    assert [shingles.index(shingle) for shingle in shingles] == [runs.index(run) for run in runs]


@given(st.lists(st.from_regex(re.compile(r"[a-z]{1,20}", re.ASCII), fullmatch=True), min_size=1, max_size=20))
def test_case_punctuation_and_spacing_do_not_count(tokens: list[str]) -> None:
    """The same words have the same key, however they are written."""
    plain = fingerprint_one(" ".join(tokens))
    dressed = fingerprint_one("“" + ",\n ".join(token.title() for token in tokens) + "”")
    assert plain.key == dressed.key
    assert plain.words == len(tokens)


def test_the_order_of_words_counts() -> None:
    """A sum without positions would take these for one text."""
    assert fingerprint_one("dog bites man").key != fingerprint_one("man bites dog").key
    assert fingerprint_one("one one two").key != fingerprint_one("one two two").key


def test_words_of_scripts_without_spaces_are_letters() -> None:
    """Chinese has no spaces: each ideograph is a word, and runs of five of them are shingles."""
    assert words("我们喜欢 Python 3") == ["我", "们", "喜", "欢", "python", "3"]
    assert count_words("我们喜欢") == 4
    assert len(fingerprint_one("我们都喜欢猫").shingles) == 2


def test_spelling_is_folded() -> None:
    """Compatibility forms, case and invisible characters are not differences."""
    assert folded("Ｆｕｌｌ Width") == "full width"
    assert folded("STRASSE") == folded("Straße")
    assert folded("soft\u00adhyphen zero\u200bwidth") == "softhyphen zerowidth"
    assert folded("cafe\u0301") == folded("café")


def test_sentences_end_where_a_reader_ends_them() -> None:
    """Stops inside numbers, versions and addresses end nothing; closing marks and ideographic stops do."""
    text = 'Use 3.5 or v1.2 of example.com. "Really?" Yes! 你好。再见。'
    assert [text[start:end] for start, end in sentences(text)] == [
        "Use 3.5 or v1.2 of example.com.",
        '"Really?"',
        "Yes!",
        "你好。",
        "再见。",
    ]


def test_second_keys_tell_the_same_texts_apart_and_have_nothing_in_common_with_the_first() -> None:
    texts = [
        "One two three. Four five six seven.",
        "",
        "Four five six seven.",
        "One two three, four.",
        "Four five six seven!",
    ]
    found = fingerprint(texts)
    text_keys, sentence_keys = second_keys(texts)
    assert len(sentence_keys) == len(found.sentence_keys) == 5
    for first, second in ((found.text_keys, text_keys), (found.sentence_keys, sentence_keys)):
        same = first[:, None] == first[None, :]
        assert (same == (second[:, None] == second[None, :])).all()
        assert not set(second[first != 0].tolist()) & set(first.tolist())
    assert text_keys[2] == text_keys[4] == sentence_keys[1]
