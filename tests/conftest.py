"""What holds for every test."""

from __future__ import annotations

from hypothesis import settings

# A machine that does other things too is slow at times: no test fails for the time it took.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")
