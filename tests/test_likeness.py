"""Legitimate likeness: one page, one series, two languages; and what only looks like it."""

from __future__ import annotations

from itertools import permutations, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from postlint.likeness import (
    Likeness,
    alike_by_right,
    differ_in_day,
    identity_of,
    is_issue,
    language_of,
    one_page,
    one_series,
    series_of,
)
from postlint.likeness_codes import LikenessCodes
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
        (
            post("2016-02-29-this-week-in-rye.md", "This week in rye 8"),
            post("2016-04-25-this-week-in-rye.md", "These weeks 9"),
        ),
        (
            post("2019-01-upcoming-meetings.md", "Upcoming meetings"),
            post("2019-02-upcoming-meeting.md", "Upcoming meetings"),
        ),
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
        # A day is when a post was written.
        (
            post("2026-01-02-fix-slow-queries-in-django.md", "Fix slow queries"),
            post("2026-01-09-fix-slow-caches-in-flask.md", "Fix slow caches"),
        ),
        # Two runs of a generator in one night.
        (post("2025-08-25-0137-zero-trust.md", "Zero trust"), post("2025-08-25-0212-zero-trust.md", "Zero trust")),
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
    ("made", "expected"),
    [
        (post("2011-03-12-moor-weekly-news-issue-166-is-out.md", "Moor Weekly News, issue 166 is out"), True),
        (post("2010-05-08.md", "Moor Weekly News 122 is out"), True),
        (post("the-ferry-times-issue-75.md", "The Ferry Times"), True),
        (post("issue-285.md", "Cats"), True),
        (post("a.md", "Newsletter #12"), True),
        (post("how-to-fix-issue-404.md", "Five common issues with sheds"), False),
        (post("7-newsletter-tools.md", "7 newsletter tools and 3 digest apps"), False),
        (post("weekly-plan-2.md", "News of 2024"), False),
    ],
)
def test_issues_of_a_newsletter(made: Post, expected: bool) -> None:
    assert is_issue(series_of(made)) is expected


def test_a_newsletter_may_reprint_posts_and_nobody_else_may() -> None:
    news, story, copy = (
        Likeness("en", identity_of(path), series_of(post(path, title)))
        for path, title in [("weekly-news-12.md", "News"), ("rye.md", "Rye bread"), ("bread.md", "Bread of rye")]
    )
    assert alike_by_right(news, story, ("series",))
    assert alike_by_right(story, news, ("series",))
    assert not alike_by_right(story, news, ("language", "page"))
    assert not alike_by_right(story, copy, ("series",))


def test_issues_of_one_newsletter_may_be_announced_in_other_words() -> None:
    one, other, foreign = (
        Likeness("en", identity_of(path), series_of(post(path, title)))
        for path, title in [
            ("own-9.md", "Moor Weekly News 9"),
            ("out.md", "Moor Weekly News, issue 6, is out"),
            ("f.md", "The Ferry Times, issue 7"),
        ]
    )
    assert alike_by_right(one, other, ("series",))
    assert not alike_by_right(one, foreign, ("series",))


@pytest.mark.parametrize(
    ("first", "second", "differ"),
    [
        ("2017-10-04-rye.md", "2020-02-12-rye.md", True),
        ("2017-10-04-rye/index.en.md", "2020-02-12-rye/index.md", True),
        ("2017-10-04-rye.md", "2017-10-04-bread.md", False),
        ("2017-10-04-rye.md", "rye.md", False),
    ],
)
def test_days_that_names_begin_with(first: str, second: str, differ: bool) -> None:
    series = [series_of(post(path, slug="rye")) for path in (first, second)]
    assert differ_in_day(series[0], series[1]) is differ


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
        (post("a.md", lang="pcm"), "pcm"),
    ],
)
def test_language(made: Post, language: str) -> None:
    assert language_of(made) == language


NAMES = [
    "2024-01-02-rye-bread", "2025-02-03-rye-bread", "rye-bread-2024", "rye-bread-2025", "rye-bread", "spelt-25",
    "post-1", "weekly-news-2", "v1.2.3", "v1.2.4", "april-update", "may-update",
    "de/rye-bread", "en/rye-bread", "rye.de",
]  # fmt: skip
TITLES = ["", "Rye bread", "Rye bread 2024", "Rye bread 2025", "Engine 1.2.3", "Engine 1.2.4 notes", "Update of April"]


@given(st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(TITLES)), min_size=2, max_size=8))
def test_columns_never_clear_a_related_pair(found: list[tuple[str, str]]) -> None:
    """What the columns call unrelated is unrelated by the rules, too; and they clear what has nothing in common."""
    posts = [post(f"{name}.md", title) for name, title in found]
    identities = [identity_of(made.path) for made in posts]
    series = [series_of(made) for made in posts]
    languages = [language_of(made) for made in posts]
    codes = LikenessCodes(languages, identities, series)
    pairs = list(permutations(range(len(posts)), 2))
    clear = codes.surely_unrelated(np.array([pair[0] for pair in pairs]), np.array([pair[1] for pair in pairs]))
    for (first, second), unrelated in zip(pairs, clear.tolist(), strict=True):
        if unrelated:
            assert languages[first] == languages[second]
            assert not one_page(identities[first], identities[second])
            assert not one_series(series[first], series[second])
            assert not is_issue(series[first])
            assert not is_issue(series[second])
    plain = [post("rye.md", "On rye"), post("boat.md", "Boats")]
    codes = LikenessCodes(["", ""], [identity_of(made.path) for made in plain], [series_of(made) for made in plain])
    assert codes.surely_unrelated(np.array([0]), np.array([1])).tolist() == [True]


def test_a_post_that_is_alone_is_told_from_those_that_are_like_it() -> None:
    """A page in two folders, two issues of a series, two of one month; and a post that has nothing of theirs."""
    made = [
        Post("one/kiln.md", "markdown", ""),
        Post("other/v2/kiln.md", "markdown", ""),
        Post("letter-from-the-boat-1.md", "markdown", ""),
        Post("letter-from-the-boat-2.md", "markdown", ""),
        Post("2024-05-shed-notes.md", "markdown", ""),
        Post("2024-06-shed-plans.md", "markdown", ""),
        Post("harbour.md", "markdown", ""),
    ]
    identities, series = [identity_of(item.path) for item in made], [series_of(item) for item in made]
    pairs = list(product(range(len(made)), repeat=2))
    first, second = np.array(pairs).T
    clear = LikenessCodes([""] * len(made), identities, series).surely_unrelated(first, second)
    like = {pair for pair, told in zip(pairs, clear.tolist(), strict=True) if not told}
    assert like == {(row, row) for row in range(7)} | {
        (0, 1), (1, 0), (2, 3), (3, 2), (4, 5), (5, 4),
    }  # fmt: skip
    # Of another language than all others is none of them, though it may be a translation: that is for others to say.
    foreign = LikenessCodes([""] * 6 + ["de"], identities, series).surely_unrelated(first, second)
    assert not foreign[[6 in pair for pair in pairs]].any()
