"""One workbench for all tests of pages: the real application behind a real socket."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from serving import serving


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a workbench that `guiju serve` runs, in single-user mode."""
    with serving(tmp_path_factory.mktemp("workbench")) as (address, _, _):
        yield address


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
