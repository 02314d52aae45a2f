"""How a check comes to its report: a few posts by the index of their corpus, everything else by reading all posts."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from postlint.commands.targets import Wanted, corpus_of, stdin_path, targets

if TYPE_CHECKING:
    from postlint.commands.progress import Progress
    from postlint.config import Configuration
    from postlint.index.cache import Cache
    from postlint.index.disk import Watch
    from postlint.settings import Settings
    from postlint.violations import Report

Say = Callable[[str], None]


class Reporting:
    """One check. `warn` tells what went wrong with the index, `say` what only those want to know who asked."""

    def __init__(self, wanted: Wanted, config: Configuration, settings: Settings, warn: Say, say: Say) -> None:
        self._wanted = wanted
        self._config = config
        self._settings = settings
        self._warn = warn
        self._say = say
        self._now = time.time_ns()
        self._corpus = corpus_of(wanted, config)
        self._stdin = b""
        if wanted.stdin_filename is not None:
            stdin_path(wanted.stdin_filename)
            self._stdin = sys.stdin.buffer.read()
        self.unsaved: Mapping[str, bytes] = {}
        """What stands in for files: what is on standard input, or staged."""

    def report(self, progress: Progress) -> Report:
        """The report. Raises UserError."""
        cache = self._cache()
        found = self._judged(cache) if cache is not None and self._is_of_a_few() else None
        return found if found is not None else self._whole(cache, progress)

    def _is_of_a_few(self) -> bool:
        return bool(self._wanted.paths) and self._wanted.diff_base is None

    def _cache(self) -> Cache | None:
        """The index of the corpus; None where none is to be used, or there is no corpus."""
        from postlint.index.cache import Cache, min_words_of

        config = self._config
        if config.cache_dir is None or not self._corpus or self._wanted.staged:
            return None
        made_of = (*self._corpus, "", *config.include, "", *config.exclude, "", str(config.root))
        folder = os.path.join(config.root, config.cache_dir)
        return Cache(folder, made_of, min_words_of(self._settings), self._warn)

    def _judged(self, cache: Cache) -> Report | None:
        """The report of a few posts by the index; None where it can't be had so."""
        from postlint.index.cache import MOST_CHANGED
        from postlint.index.judged import judges, report
        from postlint.index.pieces import UnusableError
        from postlint.index.state import TooMany

        focus = self._focus()
        bound = judges(self._settings)
        if bound is None or len(focus) > MOST_CHANGED or any(map(os.path.islink, focus)):
            return None
        try:
            with cache.open() as index:
                disk = cache.disk(index, self._find, self._now)
                state = disk.state()
                found = report(focus, self._settings, bound, index, state, self.unsaved, cache.min_words)
                generation = index.generation
        except TooMany:
            self._say("so much has changed that the index is made anew")
            return None
        except UnusableError as error:
            if os.path.exists(cache.path):
                self._warn(f"{cache.path}: {error}; all posts are read")
            return None
        cache.keep(disk.learnt, generation)
        return found

    def _focus(self) -> Sequence[str]:
        """The files that are reported on."""
        from postlint.discover import Search

        if self._wanted.stdin_filename is not None:
            path = stdin_path(self._wanted.stdin_filename)
            self.unsaved = {path: self._stdin}
            return (path,)
        config = self._config
        return Search(config.include, config.exclude, config.root, strict=self._wanted.force_exclude).files(
            self._wanted.paths
        )

    def _find(self) -> tuple[Sequence[str], Watch]:
        """The files of the corpus, and what to watch to know that these are still all."""
        from postlint.discover import Search
        from postlint.index.disk import Watch

        config = self._config
        search = Search(config.include, config.exclude, config.root)
        files = search.files(self._corpus)
        return files, Watch.of(search.folders, self._now)

    def _whole(self, cache: Cache | None, progress: Progress) -> Report:
        from postlint.engine import check

        corpus = self._find() if cache is not None else None
        found = targets(self._wanted, self._config, self._stdin)
        self.unsaved = found.unsaved
        self._say(f"files: {len(found.focus)}; judged against {len(found.others)} more")
        keep = cache.keeper(*corpus) if cache is not None and corpus is not None else None
        return check(
            found.focus,
            self._settings,
            progress,
            others=found.others,
            unsaved=found.unsaved,
            keep=keep,
            since=self._now if keep is not None else None,
        )
