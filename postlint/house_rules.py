"""The user's own rules: files of the project's form on the project's checks, read with the place of every mistake."""

from __future__ import annotations

import glob
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

from postlint.errors import UserError, nearest
from postlint.placed import Mistake, Placed, mistakes, read
from postlint.rules import FIELD, Rule, all_rules, made
from postlint.shapes import Schema, Shape, patterns, switch, text

CODE = r"^[A-Z]+[0-9]{3}$"
NAME = r"^[a-z0-9]+(?:-[a-z0-9]+)*$"
SCOPES = ("post", "corpus", "suppressions")
EDITS = (
    "drop_parameter", "remove_marks", "remove_paragraph", "remove_text", "set_draft", "spell_date", "spell_flag",
    "write_count",
)  # fmt: skip
"""The modules under `postlint/fixes/` that a rule may name."""
_TEXTS: Schema = {"type": "array", "items": {"type": "string"}}


def rule_schema(check_names: Sequence[str]) -> Schema:
    """What a rule file may hold, but for what its check takes."""
    severity = {"type": "string", "enum": ["error", "warning", "info"]}
    option = {
        "type": "object",
        "required": ["default", "help"],
        "additionalProperties": False,
        "properties": {"default": {}, "help": text("What it does, and in which unit.")},
    }
    return {
        "type": "object",
        "required": ["code", "name", "check", "severity", "message"],
        "additionalProperties": False,
        "properties": {
            "code": {
                "type": "string",
                "pattern": CODE,
                "$comment": "a code such as HOUSE001",
                "description": "Capitals that are yours, and three digits.",
            },
            "name": {
                "type": "string",
                "pattern": NAME,
                "$comment": "a name such as no-click-here",
                "description": "Words in lower case, joined by hyphens.",
            },
            "scope": {"type": "string", "enum": list(SCOPES), "description": "That of the check."},
            "check": {"type": "string", "enum": list(check_names), "description": "What finds it."},
            "severity": {**severity, "description": "What its findings weigh."},
            "minor-severity": {**severity, "description": "What those weigh that a check calls minor."},
            "default": {"type": "boolean", "description": "False: it runs only where it is selected."},
            "message": {
                "anyOf": [
                    {"type": "string"},
                    {"type": "object", "additionalProperties": {"type": "string"}},
                ],
                "description": "What a violation says, values in braces; by variant for a check that has variants.",
            },
            "summary": text("What it finds, in a sentence."),
            "why": text("Why that matters."),
            "fix": text("What to do."),
            "ignore-when": text("When a violation is none."),
            "sources": {**_TEXTS, "description": "Where this is written."},
            "with": {"type": "object", "description": "The parameters of the check that the rule fixes."},
            "options": {
                "type": "object",
                "additionalProperties": option,
                "description": "The parameters of the check that a configuration may change.",
            },
            "autofix": {
                "type": "object",
                "required": ["safety", "edit"],
                "additionalProperties": False,
                "properties": {
                    "safety": {"type": "string", "enum": ["safe", "unsafe"]},
                    "edit": {"type": "string", "enum": list(EDITS), "description": "What is done."},
                    "only": patterns("remove_text removes matches of these."),
                    "value": text("write_count writes this value of the message."),
                    "within-words": switch("remove_marks may go between two letters."),
                },
                "description": "How a violation is mended by --fix, or, if that is unsafe, by --unsafe-fixes.",
            },
            "yields-to": {**_TEXTS, "description": "Codes of rules whose violations of the same place come first."},
            "examples": {
                "type": "array",
                "items": {"type": "object"},
                "description": "Texts that are reported, and texts that are not.",
            },
        },
    }


def check_names() -> list[str]:
    """Every check that a rule may name: each serves one of the project's."""
    return sorted({rule.check for rule in all_rules().values()})


def shape_of(check: str) -> Shape:
    """What a check takes and gives."""
    shape: Shape = import_module(f"postlint.checks.{check}").SHAPE
    return shape


def read_house_rules(names: Sequence[str], folder: Path, where: Callable[[str], str]) -> tuple[Rule, ...]:
    """The rules of files, named by paths and patterns relative to a folder. `where` begins a message about a name.

    Raises UserError, with file, row and column, for what is not right in them, and for names that mean no file.
    """
    paths: dict[Path, None] = {}
    for name in names:
        found = sorted(glob.glob(name, root_dir=folder, recursive=True))
        if not found:
            raise UserError(f'{where(name)}no file is "{name}"')
        paths.update(dict.fromkeys(folder / path for path in found))
    rules: list[Rule] = []
    for path in paths:
        rules.append(_read_file(path, rules))
    for rule in rules:
        _check_yields(rule, rules)
    return tuple(rules)


def _read_file(path: Path, others: Sequence[Rule]) -> Rule:
    try:
        source = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise UserError(f"{path}: can't be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise UserError(f"{path}: is not UTF-8") from error
    placed = read(source, str(path))
    for mistake in _mistakes(placed, others):
        raise UserError(f"{path}:{mistake.row}:{mistake.column}: {mistake.words}")
    rule = made(path, _completed(placed.value), house=True)
    try:
        rule.bind({}, date.min)
    except UserError as error:
        row, column, words = placed.at("with").mistake(str(error).removeprefix("with: "))
        raise UserError(f"{path}:{row}:{column}: {words}") from error
    return rule


def _completed(raw: Mapping[str, Any]) -> dict[str, Any]:
    """What a file says, and what is understood where it says nothing."""
    shape = shape_of(raw["check"])
    options = raw.get("options", {})
    left_out = {name: value for name, value in shape.left_out().items() if name not in options}
    message = raw["message"]
    summary = message if isinstance(message, str) else next(iter(message.values()), "")
    return {
        "scope": shape.scope, "summary": summary, "why": "", "fix": "",
        **raw, "with": {**left_out, **raw.get("with", {})},
    }  # fmt: skip


def _mistakes(placed: Placed, others: Sequence[Rule]) -> Iterator[Mistake]:
    """What is wrong with a rule file, first what makes the rest impossible to judge."""
    yield from mistakes(placed, rule_schema(check_names()), {})
    raw = placed.value
    shape = shape_of(raw["check"])
    options = raw.get("options", {})
    yield from _clashes(placed, others)
    if raw.get("scope", shape.scope) != shape.scope:
        words = f'the check "{raw["check"]}" has the scope "{shape.scope}"'
        yield placed.at("scope").mistake(words)
    parameters: Schema = {"type": "object", "properties": shape.takes, "additionalProperties": False}
    if "with" in raw:
        yield from mistakes(placed.at("with"), parameters, options, "parameter")
    yield from _option_mistakes(placed, shape)
    for name in shape.required:
        if name not in raw.get("with", {}) and name not in options:
            yield placed.at("with").mistake(f'the check "{raw["check"]}" needs the parameter "{name}"')
    yield from _message_mistakes(placed.at("message"), shape, {**_defaults(options), **raw.get("with", {})})


def _clashes(placed: Placed, others: Sequence[Rule]) -> Iterator[Mistake]:
    """A code or name that is taken, and a family that is ours: selectors of ours would mean the user's rules too."""
    code, name = placed.value["code"], placed.value["name"]
    family = code.rstrip("0123456789")
    ours = all_rules()
    for other in (*ours.values(), *others):
        whose = f"of {other.path}" if other.house else "of postlint's own"
        if other.code == code:
            yield placed.at("code").mistake(f'the code "{code}" is that of a rule {whose}')
        if other.name == name:
            yield placed.at("name").mistake(f'the name "{name}" is that of a rule {whose}, {other.code}')
    for taken in sorted({known.rstrip("0123456789") for known in ours}):
        if family.startswith(taken) or taken.startswith(family):
            yield placed.at("code").mistake(f'"{family}" begins as the family {taken} of postlint does')


def _option_mistakes(placed: Placed, shape: Shape) -> Iterator[Mistake]:
    raw = placed.value
    options = raw.get("options", {})
    named = set(_names(raw.get("with", {})))
    for key, item in placed.at("options").items() if options else ():
        if key.value in raw.get("with", {}):
            yield key.mistake(f'"{key.value}" stands under "with" too, which would hide the option')
        elif key.value in shape.takes:
            yield from mistakes(item.at("default"), shape.takes[key.value], options)
        elif key.value not in named:
            hint = nearest(key.value, shape.takes)
            yield key.mistake(f'the check "{raw["check"]}" has no parameter "{key.value}"{hint}')


def _names(value: object) -> Iterator[str]:
    """The texts of parameters, any of which may be the name of an option."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _names(item)
    elif isinstance(value, list):
        for item in value:
            yield from _names(item)


def _defaults(options: Mapping[str, Any]) -> dict[str, Any]:
    return {name: option["default"] for name, option in options.items()}


def _message_mistakes(placed: Placed, shape: Shape, parameters: Mapping[str, Any]) -> Iterator[Mistake]:
    """Values that a finding does not have, and variants that have no message, or are none."""
    given = shape.gives_for(parameters)
    if isinstance(placed.value, str):
        everywhere = frozenset.intersection(*given.values())
        yield from _value_mistakes(placed, everywhere)
        return
    for key, item in placed.items():
        if key.value in given:
            yield from _value_mistakes(item, given[key.value])
        else:
            yield key.mistake(f'unknown variant "{key.value}"{nearest(key.value, given) or _listed(given)}')
    for variant in given:
        if variant not in placed.value:
            yield placed.mistake(f'the variant "{variant}" has no message' if variant else "it has no variants")


def _value_mistakes(placed: Placed, given: frozenset[str]) -> Iterator[Mistake]:
    for match in FIELD.finditer(placed.value):
        if match[1] not in given:
            yield placed.mistake(f'there is no value "{match[1]}"{nearest(match[1], given) or _listed(given)}')


def _listed(names: Sequence[str] | frozenset[str] | Mapping[str, object]) -> str:
    return f"; there is {', '.join(sorted(names))}" if any(names) else "; there is none"


def _check_yields(rule: Rule, house: Sequence[Rule]) -> None:
    known = [*all_rules(), *(other.code for other in house)]
    for code in rule.yields_to:
        if code not in known:
            raise UserError(f'{rule.path}: "yields-to" names "{code}", and there is no such rule{nearest(code, known)}')
