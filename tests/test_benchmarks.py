"""The corpus generator keeps its word, and the oracle counts as one would by hand."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"
sys.path.insert(0, str(BENCHMARKS))

import dense  # noqa: E402
import generate  # noqa: E402
import natural  # noqa: E402
import oracle  # noqa: E402
import scoring  # noqa: E402
from articles import markdown  # noqa: E402
from finders import Found  # noqa: E402
from vocabulary import number_word, vocabulary  # noqa: E402

KINDS = ("natural", "dense", "template")


@pytest.fixture(scope="module")
def natural_corpus() -> tuple[list[str], list[natural.Planted]]:
    return generate.texts("natural", 150, 7)


# The generator


@pytest.mark.parametrize("kind", KINDS)
def test_one_seed_gives_one_corpus_and_another_seed_another(kind: str) -> None:
    first = [markdown(article) for article, _ in generate.articles(kind, 12, 3)]
    assert first == [markdown(article) for article, _ in generate.articles(kind, 12, 3)]
    other = [markdown(article) for article, _ in generate.articles(kind, 12, 4)]
    assert not set(first) & set(other)


def test_planted_truth_is_what_the_oracle_finds(natural_corpus: tuple[list[str], list[natural.Planted]]) -> None:
    texts, planted = natural_corpus
    assert len(planted) == 15
    whole = oracle.all_pairs(texts, oracle.whole)
    within = oracle.all_pairs(texts, oracle.within)
    for pair in planted:
        key = (min(pair.original, pair.copy), max(pair.original, pair.copy))
        assert pair.whole == pytest.approx(whole.pop(key).resemblance)
        assert pair.within == pytest.approx(within.pop(key).resemblance)
    # Nothing else is alike: every pair to be found is in the truth.
    assert max((alike.resemblance for alike in whole.values()), default=0) < 0.05
    assert max((alike.resemblance for alike in within.values()), default=0) < 0.05


def test_planted_resemblances_spread_over_the_range(natural_corpus: tuple[list[str], list[natural.Planted]]) -> None:
    values = sorted(pair.whole for pair in natural_corpus[1])
    assert values[0] < 0.6
    assert values[-1] > 0.9
    assert all(0.45 < value < 0.99 for value in values)


def test_each_post_is_in_one_planted_pair_at_most(natural_corpus: tuple[list[str], list[natural.Planted]]) -> None:
    members = [post for pair in natural_corpus[1] for post in (pair.original, pair.copy)]
    assert len(members) == len(set(members))


def test_natural_posts_have_about_755_shingles(natural_corpus: tuple[list[str], list[natural.Planted]]) -> None:
    counts = [len(oracle.whole(text)) for text in natural_corpus[0]]
    assert 730 < sum(counts) / len(counts) < 780


def test_dense_posts_of_one_skeleton_resemble_each_other_by_the_share_expected() -> None:
    texts, planted = generate.texts("dense", 240, 5)
    assert not planted
    pairs = oracle.all_pairs(texts, oracle.whole)
    of_one_skeleton = [alike for alike in pairs.values() if alike.resemblance > 0.2]
    alike = [pair for pair in of_one_skeleton if pair.resemblance >= 0.8]
    # 240 posts fall into 24 skeletons by chance: 28,680 pairs / 24.
    assert len(of_one_skeleton) == pytest.approx(240 * 239 / 2 / dense.SKELETONS, rel=0.25)
    assert 0.02 < len(alike) / len(of_one_skeleton) < 0.25


def test_template_posts_share_sentences_but_are_no_near_duplicates() -> None:
    texts, _ = generate.texts("template", 100, 5)
    sentences = oracle.document_frequency(text.replace("\n\n", " ").split(". ") for text in texts)
    assert max(sentences.values()) > 20
    assert max(alike.resemblance for alike in oracle.all_pairs(texts, oracle.whole).values()) < 0.8


@pytest.mark.parametrize("kind", KINDS)
def test_files_hold_the_prose_and_valid_front_matter(kind: str) -> None:
    for article, _ in generate.articles(kind, 5, 2):
        _, front, body = markdown(article).split("---\n", 2)
        meta = yaml.safe_load(front)
        assert meta["title"] == article.title
        assert meta["slug"] == article.slug
        prose = [part.text for part in article.parts if part.kind == "paragraph"]
        assert article.text == "\n\n".join(prose)
        for paragraph in prose:
            # The first word may be bold or a link; the rest stands there as it is.
            assert paragraph.partition(" ")[2] in body


def test_files_are_written_a_thousand_to_a_folder(tmp_path: Path) -> None:
    generate.write("template", 1010, 2, tmp_path / "posts")
    assert len(list((tmp_path / "posts" / "part-000").iterdir())) == 1000
    assert len(list((tmp_path / "posts" / "part-001").iterdir())) == 10
    assert len(list((tmp_path / "posts").iterdir())) == 2


def test_files_are_numbered_on_request(tmp_path: Path) -> None:
    generate.write("dense", 3, 2, tmp_path / "posts", numbered=True)
    names = sorted(path.name for path in (tmp_path / "posts").rglob("*.md"))
    assert names == ["post-000000.md", "post-000001.md", "post-000002.md"]


def test_planted_pairs_are_written_with_the_files(tmp_path: Path) -> None:
    folder = tmp_path / "posts"
    command = [sys.executable, str(BENCHMARKS / "generate.py"), "natural", "40", str(folder), "--seed", "2"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    assert len(list(folder.rglob("*.md"))) == 40
    header, *lines = (folder / generate.TRUTH).read_text().splitlines()
    assert header.split("\t") == ["original", "copy", "whole", "within"]
    assert len(lines) == 4
    for line in lines:
        original, copy, *told = line.split("\t")
        # The files hold what the truth says of them; front matter, headings, pictures and lists left out.
        first, second = (_prose((folder / path).read_text()) for path in (original, copy))
        found = [oracle.likeness(of(first), of(second)).resemblance for of in (oracle.whole, oracle.within)]
        assert [float(value) for value in told] == pytest.approx(found, abs=1e-6)


def _prose(source: str) -> str:
    body = source.split("---\n", 2)[2]
    blocks = [block for block in body.strip().split("\n\n") if block[0] not in "#!-"]
    return "\n\n".join(re.sub(r"\]\(\S+\)", "", block).replace("*", "").replace("[", "") for block in blocks)


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.md").write_text("mine")
    with pytest.raises(FileExistsError):
        generate.write("natural", 2, 1, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.md"]


def test_vocabulary_has_no_word_twice_and_favours_its_first_words() -> None:
    import numpy as np

    words = vocabulary(1)
    assert len(set(words.words)) == len(words.words)
    drawn = words.draw(np.random.default_rng(1), 100_000)
    # Zipf-Mandelbrot over 50,000 ranks: the first ten have (1/3.7 + ... + 1/12.7) of a total of about 10.
    expected = sum(1 / (rank + 2.7) for rank in range(1, 11)) / sum(1 / (rank + 2.7) for rank in range(1, 50_001))
    assert float((drawn < 10).mean()) == pytest.approx(expected, abs=0.01)


def test_exchanged_words_are_other_words() -> None:
    import numpy as np

    words = vocabulary(1)
    ids = np.zeros(5000, dtype=np.int64)
    assert (words.other(np.random.default_rng(1), ids) != ids).all()


def test_number_words_differ_and_have_no_digit() -> None:
    found = [number_word(number) for number in range(20_000)]
    assert len(set(found)) == len(found)
    assert all(word.isalpha() for word in found)


# The oracle


def test_shingles_by_hand() -> None:
    text = "One two, three four five SIX.\n\nSeven eight nine ten eleven"
    assert oracle.within(text) == {
        ("one", "two", "three", "four", "five"),
        ("two", "three", "four", "five", "six"),
        ("seven", "eight", "nine", "ten", "eleven"),
    }
    # Eleven words in a row have seven runs of five.
    assert len(oracle.whole(text)) == 7
    assert ("six", "seven", "eight", "nine", "ten") in oracle.whole(text)


def test_likeness_by_hand() -> None:
    first, second = "a b c d e f g", "a b c d e f x y"
    # abcde and bcdef of 3 and 4: two of five, and two of the smaller's three.
    pairs = oracle.all_pairs([first, "nothing in common with the others", second], oracle.whole)
    assert pairs == {(0, 2): oracle.Likeness(2 / 5, 2 / 3)}
    assert oracle.likeness(set(), oracle.whole(first)) == oracle.Likeness(0.0, 0.0)


def test_a_sample_is_compared_with_every_other_post() -> None:
    texts = ["a b c d e f g", "a b c d e f x y", "q r s t u v", "c d e f g h"]
    found = oracle.against_all(texts, [0], oracle.whole)
    # The last shares cdefg, one of its two: one of three and two less one.
    assert found == {0: {1: oracle.Likeness(2 / 5, 2 / 3), 3: oracle.Likeness(1 / 4, 1 / 2)}}


def test_document_frequency_counts_a_post_once() -> None:
    assert oracle.document_frequency([["a", "b", "a"], ["a"], []]) == {"a": 2, "b": 1}


# The scores


def test_scores_of_planted_pairs() -> None:
    truth = {(0, 1): 0.9, (2, 3): 0.8, (4, 5): 0.7}
    exact = {(0, 6): 0.85, (1, 6): 0.1}
    # Found: one of the two to be found, one below the threshold, one unplanted that is right and one that is not.
    found = Found([[1, 6], [0, 6], [], [], [5], [4], [0, 1]])
    scores = scoring.natural_scores(found, truth, lambda first, second: exact[first, second])
    assert scores == {"recall": 0.5, "precision": 0.5, "found": 4}
    flags = Found(flags=[False, True, False, False, True, False, False])
    assert scoring.natural_scores(flags, truth, lambda first, second: 0.0)["recall"] == 0.5


def test_scores_of_a_sample() -> None:
    truth = {0: {1: 0.9, 2: 0.85, 3: 0.3}, 4: {5: 0.95}, 6: {7: 0.4}}
    found = Found([[2, 3], [], [0], [0], [5], [4], [], []])
    scores = scoring.sampled_scores(found, truth)
    # Two of three have a match, both were given one, one of them the best; two of three partners are true.
    assert scores["with a match"] == pytest.approx(2 / 3)
    assert scores["has match"] == 1.0
    assert scores["best match"] == 0.5
    assert scores["precision"] == pytest.approx(2 / 3)


# postlint itself, by the oracle


@pytest.mark.parametrize("kind", ["natural", "dense"])
def test_near_duplicates_are_those_of_the_oracle(kind: str) -> None:
    import adapter

    texts, _ = generate.texts(kind, 150, 11)
    truth = {pair for pair, alike in oracle.all_pairs(texts, oracle.whole).items() if alike.resemblance >= 0.8}
    found = set(zip(*adapter.near_duplicates(texts, 0.8), strict=True))
    assert truth
    assert found <= truth
    if kind == "natural":
        assert found == truth
    # Where posts have many partners each keeps its best few by estimate, and a borderline one may be left without.
    given, having = ({post for pair in pairs for post in pair} for pairs in (found, truth))
    assert len(given) >= 0.9 * len(having)


def test_document_frequencies_are_those_of_a_dict() -> None:
    from counters import COUNTERS, segments

    texts, _ = generate.texts("template", 120, 3)
    expected = [oracle.document_frequency(segments(text)[kind] for text in texts) for kind in (0, 1)]
    assert max(expected[1].values()) > 20
    for name in ("texts: postlint", "keys: postlint", "texts: dict", "keys: dict"):
        counter = COUNTERS[name]
        assert counter.finish(texts, counter.count(counter.prepare(texts))) == expected


def test_near_duplicates_command_prints_a_table() -> None:
    command = [sys.executable, str(BENCHMARKS / "near_duplicates.py"), "--posts", "200", "--repeat", "1"]
    command += ["--tools", "postlint"]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    header, _, row = [line for line in done.stdout.splitlines() if line.startswith("|")]
    cells = dict(zip(*([cell.strip() for cell in line.split("|")[1:-1]] for line in (header, row)), strict=True))
    assert cells["tool"] == "postlint"
    assert cells["recall"] == "1.0000"
    assert json.loads(cells["CPU s"]) >= 0
