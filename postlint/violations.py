"""What a check finds and what a run reports: findings say place and values, violations say everything."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from postlint.post import Location


class Severity(enum.IntEnum):
    """How much a violation weighs: info is for the report, a warning needs an editor, an error may not be published."""

    INFO = 1
    WARNING = 2
    ERROR = 3

    @property
    def label(self) -> str:
        """The word users read and write."""
        return self.name.lower()

    @classmethod
    def of(cls, label: str) -> Severity:
        """The severity of a word; KeyError if it is none."""
        return cls[label.upper()]


def post_name(path: str, number: int) -> str:
    """A post as reports name it: its file; a later one of a file has its number behind a `#`."""
    return f"{path}#{number}" if number else path


class Place(NamedTuple):
    """A stretch of a post: offsets in code points of its source, the end exclusive."""

    path: str
    number: int
    start: int
    end: int

    @property
    def post(self) -> str:
        """Its post, by name."""
        return post_name(self.path, self.number)


class Related(NamedTuple):
    """Another place that a finding speaks of. `role` says what it is: "also here", "the flag", "closest post"."""

    place: Place
    role: str


@dataclass(slots=True, eq=False)
class Finding:
    """What a check found: a place and the values the rule's message is filled with.

    A check over posts one at a time leaves `path` and `number` out: they are the post's. `variant` chooses among a
    rule's messages, `minor` says that the finding weighs less than its rule does (the rule says how much).
    """

    start: int
    end: int
    values: Mapping[str, object] = field(default_factory=dict)
    related: tuple[Related, ...] = ()
    variant: str = ""
    minor: bool = False
    path: str = ""
    number: int = 0

    @classmethod
    def at(
        cls, place: Place, values: Mapping[str, object], related: tuple[Related, ...] = (), minor: bool = False
    ) -> Finding:
        """What a comparison found at a place of one of the posts."""
        return cls(place.start, place.end, values, related, minor=minor, path=place.path, number=place.number)


class RelatedLocation(NamedTuple):
    """A related place as it is reported."""

    path: str
    location: Location
    end_location: Location
    message: str
    number: int = 0
    """Of the post in its file."""


class FixEdit(NamedTuple):
    """A stretch of a source and the text that takes its place: as offsets, and as they are reported."""

    start: int
    end: int
    text: str
    location: Location
    end_location: Location


class Fix(NamedTuple):
    """How a violation can be mended: all of its edits, or none. A safe one changes nothing that the post says."""

    safety: Literal["safe", "unsafe"]
    edits: tuple[FixEdit, ...]


@dataclass(frozen=True, slots=True)
class Violation:
    """One finding as it is reported, complete at birth."""

    code: str
    name: str
    severity: Severity
    message: str
    path: str
    post: str
    number: int
    location: Location
    end_location: Location
    quote: str
    help: str
    data: Mapping[str, object]
    related: tuple[RelatedLocation, ...]
    fingerprint: str
    url: str
    fix: Fix | None = None
    """None where there is none, or nobody has asked for it."""


class RulePage(NamedTuple):
    """What a report says of a rule that has violations in it."""

    code: str
    name: str
    severity: Severity
    summary: str
    why: str
    fix: str
    url: str
    """Empty for a rule of the user's own."""


class Cluster(NamedTuple):
    """Posts that belong together. `similarity` is the least resemblance of a member to its closest other member."""

    id: str
    kind: str
    posts: tuple[str, ...]
    similarity: float


@dataclass(frozen=True, slots=True)
class Report:
    """What a run found, in its final order: by path, post, place and code."""

    as_of: date
    files: int
    posts: int
    violations: tuple[Violation, ...]
    clusters: tuple[Cluster, ...] = ()
    suppressed: int = 0
    baselined: int = 0
    rules: tuple[RulePage, ...] = ()
    """The rules that have violations, in order of their codes."""
    shared: tuple[int, ...] = ()
    """Posts with prose by the tenth of it that unrelated posts have too: ten numbers, from under 10 % on. Empty where
    BP004 was not run, or not on the whole corpus."""
    notes: tuple[str, ...] = ()
    """What the user should know of how the run was done; for the terminal, not for the report."""

    @property
    def posts_with_violations(self) -> int:
        """The number of posts (or of what can't be read) that have at least one violation."""
        return len({(violation.path, violation.number) for violation in self.violations})
