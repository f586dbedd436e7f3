"""Product: what the page of a public product says of the scenarios."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from guiju.base.diagnostics import Refused
from guiju.frontrunner.application.asked import Readable, fitting_of
from guiju.frontrunner.application.fitting import Fitted, Fitting
from guiju.frontrunner.application.suits import OUTSIDE
from guiju.frontrunner.application.why import Asking, Reasons
from guiju.frontrunner.zone.now import zone_of
from guiju.standard.shelf import Shelf
from guiju.store.database import Store


@dataclass(frozen=True)
class Suits:
    """reasons   scenario → what keeps the product from being suited"""

    fitting: Fitting
    product: Fitted
    reasons: Mapping[str, Reasons]


def reasons_of(found: Fitting, shelf: Shelf, rows: Sequence[Fitted]) -> dict[int, dict[str, Reasons]]:
    """Row → scenario → what keeps the product from being suited there."""
    asking = Asking(found.application, shelf)
    return {row: asking.reasons(record) for row, record in found.records([each.row for each in rows]).items()}


def suits_of(app: Any, shelf: Shelf, store: Store | None, library: str, key: str) -> Suits | None:
    """A public product in the scenarios; None where it is outside all of them, or its library cannot be asked."""
    held = zone_of(app).gathered.libraries.get(library)
    if held is None:
        return None
    try:
        found = fitting_of(app, shelf, store, Readable(library, None, held.hash))
    except Refused:
        return None
    product = found.product(key)
    if product is None or set(product.suits.values()) == {OUTSIDE}:
        return None
    return Suits(found, product, reasons_of(found, shelf, [product])[product.row])
