"""Input made to break a reader: deep, long, endless. Each must be read, and none may need time that grows faster."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest
from positions import misplaced

from postlint.readers import read

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
    paths = sorted((Path(__file__).parents[1] / "fixtures" / "readers").rglob("*.md"))
    sources = [(path.name, path.read_bytes()) for path in paths]
    sources.append(("post.md", b"A *b* `c` &amp; d.\n\n<figure><img src=x></figure>\n\n{{< figure src=y >}}\n"))
    for path, data in sources:
        read(path, data)
    gc.collect()
    gc.disable()
    try:
        for path, data in sources:
            read(path, data)
        assert gc.collect() == 0
    finally:
        gc.enable()
