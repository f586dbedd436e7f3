"""Pages of the process, where people sign in: what each sees, what axe finds, and a laboratory's sheet filled in by keyboard."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext

from verifying import ITEM, WHY

TESTS = Path(__file__).resolve().parents[1]


class Site:
    def __init__(self, address: str, told: dict[str, dict[str, str]]) -> None:
        self.address, self.sessions, self.projects = address, told["sessions"], told["projects"]

    def at(self, name: str, tail: str = "") -> str:
        return f"/verifications/{self.projects[name]}{tail}"

    def client(self, who: str = "") -> httpx.Client:
        cookies = {"guiju": self.sessions[who]} if who else {}
        headers = {"accept": "text/html", "sec-fetch-site": "same-origin"}
        return httpx.Client(base_url=self.address, cookies=cookies, headers=headers, timeout=60)


@pytest.fixture(scope="module")
def verifying(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A workbench where people sign in, with verifications in every state worth a look."""
    folder = tmp_path_factory.mktemp("verifying")
    filled = subprocess.run([sys.executable, str(TESTS / "verification_site.py"), str(folder / "store")], capture_output=True, check=False,
                            env={**os.environ, "PYTHONPATH": os.pathsep.join([str(TESTS), *sys.path])})  # fmt: skip
    assert filled.returncode == 0, filled.stderr.decode()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "guiju", "serve", "--port", str(port), "--data", str(folder / "store")]
    environment = {**os.environ, "GUIJU_LOGIN": "yes", "GUIJU_JOBS": "no", "GUIJU_PER_MINUTE": "100000"}
    with (folder / "log").open("wb") as log, subprocess.Popen(command, stdout=log, stderr=log, env=environment) as server:
        try:
            for _ in range(2400):
                assert server.poll() is None, (folder / "log").read_text("utf-8")
                if _answers(address):
                    break
                time.sleep(0.05)
            yield Site(address, json.loads(filled.stdout))
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(60)


def _answers(address: str) -> bool:
    try:
        return httpx.get(f"{address}/healthz", timeout=60).status_code == 200
    except httpx.HTTPError:
        return False


PAGES = {
    "register": ("", "/points"), "searched": ("", "/points?q=zzz"), "point": ("", "/points/EX-GD"), "real point": ("", "/points/XIHARI"),
    "match": ("", "/standards/GB-36980.1-2025/points"), "no match": ("", "/standards/GB-38031-2025/points"), "list": ("planner", "/verifications"),
    "nobody's list": ("", "/verifications"), "no such point": ("", "/points/none"),
    "demanded": ("planner", "demanded"), "accepted": ("planner", "accepted"), "called, run": ("chief", "called"), "called, lab": ("lab1", "called"),
    "running, run": ("chief", "running"), "running, lab": ("lab2", "running"), "sheet": ("lab1", "running/orders/1"),
    "sheet, submitted": ("lab2", "running/orders/2"), "labels": ("lab1", "running/labels"), "labels, key": ("keeper", "running/labels"),
    "lifted": ("second", "lifted"), "analysed": ("second", "analysed"), "to conclude": ("planner", "analysed"), "concluded": ("", "concluded"),
    "not theirs": ("outsider", "running"),
}  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_and_nothing_is_inline(verifying: Site, browser: Browser, axe: Axe, name: str) -> None:
    who, place = PAGES[name]
    project, _, tail = place.partition("/")
    path = place if place.startswith("/") else verifying.at(project, f"/{tail}" if tail else "")
    with verifying.client(who) as client:
        for language in ("zh", "en"):
            answer = client.get(path, headers={"accept-language": language})
            assert answer.status_code < 500 and len(answer.content) <= 150 * 1024
            assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)|javascript:", answer.text)
            assert re.findall(r'name="viewport"', answer.text) and "{{" not in answer.text
    for width, locale, scheme in ((1440, "zh-CN", "light"), (390, "en-GB", "dark")):
        with _context(verifying, browser, who, {"viewport": {"width": width, "height": 900}, "locale": locale, "color_scheme": scheme}) as context:
            page = context.new_page()
            page.goto(path)
            found = axe.run(page)
            assert found.violations_count == 0, found.generate_report()
            assert page.evaluate("document.documentElement.scrollWidth") <= width


def _context(site: Site, browser: Browser, who: str, settings: dict[str, Any]) -> BrowserContext:
    made = browser.new_context(base_url=site.address, **settings)
    made.set_default_timeout(120_000)
    if who:
        made.add_cookies([{"name": "guiju", "value": site.sessions[who], "url": site.address}])
    return made


def test_a_laboratory_fills_in_its_sheet(verifying: Site, browser: Browser) -> None:
    """A wrong cell is marked while one types and nothing is kept; a sheet pasted from a spreadsheet is submitted, and then nothing can be changed."""
    with _context(verifying, browser, "lab3", {"locale": "zh-CN"}) as context:
        page = context.new_page()
        page.goto(verifying.at("running", "/orders/3"))
        codes = page.locator("code.blind").all_inner_texts()
        page.get_by_label(f"{codes[0]} 电能消耗量").fill("14.1 kg")
        page.locator("#checked .said li").first.wait_for()
        assert "kg" in page.locator("#checked").inner_text() and f"0/{len(codes)}" in page.locator("h1").inner_text()
        page.get_by_role("button", name="提交").click()
        page.locator(".problems").wait_for()
        assert page.locator("input[aria-invalid=true]").count() == len(codes), "the wrong unit, and what is missing without a note"
        page.get_by_text("从电子表格粘贴").click()
        page.locator("#pasted").fill("\n".join(f"{code}\t14.{n}0\t" for n, code in enumerate(codes)))
        page.get_by_role("button", name="填入表中").click()
        page.locator(".check-sum.good").wait_for()
        page.get_by_role("button", name="提交").click()
        page.get_by_text("已提交，不能再改").wait_for()
        assert page.locator("input[name^=cell]").count() == 0


def test_forms_take_a_demand_to_a_plan(verifying: Site) -> None:
    with verifying.client("firm") as firm:
        wrong = firm.post("/verifications", data={"standard": "GB 36980.1-2025", "stage": "drafting", "reason": ""})
        assert wrong.status_code == 422 and "process-unsaid" in wrong.text
        made = firm.post("/verifications", data={"standard": "GB 36980.1-2025", "stage": "drafting", "reason": "<b>示意</b>"})
        assert made.status_code == 303
        place = made.headers["location"]
        assert "&lt;b&gt;示意" in firm.get(place).text and firm.post(place, data={"act": "accept", "judgement": "x"}).status_code == 403
    with verifying.client("planner") as planner:
        assert planner.post(place, data={"act": "accept", "judgement": "可以"}).status_code == 303
        wrong = planner.post(place, data={"act": "plan", "how/R1": "experiment", "levels": "", "gamma": "x"})
        assert wrong.status_code == 422 and "point-number" in wrong.text
        wrong = planner.post(place, data={"act": "plan", "how/R1": "none", "levels": ""})
        assert wrong.status_code == 422 and "process-clause-reason" in wrong.text and "process-nothing" in wrong.text
        assert planner.post(place, data={"act": "plan", "how/R1": "experiment", "levels": "甲\n乙", "within_R": "0.6"}).status_code == 303
        assert "6 个实验室" in planner.get(place, headers={"accept-language": "zh"}).text and planner.post(place, data={"act": "fly"}).status_code == 422
        assert planner.get(f"{place}.json").json()["state"] == "planned"
    with verifying.client("assessor") as assessor:
        assert assessor.post(place, data={"act": "approve", "opinion": "够"}).status_code == 303
    with verifying.client("chief") as chief:
        assert chief.post(place, data={"act": "call", "text": "征集", "until": "2026-12-31"}).status_code == 303
    with verifying.client("lab1") as lab:
        assert lab.post(place, data={"act": "apply", "point": "P1/drum"}).status_code == 303
        assert lab.post(place, data={"act": "withdraw", "application": "1"}).status_code == 303
    with verifying.client("chief") as chief:
        few = chief.post(place, data={"act": "assign", "application": ["1"], "key_holder": "nobody"})
        assert few.status_code == 422 and "process-key-holder" in few.text


def test_forms_take_results_to_the_archive(verifying: Site) -> None:
    place = verifying.at("lifted")
    with verifying.client("planner") as planner, verifying.client("second") as second, verifying.client("chief") as chief:
        said = {"act": "exclude", "item": ITEM, "lab": "L01", "level": "A", "replicate": "1", "reason": "示意"}
        assert planner.post(place, data=said).status_code == 303
        assert planner.post(place, data={"act": "confirm", "exclusion": "1"}).status_code == 403, "a second person confirms"
        assert second.post(place, data={"act": "confirm", "exclusion": "1"}).status_code == 303
        assert planner.post(place, data={"act": "analyse", "edition": "ISO 5725-2:2019"}).status_code == 303
        assert planner.post(place, data={"act": "conclude", "verdict/R1/scientific": "not-verified"}).status_code == 422
        text = planner.get(place).text
        assert "由证据算得" in text or "建议：" in text
        bare = planner.post(place, data={"act": "conclude", "verdict/R1/scientific": "pass", "text": "示意结论"})
        assert bare.status_code == 422 and "process-differs" in bare.text and "增加实验室重做协同试验" in bare.text
        said = {"act": "conclude", "verdict/R1/scientific": "pass", "ground/R1/scientific": WHY, "text": "示意结论"}
        assert planner.post(place, data=said).status_code == 303
        assert chief.post(place, data={"act": "archive"}).status_code == 303
    with verifying.client() as anybody:
        text = anybody.get(place).text
        assert WHY in text and "增加实验室重做协同试验" in text and "twin SHA-256" in text
        assert "示意结论" in text and "虚设" in text and "示意·" not in text


def test_what_is_blind_is_on_no_page(verifying: Site) -> None:
    with verifying.client("keeper") as keeper:
        codes = re.findall(r'label-code">(\w+)<', keeper.get(verifying.at("running", "/labels")).text)
    assert len(codes) == 24
    with verifying.client("lab2") as lab:
        own = re.findall(r'label-code">(\w+)<', lab.get(verifying.at("running", "/labels")).text)
    for who in ("chief", "planner", "lab1", "lab2", "firm"):
        with verifying.client(who) as client:
            text = client.get(verifying.at("running")).text + client.get(verifying.at("running", ".json")).text
        foreign = [code for code in codes if code in text and not (who == "lab2" and code in own)]
        assert not foreign or (who == "lab1" and len(foreign) == 6 and not set(foreign) & set(own))
    with verifying.client("lab1") as lab:
        assert lab.get(verifying.at("running", "/orders/2")).status_code == 404
    with verifying.client() as nobody:
        assert nobody.get(verifying.at("running", "/labels")).status_code == 401
