"""What to do after a report: the post to begin with, the rule to read about, two posts to look at side by side."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Iterator

from postlint.reporters.terminal import by_severity, visible
from postlint.violations import Report, Severity, Violation, post_name


def render(report: Report) -> Iterator[str]:
    """A few lines; none where nothing was found."""
    if not report.violations:
        return
    if report.posts_with_violations > 1:
        worst = _worst(report)
        yield f"Begin with {visible(post_name(worst[0].path, worst[0].number))} ({by_severity(worst, colour=False)}).\n"
    code, count = _rule(report)
    commands = [
        (f"postlint rule {code}", f"why {code} is reported ({count} of {len(report.violations)}), and what to do")
    ]
    if pair := _pair(report):
        commands.append((f"postlint compare {' '.join(pair)}", "what the two posts share, side by side"))
    for command, words in commands:
        yield f"`{command}` shows {words}.\n"


def _worst(report: Report) -> list[Violation]:
    """The violations of the post that has the most errors, then warnings, then infos; the first of equals."""
    posts: dict[tuple[str, int], list[Violation]] = {}
    for violation in report.violations:
        posts.setdefault((violation.path, violation.number), []).append(violation)
    return max(posts.values(), key=_weight)


def _weight(violations: list[Violation]) -> tuple[int, ...]:
    counts = Counter(violation.severity for violation in violations)
    return tuple(counts[severity] for severity in sorted(Severity, reverse=True))


def _rule(report: Report) -> tuple[str, int]:
    """The rule that has most violations of the highest severity, and how many it has in all."""
    highest = max(violation.severity for violation in report.violations)
    counts = Counter(violation.code for violation in report.violations if violation.severity == highest)
    code = min(counts, key=lambda code: (-counts[code], code))
    return code, sum(violation.code == code for violation in report.violations)


def _pair(report: Report) -> tuple[str, str] | None:
    """The paths of two posts that share text, by the gravest violation that names another post."""
    found = [
        (-violation.severity, row, violation)
        for row, violation in enumerate(report.violations)
        if violation.code.startswith(("BP", "ND")) and violation.related and _other(violation) is not None
    ]
    if not found:
        return None
    violation = min(found)[2]
    names = (post_name(violation.path, violation.number), _other(violation) or "")
    # A name that can't be typed as it is shown makes no command.
    return (_typed(names[0]), _typed(names[1])) if all(visible(name) == name for name in names) else None


def _other(violation: Violation) -> str | None:
    """The name of the other post that a violation speaks of; None where that is the same post."""
    place = violation.related[0]
    here = (violation.path, violation.number) == (place.path, place.number)
    return None if here else post_name(place.path, place.number)


def _typed(path: str) -> str:
    return shlex.quote(f"./{path}" if path.startswith("-") else path)
