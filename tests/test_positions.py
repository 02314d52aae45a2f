"""Everything a reader reports stands where it says, in fixtures and in posts made at random."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from positions import misplaced

from postlint.post import Block, Post, Text
from postlint.readers import read

FIXTURES = sorted(
    path
    for path in (Path(__file__).parents[1] / "fixtures" / "readers").rglob("*")
    if path.suffix in (".md", ".mdx", ".txt", ".html")
)
SEEDS = Path(__file__).parents[2] / "shared" / "seeds"

PARTS = st.sampled_from(
    [
        "tea ", "é", "中文", "🍵", "\u2028", "\n", "\r\n", "\r", "\n\n", "&amp;", "&#233;", "&nope;", "\\*", "*em*",
        "**b", "`code`", "``a`b``", "`", "```\n", "    ", "\t", "> ", "- ", "1. ", "# ", "| a | b |\n|--|--|\n",
        "[x](u \"t\")", "![a *b*](<p q>)", "[r]", "[r]: /x&amp;y\n", "<b>", "</b>", "<img src='s' alt=\"&lt;\">",
        "<br>", "<!-- c -->", "<div>\n", "</div>\n", "<pre>", "</pre>", "<p>", "<li>", "{{ x }}", "{% y %}",
        "[z]({{ u }})", "{{< s >}}", "{% highlight a %}", "{% endhighlight %}", "https://a.example/b_c ", "~~s~~",
        "[^1]", "\n[^1]: f", "---\n", "key: value\n", "• ", ":::\n", "<http://q.example>", "import a from 'b'\n",
        "{/*", "*/}", "<Box a={1}\n>",
        "<article>", "</article>", "<head><title>", "</title>", "<meta name='date' content='1&amp;2'>", "<p hidden>",
        "<h1>", "</h1>", "<script type='application/ld+json'>", '{"@type": "Article", "name": "&"}', "</script>",
        "<time datetime=1>", "<textarea>", "<figure>", "<figcaption>", "<header>", "class='x\"y'>",
    ]
)  # fmt: skip


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.name)
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
def test_fixtures(path: Path, ending: str) -> None:
    data = path.read_bytes().decode().replace("\r\n", "\n").replace("\n", ending).encode()
    for post in read(path.name, data):
        assert list(misplaced(post)) == []


@pytest.mark.skipif(not SEEDS.is_dir(), reason="the sample posts are not part of the project")
def test_sample_posts() -> None:
    posts = [post for path in sorted(SEEDS.glob("*.txt")) for post in read(path.name, path.read_bytes())]
    assert len(posts) == 5
    assert [problem for post in posts for problem in misplaced(post)] == []


@settings(max_examples=300, deadline=None)
@given(st.lists(PARTS, max_size=30).map("".join), st.sampled_from(["post.md", "post.mdx", "post.txt", "post.html"]))
def test_posts_made_at_random(text: str, path: str) -> None:
    for post in read(path, text.encode()):
        assert list(misplaced(post)) == []


def test_the_test_sees_what_is_misplaced() -> None:
    source = "Tea &amp; cake"
    off_by_one = Post("a.md", "markdown", source, blocks=[Block("paragraph", "Tea", 1, 4)])
    assert len(list(misplaced(off_by_one))) == 1
    wrong_title = Post("a.md", "markdown", source, title=Text("Cake", 0, 3))
    assert len(list(misplaced(wrong_title))) == 1
    right = Post("a.md", "markdown", source, title=Text("Tea & cake", 0, 14))
    assert list(misplaced(right)) == []
