"""Front-runners from the library to the badge in a shop, once on SQLite and once on PostgreSQL: what was decided by several people is seen by
everybody, and what is withdrawn reaches every channel. Every enterprise, figure and issuer is made up.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from certifying import Clock, evaluated, people, published
from frontrunner_certificates import DID
from guiju.frontrunner.credential.did import Method
from guiju.frontrunner.credential.issuer import Issuer
from guiju.frontrunner.credential.issuers_file import Configured, Holder, write_issuers
from guiju.frontrunner.process import certifying, issuing
from guiju.frontrunner.process.issuing import Signing
from guiju.frontrunner.process.states import CERTIFICATE_ACTS
from guiju.report.keyfile import new_key
from guiju.standard.model import Title
from guiju.store.access import begin_session
from guiju.store.database import store_at
from guiju.store.migrate import make_store
from journeys.conftest import Visit
from serving import ENGINES, kept_in, serving

ROOT = Path(__file__).resolve().parents[2]
AD = "甲汽车 J1：CLTC续航640km，CLTC电耗12 kWh/100km，企业标准“领跑者”，续航提升20%"
PURPOSES = ("revocation", "suspension")


@dataclass(frozen=True)
class Site:
    """chief   the session of somebody who may withdraw; certificate: its identifier"""

    address: str
    chief: str
    certificate: str
    issuer: Issuer

    @property
    def page(self) -> str:
        return f"/frontrunners/certificates/{self.certificate}"


@pytest.fixture(params=ENGINES)
def zone(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Site]:
    """A workbench where a cycle was run and its list published, and a certificate decided on and issued, each step by the person whose it is."""
    database = request.getfixturevalue("postgresql")() if request.param == "postgresql" else None
    clock = Clock(datetime.now(UTC) - timedelta(days=60))
    store = replace(store_at(database, tmp_path / "store") if database else store_at(str(tmp_path / "store")), clock=clock)
    make_store(store, "test")
    of = people(store)
    published(of, clock)
    clock.now = datetime.now(UTC)
    key = new_key(tmp_path / "key.pem", None)
    issuer = Issuer(DID, Title("示例评估机构", "Example evaluator"), (Method(f"{DID}#key-1", key.public),), illustrative=True)
    held = Configured(issuer, {f"{DID}#key-1": Holder(tmp_path / "key.pem")})
    write_issuers((held,), tmp_path / "issuers.yaml", overwrite=False)
    id_ = evaluated(of)
    today = clock.now.date()
    certifying.grant(store, of.by("reviewer"), id_, reason="示意：符合", valid_from=str(today), valid_until=str(today + timedelta(days=365)))
    issuing.issue(store, of.by("operator"), id_, Signing(issuer, held.signer(clock.now)))
    chief = begin_session(store, of.by("chief").id)
    store.close()
    with serving(tmp_path, *kept_in(database), GUIJU_LOGIN="1", GUIJU_ISSUERS=str(tmp_path / "issuers.yaml")) as (address, _, _):
        yield Site(address, chief, id_, issuer)


@pytest.fixture
def visiting(browser: Browser, zone: Site, axe: Axe) -> Iterator[Callable[..., Visit]]:
    """Opens a browser of a size and language, signed in where a session is given; at the end nothing may have been complained of."""
    visits: list[Visit] = []

    def opened(width: int = 1440, locale: str = "zh-CN", session: str = "", scripts: bool = True) -> Visit:
        context = browser.new_context(base_url=zone.address, locale=locale, viewport={"width": width, "height": 900}, java_script_enabled=scripts)
        context.set_default_timeout(60_000)
        if session:
            context.add_cookies([{"name": "guiju", "value": session, "url": zone.address}])
        made = Visit(context.new_page(), axe, width)
        made.page.on("console", lambda said: made.complaints.append(said.text) if said.type in ("error", "warning") else None)
        made.page.on("pageerror", lambda error: made.complaints.append(str(error)))
        visits.append(made)
        return made

    yield opened
    for each in visits:
        each.page.context.close()
    assert not [said for each in visits for said in each.complaints]


def guiju(*words: str, cwd: Path | None = None) -> tuple[int, str]:
    ran = subprocess.run([sys.executable, "-m", "guiju", *words], capture_output=True, text=True, cwd=cwd, check=False)
    return ran.returncode, ran.stdout + ran.stderr


def verified(zone: Site, folder: Path) -> tuple[int, str]:
    """What a verifier elsewhere finds on the command line, of files it takes from the public addresses alone."""
    files = {"credential.json": f"{zone.page}/credential.json", "did.json": "/.well-known/did.json"}
    files |= {f"{purpose}.json": zone.issuer.list_address(purpose).removeprefix(zone.issuer.base) for purpose in PURPOSES}  # type: ignore[arg-type]
    for name, path in files.items():
        answer = httpx.get(f"{zone.address}{path}")
        assert answer.status_code == 200, (path, answer.text)
        (folder / name).write_bytes(answer.content)
    lists = [word for purpose in PURPOSES for word in ("--status", f"{purpose}.json")]
    return guiju("frontrunner", "certificate", "verify", "credential.json", "--did", "did.json", *lists, cwd=folder)


def check(page: Page, text: str) -> None:
    page.goto("/frontrunners/claims")
    page.locator("#text").fill(text)
    page.get_by_role("button", name="核对", exact=True).click()


def shown(page: Page, picture: str) -> bool:
    """Whether a picture was drawn."""
    found = page.locator(picture)
    found.scroll_into_view_if_needed()
    return bool(found.evaluate("async each => { await each.decode(); return each.naturalWidth > 0 }"))


def test_from_the_list_to_the_badge_and_a_withdrawal_reaches_every_channel(visiting: Callable[..., Visit], zone: Site, tmp_path: Path) -> None:
    here = visiting()
    page = here.page
    page.goto("/")
    page.get_by_role("link", name="领跑者", exact=True).click()
    expect(page.get_by_role("heading", name="已发布的名单")).to_be_visible()
    here.stop()
    page.get_by_role("link", name="甲汽车 J1").click()
    expect(page.locator(".cert.valid")).to_be_visible()
    here.stop()
    page.get_by_role("link", name="查看并验证证书").click()
    expect(page.locator(".cert-big.valid")).to_contain_text("有效")
    assert shown(page, ".badge") and shown(page, "img[src$='/qr.svg']")
    here.stop()
    assert verified(zone, tmp_path)[0] == 0
    for words in ("甲汽车", "上海"):  # the enterprise, then its region
        page.get_by_role("link", name=words, exact=True).first.click()
        expect(page.locator("h1")).to_contain_text(words)
        here.stop()
    check(page, AD)
    expect(page.locator(".claim")).to_have_count(4)
    expect(page.locator(".claim.confirmed")).to_have_text([re.compile("640km"), re.compile("领跑者")])
    expect(page.locator(".claim.contradicted")).to_contain_text("12 kWh/100km")
    here.stop()
    cursor = httpx.get(f"{zone.address}/frontrunners/changes.ndjson").headers["next-cursor"]

    other = visiting(session=zone.chief)
    other.page.goto(f"{zone.page}/process")
    act = other.page.locator(f"form.act[aria-label='{CERTIFICATE_ACTS['withdraw'].title.zh}']")
    act.evaluate("each => { const held = each.closest('details'); if (held) held.open = true }")
    act.locator("[name=reason]").fill("示意：监督抽查不合格")
    act.get_by_role("button").click()
    expect(other.page.locator(".doc-number")).to_contain_text("已撤销")

    page.goto(zone.page)
    expect(page.locator(".cert-big.withdrawn")).to_contain_text("示意：监督抽查不合格")
    here.stop()
    status = httpx.get(f"{zone.address}{zone.page}/badge", params={"format": "json"}).json()
    assert (status["state"], status["valid"], status["reason"]) == ("withdrawn", False, "示意：监督抽查不合格")
    drawn = httpx.get(f"{zone.address}{zone.page}/badge", params={"lang": "en"}).text
    assert "WITHDRAWN" in drawn and "★" not in drawn
    told = [json.loads(line) for line in httpx.get(f"{zone.address}/frontrunners/changes.ndjson", params={"since": cursor}).text.splitlines()]
    assert told[-1]["state"] == "withdrawn" and "withdrawn" in httpx.get(f"{zone.address}/frontrunners/changes.atom").text
    check(page, AD)
    expect(page.locator(".claim.contradicted")).to_have_count(2)
    page.goto("/frontrunners")
    expect(page.locator(".empty")).to_be_visible()
    code, said = verified(zone, tmp_path)
    assert code == 1 and "credential-withdrawn" in said


def test_on_a_telephone_without_scripts_a_code_is_followed_and_an_advertisement_checked(visiting: Callable[..., Visit], zone: Site) -> None:
    here = visiting(390, "en-GB", scripts=False)
    page = here.page
    page.goto(zone.page)
    expect(page.locator(".cert-big.valid")).to_contain_text("valid")
    page.goto("/frontrunners/claims")
    page.locator("#text").fill("J1: CLTC range of up to 640 km, WLTP range 640 km, best in class")
    page.get_by_role("button", name="Check", exact=True).click()
    expect(page.locator(".claim-verdict").first).to_be_visible()
    assert page.locator(".claim.confirmed").count() == 1 and page.locator(".claim.unsupported").count() == 1


def test_by_commands_alone_a_library_is_kept_boarded_and_an_advertisement_checked(tmp_path: Path) -> None:
    examples, store = str(ROOT / "examples" / "frontrunner" / "library"), str(tmp_path / "store")
    assert guiju("store", "init", "--store", store)[0] == 0
    code, said = guiju("frontrunner", "import", examples, "--to", "examples", "--store", store)
    assert code == 0, said
    code, said = guiju("frontrunner", "library", "--store", store)
    assert code == 0 and "examples" in said, said
    code, said = guiju("frontrunner", "board", "bev-cars", examples, "--json")
    assert code == 0, said
    found = json.loads(said)
    assert found["boards"]["scheme"]["id"] == "bev-cars" and len(found["sha256"]) == 64
    code, said = guiju("frontrunner", "overall", "bev-cars", examples, "--json")
    assert code == 0, said
    code, said = guiju("frontrunner", "claims", examples, "EXA100: CLTC range 593 km", "--json")
    assert code == 0 and [each["verdict"] for each in json.loads(said)["claims"]] == ["confirmed"]
    assert guiju("frontrunner", "claims", examples, "EXA100: CLTC range 700 km")[0] == 1
