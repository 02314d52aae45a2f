"""The whole way: read and inspect posts, compare them, settle what was found into a Report."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from postlint.collector import collect_new, paused
from postlint.inspecting import compares, inspect_here, inspect_in_processes
from postlint.loading import Files, Load, Part, Posts
from postlint.memory import available, check_room
from postlint.readers import is_container
from postlint.rules import Compare, all_rules, with_house
from postlint.settings import Settings
from postlint.settle import Asked, Locate, locate_in, settle
from postlint.suppressions import Request
from postlint.violations import Cluster, Finding, Report

if TYPE_CHECKING:
    from postlint.corpus import Corpus
    from postlint.facts import Digest

Progress = Callable[[str, int, int], None]
"""Called with a stage ("reading", "comparing", "reporting"), the work done and the work in all."""

Keep = Callable[["Corpus", Mapping[str, tuple[bytes, int]]], None]
"""Keeps the facts of a corpus, and what is known of the contents of its files, for the next run."""

CHUNK = 100
"""Posts that are read, inspected and fingerprinted at a time."""
PARALLEL_FROM = 4 * CHUNK
"""Below this many posts a second process costs more than it saves."""
WEIGHING = "BP004"
"""The rule whose options say what a post of mostly shared text is, and so how much its repeated segments weigh."""
STORED_FROM = 20_000
"""From this many files on, shingles and texts are kept in temporary files: 1.3 GB for 100,000 posts of 750 words. They
are, too, where a file may hold as many posts."""


def check(
    paths: Sequence[str],
    settings: Settings,
    progress: Progress | None = None,
    *,
    others: Collection[str] = (),
    unsaved: Mapping[str, bytes] | None = None,
    keep: Keep | None = None,
    since: int | None = None,
) -> Report:
    """Lint the posts of files. `paths` are files as they are to be printed, in any order.

    The posts of `others` are read, too: the report is that of all files together, cut down to what stands in `paths`.
    `unsaved` has the content of files that is to be read instead of what is on the disk. `keep` is given all facts, if
    posts were compared, and for each file the hash of its content and its stamp as of `since` (nanoseconds).
    """
    files = Files(unsaved or {}, since)
    return _check(set(paths), set(others).difference(paths), settings, files, progress or _silent, keep)


def check_sources(sources: Mapping[str, str], settings: Settings, others: Collection[str] = ()) -> Report:
    """Lint posts held in memory: file names to texts. Those of `others` are not reported on."""
    encoded = {path: text.encode("utf-8", "surrogatepass") for path, text in sources.items()}
    others = frozenset(others)
    return _check(set(encoded).difference(others), others, settings, encoded.__getitem__, _silent)


def _silent(stage: str, done: int, total: int) -> None:
    """No progress is shown."""


@dataclass(slots=True)
class _Gathered:
    """What single posts gave, and the facts of all of them; None where no selected rule compares posts."""

    found: list[tuple[str, Finding]]
    titles: dict[tuple[str, int], str]
    requests: dict[tuple[str, int], Sequence[Request]]
    posts: int
    corpus: Corpus | None
    contents: dict[str, tuple[bytes, int]]


def _check(
    paths: Collection[str],
    others: Collection[str],
    settings: Settings,
    source: Load,
    progress: Progress,
    keep: Keep | None = None,
) -> Report:
    files = sorted((*paths, *others)) if compares(settings) else sorted(paths)
    of_many = any(map(is_container, files))
    with ExitStack() as stack:
        # Facts and findings are made by the million: looking for cycles in all of them again and again costs a seventh.
        stack.enter_context(paused())
        folder = None
        if compares(settings) and (of_many or len(files) >= STORED_FROM):
            from tempfile import TemporaryDirectory

            # A full or read-only disk costs memory, not the answer.
            with suppress(OSError):
                folder = stack.enter_context(TemporaryDirectory(prefix="postlint-"))
        posts = Posts(source, settings.fields)
        stack.callback(posts.close)
        gathered = _gather(files, others, settings, source, posts, folder, progress)
        locate: Locate = locate_in(posts)
        compared = False
        groups: tuple[Cluster, ...] = ()
        notes: Sequence[str] = ()
        shared: tuple[int, ...] = ()
        if gathered.corpus is not None:
            from postlint.clusters import clusters

            with closing(gathered.corpus) as corpus:
                _compare(corpus, settings, paths, gathered.found, progress)
                # What a corpus falls into is no matter of a few of its posts.
                groups = clusters(corpus, settings) if not others else ()
                if WEIGHING in settings.codes and not others:
                    from postlint.shared_text import tenths

                    shared = tenths(corpus)
                # The files of an index are read whole, and so may not hold many posts.
                if keep is not None and not of_many:
                    progress("indexing", 0, 1)
                    keep(corpus, gathered.contents)
                locate, compared, notes = corpus.locator(), len(corpus.posts) > 1, corpus.notes
            # Of all that is known of the posts only where their rows begin is needed from here on.
            del corpus
            gathered.corpus = None
        progress("reporting", 0, 1)
        asked = Asked(gathered.requests, compared)
        settled = settle(gathered.found, settings, posts.stretch, locate, gathered.titles, asked)
        return Report(
            as_of=settings.as_of,
            files=len(paths),
            posts=gathered.posts,
            violations=settled.violations,
            clusters=groups,
            suppressed=settled.suppressed,
            rules=settled.rules,
            shared=shared,
            notes=tuple(notes),
        )


def _compare(
    corpus: Corpus,
    settings: Settings,
    paths: Collection[str],
    found: list[tuple[str, Finding]],
    progress: Progress,
) -> None:
    """Add what the selected rules find by comparing posts, in those of the paths."""
    rules = with_house(settings.house_rules)
    comparisons = [code for code in settings.codes if rules[code].scope == "corpus"]
    for number, code in enumerate(comparisons):
        progress("comparing", number, len(comparisons))
        compare = cast(Compare, rules[code].bind(settings.options.get(code, {}), settings.as_of))
        found.extend((code, finding) for finding in compare(corpus) if finding.path in paths)
        collect_new()


def _gather(
    files: Sequence[str],
    others: Collection[str],
    settings: Settings,
    source: Load,
    posts: Posts,
    folder: str | None,
    progress: Progress,
) -> _Gathered:
    parts = [part for path in files for part in posts.parts(path, CHUNK)]
    chunks = _chunks(parts)
    sizes = [sum(map(_size, chunk)) for chunk in chunks]
    total = sum(sizes)
    if total >= STORED_FROM and compares(settings):
        check_room(total, available())
    if settings.jobs > 1 and total >= PARALLEL_FROM and isinstance(source, Files):
        batches = inspect_in_processes(chunks, settings, source, folder, others)
    else:
        batches = inspect_here(chunks, settings, source, folder, others, posts)
    gathered = _Gathered([], {}, {}, 0, None, {})
    joining = None
    if compares(settings):
        # A run whose rules look at one post at a time has no use for numpy: importing it takes longer than many such
        # runs.
        from postlint.joining import Joining

        joining = Joining()
    done = 0
    for batch, size in zip(batches, sizes, strict=True):
        gathered.found.extend(batch.findings)
        gathered.titles.update(batch.titles)
        gathered.requests.update(batch.requests)
        gathered.posts += batch.posts
        gathered.contents.update(batch.contents)
        if joining is not None:
            for part in batch.digests:
                joining.add(part)
        done += size
        progress("reading", done, total)
    if joining is not None:
        gathered.corpus = _corpus(joining.digest(), settings, posts)
    return gathered


def _chunks(parts: Sequence[Part]) -> list[list[Part]]:
    """Parts of files as they are read at a time: of `CHUNK` posts, as far as that is known."""
    chunks: list[list[Part]] = []
    room = 0
    for part in parts:
        if room < _size(part):
            chunks.append([])
            room = CHUNK
        chunks[-1].append(part)
        room -= _size(part)
    return chunks


def _size(part: Part) -> int:
    """The posts of a part; one, where its file says no more."""
    return 1 if part.last is None else part.last - part.first


def _corpus(facts: Digest, settings: Settings, posts: Posts) -> Corpus:
    from postlint.corpus import Corpus

    weights = {**all_rules()[WEIGHING].defaults(), **settings.options.get(WEIGHING, {})}
    return Corpus(facts, posts.one, weights, settings.likeness)
