"""Rounding after GB/T 8170, and exact numbers from text and to text."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guiju.base.rounding import decimal_text, parse_number, round_gb

USUAL_STEPS = ["0.001", "0.01", "0.1", "0.2", "0.5", "1", "3", "5", "20", "100"]
STEPS = st.sampled_from(USUAL_STEPS).map(Fraction) | st.fractions(min_value="1/1000", max_value=1000)
MULTIPLES = st.integers(-(10**9), 10**9)


@pytest.mark.parametrize(
    ("x", "step", "rounded"),
    [
        # GB/T 8170-2008, 3.2: one example of each rule for the digits left out.
        ("12.1498", "1", "12"),
        ("12.1498", "0.1", "12.1"),
        ("1268", "100", "1300"),
        ("10.5002", "1", "11"),
        ("1.050", "0.1", "1.0"),
        ("0.35", "0.1", "0.4"),
        ("2500", "1000", "2000"),
        ("3500", "1000", "4000"),
        ("-355", "10", "-360"),
        ("-325", "10", "-320"),
        ("-0.0365", "0.001", "-0.036"),
        # 3.3: rounded once; 97.46 → 97.5 → 98 and 15.4546 → 15.455 → 15.46 → 15.5 → 16 are wrong.
        ("97.46", "1", "97"),
        ("15.4546", "1", "15"),
        # 3.4: half-unit and fifth-unit rounding.
        ("60.25", "0.5", "60.0"),
        ("60.38", "0.5", "60.5"),
        ("60.28", "0.5", "60.5"),
        ("-60.75", "0.5", "-61.0"),
        ("830", "20", "840"),
        ("842", "20", "840"),
        ("832", "20", "840"),
        ("-930", "20", "-920"),
    ],
)
def test_the_examples_of_the_standard_come_out_as_printed(x: str, step: str, rounded: str) -> None:
    assert round_gb(Fraction(x), Fraction(step)) == Fraction(rounded)


@given(st.fractions(), STEPS)
def test_the_result_is_a_multiple_at_most_half_a_step_away(x: Fraction, step: Fraction) -> None:
    rounded = round_gb(x, step)
    assert (rounded / step).denominator == 1
    assert abs(x - rounded) <= step / 2


@given(st.fractions(), STEPS)
def test_rounding_twice_to_the_same_step_changes_nothing(x: Fraction, step: Fraction) -> None:
    assert round_gb(round_gb(x, step), step) == round_gb(x, step)


@given(st.fractions(), STEPS)
def test_rounding_treats_both_signs_alike(x: Fraction, step: Fraction) -> None:
    assert round_gb(-x, step) == -round_gb(x, step)


@given(MULTIPLES, STEPS)
def test_a_tie_goes_to_the_even_multiple(multiple: int, step: Fraction) -> None:
    rounded = round_gb((multiple + Fraction(1, 2)) * step, step)
    assert (rounded / step) % 2 == 0


@given(MULTIPLES, STEPS, st.fractions(min_value="1/1000000000", max_value="49/100"), st.sampled_from([-1, 1]))
def test_the_least_distance_from_a_tie_decides_it(multiple: int, step: Fraction, beyond: Fraction, side: int) -> None:
    rounded = round_gb((multiple + Fraction(1, 2) + side * beyond) * step, step)
    assert rounded == (multiple + (side > 0)) * step


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=4), st.sampled_from(["0.01", "0.1", "1"]))
def test_rounding_to_a_power_of_ten_agrees_with_decimal_half_even(x: Decimal, step: str) -> None:
    assert round_gb(Fraction(x), Fraction(step)) == Fraction(x.quantize(Decimal(step), "ROUND_HALF_EVEN"))


@pytest.mark.parametrize("step", ["0", "-0.1"])
def test_a_step_that_is_not_positive_is_our_mistake(step: str) -> None:
    with pytest.raises(AssertionError):
        round_gb(Fraction(1), Fraction(step))


@pytest.mark.parametrize(
    ("x", "text"),
    [
        (Fraction(0), "0"),
        (Fraction(100), "100"),
        (Fraction(138, 10), "13.8"),
        (Fraction(-1, 1000), "-0.001"),
        (Fraction(1, 1024), "0.0009765625"),
        (Fraction(1, 3), "≈0.333333333333"),
        (Fraction(-2, 3), "≈-0.666666666667"),
        (Fraction(20000, 3), "≈6666.66666667"),
        (Fraction(29999999999999, 3), "≈10000000000000"),
        (10**25 - Fraction(10**12, 3), "≈1e25"),
        (Fraction(10**30, 3), "≈3.33333333333e29"),
        (Fraction(1, 3 * 10**20), "≈3.33333333333e-21"),
        (Fraction(2) ** 20000, "≈3.98027684034e6020"),
        (Fraction(1, 2**20000), "≈2.5123880577e-6021"),
    ],
)
def test_a_number_is_written_exactly_or_marked_as_about(x: Fraction, text: str) -> None:
    assert decimal_text(x) == text


@given(st.integers(-(10**20), 10**20), st.integers(-20, 20))
def test_an_ending_decimal_reads_back_to_itself(digits: int, exponent: int) -> None:
    x = digits * Fraction(10) ** exponent
    assert parse_number(decimal_text(x)) == x


@given(st.fractions().filter(lambda x: decimal_text(x).startswith("≈")))
def test_an_endless_decimal_is_written_to_twelve_digits(x: Fraction) -> None:
    text = decimal_text(x)
    about = Fraction(text.removeprefix("≈"))
    assert abs(about - x) <= abs(x) * Fraction(5, 10**12)
    assert len(text.partition("e")[0].strip("≈-").replace(".", "").strip("0")) <= 12


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("13.8", "13.8"),
        ("-0.5", "-0.5"),
        ("+5", "5"),
        (".5", "0.5"),
        ("007", "7"),
        ("1e-3", "0.001"),
        ("2.5E+3", "2500"),
        ("１３．８", "13.8"),
        ("－５", "-5"),
        ("\u22125", "-5"),
        (" 7\u3000", "7"),
        ("1,234.5", "1234.5"),
        ("12,345,678", "12345678"),
        ("１，２３４", "1234"),
    ],
)
def test_a_decimal_text_is_read_exactly(text: str, number: str) -> None:
    assert parse_number(text) == Fraction(number)


@pytest.mark.parametrize(
    "text",
    ["", " ", "-", ".", "5.", "1,23", "12,34", "1234,567", ",123", "0,123", "1.234,5", "1 000", "1_000", "1/2", "0x10", "nan", "inf", "--1",
     "1e", "1e9999", "13.8kg", "≈1", "٣", "½", "²", "9" * 300],
)  # fmt: skip
def test_what_is_not_clearly_a_number_is_none(text: str) -> None:
    assert parse_number(text) is None
