"""What a process costs: CPU seconds of it and its children, wall seconds, peak memory."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple


class Cost(NamedTuple):
    """The cost of a run. `cpu` and `wall` in seconds, `memory` in MB: the peak of its largest single process."""

    cpu: float
    wall: float
    memory: float


def peak_memory(usage: resource.struct_rusage) -> float:
    """The peak resident memory that a usage tells, in MB."""
    # Linux counts in kilobytes, macOS in bytes.
    return usage.ru_maxrss / (1e6 if sys.platform == "darwin" else 1e6 / 1024)


def cpu_now() -> float:
    """CPU seconds of this process and of its children so far, user and system."""
    both = (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in both)


def run(command: Sequence[str], accepted: Sequence[int] = (0,), cwd: Path | None = None) -> Cost:
    """Run a command to its end, its output thrown away. RuntimeError if its exit code is none of the accepted ones.

    The peak memory cannot come out below that of this process, which the child is forked from: callers stay small.
    """
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd=cwd)
    assert process.stderr is not None
    errors = process.stderr.read()
    # wait4 tells the usage of this child and its children alone.
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in accepted:
        raise RuntimeError(f"{command[0]} ended with {process.returncode}: {errors.decode(errors='replace')[-2000:]}")
    return Cost(usage.ru_utime + usage.ru_stime, time.perf_counter() - start, peak_memory(usage))


def median(costs: Sequence[Cost]) -> Cost:
    """The median of each figure, taken alone."""
    return Cost(*(statistics.median(figures) for figures in zip(*costs, strict=True)))


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table."""
    widths = [max(len(row[column]) for row in [header, *rows]) for column in range(len(header))]
    lines = [" | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in [header, *rows]]
    lines.insert(1, " | ".join("-" * width for width in widths))
    return "\n".join(f"| {line} |" for line in lines)
