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


SUBJECTS = ["ferns", "old clocks", "rye bread", "canal boats", "wool socks", "bee hives", "paper kites", "tin roofs"]
FRAMES = [
    "When {a} come up at the market, people forget that the first week decides how long the thing will last.",
    "A shop that sells {a} has to explain the price twice, once to the buyer and once to the neighbour.",
    "Nobody wrote down how {a} were mended before the war, so we asked the three families that still do it.",
    "Keep a notebook beside {a}, write one line every evening, and read the lines again before the frost.",
    "The cheapest way to ruin {a} is a wet shed, and the second cheapest is a dry one with mice in it.",
    "Most of what is said about {a} comes from a single leaflet that was printed in the year of the flood.",
    "If {a} smell of vinegar, open the window, wait for an hour, and only then call the man with the van.",
    "There is a bench by the lock where the talk about {a} starts at six and is over when the kettle boils.",
]


def stitched_posts(seed: int, count: int) -> dict[str, str]:
    """Posts that are filled from a few frames, some of them copies of others but for a sentence or a word."""
    rng = random.Random(seed)
    posts: dict[str, str] = {}
    for number in range(count):
        subject, other = rng.choice(SUBJECTS), rng.choice(SUBJECTS)
        paragraphs = [
            " ".join(frame.format(a=rng.choice((subject, other))) for frame in rng.sample(FRAMES, rng.randrange(1, 5)))
            for _ in range(rng.randrange(1, 5))
        ]
        if posts and rng.random() < 0.4:
            body = posts[rng.choice(sorted(posts))].partition("---\n\n")[2].strip()
            paragraphs = body.replace(rng.choice(SUBJECTS), subject).split("\n\n")
            rng.shuffle(paragraphs)
        title = f"What {subject} teach us about {other}"
        description = rng.choice(FRAMES).format(a=subject)
        meta = f"title: {title}\nviews: {rng.choice([10, 200, 3000, 900000])}\ndescription: {description}"
        name = f"{rng.choice('abc')}/{rng.choice(['fern', 'moss', 'reed', 'sedge'])}-{number}.md"
        posts[name] = f"---\n{meta}\n---\n\n" + "\n\n".join(paragraphs) + "\n"
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
