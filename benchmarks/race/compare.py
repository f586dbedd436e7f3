"""Counts what a peer got wrong: `python compare.py FOLDER PEER`.

Ours is compared with the exact reading, on the sample judged one by one; the others with ours, on every record they judged.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import duckdb
import numpy

TIER_OF_AMOUNT = 1e-6
"""万元; two different amounts of the subsidy are further apart than this."""


def main() -> None:
    folder, peer = Path(sys.argv[1]), sys.argv[2]
    given = {path.stem: numpy.load(path) for path in sorted((folder / peer).glob("*.npy"))}
    for path in (folder / peer).glob("columns.json"):
        given |= {name: numpy.array(column) for name, column in json.loads(path.read_text(encoding="utf-8")).items()}
    if peer == "ours":
        exact = {name: numpy.array(column, dtype=float) for name, column in json.loads((folder / "exact.json").read_text()).items()}
        rows = exact.pop("row").astype(int)
        wanted, given = exact, {name: column[rows] for name, column in given.items()}
    else:
        rows = numpy.arange(len(next(iter(given.values()))))
        wanted = {path.stem: numpy.load(path)[rows] for path in (folder / "ours").glob("*.npy")}
    table = duckdb.connect().execute(f"SELECT at_limit, powertrain = 'bev' AS bev FROM '{folder / 'data.parquet'}' ORDER BY row").fetchnumpy()
    at_limit, bev = table["at_limit"][rows].astype(bool), table["bev"][rows].astype(bool)
    wrong, amounts = numpy.zeros(len(rows), dtype=bool), numpy.zeros(len(rows), dtype=bool)
    for name, column in given.items():
        if name == "allowed":  # only whether a record passes, all things together
            wrong |= column.astype(bool) != (wanted["overall"] == 1)
        elif name == "subsidy":
            amounts |= bev & ~(numpy.abs(column.astype(float) - wanted[name].astype(float)) < TIER_OF_AMOUNT)
        else:
            wrong |= column.astype(float) != wanted[name].astype(float)
    counted = {"compared": len(rows), "at_limit": int(at_limit.sum()), "wrong": int(wrong.sum()), "wrong_elsewhere": int((wrong & ~at_limit).sum())}
    if "subsidy" in given:
        counted |= {"amounts": int(amounts.sum()), "amounts_elsewhere": int((amounts & ~at_limit).sum())}
    print(json.dumps(counted))


if __name__ == "__main__":
    main()
