"""Where Spark runs in tests: every backend computes with this Python, and listens on the loopback alone."""

from __future__ import annotations

import os
import signal
import socket
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from spark_clusters import (
    HAS_PROC,
    LOCAL,
    Cluster,
    Connect,
    Sessions,
    driver,
    family,
    listening,
    outside,
    python_workers,
)

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

pytestmark = [
    pytest.mark.spark,
    pytest.mark.skipif(not HAS_PROC, reason="sockets are looked at in /proc, which is not here"),
]


def doubled(session: SparkSession) -> tuple[list[tuple[int, int]], set[str]]:
    """What workers make of four numbers, in two groups of a shuffle, and which Python they are."""

    def double(batches: Iterator[Any]) -> Iterator[Any]:
        import sys as own

        import pyarrow

        for batch in batches:
            numbers = [2 * number for number in batch["id"].to_pylist()]
            yield pyarrow.RecordBatch.from_pydict(
                {"parity": [number // 2 % 2 for number in numbers], "n": numbers, "by": [own.executable] * len(numbers)}
            )

    made = session.range(0, 4, 1, 2).mapInArrow(double, "parity long, n long, by string")
    sums = made.groupBy("parity").sum("n").orderBy("parity").collect()
    return [tuple(row) for row in sums], {row["by"] for row in made.select("by").collect()}


BOTH = {"spark.cores.max": "2", "spark.scheduler.minRegisteredResourcesRatio": "1.0"}
"""No task starts before both workers take some."""
EXPECTED = ([(0, 0 + 4), (1, 2 + 6)], {sys.executable})


def test_a_session_on_this_machine_listens_on_the_loopback(spark: SparkSession) -> None:
    assert doubled(spark) == EXPECTED
    own = family([os.getpid()])
    assert driver() in own
    assert python_workers(driver())
    assert outside(own) == []
    assert listening([driver()])


def test_a_cluster_listens_on_the_loopback(spark_cluster: Cluster, spark_sessions: Sessions) -> None:
    assert doubled(spark_sessions.of(spark_cluster.url, BOTH)) == EXPECTED
    executors = spark_cluster.executors()
    assert len(executors) == 2
    busy = [pid for pid in executors if python_workers(pid)]
    assert busy
    assert all(listening([pid]) for pid in busy)
    parts = [spark_cluster.master, *spark_cluster.workers]
    # Each has a port for the others, and one for people.
    assert [len(listening([part.pid])) for part in parts] == [2, 2, 2]
    assert outside(family([os.getpid(), *spark_cluster.processes()])) == []


def test_a_cluster_goes_on_without_a_process_that_was_killed(spark_cluster: Cluster, spark_sessions: Sessions) -> None:
    session = spark_sessions.of(spark_cluster.url, BOTH)
    assert doubled(session) == EXPECTED
    for victims in (spark_cluster.python_workers, spark_cluster.executors):
        before = victims()
        os.kill(before[0], signal.SIGKILL)
        assert doubled(session) == EXPECTED
        assert before[0] not in victims()


def test_sessions_follow_one_another(spark_sessions: Sessions, spark_cluster: Cluster) -> None:
    first = spark_sessions.of(spark_cluster.url, BOTH)
    assert spark_sessions.of(spark_cluster.url, dict(BOTH)) is first
    local = spark_sessions.of(LOCAL)
    assert local is not first
    assert local.range(3).count() == 3
    assert (
        spark_sessions.of(LOCAL, {"spark.sql.shuffle.partitions": "7"}).conf.get("spark.sql.shuffle.partitions") == "7"
    )


def test_a_connect_server_listens_on_the_loopback(spark_connect: Connect, spark_sessions: Sessions) -> None:
    assert doubled(spark_sessions.of(spark_connect.url)) == EXPECTED
    assert spark_connect.python_workers()
    port = int(spark_connect.url.rpartition(":")[2])
    assert port in {port for _, port in listening(spark_connect.processes())}
    assert outside(family([os.getpid(), *spark_connect.processes()])) == []


@pytest.mark.parametrize(
    ("address", "kind"), [("0.0.0.0", socket.SOCK_STREAM), ("::", socket.SOCK_STREAM), ("0.0.0.0", socket.SOCK_DGRAM)]
)
def test_a_socket_that_others_can_reach_is_seen(address: str, kind: socket.SocketKind) -> None:
    before = outside([os.getpid()])
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, kind) as opened:
        opened.bind((address, 0))
        if kind == socket.SOCK_STREAM:
            opened.listen()
        port = opened.getsockname()[1]
        (seen,) = set(outside([os.getpid()])) - set(before)
        assert seen.startswith(f"{address}:{port} ")
    assert outside([os.getpid()]) == before


@pytest.mark.parametrize(("family", "address"), [(socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::ffff:127.0.0.1")])
def test_a_socket_on_the_loopback_is_told_from_it(family: int, address: str) -> None:
    with socket.socket(family, socket.SOCK_STREAM) as opened:
        opened.bind((address, 0))
        opened.listen()
        port = opened.getsockname()[1]
        assert ("127.0.0.1", port) in {(str(place), number) for place, number in listening([os.getpid()])}
        assert not [place for place in outside([os.getpid()]) if f":{port} " in place]
