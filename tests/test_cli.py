"""The command line: what each option does, exit codes, where output goes, and what start-up imports."""

from __future__ import annotations

import contextlib
import io
import json
import os
import stat
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from postlint import __version__, engine
from postlint.cli import run
from postlint.commands.output import knows_links
from postlint.commands.progress import Progress
from postlint.violations import Report

FLAGGED = "---\ntitle: {title}\nneeds_review: true\n---\n\nOne line of text about {title}.\n"
PLAIN = "---\ntitle: {title}\n---\n\nOne line of text about {title}.\n"


@pytest.fixture(autouse=True)
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two posts, one of them with an error (REV001)."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    Path("posts").mkdir()
    Path("posts/flagged.md").write_text(FLAGGED.format(title="Rye bread"), encoding="utf-8")
    Path("posts/plain.md").write_text(PLAIN.format(title="Plum jam"), encoding="utf-8")


LINE = "posts/flagged.md:3:15: error REV001 needs_review is set: true [needs-human-review]\n"
SUMMARY = "Found 1 violation (1 error) in 1 of 2 posts.\n"


def test_paths_alone_are_a_check(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["posts"]) == 1
    output = capsys.readouterr()
    assert output.out == LINE + SUMMARY
    assert output.err == ""
    assert run(["check", "posts"]) == 1
    assert capsys.readouterr().out == LINE + SUMMARY
    assert run(["--select", "REV001", "posts"]) == 1
    assert capsys.readouterr().out == LINE + SUMMARY


def test_check_without_paths_is_the_working_folder(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check"]) == 1
    assert capsys.readouterr().out == LINE + SUMMARY


def test_clean_posts_exit_with_0(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["posts/plain.md"]) == 0
    assert capsys.readouterr().out == "No violations in 1 post.\n"


def test_no_arguments_teach(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([]) == 2
    assert "Exit codes:" in capsys.readouterr().err
    assert run(["--help"]) == 0
    output = capsys.readouterr()
    assert output.err == ""
    for word in ("Examples:", "Exit codes:", "postlint posts/ --format json", "check", "rule"):
        assert word in output.out
    assert run(["check", "--help"]) == 0
    assert "--fail-on" in capsys.readouterr().out


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--version"]) == 0
    assert capsys.readouterr().out == f"postlint {__version__}\n"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ([], 1),
        (["--fail-on", "error"], 1),
        (["--fail-on", "never"], 0),
        (["--exit-zero"], 0),
        (["--ignore", "REV001"], 0),
        (["--ignore", "REV001,BP", "--ignore", "ND"], 0),
        (["--select", "needs-human-review"], 1),
        (["--select", "BP"], 0),
        (["--select", "BP", "--extend-select", "REV"], 1),
        (["--select", "REV", "--ignore", "REV001"], 0),
    ],
)
def test_exit_code_follows_what_is_selected(arguments: list[str], code: int) -> None:
    assert run(["posts", *arguments]) == code


@pytest.mark.parametrize(
    ("severity", "fail_on", "code"),
    [
        ("warning", "error", 0), ("warning", "warning", 1), ("info", "warning", 0), ("info", "info", 1),
        ("info", None, 0), ("warning", None, 1),
    ],
)  # fmt: skip
def test_fail_on_compares_severities(severity: str, fail_on: str | None, code: int) -> None:
    Path("postlint.toml").write_text(f'[severity]\nREV001 = "{severity}"\n', encoding="utf-8")
    assert run(["posts", *(["--fail-on", fail_on] if fail_on else [])]) == code


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["posts", "--select", "XX1"], 'no rule "XX1"'),
        (["posts", "--select", "REV0O1"], 'no rule "REV0O1"; did you mean "'),
        (["posts", "--select", ""], "it names no rule"),
        (["posts", "--as-of", "2026-02-30"], '"2026-02-30" is not a date such as 2026-11-20'),
        (["posts", "--format", "xml"], "'xml' is not one of"),
        (["posts", "--jobs", "0"], "0 is not in the range"),
        (["posts", "--nonsense"], "No such option '--nonsense'"),
        (["posts", "--config", "none.toml"], "none.toml: can't be read: No such file or directory"),
        (["posts", "--config", "x.toml", "--isolated"], "--config and --isolated exclude each other"),
        (["posts", "--quiet", "--verbose"], "--quiet and --verbose exclude each other"),
        (["posts", "--select", "REV001", "--ignore", "ALL,REV001"], "no rule is selected"),
        (["posts", "--output", "missing/report.json"], "missing/report.json: can't be written: No such file"),
        (["posts", "--output", "posts"], "posts: can't be written"),
        (["rule"], "name a rule, or say --all"),
        (["rule", "REV001", "--all"], "name a rule, or say --all"),
        (["rule", "REV0O1"], 'no rule "REV0O1"; did you mean "REV'),
    ],
)
def test_wrong_usage_is_one_line_and_2(arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(arguments) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err.startswith("postlint: error: ")
    assert message in output.err
    assert output.err.count("\n") == 1


def test_hostile_argument_cannot_reach_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["posts/\x1b[2J.md"]) == 2
    assert "\x1b" not in capsys.readouterr().err


def test_json_stands_alone_on_stdout(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["posts", "--output-format", "json", "--verbose", "--as-of", "2026-11-20"]) == 1
    output = capsys.readouterr()
    made = json.loads(output.out)
    assert made["as_of"] == "2026-11-20"
    assert made["summary"]["by_code"] == {"REV001": 1}
    assert made["violations"][0]["post"] == "Rye bread"
    assert "configuration: none" in output.err
    assert "files: 2" in output.err
    assert "checked 2 posts in " in output.err


def test_full_format_shows_the_source(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["posts", "-f", "full"]) == 1
    output = capsys.readouterr().out
    assert "3 | needs_review: true\n  |               ^^^^\n" in output
    assert output.startswith("posts/flagged.md: Rye bread (1 error)\n\nerror REV001 ")
    steps = "`postlint rule REV001` shows why REV001 is reported (1 of 1), and what to do.\n"
    assert output.endswith("\n\n" + SUMMARY + steps)
    assert "\x1b" not in output
    assert run(["posts", "-f", "full", "-q"]) == 1
    assert "Found" not in (quiet := capsys.readouterr().out)
    assert "`postlint" not in quiet
    assert run(["posts", "--report", "full=full.txt"]) == 1
    assert Path("full.txt").read_text(encoding="utf-8") == output


class Terminal(io.StringIO):
    """A stdout or stderr that says it is a terminal."""

    def isatty(self) -> bool:
        return True


LINKING = ("TERM", "TERM_PROGRAM", "VTE_VERSION", "WT_SESSION", "KONSOLE_VERSION", "TMUX", "STY", "FORCE_HYPERLINK")


@pytest.mark.parametrize(
    ("variables", "knows"),
    [
        ({"TERM": "xterm-256color"}, False),
        ({"TERM": "xterm-kitty"}, True),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "iTerm.app"}, True),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "Apple_Terminal"}, False),
        ({"TERM": "xterm-256color", "VTE_VERSION": "7600"}, True),
        ({"TERM": "xterm-256color", "VTE_VERSION": "4205"}, False),
        ({"TERM": "xterm-256color", "VTE_VERSION": "new"}, False),
        ({"TERM": "xterm-256color", "WT_SESSION": "1"}, True),
        ({"TERM": "screen-256color", "TERM_PROGRAM": "WezTerm", "TMUX": "/tmp/x"}, False),
        ({"TERM": "dumb", "TERM_PROGRAM": "vscode", "FORCE_HYPERLINK": "1"}, False),
        ({"TERM": "xterm-256color", "FORCE_HYPERLINK": "1"}, True),
        ({"TERM": "xterm-kitty", "FORCE_HYPERLINK": "0"}, False),
    ],
)
def test_links_are_for_terminals_that_are_known_to_follow_them(
    variables: dict[str, str], knows: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in LINKING:
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert knows_links(Terminal()) == knows
    assert not knows_links(io.StringIO())


def test_full_format_has_links_in_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in LINKING:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-kitty")
    Path("posts/a \x1b;\\b.md").write_text(FLAGGED.format(title="Spoons"), encoding="utf-8")
    monkeypatch.setattr(sys, "stdout", terminal := Terminal())
    assert run(["posts", "-f", "full"]) == 1
    assert "/posts/flagged.md\x1b\\posts/flagged.md:3:15\x1b]8;;\x1b\\\n" in terminal.getvalue()
    assert "/posts/a%20%1B%3B%5Cb.md\x1b\\posts/a \\x1b;\\b.md:3:15\x1b]8;;" in terminal.getvalue()
    monkeypatch.setattr(sys, "stdout", terminal := Terminal())
    assert run(["posts", "-f", "full", "-o", "out.txt"]) == 1
    assert "\x1b" not in Path("out.txt").read_text(encoding="utf-8")


def test_quiet_prints_violations_alone(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["posts", "--quiet"]) == 1
    assert capsys.readouterr().out == LINE
    assert run(["posts/plain.md", "-q"]) == 0
    assert capsys.readouterr().out == ""


def test_notes_of_a_run_go_to_stderr(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def check_with_note(*arguments: Any, **more: Any) -> Report:
        return replace(engine_check(*arguments, **more), notes=("only \x1b[1m the first", "second"))

    engine_check = engine.check
    monkeypatch.setattr(engine, "check", check_with_note)
    assert run(["posts", "-f", "json-lines"]) == 1
    output = capsys.readouterr()
    assert output.err == "postlint: note: only \\x1b[1m the first\npostlint: note: second\n"
    assert "note" not in output.out
    assert run(["posts", "--quiet"]) == 1
    assert capsys.readouterr().err == ""


def test_infos_are_called_that(capsys: pytest.CaptureFixture[str]) -> None:
    Path("postlint.toml").write_text('[severity]\nREV001 = "info"\n', encoding="utf-8")
    Path("posts/other.md").write_text(FLAGGED.format(title="Rules of thumb"), encoding="utf-8")
    assert run(["posts/other.md"]) == 0
    assert capsys.readouterr().out.endswith("Found 1 violation (1 info) in 1 of 1 post.\n")
    assert run(["posts", "--select", "REV001"]) == 0
    assert capsys.readouterr().out.endswith("Found 2 violations (2 infos) in 2 of 3 posts.\n")


def test_exact_is_the_option_of_near_duplicates(capsys: pytest.CaptureFixture[str]) -> None:
    Path("postlint.toml").write_text("[options.ND002]\nresemblance = 0.9\n", encoding="utf-8")
    assert run(["posts", "--show-settings"]) == 0
    assert '"exact"' not in capsys.readouterr().out
    assert run(["posts", "--exact", "--show-settings"]) == 0
    assert capsys.readouterr().out.endswith('[options.ND002]\n"resemblance" = 0.9\n"exact" = true\n')


def test_likeness_is_a_setting(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["posts", "--show-settings"]) == 0
    assert 'likeness = ["language", "page", "series"]\n' in capsys.readouterr().out
    Path("postlint.toml").write_text("likeness = []\n", encoding="utf-8")
    assert run(["posts", "--show-settings"]) == 0
    assert "likeness = []\n" in capsys.readouterr().out


def test_statistics(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["posts", "--statistics"]) == 1
    assert capsys.readouterr().out == (
        "violations  posts  rule    severity  name\n         1      1  REV001  error     needs-human-review\n" + SUMMARY
    )
    assert run(["posts", "--statistics", "--format", "json-lines"]) == 1
    output = capsys.readouterr()
    assert json.loads(output.out)["code"] == "REV001"
    assert output.err == "postlint: --statistics has no effect on the format json-lines\n"


def test_output_is_a_file_and_nothing_on_stdout(capsys: pytest.CaptureFixture[str]) -> None:
    Path("report.json").write_text("old", encoding="utf-8")
    Path("report.json").chmod(0o640)
    assert run(["posts", "-f", "json", "-o", "report.json"]) == 1
    assert capsys.readouterr().out == ""
    assert json.loads(Path("report.json").read_text(encoding="utf-8"))["summary"]["violations"] == 1
    assert stat.S_IMODE(Path("report.json").stat().st_mode) == 0o640
    assert sorted(path.name for path in Path().iterdir()) == ["posts", "report.json"]
    assert run(["posts", "-f", "json", "-o", "-"]) == 1
    assert json.loads(capsys.readouterr().out)


def test_output_that_fails_leaves_the_old_file(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("report.txt").write_text("old", encoding="utf-8")

    def full(source: str, target: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    assert run(["posts", "-o", "report.txt"]) == 2
    assert Path("report.txt").read_text(encoding="utf-8") == "old"
    assert sorted(path.name for path in Path().iterdir()) == ["posts", "report.txt"]


def test_output_to_a_device_does_not_replace_it() -> None:
    os.mkfifo("pipe")
    # Opened for both, so that neither end waits for the other; the report is smaller than the pipe's buffer.
    reading = os.open("pipe", os.O_RDWR | os.O_NONBLOCK)
    try:
        assert run(["posts", "-o", "pipe"]) == 1
        assert os.read(reading, 65536).decode() == LINE + SUMMARY
    finally:
        os.close(reading)
    assert stat.S_ISFIFO(Path("pipe").stat().st_mode)


def test_output_through_a_link_writes_what_it_leads_to() -> None:
    Path("real.txt").write_text("old", encoding="utf-8")
    Path("link.txt").symlink_to("real.txt")
    assert run(["posts", "-o", "link.txt"]) == 1
    assert Path("link.txt").is_symlink()
    assert Path("real.txt").read_text(encoding="utf-8") == LINE + SUMMARY


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no device that is always full")
def test_full_disk_behind_stdout_is_told() -> None:
    with open("/dev/full", "w") as full:
        done = program("posts", stdout=full)
    assert done.returncode == 2
    assert done.stderr == "postlint: error: can't write to stdout: No space left on device\n"


def test_configuration_is_used_and_isolated_ignores_it(capsys: pytest.CaptureFixture[str]) -> None:
    Path("postlint.toml").write_text('ignore = ["REV"]\nformat = "json"\nas-of = 2020-01-02\n', encoding="utf-8")
    assert run(["posts"]) == 0
    assert json.loads(capsys.readouterr().out)["as_of"] == "2020-01-02"
    assert run(["posts", "--isolated"]) == 1
    assert capsys.readouterr().out == LINE + SUMMARY
    assert run(["posts", "--as-of", "2021-01-02", "--select", "REV"]) == 1
    assert json.loads(capsys.readouterr().out)["as_of"] == "2021-01-02"
    Path("other.toml").write_text('fail-on = "never"\n', encoding="utf-8")
    assert run(["posts", "--config", "other.toml"]) == 0
    assert capsys.readouterr().out == LINE + SUMMARY


def test_configuration_mistake_is_told_with_file_and_line(capsys: pytest.CaptureFixture[str]) -> None:
    Path("postlint.toml").write_text('\nselekt = ["REV"]\n', encoding="utf-8")
    assert run(["posts"]) == 2
    expected = f'postlint: error: {Path.cwd()}/postlint.toml:2: unknown key "selekt"; did you mean "select"?\n'
    assert capsys.readouterr().err == expected


def test_per_file_ignores_exclude_and_options(capsys: pytest.CaptureFixture[str]) -> None:
    Path("postlint.toml").write_text('[per-file-ignores]\n"posts/fl*.md" = ["REV"]\n', encoding="utf-8")
    assert run(["posts"]) == 0
    Path("postlint.toml").write_text('exclude = ["flagged.md"]\n', encoding="utf-8")
    assert run(["posts"]) == 0
    assert "1 post." in capsys.readouterr().out
    future = "---\ntitle: x\nlast_reviewed: 2026-11-25\n---\n\nText.\n"
    Path("posts/flagged.md").write_text(future, encoding="utf-8")
    Path("postlint.toml").write_text("[options.DAT001]\ngrace-days = 5\n", encoding="utf-8")
    assert run(["posts", "--as-of", "2026-11-20"]) == 0
    assert run(["posts", "--as-of", "2026-11-20", "--isolated"]) == 1


def test_suppressions_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    text = Path("posts/flagged.md").read_text(encoding="utf-8").replace("true", "true  # postlint: ignore REV001")
    Path("posts/flagged.md").write_text(text, encoding="utf-8")
    assert run(["posts"]) == 0
    assert capsys.readouterr().out == "No violations in 2 posts. (1 suppressed)\n"


def test_show_files_and_settings_stop_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["posts", "--show-files"]) == 0
    assert capsys.readouterr().out == "posts/flagged.md\nposts/plain.md\n"
    assert run(["posts", "--show-settings", "--as-of", "2026-11-20"]) == 0
    assert "as-of = 2026-11-20\n" in capsys.readouterr().out


def test_shown_settings_are_a_configuration_that_gives_them(capsys: pytest.CaptureFixture[str]) -> None:
    Path("postlint.toml").write_text(
        'select = ["REV", "DAT"]\nexclude = ["é \\"x\\""]\njobs = 2\nas-of = 2026-11-20\nfail-on = "info"\n'
        '[per-file-ignores]\n"a/*.md" = ["REV"]\n[severity]\nREV001 = "info"\n[options.DAT001]\ngrace-days = 7\n'
        '[[fields]]\nfiles = ["é/*.json"]\nbody = "a.b"\nformat = "html"\n[[fields]]\ntitle = "name"\n',
        encoding="utf-8",
    )
    assert run(["posts", "--show-settings"]) == 0
    first = capsys.readouterr().out
    Path("postlint.toml").write_text(first, encoding="utf-8")
    assert run(["posts", "--show-settings"]) == 0
    assert capsys.readouterr().out == first
    for part in ("grace-days", "REV001", "a/*.md", "jobs = 2", 'fail-on = "info"', "é/*.json", '"title" = "name"'):
        assert part in first


def test_order_of_paths_does_not_matter(capsys: pytest.CaptureFixture[str]) -> None:
    outputs = set()
    for arguments in (
        ["posts/flagged.md", "posts/plain.md"],
        ["posts/plain.md", "posts/flagged.md"],
        ["posts", "-j", "2"],
    ):
        run([*arguments, "-f", "json", "--as-of", "2026-11-20"])
        outputs.add(capsys.readouterr().out)
    assert len(outputs) == 1


def test_colour_is_asked_for_or_not_there(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    run(["posts"])
    assert "\x1b" not in capsys.readouterr().out
    monkeypatch.setenv("FORCE_COLOR", "1")
    run(["posts"])
    assert "\x1b[31mREV001\x1b[0m" in capsys.readouterr().out
    run(["posts", "-f", "json"])
    assert "\x1b" not in capsys.readouterr().out
    run(["posts", "-o", "report.txt"])
    assert "\x1b" not in Path("report.txt").read_text(encoding="utf-8")
    monkeypatch.setenv("NO_COLOR", "1")
    run(["posts"])
    assert "\x1b" not in capsys.readouterr().out


def test_interrupt_is_quiet(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*arguments: object, **more: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("postlint.engine.check", interrupted)
    assert run(["posts"]) == 130
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err.strip() == ""


def test_rule_pages(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rule", "rev001"]) == 0
    page = capsys.readouterr().out
    assert page.startswith("REV001 needs-human-review\n\n")
    assert "What to do:" in page
    assert run(["rule", "needs-human-review"]) == 0
    assert capsys.readouterr().out == page
    assert run(["rule", "REV001", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["code"] == "REV001"
    assert run(["rule", "--all", "--format", "json"]) == 0
    codes = [rule["code"] for rule in json.loads(capsys.readouterr().out)]
    assert codes == sorted(codes)
    assert "REV001" in codes
    assert run(["rule", "--all"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(codes)
    assert run(["rule", "REV001", "--format", "markdown"]) == 0
    assert capsys.readouterr().out.startswith("### REV001 needs-human-review\n")


def program(*arguments: str, stdout: object = subprocess.PIPE) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "postlint", *arguments],
        stdout=stdout,  # type: ignore[call-overload]
        stderr=subprocess.PIPE,
        text=True,
        timeout=120,
        check=False,
    )


def test_program_exits_with_the_code() -> None:
    done = program("posts")
    assert (done.returncode, done.stdout, done.stderr) == (1, LINE + SUMMARY, "")
    assert program("posts/plain.md").returncode == 0
    assert program("nowhere").returncode == 2


def on_terminal(*arguments: str) -> str:
    """What the program writes to a terminal that is its stdout and its stderr."""
    pty = pytest.importorskip("pty", reason="there are no pseudo-terminals on this system")
    leader, follower = pty.openpty()
    command = [sys.executable, "-m", "postlint", *arguments]
    environment = {**os.environ, "TERM": "xterm"}
    process = subprocess.Popen(command, stdout=follower, stderr=follower, stdin=subprocess.DEVNULL, env=environment)
    os.close(follower)
    shown = b""
    # The end of a terminal is an error on some systems and an empty read on others.
    with contextlib.suppress(OSError):
        while piece := os.read(leader, 4096):
            shown += piece
    os.close(leader)
    process.wait(timeout=60)
    return shown.decode().replace("\r\n", "\n")


def test_terminal_gets_colours_and_nothing_else_gets_them() -> None:
    assert "\x1b[31mREV001\x1b[0m" in on_terminal("posts")
    assert "\x1b" not in on_terminal("posts", "--format", "json")


def test_progress_is_shown_after_a_second_and_goes_away(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    monkeypatch.setattr("sys.stderr", stderr := Terminal())
    progress = Progress()
    progress("reading", 10, 100)
    assert stderr.getvalue() == ""
    now[0] = 1.5
    progress("reading", 20, 100)
    progress("reading", 21, 100)
    assert stderr.getvalue() == "\rreading 20 of 100"
    now[0] = 2.0
    progress("reporting", 0, 1)
    progress.close()
    assert stderr.getvalue() == "\rreading 20 of 100\rreporting        \r" + " " * 9 + "\r"


def test_progress_is_for_terminals_that_are_not_quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.monotonic", iter([0.0, 5.0, 6.0, 7.0]).__next__)
    for stderr, quiet in ((io.StringIO(), False), (Terminal(), True)):
        monkeypatch.setattr("sys.stderr", stderr)
        progress = Progress(quiet=quiet)
        progress("reading", 1, 2)
        progress.close()
        assert stderr.getvalue() == ""


def test_encoding_of_the_terminal_cannot_spoil_the_report(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("posts/flagged.md").rename("posts/gel\u00e9e.md")
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    done = program("posts")
    assert done.stderr == ""
    assert done.stdout.startswith("posts/gel\\xe9e.md:3:15: error REV001")
    assert "no\\xebl" in program("no\u00ebl").stderr


def test_reader_that_stops_reading_is_no_error() -> None:
    # A report far larger than the buffer of a pipe, whose reading end is closed before the first byte.
    for number in range(400):
        Path(f"posts/{number}.md").write_text(FLAGGED.format(title=f"Post {number}"), encoding="utf-8")
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as closed:
        done = program("posts", "-f", "json", "-j", "1", stdout=closed)
    assert done.stderr == ""
    assert done.returncode == 1


HEAVY = {"numpy", "rapidfuzz", "pyromark", "turbohtml", "jsonschema", "pathspec", "multiprocessing"}


@pytest.mark.parametrize(
    ("arguments", "forbidden"),
    [
        (["--version"], HEAVY | {"yaml", "click", "dataclasses", "postlint.config", "postlint.rules"}),
        (["rule", "REV001"], HEAVY | {"postlint.config", "postlint.commands.check", "postlint.post"}),
        (["check", "--help"], HEAVY | {"yaml", "postlint.rules"}),
    ],
)
def test_start_up_imports_nothing_heavy(arguments: list[str], forbidden: set[str]) -> None:
    code = (
        "import sys\nfrom postlint.cli import run\n"
        f"run({arguments!r})\nprint('\\n' + ' '.join(sys.modules), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    modules = set(done.stderr.split())
    assert "postlint.cli" in modules
    assert modules & forbidden == set()
    assert {
        name for name in modules if name.startswith(("postlint.readers", "postlint.engine", "postlint.checks"))
    } == set()


def test_rules_of_single_posts_need_no_numpy() -> None:
    Path("posts/spoon.md").write_text(FLAGGED.format(title="Spoons"), encoding="utf-8")
    code = (
        "import sys\nfrom postlint.cli import run\n"
        "run(['--isolated', '--select', 'REV,FMT,IMG001', 'posts/spoon.md'])\n"
        "print('\\n' + ' '.join(sys.modules), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert "REV001" in done.stdout
    modules = set(done.stderr.split())
    assert "postlint.checks.meta_condition" in modules
    assert (
        modules & {"numpy", "rapidfuzz", "jsonschema", "multiprocessing", "postlint.facts", "postlint.corpus"} == set()
    )
    # The checks of rules that are not selected neither.
    assert "postlint.checks.flag_and_body" not in modules
