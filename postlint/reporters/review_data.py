"""What the review report holds: the violations as a table, the groups of posts to merge, the rows of files to show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b
from itertools import chain
from typing import Any

from postlint import __version__
from postlint.post import Lines, Location
from postlint.reporters import About, Abouts, Sources
from postlint.reporters.json_object import plain, summary
from postlint.reporters.review_actions import ACTIONS, action_of, family
from postlint.violations import RelatedLocation, Report, Violation, post_name

SCHEMA_VERSION = 1
WHOLE = 16_000
"""Characters up to which a file is shown whole; of a longer one, the rows around what was found."""
IN_ALL = 32_000_000
"""Characters of whole files in one report; past that, rows around what was found."""
PART = 3_000
"""Characters of rows around what was found, for one file."""
ROW = 4_000
"""Characters of one row."""
AROUND = 1
"""Rows that are shown before and after a place."""
CHUNK = 400_000
"""Characters that the page unpacks at a time."""

Segment = tuple[int, list[str]]
"""The number of a row (from 1), and the texts of rows from there on."""
FileRows = tuple[int, tuple[int, int, int], list[Segment]]
"""The index of a file; its first and last row, and how many characters of the first are left out (in a file of many
posts, where each post is a file here); and the segments of it that are shown."""


def table(report: Report, abouts: Abouts) -> dict[str, Any]:
    """Everything but the rows of files. Files and posts are named by their indexes; places are row and column pairs.

    A post is its file, its number, its title, its authors, and its day or nothing.
    """
    files = {path: index for index, path in enumerate(sorted(_paths(report)))}
    posts: dict[tuple[str, int], int] = {}
    for violation in report.violations:
        posts.setdefault((violation.path, violation.number), len(posts))
    titles = {(violation.path, violation.number): violation.post for violation in report.violations}
    return {
        "schema_version": SCHEMA_VERSION,
        "postlint_version": __version__,
        "as_of": report.as_of.isoformat(),
        "key": _key(report),
        "summary": summary(report),
        "actions": [action._asdict() for action in ACTIONS],
        "rules": {
            page.code: {
                "name": page.name,
                "family": family(page.code),
                "action": action_of(page.code),
                "summary": page.summary,
                "why": page.why,
                "fix": page.fix,
                "url": page.url,
            }
            for page in report.rules
        },
        "files": list(files),
        "posts": [
            [files[post_name(path, number)], number, titles[path, number], *_about(abouts(path, number))]
            for path, number in posts
        ],
        "violations": [_violation(violation, files, posts) for violation in report.violations],
        "groups": groups(report, files),
        "shared": report.shared,
    }


def _about(about: About) -> tuple[Sequence[str], str]:
    return about.authors, about.day.isoformat() if about.day is not None else ""


def _paths(report: Report) -> set[str]:
    """The posts of a report by their names: but for files of many posts these are files."""
    paths = {_post(violation) for violation in report.violations}
    paths.update(_post(place) for violation in report.violations for place in violation.related)
    paths.update(name for cluster in report.clusters for name in cluster.posts)
    return paths


def _post(place: Violation | RelatedLocation) -> str:
    return post_name(place.path, place.number)


def _by_name(report: Report) -> dict[str, tuple[str, int]]:
    """Path and number of the posts that violations speak of, by name."""
    places: Iterable[Violation | RelatedLocation] = chain.from_iterable(
        (violation, *violation.related) for violation in report.violations
    )
    return {_post(place): (place.path, place.number) for place in places}


def _key(report: Report) -> str:
    """What decisions are kept under: the same for every report that has the same violations."""
    seen = sorted(f"{violation.path}\0{violation.fingerprint}" for violation in report.violations)
    return blake2b("\n".join(seen).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def _violation(
    violation: Violation, files: Mapping[str, int], posts: Mapping[tuple[str, int], int]
) -> dict[str, object]:
    return {
        "code": violation.code,
        "severity": violation.severity.label,
        "post": posts[violation.path, violation.number],
        "message": violation.message,
        "place": _place(violation.location, violation.end_location),
        "quote": violation.quote,
        "data": {key: plain(value) for key, value in sorted(violation.data.items())},
        "related": [
            [files[_post(place)], _place(place.location, place.end_location), place.message]
            for place in violation.related
        ],
        "fingerprint": violation.fingerprint,
    }


def _place(start: Location, end: Location) -> list[int]:
    return [start.row, start.column, end.row, end.column]


def groups(report: Report, files: Mapping[str, int]) -> list[dict[str, object]]:
    """The posts to merge, as files that are connected by likeness; largest group first, then the closest.

    `pair` is the two files that are most alike, `percent` how much: 100 for the same body, else what the rule measured
    (resemblance, or the part of the shorter post that stands in the longer one).
    """
    leader = {path: path for path in files}

    def find(path: str) -> str:
        while leader[path] != path:
            leader[path] = leader[leader[path]]
            path = leader[path]
        return path

    alike: list[tuple[int, str, str]] = []
    for violation in report.violations:
        if action_of(violation.code) != "merge":
            continue
        for place in violation.related:
            leader[find(_post(place))] = find(_post(violation))
            # Bodies that are the same have no percentage.
            percent = violation.data.get("percent")
            alike.append((percent if isinstance(percent, int) else 100, _post(violation), _post(place)))
    for cluster in report.clusters:
        for name in cluster.posts:
            leader[find(name)] = find(cluster.posts[0])
    members: dict[str, list[str]] = {}
    for path in files:
        members.setdefault(find(path), []).append(path)
    closest: dict[str, tuple[int, str, str]] = {}
    for found in sorted(alike, key=lambda pair: (-pair[0], pair[1:])):
        closest.setdefault(find(found[1]), found)
    made: list[tuple[int, int, dict[str, object]]] = []
    for first, (percent, path, other) in closest.items():
        paths = sorted(members[first])
        group = {
            "files": [files[name] for name in paths],
            "pair": [files[path], files[other]],
            "percent": percent,
        }
        made.append((-len(paths), -percent, group))
    return [group for *_, group in sorted(made, key=lambda entry: (entry[:2], entry[2]["files"]))]


def chunks(report: Report, sources: Sources, files: Sequence[str]) -> Iterator[list[FileRows]]:
    """The rows of files in portions that are unpacked one at a time; posts to merge and to rewrite come first."""
    places: dict[str, list[tuple[int, int]]] = {path: [] for path in files}
    weight = dict.fromkeys(files, 0)
    for violation in report.violations:
        name = _post(violation)
        places[name].append((violation.location.row, violation.end_location.row))
        shown = 100 if action_of(violation.code) in ("merge", "rewrite") else 1
        weight[name] += shown * violation.severity
        for place in violation.related:
            places[_post(place)].append((place.location.row, place.end_location.row))
    index = {path: number for number, path in enumerate(files)}
    posts = _by_name(report)
    left = IN_ALL
    portion: list[FileRows] = []
    size = 0
    for path in sorted(files, key=lambda path: (-weight[path], path)):
        lines = sources(*posts.get(path, (path, 0)))
        if lines is None:
            continue
        segments = _whole(lines) if left > 0 else None
        if segments is None:
            segments = _parts(lines, places[path])
        length = sum(len(text) for _, texts in segments for text in texts)
        left -= length
        size += length
        first, last = lines.rows[0], lines.rows[-1]
        portion.append((index[path], (first, last, lines.left_out(first)), segments))
        if size >= CHUNK:
            yield portion
            portion, size = [], 0
    if portion:
        yield portion


def _whole(lines: Lines) -> list[Segment] | None:
    """All rows of a file, or None where that is too much."""
    # The offset of the last row says how long a file is at least, without a look at its rows.
    if lines.row_start(lines.rows[-1]) > WHOLE:
        return None
    texts = [lines.row_text(row) for row in lines.rows]
    if sum(map(len, texts)) > WHOLE or max(map(len, texts)) > ROW:
        return None
    return [(lines.rows[0], texts)]


def _parts(lines: Lines, places: Iterable[tuple[int, int]]) -> list[Segment]:
    """The rows around places, as many as there is room for; the first places come first."""
    segments: list[Segment] = []
    room = PART
    after = lines.rows[0]
    for start, end in sorted(places):
        for row in range(max(start - AROUND, after), min(end + AROUND, lines.rows[-1]) + 1):
            if room <= 0:
                return segments
            text = lines.row_text(row)
            shown = text if len(text) <= ROW else text[:ROW] + "…"
            if segments and row == after:
                segments[-1][1].append(shown)
            else:
                segments.append((row, [shown]))
            room -= len(shown)
            after = row + 1
    return segments
