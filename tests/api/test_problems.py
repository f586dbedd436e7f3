"""What can go wrong over HTTP: each problem with its code, its status, both languages, and nothing of the inside."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import APIRouter
from fastapi.testclient import TestClient

from api_clients import BROWSER, LOCAL, PASSWORD, Bench, bench, client
from guiju.api import permissions, proving
from guiju.api.app import create_app
from guiju.api.permissions import EVERYONE, PERMISSIONS
from guiju.api.settings import Settings
from guiju.base.diagnostics import Refused
from guiju.store.access import account_known_elsewhere, begin_answer, end_answer, invite
from guiju.store.people import disable

NAME = "/api/v1/standards/GB-36980.1-2025"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with bench(tmp_path_factory.mktemp("store"), record_bytes_max=200, per_minute=1_000_000) as found:
        yield found


@pytest.mark.parametrize(("method", "path", "who", "body", "status", "code"), [
    ("GET", "/nowhere", "", None, 404, "no-such-page"),
    ("PUT", NAME, "", None, 405, "method-not-allowed"),
    ("GET", "/api/v1/jobs/%00", "", None, 422, "request-malformed"),
    ("GET", "/api/v1/editions?q=%00", "", None, 422, "request-malformed"),
    ("GET", "/api/v1/jobs", "", None, 401, "not-signed-in"),
    ("GET", "/api/v1/audit", "author-at-first", None, 403, "not-allowed"),
    ("POST", "/api/v1/jobs?organisation=none", "author-at-first", {"kind": "proof", "standards": ["GB 1"]}, 403, "not-allowed-there"),
    ("DELETE", "/api/v1/keys/none", "author-at-first", None, 404, "unknown-key-id"),
    ("POST", "/api/v1/session", "", {"name": "nobody", "password": "x"}, 401, "sign-in-failed"),
    ("POST", "/api/v1/invitations/accept", "", {"token": "none", "name": "a", "password": PASSWORD}, 422, "invitation-void"),
    ("POST", "/api/v1/invitations/accept", "", {"token": "none", "name": "a", "password": "short"}, 422, "password-short"),
    ("POST", f"{NAME}/evaluate", "", {"record": 1}, 422, "request-malformed"),
    ("POST", "/api/v1/accounts", "admin-at-first", {"name": "a", "roles": ["king"]}, 422, "unknown-role"),
    ("GET", "/api/v1/results/none", "author-at-first", None, 404, "unknown-result"),
])  # fmt: skip
def test_a_problem_has_its_code_and_status(made: Bench, method: str, path: str, who: str, body: object, status: int, code: str) -> None:
    headers = {**BROWSER, **(made.by(who) if who else {})}
    for language in ("zh", "en"):
        found = made.client.request(method, path, json=body, headers={**headers, "accept-language": language})
        first = found.json()["diagnostics"][0]
        assert (found.status_code, first["code"]) == (status, code), found.text
        assert found.headers["content-type"] == "application/problem+json" and found.json()["status"] == status
        assert found.json()["detail"] == first[language] and first[f"help_{language}"]
        if status == 405:
            assert found.headers["allow"]


def test_a_key_that_is_nobodys_is_void(made: Bench) -> None:
    found = made.client.get("/api/v1/standards", headers={"authorization": "Bearer guiju_no"})
    assert found.status_code == 401 and found.json()["diagnostics"][0]["code"] == "key-void"


def test_lines_that_cannot_be_taken_are_told_where_they_stand(made: Bench) -> None:
    text = json.dumps({"note": "x" * 300}) + "\n[1]\n{}\n" + "y" * 500
    found = made.client.post(f"{NAME}/evaluate-many", content=text, headers=made.by("author-at-first"))
    answers = [json.loads(line) for line in found.text.splitlines()]
    assert [d["code"] for each in answers[:-1] for d in each.get("diagnostics", [])] == ["line-too-long", "line-no-record", "line-too-long"]
    assert answers[-1]["summary"]["unusable_lines"] == 3


def test_a_fault_of_our_own_is_logged_whole_and_shown_without_its_inside(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    router = APIRouter()

    @router.get("/broken")
    def broken() -> None:
        raise ZeroDivisionError("a secret of the inside")

    monkeypatch.setattr(permissions, "PERMISSIONS", {**PERMISSIONS, "GET /broken": EVERYONE})
    monkeypatch.setattr("guiju.api.app.PERMISSIONS", {**PERMISSIONS, "GET /broken": EVERYONE})
    with TestClient(create_app(Settings(), [router]), base_url=LOCAL, raise_server_exceptions=False) as asked, caplog.at_level(logging.ERROR, "guiju.api"):
        found = asked.get("/broken")
    assert found.status_code == 500 and found.json()["diagnostics"][0]["code"] == "fault"
    assert found.headers["x-request-id"] == found.json()["request_id"] and "default-src 'self'" in found.headers["content-security-policy"]
    assert "secret" not in found.text and "Traceback" not in found.text and found.json()["request_id"]
    assert any(record.exc_info and "a secret of the inside" in str(record.exc_info[1]) for record in caplog.records)


def test_without_a_store_what_is_kept_is_not_there_and_the_rest_works() -> None:
    with client() as asked:
        found = asked.get("/api/v1/jobs")
        assert found.status_code == 503 and found.json()["diagnostics"][0]["code"] == "no-store"
        assert asked.get(NAME).status_code == 200


def test_who_asks_for_a_proof_while_another_is_made_is_told_to_come_back(made: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proving, "WAIT_SECONDS", 0.05)
    with proving.solver("en"):
        found = made.client.post("/api/v1/prove/satisfiable", json={"standards": ["GB 36980.1-2025"]}, headers=made.by("author-at-first"))
    assert found.status_code == 503 and found.json()["diagnostics"][0]["code"] == "proof-busy"


def test_a_file_without_a_name_is_no_upload(made: Bench) -> None:
    found = made.client.post("/api/v1/record-sets", files={"file": ("...", b"a\n1\n")}, headers=made.by("author-at-first"))
    assert found.status_code == 422 and found.json()["diagnostics"][0]["code"] == "upload-name"


def test_a_key_of_a_write_stands_for_one_request(made: Bench) -> None:
    account = made.accounts["author-at-first"]
    assert begin_answer(made.store, account, "k", "a" * 64) is None
    for hash_, code in (("b" * 64, "key-for-other-request"), ("a" * 64, "key-in-progress")):
        with pytest.raises(Refused) as refused:
            begin_answer(made.store, account, "k", hash_)
        assert [each.code for each in refused.value.diagnostics] == [code]
    end_answer(made.store, account, "k", None, None)
    assert begin_answer(made.store, account, "k", "b" * 64) is None


def test_who_is_vouched_for_elsewhere_and_was_disabled_here_stays_out(made: Bench) -> None:
    account = account_known_elsewhere(made.store, "https://i.example", "1", "sun", "")
    disable(made.store, account.id, "test")
    with pytest.raises(Refused) as refused:
        account_known_elsewhere(made.store, "https://i.example", "1", "sun", "")
    assert [each.code for each in refused.value.diagnostics] == ["account-disabled"]


def test_too_much_is_told_with_when_to_come_back(tmp_path: Path) -> None:
    with bench(tmp_path, per_minute=3, logins_per_minute=1) as made:
        codes = [made.client.get("/api/v1/session").json().get("diagnostics", [{}])[0].get("code") for _ in range(5)]
        assert codes[-1] == "too-many-requests"
        by, body = made.by("author-at-first"), {"name": "a", "password": "b"}
        told = [made.client.post("/api/v1/session", json=body, headers=by).json()["diagnostics"][0]["code"] for _ in range(2)]
        assert told == ["sign-in-failed", "sign-in-too-often"]
        assert invite(made.store, "test", made.accounts["author-at-first"])


def test_a_request_another_site_sent_is_told_so(made: Bench) -> None:
    found = made.client.post("/sign-out", headers={"sec-fetch-site": "cross-site"})
    assert found.status_code == 403 and found.json()["diagnostics"][0]["code"] == "cross-site"
