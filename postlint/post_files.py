"""Which files of a folder hold posts, by their names and first bytes."""

from __future__ import annotations

import os

from postlint.field_map import NO_MAPS, FieldMaps
from postlint.readers import FORMATS, HEAD, is_sniffed, looks_like_posts

SKIPPED_STEMS = frozenset({"readme", "license", "licence", "changelog", "contributing", "code_of_conduct"})
"""The files of a repository that are no posts, in any case."""
SKIPPED_CAPITALS = frozenset(
    {
        "AUTHORS",
        "CHANGES",
        "CODEOWNERS",
        "COPYING",
        "GOVERNANCE",
        "HISTORY",
        "MAINTAINERS",
        "NOTICE",
        "SECURITY",
        "SUPPORT",
    }
    | {"AGENTS", "CLAUDE", "GEMINI", "PULL_REQUEST_TEMPLATE", "ISSUE_TEMPLATE", "TODO"}
)
"""More of them, which in small letters may well be the slug of a post."""
SKIPPED_TEXTS = frozenset(
    {"ads", "app-ads", "cmakelists", "humans", "llms", "llms-full", "requirements", "robots", "security"}
)
"""The stems of `.txt` files that machines read."""


def has_reader(name: str) -> bool:
    """Whether posts can be read from a file of this name."""
    return os.path.splitext(name)[1].lower() in FORMATS


def is_no_post(name: str) -> bool:
    """Whether a file is one of those of a repository or a site that are no posts, by its name."""
    stem, suffix = os.path.splitext(name)
    if stem.lower() in SKIPPED_STEMS or stem in SKIPPED_CAPITALS:
        return True
    return suffix.lower() == ".txt" and stem.lower() in SKIPPED_TEXTS


def has_posts(path: str, fields: FieldMaps = NO_MAPS) -> bool:
    """Whether a file holds posts, as far as its name and its first bytes tell; one that can't be read may.

    Where a field map names a file it does.
    """
    if not is_sniffed(path) or fields.name(path):
        return True
    try:
        with open(path, "rb") as file:
            return looks_like_posts(path, file.read(HEAD), fields.of(path))
    except OSError:
        return True
