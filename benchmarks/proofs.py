"""Proofs: is one document at least as strict as another, clause by clause; against one plain encoding of both documents for the same solver.

    python benchmarks/proofs.py [RUNS]

The documents are made. In the second edition every third limit is tighter, every fifth looser. `plain` asks the same solver the same
questions, clause by clause, with the whole of the first document as hypothesis, on the grids, without pieces, and takes any witness it is
given. CPU seconds of the process, the least of RUNS; a limit of 60 s for each document of `plain`, after which it is stopped and what it had
answered is told. Ours includes witnesses that look typical, each judged again by the exact reading.
"""

from __future__ import annotations

import platform
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import z3

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from checking import MADE_UP, shelf
from guiju.base.diagnostics import Problems
from guiju.ir.check import check
from guiju.ir.program import Program
from guiju.readings.smt.following import passing
from guiju.readings.smt.meaning import conformity
from guiju.readings.smt.space import Space
from guiju.readings.smt.strictness import Strictness, at_least_as_strict
from guiju.standard.document import read
from guiju.standard.parse import parse_standard
from large import many_clauses

PLAIN_SECONDS = 60


def indicators(count: int, rows: int, edition: int) -> str:
    """So many indicators, each of a property of its own, with a limit from a table over the mass."""
    lines = [MADE_UP, "inputs:", "  m: {is: vehicle.mass.curb, unit: kg, decimals: 0, min: 300, max: 60000}",
             "  k: {is: vehicle.category, values: [M1, N1, M2]}"]  # fmt: skip
    lines += [f"  x{n}: {{is: made.x{n}, unit: km, decimals: 1, min: 0, max: 2000}}" for n in range(count)]
    lines.append("tables:")
    for n in range(count):
        moved = edition * (-1 if n % 3 == 0 else 1 if n % 5 == 0 else 0)
        steps = ", ".join(f"{{upto: {500 + (50 * row if rows < 100 else 20 * row) + n} kg, value: {100 + row + moved}.{n % 10}}}" for row in range(rows))
        lines.append(f"  t{n}: {{of: m, kind: step, unit: km, source: s, rows: [{steps}, {{value: {1300 + moved}}}]}}")
    lines.append("clauses:")
    for n in range(count):
        lines.append(f"""  "{n}": {{zh: 条, en: clause, shall: x{n} <= t{n}, when: "k == 'M1' or m > {1000 + n} kg", source: s}}""")
    return "\n".join(lines) + "\n"


def shared(edition: int) -> str:
    """300 clauses over the same four quantities, none of which is one comparison."""
    text = many_clauses(300)
    return text if not edition else text.replace("<= 20 [kWh", "<= 19 [kWh").replace("<= 25 [kWh", "<= 26 [kWh")


def program_of(text: str) -> Program:
    problems = Problems()
    dictionary = dict(shelf().dictionary)
    dictionary |= {f"made.x{n}": replace(dictionary["nev.range.cltc"], id=f"made.x{n}", method=None) for n in range(300)}
    standard = parse_standard(read(text, "made.yaml", problems), None, dictionary, problems)
    assert standard is not None
    program = check(standard, None, shelf(), problems)
    assert not problems.has_errors, problems.found[0].message("en")
    return program


def plain(first: Program, second: Program) -> Counter[str]:
    """The same answers, by a solver that is told everything each time."""
    space, until = Space((first, second)), time.monotonic() + PLAIN_SECONDS
    ours, theirs = conformity(space, 0), conformity(space, 1)
    assert ours is not None and theirs is not None
    formulas, _ = passing(ours, ours.demands)
    found: Counter[str] = Counter()
    for demand in theirs.demands:
        left = until - time.monotonic()
        if left <= 0:
            found["not reached"] += 1
            continue
        solver = z3.Solver()
        solver.set("timeout", int(1000 * left))
        solver.add(*(f for f in (*formulas, demand.violated) if f is not True), *space.domain(space.quantities, True))
        found[{"sat": "refuted", "unsat": "proved"}.get(str(solver.check()), "unknown")] += 1
    return found


def ours(first: Program, second: Program) -> Counter[str]:
    told: Strictness = at_least_as_strict(first, second, shelf().dictionary)
    return Counter(type(c.answer).__name__.lower() for c in told.clauses)


def seconds(work: Callable[[], Any], runs: int) -> tuple[Any, float]:
    least, result = float("inf"), None
    for _ in range(runs):
        before = resource.getrusage(resource.RUSAGE_SELF)
        result = work()
        after = resource.getrusage(resource.RUSAGE_SELF)
        least = min(least, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return result, least


def main(runs: int = 3) -> None:
    print(f"{date.today()}; {platform.machine()}, Python {platform.python_version()}, Z3 {z3.get_version_string()}, {runs} runs\n")
    print("| two editions of | ours, s | answers | plain, s | answers | plain / ours |\n|---|---:|---|---:|---|---:|")
    documents = {
        "20 indicators, tables of 10 rows": [indicators(20, 10, e) for e in (0, 1)],
        "300 indicators, tables of 10 rows": [indicators(300, 10, e) for e in (0, 1)],
        "300 clauses over the same 4 quantities": [shared(e) for e in (0, 1)],
        "20 indicators, tables of 1,000 rows": [indicators(20, 1000, e) for e in (0, 1)],
    }
    for name, texts in documents.items():
        first, second = (program_of(text) for text in texts)
        answers, own = seconds(lambda: ours(first, second), runs)
        other, theirs = seconds(lambda: plain(first, second), 1)
        print(f"| {name} | {own:.2f} | {_told(answers)} | {theirs:.2f} | {_told(other)} | {theirs / own:.1f} |", flush=True)


def _told(answers: Counter[str]) -> str:
    return ", ".join(f"{n} {word}" for word, n in sorted(answers.items()))


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:]))
