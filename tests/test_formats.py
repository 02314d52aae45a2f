"""The formats that programs read: parsed by other parsers than ours, with hostile text in every field."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from postlint import reporters
from postlint.cli import run
from postlint.post import Lines, Location
from postlint.reporters import FORMATS, gitlab, sarif
from postlint.reporters.terminal import visible
from postlint.violations import RelatedLocation, Report, RulePage, Severity, Violation

HOSTILE = "=1+1 \x1b[31m\u202e</failure>]]>\n::error::owned, 100%:\x00\ud800 <script>alert(1)</script> | [x](y) @all"
PATH = "po,sts:ü/a b%.md"
SOURCE = "# Ümläut 🎉 x\nsecond\n"
PAGES = (
    RulePage(
        "BP001", "repeated-paragraph", Severity.WARNING, "A copy.", "It is one.", "Cut it.", "https://x.example/1"
    ),
    RulePage("HOUSE1", "own", Severity.INFO, "Ours.", "We say so.", "Mend it.", ""),
)


def violation(code: str, severity: Severity, place: int, message: str = HOSTILE, path: str = PATH) -> Violation:
    page = next(page for page in PAGES if page.code == code)
    start, end = Location(1, place), Location(1, place + 1)
    return Violation(
        code=code,
        name=page.name,
        severity=severity,
        message=message,
        path=path,
        post=HOSTILE,
        number=0,
        location=start,
        end_location=end,
        quote=HOSTILE,
        help=page.fix,
        data={},
        related=(RelatedLocation("other.md", Location(2, 1), Location(2, 7), HOSTILE),),
        fingerprint="0123456789abcdef",
        url=page.url,
    )


REPORT = Report(
    as_of=date(2026, 11, 20),
    files=3,
    posts=3,
    violations=(
        violation("BP001", Severity.ERROR, 3),
        violation("BP001", Severity.WARNING, 12),
        violation("HOUSE1", Severity.INFO, 12),
    ),
    rules=PAGES,
)
EMPTY = Report(as_of=date(2026, 11, 20), files=1, posts=1, violations=())


def rendered(form: str, report: Report = REPORT) -> str:
    text = "".join(
        reporters.render(form, report, lambda path, number: Lines(SOURCE) if path == PATH else None, colour=False)
    )
    # Every format is written as UTF-8, in which a lone surrogate has no place.
    text.encode()
    return text


def test_sarif() -> None:
    (found,) = json.loads(rendered("sarif"))["runs"]
    assert [rule["id"] for rule in found["tool"]["driver"]["rules"]] == ["BP001", "HOUSE1"]
    assert "helpUri" not in found["tool"]["driver"]["rules"][1]
    assert found["columnKind"] == "unicodeCodePoints"
    assert [(result["ruleId"], result["ruleIndex"], result["level"]) for result in found["results"]] == [
        ("BP001", 0, "error"),
        ("BP001", 0, "warning"),
        ("HOUSE1", 1, "note"),
    ]
    place = found["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "po%2Csts%3A%C3%BC/a%20b%25.md", "uriBaseId": "%SRCROOT%"}
    assert place["region"] == {"startLine": 1, "startColumn": 3, "endLine": 1, "endColumn": 4}
    assert set(found["originalUriBaseIds"]) == {"%SRCROOT%"}
    shown = visible(HOSTILE).replace("](", "] (")
    assert found["results"][0]["message"]["text"] == shown
    assert found["results"][0]["partialFingerprints"] == {"postlint/v1": "0123456789abcdef"}
    assert found["results"][0]["relatedLocations"][0]["message"]["text"] == shown


def test_sarif_outside_of_the_folder_is_a_file_of_the_machine() -> None:
    report = Report(REPORT.as_of, 1, 1, (violation("BP001", Severity.ERROR, 1, path="/srv/a b.md"),), rules=PAGES)
    (found,) = json.loads(rendered("sarif", report))["runs"]
    assert found["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"] == {
        "uri": "file:///srv/a%20b.md"
    }


def test_sarif_over_the_limit_keeps_the_heaviest_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sarif, "RESULTS", 2)
    (found,) = json.loads(rendered("sarif"))["runs"]
    assert [result["level"] for result in found["results"]] == ["error", "warning"]
    (said,) = found["invocations"][0]["toolExecutionNotifications"]
    assert said["message"]["text"].startswith("1 more violations")


def test_github_commands_are_one_line_each_and_hold_no_other() -> None:
    lines = rendered("github").splitlines()
    assert lines[0].startswith(
        "::error file=po%2Csts%3Aü/a b%25.md,line=1,col=3,endLine=1,endColumn=3,title=BP001 repeated-paragraph::=1+1 "
    )
    assert [line.partition(" ")[0] for line in lines] == ["::error", "::warning", "::notice", "postlint:"]
    assert all("%0A::error::owned, 100%25:" in line for line in lines[:3])


def test_github_shows_ten_of_each_level_and_counts_the_others() -> None:
    many = tuple(violation("BP001", Severity.WARNING, 1, "copy") for _ in range(13))
    lines = rendered("github", Report(REPORT.as_of, 1, 1, many, rules=PAGES)).splitlines()
    assert sum(line.startswith("::warning") for line in lines) == 10
    assert lines[10] == "postlint: 3 violations more than GitHub shows; another format lists them all."


def test_gitlab_fingerprints_are_unique() -> None:
    twice = Report(REPORT.as_of, 1, 1, (REPORT.violations[0], REPORT.violations[0]), rules=PAGES)
    issues = json.loads(rendered("gitlab", twice))
    assert len({issue["fingerprint"] for issue in issues}) == 2
    assert {issue["severity"] for issue in json.loads(rendered("gitlab"))} == {"critical", "major", "info"}
    assert issues[0]["location"]["positions"]["begin"] == {"line": 1, "column": 3}
    assert set(gitlab._SEVERITIES.values()) <= {"info", "minor", "major", "critical", "blocker"}


def test_rdjson_counts_bytes() -> None:
    found = json.loads(rendered("rdjson"))
    assert found["source"]["name"] == "postlint"
    assert found["severity"] == "ERROR"
    # Before the column 12 stand "# Ümläut 🎉 ": two letters of two bytes, one sign of four.
    assert [item["location"]["range"]["start"]["column"] for item in found["diagnostics"]] == [3, 17, 17]
    # A file that is gone: no column is made up.
    assert found["diagnostics"][0]["related_locations"][0]["location"]["range"]["start"] == {"line": 2}
    assert found["diagnostics"][2]["code"] == {"value": "HOUSE1"}


def test_checkstyle() -> None:
    (file,) = ElementTree.fromstring(rendered("checkstyle"))
    assert file.attrib["name"] == PATH
    assert [error.attrib["severity"] for error in file] == ["error", "warning", "info"]
    assert "</failure>]]>" in file[0].attrib["message"]
    assert "\\x1b[31m" in file[0].attrib["message"]


def test_junit() -> None:
    suites = ElementTree.fromstring(rendered("junit"))
    assert suites.attrib == {"name": "postlint", "tests": "4", "failures": "2", "errors": "0"}
    clean, file = suites
    assert clean[0].attrib["name"] == "2 of 3 files"
    assert [len(case.findall("failure")) for case in file] == [1, 1, 0]
    assert int(suites.attrib["tests"]) == sum(int(suite.attrib["tests"]) for suite in suites)
    assert "::error::owned" in "".join(file[0].itertext())


def test_csv_has_no_formulas() -> None:
    head, *rows = csv.DictReader(io.StringIO(rendered("csv"))), *csv.DictReader(io.StringIO(rendered("csv")))
    assert head.fieldnames is not None
    assert [row["severity"] for row in rows] == ["error", "warning", "info"]
    for row in rows:
        assert row["message"].startswith("'=1+1 \\x1b[31m\\u202e")
        assert "\n" not in row["message"]
        assert not any(cell.startswith(("=", "+", "-", "@", "\t")) for cell in row.values())


def test_markdown_is_text_alone() -> None:
    text = rendered("markdown")
    assert "<script>" not in text
    assert "\\<script\\>" in text
    assert "\\[x\\]\\(y\\) \\@<!-- -->all" in text
    assert not re.search(r"^::error", text, re.MULTILINE)
    assert "| [BP001](https://x.example/1) | repeated\\-paragraph | 1 | 1 |  |" in text
    assert "| HOUSE1 | own |  |  | 1 |" in text


def test_markdown_names_posts_of_a_file_of_many_by_number() -> None:
    first = violation("BP001", Severity.ERROR, 1, "copy", "many.jsonl")
    text = rendered("markdown", Report(REPORT.as_of, 1, 2, (first, replace(first, number=1)), rules=PAGES))
    assert re.findall(r"^\*\*(many[^*]*)\*\*", text, re.MULTILINE) == ["many.jsonl", "many.jsonl\\#<!-- -->1"]


@pytest.mark.parametrize("form", FORMATS)
def test_a_clean_run_has_a_report(form: str) -> None:
    text = rendered(form, EMPTY)
    if form in ("json", "sarif", "gitlab", "rdjson"):
        json.loads(text)
    if form in ("checkstyle", "junit"):
        ElementTree.fromstring(text)


@pytest.mark.parametrize("form", sorted(set(FORMATS) - {"json", "json-lines", "gitlab", "sarif", "rdjson"}))
def test_no_control_character_reaches_a_terminal(form: str) -> None:
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]", rendered(form).replace("\r\n", "\n"))


def test_several_reports_of_one_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.md").write_text("---\nneeds_review: true\n---\n\nText.\n", encoding="utf-8")
    assert run(["a.md", "--report", "sarif=out.sarif", "--report", "junit=out.xml", "--report", "full=out.txt"]) == 1
    assert capsys.readouterr().out.startswith("a.md:2:15: error REV001")
    found: Mapping[str, Any] = json.loads(Path("out.sarif").read_text(encoding="utf-8"))
    assert found["runs"][0]["results"][0]["ruleId"] == "REV001"
    assert ElementTree.parse("out.xml").getroot().tag == "testsuites"
    assert "\x1b" not in Path("out.txt").read_text(encoding="utf-8")
    assert run(["a.md", "--report", "sarfi=out.sarif"]) == 2
    assert '"sarfi=out.sarif" is not FORMAT=FILE' in (said := capsys.readouterr().err)
    assert '"sarif"' in said
