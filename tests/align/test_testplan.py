"""Test plans: what is needed, which test serves what, what no test shows, and what is wrong with a catalogue."""

from __future__ import annotations

import csv
import io
import itertools
import json
import os
import random
import subprocess
import sys
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checking import MADE_UP, checked, shelf
from guiju.align.catalogue import Catalogue, Offer, load_catalogue
from guiju.align.catalogue import given as given_by
from guiju.align.needs import Need, needs_of, needs_of_all, numbers_in
from guiju.align.plan_page import Page
from guiju.align.testplan import Plan, plan
from guiju.base.diagnostics import Problems, Refused, Span
from guiju.ir.program import Program
from guiju.records.bulk import programs
from guiju.standard.model import Title
from guiju.standard.regions import load_regions

ROOT = Path(__file__).resolve().parents[2]
TESTS = ROOT / "examples" / "align" / "tests.yaml"
REGIONS = load_regions()
V2X = ["T/CSAE 53-2017", "江苏智慧高速指南2020", "浙江智慧高速指南2020", "德清智能网联道路规范"]
SPAN = Span("tests.yaml", 1, 1, 1, 2)


def program(clauses: str, region: str = "CN", number: str = "T/TEST 1") -> Program:
    head = MADE_UP.replace("region: CN", f"region: {region}").replace("T/TEST 1", number)
    found = checked(f"{head}inputs:\n{INPUTS}clauses:\n{clauses}")
    assert found.program is not None and not found.errors, found.errors
    return found.program


INPUTS = """  range: {is: nev.range.cltc, unit: km, decimals: 0, min: 0, max: 2000}
  mass: {is: vehicle.mass.curb, unit: kg, decimals: 0, min: 300, max: 9000}
  width: {is: sensing.smallest, unit: m, decimals: 2, min: 0, max: 9}
  error: {is: sensing.trajectory.error, unit: m, decimals: 2, min: 0, max: 9}
  declared: {is: roadtest.own_tests}
"""


def catalogue(text: str, tmp_path: Path) -> tuple[Catalogue | None, Problems]:
    problems = Problems()
    (tmp_path / "tests.yaml").write_text(text, "utf-8")
    return load_catalogue(tmp_path / "tests.yaml", shelf().dictionary, REGIONS, problems), problems


def offer(name: str, gives: list[str], cost: int = 1, **more: object) -> Offer:
    made = Offer(name, Title(name, name), tuple(given_by(each) for each in gives), None, None, False, Fraction(cost), Fraction(1), (), "", (), "made", "illustrative", SPAN)
    return replace(made, **more)  # type: ignore[arg-type]


def on_offer(*offers: Offer, papers: tuple[str, ...] = (), sample: int = 0) -> Catalogue:
    samples = {"car": (Title("车", "car"), Fraction(sample))}
    return Catalogue(Title("试验", "tests"), {each.id: each for each in offers}, {}, samples, papers, "tests.yaml")


def planned(offers: Catalogue, needs: list[Need], codes: list[str], **more: object) -> Plan:
    return plan(needs, [], offers, codes, REGIONS, shelf().dictionary, **more)  # type: ignore[arg-type]


def needs(clauses: str, codes: list[str], region: str = "CN", **more: object) -> list[Need]:
    return needs_of(program(clauses, region), REGIONS, codes, shelf().dictionary, **more)[0]  # type: ignore[arg-type]


RANGE = '  "1": {zh: 续驶里程, en: range, shall: "range >= 100 [km]", source: s}\n'


# what is needed


def test_a_clause_needs_what_it_measures_and_is_told_the_rest() -> None:
    text = '  "1": {zh: 里程, en: range, shall: "range >= mass / 10 [kg] * 1 [km] + 5 [km]", when: declared, source: s}\n'
    found, told = needs_of(program(text), REGIONS, ["CN-32"], shelf().dictionary)
    assert [(n.asked, n.no, n.method, n.cycle, n.regions, n.quantity) for n in found] == [
        ("nev.range.cltc", "1", "GB/T 18386.1-2021", "cltc", ("CN-32",), True)]  # fmt: skip
    assert [each.asked for each in told] == ["roadtest.own_tests", "vehicle.mass.curb"]


def test_of_two_quantities_compared_both_are_needed() -> None:
    assert [n.asked for n in needs('  "1": {zh: 尺寸, en: size, shall: width <= 2 * error, source: s}\n', ["CN"])] == ["sensing.smallest", "sensing.trajectory.error"]


def test_a_method_that_names_no_text_is_one_of_the_standard_itself() -> None:
    text = '  "1": {zh: 里程, en: range, shall: "range >= 1 [km]", method: 8.2.1, source: s}\n  "2": {zh: 里程, en: range, shall: "range >= 1 [km]", method: ISO 7, source: s}\n'
    assert [need.method for need in needs(text, ["CN"])] == ["T/TEST 1 8.2.1", "ISO 7"]


def test_recommendations_are_needs_only_where_they_are_asked_for() -> None:
    text = RANGE + '  "2": {zh: 尺寸, en: size, should: "width <= 1 [m]", source: s}\n'
    assert [need.no for need in needs(text, ["CN"])] == ["1"]
    assert [(need.no, need.strength) for need in needs(text, ["CN"], should=True)] == [("1", "shall"), ("2", "should")]


def test_a_standard_needs_nothing_where_it_does_not_apply() -> None:
    assert needs(RANGE, ["CN-32", "CN-33"], "CN-32")[0].regions == ("CN-32",)
    with pytest.raises(Refused) as refused:
        needs_of_all([program(RANGE, "CN-32")], REGIONS, ["CN-33"], shelf().dictionary)
    assert [d.code for d in refused.value.diagnostics] == ["plan-asks-nothing"]


def test_only_the_scenarios_asked_for_are_needed() -> None:
    (found,) = programs(shelf(), ["T/CSAE 53-2017"], None)
    some = needs_of_all([found], REGIONS, ["CN"], shelf().dictionary, scenarios=["evw"])[0]
    assert {need.asked for need in some} == {f"{name}@evw" for name in ("v2x.frequency", "v2x.delay.system", "v2x.position_error", "v2x.range")}
    with pytest.raises(Refused) as refused:
        needs_of_all([found], REGIONS, ["CN"], shelf().dictionary, scenarios=["evv"])
    assert refused.value.diagnostics[0].code == "plan-scenario" and "evw" in refused.value.diagnostics[0].help("en")


def test_the_standards_of_a_region_are_those_in_force_there_on_the_day() -> None:
    assert numbers_in(shelf(), REGIONS, ["CN-32"], ["recorder"], date(2026, 11, 22)) == ["GB/T 19056-2021"]
    assert numbers_in(shelf(), REGIONS, ["CN-32"], ["recorder"], date(2020, 1, 1)) == ["GB/T 19056-2012"]
    of = {code: set(numbers_in(shelf(), REGIONS, [code], ["road", "v2x"], date(2026, 11, 22))) for code in ("CN-32", "CN-33")}
    assert "浙江智慧高速指南2020" in of["CN-33"] - of["CN-32"] and "T/CSAE 157-2020" in of["CN-32"] & of["CN-33"]
    with pytest.raises(Refused) as refused:
        numbers_in(shelf(), REGIONS, ["CN"], ["recorders"], date(2026, 11, 22))
    assert refused.value.diagnostics[0].code == "unknown-subject" and "recorder" in refused.value.diagnostics[0].help("en")


# which test serves what


def test_a_test_by_another_method_serves_nothing_and_it_is_said_why() -> None:
    asked = needs(RANGE, ["CN-32"])
    wrong = offer("wrong", ["nev.range.cltc"], method="ISO 7")
    found = planned(on_offer(wrong, offer("old", ["nev.range.nedc"], method="GB/T 18386-2017")), asked, ["CN-32"])
    assert found.steps == () and found.cost == 0
    (missing,) = found.unserved
    assert [(near.offer.id, near.why.en) for near in missing.near] == [
        ("wrong", "it uses ISO 7; GB/T 18386.1-2021 is asked"),
        ("old", "it gives range (NEDC) (nev.range.nedc), by another cycle or metering point")]  # fmt: skip
    assert [d.code for d in found.diagnostics] == ["test-method-unasked"]
    assert [s.offer.id for s in planned(on_offer(replace(wrong, method="GB/T 18386.1-2021")), asked, ["CN-32"]).steps] == ["wrong"]


def test_where_no_method_is_asked_any_serves() -> None:
    asked = needs('  "1": {zh: 尺寸, en: size, shall: "width <= 1 [m]", source: s}\n', ["CN-32"])
    assert [s.offer.id for s in planned(on_offer(offer("a", ["sensing.smallest"], method="ISO 7")), asked, ["CN-32"]).steps] == ["a"]


def test_a_result_counts_where_it_is_accepted_and_in_the_parts_of_that_region() -> None:
    asked = needs('  "1": {zh: 尺寸, en: size, shall: "width <= 1 [m]", source: s}\n', ["CN-320500", "CN-33"])
    found = planned(on_offer(offer("a", ["sensing.smallest"], accepted=("CN-32",))), asked, ["CN-320500", "CN-33"])
    assert [served.regions for step in found.steps for served in step.serves] == [("CN-320500",)]
    assert [(u.regions, [near.why.en for near in u.near]) for u in found.unserved] == [(("CN-33",), ["its result is accepted in CN-32 only"])]


def test_what_is_no_quantity_is_shown_by_papers_unless_a_test_gives_it() -> None:
    asked = needs('  "1": {zh: 自测, en: own tests, shall: declared, source: s}\n', ["CN"])
    assert [need.asked for need in planned(on_offer(), asked, ["CN"]).papers] == ["roadtest.own_tests"]
    tested = planned(on_offer(offer("a", ["roadtest.own_tests"])), asked, ["CN"])
    assert tested.papers == () and [s.offer.id for s in tested.steps] == ["a"]
    declared = planned(on_offer(offer("a", ["roadtest.own_tests"]), papers=("roadtest.*",)), asked, ["CN"])
    assert len(declared.papers) == 1 and declared.steps == ()


def test_a_test_of_one_scenario_serves_no_other() -> None:
    (found,) = programs(shelf(), ["T/CSAE 53-2017"], None)
    asked = [need for need in needs_of(found, REGIONS, ["CN"], shelf().dictionary, scenarios=["evw", "fcw"])[0] if need.property_id == "v2x.range"]
    made = planned(on_offer(offer("a", ["v2x.range@fcw"])), asked, ["CN"])
    assert [served.need.asked for step in made.steps for served in step.serves] == ["v2x.range@fcw"]
    assert [(u.need.asked, u.near[0].why.en) for u in made.unserved] == [("v2x.range@evw", "it gives this property for fcw only")]


# cost, samples, order


WIDTH = '  "1": {zh: 尺寸, en: size, shall: "width <= 1 [m]", source: s}\n'
BOTH = RANGE + WIDTH.replace('"1"', '"2"')


def cltc(name: str, cost: int, **more: object) -> Offer:
    return offer(name, ["nev.range.cltc"], cost, method="GB/T 18386.1-2021", **more)


def test_a_sample_serves_every_test_that_leaves_it_whole() -> None:
    asked, size = needs(BOTH, ["CN"]), offer("b", ["sensing.smallest"], 10, sample=("car", 3))
    shared = planned(on_offer(cltc("a", 10, sample=("car", 2)), size, sample=100), asked, ["CN"])
    assert (shared.cost, shared.samples) == (320, {"car": 3})
    apart = planned(on_offer(cltc("a", 10, sample=("car", 2), destructive=True), size, sample=100), asked, ["CN"])
    assert (apart.cost, apart.samples) == (520, {"car": 5})


def test_what_is_needed_first_is_done_first_and_paid_once() -> None:
    asked = needs(BOTH, ["CN"])
    first = offer("setup", [], 50, laboratory="x", days=Fraction(2))
    made = planned(on_offer(cltc("a", 10, needs=("setup",), laboratory="x"), offer("b", ["sensing.smallest"], 10, needs=("setup",)), first), asked, ["CN"])
    assert made.cost == 70 and made.days == 3
    assert [(s.offer.id, s.begins, s.ends) for s in made.steps] == [("setup", 0, 2), ("a", 2, 3), ("b", 2, 3)]


def test_a_test_in_hand_costs_nothing_and_needs_nothing() -> None:
    asked = needs(BOTH, ["CN"])
    offers = on_offer(cltc("a", 10, needs=("setup",), sample=("car", 2)), offer("b", ["sensing.smallest"], 10), offer("setup", [], 50), sample=100)
    made = planned(offers, asked, ["CN"], passed=["a"])
    assert made.cost == 10 and [(s.offer.id, s.passed) for s in made.steps] == [("a", True), ("b", False)] and made.samples == {}
    with pytest.raises(Refused) as refused:
        planned(offers, asked, ["CN"], passed=["setupp"])
    assert refused.value.diagnostics[0].code == "unknown-test" and "setup" in refused.value.diagnostics[0].help("en")


def test_a_deadline_buys_a_dearer_laboratory_or_is_refused_with_the_days_it_takes() -> None:
    asked = needs(BOTH, ["CN"])
    slow = [cltc("a", 10, laboratory="x", days=Fraction(3)), offer("b", ["sensing.smallest"], 10, laboratory="x", days=Fraction(3))]
    offers = on_offer(*slow, offer("c", ["sensing.smallest"], 40, laboratory="y", days=Fraction(4)))
    assert [(planned(offers, asked, ["CN"], deadline=Fraction(n)).cost) for n in (6, 5, 4)] == [20, 50, 50]
    with pytest.raises(Refused) as refused:
        planned(offers, asked, ["CN"], deadline=Fraction(3))
    assert [(d.code, d.facts["least_en"]) for d in refused.value.diagnostics] == [("plan-too-late", "it takes 4 days at least")]


def test_where_one_laboratory_waits_for_another_the_deadline_is_told_to_be_missed() -> None:
    asked = needs(WIDTH, ["CN"])
    offers = on_offer(offer("first", [], laboratory="x", days=Fraction(3)), offer("b", ["sensing.smallest"], needs=("first",), laboratory="y", days=Fraction(3)))
    made = planned(offers, asked, ["CN"], deadline=Fraction(4))
    assert made.days == 6 and [d.code for d in made.diagnostics] == ["plan-order-late"]


def test_regions_together_cost_less_than_each_by_itself() -> None:
    asked = needs(WIDTH, ["CN-32", "CN-33"])
    near = [offer("j", ["sensing.smallest"], 10, accepted=("CN-32",)), offer("z", ["sensing.smallest"], 12, accepted=("CN-33",))]
    made = planned(on_offer(*near, offer("both", ["sensing.smallest"], 15)), asked, ["CN-32", "CN-33"])
    assert (made.cost, [(a.region, a.tests, a.cost) for a in made.alone], made.saved) == (15, [("CN-32", ("j",), 10), ("CN-33", ("z",), 12)], 7)
    assert made.repeated == {}
    dear = planned(on_offer(offer("both", ["sensing.smallest"], 15)), asked, ["CN-32", "CN-33"])
    assert dear.saved == 15 and dear.repeated == {"both": 2}


# against every subset


PLACES = ("CN-31", "CN-32", "CN-33")
KINDS = ("sensing.smallest", "sensing.targets", "sensing.frequency")


@st.composite
def markets(draw: st.DrawFn) -> tuple[Catalogue, list[Need]]:
    offers: list[Offer] = []
    for at in range(draw(st.integers(1, 6))):
        sample = draw(st.one_of(st.none(), st.tuples(st.just("car"), st.integers(1, 3))))
        offers.append(offer(
            f"t{at}", draw(st.lists(st.sampled_from(KINDS), max_size=3, unique=True)), draw(st.integers(0, 30)), sample=sample, destructive=draw(st.booleans()),
            method=draw(st.sampled_from((None, "ISO 1", "ISO 2"))), days=Fraction(draw(st.integers(0, 4))), laboratory=draw(st.sampled_from("xy")),
            accepted=tuple(draw(st.lists(st.sampled_from(PLACES), max_size=2, unique=True))),
            needs=tuple(draw(st.lists(st.sampled_from([o.id for o in offers]), max_size=1))) if offers else ()))  # fmt: skip
    asked = []
    for at in range(draw(st.integers(1, 4))):
        where = tuple(draw(st.lists(st.sampled_from(PLACES), min_size=1, unique=True)))
        kind, method = draw(st.sampled_from(KINDS)), draw(st.sampled_from((None, None, "ISO 1")))
        asked.append(Need("T/TEST 1", str(at), Title("", ""), "shall", kind, Title(kind, kind), method, None, None, True, where, SPAN))
    return on_offer(*offers, sample=draw(st.integers(0, 9))), asked


def price(offers: Catalogue, names: frozenset[str]) -> Fraction:
    """Told anew, without the model: every test, and of samples the most that one test shares and all that are destroyed."""
    taken = [offers.offers[name] for name in names]
    shared = max((o.sample[1] for o in taken if o.sample and not o.destructive), default=0)
    return sum((o.cost for o in taken), Fraction(0)) + offers.samples["car"][1] * (shared + sum(o.sample[1] for o in taken if o.sample and o.destructive))


def shows(one: Offer, need: Need, code: str) -> bool:
    by = need.method is None or one.method == need.method
    return by and (not one.accepted or code in one.accepted) and any(each.property == need.asked for each in one.gives)


@given(markets())
@settings(max_examples=120, deadline=None)
def test_a_plan_shows_all_that_can_be_shown_at_the_least_cost_of_all_sets(market: tuple[Catalogue, list[Need]]) -> None:
    offers, asked = market
    made = planned(offers, asked, list(PLACES))
    pairs = [(need, code) for need in asked for code in need.regions]
    possible = [(need, code) for need, code in pairs if any(shows(o, need, code) for o in offers.offers.values())]
    assert {(id(u.need), code) for u in made.unserved for code in u.regions} == {(id(n), c) for n, c in pairs if (n, c) not in possible}
    taken = frozenset(step.offer.id for step in made.steps)
    sets = [frozenset(names) for n in range(len(offers.offers) + 1) for names in itertools.combinations(offers.offers, n)]

    def enough(names: frozenset[str]) -> bool:
        held = [offers.offers[name] for name in names]
        return all(set(o.needs) <= names for o in held) and all(any(shows(o, need, code) for o in held) for need, code in possible)

    assert enough(taken)
    assert made.cost == made.bound == price(offers, taken) == min(price(offers, each) for each in sets if enough(each))
    assert made.cost <= made.cost + made.saved
    shuffled = dict(random.Random(len(asked)).sample(list(offers.offers.items()), len(offers.offers)))
    again = planned(replace(offers, offers=shuffled), asked, list(PLACES))
    assert [step.offer.id for step in again.steps] == [step.offer.id for step in made.steps]


# the catalogue


WRONG = """
title: {zh: 试验, en: tests}
laboratories: {x: {zh: 甲, en: x}}
samples: {car: {zh: 车, en: car, cost: 1 km}, rig: {zh: 架, en: rig, cost: 5 元}}
papers: [roadtests.*, roadtest.own_test]
tests:
  a: {zh: 甲, en: a, gives: [nev.range.cltcc], cost: -5 元, duration: 3 元, laboratory: xx, source: s, grade: E}
  b: {zh: 乙, en: b, gives: [nev.range.cltc, v2x.range@fcww, nev.range.nedc], cycle: NEDC, cost: 5 yen, duration: soon, accepted_in: [CN-32, Jiangsoo], source: s, grade: illustrative}
  c: {zh: 丙, en: c, cost: 1/3 元, duration: 1 d, needs: [d, bb], source: s, grade: illustrative}
  d: {zh: 丁, en: d, gives: sensing.smallest, cost: 0 元, duration: 1 d, needs: c, sample: 2, destructive: often, source: s, grade: illustrative}
  e: {zh: 戊, en: e, cost: 0 元, duration: 1 d, sample: {of: cars, count: 1.5}, source: s, grade: illustrative}
"""


def test_every_problem_of_a_catalogue_is_told_with_its_place(tmp_path: Path) -> None:
    _, problems = catalogue(WRONG, tmp_path)
    assert [(d.span.line if d.span else 0, d.code) for d in problems.found] == [
        (4, "test-amount"), (5, "unknown-property"), (5, "unknown-property"),
        (7, "unknown-property"), (7, "test-amount"), (7, "test-amount"), (7, "test-undeclared"), (7, "unknown-word"),
        (8, "test-scenario"), (8, "test-cycle"), (8, "test-cycle"), (8, "unknown-unit"), (8, "test-amount"), (8, "unknown-region"),
        (9, "unknown-unit"), (9, "test-needs-itself"), (9, "unknown-test"), (10, "test-needs-itself"), (10, "test-sample-kind"), (10, "unknown-word"),
        (11, "test-gives-nothing"), (11, "test-undeclared"), (11, "test-amount")]  # fmt: skip
    said = {d.code: d.help("en") for d in problems.found}
    assert "fcw" in said["test-scenario"] and "Jiangsu" in said["unknown-region"] and "car" in said["test-undeclared"]


@pytest.mark.parametrize(("text", "code"), [("", "document-empty"), ("title: {zh: 甲, en: a}\n", "missing-key"), ("- a\n", "kind-mismatch"),
                                            (WRONG.replace("  c: {", "  b: {"), "duplicate-key")])  # fmt: skip
def test_a_malformed_catalogue_is_refused(tmp_path: Path, text: str, code: str) -> None:
    _, problems = catalogue(text, tmp_path)
    assert code in [d.code for d in problems.found] and problems.has_errors


def test_the_catalogue_shipped_is_clean_and_all_illustrative() -> None:
    problems = Problems()
    held = load_catalogue(TESTS, shelf().dictionary, REGIONS, problems)
    assert problems.found == () and held is not None and {each.grade for each in held.offers.values()} == {"illustrative"}


# what is shown


@pytest.fixture(scope="module")
def example() -> Plan:
    problems, codes = Problems(), ["CN-32", "CN-33", "CN-330521"]
    held = load_catalogue(TESTS, shelf().dictionary, REGIONS, problems)
    assert held is not None
    asked, told = needs_of_all(programs(shelf(), V2X, None), REGIONS, codes, shelf().dictionary)
    return plan(asked, told, held, codes, REGIONS, shelf().dictionary)


def test_every_need_is_in_the_trace_with_its_place_and_what_shows_it(example: Plan) -> None:
    rows = list(csv.DictReader(io.StringIO(Page(example, REGIONS, "en").csv())))
    asked = needs_of_all(programs(shelf(), V2X, None), REGIONS, list(example.regions), shelf().dictionary)[0]
    assert len(rows) == sum(len(need.regions) for need in asked)
    assert all(row["place"].partition(":")[0].endswith("/standard.yaml") and row["shown by"] and row["illustrative"] == "1" for row in rows)
    assert {row["property"] for row in rows if row["shown by"] == "✗"} == {"traffic.weather.accuracy", "traffic.weather.interval"}


@pytest.mark.parametrize(("language", "mark"), [("zh", "示意"), ("en", "illustrative")])
def test_made_up_costs_are_marked_wherever_they_are_shown(example: Plan, language: str, mark: str) -> None:
    page = Page(example, REGIONS, language)  # type: ignore[arg-type]
    assert mark in page.markdown() and mark in page.csv().splitlines()[0] and mark in page.summary()[-1]
    assert page.json()["illustrative"] is True and {each["grade"] for each in page.json()["tests"]} == {"illustrative"}


def test_costs_are_exact_in_json(example: Plan) -> None:
    told = Page(example, REGIONS, "en").json()
    samples = sum(n * example.catalogue.samples[kind][1] for kind, n in told["samples"].items())
    assert Fraction(told["cost"]) == sum(Fraction(each["cost"]) for each in told["tests"]) + samples == Fraction(told["bound"])
    assert told["proof"] in ("reduction", "exact") and told["gap"] == "0"


def guiju(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "guiju", "--lang", "en", "align", "testplan", *words]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT / "src")}, encoding="utf-8")


def test_the_command_plans_for_the_regions_of_the_standards_named_and_writes_a_page(tmp_path: Path) -> None:
    out = tmp_path / "plan.md"
    ran = guiju("GB/T 19056-2021", "--tests", str(TESTS), "--out", str(out), "--json")
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout)["regions"] == ["CN"]
    assert "recorder-storage" in out.read_text("utf-8") and "illustrative" in out.read_text("utf-8")


@pytest.mark.parametrize(("words", "said"), [
    (["--regions", "CN-31"], "plan-unasked"), (["--regions", "Jiangsoo", "--subject", "recorder"], "unknown-region"),
    (["GB/T 19056-2021", "--out", "plan.txt"], "unknown-word"), (["GB/T 19056-2021", "--tests", "none.yaml"], "file-unreadable"),
    (["GB/T 19056-2021", "--out", "no/such/folder/plan.md"], "file-unwritable"),
])  # fmt: skip
def test_what_cannot_be_planned_is_refused_with_a_diagnostic(words: list[str], said: str) -> None:
    ran = guiju("--tests", str(TESTS), *words)
    assert ran.returncode == 2 and f"error[{said}]" in ran.stderr and "Traceback" not in ran.stderr
