"""Profiles and amendments of standards nobody wrote: what is merged means what the same written out by hand means, in every reading."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

from agreement import agreement
from checking import Texts, program_of
from guiju.ir.program import Program
from guiju.readings.render import read_back, render, surface
from random_profiles import BASE, profile, random_profile

DOCUMENTS = int(os.environ.get("GUIJU_AGREE_DOCUMENTS", "300")) // 3
PARTS = 4
DATES = (None, date(2026, 6, 1))


def graph(program: Program) -> list[tuple[object, ...]]:
    """The program as plain values; places are left out."""
    return [(node.op, node.value, node.type, [a.index for a in node.args]) for node in program.order]


@pytest.mark.parametrize("part", range(PARTS))
def test_a_random_profile_means_what_the_same_written_out_means_and_the_readings_agree(part: int, tmp_path: Path) -> None:
    for seed in range(part, DOCUMENTS, PARTS):
        merged, plain = random_profile(seed, DATES[seed % len(DATES)])
        assert graph(merged) == graph(plain), f"profile {seed}"
        assert (merged.otherwise is None) == (plain.otherwise is None)
        for program in (merged, merged.otherwise):
            found = agreement(program, 150, seed, tmp_path) if program else None
            assert not found or not found.differences, "\n".join([f"profile {seed}", *found.differences[:5]])
        assert read_back(render(merged, "zh"), merged, "zh") == surface(merged.standard.authored)


def test_random_profiles_change_things_and_some_are_believed_wrong() -> None:
    made = [profile(seed) for seed in range(60)]
    assert sum(each.changes for each in made) > 120
    assert sum("corrected:" in each.text for each in made) > 10 < sum("layers:" in each.text for each in made)
    assert sum("remove:" in each.text for each in made) > 10


def test_a_random_profile_without_changes_equals_its_base() -> None:
    for seed in range(40):
        made = profile(seed)
        nothing = made.text[: made.text.index("sources:")] + "sources: {p: {title: a, grade: illustrative, why: {zh: 甲, en: a}}}\n"
        assert graph(program_of(nothing, library=Texts({BASE: made.base}))) == graph(program_of(made.base)), f"profile {seed}"
