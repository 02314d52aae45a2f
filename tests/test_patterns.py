"""Patterns of users: what could keep a run busy for ever is refused, and what is harmless is not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings, strategies

from postlint import pattern_costs, patterns, rules
from postlint.checks import phrase
from postlint.errors import UserError
from postlint.readers import read

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
    r"(?:\[[a-z]+\])*",
    r"{}+",
    r"\u00e9+(?:\n-x+)*",
    # One repetition of anything besides the search itself, and whatever is kept apart from it.
    r"\w+@",
    r".*foo",
    r"foo.*bar",
    r"^.*\.$",
    r"\w+\s+,",
    r"[a-z]*;[0-9]*;x",
    r"<[^>]*>[a-z]*;",
    r"\w+ \w+ \w+\.",
    r"a{0,40}a{0,40}b",
    r".{0,80}foo.{0,80}bar",
    # What stands before a space can't be shared out with what stands behind it.
    r"\bnot\s+publish\s+[\w\s]{0,40}?review",
    r"(?:one|two)\s+(?:three|four)\s+five",
    r"(?:the|then|there) .{0,60}x",
    r"\w+ly\b(?=\s*[,.])",
    r"(?=.*x)y",
    r"(?:colou?r|gr[ae]y)s?\b",
    r"[^.!?]{0,160}foo[^.!?]{0,160}",
    r"a*+a*+b",
    # Nothing after it can fail, so nothing is tried again.
    r"foo.*.*",
    r"(?:light|lighter|lightweight|[a-z]+ly) .{0,60}x",
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


SHARING = [
    (r".*foo.*bar", ".*", ".*"),
    (r"\w*\w*x", r"\w*", r"\w*"),
    (r"(a+){1,3}b", "a+", "a+"),
    (r"(?:a{0,5}){0,12}b", "a{0,5}", "a{0,5}"),
    (r"(?:.*,){3}x", ".*", ".*"),
    (r".*,.*,x", ".*", ".*"),
    (r"\s*\n\s*\n\s*x", r"\s*", r"\s*"),
    (r"\w+.{0,60}x", r"\w+", ".{0,60}"),
    (r"(?s:a.*b.*c)", ".*", ".*"),
    (r"(?:x|y.*z.*)w", ".*", ".*"),
    (r"foo\s+[\w\s]{1,30}\s+bar", r"\s+", r"\s+"),
    (r"\w*(?=\w*\w*-)", r"\w*", r"\w*"),
    (r"(?:a|a)+b", "|", "|"),
    (r"(?:a|ab?)+c", "|", "|"),
    (r"(?:a?){30}a{30}", "a?", "a?"),
    ("a?" * 30 + "a" * 30, "a?", "a?"),
    (r"(\w)*\1*\1*x", r"(\w)*", r"\1*"),
    (r"(?:\w{0,20} ?){0,6}x", r"\w{0,20}", r"\w{0,20}"),
]


@pytest.mark.parametrize(("pattern", "one", "other"), SHARING)
def test_parts_that_share_characters_out_are_refused(pattern: str, one: str, other: str) -> None:
    re.compile(pattern)
    with pytest.raises(UserError) as caught:
        patterns.compiled(pattern, 0, "here: ")
    words = f'here: the pattern "{pattern}" lets "{one}" and "{other}" share out the same characters in too many ways'
    assert str(caught.value).startswith(words)


@pytest.mark.parametrize("pattern", ["(?x) a b", "x" * 5001, "(?:" * 60 + "a+" + "){0,9}" * 60])
def test_patterns_that_are_not_looked_through_are_refused(pattern: str) -> None:
    with pytest.raises(UserError):
        patterns.compiled(pattern, 0, "")


def ways(pattern: str, text: str) -> int:
    """How many characters are matched in trying all ways from every start: by a matcher without any short cut."""
    alternatives = pattern_costs.alternatives(pattern)
    steps = 0

    def ends(parts: list[pattern_costs.Part], place: int) -> Iterator[int]:
        if not parts:
            yield place
            return
        part, *rest = parts
        for middle in repeated(part, place, 0):
            yield from ends(rest, middle)

    def repeated(part: pattern_costs.Part, place: int, times: int) -> Iterator[int]:
        if times >= part.least:
            yield place
        if times < part.most:
            for middle in once(part, place):
                if middle > place:
                    yield from repeated(part, middle, times + 1)

    def once(part: pattern_costs.Part, place: int) -> Iterator[int]:
        nonlocal steps
        if part.groups:
            for parts in part.groups:
                yield from ends(parts, place)
        elif re.compile(part.text).fullmatch(text, place, place + 1):
            steps += 1
            yield place + 1

    for start in range(len(text)):
        for parts in alternatives:
            for _ in ends(parts, start):
                pass
    return steps


PLAIN = [pattern for pattern in HARMLESS if not re.search(r"\\[bu1]|\(\?[^:]|[$^{]|\+\+|\*\+|\.\*\.\*", pattern)]


@pytest.mark.parametrize("pattern", PLAIN)
@pytest.mark.parametrize("text", ["a", "ab", "a,", "a ", ",1", "foo", "; ", "<>", "(a)", "[a]", "1."])
def test_the_ways_of_harmless_patterns_grow_with_the_square_of_a_text(pattern: str, text: str) -> None:
    short, long = ways(pattern, text * 8), ways(pattern, text * 16)
    assert long <= 5 * short + 100


def test_the_ways_of_others_grow_faster() -> None:
    for pattern, text in ((r".*a.*b", "a"), (r"\w*\w*x", "a"), (r"(?:\w* ?)*x", "a")):
        assert ways(pattern, text * 16) > 6 * ways(pattern, text * 8), pattern


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


@settings(max_examples=200, deadline=None)
@given(
    text=strategies.text("ab \n", max_size=120), pattern=strategies.sampled_from([r"ab+", r"\bb", r"^a", r"a\n", "b$"])
)
def test_pieces_hide_nothing_that_is_not_longer_than_their_overlap(text: str, pattern: str) -> None:
    compiled = re.compile(pattern, re.MULTILINE)
    whole = [match.span() for match in compiled.finditer(text)]
    longest = max((end - start for start, end in whole), default=0)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(patterns, "PIECE", longest + 8)
        patch.setattr(patterns, "OVERLAP", longest + 2)
        assert [match.span() for match in patterns.find_all(compiled, text)] == whole
        first = patterns.find_first(compiled, text)
        assert (first.span() if first else None) == (whole[0] if whole else None)


def test_a_long_text_is_never_searched_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patterns, "PIECE", 40)
    monkeypatch.setattr(patterns, "OVERLAP", 10)
    whole = "x" * 30 + " moa " + "x" * 200 + " moa"
    # All of it would match at once: what is found ends with its piece.
    spans = [match.span() for match in patterns.find_all(re.compile("x.*"), whole)]
    assert max(end - start for start, end in spans) <= 40
    bound: Any = phrase.bind({"patterns": ["x moa"]}, date(2026, 11, 20))
    (post,) = read("a.md", whole.encode())
    assert [finding.start for finding in bound(post)] == [29, 234]
