"""Tests of whether counts look counted: first digits, even spread, roundness. Pure functions of integers."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, log10, sqrt
from typing import NamedTuple

BENFORD = tuple(log10(1 + 1 / digit) for digit in range(1, 10))
"""The share of each first digit, 1 to 9, among numbers that grew (Benford 1938)."""


class FirstDigits(NamedTuple):
    """How first digits differ from Benford's."""

    deviation: float
    """Mean absolute deviation of the nine shares. Above .015 they do not conform (Nigrini 2012)."""
    p: float
    """Chance of so large a chi-square (8 degrees of freedom) among numbers that conform."""


def first_digits(values: Sequence[int]) -> FirstDigits:
    """Compare the first digits of positive integers with Benford's. At least one value."""
    counts = [0] * 9
    for value in values:
        counts[int(str(value)[0]) - 1] += 1
    total = len(values)
    deviation = sum(abs(count / total - share) for count, share in zip(counts, BENFORD, strict=True)) / 9
    square = sum((count - total * share) ** 2 / (total * share) for count, share in zip(counts, BENFORD, strict=True))
    # The chance of a chi-square with an even number of degrees of freedom has a closed form.
    half = square / 2
    return FirstDigits(deviation, exp(-half) * (1 + half + half**2 / 2 + half**3 / 6))


def uniform_p(values: Sequence[int]) -> float:
    """The chance that values spread evenly between their least and greatest differ so much (Kolmogorov-Smirnov).

    The two ends are what the spread is measured between, so they are not counted; 0 with fewer than three values.
    """
    ordered = sorted(values)
    low, high = ordered[0], ordered[-1]
    inner = ordered[1:-1]
    if not inner or low == high:
        return 0.0
    count = len(inner)
    distance = max(
        max((row + 1) / count - (value - low) / (high - low), (value - low) / (high - low) - row / count)
        for row, value in enumerate(inner)
    )
    # Stephens's correction makes the limiting distribution good from a handful of values on.
    scaled = (sqrt(count) + 0.12 + 0.11 / sqrt(count)) * distance
    series = sum((-1) ** (term - 1) * exp(-2 * (term * scaled) ** 2) for term in range(1, 101))
    return min(max(2 * series, 0.0), 1.0) if scaled > 0.2 else 1.0


def round_share(values: Sequence[int], unit: int) -> float:
    """The share of values that are multiples of a unit; 0 counts as one."""
    return sum(value % unit == 0 for value in values) / len(values)
