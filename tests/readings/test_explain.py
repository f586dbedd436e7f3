from __future__ import annotations

import json
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from checking import shelf
from guiju.base.diagnostics import Problems
from guiju.ir.bounds import bounds
from guiju.ir.check import check
from guiju.ir.record import admit
from guiju.readings.evaluate import Verdict, evaluate
from guiju.readings.explain import as_json, explain, text
from guiju.standard.document import plain
from readings_sample import program

FULL = {"powertrain": "bev", "mass": "1500 kg", "consumption": "12.6", "range": "420 km"}


def explained(given: dict[str, object], language: str = "en", on: date | None = None):
    made = program(on)
    problems = Problems()
    record = admit(made.inputs, given, problems)
    assert not problems.found
    return explain(evaluate(made, record), language)  # type: ignore[arg-type]


def test_a_failing_comparison_is_shown_with_its_true_sign_and_how_far_it_is_off():
    clause = explained(FULL).clauses[0]
    assert clause.verdict is Verdict.FAIL
    assert clause.put_in == "12.6 > 12.5 kWh/100km; over by 0.1 kWh/100km (0.8 %)"


def test_a_product_exactly_at_the_limit_passes_and_is_said_to_be_there():
    clause = explained(FULL | {"consumption": "12.5"}).clauses[0]
    assert clause.verdict is Verdict.PASS
    assert clause.put_in == "12.5 ≤ 12.5 kWh/100km (exactly at the limit)"


def test_the_table_row_used_is_named_with_its_bounds_and_the_values_put_in():
    terms = {t.name: t for t in explained(FULL).clauses[0].terms}
    assert terms["limit"].value == "12.5 kWh/100km"
    assert terms["limit"].how == "1500 kg takes row 2 (1000 kg < 「curb mass」 ≤ 2000 kg): 0.005 × 1500 + 5"


def test_a_dated_parameter_is_shown_with_the_date_from_which_it_holds():
    assert {t.name: t.how for t in explained(FULL).clauses[1].terms}["range_min"] == "since 2026-01-01"
    assert {t.name: t.value for t in explained(FULL, on=date(2025, 6, 1)).clauses[1].terms}["range_min"] == "200 km"


def test_relief_is_named_where_it_was_taken():
    clause = explained(FULL | {"mass": "790 kg", "range": "130 km"}).clauses[1]
    assert (clause.verdict, clause.note) == (Verdict.PASS, "judged by the exception: relief for small cars")


def test_a_clause_that_does_not_apply_says_why_not():
    clause = explained(FULL | {"powertrain": "phev"}).clauses[0]
    assert (clause.verdict, clause.note) == (Verdict.NOT_APPLICABLE, "its condition does not hold: phev == 'bev'")


def test_what_is_missing_is_named():
    clause = explained({k: v for k, v in FULL.items() if k != "mass"}).clauses[0]
    assert (clause.verdict, clause.missing) == (Verdict.UNDETERMINED, ("mass",))


def test_a_score_that_is_only_partly_known_is_bounded():
    found = {o.name: o for o in explained({k: v for k, v in FULL.items() if k != "consumption"}).outcomes}
    assert found["total"].how == "waits for electricity consumption (CLTC); between 48 and 88; illustrative"


def test_levels_and_grades_that_rest_on_an_illustrative_source_say_so_and_others_do_not():
    standard = program(None).standard
    told = [o.name for o in explained(FULL).outcomes if o.how.endswith("illustrative")]
    assert told == [*standard.indicators, *standard.scores, *standard.gradings] != []
    charger = shelf().find("GB 46519-2025")
    assert charger is not None
    real = check(charger, None, shelf(), Problems())
    record = admit(real.inputs, {"current": "dc", "structure": "integrated", "efficiency": "96 %", "standby": "20 W"}, Problems())
    outcomes = {o.name: o for o in explain(evaluate(real, record), "en").outcomes}
    assert outcomes["efficiency_level"].how == "96 %" and outcomes["energy_grade"].how == ""


def test_an_illustrative_source_is_flagged_wherever_a_verdict_rests_on_it():
    assert [s.grade for s in explained(FULL).provisional] == ["illustrative"]
    assert "illustrative" in text(explained(FULL))


def test_the_chinese_explanation_reads_as_agreed():
    shown = text(explained(FULL, "zh")).splitlines()
    assert shown[1] == "✗ 不符合  整体"
    assert shown[2] == "  ✗ 4.1 电耗不超过限值: 不符合"
    assert shown[4].strip() == "代入      12.6 > 12.5 kWh/100km；超出 0.1 kWh/100km (0.8 %)"


def test_the_same_explanation_is_plain_json():
    found = json.loads(json.dumps(as_json(explained(FULL))))
    assert found["overall"] == "fail"
    assert found["clauses"][0]["verdict"] == "fail"


@pytest.mark.parametrize("number", sorted(shelf().numbers()))
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_example_of_every_shipped_standard_can_be_explained(number: str, language: str):
    standard = shelf().find(number)
    assert standard is not None
    made = check(standard, None, shelf(), Problems())
    for example in standard.examples:
        record = admit(made.inputs, {n: plain(item) for n, item in example.given.items()}, Problems())
        evaluation = evaluate(made, record)
        found = explain(evaluation, language)  # type: ignore[arg-type]
        assert [c.verdict for c in found.clauses] == [evaluation.judge(m) for m in made.clauses]
        for clause in found.clauses:
            if clause.verdict is Verdict.UNDETERMINED:
                assert clause.missing or clause.undefined
        assert text(found)


def test_bounds_hold_for_every_completion_of_a_partial_record():
    import random

    from random_records import records

    made = program(None)
    chance = random.Random(5)
    node = next(s.node for s in made.scores)
    for full in records(made, 400, seed=11, nulls=0):
        partial = {name: value for name, value in full.items() if chance.random() < 0.6}
        between = bounds(made, evaluate(made, partial).values, node)
        exact = evaluate(made, full).of(node)
        if between is not None and isinstance(exact, Fraction):
            assert between[0] <= exact <= between[1]


def test_a_value_compared_after_rounding_is_shown_rounded():
    from checking import program_of

    text_of_sample = (Path(__file__).parent / "sample.yaml").read_text(encoding="utf-8")
    made = program_of(text_of_sample.replace("shall: consumption <= limit,", "shall: consumption <= limit, compare: rounded 0.1 kWh/100km,"))
    problems = Problems()
    evaluation = evaluate(made, admit(made.inputs, FULL | {"consumption": "12.55"}, problems))
    clause = explain(evaluation, "en").clauses[0]
    assert (clause.verdict, clause.put_in) == (Verdict.FAIL, "12.55 rounded to 12.6 > 12.5 kWh/100km; over by 0.1 kWh/100km (0.8 %)")
    evaluation = evaluate(made, admit(made.inputs, FULL | {"consumption": "12.54"}, problems))
    assert explain(evaluation, "en").clauses[0].put_in == "12.54 rounded to 12.5 ≤ 12.5 kWh/100km (exactly at the limit)"


@pytest.mark.parametrize(("mass", "verdict"), [("700 kg", Verdict.PASS), ("850 kg", Verdict.NOT_APPLICABLE), ("1500 kg", Verdict.FAIL)])
def test_the_first_exception_that_holds_decides(mass: str, verdict: Verdict):
    from checking import program_of

    text_of_sample = (Path(__file__).parent / "sample.yaml").read_text(encoding="utf-8")
    exempting = "      - {when: mass <= 900 kg, exempt: true, zh: 轻车豁免, en: light cars exempt, source: ours}\n"
    made = program_of(text_of_sample.replace("small cars, source: ours}\n", "small cars, source: ours}\n" + exempting))
    evaluation = evaluate(made, admit(made.inputs, FULL | {"mass": mass, "range": "130 km"}, Problems()))
    clause = explain(evaluation, "en").clauses[1]
    assert clause.verdict is verdict
    if verdict is Verdict.NOT_APPLICABLE:
        assert clause.note == "exempt: light cars exempt"
