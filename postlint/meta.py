"""A post's meta, in every spelling: keys folded, looked up in one synonym table, values with their places."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from postlint.lazy_pattern import lazy_pattern

_CAMEL = lazy_pattern(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_SEPARATORS = lazy_pattern(r"[\s_.\-]+")
_VENDOR = lazy_pattern(r"^(?:_*yoast wpseo|rank math|aioseo|wp:|og:|article:|dc:)\s*")


@lru_cache(maxsize=65536)
def fold_key(key: str) -> str:
    """A key in its plain spelling: `needsHumanReview`, `needs_human-review` and `Needs human review` become one."""
    spaced = _SEPARATORS.sub(" ", _CAMEL.sub(" ", key.strip().lstrip("_"))).strip().casefold()
    return _VENDOR.sub("", spaced) or spaced


# The model field of each folded key. What a site may call a thing, taken from the front matter and exports of Hugo,
# Jekyll, Astro, Eleventy, Docusaurus, Ghost, WordPress (Yoast, Rank Math, view counters), schema.org and GOV.UK.
SYNONYMS: dict[str, tuple[str, ...]] = {
    "title": ("title", "post title", "link title", "headline"),
    "seo_title": ("seo title", "meta title"),
    "slug": ("slug", "permalink", "path", "post name", "handle"),
    "url": ("link", "canonical", "canonical url", "url"),
    "published": (
        "date", "publish date", "publishdate", "pub date", "pubdate", "pub datetime", "published", "published at",
        "published on", "date published", "published time", "post date", "date gmt", "post date gmt",
        "publication date",
    ),
    "modified": (
        "lastmod", "last mod", "modified", "modified gmt", "updated", "updated at", "updated on", "updated date",
        "mod datetime", "last modified", "last modified at", "last update", "last updated", "date modified",
        "date updated", "modified time", "post modified", "post modified gmt", "edited at",
    ),
    "created": ("created", "created at", "created on", "date created", "creation date"),
    "reviewed": (
        "last reviewed", "last reviewed on", "last reviewed at", "last review", "last review date", "reviewed",
        "reviewed at", "reviewed on", "review date", "date reviewed", "reviewed date", "fact checked on",
        "last verified", "last checked", "human reviewed at",
    ),
    "review_due": (
        "next review", "next review date", "review by", "review due", "expires", "expiry date", "expirydate",
        "unpublishdate", "unpublish date", "expire by",
    ),
    "review_interval": ("review in", "review interval"),
    "status": ("status", "post status", "state", "stage", "workflow state", "review status", "publication status"),
    "draft": ("draft", "is draft"),
    "summary": (
        "summary", "description", "excerpt", "custom excerpt", "meta description", "metadesc", "meta desc", "abstract",
        "dek", "deck", "snippet",
    ),
    "image": (
        "image", "hero image", "cover", "cover image", "featured image", "feature image", "thumbnail", "banner",
        "og image", "header image", "social image", "preview image", "teaser image", "image url", "cover url",
    ),
    "image_alt": ("image alt", "alt", "cover alt", "feature image alt", "hero image alt", "thumbnail alt"),
    "images": ("image sources", "images", "body images", "image list", "gallery", "media", "attachments"),
    "author": ("author", "authors", "byline", "creator", "primary author", "written by", "author name"),
    "tags": ("tags", "tag", "keywords", "primary tag"),
    "categories": ("categories", "category", "section"),
    "labels": ("labels", "label", "flags", "flag"),
    "stack": ("stack", "tech stack", "technologies"),
    "tools": ("tools", "tooling"),
    "topic": (
        "topic", "focus keyword", "focus keyphrase", "focuskw", "primary keyword", "target keyword", "main keyword",
    ),
    "views": (
        "view count", "views", "viewcount", "pageviews", "page views", "hits", "reads", "post views count",
        "post views", "wpb post views count", "pvc views", "total views", "user interaction count",
    ),
    "reading_time": (
        "reading time", "readingtime", "reading time minutes", "read time", "readtime", "time to read",
        "minutes to read", "minutes read", "time required", "estimated reading time", "estimated reading time minutes",
    ),
    "word_count": ("word count", "wordcount", "words", "number of words"),
    "paragraph_count": ("paragraph count", "paragraphs", "number of paragraphs"),
    "image_count": ("image count", "images count", "number of images"),
    "has_images": ("has images", "has image"),
    "has_code": ("has code", "contains code", "has code blocks"),
    "has_video": ("has video", "contains video", "has videos"),
    "needs_review": (
        "needs human review", "needs review", "need review", "requires human review", "requires review",
        "human review required", "review required", "review needed", "human review needed", "pending review",
        "awaiting review", "unreviewed", "manual review", "needs editorial review", "needs fact check",
    ),
    "is_reviewed": ("human reviewed", "is reviewed", "approved", "is approved", "fact checked"),
    "ai_generated": (
        "ai generated", "ai generated style", "ai assisted", "generated by ai", "is ai", "ai content",
        "is ai generated", "ai written", "machine generated", "llm generated", "auto generated content",
    ),
    "noindex": ("noindex", "no index", "robots", "meta robots noindex"),
    "id": ("id", "post id"),
    "uuid": ("uuid", "guid"),
    "source_id": ("source id",),
    "reference": ("reference", "ref"),
    "seed": ("seed", "content seed", "random seed"),
    "hash": ("hash", "checksum", "content hash", "sha256", "sha1", "md5"),
    "generator": ("generator", "generated by", "created by", "created with", "model", "llm"),
    "version": ("version", "rev", "post version", "content version"),
    "score": (
        "score", "quality", "quality score", "freshness", "freshness score", "depth", "clarity", "seo score",
        "readability score", "content score",
    ),
    "notes": (
        "notes", "note", "editor notes", "editorial notes", "editor note", "internal notes", "disclaimer", "comment",
        "review notes",
    ),
    "ai_brief": ("ai brief", "ai outline", "ai summary", "prompt"),
    "language": ("lang", "language", "locale", "hreflang"),
}  # fmt: skip

_FIELD_OF = {key: field for field, keys in SYNONYMS.items() for key in keys}

# Mappings whose entries speak of the post itself, so that `revision: {status: ...}` is the status. Others (`entities`,
# `seo schema`, an image's own `title`) speak of something else and are looked up only as a whole path.
_CONTAINERS = frozenset({
    "revision", "payload", "flags", "flag", "meta", "metadata", "params", "extra", "seo", "front matter", "post",
    "article", "stats", "statistics", "metrics", "analytics", "review", "workflow", "editorial", "custom",
    "custom fields",
    "fields", "data", "yoast", "rank math", "interaction statistic", "ai", "content", "attributes",
})  # fmt: skip
_SCORE_CONTAINERS = frozenset({"score", "scores", "quality scores", "ratings"})
_IMAGE_ADDRESS = frozenset({"url", "src", "source url", "path", "href", "image", "file"})


@lru_cache(maxsize=65536)
def field_of(path: tuple[str | int, ...]) -> str | None:
    """The model field that a path of keys (as written; list positions are passed over) stands for; None for none."""
    folded = [fold_key(key) for key in path if isinstance(key, str)]
    if not folded:
        return None
    leaf = folded[-1]
    if len(folded) == 1:
        return _FIELD_OF.get(leaf)
    parents = folded[:-1]
    if parents[-1] in _SCORE_CONTAINERS and all(parent in _CONTAINERS for parent in parents[:-1]):
        return "score"
    if all(parent in _CONTAINERS for parent in parents):
        # `review: {required: ..., date: ...}` speaks of the review: its date is not that of the post.
        of_review = _FIELD_OF.get(f"review {leaf}") if parents[-1] == "review" else None
        return of_review or _FIELD_OF.get(leaf)
    whole = _FIELD_OF.get(" ".join(folded))
    if whole is not None:
        return whole
    owner = field_of(tuple(key for key in path if isinstance(key, str))[:-1])
    if owner in ("image", "images"):
        if leaf in _IMAGE_ADDRESS:
            return owner
        return "image_alt" if leaf == "alt" else None
    if owner == "author" and leaf == "name":
        return "author"
    if owner == "modified" and leaf == "date":
        return "modified"
    return None


@dataclass(slots=True, eq=False)
class Entry:
    """One scalar of the meta.

    `path` has the keys and list positions that lead to it, as written: `("image sources", 1, "url")`. `value` is the
    scalar as text, unquoted and unescaped but never converted: `no`, `1.10` and `2026-13-40` stay what they were.
    `field` is the model field that a reader knows it for, "" for none; None leaves it to the path.
    """

    path: tuple[str | int, ...]
    value: str
    start: int
    end: int
    key_start: int
    key_end: int
    quoted: bool = False
    field: str | None = None
    """What it stands for; empty for nothing, None where its path is to tell."""

    @property
    def key(self) -> str:
        """The nearest key, as written."""
        for part in reversed(self.path):
            if isinstance(part, str):
                return part
        return ""

    @property
    def name(self) -> str:
        """The folded keys joined by dots, list positions left out: `revision.last reviewed`."""
        return ".".join(fold_key(part) for part in self.path if isinstance(part, str))


class Meta:
    """The entries of a post's meta in order of the source. `block` is where they stand; None says there is no meta."""

    __slots__ = ("_by_field", "block", "entries")

    def __init__(self, entries: Sequence[Entry] = (), block: tuple[int, int] | None = None) -> None:
        self.entries = tuple(entries)
        self.block = block
        by_field: dict[str, list[Entry]] = {}
        for entry in self.entries:
            field = entry.field
            if field is None:
                entry.field = field = field_of(entry.path)
            if field:
                by_field.setdefault(field, []).append(entry)
        self._by_field = by_field

    def __bool__(self) -> bool:
        return self.block is not None

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)

    def get(self, field: str) -> Entry | None:
        """The first entry of a model field."""
        found = self._by_field.get(field)
        return found[0] if found else None

    def all(self, field: str) -> Sequence[Entry]:
        """Every entry of a model field, in order: each item of a list is one."""
        return self._by_field.get(field, ())

    @property
    def fields(self) -> frozenset[str]:
        """The model fields that occur."""
        return frozenset(self._by_field)
