"""Jobs: long work as rows that workers lease. A job is done exactly once, whoever dies on the way.

A worker holds a job by a lease it renews. When it dies, the lease runs out, and the next worker takes the job and goes on after the last piece
that was kept. `attempts` rises with each lease, and everything a worker writes asks for the lease it was given; so one that was only slow, and
comes back after another has taken over, can write nothing any more. The result and the end of the job are one transaction.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal, get_args

from sqlalchemy import ColumnElement, Connection, and_, func, literal, or_, select

from guiju.base.diagnostics import Diagnostic, Refused
from guiju.store.audit import append
from guiju.store.canonical import canonical, new_id
from guiju.store.database import Store
from guiju.store.editions import edition_named
from guiju.store.files import Kept, named
from guiju.store.kinds.work import Piece
from guiju.store.results import Also, Outcome, Request, keep_result, read_request
from guiju.store.sets import record_set_of
from guiju.store.tables import Moment, chunk, job, result

LEASE_SECONDS = 30.0
ATTEMPTS_MAX = 5
"""Leases without a piece kept in between, after which the work itself is taken to be what kills its workers."""
State = Literal["queued", "running", "done", "failed", "cancelled"]
ENDED = ("done", "failed", "cancelled")


@dataclass(frozen=True, slots=True)
class Job:
    """failure   diagnostics as JSON, where it failed
    done, total  of what its kind counts; total is None until somebody has looked
    result       the identifier of what came out, once it is done
    """

    id: str
    organisation: str
    request: Request
    idempotency_key: str | None
    state: State
    worker: str | None
    lease_until: datetime | None
    attempts: int
    done: int
    total: int | None
    cancel_requested: bool
    failure: tuple[dict[str, Any], ...]
    created_at: datetime
    created_by: str
    started_at: datetime | None
    ended_at: datetime | None
    result: str | None = None


@dataclass(frozen=True, slots=True)
class Lease:
    """What a worker holds a job by."""

    job: str
    worker: str
    attempt: int


class LeaseLost(Exception):
    """Somebody else has the job, or it has ended: what was to be written is not, and the worker lets go of it."""


# from the outside


def submit(store: Store, request: Request, organisation: str, actor: str, idempotency_key: str | None = None, files: Sequence[Kept] = ()
           ) -> Job:  # fmt: skip
    """Asks for work; the same key from the same organisation gives the job that was made the first time.

    Numbers of editions and names of sets become identifiers, so that later ones do not change what was asked.

    files    that the request names: from now on they stay
    raises   Refused: unknown-edition, unknown-record-set, key-for-another
    """
    records = record_set_of(store, request.records).id if request.records is not None else None
    request = replace(request, editions=tuple(edition_named(store, word).id for word in request.editions), records=records)
    with store.writing(alone=True) as connection:
        held = None if idempotency_key is None else _first(connection, job.c.organisation == organisation, job.c.idempotency_key == idempotency_key)
        if held is not None:
            if held.request.hash != request.hash:
                raise Refused([Diagnostic("key-for-another", None, {"key": str(idempotency_key), "job": held.id})])
            return held
        id_, now = new_id(), store.clock(connection)
        row = {"id": id_, "organisation": organisation, "kind": request.kind, "request": request.text, "request_hash": request.hash,
               "idempotency_key": idempotency_key or id_, "state": "queued", "attempts": 0, "stalled": 0, "done": 0, "cancel_requested": False,
               "created_at": now, "created_by": actor}  # fmt: skip
        named(connection, store, files)
        connection.execute(job.insert().values(**row))
        append(connection, now, actor, "job.submitted", id_, {"kind": request.kind, "request": request.hash})
        made = _first(connection, job.c.id == id_)
        assert made is not None
        return made


def job_of(store: Store, id_: str) -> Job:
    """
    raises   Refused: unknown-job
    """
    with store.reading() as connection:
        found = _first(connection, job.c.id == id_)
    if found is None:
        raise Refused([Diagnostic("unknown-job", None, {"name": id_})])
    return found


def jobs(store: Store, *, organisations: Sequence[str] | None = None, states: Sequence[State] | None = None, before: str = "",
         limit: int | None = None, without: Sequence[str] = ()) -> list[Job]:  # fmt: skip
    """Jobs from the newest; a page begins before an identifier.

    without   identifiers of sets of records whose jobs are left out
    """
    wanted = [job.c.id < before] if before else []
    wanted += [job.c.organisation.in_(organisations)] if organisations is not None else []
    wanted += [job.c.state.in_(states)] if states is not None else []
    wanted += [~job.c.request.contains(f'"records":"{each}"') for each in without]
    with store.reading() as connection:
        return _jobs(connection, *wanted, limit=limit)


def tally(store: Store) -> tuple[dict[str, int], datetime | None]:
    """State → how many jobs are in it; and when the oldest that waits was asked for."""
    with store.reading() as connection:
        found = {row.state: row.number for row in connection.execute(select(job.c.state, func.count().label("number")).group_by(job.c.state))}
        oldest = connection.execute(select(job.c.created_at).where(job.c.state == "queued").order_by(job.c.id).limit(1)).scalar()
    return {**dict.fromkeys(get_args(State), 0), **found}, oldest


def cancel(store: Store, id_: str, actor: str) -> Job:
    """Ends a job that waits; asks the worker of one that runs to stop before its next piece. One that has ended stays as it is.

    raises   Refused: unknown-job
    """
    with store.writing() as connection:
        now = store.clock(connection)
        waiting = connection.execute(job.update().where(job.c.id == id_, job.c.state == "queued").values(state="cancelled", ended_at=now))
        running = connection.execute(
            job.update().where(job.c.id == id_, job.c.state == "running", ~job.c.cancel_requested).values(cancel_requested=True)
        )
        if waiting.rowcount or running.rowcount:
            append(connection, now, actor, "job.cancelled" if waiting.rowcount else "job.cancel-requested", id_)
    return job_of(store, id_)


def resume(store: Store, id_: str, actor: str) -> Job:
    """Lets a job that was cancelled or has failed wait again; it goes on after the pieces it has.

    raises   Refused: unknown-job, job-not-stopped
    """
    with store.writing() as connection:
        found = connection.execute(
            job.update().where(job.c.id == id_, job.c.state.in_(("cancelled", "failed")))
            .values(state="queued", cancel_requested=False, failure=None, ended_at=None, stalled=0)
        )  # fmt: skip
        if found.rowcount:
            append(connection, store.clock(connection), actor, "job.resumed", id_)
    now = job_of(store, id_)
    if not found.rowcount:
        raise Refused([Diagnostic("job-not-stopped", None, {"name": id_, "state": now.state})])
    return now


# from the worker


def claim(store: Store, worker: str, lease_seconds: float = LEASE_SECONDS, kinds: Sequence[str] | None = None) -> tuple[Job, Lease] | None:
    """The job that has waited longest, leased; None where nothing waits. First it settles jobs whose workers are gone for good."""
    def free(now: datetime) -> ColumnElement[bool]:
        return or_(job.c.state == "queued", and_(job.c.state == "running", job.c.lease_until <= now))

    with store.reading() as connection:  # most looks find nothing, and need no writer's turn
        if connection.execute(select(job.c.id).where(free(store.clock(connection))).limit(1)).first() is None:
            return None
    with store.writing() as connection:
        now = store.clock(connection)
        _settle(connection, now)
        wanted = [free(now)] if kinds is None else [free(now), job.c.kind.in_(kinds)]
        next_ = select(job.c.id).where(*wanted).order_by(job.c.id).limit(1).with_for_update(skip_locked=True).scalar_subquery()
        leased = {"state": "running", "worker": worker, "lease_until": now + timedelta(seconds=lease_seconds), "attempts": job.c.attempts + 1,
                  "stalled": job.c.stalled + 1, "started_at": func.coalesce(job.c.started_at, literal(now, Moment))}  # fmt: skip
        row = connection.execute(job.update().where(job.c.id == next_).values(**leased).returning(job.c.id, job.c.attempts)).first()
        found = _first(connection, job.c.id == row.id) if row is not None else None
        return (found, Lease(found.id, worker, found.attempts)) if found is not None else None


def _settle(connection: Connection, now: datetime) -> None:
    """Ends the jobs that nobody holds any more and nobody shall take: those to be cancelled, and those that kill whoever takes them."""
    gone = [job.c.state == "running", job.c.lease_until <= now]
    for state, why in (("cancelled", job.c.cancel_requested), ("failed", job.c.stalled >= ATTEMPTS_MAX)):
        query = select(job.c.id, job.c.stalled).where(*gone, why).order_by(job.c.id).with_for_update(skip_locked=True)
        for each in connection.execute(query).all():
            failure = _failure([Diagnostic("job-given-up", None, {"attempts": str(each.stalled)})]) if state == "failed" else None
            _end(connection, job.c.id == each.id, state, now, failure)
            append(connection, now, "store", f"job.{state}", each.id)


def renew(store: Store, lease: Lease, lease_seconds: float = LEASE_SECONDS) -> bool:
    """Holds the job for longer; False where the worker is asked to stop.

    raises   LeaseLost
    """
    with store.writing() as connection:
        until = store.clock(connection) + timedelta(seconds=lease_seconds)
        row = connection.execute(job.update().where(_held(lease)).values(lease_until=until).returning(job.c.cancel_requested)).first()
        if row is None:
            raise LeaseLost
        return not row.cancel_requested


def tell_done(store: Store, lease: Lease, done: int, total: int) -> None:
    """Tells how far the piece in hand has come; nothing of it is kept.

    raises   LeaseLost
    """
    with store.writing() as connection:
        _still(connection, lease, done=done, total=total)


def keep_piece(store: Store, lease: Lease, number: int, piece: Piece, total: int) -> None:
    """Keeps a piece of the work and its files, and tells how far it has come.

    raises   LeaseLost
    """
    with store.writing() as connection:
        _still(connection, lease, done=piece.done, total=total, stalled=0)
        named(connection, store, piece.files)
        files = canonical([[each.path, each.sha256, each.bytes] for each in piece.files])
        row = {"job": lease.job, "number": number, "body": canonical(piece.body), "done": piece.done, "files": files}
        connection.execute(chunk.insert().values(**row, created_at=store.clock(connection)))


def pieces_of(store: Store, id_: str) -> dict[int, Piece]:
    """Number → the pieces that are kept."""
    with store.reading() as connection:
        rows = connection.execute(select(chunk).where(chunk.c.job == id_).order_by(chunk.c.number)).all()
    return {row.number: Piece(json.loads(row.body), row.done, tuple(Kept(*each) for each in json.loads(row.files))) for row in rows}


def finish(store: Store, lease: Lease, outcome: Outcome, also: Also | None = None) -> str:
    """The result and the end of the job, in one, and what becomes true with them; gives the identifier of the result.

    raises   LeaseLost; what `also` refuses, and then nothing is kept
    """
    with store.writing(alone=also is not None) as connection:
        _still(connection, lease)
        held = _first(connection, job.c.id == lease.job)
        assert held is not None
        now = store.clock(connection)
        if also is not None:
            also(connection, held.created_by, held.id)
        _end(connection, _held(lease), "done", now)
        return keep_result(connection, store, held.request, outcome, held.organisation, held.created_by, held.id)


def fail(store: Store, lease: Lease, diagnostics: Sequence[Diagnostic]) -> None:
    """
    raises   LeaseLost
    """
    _let_go(store, lease, "failed", _failure(diagnostics))


def stop(store: Store, lease: Lease) -> None:
    """Ends a job that was asked to stop.

    raises   LeaseLost
    """
    _let_go(store, lease, "cancelled")


def release(store: Store, lease: Lease) -> None:
    """Puts a job back for another worker at once, where this one is asked to end.

    raises   LeaseLost
    """
    with store.writing() as connection:
        _still(connection, lease, state="queued", worker=None, lease_until=None, stalled=0)


def _let_go(store: Store, lease: Lease, state: State, failure: str | None = None) -> None:
    with store.writing() as connection:
        _still(connection, lease)
        now = store.clock(connection)
        _end(connection, _held(lease), state, now, failure)
        append(connection, now, "store", f"job.{state}", lease.job)


def _still(connection: Connection, lease: Lease, **values: Any) -> None:
    """Writes to a job that is still held by the lease, and keeps others from taking it until the transaction ends."""
    if not connection.execute(job.update().where(_held(lease)).values(**(values or {"worker": lease.worker}))).rowcount:
        raise LeaseLost


def _held(lease: Lease) -> ColumnElement[bool]:
    return and_(job.c.id == lease.job, job.c.state == "running", job.c.worker == lease.worker, job.c.attempts == lease.attempt)


def _end(connection: Connection, which: ColumnElement[bool], state: str, now: datetime, failure: str | None = None) -> None:
    ended = {"state": state, "worker": None, "lease_until": None, "cancel_requested": False, "ended_at": now, "failure": failure}
    connection.execute(job.update().where(which).values(**ended))


def _failure(diagnostics: Sequence[Diagnostic]) -> str:
    return canonical([each.as_json() for each in diagnostics])


def _first(connection: Connection, *wanted: ColumnElement[bool]) -> Job | None:
    return next(iter(_jobs(connection, *wanted, limit=1)), None)


def _jobs(connection: Connection, *wanted: ColumnElement[bool], limit: int | None = None) -> list[Job]:
    query = select(job, result.c.id.label("result")).outerjoin(result, result.c.job == job.c.id).where(*wanted).order_by(job.c.id.desc()).limit(limit)
    return [
        Job(row.id, row.organisation, read_request(row.request), row.idempotency_key, row.state, row.worker, row.lease_until, row.attempts, row.done,
            row.total, row.cancel_requested, tuple(json.loads(row.failure or "[]")), row.created_at, row.created_by, row.started_at, row.ended_at,
            row.result)
        for row in connection.execute(query)
    ]  # fmt: skip
