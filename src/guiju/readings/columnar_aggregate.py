"""Columnar aggregates: the same as `aggregate`, as SQL for DuckDB over a table of any size.

One scan writes what each record is asked for (keys, whether it counts, whole numbers of steps); groups come of it by hashing. Whole numbers
are added in 128 bits and must fit in 64 in the end, so neither threads nor chunks can change a sum. Only groups with more records than the
first so many are put in order. Records near a comparison that could not be proved come from the exact reading.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from guiju.base.diagnostics import Refused
from guiju.ir.aggregates import COUNTS, UNCAPPED
from guiju.ir.grid import told_apart
from guiju.ir.node import Kind, Node, Op, below
from guiju.ir.program import AggregateMeaning, Program, SumMeaning
from guiju.ir.values import Unknown, Value
from guiju.readings.aggregate import Group, Keys, content_hash, overflow, refuse_open_order, refuse_undetermined
from guiju.readings.aggregate_reasons import reasons, rechecked
from guiju.readings.columnar import DUCKDB, Emitter
from guiju.readings.evaluate import Evaluation

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_FETCHED = 50_000
_INTEGER_MAX = 2.0**31 - 1
_TYPES = {Kind.IDENTIFIER: "VARCHAR", Kind.CATEGORY: "VARCHAR", Kind.DATE: "DATE", Kind.TIME: "TIMESTAMP"}


@dataclass(frozen=True, slots=True)
class AggregateTable:
    """An aggregate as a table of the connection: the keys, the four counts, and each sum (a capped one also before its cap) in BIGINT steps.

    keyless   as in `Aggregated`
    """

    meaning: AggregateMeaning
    table: str
    keyless: tuple[int, int]

    def groups(self, connection: DuckDBPyConnection) -> Iterator[Group]:
        """The groups in the order of their keys, as the exact reading gives them."""
        keys, count = [_name(name) for name, _ in self.meaning.keys], len(self.meaning.sums)
        uncapped = [_name(each.name + (UNCAPPED if each.cap is not None else "")) for each in self.meaning.sums]
        columns = [*keys, *COUNTS, *(_name(each.name) for each in self.meaning.sums), *uncapped]
        ordered = f" ORDER BY {', '.join(keys)}" if keys else ""
        cursor = connection.cursor().execute(f"SELECT {', '.join(columns)} FROM {_name(self.table)}{ordered}")
        while fetched := cursor.fetchmany(_FETCHED):
            for row in fetched:
                given = [_exact(value) for value in row[: len(keys)]]
                counts, sums = row[len(keys) : len(keys) + len(COUNTS)], row[len(keys) + len(COUNTS) :]
                yield Group(tuple(given), counts[0], counts[1], counts[2], counts[3], tuple(sums[:count]), tuple(sums[count:]))

    def hash(self, connection: DuckDBPyConnection) -> str:
        """sha256 of the canonical form."""
        return content_hash(self.meaning, self._lines(connection), self.keyless)

    def _lines(self, connection: DuckDBPyConnection) -> Iterator[str]:
        """The canonical lines, written by DuckDB and joined by the thousand: groups may be more than fit in memory."""
        keys = [_name(name) for name, _ in self.meaning.keys]
        texts = [_escaped(name, node) for name, node in self.meaning.keys]
        numbers = [*COUNTS, *(each.name + (UNCAPPED if each.cap is not None else "") for each in self.meaning.sums)]
        numbers += [each.name for each in self.meaning.sums]
        parts = ", ".join([*texts, *(f"CAST({_name(name)} AS VARCHAR)" for name in numbers)])
        ordered = f" ORDER BY {', '.join(keys)}" if keys else ""
        cursor = connection.cursor().execute(f"SELECT concat_ws(chr(9), {parts}) FROM {_name(self.table)}{ordered}")
        while fetched := cursor.fetchmany(_FETCHED):
            yield "\n".join(line for (line,) in fetched)


def aggregate_tables(
    connection: DuckDBPyConnection, program: Program, sources: Sequence[str], levels: Sequence[str] | None = None, into: str = "aggregate"
) -> dict[str, AggregateTable]:
    """Aggregates as tables `<into>_<name>` of the connection.

    sources   tables with a column per input, as the door leaves them: the whole, or chunks of it. Chunks are grouped one by one and their
              groups combined; only where the first so many records of a group count are they read together
    levels    names of aggregates, default all; one that is only on the way to another is not written
    raises    Refused: aggregate-undetermined, order-not-total, sum-overflow
    """
    import duckdb

    wanted = [each for each in program.aggregates if levels is None or each.name in levels]
    made: dict[str, AggregateTable] = {}
    for meaning in sorted(wanted, key=lambda each: len(each.chain)):
        base, near = meaning.chain[0], None
        try:
            under = next((made[each.name] for each in reversed(meaning.chain[:-1]) if each.name in made), None)
            if under is not None:
                _create(connection, into, meaning, _upward(meaning, under.meaning, f"SELECT * FROM {_name(under.table)}", False))
                made[meaning.name] = AggregateTable(meaning, f"{into}_{meaning.name}", under.keyless)
                continue
            events = _Events(connection, program, base, sources)
            near = events
            made[meaning.name] = _made(connection, events, meaning, into)
        except (duckdb.ConversionException, duckdb.OutOfRangeException):
            raise Refused([overflow(meaning)]) from None
        finally:
            if near is not None:
                near.clear()
    return {each.name: made[each.name] for each in wanted}


def _made(connection: DuckDBPyConnection, events: _Events, meaning: AggregateMeaning, into: str) -> AggregateTable:
    base = events.meaning
    grouped = events.grouped()
    _create(connection, into, meaning, _upward(meaning, base, _first_level(base, grouped, events.certain), events.certain))
    table = _name(f"{into}_{meaning.name}")
    ((told,),) = connection.execute(f"SELECT coalesce(sum({' + '.join(COUNTS)}), 0) FROM {table}").fetchall()
    keyless = (0, 0) if told == events.rows else events.keyless()
    made = AggregateTable(meaning, f"{into}_{meaning.name}", keyless)
    if base.aggregate.undetermined == "refuse":
        ((count,),) = connection.execute(f"SELECT coalesce(sum(undetermined), 0) FROM {table}").fetchall()
        if count + keyless[1]:
            refuse_undetermined(base, int(count) + keyless[1], reasons(connection, events.program, base, events.sources).waits)
    if base.first is not None:
        ((is_open,),) = connection.execute(f"SELECT count(*) FROM {table} WHERE _open").fetchall()
        connection.execute(f"ALTER TABLE {table} DROP COLUMN _open")
        if is_open:
            refuse_open_order(base, *_open_groups(connection, base, events.text()))
    return made


def aggregate_sql(program: Program, meaning: AggregateMeaning, source: str) -> str:
    """One statement that gives the groups of an aggregate of a whole table; for programs whose comparisons are all proved."""
    emitter, near = planned(program, meaning)
    assert near is None, "records near what is not proved need the exact reading: use aggregate_tables"
    base = meaning.chain[0]
    events = emitter.text(_event_columns(emitter, base)).replace("{source}", source)
    return _without_null(meaning, _upward(meaning, base, _first_level(base, _grouped(base, events, False), False), False))


def planned(program: Program, meaning: AggregateMeaning) -> tuple[Emitter, str | None]:
    """An emitter that has written what the aggregate asks of a record; and the SQL that tells records to be evaluated exactly."""
    emitter = Emitter(program, DUCKDB)
    emitter.plan(meaning.chain[0].nodes)
    return emitter, emitter.recheck(meaning.chain[0].nodes)


class _Events:
    """What each record of the sources is asked for: k0… the keys, ok, o0… the order, v0… the values in steps."""

    def __init__(self, connection: DuckDBPyConnection, program: Program, meaning: AggregateMeaning, sources: Sequence[str]) -> None:
        self.connection, self.program, self.meaning, self.sources = connection, program, meaning, sources
        self.emitter, self.near = planned(program, meaning)
        self.columns = _event_columns(self.emitter, meaning)
        self.names = [column.rpartition(" AS ")[2] for column in self.columns]
        self.again = [f"exact_again_{number}" for number in range(len(sources))] if self.near else []
        self.whole = len(sources) == 1 or meaning.first is not None
        self.rows = sum(self._one(f"SELECT count(*) FROM {source}") for source in sources)
        self.certain = not self.near and _always_defined(program, meaning) and all(self._complete(source) for source in sources)
        """No record can be undetermined: nothing it is asked for is missing, or without a meaning."""
        for source, table in zip(sources, self.again, strict=False):
            self._evaluate(source, table)

    def _one(self, query: str) -> int:
        ((found,),) = self.connection.execute(query).fetchall()
        return int(found)

    def _complete(self, source: str) -> bool:
        """Whether a table has no NULL where an input is asked for; a view, which may be a file, is not read for that alone."""
        asked = [_name(str(n.value)) for n in below(list(self.meaning.nodes)) if n.op is Op.INPUT]
        if not self._one(f"SELECT count(*) FROM duckdb_tables() WHERE table_name = '{source}'") or not asked:
            return not asked
        return not self._one(f"SELECT {' + '.join(f'(count(*) - count({name}))' for name in asked)} FROM {source}")

    def _evaluate(self, source: str, table: str) -> None:
        """The records near what is not proved, as events, in a table."""
        assert self.near is not None, "only then is there anything to evaluate"
        meaning = self.meaning
        types = [_TYPES[node.type.kind] for _, node in meaning.keys] or ["TINYINT"]
        types += ["BOOLEAN", *(_TYPES[node.type.kind] for _, node in meaning.order), *("BIGINT" for _ in meaning.sums)]
        declared = ", ".join(f"{name} {type_}" for name, type_ in zip(self.names, types, strict=True))
        self.connection.execute(f"CREATE OR REPLACE TEMP TABLE {table} ({declared})")
        found = [_event(each, meaning) for each in rechecked(self.connection, self.program, self.emitter, self.near, source)]
        if found:
            self.connection.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(self.names))})", found)

    def clear(self) -> None:
        for table in (*self.again, "exact_partial"):
            self.connection.execute(f"DROP TABLE IF EXISTS {table}")

    def _of(self, number: int) -> str:
        """The events of one source."""
        text = self.emitter.text([*self.columns, *([f"({self.near}) AS recheck"] if self.near else [])]).replace("{source}", self.sources[number])
        if self.near is None:
            return text
        names = ", ".join(self.names)
        return f"SELECT {names} FROM ({text}) WHERE NOT recheck UNION ALL SELECT {names} FROM {self.again[number]}"

    def text(self) -> str:
        """The events of all sources."""
        return " UNION ALL ".join(f"(SELECT * FROM ({self._of(number)}))" for number in range(len(self.sources))) or self._none()

    def _none(self) -> str:
        return f"SELECT {', '.join(f'NULL AS {name}' for name in self.names)} WHERE FALSE"

    def grouped(self) -> str:
        """The groups: of all at once, or of each chunk, put together."""
        if self.whole:
            return _grouped(self.meaning, self._of(0) if len(self.sources) == 1 else self.text(), self.certain)
        made = False
        for number in range(len(self.sources)):
            text = _grouped(self.meaning, self._of(number), self.certain)
            self.connection.execute(f"INSERT INTO exact_partial {text}" if made else f"CREATE OR REPLACE TEMP TABLE exact_partial AS {text}")
            made = True
        keys = _key_names(self.meaning)
        totals = ["counted", "records", *(["undetermined"] if not self.certain else []), *(f"s{n}" for n in range(len(self.meaning.sums)))]
        return f"SELECT {', '.join(keys)}, {', '.join(f'sum({each}) AS {each}' for each in totals)} FROM exact_partial GROUP BY {', '.join(keys)}"

    def keyless(self) -> tuple[int, int]:
        """(rejected, undetermined) records of which a key is unknown."""
        if not self.meaning.keys:
            return 0, 0
        unknown = " OR ".join(f"{key} IS NULL" for key in _key_names(self.meaning))
        text = f"SELECT count(CASE WHEN NOT ok THEN 1 END), count(*) FROM ({self.text()}) WHERE {unknown}"
        ((rejected, rows),) = self.connection.execute(text).fetchall()
        return int(rejected), int(rows) - int(rejected)


def _event_columns(emitter: Emitter, meaning: AggregateMeaning) -> list[str]:
    keys = [f"{emitter.expr(node)} AS k{n}" for n, (_, node) in enumerate(meaning.keys)] or ["CAST(0 AS TINYINT) AS k0"]
    order = [f"{emitter.expr(node)} AS o{n}" for n, (_, node) in enumerate(meaning.order)]
    values = [f"{_steps(emitter, each)} AS v{n}" for n, each in enumerate(meaning.sums)]
    return [*keys, f"{emitter.expr(meaning.where)} AS ok", *order, *values]


def _steps(emitter: Emitter, each: SumMeaning) -> str:
    """The value as a whole number of steps: the cast takes the nearest, and the proof says that it is the one meant."""
    assert each.value is not None, "an aggregate of records"
    fact = emitter.exactness.facts[each.value.index]
    assert told_apart(fact, each.places), "the check refuses what cannot be told apart"
    scaled = f"{emitter.expr(each.value)} * {emitter.dialect.number(10.0**each.places)}" if each.places else emitter.expr(each.value)
    narrow = fact.size * 10**each.places < _INTEGER_MAX  # 10⁶ sums by 3·10⁵ groups: 123 CPU ms where BIGINT took 137
    return f"CAST({scaled} AS {'INTEGER' if narrow else 'BIGINT'})"


def _event(evaluation: Evaluation, meaning: AggregateMeaning) -> list[object]:
    def plain(value: Any) -> object:
        if type(value) is Unknown:
            return None
        return value.replace(tzinfo=None) if isinstance(value, datetime) else value

    keys: list[object] = [plain(evaluation.of(node)) for _, node in meaning.keys] or [0]
    order = [plain(evaluation.of(node)) for _, node in meaning.order]
    values = [evaluation.of(each.value) for each in meaning.sums if each.value is not None]
    steps = [int(v * 10**each.places) if isinstance(v, Fraction) else None for v, each in zip(values, meaning.sums, strict=True)]
    return [*keys, plain(evaluation.of(meaning.where)), *order, *steps]


def _key_names(meaning: AggregateMeaning) -> list[str]:
    """Without keys there is one group, of a constant."""
    return [f"k{n}" for n in range(max(1, len(meaning.keys)))]


def _counts(meaning: AggregateMeaning) -> str:
    """Whether an event counts: NULL or FALSE where it does not."""
    order = [f"o{n} IS NOT NULL" for n in range(len(meaning.order))]
    values = [f"v{n} IS NOT NULL" for n in range(len(meaning.sums))] if len(meaning.sums) > 1 else []
    return " AND ".join(["ok", *order, *values])


def _grouped(meaning: AggregateMeaning, events: str, certain: bool) -> str:
    """Groups of events before caps; a group whose key is NULL has the records without that key.

    certain   nothing is undetermined: each number kept for a group costs as much as a sum, so what is known is not counted
    """
    keys, counts = ", ".join(_key_names(meaning)), _counts(meaning)
    if meaning.first is not None:
        return _grouped_first(meaning, events, certain)
    sums = [f"sum(CASE WHEN {counts} THEN v{n} END) AS s{n}" for n in range(len(meaning.sums))]
    numbers = [f"count(CASE WHEN {counts} THEN v0 END) AS counted", "count(*) AS records"]
    if not certain:
        numbers.append(f"count(CASE WHEN (NOT ok) OR ({counts} AND v0 IS NOT NULL) THEN NULL ELSE 1 END) AS undetermined")
    return f"SELECT {', '.join([keys, *numbers, *sums])} FROM ({events}) GROUP BY {keys}"


def _grouped_first(meaning: AggregateMeaning, events: str, certain: bool) -> str:
    """The same where only the first so many count: `counted` has all that are in order, `_open` whether equal ones lie on both sides of the end.

    What does not count goes past the window, which sorts.
    """
    keys, first, width = ", ".join(_key_names(meaning)), meaning.first, len(meaning.sums)
    values, nothing = ", ".join(f"v{n}" for n in range(width)), ", ".join(f"NULL AS v{n}" for n in range(width))
    rest = f"SELECT {keys}, {nothing}, NULL AS n, NULL AS r, ok IS DISTINCT FROM FALSE AS u FROM ({events}) WHERE ({_candidate(meaning)}) IS NOT TRUE"
    placed = f"SELECT {keys}, {values}, n, r, FALSE AS u FROM ({_ranked(meaning, events)}) UNION ALL {rest}"
    sums = [f"sum(CASE WHEN n <= {first} THEN v{n} END) AS s{n}" for n in range(width)]
    numbers = ["count(n) AS counted", "count(*) AS records", *([] if certain else ["count(CASE WHEN u THEN 1 END) AS undetermined"])]
    is_open = f"bool_or(n = {first + 1 if first is not None else 0} AND r <= {first}) AS _open"
    return f"SELECT {', '.join([keys, *numbers, *sums, is_open])} FROM ({placed}) GROUP BY {keys}"


def _candidate(meaning: AggregateMeaning) -> str:
    return f"{_counts(meaning)} AND v0 IS NOT NULL" if len(meaning.sums) == 1 else _counts(meaning)


def _ranked(meaning: AggregateMeaning, events: str) -> str:
    """The events that count, with their place n in the order of their group, and the place r of the first that is equal."""
    keys, order = ", ".join(_key_names(meaning)), ", ".join(f"o{n}" for n in range(len(meaning.order)))
    return (
        f"SELECT *, row_number() OVER each AS n, rank() OVER each AS r FROM ({events}) WHERE {_candidate(meaning)} "
        f"WINDOW each AS (PARTITION BY {keys} ORDER BY {order})"
    )


def _always_defined(program: Program, meaning: AggregateMeaning) -> bool:
    """Whether everything a complete record is asked for has a value."""
    divided = program.exactness.shifts
    return not any(n.op in (Op.UNDEFINED, Op.MAP) or (n.op is Op.DIV and n.index in divided) for n in below(list(meaning.nodes)))


def _first_level(meaning: AggregateMeaning, grouped: str, certain: bool) -> str:
    """The groups of records under the names of their columns, capped."""
    keys, first = _key_names(meaning), meaning.first
    known = "" if certain else " WHERE " + " AND ".join(f"{key} IS NOT NULL" for key in keys)
    named = [f"{key} AS {_name(name)}" for key, (name, _) in zip(keys, meaning.keys, strict=False)]
    undetermined = "0" if certain else "undetermined"
    counted = "counted" if first is None else f"CASE WHEN counted > {first} THEN {first} ELSE counted END"
    beyond = "0" if first is None else f"CASE WHEN counted > {first} THEN counted - {first} ELSE 0 END"
    numbers = dict(zip(COUNTS, (counted, beyond, f"records - counted - {undetermined}", undetermined), strict=True))
    counts = [f"CAST({number} AS BIGINT) AS {name}" for name, number in numbers.items()] + (["_open"] if first is not None else [])
    sums = _sum_columns(meaning, [f"s{n}" for n in range(len(meaning.sums))])
    return f"SELECT {', '.join([*named, *counts, *sums])} FROM ({grouped}){known}"


def _sum_columns(meaning: AggregateMeaning, totals: Sequence[str]) -> list[str]:
    """Each sum in 64 bits, capped; before its cap too, where it has one. NULL where nothing is counted: `least` would make the cap of it."""
    found = []
    for each, total in zip(meaning.sums, totals, strict=True):
        whole = f"CAST({total} AS BIGINT)"
        if each.cap is None:
            found.append(f"{whole} AS {_name(each.name)}")
        else:
            capped = f"CASE WHEN {whole} > {each.cap} THEN {each.cap} ELSE {whole} END"
            found.append(f"{whole} AS {_name(each.name + UNCAPPED)}, {capped} AS {_name(each.name)}")
    return found


def _without_null(meaning: AggregateMeaning, text: str) -> str:
    """The table as it is kept: a sum of nothing is 0."""
    names = [each.name + UNCAPPED for each in meaning.sums if each.cap is not None] + [each.name for each in meaning.sums]
    return f"SELECT * REPLACE ({', '.join(f'coalesce({_name(name)}, 0) AS {_name(name)}' for name in names)}) FROM ({text})"


def _upward(meaning: AggregateMeaning, start: AggregateMeaning, text: str, certain: bool) -> str:
    """From the groups of one aggregate of a chain to those of another above it; counts that are known to be 0 are not added."""
    chain = meaning.chain
    has_first = chain[0].first is not None and start is chain[0] and not text.startswith("SELECT * FROM")
    for each in chain[chain.index(start) + 1 :]:
        keys = [_name(name) for name, _ in each.keys]
        zero = {"beyond"} if chain[0].first is None else set()
        zero |= {"undetermined"} if certain else set()
        counts = [f"CAST({'0' if name in zero else f'sum({name})'} AS BIGINT) AS {name}" for name in COUNTS]
        counts += ["bool_or(_open) AS _open"] if has_first else []
        totals = []
        for one in each.sums:
            assert one.of is not None, "an aggregate of groups"
            totals.append(f"sum({_name(one.of.name)})" + (f" * {10 ** (one.places - one.of.places)}" if one.places > one.of.places else ""))
        grouped = f"GROUP BY {', '.join(keys)}" if keys else "HAVING count(*) > 0"
        text = f"SELECT {', '.join([*keys, *counts, *_sum_columns(each, totals)])} FROM ({text}) {grouped}"
    return text


def _open_groups(connection: DuckDBPyConnection, meaning: AggregateMeaning, events: str) -> tuple[int, Keys]:
    """The groups in which records that differ stand equal in the order on both sides of the end, and the first of them."""
    keys, first = ", ".join(_key_names(meaning)), meaning.first
    known = " AND ".join(f"{key} IS NOT NULL" for key in _key_names(meaning))
    differ = " OR ".join(f"min(v{n}) <> max(v{n})" for n in range(len(meaning.sums)))
    found = connection.execute(
        f"SELECT {keys}, count(*) OVER () FROM ({_ranked(meaning, events)}) WHERE r <= {first} AND {known} "
        f"GROUP BY {keys}, r HAVING max(n) > {first} AND ({differ}) ORDER BY {keys} LIMIT 1"
    ).fetchall()
    return (int(found[0][-1]), tuple(_exact(key) for key in found[0][: len(meaning.keys)])) if found else (0, ())


def _create(connection: DuckDBPyConnection, into: str, meaning: AggregateMeaning, text: str) -> None:
    connection.execute(f"CREATE OR REPLACE TABLE {_name(f'{into}_{meaning.name}')} AS {_without_null(meaning, text)}")


def _escaped(name: str, node: Node) -> str:
    if node.type.kind not in (Kind.IDENTIFIER, Kind.CATEGORY):
        return f"CAST({_name(name)} AS VARCHAR)"
    return rf"replace(replace(replace({_name(name)}, '\', '\\'), chr(9), '\t'), chr(10), '\n')"


def _exact(value: Any) -> Value:
    found: Value = value.replace(tzinfo=UTC) if isinstance(value, datetime) else value
    return found


def _name(column: str) -> str:
    return DUCKDB.name(column)
