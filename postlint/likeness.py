"""Legitimate likeness: posts that share text because they are one page, one series or two languages, not copies.

Three facts of a post decide it, all taken from its path, slug and language:

- language: posts of different languages are never compared;
- twin: translations, versions and renderings of one page have one file stem, and a locale or version in their path;
- series: issue 12 and 13 of a newsletter, release notes of 1.2 and 1.3 have names that differ in little but numbers;
  and an issue of a newsletter holds what its site has posted since the last.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from functools import lru_cache
from sys import intern
from typing import NamedTuple

from postlint.canonical import words
from postlint.lazy_pattern import lazy_pattern
from postlint.post import Post

_LANGUAGES = frozenset(
    "af am ar as az be bg bn bs ca cs cy da de el en eo es et eu fa fi fr ga gl gu ha he hi hr hu hy id ig is it ja jv"
    " ka kk km kn ko ku ky lo lt lv mg mk ml mn mr ms mt my nb ne nl nn no or pa pl ps pt ro ru rw sd si sk sl so sq sr"
    " sv sw ta te tg th tk tl tr tt ug uk ur uz vi xh yi yo zh zu fil pcm".split()
)
_LOCALE = lazy_pattern(r"([a-z]{2}|fil|pcm)(?:[-_](?:[a-z]{2}|hans|hant|419)(?:[-_][a-z]{2})?)?\Z")
_DECLARED = lazy_pattern(r"([a-z]{2,3})(?![a-z])")
_STEM_LOCALE = lazy_pattern(r"(.+)[._-]([a-z]{2}(?:[-_][a-z]{2})?)\Z")
_VERSION = lazy_pattern(r"(?:v|version[-_]?)?\d+(?:[._]\d+)*(?:[._]x)?\Z|version[-_]\w+\Z|v\d\w*\Z")
_SPLIT = lazy_pattern(r"[^0-9a-z\x80-\U0010ffff]+")
_HAS_DIGIT = lazy_pattern(r"[0-9]")
_YEAR_OR_VERSION = lazy_pattern(r"(?<![0-9.])(?:(?:19|20)[0-9]{2}(?![0-9])|v?[0-9]{1,4}\.[0-9]{1,4})")

# A day in a name says when its post was written, not that it is one of a series.
_SIGNS = lazy_pattern(r"\D")
_DAY = lazy_pattern(r"[0-9]{4}[-_/.]?[0-9]{2}[-_/.]?[0-9]{2}(?![0-9])")

# "Weekly News 122", "The Ferry Times, issue 7": a bare "issue 404" is no newsletter.
_ISSUE = lazy_pattern(
    r"(?:\A|(?:newsletter|digest|gazette|times|news|weekly|magazine)[\W_]{1,4})(?:issue|edition|no|nr|vol)[\W_]{1,3}[0-9]"
    r"|(?:newsletter|digest|weekly[\W_]news)[\W_]{1,3}[0-9]"
)

# Words that count, as digits do: they tell the issues of a series apart.
_COUNTING = frozenset(
    "jan feb mar apr may jun jul aug sep sept oct nov dec january february march april june july august september"
    " october november december spring summer autumn fall winter q1 q2 q3 q4 first second third fourth fifth sixth"
    " seventh eighth ninth tenth eleventh twelfth one two three four five six seven eight nine ten i ii iii iv v vi vii"
    " viii ix x alpha beta rc preview".split()
)
_MONTH_STEMS = frozenset("jan feb mar apr may jun jul aug sep oct nov dec".split())
_MONTHS = frozenset(word for word in _COUNTING if word[:3] in _MONTH_STEMS)
# File names that say only that here is a post: `post-017` and `post-018` are no series.
_EMPTY_WORDS = frozenset(
    "post posts article articles draft drafts page pages item items entry entries blog seed seeds sample samples index"
    " readme content generated doc docs document file text story copy copies new tmp test example final untitled html"
    " htm md a an and as at by for from in is of on or the to with".split()
)
# From this share of common words on two titles or slugs may name issues of one series.
_SHARE = 0.5


class Name(NamedTuple):
    """A slug or title, taken apart."""

    words: str
    """Its words without numbers, months and words that say nothing: distinct, sorted, a space between."""
    numbers: str
    """Its numbers, months and counting words, in order, a space between."""
    dated: bool
    """Whether one of them is a year, a version or a month, days apart."""
    day: str
    """The day it begins with, as written; empty where there is none."""
    issue: bool
    """Whether it names an issue of a newsletter."""


class Series(NamedTuple):
    """What says to which series a post may belong."""

    slug: Name
    title: Name


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
        match = _DECLARED.match(declared.value.strip().lower())
        if match:
            return match[1]
    return _path_language(post.page)


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
    # Docusaurus keeps old versions of `docs` in `versioned_docs`.
    kept = [part.removeprefix("versioned_") for part in parts if not _locale(part) and not _VERSION.match(part)]
    return "/".join(kept), len(kept) < len(parts)


def series_of(post: Post) -> Series:
    """What a post's slug, file name and title say of its series."""
    slug, title = post.meta.get("slug"), post.title
    return series_from(post.page, slug.value if slug else None, title.value if title else None)


def series_from(path: str, slug: str | None, title: str | None) -> Series:
    """The same of a post of which no more than this is known; None where it has no slug or title."""
    stem = path.rpartition("/")[2]
    stem = stem.rpartition(".")[0] or stem
    match = _STEM_LOCALE.match(stem.lower())
    if (match[1] if match and _locale(match[2]) else stem.lower()) in ("index", "_index", "readme"):
        stem = path.rpartition("/")[0].rpartition("/")[2]
    if slug is not None and slug.strip("/ "):
        # The words are the slug's; numbers may stand in its folders (/2023/12/survey) or in the file name alone.
        folder, _, last = slug.strip("/ ").rpartition("/")
        name = _name(last)
        numbers = " ".join((_name(folder).numbers, name.numbers, _name(stem).numbers))
        file = _name(stem)
        name = Name(name.words, numbers, name.dated or file.dated, name.day or file.day, name.issue or file.issue)
    else:
        name = _name(stem)
    return Series(name, _name(title) if title is not None else _NOTHING)


_NOTHING = Name("", "", False, "", False)


@lru_cache(maxsize=65536)
def _name(text: str) -> Name:
    lowered = text.lower()
    parts = [part for part in _SPLIT.split(lowered) if part]
    counting = [part for part in parts if part in _COUNTING or _HAS_DIGIT.search(part)]
    rest = [part for part in parts if part not in _COUNTING and not _HAS_DIGIT.search(part)]
    if not lowered.isascii():
        # Scripts without spaces: a part is a whole phrase, its letters are the words.
        rest = [word for part in rest for word in (words(part) if not part.isascii() else (part,))]
    # "Meeting" and "meetings" name one series.
    rest = [part[:-1] if len(part) > 3 and part.endswith("s") and not part.endswith("ss") else part for part in rest]
    found = _DAY.match(lowered)
    day = found[0].rstrip("-_/.") if found else ""
    dated = bool(_YEAR_OR_VERSION.search(_DAY.sub(" ", lowered))) or any(part in _MONTHS for part in counting)
    # One copy of each text: a corpus has a hundred thousand names, and columns of them are compared.
    kept = intern(" ".join(sorted(set(rest) - _EMPTY_WORDS)))
    return Name(kept, " ".join(counting), dated, day, _ISSUE.search(lowered) is not None)


def one_series(first: Series, second: Series) -> bool:
    """Whether two posts are issues of one series.

    Their slugs are the same but for numbers, and their titles are of one kind; or their titles are the same but for
    numbers; or both tell a year, month or version and share half of their words. A number that only counts files says
    nothing: generated posts have such names, too.
    """
    # Issues of a series come out on different days.
    one_day = first.slug.day and first.slug.day == second.slug.day
    if first.slug.numbers != second.slug.numbers and not one_day:
        # A file name of one or two words is easily that of all files; a longer one is the series' own.
        named = first.slug.words.count(" ") > 1 or _one_kind(first.title, second.title)
        if first.slug.words and first.slug.words == second.slug.words and named:
            return True
        if first.slug.dated and second.slug.dated and _share(first.slug.words, second.slug.words) >= _SHARE:
            return True
    if first.title.numbers != second.title.numbers:
        if " " in first.title.words and first.title.words == second.title.words:
            return True
        if first.title.dated and second.title.dated and _share(first.title.words, second.title.words) >= _SHARE:
            return True
    return False


def is_issue(series: Series) -> bool:
    """Whether a post is an issue of a newsletter."""
    return series.slug.issue or series.title.issue


def differ_in_day(first: Series, second: Series) -> bool:
    """Whether the file names or slugs of two posts begin with different days, so that their addresses may, too."""
    return bool(first.slug.day and second.slug.day) and first.slug.day != second.slug.day


def day_of(series: Series) -> int:
    """The day that a post's file name or slug begins with, as `date.toordinal` counts; 0 where there is none."""
    digits = _SIGNS.sub("", series.slug.day)
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:])).toordinal() if digits else 0
    except ValueError:
        return 0


def _one_kind(first: Name, second: Name) -> bool:
    return not first.words or not second.words or _share(first.words, second.words) >= _SHARE


def _share(first: str, second: str) -> float:
    """The common words of two names over those of the longer one; 0 where one has none."""
    one, other = set(first.split()), set(second.split())
    return len(one & other) / max(len(one), len(other), 1)


def one_page(first: Identity, second: Identity) -> bool:
    """Whether two paths are versions, translations or renderings of one page."""
    if first.stem != second.stem:
        return False
    return first.folder == second.folder or first.marked or second.marked


class Likeness(NamedTuple):
    """All that decides whether a post may be like another by right."""

    language: str
    identity: Identity
    series: Series


def alike_by_right(first: Likeness, second: Likeness, kinds: Collection[str]) -> bool:
    """Whether two different posts are alike by right: in two languages, of one page or of one series.

    `kinds` are those of `settings.LIKENESS` that are excused.
    """
    one, other = first.language, second.language
    if "language" in kinds and one != other and one and other:
        return True
    if "page" in kinds and one_page(first.identity, second.identity):
        return True
    if "series" not in kinds:
        return False
    issues = is_issue(first.series), is_issue(second.series)
    if any(issues):
        # A newsletter reprints the posts that it tells of; nobody is to write them anew. "News 159" and "News, issue
        # 156 is out!" are one newsletter.
        names = first.series.title.words, second.series.title.words
        if not all(issues) or _share(*names) >= _SHARE:
            return True
    return one_series(first.series, second.series)
