"""Study asked: what a page is asked of a precision study: which table, which edition and method, which exclusions; and what comes of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from guiju.base.diagnostics import Language, Refused
from guiju.standard.model import Title
from guiju.verify import nested_told, robust_study
from guiju.verify.given import Given
from guiju.verify.outcome import Outcome, Part
from guiju.verify.precision_told import as_json, notes, tables
from guiju.verify.sheet import refuse
from guiju.verify.study import EDITIONS, NEWEST, Exclusion, Result, Studies, analyse, analyse_nested, flagged, read_studies
from guiju.verify.study_figures import figures
from guiju.verify.told import Table, number, say
from guiju.verify.tray import Brought, laid_out

SHIPPED = {"study": "study.csv"}
METHODS = {
    "basic": Title("基本方法（ISO 5725-2）", "basic method (ISO 5725-2)"),
    "A+S": Title("稳健：算法 A+S（ISO 5725-5）", "robust: Algorithm A+S (ISO 5725-5)"),
    "Q/Hampel": Title("稳健：Q/Hampel（ISO 5725-5）", "robust: Q/Hampel (ISO 5725-5)"),
    "nested": Title("套合或错层设计（ISO 5725-3）", "nested or staggered design (ISO 5725-3)"),
}
COLUMNS = {
    "lab": Title("实验室", "laboratory"), "level": Title("水平", "level"), "value": Title("结果", "value"),
    "replicate": Title("重复", "replicate"), "group": Title("研究", "study"),
}  # fmt: skip
EXCLUSION = ("xlab", "xlevel", "xreplicate", "xreason", "xby", "xon")
EXCLUSIONS_MAX, CELLS_DRAWN = 60, 900


def exclusions(given: Given) -> tuple[Exclusion, ...]:
    """The exclusions of an address, row by row; one without reason, person or day is refused with the others."""
    rows = list(zip(*(_padded(given.many(name), len(given.many("xlab"))) for name in EXCLUSION), strict=True))[:EXCLUSIONS_MAX]
    found = []
    for at, (lab, level, replicate, reason, by, on) in enumerate(rows, 1):
        if not any((lab, level, replicate, reason, by, on)):
            continue
        lacking = [words for words, value in ((("实验室", "laboratory"), lab), (("理由", "a reason"), reason), (("决定人", "who decided"), by),
                                              (("日期", "a day"), on)) if not value]  # fmt: skip
        if lacking:
            given.problems.add(
                "verify-exclusion-incomplete",
                None,
                what=" / ".join(each for each in (lab, level, replicate) if each) or f"#{at}",
                missing_zh="、".join(zh for zh, _ in lacking),
                missing_en=", ".join(en for _, en in lacking),
                field=f"x{at}",
            )
        found.append(Exclusion(lab, level or None, replicate or None, reason, by, on))
    return tuple(found)


def _padded(values: Sequence[str], count: int) -> list[str]:
    return [*values[:count], *[""] * (count - len(values))]


def study_outcome(given: Given, table: Brought) -> Outcome:
    """What is found of the table by what the address asks.

    raises   Refused, with every problem: of the address, of the table at the door, of the exclusions
    """
    edition = given.word("edition", tuple(EDITIONS), NEWEST)
    method = given.word("method", tuple(METHODS), "basic")
    out = exclusions(given)
    given.problems.refuse_errors()
    columns = {name: given.one(name) or None for name in COLUMNS}
    with laid_out(table) as path:
        if method == "nested":
            return _nested(
                given, table, [each for each in (part.strip() for part in given.one("factors").split(",")) if each], columns["value"], path
            )
        studies = read_studies(path, columns, given.one("unit"))
    return outcome_of(studies, edition, method, out, given.language, table.illustrative, given.one("study"))


def outcome_of(studies: Studies, edition: str, method: str, out: Sequence[Exclusion], language: Language, illustrative: bool = False,
               study: str = "") -> Outcome:  # fmt: skip
    """What is found of studies that have been read, by one of `METHODS` but the nested one."""
    s = studies.names.index(study) if study in studies.names else 0
    if method in robust_study.METHODS:
        return _robust(studies, method, language, illustrative, s)
    result = analyse(studies, edition, out)
    zh = language == "zh"
    told = list(tables(result, language, s))
    precise = told[0]
    parts = [Part(say(zh, "精密度", "Precision"), (precise, *notes(result, language)))]
    if result.kept is not None:
        after = next(each for each in told[1:] if each.header == precise.header)
        parts = [Part(say(zh, "两个结果并列", "Both results side by side"), (_beside(result, s, zh), told[-1])),
                 Part(say(zh, "精密度", "Precision"), (precise, after, *notes(result, language)))]  # fmt: skip
    rest = [each for each in told if (each.header != precise.header and each.header != told[-1].header) or each is told[-1]]
    rest = [each for each in rest if not (result.kept is not None and each is told[-1])]
    parts.append(Part(say(zh, "歧离值、离群值与关系", "Stragglers, outliers and relations"), tuple(rest)))
    parts.append(_drawings(result, language, s))
    return Outcome(
        f"{say(zh, '精密度研究', 'Precision study')} · {studies.file}", tuple(parts), as_json(result), precise, result.diagnostics,
        ((studies.file, studies.digest),), illustrative,
        {"flags": _flags(result, s), "studies": studies.names, "study": studies.names[s], "labs": studies.labs[s], "levels": studies.levels[s]},
    )  # fmt: skip


def _drawings(result: Result, language: Language, s: int) -> Part:
    """h, k and relations; where something was excluded, of all data and of what is kept side by side."""
    zh = language == "zh"
    title = say(zh, "图", "Drawings")
    if len(result.studies.labs[s]) * len(result.studies.levels[s]) > CELLS_DRAWN:
        return Part(title, (say(zh, f"单元多于 {CELLS_DRAWN} 个，不画图；数值在下载的文件里。",
                                f"There are more than {CELLS_DRAWN} cells: nothing is drawn; the files have the numbers."),))  # fmt: skip
    full = list(figures(result, result.full, language, s))
    if result.kept is None:
        return Part(title, tuple(full))
    kept = figures(result, result.kept, language, s, "-kept")
    words = (say(zh, "全部数据", "all data"), say(zh, "排除后", "after the exclusions"))
    pairs = [replace(each, title=f"{each.title} · {word}") for pair in zip(full, kept, strict=True) for each, word in zip(pair, words, strict=True)]
    return Part(f"{title} · {say(zh, '全部数据 | 按声明排除后', 'all data | after the declared exclusions')}", tuple(pairs), True)


def _flags(result: Result, s: int) -> list[dict[str, Any]]:
    """What the tests point at in what is kept, for links that begin an exclusion."""
    found = flagged(result.studies, result.kept or result.full, s)
    return [{"test": f.test, "level": f.level, "labs": f.labs, "outlier": f.outlier} for f in found]


def _beside(result: Result, s: int, zh: bool) -> Table:
    """Both analyses, figure by figure."""
    assert result.kept is not None
    full, kept = result.full.precision, result.kept.precision
    names = ("N", "m", "s_r", "s_R", "r", "R")
    header = [say(zh, "水平", "level")]
    for name in names:
        header += [f"{name} {say(zh, '全部', 'all')}", f"{name} {say(zh, '排除后', 'kept')}"]
    rows = []
    for j, level in enumerate(result.studies.levels[s]):
        row = [level]
        for name in names:
            for of in (full, kept):
                value = float({"N": of.n, "m": of.general}.get(name, None if name in ("N", "m") else getattr(of, name))[s, j])  # type: ignore[index]
                row.append(f"{value:.0f}" if name == "N" else number(value, 5 if name == "m" else 4))
        rows.append(row)
    return Table(say(zh, "全部数据 | 按声明排除后", "all data | after the declared exclusions"), header, rows, range(1, len(header)))


def _robust(studies: Studies, method: str, language: Language, illustrative: bool, s: int) -> Outcome:
    zh = language == "zh"
    found = robust_study.robust(studies, "A+S" if method == "A+S" else "Q/Hampel")
    made = robust_study.table(found, language, s)
    note = say(zh, "稳健估计不作离群检验，也不排除任何数据；s_R 不小于 s_r；r = 2.8 s_r，R = 2.8 s_R",
               "robust estimates test for no outliers and leave nothing out; s_R is never below s_r; r = 2.8 s_r, R = 2.8 s_R")  # fmt: skip
    source = f"{say(zh, '数据', 'data')} SHA-256 {studies.digest[:16]}…  {studies.file}"
    return Outcome(
        f"{say(zh, '精密度研究', 'Precision study')} · {studies.file}",
        (Part(say(zh, "稳健精密度", "Robust precision"), (made, note, source)),),
        robust_study.as_json(found),
        made,
        studies.diagnostics,
        ((studies.file, studies.digest),),
        illustrative,
        {"flags": [], "studies": studies.names, "study": studies.names[s], "labs": studies.labs[s], "levels": studies.levels[s]},
    )


def _nested(given: Given, table: Brought, factors: list[str], value: str | None, path: Any) -> Outcome:
    import hashlib

    if not factors:
        raise refuse("verify-no-factors")
    found = analyse_nested(path, factors, value)
    made = nested_told.table(found, given.language)
    digest = hashlib.sha256(table.content).hexdigest()
    return Outcome(
        f"{given.say('套合设计', 'Nested design')} · {table.name}",
        (Part(given.say("方差分量", "Components of variance"), (made, *nested_told.notes(found, factors, given.language))),),
        nested_told.as_json(found, factors),
        made,
        (),
        ((table.name, digest),),
        table.illustrative,
        {"flags": [], "studies": ("",), "study": ""},
    )


def headers_of(table: Brought) -> list[str]:
    """The headers of a table, for choosing columns; none where it cannot be read."""
    import duckdb

    from guiju.records.read import read_table

    try:
        with laid_out(table) as path:
            return [column.name for column in read_table(path, duckdb.connect(), "sheet").columns][:60]
    except Refused:
        return []
