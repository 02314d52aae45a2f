"""How right the finders are, by planted truth or by the oracle; and the corpus they share, one JSON text a line.

All are judged by the word 5-grams of whole texts.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

import oracle
from finders import THRESHOLD, Found

Scores = dict[str, float]
NAN = float("nan")


def write_corpus(kind: str, posts: int, seed: int, path: Path) -> None:
    """Write the prose of a corpus, and the planted pairs (original, copy, whole, within) beside it."""
    from generate import articles

    planted = []
    with path.open("w") as file:
        for article, pair in articles(kind, posts, seed):
            file.write(json.dumps(article.text) + "\n")
            if pair is not None:
                planted.append(pair)
    path.with_suffix(".planted").write_text(json.dumps(planted))


def read_texts(path: Path) -> list[str]:
    """The texts of a corpus, by number."""
    with path.open() as file:
        return [json.loads(line) for line in file]


def judge(corpus: Path, results: Mapping[str, Path], arguments: argparse.Namespace) -> dict[str, Scores]:
    """The scores of each finder's results."""
    texts = read_texts(corpus)
    scores: dict[str, Scores] = {}
    by_sample: dict[int, dict[int, float]] = {}
    sample = sorted(random.Random(arguments.seed).sample(range(len(texts)), min(arguments.sample, len(texts))))
    for name, path in results.items():
        found = Found(*json.loads(path.read_text().splitlines()[1]))
        if arguments.kind == "natural":
            planted = json.loads(corpus.with_suffix(".planted").read_text())
            truth = {(min(a, b), max(a, b)): whole for a, b, whole, _ in planted}
            scores[name] = natural_scores(found, truth, partial(_exact, texts, oracle.whole))
        else:
            if not by_sample:
                by_sample = {
                    number: {other: alike.resemblance for other, alike in others.items()}
                    for number, others in oracle.against_all(texts, sample, oracle.whole).items()
                }
            scores[name] = sampled_scores(found, by_sample)
    return scores


def _exact(texts: Sequence[str], shingles: oracle.Shingles, first: int, second: int) -> float:
    return oracle.likeness(shingles(texts[first]), shingles(texts[second])).resemblance


def natural_scores(found: Found, truth: Mapping[tuple[int, int], float], exact: Callable[[int, int], float]) -> Scores:
    """Recall over planted pairs at the threshold; precision over everything found, unplanted pairs measured exactly."""
    wanted = {pair for pair, resemblance in truth.items() if resemblance >= THRESHOLD}
    if found.partners is None:
        assert found.flags is not None
        flagged = {number for number, flag in enumerate(found.flags) if flag}
        hit = sum(1 for first, second in wanted if first in flagged or second in flagged)
        right = len(flagged & {number for pair in wanted for number in pair})
        return {"recall": _share(hit, len(wanted)), "precision": _share(right, len(flagged)), "found": len(flagged)}
    pairs = {(min(a, b), max(a, b)) for a, partners in enumerate(found.partners) for b in partners}
    right = sum(1 for pair in pairs if (truth[pair] if pair in truth else exact(*pair)) >= THRESHOLD)
    return {
        "recall": _share(len(pairs & wanted), len(wanted)),
        "precision": _share(right, len(pairs)),
        "found": len(pairs),
    }


def sampled_scores(found: Found, truth: Mapping[int, Mapping[int, float]]) -> Scores:
    """Scores over the sampled posts, whose resemblance to every other post is known.

    "has match": of the posts with a true match, the share for which a true one was found. "best match": the share for
    which none of the others resembles the post more than the best of those found. "precision": over their partners.
    """
    matched = [number for number, others in truth.items() if max(others.values(), default=0.0) >= THRESHOLD]
    share = {"with a match": _share(len(matched), len(truth))}
    if found.partners is None:
        assert found.flags is not None
        flagged = [number for number in truth if found.flags[number]]
        right = sum(1 for number in matched if found.flags[number])
        return share | {
            "has match": _share(right, len(matched)),
            "best match": NAN,
            "precision": _share(right, len(flagged)),
        }
    has = exact = right = total = 0
    for number, others in truth.items():
        values = [others.get(partner, 0.0) for partner in found.partners[number]]
        total += len(values)
        right += sum(1 for value in values if value >= THRESHOLD)
        best = max(others.values(), default=0.0)
        if best >= THRESHOLD:
            has += max(values, default=0.0) >= THRESHOLD
            exact += max(values, default=0.0) >= best
    return share | {
        "has match": _share(has, len(matched)),
        "best match": _share(exact, len(matched)),
        "precision": _share(right, total),
    }


def _share(part: int, whole: int) -> float:
    return part / whole if whole else NAN


if __name__ == "__main__":
    write_corpus(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4]))
