"""Workbenches as processes: `guiju serve` on a free port, a store of its own on either database, ended or killed."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import httpx

T = TypeVar("T")

ENGINES = ("sqlite", "postgresql")
SECONDS = 180
"""How long anything is waited for before it is taken to hang: far longer than it takes, so that no test hangs on the clock."""


@contextmanager
def serving(folder: Path, *words: str, **variables: str) -> Iterator[tuple[str, subprocess.Popen[str], list[str]]]:
    """The address, the process, and what it said first; its log is appended to `folder/log`.

    words, variables   of the command line and the environment, besides a free port and the store in `folder`
    """
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
            until(lambda: answer(f"{address[0]}/readyz") == 200)
            yield address[0], process, said
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
                process.wait(120)


def answer(url: str) -> int:
    """The status of an answer; 0 where there is none."""
    try:
        return httpx.get(url, timeout=30).status_code
    except httpx.HTTPError:
        return 0


def until(ask: Callable[[], T | None]) -> T:
    """What is given, once it is something.

    raises   AssertionError, where that is never
    """
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        found = ask()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError("it did not come")


def children(pid: int) -> list[int]:
    found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False).stdout
    return [int(each) for each in found.split()]


def is_gone(pid: int) -> bool:
    """Whether a process has ended, were it only waiting to be buried."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] == "Z"
    except OSError:
        return True


def done(address: str, job: str) -> dict[str, object]:
    """The job, once it has ended."""

    def ended() -> dict[str, object] | None:
        found: dict[str, object] = httpx.get(f"{address}/api/v1/jobs/{job}", timeout=30).json()
        return found if found["state"] in ("done", "failed") else None

    return until(ended)


def kept_in(database: str | None) -> list[str]:
    """The words that name a database; none for SQLite in the folder of data."""
    return ["--database", database] if database else []


def made_up(file: Path, rows: int) -> Path:
    """A file of made-up cars, every tenth above its limit."""
    with file.open("w", encoding="utf-8") as out:
        out.write("车辆型号,整备质量(kg),最大设计总质量(kg),CLTC电能消耗量(kWh/100km),车辆类别,动力类型\n")
        out.writelines(f"示意{n},1000,1400,{'10.11' if n % 10 == 1 else '10.1'},M1,纯电动\n" for n in range(rows))
    return file
