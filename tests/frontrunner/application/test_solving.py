"""Solutions: every combination as the exact reading has it, the weakest link, and exchanges that lift."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from guiju.base.diagnostics import Refused
from guiju.frontrunner.application import solving
from guiju.frontrunner.application.asked import opened_composition
from guiju.frontrunner.application.parts import Composition
from guiju.frontrunner.application.solving import Solving, solve
from guiju.frontrunner.library.library import Library, read_library
from guiju.ir.values import Unknown
from guiju.readings.evaluate import Verdict, evaluate
from guiju.standard.shelf import Shelf, data_folder

FOLDER = data_folder() / "examples" / "frontrunner"
GRADES = ["advanced", "average", "baseline", "none"]


@cache
def shelf() -> Shelf:
    return Shelf()


@cache
def composition() -> Composition:
    return opened_composition(shelf())


def library(name: str = "fleet") -> Library:
    return read_library(FOLDER / name, shelf().dictionary)


@pytest.fixture(scope="module")
def found() -> Solving:
    held = library()
    return solve(composition(), {each.alias: held for each in composition().parts})


def test_a_composition_is_read_from_its_standard() -> None:
    made = composition()
    assert [(each.alias, each.indicator.name) for each in made.parts] == [
        ("car", "car_level"),
        ("charger", "charger_level"),
        ("service", "service_level"),
    ]
    assert made.fits == ("4.4",)


@pytest.mark.parametrize("name", ["fleet", "library"])
def test_every_combination_is_what_the_exact_reading_says(name: str) -> None:
    held = library(name)
    made = solve(composition(), {each.alias: held for each in composition().parts})
    program, basic = composition().program, composition().opened.scheme.basic
    listed, total = made.solutions(per_page=1000)
    assert total == made.total == len(listed) and total == made.counts["car"] * made.counts["charger"] * made.counts["service"]
    for each in listed:
        exact = evaluate(program, made.record(each))
        grade = exact.of(program.roots["frontrunner"])
        assert each.grade == (None if type(grade) is Unknown else grade)
        assert [no for no in basic if exact.verdict(no) is Verdict.FAIL] == list(each.failing)
        assert [no for no in basic if exact.verdict(no) is Verdict.UNDETERMINED] == list(each.unknown)


def test_counts_and_pages_agree(found: Solving) -> None:
    assert sum(found.grades().values()) == found.total == 160
    assert all(found.solutions(grade)[1] == count for grade, count in found.grades().items())
    assert found.grades()["advanced"] == 2


def test_the_weakest_link_is_the_worst_level_and_a_better_solution_has_none(found: Solving) -> None:
    listed, _ = found.solutions(per_page=1000)
    for each in listed:
        levels = [5 if level is None else level for level in each.levels]
        assert [levels[at] for at in each.weakest] == [max(levels)] * len(each.weakest)
        assert bool(each.weakest) == (max(levels) > 1)


def test_an_exchange_lifts_the_solution_to_what_it_says(found: Solving) -> None:
    listed, _ = found.solutions(per_page=1000)
    lifted = 0
    for each in listed:
        for exchange in found.exchanges(each):
            parts = {at: (exchange.part if at == exchange.at else n) for at, n in enumerate(each.parts)}
            (other,), total = found.solutions(picked=parts)
            assert total == 1 and other.grade == exchange.grade
            assert GRADES.index(exchange.grade) < (GRADES.index(each.grade) if each.grade else 4)
            lifted += 1
    assert lifted


def test_what_cannot_be_combined_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    held = library()
    with pytest.raises(Refused) as caught:
        solve(composition(), {"car": held})
    assert [each.code for each in caught.value.diagnostics] == ["solution-library"]
    folder = tmp_path / "cars"
    folder.mkdir()
    for path in (FOLDER / "fleet").glob("*.csv"):
        lines = path.read_text("utf-8").splitlines()
        (folder / path.name).write_text("\n".join(line for line in lines if not line.startswith(("FL-D", "FL-S"))) + "\n", "utf-8")
    cars = read_library(folder, shelf().dictionary)
    with pytest.raises(Refused) as caught:
        solve(composition(), {each.alias: cars for each in composition().parts})
    assert [(each.code, each.facts["part"]) for each in caught.value.diagnostics] == [
        ("solution-no-part", "charger"),
        ("solution-no-part", "service"),
    ]
    monkeypatch.setattr(solving, "COMBINATIONS_MAX", 100)
    with pytest.raises(Refused) as caught:
        solve(composition(), {each.alias: held for each in composition().parts})
    assert [each.code for each in caught.value.diagnostics] == ["solution-too-many"]
    with pytest.raises(Refused) as caught:
        opened_composition(shelf(), "bev-cars")
    assert [each.code for each in caught.value.diagnostics] == ["solution-none"]
