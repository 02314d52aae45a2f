"""Readers: bytes of a file to Posts, one module a format. The suffix chooses the module; nothing else is imported."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from os.path import splitext
from types import ModuleType
from typing import BinaryIO

from postlint.field_map import FieldMap
from postlint.post import Post, Problem
from postlint.readers.container import Container

FORMATS: Mapping[str, str] = {
    ".md": "markdown",
    ".markdown": "markdown",
    ".mdx": "markdown",
    ".txt": "text",
    ".html": "html",
    ".htm": "html",
    ".xml": "wxr",
    ".json": "json_file",
    ".jsonl": "json_lines",
    ".ndjson": "json_lines",
    ".csv": "csv_file",
    ".tsv": "csv_file",
    ".parquet": "parquet",
}
"""The reader module of each suffix. One has `read(path: str, data: bytes) -> list[Post]` and never raises; one of
`CONTAINERS` has `split` instead: see `container.py`."""
CONTAINERS = frozenset({"wxr", "json_file", "json_lines", "csv_file", "parquet"})
"""The reader modules of files that hold many posts."""
SNIFFED = frozenset({"html", "wxr", "json_file", "json_lines", "csv_file", "parquet"})
"""The reader modules of suffixes that other files have, too. One has `looks_like_posts(head: bytes) -> bool`, which
tells by the first `HEAD` bytes of a file whether to read one that was found in a folder."""
HEAD = 65_536
MAPPED = frozenset({"json_file", "json_lines", "csv_file", "parquet"})
"""The reader modules of records, whose functions take a field map, too."""


def module_of(path: str) -> str:
    """The name of the reader module of a file, by its suffix; empty where there is none."""
    return FORMATS.get(splitext(path)[1].lower(), "")


def is_container(path: str) -> bool:
    """Whether a file of this name holds many posts."""
    return module_of(path) in CONTAINERS


def is_sniffed(path: str) -> bool:
    """Whether the name of a file does not tell that it holds posts."""
    return module_of(path) in SNIFFED


def looks_like_posts(path: str, head: bytes, fields: FieldMap | None = None) -> bool:
    """Whether a file that is sniffed holds posts, by its first `HEAD` bytes."""
    name = module_of(path)
    more = (fields,) if name in MAPPED else ()
    return bool(_module(name).looks_like_posts(head, *more))


def read(path: str, data: bytes) -> list[Post]:
    """The posts of a file's bytes. A file that can't be read becomes one Post of format "unreadable"."""
    posts: list[Post] = _module(module_of(path)).read(path, data)
    return posts


def split(path: str, file: BinaryIO, fields: FieldMap | None = None) -> Container:
    """The posts of a file that holds many; `fields` says what the keys of its records are."""
    name = module_of(path)
    more = (fields,) if name in MAPPED else ()
    container: Container = _module(name).split(path, file, *more)
    return container


@cache
def _module(name: str) -> ModuleType:
    return import_module(f"postlint.readers.{name}")


def unreadable(path: str, reason: str) -> Post:
    """What stands for a file that could not be read at all."""
    return Post(path, "unreadable", "", problems=[Problem("unreadable", 0, 0, {"reason": reason})])
