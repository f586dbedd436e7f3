"""A certificate of the process: verified where it was issued, suspended there, and printed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization as pem
from fastapi.testclient import TestClient

from api_clients import BROWSER, client
from certifying import Clock, People, issued, people
from frontrunner_certificates import issuer_of, signer
from guiju.api.settings import Settings
from guiju.frontrunner.credential.certificate import certificate_bytes
from guiju.frontrunner.credential.issuers_file import Configured, Holder, write_issuers
from guiju.frontrunner.process import certifying
from guiju.frontrunner.process.public import certificate_of
from guiju.store.database import store_at
from guiju.store.migrate import make_store


@pytest.fixture
def at_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[People, str, TestClient]]:
    """People, a certificate they issued, and the workbench that signs status lists for it."""
    key = signer(1).key.private_bytes(pem.Encoding.PEM, pem.PrivateFormat.PKCS8, pem.NoEncryption())
    (tmp_path / "key.pem").write_bytes(key)
    issuer = issuer_of(1)
    write_issuers((Configured(issuer, {issuer.keys[0].id: Holder(tmp_path / "key.pem")}),), tmp_path / "issuers.yaml", overwrite=False)
    monkeypatch.setenv("GUIJU_ISSUERS", str(tmp_path / "issuers.yaml"))
    clock = Clock(datetime.now(UTC) - timedelta(days=60))
    store = replace(store_at(str(tmp_path / "store")), clock=clock)
    make_store(store, "test")
    of = people(store)
    first, last = ((clock.now + timedelta(days=days)).date().isoformat() for days in (0, 720))
    id_ = issued(of, first, last)
    with client(Settings(data=tmp_path / "store", login=True, jobs=False), whole=True) as site:
        yield of, id_, site
        site.app.state.store.close()  # type: ignore[attr-defined]
    store.close()


def asked(site: TestClient, credential: bytes) -> dict[str, Any]:
    answer = site.post("/api/v1/frontrunners/verify", json={"credential": credential.decode()}, headers=BROWSER)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_a_certificate_of_the_process_is_good_until_it_is_suspended(at_work: tuple[People, str, TestClient]):
    of, id_, site = at_work
    made = certificate_bytes(certificate_of(of.store, id_).credential)
    assert asked(site, made)["verified"]
    certifying.act(of.store, of.by("reviewer"), id_, "suspend", {"reason": "示意"})
    assert [each["code"] for each in asked(site, made)["reasons"]] == ["credential-suspended"]


def test_it_is_printed_with_the_titles_of_its_standard(at_work: tuple[People, str, TestClient]):
    _, id_, site = at_work
    page = site.get(f"/frontrunners/certificates/{id_}/printed.html?lang=en")
    assert page.status_code == 200 and "illustrative" in page.text and "Example evaluator" in page.text
    paper = site.get(f"/frontrunners/certificates/{id_}/printed.pdf")
    assert paper.content.startswith(b"%PDF") and paper.content == site.get(f"/frontrunners/certificates/{id_}/printed.pdf").content
    assert site.get(f"/frontrunners/certificates/{id_}/printed.docx").status_code == 404
    assert site.get("/frontrunners/certificates/nothing/printed.pdf").status_code == 404
