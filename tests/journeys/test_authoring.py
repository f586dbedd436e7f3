"""Levels from the proposal to the published standard and the boards by it, in the browser, once on SQLite and once on PostgreSQL: derived from a
kept library, out for comments, answered, approved by a second person, published, found on the workbench's shelf, used by a scheme. All made up."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from certifying import Clock, library_folder, people, shelf
from guiju.frontrunner.authoring.consultation import consultations
from guiju.frontrunner.library.kept import bring
from guiju.standard.shelf import data_folder
from guiju.store.access import begin_session
from guiju.store.database import Store, store_at
from guiju.store.editions import edition_named, program_of
from guiju.store.jobs import job_of, submit
from guiju.store.migrate import make_store
from guiju.store.people import make_account
from guiju.store.results import Request, result_of
from journeys.conftest import Visit
from serving import ENGINES, kept_in, serving, until

BASE, NUMBER, INDICATOR = "T/GUIJU 701-2026", "T/GUIJU 788-2026", "charging_level"


@dataclass(frozen=True)
class Site:
    address: str
    sessions: dict[str, str]
    reopened: Callable[[], Store]


@pytest.fixture(params=ENGINES)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Site]:
    """A workbench with a library; `guest` has an account and no role at all."""
    database = request.getfixturevalue("postgresql")() if request.param == "postgresql" else None

    def opened() -> Store:
        return store_at(database, tmp_path / "store") if database else store_at(str(tmp_path / "store"))

    store = replace(opened(), clock=Clock(datetime.now(UTC)))
    make_store(store, "test")
    of = people(store)
    make_account(store, "guest", of.organisations["outsiders"], "test", title="示意·来客")
    bring(store, "cars", library_folder(), shelf().dictionary, "test")
    sessions = {name: begin_session(store, of.by(name).id) for name in ("author", "guest", "evaluator", "reviewer")}
    store.close()
    with serving(tmp_path, *kept_in(database), GUIJU_LOGIN="1") as (address, _, _):
        yield Site(address, sessions, opened)


@pytest.fixture
def visiting(browser: Browser, place: Site, axe: Axe) -> Iterator[Callable[..., Visit]]:
    visits: list[Visit] = []

    def opened(who: str, width: int = 1440, scripts: bool = True) -> Visit:
        context = browser.new_context(base_url=place.address, locale="zh-CN", viewport={"width": width, "height": 900}, java_script_enabled=scripts)
        context.set_default_timeout(60_000)
        context.add_cookies([{"name": "guiju", "value": place.sessions[who], "url": place.address}])
        made = Visit(context.new_page(), axe, width)
        made.page.on("console", lambda said: made.complaints.append(said.text) if said.type in ("error", "warning") else None)
        made.page.on("pageerror", lambda error: made.complaints.append(str(error)))
        visits.append(made)
        return made

    yield opened
    for each in visits:
        with suppress(Exception):
            each.page.context.close()
    assert not [said for each in visits for said in each.complaints]


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def derived(here: Visit, look: Callable[[], None]) -> None:
    """From the empty workbench to the thresholds of two indicators in one draft."""
    page = here.page
    page.goto("/frontrunners/authoring")
    look()
    page.locator("select[name=library]").select_option("cars@1")
    press(page, "用这个库")
    page.locator("select[name=standard]").select_option(BASE)
    press(page, "选定")
    look()
    page.locator(f"input[value={INDICATOR}]").check()
    press(page, "选定")
    page.locator("input[name=shares]").fill("20,40,100")
    press(page, "计算")
    expect(page.locator("#t1")).to_have_value("23")
    page.locator("#t1").fill("22")
    press(page, "移动界限")
    expect(page.locator("#t1")).to_have_value("22")
    look()
    page.get_by_role("link", name="同一草案里再加一个指标").click()
    page.locator("input[value=acceleration_level]").check()
    press(page, "选定")
    page.locator("input[name=shares]").fill("20,40,100")
    press(page, "计算")
    page.locator("input[name=number]").fill(NUMBER)
    look()
    press(page, "看草案")


def test_from_a_library_to_a_published_standard_and_boards_by_it(visiting: Callable[..., Visit], place: Site) -> None:
    plain = visiting("author", width=390, scripts=False)
    derived(plain, lambda: None)
    expect(plain.page.locator("h1")).to_contain_text(NUMBER)
    author = visiting("author")
    derived(author, author.stop)
    page = author.page
    expect(page.locator("h1")).to_contain_text(NUMBER)
    page.locator("textarea[name=reason]").fill("示意：收紧充电与动力的界限")
    press(page, "提出草案，征求意见")
    author.stop()
    expect(page.locator("h1")).to_have_text(NUMBER)
    address = page.url.removeprefix(place.address)
    expect(page.get_by_role("heading", name="与现行相比")).to_be_visible()
    expect(page.get_by_text("18 min · 24 min · 30 min")).to_be_visible()

    guest = visiting("guest", width=390)
    guest.page.goto(address)
    guest.stop()
    guest.page.locator("textarea[name=text]").fill("示意：第一级太严")
    press(guest.page, "提意见")
    expect(guest.page.get_by_role("heading", name="1 · 全文")).to_be_visible()
    assert guest.page.get_by_role("button", name="送审").count() == 0, "who has no role in it does no more"

    page.goto(address)
    page.locator("select[name=verdict]").select_option("rejected")
    page.locator("article textarea[name=text]").fill("示意：由总体推得，两个产品已达到")
    press(page, "答复")
    press(page, "送审")
    reviewer = visiting("reviewer")
    reviewer.page.goto(address)
    press(reviewer.page, "通过")
    reviewer.stop()
    page.goto(address)
    with page.expect_download() as taken:
        page.get_by_role("link", name="DOCX").click()
    assert Path(taken.value.path()).stat().st_size > 5000
    press(page, "发布")
    page.get_by_role("link", name="在书架上打开").click()
    expect(page.locator("h1").first).to_be_visible()
    author.stop()
    page.goto("/frontrunners/authoring?library=cars%401")
    assert NUMBER in page.locator("select[name=standard] option").evaluate_all("all => all.map(each => each.value)"), "further levels from it"
    page.goto(f"/frontrunners/effect?library=cars%401&standard={NUMBER.replace('/', '%2F')}&indicator={INDICATOR}&raised=20,24,28")
    author.stop()
    boarded(place.reopened())


def boarded(store: Store) -> None:
    """Boards by a scheme of the standard that was published, on the library it was derived from."""
    edition = edition_named(store, NUMBER)
    (draft,) = consultations(store)
    assert draft.state == "published" and draft.content_hash == edition.content_hash and draft.basis is not None and draft.illustrative
    program, _ = program_of(store, edition)
    levels = {each["indicator"]: [level["threshold"] for level in each["levels"]] for each in draft.basis["indicators"]}
    assert levels[INDICATOR] == ["22", "28", "29"] and set(levels) == {INDICATOR, "acceleration_level"}
    text = re.sub(r"(?m)^  standard: .*$", f"  standard: {NUMBER}", (data_folder() / "schemes" / "bev-cars.yaml").read_text("utf-8"))
    work = Request("board", (edition.id,), None, {"scheme": text, "library": "cars", "revision": 1, "on": "2026-11-22"})
    job = submit(store, work, edition_organisation(store), "test")
    done = until(lambda: held if (held := job_of(store, job.id)).state in ("done", "failed") else None)
    assert done.state == "done" and done.result is not None, done.failure
    body = json.loads(result_of(store, done.result).body)["board"]
    assert body["standard"]["number"] == NUMBER == program.standard.number and body["illustrative"]
    board = next(each for each in body["boards"] if each["indicator"] == INDICATOR)
    assert [band["models"] for band in board["bands"]] == [2, 8, 1], "J1 and J2 reach 22 min; Y1 and seven others 28 min; B1 29 min"
    store.close()


def edition_organisation(store: Store) -> str:
    from guiju.store.access import first_organisation

    return first_organisation(store)
