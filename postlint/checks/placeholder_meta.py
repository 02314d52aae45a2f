"""Meta values that stand where a value should: `TBD`, `undefined`, `[object Object]`, an unfilled `{{title}}`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from postlint.meta import Entry
from postlint.needs import Guarded, Needs, one_of
from postlint.post import Post
from postlint.rules import Inspect, Options
from postlint.shapes import Shape, gives, words
from postlint.violations import Finding

# Fields that readers see or that address the post. Tags and categories may be called "test" or "todo" in good faith.
_FIELDS = ("title", "seo_title", "summary", "author", "slug", "url", "image", "image_alt", "topic")
# Where a person writes "none" to say that there is none; in the others it is a program's word for nothing.
_MAY_BE_NONE = frozenset({"image", "image_alt", "slug", "url", "topic", "seo_title"})
_NOTHING = frozenset({"none", "null", "n/a", "nan", "nil"})
_TEMPLATE = re.compile(r"(?:\{\{\s*[a-z_]+\s*\}\}|\{[a-z_]+\}|%s|%\([a-z_]+\)s|\$\{[A-Za-z_]+\}|<[a-z_]+>)")
# Files that are made to be filled: archetypes, layouts, scaffolds.
_SCAFFOLD = re.compile(
    r"(?:^|/)(?:(?:_?layouts?|_?includes?|_?templates?|archetypes|scaffolds?)/|_?(?:post[-_])?template\.\w+$)",
    re.IGNORECASE,
)
# Words that a program writes for nothing, and that a glossary may explain.
_TERMS = frozenset({"string"})
_NAMES = frozenset({"title", "seo_title", "slug", "topic"})


SHAPE = Shape(
    scope="post",
    takes={
        "values": words("Values that stand for none."),
    },
    gives=gives("key", "value"),
)


def bind(options: Options, as_of: date) -> Inspect:
    """`values`: what is a placeholder as a whole value, in any case."""
    values = frozenset(value.casefold() for value in options["values"])

    def inspect(post: Post) -> Iterator[Finding]:
        for field in _FIELDS:
            for entry in post.meta.all(field):
                # The longest placeholder is short, and most values are not.
                if len(entry.value) <= 60 and _is_placeholder(entry, field, values) and not _SCAFFOLD.search(post.path):
                    yield Finding(entry.start, entry.end, {"key": " ".join(entry.key.split()), "value": entry.value})

    return Guarded(inspect, Needs(fields=one_of(*_FIELDS)))


def _is_placeholder(entry: Entry, field: str, values: frozenset[str]) -> bool:
    value = entry.value.strip().casefold()
    if value in values:
        return not (value in _TERMS and field in _NAMES)
    if value in _NOTHING:
        # Unquoted, YAML's null says in good order that there is nothing.
        return field not in _MAY_BE_NONE and (entry.quoted or value not in ("null", "none"))
    return field not in ("slug", "url") and _TEMPLATE.fullmatch(entry.value.strip()) is not None
