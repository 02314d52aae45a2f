"""Suppressions that an editor can write: comments that cover a violation and change nothing of the post."""

from __future__ import annotations

from collections.abc import Iterator
from os.path import splitext
from typing import NamedTuple

from postlint import readers
from postlint.post import Lines, Post
from postlint.readers.frontmatter import read_front_matter
from postlint.suppressions import of_post
from postlint.violations import Violation

BOM = "\ufeff"


class Suppression(NamedTuple):
    """A line to be put before a row of the text, and what it does in words."""

    title: str
    offset: int
    """In code points of the text, its byte order mark included."""
    text: str


def suppressions(path: str, text: str, violation: Violation) -> Iterator[Suppression]:
    """Lines that would suppress a violation where it is, and in the whole file; those that would do nothing else."""
    before = _post(path, text)
    if before is None:
        return
    mark = len(text) - len(text.removeprefix(BOM))
    lines = Lines(before.source)
    start = lines.row_start(violation.location.row) + violation.location.column - 1
    end_of_line = _line_end(before.source)
    for title, offset, words in _places(path, before, lines, start, violation):
        found = Suppression(title, offset + mark, words + end_of_line)
        if _is_harmless(path, text, before, found, start, violation.code):
            yield found


def _places(path: str, post: Post, lines: Lines, start: int, violation: Violation) -> Iterator[tuple[str, int, str]]:
    code = violation.code
    comment = "{{/* postlint: {} {} */}}" if splitext(path)[1].lower() == ".mdx" else "<!-- postlint: {} {} -->"
    body = read_front_matter(post.source).body
    in_meta = start < body
    takes_hashes = body > 0 and post.source.lstrip().startswith(("---", "+++"))
    if in_meta:
        if takes_hashes:
            row_start = lines.row_start(violation.location.row)
            indent = post.source[row_start:start]
            indent = indent[: len(indent) - len(indent.lstrip())]
            yield f"Suppress {code} on this line", row_start, f"{indent}# postlint: ignore {code}"
    else:
        offset = _block_start(lines, violation.location.row, body)
        yield f"Suppress {code} on this block", offset, comment.format("ignore", code)
    if takes_hashes:
        first = post.source.index("---" if post.source.lstrip().startswith("---") else "+++")
        offset = lines.row_start(lines.location(first).row + 1)
        yield f"Suppress {code} in this file", offset, f"# postlint: ignore-file {code}"
    else:
        yield f"Suppress {code} in this file", body, comment.format("ignore-file", code)


def _block_start(lines: Lines, row: int, body: int) -> int:
    """The offset of the first row of the stretch without blank rows that a row is in."""
    while row > 1 and lines.row_start(row) > body and lines.row_text(row - 1).strip():
        row -= 1
    return max(lines.row_start(row), body)


def _is_harmless(path: str, text: str, before: Post, line: Suppression, start: int, code: str) -> bool:
    """Whether a post with a line put into it says the same as before, and has the violation covered."""
    after = _post(path, text[: line.offset] + line.text + text[line.offset :])
    if after is None or _said(after) != _said(before):
        return False
    mark = len(text) - len(text.removeprefix(BOM))
    moved = start + len(line.text) if line.offset - mark <= start else start
    known = of_post(before)
    return (
        any(
            code in request.selectors and request.covered[0] <= moved < request.covered[1]
            for request in of_post(after)
            if request.action == "ignore"
        )
        and len(of_post(after)) == len(known) + 1
    )


def _said(post: Post) -> object:
    meta = [(entry.path, entry.value) for entry in post.meta]
    blocks = [(block.kind, block.text) for block in post.blocks]
    images = [image.url and image.url.value for image in post.images]
    return meta, blocks, images, [problem.kind for problem in post.problems]


def _post(path: str, text: str) -> Post | None:
    """The post of a text; None where it is none, or one whose source is not the text as it stands."""
    if not readers.module_of(path) or readers.is_container(path):
        return None
    posts = readers.read(path, text.encode("utf-8", "replace"))
    if len(posts) != 1 or posts[0].format == "unreadable" or len(posts[0].source) != len(text.removeprefix(BOM)):
        return None
    return posts[0]


def _line_end(source: str) -> str:
    row = source.find("\n")
    if row < 0:
        return "\r" if "\r" in source else "\n"
    return "\r\n" if source[:row].endswith("\r") else "\n"
