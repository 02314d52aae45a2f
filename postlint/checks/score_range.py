"""Scores outside their scale, or that are no scores at all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from postlint.checks.conditions import is_empty
from postlint.meta import Entry, fold_key
from postlint.needs import Guarded, Needs, one_of
from postlint.post import Post
from postlint.rules import Inspect, Options
from postlint.shapes import Shape, gives, number
from postlint.values import parse_number
from postlint.violations import Finding

_OUT_OF = re.compile(r"\s*-?[0-9]+(?:[.,][0-9]+)?\s*(?:/|out of)\s*([0-9]+)\s*")
# `1080p` and `300 m` are measures of something else.
_PLAIN = re.compile(r"\s*[-+\u2212]?[0-9][0-9.,_]*\s*(?:points?|pts?\.?)?\s*", re.IGNORECASE)
_PERCENT = re.compile(r"\s*-?[0-9.]+\s*%\s*")
_GRADE = re.compile(
    r"[a-f][+-]?|(?:very )?(?:low|medium|moderate|high|good|fair|poor|bad|ok|okay|great|excellent)|average|pass(?:ed)?"
    r"|fail(?:ed)?|pending|unknown|n/?a|not (?:rated|scored|available)|unrated|green|amber|yellow|orange|red"
)
_TEMPLATE = re.compile(r"\{\{|\{%|<%|\$\{")


SHAPE = Shape(
    scope="post",
    takes={
        "min": number("The lowest score."),
        "max": number("The highest score."),
    },
    gives=gives(out_of_range="key value min max", not_a_number="key value min max"),
)


def bind(options: Options, as_of: date) -> Inspect:
    """`min` and `max` of the scale, unless a score names its own (`4/5`)."""
    least, most = options["min"], options["max"]

    def inspect(post: Post) -> Iterator[Finding]:
        for entry in post.meta.all("score"):
            if is_empty(entry) or _TEMPLATE.search(entry.value):
                continue
            values = {"key": " ".join(entry.key.split()), "value": entry.value, "min": least, "max": most}
            number = parse_number(entry.value)
            if number is None:
                if _is_no_score(entry):
                    yield Finding(entry.start, entry.end, values, variant="not-a-number")
                continue
            scale = _OUT_OF.fullmatch(entry.value)
            if scale:
                values.update(min=0, max=int(scale[1]))
            elif _PERCENT.fullmatch(entry.value):
                values.update(min=0, max=100)
            elif not _PLAIN.fullmatch(entry.value):
                continue
            low, high = values["min"], values["max"]
            if not low <= number <= high:
                yield Finding(entry.start, entry.end, values, variant="out-of-range")

    return Guarded(inspect, Needs(fields=one_of("score")))


def _is_no_score(entry: Entry) -> bool:
    """Whether a value without a number can't be a score: `quality: high` and `score: B+` can."""
    if not any("score" in fold_key(part) for part in entry.path if isinstance(part, str)):
        return False
    value = entry.value.strip().casefold()
    return value.isascii() and any(letter.isalpha() for letter in value) and not _GRADE.fullmatch(value)
