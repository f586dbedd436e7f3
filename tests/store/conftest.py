"""Stores for tests, each test on SQLite and on a real PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from guiju.store.database import Store
from guiju.store.migrate import make_store
from store.stores import ENGINES, Filled, Places, fill


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

