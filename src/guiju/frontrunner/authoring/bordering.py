"""Bordering: records that lie exactly on the limits of an indicator and just beyond them, as examples of a standard; and what the examples there
are come to expect by other levels."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path

from guiju.base.diagnostics import Problems, Span
from guiju.base.rounding import decimal_text
from guiju.frontrunner.authoring.cuts import reaches
from guiju.frontrunner.authoring.proposal import Cut, Proposal
from guiju.ir.node import Node, Op
from guiju.ir.program import IndicatorMeaning, Program
from guiju.ir.values import Value
from guiju.readings.evaluate import Evaluation, evaluate
from guiju.readings.examples import compare, judged
from guiju.readings.smt.answers import Witness
from guiju.readings.smt.logic import lift
from guiju.readings.smt.search import Budget, Searcher, Sought
from guiju.readings.smt.space import Space
from guiju.standard.composing import Flow, Tree
from guiju.standard.model import Title
from guiju.standard.shelf import Shelf

BUDGET = Budget(2_000_000, 120.0)


@dataclass(frozen=True, slots=True)
class Specimen:
    """A record, what it shows, and the level it has; None: none."""

    title: Title
    evaluation: Evaluation
    level: int | None


def specimens(proposal: Proposal, program: Program, problems: Problems) -> list[Specimen]:
    """A record exactly at every threshold of the drafted standard, and one that is worse by one step of its decimals.

    Where the indicator is an input, a real product has its value put otherwise; where it is computed, the solver looks for a record, and where no
    record has that very value on the decimals of its inputs, the products nearest to it stand for it, which is told. Each is judged by the exact
    reading before it is taken.
    """
    name = proposal.sample.indicator.indicator.name
    meaning = next(each for each in program.indicators if each.indicator.name == name)
    found: list[Specimen] = []
    for cut in proposal.cuts:
        at = _at(proposal, program, meaning, cut.value)
        if at is None or _level(at, meaning) != cut.level:
            problems.add("authoring-no-record", None, level=cut.level)
            found += _nearest(proposal, program, meaning, cut)
            continue
        title = Title(f"恰在 {cut.level} 级界限上（构造的记录）", f"exactly at level {cut.level} (a record made for it)")
        found.append(Specimen(title, at, cut.level))
        beyond = _beyond(program, meaning, at, proposal.sample.better == "lower")
        if beyond is not None:
            title = Title(f"比 {cut.level} 级界限差一格（构造的记录）", f"one step beyond level {cut.level} (a record made for it)")
            found.append(Specimen(title, beyond, _level(beyond, meaning)))
    return found


def _nearest(proposal: Proposal, program: Program, meaning: IndicatorMeaning, cut: Cut) -> Iterator[Specimen]:
    """The products of the population nearest to a threshold on either side of it."""
    near = sorted(proposal.sample.offers, key=lambda each: (abs(each.value - cut.value), each.key, each.row))
    inside = next((each for each in near if reaches(each.value, cut.value, proposal.sample.better)), None)
    beyond = next((each for each in near if not reaches(each.value, cut.value, proposal.sample.better)), None)
    for each, zh, en in ((inside, "内", "within"), (beyond, "外", "beyond")):
        if each is not None:
            judged_ = evaluate(program, each.record)
            title = Title(f"总体中 {cut.level} 级界限{zh}最近的产品", f"the product of the population nearest to level {cut.level}, {en} it")
            yield Specimen(title, judged_, _level(judged_, meaning))


def _at(proposal: Proposal, program: Program, meaning: IndicatorMeaning, threshold: Fraction) -> Evaluation | None:
    node = meaning.value
    if node.op is Op.INPUT:
        for offer in sorted(proposal.sample.offers, key=lambda each: (abs(each.value - threshold), each.key, each.row))[:20]:
            found = evaluate(program, {**offer.record, str(node.value): threshold})
            if _admitted(program, str(node.value), threshold) and found.of(meaning.applies) is True and found.of(program.scope) is True:
                return found
        return None
    return _sought(program, meaning, threshold)


def _sought(program: Program, meaning: IndicatorMeaning, threshold: Fraction) -> Evaluation | None:
    """A record whose computed value is the threshold, on the decimals its inputs have."""
    nodes: tuple[Node, ...] = (meaning.value, meaning.applies, program.scope)
    space = Space((program,))
    value, applies, scope = (space.of(0, node) for node in nodes)

    def is_one(evaluations: Sequence[Evaluation]) -> bool:
        e = evaluations[0]
        return e.of(nodes[0]) == threshold and e.of(nodes[1]) is True and e.of(nodes[2]) is True

    needs = [lift(value.term) == lift(threshold), value.defined, applies.true, scope.true]
    found = Searcher(space, BUDGET).find(Sought(needs, space.uses(0, *nodes), is_one))
    return found.evaluations[0] if isinstance(found, Witness) else None


def _beyond(program: Program, meaning: IndicatorMeaning, at: Evaluation, rises: bool) -> Evaluation | None:
    """The record with its input one step worse, where the indicator is an input."""
    if meaning.value.op is not Op.INPUT:
        return None
    name = str(meaning.value.value)
    step = Fraction(1, 10 ** (program.inputs[name].decimals or 0))
    held = at.of(meaning.value)
    assert isinstance(held, Fraction)
    worse = held + step if rises else held - step
    return evaluate(program, {**at.record, name: worse}) if _admitted(program, name, worse) else None


def _admitted(program: Program, name: str, value: Fraction) -> bool:
    """Whether the door lets a value in as it is."""
    declared = program.inputs[name]
    low, high = declared.minimum, declared.maximum
    return (value * 10 ** (declared.decimals or 0)).denominator == 1 and (low is None or value >= low) and (high is None or value <= high)


def _level(evaluation: Evaluation, meaning: IndicatorMeaning) -> int | None:
    level = evaluation.of(meaning.level)
    assert isinstance(level, Fraction)
    return None if level > len(meaning.indicator.levels) else int(level)


def example(specimen: Specimen, name: str) -> Tree:
    """A specimen as an entry of a file of examples."""
    program = specimen.evaluation.program
    given = {each: _text(program, each, value) for each, value in specimen.evaluation.record.items()}
    level = "none" if specimen.level is None else str(specimen.level)
    return {"name": Flow({"zh": specimen.title.zh, "en": specimen.title.en}), "given": Flow(given), "expect": Flow({name: level})}


def _text(program: Program, name: str, value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Fraction):
        return program.inputs[name].with_unit(decimal_text(value))
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


def expected_otherwise(program: Program, shelf: Shelf, folder: Path, name: str) -> Iterator[tuple[Span, str]]:
    """Where the examples of a standard expect a level, or what follows from one, that is another now: (place, what it is)."""
    graded: Mapping[str, object] = {name: 1, **{each.score.name: 1 for each in program.scores}, **{each.grading.name: 1 for each in program.grades}}
    graded = {**graded, **{meaning.no: 1 for meaning in program.judged}}
    for each, evaluation in judged(program, shelf, Problems(), lambda day: shelf.open(folder, day).standard):
        for what, (key, expected) in each.expect.items():
            said = Problems()
            compare(evaluation, replace(each, expect={what: (key, expected)}), said)
            if said.found and len(expected) == 1 and what in graded:
                yield expected[0].span, said.found[0].facts["found"]
