"""Fixes: what each edit does and leaves alone, files that are written anew, and what a run says of it."""

from __future__ import annotations

import contextlib
import io
import json
import os
import random
import re
import signal
import stat
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sites import Said, forked

from postlint import readers
from postlint.cli import run
from postlint.engine import check_sources
from postlint.fixes import spell_date
from postlint.fixes.edit import Target
from postlint.fixes.offered import with_fixes
from postlint.fixing import REMAINING, fixed_file
from postlint.house_rules import EDITS
from postlint.limits import OCCURRENCES
from postlint.post import Location
from postlint.rules import Rule, all_rules
from postlint.settings import Settings
from postlint.violations import Fix, FixEdit, Violation

AS_OF = date(2026, 11, 20)
RULES = {code: rule for code, rule in all_rules().items() if rule.autofix is not None}
POST_RULES = tuple(code for code, rule in all_rules().items() if rule.scope == "post")
NAME = "post.md"


def violations(text: str, *codes: str, name: str = NAME) -> list[Violation]:
    report = check_sources({name: text}, Settings(codes=codes, as_of=AS_OF))
    return with_fixes(report.violations, all_rules(), lambda path: text.encode())


def mended(text: str, *codes: str, unsafe: bool = True, name: str = NAME) -> str:
    """A text with all fixes of some rules."""
    some = violations(text, *codes, name=name)
    settings = Settings(codes=codes, as_of=AS_OF)
    return fixed_file(name, text.encode(), some, settings, unsafe=unsafe).after.decode()


# What each edit does

WORDS = "Bogs grow a millimetre a year and keep what falls into them for as long as nobody drains them. "

DONE = [
    # Marks and the space around them.
    ("LLM004", "Wet【4:2†source】 and old【85†L261-L269】.\n", "Wet and old.\n"),
    ("LLM004", "Wet and old 【85†L261-L269】.\n", "Wet and old.\n"),
    ("LLM004", "Wet 【4†a】 and old\n", "Wet and old\n"),
    ("LLM004", "Wet and old. 【4†a】\nMore.\n", "Wet and old.\nMore.\n"),
    ("LLM004", "Wet and old.【4†a】  \nMore.\n", "Wet and old.  \nMore.\n"),
    ("LLM004", "Wet and old.【4†a】They grow.\n", "Wet and old. They grow.\n"),
    ("LLM004", "Wet (【4†a】) and old.\n", "Wet and old.\n"),
    ("LLM004", "【4†a】 Wet and old.\n", "Wet and old.\n"),
    ("LLM004", "Wet\n【4†a】\nand old.\n", "Wet\nand old.\n"),
    ("LLM004", "- Wet 【4†a】\n- Old\n", "- Wet\n- Old\n"),
    ("LLM004", "- 【4†a】 Wet\n- Old\n", "- Wet\n- Old\n"),
    ("LLM004", "| Moss | 9 【85†b】 |\n|---|---|\n| a | b |\n", "| Moss | 9 |\n|---|---|\n| a | b |\n"),
    ("LLM004", "Wet【4†a】\r\nand old.\r\n", "Wet\r\nand old.\r\n"),
    ("LLM004", "Wet\r\n【4†a】\r\nand old.\r\n", "Wet\r\nand old.\r\n"),
    ("LLM004", "沼【4†a】Bogs.\n", "沼Bogs.\n"),
    ("LLM004", "Wet【4†a】【5†b】【6†c】.\n", "Wet.\n"),
    ("LLM004", "沼は古い【4†a】。\n", "沼は古い。\n"),
    ("LLM004", "---\ntitle: 'Bogs 【4†a】'  # old\n---\nWet.\n", "---\ntitle: 'Bogs'  # old\n---\nWet.\n"),
    ("LLM004", "---\ntitle: Old bogs 【4†a】 # old\n---\nWet.\n", "---\ntitle: Old bogs # old\n---\nWet.\n"),
    ("LLM001", "Wet.:contentReference[oaicite:0]{index=0} Old [oaicite:12].\n", "Wet. Old.\n"),
    ("LLM002", "Wet. citeturn0search0turn7view12\n", "Wet.\n"),
    ("LLM003", "Bogs\ue203 are wet.\n", "Bogs are wet.\n"),
    ("LLM005", 'Wet.({"attribution":{"attributableIndex":"1009-1"}}) Old.\n', "Wet. Old.\n"),
    ("LLM006", "[cite_start]Wet[cite: 1, 2] and old [cite:230-234].\n", "Wet and old.\n"),
    ("LLM006", "Bogs [span_0](start_span)are wet[span_0](end_span).\n", "Bogs are wet.\n"),
    # Addresses.
    ("LLM011", "[a](https://b.example/?utm_source=chatgpt.com)\n", "[a](https://b.example/)\n"),
    ("LLM011", "[a](https://b.example/?utm_source=openai&x=1#y)\n", "[a](https://b.example/?x=1#y)\n"),
    ("LLM011", "[a](https://b.example/?x=1&utm_source=openai&y=2)\n", "[a](https://b.example/?x=1&y=2)\n"),
    ("LLM011", "[a](https://b.example/?x=1&amp;utm_source=openai#y)\n", "[a](https://b.example/?x=1#y)\n"),
    (
        "LLM011",
        '<a href="https://b.example/?utm_source=openai&amp;x=1">a</a>\n',
        '<a href="https://b.example/?x=1">a</a>\n',
    ),
    (
        "LLM011",
        "---\nimage: https://b.example/c.png?utm_source=openai\n---\nWet.\n",
        "---\nimage: https://b.example/c.png\n---\nWet.\n",
    ),
    # What nobody sees.
    ("LLM027", "Bogs are wet.\U000e0050\U000e0072 They grow.\n", "Bogs are wet. They grow.\n"),
    ("LLM027", "Bo\U000e0050gs.\n", "Bogs.\n"),
    ("LLM028", "Bogs are\u200b wet.\n", "Bogs are wet.\n"),
    # Counts: 19 words, one image.
    ("MET020", f"---\nreading_time: 15 # min\n---\n{WORDS}\n", f"---\nreading_time: 1 # min\n---\n{WORDS}\n"),
    ("MET020", f"---\nreading_time: '20 min read'\n---\n{WORDS}\n", f"---\nreading_time: '1 min read'\n---\n{WORDS}\n"),
    ("MET020", f"---\nreadingTime: PT15M\n---\n{WORDS}\n", f"---\nreadingTime: PT1M\n---\n{WORDS}\n"),
    ("MET021", f"---\nword_count: 1,200\n---\n{WORDS}\n", f"---\nword_count: 19\n---\n{WORDS}\n"),
    ("MET021", f'+++\nword_count = "900 words"\n+++\n{WORDS}\n', f'+++\nword_count = "19 words"\n+++\n{WORDS}\n'),
    ("MET022", f"---\nparagraphs: 40\n---\n{WORDS}\n", f"---\nparagraphs: 1\n---\n{WORDS}\n"),
    ("IMG015", "---\nimage_count: 3\n---\n![a](b.png)\n", "---\nimage_count: 1\n---\n![a](b.png)\n"),
    # Spellings.
    ("MET033", "---\ndraft: no # yes?\n---\nWet.\n", "---\ndraft: false # yes?\n---\nWet.\n"),
    ("MET033", '{"draft": "Yes", "b": 1}\n\nWet.\n', '{"draft": true, "b": 1}\n\nWet.\n'),
    ("DAT012", "---\ndate: 2026/3/5\n---\nWet.\n", "---\ndate: 2026-03-05\n---\nWet.\n"),
    (
        "DAT012",
        "---\r\nupdated: 'March 7th, 2026'\r\n---\r\nWet.\r\n",
        "---\r\nupdated: '2026-03-07'\r\n---\r\nWet.\r\n",
    ),
    # Unsafe ones.
    (
        "REV001",
        "---\ntitle: A\nneeds_review: true\nhuman_reviewed: no\n---\nWet.\n",
        "---\ndraft: true\ntitle: A\nneeds_review: true\nhuman_reviewed: no\n---\nWet.\n",
    ),
    ("BP006", f"A.\n\n{WORDS}\n\nB.\n\n{WORDS}\n\nC.\n\n{WORDS}\n", f"A.\n\n{WORDS}\n\nB.\n\nC.\n\n"),
    ("BP006", f"{WORDS}\r\n\r\n{WORDS}\r\n\r\nB.\r\n", f"{WORDS}\r\n\r\nB.\r\n"),
    (
        "REV001",
        "---\n# mine\ntitle: A\nneeds_review: true\n---\nWet.\n",
        "---\n# mine\ndraft: true\ntitle: A\nneeds_review: true\n---\nWet.\n",
    ),
    (
        "REV001",
        '+++\r\ntitle = "A"\r\nneeds_review = true\r\n+++\r\nWet.\r\n',
        '+++\r\ndraft = true\r\ntitle = "A"\r\nneeds_review = true\r\n+++\r\nWet.\r\n',
    ),
    (
        "REV001",
        "---\nneeds_review: true\ndraft: false # no\n---\nWet.\n",
        "---\nneeds_review: true\ndraft: true # no\n---\nWet.\n",
    ),
    (
        "REV001",
        "---\nstatus: \"published\"\nneeds_review: true\n---\nWet.\n",
        "---\nstatus: \"draft\"\nneeds_review: true\n---\nWet.\n",
    ),
    (
        "REV002",
        "---\nstatus: reviewed\nneeds_review: true\n---\nWet.\n",
        "---\nstatus: draft\nneeds_review: true\n---\nWet.\n",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("code", "text", "expected"), DONE)
def test_what_is_fixed(code: str, text: str, expected: str) -> None:
    assert violations(text, code)
    assert mended(text, code) == expected
    assert mended(expected, code) == expected


LEFT = [
    # The text of a link, a list or a heading that would begin, a value that would be empty, a name that would be lost.
    ("LLM004", "[Wet 【4†a】](b.md) is [【4†a】](c.md).\n", "[Wet](b.md) is [【4†a】](c.md).\n"),
    ("LLM004", "【4†a】 # Wet\n", None),
    ("LLM004", "【4†a】 1. Wet\n", None),
    ("LLM004", "- 【4†a】 - Wet\n", None),
    ("LLM004", "- 【4†a】\n- Old\n", None),
    ("LLM004", "Wet\\ 【4†a】\nand old.\n", None),
    ("LLM004", "Wet\n\n【4†a】\n===\nand old.\n", None),
    ("LLM004", "---\ntitle: 【4†a】\n---\nWet.\n", None),
    ("LLM004", "---\ntitle: 'it''s wet 【4†a】'\n---\nWet.\n", None),
    ("LLM004", "---\ntitle: 【4†a】 12\n---\nWet.\n", None),
    ("LLM001", "[oai_citation:3‡bogs.example.net](https://bogs.example.net/)\n", None),
    ("LLM002", 'Made by entity["company","Two Wheels","bicycle maker"] in May.\n', None),
    ("LLM003", "Wet \ue200cite\ue202news\ue201.\n", None),
    ("LLM028", "Bo\u200bgs are wet.\n", None),
    ("LLM028", "*\u200bBogs* are wet.\n", None),
    ("LLM028", '---\ntitle: \u200b"Bogs" and more\n---\nWet.\n', None),
    ("LLM028", "\u200b1. Bogs are wet.\n", None),
    ("LLM028", "Bogs are \u200b \nwet.\n", None),
    ("MET020", f"---\nreading_time: 15-20 min\n---\n{WORDS}\n", None),
    ("MET020", f"---\nreading_time: 2 hours\n---\n{WORDS}\n", None),
    ("MET020", f'---\nreading_time: "\\x31\\x35"\n---\n{WORDS}\n', None),
    ("IMG015", "---\nimages: [b.png, c.png, d.png]\n---\n![a](b.png)\n\n![a](c.png)\n", None),
    ("DAT012", "---\ndate: 2026/3/5 10:00\n---\nWet.\n", None),
    ("BP006", f"{WORDS}\n\n- {WORDS}\n\n{WORDS.upper()}\n", None),
    ("BP006", f"{WORDS}\n\n## Peat\n{WORDS}\n", None),
    ("REV001", "---\nneeds_review: true\ndraft: true\n---\nWet.\n", None),
    ("REV001", "---\n{title: A, needs_review: true}\n---\nWet.\n", None),
    ("REV001", "---\nneeds_review: true\nstatus: draft\n---\nWet.\n", None),
    ("REV001", '{"needs_review": true}\n\nWet.\n', None),
]


@pytest.mark.parametrize(("code", "text", "expected"), LEFT)
def test_what_is_left_alone(code: str, text: str, expected: str | None) -> None:
    assert mended(text, code) == (text if expected is None else expected)
    if expected is None:
        assert all(violation.fix is None for violation in violations(text, code))


def test_a_page_keeps_its_quotation_marks() -> None:
    page = (
        '<html><head><title>A</title><meta name="draft" content="no"><meta name="date" content="2026/3/5"></head>\n'
        '<body><p>Wet【4†a】. <a href="https://b.example/?utm_source=openai&amp;x=1">b</a></p></body></html>\n'
    )
    expected = page.replace('"no"', '"false"').replace("2026/3/5", "2026-03-05")
    expected = expected.replace("【4†a】", "").replace("utm_source=openai&amp;", "")
    assert mended(page, "MET033", "DAT012", "LLM004", "LLM011", name="a.html") == expected


def test_unsafe_fixes_are_asked_for() -> None:
    text = "---\nneeds_review: true\ntitle: A\n---\nWet【4†a】.\n"
    assert mended(text, "REV001", "LLM004", unsafe=False) == text.replace("【4†a】", "")
    assert mended(text, "REV001", "LLM004") == text.replace("【4†a】", "").replace(
        "---\nneeds", "---\ndraft: true\nneeds"
    )


def test_a_fix_that_brings_up_something_else_is_left_out() -> None:
    """As a draft with a date of review the post would be what REV006 looks for."""
    text = "---\nstatus: reviewed\nneeds_review: true\nlast_reviewed: 2026-01-05\n---\nWet【4†a】.\n"
    assert "status: draft" in mended(text, "REV002", "LLM004")
    assert mended(text, "REV002", "REV006", "LLM004") == text.replace("【4†a】", "")


def test_a_fix_that_does_not_help_is_left_out() -> None:
    text = "Wet【4†a】 and old【5†b】.\n"
    first, second = violations(text, "LLM004")
    useless = replace(first, fix=Fix("safe", (FixEdit(0, 3, "Dry", Location(1, 1), Location(1, 4)),)))
    settings = Settings(codes=("LLM004",), as_of=AS_OF)
    done = fixed_file(NAME, text.encode(), [useless], settings, unsafe=False)
    assert (done.after.decode(), done.fixed) == (text, ())
    done = fixed_file(NAME, text.encode(), [useless, second], settings, unsafe=False)
    # The other one is applied, and then the mark that is left has its own fix again.
    assert done.after.decode() == "Wet and old.\n"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("4 March 2026", "2026-03-04"),
        ("2026/3/4 10:00", None),
        ("03/04/2026", None),
        ("2026-03-04", None),
        ("May", None),
    ],
)
def test_dates_that_can_be_spelt(value: str, expected: str | None) -> None:
    (post,) = readers.read(NAME, f"---\ndate: {value}\n---\nWet.\n".encode())
    (entry,) = post.meta
    done = spell_date.edits(post, Target(entry.start, entry.end, {}), {})
    assert [edit.text for edit in done] == ([expected] if expected else [])


def test_every_edit_serves_a_rule_and_is_shown() -> None:
    folder = Path(import_module("postlint.fixes").__file__ or "").parent
    modules = {path.stem for path in folder.glob("*.py")} - {"__init__", "edit", "offered"}
    assert modules == set(EDITS) == {rule.autofix.edit for rule in RULES.values() if rule.autofix}
    assert {code for code, *_ in DONE} == set(RULES)


@pytest.mark.parametrize("rule", list(RULES.values()), ids=list(RULES))
def test_fixes_of_examples(rule: Rule) -> None:
    """What is fixed is gone, no rule finds more than before, and nothing is left to do."""
    for example in rule.examples():
        sources = example.get("bad", {})
        for name, text in (sources if isinstance(sources, dict) else {NAME: sources}).items():
            if len(sources) > 1 and isinstance(sources, dict):
                continue
            everything = Settings(codes=tuple({*POST_RULES, rule.code}), as_of=example.get("as-of", AS_OF))
            before = check_sources({name: text}, everything).violations
            offered = with_fixes(before, all_rules(), lambda path, text=text: text.encode())
            file = fixed_file(name, text.encode(), offered, everything, unsafe=True)
            after = check_sources({name: file.after.decode()}, everything).violations
            counts = [[violation.code for violation in some] for some in (before, after)]
            for code in {*counts[0], *counts[1]}:
                autofix = all_rules()[code].autofix
                done = sum(violation.code == code for violation in file.fixed)
                stays = autofix is not None and autofix.edit in REMAINING
                assert counts[1].count(code) <= counts[0].count(code) - (0 if stays else done), (code, text)
            again = with_fixes(after, all_rules(), lambda path, file=file: file.after)
            assert fixed_file(name, file.after, again, everything, unsafe=True).after == file.after


def test_there_is_none_where_a_source_is_not_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "Wet【4†a】.\n"
    report = check_sources({NAME: text}, Settings(codes=("LLM004",), as_of=AS_OF))

    def fixes(load: Callable[[str], bytes]) -> list[bool]:
        return [violation.fix is not None for violation in with_fixes(report.violations, all_rules(), load)]

    def gone(path: str) -> bytes:
        raise FileNotFoundError

    assert fixes(lambda path: text.encode()) == [True]
    assert fixes(gone) == [False]
    assert fixes(lambda path: text.encode() + b"\xff") == [False]
    assert fixes(lambda path: text.encode("utf-16")) == [False]
    # The file has been changed since.
    assert fixes(lambda path: b"Dry and young, all of it.\n") == [False]
    monkeypatch.setattr(readers, "is_container", lambda path: True)
    assert fixes(lambda path: text.encode()) == [False]


# Files


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A post with two things to fix, one that can't be fixed, and a clean one."""
    monkeypatch.chdir(tmp_path)
    Path("content").mkdir()
    Path("content/wet.md").write_bytes(WET)
    Path("content/dry.md").write_bytes(b"Nothing to fix.\n")
    return tmp_path


WET = "\ufeff---\r\ntitle:   'Bogs'  # wet\r\nneeds_review: true\r\n---\r\n\r\nWet【4†a】.\r\n[b](https://b.example/?utm_source=openai)\r\n".encode()
FIXED = WET.replace("【4†a】".encode(), b"").replace(b"?utm_source=openai", b"")
SELECT = ("content", "--select", "LLM004,LLM011,REV001", "--as-of", "2026-11-20", "--jobs", "1", "--isolated")


def said(*arguments: str) -> Said:
    with contextlib.redirect_stdout(io.StringIO()) as output, contextlib.redirect_stderr(io.StringIO()) as errors:
        return Said(run(arguments), output.getvalue(), errors.getvalue())


def test_files_are_fixed(site: Path) -> None:
    path = Path("content/wet.md")
    path.chmod(0o640)
    before = os.stat("content/dry.md").st_mtime_ns
    done = said(*SELECT, "--fix", "--show-fixes")
    assert path.read_bytes() == FIXED
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert os.stat("content/dry.md").st_mtime_ns == before
    assert sorted(os.listdir("content")) == ["dry.md", "wet.md"]
    assert done.code == 1
    assert done.output == (
        "content/wet.md:3:15: error REV001 needs_review is set: true [needs-human-review]\n"
        "Found 1 violation (1 error) in 1 of 2 posts.\n"
    )
    assert done.errors == (
        "postlint: fixed 2 violations in 1 file\n"
        "postlint:   content/wet.md:\n"
        "postlint:     1 x LLM004\n"
        "postlint:     1 x LLM011\n"
    )
    assert said(*SELECT, "--fix").errors == "postlint: nothing to fix\n"
    assert said(*SELECT, "--fix", "--quiet").errors == ""
    assert path.read_bytes() == FIXED


def test_a_diff_changes_nothing(site: Path) -> None:
    done = said(*SELECT, "--diff")
    assert done.code == 1
    assert Path("content/wet.md").read_bytes() == WET
    assert done.output == (
        "--- content/wet.md\n+++ content/wet.md\n@@ -3,5 +3,5 @@\n"
        " needs_review: true\r\n ---\r\n \r\n"
        "-Wet【4†a】.\r\n-[b](https://b.example/?utm_source=openai)\r\n+Wet.\r\n+[b](https://b.example/)\r\n"
    )
    assert done.errors == "postlint: would fix 2 violations in 1 file\n"
    assert said(*SELECT, "--diff", "--exit-zero").code == 0
    assert "+draft: true\r\n" in said(*SELECT, "--diff", "--unsafe-fixes").output
    said(*SELECT, "--fix")
    done = said(*SELECT, "--diff")
    assert (done.code, done.output, done.errors) == (0, "", "postlint: nothing to fix\n")


def test_a_diff_of_a_last_row_without_an_end(site: Path) -> None:
    Path("content/wet.md").write_text("Wet【4†a】.", encoding="utf-8")
    assert said(*SELECT, "--diff").output == (
        "--- content/wet.md\n+++ content/wet.md\n@@ -1 +1 @@\n"
        "-Wet【4†a】.\n\\ No newline at end of file\n+Wet.\n\\ No newline at end of file\n"
    )


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--fix", "--diff"], "--fix and --diff exclude each other"),
        (["--unsafe-fixes"], "--unsafe-fixes needs --fix or --diff"),
        (["--show-fixes", "--diff"], "--show-fixes needs --fix"),
        (["--diff", "--format", "json"], "--diff prints no report"),
        (["--diff", "--report", "json=r.json"], "--diff prints no report"),
    ],
)
def test_options_that_do_not_go_together(site: Path, options: list[str], words: str) -> None:
    done = said(*SELECT, *options)
    assert (done.code, words in done.errors) == (2, True)


def test_standard_input_is_not_fixed(site: Path) -> None:
    done = said("-", "--stdin-filename", "content/wet.md", "--fix")
    assert (done.code, "standard input is not fixed" in done.errors) == (2, True)


def test_links_and_what_is_staged_are_left_alone(site: Path) -> None:
    Path("elsewhere.md").write_bytes(WET)
    Path("content/wet.md").unlink()
    Path("content/wet.md").symlink_to("../elsewhere.md")
    done = said(*SELECT, "--fix")
    assert Path("content/wet.md").is_symlink()
    assert Path("elsewhere.md").read_bytes() == WET
    assert done.errors == "postlint: content/wet.md is a link, and is left as it is\npostlint: nothing to fix\n"


def test_what_is_staged_otherwise_is_left_alone(site: Path) -> None:
    for command in (["init", "-q"], ["add", "."]):
        subprocess.run(["git", *command], check=True)
    Path("content/wet.md").write_bytes(WET + b"More.\r\n")
    done = said(*SELECT, "--staged", "--fix")
    assert Path("content/wet.md").read_bytes() == WET + b"More.\r\n"
    assert done.errors == (
        "postlint: content/wet.md is not on the disk as it was read, and is left as it is\npostlint: nothing to fix\n"
    )
    subprocess.run(["git", "checkout", "-q", "content/wet.md"], check=True)
    said(*SELECT, "--staged", "--fix")
    assert Path("content/wet.md").read_bytes() == FIXED


def test_what_is_suppressed_or_known_is_not_fixed(site: Path) -> None:
    assert said("baseline", "create", *SELECT, "--baseline", "known").code == 0
    said(*SELECT, "--baseline", "known", "--fix", "--unsafe-fixes")
    assert Path("content/wet.md").read_bytes() == WET
    # Something new is fixed beside it, and leaves it alone.
    Path("content/wet.md").write_bytes(WET + "\r\nOld【7†a】.\r\n".encode())
    said(*SELECT, "--baseline", "known", "--fix")
    assert Path("content/wet.md").read_bytes() == WET + b"\r\nOld.\r\n"
    suppressed = b"<!-- postlint: ignore-file LLM -->\n" + FIXED + "Wet【4†a】.\n".encode()
    Path("content/wet.md").write_bytes(suppressed)
    said(*SELECT, "--fix")
    assert Path("content/wet.md").read_bytes() == suppressed


PAGE = (Path(__file__).parents[1] / "docs" / "fixes.md").read_text(encoding="utf-8")
HOUSE = """\
code: HOUSE001
name: no-adverts
check: phrase
severity: warning
message: 'an advert: "{text}"'
with:
  patterns: ['\\(sponsored\\)']
"""


def test_a_rule_of_the_users_own_is_fixed_as_its_page_says(site: Path) -> None:
    autofix = next(block for block in re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL) if "autofix:" in block)
    Path("house.yaml").write_text(HOUSE + autofix, encoding="utf-8")
    Path("postlint.toml").write_text('rule-files = ["house.yaml"]\nselect = ["HOUSE001"]\n', encoding="utf-8")
    Path("content/wet.md").write_text("Wet (sponsored) and old.\n", encoding="utf-8")
    said("content", "--fix")
    assert Path("content/wet.md").read_text(encoding="utf-8") == "Wet (sponsored) and old.\n"
    assert said("content", "--fix", "--unsafe-fixes").code == 0
    assert Path("content/wet.md").read_text(encoding="utf-8") == "Wet and old.\n"
    Path("house.yaml").write_text(HOUSE + autofix.replace("remove_text", "remove_txt"), encoding="utf-8")
    assert '"remove_txt"' in said("content", "--fix").errors
    assert said("content").code == 2


def test_the_page_of_fixes_is_true() -> None:
    table, _, own = PAGE.partition("## In a rule of your own")
    rows = dict(re.findall(r"^\| ([A-Z][^|]*) \| (safe|unsafe) \|", table, re.MULTILINE))
    said_of: dict[str, str] = {}
    for names, safety in rows.items():
        codes = re.findall(r"[A-Z]+[0-9]{3}", names)
        if " to " in names:
            first, last = codes
            codes = [code for code in all_rules() if first <= code <= last]
        said_of.update(dict.fromkeys(codes, safety))
    assert said_of == {code: rule.autofix.safety for code, rule in RULES.items() if rule.autofix}
    assert set(re.findall(r"`([a-z]+_[a-z]+)`", own)) == set(EDITS)


def test_what_compares_posts_is_fixed_too(site: Path) -> None:
    words = WORDS.strip()
    Path("content/wet.md").write_text(f"{words}\n\nMoss.\n\n{words}\n\n{words}\n", encoding="utf-8")
    done = said("content", "--select", "BP006", "--isolated", "--fix", "--unsafe-fixes")
    assert done.code == 0
    assert Path("content/wet.md").read_text(encoding="utf-8") == f"{words}\n\nMoss.\n\n"
    # More of them than one violation names.
    Path("content/wet.md").write_text(f"{words}\n\n" * (2 * OCCURRENCES), encoding="utf-8")
    said("content", "--select", "BP006", "--isolated", "--fix", "--unsafe-fixes")
    assert Path("content/wet.md").read_text(encoding="utf-8") == f"{words}\n\n"


def test_reports_say_how_it_is_fixed(site: Path) -> None:
    found = json.loads(said(*SELECT, "--format", "json").output)["violations"]
    assert {violation["code"]: violation["fix"] for violation in found} == {
        "REV001": {
            "safety": "unsafe",
            "edits": [
                {
                    "location": {"row": 2, "column": 1},
                    "end_location": {"row": 2, "column": 1},
                    "text": "draft: true\r\n",
                }
            ],
        },
        "LLM004": {
            "safety": "safe",
            "edits": [{"location": {"row": 6, "column": 4}, "end_location": {"row": 6, "column": 9}, "text": ""}],
        },
        "LLM011": {
            "safety": "safe",
            "edits": [{"location": {"row": 7, "column": 23}, "end_location": {"row": 7, "column": 41}, "text": ""}],
        },
    }
    results = json.loads(said(*SELECT, "--format", "sarif").output)["runs"][0]["results"]
    (change,) = next(result for result in results if result["ruleId"] == "LLM004")["fixes"][0]["artifactChanges"]
    assert change["artifactLocation"]["uri"] == "content/wet.md"
    assert change["replacements"] == [
        {
            "deletedRegion": {"startLine": 6, "startColumn": 4, "endLine": 6, "endColumn": 9},
            "insertedContent": {"text": ""},
        }
    ]
    said(*SELECT, "--report", "json=r.json")
    assert json.loads(Path("r.json").read_text(encoding="utf-8"))["violations"] == found


# Whole or not at all


def test_a_full_disk_leaves_the_old_file(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    done = said(*SELECT, "--fix")
    assert done.code == 2
    assert done.errors == "postlint: error: content/wet.md: can't be written: No space left on device\n"
    assert Path("content/wet.md").read_bytes() == WET
    assert sorted(os.listdir("content")) == ["dry.md", "wet.md"]


def test_a_file_that_changes_meanwhile_is_left_alone(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from postlint import fixing

    real = fixing.fixed_file

    def slow(path: str, data: bytes, *arguments: object, **named: object) -> object:
        found = real(path, data, *arguments, **named)  # type: ignore[arg-type]
        Path(path).write_bytes(b"Somebody else was quicker.\n")
        return found

    monkeypatch.setattr(fixing, "fixed_file", slow)
    done = said(*SELECT, "--fix")
    assert done.errors == "postlint: error: content/wet.md: was changed while it was fixed, and is left as it is\n"
    assert Path("content/wet.md").read_bytes() == b"Somebody else was quicker.\n"


@pytest.mark.parametrize("step", ["mkstemp", "chmod", "replace", "replaced"])
def test_a_run_that_is_killed_leaves_a_whole_file(site: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    def kill() -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    def fix() -> None:
        import tempfile

        real = os.replace
        if step == "mkstemp":
            make = tempfile.mkstemp
            tempfile.mkstemp = lambda *a, **k: (make(*a, **k), kill())[0]  # type: ignore[assignment,func-returns-value]
        elif step == "replaced":
            os.replace = lambda *a: (real(*a), kill())[0]  # type: ignore[assignment,func-returns-value]
        else:
            setattr(os, step, lambda *a: kill())
        said(*SELECT, "--fix")

    assert os.WTERMSIG(os.waitpid(forked(fix), 0)[1]) == signal.SIGKILL
    assert Path("content/wet.md").read_bytes() == (FIXED if step == "replaced" else WET)
    # What is left behind is no post, and the next run does what was to be done.
    assert said(*SELECT, "--fix").errors == (
        "postlint: nothing to fix\n" if step == "replaced" else "postlint: fixed 2 violations in 1 file\n"
    )
    assert Path("content/wet.md").read_bytes() == FIXED
    assert not any(name.endswith(".md") for name in set(os.listdir("content")) - {"dry.md", "wet.md"})


# Any post

CLEAN_ROWS = st.sampled_from(
    [
        "Bogs are wet, and *old*.", "They grow a millimetre a year.", "## Peat", "- moss", "- sedge and `code`",
        "", "", "1. Dig", "Ein Moor ist kein Sumpf.", "沼は古い。", "[b](https://b.example/?x=1)", "    indented",
    ]
)  # fmt: skip
CLEAN_KEYS = st.lists(
    st.sampled_from(["title: Bogs  # wet", "tags: [a, 'b']", "# of note", 'author:   "Ada"', "date: 2026-01-05"]),
    unique=True,
)
MARKS = ("【4†source】", ":contentReference[oaicite:0]{index=0}", "[cite: 1, 2]", "\U000e0050\U000e0072")
CODES = ("LLM001", "LLM004", "LLM006", "LLM011", "LLM027")


@st.composite
def spoilt(draw: st.DrawFn) -> tuple[str, str]:
    """A clean text, and the same with marks at the ends of words: what is fixed must be the clean one again."""
    end = draw(st.sampled_from(["\n", "\r\n"]))
    keys = draw(CLEAN_KEYS)
    head = ["---", *keys, "---"] if keys else []
    rows = draw(st.lists(CLEAN_ROWS, min_size=1, max_size=8))
    rng = random.Random(draw(st.integers(0, 10**6)))
    worse = [_with_marks(row, rng) for row in rows]
    last = draw(st.sampled_from(["", end]))
    return end.join([*head, *rows]) + last, end.join([*head, *worse]) + last


def _with_marks(row: str, rng: random.Random) -> str:
    row = row.replace("?x=1)", rng.choice(["?x=1)", "?utm_source=chatgpt.com&x=1)", "?x=1&utm_source=openai)"]))
    if row.startswith(("Bogs", "They", "- moss", "Ein")) and rng.random() < 0.6:
        mark = rng.choice(MARKS)
        words = row.split(" ")
        # At the end of the row, or behind a word that another one follows.
        at = rng.randrange(1, len(words)) if len(words) > 2 else len(words) - 1
        space = "" if mark == MARKS[-1] else rng.choice(["", " "])
        words[at] += f"{space}{mark}"
        row = " ".join(words)
    return row


@settings(max_examples=60, deadline=None)
@given(spoilt())
def test_what_was_put_in_is_taken_out(texts: tuple[str, str]) -> None:
    clean, worse = texts
    fixed = mended(worse, *CODES)
    left = violations(fixed, *CODES)
    assert all(violation.fix is None for violation in left)
    if not left:
        assert fixed == clean
    assert mended(fixed, *CODES) == fixed


@settings(max_examples=60, deadline=None)
@given(st.text(st.sampled_from("a \n#->[]()*x】:1.&?="), max_size=60), st.sampled_from([0, 1, 2]))
def test_nothing_outside_of_the_edits_changes(text: str, where: int) -> None:
    """Whatever stands around: no more violations, the same a second time, and all that is gone was in the edits."""
    mark = "【4:2†source】"
    text = (f"{mark}{text}", f"{text}{mark}", f"{text[: len(text) // 2]}{mark}{text[len(text) // 2 :]}")[where]
    some = violations(text, "LLM004")
    file = fixed_file(NAME, text.encode(), some, Settings(codes=("LLM004",), as_of=AS_OF), unsafe=False)
    after = file.after.decode()
    assert mended(after, "LLM004") == after
    assert len(violations(after, "LLM004")) == len(some) - len(file.fixed)
    gone = [letter for letter in text.replace(mark, "", len(file.fixed)) if letter not in " \n()"]
    kept = [letter for letter in after if letter not in " \n()"]
    assert kept == gone
