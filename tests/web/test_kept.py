"""Keeping, in a real browser: a file judged as a job while its page looks again by itself; the result replayed; reports; what was published found."""

from __future__ import annotations

import re
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

GB = "GB-36980.1-2025"


def clean(page: Page, axe: Axe) -> None:
    """Nothing axe finds, and nothing wider than the screen, at both widths."""
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 900})
        found = axe.run(page)
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.set_viewport_size({"width": 1440, "height": 900})


def test_a_file_is_judged_as_a_job_and_its_result_replayed_and_reported(page: Page, gbk: Path, tmp_path: Path, axe: Axe) -> None:
    page.goto(f"/standards/{GB}/records")
    page.get_by_role("link", name="作为任务评价").click()
    expect(page.get_by_label("标准，每行一份")).to_have_value("GB 36980.1-2025")
    page.get_by_label("或上传一个文件").set_input_files(gbk)
    page.get_by_role("button", name="提交").click()
    expect(page).to_have_url(re.compile("/jobs/[0-9a-f-]+$"))
    expect(page.locator(".state.done")).to_be_visible(timeout=180_000)
    clean(page, axe)
    page.get_by_role("link", name="看结果").click()
    expect(page.locator("tr.whole td.n")).to_have_text(["8,000", "1,000", "1,000", "0", "88.9 %"])
    clean(page, axe)
    page.get_by_role("button", name="重放", exact=True).click()
    expect(page.locator(".replay .big")).to_have_text("✓ 一样", timeout=180_000)
    with page.expect_download() as download:
        page.get_by_role("link", name="逐行 CSV").click()
    saved = tmp_path / "rows.csv"
    download.value.save_as(saved)
    assert len(saved.read_text("utf-8-sig").splitlines()) == 10_001
    page.get_by_role("link", name="写成报告").click()
    page.get_by_label("PDF").uncheck()
    page.get_by_label("MD").check()
    page.get_by_role("button", name="提交").click()
    expect(page.locator(".state.done")).to_be_visible(timeout=180_000)
    page.get_by_role("link", name="看结果").click()
    expect(page.locator(".lead").first).to_contain_text("评价报告")
    page.goto("/sets")
    page.get_by_role("link", name="示意车型").first.click()
    expect(page.locator("#results ~ ul li")).to_have_count(2)
    clean(page, axe)
    page.get_by_text("改为敏感").click()
    page.get_by_role("button", name="确认").click()
    expect(page.locator("h1 .status")).to_have_text("敏感")


def test_a_published_text_stands_in_the_library(page: Page, axe: Axe) -> None:
    page.goto(f"/standards/{GB}/edit")
    text = page.locator("#text").input_value()
    page.locator("#text").fill(text.replace("GB 36980.1-2025", "Q/SY 7-2026"))
    page.get_by_role("button", name="发布", exact=True).click()
    expect(page.locator(".doc-number")).to_have_text("Q/SY 7-2026")
    page.goto("/standards?q=Q/SY 7")
    expect(page.locator(".heads .status.published")).to_have_text("发布于本站：local")
    page.locator(".heads .number").first.click()
    expect(page.locator(".doc-head")).to_contain_text("由 here（local）发布于")
    clean(page, axe)
    page.get_by_role("link", name="试判产品").first.click()
    page.get_by_role("link", name="载入第一个算例").click()
    expect(page.locator(".overall")).to_contain_text("符合")


def test_people_and_keys(page: Page, axe: Axe) -> None:
    page.goto("/admin/accounts")
    page.get_by_label("名称（登录用）").fill("wang-in-browser")
    page.get_by_label("验证人员").check()
    page.get_by_role("button", name="建立").last.click()
    expect(page.locator(".secret")).to_contain_text("/invitations/")
    clean(page, axe)
    page.get_by_role("link", name="wang-in-browser").click()
    page.get_by_text("停用这个账户").click()
    clean(page, axe)
    page.get_by_role("button", name="确认停用").click()
    expect(page.locator(".doc-facts .state.failed")).to_contain_text("已停用")
    page.goto("/account")
    page.get_by_label("新密钥的用途").fill("laboratory")
    page.get_by_role("button", name="做一个").click()
    expect(page.locator(".secret")).to_contain_text("guiju_")
    clean(page, axe)
    page.goto("/audit?action=key.")
    expect(page.locator("tbody tr").first).to_contain_text("key.made")


def test_without_scripts_a_job_is_asked_for_and_its_end_seen(browser: Browser, site: str) -> None:
    context = browser.new_context(base_url=site, locale="en-GB", java_script_enabled=False)
    page = context.new_page()
    page.goto("/jobs/new?kind=proof&standard=GB 36980.1-2025")
    page.get_by_role("button", name="Submit").click()
    expect(page.locator(".state.done")).to_be_visible(timeout=180_000)
    page.get_by_role("link", name="See the result").click()
    expect(page.locator(".answer.proved").first).to_be_visible()
    context.close()
