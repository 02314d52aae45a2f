"""The first half of the way, a batch of files at a time: read, inspect, digest; here or in worker processes."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from postlint import known_needs, readers
from postlint.collector import paused
from postlint.dispatch import Dispatch, dispatcher
from postlint.errors import UserError
from postlint.index.disk import UNKNOWN, UNREADABLE, content_hash
from postlint.index.disk import stamp as stamp_of
from postlint.post import Post
from postlint.readers.source import decode
from postlint.rules import Inspect, Rule, with_house
from postlint.settings import Settings
from postlint.suppressions import Request, of_post
from postlint.violations import Finding

if TYPE_CHECKING:
    from postlint.facts import Digest
    from postlint.store import Store

Load = Callable[[str], bytes]
"""A path to the bytes of its file. Raises OSError where it can't be read."""


@dataclass(slots=True)
class Batch:
    """What comes of a batch of files; all that crosses a process."""

    files: int
    """Files that are reported on."""
    findings: list[tuple[str, Finding]]
    """The code of a rule and what it found in one post."""
    titles: dict[tuple[str, int], str]
    """Path and number of posts to their titles; what has none is left out."""
    posts: int
    """Posts that are reported on; files that can't be read hold none."""
    digest: Digest | None
    """None where no selected rule compares posts."""
    requests: dict[str, list[Request]] = field(default_factory=dict)
    """Paths to what their posts ask not to be reported; what asks for nothing is left out."""
    contents: Mapping[str, tuple[bytes, int]] = field(default_factory=dict)
    """What the loader noted of the files, if it was to."""


@dataclass(frozen=True, slots=True)
class Files:
    """Loads files from the disk, but for those whose content is given: what an editor has not saved yet."""

    unsaved: Mapping[str, bytes] = field(default_factory=dict)
    since: int | None = None
    """When the run began, in nanoseconds, if it is to be kept which content each file had."""
    contents: dict[str, tuple[bytes, int]] = field(default_factory=dict)
    """The hash of the content of each file that was read, and its stamp (see `index.disk`) from before."""

    def __call__(self, path: str) -> bytes:
        """The bytes of a file. Raises OSError where there are none to be had."""
        data = self.unsaved.get(path)
        stamp = UNKNOWN
        if data is None:
            if self.since is not None:
                self.contents[path] = UNREADABLE, UNKNOWN
            with open(path, "rb") as file:
                if self.since is not None:
                    stamp = stamp_of(os.fstat(file.fileno()), self.since)
                data = file.read()
        if self.since is not None:
            self.contents[path] = content_hash(data), stamp
        return data


def read_file(path: str, source: Load) -> list[Post]:
    """The posts of a file; one of format "unreadable" where it can't be opened."""
    try:
        data = source(path)
    except OSError as error:
        return [readers.unreadable(path, error.strerror or str(error))]
    return readers.read(path, data)


def read_source(path: str, source: Load) -> str:
    """The text of a file as its reader sees it; empty where it can't be read."""
    try:
        decoded = decode(source(path))
    except OSError:
        return ""
    return "" if isinstance(decoded, str) else decoded[0]


def bound_inspections(settings: Settings, with_numpy: bool = False) -> Dispatch:
    """The selected rules that look at one post at a time, each bound to its options, as one function.

    `with_numpy` is for runs that import it anyway.
    """
    rules = with_house(settings.house_rules)
    found: dict[str, Inspect] = {}
    plain: list[Rule] = []
    for code in settings.codes:
        rule = rules[code]
        if rule.scope != "post":
            continue
        options = settings.options.get(code, {})
        if rule.house or options:
            found[code] = cast(Inspect, rule.bind(options, settings.as_of))
        else:
            plain.append(rule)
    found.update(known_needs.inspections(plain, settings.as_of))
    return dispatcher([(code, found[code]) for code in settings.codes if code in found], with_numpy)


def compares(settings: Settings) -> bool:
    """Whether a selected rule compares posts; where none does, no facts are taken and numpy is not imported."""
    rules = with_house(settings.house_rules)
    return any(rules[code].scope == "corpus" for code in settings.codes)


def inspect_files(
    paths: Sequence[str],
    inspections: Dispatch,
    source: Load,
    store: Store | None = None,
    *,
    with_facts: bool = True,
    others: Collection[str] = (),
) -> Batch:
    """Read files, run the rules of one post on every post, and take its facts if they are wanted.

    The files among `others` give their facts and nothing else: they are what the posts are compared with.
    """
    batch = Batch(0, [], {}, 0, None)
    readable: list[Post] = []
    for path in paths:
        reported = path not in others
        batch.files += reported
        for post in read_file(path, source):
            if post.format != "unreadable":
                readable.append(post)
            if not reported:
                continue
            if post.format != "unreadable":
                batch.posts += 1
                if post.title is not None:
                    batch.titles[path, post.number] = post.title.value
                if asked := of_post(post):
                    batch.requests.setdefault(path, []).extend(asked)
            for code, finding in inspections(post):
                finding.path, finding.number = path, post.number
                batch.findings.append((code, finding))
    if with_facts:
        from postlint.facts import digest

        batch.digest = digest(readable, store)
    return batch


class _Worker:
    """What a worker process has for all its batches: the bound rules and a file for shingles and texts."""

    def __init__(self, settings: Settings, source: Load, folder: str | None, others: Collection[str]) -> None:
        self.source = source
        self.others = others
        self.with_facts = compares(settings)
        self.inspections = bound_inspections(settings, with_numpy=self.with_facts)
        self.store: Store | None = None
        if folder and self.with_facts:
            from postlint.store import open_store

            self.store = open_store(folder)

    def work(self, paths: Sequence[str]) -> Batch:
        with paused():
            batch = inspect_files(
                paths, self.inspections, self.source, self.store, with_facts=self.with_facts, others=self.others
            )
        if isinstance(self.source, Files):
            batch.contents = dict(self.source.contents)
            self.source.contents.clear()
        return batch


_workers: list[_Worker] = []


def _start(settings: Settings, source: Load, folder: str | None, others: Collection[str]) -> None:
    _workers[:] = [_Worker(settings, source, folder, others)]


def _work(paths: Sequence[str]) -> Batch:
    return _workers[0].work(paths)


def inspect_in_processes(
    chunks: Sequence[Sequence[str]], settings: Settings, source: Files, folder: str | None, others: Collection[str]
) -> Iterator[Batch]:
    """The batches of chunks of files, in their order. With a folder, shingles and texts are stored there."""
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    if compares(settings):
        # Imported once, before there are processes that would each import it.
        import postlint.facts  # noqa: F401

    # Forking costs a millisecond where it is safe; elsewhere each worker imports everything anew.
    context = multiprocessing.get_context("fork" if sys.platform == "linux" else None)
    pool = ProcessPoolExecutor(min(settings.jobs, len(chunks)), context, _start, (settings, source, folder, others))
    try:
        yield from pool.map(_work, chunks)
    except BrokenProcessPool as error:
        reason = "a worker process was killed, perhaps for want of memory; --jobs 1 needs less of it"
        raise UserError(reason) from error
    finally:
        # What is still to be done is not wanted any more after an interrupt.
        pool.shutdown(wait=False, cancel_futures=True)


def inspect_here(
    chunks: Sequence[Sequence[str]], settings: Settings, source: Load, folder: str | None, others: Collection[str]
) -> Iterator[Batch]:
    """The same, in this process."""
    worker = _Worker(settings, source, folder, others)
    for chunk in chunks:
        yield worker.work(chunk)
