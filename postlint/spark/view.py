"""A corpus as one post sees it through its mail: see `judges.view.View`. What that does not say is asked of others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

import numpy as np
import pyarrow as pa

from postlint.index.catalog import Known, Order
from postlint.index.keys import SAMPLE_SHIFT
from postlint.index.one_post import OnePost
from postlint.judges.view import Other, SameBody
from postlint.likeness import alike_by_right
from postlint.rules import Options
from postlint.sketch_layout import likely
from postlint.spark.contract import ALIKE, AROUND, FIRST
from postlint.spark.holders import numbers
from postlint.spark.job import Job
from postlint.spark.letters import Letter, Unread, stranger
from postlint.violations import Place

EXPECTED = 40
"""Candidates that are asked about at once where one of them is related."""


class Mail:
    """The mail of many posts: `contract.MAIL`, the rows of a post one after the other."""

    def __init__(self, table: pa.Table, kinds: Sequence[str]) -> None:
        self._kinds = kinds
        self._roles = numbers(table, "role").tolist()
        self._numbers = numbers(table, "kind").tolist()
        self._keys = numbers(table, "key").view(np.uint64).tolist()
        self.df: list[int] = numbers(table, "df").tolist()
        """By row: how many posts have the key."""
        lists = {name: table.column(name).combine_chunks() for name in ("others", "a", "b", "c", "text")}
        self._bounds = {name: column.offsets.to_pylist() for name, column in lists.items()}
        # Of the few texts there are each is taken when it is asked for.
        self._flat = {name: column.values.to_numpy(zero_copy_only=name != "text") for name, column in lists.items()}

    def rows(self, first: int, last: int) -> dict[tuple[int, str, int], int]:
        """Role, kind and key of the rows from one to another, which is left out, to these rows."""
        names = [self._kinds[kind] if kind >= 0 else "" for kind in self._numbers[first:last]]
        return dict(
            zip(
                zip(self._roles[first:last], names, self._keys[first:last], strict=True),
                range(first, last),
                strict=True,
            )
        )

    def others(self, row: int) -> list[int]:
        """The numbers of the other posts that a row names."""
        found: list[int] = self.column("others", row)
        return found

    def column(self, name: str, row: int) -> list[Any]:
        """What their postings say, in the same order."""
        bounds = self._bounds[name]
        found: list[Any] = self._flat[name][bounds[row] : bounds[row + 1]].tolist()
        return found


class MailView:
    """All posts of a corpus, as far as a post has mail of them. Nothing counts before what is `asked` is answered."""

    def __init__(
        self,
        job: Job,
        known: Known,
        mail: Mail | None,
        rows: Mapping[tuple[int, str, int], int],
        letters: Mapping[int, Letter],
    ) -> None:
        self._job = job
        self._mine = known
        self._mail = mail
        self._rows = rows
        self._letters = letters
        self._likeness = frozenset(job.settings.likeness)
        self._first_values: dict[tuple[Order, str], tuple[int, int, str]] = {}
        self._met = {known.order[0]: known}
        self.posts = job.posts
        self.asked: dict[int, bool] = {}
        """The numbers of posts that more must be known of, and whether their paragraphs, too."""

    # Who has a key

    def _row(self, role: int, kind: str, key: int) -> int | None:
        return self._rows.get((role, kind, key))

    def _named(self, row: int) -> list[int]:
        assert self._mail is not None
        return self._mail.others(row)

    def _said(self, row: int, name: str) -> list[Any]:
        assert self._mail is not None
        return self._mail.column(name, row)

    def formats(self, name: str) -> tuple[int, int]:
        """How many posts have a format, and how many of these have meta."""
        return self._job.formats.get(name, (0, 0))

    def df(self, kind: str, key: int) -> int:
        """Document frequency: how many posts have a key."""
        row = self._row(FIRST, kind, key)
        return 1 if row is None or self._mail is None else self._mail.df[row]

    def first(self, kind: str, key: int, count: int) -> list[Known]:
        """The first posts that have a key, in order."""
        row = self._row(FIRST, kind, key)
        return [self._mine] if row is None else [self._known(other) for other in self._named(row)[:count]]

    def around(self, kind: str, key: int, order: Order, count: int) -> list[Known]:
        """The neighbours of the post among those that have a key."""
        row = self._row(AROUND, kind, key)
        if row is None:
            return []
        others = self._named(row)
        if kind.endswith(" run"):
            said = zip(others, self._said(row, "a"), self._said(row, "b"), self._said(row, "text"), strict=True)
            for other, start, end, text in said:
                value = start, end, text.decode("utf-8", "surrogatepass")
                self._first_values[(other, "", 0), kind.removesuffix(" run")] = value
        return list(map(self._known, others, self._said(row, "c")))

    def sampled(self, key: int, order: Order, count: int) -> list[tuple[Known, int, int]]:
        """The neighbours of the post under a sampled key, with the paragraph that has it, and its words."""
        row = self._row(AROUND, "sample", key << SAMPLE_SHIFT)
        if row is None:
            return []
        return list(zip(map(self._known, self._named(row)), self._said(row, "a"), self._said(row, "b"), strict=True))

    def alike(self, known: Known, facts: OnePost, resemblance: float) -> list[tuple[Known, int]]:
        """The posts next to it in a band that may resemble it as much, and in how many slots they agree."""
        found = []
        for (role, _, other), row in self._rows.items():
            if role == ALIKE and self._mail is not None:
                agreeing, filled = divmod(self._mail.df[row], 256)
                if likely(agreeing, filled, resemblance):
                    found.append((self._known(other), agreeing))
        return found

    def same_body(self, key: int, min_words: int) -> SameBody | None:
        """The posts of at least so many words that have a body; None where there are not two."""
        kind = f"body {min_words}"
        row = self._row(FIRST, kind, key)
        if row is None:
            return None
        original, *first = map(self._known, self._named(row))
        self.related(self._mine, original)
        return SameBody(self.df(kind, key), original, first)

    def witness(self, kind: str, key: int, post: Known, count: int) -> Known | None:
        """The first unrelated post that has a key, of the first few that have it."""
        row = self._row(FIRST, kind, key)
        # Asked of every sentence: no more of the first posts are looked at than have to be.
        if row is None:
            return None
        numbers = self._named(row)[:count]
        found = next((other for other in map(self._known, numbers) if not self.related(post, other)), None)
        if found is not None and found.order[0] not in self._letters:
            self._expect(numbers)
        return found

    # View counts

    def outlier(self, known: Known, views: float, options: Options) -> dict[str, object] | None:
        """The values of a finding where a post's view count is far above all others."""
        return self._of_views("view_outlier", known, options)

    def uncounted(self, known: Known, options: Options) -> dict[str, object] | None:
        """The values of a finding at the first post that has a view count, where nobody seems to have counted."""
        return self._of_views("view_distribution", known, options)

    def _of_views(self, check: str, known: Known, options: Options) -> dict[str, object] | None:
        wanted = check, dict(options), known.order[0]
        found = (one.values for one in self._job.views if (one.check, dict(one.options), one.post) == wanted)
        return next(found, None)

    # Other posts

    def _known(self, number: int, sentences: int = 0) -> Known:
        known = self._met.get(number)
        if known is None:
            letter = self._letters.get(number)
            known = self._met[number] = letter.known if letter is not None else stranger(number)
        if sentences:
            known.sentences = sentences
        return known

    def _letter(self, post: Known) -> Letter | None:
        number = post.order[0]
        letter = self._letters.get(number)
        if letter is None:
            self.asked.setdefault(number, False)
        return letter

    def related(self, first: Known, second: Known) -> bool:
        """Whether two posts are one, or alike by right; of one that is not known yet it is not said."""
        if first.order == second.order:
            return True
        if self._letter(second) is None:
            return False
        return alike_by_right(first.likeness, second.likeness, self._likeness)

    def expect(self, others: Sequence[Known]) -> None:
        """Some posts, best first, may be asked about: all that come behind a related one are, at once."""
        self._expect([other.order[0] for other in others])

    def _expect(self, numbers: Sequence[int]) -> None:
        # Where one of a series stands, others do: to ask about one at a time would take as many rounds.
        known = (self._letters[number].known for number in numbers if number in self._letters)
        if any(alike_by_right(self._mine.likeness, other.likeness, self._likeness) for other in known):
            unknown = (number for number in dict.fromkeys(numbers) if number not in self._letters)
            for number in islice(unknown, EXPECTED):
                if number != self._mine.order[0]:
                    self.asked.setdefault(number, False)

    def anchor(self, other: Known) -> Place:
        """Where another post as a whole is shown."""
        letter = self._letter(other)
        return Place(other.path, other.number, *(letter.anchor if letter is not None else (0, 0)))

    def first_place(self, other: Known, kind: str, key: int) -> Place:
        """Where what has a key first stands in another post."""
        row = self._row(FIRST, kind, key)
        assert row is not None
        self._letter(other)
        place = self._named(row).index(other.order[0])
        return Place(other.path, other.number, self._said(row, "a")[place], self._said(row, "b")[place])

    def first_value(self, other: Known, kind: str) -> tuple[Place, str]:
        """The place and text of another post's first value of a kind."""
        start, end, text = self._first_values[other.order, kind]
        return Place(other.path, other.number, start, end), text

    def facts(self, post: Known) -> Other:
        """What another post consists of."""
        letter = self._letters.get(post.order[0])
        if letter is not None and letter.body is not None:
            return letter.body
        self.asked[post.order[0]] = True
        return Unread()

    def unanswered(self) -> Iterator[tuple[int, int, bool]]:
        """Rows of asks: the post, the other, and whether its paragraphs are asked for, too."""
        for other, with_body in self.asked.items():
            yield self._mine.order[0], other, with_body
