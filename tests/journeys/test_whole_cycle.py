"""A whole cycle in the browser, once on SQLite and once on PostgreSQL: nine people, each before a Chromium of their own, from an uploaded library to a
published list and a certificate that programs elsewhere accept, until it is suspended.

With ../shared beside the repository the library is a real product set, else a made-up one. People, undertakings and the issuer are made up.
"""

from __future__ import annotations

import csv
import json
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

import certifying
from frontrunner_certificates import DID
from guiju.frontrunner.credential.did import Method
from guiju.frontrunner.credential.issuer import Issuer
from guiju.frontrunner.credential.issuers_file import Configured, Holder, write_issuers
from guiju.frontrunner.library.importing import Placed, import_set
from guiju.frontrunner.process.states import CERTIFICATE_ACTS, CYCLE_ACTS
from guiju.report.keyfile import new_key
from guiju.standard.model import Title
from guiju.store.access import first_organisation
from guiju.store.database import store_at
from guiju.store.migrate import make_store
from guiju.store.people import grant, make_account, make_organisation
from journeys.conftest import Visit
from journeys.real_sets import OPEN_EV, SHELF
from later.moving import Moved
from pdf_text import text_of
from serving import ENGINES, SECONDS, kept_in, serving

ROOT = Path(__file__).resolve().parents[2]
PRODUCTS = ROOT.parent / "shared" / "data" / "products"
PASSWORD = "示意 correct horse battery staple"
PEOPLE = {"author": ("", "author"), "operator": ("", "operator"), "reviewer": ("", "verifier"), "second": ("", "verifier"), "assessor": ("", "evaluator"),
          "institute": ("institute", "evaluator"), "maker": ("maker", "enterprise"), "other": ("other", "enterprise"), "citizen": ("public", "auditor")}  # fmt: skip
PURPOSES = ("revocation", "suspension")


@dataclass(frozen=True)
class Case:
    """
    library   what is uploaded, a zip
    makers    the codes of the one that is certified and of another that is listed
    declares  number and edition of the standard that is certified
    evidence  of its models: a table
    bands     (range, indicator) → models in each band, counted without Guiju; None: the library is made up
    """

    scheme: str
    standard: str
    library: Path
    makers: tuple[str, str]
    declares: tuple[str, str]
    evidence: Path
    bands: dict[tuple[str, str], list[int]] | None


def real_case(folder: Path) -> Case:
    placed = Placed(date(2026, 1, 1), (), dict(each.split("=") for each in OPEN_EV.methods))  # type: ignore[arg-type]
    import_set(OPEN_EV.name, PRODUCTS / OPEN_EV.file, folder / "cars", certifying.shelf().dictionary, placed)
    rows = OPEN_EV.rows(PRODUCTS)
    values = [(model, name, value, OPEN_EV.source, OPEN_EV.file) for model, held in OPEN_EV.shown(rows).items() for name, value in held.items()]
    return Case(OPEN_EV.scheme, OPEN_EV.standard, zipped(folder / "cars"), (OPEN_EV.maker, OPEN_EV.other), (f"Q/示意 {OPEN_EV.maker}", "2026"),
                table(folder, values), OPEN_EV.bands(rows))  # fmt: skip


def made_up_case(folder: Path) -> Case:
    values = [(row["model"], row["input"], row["value"], row["laboratory"], row["report"]) for row in certifying.rows("J1", "J2")]
    return Case("bev-cars", "T/GUIJU 701-2026", zipped(certifying.library_folder(), folder / "cars.zip"), (certifying.JIA, certifying.YI),
                certifying.STANDARDS[certifying.JIA], table(folder, values), None)  # fmt: skip


def zipped(library: Path, to: Path | None = None) -> Path:
    to = to or library.with_suffix(".zip")
    with zipfile.ZipFile(to, "w") as parts:
        for each in library.iterdir():
            parts.write(each, each.name)
    return to


def table(folder: Path, values: Sequence[tuple[str, ...]]) -> Path:
    file = folder / "evidence.csv"
    with file.open("w", encoding="utf-8", newline="") as text:
        csv.writer(text).writerows([("model", "input", "value", "laboratory", "report"), *values])
    return file


@dataclass
class Site:
    address: str
    clock: Moved
    case: Case
    browser: Browser
    axe: Axe
    issuer: Issuer

    def __post_init__(self) -> None:
        self.visits: dict[str, Visit] = {}

    def by(self, name: str) -> Page:
        """The page of somebody, who signs in by the form the first time and after every leap of the clock; `anybody` does not."""
        if name not in self.visits:
            context = self.browser.new_context(base_url=self.address, locale="zh-CN", viewport={"width": 1440, "height": 900})
            context.set_default_timeout(90_000)
            made = self.visits[name] = Visit(context.new_page(), self.axe, 1440)
            made.page.on("console", lambda said: made.complaints.append(said.text) if said.type in ("error", "warning") else None)
            made.page.on("pageerror", lambda error: made.complaints.append(str(error)))
            if name in PEOPLE:
                made.page.goto("/sign-in")
                made.page.locator("#name").fill(name)
                made.page.locator("#password").fill(PASSWORD)
                made.page.locator("form:has(#password) button").click()
                expect(made.page.locator("#password")).to_have_count(0)
        return self.visits[name].page

    def leap(self, days: float) -> None:
        """To another moment, at which everybody's session has ended."""
        self.clock.days(days)
        self.leave()

    def leave(self) -> None:
        complaints = {name: each.complaints for name, each in self.visits.items() if each.complaints}
        for each in self.visits.values():
            each.page.context.close()
        self.visits.clear()
        assert not complaints

    def act(self, name: str, path: str, act: Title, **said: str | Path) -> Page:
        """Somebody takes a step by its form."""
        page = self.by(name)
        page.goto(path)
        form = page.locator(f"form.act[aria-label='{act.zh}']")
        form.evaluate("each => { const held = each.closest('details'); if (held) held.open = true }")
        fill(form, said)
        form.locator("button").click()
        expect(page.locator(".problems.wrong")).to_have_count(0)
        expect(page.locator(".log li").first).to_contain_text(act.zh)
        return page


def fill(form: Any, said: dict[str, str | Path]) -> None:
    for name, value in said.items():
        asked = form.locator(f"[name={name}]{'[type=file]' if isinstance(value, Path) else ''}")
        kind = asked.evaluate("each => each.type")
        if isinstance(value, Path):
            asked.set_input_files(value)
        elif kind == "checkbox":
            asked.check()
        elif kind.startswith("select"):
            asked.select_option(value)
        else:
            asked.fill(value)


@pytest.fixture(params=ENGINES)
def site(request: pytest.FixtureRequest, tmp_path: Path, browser: Browser, axe: Axe) -> Iterator[Site]:
    """A workbench of two days ago, with people, an issuer, and nothing else."""
    database = request.getfixturevalue("postgresql")() if request.param == "postgresql" else None
    clock = Moved(tmp_path / "moved")
    clock.days(-2)
    case = real_case(tmp_path) if PRODUCTS.is_dir() else made_up_case(tmp_path)
    key = new_key(tmp_path / "key.pem", None)
    issuer = Issuer(DID, Title("示例评估机构", "Example evaluator"), (Method(f"{DID}#key-1", key.public),), illustrative=True)
    write_issuers((Configured(issuer, {f"{DID}#key-1": Holder(tmp_path / "key.pem")}),), tmp_path / "issuers.yaml", overwrite=False)
    store = store_at(database, tmp_path / "store") if database else store_at(str(tmp_path / "store"))
    make_store(store, "test")
    there = {"": first_organisation(store)} | {name: make_organisation(store, name, "test") for name in ("institute", "maker", "other", "public")}
    for name, (organisation, role) in PEOPLE.items():
        grant(store, make_account(store, name, there[organisation], "test", password=PASSWORD), there[organisation], role, "test")
    store.close()
    variables = {"GUIJU_LOGIN": "1", "GUIJU_ISSUERS": str(tmp_path / "issuers.yaml"), "GUIJU_SHELVES": str(SHELF), "GUIJU_LOGINS_PER_MINUTE": "1000",
                 "LATER": str(clock.file), "PYTHONPATH": f"{ROOT / 'tests' / 'later'}:{ROOT / 'src'}"}  # fmt: skip
    with serving(tmp_path, *kept_in(database), **variables) as (address, _, _):
        found = Site(address, clock, case, browser, axe, issuer)
        yield found
        found.leave()


def test_nine_people_go_from_a_library_to_a_certificate_that_holds_elsewhere(site: Site, tmp_path: Path) -> None:
    result = boards(site)
    cycle = list_published(site, result, tmp_path)
    look(site, "anybody", cycle)
    look(site, "anybody", f"/frontrunners/boards/{result}")
    certificate = certified(site)
    look(site, "anybody", certificate)
    page = site.by("anybody")
    expect(page.locator(".cert-big.valid")).to_contain_text("有效")
    expect(page.locator("main")).to_contain_text("示意")
    printed(page, site.issuer, certificate, tmp_path / "certificate.pdf")
    files = taken(site, certificate, tmp_path)
    assert elsewhere(tmp_path)[0] == 0 and other_program(files, site.issuer)["verified"]
    site.act("reviewer", f"{certificate}/process", CERTIFICATE_ACTS["suspend"].title, reason="示意：抽查的一台不符")
    page.goto(certificate)
    expect(page.locator(".cert-big.suspended")).to_contain_text("示意：抽查的一台不符")
    files = taken(site, certificate, tmp_path)
    code, said = elsewhere(tmp_path)
    assert code == 1 and "credential-suspended" in said
    assert other_program(files, site.issuer) == {"verified": False, "reason": "status: suspension"}


def look(site: Site, name: str, path: str) -> None:
    site.by(name).goto(path)
    site.visits[name].stop()


def boards(site: Site) -> str:
    """The library is uploaded, the field proposed and fixed, an evaluator chosen, and the boards run by its form; gives their result."""
    page, case = site.by("operator"), site.case
    page.goto("/frontrunners/library")
    upload = page.locator("form.drop")
    fill(upload, {"file": case.library, "name": "cars"})
    upload.locator("button").click()
    expect(page.locator("h1")).to_contain_text("cars")
    for code, organisation in zip(case.makers, ("maker", "other"), strict=True):
        page.goto("/frontrunners/cycles")
        fill(page.locator("form[action='/frontrunners/enterprises']"), {"code": code, "zh": code, "organisation": organisation})
        page.locator("form[action='/frontrunners/enterprises'] button").click()
        expect(page.locator("td, th").get_by_text(code, exact=True).first).to_be_visible()
    page = site.by("institute")
    page.goto(f"/frontrunners/boards/new?scheme={case.scheme}")
    fill(page.locator("form.stacked"), {"library": "cars", "on": site.clock.now.date().isoformat()})
    page.get_by_role("button", name="先看会比较什么").click()
    expect(page.locator("#look")).to_be_visible()
    site.visits["institute"].stop()
    page.get_by_role("button", name="运行", exact=True).click()
    page.get_by_role("link", name="看结果").click()
    return page.url.rpartition("/")[2]


def list_published(site: Site, result: str, folder: Path) -> str:
    """The annual cycle, each step by whose it is; gives its address."""
    page, case = site.by("author"), site.case
    page.goto("/frontrunners/cycles")
    fill(page.locator("form[action='/frontrunners/cycles']"), {"scheme": case.scheme, "reason": "示意：本年度重点"})
    page.get_by_role("button", name="提出", exact=True).click()
    expect(page.locator(".doc-number")).to_contain_text("领域已提出")
    cycle = page.url.removeprefix(site.address)

    def act(name: str, act_: str, **said: str | Path) -> Page:
        return site.act(name, cycle, CYCLE_ACTS[act_].title, **said)

    act("operator", "fix", days="1", opinion="列入")
    act("institute", "apply", standard=case.standard, plan="按方案比对")
    act("reviewer", "review", application="1", opinion="可行")
    act("institute", "compare", result=result)
    page = act("institute", "shortlist")
    counted(site, result)
    entries = httpx_json(page, f"{cycle}.json")["entries"]
    number = {each["enterprise"]: str(each["number"]) for each in entries}
    paper = folder / "承诺书.txt"
    paper.write_text("示意", encoding="utf-8")
    for code, name in zip(case.makers, ("maker", "other"), strict=True):
        act(name, "undertake", entry=number[code], text="示意承诺", documents=paper)
    act("operator", "publicise", text="公示")
    act("citizen", "object", entry=number[case.makers[0]], ground="示意：数值录自规格表")
    act("second", "dismiss", objection="1", reason="示意：名单已注明来源")
    site.leap(0)
    expect(act("operator", "publish").locator(".doc-number")).to_contain_text("名单已发布")
    return cycle


def counted(site: Site, result: str) -> None:
    """The boards hold what counting the raw file gives."""
    found = httpx_json(site.by("institute"), f"/api/v1/frontrunners/boards/{result}")
    bands = {(each["range"][0], each["indicator"]): [band["models"] for band in each["bands"]] for each in found["board"]["boards"]}
    assert bands and (site.case.bands is None or bands == site.case.bands)


def httpx_json(page: Page, path: str) -> Any:
    """What somebody who is signed in gets from an address."""
    return page.request.get(path).json()


def certified(site: Site) -> str:
    """Application, evidence, evaluation, decision, issue; gives the public address of the certificate."""
    page, case = site.by("maker"), site.case
    page.goto("/frontrunners/certificates/apply")
    form = page.locator("form.stacked").first
    number, edition = case.declares
    fill(form, {"scheme": case.scheme, "library": "cars", "enterprise": case.makers[0], "standard": number, "edition": edition, "undertaking": "示意"})
    form.locator("button").click()
    expect(page.locator("h1")).to_contain_text(number)
    process = page.url.removeprefix(site.address)
    site.visits["maker"].stop()

    def act(name: str, act_: str, **said: str | Path) -> None:
        site.act(name, process, CERTIFICATE_ACTS[act_].title, **said)

    act("maker", "evidence", table=case.evidence, illustrative="yes")
    act("assessor", "evaluate")
    today = site.clock.now.date()
    act("reviewer", "grant", reason="示意：符合", valid_from=str(today), valid_until=str(today + timedelta(days=365)))
    act("operator", "issue")
    return process.removesuffix("/process")


def printed(page: Page, issuer: Issuer, certificate: str, to: Path) -> None:
    """The certificate on paper names the address its code leads to."""
    with page.expect_download() as download:
        page.locator("a[href$='printed.pdf']").first.click()
    download.value.save_as(to)
    said = re.sub(r"\s", "", "".join(text_of(to.read_bytes())))
    assert f"{issuer.base}{certificate}" in said and "示意" in said


def taken(site: Site, certificate: str, folder: Path) -> dict[str, Any]:
    """What a verifier takes from public addresses, as files."""
    lists = {purpose: site.issuer.list_address(purpose).removeprefix(site.issuer.base) for purpose in PURPOSES}  # type: ignore[arg-type]
    found = {}
    for name, path in {"credential": f"{certificate}/credential.json", "did": "/.well-known/did.json", **lists}.items():
        answer = httpx.get(f"{site.address}{path}", timeout=SECONDS)
        assert answer.status_code == 200, (path, answer.text)
        (folder / f"{name}.json").write_bytes(answer.content)
        found[name] = answer.json()
    context = site.issuer.context.removeprefix(site.issuer.base)
    return {**found, "context": httpx.get(f"{site.address}{context}", timeout=SECONDS).json()}


def elsewhere(folder: Path) -> tuple[int, str]:
    """What Guiju says of the files on another desk."""
    lists = [word for purpose in PURPOSES for word in ("--status", f"{purpose}.json")]
    words = ["frontrunner", "certificate", "verify", "credential.json", "--did", "did.json", *lists]
    ran = subprocess.run([sys.executable, "-m", "guiju", *words], capture_output=True, text=True, cwd=folder, check=False)
    return ran.returncode, ran.stdout + ran.stderr


def other_program(files: dict[str, Any], issuer: Issuer) -> dict[str, Any]:
    """What @digitalbazaar/vc, which knows nothing of Guiju, says of them."""
    node, folder = shutil.which("node"), ROOT / "tests" / "credentials"
    assert node and (folder / "node_modules").is_dir(), "Node.js or its packages are missing; `python3 dev.py test` installs them"
    job = {"do": "verify", "credential": files["credential"], "documents": {issuer.did: files["did"]}, "contexts": {issuer.context: files["context"]},
           "lists": {files[purpose]["id"]: files[purpose] for purpose in PURPOSES}, "at": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")}  # fmt: skip
    ran = subprocess.run([node, "verify.mjs"], cwd=folder, input=json.dumps(job) + "\n", capture_output=True, text=True, encoding="utf-8", check=True)
    found: dict[str, Any] = json.loads(ran.stdout)
    return found
