"""A corpus as one post sees it: who else has a key, who stands next to it; the index, and what has changed since.

What has changed is in memory, post by post; what it replaces is passed over. Posts have one order, that of path and
number, whether they are in the index or not.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from heapq import merge
from itertools import islice
from typing import NamedTuple

from postlint.index.catalog import Known, Order, representative
from postlint.index.index import Index
from postlint.index.keys import SAMPLE_SHIFT, SEGMENTS
from postlint.index.one_post import OnePost, Segment, Value
from postlint.index.postings import Holders
from postlint.judges.view import SameBody
from postlint.likeness import alike_by_right
from postlint.limits import WITNESSES
from postlint.rules import Options
from postlint.sketch_layout import KEY_SHIFT, WINDOW, likely
from postlint.sketch_one import agreement, low_bytes, sort_keys
from postlint.violations import Place

ReadPosts = Callable[[Known], OnePost]
"""A post of the corpus to its facts, its file read anew."""


class Fresh(NamedTuple):
    """A post that is not as the index has it, or not in it."""

    known: Known
    keys: Sequence[tuple[str, int]]
    """Kind and key of its postings, each once."""
    facts: OnePost | None = None
    """What it consists of, where that is known already."""


class View:
    """All posts of a corpus, as far as they are asked for."""

    def __init__(
        self,
        index: Index,
        gone: Iterable[int],
        fresh: Iterable[Fresh],
        read: ReadPosts,
        likeness: Iterable[str],
    ) -> None:
        self.index = index
        self._catalog = index.catalog
        self._postings = index.postings
        self._gone = frozenset(gone)
        self._fresh: dict[tuple[str, int], list[Known]] = {}
        self._bands: dict[int, list[tuple[int, Known]]] = {}
        self._read = read
        self._likeness = frozenset(likeness)
        self._facts: dict[Order, OnePost] = {}
        self._views: list[tuple[Order, str]] | None = None
        self.posts = index.catalog.count - len(self._gone)
        """How many there are."""
        self.changed: list[Known] = []
        """The posts that are not in the index as they are."""
        for post in fresh:
            self.posts += 1
            self.changed.append(post.known)
            if post.facts is not None:
                self._facts[post.known.order] = post.facts
            for kind, key in post.keys:
                self._fresh.setdefault((kind, key), []).append(post.known)
                if kind == "band":
                    self._bands.setdefault(key >> KEY_SHIFT, []).append((key, post.known))
        for posts in self._fresh.values():
            posts.sort(key=_order)

    def formats(self, name: str) -> tuple[int, int]:
        """How many posts have a format, and how many of these have meta."""
        total, having = self._catalog.formats.get(name, (0, 0))
        for change, posts in ((-1, map(self._catalog.post, self._gone)), (1, self.changed)):
            for post in posts:
                if post.format == name:
                    total += change
                    having += change * post.has_meta
        return total, having

    # Who has a key

    def is_gone(self, number: int) -> bool:
        """Whether a post of the index is not what it was."""
        return number in self._gone

    def df(self, kind: str, key: int) -> int:
        """Document frequency: how many posts have a key."""
        holders = self._postings(kind).holders(key)
        return len(holders) - self._gone_among(holders) + len(self._fresh.get((kind, key), ()))

    def _gone_among(self, holders: Holders) -> int:
        if len(holders) < len(self._gone):
            return sum(holders[place] in self._gone for place in range(len(holders)))
        return sum((place := holders.place(post)) < len(holders) and holders[place] == post for post in self._gone)

    def first(self, kind: str, key: int, count: int) -> list[Known]:
        """The first posts that have a key, in order."""
        holders = self._postings(kind).holders(key)
        indexed = (
            self._catalog.post(number)
            for number in (holders[place] for place in range(len(holders)))
            if number not in self._gone
        )
        return list(islice(merge(indexed, self._fresh.get((kind, key), ()), key=_order), count))

    def around(self, kind: str, key: int, order: Order, count: int) -> list[Known]:
        """Of the posts that have a key the last few before a place in the order of posts, and the first few after."""
        holders = self._postings(kind).holders(key)
        fresh = self._fresh.get((kind, key), [])
        mine = bisect_left(fresh, order, key=_order)
        here = mine < len(fresh) and fresh[mine].order == order
        # The post itself has the key, too.
        is_indexed = not order[1]
        before = holders.place(order[0] if is_indexed else order[0] + 1)
        after = before + is_indexed
        left = self._walk(holders, range(before - 1, -1, -1))
        right = self._walk(holders, range(after, len(holders)))
        earlier = merge(left, reversed(fresh[:mine]), key=_order, reverse=True)
        later = merge(right, fresh[mine + here :], key=_order)
        return [*islice(earlier, count), *islice(later, count)]

    def _walk(self, holders: Holders, places: Iterable[int]) -> Iterator[Known]:
        for place in places:
            if holders[place] not in self._gone:
                yield self._catalog.post(holders[place])

    def beside(self, key: int, order: Order, count: int) -> list[Known]:
        """The posts next to one in the order of a band, a few on either side, with the same key of the band."""
        postings = self._postings("band")
        crowd = postings.crowd(key, KEY_SHIFT)
        packed = postings.packed(key)
        fresh = sorted(
            ((postings.packed(other), known.order, known) for other, known in self._bands.get(key >> KEY_SHIFT, ())),
            key=_key_and_order,
        )
        is_indexed = not order[1]
        before = crowd.before(packed, order[0] if is_indexed else order[0] + 1)
        after = before + is_indexed
        mine = bisect_left(fresh, (packed, order), key=_key_and_order)
        here = not is_indexed
        left = self._crowd(crowd, range(before - 1, -1, -1))
        right = self._crowd(crowd, range(after, len(crowd)))
        earlier = merge(left, reversed(fresh[:mine]), key=_key_and_order, reverse=True)
        later = merge(right, fresh[mine + here :], key=_key_and_order)
        return [known for _, _, known in (*islice(earlier, count), *islice(later, count))]

    def _crowd(self, crowd: Holders, places: Iterable[int]) -> Iterator[tuple[int, Order, Known]]:
        for place in places:
            if crowd[place] not in self._gone:
                known = self._catalog.post(crowd[place])
                yield crowd.packed(place), known.order, known

    def sampled(self, key: int, order: Order, count: int) -> list[tuple[Known, int, int]]:
        """The neighbours of a post under a sampled key, of each the first paragraph that has it, and its words."""
        found = []
        for post in self.around("sample", key << SAMPLE_SHIFT, order, count):
            facts = self.facts(post)
            row = facts.first_sampled[key]
            found.append((post, row, facts.paragraphs[row].size))
        return found

    def alike(self, known: Known, facts: OnePost, resemblance: float) -> list[tuple[Known, int]]:
        """The posts that stand next to one in the order of a band and may resemble it as much, and in how many slots
        their sketches agree."""
        met: dict[Order, Known] = {}
        for band in sort_keys(facts.sketch):
            if band is not None:
                met.update((post.order, post) for post in self.beside(band, known.order, WINDOW))
        mine = low_bytes(facts.sketch)
        found = []
        for post in met.values():
            agreeing, filled = agreement(mine, post.low)
            if likely(agreeing, filled, resemblance):
                found.append((post, agreeing))
        return found

    def same_body(self, key: int, min_words: int) -> SameBody | None:
        """The posts of at least so many words that have a body; None where there are not two."""
        if self.df("body", key) < 2:
            return None
        members = [post for post in self.first("body", key, self.posts) if post.words >= min_words]
        if len(members) < 2:
            return None
        return SameBody(len(members), representative(members), members[: WITNESSES + 1])

    # View counts

    def outlier(self, known: Known, views: float, options: Options) -> dict[str, object] | None:
        """The values of a finding where a post's view count is far above all others."""
        from postlint.view_counts import outlier

        # Only the largest of all can be one; to know that it is not, a few of the largest are enough.
        if any(more > views for post, more in self.index.top_views if post not in self._gone):
            return None
        counts = self.views()
        found = outlier([text for _, text in counts], options)
        return found[1] if found is not None and counts[found[0]][0] == known.order else None

    def uncounted(self, known: Known, options: Options) -> dict[str, object] | None:
        """The values of a finding at the first post that has a view count, where nobody seems to have counted."""
        if self._has_views_before(known.order):
            return None
        from postlint.view_counts import uncounted

        return uncounted([text for _, text in self.views()], options)

    def _has_views_before(self, order: Order) -> bool:
        first = next(iter(self.index.top_views), None)
        if first is not None and first[0] not in self._gone and (first[0], "", 0) < order:
            return True
        return self.views()[0][0] < order

    def views(self) -> list[tuple[Order, str]]:
        """The view counts of all posts as they are written, in order."""
        if self._views is None:
            indexed = [((post, "", 0), text) for post, text in self.index.views() if post not in self._gone]
            changed = [
                (post.order, values[0].text)
                for post in self.changed
                if (values := self.facts(post).values.get("views"))
            ]
            self._views = sorted([*indexed, *changed])
        return self._views

    # Posts

    def facts(self, post: Known) -> OnePost:
        """The facts of a post; its file is read anew where it is not one of the changed. Raises UnusableError where
        the file is not what was indexed."""
        found = self._facts.get(post.order)
        if found is None:
            found = self._facts[post.order] = self._read(post)
        return found

    def expect(self, others: Sequence[Known]) -> None:
        """Some posts, best first, may be asked about. All are known here."""

    def anchor(self, other: Known) -> Place:
        """Where another post as a whole is shown."""
        return Place(other.path, other.number, *self.facts(other).post.anchor)

    def first_place(self, other: Known, kind: str, key: int) -> Place:
        """Where what has a key first stands in another post; a sentence stands where its paragraph does."""
        facts = self.facts(other)
        found: Segment | Value
        if kind == "sentence":
            found = facts.paragraphs[next(one.paragraph for one in facts.sentences if one.key == key)]
        elif kind in SEGMENTS:
            found = next(segment for segment in facts.segments(kind) if segment.key == key)
        else:
            found = next(value for value in facts.values[kind] if value.key == key)
        return Place(other.path, other.number, found.start, found.end)

    def first_value(self, other: Known, kind: str) -> tuple[Place, str]:
        """The place and text of another post's first value of a kind."""
        found = self.facts(other).values[kind][0]
        return Place(other.path, other.number, found.start, found.end), found.text

    def related(self, first: Known, second: Known) -> bool:
        """Whether two posts are one, or alike by right."""
        return first.order == second.order or alike_by_right(first.likeness, second.likeness, self._likeness)

    def witness(self, kind: str, key: int, post: Known, count: int) -> Known | None:
        """The first unrelated post that has a key, of the first few that have it."""
        return next((other for other in self.first(kind, key, count) if not self.related(post, other)), None)


def _order(post: Known) -> Order:
    return post.order


def _key_and_order(row: tuple[int, Order, Known]) -> tuple[int, Order]:
    return row[0], row[1]
