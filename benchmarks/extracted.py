"""The text of a page as a tool extracts it: mark-up gone, captions left, and the meta as a block of glued keys."""

from __future__ import annotations

import re

from articles import Article

_IMAGE = re.compile(r"!\[([^\]]*)\]\(([^)]*)\)")


def extracted(article: Article) -> str:
    """The file of an article: its title, its text, the lines of its images, and a meta block."""
    lines = [article.title.lower()]
    images = []
    for part in article.parts:
        lines.append("")
        if part.kind == "image":
            found = _IMAGE.fullmatch(part.text)
            assert found is not None
            caption, url = found.groups()
            host = url.split("/")[2]
            lines += [caption, f"{caption}. image source: {host}"]
            images.append((host, url, caption))
        elif part.kind == "list":
            lines += [f"  • {item.lower()}" for item in part.text.split("\n")]
        else:
            lines.append(part.text if part.kind == "code" else part.text.lower())
    lines += ["", "generated journal post meta", ""]
    for key, value in article.meta:
        name = key.replace("_", " ")
        if isinstance(value, str):
            lines.append(f"{name}{value.lower()}")
        else:
            lines += [name, *(f"  • {item.lower()}" for item in value)]
    if images:
        lines.append("image sources")
        for host, url, caption in images:
            lines += [f"    • source: {host}", f"    • url: {url}", f"    • caption: {caption}"]
    return "\n".join([*lines, "", "Similar Posts", ""])
