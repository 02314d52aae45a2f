"""The view counts of a corpus as a whole: one far from all others, and counts that nobody counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import log10
from typing import Any

from postlint.statistics import first_digits, round_share, uniform_p
from postlint.values import parse_number

# Makes the median absolute deviation of normal values their standard deviation (Iglewicz & Hoaglin 1993).
_CONSISTENCY = 0.6745

Options = Mapping[str, Any]


def outlier(texts: Sequence[str], options: Options) -> tuple[int, dict[str, object]] | None:
    """Which of the view counts, as they are written, is far above all others, and the values of a finding."""
    parsed = [(parse_number(text), row) for row, text in enumerate(texts)]
    counts = sorted((views, row) for views, row in parsed if views is not None and views > 0)
    if len(counts) < max(options["min-posts"], 2):
        return None
    # It brings fractions and decimals, which the other runs do without.
    from statistics import median

    logs = [log10(views) for views, _ in counts]
    middle = median(logs)
    deviation = median(abs(value - middle) for value in logs)
    (next_largest, _), (largest, row) = counts[-2:]
    if deviation == 0 or largest < options["min-factor"] * next_largest:
        return None
    z = _CONSISTENCY * (logs[-1] - middle) / deviation
    if z <= options["z"]:
        return None
    return row, {
        "views": texts[row],
        "median": round(10**middle),
        "posts": len(counts),
        "z": round(z, 2),
        "factor": int(largest / next_largest),
    }


def uncounted(texts: Sequence[str], options: Options) -> dict[str, object] | None:
    """The values of a finding where the view counts, as they are written, look drawn or typed, by the options' test."""
    counts = [int(views) for views in map(parse_number, texts) if views is not None and views > 0]
    if len(counts) < options["min-posts"]:
        return None
    values = _drawn(counts, options) if options["test"] == "drawn" else _round(counts, options)
    return None if values is None else {"posts": len(counts), **values}


def _drawn(counts: Sequence[int], options: Options) -> dict[str, object] | None:
    orders = log10(max(counts)) - log10(min(counts))
    digits = first_digits(counts)
    even = uniform_p(counts)
    grown = digits.deviation < options["min-deviation"] or digits.p > options["p"]
    if orders < options["min-orders"] or grown or even < options["even-p"]:
        return None
    return {"deviation": round(digits.deviation, 4), "p": round(digits.p, 6), "even": round(even, 4)}


def _round(counts: Sequence[int], options: Options) -> dict[str, object] | None:
    share = round_share(counts, options["unit"])
    if share < options["share"]:
        return None
    return {"percent": round(100 * share), "unit": options["unit"]}
