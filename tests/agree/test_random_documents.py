"""The readings agree on standards nobody wrote: random documents that use the whole language, records that hug their limits."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

from agreement import Agreement, agreement
from checking import Texts, checked
from guiju.ir.program import Program
from guiju.readings.compiled import compile_record
from random_documents import document

DOCUMENTS = int(os.environ.get("GUIJU_AGREE_DOCUMENTS", "320"))
RECORDS = 300
PARTS = 8
DATES = (None, date(2021, 1, 1), date(2026, 6, 1))


def program(seed: int) -> tuple[Program, str]:
    """A random document's program, on one of several dates; every third uses another, every fifth cannot be proved exact."""
    used = document(seed, number="T/USED 1") if seed % 3 == 0 else None
    made = document(seed, used, hard=seed % 5 == 0)
    found = checked(made.text, on=DATES[seed % len(DATES)], library=Texts({used.number: used.text} if used else {}), run=False)
    assert found.program is not None and not found.errors, "\n".join([*found.errors, made.text])
    return found.program, made.text


def _compared(seed: int, folder: Path) -> tuple[Agreement, str]:
    made, text = program(seed)
    return agreement(made, RECORDS, seed, folder), text


@pytest.mark.parametrize("part", range(PARTS))
def test_the_readings_of_random_documents_agree(part: int, tmp_path: Path) -> None:
    for seed in range(part, DOCUMENTS, PARTS):
        found, text = _compared(seed, tmp_path)
        assert not found.differences, "\n".join([f"document {seed}", *found.differences[:5], text])


def test_what_cannot_be_proved_exact_is_computed_again_exactly(tmp_path: Path) -> None:
    """Long products of inputs of four decimals: the records near a limit, and no others, go to the exact reading."""
    rechecked = 0
    for seed in range(0, 60, 5):
        made, text = program(seed)
        assert made.exactness.unproved, text
        found = agreement(made, RECORDS, seed, tmp_path)
        assert not found.differences, "\n".join([f"document {seed}", *found.differences[:5], text])
        rechecked += found.rechecked
    assert rechecked > 100


def test_the_compiled_form_of_a_random_document_compiles_without_a_warning() -> None:
    for seed in range(0, 60, 5):
        made, _ = program(seed)
        compile_record(made)
