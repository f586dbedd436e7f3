"""Conformance of a measured value: what each decision rule says, and with what risk; every convention is printed."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, cast

from guiju.base.diagnostics import Language
from guiju.base.rounding import decimal_text
from guiju.metrology import conformity, decision
from guiju.metrology.conformity import Limits, Risks
from guiju.metrology.decision import Decision, Rule
from guiju.readings.uncertain.words import DECIDED as VERDICTS
from guiju.readings.uncertain.words import RULES
from guiju.verify.told import Table, number, plain, say, word
from guiju.verify.worksheet import Judgement


@dataclass(frozen=True, slots=True)
class Judged:
    """probability of conformance; decisions with the global risks of each, None without a prior; guard: the band for a wanted consumer's risk."""

    asked: Judgement
    probability: float
    decisions: tuple[tuple[Decision, Risks | None], ...]
    guard: float | None

    @property
    def limits(self) -> Limits:
        return _ends(self.asked.low, self.asked.high)


def _ends(low: Fraction | None, high: Fraction | None) -> Limits:
    return -math.inf if low is None else float(low), math.inf if high is None else float(high)


def judge(asked: Judgement) -> Judged:
    """The decisions of every rule asked for, with risks."""
    limits = _ends(asked.low, asked.high)
    probability = float(conformity.conformance_probability(float(asked.value), asked.u, limits, asked.dof))
    made = []
    for rule in asked.rules:
        found = decision.decide(asked.value, Fraction(str(asked.u)), asked.low, asked.high, cast(Rule, rule), guard=asked.guard,
                                expanded=asked.expanded, rounding=asked.rounding)  # fmt: skip
        accept = _ends(*found.acceptance)
        risks = None
        if asked.prior is not None and asked.prior.u > 0 and asked.u > 0:
            risks = conformity.global_risks(asked.prior, asked.u, limits, accept if accept[0] < accept[1] else (0.0, 0.0))
        made.append((found, risks))
    guard = None
    if asked.prior is not None and asked.consumer_risk:
        guard = conformity.guard_for_consumer(asked.prior, asked.u, limits, asked.consumer_risk)
    return Judged(asked, probability, tuple(made), guard)


def tables(found: Judged, language: Language) -> Iterator[Table]:
    zh = language == "zh"
    header = ("判定规则", "结论", "保护带 w", "接受区间") if zh else ("decision rule", "verdict", "guard band w", "acceptance interval")
    rows = [
        [word(RULES[d.rule], zh), word(VERDICTS[d.verdict], zh), decimal_text(d.guard), _interval(*d.acceptance), *_risks(r)]
        for d, r in found.decisions
    ]
    more = ("使用方风险", "生产方风险", "接受的比例") if zh else ("consumer's risk", "producer's risk", "accepted")
    title = found.asked.title or ("合格判定" if zh else "conformance")
    yield Table(title, (*header, *more) if found.asked.prior is not None else header, rows, (2, 4, 5, 6))


def _interval(low: Fraction | None, high: Fraction | None) -> str:
    if low is not None and high is not None and low > high:
        return "∅"
    return f"[{'-∞' if low is None else decimal_text(low)}, {'∞' if high is None else decimal_text(high)}]"


def _risks(risks: Risks | None) -> list[str]:
    return [] if risks is None else [f"{100 * x:.3g} %" for x in (risks.consumer, risks.producer, risks.accepted)]


def notes(found: Judged, language: Language) -> Iterator[str]:
    """The probability, specific risk, and the conventions."""
    zh, asked = language == "zh", found.asked
    p, capability = found.probability, conformity.capability(found.limits, asked.u) if asked.u > 0 else math.inf
    good, bad = f"{100 * p:.4g} %", f"{100 * (1 - p):.4g} %"
    yield say(
        zh,
        f"合格概率 {good}；特定风险：若接受，不合格的概率 {bad}；若拒绝，合格的概率 {good}",
        f"probability of conformance {good}; specific risk: {bad} if accepted, {good} if rejected",
    )
    if math.isfinite(capability):
        yield f"{say(zh, '测量能力指数', 'measurement capability index')} C_m = T/(4u) = {number(capability, 3)}"
    law = say(zh, "正态分布", "normal") if math.isinf(asked.dof) else f"t({asked.dof:g})"
    figures = f"u = {number(asked.u)}, U = {decimal_text(asked.expanded)}, {law}"
    yield f"{say(zh, '测得值', 'measured')} {decimal_text(asked.value)} {asked.unit}, {figures}"
    if asked.rounding is not None:
        interval = decimal_text(asked.rounding)
        yield say(zh, f"修约值比较法，修约间隔 {interval}（GB/T 8170）", f"rounded value compared, interval {interval} (GB/T 8170)")
    else:
        yield say(zh, "全数值比较法（GB/T 8170）", "full value compared (GB/T 8170)")
    if asked.prior is not None:
        prior = f"{asked.prior.kind}, {number(asked.prior.mean)} ± {number(asked.prior.u)}"
        yield say(zh, f"风险为全局风险、联合概率（非条件）；先验 {prior}", f"risks are global and joint, not conditional; prior {prior}")
    if asked.consumer_risk:
        to = f"{100 * asked.consumer_risk:.3g} %"
        if found.guard is None:
            yield say(zh, f"没有使全局使用方风险为 {to} 的保护带", f"no guard band gives a global consumer's risk of {to}")
        else:
            w = number(found.guard, 6)
            yield say(zh, f"全局使用方风险 {to} 的保护带 w = {w}", f"guard band for a global consumer's risk of {to}: w = {w}")


def _capability(found: Judged) -> float | None:
    value = conformity.capability(found.limits, found.asked.u) if found.asked.u > 0 else math.inf
    return value if math.isfinite(value) else None


def as_json(found: Judged) -> dict[str, Any]:
    """Everything, unrounded; exact numbers as text."""
    asked = found.asked
    return {
        "title": asked.title, "unit": asked.unit, "value": decimal_text(asked.value), "u": asked.u, "U": decimal_text(asked.expanded),
        "low": None if asked.low is None else decimal_text(asked.low), "high": None if asked.high is None else decimal_text(asked.high),
        "comparison": "full value" if asked.rounding is None else f"rounded to {decimal_text(asked.rounding)}",
        "probability": found.probability, "capability": _capability(found), "dof": plain(asked.dof),
        "prior": None if asked.prior is None else {"kind": asked.prior.kind, "mean": asked.prior.mean, "sd": asked.prior.u},
        "risk_convention": "global, joint; conditional ones are named so",
        "decisions": [
            {"rule": d.rule, "verdict": d.verdict, "compared": decimal_text(d.compared), "guard": decimal_text(d.guard),
             "acceptance": [None if end is None else decimal_text(end) for end in d.acceptance],
             "risks": None if r is None else {
                 "consumer": r.consumer, "producer": r.producer, "consumer_conditional": plain(r.consumer_conditional),
                 "producer_conditional": plain(r.producer_conditional), "accepted": r.accepted, "conforming": r.conforming}}
            for d, r in found.decisions
        ],
        "guard_for_consumer_risk": found.guard,
    }  # fmt: skip
