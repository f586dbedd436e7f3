from __future__ import annotations

from dataclasses import replace
from datetime import date

from guiju.frontrunner.entity import DeclaredStandard
from guiju.frontrunner.library.form_check import form_check, form_json
from guiju.standard.model import Title
from guiju.standard.shelf import Shelf

GOOD = DeclaredStandard(
    "Q/JIA 001", "2025", "E1", Title("纯电动乘用车", "cars"), date(2025, 3, 1), "current", ("GB 18384-2025", "GB/T 18386.1"),
    {"nev.electricity.cltc": "GB/T 18386.1-2021"},
)  # fmt: skip
ON = date(2026, 8, 1)


def reasons(declared: DeclaredStandard, on: date = ON, **asked: object) -> set[str]:
    (found,) = form_check([declared], Shelf().editions(), on, **asked)  # type: ignore[arg-type]
    return {each.code for each in found.reasons}


def test_a_good_form_passes() -> None:
    (found,) = form_check([GOOD], Shelf().editions(), ON, cites=["GB 18384-2025", "GB/T 18386.1-2021"], methods={"nev.electricity.cltc": ["GB/T 18386.1"]})
    assert found.passes
    assert form_json([found])[0]["reasons"] == []


def test_reasons_of_the_standard_itself() -> None:
    assert reasons(replace(GOOD, status="withdrawn", published=None)) == {"form-not-current", "form-not-published"}
    assert reasons(GOOD, date(2025, 2, 28)) == {"form-not-published"}


def test_references_are_dead_from_the_day_they_were_replaced() -> None:
    old = replace(GOOD, references=("GB 18384—2020",), published=date(2021, 1, 1))
    assert reasons(old, date(2026, 6, 30)) == set()
    assert reasons(old, date(2026, 7, 1)) == {"form-reference-dead"}
    undated = replace(GOOD, references=("T/CSAE 53-2017",))
    assert reasons(undated) == {"form-reference-replaced"}
    assert form_check([undated], Shelf().editions(), ON)[0].passes
    own = replace(GOOD, references=("Q/JIA 9-2020",))
    dead = replace(GOOD, number="Q/JIA 9", edition="2020", status="withdrawn")
    assert reasons(own, others={("Q/JIA 9", "2020"): dead}) == {"form-reference-dead"}


def test_what_a_scheme_asks() -> None:
    assert reasons(GOOD, cites=["GB 38031-2025"]) == {"form-reference-missing"}
    assert reasons(GOOD, cites=["GB 18384-2020"]) == {"form-reference-missing"}
    assert reasons(GOOD, cites=["GB 18384"]) == set()
    assert reasons(GOOD, methods={"nev.range.cltc": []}) == {"form-method-missing"}
    assert reasons(GOOD, methods={"nev.electricity.cltc": ["GB/T 18386-2017"]}) == {"form-method-other"}
    assert reasons(GOOD, methods={"nev.electricity.cltc": []}) == set()
