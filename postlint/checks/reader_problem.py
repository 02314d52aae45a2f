"""Check: what the reader of a file could not make sense of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from postlint.needs import Guarded, Needs
from postlint.patterns import compiled
from postlint.post import Post
from postlint.rules import Inspect, Options
from postlint.shapes import Gives, Shape, choice, gives, optional, pattern
from postlint.violations import Finding


def _gives(parameters: Options) -> Gives:
    malformed = parameters.get("kind") == "malformed-front-matter"
    return gives("reason", "format") if malformed else gives("reason")


SHAPE = Shape(
    scope="post",
    takes={
        "kind": choice("What the reader could not make sense of.", "unreadable", "malformed-front-matter"),
        "template-paths": optional(pattern("Paths of files that are templates."), "$^"),
    },
    gives=_gives,
)


def bind(options: Options, as_of: date) -> Inspect:
    """Values: those of the reader, `reason` among them. The parameter `kind` says which problems."""
    kind = options["kind"]
    templates = compiled(options.get("template-paths", "$^"), re.IGNORECASE, "template-paths: ")

    def inspect(post: Post) -> Iterator[Finding]:
        for problem in post.problems:
            if problem.kind == kind and not templates.search(post.path):
                yield Finding(problem.start, problem.end, problem.values)

    return Guarded(inspect, Needs(problems=True))
