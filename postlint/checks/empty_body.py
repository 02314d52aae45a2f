"""Check: a post without text, picture, embed or template in its body."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from postlint.canonical import count_words
from postlint.lazy_pattern import lazy_pattern
from postlint.meta import fold_key
from postlint.patterns import compiled
from postlint.post import Post
from postlint.rules import Inspect, Options
from postlint.shapes import Shape, count, gives, optional, pattern, words
from postlint.violations import Finding

# A page that a template fills: includes, shortcodes, components, embeds. Comments fill nothing.
_FILLED = lazy_pattern(r"\{\{|\{%|<(?!!--)[A-Za-z]|^(?:import|export)\s|^\[[^\]\n]+\]$", re.MULTILINE)

# In an export: shortcodes, and blocks that are made anew for each reader.
_FILLED_EXPORT = re.compile(r"\[[A-Za-z][\w-]*[\s\]=]|/-->")
_EXPORT_END = "</content:encoded"

# In a record that holds HTML: what a browser or the site puts something in the place of.
_FILLED_HTML = re.compile(r"<(?:iframe|video|audio|embed|object|script|form)\b|\[[A-Za-z][\w-]*[\s\]=]", re.IGNORECASE)
_PAGES = (".html", ".htm")


SHAPE = Shape(
    scope="post",
    takes={
        "min-words": count("From this many words on there is a body."),
        "page-files": optional(pattern("Paths of pages that a template fills."), "$^"),
        "page-keys": optional(words("Keys of the meta that such pages have."), []),
    },
    gives=gives("words"),
)


def bind(options: Options, as_of: date) -> Inspect:
    """Values: `words`, the number found."""
    least = options["min-words"]
    pages = compiled(options["page-files"], re.IGNORECASE, "page-files: ")
    keys = frozenset(fold_key(key) for key in options["page-keys"])

    def inspect(post: Post) -> Iterator[Finding]:
        if post.format == "unreadable":
            return
        words = 0
        for block in post.blocks:
            if block.kind == "heading":
                continue
            words += count_words(block.text) if len(block.text) < 20 * least + 20 else least
            if words >= least:
                return
        if any(image.origin == "body" for image in post.images):
            return
        # Navigation entries, redirects and data files have meta and no title; they are no posts.
        if post.meta and post.title is None:
            return
        if pages.search(post.path) or any(fold_key(str(entry.path[0])) in keys for entry in post.meta.entries):
            return
        if post.format == "wxr" and _is_filled_export(post):
            return
        # A page is all tags.
        body = post.meta.block[1] if post.meta.block else 0
        if post.format == "html" and not post.path.endswith(_PAGES) and _FILLED_HTML.search(post.source, body):
            return
        if post.format == "markdown" and _FILLED.search(post.source, body):
            return
        yield Finding(*post.anchor, {"words": words})

    return inspect


def _is_filled_export(post: Post) -> bool:
    """Whether WordPress shows something in the place of the body: an embed, a shortcode, a page of a theme."""
    if post.links or any(entry.key == "wp:post_type" and entry.value != "post" for entry in post.meta):
        return True
    start = post.meta.block[1] if post.meta.block else 0
    end = post.source.find(_EXPORT_END, start)
    return _FILLED_EXPORT.search(post.source, start, end if end >= 0 else len(post.source)) is not None
