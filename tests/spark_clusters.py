"""Spark for tests: sessions, a standalone cluster and a Connect server, all on 127.0.0.1, and where they listen.

What is started here is stopped here; nothing is imported from pyspark before it is.
"""

from __future__ import annotations

import ctypes
import ipaddress
import os
import re
import signal
import struct
import subprocess
import sys
import threading
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from postlint.errors import UserError
from postlint.spark import session

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

HOST = session.LOOPBACK
LOCAL = "local[2]"
PATIENCE = 120
"""Seconds after which a test no longer waits for a process to say that it is ready."""
MEMORY = "1g"
JAVA = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
"""Nothing runs long enough here for what Java compiles thoroughly to pay: this halves what a small job costs."""
NO_SERVER = "this pyspark comes without the Connect server"
"""As Spark 3.5 does."""
HAS_PROC = os.path.exists("/proc/net/tcp")
"""Whether processes and sockets can be looked at, as on Linux."""
_CONNECT = "org.apache.spark.sql.connect.service.SparkConnectServer"
_PR_SET_PDEATHSIG = 1


def missing() -> str | None:
    """Why Spark can't be had here; None where it can."""
    try:
        session.check(LOCAL)
    except UserError as error:
        return str(error)
    return None


def missing_connect() -> str | None:
    """Why no Connect server can be had here; None where it can."""
    if reason := missing():
        return reason
    if not list((_home() / "jars").glob("spark-connect_*.jar")):
        return NO_SERVER
    try:
        session.check(f"sc://{HOST}")
    except UserError as error:
        return str(error)
    return None


def _home() -> Path:
    found = find_spec("pyspark")
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).parent


class Sessions:
    """The one session that a process can have at a time. Asked for another master, it stops the one it has."""

    def __init__(self, folder: Path) -> None:
        self._settings = {
            "spark.driver.memory": MEMORY,
            "spark.driver.extraJavaOptions": JAVA,
            "spark.executor.memory": MEMORY,
            "spark.executor.extraJavaOptions": JAVA,
            "spark.sql.shuffle.partitions": "4",
            "spark.sql.warehouse.dir": str(folder / "warehouse"),
        }
        self._local = {"spark.local.dir": str(folder / "local")}
        self._asked: tuple[str, Mapping[str, str]] | None = None
        self._session: Any = None

    def of(self, master: str, settings: Mapping[str, str] | None = None) -> SparkSession:
        """A session on a master, with these settings of Spark's on top of small ones: the last, if it is the same."""
        asked = (master, dict(settings or {}))
        if self._asked != asked:
            self.stop()
            own = {} if master.startswith("sc://") else self._settings | self._local
            self._session = session.session(master, own | asked[1])
            self._asked = asked
        return self._session

    def stop(self) -> None:
        """Stop the session, if there is one."""
        if self._session is not None:
            # A cluster that a test has broken may be gone already.
            self._session.stop()
            self._session, self._asked = None, None
            # pyspark takes them as said for all sessions to come.
            for name in ("SPARK_REMOTE", "SPARK_CONNECT_MODE_ENABLED", "SPARK_LOCAL_REMOTE"):
                os.environ.pop(name, None)


class Daemon:
    """A process of Spark's that runs until it is stopped. What it says goes to a file and is waited for."""

    def __init__(self, command: Sequence[str], log: Path, **environment: str) -> None:
        self.log = log
        self._said: list[str] = []
        self._heard = threading.Condition()
        self._ended = False
        self._process = subprocess.Popen(
            [str(_home() / "bin" / command[0]), *command[1:]],
            env={**os.environ, **_environment(), **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            preexec_fn=_die_with_parent if HAS_PROC else None,
        )
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    @property
    def pid(self) -> int:
        """The process: Spark's scripts make way for Java."""
        return self._process.pid

    def _listen(self) -> None:
        assert self._process.stdout is not None
        with open(self.log, "w", encoding="utf-8") as log:
            for line in self._process.stdout:
                log.write(line)
                log.flush()
                with self._heard:
                    self._said.append(line)
                    self._heard.notify_all()
        with self._heard:
            self._ended = True
            self._heard.notify_all()

    def wait_for(self, pattern: str) -> re.Match[str]:
        """The first match of a pattern in a line, once it is said."""
        seen = 0
        found: re.Match[str] | None = None

        def is_said() -> bool:
            nonlocal seen, found
            while found is None and seen < len(self._said):
                found = re.search(pattern, self._said[seen])
                seen += 1
            return found is not None or self._ended

        with self._heard:
            self._heard.wait_for(is_said, PATIENCE)
        assert found is not None, f"{self.log} never said {pattern}:\n" + "".join(self._said[-30:])
        return found

    def stop(self) -> None:
        """End it, and all that it has started."""
        family = [*descendants(self.pid)]
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        for pid in family:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._thread.join()
        assert self._process.stdout is not None
        self._process.stdout.close()


def _environment() -> dict[str, str]:
    return {
        "SPARK_HOME": str(_home()),
        "SPARK_LOCAL_IP": HOST,
        "SPARK_DAEMON_MEMORY": "256m",
        "SPARK_DAEMON_JAVA_OPTS": JAVA,
        "PYSPARK_PYTHON": sys.executable,
        "PYSPARK_DRIVER_PYTHON": sys.executable,
    }


def _die_with_parent() -> None:
    """Where the tests are killed, no cluster stays behind."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


class Cluster:
    """A standalone master with workers of one core each. Its parts can be killed, and workers added."""

    def __init__(self, folder: Path, workers: int) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        options = "-Dspark.master.rest.enabled=false"
        self.master = Daemon(
            ["spark-class", "org.apache.spark.deploy.master.Master", *_at(HOST)],
            folder / "master.log",
            SPARK_MASTER_OPTS=options,
        )
        self.workers: list[Daemon] = []
        try:
            self.url = self.master.wait_for(r"Starting Spark master at (spark://\S+)")[1]
            for _ in range(workers):
                self.add_worker()
        except BaseException:
            self.stop()
            raise

    def add_worker(self) -> Daemon:
        """One more worker, registered with the master."""
        name = f"worker{len(self.workers)}"
        small = ["--cores", "1", "--memory", MEMORY, "--work-dir", str(self._folder / name)]
        worker = Daemon(
            ["spark-class", "org.apache.spark.deploy.worker.Worker", *_at(HOST), *small, self.url],
            self._folder / f"{name}.log",
            SPARK_LOCAL_DIRS=str(self._folder / f"{name}-local"),
        )
        self.workers.append(worker)
        worker.wait_for("Successfully registered with master")
        return worker

    def executors(self) -> list[int]:
        """The processes of Java that run tasks."""
        return [pid for worker in self.workers for pid in children(worker.pid) if _is_java(pid)]

    def python_workers(self) -> list[int]:
        """The processes of Python that run the functions of tasks: forks of one process for each executor."""
        return python_workers(*self.executors())

    def processes(self) -> list[int]:
        """All processes of the cluster."""
        return family([self.master.pid, *(worker.pid for worker in self.workers)])

    def stop(self) -> None:
        """End all of it."""
        for daemon in (*self.workers, self.master):
            daemon.stop()


@contextmanager
def cluster(folder: Path, workers: int = 2) -> Iterator[Cluster]:
    """A standalone cluster with its logs in a folder."""
    started = Cluster(folder, workers)
    try:
        yield started
    finally:
        started.stop()


class Connect(NamedTuple):
    """A Connect server."""

    url: str
    server: Daemon

    def python_workers(self) -> list[int]:
        """The processes of Python that run the functions of tasks, where the server has its tasks in itself."""
        return python_workers(self.server.pid)

    def processes(self) -> list[int]:
        """All processes of the server."""
        return family([self.server.pid])


@contextmanager
def connect(folder: Path, master: str = LOCAL) -> Iterator[Connect]:
    """A Spark Connect server on a master, with its log in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    settings = {
        "spark.connect.grpc.binding.address": HOST,
        "spark.connect.grpc.binding.port": "0",
        "spark.driver.host": HOST,
        "spark.driver.bindAddress": HOST,
        "spark.ui.enabled": "false",
        "spark.driver.memory": MEMORY,
        "spark.driver.extraJavaOptions": JAVA,
        "spark.executor.memory": MEMORY,
        "spark.executor.extraJavaOptions": JAVA,
        "spark.sql.shuffle.partitions": "4",
        "spark.local.dir": str(folder / "local"),
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
    }
    said = [part for name, value in settings.items() for part in ("--conf", f"{name}={value}")]
    server = Daemon(
        ["spark-submit", "--class", _CONNECT, "--master", master, *said],
        folder / "connect.log",
        SPARK_DAEMON_MEMORY=MEMORY,
    )
    try:
        place = server.wait_for(r"Spark Connect server started at: (\S+)")[1]
        yield Connect(f"sc://{place}", server)
    finally:
        server.stop()


def be_impatient(spark: SparkSession) -> None:
    """Have a session behind Connect give up on a server that does not answer after seconds: by itself it tries for ten
    minutes."""
    from pyspark.sql.connect.client.retries import DefaultPolicy

    client: Any = spark
    client.client.set_retry_policies([DefaultPolicy(max_retries=3)])


def _at(host: str) -> list[str]:
    return ["--host", host, "--port", "0", "--webui-port", "0"]


def driver() -> int:
    """The Java of this process's own classic session."""
    (found,) = (pid for pid in children(os.getpid()) if _is_java(pid) and b"pyspark-shell" in _command(pid))
    return found


def python_workers(*javas: int) -> list[int]:
    """The forks of the Python daemons that some processes of Java have started."""
    daemons = [pid for java in javas for pid in children(java) if b"pyspark.daemon" in _command(pid)]
    return [pid for daemon in daemons for pid in children(daemon)]


def family(pids: Collection[int]) -> list[int]:
    """Processes with all that they have started."""
    return sorted({*pids, *(inner for pid in pids for inner in descendants(pid))})


def descendants(pid: int) -> Iterator[int]:
    """What a process has started, and what that has."""
    for child in children(pid):
        yield child
        yield from descendants(child)


def children(pid: int) -> list[int]:
    """The processes that a process has started; none where they can't be looked at."""
    if not HAS_PROC:
        return []
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            with suppress(OSError):
                # The name stands in parentheses, and may hold spaces.
                if int((folder / "stat").read_text().rpartition(")")[2].split()[1]) == pid:
                    found.append(int(folder.name))
    return sorted(found)


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def _is_java(pid: int) -> bool:
    return os.path.basename(_command(pid).partition(b"\0")[0]) == b"java"


Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def listening(pids: Collection[int]) -> dict[tuple[Address, int], int]:
    """The addresses and ports on which processes listen, each with one of them. From /proc."""
    owners: dict[str, int] = {}
    for pid in pids:
        with suppress(OSError):
            for descriptor in os.listdir(f"/proc/{pid}/fd"):
                with suppress(OSError):
                    owners[os.readlink(f"/proc/{pid}/fd/{descriptor}")] = pid
    found = {}
    for table in ("tcp", "tcp6", "udp", "udp6"):
        for line in Path("/proc/net", table).read_text().splitlines()[1:]:
            _, local, _, state, *rest = line.split()
            owner = owners.get(f"socket:[{rest[5]}]")
            # A TCP socket that listens is in state 0A, a UDP socket without a peer in 07.
            if owner is not None and state == ("0A" if table.startswith("tcp") else "07"):
                address, _, port = local.partition(":")
                found[_address(address), int(port, 16)] = owner
    return found


def _address(digits: str) -> Address:
    """An address of /proc/net: words of 32 bits in the machine's order of bytes."""
    words = struct.pack(f"={len(digits) // 8}I", *(int(digits[at : at + 8], 16) for at in range(0, len(digits), 8)))
    address = ipaddress.ip_address(words)
    # Java speaks IPv4 through sockets of IPv6.
    mapped = getattr(address, "ipv4_mapped", None)
    return mapped or address


def outside(pids: Collection[int]) -> list[str]:
    """Where processes can be reached from other machines."""
    return [
        f"{address}:{port} {_command(owner).replace(bytes(1), b' ')[-200:].decode()}"
        for (address, port), owner in listening(pids).items()
        if not address.is_loopback
    ]
