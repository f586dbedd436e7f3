"""Belonging: what somebody may see of what is kept: by their roles in organisations, and by invitation. What they may not see is not there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from sqlalchemy import select

from guiju.base.diagnostics import Diagnostic, Refused
from guiju.store.access import first_organisation, sets_as_guest
from guiju.store.audit import Entry, latest_entries
from guiju.store.database import Store
from guiju.store.jobs import Job, job_of
from guiju.store.people import accounts
from guiju.store.results import Result, result_of
from guiju.store.sets import RecordSet, record_set_of
from guiju.store.tables import record_set, set_note

JUDGES = frozenset({"admin", "author", "verifier", "evaluator", "enterprise", "operator", "regulator"})
"""Who may bring records and have work done for their organisation."""
READERS = JUDGES | {"auditor"}
"""Who may see what their organisation keeps."""


class Somebody(Protocol):
    """Who asks. organisations: identifier → the roles held in it."""

    @property
    def id(self) -> str: ...
    @property
    def organisation(self) -> str | None: ...
    @property
    def organisations(self) -> dict[str, frozenset[str]]: ...
    @property
    def is_signed_in(self) -> bool: ...
    def has(self, role: str, organisation: str | None = None) -> bool: ...
    def acting_for(self, organisation: str | None, roles: Iterable[str]) -> str: ...


def seen_by(user: Somebody, roles: frozenset[str] = READERS) -> list[str]:
    """The organisations whose work somebody may see."""
    return [organisation for organisation, held in user.organisations.items() if held & roles]


def hidden_from(store: Store, user: Somebody) -> list[str]:
    """Sensitive sets that somebody may not see, though their organisation keeps them: neither brought by them, nor invited, nor its administrator."""
    query = select(record_set.c.id, record_set.c.organisation).join(set_note, set_note.c.record_set == record_set.c.id)
    query = query.where(set_note.c.sensitivity == "sensitive", record_set.c.created_by != user.id)
    with store.reading() as connection:
        found = connection.execute(query).all()
    if not found:
        return []
    invited = set(sets_as_guest(store, user.id))
    return [row.id for row in found if row.id not in invited and not user.has("admin", row.organisation)]


def set_for(store: Store, user: Somebody, word: str) -> RecordSet:
    """A set somebody may see and judge: of their organisations and not hidden, or one they were invited to.

    raises   Refused: unknown-record-set
    """
    found = record_set_of(store, word)
    is_own = found.organisation in seen_by(user) and found.id not in hidden_from(store, user)
    if not is_own and found.id not in sets_as_guest(store, user.id):
        raise Refused([Diagnostic("unknown-record-set", None, {"name": word})])
    return found


def job_for(store: Store, user: Somebody, id_: str, roles: frozenset[str] = READERS) -> Job:
    """
    raises   Refused: unknown-job; not-allowed-there, where it may be seen and no more
    """
    found = job_of(store, id_)
    if found.organisation not in seen_by(user) or found.request.records in hidden_from(store, user):
        raise Refused([Diagnostic("unknown-job", None, {"name": id_})])
    if found.organisation not in seen_by(user, roles):
        user.acting_for(found.organisation, roles)
    return found


def result_for(store: Store, user: Somebody, id_: str) -> Result:
    """
    raises   Refused: unknown-result; result-altered
    """
    found = result_of(store, id_)
    if found.organisation not in seen_by(user) or found.request.records in hidden_from(store, user):
        raise Refused([Diagnostic("unknown-result", None, {"name": id_})])
    return found


def administered(store: Store, user: Somebody) -> list[str] | None:
    """The organisations somebody administers; None: all, for who administers the first, which runs the workbench."""
    if user.has("admin", first_organisation(store)):
        return None
    return [organisation for organisation, roles in user.organisations.items() if "admin" in roles]


def actors_audited(store: Store, user: Somebody) -> list[str] | None:
    """Accounts whose deeds somebody may audit; None: everyone's, for auditors of the first organisation."""
    first = first_organisation(store)
    if user.has("auditor", first) or user.has("admin", first):
        return None
    return [each.id for each in accounts(store, seen_by(user, frozenset({"auditor", "admin"})))]


def audited(store: Store, user: Somebody, *, before: int = 0, words: dict[str, str] | None = None, limit: int | None = None) -> list[Entry]:
    """The entries of the log that somebody may see, the newest first.

    before   a page before a number; 0: from the newest
    words    actor, subject: exactly; action: how it begins
    """
    return latest_entries(store, before=before, actors=actors_audited(store, user), words=words or {}, limit=limit)
