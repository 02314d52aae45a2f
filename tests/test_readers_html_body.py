"""The body of a post in HTML, as pages, exports and records have it."""

from __future__ import annotations

from positions import misplaced

from postlint.post import Post, Text
from postlint.readers.html_blocks import Reading
from postlint.readers.html_body import CLASSIC, PAGE, STORED, read_html


def body(html: str, reading: Reading = STORED, start: int = 0, end: int | None = None) -> Post:
    found = read_html(html, start, end, reading)
    post = Post("a", "html", html, blocks=found.blocks, images=found.images, links=found.links)
    assert list(misplaced(post)) == []
    return post


def kinds(post: Post) -> list[tuple[str, str]]:
    return [(block.kind, block.text) for block in post.blocks]


def test_blocks() -> None:
    post = body(
        "<!-- wp:heading --><h3>Salt &amp; <em>rye</em></h3><!-- /wp:heading -->"
        "<p>One <a href='/u?a&amp;b'>link</a>,<br/>two.</p><ul><li>a<ol><li>b</li></ol></li></ul>"
        "<blockquote><p>Said.</p></blockquote><table><tr><td>1</td></tr></table>Loose."
    )
    assert kinds(post) == [
        ("heading", "Salt & rye"),
        ("paragraph", "One link,\ntwo."),
        ("list_item", "a"),
        ("list_item", "b"),
        ("quote", "Said."),
        ("table_cell", "1"),
        ("paragraph", "Loose."),
    ]
    assert [block.level for block in post.blocks] == [3, 0, 1, 2, 0, 0, 0]
    assert [(link.url.value, link.text) for link in post.links] == [("/u?a&b", "link")]


def test_only_the_stretch_is_read() -> None:
    html = "<p>before</p><p>within</p><p>after</p>"
    post = body(html, start=13, end=26)
    assert kinds(post) == [("paragraph", "within")]
    assert (post.blocks[0].start, post.blocks[0].end) == (16, 22)


def test_code_and_its_language() -> None:
    post = body(
        "<pre><code class='hljs language-rust'>\nlet a = b &lt; c;\n</code></pre><pre class='brush: php; a'>x\n</pre>"
        "<pre>y</pre><p>the <code class='language-c'>int</code> type</p>"
    )
    assert [(block.text, block.language) for block in post.blocks] == [
        ("let a = b < c;", "rust"),
        ("x", "php"),
        ("y", ""),
        ("the int type", ""),
    ]
    assert [post.blocks[3].text[first:last] for first, last in post.blocks[3].code] == ["int"]


def test_blank_rows_part_paragraphs_in_classic_bodies_alone() -> None:
    html = "One\nline.\n\nTwo <b>and\n \n\nthree</b>.\r\n\r\nFour.<pre>a\n\nb</pre>"
    texts = [block.text for block in body(html, CLASSIC).blocks]
    assert texts == ["One\nline.", "Two and", "three.", "Four.", "a\n\nb"]
    assert len(body(html).blocks) == 2


def test_a_link_across_a_blank_row() -> None:
    post = body("One <a href='/x'>two\n\nthree</a> four.", CLASSIC)
    assert [(link.url.value, link.text) for link in post.links] == [("/x", "three")]


def test_the_first_of_several_sources() -> None:
    html = "<img srcset=' /a.png?b=1&amp;c=2 1x, /d.png 2x'>"
    (image,) = body(html).images
    at = html.index("/a.png")
    assert image.url == Text("/a.png?b=1&c=2", at, html.index(" 1x"))


def test_captions() -> None:
    html = "<figure><img src='a.png'><img src='b.png'>Loose words</figure><p>Next.</p>"
    post = body(html, CLASSIC)
    assert kinds(post) == [("caption", "Loose words"), ("paragraph", "Next.")]
    assert [image.caption for image in post.images] == [Text("Loose words", 42, 53)] * 2
    assert kinds(body(html)) == [("paragraph", "Loose words"), ("paragraph", "Next.")]


def test_what_no_browser_shows() -> None:
    html = (
        "<nav><ul><li>Home</li></ul><nav>x</nav>y</nav><p>Shown.</p><p hidden>Hidden<p>Shown too."
        "<div style='color: red; display : NONE'><div>a</div>b</div><a href='#s' aria-hidden='true'>#</a> End."
        "<img hidden src='a.png'><ul><li hidden>c</li><li>d</li></ul><aside>Aside.</aside>"
    )
    post = body(html, PAGE)
    assert kinds(post) == [
        ("paragraph", "Shown."),
        ("paragraph", "Shown too."),
        ("paragraph", "End."),
        ("list_item", "d"),
    ]
    assert len(body(html).blocks) == 12
