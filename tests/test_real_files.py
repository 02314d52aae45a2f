"""The check of real files: it reads them all, and no file that breaks its reader goes unnoticed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "benchmarks"))

from watched import watched  # noqa: E402


def check(*folders: Path) -> tuple[int, str]:
    command = [sys.executable, str(ROOT / "benchmarks" / "real_files.py"), *map(str, folders), "--jobs", "1"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def test_files_are_counted_by_repository_and_format(tmp_path: Path) -> None:
    for name, text in {
        "one/a.md": "Tea\n", "one/deep/b.mdx": "Milk\n", "two/c.txt": "Jam\n", "two/same.md": "Tea\n", "two/d.png": "",
    }.items():  # fmt: skip
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "two" / "link.md").symlink_to("same.md")
    code, output = check(tmp_path)
    assert code == 0, output
    rows = [line.strip("| ").split() for line in output.splitlines()]
    assert ["one", "|", "2"] in rows
    assert ["two", "|", "2"] in rows
    assert ["markdown", "|", "3"] in rows
    assert ["text", "|", "1"] in rows
    assert "4 files (3 different) of 2 repositories" in output
    assert "0 files failed, 0 have something misplaced" in output


def end_or_hang(what: str) -> str:
    """What a reader may do to its process."""
    if what == "raise":
        raise RecursionError("too deep")
    if what == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    while what == "hang":
        signal.pause()
    return what.upper()


@pytest.mark.parametrize("jobs", [1, 3])
def test_work_that_breaks_its_process_is_told(jobs: int, capfd: pytest.CaptureFixture[str]) -> None:
    given = ["tea", "raise", "milk", "die", "hang", "jam"]
    outcomes = {outcome.given: outcome for outcome in watched(end_or_hang, given, jobs, 1.0)}
    assert sorted(outcomes) == sorted(given)
    assert [outcomes[name].result for name in given] == ["TEA", None, "MILK", None, None, "JAM"]
    assert outcomes["raise"].failure == "ended with 1"
    assert outcomes["die"].failure == f"ended with {-signal.SIGKILL}"
    assert outcomes["hang"].failure == "takes more than 1 s"
    assert "RecursionError: too deep" in capfd.readouterr().err
