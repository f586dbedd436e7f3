"""Limits in straight pieces are what the exact reading computes at every step, and two of them are compared as by trying every value."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from checking import MADE_UP, program_of
from guiju.ir.values import Unknown
from guiju.readings.evaluate import evaluate
from guiju.readings.smt.pieces import Gap, Limit, Piece, gap, pieces

HEAD = MADE_UP + """
inputs:
  m: {is: vehicle.mass.curb, unit: kg, decimals: 1, min: -20, max: 60}
tables:
  t: {of: m, kind: step, unit: kg, source: s, rows: [{above: -18 kg, upto: -3 kg, value: "m / 3"}, {below: 7.5 kg, value: "9 kg - 2 * m"}, {upto: 40 kg, value: 4}]}
  u: {of: "30 kg - m", kind: step, unit: kg, source: s, rows: [{below: 2.5 kg, value: 1}, {upto: 20 kg, value: "t + 1 kg"}, {value: "min(t, 0.5 * m)"}]}
  c: {of: m, kind: interpolate, outside: clamp, unit: kg, source: s, rows: [{at: -5 kg, value: 3}, {at: 11.1 kg, value: 8}, {at: 30 kg, value: -1}]}
formulas:
  f: {unit: kg, formula: "max(t, u, 2 kg) - c * 1.5"}
  g: {unit: kg, formula: "min(-c, m - u) + t(2 * m)"}
  h: {unit: kg, formula: "(c / 2) / (4 if true else 2) + max(m, -m)"}
clauses:
  "1": {zh: 条, en: clause, shall: "f + g + h >= 0 kg", source: s}
"""
FIRST, LAST, GRID = -200, 600, Fraction(1, 10)


def test_pieces_have_the_values_of_the_exact_reading_at_every_step() -> None:
    program = program_of(HEAD)
    made = {name: pieces(node, FIRST, LAST, lambda name: GRID) for name, node in program.values.items()}
    assert all(found is not None for found in made.values())
    for k in range(FIRST, LAST + 1):
        evaluation = evaluate(program, {"m": k * GRID})
        for name, found in made.items():
            held = [p for p in found or () if p.first <= k <= p.last]
            value = evaluation.of(program.values[name])
            assert len(held) == 1 and held[0].at(k) == (None if type(value) is Unknown else value), (name, k)


lines = st.one_of(st.none(), st.tuples(st.fractions(-3, 3, max_denominator=4), st.fractions(-20, 20, max_denominator=8)))


@st.composite
def limits(draw: st.DrawFn, upper: bool) -> Limit:
    ends = sorted(draw(st.sets(st.integers(0, 18), max_size=4)) | {19})
    starts = [0, *(end + 1 for end in ends[:-1])]
    return Limit(upper, draw(st.booleans()), tuple(Piece(a, b, draw(lines)) for a, b in zip(starts, ends, strict=True)))


def _lets_in(limit: Limit, k: int, value: Fraction) -> bool:
    (bound,) = (p.at(k) for p in limit.pieces if p.first <= k <= p.last)
    if bound is None:
        return False
    below = value < bound if limit.strict else value <= bound
    above = value > bound if limit.strict else value >= bound
    return below if limit.upper else above


@given(st.data(), st.booleans(), st.sampled_from([Fraction(1), Fraction(1, 2), Fraction(3, 10)]))
def test_a_gap_is_found_exactly_where_trying_every_value_finds_one(data: st.DataObject, upper: bool, grid: Fraction) -> None:
    first, second = data.draw(limits(upper)), data.draw(limits(upper))
    low, high = Fraction(-12), Fraction(12)
    values = [n * grid for n in range(int(low / grid), int(high / grid) + 1)]
    wanted = any(_lets_in(first, k, value) and not _lets_in(second, k, value) for k in range(20) for value in values)
    found = gap(first, second, grid, low, high)
    assert bool(found) is wanted
    if isinstance(found, Gap):
        assert found.value in values and _lets_in(first, found.k, found.value) and not _lets_in(second, found.k, found.value)
