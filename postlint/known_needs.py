"""What the rules need, as an earlier run was told: a rule that a post can't concern is not even made ready."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any, cast

from postlint import program, rule_cache, user_cache
from postlint.needs import Guarded, InParts, Needs, needs_of, parts_of
from postlint.post import Post
from postlint.rules import Inspect, Rule, folder
from postlint.violations import Finding

Parts = tuple[Needs | None, ...]
"""What each part of a rule needs; None where it says nothing."""


def inspections(rules: Iterable[Rule], as_of: date) -> list[tuple[str, Inspect]]:
    """Rules that look at one post at a time and have their default options, each as its check bound to these.

    Where it is known what a rule needs, its check is imported and bound when it is first called.
    """
    files = rule_cache.key_of(folder())
    known = _read(files)
    found: list[tuple[str, Inspect]] = []
    learnt: dict[str, Parts] = {}
    for rule in rules:
        if rule.code in known:
            found.append((rule.code, _when_called(rule, known[rule.code], as_of)))
        else:
            inspect = cast(Inspect, rule.bind({}, as_of))
            learnt[rule.code] = tuple(map(needs_of, parts_of(inspect)))
            found.append((rule.code, inspect))
    if learnt:
        _write(files, {**known, **learnt})
    return found


def _when_called(rule: Rule, needs: Parts, as_of: date) -> Inspect:
    @cache
    def parts() -> tuple[Inspect, ...]:
        return parts_of(cast(Inspect, rule.bind({}, as_of)))

    def part(number: int) -> Inspect:
        def inspect(post: Post) -> Iterable[Finding]:
            return parts()[number](post)

        return inspect

    return InParts(
        tuple(part(number) if need is None else Guarded(part(number), need) for number, need in enumerate(needs))
    )


def _read(files: rule_cache.Key) -> dict[str, Parts]:
    """What is known of the rules of these files, in this state of the program."""
    kept: Mapping[str, Sequence[Any]] = (
        user_cache.read(rule_cache.name_of("needs", files), (program.state(), files)) or {}
    )
    return {code: tuple(None if said is None else Needs(*said) for said in parts) for code, parts in kept.items()}


def _write(files: rule_cache.Key, needs: Mapping[str, Parts]) -> None:
    if rule_cache.is_settled(files) and program.state()[1] <= time.time_ns() - user_cache.SETTLED_AFTER:
        plain = {code: tuple(None if part is None else tuple(part) for part in parts) for code, parts in needs.items()}
        user_cache.write(rule_cache.name_of("needs", files), (program.state(), files), plain)
