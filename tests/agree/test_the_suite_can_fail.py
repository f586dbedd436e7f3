"""Would the agreement tests notice? What makes the readings exact is taken away, and differences must appear."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from agreement import agreement
from checking import shelf
from guiju.base.diagnostics import Problems
from guiju.ir.check import check
from guiju.ir.grid import Exactness
from guiju.ir.program import Program

COUNT = 4_000


def _program(number: str) -> Program:
    standard = shelf().find(number)
    assert standard is not None
    return check(standard, None, shelf(), Problems())


def _with(program: Program, exactness: Exactness) -> Program:
    """The program as if the grid analysis had found something else; the analysis is kept on first use, so it is put there before."""
    changed = replace(program)
    changed.__dict__["exactness"] = exactness
    return changed


def _differences(number: str, folder: Path, exactness: Exactness | None = None) -> int:
    program = _program(number)
    return len(agreement(_with(program, exactness) if exactness else program, COUNT, 3, folder).differences)


def test_without_the_shifts_of_the_grid_analysis_shipped_standards_are_misjudged(tmp_path: Path) -> None:
    misjudged = []
    for number in shelf().numbers():
        real = _program(number).exactness
        plain = replace(real, shifts=dict.fromkeys(real.shifts, 0.0))
        if _differences(number, tmp_path, plain):
            misjudged.append(number)
            assert not _differences(number, tmp_path), f"{number} is misjudged as it is"
    assert len(misjudged) >= 3, misjudged


def test_shifts_that_are_too_wide_are_noticed_too(tmp_path: Path) -> None:
    noticed = 0
    for number in shelf().numbers():
        real = _program(number).exactness
        noticed += bool(_differences(number, tmp_path, replace(real, shifts={index: 100 * shift for index, shift in real.shifts.items()})))
    assert noticed >= 3
