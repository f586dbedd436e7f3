"""What is written out in Chinese or English is read back as the same expression."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guiju.base.diagnostics import Language, Problems, Span
from guiju.base.rounding import decimal_text
from guiju.base.units import parse_unit
from guiju.standard import expression as ex
from guiju.standard.document import Scalar
from guiju.standard.expression import Expr, parse
from guiju.standard.writing import naming, unnamed, write

HERE = Span("a", 1, 1, 1, 1)
LABELS = {
    "m": "整备质量", "limit": "限值（CLTC）", "ratio": "a ratio, of two", "x1": "x1", "kg_name": "kg", "pass_rate": "符合", "maximum": "最大值", "or_name": "or", "odd": "20 °C 'cold'",
}  # fmt: skip
USED = {"energy": ("GB 36980.1-2025", {"limit": "电能消耗量限值", "Y": "Y"}), "plain": ("plain", {})}
UNITS = ["km", "kg", "%", "‰", "kWh/100km", "Wh/(km·kg)", "m²", "°C", "dB(A)", "元", "1"]


def numbers() -> st.SearchStrategy[Expr]:
    def number(value: Fraction, unit: str | None) -> Expr:
        return ex.Number(value, decimal_text(value), parse_unit(unit) if unit else None, HERE)

    values = st.decimals(0, 10_000, places=4, allow_nan=False).map(Fraction)
    return st.builds(number, values, st.none() | st.sampled_from(UNITS))


def leaves() -> st.SearchStrategy[Expr]:
    names = st.sampled_from(sorted(LABELS)).map(lambda n: ex.Name(n, None, HERE))
    foreign = st.sampled_from([ex.Name("limit", "energy", HERE), ex.Name("Y", "energy", HERE), ex.Name("z", "plain", HERE)])
    words = st.sampled_from(["M1", "it's", 'a "b"', "限值", "", "a’b"]).map(lambda w: ex.Word(w, HERE))
    days = st.dates(date(1900, 1, 1), date(2100, 1, 1)).map(lambda d: ex.Day(d, HERE))
    return numbers() | names | foreign | words | days | st.sampled_from([ex.Name("true", None, HERE), ex.Name("false", None, HERE)])


def larger(part: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    parts = st.lists(part, min_size=1, max_size=3).map(tuple)
    operators = st.sampled_from(["<=", "<", ">=", ">", "==", "!="])

    def compared(ops: list[str], operands: tuple[Expr, ...], last: Expr) -> Expr:
        operands = operands[: len(ops)]
        return ex.Comparison(tuple(ops[: len(operands)]), (*operands, last), HERE)

    return st.one_of(
        st.builds(lambda op, a, b: ex.Arithmetic(op, a, b, HERE), st.sampled_from(["+", "-", "*", "/", "^"]), part, part),
        st.builds(lambda a: ex.Minus(a, HERE), part),
        st.builds(lambda a: ex.Not(a, HERE), part),
        st.builds(compared, st.lists(operators, min_size=1, max_size=3), parts, part),
        st.builds(lambda op, a, b: ex.Logic(op, (a, *b), HERE), st.sampled_from(["and", "or"]), part, parts),
        st.builds(lambda a, b: ex.Member(a, b, HERE), part, parts),
        st.builds(lambda a, b, c: ex.Choice(a, b, c, HERE), part, part, part),
        st.builds(lambda a, u: ex.Convert(a, parse_unit(u), HERE), part, st.sampled_from(UNITS)),
        st.builds(lambda n, a: ex.Call(n, None, a, HERE), st.sampled_from(["min", "max", "round_gb", "limit", "pass", "worst", "atleast", "maximum", "or_name"]), parts),
        st.builds(lambda n, a: ex.Call(n, "energy", a, HERE), st.sampled_from(["limit", "pass", "Y"]), parts),
    )


EXPRESSIONS = st.recursive(leaves(), larger, max_leaves=12)


@pytest.mark.parametrize("language", ["zh", "en"])
@given(expr=EXPRESSIONS)
def test_what_is_written_is_read_back_as_the_same(language: Language, expr: Expr) -> None:
    text = write(expr, language, naming(LABELS, USED))
    problems = Problems()
    found = parse(Scalar(text, Span("a", 1, 1, 1, len(text) + 1), 0), problems)
    assert found is not None, (text, [d.message("en") for d in problems.found])
    assert unnamed(found, LABELS, USED) == expr, text


@pytest.mark.parametrize(("written", "zh", "en"), [
    ("m <= 3500 kg and not (limit >= 13.9 [kWh/100km])", "整备质量 ≤ 3500 kg 且 非 「限值（CLTC）」 ≥ 13.9 [kWh/100km]", "整备质量 ≤ 3500 kg and not 「限值（CLTC）」 ≥ 13.9 [kWh/100km]"),
    ("(x1 + 1) * 2 - (3 - x1)", "(x1 + 1) × 2 - (3 - x1)", "(x1 + 1) × 2 - (3 - x1)"),
    ("(5 km)^2 / x1", "(5 km)^2 / x1", "(5 km)^2 / x1"),
    ("energy.limit(3500 kg) if x1 in {'a', 'b'} else energy.pass('R1')", "若 x1 属于 {'a', 'b'} 则 「GB 36980.1-2025」.电能消耗量限值(3500 kg) 否则 「GB 36980.1-2025」.符合('R1')",
     "if x1 in {'a', 'b'} then 「GB 36980.1-2025」.电能消耗量限值(3500 kg) else 「GB 36980.1-2025」.pass('R1')"),
    ("max(m as kg, 2)", "最大值(整备质量 以 kg 计, 2)", "max(整备质量 as kg, 2)"),
])  # fmt: skip
def test_it_is_written_as_a_person_would(written: str, zh: str, en: str) -> None:
    expr = parse(Scalar(written, HERE, 0), Problems())
    assert expr is not None
    assert write(expr, "en", naming(LABELS, USED)) == en
    assert write(expr, "zh", naming(LABELS, USED)) == zh
