"""The fuzzer: the same files from one seed, and no mistake of a reader that goes unnoticed."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from postlint.post import Block, Post
from postlint.readers import markdown

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))

import fuzz


@pytest.mark.parametrize("target", sorted(fuzz.TARGETS))
def test_files_of_a_seed_are_the_same_and_read_without_a_mistake(target: str) -> None:
    files = [fuzz.made(target, 0, number) for number in range(60)]
    assert files == [fuzz.made(target, 0, number) for number in range(60)]
    assert len(set(files)) > 50
    assert all(len(data) <= fuzz.MOST for data in files)
    assert fuzz.work(fuzz.Piece(target, 0, 0, 60)) == []


def test_every_target_has_fixtures() -> None:
    for target in fuzz.TARGETS:
        assert any(fuzz.fixtures(target)), target


def test_mistakes_are_found_and_made_small(monkeypatch: pytest.MonkeyPatch) -> None:
    def read(path: str, data: bytes) -> list[Post]:
        if b"raise" in data:
            raise RecursionError("too deep")
        source = data.decode()
        return [Post(path, "markdown", source, blocks=[Block("paragraph", "tea", 1, 4)] if "tea" in source else [])]

    monkeypatch.setattr(markdown, "read", read)
    assert fuzz.mistakes("a.md", b"milk") == []
    assert fuzz.mistakes("a.md", b" tea") == []
    (mistake,) = fuzz.mistakes("a.md", b"some tea")
    assert mistake.startswith("post 0: paragraph is not verbatim")
    assert fuzz.mistakes("a.md", b"to raise") == ["RecursionError: too deep"]
    small = fuzz.shrunk("a.md", b"a long file in which there is a word to raise an error", "RecursionError too deep")
    assert small == b"raise"
