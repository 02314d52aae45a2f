"""Which rules a post is shown to: those that could find something in it, by what they say they need."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

from postlint.needs import Guarded, Needs, needs_of, parts_of, values_of
from postlint.post import Post
from postlint.rules import Inspect
from postlint.scan import scanner
from postlint.violations import Finding

Dispatch = Callable[[Post], Iterator[tuple[str, Finding]]]
"""A post to what all rules find in it, each finding with its rule's code, in order of the rules."""

_Perhaps = dict[frozenset[str], list[tuple[int, Needs]]]
"""The parts that need certain values, by the fields that these stand in."""


def dispatcher(inspections: Sequence[tuple[str, Inspect]], with_numpy: bool = False) -> Dispatch:
    """The one function that shows a post to rules. It gives what asking each of them would give."""
    parts = [(code, part) for code, inspect in inspections for part in parts_of(inspect)]
    # A rule that does not say what it needs is asked for every post.
    needs = [needs_of(part) for _, part in parts]
    asked = [(code, part.inspect if isinstance(part, Guarded) else part) for code, part in parts]
    scan = scanner(needs, with_numpy)

    # The posts of a site have few shapes.
    @lru_cache(maxsize=1024)
    def numbers_of(fields: frozenset[str], images: bool, problems: bool) -> tuple[list[int], _Perhaps]:
        """Which parts have what they need, and which have the fields that they need certain values in."""
        sure: list[int] = []
        perhaps: _Perhaps = {}
        for number, need in enumerate(needs):
            if need is None or need.met_by(frozenset() if need.values else fields, images, problems):
                sure.append(number)
            elif need.met_by(fields, images, problems):
                perhaps.setdefault(frozenset().union(*need.fields), []).append((number, need))
        return sure, perhaps

    def dispatch(post: Post) -> Iterator[tuple[str, Finding]]:
        numbers, perhaps = numbers_of(post.meta.fields, bool(post.images), bool(post.problems))
        found = scan(post.source)
        for fields, wanted in perhaps.items():
            # Many rules look at the same fields.
            values = values_of(post.meta, fields)
            found.update([number for number, need in wanted if need.met_by_values(values)])
        if found:
            numbers = sorted(found.union(numbers))
        for number in numbers:
            code, inspect = asked[number]
            for finding in inspect(post):
                yield code, finding

    return dispatch
