"""The grammar of what a standard requires: what binds how, what a number with a unit is, and how Chinese text is read."""

from __future__ import annotations

from fractions import Fraction

import pytest

from guiju.base.diagnostics import Problems, Span
from guiju.base.units import catalogue, parse_unit
from guiju.standard import expression as ex
from guiju.standard.document import Scalar
from guiju.standard.expression import Arithmetic, Comparison, Convert, Expr, Minus, Name, Number, Word, parse


def scalar(text: str) -> Scalar:
    return Scalar(text, Span("a", 1, 1, 1, len(text) + 1), 0)


def read(text: str, *, quantity: bool = False) -> Expr:
    problems = Problems()
    found = parse(scalar(text), problems, quantity=quantity)
    assert found is not None, [d.message("en") for d in problems.found]
    return found


def refused(text: str, *, quantity: bool = False) -> str:
    """The code of the refusal and what it underlines."""
    problems = Problems()
    assert parse(scalar(text), problems, quantity=quantity) is None
    (diagnostic,) = problems.found
    assert diagnostic.span is not None
    return f"{diagnostic.code}: {text[diagnostic.span.column - 1 : diagnostic.span.end_column - 1]}"


@pytest.mark.parametrize(("written", "means"), [
    ("a + b * c", "a + (b * c)"), ("a * b + c", "(a * b) + c"), ("a - b - c", "(a - b) - c"), ("a / b / c", "(a / b) / c"),
    ("a / b * c", "(a / b) * c"), ("-a^2", "-(a^2)"), ("-a * b", "(-a) * b"), ("a * -b", "a * (-b)"), ("--a", "-(-a)"), ("a - -b", "a - (-b)"),
    ("a <= b + c", "a <= (b + c)"), ("not a == b", "not (a == b)"), ("not a and b", "(not a) and b"), ("a or b and c", "a or (b and c)"),
    ("a and b or c", "(a and b) or c"), ("not not a", "not (not a)"), ("a if b else c if d else e", "a if b else (c if d else e)"),
    ("a + b if c else d", "(a + b) if c else d"), ("a or b if c or d else e", "(a or b) if (c or d) else e"), ("a as kg * b", "(a as kg) * b"),
    ("a^2 as kg", "(a^2) as kg"), ("-a as kg", "-(a as kg)"), ("a as kg as g", "(a as kg) as g"), ("a + b as kg", "a + (b as kg)"), ("a in {'x'} and b", "(a in {'x'}) and b"), ("a not in {'x'}", "not (a in {'x'})"),
    ("a <= b and c <= d", "(a <= b) and (c <= d)"), ("if a then b else c", "b if a else c"), ("if a then b else if c then d else e", "b if a else (d if c else e)"),
])  # fmt: skip
def test_operators_bind_as_in_mathematics(written: str, means: str) -> None:
    assert read(written) == read(means)


def test_a_chained_comparison_keeps_every_operand_once() -> None:
    chain = read("a < b <= c")
    assert isinstance(chain, Comparison)
    assert chain.ops == ("<", "<=")
    assert [o.name for o in chain.operands if isinstance(o, Name)] == ["a", "b", "c"]


@pytest.mark.parametrize(("written", "value", "unit"), [
    ("500 km", 500, "km"), ("500km", 500, "km"), ("35 %", 35, "%"), ("35%", 35, "%"), ("5 ‰", 5, "‰"), ("100 km/h", 100, "km/h"),
    ("13.8 kWh/100km", Fraction("13.8"), "kWh/100km"), ("13.8 [kWh/100km]", Fraction("13.8"), "kWh/100km"), ("5 m/s²", 5, "m/s²"), ("5 m²", 5, "m²"),
    ("7 [m·s⁻²]", 7, "m·s⁻²"), ("20 °C", 20, "°C"), ("20 ℃", 20, "°C"), ("90 °", 90, "°"), ("75 dB(A)", 75, "dB(A)"), ("3 元/千瓦时", 3, "元/千瓦时"),
    ("5 公里", 5, "km"), ("3 Ω", 3, "Ω"), ("2 µm", 2, "µm"), (".5 t", Fraction(1, 2), "t"), ("1e-3 kg", Fraction(1, 1000), "kg"), ("１３.８ ｋｍ", Fraction("13.8"), "km"),
    ("5 N·m", 5, "N·m"),
])  # fmt: skip
def test_a_number_carries_the_unit_after_it(written: str, value: Fraction, unit: str) -> None:
    found = read(written)
    assert isinstance(found, Number) and found.unit is not None
    assert (found.value, found.unit) == (value, parse_unit(unit))


@pytest.mark.parametrize(("written", "means"), [
    ("100 km/h + v", "100 [km/h] + v"), ("100 km / t", "(100 [km]) / t"), ("100 km/x", "(100 [km]) / x"), ("2 km*n", "(2 [km]) * n"), ("2 km * 3", "(2 [km]) * 3"),
    ("1 / 2 km", "1 / (2 [km])"), ("a * 5 % <= b", "(a * (5 [%])) <= b"), ("5 kWh/100 km", "(5 [kWh]) / (100 [km])"),
])  # fmt: skip
def test_a_unit_ends_before_what_is_no_unit(written: str, means: str) -> None:
    assert read(written) == read(means)


@pytest.mark.parametrize("symbol", [name for entry in catalogue() for name in (entry.symbol, *entry.aliases)])
def test_every_symbol_of_the_catalogue_can_follow_a_number_and_as(symbol: str) -> None:
    number, convert = read(f"5 {symbol}"), read(f"(a as {symbol}) + 1")
    assert isinstance(number, Number) and number.unit == parse_unit(symbol)
    assert isinstance(convert, Arithmetic) and isinstance(convert.left, Convert) and convert.left.unit == parse_unit(symbol)


@pytest.mark.parametrize("text", ["5 km^2", "a <= 5 m/s^2", "200 km^x"])
def test_a_power_after_a_unit_is_refused_for_it_has_two_meanings(text: str) -> None:
    assert refused(text).startswith("power-of-what")
    assert read("(5 km)^2") != read("5 [km²]")


@pytest.mark.parametrize(("chinese", "english"), [
    ("（a）≤ b", "(a) <= b"), ("a ≥ b 且 c ≠ d", "a >= b and c != d"), ("非 a 或 b", "not a or b"), ("最大值（a，b）", "max(a, b)"), ("a × b ÷ c", "a * b / c"),
    ("a − b", "a - b"), ("a － b", "a - b"), ("a ＋ b", "a + b"), ("5 ％", "5 %"), ("a ＜ b", "a < b"), ("a · b", "a * b"), ("若 a 则 b 否则 c", "if a then b else c"),
    ("整备质量 以 kg 计", "整备质量 as kg"), ("类别 属于 ｛'M1'，'N1'｝", "类别 in {'M1', 'N1'}"), ("修约（a，0.1 kg）", "round_gb(a, 0.1 kg)"), ("‘M1’ == a", "'M1' == a"), ("“M1” == a", "'M1' == a"),
    ("至少（2，a，b，c）", "atleast(2, a, b, c)"), ("能耗.符合（'4.1'）", "能耗.pass('4.1')"), ("5　km ≤ a", "5 km <= a"),
])  # fmt: skip
def test_chinese_words_and_full_width_signs_say_the_same(chinese: str, english: str) -> None:
    assert read(chinese) == read(english)


def test_a_quoted_name_may_be_any_label() -> None:
    assert read("「电能消耗量（CLTC）」 <= 「limit at 20 °C」") == Comparison(
        ("<=",), (Name("电能消耗量（CLTC）", None, Span("a", 1, 1, 1, 1)), Name("limit at 20 °C", None, Span("a", 1, 1, 1, 1))), Span("a", 1, 1, 1, 1)
    )


def test_a_quoted_word_of_the_language_is_a_name_and_its_call_no_function() -> None:
    found = read("「max」(a, b)")
    assert isinstance(found, ex.Call) and found.name == "max"
    called = read("「最大值」(a)")
    assert isinstance(called, ex.Call) and called.name == "最大值"


@pytest.mark.parametrize(("text", "said"), [
    ("", "expression-ends-early: "), ("a <=", "expression-ends-early: "), ("a b", "unexpected-symbol: b"), ("a = b", "unexpected-symbol: ="), ("a && b", "unexpected-symbol: &"),
    ("(a", "expression-ends-early: "), ("a)", "unexpected-symbol: )"), ("min(a b)", "unexpected-symbol: b"), ("a <= 5 kgg", "unknown-unit: kgg"), ("5 [kg", "expression-ends-early: [kg"),
    ("a as", "expression-ends-early: "), ("a as (kg)", "unexpected-symbol: ("), ("2024-02-30", "not-a-date: 2024-02-30"), ("1.2.3", "unexpected-symbol: .3"), ("1e1000", "not-a-number: 1e1000"),
    ("a if b", "expression-ends-early: "), ("if a then b", "expression-ends-early: "), ("a in {}", "unexpected-symbol: }"), ("a.b.c", "unexpected-symbol: ."), ("a .", "expression-ends-early: "),
    ("'open", "unexpected-symbol: '"), ("「open", "unexpected-symbol: 「"), ("lambda: 0", "unexpected-symbol: :"), ("a[0]", "unexpected-symbol: ["), ("5 °Cx", "unexpected-symbol: Cx"),
    ("and", "unexpected-symbol: and"), ("a $ b", "unexpected-symbol: $"),
])  # fmt: skip
def test_what_cannot_be_read_is_refused_where_reading_stops(text: str, said: str) -> None:
    assert refused(text) == said


@pytest.mark.parametrize("text", ["(" * 31 + "a" + ")" * 31, "not " * 40 + "a", "-" * 40 + "a", " + ".join("a" * 120), "a if b else " * 40 + "c", "max(" * 40 + "a" + ")" * 40])
def test_depth_and_length_are_bounded(text: str) -> None:
    assert refused(text).startswith("expression-too-deep")


@pytest.mark.parametrize(("text", "number", "unit"), [("13.8 kWh/100km", "13.8", "kWh/100km"), ("-5 °C", "5", "°C"), ("35%", "35", "%"), ("2.2", "2.2", None), ("−3 K", "3", "K"), ("5 Wh/(km·kg)", "5", "Wh/(km·kg)")])
def test_a_field_that_holds_a_quantity_takes_a_compound_unit_without_brackets(text: str, number: str, unit: str | None) -> None:
    found = read(text, quantity=True)
    if isinstance(found, Minus):
        found = found.operand
    assert isinstance(found, Number)
    assert (found.text, found.unit) == (number, parse_unit(unit) if unit else None)


def test_a_field_that_holds_a_quantity_takes_an_expression_too() -> None:
    assert read("0.00556 * (m - 1780) + 13.92", quantity=True) == read("0.00556 * (m - 1780) + 13.92")


def test_places_do_not_make_expressions_different() -> None:
    assert read("a  +  b") == read("a + b")
    assert read("'M1'") == read('"M1"') == Word("M1", Span("a", 1, 1, 1, 1))
    assert read("5 [km]") == read("5 km")


def test_every_part_knows_where_it_stands() -> None:
    text = "consumption <= max(limit, 13.9 [kWh/100km]) and category == 'M1'"
    texts = {text[e.span.column - 1 : e.span.end_column - 1] for e in ex.walk(read(text))}
    assert texts >= {"consumption <= max(limit, 13.9 [kWh/100km])", "max(limit, 13.9 [kWh/100km])", "13.9 [kWh/100km]", "category == 'M1'", "'M1'", text}
