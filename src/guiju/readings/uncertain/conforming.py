"""How sure the verdicts on one record are: by the law of propagation where it holds, by Monte Carlo throughout.

The convention: what is asked is the probability that this one item conforms, given what was measured of it and nothing else (the specific risk of
JCGM 106; no process is known, the prior is flat). Inputs are normal about their values unless stated, or t where their degrees of freedom are finite.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from guiju.ir.node import Node, Op
from guiju.ir.program import ClauseMeaning, Program
from guiju.ir.values import Unknown
from guiju.metrology.conformity import conformance_probability
from guiju.metrology.decision import Rule, decide
from guiju.metrology.decision import Verdict as Decided
from guiju.metrology.draws import Sampler as Way
from guiju.metrology.montecarlo import coverage
from guiju.readings.evaluate import Evaluation, Verdict, evaluate
from guiju.readings.uncertain.linear import Linear, Propagation
from guiju.readings.uncertain.region import Region, region_of
from guiju.readings.uncertain.sampled import BLOCK, Draws, Sampler
from guiju.readings.uncertain.stated import Stated
from guiju.readings.uncertain.tally import BATCH, OF_VERDICTS, Counted, Tally, Wanted, count

__all__ = ["NET", "OF_VERDICTS", "TRIALS", "Clause", "Levels", "Quantity", "Uncertain", "fixed", "margin_of", "uncertain"]

TRIALS = 100_000
NET = 16
"""Sobol nets of a run of given length have at most 2^16 points; several give an error, and keep in the cache."""


@dataclass(frozen=True, slots=True)
class Clause:
    """margin        of its one comparison that anything moves: how far it is met, negative where it is not; None where there are none or several
    probability   that it is met, by the margin; None where the first order does not hold
    shares        of the draws, by verdict
    settled       whether nothing uncertain can turn it: then probabilities are 0 or 1 and no estimates
    decided       by the decision rule; None where it needs a margin whose first order holds and there is none
    """

    meaning: ClauseMeaning
    verdict: Verdict
    margin: Linear | None
    probability: float | None
    shares: Mapping[Verdict, float]
    settled: bool
    decided: Decided | None

    @property
    def conforming(self) -> float:
        """The probability that it is met: by the margin where the first order holds, else by the draws."""
        return self.shares[Verdict.PASS] if self.probability is None else self.probability


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number of the standard: by the law of propagation, and by the draws.

    mean, sd, low, high  of the draws that have a value, with a 95 % interval; known is their share
    """

    name: str
    linear: Linear
    mean: float
    sd: float
    low: float
    high: float
    known: float


@dataclass(frozen=True, slots=True)
class Levels:
    """How often each level of an indicator, or grade, comes out; None: it cannot be determined, or does not apply."""

    name: str
    shares: Mapping[str | None, float]
    measured: str | None


@dataclass(frozen=True)
class Uncertain:
    """joint    the probability that no `shall` clause that applies is failed or undetermined, over common draws; None where there are none
    digits   asked of an adaptive run; None where the number of draws was given
    settled  False where an adaptive run reached its largest number of draws first
    error    the largest standard error of a probability; of Sobol points, over their nets, else as of plain draws
    region   of the quantities together; None where there are fewer than two that move
    """

    program: Program
    stated: Stated
    evaluation: Evaluation
    clauses: tuple[Clause, ...]
    quantities: tuple[Quantity, ...]
    levels: tuple[Levels, ...]
    joint: float | None
    trials: int
    seed: int
    rule: Rule
    sampler: Way = "philox"
    digits: int | None = None
    settled: bool = True
    error: float = 0.0
    region: Region | None = None


def uncertain(
    program: Program, stated: Stated, *, trials: int | None = TRIALS, seed: int = 1, rule: Rule = "simple", block: int = BLOCK,
    sampler: Way = "philox", digits: int = 2,
) -> Uncertain:  # fmt: skip
    """Everything that is said of one record, with what is uncertain of it.

    trials   so many draws; None: until every figure is settled to `digits` digits of its u (JCGM 101, 7.9), probabilities to as many decimals
    seed     the same gives the same, whatever the block
    sampler  plain numbers (Philox), or scrambled Sobol points
    rule     the decision rule that clauses with one comparison are decided by
    """
    evaluation = evaluate(program, stated.values)
    propagation = Propagation(program, evaluation, stated)
    numbers = _numbers(program, propagation)
    levels = {i.indicator.name: (i.applies, i.level) for i in program.indicators} | {g.grading.name: (None, g.node) for g in program.grades}
    roots = [n for m in program.judged for n in (m.applies, m.requires)] + list(numbers.values())
    roots += [n for pair in levels.values() for n in pair if n is not None]
    sampler_of = Sampler(program, stated, propagation.values, roots)
    made = Draws(seed, sampler, max(BATCH["sobol"].bit_length() - 1, 0 if trials is None else min(math.ceil(math.log2(trials)), NET)))
    if stated.spreads:
        counted = count(sampler_of, made, lambda: Tally(program, numbers, levels), Wanted(trials, digits), block)
    else:
        known = Tally(program, numbers, levels)
        known.add(sampler_of.exact(), 1)
        counted = Counted(known, True, 0.0)
    tally = counted.tally
    clauses = tuple(_clause(m, evaluation, propagation, tally, rule) for m in program.judged)
    quantities = tuple(_quantity(name, node, propagation, tally) for name, node in numbers.items())
    told = tuple(Levels(name, tally.levels(name), _measured(evaluation, *pair)) for name, pair in levels.items())
    joint = tally.joint / tally.count if any(m.clause.strength == "shall" for m in program.clauses) else None
    region = region_of(propagation, {q.name: q.linear for q in quantities}, tally.together()) if len(quantities) > 1 else None
    return Uncertain(program, stated, evaluation, clauses, quantities, told, joint, tally.count, seed, rule, sampler, None if trials else digits,
                     counted.settled, counted.error, region)  # fmt: skip


def _numbers(program: Program, propagation: Propagation) -> dict[str, Node]:
    """Scores, formulas, and what indicators measure, where something moves them and they have a value."""
    named = {s.score.name: s.node for s in program.scores} | dict(program.values)
    named |= {i.indicator.name: i.value for i in program.indicators if i.value.is_number}
    return {name: n for name, n in named.items() if n.is_number and propagation.moves(n) and isinstance(propagation.value(n), Fraction)}


def _clause(meaning: ClauseMeaning, evaluation: Evaluation, propagation: Propagation, tally: Tally, rule: Rule) -> Clause:
    verdict, shares = evaluation.judge(meaning), tally.shares(meaning.no)
    margin = None
    if verdict in (Verdict.PASS, Verdict.FAIL):
        compared = margin_of(meaning.requires, propagation)
        margin = None if compared is None else propagation.linear(compared)
        # Whether the clause applies at all is a border too.
        margin = margin and replace(margin, doubts=(*margin.doubts, *propagation.borders(meaning.applies)))
    simple: Decided | None = {Verdict.PASS: "pass", Verdict.FAIL: "fail"}.get(verdict)  # type: ignore[assignment]
    settled = fixed(meaning.requires, propagation) and fixed(meaning.applies, propagation)
    if margin is None or not margin.holds or math.isnan(margin.dof) or margin.u == 0:
        # A margin that does not move to first order moves beyond the borders, if at all: that is for the draws to say.
        certain = settled or (fixed(meaning.requires, propagation) and not propagation.borders(meaning.applies))
        sure = {Verdict.PASS: 1.0, Verdict.FAIL: 0.0}.get(verdict) if certain else None
        return Clause(meaning, verdict, margin, sure, shares, settled, simple if rule == "simple" or settled else None)
    probability = float(conformance_probability(float(margin.value), margin.u, (0.0, math.inf), margin.dof))
    # Simple acceptance is the exact verdict, also of a strict comparison at its limit.
    decided = simple if rule == "simple" else decide(margin.value, Fraction(margin.u), Fraction(0), None, rule).verdict
    return Clause(meaning, verdict, margin, probability, shares, settled, decided)


def margin_of(requires: Node, propagation: Propagation) -> Node | None:
    """How far a condition is met, as a node, where it rests on one comparison of numbers that anything moves; positive where it is met."""
    node, met = requires, True
    while True:
        moving = [arg for arg in node.args if propagation.moves(arg)]
        if node.op is Op.NOT:
            node, met = node.args[0], not met
        elif node.op in (Op.AND, Op.OR) and len(moving) == 1 and _leaves_open(node, moving[0], propagation):
            node = moving[0]
        else:
            break
    if node.op not in (Op.LE, Op.LT) or not node.args[0].is_number or not propagation.moves(node):
        return None
    low, high = node.args if met else node.args[::-1]
    return propagation.build.sub(high, low)


def fixed(node: Node, propagation: Propagation) -> bool:
    """Whether the parts of a condition that nothing moves decide it."""
    if not propagation.moves(node):
        return True
    if node.op not in (Op.NOT, Op.AND, Op.OR):
        return False
    sure = [arg for arg in node.args if fixed(arg, propagation)]
    return len(sure) == len(node.args) or any(propagation.value(arg) is (node.op is Op.OR) for arg in sure)


def _leaves_open(node: Node, moving: Node, propagation: Propagation) -> bool:
    """Whether the other parts of a junction leave the verdict to the one that moves."""
    wanted = node.op is Op.AND
    return all(propagation.value(arg) is wanted for arg in node.args if arg is not moving)


def _quantity(name: str, node: Node, propagation: Propagation, tally: Tally) -> Quantity:
    linear = propagation.linear(node)
    assert linear is not None, "only numbers with a value are asked for"
    x, known = tally.values(name)
    if len(x) < 2:
        return Quantity(name, linear, math.nan, math.nan, math.nan, math.nan, known)
    low, high = coverage(x, 0.95, "symmetric")
    return Quantity(name, linear, float(x.mean()), float(x.std(ddof=1)), low, high, known)


def _measured(evaluation: Evaluation, applies: Node | None, node: Node) -> str | None:
    value = evaluation.of(node)
    if isinstance(value, Unknown) or (applies is not None and evaluation.of(applies) is not True):
        return None
    return str(value)
