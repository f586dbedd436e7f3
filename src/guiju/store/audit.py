"""The audit log: who did what to what, appended in the transaction that does it, each entry carrying the hash of the one before.

An entry is never changed or removed, which triggers refuse; and where somebody takes the triggers away, the chain no longer fits. A chain
cut short at its end still fits, so its head is shown by every backup and by `guiju store verify`, to be noted elsewhere and compared.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from guiju.store.canonical import canonical, digest, moment_text
from guiju.store.database import Store, take_turn
from guiju.store.tables import audit

_FETCHED = 5_000
NOTHING_BEFORE = "0" * 64


@dataclass(frozen=True, slots=True)
class Entry:
    seq: int
    at: datetime
    actor: str
    action: str
    subject: str
    detail: str
    """Canonical JSON."""
    previous: str
    hash: str

    @property
    def wanted_hash(self) -> str:
        written = {"seq": self.seq, "at": moment_text(self.at), "actor": self.actor, "action": self.action, "subject": self.subject,
                   "detail": self.detail, "previous": self.previous}  # fmt: skip
        return digest(canonical(written))


@dataclass(frozen=True, slots=True)
class Chain:
    """What became of looking through it.

    head     (seq, hash) of the last entry that fits; (0, zeros) of an empty log
    broken   the first entry that does not fit, and why: hash, link, order, noted
    """

    head: tuple[int, str]
    broken: tuple[int, str] | None = None


def append(connection: Connection, at: datetime, actor: str, action: str, subject: str, detail: Mapping[str, Any] | None = None) -> None:
    """Adds an entry to the log, in the transaction of the connection."""
    take_turn(connection, "audit")  # two entries never follow the same one
    last = connection.execute(select(audit.c.seq, audit.c.hash).order_by(audit.c.seq.desc()).limit(1)).first()
    seq, previous = (last.seq + 1, last.hash) if last else (1, NOTHING_BEFORE)
    entry = Entry(seq, at, actor, action, subject, canonical(dict(detail or {})), previous, "")
    connection.execute(audit.insert().values(**{name: getattr(entry, name) for name in audit.c.keys()} | {"hash": entry.wanted_hash}))  # noqa: SIM118


def entries(store: Store, *, after: int = 0, subject: str | None = None, limit: int | None = None) -> list[Entry]:
    """Entries from the oldest, those after a number; at most `limit` of them."""
    query = select(audit).where(audit.c.seq > after).order_by(audit.c.seq).limit(limit)
    with store.reading() as connection:
        return [_entry(row) for row in connection.execute(query if subject is None else query.where(audit.c.subject == subject))]


def latest_entries(
    store: Store, *, before: int = 0, actors: Sequence[str] | None = None, words: Mapping[str, str] | None = None, limit: int | None = None
) -> list[Entry]:
    """Entries from the newest; a page before a number.

    actors   only what these did; None: everyone
    words    actor, subject: exactly; action: how it begins
    """
    query = select(audit).order_by(audit.c.seq.desc()).limit(limit)
    query = query.where(audit.c.seq < before) if before else query
    query = query if actors is None else query.where(audit.c.actor.in_(actors))
    for name, word in (words or {}).items():
        if word:
            query = query.where(audit.c.action.startswith(word, autoescape=True) if name == "action" else audit.c[name] == word)
    with store.reading() as connection:
        return [_entry(row) for row in connection.execute(query)]


def verify_chain(store: Store, noted: tuple[int, str] | None = None) -> Chain:
    """Looks through the whole log for the first entry that does not fit.

    noted   (seq, hash) of a head noted earlier, which must still stand in the log
    """
    with store.reading() as connection, closing(entries_in(connection)) as found:
        return checked_chain(found, noted)


def entries_in(connection: Connection) -> Generator[Entry, None, None]:
    """Every entry, from the oldest, streamed; to be closed by who does not read them all."""
    with connection.execute(select(audit).order_by(audit.c.seq).execution_options(yield_per=_FETCHED)) as found:
        for row in found:
            yield _entry(row)


def checked_chain(found: Iterable[Entry], noted: tuple[int, str] | None = None) -> Chain:
    """The same of entries from anywhere."""
    seq, hash_ = 0, NOTHING_BEFORE
    for entry in found:
        reason = "order" if entry.seq != seq + 1 else "link" if entry.previous != hash_ else "hash" if entry.hash != entry.wanted_hash else None
        if reason is None and noted is not None and entry.seq == noted[0] and entry.hash != noted[1]:
            reason = "noted"
        if reason is not None:
            return Chain((seq, hash_), (seq + 1, reason))
        seq, hash_ = entry.seq, entry.hash
    return Chain((seq, hash_), (seq + 1, "noted") if noted is not None and seq < noted[0] else None)


def _entry(row: Row[Any]) -> Entry:
    return Entry(**row._mapping)
