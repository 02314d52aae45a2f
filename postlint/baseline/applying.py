"""A report without what a baseline holds, and what the baseline holds that is gone."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from postlint.baseline.decisions import Decisions
from postlint.baseline.entries import Entry, KnownPost, Waiver
from postlint.baseline.matching import Key, Matched, Site, matched
from postlint.violations import Report, Violation


@dataclass(frozen=True, slots=True)
class Looked:
    """What a run looked at: without it a known violation that was not found says nothing."""

    files: Collection[str]
    """The files that were reported on, as they are printed."""
    folders: tuple[str, ...]
    """The folders that were searched to their ends: a file in one of them that was not found is gone."""
    codes: Collection[str]
    """The rules that were run."""
    comparing: Collection[str]
    """The codes of rules that compare posts."""
    has_corpus: bool
    """Whether the posts were judged against a corpus, and so by every rule that compares them."""
    every_code: Collection[str]
    """The codes of all rules that there are."""


@dataclass(frozen=True, slots=True)
class Baseline:
    """The posts of a baseline, and the file that says so."""

    file: str
    """As it is to be printed."""
    posts: Sequence[KnownPost]
    folder: str = field(default="")
    """Absolute: paths are relative to it."""


@dataclass(frozen=True, slots=True)
class Applied:
    """A report and a baseline, held against each other."""

    report: Report
    matched: Matched
    stale: tuple[tuple[KnownPost, Entry], ...]
    """Known violations that are gone, as far as what was looked at tells."""
    expired: int


def applied(report: Report, baseline: Baseline, looked: Looked, text_of: Callable[[str, int], str]) -> Applied:
    """Hold a report against a baseline. `text_of` gives a hash of the body of a post by the name of its file, as it is
    printed, and its number."""
    keys = Keys(baseline.folder)
    site = Site(
        is_gone=lambda path: not os.path.lexists(os.path.join(baseline.folder, path)),
        text_of=lambda path, number: text_of(keys.printed(path), number),
        comparing=looked.comparing,
    )
    violations = [((keys.of(violation.path), violation.number), violation) for violation in report.violations]
    result = matched(baseline.posts, violations, site)
    held: set[int] = set()
    ended: dict[int, Waiver] = {}
    for violation, _, entry in result.pairs:
        if entry.waiver is None or entry.waiver.holds(report.as_of):
            held.add(id(violation))
        else:
            ended[id(violation)] = entry.waiver
    kept = [_fired_again(violation, ended) for violation in report.violations if id(violation) not in held]
    stale = tuple(_stale(result, baseline, looked, keys)) if result.left else ()
    return Applied(reduced(report, kept), result, stale, len(ended))


def without_waived(report: Report, decisions: Decisions) -> Report:
    """A report without what is waived by decisions; a waiver that has expired says so."""
    ended: dict[int, Waiver] = {}
    kept = []
    for violation in report.violations:
        waiver = decisions.waiver_of(violation)
        if waiver is not None and waiver.holds(report.as_of):
            continue
        if waiver is not None:
            ended[id(violation)] = waiver
        kept.append(_fired_again(violation, ended))
    return reduced(report, kept)


def reduced(report: Report, kept: Sequence[Violation]) -> Report:
    """A report of some of its violations; the others are counted as those of a baseline."""
    codes = {violation.code for violation in kept}
    return replace(
        report,
        violations=tuple(kept),
        baselined=len(report.violations) - len(kept),
        rules=tuple(page for page in report.rules if page.code in codes),
    )


def _fired_again(violation: Violation, ended: dict[int, Waiver]) -> Violation:
    waiver = ended.get(id(violation))
    if waiver is None:
        return violation
    by = f" by {waiver.author}" if waiver.author else ""
    return replace(violation, message=f"{violation.message} (was waived{by} until {waiver.until}: {waiver.reason})")


class Keys:
    """Paths as they are printed to those of a baseline, and back."""

    def __init__(self, folder: str) -> None:
        self._is_here = folder == os.getcwd()
        self._folder = folder
        self.of = cache(self._of)

    def _of(self, path: str) -> str:
        if self._is_here and not os.path.isabs(path) and not path.startswith(".."):
            return path
        return os.path.relpath(path, self._folder).replace(os.sep, "/")

    def printed(self, path: str) -> str:
        """The path from the working directory."""
        return path if self._is_here else os.path.relpath(os.path.join(self._folder, path))


def _stale(result: Matched, baseline: Baseline, looked: Looked, keys: Keys) -> Iterable[tuple[KnownPost, Entry]]:
    files = {keys.of(path) for path in looked.files}
    folders = tuple(keys.of(folder) for folder in looked.folders)
    moved = {id(post) for post in result.moved.values()}
    compared = looked.has_corpus or _is_whole(baseline, files)

    def was_looked_at(post: KnownPost) -> bool:
        return id(post) in moved or post.path in files or any(_is_within(post.path, folder) for folder in folders)

    def was_looked_for(code: str) -> bool:
        if code not in looked.codes and code in looked.every_code:
            return False
        return compared or code not in looked.comparing

    for post, entries in result.left:
        if was_looked_at(post):
            yield from ((post, entry) for entry in entries if was_looked_for(entry.code))


def _is_whole(baseline: Baseline, files: Collection[str]) -> bool:
    """Whether all posts of a baseline that are still there were looked at."""
    return not any(
        post.path not in files and os.path.lexists(os.path.join(baseline.folder, post.path)) for post in baseline.posts
    )


def _is_within(path: str, folder: str) -> bool:
    if path == folder or path.startswith(f"{folder}/"):
        return True
    # A folder above that of the baseline.
    return folder == "." or all(part == os.pardir for part in folder.split("/"))


def key_of(keys: Keys, violation: Violation) -> Key:
    """The key of a violation's post."""
    return keys.of(violation.path), violation.number
