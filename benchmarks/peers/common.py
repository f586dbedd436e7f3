"""What every peer's file shares: the data, CPU time, and how results are told."""

from __future__ import annotations

import json
import math
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any


def given() -> dict[str, Any]:
    return json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))


def best(work: Callable[[], Any], pieces: int) -> dict[str, Any]:
    """CPU seconds per piece, the best of three, and what came of it."""
    found, least = None, math.inf
    for _ in range(3):
        start = time.process_time()
        found = work()
        least = min(least, time.process_time() - start)
    return {"took": least / pieces, "gives": found}


def told(version: str, work: dict[str, Any]) -> None:
    print(json.dumps({"version": version, "work": work}))
