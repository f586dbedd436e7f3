"""Large documents stay small: nodes, SQL and work grow with what is written and no faster, and a row of a long table is found by halving.

Sizes and calls are counted, never the clock: `benchmarks/large_documents.py` tells the times.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from agreement import agreement
from checking import MADE_UP, program_of
from guiju.ir.halving import LONG, halved
from guiju.ir.node import Op
from guiju.ir.program import Program
from guiju.ir.values import RULES
from guiju.readings.columnar import columns
from guiju.readings.compiled import compile_record
from guiju.readings.evaluate import evaluate
from guiju.readings.explain import explain
from guiju.readings.missing import missing_columns
from guiju.readings.render import render
from large import KINDS, long_table, many_clauses, program_of_large

TEXTS: dict[str, Callable[[int], str]] = {"clauses": many_clauses} | {kind: lambda count, kind=kind: long_table(count, kind) for kind in KINDS}  # type: ignore[misc]
LARGE = {"clauses": 300} | dict.fromkeys(KINDS, 1000)


def calls(work: Callable[[], object]) -> int:
    """How many calls of Python functions some work makes."""
    count = 0

    def counted(frame: Any, event: str, arg: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(counted)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


def nesting(sql: str) -> int:
    """How deep CASE stands in CASE."""
    depth = deepest = 0
    for word in re.findall(r"\b(?:CASE|END)\b", sql):
        depth += 1 if word == "CASE" else -1
        deepest = max(deepest, depth)
    return deepest


@pytest.mark.parametrize("kind", TEXTS)
def test_four_times_the_document_is_four_times_the_nodes_and_the_sql(kind: str) -> None:
    small, large = (program_of_large(TEXTS[kind](LARGE[kind] // part)) for part in (4, 1))
    assert len(large.order) < 4.1 * len(small.order)
    for emitted in (lambda p: columns(p).template, lambda p: missing_columns(p)[0]):
        assert len(emitted(large)) < 4.4 * len(emitted(small))
    assert len(columns(large).template) < {"clauses": 400, "formula": 80, "interpolate": 80}.get(kind, 40) * LARGE[kind]


@pytest.mark.parametrize("kind", TEXTS)
def test_four_times_the_document_is_four_times_the_work(kind: str) -> None:
    """Loading, checking, the grid analysis, every reading: what is quadratic in the rows or clauses would make it sixteen times."""

    def work(count: int) -> int:
        text = TEXTS[kind](count)

        def whole() -> None:
            program = program_of_large(text)
            columns(program)
            missing_columns(program)
            compile_record(program)
            explain(evaluate(program, {"m": Fraction(1500), "c": Fraction(10), "r": Fraction(5), "k": "w7" if kind == "map" else "M1"}), "zh")
            render(program, "zh")

        return calls(whole)

    work(20)
    assert work(LARGE[kind] // 2) < 4.6 * work(LARGE[kind] // 8)


@pytest.mark.parametrize("kind", KINDS)
def test_a_row_of_a_thousand_is_found_by_halving_in_sql(kind: str) -> None:
    sql = columns(program_of_large(long_table(1000, kind))).template
    assert nesting(sql) <= 8
    run = max(len(part.split("WHEN")) - 1 for part in re.split(r"\b(?:CASE|END)\b", sql))
    assert LONG // 2 <= run <= LONG + 1


@pytest.mark.parametrize("kind", KINDS)
def test_a_record_takes_a_few_steps_through_a_thousand_rows(kind: str) -> None:
    """In the compiled form only the row found is computed; lines run are counted."""
    judge = compile_record(program_of_large(long_table(1000, kind)))
    record = {"m": 12345.5, "c": 20.0, "r": 5.0, "k": "w777"}
    lines = 0

    def traced(frame: Any, event: str, arg: Any) -> Any:
        nonlocal lines
        lines += event == "line"
        return traced

    sys.settrace(traced)
    try:
        judge(record)
    finally:
        sys.settrace(None)
    assert lines < 60
    assert judge.__code__.co_nlocals < 40  # type: ignore[attr-defined]


def test_the_exact_reading_finds_a_row_by_halving_too() -> None:
    class Counted(Fraction):
        compared = 0

        def __lt__(self, other: Any) -> bool:
            Counted.compared += 1
            return super().__lt__(other)

        def __eq__(self, other: Any) -> bool:
            Counted.compared += 1
            return super().__eq__(other)

        __hash__ = Fraction.__hash__

    program = program_of_large(long_table(1000, "step"))
    node = next(n for n in program.order if n.op is Op.STEP)
    for at in (Fraction(0), Fraction(300), Fraction(12301), Fraction(99999)):
        Counted.compared = 0
        found = RULES[Op.STEP](node, [Counted(at), *(a.value for a in node.args[1:])])
        assert Counted.compared <= 20
        plain = next((v.value for (bound, closed), v in zip(node.value, node.args[1:], strict=False) if at < bound or (closed and at == bound)), node.args[-1].value)  # type: ignore[arg-type, misc, operator]
        assert found == plain


@pytest.mark.parametrize("count", [1, 2, 32, 33, 64, 65, 1000])
@pytest.mark.parametrize("longest", [1, 32])
def test_halving_finds_every_row(count: int, longest: int) -> None:
    def leaf(first: int, end: int) -> dict[int, range]:
        assert 0 < end - first <= longest
        return dict.fromkeys(range(first, end), range(first, end))

    def choose(at: int, left: dict[int, range], right: dict[int, range]) -> dict[int, range]:
        assert max(left) < at <= min(right)
        return left | right

    found = halved(count, leaf, choose, longest)
    assert list(found) == list(range(count)) and all(row in rows for row, rows in found.items())


@pytest.mark.parametrize("kind", KINDS)
def test_the_readings_agree_on_long_tables(kind: str, tmp_path: Path) -> None:
    found = agreement(program_of_large(long_table(100, kind)), 600, 1, tmp_path)
    assert not found.differences, "\n".join(found.differences[:5])
    assert found.undetermined


def tables_in_rows() -> Program:
    """A long table whose rows hold another, with a rounding and a product in a row of it, and one value two rows share."""
    inner = ", ".join(f'{{upto: {n * 50} km, value: "round_gb(c * 1.{n}, 0.1 [kWh/100km]) + c / 7"}}' for n in range(1, 40))
    rows = ", ".join(f'{{upto: {n * 100} kg, value: "{"inner" if n == 9 else f"inner(r / {n}) * 2 - {n % 3} * c"}"}}' for n in range(1, 40))
    return program_of(MADE_UP + f"""
inputs:
  m: {{is: vehicle.mass.curb, unit: kg, decimals: 1, min: 0, max: 6000}}
  c: {{is: nev.electricity.cltc, unit: kWh/100km, decimals: 2, min: 3, max: 60}}
  r: {{is: nev.range.cltc, unit: km, decimals: 0, min: 0, max: 2000}}
tables:
  inner: {{of: r, kind: step, unit: kWh/100km, source: s, rows: [{inner}]}}
  outer: {{of: m, kind: step, unit: kWh/100km, source: s, rows: [{rows}]}}
clauses:
  "1": {{zh: 一, en: one, shall: "c <= outer", source: s}}
""")


def test_the_readings_agree_on_long_tables_within_rows_of_long_tables(tmp_path: Path) -> None:
    found = agreement(tables_in_rows(), 600, 1, tmp_path)
    assert not found.differences, "\n".join(found.differences[:5])
    assert found.undetermined


def test_a_value_used_twice_in_each_of_many_formulas_is_looked_at_once() -> None:
    """Whether the last row of a table is unknown with its argument is asked of a graph, not of all its paths."""
    formulas = "\n".join(f'  f{n}: {{unit: kg, formula: "{f"f{n - 1} + f{n - 1}" if n else "y"}"}}' for n in range(40))
    text = MADE_UP + f"""
inputs:
  x: {{is: vehicle.mass.curb, unit: kg, decimals: 0, min: 0, max: 10}}
  y: {{is: vehicle.mass.max_design, unit: kg, decimals: 0, min: 0, max: 10}}
tables:
  t: {{of: x, kind: step, unit: kg, source: s, rows: [{{upto: 5 kg, value: 1}}, {{value: f39}}]}}
formulas:
{formulas}
clauses:
  "1": {{zh: 一, en: one, shall: t <= 5 kg, source: s}}
"""
    program = program_of(text)
    assert calls(lambda: columns(program)) < 20_000
