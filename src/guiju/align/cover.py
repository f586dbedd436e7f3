"""Cover: the cheapest set of items that gives everything wanted, with what each item needs first; then the one with the fewest days.

What can be decided by looking is decided before a solver is asked: an item that alone gives something is taken, an item that another does better
is left, a want that follows from another is dropped. What is left falls into parts that have nothing in common, and each is solved by itself.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from typing import Literal

from guiju.align.whole import Choice, Row

STEPS = 3000
"""Linear programs for a proof in whole numbers."""
Proof = Literal["reduction", "exact", "solver", "none"]
_WEAKEST_LAST: tuple[Proof, ...] = ("reduction", "exact", "solver", "none")


@dataclass(frozen=True, slots=True)
class Item:
    """What may be taken.

    gives   the wants it covers, as a mask: bit n for want n
    needs   positions of items that must be taken with it; never in a circle
    line    where it takes its days, one after another; '': nowhere
    """

    cost: Fraction
    gives: int
    needs: tuple[int, ...] = ()
    days: Fraction = Fraction(0)
    line: str = ""


@dataclass(frozen=True, slots=True)
class Cover:
    """What is taken.

    bound   nothing that covers everything costs less
    proof   how that is known: `reduction`, every item was decided by looking; `exact`, proved in whole numbers; `solver`, the word of HiGHS;
            `none`, the time was up, and the cost may be as low as the bound
    """

    taken: frozenset[int]
    cost: Fraction
    bound: Fraction
    proof: Proof

    @property
    def gap(self) -> Fraction:
        """By which share of its cost it may be too dear."""
        return (self.cost - self.bound) / self.cost if self.cost else Fraction(0)


class TooLate(Exception):
    """No cover is done by the deadline.

    least   the days that are needed at least; None: the time was up before that was known
    """

    def __init__(self, least: Fraction | None) -> None:
        super().__init__(str(least))
        self.least = least


def cheapest(items: Sequence[Item], wants: int, seconds: float = 10, deadline: Fraction | None = None) -> Cover:
    """The cheapest cover of the wants (a mask), each of which some item gives; of equally cheap ones one with the fewest days in all.

    deadline   days within which every line must be done
    seconds    for the solver; after that the best found is given, with its bound
    raises     TooLate
    """
    work = _Work(items, wants, deadline)
    work.reduce()
    parts = [_Part(items, part, work) for part in work.parts()]
    until = time.monotonic() + seconds
    taken, bound, proofs = set(work.taken), sum((items[i].cost for i in work.taken), Fraction(0)), ["reduction"]
    for position, part in enumerate(parts):
        left = max(until - time.monotonic(), 0.05) / (len(parts) - position)
        chosen, least, proof = part.solved(left)
        if chosen is None:
            raise TooLate(work.least_days(seconds) if proof == "solver" else None)
        taken |= chosen
        bound += least
        proofs.append(proof)
    found = frozenset(taken)
    assert _meets(items, found, wants, deadline), "what is taken was checked part by part"
    return Cover(found, sum((items[i].cost for i in found), Fraction(0)), bound, max(proofs, key=_WEAKEST_LAST.index))  # type: ignore[arg-type]


def _meets(items: Sequence[Item], taken: frozenset[int], wants: int, deadline: Fraction | None) -> bool:
    """Whether everything is covered, with what it needs, and in time."""
    given = reduce(int.__or__, (items[i].gives for i in taken), 0)
    complete = wants & ~given == 0 and all(set(items[i].needs) <= taken for i in taken)
    return complete and (deadline is None or all(days <= deadline for days in line_days(items, taken).values()))


def line_days(items: Sequence[Item], taken: Iterable[int]) -> dict[str, Fraction]:
    """The days of every line, in order of its name."""
    found: dict[str, Fraction] = {}
    for each in taken:
        if items[each].line:
            found[items[each].line] = found.get(items[each].line, Fraction(0)) + items[each].days
    return dict(sorted(found.items()))


class _Work:
    """What is still open: items and wants; and what is decided."""

    def __init__(self, items: Sequence[Item], wants: int, deadline: Fraction | None) -> None:
        self.items, self.wants, self.deadline = items, wants, deadline
        self.open = set(range(len(items)))
        self.taken: set[int] = set()
        self.before: dict[int, frozenset[int]] = {}
        for each in range(len(items)):
            self._needed(each)

    def _needed(self, each: int) -> frozenset[int]:
        """Everything that must be taken with an item."""
        if each not in self.before:
            direct = self.items[each].needs
            self.before[each] = frozenset(direct).union(*(self._needed(i) for i in direct))
        return self.before[each]

    def reduce(self) -> None:
        """Decides what can be decided by looking, until nothing more can."""
        while True:
            open_before, wants_before = len(self.open), self.wants
            self._drop_wants()
            self._take_only_ones()
            self._leave_dominated()
            if (len(self.open), self.wants) == (open_before, wants_before):
                return

    def givers(self) -> dict[int, int]:
        """Want → mask of the open items that give it."""
        found = dict.fromkeys(_bits(self.wants), 0)
        for each in self.open:
            for want in _bits(self.items[each].gives & self.wants):
                found[want] |= 1 << each
        return found

    def _drop_wants(self) -> None:
        """A want is dropped where whatever gives another gives it too."""
        kept: dict[int, list[int]] = {}
        for want, mask in sorted(self.givers().items(), key=lambda pair: (pair[1].bit_count(), pair[0])):
            if any(other & mask == other for giver in _bits(mask) for other in kept.get(giver, ())):
                self.wants &= ~(1 << want)
            else:
                kept.setdefault((mask & -mask).bit_length() - 1, []).append(mask)

    def _take_only_ones(self) -> None:
        for mask in self.givers().values():
            if mask.bit_count() == 1:
                only = mask.bit_length() - 1
                self.taken |= {only, *self.before[only]}
        self.open -= self.taken
        for each in self.taken:
            self.wants &= ~self.items[each].gives

    def _leave_dominated(self) -> None:
        """Leaves items that give nothing wanted, and those whose work another one does as cheaply."""
        needed = frozenset().union(*(self.before[i] for i in self.open if self.items[i].gives & self.wants))
        self.open = {i for i in self.open if self.items[i].gives & self.wants or i in needed}
        for each in sorted(self.open - needed):
            if any(self._at_least_as_good(other, each) for other in self.open if other != each):
                self.open.discard(each)

    def _at_least_as_good(self, one: int, other: int) -> bool:
        """Whether the one may stand for the other in every cover, and of two alike the first."""
        a, b = self.items[one], self.items[other]
        if b.gives & self.wants & ~a.gives or not self.before[one] - self.taken <= (self.before[other] | {other}) - self.taken:
            return False
        if self.deadline is not None and (a.line != b.line or a.days > b.days):
            return False
        return (a.cost, a.days, one) < (b.cost, b.days, other)

    def parts(self) -> list[list[int]]:
        """The open items in groups that share no want, no need and, with a deadline, no line."""
        leader = {each: each for each in self.open}

        def top(each: int) -> int:
            while leader[each] != each:
                leader[each] = each = leader[leader[each]]
            return each

        ties = [list(_bits(mask)) for mask in self.givers().values()]
        ties += [[each, *(self.before[each] & self.open)] for each in self.open]
        if self.deadline is not None:
            lines: dict[str, list[int]] = {}
            for each in self.open:
                lines.setdefault(self.items[each].line or f"\0{each}", []).append(each)
            ties += list(lines.values())
        for first, *others in ties:
            for other in others:
                leader[top(other)] = top(first)
        groups: dict[int, list[int]] = {}
        for each in sorted(self.open):
            groups.setdefault(top(each), []).append(each)
        if self.deadline is not None and any(days > self.deadline for days in line_days(self.items, self.taken).values()):
            raise TooLate(self.least_days(10))
        return list(groups.values())

    def least_days(self, seconds: float) -> Fraction | None:
        """The fewest days in which any cover can be done; None where the solver did not come to an end."""
        members, held = sorted(self.open), self.deadline
        grain = _grain(item.days for item in self.items)
        low = int(max(line_days(self.items, self.taken).values(), default=Fraction(0)) / grain)
        high = int(sum((item.days for item in self.items), Fraction(0)) / grain)
        while low < high:
            middle = (low + high) // 2
            self.deadline = middle * grain
            found = Choice([0] * len(members), list(_rows(self, members))).least(seconds)
            if not found.ended:
                return None
            low, high = (low, middle) if found.chosen is not None else (middle + 1, high)
        self.deadline = held
        return low * grain


class _Part:
    """A part that has nothing in common with the others, as whole numbers."""

    def __init__(self, items: Sequence[Item], members: list[int], work: _Work) -> None:
        self.items, self.members = items, members
        self.rows = list(_rows(work, members))
        self.grain = _grain(items[i].cost for i in members)
        self.costs = [int(items[i].cost / self.grain) for i in members]

    def solved(self, seconds: float) -> tuple[frozenset[int] | None, Fraction, Proof]:
        """(what is taken of it, what it costs at least, how that is known)"""
        until = time.monotonic() + seconds
        choice = Choice(self.costs, self.rows)
        found = choice.least(seconds)
        spare = None if found.ended else choice.pruned()
        best = min((each for each in (found.chosen, spare) if each is not None), key=choice.cost, default=None)
        if best is None:
            return None, Fraction(0), "solver" if found.ended else "none"
        cost = choice.cost(best)
        if found.bound < cost:
            return self._named(best), found.bound * self.grain, "none"
        exact = choice.proved(cost, STEPS, max(until - time.monotonic(), 0.05))
        chosen = self._quickest(cost, until) or best
        return self._named(chosen), cost * self.grain, "exact" if exact else "solver"

    def _quickest(self, cost: int, until: float) -> frozenset[int] | None:
        """Of the choices that cost no more, one with the fewest days."""
        grain = _grain(self.items[i].days for i in self.members)
        days = [int(self.items[i].days / grain) for i in self.members]
        within = Row({at: -each for at, each in enumerate(self.costs) if each}, -cost)
        return Choice(days, [*self.rows, within]).least(max(until - time.monotonic(), 0.05)).chosen

    def _named(self, chosen: frozenset[int]) -> frozenset[int]:
        return frozenset(self.members[at] for at in chosen)


def _rows(work: _Work, members: Sequence[int]) -> Iterator[Row]:
    """What a choice among the members must meet: the wants they give, what they need, and the days that are left of each line."""
    at = {each: position for position, each in enumerate(members)}
    for mask in dict.fromkeys(work.givers().values()):
        givers = [at[i] for i in _bits(mask) if i in at]
        if givers:
            yield Row(dict.fromkeys(givers, 1), 1)
    for each in members:
        for need in work.items[each].needs:
            if need in at:
                yield Row({at[need]: 1, at[each]: -1}, 0)
    if work.deadline is not None:
        used, grain = line_days(work.items, work.taken), _grain([*(i.days for i in work.items), work.deadline])
        for line in sorted({work.items[i].line for i in members} - {""}):
            terms = {at[i]: -int(work.items[i].days / grain) for i in members if work.items[i].line == line}
            yield Row({position: days for position, days in terms.items() if days}, -int((work.deadline - used.get(line, Fraction(0))) / grain))


def _bits(mask: int) -> Iterator[int]:
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


def _grain(values: Iterable[Fraction]) -> Fraction:
    """The largest number all values are whole multiples of; 1 where all are 0."""
    held = [value for value in values if value]
    over = math.gcd(*(value.numerator for value in held))
    return Fraction(over, math.lcm(*(value.denominator for value in held))) if held else Fraction(1)


