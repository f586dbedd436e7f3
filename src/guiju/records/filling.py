"""Filling: where one input comes from, and the SQL that turns its cells into values and States.

SQL takes the plain cells. Distinct odd ones (a unit behind the number, full-width digits, words) are read in Python, exactly, and looked up
through an ENUM: unlike a join that keeps the rows in order, and it takes 10⁷ look-ups in a second.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from math import ceil, floor
from typing import TYPE_CHECKING

from guiju.base.times import CLOCK, YEAR_MAX, YEAR_MIN
from guiju.records.cells import (
    BAD,
    MISSING_WORDS,
    NOISE,
    PLAIN_NUMBER,
    SCALED_MAX,
    TOLERANCE,
    Meaning,
    NumberRule,
    State,
    boolean_meanings,
    category_meanings,
    date_meaning,
    identifier_meaning,
    number_meaning,
    time_meanings,
)  # fmt: skip
from guiju.records.mapping import Entry
from guiju.records.source import Column, Source, identifier, literal, replace
from guiju.standard.model import Input

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

TYPES = {"number": "DOUBLE", "boolean": "BOOLEAN", "category": "VARCHAR", "date": "DATE", "identifier": "VARCHAR", "time": "TIMESTAMP"}
Stages = tuple[dict[str, str], ...]
"""Named expressions; those of a stage may use those of the stages before it, so that nothing is written or computed twice."""

_REFUSED_AS = {"number": State.NOT_A_NUMBER, "boolean": State.NOT_A_BOOLEAN, "category": State.NOT_A_CATEGORY, "date": State.NOT_A_DATE,
               "time": State.NOT_A_TIME, "identifier": State.MISSING}  # fmt: skip
_NUMERIC = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT", "FLOAT", "DOUBLE")
_TIME_OF_DAY = r"[ T]+[0-9]{1,2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?$"
_PLAIN_TIME = rf"[1-8][0-9]{{3}}-[0-9]{{2}}-[0-9]{{2}}[T ]{CLOCK}:[0-5][0-9](Z|[+-](0[0-9]|1[0-3]):[0-5][0-9])?"
_FETCHED = 10_000


@dataclass(frozen=True, slots=True)
class Filling:
    """Where an input comes from: a column, or one meaning for every row (missing, where nothing is mapped).

    number   tells its expressions from those of the other inputs: a<number> is the cell, v<number> the value, c<number> its State
    """

    number: int
    asked: Input
    entry: Entry | None
    column: Column | None
    rule: NumberRule | None
    constant: Meaning
    meaning: Callable[[str], Meaning]


def filling(number: int, asked: Input, entry: Entry | None, column: Column | None) -> Filling:
    rule = _rule(asked, entry) if asked.kind == "number" else None
    meaning = _meaning(asked, entry, rule)
    constant: Meaning = meaning(entry.constant) if entry is not None and entry.constant is not None else (None, State.MISSING)
    return Filling(number, asked, entry, column, rule, constant, meaning)


def stages(connection: DuckDBPyConnection, source: Source, filled: Filling, lookup: str) -> Stages:
    """The stages from a<number>, the cell, to v<number>, the value, and c<number>, its State. May make the table and type `lookup`."""
    number, type_, is_time = filled.number, TYPES[filled.asked.kind], filled.asked.kind == "time"
    if filled.column is None:
        constant, of_all = filled.constant
        return ({f"c{number}": f"CAST({of_all:d} AS UTINYINT)", f"v{number}": f"CAST({_literal(constant)} AS {type_})"},)
    if _is_typed_already(filled, filled.column.type):
        given = f"CAST(CASE WHEN a{number} IS NULL THEN {State.MISSING:d} ELSE {State.PRESENT:d} END AS UTINYINT)"
        return ({f"c{number}": given, f"v{number}": f"CAST(a{number} AS {type_})"},)
    if filled.asked.kind in ("identifier", "time"):
        plain = _identifier_stages(number) if filled.asked.kind == "identifier" else _time_stages(filled, number)
        if plain is not None:
            return plain
    first = _number_stages(filled.rule, filled.column.type, number) if filled.rule else _word_stages(filled.asked, number)
    unread = f" AND {_odd(filled.rule, number)}" if filled.rule else f" AND m{number} IS NULL" if is_time else ""
    odd = f"t{number} IS NOT NULL{unread}"
    cells = f"(SELECT {identifier(filled.column.at)} AS a{number} FROM {identifier(source.table)})"
    is_found = _look_up(connection, source, f"SELECT DISTINCT t{number} FROM {nested(cells, first)} WHERE {odd}", filled, lookup)
    name = identifier(lookup)
    index = f"CASE WHEN {odd} THEN enum_code(TRY_CAST(t{number} AS {name})) + 1 END" if is_found else "CAST(NULL AS INTEGER)"
    found = {each: f"list_extract((SELECT list({each} ORDER BY n) FROM {name}), i{number})" if is_found else "NULL" for each in "vc"}
    plain_state, plain_value = f"ELSE {_REFUSED_AS[filled.asked.kind]:d}", ""
    if filled.rule:
        plain_state, plain_value = _plain_number_state(filled.rule, number, filled.column.type), _plain_number_value(filled.rule, number)
    elif is_time:
        plain_state, plain_value = f"WHEN m{number} IS NOT NULL THEN {State.PRESENT:d} {plain_state}", f"ELSE m{number}"
    state = f"CASE WHEN t{number} IS NULL THEN {State.MISSING:d} WHEN i{number} IS NOT NULL THEN {found['c']} {plain_state} END"
    value = f"CASE WHEN i{number} IS NOT NULL THEN {found['v']} {plain_value} END"
    return (*first, {f"i{number}": index}, {f"c{number}": f"CAST({state} AS UTINYINT)"}, {f"v{number}": f"CAST({value} AS {type_})"})


def nested(query: str, staged: Sequence[AnyMapping[str, str]]) -> str:
    """The query with every stage's expressions as columns, one sub-select a stage."""
    for stage in staged:
        query = f"(SELECT *, {', '.join(f'{expression} AS {name}' for name, expression in stage.items())} FROM {query})"
    return query


def clear(connection: DuckDBPyConnection, lookup: str) -> None:
    """Drops the table and type that `stages` made, if it did."""
    connection.execute(f"DROP TYPE IF EXISTS {identifier(lookup)}")
    replace(connection, lookup)


def _rule(asked: Input, entry: Entry | None) -> NumberRule:
    unit = (entry.unit if entry else None) or asked.unit
    ratio = unit.ratio(asked.unit) if unit is not None and asked.unit is not None else Fraction(1)
    return NumberRule(unit, ratio, asked.decimals, asked.minimum, asked.maximum, entry is not None and entry.round)


def _meaning(asked: Input, entry: Entry | None, rule: NumberRule | None) -> Callable[[str], Meaning]:
    translation = entry.values if entry else {}
    if rule is not None:
        return lambda text: number_meaning(text, rule)
    if asked.kind == "boolean":
        return boolean_meanings(translation)
    if asked.kind == "time":
        return time_meanings(asked.zone or timedelta())
    if asked.kind == "identifier":
        return identifier_meaning
    return category_meanings(translation, asked.values, asked.labels) if asked.kind == "category" else date_meaning


def _is_typed_already(filled: Filling, found: str) -> bool:
    if filled.asked.kind == "boolean":
        return found == "BOOLEAN" and not (filled.entry and filled.entry.values)
    return filled.asked.kind == "date" and (found == "DATE" or (found.startswith("TIMESTAMP") and "TIME ZONE" not in found))


def _identifier_stages(number: int) -> Stages:
    """The text as it is: a look-up would hold every identifier there is."""
    missing = ", ".join(literal(word) for word in sorted(MISSING_WORDS))
    return (
        {f"t{number}": f"trim(CAST(a{number} AS VARCHAR), ' ')"},
        {f"m{number}": f"t{number} IS NULL OR lower(t{number}) IN ({missing})"},
        {f"c{number}": f"CAST(CASE WHEN m{number} THEN {State.MISSING:d} ELSE {State.PRESENT:d} END AS UTINYINT)"},
        {f"v{number}": f"CASE WHEN c{number} = {State.PRESENT:d} THEN t{number} END"},
    )


def _time_stages(filled: Filling, number: int) -> Stages | None:
    """The moments of a column that has them already; None where it has texts."""
    assert filled.column is not None, "the caller looked"
    found = filled.column.type
    if not found.startswith("TIMESTAMP"):
        return None
    zoned = "TIME ZONE" in found
    moment = f"make_timestamp(epoch_us(a{number}))" if zoned else f"CAST(a{number} AS TIMESTAMP) - to_seconds({_seconds_east(filled.asked)})"
    whole = f"epoch_us(m{number}) % 1000000 = 0" if found != "TIMESTAMP_NS" else f"epoch_ns(a{number}) % 1000000000 = 0"
    tests = {
        f"a{number} IS NULL": State.MISSING, f"NOT isfinite(a{number})": State.NOT_A_TIME,
        f"year(m{number}) NOT BETWEEN {YEAR_MIN} AND {YEAR_MAX}": State.NOT_A_TIME, f"NOT ({whole})": State.TIME_TOO_FINE,
    }  # fmt: skip
    state = " ".join(f"WHEN {test} THEN {each:d}" for test, each in tests.items())
    return (
        {f"m{number}": moment}, {f"c{number}": f"CAST(CASE {state} ELSE {State.PRESENT:d} END AS UTINYINT)"},
        {f"v{number}": f"CASE WHEN c{number} = {State.PRESENT:d} THEN m{number} END"},
    )  # fmt: skip


def _seconds_east(asked: Input) -> int:
    return int((asked.zone or timedelta()).total_seconds())


def _plain_time(asked: Input, number: int) -> str:
    """The moment of a text that is written in full, in SQL; NULL for any other, which Python reads. DuckDB's own cast leaves offsets unread."""
    text = f"t{number}"
    offset = (
        f"CASE WHEN length({text}) = 19 THEN {_seconds_east(asked)} WHEN {text}[20] = 'Z' THEN 0 "
        f"ELSE (CAST({text}[21:22] AS INTEGER) * 3600 + CAST({text}[24:25] AS INTEGER) * 60) * CASE WHEN {text}[20] = '-' THEN -1 ELSE 1 END END"
    )
    moment = f"TRY_CAST(left({text}, 19) AS TIMESTAMP) - to_seconds({offset})"
    plain = f"regexp_full_match({text}, {literal(_PLAIN_TIME)})"
    return f"CASE WHEN {plain} THEN {moment} END"


def _word_stages(asked: Input, number: int) -> Stages:
    text = f"CAST(a{number} AS VARCHAR)"
    if asked.kind == "date":
        text = f"CASE WHEN contains({text}, ':') THEN regexp_replace({text}, {literal(_TIME_OF_DAY)}, '') ELSE {text} END"
    if asked.kind == "time":
        return {f"t{number}": text}, {f"m{number}": _plain_time(asked, number)}
    return ({f"t{number}": text},)


def _number_stages(rule: NumberRule, found: str, number: int) -> Stages:
    """t: the text; n: the number where it is plain; s: that in steps of the declared decimals; r: the nearest whole number of steps."""
    text = f"CAST(a{number} AS VARCHAR)"
    if rule.decimals is None and rule.ratio != 1:
        plain = "CAST(NULL AS DOUBLE)"
    elif found == "FLOAT":
        plain = f"CAST({text} AS DOUBLE)"  # 13.8 in four bytes is 13.800000190734863; its shortest text is the number meant
    elif found in _NUMERIC or (found.startswith("DECIMAL") and found.endswith(")")):
        plain = f"CAST(a{number} AS DOUBLE)"
    else:
        plain = f"CASE WHEN regexp_full_match({text}, {literal(PLAIN_NUMBER)}) THEN TRY_CAST({text} AS DOUBLE) END"
    steps = rule.ratio * 10**rule.decimals if rule.decimals is not None else Fraction(1)
    times = f" * {_double(steps.numerator)}" if steps.numerator != 1 else ""
    over = f" / {_double(steps.denominator)}" if steps.denominator != 1 else ""
    nearest = f"round(s{number})" if rule.decimals is not None else f"s{number}"
    return ({f"t{number}": text, f"n{number}": plain}, {f"s{number}": f"n{number}{times}{over}"}, {f"r{number}": nearest})


def _odd(rule: NumberRule, number: int) -> str:
    """Where SQL cannot tell exactly: the text is not plain, or a value to be rounded lies in the middle between two steps."""
    tie = f"abs(abs(s{number} - r{number}) - 0.5e0) < {_tolerance(number)}"
    return f"(n{number} IS NULL OR {tie})" if rule.is_rounded else f"n{number} IS NULL"


def _tolerance(number: int) -> str:
    return f"greatest({_double(TOLERANCE)}, abs(s{number}) * {_double(NOISE)})"


def _plain_number_state(rule: NumberRule, number: int, found: str) -> str:
    """The rest of the CASE of States; where the text is no number n is NULL."""
    infinite = State.NOT_FINITE if found in ("FLOAT", "DOUBLE") else State.TOO_LARGE
    steps = 10**rule.decimals if rule.decimals is not None else 1
    tests = {f"n{number} IS NULL": State.NOT_A_NUMBER, f"NOT isfinite(n{number})": infinite}
    if rule.decimals is not None:
        tests[f"abs(r{number}) >= {_double(SCALED_MAX)}"] = State.TOO_LARGE
    if rule.minimum is not None:
        lowest = ceil(rule.minimum * steps) if rule.decimals is not None else rule.minimum
        tests[f"r{number} < {_double(lowest)}"] = State.BELOW_MINIMUM
    if rule.maximum is not None:
        highest = floor(rule.maximum * steps) if rule.decimals is not None else rule.maximum
        tests[f"r{number} > {_double(highest)}"] = State.ABOVE_MAXIMUM
    tests[f"abs(s{number} - r{number}) >= {_tolerance(number)}"] = State.ROUNDED if rule.is_rounded else State.TOO_FINE
    return " ".join(f"WHEN {test} THEN {state:d}" for test, state in tests.items()) + f" ELSE {State.PRESENT:d}"


def _plain_number_value(rule: NumberRule, number: int) -> str:
    """A whole number of steps over a power of ten, both exact: the division gives the double nearest to the decimal. No -0 is let in."""
    over = f" / {_double(10**rule.decimals)}" if rule.decimals else ""
    return f"WHEN c{number} IN ({State.PRESENT:d}, {State.ROUNDED:d}) THEN CASE WHEN r{number} = 0 THEN 0e0 ELSE r{number}{over} END"


def _double(value: int | Fraction) -> str:
    return f"CAST('{float(value)!r}' AS DOUBLE)"


def _literal(value: object) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "true" if value else "false"
    return literal(repr(value) if isinstance(value, float) else str(value))


def _look_up(connection: DuckDBPyConnection, source: Source, texts: str, filled: Filling, lookup: str) -> bool:
    """Makes the table `lookup` (n, t: text, v: value, c: State) and the ENUM of its texts; False where no odd text needs one.

    Texts that mean nothing at all are not kept: not being found is what tells them, and a column of names may have 10⁷ of them.
    """
    clear(connection, lookup)
    meanings = _with_one_comma(dict(_meanings(connection, texts, filled)), source)
    if not meanings:
        return False
    rows = [(text, value, int(state)) for text, (value, state) in meanings.items()]
    lists = [list(range(len(rows))), *(list(column) for column in zip(*rows, strict=True))]
    connection.execute(
        f"CREATE TABLE {identifier(lookup)} AS SELECT unnest(?::INTEGER[]) AS n, unnest(?::VARCHAR[]) AS t, "
        f"unnest(?::{TYPES[filled.asked.kind]}[]) AS v, unnest(?::UTINYINT[]) AS c",
        lists,
    )
    connection.execute(f"CREATE TYPE {identifier(lookup)} AS ENUM (SELECT t FROM {identifier(lookup)} ORDER BY n)")
    return True


def _meanings(connection: DuckDBPyConnection, texts: str, filled: Filling) -> Iterator[tuple[str, Meaning]]:
    refused = _REFUSED_AS[filled.asked.kind]
    connection.execute(texts)
    while fetched := connection.fetchmany(_FETCHED):
        for (text,) in fetched:
            meaning = filled.meaning(text)
            if meaning[1] is not refused:
                yield text, meaning


def _with_one_comma(meanings: dict[str, Meaning], source: Source) -> dict[str, Meaning]:
    """The meanings, none resting on a comma where some comma of the column stands for the decimal point: 1,234 is then 1.234 or 1234."""
    is_decimal = source.delimiter == ";" or any(state is State.DECIMAL_COMMA for _, state in meanings.values())
    if not is_decimal:
        return meanings
    return {
        text: (None, State.DECIMAL_COMMA) if isinstance(value, float) and ("," in text or "，" in text) else (value, state)
        for text, (value, state) in meanings.items()
    }


__all__ = ["BAD", "TYPES", "Filling", "Stages", "clear", "filling", "nested", "stages"]
