"""Patterns of users: what could keep a run busy for ever is refused, and what is harmless is not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from postlint import patterns, rules
from postlint.errors import UserError

HARMLESS = [
    "",
    "plain words",
    "%[A-Z]+%",
    r"\bv?[0-9]+(?:\.[0-9]+)*\b",
    r"[a-z]+(?:,[0-9]+)+",
    r"(?:\w+\s){0,8}?end",
    r"(?:ab?c)+",
    r"(?:foo|bar)+",
    r"\(a+\)+",
    r"[(a+)]+",
    r"[]a+)(]*",
    r"a{2}(?:b{2})+",
    r"(?P<name>x)+(?P=name)",
    r"(?i:a|b)*",
    r"(a+){1,3}",
    r"(?:\[[a-z]+\])*",
    r"{}+",
    r"\u00e9+(?:\n-x+)*",
]
HANGING = [
    (r"(a+)+b", "(a+)"),
    (r"(?:a*)*b", "(?:a*)"),
    (r"^(\w+\s*)+$", r"(\w+\s*)"),
    (r"(?:a|b+)*c", "(?:a|b+)"),
    (r"x(?:(?:a+))+y", "(?:(?:a+))"),
    (r"(?P<word>[a-z]+)*1", "(?P<word>[a-z]+)"),
    (r"(a+){2,}b", "(a+)"),
    (r"(a+b{0,3})+c", "(a+b{0,3})"),
    (r"(a{1,50}){1,50}b", "(a{1,50})"),
    (r"((a+)b?)+c", "((a+)b?)"),
    (r"(?:aa+)+b", "(?:aa+)"),
    (r"(?:,.+)+;", "(?:,.+)"),
    (r"(?:\w\w+)+!", r"(?:\w\w+)"),
    (r"fine|(?:(x+x+)+y)", "(x+x+)"),
    (r"(?:a+?)+?b", "(?:a+?)"),
]


@pytest.mark.parametrize("pattern", HARMLESS)
def test_harmless_patterns_are_compiled(pattern: str) -> None:
    found = patterns.compiled(pattern, re.IGNORECASE, "")
    assert (found.pattern, found.flags & re.IGNORECASE) == (pattern, re.IGNORECASE)


@pytest.mark.parametrize(("pattern", "part"), HANGING)
def test_repeats_in_repeats_are_refused(pattern: str, part: str) -> None:
    re.compile(pattern)
    with pytest.raises(UserError) as caught:
        patterns.compiled(pattern, 0, "here: ")
    assert str(caught.value).startswith(f'here: the pattern "{pattern}" repeats "{part}", which repeats something')


def test_what_is_no_pattern_is_refused() -> None:
    with pytest.raises(UserError, match=r'here: the pattern "\(" is not valid: missing \)'):
        patterns.compiled("(", 0, "here: ")


def texts_of(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, item in value.items():
            if "pattern" in str(key) or str(key) in ("matches", "fails-to-match"):
                yield from (text for text in (item if isinstance(item, list) else []) if isinstance(text, str))
            else:
                yield from texts_of(item)
    elif isinstance(value, list):
        for item in value:
            yield from texts_of(item)


def test_the_rules_own_patterns_would_be_let_pass() -> None:
    found = {text for rule in rules.all_rules().values() for text in texts_of(rule.parameters)}
    assert len(found) > 50
    for pattern in found:
        patterns.compiled(pattern, re.MULTILINE, "")


@pytest.mark.parametrize(
    ("code", "options"),
    [
        ("REV012", {"extra-patterns": ["(a+)+%"]}),
        ("FMT005", {"page-files": "(a+)+%"}),
        ("FMT002", {"template-paths": "(a+)+%"}),
        ("MET041", {"patterns": ["(a+)+%"]}),
    ],
)
def test_every_option_that_is_a_pattern_is_looked_at(code: str, options: dict[str, Any]) -> None:
    assert set(options) <= set(rules.all_rules()[code].defaults())
    with pytest.raises(UserError, match="repeats something"):
        rules.all_rules()[code].bind(options, date(2026, 11, 20))
