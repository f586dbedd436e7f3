"""Signing in, sessions, one-time links, organisations kept apart, guests, keys, limits."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from api_clients import BROWSER, LOCAL, PASSWORD, Bench, bench, client
from guiju.api.settings import Settings
from guiju.store.access import IDLE, ROTATED_EVERY, invite, needs_administrator
from guiju.store.audit import entries
from guiju.store.people import disable, set_password
from guiju.store.worker import Worker

CARS = "key,curb_mass,consumption\na,1780,13.93\n=cmd|' /C calc'!A0,1780,12\n"


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Bench]:
    with bench(tmp_path, logins_per_minute=5) as found:
        yield found


def sign_in(made: Bench, name: str, password: str = PASSWORD) -> int:
    return made.client.post("/api/v1/session", json={"name": name, "password": password}, headers=BROWSER).status_code


def test_a_session_is_a_cookie_no_script_can_read_and_ends_when_signed_out(made: Bench) -> None:
    set_password(made.store, made.accounts["author-at-first"], PASSWORD, "test")
    found = made.client.post("/api/v1/session", json={"name": "author-at-first", "password": PASSWORD}, headers=BROWSER)
    assert found.status_code == 204 and "HttpOnly; SameSite=Lax" in found.headers["set-cookie"]
    token = made.client.cookies["guiju"]
    assert made.client.get("/api/v1/session").json()["name"] == "author-at-first"
    assert made.client.delete("/api/v1/session", headers=BROWSER).status_code == 204
    made.client.cookies.set("guiju", token)
    assert made.client.get("/api/v1/session").json()["by"] == "nobody", "the old text is worth nothing any more"


def test_over_tls_the_cookie_is_secure_and_of_this_host_only(made: Bench) -> None:
    set_password(made.store, made.accounts["author-at-first"], PASSWORD, "test")
    body = {"name": "author-at-first", "password": PASSWORD}
    found = made.client.post("https://127.0.0.1:8000/api/v1/session", json=body, headers=BROWSER)
    assert found.headers["set-cookie"].startswith("__Host-guiju=") and "; Secure" in found.headers["set-cookie"]
    assert "max-age" in found.headers["strict-transport-security"]


def test_a_session_is_given_a_new_text_from_time_to_time_and_ends_when_idle(made: Bench) -> None:
    set_password(made.store, made.accounts["author-at-first"], PASSWORD, "test")
    assert sign_in(made, "author-at-first") == 204
    first, now = made.client.cookies["guiju"], datetime.now(UTC)
    clock = {"now": now + ROTATED_EVERY + timedelta(seconds=1)}
    object.__setattr__(made.store, "clock", lambda _: clock["now"])
    assert made.client.get("/api/v1/session").json()["by"] == "session"
    second = made.client.cookies["guiju"]
    assert second != first
    made.client.cookies.clear()
    made.client.cookies.set("guiju", first)
    assert made.client.get("/api/v1/session").json()["by"] == "session", "what the browser asked at the same moment is answered"
    made.client.app.state.known.forget()  # type: ignore[attr-defined]
    clock["now"] += timedelta(minutes=2)
    assert made.client.get("/api/v1/session").json()["by"] == "nobody", "the text before is soon worth nothing"
    made.client.cookies.clear()
    made.client.cookies.set("guiju", second)
    assert made.client.get("/api/v1/session").json()["by"] == "session"
    made.client.app.state.known.forget()  # type: ignore[attr-defined]
    clock["now"] += IDLE + timedelta(seconds=1)
    assert made.client.get("/api/v1/session").json()["by"] == "nobody"


def test_attempts_to_sign_in_are_counted(made: Bench) -> None:
    set_password(made.store, made.accounts["author-at-first"], PASSWORD, "test")
    assert [sign_in(made, "author-at-first", "wrong") for _ in range(6)] == [401] * 5 + [429]
    assert sign_in(made, "author-at-first") == 429, "the right one is not let through either"
    assert sign_in(made, "nobody-of-this-name", "wrong") == 401


def test_a_write_that_another_site_makes_a_browser_send_is_refused(made: Bench) -> None:
    set_password(made.store, made.accounts["admin-at-first"], PASSWORD, "test")
    assert sign_in(made, "admin-at-first") == 204
    body = {"name": "made by another site"}
    for headers in ({"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}, {"origin": "https://evil.example"}, {"origin": "null"}, {}):
        assert made.client.post("/api/v1/organisations", json=body, headers=headers).status_code == 403, headers
    assert made.client.post("/api/v1/organisations", json=body, headers={"origin": LOCAL}).status_code == 201
    for headers in ({"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}):
        assert made.client.post("/sign-in", data={"name": "a", "password": "b"}, headers=headers).status_code == 403, "nor may it sign somebody in"


def test_the_first_start_makes_one_administrator_by_a_link_that_works_once(tmp_path: Path) -> None:
    with client(Settings(data=tmp_path, login=True)) as made:
        store = made.app.state.store  # type: ignore[attr-defined]
        assert needs_administrator(store)
        stale, link = invite(store, "test", role="admin"), invite(store, "test", role="admin")
        assert made.get(f"/invitations/{stale}").status_code == 404, "a newer link voids the one before"
        assert "<form" in made.get(f"/invitations/{link}").text
        short = made.post(f"/invitations/{link}", data={"name": "chen", "password": "short"}, headers=BROWSER)
        assert short.status_code == 401 and 'role="alert"' in short.text
        done = made.post(f"/invitations/{link}", data={"name": "chen", "password": PASSWORD}, headers=BROWSER, follow_redirects=False)
        assert done.status_code == 303 and not needs_administrator(store)
        assert "admin" in next(iter(made.get("/api/v1/session").json()["roles"].values()))
        again = made.post(f"/invitations/{link}", data={"name": "li", "password": PASSWORD}, headers=BROWSER)
        assert again.status_code == 404 and 'name="password"' not in again.text
        assert link not in json.dumps([each.detail for each in entries(store)])
        store.close()


def test_forms_lead_nowhere_else(made: Bench) -> None:
    set_password(made.store, made.accounts["author-at-first"], PASSWORD, "test")
    for to, lands in (("/standards?q=a", "/standards?q=a"), ("//evil.example", "/"), ("https://evil.example", "/"), ("/\\evil.example", "/"), ("/\r\nx", "/")):
        made.client.app.state.attempts.counted.storage.reset()  # type: ignore[attr-defined]
        data = {"name": "author-at-first", "password": PASSWORD, "to": to}
        found = made.client.post("/sign-in", data=data, headers=BROWSER, follow_redirects=False)
        assert found.headers["location"] == lands
    page = made.client.get("/sign-in", params={"next": '/"><script>'}).text
    assert "<script>" not in page


def test_single_user_mode_needs_no_login_and_is_an_account_of_its_own(tmp_path: Path) -> None:
    with client(Settings(data=tmp_path)) as made:
        found = made.get("/api/v1/session").json()
        assert found["by"] == "machine" and made.get("/api/v1/accounts").json()["accounts"][0]["name"] == "here"
        assert needs_administrator(made.app.state.store), "nobody could sign in as it"  # type: ignore[attr-defined]
        made.app.state.store.close()  # type: ignore[attr-defined]


def upload(made: Bench, who: str, text: str | bytes = CARS, name: str = "cars.csv") -> dict[str, object]:
    found = made.client.post("/api/v1/record-sets", files={"file": (name, text)}, headers=made.by(who))
    return {"status": found.status_code, **found.json()}


def test_organisations_see_their_own_and_guests_what_they_were_invited_to(made: Bench) -> None:
    ours = upload(made, "enterprise-at-first")["id"]
    by_other, by_ours = made.by("evaluator-at-other"), made.by("enterprise-at-first")
    assert made.client.get(f"/api/v1/record-sets/{ours}", headers=by_other).status_code == 404
    assert made.client.get("/api/v1/record-sets", headers=by_other).json() == {"record_sets": [], "invited": [], "next": None}
    job = {"kind": "evaluation", "standards": ["GB 36980.1-2025"], "record_set": ours}
    assert made.client.post("/api/v1/jobs", json=job, headers=by_other).status_code == 404
    invited = made.client.post(f"/api/v1/record-sets/{ours}/guests", json={"account": "evaluator-at-other"}, headers=by_ours)
    assert invited.status_code == 201
    assert [each["id"] for each in made.client.get("/api/v1/record-sets", headers=by_other).json()["invited"]] == [ours]
    assert made.client.post(f"/api/v1/record-sets/{ours}/guests", json={"account": "public-at-other"}, headers=by_other).status_code == 403
    submitted = made.client.post("/api/v1/jobs", json=job, headers=by_other).json()
    assert submitted["organisation"] == made.organisations["other"]
    assert made.client.get(f"/api/v1/jobs/{submitted['id']}", headers=by_ours).status_code == 404
    Worker(made.store).drain()
    result = made.client.get(f"/api/v1/jobs/{submitted['id']}", headers=by_other).json()["result"]
    assert made.client.get(f"/api/v1/results/{result}", headers=by_ours).status_code == 404
    removed = made.client.delete(f"/api/v1/record-sets/{ours}/guests/{made.accounts['evaluator-at-other']}", headers=by_ours)
    assert removed.status_code == 204 and made.client.get(f"/api/v1/record-sets/{ours}", headers=by_other).status_code == 404


def test_a_job_leads_to_a_result_that_replays_and_exports_without_formulas(made: Bench) -> None:
    by = made.by("evaluator-at-first")
    kept = upload(made, "evaluator-at-first")
    job = {"kind": "evaluation", "standards": ["GB 36980.1-2025"], "record_set": kept["id"]}
    submitted = made.client.post("/api/v1/jobs", json=job, headers=by)
    assert submitted.status_code == 202 and submitted.headers["location"].endswith(submitted.json()["id"])
    Worker(made.store).drain()
    (done,) = made.client.get("/api/v1/jobs", params={"state": "done"}, headers=by).json()["jobs"]
    result = made.client.get(f"/api/v1/results/{done['result']}", headers=by).json()
    assert result["body"]["rows"] == 2 and result["data_hash"] == kept["sha256"]
    replayed = made.client.post(f"/api/v1/results/{done['result']}/replay", headers=by).json()
    assert replayed["same"] is True and replayed["differing"] == []
    table = made.client.get(f"/api/v1/results/{done['result']}/table", headers=by).text
    assert "\"'=cmd" in table or "'=cmd" in table
    assert not any(line.split(",")[1].lstrip('"').startswith("=") for line in table.splitlines() if "," in line)


def test_a_write_asked_twice_with_one_key_is_done_once(made: Bench) -> None:
    by = made.by("evaluator-at-first")
    kept = upload(made, "evaluator-at-first")
    job = {"kind": "evaluation", "standards": ["GB 36980.1-2025"], "record_set": kept["id"]}
    first, second = (made.client.post("/api/v1/jobs", json=job, headers={**by, "idempotency-key": "once"}) for _ in range(2))
    assert first.json() == second.json() and second.headers["idempotent-replay"] == "true"
    assert len(made.client.get("/api/v1/jobs", headers=by).json()["jobs"]) == 1
    other = made.client.post("/api/v1/jobs", json={**job, "kind": "aggregate"}, headers={**by, "idempotency-key": "once"})
    assert other.status_code == 409
    wrong = made.client.post("/api/v1/jobs", json={**job, "record_set": "none"}, headers={**by, "idempotency-key": "twice"})
    right = made.client.post("/api/v1/jobs", json=job, headers={**by, "idempotency-key": "twice"})
    assert (wrong.status_code, right.status_code) == (404, 202), "a request that was refused does not use its key up"
    key = {**by, "idempotency-key": "secret"}
    assert made.client.post("/api/v1/keys", json={"title": "a"}, headers=key).status_code == 201
    again = made.client.post("/api/v1/keys", json={"title": "a"}, headers=key)
    assert again.status_code == 409 and again.json()["diagnostics"][0]["code"] == "key-used-up", "a secret is not kept to be shown again"


@pytest.mark.parametrize("name", ["../../evil.csv", "..\\evil.csv", "/etc/cron.d/evil.csv", "evil\x00.csv", ".csv", "", "con.exe", "a" * 300 + ".csv"])
def test_the_name_of_an_upload_is_only_a_name(made: Bench, name: str, tmp_path: Path) -> None:
    before = {path for path in tmp_path.rglob("*") if "evil" in path.name}
    found = upload(made, "evaluator-at-first", name=name)
    assert found["status"] in (201, 422) and "/" not in str(found.get("source", ""))
    assert {path for path in tmp_path.rglob("*") if "evil" in path.name} == before
    assert "guiju-upload-" not in json.dumps(found)


def test_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (30 << 20))
    with bench(tmp_path, upload_bytes_max=1 << 20) as made:
        found = upload(made, "evaluator-at-first", packed.getvalue(), "bomb.xlsx")
        assert found["status"] == 413 and found["diagnostics"][0]["code"] == "archive-bomb"  # type: ignore[index]
        large = made.client.post("/api/v1/record-sets", files={"file": ("a.csv", b"0" * (2 << 20))}, headers=made.by("evaluator-at-first"))
        assert large.status_code == 413 and large.headers["content-type"] == "application/problem+json"


def test_bodies_and_requests_have_their_limits(tmp_path: Path) -> None:
    with bench(tmp_path, body_bytes_max=1000, per_minute=20) as made:
        large = made.client.post("/api/v1/check", json={"document": "a" * 2000})
        assert large.status_code == 413 and large.headers["content-type"] == "application/problem+json"
        streamed = made.client.post("/api/v1/check", content=(b"a" * 100 for _ in range(20)), headers={"content-type": "application/json"})
        assert streamed.status_code == 413 and streamed.json()["diagnostics"][0]["code"] == "body-too-large"
        statuses = [made.client.get("/api/v1/session").status_code for _ in range(25)]
        assert statuses[0] == 200 and statuses[-1] == 429
        assert int(made.client.get("/api/v1/session").headers["retry-after"]) <= 61
        assert made.client.get("/healthz").status_code == 200
        assert made.client.get("/api/v1/session", headers=made.by("author-at-first")).status_code == 200, "others are not kept out"


def test_accounts_are_made_by_administrators_of_their_organisation(made: Bench) -> None:
    by_other = made.by("admin-at-other")
    new = made.client.post("/api/v1/accounts", json={"name": "wang", "roles": ["verifier"]}, headers=by_other)
    assert new.status_code == 201 and new.json()["organisation"] == made.organisations["other"] and new.json()["link"].startswith("/invitations/")
    there = {"name": "li", "organisation": made.organisations["first"]}
    assert made.client.post("/api/v1/accounts", json=there, headers=by_other).status_code == 403
    assert made.client.post("/api/v1/organisations", json={"name": "third"}, headers=by_other).status_code == 403
    ours = made.accounts["author-at-first"]
    assert made.client.post(f"/api/v1/accounts/{ours}/disable", headers=by_other).status_code == 404
    grant = {"organisation": made.organisations["first"], "role": "admin"}
    assert made.client.post(f"/api/v1/accounts/{new.json()['id']}/roles", json=grant, headers=by_other).status_code == 403
    assert {each["organisation"] for each in made.client.get("/api/v1/accounts", headers=by_other).json()["accounts"]} == {made.organisations["other"]}
    by_first = made.by("admin-at-first")
    assert made.client.post(f"/api/v1/accounts/{new.json()['id']}/roles", json=grant, headers=by_first).status_code == 200
    gone = made.client.delete(f"/api/v1/accounts/{new.json()['id']}/roles/{made.organisations['first']}/admin", headers=by_first)
    assert gone.status_code == 204


def test_a_disabled_account_is_out_at_once(made: Bench) -> None:
    name = "verifier-at-first"
    assert made.client.get("/api/v1/keys", headers=made.by(name)).status_code == 200
    found = made.client.post(f"/api/v1/accounts/{made.accounts[name]}/disable", headers=made.by("admin-at-first"))
    assert found.json()["disabled_at"] is not None
    assert made.client.get("/api/v1/keys", headers=made.by(name)).status_code == 401


def test_a_key_is_shown_once_and_can_be_revoked(made: Bench) -> None:
    by = made.by("author-at-first")
    new = made.client.post("/api/v1/keys", json={"title": "laboratory", "days": 30}, headers=by).json()
    listed = made.client.get("/api/v1/keys", headers=by)
    assert new["key"] not in listed.text and new["prefix"] in listed.text
    with_it = {"authorization": f"Bearer {new['key']}"}
    assert made.client.get("/api/v1/session", headers=with_it).json()["name"] == "author-at-first"
    assert made.client.delete(f"/api/v1/keys/{new['id']}", headers=made.by("admin-at-first")).status_code == 404, "it is nobody else's to revoke"
    assert made.client.delete(f"/api/v1/keys/{new['id']}", headers=by).status_code == 204
    assert made.client.get("/api/v1/session", headers=with_it).status_code == 401


def test_the_audit_log_is_for_auditors_each_their_own(made: Bench) -> None:
    upload(made, "evaluator-at-first")
    upload(made, "evaluator-at-other")
    everything = made.client.get("/api/v1/audit", params={"limit": 500}, headers=made.by("auditor-at-first")).json()["entries"]
    theirs = made.client.get("/api/v1/audit", params={"limit": 500}, headers=made.by("auditor-at-other")).json()["entries"]
    assert {each["actor"] for each in theirs} == {made.accounts["evaluator-at-other"]}
    assert len(everything) > len(theirs) and made.client.get("/api/v1/audit/chain", headers=made.by("auditor-at-first")).json()["broken"] is None


def test_a_session_of_a_disabled_account_ends(made: Bench) -> None:
    set_password(made.store, made.accounts["author-at-first"], PASSWORD, "test")
    assert sign_in(made, "author-at-first") == 204
    disable(made.store, made.accounts["author-at-first"], "test")
    assert made.client.get("/api/v1/session").json()["by"] == "nobody"
