"""One workbench and one Chromium for all tests of pages: the real application behind a real socket."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

CHROMIUM = next((found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a workbench that `guiju serve` runs, in single-user mode."""
    folder = tmp_path_factory.mktemp("workbench")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "guiju", "serve", "--port", str(port), "--data", str(folder / "store")]
    with (folder / "log").open("wb") as log, subprocess.Popen(command, stdout=log, stderr=log) as server:
        try:
            until = time.monotonic() + 180
            while not answers(address):
                assert server.poll() is None and time.monotonic() < until, (folder / "log").read_text("utf-8")
                time.sleep(0.1)
            yield address
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(20)


def answers(address: str) -> bool:
    try:
        return httpx.get(f"{address}/healthz").status_code == 200
    except httpx.HTTPError:
        return False


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("needs Chromium (the program `chromium`)")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"] if os.name == "posix" and os.geteuid() == 0 else [])
        yield started
        started.close()


@pytest.fixture
def context(browser: Browser, site: str) -> Iterator[BrowserContext]:
    made = browser.new_context(base_url=site, locale="zh-CN", viewport={"width": 1440, "height": 900})
    made.set_default_timeout(20_000)
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page in Chinese that fails the test where the browser complains: a blocked script or style, a broken one, a fault."""
    made, complaints = context.new_page(), []
    made.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") and "status of 4" not in said.text else None)
    made.on("pageerror", lambda error: complaints.append(str(error)))
    yield made
    assert not complaints


@pytest.fixture(scope="session")
def axe() -> Axe:
    return Axe()


@pytest.fixture
def gbk(tmp_path: Path) -> Path:
    """Ten thousand made-up cars in a CSV file as Chinese Excel writes it: every tenth exactly at the limit of 10.1, every tenth above it."""
    file = tmp_path / "示意车型.csv"
    rows = ["车辆型号,整备质量(kg),最大设计总质量(kg),CLTC电能消耗量(kWh/100km),车辆类别,动力类型"]
    for n in range(10_000):
        consumption = "" if n % 10 == 9 else "10.11" if n % 10 == 1 else "10.1"
        rows.append(f"示意{n:05d},1000,1400,{consumption},M1,纯电动")
    file.write_bytes("\r\n".join(rows).encode("gb18030"))
    return file
