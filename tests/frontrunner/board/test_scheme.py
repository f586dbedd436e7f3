"""Schemes: read with every problem at once, held against their standard, their lowest levels against the mandatory limits."""

from __future__ import annotations

from pathlib import Path

import pytest

from boarding import ON, SCHEME, STANDARD, opened, shelf_with
from guiju.base.diagnostics import Diagnostic, Problems, Refused
from guiju.frontrunner.board.asked import checked_scheme
from guiju.frontrunner.scheme import located_scheme, read_scheme, scheme_files
from guiju.frontrunner.scheme_meaning import below_national, national_limits, open_scheme
from guiju.readings.smt.search import Budget
from guiju.standard.document import read
from guiju.standard.shelf import Shelf


def problems_of(text: str) -> list[Diagnostic]:
    problems = Problems()
    read_scheme(read(text, "cars.yaml", problems), problems)
    return list(problems.found)


def meant(folder: Path, scheme: str = SCHEME, standard: str = STANDARD) -> list[Diagnostic]:
    problems = Problems()
    open_scheme(shelf_with(folder, standard, scheme), folder / "schemes" / "cars.yaml", ON, problems)
    return list(problems.found)


CHANGES = {
    "scheme-id": ("id: cars", "id: carts"), "scheme-cycle": ("cycle: 2026", "cycle: soon"), "scheme-few-core": ("i_range: {}, ", ""),
    "scheme-twice": ("innovative: {i_speed: {}}", "innovative: {i_density: {}}"),
    "scheme-national-form": ("R1 of GB 36980.1-2025", "GB 36980.1-2025 R1"), "scheme-weights": ("completeness: 30", "completeness: 31"),
    "scheme-number": ("least: 60", "least: 160"), "unknown-source": ("drafting: 20, source: s", "drafting: 20, source: t"),
    "unknown-word": ("entity: product", "entity: thing"), "not-a-number": ("least: 60", "least: many"), "format-version": ("guiju: 1", "guiju: 2"),
    "unknown-unit": ("unit: km", "unit: kmm"), "not-a-date": ("on: 2026-01-01", "on: lately"), "missing-key": ("  cycle: 2026\n", ""),
    "unknown-key": ("entity:", "entiti:"), "unexpected-symbol": ("curb_mass < 1200 kg else", "curb_mass < else"),
}  # fmt: skip


@pytest.mark.parametrize("code", CHANGES)
def test_what_is_wrong_in_a_scheme_is_told_at_its_place(code: str) -> None:
    before, after = CHANGES[code]
    assert before in SCHEME
    found = next(each for each in problems_of(SCHEME.replace(before, after, 1)) if each.code == code)
    assert found.span is not None and found.span.file == "cars.yaml"


def test_every_problem_is_told_at_once() -> None:
    text = SCHEME
    for code in ("scheme-id", "scheme-cycle", "scheme-weights", "scheme-number", "unknown-source"):
        text = text.replace(*CHANGES[code], 1)
    assert {"scheme-id", "scheme-cycle", "scheme-weights", "scheme-number", "unknown-source"} <= {each.code for each in problems_of(text)}


def test_a_scheme_without_a_flaw_says_nothing(tmp_path: Path) -> None:
    assert problems_of(SCHEME) == [] and meant(tmp_path) == []


def test_fewer_core_indicators_with_a_reason_are_taken(tmp_path: Path) -> None:
    text = SCHEME.replace("i_range: {}, ", "", 1).replace("  references:", "  fewer: {zh: 只有两项, en: only two, source: s}\n  references:")
    text = text.replace("      i_range: {value", "      i_density: {value").replace("unit: km,", "unit: Wh/kg,")
    assert problems_of(text) == []


NAMED = {
    "scheme-indicator": ("i_density: {}}", "i_dense: {}}"), "scheme-clause": ('basic: ["4.1"]', 'basic: ["4.1", "9"]'),
    "scheme-indicator-left": ("innovative: {i_speed: {}}", "innovative: {}"),
    "unknown-name": ("curb_mass < 1200 kg else", "mass < 1200 kg else"), "unit-mismatch": ("unit: km,", "unit: kg,"),
    "unknown-standard": ("standard: T/BOARD 1-2026", "standard: T/BOARD 2-2026"),
}  # fmt: skip


@pytest.mark.parametrize("code", NAMED)
def test_what_a_scheme_names_is_looked_up(tmp_path: Path, code: str) -> None:
    found = meant(tmp_path, SCHEME.replace(*NAMED[code], 1))
    assert code in [each.code for each in found] and all(each.span is not None for each in found), [each.code for each in found]


def test_a_range_gives_words(tmp_path: Path) -> None:
    found = meant(tmp_path, SCHEME.replace("'small' if curb_mass < 1200 kg else 'large'", "curb_mass * 2"))
    assert [each.code for each in found] == ["missing-key"] and found[0].span is not None and found[0].span.file.endswith("cars.yaml")


def test_kinds_and_levels_are_those_of_the_standard(tmp_path: Path) -> None:
    assert "scheme-indicator-kind" in [
        d.code for d in meant(tmp_path, standard=STANDARD.replace("name: i_density, kind: core", "name: i_density, kind: innovative"))
    ]
    two = STANDARD.replace("levels: {1: 600 km, 2: 500 km, 3: 400 km}", "levels: {1: 600 km, 2: 500 km}")
    assert [d.code for d in meant(tmp_path, standard=two)] == ["scheme-levels"]


def test_a_broken_standard_is_not_used(tmp_path: Path) -> None:
    assert [d.code for d in meant(tmp_path, standard=STANDARD.replace("speed >= 100 km/h", "speed >= 100 kg"))] == ["used-standard-broken"]


def held_against(folder: Path, scheme: str = SCHEME, standard: str = STANDARD) -> tuple[dict[str, str], list[Diagnostic]]:
    problems = Problems()
    return dict(below_national(opened(folder, standard, scheme), problems)), list(problems.found)


def test_the_lowest_level_is_proved_not_below_the_national_limit(tmp_path: Path) -> None:
    assert held_against(tmp_path) == ({"i_ratio": "proved"}, [])


def test_a_lowest_level_below_it_is_refused_with_a_record_that_shows_it(tmp_path: Path) -> None:
    found, (told,) = held_against(tmp_path, standard=STANDARD.replace("3: 1}", "3: 1.01}"))
    assert found == {"i_ratio": "refuted"} and told.code == "scheme-below-national"
    values = dict(part.split(" = ") for part in told.facts["witness"].split("；"))
    mass, consumption = float(values["curb_mass"].split()[0]), float(values["consumption"].split()[0])
    limit = 10.1 if mass <= 1090 else 19.1 if mass > 2710 else 0.00556 * (mass - 1780) + 13.92
    assert limit < consumption <= 1.011 * limit
    with pytest.raises(Refused):
        shelf = Shelf((tmp_path / "standards", *Shelf().folders))
        checked_scheme(shelf, tmp_path / "schemes" / "cars.yaml", ON)


def test_a_basic_clause_can_be_what_keeps_it(tmp_path: Path) -> None:
    standard = STANDARD.replace("3: 1}", "3: 1.01}").replace('shall: "speed >= 100 km/h"', 'shall: "speed >= 100 km/h and consumption <= limit"')
    assert held_against(tmp_path, standard=standard) == ({"i_ratio": "proved"}, [])


def test_what_is_not_proved_is_a_warning_with_the_reason(tmp_path: Path) -> None:
    problems = Problems()
    assert below_national(opened(tmp_path), problems, budget=Budget(steps=1, seconds=120)) == {"i_ratio": "unknown"}
    (told,) = problems.found
    assert told.code == "scheme-national-unknown" and told.facts["reason_en"]


def test_a_limit_on_another_quantity_is_not_kept(tmp_path: Path) -> None:
    """By WLTP nothing is said of what is consumed by CLTC."""
    found, told = held_against(tmp_path, standard=STANDARD.replace("nev.electricity.cltc", "nev.electricity.wltp"))
    assert found == {"i_ratio": "refuted"} and [d.code for d in told] == ["scheme-below-national"]


def test_the_clause_named_for_it_exists(tmp_path: Path) -> None:
    assert [d.code for d in held_against(tmp_path, SCHEME.replace("R1 of", "R9 of"))[1]] == ["scheme-clause"]
    assert [d.code for d in held_against(tmp_path, SCHEME.replace("GB 36980.1-2025", "GB 1-1900"))[1]] == ["unknown-standard"]


def test_a_mandatory_limit_that_is_one_number_is_told_in_the_unit_of_the_indicator(tmp_path: Path) -> None:
    """GB/T 28382-2012 asks 80 km/h for thirty minutes: 4/3 · 60."""
    standard = Shelf().find("GB/T 28382-2012", ON)
    assert standard is not None
    no = next(c.no for c in standard.clauses.values() if "80" in str(c.requires))
    scheme = SCHEME.replace("innovative: {i_speed: {}}", f'innovative: {{i_speed: {{national: "{no} of GB/T 28382-2012"}}}}')
    made = opened(tmp_path, scheme=scheme)
    assert national_limits(made.shelf, made.scheme, made.program) == {"i_speed": 80}


def test_the_shipped_schemes_have_no_errors_and_are_proved() -> None:
    shelf = Shelf()
    for path in scheme_files(shelf).values():
        made = checked_scheme(shelf, path, None)
        assert all(answer == "proved" for answer in made.national.values()), path
    assert scheme_files(shelf)


def test_an_unknown_scheme_is_refused() -> None:
    with pytest.raises(Refused) as caught:
        located_scheme(Shelf(), "bev-carts")
    assert [d.code for d in caught.value.diagnostics] == ["scheme-unknown"]


def test_layout_and_comments_do_not_change_the_hash() -> None:
    problems = Problems()
    one, other = (read_scheme(read(text, "cars.yaml", problems), problems) for text in (SCHEME, "# said\n" + SCHEME.replace("core: {", "core:   {")))
    assert one is not None and other is not None and one.hash == other.hash
    changed = read_scheme(read(SCHEME.replace("least: 60", "least: 61"), "cars.yaml", problems), problems)
    assert changed is not None and changed.hash != one.hash
