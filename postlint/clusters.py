"""Clusters of posts with near-duplicate bodies, as the report lists them."""

from __future__ import annotations

from postlint.bodies import body_pairs, components
from postlint.corpus import Corpus
from postlint.hashing import value_key
from postlint.rules import all_rules
from postlint.settings import Settings
from postlint.violations import Cluster

RULE = "ND002"
"""The rule whose threshold makes the clusters."""


def clusters(corpus: Corpus, settings: Settings) -> tuple[Cluster, ...]:
    """The clusters of a corpus, largest first; none when the rule of near-duplicate bodies is not selected."""
    if RULE not in settings.codes:
        return ()
    options = {**all_rules()[RULE].defaults(), **settings.options.get(RULE, {})}
    pairs = body_pairs(corpus, options["min-words"])
    resemblance = pairs.resemblance
    good = resemblance >= options["resemblance"]
    closest: dict[int, float] = {}
    for first, second, value in zip(pairs.first[good], pairs.second[good], resemblance[good], strict=True):
        for post in (int(first), int(second)):
            closest[post] = max(closest.get(post, 0.0), float(value))
    found = []
    for members in components(pairs.first[good], pairs.second[good]).values():
        posts = tuple(_name(corpus, post) for post in members)
        found.append(
            Cluster(
                id=f"{value_key(*posts):016x}",
                kind="near-duplicate",
                posts=posts,
                similarity=round(min(closest[post] for post in members), 4),
            )
        )
    return tuple(sorted(found, key=lambda cluster: (-len(cluster.posts), cluster.posts)))


def _name(corpus: Corpus, post: int) -> str:
    fact = corpus.posts[post]
    return f"{fact.path}#{fact.number}" if fact.number else fact.path


def representative(corpus: Corpus, members: list[int]) -> int:
    """The post of a cluster that the others are said to repeat: the earliest published, else the first by path."""
    dates = [(corpus.posts[post].published, post) for post in members]
    dated = [(when, post) for when, post in dates if when is not None]
    return min(dated)[1] if dated else min(members)
