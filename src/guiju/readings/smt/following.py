"""Following: whether a clause follows from what is passed, whoever asks it: one standard, or all that apply in a region.

It is proved from the few clauses that measure the same thing; limits on one quantity over one other, such as long tables, are compared piece
by piece in exact numbers. Where it does not follow, a record is looked for that passes all of what is given.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol

from guiju.ir.node import Node, Op, below
from guiju.readings.evaluate import Evaluation, is_met
from guiju.readings.smt.answers import Answer, NotComparable, Proved, Refuted, Unknown, Witness
from guiju.readings.smt.comparable import Comparability
from guiju.readings.smt.logic import Formula, conj, neg
from guiju.readings.smt.meaning import Demand, parts
from guiju.readings.smt.pieces import Gap, gap
from guiju.readings.smt.search import Nothing, Searcher, Sought
from guiju.readings.smt.space import Space

LONG = 100
"""Rows of two tables from which on the solver is told where to look for a witness."""
FEW = 8
"""Clauses about one thing that are simply looked at together."""


class Given(Protocol):
    """What is passed.

    applies, scope_keys   where it applies, and what that depends on
    """

    @property
    def demands(self) -> tuple[Demand, ...]: ...
    @property
    def applies(self) -> Formula: ...
    @property
    def scope_keys(self) -> frozenset[str]: ...

    def passes(self, judged: Sequence[Evaluation]) -> bool:
        """Whether judged records pass it, by the exact reading."""


def about(given: Given, keys: frozenset[str]) -> list[Demand]:
    """Its clauses that measure any of the quantities."""
    return [d for d in given.demands if d.measured & keys]


def passing(given: Given, demands: Sequence[Demand]) -> tuple[list[Formula], frozenset[str]]:
    """The formulas of applying and meeting these clauses, and what they depend on."""
    return [given.applies, *(d.met for d in demands)], given.scope_keys.union(*(d.keys for d in demands))


@dataclass(frozen=True)
class Follower:
    """Answers about one space.

    plain   a witness need not look typical: where limits are in straight pieces, none is looked for by the solver
    """

    space: Space
    comparable: Comparability
    searcher: Searcher
    plain: bool = False
    shapes: dict[tuple[object, ...], int] = field(default_factory=dict)
    seen: dict[tuple[int, int], int] = field(default_factory=dict)

    def follows(self, given: Given, asked: Demand) -> Answer:
        """Whether whatever passes what is given meets the clause, or is outside it."""
        obstacle = self.comparable.obstacle(asked, given.demands)
        if obstacle is not None:
            return NotComparable(obstacle)
        near = about(given, asked.measured)
        if any(self.same(a, asked) for a in near):
            return Proved("text")
        if any(self._covers(given, a, asked) for a in near):
            return Proved("pieces")
        shown = self._shown(given, near, asked) if self.plain else None
        if shown is not None:
            return Refuted(shown)
        alike = [a for a in near if a.no == asked.no]
        if len(near) > FEW and alike and self._enough(given, alike, asked):
            return Proved()
        (needs, keys), (every, every_keys) = passing(given, near), passing(given, given.demands)

        more = asked.all_keys
        is_one = partial(self._breaks, given, asked)
        sought = Sought([*needs, asked.violated], keys | more, is_one, [*every, asked.violated], every_keys | more)
        return self._answered(sought, asked, given, near)

    def same(self, a: Demand, b: Demand) -> bool:
        """Whether the second clause is, wherever it applies, what the first asks: they are alike but for names of inputs."""
        return self._shape(a.position, a.meaning.requires) == self._shape(b.position, b.meaning.requires) and self._applies(a, b)

    def _applies(self, a: Demand, b: Demand) -> bool:
        """Whether the first clause, where its program applies, plainly applies wherever the second does: its conditions are among the other's."""
        others = {self._shape(b.position, part) for part in parts(b.meaning.applies)}
        return all(self._shape(a.position, part) in others for part in a.left)

    def exclude(self, a: Demand, b: Demand) -> bool:
        """Whether both can apply and then never be met together."""
        keys, searcher = a.all_keys | b.all_keys, self.searcher
        both = conj((a.applies.true, b.applies.true))
        if searcher.exists([conj((both, a.requires.true, b.requires.true))], keys) is not False:
            return False
        return searcher.exists([both], keys) is True

    def _shape(self, position: int, wanted: Node) -> int:
        """A number that two nodes share where they are the same primitives of the same quantities."""
        for node in below([wanted]):
            if (position, node.index) not in self.seen:
                value: object = node.value
                if node.op is Op.INPUT:
                    (key,) = self.space.uses(position, node)
                    value = key, self.space.ratio(position, self.space.quantities[key])
                shape = (node.op, type(value), value, *(self.seen[position, arg.index] for arg in node.args))
                self.seen[position, node.index] = self.shapes.setdefault(shape, len(self.shapes))
        return self.seen[position, wanted.index]

    def _shown(self, given: Given, near: Sequence[Demand], asked: Demand) -> Witness | None:
        """A record at a place where a clause's limit lets in what the other's does not, else typical; None where that is none."""
        if len(near) != 1 or near[0].simple is None or asked.simple is None:
            return None
        found = gap_between(self.space, near[0], asked)
        if not isinstance(found, Gap):
            return None
        over = near[0].simple.over or asked.simple.over
        at = {} if over is None else {over: found.k * self.space.quantities[over].grid}
        return self.searcher.shown({near[0].simple.measured: found.value, **at}, partial(self._breaks, given, asked))

    def _breaks(self, given: Given, asked: Demand, judged: Sequence[Evaluation]) -> bool:
        return given.passes(judged) and not is_met(judged[asked.position], asked.meaning)

    def _answered(self, sought: Sought, asked: Demand, given: Given, near: Sequence[Demand]) -> Answer:
        hinted = next((h for a in near if (h := self._hint(a, asked)) is not None), None)
        if hinted is not None:
            narrowed = Sought([*sought.needs, hinted], sought.keys, sought.is_one, [*(sought.all or ()), hinted], sought.all_keys)
            found = self.searcher.find(narrowed)
            if isinstance(found, Witness):
                return Refuted(found)
        found = self.searcher.find(sought)
        if isinstance(found, Nothing):
            return Proved()
        if not isinstance(found, Witness):
            return Unknown(found.reason)
        held = frozenset().union(*(d.asked for d in given.demands))
        return Refuted(found, unasked=tuple(sorted(asked.measured - held)))

    def _covers(self, given: Given, a: Demand, asked: Demand) -> bool:
        """Whether the clause follows from one that is given, both being limits in straight pieces on one quantity over one other."""
        if gap_between(self.space, a, asked) is not False:
            return False
        if self._applies(a, asked):
            return True
        skipped = conj((given.applies, neg(asked.applies.false), neg(a.applies.true)))
        return self._exists(skipped, given.scope_keys | asked.all_keys | a.all_keys) is False

    def _enough(self, given: Given, some: Sequence[Demand], asked: Demand) -> bool:
        """Whether a few clauses are enough: those of the same number often are, and the solver has much less to read."""
        needs, keys = passing(given, some)
        return self._exists(conj([*needs, asked.violated]), keys | asked.all_keys) is False

    def _exists(self, formula: Formula, keys: frozenset[str]) -> bool | None:
        return formula if isinstance(formula, bool) else self.searcher.exists([formula], keys)

    def _hint(self, a: Demand, asked: Demand) -> Formula | None:
        """Where a long table lets in what the clause does not: the solver alone is slow to find it."""
        if a.simple is None or asked.simple is None or rows(a) + rows(asked) < LONG:
            return None
        found = gap_between(self.space, a, asked)
        if not isinstance(found, Gap):
            return None
        over = a.simple.over or asked.simple.over
        at = [] if over is None else [self.space.equals(over, found.k * self.space.quantities[over].grid)]
        return conj([self.space.equals(a.simple.measured, found.value), *at])


def rows(d: Demand) -> int:
    """How many rows the table has that the limit of a simple clause is; 0 where it is not simple."""
    return len(d.simple.limit.args) if d.simple else 0


def gap_between(space: Space, a: Demand, b: Demand) -> Gap | bool:
    """Whether the first clause lets in what the second does not; True where that cannot be told without the solver."""
    one, other = a.simple, b.simple
    if one is None or other is None or one.measured != other.measured or one.upper != other.upper:
        return True
    overs = {s.over for s in (one, other)} - {None}
    if len(overs) > 1:
        return True
    over = space.quantities[str(next(iter(overs)))] if overs else None
    if over is not None and over.kind != "number":
        return True
    first, second, q = a.limit(over), b.limit(over), space.quantities[one.measured]
    if first is None or second is None or q.low is None or q.high is None:
        return True
    return gap(first, second, q.grid, q.low, q.high)
