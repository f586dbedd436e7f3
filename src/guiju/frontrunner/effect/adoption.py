"""Adoption: who reaches each level as time goes by: counted on every day a product came on sale, or revision by revision of a library."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from guiju.base.diagnostics import Diagnostic, Refused
from guiju.frontrunner.authoring.preview import Standing


@dataclass(frozen=True, slots=True)
class Moment:
    """Up to and including a day, or in one revision.

    products, enterprises          all there are; enterprises that are named
    reached, enterprises_reached   at level 1, at level 2 or better, …
    """

    name: str
    on: date | None
    products: int
    reached: tuple[int, ...]
    enterprises: int
    enterprises_reached: tuple[int, ...]

    def share(self, level: int) -> Fraction:
        return Fraction(self.reached[level - 1], self.products)


@dataclass(frozen=True)
class Adoption:
    """moments    one for every day on which something came on sale
    undated      products whose day is not known
    """

    standing: Standing
    moments: tuple[Moment, ...]
    undated: int

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        return (Diagnostic("effect-undated", None, {"count": str(self.undated)}),) if self.undated else ()


def adoption(standing: Standing) -> Adoption:
    """Adoption over the days products came on sale; a product is on offer from its day on, and its value does not change.

    raises   Refused: effect-no-dates
    """
    pairs = zip(standing.sample.offers, standing.levels, strict=True)
    dated = sorted((offer.on_sale, level, offer.enterprise) for offer, level in pairs if offer.on_sale)
    if not dated:
        raise Refused([Diagnostic("effect-no-dates", None, {})])
    moments, held = [], list[tuple[int, str]]()
    for at, (day, level, enterprise) in enumerate(dated):
        held.append((level, enterprise))
        if at + 1 == len(dated) or dated[at + 1][0] != day:
            moments.append(_moment(day.isoformat(), day, held, standing.none))
    return Adoption(standing, tuple(moments), len(standing.sample.offers) - len(dated))


def revisions(named: Sequence[tuple[str, Standing]]) -> tuple[Moment, ...]:
    """Adoption in each revision of a population, in the order given."""
    return tuple(
        _moment(name, None, [(level, offer.enterprise) for offer, level in zip(found.sample.offers, found.levels, strict=True)], found.none)
        for name, found in named
    )


def _moment(name: str, on: date | None, held: Sequence[tuple[int, str]], none: int) -> Moment:
    levels = range(1, none)
    named = {enterprise for _, enterprise in held if enterprise}
    reached = tuple({enterprise for level, enterprise in held if enterprise and level <= wanted} for wanted in levels)
    return Moment(name, on, len(held), tuple(sum(level <= wanted for level, _ in held) for wanted in levels), len(named),
                  tuple(len(each) for each in reached))  # fmt: skip
