"""What every peer written in Python shares: arguments, the clock, the peak of memory, and where results go.

    python <peer>/run.py WORKLOAD FOLDER ROWS RUNS

FOLDER has data.parquet; verdicts go to FOLDER/<peer>/<name>.npy: 0 fails, 1 passes, 2 not applicable. One line of JSON is printed: the least
CPU of the runs with its wall time, and the peak of resident memory before anything is written.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy

PATIENCE = 20.0
"""Seconds after which no further run is begun."""

WORKLOAD, FOLDER, ROWS, RUNS = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
PEER = Path(sys.argv[0]).resolve().parent


def measured(version: str, judge: Callable[[], Any], columns: Callable[[Any], Mapping[str, Any]]) -> None:
    """Times `judge`, then writes what `columns` makes of what it gave."""
    found = []
    began = time.perf_counter()
    while len(found) < RUNS and (not found or time.perf_counter() - began < PATIENCE):
        given = None
        cpu, wall = _cpu(), time.perf_counter()
        given = judge()
        found.append((_cpu() - cpu, time.perf_counter() - wall))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    folder = FOLDER / PEER.name
    folder.mkdir(exist_ok=True)
    for name, column in columns(given).items():
        numpy.save(folder / f"{name}.npy", numpy.asarray(column))
    cpu, wall = min(found)
    print(json.dumps({"version": version, "rows": ROWS, "runs": len(found), "cpu": cpu, "wall": wall, "peak": peak / 1024}))


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def data() -> Path:
    return FOLDER / "data.parquet"


def rows() -> list[dict[str, Any]]:
    """The records one by one, for peers that take them so."""
    import duckdb

    made = duckdb.connect().execute(f"SELECT * EXCLUDE (at_limit) FROM '{data()}' ORDER BY row LIMIT {ROWS}")
    names = [column[0] for column in made.description]
    return [dict(zip(names, row, strict=True)) for row in made.fetchall()]
