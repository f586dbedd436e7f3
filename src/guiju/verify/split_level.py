"""A study with split levels: two similar materials a and b per level, one result of each per laboratory (ISO 5725-5, GB/T 6379.5)."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from guiju.base.diagnostics import Language, Problems
from guiju.metrology.precision import LIMIT_FACTOR
from guiju.metrology.split import Split, split_level
from guiju.standard.model import Title
from guiju.verify.precision_told import TESTS
from guiju.verify.sheet import refuse
from guiju.verify.study import LEAST_LABS, Studies, read_studies
from guiju.verify.told import Table, number, plain, word

PARTS = {"difference": Title("差 a − b", "difference a − b"), "average": Title("平均 (a + b)/2", "average (a + b)/2")}


@dataclass(frozen=True, slots=True)
class SplitStudy:
    """materials: the two labels, a first."""

    studies: Studies
    materials: tuple[str, str]
    found: Split


@dataclass(frozen=True, slots=True)
class Flag:
    """Something significant: of the difference or the average, which test, at which level, which laboratories."""

    part: str
    test: str
    level: str
    labs: tuple[str, ...]
    statistic: float
    critical: tuple[float, float]
    outlier: bool


def read_split(path: Path, columns: dict[str, str | None] | None = None, unit: str = "") -> SplitStudy:
    """The study in a file whose column of replicates names the two materials; the first one named is a.

    raises   Refused: what `read_studies` finds, cells given as means, other than two materials, levels with fewer than 3 complete laboratories
    """
    studies = read_studies(path, columns, unit)
    labels = tuple(dict.fromkeys(label for *_, label in studies.replicates))
    if studies.results is None or len(labels) != 2 or len(studies.names) != 1:
        raise refuse("split-materials", found=", ".join(labels) or "–")
    made = np.full((2, *studies.results.shape[1:3]), np.nan)
    for (_, j, i, label), n in studies.replicates.items():
        made[labels.index(label), j, i] = studies.results[0, j, i, n]
    complete = np.sum(~np.isnan(made).any(axis=0), axis=-1)
    problems = Problems()
    for level, count in zip(studies.levels[0], complete, strict=True):
        if count < LEAST_LABS:
            problems.add("verify-few-labs", None, least=LEAST_LABS, level=level, study="", found=int(count))
    problems.refuse_errors()
    return SplitStudy(studies, (labels[0], labels[1]), split_level(made[0], made[1]))


def flagged(study: SplitStudy) -> list[Flag]:
    """What Grubbs' tests point at, in differences (where Cochran's test would be) and averages; two only where no single one is an outlier."""
    labs, found = study.studies.labs[0], []
    for j, level in enumerate(study.studies.levels[0]):
        for part, tests in study.found.tests.items():
            single = any(tests[f"grubbs_{side}"].flag[j] == 2 for side in ("high", "low"))
            for name, test in tests.items():
                if test.flag[j] and not (single and name.startswith("grubbs2")):
                    named = tuple(labs[i] for i in test.at[j] if i >= 0)
                    limits = (float(test.critical[0][j]), float(test.critical[1][j]))
                    found.append(Flag(part, name, level, named, float(test.statistic[j]), limits, bool(test.flag[j] == 2)))
    return found


def tables(study: SplitStudy, language: Language) -> Iterator[Table]:
    """The precision of every level, then what is out of line."""
    zh, of = language == "zh", study.found
    header = ("水平" if zh else "level", "p", "m", "D", "s_D", "s_y", "s_r", "s_L", "s_R", "r", "R")
    rows = [
        (level, f"{of.p[j]:.0f}", number(of.general[j], 5), *map(number, (of.difference[j], of.s_D[j], of.s_y[j], of.s_r[j])),
         number(of.s_L[j]) + ("*" if of.truncated[j] else ""), *map(number, (of.s_R[j], LIMIT_FACTOR * of.s_r[j], LIMIT_FACTOR * of.s_R[j])))
        for j, level in enumerate(study.studies.levels[0])
    ]  # fmt: skip
    yield Table("精密度 · 分割水平设计" if zh else "precision · split levels", header, rows, range(1, 11))
    named = ("检验", "", "水平", "实验室", "统计量") if zh else ("test", "of", "level", "laboratory", "statistic")
    straggler, outlier = ("* 歧离值", "** 离群值") if zh else ("* straggler", "** outlier")
    flags = [
        (word(TESTS[f.test], zh), word(PARTS[f.part], zh), f.level, ", ".join(f.labs), number(f.statistic), *map(number, f.critical),
         outlier if f.outlier else straggler)
        for f in flagged(study)
    ]  # fmt: skip
    title = ("歧离值与离群值" if zh else "stragglers and outliers") + ("" if flags else ("：无" if zh else ": none"))
    yield Table(title, (*named, "5 %", "1 %", "判断" if zh else "verdict"), flags, (4, 5, 6))


def notes(study: SplitStudy, language: Language) -> Iterator[str]:
    a, b = study.materials
    if language == "zh":
        yield f"a = {a}，b = {b}；s_r = s_D/√2，s_R² = s_y² + s_r²/2；s_L² 为负时取 0（表中 *）；r = 2.8 s_r，R = 2.8 s_R"
        yield "! ISO 5725-5 的原文待核：公式由其模型推出"
    else:
        yield f"a = {a}, b = {b}; s_r = s_D/√2, s_R² = s_y² + s_r²/2; a negative s_L² is taken as 0 (* in the table); r = 2.8 s_r, R = 2.8 s_R"
        yield "! the text of ISO 5725-5 was not seen; the formulas follow from its model"


def as_json(study: SplitStudy) -> dict[str, Any]:
    """Everything, unrounded."""
    of, labs = study.found, study.studies.labs[0]

    def flat(x: float) -> float | None:
        return plain(x) if math.isfinite(x) else None

    return {
        "file": study.studies.file, "sha256": study.studies.digest, "unit": study.studies.unit, "materials": list(study.materials),
        "levels": [
            {"level": level, "p": int(of.p[j]), "m": flat(of.general[j]), "difference": flat(of.difference[j]), "s_D": flat(of.s_D[j]),
             "s_y": flat(of.s_y[j]), "s_r": flat(of.s_r[j]), "s_L": flat(of.s_L[j]), "s_R": flat(of.s_R[j]), "truncated": bool(of.truncated[j]),
             "h": {part: {lab: flat(made.h[j, i]) for i, lab in enumerate(labs)} for part, made in of.mandel.items()}}
            for j, level in enumerate(study.studies.levels[0])
        ],
        "flags": [{"of": f.part, "test": f.test, "level": f.level, "labs": list(f.labs), "statistic": f.statistic, "critical": list(f.critical),
                   "outlier": f.outlier} for f in flagged(study)],
    }  # fmt: skip
