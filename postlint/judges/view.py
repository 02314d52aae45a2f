"""What a judge may ask of the posts of a corpus; who answers is `index/view.py`, or `spark/view.py`.

Every question is about the post that is judged and bounded: so many first posts, so many neighbours. What is not asked
here a judge does not know.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from postlint.index.catalog import Known, Order
from postlint.index.one_post import OnePost, Segment
from postlint.post import Block
from postlint.rules import Options
from postlint.violations import Place


class SameBody(NamedTuple):
    """The posts that have one body."""

    posts: int
    original: Known
    """The one that the others are said to repeat."""
    first: Sequence[Known]
    """The first few of them, in order."""


class Other(Protocol):
    """The facts of another post, as far as they are compared with those of the one that is judged."""

    @property
    def body_key(self) -> int:
        """See `OnePost`."""

    @property
    def blocks(self) -> Sequence[Block]:
        """Its paragraphs."""

    @property
    def paragraphs(self) -> Sequence[Segment]:
        """The places of these."""

    @property
    def distinct_shingles(self) -> frozenset[int]:
        """The shingles of all paragraphs, each once."""

    def shingles(self, paragraph: int) -> Sequence[int]:
        """The shingles of a paragraph."""


class View(Protocol):
    """All posts of a corpus, as far as they are asked for."""

    @property
    def posts(self) -> int:
        """How many there are."""

    def formats(self, name: str) -> tuple[int, int]:
        """How many posts have a format, and how many of these have meta."""

    def df(self, kind: str, key: int) -> int:
        """Document frequency: how many posts have a key."""

    def first(self, kind: str, key: int, count: int) -> Sequence[Known]:
        """The first posts that have a key, in order."""

    def around(self, kind: str, key: int, order: Order, count: int) -> Sequence[Known]:
        """Of the posts that have a key the last few before a place in the order of posts, and the first few after."""

    def sampled(self, key: int, order: Order, count: int) -> Sequence[tuple[Known, int, int]]:
        """The same for a sampled key of a paragraph, of each post the first paragraph that has it, and its words."""

    def alike(self, known: Known, facts: OnePost, resemblance: float) -> Sequence[tuple[Known, int]]:
        """The posts that stand next to one in the order of a band and may resemble it as much, and in how many slots
        their sketches agree."""

    def same_body(self, key: int, min_words: int) -> SameBody | None:
        """The posts of at least so many words that have a body; None where there are not two."""

    def witness(self, kind: str, key: int, post: Known, count: int) -> Known | None:
        """The first unrelated post that has a key, of the first few that have it."""

    def related(self, first: Known, second: Known) -> bool:
        """Whether two posts are one, or alike by right."""

    def expect(self, others: Sequence[Known]) -> None:
        """Some posts, best first, may be asked about: whether they are related, as far as one is that comes before."""

    def first_place(self, other: Known, kind: str, key: int) -> Place:
        """Where what has a key first stands in another post; a sentence stands where its paragraph does."""

    def first_value(self, other: Known, kind: str) -> tuple[Place, str]:
        """The place and text of another post's first value of a kind that is compared by runs of words."""

    def anchor(self, other: Known) -> Place:
        """Where another post as a whole is shown."""

    def facts(self, post: Known) -> Other:
        """What another post consists of."""

    def outlier(self, known: Known, views: float, options: Options) -> dict[str, object] | None:
        """The values of a finding where a post's view count is far above all others."""

    def uncounted(self, known: Known, options: Options) -> dict[str, object] | None:
        """The values of a finding at the first post that has a view count, where nobody seems to have counted."""
