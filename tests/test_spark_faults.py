"""Faults that are really done to a job: it ends with the same report, or says what to do and then does."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import spark_clusters
import spark_job
from spark_corpora import FEW, on_spark, posts_of, shown, written

from postlint.engine import check
from postlint.errors import UserError
from postlint.spark import flow, run
from postlint.spark.failures import SessionGoneError
from postlint.spark.stages import Stages

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

pytestmark = pytest.mark.spark
on_proc = pytest.mark.skipif(not spark_clusters.HAS_PROC, reason="processes are looked at in /proc, which is not here")


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    return written(posts_of(5), tmp_path_factory.mktemp("corpus"))


@pytest.fixture(scope="module")
def expected(corpus: list[str]) -> str:
    return shown(check(corpus, FEW))


def report(spark: SparkSession, corpus: list[str], stages: Path) -> str:
    return on_spark(spark, corpus, stages, FEW, tasks=3)


def of_key(stages: Path) -> Path:
    """The folder of the only job that has kept stages in a folder."""
    (key,) = stages.iterdir()
    return key


def attempts(stages: Path, name: str) -> int:
    """How often a stage was begun."""
    return len(list((of_key(stages) / name / "rows").iterdir()))


def test_the_corpus_makes_a_job_with_answers_and_clusters(expected: str) -> None:
    assert {code for code in FEW.codes if f'"code": "{code}"' not in expected} == set()
    assert json.loads(expected[: expected.rindex("}") + 1])["clusters"]


def that_kills(function: Any, once: Path, *, executor: bool) -> Callable[..., Any]:
    """A function of tasks that, when the first of them has given some rows, kills the process that runs it, or the
    executor that has started this one. Who makes the file `once` is the first.

    All of it is in here, to be pickled whole: workers can't import tests.
    """
    name = str(once)

    class Killing:
        def __init__(self, *arguments: Any, **more: Any) -> None:
            self._inner = function(*arguments, **more)

        def __call__(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
            for batch in self._inner(batches):
                yield batch
                try:
                    with open(name, "x") as file:
                        file.write(str(os.getpid()))
                except FileExistsError:
                    continue
                victim = os.getpid()
                if executor:
                    with open(f"/proc/{os.getppid()}/stat") as stat:
                        victim = int(stat.read().rpartition(")")[2].split()[1])
                os.kill(victim, signal.SIGKILL)

    return Killing


def test_a_worker_killed_on_a_cluster_costs_a_task(
    spark_sessions: spark_clusters.Sessions,
    spark_cluster: spark_clusters.Cluster,
    corpus: list[str],
    expected: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    once = tmp_path / "once"
    monkeypatch.setattr(flow, "Digesting", that_kills(flow.Digesting, once, executor=False))
    assert report(spark_sessions.of(spark_cluster.url), corpus, tmp_path / "stages") == expected
    assert int(once.read_text()) not in spark_cluster.python_workers()
    assert attempts(tmp_path / "stages", "postings") == 1


@on_proc
def test_an_executor_killed_with_the_rows_it_had_shuffled_costs_a_stage(
    spark_sessions: spark_clusters.Sessions,
    spark_cluster: spark_clusters.Cluster,
    corpus: list[str],
    expected: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    events = tmp_path / "events"
    events.mkdir()
    settings = {
        # Both have rows when one is killed.
        "spark.cores.max": "2",
        "spark.scheduler.minRegisteredResourcesRatio": "1.0",
        # As if each had a disk of its own: the rows of the dead are asked for over the network, once.
        "spark.shuffle.readHostLocalDisk": "false",
        "spark.shuffle.io.maxRetries": "0",
        "spark.eventLog.enabled": "true",
        "spark.eventLog.dir": f"file://{events}",
        "spark.eventLog.rolling.enabled": "false",
        "spark.eventLog.compress": "false",
    }
    spark = spark_sessions.of(spark_cluster.url, settings)
    monkeypatch.setattr(flow, "Judging", that_kills(flow.Judging, tmp_path / "once", executor=True))
    assert report(spark, corpus, tmp_path / "stages") == expected
    spark_sessions.stop()
    (log,) = events.iterdir()
    said = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    ends = {event["Task End Reason"]["Reason"] for event in said if event["Event"] == "SparkListenerTaskEnd"}
    assert ends >= {"ExecutorLostFailure", "FetchFailed"}
    begun = [event["Stage Info"] for event in said if event["Event"] == "SparkListenerStageSubmitted"]
    assert [info for info in begun if info["Stage Attempt ID"] > 0]
    assert attempts(tmp_path / "stages", "judged-1") == 1


def test_a_worker_killed_where_nothing_is_tried_again_is_said_and_the_job_goes_on(
    spark: SparkSession, corpus: list[str], expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stages = tmp_path / "stages"
    monkeypatch.setattr(flow, "Digesting", that_kills(flow.Digesting, tmp_path / "once", executor=False))
    with pytest.raises(UserError) as error:
        report(spark, corpus, stages)
    assert str(error.value) == (
        f'{of_key(stages)}: stage "postings" cannot be made: a Python worker is gone, killed or out of memory; run it '
        "again, perhaps with more memory or tasks: complete stages are not made anew"
    )
    assert report(spark, corpus, stages) == expected
    assert [attempts(stages, name) for name in ("parts", "postings", "mail")] == [1, 2, 1]


def test_a_stage_that_was_read_by_a_process_that_is_gone_is_not_to_be_removed() -> None:
    from pyspark.errors import PySparkException

    said = "Lost task: ExecutorLostFailure (executor 5 exited) while reading file:/stages/key/mail/rows/1/part.parquet"
    stages: Any = Stages(None, "/stages", "key")  # type: ignore[arg-type]
    with (
        pytest.raises(UserError, match=r"^/stages/key: executors are gone, killed or out of memory; run it again, "),
        stages.explained(),
    ):
        raise PySparkException(said)


@pytest.mark.filterwarnings(r"ignore:\[RETRIES_EXCEEDED\]")
def test_a_worker_and_then_the_server_killed_behind_connect_are_said_and_the_job_goes_on(
    spark_sessions: spark_clusters.Sessions,
    corpus: list[str],
    expected: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if missing := spark_clusters.missing_connect():
        pytest.skip(missing)
    stages = tmp_path / "stages"

    class Killing(Stages):
        def stage(self, name: str, schema: str, make: Callable[[], DataFrame]) -> DataFrame:
            found = super().stage(name, schema, make)
            if name == "mail":
                os.kill(server.server.pid, signal.SIGKILL)
            return found

    digesting = that_kills(flow.Digesting, tmp_path / "once", executor=False)
    with spark_clusters.connect(tmp_path / "one") as server:
        spark = spark_sessions.of(server.url)
        monkeypatch.setattr(flow, "Digesting", digesting)
        with pytest.raises(UserError, match=r": a Python worker is gone, killed or out of memory; run it again"):
            report(spark, corpus, stages)
        monkeypatch.setattr(run, "Stages", Killing)
        spark_clusters.be_impatient(spark)
        with pytest.raises(UserError, match=r": the Connect server does not answer any more; run it again"):
            report(spark, corpus, stages)
        spark_sessions.stop()
    monkeypatch.undo()
    with spark_clusters.connect(tmp_path / "other") as server:
        assert report(spark_sessions.of(server.url), corpus, stages) == expected
        spark_sessions.stop()
    assert [attempts(stages, name) for name in ("parts", "postings", "mail")] == [1, 2, 1]


def started(how: str, stages: Path, scratch: Path, corpus: list[str]) -> subprocess.Popen[str]:
    scratch.mkdir()
    return subprocess.Popen(
        [sys.executable, spark_job.__file__, how, str(stages), str(scratch), *corpus],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )


def test_a_job_killed_between_stages_goes_on_from_them(
    spark: SparkSession, corpus: list[str], expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stages = tmp_path / "stages"
    job = started("killed", stages, tmp_path / "scratch", corpus)
    assert job.communicate() == ("", None)
    assert job.returncode == -signal.SIGKILL
    assert not (of_key(stages) / "judged-1").exists()
    monkeypatch.setattr(flow, "Digesting", None)
    assert report(spark, corpus, stages) == expected
    assert [attempts(stages, name) for name in ("parts", "postings", "mail")] == [1, 1, 1]


@on_proc
def test_a_job_whose_java_is_killed_says_so_and_another_goes_on(
    spark: SparkSession, corpus: list[str], expected: str, tmp_path: Path
) -> None:
    stages = tmp_path / "stages"
    said, _ = started("orphaned", stages, tmp_path / "scratch", corpus).communicate()
    assert said == (
        f"{of_key(stages)}: the Java of the session is gone, killed or out of memory; run it again, perhaps with more "
        "memory or tasks: complete stages are not made anew\n"
    )
    assert on_spark(spark, corpus, stages, FEW) == expected
    assert [attempts(stages, name) for name in ("parts", "postings", "mail")] == [1, 1, 1]


def test_where_stages_were_temporary_it_is_said_how_they_would_be_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    def lose(*_: object) -> None:
        raise SessionGoneError("Java is gone", "as it was", "/stages/key")

    monkeypatch.setattr(run, "_report", lose)
    with pytest.raises(UserError) as error:
        run.report([], FEW, "local[1]", None)
    assert str(error.value) == (
        "Java is gone; run it again, perhaps with more memory; with --spark-stages it would go on where it was"
    )


def test_two_jobs_at_a_time_write_beside_each_other(corpus: list[str], expected: str, tmp_path: Path) -> None:
    stages = tmp_path / "stages"
    jobs = [started("waiting", stages, tmp_path / name, corpus) for name in ("one", "other")]
    for job in jobs:
        assert job.stdout is not None
        assert job.stdout.readline().rstrip("\n") == spark_job.ABOUT_TO_MAKE
    # Neither has found the stage of the other.
    for job in jobs:
        assert job.stdin is not None
        job.stdin.write("\n")
        job.stdin.flush()
    said = [job.communicate()[0] for job in jobs]
    assert [text.rstrip("\n") for text in said] == [spark_job.REPORT + expected.replace("\n", " ")] * 2
    assert attempts(stages, "postings") == 2


def largest(stage: Path) -> Path:
    """The part of a stage with the most rows; without the sums that Spark keeps of files on local disks."""
    for sums in stage.rglob(".*.crc"):
        sums.unlink()
    return max((stage / "rows").rglob("*.parquet"), key=lambda part: (pq.read_metadata(part).num_rows, part))


def with_a_page_damaged(part: Path) -> None:
    """The last byte of the last page of its first column is another."""
    column = pq.read_metadata(part).row_group(0).column(0)
    starts = [start for start in (column.dictionary_page_offset, column.data_page_offset) if start]
    data = bytearray(part.read_bytes())
    data[min(starts) + column.total_compressed_size - 1] ^= 0xFF
    part.write_bytes(data)


def cut_short(part: Path) -> None:
    os.truncate(part, part.stat().st_size // 2)


def test_damaged_stages_are_named_and_made_anew_when_they_are_removed(
    spark: SparkSession, corpus: list[str], expected: str, tmp_path: Path
) -> None:
    assert report(spark, corpus, tmp_path) == expected
    faults = {"postings": with_a_page_damaged, "mail": Path.unlink, "judged-1": cut_short}
    for name, fault in faults.items():
        fault(largest(of_key(tmp_path) / name))
    for name in faults:
        stage = of_key(tmp_path) / name
        with pytest.raises(UserError) as error:
            report(spark, corpus, tmp_path)
        message = str(error.value)
        assert message.startswith(f'{stage}: stage "{name}" cannot be used: ')
        assert message.endswith("; remove this folder, and it is made anew")
        assert "\n" not in message
        shutil.rmtree(stage)
    assert report(spark, corpus, tmp_path) == expected
