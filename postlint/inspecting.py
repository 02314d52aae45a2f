"""The first half of the way, a batch of files at a time: read, inspect, digest; here or in worker processes."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from postlint import known_needs
from postlint.collector import paused
from postlint.dispatch import Dispatch, dispatcher
from postlint.errors import UserError
from postlint.loading import Files, Load, Part, Posts
from postlint.post import Post
from postlint.rules import Inspect, Rule, with_house
from postlint.settings import Settings
from postlint.suppressions import Request, of_post
from postlint.violations import Finding, Place, Related

if TYPE_CHECKING:
    from postlint.facts import Digest
    from postlint.store import Store

PORTION = 100
"""Posts whose facts are taken at a time."""


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
    """Posts that are reported on; what can't be read is none."""
    digests: list[Digest] = field(default_factory=list)
    """Of a portion of the posts each, in order; none where no selected rule compares posts."""
    requests: dict[tuple[str, int], Sequence[Request]] = field(default_factory=dict)
    """Path and number of posts to what they ask not to be reported; what asks for nothing is left out."""
    contents: Mapping[str, tuple[bytes, int]] = field(default_factory=dict)
    """What the loader noted of the files, if it was to."""


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
    parts: Sequence[Part],
    inspections: Dispatch,
    source: Posts,
    store: Store | None = None,
    *,
    with_facts: bool = True,
    others: Collection[str] = (),
) -> Batch:
    """Read parts of files, run the rules of one post on every post, and take its facts if they are wanted.

    The files among `others` give their facts and nothing else: they are what the posts are compared with.
    """
    batch = Batch(0, [], {}, 0)
    readable: list[Post] = []

    def take() -> None:
        if with_facts:
            from postlint.facts import digest

            batch.digests.append(digest(readable, store))
        readable.clear()

    for path, first, last in parts:
        reported = path not in others
        batch.files += reported and not first
        for post in source.of(path, first, last):
            if post.format != "unreadable":
                # Of a file of many posts no more than these are in memory.
                if len(readable) >= PORTION:
                    take()
                readable.append(post)
            if not reported:
                continue
            if post.format != "unreadable":
                batch.posts += 1
                if post.title is not None:
                    batch.titles[path, post.number] = post.title.value
                if asked := of_post(post):
                    batch.requests[path, post.number] = asked
            for code, finding in found_in(post, inspections):
                finding.path, finding.number = path, post.number
                batch.findings.append((code, finding))
    take()
    return batch


def found_in(post: Post, inspections: Dispatch) -> Iterator[tuple[str, Finding]]:
    """What the rules find in a post; checks look at its body without the escapes it is written with."""
    if post.decoded is None:
        yield from inspections(post)
        return
    span = post.decoded.span
    for code, finding in inspections(post.decoded.post):
        finding.start, finding.end = span(finding.start, finding.end)
        finding.related = tuple(
            Related(Place(place.path, place.number, *span(place.start, place.end)), role)
            if (place.path, place.number) == (post.path, post.number)
            else Related(place, role)
            for place, role in finding.related
        )
        yield code, finding


class _Worker:
    """What a worker process has for all its batches: the bound rules and a file for shingles and texts."""

    def __init__(
        self,
        settings: Settings,
        source: Load,
        folder: str | None,
        others: Collection[str],
        posts: Posts | None = None,
    ) -> None:
        self.source = source
        self.posts = Posts(source, settings.fields) if posts is None else posts
        self.others = others
        self.with_facts = compares(settings)
        self.inspections = bound_inspections(settings, with_numpy=self.with_facts)
        self.store: Store | None = None
        if folder and self.with_facts:
            from postlint.store import open_store

            self.store = open_store(folder)

    def work(self, parts: Sequence[Part]) -> Batch:
        with paused():
            batch = inspect_files(
                parts, self.inspections, self.posts, self.store, with_facts=self.with_facts, others=self.others
            )
        if isinstance(self.source, Files):
            batch.contents = dict(self.source.contents)
            self.source.contents.clear()
        return batch


_workers: list[_Worker] = []


def _start(settings: Settings, source: Load, folder: str | None, others: Collection[str]) -> None:
    _workers[:] = [_Worker(settings, source, folder, others)]


def _work(parts: Sequence[Part]) -> Batch:
    return _workers[0].work(parts)


def inspect_in_processes(
    chunks: Sequence[Sequence[Part]], settings: Settings, source: Files, folder: str | None, others: Collection[str]
) -> Iterator[Batch]:
    """The batches of chunks of parts of files, in their order. With a folder, shingles and texts are stored there."""
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
    chunks: Sequence[Sequence[Part]],
    settings: Settings,
    source: Load,
    folder: str | None,
    others: Collection[str],
    posts: Posts,
) -> Iterator[Batch]:
    """The same, in this process; `posts` are those of the source."""
    worker = _Worker(settings, source, folder, others, posts)
    for chunk in chunks:
        yield worker.work(chunk)
