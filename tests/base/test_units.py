"""Units: the catalogue, exact factors with their source, the algebra, and each way a text is refused."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guiju.base import units
from guiju.base.units import ONE, Symbol, Unit, UnknownUnit, catalogue, dimension_name, is_symbol, parse_unit

SYMBOLS = [symbol.symbol for symbol in catalogue()]
FACTORS = st.tuples(st.sampled_from(["", "", "", "100", "0.5"]), st.sampled_from(SYMBOLS)).map("".join)
UNITS = st.tuples(st.sampled_from(SYMBOLS), FACTORS, FACTORS, FACTORS).map(lambda parts: parse_unit("{}·{}/({}·{})".format(*parts)))


def refusal(text: str) -> UnknownUnit:
    with pytest.raises(UnknownUnit) as caught:
        parse_unit(text)
    return caught.value


@pytest.mark.parametrize("entry", catalogue(), ids=lambda entry: entry.symbol)
def test_every_symbol_and_every_other_name_reads_back_to_its_factor(entry: Symbol) -> None:
    unit = parse_unit(entry.symbol)
    assert (unit.factor, unit.text, str(unit)) == (entry.factor, entry.symbol, entry.symbol)
    assert is_symbol(entry.symbol)
    for name in entry.aliases:
        assert parse_unit(name) == unit
        assert is_symbol(name)


@pytest.mark.parametrize("entry", catalogue(), ids=lambda entry: entry.symbol)
def test_every_definition_is_the_unit_it_defines(entry: Symbol) -> None:
    number, _, rest = entry.definition.partition(" ")
    unit = parse_unit(entry.symbol)
    if number == "base":
        assert unit.factor == 1
        assert sum(unit.dimension) == 1
    else:
        assert parse_unit(rest or "1").same_dimension(unit)
        assert parse_unit(rest or "1").factor * Fraction(number) == unit.factor


@pytest.mark.parametrize(
    ("text", "other", "ratio"),
    [
        # BIPM, The International System of Units (SI Brochure), 9th edition, table 8: min, h, d, L, t; table 7: the prefixes.
        ("h", "s", "3600"),
        ("d", "min", "1440"),
        ("L", "cm·cm·cm", "1000"),
        ("t", "kg", "1000"),
        ("MW", "mW", "1e9"),
        ("GWh", "kWh", "1e6"),
        ("µm", "m", "1e-6"),
        ("g", "mg", "1000"),
        ("bar", "kPa", "100"),
        # NIST Special Publication 811 (2008), appendix B.8, factors in bold (exact).
        ("mi", "m", "1609.344"),
        ("mph", "m/s", "0.44704"),
        ("lb", "kg", "0.45359237"),
        ("kWh", "J", "3.6e6"),
        ("Ah", "A·s", "3600"),
        # IEC 80000-13: k is 1000, Ki is 1024.
        ("kB", "B", "1000"),
        ("KiB", "B", "1024"),
        ("MiB", "KiB", "1024"),
        ("Mbps", "kbit/s", "1000"),
        # By definition.
        ("km/h", "m/s", "1/3.6"),
        ("%", "1", "0.01"),
        ("‰", "%", "0.1"),
        ("ppm", "‰", "0.001"),
        ("kWh/100km", "Wh/km", "10"),
        ("L/100km", "mL/km", "10"),
        ("kWh/100 mi", "Wh/mi", "10"),
        ("gCO2e/kWh", "tCO2e/GWh", "1"),
        ("tCO2/10000kWh", "kgCO2/kWh", "0.1"),
        ("万元", "元", "10000"),
        ("元/公里", "yuan/km", "1"),
        ("V·A", "W", "1"),
        ("Ω", "V/A", "1"),
        ("(km/h)²", "km²/h²", "1"),
        ("tkm", "kg·km", "1000"),
    ],
)
def test_a_conversion_is_exact(text: str, other: str, ratio: str) -> None:
    over, _, under = ratio.partition("/")
    assert parse_unit(text).ratio(parse_unit(other)) == Fraction(over) / Fraction(under or 1)
    assert parse_unit(other).ratio(parse_unit(text)) == Fraction(under or 1) / Fraction(over)


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("ｋＷｈ／１００ｋｍ", "kWh/100km"),
        ("kWh / 100 km", "kWh/100km"),
        ("Wh/（km·kg）", "Wh/(km·kg)"),
        ("Wh/(km*kg)", "Wh/(km·kg)"),
        ("m/s^2", "m/s²"),
        ("m·s⁻²", "m/s²"),
        ("m·s^-2", "m/s²"),
        ("km·h⁻¹", "km/h"),
        ("kgCO₂e/kWh", "kgCO2e/kWh"),
        ("％", "%"),
        ("元/千瓦时", "元/kWh"),
        ("毫安时", "mAh"),
        ("千克", "公斤"),
        ("℃", "°C"),
        ("k\u2126", "kΩ"),
        ("\u03bcm", "µm"),
        ("㎡", "m²"),
        ("ml", "mL"),
        ("1/h", "h⁻¹"),
        ("km·100km", "(100km)·km"),
    ],
)
def test_two_spellings_of_a_unit_are_equal(text: str, same: str) -> None:
    assert parse_unit(text) == parse_unit(same)
    assert hash(parse_unit(text)) == hash(parse_unit(same))


def test_the_text_of_a_unit_stays_as_it_was_written() -> None:
    assert parse_unit(" ｋＷｈ/100 公里 ").text == "ｋＷｈ/100 公里"


def test_a_power_after_a_number_belongs_to_the_symbol_alone() -> None:
    assert parse_unit("W/100cm²").ratio(parse_unit("W/cm²")) == Fraction(1, 100)
    assert parse_unit("W/(100cm)²").ratio(parse_unit("W/m²")) == 1


@pytest.mark.parametrize(
    ("text", "position", "suggestion", "reason"),
    [
        ("", 0, None, "the unit is empty; write 1 for a pure number"),
        ("  ", 2, None, "the unit is empty; write 1 for a pure number"),
        ("km/h/s", 4, None, "'/' after '/' can be read in two ways; use parentheses: a/(b·c)"),
        ("g/km·kg", 4, None, "'·' after '/' can be read in two ways; use parentheses: a/(b·c)"),
        ("g/km*kg", 4, None, "'·' after '/' can be read in two ways; use parentheses: a/(b·c)"),
        ("km·(g/km/h)", 8, None, "'/' after '/' can be read in two ways; use parentheses: a/(b·c)"),
        ("13.8 kWh/100km", 0, None, "a unit does not begin with a number"),
        ("100km", 0, None, "a unit does not begin with a number"),
        ("km/100", 3, None, "a number must be followed by a symbol: 100km"),
        ("1·km", 0, None, "a number must be followed by a symbol: 100km"),
        ("2/h", 0, None, "a number must be followed by a symbol: 100km"),
        ("g/0km", 2, None, "a number in a unit must not be 0"),
        ("kW h", 3, None, "'·' or '/' is expected here"),
        ("km)", 2, None, "'·' or '/' is expected here"),
        ("/h", 0, None, "a unit symbol is expected here"),
        ("km/", 3, None, "a unit symbol is expected here"),
        ("m/²", 2, None, "a unit symbol is expected here"),
        ("m^x", 1, None, "'·' or '/' is expected here"),
        ("()", 1, None, "a unit symbol is expected here"),
        ("g/(km", 2, None, "the parenthesis is not closed"),
        ("g/(km·(kg))", 6, None, "parentheses in a unit do not nest"),
        ("m^0", 1, None, "a power is from -9 to 9, and not 0"),
        ("m^99999999", 1, None, "a power is from -9 to 9, and not 0"),
        ("m²³", 1, None, "a power is from -9 to 9, and not 0"),
        ("km" * 50, 80, None, "the unit is longer than 80 characters"),
        ("Wh/kmm", 3, "mm", "'kmm' is not a known unit"),
        ("kWh/100xm", 7, "m", "'xm' is not a known unit"),
        ("KWH", 0, "kWh", "'KWH' is not a known unit"),
        ("kg/m2", 3, "m²", "'m2' is not a known unit"),
        ("CO2e/kWh", 0, None, "write what is counted: kgCO2 or kgCO2e"),
        ("mw", 0, None, "upper and lower case are different units: mW or MW"),
        ("ML", 0, "mL", "'ML' is not a known unit"),
        ("千米/年", 3, None, "a year may be 365 d, 365.25 d or 8760 h; write it in d or h"),
        ("元/度", 2, None, "this may be kWh, °C or an angle; write kWh, °C or °"),
        ("Nm", 0, None, "this may be newton metres or nanometres; write N·m or nm"),
        ("KB", 0, None, "this may be 1000 or 1024, bytes or bits; write kB, KiB or kbit"),
        ("zzzzz", 0, None, "'zzzzz' is not a known unit"),
    ],
)
def test_what_is_not_a_unit_is_refused_with_place_and_reason(text: str, position: int, suggestion: str | None, reason: str) -> None:
    refused = refusal(text)
    assert (refused.position, refused.suggestion, refused.reason_en, str(refused)) == (position, suggestion, reason, reason)
    assert refused.reason_zh
    assert refused.text == text.replace("*", "·")


@given(st.one_of(st.text(max_size=90), st.text(alphabet="kmWh/·*()²⁻^-109. 元℃%公里", max_size=30)))
def test_any_text_is_a_unit_or_is_refused_inside_the_text(text: str) -> None:
    outcome: Unit | UnknownUnit
    try:
        outcome = parse_unit(text)
    except UnknownUnit as refused:
        outcome = refused
    if isinstance(outcome, Unit):
        assert outcome.factor > 0
        assert outcome.text == text.strip()
    else:
        assert 0 <= outcome.position <= len(text)
        assert outcome.suggestion is None or parse_unit(outcome.suggestion).factor > 0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("kgCO2e", "kg"),  # a kilogram of CO2-equivalent is not a kilogram of vehicle
        ("kgCO2e/kg", "1"),
        ("kgCO2", "kgCO2e"),  # CO2-equivalent counts other gases too
        ("tCO2/MWh", "tCO2e/MWh"),
        ("kgCO2", "kg"),
        ("°C", "K"),  # 20 °C is not 20 K, and 20 K of difference is not 20 °C
        ("dB", "1"),
        ("dB", "dB(A)"),
        ("元", "1"),
        ("person", "vehicle"),
        ("次", "1"),
        ("rpm", "Hz"),
        ("bit", "1"),
        ("°", "1"),
        ("mAh", "Wh"),
    ],
)
def test_what_must_not_be_compared_has_different_dimensions(one: str, other: str) -> None:
    assert not parse_unit(one).same_dimension(parse_unit(other))
    with pytest.raises(AssertionError):
        parse_unit(one).ratio(parse_unit(other))


@given(UNITS, UNITS)
def test_products_and_quotients_undo_each_other(one: Unit, other: Unit) -> None:
    assert one * other == other * one
    assert one * other / other == one
    assert one / other == ONE / (other / one)
    assert one / one == ONE
    assert (one * other).factor == one.factor * other.factor


@given(UNITS, UNITS, st.integers(-12, 12))
def test_the_text_of_a_result_reads_back_to_the_result(one: Unit, other: Unit, exponent: int) -> None:
    for unit in (one * other, one / other):
        if len(unit.text) <= 80:
            assert parse_unit(unit.text) == unit
        assert unit * ONE == unit
    assert one**exponent * one == one ** (exponent + 1)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("kWh/100km * km", "kWh·km/100km"),
        ("kWh/100km / kWh/100km", "1"),
        ("1 / kWh/100km", "(100km)/kWh"),
        ("kWh/100km * kWh/100km", "kWh²/(100km·100km)"),
        ("m/s / s", "m/s²"),
        ("元/kWh * kWh/100km", "元/100km"),
        ("W / m²·K", "W/(m²·K)"),
        ("km / km/h", "h"),
    ],
)
def test_the_text_of_a_result_is_short_and_has_one_slash(text: str, written: str) -> None:
    one, sign, other = text.split(" ")
    result = parse_unit(one) * parse_unit(other) if sign == "*" else parse_unit(one) / parse_unit(other)
    assert result.text == written


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ("km", "长度", "length"),
        ("%", "纯数", "pure number"),
        ("1", "纯数", "pure number"),
        ("km/mi", "纯数", "pure number"),
        ("kgCO2e", "二氧化碳当量", "CO2-equivalent"),
        ("万元", "金额", "money"),
        ("kWh/100km", "力（或单位里程的能量）", "force (or energy per distance)"),
        ("kg/s²", "kg/s²", "kg/s²"),
        ("kg·m³/(s·A)", "kg·m³/(s·A)", "kg·m³/(s·A)"),
        ("元/人", "元/person", "元/person"),
    ],
)
def test_a_dimension_has_a_name_or_a_readable_product(text: str, zh: str, en: str) -> None:
    assert (dimension_name(parse_unit(text), "zh"), dimension_name(parse_unit(text), "en")) == (zh, en)


def test_every_refused_spelling_is_refused_with_what_to_write() -> None:
    lines = Path(units.__file__).with_name("units.txt").read_text("utf-8").splitlines()
    spellings = [spelling for line in lines if line.startswith("! ") for spelling in line[2:].split("  ")[0].split()]
    assert len(spellings) > 30
    for spelling in spellings:
        refused = refusal(spelling)
        assert refused.reason_en != f"'{spelling}' is not a known unit"
        assert refused.suggestion is None


def test_percent_is_a_number_but_not_one() -> None:
    assert parse_unit("%").is_number
    assert parse_unit("%") != ONE
    assert parse_unit("1") == ONE
    assert not parse_unit("km").is_number


@pytest.mark.parametrize("text", ["km/h", "1", "", "100km", "kmx", "m²", "a", "(km)"])
def test_only_a_bare_known_symbol_may_follow_a_number(text: str) -> None:
    assert not is_symbol(text)


def test_a_pure_number_has_no_unit_after_it() -> None:
    assert [parse_unit(text).shown for text in ("1", "%", "km/h")] == ["", "%", "km/h"]
