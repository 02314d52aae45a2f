"""How much there is to read in a post, counted the narrow and the wide way: tools differ, and neither is wrong."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from postlint.canonical import count_words
from postlint.post import Post


class BodyCounts(NamedTuple):
    """`prose_words` are those of paragraphs; `words` those of everything, the title, captions and code included.

    `paragraphs` are paragraphs of prose; `pieces` also list items, quotes, headings and code blocks.
    """

    prose_words: int
    words: int
    paragraphs: int
    pieces: int
    images: int


@lru_cache(maxsize=4)
def body_counts(post: Post) -> BodyCounts:
    """Count a post's body. Kept for the last few posts: several rules ask for the same one."""
    prose = "\n".join([block.text for block in post.blocks if block.kind == "paragraph"])
    rest = "\n".join([block.text for block in post.blocks if block.kind != "paragraph"])
    prose_words = count_words(prose)
    title_words = count_words(post.title.value) if post.title is not None else 0
    return BodyCounts(
        prose_words=prose_words,
        words=prose_words + count_words(rest) + title_words,
        paragraphs=sum(block.kind == "paragraph" for block in post.blocks),
        pieces=sum(block.kind not in ("table_cell", "caption") for block in post.blocks),
        images=sum(image.origin == "body" for image in post.images),
    )
