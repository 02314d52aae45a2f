"""The fixes that the violations of a report have: their posts are read again for them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import cache
from importlib import import_module
from itertools import groupby
from typing import cast

from postlint import readers
from postlint.fixes.edit import Edit, Target
from postlint.loading import Load
from postlint.post import Lines, Location, Post
from postlint.readers.source import decode
from postlint.rules import AutoFix, Rule
from postlint.violations import Fix, FixEdit, Violation

_Edits = Callable[[Post, Target, Mapping[str, object]], Iterable[Edit]]


def with_fixes(violations: Iterable[Violation], rules: Mapping[str, Rule], load: Load) -> list[Violation]:
    """Violations, which come in order of files, with their fixes.

    There are none in files that hold many posts, are no valid text, or can't be read.
    """
    found: list[Violation] = []
    for path, some in groupby(violations, key=lambda violation: violation.path):
        of_file = list(some)
        if any(_autofix(violation, rules) for violation in of_file):
            source = _post(path, load)
            if source is not None:
                lines = Lines(source.source)
                of_file = [_with_fix(violation, _autofix(violation, rules), source, lines) for violation in of_file]
        found.extend(of_file)
    return found


def _autofix(violation: Violation, rules: Mapping[str, Rule]) -> AutoFix | None:
    rule = rules.get(violation.code)
    return rule.autofix if rule is not None else None


def _post(path: str, load: Load) -> Post | None:
    """The post of a file whose source is all of the text of the file; None where there is no such post."""
    if not readers.module_of(path) or readers.is_container(path):
        return None
    try:
        data = load(path)
    except OSError:
        return None
    decoded = decode(data)
    if isinstance(decoded, str) or decoded[1]:
        return None
    posts = readers.read(path, data)
    return posts[0] if len(posts) == 1 and posts[0].source == decoded[0] else None


def _with_fix(violation: Violation, autofix: AutoFix | None, post: Post, lines: Lines) -> Violation:
    if autofix is None:
        return violation

    def offset(location: Location) -> int:
        return lines.row_start(location.row) + location.column - 1

    at = Target(
        offset(violation.location),
        offset(violation.end_location),
        violation.data,
        [
            (offset(place.location), offset(place.end_location))
            for place in violation.related
            if place.path == violation.path
        ],
    )
    if not _is_at(violation.quote, post.source[at.start : at.end]):
        # The file is not what it was when the violation was found.
        return violation
    edits = [
        FixEdit(*edit, lines.location(edit.start), lines.location(edit.end))
        for edit in _module(autofix.edit)(post, at, autofix.parameters)
    ]
    return replace(violation, fix=Fix(autofix.safety, tuple(edits))) if edits else violation


def _is_at(quote: str, text: str) -> bool:
    line = " ".join(text.split())
    return line.startswith(quote[:-1]) if quote.endswith("…") else line == quote


@cache
def _module(name: str) -> _Edits:
    return cast(_Edits, import_module(f"postlint.fixes.{name}").edits)
