"""Writes a seeded corpus of Markdown posts: python benchmarks/generate.py natural 100000 DIR --seed 1."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from articles import Article, markdown
from dense import dense
from extracted import extracted
from natural import Planted, natural
from template import template

KINDS = ("natural", "dense", "template", "extracted")
"""What corpora are like; those of "extracted" have the articles of "template", as a tool extracts their text."""
TRUTH = "truth.tsv"


def articles(kind: str, posts: int, seed: int) -> Iterator[tuple[Article, Planted | None]]:
    """The articles of a corpus by number, one at a time; with each planted copy, what it is a copy of."""
    if kind == "natural":
        yield from natural(posts, seed)
    else:
        made = {"dense": dense, "template": template, "extracted": template}[kind](posts, seed)
        yield from ((article, None) for article in made)


def texts(kind: str, posts: int, seed: int) -> tuple[list[str], list[Planted]]:
    """The prose of a corpus in memory, by number, and its planted pairs."""
    bodies, planted = [], []
    for article, pair in articles(kind, posts, seed):
        bodies.append(article.text)
        if pair is not None:
            planted.append(pair)
    return bodies, planted


def write(kind: str, posts: int, seed: int, folder: Path, numbered: bool = False) -> int:
    """Write a corpus as files and, where pairs are planted, its truth file; the number of bytes of the posts.

    The truth has one line a pair: paths of original and copy, Jaccard of the 5-grams of the whole texts and of those
    inside paragraphs, tab-separated, with a header. `numbered` files are called post-000017.md, not by their slug.
    FileExistsError if the folder holds anything.
    """
    if folder.exists() and any(folder.iterdir()):
        raise FileExistsError(f"{folder} is not empty")
    folder.mkdir(parents=True, exist_ok=True)
    size = 0
    paths: list[str] = []
    planted: list[Planted] = []
    for article, pair in articles(kind, posts, seed):
        path = f"{article.path.partition('/')[0]}/post-{article.number:06}.md" if numbered else article.path
        if kind == "extracted":
            path = path.removesuffix(".md") + ".txt"
        target = folder / path
        if article.number % 1000 == 0:
            target.parent.mkdir()
        data = (extracted if kind == "extracted" else markdown)(article).encode()
        target.write_bytes(data)
        size += len(data)
        paths.append(path)
        if pair is not None:
            planted.append(pair)
    if planted:
        lines = ["original\tcopy\twhole\twithin"]
        lines += [
            f"{paths[pair.original]}\t{paths[pair.copy]}\t{pair.whole:.6f}\t{pair.within:.6f}" for pair in planted
        ]
        (folder / TRUTH).write_text("\n".join(lines) + "\n")
    return size


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", choices=KINDS)
    parser.add_argument("posts", type=int)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--numbered", action="store_true", help="file names that are numbers, not slugs")
    arguments = parser.parse_args()
    try:
        size = write(arguments.kind, arguments.posts, arguments.seed, arguments.folder, arguments.numbered)
    except FileExistsError as error:
        parser.error(str(error))
    print(f"{arguments.posts} {arguments.kind} posts, {size / 1e6:.1f} MB, in {arguments.folder}")


if __name__ == "__main__":
    main()
