"""What holds for every test, and what several files of them share."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pytest
import spark_clusters
from browser import PROGRAM, Browser
from hypothesis import settings

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

# A machine that does other things too is slow at times: no test fails for the time it took.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Browser]:
    """A browser that saves what it downloads in the folder of the test."""
    if PROGRAM is None:
        pytest.skip("there is no Chromium to open the report in")
    opened = Browser(tmp_path)
    yield opened
    opened.close()


def is_on_spark(item: pytest.Item) -> bool:
    """Whether a test needs Spark."""
    return item.get_closest_marker("spark") is not None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests of Spark come last: what it starts goes on until the end, and tests that fork are to have no threads."""
    items.sort(key=is_on_spark)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Tests of Spark need pyspark and Java."""
    if is_on_spark(item) and (reason := no_spark()):
        skip_or_fail(reason)


no_spark = cache(spark_clusters.missing)


def skip_or_fail(reason: str) -> NoReturn:
    """Skip a test that lacks something of Spark's. CI has it, and says so."""
    if os.environ.get("POSTLINT_SPARK") == "required" and reason != spark_clusters.NO_SERVER:
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def spark_sessions(tmp_path_factory: pytest.TempPathFactory) -> Iterator[spark_clusters.Sessions]:
    """The one session that a process can have at a time, on whichever master a test asks for."""
    sessions = spark_clusters.Sessions(tmp_path_factory.mktemp("spark"))
    yield sessions
    sessions.stop()


@pytest.fixture
def spark(spark_sessions: spark_clusters.Sessions) -> SparkSession:
    """A classic session on two cores of this machine: the same for all tests, as long as none has asked for another."""
    return spark_sessions.of(spark_clusters.LOCAL)


@pytest.fixture(scope="session")
def spark_cluster(
    spark_sessions: spark_clusters.Sessions, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[spark_clusters.Cluster]:
    """A standalone master with two workers, for tests that leave it whole."""
    with spark_clusters.cluster(tmp_path_factory.mktemp("cluster")) as cluster:
        yield cluster
        spark_sessions.stop()


@pytest.fixture(scope="session")
def spark_connect(
    spark_sessions: spark_clusters.Sessions, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[spark_clusters.Connect]:
    """A Spark Connect server on two cores of this machine."""
    if reason := spark_clusters.missing_connect():
        skip_or_fail(reason)
    with spark_clusters.connect(tmp_path_factory.mktemp("connect")) as server:
        yield server
        # A client keeps trying for many minutes to say goodbye to a server that is gone.
        spark_sessions.stop()


@pytest.fixture(scope="session", params=["classic", "connect"])
def either_master(request: pytest.FixtureRequest) -> str:
    """A classic master, then a Connect server, for tests of what must work on both."""
    return spark_clusters.LOCAL if request.param == "classic" else request.getfixturevalue("spark_connect").url


@pytest.fixture
def either_spark(spark_sessions: spark_clusters.Sessions, either_master: str) -> SparkSession:
    """A classic session, then one of Spark Connect."""
    return spark_sessions.of(either_master)
