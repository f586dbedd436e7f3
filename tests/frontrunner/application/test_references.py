"""Reference levels: a level or a reason of every core indicator, derived from a library by a rule, and held against it."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from guiju.base.diagnostics import Problems, Refused
from guiju.frontrunner.application.references import derive, fragment, hold
from guiju.frontrunner.library.library import Library, read_library
from guiju.frontrunner.scheme import load_scheme, scheme_files
from guiju.frontrunner.scheme_meaning import Opened, open_scheme
from guiju.standard.shelf import Shelf, data_folder

SHELF = Shelf()
FLEET = data_folder() / "examples" / "frontrunner" / "fleet"
SHARE = Fraction(2, 5)


def scheme(folder: Path, references: str | None = None) -> tuple[Opened, Problems]:
    """The scheme of chargers, with other reference levels."""
    text = scheme_files(SHELF)["dc-chargers"].read_text("utf-8")
    if references is not None:
        before, rest = text.split("  references:\n")
        kept = rest[rest.index("  form:\n") :]
        text = before + references + kept
    path, problems = folder / "dc-chargers.yaml", Problems()
    path.write_text(text, "utf-8")
    opened = open_scheme(SHELF, path, None, problems)
    assert opened is not None, problems.found
    return opened, problems


def library() -> Library:
    return read_library(FLEET, SHELF.dictionary)


def as_references(text: str, others: str = "    international: {others: {none: {zh: 无, en: none}}}\n") -> str:
    return "".join(f"  {line}\n" for line in text.splitlines()) + others


def test_every_core_indicator_of_a_shipped_scheme_has_both_levels_or_says_why_not() -> None:
    for path in scheme_files(SHELF).values():
        problems = Problems()
        found = load_scheme(path, problems)
        assert found is not None and not problems.found
        for kind in ("domestic", "international"):
            held, none = found.references.get(kind, {}), found.none[kind]
            assert set(found.core) <= {*held, *none} and not set(held) & set(none)
            assert all(why.zh and why.en for why in none.values())


def test_an_omitted_level_is_told_by_name(tmp_path: Path) -> None:
    _, problems = scheme(
        tmp_path, "  references: {domestic: {others: {none: {zh: 无, en: none}}}, international: {noise_level: {none: {zh: 无, en: none}}}}\n"
    )
    (told,) = problems.found
    assert told.code == "scheme-reference-omitted" and told.facts["reference"] == "international"
    assert told.facts["names"] == "efficiency_level, standby_level, start_level"


@pytest.mark.parametrize("written", [
    '{value: "1", none: {zh: 无, en: none}}', '{value: "1", unit: "%"}', '{none: {zh: 无, en: none}, source: i1}',
])  # fmt: skip
def test_a_level_is_whole_or_a_reason_alone(tmp_path: Path, written: str) -> None:
    path, problems = tmp_path / "dc-chargers.yaml", Problems()
    text = scheme_files(SHELF)["dc-chargers"].read_text("utf-8")
    path.write_text(text.replace("    international:\n", f"      noise_level: {written}\n    international:\n"), "utf-8")
    assert load_scheme(path, problems) is None
    assert [each.code for each in problems.found if each.severity.name == "ERROR"] == ["scheme-reference"]


def test_a_level_is_the_last_of_the_best_share_and_holds_against_its_library(tmp_path: Path) -> None:
    opened, _ = scheme(tmp_path)
    found = derive(opened, library(), SHARE, {"noise_level": Fraction(1, 2)})
    assert {each.indicator: (each.value, each.count) for each in found} == {
        "efficiency_level": (Fraction("96.6"), 5), "standby_level": (80, 5), "start_level": (Fraction("99.3"), 5), "noise_level": (Fraction("54.5"), 5),
    }  # fmt: skip
    text = fragment(found, "domestic", library(), opened.program.on, "i1")
    again, problems = scheme(tmp_path, as_references(text))
    assert not problems.found and [each.reference.indicator for each in hold(again, library())] == [each.indicator for each in found]


@pytest.mark.parametrize(("was", "now"), [('value: "99.3"', 'value: "99.2"'), ("count: 5}", "count: 6}")])
def test_a_level_that_its_rule_does_not_give_is_refused(tmp_path: Path, was: str, now: str) -> None:
    opened, _ = scheme(tmp_path)
    text = fragment(derive(opened, library(), SHARE, {}, ["start_level"]), "domestic", library(), opened.program.on, "i1")
    assert was in text
    said = as_references(text.replace(was, now) + "    others: {none: {zh: 无, en: none}}\n")
    with pytest.raises(Refused) as caught:
        hold(scheme(tmp_path, said)[0], library())
    assert [each.code for each in caught.value.diagnostics] == ["scheme-reference-other"]


def test_another_library_or_too_small_a_share_is_told(tmp_path: Path) -> None:
    opened, _ = scheme(tmp_path)
    with pytest.raises(Refused) as caught:
        hold(opened, library())
    assert [each.code for each in caught.value.diagnostics] == ["scheme-reference-none"]
    with pytest.raises(Refused) as caught:
        derive(opened, library(), Fraction(1, 10), {}, ["noise_level"])
    assert [each.code for each in caught.value.diagnostics] == ["scheme-reference-few"]
    with pytest.raises(Refused) as caught:
        derive(opened, library(), Fraction(2), {}, ["loudness"])
    assert {each.code for each in caught.value.diagnostics} == {"scheme-indicator", "scheme-number"}
