"""People: organisations, accounts, what role an account has in an organisation, and keys for programs. Secrets are kept as hashes only."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, select

from guiju.base.diagnostics import Diagnostic, Refused
from guiju.standard.shape import did_you_mean
from guiju.store.audit import append
from guiju.store.canonical import digest, new_id
from guiju.store.database import Store
from guiju.store.tables import account, api_key, organisation, role_grant

ROLES = ("admin", "author", "verifier", "evaluator", "enterprise", "operator", "regulator", "auditor", "public")
KEY_START = "guiju_"
_N, _R, _P = 1 << 15, 8, 1
_MEMORY = 128 * _N * _R * 2
_USED_EVERY_SECONDS = 60
"""How exactly the last use of a key is kept: not every request is worth a write."""


@dataclass(frozen=True, slots=True)
class Account:
    """roles   (identifier of the organisation, role)"""

    id: str
    organisation: str
    name: str
    title: str
    disabled_at: datetime | None
    roles: frozenset[tuple[str, str]]

    def has(self, role: str, in_organisation: str) -> bool:
        return (in_organisation, role) in self.roles


def make_organisation(store: Store, name: str, actor: str, title: str = "") -> str:
    """
    raises   Refused: name-in-use
    """
    with store.writing(alone=True) as connection:
        _refuse_taken(connection, organisation, name)
        id_, now = new_id(), store.clock(connection)
        connection.execute(organisation.insert().values(id=id_, name=name, title=title or name, created_at=now))
        append(connection, now, actor, "organisation.made", id_, {"name": name})
    return id_


def organisation_named(store: Store, word: str) -> str:
    """The identifier of an organisation named by it or by its name.

    raises   Refused: unknown-organisation
    """
    with store.reading() as connection:
        known = {row.name: row.id for row in connection.execute(select(organisation.c.id, organisation.c.name))}
    if word in known.values():
        return word
    if word not in known:
        raise Refused([Diagnostic("unknown-organisation", None, {"name": word, **did_you_mean(word, known)})])
    return str(known[word])


def organisations(store: Store) -> list[tuple[str, str, str]]:
    """(identifier, name, title) of every organisation, the oldest first."""
    query = select(organisation.c.id, organisation.c.name, organisation.c.title).order_by(organisation.c.created_at, organisation.c.id)
    with store.reading() as connection:
        return [(row.id, row.name, row.title) for row in connection.execute(query)]


def make_account(store: Store, name: str, organisation_id: str, actor: str, *, title: str = "", password: str | None = None) -> str:
    """
    password   None: one who signs in elsewhere, or not yet
    raises     Refused: name-in-use
    """
    with store.writing(alone=True) as connection:
        _refuse_taken(connection, account, name)
        id_, now = new_id(), store.clock(connection)
        hashed = None if password is None else password_hash(password)
        row = {"id": id_, "organisation": organisation_id, "name": name, "title": title or name, "password": hashed, "created_at": now}
        connection.execute(account.insert().values(**row))
        append(connection, now, actor, "account.made", id_, {"name": name, "organisation": organisation_id})
    return id_


def account_of(store: Store, word: str) -> Account:
    """The account of an identifier or a name.

    raises   Refused: unknown-account
    """
    with store.reading() as connection:
        row = connection.execute(select(account).where((account.c.id == word) | (account.c.name == word))).first()
        if row is None:
            raise Refused([Diagnostic("unknown-account", None, {"name": word})])
        return _account(connection, row)


def account_in(connection: Connection, id_: str) -> Account | None:
    """The account of an identifier, in the transaction of the connection."""
    row = connection.execute(select(account).where(account.c.id == id_)).first()
    return None if row is None else _account(connection, row)


def _account(connection: Connection, row: Any) -> Account:
    grants = connection.execute(select(role_grant.c.organisation, role_grant.c.role).where(role_grant.c.account == row.id))
    return Account(row.id, row.organisation, row.name, row.title, row.disabled_at, frozenset((each.organisation, each.role) for each in grants))


def disable(store: Store, account_id: str, actor: str) -> None:
    """From now on it can neither sign in nor use a key; what it did stays."""
    with store.writing() as connection:
        now = store.clock(connection)
        connection.execute(account.update().where(account.c.id == account_id, account.c.disabled_at.is_(None)).values(disabled_at=now))
        append(connection, now, actor, "account.disabled", account_id)


def grant(store: Store, account_id: str, organisation_id: str, role: str, actor: str) -> None:
    """
    raises   Refused: unknown-role
    """
    if role not in ROLES:
        raise Refused([Diagnostic("unknown-role", None, {"name": role, "known": ", ".join(ROLES), **did_you_mean(role, ROLES)})])
    row = {"account": account_id, "organisation": organisation_id, "role": role}
    with store.writing(alone=True) as connection:
        if connection.execute(select(role_grant).filter_by(**row)).first() is None:
            now = store.clock(connection)
            connection.execute(role_grant.insert().values(**row, granted_at=now, granted_by=actor))
            append(connection, now, actor, "role.granted", account_id, {"organisation": organisation_id, "role": role})


def revoke(store: Store, account_id: str, organisation_id: str, role: str, actor: str) -> None:
    with store.writing() as connection:
        row = {"account": account_id, "organisation": organisation_id, "role": role}
        if connection.execute(role_grant.delete().filter_by(**row)).rowcount:
            append(connection, store.clock(connection), actor, "role.revoked", account_id, {"organisation": organisation_id, "role": role})


# secrets


def password_hash(password: str) -> str:
    """scrypt with a salt of its own, and its costs, so that they may rise later."""
    salt = secrets.token_bytes(16)
    return f"scrypt${_N}${_R}${_P}${salt.hex()}${_scrypt(password, salt, _N, _R, _P).hex()}"


def _scrypt(password: str, salt: bytes, n: int, r: int, p: int) -> bytes:
    return hashlib.scrypt(password.encode("utf-8", "surrogatepass"), salt=salt, n=n, r=r, p=p, maxmem=max(_MEMORY, 256 * n * r), dklen=32)


def signed_in(store: Store, name: str, password: str) -> Account | None:
    """The account, where the password is its own; as slow where there is none, so that names cannot be told by the time it takes."""
    with store.reading() as connection:
        row = connection.execute(select(account).where(account.c.name == name)).first()
        found = _account(connection, row) if row else None
    held = row.password if row and row.password else f"scrypt${_N}${_R}${_P}${'00' * 16}${'00' * 32}"
    _, n, r, p, salt, wanted = held.split("$")
    is_same = hmac.compare_digest(_scrypt(password, bytes.fromhex(salt), int(n), int(r), int(p)), bytes.fromhex(wanted))
    return found if is_same and row is not None and row.password and found is not None and found.disabled_at is None else None


def set_password(store: Store, account_id: str, password: str, actor: str) -> None:
    with store.writing() as connection:
        connection.execute(account.update().where(account.c.id == account_id).values(password=password_hash(password)))
        append(connection, store.clock(connection), actor, "account.password", account_id)


def make_key(store: Store, account_id: str, title: str, actor: str, expires_at: datetime | None = None) -> tuple[str, str]:
    """(identifier, the key itself). The key is shown this once: only its hash is kept, which is enough for a text nobody can guess."""
    key, id_ = KEY_START + secrets.token_urlsafe(32), new_id()
    with store.writing() as connection:
        now = store.clock(connection)
        connection.execute(api_key.insert().values(id=id_, account=account_id, title=title, prefix=key[:12], sha256=digest(key), created_at=now,
                                                   expires_at=expires_at))  # fmt: skip
        append(connection, now, actor, "key.made", account_id, {"key": id_, "title": title})
    return id_, key


def key_owner(store: Store, key: str) -> Account | None:
    """Whose key it is; None where it is nobody's, revoked, out of date, or of a disabled account."""
    with store.reading() as connection:
        row = connection.execute(select(api_key).where(api_key.c.sha256 == digest(key.encode("utf-8", "surrogatepass")))).first()
        now = store.clock(connection)
        if row is None or row.revoked_at is not None or (row.expires_at is not None and row.expires_at <= now):
            return None
        found = _account(connection, connection.execute(select(account).where(account.c.id == row.account)).one())
    if found.disabled_at is not None:
        return None
    if row.used_at is None or (now - row.used_at).total_seconds() > _USED_EVERY_SECONDS:
        with store.writing() as connection:
            connection.execute(api_key.update().where(api_key.c.id == row.id).values(used_at=now))
    return found


def revoke_key(store: Store, key_id: str, actor: str) -> None:
    with store.writing() as connection:
        now = store.clock(connection)
        done = connection.execute(api_key.update().where(api_key.c.id == key_id, api_key.c.revoked_at.is_(None)).values(revoked_at=now))
        if done.rowcount:
            append(connection, now, actor, "key.revoked", key_id)


def accounts(store: Store, organisations: Sequence[str] | None = None) -> list[Account]:
    """Every account, or those of some organisations, by name."""
    query = select(account).order_by(account.c.name)
    with store.reading() as connection:
        rows = connection.execute(query if organisations is None else query.where(account.c.organisation.in_(organisations))).all()
        return [_account(connection, row) for row in rows]


def account_names(store: Store, ids: Sequence[str]) -> dict[str, str]:
    """Identifier → name of those accounts there are; others that act, such as `guiju serve`, have no account."""
    with store.reading() as connection:
        return {row.id: row.name for row in connection.execute(select(account.c.id, account.c.name).where(account.c.id.in_(set(ids))))}


def _refuse_taken(connection: Connection, table: Table, name: str) -> None:
    if connection.execute(select(table.c.id).where(table.c.name == name)).first() is not None:
        raise Refused([Diagnostic("name-in-use", None, {"name": name})])
