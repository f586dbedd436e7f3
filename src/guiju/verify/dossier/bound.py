"""Bound: a precision study, or a declared precision, bound to the property of a standard it is about.

A binding is data: the property, the unit, the method, and either the results of laboratories or figures that somebody published. What it says is
checked against the dictionary and against the results; what the standard asks by another method is not served by it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from guiju.base.diagnostics import Diagnostic, Problems, Refused
from guiju.base.rounding import parse_number
from guiju.base.units import Unit, UnknownUnit, parse_unit
from guiju.metrology.precision import reproducibility_of_mean
from guiju.metrology.relation import Kind, relation
from guiju.records.headers import parse_header
from guiju.report.cited import file_hash
from guiju.standard.dictionary import Dictionary
from guiju.standard.document import Scalar, load
from guiju.standard.model import Title
from guiju.standard.shape import Key, ListOf, Shape, did_you_mean, read
from guiju.verify.sheet import MEAN, VALUE, read_sheet
from guiju.verify.study import NEWEST, Result, analyse, flagged, read_exclusions, read_studies

TITLE = Shape("title", {"zh": Key("text", True), "en": Key("text", True)}, "名称")
COLUMNS = Shape("columns", dict.fromkeys(("lab", "level", "value", "replicate", "group", "count", "mean", "sd"), Key("text")), "列")
DECLARED = Shape("declared", {
    "level": Key("text", True), "s_r": Key("text"), "s_R": Key("text", True), "labs": Key("text"), "replicates": Key("text"),
}, "声明的精密度")  # fmt: skip
COST = Shape("cost", {"measurement": Key("text"), "laboratory": Key("text"), "currency": Key("text", True), "source": Key("text")}, "费用")
STUDY = Shape("study", {
    "title": Key(TITLE, True), "property": Key("text", True), "unit": Key("text", True), "method": Key("text"), "source": Key("text", True),
    "illustrative": Key("text"), "data": Key("text"), "study": Key("text"), "columns": Key(COLUMNS), "edition": Key("text"),
    "exclusions": Key("text"), "declared": Key(ListOf(DECLARED)), "relation": Key("text"), "results": Key("text"), "cost": Key(COST),
}, "研究")  # fmt: skip
FILE = Shape("file", {"study": Key(STUDY, True)}, "研究文件")
NEAR = 0.1
"""A relation within so much of every s_R is good enough; the simplest of these is taken."""
RELATIONS: dict[str, Title] = {
    "constant": Title("与水平无关", "the same at every level"), "I": Title("s = b·m", "s = b·m"), "II": Title("s = a + b·m", "s = a + b·m"),
    "III": Title("lg s = c + d·lg m", "lg s = c + d·lg m"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Level:
    """Precision at one level, in the unit of the study. labs, n: NaN where they are not known; s_r None where nobody says."""

    name: str
    m: float
    s_r: float | None
    s_R: float  # noqa: N815 - the names of the standards, told apart by their case
    labs: float
    n: float


@dataclass(frozen=True, slots=True)
class Cost:
    """measurement, laboratory: of one each; NaN where not given."""

    measurement: float
    laboratory: float
    currency: str
    source: str


@dataclass(frozen=True)
class Bound:
    """A study bound to a property.

    result     the analysis of the results; None where precision is declared
    relation   how s depends on the level, chosen or declared, with its coefficients for s_r (None where it is not known) and s_R
    results    a reported value is the mean of so many results of one laboratory
    """

    title: Title
    property_id: str
    unit: Unit
    method: str | None
    source: str
    illustrative: bool
    levels: tuple[Level, ...]
    relation: str
    of_r: tuple[float, float] | None
    of_R: tuple[float, float]  # noqa: N815
    deviation: float
    results: int
    cost: Cost | None
    result: Result | None
    files: tuple[tuple[str, str], ...]

    @property
    def range(self) -> tuple[float, float]:
        return min(each.m for each in self.levels), max(each.m for each in self.levels)

    @property
    def labs(self) -> float:
        return min((each.labs for each in self.levels), default=math.nan)

    @property
    def outliers(self) -> int:
        """Values beyond 1 % that nobody has declared to be left out."""
        if self.result is None:
            return 0
        return sum(f.outlier for f in flagged(self.result.studies, self.result.kept or self.result.full))

    @property
    def gamma(self) -> float | None:
        """The largest s_R / s_r of the levels; None where s_r is not known or 0."""
        ratios = [each.s_R / each.s_r for each in self.levels if each.s_r]
        return max(ratios) if len(ratios) == len(self.levels) else None

    def reaches(self, value: float, unit: Unit, beyond: float) -> bool:
        """Whether a value lies among the levels, or beyond them by at most that share of the nearest one."""
        x, (low, high) = value * float(unit.ratio(self.unit)), self.range
        return low - beyond * abs(low) <= x <= high + beyond * abs(high)

    def s_R(self, value: float, unit: Unit) -> float:  # noqa: N802
        """Reproducibility standard deviation of one result at a value, both in the unit given."""
        ratio = float(unit.ratio(self.unit))
        return _of(self.relation, self.of_R, value * ratio) / ratio

    def s_r(self, value: float, unit: Unit) -> float | None:
        ratio = float(unit.ratio(self.unit))
        return None if self.of_r is None else min(_of(self.relation, self.of_r, value * ratio) / ratio, self.s_R(value, unit))

    def u(self, value: float, unit: Unit) -> float:
        """Standard uncertainty of a reported value: from s_L, and s_r over the results it is the mean of (ISO 21748)."""
        big, small = self.s_R(value, unit), self.s_r(value, unit)
        if small is None or self.results == 1:
            return big
        return reproducibility_of_mean(math.sqrt(max(big * big - small * small, 0.0)), small, self.results)


def _of(kind: str, coefficients: tuple[float, float], m: float) -> float:
    constant, slope = coefficients
    if kind == "III":
        return 10 ** (constant + slope * math.log10(m)) if m > 0 else math.nan
    return constant + slope * (abs(m) if kind == "I" else m)


def read_bound(path: Path, dictionary: Dictionary) -> Bound:
    """A study file with what it names, analysed.

    raises   Refused with every problem: keys, property, units, neither results nor declared figures, and what reading the results finds
    """
    problems = Problems()
    raw = (read(load(path, problems).root, FILE, problems) or {}).get("study")
    problems.refuse_errors()
    assert raw is not None, "the key is required"
    unit = _checked(raw, dictionary, problems)
    declared, data = raw.get("declared"), raw.get("data")
    if (declared is None) == (data is None):
        problems.add("dossier-study-empty", raw["title"]["zh"].span)
    results = _whole(raw.get("results"), problems)
    chosen = raw["relation"].text if "relation" in raw else None
    if chosen is not None and chosen not in RELATIONS:
        problems.add("dossier-relation", raw["relation"].span, name=chosen, known=", ".join(RELATIONS))
    cost = _cost(raw.get("cost"), problems)
    problems.refuse_errors()
    assert unit is not None, "refused where it is not understood"
    files = [(path.name, file_hash(path))]
    if data is not None:
        result = _analysed(path, raw, unit)
        levels = _levels(result)
        files.append((result.studies.file, result.studies.digest))
        files += [(out.name, file_hash(out)) for out in ([_beside(path, raw["exclusions"])] if "exclusions" in raw else ())]
    else:
        result, levels = None, _declared(declared, problems)
    problems.refuse_errors()
    kind, of_r, of_big, deviation = _related(levels, chosen)
    title = Title(raw["title"]["zh"].text, raw["title"]["en"].text)
    return Bound(
        title, raw["property"].text, unit, raw["method"].text if "method" in raw else None, raw["source"].text,
        raw["illustrative"].text == "true" if "illustrative" in raw else False, levels, kind, of_r, of_big, deviation, results, cost, result,
        tuple(files),
    )  # fmt: skip


def _checked(raw: Mapping[str, Any], dictionary: Dictionary, problems: Problems) -> Unit | None:
    name, written = raw["property"], raw["unit"]
    if name.text not in dictionary:
        problems.add("unknown-property", name.span, id=name.text, **did_you_mean(name.text, dictionary))
    try:
        unit = parse_unit(written.text)
    except UnknownUnit:
        problems.add("dossier-study-unit", written.span, unit=written.text, property=name.text, wanted="?")
        return None
    asked = dictionary[name.text].unit if name.text in dictionary else None
    if name.text in dictionary and (asked is None or not unit.same_dimension(asked)):
        problems.add("dossier-study-unit", written.span, unit=written.text, property=name.text, wanted=asked.text if asked else "–")
    return unit


def _whole(written: Scalar | None, problems: Problems) -> int:
    if written is None:
        return 1
    number = parse_number(written.text)
    if number is None or number.denominator != 1 or number < 1:
        problems.add("dossier-number", written.span, text=written.text)
        return 1
    return int(number)


def _number(written: Scalar | None, problems: Problems, least: Fraction | None = None) -> float:
    """NaN where nothing is written."""
    if written is None:
        return math.nan
    number = parse_number(written.text)
    if number is None or (least is not None and number < least):
        problems.add("dossier-number", written.span, text=written.text)
        return math.nan
    return float(number)


def _cost(raw: Mapping[str, Scalar] | None, problems: Problems) -> Cost | None:
    if raw is None:
        return None
    each, lab = (_number(raw.get(name), problems, Fraction(0)) for name in ("measurement", "laboratory"))
    return Cost(each, lab, raw["currency"].text, raw["source"].text if "source" in raw else "")


def _analysed(path: Path, raw: Mapping[str, Any], unit: Unit) -> Result:
    columns = {name: scalar.text for name, scalar in (raw.get("columns") or {}).items()}
    file = _beside(path, raw["data"])
    studies = read_studies(file, columns, raw["unit"].text)
    if len(studies.names) > 1:
        raise Refused([Diagnostic("dossier-study-many", raw["data"].span, {"file": file.name, "names": ", ".join(studies.names)})])
    sheet = read_sheet(file, (replace(VALUE, needed=False), replace(MEAN, needed=False)), columns)
    for header in sheet.headers.values():
        stated = parse_header(header)
        if stated.unit_is_stated and stated.unit is not None and stated.unit != unit:
            facts = {"header": header, "stated": stated.unit.text, "unit": unit.text}
            raise Refused([Diagnostic("dossier-header-unit", raw["unit"].span, facts)])
    exclusions = read_exclusions(_beside(path, raw["exclusions"])) if "exclusions" in raw else ()
    return analyse(studies, raw["edition"].text if "edition" in raw else NEWEST, exclusions)


def _beside(path: Path, written: Scalar) -> Path:
    """A file that a study file names: beside it or in a folder below, never elsewhere.

    raises   Refused: dossier-file-outside, file-missing
    """
    file = path.parent / written.text
    if not file.resolve().is_relative_to(path.parent.resolve()):
        raise Refused([Diagnostic("dossier-file-outside", written.span, {"file": written.text})])
    if not file.is_file():
        raise Refused([Diagnostic("file-missing", written.span, {"file": written.text})])
    return file


def named_by(path: Path) -> tuple[Path, ...]:
    """The files that a study file names: its results, what is declared to be left out.

    raises   Refused, as `read_bound` does
    """
    problems = Problems()
    raw = (read(load(path, problems).root, FILE, problems) or {}).get("study")
    problems.refuse_errors()
    return tuple(_beside(path, raw[name]) for name in ("data", "exclusions") if name in raw) if raw is not None else ()


def _levels(result: Result) -> tuple[Level, ...]:
    found = (result.kept or result.full).precision
    return tuple(
        Level(name, float(found.general[0, j]), float(found.s_r[0, j]), float(found.s_R[0, j]), float(found.p[0, j]), float(found.n_mean[0, j]))
        for j, name in enumerate(result.studies.levels[0])
    )


def _declared(rows: Sequence[Mapping[str, Scalar]], problems: Problems) -> tuple[Level, ...]:
    found = []
    for row in rows:
        m, labs, n = (_number(row.get(name), problems) for name in ("level", "labs", "replicates"))
        small, big = (_number(row.get(name), problems, Fraction(0)) for name in ("s_r", "s_R"))
        if small > big or not big > 0:
            problems.add("dossier-declared", row["s_R"].span, level=row["level"].text)
        found.append(Level(row["level"].text, m, None if math.isnan(small) else small, big, labs, n))
    return tuple(found)


def _related(levels: Sequence[Level], chosen: str | None) -> tuple[str, tuple[float, float] | None, tuple[float, float], float]:
    """The simplest relation of s_R with the level that deviates by at most NEAR, else that which deviates least; or the one that is asked for."""
    m, big = np.array([each.m for each in levels]), np.array([each.s_R for each in levels])
    told = all(each.s_r is not None for each in levels)
    small = np.array([each.s_r or 0.0 for each in levels])
    tried: dict[str, tuple[tuple[float, float], tuple[float, float], float]] = {}
    for kind in RELATIONS:
        of_big, of_small = _fitted(kind, m, big), _fitted(kind, m, small) if told else (0.0, 0.0)
        fitted = np.array([_of(kind, of_big, x) for x in m])
        if np.all(np.isfinite(fitted)) and np.all(fitted > 0):
            tried[kind] = of_big, of_small, float(np.max(np.abs(big - fitted) / fitted))
    if chosen is not None and chosen not in tried:
        raise Refused([Diagnostic("dossier-relation", None, {"name": chosen, "known": ", ".join(tried)})])
    near = [kind for kind in tried if tried[kind][2] <= NEAR]
    best = chosen or (near[0] if near else min(tried, key=lambda kind: tried[kind][2]))
    of_big, of_small, deviation = tried[best]
    usable = told and all(math.isfinite(x) for x in of_small)
    return best, of_small if usable else None, of_big, deviation


def _fitted(kind: str, m: np.ndarray[Any, Any], s: np.ndarray[Any, Any]) -> tuple[float, float]:
    """Constant and slope; NaN where there are too few levels for the kind, or it does not hold."""
    if kind == "constant":
        return float(np.sqrt(np.mean(s**2))), 0.0
    if len(m) < (2 if kind == "I" else 3) or (kind == "III" and (np.any(m <= 0) or np.any(s <= 0))) or np.any(s <= 0) or np.any(m == 0):
        return math.nan, math.nan
    of: Kind = kind  # type: ignore[assignment]
    made = relation(of, np.abs(m) if kind == "I" else m, s)
    return float(made.constant), float(made.slope)


@dataclass(frozen=True, slots=True)
class Bindings:
    """Which study serves which input, for the clauses that name a method and those that do not."""

    studies: tuple[Bound, ...]

    def serving(self, property_: str, method: str | None) -> Bound | None:
        """The study of a property; one of another method than the clause names does not serve it."""
        for each in self.studies:
            if each.property_id == property_ and (method is None or each.method is None or _same_text(each.method, method)):
                return each
        return None

    def other_method(self, property_: str, method: str | None) -> Bound | None:
        """A study of the property by another method than the one named."""
        return next((each for each in self.studies if each.property_id == property_), None) if self.serving(property_, method) is None else None


def _same_text(one: str, other: str) -> bool:
    fold = str.maketrans("", "", " \u3000")
    return one.translate(fold).casefold() == other.translate(fold).casefold()


def bind(paths: Sequence[Path], dictionary: Dictionary, asked: Sequence[str], standard: str) -> tuple[Bindings, tuple[Diagnostic, ...]]:
    """Every study file read, and what is to be said of them: a property the standard does not ask, two studies of one property and method.

    raises   Refused with the problems of every file
    """
    problems, studies = Problems(), []
    for path in paths:
        try:
            studies.append(read_bound(path, dictionary))
        except Refused as refused:
            problems.extend(refused.diagnostics)
    seen: set[tuple[str, str | None]] = set()
    for each in studies:
        if each.property_id not in asked:
            problems.add("dossier-study-unasked", None, property=each.property_id, standard=standard, **did_you_mean(each.property_id, asked))
        if (each.property_id, each.method) in seen:
            problems.add("dossier-study-twice", None, property=each.property_id, method=each.method or "–")
        seen.add((each.property_id, each.method))
    problems.refuse_errors()
    return Bindings(tuple(studies)), problems.found
