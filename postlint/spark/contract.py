"""The rows that pass between the steps of a job, and what is asked of keys. Every stage that is kept is one of these.

A post is a number: the rank of its file among all in order of path, and below `NUMBER_BITS` its number in the file. So
numbers are in the order of posts, and no matter of partitions.
"""

from __future__ import annotations

from postlint.index.keys import POSTINGS
from postlint.limits import LOOKED_AT, OCCURRENCES, WITNESSES
from postlint.rows import MEASURES
from postlint.samples import WINDOW as SAMPLE_WINDOW
from postlint.sketch_layout import SENTENCE_WINDOW

NUMBER_BITS = 24
"""A file holds at most 16 million posts."""
PART = 100
"""Posts of a file that are read at a time."""

PARTS = "part bigint, path binary, first int, last int, size bigint, stamp bigint, content binary"
"""Some posts of a file. `part` is the number of the first of them; `last` is left out of them, null for the last there
is. `content` is that of the file; null where workers open it: it has `size` bytes then, and was last written at `stamp`
(nanoseconds)."""

POSTINGS_ROW = "kind tinyint, key bigint, more bigint, post bigint, a int, b int, c int, text binary"
"""Kind and key under which a post stands, once each, and what others that look it up there learn of it:

- sentences: the place of the paragraph (a, b), and how many sentences the post has (c);
- segments and values: the place (a, b);
- samples: the number (a) and the words (b) of the paragraph;
- runs of values: the place (a, b) and the text of the value;
- bodies: the day of publishing (a).

`more` is the rest of the key where 64 bits would not do: of paragraphs and sentences. In a band it is where the post
stands in its order.
"""

MAIL = (
    "post bigint, role tinyint, kind tinyint, key bigint, df bigint, others array<bigint>, a array<int>, b array<int>,"
    " c array<int>, text array<binary>"
)
"""What a post learns of one of its keys: how many posts have it (df), and of some of these what their postings say."""
FIRST, AROUND, ALIKE = 0, 1, 2
"""Roles of mail: the first posts that have the key; the neighbours in the order of posts; and, with the number of
another post as the key, in how many slots two sketches agree, `df` being that times 256 plus the slots filled."""

JUDGED = "kind tinyint, post bigint, other bigint, number bigint, value double, text string"
"""What comes of judging posts; see the kinds."""
VIOLATION, ASK, PAIR, COUNT = 0, 1, 2, 3
"""Kinds of what is judged. A violation: the post, its place among those of the post (number), all of it as JSON (text).
An ask: the post, the other that it must know more of, and whether its paragraphs, too (number). A pair: two posts that
resemble each other, and how much (value). A count: its name (text), and how many (number)."""

ANSWERS = (
    "other bigint, about string, lines binary, body_key bigint, paragraphs binary, counts binary, shingles binary,"
    " texts binary"
)
"""Another post: what is to be known of it (JSON), the offsets of its rows (int32). Where its paragraphs are asked for,
too: its body's key, start, end and bytes of text of each (int32), how many shingles each has (int32), these (uint64),
and the texts end to end; all little-endian."""

EXACT = tuple(kind for kind in POSTINGS if kind not in ("body", "sample", "band") and not kind.endswith(" run"))
"""The kinds whose keys say that something is the same."""
POST, VIEWS, LOW = "post", "views", "low"
"""Kinds that nobody looks up: a post's format (text) and whether it has meta (a), its view count as it is written, and
the low bytes of its sketch."""
assert VIEWS in MEASURES


def kinds_of(min_words: tuple[int, ...]) -> tuple[str, ...]:
    """All kinds of postings in the order of their numbers; bodies stand apart by the words that they must have."""
    bodies = (f"body {words}" for words in min_words)
    return (POST, VIEWS, LOW, *(kind for kind in POSTINGS if kind != "body"), *bodies)


def firsts_of(kind: str) -> int:
    """How many of the first posts that have a key of a kind are looked at."""
    if kind == "sentence":
        return LOOKED_AT
    if kind == "minute":
        return OCCURRENCES + 1
    if kind in EXACT or kind.startswith("body"):
        return WITNESSES + 1
    return 0


def window_of(kind: str) -> int:
    """How many neighbours on either side are looked at of the posts that have a key of a kind."""
    if kind == "sentence":
        return SENTENCE_WINDOW
    return SAMPLE_WINDOW if kind == "sample" or kind.endswith(" run") else 0
