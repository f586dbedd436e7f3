"""Changes: what is other in a revision of a library than in the one before."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from guiju.frontrunner.library.columns import CORE
from guiju.frontrunner.library.hashing import said
from guiju.frontrunner.library.library import Library
from guiju.records.source import SHOWN_MAX, identifier, literal


@dataclass(frozen=True, slots=True)
class Value:
    """A declared value that is another now, as written before and after."""

    product: str
    property: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Changes:
    """added      standards (number, edition) that are new, of numbers that are new
    revised    new editions of numbers that were there
    withdrawn  standards that are no longer current, or no longer there
    products   (added, gone)
    values     property, or header → how many declared values are others, of products in both
    shown      the first of these
    """

    added: tuple[tuple[str, str], ...]
    revised: tuple[tuple[str, str], ...]
    withdrawn: tuple[tuple[str, str], ...]
    products: tuple[int, int]
    values: Mapping[str, int] = field(default_factory=dict)
    shown: tuple[Value, ...] = ()

    @property
    def any(self) -> bool:
        return bool(self.added or self.revised or self.withdrawn or any(self.products) or self.values)


def changes_between(before: Library, after: Library) -> Changes:
    """What changed; declared values are compared as values, by property where it is known and in the unit of their columns."""
    old, new = before.standards, after.standards
    numbers = {number for number, _ in old}
    fresh = sorted(key for key in new if key not in old)
    gone = sorted(key for key, held in old.items() if held.status == "current" and (key not in new or new[key].status != "current"))
    with tempfile.TemporaryDirectory(prefix="guiju-changes-") as folder:
        path = Path(folder) / "products.parquet"
        before.connection.execute(f"COPY (SELECT {_cells(before)} FROM products) TO {literal(str(path))} (FORMAT parquet)")
        products, values, shown = _products(before, after, path)
    added = tuple(key for key in fresh if key[0] not in numbers)
    return Changes(added, tuple(key for key in fresh if key[0] in numbers), tuple(gone), products, values, shown)


def _names(library: Library) -> dict[str, tuple[str, str]]:
    """Column of the table products → what it holds (a property with its unit, or its header), and its type."""
    held = {e.column: f"{id_} ({e.unit})" if e.unit else id_ for id_, e in library.mapping.inputs.items() if e.column}
    core = {name: (name, "VARCHAR") for name in ("price", "on_sale", "standard", "edition")}
    declared = {column.at: (held.get(column.name, column.name), column.type) for column in library.products.columns if column.at not in CORE}
    return core | declared


def _cells(library: Library) -> str:
    return ", ".join(
        ["product", *(f"{said(identifier(at), True, type_)} AS {identifier(f'is {name}')}" for at, (name, type_) in _names(library).items())]
    )


def _products(before: Library, after: Library, path: Path) -> tuple[tuple[int, int], dict[str, int], tuple[Value, ...]]:
    connection = after.connection
    now, then = f"(SELECT {_cells(after)} FROM products)", f"read_parquet({literal(str(path))})"

    def count(query: str) -> int:
        ((found,),) = connection.execute(query).fetchall()
        return int(found)

    added = count(f"SELECT count(*) FROM {now} AS n ANTI JOIN {then} AS t ON n.product = t.product")
    gone = count(f"SELECT count(*) FROM {then} AS t ANTI JOIN {now} AS n ON n.product = t.product")
    had, has = ({name for name, _ in _names(each).values()} for each in (before, after))
    values: dict[str, int] = {}
    shown: list[Value] = []
    for name in sorted(had | has):
        cell = identifier(f"is {name}")
        one, other = f"t.{cell}" if name in had else "NULL", f"n.{cell}" if name in has else "NULL"
        query = f"FROM {now} AS n JOIN {then} AS t ON n.product = t.product WHERE {one} IS DISTINCT FROM {other}"
        if found := count(f"SELECT count(*) {query}"):
            values[name] = found
            rows = connection.execute(f"SELECT n.product, {one}, {other} {query} ORDER BY 1 LIMIT {SHOWN_MAX}").fetchall()
            shown += [Value(product, name, was, is_) for product, was, is_ in rows]
    return (added, gone), values, tuple(shown[: 5 * SHOWN_MAX])


def changes_json(found: Changes) -> dict[str, Any]:
    """The same for programs."""

    def keys(held: tuple[tuple[str, str], ...]) -> list[dict[str, str]]:
        return [{"number": number, "edition": edition} for number, edition in held]

    return {
        "standards": {"added": keys(found.added), "revised": keys(found.revised), "withdrawn": keys(found.withdrawn)},
        "products": {"added": found.products[0], "gone": found.products[1]}, "values": dict(found.values),
        "shown": [{"product": v.product, "property": v.property, "before": v.before, "after": v.after} for v in found.shown],
    }  # fmt: skip
