"""Markdown posts: front matter of every form, kinds of blocks, images, links, and what is no text at all."""

from __future__ import annotations

from pathlib import Path

import pytest
from positions import misplaced

from postlint.post import Post
from postlint.readers import read

FIXTURES = Path(__file__).parents[1] / "fixtures" / "readers" / "markdown"


def post_of(text: str, path: str = "post.md") -> Post:
    (post,) = read(path, text.encode())
    return post


def fixture(name: str) -> Post:
    (post,) = read(name, (FIXTURES / name).read_bytes())
    return post


def kinds(post: Post) -> list[tuple[str, str]]:
    return [(block.kind, block.text) for block in post.blocks]


def values(post: Post) -> list[tuple[tuple[str | int, ...], str]]:
    return [(entry.path, entry.value) for entry in post.meta]


def test_yaml_values_are_not_converted() -> None:
    post = fixture("yaml.md")
    assert values(post) == [
        (("title",), 'Why our café queue &amp; till "froze"'),
        (("date",), "2026-13-40"),
        (("draft",), "no"),
        (("version",), "1.10"),
        (("pager",), "0123"),
        (("summary",), "Two folded lines.\n"),
        (("notes",), "Kept as is.\n---\nNot the end.\n"),
        (("tags", 0), "tills"),
        (("tags", 1), "queues"),
        (("image",), "/img/till.jpg"),
        (("image_alt",), "The till"),
        (("images", 0, "url"), "/img/one.png"),
        (("images", 0, "alt"), "One"),
        (("images", 0, "caption"), "First"),
        (("images", 1, "url"), "/img/two.png"),
        (("empty",), ""),
        (("none",), ""),
        (("author", "name"), "Mira"),
    ]
    quoted = {entry.path for entry in post.meta if entry.quoted}
    assert quoted == {("title",), ("tags", 1)}
    folded = post.meta.get("summary")
    assert folded is not None
    assert post.source[folded.start : folded.end] == "Two folded\n  lines."
    assert post.problems == []


def test_kinds_of_blocks() -> None:
    post = fixture("yaml.md")
    assert kinds(post) == [
        ("heading", "Body heading with code"),
        ("paragraph", "A paragraph on\ntwo lines, with an é, a * star and a link text."),
        ("quote", "A quoted paragraph\nover two rows."),
        ("list_item", "First item"),
        ("list_item", "Second  item"),
        ("list_item", "with a second paragraph"),
        ("table_cell", "Name"),
        ("table_cell", "Price"),
        ("table_cell", "Tea | pot"),
        ("table_cell", "4"),
        ("code", 'def pour():\n\n    return "tea"'),
        ("paragraph", "See the list or https://auto.example/x, or https://bare.example/(y)."),
    ]
    heading = post.blocks[0]
    assert heading.level == 1
    assert [heading.text[start:end] for start, end in heading.code] == ["code"]
    assert {block.group for block in post.of_kind("list_item")} == {1}
    assert [block.language for block in post.of_kind("code")] == ["python"]


def test_meta_title_wins_over_the_heading_which_stays() -> None:
    assert fixture("yaml.md").title is not None
    assert fixture("yaml.md").title.value.startswith("Why our café")  # type: ignore[union-attr]
    post = post_of("# Only *heading*\n\nText.\n")
    assert post.title is not None
    assert post.title.value == "Only heading"
    assert kinds(post)[0] == ("heading", "Only heading")
    assert post_of("## Second level\n").title is None


def test_the_posts_own_title_wins_over_others() -> None:
    post = post_of("---\nseo:\n  title: For machines\nheadline: Shouted\ntitle: Said\n---\n")
    assert post.title is not None
    assert post.title.value == "Said"


def test_half_a_surrogate_pair_becomes_the_replacement_character() -> None:
    assert values(post_of('{"a": "x\\ud83dy"}\n')) == [(("a",), "x\ufffdy")]


def test_links_and_images_of_the_body() -> None:
    post = fixture("yaml.md")
    assert [(link.url.value, link.text) for link in post.links] == [
        ("https://shop.example/a_b", "link text"),
        ("https://defined.example/list", "the list"),
        ("https://auto.example/x", "https://auto.example/x"),
        ("https://bare.example/(y)", "https://bare.example/(y)"),
    ]
    body = [image for image in post.images if image.origin == "body"]
    assert [(image.url and image.url.value, image.alt and image.alt.value) for image in body] == [
        ("pics/two.png", "alt <text>"),
        ("pics/only.png", "Only an image"),
    ]


def test_images_of_the_meta() -> None:
    meta = [image for image in fixture("yaml.md").images if image.origin == "meta"]
    assert [
        (image.url and image.url.value, image.alt and image.alt.value, image.caption and image.caption.value)
        for image in meta
    ] == [("/img/till.jpg", "The till", None), ("/img/one.png", "One", "First"), ("/img/two.png", None, None)]


def test_toml() -> None:
    post = fixture("toml.md")
    assert values(post) == [
        (("title",), "Kettles"),
        (("date",), "2026-02-03 10:00:00"),
        (("draft",), "false"),
        (("tags", 0), "steel"),
        (("tags", 1), "glass"),
        (("cover", "image"), "kettle.jpg"),
        (("cover", "alt"), "A kettle"),
        (("images", 0, "url"), "one.jpg"),
        (("images", 1, "url"), "two.jpg"),
    ]
    assert [(image.url and image.url.value, image.alt and image.alt.value) for image in post.images] == [
        ("kettle.jpg", "A kettle"),
        ("one.jpg", None),
        ("two.jpg", None),
    ]
    assert kinds(post) == [("paragraph", "Boil water first.")]


def test_toml_strings_of_every_sort() -> None:
    text = (
        '+++\na.b = "x\\ty"\n"c d" = \'raw\\t\'\n'
        'e = """\nfirst \\\n   second"""\nf = { g = [1, {h = 2}], i = [] } # end\n+++\n'
    )
    assert values(post_of(text)) == [
        (("a", "b"), "x\ty"),
        (("c d",), "raw\\t"),
        (("e",), "first second"),
        (("f", "g", 0), "1"),
        (("f", "g", 1, "h"), "2"),
        (("f", "i"), ""),
    ]
    joined = next(entry for entry in post_of(text).meta if entry.key == "e")
    assert text[joined.start : joined.end] == "first \\\n   second"


def test_json_and_its_duplicate_key() -> None:
    post = fixture("json.md")
    assert values(post) == [
        (("title",), "Cups \U0001f375 and ü"),
        (("tags", 0), "a"),
        (("tags", 1), "b"),
        (("extra", "depth", 0), "1"),
        (("extra", "depth", 1), "null"),
        (("title",), "Again"),
    ]
    (problem,) = post.problems
    assert (problem.kind, problem.values) == ("duplicate-key", {"key": "title", "first_row": 2})
    assert post.source[problem.start : problem.end] == "title"
    assert problem.start == post.source.rindex("title")
    assert kinds(post) == [("paragraph", "Cups are for tea.")]


@pytest.mark.parametrize(
    ("text", "paths", "body"),
    [
        ('---json\n{"a": 1}\n---\nText.\n', [("a",)], "Text."),
        ("--- # remark\na: 1\n...\nText.\n", [("a",)], "Text."),
        ("---  \na: 1\n---\t\nText.\n", [("a",)], "Text."),
        ("\ufeff---\na: 1\n---\nText.\n", [("a",)], "Text."),
        ("---\r\na: 1\n---\r\nText.\n", [("a",)], "Text."),
        ("---\ra: 1\r---\rText.\r", [("a",)], "Text."),
        ("---\na: 1\n---", [("a",)], None),
        ("---\n---\nText.\n", [], "Text."),
        ("\n \r\n---\na: 1\n---\nText.\n", [("a",)], "Text."),
        ("+++\na: 1\n+++\nText.\n", [("a",)], "Text."),
        ("+++\n# remark\na = 'b: 1'\n+++\nText.\n", [("a",)], "Text."),
        ("---\n# remark\n---\nText.\n", [], "Text."),
        ("---\na: &x [1, 2]\nb: *x\n---\nText.\n", [("a", 0), ("a", 1), ("b", 0), ("b", 1)], "Text."),
        ("---\nbase: &x {k: 1}\nsite:\n  <<: *x\n---\nText.\n", [("base", "k"), ("site", "k")], "Text."),
    ],
)
def test_forms_of_front_matter(text: str, paths: list[tuple[str | int, ...]], body: str | None) -> None:
    post = post_of(text)
    assert post.problems == []
    assert post.meta
    assert [entry.path for entry in post.meta] == paths
    assert [block.text for block in post.blocks] == ([] if body is None else [body])


@pytest.mark.parametrize(
    ("written", "value", "place"),
    [
        ("! 'tea''s: \"hot\"'", 'tea\'s: "hot"', "tea''s: \"hot\""),
        ('!!str "tea"', "tea", "tea"),
        ("&a !!str tea", "tea", "tea"),
        ("!!str &a tea", "tea", "tea"),
        ("!", "", ""),
        ("! |\n  tea\n  milk", "tea\nmilk\n", "tea\n  milk"),
        ("[&a tea, !x 'milk']", "tea", "tea"),
    ],
)
def test_a_value_stands_after_its_tag_and_anchor(written: str, value: str, place: str) -> None:
    post = post_of(f"---\ndrink: {written}\n---\nText.\n")
    entry = post.meta.entries[0]
    assert (entry.value, post.source[entry.start : entry.end]) == (value, place)
    assert list(misplaced(post)) == []


@pytest.mark.parametrize(
    "text",
    [
        "----\na: 1\n----\n",
        "\n---\n\nText.\n\n---\n",
        "\n---\na: 1\n",
        "---\n\nA human begins with a rule.\n\n---\n\nOn.\n",
        "---\n- a\n- list\n---\n",
        "---\nNo key at all here\n---\n",
        "---\n\nUnclosed, and never meant as one.\n",
        "{% include x %}\n\nText.\n",
        "{: .lead}\nText.\n",
        "+++\n\nText between.\n\n+++\n",
        "Note: this is a sentence.\n\nText.\n",
        "<!-- todo: write -->\n\nText.\n",
    ],
)
def test_what_is_no_front_matter(text: str) -> None:
    post = post_of(text)
    assert not post.meta
    assert post.problems == []


def test_headers_and_comments_without_a_fence() -> None:
    headers = fixture("headers.md")
    assert values(headers) == [(("Title",), "A header post"), (("Date",), "2016-05-02 10:00"), (("Tags",), "tea, milk")]
    assert kinds(headers) == [("paragraph", "Body of the header post.")]
    comments = fixture("comments.md")
    assert values(comments) == [(("title",), "A comment post"), (("date",), "2016-05-02")]
    assert kinds(comments) == [("paragraph", "Body of the comment post.")]


def test_invalid_yaml_is_reported_on_its_row_and_recovered() -> None:
    post = fixture("broken.md")
    (problem,) = post.problems
    assert problem.kind == "malformed-front-matter"
    assert problem.values["format"] == "YAML"
    assert post.source[problem.start : problem.end] == "title: Broken: twice"
    assert dict(values(post)) == {("title",): "Broken: twice", ("tags", 0): "tea", ("status",): "drafted"}
    assert kinds(post) == [("paragraph", "Body.")]


def test_unclosed_front_matter_ends_where_no_key_follows() -> None:
    post = fixture("unclosed.md")
    (problem,) = post.problems
    assert problem.values == {"reason": "no closing ---", "format": "YAML"}
    assert values(post) == [(("title",), "Never closed"), (("status",), "drafted")]
    assert kinds(post) == [("paragraph", "Body text goes on.")]


@pytest.mark.parametrize(
    ("text", "reported", "language"),
    [
        ("+++\ntitle = \n+++\nBody.\n", "title = ", "TOML"),
        ("+++\na = 1\na = 2\n+++\nBody.\n", "a = 2", "TOML"),
        ('{\n "title": "x"\n "b": 2\n}\nBody.\n', ' "b": 2', "JSON"),
        ("---\na: *nobody\n---\nBody.\n", "a: *nobody", "YAML"),
        ("---\na: 1\nb: [1, 2\n---\nBody.\n", "b: [1, 2", "YAML"),
        ("---\na: \x01\n---\nBody.\n", "a: \x01", "YAML"),
    ],
)
def test_malformed_front_matter(text: str, reported: str, language: str) -> None:
    post = post_of(text)
    (problem,) = post.problems
    assert (problem.kind, problem.values["format"]) == ("malformed-front-matter", language)
    assert reported in post.source[problem.start : problem.end] or problem.start > text.index(reported)
    assert kinds(post) == [("paragraph", "Body.")]


def test_duplicate_keys_at_any_level() -> None:
    post = fixture("duplicate.md")
    (problem,) = post.problems
    assert problem.values == {"key": "title", "first_row": 2}
    assert problem.start == post.source.rindex("title")
    nested = post_of("---\na:\n  k: 1\n  k: 2\nb:\n  k: 3\n---\n")
    assert [problem.values for problem in nested.problems] == [{"key": "k", "first_row": 3}]


def test_carriage_returns() -> None:
    post = fixture("crlf.md")
    assert kinds(post) == [("paragraph", "One line\nand another."), ("code", "a\n\n  b")]
    code = post.blocks[1]
    assert [post.source[slice(*code.place(index, index + 1))] for index in range(len(code.text))] == list("a\n\n  b")


def test_templates_and_comments_are_no_prose() -> None:
    post = fixture("templates.md")
    assert kinds(post) == [
        ("paragraph", "Before  after, and  done."),
        ("paragraph", "The lake follows the picture."),
        ("code", 'print("<!-- kept -->")\n\nx = 1'),
        ("paragraph", "A target and {% raw %} in code, [text]({{ not closed."),
        ("paragraph", "Mind the step."),
        ("paragraph", "Ends with <!-- and --> in code."),
    ]
    assert [link.url.value for link in post.links] == ["{{ site.url }}/about"]
    (image,) = post.images
    assert image.url is not None
    assert image.alt is not None
    assert image.caption is not None
    assert (image.url.value, image.alt.value, image.caption.value) == ("lake.jpg", "A lake", "Early")
    assert [block.language for block in post.of_kind("code")] == ["python"]


def test_escape_and_entity_have_their_own_places() -> None:
    source = "a \\* b &amp; c"
    (block,) = post_of(source).blocks
    assert block.text == "a * b & c"
    assert [source[slice(*block.place(index, index + 1))] for index in range(9)] == [
        "a", " ", "*", " ", "b", " ", "&amp;", " ", "c",
    ]  # fmt: skip


def test_colons_in_a_row_of_prose_stay() -> None:
    assert kinds(post_of("Three ::: colons stay.\n")) == [("paragraph", "Three ::: colons stay.")]


def test_templates_between_two_stretches_of_inline_code() -> None:
    assert kinds(post_of("`a` {% y %} `b` and ``c`{% z %}``.\n")) == [("paragraph", "a  b and c`{% z %}.")]


def test_code_kept_in_a_variable_is_no_prose() -> None:
    text = "Before.\n\n{% set sample %}\nexport default 1\n{% endset %}\n\n{% set x = 1 %}\n\nAfter.\n"
    assert kinds(post_of(text)) == [("paragraph", "Before."), ("code", "export default 1"), ("paragraph", "After.")]


def test_component_tags_leave_markdown_within() -> None:
    text = "import T from '@x/y';\n\n<Steps a={[1]}>\n1. [Make](https://a.example) it\n</Steps>\n\nA <T.B>c</T.B>.\n"
    for path in ("post.md", "post.mdx"):
        post = post_of(text, path)
        assert kinds(post) == [("list_item", "Make it"), ("paragraph", "A c.")]
        assert [link.url.value for link in post.links] == ["https://a.example"]
    fenced = "```js\nimport T from '@x/y';\n```\n\nA Vec<T> here.\n"
    assert kinds(post_of(fenced))[-1] == ("paragraph", "A Vec here.")


def test_components() -> None:
    post = fixture("component.mdx")
    assert kinds(post) == [
        ("paragraph", "Prose within a component."),
        ("paragraph", "The import of tea began early."),
    ]


def test_html_within_markdown() -> None:
    post = fixture("html.md")
    assert kinds(post) == [
        ("caption", "The old road"),
        ("quote", "Said by somebody else."),
        ("list_item", "First row"),
        ("list_item", "Second"),
        ("code", "kept   as\n\nit is"),
        ("paragraph", "Prose in a division with a link."),
        ("paragraph", "Press Esc here.\nThen go on."),
    ]
    assert [
        (image.url and image.url.value, image.alt and image.alt.value, image.caption and image.caption.value)
        for image in post.images
    ] == [
        ("map.png", 'Map of "tea" roads', "The old road"),
        ("lazy.png", None, None),
        ("single.png", "", None),
    ]
    assert [(link.url.value, link.text) for link in post.links] == [("/a?b=1&c=2", "a link")]
    keys = post.blocks[-1]
    assert [keys.text[start:end] for start, end in keys.code] == ["Esc"]


def test_empty_file_has_no_blocks() -> None:
    post = post_of("")
    assert (post.format, post.blocks, post.title, bool(post.meta)) == ("markdown", [], None, False)


@pytest.mark.parametrize(
    ("source", "text", "found", "place"),
    [
        ("- Use `fn of<T,\n  U>` with care.\n", "Use fn of<T, U> with care.", "U>", "U>"),
        ("- Use ``a ` b\n  c`` here.\n", "Use a ` b c here.", "c here", "c`` here"),
        ("> Boil `ten\n> litres` now.\n", "Boil ten litres now.", "litres", "litres"),
        ("1. `ten\r\n   cups` of tea\r\n", "ten  cups of tea", "cups of", "cups` of"),
        ("Say `jam\nand tea` twice.\n", "Say jam and tea twice.", "m and", "m\nand"),
        ("Say `` ` `` twice.\n", "Say ` twice.", "`", "`"),
        ("- Ein `Maß\n  für` Tee &amp; Brot.\n", "Ein Maß für Tee & Brot.", "für Tee &", "für` Tee &amp;"),
    ],
)
def test_inline_code_over_two_lines(source: str, text: str, found: str, place: str) -> None:
    """Each word stands where it is written, though the line end and what indents the next line are one blank."""
    (post,) = [post_of(source)]
    (block,) = post.blocks
    assert block.text == text
    at = text.index(found)
    assert source[slice(*block.place(at, at + len(found)))] == place
    assert list(misplaced(post)) == []


@pytest.mark.parametrize(
    ("source", "text", "places"),
    [
        # A tab reaches to the next fourth column: in a list half of it is indentation, half code.
        ("1. a\n\n\t\t```js\n\t\t\tone\n\n\t\t  two\n", " ```js\n \tone\n\n   two", "\t```js\n\t\tone\n\n\t  two"),
        ("- a\n\n  ```\n\tone\n\t\ttwo\n  ```\n", "  one\n  \ttwo", "\t\tone\n\t\t\ttwo"),
        (">\tone\n>\n> \t  two\n", "two", "two"),
        ("> ```\n> > > one\n> ```\n", "> > one", "> > one"),
    ],
)
def test_code_indented_by_half_a_tab(source: str, text: str, places: str) -> None:
    post = post_of(source)
    assert list(misplaced(post)) == []
    for block in post.of_kind("code"):
        assert block.text == text
        characters = [source[slice(*block.place(index, index + 1))] for index in range(len(text))]
        assert "".join(characters) == places


def test_an_entity_behind_a_backslash_is_text() -> None:
    source = "Write <code>\\&#8203;u\\{1}</code> &#8212; so.\n"
    (block,) = post_of(source).blocks
    assert block.text == "Write &#8203;u{1} \u2014 so."
    assert [source[slice(*block.place(at, at + 1))] for at in (6, 7, 14, 15, 18)] == ["&", "#", "{", "1", "&#8212;"]


def test_inline_code_of_blanks_at_the_end_is_none() -> None:
    post = post_of("Press [<kbd> <br> Save <br> </kbd>](save.md)\n")
    assert [(block.text, block.code) for block in post.blocks] == [("Press  \n Save", ((6, 7), (7, 8), (8, 13)))]
    assert list(misplaced(post)) == []


def test_runs_are_the_same_whenever_asked_for() -> None:
    (block,) = post_of("Tea *and* `jam` &amp; cake.\n").blocks
    assert block.runs is not None
    first = list(block.runs)
    assert (len(block.runs), list(block.runs), block.runs[-1]) == (7, first, first[-1])
    starts = [(0, 0), (4, 5), (7, 9), (8, 11), (11, 15), (12, 16), (13, 21)]
    assert [(run.text_start, run.source_start) for run in first] == starts
