"""Meta fields that a post of this house must have."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from postlint.checks.conditions import is_empty
from postlint.meta import SYNONYMS, fold_key
from postlint.post import Post
from postlint.rules import Inspect, Options
from postlint.shapes import Shape, gives, words
from postlint.violations import Finding

_OF_AN_ARTICLE = ("published", "created", "status", "author", "reviewed", "views")
_OTHER_NAMES = ("title", "name", "heading", "subject", "key")


SHAPE = Shape(
    scope="post",
    takes={
        "required": words("Fields, or keys in any spelling; a dot leads into a mapping."),
    },
    gives=gives("fields"),
)


def bind(options: Options, as_of: date) -> Inspect:
    """`required` names model fields, or keys in any spelling. A file without meta, or without a text, is not judged."""
    required = [(name, _field(name)) for name in options["required"]]

    def inspect(post: Post) -> Iterator[Finding]:
        if not post.meta or not post.blocks:
            return
        missing = [name for name, field in required if not _has(post, name, field)]
        if missing:
            start, end = post.anchor
            yield Finding(start, end, {"fields": missing})

    return inspect


def _field(name: str) -> str:
    """The model field that a name means: a field's own name, or a synonym; empty where it is a key of the house."""
    folded = fold_key(name)
    if name in SYNONYMS:
        return name
    return next((field for field, keys in SYNONYMS.items() if folded in keys), "")


def _has(post: Post, name: str, field: str) -> bool:
    if field == "title" and (post.title is not None or not _wants_title(post)):
        return True
    if field:
        return any(not is_empty(entry) for entry in post.meta.all(field))
    folded = ".".join(fold_key(part) for part in name.split("."))
    return any(
        (entry.name == folded or entry.name.startswith(f"{folded}.")) and not is_empty(entry) for entry in post.meta
    )


def _wants_title(post: Post) -> bool:
    """Whether a post looks like an article and has no name of another kind.

    Sites are full of fragments, author pages and stubs with a few keys and no title, and of themes with a key of their
    own for it.
    """
    meta = post.meta
    if not any(meta.get(field) for field in _OF_AN_ARTICLE) or next(post.of_kind("paragraph"), None) is None:
        return False
    return not any(word in fold_key(entry.key) for entry in meta for word in _OTHER_NAMES)
