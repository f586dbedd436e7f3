"""Every page, in both languages and at both widths: nothing axe finds, nothing inline, not too large, not wider than the screen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

GB = "/standards/GB-36980.1-2025"
PAGES = {
    "home": "/", "library": "/standards", "filtered": "/standards?region=CN-31", "nothing found": "/standards?q=zzzz", "to try": "/try",
    "to check": "/records", "standard": GB, "long standard": "/standards/GB-38031-2025", "scenarios": "/standards/T-CSAE-157-2020",
    "template": "/standards/DB33-T-1312-2023", "try": f"{GB}/try", "tried": f"{GB}/try?category=M1&powertrain=bev&curb_mass=1780&consumption=14.1",
    "wrong values": f"{GB}/try?category=M9&curb_mass=abc", "long product": "/standards/GB-38031-2025/try?example=2", "drop": f"{GB}/records",
    "compare": "/compare", "compared": "/compare?with=GB-T-19056-2012&with=GB-T-19056-2021&row=1", "regions": "/compare?with=CN-32&with=CN-33&all=yes",
    "changes": "/standards/GB-T-19056-2021/changes?from=GB-T-19056-2012", "edit": f"{GB}/edit", "editions": "/editions", "not there": "/standards/nothing",
    "coordination": "/coordination", "to harmonise": "/harmonise",
    "harmonised": "/harmonise?with=CN-32&with=CN-33&subject=road.smart&steps=yes",
    "proposal": "/harmonise?with=CN-32&with=CN-33&subject=road.smart&show=standard", "unknown side": "/harmonise?with=Nowhere&with=CN-32",
    "to recognise": "/recognise", "sufficing": "/recognise?passed=GB/T 19056-2021&everywhere=yes&example=recorder&tests=recorder",
    "recognised": "/recognise?passed=工信部联通装〔2021〕97号&asked=上海路测2018&in=CN-31", "to plan": "/testplan",
    "plan": "/testplan?in=CN-32&in=CN-33&subject=road", "to guide": "/guide", "guide": "/guide?in=CN&subject=vehicle.car",
    "empty guide": "/guide?in=CN-320500&subject=recorder&on=1990-01-01", "map": "/map", "joint": "/map?show=joint",
    "across": "/compare?with=CN-32&with=CN-33&subject=road.smart&across=yes",
    "moved": "/standards/GB-36980.1-2025/changes?from=财建〔2020〕86号&records=sample:vehicles",
    "not kept": f"{GB}/records/gone", "jobs": "/jobs", "no such jobs": "/jobs?state=failed", "results": "/results", "sets": "/sets",
    "new evaluation": "/jobs/new", "new report": "/jobs/new?kind=report&standard=GB 36980.1-2025", "new proof": "/jobs/new?kind=proof",
    "new comparison": "/jobs/new?kind=comparison", "new aggregate": "/jobs/new?kind=aggregate", "no such job": "/jobs/none", "audit": "/audit",
    "nothing in the log": "/audit?actor=nobody", "admin": "/admin", "accounts": "/admin/accounts", "own account": "/account", "sign in": "/sign-in",
    "void link": "/invitations/void",
}  # fmt: skip
BYTES_MAX = 150 * 1024
PROVING = ("compared", "regions", "changes", "harmonised", "proposal", "sufficing", "recognised", "plan", "across", "moved")


@pytest.fixture(scope="session")
def client(site: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=site, headers={"Accept": "text/html"}, follow_redirects=True, timeout=60) as made:
        yield made


def read(client: httpx.Client, path: str, language: str = "zh") -> httpx.Response:
    """A page, once what is being proved for it is there."""
    for _ in range(60):
        answer = client.get(path, headers={"Accept-Language": language})
        if answer.status_code != 202:
            break
    return answer


@pytest.mark.parametrize("name", PAGES)
def test_a_page_holds_nothing_inline_and_is_small(client: httpx.Client, name: str) -> None:
    for language in ("zh", "en"):
        answer = read(client, PAGES[name], language)
        assert answer.status_code < 500 and answer.headers["content-type"].startswith("text/html")
        assert len(answer.content) <= BYTES_MAX
        assert "default-src 'self'" in answer.headers["content-security-policy"] and "unsafe" not in answer.headers["content-security-policy"]
        assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)|javascript:", answer.text)
        assert f'<html lang="{"zh-CN" if language == "zh" else "en"}">' in answer.text


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_and_no_page_is_wider_than_its_screen(browser: Browser, site: str, client: httpx.Client, axe: Axe, name: str) -> None:
    if name in PROVING:
        read(client, PAGES[name])
    for width, locale, scheme in ((1440, "zh-CN", "light"), (390, "en-GB", "dark")):
        settings: dict[str, Any] = {"viewport": {"width": width, "height": 900}, "locale": locale, "color_scheme": scheme}
        context = browser.new_context(base_url=site, **settings)
        page = context.new_page()
        page.goto(PAGES[name])
        found = axe.run(page)
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        context.close()


def test_a_region_of_a_page_is_as_small_without_a_standard_as_with_ten_thousand(client: httpx.Client) -> None:
    assert "GB 36980.1-2025" in read(client, "/standards?q=gb36980").text
    told = client.get("/standards.json?q=36980", headers={"Accept": "application/json"}).json()
    assert told["total"] == len(told["standards"]) > 0 and told["standards"][0]["href"].startswith("/standards/")


def test_no_word_of_a_url_opens_another_file(client: httpx.Client) -> None:
    for word in ("..%2F..%2Fetc%2Fpasswd", "%2Fetc%2Fpasswd", "standards%2Fgb", "pyproject.toml"):
        assert client.get(f"/standards/{word}").status_code == 404
    answer = client.get("/compare", params=[("with", "/etc/passwd"), ("with", "GB 36980.1-2025")])
    assert answer.status_code == 422 and "align-unknown" in answer.text
    assert client.get("/static/..%2Frendering.py").status_code == 404


def test_twins_say_the_same(client: httpx.Client) -> None:
    told = client.get(f"{GB}.json").json()
    assert told["clauses"][0]["no"] == "R1" and told["sources"]["s1"]["grade"] == "B" and len(told["content_hash"]) == 64
    assert client.get(f"{GB}.md").text.startswith("# GB 36980.1-2025")
    assert client.get(f"{GB}.yaml").text.startswith("guiju: 1")
    tried = client.get(f"{GB}/try.json?category=M1&powertrain=bev&max_mass=2200&curb_mass=1780&consumption=13.93").json()
    assert tried["overall"] == "fail" and tried["clauses"][0]["put_in"].startswith("13.93 > 13.92")


def test_what_is_wrong_has_its_status_and_its_words(client: httpx.Client) -> None:
    for path, status, code in ((f"{GB}/records/gone", 410, "records-gone"), ("/standards/GB-36980.1-2024", 404, "unknown-standard"),
                               (f"{GB}?on=never", 422, "not-a-date"), (f"{GB}/changes", 422, "align-two")):  # fmt: skip
        answer = client.get(path)
        assert (answer.status_code, code in answer.text) == (status, True)
    nothing = client.post(f"{GB}/records", files={"other": b""})
    assert nothing.status_code == 422 and "records-not-given" in nothing.text
    table = client.post(f"{GB}/records", files={"file": ("../../evil.exe", b"MZ")})
    assert table.status_code == 422 and "format-unknown" in table.text and "guiju-desk" not in table.text


def test_text_of_a_file_stays_text(client: httpx.Client) -> None:
    rows = "车辆型号,整备质量(kg)\n<script>alert(1)</script>,1000\n"
    answer = client.post(f"{GB}/records", files={"file": ("<b>.csv", rows.encode())})
    assert answer.status_code == 200 and "&lt;script&gt;" in answer.text and "<script>alert" not in answer.text
    tried = client.get(f"{GB}/try", params={"curb_mass": "\"><script>alert(1)</script>"})
    assert "<script>alert" not in tried.text


def test_what_was_found_is_kept_as_a_report(client: httpx.Client) -> None:
    values = "category=M1&powertrain=bev&max_mass=2200&curb_mass=1780&consumption=13.93"
    begins = {"pdf": b"%PDF-1.7", "docx": b"PK", "xlsx": b"PK", "html": b"<!doctype html>"}
    for ending, begin in begins.items():
        answer = client.get(f"{GB}/try/report.{ending}?{values}")
        assert answer.status_code == 200 and answer.content.lower().startswith(begin.lower()), ending
        assert f"GB%2036980.1-2025.{ending}" in answer.headers["content-disposition"]
        assert answer.content == client.get(f"{GB}/try/report.{ending}?{values}").content, "the same again, to the byte"
    sheet = client.post(f"{GB}/records", data={"sample": "yes"}, files={"mapping": b""})
    told = client.get(f"{sheet.url.path}/report.html").text
    assert "示意 乙" in told and "guiju-desk" not in told
    for path, status, code in ((f"{GB}/try/report.exe?{values}", 422, "format-unknown"), (f"{GB}/try/report.pdf?curb_mass=abc", 422, "not-a-number"),
                               (f"{GB}/records/gone/report.pdf", 410, "records-gone"), ("/standards/none/try/report.pdf", 404, "unknown-standard")):  # fmt: skip
        answer = client.get(path)
        assert (answer.status_code, code in answer.text) == (status, True), answer.text
