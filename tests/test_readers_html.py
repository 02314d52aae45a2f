"""HTML posts: what is content, what speaks of it, and where each of them stands."""

from __future__ import annotations

from pathlib import Path

import pytest
from positions import misplaced

from postlint.post import Post
from postlint.readers import html, read

FIXTURES = Path(__file__).parents[1] / "fixtures" / "readers" / "html"


def page(text: str) -> Post:
    (post,) = read("post.html", text.encode())
    assert list(misplaced(post)) == []
    return post


def fixture(name: str) -> Post:
    return page((FIXTURES / name).read_text(encoding="utf-8"))


def kinds(post: Post) -> list[tuple[str, str]]:
    return [(block.kind, block.text) for block in post.blocks]


def texts(post: Post) -> list[str]:
    return [block.text for block in post.blocks]


def values(post: Post, field: str) -> list[str]:
    return [entry.value for entry in post.meta.all(field)]


def test_content() -> None:
    post = fixture("page.html")
    assert post.format == "html"
    assert kinds(post) == [
        ("paragraph", "Day one smells of wet\xa0hay.\nDay two of nothing."),
        ("heading", "What bubbles 🫧"),
        ("list_item", "Yeast"),
        ("list_item", "Bacteria"),
        ("list_item", "two kinds"),
        ("caption", "Day three"),
        ("code", "feed --flour 50 && wait"),
        ("quote", "Never hurry rye."),
    ]
    assert post.blocks[6].language == "sh"
    assert [(link.url.value, link.text) for link in post.links] == [("/wet-hay/?q=1&r=2", "wet\xa0hay")]


def test_the_title_is_the_heading_that_is_shown() -> None:
    post = fixture("page.html")
    assert post.title is not None
    assert post.title.value == "Salt & rye: a starter’s week"
    place = post.source[post.title.start : post.title.end]
    assert place == "Salt &amp; <em>rye</em>: a starter’s week"


def test_meta() -> None:
    post = fixture("page.html")
    found = [(entry.path, entry.value, entry.field) for entry in post.meta]
    assert found == [
        (("lang",), "en-GB", "language"),
        (("title",), "Salt & rye: a starter’s week | The Oven Door", "title"),
        (("description",), 'Seven days of flour & water, "fed" at noon.', "summary"),
        (("robots",), "noindex, follow", "noindex"),
        (("og:title",), "Salt & rye", "title"),
        (("og:image",), "/img/jar.jpg?w=1200&h=630", "image"),
        (("og:image:alt",), "A jar of grey dough", "image_alt"),
        (("article:tag",), "rye", "tags"),
        (("canonical",), "https://oven.example.net/salt-and-rye/", "url"),
        (("headline",), "Salt & rye", "title"),
        (("datePublished",), "2025-02-03T09:00:00+01:00", "published"),
        (("author", "name"), "Jørn Vik", "author"),
        (("image", "url"), "/img/jar.jpg?w=1200&h=630", "image"),
        (("wordCount",), "31", "word_count"),
    ]
    robots = post.meta.entries[3]
    assert post.source[robots.key_start : robots.key_end] == "robots"
    assert post.source[robots.start : robots.end] == "noindex, follow"


def test_images() -> None:
    post = fixture("page.html")
    found = [(image.origin, image.url and image.url.value, image.alt and image.alt.value) for image in post.images]
    assert found == [
        ("meta", "/img/jar.jpg?w=1200&h=630", "A jar of grey dough"),
        ("body", "/img/hero.jpg", "The oven"),
        ("body", "/img/day3.jpg", 'Day "three"'),
    ]
    assert post.images[2].caption is not None
    assert post.images[2].caption.value == "Day three"


def test_front_matter_and_templates() -> None:
    post = fixture("jekyll.html")
    assert [(entry.path, entry.value) for entry in post.meta] == [
        (("layout",), "post"),
        (("title",), "Kneading without a bowl"),
        (("date",), "2024-05-06"),
        (("tags", 0), "dough"),
        (("tags", 1), "tools"),
    ]
    assert post.title is not None
    assert post.title.value == "Kneading without a bowl"
    assert kinds(post) == [
        ("paragraph", "Use the bench, , and oil it."),
        ("paragraph", "Fold  times."),
        ("code", "echo {{ shown }}"),
    ]
    assert [link.url.value for link in post.links] == ["{{ site.url }}/bench"]


def test_malformed_front_matter_is_reported() -> None:
    post = page("---\ntitle: [open\n---\n<p>Text.</p>\n")
    assert [problem.kind for problem in post.problems] == ["malformed-front-matter"]
    assert texts(post) == ["Text."]


PROSE = "<p>A paragraph of the post, long enough to weigh something.</p>"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (f"<article>{PROSE}</article><p>Out.</p>", 1),
        (f"<article><p>Teaser.</p></article><main>{PROSE}{PROSE}</main><p>Out.</p>", 2),
        (f"<div role='main'><div>{PROSE}</div>{PROSE}</div><p>Out.</p>", 2),
        (f"<main>{PROSE}<article><p>Short.</p></article>{PROSE}</main><p>Out.</p>", 3),
        (f"<article>{PROSE}<article><p>A comment.</p></article></article><p>Out.</p>", 2),
        (f"{PROSE}<article><p>x</p></article>{PROSE}", 3),
        (f"<article>{PROSE}", 1),
        ("<article>Loose text.</article>Out.", 1),
        ("<article>One.</article><article>Two.</article>", 2),
    ],
)
def test_where_the_content_is(body: str, expected: int) -> None:
    post = page(f"<html><head><title>T</title></head><body>{body}</body></html>")
    assert len(post.blocks) == expected
    assert "Out." not in texts(post)


def test_a_page_without_any_structure() -> None:
    post = page("Just <b>text</b>.\n<p>And more.")
    assert texts(post) == ["Just text.", "And more."]
    assert post.title is None
    assert not post.meta


@pytest.mark.parametrize(
    ("head", "body", "expected"),
    [
        ("<title>Page | Site</title>", "<h1>Page</h1>", "Page"),
        ("<title>Page | Site</title>", "<h1>One</h1><h1>Two</h1>", "Page | Site"),
        ("<title>Page</title>", "<header><h1>Site</h1></header>", "Page"),
        ("<meta name='og:title' content='Open'>", "", "Open"),
        ("<title>Site</title>", "<svg><title>Arrow</title></svg>", "Site"),
        ("<svg><title>Arrow</title></svg><title>Site</title>", "", "Site"),
        ("<title>  </title>", "", None),
        ("", "<h1>Rye<script>a &amp;&amp; b</script> bread</h1>", "Rye bread"),
    ],
)
def test_titles(head: str, body: str, expected: str | None) -> None:
    post = page(f"<head>{head}</head><body>{body}{PROSE}</body>")
    assert (post.title.value if post.title else None) == expected


@pytest.mark.parametrize(
    ("head", "body", "published", "modified"),
    [
        ("", "<time datetime='2025-01-02'>x</time><time datetime='2025-01-03'>y</time>", ["2025-01-02"], []),
        ("", "<time class='updated' datetime='2025-01-02'>x</time>", [], ["2025-01-02"]),
        ("", "<time>Tuesday</time>", [], []),
        (
            "<meta property='article:published_time' content='2024-01-01'>",
            "<time datetime='2025-01-02'>x</time>",
            ["2024-01-01"],
            [],
        ),
        ("<meta itemprop='dateModified' content='2024-02-01'>", "", [], ["2024-02-01"]),
        ("<meta itemprop='ratingValue' content='5'>", "", [], []),
    ],
)
def test_dates(head: str, body: str, published: list[str], modified: list[str]) -> None:
    post = page(f"<head>{head}</head><body>{PROSE}{body}</body>")
    assert (values(post, "published"), values(post, "modified")) == (published, modified)


def test_microdata_of_other_things_is_no_meta() -> None:
    assert not page(f"<body>{PROSE}<meta itemprop='ratingValue' content='5'></body>").meta.entries


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ('{"@type": "Article", "headline": "A"}', ["A"]),
        ('[{"@type": "WebPage", "headline": "B"}, {"@type": "NewsArticle", "headline": "A"}]', ["A"]),
        ('{"@type": "Product", "review": {"@type": "Article", "headline": "A"}}', []),
        ('{"@type": "Article", "headline": "A"', []),
        ("not json", []),
        ("", []),
    ],
)
def test_structured_data(data: str, expected: list[str]) -> None:
    post = page(f'<head><script type="application/ld+json">{data}</script></head><body>{PROSE}</body>')
    assert values(post, "title") == expected


def test_what_is_no_text() -> None:
    (post,) = read("post.htm", b"<p>\0</p>")
    assert post.format == "unreadable"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<html><body><article>x</article></body></html>", True),
        ("<html><body><article>x</article><article>y</article></body></html>", False),
        ('<meta property="og:type" content="article"><div>x</div>', True),
        ('<meta property="og:type" content="website"><article>x</article>', False),
        ('<script type="application/ld+json">{"@type": "BlogPosting"}</script>', True),
        ('<html><body><div id="app"></div></body></html>', False),
        ("<html><body><article>{{ content }}</article></body></html>", False),
        ("<article><pre>{{ x }}</pre></article><script>a = {{}}</script>", True),
        ("---\ntitle: A\n---\n<p>{{ site.name }}</p>", True),
        ("---\nlayout: base\n---\n<article>x</article>", False),
        ("---\ntitle: A\n---\n<main>{{ content }}</main>", False),
        ("+++\ndate = 2024-01-01\n+++\n<p>x</p>", True),
        ("", False),
    ],
)
def test_posts_are_told_by_their_start(text: str, expected: bool) -> None:
    assert html.looks_like_posts(text.encode()) is expected
