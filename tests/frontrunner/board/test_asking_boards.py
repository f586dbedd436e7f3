"""A board run asked for in the browser: the form, a look before, the job it becomes; on SQLite and on PostgreSQL."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest

from api_clients import BROWSER, Bench, bench
from boarding import library_files, shelf_with
from guiju.app import kinds
from guiju.frontrunner.library.kept import bring
from guiju.store.editions import make_shelf, publish
from guiju.store.jobs import job_of, jobs
from guiju.store.results import result_of
from guiju.store.worker import Worker
from store.stores import Places

WHO, NEW = "evaluator-at-first", "/frontrunners/boards/new"
CARS: list[dict[str, Any]] = [{"enterprise": f"E{at}", "standard": f"Q/{at}", "model": f"m{at}", "product": f"p{at}",
                               "curb_mass": "1100" if at < 2 else "1500"} for at in range(5)]  # fmt: skip
CARS += [{"enterprise": "E9", "standard": "Q/9", "model": "slow", "product": "p9", "speed": "90"}]


@pytest.fixture
def made(places: Places, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    """With the scheme of made-up figures beside the shelf, and its standards in the store."""
    shelf = shelf_with(tmp_path)
    monkeypatch.setenv("GUIJU_SHELVES", str(tmp_path / "standards"))
    place, files = places.words()
    database = {} if files is None else {"database": place}
    with bench(files or Path(place), whole=True, per_minute=1_000_000, **database) as found:
        path = shelf.locate("T/BOARD 1-2026")
        assert path is not None
        publish(found.store, shelf, path, make_shelf(found.store, "boards", "test"), "test")
        yield found


def brought(made: Bench, folder: Path, rows: Sequence[dict[str, Any]] = CARS, **asked: Any) -> None:
    bring(made.store, "cars", library_files(folder, rows, **asked), shelf_with(folder.parent).dictionary, "test")


def get(made: Bench, who: str | None = WHO, language: str = "en", **query: str) -> httpx.Response:
    by = made.by(who) if who else {}
    return made.client.get(NEW, params=query, headers={"accept": "text/html", "accept-language": language, **by})


def post(made: Bench, who: str = WHO, **fields: str) -> httpx.Response:
    return made.client.post(NEW, data=fields, headers={"accept": "text/html", "accept-language": "en", **BROWSER, **made.by(who)},
                            follow_redirects=False)  # fmt: skip


def test_a_look_tells_ranges_and_who_is_barred_and_keeps_nothing(made: Bench, tmp_path: Path) -> None:
    brought(made, tmp_path / "library")
    said = get(made, scheme="cars", library="cars", on="2026-06-01", look="1")
    assert said.status_code == 200
    rows = said.text.partition('id="look"')[2]
    assert ">small</th><td class=\"n\">2</td>" in rows and ">large</th><td class=\"n\">3</td>" in rows
    assert "does not meet the basic requirements: 1" in rows and "No declared standard would be barred" in rows and "Illustrative" in rows
    assert jobs(made.store) == []


def test_a_look_says_what_the_form_check_would_bar(made: Bench, tmp_path: Path) -> None:
    brought(made, tmp_path / "library", cites="GB 18384-2020")
    rows = get(made, scheme="cars", library="cars", on="2026-08-01", look="1", language="zh").text.partition('id="look"')[2]
    assert "标准没有通过形式审查：6" in rows and "6 项标准会被排除" in rows and "没有一个型号能参加比较" in rows


def test_a_run_becomes_a_job_that_leads_to_its_boards(made: Bench, tmp_path: Path) -> None:
    brought(made, tmp_path / "library")
    brought(made, tmp_path / "newer", CARS[:3])
    sent = post(made, scheme="cars", library="cars", revision="1", on="2026-06-01")
    assert sent.status_code == 303, sent.text
    Worker(made.store, kinds()).drain()
    job = job_of(made.store, sent.headers["location"].rpartition("/")[2])
    assert job.state == "done", job.failure
    body = json.loads(result_of(made.store, str(job.result)).body)["board"]
    assert body["products"] == len(CARS) and body["on"] == "2026-06-01"
    at = f"/frontrunners/boards/{job.result}"
    assert made.client.get(at, headers={"accept": "text/html", **made.by(WHO)}).status_code == 200


def test_what_is_empty_is_the_newest_revision_and_today(made: Bench, tmp_path: Path) -> None:
    brought(made, tmp_path / "library")
    brought(made, tmp_path / "newer", CARS[:3])
    sent = post(made, scheme="cars", library="cars", revision="", on="")
    arguments = job_of(made.store, sent.headers["location"].rpartition("/")[2]).request.arguments
    with made.store.reading() as connection:
        assert arguments["on"] == made.store.clock(connection).date().isoformat()
    assert arguments["revision"] == 2


def test_everything_wrong_is_said_at_once_and_what_was_typed_is_kept(made: Bench, tmp_path: Path) -> None:
    brought(made, tmp_path / "library")
    sent = post(made, scheme="trucks", library="cars", revision="7", on="tomorrow")
    assert sent.status_code in {404, 422}
    for code in ("scheme-unknown", "library-revision", "not-a-date"):
        assert f">{code}<" in sent.text
    assert 'value="tomorrow"' in sent.text and 'value="7"' in sent.text and '<option value="cars" selected' in sent.text
    none = post(made)
    assert none.text.count(">board-argument<") == 2 and jobs(made.store) == []
    assert ">library-unknown<" in get(made, scheme="cars", library="vans", look="1").text


def test_a_file_that_is_no_scheme_of_the_shelf_is_not_read(made: Bench, tmp_path: Path) -> None:
    brought(made, tmp_path / "library")
    assert ">scheme-unknown<" in post(made, scheme=str(tmp_path / "schemes" / "cars.yaml"), library="cars").text


def test_who_may_not_run_boards_is_told_who_may_and_sees_no_library(made: Bench, tmp_path: Path) -> None:
    brought(made, tmp_path / "library")
    for who in (None, "auditor-at-first"):
        said = get(made, who=who, scheme="cars", library="cars", look="1")
        assert said.status_code == 200 and "You cannot run boards" in said.text and "evaluator" in said.text
        assert "<form class=\"stacked\"" not in said.text and 'id="look"' not in said.text
    assert post(made, who="auditor-at-first", scheme="cars", library="cars").status_code == 403


def test_where_there_is_no_library_it_says_where_to_import_one(made: Bench) -> None:
    assert "/frontrunners/library" in get(made, who="operator-at-first").text.partition('class="empty"')[2].partition("</div>")[0]
    assert "Ask an operator" in get(made).text


def test_a_kept_library_and_the_list_of_boards_lead_to_the_form(made: Bench, tmp_path: Path) -> None:
    brought(made, tmp_path / "library")
    headers = {"accept": "text/html", **made.by(WHO)}
    assert f"{NEW}?library=cars&amp;revision=1" in made.client.get("/frontrunners/library/cars", headers=headers).text
    assert f'href="{NEW}"' in made.client.get("/frontrunners/boards", headers=headers).text
