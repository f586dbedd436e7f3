"""Files beside the database: written whole, proved by their hash, named by a row; what no row names is swept away.

A file is there, on the disk and under its last name, before the row that names it is committed. So a crash leaves either both, or a file
nobody names. Files are named by their content, so the same content is kept once and nothing is ever overwritten with something else.
"""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from sqlalchemy import Connection, select

from guiju.base.diagnostics import Diagnostic, Refused
from guiju.store.database import Store, add_once
from guiju.store.tables import dropped, file

GRACE_SECONDS = 3600
"""How old a file that no row names must be before it is swept: a younger one may be waiting for its row."""
_PARTIAL = ".partial"
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Kept:
    """A file as it lies in the folder: path relative to it, with slashes."""

    path: str
    sha256: str
    bytes: int


def put(store: Store, kind: str, ending: str, write: Callable[[Path], object]) -> Kept:
    """The file that `write` writes, in its place under a name from its content; to be committed with `named`.

    kind     sets, results, …: the folder within the folder
    raises   Refused: store-unwritable
    """
    waiting = store.folder / "waiting"
    partial = waiting / f"{os.getpid()}-{secrets.token_hex(8)}{_PARTIAL}{ending}"
    try:
        waiting.mkdir(parents=True, exist_ok=True)
        write(partial)
        hash_, size = hash_of(partial)
        path = f"{kind}/{hash_[:2]}/{hash_}{ending}"
        place = store.folder / path
        made = [folder for folder in (place.parent, place.parent.parent) if not folder.is_dir()]
        place.parent.mkdir(parents=True, exist_ok=True)
        with partial.open("rb") as written:
            os.fsync(written.fileno())
        partial.replace(place)
        os.utime(place)
        for folder in (place.parent, *(each.parent for each in made)):
            _sync_folder(folder)
    except OSError as error:
        raise Refused([Diagnostic("store-unwritable", None, {"place": str(store.folder), "reason": error.strerror or str(error)})]) from None
    finally:
        partial.unlink(missing_ok=True)
    return Kept(path, hash_, size)


def hash_of(path: Path) -> tuple[str, int]:
    """(sha256 in hex, bytes) of a file."""
    found, size = sha256(), 0
    with path.open("rb") as content:
        while chunk := content.read(_CHUNK):
            found.update(chunk)
            size += len(chunk)
    return found.hexdigest(), size


def _sync_folder(folder: Path) -> None:
    """A new name is on the disk only once its folder is; Windows has no such thing."""
    if os.name != "nt":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def named(connection: Connection, store: Store, kept: Iterable[Kept]) -> None:
    """Gives files their rows, in the transaction of what needs them; one that has its row already keeps it.

    raises   Refused: store-file-missing, where a file was swept meanwhile
    """
    for each in sorted(kept, key=lambda each: each.path):  # in one order, so that two who add the same files do not wait for one another
        if not (store.folder / each.path).is_file():
            raise Refused([Diagnostic("store-file-missing", None, {"file": each.path})])
        add_once(connection, file, {"path": each.path, "sha256": each.sha256, "bytes": each.bytes, "created_at": store.clock(connection)})


def proved(store: Store, path: str, hash_: str) -> Path:
    """The file, once its content is known to be what it was.

    raises   Refused: store-file-missing, store-file-altered
    """
    place = store.folder / path
    if not place.is_file():
        raise Refused([Diagnostic("store-file-missing", None, {"file": path})])
    found, _ = hash_of(place)
    if found != hash_:
        raise Refused([Diagnostic("store-file-altered", None, {"file": path, "said": hash_[:12], "found": found[:12]})])
    return place


def sweep(store: Store, older_than: float = GRACE_SECONDS, *, dry: bool = False) -> list[str]:
    """Removes files that no row names and that are older than so many seconds; gives their paths.

    dry   only says which they are

    The look and the removal are within a writer's turn, so on SQLite no row can come between; on PostgreSQL a file being put at that moment is
    young, and stays.
    """
    removed = []
    with store.writing() as connection:
        known = {*connection.execute(select(file.c.path)).scalars(), *connection.execute(select(dropped.c.path)).scalars()}
        for place in sorted(store.folder.rglob("*")) if store.folder.is_dir() else ():
            path = place.relative_to(store.folder).as_posix()
            try:
                if path not in known and place.is_file() and place.stat().st_mtime <= time.time() - older_than:
                    if not dry:
                        place.unlink()
                    removed.append(path)
            except FileNotFoundError:  # another sweep was quicker
                continue
    return removed
