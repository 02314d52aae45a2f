"""Stages of a Spark job kept as Parquet: read back whole, made anew, or an error; never a part of them."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import spark_clusters

from postlint import __version__
from postlint.errors import UserError
from postlint.spark.stages import Stages

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

pytestmark = pytest.mark.spark

SCHEMA = "post bigint, other bigint"
ROWS = 20_000
"""Enough for several pages in each of two files."""


class Maker:
    """Makes a stage, and counts how often it was asked to."""

    def __init__(self, spark: SparkSession, rows: int = ROWS) -> None:
        self.spark = spark
        self.rows = rows
        self.calls = 0

    def __call__(self) -> DataFrame:
        self.calls += 1
        return self.spark.range(0, self.rows, 1, 2).selectExpr("id AS post", "id * 7919 % 20011 AS other")


on_both = pytest.mark.usefixtures("either_master")
"""For what goes by errors and names of Spark: those of classic sessions and Spark Connect have little in common."""


@pytest.fixture
def spark(request: pytest.FixtureRequest) -> SparkSession:
    """A classic session, or where a test is for both, each in turn."""
    if "either_master" in request.fixturenames:
        return request.getfixturevalue("either_spark")
    sessions: spark_clusters.Sessions = request.getfixturevalue("spark_sessions")
    return sessions.of(spark_clusters.LOCAL)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a stage that is made once; tests damage copies of it."""
    return tmp_path_factory.mktemp("kept") / "stages"


@pytest.fixture
def stage(spark: SparkSession, kept: Path, tmp_path: Path) -> Path:
    """The folder of a stage that an earlier run has kept."""
    if not kept.exists():
        # Or a damaged page would not be decompressed: here it would be other numbers, if nobody looked at its sum.
        spark.conf.set("spark.sql.parquet.compression.codec", "uncompressed")
        Stages(spark, str(kept), "key").stage("pairs", SCHEMA, Maker(spark))
        spark.conf.unset("spark.sql.parquet.compression.codec")
    shutil.copytree(kept, tmp_path / "stages")
    return tmp_path / "stages" / "key" / "pairs"


def parts(stage: Path, of: str = "rows") -> list[Path]:
    """The Parquet files of a stage, without the sums that Spark keeps of files on local disks."""
    for sums in stage.rglob(".*.crc"):
        sums.unlink()
    found = sorted((stage / of).rglob("*.parquet"))
    assert found
    return found


def asked(spark: SparkSession, stage: Path, make: Callable[[], DataFrame] | None = None) -> DataFrame:
    return Stages(spark, str(stage.parents[1]), "key").stage("pairs", SCHEMA, make or Maker(spark))


def total(frame: DataFrame) -> tuple[int, int]:
    return tuple(frame.selectExpr("sum(post)", "sum(other)").collect()[0])


@on_both
def test_a_stage_is_made_once_for_a_key(spark: SparkSession, tmp_path: Path) -> None:
    make = Maker(spark, 100)
    stages = Stages(spark, f"{tmp_path}/stages/", "key")
    first = stages.stage("pairs", SCHEMA, make)
    assert (total(first)[0], stages.rows("pairs")) == (4950, 100)
    again = Stages(spark, str(tmp_path / "stages"), "key")
    kept = again.stage("pairs", SCHEMA, make)
    assert sorted(map(tuple, kept.collect())) == sorted(map(tuple, make().collect()))
    assert (make.calls, again.rows("pairs")) == (2, 100)
    Stages(spark, str(tmp_path / "stages"), "other-key").stage("pairs", SCHEMA, make)
    assert make.calls == 3


def test_rows_are_those_of_the_maker(spark: SparkSession, stage: Path) -> None:
    make = Maker(spark)
    assert total(asked(spark, stage, make)) == (ROWS * (ROWS - 1) // 2, sum(n * 7919 % 20011 for n in range(ROWS)))
    assert make.calls == 0


@on_both
def test_a_stage_without_a_mark_is_made_anew_beside_what_is_left(spark: SparkSession, stage: Path) -> None:
    shutil.rmtree(stage / "mark")
    make = Maker(spark, 10)
    assert (asked(spark, stage, make).count(), make.calls) == (10, 1)
    assert len(list((stage / "rows").iterdir())) == 2
    assert (asked(spark, stage, make).count(), make.calls) == (10, 1)


def test_a_mark_that_is_being_written_is_none(spark: SparkSession, stage: Path) -> None:
    (run,) = (stage / "mark").iterdir()
    task = run / "_temporary" / "0" / "_temporary" / "attempt"
    task.mkdir(parents=True)
    for part in parts(stage, "mark"):
        part.rename(task / part.name)
    make = Maker(spark, 10)
    assert (asked(spark, stage, make).count(), make.calls) == (10, 1)


def test_an_empty_mark_is_none(spark: SparkSession, stage: Path) -> None:
    for part in parts(stage, "mark"):
        part.unlink()
    make = Maker(spark, 10)
    assert (asked(spark, stage, make).count(), make.calls) == (10, 1)


@on_both
def test_two_jobs_of_one_key_at_a_time_keep_out_of_each_others_way(spark: SparkSession, tmp_path: Path) -> None:
    # The second begins while the first makes the stage, and is done before it.
    make = Maker(spark, 100)
    counts = []

    def meanwhile() -> DataFrame:
        counts.append(Stages(spark, str(tmp_path), "key").stage("pairs", SCHEMA, make).count())
        return make()

    counts.append(Stages(spark, str(tmp_path), "key").stage("pairs", SCHEMA, meanwhile).count())
    assert (counts, make.calls) == ([100, 100], 2)
    assert len(list((tmp_path / "key" / "pairs" / "mark").iterdir())) == 2
    assert (Stages(spark, str(tmp_path), "key").stage("pairs", SCHEMA, make).count(), make.calls) == (100, 2)


def test_an_empty_stage_is_kept_too(spark: SparkSession, tmp_path: Path) -> None:
    make = Maker(spark, 0)
    for _ in range(2):
        stages = Stages(spark, str(tmp_path), "key")
        assert (stages.stage("pairs", SCHEMA, make).collect(), stages.rows("pairs")) == ([], 0)
    assert make.calls == 1


@on_both
def test_a_folder_may_have_any_name(spark: SparkSession, tmp_path: Path) -> None:
    # Spark reads patterns of paths, values of columns and escapes out of names.
    folder = tmp_path / "[a]{b,c}*?=%20 é"
    make = Maker(spark, 10)
    for _ in range(2):
        assert Stages(spark, str(folder), "key").stage("pairs", SCHEMA, make).columns == ["post", "other"]
    assert make.calls == 1
    assert folder.is_dir()


@on_both
def test_stages_at_a_url(spark: SparkSession, tmp_path: Path) -> None:
    make = Maker(spark, 10)
    for _ in range(2):
        stages = Stages(spark, f"file://{tmp_path}/stages", "key")
        assert stages.stage("pairs", SCHEMA, make).count() == 10
    assert make.calls == 1
    stages.remove()
    assert list((tmp_path / "stages").iterdir()) == []


def test_removing_takes_the_stages_of_the_key_alone(spark: SparkSession, stage: Path) -> None:
    other = stage.parents[1] / "other" / "pairs"
    other.mkdir(parents=True)
    Stages(spark, str(stage.parents[1]), "key").remove()
    assert other.is_dir()
    assert not stage.parent.exists()


@pytest.mark.parametrize("name", ["", ".hidden", "_hidden", "a/b", "..", "a b"])
def test_names_that_cannot_be_folders(spark: SparkSession, tmp_path: Path, name: str) -> None:
    # A key of nothing would have `remove` take the user's folder.
    with pytest.raises(ValueError, match="not a key"):
        Stages(spark, str(tmp_path), name)
    with pytest.raises(ValueError, match="not a name"):
        Stages(spark, str(tmp_path), "key").stage(name, SCHEMA, Maker(spark))


@pytest.mark.parametrize("schema", ["post bigint", "post bigint, third bigint", "post bigint, other int"])
def test_columns_are_those_declared(spark: SparkSession, tmp_path: Path, schema: str) -> None:
    with pytest.raises(TypeError, match="stage pairs: columns"):
        Stages(spark, str(tmp_path), "key").stage("pairs", schema, Maker(spark))


def damaged(spark: SparkSession, stage: Path, what: str) -> None:
    """A stage that is asked for again is an error which names it, its folder, what is wrong, and what to do."""
    make = Maker(spark)
    with pytest.raises(UserError) as error:
        asked(spark, stage, make)
    message = str(error.value)
    start = f'{stage}: stage "pairs" cannot be used: '
    assert message.startswith(start)
    assert re.fullmatch(what + "; remove this folder, and it is made anew", message.removeprefix(start))
    assert make.calls == 0


@on_both
def test_a_part_cut_short(spark: SparkSession, stage: Path) -> None:
    part = parts(stage)[0]
    os.truncate(part, part.stat().st_size // 2)
    damaged(spark, stage, rf"it cannot be read: .*{part.name}.*")


def test_a_part_cut_short_on_a_disk_with_sums(spark: SparkSession, stage: Path) -> None:
    part = sorted((stage / "rows").rglob("*.parquet"))[0]
    os.truncate(part, part.stat().st_size // 2)
    damaged(spark, stage, rf"it cannot be read: .*{part.name}.*")


@on_both
def test_a_part_that_is_gone(spark: SparkSession, stage: Path) -> None:
    parts(stage)[0].unlink()
    damaged(spark, stage, "20000 rows expected, 10000 found")


@on_both
def test_all_rows_gone(spark: SparkSession, stage: Path) -> None:
    shutil.rmtree(stage / "rows")
    damaged(spark, stage, r"it cannot be read: .*Path does not exist.*")


def test_a_part_twice(spark: SparkSession, stage: Path) -> None:
    part = parts(stage)[0]
    shutil.copy(part, part.with_name("part-again.parquet"))
    damaged(spark, stage, "20000 rows expected, 30000 found")


def test_damage_is_seen_by_sessions_that_pass_over_it(spark: SparkSession, stage: Path) -> None:
    part = parts(stage)[0]
    os.truncate(part, part.stat().st_size // 2)
    spark.conf.set("spark.sql.files.ignoreCorruptFiles", "true")
    try:
        damaged(spark, stage, rf"it cannot be read: .*{part.name}.*")
    finally:
        spark.conf.unset("spark.sql.files.ignoreCorruptFiles")


def flip(file: Path, at: int) -> None:
    """Flip the bits of a byte."""
    data = bytearray(file.read_bytes())
    data[at] ^= 0xFF
    file.write_bytes(data)


def test_a_footer_that_is_damaged(spark: SparkSession, stage: Path) -> None:
    part = parts(stage)[0]
    # Before the length of the footer and the last word: its end.
    flip(part, part.stat().st_size - 9)
    # Spark 3.5 does not say which file it is.
    damaged(spark, stage, r"it cannot be read: .*don't know what type: 15")


def test_a_number_of_rows_that_is_damaged(spark: SparkSession, stage: Path) -> None:
    part = parts(stage)[0]
    data = part.read_bytes()
    # 10,000 as the footer's encoding has it, zigzag in groups of seven bits: 20,000 = 1 * 2**14 + 28 * 2**7 + 32.
    footer = len(data) - 8 - int.from_bytes(data[-8:-4], "little")
    part.write_bytes(data[:footer] + data[footer:].replace(b"\xa0\x9c\x01", b"\x9e\x9c\x01"))
    damaged(spark, stage, "20000 rows expected, 19999 found")


@on_both
def test_a_damaged_page_is_no_other_number(spark: SparkSession, stage: Path) -> None:
    part = parts(stage)[0]
    flip(part, part.stat().st_size // 2)
    stages = Stages(spark, str(stage.parents[1]), "key")
    kept = stages.stage("pairs", SCHEMA, Maker(spark))
    with (
        pytest.raises(UserError, match=rf'^{stage}: stage "pairs" cannot be used: .*; remove this folder'),
        stages.explained(),
    ):
        total(kept)


@on_both
def test_a_damaged_stage_is_named_by_the_one_made_of_it(spark: SparkSession, stage: Path) -> None:
    part = parts(stage)[0]
    flip(part, part.stat().st_size // 2)
    stages = Stages(spark, str(stage.parents[1]), "key")
    kept = stages.stage("pairs", SCHEMA, Maker(spark))
    with pytest.raises(UserError, match=rf'^{stage}: stage "pairs" cannot be used: .*; remove this folder'):
        stages.stage("sums", "post bigint, sum bigint", lambda: kept.selectExpr("post", "post + other AS sum"))
    assert not (stage.parent / "sums" / "mark").exists()


def remark(spark: SparkSession, stage: Path, **values: object) -> None:
    """Write the mark of a stage again with other values."""
    (run,) = (stage / "mark").iterdir()
    (mark,) = spark.read.parquet(str(run)).collect()
    shutil.rmtree(run)
    schema = "format int, program string, schema string, rows bigint, run string"
    spark.createDataFrame([tuple((mark.asDict() | values).values())], schema).coalesce(1).write.parquet(str(run))


@pytest.mark.parametrize(
    ("values", "what"),
    [
        (
            {"format": 2},
            rf"it was kept by postlint {__version__} in format 2, this is postlint {__version__} with .* 1",
        ),
        (
            {"program": "9.9"},
            rf"it was kept by postlint 9\.9 in format 1, this is postlint {__version__} with format 1",
        ),
        ({"schema": "post int"}, 'it has the columns "post int", not "post bigint, other bigint"'),
        ({"rows": 20_001}, "20001 rows expected, 20000 found"),
        ({"run": "other"}, "it cannot be read: .*Path does not exist.*"),
        ({"run": None}, "its mark is not one of a stage"),
    ],
)
def test_a_mark_of_something_else(spark: SparkSession, stage: Path, values: dict[str, object], what: str) -> None:
    remark(spark, stage, **values)
    damaged(spark, stage, what)


@on_both
def test_a_mark_that_is_garbage(spark: SparkSession, stage: Path) -> None:
    (mark,) = parts(stage, "mark")
    mark.write_bytes(b"20000 rows, I promise")
    damaged(spark, stage, rf"it cannot be read: .*{mark.name}.*")


def test_a_mark_with_other_columns(spark: SparkSession, stage: Path) -> None:
    (mark,) = parts(stage, "mark")
    shutil.copy(parts(stage)[0], mark)
    damaged(spark, stage, "its mark is not one of a stage")


@on_both
def test_a_folder_that_cannot_be_written(spark: SparkSession, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UserError) as error:
        Stages(spark, str(tmp_path / "file"), "key").stage("pairs", SCHEMA, Maker(spark))
    assert str(error.value).startswith(f'{tmp_path}/file/key: stage "pairs" cannot be made: ')
    assert "not a directory" in str(error.value)


def test_a_url_that_spark_does_not_know(spark: SparkSession) -> None:
    with pytest.raises(UserError, match=r'^nowhere://a/b/key/pairs: stage "pairs" cannot be used: .*No FileSystem'):
        Stages(spark, "nowhere://a/b", "key").stage("pairs", SCHEMA, Maker(spark))


@on_both
def test_mistakes_of_the_program_are_none_of_the_users(spark: SparkSession, tmp_path: Path) -> None:
    def broken(batches: Iterator[object]) -> Iterator[object]:
        raise OSError("Caused by: java.io.IOException: /key/pairs/rows/ from a worker")

    def make() -> DataFrame:
        return spark.range(2).mapInArrow(broken, "post bigint")

    with pytest.raises(Exception, match="from a worker") as error:
        Stages(spark, str(tmp_path), "key").stage("sums", "post bigint", make)
    assert not isinstance(error.value, UserError)
    assert not (tmp_path / "key" / "sums" / "mark").exists()
