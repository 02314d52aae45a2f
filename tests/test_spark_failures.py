"""What is made of Spark's errors: those that a test cannot bring about, as Spark 3.5 and 4 have worded them."""

from __future__ import annotations

import pytest

from postlint.spark.failures import MAX_LENGTH, is_missing, is_of_files, is_of_python, loss, reason

FULL = """An error occurred while calling o71.parquet.
: org.apache.spark.SparkException: Job aborted due to stage failure: Task 0 in stage 0.0 failed 1 times, most recent \
failure: Lost task 0.0 in stage 0.0 (TID 0) (localhost executor driver): org.apache.spark.SparkException: \
[TASK_WRITE_FAILED] Task failed while writing rows to file:/stages/key/pairs/rows/1.
\tat org.apache.spark.sql.errors.QueryExecutionErrors$.taskFailedWhileWritingRowsError(QueryExecutionErrors.scala:788)
Caused by: org.apache.hadoop.fs.FSError: java.io.IOException: No space left on device
\tat org.apache.hadoop.fs.RawLocalFileSystem$LocalFSFileOutputStream.write(RawLocalFileSystem.java:300)
Caused by: java.io.IOException: No space left on device
\t... 13 more

Driver stacktrace:
\tat org.apache.spark.scheduler.DAGScheduler.failJobAndIndependentStages(DAGScheduler.scala:2898)
Caused by: org.apache.spark.SparkException: [TASK_WRITE_FAILED] Task failed while writing rows to file:/stages/key/pairs
Caused by: java.io.IOException: No space left on device
\t... 1 more
"""
REMOTE_FULL = (
    "(org.apache.spark.SparkException) [TASK_WRITE_FAILED] Task failed while writing rows to "
    "file:/stages/key/pairs/rows/1. SQLSTATE: 58030"
)
REMOTE_MKDIRS = (
    "(org.apache.spark.SparkException) Job aborted due to stage failure: Task 1 in stage 40.0 failed 1 times, most "
    "recent failure: Lost task 1.0 in stage 40.0 (TID 72) (localhost executor driver): java.io.IOException: Mkdirs "
    "failed to create file:/proc/x (exists=false, cwd=file:/)\n\tat org.apache.hadoop.fs.ChecksumFileSystem.create"
)
DAMAGED = """An error occurred while calling o149.collectToPython.
: org.apache.spark.SparkException: [FAILED_READ_FILE.NO_HINT] Encountered error while reading file \
file:///stages/key/pairs/rows/1/part-00000-54-c000.snappy.parquet.  SQLSTATE: KD001
\tat org.apache.spark.sql.errors.QueryExecutionErrors$.cannotReadFilesError(QueryExecutionErrors.scala:920)
Caused by: org.apache.parquet.io.ParquetDecodingException: could not verify page integrity, CRC checksum verification \
failed
\tat org.apache.parquet.hadoop.ColumnChunkPageReadStore$ColumnChunkPageReader.readPage(ColumnChunkPageReadStore.java)
"""
MEMORY = """An error occurred while calling o71.parquet.
: org.apache.spark.SparkException: Job aborted due to stage failure
Caused by: java.lang.OutOfMemoryError: Java heap space
"""
WORKER = """An error occurred while calling o71.parquet.
: org.apache.spark.SparkException: [TASK_WRITE_FAILED] Task failed while writing rows to file:/stages/key/pairs/rows/1.
Caused by: org.apache.spark.api.python.PythonException: Traceback (most recent call last):
  File "judging.py", line 3, in judge
Caused by: java.io.EOFException
"""
GONE = """An error occurred while calling o93.parquet.
: org.apache.spark.SparkException: Job aborted due to stage failure: Task 1 in stage 9.0 failed 1 times, most recent \
failure: Lost task 1.0 in stage 9.0 (TID 9) (127.0.0.1 executor driver): org.apache.spark.SparkException: Python \
worker exited unexpectedly (crashed)
\tat org.apache.spark.api.python.BasePythonRunner$ReaderIterator$$anonfun$1.applyOrElse(PythonRunner.scala:624)
Caused by: java.io.EOFException
"""
EXECUTOR = """An error occurred while calling o93.parquet.
: org.apache.spark.SparkException: Job aborted due to stage failure: Task 1 in stage 9.0 failed 4 times, most recent \
failure: Lost task 1.3 in stage 9.0 (TID 12) (127.0.0.1 executor 5): ExecutorLostFailure (executor 5 exited caused by \
one of the running tasks) Reason: Command exited with code 137
"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (FULL, "No space left on device"),
        (REMOTE_FULL, REMOTE_FULL.removeprefix("(org.apache.spark.SparkException) ")),
        (REMOTE_MKDIRS, "Mkdirs failed to create file:/proc/x (exists=false, cwd=file:/)"),
        (
            DAMAGED,
            "part-00000-54-c000.snappy.parquet: could not verify page integrity, CRC checksum verification failed",
        ),
        (MEMORY, "Java heap space"),
        ("", "ValueError"),
        ("java.io.IOException: " + "x" * 1000, "x" * MAX_LENGTH + "…"),
    ],
)
def test_the_reason_is_the_innermost_cause(text: str, expected: str) -> None:
    assert reason(ValueError(text)) == expected


def test_only_failures_to_write_and_read_are_of_files() -> None:
    assert [is_of_files(ValueError(text)) for text in (FULL, REMOTE_FULL, REMOTE_MKDIRS)] == [True] * 3
    assert not is_of_files(ValueError(MEMORY))
    assert not is_of_files(ValueError("java.io.NotSerializableException: a function"))


def test_errors_of_python_code_are_told_from_those_of_spark() -> None:
    assert is_of_python(ValueError(WORKER))
    assert not is_of_python(ValueError(FULL))


def test_processes_that_are_gone_are_told_from_files() -> None:
    assert loss(ValueError(GONE)) == "a Python worker is gone, killed or out of memory"
    assert loss(ValueError(EXECUTOR)) == "executors are gone, killed or out of memory"
    assert loss(ValueError(MEMORY)) == "a process of Java's is out of memory"
    assert [loss(ValueError(text)) for text in (FULL, DAMAGED, WORKER)] == [None] * 3


def test_where_java_is_gone_it_is_told_from_what_java_says() -> None:
    pytest.importorskip("py4j", reason="py4j is not installed: it comes with pyspark")
    from py4j.protocol import Py4JError, Py4JNetworkError

    said = "the Java of the session is gone, killed or out of memory"
    gone = [
        Py4JNetworkError("Answer from Java side is empty"),
        Py4JError("An error occurred while calling o39.read"),
        ConnectionRefusedError(111, "Connection refused"),
    ]
    assert [loss(error) for error in gone] == [said] * 3
    assert loss(Py4JError("An error occurred while calling o39.no. Trace:\npy4j.Py4JException: no such method")) is None
    remote = "<_MultiThreadedRendezvous of RPC that terminated with:\n\tstatus = StatusCode.UNAVAILABLE\n>"
    assert loss(ValueError(remote)) == "the Connect server does not answer any more"


def test_a_path_that_is_not_there() -> None:
    assert is_missing(ValueError("[PATH_NOT_FOUND] Path does not exist: file:/a. SQLSTATE: 42K03"))
    assert not is_missing(ValueError(FULL))
