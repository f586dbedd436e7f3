"""Risks of consumer and producer where the process that products come from is known: global risks, of a product not yet measured.

Each draw is a product of the process and a measurement of it: true values from the process, measured values about them. The true values are judged
exactly, as the standard says; the measured ones by the decision rule. So borders and several clauses at once need no theory of their own.

source  JCGM 106:2012, 9.5: joint probabilities unless said to be conditional. Of a margin whose first order holds, `linear` is the same without
        drawing. A product is accepted where its measured margin is at least the guard band of the rule.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from guiju.ir.node import Node
from guiju.ir.program import ClauseMeaning, Program
from guiju.metrology.array import Array, Flags
from guiju.metrology.conformity import Risks, global_risks
from guiju.metrology.decision import BAND, Rule
from guiju.metrology.distribution import normal
from guiju.readings.evaluate import evaluate
from guiju.readings.uncertain.conforming import margin_of
from guiju.readings.uncertain.linear import Linear, Propagation
from guiju.readings.uncertain.sampled import BLOCK, Draws, Many, Sampler, drawn
from guiju.readings.uncertain.stated import Spread, Stated


@dataclass(frozen=True, slots=True)
class Process:
    """The true value of one input over the products of a process: normal, with that mean and standard deviation."""

    mean: Fraction
    sd: Fraction


@dataclass(frozen=True, slots=True)
class ClauseRisks:
    """drawn   by the draws; None where the rule needs a margin and there is none, or where the clause never applies
    linear     by the margin, where its first order holds over the process; else None
    guard      the band taken off the margin, 0 for simple acceptance
    """

    meaning: ClauseMeaning
    drawn: Risks | None
    linear: Risks | None
    guard: float


@dataclass(frozen=True, slots=True)
class ProcessRisks:
    """overall  that every `shall` clause that applies is met, each accepted by the rule; None where a clause has no margin the rule needs"""

    rule: Rule
    process: Mapping[str, Process]
    clauses: tuple[ClauseRisks, ...]
    overall: Risks | None
    trials: int
    seed: int


def process_risks(
    program: Program, stated: Stated, process: Mapping[str, Process], *, rule: Rule = "simple", trials: int = 100_000, seed: int = 1,
    block: int = BLOCK,
) -> ProcessRisks:  # fmt: skip
    """The risks of every clause and of all of them together.

    stated   the record: how uncertain its values are is how uncertainly every product is measured; inputs without a process have these true values
    process  by input, independent of one another
    """
    middle = replace(stated, values={**stated.values, **{name: each.mean for name, each in process.items()}})
    evaluation = evaluate(program, middle.values)
    over = Propagation(program, evaluation, _spread_over(middle, process))
    measuring = Propagation(program, evaluation, middle)
    margins = {m.no: made for m in program.judged if (made := margin_of(m.requires, over)) is not None}
    measured = {no: _measured(no, program, measuring) for no in margins}
    bands = {no: BAND[rule] * each.u for no, each in measured.items() if each is not None and not math.isnan(each.u)}
    if rule == "simple":
        bands = {m.no: 0.0 for m in program.judged}
    for node in margins.values():
        over.value(node)
    sampler = Sampler(program, over.stated, over.values, [n for m in program.judged for n in (m.applies, m.requires)] + list(margins.values()))
    tally = _Tally(program, margins, bands)
    for first in range(0, trials, block):
        size = min(block, trials - first)
        true, seen = _products(middle, process, seed, first, size)
        tally.add(sampler.given(true), sampler.given(seen), size)
    linear = {no: _linear(over.linear(node), measured[no], bands[no], process) for no, node in margins.items() if no in bands}
    clauses = tuple(ClauseRisks(m, tally.risks(m.no), linear.get(m.no), bands.get(m.no, 0.0)) for m in program.judged)
    strict = {m.no for m in program.clauses if m.clause.strength == "shall"}
    return ProcessRisks(rule, process, clauses, tally.risks("") if strict <= bands.keys() else None, trials, seed)


def _measured(no: str, program: Program, measuring: Propagation) -> Linear | None:
    """The margin as it is measured; None where no measurement moves it."""
    node = margin_of(next(m.requires for m in program.judged if m.no == no), measuring)
    return None if node is None else measuring.linear(node)


def _spread_over(middle: Stated, process: Mapping[str, Process]) -> Stated:
    """Everything that moves: what is uncertain of a measurement, and what differs between products."""
    spreads = {name: s for name, s in middle.spreads.items() if name not in process}
    own = {name: Spread(each.sd) for name, each in process.items() if each.sd > 0}
    named = [name for name in middle.values if name in spreads or name in own]
    return Stated(middle.values, {name: own.get(name) or spreads[name] for name in named})


def _products(middle: Stated, process: Mapping[str, Process], seed: int, first: int, count: int) -> tuple[dict[str, Array], dict[str, Array]]:
    """(true values, measured values) of the inputs that move. Errors and products are streams of their own."""
    from scipy.special import ndtri

    names = [name for name, each in process.items() if each.sd > 0]
    z = ndtri(Draws(seed).uniform(len(names) + len(middle.names), first, count)[len(middle.names) :])
    measured = drawn(middle, seed, first, count)
    true: dict[str, Array] = {name: np.full(count, float(middle.values[name])) for name in measured}  # type: ignore[arg-type]
    errors = {name: measured[name] - true[name] for name in measured}
    for row, name in zip(z, names, strict=True):
        true[name] = float(process[name].mean) + float(process[name].sd) * row
    return true, {name: value + errors[name] if name in errors else value for name, value in true.items()}


def _linear(over: Linear | None, measured: Linear | None, band: float, process: Mapping[str, Process]) -> Risks | None:
    """By the bivariate normal distribution of the true margin and the measured one."""
    if over is None or measured is None or not over.holds or not measured.holds or not measured.u > 0:
        return None
    sd = math.sqrt(sum(part.contribution**2 for part in over.parts if part.name in process))
    return global_risks(normal(float(over.value), sd), measured.u, (0.0, math.inf), (band, math.inf)) if sd > 0 else None


class _Tally:
    def __init__(self, program: Program, margins: Mapping[str, Node], bands: Mapping[str, float]) -> None:
        self.program, self.margins, self.bands = program, margins, bands
        self.strict = [m for m in program.clauses if m.clause.strength == "shall"]
        self._counts: dict[str, Array] = {no: np.zeros(5) for no in ["", *(m.no for m in program.judged)]}

    def add(self, true: Mapping[int, Many], seen: Mapping[int, Many], count: int) -> None:
        good: dict[str, Flags] = {}
        taken: dict[str, Flags] = {}
        asked: dict[str, Flags] = {}
        for meaning in self.program.judged:
            applies, truth = (_holds(true[node.index], count) for node in (meaning.applies, meaning.requires))
            accepted = _holds(seen[meaning.requires.index], count)
            if self.bands.get(meaning.no) and meaning.no in self.margins:
                value, known = seen[self.margins[meaning.no].index]
                accepted = np.broadcast_to(np.logical_and(np.asarray(value) >= self.bands[meaning.no], known), (count,))
            asked[meaning.no], good[meaning.no], taken[meaning.no] = applies, truth, accepted
            self._note(meaning.no, applies, truth, accepted)
        everyone = np.ones(count, dtype=np.bool_)
        self._note("", everyone, *(_every([each[m.no] | ~asked[m.no] for m in self.strict], everyone) for each in (good, taken)))

    def _note(self, no: str, asked: Flags, good: Flags, taken: Flags) -> None:
        found = (asked, asked & taken & ~good, asked & ~taken & good, asked & taken, asked & good)
        self._counts[no] += np.array([float(np.count_nonzero(each)) for each in found])

    def risks(self, no: str) -> Risks | None:
        """Shares of the products the clause applies to."""
        asked, consumer, producer, accepted, conforming = self._counts[no]
        if asked == 0 or (no and no not in self.bands) or (no and self.bands[no] and no not in self.margins):
            return None
        return Risks(*(float(each / asked) for each in (consumer, producer, accepted, conforming)))


def _holds(each: Many, count: int) -> Flags:
    return np.asarray(np.broadcast_to(np.logical_and(*each), (count,)), dtype=np.bool_)


def _every(flags: Sequence[Flags], everyone: Flags) -> Flags:
    found = everyone
    for each in flags:
        found = found & each
    return found
