"""Places for stores, and what a store for tests is filled with."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from guiju.standard.shelf import Shelf
from guiju.store.database import Store, store_at
from guiju.store.editions import Edition, make_shelf, publish
from guiju.store.people import organisation_named
from guiju.store.sets import RecordSet, keep_records

ROOT = Path(__file__).resolve().parents[2]
ENGINES = ("sqlite", "postgresql")
numbers = itertools.count()


@dataclass
class Places:
    """Where stores can be: `new` gives an empty place, closed at the end of the test."""

    engine: str
    folder: Path
    database: Callable[[], str]
    opened: list[Store] = field(default_factory=list)

    def words(self) -> tuple[str, Path | None]:
        """What `store_at` and `--store`, `--files` take."""
        folder = self.folder / f"store{next(numbers)}"
        return (str(folder), None) if self.engine == "sqlite" else (self.database(), folder / "files")

    def new(self) -> Store:
        return self.at(*self.words())

    def at(self, place: str, files: Path | None = None) -> Store:
        self.opened.append(store_at(place, files))
        return self.opened[-1]

    def close(self) -> None:
        for store in self.opened:
            store.close()


@dataclass(frozen=True)
class Filled:
    """A store with a standard, a set of records, and whose they are."""

    store: Store
    organisation: str
    edition: Edition
    records: RecordSet


def fill(store: Store) -> Filled:
    """Publishes GB 36980.1-2025 and keeps the cars of the examples."""
    shelf, shelf_id = Shelf(), make_shelf(store, "shipped", "test")
    path = shelf.locate("GB 36980.1-2025")
    assert path is not None
    edition, _ = publish(store, shelf, path, shelf_id, "test")
    local = organisation_named(store, "local")
    records, _ = keep_records(store, ROOT / "examples" / "vehicles.csv", local, "test", mapping=ROOT / "examples" / "vehicles.mapping.yaml")
    return Filled(store, local, edition, records)
