"""Calendar arithmetic and ordered categories: what documents may say, what records get, and what is refused by name."""

from __future__ import annotations

import pytest

from checking import MADE_UP, Texts, checked, evaluation_of, program_of
from guiju.ir.node import Op
from guiju.readings.columnar import columns
from guiju.readings.compiled import compile_record
from guiju.readings.evaluate import Verdict
from guiju.readings.examples import kinds
from guiju.readings.explain import explain, text
from guiju.readings.render import read_back, render, surface

PASS, FAIL, UNDETERMINED = Verdict.PASS, Verdict.FAIL, Verdict.UNDETERMINED


def dated(shall: str) -> str:
    return MADE_UP + f"""
inputs:
  made: {{is: record.production_date}}
  tested: {{is: record.test_date}}
clauses:
  "1": {{zh: 一, en: one, shall: "{shall}", source: s}}
"""


@pytest.mark.parametrize(("shall", "made", "tested", "verdict"), [
    ("tested <= years_after(made, 5)", "2021-03-01", "2026-03-01", PASS), ("tested <= years_after(made, 5)", "2021-03-01", "2026-03-02", FAIL),
    ("tested < years_after(made, 1)", "2024-02-29", "2025-02-28", FAIL), ("tested < years_after(made, 1)", "2024-02-29", "2025-02-27", PASS),
    ("tested <= months_after(made, 18)", "2023-08-31", "2025-02-28", PASS), ("tested <= months_after(made, 18)", "2023-08-31", "2025-03-01", FAIL),
    ("made >= months_after(tested, -6)", "2025-02-28", "2025-08-31", PASS), ("made >= years_after(tested, -1)", "2023-12-30", "2024-12-31", FAIL),
    ("tested <= years_after(made, 900)", "9500-01-01", "2025-01-01", UNDETERMINED), ("tested <= years_after(made, 0)", "2025-01-01", "2025-01-01", PASS),
    ("days(made, months_after(made, 1)) == 29 d", "2024-02-15", "2024-02-15", PASS), ("tested <= years_after(2024-02-29, 1)", "2024-01-01", "2025-02-28", PASS),
])  # fmt: skip
def test_a_day_years_or_months_after_another_is_told_by_the_calendar(shall: str, made: str, tested: str, verdict: Verdict) -> None:
    assert evaluation_of(dated(shall), {"made": made, "tested": tested}).verdict("1") is verdict


def test_a_day_beyond_the_calendar_is_undefined_and_a_missing_one_is_missing() -> None:
    found = evaluation_of(dated("tested <= years_after(made, 900)"), {"made": "9500-01-01", "tested": "2025-01-01"})
    assert found.why_unknown(found.program.clauses[0]).undefined == {"outside the calendar"}
    found = evaluation_of(dated("tested <= years_after(made, 5)"), {"tested": "2025-01-01"})
    assert found.why_unknown(found.program.clauses[0]).missing == {"made"}


@pytest.mark.parametrize("count", ["1.5", "made", "1001", "5 d", "-1001"])
def test_a_count_of_years_must_be_whole_and_constant(count: str) -> None:
    assert set(checked(dated(f"tested <= years_after(made, {count})"), run=False).codes) <= {"calendar-count", "type-mismatch"}
    assert checked(dated(f"tested <= years_after(made, {count})"), run=False).errors


def test_an_explanation_of_dates_tells_the_day_and_how_far_it_is() -> None:
    shown = text(explain(evaluation_of(dated("tested <= years_after(made, 5)"), {"made": "2021-03-01", "tested": "2026-03-04"}), "en"))
    assert "2026-03-04 > 2026-03-01; over by 3 d" in shown
    at = evaluation_of(dated("tested <= years_after(made, 5)"), {"made": "2021-03-01", "tested": "2026-03-01"})
    assert "恰在限值上" in text(explain(at, "zh")) and "limit" in kinds(at)


# categories in order


def ordered(shall: str, order: str = ", order: rising", other: str = "[M1, M2, N1]") -> str:
    return MADE_UP + f"""
inputs:
  level: {{is: vehicle.category, values: [M1, M2, N1]{order}}}
  least: {{is: vehicle.category, values: {other}{order}}}
  fuel: {{is: vehicle.fuel, values: [none, petrol]}}
  mass: {{is: vehicle.mass.curb, unit: kg, decimals: 0, min: 0, max: 10}}
clauses:
  "1": {{zh: 一, en: one, shall: "{shall}", source: s}}
"""


@pytest.mark.parametrize(("shall", "expected"), [
    ("level <= 'M2'", (PASS, PASS, FAIL)), ("level < 'M2'", (PASS, FAIL, FAIL)), ("level >= 'M2'", (FAIL, PASS, PASS)), ("level > 'M2'", (FAIL, FAIL, PASS)),
    ("'M2' <= level", (FAIL, PASS, PASS)), ("'M1' < level <= 'M2'", (FAIL, PASS, FAIL)), ("level >= least", (FAIL, PASS, PASS)),
    ("level < least", (PASS, FAIL, FAIL)), ("level == 'M2'", (FAIL, PASS, FAIL)),
])  # fmt: skip
def test_categories_in_order_compare_by_the_order_written(shall: str, expected: tuple[Verdict, ...]) -> None:
    program = program_of(ordered(shall))
    judge = compile_record(program)
    for word, verdict in zip(("M1", "M2", "N1"), expected, strict=True):
        assert evaluation_of(ordered(shall), {"level": word, "least": "M2"}).verdict("1") is verdict
        assert judge({"level": word, "least": "M2"})[0] is verdict
    assert evaluation_of(ordered(shall), {"least": "M2"}).verdict("1") is UNDETERMINED
    assert "CASE" in columns(program).template or "==" in shall


def test_the_order_is_lowered_to_primitives_that_every_reading_has() -> None:
    assert {n.op for n in program_of(ordered("level <= 'M2'")).order} == {Op.INPUT, Op.MAP, Op.CONST, Op.LE}


@pytest.mark.parametrize(("text_", "code", "said"), [
    (ordered("level <= 'M2'", order=""), "type-mismatch", "order: rising"), (ordered("fuel <= 'petrol'"), "type-mismatch", "order: rising"),
    (ordered("level <= fuel"), "orders-differ", "M1 < M2 < N1"), (ordered("level <= least", other="[M2, M1, N1]"), "orders-differ", "M2 < M1 < N1"),
    (ordered("level <= 'N2'"), "unknown-category", "N2"), (ordered("level <= 3"), "type-mismatch", "a category is needed"),
    (ordered("(level if mass > 3 kg else least) <= 'M2'"), "type-mismatch", "order: rising"), (ordered("min(level, least) <= 'M2'"), "type-mismatch", "a number"),
    (ordered("level <= 'M2'", order=", order: falling"), "unknown-word", "falling"), (ordered("level <= 'M2'", other="[M1]"), "order-without-values", "least"),
    (ordered("level <= 'M2'", other="[M1, M1, M2]"), "order-without-values", "least"),
    (ordered("level <= 'M2'").replace("max: 10}", "max: 10, order: rising}"), "order-without-values", "mass"),
    (ordered("level <= 'M2'").replace("values: [none, petrol]", "order: rising"), "order-without-values", "fuel"),
])  # fmt: skip
def test_everything_else_about_order_is_refused_by_name(text_: str, code: str, said: str) -> None:
    found = [d for d in checked(text_, run=False).problems.found if d.code == code]
    assert found and said in found[0].message("en") + found[0].help("en")


def test_a_used_standard_keeps_its_order_or_is_refused() -> None:
    used = ordered("level <= 'M2'").replace("T/TEST 1", "T/USED 1")
    using = ordered("u.pass('1')").replace("\ninputs:", '\nuses: {u: "T/USED 1"}\ninputs:')
    library = Texts({"T/USED 1": used})
    assert evaluation_of(using, {"level": "M2", "least": "M1"}, library=library).verdict("1") is PASS
    changed = using.replace("[M1, M2, N1], order: rising", "[M2, M1, N1], order: rising")
    assert "orders-differ" in checked(changed, library=library, run=False).codes


@pytest.mark.parametrize("language", ["zh", "en"])
def test_new_functions_and_comparisons_are_read_back_as_written(language: str) -> None:
    text_ = ordered("level <= 'M2' and least < level and significant(mass, 2) <= 3 kg")
    for document in (text_, dated("tested <= years_after(made, 5) and made >= months_after(tested, -6)")):
        program = program_of(document)
        assert read_back(render(program, language), program, language) == surface(program.standard)  # type: ignore[arg-type]
    words = {"zh": ("有效位修约(", "M1 M1 类（乘用车） < M2"), "en": ("significant(", "M1 M1 (passenger car) < M2")}[language]
    assert all(word in render(program_of(text_), language) for word in words)  # type: ignore[arg-type]
