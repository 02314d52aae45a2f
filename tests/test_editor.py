"""The editor server: whole sessions of a client with a server in a process of its own."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from editor_client import Editor, Message
from hypothesis import given
from hypothesis import strategies as st

from postlint.cli import run
from postlint.commands import server
from postlint.commands.editor.positions import Positions
from postlint.post import Lines, Location
from postlint.rules import all_rules

SITE = Path(__file__).parents[1] / "fixtures" / "site" / "posts"
BRAKES = "brake-pads-for-commuters.md"
TEXT = "---\ntitle: A wheel of one's own\nneeds_human_review: {flag}\n---\n\n{body}\n"
Start = Callable[..., Editor]


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts editors that are ended with the test, whatever becomes of it."""
    started: list[Editor] = []

    def begin(*folders: Path, encodings: Sequence[str] = ("utf-16",)) -> Editor:
        started.append(Editor(folders, encodings))
        return started[-1]

    yield begin
    for editor in started:
        editor.kill()


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A site whose corpus is known to its configuration."""
    shutil.copytree(SITE, tmp_path / "site" / "posts")
    (tmp_path / "site" / "postlint.toml").write_text('corpus = ["posts"]\n', encoding="utf-8")
    return tmp_path / "site"


def codes(found: Sequence[Message]) -> list[str]:
    return [diagnostic["code"] for diagnostic in found]


def compared(found: Sequence[Message]) -> bool:
    """Whether a post was judged against its corpus, in which every post of the site repeats another."""
    return any(code.startswith(("BP", "ND")) for code in codes(found))


def reported(site: Path) -> dict[str, list[tuple[str, str, tuple[int, ...]]]]:
    """What the command line finds: of each file the codes, messages and places, from 0. No column needs converting."""
    done = subprocess.run(
        [sys.executable, "-m", "postlint", "--format", "json", "--no-cache"],
        cwd=site, stdout=subprocess.PIPE, check=False,
    )  # fmt: skip
    found: dict[str, list[tuple[str, str, tuple[int, ...]]]] = {}
    for violation in json.loads(done.stdout)["violations"]:
        start, end = violation["location"], violation["end_location"]
        span = (start["row"] - 1, start["column"] - 1, end["row"] - 1, end["column"] - 1)
        found.setdefault(violation["path"], []).append((violation["code"], violation["message"], span))
    return found


def as_reported(found: Sequence[Message]) -> list[tuple[str, str, tuple[int, ...]]]:
    spans = [(item["range"]["start"], item["range"]["end"]) for item in found]
    return [
        (item["code"], item["message"], (start["line"], start["character"], end["line"], end["character"]))
        for item, (start, end) in zip(found, spans, strict=True)
    ]


def test_a_session_shows_what_the_command_line_reports(site: Path, start: Start) -> None:
    expected = reported(site)
    editor = start(site)
    brakes = site / "posts" / BRAKES
    editor.open(brakes)
    # At once what can be told without the other posts; the index is made meanwhile, and says so.
    assert codes(editor.shown(brakes)) == ["REV002", "REV001", "IMG001"]
    progress = editor.wait("$/progress", lambda params: params["value"]["kind"] == "begin")
    assert progress["value"]["message"] == "reading the corpus"
    editor.wait("$/progress", lambda params: params["value"]["kind"] == "end")
    assert as_reported(editor.shown(brakes)) == expected[f"posts/{BRAKES}"]
    for file in sorted((site / "posts").glob("*.*")):
        if file != brakes:
            editor.open(file)
            assert as_reported(editor.shown(file)) == expected.get(f"posts/{file.name}", []), file.name
    assert editor.close() == (0, "")


def test_a_diagnostic_says_all_that_a_violation_says(site: Path, start: Start) -> None:
    editor = start(site)
    brakes = site / "posts" / BRAKES
    editor.open(brakes)
    found = {item["code"]: item for item in editor.shown(brakes, compared)}
    assert {code: item["severity"] for code, item in found.items()} == {
        "REV002": 1, "REV001": 1, "IMG001": 1, "BP005": 3, "BP001": 3,
    }  # fmt: skip
    assert {item["source"] for item in found.values()} == {"postlint"}
    for code, item in found.items():
        assert item["codeDescription"]["href"] == all_rules()[code].url
    (place,) = found["BP005"]["relatedInformation"]
    assert place["location"]["uri"] == (site / "posts" / "winter-tyres-in-the-city.md").as_uri()
    (flag,) = found["REV002"]["relatedInformation"]
    assert flag["message"] == "the flag"
    assert flag["location"]["uri"] == brakes.as_uri()
    start_of = found["REV001"]["range"]["start"]
    page = editor.ask("textDocument/hover", {"textDocument": {"uri": brakes.as_uri()}, "position": start_of})
    assert page["contents"]["value"].startswith("### REV001 needs-human-review\n")
    assert all_rules()["REV001"].why.split()[0] in page["contents"]["value"]
    nowhere = {"textDocument": {"uri": brakes.as_uri()}, "position": {"line": 0, "character": 0}}
    assert editor.ask("textDocument/hover", nowhere) is None


def test_what_is_in_the_editor_counts_and_not_the_disk(site: Path, start: Start) -> None:
    editor = start(site)
    brakes, saddle = site / "posts" / BRAKES, site / "posts" / "choosing-a-saddle.md"
    editor.open(brakes)
    editor.shown(brakes, compared)
    own = "Rubber gets hard with the years, and a hard pad squeals long before it stops a bicycle in the rain."
    # Nothing of the site stands in this text, and it is not saved.
    editor.type(brakes, TEXT.format(flag="false", body=own), 2)
    assert editor.shown(brakes) == []
    # Another post that now repeats it, in the editor alone, is a copy of what is in the editor.
    pasted = " ".join(
        [own, "So change them each spring, whatever they look like, and keep the old ones for a trailer."]
    )
    editor.type(brakes, TEXT.format(flag="false", body=pasted), 3)
    assert editor.shown(brakes) == []
    editor.open(saddle, TEXT.format(flag="false", body=pasted).replace("wheel", "saddle"))
    found = editor.shown(saddle)
    assert "ND001" in codes(found) or "BP001" in codes(found)
    related = {place["location"]["uri"] for item in found for place in item["relatedInformation"]}
    assert brakes.as_uri() in related
    # It is saved, and what is then typed into the first one makes it a post of its own again.
    editor.type(brakes, TEXT.format(flag="true", body="Cables stretch. Pads wear."), 4)
    assert codes(editor.shown(brakes)) == ["REV001"]
    editor.save(saddle, TEXT.format(flag="false", body=pasted))
    assert [code for code in codes(editor.shown(saddle)) if code.startswith(("BP", "ND"))] == []


def test_another_file_that_changes_on_the_disk_is_seen_when_the_editor_tells(site: Path, start: Start) -> None:
    editor = start(site)
    brakes, copy = site / "posts" / BRAKES, site / "posts" / "copied.md"
    editor.open(brakes)
    assert "ND001" not in codes(editor.shown(brakes, compared))
    # Once what was learnt of the corpus is kept, nothing but the editor's word makes it be looked at again.
    for version in (2, 3):
        editor.type(brakes, brakes.read_text(encoding="utf-8"), version)
        assert "ND001" not in codes(editor.shown(brakes))
    shutil.copy(brakes, copy)
    editor.tell("workspace/didChangeWatchedFiles", {"changes": [{"uri": copy.as_uri(), "type": 1}]})
    found = editor.shown(brakes)
    places = [place for item in found if item["code"] == "ND001" for place in item["relatedInformation"]]
    assert [place["location"]["uri"] for place in places] == [copy.as_uri()]
    copy.unlink()
    editor.tell("workspace/didChangeWatchedFiles", {"changes": [{"uri": copy.as_uri(), "type": 3}]})
    assert "ND001" not in codes(editor.shown(brakes))


def applied(text: str, edits: Sequence[Message]) -> str:
    """A text after edits whose places are in UTF-16, by another way of counting than the server's."""
    rows = text.splitlines(keepends=True)
    assert "\u2028" not in text
    starts = [0]
    for row in rows:
        starts.append(starts[-1] + len(row.encode("utf-16-le")))
    data = text.encode("utf-16-le")
    places = [
        [starts[edit["range"][end]["line"]] + 2 * edit["range"][end]["character"] for end in ("start", "end")]
        for edit in edits
    ]
    for (first, last), edit in sorted(zip(places, edits, strict=True), key=lambda item: item[0], reverse=True):
        data = data[:first] + edit["newText"].encode("utf-16-le") + data[last:]
    return data.decode("utf-16-le")


def test_each_suppression_covers_its_violation_and_no_other(site: Path, start: Start) -> None:
    editor = start(site)
    editor.open(site / "posts" / BRAKES)
    editor.shown(site / "posts" / BRAKES, compared)
    version = 1
    titles = set()
    for file in sorted((site / "posts").glob("*.md")):
        text = file.read_text(encoding="utf-8")
        editor.open(file)
        found = editor.shown(file)
        offered = [(item["code"], action) for item in found for action in editor.actions(file, [item])]
        # Front matter in JSON has no comments: there it is the whole file, or nothing.
        assert {code for code, _ in offered} == set(codes(found))
        for code, action in offered:
            if not action["title"].startswith("Suppress"):
                continue
            titles.add(action["title"].partition(code)[2])
            version += 1
            editor.type(file, applied(text, action["edit"]["changes"][file.as_uri()]), version)
            left = codes(editor.shown(file))
            others = [other for other in codes(found) if other != code]
            assert [other for other in left if other != code] == others, action["title"]
            gone, there = codes(found).count(code) - left.count(code), codes(found).count(code)
            assert gone == there if action["title"].endswith("in this file") else gone >= 1, action["title"]
    assert titles == {" on this line", " on this block", " in this file"}


def test_a_suppression_that_would_change_the_post_is_not_offered(site: Path, start: Start) -> None:
    file = site / "posts" / "scalar.md"
    # A comment inside of a literal text would be text.
    text = "---\ntitle: All of it\nsummary: |\n  All of it:\n  Lorem ipsum dolor sit amet.\n---\n\nSpokes.\n"
    editor = start(site)
    editor.open(file, text)
    found = {item["range"]["start"]["line"]: item for item in editor.shown(file) if item["code"] == "REV011"}
    titles = {line: [action["title"] for action in editor.actions(file, [item])] for line, item in found.items()}
    # A violation of a folded or literal text is placed where the text begins.
    assert titles == {3: ["Suppress REV011 in this file"]}


def test_a_fix_mends_what_it_says(site: Path, start: Start) -> None:
    editor = start(site)
    file = site / "posts" / "flagged.md"
    # The smile is two units of UTF-16, and one code point.
    body = "See 😀 [the shop](https://example.org/a?utm_source=chatgpt.com&b=2) for spokes."
    text = f"---\ntitle: Spokes\n---\n\n{body}\n"
    editor.open(file, text)
    (found,) = [item for item in editor.shown(file) if item["code"].startswith("LLM")]
    fix = editor.actions(file, [found])[0]
    assert fix["title"] == f"Fix {found['code']} {all_rules()[found['code']].name}"
    assert fix["isPreferred"] is True
    mended = applied(text, fix["edit"]["changes"][file.as_uri()])
    assert mended == text.replace("utm_source=chatgpt.com&", "")
    editor.type(file, mended, 2)
    assert found["code"] not in codes(editor.shown(file))


@pytest.mark.parametrize(("encoding", "column"), [("utf-8", 33), ("utf-16", 28), ("utf-32", 27)])
def test_columns_are_counted_as_agreed(tmp_path: Path, start: Start, encoding: str, column: int) -> None:
    file = tmp_path / "a.md"
    # 27 code points stand before the address; é has two bytes, the ideograph three, the smile four.
    before = "é 字 😀 is a picture: ![Fox]("
    assert len(before) == 27
    editor = start(tmp_path, encodings=[encoding])
    assert editor.server["capabilities"]["positionEncoding"] == encoding
    editor.open(file, f"# A fox\n\n{before}https://placehold.co/600x400)\n")
    (found,) = [item for item in editor.shown(file) if item["code"] == "IMG001"]
    assert found["range"] == {
        "start": {"line": 2, "character": column},
        "end": {"line": 2, "character": column + len("https://placehold.co/600x400")},
    }


@given(st.text(st.sampled_from("ab\né字😀\r\n\x0c\x85\u2028\ufeff\ud800")), st.data())
def test_positions_are_those_of_a_count_by_hand(text: str, data: st.DataObject) -> None:
    offset = data.draw(st.integers(0, len(text)))
    before = text[:offset].replace("\r\n", "\n").replace("\r", "\n")
    if text[:offset].endswith("\r") and text[offset:].startswith("\n"):
        return
    line = before.count("\n")
    row = before.rpartition("\n")[2]
    units = {"utf-8": 1, "utf-16": 2, "utf-32": 4}
    for encoding, size in units.items():
        name = encoding if size == 1 else f"{encoding}-le"
        expected = (line, len(row.encode(name, "surrogatepass")) // size)
        assert Positions(text, encoding).at(offset) == expected
        if not text.startswith("\ufeff"):
            location = Lines(text).location(offset)
            assert Positions(text, encoding).of(location) == expected
    assert Positions(text, "utf-16").of(Location(len(Lines(text)) + 5, 1)) == Positions(text, "utf-16").at(len(text))


HOSTILE = [
    "",
    "\ufeff---\ntitle: x\n---\n",
    "---\ntitle: [[[[\n---\n\x00\x1b]0;x\x07",
    "---\n" + "a: &a [*a]\n" * 50 + "---\n",
    "a\u2028b\x0cc\x85d\r e\r\n" * 50,
    "\ud83d lone",
    "> " * 500 + "x",
    "<!-- postlint: ignore " * 200,
    "[" * 3000,
    "{" * 3000,
]


def test_no_text_ends_the_server(site: Path, start: Start) -> None:
    editor = start(site)
    for suffix in ("md", "mdx", "txt", "jsonl"):
        file = site / "posts" / f"hostile.{suffix}"
        editor.open(file, "")
        editor.shown(file)
        for version, text in enumerate(HOSTILE, 2):
            editor.type(file, text, version)
            found = [] if suffix == "jsonl" else editor.shown(file)
            for diagnostic in found[:3]:
                editor.actions(file, [diagnostic])
            where = {"textDocument": {"uri": file.as_uri()}, "position": {"line": 10**6, "character": 10**6}}
            editor.ask("textDocument/hover", where)
    code, errors = editor.close()
    assert (code, errors) == (0, "")
    assert not [message for message in editor.heard if message["method"] == "window/showMessage"]


def test_what_is_no_post_is_left_alone(site: Path, start: Start) -> None:
    (site / "postlint.toml").write_text('corpus = ["posts"]\nexclude = ["posts/old/"]\n', encoding="utf-8")
    text = TEXT.format(flag="true", body="Words.")
    for name in ("posts/code.py", "README.md", "posts/old/a.md", "posts/.hidden/a.md", "posts/data.json"):
        file = site / name
        file.parent.mkdir(exist_ok=True)
        file.write_text("{}" if name.endswith("json") else text, encoding="utf-8")
    editor = start(site)
    untitled = {"uri": "untitled:Untitled-1", "languageId": "markdown", "version": 1, "text": text}
    editor.tell("textDocument/didOpen", {"textDocument": untitled})
    for name in ("posts/code.py", "README.md", "posts/old/a.md", "posts/.hidden/a.md", "posts/data.json"):
        editor.open(site / name)
    editor.open(site / "posts" / BRAKES)
    editor.shown(site / "posts" / BRAKES, compared)
    editor.ask("shutdown", None)
    shown = {
        message["params"]["uri"]: message["params"]["diagnostics"]
        for message in editor.everything
        if message["method"] == "textDocument/publishDiagnostics" and message["params"]["diagnostics"]
    }
    assert set(shown) == {(site / "posts" / BRAKES).as_uri()}


def test_each_folder_has_its_configuration_and_a_file_outside_is_judged_by_itself(tmp_path: Path, start: Start) -> None:
    text = TEXT.format(flag="true", body="Words.")
    for name, said in (("one", 'ignore = ["REV001"]'), ("two", 'severity = {REV001 = "info"}')):
        (tmp_path / name).mkdir()
        (tmp_path / name / "postlint.toml").write_text(said, encoding="utf-8")
        (tmp_path / name / "a.md").write_text(text, encoding="utf-8")
    (tmp_path / "else").mkdir()
    (tmp_path / "else" / "a.md").write_text(text, encoding="utf-8")
    editor = start(tmp_path / "one", tmp_path / "two")
    found = {}
    for name in ("one", "two", "else"):
        editor.open(tmp_path / name / "a.md")
        found[name] = [(item["code"], item["severity"]) for item in editor.shown(tmp_path / name / "a.md")]
    assert found == {"one": [], "two": [("REV001", 3)], "else": [("REV001", 1)]}
    # Nothing is written where nothing was asked for.
    assert [path.name for path in (tmp_path / "else").iterdir()] == ["a.md"]


def test_a_wrong_configuration_is_told_and_a_mended_one_is_taken_up(site: Path, start: Start) -> None:
    editor = start(site)
    brakes = site / "posts" / BRAKES
    (site / "postlint.toml").write_text('ignroe = ["BP"]\n', encoding="utf-8")
    editor.open(brakes)
    assert editor.shown(brakes) == []
    message = editor.wait("window/showMessage")["message"]
    assert message == f'postlint: {site / "postlint.toml"}:1: unknown key "ignroe"; did you mean "ignore"?'
    (site / "postlint.toml").write_text('corpus = ["posts"]\nignore = ["BP", "ND", "IMG"]\n', encoding="utf-8")
    editor.tell("workspace/didChangeWatchedFiles", {"changes": [{"uri": (site / "postlint.toml").as_uri(), "type": 2}]})
    assert codes(editor.shown(brakes, bool)) == ["REV002", "REV001"]


def test_what_a_baseline_holds_is_not_shown(site: Path, start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(site)
    assert run(["baseline", "create", "--quiet"]) == 0
    (site / "postlint.toml").write_text('corpus = ["posts"]\nbaseline = ".postlint-baseline"\n', encoding="utf-8")
    editor = start(site)
    brakes = site / "posts" / BRAKES
    editor.open(brakes)
    # The baseline was made of a run over the corpus, and that run has made the index.
    assert editor.shown(brakes) == []
    editor.type(brakes, brakes.read_text(encoding="utf-8") + "\n![Hub](https://placehold.co/9x9)\n", 2)
    assert codes(editor.shown(brakes)) == ["IMG001"]


def test_a_closed_file_shows_nothing(site: Path, start: Start) -> None:
    editor = start(site)
    brakes = site / "posts" / BRAKES
    editor.open(brakes)
    assert editor.shown(brakes, compared)
    editor.tell("textDocument/didClose", {"textDocument": {"uri": brakes.as_uri()}})
    assert editor.shown(brakes) == []
    assert editor.ask("textDocument/hover", {
        "textDocument": {"uri": brakes.as_uri()}, "position": {"line": 5, "character": 21},
    }) is None  # fmt: skip


def test_without_the_extra_there_is_a_word_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(server, "find_spec", lambda name: None)
    assert run(["server"]) == 2
    said = 'postlint: error: the editor server needs pygls: pip install "postlint[server]"\n'
    assert capsys.readouterr().err == said
