"""Input made to break a reader: deep, long, endless. Each must be read, and none may need time that grows faster."""

from __future__ import annotations

import gc
import tracemalloc
from io import BytesIO, RawIOBase
from pathlib import Path

import pytest
from positions import misplaced
from whole_files import posts_of

from postlint.readers import read, split

SIZE = 60_000

REPEATED = [
    " ", "`", "<", "[", "{", "(", ">", "*", "_", "!", "&", "\\", "~", "|", "#", "\r", "{%", "{{", "{%%}", "`{%`%}",
    "{{<", "{{< highlight ", "{% highlight x %}", "<!--", "<pre", "<pre>", "<svg>", "](", "[a](", "![](", "<a href=",
    "<Tabs {", "\n:::", "{: ", "import {\n", "export const\n", "http://a)", "x <b>", "<div>", "<blockquote>",
    "<img src=\"", "- ", "> ", "a\n", "|a", "&#", "```\n", "[a]: b\n", "• a\n", "a post meta\n", "@a\n", "key: value\n",
]  # fmt: skip


@pytest.mark.parametrize("path", ["post.mdx", "post.txt"])
@pytest.mark.parametrize("part", REPEATED)
def test_repeated(part: str, path: str) -> None:
    (post,) = read(path, (part * (SIZE // len(part))).encode())
    assert post.format in ("markdown", "text")
    assert post.source.startswith(part)


IN_HTML = [
    "<", ">", "&", "&amp;", "&#", "<!--", "-->", "<a ", "<a href=", "<b x='", "<p>", "<p hidden>", "</p>", "<div>",
    "<article>", "</article>", "<main>", "<div role=main>", "<header>", "<nav>", "<h1>", "<title>",
    "<meta name=a content=b>", "<svg>", "<script type='application/ld+json'>",
    "<script type='application/ld+json'>[{</script>", "<time datetime=1>", "<pre>", "<code>", "<table>", "<li>",
    "<blockquote>", "<figure>", "<img srcset='", "<img srcset='a 1x, b 2x'>", "<textarea>", "<template>",
    "<plaintext>", "\n", "\r", "\n\n", "{{", "{% %}", "</",
]  # fmt: skip
IN_EXPORTS = [
    "[", "]", "[a ", "[a b=c]", "[/a]", "[caption]", "[/caption]", "[code]", "[code a=b]", "[/code]",
    "[gallery ids=1]", "]]", "]]>", "<![CDATA[", "]]]]><![CDATA[>", "<item>", "</item>", "<item", "<wp:post_type>",
    "<wp:postmeta>", "<wp:comment>", "<wp:meta_key>", "<wp:meta_value>", "<category domain='", "<title>",
    "</content:encoded>", "<content:encoded>", "&lt;", "a:1:{i:0;", 's:9:"', 's:99999:"x";', "<!ENTITY ",
    "<p>a\n\nb ", "https://a.example\n\n",
]  # fmt: skip
EXPORT = '<rss xmlns:wp="http://wordpress.org/export/1.2/">\n'


@pytest.mark.parametrize("front", ["", "---\ntitle: x\n---\n"], ids=["page", "front matter"])
@pytest.mark.parametrize("part", IN_HTML)
def test_repeated_in_a_page(part: str, front: str) -> None:
    (post,) = read("post.html", (front + part * (SIZE // len(part))).encode())
    assert post.format == "html"
    assert list(misplaced(post)) == []


@pytest.mark.parametrize(
    "item",
    [
        "<item>{}",
        "<item><title>t</title><content:encoded><![CDATA[{}]]></content:encoded></item>",
        "<item><content:encoded>{}</content:encoded></item>",
        "<item><wp:postmeta><wp:meta_key>k</wp:meta_key><wp:meta_value><![CDATA[a:1:{{{}]]></wp:meta_value></wp:postmeta></item>",
    ],
    ids=["elements", "body", "escaped", "field"],
)
@pytest.mark.parametrize("part", [*IN_HTML, *IN_EXPORTS])
def test_repeated_in_an_export(part: str, item: str) -> None:
    data = (EXPORT + item.format(part * (SIZE // len(part)))).encode()
    container = split("export.xml", BytesIO(data))
    for number in range(min(len(container), 3)):
        assert list(misplaced(container.read(number))) == []


@pytest.mark.parametrize("tag", ["div", "blockquote", "article", "ul><li", "b", "figure", "section hidden"])
def test_deep_nesting_of_tags(tag: str) -> None:
    (post,) = read("post.html", (f"<{tag}>" * 100_000 + "end").encode())
    assert [block.text for block in post.blocks] == ([] if "hidden" in tag else ["end"])


class Endless(RawIOBase):
    """A file of the size given whose bytes are made when they are read: a head, and a part again and again."""

    def __init__(self, head: bytes, part: bytes, size: int) -> None:
        self._head = head
        self._part = part
        self._size = size
        self._at = 0
        self.largest = 0

    def seek(self, offset: int, whence: int = 0) -> int:
        self._at = offset + (0, self._at, self._size)[whence]
        return self._at

    def read(self, size: int = -1) -> bytes:
        self.largest = max(self.largest, size if size >= 0 else self._size)
        size = max(0, min(size, self._size - self._at))
        start = self._at - len(self._head)
        self._at += size
        if start < 0:
            return (self._head + self._part * (size // len(self._part) + 1))[start + len(self._head) :][:size]
        skipped = start % len(self._part)
        return (self._part * (size // len(self._part) + 2))[skipped : skipped + size]


@pytest.mark.parametrize(
    ("part", "posts"),
    [
        (
            b"<item><title>t</title><content:encoded><![CDATA[" + b"tea " * 2_000 + b"]]></content:encoded></item>\n",
            True,
        ),
        (b"<item><content:encoded><![CDATA[", False),
        (b"tea ", False),
        (b"\xc3\xa9", False),
        (b"<!-- ", False),
        (b"<a>of these there are many</a>", False),
    ],
    ids=["posts", "a section", "text", "one row", "a comment", "tags"],
)
def test_an_export_is_cut_in_little_memory(part: bytes, posts: bool) -> None:
    size = 24_000_000
    file = Endless(EXPORT.encode(), part, size)
    tracemalloc.start()
    try:
        container = split("export.xml", file)  # type: ignore[arg-type]
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 8_000_000
    assert file.largest < 2_000_000
    assert (len(container) > 2_500) == posts


def test_an_item_that_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("postlint.readers.source.LIMIT", 1_000_000)
    item = "<item><title>t</title>{}</item>"
    data = EXPORT + item.format("") + item.format("tea " * 300_000) + item.format("")
    container = split("export.xml", BytesIO(data.encode()))
    posts = [container.read(number) for number in range(len(container))]
    assert [post.format for post in posts] == ["wxr", "unreadable", "wxr"]
    assert posts[1].problems[0].values == {"reason": "larger than 1 MB"}
    assert (posts[1].number, container.source(1)) == (1, "")


@pytest.mark.parametrize("fence", ["---\n", "+++\n", ""])
@pytest.mark.parametrize(
    "part", ["a: [", "a = [", '{"a": ', "a = {b = ", "- ", "? ", "a: {", "a: &x *x\n", "a:\n", '"a', "'", "|"]
)
def test_repeated_in_front_matter(fence: str, part: str) -> None:
    (post,) = read("post.md", (fence + part * (SIZE // len(part)) + "\n" + fence + "\nText.\n").encode())
    assert post.format == "markdown"
    assert len(post.problems) <= len(post.meta.entries) + 1


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("---\nkey: " + "[" * 100_000 + "\n---\nText.\n", "YAML"),
        ("+++\nkey = " + "[" * 100_000 + "\n+++\nText.\n", "TOML"),
        ("+++\n" + "a." * 4_000 + "b = 1\n+++\nText.\n", "TOML"),
        ("+++\n[" + "a . " * 100 + "b]\n+++\nText.\n", "TOML"),
        ("+++\na = {" + "'b'.\"c\"." * 50 + "d = 1}\n+++\nText.\n", "TOML"),
        ('{"key": ' + "[" * 100_000 + "\n}\nText.\n", "JSON"),
        ("---\nkey: " + "a" * 1_000_001 + "\n---\nText.\n", "YAML"),
    ],
    ids=["YAML", "TOML", "TOML key", "TOML table", "TOML inline", "JSON", "long"],
)
def test_bounds_of_front_matter(text: str, language: str) -> None:
    (post,) = read("post.md", text.encode())
    (problem,) = post.problems
    assert (problem.kind, problem.values["format"]) == ("malformed-front-matter", language)
    assert [block.text for block in post.blocks] == ["Text."]


def test_aliases_that_multiply_are_refused() -> None:
    rows = ["---", "a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    rows += [f"a{number}: &a{number} [{', '.join([f'*a{number - 1}'] * 10)}]" for number in range(1, 12)]
    (post,) = read("post.md", "\n".join([*rows, "---", "Text.", ""]).encode())
    (problem,) = post.problems
    assert "more than 10,000 values" in str(problem.values["reason"])
    assert [block.text for block in post.blocks] == ["Text."]


@pytest.mark.parametrize("mark", ["> ", "- ", "["])
def test_deep_nesting(mark: str) -> None:
    (post,) = read("post.md", (mark * 100_000 + "end").encode())
    assert post.blocks
    assert post.blocks[-1].text.endswith("end")


def test_one_long_row() -> None:
    text = "tea, *cake* & [more](https://a.example) " * 25_000
    (post,) = read("post.md", text.encode())
    assert len(post.links) == 25_000
    (block,) = post.blocks
    assert block.text.count("cake") == 25_000
    assert list(misplaced(post)) == []


def test_posts_are_gone_without_a_collection() -> None:
    """Nothing in a post leads back to its reader, so a run need not look for cycles among a million objects."""
    folder = Path(__file__).parents[1] / "fixtures" / "readers"
    paths = sorted(path for path in folder.rglob("*") if path.suffix in (".md", ".html", ".xml"))
    sources = [(path.name, path.read_bytes()) for path in paths]
    sources.append(("post.md", b"A *b* `c` &amp; d.\n\n<figure><img src=x></figure>\n\n{{< figure src=y >}}\n"))
    for path, data in sources:
        posts_of(path, data)
    gc.collect()
    gc.disable()
    try:
        for path, data in sources:
            posts_of(path, data)
        assert gc.collect() == 0
    finally:
        gc.enable()
