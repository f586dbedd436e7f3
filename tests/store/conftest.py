"""Stores for tests, each test on SQLite and on a real PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy

from guiju.store.database import Store
from guiju.store.migrate import make_store
from store.postgres import cluster
from store.stores import ENGINES, Filled, Places, fill, numbers


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Callable[[], str]]:
    """Makes an empty database in a cluster of this session; gives its URL."""
    with cluster() as url:
        server = sqlalchemy.create_engine(url.format(name="postgres").replace("postgresql:", "postgresql+psycopg:"), isolation_level="AUTOCOMMIT")

        def new() -> str:
            name = f"store{next(numbers)}"
            with server.connect() as connection:
                connection.exec_driver_sql(f"CREATE DATABASE {name}")
            return url.format(name=name)

        yield new
        server.dispose()


@pytest.fixture(params=ENGINES)
def places(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Places]:
    database = request.getfixturevalue("postgresql") if request.param == "postgresql" else str
    found = Places(request.param, tmp_path, database)
    yield found
    found.close()


@pytest.fixture
def store(places: Places) -> Store:
    """A store that is made, and empty."""
    made = places.new()
    make_store(made, "test")
    return made


@pytest.fixture
def filled(store: Store) -> Filled:
    return fill(store)

