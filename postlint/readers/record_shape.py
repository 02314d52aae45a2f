"""Which key of a record is its body, and what the others say: by the configuration, else by the names in use."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from postlint.field_map import FieldMap
from postlint.meta import Entry, field_of, fold_key
from postlint.post import LINE_END
from postlint.readers.text_meta import MARKER

# Of the names of a body those are tried first that say how it is written, then those of what an author wrote, then
# what a program made of it. From WordPress (REST, database), Ghost, Strapi, Contentful, Drupal (JSON:API), dev.to,
# JSON Feed, schema.org, data sets and what programs write that ask a model.
_BODIES: tuple[tuple[str, str | None], ...] = (
    *((name, "markdown") for name in (
        "body markdown", "content markdown", "markdown", "body md", "content md", "raw markdown", "markdown body",
        "markdown content", "content.markdown", "body.markdown",
    )),
    *((name, None) for name in ("body", "content", "post content", "post body", "article body", "blog content")),
    *((name, None) for name in ("full text", "article content", "body content", "blog post", "content.raw")),
    *((name, "html") for name in (
        "content.rendered", "content:encoded", "body.processed", "body.html", "content.html", "html", "body html",
        "content html", "html content", "html body",
    )),
    *((name, None) for name in ("body.value", "content.value", "content.body", "content.content", "body.content")),
    *((name, "text") for name in (
        "text", "content text", "body text", "plain text", "plaintext", "text content", "raw text", "article text",
        "content.text", "body.text",
    )),
    *((name, None) for name in (
        "article", "post", "blog", "story", "generated text", "generated content", "completion", "output", "response",
    )),
)  # fmt: skip
_RANKS = {name: (rank, form) for rank, (name, form) in enumerate(_BODIES)}
_WRAPPERS = frozenset({"attributes", "fields", "node", "post", "article", "data", "_source", "item", "story"})
"""What an API puts around a record: Strapi, Contentful, GraphQL, Elasticsearch."""
# Without a country those that are no keys of another meaning: `id` is Indonesian, too.
_LOCALE = re.compile(
    r"(?:[a-z]{2}[-_](?:[A-Z]{2}|[A-Z][a-z]{3})|en|de|fr|es|it|pt|nl|sv|da|nb|fi|pl|cs|hu|ro|el|tr|ru|uk|ar|he|hi|th|vi"
    r"|zh|ja|ko)\Z"
)
_RENDERED = frozenset({"rendered", "value"})
# Fields that hold a key of another table, where they are numbers.
_NUMBERED = frozenset({"author", "tags", "categories", "image", "images"})
_FEATURED = ("_embedded", "wp:featuredmedia", 0)

_OPENS = re.compile(
    r"\s*<(?:!--|!doctype|(?:p|div|h[1-6]|ul|ol|figure|table|section|article|blockquote|html|body|main|pre|img)\b)",
    re.IGNORECASE,
)
_CLOSES = re.compile(
    r"</(?:p|div|h[1-6]|ul|ol|li|figure|table|section|article|blockquote|pre|body)>|<br ?/?>", re.IGNORECASE
)
_MARKED = re.compile(r"^#{1,6} \S|^```|^---\s*$", re.MULTILINE)
_MARKED_WITHIN = re.compile(r"\*\*\S|\]\(")
_TAG = re.compile(r"<[^<>]*>")
_TITLE_WORD = re.compile(rb"title|headline", re.IGNORECASE)
_BODY_WORD = re.compile(
    rb"body|content|markdown|html|text|article|\bmd\b|post|blog|story|completion|output|response", re.IGNORECASE
)
LEAST_BODY = 200
"""Characters of a body from which on a file that is found in a folder is taken for one of posts."""

Path = tuple[str | int, ...]


class Shape(NamedTuple):
    """What a record is: the entry that is its body and how that is written, if that is known, and the other entries."""

    body: Entry | None
    form: str | None
    rest: list[Entry]


def dotted(path: Path) -> str:
    """A path as configurations have it."""
    return ".".join(map(str, path))


def shape_of(entries: Sequence[Entry], fields: FieldMap | None) -> Shape:
    """Which entry is the body. Sets the fields of the others where the names of the meta do not tell them."""
    bodies: list[tuple[tuple[bool, int], Entry, str | None]] = []
    rest: list[Entry] = []
    body, form = None, None
    named = fields.body if fields is not None else None
    for entry in entries:
        path = entry.path
        if named is not None and dotted(path) == named:
            body = entry
            continue
        rank = _rank(path) if len(path) < 5 else None
        if rank is None:
            rest.append(entry)
        elif entry.quoted:
            bodies.append(((not entry.value.strip(), rank[0]), entry, rank[1]))
    if named is None and bodies:
        _, body, form = min(bodies, key=lambda found: found[0])
    if fields is not None and fields.format is not None:
        form = fields.format
    _name(rest, fields)
    return Shape(body, form, rest)


@lru_cache(maxsize=4096)
def _rank(path: Path) -> tuple[int, str | None] | None:
    keys = _keys(path)
    return _RANKS.get(".".join(map(fold_key, keys))) if 0 < len(keys) < 3 else None


def _keys(path: Path) -> tuple[str, ...]:
    """The keys of a path without what an API puts around a record and without the language at its end."""
    keys = tuple(part for part in path if isinstance(part, str))
    if len(keys) != len(path):
        return ()
    if len(keys) > 1 and keys[0] in _WRAPPERS:
        keys = keys[1:]
    if len(keys) > 1 and _LOCALE.match(keys[-1]):
        keys = keys[:-1]
    return keys


def _name(entries: Sequence[Entry], fields: FieldMap | None) -> None:
    said: Mapping[str, str] = fields.fields if fields is not None else {}
    taken = set(said.values())
    for entry in entries:
        path = entry.path
        if said:
            whole = dotted(path)
            found = said.get(whole) or (said.get(whole.rsplit(".", 1)[0]) if isinstance(path[-1], int) else None)
            if found is not None:
                entry.field = found
                continue
        field = _field(entry)
        if field in taken:
            field = ""
        if field is not None:
            entry.field = field
        if len(path) > 1 and path[-1] == "rendered":
            entry.value = plain(entry.value)


def _field(entry: Entry) -> str | None:
    """The field of an entry where it is another than that of its path; "" for none."""
    path = entry.path
    if path[0] == "_embedded":
        if path[:3] == _FEATURED:
            return {"source_url": "image", "alt_text": "image_alt"}.get(dotted(path[3:]), "")
        if path[1:2] == ("wp:term",) and len(path) > 3 and path[-1] == "name":
            return "tags" if path[2] else "categories"
        return "author" if path[1:] == ("author", 0, "name") else ""
    field = field_of(path)
    if field is None and len(path) > 1:
        keys = _keys(path)
        if len(keys) > 1 and keys[-1] in _RENDERED:
            keys = keys[:-1]
        field = field_of(keys) if keys else None
    if field in _NUMBERED and not entry.quoted and entry.value.isdigit():
        return ""
    return field


def plain(markup: str) -> str:
    """The text of a short piece of HTML: a title or an excerpt as WordPress renders it."""
    if "<" not in markup and "&" not in markup:
        return markup
    # A reference ends where a tag begins.
    return "".join([html.unescape(part) for part in _TAG.split(markup)]).strip()


def format_of(text: str, form: str | None) -> str:
    """How a body is written: as its name says, but for a name such as "text" that says little, else as it looks."""
    if form in ("markdown", "html"):
        return form
    if _MARKED.search(text):
        return "markdown"
    closing = _CLOSES.search(text)
    if closing is not None and _OPENS.match(text):
        return "html"
    if _MARKED_WITHIN.search(text):
        return "markdown"
    if closing is not None and _CLOSES.search(text, closing.end()):
        return "html"
    return "text" if form == "text" or _holds_meta(text) else "markdown"


def _holds_meta(text: str) -> bool:
    """Whether a text ends with meta as extracted pages have it."""
    return "post meta" in text.lower() and any(MARKER.match(line.strip()) for line in LINE_END.split(text))


def is_of_post(entries: Sequence[Entry], fields: FieldMap | None, least: int = 1) -> bool:
    """Whether a record is a post: it has a title and a body of so many characters at least."""
    shape = shape_of(entries, fields)
    if shape.body is None or len(shape.body.value) < least:
        return False
    if fields is not None and fields.body is not None:
        return True
    return any(map(is_title, shape.rest))


def may_hold_posts(head: bytes, fields: FieldMap | None) -> bool:
    """Whether the first bytes of a file have a word that a body goes by, and one that a title goes by.

    Of the files of data in a folder most have not, and need not be looked at more closely.
    """
    if fields is not None and fields.body is not None:
        name = fields.body.rpartition(".")[2]
        # Other letters may be escaped, and a number is a place in a list.
        return not name.isascii() or name.isdigit() or name.encode() in head
    return _TITLE_WORD.search(head) is not None and _BODY_WORD.search(head) is not None


def is_title(entry: Entry) -> bool:
    """Whether an entry is a title."""
    return (entry.field if entry.field is not None else field_of(entry.path)) == "title"
