"""The form by which anybody objects, as browsers, programs and other sites send it; and that nothing of who objected comes out anywhere in public."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from fastapi.testclient import TestClient

from api_clients import BROWSER, client
from certifying import Clock, People, in_publicity, library_folder, people, shelf
from guiju.api.app import routes_of
from guiju.api.limits import network_of
from guiju.api.permissions import EVERYONE, PERMISSIONS
from guiju.api.settings import Settings
from guiju.frontrunner.library.kept import bring
from guiju.frontrunner.pages.objections import FROM_HERE
from guiju.frontrunner.process import acting

NAME, CONTACT, GROUND = "李四（示意）", "+86-139-0000-0000", "示意：<script>alert(1)</script>续驶里程与公告不符"


@pytest.fixture
def made(tmp_path: Path) -> Iterator[tuple[TestClient, People, str]]:
    with client(Settings(data=tmp_path, login=True, jobs=False, per_minute=1_000_000), whole=True) as found:
        store = replace(found.app.state.store, clock=Clock())  # type: ignore[attr-defined]
        found.app.state.store = store  # type: ignore[attr-defined]
        of = people(store)
        bring(store, "cars", library_folder(), shelf().dictionary, "test")
        yield found, of, in_publicity(of)
        store.close()


def fresh(web: TestClient, at: str) -> str:
    page = web.get(f"{at}/objections", headers={"accept": "text/html"})
    assert page.status_code == 200 and page.headers["cache-control"] == "no-store"
    return re.findall(r'name="receipt" value="([A-Za-z0-9_-]{32})"', page.text)[0]


def send(web: TestClient, at: str, by: str = "", **changed: str) -> httpx.Response:
    given = {"entry": "1", "name": NAME, "contact": CONTACT, "ground": GROUND, "website": "", **changed}
    given.setdefault("receipt", fresh(web, at))
    return web.post(f"{at}/objections", data=given, headers={**BROWSER, "accept": "text/html", "accept-language": "en"}, follow_redirects=False)


def test_an_objection_is_sent_followed_and_decided_on_pages(made: tuple[TestClient, People, str]) -> None:
    web, of, id_ = made
    at = f"/frontrunners/cycles/{id_}"
    assert f"{at}/objections" in web.get(at, headers={"accept": "text/html"}).text
    receipt = fresh(web, at)
    told = send(web, at, receipt=receipt)
    assert told.status_code == 200 and receipt in told.text and NAME not in told.text and "Received" in told.text
    assert fresh(web, at) != receipt
    assert receipt in send(web, at, receipt=receipt).text and len(web.get(f"{at}.json").json()["objections"]) == 1

    def follow(receipt: str) -> httpx.Response:
        return web.post(f"{at}/receipt", data={"receipt": receipt}, headers={**BROWSER, "accept": "text/html", "accept-language": "en"})

    assert "to be decided" in follow(receipt).text and follow("x" * 32).status_code == 404
    second = {"authorization": f"Bearer {of.keys['second']}", **BROWSER, "accept": "text/html", "accept-language": "en"}
    page = web.get(at, headers=second).text
    assert "identity not verified" in page and "&lt;script&gt;" in page and "<script>alert" not in page and NAME not in page
    shown = web.post(f"{at}/objections/1", headers=second)
    assert NAME in shown.text and CONTACT in shown.text and shown.headers["cache-control"] == "no-store"
    assert web.post(f"{at}/objections/1", headers={**second, "authorization": f"Bearer {of.keys['jia']}"}).status_code == 403
    reviewer = {**second, "authorization": f"Bearer {of.keys['reviewer']}"}
    for who, act in ((second, "set-aside"), (reviewer, "confirm-aside")):
        assert "frontrunner-objection" in web.post(at, data={"act": act, "objections": "1-2", "reason": "x"}, headers=who).text
        done = web.post(at, data={"act": act, "objections": "1", "reason": "Illustrative: an advertisement"}, headers=who, follow_redirects=False)
        assert done.status_code == 303
    assert "Illustrative: an advertisement" in follow(receipt).text and "set objections aside" in follow(receipt).text


def test_programs_and_other_sites_are_turned_away(made: tuple[TestClient, People, str]) -> None:
    web, _, id_ = made
    at = f"/frontrunners/cycles/{id_}"
    for headers in ({"origin": "https://elsewhere.example"}, {"sec-fetch-site": "cross-site"}, {"origin": "null"}):
        for path in (f"{at}/objections", f"{at}/receipt"):
            assert web.post(path, data={"receipt": "x"}, headers=headers).status_code == 403
    assert "frontrunner-objection-trap" in send(web, at, website="https://spam.example").text
    assert "frontrunner-receipt-form" in send(web, at, receipt="1").text
    for entry in ("", "-1", "1e9", "９", "9" * 400, "0"):
        assert send(web, at, entry=entry).status_code in (404, 422)
    kept = send(web, at, ground="").text
    assert NAME in kept, "what was written stays in the form"
    assert web.get(f"{at}.json").json()["objections"] == []


def test_one_address_sends_so_many_an_hour(made: tuple[TestClient, People, str]) -> None:
    web, _, id_ = made
    at = f"/frontrunners/cycles/{id_}"
    assert send(web, at, name="").status_code == 422, "what is refused for its form is not counted"
    assert [send(web, at).status_code for _ in range(FROM_HERE)] == [200] * FROM_HERE
    last = send(web, at)
    assert last.status_code == 429 and "frontrunner-objections-here" in last.text


def test_addresses_are_counted_by_the_network_of_a_subscriber() -> None:
    assert network_of("2001:db8:1:2:3::4") == network_of("2001:db8:1:2:ffff::1%eth0") != network_of("2001:db8:1:3::1")
    assert network_of("::ffff:192.0.2.7") == network_of("192.0.2.7") != network_of("192.0.2.8") and network_of("?") == "?"


def test_nothing_of_who_objected_comes_out_in_public(made: tuple[TestClient, People, str]) -> None:
    web, of, id_ = made
    at = f"/frontrunners/cycles/{id_}"
    receipt = fresh(web, at)
    send(web, at, receipt=receipt)
    clock = of.store.clock
    assert isinstance(clock, Clock)

    def leaking(headers: dict[str, str]) -> list[str]:
        found = []
        for route in sorted(routes_of(web.app)):  # type: ignore[arg-type]
            method, path = route.split(" ")
            if method != "GET" or "frontrunners" not in path or (not headers and not PERMISSIONS[route] & EVERYONE):
                continue
            path = path.replace("{id}", id_).replace("{ending}", "csv")
            told = web.get(path, headers={"accept-language": "en", **headers})
            assert told.status_code < 500, (path, told.text)
            if any(secret in told.text for secret in (NAME, CONTACT, receipt)) or (not headers and "续驶里程与公告不符" in told.text):
                found.append(path)
        return found

    every = [{}, *({"authorization": f"Bearer {of.keys[name]}"} for name in ("jia", "second", "evaluator", "operator", "outsider"))]
    assert not any(leaking(headers) for headers in every)
    assert NAME not in web.get("/api/v1/audit", headers={"authorization": f"Bearer {of.keys['outsider']}"}).text
    clock.later(11)
    acting.act(of.store, of.by("second"), id_, "dismiss", {"objection": 1, "reason": "示意：不成立"})
    acting.act(of.store, of.by("chief"), id_, "publish", {})
    assert not any(leaking(headers) for headers in every)
    assert web.get(f"{at}/objections", headers={"accept": "text/html"}).status_code == 200


def test_a_program_objects_as_the_form_does(made: tuple[TestClient, People, str]) -> None:
    web, _, id_ = made
    at, said = f"/api/v1/frontrunners/cycles/{id_}", {"entry": 1, "ground": GROUND, "name": NAME, "contact": CONTACT}
    taken = web.post(f"{at}/objections", json=said)
    assert taken.status_code == 201 and taken.headers["cache-control"] == "no-store"
    told = taken.json()
    again = web.post(f"{at}/objections", json={**said, "receipt": told["receipt"]})
    assert again.json()["number"] == told["number"]
    followed = web.get(f"{at}/objection", headers={"receipt": told["receipt"]})
    assert followed.status_code == 200 and followed.json() == {name: each for name, each in told.items() if name != "receipt"}
    assert NAME not in taken.text and CONTACT not in taken.text + web.get(at).text
    assert web.get(f"{at}/objection", headers={"receipt": "x" * 32}).status_code == 404
    for changed, code in (({"name": " "}, "process-unsaid"), ({"ground": "x" * 2_001}, "process-too-long"), ({"receipt": "short"}, "frontrunner-receipt-form"),
                          ({"name": "\u202eabc"}, "frontrunner-objection-sign"), ({"entry": 99}, "frontrunner-entry")):  # fmt: skip
        refused = web.post(f"{at}/objections", json={**said, **changed})
        assert refused.status_code == 422 and [each["code"] for each in refused.json()["diagnostics"]] == [code], refused.text


def test_the_form_and_programs_are_counted_together(made: tuple[TestClient, People, str]) -> None:
    web, _, id_ = made
    said = {"entry": 1, "ground": GROUND, "name": NAME, "contact": CONTACT}
    assert send(web, f"/frontrunners/cycles/{id_}").status_code == 200
    answers = [web.post(f"/api/v1/frontrunners/cycles/{id_}/objections", json=said).status_code for _ in range(FROM_HERE)]
    assert answers == [201] * (FROM_HERE - 1) + [429]
