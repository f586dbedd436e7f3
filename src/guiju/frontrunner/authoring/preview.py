"""Preview: who would stand where by thresholds: by level, comparable range and enterprise; who rises and who falls against other thresholds; and
what it means for the market."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from guiju.frontrunner.authoring.cuts import Better, level_of, reaches
from guiju.frontrunner.authoring.sample import Offer, Sample, thresholds_in_force

CHANGES = (Fraction(-5, 100), Fraction(-1, 100), Fraction(1, 100), Fraction(5, 100))
"""By which share of itself a threshold is moved to see what becomes of it."""
PRICE_CLASSES = 3


@dataclass(frozen=True, slots=True)
class Move:
    """A product that changes its level; None: it reaches none."""

    offer: Offer
    before: int | None
    after: int | None

    @property
    def rises(self) -> bool:
        return self.after is not None and (self.before is None or self.after < self.before)


@dataclass(frozen=True, slots=True)
class Moved:
    """How much lies at or above a level when its threshold is moved by a share of itself, counted."""

    by: Fraction
    threshold: Fraction
    count: int
    elasticity: Fraction | None
    """(change of the count / the count) / (change of the threshold / the threshold); None where the count or the threshold is zero."""


@dataclass(frozen=True, slots=True)
class Share:
    """What part of a whole each level has, exclusive: levels 1, 2, … and none; exact. whole: products, sales; 0 where nothing is known"""

    name: str
    parts: tuple[Fraction, ...]

    @property
    def whole(self) -> Fraction:
        return sum(self.parts, Fraction(0))


@dataclass(frozen=True)
class Market:
    """enterprises     with a product at this level or better, by level, and how many there are
    sales           None where none are given
    prices          classes of equal size by price, with their ends; empty where no prices are given
    unpriced, unsold   products of which price or sales are not given
    concentration   Herfindahl's index of level 1 by products: the sum of squares of each enterprise's share; None where no product has it
    """

    products: Share
    enterprises: tuple[int, ...]
    enterprises_all: int
    sales: Share | None
    prices: tuple[tuple[Fraction, Fraction, Share], ...]
    unpriced: int
    unsold: int
    concentration: Fraction | None


@dataclass(frozen=True)
class Standing:
    """levels   of each product, in the order of the sample"""

    sample: Sample
    thresholds: tuple[Fraction, ...]
    levels: tuple[int, ...]

    @property
    def none(self) -> int:
        return len(self.thresholds) + 1

    @property
    def reached(self) -> tuple[int | None, ...]:
        return tuple(None if each == self.none else each for each in self.levels)

    def counts(self, belongs: Callable[[Offer], bool] = lambda _: True) -> tuple[int, ...]:
        """Products by level, none last."""
        found = Counter(level for offer, level in zip(self.sample.offers, self.levels, strict=True) if belongs(offer))
        return tuple(found[level] for level in range(1, self.none + 1))

    def by(self, name: str) -> dict[str, tuple[int, ...]]:
        """Word of `enterprise` or `within` → counts by level; by the best level each reaches, then by word, which means nothing more."""
        words = sorted({getattr(each, name) for each in self.sample.offers})
        grouped: dict[str, list[int]] = {word: [0] * self.none for word in words}
        for offer, level in zip(self.sample.offers, self.levels, strict=True):
            grouped[getattr(offer, name)][level - 1] += 1
        return {word: tuple(counts) for word, counts in grouped.items()}


def standing(sample: Sample, thresholds: Sequence[Fraction]) -> Standing:
    return Standing(sample, tuple(thresholds), tuple(level_of(each, thresholds, sample.better) for each in sample.values))


def in_force(sample: Sample) -> Standing:
    """Where the products stand by the edition as it is, whatever its levels depend on; its thresholds where they are constants."""
    levels = len(sample.indicator.indicator.levels)
    found = thresholds_in_force(sample.indicator) or tuple([Fraction(0)] * levels)
    return Standing(sample, found, tuple(each.held for each in sample.offers))


def moves(before: Standing, after: Standing) -> tuple[Move, ...]:
    """Who changes level, by key."""
    found = [Move(offer, old, new) for offer, old, new in zip(before.sample.offers, before.reached, after.reached, strict=True) if old != new]
    return tuple(sorted(found, key=lambda each: (each.offer.key, each.offer.row)))


def crossed(before: Standing, after: Standing) -> dict[tuple[int | None, int | None], int]:
    """(level before, level after) → products."""
    return dict(Counter(zip(before.reached, after.reached, strict=True)))


def sensitivity(values: Sequence[Fraction], threshold: Fraction, better: Better) -> tuple[Moved, ...]:
    """What reaches a threshold that is moved a little, counted product by product: nothing is differentiated."""
    base = sum(reaches(value, threshold, better) for value in values)
    found = []
    for by in CHANGES:
        moved = threshold + abs(threshold) * by
        count = sum(reaches(value, moved, better) for value in values)
        found.append(Moved(by, moved, count, Fraction(count - base, base) / by if base and threshold else None))
    return tuple(found)


def reach(values: Sequence[Fraction], better: Better) -> list[tuple[Fraction, int]]:
    """(threshold, products that reach it) at every different value, the strictest first: all there is to know of the share as a function."""
    counts = Counter(values)
    found, sum_ = [], 0
    for value in sorted(counts, reverse=better == "higher"):
        sum_ += counts[value]
        found.append((value, sum_))
    return found


def market(found: Standing) -> Market:
    """What the levels are to the market."""
    pairs = list(zip(found.sample.offers, found.levels, strict=True))
    names = {offer.enterprise for offer, _ in pairs if offer.enterprise}
    at = [{offer.enterprise for offer, level in pairs if level <= wanted and offer.enterprise} for wanted in range(1, found.none)]
    sold = [(offer, level) for offer, level in pairs if offer.sales is not None]
    sales = _share("sales", found.none, ((level, offer.sales or Fraction(0)) for offer, level in sold)) if sold else None
    priced = sorted(((offer.price, level) for offer, level in pairs if offer.price is not None), key=lambda each: each[0])
    first = Counter(offer.enterprise for offer, level in pairs if level == 1)
    best = first.total()
    index = sum((Fraction(count, best) ** 2 for count in first.values()), Fraction(0)) if best and names else None
    return Market(
        _share("products", found.none, ((level, Fraction(1)) for _, level in pairs)), tuple(len(each) for each in at), len(names), sales,
        tuple(_price_classes(priced, found.none)), len(pairs) - len(priced), len(pairs) - len(sold), index,
    )  # fmt: skip


def _share(name: str, none: int, weighed: Iterable[tuple[int, Fraction]]) -> Share:
    sums: Mapping[int, list[Fraction]] = {level: [] for level in range(1, none + 1)}
    for level, weight in weighed:
        sums[level].append(weight)
    return Share(name, tuple(sum(each, Fraction(0)) for each in sums.values()))


def _price_classes(priced: Sequence[tuple[Fraction, int]], none: int) -> Iterable[tuple[Fraction, Fraction, Share]]:
    """As many products in each, as far as equal prices stay together."""
    if len({price for price, _ in priced}) < PRICE_CLASSES:
        return
    start = 0
    for part in range(1, PRICE_CLASSES + 1):
        end = max(start, len(priced) * part // PRICE_CLASSES)
        while 0 < end < len(priced) and priced[end][0] == priced[end - 1][0]:
            end += 1
        held = priced[start:end]
        if held:
            yield held[0][0], held[-1][0], _share("price", none, ((level, Fraction(1)) for _, level in held))
        start = end
