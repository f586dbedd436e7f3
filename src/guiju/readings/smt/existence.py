"""Existence: can anything satisfy these standards, which clauses follow from the others, which levels and grades can be reached."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from guiju.ir.node import Node
from guiju.ir.program import ClauseMeaning, Program
from guiju.ir.values import Unknown as NoValue
from guiju.ir.values import Value
from guiju.readings.evaluate import Evaluation, Verdict, is_met
from guiju.readings.smt.answers import Answer, NotComparable, Proved, Refuted, Unknown, Witness
from guiju.readings.smt.comparable import Comparability
from guiju.readings.smt.following import about, gap_between, passing
from guiju.readings.smt.logic import Formula, Known, compared, disj, neg
from guiju.readings.smt.meaning import Conformity, Demand, conformity, sharing
from guiju.readings.smt.search import Budget, Nothing, Population, Searcher, Sought
from guiju.readings.smt.space import Space
from guiju.readings.smt.strictness import NO_REQUIREMENT
from guiju.standard.dictionary import Dictionary


def satisfiable(
    programs: Sequence[Program], dictionary: Dictionary, *, treat_as: Mapping[str, str] | None = None, budget: Budget | None = None,
    population: Population | None = None, scenario: str | None = None,
) -> Answer:  # fmt: skip
    """Whether one record can pass all of the programs: Proved with the record, or Refuted with clauses that leave no room for one.

    scenario   only the clauses of this scenario
    """
    space = Space(tuple(programs), treat_as or {})
    parts = [conformity(space, at, _whole(program, scenario)) for at, program in enumerate(programs)]
    wanted = [part for part in parts if part is not None]
    if len(wanted) < len(parts):
        return NotComparable(NO_REQUIREMENT)
    obstacle = Comparability(space, dictionary).space_obstacle(frozenset(space.quantities))
    if obstacle is not None:
        return NotComparable(obstacle)
    searcher = Searcher(space, budget, population)

    def passes(judged: Sequence[Evaluation]) -> bool:
        return all(e.judge(part.whole) is Verdict.PASS for e, part in zip(judged, wanted, strict=True))

    every = [demand for part in wanted for demand in part.demands]
    scopes = frozenset().union(*(part.scope_keys for part in wanted))
    applies = [part.applies for part in wanted]
    for group in sharing(every):
        keys = scopes.union(*(d.keys for d in group))
        if searcher.exists([*applies, *(d.met for d in group)], keys) is False:
            return Refuted(conflict=_conflict(searcher, applies, group, keys))
    formulas, keys = [*applies, *(d.met for d in every)], scopes.union(*(d.keys for d in every))
    found = searcher.find(Sought(formulas, keys, passes))
    if isinstance(found, Nothing):
        return Refuted(conflict=_conflict(searcher, applies, every, keys))
    return Proved(witness=found) if isinstance(found, Witness) else Unknown(found.reason)


def _whole(program: Program, scenario: str | None) -> ClauseMeaning | None:
    if scenario is None:
        return program.overall
    return next((m for m in program.families if m.no == f"overall@{scenario}"), None)


def _conflict(searcher: Searcher, applies: Sequence[Formula], demands: Sequence[Demand], keys: frozenset[str]) -> tuple[tuple[int, str], ...]:
    """Clauses that cannot be met together, none of which can be left out without the solver losing its proof."""
    domain = searcher.space.domain(keys, True)
    kept = searcher.core([*applies, *domain], {(d.position, d.no): d.met for d in demands})
    for name in list(kept):
        fewer = {other: formula for other, formula in kept.items() if other != name}
        if searcher.refutes([*applies, *domain, *fewer.values()]):
            kept = fewer
    return tuple(kept)


@dataclass(frozen=True, slots=True)
class Implied:
    """Whether a clause is implied by the others: Proved, or Refuted with a record that meets the others and not it."""

    no: str
    answer: Answer
    by: tuple[str, ...]


def implied_clauses(program: Program, *, budget: Budget | None = None, population: Population | None = None) -> tuple[Implied, ...]:
    """For every clause that must be met: is it implied by the others together?"""
    space = Space((program,))
    whole, searcher = conformity(space, 0), Searcher(space, budget, population)
    if whole is None:
        return ()
    searcher.settle(*passing(whole, whole.demands))
    return tuple(_implied(searcher, whole, each) for each in whole.demands)


def _implied(searcher: Searcher, whole: Conformity, asked: Demand) -> Implied:
    others = [d for d in whole.demands if d is not asked]
    near = [d for d in about(whole, asked.measured) if d is not asked]
    by = tuple(d.no for d in near)
    for d in near:
        if d.meaning.applies is asked.meaning.applies and gap_between(searcher.space, d, asked) is False:
            return Implied(asked.no, Proved("pieces"), (d.no,))

    def shows(judged: Sequence[Evaluation]) -> bool:
        (e,) = judged
        return all(is_met(e, d.meaning) for d in others) and not is_met(e, asked.meaning)

    (needs, keys), (every, every_keys) = passing(whole, near), passing(whole, others)
    violated, own = asked.violated, asked.all_keys
    found = searcher.find(Sought([*needs, violated], keys | own, shows, [*every, violated], every_keys | own))
    if isinstance(found, Nothing):
        return Implied(asked.no, Proved(), by)
    return Implied(asked.no, Refuted(found) if isinstance(found, Witness) else Unknown(found.reason), by)


@dataclass(frozen=True, slots=True)
class Reach:
    """Whether a level of an indicator, or a grade, can be reached at all: Proved with a record, or Refuted."""

    name: str
    value: str
    answer: Answer


def reachable(program: Program, *, budget: Budget | None = None, population: Population | None = None) -> tuple[Reach, ...]:
    """Every level of every indicator and every grade of every grading; the last level is that of those who reach none."""
    space = Space((program,))
    searcher = Searcher(space, budget, population)
    found = []
    for indicator in program.indicators:
        levels = [level for level, _ in indicator.indicator.levels]
        for position, level in enumerate([*levels, "none"], 1):
            answer = _reached(searcher, [indicator.applies], indicator.level, Fraction(position))
            found.append(Reach(indicator.indicator.name, level, answer))
    for grading in program.grades:
        for grade in grading.grading.grades:
            found.append(Reach(grading.grading.name, grade.grade, _reached(searcher, [], grading.node, grade.grade)))
    return tuple(found)


def _reached(searcher: Searcher, conditions: Iterable[Node], node: Node, value: Value) -> Answer:
    space = searcher.space
    nodes = [space.programs[0].scope, *conditions]
    meant: Known = space.of(0, node)
    term: Any = space.code(value) if isinstance(value, str) else value
    formulas = [*(space.of(0, each).true for each in nodes), meant.defined, compared("==", meant.term, term)]

    def shows(judged: Sequence[Evaluation]) -> bool:
        return all(judged[0].of(each) is True for each in nodes) and judged[0].of(node) == value

    found = searcher.find(Sought(formulas, space.uses(0, node, *nodes), shows))
    if isinstance(found, Nothing):
        return Refuted()
    return Proved(witness=found) if isinstance(found, Witness) else Unknown(found.reason)


@dataclass(frozen=True, slots=True)
class Defined:
    """Whether something always has a value when nothing is missing: Proved, or Refuted with a record for which it has none, and why."""

    name: str
    answer: Answer
    reasons: tuple[str, ...] = ()


def always_defined(program: Program, *, budget: Budget | None = None, population: Population | None = None) -> tuple[Defined, ...]:
    """Clauses, levels, scores, grades and values in scope: can any of them be undefined though every input is known?"""
    space = Space((program,))
    searcher = Searcher(space, budget, population)
    asked: list[tuple[str, Node, list[Node]]] = [(c.no, c.requires, [c.applies]) for c in program.clauses]
    asked += [(i.indicator.name, i.level, [i.applies]) for i in program.indicators]
    asked += [(s.score.name, s.node, []) for s in program.scores] + [(g.grading.name, g.node, []) for g in program.grades]
    asked += [(name, node, []) for name, node in program.values.items()]
    return tuple(_defined(searcher, name, node, conditions) for name, node, conditions in asked)


def _defined(searcher: Searcher, name: str, node: Node, conditions: Sequence[Node]) -> Defined:
    space = searcher.space
    nodes, meant = [space.programs[0].scope, *conditions], space.of(0, node)
    lacking = neg(meant.defined if isinstance(meant, Known) else disj((meant.true, meant.false)))
    # A condition that is itself undetermined leaves a clause undetermined as well.
    holds = [neg(space.of(0, each).false) for each in nodes]
    undecided = disj([lacking, *(neg(space.of(0, each).true) for each in nodes)]) if conditions else lacking

    def shows(judged: Sequence[Evaluation]) -> bool:
        found = [judged[0].of(each) for each in nodes]
        unknown = [judged[0].of(node), *(found if conditions else ())]
        return False not in found and any(type(value) is NoValue for value in unknown)

    found = searcher.find(Sought([*holds, undecided], space.uses(0, node, *nodes), shows))
    if isinstance(found, Nothing):
        return Defined(name, Proved())
    if not isinstance(found, Witness):
        return Defined(name, Unknown(found.reason))
    values = [found.evaluations[0].of(each) for each in (node, *nodes)]
    why = frozenset().union(*(value.undefined for value in values if isinstance(value, NoValue)))
    return Defined(name, Refuted(found), tuple(sorted(why)))

