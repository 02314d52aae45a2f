"""What a job on Spark costs, and whether its report is that of one machine: python benchmarks/spark.py natural 20000.

Writes a corpus, lints it on one machine and on each master that is named, and prints a row for each: CPU seconds of all
processes, wall seconds, bytes that were shuffled and kept in stages, rounds of judging, and whether the JSON report is
the same, byte for byte. `local[N]` by default; `cluster` is a standalone master with two workers and `connect` a Spark
Connect server, both started on 127.0.0.1 by what the tests start them with.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from generate import KINDS, write

from postlint import reporters
from postlint.discover import discover
from postlint.engine import check
from postlint.rules import all_rules
from postlint.settings import Settings
from postlint.violations import Report

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

AS_OF = date(2026, 11, 20)
MEMORY = "3g"


def settings() -> Settings:
    """The rules that are on by default."""
    codes = tuple(sorted(code for code, rule in all_rules().items() if rule.default))
    return Settings(codes=codes, as_of=AS_OF)


def digest(report: Report) -> str:
    """Equal for reports that print the same JSON."""
    found = hashlib.blake2b(digest_size=16)
    for piece in reporters.render("json", report, lambda path, number: None, colour=False):
        found.update(piece.encode())
    found.update(repr((report.shared, report.suppressed)).encode())
    return found.hexdigest()


def cpu_of(pids: set[int]) -> float:
    """CPU seconds of processes and of those that they started and that have ended."""
    tick = os.sysconf("SC_CLK_TCK")
    total = 0
    for pid in pids:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        total += sum(map(int, fields[11:15]))
    return total / tick


def shuffled(folder: Path) -> dict[str, int]:
    """Sums over all tasks of the event logs in a folder."""
    found = {"shuffle written": 0, "records": 0, "tasks": 0, "spilled": 0, "largest task": 0}
    for log in folder.iterdir():
        for line in log.read_text(encoding="utf-8").splitlines():
            event = json.loads(line)
            if event["Event"] != "SparkListenerTaskEnd":
                continue
            metrics = event.get("Task Metrics") or {}
            written = metrics.get("Shuffle Write Metrics", {})
            read = metrics.get("Shuffle Read Metrics", {})
            found["shuffle written"] += written.get("Shuffle Bytes Written", 0)
            found["records"] += written.get("Shuffle Records Written", 0)
            found["spilled"] += metrics.get("Disk Bytes Spilled", 0)
            fetched = read.get("Remote Bytes Read", 0) + read.get("Local Bytes Read", 0)
            found["largest task"] = max(found["largest task"], fetched)
            found["tasks"] += 1
    return found


@contextmanager
def master(name: str, folder: Path) -> Iterator[tuple[str, Callable[[], set[int]]]]:
    """The URL of a master, and the processes behind it."""
    import spark_clusters

    spark_clusters.MEMORY = MEMORY
    if name == "cluster":
        with spark_clusters.cluster(folder) as cluster:
            yield cluster.url, lambda: {os.getpid(), *spark_clusters.descendants(os.getpid())}
    elif name == "connect":
        with spark_clusters.connect(folder) as server:
            yield server.url, lambda: {os.getpid(), *spark_clusters.descendants(os.getpid())}
    else:
        yield name, lambda: {os.getpid(), *spark_clusters.descendants(os.getpid())}


def on_spark(name: str, paths: list[str], hot_from: int | None) -> dict[str, Any]:
    """Lint files on a master."""
    from postlint.spark import run
    from postlint.spark.session import session

    with tempfile.TemporaryDirectory(prefix="postlint-spark-") as scratch:
        folder = Path(scratch)
        (folder / "events").mkdir()
        conf = {
            "spark.driver.memory": MEMORY,
            "spark.executor.memory": MEMORY,
            "spark.eventLog.enabled": "true",
            "spark.eventLog.dir": f"file://{folder}/events",
            "spark.eventLog.rolling.enabled": "false",
            "spark.eventLog.compress": "false",
            "spark.local.dir": str(folder / "local"),
        }
        with master(name, folder / "master") as (url, pids):
            before, started = cpu_of(pids()), time.perf_counter()
            spark = session(url, {} if url.startswith("sc:") else conf)
            marks: list[tuple[str, float]] = []
            with run.settled(spark, paths):
                more = {} if hot_from is None else {"hot_from": hot_from}
                found = run.judged(
                    spark,
                    paths,
                    settings(),
                    os.getcwd(),
                    str(folder / "stages"),
                    progress=lambda stage, done, total: marks.append((stage, round(time.perf_counter() - started, 1))),
                    **more,
                )
                report = run.report_of(found, len(paths))
            wall = time.perf_counter() - started
            cpu = cpu_of(pids()) - before
            kept = [file for file in (folder / "stages").rglob("*.parquet") if "mark" not in file.parts]
            rounds = len(list((folder / "stages").glob("*/judged-*")))
            spark.stop()
        stages: dict[str, int] = {}
        for file in kept:
            stage = file.relative_to(folder / "stages").parts[1]
            stages[stage] = stages.get(stage, 0) + file.stat().st_size
        return {
            "digest": digest(report),
            "cpu": round(cpu, 1),
            "wall": round(wall, 1),
            "rounds": rounds,
            "stages": stages,
            "marks": marks,
            **shuffled(folder / "events"),
        }


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", choices=KINDS)
    parser.add_argument("posts", type=int)
    parser.add_argument("masters", nargs="*", default=["local[2]"])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--hot-from", type=int, help="posts from which on a key that they have is taken apart")
    arguments = parser.parse_args()
    import pyspark

    with tempfile.TemporaryDirectory(prefix="postlint-corpus-") as folder:
        os.chdir(folder)
        write(arguments.kind, arguments.posts, arguments.seed, Path("posts"))
        paths = discover(["posts"])
        before = time.process_time()
        report = check(paths, settings())
        single = time.process_time() - before
        expected = digest(report)
        row = {"kind": arguments.kind, "posts": report.posts, "violations": len(report.violations)}
        del report
        print(json.dumps({**row, "engine": "one machine", "cpu": round(single, 1)}), flush=True)
        for name in arguments.masters:
            found = on_spark(name, paths, arguments.hot_from)
            same = found.pop("digest") == expected
            said = {**row, "engine": name, "spark": pyspark.__version__, "same report": same, **found}
            print(json.dumps(said), flush=True)


if __name__ == "__main__":
    main()
