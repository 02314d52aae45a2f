"""A declared reading time that no reader would need for this body."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from postlint.checks.body_counts import body_counts
from postlint.needs import Guarded, Needs, one_of
from postlint.post import Post
from postlint.rules import Inspect, Options
from postlint.shapes import Shape, count, gives
from postlint.values import parse_minutes
from postlint.violations import Finding

# The usual middle of adults' silent reading of non-fiction, for the time a message proposes.
_USUAL_WORDS_A_MINUTE = 238


_VALUES = "key value words images usual"

SHAPE = Shape(
    scope="post",
    takes={
        "min-wpm": count("Words a minute of the slowest reader."),
        "max-wpm": count("Words a minute of the fastest one."),
        "slack-minutes": count("Minutes for rounding."),
        "image-seconds": {
            "type": "array",
            "items": {"type": "number", "minimum": 0},
            "description": "Seconds for the first image, the second ...",
        },
    },
    gives=gives(text=_VALUES, one_image=_VALUES, images=_VALUES),
)


def bind(options: Options, as_of: date) -> Inspect:
    """`min-wpm` and `max-wpm`, `slack-minutes` for rounding, `image-seconds` of the first, second ... image."""
    slowest, fastest = options["min-wpm"], options["max-wpm"]
    slack, seconds = options["slack-minutes"], options["image-seconds"]

    def inspect(post: Post) -> Iterator[Finding]:
        for entry in post.meta.all("reading_time"):
            declared = parse_minutes(entry.value)
            if declared is None:
                continue
            body = body_counts(post)
            if not body.words:
                return
            later = seconds[-1] * max(body.images - len(seconds), 0) if seconds else 0
            for_images = (sum(seconds[: body.images]) + later) / 60
            # The least is for a tool that skips code, lists and images, the most for one that counts them all.
            least, most = body.prose_words / fastest - slack, body.words / slowest + for_images + slack
            if declared[1] < least or declared[0] > most:
                usual = max(1, round(body.words / _USUAL_WORDS_A_MINUTE + for_images))
                values = {
                    "key": " ".join(entry.key.split()),
                    "value": " ".join(entry.value.split()),
                    "words": body.words,
                    "images": body.images,
                    "usual": usual,
                }
                variant = ("text", "one-image")[body.images] if body.images < 2 else "images"
                yield Finding(entry.start, entry.end, values, variant=variant)

    return Guarded(inspect, Needs(fields=one_of("reading_time")))
