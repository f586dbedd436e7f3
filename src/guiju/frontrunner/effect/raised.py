"""Raised: what a rise of thresholds does: who falls, who is left without a level, by enterprise and by brand, and what share of the sales that is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from guiju.frontrunner.authoring.preview import Standing
from guiju.frontrunner.authoring.sample import Offer


@dataclass(frozen=True, slots=True)
class Hit:
    """Of the products that share a word, or of all.

    fall    products whose level gets worse; out: those of them that had one and have none
    sales   of all of them; sales_out: of those that are out; None where none are given
    """

    word: str
    products: int
    fall: int
    out: int
    sales: Fraction | None
    sales_fall: Fraction | None
    sales_out: Fraction | None


@dataclass(frozen=True)
class Raise:
    """whole       all products
    by          `enterprise` and `brand` → each that is named, those with most products out first, then by word
    unsold      products without sales, which are in no share of them
    """

    before: Standing
    after: Standing
    whole: Hit
    by: dict[str, tuple[Hit, ...]]
    unsold: int


def raised(before: Standing, after: Standing) -> Raise:
    """What becomes of the products of one population by other thresholds."""
    rows = list(zip(before.sample.offers, before.levels, after.levels, strict=True))
    by: dict[str, tuple[Hit, ...]] = {}
    for name in ("enterprise", "brand"):
        words = sorted({word for offer, _, _ in rows if (word := getattr(offer, name))})
        grouped: dict[str, list[tuple[Offer, int, int]]] = {word: [] for word in words}
        for row in rows:
            if getattr(row[0], name):
                grouped[getattr(row[0], name)].append(row)
        found = [_hit(word, held, before.none, after.none) for word, held in grouped.items()]
        by[name] = tuple(sorted(found, key=lambda each: (-each.out, -each.fall, each.word)))
    unsold = sum(offer.sales is None for offer, _, _ in rows)
    return Raise(before, after, _hit("", rows, before.none, after.none), by, unsold)


def _hit(word: str, rows: list[tuple[Offer, int, int]], none_before: int, none_after: int) -> Hit:
    fallen = [offer for offer, old, new in rows if _is_worse(old, new, none_before, none_after)]
    out = [offer for offer, old, new in rows if old != none_before and new == none_after]
    held = [offer for offer, _, _ in rows if offer.sales is not None]
    if not held:
        return Hit(word, len(rows), len(fallen), len(out), None, None, None)
    return Hit(word, len(rows), len(fallen), len(out), *(sum(_sales(each), Fraction(0)) for each in (held, fallen, out)))


def _is_worse(old: int, new: int, none_before: int, none_after: int) -> bool:
    return old != none_before and (new == none_after or new > old)


def _sales(offers: list[Offer]) -> Iterator[Fraction]:
    return (each.sales for each in offers if each.sales is not None)
