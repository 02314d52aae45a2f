"""`postlint baseline`: write down what is there now, so that only what is new is reported; and keep that up."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from postlint.commands.check import check
from postlint.commands.known import FILE, Texts, baseline_file, read_file
from postlint.commands.output import write_file, write_stdout
from postlint.errors import UserError
from postlint.reporters.terminal import counted

if TYPE_CHECKING:
    from postlint.baseline.decisions import Decisions
    from postlint.baseline.keeping import Kept
    from postlint.commands.asked import Asked, Found
    from postlint.violations import Violation

# A baseline is of files as they are on the disk, and there is nothing to print but what becomes of it.
_SHARED = frozenset({
    "paths", "select", "extend_select", "ignore", "corpus", "force_exclude", "cache_dir", "no_cache", "as_of", "exact",
    "config_file", "isolated", "quiet", "verbose", "jobs",
})  # fmt: skip


def _shared(*more: click.Parameter) -> list[click.Parameter]:
    return [
        *(parameter for parameter in check.params if parameter.name in _SHARED),
        click.Option(
            ["--baseline", "file"], metavar="FILE", help=f"The file. Default: as the configuration says, or {FILE}."
        ),
        *more,
    ]


def _create(file: str | None, **shared: Any) -> int:
    from postlint.baseline.keeping import created

    run = _asked(shared, None, no_baseline=True)
    path = file if file is not None else _file(run)
    if os.path.lexists(path):
        raise UserError(f"{path}: is there already; `postlint baseline update` brings it up to date")
    found = run.found()
    with closing(Texts({}, run.settings.fields)) as texts:
        kept = created(found.whole.violations, _folder(path), texts)
    _write(path, kept)
    posts = counted(len(kept.posts), "post")
    said = [f"Wrote {path}: {counted(len(kept.added), 'violation')} in {posts}.\n"]
    configured = baseline_file(None, run.config)
    if configured is None or os.path.abspath(configured) != os.path.abspath(path):
        key = os.path.relpath(path, run.config.root).replace(os.sep, "/")
        said.append(f'It holds where it is named: `--baseline {path}`, or baseline = "{key}" in postlint.toml.\n')
    write_stdout(said)
    return 0


def _update(file: str | None, allow_new: bool, decisions: str | None, **shared: Any) -> int:
    from postlint.baseline.keeping import updated

    run = _asked(shared, file)
    decided = _decisions(decisions) if decisions is not None else None
    found, path = run.found(), _file(run)
    applied = _applied(found, path)
    with closing(Texts({}, run.settings.fields)) as texts:
        kept = updated(applied, _folder(path), texts, decided)
    refused = bool(kept.added) and not allow_new
    write_stdout(_told(found, kept, decided))
    if refused:
        new = counted(len(kept.added), "new violation")
        write_stdout([f"{path} is left as it is: {new}; mend them, waive them, or add them with --allow-new.\n"])
        return 1
    _write(path, kept)
    write_stdout([_summary(path, kept, len(applied.stale))])
    return 0


def _prune(file: str | None, **shared: Any) -> int:
    from postlint.baseline.keeping import pruned

    run = _asked(shared, file)
    found, path = run.found(), _file(run)
    applied = _applied(found, path)
    with closing(Texts({}, run.settings.fields)) as texts:
        kept = pruned(applied, _folder(path), texts)
    _write(path, kept)
    write_stdout([*_told(found, kept, None), _summary(path, kept, len(applied.stale))])
    return 0


def _asked(shared: dict[str, Any], file: str | None, *, no_baseline: bool = False) -> Asked:
    from postlint.commands.asked import Place, asked
    from postlint.commands.targets import Wanted
    from postlint.selection import Selection

    wanted = Wanted(shared.pop("paths"), shared.pop("corpus"), force_exclude=shared.pop("force_exclude"))
    selection = Selection(shared.pop("select") or None, shared.pop("extend_select"), shared.pop("ignore"))
    place = Place(
        shared.pop("cache_dir"), shared.pop("no_cache"), shared.pop("config_file"), shared.pop("isolated"), file,
        no_baseline,
    )  # fmt: skip
    run = asked(wanted, selection, place, **shared)
    if file is None and not no_baseline and run.config.baseline is None:
        return replace(run, place=place._replace(baseline=_default(run)))
    return run


def _default(run: Asked) -> str:
    return os.path.relpath(os.path.join(run.config.root, FILE))


def _file(run: Asked) -> str:
    return baseline_file(run.place.baseline, run.config) or _default(run)


def _folder(path: str) -> str:
    return os.path.dirname(os.path.abspath(path))


def _decisions(file: str) -> Decisions:
    from postlint.baseline.decisions import Decisions

    found = read_file(file)
    if not isinstance(found, Decisions):
        raise UserError(f"{file}: not a file of decisions, such as the review report exports")
    return found


def _applied(found: Found, path: str) -> Any:
    if found.known.applied is None:
        raise UserError(f"{path}: a file of decisions is no baseline; fold it in with `update --decisions {path}`")
    return found.known.applied


def _told(found: Found, kept: Kept, decided: Decisions | None) -> Iterator[str]:
    """What changes, a line each: + for what is added, - for what is gone, ~ for what is waived from now on."""
    applied = found.known.applied
    assert applied is not None
    yield from _lines("+", kept.added)
    yield from _lines("~", kept.waived)
    for known, entry in applied.stale:
        yield f"- {known.path}: {entry.code} {entry.message}\n"
    if decided is not None and len(decided.waivers) > len(kept.waived):
        left = len(decided.waivers) - len(kept.waived)
        yield f"{counted(left, 'decision')} of what is not found any more.\n"


def _lines(mark: str, violations: Sequence[Violation]) -> Iterator[str]:
    from postlint.reporters.terminal import visible

    for violation in violations:
        row, column = violation.location
        yield f"{mark} {visible(violation.path)}:{row}:{column}: {violation.code} {visible(violation.message)}\n"


def _summary(path: str, kept: Kept, gone: int) -> str:
    held = sum(len(post.entries) for post in kept.posts)
    changes = [(len(kept.added), "added"), (gone, "gone"), (len(kept.waived), "waived")]
    changed = ", ".join(f"{count} {word}" for count, word in changes if count)
    return f"Wrote {path}: {counted(held, 'violation')}{f' ({changed})' if changed else ''}.\n"


def _write(path: str, kept: Kept) -> None:
    from postlint.baseline.entries import written

    write_file(path, written(kept.posts))


def _command(name: str, callback: Callable[..., int], words: str, *more: click.Parameter) -> click.Command:
    return click.Command(name, callback=callback, help=words, params=_shared(*more))


baseline = click.Group(
    "baseline",
    help="""Keep a list of violations that are known: with it, a check reports those that are new.

    A known violation stays known when lines are inserted above it, when its post is changed elsewhere, and when the
    file gets another name. A copy of its post is new.
    """,
    short_help="Keep a list of known violations, so that only new ones are reported.",
    commands=[
        _command("create", _create, "Write down all violations of the posts. Never overwrites a file."),
        _command(
            "update", _update,
            "Bring the list up to date: what is gone goes, posts are where they are now. What is new is shown, and "
            "added only with --allow-new.",
            click.Option(["--allow-new"], is_flag=True, help="Add what is new."),
            click.Option(["--decisions"], metavar="FILE", help="Fold in the decisions that a review report exported."),
        ),
        _command("prune", _prune, "Remove from the list what is gone. Adds nothing."),
    ],
)  # fmt: skip
