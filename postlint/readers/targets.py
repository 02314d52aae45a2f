"""Where the target of a Markdown link or image stands."""

from __future__ import annotations

from postlint.lazy_pattern import lazy_pattern
from postlint.post import Text

_ANGLED = lazy_pattern(r"<([^<>\r\n]*)>")
_DESTINATION = lazy_pattern(r"[^\x00-\x20]*")
_OPENING = lazy_pattern(r"\]\([ \t\x0b\x0c]*(?:\r\n|\n|\r)?[ \t\x0b\x0c>]*")
_LABEL_END = lazy_pattern(r"\]:[ \t\x0b\x0c]*(?:\r\n|\n|\r)?[ \t\x0b\x0c>]*")
_ADDRESS = lazy_pattern(r"https?://[^\s<>\"`|\\^{}\[\]]+")


def inline_target(source: str, after: int, end: int, url: str) -> Text:
    """The target of `[text](target)`: `after` is where its text ends."""
    if url and source.startswith("](", after) and source.startswith(url, after + 2, end - 1):
        return Text(url, after + 2, after + 2 + len(url))
    opening = _OPENING.search(source, after, end)
    if opening is None:
        return Text(url, after, end)
    return _target(source, opening.end(), end - 1, url)


def reference_target(source: str, definition: tuple[int, int] | None, start: int, end: int, url: str) -> Text:
    """The target of a reference link: it stands in the definition, or in the link itself if that is unknown."""
    if definition is None:
        return Text(url, start, end)
    opening = _LABEL_END.search(source, *definition)
    if opening is None:
        return Text(url, *definition)
    return _target(source, opening.end(), definition[1], url)


def _target(source: str, at: int, limit: int, url: str) -> Text:
    angled = _ANGLED.match(source, at, limit)
    if angled is not None:
        return Text(angled[1] if "\\" not in angled[1] and "&" not in angled[1] else url, *angled.span(1))
    if source.startswith(url, at, limit):
        return Text(url, at, at + len(url))
    written = source[at : min(at + len(url), limit)]
    if len(written) == len(url) and all(one == other or one == "x" for one, other in zip(url, written, strict=True)):
        # Letters stood in for a template or a comment.
        return Text(written, at, at + len(url))
    # An escape, an entity or a template stands in it.
    found = _DESTINATION.match(source, at, limit)
    end = found.end() if found is not None else limit
    if "{{" in source[at:limit] or "{%" in source[at:limit]:
        end = at + len(source[at:limit].split(' "')[0].rstrip())
        return Text(source[at:end], at, end)
    return Text(url, at, end)


def bare_addresses(text: str) -> list[tuple[int, int]]:
    """Where addresses stand in running text, without the punctuation that ends a sentence or a parenthesis."""
    found = []
    for match in _ADDRESS.finditer(text):
        start, end = match.span()
        surplus = match[0].count(")") - match[0].count("(")
        while end > start and (text[end - 1] in ".,;:!?'*_~" or (text[end - 1] == ")" and surplus > 0)):
            end -= 1
            surplus -= text[end] == ")"
        if end > start + 8:
            found.append((start, end))
    return found


def folded_label(label: str) -> str:
    """A reference label as definitions are matched: white space runs and case do not count."""
    return " ".join(label.split()).casefold()
