"""The workbench serves what verifiers of its certificates come for, and verifies one itself: for programs, and on a page for people."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from api_clients import BROWSER, client
from frontrunner_certificates import DID, Office, claims
from guiju.base.diagnostics import Refused
from guiju.frontrunner.credential import office as here
from guiju.frontrunner.credential.certificate import certificate_bytes, context_document, issue
from guiju.frontrunner.credential.did import Method
from guiju.frontrunner.credential.issuer import EARLIER_CONTEXT_PATH, Issuer
from guiju.frontrunner.credential.issuers_file import Configured, Holder, read_issuers, write_issuers
from guiju.frontrunner.credential.status import Entry, StatusList
from guiju.frontrunner.credential.verify import verify
from guiju.report.keyfile import new_key
from guiju.standard.model import Title
from serving import serving

PURPOSES = ("revocation", "suspension")


def configured(folder: Path, did: str, name: str) -> Configured:
    key = new_key(folder / f"{name}.pem", None)
    issuer = Issuer(did, Title("示例评估机构", "Example evaluator"), (Method(f"{did}#{name}", key.public),), illustrative=True)
    return Configured(issuer, {f"{did}#{name}": Holder(folder / f"{name}.pem")})


@pytest.fixture
def issuers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    held = (configured(tmp_path, DID, "key-1"), configured(tmp_path, f"{DID}:frontrunners:issuers:second", "key-2"))
    write_issuers(held, tmp_path / "issuers.yaml", overwrite=False)
    monkeypatch.setenv("GUIJU_ISSUERS", str(tmp_path / "issuers.yaml"))
    return tmp_path / "issuers.yaml"


def certificate(held: Configured, at: datetime) -> dict[str, Any]:
    entries = [Entry(held.issuer.list_address(purpose), 4711, purpose) for purpose in PURPOSES]  # type: ignore[arg-type]
    return issue(claims(), held.issuer, held.signer(at), id="urn:uuid:1", valid_from=at, valid_until=at + timedelta(days=9), status=entries, at=at)


def test_a_verifier_elsewhere_verifies_with_what_is_served(issuers: Path):
    at = datetime.now(UTC).replace(microsecond=0)
    site = client(whole=True)
    for held in read_issuers(issuers):
        served = {"did:web:evaluator.example": "/.well-known/did.json"}.get(held.issuer.did, "/frontrunners/issuers/second/did.json")
        documents = {held.issuer.did: site.get(served).content}
        lists = {}
        for purpose in PURPOSES:
            address = held.issuer.list_address(purpose)
            answer = site.get(address.removeprefix(held.issuer.base))
            assert answer.headers["content-type"] == "application/vc" and answer.headers["cache-control"].startswith("public, max-age=3")
            lists[address] = answer.content
            again = site.get(address.removeprefix(held.issuer.base), headers={"if-none-match": answer.headers["etag"]})
            assert again.status_code == 304 and not again.content
        shown = verify(certificate(held, at), documents.get, lists.get, at + timedelta(minutes=5))
        assert shown.issuer == held.issuer.did
    assert site.get("/frontrunners/context/v1").content == context_document(EARLIER_CONTEXT_PATH) != context_document()
    answer = site.get("/frontrunners/context/v2")
    assert answer.content == context_document() and answer.headers["content-type"] == "application/ld+json"
    for nothing in ("/frontrunners/status/other", "/frontrunners/issuers/third/did.json"):
        assert site.get(nothing).status_code == 404


def test_a_list_is_kept_until_a_bit_changes_or_it_is_time_to_ask_again(issuers: Path):
    held = read_issuers(issuers)[0]
    now = datetime(2026, 11, 22, 12, tzinfo=UTC)
    first = here.published(held, "revocation", 1, [], now)
    assert here.published(held, "revocation", 1, [], now + timedelta(minutes=59)) is first
    withdrawn = here.published(held, "revocation", 1, [4711], now + timedelta(minutes=1))
    subject = json.loads(withdrawn.data)["credentialSubject"]
    assert StatusList.decoded(subject["encodedList"]).get(4711) and subject["ttl"] == 3_600_000
    assert here.published(held, "revocation", 1, [4711], now + timedelta(hours=2)).signed == now + timedelta(hours=2)


def test_no_issuer_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.delenv("GUIJU_ISSUERS", raising=False)
    assert here.offices() == () and client(whole=True).get("/.well-known/did.json").status_code == 404
    monkeypatch.setenv("GUIJU_ISSUERS", str(tmp_path / "nowhere.yaml"))
    with pytest.raises(Refused, match="file-unreadable"):
        here.offices()


def ask(**body: Any) -> dict[str, Any]:
    answer = client().post("/api/v1/frontrunners/verify", json=body, headers=BROWSER)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_a_program_is_told_all_reasons(issuers: Path):
    held = read_issuers(issuers)[0]
    at = datetime.now(UTC).replace(microsecond=0)
    made = certificate_bytes(certificate(held, at)).decode()
    good = ask(credential=made)
    assert good["verified"] and good["certificate"]["claims"]["illustrative"] is True and not good["reasons"]
    told = ask(credential=made.replace("EX-2", "EX-3"), at=(at + timedelta(days=30)).isoformat())
    assert not told["verified"] and {each["code"] for each in told["reasons"]} == {"credential-false", "credential-late"}
    foreign = Office()
    foreign.issuer = Issuer("did:web:other.example", foreign.issuer.title, (Method("did:web:other.example#key-1", foreign.signer.public),))
    texts = [certificate_bytes(each).decode() for each in foreign.lists().values()]
    document = certificate_bytes(foreign.issuer.document()).decode()
    other = {"credential": certificate_bytes(foreign.certificate()).decode(), "at": "2026-11-22T10:00:00Z"}
    assert ask(**other, documents=[document], lists=texts)["verified"]
    assert {each["code"] for each in ask(**other)["reasons"]} == {"credential-no-document", "credential-no-list"}
    assert [i["did"] for i in client().get("/api/v1/frontrunners/issuers").json()["issuers"]] == [DID, f"{DID}:frontrunners:issuers:second"]


@pytest.mark.parametrize(("body", "code"), [
    ({"credential": "{}", "documents": ["{}", "{}"]}, "credential-two"), ({"credential": "{}", "lists": ["x"]}, "credential-json"),
    ({"credential": "{}", "at": "soon"}, "issuer-time"), ({"credential": "x" * 1_100_000}, None), ({"credential": {}}, None),
])  # fmt: skip
def test_what_is_brought_besides_is_refused_where_it_cannot_be_read(issuers: Path, body: dict[str, Any], code: str | None):
    answer = client().post("/api/v1/frontrunners/verify", json=body, headers=BROWSER)
    assert answer.status_code == 422
    assert code is None or [each["code"] for each in answer.json()["diagnostics"]] == [code]


def test_a_file_that_is_too_large_is_told(issuers: Path):
    sent = client(whole=True).post("/frontrunners/verify", files={"certificate": ("c.json", b"{" + b" " * 1_100_000)}, headers=BROWSER)
    assert sent.status_code == 200 and "credential-large" in sent.text


@pytest.fixture
def site(issuers: Path, tmp_path: Path) -> Iterator[str]:
    with serving(tmp_path, GUIJU_ISSUERS=str(issuers)) as (address, _, _):
        yield address


def test_anybody_verifies_on_the_page_with_and_without_a_script(browser: Browser, axe: Axe, site: str, issuers: Path, tmp_path: Path):
    """Pasted or as a file; good, altered, and nothing at all; axe finds nothing, and no page is wider than its screen."""
    made = certificate_bytes(certificate(read_issuers(issuers)[0], datetime.now(UTC).replace(microsecond=0)))
    (tmp_path / "certificate.json").write_bytes(made)
    for script, width in ((True, 1440), (False, 390)):
        context = browser.new_context(base_url=site, locale="en-GB", java_script_enabled=script, viewport={"width": width, "height": 900})
        page = context.new_page()

        def checked(page: Any = page, script: bool = script, width: int = width) -> None:
            if script:
                found = axe.run(page)
                assert found.violations_count == 0, found.generate_report()
            assert page.locator("html").bounding_box()["width"] <= width

        page.goto("/frontrunners/verify")
        checked()
        page.get_by_role("button", name="Verify").click()
        assert page.get_by_role("heading", name="no certificate was brought").is_visible()
        checked()
        page.locator("#text").fill(made.decode().replace("EX-2", "EX-3"))
        page.get_by_role("button", name="Verify").click()
        assert page.get_by_role("heading", name="the certificate is not good: 1 reason").is_visible()
        assert page.get_by_text("credential-false").is_visible()
        checked()
        page.locator("#certificate").set_input_files(tmp_path / "certificate.json")
        page.locator("#text").fill("")
        page.get_by_role("button", name="Verify").click()
        assert page.get_by_role("heading", name="the certificate is good").is_visible()
        assert page.get_by_text("Illustrative: thresholds").is_visible()
        checked()
        context.close()
