"""What holds for every test, and what several files of them share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import PROGRAM, Browser
from hypothesis import settings

# A machine that does other things too is slow at times: no test fails for the time it took.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Browser]:
    """A browser that saves what it downloads in the folder of the test."""
    if PROGRAM is None:
        pytest.skip("there is no Chromium to open the report in")
    opened = Browser(tmp_path)
    yield opened
    opened.close()
