"""Processes: what goes through a course of steps. A step is never changed; what a process has come to is told from its steps alone.

Which steps there are and what they mean is for the part whose process it is; here they are kept in order, one writer at a time for each process.
What is sealed belongs to a process too, and is read by nobody whom the part does not let.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Connection, Row, case, cast, select, type_coerce

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


AT_ONCE = 500
"""Processes whose steps are asked for in one question."""
_STEP = tuple(step.c[name] for name in Step.__slots__)


def _step(row: Row[Any]) -> Step:
    return Step(row.number, row.act, row.organisation, row.actor, row.at, json.loads(row.body))


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


def ends_in(connection: Connection, kind: str, states: Sequence[str] | None = None) -> list[tuple[Process, str]]:
    """Those of a kind, the newest first, each with the identifier of its last step: as long as that is the same, all that can be told of it is."""
    query = select(process, step.c.id.label("end")).join(step, (step.c.process == process.c.id) & (step.c.number == process.c.steps))
    query = query.where(process.c.kind == kind).order_by(process.c.id.desc())
    if states is not None:
        query = query.where(process.c.state.in_(states))
    return [(Process(*row[:-1]), row.end) for row in connection.execute(query)]


def histories(connection: Connection, held: Sequence[Process], unread: Collection[str] = ()) -> Iterator[tuple[Process, list[Step]]]:
    """Each with its steps in order up to the last that it had when it was read, hundreds to a question.

    unread   acts of which the bodies are not read, and are empty
    """
    body = case((step.c.act.in_(sorted(unread)), "{}"), else_=step.c.body).label("body") if unread else step.c.body
    columns = [body if each is step.c.body else each for each in _STEP]
    for first in range(0, len(held), AT_ONCE):
        some = {each.id: each for each in held[first : first + AT_ONCE]}
        found: dict[str, list[Step]] = {id_: [] for id_ in some}
        query = select(step.c.process, *columns).where(step.c.process.in_(list(some))).order_by(step.c.process, step.c.number)
        for row in connection.execute(query):
            if row.number <= some[row.process].steps:
                found[row.process].append(_step(row))
        for id_, steps in found.items():
            yield some[id_], steps


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
    rows = connection.execute(select(*_STEP).where(step.c.process == id_).order_by(step.c.number))
    return [_step(row) for row in rows]


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


def said_in(connection: Connection, kind: str, act: str, name: str, states: Sequence[str] | None = None) -> list[tuple[str, str]]:
    """(process, what is said under a name) of every step of one act, over all processes of a kind; of each in order.

    states   of processes in these only
    The database looks it up, so that nothing else of a body is read.
    """
    body = cast(step.c.body, JSON) if connection.dialect.name == "postgresql" else type_coerce(step.c.body, JSON)
    query = select(step.c.process, body[name].as_string()).join(process, process.c.id == step.c.process)
    query = query.where(process.c.kind == kind, step.c.act == act).order_by(step.c.process, step.c.number)
    if states is not None:
        query = query.where(process.c.state.in_(states))
    return [(id_, str(said)) for id_, said in connection.execute(query)]
