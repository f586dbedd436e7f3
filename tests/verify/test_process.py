"""The process of a verification: from a demand to the archive, on both databases; who may do what when, and who sees what."""

from __future__ import annotations

import json
import random
import threading
from pathlib import Path
from typing import Any

import pytest
import typer
from sqlalchemy import text

from guiju.api.asker import NOBODY
from guiju.app import PARTS
from guiju.base.diagnostics import Refused
from guiju.cli.main import build
from guiju.store.audit import entries, verify_chain
from guiju.store.database import Store
from guiju.store.migrate import make_store
from guiju.store.processes import process_of
from guiju.store.verification import verify_store
from guiju.verify.commands.point import today
from guiju.verify.process import acting, blind
from guiju.verify.process.analysis import exclusions_text, study_name, study_text
from guiju.verify.process.plan import Asked, plan_body
from guiju.verify.process.project import KIND
from guiju.verify.process.seen import key_of, names_in, place_of, view
from guiju.verify.process.states import ACTS, COURSE
from store.stores import Places
from verifying import (
    ITEM,
    PLAN,
    VERDICTS,
    People,
    applied,
    called,
    conclude,
    concluded,
    demanded,
    entered,
    lifted,
    meaning,
    people,
    program,
    results,
    running,
    shelf,
)


def codes(refused: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {d.code for d in refused.value.diagnostics}


def refused_with(code: str, call: Any, *given: Any, **more: Any) -> None:
    with pytest.raises(Refused) as refused:
        call(*given, **more)
    assert code in codes(refused), codes(refused)


def seen(of: People, id_: str, name: str) -> dict[str, Any]:
    project, steps = acting.project_of(of.store, of.by(name), id_)
    return view(project, steps, of.by(name), names_in(of.store))


# the whole course


def test_a_verification_goes_from_a_demand_to_the_archive(store: Store) -> None:
    of = people(store)
    id_ = concluded(of)
    done = acting.act(store, of.by("chief"), id_, "archive", {})
    assert tuple(state for state, _ in done.course) == COURSE
    held, steps = process_of(store, KIND, id_)
    assert (held.state, held.steps) == ("archived", len(steps)) and acting.VERIFICATION.told(held, steps) == done
    logged = [e.action for e in entries(store, subject=id_)]
    assert logged == [f"verification.{step.act}" for step in steps] and verify_chain(store).broken is None


def test_the_analysis_has_the_figures_of_the_command_line(store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    of = people(store)
    id_ = lifted(of)
    project, _ = acting.project_of(store, of.by("planner"), id_)
    lab = next(iter(project.samples.values()))[0]
    acting.act(store, of.by("planner"), id_, "exclude", {"item": ITEM, "lab": lab, "level": "B", "replicate": "1", "reason": "抄录有误"})
    acting.act(store, of.by("second"), id_, "confirm", {"exclusion": 1})
    done = acting.analyse(store, of.by("planner"), id_, "GB/T 6379.2-2004", {})
    item = done.plan.items[0] if done.plan else None
    assert item is not None and done.analysis is not None
    file, excluded = tmp_path / study_name(item.id), tmp_path / "exclusions.yaml"
    file.write_text(study_text(done, item), encoding="utf-8", newline="\n")
    excluded.write_text(exclusions_text(done, item, {}) or "", encoding="utf-8")
    command = typer.main.get_command(build(PARTS))
    words = ["verify", "precision", str(file), "--json", "--edition", "GB/T 6379.2-2004", "--unit", item.unit, "--exclude", str(excluded)]
    command.main(words, standalone_mode=False)
    told_ = json.loads(capsys.readouterr().out)
    kept = json.loads(done.analysis.studies[ITEM][1])
    assert told_ == kept and told_["studies"][0]["kept"]["levels"][1]["N"] == 7 and told_["sha256"] == done.analysis.studies[ITEM][0]


# what must hold


def test_a_plan_accounts_for_every_clause_and_reaches_the_accuracy_asked_for(store: Store) -> None:
    path = shelf().locate("GB 46519-2025")
    assert path is not None
    dictionary = shelf().dictionary
    body = plan_body(program(), dictionary, Asked({"R1": ("experiment", "")}, ("A",), within_R=0.3))
    assert body["replicates"] == 2 and float(body["basis"]["a_R"]) <= 0.3 and body["laboratories"] > 10
    smaller = Asked({"R1": ("experiment", "")}, ("A",), within_R=0.3, laboratories=body["laboratories"] - 1, replicates=2)
    refused_with("process-accuracy-missed", plan_body, program(), dictionary, smaller)
    for asked, code in (
        (Asked({}, ("A",)), "process-clause-silent"), (Asked({"R1": ("none", "")}, ()), "process-clause-reason"),
        (Asked({"R1": ("none", "不在领域")}, ()), "process-nothing"), (Asked({"R1": ("experiment", "")}, ("A", "A")), "process-levels"),
        (Asked({"R9": ("evidence", ""), "R1": ("guess", "")}, ()), "process-clause-unknown"),
        (Asked({"R1": ("experiment", "")}, ("A",), gamma=0.5), "process-gamma"),
        (Asked({"R1": ("experiment", "")}, ("A",), laboratories=2), "process-size"),
    ):  # fmt: skip
        refused_with(code, plan_body, program(), dictionary, asked)


def test_what_cannot_be_done_now_says_what_can(store: Store) -> None:
    of = people(store)
    id_ = demanded(of)
    with pytest.raises(Refused) as refused:
        acting.act(store, of.by("chief"), id_, "close", {})
    assert "受理" in refused.value.diagnostics[0].help("zh") and codes(refused) == {"process-not-now"}
    refused_with("not-allowed-there", acting.act, store, of.by("firm"), id_, "accept", {"judgement": "x"})
    refused_with("unknown-process", acting.act, store, of.by("outsider"), id_, "accept", {"judgement": "x"})
    refused_with("unknown-process", acting.project_of, store, NOBODY, id_)
    refused_with("process-unsaid", acting.act, store, of.by("planner"), id_, "accept", {"judgement": " "})
    refused_with("process-too-long", acting.act, store, of.by("planner"), id_, "accept", {"judgement": "长" * 5000})
    declined = acting.act(store, of.by("planner"), id_, "decline", {"reason": "不在批复领域"})
    assert declined.state == "declined" and acting.act(store, of.by("firm"), id_, "renew", {"reason": "已改范围"}).state == "demand"
    refused_with("point-word", acting.demand, store, of.by("firm"), of.centre, program(), {"stage": "never", "reason": "x"})


def test_a_plan_is_assessed_by_another_person(store: Store) -> None:
    of = people(store)
    id_ = demanded(of)
    from guiju.store.people import account_of, grant

    grant(store, account_of(store, "planner").id, of.centre, "evaluator", "test")
    acting.act(store, of.by("planner"), id_, "accept", {"judgement": "可以"})
    acting.plan(store, of.by("planner"), id_, program(), shelf().dictionary, PLAN)
    refused_with("process-second-person", acting.act, store, of.by("planner"), id_, "approve", {"opinion": ""})
    assert acting.act(store, of.by("assessor"), id_, "send-back", {"reason": "样品太少"}).state == "accepted"
    acting.plan(store, of.by("planner"), id_, program(), shelf().dictionary, PLAN)
    acting.act(store, of.by("assessor"), id_, "approve", {"opinion": ""})
    assert acting.act(store, of.by("planner"), id_, "reopen-plan", {"reason": "改样品"}).state == "planned"


def test_points_apply_for_what_they_can_measure(store: Store) -> None:
    from guiju.verify.process.points_file import point_kept
    from guiju.verify.process.register import keep_point, known_to
    from verifying import ON, body

    of = people(store)
    id_ = called(of)
    dictionary = shelf().dictionary
    narrow = [{"property": "nev.electricity.cltc", "method": "GB/T 18386-2017", "low": "3", "high": "60", "unit": "kWh/100km"}]
    keep_point(store, point_kept("OLD", body("lab-1", capabilities=narrow), known_to(dictionary)), "test")
    keep_point(store, point_kept("NONE", body("lab-1", capabilities=[]), known_to(dictionary)), "test")
    for code, why in (("OLD", "试验方法不同"), ("NONE", "没有这项能力")):
        with pytest.raises(Refused) as refused:
            acting.apply(store, of.by("lab1"), id_, dictionary, code, "", ON)
        assert codes(refused) == {"process-point-not-able"} and why in refused.value.diagnostics[0].message("zh")
    refused_with("not-allowed-there", acting.apply, store, of.by("lab2"), id_, dictionary, "P1", "drum", ON)
    refused_with("process-point-foreign", acting.apply, store, of.by("lab2"), id_, dictionary, "EX-SH", "drum", ON)
    refused_with("point-word", acting.apply, store, of.by("lab1"), id_, dictionary, "P1", "cellar", ON)
    applied(of, id_, "lab1")
    refused_with("process-applied-already", applied, of, id_, "lab1")
    refused_with("process-application-unknown", acting.withdraw, store, of.by("lab2"), id_, 1)
    acting.withdraw(store, of.by("lab1"), id_, 1)
    refused_with("process-application-unknown", acting.withdraw, store, of.by("lab1"), id_, 1)
    applied(of, id_, "lab1")
    refused_with("process-application-unknown", acting.assign, store, of.by("chief"), id_, [1, 2], of.by("keeper").id)
    refused_with("process-few-labs", acting.assign, store, of.by("chief"), id_, [2], of.by("keeper").id)
    ended = acting.act(store, of.by("chief"), id_, "end-call", {})
    assert ended.state == "approved" and all(each.withdrawn for each in ended.applications)
    refused_with("not-a-date", acting.act, store, of.by("chief"), id_, "call", {"text": "x", "until": "soon"})


def test_fewer_laboratories_than_planned_need_a_reason(store: Store) -> None:
    of = people(store)
    id_ = called(of)
    for lab in ("lab1", "lab2", "lab3"):
        applied(of, id_, lab)
    refused_with("process-fewer-labs", acting.assign, store, of.by("chief"), id_, [1, 2, 3], of.by("keeper").id)
    refused_with("process-key-holder", acting.assign, store, of.by("chief"), id_, [1, 2, 3], of.by("lab1").id, "x")
    assert acting.assign(store, of.by("chief"), id_, [1, 2, 3], of.by("keeper").id, "只有三家").state == "running"


# blindness and separation


def test_codes_say_nothing_and_show_slips() -> None:
    made = blind.blinded(5, ("A", "B", "C"), 3, random.Random(1))
    every = [code for own in made.codes for code in own]
    assert len(set(every)) == 45 and all(blind.is_code(code) for code in every)
    slips = [code[:at] + sign + code[at + 1 :] for code in every[:5] for at in range(6) for sign in blind.ALPHABET if sign != code[at]]
    swaps = [c[:at] + c[at + 1] + c[at] + c[at + 2 :] for c in every for at in range(5) if c[at] != c[at + 1]]
    assert not any(map(blind.is_code, [*slips, *swaps, "", "ABC"]))
    levels = [[made.samples["samples"][code][1] for code in own] for own in made.codes]
    assert any(own != sorted(own) for own in levels), "the order of the codes is not that of the levels"
    assert blind.blinded(5, ("A",), 2).samples["salt"] != blind.blinded(5, ("A",), 2).samples["salt"]


def test_the_order_of_codes_is_as_good_as_drawn() -> None:
    """How often a code of level A comes first of four: a quarter plus as many as its share, over many orders, within five standard deviations."""
    n, source = 4_000, random.Random(7)
    first = sum(m.samples["samples"][m.codes[0][0]][1] == "A" for m in (blind.blinded(1, ("A", "B"), 2, source) for _ in range(n)))
    assert abs(first - n / 2) < 5 * (n / 4) ** 0.5


def test_a_laboratory_never_sees_another_and_the_centre_no_figure_before_the_end(store: Store) -> None:
    of = people(store)
    id_ = running(of)
    entered(of, id_, "lab1")
    figures = [row[ITEM] for row in results(of, id_, "lab1").values()]
    own = next(each for each in seen(of, id_, "lab1")["orders"])
    assert sorted(row[ITEM] for row in own["values"].values()) == sorted(figures) and len(own["codes"]) == 6
    told_lab = meaning(of, id_)
    for name in ("lab2", "chief", "planner", "auditor", "firm", "keeper"):
        text = json.dumps(seen(of, id_, name), default=str, ensure_ascii=False)
        foreign = [code for code in own["codes"] if code in text]
        assert not foreign and not any(f'"{figure}"' in text for figure in figures if name != "lab2"), name
        assert name in ("chief", "planner", "auditor", "keeper") or "示意实验室 1" not in text
    assert not any(code in "".join(e.detail for e in entries(store)) for code in told_lab)
    refused_with("unknown-process", acting.project_of, store, of.by("outsider"), id_)
    for lab in ("lab2", "lab3", "lab4"):
        entered(of, id_, lab)
    acting.act(store, of.by("chief"), id_, "close", {})
    assert "studies" not in json.dumps(seen(of, id_, "planner")["analysis"])
    acting.lift(store, of.by("keeper"), id_)
    acting.analyse(store, of.by("planner"), id_, "ISO 5725-2:2025", {})
    assert seen(of, id_, "lab1")["analysis"] is None and seen(of, id_, "planner")["analysis"] is not None
    assert all(each["laboratory"] is None for each in seen(of, id_, "chief")["orders"]), "who was who is not known before the conclusion"
    conclude(store, of.by("planner"), id_, VERDICTS, "")
    project, steps = acting.project_of(store, NOBODY, id_)
    public = view(project, steps, NOBODY, names_in(store))
    assert public["conclusion"]["clauses"]["R1"]["scientific"]["verdict"] == "pass" and {e["laboratory"] for e in public["orders"]} == {"L01", "L02", "L03", "L04"}
    assert not any(each["by"] for each in public["log"]) and "values" not in public["orders"][0]


def test_only_who_holds_the_key_looks_behind_the_codes_and_every_look_is_logged(store: Store) -> None:
    of = people(store)
    id_ = running(of)
    for name in ("chief", "lab1", "planner", "auditor"):
        refused_with("process-other-side", key_of, store, of.by(name), id_)
    key = key_of(store, of.by("keeper"), id_)
    assert len(key.rows) == 24 and {row[3] for row in key.rows} == {"A", "B", "C"}
    assert [e.action for e in entries(store, subject=id_)][-1] == "verification.key-seen"
    for lab in of.labs:
        entered(of, id_, lab)
    acting.act(store, of.by("chief"), id_, "close", {})
    refused_with("process-other-side", acting.lift, store, of.by("chief"), id_)
    assert acting.act(store, of.by("chief"), id_, "reopen", {"reason": "再核"}).state == "running"
    acting.act(store, of.by("chief"), id_, "close", {})
    lifted_ = acting.lift(store, of.by("keeper"), id_)
    assert {code: list(said) for code, said in lifted_.samples.items()} == meaning(of, id_)
    refused_with("process-not-now", acting.act, store, of.by("chief"), id_, "reopen", {"reason": "太晚"})


def test_what_was_sealed_cannot_be_another(store: Store) -> None:
    of = people(store)
    id_ = running(of)
    for lab in of.labs:
        entered(of, id_, lab)
    acting.act(store, of.by("chief"), id_, "close", {})
    told_ = meaning(of, id_)
    one, other = list(told_)[:2]
    swapped = {**told_, one: told_[other], other: told_[one]}
    refused_with("process-seal-differs", acting.act, store, of.by("keeper"), id_, "lift", {"salt": "0", "samples": swapped})


def test_who_holds_the_key_enters_nothing(store: Store) -> None:
    from guiju.store.people import account_of, grant

    of = people(store)
    id_ = running(of)
    grant(store, account_of(store, "keeper").id, of.labs["lab1"], "verifier", "test")
    refused_with("process-key-holder-enters", acting.enter, store, of.by("keeper"), id_, 1, {}, {}, submit=False, after=0)


# entering


def test_the_door_says_everything_of_a_sheet_and_keeps_what_is_explained(store: Store) -> None:
    of = people(store)
    id_ = running(of)
    project, _ = acting.project_of(store, of.by("lab1"), id_)
    order = next(each for each in project.orders if each.organisation == of.labs["lab1"])
    a, b, c, d, e, f = order.codes
    values = {a: {ITEM: "14.1x"}, b: {ITEM: "141 Wh/km"}, c: {ITEM: "14.123"}, d: {ITEM: "70.00"}, e: {ITEM: "14.1"}}

    def enter(given: dict[str, dict[str, str]], notes: dict[str, str], submit: bool, after: int) -> Any:
        return acting.enter(store, of.by("lab1"), id_, order.number, given, notes, submit=submit, after=after)

    assert not next(x for x in enter(values, {}, False, 0).orders if x.number == order.number).submitted, "a draft keeps whatever was written"
    with pytest.raises(Refused) as refused:
        enter(values, {}, True, 1)
    assert codes(refused) == {"entry-not-a-number", "entry-unit", "entry-decimals", "entry-needs-note"}
    with pytest.raises(Refused) as refused:
        wrong = a[:-1] + next(s for s in blind.ALPHABET if s != a[-1])
        enter({**values, wrong: {ITEM: "1"}, "22222": {"other": "1"}, _foreign(of, id_, order.codes): {"other": "1"}}, {}, False, 1)
    assert codes(refused) == {"entry-code-slip", "entry-code"}
    good = {code: {ITEM: "14.10"} for code in order.codes[:-2]} | {e: {ITEM: "70.00 kWh/100km"}}
    refused_with("entry-needs-note", enter, good, {}, True, 1)
    refused_with("process-moved", enter, good, {}, True, 0)
    done = enter(good, {e: "试验车带空调", f: "样车损坏"}, True, 1)
    mine = next(x for x in done.orders if x.number == order.number)
    assert mine.submitted and mine.filled == 5 and mine.cells == 6
    refused_with("process-order-submitted", enter, good, {}, False, 2)
    refused_with("process-order-unknown", acting.enter, store, of.by("lab1"), id_, order.number % 4 + 1, good, {}, submit=False, after=0)
    refused_with("process-unsaid", acting.act, store, of.by("chief"), id_, "return", {"order": order.number, "reason": ""})
    back = acting.act(store, of.by("chief"), id_, "return", {"order": order.number, "reason": "请复核全表的抄录"})
    assert not next(x for x in back.orders if x.number == order.number).submitted
    refused_with("process-order-open", acting.act, store, of.by("chief"), id_, "close", {})
    _, steps = process_of(store, KIND, id_)
    assert [s.body["values"] for s in steps if s.act == "enter"] == [values, good], "what was written before stays"


def _foreign(of: People, id_: str, own: tuple[str, ...]) -> str:
    return next(code for code in meaning(of, id_) if code not in own)


def test_a_slip_of_the_decimal_point_is_asked_about(store: Store) -> None:
    of = people(store)
    id_ = running(of)
    given = results(of, id_, "lab1")
    first = next(iter(given))
    given[first] = {ITEM: "1.41"}
    project, _ = acting.project_of(store, of.by("lab1"), id_)
    order = next(each for each in project.orders if each.organisation == of.labs["lab1"])
    from guiju.verify.process.door import checked

    assert project.plan is not None
    found = {d.code for d in checked(order, project.plan.items, {**given, first: {ITEM: "150.00"}}, {})}
    assert found == {"entry-range", "entry-needs-note"}
    found = {d.code for d in checked(order, project.plan.items, {**{c: {ITEM: "40.00"} for c in given}, first: {ITEM: "4.00"}}, {})}
    assert found == {"entry-slip", "entry-needs-note"}
    assert {d.code for d in checked(order, project.plan.items, {**given, first: {"other": "1"}}, {})} == {"entry-item", "entry-missing", "entry-needs-note"}
    assert {d.code for d in checked(order, project.plan.items, {**given, first: {ITEM: "14.1"}}, {})} == {"entry-decimals-few"}


def test_implausible_replicates_are_told_to_who_holds_the_key_alone(store: Store) -> None:
    of = people(store)
    id_ = running(of)
    for lab in of.labs:
        given = results(of, id_, lab)
        if lab == "lab2":
            code = next(code for code in given if meaning(of, id_)[code][1:] == ["B", "1"])
            given[code] = {ITEM: "19.52"}
        project, _ = acting.project_of(store, of.by(lab), id_)
        order = next(each for each in project.orders if each.organisation == of.labs[lab])
        acting.enter(store, of.by(lab), id_, order.number, given, {}, submit=True, after=0)
    (unlikely,) = key_of(store, of.by("keeper"), id_).unlikely
    project, _ = acting.project_of(store, of.by("lab2"), id_)
    own = next(each for each in project.orders if each.organisation == of.labs["lab2"])
    assert unlikely[:3] == (own.number, "B", ITEM) and unlikely[3] > 8


def test_a_laboratory_that_drops_out_leaves_the_others(store: Store) -> None:
    of = people(store)
    id_ = running(of)
    for lab in ("lab1", "lab2", "lab3"):
        entered(of, id_, lab)
    refused_with("process-order-open", acting.act, store, of.by("chief"), id_, "close", {})
    project, _ = acting.project_of(store, of.by("lab4"), id_)
    last = next(each for each in project.orders if each.organisation == of.labs["lab4"])
    acting.act(store, of.by("chief"), id_, "drop", {"order": last.number, "reason": "转毂故障"})
    assert acting.act(store, of.by("chief"), id_, "close", {}).state == "closed"
    acting.lift(store, of.by("keeper"), id_)
    done = acting.analyse(store, of.by("planner"), id_, "ISO 5725-2:2025", {})
    assert done.analysis is not None and json.loads(done.analysis.studies[ITEM][1])["studies"][0]["all"]["levels"][0]["p"] == 3


def test_two_laboratories_submit_at_once_and_both_are_kept(store: Store) -> None:
    of = people(store, 4)
    id_ = running(of)
    wrong: list[BaseException] = []
    gate = threading.Barrier(4)

    def submit(lab: str) -> None:
        try:
            gate.wait(30)
            entered(of, id_, lab)
        except BaseException as error:
            wrong.append(error)

    threads = [threading.Thread(target=submit, args=(lab,)) for lab in of.labs]
    for each in threads:
        each.start()
    for each in threads:
        each.join(120)
    project, steps = acting.project_of(store, of.by("chief"), id_)
    assert not wrong and all(each.submitted for each in project.orders)
    assert [s.number for s in steps] == list(range(1, len(steps) + 1)) and sum(s.act == "enter" for s in steps) == 4
    assert verify_chain(store).broken is None


def test_two_people_of_one_laboratory_do_not_write_over_one_another(store: Store) -> None:
    of = people(store)
    id_ = running(of)
    project, _ = acting.project_of(store, of.by("lab1"), id_)
    order = next(each for each in project.orders if each.organisation == of.labs["lab1"])
    given, outcome, gate = results(of, id_, "lab1"), [], threading.Barrier(2)

    def save() -> None:
        gate.wait(30)
        try:
            acting.enter(store, of.by("lab1"), id_, order.number, given, {}, submit=False, after=0)
            outcome.append("kept")
        except Refused as refused:
            outcome.append(refused.diagnostics[0].code)

    threads = [threading.Thread(target=save) for _ in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(120)
    assert sorted(outcome) == ["kept", "process-moved"]


# exclusions and conclusions


def test_an_exclusion_needs_a_reason_and_a_second_person_and_can_be_taken_back(store: Store) -> None:
    of = people(store)
    id_ = lifted(of)
    said = {"item": ITEM, "lab": "L01", "level": "A", "replicate": "", "reason": "校准失效"}
    for wrong in ({"reason": ""}, {"lab": "L99"}, {"item": "x"}, {"level": "Z"}, {"level": "", "replicate": "1"}):
        with pytest.raises(Refused):
            acting.act(store, of.by("planner"), id_, "exclude", {**said, **wrong})
    acting.act(store, of.by("planner"), id_, "exclude", said)
    refused_with("process-exclusion-open", acting.analyse, store, of.by("planner"), id_, "ISO 5725-2:2025", {})
    refused_with("process-second-person", acting.act, store, of.by("planner"), id_, "confirm", {"exclusion": 1})
    acting.act(store, of.by("second"), id_, "confirm", {"exclusion": 1})
    refused_with("process-exclusion-unknown", acting.act, store, of.by("second"), id_, "confirm", {"exclusion": 1})
    first = acting.analyse(store, of.by("planner"), id_, "ISO 5725-2:2025", {}).analysis
    assert first is not None and json.loads(first.studies[ITEM][1])["studies"][0]["kept"]["levels"][0]["p"] == 3
    acting.act(store, of.by("planner"), id_, "restore", {"exclusion": 1, "reason": "校准后来证明有效"})
    refused_with("process-analysis-stale", conclude, store, of.by("planner"), id_, VERDICTS, "")
    again = acting.analyse(store, of.by("planner"), id_, "ISO 5725-2:2025", {}).analysis
    assert again is not None and json.loads(again.studies[ITEM][1])["studies"][0]["kept"] is None and again.studies[ITEM][0] == first.studies[ITEM][0]


def test_a_conclusion_speaks_of_every_clause_and_is_archived_by_another(store: Store) -> None:
    of = people(store)
    id_ = lifted(of)
    acting.analyse(store, of.by("planner"), id_, "ISO 5725-2:2025", {})
    for verdicts, code in (
        ({}, "process-conclusion-lacks"), ({"R1": {"scientific": {"verdict": "fail", "ground": ""}}}, "process-ground"),
        ({"R1": {"pretty": {"verdict": "pass"}}}, "point-word"), ({"R1": {"scientific": {"verdict": "maybe"}}}, "point-word"),
        ({"R9": {"scientific": {"verdict": "pass"}}}, "process-clause-unknown"),
    ):  # fmt: skip
        refused_with(code, conclude, store, of.by("planner"), id_, verdicts, "")
    conclude(store, of.by("planner"), id_, VERDICTS, "")
    assert acting.act(store, of.by("assessor"), id_, "reconsider", {"reason": "补充依据"}).state == "analysed"
    done = conclude(store, of.by("planner"), id_, VERDICTS, "第二稿")
    from guiju.store.people import account_of, grant

    grant(store, account_of(store, "planner").id, of.centre, "operator", "test")
    refused_with("process-second-person", acting.act, store, of.by("planner"), id_, "archive", {})
    assert done.conclusion and acting.act(store, of.by("chief"), id_, "archive", {}).state == "archived"
    for name in ACTS:
        if name != "demand":
            refused_with("process-not-now", acting.act, store, of.by("planner" if "verifier" in ACTS[name].roles else "chief" if "operator" in ACTS[name].roles
                         else "assessor"), id_, name, {}, of.centre) if ACTS[name].side not in ("demander", "lab") else None  # fmt: skip


def test_everybody_stands_where_their_roles_put_them(store: Store) -> None:
    of = people(store)
    id_ = running(of)
    project, _ = acting.project_of(store, of.by("chief"), id_)
    places = {name: place_of(project, of.by(name)) for name in ("chief", "firm", "lab1", "outsider", "keeper")}
    assert (places["chief"].runs, places["firm"].demands, len(places["lab1"].own), places["keeper"].holds_key) == (True, True, 1, True)
    assert not places["outsider"].is_inside and not places["chief"].holds_key
    possible = {name: set(seen(of, id_, name)["possible"]) for name in ("chief", "planner", "lab1", "firm", "auditor")}
    assert possible["chief"] == {"return", "drop", "close", "abandon", "hand-over"} and possible["lab1"] == {"enter"}
    assert not possible["planner"] and not possible["firm"] and not possible["auditor"]
    assert acting.act(store, of.by("chief"), id_, "abandon", {"reason": "标准撤回"}).state == "abandoned"


def test_lists_hold_what_may_be_seen(store: Store) -> None:
    of = people(store)
    first, second = called(of), demanded(of)
    by = {name: [p.id for _, p in acting.projects_for(store, of.by(name))] for name in ("chief", "firm", "outsider", "lab1")}
    assert by == {"chief": [second, first], "firm": [second, first], "outsider": [first], "lab1": [first]}
    assert [p.id for _, p in acting.projects_for(store, NOBODY)] == []
    acting.apply(store, of.by("lab2"), first, shelf().dictionary, "P2", "drum", today())
    acting.act(store, of.by("planner"), second, "decline", {"reason": "不在批复领域"})
    acting.act(store, of.by("firm"), second, "renew", {"reason": "再次"})
    for name in ("chief", "firm", "outsider", "lab1", "lab2", "auditor"):
        for held, listed in acting.projects_for(store, of.by(name)):
            project, _ = acting.project_of(store, of.by(name), held.id)
            told_apart = (project.id, project.standard, project.state, project.number, project.runner, project.reason)
            assert told_apart == (listed.id, listed.standard, listed.state, listed.number, listed.runner, listed.reason), "as its steps tell it"
            assert (listed.demander, listed.applications, listed.course) == (project.demander, project.applications, project.course)




def test_a_clause_without_a_quantity_is_not_verified_by_experiment() -> None:
    from guiju.base.diagnostics import Problems
    from guiju.ir.check import check
    from guiju.verify.process.matching import needs_of

    found = []
    for number in ("GB 38031-2025", "工信部联通装〔2021〕97号", "GB/T 19056-2021"):
        path = shelf().locate(number)
        standard = shelf().open(path).standard if path else None
        checked_ = check(standard, None, shelf(), Problems(), False) if standard else None
        if checked_ is not None:
            measured = {need.clause for need in needs_of(checked_, shelf().dictionary) if need.quantity}
            found += [(checked_, meaning_.no) for meaning_ in checked_.clauses if meaning_.no not in measured]
    of_it, no = found[0]
    asked = {m.no: ("experiment", "") if m.no == no else ("none", "示意") for m in of_it.clauses}
    refused_with("process-clause-no-quantity", plan_body, of_it, shelf().dictionary, Asked(asked, ("A",)))
    body = plan_body(of_it, shelf().dictionary, Asked({**asked, no: ("evidence", "")}, ()))
    assert body["items"] == [] and body["clauses"][no]["by"] == "evidence"


def test_what_was_not_to_be_verified_has_no_verdict(store: Store) -> None:
    from dataclasses import replace

    from guiju.standard.model import Title
    from guiju.store.processes import Step
    from guiju.verify.process.checks import refuse_unsound
    from guiju.verify.process.project import Clause

    of = people(store)
    id_ = concluded(of)
    project, steps = acting.project_of(store, of.by("planner"), id_)
    assert project.plan is not None
    wider = replace(project, plan=replace(project.plan, clauses=(*project.plan.clauses, Clause("R2", Title("示意", "illustrative"), "none", "不在领域"))))
    last = steps[-1]
    said = {**last.body, "clauses": {**last.body["clauses"], "R2": {"scientific": {"verdict": "pass", "ground": ""}}}}
    refused_with("process-not-in-plan", refuse_unsound, wider, Step(99, "conclude", last.organisation, last.actor, last.at, said))
    refuse_unsound(wider, Step(99, "conclude", last.organisation, last.actor, last.at, last.body))


def test_a_step_changed_behind_the_back_of_the_store_is_found(places: Places) -> None:
    """On SQLite, where whoever has the file can take the guards away."""
    if places.engine != "sqlite":
        pytest.skip("needs a database whose guards the test may take away")
    store = places.new()
    make_store(store, "test")
    demanded(people(store))
    assert not verify_store(store).problems
    with store.writing() as connection:
        connection.execute(text("DROP TRIGGER guard_step_update"))
        connection.execute(text("UPDATE step SET body = replace(body, 'effect', 'review')"))
    assert [d.code for d in verify_store(store).problems] == ["row-altered"]
