"""Meta that meets a rule's conditions: the one check behind most rules about fields, dates and review flags.

A rule's `with:` is one case, or `cases:`, a list of them. A case has `at`, the field (or list of fields, or `post`)
whose entries are reported; `when`, the conditions that must all hold; `unless`, conditions of which none may (an item
that is a list counts as one, and holds when all of it does); `related`, a field that the report points to, and `role`,
what to call it; `variant`, which of the rule's messages it is; `once`, to report the first entry only. Conditions on
the `at` field must hold of the entry that is reported. `conditions.py` has their words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from postlint.checks.condition_shape import CASE, found_out
from postlint.checks.conditions import Condition, Test, Values, is_empty, read_condition, read_field
from postlint.errors import UserError, nearest
from postlint.meta import Entry
from postlint.needs import Guarded, InParts, Needs
from postlint.post import Post
from postlint.rules import Inspect, Options
from postlint.shapes import Shape, optional
from postlint.violations import Finding, Place, Related

_CASE_KEYS = ("at", "when", "unless", "related", "role", "variant", "once")
_WHERE = "with"

SHAPE = Shape(
    scope="post",
    takes={
        **{name: optional(schema) for name, schema in CASE.items()},
        "cases": optional(
            {
                "type": "array",
                "minItems": 1,
                "items": {"type": "object", "properties": CASE, "required": ["at"], "additionalProperties": False},
                "description": "Several of these, each with a field of its own.",
            }
        ),
    },
    gives=found_out,
)


@dataclass(frozen=True, slots=True)
class _Case:
    at: str
    own: tuple[Test, ...]
    """The tests of the entry that is reported."""
    others: tuple[Condition, ...]
    needed: frozenset[str]
    """The fields without which it finds nothing."""
    unless: tuple[tuple[Condition, ...], ...]
    related: str
    role: str
    variant: str
    once: bool


def bind(options: Options, as_of: date) -> Inspect:
    """The check, bound. Raises UserError where the rule's conditions can't be read."""
    raw = options["cases"] if "cases" in options else [{key: options[key] for key in _CASE_KEYS if key in options}]
    if not isinstance(raw, Sequence) or isinstance(raw, str) or not raw:
        raise UserError(f'{_WHERE}: "cases" is a list of cases')
    cases = [case for item in raw for case in _read_case(item, options, as_of)]

    return InParts(tuple(Guarded(partial(_findings, case), Needs(fields=frozenset({case.needed}))) for case in cases))


def _read_case(raw: object, options: Options, as_of: date) -> Iterator[_Case]:
    if not isinstance(raw, Mapping):
        raise UserError(f"{_WHERE}: a case is a mapping, not {raw!r}")
    for key in raw:
        if key not in _CASE_KEYS:
            raise UserError(f'{_WHERE}: unknown key "{key}"{nearest(str(key), _CASE_KEYS)}')
    if "at" not in raw:
        raise UserError(f'{_WHERE}: a case needs "at", the field where the violation stands')
    for at in raw["at"] if isinstance(raw["at"], list) else [raw["at"]]:
        read_field(at, _WHERE)
        # `at` may stand for the field itself, so that one case serves several fields.
        when = [
            read_condition(_with_field(item, at), options, as_of, _WHERE)
            for item in _items(raw.get("when", []), "when")
        ]
        unless = tuple(
            tuple(
                read_condition(_with_field(one, at), options, as_of, _WHERE)
                for one in (item if isinstance(item, list) else [item])
            )
            for item in _items(raw.get("unless", []), "unless")
        )
        yield _Case(
            at=at,
            own=tuple(test for item in when if item.field == at and not item.absent for test in item.tests),
            others=tuple(item for item in when if item.field != at or item.absent),
            needed=frozenset(
                field for item in when if not item.absent for field in (item.field, *item.compared_with) if field
            )
            | (frozenset() if at == "post" else {at}),
            unless=unless,
            related=read_field(raw["related"], _WHERE) if "related" in raw else "",
            role=str(raw.get("role", "the other field")),
            variant=str(raw.get("variant", "")),
            once=bool(raw.get("once", False)),
        )


def _items(raw: object, key: str) -> list[object]:
    if not isinstance(raw, list):
        raise UserError(f'{_WHERE}: "{key}" is a list of conditions')
    return raw


def _with_field(raw: object, at: str) -> object:
    return {**raw, "field": at} if isinstance(raw, Mapping) and raw.get("field") == "at" else raw


def _findings(case: _Case, post: Post) -> list[Finding]:
    passing: list[tuple[Entry | None, Values]] = [(None, {})]
    if case.at != "post":
        # Most entries fail the tests of their own, so these come first.
        tried = [(entry, _passes(case, entry, post)) for entry in post.meta.all(case.at)]
        passing = [(entry, result) for entry, result in tried if result is not None]
        if not passing:
            return []
    values: Values = {}
    related: Entry | None = None
    for condition in case.others:
        holds, entry, found = condition.holds(post)
        if not holds:
            return []
        values.update(found)
        if entry is not None and condition.field == case.related:
            related = entry
    findings = []
    for entry, result in passing:
        if _excused(case, post, entry):
            continue
        if entry is None:
            start, end = post.anchor
            findings.append(Finding(start, end, values, variant=case.variant))
        else:
            findings.append(_finding(case, post, entry, {**values, **result}, related))
        if case.once:
            break
    return findings


def _passes(case: _Case, entry: Entry, post: Post) -> Values | None:
    if is_empty(entry):
        return None
    values: Values = {}
    for test in case.own:
        found = test(entry, post)
        if found is None:
            return None
        values.update(found)
    return values


def _excused(case: _Case, post: Post, entry: Entry | None) -> bool:
    for together in case.unless:
        if all(
            condition.passes(entry, post) is not None
            if entry is not None and condition.field == case.at and not condition.absent
            else condition.holds(post)[0]
            for condition in together
        ):
            return True
    return False


def _finding(case: _Case, post: Post, entry: Entry, values: Values, related: Entry | None) -> Finding:
    if related is None and case.related:
        related = post.meta.get(case.related)
    values["value"] = " ".join(entry.value.split())
    values["key"] = " ".join(entry.key.split())
    places: tuple[Related, ...] = ()
    if related is not None:
        values["other_value"] = " ".join(related.value.split())
        values["other_key"] = " ".join(related.key.split())
        places = (Related(Place(post.path, post.number, related.start, related.end), case.role),)
    return Finding(entry.start, entry.end, values, places, case.variant)
