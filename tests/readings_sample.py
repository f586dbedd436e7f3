"""The sample standard of tests/readings as a program."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

from checking import shelf
from guiju.base.diagnostics import Problems
from guiju.ir.check import check
from guiju.ir.program import Program
from guiju.standard.document import load
from guiju.standard.parse import parse_standard

SAMPLE = Path(__file__).parent / "readings" / "sample.yaml"


@cache
def program(on: date | None = None) -> Program:
    problems = Problems()
    standard = parse_standard(load(SAMPLE, problems), None, shelf().dictionary, problems)
    assert standard is not None and not problems.has_errors, problems.found
    made = check(standard, on, shelf(), problems)
    assert not problems.has_errors, problems.found
    return made
