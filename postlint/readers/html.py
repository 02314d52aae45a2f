"""HTML posts: pages as a browser gets them, or with front matter as a site generator does."""

from __future__ import annotations

import re

from postlint.meta import Meta
from postlint.post import Post
from postlint.readers import unreadable
from postlint.readers.align import Span
from postlint.readers.frontmatter import FrontMatter, read_front_matter
from postlint.readers.html_body import PAGE, read_tokens
from postlint.readers.html_meta import entries_of
from postlint.readers.html_page import Page, page_of, title_in
from postlint.readers.html_tokens import Tokens, tokens_of
from postlint.readers.meta_images import images_of, title_of
from postlint.readers.source import decode

_NOT_A_LINE_END = re.compile(r"[^\r\n]")
_TEMPLATE = re.compile(r"\{(\{|%)")
_TEMPLATE_ENDS = {"{": "}}", "%": "%}"}
_FENCE = re.compile(rb"(?:\xef\xbb\xbf)?(---|\+\+\+)[ \t]*\r?\n")
_OWN_KEYS = re.compile(rb"^(?:title|date)[ \t]*[:=]", re.MULTILINE)
_LAYOUT = re.compile(
    rb"\{\{-?\s*(?:\.?[Cc]ontent\b|block\b|define\b)|\{%-?\s*(?:block|extends)\b|\{\{-?\s*(?:define|block)\b"
)
_TEMPLATED = re.compile(rb"\{\{|\{%|<%")
_SCRIPT = re.compile(rb"<(script|style|pre|code)\b.*?</\1", re.IGNORECASE | re.DOTALL)
_KIND = re.compile(rb"<meta\s[^<>]*\bog:type\b[^<>]*>", re.IGNORECASE)
_ARTICLE = re.compile(rb"<article[\s>]", re.IGNORECASE)
_STATED = re.compile(rb"\"@type\"\s*:\s*\[?\s*\"(?:\w*Article|BlogPosting)\"|itemprop=[\"']?articleBody", re.IGNORECASE)


def looks_like_posts(head: bytes) -> bool:
    """Whether a page found in a folder is a post, and no list of posts, layout, or page of a program."""
    fence = _FENCE.match(head)
    if fence is not None:
        front = head[fence.end() : max(head.find(b"\n" + fence[1], fence.end() - 1), 0)]
        return _OWN_KEYS.search(front) is not None and _LAYOUT.search(head) is None
    if _TEMPLATED.search(_SCRIPT.sub(b"", head)):
        return False
    kind = _KIND.search(head)
    if kind is not None:
        return b"article" in kind[0].lower()
    return _STATED.search(head) is not None or len(_ARTICLE.findall(head)) == 1


def read(path: str, data: bytes) -> list[Post]:
    """The one post of a page."""
    decoded = decode(data)
    if isinstance(decoded, str):
        return [unreadable(path, decoded)]
    source, problems = decoded
    front = read_front_matter(source) if source[:1] in ("-", "+") else FrontMatter(Meta(), [], 0)
    parsed, holes = _mask(source, front.body) if front.body else (source, [])
    tokens = tokens_of(parsed[front.body :], front.body)
    page = page_of(source, tokens)
    content = tokens.part(page.first, page.last)
    body = read_tokens(source, parsed, content, PAGE, holes)
    meta = _meta(source, front, page, tokens)
    images = images_of(meta)
    known = set()
    post = Post(path, "html", source, meta=meta, blocks=body.blocks, links=body.links)
    # A page tells each of its readers anew which picture stands for it.
    for image in images:
        address = image.url.value if image.url is not None else ""
        if address not in known:
            known.add(address)
            post.images.append(image)
    post.images.extend(body.images)
    post.title = title_of(front.meta) or title_in(source, content, page) or title_of(meta)
    post.problems = [*problems, *front.problems]
    return [post]


def _meta(source: str, front: FrontMatter, page: Page, tokens: Tokens) -> Meta:
    entries = [*front.meta.entries, *entries_of(source, page, tokens)]
    if not entries and not front.meta:
        return Meta()
    return Meta(entries, front.meta.block or (0, tokens.places[page.first]))


def _mask(source: str, base: int) -> tuple[str, list[Span]]:
    """The source with blanks for its templates, and where these stand."""
    holes: list[Span] = []
    parts: list[str] = []
    at = 0
    unclosed: set[str] = set()
    for opening in _TEMPLATE.finditer(source, base):
        start, mark = opening.start(), opening[1]
        if start < at or mark in unclosed:
            continue
        end = source.find(_TEMPLATE_ENDS[mark], opening.end())
        if end < 0:
            unclosed.add(mark)
            continue
        parts.append(source[at:start])
        parts.append(_NOT_A_LINE_END.sub(" ", source[start : end + 2]))
        holes.append((start, end + 2))
        at = end + 2
    parts.append(source[at:])
    return "".join(parts), holes
