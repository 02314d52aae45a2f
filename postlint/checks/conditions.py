"""Conditions on a post's meta, written as data: read from a rule, checked for mistakes, made into plain functions."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from postlint.errors import UserError, nearest
from postlint.lazy_pattern import lazy_pattern
from postlint.meta import SYNONYMS, Entry, fold_key
from postlint.patterns import compiled, find_first, one_of
from postlint.post import Post
from postlint.rules import Options
from postlint.values import STATES, ParsedDate, parse_date, parse_flag, parse_number, parse_state

Values = dict[str, object]
Test = Callable[[Entry, Post], Values | None]
"""A test of one entry: None where it fails, else what it found out, for the rule's message."""
Whole = Callable[[Post], bool]
"""A test of the post as a whole."""

FIELDS = frozenset({*SYNONYMS, "post"})
DATE_KINDS = ("impossible", "not-a-date", "unclear", "special", "ambiguous")
_FOLDERS = lazy_pattern(r"(?:^|/)_?drafts/")
_NOTHING = frozenset({"", "~", "null", "none", "nil"})
_BEFORE_NOTHING = frozenset("~nN" + "".join(character for character in map(chr, range(0x3001)) if character.isspace()))
# A cache would hold on to longer ones.
_LONGEST_CACHED = 100


class Condition(NamedTuple):
    """What must hold of a field (some entry of it passes all tests, or there is none), or of the post as a whole."""

    field: str = ""
    tests: tuple[Test, ...] = ()
    absent: bool = False
    whole: Whole | None = None
    compared_with: frozenset[str] = frozenset()
    """The fields that the tests compare an entry with: where one is missing, they fail."""

    def passes(self, entry: Entry, post: Post) -> Values | None:
        """What the tests found out about an entry together; None where one of them fails."""
        found: Values = {}
        for test in self.tests:
            result = test(entry, post)
            if result is None:
                return None
            found.update(result)
        return found

    def holds(self, post: Post) -> tuple[bool, Entry | None, Values]:
        """Whether it holds of a post, by which entry, and what was found out."""
        if self.whole is not None:
            return self.whole(post), None, {}
        for entry in post.meta.all(self.field):
            if is_empty(entry):
                continue
            found = self.passes(entry, post)
            if found is not None:
                return not self.absent, entry, found
        return self.absent, None, {}


def is_empty(entry: Entry) -> bool:
    """Whether an entry has no value: nothing, or YAML's null."""
    value = entry.value
    if not value or entry.quoted:
        return not value
    # Nearly every value is told from null by its first character.
    return value[0] in _BEFORE_NOTHING and value.strip().casefold() in _NOTHING


def read_field(name: object, where: str) -> str:
    """A model field's name. Raises UserError, with the nearest one, where it is none."""
    if not isinstance(name, str) or name not in FIELDS:
        raise UserError(f'{where}: no meta field "{name}"{nearest(str(name), FIELDS)}')
    return name


def read_condition(raw: object, options: Options, as_of: date, where: str) -> Condition:
    """A condition out of its mapping. Raises UserError that says what is wrong with it.

    `{field: f}` alone says that the field has a value, `{field: f, present: false}` that it has none, any other key is
    a test from TESTS and all of them hold for one entry. `{draft: yes}` and `{option: name}` speak of no field.
    """
    if not isinstance(raw, Mapping):
        raise UserError(f"{where}: a condition is a mapping, not {raw!r}")
    if "option" in raw:
        switched_on = bool(_option(raw["option"], options, where))
        return Condition(whole=lambda post: switched_on)
    if "draft" in raw:
        wanted = _boolean(raw["draft"], where)
        return Condition(whole=lambda post: is_draft(post) is wanted)
    if "field" not in raw:
        raise UserError(f'{where}: a condition names a "field", an "option" or a "draft"')
    field = read_field(raw["field"], where)
    rest = {key: value for key, value in raw.items() if key not in ("field", "present", "by")}
    for key in rest:
        if key not in TESTS:
            raise UserError(f'{where}: unknown test "{key}"{nearest(str(key), TESTS)}')
    days = _days(raw.get("by", 0), options, where)
    tests = tuple(TESTS[key](value, days, options, as_of, where) for key, value in rest.items())
    compared_with = frozenset(str(rest[key]) for key in ("after", "before") if rest.get(key, "as-of") != "as-of")
    absent = not _boolean(raw.get("present", True), where)
    return Condition(field, tests, absent=absent, compared_with=compared_with)


def is_draft(post: Post) -> bool:
    """Whether a post says that it is not published: by its flag, its state or its folder."""
    meta = post.meta
    for entry in meta.all("draft"):
        if parse_flag(entry.value):
            return True
    for entry in meta.all("published"):
        if entry.value.strip().casefold() in ("false", "no"):
            return True
    for entry in meta.all("status"):
        if parse_state(entry.value) in ("draft", "review"):
            return True
    return _FOLDERS.search(post.path) is not None


def _boolean(value: object, where: str) -> bool:
    if not isinstance(value, bool):
        raise UserError(f"{where}: expected true or false, not {value!r}")
    return value


def _option(name: object, options: Options, where: str) -> Any:
    if not isinstance(name, str) or name not in options:
        raise UserError(f'{where}: no option "{name}"{nearest(str(name), options)}')
    return options[name]


def _number(value: object, options: Options, where: str) -> float:
    """A number, or the number of an option."""
    found = _option(value, options, where) if isinstance(value, str) else value
    if isinstance(found, bool) or not isinstance(found, (int, float)):
        raise UserError(f"{where}: expected a number, not {found!r}")
    return found


def _days(value: object, options: Options, where: str) -> int:
    found = _number(value, options, where)
    if not isinstance(found, int) or abs(found) > 10**6:
        raise UserError(f"{where}: expected a number of days, not {found!r}")
    return found


def _words(value: object, options: Options, where: str) -> list[str]:
    """A list of texts, or the list of an option."""
    found = _option(value, options, where) if isinstance(value, str) else value
    if not isinstance(found, (list, tuple)) or not all(isinstance(word, str) for word in found):
        raise UserError(f"{where}: expected a list of texts, not {found!r}")
    return list(found)


def _is(value: object, days: int, options: Options, as_of: date, where: str) -> Test:
    wanted = _boolean(value, where)
    return lambda entry, post: {} if parse_flag(entry.value) is wanted else None


def _state(value: object, days: int, options: Options, as_of: date, where: str) -> Test:
    states = frozenset(_words(value, options, where))
    for state in states:
        if state not in STATES:
            raise UserError(f'{where}: no state "{state}"{nearest(state, STATES)}')
    return lambda entry, post: {} if parse_state(entry.value) in states else None


def _one_of(value: object, days: int, options: Options, as_of: date, where: str) -> Test:
    words = frozenset(word.strip().casefold() for word in _words(value, options, where))
    return lambda entry, post: {} if entry.value.strip().casefold() in words else None


def _key(value: object, days: int, options: Options, as_of: date, where: str) -> Test:
    keys = frozenset(fold_key(key) for key in _words(value, options, where))
    return lambda entry, post: {} if fold_key(entry.key) in keys else None


def _inside(value: object, days: int, options: Options, as_of: date, where: str) -> Test:
    parents = frozenset(fold_key(key) for key in _words(value, options, where))

    def test(entry: Entry, post: Post) -> Values | None:
        above = [part for part in entry.path if isinstance(part, str)][:-1]
        return {} if above and fold_key(above[-1]) in parents else None

    return test


def _matches(value: object, days: int, options: Options, as_of: date, where: str) -> Test:
    search = _search(_pattern(value, options, where))

    def test(entry: Entry, post: Post) -> Values | None:
        text = search(entry.value)
        return None if text is None else {"text": text}

    return test


def _fails_to_match(value: object, days: int, options: Options, as_of: date, where: str) -> Test:
    search = _search(_pattern(value, options, where))
    return lambda entry, post: {} if search(entry.value) is None else None


def _pattern(value: object, options: Options, where: str) -> re.Pattern[str]:
    patterns = _words(value, options, where)
    for pattern in patterns:
        # Those of an option are the user's.
        if isinstance(value, str):
            compiled(pattern, re.IGNORECASE, f"{where}: ")
        try:
            re.compile(pattern, re.IGNORECASE)
        except re.error as error:
            raise UserError(f'{where}: the pattern "{pattern}" is not valid: {error}') from error
    return one_of((f"(?:{pattern})" for pattern in patterns), re.IGNORECASE, f"{where}: ")


def _search(pattern: re.Pattern[str]) -> Callable[[str], str | None]:
    """What a pattern matches in a value. Values are often the same in many posts: short ones are searched once."""

    def search(value: str) -> str | None:
        match = find_first(pattern, value)
        return None if match is None else match[0]

    cached = lru_cache(maxsize=1024)(search)
    return lambda value: cached(value) if len(value) <= _LONGEST_CACHED else search(value)


def _date(value: object, days: int, options: Options, as_of: date, where: str) -> Test:
    kinds = frozenset(_words(value, options, where))
    for kind in kinds:
        if kind not in DATE_KINDS:
            raise UserError(f'{where}: no kind of date "{kind}"{nearest(kind, DATE_KINDS)}')

    def test(entry: Entry, post: Post) -> Values | None:
        parsed = parse_date(entry.value)
        return {} if parsed.kind in kinds or (parsed.ambiguous and "ambiguous" in kinds) else None

    return test


def _after(value: object, days: int, options: Options, as_of: date, where: str) -> Test:
    return _compared(value, days, as_of, where, lambda found, other: _distance(other.last, found.first))


def _before(value: object, days: int, options: Options, as_of: date, where: str) -> Test:
    return _compared(value, days, as_of, where, lambda found, other: _distance(found.last, other.first))


def _distance(earlier: date | None, later: date | None) -> int:
    return (later - earlier).days if earlier is not None and later is not None else 0


def _compared(
    value: object, days: int, as_of: date, where: str, distance: Callable[[ParsedDate, ParsedDate], int]
) -> Test:
    """Whether an entry's date is more than `days` from the as-of date or another field's, whatever days they mean."""
    only_today = [ParsedDate("date", as_of, as_of)]
    other_field = "" if value == "as-of" else read_field(value, where)

    def test(entry: Entry, post: Post) -> Values | None:
        found = parse_date(entry.value)
        if found.kind != "date":
            return None
        others = [parse_date(other.value) for other in post.meta.all(other_field)] if other_field else only_today
        for other in others:
            apart = distance(found, other)
            if apart > days and other.kind == "date":
                return {"date": found.first, "other_date": other.first, "days": apart}
        return None

    return test


def _year_below(value: object, days: int, options: Options, as_of: date, where: str) -> Test:
    least = _number(value, options, where)

    def test(entry: Entry, post: Post) -> Values | None:
        found = parse_date(entry.value)
        return {"date": found.first} if found.last is not None and found.last.year < least else None

    return test


def _above(value: object, days: int, options: Options, as_of: date, where: str) -> Test:
    return _measured(_number(value, options, where), lambda number, limit: number > limit)


def _below(value: object, days: int, options: Options, as_of: date, where: str) -> Test:
    return _measured(_number(value, options, where), lambda number, limit: number < limit)


def _at_least(value: object, days: int, options: Options, as_of: date, where: str) -> Test:
    return _measured(_number(value, options, where), lambda number, limit: number >= limit)


def _measured(limit: float, holds: Callable[[float, float], bool]) -> Test:
    def test(entry: Entry, post: Post) -> Values | None:
        number = parse_number(entry.value)
        return {"limit": limit} if number is not None and holds(number, limit) else None

    return test


def _numeric(value: object, days: int, options: Options, as_of: date, where: str) -> Test:
    wanted = _boolean(value, where)
    return lambda entry, post: {} if (parse_number(entry.value) is not None) is wanted else None


def _whole(value: object, days: int, options: Options, as_of: date, where: str) -> Test:
    wanted = _boolean(value, where)

    def test(entry: Entry, post: Post) -> Values | None:
        number = parse_number(entry.value)
        return {} if number is not None and (number == number // 1) is wanted else None

    return test


TESTS: Mapping[str, Callable[[object, int, Options, date, str], Test]] = {
    "is": _is,
    "state": _state,
    "one-of": _one_of,
    "key": _key,
    "inside": _inside,
    "matches": _matches,
    "fails-to-match": _fails_to_match,
    "date": _date,
    "after": _after,
    "before": _before,
    "year-below": _year_below,
    "above": _above,
    "below": _below,
    "at-least": _at_least,
    "numeric": _numeric,
    "whole": _whole,
}
"""Every test an entry can be put to, by the word a rule writes."""
