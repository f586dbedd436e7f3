"""Test plan: the cheapest of 200 tests for access to 30 regions; against a greedy choice and against HiGHS on the plain model, both as a person
would write them.

    python benchmarks/test_plan.py [SEED...]

The standards and the catalogue are made: a national standard of 60 clauses, 30 regional ones of 20, over 150 properties, some by one of three
methods; 200 tests that give 1 to 12 properties, accepted everywhere, in a group of regions or in one, some after a preparation, some with samples.
What no test gives is left out by all three alike. `ours` is everything from the catalogue's file to the verified plan, with the 30 plans of
regions that test alone; `joint` is the plan of all regions in it. `greedy` takes the test with the lowest cost per need that is still open,
with its preparation. `plain` has a row for every need in every region. CPU seconds of the process.
"""

from __future__ import annotations

import itertools
import platform
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import highspy

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from checking import MADE_UP, shelf
from guiju.align.catalogue import load_catalogue
from guiju.align.needs import Need, needs_of_all
from guiju.align.testplan import Plan, _Market, plan
from guiju.base.diagnostics import Problems
from guiju.ir.check import check
from guiju.ir.program import Program
from guiju.standard.document import read
from guiju.standard.model import Title
from guiju.standard.parse import parse_standard
from guiju.standard.regions import Region, Regions

REGIONS, PROPERTIES, TESTS = 30, 150, 200
CODES = [f"R{n:02}" for n in range(REGIONS)]
KNOWN = Regions({"ALL": Region("ALL", Title("全国", "all"), None)} | {c: Region(c, Title(c, c), "ALL") for c in CODES})
DICTIONARY = dict(shelf().dictionary) | {f"made.x{n}": replace(shelf().dictionary["nev.range.cltc"], id=f"made.x{n}", method=None) for n in range(PROPERTIES)}
METHODS = (None, "GB/T 1", "GB/T 2", "ISO 3")


def standard(number: int, region: str, clauses: int, draw: random.Random) -> str:
    asked = sorted(draw.sample(range(PROPERTIES), clauses))
    head = MADE_UP.replace("T/TEST 1", f"T/TEST {number}").replace("region: CN", f"region: {region}")
    lines = [head, "inputs:", *(f"  x{n}: {{is: made.x{n}, unit: km, decimals: 1, min: 0, max: 2000}}" for n in asked), "clauses:"]
    for n in asked:
        method = METHODS[draw.choice((0, 0, 0, 1 + n % 2, 3))]
        lines.append(f'  "{n}": {{zh: 条, en: clause, shall: "x{n} <= {100 + n} [km]", source: s{f", method: {method}" if method else ""}}}')
    return "\n".join(lines) + "\n"


def catalogue(draw: random.Random, tangled: bool) -> str:
    """tangled   tests of 5 to 25 properties that have nothing to do with one another"""
    lines = ["title: {zh: 试验, en: tests}", "laboratories: {a: {zh: 甲, en: a}, b: {zh: 乙, en: b}}", "samples: {car: {zh: 车, en: car, cost: 9000 元}}", "tests:"]
    for n in range(TESTS):
        first, many = draw.randrange(PROPERTIES), draw.choice((1, 1, 2, 3, 5, 8, 12)) if not tangled else draw.randint(5, 25)
        held = draw.sample(range(PROPERTIES), many) if tangled else sorted({(first + 3 * k) % PROPERTIES for k in range(many)})
        gives = "" if n < 10 else f"gives: [{', '.join(f'made.x{k}' for k in held)}], "
        method = METHODS[draw.choice((0, 1 + first % 2, 1 + first % 2, 3))]
        where = draw.choice((CODES, CODES, draw.sample(CODES, 10), draw.sample(CODES, 3)))
        extra = (f"needs: t{draw.randrange(10)}, " if n >= 10 and draw.random() < 0.3 else "") + (f"sample: {draw.randint(1, 4)}, " if draw.random() < 0.4 else "")
        extra += (f"method: {method}, " if method else "") + (f"accepted_in: [{', '.join(where)}], " if where is not CODES else "")
        cost = int((300 + 700 * many**0.8) * draw.uniform(0.6, 1.6) * (0.5 + len(where) / 60)) * 10
        lines.append(f"  t{n}: {{zh: 试验, en: test, {gives}{extra}cost: {cost} 元, duration: {draw.randint(1, 9)} d, laboratory: {draw.choice('ab')}, source: made, grade: illustrative}}")
    return "\n".join(lines) + "\n"


def program_of(text: str) -> Program:
    problems = Problems()
    parsed = parse_standard(read(text, "made.yaml", problems), None, DICTIONARY, problems)
    assert parsed is not None
    found = check(parsed, None, shelf(), problems)
    assert not problems.has_errors, problems.found[0].message("en")
    return found


def ours(programs: list[Program], file: Path) -> Plan:
    problems = Problems()
    offered = load_catalogue(file, DICTIONARY, KNOWN, problems)
    assert offered is not None and not problems.has_errors, problems.found[0].message("en")
    needs, told = needs_of_all(programs, KNOWN, CODES, DICTIONARY)
    return plan(needs, told, offered, CODES, KNOWN, DICTIONARY)


def asked(made: Plan, needs: list[Need]) -> tuple[_Market, list[tuple[int, ...]]]:
    """For the peers: a row for every need in every region, of the tests that show it."""
    market = _Market(made.catalogue, KNOWN, frozenset())
    return market, [showing for need in needs for code in need.regions if (showing := tuple(market.showing(need, code)))]


def greedy(market: _Market, rows: list[tuple[int, ...]]) -> set[int]:
    places, taken, still = {o.id: at for at, o in enumerate(market.offers)}, set[int](), set(range(len(rows)))
    gives = {at: {n for n, row in enumerate(rows) if at in row} for at in range(len(market.offers))}
    while still:
        best = min((at for at in gives if gives[at] & still), key=lambda at: (
            (market.cost(taken | {at, *(places[n] for n in market.offers[at].needs)})[0] - market.cost(taken)[0]) / len(gives[at] & still), at))  # fmt: skip
        taken |= {best, *(places[n] for n in market.offers[best].needs)}
        still -= gives[best]
    return taken


def plain(market: _Market, rows: list[tuple[int, ...]]) -> set[int]:
    h: Any = highspy.Highs()
    h.silent()
    h.setOptionValue("threads", 1)
    h.setOptionValue("time_limit", 60.0)
    places = {o.id: at for at, o in enumerate(market.offers)}
    x = [h.addBinary(obj=float(o.cost)) for o in market.offers]
    cars = h.addIntegral(obj=9000.0)
    for row in rows:
        h.addConstr(h.qsum(x[at] for at in row) >= 1)
    for at, offer in enumerate(market.offers):
        for need in offer.needs:
            h.addConstr(x[places[need]] >= x[at])
        if offer.sample:
            h.addConstr(cars >= offer.sample[1] * x[at])
    h.run()
    return {at for at, value in enumerate(h.getSolution().col_value[: len(x)]) if value > 0.5}


def seconds(work: Callable[[], Any]) -> tuple[Any, float]:
    before = resource.getrusage(resource.RUSAGE_SELF)
    result = work()
    after = resource.getrusage(resource.RUSAGE_SELF)
    return result, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main(*seeds: int) -> None:
    print(f"{date.today()}; {platform.machine()}, Python {platform.python_version()}, HiGHS {highspy.Highs().version()}\n")
    print("| tests | seed | rows | ours, s | joint, s | cost | proof | plain, s | plain / joint | plain cost / ours | greedy, s | greedy cost / ours |")
    print("|---|---:|---:|---:|---:|---:|---|---:|---:|---:|---:|---:|")
    for seed, tangled in itertools.product(seeds or (1, 2, 3), (False, True)):
        draw = random.Random(seed)
        programs = [program_of(standard(0, "ALL", 60, draw)), *(program_of(standard(n + 1, code, 20, draw)) for n, code in enumerate(CODES))]
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "tests.yaml"
            file.write_text(catalogue(draw, tangled), encoding="utf-8")
            began = time.monotonic()
            made, own = seconds(lambda: ours(programs, file))
            wall = time.monotonic() - began
        needs = needs_of_all(programs, KNOWN, CODES, DICTIONARY)[0]
        market, rows = asked(made, needs)
        _, joint = seconds(lambda: market.cheapest(needs, CODES, 5))
        by_plain, plain_s = seconds(lambda: plain(market, rows))
        by_greedy, greedy_s = seconds(lambda: greedy(market, rows))
        costs = [float(market.cost(found)[0] / made.cost) for found in (by_plain, by_greedy)]
        print(f"| {'tangled' if tangled else 'alike'} | {seed} | {len(rows)} | {own:.2f} | {joint:.2f} | {float(made.cost):,.0f} | {made.proof} | {plain_s:.2f} | {plain_s / joint:.1f} | "
              f"{costs[0]:.4f} | {greedy_s:.2f} | {costs[1]:.3f} |", flush=True)  # fmt: skip
        print(f"  elapsed {wall:.1f} s; alone: {sorted({a.proof for a in made.alone})}; not shown: {len(made.unserved)}", file=sys.stderr)


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:]))
