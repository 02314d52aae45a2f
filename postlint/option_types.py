"""Values of options against the default that they replace: the same type, and in the same range."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from postlint.patterns import compiled

if TYPE_CHECKING:
    from postlint.rules import Rule
    from postlint.shapes import Schema


def type_problem(value: object, default: object) -> str:
    """What a value had to be to stand where a default stands; nothing if it is that."""
    expected: tuple[tuple[type, tuple[type, ...], str], ...] = (
        (bool, (bool,), "true or false"),
        (int, (int,), "a whole number"),
        (float, (int, float), "a number"),
        (str, (str,), "a string"),
        (dict, (dict,), "a table"),
    )
    if isinstance(default, list):
        if not isinstance(value, list):
            return "a list"
        sample = default[0] if default else ""
        return next((f"a list, each item {problem}" for item in value if (problem := type_problem(item, sample))), "")
    for kind, allowed, words in expected:
        if isinstance(default, kind):
            if not isinstance(value, allowed) or (kind is not bool and isinstance(value, bool)):
                return words
            return _range_problem(value, default)
    return ""


def _range_problem(value: Any, default: Any) -> str:
    """What a number had to be by the default it replaces: shares run from 0 to 1, what is counted is not negative."""
    if isinstance(default, float) and 0 <= default <= 1 and not 0 <= value <= 1:
        return "a number from 0 to 1"
    if isinstance(default, (int, float)) and default > 0 and value < 0:
        return "a number that is not negative"
    return ""


def check_patterns(rule: Rule, name: str, value: object) -> None:
    """Raise UserError where an option's value is a pattern, or has one, that could keep a run busy for ever."""
    _check(import_module(f"postlint.checks.{rule.check}").SHAPE.takes.get(name, {}), value)


def _check(schema: Schema, value: object) -> None:
    if schema.get("format") == "python-regex":
        compiled(str(value), 0, "")
    elif isinstance(value, list):
        for item in value:
            _check(schema.get("items", {}), item)
    elif isinstance(value, dict):
        for item in value.values():
            _check(schema.get("additionalProperties", {}), item)
