"""Monotone: can a product that is better in one thing get a worse result? And where the pieces of a table do not meet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

from guiju.base.diagnostics import Diagnostic, Refused
from guiju.ir.node import Node, Op, below
from guiju.ir.program import Program
from guiju.ir.values import RULES, Value
from guiju.ir.values import Unknown as NoValue
from guiju.readings.evaluate import Evaluation, Verdict
from guiju.readings.smt.answers import Answer, Proved, Refuted, Unknown, Witness
from guiju.readings.smt.logic import Formula, Term, choose, compared, conj
from guiju.readings.smt.search import Budget, Nothing, Population, Searcher, Sought
from guiju.readings.smt.space import Space
from guiju.standard.shape import did_you_mean

Direction = Literal["higher", "lower"]


def monotone(
    program: Program, target: str, name: str, better: Direction, *, budget: Budget | None = None, population: Population | None = None
) -> Answer:
    """Whether a product that differs only in one number, and is better in it, never gets a worse result.

    target   `overall`, a clause, an indicator, a score or a grading
    name     the input; `better` says which way is better
    gives    Proved; or Refuted with two records, the better of which gets the worse result

    raises   Refused: unknown-input, prove-target, prove-not-a-number
    """
    declared = program.inputs.get(name)
    if declared is None:
        raise Refused([Diagnostic("unknown-input", None, {"name": name, **did_you_mean(name, program.inputs)})])
    if declared.kind != "number":
        raise Refused([Diagnostic("prove-not-a-number", None, {"name": name})])
    single = Space((program,))
    asked = next((key for key, q in single.quantities.items() if q.input.name == name), None)
    if asked is None:
        return Proved("parts")
    space = Space((program, program), apart=frozenset((asked,)))
    worse, other = (space.quantities[f"{asked} ({at})"] for at in (1, 2))
    sign = compared("<", worse.variable, other.variable) if better == "higher" else compared("<", other.variable, worse.variable)
    result = _Result(space, program, target)
    searcher = Searcher(space, budget, population)
    found = searcher.find(Sought([sign, result.falls()], frozenset(space.quantities), result.shows))
    if isinstance(found, Nothing):
        return Proved()
    return Refuted(found) if isinstance(found, Witness) else Unknown(found.reason)


class _Result:
    """What a program concludes, in the order of better and worse."""

    def __init__(self, space: Space, program: Program, target: str) -> None:
        self.space, self.program = space, program
        self.clause = next((m for m in program.judged if m.no == target), None)
        self.grading = next((g for g in program.grades if g.grading.name == target), None)
        self.score = next((s for s in program.scores if s.score.name == target), None)
        self.indicator = next((i for i in program.indicators if i.indicator.name == target), None)
        if not (self.clause or self.grading or self.score or self.indicator):
            names = [m.no for m in program.judged] + [*program.standard.indicators, *program.standard.scores, *program.standard.gradings]
            raise Refused([Diagnostic("prove-target", None, {"name": target, "known": ", ".join(names), **did_you_mean(target, names)})])

    def falls(self) -> Formula:
        """The first record has the better result, and both have one."""
        if self.clause:
            parts = [(self.space.of(at, self.clause.applies), self.space.of(at, self.clause.requires)) for at in (0, 1)]
            (applies, requires), (other, unmet) = parts
            return conj((applies.true, requires.true, other.true, unmet.false))
        defined, terms = zip(*(self._ranked(at) for at in (0, 1)), strict=True)
        return conj((*defined, compared("<", terms[0], terms[1])))

    def _ranked(self, at: int) -> tuple[Formula, Term]:
        """Whether there is a result, and its rank, 0 the best."""
        if self.grading:
            meant = self.space.of(at, self.grading.node)
            rank: Term = Fraction(len(self.grades))
            for place, grade in reversed(list(enumerate(self.grades))):
                rank = choose(compared("==", meant.term, self.space.code(grade)), Fraction(place), rank)
            return meant.defined, rank
        if self.score:
            meant = self.space.of(at, self.score.node)
            return meant.defined, -meant.term
        assert self.indicator
        meant = self.space.of(at, self.indicator.level)
        return conj((self.space.of(at, self.indicator.applies).true, meant.defined)), meant.term

    @property
    def grades(self) -> list[str]:
        return [g.grade for g in self.grading.grading.grades] if self.grading else []

    def shows(self, judged: Sequence[Evaluation]) -> bool:
        first, second = judged
        if self.clause:
            return first.judge(self.clause) is Verdict.PASS and second.judge(self.clause) is Verdict.FAIL
        ranks = [self._rank(e) for e in judged]
        return None not in ranks and ranks[0] < ranks[1]  # type: ignore[operator]

    def _rank(self, e: Evaluation) -> Fraction | int | None:
        if self.grading:
            grade = e.of(self.grading.node)
            return self.grades.index(grade) if isinstance(grade, str) else None
        if self.score:
            score = e.of(self.score.node)
            return -score if isinstance(score, Fraction) else None
        assert self.indicator
        level = e.of(self.indicator.level)
        return level if isinstance(level, Fraction) and e.of(self.indicator.applies) is True else None


@dataclass(frozen=True, slots=True)
class Jump:
    """Where a table goes from one piece to the next, and the two do not meet. None: undefined on that side."""

    table: str
    at: Fraction
    below: Fraction | None
    above: Fraction | None


def table_jumps(program: Program) -> tuple[tuple[Jump, ...], tuple[str, ...]]:
    """Where formula pieces of tables over one number do not meet, exactly; and the tables of which it is not told, as they rest on more.

    Steps between constants are what such tables are for, and are no jumps.
    """
    jumps: list[Jump] = []
    untold: list[str] = []
    for name in program.standard.tables:
        node = program.values.get(name)
        if node is None or node.op is not Op.STEP or not node.args[0].is_number or not node.is_number:
            continue
        x = node.args[0]
        inputs = [n for n in below([node]) if n.op is Op.INPUT]
        if x.op is not Op.INPUT or any(n is not x for n in inputs):
            untold.append(name)
            continue
        jumps += _jumps(name, node, x)
    return tuple(jumps), tuple(untold)


def _jumps(name: str, node: Node, x: Node) -> list[Jump]:
    found = []
    ends: Any = node.value
    for position, (bound, _) in enumerate(ends):
        rows = node.args[position + 1], node.args[position + 2]
        if all(row.op in (Op.CONST, Op.UNDEFINED) for row in rows) or any(row.op is Op.UNDEFINED for row in rows):
            continue
        left, right = (_at(row, x, bound) for row in rows)
        if left != right:
            found.append(Jump(name, bound, left, right))
    return found


def _at(row: Node, x: Node, value: Fraction) -> Fraction | None:
    values: dict[int, Value] = {}
    for node in below([row]):
        values[node.index] = value if node is x else RULES[node.op](node, [values[a.index] for a in node.args])
    found = values[row.index]
    return None if isinstance(found, NoValue) or not isinstance(found, Fraction) else found


