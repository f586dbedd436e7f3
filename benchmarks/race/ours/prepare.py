"""Makes the records all peers judge: `python prepare.py WORKLOAD FOLDER ROWS`, with the exact verdicts of a sample of them beside.

Every tenth record is moved exactly onto a limit: pairs of curb mass and consumption at which the exact limit (or 75, 95 or 100 % of it, where
the subsidy turns) falls on the declared decimals. Nothing is missing, so that peers that know no missing value are not at a disadvantage.
"""

from __future__ import annotations

import json
import sys
from fractions import Fraction
from pathlib import Path

import duckdb

from guiju.base.diagnostics import Problems
from guiju.ir.check import check
from guiju.ir.program import Program
from guiju.readings.columnar import CODES, record_of
from guiju.readings.evaluate import evaluate
from guiju.standard.shelf import Shelf

SAMPLE = 20_000
"""Records at a limit, and as many of any kind, judged one by one by the exact reading."""
SCRIPT_ROWS = 100_000
"""Records also given as JSON lines, for peers that read no Parquet."""
CENT = Fraction(1, 100)

WORKLOADS = {
    "energy": ("GB 36980.1-2025", "limit", (Fraction(1),), """
        SELECT i AS row, 'M1' AS category, CASE WHEN hash(i * 3) % 20 = 0 THEN 'phev' ELSE 'bev' END AS powertrain,
          CAST(900 + hash(i) % 2800 AS DOUBLE) AS max_mass, CAST(800 + hash(i * 7) % 2400 AS DOUBLE) AS curb_mass,
          CAST(800 + hash(i * 13) % 1200 AS DOUBLE) / 100 AS consumption FROM range({rows}) t(i)"""),
    "subsidy": ("财建〔2018〕18号", "Y", (Fraction(3, 4), Fraction(19, 20), Fraction(1)), """
        SELECT i AS row, 'M1' AS category,
          CASE WHEN hash(i * 3) % 20 < 3 THEN 'phev' WHEN hash(i * 3) % 20 = 19 THEN 'ice' ELSE 'bev' END AS powertrain,
          CAST(800 + hash(i * 7) % 2400 AS DOUBLE) AS curb_mass, CAST(800 + hash(i * 13) % 1600 AS DOUBLE) / 100 AS consumption,
          CAST(100 + hash(i * 5) % 500 AS DOUBLE) AS range, CAST(9000 + hash(i * 17) % 10000 AS DOUBLE) / 100 AS density,
          CAST(30 + hash(i * 11) % 100 AS DOUBLE) AS electric_range FROM range({rows}) t(i)"""),
}  # fmt: skip


def pairs(program: Program, limit: str, shares: tuple[Fraction, ...]) -> list[tuple[float, float]]:
    """Every curb mass and consumption exactly at the limit, or at a share of it, in the pieces that are formulas."""
    found, before = [], None
    for mass in range(800, 3200):
        value = evaluate(program, {"curb_mass": Fraction(mass)}).of(program.roots[limit])
        assert isinstance(value, Fraction)
        if value != before:
            found += [(float(mass), float(value * share)) for share in shares if (value * share / CENT).denominator == 1]
        before = value
    return found


def main() -> None:
    workload, folder, rows = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    number, limit, shares, query = WORKLOADS[workload]
    shelf = Shelf()
    standard = shelf.find(number)
    assert standard is not None, number
    program = check(standard, None, shelf, Problems())
    exact = pairs(program, limit, shares)
    connection = duckdb.connect(config={"threads": 2})
    connection.execute("CREATE TABLE pairs AS SELECT unnest(?::BIGINT[]) AS k, unnest(?::DOUBLE[]) AS m, unnest(?::DOUBLE[]) AS c",
                       [list(range(len(exact))), [m for m, _ in exact], [c for _, c in exact]])  # fmt: skip
    connection.execute(f"""
        COPY (SELECT r.* REPLACE (coalesce(p.m, r.curb_mass) AS curb_mass, coalesce(p.c, r.consumption) AS consumption), p.k IS NOT NULL AS at_limit
              FROM ({query.format(rows=rows)}) r LEFT JOIN pairs p ON r.row % 10 = 0 AND p.k = hash(r.row * 19) % {len(exact)} ORDER BY row)
        TO '{folder / "data.parquet"}' (FORMAT parquet)""")
    connection.execute(f"COPY (SELECT * EXCLUDE (at_limit) FROM '{folder / 'data.parquet'}' ORDER BY row LIMIT {SCRIPT_ROWS}) "
                       f"TO '{folder / 'data.ndjson'}' (FORMAT json)")  # fmt: skip
    names = list(program.used_inputs)
    listed = ", ".join(f'"{name}"' for name in names)
    sample = connection.execute(
        f"(SELECT row, {listed} FROM '{folder / 'data.parquet'}' WHERE at_limit ORDER BY row LIMIT {SAMPLE}) UNION "
        f"(SELECT row, {listed} FROM '{folder / 'data.parquet'}' ORDER BY row LIMIT {SAMPLE})"
    ).fetchall()
    codes = {verdict: code for code, verdict in CODES.items()}
    told: dict[str, list[float | int | None]] = {"row": []}
    for row, *values in sample:
        evaluation = evaluate(program, record_of(program, names, values))
        told["row"].append(row)
        for meaning in program.judged:
            told.setdefault(meaning.no, []).append(codes[evaluation.judge(meaning)])
        if "subsidy" in program.roots:
            amount = evaluation.of(program.roots["subsidy"])
            told.setdefault("subsidy", []).append(float(amount) if isinstance(amount, Fraction) else None)
    (folder / "exact.json").write_text(json.dumps(told), encoding="utf-8")
    print(json.dumps({"pairs": len(exact), "sample": len(sample)}))


if __name__ == "__main__":
    main()
