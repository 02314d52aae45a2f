"""Readers: bytes of a file to Posts, one module a format. The suffix chooses the module; nothing else is imported."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from os.path import splitext

from postlint.post import Post, Problem

FORMATS: Mapping[str, str] = {
    ".md": "markdown",
    ".markdown": "markdown",
    ".mdx": "markdown",
    ".txt": "text",
}
"""The reader module of each suffix. A module has `read(path: str, data: bytes) -> list[Post]` and never raises."""


def read(path: str, data: bytes) -> list[Post]:
    """The posts of a file's bytes. A file that can't be read becomes one Post of format "unreadable"."""
    module = import_module(f"postlint.readers.{FORMATS[splitext(path)[1].lower()]}")
    posts: list[Post] = module.read(path, data)
    return posts


def unreadable(path: str, reason: str) -> Post:
    """What stands for a file that could not be read at all."""
    return Post(path, "unreadable", "", problems=[Problem("unreadable", 0, 0, {"reason": reason})])
