"""Boards of a million products with twenty declared values, from the Parquet file to bands and the comparison as a whole, against SQL by hand.

    python benchmarks/boards.py [ROWS] [RUNS]

A made-up library: as many products in a Parquet file as asked, of 20 000 declared standards of 2 000 enterprises, with twenty declared values each.
Ours: the file read through the door, levels and the basic clause by the columnar reading, every product placed with its reason, bands per range and
indicator with entries, the comparison as a whole with exact scores, and the hashes over both. By hand: one SQL with CASE on doubles in the file's own
units, the same counts, scores as doubles; it refuses nothing, places nobody apart and hashes nothing. Both in DuckDB with two threads.
"""

from __future__ import annotations

import platform
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from guiju.base.diagnostics import Problems
from guiju.frontrunner.board.boards import boards
from guiju.frontrunner.board.model import Boards
from guiju.frontrunner.entity import DeclaredStandard, Enterprise
from guiju.frontrunner.scheme import read_scheme
from guiju.frontrunner.scheme_meaning import board_program
from guiju.records.mapping import Entry
from guiju.records.mapping import Mapping as ColumnMapping
from guiju.records.read import read_table
from guiju.records.source import Source
from guiju.standard.document import read
from guiju.standard.model import Title
from guiju.standard.parse import parse_standard
from guiju.standard.shelf import Shelf

INDICATORS, STANDARDS, ENTERPRISES, ON = 20, 20_000, 2_000, date(2026, 1, 1)


def standard_text(shelf: Shelf) -> str:
    taken = ("vehicle.mass.curb", "vehicle.speed.thirty_minutes")
    numbers = [(id_, each.unit) for id_, each in sorted(shelf.dictionary.items()) if each.unit is not None and id_ not in taken][:INDICATORS]
    inputs = "\n".join(f'  x{n}: {{is: {id_}, unit: "{unit}", decimals: 1, min: 0, max: 1000}}' for n, (id_, unit) in enumerate(numbers))
    levels = "{1: 700, 2: 500, 3: 300}"
    indicators = "\n".join(f'  "5.{n}": {{zh: 指标, en: indicator, name: i{n}, kind: {"core" if n < 12 else "innovative"}, value: x{n}, better: higher, '
                           f"levels: {levels}, source: s}}" for n in range(INDICATORS))  # fmt: skip
    return f"""guiju: 1
standard: {{number: T/RACE 2, edition: 1, title: {{zh: 排行, en: boards}}, level: group, region: CN, status: draft, dates: {{effective: 2026-01-01}}}}
sources: {{s: {{title: made up, grade: illustrative, why: {{zh: 测量用, en: for measuring}}}}}}
subject: {{type: vehicle.car, zh: 车, en: car}}
inputs:
  curb_mass: {{is: vehicle.mass.curb, unit: kg, decimals: 0, min: 300, max: 6000}}
  speed: {{is: vehicle.speed.thirty_minutes, unit: km/h, decimals: 0, min: 30, max: 400}}
{inputs}
clauses:
  "4.1": {{zh: 基本, en: basic, shall: "speed >= 100 km/h", source: s}}
indicators:
{indicators}
"""


def scheme_text() -> str:
    core, rest = (", ".join(f"i{n}: {{}}" for n in numbers) for numbers in (range(12), range(12, INDICATORS)))
    return f"""guiju: 1
scheme:
  id: race
  title: {{zh: 排行, en: boards}}
  standard: T/RACE 2
  entity: product
  range: ["'small' if curb_mass < 1200 kg else 'middle' if curb_mass < 2000 kg else 'large'"]
  basic: ["4.1"]
  core: {{{core}}}
  innovative: {{{rest}}}
  weights: {{completeness: 30, advancement: 50, drafting: 20, source: s}}
  shortlist: {{least: 50, share: 20 %, source: s}}
  evaluator: {{zh: 测量用, en: for measuring}}
  cycle: 2026
  sources: {{s: {{title: made up, grade: illustrative}}}}
"""


def products(file: Path, rows: int) -> None:
    values = ", ".join(f"CASE WHEN hash(i * {101 + 2 * n}) % 50 = 0 THEN NULL ELSE CAST(hash(i * {7 + 2 * n}) % 10000 AS DOUBLE) / 10 END AS x{n}"
                       for n in range(INDICATORS))  # fmt: skip
    made = (f"SELECT 'p' || i AS product, 'E' || (i % {STANDARDS} % {ENTERPRISES}) AS enterprise, 'Q/' || (i % {STANDARDS}) AS standard, '2025' AS edition, "
            f"'m' || i AS model, DATE '2025-01-01' AS on_sale, CAST(800 + hash(i) % 2400 AS DOUBLE) AS curb_mass, "
            f"CAST(95 + hash(i * 3) % 100 AS DOUBLE) AS speed, {values} FROM range({rows}) t(i)")  # fmt: skip
    duckdb.sql(f"COPY ({made}) TO '{file}' (FORMAT parquet)")


LEVEL = "CASE WHEN x{n} >= 700 THEN 1 WHEN x{n} >= 500 THEN 2 WHEN x{n} >= 300 THEN 3 WHEN x{n} IS NULL THEN NULL ELSE 4 END"


def hand(connection: duckdb.DuckDBPyConnection, file: Path) -> None:
    """Counts of every range × indicator × level, the ends of its values, and a score per range and declared standard."""
    levels = ", ".join(f"{LEVEL.format(n=n)} AS l{n}" for n in range(INDICATORS))
    range_ = "CASE WHEN curb_mass < 1200 THEN 'small' WHEN curb_mass < 2000 THEN 'middle' ELSE 'large' END"
    connection.execute(f"CREATE OR REPLACE TABLE hand AS SELECT enterprise, standard, edition, model, {range_} AS r, {levels}, "
                       f"{', '.join(f'x{n}' for n in range(INDICATORS))} FROM '{file}' WHERE speed >= 100")  # fmt: skip
    for n in range(INDICATORS):
        connection.execute(f"SELECT r, l{n}, count(*), count(DISTINCT standard), min(x{n}), max(x{n}) FROM hand GROUP BY r, l{n}").fetchall()
    lowest = ", ".join(f"CASE WHEN count(l{n}) < count(*) THEN NULL ELSE max(l{n}) END AS w{n}" for n in range(INDICATORS))
    declared = " + ".join(f"(w{n} IS NOT NULL)::INT" for n in range(INDICATORS))
    stars = " + ".join(f"CASE w{n} WHEN 1 THEN 5 WHEN 2 THEN 4 WHEN 3 THEN 3 ELSE 0 END" for n in range(INDICATORS))
    connection.execute(f"CREATE OR REPLACE TABLE whole AS SELECT *, 30.0 * ({declared}) / {INDICATORS} + 50.0 * ({stars}) / {5 * INDICATORS} + 20 AS score "
                       f"FROM (SELECT r, enterprise, standard, edition, count(*) AS models, {lowest} FROM hand GROUP BY ALL)")  # fmt: skip
    connection.execute("SELECT r, count(*) FROM (SELECT *, percent_rank() OVER (PARTITION BY r ORDER BY score DESC) AS p FROM whole) WHERE p <= 0.2 AND score >= 50 "
                       "GROUP BY r").fetchall()  # fmt: skip


@dataclass
class Held:
    connection: duckdb.DuckDBPyConnection
    products: Source
    mapping: ColumnMapping
    enterprises: Mapping[str, Enterprise]
    standards: Mapping[tuple[str, str], DeclaredStandard]
    hash: str = "0" * 64
    illustrative: bool = True


def ours(file: Path, shelf: Shelf) -> Boards:
    connection = duckdb.connect(config={"threads": 2})
    source = read_table(file, connection, "products")
    entries = {name: Entry(column=name) for name in ("curb_mass", "speed", *(f"x{n}" for n in range(INDICATORS)))}
    title = Title("企业", "enterprise")
    enterprises = {f"E{n}": Enterprise(f"E{n}", title, "CN") for n in range(ENTERPRISES)}
    standards = {(f"Q/{n}", "2025"): DeclaredStandard(f"Q/{n}", "2025", f"E{n % ENTERPRISES}", title, date(2025, 1, 1), "current", (), {})
                 for n in range(STANDARDS)}  # fmt: skip
    problems = Problems()
    standard = parse_standard(read(standard_text(shelf), "race.yaml", problems), None, shelf.dictionary, problems)
    scheme = read_scheme(read(scheme_text(), "race.yaml", problems), problems)
    assert standard is not None and scheme is not None, [d.message("en") for d in problems.found]
    program = board_program(standard, scheme, ON, shelf, problems)
    assert program is not None, [d.message("en") for d in problems.found]
    return boards(program, scheme, Held(connection, source, ColumnMapping(entries, "product"), enterprises, standards), ON)


def measured(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds of the clock and of the processors."""
    before, start = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    work()
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def race(rows: int, runs: int) -> None:
    shelf = Shelf()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "products.parquet"
        products(file, rows)
        mine, theirs = [], []
        for _ in range(runs):
            mine.append(measured(lambda: ours(file, shelf)))
            theirs.append(measured(lambda: hand(duckdb.connect(config={"threads": 2}), file)))
    pairs = [a[1] / b[1] for a, b in zip(mine, theirs, strict=True)]
    print(f"{date.today()}; {platform.machine()}, Python {platform.python_version()}, DuckDB {duckdb.__version__}, 2 threads; {rows:,} products × "
          f"{INDICATORS} declared values, {runs} runs\n")  # fmt: skip
    print("| | ours, s | ours, CPU s | by hand, s | by hand, CPU s | ratio of CPU minima | median of pairs |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    wall, cpu = min(each[0] for each in mine), min(each[1] for each in mine)
    other, others = min(each[0] for each in theirs), min(each[1] for each in theirs)
    print(f"| file to boards | {wall:.2f} | {cpu:.2f} | {other:.2f} | {others:.2f} | {cpu / others:.2f} | {statistics.median(pairs):.2f} |")


if __name__ == "__main__":
    race(*(int(a) for a in (*sys.argv[1:], *("1000000", "3")[len(sys.argv) - 1 :])))
