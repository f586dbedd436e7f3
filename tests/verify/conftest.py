"""The stores of the tests of the process: the same as those of the store's own tests."""

from store.conftest import places, store

__all__ = ["places", "store"]
