"""Drafts: a proposal as a standard that checks, with examples at its limits on which every reading agrees."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from agreement import agreement_on
from chargers_made_up import CARS, CARS_MAPPING, NUMBER, answer, shelf
from guiju.base.diagnostics import Problems, Refused
from guiju.frontrunner.authoring.asked import Asked, answered, from_file
from guiju.frontrunner.authoring.sample import indicator_of
from guiju.frontrunner.authoring.written import Draft, Head, changed, new_file
from guiju.ir.program import IndicatorMeaning, Program
from guiju.readings.examples import evaluated, examine
from guiju.records.bulk import programs
from guiju.standard.model import Title
from guiju.standard.shelf import Opened, Shelf

ON = date(2026, 11, 22)
HEAD = Head("T/GUIJU 798-2026", Title("示意的分级", "Illustrative levels"), ON)


def opened() -> Opened:
    path = shelf().locate(NUMBER)
    assert path is not None
    return shelf().open(path)


def laid(draft: Draft, folder: Path) -> Program:
    """The draft as it is read from files, free of errors and warnings."""
    place = folder / "standards" / "group" / "draft"
    place.mkdir(parents=True)
    for name, text in draft.files.items():
        (place / name).write_text(text, encoding="utf-8")
    _, program, problems = examine(Shelf((folder / "standards", *shelf().folders)), place)
    assert program is not None
    assert {each.severity.name for each in problems.found} <= {"NOTE"}, [each.message("en") for each in problems.found]
    return program


@pytest.mark.parametrize("method", ["quantiles", "classes"])
def test_a_new_standard_is_based_on_the_one_it_was_made_for_and_says_where_its_levels_come_from(tmp_path: Path, method: str) -> None:
    found = answer(method=method, decimals="1", national="94.5 %")
    program = laid(new_file([found.proposal], opened(), shelf(), HEAD), tmp_path)
    standard = program.standard
    assert (standard.number, standard.status, standard.level) == (HEAD.number, "draft", "group")
    source = standard.sources["t1"]
    assert source.grade == "illustrative"
    assert source.why is not None
    assert found.sample.hash in source.why.en
    assert "national limit 94.5 %" in source.why.en
    indicator = next(each for each in program.indicators if each.indicator.name == "efficiency_level")
    assert indicator.indicator.sources == ("t1",)
    assert {each.no for each in program.clauses} == {"5"}, "all else is as in what it is based on"


def test_every_reading_agrees_on_the_examples_at_the_limits(tmp_path: Path) -> None:
    found = answer(decimals="1")
    program = laid(new_file([found.proposal], opened(), shelf(), HEAD), tmp_path)
    assert len(program.standard.examples) == 6
    records = [dict(evaluated(program, each, Problems()).record) for each in program.standard.examples]
    result = agreement_on(program, records, tmp_path)
    assert not result.differences, result.differences


def test_changed_levels_change_nothing_else_and_examples_follow(tmp_path: Path) -> None:
    found = answer(decimals="1")
    draft = changed([found.proposal], opened(), shelf(), ON)
    program = laid(draft, tmp_path)
    assert program.standard.status == "draft"
    removed = [line for line in draft.difference.split("\n") if line.startswith("-") and not line.startswith("---")]
    assert sum("expect:" in line for line in removed) == 3, "three examples lay between the old and the new limits"
    assert {line.split(":")[0].strip("- ") for line in removed if "expect:" not in line} == {"status", "levels", "source"}
    assert opened().document.text not in draft.text
    before = {each.name.en: each for each in opened().standard.examples}  # type: ignore[union-attr]
    assert set(before) < {each.name.en for each in program.standard.examples}


def test_the_same_proposal_gives_the_same_draft() -> None:
    made = [new_file([answer(decimals="1").proposal], opened(), shelf(), HEAD) for _ in range(2)]
    assert made[0] == made[1]
    assert made[0].difference.startswith("--- /dev/null\n+++ b/standard.yaml\n")


def test_what_cannot_be_written_is_refused() -> None:
    two = answer(shares="10,40")
    with pytest.raises(Refused) as refused:
        changed([two.proposal], opened(), shelf(), ON)
    assert refused.value.diagnostics[0].code == "authoring-levels-differ"
    three = answer()
    bad = Head(NUMBER, Title("同号", "the same number"), ON)
    with pytest.raises(Refused) as refused:
        new_file([three.proposal], opened(), shelf(), bad)
    assert refused.value.diagnostics[0].code == "authoring-not-clean"
    assert len(new_file([two.proposal], opened(), shelf(), HEAD).text) > 0, "as a standard of its own it may have two levels"


def other(name: str, number: str = "T/GUIJU 701-2026") -> tuple[Opened, IndicatorMeaning]:
    path = shelf().locate(number)
    assert path is not None
    (program,) = programs(shelf(), [number], None)
    return shelf().open(path), indicator_of(program, name)


def test_levels_that_depend_on_another_quantity_and_endless_fractions_are_not_written() -> None:
    proposal = answer().proposal
    text, by_table = other("range_level")
    with pytest.raises(Refused) as refused:
        changed([replace(proposal, sample=replace(proposal.sample, indicator=by_table))], text, shelf(), ON)
    assert refused.value.diagnostics[0].code == "authoring-not-constant"
    third = replace(proposal.cuts[2], value=Fraction(284, 3))
    with pytest.raises(Refused) as refused:
        new_file([replace(proposal, cuts=(*proposal.cuts[:2], third))], opened(), shelf(), HEAD)
    assert refused.value.diagnostics[0].code == "authoring-not-decimal"


def test_an_indicator_that_is_no_number_has_no_thresholds() -> None:
    (program,) = programs(shelf(), [NUMBER], None)
    odd = replace(program, indicators=(replace(program.indicators[0], value=program.scope),))
    with pytest.raises(Refused) as refused:
        indicator_of(odd, "efficiency_level")
    assert refused.value.diagnostics[0].code == "authoring-not-number"


def test_where_no_record_has_the_very_threshold_the_nearest_products_are_the_examples(tmp_path: Path) -> None:
    file, mapping = tmp_path / "cars.csv", tmp_path / "cars.mapping.yaml"
    file.write_text(CARS, encoding="utf-8")
    mapping.write_text(CARS_MAPPING, encoding="utf-8")
    found = answered(shelf(), from_file(file, mapping), Asked("T/GUIJU 701-2026", "consumption_level", decimals="3"))
    assert "authoring-no-national" in {each.code for each in found.diagnostics}
    text, _ = other("consumption_level")
    draft = new_file([found.proposal], text, shelf(), Head("T/GUIJU 797-2026", Title("试", "Trial"), ON))
    missed = [each.facts["level"] for each in draft.diagnostics if each.code == "authoring-no-record"]
    assert missed
    assert draft.examples.count("nearest to level") == 2 * len(missed)
    laid(draft, tmp_path)
