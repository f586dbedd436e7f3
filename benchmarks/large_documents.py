"""Large documents: a document of 300 clauses, and tables of 1,000 rows of every kind, from the text to the verdicts of a table of records.

    python benchmarks/large_documents.py [ROWS] [RUNS]

The documents are made (tests/large.py). CPU seconds of the process, the least of RUNS; DuckDB has one thread. ROWS records lie in memory,
one in a hundred without its mass; what the undetermined ones wait for is told for them. Ours only: there is no peer here.
"""

from __future__ import annotations

import platform
import resource
import sys
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import TypeVar

import duckdb

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from guiju.readings.columnar import columns, judge
from guiju.readings.compiled import compile_record
from guiju.readings.evaluate import evaluate
from guiju.readings.explain import explain, text
from guiju.readings.missing import missing_table, undetermined
from large import KINDS, long_table, many_clauses, program_of_large

DOCUMENTS = {"300 clauses": many_clauses(300)} | {f"1,000 rows, {kind}": long_table(1000, kind) for kind in KINDS}
RECORDS = """
CREATE TABLE records AS SELECT i AS row, i AS key, CASE WHEN i % 100 > 0 THEN CAST(3000 + hash(i) % 200000 AS DOUBLE) / 10 END AS m,
  CAST(300 + hash(i * 7) % 5700 AS DOUBLE) / 100 AS c, CAST(hash(i * 13) % 2000 AS DOUBLE) AS r, {k} AS k FROM range({rows}) t(i)
"""
Result = TypeVar("Result")


def seconds(work: Callable[[], Result], runs: int) -> tuple[Result, float]:
    least = float("inf")
    for _ in range(runs):
        before = resource.getrusage(resource.RUSAGE_SELF)
        result = work()
        after = resource.getrusage(resource.RUSAGE_SELF)
        least = min(least, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return result, least


def main(rows: int = 200_000, runs: int = 3) -> None:
    print(f"{date.today()}; {platform.machine()}, Python {platform.python_version()}, DuckDB {duckdb.__version__}, 1 thread; {rows:,} rows, {runs} runs\n")
    print("| document | text, kB | nodes | SQL, kB | load, parse, check, s | evaluate and explain one, ms | compile, s | one, compiled, µs "
          "| plan, s | judge the rows, s | what 1 % wait for, s |")  # fmt: skip
    print("|---|" + "---:|" * 10)
    for name, written in DOCUMENTS.items():
        program, checked = seconds(lambda: program_of_large(written), runs)
        record = {"m": Fraction(12345), "c": Fraction(20), "r": Fraction(5), "k": "w777" if "map" in name else "M1"}
        _, explained = seconds(lambda: text(explain(evaluate(program, record), "en")), runs)
        one, compiled = seconds(lambda: compile_record(program), runs)
        floats = {n: float(v) if isinstance(v, Fraction) else v for n, v in record.items()}
        _, thousand = seconds(lambda: [one(floats) for _ in range(1000)], runs)
        with duckdb.connect(config={"threads": 1}) as connection:
            connection.execute(RECORDS.format(rows=rows, k="'w' || hash(i * 3) % 1000" if "map" in name else "'M1'"))
            connection.execute("CREATE TABLE none AS SELECT * FROM records LIMIT 0")
            sql = columns(program, ("row", "key")).sql("records")
            _, planned = seconds(lambda: judge(connection, program, "none", "planned"), runs)
            _, judged = seconds(lambda: judge(connection, program, "records", "verdicts"), runs)
            _, waited = seconds(lambda: missing_table(connection, program, undetermined("records", "verdicts"), "waiting"), runs)
        print(f"| {name} | {len(written.encode()) / 1000:.0f} | {len(program.order)} | {len(sql) / 1000:.0f} | {checked:.2f} | {explained * 1000:.1f} "
              f"| {compiled:.2f} | {thousand * 1000:.1f} | {planned:.2f} | {judged:.2f} | {waited:.2f} |", flush=True)  # fmt: skip


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:3]))
