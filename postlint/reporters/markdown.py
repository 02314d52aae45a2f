"""A summary in Markdown, for the page of a CI job or the text of a pull request."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from postlint.reporters import Sources
from postlint.reporters.terminal import counted, summary, visible
from postlint.violations import Report, Severity, Violation, post_name

POSTS = 50
"""Posts that are listed, those with the most errors and warnings first."""
EACH = 5
"""Violations that are listed of each."""
_SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#+!|~&@:$=^-]|(?<=www)\.)", re.IGNORECASE)
_REFERENCE = re.compile(r"(\\[@#])(?=\w)")
"""What begins the name of a person or the number of an issue, which are looked for when the text has been made."""


def render(report: Report, sources: Sources, colour: bool) -> Iterator[str]:
    """How many, of which rules, and the posts that need most work with their first violations."""
    yield f"## postlint\n\n{_text(summary(report, colour=False))}\n"
    if not report.violations:
        return
    yield from _rules(report)
    by_post: dict[tuple[str, int], list[Violation]] = {}
    for violation in report.violations:
        by_post.setdefault((violation.path, violation.number), []).append(violation)
    worst = sorted(by_post, key=lambda post: (_weight(by_post[post]), post))
    yield "\n### Posts\n"
    for post in worst[:POSTS]:
        found = sorted(by_post[post], key=lambda violation: (-violation.severity, violation.location))
        yield f"\n**{_text(post_name(*post))}**{_title(found[0])}\n\n"
        for violation in found[:EACH]:
            place = f"{violation.location.row}:{violation.location.column}"
            yield f"- {place} {violation.severity.label} {violation.code} {_text(violation.message)}\n"
        if len(found) > EACH:
            yield f"- {len(found) - EACH} more\n"
    if len(worst) > POSTS:
        yield f"\n{counted(len(worst) - POSTS, 'more post')}.\n"


def _rules(report: Report) -> Iterator[str]:
    count = Counter((violation.code, violation.severity) for violation in report.violations)
    rules = {violation.code: violation for violation in report.violations}
    yield "\n| rule | | errors | warnings | infos |\n|---|---|---|---|---|\n"
    for code, rule in sorted(rules.items()):
        name = f"[{code}]({rule.url})" if rule.url else code
        levels = (Severity.ERROR, Severity.WARNING, Severity.INFO)
        numbers = " | ".join(str(count[code, level] or "") for level in levels)
        yield f"| {name} | {_text(rule.name)} | {numbers} |\n"


def _weight(found: list[Violation]) -> tuple[int, int, int]:
    counts = Counter(violation.severity for violation in found)
    return -counts[Severity.ERROR], -counts[Severity.WARNING], -counts[Severity.INFO]


def _title(violation: Violation) -> str:
    return f" {_text(violation.post)}" if violation.post else ""


def _text(value: str) -> str:
    """A text that is nothing but text in Markdown: no mark-up, no HTML, no mention of anybody."""
    return _REFERENCE.sub(r"\1<!-- -->", _SPECIAL.sub(r"\\\1", " ".join(visible(value).split())))
