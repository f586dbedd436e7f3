"""Boards in a real browser: asked for in the form, without a script too, run, looked at and compared; nothing that axe finds, at both widths."""

from __future__ import annotations

from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect


def clean(page: Page, axe: Axe) -> None:
    for width in (390, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        found = axe.run(page)
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def asked(page: Page, day: str) -> None:
    page.get_by_role("radio", name="纯电动乘用车").check()
    page.select_option("#field-library", "榜单示意库")
    page.fill("#field-on", day)


def test_boards_are_asked_for_run_and_compared(page: Page, tmp_path: Path, axe: Axe, browser: Browser, site: str) -> None:
    page.goto("/frontrunners/library")
    page.set_input_files("#file", packed(tmp_path))
    page.fill("#name", "榜单示意库")
    page.click("form.drop button")
    page.get_by_role("link", name="用这一版运行排行").click()
    expect(page.locator("#field-library")).to_have_value("榜单示意库")
    clean(page, axe)

    asked(page, "2026-06-01")
    page.get_by_role("button", name="先看会比较什么").click()
    expect(page.get_by_role("heading", name="会比较什么")).to_be_visible()
    expect(page.locator("#field-on")).to_have_value("2026-06-01")
    clean(page, axe)

    plain = browser.new_context(base_url=site, locale="zh-CN", java_script_enabled=False)
    without = plain.new_page()
    for day in ("2026-06-01", "2026-08-01"):
        without.goto("/frontrunners/boards/new")
        asked(without, day)
        without.get_by_role("button", name="运行", exact=True).click()
        assert "/jobs/" in without.url
    job = without.url
    plain.close()

    page.goto(job)
    page.get_by_role("link", name="看结果").click(timeout=180_000)
    page.get_by_role("link", name="看排行榜").click()
    expect(page.get_by_text("示例甲汽车有限公司").first).to_be_visible()
    clean(page, axe)
    page.get_by_role("link", name="动态调整").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("动态调整")
    clean(page, axe)
    page.goto("/frontrunners/boards")
    expect(page.get_by_text("榜单示意库 第 1 版").first).to_be_visible()
    clean(page, axe)

    page.goto("/frontrunners/boards/new?scheme=none&library=none&look=1&on=soon")
    expect(page.get_by_text("scheme-unknown")).to_be_visible()
    clean(page, axe)


def packed(folder: Path) -> Path:
    """The example library as a zip."""
    import shutil

    return Path(shutil.make_archive(str(folder / "library"), "zip", Path(__file__).parents[2] / "examples" / "frontrunner" / "library"))
