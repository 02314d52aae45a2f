"""Meta fields that a post of this house must have."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from postlint.checks.conditions import is_empty
from postlint.meta import SYNONYMS, fold_key
from postlint.post import Post
from postlint.rules import Inspect, Options
from postlint.violations import Finding


def bind(options: Options, as_of: date) -> Inspect:
    """`required` names model fields, or keys in any spelling. A post without any meta is not judged."""
    required = [(name, _field(name)) for name in options["required"]]

    def inspect(post: Post) -> Iterator[Finding]:
        if not post.meta:
            return
        for name, field in required:
            if not _has(post, name, field):
                start, end = post.anchor
                yield Finding(start, end, {"field": name})

    return inspect


def _field(name: str) -> str:
    """The model field that a name means: a field's own name, or a synonym; empty where it is a key of the house."""
    folded = fold_key(name)
    if name in SYNONYMS:
        return name
    return next((field for field, keys in SYNONYMS.items() if folded in keys), "")


def _has(post: Post, name: str, field: str) -> bool:
    if field == "title" and post.title is not None:
        return True
    if field:
        return any(not is_empty(entry) for entry in post.meta.all(field))
    folded = ".".join(fold_key(part) for part in name.split("."))
    return any(
        (entry.name == folded or entry.name.startswith(f"{folded}.")) and not is_empty(entry) for entry in post.meta
    )
