"""Clusters of posts with near-duplicate bodies, as the report lists them."""

from __future__ import annotations

import numpy as np

from postlint.bodies import components, resembling
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
    near = resembling(corpus, options["min-words"], options["resemblance"], options["exact"])
    closest = np.zeros(len(corpus.posts))
    for posts in (near.post, near.partner):
        np.maximum.at(closest, posts, near.overlap.resemblance)
    found = []
    for members in components(near.post, near.partner).values():
        names = tuple(corpus.anchor(post).post for post in members)
        found.append(
            Cluster(
                id=f"{value_key(*names):016x}",
                kind="near-duplicate",
                posts=names,
                similarity=round(float(closest[members].min()), 4),
            )
        )
    return tuple(sorted(found, key=lambda cluster: (-len(cluster.posts), cluster.posts)))


def representative(corpus: Corpus, members: list[int]) -> int:
    """The post of a cluster that the others are said to repeat: the earliest published, else the first by path."""
    published = corpus.posts.published
    dated = [(int(published[post]), post) for post in members if published[post]]
    return min(dated)[1] if dated else min(members)
