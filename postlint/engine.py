"""The whole way: read and inspect posts, compare them, settle what was found into a Report."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import cast

from postlint.clusters import clusters
from postlint.corpus import Corpus
from postlint.facts import join
from postlint.inspecting import Batch, Load, bound_inspections, inspect_files, inspect_in_processes, load, read_file
from postlint.post import Block, Post
from postlint.rules import Compare, all_rules
from postlint.settings import Settings
from postlint.settle import settle
from postlint.violations import Finding, Report

Progress = Callable[[str, int, int], None]
"""Called with a stage ("reading", "comparing", "reporting"), the work done and the work in all."""

CHUNK = 100
"""Files that are read, inspected and fingerprinted at a time."""
PARALLEL_FROM = 4 * CHUNK
"""Below this many files a second process costs more than it saves."""


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
    chunks = [paths[start : start + CHUNK] for start in range(0, len(paths), CHUNK)]
    batches: Iterable[Batch]
    if settings.jobs > 1 and len(paths) >= PARALLEL_FROM and source is load:
        batches = inspect_in_processes(chunks, settings)
    else:
        inspections = bound_inspections(settings)
        batches = (inspect_files(chunk, inspections, source) for chunk in chunks)
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

    def read_block(path: str, number: int, start: int) -> Block | None:
        for post in read_posts(path):
            if post.number == number:
                return next((block for block in post.blocks if block.start == start), None)
        return None

    corpus = Corpus(join(digests), read_block)
    comparisons = [code for code in settings.codes if all_rules()[code].scope == "corpus"]
    for number, code in enumerate(comparisons):
        progress("comparing", number, len(comparisons))
        compare = cast(Compare, all_rules()[code].bind(settings.options.get(code, {}), settings.as_of))
        found.extend((code, finding) for finding in compare(corpus))
    progress("reporting", 0, 1)
    settled = settle(found, settings, read_posts)
    return Report(
        as_of=settings.as_of,
        files=len(paths),
        posts=len(corpus.posts),
        violations=settled.violations,
        clusters=clusters(corpus, settings),
        suppressed=settled.suppressed,
    )
