"""Proposal: thresholds of the levels of an indicator: derived or put forward, rounded, held to the national limit and to what measuring can tell."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from guiju.base.diagnostics import Diagnostic, Problems
from guiju.base.rounding import decimal_text
from guiju.frontrunner.authoring.capability import Capability, amount, narrow_steps, suggestion
from guiju.frontrunner.authoring.cuts import Toward, at_classes, at_gaps, at_shares, looser, reaches, rounded
from guiju.frontrunner.authoring.sample import Sample
from guiju.standard.model import Title

Method = Literal["quantiles", "gaps", "classes", "market", "given"]
METHODS: dict[Method, Title] = {
    "quantiles": Title("分位：至少有给定比例的产品达到", "quantiles: at least a stated share of products reaches it"),
    "gaps": Title("最大间隔：取相邻不同值之间最宽的间隔", "widest gaps between neighbouring values"),
    "classes": Title("自然分档：档内平方和最小（精确的一维 k 均值）", "natural classes: least sum of squares within (exact one-dimensional k-means)"),
    "market": Title("市场份额：至少有给定比例的销量达到", "market shares: at least a stated share of sales reaches it"),
    "given": Title("直接给定", "put forward as they are"),
}
TOWARDS: dict[Toward, Title] = {
    "inward": Title("向内（从严）", "inward (stricter)"),
    "outward": Title("向外（从宽）", "outward (looser)"),
}
LEVELS_MAX = 9


@dataclass(frozen=True, slots=True)
class Question:
    """What thresholds are wanted.

    levels      how many, for gaps and classes; the others have as many as shares or values
    shares      of 1, of the products or sales that reach each level, rising
    values      put forward, best first, in the unit of the indicator
    decimals    of the thresholds in that unit; None: not rounded
    """

    method: Method
    levels: int = 3
    shares: tuple[Fraction, ...] = ()
    values: tuple[Fraction, ...] = ()
    decimals: int | None = None
    toward: Toward = "inward"
    national: Fraction | None = None
    capability: Capability | None = None


@dataclass(frozen=True, slots=True)
class Cut:
    """The threshold of one level.

    derived          before it was rounded or held to the national limit
    stated           the share that was asked for; None where none was
    count, tied      products that reach the value; those that lie exactly on what was derived
    changed          products that the rounding and the limit let in (positive) or shut out
    held             whether the national limit took the place of what was looser
    """

    level: int
    derived: Fraction
    value: Fraction
    stated: Fraction | None
    count: int
    tied: int
    changed: int
    held: bool


@dataclass(frozen=True)
class Proposal:
    sample: Sample
    question: Question
    cuts: tuple[Cut, ...]
    diagnostics: tuple[Diagnostic, ...]

    @property
    def thresholds(self) -> tuple[Fraction, ...]:
        return tuple(each.value for each in self.cuts)

    @property
    def illustrative(self) -> bool:
        """Whether it rests on anything that is made up: products of the population, or results of the study R comes from."""
        return self.sample.illustrative or (self.question.capability is not None and self.question.capability.illustrative)


def propose(sample: Sample, question: Question) -> Proposal:
    """The thresholds asked for.

    raises   Refused, with every reason: authoring-few, authoring-shares, authoring-values, authoring-no-sales, authoring-looser, authoring-meet,
             authoring-narrow
    """
    problems = Problems()
    derived = _derived(sample, question, problems)
    better, national = sample.better, question.national
    cuts = []
    for at, exact in enumerate(derived):
        value = exact if question.decimals is None else rounded(exact, question.decimals, better, question.toward)
        is_held = national is not None and looser(value, national, better)
        facts = {"level": str(at + 1), "value": amount(value, sample.unit), "national": amount(national or Fraction(0), sample.unit)}
        if is_held and question.method == "given":
            problems.add("authoring-looser", None, **facts)
        elif is_held and national is not None:
            problems.add("authoring-held", None, **facts)
            value = national
        before, count = _count(sample, exact), _count(sample, value)
        stated = question.shares[at] if question.method in ("quantiles", "market") else None
        tied = sum(each == exact for each in sample.values)
        cuts.append(Cut(at + 1, exact, value, stated, count, tied, count - before, is_held))
    _refuse_unordered(sample, cuts, problems)
    problems.refuse_errors()
    if question.capability is not None:
        _refuse_narrow(sample, question, cuts, question.capability, problems)
    if national is None:
        problems.add("authoring-no-national", None)
    problems.refuse_errors()
    return Proposal(sample, question, tuple(cuts), problems.found)


def _derived(sample: Sample, question: Question, problems: Problems) -> tuple[Fraction, ...]:
    """The thresholds before they are rounded."""
    match question.method:
        case "gaps" | "classes":
            if not 1 <= question.levels <= LEVELS_MAX:
                problems.add("authoring-values", None, most=LEVELS_MAX)
                problems.refuse_errors()
            return (at_gaps if question.method == "gaps" else at_classes)(sample.values, question.levels, sample.better)
        case "given":
            if not 1 <= len(question.values) <= LEVELS_MAX:
                problems.add("authoring-values", None, most=LEVELS_MAX)
                problems.refuse_errors()
            return question.values
        case "quantiles" | "market":
            shares = question.shares
            rising = all(a < b for a, b in itertools.pairwise(shares))
            if not (1 <= len(shares) <= LEVELS_MAX and rising and shares[0] > 0 and shares[-1] <= 1):
                problems.add("authoring-shares", None, text=", ".join(f"{decimal_text(each * 100)} %" for each in shares) or "—")
            sold = [(each.value, each.sales) for each in sample.offers if each.sales is not None]
            if question.method == "market" and not sum((sales for _, sales in sold), Fraction(0)):
                problems.add("authoring-no-sales", None)
            problems.refuse_errors()
            weighed = [(each, Fraction(1)) for each in sample.values] if question.method == "quantiles" else sold
            return at_shares(weighed, shares, sample.better)


def _count(sample: Sample, threshold: Fraction) -> int:
    return sum(reaches(value, threshold, sample.better) for value in sample.values)


def _refuse_unordered(sample: Sample, cuts: Sequence[Cut], problems: Problems) -> None:
    """Every level must be looser than the one before it."""
    for best, next_ in itertools.pairwise(cuts):
        if not looser(next_.value, best.value, sample.better):
            value, other = (amount(each.value, sample.unit) for each in (best, next_))
            problems.add("authoring-meet", None, better=best.level, worse=next_.level, value=value, other=other)


def _refuse_narrow(sample: Sample, question: Question, cuts: Sequence[Cut], capability: Capability, problems: Problems) -> None:
    """Steps between levels that measuring cannot tell apart are refused, and what can be told apart is suggested."""
    thresholds = [each.value for each in cuts]
    narrow = narrow_steps(thresholds, capability.R)
    if not narrow:
        return
    decimals = question.decimals if question.decimals is not None else max(_places(each) for each in thresholds)
    found = suggestion(thresholds, capability.R, Fraction(1, 10**decimals))
    kept, moved = ([decimal_text(each) for each in held] for held in (found.kept, found.moved or ()))
    unit = sample.unit.shown
    also_zh = f"；或保持级数而移动：{', '.join(moved)} {unit}" if moved else ""
    also_en = f"; or as many levels, moved: {', '.join(moved)} {unit}" if moved else ""
    facts = {
        "steps": ", ".join(f"{at}–{at + 1} ({amount(abs(thresholds[at] - thresholds[at - 1]), sample.unit)})" for at in narrow),
        "R": amount(capability.R, sample.unit),
        "hint_zh": f"量得开的最多的几级：{', '.join(kept)} {unit}{also_zh}".strip(),
        "hint_en": f"the most levels that can be told apart: {', '.join(kept)} {unit}{also_en}".strip(),
    }
    problems.add("authoring-narrow", None, **facts)


def _places(value: Fraction) -> int:
    text = decimal_text(value)
    return len(text.partition(".")[2]) if not text.startswith("≈") else 9
