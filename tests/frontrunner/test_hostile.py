"""What people with bad intent send to the public and to the signed-in part of the front-runners: numbers beyond reason, texts made to keep the
machine busy, names that are markup, forms sent twice, roles taken away in between."""

from __future__ import annotations

import json
import re
import socket
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import httpx
import pytest
from fastapi.testclient import TestClient

import certifying as c
from api_clients import BROWSER, client
from certifying import Clock, People, granted, in_publicity, issued, library_folder, people, shelf
from frontrunner_certificates import signer
from guiju.api.settings import Settings
from guiju.base.diagnostics import Refused
from guiju.frontrunner.library.kept import bring
from guiju.frontrunner.library.library import read_library
from guiju.frontrunner.process.public import certificates, lists
from guiju.frontrunner.zone.gathered import price_of
from guiju.frontrunner.zone.named import Names
from guiju.frontrunner.zone.reading import CLAUSE_MAX, PARTS_MAX, TEXT_MAX, claims, reach
from guiju.frontrunner.zone.words import words_for

HTML = {"accept": "text/html", "accept-language": "en", **BROWSER}
ODD = ("1e999999999", "-1e999999999", "1e-999999999", "9" * 3000, "NaN", "sNaN", "-Infinity", "0x10", "１２", "²", "1_0", "=1+1", "\u202e9")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[TestClient, People]]:
    with client(Settings(data=tmp_path_factory.mktemp("hostile"), login=True, jobs=False, per_minute=1_000_000), whole=True) as found:
        of = people(found.app.state.store)  # type: ignore[attr-defined]
        yield found, of


def key(of: People, name: str) -> dict[str, str]:
    return {"authorization": f"Bearer {of.keys[name]}"}


# numbers


@pytest.mark.parametrize("odd", ODD)
def test_no_number_is_a_fault(made: tuple[TestClient, People], odd: str) -> None:
    web, of = made
    operator = {**HTML, **key(of, "operator")}
    asked: list[tuple[str, str, dict[str, Any]]] = [
        *(("GET", path, {"params": {name: odd}}) for path in ("/frontrunners", "/frontrunners.json") for name in ("from", "to", "level", "page")),
        *(("GET", "/api/v1/frontrunners/products", {"params": {name: odd}}) for name in ("low", "high", "level", "page")),
        ("POST", "/api/v1/frontrunners/claims", {"json": {"text": f"J1 CLTC 续航 {odd} km，电耗 {odd} kWh/100km"}}),
        ("POST", "/frontrunners/authoring", {"data": {"standard": "T/GUIJU 701-2026", "levels": odd}, "headers": HTML}),
        ("POST", "/frontrunners/drafts/none/answer", {"data": {"comment": odd, "verdict": "taken"}, "headers": operator}),
        *(("POST", "/frontrunners/cycles/none", {"data": {"act": "fix", "days": odd, "opinion": "x"}, "headers": operator}) for _ in range(1)),
        ("POST", "/frontrunners/cycles/none/objections", {"data": {"entry": odd}, "headers": HTML}),
        ("GET", "/frontrunners/changes.ndjson", {"params": {"since": odd}}),
        ("GET", f"/frontrunners/certificates/{odd}", {}), ("GET", f"/frontrunners/products/{odd}", {}),
    ]  # fmt: skip
    wrong = [(method, path, more) for method, path, more in asked if web.request(method, path, **more).status_code >= 500]
    assert not wrong


def test_a_price_is_one_that_can_be() -> None:
    for text in ("1e12", "-1e12", "1e999999999", "NaN", "sNaN", "Infinity", "x"):
        with pytest.raises(Refused) as refused:
            price_of(text)
        assert refused.value.diagnostics[0].code == "not-a-number"
    assert price_of("") is None and str(price_of("199800.00001")) == "199800.0000" and price_of("1e-999999999") == 0


def test_days_beyond_reason_are_told(made: tuple[TestClient, People]) -> None:
    web, of = made
    at = web.post("/api/v1/frontrunners/cycles", json={"scheme": "bev-cars", "reason": "示意"}, headers=key(of, "author")).headers["location"]
    page = at.replace("/api/v1", "")
    for days in ("9" * 5000, "1e3", "٣", "-1", "0"):
        told = web.post(page, data={"act": "fix", "days": days, "opinion": "x"}, headers={**HTML, **key(of, "operator")})
        assert told.status_code == 422, days


# texts


@pytest.mark.parametrize("part", ["1,", "640 km ", "续航,", "领跑者,", "a(b)", "续航 640 km/"])
def test_a_text_is_read_as_far_as_an_advertisement_goes(part: str) -> None:
    text = part * (TEXT_MAX // len(part))
    assert 0 < reach(text) < TEXT_MAX or len(re.findall(r"\d+|[,()/]", text)) <= PARTS_MAX
    found = claims(text, words_for((), shelf().dictionary))
    assert all(each.end <= reach(text) + 3 for each in found) and len(found) <= PARTS_MAX + 1


def test_a_number_at_the_edge_of_a_piece_is_never_read_in_halves() -> None:
    words = words_for((), shelf().dictionary)
    for before in range(CLAUSE_MAX - 12, CLAUSE_MAX + 2):
        text = "的" * before + "续航 640 km"
        assert {claim.low for claim in claims(text, words) if claim.kind == "value"} <= {640}


def test_a_name_said_a_thousand_times_is_found_a_thousand_times() -> None:
    found, unlike = Names([("a", "甲汽车", "J1", ()), ("b", "甲汽车", "J10", ())], ("Pro",)).find("J1 " * 1_000 + "Ｊ10 Ј1 J1 Pro")
    assert [each.name for each in found[:1_001]] == ["J1"] * 1_000 + ["J10"] and len(found) == 1_001
    assert [each.name for each in unlike] == ["J1", "J1"]


# names


PAYLOAD = ("<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "javascript:alert(1)", "{{7*7}}", "</title><svg onload=alert(1)>", "=cmd|'/c'!A1")


class _Tags(HTMLParser):
    """Whatever a page has that could run."""

    def __init__(self) -> None:
        super().__init__()
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.wrong += [name for name in given if name.startswith("on")]
        self.wrong += [str(value) for name, value in given.items() if name in ("href", "src", "action") and str(value).lower().startswith("javascript:")]
        if (tag == "script" and not given.get("src")) or (tag == "img" and given.get("src") == "x"):
            self.wrong.append(tag)


@pytest.mark.parametrize("payload", PAYLOAD)
def test_names_that_are_markup_stay_text_on_every_page(tmp_path: Path, payload: str, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = Path(tempfile.mkdtemp(dir=tmp_path))
    for file in library_folder().iterdir():
        text = file.read_text("utf-8-sig")
        cell = '"' + payload.replace('"', '""') + '"'
        for name in ("甲汽车", "Jia Motors", "纯电动乘用车"):
            text = text.replace(f'"{name}"', cell)
        (folder / file.name).write_text(text, encoding="utf-8")
    monkeypatch.setattr(c, "library_folder", lambda statuses=(): folder)
    monkeypatch.setattr(c, "library", lambda statuses=(): read_library(folder, shelf().dictionary, name="cars"))
    with client(Settings(data=tmp_path / "store", login=True, jobs=False, per_minute=1_000_000), whole=True) as web:
        store = web.app.state.store  # type: ignore[attr-defined]
        of = people(store)
        bring(store, "cars", folder, shelf().dictionary, "test")
        today = date.today()
        id_ = issued(of, str(today), str(today + timedelta(days=365)))
        product = web.get("/api/v1/frontrunners/products", params={"show": "all"}).json()["products"][0]["id"]
        pages = ("/frontrunners?show=all", f"/frontrunners/certificates/{id_}", f"/frontrunners/products/{product}", f"/frontrunners/enterprises/{c.JIA}",
                 f"/frontrunners/enterprises/{c.YI}", "/frontrunners/clusters/CN-31", "/frontrunners/library", "/frontrunners/library/cars",
                 f"/frontrunners/certificates/{id_}/process", "/frontrunners/certifications", "/frontrunners/boards")  # fmt: skip
        shown = 0
        for page in pages:
            told = web.get(page, headers={**HTML, **key(of, "operator")})
            assert told.status_code == 200, (page, told.text[:500])
            read = _Tags()
            read.feed(told.text)
            assert not read.wrong, (page, read.wrong)
            assert payload not in told.text or "<" not in payload
            shown += payload in unescape(told.text)
        assert shown >= 2, "the name is shown somewhere"
        for tail in ("badge", "badge?lang=en", "qr.svg"):
            picture = web.get(f"/frontrunners/certificates/{id_}/{tail}").text
            assert {each.tag.rpartition("}")[2] for each in ElementTree.fromstring(picture).iter()} <= {"svg", "title", "rect", "text", "path", "g"}
        ElementTree.fromstring(web.get("/frontrunners/changes.atom").text)


# forms sent twice, at once, and by whom they are not for


@pytest.fixture
def own(tmp_path: Path) -> Iterator[tuple[TestClient, People, Clock]]:
    with client(Settings(data=tmp_path, login=True, jobs=False, per_minute=1_000_000), whole=True) as found:
        clock = Clock()
        store = replace(found.app.state.store, clock=clock)  # type: ignore[attr-defined]
        found.app.state.store = store  # type: ignore[attr-defined]
        yield found, people(store), clock


def test_publishing_and_issuing_twice_by_a_form_is_done_once(own: tuple[TestClient, People, Clock], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from cryptography.hazmat.primitives import serialization as pem

    from frontrunner_certificates import DID
    from guiju.frontrunner.credential import multibase

    web, of, clock = own
    (tmp_path / "key.pem").write_bytes(signer(1).key.private_bytes(pem.Encoding.PEM, pem.PrivateFormat.PKCS8, pem.NoEncryption()))
    (tmp_path / "issuers.yaml").write_text(
        f"guiju: 1\nissuers:\n- did: {DID}\n  zh: 示意\n  en: illustrative\n  illustrative: true\n  keys:\n"
        f"  - {{name: key-1, public: {multibase.multikey(signer(1).public)}, file: key.pem}}\n", encoding="utf-8")  # fmt: skip
    monkeypatch.setenv("GUIJU_ISSUERS", str(tmp_path / "issuers.yaml"))
    cycle = in_publicity(of)
    clock.later(11)
    certificate = granted(of)

    def at_once(path: str, by: str, act: str) -> list[int]:
        found: list[int] = []

        def send() -> None:
            found.append(web.post(path, data={"act": act}, headers={**HTML, **key(of, by)}, follow_redirects=False).status_code)

        threads = [threading.Thread(target=send) for _ in range(4)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        return sorted(found)

    assert at_once(f"/frontrunners/cycles/{cycle}", "chief", "publish") == [303, 409, 409, 409]
    assert at_once(f"/frontrunners/certificates/{certificate}/process", "operator", "issue") == [303, 409, 409, 409]
    assert len(lists(of.store)) == 1 and len(certificates(of.store)) == 1


def test_a_role_taken_away_is_gone_for_the_next_form_of_an_open_session(own: tuple[TestClient, People, Clock]) -> None:
    from guiju.store.access import begin_session
    from guiju.store.people import grant

    web, of, clock = own
    cycle = in_publicity(of)
    clock.later(11)
    grant(of.store, of.by("author").id, of.centre, "admin", "test")
    chief = of.by("chief")
    token = begin_session(of.store, chief.id)
    browser = {**HTML, "cookie": f"guiju={token}", "sec-fetch-site": "same-origin"}
    page = web.get(f"/frontrunners/cycles/{cycle}", headers=browser).text
    assert 'value="publish"' in page
    gone = web.delete(f"/api/v1/accounts/{chief.id}/roles/{of.centre}/regulator", headers=key(of, "author"))
    assert gone.status_code in (200, 204)
    told = web.post(f"/frontrunners/cycles/{cycle}", data={"act": "publish"}, headers=browser, follow_redirects=False)
    assert told.status_code == 403 and lists(of.store) == []


def test_no_form_of_the_front_runners_is_taken_from_another_site(own: tuple[TestClient, People, Clock]) -> None:
    from guiju.api.app import routes_of

    web, _, _ = own
    posts = [route.split(" ")[1] for route in sorted(routes_of(web.app)) if route.startswith("POST /frontrunners")]  # type: ignore[arg-type]
    assert len(posts) > 10
    for path in posts:
        for more in ({"origin": "https://elsewhere.example"}, {"sec-fetch-site": "cross-site", "origin": "https://elsewhere.example"}):
            told = web.post(re.sub(r"\{\w+\}", "x", path), headers=more)
            assert told.status_code == 403 and "cross-site" in told.text, path


def test_verifying_asks_nothing_of_the_network(made: tuple[TestClient, People], monkeypatch: pytest.MonkeyPatch) -> None:
    """Where an issuer says its document and lists are is never followed: not to this machine, not to a private network, not anywhere."""
    from frontrunner_certificates import issuer_of

    web, _ = made
    asked: list[Any] = []
    monkeypatch.setattr(socket.socket, "connect", lambda _, place: asked.append(place))
    monkeypatch.setattr(socket, "getaddrinfo", lambda *place, **more: asked.append(place))
    did = issuer_of(1).did
    for place in ("did:web:localhost%3A8000", "did:web:169.254.169.254", "did:web:10.0.0.1:x", "http://127.0.0.1/", "did:web:xn--80ak6aa92e.com", did):
        text = json.dumps({"@context": ["https://www.w3.org/ns/credentials/v2"], "issuer": place, "type": ["VerifiableCredential"]})
        told = web.post("/frontrunners/verify", data={"text": text}, headers=HTML)
        assert isinstance(told, httpx.Response) and told.status_code in (200, 422) and "not good" in told.text
    assert not asked
