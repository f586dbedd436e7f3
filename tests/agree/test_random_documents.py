"""The readings agree on standards nobody wrote: random documents that use the whole language, records that hug their limits."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

from agreement import Agreement, agreement
from checking import MADE_UP, program_of
from guiju.readings.compiled import compile_record
from random_documents import random_program

DOCUMENTS = int(os.environ.get("GUIJU_AGREE_DOCUMENTS", "300"))
RECORDS = 300
PARTS = 8
DATES = (None, date(2021, 1, 1), date(2026, 6, 1))
HARD = tuple(range(0, 60, 5))
"""Documents with comparisons that cannot be proved."""
DECIDING = MADE_UP + """
inputs:
  h0: {is: vehicle.fuel_limit.gb19578, unit: "L/100km", decimals: 4, min: 0, max: 30}
  h1: {is: vehicle.fuel_limit.gb19578_2024, unit: "L/100km", decimals: 4, min: 0, max: 30}
  a: {is: vehicle.mass.curb, unit: kg, decimals: 0, min: 0, max: 9}
  b: {is: vehicle.mass.max_design, unit: kg, decimals: 0, min: 0, max: 9}
formulas:
  left: {unit: 1, formula: "0.1 * (h0 as [L/100km]) * (h1 as [L/100km]) * (h0 as [L/100km]) * (h1 as [L/100km])"}
  right: {unit: 1, formula: "(h1 as [L/100km]) * (h1 as [L/100km]) * (h0 as [L/100km]) * (h0 as [L/100km]) * 0.1"}
  y: {unit: kg, formula: a if left <= right else b}
clauses:
  "1": {zh: 一, en: one, shall: y <= 5 kg, source: s}
"""
"""One of them, in which doubles see two sides where there is one, also decides which missing input matters."""


def _compared(seed: int, folder: Path) -> Agreement:
    return agreement(random_program(seed, DATES[seed % len(DATES)]), RECORDS, seed, folder)


@pytest.mark.parametrize("part", range(PARTS))
def test_the_readings_of_random_documents_agree(part: int, tmp_path: Path) -> None:
    for seed in range(part, DOCUMENTS, PARTS):
        found = _compared(seed, tmp_path)
        assert not found.differences, "\n".join([f"document {seed}", *found.differences[:5]])


def test_what_cannot_be_proved_exact_is_computed_again_exactly(tmp_path: Path) -> None:
    """Long products of inputs of four decimals: the records near a limit, and no others, go to the exact reading."""
    rechecked = 0
    for seed in HARD:
        assert random_program(seed).exactness.unproved, f"document {seed}"
        found = _compared(seed, tmp_path)
        assert not found.differences, "\n".join([f"document {seed}", *found.differences[:5]])
        rechecked += found.rechecked
    assert rechecked > 100


def test_what_cannot_be_proved_also_decides_which_missing_input_matters(tmp_path: Path) -> None:
    program = program_of(DECIDING)
    assert program.exactness.unproved
    found = agreement(program, 1500, 1, tmp_path)
    assert not found.differences, "\n".join(found.differences[:5])
    assert found.rechecked > 100 and found.undetermined > 100


def test_the_compiled_form_of_a_random_document_compiles_without_a_warning() -> None:
    for seed in HARD:
        compile_record(random_program(seed))
