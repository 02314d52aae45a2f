"""Bytes to text: encodings, byte order marks, and what can't be read."""

from __future__ import annotations

import codecs

import pytest

from postlint.post import Lines
from postlint.readers import read


@pytest.mark.parametrize("suffix", [".md", ".txt"])
def test_byte_order_mark_takes_no_column(suffix: str) -> None:
    (post,) = read("post" + suffix, codecs.BOM_UTF8 + "Früh am Morgen\n".encode())
    assert post.source.startswith("Früh")
    assert post.problems == []


@pytest.mark.parametrize("suffix", [".md", ".txt"])
def test_first_invalid_byte_is_reported_and_the_rest_read(suffix: str) -> None:
    (post,) = read("post" + suffix, "Grün\n\nein caf".encode() + b"\xe9 und\xff mehr\n")
    (problem,) = post.problems
    assert problem.kind == "unreadable"
    assert "0xE9" in str(problem.values["reason"])
    assert Lines(post.source).location(problem.start) == (3, 8)
    assert post.source[problem.start : problem.end] == "\ufffd"
    assert post.blocks[-1].text == "ein caf\ufffd und\ufffd mehr"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
def test_other_encodings_are_reported_and_read(encoding: str) -> None:
    (post,) = read("post.md", "Ein Absatz.\n".encode(encoding))
    assert [block.text for block in post.blocks] == ["Ein Absatz."]
    (problem,) = post.problems
    assert (problem.kind, problem.start) == ("unreadable", 0)
    assert encoding.upper() in str(problem.values["reason"])


@pytest.mark.parametrize("data", [b"a\0b", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"])
@pytest.mark.parametrize("suffix", [".md", ".mdx", ".txt"])
def test_binary_is_unreadable(data: bytes, suffix: str) -> None:
    (post,) = read("post" + suffix, data)
    assert (post.format, post.source, post.blocks) == ("unreadable", "", [])
    assert [problem.kind for problem in post.problems] == ["unreadable"]


def test_too_large_is_unreadable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("postlint.readers.source.LIMIT", 3_000_000)
    (post,) = read("post.md", b"a" * 3_000_001)
    assert post.format == "unreadable"
    assert post.problems[0].values == {"reason": "larger than 3 MB"}
    (post,) = read("post.md", b"a" * 3_000_000)
    assert post.format == "markdown"
