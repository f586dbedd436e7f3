"""Fixtures for every test: where the repository is, the real data that lies beside it, a real PostgreSQL, a real browser."""

from __future__ import annotations

import itertools
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from guiju.cli.console import choose_language

if TYPE_CHECKING:
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import Browser

REPO_ROOT = Path(__file__).resolve().parents[1]

# A gate says the same thing twice; `--hypothesis-profile explore` looks for cases nobody has seen.
settings.register_profile("gate", deadline=None, derandomize=True)
settings.register_profile("explore", deadline=None, max_examples=2_000)
settings.load_profile("gate")


@pytest.fixture(scope="session")
def repo_root() -> Path:
    """The folder that holds pyproject.toml."""
    return REPO_ROOT


@pytest.fixture(scope="session")
def shared(repo_root: Path) -> Path:
    """The folder `shared` beside the repository: facts of real standards and sets of real products."""
    folder = repo_root.parent / "shared"
    if not (folder / "data").is_dir():
        pytest.skip("needs the folder ../shared (facts/ and data/) beside the repository")
    return folder


@pytest.fixture(autouse=True)
def no_language_chosen() -> Iterator[None]:
    """What a test chooses with `--lang` is forgotten after it."""
    yield
    choose_language(None)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Callable[[], str]]:
    """Makes an empty database in a cluster of this session; gives its URL."""
    import sqlalchemy

    from store.postgres import cluster

    numbers = itertools.count()
    with cluster() as url:
        server = sqlalchemy.create_engine(url.format(name="postgres").replace("postgresql:", "postgresql+psycopg:"), isolation_level="AUTOCOMMIT")

        def new() -> str:
            name = f"store{next(numbers)}"
            with server.connect() as connection:
                connection.exec_driver_sql(f"CREATE DATABASE {name}")
            return url.format(name=name)

        yield new
        server.dispose()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests of pages: playwright can run only once in a process."""
    from playwright.sync_api import sync_playwright

    chromium = next((found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None)
    if chromium is None:
        pytest.skip("needs Chromium (the program `chromium`)")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"] if os.name == "posix" and os.geteuid() == 0 else [])
        yield started
        started.close()


@pytest.fixture(scope="session")
def axe() -> Axe:
    from axe_playwright_python.sync_playwright import Axe

    return Axe()


@pytest.fixture
def gbk(tmp_path: Path) -> Path:
    """Ten thousand made-up cars in a CSV file as Chinese Excel writes it: every tenth exactly at the limit of 10.1, every tenth above it."""
    file = tmp_path / "示意车型.csv"
    rows = ["车辆型号,整备质量(kg),最大设计总质量(kg),CLTC电能消耗量(kWh/100km),车辆类别,动力类型"]
    for n in range(10_000):
        consumption = "" if n % 10 == 9 else "10.11" if n % 10 == 1 else "10.1"
        rows.append(f"示意{n:05d},1000,1400,{consumption},M1,纯电动")
    file.write_bytes("\r\n".join(rows).encode("gb18030"))
    return file
