"""Which lines of extracted text are code that lost its fence."""

from __future__ import annotations

import re
from collections.abc import Sequence

_STATEMENT = re.compile(
    r"""\s*(?:
        from\s+[\w.]+\s+import\s+[\w*({]
      | import\s+[\w.]+(?:\s+as\s+\w+)?;?\s*\Z
      | import\s+.{1,200}\s+from\s+['"]
      | (?:async\s+)?def\s+\w+\s*\(.*:\s*\Z
      | (?:export\s+)?(?:abstract\s+|final\s+|public\s+)?class\s+\w+.{0,200}[:{]\s*\Z
      | (?:export\s+)?(?:default\s+)?(?:async\s+)?function\b.{0,200}[{(]
      | (?:export\s+)?(?:const|let|var)\s+[\w{\[$].{0,200}=
      | (?:if|for|while|switch|elif|foreach|catch)\s*\(.{0,300}[{:;)]\s*\Z
      | (?:if|for|while|elif|with|except|try|else)\b.{0,200}:\s*\Z
      | return\b.{0,200}[;\])}'"]\s*\Z
      | (?:public|private|protected|static)\s+\w+.{0,200}[;{)]\s*\Z
      | (?:SELECT|INSERT\s+INTO|UPDATE|DELETE\s+FROM|CREATE\s+(?:TABLE|INDEX)|ALTER\s+TABLE)\s
      | (?:FROM|RUN|CMD|COPY|WORKDIR|ENTRYPOINT|EXPOSE|ENV)\s+[\w."\[/]\S*
      | @\w[\w.]*(?:\(.*\))?\s*\Z
      | \#include\s*[<"] | \#!/ | <\?php | \?> | \$\s+\w | \$\w+\s*= | //\s | /\*
      | </?[a-zA-Z][^<>]*>\s*\Z
      | [\])}]+[;,]?\s*\Z
      | [\w.\[\]'"$:>-]+\s*(?:[-+*/|]?=|:=|<-)\s*\S
      | [\w.$>:-]+\(.*\)\s*[;{]?\s*\Z
    )""",
    re.VERBOSE,
)
# Words that begin a line of prose as often as a line of code.
_WORDY = re.compile(r"\s*(?:if|for|while|with|try|else|except|return|FROM|RUN|COPY|CMD|EXPOSE|ENV)\b")
_CODE_SIGNS = re.compile(r"[{}()\[\]=<>$_\\|&]|::|->|=>|;\s*\Z")
_LONGEST = 300


def is_code_line(line: str) -> bool:
    """Whether a line can hardly be anything but code."""
    if len(line) > _LONGEST or not line.strip():
        return False
    if _STATEMENT.match(line) is None:
        return False
    return _WORDY.match(line) is None or _CODE_SIGNS.search(line) is not None or line[0] in " \t"


def is_code(lines: Sequence[str]) -> bool:
    """Whether lines that stand together are code: most are so by themselves, the others could be."""
    certain = sum(is_code_line(line) for line in lines)
    if certain == 0 or certain * 2 < len(lines):
        return False
    return all(
        _STATEMENT.match(line) is not None or line[:1] in " \t" or _CODE_SIGNS.search(line) is not None
        for line in lines
        if len(line) <= _LONGEST
    ) and all(len(line) <= _LONGEST for line in lines)
