"""Thresholds from values: exact, optimal, the same whatever the order of rows and the unit, and steps that measuring cannot tell apart refused."""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Sequence
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guiju.base.diagnostics import Refused
from guiju.frontrunner.authoring.capability import chance_of_another, expected_changes, narrow_steps, suggestion
from guiju.frontrunner.authoring.cuts import Better, at_classes, at_gaps, at_shares, level_of, looser, reaches, rounded
from guiju.frontrunner.authoring.preview import sensitivity

VALUES = st.lists(st.integers(0, 400).map(lambda n: Fraction(n, 10)), min_size=6, max_size=40).filter(lambda v: len(set(v)) >= 5)
BETTER = st.sampled_from(["lower", "higher"])
SHARES = (Fraction(1, 10), Fraction(4, 10), Fraction(8, 10))


def counted(values: Sequence[Fraction]) -> list[tuple[Fraction, Fraction]]:
    return [(each, Fraction(1)) for each in values]


def scatter(classes: Sequence[Sequence[Fraction]]) -> Fraction:
    """The sum of squares within classes."""
    found = Fraction(0)
    for each in classes:
        mean = sum(each, Fraction(0)) / len(each)
        found += sum(((value - mean) ** 2 for value in each), Fraction(0))
    return found


def parted(values: Sequence[Fraction], thresholds: Sequence[Fraction], better: Better) -> list[list[Fraction]]:
    return [[v for v in values if level_of(v, thresholds, better) == level] for level in range(1, len(thresholds) + 2)]


@given(VALUES, BETTER)
def test_a_quantile_gives_at_least_the_share_and_the_next_stricter_value_gives_less(values: list[Fraction], better: Better) -> None:
    for share, threshold in zip(SHARES, at_shares(counted(values), SHARES, better), strict=True):
        assert threshold in values
        assert sum(reaches(v, threshold, better) for v in values) >= share * len(values)
        stricter = [v for v in values if looser(threshold, v, better)]
        if stricter:
            best = max(stricter) if better == "lower" else min(stricter)
            assert sum(reaches(v, best, better) for v in values) < share * len(values)


@given(VALUES, BETTER, st.randoms())
def test_neither_the_order_of_rows_nor_the_unit_changes_a_threshold(values: list[Fraction], better: Better, random: random.Random) -> None:
    mixed = random.sample(values, len(values))
    for scale in (Fraction(1), Fraction(36, 10)):
        scaled = [v * scale for v in mixed]
        assert at_shares(counted(scaled), SHARES, better) == tuple(scale * each for each in at_shares(counted(values), SHARES, better))
        assert at_gaps(scaled, 3, better) == tuple(scale * each for each in at_gaps(values, 3, better))
        assert at_classes(scaled, 3, better) == tuple(scale * each for each in at_classes(values, 3, better))


@given(VALUES, BETTER, st.integers(0, 400), st.integers(0, 400))
def test_a_stricter_threshold_never_raises_the_share(values: list[Fraction], better: Better, one: int, other: int) -> None:
    a, b = Fraction(one, 10), Fraction(other, 10)
    if looser(a, b, better):
        assert sum(reaches(v, b, better) for v in values) <= sum(reaches(v, a, better) for v in values)


@pytest.mark.parametrize("better", ["lower", "higher"])
def test_natural_classes_are_the_best_of_all_divisions(better: Better) -> None:
    chance = random.Random(5)
    for _ in range(60):
        values = [Fraction(chance.randint(0, 60), 4) for _ in range(chance.randint(6, 14))]
        different = sorted(set(values), reverse=better == "higher")
        levels = chance.randint(1, 3)
        if len(different) <= levels:
            continue
        found = at_classes(values, levels, better)
        every = [[different[b - 1] for b in breaks] for breaks in itertools.combinations(range(1, len(different)), levels)]
        assert scatter(parted(values, found, better)) == min(scatter(parted(values, each, better)) for each in every)


def test_no_break_of_natural_classes_can_be_moved_for_the_better() -> None:
    chance = random.Random(11)
    values = [Fraction(chance.randint(0, 3000), 10) for _ in range(400)]
    found = at_classes(values, 3, "lower")
    moved = []
    different = sorted(set(values))
    for level, each in enumerate(found):
        at = different.index(each)
        for step in (-1, 1):
            other = list(found)
            other[level] = different[at + step]
            if all(a < b for a, b in itertools.pairwise(other)):
                moved.append(scatter(parted(values, other, "lower")))
    assert scatter(parted(values, found, "lower")) <= min(moved)


def test_gaps_are_the_widest_and_the_better_of_two_equally_wide() -> None:
    values = [Fraction(n) for n in (1, 2, 5, 6, 9, 20)]
    assert at_gaps(values, 1, "lower") == (9,)
    assert at_gaps(values, 2, "lower") == (2, 9), "2 to 5 and 6 to 9 are as wide"
    assert at_gaps(values, 2, "higher") == (20, 9)
    with pytest.raises(Refused) as refused:
        at_gaps(values[:2], 2, "lower")
    assert refused.value.diagnostics[0].code == "authoring-few"


@given(st.integers(-5000, 5000), BETTER, st.integers(0, 2))
def test_rounding_inward_is_never_looser_and_outward_never_stricter(n: int, better: Better, decimals: int) -> None:
    value = Fraction(n, 1000)
    inward, outward = rounded(value, decimals, better, "inward"), rounded(value, decimals, better, "outward")
    assert not looser(inward, value, better)
    assert not looser(value, outward, better)
    assert abs(inward - value) < Fraction(1, 10**decimals) > abs(outward - value)
    assert (inward * 10**decimals).denominator == (outward * 10**decimals).denominator == 1


@given(st.lists(st.integers(0, 300), min_size=2, max_size=6, unique=True), st.integers(1, 90), BETTER)
def test_what_is_suggested_can_be_told_apart_and_no_more_levels_can(numbers: list[int], limit: int, better: Better) -> None:
    thresholds = [Fraction(n, 10) for n in sorted(numbers, reverse=better == "higher")]
    R = Fraction(limit, 10)  # noqa: N806 - as standards write it
    found = suggestion(thresholds, R, Fraction(1, 10))
    assert not narrow_steps(found.kept, R)
    most = max(
        len(each)
        for size in range(1, len(thresholds) + 1)
        for each in itertools.combinations(thresholds, size)
        if not narrow_steps(each, R)
    )
    assert len(found.kept) == most
    fits = abs(thresholds[-1] - thresholds[0]) >= (len(thresholds) - 1) * R
    assert (found.moved is not None) == fits
    if found.moved is not None:
        assert not narrow_steps(found.moved, R)
        assert (found.moved[0], found.moved[-1]) == (thresholds[0], thresholds[-1])


def test_the_chance_of_another_level_is_that_of_drawn_results() -> None:
    thresholds, s_R = [Fraction(96), Fraction(95), Fraction(94)], Fraction(2, 10)  # noqa: N806 - as standards write it
    chance = random.Random(3)
    for value in (Fraction(96), Fraction(958, 10), Fraction(951, 10), Fraction(93)):
        drawn = sum(
            level_of(Fraction(chance.gauss(float(value), float(s_R))), thresholds, "higher") != level_of(value, thresholds, "higher")
            for _ in range(20_000)
        )
        assert math.isclose(chance_of_another(value, thresholds, "higher", s_R), drawn / 20_000, abs_tol=0.012)
    assert chance_of_another(Fraction(96), thresholds, "higher", s_R) == pytest.approx(0.5, abs=1e-6)
    assert expected_changes([Fraction(96)] * 4, thresholds, "higher", s_R) == pytest.approx(2, abs=1e-5)


def test_elasticity_is_counted_not_differentiated() -> None:
    values = [Fraction(n) for n in (90, 98, 100, 101, 104)]
    found = {each.by: each for each in sensitivity(values, Fraction(100), "lower")}
    assert found[Fraction(-5, 100)].count == 1
    assert found[Fraction(-5, 100)].elasticity == Fraction(1 - 3, 3) / Fraction(-5, 100)
    assert found[Fraction(1, 100)].count == 4
    assert found[Fraction(5, 100)].elasticity == Fraction(2, 3) / Fraction(5, 100)
