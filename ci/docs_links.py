"""For the site of the documentation: links out of docs/ lead to the repository, as they do where it is read there."""

from __future__ import annotations

import re
from typing import Any

REPOSITORY = "https://github.com/postlint/postlint/blob/main/"
_OUTSIDE = re.compile(r"\]\(\.\./([^)\s]+)\)")


def on_page_markdown(markdown: str, **more: Any) -> str:
    """The text of a page, as mkdocs asks a hook for it."""
    return _OUTSIDE.sub(rf"]({REPOSITORY}\1)", markdown)
