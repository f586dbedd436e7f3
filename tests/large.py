"""Large documents, made: so many clauses with tables and formulas, or one table of so many rows. For sizes and benchmarks, not for meaning."""

from __future__ import annotations

from dataclasses import replace

from checking import MADE_UP, shelf
from guiju.base.diagnostics import Problems
from guiju.ir.check import check
from guiju.ir.program import Program
from guiju.standard.document import read
from guiju.standard.parse import parse_standard

KINDS = ("step", "formula", "interpolate", "map")
"""Of a large table: constants, numerical-value equations, straight lines between points, categories."""
INPUTS = """
inputs:
  m: {is: vehicle.mass.curb, unit: kg, decimals: 1, min: 300, max: 60000}
  c: {is: nev.electricity.cltc, unit: kWh/100km, decimals: 2, min: 3, max: 60}
  r: {is: nev.range.cltc, unit: km, decimals: 0, min: 0, max: 2000}
"""


def many_clauses(count: int) -> str:
    """Clauses with conditions, over a fifth as many formulas and a tenth as many tables of eleven rows."""
    lines = [MADE_UP + INPUTS + "  k: {is: vehicle.category, values: [M1, N1, M2]}", "tables:"]
    for n in range(count // 10):
        rows = ", ".join(f"{{upto: {500 + 50 * row + n} kg, value: {10 + row}.{n % 10}}}" for row in range(10))
        lines.append(f"  t{n}: {{of: m, kind: step, unit: kWh/100km, source: s, rows: [{rows}, {{value: 30}}]}}")
    lines.append("formulas:")
    for n in range(count // 5):
        lines.append(f'  f{n}: {{unit: kWh/100km, formula: "c * {1 + n % 7}.5 + t{n % (count // 10)} / {2 + n % 5}"}}')
    lines.append("clauses:")
    for n in range(count):
        shall = f"f{n % (count // 5)} <= {20 + n % 9} [kWh/100km] or r >= {300 + n} km"
        lines.append(f"""  "{n}": {{zh: 条{n}, en: clause {n}, shall: "{shall}", when: "k == 'M1' or m > {1000 + n} kg", source: s}}""")
    return "\n".join(lines) + "\n"


def long_table(count: int, kind: str) -> str:
    """A clause against one table of so many rows."""
    match kind:
        case "step":
            rows = [*(f"{{upto: {300 + 20 * n} kg, value: {10 + n / 100:.2f}}}" for n in range(count - 1)), "{value: 59}"]
        case "formula":
            pieces = (f"0.00{1 + n % 7} * (x - {300 + n}) + {10 + n / 100:.2f}" for n in range(count - 1))
            rows = [*(f'{{upto: {300 + 20 * n} kg, value: "{piece}"}}' for n, piece in enumerate(pieces)), "{value: 59}"]
        case "interpolate":
            rows = [f"{{at: {300 + 20 * n} kg, value: {10 + n * 7919 % 1000 / 100:.2f}}}" for n in range(count)]
        case _:
            rows = [f"{{key: w{n}, value: {10 + n / 100:.2f}}}" for n in range(count)]
    words = f"  k: {{is: made.model, values: [{', '.join(f'w{n}' for n in range(count))}]}}\n" if kind == "map" else ""
    of = {"map": "of: k, kind: map", "formula": "of: m, kind: step, numeric: {x: m as kg}"}.get(kind, f"of: m, kind: {kind}")
    table = f"tables:\n  t:\n    {{{of}, unit: kWh/100km, source: s, rows: [\n      " + ",\n      ".join(rows) + "]}\n"
    return MADE_UP + INPUTS + words + table + 'clauses:\n  "1": {zh: 一, en: one, shall: c <= t or r > 1000 km, source: s}\n'


def program_of_large(text: str) -> Program:
    """The text loaded, parsed and checked, with a property for categories of any words."""
    problems = Problems()
    model = replace(shelf().dictionary["vehicle.category"], id="made.model", values={})
    standard = parse_standard(read(text, "large.yaml", problems), None, {**shelf().dictionary, "made.model": model}, problems)
    assert standard is not None
    program = check(standard, None, shelf(), problems)
    assert not problems.has_errors, problems.found[0].message("en")
    return program
