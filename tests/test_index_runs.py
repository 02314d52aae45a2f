"""The index in whole runs: whatever happens to a corpus between them, a report is that of a run without an index."""

from __future__ import annotations

import json
import os
import random
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sites import HAPPENINGS, INDEX, Question, Site, corpus, empty_folder, kill_while_asking, said

from postlint.index import cache, disk, judged

HISTORIES = int(os.environ.get("POSTLINT_HISTORIES", "100"))
"""How many random histories of a corpus are lived through; CI asks for more."""


@pytest.fixture
def judgements(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The reports that were made by an index: a test that compares them with others must have had some."""
    made: list[object] = []
    real = judged.report

    def report(*arguments: object) -> object:
        made.append(real(*arguments))  # type: ignore[arg-type]
        return made[-1]

    monkeypatch.setattr(judged, "report", report)
    return made


def violations(output: str, focus: Sequence[str]) -> list[str]:
    """The violations of some files as a report writes them, a line each."""
    lines = (line.rstrip(",") for line in output.splitlines() if line.startswith('{"code": '))
    return [line for line in lines if json.loads(line)["path"] in focus]


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**6))
def test_a_focus_is_the_whole_cut_down(seed: int, tmp_path: Path) -> None:
    """Without an index, with a new one, and with one that was there."""
    with empty_folder(tmp_path):
        site = Site(random.Random(seed))
        focus = site.focus()
        without = said(*focus, "--no-cache")
        assert not Path(INDEX).exists()
        assert said(*focus) == without
        assert said(*focus) == without
        if without.code != 2:
            assert Path(INDEX).exists()
            files = said(*focus, "--show-files").output.splitlines()
            whole = said(*corpus(), *focus, "--no-cache")
            assert violations(without.output, files) == violations(whole.output, files)


@pytest.mark.parametrize("settled", [True, False], ids=["settled", "fresh"])
def test_histories(settled: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, judgements: list[object]) -> None:
    """What is fresh is read whatever its times say; the other half of the histories trusts the times at once."""
    if settled:
        monkeypatch.setattr(disk, "SETTLED_AFTER", -(10**15))
    asked = 0

    @settings(max_examples=HISTORIES // 2, deadline=None)
    @given(st.integers(0, 10**6), st.lists(st.sampled_from(HAPPENINGS), min_size=1, max_size=6), st.booleans())
    def live(seed: int, happenings: Sequence[Callable[[Site], None]], patient: bool) -> None:
        nonlocal asked
        monkeypatch.setattr(cache, "MOST_CHANGED", 512 if patient else 4)
        rng = random.Random(seed)
        with empty_folder(tmp_path):
            site = Site(rng)
            site.question().ask()
            for happening in happenings:
                happening(site)
                killed = rng.random() < 0.25
                if killed:
                    kill_while_asking(site.question(), rng)
                question = site.question()
                assert question.ask() == question.ask("--no-cache"), (happening, killed, question)
                asked += 1

    live()
    # About half of the questions are answered by it; how many, chance decides.
    assert len(judgements) > asked / 6


def git(*arguments: str) -> str:
    command = ["git", "-c", "user.name=a", "-c", "user.email=a@b", "-c", "core.autocrlf=false", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_histories_of_what_is_staged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, judgements: list[object]) -> None:
    """Some of what happens is staged, and some of that committed; now and then the disk is asked instead."""
    happenings = [happening for happening in HAPPENINGS if happening is not Site.repository]
    for name in ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"):
        monkeypatch.setenv(name, os.devnull)
    asked = 0

    @settings(max_examples=HISTORIES // 5, deadline=None)
    @given(st.integers(0, 10**6), st.lists(st.sampled_from(happenings), min_size=1, max_size=6))
    def live(seed: int, happenings: Sequence[Callable[[Site], None]]) -> None:
        nonlocal asked
        rng = random.Random(seed)
        with empty_folder(tmp_path):
            site = Site(rng)
            git("init", "-q")
            for happening in (Site.add, *happenings):
                happening(site)
                if rng.random() < 0.7:
                    git("add", "-A")
                    if rng.random() < 0.4:
                        git("commit", "-qm", "More", "--allow-empty")
                tracked = [name for name in git("ls-files", "-z").split("\0") if name.endswith(".md")]
                question = site.question()
                if tracked and rng.random() < 0.9:
                    question = Question(("--staged", *rng.sample(tracked, min(len(tracked), 2))))
                assert question.ask() == question.ask("--no-cache"), (happening, question)
                asked += 1

    live()
    assert len(judgements) > asked / 10
