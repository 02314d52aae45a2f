"""Whole runs on hostile files, in processes that are killed when they use more time or memory than they may."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from postlint.readers.source import LIMIT

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="limits of address space are those of Linux")

SECONDS = 40
MEMORY = 1 << 30


def limited() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def check(*paths: str) -> list[tuple[str, str, str]]:
    """Path, code and message of what a run finds."""
    command = [sys.executable, "-m", "postlint", "check", "--isolated", "--no-cache", "--jobs", "1", "--format", "json"]
    done = subprocess.run(
        [*command, *paths], preexec_fn=limited, capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert done.returncode in (0, 1), (done.returncode, done.stderr[-2000:])
    assert done.stderr == ""
    return [(v["path"], v["code"], v["message"]) for v in json.loads(done.stdout)["violations"]]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def lol_yaml() -> str:
    rows = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    rows += [f"a{number}: &a{number} [{', '.join([f'*a{number - 1}'] * 10)}]" for number in range(1, 30)]
    return "---\n" + "\n".join(rows) + "\n---\nText.\n"


WXR = '<?xml version="1.0"?>\n{}<rss xmlns:wp="http://wordpress.org/export/1.2/"><channel>\n'
ITEM = (
    "<item><title>{}</title><wp:post_type>post</wp:post_type><content:encoded><![CDATA[{}]]></content:encoded></item>\n"
)


def lol_xml() -> str:
    rows = ['<!ENTITY a0 "lol">'] + [f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12)]
    return WXR.format(f"<!DOCTYPE rss [{''.join(rows)}]>\n") + ITEM.format("&a11;", "Text.") + "</channel></rss>"


def outside_xml() -> str:
    doctype = (
        '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd"> <!ENTITY % y SYSTEM "http://127.0.0.1:9/y"> %y;]>\n'
    )
    return WXR.format(doctype) + ITEM.format("&x;", "Text.") + "</channel></rss>"


FILES: dict[str, Callable[[], str]] = {
    "aliases.md": lol_yaml,
    "deep-yaml.md": lambda: "---\na: " + "[" * 100_000 + "\n---\nText.\n",
    "deep-blocks.md": lambda: "---\n" + "".join(f"{' ' * n}a:\n" for n in range(1_300)) + "---\nText.\n",
    "deep-json.md": lambda: '{"a": ' + '[{"a": ' * 100_000 + "\n}\nText.\n",
    "deep-toml.md": lambda: "+++\na = " + "[" * 100_000 + "\n+++\nText.\n",
    "dotted-toml.md": lambda: "+++\na = 1\n" + "a." * 400_000 + "b = 1\n+++\nText.\n",
    "dotted-yaml.md": lambda: "---\n" + "? " * 100_000 + "a\n---\nText.\n",
    "wide-toml.md": lambda: "+++\n" + "".join(f"[a{n}.b.c]\nd = [1, 2, 3]\n" for n in range(40_000)) + "+++\nText.\n",
    "deep-quotes.md": lambda: "> " * 100_000 + "end\n",
    "deep-lists.txt": lambda: "".join("  " * n + "- a\n" for n in range(500)) + "• " * 100_000,
    "deep-html.md": lambda: "<div>" * 100_000 + "end",
    "deep-emphasis.md": lambda: "*a **b " * 50_000,
    "deep-links.md": lambda: "[" * 100_000 + "a" + "](b)" * 100_000,
    "rows.md": lambda: "---\n" + "".join(f"key{n}: value\n" for n in range(1_000_000)) + "---\nText.\n",
    "headers.md": lambda: "Title: x\n" + "".join(f"Key{n}: value\n" for n in range(80_000)) + "\nText.\n",
    "repeated.md": lambda: "The same line of nine words again and again.\n\n" * 100_000,
    "images.md": lambda: "![](a)" * 1_500_000,
    "references.md": lambda: "[a]: /b\n" * 50_000 + "[a] " * 50_000,
    "brackets.mdx": lambda: "{{<" * 100_000 + "<Tabs {" * 50_000 + "import {\n" * 50_000,
    "deep.xml": lambda: WXR.format("") + "<item>" * 30_000 + "<wp:postmeta>" * 100_000,
    "deep-body.xml": lambda: WXR.format("") + ITEM.format("A", "<div><ul><li>" * 100_000),
    "deep-shortcodes.xml": lambda: WXR.format("") + ITEM.format("A", "[caption][gallery " * 50_000),
    "serialised.xml": lambda: (
        WXR.format("")
        + f"<item><wp:postmeta><wp:meta_key>k</wp:meta_key><wp:meta_value>{'a:1:{i:0;' * 100_000}</wp:meta_value>"
    ),
    "many.xml": lambda: WXR.format("") + ITEM.format("", "") * 5_000,
    "sections.xml": lambda: WXR.format("") + ITEM.format("A", "]]><![CDATA[" * 100_000),
    "deep.json": lambda: '[{"title": "A", "body": "B", "c": ' + '[{"d": ' * 100_000,
    "deep-list.json": lambda: "[" * 1_000_000,
    "deep-object.jsonl": lambda: '{"a": ' * 1_000_000,
    "strings.json": lambda: '["' * 500_000,
    "escapes.json": lambda: json.dumps([{"title": "A", "body": "\u4e2d\ud83c\udf75\n\\" * 60_000}]),
    "halves.jsonl": lambda: '{"title": "\\ud800", "body": "\\udc00 \\ud83c \\ud83c\\ud83c \\u0000"}\n' * 2_000,
    "empty.json": lambda: "[" + "{}," * 40_000 + "{}]",
    "keys.jsonl": lambda: '{"title": "A", ' + ", ".join(f'"k{n}": "v"' for n in range(200_000)) + ', "body": "B"}\n',
    "html.json": lambda: json.dumps([{"title": "A", "content": {"rendered": "<p><b>" * 100_000}}]),
    "surrogates.md": lambda: "\\ud800 &#xD800; &#55296; &#x110000; &#0; \x01\x02\x7f\u2028\ufeff\n" * 10_000,
}
"""Files by name: the suffix is that of the format."""


@pytest.mark.parametrize("name", FILES)
def test_time_and_memory_are_bounded(name: str) -> None:
    Path(name).write_text(FILES[name](), encoding="utf-8")
    check(name)


@pytest.mark.parametrize("make", [lol_xml, outside_xml])
def test_entities_are_refused_and_nothing_is_fetched(make: Callable[[], str]) -> None:
    Path("export.xml").write_text(make(), encoding="utf-8")
    message = "cannot be read: declares entities of its own, which are never read"
    assert check("export.xml") == [("export.xml", "FMT001", message)]


@pytest.mark.parametrize("name", ["line.md", "line.txt"])
def test_a_row_of_a_gigabyte(name: str) -> None:
    """The file has holes: it takes no space, but a gigabyte when it is read."""
    with open(name, "wb") as file:
        file.truncate(1_000_000_000)
    assert check(name) == [(name, "FMT001", f"cannot be read: larger than {LIMIT // 1_000_000} MB")]


def test_a_file_that_grows_while_it_is_read() -> None:
    """Whatever of it is seen is linted; it need not end."""
    path = Path("log.md")
    path.write_text("The first row of a log.\n\n", encoding="utf-8")
    ended = threading.Event()

    def grow() -> None:
        with path.open("a", encoding="utf-8") as file:
            while not ended.is_set() and file.tell() < 200_000_000:
                file.write("Another row of the log, of no great length.\n\n" * 2_000)
                file.flush()

    writer = threading.Thread(target=grow)
    writer.start()
    try:
        for _ in range(3):
            check("log.md")
    finally:
        ended.set()
        writer.join()


def test_what_is_no_file_is_neither_read_nor_waited_for() -> None:
    os.mkfifo("pipe.md")
    for name, target in {"zero.md": "/dev/zero", "random.txt": "/dev/urandom", "tty.md": "/dev/tty"}.items():
        Path(name).symlink_to(target)
    Path("piped.md").symlink_to("pipe.md")
    Path("itself.md").symlink_to("itself.md")
    Path("up").symlink_to("..", target_is_directory=True)
    Path("a").mkdir()
    Path("a/b").symlink_to("../a", target_is_directory=True)
    Path("good.md").write_text("TODO: write this.\n", encoding="utf-8")
    found = check(".")
    assert {path for path, _, _ in found} == {"good.md", "itself.md"}
    (message,) = (message for path, _, message in found if path == "itself.md")
    assert message.endswith(": Too many levels of symbolic links")


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is forbidden to root")
def test_folders_and_files_that_are_shut() -> None:
    Path("shut").mkdir()
    for name in ("good.md", "closed.md", "shut/a.md"):
        Path(name).write_text("One row of text.\n", encoding="utf-8")
    Path("closed.md").chmod(0)
    Path("shut").chmod(0)
    try:
        assert {(path, code) for path, code, _ in check(".")} == {("closed.md", "FMT001"), ("shut", "FMT001")}
    finally:
        Path("shut").chmod(0o700)


def test_a_link_out_of_the_tree_is_read_and_nothing_is_written(tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("outside")
    (outside / "post.md").write_text("TODO: write this.\n", encoding="utf-8")
    (outside / "folder").mkdir()
    (outside / "folder" / "hidden.md").write_text("TODO: never found.\n", encoding="utf-8")
    Path("link.md").symlink_to(outside / "post.md")
    Path("folder").symlink_to(outside / "folder", target_is_directory=True)
    assert {(path, code) for path, code, _ in check(".")} == {("link.md", "REV010")}
    assert sorted(path.name for path in outside.rglob("*")) == ["folder", "hidden.md", "post.md"]
