"""Columnar SQL against the same rules written by hand: CPU seconds side by side, and verdicts misjudged at the limit.

    python benchmarks/columnar_against_hand_sql.py [ROWS] [RUNS] [MEMORY]

Each workload is a table of ROWS products in memory (with MEMORY, such as 1500MB: a Parquet file of as many copies of 10⁷ products as are asked), numbers on the declared decimals, every tenth product moved exactly onto its limit.
Ours and the hand-written SQL run in turn in one process; CPU is the process's user and system time, so a busy machine does not matter.
The hand-written SQL is the natural one: doubles, CASE, no shifts. Prints ratios, as a Markdown table.
"""

from __future__ import annotations

import platform
import resource
import statistics
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path

import duckdb

from guiju.base.diagnostics import Problems
from guiju.ir.check import check
from guiju.ir.program import Program
from guiju.readings.columnar import columns
from guiju.standard.shelf import Shelf

HAND = {
    "GB 36980.1-2025": (
        """
        CREATE TABLE products AS SELECT i AS row, 'M1' AS category, 'bev' AS powertrain, CAST(900 + hash(i) % 2800 AS DOUBLE) AS max_mass,
          CAST(800 + hash(i * 7) % 2400 AS DOUBLE) AS curb_mass, CAST(800 + hash(i * 13) % 1200 AS DOUBLE) / 100 AS consumption FROM range({rows}) t(i);
        UPDATE products SET consumption = round(0.00556 * (curb_mass - 1780) + 13.92, 2)
          WHERE row % 10 = 0 AND curb_mass > 1090 AND curb_mass <= 2710 AND curb_mass % 25 = 5;
        """,
        """
        SELECT CASE WHEN applies THEN CAST(met AS UTINYINT) ELSE 2 END AS "R1", CASE WHEN applies THEN CAST(met AS UTINYINT) ELSE 2 END AS overall
        FROM (SELECT category = 'M1' AND powertrain = 'bev' AND max_mass <= 3500 AS applies,
                consumption <= CASE WHEN curb_mass <= 1090 THEN 10.1::DOUBLE WHEN curb_mass <= 2710
                               THEN 0.00556::DOUBLE * (curb_mass - 1780) + 13.92::DOUBLE ELSE 19.1::DOUBLE END AS met FROM products)
        """,
    ),
    "财建〔2018〕18号": (
        """
        CREATE TABLE products AS SELECT i AS row, 'M1' AS category, 'bev' AS powertrain, CAST(800 + hash(i * 7) % 2400 AS DOUBLE) AS curb_mass,
          CAST(800 + hash(i * 13) % 1600 AS DOUBLE) / 100 AS consumption, CAST(100 + hash(i * 3) % 500 AS DOUBLE) AS range,
          CAST(900 + hash(i * 5) % 1000 AS DOUBLE) / 10 AS density, CAST(30 + hash(i * 11) % 100 AS DOUBLE) AS electric_range FROM range({rows}) t(i);
        UPDATE products SET consumption = round(0.0108 * curb_mass + 2.25, 2) WHERE row % 10 = 0 AND curb_mass > 1000 AND curb_mass <= 1600 AND curb_mass % 25 = 0;
        """,
        """
        SELECT CASE WHEN bev THEN CAST(range >= 150 AS UTINYINT) ELSE 2 END AS "R1", CASE WHEN bev THEN CAST(density >= 105 AS UTINYINT) ELSE 2 END AS "R2",
          CASE WHEN bev THEN CAST(consumption <= y AS UTINYINT) ELSE 2 END AS "R3", CASE WHEN phev THEN CAST(electric_range >= 50 AS UTINYINT) ELSE 2 END AS "R4",
          CASE WHEN bev THEN CAST(range >= 150 AND density >= 105 AND consumption <= y AS UTINYINT)
               WHEN phev THEN CAST(electric_range >= 50 AS UTINYINT) ELSE 2 END AS overall
        FROM (SELECT *, category = 'M1' AND powertrain = 'bev' AS bev, category = 'M1' AND powertrain = 'phev' AS phev,
                CASE WHEN curb_mass <= 1000 THEN 0.0126::DOUBLE * curb_mass + 0.45::DOUBLE WHEN curb_mass <= 1600
                     THEN 0.0108::DOUBLE * curb_mass + 2.25::DOUBLE ELSE 0.0045::DOUBLE * curb_mass + 12.33::DOUBLE END AS y FROM products)
        """,
    ),
    "GB 46519-2025": (
        """
        CREATE TABLE products AS SELECT i AS row, 'dc' AS current, CASE WHEN hash(i) % 2 = 0 THEN 'integrated' ELSE 'split' END AS structure,
          CAST(9300 + hash(i * 7) % 500 AS DOUBLE) / 100 AS efficiency, CAST(100 + hash(i * 13) % 500 AS DOUBLE) / 10 AS standby FROM range({rows}) t(i);
        """,
        """
        SELECT CASE WHEN applies THEN CAST(met AS UTINYINT) ELSE 2 END AS "5", CASE WHEN applies THEN CAST(met AS UTINYINT) ELSE 2 END AS overall
        FROM (SELECT current = 'dc' AS applies, efficiency >= CASE structure WHEN 'integrated' THEN 94.5::DOUBLE WHEN 'split' THEN 94.5::DOUBLE END
                AND standby <= CASE structure WHEN 'integrated' THEN 30::DOUBLE WHEN 'split' THEN 48::DOUBLE END AS met FROM products)
        """,
    ),
}


def cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def counted(sql: str, names: list[str]) -> str:
    """The query reduced to three counts a column: what a report needs, and no more, from either side."""
    counts = ", ".join(f'count_if("{n}" = 1), count_if("{n}" = 0), count_if("{n}" = 2)' for n in names)
    return f"SELECT {counts} FROM ({sql})"


ONCE = 10_000_000
"""Rows made in memory; a Parquet file holds copies of them."""


def race(program: Program, rows: int, runs: int, folder: Path | None = None, memory: str = "") -> dict[str, float]:
    make, hand = HAND[program.standard.number]
    connection = duckdb.connect(config={"threads": 2})
    for statement in make.replace("{rows}", str(min(rows, ONCE) if folder else rows)).split(";\n"):
        if statement.strip():
            connection.execute(statement)
    names = [m.no for m in program.judged]
    missing = [n for n in program.used_inputs if n not in {row[0] for row in connection.execute("DESCRIBE products").fetchall()}]
    for name in missing:
        kind = {"number": "DOUBLE", "boolean": "BOOLEAN", "category": "VARCHAR", "date": "DATE"}[program.inputs[name].kind]
        connection.execute(f'ALTER TABLE products ADD COLUMN "{name}" {kind}')
    copies = max(1, rows // ONCE) if folder else 1
    different = copies * connection.execute(
        f"SELECT count(*) FROM ({columns(program, ('row',), values=False).sql('products')}) a "
        f"POSITIONAL JOIN ({hand}) b WHERE a.overall IS DISTINCT FROM b.overall"
    ).fetchall()[0][0]
    if folder:
        file = folder / "products.parquet"
        connection.execute(f"COPY products TO '{folder}/once.parquet' (FORMAT parquet)")
        connection.close()
        write = f"SET enable_progress_bar = false; SET preserve_insertion_order = false; COPY (SELECT p.* FROM range({copies}), '{folder}/once.parquet' p) TO '{file}' (FORMAT parquet)"
        subprocess.run([sys.executable, "-c", f"import duckdb; duckdb.connect().execute({write!r})"], check=True)
        connection = duckdb.connect(config={"threads": 2, "memory_limit": memory})
        connection.execute(f"CREATE VIEW products AS SELECT * FROM '{file}'")
    made = columns(program, values=False).sql("products")
    ours, theirs = [], []
    for _ in range(runs + 1):
        for sql, found in ((counted(made, names), ours), (counted(hand, names), theirs)):
            start = cpu()
            connection.execute(sql).fetchall()
            found.append(cpu() - start)
    pairs = [a / b for a, b in zip(ours[1:], theirs[1:], strict=True)]
    return {"ours": min(ours[1:]), "hand": min(theirs[1:]), "ratio": min(ours[1:]) / min(theirs[1:]), "median": statistics.median(pairs), "different": different}


def main() -> None:
    words = [*sys.argv[1:], *("10000000", "7", "")[len(sys.argv) - 1 :]]
    rows, runs, memory = int(words[0]), int(words[1]), words[2]
    shelf = Shelf()
    print(f"{date.today()}; {platform.machine()}, Python {platform.python_version()}, DuckDB {duckdb.__version__}, 2 threads; {rows:,} rows, {runs} runs{f', memory {memory}' if memory else ''}\n")
    print("| standard | ours, CPU s | by hand, CPU s | ratio of minima | median of pairs | verdicts the hand SQL gets wrong |")
    print("|---|---:|---:|---:|---:|---:|")
    for number in HAND:
        standard = shelf.find(number)
        assert standard is not None, number
        with tempfile.TemporaryDirectory() as folder:
            found = race(check(standard, None, shelf, Problems()), rows, runs, Path(folder) if memory else None, memory)
        print(f"| {number} | {found['ours']:.3f} | {found['hand']:.3f} | {found['ratio']:.2f} | {found['median']:.2f} | {found['different']:,} |")
    print(f"\nlargest resident size of the process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.2f} GB")


if __name__ == "__main__":
    main()
