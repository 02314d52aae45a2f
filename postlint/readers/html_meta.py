"""The meta of a page: its title, `<meta>`, Open Graph, JSON-LD of articles, canonical address and dates."""

from __future__ import annotations

import re
from collections.abc import Iterator

from postlint.meta import Entry, field_of
from postlint.post import Text
from postlint.readers.html_page import Page, tag_at, text_of
from postlint.readers.html_tokens import END, TEXT, Tokens
from postlint.readers.json_meta import read_json
from postlint.readers.meta_source import MetaError, MetaSource

# What speaks of the device, the browser or the owner of the site, and not of the page.
_TECHNICAL = re.compile(
    r"viewport|theme-color|color-scheme|format-detection|referrer|msapplication|apple-|mobile-web|handheld|csrf"
    r"|fb:|al:|google|bing|yandex|baidu|p:domain|msvalidate|pinterest|og:(?:site_name|locale|type)|og:image:(?!alt)"
    r"|twitter:(?:card|site|creator|domain|label|data|image:src)|application-|x-|next-|hid|charset|.*verif",
    re.IGNORECASE,
)
_FIELDS = {
    "og:image:alt": "image_alt",
    "twitter:image:alt": "image_alt",
    "datepublished": "published",
    "datemodified": "modified",
    "dcterms.created": "created",
    "dc.date": "published",
    "dc.title": "title",
    "dc.creator": "author",
    "dc.description": "summary",
}
_ARTICLES = frozenset({
    "Article", "BlogPosting", "NewsArticle", "TechArticle", "ScholarlyArticle", "OpinionNewsArticle",
    "AnalysisNewsArticle", "ReportageNewsArticle", "ReviewNewsArticle", "AdvertiserContentArticle", "SatiricalArticle",
    "Report", "LiveBlogPosting", "SocialMediaPosting", "HowTo",
})  # fmt: skip
_PROPERTIES = frozenset({"headline", "description", "datePublished", "dateModified", "keywords"})
_NOT_META = frozenset({"@context", "@type", "@id", "articleBody", "text"})
_SPACE = re.compile(r"[\s,\[]*")
_MODIFIED = re.compile(r"\b(?:updated|modified|dateModified)\b")

# Of these tags only those with such a word say something.
_MARKS = {"link": "canonical", "script": "ld+json"}

Path = tuple[str | int, ...]


def entries_of(source: str, page: Page, found: Tokens) -> list[Entry]:
    """The entries of a page in order of the source."""
    entries: list[Entry] = []
    for number in page.tags:
        name = found.names[number]
        if name == "title":
            entries.extend(_title(source, found, number))
            continue
        start, end = found.places[number], found.places[number + 1]
        mark = _MARKS.get(name, "")
        if mark and source.find(mark, start, end) < 0:
            continue
        tag = tag_at(source, found, number)
        if name == "meta":
            key = tag.get("name") or tag.get("property") or _item(tag)
            content = tag.get("content")
            if key is not None and content is not None and not _TECHNICAL.match(key.value):
                entries.append(_entry(key, content, _FIELDS.get(key.value.lower())))
        elif name == "link":
            kind, address = tag.get("rel"), tag.get("href")
            if kind is not None and address is not None and kind.value.lower() == "canonical":
                entries.append(_entry(kind, address, "url"))
        elif name == "html":
            language = tag.get("lang")
            if language is not None and language.value:
                at = source.rfind("lang", found.places[number], language.start)
                at = at if at >= 0 else language.start
                entries.append(_entry(Text(source[at : at + 4], at, at + 4), language, "language"))
        elif "type" in tag and "ld+json" in tag["type"].value.lower():
            entries.extend(_json(source, found, number))
    known = {entry.field or field_of(entry.path) for entry in entries}
    entries.extend(entry for entry in _times(source, page, found) if entry.field not in known)
    return entries


def _item(tag: dict[str, Text]) -> Text | None:
    """The name of a microdata property; of those of ratings, offers and comments none is the post's."""
    name = tag.get("itemprop")
    return name if name is not None and name.value in _PROPERTIES else None


def _entry(key: Text, value: Text, field: str | None) -> Entry:
    return Entry((key.value,), value.value, value.start, value.end, key.start, key.end, True, field)


def _title(source: str, found: Tokens, number: int) -> Iterator[Entry]:
    last = number + 1
    while last < len(found.kinds) and found.kinds[last] is not END:
        last += 1
    text = text_of(source, found, number + 1, last)
    if text is not None:
        at = found.places[number] + 1
        yield _entry(Text(source[at : at + len("title")], at, at + len("title")), text, None)


def _times(source: str, page: Page, found: Tokens) -> Iterator[Entry]:
    """The first date of the content, and the first that is said to be that of a change."""
    seen: set[str] = set()
    for number in page.times:
        if not page.first <= number < page.last:
            continue
        value = tag_at(source, found, number).get("datetime")
        if value is None or not value.value.strip():
            continue
        start, end = found.places[number], found.places[number + 1]
        field = "modified" if _MODIFIED.search(source, start, end) else "published"
        if field not in seen:
            seen.add(field)
            at = source.rfind("datetime", start, value.start)
            at = at if at >= 0 else value.start
            yield _entry(Text(source[at : at + 8], at, at + 8), value, field)


def _json(source: str, found: Tokens, number: int) -> Iterator[Entry]:
    """The values of the articles that a script states: alone, in a list, or in a graph."""
    if number + 1 >= len(found.kinds) or found.kinds[number + 1] is not TEXT:
        return
    at, end = found.places[number + 1], found.places[number + 2]
    while True:
        # What parts the objects of a list is passed over.
        space = _SPACE.match(source, at, end)
        at = space.end() if space is not None else end
        if not source.startswith("{", at, end):
            return
        meta = MetaSource(source, at, end)
        try:
            at = read_json(meta)
        except MetaError:
            return
        yield from _of_articles(meta.entries)


def _of_articles(entries: list[Entry]) -> Iterator[Entry]:
    articles: set[Path] = set()
    for entry in entries:
        if "@type" in entry.path and entry.value in _ARTICLES:
            owner = entry.path[: entry.path.index("@type")]
            if not owner or (len(owner) == 2 and owner[0] == "@graph"):
                articles.add(owner)
    for entry in entries:
        for owner in articles:
            path = entry.path[len(owner) :]
            if entry.path[: len(owner)] == owner and path and path[0] not in _NOT_META and "@type" not in path:
                yield Entry(path, entry.value, entry.start, entry.end, entry.key_start, entry.key_end, entry.quoted)
