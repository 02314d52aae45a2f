"""Counts by rule as a table, instead of the list of violations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from postlint.reporters.terminal import SEVERITY_COLOURS, styled
from postlint.violations import Report, Severity

_Key = tuple[str, Severity, str]


def render(report: Report, colour: bool) -> Iterator[str]:
    """A line for each rule and severity that occurs, the most frequent first; nothing where nothing was found.

    The columns: violations, the posts that have them, code, severity, name.
    """
    counts: Counter[_Key] = Counter()
    posts: dict[_Key, set[tuple[str, int]]] = {}
    for violation in report.violations:
        key = (violation.code, violation.severity, violation.name)
        counts[key] += 1
        posts.setdefault(key, set()).add((violation.path, violation.number))
    if not counts:
        return
    codes = max(len("rule"), *(len(code) for code, _, _ in counts))
    yield styled(f"violations  posts  {'rule':<{codes}}  severity  name", "bold", colour=colour) + "\n"
    for (code, severity, name), count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        label = styled(f"{severity.label:<8}", SEVERITY_COLOURS[severity], colour=colour)
        posts_of = len(posts[code, severity, name])
        yield f"{count:>10}  {posts_of:>5}  {code:<{codes}}  {label}  {name}\n"
