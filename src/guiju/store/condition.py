"""Condition: what a store holds and how it stands, for those who run it: its form, how much is in it, what waits, when it was last backed up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from guiju.store.audit import Entry, append, latest_entries
from guiju.store.database import Store
from guiju.store.migrate import newest, revision_of
from guiju.store.tables import account, audit, edition, job, organisation, record_set, result

BACKED_UP, MIGRATED = "store.backed-up", "store.m"
COUNTED = {"organisation": organisation, "account": account, "edition": edition, "record_set": record_set, "result": result, "audit": audit}


@dataclass(frozen=True, slots=True)
class Condition:
    """
    form, newest_form   of the tables: as they are, and as this Guiju knows them
    counts              rows of the main tables
    jobs                state → how many
    waiting_since       of the job that has waited longest
    alive               jobs whose worker renewed its lease in time
    head                (seq, hash) of the log
    backups             the last of them, as they were logged
    forms               when the store was made and carried forward
    """

    form: str | None
    newest_form: str
    counts: dict[str, int]
    jobs: dict[str, int]
    waiting_since: datetime | None
    alive: int
    head: tuple[int, str]
    backups: tuple[Entry, ...]
    forms: tuple[Entry, ...]


def condition(store: Store) -> Condition:
    with store.reading() as connection:
        now = store.clock(connection)
        counts = {name: int(connection.execute(select(func.count()).select_from(table)).scalar_one()) for name, table in COUNTED.items()}
        jobs = {str(row[0]): int(row[1]) for row in connection.execute(select(job.c.state, func.count()).group_by(job.c.state))}
        waiting = connection.execute(select(job.c.created_at).where(job.c.state == "queued").order_by(job.c.id).limit(1)).scalar()
        alive = connection.execute(select(func.count()).where(job.c.state == "running", job.c.lease_until > now)).scalar_one()
        last = connection.execute(select(audit.c.seq, audit.c.hash).order_by(audit.c.seq.desc()).limit(1)).first()
        form = revision_of(connection)
    backups = latest_entries(store, words={"action": BACKED_UP}, limit=3)
    forms = latest_entries(store, words={"action": MIGRATED}, limit=5)
    return Condition(form, newest(), counts, jobs, waiting, int(alive), (last.seq, last.hash) if last else (0, ""), tuple(backups), tuple(forms))


def note_backup(store: Store, actor: str, head: tuple[int, str], files: int) -> None:
    """Logs that a backup was made, up to which entry of the log."""
    with store.writing() as connection:
        append(connection, store.clock(connection), actor, BACKED_UP, str(head[0]), {"head": head[1], "files": files})
