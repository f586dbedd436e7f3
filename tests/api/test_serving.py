"""`guiju serve` as a process: it says where it is, answers, ends when told, survives being killed, and takes its worker with it."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from guiju.api.settings import Settings, read_settings
from guiju.base.diagnostics import Refused
from serving import answer, children, done, is_gone, serving, until

ROOT = Path(__file__).resolve().parents[2]
CARS = ROOT / "examples" / "vehicles.csv"


def all_gone(pids: list[int]) -> bool:
    return until(lambda: all(map(is_gone, pids)))


def test_it_serves_does_jobs_and_ends_when_told(tmp_path: Path) -> None:
    with serving(tmp_path) as (address, process, said):
        assert "single-user mode" in said[-1]
        kept = httpx.post(f"{address}/api/v1/record-sets", files={"file": (CARS.name, CARS.read_bytes())}).json()
        job = {"kind": "evaluation", "standards": ["GB 36980.1-2025"], "record_set": kept["id"]}
        submitted = httpx.post(f"{address}/api/v1/jobs", json=job).json()
        assert done(address, submitted["id"])["state"] == "done"
        below = children(process.pid)
        assert below, "the worker is a process of its own"
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0 and all_gone(below)
    lines = [json.loads(line) for line in (tmp_path / "log").read_text().splitlines()]
    assert any(line.get("route") == "/api/v1/jobs" and line["status"] == 202 for line in lines)
    events = [line["event"] for line in lines if line["logger"] == "guiju.store"]
    assert events == ["worker.started", "job.started", "job.done", "worker.ended"]


def test_the_terminal_ends_it_and_the_examples_are_taken_in_once(tmp_path: Path) -> None:
    for turn in range(2):
        with serving(tmp_path, "--examples") as (address, process, said):
            assert ("chargers (11), legs (8), vehicles (17)" in "".join(said)) == (turn == 0)
            assert ("library examples taken in (illustrative)" in "".join(said)) == (turn == 0)
            (boards,) = httpx.get(f"{address}/api/v1/frontrunners/boards").json()["boards"]
            assert "示意" in httpx.get(f"{address}/frontrunners/boards/{boards['id']}", headers={"accept-language": "zh"}).text
            found = httpx.get(f"{address}/api/v1/record-sets").json()["record_sets"]
            assert {each["name"]: each["rows"] for each in found} == {"chargers": 11, "legs": 8, "vehicles": 17}
            assert all(each["has_mapping"] for each in found)
            below = children(process.pid)
            for pid in (process.pid, *below):  # as a terminal does, to all of them
                os.kill(pid, signal.SIGINT)
            assert process.wait(30) == 0 and all_gone(below)
    for line in (tmp_path / "log").read_text().splitlines():
        assert json.loads(line)["level"] == "info", "nothing but lines of JSON, and nothing wrong"


def test_several_processes_share_counters_and_people_sign_in(tmp_path: Path) -> None:
    with serving(tmp_path, "--workers", "2", GUIJU_LOGIN="yes", GUIJU_JOBS="no") as (address, _, said):
        link = re.search(r"/invitations/\S+", "".join(said))
        assert link is not None, said
        password = {"name": "chen", "password": "correct horse battery"}
        with httpx.Client(base_url=address, headers={"sec-fetch-site": "same-origin"}) as browser:
            assert browser.post(link[0], data=password).status_code == 303
            for _ in range(20):
                assert browser.get("/api/v1/session").json()["name"] == "chen"
        time.sleep(0.5)
        found = re.findall(r'guiju_requests_total\{.*route="/api/v1/session".*\} (\S+)', httpx.get(f"{address}/metrics").text)
        assert sum(map(float, found)) == 20
    assert link[0].rpartition("/")[2] not in (tmp_path / "log").read_text(), "no secret in the log"


def test_an_address_that_is_taken_and_wrong_settings_are_told(tmp_path: Path) -> None:
    with serving(tmp_path) as (address, _, _):
        words = [sys.executable, "-m", "guiju", "serve", "--port", address.rpartition(":")[2], "--data", str(tmp_path / "other")]
        found = subprocess.run(words, capture_output=True, text=True, check=False, env={**os.environ, "GUIJU_LANG": "en"})
    assert found.returncode == 2 and "address-unusable" in found.stderr and "Traceback" not in found.stderr
    words = [sys.executable, "-m", "guiju", "serve"]
    found = subprocess.run(words, capture_output=True, text=True, check=False, env={**os.environ, "GUIJU_LANG": "en", "GUIJU_PORT": "many"})
    assert found.returncode == 2 and "setting-malformed" in found.stderr


@pytest.mark.parametrize(("variables", "code"), [
    ({"GUIJU_PORT": "x"}, "setting-malformed"), ({"GUIJU_PORT": "70000"}, "setting-malformed"), ({"GUIJU_LOGIN": "perhaps"}, "setting-malformed"),
    ({"GUIJU_STORE": "mysql://a"}, "setting-malformed"), ({"GUIJU_OIDC_ISSUER": "https://a.example"}, "oidc-incomplete"),
])  # fmt: skip
def test_a_setting_that_cannot_be_is_refused(variables: dict[str, str], code: str) -> None:
    with pytest.raises(Refused) as refused:
        read_settings(variables)
    assert [each.code for each in refused.value.diagnostics] == [code]


def test_settings_go_to_other_processes_whole_and_into_no_log() -> None:
    given = Settings(data=Path("a"), database="postgresql://me:secret@host/name", oidc_issuer="https://i", oidc_client="c", oidc_secret="hidden", login=False)
    assert read_settings(given.environment()) == given
    assert "secret@" not in repr(given) and "hidden" not in repr(given)
    assert read_settings(Settings(data=Path("a")).environment()) == Settings(data=Path("a"))


def test_the_tour_ends_in_a_running_workbench(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "guiju", "tour", "--out", str(tmp_path / "tour"), "--serve", "--port", "0"]
    environment = {**os.environ, "GUIJU_LANG": "en", "GUIJU_STORE": str(tmp_path / "store")}
    with (tmp_path / "log").open("w") as log, subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True, env=environment) as process:
        assert process.stdout is not None
        address = next(found[0] for line in process.stdout if (found := re.search(r"http://127\S+", line)))
        until(lambda: answer(f"{address}/readyz") == 200)
        assert {each["name"] for each in httpx.get(f"{address}/api/v1/record-sets").json()["record_sets"]} == {"chargers", "legs", "vehicles"}
        assert "GB 36980.1-2025" in httpx.get(f"{address}/standards?q=gb36980").text
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0


def test_dev_py_waits_for_what_it_runs_to_end_in_its_own_time(tmp_path: Path) -> None:
    slow = ("import signal, sys, time, pathlib\n"
            "def end(*_): time.sleep(1); pathlib.Path('ended').touch(); sys.exit(0)\n"
            "signal.signal(signal.SIGINT, end); pathlib.Path('ready').touch(); time.sleep(600)")  # fmt: skip
    runs = f"import pathlib, sys; sys.path.insert(0, {str(ROOT)!r}); import dev; dev.ROOT = pathlib.Path('.'); sys.exit(dev.run([sys.executable, '-c', {slow!r}]))"
    with subprocess.Popen([sys.executable, "-c", runs], cwd=tmp_path, start_new_session=True) as process:
        until((tmp_path / "ready").exists)
        os.killpg(process.pid, signal.SIGINT)
        assert process.wait(60) == 0
    assert (tmp_path / "ended").exists()
