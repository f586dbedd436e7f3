"""What a page weighs and when it is first seen: every main page in Chromium, from a workbench on this machine, nothing cached.

    python benchmarks/pages.py [ADDRESS]      default: starts `guiju serve` on a free port and ends it

Weight is what goes over the wire with all the page needs, first paint is the browser's own, the median of several visits. The budget is 150 kB
and one second; a page above either is marked. Needs the test dependencies and the program `chromium`.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

GB = "/standards/GB-36980.1-2025"
VALUES = "category=M1&powertrain=bev&max_mass=2200&curb_mass=1780&consumption=14.1"
PAGES = {
    "home": "/", "library": "/standards", "standard": GB, "longest standard": "/standards/GB-38031-2025", "try": f"{GB}/try", "tried": f"{GB}/try?{VALUES}",
    "check a file": f"{GB}/records", "compare": "/compare", "compared regions": "/compare?with=CN-32&with=CN-33&row=1",
    "changes": "/standards/GB-T-19056-2021/changes?from=GB-T-19056-2012", "edit": f"{GB}/edit", "editions": "/editions",
    "audit": "/audit", "jobs": "/jobs", "administration": "/admin",
}  # fmt: skip
KILOBYTES_MAX, MS_MAX, VISITS = 150, 1000, 5


@contextmanager
def workbench() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        words = [sys.executable, "-m", "guiju", "serve", "--examples", "--port", "0", "--data", f"{folder}/store"]
        with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
            try:
                assert server.stdout is not None
                yield next(found[0] for line in server.stdout if (found := re.search(r"http://\S+", line)))
            finally:
                server.send_signal(signal.SIGTERM)


def visited(browser: Browser, address: str, path: str) -> tuple[int, float, int]:
    """(bytes over the wire, first paint in ms, status) of one visit with nothing cached."""
    context = browser.new_context(base_url=address, viewport={"width": 1440, "height": 900})
    page, weights = context.new_page(), list[int]()
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.on("Network.loadingFinished", lambda told: weights.append(int(told["encodedDataLength"])))
    answer = page.goto(path, wait_until="networkidle")
    assert answer is not None
    paint = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN")
    context.close()
    return sum(weights), float(paint), answer.status


def measure(browser: Browser, address: str) -> None:
    print(f"{'page':20} {'kB':>7} {'first paint, ms':>16}")
    for name, path in PAGES.items():
        for _ in range(60):  # what is proved first is waited for; the page is measured once it is there
            weight, _, status = visited(browser, address, path)
            if status != 202:
                break
        if status == 404:
            continue
        found = [visited(browser, address, path) for _ in range(VISITS)]
        weight, paint = max(each[0] for each in found) / 1000, statistics.median(each[1] for each in found)
        print(f"{name:20} {weight:7.1f} {paint:16.0f}{'  ! over' if weight > KILOBYTES_MAX or paint > MS_MAX else ''}")


if __name__ == "__main__":
    chromium = next((found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None)
    if chromium is None:
        sys.exit("needs Chromium (the program `chromium`)")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"] if os.name == "posix" and os.geteuid() == 0 else [])
        if len(sys.argv) > 1:
            measure(started, sys.argv[1])
        else:
            with workbench() as here:
                measure(started, here)
        started.close()
