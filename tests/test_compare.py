"""Two posts compared: figures counted by hand and by brute force, alignment, both forms, and what is refused."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import subprocess
import sys
from collections import Counter
from html.parser import HTMLParser
from itertools import combinations, pairwise
from pathlib import Path

import pytest
from build import post

from postlint import readers
from postlint.canonical import words
from postlint.cli import run
from postlint.post import Post
from postlint.reporters import compare_html, compare_text
from postlint.reporters.terminal import width
from postlint.side_by_side import Comparison, Paragraph, Row, Side, Stretch, compare

SITE = Path(__file__).parents[1] / "fixtures" / "site" / "posts"

FERRY = "The ferry leaves the north pier at {}."
TICKETS = "Buy two tickets on board before noon."
ISLAND = "Nobody lives on the island."
# Words 8 + 12, five-word runs 4 + 8.
FIRST = post("first", [FERRY.format("seven"), f"{TICKETS} Carry water in summer, friend."], "One")
# Words 8 + 7 + 5, five-word runs 4 + 3 + 1. Of the runs about the ferry the three without the last word are shared.
SECOND = post("second", [FERRY.format("nine"), TICKETS, ISLAND])


def shared(text: str) -> Stretch:
    return Stretch(text, shared=True)


def own(text: str) -> Stretch:
    return Stretch(text, shared=False)


def near(first: list[str], second: list[str]) -> Row:
    """The first row of two posts."""
    return compare(post("a", first), post("b", second)).rows[0]


def test_figures_are_those_counted_by_hand() -> None:
    found = compare(FIRST, SECOND)
    assert found.first == Side("first.md", "One", words=20, paragraphs=2, shared_words=7, shingles=12)
    assert found.second == Side("second.md", "", words=20, paragraphs=3, shared_words=7, shingles=8)
    assert (found.shared_shingles, found.all_shingles, found.shared_sentences) == (6, 14, 1)
    assert found.resemblance == pytest.approx(6 / 14)
    assert found.containment == pytest.approx(6 / 8)
    assert found.smaller is found.second
    assert compare(SECOND, FIRST).containment == found.containment


def test_paragraphs_stand_beside_those_they_belong_to() -> None:
    assert compare(FIRST, SECOND).rows == (
        Row(
            "near",
            Paragraph(1, (shared("The ferry leaves the north pier at"), own(" seven."))),
            Paragraph(1, (shared("The ferry leaves the north pier at"), own(" nine."))),
        ),
        Row(
            "near",
            Paragraph(3, (shared(TICKETS), own(" Carry water in summer, friend."))),
            Paragraph(3, (shared(TICKETS),)),
        ),
        Row("second", None, Paragraph(5, (own(ISLAND),))),
    )


def test_what_is_in_the_second_alone_follows_what_it_follows_there() -> None:
    one = post("a", [TICKETS, "Hay is cut in June here.", FERRY.format("six")])
    other = post("b", [ISLAND, FERRY.format("six"), "Bring a lamp along.", TICKETS])
    rows = compare(one, other).rows
    assert [row.kind for row in rows] == ["second", "same", "first", "same", "second"]
    assert [row.second.row if row.second else 0 for row in rows] == [1, 7, 0, 3, 5]


def test_equal_paragraphs_are_paired_one_to_one() -> None:
    rows = compare(post("a", [TICKETS] * 3), post("b", [TICKETS.upper(), f"*{TICKETS}*"])).rows
    assert [row.kind for row in rows] == ["same", "same", "first"]
    assert [row.second.row for row in rows if row.second] == [1, 3]
    # The third stands in the other post all the same.
    assert rows[2].first == Paragraph(5, (shared(TICKETS),))


def test_what_has_its_equal_keeps_nothing_else_from_being_compared() -> None:
    """The last of the first post has five runs of three words in common with each of the six, four with its partner."""
    equal = [f"The boats sail north at noon with {cargo}." for cargo in ("hay", "salt", "rope", "tar", "malt", "wool")]
    one = post("a", [*equal, "The boats sail north at noon with three men."])
    other = post("b", [*equal, "The boats sail north at dawn with three men."])
    assert [row.kind for row in compare(one, other).rows] == ["same"] * 6 + ["near"]


def test_a_shared_sentence_brings_paragraphs_together() -> None:
    """2 * 7 common words of 7 + 27: too few to be nearly the same, but for the sentence."""
    rest = "Come with a friend who can row, since the small boat has no sail and the wind is seldom kind."
    row = near([TICKETS], [f"{rest} {TICKETS}"])
    assert row.kind == "near"
    assert row.second is not None
    assert row.second.stretches == (own(f"{rest} "), shared(TICKETS))
    # Without the sentence being long enough to count, the two have nothing in common.
    assert near(["Buy two tickets on board."], [f"{rest} Buy two tickets on board."]).kind == "second"


def test_a_single_common_word_between_two_differences_is_chance() -> None:
    row = near(
        ["The boats sail north at noon and come back home by nine."],
        ["The boats row north by dusk and come back home by nine."],
    )
    assert row.first is not None
    # Different: sail/row, at noon/by dusk; "north" alone stands between them.
    assert row.first.stretches == (
        shared("The boats"),
        own(" sail north at noon "),
        shared("and come back home by nine."),
    )


def test_letters_without_spaces_between_are_aligned_one_by_one() -> None:
    row = near(["渡し船は七時に北の桟橋を出ます。"], ["渡し船は九時に北の桟橋を出ます。"])
    assert row.first is not None
    assert row.first.stretches == (shared("渡し船は"), own("七"), shared("時に北の桟橋を出ます。"))


def test_posts_without_prose_share_nothing() -> None:
    found = compare(post("a", []), post("b", ["Too few words."]))
    assert (found.resemblance, found.containment, found.shared_sentences) == (0, 0, 0)
    assert [row.kind for row in found.rows] == ["second"]
    assert "".join(compare_text.render(found, 120, colour=False)).count("\n") == 9


def brute_force(first: Post, second: Post) -> tuple[float, float]:
    """Resemblance and containment by sets of runs of words themselves."""
    runs = []
    for made in (first, second):
        texts = [words(block.text) for block in made.of_kind("paragraph")]
        runs.append({tuple(text[start : start + 5]) for text in texts for start in range(len(text) - 4)})
    both = len(runs[0] & runs[1])
    return both / len(runs[0] | runs[1]), both / min(map(len, runs))


SITE_POSTS = [readers.read(path.name, path.read_bytes())[0] for path in sorted(SITE.iterdir())]


@pytest.mark.parametrize(("first", "second"), list(combinations(SITE_POSTS, 2)), ids=lambda made: made.path)
def test_every_pair_of_the_site(first: Post, second: Post) -> None:
    """The figures by brute force; every paragraph shown once, whole."""
    found = compare(first, second)
    assert (found.resemblance, found.containment) == pytest.approx(brute_force(first, second))
    for made, side in ((first, "first"), (second, "second")):
        shown = [paragraph for row in found.rows if (paragraph := getattr(row, side)) is not None]
        texts = Counter("".join(stretch.text for stretch in paragraph.stretches) for paragraph in shown)
        assert texts == Counter(block.text for block in made.of_kind("paragraph") if words(block.text))
        for paragraph in shown:
            kinds = [stretch.shared for stretch in paragraph.stretches]
            assert all(one != other for one, other in pairwise(kinds))


def test_near_duplicates_have_the_figure_of_the_report(capsys: pytest.CaptureFixture[str]) -> None:
    run(["--isolated", str(SITE), "--select", "ND002", "-f", "json"])
    violation = json.loads(capsys.readouterr().out)["violations"][0]
    posts = [readers.read(path, Path(path).read_bytes())[0] for path in (violation["path"], violation["data"]["other"])]
    assert round(compare(posts[0], posts[1]).resemblance, 4) == violation["data"]["resemblance"]


def test_columns_of_text() -> None:
    assert "".join(compare_text.render(compare(FIRST, SECOND), 60, colour=False)) == (
        "resemblance       0.429  6 of 14 runs of five words are in both\n"
        "containment       0.750  6 of 8 in second.md\n"
        "shared sentences      1  of 6 words or more\n"
        "\n"
        "  first.md                   |   second.md\n"
        "  One                        |\n"
        "  20 words in 2 paragraphs,  |   20 words in 3 paragraphs,\n"
        "  35 % in shared sentences   |   35 % in shared sentences\n"
        "\n"
        "1 The ferry leaves the north ~ 1 The ferry leaves the north\n"
        "  pier at [seven.]           |   pier at [nine.]\n"
        "\n"
        "3 Buy two tickets on board   ~ 3 Buy two tickets on board\n"
        "  before noon. [Carry water  |   before noon.\n"
        "  in summer, friend.]        |\n"
        "\n"
        "                             > 5 (1 paragraph of its own)\n"
        "\n"
        "= the same   ~ nearly the same   < > in one post alone   [in brackets]: not in the other post\n"
    )


def test_colours_take_the_place_of_brackets() -> None:
    made = "".join(compare_text.render(compare(FIRST, SECOND), 60, colour=True))
    assert "pier at \x1b[33mseven.\x1b[0m" in made
    assert "[seven" not in made
    plain = re.sub(r"\x1b\[\d+m", "", made)
    assert "1 The ferry leaves the north ~ 1 The ferry leaves the north\n" in plain


@pytest.mark.parametrize(
    ("text", "columns", "lines"),
    [
        ("one two three", 7, ["one two", "three"]),
        ("one two three", 8, ["one two", "three"]),
        ("one", 3, ["one"]),
        ("", 3, [""]),
        ("abcdefgh ij", 3, ["abc", "def", "gh", "ij"]),
        ("漢字漢字漢", 4, ["漢字", "漢字", "漢"]),
        ("漢字漢字漢", 5, ["漢字", "漢字", "漢"]),
        ("is abcd漢", 8, ["is abcd", "漢"]),
        ("is 漢字 here", 5, ["is 漢", "字", "here"]),
        ("cafe\u0301 bar", 4, ["cafe\u0301", "bar"]),
    ],
)
def test_lines_are_broken_at_their_width(text: str, columns: int, lines: list[str]) -> None:
    cells = [compare_text._Cell(character, own=False) for character in text]
    assert ["".join(cell.text for cell in line) for line in compare_text.wrapped(cells, columns)] == lines


HOSTILE = "\x1b[2J<script>alert(1)</script>\u202e\x9b]8;;x\x07 & \"'"


def hostile() -> Comparison:
    text = f"{TICKETS} {HOSTILE} words of this one"
    title = f"{HOSTILE} title"
    return compare(post(f"a{HOSTILE}", [text, HOSTILE], title), post(f"b{HOSTILE}", [f"{text} more", HOSTILE], title))


@pytest.mark.parametrize("colour", [False, True])
def test_hostile_text_does_nothing_to_a_terminal(colour: bool) -> None:
    made = "".join(compare_text.render(hostile(), 100, colour=colour))
    assert "\\x1b[2J<script>" in made.replace("\n", "")
    assert set(re.sub(r"\x1b\[(?:0|1|33|36)m", "", made)) & set("\x1b\x9b\x07\u202e\r") == set()


class Page(HTMLParser):
    """The tags, attributes and texts of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.attributes: set[str] = set()
        self.texts: list[str] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.attributes.update(name for name, _ in attrs)
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] in ("mark", "b", "td", "th", "h1", "title", "small"):
            self.texts.append(data)


def test_page_marks_what_is_shared() -> None:
    made = "".join(compare_html.render(compare(FIRST, SECOND)))
    start = '<td dir="auto"><span class="row">1</span>'
    assert (
        f"<tr>{start}<mark>The ferry leaves the north pier at</mark> <b>seven.</b></td>"
        '<td class="kind">nearly the same</td>'
        f"{start}<mark>The ferry leaves the north pier at</mark> <b>nine.</b></td></tr>\n"
    ) in made
    # What shares nothing is not underlined: all of it is the post's own.
    alone = f'<tr><td></td><td class="kind">right alone</td><td dir="auto"><span class="row">5</span>{ISLAND}</td></tr>'
    assert alone in made
    assert "<dd>0.429</dd><dd>6 of 14 runs of five words are in both</dd>" in made
    assert "<dd>0.750</dd><dd>6 of 8 in second.md</dd>" in made
    assert "<small>20 words in 2 paragraphs, 35 % in shared sentences</small>" in made


def test_page_holds_nothing_that_runs_or_loads() -> None:
    made = "".join(compare_html.render(hostile()))
    page = Page(made)
    assert page.open == []
    assert set(page.tags) == {
        "html", "head", "meta", "title", "style", "body", "main", "h1", "dl", "dt", "dd", "p", "mark", "b", "table",
        "thead", "tbody", "tr", "th", "td", "small", "span",
    }  # fmt: skip
    assert page.attributes == {"lang", "charset", "http-equiv", "content", "name", "scope", "class", "dir"}
    assert page.tags["style"] == 1
    assert any("\\x1b[2J<script>alert(1)</script>\\u202e" in text for text in page.texts)
    assert set(made) & set("\x1b\x9b\x07\u202e") == set()


def test_page_allows_its_own_style_alone() -> None:
    made = "".join(compare_html.render(compare(FIRST, SECOND)))
    style = made.partition("<style>")[2].partition("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert f'<meta http-equiv="Content-Security-Policy" content="{policy}">' in made
    # Before anything that it could be about.
    assert made.index("Content-Security-Policy") < made.index("<title>")
    assert "url(" not in style
    assert "@import" not in style


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two posts in the working folder, and what is none."""
    monkeypatch.chdir(tmp_path)
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    Path("a.md").write_text(f"# One\n\n{FIRST.source}\n", encoding="utf-8")
    Path("b.md").write_text(f"{SECOND.source}\n", encoding="utf-8")
    Path("nul.md").write_bytes(b"a\0b")
    Path("photo.jpg").write_bytes(b"")
    Path("folder").mkdir()


@pytest.mark.usefixtures("files")
def test_command_prints_columns(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(["compare", "a.md", "b.md"]) == 0
    output = capsys.readouterr()
    assert output.err == ""
    assert "\x1b" not in output.out
    # Rows are those of the files: the heading takes two.
    assert "3 The ferry leaves the north pier at [seven.]" in output.out
    lines = output.out.splitlines()
    assert lines[0] == "resemblance       0.429  6 of 14 runs of five words are in both"
    monkeypatch.setenv("COLUMNS", "50")
    assert run(["compare", "a.md", "b.md"]) == 0
    narrow = capsys.readouterr().out.splitlines()
    assert max(width(line) for line in narrow[3:-1]) <= 50
    assert len(narrow) > len(lines)
    monkeypatch.setenv("FORCE_COLOR", "1")
    run(["compare", "a.md", "b.md"])
    assert "\x1b[33m" in capsys.readouterr().out
    monkeypatch.setenv("NO_COLOR", "1")
    run(["compare", "a.md", "b.md"])
    assert "\x1b" not in capsys.readouterr().out


@pytest.mark.usefixtures("files")
@pytest.mark.parametrize("form", ["text", "html"])
def test_command_writes_a_file(form: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert run(["compare", "a.md", "b.md", "--format", form, "-o", "out"]) == 0
    assert capsys.readouterr().out == ""
    written = Path("out").read_text(encoding="utf-8")
    assert "\x1b" not in written
    assert written.startswith("<!doctype html>" if form == "html" else "resemblance")
    monkeypatch.setenv("NO_COLOR", "1")
    assert run(["compare", "a.md", "b.md", "--format", form, "-o", "-"]) == 0
    assert capsys.readouterr().out == written


@pytest.mark.usefixtures("files")
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["a.md"], "Missing argument 'SECOND'. (see `postlint compare --help`)"),
        (["a.md", "c.md"], "c.md: no such file or folder"),
        (["folder", "b.md"], "folder: is a folder; name one post"),
        (["a.md", "nul.md"], "nul.md: holds NUL bytes, so it is no text"),
        (["a.md", "b.md", "-o", "folder"], "folder: can't be written: it is a folder"),
        (["a.md", "b.md", "-f", "pdf"], "Invalid value for '--format' / '-f': 'pdf' is not one of 'text', 'html'."),
    ],
)
def test_wrong_usage_is_one_line(arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["compare", *arguments]) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err.startswith(f"postlint: error: {message}")
    assert output.err.count("\n") == 1


@pytest.mark.usefixtures("files")
def test_a_file_without_a_reader_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["compare", "a.md", "photo.jpg"]) == 2
    assert capsys.readouterr().err.startswith("postlint: error: photo.jpg: ")


@pytest.fixture
def many() -> None:
    """Two posts as rows of a file of many, between others."""
    rows = [{"title": "One", "body": FIRST.source}, {"title": "Other", "body": "No word of it."}]
    rows.append({"title": "Two", "body": SECOND.source})
    Path("posts.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


@pytest.mark.usefixtures("files", "many")
def test_posts_of_a_file_of_many_are_named_by_number(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["compare", "a.md", "b.md", "--format", "html"]) == 0
    figures = re.findall(r"<dd>.*</dd>", capsys.readouterr().out)
    assert run(["compare", "posts.jsonl#0", "posts.jsonl#2", "--format", "html"]) == 0
    output = capsys.readouterr()
    assert output.err == ""
    # The same posts, and so the same figures but for the name of the smaller one.
    assert [row.replace("posts.jsonl#2", "b.md") for row in re.findall(r"<dd>.*</dd>", output.out)] == figures
    assert "<h1>posts.jsonl and posts.jsonl#2</h1>" in output.out
    # Rows are those of the file.
    assert run(["compare", "posts.jsonl", "posts.jsonl#2"]) == 0
    output = capsys.readouterr()
    assert re.search(r"^1 The ferry .* 3 ", output.out, re.MULTILINE)
    assert output.err == "postlint: posts.jsonl holds several posts: this is the first, posts.jsonl#1 the second\n"
    assert run(["compare", "a.md", "posts.jsonl#3"]) == 2
    assert capsys.readouterr().err == "postlint: error: posts.jsonl: has no post of number 3\n"


@pytest.mark.usefixtures("files", "many")
def test_a_hash_may_be_part_of_a_name(capsys: pytest.CaptureFixture[str]) -> None:
    Path("c#1.md").write_text(FIRST.source, encoding="utf-8")
    assert run(["compare", "c#1.md", "b.md"]) == 0
    Path("a.md#1").mkdir()
    assert run(["compare", "a.md#1", "b.md"]) == 2
    assert capsys.readouterr().err == "postlint: error: a.md#1: is a folder; name one post\n"
    assert run(["compare", "a.md#2", "b.md"]) == 2
    assert capsys.readouterr().err == "postlint: error: a.md: has no post of number 2\n"


@pytest.mark.usefixtures("files")
def test_records_are_read_as_the_configuration_says(capsys: pytest.CaptureFixture[str]) -> None:
    Path("postlint.toml").write_text('[[fields]]\nfiles = ["*.jsonl"]\ntitle = "h"\nbody = "words"\n', encoding="utf-8")
    row = {"h": "One", "words": FIRST.source}
    Path("odd.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    assert run(["compare", "odd.jsonl", "b.md"]) == 0
    assert "6 of 14 runs of five words are in both" in capsys.readouterr().out


@pytest.mark.usefixtures("files")
def test_two_posts_are_compared_without_numpy() -> None:
    code = (
        "import sys\nfrom postlint.cli import run\n"
        "assert run(['compare', 'a.md', 'b.md']) == 0\nassert 'numpy' not in sys.modules"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
