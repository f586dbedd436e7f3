"""Published: editions of the store laid out beside a shelf of files, so that they are found, read, tried, compared and proved like the others.

An edition stands there under its number, or, where that is taken by another text, under number@organisation. Only an edition that still means
beside this shelf what it meant when it was published is laid out: its content hash, which goes over the standards and factors it rests on, must
be the same, and so must the properties of its inputs. The others stay readable by themselves, from their own files.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select

from guiju.base.diagnostics import Refused
from guiju.standard.shelf import Shelf
from guiju.store.database import Store
from guiju.store.editions import OWN_FILES, Edition, editions, opened_shelf, own_files
from guiju.store.people import account_names
from guiju.store.tables import edition, organisation, shelf

SHIPPED = "shipped"
"""The shelf of the store that `guiju serve` fills from the shelves of files: what is on it is there already."""
WRITTEN = "written"
"""The folder of editions that came as texts, not in a folder of an issuer's."""


@dataclass(frozen=True, slots=True)
class Published:
    """An edition beside a shelf. name: what it is called there; by, organisation: who published it, for whom."""

    name: str
    folder: Path
    edition: Edition
    by: str
    organisation: str


def seen_shelves(store: Store, organisations: Iterable[str]) -> dict[str, str]:
    """Identifier → name of the organisation, of the shelves that are open to everyone or belong to some organisations; not the shipped one."""
    query = select(shelf.c.id, organisation.c.name).join(organisation, organisation.c.id == shelf.c.organisation)
    query = query.where(shelf.c.name != SHIPPED, shelf.c.open | shelf.c.organisation.in_(list(organisations)))
    with store.reading() as connection:
        return {row.id: row.name for row in connection.execute(query)}


def stamp(store: Store, shelves: Iterable[str]) -> tuple[int, str]:
    """What changes when something is published on these shelves."""
    with store.reading() as connection:
        row = connection.execute(select(func.count(edition.c.id), func.max(edition.c.id)).where(edition.c.shelf.in_(list(shelves)))).one()
    return int(row[0]), str(row[1] or "")


def laid_out(store: Store, base: Shelf, shelves: Mapping[str, str], root: Path, beside: Callable[[Sequence[Published]], Shelf]) -> list[Published]:
    """The last revisions on some shelves of the store, as folders beneath `root`, that read the same beside the base as when published.

    beside   makes the shelf they stand on together
    """
    found = sorted(editions(store, shelves=shelves), key=lambda each: (each.number, each.edition, each.id))
    called = account_names(store, [each.published_by for each in found])
    taken = set(base.paths())
    made = []
    for each in found:
        there = base.find(each.number) if each.number in base.paths() else None
        if there is not None and there.content_hash == each.content_hash:
            continue
        of = shelves[each.shelf]
        name = next(n for n in (each.number, f"{each.number}@{of}", f"{each.number}@{of}~{each.edition}", each.id) if n not in taken)
        taken.add(name)
        folder = _laid(store, base, each, name, of, root)
        if folder is not None:
            made.append(Published(name, folder, each, called.get(each.published_by, each.published_by), of))
    return _as_published(made, beside)


def _laid(store: Store, base: Shelf, held: Edition, name: str, of: str, root: Path) -> Path | None:
    """The folder with the edition's own files; None where they are no longer what they were, or its properties mean something else here."""
    issuer = held.folder.split("/")[-2]
    folder = root / held.id / _safe(of if issuer == WRITTEN else issuer) / _safe(name)
    if not (folder / OWN_FILES[0]).is_file():
        try:
            with opened_shelf(store, held) as (own, place):
                if not _same_properties(own, place, base):
                    return None
            files = own_files(store, held)
        except Refused:
            return None
        folder.mkdir(parents=True, exist_ok=True)
        for file in sorted(files, key=lambda each: each == OWN_FILES[0]):  # standard.yaml last: where it is, all of them are
            (folder / file).write_bytes(files[file])
    return folder


def _same_properties(own: Shelf, place: Path, base: Shelf) -> bool:
    """Whether the properties that an edition asks are beside this shelf what they were in its own files, labels apart."""
    standard = own.open(place).standard
    return standard is not None and all(_meant(own, each.is_) == _meant(base, each.is_) for each in standard.inputs.values())


def _meant(shelf: Shelf, id_: str) -> object:
    held = shelf.dictionary.get(id_)
    return held and (held.kind, held.unit, held.cycle, held.metering, held.method, tuple(held.values))


def _safe(name: str) -> str:
    return re.sub(r"[^\w.@~〔〕（）()\-]+", "-", name).strip(".-") or "-"


def _as_published(made: Sequence[Published], beside: Callable[[Sequence[Published]], Shelf]) -> list[Published]:
    """Those that read the same; what is left out may be what others rest on, so it is asked again until all are."""
    held = list(made)
    while True:
        together = beside(held)
        same = [each for each in held if (s := together.open(each.folder).standard) is not None and s.content_hash == each.edition.content_hash]
        if len(same) == len(held):
            return same
        held = same
