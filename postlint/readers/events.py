"""Events of the Markdown parser to blocks, images and links: one pass, and no work for each character."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from postlint.post import Block, Image, Link, Text
from postlint.readers.align import Piece, Span, align, runs_of
from postlint.readers.body import PARSER, Body
from postlint.readers.offsets import code_points
from postlint.readers.places import Places
from postlint.readers.targets import bare_addresses, inline_target, reference_target


def read_body(source: str, parsed: str, base: int, holes: Sequence[Span]) -> Body:
    """Blocks, images and links of the Markdown that starts at `base`."""
    text = parsed[base:] if base else parsed
    offset = code_points(text, base)
    body = Body(Places(source, parsed, holes, offset), base)
    add = body.add_parsed
    pieces: list[Piece] = []
    code: list[int] = []
    quotes = 0
    items: list[int] = []
    table = 0
    heading = 0
    language: str | None = None
    link: list[Any] | None = None
    images: list[list[Any]] = []
    html: list[Piece] | None = None
    # Where the last thing within a link ended: its target stands after that.
    inner_end = 0

    def flush() -> None:
        nonlocal pieces, code
        if quotes or body.html_quotes:
            add("quote", pieces, heading, 0, code)
        elif heading:
            add("heading", pieces, heading, 0, code)
        elif items:
            add("list_item", pieces, len(items), items[-1], code)
        else:
            add("paragraph", pieces, 0, 0, code)
        pieces, code = [], []

    # Places stay bytes until they are kept: in text that is not ASCII their conversion is most of the work.
    events: Any = PARSER.events_with_range(text, merge_text=True)
    for event, span in events:
        if event.__class__ is str:
            if event == "SoftBreak" or event == "HardBreak":
                # The last character of a line end: it joins with what follows it.
                last = span["end"]
                if images:
                    images[-1][2].append((" ", last - 1, last))
                else:
                    pieces.append(("\n", last - 1, last))
            continue
        name, value = event.popitem()
        if name == "Text":
            first = span["start"]
            inner_end = last = span["end"]
            if images:
                images[-1][2].append((value, first, last))
            else:
                if "://" in value and link is None and language is None:
                    _add_bare_links(body, value, offset[first], offset[last])
                pieces.append((value, first, last))
        elif name == "Start":
            if value.__class__ is str:
                if value == "Paragraph" or value == "Item" or value == "HtmlBlock":
                    if pieces:
                        flush()
                    if value == "HtmlBlock":
                        html = []
                continue
            tag, data = value.popitem()
            if tag == "Link":
                first = span["start"]
                link = [data, first, len(pieces)]
                inner_end = first + 1
            elif tag == "Image":
                first = span["start"]
                images.append([data, first, []])
                inner_end = first + 2
            else:
                if pieces:
                    flush()
                if tag == "Heading":
                    heading = int(data["level"][1])
                elif tag == "List":
                    body.groups += 1
                    items.append(body.groups)
                elif tag == "BlockQuote":
                    quotes += 1
                elif tag == "CodeBlock":
                    words = data["Fenced"].split(None, 1) if data.__class__ is dict else ()
                    language = words[0].strip("{}.,:") if words else ""
                elif tag == "Table":
                    body.groups += 1
                    table = body.groups
        elif name == "End":
            last = span["end"]
            if value.__class__ is str:
                if value == "Paragraph" or value == "Item":
                    if pieces:
                        flush()
                elif value == "Link":
                    if link is not None:
                        _add_link(body, link, pieces, last, inner_end)
                        link = None
                elif value == "Image":
                    if images:
                        _add_image(body, images.pop(), last, inner_end)
                elif value == "TableCell":
                    if pieces:
                        add("quote" if quotes else "table_cell", pieces, 0, table, code)
                        pieces, code = [], []
                elif value == "HtmlBlock":
                    if html:
                        body.html_reader().block(body.places.placed(html), quotes > 0)
                    html = None
                elif value == "CodeBlock":
                    if pieces:
                        body.add_code(body.places.placed(pieces), language or "")
                    pieces, language = [], None
            else:
                tag, _ = value.popitem()
                if pieces:
                    flush()
                if tag == "Heading":
                    heading = 0
                elif tag == "List":
                    items.pop()
                elif tag == "BlockQuote":
                    quotes -= 1
            inner_end = last
        elif name == "Code":
            first = span["start"]
            inner_end = last = span["end"]
            if images:
                images[-1][2].append((value, first, last))
            else:
                code.append(len(pieces))
                pieces.append((value, first, last))
        elif name == "Html":
            if html is not None:
                html.append((value, span["start"], span["end"]))
        elif name == "InlineHtml":
            first = span["start"]
            inner_end = last = span["end"]
            if not images and body.html_reader().inline(value, offset[first], offset[last], pieces, code):
                pieces.append(("\n", first, last))
    if pieces:
        flush()
    return body


def _add_link(body: Body, link: list[Any], pieces: list[Piece], last: int, inner_end: int) -> None:
    data, first, number = link
    places = body.places
    start = places.offset[first]
    end = places.end_of(start, first, last)
    url, kind = data["dest_url"], data["link_type"]
    if places.is_masked and places.parsed[start:end] != places.source[start:end]:
        text = "".join([part[0] for piece in places.placed(pieces[number:]) for part in places.exact(piece)])
    elif len(pieces) == number + 1:
        text = pieces[number][0]
    else:
        text = "".join([piece[0] for piece in pieces[number:]])
    if kind == "Inline":
        target = inline_target(places.source, places.end_of(start, first, inner_end), end, url)
    elif kind == "Autolink" or kind == "Email":
        is_blanked = places.is_masked and places.parsed[start:end] != places.source[start:end]
        target = Text(places.source[start + 1 : end - 1] if is_blanked else url, start + 1, end - 1)
    else:
        target = reference_target(places.source, body.definition(data["id"]), start, end, url)
    body.links.append(Link(target, start, end, text))


def _add_image(body: Body, image: list[Any], last: int, inner_end: int) -> None:
    data, first, pieces = image
    start, end = body.places.offset[first], body.places.offset[last]
    url = data["dest_url"]
    if data["link_type"] == "Inline":
        target = inline_target(body.source, body.places.offset[inner_end], end, url)
    else:
        target = reference_target(body.source, body.definition(data["id"]), start, end, url)
    pieces = body.places.placed(pieces)
    if body.places.holes:
        pieces = [part for piece in pieces for part in body.places.exact(piece)]
    alt = "".join([piece[0] for piece in pieces])
    place = (pieces[0][1], pieces[-1][2]) if pieces else (start + 2, start + 2)
    body.images.append(Image("body", start, end, target, Text(alt, *place)))


def _add_bare_links(body: Body, text: str, start: int, end: int) -> None:
    if body.places.is_masked and body.parsed[start:end] == text:
        # An address ends where something else begins, though letters stood in for that.
        text = body.source[start:end]
    addresses = bare_addresses(text)
    if not addresses:
        return
    whole = Block("paragraph", text, start, end)
    if end - start != len(text):
        whole.runs = runs_of(align(text, body.parsed, start, end), body.parsed)[1]
    for first, last in addresses:
        place = whole.place(first, last)
        if body.parsed[slice(*place)] != body.source[slice(*place)]:
            # Letters that stand in for something else are no part of an address.
            continue
        body.links.append(Link(Text(text[first:last], *place), *place, text[first:last]))
