"""`postlint check --fix` and `--diff`: files written anew, each whole or not at all, or shown as they would be."""

from __future__ import annotations

import difflib
import os
import stat
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from postlint.commands.asked import Asked, Found, say
from postlint.commands.output import write_stdout
from postlint.errors import UserError
from postlint.reporters.terminal import counted, visible

if TYPE_CHECKING:
    from postlint.fixing import FixedFile
    from postlint.violations import Report

ROUNDS = 50
"""How often posts are compared again after some were fixed."""


class Fixing(NamedTuple):
    """How a run fixes."""

    unsafe: bool = False
    """Whether unsafe fixes are wanted, too."""
    shows: bool = False
    """Whether each fix is told."""


def fixed(run: Asked, fixing: Fixing) -> Found:
    """Fix what a run finds, until a run finds nothing more to fix; what that one found."""
    found = run.found()
    done: list[FixedFile] = []
    for _ in range(ROUNDS):
        files = list(_fixed_files(run, found, unsafe=fixing.unsafe))
        for file in files:
            _replace(file)
        done.extend(files)
        if not files:
            break
        found = run.found()
    if not run.quiet:
        for line in _told(done, shows=fixing.shows):
            say(line)
    return found


def shown(run: Asked, *, unsafe: bool) -> int:
    """Print what fixes would change as a unified diff; 1 if there is something."""
    files = list(_fixed_files(run, run.found(), unsafe=unsafe))
    for file in files:
        write_stdout(_diff(file))
    if not run.quiet:
        say(f"would fix {_counts(files)}" if files else "nothing to fix")
    return int(bool(files))


def with_fixes_of(report: Report, run: Asked, found: Found) -> Report:
    """A report whose violations say how they are fixed."""
    from postlint.fixes.offered import with_fixes
    from postlint.loading import Files
    from postlint.rules import with_house

    rules = with_house(run.settings.house_rules)
    return replace(report, violations=tuple(with_fixes(report.violations, rules, Files(found.unsaved))))


def _fixed_files(run: Asked, found: Found, *, unsafe: bool) -> Iterator[FixedFile]:
    from postlint.fixing import fixed_file

    reported = with_fixes_of(found.known.report, run, found).violations
    held = _held(found)
    for path, violations in groupby(reported, key=lambda violation: violation.path):
        some = [violation for violation in violations if violation.fix is not None]
        if not any(violation.fix and (unsafe or violation.fix.safety == "safe") for violation in some):
            continue
        if path in found.unsaved or os.path.islink(path):
            what = "a link" if os.path.islink(path) else "not on the disk as it was read"
            say(f"{path} is {what}, and is left as it is")
            continue
        try:
            with open(path, "rb") as stream:
                data = stream.read()
        except OSError as error:
            raise UserError(f"{path}: can't be read: {error.strerror}") from error
        file = fixed_file(path, data, some, run.settings, unsafe=unsafe, held=held.get(path, frozenset()))
        if file.before != file.after:
            yield file


def _held(found: Found) -> dict[str, set[tuple[str, str]]]:
    """What the baseline holds of each file."""
    left = {(violation.path, violation.number, violation.fingerprint) for violation in found.known.report.violations}
    held: dict[str, set[tuple[str, str]]] = {}
    for violation in found.whole.violations:
        if (violation.path, violation.number, violation.fingerprint) not in left:
            held.setdefault(violation.path, set()).add((violation.code, violation.fingerprint))
    return held


def _replace(file: FixedFile) -> None:
    """Write a file through a temporary one beside it: it is there as it was, or fixed. Raises UserError."""
    folder, name = os.path.split(file.path)
    try:
        with open(file.path, "rb") as stream:
            mode = stat.S_IMODE(os.fstat(stream.fileno()).st_mode)
            if stream.read() != file.before:
                raise UserError(f"{file.path}: was changed while it was fixed, and is left as it is")
        handle, temporary = tempfile.mkstemp(prefix=f".{name}.", suffix=".tmp", dir=folder or ".")
        try:
            with open(handle, "wb") as target:
                target.write(file.after)
            os.chmod(temporary, mode)
            os.replace(temporary, file.path)
        except BaseException:
            os.unlink(temporary)
            raise
    except OSError as error:
        raise UserError(f"{file.path}: can't be written: {error.strerror}") from error


def _diff(file: FixedFile) -> Iterator[str]:
    before, after = (_rows(data) for data in (file.before, file.after))
    to_terminal = sys.stdout.isatty()
    for row in difflib.unified_diff(before, after, file.path, file.path):
        text = row if row.endswith("\n") else f"{row}\n\\ No newline at end of file\n"
        yield "".join(visible(part) if part not in "\n\t\r" else part for part in text) if to_terminal else text


def _rows(data: bytes) -> list[str]:
    # Line feeds alone, as patch counts rows.
    text = data.decode("utf-8")
    rows = [f"{row}\n" for row in text.split("\n")]
    rows[-1] = rows[-1][:-1]
    return rows if rows[-1] else rows[:-1]


def _told(done: Sequence[FixedFile], *, shows: bool) -> Iterator[str]:
    if not done:
        yield "nothing to fix"
        return
    yield f"fixed {_counts(done)}"
    for path in sorted({file.path for file in done}) if shows else ():
        yield f"  {path}:"
        codes = Counter(violation.code for file in done if file.path == path for violation in file.fixed)
        for code, count in sorted(codes.items()):
            yield f"    {count} x {code}"


def _counts(files: Sequence[FixedFile]) -> str:
    violations = sum(len(file.fixed) for file in files)
    return f"{counted(violations, 'violation')} in {counted(len({file.path for file in files}), 'file')}"
