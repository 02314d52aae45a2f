"""Front matter that is read by rows, against the YAML parser: what is taken must be what the parser makes of it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from postlint.meta import Entry
from postlint.readers.meta_source import MetaError, MetaSource
from postlint.readers.plain_yaml import LONGEST, read_plain_yaml
from postlint.readers.yaml_meta import read_yaml

BEFORE = "---\n"
PARTS = st.sampled_from(
    [
        "title", "tags", "a-b", "_k", "é", "中", "🍵", "\xa0", ":", ": ", " :", "\n", "\r\n", "\r", " ", "  ",
        "\t", "- ", "-", "\n- ", "\n  - ", "\n    - ", "\nkey: ", "\nk2:\n", "[", "]", "[]", "[ ]", "[a, b]",
        '[\'x\', "y"]', ", ", ",", "{", "}", "#", " #", '"', "'", "''", "\\", "&x ", "*x", "!t ", "|", "> ",
        "%", "@", "`", "?", "? ", "<<", "~", "yes", "1:30", "2026-13-40", "http://a.example/b?c=1", "word",
        "two words", "...", "---", "\x85", "\u2028", "\ufeff", "\x7f", "\x00", "\ufffe", "\U0010ffff", "=",
        "null", "a: b", "don't", "x" * 130,
    ]
)  # fmt: skip
ROWS = st.lists(
    st.tuples(
        st.sampled_from(["title", "tags", "k", "draft", "- ", "  - ", "Key", "a_b"]),
        st.sampled_from([": ", ":", ":   ", ""]),
        st.lists(PARTS, max_size=3).map("".join),
        st.sampled_from(["\n", "\n", "\r\n", " \n", "\n\n"]),
    ).map("".join),
    max_size=6,
).map("".join)


def rows(entries: list[Entry]) -> list[tuple[object, ...]]:
    return [(e.path, e.value, e.start, e.end, e.key_start, e.key_end, e.quoted) for e in entries]


def both(text: str) -> tuple[list[tuple[object, ...]] | None, object]:
    """What the rows give, None if they are refused; and what the parser gives."""
    source = BEFORE + text
    plain, parsed = (MetaSource(source, len(BEFORE), len(source)) for _ in range(2))
    taken = rows(plain.entries) if read_plain_yaml(plain) else None
    if taken is None:
        assert plain.entries == []
    try:
        is_mapping = read_yaml(parsed)
    except MetaError:
        return taken, "no YAML"
    return taken, rows(parsed.entries) if is_mapping and not parsed.problems else "no mapping, or a key twice"


@settings(max_examples=1500, deadline=None)
@given(st.one_of(ROWS, st.lists(PARTS, max_size=12).map("".join), st.text(max_size=20).map("k: ".__add__)))
def test_rows_give_what_the_parser_gives(text: str) -> None:
    taken, parsed = both(text)
    assert taken is None or taken == parsed


@pytest.mark.parametrize(
    "text",
    [
        "title: Tea and cake\ndraft: no\n",
        "title: \"Tea: and 'cake'\"  \r\ndate: 2026-13-40\r\n",
        "title: 'He said \"tea\" \\ #1'\n",
        "tags:\n- tea\n- 'ca,ke'\ntitle: x\n",
        "tags:\n    - tea\n    -   two words \nempty:\nlast:",
        "tags: [tea, 'green tea', \"x\", two words]\nnone: []\n",
        "tags: [ tea , cake,]\n",
        "link: https://a.example/b?c=d#e\ntime: 1:30\nname: don't\n",
        "title: Größe – 茶 🍵\nx: y\n",
    ],
)
def test_plain_rows_are_taken(text: str) -> None:
    taken, parsed = both(text)
    assert taken is not None
    assert taken == parsed


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a: 1\na: 2\n",
        "a: b: c\n",
        "a: b #c\n",
        "a: b\n  c\n",
        "a: b\n- c\n",
        "a:\n- b\n  - c\n",
        "a: &x b\n",
        "a: |\n  b\n",
        'a: "b\\n"\n',
        "a: 'b''c'\n",
        "a:\n  b: c\n",
        "a: {b: c}\n",
        "a: [b, [c]]\n",
        "a: b\n\nc: d\n",
        "a: b:\n",
        "a: b\x85c\n",
        "a: b\ufeffc\n",
        "a: b\ufffec\n",
        "a:\tb\n",
        "a: " + "x" * LONGEST,
    ],
)
def test_the_rest_is_refused(text: str) -> None:
    assert both(text)[0] is None
