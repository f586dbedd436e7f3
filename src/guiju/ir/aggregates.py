"""Aggregates: which records are grouped by what, and what is summed, lowered to nodes; names, units and exactness of the sums proved.

A sum is a whole number of steps of 10 to the minus `places`, so that neither the order of the records nor how they are divided can change
it. That needs values on a decimal grid which doubles tell apart; any other value is refused by name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from guiju.ir.grid import DECIMALS_MAX, decimals_of, exactness, told_apart
from guiju.ir.lower import Lowering
from guiju.ir.node import Kind, Node, Op, below
from guiju.ir.program import AggregateMeaning, ClauseMeaning, SumMeaning
from guiju.standard import expression as ex
from guiju.standard.document import Scalar
from guiju.standard.model import Aggregate
from guiju.standard.shape import did_you_mean

COUNTS = ("counted", "beyond", "rejected", "undetermined")
"""Columns of every aggregate: records that count, that come after the first so many, that do not meet `where`, that cannot be decided."""
UNCAPPED = "_uncapped"
"""What is added to the name of a capped sum for the sum before the cap."""
_KEYS = (Kind.IDENTIFIER, Kind.TIME, Kind.DATE, Kind.CATEGORY)


class AggregateLowering(Lowering):
    """The aggregates of a standard, each after the one it is made of."""

    def aggregates(self, overall: ClauseMeaning | None) -> tuple[AggregateMeaning, ...]:
        """Called when everything else has its meaning; `pass('overall')` is known here, since nothing the whole rests on can ask for it."""
        declared = self.standard.aggregates
        unsound = ClauseMeaning(c, self.build.bad, self.build.bad) if (c := next(iter(self.standard.clauses.values()), None)) else None
        known = overall or unsound
        if known is not None:
            self.clause_meanings["overall"] = known
        made: dict[str, AggregateMeaning] = {}
        for name in self._chained(declared):
            meaning = self._aggregate(declared[name], made)
            if meaning is not None:
                made[name] = meaning
        self.clause_meanings.pop("overall", None)
        return tuple(made[name] for name in declared if name in made)

    def _chained(self, declared: Mapping[str, Aggregate]) -> list[str]:
        """Names in the order of making; those in a circle are reported and left out."""
        order: list[str] = []
        for start in declared:
            trail: list[str] = []
            name: str | None = start
            while name is not None and name in declared and name not in order and name not in trail:
                trail.append(name)
                name = declared[name].of
            if name in trail:
                self.problems.add("cycle", declared[name].span, path=" → ".join([*trail[trail.index(name) :], name]))
            elif name is not None and name not in declared:
                if name not in self.standard.broken:
                    self.problems.add("unknown-name", declared[trail[-1]].span, name=name, **did_you_mean(name, declared))
            else:
                order += reversed(trail)
        return order

    def _aggregate(self, declared: Aggregate, made: Mapping[str, AggregateMeaning]) -> AggregateMeaning | None:
        under = made.get(declared.of) if declared.of is not None else None
        if declared.of is not None and under is None:
            return None  # its own parts are reported
        self._columns_once(declared)
        keys = self._keys(declared.by, under)
        order = self._keys(declared.order, None)
        where = self.build.all([self.scope, self._truth(declared.where)] if declared.where else [self.scope], declared.span)
        sums = [self._sum(declared, key, expr, under) for key, expr in declared.sums]
        for key, _ in declared.caps:
            known = [name.text for name, _ in declared.sums]
            if key.text not in known:
                self.problems.add("unknown-name", key.span, name=key.text, **did_you_mean(key.text, known))
        sound = [each for each in sums if each is not None]
        if keys is None or order is None or where.is_bad or len(sound) != len(sums):
            return None
        return AggregateMeaning(declared, under, keys, where, order, declared.first, tuple(sound))

    def _columns_once(self, declared: Aggregate) -> None:
        """Keys, sums and counts are columns of one table, where names that differ in case only are one."""
        capped = {key.text for key, _ in declared.caps}
        names = [(n.name, n.span) for n in declared.by] + [(k.text, k.span) for k, _ in declared.sums]
        names += [(k.text + UNCAPPED, k.span) for k, _ in declared.sums if k.text in capped]
        seen = dict.fromkeys(COUNTS, declared.span)
        for name, span in names:
            taken = seen.setdefault(name.casefold(), span)
            if name.casefold() in COUNTS:
                self.problems.add("name-reserved", span, name=name)
            elif taken is not span:
                self.problems.add("name-taken", span, name=name, line=taken.line)

    def _keys(self, names: Sequence[ex.Name], under: AggregateMeaning | None) -> tuple[tuple[str, Node], ...] | None:
        found: list[tuple[str, Node]] = []
        for name in names:
            if under is not None:
                node = dict(under.keys).get(name.name)
                if node is None:
                    self.problems.add("unknown-name", name.span, name=name.name, **did_you_mean(name.name, dict(under.keys)))
            else:
                node = self.lower(name)
                if not node.is_bad and node.type.kind not in _KEYS:
                    self.problems.add("aggregate-key-kind", name.span, name=name.name)
            if node is not None and node.type.kind in _KEYS:
                found.append((name.name, node))
        return tuple(found) if len(found) == len(names) else None

    def _sum(self, declared: Aggregate, key: Scalar, expr: ex.Expr, under: AggregateMeaning | None) -> SumMeaning | None:
        if under is not None:
            known = {each.name: each for each in under.sums}
            below_it = known.get(expr.name) if isinstance(expr, ex.Name) and expr.within is None else None
            if below_it is None:
                self._unknown("unknown-name", expr.span, expr.name if isinstance(expr, ex.Name) else key.text, known)
                return None
            return self._capped(declared, key, SumMeaning(key.text, None, below_it, below_it.unit, below_it.places, None))
        value = self.lower(expr)
        if value.is_bad or not self.build.wants(value, Kind.NUMBER, expr.span):
            return None
        fact = exactness(below([value]), self.inputs).facts[value.index]
        places = decimals_of(fact)
        if places is None:
            self.problems.add("sum-not-decimal", expr.span, name=key.text)
            return None
        made = self._capped(declared, key, SumMeaning(key.text, value, None, value.type.unit, places, None))
        if made is not None and not told_apart(fact, made.places):
            self.problems.add("sum-too-large", expr.span, name=key.text)
            return None
        return made

    def _capped(self, declared: Aggregate, key: Scalar, made: SumMeaning) -> SumMeaning | None:
        """The sum with its cap, on the finer grid of the two."""
        expr = next((cap for name, cap in declared.caps if name.text == key.text), None)
        if expr is None:
            return made
        cap = self._quantity(expr, made.unit)
        if cap.is_bad:
            return None
        value = cap.value if cap.op is Op.CONST and isinstance(cap.value, Fraction) else None
        finer = None if value is None else next((n for n in range(made.places, DECIMALS_MAX + 1) if (value * 10**n).denominator == 1), None)
        if value is None or finer is None or value < 0:
            self.problems.add("cap-not-decimal", expr.span, name=key.text)
            return None
        return SumMeaning(made.name, made.value, made.of, made.unit, finer, int(value * 10**finer))
