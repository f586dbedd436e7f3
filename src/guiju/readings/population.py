"""Population: a table of records ranked in DuckDB, and the thresholds of the ranking as a snapshot, exact to the last digit.

Doubles put two different values in the right order where the grid analysis separates them; equal values then lie within half a separation
of one another. So the k-th best is found in doubles, everyone equal to it is counted by that half separation, and its exact value is what
`evaluate` makes of that very row. Where nothing separates the values, the rows that could be the k-th are evaluated exactly, all of them.

One pass and no sort: a sample tells between which values the k-th best will lie, and what lies beyond them is only counted. Where the count
does not bear the sample out, there is a second pass.
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
from guiju.ir.node import Op, below
from guiju.ir.population import PopulationMeaning, read_as_corrected
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
FEW = 200_000
"""Rows up to which all values are grouped. Of more, a sample tells where to look: whole blocks, since rows picked here and there cost a scan."""
_HELD_MAX = 0.1
"""The share of members that may lie in the bracket of a pass; with more, there is a bracket for every range."""
_EVERYTHING = (-math.inf, math.inf)
_Ends = tuple[float, float]
_FETCHED = 100_000


def ranking_of(program: Program, meanings: Sequence[PopulationMeaning] | None = None) -> Program:
    """The program of nothing but what its rankings look at: its `used_inputs` are what a table must have to be ranked."""
    of = program.populations if meanings is None else meanings
    looked_at = {f"{m.name} {position}": node for m in of for position, node in enumerate((m.belongs, m.of, *m.within))}
    return replace(program, clauses=(), overall=None, indicators=(), scores=(), grades=(), values=looked_at)


def rank(connection: DuckDBPyConnection, program: Program, source: str) -> dict[str, Ranking]:
    """Every population of the program among the rows of a table.

    source   a table with a column `row` and one per used input of `ranking_of`, as the records kit admits them
    raises   Refused: population-not-separated
    """
    return {m.name: _Ranked(connection, program, m, source).ranking() for m in program.populations}


def take_snapshot(connection: DuckDBPyConnection, program: Program, source: str) -> Snapshot:
    """The rankings of `rank`, with what they were made of.

    raises   Refused: no-populations, population-not-separated
    """
    standard = program.standard
    if not program.populations:
        raise Refused([Diagnostic("no-populations", standard.span, {"number": standard.number})])
    rankings = rank(connection, program, source)
    ((rows,),) = connection.execute(f"SELECT count(*) FROM {source}").fetchall()
    data = data_hash(connection, [program.inputs[name] for name in ranking_of(program).used_inputs], source)
    engine, corrected = f"guiju {version('guiju')}", read_as_corrected(standard)
    return Snapshot(standard.number, program.on, program.content_hash, data, int(rows), engine, rankings, corrected)


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
        self.names = [f"c{n}" for n in range(max(len(meaning.within), 1))]
        self.keys = ", ".join(self.names)
        fact = self.program.exactness.facts[meaning.of.index]
        apart = separation(fact, fact)
        separated = 2 * fact.error + 4 * ULP * (fact.size + apart) < apart / 4 and math.isfinite(apart)
        self.half: float | None = apart / 2 if separated else None
        self.reach = 2 * fact.error * (1 + 1e-9)
        """How far from the k-th best double the k-th best value's own may lie, and everyone's who is equal to it."""
        self.pad = apart / 2 if separated else 2 * self.reach
        self.ranges: dict[Key, Range] = {}
        self.text, self.kind = "", "VIEW"
        self.sampled = False
        self.looked: dict[Key, _Ends] = {}
        self.elsewhere = _EVERYTHING
        """Where the last pass looked, by range, and in any other range."""

    def ranking(self) -> Ranking:
        self._valued()
        bests = self.meaning.population.best
        expected, unplaced = self._expected(), (0, 0)
        for group in self._together(bests, expected):
            self._pass(_around([expected[b.name] for b in group]))
            unplaced = unplaced if self.ranges else self._counted()
            self._settle(group)
        missed = {key for key, each in self.ranges.items() if self._ranks(each) and len(each.best) < len(bests)}
        if missed:
            self._pass({key: _EVERYTHING if key in missed else (math.inf, math.inf) for key in self.ranges}, apart=True)
            self._settle(bests)
        self.connection.execute(f"DROP {self.kind} ranked; DROP TABLE IF EXISTS sampled; DROP TABLE grouped")
        return Ranking(self.meaning.of.type.unit.text, self.ranges, *unplaced)

    def _ranks(self, each: Range) -> bool:
        return each.n >= self.meaning.population.min_count

    # who is ranked

    def _valued(self) -> None:
        """`ranked`: every row with whether it belongs, its value and its range; a table only where rows must be put right.

        A member belongs, and has a value and a range.
        """
        asked = [self.meaning.belongs, self.meaning.of, *self.meaning.within]
        emitter = Emitter(self.program, DUCKDB)
        emitter.plan(asked)
        x = emitter.expr(self.meaning.of)
        words = [emitter.expr(n) for n in self.meaning.within] or ["''"]
        selected = ["row", f"{emitter.expr(self.meaning.belongs)} AS belongs", f"{x if self.sign == 1 else f'(- {x})'} AS x"]
        selected += [f"{word} AS {name}" for name, word in zip(self.names, words, strict=True)]
        if near := emitter.recheck(asked):
            selected.append(f"{near} AS recheck")
            self.kind = "TABLE"
        self.text = emitter.text(selected)
        text = self.text.replace("{source}", self.source)
        self.connection.execute(f"CREATE OR REPLACE TEMP {self.kind} ranked AS {text}")
        if near:
            self._put_right()

    def _put_right(self) -> None:
        """Rows near a comparison that could not be proved, by their exact evaluation."""
        near = "SELECT row FROM ranked WHERE recheck"
        ((rows,),) = self.connection.execute(f"SELECT count(*) FROM ({near})").fetchall()
        self._refuse_beyond(int(rows))
        found = [(row, *self._exact_row(evaluation)) for row, evaluation in self._evaluated(f"row IN ({near})")]
        self.connection.execute(f"CREATE OR REPLACE TEMP TABLE put_right AS SELECT row, belongs, x, {self.keys} FROM ranked LIMIT 0")
        if found:
            columns = [list(column) for column in zip(*found, strict=True)]
            self.connection.execute(f"INSERT INTO put_right SELECT {', '.join(['unnest(?)'] * len(columns))}", columns)
        sets = ", ".join(f"{name} = p.{name}" for name in ("belongs", "x", *self.names))
        self.connection.execute(f"UPDATE ranked SET {sets} FROM put_right p WHERE ranked.row = p.row")
        self.connection.execute("DROP TABLE put_right")

    def _exact_row(self, evaluation: Evaluation) -> tuple[bool | float | str | None, ...]:
        belongs, x = evaluation.of(self.meaning.belongs), evaluation.of(self.meaning.of)
        words = [evaluation.of(n) for n in self.meaning.within]
        value = self.sign * float(x) if isinstance(x, Fraction) else None
        return (belongs if isinstance(belongs, bool) else None, value, *((None if type(w) is Unknown else str(w)) for w in words or [""]))

    def _refuse_beyond(self, rows: int) -> None:
        if rows > EXACT_MAX:
            facts = {"name": self.meaning.name, "rows": str(rows), "limit": str(EXACT_MAX)}
            raise Refused([Diagnostic("population-not-separated", self.meaning.population.span, facts)])

    def _evaluated(self, condition: str) -> Iterator[tuple[int, Evaluation]]:
        names = list(self.program.used_inputs)
        columns = ", ".join(["row", *(DUCKDB.name(n) for n in names)])
        rows = self.connection.execute(f"SELECT {columns} FROM {self.source} WHERE {condition}").fetchall()
        return ((row[0], evaluate(self.program, record_of(self.program, names, row[1:]))) for row in rows)

    # where the k-th best is expected

    def _expected(self) -> dict[str, dict[Key, _Ends]]:
        """By name of the best entry and range, between which doubles the k-th best is expected, from a sample of many rows.

        Nothing rests on it: what the count does not bear out is looked for everywhere.
        """
        ((rows,),) = self.connection.execute(f"SELECT count(*) FROM {self.source}").fetchall()
        bests = self.meaning.population.best
        if rows <= FEW:
            return {best.name: {} for best in bests}
        # What the sample costs and what its width costs the pass are then about equal.
        percent, self.sampled = 200 * rows ** (-1 / 3), True
        blocks = f"(SELECT * FROM {self.source} TABLESAMPLE SYSTEM ({percent:.6f} PERCENT) REPEATABLE (1))"
        some = self.text.replace("{source}", blocks)
        known = " AND ".join(f"{name} IS NOT NULL" for name in ("x", *self.names))
        self.connection.execute(
            f"CREATE OR REPLACE TEMP TABLE sampled AS SELECT {self.keys}, x, row_number() OVER (PARTITION BY {self.keys} ORDER BY x) AS place "
            f"FROM ({some}) WHERE belongs AND {known}"
        )
        sizes = self.connection.execute(f"SELECT {self.keys}, count(*) FROM sampled GROUP BY {self.keys}").fetchall()
        ends = {(best.name, tuple(words)): _places(best, size, percent / 100) for best in bests for *words, size in sizes}
        at = self._values_at({(words, place) for (_, words), pair in ends.items() for place in pair})
        found: dict[str, dict[Key, _Ends]] = {best.name: {} for best in bests}
        for (name, words), (low, high) in ends.items():
            found[name][self._key(words)] = at.get((*words, low), -math.inf), at.get((*words, high), math.inf)
        return found

    def _values_at(self, wanted: set[tuple[tuple[str, ...], int]]) -> dict[tuple[Any, ...], float]:
        """The sample's values at places of its ranges, those there are."""
        listed = sorted(wanted)
        self._table("wanted", [key for key, _ in listed], {"place": ("BIGINT", [place for _, place in listed])})
        rows = self.connection.execute(f"SELECT {self.keys}, place, x FROM sampled JOIN wanted USING ({self.keys}, place)").fetchall()
        self.connection.execute("DROP TABLE wanted")
        return {tuple(row[:-1]): row[-1] for row in rows}

    def _table(self, name: str, keys: Sequence[Sequence[str]], others: Mapping[str, tuple[str, list[Any]]]) -> None:
        """A small table of ranges, a column per part, with other columns beside."""
        columns = {c: ("VARCHAR", [key[n] for key in keys]) for n, c in enumerate(self.names)} | dict(others)
        unnested = ", ".join(f"unnest(?::{type_}[]) AS {column}" for column, (type_, _) in columns.items())
        self.connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT {unnested}", [values for _, values in columns.values()])

    def _key(self, words: Sequence[str]) -> Key:
        return tuple(words) if self.meaning.within else ()

    def _together(self, bests: Sequence[Best], expected: Mapping[str, Mapping[Key, _Ends]]) -> list[list[Best]]:
        """All best entries in one pass, or one pass for each where a bracket around all would hold many rows."""
        one = self._held(_hull(_around([expected[b.name] for b in bests])))
        return [list(bests)] if one <= _HELD_MAX else [[best] for best in bests]

    def _held(self, ends: _Ends) -> float:
        """The share of the members between two values, by the sample."""
        if not self.sampled:
            return 0.0
        within = f"x BETWEEN {_literal(ends[0])} AND {_literal(ends[1])}"
        return float(self.connection.execute(f"SELECT avg(CASE WHEN {within} THEN 1 ELSE 0 END) FROM sampled").fetchall()[0][0] or 0)

    # the pass

    def _pass(self, brackets: Mapping[Key, _Ends], apart: bool = False) -> None:
        """`grouped`: the rows by range and by value within the bracket, those below it as one and those above it as one.

        One bracket of constants around all ranges costs half of what a bracket per range does, which must be joined.

        apart   a bracket per range in any case
        """
        whole = _hull(brackets)
        (low, high), source = (_literal(whole[0] - self.pad), _literal(whole[1] + self.pad)), "ranked"
        self.looked = dict.fromkeys(brackets, whole)
        self.elsewhere = whole
        if apart or self._held(whole) > _HELD_MAX:
            ends = {"low": ("DOUBLE", [a - self.pad for a, _ in brackets.values()]), "high": ("DOUBLE", [b + self.pad for _, b in brackets.values()])}
            self._table("brackets", [key or ("",) for key in brackets], ends)
            low, high, source = "low", "high", f"ranked LEFT JOIN brackets USING ({self.keys})"
            self.looked, self.elsewhere = dict(brackets), _EVERYTHING
        z = f"CASE WHEN x < {low} THEN '-inf'::DOUBLE WHEN x > {high} THEN 'inf'::DOUBLE ELSE x END"
        # The next better row is asked for only where ties may call for it: it is a fifth of the pass.
        last = "max(x) AS top, arg_max(row, x) AS row" if self.meaning.population.ties == "none" else "any_value(z) AS top, any_value(row) AS row"
        self.connection.execute(
            f"CREATE OR REPLACE TEMP TABLE grouped AS SELECT {self.keys}, belongs, {z} AS z, count(*) AS n, {last} "
            f"FROM {source} GROUP BY {self.keys}, belongs, z"
        )

    def _counted(self) -> tuple[int, int]:
        """Counts the members of every range, those outside and the undetermined; gives those whose range is not known."""
        lost = (0, 0)
        for *words, n, outside, rows in self.connection.execute(
            f"SELECT {self.keys}, COALESCE(sum(n) FILTER (WHERE belongs AND z IS NOT NULL), 0), COALESCE(sum(n) FILTER (WHERE NOT belongs), 0), "
            f"sum(n) FROM grouped GROUP BY {self.keys}"
        ).fetchall():
            if None in words:
                lost = (lost[0] + int(outside), lost[1] + int(rows - outside))
            else:
                self.ranges[self._key(words)] = Range(int(n), int(outside), int(rows - outside - n))
        return lost

    def _settle(self, bests: Sequence[Best]) -> None:
        """Takes from the pass the thresholds whose k-th best lay where it was looked for."""
        for best in bests:
            ks = {key: best.places(each.n) for key, each in self.ranges.items() if self._ranks(each) and best.name not in each.best}
            places = {key: Threshold(0, 0, None) for key, k in ks.items() if k == 0}
            found = [f for f in self._found({key: k for key, k in ks.items() if k}) if self._was_looked_at(f)]
            places |= {f.key: self._place_exactly(f) for f in found} if self.half is None else self._places(found)
            for key, place in places.items():
                self.ranges[key] = replace(self.ranges[key], best={**self.ranges[key].best, best.name: place})

    def _was_looked_at(self, found: _Found) -> bool:
        low, high = self.looked.get(found.key, self.elsewhere)
        return math.isfinite(found.at) and low <= found.at <= high

    def _found(self, ks: Mapping[Key, int]) -> list[_Found]:
        """The k-th best double of every range, as far as the pass looked; infinite where it lies below or above."""
        if not ks:
            return []
        self._table("sought", [key or ("",) for key in ks], {"k": ("BIGINT", list(ks.values()))})
        half = _literal(self.reach if self.half is None else self.half)
        same = f"abs(z - kth) <= {half}"
        rows = self.connection.execute(
            f"WITH summed AS (SELECT g.*, k, sum(n) OVER (PARTITION BY {self.keys} ORDER BY z) AS reached FROM grouped g JOIN sought "
            f"USING ({self.keys}) WHERE belongs AND z IS NOT NULL), "
            f"places AS (SELECT {self.keys}, min(z) AS kth FROM summed WHERE reached >= k GROUP BY {self.keys}) "
            f"SELECT {self.keys}, any_value(k), kth, COALESCE(sum(n) FILTER (WHERE z < kth - {half}), 0), "
            f"COALESCE(sum(n) FILTER (WHERE {same}), 0), arg_min(row, abs(z - kth)), max(top) FILTER (WHERE z < kth - {half}), "
            f"arg_max(row, top) FILTER (WHERE z < kth - {half}) FROM summed JOIN places USING ({self.keys}) GROUP BY {self.keys}, kth"
        ).fetchall()
        self.connection.execute("DROP TABLE sought")
        count = len(self.names)
        return [_Found(self._key(r[:count]), *r[count : count + 2], *(int(n) for n in r[count + 2 : count + 5]), *r[count + 5 :]) for r in rows]

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
        where = " AND ".join(f"m.{c} = ?" for c in self.names)
        grouped = (
            f"SELECT count(*), {', '.join(f's.{DUCKDB.name(n)}' for n in names)} FROM {self.source} s JOIN ranked m ON s.row = m.row "
            f"WHERE m.belongs AND {bounds} AND {where} GROUP BY ALL"
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


def _places(best: Best, size: int, part: float) -> tuple[int, int]:
    """Between which places of a range's sample the k-th best lies, with four standard deviations to spare.

    part   of all rows that is in the sample
    """
    place = float(best.share) * size if best.share is not None else (best.count or 0) * part
    spare = 4 * math.sqrt(place * max(1 - place / max(size, 1), 0)) + 10
    return int(place - spare), int(place + spare) + 1


def _around(brackets: Sequence[Mapping[Key, _Ends]]) -> dict[Key, _Ends]:
    """Range by range, the least bracket around several."""
    found: dict[Key, _Ends] = {}
    for each in brackets:
        for key, (low, high) in each.items():
            before = found.get(key, (low, high))
            found[key] = min(before[0], low), max(before[1], high)
    return found


def _hull(brackets: Mapping[Key, _Ends]) -> _Ends:
    ends = list(brackets.values())
    return (min(low for low, _ in ends), max(high for _, high in ends)) if ends else _EVERYTHING


def _literal(x: float) -> str:
    return f"'{x}'::DOUBLE" if math.isinf(x) else DUCKDB.number(x)
