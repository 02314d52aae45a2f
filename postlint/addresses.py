"""The parts of an address, read as a browser reads them, and matching of hosts by their labels."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote

from postlint.lazy_pattern import lazy_pattern


class Address(NamedTuple):
    """An address taken apart. What it does not have is "": a relative path has neither scheme nor host.

    The host is in lower case and punycode, without user, port and final dot; an IPv6 host has no brackets. The path
    keeps its case and escapes; the query has no `?`, the fragment is left out.
    """

    scheme: str
    host: str
    path: str
    query: str


_SCHEME = lazy_pattern(r"([A-Za-z][A-Za-z0-9+.-]+):")
_LINE_BREAKS = str.maketrans("", "", "\t\r\n")
# Data addresses can be megabytes; a cache would hold on to them.
_LONGEST_CACHED = 2000
# A name has 253 characters at most; escaped, each can take nine more.
_LONGEST_HOST = 2530
_WEB = frozenset({"", "http", "https", "ftp", "ws", "wss"})


def parse_address(text: str) -> Address:
    """The parts of an address. Never raises: what can't be a host is no host."""
    return _cached(text) if len(text) <= _LONGEST_CACHED else _parse(text)


def _parse(text: str) -> Address:
    text = text.strip().translate(_LINE_BREAKS)
    match = _SCHEME.match(text)
    scheme, rest = (match[1].lower(), text[match.end() :]) if match else ("", text)
    if scheme == "data":
        return Address(scheme, "", "", "")
    rest = rest.partition("#")[0]
    rest, _, query = rest.partition("?")
    if scheme not in _WEB:
        return Address(scheme, "", rest, query)
    rest = rest.replace("\\", "/")
    if not scheme and not rest.startswith("//"):
        return Address("", "", rest, query)
    authority, slash, path = rest.lstrip("/").partition("/")
    return Address(scheme, _host(authority), slash + path, query)


_cached = lru_cache(maxsize=4096)(_parse)


def _host(authority: str) -> str:
    host = authority.rpartition("@")[2]
    if host.startswith("["):
        return host[1:].partition("]")[0].lower()
    return plain_host(host.partition(":")[0])


def plain_host(host: str) -> str:
    """A host in the one spelling that is compared: `BÜCHER.example.` becomes `xn--bcher-kva.example`."""
    if len(host) > _LONGEST_HOST:
        return ""
    if "%" in host:
        host = unquote(host)
    host = host.strip().lower()
    if not host.isascii():
        host = unicodedata.normalize("NFKC", host)
        try:
            host = host.encode("idna").decode("ascii")
        except UnicodeError:
            return host
    return host.rstrip(".")


def parameters(query: str) -> dict[str, str]:
    """The parameters of a query by lower-case name, the last of each name; `&amp;` separates like `&`."""
    found = {}
    for part in query.replace("&amp;", "&").split("&"):
        name, _, value = part.partition("=")
        found[name.lower()] = unquote(value)
    return found


def _suffixes(host: str) -> Iterator[str]:
    while host:
        yield host
        host = host.partition(".")[2]


def host_matcher(hosts: Iterable[str], allowed: Iterable[str] = ()) -> Callable[[Address], str | None]:
    """A function that says which listed host an address belongs to, None where it belongs to none.

    A listed host means itself and every host below it, never a part of a label. `pixabay.com/get` means that host's
    path `/get` and what is below it. What is `allowed` belongs to none, whatever else is listed.
    """
    listed: dict[str, list[tuple[str, str]]] = {}
    for entry in hosts:
        name, _, path = entry.partition("/")
        listed.setdefault(plain_host(name), []).append((f"/{path.strip('/')}" if path else "", entry))
    free = {plain_host(entry) for entry in allowed}

    @lru_cache(maxsize=4096)
    def listed_above(host: str) -> tuple[tuple[str, str], ...]:
        found: list[tuple[str, str]] = []
        for suffix in _suffixes(host):
            if suffix in free:
                return ()
            found.extend(listed.get(suffix, ()))
        return tuple(found)

    def match(address: Address) -> str | None:
        for path, entry in listed_above(address.host):
            if not path or address.path == path or address.path.startswith(path + "/"):
                return entry
        return None

    return match
