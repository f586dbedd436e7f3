"""V2X requirements of regions and associations side by side: what the shipped standards ask for the same application, read from their graphs."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

import pytest

from checking import shelf
from guiju.base.diagnostics import Problems
from guiju.ir.check import check
from guiju.ir.node import Node, Op
from guiju.ir.program import Program
from guiju.ir.record import admit
from guiju.readings.evaluate import evaluate
from guiju.readings.explain import explain, text

ASSOCIATION, JIANGSU, ZHEJIANG = "T/CSAE 53-2017", "江苏智慧高速指南2020", "浙江智慧高速指南2020"
SCENARIOS = {"T/CSAE 53-2017": 17, "T/CSAE 157-2020": 12, "T/CSAE 158-2020": 8, "江苏智慧高速指南2020": 10, "3GPP TR 22.886": 4}

Bound = tuple[str, Fraction, bool]
"""Whether a value is bounded from `above` or `below`, by what, and whether the bound itself is allowed."""


def program(number: str) -> Program:
    standard = shelf().find(number)
    assert standard is not None
    problems = Problems()
    made = check(standard, None, shelf(), problems)
    assert not problems.has_errors
    return made


def bounds(made: Program, nodes: list[Node]) -> dict[str, list[Bound]]:
    """What comparisons with a constant bound, by property (and scenario), in the unit the property usually has."""
    found: dict[str, list[Bound]] = {}
    for node in nodes:
        if node.op is Op.AND:
            for name, each in bounds(made, list(node.args)).items():
                found.setdefault(name, []).extend(each)
        if node.op not in (Op.LE, Op.LT):
            continue
        left, right = node.args
        measured, limit, sense = (left, right, "above") if left.op is Op.INPUT else (right, left, "below")
        if measured.op is Op.INPUT and limit.op is Op.CONST:
            declared = made.inputs[str(measured.value)]
            assert isinstance(limit.value, Fraction)
            found.setdefault(declared.is_, []).append((sense, limit.value, node.op is Op.LE))
    return found


def requirements(number: str) -> dict[str, list[Bound]]:
    made = program(number)
    return bounds(made, [m.requires for m in made.clauses])


def compared(here: Bound, there: Bound) -> str:
    """How what is asked here relates to what is asked there, both of one value."""
    if here[0] != there[0]:
        upper, lower = (here[1], there[1]) if here[0] == "above" else (there[1], here[1])
        return "single point" if upper == lower else "nothing left" if upper < lower else "opposite"
    if here == there:
        return "equal"
    return "stricter" if (here[1] < there[1]) == (here[0] == "above") else "looser"


@pytest.mark.parametrize("number", SCENARIOS)
def test_every_application_of_the_text_is_a_scenario(number: str) -> None:
    scenarios = program(number).standard.scenarios
    assert scenarios is not None and len(scenarios.labels) == SCENARIOS[number]
    assert scenarios.is_ == "v2x.application"


def test_what_jiangsu_asks_against_the_association_for_the_applications_they_share() -> None:
    jiangsu, association = requirements(JIANGSU), requirements(ASSOCIATION)
    shared = sorted(name for name in jiangsu.keys() & association.keys() if "@" in name)
    assert len({name.partition("@")[2] for name in shared}) == 8
    outcome = {name: compared(jiangsu[name][0], association[name][0]) for name in shared}
    assert Counter(outcome.values()) == {"equal": 15, "stricter": 1, "single point": 6, "nothing left": 2}
    assert [name for name, how in outcome.items() if how == "stricter"] == ["v2x.delay.system@slw"]
    assert [jiangsu["v2x.delay.system@slw"][0][1], association["v2x.delay.system@slw"][0][1]] == [100, 500]
    assert {name for name, how in outcome.items() if how == "nothing left"} == {"v2x.frequency@clw", "v2x.frequency@evw"}
    assert {name.partition("@")[0] for name, how in outcome.items() if how == "single point"} == {"v2x.frequency"}


def test_a_range_that_covers_jiangsus_spacing_leaves_gaps_in_zhejiangs() -> None:
    jiangsu, zhejiang = requirements(JIANGSU), requirements(ZHEJIANG)
    (reach,) = [value for sense, value, _ in jiangsu["roadside.rsu.range"] if sense == "below"]
    furthest = {name: [value for sense, value, _ in asked["roadside.rsu.spacing"] if sense == "above"]
                for name, asked in (("jiangsu", jiangsu), ("zhejiang", zhejiang))}  # fmt: skip
    uncovered = {name: [max(Fraction(0), spacing - 2 * reach) for spacing in spacings] for name, spacings in furthest.items()}
    assert uncovered == {"jiangsu": [0], "zhejiang": [400, 1400, 4400]}


def test_delays_between_different_ends_are_never_of_one_property() -> None:
    delays = [{name.partition("@")[0] for name in requirements(number) if ".delay." in name} for number in SCENARIOS]
    assert delays == [{"v2x.delay.system"}, {"v2x.delay.application"}, {"v2x.delay.application"}, {"v2x.delay.system"}, {"v2x.delay.communication"}]


def test_of_the_second_stage_and_high_automation_the_delays_are_those_of_the_texts() -> None:
    found = {number: Counter(int(each[0][1]) for name, each in requirements(number).items() if name.startswith("v2x.delay"))
             for number in ("T/CSAE 157-2020", "T/CSAE 158-2020")}  # fmt: skip
    assert found == {"T/CSAE 157-2020": {50: 4, 100: 6, 500: 2}, "T/CSAE 158-2020": {20: 3, 100: 5}}


def test_an_explanation_names_the_section_and_groups_what_does_not_apply() -> None:
    made = program("T/CSAE 157-2020")
    scenarios = made.standard.scenarios
    assert scenarios is not None
    given = {"supported": {name: name == "cvm" for name in scenarios.labels}, "delay": {"cvm": 60}, "lateral_error": {"cvm": "0.4"}}
    shown = text(explain(evaluate(made, admit(made.inputs, given, Problems())), "en"))
    assert "60 > 50 ms; over by 10 ms (20 %)" in shown and "[k3·A] 5.2.3.4 协作式车辆汇入 CVM" in shown
    lines = [line for line in shown.splitlines() if "R4" in line]
    assert [line.split()[0] for line in lines] == ["✗", "–"]
    assert lines[1].endswith("not applicable in sds, clc, cip, dds, dlm, chpvp, gspa, pdc, vrusp, cpm, rts")
