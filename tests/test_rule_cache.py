"""The cache of the rule files: the same rules with it and without, and never those of files that are no more."""

from __future__ import annotations

import os
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from postlint import rule_cache, rules, user_cache

LONG_AGO = 1_700_000_000


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "cache"))
    # The tests' own files are younger than any that is trusted to have its last time.
    monkeypatch.setattr(user_cache, "SETTLED_AFTER", -(10**12))


def cache_files(tmp_path: Path) -> list[Path]:
    return [path for path in (tmp_path / "cache").rglob("*") if path.is_file()]


def rule_file(folder: Path, summary: str = "One.") -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / "XXX001-some-rule.yaml"
    head = (
        f"code: XXX001\nname: some-rule\nscope: post\ncheck: phrase\nseverity: info\nmessage: m\nsummary: {summary}\n"
    )
    path.write_text(f"{head}why: w\nfix: f\nexamples: []\n", encoding="utf-8")
    return path


def fresh(folder: Path, monkeypatch: pytest.MonkeyPatch, *, yaml: bool = True) -> dict[str, rules.Rule]:
    """The rules of a folder, as the first call of a program reads them; without `yaml` no file may be parsed."""

    def refuse(path: Path, *, whole: bool) -> dict[str, Any]:
        raise AssertionError(f"{path} was parsed")

    monkeypatch.setattr(rules, "folder", lambda: folder)
    with monkeypatch.context() as patch:
        if not yaml:
            patch.setattr(rules, "_load", refuse)
        rules.all_rules.cache_clear()
        try:
            return dict(rules.all_rules())
        finally:
            rules.all_rules.cache_clear()


def test_every_rule_is_the_same_from_the_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = rules.folder()
    parsed = {path: rules.read_rule(path) for path in sorted(folder.glob("*.yaml"))}
    fresh(folder, monkeypatch)
    assert len(cache_files(tmp_path)) == 1
    cached = fresh(folder, monkeypatch, yaml=False)
    assert [repr(rule) for rule in cached.values()] == [repr(rule) for rule in parsed.values()]
    assert [rule.path for rule in cached.values()] == list(parsed)
    assert list(cached.values()) == list(parsed.values())
    # Dates are what no format of the standard library's keeps by itself.
    technologies = cached["DAT008"].defaults()["technologies"]
    assert technologies
    assert all(type(day) is date for day in technologies.values())


def test_a_changed_file_is_read_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = rule_file(tmp_path / "rules", "One.")
    os.utime(path, (LONG_AGO, LONG_AGO))
    assert fresh(path.parent, monkeypatch)["XXX001"].summary == "One."
    assert fresh(path.parent, monkeypatch, yaml=False)["XXX001"].summary == "One."
    # The same name, size and time of change: that it was written shows all the same.
    rule_file(path.parent, "Two.")
    os.utime(path, (LONG_AGO, LONG_AGO))
    assert fresh(path.parent, monkeypatch)["XXX001"].summary == "Two."


def test_files_that_come_and_go_are_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = rule_file(tmp_path / "rules")
    assert set(fresh(path.parent, monkeypatch)) == {"XXX001"}
    other = path.with_name("XXX002-other-rule.yaml")
    other.write_text(path.read_text(encoding="utf-8").replace("XXX001", "XXX002"), encoding="utf-8")
    assert set(fresh(path.parent, monkeypatch)) == {"XXX001", "XXX002"}
    other.unlink()
    assert set(fresh(path.parent, monkeypatch)) == {"XXX001"}


def test_another_version_reads_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = rule_file(tmp_path / "rules")
    key = rule_cache.key_of(path.parent)
    rule_cache.write(key, {path.name: {"code": "XXX001"}})
    assert rule_cache.read(key) == {path.name: {"code": "XXX001"}}
    monkeypatch.setattr(rule_cache, "__version__", "0.0.0")
    assert rule_cache.read(rule_cache.key_of(path.parent)) is None


def test_a_file_that_changes_while_it_is_read_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = rule_file(tmp_path / "rules")
    load = rules._load

    def slow_load(path: Path, *, whole: bool) -> dict[str, Any]:
        found = load(path, whole=whole)
        rule_file(path.parent, "Changed meanwhile.")
        return found

    with monkeypatch.context() as patch:
        patch.setattr(rules, "_load", slow_load)
        assert fresh(path.parent, monkeypatch)["XXX001"].summary == "One."
    assert fresh(path.parent, monkeypatch)["XXX001"].summary == "Changed meanwhile."


def test_a_file_that_has_just_changed_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(user_cache, "SETTLED_AFTER", 2 * 10**9)
    path = rule_file(tmp_path / "rules")
    monkeypatch.setattr(rule_cache.time, "time_ns", lambda: path.stat().st_mtime_ns + 10**9)
    fresh(path.parent, monkeypatch)
    assert cache_files(tmp_path) == []


@pytest.mark.parametrize("damage", ["cut", "changed", "empty", "other"])
def test_a_damaged_cache_counts_for_nothing(damage: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = rule_file(tmp_path / "rules")
    fresh(path.parent, monkeypatch)
    (kept,) = cache_files(tmp_path)
    data = kept.read_bytes()
    changed = data.replace(b"One.", b"Own.")
    assert changed != data
    kept.write_bytes({"cut": data[:-3], "changed": changed, "empty": b"", "other": b"\x00" * 40}[damage])
    assert fresh(path.parent, monkeypatch)["XXX001"].summary == "One."
    assert kept.read_bytes() == data


def test_without_a_place_for_it_there_is_no_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = rule_file(tmp_path / "rules")
    blocked = tmp_path / "file"
    blocked.write_text("", encoding="utf-8")
    monkeypatch.setenv("XDG_CACHE_HOME", str(blocked))
    monkeypatch.setenv("LOCALAPPDATA", str(blocked))
    assert set(fresh(path.parent, monkeypatch)) == {"XXX001"}
    assert set(fresh(path.parent, monkeypatch)) == {"XXX001"}


def test_what_can_not_be_kept_is_not(tmp_path: Path) -> None:
    path = rule_file(tmp_path / "rules")
    key = rule_cache.key_of(path.parent)
    rule_cache.write(key, {path.name: {"code": datetime(2026, 1, 1)}})
    assert rule_cache.read(key) is None
