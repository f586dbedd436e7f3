"""Graded application and solutions in a real browser: nothing there, the matrix with its reasons, what cannot be combined; nothing that axe finds."""

from __future__ import annotations

from pathlib import Path
from zipfile import ZipFile

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from guiju.standard.shelf import data_folder

FLEET = data_folder() / "examples" / "frontrunner" / "fleet"


def clean(page: Page, axe: Axe) -> None:
    for width in (390, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        found = axe.run(page)
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_fleet_is_looked_at_by_scenario_and_combined(page: Page, tmp_path: Path, axe: Axe) -> None:
    packed = tmp_path / "fleet.zip"
    with ZipFile(packed, "w") as made:
        for path in FLEET.glob("*.csv"):
            made.write(path, path.name)
    page.goto("/frontrunners/library")
    page.set_input_files("#file", packed)
    page.fill("#name", "示意车队")
    page.click("form.drop button")
    expect(page.get_by_role("heading", level=1)).to_contain_text("示意车队")

    page.goto("/frontrunners/suitability?library=示意车队")
    page.locator(".suit-cell summary").first.click()
    expect(page.get_by_text("470 kg < 1000 kg，差 530 kg")).to_be_visible()
    clean(page, axe)
    page.select_option("#scenario", "rural")
    page.select_option("#state", "suited")
    page.get_by_role("button", name="查").click()
    expect(page.locator(".suits-list tbody tr")).to_have_count(5)
    page.goto("/frontrunners/suitability?library=示意车队&q=nothing")
    expect(page.get_by_text("没有这样的产品")).to_be_visible()
    clean(page, axe)

    page.goto("/frontrunners/solutions")
    clean(page, axe)
    for part in ("car", "charger", "service"):
        page.select_option(f"#{part}", "示意车队")
    page.get_by_role("button", name="组合").click()
    expect(page.get_by_role("heading", name="160 种组合")).to_be_visible()
    clean(page, axe)
    page.select_option("#grade", "unknown")
    page.get_by_role("button", name="组合").click()
    expect(page.get_by_text("没有这样的组合")).to_be_visible()
    clean(page, axe)
