"""Sides: what two groups of clauses ask of the same thing, whichever standards they stand in. Which is stricter, and can both be met?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from guiju.ir.program import Program
from guiju.readings.evaluate import Evaluation
from guiju.readings.smt.answers import Answer, NotComparable, Proved, Refuted, Unknown, Witness, weakest
from guiju.readings.smt.comparable import Comparability
from guiju.readings.smt.following import Follower, passing
from guiju.readings.smt.logic import conj, disj
from guiju.readings.smt.meaning import Demand, Joint, demand
from guiju.readings.smt.search import Budget, Nothing, Population, Searcher, Sought
from guiju.readings.smt.space import Space
from guiju.standard.dictionary import Dictionary

PAIRS_MAX = 64
"""Pairs of clauses that are looked at for one that cannot be met together; beyond it, only all of them at once."""


@dataclass(frozen=True)
class Sides:
    """Two groups of programs in one space; clauses are named by (position of the program, number)."""

    follower: Follower

    @cached_property
    def demands(self) -> Mapping[tuple[int, str], Demand]:
        space = self.follower.space
        return {(at, c.no): demand(space, at, c) for at, program in enumerate(space.programs) for c in program.clauses}

    def joint(self, names: Sequence[tuple[int, str]]) -> Joint:
        return Joint(self.follower.space, tuple(self.demands[name] for name in names))

    def enough(self, given: Sequence[tuple[int, str]], asked: Sequence[tuple[int, str]]) -> Answer:
        """Whether meeting these clauses, where their programs apply, is enough to meet those."""
        held = self.joint(given)
        return weakest([self.follower.follows(held, self.demands[name]) for name in asked])

    def together(self, first: Sequence[tuple[int, str]], second: Sequence[tuple[int, str]]) -> Answer:
        """Whether a record both apply to can meet both. Refuted with two clauses that leave no room for each other where there are such."""
        if len(first) * len(second) <= PAIRS_MAX:
            for a in first:
                for b in second:
                    if self._exclude(self.demands[a], self.demands[b]):
                        return Refuted(conflict=(a, b))
        return self._met(first, second)

    def single(self, names: Sequence[tuple[int, str]]) -> Answer:
        """Whether a record that any of these clauses applies to can meet them all."""
        return self._met(names, ())

    def _met(self, first: Sequence[tuple[int, str]], second: Sequence[tuple[int, str]]) -> Answer:
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

    def _exclude(self, a: Demand, b: Demand) -> bool:
        """Whether both can apply and then never be met together."""
        keys, searcher = a.all_keys | b.all_keys, self.follower.searcher
        both = conj((a.applies.true, b.applies.true))
        if searcher.exists([conj((both, a.requires.true, b.requires.true))], keys) is not False:
            return False
        return searcher.exists([both], keys) is True


def sides(
    programs: Sequence[Program], dictionary: Dictionary, *, treat_as: Mapping[str, str] | None = None, any_method: bool = False,
    budget: Budget | None = None, population: Population | None = None,
) -> Sides:  # fmt: skip
    """Programs put into one space, to ask about any of their clauses.

    treat_as     property the one asks → property of the other taken for it: an assumption of whoever asks
    any_method   results of different test methods are taken for one another
    """
    space = Space(tuple(programs), treat_as or {})
    return Sides(Follower(space, Comparability(space, dictionary, any_method), Searcher(space, budget, population)))
