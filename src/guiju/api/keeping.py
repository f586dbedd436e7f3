"""The store behind the workbench: opened, made where there is none, and filled with the standards that are shipped."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterator
from pathlib import Path

from guiju.api.asker import Asker, person_at_this_machine
from guiju.api.settings import Settings
from guiju.base.diagnostics import Refused
from guiju.standard.shelf import Shelf, data_folder
from guiju.store.access import first_organisation
from guiju.store.database import Store, store_at
from guiju.store.editions import Imported, import_shelf, make_shelf
from guiju.store.migrate import make_store
from guiju.store.people import ROLES, account_of, grant, make_account
from guiju.store.published import SHIPPED
from guiju.store.sets import RecordSet, keep_records, record_sets

ACTOR = "guiju serve"
MACHINE = "here"


def open_store(settings: Settings) -> Store | None:
    """The store of the settings, made or carried forward; None where they name none.

    raises   Refused: store-place, store-files, store-driver, store-newer, store-unwritable, store-unreachable
    """
    if settings.data is None and not settings.database:
        return None
    store = store_at(settings.database or str(settings.data), settings.data if settings.database else settings.files)
    make_store(store, ACTOR)
    return store


def machine(store: Store | None) -> Asker:
    """The one person at this machine: an account of the first organisation that has every role and no password."""
    if store is None:
        return person_at_this_machine()
    first = first_organisation(store)
    try:
        account = account_of(store, MACHINE)
    except Refused:
        with contextlib.suppress(Refused):  # another process of the same workbench was quicker
            make_account(store, MACHINE, first, ACTOR)
        account = account_of(store, MACHINE)
    for role in ROLES:
        if not account.has(role, first):
            grant(store, account.id, first, role, ACTOR)
    return person_at_this_machine(account.id, first)


def fill(store: Store, data: Path) -> Imported | None:
    """Takes the shipped standards and those of GUIJU_SHELVES into the store; None where nothing has changed since the last time.

    raises   Refused: what `import_shelf` finds
    """
    shelf, mark = Shelf(), data / "shelf.sha256"
    now = _hash(shelf)
    if mark.is_file() and mark.read_text(encoding="ascii", errors="replace").strip() == now:
        return None
    became = import_shelf(store, shelf, make_shelf(store, SHIPPED, ACTOR), ACTOR, revise=True)
    data.mkdir(parents=True, exist_ok=True)
    mark.write_text(now + "\n", encoding="ascii")
    return became


def bring_examples(store: Store) -> list[RecordSet]:
    """Keeps the bundled files of records, each with its mapping, as sets of the first organisation; gives those that were not there yet.

    raises   Refused: what `keep_records` finds
    """
    first = first_organisation(store)
    known = {held.name for held in record_sets(store, organisations=[first])}
    files = [(file, file.with_name(f"{file.stem}.mapping.yaml")) for file in sorted((data_folder() / "examples").glob("*.csv"))]
    return [keep_records(store, file, first, ACTOR, mapping=mapping)[0] for file, mapping in files if mapping.is_file() and file.stem not in known]


def _hash(shelf: Shelf) -> str:
    """Of every file a shelf is read from."""
    found = hashlib.sha256()
    for path in sorted(_files(shelf)):
        found.update(f"{path}\n".encode())
        found.update(path.read_bytes())
    return found.hexdigest()


def _files(shelf: Shelf) -> Iterator[Path]:
    for folder in (*shelf.folders, *shelf.dictionary_folders, *shelf.factor_folders):
        yield from folder.rglob("*.yaml")
