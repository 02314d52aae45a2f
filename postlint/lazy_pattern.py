"""Regular expressions that are compiled when they are first used: a run needs few of those that its modules name."""

from __future__ import annotations

import re
from typing import Any, AnyStr, cast


class _Lazy:
    """Stands for a pattern: has what the pattern has from the first time that anything of it is asked for."""

    def __init__(self, source: Any, flags: int) -> None:
        self._source = source
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        found = re.compile(self._source, self._flags)
        # From now on these are found without asking this method, and cost what those of the pattern cost.
        for method in ("match", "fullmatch", "search", "finditer", "findall", "sub", "split"):
            setattr(self, method, getattr(found, method))
        return getattr(found, name)


def lazy_pattern(source: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """A regular expression of the program's own, which is known to be valid."""
    return cast("re.Pattern[AnyStr]", _Lazy(source, flags))
