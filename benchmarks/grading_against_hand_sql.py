"""Grading with a top-20 % rule against the same rules written by hand in SQL: CPU seconds side by side, and grades the hand SQL gets wrong.

    python benchmarks/grading_against_hand_sql.py [ROWS] [RUNS]

A made-up front-runner standard: a basic clause, four indicators with three levels each, a weighted score, and a grade that asks for the best
fifth of the size class by consumption over its limit. Ours: the population is ranked exactly (thresholds as exact ratios), the standard is
checked with the snapshot, and the table graded. By hand: quantile_disc per class, joined to the products, doubles and CASE. Both reduce the
result to counts of grades and the sum of scores. The hash over the data, which the hand SQL has no counterpart of, is timed apart.
"""

from __future__ import annotations

import platform
import resource
import statistics
import sys
from datetime import date

import duckdb

from guiju.base.diagnostics import Problems
from guiju.ir.check import check
from guiju.ir.program import Program
from guiju.ir.snapshot import Snapshot
from guiju.readings.columnar import columns
from guiju.readings.population import data_hash, rank, ranking_of
from guiju.standard.document import read
from guiju.standard.model import Standard
from guiju.standard.parse import parse_standard
from guiju.standard.shelf import Shelf

TEXT = """
guiju: 1
standard: {number: T/RACE 1, edition: 1, title: {zh: 领跑者, en: front-runners}, level: group, region: CN, status: draft, dates: {effective: 2026-01-01}}
sources: {s: {title: made up, grade: illustrative, why: {zh: 测量用, en: for measuring}}}
subject: {type: vehicle.car, zh: 车, en: car}
inputs:
  category: {is: vehicle.category, values: [M1, M2, N1, N2]}
  curb_mass: {is: vehicle.mass.curb, unit: kg, decimals: 0, min: 300, max: 6000}
  consumption: {is: nev.electricity.cltc, unit: kWh/100km, decimals: 2, min: 3, max: 60}
  range: {is: nev.range.cltc, unit: km, decimals: 0, min: 0, max: 2000}
  density: {is: nev.battery.energy_density, unit: Wh/kg, decimals: 1, min: 20, max: 500}
  speed: {is: vehicle.speed.thirty_minutes, unit: km/h, decimals: 0, min: 30, max: 400}
tables:
  limit:
    of: curb_mass
    kind: step
    unit: kWh/100km
    numeric: {m: curb_mass as kg}
    source: s
    rows: [{upto: 1090 kg, value: 10.1}, {upto: 2710 kg, value: 0.00556 * (m - 1780) + 13.92}, {value: 19.1}]
    jumps: [1090 kg, 2710 kg]
formulas:
  ratio: {zh: 能耗与限值之比, en: consumption over limit, unit: "1", formula: consumption / limit}
clauses:
  "4.1": {zh: 基本, en: basic, shall: "consumption <= 1.2 * limit and speed >= 100 km/h", source: s}
populations:
  leaders: {zh: 排名, en: ranking, of: ratio, better: lower, within: [category], where: pass('4.1'), min_count: 5, best: {top20: 20 %}, source: s}
indicators:
  "5.1": {zh: 续驶, en: range, name: i_range, kind: core, value: range, better: higher, levels: {1: 600 km, 2: 500 km, 3: 400 km}, source: s}
  "5.2": {zh: 能耗, en: ratio, name: i_ratio, kind: core, value: ratio, better: lower, levels: {1: 0.85, 2: 0.95, 3: 1}, source: s}
  "5.3": {zh: 密度, en: density, name: i_density, kind: core, value: density, better: higher, levels: {1: 160 Wh/kg, 2: 140 Wh/kg, 3: 125 Wh/kg}, source: s}
  "5.4": {zh: 车速, en: speed, name: i_speed, kind: innovative, value: speed, better: higher, levels: {1: 160 km/h, 2: 140 km/h, 3: 120 km/h}, source: s}
scores:
  total: {zh: 总分, en: total, weights: {i_range: 30, i_ratio: 40, i_density: 20, i_speed: 10}, points: {1: 100, 2: 80, 3: 60, none: 0}, not_applicable: exclude}
grades:
  grade: {zh: 等级, en: grade, of: [
    {grade: 领跑者, when: "pass('4.1') and worst('core') <= 3 and ratio <= leaders.top20"},
    {grade: 5星, when: "pass('4.1') and worst('core') <= 2 and total >= 80"}, {grade: 4星, when: "pass('4.1') and total >= 60"}, {grade: 无}]}
"""

PRODUCTS = """
CREATE TABLE products AS SELECT i AS row, CASE hash(i) % 4 WHEN 0 THEN 'M1' WHEN 1 THEN 'M2' WHEN 2 THEN 'N1' ELSE 'N2' END AS category,
  CAST(800 + hash(i * 7) % 2400 AS DOUBLE) AS curb_mass, CAST(800 + hash(i * 13) % 1200 AS DOUBLE) / 100 AS consumption,
  CAST(300 + hash(i * 3) % 500 AS DOUBLE) AS range, CAST(1000 + hash(i * 5) % 1000 AS DOUBLE) / 10 AS density,
  CAST(90 + hash(i * 11) % 110 AS DOUBLE) AS speed FROM range({rows}) t(i)
"""

HAND = """
WITH valued AS (SELECT *, CASE WHEN curb_mass <= 1090 THEN 10.1::DOUBLE WHEN curb_mass <= 2710 THEN 0.00556::DOUBLE * (curb_mass - 1780) + 13.92::DOUBLE
                  ELSE 19.1::DOUBLE END AS lim FROM products),
  judged AS (SELECT *, consumption / lim AS ratio, consumption <= 1.2::DOUBLE * lim AND speed >= 100 AS ok FROM valued),
  leaders AS (SELECT category, quantile_disc(ratio, 0.2) AS top20 FROM judged WHERE ok GROUP BY category),
  leveled AS (SELECT j.*, top20, CASE WHEN range >= 600 THEN 1 WHEN range >= 500 THEN 2 WHEN range >= 400 THEN 3 ELSE 4 END AS l1,
    CASE WHEN ratio <= 0.85 THEN 1 WHEN ratio <= 0.95 THEN 2 WHEN ratio <= 1 THEN 3 ELSE 4 END AS l2,
    CASE WHEN density >= 160 THEN 1 WHEN density >= 140 THEN 2 WHEN density >= 125 THEN 3 ELSE 4 END AS l3,
    CASE WHEN speed >= 160 THEN 1 WHEN speed >= 140 THEN 2 WHEN speed >= 120 THEN 3 ELSE 4 END AS l4 FROM judged j JOIN leaders USING (category)),
  scored AS (SELECT *, (30 * (CASE l1 WHEN 1 THEN 100 WHEN 2 THEN 80 WHEN 3 THEN 60 ELSE 0 END) + 40 * (CASE l2 WHEN 1 THEN 100 WHEN 2 THEN 80
    WHEN 3 THEN 60 ELSE 0 END) + 20 * (CASE l3 WHEN 1 THEN 100 WHEN 2 THEN 80 WHEN 3 THEN 60 ELSE 0 END) + 10 * (CASE l4 WHEN 1 THEN 100 WHEN 2 THEN 80
    WHEN 3 THEN 60 ELSE 0 END))::DOUBLE / 100 AS total FROM leveled)
SELECT row, total, CASE WHEN ok AND greatest(l1, l2, l3) <= 3 AND ratio <= top20 THEN '领跑者' WHEN ok AND greatest(l1, l2, l3) <= 2 AND total >= 80 THEN '5星'
  WHEN ok AND total >= 60 THEN '4星' ELSE '无' END AS grade FROM scored
"""


def cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def counted(sql: str) -> str:
    return f"SELECT grade, count(*), sum(total) FROM ({sql}) GROUP BY grade ORDER BY grade"


def standard_of(shelf: Shelf) -> Standard:
    problems = Problems()
    standard = parse_standard(read(TEXT, "race.yaml", problems), None, shelf.dictionary, problems)
    problems.refuse_errors()
    assert standard is not None
    return standard


def ranked(connection: duckdb.DuckDBPyConnection, shelf: Shelf, standard: Standard) -> Program:
    """The standard's program with a snapshot of the products."""
    program = check(standard, None, shelf, Problems())
    rankings = rank(connection, program, "products")
    snapshot = Snapshot(standard.number, program.on, program.content_hash, "", 1, "race", rankings)
    problems = Problems()
    made = check(standard, None, shelf, problems, snapshots=[snapshot])
    problems.refuse_errors()
    return made


def race(rows: int, runs: int) -> None:
    shelf, connection = Shelf(), duckdb.connect(config={"threads": 2})
    connection.execute(PRODUCTS.replace("{rows}", str(rows)))
    standard = standard_of(shelf)
    ours, ranking, theirs = [], [], []
    for _ in range(runs + 1):
        start = cpu()
        program = ranked(connection, shelf, standard)
        middle = cpu()
        connection.execute(counted(columns(program).sql("products"))).fetchall()
        ours.append(cpu() - start)
        ranking.append(middle - start)
        start = cpu()
        connection.execute(counted(HAND)).fetchall()
        theirs.append(cpu() - start)
    mine = columns(program, ("row",)).sql("products")
    query = f"SELECT count(*) FROM (SELECT row, grade FROM ({mine})) a JOIN (SELECT row, grade FROM ({HAND})) b USING (row) WHERE a.grade IS DISTINCT FROM b.grade"
    ((different,),) = connection.execute(query).fetchall()
    start = cpu()
    data_hash(connection, [program.inputs[n] for n in ranking_of(program).used_inputs], "products")
    hashed = cpu() - start
    pairs = [a / b for a, b in zip(ours[1:], theirs[1:], strict=True)]
    print(f"{date.today()}; {platform.machine()}, Python {platform.python_version()}, DuckDB {duckdb.__version__}, 2 threads; {rows:,} rows, {runs} runs\n")
    print("| | ours, CPU s | of that ranking | by hand, CPU s | ratio of minima | median of pairs | grades the hand SQL gets wrong | hash of the data, CPU s |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|")
    print(f"| grading | {min(ours[1:]):.3f} | {min(ranking[1:]):.3f} | {min(theirs[1:]):.3f} | {min(ours[1:]) / min(theirs[1:]):.2f} | "
          f"{statistics.median(pairs):.2f} | {different:,} | {hashed:.2f} |")  # fmt: skip


if __name__ == "__main__":
    race(*(int(a) for a in (*sys.argv[1:], *("10000000", "5")[len(sys.argv) - 1 :])))
