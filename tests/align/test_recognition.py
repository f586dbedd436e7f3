"""Recognition: what remains to be shown, on which ground, and what a rule lets a region ask."""

from __future__ import annotations

import json
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from checking import MADE_UP, program_of, shelf
from guiju.align.avoided import avoided
from guiju.align.catalogue import load_catalogue
from guiju.align.recognition import Finding, Question, Recognition, Standing, recognise
from guiju.align.rules import Rule, load_rules
from guiju.app import PARTS
from guiju.base.diagnostics import Problems, Refused, Severity
from guiju.cli.console import choose_language
from guiju.cli.main import build
from guiju.ir.program import Program
from guiju.readings.evaluate import Verdict, is_met
from guiju.readings.examples import examine
from guiju.readings.smt.answers import NotComparable, Proved, Refuted
from guiju.readings.smt.search import population_of
from guiju.records.bulk import programs
from guiju.standard.regions import load_regions
from guiju.standard.shelf import Shelf, data_folder

ROOT = Path(__file__).resolve().parents[2]
RECORDERS = ROOT / "examples" / "align" / "recorder"
OLD, NEW = "GB/T 19056-2012", "GB/T 19056-2021"
NATIONAL, SHANGHAI = "工信部联通装〔2021〕97号", "上海路测2018"
REGIONS = load_regions()


@pytest.fixture(autouse=True)
def _language() -> Any:
    yield
    choose_language(None)


def asked(*passed: Program, of: Program, rule: Rule | None = None, **options: Any) -> Recognition:
    question = Question(shelf().dictionary, options.pop("treat_as", {}), **options)
    return recognise(passed, of, question, rule=rule)


def on_shelf(*numbers: str) -> list[Program]:
    return programs(shelf(), numbers, None)


def rule() -> Rule:
    (found,) = load_rules(shelf(), REGIONS)
    return found


def standings(found: Recognition) -> dict[str, Standing]:
    return {f.no: f.standing for f in found.findings}


def of(found: Recognition, no: str) -> Finding:
    return next(f for f in found.findings if f.no == no)


def made(clauses: str, *, head: str = MADE_UP, inputs: str = "mass: {is: vehicle.mass.curb, unit: kg, decimals: 0, min: 0, max: 5000}", more: str = "") -> Program:
    lines = "".join(f"  {line}\n" for line in inputs.split("\n"))
    rows = "".join(f"  {line}\n" for line in clauses.split("\n"))
    return program_of(f"{head}{more}inputs:\n{lines}clauses:\n{rows}")


def clause(no: str, shall: str, **more: str) -> str:
    rest = "".join(f", {key}: {value}" for key, value in more.items())
    return f'"{no}": {{zh: 条款, en: clause, shall: "{shall}", source: s{rest}}}'


# by proof


def test_a_recorder_of_2012_is_not_one_of_2021_for_its_memory_its_interval_and_what_was_not_asked():
    (old, new) = on_shelf(OLD, NEW)
    found = asked(old, of=new)
    assert standings(found) == {
        "R1": Standing.SHOW, "R2": Standing.RECOGNISED, "R3": Standing.SHOW, "R4": Standing.RECOGNISED, "R5": Standing.RECOGNISED,
        "R6": Standing.UNASKED, "R7": Standing.UNASKED,
    }  # fmt: skip
    assert [f.no for f in found.breaks] == [f.no for f in found.remaining] == ["R1", "R3", "R6", "R7"]
    for no, name, limit in (("R1", "retention", 168), ("R3", "accident_interval", Fraction(1, 10))):
        answer = of(found, no).answer
        assert isinstance(answer, Refuted) and answer.witness is not None
        before, after = answer.witness.evaluations
        assert before.verdict("overall") is Verdict.PASS and after.verdict(no) is Verdict.FAIL
        assert (after.record[name] < limit) == (name == "retention")  # type: ignore[operator]


def test_a_recorder_of_2021_is_one_of_2012_and_each_clause_names_the_one_it_follows_from():
    (old, new) = on_shelf(OLD, NEW)
    found = asked(new, of=old)
    assert isinstance(found.whole, Proved) and not found.remaining and not found.breaks
    assert [(f.by[0].standard, f.by[0].no) for f in found.findings] == [(NEW, f"R{n}") for n in range(1, 6)]
    assert {f.ground for f in found.findings} == {"proof"}


def test_what_the_association_asks_of_two_scenarios_excludes_what_jiangsu_asks():
    (association, jiangsu) = on_shelf("T/CSAE 53-2017", "江苏智慧高速指南2020")
    found = asked(association, of=jiangsu)
    assert [f.no for f in found.findings if f.standing is Standing.EXCLUDED] == ["4.1-1 a@clw", "4.1-1 a@evw"]


def test_several_standards_together_recognise_what_neither_does_alone():
    light, slow = made(clause("a", "mass <= 1000 kg")), made(clause("b", "speed <= 100 [km/h]"), inputs=SPEED)
    both = made(clause("c", "mass <= 1200 kg and speed <= 120 [km/h]"), inputs=f"{MASS}\n{SPEED}")
    assert standings(asked(light, of=both)) == {"c": Standing.SHOW}
    found = asked(light, slow, of=both)
    assert standings(found) == {"c": Standing.RECOGNISED}
    assert {n.no for n in of(found, "c").by} == {"a", "b"}


MASS = "mass: {is: vehicle.mass.curb, unit: kg, decimals: 0, min: 0, max: 5000}"
SPEED = "speed: {is: vehicle.speed.max, unit: km/h, decimals: 0, min: 0, max: 400}"
CATEGORY = "category: {is: vehicle.category, values: [M1, M2, N1]}"


def test_results_of_another_method_are_not_recognised_though_an_older_result_of_the_right_one_is_there():
    """The clause without a method is too weak, and the one that is strong enough names another method."""
    weak, other = made(clause("a", "mass <= 2000 kg")), made(clause("b", "mass <= 1000 kg", method="M2"))
    wanted = made(clause("c", "mass <= 1500 kg", method="M1"))
    assert standings(asked(other, of=wanted)) == {"c": Standing.REPEAT}
    assert standings(asked(weak, of=wanted)) == {"c": Standing.SHOW}
    found = asked(weak, other, of=wanted)
    assert standings(found) == {"c": Standing.REPEAT} and isinstance(found.whole, NotComparable)
    assert standings(asked(weak, other, of=wanted, any_method=True)) == {"c": Standing.RECOGNISED}
    right = made(clause("d", "mass <= 1400 kg", method="M1"))
    assert standings(asked(weak, other, right, of=wanted)) == {"c": Standing.RECOGNISED}


def test_a_standard_for_other_vehicles_asks_nothing_of_what_passed_and_that_is_said():
    scope = "scope: {{zh: 范围, en: scope, shall: \"category == '{}'\", source: s}}\n"
    cars, vans = (made(clause("a", "mass <= 1000 kg"), inputs=f"{MASS}\n{CATEGORY}", more=scope.format(word)) for word in ("M1", "N1"))
    found = asked(cars, of=vans)
    assert standings(found) == {"a": Standing.OUTSIDE} and found.apart and not found.remaining
    assert not asked(cars, of=cars).apart


def test_the_ranges_of_one_standard_asked_do_not_decide_about_another_and_what_lies_outside_is_not_judged():
    heavy, narrow = made(clause("a", "mass >= 1500 kg")), made(clause("b", "mass >= 1 kg"), inputs=MASS.replace("5000", "1000"))
    found = asked(heavy, of=narrow)
    assert standings(found) == {"b": Standing.REPEAT} and isinstance(found.whole, NotComparable)


def test_recommendations_are_answered_and_do_not_remain():
    light = made(clause("a", "mass <= 1000 kg"))
    wish = made(clause("b", "mass <= 900 kg").replace("shall:", "should:") + "\n" + clause("c", "mass <= 1100 kg"))
    found = asked(light, of=wish)
    assert standings(found) == {"b": Standing.SHOW, "c": Standing.RECOGNISED} and not found.remaining
    assert standings(asked(wish, of=wish)) == {"b": Standing.SHOW, "c": Standing.RECOGNISED}, "what was only recommended was not passed"
    assert isinstance(found.whole, Proved)


def test_a_real_product_shows_it_where_there_is_one():
    (old, new) = on_shelf(OLD, NEW)
    held = {"retention": 100, "state.interval": 1, "accident.interval": Fraction(1, 5), "accident.window": 20, "accident.records": 200}
    record = {f"recorder.{'state.' if name == 'retention' else ''}{name}": Fraction(value) for name, value in held.items()}
    record |= {"recorder.speed.low": Fraction(0), "recorder.speed.high": Fraction(220), "recorder.speed.resolution": Fraction(1)}
    found = asked(old, of=new, population=population_of([("unit 7", record)]))
    answer = of(found, "R1").answer
    assert isinstance(answer, Refuted) and answer.witness is not None and answer.witness.real == "unit 7"


def test_what_cannot_be_asked_is_refused():
    light, never = made(clause("a", "mass <= 1000 kg")), made(clause("a", "mass <= 10 kg") + "\n" + clause("b", "mass >= 20 kg"))
    for passed, of_, code in ((on_shelf(OLD), on_shelf("GB 46519-2025")[0], "recognise-subjects"), ([never], light, "recognise-passed-by-nothing")):
        with pytest.raises(Refused) as refused:
            asked(*passed, of=of_)
        assert [d.code for d in refused.value.diagnostics] == [code]


# by rule


def test_article_13_leaves_the_local_roads_the_plan_and_the_papers_of_an_application_elsewhere():
    (national,) = on_shelf(NATIONAL)
    found = asked(national, of=national, rule=rule())
    local = {f.no for f in found.remaining}
    assert local == {"10(3)", "10(10)", "13(2)", "17(4)"}
    assert {of(found, no).entry.kind for no in local} == {"local"}  # type: ignore[union-attr]
    witness = of(found, "10(3)").answer.witness  # type: ignore[union-attr]
    assert witness.record(0)["road_mapping"] is True and witness.record(1)["road_mapping"] is False
    assert witness.verdicts(0)["overall"] is Verdict.PASS and witness.verdicts(1)["10(3)"] is Verdict.FAIL


def test_in_the_same_place_the_same_rule_remains_passed():
    (national,) = on_shelf(NATIONAL)
    found = asked(national, of=national)
    assert isinstance(found.whole, Proved) and {f.standing for f in found.findings if f.must} == {Standing.RECOGNISED}


def test_what_shanghai_asked_besides_is_a_barrier_and_its_closed_ground_is_shown_once():
    national, shanghai = on_shelf(NATIONAL, SHANGHAI)
    found = asked(national, of=shanghai, rule=rule())
    assert standings(found) == {"R1": Standing.RECOGNISED, "R2": Standing.BARRIER, "R3": Standing.BARRIER, "R4": Standing.BARRIER,
                                "R5": Standing.RECOGNISED}  # fmt: skip
    assert [(f.no, f.ground) for f in found.findings if f.standing is Standing.RECOGNISED] == [("R1", "proof"), ("R5", "rule")]
    assert [f.no for f in found.barriers] == ["R2", "R3", "R4", "R5"] and not found.remaining
    assert "接入第三方机构数据平台" in of(found, "R4").barrier.zh and "远程监控" not in of(found, "R4").barrier.zh  # type: ignore[union-attr]
    without = asked(national, of=shanghai)
    assert [f.no for f in without.remaining] == ["R2", "R3", "R4", "R5"] and not without.barriers


def test_a_local_traffic_item_may_be_added_and_a_stricter_insurance_may_not():
    local = made(clause("1", "local_report") + "\n" + clause("2", "insurance >= 10000000 元"), head=HEAD, inputs=LOCAL)
    (national,) = on_shelf(NATIONAL)
    found = asked(national, of=local, rule=rule())
    assert standings(found) == {"1": Standing.SHOW, "2": Standing.RECOGNISED}
    assert of(found, "2").ground == "rule" and [f.no for f in found.barriers] == ["2"]


HEAD = MADE_UP.replace("type: car", "type: application").replace("region: CN", "region: CN-33")
LOCAL = "local_report: {is: roadtest.local_report}\ninsurance: {is: roadtest.insurance, unit: 元, decimals: 0, min: 0, max: 100000000000}"


def test_the_rule_binds_texts_of_parts_of_the_whole_and_its_own_text_only():
    national, shanghai = on_shelf(NATIONAL, SHANGHAI)
    assert rule().binds(national, REGIONS) and rule().binds(shanghai, REGIONS)
    assert not rule().binds(on_shelf(NEW)[0], REGIONS)
    assert not rule().binds(made(clause("a", "mass <= 1 kg"), head=MADE_UP.replace("region: CN", "region: EU")), REGIONS)


def test_every_property_of_the_rule_is_in_one_kind_and_its_grade_is_the_weakest_it_rests_on():
    held = rule()
    assert held.since == date(2021, 9, 1) and held.local >= {"roadtest.road_mapping", "roadtest.plan_reviewed", "roadtest.elsewhere"}
    entry = held.entry("once", "roadtest.closed_ground")
    assert entry is not None and held.grade(entry) == "C" and entry.shown_by == ("10(9)",)


WRONG = {
    "unknown-region": ("within: CN", "within: CM"), "recognition-clause": ('["10(3)"]', '["10(33)"]'), "unknown-standard": ("standard: 工信部联通装〔2021〕97号", "standard: 工信部联通装〔2021〕98号"),
    "unknown-property": ("[roadtest.closed_ground]", "[roadtest.closed_grounds]"), "unknown-source": ("source: [s1, c2]", "source: [s1, c9]"),
    "unknown-word": ("grade: A}", "grade: E}"), "not-a-date": ("since: 2021-09-01", "since: 2021-13-01"), "unknown-key": ("\nextra:", "\nextras:"),
    "recognition-twice": ("properties: [roadtest.elsewhere]", "properties: [roadtest.elsewhere, roadtest.certificate]"),
    "recognition-of-nothing": ('    clauses: ["10(10)"]\n', ""),
}  # fmt: skip


@pytest.mark.parametrize("code", WRONG)
def test_a_malformed_rule_is_told_where_and_how(code: str, tmp_path: Path):
    text = (data_folder() / "recognition" / "roadtest-2021.yaml").read_text("utf-8")
    assert text.count(WRONG[code][0]) >= 1
    file = tmp_path / "rule.yaml"
    file.write_text(text.replace(*WRONG[code], 1), "utf-8")
    with pytest.raises(Refused) as refused:
        load_rules(shelf(), REGIONS, [file])
    assert code in [d.code for d in refused.value.diagnostics]
    for d in refused.value.diagnostics:
        assert d.span is not None and d.help("zh") and "{" not in d.message("zh") + d.message("en") + d.help("en")


# the worked example


def recorders() -> tuple[Shelf, list[Program]]:
    opened = Shelf((RECORDERS / "standards", data_folder() / "standards"))
    return opened, programs(opened, ["SHIYI-JIA", "SHIYI-YI", "SHIYI-BING"], None)


def test_the_made_up_profiles_are_sound_and_say_that_they_are_made_up():
    opened, found = recorders()
    for program in found:
        path = opened.locate(program.standard.number)
        assert path is not None
        _, _, problems = examine(opened, path)
        assert not [d for d in problems.found if d.severity is not Severity.NOTE]
        assert "示意" in program.standard.number and program.standard.sources["sy"].grade == "illustrative"


def test_one_profile_adds_nothing_one_asks_240_hours_and_one_another_test():
    opened, (jia, yi, bing) = recorders()
    (new,) = programs(opened, [NEW], None)
    question = Question(opened.dictionary, {})
    found = [recognise([new], each, question) for each in (jia, yi, bing)]
    assert [type(each.whole) for each in found] == [Proved, Refuted, NotComparable]
    assert [[f.no for f in each.breaks] for each in found] == [[], ["R1"], ["R3"]]
    witness = of(found[1], "R1").answer.witness  # type: ignore[union-attr]
    assert 168 <= witness.record(0)["retention"] < 240


def test_what_recognition_saves_is_what_the_cheapest_tests_differ_by():
    opened, (jia, yi, bing) = recorders()
    regions = load_regions((RECORDERS / "regions", data_folder() / "regions"))
    problems = Problems()
    catalogue = load_catalogue(RECORDERS / "tests.yaml", opened.dictionary, regions, problems)
    assert catalogue is not None and not problems.found and catalogue.illustrative
    (new,) = programs(opened, [NEW], None)
    found = []
    for each in (jia, yi, bing):
        code = each.standard.region
        found.append(avoided([recognise([new], each, Question(opened.dictionary, {}))], code, catalogue, regions, opened.dictionary))
    # storage 6200 元, speed 2800 元, bench cycle 4100 元, and the most recorders any of them takes, at 800 元
    assert [a.cost for a in found] == [6200 + 2800 + 3 * 800, 2800, 6200 + 2800 + 2 * 800]
    assert [(a.tests, a.days) for a in found] == [(2, 9), (1, 1), (2, 9)]
    assert [a.repeated.cost for a in found] == [0, 0, 4100 + 800] and all(a.certain for a in found)


# the commands


def guiju(*words: object, language: str = "en") -> Result:
    result = CliRunner().invoke(build(PARTS), ["--lang", language, "align", *(str(w) for w in words)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def test_recognise_prints_grounds_witnesses_and_what_is_illustrative(tmp_path: Path):
    shown = guiju("recognise", "--passed", NEW, "--asked", "SHIYI-YI", "--shelf", RECORDERS / "standards", "--witness", "R1")
    assert shown.exit_code == 1
    assert "(illustrative)" in shown.stdout and "witness for R1" in shown.stdout and "proof: R2" in shown.stdout
    product = tmp_path / "product.yaml"
    product.write_text("recorder.state.retention: 300 h\nrecords: 20\n", "utf-8")
    shown = guiju("recognise", "--passed", NEW, "--asked", "SHIYI-YI", "--shelf", RECORDERS / "standards", "--record", product)
    assert "this product" in shown.stdout and "✓ passes" in shown.stdout and "✗ fails" in shown.stdout


def test_recognise_in_a_region_takes_what_is_in_force_there_and_the_rule_that_binds():
    found = json.loads(guiju("recognise", "--passed", NATIONAL, "--passed-in", "江苏", "--asked-in", "Zhejiang", "--on", "2025-01-01", "--json").stdout)
    (one,) = found["asked"]
    assert one["number"] == NATIONAL and one["region"] == "CN-33" and one["rule"] == "roadtest-2021"
    assert one["remaining"] == ["10(3)", "10(10)", "13(2)", "17(4)"]
    same = json.loads(guiju("recognise", "--passed", NATIONAL, "--passed-in", "江苏", "--asked-in", "CN-32", "--on", "2025-01-01", "--json").stdout)
    assert same["asked"][0]["rule"] is None and same["asked"][0]["remaining"] == []
    before = json.loads(guiju("recognise", "--passed", NATIONAL, "--asked", SHANGHAI, "--on", "2021-08-31", "--json").stdout)
    assert before["asked"][0]["rule"] is None and before["asked"][0]["remaining"] == ["R2", "R3", "R4", "R5"]


def test_suffices_tells_region_by_region_and_names_those_with_nothing_of_their_own():
    result = guiju("suffices", NEW, "--shelf", RECORDERS / "standards", "--tests", RECORDERS / "tests.yaml", language="zh")
    assert result.exit_code == 1
    assert "甲地（示意）" in result.stdout and "✓ 足够" in result.stdout and "✗ 不足" in result.stdout and "– 须重做试验" in result.stdout
    assert "书架上没有自己的标准" in result.stdout and "（示意：费用与时间为虚构）" in result.stdout and "江苏" in result.stdout
    found = json.loads(guiju("suffices", NEW, OLD, "SY-YI", "--shelf", RECORDERS / "standards", "--json").stdout)
    assert [(t["label"], t["enough"]) for t in found["targets"]] == [(OLD, True), ("SY-YI", False)]
    assert guiju("suffices", NEW, OLD).exit_code == 0 and guiju("suffices", OLD, NEW).exit_code == 1
    assert guiju("suffices", NEW, "SHIYI-BING", "--shelf", RECORDERS / "standards").exit_code == 3


@pytest.mark.parametrize(("words", "code"), [
    (("recognise", "--passed", NEW), "recognise-nothing-asked"), (("recognise", "--passed", NEW, "--asked", OLD, "--asked-in", "Atlantis"), "unknown-region"),
    (("recognise", "--passed", NEW, "--asked", OLD, "--rule", "roadtest-2022"), "recognise-no-rule"), (("suffices", NEW, "Atlantis"), "align-unknown"),
    (("recognise", "--passed", NEW, "--asked", OLD, "--witness", "R9"), "recognition-clause"), (("suffices", NEW, "GB 46519-2025"), "recognise-subjects"),
])  # fmt: skip
def test_a_wrong_call_is_told_how_and_exits_with_2(words: tuple[str, ...], code: str):
    result = guiju(*words)
    assert result.exit_code == 2 and f"[{code}]" in result.stderr


def test_met_is_what_the_witnesses_are_not():
    """Every witness is judged again: it passes everything passed, and does not meet its clause."""
    for passed, of_, by in (([OLD], NEW, None), ([NATIONAL], SHANGHAI, None), ([NATIONAL], NATIONAL, rule()), (["T/CSAE 53-2017"], "江苏智慧高速指南2020", None)):
        found = asked(*on_shelf(*passed), of=on_shelf(of_)[0], rule=by)
        told = [(f, f.answer.witness) for f in found.findings if isinstance(f.answer, Refuted) and f.answer.witness]
        assert told
        for f, witness in told:
            assert all(e.verdict("overall") is Verdict.PASS for e in witness.evaluations[:-1])
            assert not is_met(witness.evaluations[-1], f.asked.meaning)
