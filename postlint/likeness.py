"""Legitimate likeness: posts that share text because they are one page, one series or two languages, not copies.

Three facts of a post decide it, all taken from its path, slug and language:

- language: posts of different languages are never compared;
- twin: translations, versions and renderings of one page have one file stem, and a locale or version in their path;
- series: issue 12 and issue 13 of a newsletter, release notes of 1.2 and 1.3 have slugs that differ in little but numbers.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from postlint.canonical import words
from postlint.post import Post

_LANGUAGES = frozenset(
    "af am ar as az be bg bn bs ca cs cy da de el en eo es et eu fa fi fr ga gl gu ha he hi hr hu hy id ig is it ja jv ka"
    " kk km kn ko ku ky lo lt lv mg mk ml mn mr ms mt my nb ne nl nn no or pa pl ps pt ro ru rw sd si sk sl so sq sr sv"
    " sw ta te tg th tk tl tr tt ug uk ur uz vi xh yi yo zh zu".split()
)
_LOCALE = re.compile(r"([a-z]{2})(?:[-_](?:[a-z]{2}|hans|hant|419)(?:[-_][a-z]{2})?)?\Z")
_STEM_LOCALE = re.compile(r"(.+)[._-]([a-z]{2}(?:[-_][a-z]{2})?)\Z")
_VERSION = re.compile(r"(?:v|version[-_]?)?\d+(?:[._]\d+)*(?:[._]x)?\Z|versioned[-_]\w+\Z|v\d\w*\Z")
_DATE = re.compile(r"\d{4}[-_/]\d{1,2}[-_/]\d{1,2}[-_/]?|\d{4}[-_/]\d{1,2}[-_/]|\d{8}[-_]")
_HAS_DIGIT = re.compile(r"\d")
_SPLIT = re.compile(r"[^0-9a-z\x80-\U0010ffff]+")

# File names that say only that here is a post: `post-017` and `post-018` are no series.
_EMPTY_WORDS = frozenset(
    "post posts article articles draft drafts page pages item items entry entries blog seed seeds sample samples index"
    " readme content generated doc docs document file text story copy copies new tmp test example final untitled".split()
)


class Series(NamedTuple):
    """What a slug says of the series its post may belong to."""

    words: tuple[str, ...]
    """Its words, sorted, without digits, dates and words that say nothing; empty where none is left."""
    numbered: bool
    """Whether it has numbers besides a date."""
    dated: bool


class Identity(NamedTuple):
    """Which page a post is, apart from its language, version and form."""

    folder: str
    stem: str
    marked: bool
    """Whether its path names a locale or a version."""


def language_of(post: Post) -> str:
    """The language a post declares, or that its path names, as a two-letter code; empty where nothing says."""
    declared = post.meta.get("language")
    if declared is not None:
        match = _LOCALE.match(declared.value.strip().lower())
        if match and match[1] in _LANGUAGES:
            return match[1]
    return _path_language(post.path)


@lru_cache(maxsize=4096)
def _folder_language(folder: str) -> str:
    for part in reversed(folder.split("/")):
        code = _locale(part)
        if code:
            return code
    return ""


def _path_language(path: str) -> str:
    folder, _, name = path.lower().rpartition("/")
    match = _STEM_LOCALE.match(name.rpartition(".")[0] or name)
    if match and _locale(match[2]):
        return match[2][:2]
    return _folder_language(folder)


def _locale(part: str) -> str:
    match = _LOCALE.match(part)
    return match[1] if match and match[1] in _LANGUAGES else ""


def identity_of(path: str) -> Identity:
    """Which page a path stands for."""
    folder, _, name = path.lower().rpartition("/")
    stem = name.rpartition(".")[0] or name
    marked = False
    match = _STEM_LOCALE.match(stem)
    if match and _locale(match[2]):
        stem, marked = match[1], True
    kept, folder_marked = _folder_identity(folder)
    if stem in ("index", "_index", "readme"):
        kept, _, stem = kept.rpartition("/")
    return Identity(kept, stem, marked or folder_marked)


@lru_cache(maxsize=4096)
def _folder_identity(folder: str) -> tuple[str, bool]:
    parts = folder.split("/")
    kept = [part for part in parts if not _locale(part) and not _VERSION.match(part)]
    return "/".join(kept), len(kept) < len(parts)


def series_of(post: Post) -> Series:
    """What a post's slug (else its file name, else its title) says of its series."""
    slug = post.meta.get("slug")
    name = slug.value.strip("/ ").rpartition("/")[2] if slug is not None else ""
    if not name:
        folder, _, file = post.path.rpartition("/")
        name = file.rpartition(".")[0] or file
        if name.lower() in ("index", "_index", "readme"):
            name = folder.rpartition("/")[2]
    found = _series(name)
    if not found.words and post.title is not None:
        return _series(post.title.value)
    return found


@lru_cache(maxsize=65536)
def _series(name: str) -> Series:
    lowered = name.lower()
    rest = _DATE.sub("", lowered)
    parts = _SPLIT.split(rest)
    plain = sorted({part for part in parts if part and not _HAS_DIGIT.search(part) and part not in _EMPTY_WORDS})
    if plain and not any(part.isascii() for part in plain):
        plain = sorted({word for part in plain for word in words(part)})
    return Series(tuple(plain), bool(_HAS_DIGIT.search(rest)), rest != lowered)


@lru_cache(maxsize=65536)
def one_series(first: Series, second: Series) -> bool:
    """Whether two slugs are of one series: the same but for numbers, or numbered both and half of their words shared."""
    if not first.words or not second.words:
        return False
    if first.words == second.words:
        return (first.numbered or first.dated) and (second.numbered or second.dated)
    if not (first.numbered and second.numbered):
        return False
    shared = len(set(first.words) & set(second.words))
    return 2 * shared >= max(len(first.words), len(second.words))


def one_page(first: Identity, second: Identity) -> bool:
    """Whether two paths are versions, translations or renderings of one page."""
    if first.stem != second.stem:
        return False
    return first.folder == second.folder or first.marked or second.marked
