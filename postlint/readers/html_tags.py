"""Tags of HTML: their attributes with places, and the address of an image."""

from __future__ import annotations

import html
import re

from postlint.post import Image, Text

_ATTRIBUTE = re.compile(
    r"([^\s\"'<>/=]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'=<>`]+)))?",
)
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9:-]*)")
_LANGUAGE = re.compile(r"(?:\A|\s)(?:lang(?:uage)?-|highlight-source-|brush:[ ]?)([\w+#.-]+)")
_INVISIBLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
# What stands beside the text of a post on most pages: the roles of ARIA and the names that themes give.
_BESIDE = re.compile(
    r"""\b(?:role|id|class)\s*=\s*(?:"(?:[^"]*\s)?|'(?:[^']*\s)?|)(?:navigation|complementary|contentinfo|banner|search
    |comments?(?:-list|-area|-respond)?|respond|disqus_thread|related(?:-posts|-articles|posts)?|jp-relatedposts
    |sharedaddy|share-buttons|social-share|sidebar|breadcrumbs?|pagination|pager|post-navigation|nav-links|navbar
    |newsletter(?:-signup)?|cookie-(?:notice|banner)|toc|table-of-contents|author-(?:box|bio)|skip-link|site-header
    |site-footer|menu)(?=[\s"'>])""",
    re.IGNORECASE | re.VERBOSE,
)
# Where something is loaded later, `src` has a stand-in for it.
_SOURCES = ("data-src", "data-lazy-src", "data-original", "src", "srcset", "data-srcset")


def name_of(tag: str) -> tuple[str, bool] | None:
    """The lower-case name of what a tag opens or closes, and whether it closes it; None for what is no tag."""
    found = _TAG.match(tag)
    return None if found is None else (found[2].lower(), bool(found[1]))


def attributes(tag: str, start: int) -> dict[str, Text]:
    """The attributes of a start tag as written at `start`, entities undone; of two alike the first counts."""
    found: dict[str, Text] = {}
    opening = _TAG.match(tag)
    for match in _ATTRIBUTE.finditer(tag, opening.end() if opening else 0):
        group = match.lastindex or 1
        value, place = ("", (match.end(), match.end())) if group == 1 else (match[group], match.span(group))
        if "&" in value:
            value = html.unescape(value)
        found.setdefault(match[1].lower(), Text(value, start + place[0], start + place[1]))
    return found


def image_of(tag: str, start: int) -> Image:
    """The image of a tag that stands at `start`: what is shown, or is loaded later in the place of a stand-in."""
    found = attributes(tag, start)
    url = None
    for name in _SOURCES:
        candidate = found.get(name)
        if candidate is None or not candidate.value.strip():
            continue
        if name.endswith("srcset"):
            written = tag[candidate.start - start : candidate.end - start]
            first = written.split(None, 1)[0].rstrip(",")
            at = candidate.start + written.index(first)
            candidate = Text(html.unescape(first), at, at + len(first))
        if url is None or url.value.startswith("data:"):
            url = candidate
    return Image("body", start, start + len(tag), url, found.get("alt"))


def is_hidden(tag: str) -> bool:
    """Whether a start tag says that its element is not shown, or is no part of a post."""
    if _BESIDE.search(tag) is not None:
        return True
    if "hidden" not in tag and "display" not in tag:
        return False
    found = attributes(tag, 0)
    if "hidden" in found or ("aria-hidden" in found and found["aria-hidden"].value.strip().lower() == "true"):
        return True
    return "style" in found and _INVISIBLE.search(found["style"].value) is not None


def language_of(tag: str) -> str:
    """The programming language that the class of a tag names, "" for none."""
    if "class" not in tag:
        return ""
    found = attributes(tag, 0).get("class")
    named = _LANGUAGE.search(found.value) if found is not None else None
    return named[1] if named else ""
