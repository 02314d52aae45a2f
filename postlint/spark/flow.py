"""The steps of a job over DataFrames: from parts of files to mail, from mail to judgements, asked and answered.

What is done to rows is done by the functions that a single machine uses, in `mapInArrow`; what brings rows together is
joins, sorts and windows: see `shuffles.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from typing import TYPE_CHECKING

from postlint.errors import UserError
from postlint.spark import shuffles
from postlint.spark.contract import ANSWERS, ASK, JUDGED, LOW, MAIL, POST, POSTINGS_ROW, VIEWS
from postlint.spark.digesting import Answering, Digesting
from postlint.spark.incoming import INCOMING, LETTER_ROW, MAIL_ROW, OPEN_ROW, THE_PART
from postlint.spark.job import Job, ViewFinding, view_findings
from postlint.spark.judging import Judging
from postlint.spark.rows import names_of
from postlint.spark.stages import Stages

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

ROUNDS = 40
"""A post asks again only where one it asked about turned out to be related: it has that many candidates at most."""
OTHERS = 2_000
"""A post that more posts ask about is sent in several copies, so that no task sends it to all of them."""


class Flow:
    """The steps of one job."""

    def __init__(self, job: Job, stages: Stages, parts: DataFrame, tasks: int, hot_from: int) -> None:
        self._job = job
        self._stages = stages
        self._parts = parts
        self._tasks = tasks
        self._hot_from = hot_from

    def postings(self) -> DataFrame:
        """The postings of all posts."""
        return self._stages.stage(
            "postings", POSTINGS_ROW, lambda: self._incoming().mapInArrow(Digesting(self._job), POSTINGS_ROW)
        )

    def take_totals(self, postings: DataFrame) -> None:
        """Tell the job what is to be known of all posts together."""
        job = self._job
        rows = (
            self._of_kind(postings, POST)
            .groupBy("text")
            .agg({"a": "sum", "*": "count"})
            .selectExpr("cast(text as string) as name", "`count(1)` as total", "`sum(a)` as having")
            .collect()
        )
        job.formats = {row["name"]: (row["total"], row["having"]) for row in rows}
        job.posts = sum(total for total, _ in job.formats.values())
        if job.looks_at_views:
            job.views = tuple(self._view_findings(postings))

    def _view_findings(self, postings: DataFrame) -> Iterator[ViewFinding]:
        # Many posts have one count: what is brought here is each count once, with the first post that has it.
        rows = (
            self._of_kind(postings, VIEWS)
            .groupBy("text")
            .agg({"post": "min", "*": "count"})
            .selectExpr("text", "`count(1)` as total", "`min(post)` as post")
            .orderBy("post")
            .collect()
        )
        texts = [text for row in rows for text in [bytes(row["text"]).decode("utf-8", "surrogatepass")] * row["total"]]
        return view_findings(self._job, texts, [row["post"] for row in rows for _ in range(row["total"])])

    def mail(self, postings: DataFrame) -> DataFrame:
        """The mail of all posts."""
        return self._stages.stage("mail", MAIL, lambda: self._mail(postings))

    def _mail(self, postings: DataFrame) -> DataFrame:
        kinds = self._job.kinds
        bands = self._of_kind(postings, "band")
        keyless = ", ".join(str(kinds.index(kind)) for kind in (POST, VIEWS, LOW))
        keyed = postings.where(f"kind not in ({keyless})")
        keys = keyed.where(f"kind <> {kinds.index('band')}")
        hot = shuffles.hot_keys(keyed, self._job, self._hot_from)
        mail = shuffles.mail(keys, hot, kinds, self._tasks)
        low = self._of_kind(postings, LOW).selectExpr("post", "text as low")
        return mail.unionByName(shuffles.alike(bands, hot, low, self._job, self._tasks, self._hot_from))

    def judged(self, mail: DataFrame) -> DataFrame:
        """All that comes of judging: rounds of posts that ask, are answered, and are judged again."""
        rounds: list[DataFrame] = []
        answers: list[DataFrame] = []
        for number in range(1, ROUNDS + 1):
            rounds.append(self._round(number, mail, rounds, answers))
            asks = _asks(rounds[-1])
            if not asks.limit(1).count():
                return _union(rounds)
            answers.append(self._answers(number, asks))
        raise UserError(f"posts still ask about others after {ROUNDS} rounds; this is a defect of postlint")

    def _round(self, number: int, mail: DataFrame, before: list[DataFrame], answers: list[DataFrame]) -> DataFrame:
        """A round of judging: the first of all posts, another of those that have asked in the one before."""

        def make() -> DataFrame:
            judging = Judging(self._job, first=not before)
            if not before:
                return self._incoming(mail=mail).mapInArrow(judging, JUDGED)
            open_posts = _asks(before[-1]).select("post").distinct()
            asks = _union([_asks(rows) for rows in before]).join(open_posts, "post", "left_semi")
            letters = shuffles.delivered(asks, _union(answers), OTHERS)
            mine = mail.join(open_posts, "post", "left_semi")
            return self._incoming(mail=mine, letters=letters, open_posts=open_posts).mapInArrow(judging, JUDGED)

        return self._stages.stage(f"judged-{number}", JUDGED, make)

    def _answers(self, number: int, asks: DataFrame) -> DataFrame:
        def make() -> DataFrame:
            asked = asks.groupBy("other").agg({"df": "max"}).selectExpr("other as post", "`max(df)` as df")
            return self._incoming(asked=asked, open_posts=asked).mapInArrow(Answering(self._job), ANSWERS)

        return self._stages.stage(f"answers-{number}", ANSWERS, make)

    def _incoming(
        self,
        mail: DataFrame | None = None,
        letters: DataFrame | None = None,
        asked: DataFrame | None = None,
        open_posts: DataFrame | None = None,
    ) -> DataFrame:
        """Parts, those of open posts alone where these are given, each with what comes for its posts."""
        part = self._job.part_of("post")
        parts = self._parts
        if open_posts is not None:
            parts = parts.join(open_posts.selectExpr(f"{part} as part").distinct(), "part", "left_semi")
        rows = _widened(parts, THE_PART, "part")
        for frame, tag in ((mail, MAIL_ROW), (letters, LETTER_ROW), (asked, OPEN_ROW)):
            if frame is not None:
                rows = rows.unionByName(_widened(frame, tag, part))
        return rows.repartition(self._tasks, "part").sortWithinPartitions("part", "tag", "post")

    def _of_kind(self, postings: DataFrame, kind: str) -> DataFrame:
        return postings.where(f"kind = {self._job.kinds.index(kind)}")


def _asks(judged: DataFrame) -> DataFrame:
    return judged.where(f"kind = {ASK}").selectExpr("post", "other", "number as df")


def _union(frames: list[DataFrame]) -> DataFrame:
    return reduce(lambda one, other: one.unionByName(other), frames)


def _widened(frame: DataFrame, tag: int, part: str) -> DataFrame:
    """Rows with all columns of `incoming.INCOMING`."""
    has = set(frame.columns)
    types = dict(column.split() for column in INCOMING.split(","))
    values = {"tag": f"cast({tag} as tinyint)", "part": part}
    return frame.selectExpr(
        *(
            f"{values.get(name) or (name if name in has else f'cast(null as {types[name]})')} as {name}"
            for name in names_of(INCOMING)
        )
    )
