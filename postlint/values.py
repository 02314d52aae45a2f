"""Dates, numbers, durations, flags and states out of the text of a meta value; what can't be read is not guessed at."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal, NamedTuple

from postlint.lazy_pattern import lazy_pattern


class ParsedDate(NamedTuple):
    """What a text says of a day.

    `date`: some day from `first` to `last` (a month or a year is all of its days; `03/04/2026` is either reading, and
    `ambiguous`). `special`: empty, or a word that tools put in the place of a date. `unclear`: could be a date in a
    spelling that is not known here. `impossible`: written like a date that no calendar has. `not-a-date`: no date.
    """

    kind: Literal["date", "special", "unclear", "impossible", "not-a-date"]
    first: date | None = None
    last: date | None = None
    ambiguous: bool = False

    @property
    def day(self) -> date | None:
        """The first day it can mean; None where it is no date."""
        return self.first


_SPECIAL = ParsedDate("special")
_UNCLEAR = ParsedDate("unclear")
_IMPOSSIBLE = ParsedDate("impossible")
_NOT_A_DATE = ParsedDate("not-a-date")

_ISO = lazy_pattern(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?![0-9])(?:[Tt ]+([0-9]{1,2}):([0-9]{2}))?")
_YEAR_FIRST = lazy_pattern(r"([0-9]{4})(?:[/.]|\s*年\s*)([0-9]{1,2})(?:[/.]|\s*月\s*)([0-9]{1,2})(?![0-9])")
_YEAR_LAST = lazy_pattern(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})(?![0-9])")
_SHORT_YEAR = lazy_pattern(r"[0-9]{1,2}([/.-])[0-9]{1,2}\1[0-9]{2}(?![0-9])")
_MONTH_ONLY = lazy_pattern(r"([0-9]{4})[-/.]([0-9]{1,2})(?![0-9/.-])")
_DIGITS = lazy_pattern(r"-?[0-9]+(?:\.[0-9]+)?")
_MONTH = (
    r"(?:(jan)(?:uary)?|(feb)(?:ruary)?|(mar)(?:ch)?|(apr)(?:il)?|(may)|(june?)|(july?)|(aug)(?:ust)?|(sept?)(?:ember)?"
    r"|(oct)(?:ober)?|(nov)(?:ember)?|(dec)(?:ember)?)\b\.?"
)
_NAMED = lazy_pattern(
    rf"\b(?:(?P<before>[0-9]{{1,2}})(?:st|nd|rd|th)?(?:\s+of)?[\s-]{{1,3}})?{_MONTH}"
    r"(?:[\s-]{1,3}(?P<after>[0-9]{1,2})(?:st|nd|rd|th)?(?![0-9:]))?[\s,-]{1,3}(?P<year>[0-9]{4})(?![0-9])",
    re.IGNORECASE,
)
# Empty in some export or front matter, or a word that a generator fills with the date of the file or the commit.
_SPECIAL_WORDS = frozenset({
    "", "~", "-", "null", "none", "nil", "0", "true", "false", "yes", "no", "on", "off", "now", "today", "auto",
    "last modified", "created", "git last modified", "git created", "git", "never", "always", "n/a",
})  # fmt: skip
_ZERO = lazy_pattern(r"0000-00-00(?:[T ].*)?")
_TEMPLATE = lazy_pattern(r"\{\{|\{%|<%|\$\{|\{[a-z_]+\}|^:[a-z]|^\$")
# Longer texts say nothing that the start does not; it also bounds what the patterns can cost.
_LONGEST = 120
_EARLIEST_SECOND, _LATEST_SECOND = -2208988800, 4102444800  # 1900 and 2100


@lru_cache(maxsize=65536)
def parse_date(text: str) -> ParsedDate:
    """What a text says of a day. Never raises."""
    match = _ISO.match(text)
    if match:
        year, month, day, hour, minute = match.groups()
        if hour is not None and (int(hour) > 24 or int(minute) > 59):
            return _IMPOSSIBLE
        return _calendar(int(year), int(month), int(day), zero_is_empty=True)
    text = text[:_LONGEST].strip()
    lowered = text.lower()
    if lowered in _SPECIAL_WORDS or _ZERO.fullmatch(text) or _TEMPLATE.search(lowered):
        return _SPECIAL
    for pattern in (_ISO, _YEAR_FIRST):
        match = pattern.match(text)
        if match:
            return _calendar(int(match[1]), int(match[2]), int(match[3]))
    match = _YEAR_LAST.match(text)
    if match:
        return _either_order(int(match[1]), int(match[2]), int(match[3]))
    match = _NAMED.search(text)
    if match:
        return _named(match)
    match = _MONTH_ONLY.fullmatch(text)
    if match:
        return _whole_month(int(match[1]), int(match[2]))
    if _DIGITS.fullmatch(text):
        return _bare_number(text)
    if _SHORT_YEAR.match(text) or any(character.isnumeric() for character in text) or not text.isascii():
        return _UNCLEAR
    return _NOT_A_DATE


def _calendar(year: int, month: int, day: int, zero_is_empty: bool = False) -> ParsedDate:
    if zero_is_empty and year == month == day == 0:
        return _SPECIAL
    try:
        found = date(year, month, day)
    except ValueError:
        return _IMPOSSIBLE
    return ParsedDate("date", found, found)


def _either_order(left: int, right: int, year: int) -> ParsedDate:
    readings = [_calendar(year, month, day) for month, day in ((left, right), (right, left))]
    days = sorted(reading.first for reading in readings if reading.first is not None)
    if not days:
        return _IMPOSSIBLE
    return ParsedDate("date", days[0], days[-1], ambiguous=days[0] != days[-1])


def _named(match: re.Match[str]) -> ParsedDate:
    month = next(number for number in range(1, 13) if match[number + 1] is not None)
    day = match["before"] or match["after"]
    return _whole_month(int(match["year"]), month) if day is None else _calendar(int(match["year"]), month, int(day))


def _whole_month(year: int, month: int) -> ParsedDate:
    if not (1 <= month <= 12 and year >= 1):
        return _IMPOSSIBLE
    from calendar import monthrange

    return ParsedDate("date", date(year, month, 1), date(year, month, monthrange(year, month)[1]))


def _bare_number(text: str) -> ParsedDate:
    whole = text.partition(".")[0]
    if len(whole) == 4 and whole.isdecimal() and whole == text:
        return ParsedDate("date", date(int(whole), 1, 1), date(int(whole), 12, 31)) if int(whole) else _UNCLEAR
    if len(text) in (8, 14) and text.startswith(("19", "20")):
        return _calendar(int(text[:4]), int(text[4:6]), int(text[6:8]))
    seconds = int(whole)
    if abs(seconds) >= 10**11:
        seconds //= 1000
    if len(whole) >= 9 and _EARLIEST_SECOND <= seconds <= _LATEST_SECOND:
        found = date(1970, 1, 1) + timedelta(days=seconds // 86400)
        return ParsedDate("date", found, found)
    return _UNCLEAR


_CLOCK_TIME = lazy_pattern(
    r"(?<![0-9:])([0-9]{1,2}):([0-9]{2})(?::[0-9]{2}(?:\.[0-9]+)?)?(?:\s*([ap])\.?m\b)?", re.IGNORECASE
)


def parse_moment(text: str) -> str | None:
    """The minute a text says, `2026-03-01 09:41`, in its own time zone; None where it says a day or midnight.

    Midnight is what tools make of a day.
    """
    parsed = parse_date(text)
    if parsed.first is None or parsed.first != parsed.last:
        return None
    text = text.strip()
    if _DIGITS.fullmatch(text):
        found = _minute_of_number(text)
    else:
        match = _CLOCK_TIME.search(text)
        if match is None:
            return None
        hour, minute, half = int(match[1]), int(match[2]), (match[3] or "").lower()
        found = (hour % 12 + 12 * (half == "p") if half else hour, minute)
    return f"{parsed.first} {found[0]:02}:{found[1]:02}" if found != (0, 0) else None


def _minute_of_number(text: str) -> tuple[int, int]:
    if len(text) == 8:
        return 0, 0
    if len(text) == 14:
        return int(text[8:10]), int(text[10:12])
    seconds = int(text.partition(".")[0])
    if abs(seconds) >= 10**11:
        seconds //= 1000
    return seconds // 3600 % 24, seconds // 60 % 60


_NUMBER = lazy_pattern(
    r"(?P<sign>[-+\u2212]?)\s*"
    r"(?P<whole>[0-9]{1,3}(?:(?P<separator>[,'_\u2019\u00a0\u202f\u2009 ])[0-9]{3}(?:(?P=separator)[0-9]{3})*)"
    r"(?![0-9])|[0-9]+(?:_[0-9]+)*)"
    r"(?:\.(?P<fraction>[0-9]+))?\s*(?P<scale>(?:thousand|million|billion|[kmb])(?![^\W\d_]))?",
    re.IGNORECASE,
)
_SCALES = {"": 1, "k": 10**3, "t": 10**3, "m": 10**6, "b": 10**9}


@lru_cache(maxsize=65536)
def parse_number(text: str) -> float | None:
    """The number a text begins with: `12,345`, `12 345`, `1_000`, `12.3k`, `1.2M views`, `-3`; None for none."""
    match = _NUMBER.match(text[:_LONGEST].strip().lstrip("~≈"))
    if match is None:
        return None
    whole = re.sub(r"[^0-9]", "", match["whole"])
    number = float(f"{whole}.{match['fraction'] or '0'}") * _SCALES[(match["scale"] or "")[:1].lower()]
    return -number if match["sign"] in ("-", "\u2212") else number


_ISO_DURATION = lazy_pattern(r"P(?:([0-9.]+)D)?(?:T(?:([0-9.]+)H)?(?:([0-9.]+)M)?(?:([0-9.]+)S)?)?", re.IGNORECASE)
_CLOCK = lazy_pattern(r"([0-9]{1,2}):([0-9]{2}):([0-9]{2})")
_HOURS = lazy_pattern(
    r"([0-9]+(?:\.[0-9]+)?)\s*(?:h|hrs?|hours?|std\.?|stunden?|heures?|horas?|ч|小时)(?![^\W\d_])", re.IGNORECASE
)
_MINUTES = lazy_pattern(
    r"([0-9]+(?:[.,][0-9]+)?)(?:\s*(?:-|–|to)\s*([0-9]+(?:[.,][0-9]+)?))?\s*"
    r"(?:m|mins?|minutes?|minuten?|minutos?|minuti|min\.|мин\w*|minut\w*|分钟?|分鐘|분)(?![^\W\d_]|[0-9])",
    re.IGNORECASE,
)
_SECONDS = lazy_pattern(r"([0-9]+(?:\.[0-9]+)?)\s*(?:s|secs?|seconds?)(?![^\W\d_])", re.IGNORECASE)
_BARE_MINUTES = lazy_pattern(r"([0-9]+(?:[.,][0-9]+)?)(?:\s*(?:-|–|to)\s*([0-9]+(?:[.,][0-9]+)?))?")
_LESS = lazy_pattern(r"<|less than|under|unter|moins", re.IGNORECASE)


def parse_minutes(text: str) -> tuple[float, float] | None:
    """The least and most minutes a text says: `5`, `5-7 min`, `PT1H5M`, `1h 10m`, `00:05:00`; None if it says none."""
    text = text[:_LONGEST].strip().lstrip("~≈").strip()
    match = _ISO_DURATION.fullmatch(text)
    if match and any(match.groups()):
        try:
            days, hours, minutes, seconds = (float(part or 0) for part in match.groups())
        except ValueError:
            return None
        total = days * 1440 + hours * 60 + minutes + seconds / 60
        return total, total
    match = _CLOCK.fullmatch(text)
    if match:
        total = int(match[1]) * 60 + int(match[2]) + int(match[3]) / 60
        return total, total
    match = _BARE_MINUTES.fullmatch(text)
    if match:
        return _span(match[1], match[2])
    hours_match, minutes_match, seconds_match = _HOURS.search(text), _MINUTES.search(text), _SECONDS.search(text)
    low, high = _span(minutes_match[1], minutes_match[2]) if minutes_match else (0.0, 0.0)
    if not (hours_match or minutes_match or seconds_match):
        return None
    more = float(hours_match[1]) * 60 if hours_match else 0.0
    more += float(seconds_match[1]) / 60 if seconds_match else 0.0
    return (0.0 if _LESS.match(text) else low + more), high + more


def _span(low: str, high: str | None) -> tuple[float, float]:
    first = float(low.replace(",", "."))
    return first, first if high is None else max(first, float(high.replace(",", ".")))


_INTERVAL = lazy_pattern(r"(?:every\s+)?([0-9]+)\s*(day|week|month|quarter|year)s?", re.IGNORECASE)
_ISO_INTERVAL = lazy_pattern(r"P([0-9]+)([DWMY])", re.IGNORECASE)
_DAYS = {"day": 1, "week": 7, "month": 31, "quarter": 92, "year": 366, "d": 1, "w": 7, "m": 31, "y": 366}


def parse_days(text: str) -> int | None:
    """The most days an interval can be: `6 months`, `1 year`, `P1Y`, `90`; None if it says none."""
    text = text[:_LONGEST].strip()
    if text.isascii() and text.isdecimal():
        return int(text)
    match = _INTERVAL.fullmatch(text) or _ISO_INTERVAL.fullmatch(text)
    return int(match[1]) * _DAYS[match[2].lower()] if match else None


_TRUE = frozenset({"1", "true", "yes", "y", "on", "t", "needed", "required", "pending"})
_FALSE = frozenset({"0", "false", "no", "n", "off", "f"})


def parse_flag(text: str) -> bool | None:
    """Whether a flag is set; None where the text is empty or says something else than yes or no."""
    folded = text.strip().casefold()
    return True if folded in _TRUE else False if folded in _FALSE else None


STATES: dict[str, frozenset[str]] = {
    "draft": frozenset({
        "draft", "drafted", "drafting", "in progress", "wip", "work in progress", "auto draft", "idea", "pitch",
        "assigned", "unpublished",
    }),
    "review": frozenset({
        "pending", "pending review", "in review", "needs review", "needs human review", "review required",
        "awaiting review", "under review", "review needed", "needs editorial review", "unreviewed",
    }),
    "reviewed": frozenset({"reviewed", "approved", "ready", "final", "verified", "fact checked", "human reviewed"}),
    "published": frozenset({"publish", "published", "live", "public", "sent"}),
    "scheduled": frozenset({"future", "scheduled"}),
    "retired": frozenset({"archived", "archive", "trash", "private", "expired", "retired"}),
}  # fmt: skip
"""The words for each state a post can be in, folded. What is none of them speaks of something else than publication."""

_STATE_OF = {word: state for state, words in STATES.items() for word in words}


@lru_cache(maxsize=4096)
def parse_state(text: str) -> str | None:
    """The state (a key of STATES) that a status means; None where it is not a word for one."""
    return _STATE_OF.get(re.sub(r"[\s_.-]+", " ", text).strip().casefold())
