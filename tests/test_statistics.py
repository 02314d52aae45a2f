"""Tests of counts against hand-made samples and published values."""

from __future__ import annotations

import random

import pytest

from postlint.statistics import BENFORD, first_digits, round_share, uniform_p


def test_benford_shares_are_the_published_ones() -> None:
    assert [round(share, 3) for share in BENFORD] == [0.301, 0.176, 0.125, 0.097, 0.079, 0.067, 0.058, 0.051, 0.046]
    assert sum(BENFORD) == pytest.approx(1)


def test_powers_of_two_conform_and_even_digits_do_not() -> None:
    """Powers of two follow Benford's law (a textbook case); as many of each digit do not."""
    conforming = first_digits([2**power for power in range(1000)])
    assert conforming.deviation < 0.002
    assert conforming.p > 0.99
    even = first_digits([digit * 10**power for digit in range(1, 10) for power in range(60)])
    # |1/9 - share| averaged: computed by hand from the nine shares.
    assert even.deviation == pytest.approx(sum(abs(1 / 9 - share) for share in BENFORD) / 9)
    assert even.p < 0.001


def test_chi_square_at_its_published_critical_value() -> None:
    """With 8 degrees of freedom 15.507 is the 5 % point: one digit too often by as much as makes that square."""
    # Moving d numbers out of 10,000 from digit 2 to digit 1 adds d^2/3010.3 + d^2/1760.9 to an otherwise perfect fit.
    counts = [round(10_000 * share) for share in BENFORD]
    moved = round((15.507 / (1 / 3010.3 + 1 / 1760.9)) ** 0.5)
    counts[0] += moved
    counts[1] -= moved
    values = [digit for digit, count in enumerate(counts, 1) for _ in range(count)]
    assert first_digits(values).p == pytest.approx(0.05, abs=0.002)


def test_even_spread_is_told_from_a_tail() -> None:
    rng = random.Random(2)
    assert uniform_p([rng.randrange(1, 100_000) for _ in range(500)]) > 0.05
    assert uniform_p([int(10 ** rng.uniform(0, 5)) for _ in range(500)]) < 1e-6
    assert uniform_p(list(range(0, 10_001, 100))) == pytest.approx(1)
    assert uniform_p([5, 5, 5]) == 0.0
    assert uniform_p([5]) == 0.0


def test_kolmogorov_at_its_published_critical_value() -> None:
    """The 5 % point of the limiting distribution is 1.358: a sample of 10,000 shifted by as much."""
    count = 10_000
    shift = 1.358 / (count**0.5 + 0.12 + 0.11 / count**0.5)
    inner = [int(10**9 * ((row + 0.5) / count * (1 - shift) + shift)) for row in range(count)]
    assert uniform_p([0, *inner, 10**9]) == pytest.approx(0.05, abs=0.003)


def test_round_share() -> None:
    assert round_share([1000, 1500, 3000, 17], 1000) == 0.5
