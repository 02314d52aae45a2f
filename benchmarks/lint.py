"""The whole cold lint of Markdown posts against rumdl and against parsing: python benchmarks/lint.py --posts 5000."""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import measure
from measure import Cost, median, table

CACHES = (".postlint_cache", ".rumdl_cache")
VIOLATIONS_FOUND = 1
HERE = Path(__file__).parent


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kind", choices=("natural", "dense", "template"), default="natural")
    parser.add_argument("--posts", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--numbered", action="store_true", help="file names that are numbers, not slugs")
    parser.add_argument("--growth", action="store_true", help="also ten times the posts, and how the costs grew")
    parser.add_argument("--folder", type=Path, help="posts of your own instead of generated ones")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        place = Path(temporary)
        if arguments.folder:
            _round(arguments.folder.resolve(), place, arguments.repeat)
            return
        few = _generated(arguments, arguments.posts, place)
        costs = _round(few, place, arguments.repeat)
        if arguments.growth:
            shutil.rmtree(few)
            many = _round(_generated(arguments, 10 * arguments.posts, place), place, arguments.repeat)
            rows = [
                [name, f"{many[name].cpu / cost.cpu:.2f}", f"{many[name].memory / cost.memory:.2f}"]
                for name, cost in costs.items()
            ]
            print("\nTen times the posts\n")
            print(table(["command", "times the CPU", "times the memory"], rows))


def _generated(arguments: argparse.Namespace, posts: int, place: Path) -> Path:
    # In a process of its own: this one stays small, as a child's peak memory never comes out below its parent's.
    folder = place / f"{arguments.kind}-{posts}"
    make = [sys.executable, str(HERE / "generate.py"), arguments.kind, str(posts), str(folder)]
    make += ["--seed", str(arguments.seed), *(["--numbered"] if arguments.numbered else [])]
    subprocess.run(make, check=True)
    return folder


def _commands(folder: Path, place: Path) -> dict[str, tuple[list[str], Sequence[int]]]:
    """The commands that are compared, and the exit codes by which each says that it did its work."""
    postlint = [sys.executable, "-m", "postlint", "check", "--isolated", str(folder), "--format", "json"]
    postlint += ["-o", str(place / "report.json"), "--jobs"]
    rumdl = shutil.which("rumdl") or str(Path(sys.executable).with_name("rumdl"))
    found: dict[str, tuple[list[str], Sequence[int]]] = {
        "postlint, 1 job": ([*postlint, "1"], (0, VIOLATIONS_FOUND)),
        "postlint, 2 jobs": ([*postlint, "2"], (0, VIOLATIONS_FOUND)),
        "parse floor": ([sys.executable, str(HERE / "parse_floor.py"), str(folder)], (0,)),
    }
    if Path(rumdl).exists():
        found["rumdl"] = ([rumdl, "check", "--isolated", "--no-cache", str(folder)], (0, VIOLATIONS_FOUND))
    else:
        print("rumdl is not installed and left out")
    return found


def _round(folder: Path, place: Path, repeat: int) -> dict[str, Cost]:
    """Run every command `repeat` times, one round after the other, and print the medians; the medians by command."""
    commands = _commands(folder, place)
    costs: dict[str, list[Cost]] = {name: [] for name in commands}
    # One round after the other, so that a busy spell of the machine falls on all.
    for _ in range(repeat):
        for name, (command, accepted) in commands.items():
            for cache in CACHES:
                shutil.rmtree(place / cache, ignore_errors=True)
                if (folder / cache).exists():
                    raise RuntimeError(f"{folder / cache}: a run with a cache is not a cold one")
            costs[name].append(measure.run(command, accepted, cwd=place))
    posts = sum(1 for _ in folder.rglob("*.md"))
    medians = {name: median(found) for name, found in costs.items()}
    print(f"\n{posts} posts, medians of {repeat}\n")
    rows = [
        [
            name,
            f"{1000 * cost.cpu / posts:.3f}",
            *(f"{cost.cpu / medians[other].cpu:.2f}" if other in medians else "" for other in ("parse floor", "rumdl")),
            f"{cost.cpu:.2f}",
            f"{cost.wall:.2f}",
            f"{cost.memory:.0f}",
        ]
        for name, cost in medians.items()
    ]
    print(table(["command", "CPU ms a post", "/ parse floor", "/ rumdl", "CPU s", "wall s", "peak RSS MB"], rows))
    return medians


if __name__ == "__main__":
    main()
