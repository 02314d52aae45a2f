"""Read every post file below folders with the readers, each within a time limit, and check the place of all they give.

Each folder directly below one that is named counts as a repository. What a file costs is CPU time of reading alone.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from measure import table
from watched import Outcome, watched

from postlint.post_files import has_posts, has_reader

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from whole_files import posts_of, wrong

SHOWN = 10


class Reading(NamedTuple):
    """What came of a file: its digest and bytes, the posts in it by format, things with a place, CPU seconds."""

    digest: bytes
    size: int
    formats: Counter[str]
    places: int
    seconds: float
    wrong: list[str]


def files(folder: str, everything: bool) -> Iterator[tuple[str, str]]:
    """The files below a folder that there is a reader for, links left out, each with its repository.

    Of suffixes that other files have, too, those that look like posts, or everything.
    """
    for where, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name != ".git")
        repository = os.path.relpath(where, folder).split(os.sep)[0]
        for name in sorted(names):
            path = os.path.join(where, name)
            if (
                has_reader(name)
                and os.path.isfile(path)
                and not os.path.islink(path)
                and (everything or has_posts(path))
            ):
                yield (os.path.basename(os.path.abspath(folder)) if repository == "." else repository), path


def read_and_check(path: str) -> Reading:
    """Read one file and check it."""
    data = Path(path).read_bytes()
    start = time.process_time()
    posts = posts_of(path, data)
    seconds = time.process_time() - start
    places = sum(
        len(post.blocks) + len(post.meta.entries) + len(post.links) + 3 * len(post.images) + (post.title is not None)
        for post in posts
    )
    digest = hashlib.blake2b(data, digest_size=16).digest()
    return Reading(
        digest, len(data), Counter(post.format for post in posts), places, seconds, list(wrong(path, data, posts))
    )


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", metavar="FOLDER")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--limit", type=float, default=20.0, help="seconds that reading and checking a file may take")
    parser.add_argument("--all", action="store_true", help="JSON, XML and the like that do not look like posts, too")
    parser.add_argument("--quiet", action="store_true", help="counts alone, no repositories")
    options = parser.parse_args()
    found = sorted(
        {path: repository for folder in options.folders for repository, path in files(folder, options.all)}.items()
    )
    repositories = dict(found)
    per_repository: Counter[str] = Counter()
    per_suffix: Counter[str] = Counter()
    formats: Counter[str] = Counter()
    seen: set[bytes] = set()
    slowest: list[tuple[float, str, int]] = []
    size = places = amiss = failed = 0
    seconds = 0.0
    outcome: Outcome[str, Reading]
    for outcome in watched(read_and_check, list(repositories), options.jobs, options.limit):
        path = outcome.given
        per_repository[repositories[path]] += 1
        per_suffix[os.path.splitext(path)[1].lower()] += 1
        if outcome.result is None:
            failed += 1
            print(f"FAILED {path}: {outcome.failure}", flush=True)
            continue
        reading = outcome.result
        seen.add(reading.digest)
        size += reading.size
        formats += reading.formats
        places += reading.places
        seconds += reading.seconds
        slowest = sorted([*slowest, (reading.seconds, path, reading.size)], reverse=True)[:SHOWN]
        if reading.wrong:
            amiss += 1
            for line in reading.wrong[:SHOWN]:
                print(f"WRONG {path}: {line}", flush=True)
    if not options.quiet:
        print(table(["repository", "files"], [(name, f"{count:,}") for name, count in sorted(per_repository.items())]))
        print()
    print(table(["suffix", "files"], [(name, f"{count:,}") for name, count in per_suffix.most_common()]))
    print()
    print(table(["format", "posts"], [(name, f"{count:,}") for name, count in formats.most_common()]))
    print()
    rows = [(f"{cost:.2f}", f"{length / 1e6:.2f}", path) for cost, path, length in slowest]
    print(table(["CPU s", "MB", "slowest"], rows))
    print(
        f"\n{len(found):,} files ({len(seen):,} different) of {len(per_repository)} repositories, {size / 1e6:.0f} MB: "
        f"{places:,} places, {failed} files failed, {amiss} have something misplaced; "
        f"{seconds:.0f} CPU seconds of reading"
    )
    sys.exit(1 if failed or amiss else 0)


if __name__ == "__main__":
    main()
