"""What a finding weighs: the same finding is a warning in one post and info in another."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest

from postlint.engine import check_sources
from postlint.settings import Settings

KILN = "The old kiln loses heat at the door, which is why we fire the glazed pots first and the bricks at the end."
CHAIN = "A bicycle chain wants oil once a month, and a clean rag more often than that if you ride in the rain."
NOTE = "To see what else has changed, please read the list of changes."


def severities(code: str, posts: Mapping[str, str]) -> list[str]:
    """The severities of a rule's findings, in order of the posts."""
    report = check_sources(posts, Settings(codes=frozenset({code}), as_of=date(2026, 11, 20)))
    return [violation.severity.name.lower() for violation in report.violations]


def titled(day: str, body: str) -> str:
    """A post with a title that others have, too."""
    return f"---\ntitle: What our readers fire\ndate: {day}\n---\n\n{body}\n"


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (("2024-03-01", "2024-08-28"), ["info", "info"]),
        (("2024-03-01", "2024-08-27"), ["warning", "warning"]),
        (("2024-08-28", "2024-03-01"), ["info", "info"]),
        (("2024-03-01", ""), ["warning", "warning"]),
    ],
)
def test_a_title_may_come_back_after_half_a_year(days: tuple[str, str], expected: list[str]) -> None:
    """From 1 March to 28 August are 180 days."""
    posts = {"a.md": titled(days[0], KILN), "b.md": titled(days[1], CHAIN)}
    assert severities("ND004", posts) == expected


def test_the_day_of_a_file_name_stands_for_a_date() -> None:
    post = "---\ntitle: What our readers fire\n---\n\n"
    assert severities("ND004", {"2006-06-07-pots.md": post + KILN, "2009-10-12-jars.md": post + CHAIN}) == ["info"] * 2
    assert (
        severities("ND004", {"2006-06-07-pots.md": post + KILN, "2006-99-12-jars.md": post + CHAIN}) == ["warning"] * 2
    )


def test_a_post_is_held_against_the_nearest_in_time() -> None:
    posts = {
        "a.md": titled("2020-01-01", KILN),
        "b.md": titled("2024-01-01", CHAIN),
        "c.md": titled("2024-01-09", f"{CHAIN} {KILN}"),
    }
    assert severities("ND004", posts) == ["info", "warning", "warning"]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        # 12 of 45 words, but a line of release notes.
        (f"{KILN}\n\n{NOTE}\n\n{NOTE}\n", ["info"]),
        # 22 of 66 words.
        (f"{KILN}\n\n{CHAIN}\n\n{KILN}\n", ["warning"]),
        # 22 of 145 words.
        (f"{KILN}\n\n{' '.join(f'word{number}' for number in range(101))}\n\n{KILN}\n", ["info"]),
    ],
)
def test_a_short_paragraph_may_stand_twice(body: str, expected: list[str]) -> None:
    assert severities("BP006", {"a.md": f"---\ntitle: Kilns\n---\n\n{body}"}) == expected
