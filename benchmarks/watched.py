"""Work done in processes that may crash, hang or eat memory without taking the rest along."""

from __future__ import annotations

import multiprocessing
import resource
import time
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from multiprocessing.connection import Connection, wait
from typing import Generic, NamedTuple, TypeVar

Given = TypeVar("Given")
Result = TypeVar("Result")

MEMORY = 3 << 30
"""Bytes of address space that a process may have."""


class Outcome(NamedTuple, Generic[Given, Result]):
    """What came of one piece of work: a result, or why there is none."""

    given: Given
    result: Result | None
    failure: str


class _Worker(Generic[Given, Result]):
    """A process and what it is doing."""

    def __init__(self, work: Callable[[Given], Result]) -> None:
        self.connection, other = multiprocessing.Pipe()
        self.process = multiprocessing.Process(target=_serve, args=(work, other), daemon=True)
        self.process.start()
        other.close()
        self.given: Given | None = None
        self.until = 0.0

    def start(self, given: Given, limit: float) -> None:
        self.given = given
        self.until = time.monotonic() + limit
        self.connection.send(given)

    def stop(self) -> None:
        self.process.kill()
        self.process.join()
        self.connection.close()


def _serve(work: Callable[[Given], Result], connection: Connection) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    while True:
        connection.send(work(connection.recv()))


def watched(
    work: Callable[[Given], Result], given: Iterable[Given], jobs: int, limit: float
) -> Iterator[Outcome[Given, Result]]:
    """The outcome of each piece of work, in no order. One that takes more than `limit` wall seconds is killed.

    An exception ends its process, which prints it to standard error.
    """
    todo = iter(given)
    workers: list[_Worker[Given, Result]] = []
    for piece in islice(todo, jobs):
        workers.append(_Worker(work))
        workers[-1].start(piece, limit)
    while workers:
        now = time.monotonic()
        ready = wait([worker.connection for worker in workers], max(0.0, min(worker.until for worker in workers) - now))
        for worker in list(workers):
            assert worker.given is not None
            if worker.connection in ready:
                try:
                    yield Outcome(worker.given, worker.connection.recv(), "")
                    is_alive = True
                except EOFError:
                    worker.process.join()
                    yield Outcome(worker.given, None, f"ended with {worker.process.exitcode}")
                    is_alive = False
            elif worker.until <= time.monotonic():
                yield Outcome(worker.given, None, f"takes more than {limit:g} s")
                is_alive = False
            else:
                continue
            following = next(todo, None)
            if not is_alive or following is None:
                worker.stop()
                workers.remove(worker)
                if following is not None:
                    worker = _Worker(work)
                    workers.append(worker)
            if following is not None:
                worker.start(following, limit)
