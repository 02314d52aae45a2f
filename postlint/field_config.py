"""The key `fields` of a configuration: one field map for all files of records, or a list of maps for some each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from postlint.errors import UserError, nearest, shown
from postlint.field_map import BODY_FORMATS, FieldMap
from postlint.meta import SYNONYMS, fold_key

PATHS = ("body", *SYNONYMS)
"""The keys of a map whose values are paths within a record: the body, and what a key of the meta can stand for."""
NAMES = ("files", "posts", "format", *PATHS)
"""The keys of a map."""

Where = Callable[..., str]
"""Keys, and perhaps a `value`, to the start of a message about it: file and row."""
_FIELD_OF = {key: field for field, keys in SYNONYMS.items() for key in keys}


def read_maps(value: object, where: Where, check_pattern: Callable[[str, str], None]) -> tuple[FieldMap, ...]:
    """The maps. Raises UserError, with the place, for what is not right in them."""
    tables = value if isinstance(value, list) else [value]
    return tuple(_map(table, where, check_pattern) for table in tables)


def _map(table: object, where: Where, check_pattern: Callable[[str, str], None]) -> FieldMap:
    if not isinstance(table, dict):
        raise UserError(f'{where("fields")}"fields" is a table or a list of tables, not {shown(table)}')
    for key, value in table.items():
        if key not in NAMES:
            raise UserError(f'{where("fields", key)}unknown key "{key}"{_hint(key)}')
        if key == "files":
            _check_files(value, where, check_pattern)
        elif key == "format":
            if value not in BODY_FORMATS:
                hint = nearest(value, BODY_FORMATS) if isinstance(value, str) else ""
                raise UserError(
                    f'{where("fields", key)}"format" is one of {", ".join(BODY_FORMATS)}, not {shown(value)}{hint}'
                )
        elif not isinstance(value, str) or not all(value.split(".")):
            raise UserError(f'{where("fields", key)}"{key}" is keys joined by dots, not {shown(value)}')
    _check_twice(table, where)
    paths = {key: table[key] for key in PATHS if key in table}
    return FieldMap(tuple(table.get("files", ())), table.get("posts"), table.get("format"), paths)


def _check_files(value: object, where: Where, check_pattern: Callable[[str, str], None]) -> None:
    if not isinstance(value, list) or not value or not all(isinstance(item, str) for item in value):
        raise UserError(f'{where("fields", "files")}"files" is a list of patterns, not {shown(value)}')
    for pattern in value:
        check_pattern(pattern, where("fields", "files", value=pattern))


def _check_twice(table: Mapping[str, Any], where: Where) -> None:
    """No value of a record can be two things of a post."""
    seen: dict[str, str] = {}
    for key in PATHS:
        path = table.get(key)
        if path is not None and seen.setdefault(path, key) != key:
            raise UserError(f'{where("fields", key)}"{path}" is the {seen[path]} already')


def _hint(key: str) -> str:
    """What a wrong key may have meant: the name that a thing has here, or a close one."""
    field = _FIELD_OF.get(fold_key(key))
    return f'; here it is called "{field}"' if field else nearest(key, NAMES)
