"""Tables as text, against the csv module of Python: rows, cells, and where everything stands."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from records import in_csv, read, wrong
from test_positions import PARTS

from postlint.field_map import FieldMap
from postlint.post import Location
from postlint.readers import csv_file, looks_like_posts
from postlint.readers import read as read_file
from postlint.readers.csv_cells import UnclosedError, cells, places_of

FIXTURE = Path(__file__).parents[1] / "fixtures" / "readers" / "records" / "posts.csv"
LONG = "Barley keeps its own calendar, and a mill that forgets the calendar grinds a poor and bitter flour. " * 3
RAW = st.text(st.sampled_from('ab",; \n\r\té🍵'), max_size=40)
CELLS = st.lists(PARTS, max_size=12).map("".join)


def texts(row: str, delimiter: str) -> list[str]:
    return [cell.text for cell in cells(row, delimiter)]


@settings(max_examples=500)
@given(RAW, st.sampled_from([",", ";", "\t"]), st.integers(1, 7))
def test_rows_are_those_of_the_csv_module(text: str, delimiter: str, size: int) -> None:
    """Whatever a file holds, looked through in pieces of any size."""
    data = ("h\n" + text).encode()
    expected = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if row]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csv_file, "CHUNK", size)
        rows = [row.decode() for _, row in csv_file._cut(io.BytesIO(data), 2, delimiter) if row is not None]
    assert "".join(rows) == text
    found = []
    for row in rows:
        if not row.strip("\r\n"):
            continue  # Blank rows are none.
        try:
            found.append(texts(row.rstrip("\r\n"), delimiter))
        except UnclosedError:
            # The csv module takes the rest of the file for the last cell.
            assert row is rows[-1]
            del expected[len(found) :]
    assert found == expected


@given(RAW.filter(lambda text: '"' in text), st.booleans())
def test_cells_know_their_places(text: str, quoted: bool) -> None:
    row = "x,y" + (f',"{text.replace(chr(34), chr(34) * 2)}",z' if quoted else "")
    for cell in cells(row, ","):
        places = places_of(row, cell.start, cell.end)
        assert places.length == len(cell.text)
        for index, character in enumerate(cell.text):
            assert in_csv(row[slice(*places.span(index, index + 1))]) == character


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.tuples(st.text("ab,;\"'é\n", min_size=1, max_size=8), CELLS), min_size=1, max_size=4),
    st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL, csv.QUOTE_NONNUMERIC]),
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
)
def test_tables_that_the_csv_module_writes(
    rows: list[tuple[str, str]], quoting: int, delimiter: str, ending: str, marked: bool
) -> None:
    if ending == "\n":
        # Before Python 3.13 the writer left a lone carriage return unquoted, and the reader ended the row there.
        rows = [(title, body.replace("\r", "")) for title, body in rows]
    rows = [(title.strip() or "a", body) for title, body in rows]
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, quoting=quoting, delimiter=delimiter, lineterminator=ending)  # type: ignore[arg-type]
    writer.writerow(["title", "body", "id"])
    for number, (title, body) in enumerate(rows):
        writer.writerow([title, body, number])
    data = stream.getvalue().encode("utf-8-sig" if marked else "utf-8")
    posts = read("a.csv", data)
    assert [post.title.value if post.title else None for post in posts] == [title for title, _ in rows]
    ids = [entry.value for post in posts for entry in post.meta.all("id")]
    assert ids == [str(number) for number in range(len(rows))]
    for post, (_, body) in zip(posts, rows, strict=True):
        assert list(wrong(post, data, in_csv)) == []
        if post.format == "markdown" and not body.startswith("\ufeff"):
            (alone,) = read_file("a.md", body.encode())
            assert [(block.kind, block.text) for block in post.blocks] == [
                (block.kind, block.text) for block in alone.blocks
            ]


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
def test_fixture(ending: str) -> None:
    data = FIXTURE.read_bytes().decode().replace("\n", ending).encode()
    posts = read("posts.csv", data)
    assert [line for post in posts for line in wrong(post, data, in_csv)] == []
    if ending == "\r":
        return  # Markdown knows no such rows.
    tea, cafe, pipes, long, cut = posts
    assert [post.start for post in posts] == [Location(row, 1) for row in (2, 11, 14, 15, 16)]
    assert tea.title is not None
    assert tea.title.value == 'Tea; and why it "settles"'
    assert (tea.name, tea.format, cafe.format) == ("tea", "markdown", "html")
    assert [block.text for block in tea.blocks] == ["Tea", 'It settles after four minutes; says "Ada".', "pour", "wait"]
    assert tea.images[0].alt is not None
    assert tea.images[0].alt.value == 'The "pot"'
    assert [block.text for block in cafe.blocks] == ["Café & tea, read."]
    assert cafe.links[0].url.value == "https://tea.example/"
    assert cafe.source[cafe.links[0].url.start : cafe.links[0].url.end] == "https://tea.example/"
    assert pipes.title is not None
    assert (pipes.title.value, pipes.blocks[0].text) == ('5" pipes', 'They are 5" wide.')
    assert long.problems[0].values == {"reason": "has 6 cells where the first row has 5"}
    assert long.source[long.problems[0].start : long.problems[0].end] == "surplus"
    assert (cut.format, cut.problems[0].values) == (
        "unreadable",
        {"reason": "not valid CSV (a quotation mark is not closed)"},
    )


@pytest.mark.parametrize(
    ("path", "text", "titles"),
    [
        ("a.csv", "title,body\nA,b;c;d\n", ["A"]),
        ("a.csv", "title;body\nA;b, c, d\n", ["A"]),
        ("a.csv", "title\tbody\nA\tb, c; d\n", ["A"]),
        ("a.tsv", "title\tbody, with notes\nA\tb, c\n", ["A"]),
        ("a.csv", "title|body\nA|b\n", ["A"]),
        ("a.csv", "title\nA\nB\n", ["A", "B"]),
        ("a.csv", "title,body\n", []),
        ("a.csv", "", []),
        ("a.csv", "\n\ntitle,body\n\nA,b", ["A"]),
    ],
)
def test_what_parts_the_cells(path: str, text: str, titles: list[str]) -> None:
    posts = read(path, text.encode())
    assert [post.title.value if post.title else None for post in posts] == titles


def test_two_columns_of_one_name_are_told_once() -> None:
    first, second = read("a.csv", b"title,tags,tags,body\nA,x,y,b\nB,x,y,b\n")
    (problem,) = first.problems
    assert (problem.kind, problem.values) == ("duplicate-key", {"key": "tags", "first_row": 1})
    assert first.source[problem.start : problem.end] == "y"
    assert second.problems == []


def test_values_that_are_no_texts() -> None:
    (post,) = read("a.csv", b'title,author,date,views,body\nA,7,NULL,12,"b"\n')
    assert {name: entry.value for name in post.meta.fields if (entry := post.meta.get(name))} == {
        "title": "A",
        "published": "NULL",
        "views": "12",
    }


def test_the_map_says_what_columns_are() -> None:
    fields = FieldMap(format="html", paths={"title": "post.name", "body": "copy"})
    (post,) = read("a.csv", b"post.name,copy\nA,a &amp; b\n", fields)
    assert post.title is not None
    assert (post.title.value, post.blocks[0].text) == ("A", "a & b")


def test_a_row_that_is_too_large_ends_what_can_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_file, "CHUNK", 64)
    monkeypatch.setattr(csv_file, "LIMIT", 500)
    monkeypatch.setattr("postlint.readers.stretches.LIMIT", 500)
    monkeypatch.setattr("postlint.readers.source.LIMIT", 500)
    first, second = read("a.csv", b'title,body\nA,b\nB,"' + b"c\n" * 2000)
    assert first.blocks[0].text == "b"
    assert (second.format, second.start) == ("unreadable", Location(3, 1))
    assert second.problems[0].values == {"reason": "larger than 0 MB"}


@pytest.mark.parametrize(
    ("text", "is_posts"),
    [
        (f'title,body\nA,"{LONG}"\n', True),
        (f"title;body\nA;{LONG * 300}", True),
        ("title,body\nA,short\n", False),
        (f'city,notes\nA,"{LONG}"\n', False),
        ("a,b,c\n1,2,3\n", False),
    ],
)
def test_what_looks_like_posts(text: str, is_posts: bool) -> None:
    assert looks_like_posts("a.csv", text.encode()[:65_536]) is is_posts
