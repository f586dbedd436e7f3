"""Worksheet asked: a formula and its inputs as fields of a page: written as the worksheet `guiju verify uncertainty` takes, and evaluated."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from guiju.base.diagnostics import Diagnostic, Language, Refused
from guiju.base.rounding import decimal_text
from guiju.metrology.montecarlo import Interval
from guiju.standard.model import Title
from guiju.verify.given import Given
from guiju.verify.outcome import Block, Outcome, Part
from guiju.verify.sheet import LARGEST
from guiju.verify.tray import Brought, laid_out, refuse_large
from guiju.verify.uncertain_figures import contributions, histogram
from guiju.verify.uncertainty import Evaluated, as_json, evaluate, notes, tables
from guiju.verify.worksheet import read_worksheet

SHAPES = {
    "normal": Title("正态", "normal"), "t": Title("t（有限自由度）", "t (finite dof)"), "rectangular": Title("矩形 ±a", "rectangular ±a"),
    "triangular": Title("三角 ±a", "triangular ±a"), "arcsine": Title("反正弦 ±a", "arcsine ±a"),
}  # fmt: skip
BOUNDED = ("rectangular", "triangular", "arcsine")
ROW = ("n", "v", "u", "a", "d", "dof")
ROWS_MAX, CHARTS_MAX = 40, 4
WORDS = {
    "v": Title("值", "value"),
    "u": Title("标准不确定度", "standard uncertainty"),
    "a": Title("半宽", "half-width"),
    "dof": Title("自由度", "dof"),
}
COVERAGE, K, DIGITS = Title("包含概率", "coverage probability"), Title("包含因子 k", "coverage factor k"), Title("有效数字", "digits")


@dataclass(frozen=True, slots=True)
class Row:
    """One input as typed; `d` its distribution."""

    n: str = ""
    v: str = ""
    u: str = ""
    a: str = ""
    d: str = ""
    dof: str = ""


def rows(given: Given) -> list[Row]:
    """The inputs of an address, as typed."""
    columns = [given.many(name) for name in ROW]
    count = min(len(columns[0]), ROWS_MAX)
    made = [Row(*(column[at] if at < len(column) else "" for column in columns)) for at in range(count)]
    return [row for row in made if row.n or row.v or row.u or row.a]


def pairs(given: Given) -> list[tuple[str, str, str]]:
    """Correlations as typed: (one input, another, r)."""
    return [each for each in zip(given.many("c1"), given.many("c2"), given.many("r"), strict=False) if any(each)]


def written(given: Given) -> str:
    """The fields as a worksheet; a text that was given as a whole stays as it is.

    raises   Refused: numbers that are none, inputs without a value, bounded ones without a half-width
    """
    if given.one("sheet"):
        refuse_large(given.one("sheet").encode())
        return given.one("sheet") + "\n"
    lines = [f"{name}: {json.dumps(given.one(name), ensure_ascii=False)}" for name in ("title", "unit") if given.one(name)]
    lines.append(f"model: {json.dumps(given.one('model'), ensure_ascii=False)}" if given.one("model") else "model:")
    lines.append("inputs:")
    lines += [f"  {json.dumps(row.n, ensure_ascii=False)}: {{{', '.join(_input(given, row, at))}}}" for at, row in enumerate(rows(given), 1)]
    correlated = [f"{{of: [{json.dumps(a, ensure_ascii=False)}, {json.dumps(b, ensure_ascii=False)}], r: {_plain(given, r, at)}}}"
                  for at, (a, b, r) in enumerate(pairs(given), 1)]  # fmt: skip
    if correlated:
        lines.append(f"correlations: [{', '.join(correlated)}]")
    for name, title, least, most in (("coverage", COVERAGE, 0.5, 0.9999), ("k", K, 1e-9, 1e9), ("digits", DIGITS, 1, 4)):
        found = given.number(name, title, least=least, most=most)
        if found is not None:
            lines.append(f"{name}: {decimal_text(found)}")
    if given.one("convention"):
        lines.append(f"dof: {given.word('convention', ('interpolate', 'truncate'), 'interpolate')}")
    text = "\n".join(lines) + "\n"
    if given.problems.has_errors:
        _also_wrong(given, text)
    given.problems.refuse_errors()
    return text


def _also_wrong(given: Given, text: str) -> None:
    """What else is wrong, in the formula and the names, where numbers already are: everything is told at once."""
    try:
        with laid_out(Brought("worksheet.yaml", text.encode("utf-8"), ("table", ""))) as path:
            read_worksheet(path)
    except Refused as refused:
        given.problems.extend(refused.diagnostics)


def _plain(given: Given, r: str, at: int) -> str:
    found = given.read(r, f"r{at}", Title("相关系数 r", "correlation r"), least=-1, most=1)
    return decimal_text(found or Fraction(0))


def _input(given: Given, row: Row, at: int) -> Iterator[str]:
    """What is known of one input, as the worksheet writes it."""

    def read(name: str, least: float = -LARGEST) -> Fraction | None:
        title = Title(f"{row.n} 的{WORDS[name].zh}", f"{WORDS[name].en} of {row.n}")
        return given.read(getattr(row, name), f"{name}{at}", title, least=least)

    shape = row.d or "normal"
    if shape not in SHAPES:
        given.problems.add("unknown-word", None, word=shape, known=", ".join(SHAPES), field=f"d{at}")
    value, u, half, dof = read("v"), read("u", 0), read("a", 0), read("dof", 1)
    needed = [("v", value)] if shape not in BOUNDED else [("v", value), ("a", half)]
    for name, found in needed:
        if found is None and not getattr(row, name):
            given.wrong("verify-field-needed", f"{name}{at}", Title(f"{row.n} 的{WORDS[name].zh}", f"{WORDS[name].en} of {row.n}"))
    value, half = value or Fraction(0), Fraction(1) if half is None else half  # where one is wrong, that has been told, and nothing is computed
    if shape in BOUNDED:
        yield f"between: [{decimal_text(value - half)}, {decimal_text(value + half)}]"
    else:
        yield f"value: {decimal_text(value)}"
        yield f"u: {decimal_text(u or Fraction(0))}"
    if dof is not None and shape not in BOUNDED[1:]:
        yield f"dof: {decimal_text(dof)}"
    if shape not in ("normal", "rectangular"):
        yield f"shape: {shape}"


def evaluated(tell: object, text: str, shortest: bool, seed: int, language: Language, illustrative: bool = False) -> Outcome:
    """A worksheet evaluated; Monte Carlo may take seconds, so that this is done in the process apart.

    raises   Refused, with every problem, each at its line of the worksheet
    """
    interval: Interval = "shortest" if shortest else "symmetric"
    with laid_out(Brought("worksheet.yaml", text.encode("utf-8"), ("table", ""))) as path:
        found = evaluate(read_worksheet(path), seed=seed, interval=interval)
    return outcome_of(found, text, language, illustrative)


def outcome_of(found: Evaluated, text: str, language: Language, illustrative: bool = False) -> Outcome:
    """Results side by side, budgets, and of the first outputs the drawings. text: the worksheet, for whoever wants to keep it."""
    zh = language == "zh"
    told = list(tables(found, language))
    several = len(found.first.budgets) > 1
    results = told[len(found.first.budgets)]
    drawn: list[Block] = []
    for n, budget in enumerate(found.first.budgets[:CHARTS_MAX]):
        name = budget.output or "y"
        bars = contributions(f"budget-{n}", name, list(zip(budget.inputs, map(float, budget.contribution), strict=True)), language, found.sheet.unit)
        if bars is not None:
            drawn.append(bars)
        if found.run is not None:
            run = found.run.outputs[n]
            shown = histogram(f"histogram-{n}", name, run.values, budget.y, budget.u, language, ends=(budget.y - budget.U, budget.y + budget.U),
                              drawn=(run.low, run.high), unit=found.sheet.unit)  # fmt: skip
            if shown is not None:
                drawn.append(shown)
    correlated = tuple(told[len(found.first.budgets) + 1 :]) if several else ()
    parts = (
        Part("结果：GUM 与蒙特卡洛并列" if zh else "Results: GUM beside Monte Carlo", (results, *notes(found, language), *correlated)),
        Part("预算" if zh else "Budget", tuple(told[: len(found.first.budgets)])), Part("图" if zh else "Drawings", tuple(drawn), True),
    )  # fmt: skip
    digest = hashlib.sha256(text.encode("utf-8")).hexdigest()
    title = found.sheet.title or ("测量不确定度" if zh else "Uncertainty of a measurement")
    first = found.first.budgets[0]
    return Outcome(title, parts, as_json(found), results, found.diagnostics, (("worksheet.yaml", digest),), illustrative,
                   {"bad": any(not each.valid for each in found.validation), "y": first.y, "u": first.u, "sheet": text})  # fmt: skip


def at_line(found: Diagnostic, text: str) -> str:
    """The line of the worksheet a problem points at; empty where it points at none."""
    lines = text.splitlines()
    return lines[found.span.line - 1].strip() if found.span is not None and 0 < found.span.line <= len(lines) else ""


def refused_without_model(given: Given) -> None:
    """Refused where neither a formula nor a whole worksheet is given."""
    if not given.one("model") and not given.one("sheet"):
        raise Refused([Diagnostic("uncertain-no-model", None, {})])
