"""Registers: entries under a code, each change a revision of its own; earlier ones stay."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, func, select

from guiju.base.diagnostics import Diagnostic, Refused
from guiju.store.audit import append
from guiju.store.canonical import canonical, digest, new_id
from guiju.store.database import Store
from guiju.store.files import Kept as File
from guiju.store.files import named
from guiju.store.tables import entry


@dataclass(frozen=True, slots=True)
class Entry:
    """organisation   the one of the store it belongs to, if any"""

    code: str
    revision: int
    organisation: str | None
    body: Mapping[str, Any]
    created_at: datetime
    created_by: str


def entries_of(store: Store, register: str, codes: Sequence[str] | None = None) -> list[Entry]:
    """The newest revision of every entry, or of some, by code."""
    with store.reading() as connection:
        return entries_within(connection, register, codes)


def entries_within(connection: Connection, register: str, codes: Sequence[str] | None = None) -> list[Entry]:
    """The same, in the transaction of the connection."""
    newest = select(entry.c.code, func.max(entry.c.revision).label("newest")).where(entry.c.register == register).group_by(entry.c.code).subquery()
    query = select(entry).join(newest, and_(entry.c.code == newest.c.code, entry.c.revision == newest.c.newest)).where(entry.c.register == register)
    if codes is not None:
        query = query.where(entry.c.code.in_(codes))
    rows = connection.execute(query.order_by(entry.c.code))
    return [Entry(**{name: getattr(row, name) for name in Entry.__slots__} | {"body": json.loads(row.body)}) for row in rows]


def revisions_of(store: Store, register: str, code: str) -> list[Entry]:
    """Every revision of an entry, the newest first."""
    query = select(entry).where(entry.c.register == register, entry.c.code == code).order_by(entry.c.revision.desc())
    with store.reading() as connection:
        rows = connection.execute(query).all()
    return [Entry(**{name: getattr(row, name) for name in Entry.__slots__} | {"body": json.loads(row.body)}) for row in rows]


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of entries: their codes."""

    added: tuple[str, ...]
    revised: tuple[str, ...]
    same: tuple[str, ...]


def keep_entries(
    store: Store, register: str, given: Mapping[str, tuple[str | None, Mapping[str, Any]]], actor: str, after: Mapping[str, int] | None = None,
    files: Sequence[File] = (),
) -> Kept:
    """Keeps entries, all or none: new ones, further revisions of those that say something else, nothing for those that say the same.

    given    code → (organisation, content)
    after    code → the revision that its content was made from, 0 of a new one; None: whatever is there
    files    that the contents name, in the same transaction: where the entries are not kept, no row names them and `sweep` takes them away
    raises   Refused: register-moved, where another revision came meanwhile
    """
    with store.writing(alone=True) as connection:
        return keep_within(connection, store, register, given, actor, after, files)


def keep_within(
    connection: Connection, store: Store, register: str, given: Mapping[str, tuple[str | None, Mapping[str, Any]]], actor: str,
    after: Mapping[str, int] | None = None, files: Sequence[File] = (),
) -> Kept:  # fmt: skip
    """The same, in the transaction of the connection, which is a writer's alone.

    raises   Refused: register-moved
    """
    added: list[str] = []
    revised: list[str] = []
    same: list[str] = []
    held = {each.code: each for each in entries_within(connection, register, list(given))}
    now = store.clock(connection)
    named(connection, store, files)
    for code, (organisation, content) in given.items():
        body, before = canonical(dict(content)), held.get(code)
        if after is not None and after[code] != (before.revision if before else 0):
            raise Refused([Diagnostic("register-moved", None, {"code": code, "revision": str(before.revision if before else 0)})])
        if before is not None and (canonical(dict(before.body)), before.organisation) == (body, organisation):
            same.append(code)
            continue
        (added if before is None else revised).append(code)
        revision = before.revision + 1 if before else 1
        row = {"id": new_id(), "register": register, "code": code, "revision": revision, "organisation": organisation, "body": body,
               "body_hash": digest(body), "created_at": now, "created_by": actor}  # fmt: skip
        connection.execute(entry.insert().values(**row))
        append(connection, now, actor, f"{register}.kept", code, {"revision": revision, "body_hash": row["body_hash"]})
    return Kept(tuple(added), tuple(revised), tuple(same))
