"""What a worker must know of a job, and what it makes of that once: files, bound rules, the names of kinds."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from io import BytesIO
from typing import Any, BinaryIO, NamedTuple

from postlint.dispatch import Dispatch
from postlint.errors import UserError
from postlint.index.judged import WEIGHING
from postlint.inspecting import bound_inspections
from postlint.judges.subject import Judge
from postlint.loading import Posts
from postlint.post import Post
from postlint.readers.source import LIMIT
from postlint.rules import all_rules, with_house
from postlint.settings import Settings
from postlint.spark.contract import NUMBER_BITS, PART, kinds_of
from postlint.view_counts import outlier, uncounted

CLUSTERS = "ND002"
"""The rule whose pairs make clusters."""


class Part(NamedTuple):
    """Some posts of a file: `contract.PARTS`."""

    part: int
    path: str
    first: int
    last: int | None
    size: int
    stamp: int
    content: bytes | None


class ViewFinding(NamedTuple):
    """What a check finds of the view counts of all posts: in which post, and the values of the finding."""

    check: str
    options: Mapping[str, object]
    post: int
    values: dict[str, object]


@dataclass(eq=False)
class Job:
    """A job. All of it but what is made here can cross to a worker."""

    settings: Settings
    folder: str
    """The folder that the paths of files are relative to."""
    part_size: int = PART
    """Posts of a part, at most."""
    posts: int = 0
    """How many there are, as far as that is known yet."""
    formats: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Of each format how many posts have it, and how many of these have meta."""
    views: tuple[ViewFinding, ...] = ()
    """What rules about the view counts of all posts find."""

    def __post_init__(self) -> None:
        # A worker stands in a folder of its own.
        said = self.settings
        self.settings = replace(
            said,
            folder=self.folder,
            root=os.path.join(self.folder, said.root),
            fields=replace(said.fields, folder=self.folder, root=os.path.join(self.folder, said.fields.root)),
        )

    def __getstate__(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__dataclass_fields__}

    @cached_property
    def bound(self) -> list[tuple[str, Judge]]:
        """The selected rules that compare posts. Raises UserError where one can't judge a post alone."""
        rules = with_house(self.settings.house_rules)
        found = []
        for code in self.settings.codes:
            rule, options = rules[code], self.settings.options.get(code, {})
            if rule.scope == "corpus":
                judge = rule.judge(options, self.settings.as_of)
                if judge is None:
                    exact = code == CLUSTERS and options.get("exact")
                    what = "--exact compares" if exact else f"{code} ({rule.name}) looks at"
                    raise UserError(f"{what} all posts at once, which the Spark engine can't; leave it out")
                found.append((code, judge))
        return found

    def check(self) -> None:
        """Raises UserError for what the settings ask for and can't be done: before anything is read."""
        for made in (self.bound, self.kinds, self.least_words):
            assert made is not None

    def options_of(self, check: str) -> list[dict[str, Any]]:
        """The options of each selected rule that a check is bound to."""
        rules = with_house(self.settings.house_rules)
        return [
            {**rules[code].defaults(), **self.settings.options.get(code, {}), **rules[code].parameters}
            for code in self.settings.codes
            if rules[code].check == check
        ]

    @cached_property
    def least_words(self) -> int:
        """The words that a post must have to stand in the bands. Raises UserError where rules say different things."""
        found = {said["min-words"] for said in self.options_of("near_body") if said["measure"] == "resemblance"}
        if len(found) > 1:
            said = " and ".join(map(str, sorted(found)))
            raise UserError(f"rules of near-duplicate bodies have different min-words ({said}); Spark takes one")
        return next(iter(found), 1 << 30)

    @cached_property
    def least_resemblance(self) -> float:
        """Posts that are less alike than this are no candidates of each other."""
        found = (said["resemblance"] for said in self.options_of("near_body") if said["measure"] == "resemblance")
        return float(min(found, default=1.0))

    @cached_property
    def clustering(self) -> dict[str, Any]:
        """The options of the rule whose pairs make clusters."""
        return {**all_rules()[CLUSTERS].defaults(), **self.settings.options.get(CLUSTERS, {})}

    @cached_property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of postings, in the order of their numbers."""
        return kinds_of(tuple(sorted({said["min-words"] for said in self.options_of("duplicate_body")})))

    @property
    def looks_at_views(self) -> bool:
        """Whether a rule looks at the view counts of all posts."""
        return bool(self.options_of("view_outlier") or self.options_of("view_distribution"))

    @cached_property
    def weights(self) -> dict[str, Any]:
        """The options of the rule that says what a post of mostly shared text is."""
        return {**all_rules()[WEIGHING].defaults(), **self.settings.options.get(WEIGHING, {})}

    @cached_property
    def inspections(self) -> Dispatch:
        """The rules that look at one post at a time."""
        return bound_inspections(self.settings, with_numpy=True)

    def part_of(self, post: str) -> str:
        """The part of a post, both as SQL expressions."""
        return f"({post} - ({post} & {(1 << NUMBER_BITS) - 1}) % {self.part_size})"


def view_findings(job: Job, texts: Sequence[str], posts: Sequence[int]) -> Iterator[ViewFinding]:
    """What the selected rules find of view counts, as they are written; `posts` are those that have them."""
    for options in job.options_of("view_outlier"):
        largest = outlier(texts, options)
        if largest is not None:
            yield ViewFinding("view_outlier", options, posts[largest[0]], largest[1])
    for options in job.options_of("view_distribution"):
        values = uncounted(texts, options) if texts else None
        if values is not None:
            yield ViewFinding("view_distribution", options, min(posts), values)


class Source:
    """Reads the posts of parts, one part after the other."""

    def __init__(self, job: Job) -> None:
        self._folder = job.folder
        self._part_size = job.part_size
        self._parts: dict[str, Part] = {}
        self.posts = Posts(self._load, job.settings.fields, self._opened)
        """The posts of the files of the parts that were read, by path and number."""

    def read(self, part: Part) -> Iterator[tuple[int, Post]]:
        """The posts of a part, each with its number in the corpus; what can't be read among them."""
        self._parts[part.path] = part
        file = part.part >> NUMBER_BITS << NUMBER_BITS
        for post in self.posts.of(part.path, part.first, part.last):
            if post.number >= part.first + self._part_size:
                raise UserError(f"{part.path} holds more posts than the Spark engine can tell apart")
            yield file + post.number, post

    def close(self) -> None:
        """Close the file that is open, if one is."""
        self.posts.close()

    def forget(self) -> None:
        """Let go of what was read; more may follow."""
        self._parts.clear()

    def _load(self, path: str) -> bytes:
        with self._opened(path) as file:
            return file.read(LIMIT + 1)

    def _opened(self, path: str) -> BinaryIO:
        part = self._parts[path]
        if part.content is not None:
            return BytesIO(part.content)
        name = os.path.join(self._folder, path)
        try:
            file = open(name, "rb")  # noqa: SIM115
        except FileNotFoundError as error:
            raise UserError(
                f"{name} is not there for a worker; all machines of a cluster must see the folder of the posts"
            ) from error
        status = os.fstat(file.fileno())
        if (status.st_size, status.st_mtime_ns) != (part.size, part.stamp):
            file.close()
            raise UserError(f"{path} has changed since the job began; run it again")
        return file
