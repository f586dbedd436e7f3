"""The door on Spark: typed columns of a table too large for one machine become inputs, and cells that cannot be used are counted.

The rules are those of `door.py` for cells that are numbers, yes or no, words and days already; text that must first be read, and rounding at the
door, are refused by name. A bad cell is NULL, as there; which one it was is not kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor
from typing import TYPE_CHECKING

from guiju.base.diagnostics import Problems
from guiju.readings.spark import SPARK, asked
from guiju.records.cells import BAD, MISSING_WORDS, NOISE, SCALED_MAX, TOLERANCE, State
from guiju.records.filling import Filling, filling
from guiju.records.mapping import Entry, entry_problems, found_column
from guiju.records.mapping import Mapping as ColumnMapping
from guiju.records.source import Column
from guiju.standard.model import Input

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

READABLE = {"number": ("tinyint", "smallint", "int", "bigint", "float", "double", "decimal"), "boolean": ("boolean",), "category": ("string",),
            "date": ("date", "timestamp_ntz"), "identifier": ("string",), "time": ()}  # fmt: skip
"""The types of Spark an input of each kind is read from; a boolean also from text whose words the mapping translates."""
TYPES = {"number": "DOUBLE", "boolean": "BOOLEAN", "category": "STRING", "date": "DATE", "identifier": "STRING", "time": "TIMESTAMP_NTZ"}


@dataclass(frozen=True, slots=True)
class InputCount:
    """How one input was filled: present + missing + all bad = rows; bad: code → cells."""

    asked: Input
    entry: Entry | None
    present: int
    missing: int
    bad: Mapping[str, int]


def columns_of(frame: DataFrame) -> tuple[Column, ...]:
    return tuple(Column(field.name, field.name, field.dataType.simpleString()) for field in frame.schema.fields)


def admit(
    session: SparkSession, source: str, columns: Sequence[Column], mapping: ColumnMapping, fields: Iterable[Input], into: str
) -> tuple[InputCount, ...]:
    """Makes the view `into`: `key`, and per input a column of its name, from the view `source`; counts its cells in one pass.

    raises   Refused: what `entry_problems` finds, input-name-reserved, mapping-unknown-column (key), spark-column-type, spark-cannot-round,
             mapping-constant
    """
    problems = Problems()
    fillings = [_filled(number, each, mapping, columns, problems) for number, each in enumerate(fields)]
    key = found_column(mapping.key, columns) if mapping.key is not None else None
    if mapping.key is not None and key is None:
        problems.add("mapping-unknown-column", None, input="key", column=mapping.key)
    problems.refuse_errors()
    named = f"CAST({SPARK.name(key.at)} AS STRING)" if key else "CAST(NULL AS STRING)"
    steps = [_cells(each) for each in fillings], [_states(each) for each in fillings], [_values(each) for each in fillings]
    query = f"(SELECT {', '.join([f'{named} AS key', *(sql for listed in steps[0] for sql in listed)])} FROM {source})"
    for listed in steps[1:]:
        query = f"(SELECT {', '.join(['*', *(sql for each in listed for sql in each)])} FROM {query})"
    taken = [f"v{each.number} AS {SPARK.name(each.asked.name)}" for each in fillings]
    asked(session, f"SELECT {', '.join(['key', *taken])} FROM {query}").createOrReplaceTempView(into)
    return _counted(session, query, fillings)


def _filled(number: int, wanted: Input, mapping: ColumnMapping, columns: Sequence[Column], problems: Problems) -> Filling:
    entry = mapping.of(wanted)
    if wanted.name.casefold() == "key":
        problems.add("input-name-reserved", None, input=wanted.name)
    if entry is None or not entry_problems(wanted, entry, columns, problems):
        return filling(number, wanted, None, None)
    column = found_column(entry.column, columns) if entry.column is not None else None
    made = filling(number, wanted, entry, column)
    if column is not None:
        found = column.type.partition("(")[0]
        if wanted.kind == "time":
            problems.add("spark-without-times", entry.span, what=wanted.name)
        elif found not in READABLE[wanted.kind] and not (wanted.kind == "boolean" and found == "string" and entry.values):
            known = " ".join(READABLE[wanted.kind])
            problems.add("spark-column-type", entry.span, input=wanted.name, column=column.name, found=column.type, known=known)
        if entry.round:
            problems.add("spark-cannot-round", entry.span, input=wanted.name, column=column.name)
    elif made.constant[1] in BAD:
        reason = made.constant[1].code
        problems.add("mapping-constant", entry.span, input=wanted.name, text=entry.constant or "", reason_zh=reason, reason_en=reason)
    return made


def _cells(each: Filling) -> list[str]:
    """a: the cell, a float by its shortest text; for numbers s: in steps of the declared decimals."""
    n = each.number
    if each.column is None:
        return [f"{_literal(each.constant[0], each.asked.kind)} AS a{n}"]
    cell = SPARK.name(each.column.at)
    if each.rule is None:
        cell = f"trim({cell})" if each.column.type == "string" else f"CAST({cell} AS {TYPES[each.asked.kind]})"
        return [f"{cell} AS a{n}"]
    cell = f"CAST(CAST({cell} AS STRING) AS DOUBLE)" if each.column.type == "float" else f"CAST({cell} AS DOUBLE)"
    steps = each.rule.ratio * 10 ** (each.rule.decimals or 0)
    times = f" * {SPARK.number(float(steps.numerator))}" if steps.numerator != 1 else ""
    over = f" / {SPARK.number(float(steps.denominator))}" if steps.denominator != 1 else ""
    return [f"{cell} AS a{n}", f"{cell}{times}{over} AS s{n}"]


def _states(each: Filling) -> list[str]:
    """c: what becomes of the cell."""
    n = each.number
    tests = {f"a{n} IS NULL": State.MISSING}
    if each.column is not None and each.rule is not None:
        rule, number = each.rule, SPARK.number
        tests[f"isnan(a{n}) OR abs(a{n}) = CAST('Infinity' AS DOUBLE)"] = State.NOT_FINITE
        tests[f"abs(s{n}) >= {number(float(SCALED_MAX))}"] = State.TOO_LARGE
        steps = 10 ** (rule.decimals or 0)
        if rule.minimum is not None:
            tests[f"rint(s{n}) < {number(float(ceil(rule.minimum * steps)))}"] = State.BELOW_MINIMUM
        if rule.maximum is not None:
            tests[f"rint(s{n}) > {number(float(floor(rule.maximum * steps)))}"] = State.ABOVE_MAXIMUM
        if rule.decimals is not None:
            tolerance = f"greatest({number(float(TOLERANCE))}, abs(s{n}) * {number(float(NOISE))})"
            tests[f"abs(s{n} - rint(s{n})) >= {tolerance}"] = State.TOO_FINE
    elif each.column is not None and each.column.type == "string":
        tests |= _word_states(each)
    return [f"CASE {' '.join(f'WHEN {test} THEN {state:d}' for test, state in tests.items())} ELSE {State.PRESENT:d} END AS c{n}"]


def _word_states(each: Filling) -> dict[str, State]:
    """A word the mapping or the standard knows is present; where the standard lists none, every word is one that does not stand for nothing."""
    known = [*(each.entry.values if each.entry else ()), *each.asked.values]
    words, cell = ", ".join(SPARK.text(word) for word in known), f"a{each.number}"
    is_known = f"coalesce({cell} IN ({words}), FALSE)" if known else "FALSE"
    nothing = ", ".join(SPARK.text(word) for word in sorted(MISSING_WORDS))
    tests = {f"NOT {is_known} AND lower({cell}) IN ({nothing})": State.MISSING}
    if known:
        tests[f"NOT {is_known}"] = State.NOT_A_BOOLEAN if each.asked.kind == "boolean" else State.NOT_A_CATEGORY
    return tests


def _values(each: Filling) -> list[str]:
    """v: the value; a whole number of steps over a power of ten, both exact, is the double nearest to the decimal. No -0 is let in."""
    n, value = each.number, f"a{each.number}"
    if each.column is not None and each.rule is not None and each.rule.decimals is not None:
        over = f" / {SPARK.number(float(10**each.rule.decimals))}" if each.rule.decimals else ""
        value = f"CASE WHEN rint(s{n}) = 0 THEN {SPARK.number(0.0)} ELSE rint(s{n}){over} END"
    elif each.column is not None and each.entry is not None and each.entry.values:
        to = {word: SPARK.text(word) for word in each.entry.values.values()}
        if each.asked.kind == "boolean":
            to = {"true": "TRUE", "false": "FALSE"}
        rest = "NULL" if each.asked.kind == "boolean" else f"a{n}"
        value = f"CASE a{n} {' '.join(f'WHEN {SPARK.text(word)} THEN {to[into]}' for word, into in each.entry.values.items())} ELSE {rest} END"
    return [f"CAST(CASE WHEN c{n} = {State.PRESENT:d} THEN {value} END AS {TYPES[each.asked.kind]}) AS v{n}"]


def _literal(value: object, kind: str) -> str:
    text = "NULL" if value is None else SPARK.number(value) if isinstance(value, float) else SPARK.text(str(value))
    return f"CAST({text} AS {TYPES[kind]})"


def _counted(session: SparkSession, query: str, fillings: Sequence[Filling]) -> tuple[InputCount, ...]:
    kinds = (State.PRESENT, State.MISSING, *BAD)
    sums = [f"count_if(c{each.number} = {state:d})" for each in fillings for state in kinds]
    found = list(asked(session, f"SELECT {', '.join(sums)} FROM {query}").collect()[0]) if sums else []
    counts = []
    for position, each in enumerate(fillings):
        own = dict(zip(kinds, found[position * len(kinds) :], strict=False))
        bad = {state.code: own[state] for state in BAD if own[state]}
        counts.append(InputCount(each.asked, each.entry, own[State.PRESENT], own[State.MISSING], bad))
    return tuple(counts)
