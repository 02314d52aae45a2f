"""What a run is asked to do, whatever it was said with: command line, configuration or defaults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from postlint.field_map import NO_MAPS, FieldMaps
from postlint.violations import Severity

if TYPE_CHECKING:
    from postlint.rules import Rule

LIKENESS = ("language", "page", "series")
"""Why posts may be alike by right: one post in several languages, several versions of one page, parts of a series."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one run. Everything in it can cross a process."""

    codes: tuple[str, ...]
    """The selected rules, sorted."""
    as_of: date
    """The day from which "future" and "stale" are measured."""
    options: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """The user's options of each rule, by code; what is not said has its default."""
    severities: Mapping[str, Severity] = field(default_factory=dict)
    """The user's severities of rules, by code."""
    per_file_ignores: tuple[tuple[str, frozenset[str]], ...] = ()
    """Gitignore-style patterns, relative to `root`, and the codes not reported for the files they match."""
    root: str = "."
    """The folder that patterns are relative to."""
    folder: str = ""
    """The folder that paths of posts are relative to, if that is not the working one: as for a worker of a cluster."""
    jobs: int = 1
    likeness: tuple[str, ...] = LIKENESS
    """The kinds of legitimate likeness that are excused when posts are compared, sorted."""
    fields: FieldMaps = NO_MAPS
    """What the keys of records are."""
    house_rules: tuple[Rule, ...] = ()
    """The user's own rules, beside those of the project."""
