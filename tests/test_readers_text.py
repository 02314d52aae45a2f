"""Extracted text: the grammar of the sample posts, glued meta, and plain articles that have neither."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from postlint.post import Lines, Post
from postlint.readers import read

FIXTURES = Path(__file__).parents[1] / "fixtures" / "readers" / "text"
SEEDS = Path(__file__).parents[2] / "shared" / "seeds"


def fixture(name: str) -> Post:
    (post,) = read(name, (FIXTURES / name).read_bytes())
    return post


def post_of(text: str) -> Post:
    (post,) = read("post.txt", text.encode())
    return post


def kinds(post: Post) -> list[tuple[str, str]]:
    return [(block.kind, block.text) for block in post.blocks]


def test_extracted_post() -> None:
    post = fixture("extracted.txt")
    assert post.format == "text"
    assert not post.can_hold_images
    assert post.title is not None
    assert post.title.value == "how to store loose tea: a keeper's note"
    alt = "storing loose tea visual reference"
    assert kinds(post) == [
        (
            "paragraph",
            "tea that stands in the light goes stale. keep it in a tin, away from spices, and write the day on it.",
        ),
        ("caption", f"{alt} 1"),
        ("caption", f"{alt} 1. image source: placehold.co"),
        ("heading", "what goes wrong"),
        (
            "paragraph",
            "damp is the first thing to look for. open the tin, smell it, and throw away what smells of cellar.",
        ),
        ("code", "import tins\nshelf = tins.open('tea')\n\nfor tin in shelf:\n    print(tin.day)"),
        ("heading", "the short list"),
        ("list_item", "label the tin"),
        ("list_item", "close the lid"),
        ("caption", f"{alt} 2"),
        ("caption", f"{alt} 2. image source: unsplash"),
    ]
    body = [image for image in post.images if image.origin == "body"]
    assert [(image.url, image.alt and image.alt.value, image.caption and image.caption.value) for image in body] == [
        (None, f"{alt} 1", f"{alt} 1. image source: placehold.co"),
        (None, f"{alt} 2", f"{alt} 2. image source: unsplash"),
    ]


def test_glued_meta() -> None:
    post = fixture("extracted.txt")
    assert [(entry.path, entry.value) for entry in post.meta] == [
        (("topic",), "storing loose tea / kitchens"),
        (("summary",), "a short note: how tea is kept."),
        (("stack", 0), "tins"),
        (("stack", 1), "labels"),
        (("reading time",), "4"),
        (("view count",), "1200"),
        (("moisture level",), "12"),
        (("score", "quality"), "71"),
        (("revision", "status"), "drafted"),
        (("revision", "last reviewed"), "2025-03-04"),
        (("hash",), "beef01"),
        (("entities", 0, "name"), "tin"),
        (("entities", 0, "type"), "thing"),
        (("entities", 1, "name"), "lid"),
        (("entities", 1, "type"), "part"),
        (("image sources", 0, "source"), "placehold.co"),
        (("image sources", 0, "url"), "https://placehold.co/600x400/png?text=tea:+tin"),
        (("image sources", 0, "caption"), "storing loose tea visual reference 1"),
        (("notes", 0), "note: read it again before it goes out"),
    ]
    declared = [image for image in post.images if image.origin == "meta"]
    assert [image.url and image.url.value for image in declared] == ["https://placehold.co/600x400/png?text=tea:+tin"]
    assert declared[0].caption is not None
    status = post.meta.get("status")
    assert status is not None
    assert post.source[status.start : status.end] == "drafted"
    assert post.source[status.key_start : status.key_end] == "status"


def test_no_blank_lines() -> None:
    post = fixture("dense.txt")
    assert post.title is not None
    assert post.title.value == "how to store loose tea"
    assert [block.kind for block in post.blocks] == [
        "paragraph", "heading", "paragraph", "heading", "list_item", "list_item",
    ]  # fmt: skip
    assert not post.meta


def test_plain_article() -> None:
    post = fixture("plain.txt")
    assert post.title is not None
    assert post.title.value == "A Walk Along the Canal"
    assert not post.meta
    assert [block.kind for block in post.blocks] == ["paragraph", "paragraph", "list_item", "list_item", "paragraph"]
    assert post.blocks[0].text.count("\n") == 2
    assert post.blocks[2].text == "bread, which we had baked\nthe night before"
    assert post.source[slice(*post.blocks[2].place(26, 35))] == "the night"


@pytest.mark.parametrize(
    "text",
    [
        "About the post meta\n\ntopic is what one talks about in such a block.\n\nNothing follows it here.\n",
        "On meta\n\nalphanode post meta\n\nThis paragraph follows a heading of that name, and is prose.\n",
        "On meta\n\nteahouse post meta\n\nnotes on it follow here.\n",
        "On meta\n\nWhat I think of it all is in the post meta\n",
    ],
)
def test_what_is_no_meta(text: str) -> None:
    post = post_of(text)
    assert not post.meta
    assert post.images == []


def test_a_wrapped_first_paragraph_is_no_title() -> None:
    post = post_of("There was a time when letters\ncame twice a day, and people\nanswered them.\n\nNo more.\n")
    assert post.title is None
    assert [block.kind for block in post.blocks] == ["paragraph", "paragraph"]


def test_prose_that_begins_like_code_is_prose() -> None:
    rows = ["Ports", "import duties rose in spring.", "for a while, nothing moved.", "return trips were cheap."]
    text = "\n\n".join([*rows, "with one exception:", ""])
    assert [block.kind for block in post_of(text).blocks] == ["paragraph"] * 4


def test_carriage_returns_keep_places() -> None:
    text = "Title\r\n\r\nOne row of a paragraph that\r\ngoes on below.\r\n"
    (block,) = post_of(text).blocks
    assert block.text == "One row of a paragraph that\ngoes on below."
    assert text[slice(*block.place(28, 32))] == "goes"


@pytest.mark.skipif(not SEEDS.is_dir(), reason="the sample posts are not part of the project")
@pytest.mark.parametrize(
    ("number", "paragraph_rows", "words", "tokens", "all_words", "headings", "items", "code_rows", "images"),
    [
        ("000", [3, 12, 14, 16, 27, 29, 31, 33, 44, 46, 62], 468, 469, 620, 5, 5, [18, 35], (4, 4)),
        ("001", [5, 9, 11, 13, 15, 26, 28, 30, 42], 363, 363, 421, 4, 5, [17], (0, 0)),
        ("002", [5, 12, 14, 16, 18, 29, 31, 33, 47], 366, 367, 478, 4, 5, [20], (2, 2)),
        ("003", [5, 9, 11, 13, 15, 19, 21, 40], 315, 316, 373, 4, 5, [23], (0, 0)),
        ("004", [2, 4, 5, 6, 7, 9, 10, 11, 12, 14, 15, 23], 499, 500, 546, 5, 5, [], (0, 0)),
    ],
)
def test_sample_posts(
    number: str,
    paragraph_rows: list[int],
    words: int,
    tokens: int,
    all_words: int,
    headings: int,
    items: int,
    code_rows: list[int],
    images: tuple[int, int],
) -> None:
    (path,) = SEEDS.glob(f"{number}_*.txt")
    (post,) = read(path.name, path.read_bytes())
    lines = Lines(post.source)
    paragraphs = list(post.of_kind("paragraph"))
    assert [lines.location(block.start).row for block in paragraphs] == paragraph_rows
    assert sum(len(block.text.split()) for block in paragraphs) == words
    assert sum(len(re.findall("[a-z0-9]+", block.text)) for block in paragraphs) == tokens
    assert post.title is not None
    # The count was made on lines: it has the bullets of the list as words, too.
    assert len(post.title.value.split()) + sum(len(block.text.split()) for block in post.blocks) + items == all_words
    assert len(list(post.of_kind("heading"))) == headings
    assert len(list(post.of_kind("list_item"))) == items
    assert [lines.location(block.start).row for block in post.of_kind("code")] == code_rows
    assert all(len([row for row in block.text.split("\n") if row]) == 5 for block in post.of_kind("code"))
    origins = [image.origin for image in post.images]
    assert (origins.count("body"), origins.count("meta")) == images
    assert bool(post.meta) == (number != "004")
