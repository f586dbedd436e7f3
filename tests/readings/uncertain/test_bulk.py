"""The columns of margins are what one record at a time gives."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import duckdb
import pytest

from agreement import load
from checking import program_of, shelf
from guiju.ir.program import Program
from guiju.metrology.decision import RULES, Rule
from guiju.readings.evaluate import Verdict
from guiju.readings.uncertain.bulk import margin_columns
from guiju.readings.uncertain.conforming import uncertain
from guiju.readings.uncertain.linear import Why
from guiju.readings.uncertain.stated import Spread, Stated
from guiju.records.bulk import programs
from random_documents import random_program
from random_records import records
from uncertain_cars import CARS


def compared(program: Program, count: int, seed: int, folder: Path) -> int:
    """How many probabilities were held against those of single records."""
    found, numbers = records(program, count, seed, nulls=0.02), [n for n in program.used_inputs if program.inputs[n].kind == "number"]
    connection = duckdb.connect(config={"threads": 1})
    load(connection, program, found, folder / "records.csv")
    spreads = {name: f"u {name}" for name in numbers[: max(1, len(numbers) - 1)]}
    sizes = {name: Spread(3 * program.inputs[name].grid) for name in spreads}
    own = ", ".join(f'{float(sizes[name].u)!r}::DOUBLE AS "{column}"' for name, column in spreads.items())
    connection.execute(f"CREATE TABLE stated AS SELECT *, {own} FROM source")
    made = margin_columns(program, spreads, ("row",))
    assert set(made.clauses) | set(made.left_out) == {m.no for m in program.judged}
    made.make(connection, "stated", "margins")
    held = 0
    rows = connection.execute("SELECT * FROM margins ORDER BY row").fetchall()
    for record, (_, *row) in zip(found, rows, strict=True):
        one = uncertain(program, Stated(record, {n: s for n, s in sizes.items() if n in record}), trials=1)
        clauses = {c.meaning.no: c for c in one.clauses}
        for position, no in enumerate(made.clauses):
            margin, u, chance, near = row[4 * position : 4 * position + 4]
            single = clauses[no]
            if chance is not None:
                assert not near
                assert single.verdict in (Verdict.PASS, Verdict.FAIL)
                if single.settled or single.margin is None:
                    assert chance == single.probability
                    continue
                assert margin == pytest.approx(float(single.margin.value), abs=1e-9, rel=1e-9)
                assert u == pytest.approx(single.margin.u, abs=1e-12, rel=1e-9)
                assert {d.why for d in single.margin.doubts} <= {Why.CURVED, Why.FLAT}
                if single.probability is not None:
                    assert chance == pytest.approx(single.probability, abs=1e-9)
                    held += 1
            elif single.probability is not None and single.margin is not None:
                assert near, "only a border in a piece not in force keeps the probability back"
    return held


def test_margins_of_a_table_are_those_of_single_records(tmp_path: Path):
    assert compared(program_of(CARS), 150, 1, tmp_path) > 60


@pytest.mark.parametrize("seed", range(8))
def test_margins_of_random_documents(seed: int, tmp_path: Path):
    compared(random_program(seed, events=False), 40, seed, tmp_path)


def test_exact_records_get_the_verdict(tmp_path: Path):
    program = program_of(CARS)
    connection = duckdb.connect(config={"threads": 1})
    found = [{"mass": Fraction(1500), "energy": Fraction(energy), "distance": Fraction(600)} for energy in ("13.5", "13.51")]
    load(connection, program, found, tmp_path / "records.csv")  # type: ignore[arg-type]
    connection.execute('CREATE TABLE stated AS SELECT *, 0e0 AS "u" FROM source')
    margin_columns(program, {"energy": "u"}, ("row",)).make(connection, "stated", "margins")
    assert connection.execute('SELECT "P 1" FROM margins ORDER BY row').fetchall() == [(1.0,), (0.0,)]


@pytest.mark.parametrize("number", shelf().numbers())
def test_margins_of_every_standard_on_the_shelf(number: str, tmp_path: Path):
    program = programs(shelf(), [number], None)[0]
    if any(program.inputs[name].kind == "number" for name in program.used_inputs):
        compared(program, 4, 1, tmp_path)


def test_the_bounds_of_all_clauses_hold_the_joint_probability(tmp_path: Path):
    program = program_of(CARS)
    spreads = {"mass": Spread(Fraction(6)), "energy": Spread(Fraction("0.1")), "distance": Spread(Fraction(3))}
    found = [{"mass": Fraction(1500), "energy": Fraction(e), "distance": Fraction(d)} for e in ("13.2", "13.4") for d in ("512", "600")]
    connection = duckdb.connect(config={"threads": 1})
    load(connection, program, found, tmp_path / "records.csv")  # type: ignore[arg-type]
    connection.execute('CREATE TABLE stated AS SELECT *, 6e0 AS "u mass", 0.1e0 AS "u energy", 3e0 AS "u distance" FROM source')
    made = margin_columns(program, {name: f"u {name}" for name in spreads}, ("row",))
    assert not made.bounded, "clause 3 rests on two comparisons that move"
    plain = program_of(CARS.split('  "3":')[0])
    made = margin_columns(plain, {name: f"u {name}" for name in spreads}, ("row",))
    assert made.bounded
    made.make(connection, "stated", "margins")
    rows = connection.execute('SELECT "P 1", "P 2", "all at least", "all at most" FROM margins ORDER BY row').fetchall()
    for record, (first, second, least, most) in zip(found, rows, strict=True):
        joint = uncertain(plain, Stated(record, spreads), trials=20_000, sampler="sobol").joint
        assert joint is not None
        assert least == pytest.approx(max(first + second - 1, 0))
        assert most == min(first, second)
        assert least - 5e-3 <= joint <= most + 5e-3


@pytest.mark.parametrize("rule", RULES)
def test_decisions_of_a_table_are_those_of_single_records(rule: Rule, tmp_path: Path):
    program = program_of(CARS)
    energies = [Fraction(130 + n, 10) for n in range(12)] + [Fraction("13.5")]
    found = [{"mass": Fraction(1500), "energy": energy, "distance": Fraction(600)} for energy in energies]
    connection = duckdb.connect(config={"threads": 1})
    load(connection, program, found, tmp_path / "records.csv")  # type: ignore[arg-type]
    connection.execute('CREATE TABLE stated AS SELECT *, 0.16e0 AS "u" FROM source')
    margin_columns(program, {"energy": "u"}, ("row",), rule=rule).make(connection, "stated", "margins")
    decided = [word for (word,) in connection.execute('SELECT "decision 1" FROM margins ORDER BY row').fetchall()]
    singles = [uncertain(program, Stated(record, {"energy": Spread(Fraction("0.16"))}), trials=1, rule=rule) for record in found]  # type: ignore[arg-type]
    assert decided == [next(c.decided for c in each.clauses if c.meaning.no == "1") for each in singles]
    assert len(set(decided)) == {"simple": 2, "guard": 2, "ilac-g8": 4, "iso14253-1": 3}[rule]
