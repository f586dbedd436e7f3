"""Sample: the population thresholds are derived from: of every product the exact value of an indicator, and what else is known of it.

Values come through the door the records come in by and are what the exact reading makes of each record; nothing is computed in doubles.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from guiju.base.dates import parse_date
from guiju.base.diagnostics import Diagnostic, Problems, Refused
from guiju.base.rounding import parse_number
from guiju.base.units import Unit
from guiju.frontrunner.authoring.capability import LARGEST
from guiju.frontrunner.authoring.cuts import Better
from guiju.ir.node import Node, Op
from guiju.ir.program import IndicatorMeaning, Program
from guiju.ir.values import Value
from guiju.readings.columnar import record_of
from guiju.readings.evaluate import evaluate
from guiju.readings.limit import Comparison, comparisons_in
from guiju.readings.population import data_hash
from guiju.records.door import Quality, admit
from guiju.records.mapping import Mapping as ColumnMapping
from guiju.records.source import Source, identifier
from guiju.standard.model import Title
from guiju.standard.shape import did_you_mean

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

DIFFERENT_MAX = 100_000
"""Different records that are evaluated exactly, at most."""
WORDS = ("enterprise", "within", "brand")
"""What is known of a product as a word."""
MADE_UP = "示意"
"""A key that begins with it is of a product that is made up."""


@dataclass(frozen=True, slots=True)
class Headers:
    """Headers of what is known of a product beside its inputs; empty where the table has no such column."""

    enterprise: str = ""
    within: str = ""
    price: str = ""
    sales: str = ""
    on_sale: str = ""
    brand: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """One product. within: its comparable range; held: its level by the edition as it stands; record: the exact inputs it was evaluated by"""

    row: int
    key: str
    value: Fraction
    held: int
    record: Mapping[str, Value]
    enterprise: str = ""
    within: str = ""
    price: Fraction | None = None
    sales: Fraction | None = None
    on_sale: date | None = None
    brand: str = ""


@dataclass(frozen=True)
class Sample:
    """hash        sha256 of the admitted inputs, whatever order the rows came in
    outside        rows the standard or the indicator does not apply to
    undetermined   rows whose value is not known
    national       the strictest national limit among the products, where one was asked
    illustrative   whether any product is made up
    """

    title: Title
    program: Program
    indicator: IndicatorMeaning
    offers: tuple[Offer, ...]
    hash: str
    rows: int
    outside: int
    undetermined: int
    headers: Headers
    national: Fraction | None
    illustrative: bool
    diagnostics: tuple[Diagnostic, ...]

    @property
    def unit(self) -> Unit:
        return self.indicator.value.type.unit

    @property
    def better(self) -> Better:
        return "higher" if self.indicator.indicator.better == "higher" else "lower"

    @property
    def values(self) -> list[Fraction]:
        return [each.value for each in self.offers]


def indicator_of(program: Program, name: str) -> IndicatorMeaning:
    """The graded indicator of that name, whose value is a number.

    raises   Refused: authoring-indicator, authoring-not-number
    """
    found = next((each for each in program.indicators if name in (each.indicator.name, each.indicator.no)), None)
    if found is None:
        known = [each.indicator.name for each in program.indicators]
        facts = {"standard": program.standard.number, "name": name, "known": ", ".join(known) or "—", **did_you_mean(name, known)}
        raise Refused([Diagnostic("authoring-indicator", None, facts)])
    if not found.value.is_number:
        raise Refused([Diagnostic("authoring-not-number", found.indicator.span, {"name": name})])
    return found


def sample_of(
    connection: DuckDBPyConnection, program: Program, name: str, source: Source, mapping: ColumnMapping, headers: Headers, *,
    only: str = "", national: tuple[Program, str] | None = None, illustrative: bool = False, most: int = DIFFERENT_MAX,
) -> Sample:  # fmt: skip
    """The population of one indicator of a standard.

    only           the one comparable range that is taken; empty: all
    national       a standard and its clause, the limit of which no level may be looser than
    most           different records that are evaluated
    illustrative   whether the records are known to be made up; those whose key begins with 示意 always are
    raises     Refused: what `admit` finds; authoring-column, authoring-too-many, authoring-few, authoring-national
    """
    indicator = indicator_of(program, name)
    asked = {"value": indicator.value, "level": indicator.level, "applies": indicator.applies, "scope": program.scope}
    quality, evaluated = _evaluated(connection, program, asked, source, mapping, "authoring_admitted", most)
    problems = Problems()
    beside = _beside(connection, source, headers, problems)
    offers, outside, unknown = [], 0, 0
    for row, key, record, values in evaluated:
        facts = beside[row]
        if only and facts["within"] != only:
            continue
        if values["scope"] is False or values["applies"] is False:
            outside += 1
        elif not (values["scope"] is True and values["applies"] is True and isinstance(values["value"], Fraction)):
            unknown += 1
        else:
            level = values["level"]
            offers.append(Offer(row, key, values["value"], int(level) if isinstance(level, Fraction) else 0, record, **facts))
    offers.sort(key=lambda each: (each.key, each.row))
    if not offers:
        facts = {"found": "0", "needs": "1", "hint_zh": f"{outside} 行不适用，{unknown} 行没有这个指标的值",
                 "hint_en": f"{outside} rows are out of scope, {unknown} have no value of this indicator"}  # fmt: skip
        raise Refused([Diagnostic("authoring-few", None, facts)])
    title = mapping.about.title if mapping.about else Title(source.path.name, source.path.name)
    inputs = [program.inputs[n] for n in _needed(program, asked).used_inputs]
    graded, taken = property_of(program, indicator), {each.row for each in offers}
    limit = None if national is None else _national(connection, national, graded, indicator, source, mapping, taken)
    return Sample(
        title, program, indicator, tuple(offers), data_hash(connection, inputs, quality.table), quality.rows, outside, unknown, headers, limit,
        illustrative or any(each.key.startswith(MADE_UP) for each in offers), (*source.diagnostics, *quality.diagnostics(), *problems.found),
    )  # fmt: skip


def _needed(program: Program, asked: Mapping[str, Node]) -> Program:
    """The program of nothing but these nodes: its used inputs are all a table must have."""
    nothing: dict[str, Any] = dict.fromkeys(("clauses", "families", "indicators", "scores", "grades", "aggregates"), ())
    return replace(program, **nothing, overall=None, otherwise=None, values=dict(asked))


def _evaluated(
    connection: DuckDBPyConnection, program: Program, asked: Mapping[str, Node], source: Source, mapping: ColumnMapping, into: str, most: int
) -> tuple[Quality, Iterator[tuple[int, str, Mapping[str, Value], Mapping[str, Any]]]]:
    """(row, key, record, what was asked) for every row, each different record evaluated once."""
    needed = _needed(program, asked)
    names = list(needed.used_inputs)
    quality = admit(connection, source, mapping, [needed.inputs[each] for each in names], into)
    columns = ", ".join(["row", "key", *(identifier(each) for each in names)])
    listed = ", ".join(identifier(each) for each in names) or "1"
    ((different,),) = connection.execute(f"SELECT count(*) FROM (SELECT DISTINCT {listed} FROM {quality.table})").fetchall()
    if different > most:
        raise Refused([Diagnostic("authoring-too-many", None, {"found": f"{different:,}", "most": f"{most:,}"})])

    def made() -> Iterator[tuple[int, str, Mapping[str, Value], Mapping[str, Any]]]:
        known: dict[tuple[object, ...], tuple[Mapping[str, Value], Mapping[str, Any]]] = {}
        for row, key, *cells in connection.execute(f"SELECT {columns} FROM {quality.table} ORDER BY row").fetchall():
            if (cell := tuple(cells)) not in known:
                record = record_of(needed, names, cell)
                evaluation = evaluate(needed, record)
                known[cell] = record, {name: evaluation.of(node) for name, node in asked.items()}
            yield row, str(key), *known[cell]

    return quality, made()


def _beside(connection: DuckDBPyConnection, source: Source, headers: Headers, problems: Problems) -> dict[int, dict[str, Any]]:
    """Row → what is known of its product beside the inputs; a cell that cannot be read counts as empty, and is told."""
    wanted = {name: header for name in Headers.__slots__ if (header := getattr(headers, name))}
    for name, header in wanted.items():
        if source.column(header) is None:
            known = [each.name for each in source.columns]
            problems.add("authoring-column", None, file=source.path.name, column=header, what=name, **did_you_mean(header, known, listed=True))
    problems.refuse_errors()
    columns = {name: column for name, header in wanted.items() if (column := source.column(header)) is not None}
    cells = "".join(f", CAST({identifier(each.at)} AS VARCHAR)" for each in columns.values())
    found: dict[int, dict[str, Any]] = {}
    bad: dict[str, list[tuple[int, str]]] = {}
    for row, *texts in connection.execute(f"SELECT row{cells} FROM {identifier(source.table)}").fetchall():
        held: dict[str, Any] = dict.fromkeys(WORDS, "")
        for name, text in zip(columns, texts, strict=True):
            held[name] = _read(name, (text or "").strip())
            if held[name] is None and (text or "").strip():
                bad.setdefault(name, []).append((row, text.strip()))
        found[row] = held
    for name, places in bad.items():
        row, text = places[0]
        problems.add("authoring-cell", None, column=wanted[name], count=len(places), row=row, text=text)
    return found


def _read(name: str, text: str) -> Any:
    if name in WORDS:
        return text
    if name == "on_sale":
        return parse_date(text[:10])
    value = parse_number(text.replace(",", ""))
    return value if value is not None and 0 <= value <= LARGEST else None


def property_of(program: Program, meaning: IndicatorMeaning) -> str:
    """The property an indicator grades; empty where it is computed of several inputs."""
    return program.inputs[str(meaning.value.value)].is_ or "" if meaning.value.op is Op.INPUT else ""


def limit_in(program: Program, no: str, indicator: IndicatorMeaning, graded: str) -> Comparison | None:
    """The one limit in a clause on such a quantity as an indicator grades, to the side that counts; None where there is none, or are several.

    graded   the property the indicator grades; where it is known, a limit on another property is none
    """
    unit, upper = indicator.value.type.unit, indicator.indicator.better != "higher"
    held = [each for each in comparisons_in(program, no) if each.limit.type.unit.same_dimension(unit) and each.upper == upper]
    about = [each for each in held if not graded or not each.input.is_ or each.input.is_ == graded]
    return about[0] if len(about) == 1 else None


def _national(
    connection: DuckDBPyConnection, national: tuple[Program, str], graded: str, indicator: IndicatorMeaning, source: Source,
    mapping: ColumnMapping, rows: set[int],
) -> Fraction:
    """The strictest limit that a clause sets to the products of the population, in the unit of the indicator.

    raises   Refused: authoring-national, where the clause is not a limit on such a quantity to that side, or sets none to these products
    """
    program, no = national
    facts = {"clause": no, "standard": program.standard.number, "unit": indicator.value.type.unit.shown or "1"}
    unit, found = indicator.value.type.unit, limit_in(program, no, indicator, graded)
    if found is None:
        raise Refused([Diagnostic("authoring-national", None, facts)])
    applies = next(each.applies for each in program.clauses if each.no == no)
    _, evaluated = _evaluated(connection, program, {"limit": found.limit, "applies": applies}, source, mapping, "authoring_limited", DIFFERENT_MAX)
    limits = [v["limit"] for row, _, _, v in evaluated if row in rows and v["applies"] is not False and isinstance(v["limit"], Fraction)]
    if not limits:
        raise Refused([Diagnostic("authoring-national", None, facts)])
    return (min(limits) if found.upper else max(limits)) * found.limit.type.unit.ratio(unit)


def thresholds_in_force(indicator: IndicatorMeaning) -> tuple[Fraction, ...] | None:
    """The thresholds of the indicator as the standard has them, best first, in the unit of its value; None where they are not constants."""
    if indicator.level.op is not Op.STEP:
        return None
    pairs: Any = indicator.level.value
    bounds: list[Fraction] = [bound for bound, _ in pairs]
    return tuple(reversed(bounds)) if indicator.indicator.better == "higher" else tuple(bounds)
