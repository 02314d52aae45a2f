"""Check: an image whose file name or path is what a template had in its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from postlint.addresses import parse_address
from postlint.needs import Guarded, Needs
from postlint.post import Post
from postlint.rules import Inspect, Options
from postlint.shapes import Shape, gives, optional, words
from postlint.violations import Finding

_EXTENSION = re.compile(r"\.[A-Za-z]{3,4}$")
_SEPARATORS = re.compile(r"[-_.\s+]+|%20")
# What does not make a name another one: sizes, densities, numbers.
_SIZE = re.compile(r"\d+(?:x\d*)?|x\d+|\d+px|[@]?[123]x|here")


@lru_cache(maxsize=4096)
def plain_name(segment: str) -> str:
    """A file name without extension, sizes and numbers: `Your_Image-600x400.PNG` becomes `your-image`."""
    words = _SEPARATORS.split(_EXTENSION.sub("", segment).lower().replace("@", "-"))
    return "-".join(word for word in words if word and not _SIZE.fullmatch(word))


SHAPE = Shape(
    scope="post",
    takes={
        "names": words("File names without extension; folders end in a slash."),
        "extra-names": optional(words("More names."), []),
    },
    gives=gives("name"),
)


def bind(options: Options, as_of: date) -> Inspect:
    """Values: `name`, the file name or folder that gives it away."""
    entries = [*options["names"], *options["extra-names"]]
    names = frozenset(plain_name(entry) for entry in entries if not entry.endswith("/"))
    folders = tuple("/" + entry.strip("/").lower() + "/" for entry in entries if entry.endswith("/"))

    def inspect(post: Post) -> Iterator[Finding]:
        for image in post.images:
            if image.url is None:
                continue
            path = parse_address(image.url.value).path
            segment = path.rpartition("/")[2]
            if plain_name(segment) in names:
                yield Finding(image.url.start, image.url.end, {"name": segment})
                continue
            lowered = f"/{path.lower()}"
            folder = next((folder for folder in folders if folder in lowered), None)
            if folder is not None:
                yield Finding(image.url.start, image.url.end, {"name": folder.lstrip("/")})

    return Guarded(inspect, Needs(images=True))
