"""Study: an interlaboratory study of a measurement method, read, checked at the door, and analysed twice: all data, and declared exclusions.

Nothing is ever left out in silence. What is out of line is named; whether it goes is for people to say, with reason, person and day, and then both
analyses stand side by side.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from guiju.base.diagnostics import Diagnostic, Problems
from guiju.metrology import outlying
from guiju.metrology.array import Array
from guiju.metrology.nested import Nested, nested
from guiju.metrology.outlying import Mandel, Test
from guiju.metrology.precision import Cells, Convention, Precision, cells, precision
from guiju.metrology.relation import PENDING, Kind, Relation, relation
from guiju.standard.document import load
from guiju.standard.shape import Key, ListOf, Shape, did_you_mean, read
from guiju.verify.sheet import COUNT, GROUP, LAB, LEVEL, MEAN, REPLICATE, SD, VALUE, Role, Sheet, first_seen, read_sheet, refuse

_Row = tuple[str | float | None, ...]
_Entry = tuple[str | None, tuple[float | None, ...]]
PLACES_MAX = 50_000_000
"""Of results, present or not, that are held at once."""
LEAST_LABS = 3
"""With fewer there is no between-laboratory variance to speak of, and h and Grubbs' tests say nothing."""


@dataclass(frozen=True, slots=True)
class Edition:
    """Which standard a study is analysed by.

    pending   what of it was not seen and is computed as the editions before have it
    """

    name: str
    convention: Convention
    relations: tuple[Kind, ...]
    pending: tuple[str, ...] = ()


_THREE: tuple[Kind, ...] = ("I", "II", "III")
EDITIONS = {
    each.name: each
    for each in (
        Edition("ISO 5725-2:2025", "iso5725", _THREE, ("III",)),
        Edition("ISO 5725-2:2019", "iso5725", _THREE),
        Edition("ISO 5725-2:1994", "iso5725", _THREE),
        Edition("GB/T 6379.2-2004", "iso5725", _THREE),
        Edition("ASTM E691-2023", "e691", (), ("unbalanced",)),
        Edition("ASTM E691-1999", "e691", ()),
    )
}
NEWEST = "ISO 5725-2:2025"
assert set(PENDING) == {"III"}


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A cell, a laboratory or one replicate that people left out, and why. None: every level, every replicate."""

    lab: str
    level: str | None
    replicate: str | None
    reason: str
    by: str
    on: str


@dataclass(frozen=True, slots=True)
class Studies:
    """One study or many, in one array.

    names     of the studies; ("",) where there is one
    labs      per study, the laboratories in their order along the array
    levels    per study
    replicates  the label of each result, same shape as `results`; None where cells were given as means and standard deviations
    results   (study, level, lab, replicate), NaN where there is none
    made      the cells
    digest    SHA-256 of the file
    """

    names: tuple[str, ...]
    labs: tuple[tuple[str, ...], ...]
    levels: tuple[tuple[str, ...], ...]
    results: Array | None
    replicates: Mapping[tuple[int, int, int, str], int]
    made: Cells
    digest: str = ""
    file: str = ""
    unit: str = ""
    diagnostics: tuple[Diagnostic, ...] = ()

    def place(self, study: int, lab: str, level: str) -> tuple[int, int, int]:
        return study, self.levels[study].index(level), self.labs[study].index(lab)


@dataclass(frozen=True, slots=True)
class Analysis:
    """Everything of ISO 5725-2 clause 7, for every study and level at once."""

    made: Cells
    precision: Precision
    mandel: Mandel
    tests: Mapping[str, Test]
    relations: Mapping[str, Mapping[str, Relation]]


@dataclass(frozen=True, slots=True)
class Result:
    """kept: the analysis without what was declared to be left out; None where nothing was."""

    studies: Studies
    edition: Edition
    full: Analysis
    exclusions: tuple[Exclusion, ...]
    kept: Analysis | None
    diagnostics: tuple[Diagnostic, ...]


def read_studies(path: Path, columns: Mapping[str, str | None] | None = None, unit: str = "") -> Studies:
    """The studies in a file: a row per result, or a row per cell with its number, mean and standard deviation.

    raises   Refused with every problem found: columns, numbers, a result given twice, fewer than 3 laboratories, no cell with two results
    """
    chosen, rest = dict(columns or {}), (COUNT, MEAN, SD)
    sheet = read_sheet(path, (GROUP, replace(LAB, needed=False), LEVEL, REPLICATE, replace(VALUE, needed=False), *rest), chosen)
    summary = all(sheet.has(role) for role in rest) and not sheet.has(VALUE)
    if not sheet.has(LAB) or not (summary or sheet.has(VALUE)):
        sheet = read_sheet(path, (GROUP, LAB, LEVEL, REPLICATE, replace(VALUE, needed=not summary), *rest), chosen)
    made = _studies(sheet, summary, unit)
    check(made)
    return made


def _studies(sheet: Sheet, summary: bool, unit: str) -> Studies:
    problems = Problems()
    rows = [(str(study or ""), str(lab), str(level or "1"), *rest) for study, lab, level, *rest in sheet.rows if lab]
    names = tuple(dict.fromkeys(str(row[0]) for row in rows))
    per_study = _by_first(rows, names)
    labs = tuple(first_seen([str(row[1]) for row in of]) for of in per_study)
    levels = tuple(first_seen([str(row[2]) for row in of]) for of in per_study)
    shape = (len(names), max(map(len, levels), default=0), max(map(len, labs), default=0))
    entries: dict[tuple[int, int, int], list[_Entry]] = {}
    for s, of in enumerate(per_study):
        at_lab, at_level = {lab: i for i, lab in enumerate(labs[s])}, {level: i for i, level in enumerate(levels[s])}
        for _, lab, level, label, *numbers in of:
            entry = (None if label is None else str(label), tuple(None if x is None else float(x) for x in numbers))
            entries.setdefault((s, at_level[str(level)], at_lab[str(lab)]), []).append(entry)
    for (s, j, i), several in entries.items():
        given = ["–" if summary else label for label, _ in several if summary or label is not None]
        for twice in sorted({str(label) for label in given if given.count(label) > 1}) if len(given) != len(set(given)) else ():
            problems.add("verify-repeated", None, lab=labs[s][i], level=levels[s][j], replicate=twice, file=sheet.path)
    most = max(map(len, entries.values()), default=0)
    if math.prod(shape) * max(most, 1) > PLACES_MAX:
        problems.add("verify-too-sparse", None, studies=shape[0], levels=shape[1], labs=shape[2], replicates=most)
    problems.refuse_errors()
    if summary:
        return Studies(names, labs, levels, None, {}, _summary(entries, shape), sheet.digest, sheet.path.name, unit, sheet.diagnostics)
    results = np.full((*shape, most), np.nan)
    replicates: dict[tuple[int, int, int, str], int] = {}
    for place, several in entries.items():
        for n, (label, given_numbers) in enumerate(several):
            results[(*place, n)] = np.nan if given_numbers[0] is None else given_numbers[0]
            replicates[*place, label or str(n + 1)] = n
    return Studies(names, labs, levels, results, replicates, cells(results), sheet.digest, sheet.path.name, unit, sheet.diagnostics)


def _by_first(rows: Sequence[_Row], names: Sequence[str]) -> list[list[_Row]]:
    of: dict[str, list[_Row]] = {name: [] for name in names}
    for row in rows:
        of[str(row[0])].append(row)
    return list(of.values())


def _summary(entries: Mapping[tuple[int, int, int], list[_Entry]], shape: tuple[int, int, int]) -> Cells:
    n, mean, variance = np.zeros(shape), np.full(shape, np.nan), np.full(shape, np.nan)
    for place, ((_, (_, count, average, sd)),) in entries.items():
        if count is not None and average is not None:
            n[place], mean[place] = count, average
            variance[place] = np.nan if sd is None or count < 2 else sd**2
    return Cells(n, mean, variance)


def check(studies: Studies, made: Cells | None = None) -> None:
    """Refuses, all at once, every level from which no precision can be computed."""
    of = made or studies.made
    problems = Problems()
    labs, repeated = of.p, np.sum(of.own > 0, axis=-1)
    for s, name in enumerate(studies.names):
        for j, level in enumerate(studies.levels[s]):
            about = {"level": level, "study": name and f"{name}: ", "found": int(labs[s, j])}
            if labs[s, j] < LEAST_LABS:
                problems.add("verify-few-labs", None, least=LEAST_LABS, **about)
            elif repeated[s, j] < 2:
                problems.add("verify-no-replicates", None, **about)
    if not studies.names:
        problems.add("verify-nothing", None, file=studies.file)
    problems.refuse_errors()


EXCLUSIONS = Shape("exclusions", {
    "exclusions": Key(ListOf(Shape("exclusion", {
        "lab": Key("text", True), "level": Key("text"), "replicate": Key("text"),
        "reason": Key("text", True), "by": Key("text", True), "on": Key("text", True)}, "排除", whole=True)), True),
}, "排除")  # fmt: skip


def read_exclusions(path: Path) -> tuple[Exclusion, ...]:
    """What people declare to be left out: each with a reason, who decided and when.

    raises   Refused with every problem, each with its place
    """
    problems = Problems()
    raw = read(load(path, problems).root, EXCLUSIONS, problems) or {}
    found = []
    for each in raw.get("exclusions") or ():
        text = {name: each[name].text for name in ("lab", "level", "replicate", "reason", "by", "on") if name in each}
        found.append(Exclusion(text["lab"], text.get("level"), text.get("replicate"), text["reason"], text["by"], text["on"]))
    problems.refuse_errors()
    return tuple(found)


def without(studies: Studies, exclusions: Sequence[Exclusion]) -> Cells:
    """The cells that are left. Refused: an exclusion that names what is not there, or a replicate where only means are known."""
    problems = Problems()
    known_labs = {lab for of in studies.labs for lab in of}
    known_levels = {level for of in studies.levels for level in of}
    results = None if studies.results is None else studies.results.copy()
    n, mean, variance = (part.copy() for part in (studies.made.n, studies.made.mean, studies.made.variance))
    for each in exclusions:
        hit = False
        if each.lab not in known_labs or (each.level is not None and each.level not in known_levels):
            word, known = (each.lab, known_labs) if each.lab not in known_labs else (each.level or "", known_levels)
            problems.add("verify-excluded-unknown", None, name=word, **did_you_mean(word, sorted(known)))
            continue
        for s in range(len(studies.names)):
            for level in [each.level] if each.level is not None else studies.levels[s]:
                if each.lab not in studies.labs[s] or level not in studies.levels[s]:
                    continue
                place = studies.place(s, each.lab, level)
                if each.replicate is None:
                    n[place], mean[place], variance[place] = 0, np.nan, np.nan
                    if results is not None:
                        results[place] = np.nan
                    hit = True
                elif results is not None and (at := studies.replicates.get((*place, each.replicate))) is not None:
                    results[(*place, at)] = np.nan
                    hit = True
        if not hit:
            problems.add("verify-excluded-unknown", None, name=f"{each.lab} / {each.level or '*'} / {each.replicate or '*'}")
    problems.refuse_errors()
    return Cells(n, mean, variance) if results is None else cells(results)


def analyse(studies: Studies, edition: str = NEWEST, exclusions: Sequence[Exclusion] = ()) -> Result:
    """Precision, consistency and relations of every level of every study; where exclusions are declared, also without them.

    raises   Refused: an edition not known, exclusions that fit nothing, too little left
    """
    if edition not in EDITIONS:
        raise refuse("verify-edition", name=edition, known=", ".join(EDITIONS))
    of = EDITIONS[edition]
    full = analyse_cells(studies.made, of)
    kept = None
    if exclusions:
        left = without(studies, exclusions)
        check(studies, left)
        kept = analyse_cells(left, of)
    return Result(studies, of, full, tuple(exclusions), kept, (*studies.diagnostics, *_notes(studies, kept or full)))


def analyse_cells(made: Cells, edition: Edition) -> Analysis:
    """Everything that ISO 5725-2 or E691 computes of a study, on arrays."""
    found = precision(made, edition.convention)
    high, low = outlying.grubbs(made, found)
    two_high, two_low = outlying.grubbs_double(made, found)
    tests = {"cochran": outlying.cochran(made), "grubbs_high": high, "grubbs_low": low, "grubbs2_high": two_high, "grubbs2_low": two_low}
    if not _balanced(made):
        tests["tlam"] = outlying.cochran_unequal(made)
    relations: dict[str, dict[str, Relation]] = {
        kind: {name: relation(kind, found.general, s) for name, s in (("r", found.s_r), ("R", found.s_R))} for kind in edition.relations
    }
    return Analysis(made, found, outlying.mandel(made, found, edition.convention), tests, relations)


def _balanced(made: Cells) -> bool:
    return bool(np.all(made.n == made.n.flat[0]))


def _notes(studies: Studies, of: Analysis) -> list[Diagnostic]:
    """What must be said of the figures: s_L² cut off at 0, relations that need positive levels."""
    problems = Problems()
    for s, name in enumerate(studies.names):
        for j, level in enumerate(studies.levels[s]):
            if of.precision.truncated[s, j]:
                problems.add("verify-between-negative", None, study=name and f"{name}: ", level=level)
    return list(problems.found)


@dataclass(frozen=True, slots=True)
class Flagged:
    """Something significant: which test, at which level, which laboratories, the statistic and the critical values at 5 % and 1 %."""

    test: str
    level: str
    labs: tuple[str, ...]
    statistic: float
    critical: tuple[float, float]
    outlier: bool


def flagged(studies: Studies, of: Analysis, study: int = 0, *, full: bool = False) -> list[Flagged]:
    """What the tests point at, in the order of ISO 5725-2: Cochran, Grubbs for one, Grubbs for two where no single value is out of line.

    full    every test that is significant, without that order and with 't Lam's test, which ISO 5725-2 does not have
    """
    found = []
    for j, level in enumerate(studies.levels[study]):
        single = any(of.tests[f"grubbs_{side}"].flag[study, j] == 2 for side in ("high", "low"))
        for name, test in of.tests.items():
            flag = test.flag[study, j]
            if flag and (full or not (name == "tlam" or (name.startswith("grubbs2") and single))):
                labs = tuple(studies.labs[study][i] for i in test.at[study, j] if i >= 0)
                limits = (float(test.critical[0][study, j]), float(test.critical[1][study, j]))
                found.append(Flagged(name, level, labs, float(test.statistic[study, j]), limits, bool(flag == 2)))
    return found


def spread_ratio(studies: Studies) -> float:
    """The largest s_R / s_r of the levels: what planning calls gamma. Refused where a level has no spread within laboratories."""
    found = precision(studies.made)
    if not np.all(found.s_r > 0):
        raise refuse("plan-no-spread")
    return float(np.max(found.s_R / found.s_r))


def analyse_nested(path: Path, factors: Sequence[str], value: str | None = None) -> Nested:
    """Variance components of the results in a file whose columns of that name are the factors, outermost first.

    raises   Refused: columns not found, no numbers, a factor without degrees of freedom
    """
    roles = tuple(Role(name, name, name, (name.casefold(),), option="factor") for name in factors)
    sheet = read_sheet(path, (*roles, VALUE), {"value": value})
    rows = [row for row in sheet.rows if row[-1] is not None]
    if not rows:
        raise refuse("verify-nothing", file=path)
    labels = [[str(row[n]) for row in rows] for n in range(len(factors))]
    try:
        return nested([float(row[-1] or 0.0) for row in rows], labels, factors)
    except ValueError as error:
        raise refuse("nested-no-freedom", factor=error) from None
