"""Posts under one configuration, judged as an editor has them, against the index of their corpus."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import chdir
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from postlint.commands.asked import Asked, Place, asked
from postlint.commands.editor.live_index import LiveIndex
from postlint.commands.known import held_against, read_known
from postlint.commands.targets import Wanted, corpus_of, other_names
from postlint.discover import Search, printed
from postlint.engine import check
from postlint.fixes.offered import with_fixes
from postlint.index.cache import Cache, min_words_of
from postlint.index.changes import ChangedFile
from postlint.index.disk import UNKNOWN, Watch
from postlint.index.judged import judges, report
from postlint.index.pieces import UnusableError
from postlint.index.state import TooMany
from postlint.inspecting import bound_inspections
from postlint.loading import Files
from postlint.readers import is_container
from postlint.rules import Rule, with_house
from postlint.selection import Selection

if TYPE_CHECKING:
    from postlint.dispatch import Dispatch
    from postlint.index.index import Index
    from postlint.index.state import State
    from postlint.judges.subject import Judge
    from postlint.settings import Settings
    from postlint.violations import Report, Violation

Say = Callable[[str], None]


class Judgement(NamedTuple):
    """What is found in a post, with fixes, and whether it was judged against its corpus, if it has one."""

    violations: Sequence[Violation]
    needs_index: bool


class _Judged(NamedTuple):
    """What a baseline has to know of a run."""

    unsaved: Mapping[str, bytes]
    focus: Sequence[str]
    corpus: Sequence[str]


class Session:
    """One configuration file, or none, and the corpus it speaks of. Raises UserError where the file is wrong.

    `folder` is absolute, and what paths are printed relative to. Without a word of the configuration the corpus is the
    folder of the editor's workspace, if there is one.
    """

    def __init__(self, folder: str, config_file: Path | None, workspace: str | None, say: Say) -> None:
        self.folder = folder
        self._say = say
        self._day = _today()
        with chdir(folder):
            place = Place(config_file=str(config_file) if config_file else None, isolated=config_file is None)
            self._run = _asked(Wanted((".",)), place)
            self.corpus = corpus_of(self._run.wanted, self._run.config)
            if not self.corpus and workspace is not None:
                self.corpus = (os.path.relpath(workspace),)
        self.settings: Settings = replace(self._run.settings, jobs=1)
        self._watched = [path for path in (config_file, *_rule_files(self.settings.house_rules)) if path is not None]
        self._stamps = self._stamps_now()

    @property
    def is_current(self) -> bool:
        """Whether configuration, rules of the user's and the day are what they were."""
        return self._stamps == self._stamps_now() and self._day == _today()

    def _stamps_now(self) -> list[int]:
        found = []
        for path in self._watched:
            try:
                stat = os.stat(path)
                found.append(hash((stat.st_mtime_ns, stat.st_size, stat.st_ino)))
            except OSError:
                found.append(UNKNOWN)
        return found

    @cached_property
    def rules(self) -> Mapping[str, Rule]:
        """Every rule that can be named here, by code."""
        return with_house(self.settings.house_rules)

    def is_post(self, file: str) -> bool:
        """Whether a search of the folder would take an absolute path for a post, were it there."""
        config = self._run.config
        with chdir(self.folder):
            search = Search(config.include, config.exclude, config.root, strict=True, fields=config.fields)
            return bool(search.among([self.folder], [os.path.realpath(file)]))

    def forget_state(self) -> None:
        """Look at the corpus anew before the next post is judged."""
        if self._live is not None:
            self._live.forget_state()

    def judge(self, file: str, unsaved: Mapping[str, bytes]) -> Judgement:
        """What is found in a file. Files are absolute; `unsaved` has those that the editor holds. Raises UserError."""
        with chdir(self.folder):
            path = printed(file)
            texts = {printed(name): data for name, data in unsaved.items()}
            found = self._by_index(path, texts) if self._can_have_index(path) else None
            needs_index = found is None and self._can_have_index(path)
            if found is None:
                found = check([path], self.settings, unsaved=texts)
            return Judgement(self._finished(found, path, texts), needs_index)

    def _can_have_index(self, path: str) -> bool:
        return self._live is not None and not is_container(path)

    @cached_property
    def _live(self) -> LiveIndex | None:
        config = self._run.config
        if config.cache_dir is None or not self.corpus or not self._judges:
            return None
        made_of = (*self.corpus, "", *config.include, "", *config.exclude, "", str(config.root))
        folder = os.path.join(config.root, config.cache_dir)
        return LiveIndex(Cache(folder, made_of, min_words_of(self.settings), self._say), self._find)

    def _find(self) -> tuple[Sequence[str], Watch]:
        config, now = self._run.config, time.time_ns()
        search = Search(config.include, config.exclude, config.root, fields=config.fields)
        files = search.files(self.corpus)
        return files, Watch.of(self.corpus, search.folders, search.links, now)

    @cached_property
    def _judges(self) -> Sequence[tuple[str, Judge]]:
        """The selected rules that compare posts, as far as they can tell of one post what they find in it."""
        min_words = min_words_of(self.settings)
        found: list[tuple[str, Judge]] = []
        for code in self.settings.codes:
            one = judges(replace(self.settings, codes=(code,)), min_words)
            if one is None:
                self._say(f"{code} compares all posts at once, which an editor can't wait for: it is left out")
            else:
                found.extend(one)
        return found

    @cached_property
    def _inspections(self) -> Dispatch:
        return bound_inspections(self.settings)

    def _by_index(self, path: str, texts: Mapping[str, bytes]) -> Report | None:
        """The report of a file by the index; None where there is none that can be used."""
        assert self._live is not None
        for _ in range(2):
            try:
                with self._live.open() as (index, state):
                    return self._judged(path, texts, index, state, self._live)
            except TooMany:
                return None
            except UnusableError:
                # A file may have changed on the disk since the corpus was looked at.
                self._live.forget_state()
        return None

    def _judged(self, path: str, texts: Mapping[str, bytes], index: Index, state: State, live: LiveIndex) -> Report:
        min_words = live.cache.min_words
        for name, data in texts.items():
            if name != path and state.has(name, index.catalog):
                state.changed[name] = ChangedFile.read(name, data, UNKNOWN, index.catalog, min_words)
                state.gone.discard(name)
        if not state.has(path, index.catalog):
            # Under another name it may well be of the corpus, and is no copy of itself.
            state.remove(other_names(path, self.corpus, live.links))
        unsaved = (path,) if path in texts else ()
        return report(
            (path,), self.settings, self._judges, index, state, Files(texts), unsaved, min_words, self._inspections
        )

    def _finished(self, found: Report, path: str, texts: Mapping[str, bytes]) -> Sequence[Violation]:
        """The violations that a baseline does not hold, with their fixes."""
        run = self._run
        wanted = run.wanted._replace(paths=(path,))
        baseline = read_known(None, run.config, no_baseline=False)
        judged = _Judged(texts, (path,), self.corpus)
        known = held_against(found, baseline, wanted, run.config, self.settings, judged)
        return with_fixes(known.report.violations, self.rules, Files(texts))

    def index_command(self) -> list[str]:
        """The arguments of the `postlint` that makes the index, in the folder of the session."""
        config = self._run.config
        named = ["--config", str(config.path)] if config.path is not None else ["--isolated"]
        corpus = [part for path in self.corpus for part in ("--corpus", path)]
        arguments = ["check", *named, *corpus, "--no-baseline", "--exit-zero", "--quiet", "--format", "json"]
        return [*arguments, "--output", os.devnull]


def _asked(wanted: Wanted, place: Place) -> Asked:
    return asked(wanted, Selection(), place, as_of=None, exact=False, jobs=None, quiet=True, verbose=False)


def _today() -> object:
    return datetime.now(UTC).date()


def _rule_files(rules: Sequence[Rule]) -> list[Path]:
    return list(dict.fromkeys(rule.path for rule in rules))
