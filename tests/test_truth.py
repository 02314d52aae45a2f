"""The truth tables of the rules: what each must find, and what looks like it and must be left alone.

`tests/truth/CODE.yaml` has two lists, `positive` and `negative`. A case is the text of a post (`post.md`), or a
mapping: `post` or `posts` (file names to texts), and `options`, `as-of`, `path`, `also-run` (other rules) where they
matter. What the rule must report, no more and no less, stands between ⟦ and ⟧, which may be nested; the marks are taken
out before the post is linted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from postlint.engine import check_sources
from postlint.post import Lines
from postlint.rules import all_rules
from postlint.settings import Settings

TRUTH = Path(__file__).parent / "truth"
FILES = sorted(TRUTH.glob("*.yaml"))
AS_OF = date(2026, 11, 20)
CASES = 20
KEYS = {"post", "posts", "options", "as-of", "path", "also-run"}

Span = tuple[str, int, int]


def unmarked(text: str) -> tuple[str, list[tuple[int, int]]]:
    """A text without its marks, and the stretches that were marked."""
    plain: list[str] = []
    opened: list[int] = []
    spans = []
    for character in text:
        if character == "⟦":
            opened.append(len(plain))
        elif character == "⟧":
            spans.append((opened.pop(), len(plain)))
        else:
            plain.append(character)
    assert not opened, "a mark is not closed"
    return "".join(plain), spans


def posts_of(case: str | Mapping[str, Any]) -> Mapping[str, str]:
    if isinstance(case, str):
        return {"post.md": case}
    assert set(case) <= KEYS, set(case) - KEYS
    posts: Mapping[str, str] = case["posts"] if "posts" in case else {case.get("path", "post.md"): case["post"]}
    return posts


def wrong(code: str, case: str | Mapping[str, Any]) -> Iterator[str]:
    """What a rule misses in a case, and what it finds besides."""
    more = {} if isinstance(case, str) else case
    expected: list[Span] = []
    sources = {}
    for path, text in posts_of(case).items():
        sources[path], spans = unmarked(text)
        expected.extend((path, start, end) for start, end in spans)
    codes = (code, *more.get("also-run", ()))
    settings = Settings(codes=codes, as_of=more.get("as-of", AS_OF), options={code: more.get("options", {})})
    lines = {path: Lines(source) for path, source in sources.items()}
    found: list[Span] = []
    for violation in check_sources(sources, settings).violations:
        if violation.code != code:
            continue
        start, end = (
            lines[violation.path].row_start(location.row) + location.column - 1
            for location in (violation.location, violation.end_location)
        )
        found.append((violation.path, start, end))
    for words, these, those in (("missed", expected, found), ("false", found, expected)):
        for span in sorted(set(these)):
            if these.count(span) > those.count(span):
                path, start, end = span
                yield f"{words} {path} [{start}:{end}] {sources[path][start:end]!r} in {sources[path][:300]!r}"


@pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])
def test_truth(file: Path) -> None:
    table = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    assert set(table) == {"positive", "negative"}
    assert file.stem in all_rules()
    failures = []
    for kind, cases in table.items():
        for case in cases:
            marks = sum(text.count("⟦") for text in posts_of(case).values())
            assert bool(marks) == (kind == "positive"), f"{kind}: {case}"
            failures.extend(f"{kind}: {words}" for words in wrong(file.stem, case))
    assert not failures, "\n".join(failures)
    texts = {kind: {str(case) for case in cases} for kind, cases in table.items()}
    assert min(map(len, texts.values())) >= CASES, f"each list has {CASES} different cases"


def test_every_rule_has_a_table() -> None:
    """But for files that are no text: their bytes stand in `test_truth_bytes.py`."""
    assert set(all_rules()) - {file.stem for file in FILES} == {"FMT001"}
