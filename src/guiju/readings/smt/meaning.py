"""What conformity to a program means, clause by clause: the formulas questions are put together from, and what each clause measures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from guiju.ir.node import Node, Op
from guiju.ir.program import ClauseMeaning, Program
from guiju.readings.evaluate import Evaluation, Verdict, is_met
from guiju.readings.smt.encode import determined
from guiju.readings.smt.logic import Formula, Truth, conj, disj, neg
from guiju.readings.smt.pieces import Limit, pieces
from guiju.readings.smt.space import Quantity, Space


@dataclass(frozen=True, slots=True)
class Simple:
    """A clause that is one comparison: a measured quantity with a limit that depends on at most one other.

    factor   by which the measured quantity is multiplied before it is compared
    """

    measured: str
    factor: Fraction
    limit: Node
    upper: bool
    strict: bool
    over: str | None


@dataclass(frozen=True)
class Demand:
    """One clause of a program in a space.

    left   what is left of its condition where the program applies; empty: it applies wherever the program does
    """

    space: Space
    position: int
    meaning: ClauseMeaning
    left: tuple[Node, ...]

    @property
    def no(self) -> str:
        return self.meaning.no

    @cached_property
    def met(self) -> Formula:
        """It does not apply, or is surely met, given that the program applies."""
        return disj((*(self.space.of(self.position, part).false for part in self.left), self.requires.true))

    @cached_property
    def keys(self) -> frozenset[str]:
        """What `met` depends on."""
        return self.space.uses(self.position, self.meaning.requires, *self.left)

    @cached_property
    def applies(self) -> Truth:
        found: Truth = self.space.of(self.position, self.meaning.applies)
        return found

    @cached_property
    def requires(self) -> Truth:
        found: Truth = self.space.of(self.position, self.meaning.requires)
        return found

    @cached_property
    def all_keys(self) -> frozenset[str]:
        return self.space.uses(self.position, self.meaning.applies, self.meaning.requires)

    @cached_property
    def asked(self) -> frozenset[str]:
        return self.space.uses(self.position, self.meaning.requires)

    @cached_property
    def measured(self) -> frozenset[str]:
        """What the clause is about: of one comparison the measured quantity; else everything it asks."""
        return frozenset((self.simple.measured,)) if self.simple else self.asked

    @cached_property
    def simple(self) -> Simple | None:
        return _simple(self.space, self.position, self.meaning.requires)

    def limit(self, over: Quantity | None) -> Limit | None:
        """The limit of a simple clause over the steps of a quantity, in the unit of what is measured; None where it is not straight pieces."""
        key = over.key if over is not None else None
        if key not in self.limits:
            self.limits[key] = self._limit(over)
        return self.limits[key]

    @cached_property
    def limits(self) -> dict[str | None, Limit | None]:
        """The limits asked for so far."""
        return {}

    def _limit(self, over: Quantity | None) -> Limit | None:
        if self.simple is None or (over is not None and (over.low is None or over.high is None)):
            return None
        first, last = (0, 0) if over is None else (-(-over.low // over.grid), over.high // over.grid)  # type: ignore[operator]
        asks = over is not None and any(at == self.position for at, _ in over.asked)
        scale = over.grid * self.space.ratio(self.position, over) if over is not None and asks else None
        found = pieces(self.simple.limit, int(first), int(last), lambda name: scale)
        if found is None:
            return None
        by = 1 / self.simple.factor
        return Limit(self.simple.upper, self.simple.strict, tuple(p.times(by) for p in found))

    @cached_property
    def violated(self) -> Formula:
        """It is not surely met."""
        return neg(disj((self.applies.false, self.requires.true)))


@dataclass(frozen=True)
class Conformity:
    """Passing a whole program, or one of its families (all clauses of one scenario)."""

    space: Space
    position: int
    whole: ClauseMeaning
    demands: tuple[Demand, ...]

    @cached_property
    def applies(self) -> Formula:
        found: Truth = self.space.of(self.position, self.whole.applies)
        return found.true

    @cached_property
    def scope_undetermined(self) -> Formula:
        """Whether it applies can be undetermined: False where it cannot."""
        found: Truth = self.space.of(self.position, self.whole.applies)
        return False if determined(found) else neg(disj((found.true, found.false)))

    @cached_property
    def scope_keys(self) -> frozenset[str]:
        return self.space.uses(self.position, self.whole.applies)

    def passes(self, judged: Sequence[Evaluation]) -> bool:
        """Whether judged records pass it, by the exact reading."""
        return judged[self.position].judge(self.whole) is Verdict.PASS


@dataclass(frozen=True)
class Joint:
    """Clauses of several programs met together, where all of the programs apply."""

    space: Space
    demands: tuple[Demand, ...]

    @cached_property
    def scopes(self) -> tuple[tuple[int, Node], ...]:
        return tuple((at, self.space.programs[at].scope) for at in sorted({d.position for d in self.demands}))

    @cached_property
    def applies(self) -> Formula:
        return conj(self.space.of(at, scope).true for at, scope in self.scopes)

    @cached_property
    def scope_keys(self) -> frozenset[str]:
        return frozenset[str]().union(*(self.space.uses(at, scope) for at, scope in self.scopes))

    def passes(self, judged: Sequence[Evaluation]) -> bool:
        in_scope = all(judged[at].of(scope) is True for at, scope in self.scopes)
        return in_scope and all(is_met(judged[d.position], d.meaning) for d in self.demands)


def conformity(space: Space, position: int, whole: ClauseMeaning | None = None) -> Conformity | None:
    """What passing the program at a position means; of a family, only its clauses. None where it demands nothing."""
    program = space.programs[position]
    whole = whole or program.overall
    if whole is None:
        return None
    members = _members(program, whole)
    asked = [c for c in program.clauses if c.clause.strength == "shall" and (members is None or c.no in members)]
    demands = [_demand(space, position, c, whole.applies) for c in asked]
    return Conformity(space, position, whole, tuple(demands)) if demands else None


def demand(space: Space, position: int, meaning: ClauseMeaning) -> Demand:
    """One clause by itself, where the program applies."""
    return _demand(space, position, meaning, space.programs[position].scope)


def _members(program: Program, whole: ClauseMeaning) -> frozenset[str] | None:
    return None if program.overall is not None and whole.no == program.overall.no else frozenset(program.standard.families.get(whole.no, ()))


def _demand(space: Space, position: int, clause: ClauseMeaning, applies: Node) -> Demand:
    """Where the whole applies, what is left of a clause's own condition is what the whole's does not say already."""
    said = set(parts(applies))
    return Demand(space, position, clause, tuple(part for part in parts(clause.applies) if part not in said))


def parts(node: Node) -> tuple[Node, ...]:
    """What is asked all together, one by one."""
    return node.args if node.op is Op.AND else (node,)


def _simple(space: Space, position: int, node: Node) -> Simple | None:
    if node.op not in (Op.LE, Op.LT) or not node.args[0].is_number:
        return None
    first, second = node.args
    if first.op is second.op is Op.INPUT:
        return None  # neither is the limit of the other
    sides = [(first, second, True), (second, first, False)]
    for measured, limit, upper in sorted(sides, key=lambda side: side[0].op is not Op.INPUT):
        factor, inner = _factor(measured)
        if inner.op is not Op.INPUT or factor <= 0:
            continue
        (key,) = space.uses(position, inner)
        over = space.uses(position, limit)
        if len(over) < 2 and key not in over:
            return Simple(key, factor * space.ratio(position, space.quantities[key]), limit, upper, node.op is Op.LT, next(iter(over), None))
    return None


def constant_limits(space: Space, position: int, node: Node) -> Iterator[tuple[str, Fraction]]:
    """The quantities that comparisons of a node limit by a constant, with that constant in the unit of the quantity."""
    for part in parts(node):
        simple = _simple(space, position, part)
        if simple is not None and simple.over is None and simple.limit.op is Op.CONST and isinstance(simple.limit.value, Fraction):
            yield simple.measured, simple.limit.value / simple.factor


def _factor(node: Node) -> tuple[Fraction, Node]:
    """A node that is another times a constant."""
    factor = Fraction(1)
    while node.op is Op.MUL and Op.CONST in (node.args[0].op, node.args[1].op):
        constant, inner = node.args if node.args[0].op is Op.CONST else node.args[::-1]
        by: Any = constant.value
        factor, node = factor * by, inner
    return factor, node


def sharing(demands: Sequence[Demand]) -> list[list[Demand]]:
    """The clauses in groups that have no quantity in common."""
    groups: list[tuple[set[str], list[Demand]]] = []
    for each in demands:
        keys, members = set(each.keys), [each]
        rest = []
        for held, others in groups:
            if held & keys:
                keys |= held
                members = [*others, *members]
            else:
                rest.append((held, others))
        groups = [*rest, (keys, members)]
    return [members for _, members in groups]
