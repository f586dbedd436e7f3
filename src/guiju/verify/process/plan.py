"""Plan: what of a standard is verified and how, on how many samples, by how many laboratories, how often. The size is computed, not guessed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from guiju.base.diagnostics import Problems
from guiju.base.rounding import decimal_text, is_decimal
from guiju.ir.program import Program
from guiju.metrology.planning import Design, design, designs
from guiju.standard.dictionary import Dictionary
from guiju.standard.shape import did_you_mean
from guiju.verify.process.matching import Need, needs_of
from guiju.verify.process.point import METHODS
from guiju.verify.process.project import LEAST_LABS, LEAST_REPLICATES

LABS_MAX, REPLICATES_MAX, LEVELS_MAX = 60, 10, 40
NONE = "none"
"""How a clause is verified that is not."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a plan is made from.

    clauses             number → (how it is verified, for `none` why not)
    gamma               s_R / s_r that is expected, 2 where nothing is known
    within_r, within_R  95 % of the estimates of s_r (s_R) lie within this share of the true one; None: not asked
    laboratories, replicates   None: the fewest measurements that reach it
    """

    clauses: Mapping[str, tuple[str, str]]
    levels: Sequence[str]
    gamma: float = 2.0
    within_r: float | None = None
    within_R: float | None = None  # noqa: N815
    laboratories: int | None = None
    replicates: int | None = None
    criteria: str = ""


def plan_body(program: Program, dictionary: Dictionary, asked: Asked) -> dict[str, Any]:
    """The plan, whole.

    raises   Refused, with every problem: clauses not known or not spoken of, nothing to measure, an accuracy that is not reached
    """
    problems = Problems()
    clauses = {meaning.no: meaning.clause for meaning in program.clauses}
    for no, (by, reason) in asked.clauses.items():
        if no not in clauses:
            problems.add("process-clause-unknown", None, clause=no, standard=program.standard.number, **did_you_mean(no, clauses))
        elif by not in (*METHODS, NONE):
            problems.add("point-word", None, what_zh="验证方式", what_en="way of verifying", word=by, known=", ".join((*METHODS, NONE)))
        elif by == NONE and not reason.strip():
            problems.add("process-clause-reason", None, clause=no)
    silent = [no for no in clauses if no not in asked.clauses]
    if silent:
        problems.add("process-clause-silent", None, clauses=", ".join(silent))
    needs = needs_of(program, dictionary)
    tested = [no for no, (by, _) in asked.clauses.items() if by == "experiment" and no in clauses]
    items = [need for need in needs if need.clause in tested and need.quantity]
    for no in tested:
        if not any(need.clause == no for need in items):
            problems.add("process-clause-no-quantity", None, clause=no)
    if not any(by != NONE for by, _ in asked.clauses.values()):
        problems.add("process-nothing", None)
    levels = [level.strip() for level in asked.levels if level.strip()]
    if (tested and not levels) or len(set(levels)) != len(levels) or len(levels) > LEVELS_MAX:
        problems.add("process-levels", None, most=LEVELS_MAX)
    size = _size(asked, problems)
    problems.refuse_errors()
    assert size is not None, "a size that is not reached is a problem"
    said = {no: {"by": asked.clauses[no][0], "reason": asked.clauses[no][1].strip()} for no in clauses}
    return {
        "clauses": {no: {**each, "zh": clauses[no].title.zh, "en": clauses[no].title.en} for no, each in said.items()},
        "items": [_item(need) for need in items], "levels": levels, "laboratories": size.p, "replicates": size.n, "criteria": asked.criteria,
        "basis": {"gamma": _text(asked.gamma), "within_r": _text(asked.within_r), "within_R": _text(asked.within_R), "a_r": f"{size.a_r:.4f}",
                  "a_R": f"{size.a_R:.4f}"},
    }  # fmt: skip


def _size(asked: Asked, problems: Problems) -> Design | None:
    """The fewest measurements that reach the accuracy; what is given stays as given."""
    p, n = asked.laboratories, asked.replicates
    before = len(problems)
    if asked.gamma < 1:
        problems.add("process-gamma", None, gamma=_text(asked.gamma))
    if p is not None and not LEAST_LABS <= p <= LABS_MAX:
        problems.add("process-size", None, what_zh="实验室数", what_en="laboratories", found=p, least=LEAST_LABS, most=LABS_MAX)
    if n is not None and not LEAST_REPLICATES <= n <= REPLICATES_MAX:
        problems.add("process-size", None, what_zh="重复次数", what_en="replicates", found=n, least=LEAST_REPLICATES, most=REPLICATES_MAX)
    if len(problems) > before:
        return None
    labs = range(LEAST_LABS, LABS_MAX + 1) if p is None else (p,)
    replicates = range(LEAST_REPLICATES, REPLICATES_MAX + 1) if n is None else (n,)
    found = designs(asked.gamma, a_r=asked.within_r, a_R=asked.within_R, labs=labs, replicates=replicates)
    if found:
        return found[0]
    best = design(labs[-1], replicates[-1], asked.gamma)
    problems.add("process-accuracy-missed", None, labs=best.p, replicates=best.n, a_r=f"{best.a_r:.3f}", a_R=f"{best.a_R:.3f}",
                 within_r=_text(asked.within_r) or "–", within_R=_text(asked.within_R) or "–")  # fmt: skip
    return None


def _item(need: Need) -> dict[str, Any]:
    def bound(x: Any) -> str:
        return decimal_text(x) if x is not None and is_decimal(x) else ""

    return {"id": need.id, "clause": need.clause, "property": need.property, "zh": need.title.zh, "en": need.title.en, "method": need.method or "",
            "unit": str(need.unit) if need.unit else "", "decimals": need.decimals, "low": bound(need.low), "high": bound(need.high)}  # fmt: skip


def _text(x: float | None) -> str:
    return "" if x is None else f"{x:.6g}"
