"""Migrations: making a store, and carrying one that was made by an earlier Guiju forward."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from guiju.base.diagnostics import Diagnostic, Refused
from guiju.store.audit import append
from guiju.store.canonical import new_id
from guiju.store.database import Store, take_turn
from guiju.store.tables import organisation

FIRST_ORGANISATION = "local"


def newest() -> str:
    """The revision of this Guiju."""
    found = _scripts().get_current_head()
    assert found is not None, "there is at least one migration"
    return found


def revision_of(connection: Connection) -> str | None:
    """The revision a database is at; None where it is no store yet."""
    return MigrationContext.configure(connection).get_current_revision()


def make_store(store: Store, actor: str) -> tuple[str | None, str]:
    """Makes the tables, or brings those of an earlier Guiju forward, in one transaction; gives the revision before and after.

    raises   Refused: store-newer, store-unwritable, and what the database says
    """
    make_place(store)
    with store.writing() as connection:
        before = carry_forward(connection)
        if before is None:
            now = store.clock(connection)
            connection.execute(organisation.insert().values(id=new_id(), name=FIRST_ORGANISATION, title=FIRST_ORGANISATION, created_at=now))
        if before != newest():
            append(connection, store.clock(connection), actor, "store.made" if before is None else "store.migrated", newest(), {"from": before})
    return before, newest()


def make_place(store: Store) -> None:
    """Makes the folders a store lies in.

    raises   Refused: store-unwritable
    """
    try:
        store.folder.mkdir(parents=True, exist_ok=True)
        if store.is_sqlite:
            Path(str(store.engine.url.database)).parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Refused([Diagnostic("store-unwritable", None, {"place": str(error.filename), "reason": error.strerror or str(error)})]) from None


def carry_forward(connection: Connection, to: str = "head") -> str | None:
    """Runs the migrations that a database lacks, within the transaction of the connection; gives the revision before.

    raises   Refused: store-newer
    """
    take_turn(connection, "migrate")
    before = revision_of(connection)
    refuse_newer(before)
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, to)
    return before


def require_current(store: Store) -> Store:
    """The store, once it is known to be made and up to date.

    raises   Refused: store-missing, store-outdated, store-newer
    """
    if store.is_sqlite and not Path(str(store.engine.url.database)).is_file():
        raise Refused([Diagnostic("store-missing", None, {"place": store.place})])
    with store.reading() as connection:
        found = revision_of(connection)
    if found is None:
        raise Refused([Diagnostic("store-missing", None, {"place": store.place})])
    refuse_newer(found)
    if found != newest():
        raise Refused([Diagnostic("store-outdated", None, {"place": store.place, "found": found, "known": newest()})])
    return store


def refuse_newer(revision: str | None) -> None:
    """
    raises   Refused: store-newer, where this Guiju does not know the revision
    """
    known = {script.revision for script in _scripts().walk_revisions()}
    if revision is not None and revision not in known:
        raise Refused([Diagnostic("store-newer", None, {"found": revision, "known": newest()})])


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())
