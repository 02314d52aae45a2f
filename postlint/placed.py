"""YAML with the place of every value, held against a schema: what a rule file of the user's gets wrong, and where."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

import yaml

from postlint.errors import UserError, nearest
from postlint.patterns import compiled
from postlint.shapes import Schema

_TYPES: Mapping[str, tuple[tuple[type, ...], str]] = {
    "string": ((str,), "a text"),
    "boolean": ((bool,), "true or false"),
    "integer": ((int,), "a whole number"),
    "number": ((int, float), "a number"),
    "array": ((list,), "a list"),
    "object": ((dict,), "a mapping"),
}
_LONGEST_SHOWN = 40
_LONGEST_LIST = 8
MOST_VALUES = 10_000
"""Values of a file at most: an alias may stand for any number of them."""


class Mistake(NamedTuple):
    """What is wrong with a value, and where in the file: row and column, from 1."""

    row: int
    column: int
    words: str


class Placed:
    """A value of a YAML file that knows where it stands."""

    def __init__(self, node: yaml.Node, value: Any) -> None:
        self.node = node
        self.value = value

    def mistake(self, words: str) -> Mistake:
        """A mistake that is this value."""
        mark = self.node.start_mark
        return Mistake(mark.line + 1, mark.column + 1, words)

    def at(self, key: str) -> Placed:
        """The value of a key of a mapping; the mapping itself where it has no such key."""
        for found, item in self.items():
            if found.value == key:
                return item
        return self

    def items(self) -> Iterator[tuple[Placed, Placed]]:
        """The keys and values of a mapping."""
        if isinstance(self.node, yaml.MappingNode) and isinstance(self.value, dict):
            for key, item in self.node.value:
                yield Placed(key, key.value), Placed(item, self.value[key.value])

    def members(self) -> Iterator[Placed]:
        """The members of a list."""
        if isinstance(self.node, yaml.SequenceNode) and isinstance(self.value, list):
            for node, value in zip(self.node.value, self.value, strict=True):
                yield Placed(node, value)


def read(text: str, where: str) -> Placed:
    """A YAML text. Raises UserError, with `where` and the place, for what is no YAML or holds a key twice."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        node = yaml.compose(text, Loader=loader)
        if node is None:
            raise UserError(f"{where}: there is nothing in it")
        for mistake in _unfit(node, [MOST_VALUES]):
            raise UserError(f"{where}:{mistake.row}:{mistake.column}: {mistake.words}")
        return Placed(node, _plain(node))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f":{mark.line + 1}:{mark.column + 1}" if mark else ""
        raise UserError(f"{where}{place}: not valid YAML: {error.problem or error.context}") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        # A character that YAML knows not, a date that no calendar has, a thousand brackets.
        raise UserError(f"{where}: not valid YAML: {str(error).splitlines()[0]}") from error


def _plain(node: yaml.Node) -> Any:
    return yaml.SafeLoader("").construct_object(node, deep=True)


def _unfit(node: yaml.Node, left: list[int]) -> Iterator[Mistake]:
    """Keys that stand twice or are no texts, and what makes a file endless."""
    left[0] -= 1
    if left[0] < 0:
        yield Placed(node, None).mistake(f"more than {MOST_VALUES} values")
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _unfit(item, left)
    elif isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, item in node.value:
            if not isinstance(key, yaml.ScalarNode) or key.tag != "tag:yaml.org,2002:str":
                yield Placed(key, None).mistake("a key is a text")
            elif key.value in seen:
                yield Placed(key, None).mistake(f'the key "{key.value}" stands here twice')
            else:
                seen.add(key.value)
                yield from _unfit(item, left)


def mistakes(placed: Placed, schema: Schema, options: Mapping[str, Any], thing: str = "key") -> Iterator[Mistake]:
    """What is wrong with a value by a schema, in order of the file. `options` are those that names of options mean.

    Of JSON Schema it knows type, enum, pattern, format, minimum, maximum, items, minItems, properties, required,
    additionalProperties and anyOf. `thing` is what the keys of a mapping are called.
    """
    value = placed.value
    if "anyOf" in schema:
        yield from _any_of(placed, schema["anyOf"], options, thing)
        return
    expected = schema.get("type")
    if expected and not _is_of(value, expected, schema.get("format", "")):
        yield placed.mistake(f"expected {_TYPES[expected][1]}, not {shown(value)}")
        return
    if "enum" in schema and value not in schema["enum"]:
        yield placed.mistake(_not_one_of(value, schema["enum"]))
    if "minimum" in schema and value < schema["minimum"]:
        yield placed.mistake(f"{shown(value)} is less than {schema['minimum']}")
    if "maximum" in schema and value > schema["maximum"]:
        yield placed.mistake(f"{shown(value)} is more than {schema['maximum']}")
    if "pattern" in schema and not re.search(schema["pattern"], value):
        yield placed.mistake(f"{shown(value)} is not {schema.get('$comment', 'of the right form')}")
    if "format" in schema:
        yield from _of_format(placed, schema["format"], options)
    if isinstance(value, list):
        if len(value) < schema.get("minItems", 0):
            yield placed.mistake("the list is empty")
        for item in placed.members():
            yield from mistakes(item, schema.get("items", {}), options)
    if isinstance(value, dict):
        yield from _of_mapping(placed, schema, options, thing)


def _of_mapping(placed: Placed, schema: Schema, options: Mapping[str, Any], thing: str) -> Iterator[Mistake]:
    properties: Mapping[str, Schema] = schema.get("properties", {})
    others = schema.get("additionalProperties", True)
    for key, item in placed.items():
        if key.value in properties:
            yield from mistakes(item, properties[key.value], options)
        elif isinstance(others, Mapping):
            yield from mistakes(item, others, options)
        elif not others:
            hint = nearest(key.value, properties) or f"; there {_list(list(properties))}"
            yield key.mistake(f'unknown {thing} "{key.value}"{hint}')
    for name in schema.get("required", ()):
        if name not in placed.value:
            yield placed.mistake(f'the {thing} "{name}" is missing')


def _list(names: list[str]) -> str:
    if not names:
        return "are none"
    return "is " + names[0] if len(names) == 1 else "are " + ", ".join(names)


def _any_of(placed: Placed, schemas: list[Schema], options: Mapping[str, Any], thing: str) -> Iterator[Mistake]:
    """None where one of the schemas fits; else what is wrong by the one that is of the value's type."""
    fitting = [schema for schema in schemas if _is_of(placed.value, schema.get("type", ""), "")]
    found = [list(mistakes(placed, schema, options, thing)) for schema in fitting]
    if not found:
        expected = " or ".join(_said(schema) for schema in schemas)
        yield placed.mistake(f"expected {expected}, not {shown(placed.value)}")
    elif all(found):
        yield from found[0]


def _said(schema: Schema) -> str:
    return "the name of an option" if schema.get("format") == "option" else _TYPES[schema["type"]][1]


def _is_of(value: object, expected: str, form: str) -> bool:
    if form == "date" and isinstance(value, date):
        return True
    kinds = _TYPES[expected][0]
    return isinstance(value, kinds) and (not isinstance(value, bool) or bool in kinds)


def _of_format(placed: Placed, form: str, options: Mapping[str, Any]) -> Iterator[Mistake]:
    value = placed.value
    if form == "option" and value not in options:
        yield placed.mistake(f'the rule has no option "{value}"{nearest(value, options)}')
    elif form == "python-regex":
        yield from _refused(placed, lambda: compiled(value.replace("{words}", "(?:w)"), 0, ""))
    elif form == "date" and isinstance(value, str):
        yield from _refused(placed, lambda: _date(value))


def _refused(placed: Placed, attempt: Callable[[], object]) -> Iterator[Mistake]:
    try:
        attempt()
    except UserError as error:
        yield placed.mistake(str(error))


def _date(value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise UserError(f"{shown(value)} is not a date such as 2026-11-20") from error


def _not_one_of(value: object, names: list[str]) -> str:
    hint = nearest(value, names) if isinstance(value, str) else ""
    if not hint and len(names) <= _LONGEST_LIST:
        hint = f"; there {_list(names)}"
    return f"there is no {shown(value)}{hint}"


def shown(value: object) -> str:
    """A value in a message."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f'"{value}"' if len(value) <= _LONGEST_SHOWN else f'"{value[: _LONGEST_SHOWN - 1]}…"'
    if value is None:
        return "nothing"
    return "a list" if isinstance(value, list) else "a mapping" if isinstance(value, dict) else str(value)
