"""Trips to account-days with caps to accounts: ours against the SQL a person writes; CPU seconds side by side, and grams that differ.

    python benchmarks/aggregate_against_hand_sql.py [ROWS] [RUNS] [MEMORY] [WORKLOAD]

A table of ROWS trips (in memory up to 2·10⁷, else a Parquet file in a temporary folder), a hundred a month for each account. WORKLOAD is part
of the name of those to run. Ours and the hand-written SQL run in turn in one process, each making the table of accounts; CPU is the process's
user and system time. The hand-written SQL is the natural one, on doubles: once with rejected trips filtered out, and once telling as ours does
how many counted and how many did not. Ours also tells what is undetermined or has no key, and where ties leave open which trips are the first.
"""

from __future__ import annotations

import platform
import resource
import statistics
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import duckdb

from guiju.base.diagnostics import Problems
from guiju.ir.check import check
from guiju.ir.program import Program
from guiju.readings.columnar_aggregate import aggregate_tables
from guiju.standard.document import read
from guiju.standard.parse import parse_standard
from guiju.standard.shelf import Shelf

RULE = """
guiju: 1
standard: {number: T/BENCH 1, edition: 1, title: {zh: 骑行, en: rides}, level: group, region: CN, status: draft, dates: {effective: 2026-01-01}}
sources: {s: {title: made up, grade: illustrative, why: {zh: 测量用, en: for measuring}}}
subject: {type: trip, zh: 出行, en: trip}
inputs:
  account: {is: trip.account}
  trip: {is: trip.id}
  started: {is: trip.started, zone: "+08:00"}
  distance: {is: trip.distance, unit: m, decimals: 1, min: 0, max: 100000}
  duration: {is: trip.duration, unit: s, decimals: 0, min: 0, max: 100000}
parameters:
  saved: {unit: gCO2e/pkm, value: 97, source: s}
  daily_cap: {unit: gCO2e, value: 1500, source: s}
formulas:
  ride_day: {formula: day(started)}
  credit: {unit: gCO2e, formula: "ROUNDED(min(distance, 10 km) * 1 person * saved, 1 gCO2e)"}
clauses:
  "1": {zh: 时长, en: duration, shall: 60 s <= duration <= 7200 s, source: s}
  "2": {zh: 里程, en: distance, shall: 500 m <= distance <= 30 km, source: s}
aggregates:
  daily: {zh: 日, en: days, by: [account, ride_day], where: "pass('overall')", FIRST sums: {credit: credit}, caps: {credit: daily_cap}, undetermined: exclude, source: s}
  accounts: {zh: 账户, en: accounts, of: daily, by: [account], sums: {total: credit}, source: s}
"""
MADE = """
SELECT 'a' || lpad(CAST(hash(i * 7) % {accounts} AS VARCHAR), 9, '0') AS account, 't' || i AS trip,
  TIMESTAMP '2026-01-01' + to_seconds(CAST(hash(i * 3) % 2592000 AS BIGINT)) AS started,
  CAST(hash(i * 13) % 160000 AS DOUBLE) / 10 AS distance, CAST(hash(i * 11) % 4000 AS DOUBLE) AS duration
FROM range({rows}) t(i)
"""
DAY = "CAST(started + INTERVAL 8 HOUR AS DATE)"
CREDITED = "duration BETWEEN 60 AND 7200 AND distance BETWEEN 500 AND 30000"
EVEN, DOWN = "round_even(least(distance, 10000) * 97 / 1000, 0)", "floor(least(distance, 10000) * 97 / 1000)"
SIMPLE = """SELECT account, sum(credit) AS total
FROM (SELECT account, {day} AS d, least(sum({value}), 1500) AS credit FROM trips WHERE {credited} GROUP BY 1, 2) GROUP BY 1"""
COUNTED = """SELECT account, sum(credit) AS total, sum(counted) AS counted, sum(rejected) AS rejected
FROM (SELECT account, {day} AS d, least(coalesce(sum({value}) FILTER ({credited}), 0), 1500) AS credit, count(*) FILTER ({credited}) AS counted,
        count(*) FILTER (NOT ({credited})) AS rejected FROM trips GROUP BY 1, 2) GROUP BY 1"""
FIRST = """SELECT account, sum(credit) AS total
FROM (SELECT account, {day} AS d, least(sum({value}), 1500) AS credit
      FROM (SELECT account, started, distance FROM trips WHERE {credited}
            QUALIFY row_number() OVER (PARTITION BY account, {day} ORDER BY started, trip) <= 4) GROUP BY 1, 2) GROUP BY 1"""
IN_ORDER = "order: [started, trip], first: 4,"
WORKLOADS = {
    "caps, rounded to grams; by hand without counts": ("round_gb", "", SIMPLE, EVEN),
    "caps, rounded to grams; by hand with counts": ("round_gb", "", COUNTED, EVEN),
    "caps, down to whole grams; by hand without counts": ("round_down", "", SIMPLE, DOWN),
    "caps, down to whole grams; by hand with counts": ("round_down", "", COUNTED, DOWN),
    "caps, the first 4 of a day; by hand without counts": ("round_down", IN_ORDER, FIRST, DOWN),
}


def program(rounded: str, first: str, shelf: Shelf) -> Program:
    problems = Problems()
    document = read(RULE.replace("ROUNDED", rounded).replace("FIRST", first), "standard.yaml", problems)
    standard = parse_standard(document, None, shelf.dictionary, problems)
    assert standard is not None
    made = check(standard, None, shelf, problems)
    problems.refuse_errors()
    return made


def cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


@contextmanager
def trips(rows: int, memory: str | None) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection with the relation `trips`."""
    made = MADE.format(rows=rows, accounts=max(1, rows // 100))
    with tempfile.TemporaryDirectory() as folder:
        connection = duckdb.connect(str(Path(folder) / "bench.duckdb") if memory else ":memory:", config={"threads": 2})
        if memory:
            connection.execute(f"SET memory_limit = '{memory}'")
        if rows <= 20_000_000 and memory is None:
            connection.execute(f"CREATE TABLE trips AS {made}")
        else:
            connection.execute(f"COPY ({made}) TO '{folder}/trips.parquet' (FORMAT parquet)")
            connection.execute(f"CREATE VIEW trips AS SELECT * FROM '{folder}/trips.parquet'")
        yield connection
        connection.close()


def race(connection: duckdb.DuckDBPyConnection, made: Program, hand: str, runs: int) -> tuple[list[float], list[float], int, int]:
    """CPU seconds of each run, grams by which accounts differ in all, and accounts that do."""
    ours, theirs = [], []
    for _ in range(runs + 1):
        start = cpu()
        aggregate_tables(connection, made, ["trips"], ["accounts"], "ours")
        ours.append(cpu() - start)
        start = cpu()
        connection.execute(f"CREATE OR REPLACE TABLE hand AS {hand}")
        theirs.append(cpu() - start)
    difference = "SELECT coalesce(sum(abs(o.total - h.total)), 0), count(*) FROM ours_accounts o JOIN hand h USING (account) WHERE o.total <> h.total"
    ((grams, accounts),) = connection.execute(difference).fetchall()
    return ours[1:], theirs[1:], int(grams), int(accounts)


def main() -> None:
    words = [*sys.argv[1:], *("10000000", "5", "", "")[len(sys.argv) - 1 :]]
    rows, runs, memory = int(words[0]), int(words[1]), words[2] or None
    chosen = [name for name in WORKLOADS if words[3] in name]
    shelf = Shelf()
    of = f"{rows:,} trips, {runs} runs" + (f", memory {memory}" if memory else "")
    print(f"{date.today()}; {platform.machine()}, Python {platform.python_version()}, DuckDB {duckdb.__version__}, 2 threads; {of}\n")
    print("| workload | ours, CPU s | by hand, CPU s | ratio of minima | median of pairs | grams the hand SQL gets wrong | accounts |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    with trips(rows, memory) as connection:
        for name in chosen:
            rounded, first, form, value = WORKLOADS[name]
            hand = form.format(day=DAY, value=value, credited=CREDITED)
            ours, theirs, grams, accounts = race(connection, program(rounded, first, shelf), hand, runs)
            median = statistics.median(a / b for a, b in zip(ours, theirs, strict=True))
            print(f"| {name} | {min(ours):.3f} | {min(theirs):.3f} | {min(ours) / min(theirs):.2f} | {median:.2f} | {grams:,} | {accounts:,} |")
    print(f"\nlargest resident size of the process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.2f} GB")


if __name__ == "__main__":
    main()
