"""The text of a baseline: posts, the violations that are known of each, and their waivers; read and written."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from postlint.collector import paused
from postlint.errors import UserError
from postlint.reporters.terminal import visible

VERSION = 1
HEADER = f"postlint baseline {VERSION}"
_COMMENT = """\
# Known violations, a line each under their posts. `postlint baseline update` and `prune` write this file anew.
# A line "    waived by NAME until DATE: REASON" below a violation makes it a waiver.
"""
_ENTRY = re.compile(r"  ([A-Z]+[0-9]{3}) ([0-9a-f]{16}) (\S.*)")
_TEXT = re.compile(r"  text ([0-9a-f]{16}|-)(?: (\S.*))?")
_WAIVER = re.compile(r'    waived(?: by ("(?:[^"\\]|\\.)*"|[^":]+?))?(?: until ([0-9]{4}-[0-9]{2}-[0-9]{2}))?: ?(.*)')
_NUMBER = re.compile(r"#[0-9]+\Z")
_PLAIN_PATH = re.compile(
    r"[^\s\"#<=>|\x00-\x1f\x7f-\x9f\ud800-\udfff][^\x00-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029]*(?<!\s)"
)
_PLAIN_AUTHOR = re.compile(r'[^\s":](?:[^":]*[^\s":])?')
_CONFLICT = ("<<<<<<<", "=======", ">>>>>>>", "|||||||")


class Waiver(NamedTuple):
    """Why a violation may stay, who says so, and the last day on which it may; None for good."""

    reason: str
    author: str = ""
    until: date | None = None

    def holds(self, as_of: date) -> bool:
        """Whether it has not expired by a day."""
        return self.until is None or as_of <= self.until


class Entry(NamedTuple):
    """A violation that is known. `message` is for those who read the file; `row` is where it stands in it, from 1."""

    code: str
    fingerprint: str
    message: str
    waiver: Waiver | None = None
    row: int = 0


@dataclass(slots=True, eq=False)
class KnownPost:
    """A post with known violations. `path` is relative to the folder of the baseline, parted by `/`.

    `text` is a hash of the body of its file, and "-" where there is none; by it and by the title a post is known under
    another path.
    """

    path: str
    number: int = 0
    text: str = "-"
    title: str = ""
    entries: list[Entry] = field(default_factory=list)


def read_entries(text: str, file: str) -> list[KnownPost]:
    """The posts of a baseline. Raises UserError, with file and line, where it is none."""
    posts: list[KnownPost] = []
    rows = text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n")
    if rows[0].rstrip() != HEADER:
        raise UserError(f"{file}:1: not a baseline: the first line of one is {json.dumps(HEADER)}")
    # Every run reads all of it, whatever it is about: no more than a few steps for a line.
    entry = _ENTRY.fullmatch
    entries: list[Entry] | None = None
    with paused():
        for row, line in enumerate(rows[1:], 2):
            found = entry(line)
            if found is not None:
                if entries is None:
                    raise UserError(f"{file}:{row}: a violation before the path of a post")
                code, fingerprint, message = found.groups()
                entries.append(Entry(code, fingerprint, message, None, row))
            elif line and line[0] != "#" and not line.isspace():
                _read_other(line, row, posts, file)
                entries = posts[-1].entries
    return posts


def _read_other(line: str, row: int, posts: list[KnownPost], file: str) -> None:
    """A line that is no violation: the path of a post, its text and title, or a waiver."""
    if line.startswith(_CONFLICT):
        raise UserError(f"{file}:{row}: the conflict of a merge is not resolved")
    if not line[0].isspace():
        posts.append(KnownPost(*_read_path(line.rstrip(), f"{file}:{row}")))
    elif posts and not posts[-1].entries and (found := _TEXT.fullmatch(line.rstrip())):
        posts[-1].text, posts[-1].title = found[1], found[2] or ""
    elif posts and posts[-1].entries and (found := _WAIVER.fullmatch(line.rstrip())):
        known = posts[-1].entries
        if known[-1].waiver is not None:
            raise UserError(f"{file}:{row}: a second waiver of one violation")
        known[-1] = known[-1]._replace(waiver=_read_waiver(found, f"{file}:{row}"))
    else:
        raise UserError(
            f"{file}:{row}: neither a violation (CODE FINGERPRINT MESSAGE) nor a waiver of the one above "
            "(waived by NAME until DATE: REASON)"
        )


def _read_path(line: str, where: str) -> tuple[str, int]:
    path = line
    number = 0
    if found := _NUMBER.search(line):
        path, number = line[: found.start()], int(found[0][1:])
    if path.startswith('"'):
        try:
            path = json.loads(path)
        except ValueError as error:
            raise UserError(f"{where}: not a path in quotation marks") from error
    if not path:
        raise UserError(f"{where}: no path")
    return path, number


def _read_waiver(found: re.Match[str], where: str) -> Waiver:
    author, until, reason = found.groups()
    if not reason.strip():
        raise UserError(f"{where}: a waiver without a reason")
    try:
        name = json.loads(author) if author and author.startswith('"') else author or ""
    except ValueError as error:
        raise UserError(f"{where}: not a name in quotation marks") from error
    try:
        day = date.fromisoformat(until) if until else None
    except ValueError as error:
        raise UserError(f"{where}: {until} is not a date such as 2026-11-20") from error
    return Waiver(reason.strip(), name, day)


def written(posts: Iterable[KnownPost]) -> Iterator[str]:
    """The text of a baseline in pieces: by path and number, code, message and fingerprint. Posts without violations
    are left out."""
    yield f"{HEADER}\n{_COMMENT}"
    for post in sorted(posts, key=lambda post: (post.path, post.number)):
        if post.entries:
            title = f" {post.title}" if post.title else ""
            yield f"\n{_path(post)}\n  text {post.text}{title}\n"
            for entry in sorted(post.entries, key=lambda entry: (entry.code, entry.message, entry.fingerprint)):
                yield f"  {entry.code} {entry.fingerprint} {entry.message or '-'}\n"
                if entry.waiver is not None:
                    yield f"    {waiver_line(entry.waiver)}\n"


def _path(post: KnownPost) -> str:
    # What turns text around, or is not seen, would make a change of the file look like another one.
    is_plain = _PLAIN_PATH.fullmatch(post.path) and visible(post.path) == post.path
    path = post.path if is_plain else json.dumps(post.path)
    return f"{path}#{post.number}" if post.number or _NUMBER.search(path) else path


def waiver_line(waiver: Waiver) -> str:
    """A waiver as it is written and shown."""
    author = waiver.author
    if author and (not _PLAIN_AUTHOR.fullmatch(author) or " until " in f" {author} "):
        author = json.dumps(author)
    by = f" by {author}" if author else ""
    until = f" until {waiver.until.isoformat()}" if waiver.until else ""
    return f"waived{by}{until}: {waiver.reason}"
