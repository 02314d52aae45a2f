"""Check: a suppression comment that suppresses nothing, because it names no rule that there is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from postlint import suppressions
from postlint.errors import nearest
from postlint.needs import Guarded, Needs
from postlint.post import Post
from postlint.rules import Inspect, Options, all_rules
from postlint.violations import Finding


def bind(options: Options, as_of: date) -> Inspect:
    """Values: `selector` and `hint`, the nearest one that there is. Variants: "unknown", and "empty" for none named."""

    def inspect(post: Post) -> Iterator[Finding]:
        # Comments belong to the file, and the first of its posts speaks for it.
        if post.number:
            return
        for selector, start, end in suppressions.find(post.source).unknown:
            rules = all_rules()
            hint = nearest(selector, [*rules, *(rule.name for rule in rules.values())]) if selector else ""
            values = {"selector": selector, "hint": hint}
            yield Finding(start, end, values, variant="unknown" if selector else "empty")

    return Guarded(inspect, Needs(literals=frozenset({suppressions.MARK})))
