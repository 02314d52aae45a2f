"""The decisions that the review report exports, read as what they say of violations: which are waived, and why."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from postlint.baseline.entries import Waiver
from postlint.errors import UserError, nearest
from postlint.reporters.terminal import visible
from postlint.violations import Violation

SCHEMA_VERSION = 1
KINDS = ("fix", "waive", "assign")
_WORDS = ("fingerprint", "code", "path")


class Decided(NamedTuple):
    """What a decision is about: the violations of one fingerprint in one post share it.

    `number` is the place of the post in its file; None for all posts of the file.
    """

    path: str
    number: int | None
    code: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Decisions:
    """The waivers among decisions. Paths are relative to the working directory, as those of a report are."""

    waivers: Mapping[Decided, Waiver]

    def waiver_of(self, violation: Violation) -> Waiver | None:
        """The waiver of a violation; None where there is none."""
        for number in (violation.number, None):
            waiver = self.waivers.get(Decided(violation.path, number, violation.code, violation.fingerprint))
            if waiver is not None:
                return waiver
        return None


def read_decisions(text: str, file: str) -> Decisions:
    """The decisions of a file. Raises UserError that names the file, and the line or the decision that is not right."""
    try:
        raw = json.loads(text)
    except json.JSONDecodeError as error:
        raise UserError(f"{file}:{error.lineno}: not valid JSON: {error.msg}") from error
    if not isinstance(raw, dict) or not isinstance(raw.get("decisions"), list):
        raise UserError(f'{file}: not a file of decisions: it has no list "decisions"')
    version = raw.get("schema_version")
    if version != SCHEMA_VERSION:
        raise UserError(f'{file}: "schema_version" is {json.dumps(version)}; this version reads {SCHEMA_VERSION}')
    waivers: dict[Decided, Waiver] = {}
    for number, decision in enumerate(raw["decisions"], 1):
        where = f"{file}: decision {number}"
        if not isinstance(decision, dict):
            raise UserError(f"{where} is not an object")
        for key in _WORDS:
            if not isinstance(decision.get(key), str) or not decision[key]:
                raise UserError(f'{where} has no "{key}"')
        kind = decision.get("decision")
        if kind not in KINDS:
            hint = nearest(kind, KINDS) if isinstance(kind, str) else ""
            raise UserError(f"{where} is {json.dumps(kind)}; it is one of {', '.join(KINDS)}{hint}")
        if kind == "waive":
            post = decision.get("number")
            if post is not None and not isinstance(post, int):
                raise UserError(f'{where}: "number" is not a whole number')
            about = Decided(decision["path"], post, decision["code"], decision["fingerprint"])
            waivers[about] = _waiver(decision, where)
    return Decisions(waivers)


def _waiver(decision: Mapping[str, Any], where: str) -> Waiver:
    reason, author, until = (decision.get(key) or "" for key in ("reason", "author", "until"))
    if not isinstance(reason, str) or not reason.strip():
        raise UserError(f"{where} is a waiver without a reason")
    if not isinstance(author, str):
        raise UserError(f'{where}: "author" is not a text')
    try:
        day = date.fromisoformat(until) if until else None
    except (TypeError, ValueError) as error:
        raise UserError(f'{where}: "until" is {json.dumps(until)}, not a date such as 2026-11-20') from error
    return Waiver(_line(reason), _line(author), day)


def _line(text: str) -> str:
    return visible(" ".join(text.split()))
