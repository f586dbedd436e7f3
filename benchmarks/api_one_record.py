"""One record judged over HTTP, at a steady rate, beside a bare FastAPI endpoint that judges nothing.

    python benchmarks/api_one_record.py [--rate 200] [--seconds 20] [--workers 1]

The load is open: a request is due every 1/rate seconds whether or not the ones before are answered, and its time counts from when it was due.
The load and each server are processes of their own; who asks has a key, so that signing in and roles are part of what is measured.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import os
import platform
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

CAR = {"category": "M1", "powertrain": "bev", "max_mass": 2200, "curb_mass": 1780, "consumption": "13.93"}
PEER = """
from typing import Any
from fastapi import FastAPI
from pydantic import BaseModel
app = FastAPI()
class Asked(BaseModel):
    record: dict[str, Any]
@app.post("/evaluate")
def evaluate(asked: Asked) -> dict[str, Any]:
    return {"overall": "fail", "verdicts": {"R1": "fail", "overall": "fail"}}
"""


async def load(address: str, path: str, headers: dict[str, str], body: bytes, rate: float, seconds: float) -> tuple[list[float], int]:
    """(milliseconds from when each request was due to its last byte; answers other than 200)."""
    host, _, port = address.removeprefix("http://").partition(":")
    head = f"POST {path} HTTP/1.1\r\nhost: {host}:{port}\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n"
    asked = (head + "".join(f"{name}: {value}\r\n" for name, value in headers.items()) + "\r\n").encode() + body
    idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []
    times, wrong = [], 0

    async def ask(due: float) -> None:
        nonlocal wrong
        while True:
            is_used = bool(idle)
            reader, writer = idle.pop() if idle else await asyncio.open_connection(host, int(port))
            writer.write(asked)
            try:
                answer = await reader.readuntil(b"\r\n\r\n")
                break
            except (asyncio.IncompleteReadError, ConnectionError):  # a server ends connections nobody used for a while
                if not is_used:
                    raise
        length = re.search(rb"(?i)content-length: (\d+)", answer)
        assert length is not None, answer
        await reader.readexactly(int(length[1]))
        times.append((time.perf_counter() - due) * 1e3)
        wrong += b" 200 " not in answer.partition(b"\r\n")[0]
        idle.append((reader, writer))

    began, waiting = time.perf_counter(), []
    for number in range(int(rate * seconds)):
        due = began + number / rate
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        waiting.append(asyncio.create_task(ask(due)))
    await asyncio.gather(*waiting)
    for _, writer in idle:
        writer.close()
    return times, wrong


def _load(*given: Any) -> tuple[list[float], int]:
    return asyncio.run(load(*given))


def measured(address: str, path: str, headers: dict[str, str], body: bytes, rate: float, seconds: float) -> tuple[list[float], int]:
    """The load from a process of its own, after a moment of the same to warm up."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        pool.apply(_load, (address, path, headers, body, rate, min(3.0, seconds)))
        return pool.apply(_load, (address, path, headers, body, rate, seconds))


@contextmanager
def started(command: list[str], pattern: str, environment: dict[str, str], folder: Path) -> Iterator[str]:
    """The address a server prints when it is there."""
    with (folder / "log").open("w+") as log, subprocess.Popen(command, stdout=log, stderr=log, env={**os.environ, **environment}, cwd=folder) as process:
        try:
            for _ in range(600):
                time.sleep(0.1)
                found = re.search(pattern, (folder / "log").read_text())
                if found:
                    time.sleep(3)
                    yield found[0]
                    return
            raise SystemExit((folder / "log").read_text())
        finally:
            process.terminate()
            process.wait(30)


def key(folder: Path) -> str:
    """A key of an account that may do nothing but ask."""
    from guiju.store.access import first_organisation
    from guiju.store.database import store_at
    from guiju.store.migrate import make_store
    from guiju.store.people import make_account, make_key

    store = store_at(str(folder))
    make_store(store, "benchmark")
    made = make_key(store, make_account(store, "asker", first_organisation(store), "benchmark"), "benchmark", "benchmark")[1]
    store.close()
    return made


def told(name: str, times: list[float], wrong: int) -> float:
    ordered = sorted(times)
    at = {share: ordered[min(len(ordered) - 1, int(share * len(ordered)))] for share in (0.5, 0.95, 0.99)}
    print(f"| {name} | {len(times):,} | {at[0.5]:.2f} | {at[0.95]:.2f} | {at[0.99]:.2f} | {ordered[-1]:.1f} | {wrong} |")
    return at[0.95]


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--rate", type=float, default=200)
    asked.add_argument("--seconds", type=float, default=20)
    asked.add_argument("--workers", type=int, default=1)
    given = asked.parse_args()
    plain, full = (json.dumps({"record": CAR, "explain": explain}).encode() for explain in (False, True))
    path = "/api/v1/standards/GB-36980.1-2025/evaluate"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        headers = {"authorization": f"Bearer {key(folder / 'store')}"}
        (folder / "peer.py").write_text(PEER)
        print(f"{date.today()}; {os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}; {given.rate:.0f} requests/s for "
              f"{given.seconds:.0f} s, {given.workers} process(es)\n")  # fmt: skip
        print("| endpoint | requests | p50, ms | p95, ms | p99, ms | most, ms | not 200 |\n|---|---:|---:|---:|---:|---:|---:|")
        serve = [sys.executable, "-m", "guiju", "serve", "--port", "0", "--data", "store", "--workers", str(given.workers)]
        with started(serve, r"http://127\S+", {"GUIJU_LOGIN": "yes", "GUIJU_JOBS": "no", "GUIJU_LANG": "en"}, folder) as address:
            ours = told("guiju, verdicts", *measured(address, path, headers, plain, given.rate, given.seconds))
            told("guiju, with the explanation", *measured(address, path, headers, full, given.rate, given.seconds))
        peer = [sys.executable, "-m", "uvicorn", "peer:app", "--port", "8769", "--no-access-log", "--workers", str(given.workers)]
        with started(peer, r"http://127\.0\.0\.1:8769", {}, folder) as address:
            bare = told("bare FastAPI, nothing judged", *measured(address, "/evaluate", {}, plain, given.rate, given.seconds))
    print(f"\np95 of verdicts over that of the bare endpoint: {ours / bare:.1f}")


if __name__ == "__main__":
    main()
