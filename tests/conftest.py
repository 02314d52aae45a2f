"""What holds for every test, and what several files of them share."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

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


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Tests of Spark need pyspark and Java: CI has them, and says so."""
    if item.get_closest_marker("spark") is not None and (reason := no_spark()):
        if os.environ.get("POSTLINT_SPARK") == "required":
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)


no_spark = cache(spark_clusters.missing)


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
def spark_cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[spark_clusters.Cluster]:
    """A standalone master with two workers, for tests that leave it whole."""
    with spark_clusters.cluster(tmp_path_factory.mktemp("cluster")) as cluster:
        yield cluster


@pytest.fixture(scope="session")
def spark_connect(
    spark_sessions: spark_clusters.Sessions, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[spark_clusters.Connect]:
    """A Spark Connect server on two cores of this machine."""
    if reason := spark_clusters.missing_connect():
        pytest.skip(reason)
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
