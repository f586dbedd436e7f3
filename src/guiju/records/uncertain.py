"""Records of a file with standard uncertainties: per clause how probable it is that each conforms, in DuckDB; the rest by single readings.

A standard uncertainty is the same for every record, a share of its value, or in a column of the file, in the declared unit of the input. Records
near a border have no probability of first order; as many as asked for are read one by one, by draws.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from guiju.base.diagnostics import Diagnostic, Problems
from guiju.base.rounding import parse_number
from guiju.ir.program import Program
from guiju.ir.record import admit_value
from guiju.metrology.decision import Rule
from guiju.readings.columnar import record_of
from guiju.readings.evaluate import Verdict
from guiju.readings.uncertain.bulk import Margins, margin_columns
from guiju.readings.uncertain.conforming import uncertain
from guiju.readings.uncertain.stated import Spread, Stated
from guiju.records.bulk import mapping_of
from guiju.records.door import Quality, admit
from guiju.records.mapping import Entry, found_column
from guiju.records.mapping import Mapping as ColumnMapping
from guiju.records.read import read_table
from guiju.records.source import Column, Progress, Source, identifier
from guiju.records.suggestion import Suggestion
from guiju.standard.model import Input
from guiju.standard.shape import did_you_mean
from guiju.standard.shelf import Shelf

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_DECIMALS = 9
ADMITTED, STATED, MARGINS = "admitted", "stated", "margins"


@dataclass(frozen=True, slots=True)
class Wide:
    """How uncertain one input is of every record: one of the three.

    u       in its declared unit
    share   of the size of its value
    column  of the file that holds u
    """

    name: str
    u: Fraction | None = None
    share: Fraction | None = None
    column: str | None = None


@dataclass(frozen=True)
class UncertainRecords:
    """The table `MARGINS` of the connection has, besides what `margins` says, `row` and `key`.

    drawn    records read one by one, whose probabilities in the table are those of draws; `waiting` those near a border that were not
    """

    connection: DuckDBPyConnection
    program: Program
    source: Source
    mapping: ColumnMapping
    suggestion: Suggestion | None
    quality: Quality
    margins: Margins
    wide: tuple[Wide, ...]
    drawn: int
    waiting: int
    rule: Rule = "simple"

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        found = Problems()
        for each in (self.source.diagnostics, self.suggestion.diagnostics if self.suggestion else (), self.quality.diagnostics()):
            found.extend(each)
        return found.found


@dataclass(frozen=True, slots=True)
class Told:
    """Of one clause.

    records   with a probability; `expected` the sum of them: so many are expected to conform
    above     those with a probability of at least 95 %
    near      without one because a border is near
    decided   how many each decision of the rule has, where the first order holds
    """

    no: str
    records: int
    expected: float
    above: int
    near: int
    decided: Mapping[str, int]


def parse_wide(text: str, inputs: Mapping[str, Input], problems: Problems) -> Wide | None:
    """`consumption=0.1`, `consumption=0.1 kWh/100km`, `consumption=1%`, `consumption=@u_ec`."""
    name, sign, rest = (part.strip() for part in text.partition("="))
    if not sign or not rest:
        problems.add("bulk-spread-malformed", None, text=text)
        return None
    named = {each.is_: each.name for each in inputs.values()} | {own: own for own in inputs}
    if name not in named:
        problems.add("unknown-input", None, name=name, **did_you_mean(name, sorted(named)))
        return None
    declared = inputs[named[name]]
    if declared.kind != "number":
        problems.add("spread-of-no-number", None, name=name, kind=declared.kind)
        return None
    if rest.startswith("@"):
        return Wide(declared.name, column=rest[1:].strip())
    if rest.endswith(("%", "％")):
        share = parse_number(rest[:-1].strip())
        if share is None or share < 0:
            problems.add("bulk-spread-malformed", None, text=text)
            return None
        return Wide(declared.name, share=share / 100)
    u = admit_value(replace(declared, decimals=120, minimum=None, maximum=None), rest, problems)
    if isinstance(u, Fraction) and u < 0:
        problems.add("spread-negative", None, name=name, u=rest)
    return Wide(declared.name, u=u) if isinstance(u, Fraction) and u >= 0 else None


def read_uncertain(
    shelf: Shelf, program: Program, records: Path, mapping: Path | None, wide: Sequence[Wide], *, sheet: str | None = None,
    correlation: Mapping[tuple[str, str], float] | None = None, singles: int = 0, seed: int = 1, progress: Progress | None = None,
    rule: Rule = "simple",
) -> UncertainRecords:  # fmt: skip
    """Reads a file, lets it in, and computes margins, uncertainties and probabilities of every record.

    singles  so many of the records near a border are read one by one, in the order of the file
    raises   Refused: an unreadable file, a wrong mapping, a column that is not there, correlations that cannot be
    """
    import duckdb

    connection = duckdb.connect()
    source = read_table(records, connection, "records", sheet=sheet, progress=progress)
    used, suggestion = mapping_of(shelf, [program], source, mapping)
    check_wide(program, source.columns, wide, correlation or {}, str(records))
    inputs = [program.inputs[name] for name in program.used_inputs]
    own = {column_of(each.name): each for each in wide}
    in_file = {name: Entry(column=each.column, round=True) for name, each in own.items() if each.column is not None}
    spread_inputs = [_spread_input(program.inputs[own[name].name], name) for name in in_file]
    quality = admit(connection, source, replace(used, inputs={**used.inputs, **in_file}), [*inputs, *spread_inputs], ADMITTED, progress=progress)
    constants = "".join(f", {_sql(each)} AS {identifier(name)}" for name, each in own.items() if each.column is None)
    connection.execute(f"CREATE OR REPLACE VIEW {STATED} AS SELECT *{constants} FROM {ADMITTED}")
    margins = margin_columns(program, {each.name: name for name, each in own.items()}, ("row", "key"), correlation, rule)
    margins.make(connection, STATED, MARGINS)
    drawn, waiting = _singles(connection, program, margins, own, correlation or {}, singles, seed)
    return UncertainRecords(connection, program, source, used, suggestion, quality, margins, tuple(wide), drawn, waiting, rule)


def column_of(name: str) -> str:
    """The column of the standard uncertainty of an input; no input's name has a space."""
    return f"u of {name}"


def _sql(each: Wide) -> str:
    if each.share is not None:
        return f"{float(each.share)!r}::DOUBLE * abs({identifier(each.name)})"
    return f"{float(each.u or 0)!r}::DOUBLE"


def _spread_input(declared: Input, name: str) -> Input:
    return replace(declared, name=name, is_=f"{declared.is_} u", decimals=_DECIMALS, minimum=Fraction(0), maximum=None)


def check_wide(program: Program, columns: Sequence[Column], wide: Sequence[Wide], correlation: Mapping[tuple[str, str], float], file: str) -> None:
    """Refuses, all at once, what cannot be used."""
    problems = Problems()
    if not wide:
        problems.add("bulk-no-spread", None)
    for each in wide:
        if each.column is not None and found_column(each.column, columns) is None:
            near = did_you_mean(each.column, [column.name for column in columns])
            problems.add("bulk-column-gone", None, file=file, column=each.column, **near)
    names = [each.name for each in wide]
    matrix = np.eye(len(names))
    for (one, other), r in correlation.items():
        for name in (one, other):
            if name not in names:
                problems.add("correlation-of-exact" if name in program.inputs else "unknown-input", None, name=name)
        if one == other or abs(r) > 1:
            problems.add("uncertain-pair", None)
        elif one in names and other in names:
            i, j = names.index(one), names.index(other)
            matrix[i, j] = matrix[j, i] = r
    if not problems.has_errors and float(np.linalg.eigvalsh(matrix)[0]) < -1e-9:
        problems.add("uncertain-correlation", None, pairs=", ".join(f"{a}–{b}" for a, b in correlation))
    problems.refuse_errors()


def _singles(
    connection: DuckDBPyConnection, program: Program, margins: Margins, own: Mapping[str, Wide], correlation: Mapping[tuple[str, str], float],
    singles: int, seed: int,
) -> tuple[int, int]:  # fmt: skip
    """(records read one by one, records near a border left as they are)"""
    if not margins.clauses:
        return 0, 0
    near = " OR ".join(identifier(f"near {no}") for no in margins.clauses)
    ((total,),) = connection.execute(f"SELECT count(*) FROM {MARGINS} WHERE {near}").fetchall()
    names, done = list(program.used_inputs), 0
    listed = ", ".join(f"s.{identifier(name)}" for name in [*names, *own])
    few = f"SELECT row FROM {MARGINS} WHERE {near} ORDER BY row LIMIT {singles}"
    query = f"SELECT row, {listed} FROM {STATED} s JOIN ({few}) USING (row) ORDER BY row"
    for row, *cells in connection.execute(query).fetchall() if singles else ():
        found = uncertain(program, _stated(program, names, cells, own, correlation), trials=None, digits=2, seed=seed, sampler="sobol")
        named = {each.meaning.no: each for each in found.clauses}
        sets = []
        for no in margins.clauses:
            shares = named[no].shares
            if shares[Verdict.UNDETERMINED] == 0 and shares[Verdict.NOT_APPLICABLE] < 1:
                sets.append(f"{identifier(f'P {no}')} = {named[no].conforming!r}::DOUBLE")
        if margins.bounded and found.joint is not None:
            sets += [f'"all at {end}" = {found.joint!r}::DOUBLE' for end in ("least", "most")]
        if sets:
            connection.execute(f"UPDATE {MARGINS} SET {', '.join(sets)} WHERE row = {int(row)}")
        done += 1
    return done, int(total) - done


def _stated(
    program: Program, names: Sequence[str], cells: Sequence[object], own: Mapping[str, Wide], correlation: Mapping[tuple[str, str], float]
) -> Stated:
    values = record_of(program, list(names), cells[: len(names)])
    spreads = {}
    for each, u in zip(own.values(), cells[len(names) :], strict=True):
        if isinstance(u, float) and u > 0 and each.name in values:
            spreads[each.name] = Spread(Fraction(u))
    return Stated(values, spreads, {pair: r for pair, r in correlation.items() if set(pair) <= spreads.keys()})


def told(found: UncertainRecords) -> tuple[Told, ...]:
    """Every clause that has probabilities, counted."""
    rows = []
    for no in found.margins.clauses:
        p, near = identifier(f"P {no}"), identifier(f"near {no}")
        query = f"SELECT count({p}), coalesce(sum({p}), 0), count(*) FILTER ({p} >= 0.95), count(*) FILTER ({near} AND {p} IS NULL) FROM {MARGINS}"
        ((records, expected, above, left),) = found.connection.execute(query).fetchall()
        decision = identifier(f"decision {no}")
        decided = found.connection.execute(f"SELECT {decision}, count(*) FROM {MARGINS} WHERE {decision} IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1")
        rows.append(Told(no, int(records), float(expected), int(above), int(left), {word: int(count) for word, count in decided.fetchall()}))
    return tuple(rows)

