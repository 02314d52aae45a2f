"""A corpus that can't be compared in the memory there is, is refused with a word."""

from __future__ import annotations

from pathlib import Path

import pytest

from postlint import engine
from postlint.cli import run
from postlint.errors import UserError
from postlint.memory import available, check_room

MEMINFO = "MemTotal: 16000000 kB\nMemFree:   200000 kB\nMemAvailable:  3000000 kB\nSwapFree:   500000 kB\n"


def machine(folder: Path, meminfo: str = MEMINFO, **group: str) -> int | None:
    (folder / "meminfo").write_text(meminfo, encoding="ascii")
    for name, text in group.items():
        (folder / name.replace("_", ".")).write_text(text, encoding="ascii")
    return available(folder / "meminfo", folder)


def test_it_is_what_the_machine_has_and_swap(tmp_path: Path) -> None:
    assert machine(tmp_path) == 3_500_000 * 1024


def test_a_container_may_have_less(tmp_path: Path) -> None:
    assert machine(tmp_path, memory_max="1000000\n", memory_current="400000\n") == 600_000
    assert machine(tmp_path, memory_max="1000000\n", memory_current="1400000\n") == 0
    assert machine(tmp_path, memory_max="max\n", memory_current="400000\n") == 3_500_000 * 1024


def test_nothing_is_said_where_nothing_is_known(tmp_path: Path) -> None:
    assert machine(tmp_path, "MemTotal: 5 kB\n") is None
    assert available(tmp_path / "none", tmp_path) is None
    check_room(10**12, None)


def test_more_posts_than_there_is_room_for_are_refused() -> None:
    check_room(1_000_000, 2_000_000_000)
    with pytest.raises(UserError, match=r"1,000,001 posts takes 2.0 GB .* 2.0 GB are free; --engine spark"):
        check_room(1_000_001, 2_000_000_000)


def test_a_run_says_so_before_it_reads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for number in range(3):
        (tmp_path / f"{number}.md").write_text("# Ferns\n", encoding="utf-8")
    monkeypatch.setattr(engine, "STORED_FROM", 3)
    monkeypatch.setattr(engine, "available", lambda: 5_000)
    assert run(["check", str(tmp_path), "--isolated", "--no-cache", "--select", "ND001"]) == 2
    assert "to compare 3 posts takes" in capsys.readouterr().err
    # Rules that look at one post at a time take none of it.
    assert run(["check", str(tmp_path), "--isolated", "--no-cache", "--select", "IMG001"]) == 0
