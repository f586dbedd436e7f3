"""A base and a profile of it, for tests; and how they are put on a shelf."""

from __future__ import annotations

from pathlib import Path

HEAD = """
guiju: 1
standard: {{number: {number}, edition: 2026, title: {{zh: 测试, en: test}}, level: local, region: CN, status: draft, dates: {{effective: 2026-01-01}}}}
"""
BASE = HEAD.format(number="T/BASE 1-2026") + """
sources: {s1: {title: made up, grade: illustrative, why: {zh: 测试, en: test}}}
subject: {type: vehicle.car, zh: 车, en: car}
inputs:
  range: {is: nev.range.cltc, unit: km, decimals: 0, min: 0, max: 2000}
  mass: {is: vehicle.mass.curb, unit: kg, decimals: 0, min: 300, max: 6000}
parameters:
  least: {unit: km, value: 200, source: s1}
clauses:
  "4.1": {zh: 续驶里程, en: range, shall: range >= least, source: s1}
  "4.2": {zh: 质量, en: mass, shall: mass <= 2000 kg, source: s1}
"""
BASE_EXAMPLES = """
examples:
  - {name: at the limit, given: {range: 200, mass: 1500}, expect: {"4.1": pass, overall: pass, least: 200}}
  - {name: far, given: {range: 500, mass: 1500}, expect: {"4.1": pass, overall: pass}}
  - {name: heavy, given: {range: 500, mass: 2500}, expect: {"4.2": fail, overall: fail}}
  - {name: unknown, given: {range: 500}, expect: {overall: undetermined, missing: [mass]}}
"""
PROFILE = HEAD.format(number="DB/LOCAL 1-2026") + """
based_on: T/BASE 1-2026
sources: {p1: {title: made up here, grade: illustrative, why: {zh: 测试, en: test}}}
replace:
  parameters:
    least: {unit: km, value: 300, source: p1}
"""


def put(folder: Path, name: str, standard: str, examples: str | None = None) -> Path:
    path = folder / "standards" / "t" / name
    path.mkdir(parents=True)
    (path / "standard.yaml").write_text(standard, "utf-8")
    if examples:
        (path / "examples.yaml").write_text(examples, "utf-8")
    return path
