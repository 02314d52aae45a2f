"""A declared number of words or paragraphs that the body does not have, however they are counted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from postlint.checks.body_counts import body_counts
from postlint.checks.whole_page import is_whole_page
from postlint.errors import UserError
from postlint.needs import Guarded, Needs, one_of
from postlint.post import Post
from postlint.rules import Inspect, Options
from postlint.shapes import Shape, choice, count, gives, share
from postlint.values import parse_number
from postlint.violations import Finding

SHAPE = Shape(
    scope="post",
    takes={
        "field": choice("The field of the meta.", "word_count", "paragraph_count"),
        "tolerance": count("The number may be off by this much."),
        "ratio": share("The number may be off by this share."),
    },
    gives=gives("key", "declared", "found"),
)


def bind(options: Options, as_of: date) -> Inspect:
    """`field` is word_count or paragraph_count; off by more than `tolerance` and more than the share `ratio`."""
    field = options["field"]
    if field not in ("word_count", "paragraph_count"):
        raise UserError(f'with: "field" is word_count or paragraph_count, not {field!r}')
    tolerance, ratio = options["tolerance"], options["ratio"]

    def inspect(post: Post) -> Iterator[Finding]:
        for entry in post.meta.all(field):
            # A list under this key holds words or paragraphs, not their number.
            if isinstance(entry.path[-1], int):
                continue
            declared = parse_number(entry.value)
            if declared is None:
                continue
            if is_whole_page(post):
                # Its site may count what stands around the text, or what only subscribers see.
                return
            body = body_counts(post)
            least, most = (body.prose_words, body.words) if field == "word_count" else (body.paragraphs, body.pieces)
            nearest = min(max(declared, least), most)
            off = abs(declared - nearest)
            if most and off > tolerance and off > ratio * nearest:
                yield Finding(
                    entry.start,
                    entry.end,
                    {"key": " ".join(entry.key.split()), "declared": round(declared), "found": round(nearest)},
                )

    return Guarded(inspect, Needs(fields=one_of(field)))
