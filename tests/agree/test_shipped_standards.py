"""On every shipped standard all readings agree: up to 10⁵ records that hug its limits, with inputs missing, and 0 differences."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

from agreement import agreement
from checking import shelf
from guiju.base.diagnostics import Problems
from guiju.ir.check import check

WORK = 5_000_000
"""Records times nodes: a standard with hundreds of clauses gets fewer records, so that the gate stays short."""
COUNT = int(os.environ.get("GUIJU_AGREE_RECORDS", "100000"))


def _standards_and_dates() -> list[tuple[str, date | None]]:
    """Every standard on its effective date, and once more on the day its last dated parameter changes."""
    found: list[tuple[str, date | None]] = []
    for number in shelf().numbers():
        standard = shelf().find(number)
        assert standard is not None, f"{number} cannot be read"
        changes = {value.since for parameter in standard.parameters.values() for value in parameter.values if value.since}
        found += [(number, None), *((number, last) for last in sorted(changes)[-1:])]
    return found


@pytest.mark.parametrize(("number", "on"), _standards_and_dates())
def test_the_readings_of_a_shipped_standard_agree(number: str, on: date | None, tmp_path: Path) -> None:
    standard = shelf().find(number)
    assert standard is not None
    problems = Problems()
    program = check(standard, on, shelf(), problems)
    assert not problems.has_errors
    found = agreement(program, min(COUNT, WORK // len(program.order)), 1, tmp_path)
    assert not found.differences, "\n".join(found.differences)
    assert found.undetermined, "no record lacked an input: the missing sets were not compared"
