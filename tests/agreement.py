"""Whether the readings of a program agree: the same records judged exactly, in DuckDB and by the compiled form, and every difference named."""

from __future__ import annotations

import csv
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import duckdb

from guiju.ir.program import Program
from guiju.ir.values import Unknown, Value
from guiju.readings.columnar import CODES, judge
from guiju.readings.compiled import compile_record
from guiju.readings.evaluate import Evaluation, Verdict, evaluate
from guiju.readings.missing import missing_table, unmasked
from random_records import as_rows, records

RELATIVE = 1e-12
"""How far a value (not a verdict, level or grade) may be from the exact one; where terms cancel, as far as the proof said it could be."""
TYPES = {"number": "DOUBLE", "boolean": "BOOLEAN", "category": "VARCHAR", "date": "DATE", "identifier": "VARCHAR", "time": "TIMESTAMP"}


@dataclass
class Agreement:
    """What comparing the readings found; `differences` is empty where they agree."""

    differences: list[str] = field(default_factory=list)
    undetermined: int = 0
    rechecked: int = 0
    sql: str = ""

    def add(self, difference: str) -> None:
        self.differences.append(difference)


def agreement(program: Program, count: int, seed: int, folder: Path) -> Agreement:
    """Every reading of `count` records that hug the program's limits."""
    return agreement_on(program, records(program, count, seed), folder)


def agreement_on(program: Program, found: Sequence[dict[str, Value]], folder: Path) -> Agreement:
    """Every reading of the given records."""
    connection = duckdb.connect(config={"threads": 1})
    load(connection, program, found, folder / "records.csv")
    made = judge(connection, program, "source", "judged", keep=("row",))
    result = Agreement(sql=made.template)
    if made.rechecks:
        result.rechecked = _one(connection, f"SELECT count(*) FROM ({made.sql('source')}) WHERE recheck")
    rows = connection.execute("SELECT * FROM judged ORDER BY row").fetchall()
    bits = missing_table(connection, program, "source", "missing")
    masks = connection.execute("SELECT * FROM missing ORDER BY row").fetchall()
    connection.close()
    judge_one = compile_record(program)
    expected = Expected(program, made.outputs)
    for record, row, mask in zip(found, rows, masks, strict=True):
        evaluation = evaluate(program, record)
        verdicts = [evaluation.judge(m) for m in program.judged]
        expected.compare(evaluation, verdicts, row[1:], result)
        compare_missing(evaluation, verdicts, mask[1:], bits, result)
        as_floats = {name: float(v) if isinstance(v, Fraction) else v for name, v in record.items()}
        compiled = judge_one(as_floats)
        if list(compiled) != verdicts:
            result.add(f"compiled {[v.value for v in compiled]}, exact {[v.value for v in verdicts]}: {_shown(record)}")
        if len(result.differences) > 20:
            break
    return result


def load(connection: duckdb.DuckDBPyConnection, program: Program, found: Sequence[dict[str, Value]], file: Path) -> None:
    """The records as a typed table `source`, through text that holds every digit of every double."""
    columns = as_rows(program, list(found))
    with file.open("w", newline="", encoding="utf-8") as text:
        writer = csv.writer(text)
        writer.writerow(columns)
        writer.writerows(zip(*columns.values(), strict=True))
    types = {"row": "BIGINT"} | {name: TYPES[program.inputs[name].kind] for name in columns if name != "row"}
    declared = "{" + ", ".join(f"'{name}': '{type_}'" for name, type_ in types.items()) + "}"
    connection.execute(f"CREATE TABLE source AS SELECT * FROM read_csv('{file}', header = true, columns = {declared})")


def _one(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    row = connection.execute(query).fetchone()
    assert row is not None
    return int(row[0])


class Expected:
    """What the columns of an engine must hold, by the exact reading."""

    def __init__(self, program: Program, outputs: Sequence[str], engine: str = "DuckDB") -> None:
        self.program, self.outputs, self.engine = program, outputs, engine
        self.codes = {verdict: code for code, verdict in CODES.items()}
        self.applies = {i.indicator.name: i.applies for i in program.indicators}
        self.exact = {i.indicator.name for i in program.indicators}
        self.nodes = [program.roots[name] for name in outputs[len(program.judged) :]]
        self.errors = {index: fact.error if math.isfinite(fact.error) else 0.0 for index, fact in program.exactness.facts.items()}

    def compare(self, evaluation: Evaluation, verdicts: Sequence[Verdict], row: Sequence[Any], result: Agreement) -> None:
        count = len(verdicts)
        wanted = [self.codes[v] for v in verdicts]
        if wanted != list(row[:count]):
            for no, verdict, code in zip(self.outputs, verdicts, row, strict=False):
                if self.codes[verdict] != code:
                    result.add(f"{no}: {self.engine} {CODES[code].value}, exact {verdict.value}: {_shown(evaluation.record)}")
        for name, node, given in zip(self.outputs[count:], self.nodes, row[count:], strict=True):
            value = evaluation.of(node)
            applies = evaluation.of(self.applies[name]) if name in self.applies else True
            if type(value) is Unknown or applies is not True:
                same = given is None
            elif isinstance(value, Fraction):
                within = 0.0 if name in self.exact else max(RELATIVE * abs(value), self.errors[node.index])
                same = given is not None and abs(Fraction(given) - value) <= within
            else:
                same = given == value
            if not same:
                result.add(f"{name}: {self.engine} {given!r}, exact {value} (applies: {applies}): {_shown(evaluation.record)}")


def compare_missing(evaluation: Evaluation, verdicts: Sequence[Verdict], masks: Sequence[int], bits: Sequence[str], result: Agreement) -> None:
    groups = len(masks) // len(verdicts)
    for position, (meaning, verdict) in enumerate(zip(evaluation.program.judged, verdicts, strict=True)):
        if verdict is not Verdict.UNDETERMINED:
            continue
        result.undetermined += 1
        said, why = unmasked(masks[position * groups : (position + 1) * groups], bits), evaluation.why_unknown(meaning)
        if said != why:
            result.add(f"{meaning.no} is undetermined: DuckDB says {said}, exact {why}: {_shown(evaluation.record)}")


def _shown(record: Any) -> str:
    return ", ".join(f"{name}={float(v) if isinstance(v, Fraction) else v}" for name, v in record.items())
