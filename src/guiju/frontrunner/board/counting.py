"""Counting: from where every product stands to boards. A board is one indicator in one comparable range."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from guiju.base.drawing import round_range
from guiju.base.rounding import decimal_text
from guiju.frontrunner.board.model import Band, Board, Mandatory, Reached, Step, Withheld
from guiju.frontrunner.board.placing import ADMITTED, BELOW, JUDGED, NOT_APPLICABLE, PLACED, REASONS, Placing
from guiju.frontrunner.scheme_meaning import LEVELS, OUT, SCOPE, limit_name, value_name
from guiju.ir.node import Node
from guiju.ir.program import IndicatorMeaning
from guiju.readings.columnar import decimal_places, record_of
from guiju.readings.evaluate import evaluate
from guiju.records.source import identifier, literal
from guiju.standard import expression as ex

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

STEPS = 20
DIGITS = 10
ON = f"l{{at}} BETWEEN 1 AND {LEVELS}"
BANDED = sum(1 << level for level in range(1, LEVELS + 1))


def barred(connection: DuckDBPyConnection) -> dict[str, int]:
    """Reason → products on no board."""
    rows = connection.execute(f"SELECT reason, count(*) FROM {PLACED} WHERE reason > 0 GROUP BY 1 ORDER BY 1").fetchall()
    return {REASONS[number - 1]: int(count) for number, count in rows}


def mandatory(connection: DuckDBPyConnection, placing: Placing) -> tuple[Mandatory, ...]:
    """What products in scope show of each basic clause, boards or no boards."""
    inside = f"WHERE {identifier(SCOPE)} IS DISTINCT FROM {literal(OUT)}" if SCOPE in placing.lean.values else ""
    found = []
    for no in placing.scheme.basic:
        rows = connection.execute(f"SELECT {identifier(no)}, count(*) FROM {JUDGED} {inside} GROUP BY 1").fetchall()
        tally = {code: int(count) for code, count in rows}
        found.append(Mandatory(no, tally.get(1, 0), tally.get(0, 0), tally.get(None, 0), tally.get(2, 0)))
    return tuple(found)


def boards(connection: DuckDBPyConnection, placing: Placing) -> tuple[Board, ...]:
    """Every range × indicator, in the order of the words of ranges and of the scheme."""
    standards = _standards(connection, placing)
    made = [board for at, asked in enumerate(placing.scheme.indicators) for board in _boards_of(connection, placing, at, asked.name, standards)]
    order = {each.name: at for at, each in enumerate(placing.scheme.indicators)}
    return tuple(sorted(made, key=lambda board: (board.range, order[board.indicator])))


@dataclass(frozen=True, slots=True)
class Standards:
    """How many declared standards of a range have a model at each level of an indicator, are in any band, and reach a reference with all."""

    levels: tuple[int, ...]
    banded: int
    reached: Mapping[str, int]


def _standards(connection: DuckDBPyConnection, placing: Placing) -> dict[tuple[int, int], Standards]:
    """(range, indicator) → its standards. Products are brought together once, by range and standard; what follows counts those."""
    numbers = range(len(placing.scheme.indicators))
    references = [(name, at) for at in numbers for name in placing.references(at)]
    columns = [f"bit_or(1 << coalesce(l{at}, 7)) AS m{at}" for at in numbers]
    columns += [f"bool_and(coalesce({name}{at}, FALSE)) FILTER ({ON.format(at=at)}) AS {name}{at}" for name, at in references]
    connection.execute(f"CREATE OR REPLACE TEMP TABLE board_standards AS SELECT rid, entry, {', '.join(columns)} FROM {PLACED} WHERE reason = 0 "
                       "GROUP BY rid, entry")  # fmt: skip
    found = {}
    for at in numbers:
        counts = [f"count(*) FILTER (m{at} & {1 << level} <> 0)" for level in range(1, LEVELS + 1)]
        counts += [f"count(*) FILTER (m{at} & {BANDED} <> 0)", *(f"count(*) FILTER ({name}{at})" for name in placing.references(at))]
        for rid, *rest in connection.execute(f"SELECT rid, {', '.join(counts)} FROM board_standards GROUP BY rid").fetchall():
            reached = dict(zip(placing.references(at), rest[LEVELS + 1 :], strict=True))
            found[int(rid), at] = Standards(tuple(rest[:LEVELS]), rest[LEVELS], reached)
    return found


def _boards_of(
    connection: DuckDBPyConnection, placing: Placing, at: int, name: str, standards: Mapping[tuple[int, int], Standards]
) -> Iterator[Board]:
    node = placing.lean.values[value_name(name)]
    meaning = next(each for each in placing.lean.indicators if each.indicator.name == name)
    references = placing.references(at)
    ends = (f"min(v{at})", f"max(v{at})") if node.is_number else ("NULL", "NULL")
    reached = "".join(f", count(*) FILTER ({reference}{at})" for reference in references)
    query = f"SELECT rid, l{at}, count(*), {', '.join(ends)}{reached} FROM {PLACED} WHERE reason = 0 GROUP BY rid, l{at}"
    by_range: dict[int, dict[int | None, Sequence[Any]]] = {}
    for rid, level, *rest in connection.execute(query).fetchall():
        by_range.setdefault(int(rid), {})[level] = rest
    every = {rid: [value for row in levels.values() for value in row[1:3] if value is not None] for rid, levels in by_range.items()}
    steps = _steps(connection, at, every) if node.is_number else {}
    for rid, levels in by_range.items():
        range_, held = placing.ranges[rid], standards[rid, at]
        on = [levels[level] for level in range(1, LEVELS + 1) if level in levels]
        values = [value for row in on for value in row[1:3] if value is not None]
        bands = tuple(Band(level, held.levels[level - 1], int(levels[level][0]) if level in levels else 0) for level in range(1, LEVELS + 1))
        apart = {"below": BELOW, "missing": None, "not-applicable": NOT_APPLICABLE}
        yield Board(
            range_, name, bands, _lines(connection, placing, meaning, rid),
            {word: int(levels[code][0]) if code in levels else 0 for word, code in apart.items()},
            _withheld(connection, placing, at, node, rid, held.banded, values),
            rounded(min(values)) if values else None, rounded(max(values)) if values else None, steps.get(rid, ()),
            {reference: Reached(held.reached[reference], sum(int(row[3 + number]) for row in on)) for number, reference in enumerate(references)},
        )  # fmt: skip


def rounded(value: float) -> str:
    """A double as a decimal of ten digits after the point at most, beyond which it says nothing."""
    return decimal_text(Fraction(f"{round(value, DIGITS):.{DIGITS}f}"))


def _withheld(connection: DuckDBPyConnection, placing: Placing, at: int, node: Node, rid: int, banded: int, values: Sequence[Any]) -> Withheld | None:
    """Why the board is not published. One declared standard alone has all values equal too, and is not compared with anything."""
    if banded <= 1:
        return "one" if banded else "none"
    on = f"reason = 0 AND rid = {rid} AND {ON.format(at=at)}"
    return "equal" if _all_equal(connection, placing, at, node, on, values) else None


def _all_equal(connection: DuckDBPyConnection, placing: Placing, at: int, node: Node, on: str, values: Sequence[Any]) -> bool:
    """Whether all values on a board are one value, exactly: doubles further apart than their errors differ, others are computed as fractions."""
    if not node.is_number:
        ((different,),) = connection.execute(f"SELECT count(DISTINCT v{at}) FROM {PLACED} WHERE {on}").fetchall()
        return int(different) == 1
    fact = placing.lean.exactness.facts.get(node.index)
    if fact is not None and max(values) - min(values) > 2 * fact.error:
        return False
    if fact is not None and (fact.nearest or decimal_places(placing.lean, node) is not None):
        return True
    names = list(placing.inputs)
    columns = ", ".join(f"a.{identifier(name)}" for name in names)
    cursor = connection.cursor()
    cursor.execute(f"SELECT DISTINCT {columns} FROM {PLACED} p JOIN {ADMITTED} a ON a.row = p.row WHERE {on}")
    first: object = None
    while rows := cursor.fetchmany(1000):
        for row in rows:
            value = evaluate(placing.lean, record_of(placing.lean, names, row)).of(node)
            first = value if first is None else first
            if value != first:
                return False
    return True


def _lines(connection: DuckDBPyConnection, placing: Placing, meaning: IndicatorMeaning, rid: int) -> tuple[str | None, ...]:
    """Where the levels of an indicator lie in a range, if for all products at one place."""
    unit, found = meaning.value.type.unit, []
    for level, (_, limit) in enumerate(meaning.indicator.levels, 1):
        computed = limit_name(meaning.indicator.name, level)
        if computed in placing.lean.values:
            column = f"j.{identifier(computed)}"
            query = f"SELECT min({column}), max({column}) FROM {PLACED} p JOIN {JUDGED} j ON j.row = p.row WHERE reason = 0 AND rid = {rid}"
            ((low, high),) = connection.execute(query).fetchall()
            found.append(rounded(low) if low is not None and low == high else None)
        elif isinstance(limit, ex.Number) and meaning.value.is_number:
            found.append(decimal_text(limit.value if limit.unit is None else limit.value * limit.unit.ratio(unit)))
        else:
            found.append(None)
    return tuple(found)


def _steps(connection: DuckDBPyConnection, at: int, ends: Mapping[int, Sequence[float]]) -> dict[int, tuple[Step, ...]]:
    """Range → how its declared values are distributed, those in no band with them, over steps of a round width."""
    grids = {rid: _grid(min(values), max(values)) for rid, values in ends.items() if values}
    if not grids:
        return {}
    start, step, last = (" ".join(f"WHEN {rid} THEN {grid[part]!r}" for rid, grid in grids.items()) for part in range(3))
    number = f"CAST(least(CASE rid {last} END, greatest(0, floor((v{at} - CASE rid {start} END) / CASE rid {step} END + 1e-9))) AS INTEGER)"
    rows = connection.execute(f"SELECT rid, {number}, count(*) FROM {PLACED} WHERE reason = 0 AND v{at} IS NOT NULL GROUP BY ALL").fetchall()
    tally = {(int(rid), int(place)): int(models) for rid, place, models in rows}
    found = {}
    for rid, (first, width, most) in grids.items():
        edges = [rounded(first + width * place) for place in range(most + 2)] if min(ends[rid]) < max(ends[rid]) else [rounded(first)] * 2
        found[rid] = tuple(Step(edges[place], edges[place + 1], tally.get((rid, place), 0)) for place in range(most + 1))
    return found


def _grid(low: float, high: float) -> tuple[float, float, int]:
    """Where steps begin, how wide they are, and the number of the last."""
    if low == high:
        return low, 1.0, 0
    start, end, step = round_range(low, high, STEPS)
    return start, step, max(1, round((end - start) / step)) - 1
