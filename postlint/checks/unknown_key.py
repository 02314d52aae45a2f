"""Check: a meta key that is none of the keys known, with the nearest that is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from postlint.meta import SYNONYMS, fold_key
from postlint.post import Post
from postlint.rules import Inspect, Options
from postlint.shapes import Shape, gives, optional, percent, words
from postlint.suppressions import KEY
from postlint.violations import Finding

SHAPE = Shape(
    scope="post",
    takes={
        "common-keys": optional(words("Keys that sites commonly have."), []),
        "known-keys": optional(words("Keys of this house."), []),
        "min-likeness": percent("From here on a known key is spelled alike."),
    },
    gives=gives(near="key known", unknown="key known"),
)


def bind(options: Options, as_of: date) -> Inspect:
    """Values: `key`, and of "near" `known`. Variants: "near" where a known key is spelled alike, else "unknown"."""
    likeness = options["min-likeness"]
    known = {fold_key(key) for keys in SYNONYMS.values() for key in keys}
    known.add(KEY)
    known.update(fold_key(key) for key in (*options["common-keys"], *options["known-keys"]))
    ordered = sorted(known)

    @lru_cache(maxsize=4096)
    def nearest(key: str) -> str:
        from rapidfuzz import fuzz, process

        found = process.extractOne(key, ordered, scorer=fuzz.ratio, score_cutoff=likeness)
        return str(found[0]) if found else ""

    def inspect(post: Post) -> Iterator[Finding]:
        seen = set()
        for entry in post.meta.entries:
            written = str(entry.path[0])
            key = fold_key(written)
            if key in known or key in seen:
                continue
            seen.add(key)
            # Of a mapping or list only the first value is here; its own key stands nowhere else.
            start, end = (entry.key_start, entry.key_end) if len(entry.path) == 1 else (entry.start, entry.end)
            near = nearest(key)
            yield Finding(start, end, {"key": written, "known": near}, variant="near" if near else "unknown")

    return inspect
