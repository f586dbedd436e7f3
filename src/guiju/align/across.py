"""Across clauses: what clauses of different sides come to together. A range and a spacing are each in order, and leave a gap between them.

What must hold across them is itself written as a standard, in the folder `checks`; every side that asks one of its quantities is put together
with every side that asks the next.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, product

from guiju.align.side import Side
from guiju.ir.program import ClauseMeaning, Program
from guiju.readings.smt.answers import Answer
from guiju.readings.smt.search import Budget, Population, Worst
from guiju.readings.smt.sides import Place, Sides, sides
from guiju.standard.dictionary import Dictionary

COMBINATIONS_MAX = 2_000


@dataclass(frozen=True, slots=True)
class Part:
    """One quantity of a check as one side asks it: the clause that applies; the side's others on it are met too.

    place   of the clause in the space of the combination
    """

    property_id: str
    side: Side
    program: Program
    meaning: ClauseMeaning
    place: Place


@dataclass(frozen=True, slots=True)
class Combination:
    """answer   Proved where the check's clause follows; Refuted with a record
    worst    how far it can be missed
    """

    clause: ClauseMeaning
    parts: tuple[Part, ...]
    answer: Answer
    worst: Worst | None
    check: Place

    @property
    def places(self) -> list[Place]:
        return [*(part.place for part in self.parts), self.check]


def across(
    check: Program, found: Sequence[Side], dictionary: Dictionary, *, treat_as: Mapping[str, str] | None = None, budget: Budget | None = None,
    population: Population | None = None,
) -> list[Combination]:  # fmt: skip
    """Every clause of the check with every way the sides ask its quantities, a quantity from one side at a time.

    Empty where some quantity of a clause is asked by no side.
    """
    combined: list[Combination] = []
    owners = [side for side in found for _ in side.programs]
    both = sides([*(p for side in found for p in side.programs), check], dictionary, treat_as=treat_as, budget=budget, population=population)
    last = len(owners)
    for clause in check.clauses:
        asked = sorted(both.demands[last, clause.no].asked)
        options = [[part for at in range(last) for part in _parts(both, owners, at, key)] for key in asked]
        for parts in islice(product(*options), COMBINATIONS_MAX):
            met = [place for part in parts for place in _own(both, owners, part)]
            answer, worst = both.where([part.place for part in parts], met, (last, clause.no))
            combined.append(Combination(clause, parts, answer, worst, (last, clause.no)))
    return combined


def _parts(both: Sides, owners: Sequence[Side], at: int, key: str) -> list[Part]:
    program = both.follower.space.programs[at]
    about = [c for c in program.clauses if key in both.demands[at, c.no].measured]
    return [Part(key, owners[at], program, c, (at, c.no)) for c in about]


def _own(both: Sides, owners: Sequence[Side], part: Part) -> list[Place]:
    """All that the side of a part asks of its quantity."""
    return [place for place, d in both.demands.items() if place[0] < len(owners) and owners[place[0]] is part.side and part.property_id in d.measured]
