"""Check: a caption, alt text or credit line that names a host listed, where the image's address is unknown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from postlint.addresses import Address, host_matcher
from postlint.captions import declared_image
from postlint.lazy_pattern import lazy_pattern
from postlint.needs import Guarded, Needs
from postlint.post import Post, Text
from postlint.rules import Inspect, Options
from postlint.shapes import Shape, gives, optional, words
from postlint.violations import Finding

_CREDIT = lazy_pattern(
    r"(?:\b(?:image|photo|picture|photograph|illustration|img)s?"
    r"(?: source| credits?| by| via| from| courtesy of)?|\b(?:source|credits?|courtesy of|via))"
    r"[ \t]*[:：]?[ \t]*(?:https?://)?(?P<host>[a-z0-9-]+(?:\.[a-z0-9-]+)+)/?[\s.)\]]*$",
    re.IGNORECASE,
)
_BARE = lazy_pattern(r"\s*\(?(?:https?://)?(?P<host>[a-z0-9-]+(?:\.[a-z0-9-]+)+)/?\)?\.?\s*$", re.IGNORECASE)
_WHOLE_LINE = lazy_pattern(r"[\s(\[]*(?:image|photo|picture|photograph|illustration)s?\b", re.IGNORECASE)
_FIRST = frozenset(" ([iIpP")
"""What `_WHOLE_LINE` can begin with; most blocks are ruled out by it."""
_NO_LETTER = lazy_pattern(r"[^a-z0-9]")
_KINDS = frozenset({"paragraph", "caption", "list_item"})
# A credit is short; what is longer is prose that happens to end in a host.
_LONGEST_LINE = 80


SHAPE = Shape(
    scope="post",
    takes={
        "hosts": words("Hosts; a host means its subdomains too."),
        "extra-hosts": optional(words("More hosts."), []),
        "allow-hosts": optional(words("Hosts that are no matter."), []),
    },
    gives=gives("host"),
)


def bind(options: Options, as_of: date) -> Inspect:
    """Values: `host` as the credit has it."""
    service_of = host_matcher([*options["hosts"], *options["extra-hosts"]], options["allow-hosts"])

    def credited(text: str) -> re.Match[str] | None:
        if "." not in text:
            return None
        match = _BARE.match(text) if len(text) <= _LONGEST_LINE else None
        match = match or _CREDIT.search(text, max(len(text) - _LONGEST_LINE, 0))
        if match is None or service_of(Address("", match["host"].lower(), "", "")) is None:
            return None
        return match

    def in_texts(*texts: Text | None) -> Iterator[Finding]:
        for text in texts:
            match = credited(text.value) if text is not None else None
            if text is None or match is None:
                continue
            start, end = text.start, text.end
            if end - start == len(text.value):
                start, end = start + match.start("host"), start + match.end("host")
            yield Finding(start, end, {"host": match["host"].lower()})
            return

    def inspect(post: Post) -> Iterator[Finding]:
        addressed = False
        shown = []
        for image in post.images:
            if image.url is not None:
                addressed = addressed or image.origin == "body"
            elif image.origin == "meta":
                yield from in_texts(image.caption, image.alt)
            else:
                shown.append((image.start, image.end))
                if declared_image(post, image) is None:
                    yield from in_texts(image.caption, image.alt)
        if addressed:
            return
        for block in [block for block in post.blocks if block.kind in _KINDS and len(block.text) <= _LONGEST_LINE]:
            text = block.text
            if not (text[0] in _FIRST or block.kind == "caption"):
                continue
            if any(start <= block.start < end for start, end in shown):
                continue
            if block.kind != "caption" and not _WHOLE_LINE.match(text):
                continue
            match = credited(text)
            if match is not None and not any(start <= match.start("host") < end for start, end in block.code):
                start, end = block.place(match.start("host"), match.end("host"))
                yield Finding(start, end, {"host": match["host"].lower()})

    return Guarded(inspect, Needs(literals=frozenset(map(_needed, [*options["hosts"], *options["extra-hosts"]]))))


def _needed(host: str) -> str:
    """What a text that names a host must hold: of the host the longest part that Markdown has no way to escape."""
    return max(_NO_LETTER.split(host.lower()), key=len)
