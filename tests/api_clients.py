"""Workbenches for tests: the whole application, in this process, asked as programs and browsers ask it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from fastapi.testclient import TestClient

from guiju.align import api as align_api
from guiju.align import pages as align_pages
from guiju.api.app import create_app
from guiju.api.settings import Settings
from guiju.app import kinds
from guiju.frontrunner import api as frontrunner_api
from guiju.frontrunner import pages as frontrunner_pages
from guiju.standard.shelf import Shelf
from guiju.store.access import first_organisation
from guiju.store.database import Store
from guiju.store.editions import make_shelf, publish
from guiju.store.people import ROLES, grant, make_account, make_key, make_organisation
from guiju.verify import api as verify_api
from guiju.verify import pages as verify_pages
from guiju.verify import process_api
from guiju.web import pages
from guiju.web.wrong import error_page

LOCAL = "http://127.0.0.1:8000"
BROWSER = {"sec-fetch-site": "same-origin"}
PASSWORD = "correct horse battery"


def client(settings: Settings | None = None, base: str = LOCAL, whole: bool = False) -> TestClient:
    """whole: with the pages and every kind of work, as `guiju serve` has them."""
    of_pages = [pages.router(), align_pages.router(), verify_pages.router(), frontrunner_pages.router()] if whole else []
    routers = [align_api.router(), verify_api.router(), process_api.router(), frontrunner_api.router(), *of_pages]
    app = create_app(settings or Settings(), routers, error_page if whole else None, kinds())
    return TestClient(app, base_url=base, raise_server_exceptions=False)


@dataclass(frozen=True)
class Bench:
    """A workbench where people sign in: two organisations, in each an account for every role, named `role-at-organisation`, with a key."""

    client: TestClient
    store: Store
    organisations: dict[str, str]
    accounts: dict[str, str]
    keys: dict[str, str]

    def by(self, name: str) -> dict[str, str]:
        return {"authorization": f"Bearer {self.keys[name]}"}


@contextmanager
def bench(folder: Path, whole: bool = False, **settings: object) -> Iterator[Bench]:
    """With GB 36980.1-2025 published in its store."""
    with client(Settings(data=folder, login=True, jobs=False, **settings), whole=whole) as made:  # type: ignore[arg-type]
        store: Store = made.app.state.store  # type: ignore[attr-defined]
        shelf = Shelf()
        path = shelf.locate("GB 36980.1-2025")
        assert path is not None
        publish(store, shelf, path, make_shelf(store, "shipped", "test"), "test")
        organisations = {"first": first_organisation(store), "other": make_organisation(store, "other", "test")}
        accounts, keys = {}, {}
        for organisation, id_ in organisations.items():
            for role in ROLES:
                name = f"{role}-at-{organisation}"
                accounts[name] = make_account(store, name, id_, "test")
                grant(store, accounts[name], id_, role, "test")
                keys[name] = make_key(store, accounts[name], "test", "test")[1]
        yield Bench(made, store, organisations, accounts, keys)
        store.close()
