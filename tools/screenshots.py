"""Takes the pictures of docs/workbench.md: the main pages of a running workbench, at 1440 and 390 pixels, in Chinese and English.

    python tools/screenshots.py [FOLDER]      default docs/pictures

Starts `guiju serve` on a free port and ends it. Needs the test dependencies and the program `chromium`.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
GB = "/standards/GB-36980.1-2025"
VALUES = "category=M1&powertrain=bev&max_mass=2200&curb_mass=1780"
PAGES = {
    "home": "/", "standard": GB, "try": f"{GB}/try?{VALUES}&consumption=14.1",
    "records": f"{GB}/records", "compare": "/compare?with=GB/T 19056-2012&with=GB/T 19056-2021&row=3", "edit": f"{GB}/edit",
}  # fmt: skip
SMALL = {
    "harmonise": "/harmonise?with=CN-32&with=CN-33&subject=road.smart",
    "recognise": "/recognise?passed=GB/T 19056-2021&everywhere=yes&example=recorder&tests=recorder",
    "testplan": "/testplan?in=CN-32&in=CN-33&subject=road", "map": "/map",
}  # fmt: skip
"""Pages of coordination, of which a smaller picture will do."""
SIZES = {1440: 860, 1100: 640, 390: 844}
BESIDE = ("records",)
"""Pages whose picture is of what comes after the bundled sample was taken."""
NARROW = ("standard", "try")
"""Pages shown as a telephone has them too."""


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    chromium = next((found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None)
    if chromium is None:
        sys.exit("needs Chromium (the program `chromium`)")
    with socket.socket() as free, tempfile.TemporaryDirectory() as store:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        command = [sys.executable, "-m", "guiju", "serve", "--port", str(port), "--data", f"{store}/store"]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server, sync_playwright() as playwright:
            try:
                address = f"http://127.0.0.1:{port}"
                wait_for(address)
                arguments = ["--no-sandbox"] if os.name == "posix" and os.geteuid() == 0 else []
                browser = playwright.chromium.launch(executable_path=chromium, args=arguments)
                for language in ("zh", "en"):
                    for width, height in SIZES.items():
                        take(browser, address, folder, language, width, height)
                browser.close()
            finally:
                server.send_signal(signal.SIGINT)


def wait_for(address: str) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            with urlopen(f"{address}/healthz"):
                return
        except URLError:
            time.sleep(0.2)
    sys.exit("the workbench did not start")


def take(browser: Browser, address: str, folder: Path, language: str, width: int, height: int) -> None:
    """All pages in one language at one size."""
    locale = "zh-CN" if language == "zh" else "en-GB"
    context = browser.new_context(base_url=address, locale=locale, viewport={"width": width, "height": height}, color_scheme="light")
    page = context.new_page()
    for name, path in (SMALL if width == 1100 else PAGES).items():
        if width < 1000 and name not in NARROW:
            continue
        page.goto(path)
        if name in BESIDE:
            page.locator("button[name=sample]").click()
        settle(page)
        page.evaluate("scrollTo(0, 0)")  # a browser that looked again keeps the place it had
        page.screenshot(path=folder / f"{name}-{width}-{language}.png")
    context.close()


def settle(page: Page) -> None:
    """Waits for the network, and for what is still being proved."""
    page.wait_for_load_state("networkidle")
    for _ in range(60):
        if page.locator("h1").count() and page.locator("progress, h1:has-text('正在逐项证明'), h1:has-text('Proving')").count() == 0:
            return
        page.wait_for_timeout(1000)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "pictures")
