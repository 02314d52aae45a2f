"""How conditions on meta are written, as a schema; and what they find out, for a rule's messages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from postlint.checks.conditions import DATE_KINDS, FIELDS
from postlint.shapes import Gives, Schema
from postlint.values import STATES

_OPTION = {"type": "string", "format": "option", "description": "The name of an option of the rule."}


def _or_option(schema: Schema) -> Schema:
    return {"anyOf": [schema, _OPTION]}


def _list_of(item: Schema) -> Schema:
    return {"type": "array", "items": item}


def _one_of(names: Iterable[str]) -> Schema:
    return {"type": "string", "enum": sorted(names)}


_FIELD = _one_of(FIELDS)
_OTHER_DATE = _one_of({*FIELDS, "as-of"} - {"post"})
_TEXTS = _or_option(_list_of({"type": "string"}))
_PATTERNS = _or_option(_list_of({"type": "string", "format": "python-regex"}))
_NUMBER = _or_option({"type": "number"})
_SWITCH = {"type": "boolean"}
TESTS: Mapping[str, Schema] = {
    "is": {**_SWITCH, "description": "The value is a flag that says yes, or no."},
    "state": {
        **_or_option(_list_of(_one_of(STATES))),
        "description": "One of these states.",
    },
    "one-of": {**_TEXTS, "description": "One of these texts, in any case."},
    "key": {**_TEXTS, "description": "The key is one of these, in any spelling."},
    "inside": {**_TEXTS, "description": "The key of the mapping around it is one of these."},
    "matches": {**_PATTERNS, "description": "One of these patterns is found in the value."},
    "fails-to-match": {**_PATTERNS, "description": "None of these patterns is found in the value."},
    "date": {
        **_or_option(_list_of(_one_of(DATE_KINDS))),
        "description": "The value is this kind of date.",
    },
    "after": {**_OTHER_DATE, "description": "The date is later than that of the field, or than the as-of date."},
    "before": {**_OTHER_DATE, "description": "The date is earlier than that of the field, or than the as-of date."},
    "year-below": {**_NUMBER, "description": "The year of the date is less."},
    "above": {**_NUMBER, "description": "The number is more."},
    "below": {**_NUMBER, "description": "The number is less."},
    "at-least": {**_NUMBER, "description": "The number is as much, or more."},
    "numeric": {**_SWITCH, "description": "The value is a number, or is none."},
    "whole": {**_SWITCH, "description": "The number is whole, or is not."},
}
CONDITION: Schema = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "field": {
            "type": "string",
            "enum": ["at", *sorted(FIELDS)],
            "description": "The field of the meta; at is the one that is reported.",
        },
        "option": {**_OPTION, "description": "An option of the rule is switched on."},
        "draft": {**_SWITCH, "description": "The post says that it is a draft, or does not."},
        "present": {**_SWITCH, "description": "False: there is no such field."},
        "by": {**_or_option({"type": "integer"}), "description": "By more than these days."},
        **TESTS,
    },
}
CASE: Mapping[str, Schema] = {
    "at": {
        "anyOf": [_list_of(_FIELD), _FIELD],
        "description": "Where the finding stands: a field, a list of fields, or post.",
    },
    "when": {**_list_of(CONDITION), "description": "All of these hold."},
    "unless": {
        **_list_of({"anyOf": [_list_of(CONDITION), CONDITION]}),
        "description": "None of these holds; of an item that is a list, not all do.",
    },
    "related": {**_FIELD, "description": "A field that the report points to as well."},
    "role": {"type": "string", "description": "What that field is called."},
    "variant": {"type": "string", "description": "Which of the rule's messages it is."},
    "once": {**_SWITCH, "description": "Report the first such value alone."},
}

_DATES = ("date", "other_date", "days")
_FOUND_OUT: Mapping[str, Sequence[str]] = {
    "matches": ("text",), "after": _DATES, "before": _DATES, "year-below": ("date",),
    "above": ("limit",), "below": ("limit",), "at-least": ("limit",),
}  # fmt: skip


def found_out(parameters: Mapping[str, Any]) -> Gives:
    """The values that every finding of a variant has, by the rule's conditions."""
    found: dict[str, frozenset[str]] = {}
    for case in parameters.get("cases", [parameters]):
        variant = case.get("variant", "")
        fields = case.get("at", "")
        for at in fields if isinstance(fields, list) else [fields]:
            values = frozenset(_of_case(case, at))
            found[variant] = found.get(variant, values) & values
    return found


def _of_case(case: Mapping[str, Any], at: str) -> Iterator[str]:
    if at != "post":
        yield from ("key", "value")
    for condition in case.get("when", ()):
        if not condition.get("present", True):
            continue
        for test in condition:
            yield from _FOUND_OUT.get(test, ())
        spoken_of = (condition.get("field"), condition.get("after"), condition.get("before"))
        if at != "post" and case.get("related", "") in spoken_of:
            yield from ("other_key", "other_value")
