"""Check: an image whose address is on one of the hosts listed."""

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
        "hosts": words("Hosts; a host means its subdomains too."),
        "extra-hosts": optional(words("More hosts."), []),
        "allow-hosts": optional(words("Hosts that are no matter."), []),
    },
    gives=gives("host", "service", "origin"),
)


def bind(options: Options, as_of: date) -> Inspect:
    """Values: `host` as the address has it, `service` as the list has it, `origin` ("body" or "meta")."""
    service_of = host_matcher([*options["hosts"], *options["extra-hosts"]], options["allow-hosts"])

    def inspect(post: Post) -> Iterator[Finding]:
        for image in post.images:
            if image.url is None:
                continue
            address = parse_address(image.url.value)
            service = service_of(address)
            if service is not None:
                values = {"host": address.host, "service": service, "origin": image.origin}
                yield Finding(image.url.start, image.url.end, values)

    return Guarded(inspect, Needs(images=True))
