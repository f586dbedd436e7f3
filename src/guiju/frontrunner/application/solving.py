"""Solving: every combination of the parts of a solution at once: which reach a grade, which part is the weakest, and which exchange would lift it.

Table COMBINED: `row, p0, p1, …` (numbers of the parts), `r0…` (words of the comparable range), `l0…` (level of each part: 1 the best, 4 below the
lowest, NULL unknown), `failing` (bits of the scheme's basic clauses), `unknown` (bits), `grade`.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from guiju.base.diagnostics import Diagnostic, Refused
from guiju.frontrunner.application.parts import GRADE, Composition, candidates
from guiju.frontrunner.application.suits import GRADES
from guiju.frontrunner.library.library import Library
from guiju.frontrunner.scheme_meaning import range_name, ranges
from guiju.ir.values import Value
from guiju.readings.columnar import judge, record_of
from guiju.records.bulk import weakest_evidence
from guiju.records.source import identifier, literal
from guiju.standard.model import Title

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

COMBINED, GIVEN, JUDGED = "solution_combined", "solution_given", "solution_judged"
COMBINATIONS_MAX = 5_000_000
PER_PAGE = 50
UNKNOWN_LEVEL = 5
_GRADES = list(GRADES)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A product that can be a part; grade: by its own evaluation standard, None where it cannot be told"""

    n: int
    library: str
    product: str
    enterprise: str
    standard: str
    edition: str
    model: str
    brand: str
    title: Title
    grade: str | None


@dataclass(frozen=True, slots=True)
class Solution:
    """One combination.

    parts     number of each part, in the order of the composition
    levels    of each part; None: unknown
    grade     one of GRADES, or None where it cannot be told
    failing   basic clauses it fails; unknown: those that cannot be told
    weakest   the parts (by place) that hold the grade back: those of the worst level; none where a clause of how they fit fails
    """

    row: int
    parts: tuple[int, ...]
    levels: tuple[int | None, ...]
    grade: str | None
    failing: tuple[str, ...]
    unknown: tuple[str, ...]
    range: tuple[str, ...]

    @property
    def weakest(self) -> tuple[int, ...]:
        worst = max((UNKNOWN_LEVEL if each is None else each for each in self.levels), default=0)
        return tuple(at for at, each in enumerate(self.levels) if (UNKNOWN_LEVEL if each is None else each) == worst and worst > 1)


@dataclass(frozen=True, slots=True)
class Exchange:
    """One part exchanged for another of its candidates, everything else as it is: what the solution then is."""

    at: int
    part: int
    grade: str


@dataclass(frozen=True)
class Solving:
    """libraries   alias → the library its parts come from; total: combinations"""

    composition: Composition
    libraries: Mapping[str, Library]
    counts: Mapping[str, int]
    total: int
    connection: DuckDBPyConnection = field(repr=False)

    @property
    def illustrative(self) -> bool:
        return (any(each.illustrative for each in self.libraries.values()) or weakest_evidence(self.composition.program) == "illustrative"
                or self.composition.opened.scheme.illustrative)  # fmt: skip

    def grades(self) -> dict[str, int]:
        """Grade, or unknown → combinations."""
        found = dict(self.connection.cursor().execute(f"SELECT coalesce(grade, 'unknown'), count(*) FROM {COMBINED} GROUP BY 1").fetchall())
        return {name: int(found.get(name, 0)) for name in (*_GRADES, "unknown")}

    def held_back(self) -> dict[str, int]:
        """Alias of a part, or number of a clause of how parts fit → combinations below the best grade that it, alone or not, holds back."""
        parts = range(len(self.composition.parts))
        worst = f"greatest({', '.join(f'coalesce(l{at}, {UNKNOWN_LEVEL})' for at in parts)})"
        asked = [f"count(*) FILTER (coalesce(l{at}, {UNKNOWN_LEVEL}) = {worst} AND {worst} > 1)" for at in parts]
        basic = self.composition.opened.scheme.basic
        asked += [f"count(*) FILTER ((failing & {1 << basic.index(no)}) <> 0)" for no in self.composition.fits]
        (row,) = self.connection.cursor().execute(f"SELECT {', '.join(asked)} FROM {COMBINED} WHERE grade IS DISTINCT FROM 'advanced'").fetchall()
        return dict(zip((*(each.alias for each in self.composition.parts), *self.composition.fits), map(int, row), strict=True))

    def solutions(
        self, grade: str = "", picked: Mapping[int, int] | None = None, page: int = 1, per_page: int = PER_PAGE
    ) -> tuple[list[Solution], int]:
        """A page of the combinations, those of the best grade first and within a grade by their parts' numbers, which say nothing; and how many.

        grade    one of GRADES or `unknown`; picked: place of a part → its number
        """
        parts = ["true", *(f"p{at} = {int(n)}" for at, n in (picked or {}).items())]
        if grade:
            parts.append("grade IS NULL" if grade == "unknown" else f"grade = {literal(grade)}")
        where, cursor = " AND ".join(parts), self.connection.cursor()
        ((total,),) = cursor.execute(f"SELECT count(*) FROM {COMBINED} WHERE {where}").fetchall()
        order = ", ".join(f"p{at}" for at in range(len(self.composition.parts)))
        found = cursor.execute(f"SELECT * FROM {COMBINED} WHERE {where} ORDER BY {_place('grade')}, {order} LIMIT {per_page} "
                               f"OFFSET {(page - 1) * per_page}")  # fmt: skip
        names = [each[0] for each in found.description or ()]
        return [self._solution(dict(zip(names, row, strict=True))) for row in found.fetchall()], int(total)

    def _solution(self, row: Mapping[str, Any]) -> Solution:
        parts, basic = range(len(self.composition.parts)), self.composition.opened.scheme.basic
        named = {name: tuple(no for bit, no in enumerate(basic) if row[name] & 1 << bit) for name in ("failing", "unknown")}
        words = tuple(str(row[f"r{n}"]) for n in range(self._words) if row[f"r{n}"] is not None)
        levels = tuple(None if row[f"l{at}"] is None else int(row[f"l{at}"]) for at in parts)
        return Solution(row["row"], tuple(int(row[f"p{at}"]) for at in parts), levels, row["grade"], named["failing"], named["unknown"], words)

    @property
    def _words(self) -> int:
        return len(ranges(self.composition.opened.scheme, self.composition.program.standard))

    def candidates(self, at: int, numbers: Sequence[int] | None = None, most: int = 2000) -> dict[int, Candidate]:
        """Number → product, of the candidates for a part.

        numbers   None: all, as many as `most`
        """
        within = "true" if numbers is None else f"n IN ({', '.join(str(int(n)) for n in numbers) or 'NULL'})"
        query = f"""SELECT n, library, product, enterprise, standard, edition, model, brand, title_zh, title_en, grade
            FROM part{at} WHERE {within} ORDER BY n LIMIT {most}"""
        return {n: Candidate(n, library, product, enterprise, standard, edition, model, brand, Title(zh, en), grade)
                for n, library, product, enterprise, standard, edition, model, brand, zh, en, grade
                in self.connection.cursor().execute(query).fetchall()}  # fmt: skip

    def exchanges(self, solution: Solution, most: int = 3) -> list[Exchange]:
        """What exchanging one part alone would lift the solution to: the best grade that each part can give, and as many candidates as `most`."""
        found: list[Exchange] = []
        for at in range(len(self.composition.parts)):
            fixed = " AND ".join(f"p{n} = {each}" for n, each in enumerate(solution.parts) if n != at)
            better = f"{_place('grade')} < {_GRADES.index(solution.grade) if solution.grade else UNKNOWN_LEVEL}"
            query = (
                f"SELECT p{at}, grade FROM {COMBINED} WHERE {fixed} AND {better} AND grade <> 'none' ORDER BY {_place('grade')}, p{at} LIMIT {most}"
            )
            listed = [Exchange(at, int(n), grade) for n, grade in self.connection.cursor().execute(query).fetchall()]
            found += [each for each in listed if each.grade == listed[0].grade]
        return found

    def record(self, solution: Solution) -> dict[str, Value]:
        """The exact record the standard is asked about."""
        program = self.composition.program
        names = list(program.used_inputs)
        query = f"SELECT {', '.join(map(identifier, names))} FROM {GIVEN} WHERE row = {solution.row}"
        (row,) = self.connection.cursor().execute(query).fetchall()
        return record_of(program, names, row)


def solve(composition: Composition, libraries: Mapping[str, Library]) -> Solving:
    """Every combination of what libraries offer for each part.

    libraries   alias → library; one library may be there several times
    raises      Refused: solution-library, solution-no-part, solution-too-many, what `admit` finds of the declared values
    """
    import duckdb

    missing = [part.alias for part in composition.parts if part.alias not in libraries]
    if missing:
        raise Refused([Diagnostic("solution-library", None, {"parts": ", ".join(missing)})])
    connection, counts = duckdb.connect(), dict[str, int]()
    connection.execute("SET enable_progress_bar = false")
    with tempfile.TemporaryDirectory(prefix="guiju-solution-") as folder:
        for at, part in enumerate(composition.parts):
            counts[part.alias] = candidates(part, libraries[part.alias], composition, connection, f"part{at}", str(Path(folder) / "part.parquet"))
    empty = [alias for alias, found in counts.items() if not found]
    if empty:
        raise Refused([Diagnostic("solution-no-part", None, {"part": each, "standard": composition.program.used[each].number,
                                                             "library": libraries[each].name}) for each in empty])  # fmt: skip
    total = 1
    for found in counts.values():
        total *= found
    if total > COMBINATIONS_MAX:
        raise Refused([Diagnostic("solution-too-many", None, {"found": str(total), "most": str(COMBINATIONS_MAX)})])
    _combine(composition, connection)
    return Solving(composition, libraries, counts, total, connection)


def _combine(composition: Composition, connection: DuckDBPyConnection) -> None:
    program, parts, scheme = composition.program, composition.parts, composition.opened.scheme
    held = [[f"part{at}.{identifier('in ' + name)}" for at, part in enumerate(parts) if name in part.inputs] for name in program.inputs]
    inputs = ", ".join(f"coalesce({', '.join(each)}) AS {identifier(name)}" for name, each in zip(program.inputs, held, strict=True) if each)
    numbers = ", ".join(f"part{at}.n AS {identifier(f'solution part {at}')}" for at in range(len(parts)))
    tables = " CROSS JOIN ".join(f"part{at}" for at in range(len(parts)))
    connection.execute(f"CREATE OR REPLACE TABLE {GIVEN} AS SELECT row_number() OVER () AS row, {numbers}, {inputs} FROM {tables}")
    levels = {part.indicator.name for part in parts}
    words = range(len(ranges(scheme, program.standard)))
    lean = replace(program, clauses=tuple(c for c in program.clauses if c.no in scheme.basic), families=(), overall=None, otherwise=None, scores=(),
                   aggregates=(), populations=(), indicators=tuple(i for i in program.indicators if i.indicator.name in levels),
                   grades=tuple(g for g in program.grades if g.grading.name == GRADE),
                   values={range_name(n): program.values[range_name(n)] for n in words})  # fmt: skip
    judge(connection, lean, GIVEN, JUDGED, ("row",))
    bits = {name: " + ".join(f"CASE WHEN j.{identifier(no)} {test} THEN {1 << bit} ELSE 0 END" for bit, no in enumerate(scheme.basic)) or "0"
            for name, test in (("failing", "= 0"), ("unknown", "IS NULL"))}  # fmt: skip
    selected = ["g.row AS row", *(f"g.{identifier(f'solution part {at}')} AS p{at}" for at in range(len(parts))),
                *(f"j.{identifier(range_name(n))} AS r{n}" for n in words),
                *(f"j.{identifier(part.indicator.name)} AS l{at}" for at, part in enumerate(parts)),
                *(f"CAST({sql} AS BIGINT) AS {name}" for name, sql in bits.items()), f"j.{identifier(GRADE)} AS grade"]  # fmt: skip
    connection.execute(f"CREATE OR REPLACE TABLE {COMBINED} AS SELECT {', '.join(selected)} FROM {GIVEN} g JOIN {JUDGED} j ON j.row = g.row")
    connection.execute(f"DROP TABLE {JUDGED}")


def _place(column: str) -> str:
    """A grade as a number, 0 the best; one that cannot be told comes last."""
    cases = " ".join(f"WHEN {column} = {literal(name)} THEN {at}" for at, name in enumerate(_GRADES))
    return f"CASE {cases} ELSE {UNKNOWN_LEVEL} END"
