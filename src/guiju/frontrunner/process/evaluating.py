"""Evaluating: what the evaluation standard says of measured values. Levels are computed here and nowhere typed.

Every model is judged by itself; the certificate says of each indicator the lowest level that all of its models reach. Where a value comes with an
uncertainty, a basic clause is met only where the named decision rule says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from guiju.base.diagnostics import Problems
from guiju.frontrunner.credential.said import value_said
from guiju.ir.program import IndicatorMeaning, Program
from guiju.ir.values import Unknown
from guiju.metrology.decision import RULES, Rule
from guiju.readings.evaluate import Evaluation, Verdict, evaluate
from guiju.readings.uncertain.conforming import Clause, Uncertain, uncertain
from guiju.readings.uncertain.stated import stated
from guiju.standard.dictionary import Dictionary
from guiju.standard.model import Title

TRIALS, SEED = 20_000, 1
ROW = ("model", "input", "value", "u", "k", "laboratory", "report", "measured", "method")
"""A row of evidence: an input of the evaluation standard (or its property) and its value with unit, its uncertainty and coverage factor."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a scheme asks of the evaluation standard: basic clauses, and the names of core and innovative indicators."""

    basic: Sequence[str]
    core: Sequence[str]
    innovative: Sequence[str]


def evaluation_body(program: Program, asked: Asked, rows: Sequence[Mapping[str, str]], rule: str, dictionary: Dictionary) -> dict[str, Any]:
    """What is found of the evidence, as plain values.

    rows     as in `ROW`, checked before
    raises   Refused: what the door has against a value, with its model; point-word for a rule there is none of
    returns  {rule, on (the day the standard is read as of), models: {model: {clauses, indicators, level, conforms, why_not}}, indicators, level,
             conforms, why_not}
    """
    problems = Problems()
    if rule not in RULES:
        problems.add("point-word", None, what_zh="判定规则", what_en="decision rule", word=rule, known=", ".join(RULES))
        problems.refuse_errors()
    chosen: Rule = next(each for each in RULES if each == rule)
    given: dict[str, dict[str, object]] = {}
    for row in rows:
        parts = {name: row[name] for name in ("u", "k") if row[name].strip()}
        given.setdefault(row["model"], {})[row["input"].strip()] = {"value": row["value"], **parts} if parts else row["value"]
    records = {model: stated(program.inputs, each, (), problems, dictionary) for model, each in given.items()}
    problems.refuse_errors()
    found = {model: _model(program, asked, each, chosen) for model, each in records.items()}
    return {"rule": rule, "on": program.on.isoformat(), "models": found, **_together(asked, found)}


def _model(program: Program, asked: Asked, record: Any, rule: Rule) -> dict[str, Any]:
    """One model: its basic clauses and its indicators."""
    sure = uncertain(program, record, trials=TRIALS, seed=SEED, rule=rule) if record.spreads else None
    evaluation = evaluate(program, record.values)
    decided = {each.meaning.no: each for each in sure.clauses} if sure else {}
    clauses = {no: _clause(evaluation, no, decided.get(no)) for no in asked.basic}
    meanings = {each.indicator.name: each for each in program.indicators}
    indicators = {name: _indicator(evaluation, meanings[name], sure) for name in (*asked.core, *asked.innovative) if name in meanings}
    why = [_why_clause(no, each) for no, each in clauses.items() if not each["shown"]]
    why += [_why_level(name) for name in asked.core if indicators.get(name, {}).get("level") is None]
    level = max((indicators[name]["level"] for name in asked.core if name in indicators), default=None) if not why else None
    return {"clauses": clauses, "indicators": indicators, "level": level, "conforms": not why, "why_not": why}


def _clause(evaluation: Evaluation, no: str, sure: Clause | None) -> dict[str, Any]:
    """Shown: it passes or does not apply, and by the rule where something uncertain can turn it."""
    verdict = evaluation.verdict(no)
    if sure is None or sure.settled or verdict is not Verdict.PASS:
        decided = "" if sure is None or sure.settled else (sure.decided or "undecided")
        return {"verdict": verdict.value, "decided": decided, "probability": "", "shown": verdict in (Verdict.PASS, Verdict.NOT_APPLICABLE)}
    decided = sure.decided or "undecided"
    return {"verdict": verdict.value, "decided": decided, "probability": f"{sure.conforming:.4f}", "shown": decided == "pass"}


def _indicator(evaluation: Evaluation, meaning: IndicatorMeaning, sure: Uncertain | None) -> dict[str, Any]:
    """Its value, level (None: none reached, not known, or it does not apply), and how often draws give a level at least as good."""
    value, reached = evaluation.of(meaning.value), evaluation.of(meaning.level)
    unit, last = meaning.value.type.unit, len(meaning.indicator.levels)
    applies = evaluation.of(meaning.applies) is True
    level = int(reached) if applies and isinstance(reached, int | Fraction) and 1 <= reached <= last else None
    said = value_said(value) if isinstance(value, Fraction) else {"value": "" if isinstance(value, Unknown) else str(value)}
    shares = next((each.shares for each in sure.levels if each.name == meaning.indicator.name), {}) if sure else {}
    probability = "" if level is None or not shares else f"{sum(share for at, share in shares.items() if at and int(at) <= level):.4f}"
    return {"level": level, **said, "unit": unit.text, "probability": probability}


def _why_clause(no: str, each: Mapping[str, Any]) -> dict[str, str]:
    by = each["decided"] or each["verdict"]
    return _said(Title(f"基本要求 {no}：{by}", f"basic clause {no}: {by}"))


def _why_level(name: str) -> dict[str, str]:
    return _said(Title(f"核心指标 {name} 没有达到任何一级，或证据不足", f"core indicator {name} reaches no level, or is not shown"))


def _said(title: Title) -> dict[str, str]:
    return {"zh": title.zh, "en": title.en}


def _together(asked: Asked, found: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """What holds of all models: of each indicator the lowest level, with a value it is of; of the whole the lowest of its core indicators."""
    indicators: dict[str, Any] = {}
    for name in (*asked.core, *asked.innovative):
        each = [model["indicators"].get(name) for model in found.values()]
        if each and all(one and one["level"] is not None for one in each):
            indicators[name] = max(each, key=lambda one: one["level"])
    levels = [indicators[name]["level"] for name in asked.core if name in indicators]
    why = [{at: f"{model}: {one[at]}" for at in ("zh", "en")} for model, each in found.items() for one in each["why_not"]]
    conforms = bool(found) and not why
    return {"indicators": indicators, "level": max(levels) if conforms and levels else None, "conforms": conforms, "why_not": why}
