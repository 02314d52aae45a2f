"""What a check takes and gives: said beside its `bind`, held against rule files, and made into their JSON Schema."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Schema = Mapping[str, Any]
"""A JSON Schema (draft 2020-12) of one value, in the few words that `placed.py` knows.

A parameter with a "default" may be left out; where that is None, the check does without. Formats of this project's own:
"python-regex", a regular expression that can't keep a run busy, and "option", the name of an option of the rule.
"""
Gives = Mapping[str, frozenset[str]]
"""The values for a rule's message by variant, "" where a check has none."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What may stand under `with:` and `options:` of a rule on a check, and what its messages may speak of."""

    scope: Literal["post", "corpus", "suppressions"]
    takes: Mapping[str, Schema] = field(default_factory=dict)
    """The parameters, by name. A rule fixes one under `with:`, or leaves it to the user under `options:`."""
    gives: Gives | Callable[[Mapping[str, Any]], Gives] = field(default_factory=lambda: gives())
    """The values that every finding of a variant has; a function of the parameters where these decide."""

    def gives_for(self, parameters: Mapping[str, Any]) -> Gives:
        """The values by variant for the parameters of a rule."""
        return self.gives(parameters) if callable(self.gives) else self.gives

    @property
    def required(self) -> list[str]:
        """The parameters that a rule must give."""
        return [name for name, schema in self.takes.items() if "default" not in schema]

    def left_out(self) -> dict[str, Any]:
        """The parameters that a rule need not give, with what stands for them."""
        return {name: schema["default"] for name, schema in self.takes.items() if schema.get("default") is not None}


def gives(*values: str, **variants: str) -> Gives:
    """The values of a check without variants, or those of each variant, parted by spaces; `_` stands for a hyphen."""
    if variants:
        return {name.replace("_", "-"): frozenset(words.split()) for name, words in variants.items()}
    return {"": frozenset(values)}


def words(help: str) -> Schema:
    """A list of texts."""
    return {"type": "array", "items": {"type": "string"}, "description": help}


def text(help: str) -> Schema:
    """A text."""
    return {"type": "string", "description": help}


def patterns(help: str) -> Schema:
    """A list of regular expressions."""
    return {"type": "array", "items": {"type": "string", "format": "python-regex"}, "description": help}


def pattern(help: str) -> Schema:
    """A regular expression."""
    return {"type": "string", "format": "python-regex", "description": help}


def count(help: str) -> Schema:
    """A whole number from 0."""
    return {"type": "integer", "minimum": 0, "description": help}


def number(help: str) -> Schema:
    """Any number."""
    return {"type": "number", "description": help}


def share(help: str) -> Schema:
    """A number from 0 to 1."""
    return {"type": "number", "minimum": 0, "maximum": 1, "description": help}


def percent(help: str) -> Schema:
    """A number from 0 to 100."""
    return {"type": "number", "minimum": 0, "maximum": 100, "description": help}


def switch(help: str) -> Schema:
    """True or false."""
    return {"type": "boolean", "description": help}


def choice(help: str, *choices: str) -> Schema:
    """One of a few words."""
    return {"type": "string", "enum": list(choices), "description": help}


def choices(help: str, *choices: str) -> Schema:
    """A list of words out of a few."""
    return {"type": "array", "items": {"type": "string", "enum": list(choices)}, "description": help}


def optional(schema: Schema, default: object = None) -> Schema:
    """A parameter that may be left out, and what then stands for it."""
    return {**schema, "default": default}
