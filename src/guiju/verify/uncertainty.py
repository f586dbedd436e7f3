"""Uncertainty of a worksheet: the budget, the second order, Monte Carlo, and whether the first may stand for the last."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from guiju.base.diagnostics import Diagnostic, Language, Problems
from guiju.metrology.draws import Sampler
from guiju.metrology.model import Model
from guiju.metrology.montecarlo import Drawn, Interval, Run, Validation, monte_carlo, validate
from guiju.metrology.propagation import Budget, Propagated, gum
from guiju.standard.model import Title
from guiju.verify.told import Table, estimate, number, plain, say, word
from guiju.verify.worksheet import Worksheet

KINDS = {
    "normal": Title("正态", "normal"), "t": Title("t", "t"), "rectangular": Title("矩形", "rectangular"), "triangular": Title("三角", "triangular"),
    "trapezoidal": Title("梯形", "trapezoidal"), "curvilinear trapezoid": Title("曲边梯形", "curvilinear trapezoid"),
    "arcsine": Title("反正弦", "arcsine"), "sample": Title("样本", "sample"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Evaluated:
    """second: None where it cannot be had; run: None where Monte Carlo was not asked for."""

    sheet: Worksheet
    first: Propagated
    second: Propagated | None
    run: Run | None
    validation: tuple[Validation, ...]
    diagnostics: tuple[Diagnostic, ...]


def evaluate(sheet: Worksheet, *, draws: bool = True, trials: int | None = None, sampler: Sampler = "sobol", seed: int = 1,
             interval: Interval = "symmetric") -> Evaluated:  # fmt: skip
    """Everything at once; what makes the first order invalid is said.

    raises   Refused: effective degrees of freedom undefined and no k given, a model without a value where it is drawn
    """
    convention: Literal["truncate", "interpolate"] = "truncate" if sheet.dof == "truncate" else "interpolate"
    model, problems = sheet.model, Problems()
    first = gum(model, probability=sheet.coverage, dof=convention, k=sheet.k)
    second = gum(model, order=2, probability=sheet.coverage, dof=convention, k=sheet.k)
    run, checks = None, []
    if draws:
        run = monte_carlo(model, probability=sheet.coverage, trials=trials, digits=sheet.digits, sampler=sampler, seed=seed, interval=interval)
        if not run.reached:
            problems.add("uncertain-not-settled", None, digits=sheet.digits, trials=run.outputs[0].trials)
        if interval == "symmetric":
            checks = validate(model, first, probability=sheet.coverage, digits=sheet.digits, seed=seed)
    for one, two in zip(first.budgets, second.budgets, strict=True):
        _flat(model, one, problems)
        if two.u > 1.05 * one.u:
            problems.add("uncertain-curved", None, output=one.output or "y", first=number(one.u), second=number(two.u))
    return Evaluated(sheet, first, second, run, tuple(checks), problems.found)


def _flat(model: Model, budget: Budget, problems: Problems) -> None:
    if not budget.contribution.any() and any(each.u > 0 for each in model.inputs.values()):
        problems.add("uncertain-flat", None, output=budget.output or "y")
    elif budget.flat:
        problems.add("uncertain-flat-input", None, output=budget.output or "y", inputs=", ".join(budget.flat))


def tables(found: Evaluated, language: Language) -> Iterator[Table]:
    """The budget of each output, then the results by each method side by side."""
    zh, inputs = language == "zh", found.sheet.model.inputs
    for b in found.first.budgets:
        squares = sum(part**2 for part in b.contribution) or 1.0
        rows = [
            (name, word(KINDS[x.kind], zh), estimate(x.mean, x.u), *map(number, (x.u, x.dof, c, part)), f"{100 * part**2 / squares:.1f} %")
            for (name, x), c, part in zip(inputs.items(), b.sensitivity, b.contribution, strict=True)
            if x.u > 0
        ]
        header = (
            ("输入", "分布", "估计", "u", "自由度", "灵敏系数", "|c|·u", "份额")
            if zh
            else ("input", "distribution", "estimate", "u", "dof", "sensitivity", "|c|·u", "share")
        )
        yield Table(f"{'不确定度预算' if zh else 'budget'}{' · ' + b.output if b.output else ''}", header, rows, range(2, 8))
    percent = f"{100 * found.sheet.coverage:g} %"
    results = [row for n in range(len(found.first.budgets)) for row in _results(found, n, zh)]
    header = ("输出", "方法", "y", "u", "ν_eff", "k", f"U ({percent})", f"{percent} 区间") if zh else (
        "output", "method", "y", "u", "ν_eff", "k", f"U ({percent})", f"{percent} interval")  # fmt: skip
    yield Table(found.sheet.title or ("结果" if zh else "result"), header, results, range(2, 7))
    if len(found.first.budgets) > 1:
        names = [b.output for b in found.first.budgets]
        matrix = [(a, *(f"{found.first.correlation[i, j]:.3f}" for j in range(len(names)))) for i, a in enumerate(names)]
        yield Table("输出的相关系数" if zh else "correlation of the outputs", ("", *names), matrix, range(1, len(names) + 1))


def _results(found: Evaluated, n: int, zh: bool) -> Iterator[tuple[str, ...]]:
    one, second = found.first.budgets[n], found.second
    yield _row(one, "GUM 一阶" if zh else "GUM, first order")
    if second is not None and abs(second.budgets[n].u - one.u) > 1e-6 * one.u:
        yield _row(second.budgets[n], "GUM 二阶" if zh else "GUM, second order")
    if found.run is not None:
        drawn = found.run.outputs[n]
        how = f"{'蒙特卡洛' if zh else 'Monte Carlo'} {drawn.trials:,}"
        ends = f"[{estimate(drawn.low, drawn.u)}, {estimate(drawn.high, drawn.u)}]"
        yield drawn.output or "y", how, estimate(drawn.y, drawn.u), number(drawn.u), "", "", "", ends


def _row(b: Budget, method: str) -> tuple[str, ...]:
    y = b.y + b.bias
    ends = f"[{estimate(y - b.U, b.u)}, {estimate(y + b.U, b.u)}]"
    return b.output or "y", method, estimate(y, b.u), number(b.u), number(b.dof), f"{b.k:.3f}", number(b.U), ends


def notes(found: Evaluated, language: Language) -> Iterator[str]:
    """Whether the linear result may be used, and by what everything was computed."""
    zh, run = language == "zh", found.run
    for check in found.validation:
        name, ends, tolerance = check.output or "y", f"{number(check.low, 2)}, {number(check.high, 2)}", number(check.tolerance, 1)
        if check.valid:
            english = f"✓ {name}: the first order holds: its ends are off by {ends}, within {tolerance}"
            yield say(zh, f"✓ {name}：一阶结果成立：两端相差 {ends}，不超过 {tolerance}", english)
        else:
            english = f"! {name}: the first order does not hold: its ends are off by {ends}, more than {tolerance}; use Monte Carlo"
            yield say(zh, f"! {name}：一阶结果不成立：两端相差 {ends}，超过 {tolerance}；用蒙特卡洛的结果", english)
    if run is not None:
        way = say(zh, "加扰 Sobol 点", "scrambled Sobol points") if run.sampler == "sobol" else "Philox"
        kind = {"symmetric": say(zh, "概率对称区间", "symmetric interval"), "shortest": say(zh, "最短区间", "shortest interval")}
        yield ", ".join(part for part in (way, f"{say(zh, '种子', 'seed')} {run.seed}", kind[run.outputs[0].interval], found.sheet.unit) if part)
    if any(r for r in found.sheet.model.correlation.values()):
        yield say(zh, "相关的输入按高斯连接函数抽样", "correlated inputs are drawn with a Gaussian copula")


def as_json(found: Evaluated) -> dict[str, Any]:
    """Everything, unrounded."""
    outputs = []
    for n, b in enumerate(found.first.budgets):
        drawn: Drawn | None = found.run.outputs[n] if found.run is not None else None
        check = next((each for each in found.validation if each.output == b.output), None)
        second = found.second.budgets[n] if found.second is not None else None
        outputs.append({
            "output": b.output or "y", "formula": found.sheet.formulas.get(b.output, ""), "y": b.y, "u": b.u, "dof": plain(b.dof), "k": b.k, "U": b.U,
            "contributions": [
                {"input": name, "distribution": found.sheet.model.inputs[name].kind, "sensitivity": float(c), "contribution": float(part)}
                for name, c, part in zip(b.inputs, b.sensitivity, b.contribution, strict=True)
            ],
            "second_order": None if second is None else {"u": second.u, "bias": second.bias},
            "monte_carlo": None if drawn is None else {name: plain(getattr(drawn, name)) for name in ("y", "u", "low", "high", "trials")},
            "first_order_valid": None if check is None else check.valid,
        })  # fmt: skip
    run = found.run
    return {
        "title": found.sheet.title, "unit": found.sheet.unit, "coverage": found.sheet.coverage, "dof_convention": found.sheet.dof, "outputs": outputs,
        "sampler": None if run is None else run.sampler, "seed": None if run is None else run.seed,
        "interval": None if run is None else run.outputs[0].interval, "settled": None if run is None else run.reached,
        "correlation": [[plain(r) if not math.isnan(r) else None for r in row] for row in found.first.correlation],
        "diagnostics": [d.as_json() for d in found.diagnostics],
    }  # fmt: skip
