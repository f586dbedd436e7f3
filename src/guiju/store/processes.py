"""Processes: what goes through a course of steps. A step is never changed; what a process has come to is told from its steps alone.

Which steps there are and what they mean is for the part whose process it is; here they are kept in order, one writer at a time for each process.
What is sealed belongs to a process too, and is read by nobody whom the part does not let.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from guiju.base.diagnostics import Diagnostic, Refused
from guiju.store.audit import append
from guiju.store.canonical import canonical, digest, new_id
from guiju.store.database import Store
from guiju.store.tables import process, sealed, step


@dataclass(frozen=True, slots=True)
class Process:
    """state, steps   as of its last step: how it stands in a list; what it is, its steps say"""

    id: str
    kind: str
    organisation: str
    title: str
    state: str
    steps: int
    created_at: datetime
    created_by: str


@dataclass(frozen=True, slots=True)
class Step:
    """number        1 for the first of its process
    organisation     the one its actor acted for
    """

    number: int
    act: str
    organisation: str
    actor: str
    at: datetime
    body: Mapping[str, Any]


def processes(
    store: Store, kind: str, *, organisations: Sequence[str] | None = None, states: Sequence[str] | None = None, before: str = "",
    limit: int | None = None,
) -> list[Process]:  # fmt: skip
    """Those of a kind, the newest first; of some organisations or in some states only; a page before an identifier."""
    with store.reading() as connection:
        return processes_in(connection, kind, organisations=organisations, states=states, before=before, limit=limit)


def processes_in(
    connection: Connection, kind: str, *, organisations: Sequence[str] | None = None, states: Sequence[str] | None = None, before: str = "",
    limit: int | None = None,
) -> list[Process]:  # fmt: skip
    """The same, in the transaction of the connection."""
    query = select(process).where(process.c.kind == kind).order_by(process.c.id.desc()).limit(limit)
    if organisations is not None:
        query = query.where(process.c.organisation.in_(organisations))
    if states is not None:
        query = query.where(process.c.state.in_(states))
    if before:
        query = query.where(process.c.id < before)
    return [Process(**row._mapping) for row in connection.execute(query)]


def steps_of_acts(store: Store, kind: str, acts: Sequence[str]) -> dict[str, list[Step]]:
    """Process → its steps of some acts only, in order, in one question: for a list, which need not tell everything of each."""
    columns = [step.c.process, *(step.c[name] for name in Step.__slots__)]
    query = select(*columns).join(process, process.c.id == step.c.process).where(process.c.kind == kind, step.c.act.in_(acts))
    found: dict[str, list[Step]] = {}
    with store.reading() as connection:
        for id_, *rest in connection.execute(query.order_by(step.c.process, step.c.number)):
            held = dict(zip(Step.__slots__, rest, strict=True))
            found.setdefault(id_, []).append(Step(**{**held, "body": json.loads(held["body"])}))
    return found


def begin_process(connection: Connection, kind: str, organisation: str, title: str, now: datetime, actor: str) -> Process:
    """A process without a step yet, in the transaction that adds the first."""
    made = Process(new_id(), kind, organisation, title, "", 0, now, actor)
    connection.execute(process.insert().values(**{name: getattr(made, name) for name in Process.__slots__}))
    return made


def take_process(connection: Connection, kind: str, id_: str) -> tuple[Process, list[Step]]:
    """The process and its steps, for this transaction to add one: whoever else takes it waits to the end of this one.

    raises   Refused: unknown-process
    """
    row = connection.execute(select(process).where(process.c.id == id_, process.c.kind == kind).with_for_update()).first()
    if row is None:
        raise Refused([Diagnostic("unknown-process", None, {"name": id_})])
    return Process(**row._mapping), steps_in(connection, id_)


def process_of(store: Store, kind: str, id_: str) -> tuple[Process, list[Step]]:
    """The process and its steps, to be looked at.

    raises   Refused: unknown-process
    """
    with store.reading() as connection:
        row = connection.execute(select(process).where(process.c.id == id_, process.c.kind == kind)).first()
        if row is None:
            raise Refused([Diagnostic("unknown-process", None, {"name": id_})])
        return Process(**row._mapping), steps_in(connection, id_)


def steps_in(connection: Connection, id_: str) -> list[Step]:
    names = (step.c[name] for name in Step.__slots__)
    rows = connection.execute(select(*names).where(step.c.process == id_).order_by(step.c.number))
    return [Step(**{**row._mapping, "body": json.loads(row.body)}) for row in rows]


def add_step(connection: Connection, to: Process, added: Step, state: str) -> None:
    """Adds a step, and its line in the audit log, which has the hash of what was said and not the words."""
    body = canonical(dict(added.body))
    row = {"id": new_id(), "process": to.id, "number": added.number, "organisation": added.organisation, "act": added.act, "body": body,
           "body_hash": digest(body), "at": added.at, "actor": added.actor}  # fmt: skip
    connection.execute(step.insert().values(**row))
    connection.execute(process.update().where(process.c.id == to.id).values(state=state, steps=added.number))
    detail = {"number": added.number, "state": state, "organisation": added.organisation, "body_hash": row["body_hash"]}
    append(connection, added.at, added.actor, f"{to.kind}.{added.act}", to.id, detail)


def seal(connection: Connection, to: Process, name: str, content: Mapping[str, Any], now: datetime, actor: str) -> str:
    """Puts something under seal; gives its sha256, which says nothing of it as long as there is a salt in it."""
    body = canonical(dict(content))
    row = {"id": new_id(), "process": to.id, "name": name, "body": body, "body_hash": digest(body), "created_at": now, "created_by": actor}
    connection.execute(sealed.insert().values(**row))
    return digest(body)


def unsealed(connection: Connection, id_: str, name: str) -> dict[str, Any]:
    """What is under a seal. Who may read it is for the caller to know."""
    found: dict[str, Any] = json.loads(connection.execute(select(sealed.c.body).where(sealed.c.process == id_, sealed.c.name == name)).scalar_one())
    return found


@contextmanager
def looking(store: Store, id_: str, actor: str, action: str) -> Iterator[Connection]:
    """A transaction in which something sealed is read, with its line in the audit log."""
    with store.writing() as connection:
        append(connection, store.clock(connection), actor, action, id_)
        yield connection


def bodies_in(connection: Connection, kind: str, act: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """(process, body) of every step of one act, over all processes of a kind, the oldest first."""
    query = select(step.c.process, step.c.body).join(process, process.c.id == step.c.process).where(process.c.kind == kind, step.c.act == act)
    for row in connection.execute(query.order_by(step.c.id)):
        yield row.process, json.loads(row.body)
