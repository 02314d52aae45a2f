"""Configuration: which file is read, what its keys mean, and how each mistake in it is told."""

from __future__ import annotations

import contextlib
from datetime import date
from pathlib import Path

import pytest

from postlint.config import KEYS, Configuration, nearest_file, read
from postlint.errors import UserError
from postlint.field_map import FieldMap
from postlint.option_types import type_problem
from postlint.rules import all_rules
from postlint.selection import Selection, selected
from postlint.toml_places import row_of
from postlint.violations import Severity


@pytest.fixture(autouse=True)
def working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def configured(text: str, name: str = "postlint.toml") -> Configuration:
    Path(name).write_text(text, encoding="utf-8")
    return read(Path(name))


def mistake(text: str, name: str = "postlint.toml") -> str:
    with pytest.raises(UserError) as error:
        configured(text, name)
    return str(error.value)


FULL = """\
select = ["REV", "BP001"]
ignore = ["needs-human-review"]
extend-select = ["ND"]
include = ["content/**"]
exclude = ["content/archive/"]
as-of = 2026-11-20
fail-on = "error"
likeness = ["series", "page", "series"]
jobs = 3
format = "json"

[per-file-ignores]
"press/*.md" = ["BP001", "REV002"]

[severity]
REV002 = "info"
REV = "warning"

[options.shared-text-ratio]
share = 0.4

[[fields]]
files = ["dumps/*.json"]
posts = "data.posts"
format = "html"
title = "name"

[[fields]]
body = "copy.long"
"""


def test_every_key_is_read(tmp_path: Path) -> None:
    found = configured(FULL)
    assert found.path == Path("postlint.toml")
    assert found.root == tmp_path
    assert found.select == ("REV", "BP001")
    assert found.ignore == ("needs-human-review",)
    assert found.extend_select == ("ND",)
    assert found.include == ("content/**",)
    assert found.exclude == ("content/archive/",)
    assert found.as_of == date(2026, 11, 20)
    assert found.fail_on == "error"
    assert found.likeness == ("page", "series")
    assert found.jobs == 3
    assert found.format == "json"
    assert found.per_file_ignores == (("press/*.md", frozenset({"BP001", "REV002"})),)
    assert found.severity["REV001"] == Severity.WARNING
    assert found.severity["REV002"] == Severity.INFO
    assert found.options == {"BP004": {"share": 0.4}}
    assert found.fields.root == str(tmp_path)
    assert found.fields.maps == (
        FieldMap(("dumps/*.json",), "data.posts", "html", {"title": "name"}),
        FieldMap(paths={"body": "copy.long"}),
    )


def test_pyproject_has_the_same_keys_in_its_table() -> None:
    table = (
        FULL.replace("[per", "[tool.postlint.per")
        .replace("[sev", "[tool.postlint.sev")
        .replace("[opt", "[tool.postlint.opt")
        .replace("[fields", "[tool.postlint.fields")
    )
    plain, nested = configured(FULL), configured("[tool.postlint]\n" + table, "pyproject.toml")
    for key in KEYS:
        attribute = key.replace("-", "_")
        assert getattr(plain, attribute) == getattr(nested, attribute), key


def test_no_file_says_nothing(tmp_path: Path) -> None:
    assert Configuration().root == tmp_path
    assert Configuration().select is None


def test_a_file_that_says_nothing_leaves_the_defaults() -> None:
    assert configured("").select is None
    assert configured("select = []").select == ()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('\nselct = ["BP"]', 'postlint.toml:2: unknown key "selct"; did you mean "select"?'),
        ('fail_on = "error"', 'postlint.toml:1: unknown key "fail_on"; did you mean "fail-on"?'),
        (
            'select = [\n  "BP",\n  "needs-human-revew",\n]',
            'postlint.toml:3: no rule "needs-human-revew"; did you mean "needs-human-review"?',
        ),
        ('select = "BP"', 'postlint.toml:1: "select" is a list of strings, not "BP"'),
        ("ignore = [1]", 'postlint.toml:1: "ignore" is a list of strings, not 1'),
        ('exclude = ["!"]', 'postlint.toml:1: "!" is not a pattern'),
        ('as-of = "soon"', 'postlint.toml:1: "as-of" is a date such as 2026-11-20, not "soon"'),
        (
            "as-of = 2026-11-20T10:00:00",
            'postlint.toml:1: "as-of" is a date such as 2026-11-20, not 2026-11-20 10:00:00',
        ),
        ('fail-on = "warn"', 'postlint.toml:1: "fail-on" is one of error, warning, info, never, not "warn"'),
        ('likeness = "page"', 'postlint.toml:1: "likeness" is a list of strings, not "page"'),
        (
            'likeness = [\n  "page",\n  "serie",\n]',
            'postlint.toml:3: a likeness is language, page, series, not "serie"; did you mean "series"?',
        ),
        (
            '[options.REV012]\nextra-patterns = ["(x+)+y"]',
            'postlint.toml:1: the options of REV012 are refused: the pattern "(x+)+y" repeats "(x+)"',
        ),
        ("jobs = 0", 'postlint.toml:1: "jobs" is a whole number from 1, not 0'),
        ("jobs = true", 'postlint.toml:1: "jobs" is a whole number from 1, not true'),
        ('format = "jsn"', 'postlint.toml:1: "format" is one of'),
        ("severity = 1", 'postlint.toml:1: "severity" is a table, not 1'),
        ("[options.BP004]\nshare = 66", 'postlint.toml:2: the option "share" of BP004 is a number from 0 to 1, not 66'),
        (
            "[options.BP001]\nmin-size = -1",
            'postlint.toml:2: the option "min-size" of BP001 is a number that is not negative, not -1',
        ),
        ('[severity]\nBP001 = "eror"', "postlint.toml:2: a severity is error, warning or info"),
        ('[severity]\n\nXX = "error"', 'postlint.toml:3: no rule "XX"'),
        ('[per-file-ignores]\n"a.md" = ["XX"]', 'postlint.toml:2: no rule "XX"'),
        ('[per-file-ignores]\n"a.md" = "BP"', 'postlint.toml:2: "a.md" is a list of strings'),
        ("[options.BP004]\nshar = 1", 'postlint.toml:2: BP004 has no option "shar"; did you mean "share"?'),
        ('[options.BP004]\nshare = "x"', 'postlint.toml:2: the option "share" of BP004 is a number, not "x"'),
        ("[options.BP004]\nshare = true", 'postlint.toml:2: the option "share" of BP004 is a number, not true'),
        ("[options.BP004]\nmin-words = 1.5", 'postlint.toml:2: the option "min-words" of BP004 is a whole number'),
        ("[options.BP]\nshare = 1", 'postlint.toml:1: "BP" is more than one rule'),
        ("[options.XX]\nshare = 1", 'postlint.toml:1: no rule "XX"'),
        ("options = {BP004 = {shar = 1}}", 'postlint.toml:1: BP004 has no option "shar"'),
        ('\n[options.REV012]\nextra-patterns = ["("]', "postlint.toml:2: the options of REV012 are refused: "),
        ('fields = "title"', 'postlint.toml:1: "fields" is a table or a list of tables, not "title"'),
        ('[fields]\ntitel = "a"', 'postlint.toml:2: unknown key "titel"; did you mean "title"?'),
        (
            '[[fields]]\nbody = "a"\n[[fields]]\ndate = "a"',
            'postlint.toml:4: unknown key "date"; here it is ca',
        ),
        ('[fields]\nformat = "md"', 'postlint.toml:2: "format" is one of markdown, html, text, not "md"'),
        ('[fields]\nbody = "a..b"', 'postlint.toml:2: "body" is keys joined by dots, not "a..b"'),
        ('[fields]\nbody = ""', 'postlint.toml:2: "body" is keys joined by dots, not ""'),
        ("[fields]\nposts = 1", 'postlint.toml:2: "posts" is keys joined by dots, not 1'),
        ('[fields]\ntitle = "a"\nbody = "a"', 'postlint.toml:2: "a" is the body already'),
        ('[fields]\nfiles = "a.json"', 'postlint.toml:2: "files" is a list of patterns, not "a.json"'),
        ('[fields]\nfiles = [\n"!"]', 'postlint.toml:3: "!" is not a pattern'),
        ("a = \n", "postlint.toml:1: not valid TOML"),
        ("x = 1\nx = 2\n", "postlint.toml:2: not valid TOML"),
    ],
)
def test_a_mistake_names_file_line_and_nearest_name(text: str, message: str) -> None:
    assert mistake(text).startswith(message)


def test_a_mistake_in_pyproject_names_its_line_below_the_table() -> None:
    text = '[project]\nselect = 1\n\n[tool.postlint]\nselect = ["BP"]\n\n[tool.postlint.severity]\nBP = "bad"\n'
    assert mistake(text, "pyproject.toml").startswith("pyproject.toml:8: a severity is")


def test_file_that_is_no_text_or_not_there() -> None:
    Path("postlint.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(UserError, match=r"postlint\.toml: is not UTF-8"):
        read(Path("postlint.toml"))
    with pytest.raises(UserError, match=r"none\.toml: can't be read: No such file"):
        read(Path("none.toml"))
    assert mistake("[project]\n", "pyproject.toml") == "pyproject.toml: there is no table [tool.postlint]"
    assert mistake("[tool]\npostlint = 1\n", "pyproject.toml") == "pyproject.toml: tool.postlint is not a table"


@pytest.mark.parametrize(
    ("value", "default", "problem"),
    [
        (True, False, ""),
        (1, False, "true or false"),
        (True, 1, "a whole number"),
        (1, 1.0, ""),
        ("1", 1.0, "a number"),
        (["a"], ["b"], ""),
        ([1], ["b"], "a list, each item a string"),
        (["a"], [], ""),
        ("a", ["b"], "a list"),
        ({}, {"a": 1}, ""),
        ([], {"a": 1}, "a table"),
        ("anything", None, ""),
    ],
)
def test_option_values_have_the_type_of_the_default(value: object, default: object, problem: str) -> None:
    assert type_problem(value, default) == problem


@pytest.mark.parametrize("value", [0, 10**9, 10**12, 2**63 - 1])
def test_no_number_is_too_large_for_an_option(value: int) -> None:
    """A rule takes it, or says why not."""
    numbers = [
        (rule, option.name)
        for rule in all_rules().values()
        for option in rule.options
        if isinstance(option.default, int) and not isinstance(option.default, bool)
    ]
    assert numbers
    for rule, name in numbers:
        with contextlib.suppress(UserError):
            rule.bind({name: value}, date.max)


def write(name: str, text: str = "") -> Path:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_nearest_file_upward_of_the_common_folder(tmp_path: Path) -> None:
    write("postlint.toml")
    write("site/content/a/post.md")
    write("site/content/b/post.md")
    assert nearest_file(["site/content/a/post.md"]) == tmp_path / "postlint.toml"
    write("site/content/.postlint.toml")
    write("site/content/a/postlint.toml")
    assert nearest_file(["site/content/a/post.md"]) == tmp_path / "site/content/a/postlint.toml"
    assert nearest_file(["site/content/a"]) == tmp_path / "site/content/a/postlint.toml"
    assert nearest_file(["site/content/a", "site/content/b/post.md"]) == tmp_path / "site/content/.postlint.toml"
    assert nearest_file(["site"]) == tmp_path / "postlint.toml"
    assert nearest_file([]) == tmp_path / "postlint.toml"


def test_order_within_one_folder_and_pyproject_without_the_table(tmp_path: Path) -> None:
    write("pyproject.toml", "[tool.postlint]\n")
    write("inner/pyproject.toml", "[project]\n")
    assert nearest_file(["inner"]) == tmp_path / "pyproject.toml"
    write(".postlint.toml")
    assert nearest_file(["inner"]) == tmp_path / ".postlint.toml"
    write("postlint.toml")
    assert nearest_file(["inner"]) == tmp_path / "postlint.toml"


PLACES = """\
a = 1
# b = 2
[t]
b = [
  "x",
  "y",
]
"quoted key" = 1
[t.sub]
c = 1
[other]
t.b = 3
inline = {e = 1, f = {g = 2}}
[ t . "spaced" ]
dotted.d = 1
"""


@pytest.mark.parametrize(
    ("keys", "value", "row"),
    [
        (("a",), None, 1),
        (("t",), None, 3),
        (("t", "b"), None, 4),
        (("t", "b"), "y", 6),
        (("t", "quoted key"), None, 8),
        (("t", "sub", "c"), None, 10),
        (("other", "t", "b"), None, 12),
        (("other", "inline", "e"), None, 13),
        (("t", "spaced", "dotted", "d"), None, 15),
        (("t", "nothing"), None, 3),
        (("nothing",), None, None),
    ],
)
def test_rows_of_keys(keys: tuple[str, ...], value: str | None, row: int | None) -> None:
    assert row_of(PLACES, keys, value) == row


def codes(*layers: Selection) -> set[str]:
    return set(selected(layers, all_rules()))


def family(prefix: str) -> set[str]:
    return {code for code in all_rules() if code.startswith(prefix)}


def test_default_selection_is_the_rules_that_are_on() -> None:
    assert codes(Selection()) == {code for code, rule in all_rules().items() if rule.default}
    assert codes(Selection(["ALL"])) == set(all_rules())


def test_select_replaces_extend_adds_ignore_removes() -> None:
    assert codes(Selection(["REV"])) == family("REV")
    assert codes(Selection(["REV"], ["BP001"])) == family("REV") | {"BP001"}
    assert codes(Selection(["REV"], ignore=["REV001"])) == family("REV") - {"REV001"}
    assert codes(Selection(["rev001", "Repeated-Paragraph"])) == {"REV001", "BP001"}


def test_the_more_specific_selector_decides() -> None:
    assert codes(Selection(["ALL"], ["BP001"], ["BP"])) == set(all_rules()) - family("BP") | {"BP001"}
    assert codes(Selection(["REV001"], ignore=["REV"])) == {"REV001"}
    assert codes(Selection(["REV001"], ignore=["needs-human-review"])) == set()
    assert codes(Selection(["REV"], ignore=["ALL"])) == family("REV")


def test_the_command_line_comes_after_the_configuration() -> None:
    config = Selection(["REV"], ignore=["REV001", "BP"])
    assert codes(config, Selection()) == family("REV") - {"REV001"}
    assert codes(config, Selection(["BP"])) == family("BP")
    assert codes(config, Selection(None, ["REV001"])) == family("REV")
    assert codes(config, Selection(None, (), ["REV002"])) == family("REV") - {"REV001", "REV002"}
