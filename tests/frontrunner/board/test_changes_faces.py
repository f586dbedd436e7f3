"""Names on boards, runs told apart, what changed: pages, programs and the command line, on SQLite and on PostgreSQL."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api_clients import Bench, bench
from boarding import SCHEME, library_files, shelf_with
from guiju.app import PARTS, kinds
from guiju.cli.main import build
from guiju.frontrunner.library.kept import bring
from guiju.store.editions import make_shelf, publish
from guiju.store.jobs import job_of
from guiju.store.worker import Worker
from store.stores import Places

WHO, OTHER = "evaluator-at-first", "evaluator-at-other"
CARS = [{"enterprise": f"E{at}", "standard": f"Q/{at}", "model": f"m{at}", "product": f"p{at}"} for at in range(4)]
LATER = [{**CARS[0], "range": "450"}, *CARS[1:3], {"enterprise": "E8", "standard": "Q/8", "model": "m8", "product": "p8"}]


@pytest.fixture
def made(places: Places) -> Iterator[tuple[Bench, list[str]]]:
    place, files = places.words()
    database = {} if files is None else {"database": place}
    words = ["--store", place, *(["--files", str(files)] if files is not None else [])]
    with bench(files or Path(place), whole=True, per_minute=1_000_000, **database) as found:
        yield found, words


def runs(made: Bench, folder: Path) -> list[str]:
    """Two board runs of one scheme, over two revisions of a library."""
    shelf = shelf_with(folder)
    into = make_shelf(made.store, "boards", "test")
    for number in ("GB 36980.1-2025", "T/BOARD 1-2026"):
        path = shelf.locate(number)
        assert path is not None
        publish(made.store, shelf, path, into, "test")
    found = []
    for revision, rows in enumerate((CARS, LATER), 1):
        bring(made.store, "cars", library_files(folder / f"library-{revision}", rows), shelf.dictionary, "test")
        arguments = {"scheme": SCHEME, "library": "cars", "revision": revision, "on": "2026-06-01", "forms": "html", "language": "en"}
        asked = made.client.post("/api/v1/jobs", json={"kind": "board", "standards": ["T/BOARD 1-2026"], "arguments": arguments}, headers=made.by(WHO))
        Worker(made.store, kinds()).drain()
        job = job_of(made.store, asked.json()["id"])
        assert job.state == "done", job.failure
        found.append(str(job.result))
    return found


def get(made: Bench, path: str, language: str = "en", who: str = WHO, **query: str) -> str:
    return str(made.client.get(path, params=query or None, headers={"accept": "text/html", "accept-language": language, **made.by(who)}).text)


def test_runs_are_told_apart_named_and_compared_on_pages_and_by_programs(made: tuple[Bench, list[str]], tmp_path: Path) -> None:
    site, words = made
    first, last = runs(site, tmp_path)
    listed = get(site, "/frontrunners/boards")
    assert "cars revision 1" in listed and "cars revision 2" in listed and listed.count('<td class="n">4<br>') == 2
    assert "There are no boards of this scheme yet" in get(site, "/frontrunners/boards", scheme="vans")
    assert last in get(site, "/frontrunners/boards", scheme="cars")
    page = get(site, f"/frontrunners/boards/{last}", "zh", indicator="i_range")
    assert '企业E1<br><code class="small faint">E1</code>' in page
    assert "enterprise E1" in get(site, f"/frontrunners/boards/{last}", show="overall")
    assert "enterprise E1 (E1)" in get(site, f"/results/{last}/files/3.html")

    changes = get(site, f"/frontrunners/boards/{last}/changes")
    assert "a declared value changed" in changes and "m0 650 → 450 km" in changes and "the library has no product of the standard" in changes
    assert "enterprise E8" in changes and "enterprise E3" in changes, "those that came, and those that left"
    assert "there is no earlier run of this scheme" in get(site, f"/frontrunners/boards/{first}/changes")
    assert "rose" in get(site, f"/frontrunners/boards/{first}/changes", since=last)
    assert "unknown-result" in get(site, f"/frontrunners/boards/{last}/changes", who=OTHER)

    at = "/api/v1/frontrunners/boards"
    told = site.client.get(f"{at}/{last}/changes", headers=site.by(WHO)).json()
    assert told["since"] == first and told["counts"]["i_range"] == {"came": 1, "fell": 1, "left": 1}
    fell = next(each for each in told["changes"] if each["kind"] == "fell" and each["indicator"] == "i_range")
    assert (fell["standard"], fell["before"], fell["after"], fell["why"]) == ("Q/0", 1, 3, ["value"])
    assert fell["models"] == [{"model": "m0", "before": "650", "after": "450"}]
    none = site.client.get(f"{at}/{first}/changes", headers=site.by(WHO))
    assert none.status_code == 422 and none.json()["diagnostics"][0]["code"] == "board-first-run"
    rows = site.client.get(at, params={"scheme": "cars"}, headers=site.by(WHO)).json()["boards"]
    assert [(each["revision"], each["compared"]) for each in rows] == [(2, 4), (1, 4)]

    typed = CliRunner().invoke(build(PARTS), ["--lang", "en", "frontrunner", "changes", last, "--since", first, *words])
    assert typed.exit_code == 0 and "a declared value changed" in " ".join(typed.output.split()), typed.output
    same = CliRunner().invoke(build(PARTS), ["--lang", "en", "frontrunner", "changes", last, "--since", last, *words])
    assert "No declared standard stands elsewhere" in same.output
    as_json = json.loads(CliRunner().invoke(build(PARTS), ["frontrunner", "changes", last, "--json", *words]).output)
    assert as_json["changes"] == told["changes"] and as_json["since"] == first
