"""A body that stood escaped in its file: each character's place, against escapes that were made one by one."""

from __future__ import annotations

import html
import json

from hypothesis import given, settings
from hypothesis import strategies as st
from test_positions import PARTS

from postlint.meta import Entry, Meta
from postlint.post import Block, Image, Link, Post, Problem, Run, Text
from postlint.readers import read
from postlint.readers.lazy_runs import LazyRuns
from postlint.readers.moved import OffsetMap, moved

Spans = list[tuple[int, int]]


def escaped(text: str, choices: list[int], form: str, prefix: str = "") -> tuple[str, Spans, OffsetMap]:
    """A text with some of its characters escaped, after a prefix; where each one stands, and the map that says so."""
    source = prefix
    spans: Spans = []
    runs: list[Run] = []
    was_verbatim = False
    for number, character in enumerate(text):
        is_escaped = bool(choices) and choices[number % len(choices)] == 0
        if form == "json":
            plain = character not in '"\\' and character >= " "
            piece = character if plain and not is_escaped else json.dumps(character)[1:-1]
            if piece == character and is_escaped and ord(character) < 0x10000:
                piece = f"\\u{ord(character):04x}"
        else:
            piece = f"&#{ord(character)};" if is_escaped or character == "&" else character
        spans.append((len(source), len(source) + len(piece)))
        if was_verbatim and piece == character:
            runs[-1] = runs[-1]._replace(source_end=spans[-1][1])
        else:
            runs.append(Run(number, *spans[-1]))
        was_verbatim = piece == character
        source += piece
    return source + "<end>", spans, OffsetMap(runs or [Run(0, len(source), len(source))], len(text))


def unescaped(source: str, form: str) -> str:
    return str(json.loads(f'"{source}"')) if form == "json" else html.unescape(source)


CHOICES = st.lists(st.integers(0, 4), max_size=12)
FORMS = st.sampled_from(["json", "entities"])


@given(st.text(max_size=30), CHOICES, FORMS)
def test_every_character(text: str, choices: list[int], form: str) -> None:
    source, spans, places = escaped(text, choices, form, "before")
    for start in range(len(text)):
        assert places.start(start) == spans[start][0]
        assert places.end(start + 1) == spans[start][1]
        for end in range(start + 1, len(text) + 1):
            assert places.span(start, end) == (spans[start][0], spans[end - 1][1])
            first, last, is_verbatim = places.stretch(start, end)
            if is_verbatim:
                assert source[first:last] == text[start:end]
    last = spans[-1][1] if spans else len("before")
    assert places.span(len(text), len(text)) == (last, last)
    assert places.end(0) == len("before")


@given(st.text(st.characters(max_codepoint=0x2FF), max_size=20), CHOICES, CHOICES)
def test_maps_compose(text: str, inner: list[int], outer: list[int]) -> None:
    """An entity in a JSON string: the place of a character is that of all characters of its entity."""
    middle, middle_spans, first = escaped(text, inner, "entities")
    _, outer_spans, second = escaped(middle, outer, "json", '{"body": "')
    both = first.then(second)
    for number in range(len(text)):
        start, end = middle_spans[number]
        assert both.span(number, number + 1) == (outer_spans[start][0], outer_spans[end - 1][1])


@settings(max_examples=300, deadline=None)
@given(st.lists(PARTS, max_size=25).map("".join), CHOICES, FORMS, st.sampled_from(["post.md", "post.txt"]))
def test_posts(text: str, choices: list[int], form: str, path: str) -> None:
    """Each character of a block stands where the character it was made from stands."""
    source, spans, places = escaped(text, choices, form, "before")
    (post,) = read(path, text.encode())
    if post.source != text:
        return  # A mark that the reader leaves out of the text.
    after = moved(post, source, places)
    assert (after.source, after.path, after.format) == (source, path, post.format)

    def place(start: int, end: int) -> tuple[int, int]:
        if start == end:
            return (spans[start][0] if start < len(spans) else len(source) - len("<end>"),) * 2
        return spans[start][0], spans[end - 1][1]

    for block, new in zip(post.blocks, after.blocks, strict=True):
        assert (new.kind, new.text, new.level, new.group, new.code) == (
            block.kind,
            block.text,
            block.level,
            block.group,
            block.code,
        )
        assert (new.start, new.end) == place(block.start, block.end)
        assert new.place(0, len(new.text)) == (new.start, new.end)
        if new.runs is None:
            assert source[new.start : new.end] == new.text
        for index in range(len(block.text)):
            start, end = block.place(index, index + 1)
            if end - start == 1 and post.source[start] == block.text[index]:
                assert new.place(index, index + 1) == spans[start]
                assert unescaped(source[slice(*new.place(index, index + 1))], form) == block.text[index]
    for image, other in zip(post.images, after.images, strict=True):
        assert (other.start, other.end) == place(image.start, image.end)
        assert (image.url is None) == (other.url is None)
        if image.url is not None and other.url is not None:
            assert other.url == Text(image.url.value, *place(image.url.start, image.url.end))
    for link, target in zip(post.links, after.links, strict=True):
        assert target.url == Text(link.url.value, *place(link.url.start, link.url.end))
        assert (target.start, target.end, target.text) == (*place(link.start, link.end), link.text)


def test_a_verbatim_body_needs_no_runs() -> None:
    post = Post("a", "text", "One two", blocks=[Block("paragraph", "two", 4, 7)])
    block = moved(post, "....One two", OffsetMap.verbatim(4, 7)).blocks[0]
    assert (block.start, block.end, block.runs) == (8, 11, None)


def test_everything_that_has_a_place() -> None:
    r"""The decoded text is `k: v\n!`, of which the line feed is written as two characters, after four."""
    places = OffsetMap([Run(0, 4, 8), Run(4, 8, 10), Run(5, 10, 11)], 6)
    post = Post(
        "a",
        "markdown",
        "k: v\n!",
        title=Text("v", 3, 4),
        meta=Meta([Entry(("k",), "v", 3, 4, 0, 1)], (0, 5)),
        images=[Image("body", 0, 6, None, Text("a", 3, 4), Text("c", 4, 5))],
        links=[Link(Text("u", 5, 6), 3, 6, "!")],
        problems=[Problem("duplicate-key", 4, 5, {"key": "k"})],
    )
    new = moved(post, r"....k: v\n!", places)
    assert new.title == Text("v", 7, 8)
    (entry,) = new.meta
    assert (entry.start, entry.end, entry.key_start, entry.key_end, entry.path) == (7, 8, 4, 5, ("k",))
    assert new.meta.block == (4, 10)
    assert (new.images[0].start, new.images[0].end, new.images[0].url) == (4, 11, None)
    assert (new.images[0].alt, new.images[0].caption) == (Text("a", 7, 8), Text("c", 8, 10))
    assert (new.links[0].url, new.links[0].start, new.links[0].end) == (Text("u", 10, 11), 7, 11)
    assert (new.problems[0].start, new.problems[0].end, new.problems[0].values) == (8, 10, {"key": "k"})
    # The post that was moved stays as it was.
    assert post.title == Text("v", 3, 4)


def test_a_gap_is_no_part_of_the_text() -> None:
    """Two CDATA sections in one value: `ab` and `cd`, with twelve characters between them."""
    places = OffsetMap([Run(0, 9, 11), Run(2, 23, 25)], 4)
    block = moved(Post("a", "text", "abcd", blocks=[Block("paragraph", "abcd", 0, 4)]), "", places).blocks[0]
    assert (block.start, block.end) == (9, 25)
    assert [block.place(index, index + 1) for index in range(4)] == [(9, 10), (10, 11), (23, 24), (24, 25)]
    assert block.place(1, 2) == (10, 11)


def test_a_length_that_happens_to_fit_is_not_verbatim() -> None:
    r"""Two blanks that a tab stands for; the tab is written `\t`."""
    places = OffsetMap([Run(0, 5, 7)], 1)
    block = Block("code", "  ", 0, 1, LazyRuns(lambda: (Run(0, 0, 1),)))
    new = moved(Post("a", "text", "\t", blocks=[block]), "", places).blocks[0]
    assert new.place(0, 2) == (5, 7)
    assert new.place(0, 1) == (5, 7)
