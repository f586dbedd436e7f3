"""Counting: from where every product stands to boards. A board is one indicator in one comparable range."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from guiju.base.drawing import round_range
from guiju.base.rounding import decimal_text
from guiju.frontrunner.board.model import Band, Board, Mandatory, Range, Reached, Step, Withheld
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
    made: list[Board] = []
    for at, asked in enumerate(placing.scheme.indicators):
        made += _boards_of(connection, placing, at, asked.name)
    order = {each.name: at for at, each in enumerate(placing.scheme.indicators)}
    return tuple(sorted(made, key=lambda board: (board.range, order[board.indicator])))


def _boards_of(connection: DuckDBPyConnection, placing: Placing, at: int, name: str) -> Iterator[Board]:
    words = [f"r{number}" for number in range(placing.ranges)]
    node = placing.lean.values[value_name(name)]
    meaning = next(each for each in placing.lean.indicators if each.indicator.name == name)
    low, high = (f"min(v{at})", f"max(v{at})") if node.is_number else ("NULL", "NULL")
    grouped = ", ".join((*words, f"l{at}"))
    rows = connection.execute(f"SELECT {grouped}, count(*), count(DISTINCT entry), {low}, {high} FROM {PLACED} WHERE reason = 0 "
                              f"GROUP BY {grouped}").fetchall()  # fmt: skip
    by_range: dict[Range, dict[int | None, tuple[int, int, Any, Any]]] = {}
    for row in rows:
        by_range.setdefault(tuple(row[: len(words)]), {})[row[len(words)]] = tuple(row[len(words) + 1 :])
    for range_, levels in sorted(by_range.items()):
        where = inside(range_)
        bands = tuple(Band(level, *_two(levels.get(level))) for level in range(1, LEVELS + 1))
        apart = {"below": BELOW, "missing": None, "not-applicable": NOT_APPLICABLE}
        values = [value for level in range(1, LEVELS + 1) for value in levels.get(level, ())[2:] if value is not None]
        withheld = _withheld(connection, placing, at, node, where, bands, values)
        lines = _lines(connection, placing, meaning, where)
        numbers = (min(values), max(values)) if values and node.is_number else None
        yield Board(
            range_, name, bands, lines, {word: levels[code][0] if code in levels else 0 for word, code in apart.items()}, withheld,
            rounded(numbers[0]) if numbers else None, rounded(numbers[1]) if numbers else None,
            _steps(connection, at, where) if node.is_number else (), _reached(connection, placing, at, name, where),
        )  # fmt: skip


def _two(found: tuple[int, int, Any, Any] | None) -> tuple[int, int]:
    return (0, 0) if found is None else (int(found[1]), int(found[0]))


def inside(range_: Range) -> str:
    """The condition of products of a range."""
    return " AND ".join(["reason = 0", *(f"r{number} = {literal(word)}" for number, word in enumerate(range_))])


def rounded(value: float) -> str:
    """A double as a decimal of ten digits after the point at most, beyond which it says nothing."""
    return decimal_text(Fraction(f"{round(value, DIGITS):.{DIGITS}f}"))


def _withheld(
    connection: DuckDBPyConnection, placing: Placing, at: int, node: Node, where: str, bands: Sequence[Band], values: Sequence[Any]
) -> Withheld | None:
    """Why the board is not published. One declared standard alone has all values equal too, and is not compared with anything."""
    if not any(band.models for band in bands):
        return "none"
    on = f"{where} AND {ON.format(at=at)}"
    ((standards,),) = connection.execute(f"SELECT count(DISTINCT entry) FROM {PLACED} WHERE {on}").fetchall()
    if standards == 1:
        return "one"
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


def _lines(connection: DuckDBPyConnection, placing: Placing, meaning: IndicatorMeaning, where: str) -> tuple[str | None, ...]:
    """Where the levels of an indicator lie in a range, if for all products at one place."""
    unit, found = meaning.value.type.unit, []
    for level, (_, limit) in enumerate(meaning.indicator.levels, 1):
        computed = limit_name(meaning.indicator.name, level)
        if computed in placing.lean.values:
            column = f"j.{identifier(computed)}"
            query = f"SELECT min({column}), max({column}) FROM {PLACED} p JOIN {JUDGED} j ON j.row = p.row WHERE {where}"
            ((low, high),) = connection.execute(query).fetchall()
            found.append(rounded(low) if low is not None and low == high else None)
        elif isinstance(limit, ex.Number) and meaning.value.is_number:
            found.append(decimal_text(limit.value if limit.unit is None else limit.value * limit.unit.ratio(unit)))
        else:
            found.append(None)
    return tuple(found)


def _steps(connection: DuckDBPyConnection, at: int, where: str) -> tuple[Step, ...]:
    """How the declared values of a range are distributed, those in no band with them, over steps of a round width."""
    valued = f"FROM {PLACED} WHERE {where} AND v{at} IS NOT NULL"
    ((least, most),) = connection.execute(f"SELECT min(v{at}), max(v{at}) {valued}").fetchall()
    if least is None:
        return ()
    start, end, step = round_range(least, most, STEPS) if least < most else (least, least, 1.0)
    count = max(1, round((end - start) / step))
    number = f"CAST(least({count - 1}, greatest(0, floor((v{at} - {start!r}) / {step!r} + 1e-9))) AS INTEGER)"
    rows = connection.execute(f"SELECT {number}, count(*) {valued} GROUP BY 1").fetchall()
    tally: Mapping[int, int] = {int(at_): int(models) for at_, models in rows}
    edges = [rounded(start + step * number) for number in range(count + 1)] if least < most else [rounded(least)] * 2
    return tuple(Step(edges[number], edges[number + 1], tally.get(number, 0)) for number in range(count))


def _reached(connection: DuckDBPyConnection, placing: Placing, at: int, name: str, where: str) -> dict[str, Reached]:
    found: dict[str, Reached] = {}
    for reference, levels in sorted(placing.scheme.references.items()):
        if name in levels:
            each = f"SELECT entry, count(*) FILTER ({reference}{at}) AS models, coalesce(bool_and(coalesce({reference}{at}, FALSE)), FALSE) AS all_of"
            inner = f"{each} FROM {PLACED} WHERE {where} AND {ON.format(at=at)} GROUP BY entry"
            ((entries, models),) = connection.execute(f"SELECT count(*) FILTER (all_of), coalesce(sum(models), 0) FROM ({inner})").fetchall()
            found[reference] = Reached(int(entries), int(models))
    return found
