"""The whole way: read and inspect posts, compare them, settle what was found into a Report."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, suppress
from functools import lru_cache
from tempfile import TemporaryDirectory
from typing import cast

from postlint.clusters import clusters
from postlint.corpus import Corpus
from postlint.facts import join
from postlint.inspecting import Load, inspect_here, inspect_in_processes, load, read_file, read_source
from postlint.post import Post
from postlint.rules import Compare, all_rules
from postlint.settings import Settings
from postlint.settle import settle
from postlint.store import Store
from postlint.violations import Finding, Report

Progress = Callable[[str, int, int], None]
"""Called with a stage ("reading", "comparing", "reporting"), the work done and the work in all."""

CHUNK = 100
"""Files that are read, inspected and fingerprinted at a time."""
PARALLEL_FROM = 4 * CHUNK
"""Below this many files a second process costs more than it saves."""
STORED_FROM = 20_000
"""From this many files on, shingles are kept in a temporary file: 600 MB for 100,000 posts of 750 words."""


def check(paths: Sequence[str], settings: Settings, progress: Progress | None = None) -> Report:
    """Lint the posts of files. `paths` are files as they are to be printed, in any order."""
    return _check(sorted(set(paths)), settings, load, progress or _silent)


def check_sources(sources: Mapping[str, str], settings: Settings) -> Report:
    """Lint posts held in memory: file names to texts."""
    encoded = {path: text.encode("utf-8", "surrogatepass") for path, text in sources.items()}
    return _check(sorted(encoded), settings, encoded.__getitem__, _silent)


def _silent(stage: str, done: int, total: int) -> None:
    """No progress is shown."""


def _check(paths: Sequence[str], settings: Settings, source: Load, progress: Progress) -> Report:
    with ExitStack() as stack:
        folder = None
        if len(paths) >= STORED_FROM:
            # A full or read-only disk costs memory, not the answer.
            with suppress(OSError):
                folder = stack.enter_context(TemporaryDirectory(prefix="postlint-"))
        found, corpus = _gather(paths, settings, source, folder, progress)
        stack.callback(corpus.close)
        comparisons = [code for code in settings.codes if all_rules()[code].scope == "corpus"]
        for number, code in enumerate(comparisons):
            progress("comparing", number, len(comparisons))
            compare = cast(Compare, all_rules()[code].bind(settings.options.get(code, {}), settings.as_of))
            found.extend((code, finding) for finding in compare(corpus))
        progress("reporting", 0, 1)
        settled = settle(found, settings, lambda path: read_source(path, source), corpus.location, _titles(corpus))
        return Report(
            as_of=settings.as_of,
            files=len(paths),
            posts=len(corpus.posts),
            violations=settled.violations,
            clusters=clusters(corpus, settings),
            suppressed=settled.suppressed,
            notes=tuple(corpus.notes),
        )


def _gather(
    paths: Sequence[str], settings: Settings, source: Load, folder: str | None, progress: Progress
) -> tuple[list[tuple[str, Finding]], Corpus]:
    """What single posts gave, and the facts of all of them."""
    chunks = [paths[start : start + CHUNK] for start in range(0, len(paths), CHUNK)]
    if settings.jobs > 1 and len(paths) >= PARALLEL_FROM and source is load:
        batches = inspect_in_processes(chunks, settings, folder)
    else:
        batches = inspect_here(chunks, settings, source, folder)
    found: list[tuple[str, Finding]] = []
    digests = []
    done = 0
    for batch in batches:
        found.extend(batch.findings)
        digests.append(batch.digest)
        done += batch.files
        progress("reading", done, len(paths))

    # The text behind a fact is read anew where a finding shows it: facts have places only.
    @lru_cache(maxsize=256)
    def read_posts(path: str) -> Sequence[Post]:
        return read_file(path, source)

    return found, Corpus(join(digests), read_posts, Store(folder) if folder else None)


def _titles(corpus: Corpus) -> dict[tuple[str, int], str]:
    titles = corpus.facts.values.get("title")
    if titles is None:
        return {}
    posts = corpus.posts
    return {
        (posts.path[post], int(posts.number[post])): titles.text[row] for row, post in enumerate(titles.post.tolist())
    }
