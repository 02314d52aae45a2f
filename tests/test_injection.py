"""Hostile texts in every field of every format: a report has the parts that it has with a harmless text, and no more.

What reads the reports here is not postlint: parsers of JSON, XML, CSV, HTML and Markdown, and the rules of a log.
"""

from __future__ import annotations

import base64
import csv
import gzip
import io
import json
import os
import re
from collections.abc import Callable, Iterator, Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pyromark
import pytest
from hostile import TEXTS, path_of, rendered
from lxml import etree

from postlint.cli import run
from postlint.reporters import FORMATS
from postlint.reporters.terminal import visible

HARMLESS = "a text"
PARTS: dict[str, Callable[[str], Any]] = {}
"""What a reader of each format sees of a report, with the texts in it left out."""
# What a terminal obeys, and what is not seen or turns text around; written here anew, not taken from the program.
OBEYED = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\xad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)


def reads(*forms: str) -> Callable[[Callable[[str], Any]], Callable[[str], Any]]:
    def kept(parts: Callable[[str], Any]) -> Callable[[str], Any]:
        PARTS.update(dict.fromkeys(forms, parts))
        return parts

    return kept


@reads("concise", "full")
def lines_of_people(text: str) -> Any:
    """What the lines are: nothing that comes from a post begins another one."""
    assert not OBEYED.search(text)
    known = re.compile(r"(error|warning|info) (?:BP001|HOUSE1) | *(-->|\d* \||=) |$")
    return [found and (found[1] or found[2] or "empty") for found in map(known.match, text.split("\n"))]


@reads("json", "sarif", "gitlab", "rdjson")
def parts_of_json(text: str) -> Any:
    assert text.isascii()
    assert not OBEYED.search(text)
    return sorted_keys(json.loads(text))


@reads("json-lines")
def parts_of_json_lines(text: str) -> Any:
    return [parts_of_json(line) for line in text.splitlines()]


def sorted_keys(value: Any) -> Any:
    """A skeleton in which the order of keys does not count: those of `data` are sorted, and may be any text."""
    if isinstance(value, dict):
        return sorted(("" if _is_text(key) else key, str(sorted_keys(item))) for key, item in value.items())
    return [sorted_keys(item) for item in value] if isinstance(value, list) else type(value).__name__


def _is_text(key: str) -> bool:
    return key == HARMLESS or key in TEXTS.values()


@reads("github")
def commands(text: str) -> Any:
    """The commands of the log, one a line, with the names of their properties; all else begins with our name."""
    assert not OBEYED.search(text)
    found = []
    for line in text.removesuffix("\n").split("\n"):
        if line.startswith("postlint: "):
            found.append("plain")
            continue
        command = re.fullmatch(r"::(error|warning|notice) ([^:]*)::.*", line)
        assert command is not None, line
        # What is escaped is put back by the runner, after it has cut the line.
        assert "##[" not in line.partition("::")[0]
        found.append((command[1], tuple(part.partition("=")[0] for part in command[2].split(","))))
    return found


@reads("junit", "checkstyle")
def elements(text: str) -> Any:
    assert not OBEYED.search(text)
    root = etree.fromstring(text.encode(), etree.XMLParser(resolve_entities=False, no_network=True))
    assert root.getroottree().docinfo.doctype == ""
    return [(element.tag, sorted(element.attrib)) for element in root.iter()]


@reads("csv")
def cells(text: str) -> Any:
    rows = list(csv.reader(io.StringIO(text, newline="")))
    for cell in (cell for row in rows for cell in row):
        assert not OBEYED.search(cell)
        # Spaces may be taken away when the file is read; a quote is what a cell of a formula never begins with.
        assert not re.match(r"[\s\u00a0\u3000]*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]", cell), cell
    return [len(row) for row in rows]


@reads("markdown")
def marks(text: str) -> Any:
    """The elements of the page, with the addresses of links. Comments that part a name from its sign are ours."""
    assert not OBEYED.search(text)
    parted = re.sub(r"(?<=\\[@#])<!-- -->(?=\w)", "", text)
    # GitHub looks for these when the text has been made, whatever was escaped in it. The links of rules are ours.
    unlinked = re.sub(r"\]\(https://(?:x\.example|github\.com/postlint)/[^)\s]*\)", "", text)
    assert not re.search(r"(?i)www\.|https?://|(?<!\\)@|[@#](?=\w)", unlinked)
    page = HTMLParts()
    page.feed(pyromark.html(parted, options=pyromark.Options.ENABLE_TABLES | pyromark.Options.ENABLE_STRIKETHROUGH))
    page.close()
    return page.parts


class HTMLParts(HTMLParser):
    """The elements of a page and their attributes, values included."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[Any] = []
        self.data: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.parts.append((tag, attrs))

    def handle_endtag(self, tag: str) -> None:
        self.parts.append(f"/{tag}")

    def handle_comment(self, data: str) -> None:
        self.parts.append("comment")

    def handle_decl(self, decl: str) -> None:
        self.parts.append(decl)

    def handle_data(self, data: str) -> None:
        if self.parts and self.parts[-1][0] == "script" and dict(self.parts[-1][1]).get("type"):
            self.data.append(data)


@reads("html")
def page(text: str) -> Any:
    """The elements of the page, and the keys of its data, which are in no alphabet that could end an element."""
    assert text.isascii()
    assert not OBEYED.search(text)
    found = HTMLParts()
    found.feed(text)
    found.close()
    assert all(re.fullmatch(r"[A-Za-z0-9+/=]+", data) for data in found.data)
    table, *_ = (json.loads(gzip.decompress(base64.b64decode(data))) for data in found.data)
    return found.parts, sorted_keys(table)


def test_every_format_has_its_reader() -> None:
    assert set(PARTS) == set(FORMATS)


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("name", TEXTS)
def test_a_hostile_text_adds_nothing(form: str, name: str) -> None:
    assert PARTS[form](rendered(form, TEXTS[name])) == PARTS[form](rendered(form, HARMLESS))


@pytest.mark.parametrize("name", TEXTS)
def test_data_keeps_the_text(name: str) -> None:
    text = TEXTS[name]
    for violation in (*json.loads(rendered("json", text))["violations"],):
        assert (violation["message"], violation["post"], violation["quote"]) == (text, text, text)
        assert (violation["path"], violation["data"][text]) == (path_of(text), text)


@pytest.mark.parametrize("form", ["sarif", "gitlab", "rdjson"])
@pytest.mark.parametrize("name", TEXTS)
def test_what_is_shown_of_a_message_obeys_nobody(form: str, name: str) -> None:
    messages: list[str] = []

    def kept(found: dict[str, Any]) -> dict[str, Any]:
        for key in ("message", "description", "shortDescription", "fullDescription", "help"):
            said = found.get(key, "")
            messages.append(said["text"] if isinstance(said, dict) else said)
        return found

    json.loads(rendered(form, TEXTS[name]), object_hook=kept)
    assert sum(visible(TEXTS[name])[:5] in message for message in messages) >= 3
    assert not [message for message in messages if OBEYED.search(message)]


@pytest.mark.parametrize("name", TEXTS)
def test_a_message_of_sarif_is_no_link_and_has_no_placeholder(name: str) -> None:
    (found,) = json.loads(rendered("sarif", TEXTS[name]))["runs"]
    said = found["results"][0]["message"]["text"]
    # Taken apart as SARIF 2.1.0 says in 3.11.5 and 3.11.6, what was said is there again.
    assert not re.search(r"\[(?:[^\[\]\\]|\\.)*\]\(", said)
    assert not re.search(r"(?<!\{)\{(?:\{\{)*(?!\{)", said)
    assert said.replace("{{", "{").replace("}}", "}").replace("] (", "](") == visible(TEXTS[name])


@pytest.mark.parametrize("name", TEXTS)
def test_the_log_of_github_has_the_text_after_it_is_put_back(name: str) -> None:
    first = rendered("github", TEXTS[name]).split("\n")[0]
    properties, _, message = first.removeprefix("::error ").partition("::")
    shown = {key: undone(value) for key, value in (part.split("=", 1) for part in properties.split(","))}
    assert shown["file"] == "\n".join(visible(line) for line in path_of(TEXTS[name]).split("\n"))
    assert undone(message) == "\n".join(visible(line) for line in TEXTS[name].split("\n"))


def undone(value: str) -> str:
    """What the runner makes of an escaped value."""
    for code, sign in (("%3A", ":"), ("%2C", ","), ("%0D", "\r"), ("%0A", "\n"), ("%25", "%")):
        value = value.replace(code, sign)
    return value


def posts() -> Iterator[tuple[str, str]]:
    """A folder of posts that repeat each other, with a hostile text as name, title, key, value, and in the body."""
    body = " ".join(f"word{number}" for number in range(60))
    for number, text in enumerate(TEXTS.values()):
        name = (
            path_of(text)
            .replace("/", "\u2215")
            .encode("utf-8", "surrogateescape")[:150]
            .decode("utf-8", "surrogateescape")
        )
        quoted = json.dumps(text.encode("utf-8", "replace").decode())
        meta = f"title: {quoted}\n? {quoted}\n: {quoted}\nneeds_review: true\nstatus: {quoted}\nimage: {quoted}\n"
        meta += f"author: {quoted}\ndate: {quoted}\n"
        said = text.encode("utf-8", "replace").decode()
        yield f"{name}-{number}.md", f"---\n{meta}---\n\n{body}\n\n{said}\n\n{body} {said}\n"


@pytest.mark.skipif(os.name == "nt", reason="file names may have few signs there")
def test_a_folder_of_hostile_posts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: Any) -> None:
    monkeypatch.chdir(tmp_path)
    Path("posts").mkdir()
    for name, text in posts():
        Path("posts", name).write_bytes(text.encode("utf-8", "surrogateescape"))
    outputs: Mapping[str, Path] = {form: Path(f"out.{form}") for form in FORMATS}
    arguments = [f"--report={form}={path}" for form, path in outputs.items()]
    assert run(["posts", "--no-cache", "--as-of", "2026-11-20", "--verbose", *arguments]) == 1
    said = capfd.readouterr()
    assert not OBEYED.search(said.out + said.err)
    found = json.loads(outputs["json"].read_bytes())["violations"]
    # A name that begins with a dot is that of a hidden file.
    assert len({violation["path"] for violation in found}) == sum(not name.startswith(".") for name, _ in posts())
    for form, path in outputs.items():
        PARTS[form](path.read_bytes().decode("utf-8"))
    # Nothing was written but what was asked for.
    assert {path.name for path in tmp_path.iterdir()} == {"posts", *(path.name for path in outputs.values())}
    assert run(["baseline", "create", "posts", "--isolated", "--as-of", "2026-11-20"]) == 0
    assert not OBEYED.search(Path(".postlint-baseline").read_text(encoding="utf-8"))
    assert run(["posts", "--isolated", "--as-of", "2026-11-20", "--baseline", ".postlint-baseline"]) == 0
    said = capfd.readouterr()
    assert not OBEYED.search(said.out + said.err)
    for violation in found[:40]:
        code = run(["compare", violation["path"], found[-1]["path"], "--format", "html"])
        page = capfd.readouterr()
        assert not OBEYED.search(page.out + page.err)
        assert code == 0
        parts = HTMLParts()
        parts.feed(page.out)
        assert {part[0] for part in parts.parts if isinstance(part, tuple)} <= COMPARED
        assert all(not key.startswith("on") for part in parts.parts if isinstance(part, tuple) for key, _ in part[1])


COMPARED = set(
    "html head meta title style body main h1 dl dt dd p mark b table thead tr th td tbody small span".split()
)


@pytest.mark.parametrize("name", TEXTS)
def test_what_is_said_of_a_file_that_is_not_there(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([f"./{path_of(TEXTS[name])}.md"]) == 2
    assert not OBEYED.search(capsys.readouterr().err.removesuffix("\n"))
    assert run(["--format", path_of(TEXTS[name])]) == 2
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]", capsys.readouterr().err)
