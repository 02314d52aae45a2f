"""Legitimate likeness: one page, one series, two languages; and what only looks like it."""

from __future__ import annotations

import pytest

from postlint.likeness import identity_of, language_of, one_page, one_series, series_of
from postlint.meta import Entry, Meta
from postlint.post import Post, Text


def post(path: str, title: str = "", **meta: str) -> Post:
    """A post of a path, with a title and meta."""
    entries = [Entry((key,), value, 0, 0, 0, 0) for key, value in meta.items()]
    return Post(path, "markdown", "", title=Text(title, 0, 0) if title else None, meta=Meta(entries, (0, 0)))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (post("2024-03-01-letter-12.md", "Letter 12"), post("2024-03-08-letter-13.md", "Letter 13")),
        (post("notes/v18.2.0.md", "Engine 18.2.0 (LTS)"), post("notes/v17.9.1.md", "Engine 17.9.1 (Current)")),
        (post("survey-launch-2019.md", "Our 2019 survey"), post("annual-survey-2024-launch.md", "Survey of 2024")),
        (post("team-april-update.md", "Team April update"), post("team-may-update.md", "Team May update")),
        (post("a.md", "Survey, the eighth edition"), post("b.md", "Survey, the ninth edition")),
        (post("2015-01-02-report.md", "Report", slug="report"), post("2016-01-04-report.md", "Report", slug="report")),
        (post("issue-285.md", "周刊（第 285 期）：猫"), post("issue-286.md", "周刊（第 286 期）：狗")),
    ],
)
def test_issues_of_a_series(first: Post, second: Post) -> None:
    assert one_series(series_of(first), series_of(second))
    assert one_series(series_of(second), series_of(first))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        # File names that are only counted, as a generator counts them.
        (post("post-001.md", "Rye bread"), post("post-002.md", "Wooden boats")),
        (post("ai-draft-17.md", "Rye bread at home"), post("ai-draft-18.md", "Wooden boats in winter")),
        (post("00017-fix-slow-queries.md", "Fix slow queries"), post("00018-fix-slow-caches.md", "Fix slow caches")),
        (post("003_a964cc44.txt", "Field notes on rye"), post("004_b1d3aa02.txt", "Field notes on spelt")),
        # Same year: nothing tells them apart as issues.
        (post("best-laptops-2024.md", "Best laptops 2024"), post("best-phones-2024.md", "Best phones 2024")),
        # The same name in two folders is a copy.
        (post("blog/rye-bread.md", "Rye bread"), post("news/rye-bread.md", "Rye bread")),
        (post("rye.md", "How to bake rye bread"), post("spelt.md", "How to bake spelt bread")),
    ],
)
def test_what_is_no_series(first: Post, second: Post) -> None:
    assert not one_series(series_of(first), series_of(second))


@pytest.mark.parametrize(
    ("first", "second", "one"),
    [
        ("docs/start.md", "versioned_docs/version-0.60/start.md", True),
        ("en/news/ferry.md", "pt-br/news/ferry.md", True),
        ("ferry.en.md", "ferry.de.md", True),
        ("ferry_en.md", "ferry.md", True),
        ("posts/ferry.Rmd", "posts/ferry.md", True),
        ("docs/1.x/ferry/index.md", "docs/2.x/ferry/index.md", True),
        ("blog/ferry.md", "news/ferry.md", False),
        ("blog/index.md", "news/index.md", False),
        ("blog/ferry.md", "blog/boat.md", False),
    ],
)
def test_versions_and_translations_are_one_page(first: str, second: str, one: bool) -> None:
    assert one_page(identity_of(first), identity_of(second)) is one


@pytest.mark.parametrize(
    ("made", "language"),
    [
        (post("a.md", lang="en-US"), "en"),
        (post("content/zh-cn/a.md"), "zh"),
        (post("content/pt_BR/a.md"), "pt"),
        (post("a_de.md"), "de"),
        (post("a.fr.md"), "fr"),
        (post("go/intro.md"), ""),
        (post("blog/how-to.md"), ""),
        (post("a.md", lang="Klingon"), ""),
    ],
)
def test_language(made: Post, language: str) -> None:
    assert language_of(made) == language
