"""Lag: how far standards and their editions are behind the products of one population.

One population, several standards. For each: who is in its scope, who passes, who fails, what keeps the others undetermined, by how much the
passing ones pass, and how old it is; for every two limits on the same quantity: which is stricter, and which products tell them apart.

A value is never used for another test cycle unless the caller says `treat_as`, and then every result names it as an assumption.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from guiju.base.diagnostics import Diagnostic, Problems
from guiju.ir.node import Node
from guiju.ir.program import Program
from guiju.ir.record import admit_value
from guiju.ir.values import Value
from guiju.readings.columnar import CODES, judge
from guiju.readings.evaluate import Verdict
from guiju.readings.limit import Comparison, Curve, Strictness, comparisons, curve, strictness
from guiju.readings.missing import missing_table, missing_tally, undetermined
from guiju.records.door import Quality, admit
from guiju.records.mapping import About, Entry, Mapping, check_mapping
from guiju.records.source import Source, identifier
from guiju.records.source import replace as replace_table
from guiju.standard.dictionary import Dictionary, check_treated
from guiju.standard.model import Clause, Input, Standard, Title
from guiju.standard.shape import did_you_mean

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

POINTS_MAX = 4_000
"""Different points a figure can hold; of more, every nth is taken and that is said."""
MISSING_MAX = 8
_IN_SCOPE, _PLACES = "in scope", "lag_places"


@dataclass(frozen=True, slots=True)
class Assumption:
    """Something the results rest on that no record says.

    kind   constant: one value put in for every record; treated-as: a value of another test cycle let in; note: said by who made the records
    """

    kind: Literal["constant", "treated-as", "note"]
    title: Title


@dataclass(frozen=True, slots=True)
class Margin:
    """How far from the limit, as a share of the limit, the passing products of a clause are: least, quartiles; negative never occurs."""

    rows: int
    least: float
    lower: float
    median: float
    upper: float


@dataclass(frozen=True, slots=True)
class ClauseLag:
    """One clause over the population. `margin` where the clause is one comparison with a limit and some product passes."""

    clause: Clause
    counts: AnyMapping[Verdict, int]
    margin: Margin | None

    @property
    def no(self) -> str:
        return self.clause.no

    @property
    def determined(self) -> int:
        return self.counts[Verdict.PASS] + self.counts[Verdict.FAIL]

    @property
    def rate(self) -> float | None:
        """The share that passes among those determined; None where none is. Near 1 the clause tells products apart no longer."""
        return self.counts[Verdict.PASS] / self.determined if self.determined else None


@dataclass(frozen=True, slots=True)
class StandardLag:
    """One standard over the population.

    tables    the admitted records and their verdicts, in the connection
    scope     rows in scope, out of it, and those of which it is not known
    overall   None where the standard has no clause that must be met
    missing   what the undetermined wait for: input name or reason, and rows; a row may wait for several
    age       years from its effective date (or publication) to the date of the measurement; None where neither is known
    """

    program: Program
    tables: tuple[str, str]
    quality: Quality
    scope: tuple[int, int, int]
    overall: ClauseLag | None
    clauses: tuple[ClauseLag, ...]
    missing: tuple[tuple[str, int], ...]
    age: float | None

    @property
    def standard(self) -> Standard:
        return self.program.standard

    def clause(self, no: str) -> ClauseLag:
        return next(each for each in self.clauses if each.no == no)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two limits on the same quantity: the older and the newer, compared over the range, and by the products both judge.

    both, only_older, only_newer, neither   products that pass; those that only one judges are not among them
    """

    older: str
    newer: str
    strictness: Strictness
    both: int
    only_older: int
    only_newer: int
    neither: int


@dataclass(frozen=True, slots=True)
class Point:
    """Products that lie on the same place of the figure: how many, and the keys of some."""

    x: float
    y: float
    verdict: Verdict
    rows: int
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """What a figure shows: the limits on one quantity over another, oldest first, and the products, judged by the newest.

    places   different points in all; more than `points` has if only some are taken
    counts   products with a place, by verdict: those of all points, taken or not
    """

    x: Input
    y: Input
    curves: tuple[Curve, ...]
    points: tuple[Point, ...]
    places: int
    counts: AnyMapping[Verdict, int]

    @property
    def newest(self) -> Curve:
        return self.curves[-1]


@dataclass(frozen=True, slots=True)
class Lag:
    """The whole measurement.

    terms             whose the records are, and under which licence
    rows, different   records, and how many of them differ in any input of any of the standards
    """

    title: Title
    terms: str
    on: date
    source: Source
    rows: int
    different: int
    standards: tuple[StandardLag, ...]
    pairs: tuple[Pair, ...]
    drawing: Drawing | None
    assumptions: tuple[Assumption, ...]
    diagnostics: tuple[Diagnostic, ...]

    def standard(self, number: str) -> StandardLag:
        return next(each for each in self.standards if each.standard.number == number)


def measure(
    connection: DuckDBPyConnection,
    programs: Sequence[Program],
    source: Source,
    mapping: Mapping,
    *,
    dictionary: Dictionary,
    on: date,
    treat_as: AnyMapping[str, str] | None = None,
) -> Lag:
    """Judges the population by every program and compares what comes out.

    source     the population, as `read_table` leaves it
    mapping    entries the standards do not ask are let be, if the dictionary knows them; what it says about the records is kept with the result
    on         the date ages are told for; what a standard means on a date is the programs' own matter
    treat_as   property asked → property used in its place, where the records have no value of the one asked
    raises     Refused: treat-as-unknown, treat-as-kind, and what `check_mapping` and `admit` find
    """
    problems = Problems()
    treated = dict(treat_as or {})
    ordered = sorted(programs, key=lambda each: _rank(each.standard))
    check_treated(treated, dictionary, problems)
    problems.refuse_errors()
    fields = [program.inputs[name] for program in ordered for name in program.used_inputs]
    _check_names(mapping, fields, dictionary, problems)
    assumed: dict[str, Assumption] = {}
    standards = []
    for number, program in enumerate(ordered):
        serving = _serving(program, mapping, fields, treated, dictionary, problems, assumed)
        checked = Mapping({name: entry for name, entry in serving.inputs.items() if entry.is_ not in treated}, serving.key)
        problems.extend(check_mapping(checked, source.columns, [program.inputs[name] for name in program.used_inputs], dictionary))
        problems.refuse_errors()
        standards.append((_judged(connection, program, source, serving, (f"lag_admitted{number}", f"lag_verdicts{number}"), on), serving))
    measured = tuple(each for each, _ in standards)
    fixed = [_fixed(each.program, serving) for each, serving in standards]
    curves = [_curves(each.program, constants, treated) for each, constants in zip(measured, fixed, strict=True)]
    drawing = _drawing(connection, measured, curves)
    about = mapping.about or About(Title(source.path.name, source.path.name))
    notes = [Assumption("note", note) for note in about.notes]
    return Lag(
        about.title, about.terms, on, source, source.rows, _different(connection, measured), measured,
        tuple(_pairs(connection, measured, curves)), drawing, (*assumed.values(), *notes), problems.found,
    )  # fmt: skip


def _since(standard: Standard) -> date | None:
    return standard.effective or standard.published


def _rank(standard: Standard) -> tuple[date, bool, str]:
    """Oldest first; of one day a standard comes after the policies that lean on it."""
    return _since(standard) or date.min, standard.level != "policy", standard.number


# Which column serves which input.


def _check_names(mapping: Mapping, fields: Sequence[Input], dictionary: Dictionary, problems: Problems) -> None:
    known = {each.name for each in fields} | {each.is_ for each in fields}
    for name, entry in mapping.inputs.items():
        if name not in known and name not in dictionary:
            problems.add("mapping-unknown-input", entry.span, input=name, **did_you_mean(name, known))
    problems.refuse_errors()


def _serving(
    program: Program, mapping: Mapping, fields: Sequence[Input], treated: AnyMapping[str, str], dictionary: Dictionary, problems: Problems,
    assumed: dict[str, Assumption],
) -> Mapping:  # fmt: skip
    """The entries that serve a program's inputs. A value of another test cycle serves only where `treated` says so; both are told."""
    entries: dict[str, Entry] = {}
    for name in program.used_inputs:
        asked = program.inputs[name]
        entry = mapping.of(asked)
        if entry is not None and entry.is_ in (None, asked.is_):
            entries[name] = entry
        elif (used := treated.get(asked.is_)) and (other := mapping.holding(used, fields)) is not None:
            entries[name] = replace(other, is_=asked.is_)
            assumed[f"{asked.is_} = {used}"] = _treated_as(asked.is_, used, dictionary)
        else:
            _tell_refused(program, asked, mapping, fields, dictionary, problems)
        if name in entries and entries[name].constant is not None:
            assumed[asked.is_] = _constant(asked, entries[name].constant or "")
    return Mapping(entries, mapping.key, mapping.file)


def _tell_refused(program: Program, asked: Input, mapping: Mapping, fields: Sequence[Input], dictionary: Dictionary, problems: Problems) -> None:
    """Says that the records have the same quantity, but over another test cycle."""
    wanted = dictionary.get(asked.is_)
    if wanted is None or wanted.cycle is None:
        return
    held = [
        each.id
        for each in dictionary.values()
        if each.cycle not in (None, wanted.cycle) and each.metering == wanted.metering and _stem(each.id) == _stem(wanted.id)
        if mapping.holding(each.id, fields) is not None
    ]
    if held:
        facts = {"asked": asked.is_, "held": ", ".join(held), "first": held[0]}
        problems.add("other-cycle-not-used", None, standard=program.standard.number, input=asked.name, **facts)


def _stem(property_: str) -> str:
    """The id without its last word, which is the cycle: nev.electricity of nev.electricity.cltc."""
    return property_.rpartition(".")[0]


def _treated_as(asked: str, used: str, dictionary: Dictionary) -> Assumption:
    a, u = dictionary[asked], dictionary[used]
    en = f"where a standard asks {a.en}, the value of {u.en} is put in"
    return Assumption("treated-as", Title(f"标准要求「{a.zh}」，以「{u.zh}」的数值代入", en))


def _constant(asked: Input, value: str) -> Assumption:
    said = asked.labels.get(value, (value, value))
    return Assumption("constant", Title(f"{asked.zh}：每条记录都取 {said[0]}", f"{asked.en}: {said[1]} for every record"))


def _fixed(program: Program, serving: Mapping) -> dict[str, Value]:
    """The exact values of the inputs that are constants."""
    given = {name: entry.constant for name, entry in serving.inputs.items() if entry.constant is not None}
    values = {name: admit_value(program.inputs[name], constant, Problems()) for name, constant in given.items()}
    return {name: value for name, value in values.items() if value is not None}


# One standard.


def _judged(connection: DuckDBPyConnection, program: Program, source: Source, serving: Mapping, tables: tuple[str, str], on: date) -> StandardLag:
    admitted, verdicts = tables
    quality = admit(connection, source, serving, [program.inputs[name] for name in program.used_inputs], admitted)
    compared = comparisons(program)
    extra: dict[str, Node] = {_IN_SCOPE: program.scope}
    for no, each in compared.items():
        extra |= {_measured(no): each.measured, _limit(no): each.limit}
    judge(connection, replace(program, values={**program.values, **extra}), admitted, verdicts)
    clauses = tuple(_clause(connection, verdicts, meaning.clause, compared.get(meaning.no)) for meaning in program.clauses)
    overall = _clause(connection, verdicts, program.overall.clause, None) if program.overall else None
    cell = identifier(_IN_SCOPE)
    query = f"SELECT count(*) FILTER ({cell}), count(*) FILTER (NOT {cell}), count(*) FILTER ({cell} IS NULL) FROM {verdicts}"
    ((inside, outside, unknown),) = connection.execute(query).fetchall()
    since = _since(program.standard)
    age = (on - since).days / 365.2425 if since else None
    missing = tuple(_missing(connection, program, admitted, verdicts)) if overall else ()
    return StandardLag(program, tables, quality, (inside, outside, unknown), overall, clauses, missing, age)


def _measured(no: str) -> str:
    return f"measured of {no}"


def _limit(no: str) -> str:
    return f"limit of {no}"


def _clause(connection: DuckDBPyConnection, verdicts: str, clause: Clause, compared: Comparison | None) -> ClauseLag:
    cell = identifier(clause.no)
    found = dict(connection.execute(f"SELECT {cell}, count(*) FROM {verdicts} GROUP BY 1").fetchall())
    counts = {verdict: int(found.get(code, 0)) for code, verdict in CODES.items()}
    return ClauseLag(clause, counts, _margin(connection, verdicts, compared) if compared and counts[Verdict.PASS] else None)


def _margin(connection: DuckDBPyConnection, verdicts: str, compared: Comparison) -> Margin | None:
    measured, limit, passed = identifier(_measured(compared.no)), identifier(_limit(compared.no)), identifier(compared.no)
    room = f"{limit} - {measured}" if compared.upper else f"{measured} - {limit}"
    query = (
        f"SELECT count(*), min(m), quantile_cont(m, [0.25, 0.5, 0.75]) "
        f"FROM (SELECT ({room}) / abs({limit}) AS m FROM {verdicts} WHERE {passed} = 1 AND {limit} <> 0)"
    )
    ((rows, least, quartiles),) = connection.execute(query).fetchall()
    return Margin(int(rows), least, *quartiles) if rows else None


def _missing(connection: DuckDBPyConnection, program: Program, admitted: str, verdicts: str) -> list[tuple[str, int]]:
    waiting = f"{verdicts}_waiting"
    bits = missing_table(connection, program, undetermined(admitted, verdicts), waiting)
    return missing_tally(connection, waiting, bits)[:MISSING_MAX]


def _different(connection: DuckDBPyConnection, measured: Sequence[StandardLag]) -> int:
    """Records that differ in any input of any standard; a car listed once a year under the same figures counts once."""
    columns: dict[str, str] = {}
    tables = []
    for number, each in enumerate(measured):
        tables.append(f"{each.tables[0]} t{number}")
        for name in each.program.used_inputs:
            columns.setdefault(each.program.inputs[name].is_, f"t{number}.{identifier(name)}")
    joined = tables[0] + "".join(f" JOIN {table} USING (row)" for table in tables[1:])
    cells = ", ".join(columns.values()) or "1"
    return int(connection.execute(f"SELECT count(*) FROM (SELECT DISTINCT {cells} FROM {joined})").fetchall()[0][0])


# Limits on the same quantity.


def _curves(program: Program, fixed: AnyMapping[str, Value], treated: AnyMapping[str, str]) -> dict[tuple[str, str | None, bool], Curve]:
    """(property measured, property on the x axis, upper) → the limit, the properties as they are treated; the first of each kind."""
    found: dict[tuple[str, str | None, bool], Curve] = {}
    for each in comparisons(program).values():
        made = curve(program, each, fixed)
        if made is not None:
            measured, x = each.input.is_, made.of.is_ if made.of else None
            found.setdefault((treated.get(measured, measured), treated.get(x, x) if x else None, each.upper), made)
    return found


def _pairs(
    connection: DuckDBPyConnection, measured: Sequence[StandardLag], curves: Sequence[AnyMapping[tuple[str, str | None, bool], Curve]]
) -> Iterator[Pair]:
    """Every standard beside the next newer ones (of one date there may be several) that limit the same quantity over the same other one."""
    for position, (older, limits) in enumerate(zip(measured, curves, strict=True)):
        for key, first in limits.items():
            later = [(each, found[key]) for each, found in zip(measured[position + 1 :], curves[position + 1 :], strict=True) if key in found]
            for newer, second in later:
                if _since(newer.standard) == _since(later[0][0].standard):
                    low, high = _range(connection, first, older)
                    told = _told_apart(connection, older, first, newer, second)
                    yield Pair(older.standard.number, newer.standard.number, strictness(first, second, low, high), *told)


def _range(connection: DuckDBPyConnection, first: Curve, older: StandardLag) -> tuple[Fraction, Fraction]:
    """Over which values of x two limits are compared: the declared range, or the population's where none is declared."""
    if first.of is None:
        return Fraction(0), Fraction(0)
    low, high = first.of.minimum, first.of.maximum
    if low is None or high is None:
        cell = identifier(first.of.name)
        ((least, most),) = connection.execute(f"SELECT min({cell}), max({cell}) FROM {older.tables[0]}").fetchall()
        low, high = Fraction(least or 0), Fraction(most or 0)
    return low, high


def _told_apart(connection: DuckDBPyConnection, older: StandardLag, first: Curve, newer: StandardLag, second: Curve) -> tuple[int, int, int, int]:
    a, b = f"a.{identifier(first.comparison.no)}", f"b.{identifier(second.comparison.no)}"
    wanted = ", ".join(f"count(*) FILTER ({a} = {x} AND {b} = {y})" for x, y in ((1, 1), (1, 0), (0, 1), (0, 0)))
    ((both, only_older, only_newer, neither),) = connection.execute(
        f"SELECT {wanted} FROM {older.tables[1]} a JOIN {newer.tables[1]} b USING (row)"
    ).fetchall()
    return both, only_older, only_newer, neither


def _drawing(
    connection: DuckDBPyConnection, measured: Sequence[StandardLag], curves: Sequence[AnyMapping[tuple[str, str | None, bool], Curve]]
) -> Drawing | None:
    """The quantity most standards limit over another one, of those the population has; the newest decides between equals.

    None where no limit goes by a number.
    """
    keys = dict.fromkeys(key for found in reversed(curves) for key in found if key[1] is not None)
    if not keys:
        return None
    worth = {key: _worth(measured, curves, key) for key in keys}
    chosen = max(keys, key=lambda key: worth[key])
    drawn = [(each, found[chosen]) for each, found in zip(measured, curves, strict=True) if chosen in found]
    newest, last = drawn[-1]
    assert last.of is not None, "the key has an x axis"
    return Drawing(last.of, last.comparison.input, tuple(each for _, each in drawn), *_points(connection, newest, last))


def _worth(
    measured: Sequence[StandardLag], curves: Sequence[AnyMapping[tuple[str, str | None, bool], Curve]], key: tuple[str, str | None, bool]
) -> tuple[bool, int]:
    """Whether the population has values on both axes, and how many standards limit the quantity."""
    has = False
    for each, found in zip(measured, curves, strict=True):
        names = {found[key].comparison.input.name, getattr(found[key].of, "name", "")} if key in found else set()
        has = has or (bool(names) and all(quality.present for quality in each.quality.inputs if quality.asked.name in names))
    return has, sum(key in found for found in curves)


def _points(connection: DuckDBPyConnection, newest: StandardLag, last: Curve) -> tuple[tuple[Point, ...], int, AnyMapping[Verdict, int]]:
    """The points taken, the number of places, and the products with a place by verdict."""
    assert last.of is not None, "a drawn limit has an x axis"
    admitted, verdicts = newest.tables
    x, y, verdict = (f"{at}.{identifier(name)}" for at, name in (("a", last.of.name), ("a", last.comparison.input.name), ("v", last.comparison.no)))
    replace_table(connection, _PLACES)
    connection.execute(
        f"CREATE TEMP TABLE {_PLACES} AS SELECT {x} AS x, {y} AS y, {verdict} AS verdict, count(*) AS rows, arg_min(key, row, 3) AS keys "
        f"FROM {admitted} a JOIN {verdicts} v USING (row, key) WHERE {x} IS NOT NULL AND {y} IS NOT NULL GROUP BY ALL"
    )
    ((places,),) = connection.execute(f"SELECT count(*) FROM {_PLACES}").fetchall()
    found = connection.execute(
        f"SELECT * EXCLUDE n FROM (SELECT *, row_number() OVER (ORDER BY x, y, verdict) AS n FROM {_PLACES}) "
        f"WHERE n % {-(-places // POINTS_MAX) or 1} = 0 ORDER BY n"
    ).fetchall()
    totals = dict(connection.execute(f"SELECT verdict, sum(rows) FROM {_PLACES} GROUP BY 1").fetchall())
    points = tuple(Point(px, py, CODES[code], int(rows), tuple(map(str, keys))) for px, py, code, rows, keys in found)
    return points, int(places), {each: int(totals.get(code, 0)) for code, each in CODES.items()}
