"""The user's mistakes: one message each, with the file, the line and the nearest valid name, and exit code 2."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date


class UserError(Exception):
    """Something the user wrote is wrong. The message is shown as it is; the program exits with 2."""


def nearest(name: str, valid: Iterable[str], limit: int = 1) -> str:
    """A hint at the valid names closest to a wrong one: `; did you mean "x"?`, or nothing where none is close."""
    # difflib, not rapidfuzz: it is only needed when something is wrong, and is always there.
    import difflib

    folded = {candidate.casefold(): candidate for candidate in valid}
    close = difflib.get_close_matches(name.casefold(), folded, n=limit, cutoff=0.6)
    return f'; did you mean "{folded[close[0]]}"?' if close else ""


def shown(value: object) -> str:
    """A value of a configuration as a message shows it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, (int, float, date)):
        return str(value)
    return "a list" if isinstance(value, list) else "a table"
