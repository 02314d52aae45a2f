"""Stages of a Spark job kept as Parquet: read back whole, made anew, or an error; never a part of them."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

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


@pytest.fixture
def spark(either_spark: SparkSession) -> SparkSession:
    """Both kinds of session: their errors have little in common."""
    return either_spark


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a stage that is made once; tests damage copies of it."""
    return tmp_path_factory.mktemp("kept") / "stages"


@pytest.fixture
def stage(spark: SparkSession, kept: Path, tmp_path: Path) -> Path:
    """The folder of a stage that an earlier run has kept."""
    if not kept.exists():
        Stages(spark, str(kept), "key").stage("pairs", SCHEMA, Maker(spark))
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


def test_a_folder_may_have_any_name(spark: SparkSession, tmp_path: Path) -> None:
    # Spark reads patterns of paths, values of columns and escapes out of names.
    folder = tmp_path / "[a]{b,c}*?=%20 é"
    make = Maker(spark, 10)
    for _ in range(2):
        assert Stages(spark, str(folder), "key").stage("pairs", SCHEMA, make).columns == ["post", "other"]
    assert make.calls == 1
    assert folder.is_dir()


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
