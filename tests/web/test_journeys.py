"""What people come for, done in a real browser on the real standards."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

GB = "GB-36980.1-2025"
AT_THE_LIMIT = "category=M1&powertrain=bev&max_mass=2200&curb_mass=1780&consumption=13.92"


def test_a_standard_is_found_by_words_by_number_and_by_initials(page: Page) -> None:
    page.goto("/")
    page.get_by_label("标准号、名称或拼音首字母").fill("电能 能效")
    page.get_by_role("button", name="查找").click()
    expect(page.locator(".heads li")).to_have_count(0)
    for words in ("能量消耗量限值", "gb36980", "nlxhlxz"):
        page.get_by_label("标准号、名称或拼音首字母").fill(words)
        expect(page.locator(".heads .number").first).to_have_text("GB 36980.1-2025")
        expect(page).to_have_url(re.compile("q="))
    page.locator(".heads .number").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("电动汽车能量消耗量限值 第1部分：乘用车")


def test_the_slash_key_goes_to_the_search_and_filters_are_links(page: Page) -> None:
    page.goto("/standards")
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()
    page.locator(".facets a", has_text="上海").click()
    expect(page.locator(".found")).to_contain_text("5 份")
    page.locator(".facets a", has_text="上海").click()
    expect(page.locator(".found")).not_to_contain_text("5 份")


def test_a_number_leads_to_its_source_in_one_click(page: Page) -> None:
    page.goto(f"/standards/{GB}")
    expect(page.locator("#about-s1")).to_be_hidden()
    page.locator("#clause-R1 .cite").first.click()
    expect(page.locator("#about-s1")).to_be_visible()
    expect(page.locator("#about-s1")).to_contain_text("第三方转述")
    expect(page.locator(".plot .pass:visible").first).to_be_visible()
    page.get_by_role("link", name="电能消耗量限值", exact=True).first.click()
    expect(page).to_have_url(re.compile("#def-limit$"))


def test_a_product_is_tried_and_a_changed_value_shows_what_flips(page: Page) -> None:
    page.goto(f"/standards/{GB}/try")
    page.get_by_role("link", name="载入第一个算例").click()
    expect(page.locator(".overall")).to_contain_text("符合")
    page.get_by_label("电能消耗量（CLTC）").fill("13.93")
    expect(page.locator(".overall.fail .flipped")).to_have_text("← ✓ 符合")
    expect(page.locator(".flip-at")).to_contain_text("13.92")
    expect(page).to_have_url(re.compile("consumption=13.93"))
    page.get_by_label("最大设计总质量").fill("")
    expect(page.locator(".overall.undetermined")).to_be_visible()
    page.locator(".wanted a", has_text="最大设计总质量").click()
    expect(page.get_by_label("最大设计总质量")).to_be_visible()
    page.reload()
    expect(page.get_by_label("电能消耗量（CLTC）")).to_have_value("13.93")


def test_all_that_is_wrong_is_said_at_once_and_leads_to_its_field(page: Page) -> None:
    answer = page.goto(f"/standards/{GB}/try?category=M9&curb_mass=abc&consumption=13.123&max_mass=2200+m")
    assert answer is not None and answer.status == 422
    problems = page.locator(".problems")
    expect(problems).to_be_focused()
    expect(problems.locator("li")).to_have_count(4)
    problems.get_by_role("link", name=re.compile("整车整备质量")).click()
    expect(page).to_have_url(re.compile("#field-curb_mass$"))
    expect(page.locator("#field-curb_mass")).to_have_attribute("aria-invalid", "true")


def test_ten_thousand_rows_of_gbk_are_judged_and_downloaded(page: Page, gbk: Path, tmp_path: Path) -> None:
    page.goto(f"/standards/{GB}/records")
    page.get_by_label("数据文件").set_input_files(gbk)
    page.get_by_role("button", name="判定", exact=True).click()
    whole = page.locator("tr.whole td.n")
    expect(whole).to_have_text(["8,000", "1,000", "1,000", "0", "88.9 %"])
    page.locator("tr.whole a", has_text="1,000").first.click()
    expect(page.locator(".rows tbody tr")).to_have_count(50)
    expect(page.locator(".rows tbody tr").first).to_contain_text("10.11 > 10.1 kWh/100km")
    page.get_by_role("link", name="下一页").click()
    expect(page.locator(".rows tbody tr").first).to_contain_text("示意00501")
    with page.expect_download() as download:
        page.get_by_role("link", name="下载 CSV").click()
    saved = tmp_path / "verdicts.csv"
    download.value.save_as(saved)
    lines = saved.read_text("utf-8-sig").splitlines()
    assert len(lines) == 10_001 and lines[2].startswith("2,示意00001,fail,fail")
    page.get_by_role("link", name="总体分布").click()
    expect(page.locator(".plot .limit:visible")).to_have_count(1)


def test_columns_can_be_chosen_by_hand(page: Page) -> None:
    page.goto(f"/standards/{GB}/records")
    page.get_by_role("button", name=re.compile("自带的小样本")).click()
    expect(page.locator("tr.whole td.n").first).to_have_text("6")
    page.get_by_label("常数：动力类型").select_option("phev")
    page.get_by_role("button", name="按新的对应重新判定").click()
    expect(page.locator("tr.whole td.n").nth(3)).to_have_text("17")


def test_two_editions_are_compared_and_the_witness_is_tried(page: Page) -> None:
    page.goto("/compare?with=GB/T 19056-2012&with=GB/T 19056-2021")
    page.wait_for_selector(".matrix", timeout=60_000)
    row = page.locator(".matrix tr", has_text="事故疑点记录间隔")
    expect(row).to_contain_text("更严")
    row.get_by_role("link").click()
    witness = page.locator(".witness").first
    expect(witness.locator(".verdict").first).to_contain_text("符合")
    expect(witness.locator(".verdict").last).to_contain_text("不符合")
    witness.get_by_role("link", name="试这个产品 GB/T 19056-2021").click()
    expect(page.locator(".overall.fail")).to_be_visible()


def test_what_an_edition_changed_is_told(page: Page) -> None:
    page.goto("/standards/GB-T-19056-2021")
    page.locator("a[href*='changes?from=']").click()
    page.wait_for_selector(".change-counts", timeout=60_000)
    expect(page.locator(".change-counts .tightened")).to_contain_text("2")


def test_an_error_in_a_text_is_marked_while_it_is_written(page: Page) -> None:
    page.goto(f"/standards/{GB}/edit")
    expect(page.locator(".check-sum.good")).to_be_visible()
    text = page.locator("#text").input_value()
    page.locator("#text").fill(text.replace("upto: 1090 kg, value: 10.1", "upto: 1090 kg, value: 10.2"))
    expect(page.locator(".said li").first).to_contain_text("应为 10.1 kWh/100km，实为 10.2 kWh/100km")
    page.locator("#text").fill(text.replace("consumption <= limit", "consumption <= limt"))
    expect(page.locator(".said li", has_text="是不是「limit」")).to_have_count(1)
    page.locator(".said a").click()
    chosen = page.evaluate("document.getSelection().toString() || (a => a.value.slice(a.selectionStart, a.selectionEnd))(document.activeElement)")
    assert chosen == "limt"


def test_without_scripts_everything_is_read_and_done(browser: Browser, site: str) -> None:
    context = browser.new_context(base_url=site, locale="en-GB", java_script_enabled=False)
    page = context.new_page()
    page.goto("/")
    page.get_by_label("Number or title of a standard").fill("energy consumption limits")
    page.get_by_role("button", name="Find").click()
    page.get_by_role("link", name="GB 36980.1-2025").click()
    page.locator("#clause-R1 .cite").first.click()
    expect(page.locator("#about-s1")).to_be_visible()
    page.goto(f"/standards/{GB}/try")
    page.get_by_label("curb mass", exact=False).fill("1780")
    page.get_by_role("button", name="Judge").click()
    expect(page.locator(".overall")).to_contain_text("undetermined")
    page.goto(f"/standards/{GB}/records")
    page.get_by_role("button", name=re.compile("bundled sample")).click()
    expect(page.locator("tr.whole td.n").first).to_have_text("6")
    page.goto(f"/standards/{GB}/edit")
    page.locator("#text").fill("guiju: 1")
    page.get_by_role("button", name="Check", exact=True).click()
    expect(page.locator(".check-sum.bad")).to_be_visible()
    context.close()


def test_the_language_is_kept(page: Page) -> None:
    page.goto(f"/standards/{GB}/try?{AT_THE_LIMIT}")
    page.get_by_role("link", name="English").click()
    expect(page.locator(".overall")).to_contain_text("passes")
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Standards that run")
    assert page.locator("html").get_attribute("lang") == "en"


def test_a_text_is_edited_and_published_and_put_right(page: Page) -> None:
    page.goto(f"/standards/{GB}/edit")
    text = page.locator("#text").input_value()
    page.locator("#text").fill(text.replace("left_out:", "left_out:\n  - {zh: 示意改动一, en: made-up change one}"))
    page.get_by_role("button", name="发布", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("电动汽车能量消耗量限值 第1部分：乘用车")
    expect(page.locator("article")).to_contain_text("示意改动一")
    page.goto(f"/standards/{GB}/edit")
    page.locator("#text").fill(text.replace("left_out:", "left_out:\n  - {zh: 示意改动二, en: made-up change two}"))
    page.get_by_role("button", name="发布", exact=True).click()
    expect(page.locator(".problems")).to_contain_text("edition-exists")
    page.get_by_label("作为同一版本的改正").check()
    page.get_by_role("button", name="发布", exact=True).click()
    expect(page.locator(".doc-facts")).to_contain_text("第 2 版次")
    expect(page.locator("article")).to_contain_text("示意改动二")
    page.get_by_role("link", name="全部版本").click()
    expect(page.locator(".heads li").first).to_contain_text("GB 36980.1-2025")
