"""The columns of margins are what one record at a time gives."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import duckdb
import pytest

from agreement import load
from checking import program_of
from guiju.ir.program import Program
from guiju.readings.evaluate import Verdict
from guiju.readings.uncertain.bulk import margin_columns
from guiju.readings.uncertain.conforming import uncertain
from guiju.readings.uncertain.linear import Why
from guiju.readings.uncertain.stated import Spread, Stated
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
                if single.settled:
                    assert chance == single.probability
                    continue
                assert single.margin is not None
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
