"""Dropped: files of records that somebody put on a page, kept for a while under a name nobody can guess, so that every process has them.

They are no sets of records: nobody else sees them, no result rests on them, and a backup leaves them out.
"""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, select

from guiju.base.diagnostics import Diagnostic, Refused
from guiju.store.database import Store
from guiju.store.files import Kept, proved, put
from guiju.store.tables import dropped

KEPT_FOR = timedelta(hours=2)
KEPT_MAX = 24
"""Files of one owner; the oldest makes room."""


@dataclass(frozen=True, slots=True)
class Dropped:
    """number   the standard it is judged by
    path, sha256   of the file, in the folder of the store
    mapping     the text of the mapping file that came with it, or was chosen by hand
    """

    id: str
    owner: str
    number: str
    name: str
    path: str
    sha256: str
    mapping: str | None
    sheet: str | None
    created_at: datetime
    expires_at: datetime


def drop(store: Store, file: Path, owner: str, number: str, name: str, mapping: str | None, sheet: str | None) -> Dropped:
    """Keeps a file for a while; what has had its time goes.

    raises   Refused: store-unwritable
    """
    def keep() -> Kept:
        return put(store, "dropped", file.suffix.lower(), lambda to: shutil.copyfile(file, to))

    kept = keep()
    with store.writing(alone=True) as connection:
        if not (store.folder / kept.path).is_file():  # the same content had its time meanwhile, and went
            keep()
        now = store.clock(connection)
        found = Dropped(secrets.token_urlsafe(16), owner, number, name, kept.path, kept.sha256, mapping, sheet, now, now + KEPT_FOR)
        connection.execute(dropped.insert().values(**{each: getattr(found, each) for each in Dropped.__slots__}))
        old = select(dropped.c.id).where(dropped.c.owner == owner).order_by(dropped.c.created_at.desc(), dropped.c.id).offset(KEPT_MAX)
        gone = [*connection.execute(old).scalars(), *connection.execute(select(dropped.c.id).where(dropped.c.expires_at <= now)).scalars()]
        _forget(connection, store, gone)
    return found


def dropped_of(store: Store, id_: str, owner: str) -> Dropped:
    """
    raises   Refused: records-gone, also where it is somebody else's
    """
    with store.reading() as connection:
        row = connection.execute(select(dropped).where(dropped.c.id == id_, dropped.c.owner == owner)).first()
        now = store.clock(connection)
    if row is None or row.expires_at <= now:
        raise Refused([Diagnostic("records-gone", None, {"minutes": str(int(KEPT_FOR.total_seconds()) // 60)})])
    return Dropped(**row._mapping)


def content(store: Store, held: Dropped) -> Path:
    """The file, once it is known to be what was dropped.

    raises   Refused: store-file-missing, store-file-altered
    """
    return proved(store, held.path, held.sha256)


def sweep_dropped(store: Store) -> int:
    """Forgets the files whose time is over; gives how many."""
    with store.writing(alone=True) as connection:
        gone = list(connection.execute(select(dropped.c.id).where(dropped.c.expires_at <= store.clock(connection))).scalars())
        _forget(connection, store, gone)
    return len(gone)


def _forget(connection: Connection, store: Store, ids: Iterable[str]) -> None:
    """Rows first; their files too, where no other row has the same content. A crash between leaves a file that `sweep` takes away."""
    gone = list(ids)
    paths = set(connection.execute(select(dropped.c.path).where(dropped.c.id.in_(gone))).scalars())
    connection.execute(dropped.delete().where(dropped.c.id.in_(gone)))
    for path in paths - set(connection.execute(select(dropped.c.path).where(dropped.c.path.in_(paths))).scalars()):
        (store.folder / path).unlink(missing_ok=True)
