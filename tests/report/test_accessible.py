"""A report on a screen: no violation that axe finds, nothing that runs over, light and dark, wide and narrow."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from every_part import every_part
from guiju.report.written import save


@pytest.mark.parametrize(("scheme", "wide"), [("light", 1440), ("dark", 1440), ("light", 390)])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_page_has_no_violation_and_fits_the_screen(browser: Any, axe: Any, tmp_path: Path, scheme: str, wide: int, language: Any) -> None:
    path = tmp_path / "report.html"
    save(every_part("很长的一段文字" * 12 + "x" * 120, language=language), path)
    page = browser.new_page(viewport={"width": wide, "height": 900}, color_scheme=scheme)
    page.goto(path.as_uri())
    found = axe.run(page)
    over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    page.close()
    assert found.violations_count == 0, found.generate_report()
    assert over == 0
