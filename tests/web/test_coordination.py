"""Coordination in a real browser: a proposal is made, read, and opened in the editor; the worked example; all of it without scripts."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, Page, expect


def test_a_proposal_is_asked_for_read_and_opened_in_the_editor(page: Page) -> None:
    page.goto("/coordination")
    page.get_by_role("link", name="协调提案").click()
    page.get_by_label("标准或地区 1").fill("江苏")
    page.get_by_label("标准或地区 2").fill("浙江")
    page.get_by_label("地区：只看这类对象").fill("road.smart")
    page.get_by_role("button", name="提出").click()
    expect(page.locator(".change-counts")).to_contain_text("46/46", timeout=90_000)
    expect(page).to_have_url(re.compile("/harmonise\\?with="))
    page.get_by_role("link", name="谁要改什么", exact=True).click()
    expect(page.locator("#section-2")).to_be_in_viewport()
    page.get_by_role("link", name="提案全文").click()
    expect(page.locator(".check-sum.good")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="standard.yaml").click()
    assert download.value.suggested_filename == "standard.yaml"
    page.get_by_role("button", name="在编辑器里打开").click()
    expect(page.locator(".check-sum.good")).to_be_visible()
    assert page.locator("#text").input_value().startswith("guiju: 1")


def test_the_worked_example_is_a_click_away_and_the_pdf_two(page: Page) -> None:
    page.goto("/recognise")
    page.get_by_role("link", name="行驶记录仪：符合国家标准，各地是否都够").click()
    expect(page.locator(".change-counts")).to_contain_text("1/3", timeout=90_000)
    expect(page.locator(".paper .note.illustrative").first).to_contain_text("示意甲")
    with page.expect_download() as download:
        page.get_by_role("link", name="PDF").click()
    assert download.value.path().read_bytes().startswith(b"%PDF")


def test_a_cell_of_the_map_opens_by_keyboard(page: Page) -> None:
    page.goto("/map")
    cell = page.locator("table.map summary").first
    cell.focus()
    page.keyboard.press("Enter")
    expect(page.locator("table.map details[open] li").first).to_be_visible()


def test_without_scripts_a_plan_is_made_and_a_guide_is_read(browser: Browser, site: str) -> None:
    context = browser.new_context(base_url=site, locale="en-GB", java_script_enabled=False)
    page = context.new_page()
    page.goto("/testplan")
    page.get_by_label("Region 1").fill("Jiangsu")
    page.get_by_label("Subject 1").fill("recorder")
    page.get_by_role("button", name="Plan", exact=True).click()
    expect(page.locator(".change-counts")).to_contain_text("tests", timeout=90_000)
    expect(page.locator(".plot.plan.wide")).to_be_visible()
    page.goto("/guide")
    page.get_by_label("Market").fill("Jiangsu")
    page.get_by_label("Product: type of subject").fill("road")
    page.get_by_role("button", name="Make the guide").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Market guide: Jiangsu")
    page.get_by_role("link", name="Calendar").click()
    expect(page).to_have_url(re.compile("#section-"))
    context.close()
