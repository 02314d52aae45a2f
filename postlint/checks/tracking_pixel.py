"""Check: an image that nobody is meant to see: one pixel of another host, or the address of a known counter."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from postlint.addresses import host_matcher, parse_address
from postlint.checks.whole_page import is_whole_page
from postlint.needs import Guarded, Needs
from postlint.post import Post
from postlint.rules import Inspect, Options
from postlint.shapes import Shape, gives, optional, words
from postlint.tags import attributes
from postlint.violations import Finding

_TINY = re.compile(r"0*[01](?:px)?")
_SPACER = re.compile(r"(?:spacer|blank|transparent|clear|trans)\b", re.IGNORECASE)


SHAPE = Shape(
    scope="post",
    takes={
        "counters": words("Hosts, with paths, of known counters."),
        "extra-counters": optional(words("More of them."), []),
        "allow-hosts": optional(words("Hosts that are no matter."), []),
    },
    gives=gives(known="host", tiny="host"),
)


def bind(options: Options, as_of: date) -> Inspect:
    """Values: `host`. Variants: "known" for a listed counter, "tiny" for an image of one pixel."""
    counter_of = host_matcher([*options["counters"], *options["extra-counters"]], options["allow-hosts"])
    is_allowed = host_matcher(options["allow-hosts"])

    def inspect(post: Post) -> Iterator[Finding]:
        if is_whole_page(post):
            # The site counts its readers there, and royalties are paid by it.
            return
        for image in post.images:
            if image.url is None or image.origin != "body":
                continue
            address = parse_address(image.url.value)
            if not address.host or is_allowed(address) is not None:
                continue
            if counter_of(address) is not None:
                yield Finding(image.url.start, image.url.end, {"host": address.host}, variant="known")
                continue
            tag = attributes(post, image)
            if tag is None or _SPACER.search(address.path.rpartition("/")[2]):
                continue
            if _TINY.fullmatch(tag.get("width", "").strip()) and _TINY.fullmatch(tag.get("height", "").strip()):
                yield Finding(image.url.start, image.url.end, {"host": address.host}, variant="tiny")

    return Guarded(inspect, Needs(images=True))
