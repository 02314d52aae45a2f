"""Markdown posts, with or without front matter."""

from __future__ import annotations

from collections.abc import Sequence

from postlint.lazy_pattern import lazy_pattern
from postlint.post import Post, Problem, Text
from postlint.readers import unreadable
from postlint.readers.events import read_body
from postlint.readers.frontmatter import read_front_matter
from postlint.readers.mask import mask
from postlint.readers.meta_images import images_of, title_of
from postlint.readers.source import decode

_LONE_RETURN = lazy_pattern(r"\r(?!\n)")


def read(path: str, data: bytes) -> list[Post]:
    """The one post of a Markdown file."""
    decoded = decode(data)
    if isinstance(decoded, str):
        return [unreadable(path, decoded)]
    return [read_text(path, *decoded)]


def read_text(path: str, source: str, problems: Sequence[Problem] = ()) -> Post:
    """The post that a Markdown text is, wherever it stood."""
    front = read_front_matter(source)
    # The parser takes a lone carriage return for a line end in some places and not in others.
    lines = _LONE_RETURN.sub("\n", source) if source.count("\r") != source.count("\r\n") else source
    masked = mask(lines, front.body, is_mdx=path.lower().endswith(".mdx"))
    body = read_body(source, masked.text, front.body, masked.holes)
    for start, end, language in masked.code:
        code = source[start:end].strip("\r\n")
        if code:
            start = source.index(code, start)
            body.add_code([(code, start, start + len(code))], language)
    for start, end in masked.figures:
        body.html_reader().shortcode(source[start:end], start, end)
    for start, end in masked.preformatted:
        body.html_reader().block([(source[start:end], start, end)], False, source)
    if masked.code or masked.figures or masked.preformatted:
        body.blocks.sort(key=lambda block: block.start)
        body.images.sort(key=lambda image: image.start)
    # The two hold each other; without that a post is gone as soon as nobody needs it.
    body.html = None
    title = title_of(front.meta)
    if title is None:
        for block in body.blocks:
            if block.kind == "heading" and block.level == 1:
                title = Text(block.text, block.start, block.end)
                break
    return Post(
        path,
        "markdown",
        source,
        title=title,
        meta=front.meta,
        blocks=body.blocks,
        images=[*images_of(front.meta), *body.images],
        links=body.links,
        problems=[*problems, *front.problems],
    )
