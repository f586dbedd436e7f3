"""Every route × every role: the table is walked, and what is done with a role must be what the table says."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from api_clients import Bench, bench
from guiju.api.app import routes_of
from guiju.api.permissions import EVERYONE, PERMISSIONS
from guiju.store.people import ROLES

FILLED = {"{name}": "GB-36980.1-2025", "{question}": "satisfiable", "{id}": "none", "{organisation}": "none", "{role}": "author",
          "{account}": "none", "{code}": "EX-SH", "{item}": "none", "{token}": "none", "{number}": "GB-36980.1-2025",
          "{ending}": "csv"}  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with bench(tmp_path_factory.mktemp("store"), whole=True, per_minute=1_000_000) as found:
        yield found


def test_every_route_stands_in_the_table(made: Bench) -> None:
    routes = set(routes_of(made.client.app))  # type: ignore[arg-type]
    assert routes <= PERMISSIONS.keys()
    assert len(routes) > 110 and all(roles <= {*ROLES, "public"} and roles for roles in PERMISSIONS.values())


@pytest.mark.parametrize("who", ["nobody", *(f"{role}-at-{organisation}" for organisation in ("first", "other") for role in ROLES)])
def test_a_role_may_do_what_the_table_says_and_nothing_else(made: Bench, who: str) -> None:
    wrong = []
    for route in sorted(routes_of(made.client.app)):  # type: ignore[arg-type]
        method, path = route.split(" ")
        for name, value in FILLED.items():
            path = path.replace(name, value)
        roles = {"public"} | ({who.partition("-at-")[0]} if who != "nobody" else set())
        found = made.client.request(method, path, headers={} if who == "nobody" else made.by(who), follow_redirects=False)
        codes = [each["code"] for each in found.json()["diagnostics"]] if found.headers.get("content-type") == "application/problem+json" else []
        is_refused = "not-allowed" in codes or "not-signed-in" in codes
        if is_refused == bool(roles & PERMISSIONS[route]) or found.status_code >= 500:
            wrong.append(f"{route} by {who}: {found.status_code} {codes}")
        if is_refused:
            assert found.status_code == (401 if who == "nobody" else 403)
    assert not wrong, "\n".join(wrong)


def test_what_changes_something_is_open_to_nobody_but_to_sign_in() -> None:
    writes = {route for route, roles in PERMISSIONS.items() if roles & EVERYONE and not route.startswith("GET ")}
    keeps_nothing = {"POST /api/v1/check", "POST /api/v1/editions/{id}/evaluate", "POST /api/v1/standards/{name}/evaluate", "POST /standards/{number}/edit"}
    keeps_nothing |= {f"POST {face}/{verb}" for face in ("/frontrunners", "/api/v1/frontrunners") for verb in ("verify", "claims")} - {"POST /frontrunners/claims"}
    keeps_nothing |= {"POST /frontrunners/authoring", "POST /frontrunners/authoring/draft", "POST /frontrunners/effect"}
    in_memory_for_a_while = {"POST /standards/{number}/records", "POST /standards/{number}/records/{id}", "POST /coordination/files"}
    in_memory_for_a_while |= {"POST /frontrunners/claims", "POST /verify/study", "POST /verify/proficiency", "POST /standards/{number}/verification"}
    signing = {"POST /api/v1/session", "DELETE /api/v1/session", "POST /api/v1/invitations/accept", "POST /sign-in", "POST /sign-out",
               "POST /invitations/{token}"}  # fmt: skip
    keeps_nothing |= {"POST /frontrunners/cycles/{id}/receipt"}
    objecting = {f"POST {at}/cycles/{{id}}/objections" for at in ("/frontrunners", "/api/v1/frontrunners")}  # held back by address and by cycle, and marked as nobody's word
    commenting = {"POST /frontrunners/drafts/{id}/{act}", "POST /api/v1/frontrunners/drafts/{id}/steps"}  # whoever has an account, of whatever role; each act says whose it is
    assert writes <= keeps_nothing | in_memory_for_a_while | signing | objecting | commenting


def test_an_unknown_or_revoked_key_is_not_taken_for_nobody(made: Bench) -> None:
    found = made.client.get("/api/v1/standards", headers={"authorization": "Bearer guiju_nonsense"})
    assert found.status_code == 401 and found.headers["www-authenticate"] == "Bearer"
