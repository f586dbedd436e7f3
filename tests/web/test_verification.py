"""The pages of verification in a real browser: what people come for, nothing axe finds, nothing inline, no page wider than its screen."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

EXCLUDED = "xlab=5&xlevel=%E7%A4%BA%E6%84%8F+C&xreplicate=2&xreason=slip&xby=me&xon=2026-11-20"
CAR = "standard=GB-36980.1-2025&x.category=M1&x.powertrain=bev&x.max_mass=2200&x.curb_mass=1780&u.curb_mass=10&x.consumption=13.8&u.consumption=0.1"
FORMULA = "model=V%2FI&n=V&v=5&u=0.02&a=&d=normal&dof=&n=I&v=0.02&u=&a=0.0001&d=rectangular&dof="
PAGES = {
    "entry": "/verify", "study to bring": "/verify/study", "study": "/verify/study?example=study", "side by side": f"/verify/study?example=study&{EXCLUDED}",
    "exclusion wrong": "/verify/study?example=study&xlab=5&xlevel=&xreplicate=&xreason=&xby=&xon=", "robust": "/verify/study?example=study&method=Q/Hampel",
    "round to bring": "/verify/proficiency", "round": "/verify/proficiency?example=round&score=z'", "round refused": "/verify/proficiency?example=round&score=En",
    "plan": "/verify/plan?gamma=3&within_R=0.4", "no plan": "/verify/plan?gamma=3&within_R=0.02", "uncertainty": "/uncertainty",
    "formula": f"/uncertainty?{FORMULA}", "formula wrong": "/uncertainty?model=V%2FJ&n=V&v=x&u=&a=&d=normal&dof=", "worksheet": "/uncertainty?example=end-gauge",
    "standard": "/uncertainty?standard=GB-36980.1-2025", "car": f"/uncertainty?{CAR}", "decision": "/decision", "decision wrong": "/decision?value=x&u=-1",
    "rules": "/decision?value=13.8&u=0.1&high=13.92&prior=normal&p1=13.2&p2=0.4&consumer_risk=0.005", "sheet of rules": "/decision?example=limit",
}  # fmt: skip
BYTES_MAX = 150 * 1024


def ready(address: str, path: str, language: str = "zh") -> httpx.Response:
    """A page, once what is drawn for it is there."""
    for _ in range(60):
        answer = httpx.get(f"{address}{path}", headers={"Accept": "text/html", "Accept-Language": language}, timeout=60)
        if answer.status_code != 202:
            break
    return answer


@pytest.mark.parametrize("name", PAGES)
def test_a_page_of_verification_is_small_and_axe_finds_nothing(browser: Browser, site: str, axe: Axe, name: str) -> None:
    for language in ("zh", "en"):
        answer = ready(site, PAGES[name], language)
        assert answer.status_code in (200, 422) and len(answer.content) <= BYTES_MAX
        assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)|javascript:", answer.text)
    for width, locale, scheme in ((1440, "zh-CN", "light"), (390, "en-GB", "dark")):
        settings: dict[str, Any] = {"viewport": {"width": width, "height": 900}, "locale": locale, "color_scheme": scheme}
        context = browser.new_context(base_url=site, **settings)
        page = context.new_page()
        page.goto(PAGES[name])
        found = axe.run(page)
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        context.close()


def test_a_study_is_brought_looked_at_and_an_outlier_declared(page: Page, tmp_path: Path) -> None:
    rows = "实验室,水平,重复,结果\n" + "".join(f"{lab},甲,{n},{10 + lab / 50 + n / 100 + (2 if (lab, n) == (4, 2) else 0):.2f}\n" for lab in range(1, 9) for n in (1, 2, 3))
    file = tmp_path / "研究.csv"
    file.write_bytes(rows.encode("gb18030"))
    page.goto("/verify")
    page.get_by_role("link", name="精密度研究").click()
    page.get_by_label("数据文件").set_input_files(file)
    page.get_by_role("button", name="分析").click()
    expect(page.locator(".flags")).to_contain_text("** 离群值")
    expect(page.locator("svg.plot .b2:visible").first).to_be_visible()
    page.get_by_role("link", name="声明排除 4").first.click()
    row = page.locator("#exclusions tbody tr").last.locator("input")
    expect(row.first).to_have_value("4")
    for at, value in ((2, "2"), (3, "抄录错误"), (4, "某人"), (5, "2026-11-22")):
        row.nth(at).fill(value)
    page.get_by_role("button", name="计算").click()
    expect(page.get_by_role("heading", name="两个结果并列")).to_be_visible()
    expect(page.locator(".flags")).to_have_count(0)
    with page.expect_download() as download:
        page.get_by_role("link", name="PDF").click()
    saved = tmp_path / "report.pdf"
    download.value.save_as(saved)
    assert saved.read_bytes().startswith(b"%PDF")


def test_a_decision_answers_while_one_types(page: Page) -> None:
    page.goto("/decision?value=13.8&u=0.1&high=13.92")
    expect(page.locator("#outcome")).to_contain_text("合格概率 88.49 %")
    page.get_by_role("textbox", name="测得值").fill("13.92")
    expect(page.locator("#outcome")).to_contain_text("合格概率 50 %")
    expect(page).to_have_url(re.compile("value=13.92"))


def test_a_formula_of_a_standard_is_computed_from_its_example(page: Page) -> None:
    page.goto("/uncertainty")
    page.get_by_label("标准号").fill("GB 36980.1-2025")
    page.get_by_role("button", name="打开").click()
    page.locator(".load a").first.click()
    page.get_by_label("电能消耗量（CLTC）：标准不确定度 u").fill("0.05")
    page.get_by_role("button", name="计算").click()
    expect(page.locator("h2", has_text="一阶、二阶与抽样")).to_be_visible(timeout=90_000)
    expect(page.locator(".figures").first).to_contain_text("50.00 %")


def test_without_scripts_a_study_is_analysed_by_keyboard_alone(browser: Browser, site: str) -> None:
    context = browser.new_context(base_url=site, locale="en-GB", java_script_enabled=False)
    page = context.new_page()
    page.goto("/verify/study")
    page.get_by_label("Or paste a table here").focus()
    page.keyboard.insert_text("lab,level,value\n" + "".join(f"{lab},A,{10 + lab / 10 + n / 50:.2f}\n" for lab in range(1, 6) for n in (1, 2)))
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Precision", exact=True).wait_for()
    assert "table=lab" in page.url
    assert page.locator("svg.plot:visible").count() == 2
    page.locator("summary", has_text="The numbers of this drawing").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("figure table").first).to_be_visible()
    context.close()
