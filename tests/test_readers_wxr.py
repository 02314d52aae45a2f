"""WordPress exports: items to posts, their values and places, and the ways in which such files are broken."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from positions import misplaced
from test_positions import PARTS

from postlint.engine import check_sources
from postlint.post import Lines, Location, Post, Text
from postlint.readers import split, wxr, wxr_items
from postlint.readers.container import Container
from postlint.settings import Settings

FIXTURE = Path(__file__).parents[1] / "fixtures" / "readers" / "wxr" / "export.xml"
HEAD = '<?xml version="1.0"?>\n<rss xmlns:wp="http://wordpress.org/export/1.2/">\n<channel>\n'

ATTACHMENT = (
    "<item><wp:post_id>7</wp:post_id><wp:post_type>attachment</wp:post_type>"
    "<wp:attachment_url>https://a.example/7.png</wp:attachment_url></item>"
)


def opened(data: bytes) -> Container:
    return split("export.xml", BytesIO(data))


def posts(data: bytes) -> list[Post]:
    container = opened(data)
    found = [container.read(number) for number in range(len(container))]
    for post in found:
        assert list(misplaced(post)) == []
    return found


def item(content: str, rest: str = "") -> str:
    return f"<item><title>T</title><content:encoded><![CDATA[{content}]]></content:encoded>{rest}</item>\n"


def one(content: str, rest: str = "") -> Post:
    (post,) = posts((HEAD + item(content, rest)).encode())
    return post


def kinds(post: Post) -> list[tuple[str, str]]:
    return [(block.kind, block.text) for block in post.blocks]


def meta(post: Post) -> dict[tuple[str | int, ...], str]:
    return {entry.path: entry.value for entry in post.meta}


@pytest.fixture(scope="module")
def export() -> list[Post]:
    return posts(FIXTURE.read_bytes())


def test_what_is_a_post(export: list[Post]) -> None:
    titles = [post.title.value if post.title else None for post in export]
    assert titles == [
        "Reducing the entrance \u2013 when & why", "Feeding", "About us", "Parts & pieces, a", "Raw", "The last one",
    ]  # fmt: skip
    assert [post.number for post in export] == [0, 1, 2, 3, 4, 5]
    assert {post.format for post in export} == {"wxr"}


def test_pages_are_told_by_link_or_slug(export: list[Post]) -> None:
    assert [post.name for post in export[:3]] == ["2024/09/reducing-the-entrance", "", "about"]
    assert one("", "<link>https://a.example/?p=3</link><wp:post_name>salt</wp:post_name>").name == "salt"


def test_places_are_those_of_the_file(export: list[Post]) -> None:
    text = FIXTURE.read_text(encoding="utf-8")
    lines = Lines(text)
    container = opened(FIXTURE.read_bytes())
    for post in export:
        at = lines.row_start(post.start.row) + post.start.column - 1
        assert text.startswith(post.source, at)
        assert post.source.startswith("<item>")
        assert container.source(post.number) == post.source
        assert container.start(post.number) == post.start
    assert export[0].start == Location(23, 2)


def test_a_block_editor_body(export: list[Post]) -> None:
    post = export[0]
    assert kinds(post) == [
        ("heading", "Wasps & robbers"),
        ("paragraph", "A wide door is hard to guard; ἑσμός 🐝 says so, see the guards."),
        ("caption", "Two bees wide"),
    ]
    assert [(link.url.value, link.text) for link in post.links] == [("/guards/?a=1&b=2", "the guards")]
    featured, shown = post.images
    assert (featured.origin, featured.url and featured.url.value) == ("meta", "https://bees.example.net/up/door.jpg")
    assert (shown.url and shown.url.value) == "https://bees.example.net/up/door.jpg"
    assert (shown.alt and shown.alt.value, shown.caption and shown.caption.value) == ("A narrow door", "Two bees wide")


def test_meta(export: list[Post]) -> None:
    post = export[0]
    assert meta(post) == {
        ("title",): "Reducing the entrance \u2013 when & why",
        ("link",): "https://bees.example.net/2024/09/reducing-the-entrance/",
        ("dc:creator",): "mira",
        ("guid",): "https://bees.example.net/?p=12",
        ("excerpt:encoded",): "Make the door small before the wasps come.",
        ("wp:post_id",): "12",
        ("wp:post_date",): "2024-09-10 08:30:00",
        ("wp:post_modified_gmt",): "2024-09-11 06:30:00",
        ("wp:post_name",): "reducing-the-entrance",
        ("wp:status",): "publish",
        ("wp:post_type",): "post",
        ("category", 0): "Hive care",
        ("post_tag", 0): "Wasps & hornets",
        ("post_tag", 1): "Autumn",
        ("_thumbnail_id",): "31",
        ("post_views_count",): "4021",
        ("flags", "needs_human_review"): "1",
        ("flags", "note"): "é!",
        ("flags", "list", 0): "x",
        ("flags", "list", 1): "y",
        ("_yoast_wpseo_title",): "%%title%% %%sep%% Bees",
    }
    fields = {entry.path[-1]: entry.field for entry in post.meta}
    assert fields["wp:post_date"] == "published"
    assert fields["wp:post_modified_gmt"] == "modified"
    assert fields["excerpt:encoded"] == "summary"
    assert fields["dc:creator"] == "author"
    assert fields["wp:status"] == "status"
    assert fields["post_views_count"] == "views"
    assert fields["needs_human_review"] == "needs_review"
    assert fields["_yoast_wpseo_title"] == "seo_title"
    assert [entry.value for entry in post.meta.all("tags")] == ["Wasps & hornets", "Autumn"]
    assert [entry.value for entry in post.meta.all("categories")] == ["Hive care"]
    review = post.meta.get("needs_review")
    assert review is not None
    assert post.source[review.key_start : review.key_end] == "needs_human_review"


def test_a_classic_body_with_shortcodes(export: list[Post]) -> None:
    post = export[1]
    assert kinds(post) == [
        ("paragraph", "Sugar and water, two to one,\nuntil the frost."),
        ("caption", "A jar"),
        ("paragraph", "Then stop  for good [sic]."),
        ("code", "if a[0]<b: feed()"),
    ]
    assert post.blocks[3].language == "python"
    assert [image.url and image.url.value for image in post.images] == [
        "https://bees.example.net/up/jar.jpg",
        "https://bees.example.net/up/door.jpg",
    ]
    assert post.images[0].caption is not None
    assert post.images[0].caption.value == "A jar"
    assert [link.url.value for link in post.links] == ["https://video.example.net/watch?v=1"]


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("One [gallery] two", "One  two"),
        ("One [[gallery]] two", "One [[gallery]] two"),
        ("One [sic] and [1] two", "One [sic] and [1] two"),
        ("One [citation needed] two", "One [citation needed] two"),
        ("One [video](https://a.example/) two", "One [video](https://a.example/) two"),
        ("One [button url='/x']two[/button] three", "One two three"),
        ("One [b]two[/b] three", "One two three"),
        ('One [contact-form-7 id="3"] two', "One  two"),
        ("One [video of the hive] two", "One [video of the hive] two"),
        ("One [code]two", "One [code]two"),
        ("One [code lang='c']two [gallery] three", "One two  three"),
        ("One [php]a < b[/css] two", "One [php]a < b two"),
    ],
)
def test_what_is_a_shortcode(body: str, text: str) -> None:
    assert kinds(one(body)) == [("paragraph", text)]


def test_the_address_of_an_attachment_may_be_escaped() -> None:
    attachment = ATTACHMENT.replace("7.png", "7.png?a=1&amp;b=2")
    field = "<wp:postmeta><wp:meta_key>_thumbnail_id</wp:meta_key><wp:meta_value>7</wp:meta_value></wp:postmeta>"
    (post,) = posts((HEAD + attachment + item("<img class='wp-image-7'>", field)).encode())
    addresses = [image.url and image.url.value for image in post.images]
    assert addresses == ["https://a.example/7.png?a=1&b=2"] * 2


def test_a_custom_field_is_no_column_of_the_post() -> None:
    fields = "".join(
        f"<wp:postmeta><wp:meta_key>{key}</wp:meta_key><wp:meta_value>x</wp:meta_value></wp:postmeta>"
        for key in ("status", "date", "title", "topic")
    )
    found = {entry.key: entry.field for entry in one("", fields).meta.entries if entry.value == "x"}
    assert found == {"status": "", "date": "", "title": "seo_title", "topic": "topic"}


def test_a_draft_has_no_date(export: list[Post]) -> None:
    assert export[1].meta.get("published") is None
    assert export[0].meta.get("published") is not None


def test_an_escaped_body(export: list[Post]) -> None:
    (block,) = export[2].blocks
    assert block.text == "We keep <eleven> hives & a goat."
    at = block.text.index("& a")
    assert export[2].source[slice(*block.place(at, at + 1))] == "&amp;amp;"
    goat = block.text.index("goat")
    assert export[2].source[slice(*block.place(goat, goat + 4))] == "goat"


def test_checks_look_at_an_escaped_body_as_it_is(export: list[Post]) -> None:
    for number in (2, 3):
        post = export[number]
        assert post.decoded is not None
        decoded, span = post.decoded
        assert list(misplaced(decoded)) == []
        assert decoded.source.count("<p>") == 1
        assert (decoded.number, decoded.name, decoded.start) == (post.number, post.name, post.start)
        for block, there in zip(post.blocks, decoded.blocks, strict=True):
            assert (block.text, there.kind) == (there.text, block.kind)
            assert span(there.start, there.end) == (block.start, block.end)
        for entry, behind in zip(post.meta, decoded.meta, strict=True):
            assert span(behind.start, behind.end) == (entry.start, entry.end)
            assert decoded.source[behind.start : behind.end] == post.source[entry.start : entry.end]
    assert export[0].decoded is None


def test_a_finding_in_an_escaped_body_is_shown_where_it_stands() -> None:
    row = "&lt;p&gt;Peat &amp;amp; moss.&lt;/p&gt;&lt;p&gt;TODO(me): end it.&lt;/p&gt;"
    text = (
        f"{HEAD}<item><title>T</title>\n<content:encoded>{row}</content:encoded>\n<wp:status>draft</wp:status></item>"
    )
    report = check_sources({"a.xml": text}, Settings(codes=("REV010",), as_of=date(2026, 11, 20)))
    (found,) = report.violations
    column = len("<content:encoded>") + row.index("TODO") + 1
    assert (found.code, found.location, found.end_location.column) == ("REV010", Location(5, column), column + 9)


def test_a_body_in_two_sections_and_one_that_ends_too_soon(export: list[Post]) -> None:
    (block,) = export[3].blocks
    assert block.text == "An end ]]> in two parts."
    at = block.text.index("> in")
    assert export[3].source[slice(*block.place(at, at + 4))] == "> in"
    assert kinds(export[4]) == [("paragraph", "A comb[cells[0]]> of wax.")]
    assert meta(export[4])[("wp:status",)] == "publish"
    assert kinds(export[5]) == [("paragraph", "Whoever saved this ran out of")]


def test_comments_of_readers_are_none_of_the_post(export: list[Post]) -> None:
    assert "Comment" not in meta(export[0]).values()


@pytest.mark.parametrize("piece", [40, 41, 42, 43, 44, 57, 100, 1000])
def test_the_size_of_the_pieces_changes_nothing(
    piece: int, export: list[Post], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wxr_items, "PIECE", piece)
    monkeypatch.setattr(wxr_items, "_LONGEST_VALUE", 70)
    again = posts(FIXTURE.read_bytes())
    assert [(post.source, post.start) for post in again] == [(post.source, post.start) for post in export]
    assert again[0].images[0].url == export[0].images[0].url


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
@pytest.mark.parametrize("piece", [97, 1 << 20])
def test_rows_of_every_ending(ending: str, piece: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wxr_items, "PIECE", piece)
    text = FIXTURE.read_text(encoding="utf-8").replace("\n", ending)
    lines = Lines(text)
    found = posts(text.encode())
    assert len(found) == 6
    for post in found:
        assert text.startswith(post.source, lines.row_start(post.start.row) + post.start.column - 1)


@pytest.mark.parametrize("piece", range(31, 48))
def test_a_piece_may_end_within_a_character_or_a_line_end(piece: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wxr_items, "PIECE", piece)
    monkeypatch.setattr(wxr_items, "_LONGEST_VALUE", 25)
    text = HEAD.replace("\n", "\r\n") + "é🐝\r\n中\r\n" * 30 + "é🐝中" * 30 + item("one").strip() + item("two")
    at = text.index("<item>")
    row = text.count("\r\n", 0, at) + 1
    column = at - text.rindex("\n", 0, at)
    first, second = posts(text.encode())
    assert (first.start, second.start) == (Location(row, column), Location(row, column + len(first.source)))


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-8-sig", "utf-32"])
def test_other_encodings(encoding: str, export: list[Post]) -> None:
    text = FIXTURE.read_text(encoding="utf-8")
    data = (b"\xfe\xff" if encoding == "utf-16-be" else b"") + text.encode(encoding)
    found = posts(data)
    assert [(post.source, post.start) for post in found] == [(post.source, post.start) for post in export]


def test_a_declared_encoding() -> None:
    text = HEAD.replace("?>", " encoding='ISO-8859-1'?>", 1) + item("<p>Café, déjà</p>") + item("x")
    first, second = posts(text.encode("latin-1"))
    assert kinds(first) == [("paragraph", "Café, déjà")]
    assert second.start == Location(5, 1)


def test_many_items_in_one_row_are_placed_in_characters() -> None:
    data = (HEAD + item("é🐝").rstrip() + item("b")).encode()
    first, second = posts(data)
    assert (first.start, second.start) == (Location(4, 1), Location(4, len(first.source) + 1))


def test_bytes_that_are_no_text() -> None:
    raw = (HEAD + item("<p>Bees \0 wax \x01 & honey&nbsp;?</p>")).encode().replace(b"?</p>", b"\xff\xfe</p>")
    (post,) = posts(raw)
    assert kinds(post) == [("paragraph", "Bees \x1a wax \x01 & honey\xa0\ufffd\ufffd")]
    (problem,) = post.problems
    assert (problem.kind, problem.values) == ("unreadable", {"reason": "not valid UTF-8 (byte 0xFF)"})


def test_an_item_that_does_not_end() -> None:
    broken = item("<p>a</p>").replace("</item>", "") + item("<p>b</p>")
    assert [kinds(post) for post in posts((HEAD + broken).encode())] == [[("paragraph", "a")], [("paragraph", "b")]]


def test_a_section_that_does_not_end_ends_the_file() -> None:
    data = HEAD + item("a").replace("]]>", "") + "</channel></rss>"
    (post,) = posts(data.encode())
    assert post.source.endswith("</rss>")


def test_entities_are_refused() -> None:
    bomb = '<!DOCTYPE rss [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>\n'
    (post,) = posts((bomb + HEAD + item("&b;")).encode())
    assert post.format == "unreadable"
    assert post.problems[0].values == {"reason": "declares entities of its own, which are never read"}
    post = one('<p>&lt;!ENTITY a "aaaa"&gt; is <!ENTITY x> one.</p>')
    assert kinds(post) == [("paragraph", '<!ENTITY a "aaaa"> is  one.')]


def test_what_is_no_export() -> None:
    (post,) = posts(b"<?xml version='1.0'?><urlset></urlset>")
    assert (post.format, post.problems[0].values) == ("unreadable", {"reason": "is no export of WordPress"})
    assert posts((HEAD + "</channel></rss>").encode()) == []


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (HEAD, True),
        ("\n\n<br />Warning\n<?xml version='1.0'?><rss version='2.0'>\n<wp:wxr_version>1.2</wp:wxr_version>", True),
        ('<rss xmlns:wp="http://example.org/other/">', True),
        ('<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><item>', False),
        ("<urlset><url><loc>https://a.example/</loc></url></urlset>", False),
        ("<!-- https://wordpress.org/export/ --><project></project>", False),
        ("", False),
    ],
)
def test_exports_are_told_by_their_start(head: str, expected: bool) -> None:
    assert wxr.looks_like_posts(head.encode()) is expected
    assert wxr.looks_like_posts(head.encode("utf-16")) is expected


def test_an_escaped_body_that_is_followed_by_another() -> None:
    text = "<content:encoded>&lt;p&gt;One.&lt;/p&gt;</content:encoded>\n<content:encoded>two</content:encoded>"
    (post,) = posts(f"{HEAD}<item>{text}</item>".encode())
    assert kinds(post) == [("paragraph", "One.")]


def test_an_escaped_body_that_speaks_of_its_element() -> None:
    text = "&lt;p&gt;One &lt;/content:encoded&gt;&lt;wp:status&gt; two.&lt;/p&gt;"
    (post,) = posts(f"{HEAD}<item><content:encoded>{text}</content:encoded></item>".encode())
    assert kinds(post) == [("paragraph", "One  two.")]


def test_a_title_with_an_entity_has_its_place() -> None:
    post = one("", "<title>x</title>")
    assert post.title == Text("x", post.source.rindex("<title>x") + 7, post.source.rindex("<title>x") + 8)


IN_ITEMS = st.sampled_from(
    [
        "<title>", "</title>", "<content:encoded>", "</content:encoded>", "<![CDATA[", "]]>", "]]]]><![CDATA[>",
        "&amp;lt;", "<wp:postmeta>", "</wp:postmeta>", "<wp:meta_key>", "</wp:meta_key>", "<wp:meta_value>",
        "</wp:meta_value>", "_thumbnail_id", "7", 'a:1:{s:1:"k";s:2:"é";}', 's:1:"', '";',
        "<category domain='category'>", "</category>", "<wp:post_type>page</wp:post_type>", "<wp:comment>",
        "</wp:comment>", "<item>", "</item>", "&lt;p&gt;", "&amp;amp;", "[caption id='a']", "[/caption]",
        "[gallery ids='7,8']", "[code lang='x']", "[/code]", "[x y=1]", "[[a]]", "\nhttps://a.example/b\n\n",
        "<link>/a?b&amp;c</link>", "<wp:post_date>2020-01-01</wp:post_date>", "\0", "\1", "<excerpt:encoded>",
        "</excerpt:encoded>", "<!-- wp:a -->",
    ]
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.lists(st.one_of(PARTS, IN_ITEMS), max_size=30).map("".join), st.sampled_from(["{}", "cdata", "escaped"]))
def test_exports_made_at_random(text: str, form: str) -> None:
    if form == "escaped":
        text = text.replace("&", "&amp;").replace("<", "&lt;")
        text = f"<title>t</title><content:encoded>{text}</content:encoded>"
    elif form == "cdata":
        text = f"<title>t</title><content:encoded><![CDATA[{text}]]></content:encoded>"
    data = f"{HEAD}{ATTACHMENT}<item>{text}</item>".encode()
    whole = data.decode().replace("\0", "\x1a")
    lines = Lines(whole)
    for post in posts(data):
        assert whole.startswith(post.source, lines.row_start(post.start.row) + post.start.column - 1)


SERIALISED = [
    ('s:5:"héé";', {(): "héé"}),
    ("b:0;", {(): "0"}),
    ('O:8:"stdClass":1:{s:4:"rank";d:0.5;}', {("rank",): "0.5"}),
    ('a:2:{i:7;s:1:"a";s:1:"k";N;}', {("7",): "a", ("k",): ""}),
    # An address was replaced, and nobody counted.
    ('a:2:{s:3:"url";s:9:"https://longer.example/";s:1:"n";i:3;}', {("url",): "https://longer.example/", ("n",): "3"}),
    ('a:1:{s:1:"t";s:12:"say ";stop"; it";}', {("t",): 'say ";stop"; it'}),
]


@pytest.mark.parametrize(("text", "expected"), SERIALISED)
def test_serialised_values(text: str, expected: dict[tuple[str, ...], str]) -> None:
    field = f"<wp:postmeta><wp:meta_key>m</wp:meta_key><wp:meta_value><![CDATA[{text}]]></wp:meta_value></wp:postmeta>"
    found = {path[1:]: value for path, value in meta(one("", field)).items() if path[0] == "m"}
    assert found == expected


@pytest.mark.parametrize("text", ['a:1:{i:0;s:9:"a', "a:1:{" * 200, "a:1:{i:0;x}", "a:1:{N;N;N;}"])
def test_a_serialised_value_that_is_broken_stays_a_text(text: str) -> None:
    field = f"<wp:postmeta><wp:meta_key>m</wp:meta_key><wp:meta_value>{text}</wp:meta_value></wp:postmeta>"
    assert meta(one("", field))[("m",)] == text
