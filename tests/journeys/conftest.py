"""Journeys: a person with a real Chromium before a real `guiju serve`, once on SQLite and once on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page

from serving import ENGINES, kept_in, serving

TABS_MAX = 400
"""A person with a keyboard would have given up long before."""
BYTES_MAX = 150_000
_WEIGHT = "[...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')].reduce((sum, e) => sum + e.transferSize, 0)"
"""What the page and all it is dressed with took over the wire."""
_COMPLAINT = ("error", "warning")
_WRONG_INPUT = "status of 422"
"""The browser notes that what somebody typed was refused; that is how it should be."""


@pytest.fixture(scope="session", params=ENGINES)
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a workbench with the shipped standards and examples, in single-user mode."""
    database = request.getfixturevalue("postgresql")() if request.param == "postgresql" else None
    with serving(tmp_path_factory.mktemp("workbench"), "--examples", *kept_in(database)) as (address, _, _):
        held = httpx.get(f"{address}/api/v1/record-sets").json()["record_sets"]
        assert len(held) == 3
        yield address


@dataclass
class Visit:
    """Somebody before a page. What the browser complains of is collected: a blocked script or style, a fault, a broken link."""

    page: Page
    axe: Axe
    width: int
    complaints: list[str] = field(default_factory=list)
    stops: int = 0

    def stop(self) -> None:
        """Looks around: nothing that axe finds, nothing wider than the screen, nothing heavy."""
        self.page.wait_for_load_state()
        found = self.axe.run(self.page)
        assert found.violations_count == 0, f"{self.page.url}: {found.generate_report()}"
        assert self.page.evaluate("document.documentElement.scrollWidth") <= self.width, self.page.url
        assert self.page.evaluate(_WEIGHT) <= BYTES_MAX, self.page.url
        self.stops += 1

    def tab_to(self, target: Locator) -> None:
        """Goes to an element by the tabulator key alone; where it stands must be seen."""
        for _ in range(TABS_MAX):
            self.page.keyboard.press("Tab")
            if target.evaluate("each => each === document.activeElement"):
                shown = "each => { const s = getComputedStyle(each); return s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0 }"
                assert target.evaluate(shown), "one sees where the keyboard is"
                return
        raise AssertionError(f"the keyboard does not reach {target}")


@pytest.fixture
def visit(browser: Browser, site: str, axe: Axe) -> Iterator[Callable[..., Visit]]:
    """Opens a browser of a size and language; at the end nothing may have been complained of."""
    visits: list[Visit] = []

    def visiting(width: int = 1440, locale: str = "zh-CN", scripts: bool = True) -> Visit:
        context = browser.new_context(base_url=site, locale=locale, viewport={"width": width, "height": 900}, java_script_enabled=scripts)
        context.set_default_timeout(60_000)
        made = Visit(context.new_page(), axe, width)
        made.page.on("console", lambda said: made.complaints.append(said.text) if said.type in _COMPLAINT and _WRONG_INPUT not in said.text else None)
        made.page.on("pageerror", lambda error: made.complaints.append(str(error)))
        made.page.on("requestfailed", lambda request: made.complaints.append(f"{request.url} {request.failure}") if not aborted(request) else None)
        made.page.on("request", lambda asked: made.complaints.append(asked.url) if not asked.url.startswith(site) else None)
        visits.append(made)
        return made

    yield visiting
    for each in visits:
        each.page.context.close()
    complaints = [said for each in visits for said in each.complaints]
    assert not complaints, complaints


def aborted(request: object) -> bool:
    """Whether the page itself let go of a request: a download, or an answer that came too late."""
    return "ERR_ABORTED" in str(getattr(request, "failure", ""))
