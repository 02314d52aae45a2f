"""The steps of a Spark job by plain Arrow tables, in one process: what is done to rows, without what brings them
together."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from postlint.loading import Files, Posts
from postlint.settings import Settings
from postlint.spark import holders
from postlint.spark.contract import (
    ANSWERS,
    ASK,
    JUDGED,
    LOW,
    NUMBER_BITS,
    PART,
    PARTS,
    POST,
    POSTINGS_ROW,
    VIEWS,
    VIOLATION,
)
from postlint.spark.digesting import Answering, Digesting
from postlint.spark.incoming import INCOMING, LETTER_ROW, MAIL_ROW, OPEN_ROW, THE_PART
from postlint.spark.job import Job, view_findings
from postlint.spark.judging import Judging
from postlint.spark.rows import batch, types_of


def parts_of(paths: Iterable[str], settings: Settings, folder: str = "") -> pa.Table:
    """Files as parts, as `sources.of_files` makes them."""
    reader = Posts(Files(), settings.fields)
    rows: list[Sequence[Any]] = []
    for rank, path in enumerate(sorted(paths)):
        status = os.stat(os.path.join(folder, path))
        rows += [
            (
                (rank << NUMBER_BITS) + first,
                path.encode("utf-8", "surrogateescape"),
                first,
                last,
                status.st_size,
                status.st_mtime_ns,
                None,
            )
            for _, first, last in reader.parts(path, PART)
        ]
    reader.close()
    return pa.Table.from_batches([batch(rows, PARTS)])


def incoming(job: Job, frames: dict[int, pa.Table]) -> list[pa.RecordBatch]:
    """Rows by tag, in order of part, tag and post, in batches that end anywhere."""
    types = types_of(INCOMING)

    def widened(tag: int, table: pa.Table) -> pa.Table:
        count = table.num_rows
        known = {name: table.column(name) for name in table.column_names}
        known["tag"] = pa.array(np.full(count, tag, dtype=np.int8))
        if "part" not in known:
            post = table.column("post").to_numpy()
            known["part"] = pa.array(post - (post & ((1 << NUMBER_BITS) - 1)) % job.part_size)
        columns = [known[one.name].cast(one.type) if one.name in known else pa.nulls(count, one.type) for one in types]
        return pa.Table.from_arrays(columns, schema=types)

    table = pa.concat_tables([widened(tag, frame) for tag, frame in frames.items()])
    ordered = table.sort_by([("part", "ascending"), ("tag", "ascending"), ("post", "ascending")])
    batches: list[pa.RecordBatch] = ordered.to_batches(max_chunksize=37)
    return batches


def table_of(batches: Iterable[pa.RecordBatch], schema: str) -> pa.Table:
    return pa.Table.from_batches(list(batches), types_of(schema)).combine_chunks()


def take_totals(job: Job, postings: pa.Table) -> None:
    posts = of_kind(job, postings, POST)
    names = [name.decode() for name in posts.column("text").to_pylist()]
    total, having = Counter(names), Counter[str]()
    for name, has_meta in zip(names, posts.column("a").to_pylist(), strict=True):
        having[name] += has_meta
    job.posts, job.formats = len(names), {name: (total[name], having[name]) for name in total}
    views = of_kind(job, postings, VIEWS).sort_by("post")
    texts = [text.decode("utf-8", "surrogatepass") for text in views.column("text").to_pylist()]
    job.views = tuple(view_findings(job, texts, views.column("post").to_pylist()))


def of_kind(job: Job, postings: pa.Table, *kinds: str) -> pa.Table:
    numbers = pa.array([job.kinds.index(kind) for kind in kinds], pa.int8())
    return postings.filter(pc.is_in(postings.column("kind"), numbers))


IN_ORDER = [("kind", "ascending"), ("key", "ascending"), ("more", "ascending"), ("post", "ascending")]


def mail_of(job: Job, postings: pa.Table) -> pa.Table:
    keyed = [kind for kind in job.kinds if kind not in (POST, VIEWS, LOW, "band")]
    mail = list(holders.mail(of_kind(job, postings, *keyed).sort_by(IN_ORDER).combine_chunks(), job.kinds))
    pairs = holders.band_pairs(of_kind(job, postings, "band").sort_by(IN_ORDER).combine_chunks())
    rows = of_kind(job, postings, LOW)
    low = dict(zip(rows.column("post").to_pylist(), rows.column("text").to_pylist(), strict=True))
    columns = {"post": pairs.column("post"), "other": pairs.column("other")}
    for name, post in (("low", "post"), ("other_low", "other")):
        columns[name] = pa.array([low[one] for one in pairs.column(post).to_pylist()], pa.binary())
    mail += holders.alike(pa.table(columns), job.least_resemblance)
    return pa.Table.from_batches(mail, holders.MAIL_TYPES)


def judged(paths: Iterable[str], settings: Settings, folder: str = "") -> tuple[Job, pa.Table, int]:
    """The job, all that came of judging, and in how many rounds. Paths are relative to the folder."""
    job = Job(settings, folder or os.getcwd())
    parts = parts_of(paths, settings, folder)
    postings = table_of(Digesting(job)(incoming(job, {THE_PART: parts})), POSTINGS_ROW)
    take_totals(job, postings)
    mail = mail_of(job, postings)
    found = []
    letters = None
    number = 1
    while True:
        frames = {THE_PART: parts, MAIL_ROW: mail}
        if letters is not None:
            frames[LETTER_ROW] = letters
        rows = table_of(Judging(job, first=letters is None)(incoming(job, frames)), JUDGED)
        found.append(rows)
        asks = rows.filter(pc.equal(rows.column("kind"), ASK))
        if not asks.num_rows:
            return job, pa.concat_tables(found), number
        wanted: dict[int, int] = {}
        for other, with_body in zip(asks.column("other").to_pylist(), asks.column("number").to_pylist(), strict=True):
            wanted[other] = max(with_body, wanted.get(other, 0))
        asked = pa.table(
            {"post": pa.array(list(wanted), pa.int64()), "df": pa.array(list(wanted.values()), pa.int64())}
        )
        answers = table_of(Answering(job)(incoming(job, {THE_PART: parts, OPEN_ROW: asked})), ANSWERS)
        place = {other: row for row, other in enumerate(answers.column("other").to_pylist())}
        new = answers.take([place[other] for other in asks.column("other").to_pylist()])
        new = new.append_column("post", asks.column("post"))
        if letters is not None:
            still = letters.filter(pc.is_in(letters.column("post"), asks.column("post").combine_chunks()))
            new = pa.concat_tables([still, new])
        letters = new
        number += 1


def violations(rows: pa.Table) -> list[dict[str, Any]]:
    """The violations in their order, as the objects of the JSON formats."""
    found = rows.filter(pc.equal(rows.column("kind"), VIOLATION))
    found = found.sort_by([("post", "ascending"), ("number", "ascending")])
    objects = map(json.loads, found.column("text").to_pylist())
    return [{name: value for name, value in one.items() if name not in ("number", "numbers")} for one in objects]
