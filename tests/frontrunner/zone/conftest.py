"""A workbench whose store has a library and one certificate that rests on it; every enterprise and figure is made up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api_clients import LOCAL
from certifying import People, evaluated, people, signing
from guiju.api.app import create_app
from guiju.api.settings import Settings
from guiju.app import kinds
from guiju.frontrunner import api as frontrunner_api
from guiju.frontrunner import pages as frontrunner_pages
from guiju.frontrunner.process import certifying, issuing
from guiju.store.database import Store
from guiju.web import pages
from guiju.web.wrong import error_page


@dataclass(frozen=True)
class Place:
    """id   of the certificate, of Jia’s models J1 and J2"""

    client: TestClient
    store: Store
    people: People
    id: str

    def act(self, name: str, by: str, reason: str) -> None:
        certifying.act(self.store, self.people.by(by), self.id, name, {"reason": reason})


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    yield from placed(tmp_path)


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """One that no test changes."""
    yield from placed(tmp_path_factory.mktemp("zone"))


def placed(folder: Path) -> Iterator[Place]:
    routers = (pages.router(), frontrunner_pages.router(), frontrunner_api.router())
    app = create_app(Settings(data=folder, login=True, jobs=False), routers, error_page, kinds())
    with TestClient(app, base_url=LOCAL, raise_server_exceptions=False) as client:
        store: Store = app.state.store
        of = people(store)
        id_ = evaluated(of)
        today = date.today()
        certifying.grant(store, of.by("reviewer"), id_, reason="示意：符合", valid_from=str(today), valid_until=str(today + timedelta(days=365)))
        issuing.issue(store, of.by("operator"), id_, signing())
        yield Place(client, store, of, id_)
        store.close()
