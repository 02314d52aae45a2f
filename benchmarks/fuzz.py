"""Fuzz a reader: files made of fixtures cut up, of what its format knows, and of bytes it should never see.

No file may end the process or keep it busy, and all that is read has to stand where it says. The same seed makes the
same files.
"""

from __future__ import annotations

import argparse
import functools
import os
import random
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from fuzz_tokens import TOKENS
from watched import watched

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from whole_files import posts_of, wrong  # noqa: E402

MOST = 20_000
"""Bytes of a file."""
TOGETHER = 100
"""Files that one process reads before it is asked for the next."""


class Target(NamedTuple):
    """A reader to fuzz: the name its files have, their fixtures, what mutations insert, and what stands around them."""

    name: str
    fixtures: str
    tokens: str
    before: bytes = b""
    after: bytes = b""


TARGETS = {
    "markdown": Target("post.md", "markdown/*.md", "markdown html templates entities"),
    "mdx": Target("post.mdx", "markdown/*.mdx", "markdown html templates entities"),
    "text": Target("post.txt", "text/*.txt", "text markdown"),
    "html": Target("post.html", "html/*.html", "html page entities templates"),
    "wxr": Target("export.xml", "wxr/*.xml", "xml html shortcodes entities"),
    "json": Target("posts.json", "**/*.json", "json html entities"),
    "jsonl": Target("posts.jsonl", "**/*.jsonl", "json html entities"),
    "csv": Target("posts.csv", "**/*.csv", "csv html"),
    "yaml": Target("post.md", "markdown/*.md", "yaml", b"---\n", b"\n---\nText.\n"),
    "toml": Target("post.md", "markdown/toml.md", "toml", b"+++\n", b"\n+++\nText.\n"),
    "json-meta": Target("post.md", "markdown/json.md", "json", b"{", b"\n}\nText.\n"),
    "headers": Target("post.md", "markdown/headers.md", "headers yaml", b"Title: x\n"),
}


class Piece(NamedTuple):
    """Some of the files that a seed makes: those numbered from `first` up to `last`."""

    target: str
    seed: int
    first: int
    last: int


@functools.cache
def fixtures(target: str) -> list[bytes]:
    """What the files of a target are made of."""
    found = sorted((ROOT / "fixtures" / "readers").glob(TARGETS[target].fixtures))
    return [path.read_bytes()[:MOST] for path in found] or [b""]


@functools.cache
def tokens(target: str) -> list[bytes]:
    """What mutations of a target insert."""
    return [token for name in TARGETS[target].tokens.split() for token in TOKENS[name]] + TOKENS["bytes"]


def made(target: str, seed: int, number: int) -> bytes:
    """One file."""
    rng = random.Random(f"{target} {seed} {number}")
    known, what = fixtures(target), TARGETS[target]
    if rng.random() < 0.3:
        data = b"".join(rng.choices(tokens(target), k=rng.randrange(1, 60)))
        data = what.before + data + what.after
    else:
        data = rng.choice(known)
    for _ in range(rng.choice((1, 1, 2, 4, 8, 16))):
        data = rng.choice(MUTATIONS)(data, rng, target)
    return data[:MOST]


def _span(data: bytes, rng: random.Random) -> tuple[int, int]:
    start = rng.randrange(len(data) + 1)
    return start, min(len(data), start + int(rng.paretovariate(0.6)))


def _insert(data: bytes, rng: random.Random, target: str) -> bytes:
    at = rng.randrange(len(data) + 1)
    return data[:at] + rng.choice(tokens(target)) * rng.choice((1, 1, 1, 2, 30)) + data[at:]


def _replace(data: bytes, rng: random.Random, target: str) -> bytes:
    start, end = _span(data, rng)
    return data[:start] + rng.choice(tokens(target)) + data[end:]


def _delete(data: bytes, rng: random.Random, target: str) -> bytes:
    start, end = _span(data, rng)
    return data[:start] + data[end:]


def _repeat(data: bytes, rng: random.Random, target: str) -> bytes:
    start, end = _span(data, rng)
    return data[:end] + data[start:end][:200] * rng.choice((1, 2, 50)) + data[end:]


def _splice(data: bytes, rng: random.Random, target: str) -> bytes:
    other = rng.choice(fixtures(target))
    return data[: rng.randrange(len(data) + 1)] + other[rng.randrange(len(other) + 1) :]


def _cut(data: bytes, rng: random.Random, target: str) -> bytes:
    return data[: rng.randrange(len(data) + 1)]


def _change_byte(data: bytes, rng: random.Random, target: str) -> bytes:
    at = rng.randrange(len(data) + 1)
    return data[:at] + bytes([rng.randrange(256)]) + data[at + 1 :]


def _line_ends(data: bytes, rng: random.Random, target: str) -> bytes:
    return data.replace(b"\r\n", b"\n").replace(b"\n", rng.choice((b"\r\n", b"\r", b"\n\n", b"\n\r")))


MUTATIONS: tuple[Callable[[bytes, random.Random, str], bytes], ...] = (
    *(_insert, _insert, _replace, _replace, _delete, _delete, _repeat, _splice, _cut, _change_byte, _line_ends),
)


def mistakes(name: str, data: bytes) -> list[str]:
    """What is wrong with how a file is read. Any exception of a reader is one."""
    try:
        posts = posts_of(name, data)
    except BaseException as error:  # That of a panic in another language is no Exception.
        if isinstance(error, KeyboardInterrupt):
            raise
        return [f"{type(error).__name__}: {error}"]
    return list(wrong(name, data, posts))


def work(piece: Piece) -> list[tuple[int, str]]:
    """Read and check files; the numbers of those with something wrong, and what."""
    name = TARGETS[piece.target].name
    found = []
    for number in range(piece.first, piece.last):
        wrongs = mistakes(name, made(piece.target, piece.seed, number))
        if wrongs:
            found.append((number, wrongs[0]))
    return found


def shrunk(name: str, data: bytes, kind: str) -> bytes:
    """A smaller file with a mistake of the same kind: parts are left out as long as that is so."""
    until = time.monotonic() + 20
    size = len(data) // 2
    while size and time.monotonic() < until:
        at = 0
        while at < len(data) and time.monotonic() < until:
            less = data[:at] + data[at + size :]
            if any(_kind(mistake) == kind for mistake in mistakes(name, less)):
                data = less
            else:
                at += size
        size //= 2
    return data


def _kind(mistake: str) -> str:
    """What a mistake is about, without what is different from file to file."""
    words = mistake.split(": ")
    return " ".join(part.split("'")[0].split('"')[0].strip() for part in words if not part.startswith("post "))[:60]


def pieces(target: str, seed: int, until: float) -> Iterator[Piece]:
    """Piece after piece until a moment of the monotonic clock."""
    first = 0
    while time.monotonic() < until:
        yield Piece(target, seed, first, first + TOGETHER)
        first += TOGETHER


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("target", choices=sorted(TARGETS))
    parser.add_argument("seconds", type=float)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--limit", type=float, default=10.0, help="seconds that a file may take")
    parser.add_argument("--finds", type=Path, help="folder that gets the files in which something is wrong, made small")
    options = parser.parse_args()
    name = TARGETS[options.target].name
    count = 0
    finds: dict[str, int] = {}
    again: list[Piece] = []
    todo = pieces(options.target, options.seed, time.monotonic() + options.seconds)
    for outcome in watched(work, todo, options.jobs, options.limit * 10):
        piece = outcome.given
        count += piece.last - piece.first
        if outcome.result is None:
            again.extend(piece._replace(first=at, last=at + 1) for at in range(piece.first, piece.last))
        for number, mistake in outcome.result or ():
            kind = _kind(mistake)
            finds[kind] = finds.get(kind, 0) + 1
            if finds[kind] == 1:
                data = shrunk(name, made(options.target, options.seed, number), kind)
                print(f"WRONG {options.target} {number}: {mistake[:200]}\n      {data[:300]!r}", flush=True)
                _keep(options.finds, f"{options.target}-{number}{os.path.splitext(name)[1]}", data)
    for alone in watched(work, again, options.jobs, options.limit):
        if alone.result is None:
            finds[alone.failure] = finds.get(alone.failure, 0) + 1
            data = made(options.target, options.seed, alone.given.first)
            print(f"FAILED {options.target} {alone.given.first}: {alone.failure}\n      {data[:300]!r}", flush=True)
            _keep(options.finds, f"{options.target}-{alone.given.first}{os.path.splitext(name)[1]}", data)
    wrongs = f"{sum(finds.values())} wrong, of {len(finds)} kinds"
    print(f"{options.target}: {count:,} files in {options.seconds:.0f} s; {wrongs}")
    sys.exit(1 if finds else 0)


def _keep(folder: Path | None, name: str, data: bytes) -> None:
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)


if __name__ == "__main__":
    main()
