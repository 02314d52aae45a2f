"""The session of the command line: masters, what has to be there, what is said where it is not, and a quiet stderr."""

from __future__ import annotations

import errno
import io
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from postlint.errors import UserError
from postlint.spark import java, session

ROOT = Path(__file__).parents[1]


@pytest.fixture
def everything(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """A machine that has all packages and Java, less those that a test puts into the set."""
    lacking: set[str] = set()
    monkeypatch.setattr(session, "find_spec", lambda name: None if name in lacking else name)
    monkeypatch.setattr(session, "check_java", lambda oldest: None)
    return lacking


@pytest.mark.parametrize(
    "master",
    ["local", "local[1]", "local[16]", "local[*]", "spark://host:7077", "spark://a:7077,b:7077", "spark://host",
     "sc://host", "sc://host:15002", "sc://host:443/;use_ssl=true;token=x"],
)  # fmt: skip
def test_masters(master: str, everything: set[str]) -> None:
    session.check(master)


@pytest.mark.parametrize(
    "master",
    ["", "local[0]", "local[]", "local[2,3]", "local-cluster[2,1,1024]", "Local", "yarn", "k8s://x", "spark://",
     "spark:///x", "sc://", "host:7077", "spark:host", " local"],
)  # fmt: skip
def test_what_is_no_master(master: str, everything: set[str]) -> None:
    with pytest.raises(UserError, match="no master: it is local") as raised:
        session.check(master)
    assert str(raised.value).startswith(f'"{master}" ')


@pytest.mark.parametrize("name", ["pyspark", "pandas", "pyarrow", "py4j"])
def test_a_session_here_needs_all_of_spark(name: str, everything: set[str]) -> None:
    everything.add(name)
    with pytest.raises(UserError) as raised:
        session.check("local[2]")
    assert str(raised.value) == f'local[2] needs {name}, which is not installed: pip install "postlint[spark-local]"'


@pytest.mark.parametrize("name", ["pyspark", "pandas", "pyarrow", "grpc", "grpc_status", "google.rpc"])
def test_a_client_of_connect_needs_its_packages_and_no_java(
    name: str, everything: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "check_java", None)
    everything.add("py4j")
    session.check("sc://host/;token=secret")
    everything.add(name)
    with pytest.raises(UserError) as raised:
        session.check("sc://host/;token=secret")
    assert str(raised.value) == f'sc://host needs {name}, which is not installed: pip install "postlint[spark-local]"'


def test_a_package_whose_parent_is_missing_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "check_java", lambda oldest: None)
    monkeypatch.setitem(sys.modules, "google", None)
    with pytest.raises(UserError, match="which is not installed"):
        session.check("sc://host")


def make_java(folder: Path, says: str) -> Path:
    """A program that answers as a Java does, in the folder `bin` of one."""
    program = folder / "bin" / "java"
    program.parent.mkdir(parents=True)
    program.write_text(f"#!/bin/sh\necho '{says}' >&2\n", encoding="utf-8")
    program.chmod(0o755)
    return program


@pytest.mark.parametrize(
    ("says", "version"),
    [
        ('openjdk version "17.0.15" 2025-04-15', 17), ('openjdk version "21" 2023-09-19', 21),
        ('java version "1.8.0_402"', 8), ('openjdk version "11.0.2" 2019-01-15', 11),
        ('Picked up JAVA_TOOL_OPTIONS: -Dversion=3\nopenjdk version "25-ea" 2025-09-16', 25), ("no Java", None),
    ],
)  # fmt: skip
def test_what_java_says_of_itself(says: str, version: int | None) -> None:
    assert java.version_of(says) == version


def test_java_is_looked_for_where_spark_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = make_java(tmp_path / "old", 'openjdk version "11.0.2" 2019-01-15')
    new = make_java(tmp_path / "new", 'openjdk version "17.0.15" 2025-04-15')
    monkeypatch.setenv("PATH", str(new.parent))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    java.check_java(17)
    # JAVA_HOME comes first, whatever the PATH has.
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "old"))
    with pytest.raises(UserError, match=f"Spark needs Java 17 or newer, and {old} is Java 11; `apt install openjdk"):
        java.check_java(17)
    java.check_java(8)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "none"))
    with pytest.raises(UserError, match=f"JAVA_HOME says {tmp_path / 'none'}, which has no bin/java; `apt install"):
        java.check_java(17)
    monkeypatch.delenv("JAVA_HOME")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UserError, match="JAVA_HOME is not set, PATH has no java; `apt install"):
        java.check_java(17)


def test_a_java_that_says_nothing_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # What macOS has in its place where there is none.
    program = make_java(tmp_path, "The operation could not be completed. Unable to locate a Java Runtime.")
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(UserError, match=f"{program} does not say which it is"):
        java.check_java(17)


@pytest.mark.parametrize(("release", "oldest"), [("4.3.0", 17), ("4.0.0.dev1", 17), ("3.5.9", 8)])
def test_each_spark_has_its_oldest_java(release: str, oldest: int, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    monkeypatch.setattr(session, "find_spec", lambda name: name)
    monkeypatch.setattr(session, "version", lambda name: release)
    monkeypatch.setattr(session, "check_java", asked.append)
    session.check("local[*]")
    assert asked == [oldest]


@pytest.mark.parametrize("scheme", ["spark", "sc"])
def test_a_master_that_does_not_answer_is_named(scheme: str, everything: set[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(UserError) as raised:
        session.session(f"{scheme}://127.0.0.1:{port}/;token=secret")
    assert str(raised.value) == (
        f"{scheme}://127.0.0.1:{port}: no answer from 127.0.0.1:{port}: {os.strerror(errno.ECONNREFUSED)}"
    )


@pytest.mark.parametrize("master", ["spark://host:port", "sc://host:99999", "spark://[::1:7077"])
def test_a_port_is_a_number(master: str, everything: set[str]) -> None:
    with pytest.raises(UserError, match="is not host:port"):
        session.session(master)


@pytest.mark.parametrize(
    ("master", "local"),
    [
        ("local[2]", True), ("spark://127.0.0.1:7077", True), ("spark://localhost:7077", True),
        ("spark://[::1]:7077", True), ("spark://10.0.0.1:7077", False), ("spark://127.0.0.1:7077,10.0.0.1:7077", False),
        ("spark://node.example:7077", False), ("sc://127.0.0.1:15002", False),
    ],
)  # fmt: skip
def test_the_driver_is_to_be_reached_only_where_workers_are_elsewhere(master: str, local: bool) -> None:
    said = session.settings_of(master)
    for name in ("spark.driver.host", "spark.driver.bindAddress"):
        assert said.get(name) == ("127.0.0.1" if local else None)
    assert said.get("spark.ui.enabled") == ("false" if local else None)


LOGS = {
    # Lines as Spark 3.5 and 4.3 wrote them.
    "org.apache.spark.SparkIllegalArgumentException: Insufficient driver memory": (
        "26/11/21 15:11:41 ERROR SparkContext: Error initializing SparkContext.\n"
        "org.apache.spark.SparkIllegalArgumentException: Insufficient driver memory\n"
        "\tat org.apache.spark.SparkContext.<init>(SparkContext.scala:600)\n"
    ),
    "java.net.BindException: Cannot assign requested address": (
        'Exception in thread "main" org.apache.spark.SparkException: It failed\n'
        "\tat org.apache.spark.SparkContext.<init>(SparkContext.scala:600)\n"
        "Caused by: java.net.BindException: Cannot assign requested address\n"
    ),
    "All masters are unresponsive! Giving up.": (
        "Caused by: java.io.IOException: Failed to send RPC 1 to /127.0.0.1:1\n"
        "26/11/21 15:29:04 ERROR StandaloneSchedulerBackend: Application has been killed. "
        "Reason: All masters are unresponsive! Giving up.\n"
    ),
    "Could not create the Java Virtual Machine.": (
        "Invalid maximum heap size: -Xmxlots\nError: Could not create the Java Virtual Machine.\n"
    ),
}


@pytest.mark.parametrize("reason", LOGS)
def test_why_spark_does_not_start_is_read_from_its_log(reason: str) -> None:
    log = io.BytesIO(("WARNING: Using incubator modules\n" + LOGS[reason]).encode())
    assert session.reason(log, RuntimeError("Java gateway process exited\nbefore sending its port")) == reason


def test_what_python_was_told_is_the_reason_where_java_says_none() -> None:
    told = "An error occurred while calling None.JavaSparkContext.\n: java.lang.IllegalStateException: It is stopped.\n"
    assert session.reason(io.BytesIO(), RuntimeError(told)) == "java.lang.IllegalStateException: It is stopped."
    assert session.reason(io.BytesIO(b"\xff\n"), RuntimeError("It exited\nearly")) == "It exited"


SCRIPT = """
import sys
from postlint.errors import UserError
from postlint.spark.session import session

try:
    opened = session("local[2]", {"spark.driver.memory": sys.argv[1]})
except UserError as error:
    print(error)
else:
    print(opened.conf.get("spark.sql.warehouse.dir"))
    rows = opened.range(0, 6, 1, 2).mapInArrow(lambda batches: batches, "id long").collect()
    print(sum(row.id for row in rows))
    opened.stop()
sys.stderr.write("mine")
"""


def start(memory: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Start a session in a process of its own: what Java was started with holds for all sessions of a process."""
    return subprocess.run(
        [sys.executable, "-W", "ignore::FutureWarning", "-c", SCRIPT, memory],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(folder)},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )


@pytest.mark.spark
def test_a_session_leaves_stderr_to_the_program_and_nothing_on_the_disk(tmp_path: Path) -> None:
    ran = start("1g", tmp_path)
    warehouse, total = ran.stdout.splitlines()
    assert (total, ran.stderr) == ("15", "mine")
    folder = Path(warehouse.removeprefix("file:"))
    assert folder.parent == tmp_path
    assert folder.name.startswith("postlint-spark-")
    assert not folder.exists()


@pytest.mark.spark
def test_what_keeps_spark_from_starting_is_said_in_a_line(tmp_path: Path) -> None:
    ran = start("100m", tmp_path)
    assert ran.stdout.startswith("local[2]: Spark does not start: org.apache.spark.Spark")
    assert "System memory 104857600 must be at least" in ran.stdout
    assert ran.stdout.count("\n") == 1
    assert ran.stderr == "mine"
