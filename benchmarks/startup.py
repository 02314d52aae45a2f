"""What the shortest runs cost, against the imports no linter like this can do without: python benchmarks/startup.py."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

import measure
from articles import markdown
from generate import articles
from measure import Cost, median, table


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeat", type=int, default=15)
    arguments = parser.parse_args()
    postlint = [sys.executable, "-m", "postlint"]
    costs: dict[str, list[Cost]] = {}
    with tempfile.TemporaryDirectory() as folder:
        article, _ = next(articles("natural", 1, 1))
        Path(folder, "post.md").write_text(markdown(article))
        commands = {
            "import click, yaml, sqlite3": [sys.executable, "-c", "import click, yaml, sqlite3"],
            "bare interpreter": [sys.executable, "-c", "pass"],
            "postlint --version": [*postlint, "--version"],
            "postlint rule REV001": [*postlint, "rule", "REV001"],
            "postlint post.md": [*postlint, "--isolated", "post.md"],
        }
        for _ in range(arguments.repeat):
            for name, command in commands.items():
                costs.setdefault(name, []).append(measure.run(command, (0, 1), cwd=Path(folder)))
    medians = {name: median(found) for name, found in costs.items()}
    reference = medians["import click, yaml, sqlite3"].cpu
    rows = [
        [name, f"{1000 * cost.cpu:.0f}", f"{cost.cpu / reference:.2f}", f"{1000 * cost.wall:.0f}"]
        for name, cost in medians.items()
    ]
    print(f"medians of {arguments.repeat}\n")
    print(table(["command", "CPU ms", "/ imports", "wall ms"], rows))


if __name__ == "__main__":
    main()
