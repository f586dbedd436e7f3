"""`guiju serve` as a process: it says where it is, answers, ends when told, survives being killed, and takes its worker with it."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from guiju.api.settings import Settings, read_settings
from guiju.base.diagnostics import Refused

ROOT = Path(__file__).resolve().parents[2]
CARS = ROOT / "examples" / "vehicles.csv"


@contextmanager
def serving(folder: Path, *words: str, **variables: str) -> Iterator[tuple[str, subprocess.Popen[str], list[str]]]:
    """The address, the process, and what it said first."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("GUIJU_")} | {"GUIJU_LANG": "en", **variables}
    command = [sys.executable, "-m", "guiju", "serve", "--port", "0", "--data", str(folder / "store"), *words]
    with (folder / "log").open("a") as log, subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True, env=environment) as process:
        assert process.stdout is not None
        said: list[str] = []
        try:
            while not re.search(r"http://\S+", "".join(said)):
                line = process.stdout.readline()
                assert line, (folder / "log").read_text()
                said.append(line)
            address = re.search(r"http://\S+", "".join(said))
            assert address is not None
            said.append(process.stdout.readline())
            _wait(address[0])
            yield address[0], process, said
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
                process.wait(30)


def _wait(address: str) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            if httpx.get(f"{address}/readyz", timeout=5).status_code == 200:
                return
        except httpx.HTTPError:
            time.sleep(0.1)
    raise AssertionError("it did not become ready")


def children(pid: int) -> list[int]:
    found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False).stdout
    return [int(each) for each in found.split()]


def gone(pids: list[int]) -> bool:
    until = time.monotonic() + 20
    while time.monotonic() < until:
        if not any(Path(f"/proc/{pid}").exists() and Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z" for pid in pids):
            return True
        time.sleep(0.1)
    return False


def done(address: str, job: str, seconds: float = 60) -> dict[str, object]:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        found: dict[str, object] = httpx.get(f"{address}/api/v1/jobs/{job}").json()
        if found["state"] in ("done", "failed"):
            return found
        time.sleep(0.2)
    raise AssertionError(found)


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
        assert process.wait(30) in (0, -signal.SIGTERM) and gone(below)
    lines = [json.loads(line) for line in (tmp_path / "log").read_text().splitlines()]
    assert any(line.get("route") == "/api/v1/jobs" and line["status"] == 202 for line in lines)


def test_killed_at_any_moment_it_takes_its_worker_along_and_the_job_goes_on_after(tmp_path: Path) -> None:
    with serving(tmp_path) as (address, process, _):
        kept = httpx.post(f"{address}/api/v1/record-sets", files={"file": (CARS.name, CARS.read_bytes())}).json()
        below = children(process.pid)
        job = {"kind": "evaluation", "standards": ["GB 36980.1-2025"], "record_set": kept["id"]}
        submitted = httpx.post(f"{address}/api/v1/jobs", json=job).json()
        process.kill()
        process.wait()
        assert gone(below), "no worker is left behind"
    with serving(tmp_path) as (address, _, _):
        assert done(address, submitted["id"], 90)["state"] == "done", "its lease runs out, and the next worker has it"
        assert len(httpx.get(f"{address}/api/v1/results").json()["results"]) == 1


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
