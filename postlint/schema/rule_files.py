"""The JSON Schema of rule files: their keys, and for each check the parameters that it takes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from postlint.house_rules import check_names, rule_schema, shape_of
from postlint.shapes import Schema

DRAFT = "https://json-schema.org/draft/2020-12/schema"


def rule_file_schema() -> dict[str, Any]:
    """The schema, for editors: what it lets pass may still have a pattern or an option that is none."""
    names = check_names()
    return {
        "$schema": DRAFT,
        "title": "a rule of postlint",
        **rule_schema(names),
        "allOf": [
            {"if": {"properties": {"check": {"const": name}}, "required": ["check"]}, "then": _of_check(name)}
            for name in names
        ],
    }


def _of_check(name: str) -> dict[str, Any]:
    shape = shape_of(name)
    takes = {parameter: plain(schema) for parameter, schema in shape.takes.items()}
    found: dict[str, Any] = {
        "properties": {
            "scope": {"const": shape.scope},
            "with": {"type": "object", "properties": takes, "additionalProperties": False},
            "options": {
                "type": "object",
                "properties": {parameter: {"properties": {"default": schema}} for parameter, schema in takes.items()},
            },
        }
    }
    if shape.required:
        found["allOf"] = [_given(parameter) for parameter in shape.required]
    return found


def _given(parameter: str) -> dict[str, Any]:
    """The parameter is fixed by the rule or left to the user."""
    return {
        "anyOf": [{"required": [key], "properties": {key: {"required": [parameter]}}} for key in ("with", "options")]
    }


def plain(schema: Schema) -> dict[str, Any]:
    """A schema without the default that means that there is none."""
    found = {key: _plain(value) for key, value in schema.items()}
    if found.get("default", "") is None:
        del found["default"]
    return found


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return plain(value)
    return [_plain(item) for item in value] if isinstance(value, list) else value
