"""Check: what the reader of a file could not make sense of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from postlint.needs import Guarded, Needs
from postlint.patterns import compiled
from postlint.post import Post
from postlint.rules import Inspect, Options
from postlint.violations import Finding


def bind(options: Options, as_of: date) -> Inspect:
    """Values: those of the reader, `reason` among them. The parameter `kind` says which problems."""
    kind = options["kind"]
    templates = compiled(options.get("template-paths", "$^"), re.IGNORECASE, "template-paths: ")

    def inspect(post: Post) -> Iterator[Finding]:
        for problem in post.problems:
            if problem.kind == kind and not templates.search(post.path):
                yield Finding(problem.start, problem.end, problem.values)

    return Guarded(inspect, Needs(problems=True))
