"""The pages and the face of boards, asked as a browser and a program ask, on SQLite and on PostgreSQL."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from api_clients import Bench, bench
from boarding import SCHEME, library_files, shelf_with
from guiju.app import kinds
from guiju.frontrunner.library.kept import bring
from guiju.store.editions import make_shelf, publish
from guiju.store.jobs import job_of
from guiju.store.worker import Worker
from store.stores import Places

WHO, OTHER = "evaluator-at-first", "evaluator-at-other"
CARS = [{"enterprise": f"E{at:03}", "standard": f"Q/{at}", "model": f"m{at}", "product": f"p{at:03}", "range": str(400 + 3 * at)} for at in range(70)]
CARS += [{"enterprise": "E900", "standard": "Q/900", "model": "slow", "product": "p900", "speed": "90"},
         {"enterprise": "E901", "standard": "Q/901", "model": "<b>odd</b>", "product": "p901", "density": None}]  # fmt: skip


@pytest.fixture
def made(places: Places) -> Iterator[Bench]:
    place, files = places.words()
    database = {} if files is None else {"database": place}
    with bench(files or Path(place), whole=True, per_minute=1_000_000, **database) as found:
        yield found


def run(made: Bench, folder: Path) -> str:
    """The identifier of a board run, asked for over HTTP."""
    shelf = shelf_with(folder)
    into = make_shelf(made.store, "boards", "test")
    for number in ("GB 36980.1-2025", "T/BOARD 1-2026"):
        path = shelf.locate(number)
        assert path is not None
        publish(made.store, shelf, path, into, "test")
    bring(made.store, "cars", library_files(folder / "library", CARS), shelf.dictionary, "test")
    arguments = {"scheme": SCHEME, "library": "cars", "revision": 1, "forms": "md", "language": "en"}
    asked = made.client.post("/api/v1/jobs", json={"kind": "board", "standards": ["T/BOARD 1-2026"], "arguments": arguments}, headers=made.by(WHO))
    assert asked.status_code == 202, asked.text
    Worker(made.store, kinds()).drain()
    job = job_of(made.store, asked.json()["id"])
    assert job.state == "done", job.failure
    return str(job.result)


def get(made: Bench, path: str, who: str = WHO, language: str = "en", **query: str | int) -> httpx.Response:
    return made.client.get(path, params=query or None, headers={"accept": "text/html", "accept-language": language, **made.by(who)})


def test_a_run_is_seen_board_by_board_and_page_by_page(made: Bench, tmp_path: Path) -> None:
    id_ = run(made, tmp_path)
    assert f'href="/frontrunners/boards/{id_}"' in get(made, "/frontrunners/boards").text
    first = get(made, f"/frontrunners/boards/{id_}", indicator="i_range")
    assert first.status_code == 200 and "There is no order within a band" in first.text and "Illustrative" in first.text
    for level in (1, 2, 3):
        band = first.text.partition(f'id="band-{level}"')[2].partition("</section>")[0]
        codes = re.findall(r">(E\d+)</code>", band)
        assert codes and codes == sorted(codes)
    assert '<svg xmlns="http://www.w3.org/2000/svg" class="plot"' in first.text and "≥ 600 km" in first.text
    equal = get(made, f"/frontrunners/boards/{id_}", indicator="i_speed", language="zh").text
    assert "数值全部相同" in equal and ">E001</code>" not in equal
    whole = get(made, f"/frontrunners/boards/{id_}", show="overall")
    assert "✓ shortlisted" in whole.text and 'rel="next"' in whole.text
    assert 'rel="prev"' in get(made, f"/frontrunners/boards/{id_}", show="overall", page=2).text
    barred = get(made, f"/frontrunners/boards/{id_}", show="barred").text
    assert "does not meet the basic requirements: 4.1" in barred
    apart = get(made, f"/frontrunners/boards/{id_}", indicator="i_density").text
    assert "&lt;b&gt;odd&lt;/b&gt;" in apart and "<b>odd</b>" not in apart and "no value is declared: density" in apart


def test_what_there_is_not_is_said(made: Bench, tmp_path: Path) -> None:
    id_ = run(made, tmp_path)
    missing = get(made, f"/frontrunners/boards/{id_}", indicator="i_none")
    assert missing.status_code in (404, 422) and "board-unknown" in missing.text
    assert get(made, "/frontrunners/boards/none").status_code == 404
    assert get(made, f"/frontrunners/boards/{id_}", who=OTHER).status_code == 404
    assert "There are no boards yet" in get(made, "/frontrunners/boards", who=OTHER).text
    assert "/frontrunners/boards/" in get(made, f"/results/{id_}").text


def test_programs_are_told_the_same(made: Bench, tmp_path: Path) -> None:
    id_ = run(made, tmp_path)
    at = f"/api/v1/frontrunners/boards/{id_}"

    def ask(path: str, **query: str | int) -> dict[str, object]:
        found = made.client.get(path, params=query or None, headers=made.by(WHO))
        assert found.status_code == 200, found.text
        told: dict[str, object] = found.json()
        return told

    assert [each["id"] for each in ask("/api/v1/frontrunners/boards")["boards"]] == [id_]  # type: ignore[attr-defined]
    whole = ask(at)
    assert whole["board"]["products"] == len(CARS) and len(whole["sha256"]) == 64  # type: ignore
    board = ask(f"{at}/board", range="large", indicator="i_range", limit=5)
    assert [each["enterprise"] for each in board["entries"]["3"]] == [f"E{n:03}" for n in range(5)]  # type: ignore[index]
    more = ask(f"{at}/board", range="large", indicator="i_range", limit=5, page=1)
    assert more["entries"]["3"][0]["enterprise"] == "E005"  # type: ignore[index]
    assert ask(f"{at}/overall", limit=3)["compared"] == 71
    assert ask(f"{at}/barred")["counts"] == {"basic-failed": 1}
