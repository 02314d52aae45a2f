"""The report of a whole corpus, kept beside its index: while nothing changes there is nothing to find out anew."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, replace
from datetime import date
from hashlib import blake2b
from itertools import islice
from typing import Any

from postlint import program
from postlint.index.pieces import Pieces
from postlint.post import Location
from postlint.rule_cache import key_of
from postlint.rules import folder
from postlint.settings import Settings
from postlint.violations import Cluster, RelatedLocation, Report, RulePage, Severity, Violation

AT_A_TIME = 2000
"""Violations of a piece."""
_OF_RULE = ("name", "help", "url")
"""What the violations of a rule have in common: it is kept once, with the rule."""
_NOT_KEPT = ("fix",)
"""Made of what the file says when it is asked for."""
_FIELDS = tuple(field.name for field in fields(Violation) if field.name not in (*_OF_RULE, *_NOT_KEPT))


def report_key(settings: Settings, files: Sequence[str]) -> bytes:
    """What a report depends on besides the contents of files: everything that was asked for, and the rules.

    The rules of an installed program are a part of it, and so of the index.
    """
    asked = repr((replace(settings, jobs=1), None if program.is_installed() else key_of(folder()), files))
    return blake2b(asked.encode("utf-8", "surrogateescape"), digest_size=16).digest()


def pieces_of(report: Report, key: bytes) -> Iterator[tuple[str, bytes]]:
    """A report as pieces of an index."""
    number = 0
    violations = iter(report.violations)
    while some := list(islice(violations, AT_A_TIME)):
        yield f"report/{number}", _packed([_row(violation) for violation in some])
        number += 1
    yield "report/clusters", _packed([tuple(cluster) for cluster in report.clusters])
    counts = [
        number,
        report.files,
        report.posts,
        report.suppressed,
        list(report.rules),
        list(report.notes),
        report.shared,
    ]
    yield "report/key", key + _packed(counts)


def kept_report(pieces: Pieces, key: bytes, as_of: date) -> Report | None:
    """The report that was kept under a key; None where another one was, or none. Raises UnusableError."""
    found = pieces.get("report/key")
    if found is None or found[: len(key)] != key:
        return None
    number, files, posts, suppressed, rules, notes, shared = _unpacked(found[len(key) :])
    pages = {page[0]: RulePage(*page)._replace(severity=Severity(page[2])) for page in rules}
    violations: list[Violation] = []
    for part in range(number):
        violations.extend(_violation(row, pages) for row in _unpacked(pieces.need(f"report/{part}")))
    clusters = tuple(
        Cluster(id_, kind, tuple(members), similarity)
        for id_, kind, members, similarity in _unpacked(pieces.need("report/clusters"))
    )
    return Report(
        as_of,
        files,
        posts,
        tuple(violations),
        clusters,
        suppressed,
        rules=tuple(pages.values()),
        shared=tuple(shared),
        notes=tuple(notes),
    )


def _packed(value: object) -> bytes:
    return zlib.compress(json.dumps(value, default=_as_reported, separators=(",", ":")).encode(), 6)


def _as_reported(value: object) -> object:
    """What no format of a report tells apart from the value: a list for a set, the text of a date."""
    return sorted(value) if isinstance(value, (set, frozenset)) else str(value)


def _unpacked(data: bytes) -> Any:
    return json.loads(zlib.decompress(data))


def _row(violation: Violation) -> list[object]:
    related = [
        (place.path, place.location, place.end_location, place.message, place.number) for place in violation.related
    ]
    return [
        related if name == "related" else dict(violation.data) if name == "data" else getattr(violation, name)
        for name in _FIELDS
    ]


def _violation(row: Sequence[Any], pages: Mapping[str, RulePage]) -> Violation:
    values = dict(zip(_FIELDS, row, strict=True))
    page = pages[values["code"]]
    values |= {"name": page.name, "help": page.fix, "url": page.url}
    values["severity"] = Severity(values["severity"])
    for name in ("location", "end_location"):
        values[name] = Location(*values[name])
    values["related"] = tuple(
        RelatedLocation(path, Location(*start), Location(*end), message, number)
        for path, start, end, message, number in values["related"]
    )
    return Violation(**values)
