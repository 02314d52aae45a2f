"""The garbage collector, paused where many objects are made that hold no cycles: looking for some costs a tenth."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def paused() -> Iterator[None]:
    """No collection of cycles inside; afterwards as it was before."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def collect_new() -> None:
    """Let go of cycles among what was made since the last time, and look at nothing older."""
    gc.collect(1)
