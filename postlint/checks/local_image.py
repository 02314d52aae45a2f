"""Check: an image whose address means a place on one machine or inside one network."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from ipaddress import AddressValueError, IPv4Address, IPv6Address

from postlint.addresses import Address, host_matcher, parse_address
from postlint.needs import Guarded, Needs
from postlint.post import Post
from postlint.rules import Inspect, Options
from postlint.shapes import Shape, gives, optional, words
from postlint.violations import Finding

_DRIVE = re.compile(r"[A-Za-z]:[\\/]|\\\\[\w.-]+\\")
# `/home/hero.png` and `/users/42.png` are paths of real sites; a person's folder of documents is not.
_HOME = re.compile(r"/Users/[^/]+/[^/]+|(?:/home/[^/]+|~)/(?:Desktop|Downloads|Documents|Pictures|projects?|src|tmp)/")


SHAPE = Shape(
    scope="post",
    takes={
        "hosts": words("Hosts; a host means its subdomains too."),
        "extra-hosts": optional(words("More hosts."), []),
        "allow-hosts": optional(words("Hosts that are no matter."), []),
    },
    gives=gives(host="where", path="where"),
)


def bind(options: Options, as_of: date) -> Inspect:
    """Values: `where`, the host or path that only one machine knows. Variants: "host" and "path"."""
    is_local = host_matcher([*options["hosts"], *options["extra-hosts"]], options["allow-hosts"])

    def inspect(post: Post) -> Iterator[Finding]:
        for image in post.images:
            if image.url is None:
                continue
            url = image.url.value.strip()
            address = parse_address(url)
            if address.scheme == "file" or _DRIVE.match(url) or (not address.host and _HOME.match(address.path)):
                yield Finding(image.url.start, image.url.end, {"where": url}, variant="path")
            elif address.host and (is_local(address) is not None or _is_private(address)):
                yield Finding(image.url.start, image.url.end, {"where": address.host}, variant="host")

    return Guarded(inspect, Needs(images=True))


def _is_private(address: Address) -> bool:
    host = address.host
    if not (host[0].isdigit() or ":" in host):
        return False
    try:
        number = IPv6Address(host) if ":" in host else IPv4Address(host)
    except AddressValueError:
        return False
    # The ranges reserved for documentation are "private" to ipaddress; nobody has a picture there either.
    return number.is_private or number.is_loopback or number.is_link_local
