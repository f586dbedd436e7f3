"""Robust study: precision of every level without any test for outliers (ISO 5725-5): nothing is left out, and nothing pulls far."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np

from guiju.base.diagnostics import Language, Problems
from guiju.metrology.array import Array
from guiju.metrology.precision import LIMIT_FACTOR
from guiju.metrology.robust import RobustPrecision, robust_precision
from guiju.verify.sheet import refuse
from guiju.verify.study import Studies
from guiju.verify.told import Table, number, say

Method = Literal["A+S", "Q/Hampel"]
METHODS: tuple[Method, ...] = ("A+S", "Q/Hampel")


@dataclass(frozen=True, slots=True)
class Robust:
    """levels   (label, number of laboratories, number of results, estimates), for each study"""

    method: Method
    studies: Studies
    levels: tuple[tuple[tuple[str, int, int, RobustPrecision], ...], ...]


def robust(studies: Studies, method: Method) -> Robust:
    """Robust location, s_r and s_R of every level of every study.

    raises   Refused: only means of cells are known; A+S where cells are unequal; more than half of the results equal
    """
    if studies.results is None:
        raise refuse("verify-robust-needs-results")
    problems = Problems()
    found = []
    for s, levels in enumerate(studies.levels):
        of = []
        for j, level in enumerate(levels):
            groups = _groups(studies.results[s, j])
            about = {"level": level, "study": studies.names[s] and f"{studies.names[s]}: "}
            if method == "A+S" and len({len(group) for group in groups}) > 1:
                problems.add("verify-robust-unequal", None, **about)
                continue
            made = robust_precision(groups, method)
            if not made.s_R > 0:
                problems.add("verify-robust-equal", None, **about)
            of.append((level, len(groups), sum(map(len, groups)), made))
        found.append(tuple(of))
    problems.refuse_errors()
    return Robust(method, studies, tuple(found))


def _groups(results: Array) -> list[Array]:
    rows = [row[~np.isnan(row)] for row in results]
    return [row for row in rows if len(row)]


def table(found: Robust, language: Language, study: int = 0) -> Table:
    zh = language == "zh"
    unit = f" ({found.studies.unit})" if found.studies.unit else ""
    header = (say(zh, "水平", "level"), "p", "N", f"m*{unit}", "s_r", "s_R", "r", "R")
    rows = [
        (level, str(p), str(n), number(each.general, 5), number(each.s_r), number(each.s_R), number(LIMIT_FACTOR * each.s_r),
         number(LIMIT_FACTOR * each.s_R))
        for level, p, n, each in found.levels[study]
    ]  # fmt: skip
    return Table(f"{say(zh, '稳健精密度', 'robust precision')} · {found.method} · ISO 5725-5", header, rows, range(1, 8))


def as_json(found: Robust) -> dict[str, Any]:
    """Everything, unrounded."""
    return {
        "standard": "ISO 5725-5", "method": found.method, "file": found.studies.file, "sha256": found.studies.digest, "unit": found.studies.unit,
        "limit_factor": LIMIT_FACTOR,
        "studies": [
            {"study": name, "levels": [{"level": level, "p": p, "N": n, **asdict(each)} for level, p, n, each in levels]}
            for name, levels in zip(found.studies.names, found.levels, strict=True)
        ],
    }  # fmt: skip
