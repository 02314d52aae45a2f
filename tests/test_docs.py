"""The documentation against the program: generated pages, samples of output, keys, options and commands."""

from __future__ import annotations

import json
import re
import shlex
import tomllib
from pathlib import Path

import pytest

from postlint import discover, documentation, post_files
from postlint.cli import run
from postlint.commands.check import check
from postlint.commands.server import server
from postlint.config import FAIL_ON, FILE_NAMES, KEYS, read
from postlint.field_config import NAMES
from postlint.field_map import BODY_FORMATS
from postlint.reporters import FORMATS
from postlint.rules import all_rules

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
RECORDS = (ROOT / "docs" / "records.md").read_text(encoding="utf-8")
CONFIGURATION = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
JSON_PAGE = (ROOT / "docs" / "json.md").read_text(encoding="utf-8")
SCHEMA = json.loads((ROOT / "postlint" / "schema" / "report.schema.json").read_text(encoding="utf-8"))
SAMPLE = re.compile(r"<!-- sample: (postlint [^\n]*) -->\n```\n(.*?)```\n<!-- end of sample -->", re.DOTALL)


def test_generated_pages_are_up_to_date() -> None:
    assert documentation.outdated(ROOT, write=False) == []


def test_a_page_that_is_out_of_date_is_named_and_written(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "README.md").write_text(
        README.replace("| REV001 |", "| REV999 |").replace("[REV001]", "[X]"), encoding="utf-8"
    )
    assert documentation.outdated(tmp_path, write=False) == ["docs/rules.md", "README.md"]
    assert documentation.outdated(tmp_path, write=True) == ["docs/rules.md", "README.md"]
    assert documentation.outdated(tmp_path, write=False) == []
    assert (tmp_path / "README.md").read_text(encoding="utf-8") == README


def test_readme_without_markers_is_refused() -> None:
    with pytest.raises(ValueError, match="the README has no"):
        documentation.with_table("# x\n", [])


def test_every_rule_has_its_page_with_what_its_file_says() -> None:
    page = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
    anchors = {
        re.sub(r"[^\w\- ]", "", line.removeprefix("### ").lower()).replace(" ", "-") for line in page.splitlines()
    }
    for rule in all_rules().values():
        assert rule.url.rpartition("#")[2] in anchors, rule.code
        for text in (rule.summary, rule.why, rule.fix, *(option.help for option in rule.options)):
            assert text.strip().splitlines()[0] in page, rule.code
    assert page.count("\n### ") == len(all_rules())


def test_samples_of_output_are_true(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    samples = SAMPLE.findall(README)
    assert len(samples) == 2
    for command, output in samples:
        run(shlex.split(command)[1:])
        assert capsys.readouterr().out == output, command
        assert "REV001" in output


def test_readme_opens_with_two_commands() -> None:
    first = README.split("```\n")[1].splitlines()
    assert first == [
        "pip install . && postlint fixtures/site --format json",
        'pip install -e ".[test]" && pytest -n auto',
    ]


def test_readme_main_command_reports_the_site(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    assert run(["fixtures/site", "--format", "json"]) == 1
    assert json.loads(capsys.readouterr().out)["summary"]["posts"] == 9


def first_cells(text: str) -> list[str]:
    """The code of the first cell of each row of the tables of a text."""
    rows = re.findall(r"^\| ((?:`[^`]+`(?:, )?)+) \|", text, re.MULTILINE)
    return [name for row in rows for name in re.findall(r"`([^`]+)`", row)]


def test_every_key_of_the_configuration_is_documented() -> None:
    keys = CONFIGURATION.partition("## Keys")[2].partition("\n## ")[0]
    assert first_cells(keys) == list(KEYS)
    for value in (*FAIL_ON, *FORMATS):
        assert f'"{value}"' in keys
    for name in FILE_NAMES:
        assert f"`{name}`" in CONFIGURATION


def test_keys_of_field_maps_are_documented() -> None:
    cells = first_cells(RECORDS.partition("## Other names")[2])
    assert cells[:5] == ["files", "posts", "format", "body", "title"]
    assert set(cells) <= set(NAMES)
    for form in BODY_FORMATS:
        assert f'"{form}"' in RECORDS


def test_what_discovery_passes_over_is_documented() -> None:
    page = CONFIGURATION.partition("## Which files are read")[2]
    for name in discover.SKIPPED_FOLDERS:
        assert f"`{name}`" in page
    for name in post_files.SKIPPED_CAPITALS | {stem.upper() for stem in post_files.SKIPPED_STEMS - {"licence"}}:
        assert re.search(rf"\b{name}\b", page), name
    for name in post_files.SKIPPED_TEXTS:
        assert re.search(rf"\b{re.escape(name)}\b", page, re.IGNORECASE), name


@pytest.mark.parametrize("page", [README, CONFIGURATION, RECORDS], ids=["README", "configuration", "records"])
def test_examples_of_configuration_are_valid(page: str, tmp_path: Path) -> None:
    blocks = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    assert blocks
    # The folder that the examples speak of: a corpus has to be there.
    (tmp_path / "content").mkdir()
    for block in blocks:
        (tmp_path / "postlint.toml").write_text(block, encoding="utf-8")
        assert tomllib.loads(block)
        read(tmp_path / "postlint.toml")


def test_every_key_of_the_report_is_documented() -> None:
    sections = re.split(r"\n## ", JSON_PAGE)
    described = [first_cells(section) for section in sections]
    definitions = SCHEMA["$defs"]
    assert described[0] == list(SCHEMA["properties"])
    assert described[1] == list(SCHEMA["properties"]["summary"]["properties"])
    assert described[2] == list(definitions["violation"]["properties"])
    assert described[3] == list(definitions["cluster"]["properties"])


OPTIONS = {
    option
    for command in (check, server)
    for parameter in command.params
    for option in parameter.opts
    if option.startswith("--")
}


@pytest.mark.parametrize(
    "name",
    [
        "README.md",
        "CONTRIBUTING.md",
        "docs/configuration.md",
        "docs/own-rules.md",
        "docs/json.md",
        "docs/baseline.md",
        "docs/fixes.md",
        "docs/records.md",
        "docs/editors.md",
        "docs/ci.md",
        "docs/start.md",
        "docs/spark.md",
    ],
)
def test_options_and_files_that_are_named_exist(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    others = {"--all", "--allow-new", "--check", "--decisions", "--help"}
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", text)) - OPTIONS - others == set()
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text):
        assert ((ROOT / name).parent / target).exists(), target
    for path in re.findall(r"`((?:rules|tests|postlint|docs|fixtures|\.ci)/[\w./-]*)`", text):
        assert (ROOT / path).exists() or path == "rules/CODE-name.yaml", path


def test_set_ups_of_editors_can_be_read_and_start_the_server() -> None:
    page = (ROOT / "docs" / "editors.md").read_text(encoding="utf-8")
    blocks = dict(re.findall(r"```(json|toml|lua|rust)\n(.*?)```", page.partition("## Zed")[0], re.DOTALL))
    code = json.loads(blocks["json"])
    helix = tomllib.loads(blocks["toml"])["language-server"]["postlint"]
    started = [
        [code["glspc.server.command"], *code["glspc.server.commandArguments"]],
        [helix["command"], *helix["args"]],
        re.findall(r'"(\w+)"', next(row for row in blocks["lua"].splitlines() if "cmd =" in row)),
    ]
    assert started == [["postlint", "server"]] * 3


def test_rules_that_are_named_exist() -> None:
    for name in ("README.md", "CONTRIBUTING.md", "docs/configuration.md", "docs/json.md"):
        text = (ROOT / name).read_text(encoding="utf-8")
        for code in re.findall(r"\b(?:FMT|BP|ND|IMG|MET|DAT|REV|LLM|STY|SEO)\d{3}\b", text):
            assert code in all_rules(), (name, code)
