"""The verification of a standard on its pages: from the text alone, with studies and products brought, and as files."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

GB = "GB-36980.1-2025"
URL = f"/standards/{GB}/verification"
EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
VERIFY = EXAMPLES / "verify"


@pytest.fixture
def client(site: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=site, timeout=60, headers={"Accept-Language": "en"}) as made:
        yield made


def waited(client: httpx.Client, url: str) -> httpx.Response:
    """The page once it is computed: until then it says how far it is, and looks again by itself."""
    until = time.monotonic() + 120
    while True:
        found = client.get(url)
        if found.status_code != 202:
            return found
        assert found.headers["refresh"] == "2" and 'role="status"' in found.text and time.monotonic() < until
        time.sleep(0.3)


def posted(client: httpx.Client, files: dict[str, tuple[str, bytes]], **fields: str) -> httpx.Response:
    return client.post(URL, files=files or {"study": ("", b"")}, data=fields)


def full() -> dict[str, tuple[str, bytes]]:
    files = {"study": VERIFY / "consumption.study.yaml", "results": VERIFY / "study.csv", "exclusions": VERIFY / "exclusions.yaml",
             "records": EXAMPLES / "vehicles.csv", "mapping": EXAMPLES / "vehicles.mapping.yaml"}  # fmt: skip
    return {part: (path.name, path.read_bytes()) for part, path in files.items()}


def test_the_text_alone_shows_what_can_be_shown_and_says_what_is_lacking(page: Page) -> None:
    page.goto(f"/standards/{GB}")
    page.get_by_role("link", name="标准验证").click()
    expect(page.locator(".outcomes")).to_be_visible(timeout=90_000)
    expect(page.locator(".outcomes")).to_contain_text("未验证")
    expect(page.locator("main")).to_contain_text("没有「电能消耗量（CLTC）」的精密度研究")
    expect(page.locator("main")).to_contain_text("未验证，因为")


def test_the_bundled_examples_make_a_dossier_that_can_be_taken_along(page: Page, client: httpx.Client, browser: Browser, site: str, axe: Axe) -> None:
    page.goto(URL)
    page.get_by_role("button", name="用自带的例子").click(timeout=90_000)
    expect(page.locator("#study-1")).to_be_visible(timeout=90_000)
    expect(page.locator(".note.warn")).to_contain_text("示意")
    digest = page.locator("code", has_text=re.compile("^[0-9a-f]{16}$")).first.inner_text()
    twin = json.loads(client.get(f"{page.url.split('?')[0]}.json").content)
    assert twin["sha256"].startswith(digest) and twin["illustrative"] is True
    for ending, begins in (("pdf", b"%PDF"), ("docx", b"PK"), ("xlsx", b"PK"), ("html", b"<!doctype")):
        made = client.get(f"{page.url.split('?')[0]}.{ending}")
        assert made.status_code == 200 and made.content.startswith(begins) and "attachment" in made.headers["content-disposition"]
    page.locator(".concluded summary").first.click()
    link = page.locator(".concluded details[open] a").first
    link.click()
    assert page.locator(f'[id="{page.url.split("#")[1]}"]').is_visible()
    for width in (1440, 390):
        context = browser.new_context(base_url=site, locale="en", viewport={"width": width, "height": 900})
        other = context.new_page()
        other.goto(page.url.split("#")[0] + "?lang=en")
        expect(other.locator("#study-1")).to_be_visible(timeout=60_000)
        assert other.evaluate("document.documentElement.scrollWidth") <= width
        found = axe.run(other)
        assert found.violations_count == 0, found.generate_report()
        context.close()


def test_files_that_are_brought_give_what_the_command_line_gives(client: httpx.Client) -> None:
    from guiju.standard.shelf import Shelf
    from guiju.verify.dossier.assembled import Given, verify_standard

    leads = posted(client, full())
    assert leads.status_code == 303 and leads.headers["location"].startswith(f"{URL}/")
    at = leads.headers["location"]
    assert waited(client, at).status_code == 200
    twin = json.loads(client.get(f"{at}.json").content)
    given = Given(GB, (VERIFY / "consumption.study.yaml",), (EXAMPLES / "vehicles.csv",), (EXAMPLES / "vehicles.mapping.yaml",), seconds=120)
    own, _ = verify_standard(Shelf(), given)
    assert {e["id"]: e["value"] for e in twin["evidence"]} == {e.id: e.value for e in own.evidence}
    assert [(c["subject"], c["aspect"], c["outcome"]) for c in twin["conclusions"]] == [(c.subject, c.aspect, c.outcome) for c in own.conclusions]


def test_what_is_wrong_with_a_file_is_told_beside_the_form(client: httpx.Client) -> None:
    waited(client, URL)
    nothing = posted(client, {})
    assert nothing.status_code == 422 and "records-not-given" in nothing.text
    study = full()["study"][1].decode()
    for text, code in ((study.replace("nev.electricity.cltc", "nev.electricity.cltx"), "unknown-property"),
                       (study.replace("data: study.csv", "data: ../../../../etc/passwd"), "dossier-file-outside"),
                       (study.replace("data: study.csv", "data: /etc/passwd"), "dossier-file-outside"),
                       (study.replace("data: study.csv", "data: other.csv"), "file-missing")):  # fmt: skip
        told = posted(client, full() | {"study": ("s.yaml", text.encode())})
        assert told.status_code == 422 and code in told.text and "guiju-dossier-" not in told.text
    broken = posted(client, {"criteria": ("c.yaml", b"criteria: [")})
    found = waited(client, broken.headers["location"])
    assert found.status_code == 422 and "guiju-dossier-" not in found.text


def test_a_dossier_that_is_gone_or_of_another_standard_says_so(client: httpx.Client) -> None:
    at = posted(client, full()).headers["location"]
    assert "records-gone" in client.get(f"{URL}/nowhere").text
    other = at.replace(GB, "GB-46519-2025")
    assert "records-gone" in client.get(other).text and "report-format" in client.get(f"{URL}.exe").text
    assert client.get("/standards/nothing/verification").status_code == 404


@pytest.mark.parametrize("number", ["T-CSAE-157-2020", "DB33-T-1312-2023"])
def test_the_page_of_a_long_standard_is_small_and_tells_one_clause_at_a_time(client: httpx.Client, number: str) -> None:
    found = waited(client, f"/standards/{number}/verification")
    assert found.status_code == 200 and len(found.content) <= 150 * 1024
    assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:", found.text)
    links = [word.replace("&amp;", "&") for word in re.findall(r'href="([^"]*about=[^"]*)#about-', found.text)]
    if links:
        one = waited(client, links[-1])
        assert one.status_code == 200 and len(one.content) <= 150 * 1024 and one.text.count('class="part"') < 6
