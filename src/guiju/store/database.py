"""The database: SQLite by default, PostgreSQL by URL, on one code path; and the store, which is a database and a folder of files beside it."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, Table, create_engine, event, func, make_url, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.exc import ArgumentError, DatabaseError, InterfaceError, OperationalError

from guiju.base.diagnostics import Diagnostic, Refused

SQLITE_NAME, FILES_NAME = "guiju.sqlite", "files"
BUSY_SECONDS = 30
"""How long a writer of SQLite waits for the one before it."""

Clock = Callable[[Connection], datetime]


def database_clock(connection: Connection) -> datetime:
    """The moment by the database's clock, which several machines share; SQLite has one machine, and takes its clock."""
    if connection.dialect.name == "postgresql":
        now: datetime = connection.execute(select(func.clock_timestamp())).scalar_one()
        return now.astimezone(UTC)
    return datetime.now(UTC)


_TURNS = {"migrate": 0x6D696772, "write": 0x77726974, "audit": 0x61756469}
"""Advisory locks of PostgreSQL, in the order they are taken in."""


def take_turn(connection: Connection, name: str) -> None:
    """Waits until no other transaction has this turn, and has it to the end of this one; SQLite has one writer at a time anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_TURNS[name])))


def add_once(connection: Connection, table: Table, row: Mapping[str, Any]) -> None:
    """Adds a row that anyone would add with the same content, unless it is there, or is being added by another at this moment."""
    (key,) = table.primary_key.columns
    if connection.dialect.name == "postgresql":
        connection.execute(postgresql_insert(table).values(**row).on_conflict_do_nothing())
    elif connection.execute(select(key).where(key == row[key.name])).first() is None:
        connection.execute(table.insert().values(**row))


@dataclass(frozen=True)
class Store:
    """A database and a folder of files. `reading` and `writing` give a connection in a transaction of its own."""

    engine: Engine
    folder: Path
    clock: Clock = field(default=database_clock)

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    @property
    def place(self) -> str:
        """Where the database is, without its password."""
        url = self.engine.url
        return str(url.database) if self.is_sqlite else url.render_as_string(hide_password=True)

    def close(self) -> None:
        """Lets go of the connections; one is made anew where it is needed again."""
        self.engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that sees one state of the whole database, whatever others write meanwhile.

        raises   Refused: store-unreachable, store-damaged
        """
        options = {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        with self._said(), self.engine.connect().execution_options(**options) as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self, alone: bool = False) -> Iterator[Connection]:
        """A transaction that is committed at the end, whole, or not at all.

        alone    no other such transaction runs beside it: for who looks first and then writes what was not there. SQLite has one writer anyway
        raises   Refused: store-unreachable, store-busy, store-damaged
        """
        with self._said(), self.engine.connect().execution_options(guiju_writes=True) as connection, connection.begin():
            if alone:
                take_turn(connection, "write")
            yield connection

    @contextmanager
    def _said(self) -> Iterator[None]:
        """What the database cannot do, as a Diagnostic."""
        try:
            yield
        except (OperationalError, InterfaceError) as error:
            reason = str(error.orig).strip().splitlines()[0] if str(error.orig).strip() else type(error.orig).__name__
            code = "store-busy" if "database is locked" in reason else "store-damaged" if "malformed" in reason else "store-unreachable"
            raise Refused([Diagnostic(code, None, {"place": self.place, "reason": reason})]) from error
        except DatabaseError as error:
            if "file is not a database" not in str(error.orig) and "malformed" not in str(error.orig):
                raise
            raise Refused([Diagnostic("store-damaged", None, {"place": self.place, "reason": str(error.orig)})]) from error


def store_at(place: str, files: Path | None = None) -> Store:
    """The store at a place, which need not hold one yet; see `guiju.store.migrate` for making one.

    place    a folder, for SQLite and files within it; or postgresql://user@host/name
    files    the folder of files, which a place on PostgreSQL cannot do without
    raises   Refused: store-place, store-files, store-driver
    """
    if "://" not in place:
        folder = Path(place)
        return Store(_engine(URL.create("sqlite", database=str(folder / SQLITE_NAME))), files or folder / FILES_NAME)
    try:
        url = make_url(place)
    except ArgumentError:
        url = URL.create("unknown")
    if url.get_backend_name() not in ("postgresql", "postgres"):
        raise Refused([Diagnostic("store-place", None, {"place": place.rsplit("@", maxsplit=1)[-1]})])
    if files is None:
        raise Refused([Diagnostic("store-files", None, {"place": url.render_as_string(hide_password=True)})])
    if importlib.util.find_spec("psycopg") is None:
        raise Refused([Diagnostic("store-driver", None, {})])
    return Store(_engine(url.set(drivername="postgresql+psycopg")), files)


def _engine(url: URL) -> Engine:
    if url.get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True, connect_args={"connect_timeout": 10})
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False})
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: Any, _: object) -> None:
    """Readers beside one writer (WAL), nothing committed lost even when the power fails (FULL), and no driver that begins by itself."""
    connection.isolation_level = None
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "recursive_triggers = ON", "trusted_schema = OFF"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    """A writer takes its turn at once: one that first reads and then writes could be told only then that another was before it."""
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("guiju_writes") else "BEGIN")
