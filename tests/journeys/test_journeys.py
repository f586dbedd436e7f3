"""The main journeys through the workbench, as a person makes them, each looked at by axe at every stop and with no complaint of the browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from journeys.conftest import Visit
from pdf_text import text_of

GB = "GB 36980.1-2025"
Visiting = Callable[..., Visit]


def downloaded(page: Page, name: str, file: Path) -> bytes:
    """What a link gives to keep."""
    with page.expect_download() as download:
        page.get_by_role("link", name=name, exact=True).click()
    download.value.save_as(file)
    return file.read_bytes()


def joined(pages: list[str]) -> str:
    """The text of a PDF without its line ends, which may be anywhere in Chinese."""
    return re.sub(r"\s", "", "".join(pages))


def test_with_the_keyboard_alone_a_standard_is_found_and_a_product_tried(visit: Visiting) -> None:
    here = visit()
    page, keyboard = here.page, here.page.keyboard
    page.goto("/")
    keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    here.stop()
    keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()
    keyboard.type("gb36980")
    keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/standards.*q=gb36980"))
    here.stop()
    here.tab_to(page.get_by_role("link", name=re.compile(re.escape(GB))).first)
    keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("电动汽车能量消耗量限值 第1部分：乘用车")
    here.stop()
    here.tab_to(page.locator("#clause-R1 .cite").first)
    keyboard.press("Enter")
    expect(page.locator("#about-s1")).to_be_visible()
    keyboard.press("Escape")
    expect(page.locator("#about-s1")).to_be_hidden()
    page.locator("body").press("Home")
    page.goto(page.url.partition("#")[0])
    here.tab_to(page.get_by_role("link", name="试判产品", exact=True).first)
    keyboard.press("Enter")
    here.tab_to(page.get_by_role("link", name="载入第一个算例"))
    keyboard.press("Enter")
    expect(page.locator(".overall")).to_contain_text("符合")
    here.tab_to(page.get_by_label("电能消耗量（CLTC）"))
    keyboard.press("Control+A")
    keyboard.type("13.93")
    expect(page.locator(".overall.fail")).to_be_visible()
    expect(page).to_have_url(re.compile("consumption=13.93"))
    here.stop()
    assert here.stops == 4


@pytest.mark.parametrize("width", [1440, 390])
def test_a_product_is_tried_and_its_report_downloaded(visit: Visiting, width: int, tmp_path: Path) -> None:
    here = visit(width)
    page = here.page
    page.goto("/standards/GB-36980.1-2025/try")
    here.stop()
    page.get_by_role("link", name="载入第一个算例").click()
    expect(page.locator(".overall")).to_contain_text("符合")
    page.get_by_label("电能消耗量（CLTC）").fill("13.93")
    expect(page.locator(".overall.fail .flipped")).to_have_text("← ✓ 符合")
    here.stop()
    said = joined(text_of(downloaded(page, "PDF", tmp_path / "report.pdf")))
    for words in (f"评价报告：给出的值（{GB}）", "✗不符合", "13.93>13.92", "超出0.01"):
        assert words.replace(" ", "") in said, words


def test_ten_thousand_rows_of_gbk_are_judged_and_reported(visit: Visiting, gbk: Path, tmp_path: Path) -> None:
    here = visit()
    page = here.page
    page.goto("/standards/GB-36980.1-2025/records")
    here.stop()
    page.get_by_label("数据文件").set_input_files(gbk)
    page.get_by_role("button", name="判定", exact=True).click()
    expect(page.locator("tr.whole td.n")).to_have_text(["8,000", "1,000", "1,000", "0", "88.9 %"])
    here.stop()
    page.locator("tr.whole a", has_text="1,000").first.click()
    expect(page.locator(".rows tbody tr").first).to_contain_text("10.11 > 10.1 kWh/100km")
    said = joined(text_of(downloaded(page, "报告 PDF", tmp_path / "report.pdf")))
    for words in (f"评价报告：示意车型.csv（{GB}）", "8,000", "88.9%", "示意00001", "10.11>10.1"):
        assert words.replace(" ", "") in said, words
    assert "guiju-desk" not in said and str(tmp_path.parent) not in said
    page.get_by_role("link", name="总体分布").click()
    expect(page.locator(".plot .limit:visible")).to_have_count(1)
    here.stop()


def test_a_text_is_edited_published_and_put_right(visit: Visiting, site: str) -> None:
    here = visit()
    page = here.page
    page.goto("/standards/GB-T-19056-2021/edit")
    expect(page.locator(".check-sum.good")).to_be_visible()
    here.stop()
    text = page.locator("#text").input_value()
    page.locator("#text").fill(text.replace("guiju: 1", "guiju: one", 1))
    expect(page.locator(".check-sum.bad")).to_be_visible()
    here.stop()
    for turn, words in enumerate(("示意改动一", "示意改动二"), 1):
        page.locator("#text").fill(text.replace("left_out:", f"left_out:\n  - {{zh: {words}, en: made-up change {turn}}}", 1))
        expect(page.locator(".check-sum.good")).to_be_visible()
        page.get_by_role("button", name="发布", exact=True).click()
        if turn == 2:
            expect(page.locator(".problems")).to_contain_text("edition-exists")
            page.get_by_label("作为同一版本的改正").check()
            page.get_by_role("button", name="发布", exact=True).click()
            expect(page.locator(".doc-facts")).to_contain_text("第 2 版次")
        expect(page.locator("article")).to_contain_text(words)
        here.stop()
        page.goto("/standards/GB-T-19056-2021/edit")
    page.goto("/editions")
    expect(page.locator(".heads li").first).to_contain_text("GB/T 19056-2021")
    here.stop()
    entries = httpx.get(f"{site}/api/v1/audit", params={"limit": 500}).json()["entries"]
    assert [each["action"] for each in entries][-2:] == ["edition.published"] * 2
    assert httpx.get(f"{site}/api/v1/audit/chain").json()["broken"] is None


def test_two_regions_are_compared_and_the_witness_is_tried(visit: Visiting) -> None:
    here = visit()
    page = here.page
    page.goto("/compare")
    here.stop()
    page.get_by_label("一方", exact=True).fill("CN-32")
    page.get_by_label("另一方", exact=True).fill("CN-33")
    page.get_by_role("button", name="比较", exact=True).click()
    page.wait_for_selector(".matrix", timeout=180_000)
    here.stop()
    row = page.locator(".matrix tr", has_text="RSU 布设间距")
    expect(row).to_contain_text("冲突")
    row.get_by_role("link").first.click()
    witness = page.locator(".witness").first
    expect(witness).to_contain_text("1100 m")
    here.stop()
    witness.get_by_role("link", name=re.compile("试这个产品.*浙江智慧高速指南2020")).click()
    expect(page.locator(".verdicts")).to_contain_text("0.5 km ≤ 1100 m ≤ 1 km")
    here.stop()


def test_on_a_telephone_a_standard_is_found_and_read_in_english(visit: Visiting) -> None:
    here = visit(390, "en-GB")
    page = here.page
    page.goto("/")
    here.stop()
    page.get_by_label("Number or title of a standard").fill("energy consumption limits")
    page.get_by_role("button", name="Find").click()
    page.get_by_role("link", name=re.compile(re.escape(GB))).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Energy consumption limits")
    here.stop()
    page.locator("#clause-R1 .cite").first.click()
    expect(page.locator("#about-s1")).to_be_visible()


def test_without_scripts_everything_is_read(visit: Visiting, gbk: Path) -> None:
    here = visit(scripts=False)
    page = here.page
    page.goto("/")
    page.get_by_label("标准号、名称或拼音首字母").fill("nlxhlxz")
    page.get_by_role("button", name="查找").click()
    page.get_by_role("link", name=re.compile(re.escape(GB))).first.click()
    expect(page.locator("#clause-R1")).to_be_visible()
    expect(page.locator(".plot .pass:visible").first).to_be_visible()
    page.locator("#clause-R1 .cite").first.click()
    expect(page.locator("#about-s1")).to_be_visible()
    page.goto("/standards/GB-36980.1-2025/try?category=M1&powertrain=bev&max_mass=2200&curb_mass=1780&consumption=13.93")
    expect(page.locator(".overall.fail")).to_be_visible()
    page.goto("/standards/GB-36980.1-2025/records")
    page.get_by_label("数据文件").set_input_files(gbk)
    page.get_by_role("button", name="判定", exact=True).click()
    expect(page.locator("tr.whole td.n").first).to_have_text("8,000")
    page.goto("/compare?with=CN-32&with=CN-33")
    for _ in range(90):  # what is being proved looks again by itself, by a header and not by a script
        if page.locator(".matrix").count():
            break
        page.wait_for_timeout(2_000)
    expect(page.locator(".matrix tr", has_text="RSU 布设间距")).to_contain_text("冲突")
    page.goto("/editions")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
