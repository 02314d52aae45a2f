"""How a check comes to its report: a few posts by the index of their corpus, everything else by reading all posts."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from postlint.commands.targets import Wanted, corpus_of, other_names, stdin_path, targets

if TYPE_CHECKING:
    from postlint.commands.engine import Spark
    from postlint.commands.progress import Progress
    from postlint.config import Configuration
    from postlint.discover import Search
    from postlint.engine import Keep
    from postlint.index.cache import Cache
    from postlint.index.disk import Watch
    from postlint.index.index import Index
    from postlint.judges.subject import Judge
    from postlint.settings import Settings
    from postlint.violations import Report

    Bound = Sequence[tuple[str, Judge]]
    Learnt = Sequence[tuple[str, bytes]]

Say = Callable[[str], None]


class Reporting:
    """One check. `warn` tells what went wrong with the index, `say` what only those want to know who asked."""

    def __init__(
        self,
        wanted: Wanted,
        config: Configuration,
        settings: Settings,
        warn: Say,
        say: Say,
        spark: Spark | None = None,
    ) -> None:
        self._wanted = wanted
        self._config = config
        self._settings = settings
        self._warn = warn
        self._say = say
        self._spark = spark
        self._now = time.time_ns()
        self.corpus = corpus_of(wanted, config)
        """The files and folders that posts are judged against."""
        self._root: str | None = None
        """The top of the repository, where what is staged in it is judged."""
        if wanted.staged:
            from postlint.git import top

            self._root = top()
        self._stdin = b""
        if wanted.stdin_filename is not None:
            stdin_path(wanted.stdin_filename)
            self._stdin = sys.stdin.buffer.read()
        self.unsaved: Mapping[str, bytes] = {}
        """What stands in for files: what is on standard input, or staged."""
        self.focus: Sequence[str] = ()
        """The files that were reported on, as they are printed."""

    def report(self, progress: Progress) -> Report:
        """The report. Raises UserError."""
        if self._spark is not None:
            return self._computed(self._spark, progress)
        cache = self._cache()
        found = self._judged(cache) if cache is not None and self._is_of_a_few() else None
        return found if found is not None else self._whole(cache, progress)

    def _computed(self, spark: Spark, progress: Progress) -> Report:
        """The report by Spark, which keeps no index."""
        spark.check()
        found = targets(self._wanted, self._config, b"")
        self.focus = found.focus
        self._say(f"files: {len(found.focus)}; Spark: {spark.master}")
        return spark.report(found, self._settings, progress)

    def _is_of_a_few(self) -> bool:
        from postlint.readers import is_container

        wanted = self._wanted
        # No index holds the posts of a file of many.
        return bool(wanted.paths) and wanted.diff_base is None and not any(map(is_container, wanted.named))

    def _cache(self) -> Cache | None:
        """The index of the corpus; None where none is to be used, or there is no corpus."""
        from postlint.index.cache import Cache, min_words_of

        config = self._config
        if config.cache_dir is None or not self.corpus:
            return None
        made_of = (*self.corpus, "", *config.include, "", *config.exclude, "", str(config.root))
        folder = os.path.join(config.root, config.cache_dir)
        return Cache(folder, made_of, min_words_of(self._settings), self._warn)

    def _judged(self, cache: Cache) -> Report | None:
        """The report of a few posts by the index; None where it can't be had so."""
        from postlint.index.cache import MOST_CHANGED
        from postlint.index.judged import judges
        from postlint.index.pieces import NoIndexError, UnusableError
        from postlint.index.state import TooMany

        few = len(self._wanted.paths) <= MOST_CHANGED and not any(map(os.path.islink, self._wanted.paths))
        bound = judges(self._settings, cache.min_words) if few else None
        if bound is None:
            return None
        try:
            with cache.open() as index:
                judge = self._judged_as_staged if self._root is not None else self._judged_on_disk
                found, learnt = judge(cache, index, bound)
                generation = index.generation
        except TooMany:
            self._say("so much has changed that the index is made anew")
            return None
        except NoIndexError as error:
            self._say(f"{error}: all posts are read")
            return None
        except UnusableError as error:
            self._warn(f"{cache.path}: {error}; all posts are read")
            return None
        if found is not None:
            cache.keep(learnt, generation)
        return found

    def _judged_on_disk(self, cache: Cache, index: Index, bound: Bound) -> tuple[Report | None, Learnt]:
        from postlint.index.judged import report
        from postlint.loading import Files

        focus: Sequence[str]
        if self._wanted.stdin_filename is not None:
            focus = (stdin_path(self._wanted.stdin_filename),)
            self.unsaved = {focus[0]: self._stdin}
        else:
            focus = self._search(strict=self._wanted.force_exclude).files(self._wanted.paths)
        disk = cache.disk(index, self._find, self._now)
        state = disk.state()
        for path in focus:
            if not state.has(path, index.catalog):
                # Under another name it may well be of the corpus, and is no copy of itself.
                state.remove(other_names(path, self.corpus, disk.links))
        self.focus = focus
        if not state.has_others(index.catalog, focus):
            # Then its clusters are reported, too, which are not told from one post.
            return None, ()
        load = Files(self.unsaved)
        return report(focus, self._settings, bound, index, state, load, self.unsaved, cache.min_words), disk.learnt

    def _judged_as_staged(self, cache: Cache, index: Index, bound: Bound) -> tuple[Report | None, Learnt]:
        from postlint.index.judged import report

        wanted = self._wanted
        # A folder means the files of git's index that are in it, and only git knows those.
        if self._root is None or any(map(os.path.isdir, wanted.paths)):
            return None, ()
        staged = cache.staged(index, self._root, self._among)
        state = staged.state()
        focus = []
        for path in self._search(strict=wanted.force_exclude).among(wanted.paths, map(os.path.realpath, wanted.paths)):
            if path not in state.changed and (path in state.gone or index.catalog.file(path) is None):
                # Not of the corpus, or not known to git: the long way tells them apart.
                return None, ()
            focus.append(path)
        self.focus = focus
        if not state.has_others(index.catalog, focus):
            return None, ()
        found = report(focus, self._settings, bound, index, state, staged.loader(state), (), cache.min_words)
        self.unsaved = staged.unsaved
        return found, staged.learnt

    def _search(self, *, strict: bool = False) -> Search:
        from postlint.discover import Search

        config = self._config
        return Search(config.include, config.exclude, config.root, strict=strict, fields=config.fields)

    def _among(self, files: Iterable[str]) -> Sequence[str]:
        """Of absolute files those of the corpus."""
        return self._search().among(self.corpus, files)

    def _find(self) -> tuple[Sequence[str], Watch]:
        """The files of the corpus, and what to watch to know that these are still all."""
        from postlint.index.disk import CHANGING, Watch

        if self._root is not None:
            from postlint.git import tracked

            return self._among(tracked(self._root)), CHANGING
        search = self._search()
        files = search.files(self.corpus)
        return files, Watch.of(self.corpus, search.folders, search.links, self._now)

    def _whole(self, cache: Cache | None, progress: Progress) -> Report:
        if cache is None:
            return self._read(progress, None)
        from postlint.index.cache import Keeper
        from postlint.readers import is_container

        files, watch = self._find()
        if any(map(is_container, files)):
            self._say("no index is kept of a corpus with files of many posts")
            return self._read(progress, None)
        if self._is_of_a_few() or self._wanted.diff_base is not None or self._wanted.stdin_filename is not None:
            return self._read(progress, Keeper(cache, files, watch, self._root))
        kept = self._kept(cache, files)
        if kept is not None:
            return kept
        keeper = Keeper(cache, files, watch, self._root)
        report = self._read(progress, keeper)
        if keeper.generation is not None:
            cache.keep_report(report, self._settings, files, keeper.generation)
        return report

    def _kept(self, cache: Cache, files: Sequence[str]) -> Report | None:
        """The report of the last run over the whole corpus; None where something may have changed since."""
        from postlint.index.kept_report import kept_report, report_key
        from postlint.index.pieces import NoIndexError, UnusableError
        from postlint.index.state import TooMany

        learnt: Learnt
        try:
            with cache.open() as index:
                generation = index.generation
                if self._root is not None:
                    staged = cache.staged(index, self._root, self._among)
                    state, learnt = staged.state(), staged.learnt
                else:
                    disk = cache.disk(index, self._find, self._now)
                    state, learnt = disk.state(), disk.learnt
                key = report_key(self._settings, files)
                unchanged = not state.changed and not state.gone
                report = kept_report(index.pieces, key, self._settings.as_of) if unchanged else None
        except TooMany:
            return None
        except NoIndexError as error:
            self._say(f"{error}: all posts are read")
            return None
        except UnusableError as error:
            self._warn(f"{cache.path}: {error}; all posts are read")
            return None
        if report is not None:
            self.focus = files
            self._say("nothing has changed since the last run")
            cache.keep(learnt, generation)
        return report

    def _read(self, progress: Progress, keep: Keep | None) -> Report:
        """The report by reading all posts."""
        from postlint.engine import check

        found = targets(self._wanted, self._config, self._stdin)
        self.unsaved = found.unsaved
        self.focus = found.focus
        self._say(f"files: {len(found.focus)}; judged against {len(found.others)} more")
        return check(
            found.focus,
            self._settings,
            progress,
            others=found.others,
            unsaved=found.unsaved,
            keep=keep,
            since=self._now if keep is not None else None,
        )
