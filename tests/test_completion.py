"""Completion: what shells are given, asked for by the real ones where they are installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from postlint.cli import run
from postlint.rules import all_rules

# How a shell is made to say what it would complete the last word to, one a line.
ASKS = {
    "bash": 'source "$SCRIPT"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _postlint_completion postlint'
    "; printf '%s\\n' \"${COMPREPLY[@]}\"",
    # The functions that its completion system has stand in for themselves here: they print what they are given.
    "zsh": """compdef() {}; shown() { print -rl -- "${(@P)1}" }; _describe() { shown $3 }; compadd() { shown $5 }
words=("$@"); CURRENT=$#; source "$SCRIPT"; _postlint_completion""",
    "fish": 'source "$SCRIPT"; complete -C "$argv"',
}


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Variables of a shell that finds postlint, with a folder of posts to work in."""
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin" / "postlint"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m postlint "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    (tmp_path / "content").mkdir()
    (tmp_path / "corpus.md").touch()
    return {**os.environ, "PATH": f"{program.parent}:{os.environ['PATH']}", "HOME": str(tmp_path)}


def completed(shell: str, words: list[str], environment: dict[str, str]) -> list[str]:
    """What a shell completes the last of some words to."""
    if shutil.which(shell) is None:
        pytest.skip(f"there is no {shell} to ask")
    folder = Path(environment["HOME"])
    script = folder / f"completion.{shell}"
    made = ["postlint", "completion", shell]
    script.write_text(subprocess.check_output(made, env=environment, encoding="utf-8"), encoding="utf-8")
    given = [" ".join(words)] if shell == "fish" else words
    # bash calls the first argument after the script its name; fish has no such thing.
    command = [shell, "-c", ASKS[shell], *(given if shell == "fish" else ["name", *given])]
    out = subprocess.check_output(
        command, cwd=folder, env={**environment, "SCRIPT": str(script)}, encoding="utf-8", stderr=subprocess.DEVNULL
    )
    # zsh and fish say what a word means behind it.
    return [row.partition("\t")[0].partition(":")[0] for row in out.splitlines()]


@pytest.mark.parametrize("shell", list(ASKS))
def test_rules_are_completed(shell: str, environment: dict[str, str]) -> None:
    expected = [code for code in all_rules() if code.startswith("REV00")]
    assert len(expected) == 9
    assert completed(shell, ["postlint", "content", "--select", "REV00"], environment) == expected
    assert completed(shell, ["postlint", "--ignore", "ND,REV010"], environment) == ["ND,REV010"]
    assert completed(shell, ["postlint", "rule", "FMT00"], environment) == [
        code for code in all_rules() if code.startswith("FMT00")
    ]


@pytest.mark.parametrize("shell", list(ASKS))
def test_commands_and_options_are_completed(shell: str, environment: dict[str, str]) -> None:
    assert completed(shell, ["postlint", "ba"], environment) == ["baseline"]
    assert completed(shell, ["postlint", "baseline", "pr"], environment) == ["prune"]
    # Those of `check`, whether it is named or not, and whatever stands before.
    for words in (["postlint"], ["postlint", "check"], ["postlint", "content"]):
        assert completed(shell, [*words, "--sta"], environment) == ["--staged", "--statistics"]
    assert completed(shell, ["postlint", "--format", "js"], environment) == ["json", "json-lines"]


@pytest.mark.parametrize(
    ("words", "left"),
    [("postlint check co", "file,co"), ("postlint con", "file,con"), ("postlint --cache-dir co", "dir,co")],
)
def test_files_are_left_to_the_shell(words: str, left: str, environment: dict[str, str]) -> None:
    # What the script of bash asks the program, and what it takes as a wish for files or folders of its own finding.
    asked = {"_POSTLINT_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(words.count(" "))}
    said = subprocess.check_output(["postlint"], env={**environment, **asked}, encoding="utf-8")
    assert said == f"{left}\n"


def test_a_shell_that_is_not_known_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["completion", "ksh"]) == 2
    assert "'bash', 'zsh', 'fish'" in capsys.readouterr().err
