"""A whole job: posts to violations, on a session of the user's or on one that the command line opens."""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from postlint import __version__
from postlint.errors import UserError
from postlint.hashing import value_key
from postlint.index.judged import WEIGHING
from postlint.post import Location
from postlint.rules import with_house
from postlint.settings import Settings
from postlint.settle import page_of
from postlint.spark import sources
from postlint.spark.components import components
from postlint.spark.contract import COUNT, NUMBER_BITS, PAIR, PARTS, VIOLATION
from postlint.spark.failures import LostError, SessionGoneError, gone, spark_errors
from postlint.spark.flow import Flow
from postlint.spark.job import CLUSTERS, Job
from postlint.spark.stages import Stages
from postlint.violations import Cluster, RelatedLocation, Report, Severity, Violation, post_name

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

Progress = Callable[[str, int, int], None]
HOT_FROM = 50_000
"""Posts from which on a key that they have is taken apart."""
POSTS_A_TASK = 2_500
"""Where there are few tasks; where there are many, so many times as many."""
FEW_TASKS = 64
LARGER = 8
BATCH_ROWS = "spark.sql.execution.arrow.maxRecordsPerBatch"
BATCH_BYTES = "spark.sql.execution.arrow.maxBytesPerBatch"
"""Settings of the batches that go to Python. Spark 3.5 does not know the second and passes over it."""
ROWS, BYTES, UNBOUNDED = 1_000, 1 << 26, (1 << 31) - 1
STEPS = ("finding posts", "digesting", "comparing", "judging", "reporting")
_OF_A_WORKER = re.compile(r"^(?:postlint\.errors\.)?UserError: (.+)$", re.M)


@dataclass(frozen=True, slots=True)
class Judged:
    """What comes of a job, as rows of `contract.JUDGED`, and where they are kept."""

    rows: DataFrame
    parts: DataFrame
    stages: Stages
    job: Job


def judged(
    spark: SparkSession,
    posts: DataFrame | str | Sequence[str],
    settings: Settings,
    folder: str,
    stages: str | None,
    *,
    hot_from: int = HOT_FROM,
    tasks: int | None = None,
    progress: Progress | None = None,
) -> Judged:
    """Judge posts: a table with path (or id) and content, a URL, or a list of files that all workers see.

    `stages` is the folder of stages, which all workers see; the session's warehouse where there is none.
    """
    job = Job(settings, folder)
    job.check()
    say = progress or (lambda stage, done, total: None)
    root = stages or _warehouse(spark)
    say(STEPS[0], 0, len(STEPS))
    about = f"{__version__} {settings!r} {folder}"
    if isinstance(posts, (list, tuple)):
        key, count, make = sources.of_files(spark, posts, folder, settings)
        kept = Stages(spark, root, f"files-{value_key(about, key):016x}")
    else:
        given: Any = sources.of_url(spark, posts, settings) if isinstance(posts, str) else posts
        table = sources.files_of(given)
        job.part_size = 1 << NUMBER_BITS
        kept = Stages(spark, root, f"table-{value_key(about, _content_key(table)):016x}")
        count = table.count()
        make = sources.of_table(spark, table, kept, tasks or tasks_for(count))
    # Some stages are read here too, not only where others are made of them.
    with kept.explained():
        parts = kept.stage("parts", PARTS, make)
        count_of_tasks = tasks or tasks_for(count)
        flow = Flow(job, kept, parts, count_of_tasks, hot_from)
        say(STEPS[1], 1, len(STEPS))
        postings = flow.postings()
        flow.take_totals(postings)
        say(STEPS[2], 2, len(STEPS))
        mail = flow.mail(postings)
        say(STEPS[3], 3, len(STEPS))
        rows = flow.judged(mail)
        say(STEPS[4], 4, len(STEPS))
    return Judged(rows, parts, kept, job)


def tasks_for(posts: int) -> int:
    """Into how many tasks the work on so many posts (or parts) is divided."""
    few = max(-(-posts // POSTS_A_TASK), 8)
    return few if few <= FEW_TASKS else max(FEW_TASKS, -(-posts // (POSTS_A_TASK * LARGER)))


def _warehouse(spark: SparkSession) -> str:
    return f"{spark.conf.get('spark.sql.warehouse.dir')}/postlint-stages"


def _content_key(files: DataFrame) -> str:
    """Equal for the same files, in whatever order."""
    row = files.selectExpr("xxhash64(path, content) as hash").selectExpr("bit_xor(hash) as all", "count(*) as rows")
    return str(row.collect()[0])


def batch_settings(posts: DataFrame | str | Sequence[str]) -> dict[str, str]:
    """The settings that a session has while a job on these posts runs."""
    # The rows of a table hold whole files. Where files stay where they are, no batch is large, and Spark need not
    # measure it anew for each row (a twentieth of a job's CPU).
    size = UNBOUNDED if isinstance(posts, (list, tuple)) else BYTES
    return {BATCH_ROWS: str(ROWS), BATCH_BYTES: str(size)}


@contextmanager
def settled(spark: SparkSession, posts: DataFrame | str | Sequence[str]) -> Iterator[None]:
    """A session with the settings of a job on posts, and as it was afterwards; what workers say of posts are errors of
    the user's."""
    settings = batch_settings(posts)
    before = {name: spark.conf.get(name, None) for name in settings}
    for name, value in settings.items():
        spark.conf.set(name, value)
    is_gone = False
    try:
        yield
    except SessionGoneError:
        is_gone = True
        raise
    except spark_errors() as error:
        if what := gone(error):
            is_gone = True
            raise SessionGoneError(what, "perhaps with more memory") from error
        words = _OF_A_WORKER.findall(str(error))
        if words:
            raise UserError(words[-1].strip()) from error
        raise
    finally:
        if not is_gone:
            _restore(spark, before)


def _restore(spark: SparkSession, settings: Mapping[str, str | None]) -> None:
    for name, said in settings.items():
        if said is None:
            spark.conf.unset(name)
        else:
            spark.conf.set(name, said)


LOCATION = "struct<row:int,column:int>"
VIOLATION_JSON = (
    "code string, name string, severity string, message string, path string, post string, number int,"
    f" location {LOCATION}, end_location {LOCATION}, quote string, help string,"
    f" related array<struct<path:string,location:{LOCATION},end_location:{LOCATION},message:string>>,"
    " url string, fingerprint string"
)


def violations(found: DataFrame) -> DataFrame:
    """The violations among what is judged, typed, in the order of a report."""
    rows = found.where(f"kind = {VIOLATION}").orderBy("post", "number")
    return rows.selectExpr(
        f"from_json(text, '{VIOLATION_JSON}') as violation", "get_json_object(text, '$.data') as data"
    ).select("violation.*", "data")


def report(
    paths: Sequence[str], settings: Settings, master: str, stages: str | None, progress: Progress | None = None
) -> Report:
    """The report of files, made on a session that is opened on a master, and stopped again."""
    from postlint.spark.session import on_loopback

    if stages is not None:
        return _report(paths, settings, master, stages, progress)
    if not on_loopback(master):
        raise UserError("--spark-stages is needed: a folder that all machines of the cluster see")
    with TemporaryDirectory(prefix="postlint-spark-", ignore_cleanup_errors=True) as folder:
        try:
            return _report(paths, settings, master, folder, progress)
        except LostError as error:
            how = "perhaps with more memory; with --spark-stages it would go on where it was"
            raise LostError(error.what, how) from error


def _report(paths: Sequence[str], settings: Settings, master: str, stages: str, progress: Progress | None) -> Report:
    from postlint.spark.session import session

    with ExitStack() as stack:
        spark = session(master)
        stack.push(partial(_stop, spark))
        stack.enter_context(settled(spark, paths))
        found = judged(spark, list(paths), settings, os.getcwd(), stages, progress=progress)
        with found.stages.explained():
            made = report_of(found, len(paths))
        found.stages.remove()
        return made


def _stop(spark: SparkSession, kind: type[BaseException] | None, *_: object) -> None:
    """Stop a session when all is done, or has failed with an exception of a kind."""
    # One that is gone would be called for minutes.
    if kind is None or not issubclass(kind, SessionGoneError):
        spark.stop()


def report_of(found: Judged, files: int) -> Report:
    """What is judged as the report of a single machine."""
    rows = found.rows
    counts: Counter[str] = Counter()
    for row in rows.where(f"kind = {COUNT}").groupBy("text").agg({"number": "sum"}).collect():
        counts[row[0]] += row[1]
    job = found.job
    texts = rows.where(f"kind = {VIOLATION}").orderBy("post", "number").select("text")
    listed = tuple(_violation(json.loads(row["text"])) for row in texts.toLocalIterator())
    rules = with_house(job.settings.house_rules)
    weighs = WEIGHING in job.settings.codes
    return Report(
        as_of=job.settings.as_of,
        files=files,
        posts=job.posts,
        violations=listed,
        clusters=clusters(found) if CLUSTERS in job.settings.codes else (),
        suppressed=counts["suppressed"],
        rules=tuple(page_of(rules[code]) for code in sorted({violation.code for violation in listed})),
        shared=tuple(counts[f"tenth {tenth}"] for tenth in range(10)) if weighs and job.bound else (),
    )


def clusters(found: Judged) -> tuple[Cluster, ...]:
    """The clusters that pairs of near-duplicate posts make, largest first."""
    pairs = found.rows.where(f"kind = {PAIR}").selectExpr("post", "other", "value")
    if not pairs.limit(1).count():
        return ()
    groups = components(pairs.select("post", "other"), found.stages)
    both = pairs.select("post", "value").unionByName(pairs.selectExpr("other as post", "value"))
    closest = both.groupBy("post").agg({"value": "max"}).withColumnRenamed("max(value)", "value")
    files = found.parts.where("first = 0").selectExpr(f"shiftright(part, {NUMBER_BITS}) as file", "path")
    rows = (
        groups.join(closest, "post")
        .withColumn("file", _expr(f"shiftright(post, {NUMBER_BITS})"))
        .join(files, "file")
        .orderBy("component", "post")
        .select("component", "post", "path", "value")
    )
    names: dict[int, list[str]] = {}
    least: dict[int, float] = {}
    for component, post, path, value in rows.toLocalIterator():
        name = post_name(bytes(path).decode("utf-8", "surrogateescape"), post & ((1 << NUMBER_BITS) - 1))
        names.setdefault(component, []).append(name)
        least[component] = min(least.get(component, 1.0), value)
    made = [
        Cluster(f"{value_key(*members):016x}", "near-duplicate", tuple(members), round(least[component], 4))
        for component, members in names.items()
    ]
    return tuple(sorted(made, key=lambda cluster: (-len(cluster.posts), cluster.posts)))


def _expr(text: str) -> Any:
    from pyspark.sql.functions import expr

    return expr(text)


def _violation(said: Mapping[str, Any]) -> Violation:
    return Violation(
        code=said["code"],
        name=said["name"],
        severity=Severity.of(said["severity"]),
        message=said["message"],
        path=said["path"],
        post=said["post"],
        number=said["number"],
        location=Location(**said["location"]),
        end_location=Location(**said["end_location"]),
        quote=said["quote"],
        help=said["help"],
        data=said["data"],
        related=tuple(
            RelatedLocation(
                one["path"], Location(**one["location"]), Location(**one["end_location"]), one["message"], number
            )
            for one, number in zip(said["related"], said["numbers"], strict=True)
        ),
        fingerprint=said["fingerprint"],
        url=said["url"],
    )
