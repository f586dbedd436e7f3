"""Whether two standards can be compared on a requirement: the same property, and where both name one the same test method."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from guiju.readings.smt.meaning import Demand
from guiju.readings.smt.space import Quantity, Space
from guiju.standard.dictionary import Dictionary, Property
from guiju.standard.model import Input, Title


@dataclass(frozen=True, slots=True)
class Comparability:
    """What may be compared, by the dictionary of properties.

    any_method   take results of different test methods for one another: an assumption of whoever asks
    """

    space: Space
    dictionary: Dictionary
    any_method: bool = False

    def obstacle(self, asked: Demand, answering: Iterable[Demand]) -> Title | None:
        """Why what these clauses ask says nothing about what that clause asks; None where it does, or where they just do not ask it."""
        found = self.space_obstacle(asked.asked)
        if found is not None:
            return found
        others = list(answering)
        held = frozenset().union(*(d.asked for d in others))
        for key in sorted(asked.measured - held):
            twin = next((other for other in sorted(held) if self._twins(key, other)), None)
            if twin is not None:
                return self._bases_differ(self.space.quantities[key], self.space.quantities[twin])
        return None if self.any_method else self._methods_differ(asked, [d for d in others if d.measured & asked.measured])

    def space_obstacle(self, keys: frozenset[str]) -> Title | None:
        """Why no record can be judged by all the programs."""
        for first, other in self.space.mixed:
            if any(first in (i for _, i in self.space.quantities[key].asked) for key in keys):
                return Title(f"「{first.zh}」与「{other.zh}」的种类或量纲不同", f"{first.en} and {other.en} are of different kinds or dimensions")
        for key in sorted(keys):
            q = self.space.quantities[key]
            if q.is_empty:
                return Title(f"两份标准允许的「{q.input.zh}」没有共同的取值", f"the standards let in no common value of {q.input.en}")
        return None

    def _twins(self, one: str, other: str) -> bool:
        """One quantity by different tests: alike but for the test cycle or the metering point."""
        a, b = self._property(one), self._property(other)
        return a is not None and b is not None and a.id != b.id and a.kind == b.kind and a.basis != b.basis and _stem(a) == _stem(b)

    def _property(self, key: str) -> Property | None:
        return self.dictionary.get(self.space.quantities[key].input.property_id)

    def _bases_differ(self, asked: Quantity, held: Quantity) -> Title:
        (zh, en), (other_zh, other_en) = _named(asked.input), _named(held.input)
        return Title(
            f"一份要求「{other_zh}」（{held.input.property_id}），另一份要求「{zh}」（{asked.input.property_id}）：试验循环或计量点不同，不能相互换算",
            f"one asks {other_en} ({held.input.property_id}), the other {en} ({asked.input.property_id}): "
            "the test cycle or metering point differs, and one does not follow from the other",
        )

    def _methods_differ(self, asked: Demand, about: list[Demand]) -> Title | None:
        wanted = asked.meaning.clause.method
        methods = {d.meaning.clause.method for d in about}
        if wanted is None or not methods or None in methods or wanted in methods:
            return None
        other = ", ".join(sorted(str(m) for m in methods))
        return Title(f"试验方法不同：一份用 {other}，另一份用 {wanted}", f"the test methods differ: one uses {other}, the other {wanted}")


def _stem(p: Property) -> str:
    """The id without the words that say cycle and metering point."""
    return ".".join(part for part in p.id.split(".") if part.replace("_", "-") not in (p.cycle, p.metering))


def _named(declared: Input) -> tuple[str, str]:
    return declared.zh, declared.en
