"""Stores for the tests of boards, each test on SQLite and on a real PostgreSQL."""

from __future__ import annotations

from store.conftest import places, store

__all__ = ["places", "store"]
