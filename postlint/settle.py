"""Findings to violations: places to rows and columns, words from the rule, suppressions, precedence, order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from hashlib import blake2b
from typing import NamedTuple, cast

from postlint.collector import paused
from postlint.intervals import Intervals
from postlint.loading import Posts, Stretch
from postlint.post import TOP, Lines, Location
from postlint.rules import Audit, Rule, with_house
from postlint.settings import Settings
from postlint.silenced import Silenced
from postlint.suppressions import Request
from postlint.violations import Finding, Place, Related, RelatedLocation, RulePage, Severity, Violation

ReadSource = Callable[[str, int], Stretch | None]
"""Path and number of a post to its source, read anew; None where it can't be read."""
Locate = Callable[[Place], tuple[Location, Location]]
"""A place in any post of the run to the rows and columns of its start and end."""
Titles = Mapping[tuple[str, int], str]
"""Path and number of posts to their titles; what has none is left out."""

QUOTE = 200
"""Characters of the source that a violation quotes at most."""


class Asked(NamedTuple):
    """What posts ask not to be reported."""

    requests: Mapping[tuple[str, int], Sequence[Request]]
    """By path and number; what asks for nothing is left out."""
    compared: bool
    """Whether there were other posts to compare with: without, a comment about a copy is not called idle."""


class Settled(NamedTuple):
    """The violations of a run in their order, and how many more were suppressed."""

    violations: tuple[Violation, ...]
    suppressed: int
    rules: tuple[RulePage, ...]
    """The rules that have violations."""


def settle(
    found: list[tuple[str, Finding]],
    settings: Settings,
    read_source: ReadSource,
    locate: Locate,
    titles: Titles,
    asked: Asked,
) -> Settled:
    """Make violations of findings, which are used up. Posts are read anew, one at a time, for what they quote."""
    ignored = _ignored(settings)
    by_post: dict[tuple[str, int], list[tuple[str, Finding]]] = {}
    for code, finding in found:
        if code not in ignored(finding.path):
            by_post.setdefault((finding.path, finding.number), []).append((code, finding))
    # Each is let go as soon as its violation is made: there may be a million.
    found.clear()
    rules = with_house(settings.house_rules)
    audits = _audits(settings, rules)
    violations: list[Violation] = []
    suppressed = 0
    with paused():
        for path, number in sorted({*by_post, *(asked.requests if audits else ())}):
            silenced = Silenced(asked.requests.get((path, number), ()), rules)
            kept, count = _unsuppressed(by_post.pop((path, number), ()), silenced, rules)
            suppressed += count
            was_run = _was_run(settings, rules, ignored(path), asked.compared)
            for code, audit in audits:
                more = [(code, finding) for finding in audit(silenced, was_run)] if code not in ignored(path) else []
                kept.extend(item for item in more if not silenced.covers(item[1], code))
            if kept:
                title = titles.get((path, number), "")
                source = read_source(path, number) or Stretch("", TOP)
                violations.extend(_violations(path, number, title, _one_per_place(kept), source, settings, locate))
    codes = sorted({violation.code for violation in violations})
    return Settled(tuple(violations), suppressed, tuple(page_of(rules[code]) for code in codes))


def page_of(rule: Rule) -> RulePage:
    """What a report says of a rule."""
    summary, why, fix = (" ".join(text.split()) for text in (rule.summary, rule.why, rule.fix))
    return RulePage(rule.code, rule.name, rule.severity, summary, why, fix, rule.url)


def _audits(settings: Settings, rules: Mapping[str, Rule]) -> list[tuple[str, Audit]]:
    """The selected rules that look at suppressions."""
    return [
        (code, cast(Audit, rules[code].bind(settings.options.get(code, {}), settings.as_of)))
        for code in settings.codes
        if rules[code].scope == "suppressions"
    ]


def _was_run(
    settings: Settings, rules: Mapping[str, Rule], ignored: frozenset[str], compared: bool
) -> Callable[[str], bool]:
    """Which rules could have found something in a file."""
    scopes = ("post", "corpus") if compared else ("post",)
    return lambda code: code in settings.codes and code not in ignored and rules[code].scope in scopes


def _unsuppressed(
    found: Sequence[tuple[str, Finding]], silenced: Silenced, rules: Mapping[str, Rule]
) -> tuple[list[tuple[str, Finding]], int]:
    """The findings of a post that no more specific one outranks and nothing suppresses, and how many are suppressed."""
    best = _one_per_place(found)
    places = _Places(best)
    kept = []
    suppressed = 0
    for code, finding in best:
        # Asked first: a comment about a finding that another one outranks has its use.
        covered = silenced.covers(finding, code)
        if places.outranked(rules[code], finding):
            continue
        if covered:
            suppressed += 1
        else:
            kept.append((code, finding))
    return kept, suppressed


def _violations(
    path: str,
    number: int,
    title: str,
    found: Sequence[tuple[str, Finding]],
    source: Stretch,
    settings: Settings,
    locate: Locate,
) -> Iterator[Violation]:
    rules = with_house(settings.house_rules)
    lines = source.lines()
    seen: Counter[tuple[str, str]] = Counter()
    for code, finding in found:
        rule = rules[code]
        help_text, url = _said_once(rule.fix, rule.url)
        quote = _quote(source.text[finding.start : finding.end])
        field = str(finding.values.get("field", ""))
        seen[code, quote + "\x00" + field] += 1
        yield Violation(
            code=code,
            name=rule.name,
            severity=_severity(rule, finding, settings.severities),
            message=rule.render(finding),
            path=path,
            post=title,
            number=number,
            location=lines.location(finding.start),
            end_location=lines.location(finding.end),
            quote=quote,
            help=help_text,
            data=dict(finding.values),
            related=tuple(_related(related, locate) for related in finding.related),
            fingerprint=_fingerprint(code, quote, field, seen[code, quote + "\x00" + field]),
            url=url,
        )


@cache
def _said_once(fix: str, url: str) -> tuple[str, str]:
    """What all violations of a rule say alike: help and address, one text for all of them."""
    return " ".join(fix.split()), url


def _one_per_place(found: Sequence[tuple[str, Finding]]) -> list[tuple[str, Finding]]:
    """The findings of a post in order of place and code, the first where a rule has two for one place."""

    def order(item: tuple[str, Finding]) -> tuple[int, int, str, str]:
        code, finding = item
        return finding.start, finding.end, code, repr(sorted(finding.values.items()))

    kept: dict[tuple[str, int, int], tuple[str, Finding]] = {}
    for code, finding in sorted(found, key=order):
        kept.setdefault((code, finding.start, finding.end), (code, finding))
    return list(kept.values())


class _Places:
    """Where the findings of a post stand, by rule."""

    def __init__(self, found: Sequence[tuple[str, Finding]]) -> None:
        places: dict[str, list[tuple[int, int]]] = {}
        for code, finding in found:
            places.setdefault(code, []).append((finding.start, finding.end))
        self._places = {code: Intervals(stretches) for code, stretches in places.items()}

    def outranked(self, rule: Rule, finding: Finding) -> bool:
        """Whether a finding of a more specific rule covers this one's place."""
        places = (self._places.get(code) for code in rule.yields_to)
        return any(found is not None and found.cover(finding.start, finding.end) for found in places)


def _severity(rule: Rule, finding: Finding, overrides: Mapping[str, Severity]) -> Severity:
    if rule.code in overrides:
        return overrides[rule.code]
    return rule.minor_severity if finding.minor else rule.severity


def _quote(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= QUOTE else line[: QUOTE - 1] + "…"


def _fingerprint(code: str, quote: str, field: str, occurrence: int) -> str:
    # Neither path nor row: it outlives a renamed file and inserted lines.
    text = "\x00".join((code, field, quote, str(occurrence)))
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def _related(related: Related, locate: Locate) -> RelatedLocation:
    location, end_location = locate(related.place)
    place = related.place
    return RelatedLocation(place.path, location, end_location, related.role, place.number)


def _ignored(settings: Settings) -> Callable[[str], frozenset[str]]:
    """Which codes are not reported for a path, by the patterns of the configuration."""
    if not settings.per_file_ignores:
        return lambda path: frozenset()
    from pathlib import Path

    from pathspec import GitIgnoreSpec

    root = Path(settings.root).resolve()
    specs = [(GitIgnoreSpec.from_lines([pattern]), codes) for pattern, codes in settings.per_file_ignores]

    def ignored(path: str) -> frozenset[str]:
        full = Path(settings.folder, path).absolute()
        relative = full.relative_to(root).as_posix() if full.is_relative_to(root) else full.as_posix()
        return frozenset().union(*(codes for spec, codes in specs if spec.match_file(relative)))

    return ignored


def locate_in(posts: Posts) -> Locate:
    """Rows and columns by reading a post anew, the last few kept: for the related places of a few posts."""

    @lru_cache(maxsize=64)
    def lines_of(path: str, number: int) -> Lines:
        stretch = posts.stretch(path, number)
        return stretch.lines() if stretch is not None else Lines("")

    def locate(place: Place) -> tuple[Location, Location]:
        lines = lines_of(place.path, place.number)
        return lines.location(place.start), lines.location(place.end)

    return locate
