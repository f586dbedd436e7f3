"""Signing in at an identity provider: a real one, small, over HTTP, with keys of its own."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from joserfc.jwk import RSAKey

from api_clients import Bench, bench
from guiju.store.people import account_of, disable
from identity_provider import CLIENT, SECRET, Provider, running


@pytest.fixture
def provider() -> Iterator[Provider]:
    with running() as made:
        yield made


@pytest.fixture
def made(tmp_path: Path, provider: Provider) -> Iterator[Bench]:
    with bench(tmp_path, oidc_issuer=provider.issuer, oidc_client=CLIENT, oidc_secret=SECRET) as found:
        yield found


def go(made: Bench, to: str = "/standards") -> str:
    """Out to the provider; where the browser is sent back to."""
    out = made.client.get("/sign-in/oidc", params={"next": to}, follow_redirects=False)
    assert out.status_code == 303
    return httpx.get(out.headers["location"], follow_redirects=False).headers["location"]


def test_somebody_signs_in_there_and_is_known_here(made: Bench, provider: Provider) -> None:
    landed = made.client.get(go(made), follow_redirects=False)
    assert landed.status_code == 303 and landed.headers["location"] == "/standards", landed.text
    found = made.client.get("/api/v1/session").json()
    assert found["name"] == "zhang" and found["title"] == "张工" and found["roles"] == {made.organisations["first"]: []}
    assert made.client.get("/api/v1/jobs").status_code == 403, "who is new may do nothing until somebody grants a role"
    made.client.cookies.clear()
    made.client.get(go(made), follow_redirects=False)
    assert made.client.get("/api/v1/session").json()["id"] == found["id"], "the second time they are the same"
    assert provider.asked[0]["nonce"] != provider.asked[1]["nonce"] and provider.asked[0]["code_challenge"] != provider.asked[1]["code_challenge"]


@pytest.mark.parametrize("changed", [
    {"iss": "https://other.example"}, {"aud": "another-client"}, {"aud": [CLIENT, "another-client"]}, {"nonce": "of another time"},
    {"exp": 1}, {"iat": None}, {"sub": None},
])  # fmt: skip
def test_a_token_that_is_not_for_us_now_is_refused(made: Bench, provider: Provider, changed: dict[str, object]) -> None:
    provider.changed = changed
    back = go(made)
    assert made.client.get(back, follow_redirects=False).status_code == 401
    assert made.client.get("/api/v1/session").json()["by"] == "nobody"


def test_a_token_somebody_else_signed_is_refused(made: Bench, provider: Provider) -> None:
    provider.forger = RSAKey.generate_key(2048, auto_kid=True)
    assert made.client.get(go(made), follow_redirects=False).status_code == 401
    provider.forger, provider.algorithm = None, "HS256"
    assert made.client.get(go(made), follow_redirects=False).status_code == 401


def test_a_new_key_of_the_provider_is_fetched(made: Bench, provider: Provider) -> None:
    assert made.client.get(go(made), follow_redirects=False).status_code == 303
    provider.key = RSAKey.generate_key(2048, auto_kid=True)
    assert made.client.get(go(made), follow_redirects=False).status_code == 303


def test_the_way_back_is_for_the_browser_that_went(made: Bench, provider: Provider) -> None:
    back = go(made)
    made.client.cookies.clear()
    assert made.client.get(back, follow_redirects=False).status_code == 401, "another browser has not the cookie"
    back = go(made)
    assert made.client.get(back.replace("state=", "state=x"), follow_redirects=False).status_code == 401
    back = go(made)
    assert made.client.get(back, follow_redirects=False).status_code == 303
    back = go(made)
    code = back.partition("code=")[2].partition("&")[0]
    provider.codes[code]["code_challenge"] = "another"
    assert made.client.get(back, follow_redirects=False).status_code == 401, "the provider refuses a code without its text"


def test_a_disabled_account_does_not_sign_in_there_either(made: Bench, provider: Provider) -> None:
    made.client.get(go(made), follow_redirects=False)
    disable(made.store, account_of(made.store, "zhang").id, "test")
    made.client.cookies.clear()
    assert made.client.get(go(made), follow_redirects=False).status_code == 403


def test_a_name_that_is_taken_is_not_taken_over(made: Bench, provider: Provider) -> None:
    provider.changed = {"preferred_username": "admin-at-first"}
    made.client.get(go(made), follow_redirects=False)
    found = made.client.get("/api/v1/session").json()
    assert found["name"].startswith("admin-at-first-") and found["id"] != made.accounts["admin-at-first"] and found["roles"] == {made.organisations["first"]: []}


def test_a_provider_that_cannot_be_reached_is_a_problem_and_not_a_fault(tmp_path: Path) -> None:
    began = time.monotonic()
    with bench(tmp_path, oidc_issuer="http://127.0.0.1:9", oidc_client=CLIENT) as made:
        found = made.client.get("/sign-in/oidc", follow_redirects=False)
        assert found.status_code == 401 and found.json()["diagnostics"][0]["code"] == "oidc-failed"
    assert time.monotonic() - began < 30
