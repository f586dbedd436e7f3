"""The stores of the tests of the process: the same as those of the store's own tests."""

from store.conftest import places, postgresql, store

__all__ = ["places", "postgresql", "store"]
