"""Sides: what two groups of clauses ask of the same thing, whichever standards they stand in. Which is stricter, and can both be met?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from guiju.ir.node import Op
from guiju.ir.program import Program
from guiju.readings.evaluate import Evaluation, is_met
from guiju.readings.smt.answers import Answer, NotComparable, Proved, Refuted, Unknown, Witness, weakest
from guiju.readings.smt.comparable import Comparability
from guiju.readings.smt.following import Follower, passing
from guiju.readings.smt.logic import disj, lift
from guiju.readings.smt.meaning import Demand, Joint, constant_limits, demand
from guiju.readings.smt.search import Budget, Nothing, Population, Searcher, Sought, Worst
from guiju.readings.smt.space import Space
from guiju.standard.dictionary import Dictionary

Place = tuple[int, str]
"""(position of a program, number of a clause)"""
PAIRS_MAX = 64
"""Pairs of clauses that are looked at for one that cannot be met together; beyond it, only all of them at once."""


@dataclass(frozen=True)
class Sides:
    """Two groups of programs in one space; clauses are named by (position of the program, number)."""

    follower: Follower

    @cached_property
    def demands(self) -> Mapping[Place, Demand]:
        space = self.follower.space
        return {(at, c.no): demand(space, at, c) for at, program in enumerate(space.programs) for c in program.clauses}

    def joint(self, names: Sequence[Place]) -> Joint:
        return Joint(self.follower.space, tuple(self.demands[name] for name in names))

    def enough(self, given: Sequence[Place], asked: Sequence[Place]) -> Answer:
        """Whether meeting these clauses, where their programs apply, is enough to meet those."""
        held = self.joint(given)
        return weakest([self.follower.follows(held, self.demands[name]) for name in asked])

    def together(self, first: Sequence[Place], second: Sequence[Place]) -> Answer:
        """Whether a record both apply to can meet both. Refuted with two clauses that leave no room for each other where there are such."""
        if len(first) * len(second) <= PAIRS_MAX:
            for a in first:
                for b in second:
                    if self.follower.exclude(self.demands[a], self.demands[b]):
                        return Refuted(conflict=(a, b))
        return self._met(first, second)

    def single(self, names: Sequence[Place]) -> Answer:
        """Whether a record that any of these clauses applies to can meet them all."""
        return self._met(names, ())

    def where(self, applies: Sequence[Place], met: Sequence[Place], asked: Place) -> tuple[Answer, Worst | None]:
        """Whether a clause follows where some clauses apply and some are met; and where not, how far it can be missed.

        applies   clauses that surely apply
        met       clauses that are met, or do not apply
        """
        held, wanted = self.joint([*applies, *met]), self.demands[asked]
        ours = [self.demands[name] for name in applies]
        formulas, keys = passing(held, [self.demands[name] for name in met])
        formulas += [*(d.applies.true for d in ours), wanted.violated]
        keys = keys.union(wanted.all_keys, *(d.all_keys for d in ours))

        def shows(judged: Sequence[Evaluation]) -> bool:
            fit = all(judged[d.position].of(d.meaning.applies) is True for d in ours)
            fit = fit and all(is_met(judged[at], self.demands[at, no].meaning) for at, no in met)
            return fit and not is_met(judged[wanted.position], wanted.meaning)

        obstacle = self.follower.comparable.space_obstacle(keys)
        if obstacle is not None:
            return NotComparable(obstacle), None
        searcher, requires = self.follower.searcher, wanted.meaning.requires
        found = searcher.find(Sought(formulas, keys, shows))
        if isinstance(found, Nothing):
            return Proved(), None
        if not isinstance(found, Witness):
            return Unknown(found.reason), None
        if requires.op not in (Op.LE, Op.LT) or not requires.args[0].is_number:
            return Refuted(found), None
        missed, limit = (self.follower.space.of(wanted.position, arg) for arg in requires.args)
        return Refuted(found), searcher.worst(formulas, keys, lift(missed.term) - lift(limit.term), shows)

    def _met(self, first: Sequence[Place], second: Sequence[Place]) -> Answer:
        held = self.joint([*first, *second])
        obstacle = self.follower.comparable.space_obstacle(frozenset().union(*(d.all_keys for d in held.demands)))
        if obstacle is not None:
            return NotComparable(obstacle)

        groups = [[self.demands[name] for name in names] for names in (first, second) if names]

        def shows(judged: Sequence[Evaluation]) -> bool:
            asked = all(any(judged[d.position].of(d.meaning.applies) is True for d in group) for group in groups)
            return asked and held.passes(judged)

        formulas, keys = passing(held, held.demands)
        formulas += [disj(d.applies.true for d in group) for group in groups]
        found = self.follower.searcher.find(Sought(formulas, keys.union(*(d.all_keys for d in held.demands)), shows))
        if isinstance(found, Nothing):
            return Refuted(conflict=(*first, *second))
        return Proved(witness=found) if isinstance(found, Witness) else Unknown(found.reason)


def sides(
    programs: Sequence[Program], dictionary: Dictionary, *, treat_as: Mapping[str, str] | None = None, any_method: bool = False,
    budget: Budget | None = None, population: Population | None = None, plain: bool = False,
) -> Sides:  # fmt: skip
    """Programs put into one space, to ask about any of their clauses.

    What is limited by constants is typically near them, where no real records say otherwise.

    treat_as     property the one asks → property of the other taken for it: an assumption of whoever asks
    any_method   results of different test methods are taken for one another
    plain        witnesses need not look typical, which is much faster
    """
    space = Space(tuple(programs), treat_as or {})
    searcher = Searcher(space, budget, population)
    limits: dict[str, list[Fraction]] = {}
    for at, program in enumerate(programs):
        for key, limit in (each for c in program.clauses for each in constant_limits(space, at, c.requires)):
            limits.setdefault(key, []).append(limit)
    for key, values in limits.items():
        if population is None or key not in population.typical:
            searcher.typical[key] = space.quantities[key].snapped(sorted(values)[len(values) // 2])
    return Sides(Follower(space, Comparability(space, dictionary, any_method), searcher, plain))
