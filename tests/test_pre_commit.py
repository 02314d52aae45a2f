"""The hook under real pre-commit, in a repository of its own: what is refused, what passes, in how many processes."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))

import commits

POSTS = commits.natural_posts(150, 1)
ORIGINAL = sorted(POSTS)[7]
COPY = commits.reworded(POSTS[ORIGINAL])
FRESH = commits.natural_posts(101, 2)


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> commits.Repository:
    return commits.Repository(tmp_path_factory.mktemp("hook") / "site", POSTS, commits.this_python())


@pytest.mark.parametrize("again", [False, True], ids=["cold", "warm"])
def test_a_copy_is_refused_and_the_original_named(repository: commits.Repository, again: bool) -> None:
    commit = repository.commit({"posts/copy.md": COPY})
    assert not commit.made
    assert commit.processes == [1]
    assert f"posts/copy.md:2:8: error ND002 the body resembles {ORIGINAL} to " in commit.output
    assert "posts/copy.md" not in repository.run("git", "ls-files")


def test_a_post_of_its_own_passes(repository: commits.Repository) -> None:
    name, text = next(iter(FRESH.items()))
    commit = repository.commit({name: text})
    assert commit.made, commit.output
    assert commit.processes == [1]
    # The index is no part of a commit.
    assert repository.run("git", "status", "--porcelain") == ""
    assert (repository.folder / ".postlint_cache").is_dir()


def test_more_files_than_one_process_is_given(repository: commits.Repository) -> None:
    """Two of them are copies of one another: whichever process is given them, each finds the other."""
    paths = commits.long_paths([*FRESH][1:])
    many = dict(zip(paths, [*FRESH.values()][1:], strict=True))
    commit = repository.commit(many)
    assert commit.made, commit.output
    assert len(commit.processes) > 1
    assert sum(commit.processes) == len(many)
    repository.run("git", "reset", "-q", "--hard", "HEAD^")
    first, last = min(paths), max(paths)
    commit = repository.commit({**many, last: commits.reworded(many[first])})
    assert not commit.made
    assert len(commit.processes) > 1
    for one, other in ((first, last), (last, first)):
        assert re.search(f"^{one}:.*ND002 the body resembles {other} ", commit.output, re.MULTILINE)
