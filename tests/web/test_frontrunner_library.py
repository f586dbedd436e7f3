"""Libraries in a real browser: nothing there, a dry run, kept, told what is wrong; nothing that axe finds, at both widths."""

from __future__ import annotations

from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from library_cases import as_workbook, tables


def clean(page: Page, axe: Axe) -> None:
    for width in (390, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        found = axe.run(page)
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def send(page: Page, file: Path, dry: bool = False) -> None:
    page.goto("/frontrunners/library")
    page.set_input_files("#file", file)
    page.fill("#name", "示意库")
    if dry:
        page.check("input[name=dry]")
    page.click("form.drop button")


def test_a_library_is_tried_kept_and_corrected(page: Page, tmp_path: Path, axe: Axe) -> None:
    given = tables()
    good = as_workbook(given, tmp_path / "good.xlsx")
    given["产品"][1][1] = "nobody"
    bad = as_workbook(given, tmp_path / "bad.xlsx")
    page.goto("/frontrunners/library")
    clean(page, axe)
    send(page, good, dry=True)
    expect(page.get_by_role("heading", name="试运行：示意库")).to_be_visible()
    clean(page, axe)
    send(page, good)
    expect(page.get_by_role("heading", level=1)).to_contain_text("示意库")
    expect(page.get_by_role("heading", name="各版")).to_be_visible()
    clean(page, axe)
    send(page, bad)
    expect(page.get_by_text("library-refused")).to_be_visible()
    clean(page, axe)
    page.goto("/frontrunners/library")
    expect(page.locator("table.kept tbody tr").filter(has_text="示意库").locator("td.n").first).to_have_text("1")
