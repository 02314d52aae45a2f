"""An item of a WordPress export as a Post: title, meta, and the body, each with its place in the item."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import urlsplit

from postlint.meta import Entry, Meta, field_of
from postlint.post import Decoded, Image, Location, Post, Problem, Run, Text
from postlint.readers.align import Span
from postlint.readers.meta_images import images_of
from postlint.readers.meta_source import MAX_ENTRIES, MAX_SIZE
from postlint.readers.moved import OffsetMap, moved
from postlint.readers.php_values import is_serialised, read_php
from postlint.readers.shortcodes import read_wordpress
from postlint.readers.wxr_values import Element, Value, elements

_NO_DATE = re.compile(r"0000-00-00|.*-0001\b")
# The same dates in another time zone are of use where the first one is missing.
_DATES = {
    "published": ("wp:post_date", "wp:post_date_gmt", "pubDate"),
    "modified": ("wp:post_modified", "wp:post_modified_gmt"),
}
_DATE_NAMES = frozenset(name for names in _DATES.values() for name in names)
# What WordPress keeps of how a post is listed and discussed says nothing about the post.
_HOUSEKEEPING = frozenset({
    "wp:comment_status", "wp:ping_status", "wp:post_parent", "wp:menu_order", "wp:is_sticky", "wp:post_password",
})  # fmt: skip
_FIELDS = {"excerpt:encoded": "summary"}
_TAXONOMIES = {"category": "categories", "post_tag": "tags"}
# What plugins keep of a post for themselves: caches, layouts, locks.
_MACHINE_META = re.compile(
    r"_oembed_|_edit_|_elementor_|_wp_attach|_wp_old_|_menu_item_|_fl_builder|_encloseme|_pingme|panels_data|_et_pb_"
    r"|_vc_|_wpb_|_bricks_|_jetpack_|_publicize_"
)
# What the columns of a post say themselves: in a custom field such a name means something else.
_COLUMNS = frozenset({"published", "modified", "status", "draft", "id", "uuid", "slug", "url", "categories", "author"})
_LONGEST_META = 20_000
"""Characters of a custom field that was not serialised: longer ones are documents of other programs."""


def post_of(
    path: str, number: int, source: str, start: Location, problems: list[Problem], attachments: Mapping[str, str]
) -> Post:
    """The post of an item. `problems` are those of its bytes, `attachments` the addresses of images by number.

    Where the body stands escaped or in parts, checks look at an item in which it stands as it is.
    """
    post, body = _read(path, number, source, start, problems, attachments)
    if body is None or body.is_verbatim:
        return post
    written, places = _with_body(source, body)
    # Of its bytes the first that is no text is the problem, here as there.
    at = max(written.find("\ufffd"), 0)
    behind = [replace(problem, start=at, end=at + 1) for problem in problems]
    span = (body.start, body.start + len(body.text))
    decoded, _ = _read(path, number, written, start, behind, attachments, span)
    post = moved(decoded, source, places)
    post.decoded = Decoded(decoded, places.span)
    return post


def _with_body(source: str, body: Value) -> tuple[str, OffsetMap]:
    """The item with its body as it is, and where that stands in the source."""
    runs = [Run(0, 0, body.start)]
    inner = body.places(source)
    runs.extend(Run(run.text_start + body.start, run.source_start, run.source_end) for run in inner.runs)
    end = body.start + inner.length
    length = end + len(source) - body.end
    runs.append(Run(end, body.end, len(source)))
    return source[: body.start] + body.text + source[body.end :], OffsetMap(runs, length)


def _read(
    path: str,
    number: int,
    source: str,
    start: Location,
    problems: list[Problem],
    attachments: Mapping[str, str],
    known: Span | None = None,
) -> tuple[Post, Value | None]:
    """The post of an item, without its blocks where the body is not verbatim; `known` is where a body is that is."""
    entries: list[Entry] = []
    dates: dict[str, Element] = {}
    title: Text | None = None
    body: Value | None = None
    slug = link = ""
    images: list[Image] = []
    counts: dict[str, int] = {}
    key: Value | None = None
    for element in elements(source, known):
        name, value = element.name, element.value
        if len(entries) > MAX_ENTRIES:
            break
        if name == "content:encoded":
            body = value if body is None else body
        elif name == "wp:meta_key":
            key = value
        elif name == "wp:meta_value":
            if key is not None:
                if key.text == "_thumbnail_id" and value.text in attachments:
                    images.append(Image("meta", value.start, value.end, _address(value, attachments)))
                entries.extend(_meta(key, value, source))
            key = None
        elif name == "category":
            entry = _term(element, counts)
            if entry is not None:
                entries.append(entry)
        elif name in _DATE_NAMES:
            if value.text and not _NO_DATE.match(value.text):
                dates.setdefault(name, element)
        elif value.text and name not in _HOUSEKEEPING:
            if name == "title":
                title = Text(html.unescape(value.text), value.start, value.end)
                entries.append(_entry(element, title.value))
                continue
            if name == "wp:post_name":
                slug = value.text
            elif name == "link":
                link = value.text
            entries.append(_entry(element, value.text, _FIELDS.get(name)))
    for names in _DATES.values():
        entries.extend(_entry(dates[name], dates[name].value.text) for name in _first(names, dates))
    entries.sort(key=lambda entry: (entry.start, entry.end))
    meta = Meta(entries, (0, body.start if body is not None else len(source)))
    post = Post(path, "wxr", source, number, title=title, meta=meta, problems=problems, start=start)
    post.name = _page(link, slug)
    if body is not None and body.is_verbatim:
        found = read_wordpress(source, body.start, body.end, attachments)
        post.blocks, post.images, post.links = found.blocks, found.images, found.links
    post.images[:0] = [*images, *images_of(meta)]
    return post, body


def _first(names: tuple[str, ...], found: Mapping[str, Element]) -> list[str]:
    return [name for name in names if name in found][:1]


def _page(link: str, slug: str) -> str:
    """The path of a link; the slug where it has none, as that of a draft."""
    try:
        path = urlsplit(link).path.strip("/")
    except ValueError:
        path = ""
    return path or slug


def _entry(element: Element, text: str, field: str | None = None) -> Entry:
    name, at = element.name, element.name_start
    value = element.value
    return Entry((name,), text, value.start, value.end, at, at + len(name), field=field)


def _address(value: Value, attachments: Mapping[str, str]) -> Text:
    return Text(attachments[value.text], value.start, value.end)


def _term(element: Element, counts: dict[str, int]) -> Entry | None:
    """A category, a tag, or a term of another taxonomy: their place in the list is that among their like."""
    value = element.value
    text = html.unescape(value.text)
    if not text.strip():
        return None
    domain, start, end = element.attribute.get("domain", ("category", element.name_start, element.name_start + 8))
    number = counts[domain] = counts.get(domain, -1) + 1
    return Entry((domain, number), text, value.start, value.end, start, end, field=_TAXONOMIES.get(domain))


def _meta(key: Value, value: Value, source: str) -> list[Entry]:
    """The entries of one custom field; several where PHP has serialised it."""
    if _MACHINE_META.match(key.text) or not value.text.strip() or len(value.text) > MAX_SIZE:
        return []
    if is_serialised(value.text):
        scalars = read_php(value.text)
        if scalars is not None:
            places = OffsetMap.verbatim(value.start, len(value.text)) if value.is_verbatim else value.places(source)
            entries = []
            for scalar in scalars:
                start, end = places.span(scalar.start, scalar.end)
                named = scalar.key_end >= 0
                key_start, key_end = places.span(scalar.key_start, scalar.key_end) if named else (key.start, key.end)
                path = (key.text, *scalar.path)
                entries.append(Entry(path, scalar.text, start, end, key_start, key_end, True, _field(path)))
            return entries
    if len(value.text) > _LONGEST_META:
        return []
    path = (key.text,)
    return [Entry(path, value.text, value.start, value.end, key.start, key.end, field=_field(path))]


def _field(path: tuple[str | int, ...]) -> str:
    """The model field of a custom field; what plugins call the title is that for search engines."""
    field = field_of(path)
    if field is None or field in _COLUMNS:
        return ""
    return "seo_title" if field == "title" else field
