"""Check: an image tag without an alt attribute."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from postlint.needs import Guarded, Needs
from postlint.post import Post
from postlint.rules import Inspect, Options
from postlint.shapes import Shape, optional, switch
from postlint.tags import attributes
from postlint.violations import Finding

_HIDDEN = frozenset({"presentation", "none"})


SHAPE = Shape(
    scope="post",
    takes={
        "markdown-empty-alt": optional(switch("Whether `![](x)` counts."), False),
    },
)


def bind(options: Options, as_of: date) -> Inspect:
    """No values. Markdown's `![](x)` counts only with the option `markdown-empty-alt`."""
    with_markdown = options["markdown-empty-alt"]

    def inspect(post: Post) -> Iterator[Finding]:
        for image in post.images:
            if image.origin != "body" or image.url is None or (image.alt is not None and image.alt.value.strip()):
                continue
            tag = attributes(post, image)
            if tag is None:
                missing = with_markdown and post.source.startswith("!", image.start)
            else:
                names = {"alt", ":alt", "aria-label", "aria-labelledby"}
                missing = names.isdisjoint(tag) and tag.get("role") not in _HIDDEN and tag.get("aria-hidden") != "true"
            if missing:
                yield Finding(image.start, image.end)

    return Guarded(inspect, Needs(images=True))
