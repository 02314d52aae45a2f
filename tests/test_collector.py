"""What is paused while posts are read must not be needed: nothing that readers and rules make holds itself."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from postlint import inspecting, readers, rules
from postlint.collector import collect_new, paused
from postlint.dispatch import Dispatch
from postlint.loading import Files, Part, Posts
from postlint.settings import Settings

FIXTURES = Path(__file__).parents[1] / "fixtures" / "readers"
PATHS = sorted(path for path in FIXTURES.rglob("*") if path.suffix in readers.FORMATS)


class Cycle:
    """An object that holds itself, and counts how many there are."""

    alive = 0

    def __init__(self) -> None:
        self.itself = self
        Cycle.alive += 1

    def __del__(self) -> None:
        Cycle.alive -= 1


def ours() -> Counter[str]:
    """How many objects of each class of the project there are."""
    kinds = (type(made) for made in gc.get_objects())
    return Counter(kind.__qualname__ for kind in kinds if str(kind.__module__).startswith("postlint."))


@pytest.fixture
def without_cycles() -> Iterator[None]:
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def test_what_is_made_while_it_is_paused_stays_until_it_is_asked_for() -> None:
    with paused():
        Cycle()
        assert not gc.isenabled()
        assert Cycle.alive == 1
        collect_new()
        assert Cycle.alive == 0
    assert gc.isenabled()


def test_a_pause_within_a_pause_does_not_end_it(without_cycles: None) -> None:
    with paused():
        pass
    assert not gc.isenabled()


def inspect(paths: list[str], inspections: Dispatch) -> int:
    with closing(Posts(Files())) as posts:
        return inspecting.inspect_files([Part(path) for path in paths], inspections, posts).posts


def test_posts_are_gone_as_soon_as_nobody_needs_them(without_cycles: None) -> None:
    settings = Settings(codes=tuple(rules.all_rules()), as_of=date(2026, 1, 1))
    inspections = inspecting.bound_inspections(settings)
    paths = [path.as_posix() for path in PATHS]
    assert len(paths) > 10
    # Before: whatever is imported, compiled or kept, be it for good or for the last few posts, is made now.
    for _ in range(5):
        inspect(paths, inspections)
    gc.collect()
    before = ours()
    assert inspect(paths, inspections) > 10
    assert ours() == before
