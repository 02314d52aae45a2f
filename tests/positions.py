"""Whether everything a Post holds stands where it says: the text under each place, undone, is the text itself."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from html.entities import html5

from postlint.meta import Entry
from postlint.post import Block, Post, Text

_LINE_END = re.compile(r"(?:\s*|\\)(?:\r\n|\n|\r)[\s>]*\Z|<br\b[^>]*>\Z", re.IGNORECASE)
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])|&(#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z0-9]+);")
_ROW_END = re.compile(r"\r\n?")
_PADDING = re.compile(r"\s+")


def misplaced(post: Post) -> Iterator[str]:
    """What stands elsewhere than its place says, one line each; nothing if all is well."""
    if post.title is not None:
        yield from _text(post, "title", post.title)
    for block in post.blocks:
        yield from _block(post, block)
    for entry in post.meta:
        yield from _entry(post, entry)
    for link in post.links:
        yield from _text(post, "link", link.url)
        if not 0 <= link.start < link.end <= len(post.source):
            yield f"link outside: {link.url.value!r}"
    for image in post.images:
        for name in ("url", "alt", "caption"):
            value = getattr(image, name)
            if value is not None:
                yield from _text(post, f"image {name}", value)
    for problem in post.problems:
        if not 0 <= problem.start <= problem.end <= len(post.source):
            yield f"problem outside: {problem.kind} {problem.start} {problem.end}"


def _undone(source: str) -> str:
    return _ESCAPE.sub(_character, source).replace("\0", "\ufffd")


def _character(match: re.Match[str]) -> str:
    """An escaped character or a reference, as CommonMark has it: without a semicolon there is none."""
    if match[1]:
        return match[1]
    name = match[2]
    if name[0] != "#":
        return html5.get(f"{name};", match[0])
    number = int(name[2:], 16) if name[1] in "xX" else int(name[1:])
    return _paired(chr(number)) if number < 0x110000 else "\ufffd"


def _paired(text: str) -> str:
    """A text in which halves of surrogate pairs are characters, or no character."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _block(post: Post, block: Block) -> Iterator[str]:
    source, text = post.source, block.text
    if not text or not 0 <= block.start < block.end <= len(source):
        yield f"{block.kind} empty or outside: {text[:40]!r} {block.start} {block.end}"
        return
    for first, last in block.code:
        if not 0 <= first < last <= len(text):
            yield f"inline code outside: {text[:40]!r} {first} {last}"
    if block.place(0, len(text)) != (block.start, block.end):
        yield f"{block.kind} does not span its text: {text[:40]!r}"
    if block.runs is None:
        if source[block.start : block.end] != text:
            yield f"{block.kind} is not verbatim: {text[:60]!r} / {source[block.start : block.end][:60]!r}"
        return
    before = block.start
    bounds = [run.text_start for run in block.runs] + [len(text)]
    if bounds[0] != 0:
        yield f"{block.kind} starts before its runs: {text[:40]!r}"
    for run, end in zip(block.runs, bounds[1:], strict=True):
        piece, place = text[run.text_start : end], source[run.source_start : run.source_end]
        if run.source_start < before:
            yield f"{block.kind} goes back: {piece[:40]!r}"
        before = run.source_end
        for index in {run.text_start, end - 1}:
            first, last = block.place(index, index + 1)
            if len(piece) == len(place) and source[first:last] != text[index] and text[index] not in "\n ":
                yield f"{block.kind} is off: {text[index]!r} / {source[first:last]!r}"
        if piece == place or _undone(place) == piece or html.unescape(place) == piece:
            continue
        if post.format == "wxr" and piece in _out_of_xml(place):
            continue
        if piece.isspace() and place.isspace() and "\n" not in piece:
            continue
        if piece == "\n" and (
            _LINE_END.match(place) or (post.format == "wxr" and _LINE_END.match(html.unescape(place)))
        ):
            continue
        # The parser knows line feeds alone; where rows of code end in several ways, they stay one piece.
        if block.kind == "code" and _ROW_END.sub("\n", place) == piece:
            continue
        if index_in_code(block, run.text_start) and _squeezed(place).strip("`") == _squeezed(piece).strip("`"):
            continue
        yield f"{block.kind} differs: {piece[:60]!r} / {place[:80]!r}"


def index_in_code(block: Block, index: int) -> bool:
    """Whether a place of a block's text is inline code."""
    return any(first <= index < last for first, last in block.code)


def _entry(post: Post, entry: Entry) -> Iterator[str]:
    place = post.source[entry.start : entry.end]
    key = post.source[entry.key_start : entry.key_end]
    if not 0 <= entry.key_start <= entry.key_end <= len(post.source) or not 0 <= entry.start <= entry.end <= len(
        post.source
    ):
        yield f"meta outside: {entry.path}"
    keys = (key, html.unescape(key), _json(key), " ".join(key.replace("''", "'").split()))
    # A key of several rows is folded.
    known = entry.key in keys or _squeezed(entry.key) == _squeezed(key)
    if not known and key not in ("<<", "") and not key.startswith("*"):
        yield f"meta key differs: {entry.key!r} / {key!r}"
    if place == entry.value or _squeezed(place) == _squeezed(entry.value):
        return
    if place in ("[]", "{}") or (not entry.value.strip() and not place.strip(" []{},#\r\n")):
        return
    if _squeezed(place.replace("''", "'")) == _squeezed(entry.value):
        return
    if "\\" in place and _squeezed(_json(place)) == _squeezed(entry.value):
        return
    if post.format == "wxr" and entry.value in _out_of_xml(place):
        return
    if post.format == "html" and _squeezed(html.unescape(place)) == _squeezed(entry.value):
        return
    yield f"meta value differs: {entry.path} {entry.value[:60]!r} / {place[:60]!r}"


def _out_of_xml(place: str) -> tuple[str, ...]:
    """What an item of an export says as it is, with XML undone, and then HTML; between two sections stands nothing."""
    whole = place.replace("]]><![CDATA[", "")
    xml = _references(whole)
    return whole, xml, html.unescape(xml), html.unescape(whole), html.unescape(html.unescape(whole))


def _references(source: str) -> str:
    """A text with its references undone, but not its escapes."""
    return _ESCAPE.sub(lambda match: match[0] if match[1] else _character(match), source)


def _squeezed(text: str) -> str:
    return _PADDING.sub("", text)


def _json(text: str) -> str:
    """The text of a double-quoted scalar: YAML and TOML add line folding and a few escapes to those of JSON."""
    folded = re.sub(
        r"\\[ \t]*(?:\r\n|[\n\r\x85\u2028\u2029])\s*|(?:\r\n|\n|\r)\s*", lambda m: "" if m[0][0] == "\\" else " ", text
    )
    folded = re.sub(r"\\U([0-9A-Fa-f]{8})", lambda match: chr(int(match[1], 16)), folded)
    folded = re.sub(r"\\x([0-9A-Fa-f]{2})", r"\\u00\1", folded)
    more = {"e": "\x1b", "a": "\a", "0": "\0", "\\": "\\\\"}
    folded = re.sub(r"\\([ '_eaNLP0\\])", lambda match: more.get(match[1], match[1]), folded)
    folded = re.sub(r'(?<!\\)"', r'\\"', folded)
    try:
        return _paired(str(json.loads(f'"{folded}"', strict=False)))
    except ValueError:
        return text


def _text(post: Post, what: str, text: Text) -> Iterator[str]:
    if not 0 <= text.start <= text.end <= len(post.source):
        yield f"{what} outside: {text.value[:60]!r}"
        return
    place = post.source[text.start : text.end]
    if place == text.value or _undone(place) == text.value or html.unescape(place) == text.value:
        return
    if post.format == "wxr" and (text.value in _out_of_xml(place) or (what == "image url" and place.isdecimal())):
        # An image may be named by the number of an attachment.
        return
    # Of mark-up only the text is left; in raw HTML a backslash is part of it.
    once = _references(place)
    forms = (_undone(place), once, html.unescape(once), html.unescape(place), place)
    if what.startswith(("title", "image")) and any(in_order(form, text.value) for form in forms):
        return
    if _squeezed(_json(place)) == _squeezed(text.value) or _squeezed(place.replace("''", "'")) == _squeezed(text.value):
        return
    yield f"{what} differs: {text.value[:80]!r} / {place[:80]!r}"


def in_order(place: str, text: str) -> bool:
    """Whether a text with mark-up left out stands in a place: every character, in order."""
    characters = iter(_squeezed(place))
    return all(character in characters for character in _squeezed(text))
