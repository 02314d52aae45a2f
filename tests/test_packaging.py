"""Packaging: what the metadata promises, what a wheel holds, what the hook and CI call."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest
import yaml

from postlint import __version__, rules
from postlint.commands.check import check

ROOT = Path(__file__).parents[1]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def test_rules_are_found_in_a_checkout() -> None:
    assert rules.folder() == ROOT / "rules" or rules.folder().parent.name == "postlint"
    assert {path.name for path in (ROOT / "rules").glob("*.yaml")} == {
        rule.path.name for rule in rules.all_rules().values()
    }


def test_version_is_said_once() -> None:
    assert PYPROJECT["project"]["dynamic"] == ["version"]
    assert re.fullmatch(r"\d+\.\d+\.\d+", __version__)
    assert f"rev: v{__version__}" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_dependency_has_its_reason() -> None:
    contributing = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    runtime = {re.split(r"[<>=]", name)[0] for name in PYPROJECT["project"]["dependencies"]}
    table = contributing.partition("## Dependencies")[2]
    always, _, extras = table.partition("\n\n`postlint[")
    assert set(re.findall(r"^\| ([a-z]\S*) \|", always, re.MULTILINE)) == runtime
    optional = PYPROJECT["project"]["optional-dependencies"]
    for name in (name for extra in optional if extra != "bench" for name in optional[extra]):
        assert re.split(r"[<>=]", name)[0] in extras


def test_every_import_is_a_dependency_and_every_dependency_is_imported() -> None:
    found = set()
    for path in (ROOT / "postlint").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                found.add((node.module or "").partition(".")[0])
    outside = found - set(sys.stdlib_module_names) - {"postlint"}
    project = PYPROJECT["project"]
    used = ("parquet", "server", "spark", "spark-local", "watch")
    extras = [name for extra in used for name in project["optional-dependencies"][extra]]
    names = {re.split(r"[<>=]", name)[0] for name in (*project["dependencies"], *extras)}
    # lsprotocol is what pygls speaks, py4j what pyspark speaks with Java, and they come with these.
    assert {name.replace("yaml", "pyyaml") for name in outside - {"lsprotocol", "py4j"}} == names - OF_SPARK


OF_SPARK = {"googleapis-common-protos", "grpcio", "grpcio-status", "pandas", "zstandard"}
"""What pyspark imports itself, and does not install with itself."""


def test_on_a_platform_spark_itself_is_not_installed() -> None:
    extras = PYPROJECT["project"]["optional-dependencies"]
    platform, local = ({re.split(r"[<>=]", name)[0] for name in extras[extra]} for extra in ("spark", "spark-local"))
    assert "pyspark" not in platform
    assert set(extras["spark"]) < set(extras["spark-local"])
    assert local - platform == OF_SPARK - platform | {"pyspark"}


def test_the_package_for_spark_alone_imports_it() -> None:
    found = {
        path.relative_to(ROOT / "postlint").parts[0]
        for path in (ROOT / "postlint").rglob("*.py")
        if re.search(r"^\s*(?:from|import) (?:pyspark|py4j)", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert found == {"spark"}


def test_spark_is_not_imported_before_it_is_asked_for() -> None:
    modules = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for path in sorted((ROOT / "postlint" / "spark").rglob("*.py"))
    ]
    heavy = "{'pyspark', 'py4j', 'pandas'}"
    code = f"import sys, {', '.join(modules)}; print(*{heavy} & set(sys.modules))"
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, encoding="utf-8", check=True)
    assert ran.stdout == "\n"


def test_the_editor_server_alone_imports_what_it_speaks_with() -> None:
    found = {
        path.relative_to(ROOT / "postlint" / "commands").as_posix()
        for path in (ROOT / "postlint").rglob("*.py")
        if re.search(r"^\s*(?:from|import) (?:pygls|lsprotocol)", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert found == {"editor/answers.py", "editor/protocol.py"}


def test_wheel_holds_rules_schema_and_marker(tmp_path: Path) -> None:
    pytest.importorskip("hatchling", reason="hatchling builds the wheel, and is not installed here")
    from hatchling.builders.wheel import WheelBuilder

    (wheel,) = WheelBuilder(str(ROOT)).build(directory=str(tmp_path), versions=["standard"])
    names = set(zipfile.ZipFile(wheel).namelist())
    rule_names = {f"postlint/rules/{path.name}" for path in (ROOT / "rules").glob("*.yaml")}
    assert rule_names <= names
    assert {"postlint/schema/report.schema.json", "postlint/py.typed", "postlint/cli.py"} <= names
    review = {f"postlint/reporters/review/{path.name}" for path in (ROOT / "postlint/reporters/review").iterdir()}
    assert {name.rpartition(".")[2] for name in review} == {"html", "css", "js"}
    assert review <= names
    assert not [name for name in names if name.startswith(("tests/", "fixtures/"))]


HOOKS = {hook["id"]: hook for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))}


def test_hooks_are_one_for_the_commit_and_one_for_the_corpus() -> None:
    assert {id: hook.get("pass_filenames", True) for id, hook in HOOKS.items()} == {
        "postlint": True,
        "postlint-corpus": False,
    }


@pytest.mark.parametrize("hook", HOOKS.values(), ids=HOOKS)
def test_hook_calls_what_there_is(hook: dict[str, Any]) -> None:
    assert hook["language"] == "python"
    # Several processes at once would each read the corpus.
    assert hook["require_serial"] is True
    program, *arguments = hook["entry"].split()
    assert program in PYPROJECT["project"]["scripts"]
    command, *options = arguments
    assert command == "check"
    assert set(options) <= {option for parameter in check.params for option in parameter.opts}


@pytest.mark.parametrize(
    ("name", "taken"),
    [
        ("content/a.md", True), ("a.markdown", True), ("x/y.mdx", True), ("post.txt", True), ("a.html", True),
        ("a.rst", False), ("package.json", False),
        ("README.md", False), ("docs/CHANGELOG.md", False), ("requirements-dev.txt", False), ("robots.txt", False),
    ],
)  # fmt: skip
def test_hooks_take_posts(name: str, taken: bool) -> None:
    for hook in HOOKS.values():
        matched = re.search(hook["files"], name) and not re.search(hook["exclude"], name)
        assert bool(matched) is taken


def test_ci_runs_one_script_that_can_be_run() -> None:
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8"))
    assert {"run": ".ci/run"} in workflow["jobs"]["test"]["steps"]
    assert subprocess.run(["bash", "-n", str(script)], check=False).returncode == 0
    text = script.read_text(encoding="utf-8")
    for command in ("ruff check .", "ruff format --check .", "mypy", "python -m postlint.documentation --check"):
        assert f"\n{command}\n" in text
