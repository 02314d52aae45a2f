"""The settings of a run as a postlint.toml that would give them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from postlint.config import Configuration
from postlint.field_map import FieldMap
from postlint.settings import Settings


def shown_settings(settings: Settings, config: Configuration, form: str, fail_on: str) -> Iterator[str]:
    """Lines of TOML, after a comment that says which file the settings come from."""
    yield f"# configuration: {config.path or 'none'}\n"
    yield f"# patterns are relative to: {settings.root}\n"
    yield f"select = {_toml(settings.codes)}\n"
    yield f"corpus = {_toml(config.corpus)}\n"
    if config.cache_dir is not None:
        yield f"cache-dir = {_toml(config.cache_dir)}\n"
    if config.baseline is not None:
        yield f"baseline = {_toml(config.baseline)}\n"
    yield f"include = {_toml(config.include)}\n"
    yield f"exclude = {_toml(config.exclude)}\n"
    yield f"as-of = {_toml(settings.as_of)}\n"
    yield f"fail-on = {_toml(fail_on)}\n"
    yield f"likeness = {_toml(settings.likeness)}\n"
    yield f"jobs = {_toml(settings.jobs)}\n"
    yield f"format = {_toml(form)}\n"
    if settings.house_rules:
        yield f"rule-files = {_toml([str(rule.path) for rule in settings.house_rules])}\n"
    yield from _table("per-file-ignores", {pattern: sorted(codes) for pattern, codes in settings.per_file_ignores})
    yield from _table("severity", {code: severity.label for code, severity in sorted(settings.severities.items())})
    for fields in settings.fields.maps:
        yield from _table("fields", _keys(fields), listed=True)
    for code, options in sorted(settings.options.items()):
        yield from _table(f"options.{code}", options)


def _keys(fields: FieldMap) -> dict[str, Any]:
    given = {"files": fields.files, "posts": fields.posts, "format": fields.format}
    return {**{key: value for key, value in given.items() if value}, **fields.paths}


def _table(name: str, entries: Mapping[str, Any], *, listed: bool = False) -> Iterator[str]:
    if entries:
        yield f"\n[[{name}]]\n" if listed else f"\n[{name}]\n"
        for key, value in entries.items():
            yield f"{_toml(key)} = {_toml(value)}\n"


def _toml(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_toml(key)} = {_toml(item)}" for key, item in value.items()) + "}"
    if isinstance(value, Iterable) and not isinstance(value, str):
        return "[" + ", ".join(_toml(item) for item in value) + "]"
    # A JSON string, number or boolean is one of TOML, but for the surrogate pairs of JSON's escapes and for DEL.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
