"""What formats are made of, for the fuzzer: small pieces that a reader takes for something."""

from __future__ import annotations

_TEXTS: dict[str, list[str]] = {
    "markdown": [
        "# ", "## ", "\n===\n", "\n---\n", "> ", "- ", "* ", "1. ", "    ", "\t", "```\n", "~~~\n", "```py {1}\n",
        "`", "``", "*", "**", "_", "__", "~~", "[", "](", ")", "![", "][", "]:", '[a]: /b "c"\n', "[a]", "[^1]",
        "[^1]: f\n", "<http://a.b>", "https://a.b/c_(d)", "www.a.b", "| a | b |\n|---|:-:|\n| c | d |\n", "|", "\\|",
        "\\", "  \n", "\n\n", "\n", "- [x] a\n", "{#id .class}", "===", "a@b.c", "$x$", ":::note\n", ":::\n",
        "import a from 'b'\n", "export const a = 1\n", "{/* c */}", "<Box a={1}>", "</Box>", "{a}", "Setext\n---\n",
        "---\n", "+++\n", "---json\n", "TODO ", "<!-- more -->",
    ],
    "html": [
        "<p>", "</p>", '<div class="a">', "</div>", "<ul>", "<ol>", "<li>", "</li>", "</ul>", "<blockquote>",
        "</blockquote>", "<pre>", "</pre>", "<code>", "</code>", "<h2>", "</h2>", "<b>", "</b>",
        '<a href="/u?a&amp;b">', "<a href='x", "</a>", '<img src="s.png" alt=\'a&lt;b\'>', "<img src=x alt=y>",
        '<img srcset="a 1x, b 2x">', "<br>", "<br/>", "<hr>", "<figure>", "<figcaption>", "</figcaption>",
        "</figure>", "<table>", "<tr>", "<td>", "</td>", "</tr>", "</table>", "<!--", "-->", "<!-- c -->",
        '<!-- wp:paragraph {"a":1} -->', "<!-- /wp:paragraph -->", "<script>", "</script>", "<style>", "</style>",
        "<svg>", "</svg>", "<math>", "<template>", "<select>", "<textarea>", "</textarea>", "<iframe>", "<noscript>",
        "<?php ?>", "<!DOCTYPE html>", "<![CDATA[", "]]>", "<", ">", '"', "'", "=", "/>", "</", "<details>",
        "<summary>", "<span hidden>",
    ],
    "page": [
        "<html>", "<head>", "<title>", "</title>", '<meta name="description" content="a &amp; b">', "</head>",
        "<body>", "</body>", "<meta property=og:title content='t'>", "<meta charset=utf-8>",
        "<link rel=canonical href=/a>", "<article>", "</article>", "<main>", "</main>", "<nav>", "</nav>", "<header>",
        "</header>", "<footer>", "<aside>", "<form>", "</form>", '<time datetime="2026-01-02">', "</time>",
        '<script type="application/ld+json">', '{"@type":"BlogPosting","headline":"h"}', '{"@graph":[',
        "---\ntitle: t\n---\n", "<h1>", "</h1>", "<base href=/>", "<frameset>", "</html>",
    ],
    "templates": [
        "{{ a }}", "{{", "}}", "{% b %}", "{%", "%}", "{{< c >}}", "{{< /c >}}", "{{% d %}}", "{% raw %}",
        "{% endraw %}", "{% highlight py %}", "{% endhighlight %}", "{{< highlight go >}}",
        '{{< figure src="a" caption="b" >}}', "[x]({{ u }})", "{: .a}\n", "{% comment %}", "{% endcomment %}",
        "{% capture a %}", "{% endcapture %}",
    ],
    "entities": [
        "&amp;", "&lt;", "&nbsp;", "&#8217;", "&#x2014;", "&#0;", "&#xD800;", "&#x110000;", "&notanentity;", "&amp",
        "&", "&#", "&NotEqualTilde;",
    ],
    "text": [
        "• a\n", "- b\n", "alphanode post meta\n", "a post meta\n", "view count356342\n", "topictea\n",
        "ai briefthe article\n", "| |\n", "Similar Posts\n", "visual reference 1\n",
        "visual reference 1. image source: a.b\n", "image sources\n", "  • key: value\n", "A heading\n",
        "A sentence that ends.\n", "def a():\n    return 1\n", "\n\n", "\n", "@a\n", "$ ls\n", "entities\n",
        "https://a.b\n",
    ],
    "xml": [
        "<item>", "</item>", "<title>", "</title>", "<content:encoded>", "</content:encoded>", "<![CDATA[", "]]>",
        "<excerpt:encoded>", "<wp:post_type>post</wp:post_type>", "<wp:post_type>attachment</wp:post_type>",
        "<wp:status>draft</wp:status>", "<wp:post_id>7</wp:post_id>",
        "<wp:postmeta><wp:meta_key>k</wp:meta_key><wp:meta_value>v</wp:meta_value></wp:postmeta>", "<wp:meta_value>",
        "</wp:meta_value>", "<wp:attachment_url>http://a.b/c.png</wp:attachment_url>",
        '<category domain="post_tag" nicename="a">', "</category>", "<link>", "</link>",
        "<wp:post_date>2026-01-02 03:04:05</wp:post_date>", "<wp:comment>", "</wp:comment>", "<channel>",
        "</channel>", "<rss>", "</rss>", '<?xml version="1.0" encoding="UTF-8"?>', "<!-- -->", "<!DOCTYPE rss>",
        '<!ENTITY a "b">', "<dc:creator>", "<pubDate>", "<wp:post_name>a-b</wp:post_name>", 'a:1:{s:1:"a";i:1;}',
        's:5:"ab";', 'O:1:"A":0:{}', "b:1;", "d:0.5;", "N;", "i:9", "<", ">", "\n",
    ],
    "shortcodes": [
        '[caption id="a" width="1"]', "[/caption]", '[gallery ids="1,2"]', "[embed]", "[/embed]", "[a b=c]", "[[a]]",
        "[", "]", "\n\n",
    ],
    "json": [
        "{", "}", "[", "]", ",", ":", '"', "\\", '\\"', "\\n", "\\u0041", "\\ud83c\\udf75", "\\ud800", "\\u00",
        '"title":', '"body": ', '"content": {"rendered": "<p>a &amp; b</p>"}', '"title": {"rendered": "t"}',
        '"format": "markdown"', '"format":"html"', "null", "true", "-1.5e3", "NaN", "01", '"a": 1',
        '"tags": ["a", "b"]', "\n", "\r\n", " ", '{"title": "A", "body": "B **c** \\n\\n d"}', "\t", '"text":"',
        '"slug":"a"', '"posts":[', '"meta":{"a":{"b":[]}}', '"image":{"url":"u","alt":"a"}',
    ],
    "csv": [
        ",", '"', '""', "\n", "\r\n", "\r", ";", "\t", "title,body\n", "title;content;date\n", '"a\nb"',
        'a,"b ""c""",d\n', "id\ttitle\ttext\n", "'", "|",
    ],
    "yaml": [
        "a: b\n", "title: t\n", "- a\n", "  - b\n", "  c: d\n", ": ", "? ", "- ", "&x ", "*x", "<<: *x\n", "!!str ",
        "!a ", "! ", "'a''b'", '"a\\tb\\x41\\u00e9"', "|\n  a\n  b\n", ">-\n  a\n\n  b\n", "|2+\n", "[a, b, {c: d}]",
        "{a: b, c}", "[", "]", "{", "}", ",", "#c\n", " # c", "~", "null", "yes", "2026-01-02", "1:30", "0x1", ".inf",
        "---\n", "...\n", "%YAML 1.1\n", "\n", "  ", "\t", "\u2028", "\x85", "\ufeff",
        "a:\n  b:\n    - c: d\n      e: f\n", "'", '"', "@", "`", "key with spaces: v\n",
    ],
    "toml": [
        "a = 1\n", 'title = "t"\n', "[a]\n", "[[b]]\n", "[a.b]\n", "a.b = 1\n", '"q k" = \'v\'\n', "'''\na'b\n'''",
        '"""\na\\\n  b"""', "{a = 1, b = {c = 2}}", "[1, [2, 3],\n 4]", "2026-01-02T03:04:05Z", "07:32:00", "1_000",
        "0xff", "inf", "true", "#c\n", "=", " = ", '"', "'", "[", "]", "{", "}", ",", ".", "\n", "\\u00e9",
        "\\U0001F375", "\r\n",
    ],
    "headers": [
        "Title: x\n", "Date: 2026-01-02\n", "Tags: a, b\n", "    more\n", "Key:\n", "\n", "no colon\n", ":",
        "A B: c\n", "<!-- title: x -->\n", "<!--\n",
    ],
}  # fmt: skip

TOKENS: dict[str, list[bytes]] = {name: [text.encode() for text in texts] for name, texts in _TEXTS.items()}
_CHARACTERS = (
    *("é", "中文", "🍵", "\u2028", "\u0085", "\u200b", "\u202e", "\ufeff", "e\u0301"),
    *("\x00", "\x0b", "\x0c", "\x1a", "\x7f", "\r", "\r\n", " ", "\u00a0", "\u3000", "a"),
)
_NO_UTF8 = (b"\xff", b"\xc3", b"\xe4\xb8", b"\xed\xa0\x80", b"\xc0\xaf", b"\xff\xfe", b"\xf0\x9f")
TOKENS["bytes"] = [*(text.encode() for text in _CHARACTERS), *_NO_UTF8]
"""What may stand in any file."""
