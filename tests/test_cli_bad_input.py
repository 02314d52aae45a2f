"""Bad input at the command line: told, never a traceback, and the rest of the run goes on."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from postlint.cli import run

GOOD = "---\ntitle: Rye bread\nneeds_review: true\n---\n\nOne line of text.\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def found(capsys: pytest.CaptureFixture[str], *paths: str) -> list[tuple[str, int, int, str]]:
    """Path, row, column and code of each violation; nothing may be on stderr."""
    code = run([*paths, "--format", "json", "--as-of", "2026-11-20", "--fail-on", "info"])
    output = capsys.readouterr()
    assert output.err == ""
    violations = json.loads(output.out)["violations"]
    assert code == bool(violations)
    return [(v["path"], v["location"]["row"], v["location"]["column"], v["code"]) for v in violations]


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_the_first_and_the_last_day_there_are(day: str, capsys: pytest.CaptureFixture[str]) -> None:
    """What lies some days before or after them is no date."""
    signed = (
        "![Kiln](https://pots.s3.amazonaws.com/a.jpg?X-Amz-Date=20240105T101500Z&X-Amz-Expires=60&X-Amz-Signature=5)"
    )
    dates = "date: 0001-01-01\nlast_reviewed: 9999-12-31\nreviewed: 0001-01-01\nexpiry: 9999-12-31\ntools: [uv]"
    Path("post.md").write_text(
        f"---\ntitle: Rye bread\n{dates}\n---\n\nOne line of text.\n\n{signed}\n", encoding="utf-8"
    )
    assert run(["post.md", "--select", "ALL", "--as-of", day, "--exit-zero"]) == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("data", "violations"),
    [
        (b"PK\x03\x04\x00\x00\x01\x02", [(1, 1, "FMT001")]),
        (b"", [(1, 1, "FMT005")]),
        (b"\n \n", [(1, 1, "FMT005")]),
        (b"One caf\xe9 line.\n", [(1, 8, "FMT001")]),
        ("\ufeffOne line of text.\n".encode(), []),
        (b"---\r\ntitle: A\r\nneeds_review: yes\r\n---\r\n\r\nBody text.\r\n", [(3, 15, "REV001")]),
        (b"---\rtitle: A\rneeds_review: yes\r---\r\rBody text.\r", [(3, 15, "REV001")]),
        (b"---\ntitle: A\ndate: 2026-13-40\n---\n\nBody text.\n", [(3, 7, "DAT004")]),
        (b"---\ntitle: A\nviews: 10\nviews: 20\n---\n\nBody text.\n", [(4, 1, "FMT003")]),
    ],
    ids=["binary", "empty", "blank", "latin-1", "byte order mark", "CRLF", "CR", "impossible date", "duplicate key"],
)
def test_file_is_reported_at_its_place(
    data: bytes, violations: list[tuple[int, int, str]], capsys: pytest.CaptureFixture[str]
) -> None:
    Path("bad.md").write_bytes(data)
    assert found(capsys, "bad.md") == [("bad.md", *violation) for violation in violations]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
def test_utf_16_is_reported(encoding: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("bad.md").write_bytes(GOOD.encode(encoding))
    assert ("bad.md", 1, 1, "FMT001") in found(capsys, "bad.md")


def test_invalid_yaml_is_reported_at_its_line_and_the_rest_is_linted(capsys: pytest.CaptureFixture[str]) -> None:
    Path("bad.md").write_text(
        '---\ntitle: "A\nneeds_review: yes\n---\n\nTODO: write this.\n', encoding="utf-8"
    )  # the quotation mark is never closed
    codes = found(capsys, "bad.md")
    assert [violation for violation in codes if violation[3] == "FMT002"]
    assert ("bad.md", 3, 15, "REV001") in codes
    assert ("bad.md", 6, 1, "REV010") in codes


def test_invalid_yaml_in_the_middle_names_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    Path("bad.md").write_text("---\ntitle: A\nsummary: b: c\n---\n\nBody text.\n", encoding="utf-8")
    assert [(row, code) for _, row, _, code in found(capsys, "bad.md")] == [(3, "FMT002")]


def test_line_of_20_megabytes(capsys: pytest.CaptureFixture[str]) -> None:
    line = "word " * 4_000_000
    Path("bad.md").write_text(f"---\ntitle: A\nneeds_review: yes\n---\n\n{line}\n", encoding="utf-8")
    # One word four million times is what BP009 is for, too.
    assert found(capsys, "bad.md") == [("bad.md", 2, 8, "BP009"), ("bad.md", 3, 15, "REV001")]
    assert run(["bad.md", "--format", "full"]) == 1
    assert len(capsys.readouterr().out) < 10_000


def test_file_that_cannot_be_opened_is_a_violation_and_the_run_goes_on(capsys: pytest.CaptureFixture[str]) -> None:
    Path("gone.md").symlink_to("nowhere.md")
    Path("good.md").write_text(GOOD, encoding="utf-8")
    assert found(capsys, ".") == [("gone.md", 1, 1, "FMT001"), ("good.md", 3, 15, "REV001")]
    assert run(["gone.md"]) == 1
    assert "No such file or directory" in capsys.readouterr().out


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="nothing is forbidden to root")
def test_file_without_permission_is_a_violation(capsys: pytest.CaptureFixture[str]) -> None:
    Path("bad.md").write_text(GOOD, encoding="utf-8")
    Path("bad.md").chmod(0)
    assert found(capsys, "bad.md") == [("bad.md", 1, 1, "FMT001")]


@pytest.mark.parametrize("form", ["concise", "full", "json", "json-lines"])
@pytest.mark.parametrize(
    "data",
    [b"\x00", b"", b"\xff", GOOD.encode("utf-16"), b"---\ntitle: [\n---\n\nx", b"TODO: \x1b[2J \xe2\x80\xae text\n"],
    ids=["NUL", "empty", "byte", "utf-16", "yaml", "escape"],
)
def test_every_format_can_say_it(form: str, data: bytes, capsys: pytest.CaptureFixture[str]) -> None:
    Path("bad.md").write_bytes(data)
    assert run(["bad.md", "--format", form]) == 1
    output = capsys.readouterr()
    assert "bad.md" in output.out
    assert "\x1b" not in output.out
    assert "\u202e" not in output.out
    assert output.err == ""


@pytest.mark.parametrize(
    ("paths", "message"),
    [
        (["missing.md"], "missing.md: no such file or folder"),
        (["good.md", "missing"], "missing: no such file or folder"),
        (["empty"], "no posts to check in empty"),
        (["empty", "other"], "no posts to check in empty, other"),
        (["other/page.docx"], "other/page.docx: no reader for .docx"),
    ],
)
def test_nothing_to_check_is_not_clean(paths: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("empty").mkdir()
    Path("other").mkdir()
    Path("other/page.docx").write_bytes(b"")
    Path("good.md").write_text(GOOD, encoding="utf-8")
    assert run(paths) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err.startswith(f"postlint: error: {message}")
    assert run([*paths, "--exit-zero"]) == 2


@pytest.mark.skipif(os.name != "posix" or os.uname().sysname != "Linux", reason="the file system must take any bytes")
def test_file_name_that_is_no_text(capsys: pytest.CaptureFixture[str]) -> None:
    with open(b"caf\xe9.md", "w", encoding="utf-8") as file:
        file.write(GOOD)
    assert [violation[0] for violation in found(capsys, ".")] == ["caf\udce9.md"]
    assert run(["."]) == 1
    assert "caf\\udce9.md:3:15: error REV001" in capsys.readouterr().out


def test_control_characters_in_a_file_name(capsys: pytest.CaptureFixture[str]) -> None:
    Path("a\nb\x1b[31m.md").write_text(GOOD, encoding="utf-8")
    assert run(["."]) == 1
    first = capsys.readouterr().out.splitlines()[0]
    assert first.startswith("a\\nb\\x1b[31m.md:3:15: error REV001")
    assert run([".", "--show-files"]) == 0
    assert capsys.readouterr().out == "a\\nb\\x1b[31m.md\n"
