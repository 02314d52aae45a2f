"""Commits to a repository of posts under real pre-commit: python benchmarks/commits.py --posts 3000 --hooks CLONE."""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import yaml
from articles import markdown
from generate import articles
from measure import table

HOOKS = Path(__file__).parents[1] / ".pre-commit-hooks.yaml"
_SUMMARY = re.compile(r"^(?:Found .*|No violations) in (?:\d+ of )?(\d+) posts?\.$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Commit:
    """What became of a commit."""

    made: bool
    output: str
    seconds: float

    @property
    def processes(self) -> list[int]:
        """The posts that each process of the hook reported on."""
        return [int(posts) for posts in _SUMMARY.findall(self.output)]


class Repository:
    """A git repository of posts with pre-commit as its hook, in an empty folder. Nothing outside is read or written."""

    def __init__(self, folder: Path, posts: Mapping[str, str], configuration: object) -> None:
        folder.mkdir()
        self.folder = folder
        self._environment = _environment(folder)
        for name, text in posts.items():
            self.write(name, text)
        (folder / ".pre-commit-config.yaml").write_text(yaml.safe_dump(configuration))
        self.run("git", "init", "-q")
        self.run("git", "add", ".")
        self.run("git", "commit", "-qm", "Posts")
        self.run(sys.executable, "-m", "pre_commit", "install", "--install-hooks")

    def write(self, name: str, text: str) -> None:
        """Write a file."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def commit(self, posts: Mapping[str, str]) -> Commit:
        """Add posts and commit them; one that is refused leaves nothing behind."""
        for name, text in posts.items():
            self.write(name, text)
        self.run("git", "add", ".")
        before = time.perf_counter()
        done = self._process("git", "commit", "-m", "More")
        seconds = time.perf_counter() - before
        if done.returncode:
            self.run("git", "reset", "-q", "--hard")
        return Commit(done.returncode == 0, done.stdout, seconds)

    def run(self, *command: str) -> str:
        """The output of a command that has to work."""
        done = self._process(*command)
        if done.returncode:
            raise RuntimeError(f"{' '.join(command)}: {done.stdout}")
        return done.stdout

    def _process(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command,
            cwd=self.folder,
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )


def _environment(folder: Path) -> dict[str, str]:
    # A hook that runs this may itself stand in a repository.
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "PRE_COMMIT"))}
    home = folder.parent / "home"
    home.mkdir(exist_ok=True)
    people = {f"GIT_{role}_{part}": "a@b" for role in ("AUTHOR", "COMMITTER") for part in ("NAME", "EMAIL")}
    places = {"HOME": str(home), "XDG_CONFIG_HOME": str(home), "PRE_COMMIT_HOME": str(home / "pre-commit")}
    return {**kept, **people, **places, "GIT_CONFIG_NOSYSTEM": "1"}


def this_python() -> object:
    """A configuration that runs the hook for changed posts with this interpreter: nothing is installed."""
    hook = dict(yaml.safe_load(HOOKS.read_text())[0])
    program, _, arguments = hook["entry"].partition(" ")
    assert program == "postlint"
    hook.update(language="system", entry=f"{sys.executable} -m postlint {arguments}", verbose=True)
    return {"repos": [{"repo": "local", "hooks": [hook]}]}


def cloned(clone: Path) -> object:
    """A configuration that has pre-commit install the hook from a clone, as it stands in its last commit."""
    command = ["git", "-C", str(clone), "rev-parse", "HEAD"]
    revision = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    hooks = [{"id": "postlint", "verbose": True}]
    return {"repos": [{"repo": str(clone.resolve()), "rev": revision, "hooks": hooks}]}


def natural_posts(count: int, seed: int) -> dict[str, str]:
    """Posts of a seed, file names to texts, none a copy of another; no two seeds have one in common."""
    # One in ten is made as a copy.
    found = (article for article, planted in articles("natural", 2 * count, seed) if planted is None)
    return {f"posts/{article.path}": markdown(article) for article in islice(found, count)}


def reworded(text: str) -> str:
    """A post with every hundredth of its words exchanged."""
    head, fence, body = text.partition("\n---\n")
    words = body.split(" ")
    words[50::100] = ["otherwise"] * len(words[50::100])
    return head + fence + " ".join(words)


def long_paths(names: Iterable[str]) -> list[str]:
    """File names made so long, by their folders, that a hundred of them are more than one command line takes."""
    folder = "/".join(letter * 200 for letter in "abcdefg")
    return [f"posts/{folder}/{Path(name).name}" for name in names]


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=3000)
    parser.add_argument("--hooks", type=Path, help="install the hook from this clone; default: what is installed here")
    arguments = parser.parse_args()
    posts = natural_posts(arguments.posts, 1)
    original = sorted(posts)[7]
    copy = reworded(posts[original])
    names, texts = zip(*natural_posts(202, 2).items(), strict=True)
    many = dict(zip(long_paths(names[2:]), texts[2:], strict=True))
    stories = {
        "a copy, before there is an index": {"posts/copy.md": copy},
        "a copy": {"posts/copy.md": copy},
        "a post of its own": {names[0]: texts[0]},
        "another one": {names[1]: texts[1]},
        "200 with long names, one of them a copy": {**many, sorted(many)[100]: copy},
        "200 with long names": many,
    }
    with tempfile.TemporaryDirectory() as folder:
        configuration = cloned(arguments.hooks) if arguments.hooks else this_python()
        repository = Repository(Path(folder, "site"), posts, configuration)
        rows = []
        for name, changed in stories.items():
            commit = repository.commit(changed)
            rows.append(
                [
                    name,
                    "made" if commit.made else "refused",
                    "yes" if original in commit.output else "no",
                    " + ".join(map(str, commit.processes)),
                    f"{commit.seconds:.2f}",
                ]
            )
    print(f"{arguments.posts} posts\n")
    print(table(["commit", "it is", "original named", "posts a process", "wall s"], rows))


if __name__ == "__main__":
    main()
