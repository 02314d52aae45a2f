"""Check: an image at a signed address that stops working at a time the address itself says."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta

from postlint.addresses import host_matcher, parameters, parse_address
from postlint.needs import Guarded, Needs
from postlint.post import Post
from postlint.rules import Inspect, Options
from postlint.shapes import Shape, count, gives, words
from postlint.violations import Finding

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Expiry = Callable[[Mapping[str, str]], date | None]


def _after(prefix: str) -> Expiry:
    def expiry(query: Mapping[str, str]) -> date | None:
        seconds = query[f"{prefix}-expires"]
        if not (seconds.isascii() and seconds.isdigit() and len(seconds) < 10):
            return None
        try:
            signed = datetime.strptime(query.get(f"{prefix}-date", ""), "%Y%m%dT%H%M%SZ")
            return (signed + timedelta(seconds=int(seconds))).date()
        except (ValueError, OverflowError):
            return None

    return expiry


def _unix(name: str, base: int) -> Expiry:
    def expiry(query: Mapping[str, str]) -> date | None:
        try:
            return (_EPOCH + timedelta(seconds=int(query[name], base))).date()
        except (ValueError, OverflowError):
            return None

    return expiry


def _azure(query: Mapping[str, str]) -> date | None:
    try:
        return date.fromisoformat(query["se"][:10])
    except ValueError:
        return None


# Who signs with which parameters, all of which must be there, and how the expiry is read from them.
_SIGNERS: tuple[tuple[str, frozenset[str], Expiry], ...] = (
    ("Azure", frozenset({"se", "sig"}), _azure),
    ("Amazon S3", frozenset({"x-amz-expires", "x-amz-signature"}), _after("x-amz")),
    ("Google Cloud Storage", frozenset({"x-goog-expires", "x-goog-signature"}), _after("x-goog")),
    ("Amazon S3", frozenset({"awsaccesskeyid", "expires", "signature"}), _unix("expires", 10)),
    ("Google Cloud Storage", frozenset({"googleaccessid", "expires", "signature"}), _unix("expires", 10)),
    ("CloudFront", frozenset({"key-pair-id", "expires", "signature"}), _unix("expires", 10)),
    ("Discord", frozenset({"ex", "is", "hm"}), _unix("ex", 16)),
)


SHAPE = Shape(
    scope="post",
    takes={
        "hosts": words("Hosts whose addresses are short-lived."),
        "within-days": count("Days in which an address expires."),
    },
    gives=gives(expired="service expiry", expiring="service expiry", unsaid="service expiry"),
)


def bind(options: Options, as_of: date) -> Inspect:
    """Values: `service` and `expiry`. Variants: "expired", "expiring", and "unsaid" where no time can be read."""
    is_short_lived = host_matcher(options["hosts"])
    latest = as_of + timedelta(days=min(options["within-days"], (date.max - as_of).days))

    def inspect(post: Post) -> Iterator[Finding]:
        for image in post.images:
            if image.url is None:
                continue
            address = parse_address(image.url.value)
            if not address.host:
                continue
            service, expiry = "", None
            if "=" in address.query:
                query = parameters(address.query)
                for name, needed, read in _SIGNERS:
                    if needed <= query.keys():
                        service, expiry = name, read(query)
                        break
            if not service:
                if is_short_lived(address) is None:
                    continue
                service = address.host
            if expiry is not None and expiry > latest:
                continue
            variant = "unsaid" if expiry is None else "expired" if expiry < as_of else "expiring"
            values = {"service": service, "expiry": expiry.isoformat() if expiry else ""}
            yield Finding(image.url.start, image.url.end, values, variant=variant)

    return Guarded(inspect, Needs(images=True))
