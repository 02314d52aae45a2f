"""A whole job on Spark gives the report of one machine, byte for byte, whatever it runs on."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pytest
import spark_clusters
from corpora import stitched_posts
from spark_corpora import DEFAULT, SETTINGS, on_spark, posts_of, shown, written
from spark_steps import IN_ORDER

from postlint.cli import run as command
from postlint.engine import check, check_sources
from postlint.errors import UserError
from postlint.settings import Settings
from postlint.spark import holders, lint, run, shuffles
from postlint.spark.contract import ANSWERS, NUMBER_BITS, POSTINGS_ROW, kinds_of
from postlint.spark.failures import SessionGoneError
from postlint.spark.job import Job
from postlint.spark.rows import names_of, types_of

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

pytestmark = pytest.mark.spark


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    return written(posts_of(45), tmp_path_factory.mktemp("corpus"))


@pytest.fixture(scope="module")
def expected(corpus: list[str]) -> str:
    return shown(check(corpus, SETTINGS))


def test_the_corpus_has_what_the_steps_are_for(expected: str) -> None:
    codes = {"ND001", "ND002", "ND003", "BP001", "BP002", "BP003", "BP004", "BP005", "BP006"}
    assert {code for code in codes if f'"code": "{code}"' not in expected} == set()
    assert json.loads(expected[: expected.rindex("}") + 1])["clusters"]


def test_the_report_is_that_of_one_machine_and_a_job_goes_on_from_its_stages(
    spark: SparkSession, corpus: list[str], expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Every key that three posts have is taken apart.
    assert on_spark(spark, corpus, tmp_path, hot_from=3, tasks=3) == expected
    (key,) = tmp_path.iterdir()
    judged = sorted(key.glob("judged-*"))
    assert len(judged) >= 2
    # The last round alone is lost: the digest is not made again, which would fail.
    (next((judged[-1] / "mark").iterdir())).rename(tmp_path / "lost")
    monkeypatch.setattr("postlint.spark.flow.Digesting", None)
    assert on_spark(spark, corpus, tmp_path, hot_from=3, tasks=3) == expected
    # Other settings are another job.
    with pytest.raises(TypeError):
        on_spark(spark, corpus, tmp_path, replace(SETTINGS, codes=("IMG001", "ND001")), tasks=3)


def test_it_is_so_on_a_cluster(
    spark_sessions: spark_clusters.Sessions,
    spark_cluster: spark_clusters.Cluster,
    corpus: list[str],
    expected: str,
    tmp_path: Path,
) -> None:
    assert on_spark(spark_sessions.of(spark_cluster.url), corpus, tmp_path, tasks=3) == expected


def test_it_is_so_on_a_connect_server(
    spark_sessions: spark_clusters.Sessions,
    spark_connect: spark_clusters.Connect,
    corpus: list[str],
    expected: str,
    tmp_path: Path,
) -> None:
    assert on_spark(spark_sessions.of(spark_connect.url), corpus, tmp_path, tasks=3) == expected


def test_a_table_is_linted_as_its_rows_would_be_as_files(spark: SparkSession, tmp_path: Path) -> None:
    posts = posts_of(12)
    table = spark.createDataFrame(list(posts.items()), "id string, content string").repartition(3)
    table = table.selectExpr("*", "map('no', 'hash') as more")
    found = lint(spark, table, stages=str(tmp_path), tasks=4).collect()
    whole = check_sources(posts, Settings(codes=DEFAULT, as_of=date.today()))
    assert [(row.code, row.path, row.number, row.message, row.fingerprint) for row in found] == [
        (one.code, one.path, one.number, one.message, one.fingerprint) for one in whole.violations
    ]
    assert [(row.location.row, row.end_location.column) for row in found] == [
        (one.location.row, one.end_location.column) for one in whole.violations
    ]


def test_a_table_without_what_is_needed_is_refused(spark: SparkSession, tmp_path: Path) -> None:
    def lint_rows(rows: list[tuple[Any, ...]], schema: str) -> None:
        lint(spark, spark.createDataFrame(rows, schema), stages=str(tmp_path))

    with pytest.raises(UserError, match=r"posts have the columns name, text; path \(or id\) and content are needed"):
        lint_rows([("a.md", "text")], "name string, text string")
    with pytest.raises(UserError, match=r'"a.md" stands in two rows'):
        lint_rows([("a.md", "text"), ("a.md", "other")], "path string, content string")
    with pytest.raises(UserError, match="no content"):
        lint_rows([("a.md", None)], "path string, content string")


def test_files_at_a_url_are_those_that_hold_posts(spark: SparkSession, tmp_path: Path) -> None:
    texts = {
        "deep/er/ferns.md": "# Ferns\n",
        "posts.json": json.dumps([{"title": "Ferns", "content": "They want shade, and rain once a week. " * 8}] * 2),
        "moss.MD": "# Moss\n",
    }
    for name, text in {**texts, "settings.json": '{"no": "post"}', "notes.py": "print()", "_note.md": "hidden"}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    found = run.sources.of_url(spark, f"file://{tmp_path}", SETTINGS).collect()
    assert {row.path: bytes(row.content).decode() for row in found} == {
        f"file:{tmp_path}/{name}": text for name, text in texts.items()
    }


def test_the_command_line_prints_the_report_of_one_machine(
    spark_sessions: spark_clusters.Sessions,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    spark_sessions.stop()
    monkeypatch.chdir(tmp_path)
    for name, text in stitched_posts(6, 25).items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(text, encoding="utf-8")
    said = ["check", ".", "--isolated", "--format", "json", "--as-of", "2026-11-20"]
    assert command(said) == 1
    whole = capsys.readouterr().out
    stages = tmp_path / "stages"
    assert command([*said, "--engine", "spark", "--spark-master", "local[2]", "--spark-stages", str(stages)]) == 1
    assert capsys.readouterr().out == whole
    assert [path for path in stages.rglob("*") if path.is_file()] == []


def test_what_a_worker_finds_wrong_is_said_in_its_words(spark: SparkSession, tmp_path: Path) -> None:
    gone = tmp_path / "gone.md"
    gone.write_text("# Lamps\n", encoding="utf-8")
    stages = str(tmp_path / "stages")
    with pytest.raises(UserError, match=r"gone\.md has changed since the job began"):
        _of_changed(spark, gone, stages)


def _of_changed(spark: SparkSession, file: Path, stages: str) -> None:
    with run.settled(spark, [str(file)]):
        make = run.sources.of_files

        def then_changed(*arguments: Any) -> Any:
            found = make(*arguments)
            file.write_text("# Lamps, longer\n", encoding="utf-8")
            return found

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(run.sources, "of_files", then_changed)
            run.judged(spark, [str(file)], SETTINGS, str(file.parent), stages, tasks=2)


# Hot keys


def postings(seed: int) -> tuple[pa.Table, Job]:
    """Postings of a few keys that very many posts have, some of which stand next to each other in a band."""
    rng = np.random.default_rng(seed)
    job = Job(SETTINGS, ".")
    kinds = ["sentence", "sample", "title run", "paragraph", "minute", "body 5", "band"]
    rows = []
    for kind in kinds:
        number = job.kinds.index(kind)
        for key in range(3):
            posts = sorted(rng.choice(400, size=int(rng.integers(2, 150)), replace=False).tolist())
            for post in posts:
                more = int(rng.integers(0, 4)) << 24 if kind == "band" else 0
                text = f"text {post}".encode() if kind == "title run" else None
                rows.append((number, key, more, post << 24, int(rng.integers(0, 5)), post, key, text))
    columns = zip(*rows, strict=True)
    types = types_of(POSTINGS_ROW)
    arrays = [pa.array(column, field.type) for column, field in zip(columns, types, strict=True)]
    return pa.Table.from_arrays(arrays, schema=types).sort_by(IN_ORDER).combine_chunks(), job


def frame_of(spark: SparkSession, table: pa.Table) -> DataFrame:
    return spark.createDataFrame(
        [tuple(row[name] for name in names_of(POSTINGS_ROW)) for row in table.to_pylist()], POSTINGS_ROW
    )


def as_set(rows: Iterator[Mapping[str, Any]]) -> set[str]:
    return {repr([(name, _plain(value)) for name, value in sorted(row.items())]) for row in rows}


def _plain(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    return bytes(value) if isinstance(value, bytearray) else value


@pytest.mark.parametrize("tasks", [1, 7])
def test_hot_keys_give_the_mail_that_others_give(spark: SparkSession, tasks: int) -> None:
    table, job = postings(tasks)
    band = job.kinds.index("band")
    rest = table.filter(pa.compute.not_equal(table.column("kind"), band)).combine_chunks()
    expected = as_set(row for batch in holders.mail(rest, job.kinds) for row in batch.to_pylist())
    found = shuffles.crowded_mail(frame_of(spark, rest), job.kinds, tasks)
    assert as_set(row.asDict() for row in found.collect()) == expected
    assert len(expected) > 500


@pytest.mark.parametrize(("tasks", "hot_from"), [(1, 1), (6, 20), (6, 1)])
def test_hot_bands_give_the_pairs_that_others_give(spark: SparkSession, tasks: int, hot_from: int) -> None:
    table, job = postings(tasks + hot_from)
    bands = table.filter(pa.compute.equal(table.column("kind"), job.kinds.index("band"))).combine_chunks()
    pairs = holders.band_pairs(bands)
    expected = set(zip(pairs.column("post").to_pylist(), pairs.column("other").to_pylist(), strict=True))
    found = shuffles.crowded_pairs(frame_of(spark, bands), tasks, hot_from)
    assert {(row.post, row.other) for row in found.distinct().collect()} == expected
    assert len(expected) > 500


def test_posts_of_hot_keys_are_parted_evenly_where_one_file_holds_most(spark: SparkSession) -> None:
    posts = [*range(3_000), *(file << NUMBER_BITS for file in range(1, 101))]
    rows = spark.createDataFrame([(post,) for post in posts], "post bigint")
    found = shuffles._by_post(rows, 8).orderBy("post").collect()
    assert [row.post for row in found] == posts
    buckets = [row.bucket for row in found]
    assert buckets == sorted(buckets)
    sizes = Counter(buckets)
    assert len(sizes) == 8
    assert max(sizes.values()) < 2 * len(posts) / 8


def test_keys_are_hot_from_a_number_of_posts_on(spark: SparkSession) -> None:
    table, job = postings(3)
    job.posts = 400
    frame = frame_of(spark, table)
    assert shuffles.hot_keys(frame, job, 401) is None
    hot = shuffles.hot_keys(frame, job, 60)
    assert hot is not None
    counts: dict[tuple[int, int], int] = {}
    for row in table.to_pylist():
        counts[row["kind"], row["key"]] = counts.get((row["kind"], row["key"]), 0) + 1
    assert {(row.kind, row.key) for row in hot.collect()} == {key for key, count in counts.items() if count >= 60}


def test_answers_reach_those_that_asked_however_many_they_are(spark: SparkSession) -> None:
    asks = [(post, other, (post + other) % 2) for post in range(9) for other in (100, 101 + post % 2)]
    answers = [(other, f"about {other}", b"rows", other * 2, b"p", b"c", b"s", b"t") for other in (100, 101, 102)]
    frames = (
        spark.createDataFrame(asks, "post bigint, other bigint, df bigint"),
        spark.createDataFrame(answers, ANSWERS),
    )
    for most in (2, 1_000):
        found = [tuple(row) for row in shuffles.delivered(*frames, most).collect()]
        assert sorted(row[:3] for row in found) == sorted((post, other, f"about {other}") for post, other, _ in asks)
        bodies = {(row[0], row[1]): row[4] for row in found}
        assert bodies == {(post, other): other * 2 if wanted else None for post, other, wanted in asks}


@pytest.mark.parametrize("posts", ["file:///posts", ["posts/a.md"]])
def test_a_session_is_afterwards_what_it_was(spark: SparkSession, posts: str | list[str]) -> None:
    spark.conf.set(run.BATCH_ROWS, "777")
    default = spark.conf.get(run.BATCH_BYTES, None)

    def fail() -> None:
        assert spark.conf.get(run.BATCH_ROWS) == str(run.ROWS)
        # Only the rows of a table hold whole files.
        assert spark.conf.get(run.BATCH_BYTES) == str(run.BYTES if posts == "file:///posts" else run.UNBOUNDED)
        raise KeyError

    with pytest.raises(KeyError), run.settled(spark, posts):
        fail()
    assert spark.conf.get(run.BATCH_ROWS) == "777"
    assert spark.conf.get(run.BATCH_BYTES, None) == default
    spark.conf.unset(run.BATCH_ROWS)


def test_a_session_that_is_gone_is_not_asked_for_more() -> None:
    class Gone:
        def __init__(self) -> None:
            self.conf = self

        def get(self, name: str, default: object) -> object:
            return default

        def set(self, name: str, value: str) -> None:
            assert value

        def unset(self, name: str) -> None:
            raise AssertionError("what is gone was called")

    session: Any = Gone()
    with (
        pytest.raises(SessionGoneError, match=r"^the Java of the session is gone.*; run it again"),
        run.settled(session, []),
    ):
        raise ConnectionRefusedError
    with pytest.raises(SessionGoneError, match=r"^this; run it again, so$"), run.settled(session, []):
        raise SessionGoneError("this", "so")


def test_kinds_have_one_number_each() -> None:
    kinds = kinds_of((30, 50))
    assert len(set(kinds)) == len(kinds) < 127
