"""Libraries in a real browser: nothing there, a dry run, kept, told what is wrong; nothing that axe finds, at both widths."""

from __future__ import annotations

import re
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from library_cases import Tables, as_csv, as_workbook, tables


def clean(page: Page, axe: Axe) -> None:
    for width in (390, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        found = axe.run(page)
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def send(page: Page, file: Path, dry: bool = False, name: str = "示意库") -> None:
    page.goto("/frontrunners/library")
    page.set_input_files("#file", file)
    page.fill("#name", name)
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


def large(given: Tables, folder: Path) -> Path:
    """A zip that unpacks to more than is imported at once."""
    given["产品"] += [[f"n{n}", *given["产品"][2][1:8], 9 + n % 700 / 100, 1400 + n % 300] for n in range(20_000)]
    as_csv(given, folder)
    with ZipFile(folder.with_suffix(".zip"), "w", ZIP_DEFLATED) as parts:
        for path in folder.iterdir():
            parts.write(path, path.name)
    return folder.with_suffix(".zip")


def test_a_large_library_is_imported_by_a_job(page: Page, tmp_path: Path, axe: Axe) -> None:
    send(page, large(tables(), tmp_path / "大库"), name="大库")
    expect(page).to_have_url(re.compile(r"/jobs/[^/]+$"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("导入标准库")
    expect(page.locator(".state.done")).to_be_visible(timeout=120_000)
    bar = page.get_by_role("progressbar")
    assert bar.get_attribute("value") == bar.get_attribute("max")
    clean(page, axe)
    page.get_by_role("link", name="看结果").click()
    expect(page.get_by_role("heading", name="质量")).to_be_visible()
    expect(page.get_by_text("library-illustrative").first).to_be_visible()
    clean(page, axe)
    page.get_by_role("link", name="看标准库").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("大库")
    expect(page.locator(".doc-facts")).to_contain_text("20,003")
    given = tables()
    given["产品"][1][1], given["标准"][1][5] = "nobody", "?"
    send(page, large(given, tmp_path / "bad"), name="大库")
    expect(page.locator(".state.failed")).to_be_visible(timeout=120_000)
    for code in ("library-reference-unknown", "library-status-missing", "library-refused"):
        expect(page.get_by_text(code).first).to_be_visible()
    clean(page, axe)
    page.goto("/frontrunners/library/大库")
    expect(page.locator(".doc-facts")).to_contain_text("第 1 版")
