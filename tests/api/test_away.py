"""`guiju serve` when its database goes away and comes back: it says so with a reason, answers what needs no database, and recovers by itself."""

from __future__ import annotations

import json
import re
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from guiju.api.shelves import LOOKED_SECONDS
from serving import answer, done, made_up, serving, until
from store.postgres import Server, server

ROOT = Path(__file__).resolve().parents[2]
CARS = ROOT / "examples" / "vehicles.csv"
GB = "GB-36980.1-2025"
VALUES = {"record": {"category": "M1", "powertrain": "bev", "max_mass": 2200, "curb_mass": 1780, "consumption": 13.93}}


def gauge(address: str, name: str) -> float | None:
    found = re.search(rf"^{re.escape(name)} (\S+)$", httpx.get(f"{address}/metrics").text, flags=re.MULTILINE)
    return float(found[1]) if found else None


def database(held: Server) -> str:
    return held.url.format(name="postgres")


def test_a_database_that_is_away_is_told_and_comes_back(tmp_path: Path) -> None:
    with server() as held, serving(tmp_path, "--database", database(held), GUIJU_LEASE_SECONDS="2") as (address, _, _):
        kept = httpx.post(f"{address}/api/v1/record-sets", files={"file": (CARS.name, CARS.read_bytes())}).json()
        assert gauge(address, "guiju_store_up") == 1 and gauge(address, 'guiju_jobs{state="done"}') == 0
        held.stop()
        until(lambda: "store.away" in (tmp_path / "log").read_text())
        time.sleep(LOOKED_SECONDS)  # longer than anything of the store is remembered
        found = httpx.get(f"{address}/readyz")
        assert found.status_code == 503 and found.headers["content-type"] == "application/problem+json"
        assert [each["code"] for each in found.json()["diagnostics"]] == ["store-unreachable"] and str(held.folder) in found.json()["detail"]
        assert answer(f"{address}/healthz") == 200, "it lives: there is nothing a restart would mend"
        assert gauge(address, "guiju_store_up") == 0
        assert httpx.post(f"{address}/api/v1/standards/{GB}/evaluate", json=VALUES).json()["overall"] == "fail"
        page = httpx.get(f"{address}/editions", headers={"accept": "text/html", "accept-language": "en"})
        assert page.status_code == 503 and "store-unreachable" in page.text and "Traceback" not in page.text
        job = {"kind": "evaluation", "standards": ["GB 36980.1-2025"], "record_set": kept["id"]}
        assert httpx.post(f"{address}/api/v1/jobs", json=job).status_code == 503
        held.start()
        until(lambda: answer(f"{address}/readyz") == 200)
        submitted = httpx.post(f"{address}/api/v1/jobs", json=job).raise_for_status().json()
        assert done(address, submitted["id"])["state"] == "done", "the worker came back too"
        assert gauge(address, "guiju_store_up") == 1 and gauge(address, 'guiju_jobs{state="done"}') == 1
    said = [json.loads(line) for line in (tmp_path / "log").read_text().splitlines()]
    events = [each["event"] for each in said]
    assert "store.away" in events and "store.back" in events and not any("traceback" in each for each in said)
    assert "fault" not in events and not any(each.get("status") == 500 for each in said)


def test_a_job_in_hand_goes_on_when_the_database_is_back(tmp_path: Path) -> None:
    with server() as held, serving(tmp_path, "--database", database(held), GUIJU_LEASE_SECONDS="2") as (address, _, _):
        with made_up(tmp_path / "cars.csv", 800_000).open("rb") as file:
            cars = httpx.post(f"{address}/api/v1/record-sets", files={"file": file}, timeout=300).raise_for_status().json()
        job = {"kind": "evaluation", "standards": ["GB 36980.1-2025"], "record_set": cars["id"]}
        submitted = httpx.post(f"{address}/api/v1/jobs", json=job).raise_for_status().json()
        until(lambda: httpx.get(f"{address}/api/v1/jobs/{submitted['id']}").json()["done"])
        held.stop()
        until(lambda: "store.away" in (tmp_path / "log").read_text())
        held.start()
        until(lambda: answer(f"{address}/readyz") == 200)
        ended = done(address, submitted["id"])
        assert ended["state"] == "done" and ended["attempts"] > 1 and not ended["failure"], ended
        assert len(httpx.get(f"{address}/api/v1/results").json()["results"]) == 1


def test_where_people_sign_in_the_place_of_the_database_is_not_told_to_all(tmp_path: Path) -> None:
    with server() as held, serving(tmp_path, "--database", database(held), GUIJU_LOGIN="yes", GUIJU_JOBS="no") as (address, _, _):
        held.stop()
        for path, headers in (("/readyz", {}), ("/api/v1/editions", {}), ("/api/v1/editions", {"authorization": "Bearer guiju_x"}), ("/sign-in", {})):
            found = httpx.get(f"{address}{path}", headers=headers)
            assert held.folder.name not in found.text and found.status_code == (200 if path == "/sign-in" else 503), path
    assert held.folder.name in (tmp_path / "log").read_text(), "the log has it"


def test_a_store_that_is_gone_or_of_another_guiju_is_not_ready(tmp_path: Path) -> None:
    with serving(tmp_path, GUIJU_JOBS="no") as (address, _, _):
        place = tmp_path / "store" / "guiju.sqlite"
        place.rename(tmp_path / "elsewhere")
        found = httpx.get(f"{address}/readyz")
        assert (found.status_code, found.json()["diagnostics"][0]["code"]) == (503, "store-missing")
        (tmp_path / "elsewhere").rename(place)
        assert answer(f"{address}/readyz") == 200


@pytest.mark.parametrize("workers", [1, 2])
def test_what_is_counted_and_logged_under_load_is_what_was_asked(tmp_path: Path, workers: int) -> None:
    """Five hundred requests from eight threads, one in five of them wrong: each is counted once and has its line."""
    with serving(tmp_path, "--workers", str(workers), GUIJU_JOBS="no") as (address, _, _):
        with httpx.Client(base_url=address, timeout=60) as asking, ThreadPoolExecutor(8) as threads:

            def ask(n: int) -> int:
                body = VALUES if n % 5 else {"record": {"consumption": "many"}}
                headers = {"x-request-id": f"load-{n:05d}"}
                return asking.post(f"/api/v1/standards/{GB}/evaluate", json=body, headers=headers).status_code

            found = list(threads.map(ask, range(500)))
            assert (found.count(200), found.count(422)) == (400, 100)
            told = asking.get("/metrics").text
        route = "/api/v1/standards/{name}/evaluate"
        for name, number in ((f'guiju_requests_total{{method="POST",route="{route}",status="200"}}', 400),
                             (f'guiju_requests_total{{method="POST",route="{route}",status="422"}}', 100),
                             (f'guiju_request_seconds_count{{method="POST",route="{route}"}}', 500), ("guiju_records_judged_total", 400)):  # fmt: skip
            assert f"{name} {number:.1f}" in told, name
    lines = [json.loads(line) for line in (tmp_path / "log").read_text().splitlines()]
    ours = [each for each in lines if str(each.get("request", "")).startswith("load-")]
    assert sorted(each["request"] for each in ours) == [f"load-{n:05d}" for n in range(500)]
    assert {(each["route"], each["method"], each["level"]) for each in ours} == {(route, "POST", "info")} and all(each["ms"] > 0 for each in ours)
