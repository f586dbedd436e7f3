"""Fixtures for every test: where the repository is, and the real data that lies beside it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from guiju.cli.console import choose_language

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
