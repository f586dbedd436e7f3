"""One standard in place of several: what is chosen, that it is a standard, that its clauses judge as those they come from, who must change."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from agreement import agreement_on
from checking import checked, shelf
from guiju.align.document import faithful
from guiju.align.harmonise import choose, propose
from guiju.align.impact import Target, changes_to
from guiju.base.diagnostics import Problems, Refused
from guiju.readings.evaluate import Verdict, evaluate
from guiju.readings.examples import examine
from guiju.readings.smt.answers import Proved, Refuted
from guiju.standard.formatting import formatted
from harmonising import (
    AS_CLTC,
    ASSOCIATION,
    EXAMPLES,
    GB,
    HEAD,
    JIANGSU,
    OF_2017,
    OF_2018,
    OF_2020,
    ZHEJIANG,
    cars,
    chosen,
    clause,
    guiju,
    of_the_examples,
    on_the_shelf,
    pooled,
    proposed,
    written,
)

ALONE = "its standard has several inputs of one property"


# what is chosen


def test_the_strictest_energy_limits_are_two_side_by_side_since_neither_is_enough_for_the_other():
    pool = pooled(on_the_shelf(OF_2017, OF_2018, OF_2020, GB), treat_as=AS_CLTC)
    found = chosen(choose(pool, "strictest", 0))
    assert found["nev.electricity.cltc"] == ("together", ("3:R2", "4:R1"))
    assert found["nev.battery.energy_density"] == ("chosen", ("2:R2",))
    assert found["nev.range.nedc"] == ("chosen", ("3:R1",))
    assert isinstance(pool.enough(("3:R2",), ("4:R1",)), Refuted) and isinstance(pool.enough(("4:R1",), ("3:R2",)), Refuted)


def test_limits_of_different_test_cycles_are_different_rows_unless_somebody_says_otherwise():
    pool = pooled(on_the_shelf(OF_2020, GB))
    assert {"nev.electricity.nedc", "nev.electricity.cltc"} <= {row.about[0] for row in pool.rows}


def test_what_the_baseline_does_not_ask_stays_is_added_or_goes_as_one_says():
    pool = pooled(on_the_shelf(OF_2017, OF_2018, OF_2020))
    kept, added, dropped = (chosen(choose(pool, "baseline", 0, extra)) for extra in ("keep", "add", "drop"))
    assert kept["nev.electricity.nedc"] == added["nev.electricity.nedc"] == dropped["nev.electricity.nedc"] == ("chosen", ("1:R3",))
    assert kept["nev.range.nedc"] == ("regional", ()) and dropped["nev.range.nedc"] == ("dropped", ())
    assert added["nev.range.nedc"] == ("chosen", ("3:R1",))


def test_the_fewest_changes_follow_the_majority_and_of_equals_the_stricter():
    pool = pooled(written(*(cars(clause("1", f"shall: 'consumption <= {limit} [kWh/100km]'")) for limit in (20, 15, 20))))
    assert chosen(choose(pool, "fewest", 0)) == {"nev.electricity.cltc": ("chosen", ("1:1",))}
    pool = pooled(written(*(cars(clause("1", f"shall: 'consumption <= {limit} [kWh/100km]'")) for limit in (20, 15, 18))))
    assert chosen(choose(pool, "fewest", 0)) == {"nev.electricity.cltc": ("chosen", ("2:1",))}


def test_the_fewest_changes_never_go_below_the_baseline():
    pool = pooled(written(*(cars(clause("1", f"shall: 'consumption <= {limit} [kWh/100km]'")) for limit in (15, 20, 20))))
    assert chosen(choose(pool, "fewest", 0)) == {"nev.electricity.cltc": ("chosen", ("1:1",))}
    assert chosen(choose(pool, "fewest", 1)) == {"nev.electricity.cltc": ("chosen", ("2:1",))}


def test_recommendations_that_cannot_be_met_together_are_an_open_question():
    pool = pooled(on_the_shelf(JIANGSU, ZHEJIANG))
    choices = choose(pool, "strictest", 0)
    (spacing,) = (c for c in choices if c.row.about == ("roadside.rsu.spacing",))
    assert spacing.outcome == "open" and set(spacing.conflict) == {"1:4.1-10 a", "2:3.1.3-6 b"}
    assert Counter(c.outcome for c in choices) == {"chosen": 46, "open": 1}
    text = propose(pool, "strictest", 0, choices, HEAD, shelf()).text
    assert "spacing of RSUs: they cannot be met together" in text and "rsu_spacing" not in text


def test_a_text_believed_wrong_takes_part_as_corrected():
    pool = pooled(on_the_shelf(ASSOCIATION, JIANGSU))
    found = chosen(choose(pool, "strictest", 0))
    assert found["v2x.frequency@evw"] == ("chosen", ("1:R1@evw",)) and found["v2x.delay.system@slw"] == ("chosen", ("2:4.1-1 b@slw",))
    assert {row.about[0] for row in pool.rows if row.mended} == {
        f"v2x.frequency@{s}" for s in ("bsw", "ebw", "avw", "clw", "slw", "ivs", "tjw", "evw", "signal_notice", "service_area")
    }


def test_requirements_that_exclude_one_another_across_rows_are_opened_too():
    both = cars(clause("1", "shall: 'consumption <= 10 [kWh/100km]'")), cars(clause("1", "shall: 'consumption >= 20 [kWh/100km] or mass >= 7000 kg'"))
    proposal = proposed(pooled(written(*both, cars(clause("1", "shall: mass <= 3500 kg")))))
    assert {c.outcome for c in proposal.choices if "nev.electricity.cltc" in c.row.about} == {"open"}
    assert proposal.specimens.satisfiable is True


def test_by_products_the_candidate_that_fewest_fail_is_chosen_among_those_as_strict_as_the_baseline():
    pool = pooled(on_the_shelf(OF_2018, OF_2020, GB), treat_as=AS_CLTC)
    products = of_the_examples(pool)
    assert products.count == 17
    assert {no: products.failing((no,))[0] for no in ("1:R3", "2:R2", "3:R1")} == {"1:R3": 0, "2:R2": 1, "3:R1": 2}
    assert chosen(choose(pool, "cheapest", 0, failing=products.failing))["nev.electricity.cltc"] == ("chosen", ("1:R3",))
    assert chosen(choose(pool, "cheapest", 2, failing=products.failing))["nev.electricity.cltc"] == ("chosen", ("3:R1",))
    with pytest.raises(Refused, match="harmonise-without-records"):
        choose(pool, "cheapest", 0)


# the document


@pytest.mark.parametrize(("words", "treat_as", "clauses", "proofs"), [
    ((OF_2017, OF_2018, OF_2020, GB), AS_CLTC, 8, 8), ((ASSOCIATION, JIANGSU), {}, 11, 78), ((JIANGSU, ZHEJIANG), {}, 19, 46),
])  # fmt: skip
def test_a_proposal_is_a_standard_with_examples_that_every_reading_agrees_on(
    words: tuple[str, ...], treat_as: dict[str, str], clauses: int, proofs: int, tmp_path: Path
):
    proposal = proposed(pooled(on_the_shelf(*words), treat_as=treat_as))
    standard = proposal.made.program.standard.authored
    assert len(standard.clauses) == clauses and len(proposal.proofs) == proofs
    assert {type(answer) for *_, answer in proposal.proofs} == {Proved}
    assert proposal.examples is not None and proposal.specimens.without == ()
    for name, text in (("standard.yaml", proposal.text), ("examples.yaml", proposal.examples)):
        assert formatted(text, name, Problems()) == text
        (tmp_path / name).write_text(text, encoding="utf-8")
    _, program, problems = examine(shelf(), tmp_path)
    assert not [d.message("en") for d in problems.found] and program is not None
    records = [dict(each.evaluation.record) for each in proposal.specimens.found]
    assert not agreement_on(program, records, tmp_path).differences
    assert all(s.grade in "ABC" for s in standard.sources.values()) and standard.sources["d1"].grade == "C"
    assert all("d1" in c.sources and c.title.en.endswith(")") for c in standard.clauses.values()) and standard.status == "draft"


def test_every_clause_has_an_example_that_fails_it_alone_and_one_at_its_limit():
    proposal = proposed(pooled(on_the_shelf(OF_2018, OF_2020)))
    verdicts = [each.evaluation.verdicts for each in proposal.specimens.found]
    numbers = list(proposal.made.program.standard.clauses)
    for no in numbers:
        assert any(v[no] is Verdict.FAIL and all(v[other] is not Verdict.FAIL for other in numbers if other != no) for v in verdicts)


def test_a_limit_altered_after_it_was_carried_is_not_proved_the_same():
    proposal = proposed(pooled(on_the_shelf(OF_2018, OF_2020)))
    other = checked(proposal.text.replace("range >= 300 km", "range >= 301 km"), run=False).program
    assert other is not None
    answers = {no: answer for _, no, answer in faithful(replace(proposal.made, program=other), shelf())}
    (wrong,) = (no for no, answer in answers.items() if isinstance(answer, Refuted))
    assert "300" in proposal.made.program.standard.clauses[wrong].title.en
    refuted = answers[wrong]
    assert isinstance(refuted, Refuted) and refuted.witness is not None


def test_an_input_takes_the_finest_decimals_and_the_widest_range_in_the_unit_of_the_first():
    first = cars(clause("1", "shall: 'consumption <= 20 [kWh/100km]'"))
    second = cars(clause("1", "shall: 'consumption <= 150 [Wh/km]'")).replace(
        "unit: kWh/100km, decimals: 2, min: 3, max: 60", "unit: Wh/km, decimals: 2, min: 10, max: 700")  # fmt: skip
    pool = pooled(written(first, second))
    proposal = proposed(pool)
    assert "{is: nev.electricity.cltc, unit: kWh/100km, decimals: 3, min: 1, max: 70}" in pool.made.text
    assert chosen(proposal.choices) == {"nev.electricity.cltc": ("chosen", ("2:1",))}
    assert {type(a) for *_, a in proposal.proofs} == {Proved}


def test_names_that_mean_different_things_are_kept_apart_and_what_is_alike_is_shared():
    table = "tables:\n  limit: {of: mass, kind: step, unit: kWh/100km, source: s, rows: [{upto: 1000 kg, value: %s}, {value: 20}]}\n"
    texts = [table % first + cars(clause("1", f"shall: consumption <= limit, when: mass >= {least} kg")) for first, least in ((10, 400), (12, 500), (10, 600))]
    made = pooled(written(*texts)).made
    tables = made.program.standard.tables
    assert set(tables) == {"limit", "limit_2"} and {type(a) for *_, a in faithful(made, shelf())} == {Proved}


def test_the_scope_of_each_standard_becomes_a_condition_unless_all_share_it():
    scope = "scope: {zh: 重, en: heavy, shall: mass >= %s kg, source: s}"
    same = pooled(written(*(cars(clause("1", f"shall: 'consumption <= {n} [kWh/100km]'"), scope=scope % 1000) for n in (10, 20))))
    assert same.program.standard.scope is not None and same.program.standard.clauses["1:1"].when is None
    apart = pooled(written(*(cars(clause("1", "shall: 'consumption <= 10 [kWh/100km]'"), scope=scope % n) for n in (1000, 2000))))
    assert apart.program.standard.scope is None and apart.program.standard.clauses["1:1"].when is not None
    assert not apart.doubtful and isinstance(apart.enough(("1:1",), ("2:1",)), Proved) and isinstance(apart.enough(("2:1",), ("1:1",)), Refuted)


@pytest.mark.parametrize(("text", "reason"), [
    (cars(clause("1", "shall: mass >= 400 kg") + clause("2", "shall: \"consumption <= 30 [kWh/100km]\", when: \"pass('1')\"")), "it uses pass(…)"),
    (cars(clause("2", "shall: mass >= empty"), "  empty: {is: vehicle.mass.curb, unit: kg, decimals: 0, min: 0, max: 6000}"), ALONE),
    ("indicators:\n  \"3\": {name: level, kind: core, zh: 级, en: level, value: mass, better: lower, levels: {1: 900 kg}, source: s}\n"
     + cars(clause("2", "shall: level <= 1")), "it rests on the indicator `level`"),
    (cars(clause("2", "shall: mass >= best.tenth")) + "populations:\n  best: {zh: 总体, en: all, of: consumption, better: lower, best: {tenth: 10 %}, source: s}\n",
     "it rests on the population `best`"),
])  # fmt: skip
def test_what_cannot_be_carried_is_refused_by_clause_with_the_reason(text: str, reason: str):
    (alone,) = written(text.replace("mass >= best.tenth", "consumption <= best.tenth"))
    other = written(cars(clause("1", "shall: mass <= 3500 kg")))[0]
    pool = pooled([alone, other])
    assert [(r.wanted.no, r.reason.en.startswith(reason)) for r in pool.refused if r.wanted.voice == 0] == [("2", True)]
    assert "clause 2" not in pool.made.text and "2 could not be carried" in pool.made.text


def test_nothing_carried_and_a_single_standard_are_told():
    (one,) = written(cars(clause("1", "shall: mass <= 3500 kg")))
    with pytest.raises(Refused, match="harmonise-standards"):
        pooled([one])
    twice = written(*[cars(clause("2", "shall: mass >= empty"), "  empty: {is: vehicle.mass.curb, unit: kg, decimals: 0, min: 0, max: 6000}")] * 2)
    with pytest.raises(Refused, match="nothing-carried"):
        pooled(twice)


# who must change


def test_who_must_change_what_is_told_by_proof_and_counted_by_products():
    pool = pooled(on_the_shelf(OF_2018, OF_2020, GB), treat_as=AS_CLTC)
    products = of_the_examples(pool)
    targets = [Target(c.row, c.clauses) for c in choose(pool, "strictest", 2)]
    changes = {(c.standard, c.row.about[0]): c for c in changes_to(pool, targets, range(3), products)}
    consumption = [changes[at, "nev.electricity.cltc"] for at in range(3)]
    assert [c.kind for c in consumption] == ["tightens"] * 3
    assert [(c.affected.fail, c.affected.passes, c.affected.undetermined) for c in consumption if c.affected] == [(3, 0, 8), (2, 0, 8), (1, 0, 8)]
    assert changes[1, "nev.range.nedc"].kind == "keeps" and changes[2, "nev.range.nedc"].kind == "adds" and changes[0, "nev.range.nedc"].kind == "tightens"
    rows = products.connection.execute("SELECT key, row FROM pool_verdicts ORDER BY row").fetchall()
    assert set(consumption[0].affected.failing) <= {str(key) for key, _ in rows}  # type: ignore[union-attr]


def test_a_standard_that_asks_the_same_otherwise_written_keeps_it_and_a_misprint_is_mended():
    first = cars(clause("1", "shall: 'consumption <= 20 [kWh/100km]'"))
    same = cars(clause("7", "shall: 'not (consumption > 200 [Wh/km])'"))
    wrong = cars('  "1": {zh: 条, en: clause, shall: "consumption >= 20 [kWh/100km]", source: s, corrected: {shall: "consumption <= 20 [kWh/100km]", zh: 误, en: wrong, source: s}}\n')
    pool = pooled(written(first, same, wrong))
    (row,) = pool.rows
    changes = changes_to(pool, [Target(row, ("1:1",))], range(3))
    assert [(c.kind, c.mends, c.is_work) for c in changes] == [("keeps", False, False), ("keeps", False, False), ("keeps", True, True)]
    assert changes[2].old == ("4:1",) and changes[2].new == ("3:1",)


# the command


def test_the_command_writes_a_folder_that_checks_and_never_overwrites(tmp_path: Path):
    out = tmp_path / "proposal"
    result = guiju("align", "harmonise", OF_2018, OF_2020, "--out", out, "--number", "T/PROPOSAL 7")
    assert result.exit_code == 0 and "who must change what" in result.stdout and "proved to judge as what they come from: 4 of 4" in result.stdout
    assert {f.name for f in out.iterdir()} == {"standard.yaml", "examples.yaml", "SOURCE.md"}
    assert guiju("check", out).exit_code == 0 and "0 errors, 0 warnings" in guiju("check", out).stdout
    before = (out / "standard.yaml").read_text(encoding="utf-8")
    again = guiju("align", "harmonise", OF_2018, GB, "--out", out)
    assert again.exit_code == 2 and "file-exists" in again.stderr and (out / "standard.yaml").read_text(encoding="utf-8") == before


def test_what_is_asked_wrongly_is_told():
    assert "unknown-word" in guiju("align", "harmonise", OF_2018, GB, "--strategy", "best").stderr
    assert "harmonise-baseline" in guiju("align", "harmonise", OF_2018, GB, "--baseline", OF_2020).stderr
    assert "harmonise-without-records" in guiju("align", "harmonise", OF_2018, GB, "--strategy", "cheapest").stderr
    assert "harmonise-standards" in guiju("align", "harmonise", OF_2018).stderr


def test_the_json_has_rows_changes_products_and_the_files():
    said = guiju("align", "harmonise", OF_2018, OF_2020, GB, "--treat-as", "nev.electricity.nedc=nev.electricity.cltc", "--json",
                 "--records", EXAMPLES / "vehicles.csv", "--mapping", EXAMPLES / "vehicles.mapping.yaml", language="zh")  # fmt: skip
    found = json.loads(said.stdout)
    assert found["baseline"] == GB and found["evidence"] == "C" and found["products"]["by_standard"][GB]["newly_fail"] == 1
    assert {c["same_verdicts"] for c in found["clauses"]} == {"proved"} and not found["not_proved_equal"]
    program = checked(found["standard_yaml"], found["examples_yaml"])
    assert program.program is not None and not program.codes
    record = {name: value for name, value in program.program.inputs.items() if False}
    assert evaluate(program.program, record).verdicts["overall"] is Verdict.UNDETERMINED


def test_an_open_question_is_told_with_exit_code_1():
    said = guiju("align", "harmonise", JIANGSU, ZHEJIANG)
    assert said.exit_code == 1 and "? open" in said.stdout
    assert "待协商" in guiju("align", "harmonise", JIANGSU, ZHEJIANG, language="zh").stdout
