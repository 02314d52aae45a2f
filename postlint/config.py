"""Configuration: the nearest postlint.toml, .postlint.toml or pyproject.toml, read and checked."""

from __future__ import annotations

import os.path
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from postlint.errors import UserError, nearest, shown
from postlint.field_map import NO_MAPS, FieldMaps
from postlint.lazy_pattern import lazy_pattern
from postlint.option_types import check_patterns, type_problem
from postlint.reporters import FORMATS
from postlint.settings import LIKENESS
from postlint.toml_places import row_of
from postlint.violations import Severity

if TYPE_CHECKING:
    from postlint.rules import Rule

FILE_NAMES = ("postlint.toml", ".postlint.toml", "pyproject.toml")
"""In the order in which one folder's are looked for."""
FAIL_ON = ("error", "warning", "info", "never")
SEVERITIES = ("error", "warning", "info")

_LINE = lazy_pattern(r" \(at line (\d+), column \d+\)$")


@dataclass(frozen=True, slots=True)
class Configuration:
    """What a configuration file says; None or empty where it says nothing."""

    path: Path | None = None
    root: Path = field(default_factory=Path.cwd)
    """The folder that patterns are relative to: the file's, or the working directory where there is no file."""
    select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    corpus: tuple[str, ...] = ()
    """Files and folders, relative to `root`, that posts are judged against."""
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    per_file_ignores: tuple[tuple[str, frozenset[str]], ...] = ()
    severity: Mapping[str, Severity] = field(default_factory=dict)
    """By code."""
    options: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """By code."""
    as_of: date | None = None
    fail_on: str | None = None
    jobs: int | None = None
    likeness: tuple[str, ...] | None = None
    format: str | None = None
    fields: FieldMaps = NO_MAPS
    """What the keys of records are."""
    rule_files: tuple[Rule, ...] = ()
    """The user's own rules."""
    cache_dir: str | None = ".postlint_cache"
    """The folder of indexes, relative to `root`; None where none is to be kept."""
    baseline: str | None = None
    """The file of violations that are known, relative to `root`."""


class _Source(NamedTuple):
    """A configuration file while it is read: where it is and what its keys hang under."""

    path: Path
    text: str
    prefix: tuple[str, ...]
    house_rules: tuple[Rule, ...] = ()

    @property
    def rules(self) -> Mapping[str, Rule]:
        """Every rule that may be named in it, by code."""
        from postlint.rules import with_house

        return with_house(self.house_rules)

    def where(self, *keys: str, value: str | None = None) -> str:
        """The start of a message about a key, or about one of the values it holds."""
        row = row_of(self.text, (*self.prefix, *keys), value)
        return f"{self.path}:{row}: " if row else f"{self.path}: "


def nearest_file(paths: Sequence[str]) -> Path | None:
    """The configuration file of a run: the first one upward of the folder that all its paths have in common."""
    folders = [path if path.is_dir() else path.parent for path in (Path(name).absolute() for name in paths)]
    common = Path.cwd()
    if folders:
        try:
            common = Path(os.path.commonpath([os.path.normpath(folder) for folder in folders]))
        except ValueError:
            # Two drives of one machine have nothing in common.
            common = Path.cwd()
    for folder in (common, *common.parents):
        for name in FILE_NAMES:
            path = folder / name
            if path.is_file() and (name != "pyproject.toml" or _table(path, _parse(path)[0]) is not None):
                return path
    return None


def read(path: Path) -> Configuration:
    """Read a configuration file. Raises UserError, with file and line, for what is not right in it."""
    raw, text = _parse(path)
    table = _table(path, raw)
    if table is None:
        raise UserError(f"{path}: there is no table [tool.postlint]")
    source = _Source(path, text, ("tool", "postlint") if path.name == "pyproject.toml" else ())
    values: dict[str, Any] = {"path": path, "root": path.absolute().parent}
    # First, since the other keys may name the user's rules.
    for key, value in sorted(table.items(), key=lambda item: item[0] != "rule-files"):
        if key not in KEYS:
            raise UserError(f'{source.where(key)}unknown key "{key}"{nearest(key, KEYS)}')
        values[key.replace("-", "_")] = KEYS[key](source, key, value)
        if key == "rule-files":
            source = source._replace(house_rules=values["rule_files"])
    return Configuration(**values)


def _parse(path: Path) -> tuple[dict[str, Any], str]:
    import tomllib

    try:
        text = path.read_bytes().decode("utf-8")
        return tomllib.loads(text), text
    except OSError as error:
        raise UserError(f"{path}: can't be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise UserError(f"{path}: is not UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        found = _LINE.search(str(error))
        row = f":{found[1]}" if found else ""
        raise UserError(f"{path}{row}: not valid TOML: {_LINE.sub('', str(error))}") from error


def _table(path: Path, raw: dict[str, Any]) -> dict[str, Any] | None:
    if path.name != "pyproject.toml":
        return raw
    tool = raw.get("tool")
    table = tool.get("postlint") if isinstance(tool, dict) else None
    if table is not None and not isinstance(table, dict):
        raise UserError(f"{path}: tool.postlint is not a table")
    return table


def _wrong(source: _Source, keys: Sequence[str], expected: str, value: object) -> UserError:
    return UserError(f'{source.where(*keys)}"{keys[-1]}" is {expected}, not {shown(value)}')


def _strings(source: _Source, key: str, value: object) -> tuple[str, ...]:
    return _string_list(source, (key,), value)


def _string_list(source: _Source, keys: Sequence[str], value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise _wrong(source, keys, "a list of strings", value)
    for item in value:
        if not isinstance(item, str):
            raise _wrong(source, keys, "a list of strings", item)
    return tuple(value)


def _selectors(source: _Source, key: str, value: object) -> tuple[str, ...]:
    found = _strings(source, key, value)
    _codes(source, (key,), found)
    return found


def _codes(source: _Source, keys: Sequence[str], selectors: Iterable[str]) -> frozenset[str]:
    from postlint.rules import select

    codes: set[str] = set()
    for selector in selectors:
        codes.update(select([selector], source.rules, source.where(*keys, value=selector)))
    return frozenset(codes)


def _mapping(source: _Source, keys: Sequence[str], value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _wrong(source, keys, "a table", value)
    return value


def _string(source: _Source, key: str, value: object) -> str:
    if not isinstance(value, str) or not value:
        raise _wrong(source, (key,), "a string", value)
    return value


def _paths(source: _Source, key: str, value: object) -> tuple[str, ...]:
    found = _strings(source, key, value)
    for path in found:
        if not (source.path.absolute().parent / path).exists():
            raise UserError(f'{source.where(key, value=path)}"{path}": no such file or folder')
    return found


def _patterns(source: _Source, key: str, value: object) -> tuple[str, ...]:
    found = _strings(source, key, value)
    for pattern in found:
        check_pattern(pattern, source.where(key, value=pattern))
    return found


def check_pattern(pattern: str, where: str) -> None:
    """Raise UserError where a pattern is none that .gitignore knows."""
    from pathspec import GitIgnoreSpec

    try:
        GitIgnoreSpec.from_lines([pattern])
    except (ValueError, re.error) as error:
        raise UserError(f'{where}"{pattern}" is not a pattern: {error}') from error


def _per_file_ignores(source: _Source, key: str, value: object) -> tuple[tuple[str, frozenset[str]], ...]:
    found = []
    for pattern, selectors in _mapping(source, (key,), value).items():
        check_pattern(pattern, source.where(key, pattern))
        names = _string_list(source, (key, pattern), selectors)
        found.append((pattern, _codes(source, (key, pattern), names)))
    return tuple(found)


def _severity(source: _Source, key: str, value: object) -> dict[str, Severity]:
    found: dict[str, Severity] = {}
    # Shorter selectors first, so that a code has the last word over its prefix wherever they stand in the file.
    for selector, label in sorted(_mapping(source, (key,), value).items(), key=lambda item: (len(item[0]), item[0])):
        if label not in SEVERITIES:
            hint = nearest(label, SEVERITIES) if isinstance(label, str) else ""
            raise UserError(
                f"{source.where(key, selector)}a severity is error, warning or info, not {shown(label)}{hint}"
            )
        for code in sorted(_codes(source, (key, selector), [selector])):
            found[code] = Severity.of(label)
    return found


def _options(source: _Source, key: str, value: object) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for selector, given in _mapping(source, (key,), value).items():
        codes = _codes(source, (key, selector), [selector])
        if len(codes) != 1:
            raise UserError(f'{source.where(key, selector)}"{selector}" is more than one rule; options belong to one')
        (code,) = codes
        rule = source.rules[code]
        defaults = rule.defaults()
        for name, setting in _mapping(source, (key, selector), given).items():
            where = source.where(key, selector, name)
            if name not in defaults:
                hint = nearest(name, defaults) or (f"; it has {', '.join(defaults)}" if defaults else "; it has none")
                raise UserError(f'{where}{code} has no option "{name}"{hint}')
            expected = type_problem(setting, defaults[name])
            if expected:
                raise UserError(f'{where}the option "{name}" of {code} is {expected}, not {shown(setting)}')
            found.setdefault(code, {})[name] = setting
        _check_binding(rule, found.get(code, {}), source.where(key, selector))
    return found


def _check_binding(rule: Rule, options: Mapping[str, Any], where: str) -> None:
    """Raise UserError, with the place, where a rule's check refuses options whose types are right: a bad pattern."""
    try:
        for name, value in options.items():
            check_patterns(rule, name, value)
        rule.bind(options, date.min)
    except UserError as error:
        raise UserError(f"{where}the options of {rule.code} are refused: {error}") from error


def _choice(choices: Sequence[str]) -> Callable[[_Source, str, object], str]:
    def check(source: _Source, key: str, value: object) -> str:
        if not isinstance(value, str) or value not in choices:
            hint = nearest(value, choices) if isinstance(value, str) else ""
            raise UserError(f'{source.where(key)}"{key}" is one of {", ".join(choices)}, not {shown(value)}{hint}')
        return value

    return check


def _date(source: _Source, key: str, value: object) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        if isinstance(value, str):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise _wrong(source, (key,), "a date such as 2026-11-20", value)


def _likeness(source: _Source, key: str, value: object) -> tuple[str, ...]:
    found = _strings(source, key, value)
    for kind in found:
        if kind not in LIKENESS:
            where = source.where(key, value=kind)
            raise UserError(f'{where}a likeness is {", ".join(LIKENESS)}, not "{kind}"{nearest(kind, LIKENESS)}')
    return tuple(sorted(set(found)))


def _rule_files(source: _Source, key: str, value: object) -> tuple[Rule, ...]:
    from postlint.house_rules import read_house_rules

    names = _strings(source, key, value)
    return read_house_rules(names, source.path.parent, lambda name: source.where(key, value=name))


def _fields(source: _Source, key: str, value: object) -> FieldMaps:
    from postlint.field_config import read_maps

    return FieldMaps(read_maps(value, source.where, check_pattern), str(source.path.absolute().parent))


def _jobs(source: _Source, key: str, value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise _wrong(source, (key,), "a whole number from 1", value)
    return value


KEYS: Mapping[str, Callable[[_Source, str, object], object]] = {
    "select": _selectors,
    "ignore": _selectors,
    "extend-select": _selectors,
    "corpus": _paths,
    "include": _patterns,
    "exclude": _patterns,
    "per-file-ignores": _per_file_ignores,
    "severity": _severity,
    "options": _options,
    "as-of": _date,
    "fail-on": _choice(FAIL_ON),
    "likeness": _likeness,
    "jobs": _jobs,
    "format": _choice(tuple(FORMATS)),
    "fields": _fields,
    "rule-files": _rule_files,
    "cache-dir": _string,
    "baseline": _string,
}
"""Every key, and what makes a value of it."""
