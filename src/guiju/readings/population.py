"""Population: a table of records ranked in DuckDB, and the thresholds of the ranking as a snapshot, exact to the last digit.

Doubles put two different values in the right order where the grid analysis separates them; equal values then lie within half a separation
of one another. So the k-th best is found in doubles, everyone equal to it is counted by that half separation, and its exact value is what
`evaluate` makes of that very row. Where nothing separates the values, the rows that could be the k-th are evaluated exactly, all of them.

Two passes and no sort: quantiles bracket the k-th best of every range, then only what lies in the bracket is looked at.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from hashlib import sha256
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from guiju.base.diagnostics import Diagnostic, Refused
from guiju.ir.grid import ULP, separation
from guiju.ir.node import Node, Op, below
from guiju.ir.population import PopulationMeaning
from guiju.ir.program import Program
from guiju.ir.snapshot import Key, Range, Ranking, Snapshot, Threshold
from guiju.ir.values import Unknown
from guiju.readings.columnar import DUCKDB, Emitter, record_of
from guiju.readings.evaluate import Evaluation, evaluate
from guiju.standard.model import Best, Input

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

EXACT_MAX = 200_000
"""Distinct records evaluated exactly, at most, where doubles do not separate the values."""
_MARGIN = 1e-3
"""Of the quantiles around a share: a thousandth of the members lies in the bracket on either side."""
_FETCHED = 100_000


def ranking_of(program: Program, meanings: Sequence[PopulationMeaning] | None = None) -> Program:
    """The program of nothing but what its rankings look at: its `used_inputs` are what a table must have to be ranked."""
    of = program.populations if meanings is None else meanings
    looked_at = {f"{m.name} {position}": node for m in of for position, node in enumerate((m.belongs, m.of, *m.within))}
    return replace(program, clauses=(), overall=None, indicators=(), scores=(), grades=(), values=looked_at)


def take_snapshot(connection: DuckDBPyConnection, program: Program, source: str) -> Snapshot:
    """The thresholds of every population of the program among the rows of a table.

    source   a table with a column `row` and one per used input of `ranking_of`, as the records kit admits them
    raises   Refused: no-populations, population-not-separated
    """
    standard = program.standard
    if not program.populations:
        raise Refused([Diagnostic("no-populations", standard.span, {"number": standard.number})])
    rankings = {m.name: _Ranked(connection, program, m, source).ranking() for m in program.populations}
    ((rows,),) = connection.execute(f"SELECT count(*) FROM {source}").fetchall()
    data = data_hash(connection, [program.inputs[name] for name in ranking_of(program).used_inputs], source)
    return Snapshot(standard.number, program.on, program.content_hash, data, int(rows), f"guiju {version('guiju')}", rankings)


def data_hash(connection: DuckDBPyConnection, inputs: Sequence[Input], source: str) -> str:
    """sha256 over the rows of a table as text, one a line, sorted: whatever order and chunks they came in, the same rows have one hash.

    The first line names the inputs with unit and decimals. A number is written as the whole multiple of its grid, a word with `|`, line
    feed and backslash escaped, what is missing as nothing; cells are parted by `|`.
    """
    digest = sha256(_heading(inputs).encode())
    cells = ", ".join(f"COALESCE({_cell(each)}, '')" for each in inputs) or "''"
    cursor = connection.cursor()
    cursor.execute(f"SELECT concat_ws('|', {cells}) AS line FROM {source} ORDER BY line")
    while lines := cursor.fetchmany(_FETCHED):
        digest.update("".join(f"{line}\n" for (line,) in lines).encode())
    return digest.hexdigest()


def _heading(inputs: Sequence[Input]) -> str:
    return "|".join(f"{i.name} {i.unit.text if i.unit else i.kind} {i.decimals or 0}" for i in inputs) + "\n"


def _cell(declared: Input) -> str:
    name = DUCKDB.name(declared.name)
    if declared.kind == "number":
        return f"CAST(CAST(round({name} * {DUCKDB.number(10.0 ** (declared.decimals or 0))}) AS BIGINT) AS VARCHAR)"
    text = f"CAST({name} AS VARCHAR)"
    for sign, written in (("'\\'", "'\\\\'"), ("'|'", "'\\p'"), ("chr(10)", "'\\n'")):
        text = f"replace({text}, {sign}, {written})"
    return text


@dataclass(frozen=True, slots=True)
class _Sought:
    """The k-th best of one range, and between which doubles it lies."""

    key: Key
    k: int
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class _Found:
    """Around the k-th best double of a range: how many are better, how many equal to it, a row that is, and the next better row."""

    key: Key
    k: int
    at: float
    better: int
    equal: int
    row: int
    next_at: float | None
    next_row: int | None


class _Ranked:
    """One population, ranked. What is better is smaller here: the sign is turned where higher is better."""

    def __init__(self, connection: DuckDBPyConnection, program: Program, meaning: PopulationMeaning, source: str) -> None:
        self.connection, self.meaning, self.source = connection, meaning, source
        self.program = ranking_of(program, [meaning])
        self.sign = 1 if meaning.population.better == "lower" else -1
        self.keys = [f"c{n}" for n in range(max(len(meaning.within), 1))]
        self.members = f"ranked_{meaning.name}"
        fact = self.program.exactness.facts[meaning.of.index]
        apart = separation(fact, fact)
        separated = 2 * fact.error + 4 * ULP * (fact.size + apart) < apart / 4 and math.isfinite(apart)
        self.half: float | None = apart / 2 if separated else None
        self.reach = 2 * fact.error * (1 + 1e-9)
        """How far from the k-th best double the k-th best value's own may lie, and everyone's who is equal to it."""
        self.pad = apart / 2 if separated else 2 * self.reach

    @property
    def key_list(self) -> str:
        return ", ".join(self.keys)

    def ranking(self) -> Ranking:
        self._members()
        counted, unplaced = self._counted()
        ranges = {key: Range(n, outside, undetermined) for key, (n, outside, undetermined, _) in counted.items()}
        enough = {key: each for key, each in counted.items() if each[0] >= self.meaning.population.min_count}
        for best in self.meaning.population.best:
            for key, place in self._thresholds(best, enough).items():
                ranges[key] = replace(ranges[key], best={**ranges[key].best, best.name: place})
        kind = "TABLE" if self._unproved() else "VIEW"
        self.connection.execute(f"DROP {kind} {self._quoted}")
        return Ranking(self.meaning.of.type.unit.text, ranges, *unplaced)

    # members

    @property
    def _quoted(self) -> str:
        return DUCKDB.name(self.members)

    def _looked_at(self) -> list[Node]:
        return [self.meaning.belongs, self.meaning.of, *self.meaning.within]

    def _unproved(self) -> list[Node]:
        return [n for n in below(self._looked_at()) if n.index in self.program.exactness.unproved]

    def _members(self) -> None:
        """Every row: whether it is a member (NULL: that cannot be told), its value and its range; in a table only where rows must be put right."""
        unproved = self._unproved()
        emitter = Emitter(self.program, DUCKDB)
        emitter.plan(self._looked_at(), unproved)
        belongs, x = emitter.expr(self.meaning.belongs), emitter.expr(self.meaning.of)
        words = [emitter.expr(n) for n in self.meaning.within] or ["''"]
        known = " AND ".join(f"{each} IS NOT NULL" for each in (x, *words))
        member = f"CASE WHEN NOT {belongs} THEN FALSE WHEN {belongs} AND {known} THEN TRUE END AS member"
        signed = x if self.sign == 1 else f"(- {x})"
        selected = ["row", member, f"{signed} AS x", *(f"{word} AS {c}" for c, word in zip(self.keys, words, strict=True))]
        if unproved:
            selected.append(" OR ".join(f"COALESCE({emitter.near(n)}, FALSE)" for n in unproved) + " AS recheck")
        kind = "TABLE" if unproved else "VIEW"
        text = emitter.text(selected).replace("{source}", self.source)
        self.connection.execute(f"CREATE OR REPLACE TEMP {kind} {self._quoted} AS {text}")
        if unproved:
            self._put_right()

    def _put_right(self) -> None:
        """Rows near a comparison that could not be proved, by their exact evaluation."""
        near = f"SELECT row FROM {self._quoted} WHERE recheck"
        ((rows,),) = self.connection.execute(f"SELECT count(*) FROM ({near})").fetchall()
        self._refuse_beyond(int(rows))
        found = [(row, *self._exact_row(evaluation)) for row, evaluation in self._evaluated(f"row IN ({near})")]
        self.connection.execute(f"CREATE OR REPLACE TEMP TABLE put_right AS SELECT row, member, x, {self.key_list} FROM {self._quoted} LIMIT 0")
        if found:
            columns = [list(column) for column in zip(*found, strict=True)]
            self.connection.execute(f"INSERT INTO put_right SELECT {', '.join(['unnest(?)'] * len(columns))}", columns)
        sets = ", ".join(f"{c} = p.{c}" for c in ("member", "x", *self.keys))
        self.connection.execute(f"UPDATE {self._quoted} SET {sets} FROM put_right p WHERE {self._quoted}.row = p.row")
        self.connection.execute("DROP TABLE put_right")

    def _exact_row(self, evaluation: Evaluation) -> tuple[bool | None, float | None, *tuple[str | None, ...]]:
        belongs, x = evaluation.of(self.meaning.belongs), evaluation.of(self.meaning.of)
        words = [evaluation.of(n) for n in self.meaning.within]
        known = not any(type(v) is Unknown for v in (x, *words))
        member = False if belongs is False else True if belongs is True and known else None
        value = self.sign * float(x) if isinstance(x, Fraction) else None
        return (member, value, *((None if type(w) is Unknown else str(w)) for w in words or [""]))

    def _refuse_beyond(self, rows: int) -> None:
        if rows > EXACT_MAX:
            facts = {"name": self.meaning.name, "rows": str(rows), "limit": str(EXACT_MAX)}
            raise Refused([Diagnostic("population-not-separated", self.meaning.population.span, facts)])

    def _evaluated(self, condition: str) -> Iterator[tuple[int, Evaluation]]:
        names = list(self.program.used_inputs)
        columns = ", ".join(["row", *(DUCKDB.name(n) for n in names)])
        rows = self.connection.execute(f"SELECT {columns} FROM {self.source} WHERE {condition}").fetchall()
        return ((row[0], evaluate(self.program, record_of(self.program, names, row[1:]))) for row in rows)

    # places

    def _quantiles(self) -> list[float]:
        shares = [float(b.share) for b in self.meaning.population.best if b.share is not None]
        around = [q for s in shares for q in (max(s - _MARGIN, 0.0), min(s + _MARGIN, 1.0))]
        halves = [2.0**-n for n in range(28)] if any(b.count for b in self.meaning.population.best) else []
        return sorted({*around, *halves})

    def _counted(self) -> tuple[dict[Key, tuple[int, int, int, list[float]]], tuple[int, int]]:
        """Per range: members, those outside, the undetermined, and the quantiles of the members; and the rows whose range is not known."""
        found: dict[Key, tuple[int, int, int, list[float]]] = {}
        lost = [0, 0]
        for *words, n, outside, undetermined, quantiles in self.connection.execute(
            f"SELECT {self.key_list}, COALESCE(count_if(member), 0), COALESCE(count_if(NOT member), 0), count(*) - count(member), "
            f"quantile_disc(CASE WHEN member THEN x END, {self._quantiles()}) FROM {self._quoted} GROUP BY {self.key_list}"
        ).fetchall():
            if None in words:
                lost[0], lost[1] = lost[0] + outside, lost[1] + undetermined
            else:
                found[self._key(words)] = (n, outside, undetermined, quantiles or [])
        return found, (lost[0], lost[1])

    def _key(self, words: Sequence[str]) -> Key:
        return tuple(words) if self.meaning.within else ()

    def _thresholds(self, best: Best, counted: Mapping[Key, tuple[int, int, int, list[float]]]) -> dict[Key, Threshold]:
        at = self._quantiles()
        places, sought = {}, []
        for key, (n, _, _, quantiles) in counted.items():
            k = best.places(n)
            if k == 0:
                places[key] = Threshold(0, 0, None)
                continue
            # One place to spare on either side: nothing rests on which of two neighbours a quantile is.
            low = max((x for q, x in zip(at, quantiles, strict=True) if q * n + 1 <= k), default=-math.inf)
            high = min((x for q, x in zip(at, quantiles, strict=True) if q * n - 1 >= k), default=math.inf)
            sought.append(_Sought(key, k, low - self.pad, high + self.pad))
        found = self._found(sought)
        return places | {f.key: self._place_exactly(f) for f in found} if self.half is None else places | self._places(found)

    def _found(self, sought: Sequence[_Sought]) -> list[_Found]:
        """The k-th best double of every range, among those in its bracket and the count of those before it."""
        if not sought:
            return []
        columns = [[(s.key or ("",))[n] for s in sought] for n in range(len(self.keys))]
        numbers: list[list[Any]] = [[s.k for s in sought], [s.low for s in sought], [s.high for s in sought]]
        types = {**dict.fromkeys(self.keys, "VARCHAR"), "k": "BIGINT", "low": "DOUBLE", "high": "DOUBLE"}
        unnested = ", ".join(f"unnest(?::{type_}[]) AS {name}" for name, type_ in types.items())
        self.connection.execute(f"CREATE OR REPLACE TEMP TABLE sought AS SELECT {unnested}", [*columns, *numbers])
        half = _literal(self.reach if self.half is None else self.half)
        valued = f"SELECT {self.key_list}, k, x, row, CASE WHEN x < low THEN '-inf'::DOUBLE ELSE x END AS z FROM {self._quoted} JOIN sought"
        self.connection.execute(
            f"CREATE OR REPLACE TEMP TABLE bracket AS SELECT {self.key_list}, any_value(k) AS k, z, count(*) AS n, max(x) AS top, "
            f"arg_max(row, x) AS row FROM ({valued} USING ({self.key_list}) WHERE member AND x <= high) GROUP BY {self.key_list}, z"
        )
        same = f"abs(z - kth) <= {half}"
        rows = self.connection.execute(
            f"WITH summed AS (SELECT *, sum(n) OVER (PARTITION BY {self.key_list} ORDER BY z) AS reached FROM bracket), "
            f"places AS (SELECT {self.key_list}, min(z) AS kth FROM summed WHERE reached >= k GROUP BY {self.key_list}) "
            f"SELECT {self.key_list}, any_value(k), kth, COALESCE(sum(n) FILTER (WHERE z < kth - {half}), 0), sum(n) FILTER (WHERE {same}), "
            f"arg_min(row, abs(z - kth)), max(top) FILTER (WHERE z < kth - {half}), arg_max(row, top) FILTER (WHERE z < kth - {half}) "
            f"FROM bracket JOIN places USING ({self.key_list}) GROUP BY {self.key_list}, kth"
        ).fetchall()
        self.connection.execute("DROP TABLE sought; DROP TABLE bracket")
        count = len(self.keys)
        found = [_Found(self._key(r[:count]), *r[count : count + 2], *(int(n) for n in r[count + 2 : count + 5]), *r[count + 5 :]) for r in rows]
        assert len(found) == len(sought) and all(math.isfinite(f.at) for f in found), "the k-th best lies in its bracket"
        return found

    def _places(self, found: Sequence[_Found]) -> dict[Key, Threshold]:
        """The exact thresholds, by the exact reading of the very rows, and how many are in."""
        alone = {f.key for f in found if self.meaning.population.ties == "none" and f.better + f.equal > f.k}
        rows = {f.key: f.next_row if f.key in alone else f.row for f in found}
        listed = ", ".join(str(row) for row in rows.values() if row is not None)
        values = {row: e.of(self.meaning.of) for row, e in self._evaluated(f"row IN ({listed})")} if listed else {}
        places = {}
        for f in found:
            row = rows[f.key]
            value = None if row is None else values[row]
            assert value is None or isinstance(value, Fraction), "a member has a value"
            inside = 0 if value is None else f.better if f.key in alone else f.better + f.equal
            places[f.key] = Threshold(f.k, inside, value)
        return places

    def _place_exactly(self, found: _Found) -> Threshold:
        """A threshold where doubles do not separate the values: everyone who could be the k-th is evaluated."""
        better, reach = found.better, self.reach
        for value, count in self._exact_values(found.key, found.at - reach, found.at + reach):
            if better + count >= found.k:
                if self.meaning.population.ties == "all" or better + count == found.k:
                    return Threshold(found.k, better + count, self.sign * value)
                break
            better, last = better + count, value
        else:
            raise AssertionError("the k-th best lies in its window")
        if better > found.better:
            return Threshold(found.k, better, self.sign * last)
        if found.next_at is None:
            return Threshold(found.k, 0, None)
        before = self._exact_values(found.key, found.next_at - reach, found.next_at)
        return Threshold(found.k, better, self.sign * before[-1][0])

    def _exact_values(self, key: Key, low: float, high: float) -> list[tuple[Fraction, int]]:
        """The exact values, turned so that smaller is better, of the members of a range within a window, each with its count."""
        names = [str(n.value) for n in below([self.meaning.of]) if n.op is Op.INPUT]
        bounds = f"m.x BETWEEN {_literal(low)} AND {_literal(high)}"
        where = " AND ".join(f"m.{c} = ?" for c in self.keys)
        grouped = (
            f"SELECT count(*), {', '.join(f's.{DUCKDB.name(n)}' for n in names)} FROM {self.source} s JOIN {self._quoted} m ON s.row = m.row "
            f"WHERE m.member AND {bounds} AND {where} GROUP BY ALL"
        )
        words = list(key or ("",))
        ((rows,),) = self.connection.execute(f"SELECT count(*) FROM ({grouped})", words).fetchall()
        self._refuse_beyond(int(rows))
        counts: dict[Fraction, int] = {}
        for count, *values in self.connection.execute(grouped, words).fetchall():
            exact = evaluate(self.program, record_of(self.program, names, values)).of(self.meaning.of)
            assert isinstance(exact, Fraction), "a member has a value"
            counts[self.sign * exact] = counts.get(self.sign * exact, 0) + count
        return sorted(counts.items())


def _literal(x: float) -> str:
    return f"'{x}'::DOUBLE" if math.isinf(x) else DUCKDB.number(x)
