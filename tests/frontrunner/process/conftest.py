"""The stores of the tests of the process: the same as those of the store's own tests, with a clock that is set by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from certifying import Clock
from guiju.store.database import Store
from store.conftest import places, store

__all__ = ["at", "clock", "places", "store"]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def at(store: Store, clock: Clock) -> Store:
    """A store whose moment is that of `clock`."""
    return replace(store, clock=clock)
