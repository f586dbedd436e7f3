"""Front-runners in every state the demonstration has, as those see it whom it concerns: nothing axe finds, at both widths, in both languages; what
anybody does without an account is done with the keyboard alone."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from serving import serving

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Site:
    address: str
    held: dict[str, dict[str, str]]

    def context(self, browser: Browser, width: int, locale: str, who: str) -> BrowserContext:
        settings: dict[str, Any] = {"viewport": {"width": width, "height": 900}, "locale": locale}
        made = browser.new_context(base_url=self.address, **settings)
        made.set_default_timeout(60_000)
        if who:
            made.add_cookies([{"name": "guiju", "value": self.held["sessions"][who], "url": self.address}])
        return made


@pytest.fixture(scope="module")
def states(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("states")
    said = subprocess.run([sys.executable, "certifying_site.py", str(folder / "store")], cwd=ROOT, capture_output=True, text=True, check=True)
    with serving(folder, GUIJU_LOGIN="1", GUIJU_PER_MINUTE="100000") as (address, _, _):
        yield Site(address, json.loads(said.stdout))


def paths(held: dict[str, dict[str, str]]) -> list[tuple[str, str]]:
    """(who looks, page)"""
    cycles, certificates = held["cycles"], held["certificates"]
    found = [("", "/frontrunners"), ("", "/frontrunners?show=all"), ("", "/frontrunners?from=x"), ("", "/frontrunners/cycles"), ("", "/frontrunners/claims"),
             ("", "/frontrunners/verify"), ("", "/frontrunners/boards"), ("operator", "/frontrunners/cycles"), ("jia", "/frontrunners/certificates/apply"),
             ("operator", "/frontrunners/certifications"), ("jia", "/frontrunners/certifications"), ("", "/frontrunners/certificates/none")]  # fmt: skip
    found += [("", f"/frontrunners/cycles/{cycles[name]}/objections") for name in ("open", "publicity", "published")]
    for name, id_ in cycles.items():
        found += [(who, f"/frontrunners/cycles/{id_}") for who in ("second", "jia", "") if name != "proposed" or who == "second"]
    for name, id_ in certificates.items():
        found += [(who, f"/frontrunners/certificates/{id_}/process") for who in ("reviewer", "jia")]
        found += [("", f"/frontrunners/certificates/{id_}")] if name in ("issued", "suspended") else []
    return found


@pytest.mark.parametrize(("width", "locale"), [(1440, "zh-CN"), (390, "en-GB")])
def test_axe_finds_nothing_in_any_state_and_no_page_is_wider_than_its_screen(browser: Browser, states: Site, width: int, locale: str) -> None:
    wrong = []
    for who in ("", "second", "jia", "operator", "reviewer"):
        context = states.context(browser, width, locale, who)
        page = context.new_page()
        for by, path in paths(states.held):
            if by != who:
                continue
            answered = page.goto(path)
            assert answered is not None and answered.status < 500, path
            found = Axe().run(page)
            if found.violations_count:
                wrong.append(f"{path} by {who or 'anybody'}: {found.generate_report()[:1500]}")
            wide = page.evaluate("document.documentElement.scrollWidth")
            if wide > width:
                wrong.append(f"{path} by {who or 'anybody'}: {wide} px wide")
        context.close()
    assert not wrong, "\n".join(wrong)


def tab_to(page: Page, wanted: str) -> None:
    """Goes on with the tabulator until what is wanted has the focus."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("word => document.activeElement.matches(word)", wanted):
            return
    raise AssertionError(f"{wanted} is not reached by the keyboard")


def test_an_objection_is_sent_and_followed_with_the_keyboard_alone(browser: Browser, states: Site) -> None:
    context = states.context(browser, 390, "en-GB", "")
    page = context.new_page()
    page.goto(f"/frontrunners/cycles/{states.held['cycles']['open']}")
    tab_to(page, "a[href$='/objections']")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Object", exact=True)).to_be_visible()
    assert not page.locator("#website").is_visible(), "the trap is for programs alone"
    for field, text in (("#name", "Illustrative Person"), ("#contact", "person@example.org"), ("#ground", "Illustrative: no longer made")):
        tab_to(page, field)
        page.keyboard.type(text)
    tab_to(page, "form[action$='/objections'] button")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Received")).to_be_visible()
    receipt = page.locator("section[aria-labelledby=receipt] code").inner_text()
    assert receipt not in page.url and Axe().run(page).violations_count == 0
    tab_to(page, "#number")
    page.keyboard.type(receipt)
    page.keyboard.press("Enter")
    expect(page.get_by_text("to be decided")).to_be_visible()
    assert receipt not in page.url
    context.close()


def test_a_claim_is_checked_with_the_keyboard_alone(browser: Browser, states: Site) -> None:
    context = states.context(browser, 390, "en-GB", "")
    page = context.new_page()
    page.goto("/frontrunners/claims")
    tab_to(page, "textarea[name=text]")
    page.keyboard.type("J1 best in class")
    tab_to(page, "main form button")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("unverifiable")
    context.close()


def test_what_is_printed_has_no_forms_and_no_navigation(browser: Browser, states: Site) -> None:
    context = states.context(browser, 1440, "en-GB", "")
    page = context.new_page()
    page.emulate_media(media="print")
    for path in (f"/frontrunners/certificates/{states.held['certificates']['issued']}", f"/frontrunners/cycles/{states.held['cycles']['published']}"):
        page.goto(path)
        assert page.locator("h1").first.is_visible()
        assert not any(each.is_visible() for each in page.locator(".top, .bottom, .skip").all())
    context.close()
