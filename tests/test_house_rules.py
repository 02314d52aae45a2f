"""Rules of one's own: read from files, run like the project's, and each mistake in them told with its place."""

from __future__ import annotations

import json
import pickle
import re
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from postlint import house_rules, placed, rules
from postlint.cli import run
from postlint.config import read
from postlint.engine import check, check_sources
from postlint.errors import UserError
from postlint.settings import Settings

AS_OF = date(2026, 11, 20)
RULES = rules.all_rules()

CLICK = """\
code: HOUSE001
name: no-click-here
check: phrase
severity: warning
message: 'say where the link leads: "{text}"'
fix: Name the page.
with:
  patterns: ['\\bclick here\\b']
  scopes: [prose, list-items]
options:
  extra-patterns:
    default: []
    help: More phrases.
"""
SPONSOR = """\
code: HOUSE002
name: sponsor-by-name
check: meta_condition
severity: error
message: "{key} is {value}, more than {limit}"
with:
  at: views
  when: [{field: at, above: most}]
options:
  most: {default: 1000, help: The most views.}
"""
HOSTS = """\
code: HOUSE003
name: old-image-host
check: image_host
severity: info
default: false
message: "{host} is switched off in May"
with:
  hosts: [img.old.invalid]
"""
TWICE = """\
code: HOUSE004
name: twice-told
check: repeated_segment
severity: info
message: "{size} words that {other} has too"
with: {kind: paragraph, min-size: 4, min-posts: 2}
"""
FILES = {"click.yaml": CLICK, "sponsor.yaml": SPONSOR, "hosts.yaml": HOSTS, "twice.yaml": TWICE}
CONFIGURATION = 'rule-files = ["house/*.yaml"]\n'
POST = """\
---
title: A walk
views: 4000
---

To see the map, click here. ![map](https://img.old.invalid/map.png)

Four words stand twice.
"""


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, text in FILES.items():
        write(f"house/{name}", text)
    write("postlint.toml", CONFIGURATION)
    write("posts/a.md", POST)
    write("posts/b.md", POST.replace("click here", "look there").replace("4000", "40"))
    return tmp_path


def write(name: str, text: str) -> Path:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def found(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict[str, Any]]:
    """The violations of own rules, sorted as reported."""
    run(["posts", "--format", "json", "--as-of", "2026-11-20", *arguments])
    violations: list[dict[str, Any]] = json.loads(capsys.readouterr().out)["violations"]
    return [one for one in violations if one["code"].startswith("HOUSE")]


def told(violations: list[dict[str, Any]]) -> list[tuple[str, str, str, str]]:
    return [(one["path"], one["code"], one["severity"], one["message"]) for one in violations]


def test_own_rules_run_like_the_projects(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    violations = found(capsys)
    assert told(violations) == [
        ("posts/a.md", "HOUSE002", "error", "views is 4000, more than 1000"),
        ("posts/a.md", "HOUSE001", "warning", 'say where the link leads: "click here"'),
        ("posts/a.md", "HOUSE004", "info", "4 words that posts/b.md has too"),
        ("posts/b.md", "HOUSE004", "info", "4 words that posts/a.md has too"),
    ]
    click = violations[1]
    assert (click["location"], click["quote"]) == ({"row": 6, "column": 17}, "click here")
    assert (click["name"], click["help"], click["url"]) == ("no-click-here", "Name the page.", "")


def test_they_are_selected_and_set_like_the_projects(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert {one["code"] for one in found(capsys, "--select", "HOUSE")} == {
        "HOUSE001", "HOUSE002", "HOUSE003", "HOUSE004",
    }  # fmt: skip
    assert {one["code"] for one in found(capsys, "--select", "old-image-host,house001")} == {"HOUSE001", "HOUSE003"}
    assert {one["code"] for one in found(capsys, "--ignore", "HOUSE")} == set()
    assert {one["code"] for one in found(capsys, "--isolated")} == set()
    more = """\
ignore = ["twice-told"]
[severity]
HOUSE001 = "error"
[options.HOUSE002]
most = 5000
[options.no-click-here]
extra-patterns = ["look there"]
[per-file-ignores]
"posts/a.md" = ["HOUSE001"]
"""
    write("postlint.toml", CONFIGURATION + more)
    assert told(found(capsys)) == [("posts/b.md", "HOUSE001", "error", 'say where the link leads: "look there"')]


def test_their_violations_are_suppressed_like_others(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for comment in ("ignore HOUSE001 a quote", "ignore-file no-click-here", "ignore HOUSE"):
        write("posts/a.md", POST.replace("To see", f"<!-- postlint: {comment} -->\nTo see"))
        run(["posts", "--format", "json", "--select", "HOUSE001,FMT009,FMT010"])
        report = json.loads(capsys.readouterr().out)
        assert (report["violations"], report["summary"]["suppressed"]) == ([], 1), comment
    write("posts/a.md", POST.replace("To see", "<!-- postlint: ignore HOUSE0001 -->\nTo see"))
    run(["posts", "--select", "FMT009", "--quiet"])
    assert 'no rule "HOUSE0001"; did you mean "HOUSE001"?' in capsys.readouterr().out


def test_rule_command_shows_them(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rule", "house001"]) == 0
    page = capsys.readouterr().out
    assert page.startswith("HOUSE001 no-click-here\n\nsay where the link leads")
    assert "What to do:\n  Name the page." in page
    assert "Why:" not in page
    assert "https://" not in page
    assert page.endswith(f"{site / 'house' / 'click.yaml'}\n")
    assert run(["rule", "--all"]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == [
        *RULES, "HOUSE001", "HOUSE003", "HOUSE002", "HOUSE004",
    ]  # fmt: skip
    assert run(["rule", "--all", "--isolated"]) == 0
    assert "HOUSE" not in capsys.readouterr().out
    assert run(["rule", "twice-told", "--format", "json", "--config", "postlint.toml"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert (shown["code"], shown["scope"], shown["url"]) == ("HOUSE004", "corpus", "")
    assert run(["rule", "HOUSE009"]) == 2
    assert 'no rule "HOUSE009"; did you mean "HOUSE004"?' in capsys.readouterr().err


def test_settings_that_are_shown_name_the_files(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["posts", "--show-settings"]) == 0
    shown = capsys.readouterr().out
    write("other/postlint.toml", shown)
    assert [rule.code for rule in read(Path("other/postlint.toml")).rule_files] == [
        "HOUSE001", "HOUSE003", "HOUSE002", "HOUSE004",
    ]  # fmt: skip


def test_they_cross_processes(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = read(Path("postlint.toml")).rule_files
    settings = Settings(codes=tuple(rule.code for rule in own), as_of=AS_OF, house_rules=own)
    assert pickle.loads(pickle.dumps(settings)) == settings
    paths = ["posts/a.md", "posts/b.md"]
    here = check(paths, settings)
    assert len(here.violations) == 6
    for constant, value in (("CHUNK", 1), ("PARALLEL_FROM", 1)):
        monkeypatch.setattr(f"postlint.engine.{constant}", value)
    assert check(paths, replace(settings, jobs=2)) == here


def test_a_run_leaves_no_rule_behind(site: Path) -> None:
    own = read(Path("postlint.toml")).rule_files
    before = dict(rules.all_rules())
    check_sources({"a.md": POST}, Settings(codes=("HOUSE001",), as_of=AS_OF, house_rules=own))
    assert dict(rules.all_rules()) == before
    with pytest.raises(KeyError):
        check_sources({"a.md": POST}, Settings(codes=("HOUSE001",), as_of=AS_OF))


def mistake(text: str) -> str:
    write("house/one.yaml", text)
    with pytest.raises(UserError) as error:
        house_rules.read_house_rules(["one.yaml"], Path("house"), lambda name: "")
    message = str(error.value)
    assert message.startswith("house/one.yaml:")
    assert "\n" not in message
    return message.removeprefix("house/one.yaml:")


MISTAKES = [
    (("name:", "nmae:"), '2:1: unknown key "nmae"; did you mean "name"?'),
    (("severity: warning\n", ""), '1:1: the key "severity" is missing'),
    (("check: phrase", "check: phrases"), '3:8: there is no "phrases"; did you mean "phrase"?'),
    (("check: phrase", "check: ../config"), '3:8: there is no "../config"'),
    (("warning", "wraning"), '4:11: there is no "wraning"; did you mean "warning"?'),
    (("warning", "3"), "4:11: expected a text, not 3"),
    (("HOUSE001", "HOUSE1"), '1:7: "HOUSE1" is not a code such as HOUSE001'),
    (("HOUSE001", "REV001"), '1:7: the code "REV001" is that of a rule of postlint\'s own'),
    (("HOUSE001", "REV777"), '1:7: "REV" begins as the family REV of postlint does'),
    (("HOUSE001", "REVIEW001"), '1:7: "REVIEW" begins as the family REV of postlint does'),
    (("HOUSE001", "R001"), '1:7: "R" begins as the family REV of postlint does'),
    (("no-click-here", "missing-alt"), '2:7: the name "missing-alt" is that of a rule of postlint\'s own, IMG010'),
    (("no-click-here", "No click"), '2:7: "No click" is not a name such as no-click-here'),
    (("check: phrase", "check: phrase\nscope: corpus"), '4:8: the check "phrase" has the scope "post"'),
    (("check: phrase", "check: phrase\ndefault: no thanks"), '4:10: expected true or false, not "no thanks"'),
    (("{text}", "{txet}"), '5:10: there is no value "txet"; did you mean "text"?'),
    (("{text}", "{key}"), '5:10: there is no value "key"; there is text'),
    (("patterns: [", "patters: ["), '8:3: unknown parameter "patters"; did you mean "patterns"?'),
    (("[prose, list-items]", "prose"), '9:11: expected a list, not "prose"'),
    (("list-items", "list-item"), '9:19: there is no "list-item"; did you mean "list-items"?'),
    (("'\\bclick here\\b'", "'(click'"), '8:14: the pattern "(click" is not valid: missing )'),
    (("'\\bclick here\\b'", "ok, '(a+)+$'"), '8:18: the pattern "(a+)+$" repeats "(a+)"'),
    (("'\\bclick here\\b'", "1"), "8:14: expected a text, not 1"),
    (("['\\bclick here\\b']", "[]"), '8:3: "patterns" is a list of regular expressions, and there is none'),
    (("extra-patterns", "extra-pattern"), '11:3: the check "phrase" has no parameter "extra-pattern"; did you mean'),
    (("    default: []\n", ""), '12:5: the key "default" is missing'),
    (("default: []", "default: [1]"), "12:15: expected a text, not 1"),
    (("  scopes:", "  extra-patterns: []\n  scopes:"), '12:3: "extra-patterns" stands under "with" too'),
    (("check: phrase", "check: phrase\nname: other"), '4:1: the key "name" stands here twice'),
    (("check: phrase", "check: phrase\n2: x"), "4:1: a key is a text"),
    (("with:", "with: x\nwhy:"), '7:7: expected a mapping, not "x"'),
    (("scopes: [", "scopes: [prose"), "9:"),
    (("  scopes", " scopes"), "9:2: not valid YAML: "),
]


@pytest.mark.parametrize(("change", "message"), MISTAKES)
def test_a_mistake_names_its_place(
    change: tuple[str, str], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    before, after = change
    assert before in CLICK
    assert mistake(CLICK.replace(before, after, 1)).startswith(message)


META_MISTAKES = [
    (("at: views", "at: view"), '7:7: there is no "view"; did you mean "views"?'),
    (("above:", "abvoe:"), '8:22: unknown key "abvoe"; did you mean "above"?'),
    (("above: most", "above: moost"), '8:29: the rule has no option "moost"; did you mean "most"?'),
    (("above: most", "above: [most]"), "8:29: expected a number or the name of an option, not a list"),
    (("above: most", "above: yes"), "8:29: expected a number or the name of an option, not true"),
    (("field: at", "feild: at"), '8:11: unknown key "feild"; did you mean "field"?'),
    (("above: most", "after: published, above: mosd"), '8:47: the rule has no option "mosd"'),
    (("{limit}", "{days}"), '5:10: there is no value "days"; there is key, limit, value'),
    (("above: most", "state: [drft]"), '8:30: there is no "drft"; did you mean "draft"?'),
    (("above: most", "matches: ['a**']"), '8:32: the pattern "a**" is not valid: multiple repeat'),
    (("default: 1000", "default: many"), "7:3: expected a number, not 'many'"),
    (("at: views\n", "unless: []\n"), '7:3: a case needs "at"'),
]


@pytest.mark.parametrize(("change", "message"), META_MISTAKES)
def test_a_mistake_in_a_condition_names_its_place(
    change: tuple[str, str], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    before, after = change
    assert before in SPONSOR
    assert mistake(SPONSOR.replace(before, after, 1)).startswith(message)


def test_variants_need_their_messages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    tail = "with: {counters: [stats.invalid]}\n"
    head = "code: HOUSE001\nname: x\ncheck: tracking_pixel\nseverity: info\n"
    assert mistake(f"{head}message: {{known: a}}\n{tail}") == '5:10: the variant "tiny" has no message'
    message = mistake(f"{head}message: {{known: a, tny: b}}\n{tail}")
    assert message == '5:21: unknown variant "tny"; did you mean "tiny"?'
    assert mistake(f'{head}message: {{known: a, tiny: "{{hots}}"}}\n{tail}').startswith(
        '5:27: there is no value "hots"'
    )


def test_parameters_that_a_check_needs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    message = mistake(TWICE.replace(", min-posts: 2", ""))
    assert message == '6:7: the check "repeated_segment" needs the parameter "min-posts"'


def test_patterns_of_every_option_are_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    patterns = "options:\n  patterns:\n    default: [a]\n    help: What is found.\n"
    write("house/one.yaml", f"{CLICK.partition('with:')[0]}{patterns}")
    write("postlint.toml", f'{CONFIGURATION}[options.HOUSE001]\npatterns = ["(x+)+y"]\n')
    with pytest.raises(UserError, match=r'postlint\.toml:2: the options of HOUSE001 are refused: the pattern "\(x\+\)'):
        read(Path("postlint.toml"))


PAGE = (Path(__file__).parents[1] / "docs" / "own-rules.md").read_text(encoding="utf-8")


def test_the_page_about_own_rules_is_true(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    configuration, rule = (re.search(rf"```{kind}\n(.*?)```", PAGE, re.DOTALL) for kind in ("toml", "yaml"))
    assert configuration is not None
    assert rule is not None
    write("postlint.toml", configuration[1])
    write("house/no-click-here.yaml", rule[1])
    (own,) = read(Path("postlint.toml")).rule_files
    report = check_sources({"a.md": POST}, Settings(codes=(own.code,), as_of=AS_OF, house_rules=(own,)))
    assert [violation.quote for violation in report.violations] == ["click here"]
    rows = [[cell.strip() for cell in row.split("|")[1:-1]] for row in re.findall(r"^\| `.*$", PAGE, re.MULTILINE)]
    named = {name for row in rows if len(row) == 3 for name in re.findall("`([^`]+)`", row[0])}
    assert named == set(house_rules.rule_schema([])["properties"])
    for check_name, _, parameters, values in (row for row in rows if len(row) == 4):
        shape = house_rules.shape_of(check_name.strip("`"))
        assert {name.rstrip(";") for name in re.findall("`([^`]+)`", parameters)} <= set(shape.takes)
        if not callable(shape.gives):
            assert set(re.findall("`([^`]+)`", values)) == set(shape.gives[""])


def test_files_that_clash_or_are_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write("house/a.yaml", CLICK)
    write("house/b.yaml", CLICK)
    write("postlint.toml", CONFIGURATION)
    with pytest.raises(UserError) as error:
        read(Path("postlint.toml"))
    assert str(error.value).startswith('house/b.yaml:1:7: the code "HOUSE001" is that of a rule of house/a.yaml')
    write("postlint.toml", 'rule-files = [\n  "house/a.yaml",\n  "hose/*.yaml",\n]\n')
    with pytest.raises(UserError) as error:
        read(Path("postlint.toml"))
    assert str(error.value) == 'postlint.toml:3: no file is "hose/*.yaml"'
    (tmp_path / "house" / "b.yaml").write_bytes(b"code: \xff")
    write("postlint.toml", 'rule-files = ["house/b.yaml"]\n')
    with pytest.raises(UserError, match=r"^house/b\.yaml: is not UTF-8$"):
        read(Path("postlint.toml"))
    write("house/b.yaml", CLICK + "yields-to: [REV001, HOUSE02]\n")
    with pytest.raises(
        UserError, match=r'"yields-to" names "HOUSE02", and there is no such rule; did you mean "HOUSE0'
    ):
        read(Path("postlint.toml"))


def test_what_a_configuration_says_of_own_rules_is_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write("house/click.yaml", CLICK)
    for text, message in [
        ('ignore = ["HOUSE002"]', 'postlint.toml:2: no rule "HOUSE002"; did you mean "HOUSE001"?'),
        ("[options.HOUSE001]\nextra = []", 'postlint.toml:3: HOUSE001 has no option "extra"'),
        (
            "[options.HOUSE001]\nextra-patterns = [1]",
            'postlint.toml:3: the option "extra-patterns" of HOUSE001 is a list',
        ),
        ('[options.HOUSE001]\nextra-patterns = ["(x+)+y"]', "postlint.toml:2: the options of HOUSE001 are refused"),
    ]:
        write("postlint.toml", f"{CONFIGURATION}{text}\n")
        with pytest.raises(UserError) as error:
            read(Path("postlint.toml"))
        assert str(error.value).startswith(message)
    # The files come first wherever they are named.
    write("postlint.toml", f'ignore = ["HOUSE001"]\n{CONFIGURATION}')
    assert read(Path("postlint.toml")).ignore == ("HOUSE001",)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "- a\n- b\n",
        "just words\n",
        "? [a]\n: b\n",
        "a: &a [*a]\n",
        "[" * 3000,
        "day: 2026-02-30\n",
        "a: !!python/object/apply:os.system [true]\n",
        "a: \x07\n",
        "x: &x [1, 1]\ny: &y [*x, *x, *x, *x, *x]\nz: &z [*y, *y, *y, *y, *y]\n",
    ],
)  # fmt: skip
def test_what_is_no_rule_at_all_is_a_mistake_of_one_line(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    mistake(text)


def test_aliases_do_not_multiply(tmp_path: Path) -> None:
    rows = ["a0: &a0 [1, 1]"] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30)]
    with pytest.raises(UserError, match="more than 10000 values"):
        placed.read("\n".join(rows), "file")


def test_a_rule_on_a_check_touches_one_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "rules"
    shutil.copytree(rules.folder(), folder)
    text = f"{CLICK}scope: post\nsummary: Links that say nothing.\nwhy: Nobody knows where they lead.\nexamples: []\n"
    (folder / "LNK001-no-click-here.yaml").write_text(text.replace("HOUSE001", "LNK001"), encoding="utf-8")
    monkeypatch.setattr(rules, "folder", lambda: folder)
    rules.all_rules.cache_clear()
    try:
        assert set(rules.all_rules()) == {*RULES, "LNK001"}
        report = check_sources({"a.md": POST}, Settings(codes=("LNK001",), as_of=AS_OF))
    finally:
        monkeypatch.undo()
        rules.all_rules.cache_clear()
    (violation,) = report.violations
    assert (violation.code, violation.quote, violation.location.row) == ("LNK001", "click here", 6)
