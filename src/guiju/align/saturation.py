"""Saturation: which clauses still tell the products of a population apart, which nearly all of them pass, and which hardly any does.

Counted are models. The variants of a model may differ in verdict, so a model passes, fails, or is split, and every class is given by the
count least favourable to it: a clause is saturated by the models of which every variant passes, and far by those of which any does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from guiju.align.interval import Interval, interval
from guiju.align.population import Population, refused
from guiju.base.diagnostics import Diagnostic, Problems
from guiju.ir.grid import Exactness
from guiju.ir.node import Node, Op, below
from guiju.ir.program import Program
from guiju.readings.columnar import judge, record_of
from guiju.readings.evaluate import evaluate
from guiju.records.door import admit
from guiju.records.source import identifier, literal
from guiju.standard.model import Grading, Title

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Class = Literal["saturated", "binding", "discriminating", "far", "untested"]
CLASSES: Mapping[Class, tuple[Title, Title]] = {
    "saturated": (
        Title("饱和", "saturated"),
        Title("几乎都符合，且余量大：已不能区分产品", "nearly all pass, and by a wide margin: it tells products apart no longer"),
    ),
    "binding": (
        Title("贴限", "binding"),
        Title("几乎都符合，但贴着限值：产品按它设计", "nearly all pass, but close to the limit: products are designed to it"),
    ),
    "discriminating": (Title("有区分", "discriminating"), Title("有符合有不符合", "some pass and some do not")),
    "far": (Title("远离", "far"), Title("几乎都不符合：离现有产品很远", "hardly any passes: it is far from the products there are")),
    "untested": (Title("未检验", "untested"), Title("能判定的太少，不下结论", "too few can be judged to say anything")),
}
BINS, BIN_LOW, BIN_HIGH = 40, -1.0, 1.0
"""The margins as a histogram: from twice the limit to none of it; what lies beyond is counted in the first or last."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """saturated   a clause can be saturated from this share of passing models on
    far         it is far up to this share
    margin      and saturated only where at least half of the models keep this far from the limit, as a share of it
    least       fewer judged models than this say nothing
    """

    saturated: Fraction = Fraction(99, 100)
    far: Fraction = Fraction(5, 100)
    margin: Fraction = Fraction(10, 100)
    least: int = 30

    def __post_init__(self) -> None:
        if not 0 <= self.far < self.saturated <= 1 or self.margin < 0 or self.least < 1:
            raise refused("saturation-thresholds", saturated=self.saturated, far=self.far, margin=self.margin, least=self.least)


@dataclass(frozen=True, slots=True)
class Counts:
    """Models by what becomes of their variants.

    passing    every variant that can be judged passes; failing: none does; split: some do
    open       it applies, or may, but no variant can be judged
    outside    it applies to none
    """

    passing: int
    split: int
    failing: int
    open: int
    outside: int

    @property
    def judged(self) -> int:
        return self.passing + self.split + self.failing

    @property
    def share(self) -> Fraction | None:
        """Of the judged ones, those that pass in every variant."""
        return Fraction(self.passing, self.judged) if self.judged else None

    @property
    def any_share(self) -> Fraction | None:
        """Of the judged ones, those that pass in some variant."""
        return Fraction(self.passing + self.split, self.judged) if self.judged else None


@dataclass(frozen=True, slots=True)
class Spread:
    """The margins of the judged models, each that of its variant nearest to failing: (limit − measured) ÷ |limit|, below 0 where it fails.

    quantiles   at 5, 25, 50, 75 and 95 %
    roomy       models that keep at least the threshold from the limit, decided exactly
    bins        models by margin, BINS of them from BIN_LOW to BIN_HIGH
    """

    models: int
    roomy: int
    quantiles: tuple[float, float, float, float, float]
    bins: tuple[int, ...]

    @property
    def is_wide(self) -> bool:
        """Whether the upper median is at least the threshold."""
        return 2 * self.roomy >= self.models


@dataclass(frozen=True, slots=True)
class Finding:
    """One clause, one level of an indicator or grade, or the whole of a standard, over the population.

    spread   None where it is no single comparison with a limit, or no model has a margin
    firm     whether the whole interval of 95 % lies on the side of the threshold the class says
    """

    standard: str
    no: str
    title: Title
    kind: Literal["clause", "level", "overall"]
    counts: Counts
    spread: Spread | None
    interval: Interval | None
    class_: Class
    firm: bool


@dataclass(frozen=True, slots=True)
class Saturation:
    population: Population
    programs: tuple[Program, ...]
    thresholds: Thresholds
    findings: tuple[Finding, ...]
    diagnostics: tuple[Diagnostic, ...]


def classify(counts: Counts, spread: Spread | None, thresholds: Thresholds) -> Class:
    """The class by the counts alone; every boundary belongs to the class it names (99 % is saturated, 5 % is far), and is met exactly."""
    share, any_share = counts.share, counts.any_share
    if counts.judged < thresholds.least or share is None or any_share is None:
        return "untested"
    if share >= thresholds.saturated:
        return "saturated" if spread is None or spread.is_wide else "binding"
    return "far" if any_share <= thresholds.far else "discriminating"


def is_firm(class_: Class, counts: Counts, thresholds: Thresholds) -> bool:
    """Whether the share of all such models lies, as far as those seen can tell, on that side of the threshold too."""
    passing, some = interval(counts.passing, counts.judged), interval(counts.passing + counts.split, counts.judged)
    if passing is None or some is None or class_ == "untested":
        return False
    if class_ in ("saturated", "binding"):
        return passing.low >= thresholds.saturated
    return some.high <= thresholds.far if class_ == "far" else passing.high < thresholds.saturated and some.low > thresholds.far


def saturation(found: Population, programs: Sequence[Program], thresholds: Thresholds) -> Saturation:
    """Judges the population by every program; findings in the order of the programs, the whole of each last.

    raises   Refused: what `admit` finds
    """
    findings: list[Finding] = []
    said = Problems()
    said.extend(found.diagnostics)
    for number, program in enumerate(programs):
        admitted, verdicts = f"pipeline_admitted{number}", f"pipeline_verdicts{number}"
        quality = admit(found.connection, found.source, found.mapping, [program.inputs[name] for name in program.used_inputs], admitted)
        said.extend(quality.diagnostics())
        asked = _asked(program)
        extra = {f"{each.key} {part}": node for each in asked for part, node in each.nodes.items()}
        looked = replace(program, values={**program.values, **extra})
        judge(found.connection, looked, admitted, verdicts)
        findings += [_finding(found.connection, looked, each, (admitted, verdicts), thresholds) for each in asked]
    return Saturation(found, tuple(programs), thresholds, tuple(findings), said.found)


# What is asked of a record.


@dataclass(frozen=True, slots=True)
class _Limit:
    """measured, limit   in one unit
    upper             whether the limit is the greatest value allowed
    """

    measured: Node
    limit: Node
    ratio: Fraction
    upper: bool


@dataclass(frozen=True, slots=True)
class _Asked:
    """Something a record passes or fails. `code` is SQL over the verdicts: 1 passes, 0 fails, 2 does not apply, NULL undetermined."""

    key: str
    no: str
    title: Title
    kind: Literal["clause", "level", "overall"]
    code: str
    limit: _Limit | None
    also: Mapping[str, Node]

    @property
    def nodes(self) -> dict[str, Node]:
        return {**({"measured": self.limit.measured, "limit": self.limit.limit} if self.limit else {}), **self.also}


def _asked(program: Program) -> list[_Asked]:
    found = [_Asked(f"clause {c.no}", c.no, c.clause.title, "clause", identifier(c.no), comparison(c.requires), {}) for c in program.clauses]
    for each in program.indicators:
        name, applies = identifier(each.indicator.name), identifier(f"level {each.indicator.name} 1 applies")
        for place, (level, written) in enumerate(each.indicator.levels, 1):
            limit = program.meaning.get(id(written))
            held = _Limit(each.value, limit, limit.type.unit.ratio(each.value.type.unit), each.indicator.better == "lower") if limit else None
            code = f"CASE WHEN NOT {applies} THEN 2 WHEN {applies} THEN CAST({name} <= {place} AS INTEGER) END"
            title = Title(f"{each.indicator.title.zh} {level} 级", f"{each.indicator.title.en}, level {level}")
            numeric = held if held and held.measured.is_number and held.limit.is_number else None
            also = {"applies": each.applies} if place == 1 else {}
            found.append(_Asked(f"level {each.indicator.name} {place}", f"{each.indicator.name} {level}", title, "level", code, numeric, also))
    for grade in program.grades:
        found += _grades(grade.grading, program)
    if program.overall is not None and len(program.clauses) > 1:
        found.append(_Asked("overall", "overall", Title("整体", "the whole"), "overall", identifier("overall"), None, {}))
    return found


def _grades(grading: Grading, program: Program) -> list[_Asked]:
    """Reaching each grade or a better one, where the standard applies; the last, which everything else gets, is no demand."""
    word, scope = identifier(grading.name), identifier(f"grade {grading.name} 1 scope")
    found: list[_Asked] = []
    for place, grade in enumerate(grading.grades, 1):
        reached = ", ".join(literal(each.grade) for each in grading.grades[:place])
        code = f"CASE WHEN NOT {scope} THEN 2 WHEN {scope} AND {word} IS NOT NULL THEN CAST({word} IN ({reached}) AS INTEGER) END"
        title = Title(f"{grading.title.zh} {grade.grade}", f"{grading.title.en}, {grade.grade}")
        also = {"scope": program.scope} if place == 1 else {}
        if grade.when is not None:
            found.append(_Asked(f"grade {grading.name} {place}", f"{grading.name} {grade.grade}", title, "level", code, None, also))
    return found


def comparison(node: Node) -> _Limit | None:
    """The limit of a clause that is one comparison: on one side something measured, on the other what does not depend on it."""
    if node.op not in (Op.LE, Op.LT) or not node.args[0].is_number:
        return None
    small, large = node.args
    for measured, limit, upper in ((small, large, True), (large, small, False)):
        name = _measured(measured)
        if name is not None and _measured(limit) is None and name not in {n.value for n in below([limit]) if n.op is Op.INPUT}:
            return _Limit(measured, limit, Fraction(1), upper)
    return None


def _measured(node: Node) -> str | None:
    """The name of the input a node is, rounded or converted though it may be."""
    while node.op is Op.ROUND or (node.op is Op.MUL and node.args[1].op is Op.CONST):
        node = node.args[0]
    return str(node.value) if node.op is Op.INPUT else None


# The population, model by model.


def _finding(
    connection: DuckDBPyConnection, program: Program, asked: _Asked, tables: tuple[str, str], thresholds: Thresholds
) -> Finding:
    admitted, verdicts = tables
    room, size = _room(asked)
    threshold, near = _double(thresholds.margin), _near(program.exactness, asked, thresholds.margin)
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE spots AS SELECT row, code, CASE WHEN code < 2 AND size > 0 THEN room / size END AS margin, "
        f"CASE WHEN code < 2 AND size > 0 THEN room >= {threshold} * size END AS roomy, "
        f"code < 2 AND size > 0 AND abs(room - {threshold} * size) <= {near} AS near "
        f"FROM (SELECT row, CAST({asked.code} AS INTEGER) AS code, {room} AS room, {size} AS size FROM {verdicts})"
    )
    if asked.limit is not None:
        _decide_exactly(connection, program, asked.limit, admitted, thresholds.margin)
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE seen AS SELECT model, count(*) FILTER (code = 1) AS passes, count(*) FILTER (code = 0) AS fails, "
        "count(*) FILTER (code IS NULL) AS open, min(margin) AS margin, bool_and(roomy) AS roomy FROM spots JOIN models USING (row) GROUP BY model"
    )
    counts = Counts(*(int(n) for n in connection.execute(
        "SELECT count(*) FILTER (passes > 0 AND fails = 0), count(*) FILTER (passes > 0 AND fails > 0), count(*) FILTER (passes = 0 AND fails > 0), "
        "count(*) FILTER (passes + fails = 0 AND open > 0), count(*) FILTER (passes + fails + open = 0) FROM seen"
    ).fetchall()[0]))  # fmt: skip
    spread = _spread(connection) if asked.limit is not None else None
    class_ = classify(counts, spread, thresholds)
    number = program.standard.number
    return Finding(number, asked.no, asked.title, asked.kind, counts, spread, interval(counts.passing, counts.judged), class_,
                   is_firm(class_, counts, thresholds))  # fmt: skip


def _room(asked: _Asked) -> tuple[str, str]:
    """SQL of how far the measured quantity is from failing, and of the size of the limit it is compared with."""
    if asked.limit is None:
        return "CAST(NULL AS DOUBLE)", "CAST(NULL AS DOUBLE)"
    measured = identifier(f"{asked.key} measured")
    limit = f"({identifier(f'{asked.key} limit')} * {_double(asked.limit.ratio)})"
    return (f"({limit} - {measured})" if asked.limit.upper else f"({measured} - {limit})"), f"abs({limit})"


def _double(value: Fraction) -> str:
    return f"CAST({float(value)!r} AS DOUBLE)"


def _near(exactness: Exactness, asked: _Asked, margin: Fraction) -> str:
    """SQL of the distance within which doubles may take a model for roomy or not wrongly: the errors proved of both sides, and of this sum."""
    if asked.limit is None:
        return "0"
    of = [exactness.facts[node.index] for node in (asked.limit.measured, asked.limit.limit)]
    ratio = float(asked.limit.ratio)
    error = of[0].error + (1 + float(margin)) * ratio * of[1].error + 2.0**-50 * (of[0].size + (1 + float(margin)) * ratio * of[1].size)
    return f"CAST('{error!r}' AS DOUBLE)"


def _decide_exactly(connection: DuckDBPyConnection, program: Program, limit: _Limit, admitted: str, margin: Fraction) -> None:
    """Puts right what doubles could have decided wrongly, by the exact reading."""
    names = list(program.used_inputs)
    cells = "".join(f", a.{identifier(name)}" for name in names)
    rows = connection.execute(f"SELECT row{cells} FROM spots s JOIN {admitted} a USING (row) WHERE s.near").fetchall()
    decided = []
    for row, *values in rows:
        evaluation = evaluate(program, record_of(program, names, values))
        measured, bound = evaluation.of(limit.measured), evaluation.of(limit.limit)
        if isinstance(measured, Fraction) and isinstance(bound, Fraction):
            room = (bound * limit.ratio - measured) * (1 if limit.upper else -1)
            decided.append((row, room >= margin * abs(bound * limit.ratio)))
    if decided:
        connection.execute("CREATE OR REPLACE TEMP TABLE decided (row BIGINT, roomy BOOLEAN)")
        connection.executemany("INSERT INTO decided VALUES (?, ?)", decided)
        connection.execute("UPDATE spots SET roomy = d.roomy FROM decided d WHERE spots.row = d.row")


def _spread(connection: DuckDBPyConnection) -> Spread | None:
    ((models, roomy, quantiles),) = connection.execute(
        "SELECT count(margin), count(*) FILTER (roomy), quantile_cont(margin, [0.05, 0.25, 0.5, 0.75, 0.95]) FROM seen WHERE margin IS NOT NULL"
    ).fetchall()
    if not models:
        return None
    place = f"least(greatest(floor((margin - {BIN_LOW}) / {(BIN_HIGH - BIN_LOW) / BINS}), 0), {BINS - 1})"
    held = dict(connection.execute(f"SELECT CAST({place} AS INTEGER), count(*) FROM seen WHERE margin IS NOT NULL GROUP BY 1").fetchall())
    return Spread(int(models), int(roomy), tuple(quantiles), tuple(int(held.get(at, 0)) for at in range(BINS)))
