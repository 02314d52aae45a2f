"""Each format, whole: the reports of the small site are those under fixtures/reports/, byte for byte."""

from __future__ import annotations

import difflib
import re

import pytest
from golden import CASES, FOLDER, ROOT, produced

from postlint.reporters import FORMATS


@pytest.mark.parametrize("name", CASES)
def test_report_is_the_one_that_was_read(name: str) -> None:
    wanted, made = (FOLDER / name).read_bytes(), produced(name)
    if wanted != made:
        # Bytes, since the ends of lines and what is not UTF-8 count, too.
        rows = [[repr(row)[2:-1] for row in text.splitlines(keepends=True)] for text in (wanted, made)]
        told = "\n".join(list(difflib.unified_diff(*rows, "kept", "made", lineterm="", n=0))[:40])
        pytest.fail(f"{name} is another report; if that is meant, run `python tests/golden.py` and read it:\n{told}")


def test_every_format_has_a_report_and_every_report_a_format() -> None:
    assert {path.name for path in FOLDER.iterdir()} == set(CASES)
    assert {f"site.{form}.out" for form in FORMATS} <= set(CASES)


@pytest.mark.parametrize("name", CASES)
def test_reports_name_no_place_of_this_machine(name: str) -> None:
    text = (FOLDER / name).read_text(encoding="utf-8")
    assert str(ROOT) not in text
    assert not re.search(r"file:|/home/|/root/|/tmp/|[A-Z]:\\", text)
