"""The JSON Schemas against the program: what the one lets pass the other does, rules and configurations alike."""

from __future__ import annotations

import json
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import test_config
import test_house_rules
import yaml

from postlint import rules
from postlint.cli import run
from postlint.config import KEYS, read
from postlint.errors import UserError
from postlint.schema.configuration import configuration_schema
from postlint.schema.rule_files import rule_file_schema

ROOT = Path(__file__).parents[1]
RULES = rules.all_rules()
RULE_FILE = jsonschema.Draft202012Validator(rule_file_schema())
CONFIGURATION = jsonschema.Draft202012Validator(configuration_schema(RULES))


def plain(value: Any) -> Any:
    """A value as JSON has it: a date of YAML or TOML is a text."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


def wrong_rule(text: str) -> list[str]:
    return [error.message for error in RULE_FILE.iter_errors(plain(yaml.safe_load(text)))]


def wrong_configuration(text: str) -> list[str]:
    return [error.message for error in CONFIGURATION.iter_errors(plain(tomllib.loads(text)))]


def test_the_schemas_are_schemas() -> None:
    for schema in (RULE_FILE.schema, CONFIGURATION.schema):
        jsonschema.Draft202012Validator.check_schema(schema)
        assert json.loads(json.dumps(schema, default=str))


@pytest.mark.parametrize("code", RULES)
def test_every_rule_of_the_project_passes(code: str) -> None:
    assert wrong_rule(RULES[code].path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("name", test_house_rules.FILES)
def test_own_rules_pass(name: str) -> None:
    assert wrong_rule(test_house_rules.FILES[name]) == []


# A schema knows no other rules, no regular expressions, no names of options, no values of messages, and no YAML.
BEYOND = (
    "is that of", "begins as", "the pattern", "has no option", "no value", "is a list of regular", "no parameter",
    "stands here twice", "stands under", "not valid YAML", "a key is", "expected a number, not", 'needs "at"',
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "change", "message"),
    [
        (text, *case)
        for text, cases in (
            (test_house_rules.CLICK, test_house_rules.MISTAKES),
            (test_house_rules.SPONSOR, test_house_rules.META_MISTAKES),
        )
        for case in cases
        if not any(words in case[1] for words in BEYOND) and case[0][0] != "scopes: ["
    ],
)
def test_what_the_program_refuses_the_schema_refuses(text: str, change: tuple[str, str], message: str) -> None:
    assert wrong_rule(text.replace(*change, 1))


def test_a_parameter_that_is_needed_may_be_an_option() -> None:
    assert wrong_rule(test_house_rules.TWICE.replace(", min-posts: 2", ""))
    option = "options:\n  min-posts: {default: 2, help: Posts.}\n"
    assert wrong_rule(test_house_rules.TWICE.replace(", min-posts: 2", "") + option) == []
    assert wrong_rule(test_house_rules.TWICE.replace(", min-posts: 2", "") + option.replace("2", "two"))


def test_every_key_of_the_configuration_is_in_its_schema() -> None:
    assert list(CONFIGURATION.schema["properties"]) == list(KEYS)


def test_full_configuration_passes() -> None:
    assert wrong_configuration(test_config.FULL) == []
    for page in ("README.md", "docs/configuration.md"):
        for block in (ROOT / page).read_text(encoding="utf-8").split("```toml\n")[1:]:
            assert wrong_configuration(block.partition("```")[0]) == []


@pytest.mark.parametrize(
    "text",
    [
        'selct = ["BP"]', 'select = "BP"', "ignore = [1]", 'select = ["needs-human-revew"]', 'fail-on = "warn"',
        'likeness = "page"', 'likeness = ["serie"]', "jobs = 0", "jobs = true", 'format = "jsn"', "severity = 1",
        '[severity]\nBP001 = "eror"', '[severity]\n"no such" = "error"', '[per-file-ignores]\n"a.md" = "BP"',
        "[options.BP004]\nshar = 1", '[options.BP004]\nshare = "x"', "[options.BP004]\nshare = true",
        "[options.BP004]\nshare = 66", "[options.BP004]\nmin-words = 1.5", "[options.BP]\nshare = 1",
        "[options.shared-text-ratio]\nshare = -1", "[options.XX001]\nshare = 1", 'rule-files = "house"',
        'fields = "title"', '[fields]\ntitel = "a"', '[fields]\nformat = "md"', '[fields]\nbody = "a..b"',
        "[fields]\nfiles = []", '[[fields]]\nfiles = "a.json"', "[[fields]]\nposts = 1",
    ],
)  # fmt: skip
def test_wrong_configurations_are_refused_by_both(text: str, tmp_path: Path) -> None:
    assert wrong_configuration(text)
    path = tmp_path / "postlint.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UserError):
        read(path)


@pytest.mark.parametrize("code", RULES)
def test_the_default_of_every_option_passes_as_its_value(code: str) -> None:
    options = plain(RULES[code].defaults())
    for name in (code, RULES[code].name):
        assert list(CONFIGURATION.iter_errors({"options": {name: options}})) == []


def test_the_command_prints_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "click.yaml").write_text(test_house_rules.CLICK, encoding="utf-8")
    (tmp_path / "postlint.toml").write_text('rule-files = ["click.yaml"]\n', encoding="utf-8")
    shown = {}
    for arguments in (("rules",), ("config",), ("config", "--isolated"), ("report",)):
        assert run(["schema", *arguments]) == 0
        shown[arguments] = json.loads(capsys.readouterr().out)
    assert shown["rules",] == plain(rule_file_schema())
    assert shown["config", "--isolated"] == plain(configuration_schema(RULES))
    assert "extra-patterns" in shown["config",]["properties"]["options"]["properties"]["no-click-here"]["properties"]
    assert shown["report",]["title"].startswith("postlint report")
    assert run(["schema", "reports"]) == 2
    assert run(["schema", "config", "--isolated", "--config", "x"]) == 2
