"""Small builders that several tests share: posts of given paragraphs, and corpora of such posts."""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from itertools import zip_longest
from pathlib import Path

from postlint.corpus import Corpus
from postlint.facts import Digest, digest
from postlint.joining import join
from postlint.post import Block, Post, Text
from postlint.store import Store

# Names with no words in common: no two posts are one page or one series.
NAMES = [
    first + second for first in ("ba", "de", "fi", "go", "hu") for second in ("lan", "mer", "nos", "pik", "rud", "sto")
]


def post(name: str, paragraphs: Sequence[str], title: str = "") -> Post:
    """A post whose source is its paragraphs, a blank line between them; its title, if any, stands nowhere."""
    source = "\n\n".join(paragraphs)
    blocks = []
    offset = 0
    for text in paragraphs:
        blocks.append(Block("paragraph", text, offset, offset + len(text)))
        offset += len(text) + 2
    return Post(f"{name}.md", "markdown", source, blocks=blocks, title=Text(title, 0, 0) if title else None)


def corpus(
    texts: Sequence[Sequence[str]],
    batch: int = 3,
    store: Path | None = None,
    names: Sequence[str] = NAMES,
    titles: Sequence[str] = (),
) -> Corpus:
    """The corpus of posts of paragraphs, digested `batch` at a time and sent through their serialised form."""
    made = zip_longest(names[: len(texts)], texts, titles, fillvalue="")
    posts = sorted((post(*parts) for parts in made), key=lambda item: item.path)
    by_path = {item.path: [item] for item in posts}
    file = Store(str(store)) if store is not None else None
    batches = [posts[start : start + batch] for start in range(0, len(posts), batch)]
    parts: list[Digest] = [pickle.loads(pickle.dumps(digest(posts, file))) for posts in batches]
    return Corpus(join(parts), by_path.__getitem__)
