"""The JSON Schema of the configuration: its keys, and every rule with its options, the user's own included."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from postlint.config import FAIL_ON, SEVERITIES
from postlint.field_map import BODY_FORMATS
from postlint.meta import SYNONYMS
from postlint.reporters import FORMATS
from postlint.rules import Rule
from postlint.schema.rule_files import DRAFT
from postlint.settings import LIKENESS
from postlint.shapes import Schema

_FAMILY = re.compile(r"[0-9]+$")


def configuration_schema(rules: Mapping[str, Rule]) -> dict[str, Any]:
    """The schema of a postlint.toml, and of the table [tool.postlint]. A date of TOML is a text of a date in it."""
    return {
        "$schema": DRAFT,
        "title": "postlint.toml",
        "type": "object",
        "additionalProperties": False,
        "properties": _properties(rules),
        "$defs": {
            "rule": {
                "description": "A code, a name, a prefix of codes, or ALL.",
                # Any capitals may be a prefix of codes, and codes may be written small.
                "anyOf": [{"enum": _names(rules)}, {"type": "string", "pattern": "^[A-Za-z]+[0-9]{0,3}$"}],
            },
            "rules": {"type": "array", "items": {"$ref": "#/$defs/rule"}},
            "texts": {"type": "array", "items": {"type": "string"}},
            "fields": _fields(),
        },
    }


def _properties(rules: Mapping[str, Rule]) -> dict[str, Any]:
    some_rules, texts = {"$ref": "#/$defs/rules"}, {"$ref": "#/$defs/texts"}
    return {
        "select": {**some_rules, "description": "Run these rules alone."},
        "ignore": {**some_rules, "description": "Do not run these rules."},
        "extend-select": {**some_rules, "description": "Run these rules too."},
        "corpus": {**texts, "description": "Files and folders that the posts are judged against."},
        "include": {**texts, "description": "Of the files found in folders, read those that match one of these."},
        "exclude": {**texts, "description": "Of the files and folders found in folders, pass over those that match."},
        "per-file-ignores": {
            "type": "object",
            "additionalProperties": some_rules,
            "description": "Patterns of files, and the rules that are not reported for them.",
        },
        "severity": {
            "type": "object",
            "propertyNames": {"$ref": "#/$defs/rule"},
            "additionalProperties": {"type": "string", "enum": list(SEVERITIES)},
            "description": "Rules and the severity that they have here.",
        },
        "options": {
            "type": "object",
            "additionalProperties": False,
            "properties": {name: _options(rule) for rule in rules.values() for name in (rule.code, rule.name)},
            "description": "The options of rules.",
        },
        "as-of": {"type": "string", "format": "date", "description": "The day that dates are measured from."},
        "fail-on": _one_of(FAIL_ON, "Exit with 1 from this severity on."),
        "likeness": {
            "type": "array",
            "items": _one_of(LIKENESS, "Why posts may be alike by right."),
            "description": "Likenesses that are excused.",
        },
        "jobs": {"type": "integer", "minimum": 1, "description": "Processes at most."},
        "format": _one_of(FORMATS, "The form of the report."),
        "fields": {
            "anyOf": [{"$ref": "#/$defs/fields"}, {"type": "array", "items": {"$ref": "#/$defs/fields"}}],
            "description": "What the keys of records are, in JSON, JSON Lines, CSV and Parquet files.",
        },
        "rule-files": {**texts, "description": "Files of your own rules, by paths and patterns."},
        "cache-dir": {"type": "string", "minLength": 1, "description": "The folder that keeps indexes of the corpus."},
        "baseline": {"type": "string", "minLength": 1, "description": "The file of violations that are known."},
    }


def _fields() -> dict[str, Any]:
    path = {"type": "string", "pattern": r"^[^.]+(\.[^.]+)*$"}
    properties: dict[str, Any] = {
        "files": {
            "type": "array",
            "items": {"type": "string"},
            "minItems": 1,
            "description": "The files that the map is for. They are read wherever they are found.",
        },
        "posts": {**path, "description": "Where in a JSON file the list of posts is."},
        "format": _one_of(BODY_FORMATS, "How bodies are written."),
        "body": {**path, "description": "Where the body is."},
    }
    properties.update((key, {**path, "description": f"Where what rules know as {key} is."}) for key in SYNONYMS)
    return {"type": "object", "additionalProperties": False, "properties": properties}


def _names(rules: Mapping[str, Rule]) -> list[str]:
    families = {_FAMILY.sub("", code): None for code in rules}
    return ["ALL", *families, *rules, *(rule.name for rule in rules.values())]


def _one_of(words: Iterable[str], description: str) -> dict[str, Any]:
    return {"type": "string", "enum": list(words), "description": description}


def _options(rule: Rule) -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {
            option.name: {
                **_like(option.default),
                "default": option.default.isoformat() if isinstance(option.default, date) else option.default,
                "description": " ".join(option.help.split()),
            }
            for option in rule.options
        },
        "description": " ".join(rule.summary.split()),
    }


def _like(default: object) -> Schema:
    """The values that may stand where a default stands: of its type, and in its range."""
    if isinstance(default, bool):
        return {"type": "boolean"}
    if isinstance(default, int):
        return {"type": "integer", "minimum": 0} if default > 0 else {"type": "integer"}
    if isinstance(default, float):
        share = {"minimum": 0, "maximum": 1} if 0 <= default <= 1 else {"minimum": 0} if default > 0 else {}
        return {"type": "number", **share}
    if isinstance(default, date):
        return {"type": "string", "format": "date"}
    if isinstance(default, list):
        return {"type": "array", "items": _like(default[0] if default else "")}
    return {"type": "object"} if isinstance(default, dict) else {"type": "string"}
