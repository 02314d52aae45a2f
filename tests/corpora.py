"""Small random corpora in which every comparison finds something, for tests that hold two ways to one answer."""

from __future__ import annotations

import random
from collections.abc import Mapping
from pathlib import Path

from postlint.violations import Report

PIECES = [
    "Rinse the lentils until the water runs clear, then let them soak while you cut the onions.",
    "A bicycle chain wants oil once a month, and a clean rag more often than that.",
    "Tomato seedlings grow leggy on a dark sill, so give them a lamp or sow them later.",
    "The old kiln loses heat at the door, which is why we fire the glazed pots first.",
    "> Write down what you changed and who has to know about it.",
    "- check the wick\n- trim the flame\n- close the vent",
    "```\nfor tray in trays:\n    tray.water()\n    tray.turn()\n```",
    "![Kiln at dawn](https://placehold.co/600x400)",
]
TITLES = ["Old kilns", "Chains and rags", "Lentil soup for four", "Seedlings on the sill"]


def some_posts(seed: int, count: int) -> dict[str, str]:
    """Posts of a few shared pieces, so that every comparison finds something."""
    rng = random.Random(seed)
    posts = {}
    for number in range(count):
        meta = f"---\ntitle: {rng.choice(TITLES)}\nneeds_review: {rng.choice(['true', 'false'])}\n---\n\n"
        body = "\n\n".join(rng.choices(PIECES, k=rng.randrange(1, 7)))
        posts[f"{rng.choice('abc')}/{number}-{rng.choice(['fern', 'moss', 'reed'])}.md"] = meta + body + "\n"
    return posts


def write(folder: Path, posts: Mapping[str, str]) -> list[str]:
    """Write posts to a folder; their paths."""
    for name, text in posts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return list(posts)


def as_text(report: Report) -> str:
    """All of a report, to be compared whole."""
    return repr((report.violations, report.clusters, report.posts, report.files, report.suppressed))
