"""Posts judged by a worker, each by its mail and the letters of those it has asked about: see `index/judged.py`."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from typing import Any

import pyarrow as pa

from postlint.collector import paused
from postlint.index.judged import WEIGHING
from postlint.inspecting import found_in
from postlint.judges.near_body import partners
from postlint.judges.shared_text import share_of
from postlint.judges.subject import Subject
from postlint.post import Location, Post
from postlint.reporters.json_object import violation_object
from postlint.settle import Asked, Locate, locate_in, settle
from postlint.spark.contract import ASK, COUNT, JUDGED, PAIR, VIOLATION
from postlint.spark.digesting import POSTS, marked
from postlint.spark.incoming import Incoming, by_part
from postlint.spark.job import CLUSTERS, Job, Source
from postlint.spark.letters import Letter, known_as
from postlint.spark.rows import batch
from postlint.spark.view import Mail, MailView
from postlint.suppressions import Request, of_post
from postlint.violations import Finding, Place, Violation

Row = tuple[int, int, int | None, int | None, float | None, str | None]
"""Of `contract.JUDGED`."""


class Judging:
    """Parts, with mail and letters for their posts, to violations, asks, pairs and counts.

    The first time all posts are judged; later those that letters have come for, and nothing is said again of others.
    """

    def __init__(self, job: Job, *, first: bool) -> None:
        self._job = job
        self._first = first

    def __call__(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Batches of `incoming.INCOMING` to such of `contract.JUDGED`."""
        with closing(Source(self._job)) as source:
            yield from self._rounds(batches, source)

    def _rounds(self, batches: Iterable[pa.RecordBatch], source: Source) -> Iterator[pa.RecordBatch]:
        counts: Counter[str] = Counter()
        for table, parts in by_part(batches):
            mail = Mail(table, self._job.kinds) if any(incoming.mail for incoming in parts) else None
            waiting: list[tuple[Incoming, int, Post]] = []
            for incoming in parts:
                asking = None if self._first else {incoming.posts[row] for row in incoming.letters}
                for number, post in source.read(incoming.part):
                    if asking is None or number in asking:
                        waiting.append((incoming, number, post))
                    if len(waiting) == POSTS:
                        yield batch(self._judged(waiting, mail, source, counts), JUDGED)
                        waiting = []
            yield batch(self._judged(waiting, mail, source, counts), JUDGED)
            source.forget()
        yield batch([(COUNT, 0, None, count, None, name) for name, count in sorted(counts.items())], JUDGED)

    def _judged(
        self,
        posts: Sequence[tuple[Incoming, int, Post]],
        mail: Mail | None,
        source: Source,
        counts: Counter[str],
    ) -> list[Row]:
        rows: list[Row] = []
        with paused():
            done = _Done(self._job, source)
            readable = [item for item in posts if item[2].format != "unreadable"]
            facts = dict(
                zip((number for _, number, _ in readable), marked([item[2] for item in readable]), strict=True)
            )
            for incoming, number, post in posts:
                if number not in facts:
                    done.inspect(number, post)
                    continue
                known = known_as(facts[number], number)
                letters: dict[int, Letter] = {}
                for letter in incoming.letters_of(incoming.of_post(incoming.letters, number)):
                    # One that came without paragraphs may have come again with them.
                    if letter.body is not None or letter.known.order[0] not in letters:
                        letters[letter.known.order[0]] = letter
                own = incoming.of_post(incoming.mail, number)
                named = mail.rows(own.start, own.stop) if mail is not None else {}
                view = MailView(self._job, known, mail, named, letters)
                subject = Subject(known, facts[number], view, self._job.weights)
                found = [(code, finding) for code, judge in self._job.bound for finding in judge(subject)]
                pairs = self._pairs(subject)
                tenth = self._tenth(subject)
                if view.asked:
                    rows += [(ASK, mine, other, int(body), None, None) for mine, other, body in view.unanswered()]
                    continue
                rows += [(PAIR, number, other, None, value, None) for other, value in pairs]
                if tenth is not None:
                    counts[f"tenth {tenth}"] += 1
                done.add(number, post, found, letters.values())
            rows += done.rows(counts)
        return rows

    def _pairs(self, subject: Subject) -> list[tuple[int, float]]:
        if CLUSTERS not in self._job.settings.codes:
            return []
        options = self._job.clustering
        found = partners(subject, options["min-words"], options["resemblance"])
        return [(other.order[0], resemblance) for other, resemblance in found]

    def _tenth(self, subject: Subject) -> int | None:
        if WEIGHING not in self._job.settings.codes:
            return None
        share = share_of(subject, self._job.weights["min-sentence-words"])
        return min(10 * share.words // share.total, 9) if share.total > 0 else None


class _Done:
    """Posts of which all is known: their findings, to be settled together."""

    def __init__(self, job: Job, source: Source) -> None:
        self._job = job
        self._posts = source.posts
        self._found: list[tuple[str, Finding]] = []
        self._titles: dict[tuple[str, int], str] = {}
        self._requests: dict[tuple[str, int], Sequence[Request]] = {}
        self._numbers: dict[tuple[str, int], int] = {}
        self._letters: dict[tuple[str, int], Letter] = {}

    def inspect(self, number: int, post: Post) -> None:
        """Add what rules find that look at one post at a time."""
        self._numbers[post.path, post.number] = number
        for code, finding in found_in(post, self._job.inspections):
            finding.path, finding.number = post.path, post.number
            self._found.append((code, finding))

    def add(self, number: int, post: Post, found: Iterable[tuple[str, Finding]], letters: Iterable[Letter]) -> None:
        """Add a post with what was found by comparing it, and the letters of the posts that this speaks of."""
        self.inspect(number, post)
        self._found.extend(found)
        if post.title is not None:
            self._titles[post.path, post.number] = post.title.value
        if asked := of_post(post):
            self._requests[post.path, post.number] = asked
        self._letters.update(((letter.known.path, letter.known.number), letter) for letter in letters)

    def rows(self, counts: Counter[str]) -> Iterator[Row]:
        """The violations, settled as in any other run."""
        job = self._job
        asked = Asked(self._requests, compared=bool(job.bound) and job.posts > 1)
        settled = settle(self._found, job.settings, self._posts.stretch, self._locate(), self._titles, asked)
        counts["suppressed"] += settled.suppressed
        places: Counter[int] = Counter()
        for violation in settled.violations:
            number = self._numbers[violation.path, violation.number]
            yield VIOLATION, number, None, places[number], None, json.dumps(written_violation(violation))
            places[number] += 1

    def _locate(self) -> Locate:
        own = locate_in(self._posts)

        def locate(place: Place) -> tuple[Location, Location]:
            name = place.path, place.number
            return (
                own(place) if name in self._numbers or name not in self._letters else self._letters[name].locate(place)
            )

        return locate


def written_violation(violation: Violation) -> Mapping[str, Any]:
    """A violation as JSON: the object of the JSON formats, and the numbers of its post and of related ones."""
    return {
        **violation_object(violation),
        "number": violation.number,
        "numbers": [related.number for related in violation.related],
    }
