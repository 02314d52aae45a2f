"""Small files that the fuzzer found something wrong with, in one way or another: all of them stand where they say."""

from __future__ import annotations

import pytest
from whole_files import posts_of, wrong

WXR = '<rss xmlns:wp="http://wordpress.org/export/1.2/"><item><wp:post_type>post</wp:post_type><content:encoded>'


@pytest.mark.parametrize(
    ("name", "data", "texts"),
    [
        # References by the rules of Markdown: a semicolon ends each, and no name is found in another's beginning.
        ("a.md", "&noty;&#0; &amp &#x110000;", ["&noty;\ufffd &amp \ufffd"]),
        ("a.md", "* &notit; &#xD800;&lt;", ["&notit; \ufffd<"]),
        ("a.md", "&#150;&#4;!", ["\x96\x04!"]),
        # References that stand for nothing, or take in what never ends.
        ("a.md", "<h2></>&#1<", ["<"]),
        ("a.md", "<p>&#65<n\n", ["A"]),
        ("a.html", "<p>tea;&#1<p>", ["tea;"]),
        ("a.md", "<p>&amp{%%}a", ["&a"]),
        ("a.md", "<p>&amp<script></script>c", ["&c"]),
        ("a.md", "<p>](&amp{%: /b%}c", ["](&{%: /b%}c"]),
        ("a.html", "<p>&nbsptea &notit; &eacutea", ["tea \u00acit; \u00e9a"]),
        ("a.html", "<title>\x85&#\u3000</title><p>\u3000&lt\x85</p>", ["<"]),
        ("a.md", "<code><i t=''><!---->&#65;</code>", ["<!---->A"]),
        ("a.md", "x <code>&#65;{%%}</code>", ["x A{%%}"]),
        ("a.md", "# tea &#0;\x0c", ["tea \ufffd"]),
        # Lone carriage returns end rows as the others do.
        ("a.md", "# *em*tea \r[r]: /x&amp;y\n", ["emtea"]),
        ("a.md", "```\n`\r\rb", ["`\n\nb"]),
        ("a.md", "```\na\r\n: Two\r", ["a\n: Two"]),
        ("a.md", "```\ra\r\n\r\x0cb", ["a\n\n\x0cb"]),
        ("a.md", "a\rb\r\rc\r\r    d\r    e\r\r> f\r> g", ["a\nb", "c", "d\ne", "f\ng"]),
        ("a.md", "<pre>\n\r\nk</pre>", ["k"]),
        ("a.md", "<pre>\r\r\nk", ["k"]),
        ("a.md", "<pre>é<e>\r <i</pre>", ["é\n "]),
        ("a.md", "<pre>a&amp;\r\nb\rc</pre>", ["a&\nb\nc"]),
        ("a.html", "<pre>a&amp;\r\nb\rc</pre>", ["a&\nb\nc"]),
        ("a.html", "<pre>\r\n\r\na\r\nb\r\n</pre>", ["a\nb"]),
        ("a.html", "<pre>\r\n\r\na\r\n&lt;b\r\n</pre>", ["a\n<b"]),
        ("a.md", "---\nt: >\n---\nText", ["Text"]),
        ("a.md", "---\n\ufeffa: &x [b, c]\nd: *x\n---\nText", ["Text"]),
        ("a.md", "![&lt;&gt<b>]()", []),
        # In an export only whole references are undone before its HTML, where a semicolon may be missing, is read.
        ("a.xml", WXR + "&lt;p&gt;&gtt;", [">t;"]),
    ],
)
def test_texts_of_finds(name: str, data: str, texts: list[str]) -> None:
    posts = posts_of(name, data.encode())
    assert [block.text for post in posts for block in post.blocks] == texts
    assert list(wrong(name, data.encode(), posts)) == []


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("http://a.example/b<!---->c", "http://a.example/b"),
        ("[a](&#0;\u2028b)", "\ufffd\u2028b"),
        ("[a](p<!---->q)", "p<!---->q"),
        ("<http://a.example/<!---->>", "http://a.example/<!---->"),
        ("[a](\x0cb&amp;c)", "b&c"),
        ('[a](/b{{ "c" }}d "t")', '/b{{ "c" }}d'),
    ],
)
def test_targets_hold_no_letters_that_stand_for_something_else(text: str, target: str) -> None:
    (post,) = posts_of("a.md", text.encode())
    assert [link.url.value for link in post.links][:1] == [target]
    assert list(wrong("a.md", text.encode(), [post])) == []


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.json", b'{"title": "A", "body": "B", "_embedded": "c"}'),
        ("a.json", b'{"title": "A", "body": "B", "_embedded": {"wp:term": {"name": "c"}}}'),
        ("a.json", b'"\xed\xa0\x80" \xe3 {"title": "A", "body": "B"}'),
        ("a.jsonl", b'"\xe4\xb8" \xff{"title": "A", "body": "B"}\n'),
        ("a.csv", b"title,body\nA,B\n\xff\xfea,b\n\xef\xbb\xbfc,d\n"),
        ("a.csv", b'title,body\n"A ""b"" c"d,e\n""f,"g"\n'),
        ("a.xml", WXR.encode() + b"\xed\xa0\x80 \xe4\xb8</content:encoded></item> \xe4\xb8<item><title>B"),
    ],
)
def test_places_behind_bytes_that_are_no_text(name: str, data: bytes) -> None:
    posts = posts_of(name, data)
    assert posts
    assert list(wrong(name, data, posts)) == []


def test_a_reference_of_a_title_ends_where_a_tag_begins() -> None:
    data = b'[{"title": {"rendered": "Rye &#82<b></b>17; &#8217;"}, "content": {"rendered": "<p>Text.</p>"}}]'
    (post,) = posts_of("a.json", data)
    assert post.title is not None
    assert post.title.value == "Rye R17; \u2019"
    assert list(wrong("a.json", data, [post])) == []
