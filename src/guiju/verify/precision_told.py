"""What is told of a precision study: tables for people, one object for machines. Every figure with its edition and its conventions."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from guiju.base.diagnostics import Language
from guiju.standard.model import Title
from guiju.verify.study import Analysis, Result, flagged
from guiju.verify.told import Table, number, plain, word

TESTS = {
    "cochran": Title("柯克伦检验", "Cochran"),
    "tlam": Title("’t Lam 检验（不等重复数，供参考）", "'t Lam, unequal n (for reference)"),
    "grubbs_high": Title("格拉布斯检验（一个最大）", "Grubbs, highest"),
    "grubbs_low": Title("格拉布斯检验（一个最小）", "Grubbs, lowest"),
    "grubbs2_high": Title("格拉布斯检验（两个最大）", "Grubbs, two highest"),
    "grubbs2_low": Title("格拉布斯检验（两个最小）", "Grubbs, two lowest"),
}
RELATIONS = {"I": "s = b·m", "II": "s = a + b·m", "III": "lg s = c + d·lg m"}


def tables(result: Result, language: Language, study: int = 0) -> Iterator[Table]:
    """What people read of one study: precision, what is out of line, h and k, relations; the kept analysis beside that of all data."""
    zh = language == "zh"
    parts = [(result.full, ("全部数据" if zh else "all data"))]
    if result.kept is not None:
        parts.append((result.kept, "按声明排除后" if zh else "after the declared exclusions"))
    name = result.studies.names[study]
    for of, what in parts:
        title = f"{name + ' · ' if name else ''}{'精密度' if zh else 'precision'} · {what} · {result.edition.name}"
        yield _precision(result, of, study, title, zh)
        yield _outlying(result, of, study, what, zh)
        if result.edition.relations and len(result.studies.levels[study]) > 1:
            yield _relations(of, study, what, zh)
    yield _mandel(result, result.full, study, zh)
    if result.exclusions:
        header = ("实验室", "水平", "重复", "理由", "决定人", "日期") if zh else ("laboratory", "level", "replicate", "reason", "by", "on")
        rows = [(e.lab, e.level or "*", e.replicate or "*", e.reason, e.by, e.on) for e in result.exclusions]
        yield Table("声明的排除" if zh else "declared exclusions", header, rows, ())


def _precision(result: Result, of: Analysis, s: int, title: str, zh: bool) -> Table:
    found, unit = of.precision, f" ({result.studies.unit})" if result.studies.unit else ""
    header = ("水平" if zh else "level", "p", "N", f"m{unit}", "s_r", "s_L", "s_R", "r", "R", "u(s_r)", "u(s_R)")
    rows = [
        (level, f"{found.p[s, j]:.0f}", f"{found.n[s, j]:.0f}", number(found.general[s, j], 5), number(found.s_r[s, j]),
         number(found.s_L[s, j]) + ("*" if found.truncated[s, j] else ""), number(found.s_R[s, j]), number(found.r[s, j]), number(found.R[s, j]),
         number(found.u_r[s, j], 2), number(found.u_R[s, j], 2))
        for j, level in enumerate(result.studies.levels[s])
    ]  # fmt: skip
    return Table(title, header, rows, range(1, 11))


def _outlying(result: Result, of: Analysis, s: int, what: str, zh: bool) -> Table:
    header = ("检验", "水平", "实验室", "统计量") if zh else ("test", "level", "laboratory", "statistic")
    straggler, outlier = ("* 歧离值", "** 离群值") if zh else ("* straggler", "** outlier")
    rows = [
        (word(TESTS[f.test], zh), f.level, ", ".join(f.labs), number(f.statistic), *map(number, f.critical), outlier if f.outlier else straggler)
        for f in [*flagged(result.studies, of, s), *(f for f in flagged(result.studies, of, s, full=True) if f.test == "tlam")]
    ]
    title = ("歧离值与离群值" if zh else "stragglers and outliers") + f" · {what}" + ("" if rows else ("：无" if zh else ": none"))
    return Table(title, (*header, "5 %", "1 %", "判断" if zh else "verdict"), rows, (3, 4, 5))


def _relations(of: Analysis, s: int, what: str, zh: bool) -> Table:
    header = ("关系", "", "常数", "斜率", "最大相对偏差") if zh else ("relation", "", "constant", "slope", "largest relative deviation")
    rows = [
        (f"{kind}  {RELATIONS[kind]}", f"s_{which}", number(each.constant[s]), number(each.slope[s]), f"{100 * each.deviation[s]:.1f} %")
        for kind, both in of.relations.items()
        for which, each in both.items()
        if math.isfinite(float(each.slope[s]))
    ]
    return Table(("精密度与水平的关系" if zh else "precision and level") + f" · {what}", header, rows, (2, 3, 4))


def _mandel(result: Result, of: Analysis, s: int, zh: bool) -> Table:
    """Only the cells that stand out: all of them are in the JSON and in the plots."""
    studies, found = result.studies, of.mandel
    marks = {0: "", 1: "*", 2: "**"}
    rows = [
        (lab, level, f"{found.h[s, j, i]:.2f}{marks[int(found.h_flag[s, j, i])]}", f"{found.k[s, j, i]:.2f}{marks[int(found.k_flag[s, j, i])]}")
        for i, lab in enumerate(studies.labs[s])
        for j, level in enumerate(studies.levels[s])
        if found.h_flag[s, j, i] or found.k_flag[s, j, i]
    ]
    header = ("实验室", "水平", "h", "k") if zh else ("laboratory", "level", "h", "k")
    title = "曼德尔 h、k 超出 5 %（*）、1 %（**）者" if zh else "Mandel's h and k beyond 5 % (*) and 1 % (**)"
    return Table(title + ("" if rows else ("：无" if zh else ": none")), header, rows, (2, 3))


_PENDING = {"III": Title("关系 III", "relation III"), "unbalanced": Title("不等重复数的公式", "the formulas for unequal cells")}
_CONVENTIONS = {
    "e691": Title(
        "总平均为各单元平均值的平均；s_R 不小于 s_r；r = 2.8 s_r，R = 2.8 s_R",
        "general mean: of the cell means; s_R is never below s_r; r = 2.8 s_r, R = 2.8 s_R",
    ),
    "iso5725": Title(
        "单元按结果数加权；s_L² 为负时取 0（表中 *）；r = 2.8 s_r，R = 2.8 s_R；k 的分母是按自由度合并的 s_r",
        "cells weighted by their number of results; a negative s_L² is taken as 0 (* in the table); r = 2.8 s_r, R = 2.8 s_R; "
        "k refers to s_r pooled by degrees of freedom",
    ),
}


def notes(result: Result, language: Language) -> Iterator[str]:
    """The conventions the figures rest on."""
    zh, edition = language == "zh", result.edition
    yield word(_CONVENTIONS[edition.convention], zh)
    for pending in edition.pending:
        what = word(_PENDING[pending], zh)
        yield (
            f"! {edition.name} 的原文待核：{what}按以前的版本计算"
            if zh
            else f"! {what}: the text of {edition.name} was not seen; as in editions before"
        )
    yield f"{'数据' if zh else 'data'} SHA-256 {result.studies.digest[:16]}…  {result.studies.file}"


def as_json(result: Result) -> dict[str, Any]:
    """Everything, with nothing rounded; NaN as null."""
    edition = result.edition
    return {
        "edition": edition.name, "pending": list(edition.pending), "convention": edition.convention, "limit_factor": 2.8,
        "unit": result.studies.unit, "file": result.studies.file, "sha256": result.studies.digest,
        "exclusions": [asdict(each) for each in result.exclusions],
        "studies": [
            {"study": name, "all": _analysis(result, result.full, s), "kept": None if result.kept is None else _analysis(result, result.kept, s)}
            for s, name in enumerate(result.studies.names)
        ],
        "diagnostics": [d.as_json() for d in result.diagnostics],
    }  # fmt: skip


def _analysis(result: Result, of: Analysis, s: int) -> dict[str, Any]:
    studies, p, m = result.studies, of.precision, of.mandel
    levels = []
    for j, level in enumerate(studies.levels[s]):
        cells = [
            {"lab": lab, "n": int(of.made.n[s, j, i]), "mean": plain(of.made.mean[s, j, i]), "variance": plain(of.made.variance[s, j, i]),
             "h": plain(m.h[s, j, i]), "k": plain(m.k[s, j, i]), "h_flag": int(m.h_flag[s, j, i]), "k_flag": int(m.k_flag[s, j, i])}
            for i, lab in enumerate(studies.labs[s])
        ]  # fmt: skip
        figures = {"p": p.p, "N": p.n, "m": p.general, "s_x": p.s_x, "s_r": p.s_r, "s_L": p.s_L, "s_R": p.s_R, "r": p.r, "R": p.R}
        figures |= {"u_s_r": p.u_r, "u_s_R": p.u_R}
        tests = {
            name: {"statistic": plain(t.statistic[s, j]), "critical_5": plain(t.critical[0][s, j]), "critical_1": plain(t.critical[1][s, j]),
                   "flag": int(t.flag[s, j]), "labs": [studies.labs[s][i] for i in t.at[s, j] if i >= 0]}
            for name, t in of.tests.items()
        }  # fmt: skip
        levels.append({"level": level, **{name: plain(each[s, j]) for name, each in figures.items()}, "s_L_truncated": bool(p.truncated[s, j]),
                       "h_critical_0.5%": plain(m.h_005[s, j]), "tests": tests, "cells": cells})  # fmt: skip
    found = [
        {"test": f.test, "level": f.level, "labs": list(f.labs), "kind": "outlier" if f.outlier else "straggler"} for f in flagged(studies, of, s)
    ]
    relations = {
        kind: {f"s_{which}": {name: plain(getattr(each, name)[s]) for name in ("constant", "slope", "deviation")} for which, each in both.items()}
        for kind, both in of.relations.items()
    }
    return {"levels": levels, "flags": found, "relations": relations}
