"""Signing in and being let in: sessions, one-time links, identities of other providers, guests of sets of records, answers asked for twice.

Every secret is kept as its sha256; whoever reads the database cannot use one.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, select

from guiju.base.diagnostics import Diagnostic, Refused
from guiju.store.audit import append
from guiju.store.canonical import digest, new_id
from guiju.store.database import Store
from guiju.store.people import Account, account_in, password_hash
from guiju.store.tables import account, answer, api_key, identity, invitation, organisation, role_grant, session, set_guest

IDLE, LONGEST = timedelta(hours=8), timedelta(days=7)
"""A session ends when nothing was asked for so long, and in any case after so long."""
ROTATED_EVERY, GRACE = timedelta(minutes=15), timedelta(seconds=60)
"""The text of a session is changed this often; the one before is still taken for a moment, as a browser asks several things at once."""
SEEN_EVERY = timedelta(minutes=1)
INVITED_FOR = timedelta(days=3)
ANSWERS_KEPT = timedelta(days=2)


# sessions


@dataclass(frozen=True, slots=True)
class Session:
    """token   a new text for the browser to keep, where it was changed just now"""

    id: str
    account: Account
    token: str | None


def begin_session(store: Store, account_id: str) -> str:
    """The text of a new session, for the browser to keep."""
    token = secrets.token_urlsafe(32)
    with store.writing() as connection:
        now = store.clock(connection)
        connection.execute(session.delete().where(session.c.expires_at <= now))
        connection.execute(session.insert().values(id=new_id(), account=account_id, sha256=digest(token), created_at=now, rotated_at=now, seen_at=now,
                                                   expires_at=now + IDLE))  # fmt: skip
        append(connection, now, account_id, "session.begun", account_id)
    return token


def session_of(store: Store, token: str) -> Session | None:
    """Whose session a text is; None where it is none, or has ended, or the account was disabled."""
    hash_ = digest(token.encode("utf-8", "surrogatepass"))
    with store.reading() as connection:
        row = connection.execute(select(session).where((session.c.sha256 == hash_) | (session.c.previous == hash_))).first()
        now = store.clock(connection)
        if row is None or row.expires_at <= now or (row.sha256 != hash_ and row.rotated_at + GRACE <= now):
            return None
        held = account_in(connection, row.account)
    if held is None or held.disabled_at is not None:
        return None
    fresh = None
    if row.sha256 == hash_ and (row.rotated_at + ROTATED_EVERY <= now or row.seen_at + SEEN_EVERY <= now):
        until = min(now + IDLE, row.created_at + LONGEST)
        changed: dict[str, object] = {"seen_at": now, "expires_at": until}
        if row.rotated_at + ROTATED_EVERY <= now:
            fresh = secrets.token_urlsafe(32)
            changed |= {"sha256": digest(fresh), "previous": hash_, "rotated_at": now}
        with store.writing() as connection:
            done = connection.execute(session.update().where(session.c.id == row.id, session.c.sha256 == hash_).values(**changed))
            fresh = fresh if done.rowcount else None
    return Session(row.id, held, fresh)


def end_session(store: Store, token: str) -> None:
    hash_ = digest(token.encode("utf-8", "surrogatepass"))
    with store.writing() as connection:
        row = connection.execute(select(session).where((session.c.sha256 == hash_) | (session.c.previous == hash_))).first()
        if row is not None:
            connection.execute(session.delete().where(session.c.id == row.id))
            append(connection, store.clock(connection), row.account, "session.ended", row.account)


def end_sessions(connection: Connection, account_id: str) -> None:
    """All of an account, in the transaction of what makes them void."""
    connection.execute(session.delete().where(session.c.account == account_id))


def end_account_sessions(store: Store, account_id: str) -> None:
    with store.writing() as connection:
        end_sessions(connection, account_id)


# one-time links


def invite(store: Store, actor: str, account_id: str | None = None, role: str | None = None) -> str:
    """The text of a link that can be used once, within three days: to choose a password for an account, or, without one, to make one.

    role   what the account that is made may do in the first organisation
    """
    token = secrets.token_urlsafe(32)
    with store.writing() as connection:
        now = store.clock(connection)
        if account_id is None:  # an earlier link to make the first administrator is void once a new one is printed
            connection.execute(invitation.delete().where(invitation.c.account.is_(None), invitation.c.used_at.is_(None)))
        row = {"sha256": digest(token), "account": account_id, "role": role, "created_at": now, "created_by": actor, "expires_at": now + INVITED_FOR}
        connection.execute(invitation.insert().values(**row))
        append(connection, now, actor, "invitation.made", account_id or "", {"role": role})
    return token


def invited(store: Store, token: str) -> tuple[bool, str | None]:
    """Whether a link can still be used, and the name of the account it is for; None: one is to be made."""
    with store.reading() as connection:
        row = _open_invitation(connection, token, store.clock(connection))
        name = None if row is None or row.account is None else connection.execute(select(account.c.name).where(account.c.id == row.account)).scalar()
        return row is not None, name


@dataclass(frozen=True, slots=True)
class Invitation:
    """A one-time link that can still be used; account: the name of whom it is for, None: one who is yet to be made."""

    account: str | None
    organisation: str | None
    role: str | None
    created_at: datetime
    created_by: str
    expires_at: datetime


def open_invitations(store: Store) -> list[Invitation]:
    """The newest first."""
    query = select(invitation, account.c.name, account.c.organisation).outerjoin(account, account.c.id == invitation.c.account)
    with store.reading() as connection:
        is_open = (invitation.c.used_at.is_(None), invitation.c.expires_at > store.clock(connection))
        rows = connection.execute(query.where(*is_open).order_by(invitation.c.created_at.desc())).all()
    return [Invitation(row.name, row.organisation, row.role, row.created_at, row.created_by, row.expires_at) for row in rows]


def accept(store: Store, token: str, name: str, password: str) -> str:
    """Uses a link up: the account, its password set.

    name     of the account that is made, where the link makes one
    raises   Refused: invitation-void, password-short, name-in-use
    """
    if len(password) < PASSWORD_LEAST:
        raise Refused([Diagnostic("password-short", None, {"least": str(PASSWORD_LEAST)})])
    hashed = password_hash(password)
    with store.writing(alone=True) as connection:
        now = store.clock(connection)
        row = _open_invitation(connection, token, now)
        if row is None:
            raise Refused([Diagnostic("invitation-void", None)])
        connection.execute(invitation.update().where(invitation.c.sha256 == row.sha256).values(used_at=now))
        if row.account is not None:
            connection.execute(account.update().where(account.c.id == row.account).values(password=hashed))
            end_sessions(connection, row.account)
            append(connection, now, row.account, "account.password", row.account)
            return str(row.account)
        if connection.execute(select(account.c.id).where(account.c.name == name)).first() is not None:
            raise Refused([Diagnostic("name-in-use", None, {"name": name})])
        first, id_ = _first(connection), new_id()
        made = {"id": id_, "organisation": first, "name": name, "title": name, "password": hashed, "created_at": now}
        connection.execute(account.insert().values(**made))
        connection.execute(role_grant.insert().values(account=id_, organisation=first, role=row.role, granted_at=now, granted_by=row.created_by))
        append(connection, now, row.created_by, "account.made", id_, {"name": name, "role": row.role})
        return id_


PASSWORD_LEAST = 10


def _open_invitation(connection: Connection, token: str, now: datetime) -> Any:
    hash_ = digest(token.encode("utf-8", "surrogatepass"))
    wanted = (invitation.c.sha256 == hash_, invitation.c.used_at.is_(None), invitation.c.expires_at > now)
    return connection.execute(select(invitation).where(*wanted)).first()


def needs_administrator(store: Store) -> bool:
    """Whether nobody can administer the store yet."""
    can_sign_in = account.c.password.is_not(None) | select(identity.c.account).where(identity.c.account == account.c.id).exists()
    query = select(func.count()).select_from(role_grant.join(account, role_grant.c.account == account.c.id))
    with store.reading() as connection:
        return not connection.execute(query.where(role_grant.c.role == "admin", account.c.disabled_at.is_(None), can_sign_in)).scalar_one()


def first_organisation(store: Store) -> str:
    """The organisation that runs the workbench: the oldest."""
    with store.reading() as connection:
        return _first(connection)


def _first(connection: Connection) -> str:
    return str(connection.execute(select(organisation.c.id).order_by(organisation.c.created_at, organisation.c.id).limit(1)).scalar_one())


# other providers


def account_known_elsewhere(store: Store, issuer: str, subject: str, name: str, title: str) -> Account:
    """The account of somebody an identity provider vouches for; made, without any role, the first time.

    raises   Refused: account-disabled
    """
    with store.writing(alone=True) as connection:
        id_ = connection.execute(select(identity.c.account).where(identity.c.issuer == issuer, identity.c.subject == subject)).scalar()
        if id_ is None:
            first, id_, now = _first(connection), new_id(), store.clock(connection)
            taken = connection.execute(select(account.c.id).where(account.c.name == name)).first() is not None
            called = f"{name}-{id_[-8:]}" if taken or not name else name
            connection.execute(account.insert().values(id=id_, organisation=first, name=called, title=title or called, created_at=now))
            connection.execute(identity.insert().values(issuer=issuer, subject=subject, account=id_, created_at=now))
            append(connection, now, id_, "account.made", id_, {"name": called, "issuer": issuer})
        found = account_in(connection, str(id_))
    assert found is not None, "it is there, or was made just now"
    if found.disabled_at is not None:
        raise Refused([Diagnostic("account-disabled", None)])
    return found


# keys


@dataclass(frozen=True, slots=True)
class Key:
    id: str
    account: str
    title: str
    prefix: str
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    used_at: datetime | None


def keys_of(store: Store, account_id: str) -> list[Key]:
    """The keys of an account, the newest first; of each only how it begins is known."""
    columns = (api_key.c[name] for name in Key.__slots__)
    query = select(*columns).where(api_key.c.account == account_id).order_by(api_key.c.id.desc())
    with store.reading() as connection:
        return [Key(**row._mapping) for row in connection.execute(query)]


# guests


def invite_guest(store: Store, record_set: str, account_id: str, actor: str) -> None:
    """Lets an account of another organisation see a set of records and judge it."""
    with store.writing(alone=True) as connection:
        if connection.execute(select(set_guest).filter_by(record_set=record_set, account=account_id)).first() is None:
            now = store.clock(connection)
            connection.execute(set_guest.insert().values(record_set=record_set, account=account_id, invited_at=now, invited_by=actor))
            append(connection, now, actor, "guest.invited", record_set, {"account": account_id})


def remove_guest(store: Store, record_set: str, account_id: str, actor: str) -> None:
    with store.writing() as connection:
        if connection.execute(set_guest.delete().where(set_guest.c.record_set == record_set, set_guest.c.account == account_id)).rowcount:
            append(connection, store.clock(connection), actor, "guest.removed", record_set, {"account": account_id})


def guests(store: Store, record_set: str) -> list[str]:
    with store.reading() as connection:
        return list(connection.execute(select(set_guest.c.account).where(set_guest.c.record_set == record_set)).scalars())


def sets_as_guest(store: Store, account_id: str) -> list[str]:
    """Sets of records an account was invited to."""
    with store.reading() as connection:
        return list(connection.execute(select(set_guest.c.record_set).where(set_guest.c.account == account_id)).scalars())


# answers asked for twice


def begin_answer(store: Store, account_id: str, key: str, request_hash: str) -> tuple[int, str] | None:
    """(status, body) of the answer a key was given before; None where this is the first time, which is then begun.

    raises   Refused: key-for-other-request, key-in-progress; key-used-up, where the answer was not kept
    """
    with store.writing(alone=True) as connection:
        now = store.clock(connection)
        connection.execute(answer.delete().where(answer.c.created_at <= now - ANSWERS_KEPT))
        row = connection.execute(select(answer).filter_by(account=account_id, key=key)).first()
        if row is None:
            connection.execute(answer.insert().values(account=account_id, key=key, request_hash=request_hash, created_at=now))
            return None
    if row.request_hash != request_hash:
        raise Refused([Diagnostic("key-for-other-request", None, {"key": key})])
    if row.status is None:
        raise Refused([Diagnostic("key-in-progress", None, {"key": key})])
    if row.body is None:
        raise Refused([Diagnostic("key-used-up", None, {"key": key})])
    return row.status, row.body


def end_answer(store: Store, account_id: str, key: str, status: int | None, body: str | None) -> None:
    """Keeps the answer; with None the key is free again, as nothing was done."""
    with store.writing() as connection:
        wanted = (answer.c.account == account_id, answer.c.key == key)
        if status is None:
            connection.execute(answer.delete().where(*wanted))
        else:
            connection.execute(answer.update().where(*wanted).values(status=status, body=body))
