"""What tests of align share: the shelf, the regions, and no language left behind."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from guiju.cli.console import choose_language
from guiju.standard.regions import Regions, load_regions
from guiju.standard.shelf import Shelf


@pytest.fixture(autouse=True)
def _language() -> Iterator[None]:
    yield
    choose_language(None)


@pytest.fixture(scope="session")
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture(scope="session")
def regions() -> Regions:
    return load_regions()
