"""Workbenches for tests: the whole application, in this process, asked as a program asks it."""

from __future__ import annotations

from fastapi.testclient import TestClient

from guiju.align import api as align_api
from guiju.api.app import create_app
from guiju.api.settings import Settings

LOCAL = "http://127.0.0.1:8000"


def client(settings: Settings | None = None, base: str = LOCAL) -> TestClient:
    return TestClient(create_app(settings or Settings(), [align_api.router()]), base_url=base, raise_server_exceptions=False)
