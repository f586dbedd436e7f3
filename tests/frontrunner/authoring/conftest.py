"""The stores of the tests of consultations: the same as those of the store's own tests."""

from __future__ import annotations

from store.conftest import places, store

__all__ = ["places", "store"]
