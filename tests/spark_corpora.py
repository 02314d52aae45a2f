"""What tests of whole jobs on Spark lint, and how they compare reports."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpora import some_posts, stitched_posts

from postlint import reporters
from postlint.rules import all_rules
from postlint.settings import Settings
from postlint.spark import run
from postlint.violations import Report

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

DEFAULT = tuple(sorted(code for code, rule in all_rules().items() if rule.default))
SMALL = {
    "BP001": {"min-size": 5},
    "BP002": {"min-words": 5},
    "BP004": {"min-sentence-words": 4, "min-words": 10},
    "MET014": {"min-posts": 3},
    "ND001": {"min-words": 5},
    "ND002": {"min-words": 5},
    "ND003": {"min-words": 5},
}
SETTINGS = Settings(codes=DEFAULT, as_of=date(2026, 11, 20), options=SMALL)
FEW = replace(SETTINGS, codes=("BP001", "BP004", "ND001", "ND002"))
"""What makes a job with every kind of stage: answers, and clusters."""


def posts_of(count: int) -> dict[str, str]:
    """Posts in which every comparison finds something, view counts, an issue that repeats, and records."""
    posts = {**some_posts(7, count), **{f"s/{name}": text for name, text in stitched_posts(8, count).items()}}
    rows = [
        {"title": f"About {text[90:130]}", "views": 1000 + 37 * number, "body": text[40:]}
        for number, text in enumerate(stitched_posts(9, count).values())
    ]
    posts["records.jsonl"] = "\n".join(map(json.dumps, [*rows, *rows]))
    text = " ".join(f"The {word} of the harbour is told by the lamp at its end." for word in "abcdefghijklm")
    posts |= {f"news-issue-{number}.md": f"# Harbour news {number}\n\n{text}\n" for number in range(100, 106)}
    stock = "Whoever reads this in a hurry should at least look at the table of tides before the boat leaves."
    for number, name in enumerate("amber birch cedar dogwood elder filbert".split()):
        own = " ".join(f"The {name} grows {word} in row {number}." for word in "tall thin straight slowly".split())
        posts[f"trees/{name}.md"] = f"# About {name}\n\n{own} {stock} {own[::-1]}\n"
    posts["plain.md"] = f"# Lamps\n\n{text}\n"
    return posts


def written(posts: Mapping[str, str], folder: Path) -> list[str]:
    """The files of posts, and one that can't be read, in a folder: their paths, in order."""
    for path, text in posts.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    (folder / "broken.md").write_bytes(b"\x00\x01\xff" * 50)
    return sorted(str(path) for path in folder.rglob("*") if path.is_file())


def shown(report: Report) -> str:
    """Everything that a report says."""
    head = [*report.shared, report.suppressed, *(rule.code for rule in report.rules)]
    return "".join(reporters.render("json", report, lambda path, number: None, colour=False)) + json.dumps(head)


def on_spark(spark: SparkSession, corpus: list[str], folder: Path, settings: Settings = SETTINGS, **more: Any) -> str:
    """The report of files, all of it, from a job whose stages lie in a folder."""
    with run.settled(spark, corpus):
        found = run.judged(spark, corpus, settings, str(Path.cwd()), str(folder), **more)
        return shown(run.report_of(found, len(corpus)))
