"""Board runs kept in the store: done once, the same again, told where it is not; on SQLite and on PostgreSQL."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from boarding import SCHEME, library_files, shelf_with
from guiju.app import kinds
from guiju.base.diagnostics import Refused
from guiju.frontrunner.board.kept import board_results, kept_boards
from guiju.frontrunner.library.kept import bring
from guiju.store.database import Store
from guiju.store.editions import Edition, make_shelf, publish
from guiju.store.files import proved
from guiju.store.jobs import job_of, submit
from guiju.store.people import organisation_named
from guiju.store.replay import replay
from guiju.store.results import Request, Result, result_of
from guiju.store.worker import Worker

CARS = [{"enterprise": f"E{at}", "standard": f"Q/{at}", "model": f"m{at}", "product": f"p{at}", **change}
        for at, change in enumerate(({}, {"range": "550"}, {"range": "390"}, {"speed": "90"}, {"density": None}))]  # fmt: skip


def published(store: Store, folder: Path) -> Edition:
    shelf = shelf_with(folder)
    into = make_shelf(store, "shipped", "test")
    for number in ("GB 36980.1-2025", "T/BOARD 1-2026"):
        path = shelf.locate(number)
        assert path is not None
        edition, _ = publish(store, shelf, path, into, "test")
    return edition


def asked(store: Store, folder: Path, **arguments: Any) -> Request:
    edition = published(store, folder)
    bring(store, "cars", library_files(folder / "library", CARS), shelf_with(folder).dictionary, "test")
    return Request("board", (edition.id,), None, {"scheme": SCHEME, "library": "cars", "revision": 1, "on": "2026-06-01", "forms": "md html",
                                                  "language": "en", **arguments})  # fmt: skip


def done(store: Store, request: Request) -> Result:
    job = submit(store, request, organisation_named(store, "local"), "test")
    Worker(store, kinds()).drain()
    held = job_of(store, job.id)
    assert held.state == "done", held.failure
    return result_of(store, held.result or "")


def test_a_board_run_is_kept_with_its_hashes_and_replays(store: Store, tmp_path: Path) -> None:
    result = done(store, asked(store, tmp_path))
    told = json.loads(result.body)
    body = told["board"]
    assert body["products"] == 5 and body["barred"] == {"basic-failed": 1}
    assert result.data_hash == body["library"] and len(told["sha256"]) == 64 and body["form"] == "library"
    again = replay(store, result.id, kinds())
    assert again.same and again.body_hash == result.body_hash
    told = proved(store, result.files[2].path, result.files[2].sha256).read_text("utf-8")
    assert "There is no order within a band" in told and "Illustrative" in told
    assert [each.id for each in board_results(store, None)] == [result.id]


def test_what_is_kept_is_read_back_as_it_was_found(store: Store, tmp_path: Path) -> None:
    result = done(store, asked(store, tmp_path))
    with kept_boards(store, result) as held:
        assert [(e.enterprise, e.models) for e in held.placed.entries(("large",), "i_range", 1)] == [
            ("E0", ("m0",)), ("E4", ("m4",))]  # fmt: skip
        assert [each.product for each in held.placed.apart(("large",), "i_range")] == ["p2"]
        (missing,) = held.placed.apart(("large",), "i_density")
        assert (missing.product, missing.reason, missing.detail) == ("p4", "missing", "density")
        assert [(each.product, each.reason, each.detail) for each in held.placed.barred()] == [("p3", "basic-failed", "4.1")]
        assert [each.enterprise for each in held.placed.overall() if each.shortlisted] == ["E0", "E1"]
        assert held.placed.overall(("large",), offset=1, limit=1)[0].enterprise == "E1"


def test_the_same_library_in_another_order_gives_the_same_boards(store: Store, tmp_path: Path) -> None:
    first = done(store, asked(store, tmp_path))
    bring(store, "again", library_files(tmp_path / "other", CARS[::-1]), shelf_with(tmp_path).dictionary, "test")
    request = replace(first.request, arguments={**first.request.arguments, "library": "again"})
    assert json.loads(done(store, request).body)["sha256"] == json.loads(first.body)["sha256"]


def test_a_newer_revision_of_the_library_leaves_the_result_as_it_is(store: Store, tmp_path: Path) -> None:
    result = done(store, asked(store, tmp_path))
    bring(store, "cars", library_files(tmp_path / "newer", CARS[:2]), shelf_with(tmp_path).dictionary, "test")
    assert replay(store, result.id, kinds()).same


def test_a_file_that_was_altered_is_told(store: Store, tmp_path: Path) -> None:
    result = done(store, asked(store, tmp_path))
    with (store.folder / result.files[0].path).open("ab") as file:
        file.write(b"x")
    with pytest.raises(Refused) as caught, kept_boards(store, result):
        pass
    assert [d.code for d in caught.value.diagnostics] == ["store-file-altered"]


@pytest.mark.parametrize(("change", "code"), [
    ({"scheme": None}, "board-argument"), ({"library": "lorries"}, "library-unknown"), ({"revision": 9}, "library-revision"),
    ({"scheme": SCHEME.replace("T/BOARD 1-2026", "T/BOARD 2-2026")}, "board-another-standard"), ({"colour": "red"}, "argument-unknown"),
    ({"scheme": SCHEME.replace("i_density: {}", "i_dense: {}")}, "scheme-indicator"), ({"rows": -1}, "report-listed"),
])  # fmt: skip
def test_what_cannot_be_boarded_ends_the_job_with_the_reason(store: Store, tmp_path: Path, change: dict[str, Any], code: str) -> None:
    job = submit(store, asked(store, tmp_path, **change), organisation_named(store, "local"), "test")
    Worker(store, kinds()).drain()
    held = job_of(store, job.id)
    assert held.state == "failed" and code in [each["code"] for each in held.failure]


def test_a_dead_reference_bars_a_standard_in_the_store_as_it_does_in_a_terminal(store: Store, tmp_path: Path) -> None:
    edition = published(store, tmp_path)
    bring(store, "old", library_files(tmp_path / "library", CARS, cites="GB 18384-2020"), shelf_with(tmp_path).dictionary, "test")
    request = Request("board", (edition.id,), None, {"scheme": SCHEME, "library": "old", "on": "2026-08-01"})
    assert json.loads(done(store, request).body)["board"]["barred"] == {"form": len(CARS)}
