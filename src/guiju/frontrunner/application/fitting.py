"""Fitting: every product of a library in every scenario, at once: one table, counted and filtered where it lies.

The table has `row, product, enterprise, …, region, grade, s0…, c0_0…`: sN is the place of what is said in scenario N among the STATES, cN_K whether
condition K for `suited` holds there (NULL: cannot be told). A product that declares nothing of what the scope asks is out of scope.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from guiju.frontrunner.application.suits import (
    GRADES,
    OUTSIDE,
    RESULT,
    SCOPE,
    STATES,
    SUITED,
    UNKNOWN,
    WORDS,
    Application,
    condition_name,
    suits_name,
)
from guiju.frontrunner.library.library import Library
from guiju.ir.node import Op, below
from guiju.ir.values import Value
from guiju.readings.columnar import judge, record_of
from guiju.records.bulk import weakest_evidence
from guiju.records.door import Quality, admit
from guiju.records.source import identifier, literal
from guiju.standard.model import Title

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

ADMITTED, JUDGED, FITTED = "application_admitted", "application_judged", "application_fitted"
PER_PAGE = 50
_NAMES = list(STATES)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a matrix is narrowed to; empty: by nothing.

    scenario   with `state`: what is said there is this
    grade      one of GRADES, or `unknown`
    """

    words: tuple[str, ...] = ()
    scenario: str = ""
    state: str = ""
    brand: str = ""
    region: str = ""
    grade: str = ""
    low: Decimal | None = None
    high: Decimal | None = None
    in_scope: bool = True


@dataclass(frozen=True, slots=True)
class Fitted:
    """A product. suits: scenario → one of the STATES; grade: None where it cannot be told"""

    row: int
    product: str
    model: str
    brand: str
    title: Title
    enterprise: str
    region: str
    price: Decimal | None
    grade: str | None
    suits: Mapping[str, str]


@dataclass(frozen=True)
class Fitting:
    """A library by an application standard.

    quality   of the declared values at the door
    """

    application: Application
    library: Library
    quality: Quality
    connection: DuckDBPyConnection = field(repr=False)

    @property
    def illustrative(self) -> bool:
        return self.library.illustrative or weakest_evidence(self.application.program) == "illustrative"

    def rows(self, wanted: Wanted, page: int = 1, per_page: int | None = PER_PAGE) -> tuple[list[Fitted], int]:
        """A page of the products wanted, by brand, model and identifier, and how many there are.

        per_page   None: all of them
        """
        cursor, (condition, values) = self.connection.cursor(), self._condition(wanted)
        ((total,),) = cursor.execute(f"SELECT count(*) FROM {FITTED} WHERE {condition}", values).fetchall()
        scenarios = list(self.application.scenarios)
        columns = ["row", "product", "model", "brand", "title_zh", "title_en", "enterprise", "region", "price", "grade",
                   *(f"s{at}" for at in range(len(scenarios)))]  # fmt: skip
        cut = "" if per_page is None else f"LIMIT {per_page} OFFSET {(page - 1) * per_page}"
        query = f"SELECT {', '.join(columns)} FROM {FITTED} WHERE {condition} ORDER BY brand, model, product, row {cut}"
        return [self._row(each, scenarios) for each in cursor.execute(query, values).fetchall()], int(total)

    def _row(self, each: Sequence[Any], scenarios: Sequence[str]) -> Fitted:
        row, product, model, brand, zh, en, enterprise, region, price, grade, *codes = each
        shown = None if price is None else Decimal(f"{price.normalize():f}")
        return Fitted(row, product, model, brand, Title(zh, en), enterprise, region, shown, grade,
                      {name: _NAMES[code] for name, code in zip(scenarios, codes, strict=True)})  # fmt: skip

    def product(self, key: str) -> Fitted | None:
        """The first product of a key."""
        scenarios = list(self.application.scenarios)
        columns = "row, product, model, brand, title_zh, title_en, enterprise, region, price, grade" + "".join(
            f", s{n}" for n in range(len(scenarios))
        )
        found = self.connection.cursor().execute(f"SELECT {columns} FROM {FITTED} WHERE product = ? ORDER BY row LIMIT 1", [key]).fetchall()
        return self._row(found[0], scenarios) if found else None

    def counts(self, wanted: Wanted) -> dict[str, dict[str, int]]:
        """Scenario → state → products, of those wanted whatever is said of them in the scenario asked for."""
        condition, values = self._condition(Wanted(**{**{name: getattr(wanted, name) for name in Wanted.__slots__}, "state": ""}))
        scenarios = list(self.application.scenarios)
        counted = ", ".join(f"count(*) FILTER (s{at} = {code})" for at in range(len(scenarios)) for code in range(len(_NAMES)))
        (row,) = self.connection.cursor().execute(f"SELECT {counted} FROM {FITTED} WHERE {condition}", values).fetchall()
        each = iter(map(int, row))
        return {name: {state: next(each) for state in _NAMES} for name in scenarios}

    def held_back(self, wanted: Wanted) -> dict[str, list[tuple[int, int, int]]]:
        """Scenario → for each condition of `suited` in order: products in scope that fail it, that fail it alone, of which it is unknown."""
        condition, values = self._condition(Wanted(**{**{name: getattr(wanted, name) for name in Wanted.__slots__}, "state": ""}))
        found, cursor = {}, self.connection.cursor()
        for at, name in enumerate(self.application.scenarios):
            asked = [f"c{at}_{n}" for n in range(len(self.application.conditions[name][SUITED]))]
            failing = " + ".join(f"CAST({each} IS FALSE AS INTEGER)" for each in asked)
            counted = ", ".join(f"count(*) FILTER ({each} IS FALSE), count(*) FILTER ({each} IS FALSE AND {failing} = 1), "
                                f"count(*) FILTER ({each} IS NULL)"
                                for each in asked)  # fmt: skip
            within = f"{condition} AND s{at} <> {_NAMES.index(OUTSIDE)}"
            (row,) = cursor.execute(f"SELECT {counted} FROM {FITTED} WHERE {within}", values).fetchall()
            found[name] = [(int(row[n]), int(row[n + 1]), int(row[n + 2])) for n in range(0, len(row), 3)]
        return found

    def choices(self, column: str, most: int = 300) -> list[tuple[str, int]]:
        """The values of brand or region with how many products have each, by value."""
        query = f"SELECT {identifier(column)}, count(*) FROM {FITTED} WHERE {identifier(column)} <> '' GROUP BY 1 ORDER BY 1 LIMIT {most}"
        return [(str(value), int(count)) for value, count in self.connection.cursor().execute(query).fetchall()]

    def records(self, rows: Sequence[int]) -> dict[int, dict[str, Value]]:
        """Row → the exact record the standard is asked about."""
        program = self.application.program
        names = list(program.used_inputs)
        listed = ", ".join(str(int(row)) for row in rows) or "NULL"
        query = f"SELECT row, {', '.join(map(identifier, names))} FROM {ADMITTED} WHERE row IN ({listed})"
        return {row: record_of(program, names, values) for row, *values in self.connection.cursor().execute(query).fetchall()}

    def _condition(self, wanted: Wanted) -> tuple[str, list[Any]]:
        parts, values, scenarios = ["true"], list[Any](), list(self.application.scenarios)
        if wanted.in_scope:
            parts.append("(" + " OR ".join(f"s{at} <> {_NAMES.index(OUTSIDE)}" for at in range(len(scenarios))) + ")")
        for word in wanted.words:
            parts.append("contains(lower(concat_ws(' ', brand, model, title_zh, title_en, product)), ?)")
            values.append(word.lower())
        for column in ("brand", "region"):
            if getattr(wanted, column):
                parts.append(f"{column} = ?")
                values.append(getattr(wanted, column))
        if wanted.grade:
            parts.append("grade IS NULL" if wanted.grade == UNKNOWN else "grade = ?")
            values += [] if wanted.grade == UNKNOWN else [wanted.grade]
        for sign, bound in ((">=", wanted.low), ("<=", wanted.high)):
            if bound is not None:
                parts.append(f"price {sign} CAST(? AS DECIMAL(18, 4))")
                values.append(str(bound))
        if wanted.state and wanted.scenario in scenarios:
            parts.append(f"s{scenarios.index(wanted.scenario)} = {_NAMES.index(wanted.state)}")
        return " AND ".join(parts), values


def fit(application: Application, library: Library) -> Fitting:
    """Every product of a library in every scenario; 10⁶ products take some seconds.

    raises   Refused: what `admit` finds of the declared values
    """
    connection, program = library.connection.cursor(), application.program
    connection.execute("SET enable_progress_bar = false")
    quality = admit(connection, library.products, library.mapping, [program.inputs[name] for name in program.used_inputs], ADMITTED)
    judge(connection, program, ADMITTED, JUDGED, ("row",))
    connection.execute(f"CREATE OR REPLACE TABLE {FITTED} AS {_query(application)}")
    connection.execute(f"DROP TABLE {JUDGED}")
    return Fitting(application, library, quality, connection)


def _query(application: Application) -> str:
    program = application.program
    asked = sorted({str(node.value) for node in below([program.scope]) if node.op is Op.INPUT})
    silent = " AND ".join(f"a.{identifier(name)} IS NULL" for name in asked) or "false"
    scope, grade = f"j.{identifier(SCOPE)}", f"j.{identifier(RESULT)}"
    texts = ", ".join(f"coalesce(p.{name}, '') AS {name}" for name in ("product", "enterprise", "standard", "edition", "model", "brand"))
    selected = [f"p.row AS row, {texts}, coalesce(p.title_zh, p.model, p.product, '') AS title_zh",
                "coalesce(p.title_en, p.title_zh, p.model, p.product, '') AS title_en, p.price AS price, coalesce(e.region, '') AS region",
                f"CASE WHEN {scope} AND {grade} IN ({', '.join(map(literal, GRADES))}) THEN {grade} END AS grade"]  # fmt: skip
    for at, name in enumerate(application.scenarios):
        said = " ".join(f"WHEN j.{identifier(suits_name(name))} = {literal(word)} THEN {_NAMES.index(word)}" for word in WORDS)
        outside = f"WHEN {scope} IS FALSE OR ({silent}) THEN {_NAMES.index(OUTSIDE)} WHEN {scope} IS NULL THEN {_NAMES.index(UNKNOWN)}"
        selected.append(f"CAST(CASE {outside} {said} ELSE {_NAMES.index(UNKNOWN)} END AS UTINYINT) AS s{at}")
        for n in range(len(application.conditions[name][SUITED])):
            selected.append(f"j.{identifier(condition_name(name, n))} AS c{at}_{n}")
    enterprises = "(SELECT DISTINCT ON (code) code, region FROM enterprises WHERE code IS NOT NULL ORDER BY code, row)"
    tables = f"products p JOIN {ADMITTED} a ON a.row = p.row JOIN {JUDGED} j ON j.row = p.row LEFT JOIN {enterprises} e ON e.code = p.enterprise"
    return f"SELECT {', '.join(selected)} FROM {tables}"
