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


@pytest.mark.parametrize("mark", [b"\n", b"\r", b"[", b"<", b"&", b"*", b"_", b"`", b"|", b"~", b"\\", b"://"])
def test_what_holds_too_many_marks_is_unreadable(mark: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """A post of nothing but marks takes hundreds of times its size in memory."""
    monkeypatch.setattr("postlint.readers.source.MOST_MARKS", 500)
    (post,) = read("post.md", b"tea " * 500 + mark * 501)
    assert (post.format, post.source) == ("unreadable", "")
    assert post.problems[0].values == {"reason": "holds more than 500 rows and marks"}
    (post,) = read("post.md", b"tea " * 500 + mark * 500)
    assert post.format == "markdown"


@pytest.mark.parametrize("suffix", [".md", ".txt"])
@pytest.mark.parametrize(
    ("data", "start"),
    [
        (b"tea \xc0\xaf cake", 4),
        (b"tea \xe0\x80\xaf cake", 4),
        (b"tea \xf0\x80\x80\xaf cake", 4),
        (b"tea \xed\xa0\x80\xed\xb0\x80 cake", 4),
        (b"t\xc3\xa9 \xf4\x90\x80\x80 cake", 3),
        (b"tea \xe4\xb8", 4),
    ],
    ids=["overlong-2", "overlong-3", "overlong-4", "surrogates", "too-high", "cut"],
)
def test_bytes_that_only_look_like_utf8(data: bytes, start: int, suffix: str) -> None:
    """None of them becomes the character that it stands for in a laxer reading: a slash, one half of an emoji."""
    (post,) = read("post" + suffix, data)
    (problem,) = post.problems
    assert (problem.kind, problem.start) == ("unreadable", start)
    assert post.source[start] == "\ufffd"
    assert "/" not in post.source
    assert post.source.encode().decode() == post.source


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [("ISO-8859-1", "cp1252"), ("windows-1251", "cp1251"), ("gb2312", "gb2312"), ("Shift_JIS", "shift_jis")],
)
def test_a_page_is_read_as_it_says_it_is_encoded(declared: str, encoding: str) -> None:
    words = {
        "cp1252": "Grüne Äpfel – „süß“",
        "cp1251": "зелёные яблоки",
        "gb2312": "绿色的苹果",
        "shift_jis": "青りんご",
    }
    head = f'<html><head><meta http-equiv="Content-Type" content="text/html; charset={declared}"></head>'
    page = f"{head}<body><article><p>{words[encoding]}</p></article></body></html>"
    (post,) = read("page.html", page.encode(encoding))
    assert (post.source, post.problems) == (page, [])
    assert [block.text for block in post.blocks] == [words[encoding]]


@pytest.mark.parametrize("declared", ["utf-8", "hex", "rot13", "idna", "no-such", "a" * 300])
def test_an_encoding_that_is_none_of_the_web_is_not_believed(declared: str) -> None:
    (post,) = read("page.html", f'<meta charset="{declared}"><article><p>caf'.encode() + b"\xe9</p></article>")
    assert [problem.kind for problem in post.problems] == ["unreadable"]


def test_too_large_is_unreadable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("postlint.readers.source.LIMIT", 3_000_000)
    (post,) = read("post.md", b"a" * 3_000_001)
    assert post.format == "unreadable"
    assert post.problems[0].values == {"reason": "larger than 3 MB"}
    (post,) = read("post.md", b"a" * 3_000_000)
    assert post.format == "markdown"
