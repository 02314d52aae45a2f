"""Check: an image that is fetched without encryption."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from postlint.addresses import host_matcher, parse_address
from postlint.needs import Guarded, Needs
from postlint.post import Post
from postlint.rules import Inspect, Options
from postlint.shapes import Shape, gives, optional, words
from postlint.violations import Finding

SHAPE = Shape(
    scope="post",
    takes={
        "allow-hosts": optional(words("Hosts that are no matter."), []),
    },
    gives=gives("host"),
)


def bind(options: Options, as_of: date) -> Inspect:
    """Values: `host`."""
    is_allowed = host_matcher(options["allow-hosts"])

    def inspect(post: Post) -> Iterator[Finding]:
        for image in post.images:
            if image.url is None:
                continue
            address = parse_address(image.url.value)
            if address.scheme == "http" and address.host and is_allowed(address) is None:
                yield Finding(image.url.start, image.url.end, {"host": address.host})

    return Guarded(inspect, Needs(images=True))
