"""A report on a screen: no violation that axe finds, nothing that runs over, light and dark, wide and narrow."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from every_part import every_part
from guiju.report.written import save

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.mark.parametrize(("scheme", "wide"), [("light", 1440), ("dark", 1440), ("light", 390)])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_page_has_no_violation_and_fits_the_screen(browser: Any, tmp_path: Path, scheme: str, wide: int, language: Any) -> None:
    from axe_playwright_python.sync_playwright import Axe

    path = tmp_path / "report.html"
    save(every_part("很长的一段文字" * 12 + "x" * 120, language=language), path)
    page = browser.new_page(viewport={"width": wide, "height": 900}, color_scheme=scheme)
    page.goto(path.as_uri())
    found = Axe().run(page)
    over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    page.close()
    assert found.violations_count == 0, found.generate_report()
    assert over == 0
