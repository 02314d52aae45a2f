"""The GitHub action and the GitLab template: their scripts are run here, as far as that goes without either."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from postlint import __version__
from postlint.reporters import FORMATS

ROOT = Path(__file__).parents[1]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
GITLAB = yaml.safe_load((ROOT / "ci" / "gitlab.yml").read_text(encoding="utf-8"))["postlint"]
PAGE = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
STEPS = {step.get("name", step.get("uses")): step for step in ACTION["runs"]["steps"]}
# Stands in for Python where a script makes a virtual environment: it notes what pip is to install, and installs this.
PYTHON = f"""#!/bin/sh
if [ "$2" = venv ]; then
  mkdir -p "$3/bin"
  cp "$0" "$3/bin/python"
  printf '#!/bin/sh\\nexec {sys.executable} -m postlint "$@"\\n' > "$3/bin/postlint"
  chmod +x "$3/bin/postlint"
else
  printf '%s\\n' "$@" > "$NOTES"
fi
"""


class Ran(NamedTuple):
    """What became of a script."""

    code: int
    output: str


class Runner:
    """A folder to run scripts in, with the variables that GitHub's runner sets."""

    def __init__(self, folder: Path) -> None:
        self.site = folder / "site"
        (self.site / "content").mkdir(parents=True)
        (self.site / "content" / "a b.md").write_text(
            "---\nneeds_human_review: true\n---\n\nWords.\n", encoding="utf-8"
        )
        (self.site / "content" / "c.md").write_text("Other words of another post.\n", encoding="utf-8")
        stand_ins = folder / "bin"
        stand_ins.mkdir()
        (stand_ins / "python").write_text(PYTHON, encoding="utf-8")
        (stand_ins / "python").chmod(0o755)
        self.notes, self.outputs, self.temporary = folder / "notes", folder / "outputs", folder / "temporary"
        self.outputs.touch()
        self.environment = {
            "PATH": f"{stand_ins}:{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT),
            "HOME": str(folder),
            "NOTES": str(self.notes),
            "RUNNER_TEMP": str(self.temporary),
            "GITHUB_ACTION_PATH": str(ROOT),
            "GITHUB_OUTPUT": str(self.outputs),
        }

    def run(self, script: str, variables: dict[str, str]) -> Ran:
        """Run a script as both do: in bash that stops at the first command that fails."""
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
            cwd=self.site,
            env={**self.environment, **variables},
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        return Ran(done.returncode, done.stdout + done.stderr)

    def step(self, name: str, **inputs: str) -> Ran:
        """Run a step of the action with some inputs, the others as they are by default."""
        values = {name: said["default"] for name, said in ACTION["inputs"].items()} | inputs
        step = STEPS[name]
        variables = {
            key: re.sub(r"\$\{\{ inputs\.([\w-]+) \}\}", lambda found: values[found[1]], value)
            for key, value in step.get("env", {}).items()
        }
        return self.run(step["run"], variables)


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    """A runner with postlint installed, for all that a script can tell."""
    made = Runner(tmp_path)
    assert made.step("Install postlint").code == 0
    return made


def test_the_action_installs_itself_or_the_release_that_is_named(runner: Runner) -> None:
    assert runner.notes.read_text(encoding="utf-8").splitlines()[-1] == str(ROOT)
    assert runner.step("Install postlint", version="0.1.0").code == 0
    assert runner.notes.read_text(encoding="utf-8").splitlines() == [
        "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "postlint==0.1.0",
    ]  # fmt: skip


def test_the_action_reports_in_the_pull_request_and_fails_as_the_command_does(runner: Runner) -> None:
    ran = runner.step("Lint the posts", paths="content/")
    assert ran.code == 1
    assert "::error file=content/a b.md,line=2," in ran.output
    assert runner.outputs.read_text(encoding="utf-8") == "exit-code=1\n"
    ran = runner.step("Lint the posts", args="--fail-on never --quiet", format="concise", sarif="out.sarif")
    assert ran.code == 0
    assert ran.output.startswith("content/a b.md:2:")
    assert json.loads((runner.site / "out.sarif").read_text(encoding="utf-8"))["version"] == "2.1.0"
    ran = runner.step("Lint the posts", args="--no-such-option")
    assert ran.code == 2
    assert runner.outputs.read_text(encoding="utf-8") == "exit-code=1\nexit-code=0\nexit-code=2\n"


@pytest.mark.parametrize("name", ["paths", "args", "sarif", "format"])
def test_what_an_input_says_is_no_script(runner: Runner, name: str) -> None:
    for said in (
        "; touch broken",
        "$(touch broken)",
        "`touch broken`",
        '" ; touch broken #',
        "content/* || touch broken",
    ):
        runner.step("Lint the posts", **{name: said})
        assert not (runner.site / "broken").exists()
    # Nor does bash look for files by a pattern: postlint is given what was said.
    ran = runner.step("Lint the posts", paths="content/*.md")
    assert "content/*.md: no such file or folder" in ran.output
    assert ran.code == 2


def test_scripts_of_the_action_name_no_expression(runner: Runner) -> None:
    assert ACTION["runs"]["using"] == "composite"
    for step in ACTION["runs"]["steps"]:
        assert "${{" not in step.get("run", "")
        assert ("run" in step) != ("uses" in step)
        if "run" in step:
            # A composite action has no default shell.
            assert step["shell"] == "bash"
    named = re.findall(r"inputs\.([\w-]+)", (ROOT / "action.yml").read_text(encoding="utf-8"))
    assert set(named) == set(ACTION["inputs"])
    assert ACTION["inputs"]["format"]["default"] in FORMATS


def gitlab(runner: Runner, **variables: str) -> Ran:
    said = {**GITLAB["variables"], "CI_PROJECT_DIR": str(runner.site), **variables}
    return runner.run("\n".join([*GITLAB["before_script"], *GITLAB["script"]]), said)


def test_the_gitlab_job_leaves_a_report_of_code_quality(runner: Runner) -> None:
    ran = gitlab(runner, POSTLINT_PATHS="content/")
    assert ran.code == 1
    report = json.loads((runner.site / GITLAB["artifacts"]["reports"]["codequality"]).read_text(encoding="utf-8"))
    assert [(item["check_name"], item["location"]["path"]) for item in report] == [
        ("needs-human-review", "content/a b.md")
    ]
    assert runner.notes.read_text(encoding="utf-8").splitlines()[-1] == "postlint"
    assert gitlab(runner, POSTLINT_ARGS="--fail-on never", POSTLINT="postlint==0.1.0").code == 0
    assert runner.notes.read_text(encoding="utf-8").splitlines()[-1] == "postlint==0.1.0"


def test_both_keep_the_folder_of_the_index(runner: Runner) -> None:
    (runner.site / "postlint.toml").write_text('corpus = ["content"]\n', encoding="utf-8")
    assert runner.step("Lint the posts").code == 1
    kept = [path for entry in GITLAB["cache"] for path in entry["paths"]]
    assert (runner.site / ".postlint_cache").is_dir()
    assert ".postlint_cache/" in kept
    assert STEPS["Restore the index"]["with"]["path"].endswith("/.postlint_cache")


def test_the_page_says_what_there_is() -> None:
    workflow, changes, include = (yaml.safe_load(block) for block in re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL))
    used: list[dict[str, Any]] = [*workflow["jobs"]["postlint"]["steps"], *changes]
    for step in used:
        if step["uses"].startswith("postlint/"):
            assert step["uses"] == f"postlint/postlint@v{__version__}"
            assert set(step["with"]) <= set(ACTION["inputs"])
    assert set(include["postlint"]["variables"]) <= set(GITLAB["variables"])
    assert include["include"][0]["remote"].endswith(f"/v{__version__}/ci/gitlab.yml")
    rows = re.findall(r"^\| `([\w-]+)` \| (?:`([^`]*)`|none) \|", PAGE, re.MULTILINE)
    assert dict(rows) == {name: said["default"] for name, said in ACTION["inputs"].items()}


class Debian:
    """A machine without Java, in a folder: what would install it notes how it was called."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.notes = folder / "notes"
        for name in ("bash", "cp", "env", "grep"):
            found = shutil.which(name)
            assert found is not None
            (folder / name).symlink_to(found)

    def have(self, name: str, script: str) -> None:
        """Put a program there."""
        path = self.folder / name
        path.write_text(f"#!{shutil.which('bash')}\n{script}\n", encoding="utf-8")
        path.chmod(0o755)

    def have_java(self, version: str) -> None:
        self.have("java", f"echo 'openjdk version \"{version}\"' >&2")

    def have_apt(self, *packages: str) -> None:
        """An apt-get that knows some packages of Java, and can't fetch a newer list of them."""
        (self.folder / "packages").mkdir(exist_ok=True)
        for name in packages:
            self.have(f"packages/{name}", f"echo 'openjdk version \"{name.split('-')[1]}\"' >&2")
        self.have(
            "apt-get",
            f'echo "$@" >> {self.notes}\n[ "$1" = install ] || exit 1\n'
            f'cp {self.folder}/packages/"${{@: -1}}" {self.folder}/java 2>/dev/null',
        )

    def run(self, **variables: str) -> Ran:
        done = subprocess.run(
            [str(ROOT / ".ci" / "java")],
            env={"PATH": str(self.folder), **variables},
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        return Ran(done.returncode, done.stderr)

    @property
    def installed(self) -> list[str]:
        """The packages that were asked for."""
        rows = self.notes.read_text(encoding="utf-8").splitlines() if self.notes.exists() else []
        return [row.split()[-1] for row in rows if row.startswith("install -y ")]


@pytest.fixture
def debian(tmp_path: Path) -> Debian:
    """A machine without Java, where the user is root."""
    made = Debian(tmp_path)
    made.have("id", "echo 0")
    return made


@pytest.mark.parametrize(
    ("version", "is_enough"), [("17.0.15", True), ("21", True), ("11.0.2", False), ("1.8.0", False)]
)
def test_a_java_that_is_new_enough_is_left_alone(version: str, is_enough: bool, debian: Debian) -> None:
    debian.have_java(version)
    debian.have_apt("openjdk-17-jre-headless")
    assert debian.run() == Ran(0, "")
    assert debian.installed == ([] if is_enough else ["openjdk-17-jre-headless"])


def test_java_is_installed_from_debian(debian: Debian) -> None:
    debian.have_apt("openjdk-21-jre-headless")
    assert debian.run() == Ran(0, "")
    # Debian 13 has no Java 17.
    assert debian.installed == ["openjdk-17-jre-headless", "openjdk-21-jre-headless"]
    assert debian.notes.read_text(encoding="utf-8").startswith("update ")


def test_java_is_installed_by_sudo_where_the_user_is_not_root(debian: Debian) -> None:
    debian.have("id", "echo 1000")
    debian.have_apt("openjdk-17-jre-headless")
    assert debian.run() == Ran(1, "no Java for Spark's tests: only root can install it, and there is no sudo\n")
    assert debian.installed == []
    debian.have("sudo", f'printf "%s\\n" "$1" >> {debian.folder}/sudone; shift; "$@"')
    assert debian.run() == Ran(0, "")
    assert debian.installed == ["openjdk-17-jre-headless"]
    # It asks for no password: nobody is there.
    assert set((debian.folder / "sudone").read_text(encoding="utf-8").split()) == {"-n"}


def test_where_java_cannot_be_installed_it_is_said_why(debian: Debian) -> None:
    assert debian.run() == Ran(1, "no Java for Spark's tests: there is no apt-get to install it with\n")
    debian.have_apt()
    assert debian.run() == Ran(1, "no Java for Spark's tests: apt-get can't install it\n")
    debian.have_apt("openjdk-17-jre-headless")
    said = "no Java for Spark's tests: openjdk-17-jre-headless is installed, but JAVA_HOME says /nowhere\n"
    assert debian.run(JAVA_HOME="/nowhere") == Ran(1, said)


# Stands in for Python where CI makes its virtual environments: whatever is called in them is noted, with where and how.
ENVIRONMENTS = """#!/bin/bash
mkdir -p "$3/bin"
for tool in pip ruff mypy pytest python; do
  cat > "$3/bin/$tool" <<END
#!/bin/bash
note="$(basename "$3"): $tool \\$*\\${POSTLINT_SPARK:+ (\\$POSTLINT_SPARK)}"
echo "\\$note" >> "\\$NOTES"
[ "\\$note" != "\\${FAILING:-}" ] || exit 1
[ "\\$1" != -c ] || exit \\$NEWER
END
  chmod +x "$3/bin/$tool"
done
printf 'before=$PATH; PATH=%s/bin:$PATH; deactivate() { PATH=$before; }\\n' "$3" > "$3/bin/activate"
"""


class Ci:
    """A checkout in which CI's script can be run in a moment."""

    def __init__(self, folder: Path) -> None:
        self.root, self.notes = folder / "checkout", folder / "notes"
        (self.root / ".ci").mkdir(parents=True)
        shutil.copy(ROOT / ".ci" / "run", self.root / ".ci")
        shutil.copy(ROOT / "README.md", self.root)
        (folder / "bin").mkdir()
        (folder / "bin" / "python3").write_text(ENVIRONMENTS, encoding="utf-8")
        (folder / "bin" / "python3").chmod(0o755)
        self.environment = {"PATH": f"{folder / 'bin'}:{os.environ['PATH']}", "NOTES": str(self.notes)}

    def run(self, *, java: bool, newer: bool) -> tuple[list[str], str]:
        """Run it where there is Java or not, on a Python that Spark 3.5 knows or on a newer one."""
        program = self.root / ".ci" / "java"
        program.write_text(f"#!/bin/sh\nexit {int(not java)}\n", encoding="utf-8")
        program.chmod(0o755)
        done = subprocess.run(
            [str(self.root / ".ci" / "run")],
            env={**self.environment, "NEWER": str(int(newer))},
            capture_output=True,
            encoding="utf-8",
            check=True,
        )
        notes = self.notes.read_text(encoding="utf-8").splitlines()
        self.notes.unlink()
        return notes, done.stdout


def test_ci_tests_the_newest_spark_and_the_oldest(tmp_path: Path) -> None:
    ci = Ci(tmp_path)
    pip = "pip install --quiet --disable-pip-version-check"
    checks = ["ruff check .", "ruff format --check .", "mypy ", "python -m postlint.documentation --check"]
    tests = [*checks, "pytest -n auto -m not spark"]
    always = ["venv: pip install -e .[test] --quiet --disable-pip-version-check"]
    without = [*always, *(f"venv: {test}" for test in tests), "venv: pytest -m spark"]
    assert ci.run(java=False, newer=False) == (without, "")
    # With Java no test of Spark's is skipped, and it has to be so before the first of them runs.
    newest = [*always, f"venv: {pip} -e .[spark-local]", *(f"venv: {test} (required)" for test in tests)]
    oldest = [f"spark35: {pip} -e .[test,spark-local] pyspark<4 (required)", "spark35: pytest -m spark (required)"]
    last = "venv: pytest -m spark (required)"
    found, said = ci.run(java=True, newer=False)
    asked, *_ = (note for note in found if " -c " in note)
    # These two run at the same time.
    assert [note for note in found if note not in oldest] == [*newest, asked, last]
    assert [note for note in found if note in oldest] == oldest
    assert said == "On Spark 3.5:\n"
    said = "Spark 3.5 is not tested here: it knows Python up to 3.11\n"
    assert ci.run(java=True, newer=True) == ([*newest, asked, last], said)


@pytest.mark.parametrize("where", ["venv", "spark35"])
def test_ci_fails_where_one_of_the_sparks_does(tmp_path: Path, where: str) -> None:
    ci = Ci(tmp_path)
    ci.environment["FAILING"] = f"{where}: pytest -m spark (required)"
    with pytest.raises(subprocess.CalledProcessError) as failed:
        ci.run(java=True, newer=False)
    assert failed.value.returncode == 1
    # The other is not stopped.
    assert ci.notes.read_text(encoding="utf-8").count("pytest -m spark (required)") == 2


def test_tests_of_spark_come_last(tmp_path: Path) -> None:
    names = ["tests/test_spark_clusters.py", "tests/test_ci.py"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", *names],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    collected = [name for name in done.stdout.splitlines() if "::" in name]
    assert "test_ci.py" in collected[0]
    assert "test_spark_clusters.py" in collected[-1]


def spark_test(folder: Path, says: str, home: str) -> str:
    """How a test of Spark's ends where there is no Java, by the line that pytest ends with."""
    test = folder / "test_it.py"
    test.write_text("import pytest\n\n@pytest.mark.spark\ndef test_it():\n    pass\n", encoding="utf-8")
    (folder / "conftest.py").write_text((ROOT / "tests" / "conftest.py").read_text(encoding="utf-8"), encoding="utf-8")
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-rs",
            "-c",
            str(ROOT / "pyproject.toml"),
            "--rootdir",
            str(folder),
            str(test),
        ],
        env={**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}", "POSTLINT_SPARK": says, "JAVA_HOME": home},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return done.stdout


def test_a_test_of_spark_is_skipped_with_a_reason_or_fails_where_it_is_required(tmp_path: Path) -> None:
    skipped = spark_test(tmp_path, "", str(tmp_path))
    assert "1 skipped" in skipped
    # Java is looked for last.
    assert re.search(r"SKIPPED \[1\].*: (Spark needs Java 17 or newer, and there is none|.* is not installed)", skipped)
    required = spark_test(tmp_path, "required", str(tmp_path))
    assert re.search(r"1 (failed|error)", required)
    assert "skipped" not in required
