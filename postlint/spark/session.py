"""The Spark session of the command line: on this machine, on a standalone cluster, or on a Spark Connect server.

Nothing here is imported, and nothing starts, before a session is asked for.
"""

from __future__ import annotations

import atexit
import ipaddress
import os
import re
import shutil
import socket
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from types import MappingProxyType
from typing import IO, TYPE_CHECKING
from urllib.parse import urlsplit

from postlint.errors import UserError
from postlint.spark.java import check_java

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

LOOPBACK = "127.0.0.1"
PATIENCE = 10.0
"""Seconds within which a master must take a connection."""
INSTALL = 'pip install "postlint[spark-local]"'
_LOCAL = re.compile(r"local(?:\[(\*|[1-9]\d*)\])?")
_WAREHOUSE = "spark.sql.warehouse.dir"
"""Where Spark keeps what has no other place: by default in the folder where the user stands."""
_PORTS = {"spark": 7077, "sc": 15002}
_REASONS = (
    re.compile(r"Application has been killed\. Reason: (.+)"),
    re.compile(
        r"^(?:: |Caused by: |Exception in thread \S+ )?((?:\w+\.)+[\w$]*(?:Exception|Error): .+)$", re.MULTILINE
    ),
    re.compile(r"^(?:Error: |\S+ \S+ ERROR \S+ )(.+)$", re.MULTILINE),
)
_PROXIES = ("grpc_proxy", "https_proxy", "http_proxy")


def session(master: str, settings: Mapping[str, str] = MappingProxyType({})) -> SparkSession:
    """A session on `local[2]`, `local[*]`, `spark://host:port` or `sc://host:port`, with Spark's settings on top.

    Raises UserError for another master, where pyspark or Java is missing or too old, where nobody answers there, and
    for what Spark itself says against it.
    """
    check(master)
    _check_answer(master)
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException
    from pyspark.sql import SparkSession

    found = {**settings_of(master), **settings}
    if not _is_remote(master) and on_loopback(master) and _WAREHOUSE not in found:
        found[_WAREHOUSE] = _temporary()
    builder = SparkSession.builder.appName("postlint")
    for name, value in found.items():
        builder = builder.config(name, value)
    if _is_remote(master):
        builder = builder.remote(master)
    else:
        builder = builder.master(master)
        if _is_local(master):
            os.environ["PYSPARK_PYTHON"] = sys.executable
        else:
            os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        if on_loopback(master):
            # Whatever else Java might listen with.
            os.environ["SPARK_LOCAL_IP"] = LOOPBACK
    with stderr_kept() as kept:
        try:
            return builder.getOrCreate()
        except (Py4JError, PySparkException) as error:
            raise UserError(f"{_named(master)}: Spark does not start: {reason(kept, error)}") from error


def check(master: str) -> None:
    """Raise a UserError unless a session on a master can be had with what is installed here. Starts nothing."""
    if not is_master(master):
        raise UserError(f'"{master}" is no master: it is local[*], local[2], spark://host:port or sc://host:port')
    needed = ["pyspark", "pandas", "pyarrow"]
    # The client alone (pyspark-client) has neither py4j nor Spark itself.
    needed += ["grpc", "grpc_status", "google.rpc"] if _is_remote(master) else ["py4j"]
    for name in needed:
        if not _is_installed(name):
            raise UserError(f"{_named(master)} needs {name}, which is not installed: {INSTALL}")
    if not _is_remote(master):
        check_java(17 if _spark_version() >= 4 else 8)


def is_master(name: str) -> bool:
    """Whether a name is one of the masters that a session can be had on."""
    return _is_local(name) or re.fullmatch(r"(?:spark|sc)://[^/\s].*", name) is not None


def _is_installed(name: str) -> bool:
    try:
        return find_spec(name) is not None
    except ModuleNotFoundError:
        # The package that it would be in.
        return False


def _spark_version() -> int:
    try:
        return int(version("pyspark").partition(".")[0])
    except PackageNotFoundError:
        # It came with a Spark of its own: that says what it needs when it starts.
        return 3


def _is_local(master: str) -> bool:
    return _LOCAL.fullmatch(master) is not None


def _is_remote(master: str) -> bool:
    return master.startswith("sc://")


def _named(master: str) -> str:
    """A master as messages name it: without the parameters of Connect, one of which is a token."""
    return master.partition(";")[0].rstrip("/")


def _hosts(master: str) -> list[tuple[str, int]]:
    """Where a master that is no local one listens; several that stand in for each other are parted by commas."""
    scheme, _, rest = master.partition("://")
    found = []
    for place in rest.split("/")[0].split(","):
        try:
            parts = urlsplit(f"//{place}")
            found.append((parts.hostname or "", parts.port or _PORTS[scheme]))
        except ValueError as error:
            raise UserError(f'"{master}" is no master: {place} is not host:port') from error
    return found


def on_loopback(master: str) -> bool:
    """Whether everything that a session needs is on this machine, so that nobody else has to reach it."""
    return _is_local(master) or all(_is_loopback(host) for host, _ in _hosts(master))


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def settings_of(master: str) -> dict[str, str]:
    """Spark's settings of a session."""
    found = {"spark.sql.execution.arrow.pyspark.enabled": "true"}
    if _is_remote(master):
        return found
    found["spark.ui.showConsoleProgress"] = "false"
    if on_loopback(master):
        found |= {
            "spark.driver.host": LOOPBACK,
            "spark.driver.bindAddress": LOOPBACK,
            "spark.ui.enabled": "false",
        }
    if local := _LOCAL.fullmatch(master):
        said = local[1] or "1"
        cores = (os.cpu_count() or 1) if said == "*" else int(said)
        # Spark's default is 200, for clusters.
        found["spark.sql.shuffle.partitions"] = str(max(8, 4 * cores))
    return found


def _check_answer(master: str) -> None:
    """Raise a UserError where nobody answers: Spark itself would try for minutes."""
    if _is_local(master) or (_is_remote(master) and any(map(os.environ.get, _PROXIES))):
        return
    for host, port in _hosts(master):
        try:
            socket.create_connection((host, port), PATIENCE).close()
        except OSError as error:
            said = error.strerror or str(error)
            failure = f"{_named(master)}: no answer from {host}:{port}: {said}"
        else:
            return
    raise UserError(failure)


def _temporary() -> str:
    """A folder that is gone when the program ends."""
    folder = tempfile.mkdtemp(prefix="postlint-spark-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@contextmanager
def stderr_kept() -> Iterator[IO[bytes]]:
    """What is written to stderr goes to a file. A Java that starts meanwhile goes on writing there, for all its life:
    what Spark logs is not what a user of postlint wants to read.
    """
    with tempfile.TemporaryFile() as kept:
        stderr = os.dup(2)
        os.dup2(kept.fileno(), 2)
        try:
            yield kept
        finally:
            os.dup2(stderr, 2)
            os.close(stderr)


def reason(kept: IO[bytes], error: Exception) -> str:
    """In a line why Spark did not start: what it logged of it, the causes last, or else what Python was told."""
    kept.seek(0)
    said = f"{kept.read().decode('utf-8', 'replace')}\n{error}"
    for pattern in _REASONS:
        if found := pattern.findall(said):
            return str(found[-1]).strip()
    return str(error).strip().partition("\n")[0]
