"""Runs that are made when someone asks where a text stands: of most blocks nobody does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import overload

from postlint.post import Run


class LazyRuns(Sequence[Run]):
    """The runs that a function makes, once and on demand."""

    __slots__ = ("_made", "_make")

    def __init__(self, make: Callable[[], tuple[Run, ...]]) -> None:
        self._make: Callable[[], tuple[Run, ...]] | None = make
        self._made: tuple[Run, ...] = ()

    def _runs(self) -> tuple[Run, ...]:
        if self._make is not None:
            self._made = self._make()
            self._make = None
        return self._made

    @overload
    def __getitem__(self, number: int, /) -> Run: ...
    @overload
    def __getitem__(self, number: slice, /) -> tuple[Run, ...]: ...
    def __getitem__(self, number: int | slice, /) -> Run | tuple[Run, ...]:
        return self._runs()[number]

    def __len__(self) -> int:
        return len(self._runs())
