"""`postlint check --engine spark`: its options, and that everything after the report is as with the local engine."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import types
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from spark_clusters import Connect

from postlint import engine
from postlint.cli import run
from postlint.commands.check import check
from postlint.commands.engine import EXCLUDED
from postlint.settings import Settings
from postlint.spark import session
from postlint.violations import Report

ROOT = Path(__file__).parents[1]
SITE = ROOT / "fixtures" / "site"
SPARK = ("--engine", "spark")


class Job:
    """Stands in for a job on Spark: it computes here, and notes what it was asked."""

    def __init__(self) -> None:
        self.masters: list[str] = []
        self.asked: list[tuple[list[str], str, str | None]] = []

    def report(
        self, paths: Sequence[str], settings: Settings, master: str, stages: str | None, progress: Any
    ) -> Report:
        self.asked.append((list(paths), master, stages))
        return engine.check(paths, settings, progress)


@pytest.fixture
def job(monkeypatch: pytest.MonkeyPatch) -> Job:
    made = Job()
    stand_in = types.ModuleType("postlint.spark.run")
    stand_in.report = made.report  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "postlint.spark.run", stand_in)
    monkeypatch.setattr(session, "check", made.masters.append)
    monkeypatch.chdir(SITE)
    return made


def test_spark_is_asked_for_the_files_that_would_be_checked(job: Job, capsys: pytest.CaptureFixture[str]) -> None:
    run(["posts", "--show-files", "--isolated"])
    files = capsys.readouterr().out.splitlines()
    assert len(files) == 9
    assert run(["posts", "--isolated", *SPARK]) == 1
    more = ("--spark-master", "spark://host:7077", "--spark-stages", "s3a://bucket/stages")
    assert run(["posts", "--isolated", *SPARK, *more]) == 1
    assert job.asked == [(files, "local[*]", None), (files, "spark://host:7077", "s3a://bucket/stages")]
    assert job.masters == ["local[*]", "spark://host:7077"]


@pytest.mark.parametrize(
    "options",
    [
        ("--format", "concise"),
        ("--format", "full"),
        ("--format", "json"),
        ("--format", "sarif"),
        ("--format", "html"),
        ("--statistics",),
        ("--quiet",),
        ("--select", "BP", "--fail-on", "warning"),
        ("--select", "BP", "--fail-on", "error"),
        ("--exit-zero",),
        ("--select", "IMG999"),
        ("--as-of", "2020-01-01"),
    ],
    ids=" ".join,
)
def test_everything_after_the_report_is_as_ever(
    options: tuple[str, ...], job: Job, capsys: pytest.CaptureFixture[str]
) -> None:
    codes, said = [], []
    for engine_options in ((), SPARK):
        codes.append(run(["posts", "--isolated", *options, *engine_options]))
        said.append(capsys.readouterr())
    assert codes[0] == codes[1]
    assert said[0] == said[1]
    assert len(job.asked) == (codes[0] != 2)


def test_reports_in_files_and_baselines_are_as_ever(
    job: Job, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(SITE / "posts", tmp_path / "posts")
    monkeypatch.chdir(tmp_path)
    assert run(["baseline", "create", "posts", "--isolated", "--select", "REV", "--baseline", "known"]) == 0
    post = tmp_path / "posts" / "brake-pads-for-commuters.md"
    post.write_text(post.read_text(encoding="utf-8").replace("needs_human_review: true\n", ""), encoding="utf-8")
    capsys.readouterr()
    said = []
    for name, options in (("here", ()), ("spark", SPARK)):
        reports = [f"--report={form}={name}.{form}" for form in ("json", "csv")]
        code = run(["posts", "--isolated", "--select", "REV,IMG", "--baseline", "known", *reports, *options])
        said.append((code, capsys.readouterr()))
    assert said[0] == said[1]
    assert "IMG001" in said[0][1].out
    assert "(5 in the baseline)" in said[0][1].out
    # Of what was judged alone it can be said.
    assert "2 violations of the baseline are gone (known:" in said[0][1].err
    for form in ("json", "csv"):
        assert Path(f"here.{form}").read_bytes() == Path(f"spark.{form}").read_bytes()
    assert len(job.asked) == 1


def test_the_review_report_comes_from_spark_too(job: Job, tmp_path: Path) -> None:
    for name, options in (("here", ()), ("spark", SPARK)):
        assert run(["report", "posts", "--isolated", "-o", str(tmp_path / name), *options]) == 0
    assert (tmp_path / "here").read_bytes() == (tmp_path / "spark").read_bytes()
    assert len(job.asked) == 1


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--spark-master", "local[2]"), "--spark-master needs --engine spark"),
        (("--spark-stages", "x", "--engine", "local"), "--spark-stages needs --engine spark"),
        ((*SPARK, "--watch"), "--engine spark and --watch exclude each other"),
        ((*SPARK, "--fix"), "--engine spark and --fix exclude each other"),
        ((*SPARK, "--diff"), "--engine spark and --diff exclude each other"),
        ((*SPARK, "--staged"), "--engine spark and --staged exclude each other"),
        ((*SPARK, "--stdin-filename", "a.md"), "--engine spark and --stdin-filename exclude each other"),
        ((*SPARK, "--diff-base", "main"), "--engine spark and --diff-base exclude each other"),
        ((*SPARK, "--cache-dir", "x"), "--engine spark and --cache-dir exclude each other"),
        ((*SPARK, "--jobs", "2"), "--engine spark and --jobs exclude each other"),
        (("--engine", "sparc"), "Invalid value for '--engine': 'sparc' is not one of 'local', 'spark'."),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_what_makes_no_sense_together_is_wrong_usage(
    options: tuple[str, ...], message: str, job: Job, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["posts", *options]) == 2
    assert capsys.readouterr().err == f"postlint: error: {message} (see `postlint check --help`)\n"
    assert job.asked == []


def test_some_posts_against_a_corpus_are_no_matter_for_spark(
    job: Job, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.md").write_text("Words of a post.\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    refused = (
        "postlint: error: --engine spark reports on all posts that it compares: name the whole corpus, or no path\n"
    )
    assert run(["a.md", "--corpus", ".", *SPARK]) == 2
    assert capsys.readouterr().err == refused
    (tmp_path / "postlint.toml").write_text('corpus = ["."]\n', encoding="utf-8")
    assert run(["a.md", *SPARK]) == 2
    assert capsys.readouterr().err == refused
    assert job.asked == []
    # The whole of it may be named or not. No index is kept.
    assert run(["--corpus", ".", *SPARK]) == 0
    assert run([".", *SPARK]) == 0
    assert run(SPARK) == 0
    assert [paths for paths, *_ in job.asked] == [["a.md", "b.md"]] * 3
    assert not (tmp_path / ".postlint_cache").exists()


def test_options_and_what_is_excluded_are_documented() -> None:
    page = (ROOT / "docs" / "spark.md").read_text(encoding="utf-8")
    options = [
        option for parameter in check.params for option in parameter.opts if re.match("--(engine|spark)", option)
    ]
    assert re.findall(r"^\| `(--[\w-]+)` \|", page, re.MULTILINE) == options
    for name in EXCLUDED:
        assert f"`--{name.replace('_', '-')}`" in page or name == "stdin_filename"
    for master in re.findall(r"^\| `(\S+)` \| (?:here|on|behind) ", page, re.MULTILINE):
        assert session.is_master(master)


def test_where_there_is_no_spark_no_post_is_looked_for(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(session, "find_spec", lambda name: None)
    assert run(["no-such-folder", *SPARK]) == 2
    said = 'local[*] needs pyspark, which is not installed: pip install "postlint[spark-local]"'
    assert capsys.readouterr().err == f"postlint: error: {said}\n"
    assert run(["no-such-folder", *SPARK, "--spark-master", "yarn"]) == 2
    said = '"yarn" is no master: it is local[*], local[2], spark://host:port or sc://host:port'
    assert capsys.readouterr().err == f"postlint: error: {said}\n"


def test_a_check_on_this_machine_imports_nothing_of_spark() -> None:
    code = (
        "import sys\nfrom postlint.cli import run\nrun(['fixtures/site/posts', '--isolated', '--quiet'])\n"
        "print('\\n' + ' '.join(sys.modules), file=sys.stderr)"
    )
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, encoding="utf-8", check=True)
    modules = set(ran.stderr.split())
    assert "postlint.engine" in modules
    assert {
        name for name in modules if name.startswith(("pyspark", "py4j", "pandas", "pyarrow", "postlint.spark"))
    } == set()


@pytest.mark.spark
def test_the_command_gives_the_same_report_behind_a_connect_server(spark_connect: Connect) -> None:
    command = [sys.executable, "-W", "ignore::FutureWarning", "-m", "postlint", "check", "fixtures/site/posts"]
    options = ["--isolated", "--as-of", "2026-11-20", "--format", "json"]
    expected, found = (
        subprocess.run(
            [*command, *options, *more],
            cwd=ROOT,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        for more in ((), (*SPARK, "--spark-master", spark_connect.url))
    )
    assert found.stderr == ""
    assert found.returncode == expected.returncode == 1
    assert found.stdout == expected.stdout
    assert json.loads(found.stdout)["summary"]["posts"] == 9
