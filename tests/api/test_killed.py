"""`guiju serve` and its worker, killed while a long job runs, started again, killed again: what was answered is there, the job is done once."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from os import kill
from pathlib import Path

import httpx
import pytest

from serving import ENGINES, children, done, is_gone, kept_in, made_up, serving, until

ROWS = 1_200_000
"""Twelve pieces of work: seconds, of which a kill takes some away."""
KILLS = 2
GB = "GB 36980.1-2025"


@pytest.fixture(params=ENGINES)
def database(request: pytest.FixtureRequest) -> str | None:
    if request.param == "sqlite":
        return None
    new: Callable[[], str] = request.getfixturevalue("postgresql")
    return new()


def everything(address: str, path: str, name: str) -> list[dict[str, object]]:
    """All pages of a list."""
    found: list[dict[str, object]] = []
    after = 0
    while True:
        page = httpx.get(f"{address}{path}", params={"after": after, "limit": 500}, timeout=60).json()[name]
        if not page:
            return found
        found += page
        after = page[-1]["seq"]


@contextmanager
def killed(folder: Path, words: list[str]) -> Iterator[str]:
    """A workbench that is killed at the end, and its worker with it, at once."""
    with serving(folder, *words, GUIJU_LEASE_SECONDS="2") as (address, process, _):
        worker = until(lambda: children(process.pid))
        yield address
        for pid in (process.pid, *worker):
            kill(pid, signal.SIGKILL)
        process.wait()
        assert until(lambda: all(map(is_gone, worker)))


def test_a_job_is_done_once_and_nothing_answered_is_lost(tmp_path: Path, database: str | None) -> None:
    words, answered, log = kept_in(database), list[str](), list[dict[str, object]]()
    numbers = count()

    def keep_one(address: str) -> None:
        n = next(numbers)
        file = (f"one{n}.csv", f"整备质量(kg)\n{n}\n".encode())
        answered.append(httpx.post(f"{address}/api/v1/record-sets", files={"file": file}, timeout=60).raise_for_status().json()["id"])

    with killed(tmp_path, words) as address:
        with made_up(tmp_path / "cars.csv", ROWS).open("rb") as file:
            cars = httpx.post(f"{address}/api/v1/record-sets", files={"file": file}, timeout=300).raise_for_status().json()
        asked = {"kind": "evaluation", "standards": [GB], "record_set": cars["id"]}
        headers = {"idempotency-key": "once"}
        job = httpx.post(f"{address}/api/v1/jobs", json=asked, headers=headers).raise_for_status().json()["id"]
        before = until(lambda: httpx.get(f"{address}/api/v1/jobs/{job}").json()["done"])
        keep_one(address)
        log = everything(address, "/api/v1/audit", "entries")
    for _ in range(KILLS - 1):
        with killed(tmp_path, words) as address:
            now = httpx.get(f"{address}/api/v1/jobs/{job}").json()
            assert now["state"] in ("running", "done") and now["done"] >= before, "the pieces that were kept are there"
            keep_one(address)
            until(lambda: httpx.get(f"{address}/api/v1/jobs/{job}").json()["attempts"] > 1)
    with serving(tmp_path, *words, GUIJU_LEASE_SECONDS="2") as (address, _, _):
        assert httpx.post(f"{address}/api/v1/jobs", json=asked, headers=headers).json()["id"] == job, "asked again, it is the same job"
        ended = done(address, job)
        assert ended["state"] == "done" and ended["done"] == ROWS and ended["attempts"] > 1, ended
        found = httpx.get(f"{address}/api/v1/results").json()["results"]
        assert [each["job"] for each in found] == [job]
        body = httpx.get(f"{address}/api/v1/results/{found[0]['id']}").json()["body"]
        overall = body["standards"][0]["verdicts"]["overall"]
        assert overall["fail"] == ROWS // 10 and overall["pass"] == ROWS - ROWS // 10, overall
        assert httpx.post(f"{address}/api/v1/results/{found[0]['id']}/replay", timeout=300).json()["same"], "as if nobody had been killed"
        held = {each["id"] for each in httpx.get(f"{address}/api/v1/record-sets").json()["record_sets"]}
        assert {cars["id"], *answered} <= held
        assert httpx.get(f"{address}/api/v1/audit/chain").json()["broken"] is None
        after = everything(address, "/api/v1/audit", "entries")
        assert after[: len(log)] == log, "the log only grew"
        assert [each["action"] for each in after if each["subject"] == job] == ["job.submitted"]
        assert [each["action"] for each in after].count("result.kept") == 1
