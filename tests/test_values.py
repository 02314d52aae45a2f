"""Values out of text: dates in the spellings that real posts have, numbers, durations, intervals, flags and states."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postlint.values import (
    STATES,
    parse_date,
    parse_days,
    parse_flag,
    parse_minutes,
    parse_moment,
    parse_number,
    parse_state,
)

THE_DAY = date(2026, 6, 3)


@pytest.mark.parametrize(
    "text",
    [
        "2026-06-03",
        "2026-6-3",
        " 2026-06-03 ",
        "2026-06-03T10:00",
        "2026-06-03T10:00:00Z",
        "2026-06-03t10:00:00.123456789+02:00",
        "2026-06-03 5:00:00 -4",
        "2026-06-03 10:00 CEST",
        "2026-06-03 24:00",
        "2026-06-03 (second edition)",
        "2026/06/03",
        "2026.6.3",
        "2026年6月3日",
        "20260603",
        "20260603101500",
        "Wed, 03 Jun 2026 10:00:00 +0200",
        "Wed Jun 3 2026",
        "June 3, 2026",
        "June 3rd, 2026",
        "3 June 2026",
        "3rd of June, 2026",
        "03-Jun-2026",
        "Jun-03-2026",
        "1780444800",
        "1780444800.5",
        "1780444800000",
    ],
)
def test_a_day(text: str) -> None:
    # 1,780,444,800 seconds are 20,607 days after 1970-01-01: 56 years with 14 leap days, and 153 days more.
    assert parse_date(text) == ("date", THE_DAY, THE_DAY, False)
    assert parse_date(text).day == THE_DAY


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026-02", date(2026, 2, 1), date(2026, 2, 28)),
        ("2024/02", date(2024, 2, 1), date(2024, 2, 29)),
        ("December 2026", date(2026, 12, 1), date(2026, 12, 31)),
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("25/12/2026", date(2026, 12, 25), date(2026, 12, 25)),
        ("12/25/2026", date(2026, 12, 25), date(2026, 12, 25)),
        ("4/4/2026", date(2026, 4, 4), date(2026, 4, 4)),
        ("0001-01-01T00:00:00Z", date(1, 1, 1), date(1, 1, 1)),
    ],
)
def test_the_days_that_a_text_can_mean(text: str, first: date, last: date) -> None:
    assert parse_date(text) == ("date", first, last, False)


@pytest.mark.parametrize("text", ["03/04/2026", "3.4.2026", "04-03-2026"])
def test_either_order(text: str) -> None:
    assert parse_date(text) == ("date", date(2026, 3, 4), date(2026, 4, 3), True)


@pytest.mark.parametrize(
    "text",
    [
        "2026-13-40",
        "2026-02-30",
        "2025-02-29",
        "2026-00-10",
        "2026-06-31T10:00:00Z",
        "2026-06-03T25:00",
        "2026-06-03 10:75",
        "31/31/2026",
        "2026/13/01",
        "2026-13",
        "20261340",
        "February 30, 2026",
        "31 June 2026",
    ],
)
def test_impossible(text: str) -> None:
    assert parse_date(text) == ("impossible", None, None, False)
    assert parse_date(text).day is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "~",
        "null",
        "0000-00-00",
        "0000-00-00 00:00:00",
        ":git",
        ":fileModTime",
        "Last Modified",
        "git Last Modified",
        "Created",
        "true",
        "false",
        "{{ .Date }}",
        "{{ page.date | date: '%Y' }}",
        "<% tp.date.now() %>",
        "${date}",
    ],
)
def test_special(text: str) -> None:
    assert parse_date(text).kind == "special"


@pytest.mark.parametrize(
    "text",
    [
        "3 juin 2026",
        "6/28/26",
        "sometime in 2026",
        "Q3",
        "May 5",
        "二〇二六年六月",
        "demain à midi",
        "12345",
        "9" * 5000,
    ],
)
def test_unclear_is_not_called_wrong(text: str) -> None:
    assert parse_date(text).kind == "unclear"


@pytest.mark.parametrize("text", ["soon", "TBD", "yesterday", "when it is done", "Monday"])
def test_no_date(text: str) -> None:
    assert parse_date(text).kind == "not-a-date"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0),
        ("356342", 356342),
        ("12,345", 12345),
        ("1,234,567", 1234567),
        ("12 345", 12345),
        ("12\u202f345 просмотров", 12345),
        ("12'345", 12345),
        ("1_000", 1000),
        ("1_0000", 10000),
        ("12.3k", 12300),
        ("1.2M views", 1_200_000),
        ("1.2 million", 1_200_000),
        ("3 thousand", 3000),
        ("2B", 2_000_000_000),
        ("5 mins", 5),
        ("5 bananas", 5),
        ("-12", -12),
        ("\u221212", -12),
        ("+7", 7),
        ("~40", 40),
        ("33.5", 33.5),
        ("100%", 100),
        ("4/5", 4),
        ("1,23", 1),
        ("12 34", 12),
    ],
)
def test_number(text: str, number: float) -> None:
    assert parse_number(text) == pytest.approx(number)


@pytest.mark.parametrize("text", ["", "many", "k", "-", "views: 12", "{{ views }}"])
def test_no_number(text: str) -> None:
    assert parse_number(text) is None


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("5", 5, 5),
        ("5.5", 5.5, 5.5),
        ("5 min", 5, 5),
        ("5min", 5, 5),
        ("5 minutes read", 5, 5),
        ("about 5 minutes", 5, 5),
        ("~5 min", 5, 5),
        ("5-7 min", 5, 7),
        ("5 to 7 minutes", 5, 7),
        ("5–7", 5, 7),
        ("PT5M", 5, 5),
        ("PT1H10M", 70, 70),
        ("P1DT30S", 1440.5, 1440.5),
        ("1h 10m", 70, 70),
        ("1 hour", 60, 60),
        ("1.5 hours", 90, 90),
        ("90 seconds", 1.5, 1.5),
        ("4 min 30 sec", 4.5, 4.5),
        ("00:05:00", 5, 5),
        ("01:30:30", 90.5, 90.5),
        ("< 1 min", 0, 1),
        ("less than 2 minutes", 0, 2),
        ("5 分钟", 5, 5),
        ("10 мин", 10, 10),
        ("7 Minuten", 7, 7),
    ],
)
def test_minutes(text: str, low: float, high: float) -> None:
    assert parse_minutes(text) == pytest.approx((low, high))


@pytest.mark.parametrize("text", ["", "short", "5:30", "P", "PT", "five", "{{ reading_time }}", "5 pages"])
def test_no_minutes(text: str) -> None:
    assert parse_minutes(text) is None


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("90", 90),
        ("6 months", 186),
        ("1 year", 366),
        ("every 2 weeks", 14),
        ("P1Y", 366),
        ("P30D", 30),
        ("1 quarter", 92),
    ],
)
def test_days(text: str, days: int) -> None:
    assert parse_days(text) == days


@pytest.mark.parametrize("text", ["", "a while", "6 moons", "-3"])
def test_no_days(text: str) -> None:
    assert parse_days(text) is None


@pytest.mark.parametrize("text", ["1", "true", "True", "YES", "y", "on", "t", " yes ", "needed", "Required", "pending"])
def test_set(text: str) -> None:
    assert parse_flag(text) is True


@pytest.mark.parametrize("text", ["0", "false", "FALSE", "no", "n", "off", "f"])
def test_not_set(text: str) -> None:
    assert parse_flag(text) is False


@pytest.mark.parametrize("text", ["", "none", "maybe", "2", "2026-06-03", "~"])
def test_neither(text: str) -> None:
    assert parse_flag(text) is None


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("drafted", "draft"),
        ("Auto-Draft", "draft"),
        ("in_progress", "draft"),
        ("Pending Review", "review"),
        ("fact-checked", "reviewed"),
        ("publish", "published"),
        ("future", "scheduled"),
        ("archived", "retired"),
        ("stable", None),
        ("", None),
        ("beta", None),
    ],
)
def test_state(text: str, state: str | None) -> None:
    assert parse_state(text) == state


def test_a_word_means_one_state() -> None:
    words = [word for state in STATES.values() for word in state]
    assert len(words) == len(set(words))


@given(st.text(max_size=40) | st.text("0123456789-/:. TZPkM年,", max_size=60))
def test_nothing_raises(text: str) -> None:
    parsed = parse_date(text)
    assert (parsed.kind == "date") == (parsed.first is not None) == (parsed.last is not None)
    if parsed.first is not None and parsed.last is not None:
        assert parsed.first <= parsed.last
    minutes = parse_minutes(text)
    assert minutes is None or 0 <= minutes[0] <= minutes[1]
    parse_number(text)
    parse_days(text)
    parse_flag(text)
    parse_state(text)


@given(st.dates())
def test_iso_dates_are_read_as_they_are_written(day: date) -> None:
    assert parse_date(day.isoformat()).first == day


@pytest.mark.parametrize(
    ("text", "minute"),
    [
        ("2026-03-01T09:41:07Z", "2026-03-01 09:41"),
        ("2026-03-01 9:41", "2026-03-01 09:41"),
        ("2026-03-01T23:59:59.999+05:30", "2026-03-01 23:59"),
        ("Sun, 01 Mar 2026 21:05:00 +0000", "2026-03-01 21:05"),
        ("March 1, 2026 9:05 pm", "2026-03-01 21:05"),
        ("March 1, 2026 12:05 a.m.", "2026-03-01 00:05"),
        ("1 March 2026, 12:05 PM", "2026-03-01 12:05"),
        ("1 March 2026, 10:15 Paris", "2026-03-01 10:15"),
        ("20260301094107", "2026-03-01 09:41"),
        # date -u -d '2026-03-01 21:05' +%s
        ("1772399100", "2026-03-01 21:05"),
        ("1772399100000", "2026-03-01 21:05"),
        ("2026-03-01", None),
        ("20260301", None),
        ("2026-03-01T00:00:00Z", None),
        ("March 2026 10:15", None),
        ("03/04/2026 10:15", None),
        ("2026-02-30 10:15", None),
        ("soon, at 10:15", None),
        ("", None),
    ],
)
def test_moments(text: str, minute: str | None) -> None:
    assert parse_moment(text) == minute
