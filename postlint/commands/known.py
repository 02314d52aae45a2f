"""The baseline of a run: read, held against the report, and what there is to say of it."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from postlint.errors import UserError
from postlint.field_map import NO_MAPS, FieldMaps

if TYPE_CHECKING:
    from postlint.baseline.applying import Applied, Baseline, Looked
    from postlint.baseline.decisions import Decisions
    from postlint.commands.targets import Wanted
    from postlint.config import Configuration
    from postlint.settings import Settings
    from postlint.violations import Report

FILE = ".postlint-baseline"
"""Where a baseline is kept, beside the configuration, if nothing else is said."""
NAMED = 3
"""Known violations that are gone and are named one by one."""


class Judged(Protocol):
    """What was judged."""

    @property
    def unsaved(self) -> Mapping[str, bytes]:
        """What stood in for files."""

    @property
    def focus(self) -> Sequence[str]:
        """The files that were reported on, as they are printed."""

    @property
    def corpus(self) -> Sequence[str]:
        """The files and folders that posts were judged against."""


@dataclass(frozen=True, slots=True)
class Known:
    """A report without what is known, and what is to be said of it."""

    report: Report
    applied: Applied | None = None
    notes: tuple[str, ...] = ()


def baseline_file(option: str | None, config: Configuration) -> str | None:
    """The file of the baseline as it is to be printed: that of the option, else of the configuration."""
    if option is not None:
        return option
    return os.path.relpath(os.path.join(config.root, config.baseline)) if config.baseline is not None else None


def read_known(option: str | None, config: Configuration, *, no_baseline: bool) -> Baseline | Decisions | None:
    """The baseline of a run, or the decisions that stand in for one. Raises UserError where it is missing or wrong."""
    file = None if no_baseline else baseline_file(option, config)
    return read_file(file) if file is not None else None


def read_file(file: str) -> Baseline | Decisions:
    """A baseline, or a file of decisions: one begins with a brace. Raises UserError."""
    from postlint.baseline.applying import Baseline
    from postlint.baseline.entries import read_entries

    text = _text(file)
    if text.lstrip("\ufeff \t\r\n").startswith("{"):
        from postlint.baseline.decisions import read_decisions

        return read_decisions(text.removeprefix("\ufeff"), file)
    return Baseline(file, read_entries(text, file), os.path.dirname(os.path.abspath(file)))


def _text(file: str) -> str:
    try:
        with open(file, "rb") as stream:
            data = stream.read()
        return data.decode("utf-8")
    except FileNotFoundError as error:
        raise UserError(f"{file}: there is no such baseline; `postlint baseline create` writes one") from error
    except OSError as error:
        raise UserError(f"{file}: can't be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start) + 1
        raise UserError(f"{file}:{row}: is not UTF-8") from error


def held_against(
    report: Report,
    baseline: Baseline | Decisions | None,
    wanted: Wanted,
    config: Configuration,
    settings: Settings,
    judged: Judged,
) -> Known:
    """A report without what a baseline holds."""
    if baseline is None:
        return Known(report)
    from postlint.baseline.applying import applied, without_waived
    from postlint.baseline.decisions import Decisions

    if isinstance(baseline, Decisions):
        return Known(without_waived(report, baseline))
    with closing(Texts(judged.unsaved, settings.fields)) as texts:
        found = applied(report, baseline, looked(wanted, settings, judged), texts)
    return Known(found.report, found, tuple(_notes(found, baseline.file)))


def looked(wanted: Wanted, settings: Settings, judged: Judged) -> Looked:
    """What a run has looked at."""
    from postlint.baseline.applying import Looked
    from postlint.rules import with_house

    rules = with_house(settings.house_rules)
    is_of_changes = wanted.staged or wanted.diff_base is not None or wanted.stdin_filename is not None
    return Looked(
        files=judged.focus,
        folders=() if is_of_changes else tuple(wanted.paths or judged.corpus or (".",)),
        codes=frozenset(settings.codes),
        comparing=frozenset(code for code, rule in rules.items() if rule.scope == "corpus"),
        has_corpus=bool(judged.corpus),
        every_code=frozenset(rules),
    )


def _notes(found: Applied, file: str) -> list[str]:
    notes = []
    if found.stale:
        rows = [f"{file}:{entry.row}" for _, entry in found.stale[:NAMED]]
        more = len(found.stale) - len(rows)
        where = ", ".join(rows) + (f" and {more} more" if more else "")
        are = "violation of the baseline is" if len(found.stale) == 1 else "violations of the baseline are"
        notes.append(f"{len(found.stale)} {are} gone ({where}); `postlint baseline prune` removes what is gone")
    if found.expired:
        have = "waiver has" if found.expired == 1 else "waivers have"
        notes.append(f"{found.expired} {have} expired")
    return notes


class Texts:
    """Hashes of the bodies of posts, front matter left out and white space made single."""

    def __init__(self, unsaved: Mapping[str, bytes], fields: FieldMaps = NO_MAPS) -> None:
        from postlint.loading import Files, Posts

        self._posts = Posts(Files(unsaved), fields)

    def __call__(self, path: str, number: int) -> str:
        """The hash of a post by its file, as it is printed, and its number; "-" where it has no body, or can't be
        read."""
        from hashlib import blake2b

        from postlint.readers import is_container
        from postlint.readers.frontmatter import read_front_matter

        stretch = self._posts.stretch(path, number)
        if stretch is None:
            return "-"
        # A record in a file of many is all its own; nothing of it stands before a body.
        begin = 0 if is_container(path) else read_front_matter(stretch.text).body
        words = stretch.text[begin:].split()
        return blake2b(" ".join(words).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest() if words else "-"

    def close(self) -> None:
        """Let go of the file that is open, if one is."""
        self._posts.close()
