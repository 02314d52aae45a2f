"""A review older than a tool the post says it uses, or than the models that are said to have written it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from postlint.errors import UserError
from postlint.meta import Entry
from postlint.needs import Guarded, Needs
from postlint.post import Post
from postlint.rules import Inspect, Options
from postlint.shapes import Shape, count, gives
from postlint.values import parse_date, parse_flag
from postlint.violations import Finding, Place, Related

_DAY = {"type": "string", "format": "date"}

SHAPE = Shape(
    scope="post",
    takes={
        "technologies": {
            "type": "object",
            "additionalProperties": _DAY,
            "description": "Names and the day each was first seen.",
        },
        "ai-text": {**_DAY, "description": "The day before which no post was flagged as AI-generated."},
        "margin-days": count("Days before it that are allowed."),
    },
    gives=gives("date", "names"),
)


def bind(options: Options, as_of: date) -> Inspect:
    """`technologies`: name -> day first seen; `ai-text`: that of AI text; `margin-days` before it are allowed."""
    margin = options["margin-days"]
    first_seen = {name.casefold(): _day(name, day) for name, day in options["technologies"].items()}
    ai_text = _day("ai-text", options["ai-text"])

    def inspect(post: Post) -> Iterator[Finding]:
        for entry in post.meta.all("reviewed"):
            reviewed = parse_date(entry.value).last
            if reviewed is None:
                continue
            # Free text is never searched: "ruff", "go" and "react" are words. A list of tools means the tools.
            later: dict[str, tuple[date, Entry]] = {}
            for tool in (*post.meta.all("tools"), *post.meta.all("stack")):
                name = tool.value.strip()
                seen = first_seen.get(name.casefold())
                if seen is not None and (seen - reviewed).days > margin:
                    later.setdefault(name, (seen, tool))
            for flag in post.meta.all("ai_generated"):
                if parse_flag(flag.value) and (ai_text - reviewed).days > margin:
                    later.setdefault(" ".join(flag.key.split()), (ai_text, flag))
            if later:
                names = [f"{name} ({seen})" for name, (seen, _) in later.items()]
                related = tuple(
                    Related(Place(post.path, post.number, found.start, found.end), "newer than the review")
                    for _, found in later.values()
                )
                yield Finding(entry.start, entry.end, {"date": reviewed, "names": names}, related)

    return Guarded(
        inspect, Needs(fields=frozenset(frozenset({"reviewed", other}) for other in ("tools", "stack", "ai_generated")))
    )


def _day(name: str, value: object) -> date:
    """A day as an option gives it: YAML and TOML make dates of some, quotes keep others text."""
    found = value if isinstance(value, date) else parse_date(str(value)).first
    if found is None:
        raise UserError(f'the day of "{name}" is no date: {value}')
    return found
