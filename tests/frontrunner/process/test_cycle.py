"""The annual cycle: from a field to a list and what becomes of it, on both databases; who may do what when, and who must keep out."""

from __future__ import annotations

import json
import threading
from typing import Any

import pytest

from certifying import (
    BING,
    DOCUMENTS,
    JIA,
    WHY,
    YI,
    Clock,
    People,
    board,
    chosen,
    cycle_at,
    fixed,
    in_publicity,
    library,
    people,
    proposed,
    published,
    shortlisted,
)
from guiju.api.asker import NOBODY
from guiju.base.diagnostics import Problems, Refused
from guiju.frontrunner.process import acting
from guiju.frontrunner.process.cycle_checks import CHECKS
from guiju.frontrunner.process.public import board_for, boards_for, lists
from guiju.frontrunner.process.states import CYCLE, CYCLE_ACTS, CYCLE_COURSE
from guiju.store.audit import entries, verify_chain
from guiju.store.database import Store
from guiju.store.processes import Step, process_of
from guiju.store.results import Outcome, Request, keep_result

WITHDRAWN = (("Q/JIA 001", "废止"),)


def refused_with(code: str, call: Any, *given: Any, **more: Any) -> None:
    with pytest.raises(Refused) as refused:
        call(*given, **more)
    codes = {d.code for d in refused.value.diagnostics}
    assert code in codes, codes


def number_of(of: People, id_: str, enterprise: str) -> int:
    return next(each.number for each in cycle_at(of, id_).entries if each.enterprise == enterprise)


def test_a_cycle_goes_from_a_field_to_a_list_and_is_closed(at: Store, clock: Clock) -> None:
    of = people(at)
    id_ = published(of, clock)
    (found,) = lists(at)
    assert found.id == id_ and found.illustrative and found.field.scheme == "bev-cars"
    assert [each.enterprise for each in found.entries] == [JIA, YI]
    assert next(each for each in found.entries if each.enterprise == JIA).models == ("J1", "J2")
    done = acting.act(at, of.by("operator"), id_, "close", {})
    assert tuple(state for state, _ in done.course) == CYCLE_COURSE
    held, steps = process_of(at, CYCLE, id_)
    assert acting.ANNUAL.told(held, steps) == done
    assert [e.action for e in entries(at, subject=id_)] == [f"{CYCLE}.{step.act}" for step in steps] and verify_chain(at).broken is None
    assert lists(at)[0].entries == found.entries, "a closed year keeps its list"


def test_a_board_is_for_those_of_whoever_made_it_until_its_list_is_published(at: Store, clock: Clock) -> None:
    of = people(at)
    id_ = in_publicity(of)
    result = cycle_at(of, id_).comparison.result  # type: ignore[union-attr]
    nobody, stranger, operator = NOBODY, of.by("outsider"), of.by("operator")
    for who in (nobody, stranger):
        refused_with("unknown-result", board_for, at, who, result)
        assert boards_for(at, who) == []
    assert board_for(at, operator, result).id == result
    clock.later(10)
    acting.act(at, of.by("chief"), id_, "publish", {})
    for who in (nobody, stranger, operator):
        assert board_for(at, who, result).id == result
        assert [each.id for each in boards_for(at, who)] == [result]


def test_a_list_rests_on_the_result_that_was_handed_in(at: Store, clock: Clock) -> None:
    of = people(at)
    cycle = cycle_at(of, shortlisted(of))
    assert cycle.comparison is not None and cycle.field is not None
    from guiju.store.results import result_of

    kept = result_of(at, cycle.comparison.result)
    assert cycle.comparison.hashes["board"] == json.loads(kept.body)["sha256"] and cycle.comparison.hashes["library"] == library().hash
    assert len(cycle.entries) == json.loads(kept.body)["board"]["shortlisted"] and {JIA, YI, BING} < set(cycle.comparison.enterprises)


def test_the_comparison_is_of_the_very_scheme_and_standard_of_the_field(at: Store) -> None:
    from dataclasses import replace

    from certifying import field_of, opened

    of = people(at)
    for changed in ({"scheme_hash": "0" * 64}, {"content_hash": "1" * 64}, {"standard": "T/X 1-2026"}):
        field = replace(field_of(opened()), **changed, year=2000 + len(str(changed)))
        id_ = acting.propose(at, of.by("author"), field, "示意").id
        acting.act(at, of.by("operator"), id_, "fix", {"days": 10, "opinion": "列入"})
        acting.act(at, of.by("evaluator"), id_, "apply", {"standard": field.standard, "plan": "比对", "ground": ""})
        acting.act(at, of.by("reviewer"), id_, "review", {"application": 1, "opinion": "可行"})
        refused_with("frontrunner-result-other", acting.compare, at, of.by("evaluator"), id_, board(at))
    refused_with("unknown-result", acting.compare, at, of.by("evaluator"), id_, "none")


def test_group_standards_come_first_and_the_standard_is_that_of_the_field(at: Store) -> None:
    of = people(at)
    id_ = fixed(of)
    body = {"standard": "GB 46519-2025", "plan": "比对", "ground": ""}
    for code in ("frontrunner-group-first", "frontrunner-other-standard"):
        refused_with(code, acting.act, at, of.by("evaluator"), id_, "apply", body)
    acting.act(at, of.by("evaluator"), id_, "apply", {"standard": "T/GUIJU 701-2026", "plan": "比对", "ground": ""})
    refused_with("frontrunner-applied-already", acting.act, at, of.by("evaluator"), id_, "apply", body)
    acting.act(at, of.by("evaluator"), id_, "take-back", {"application": 1})
    refused_with("process-application-unknown", acting.act, at, of.by("reviewer"), id_, "review", {"application": 1, "opinion": "x"})


def test_one_field_has_one_cycle_a_year(at: Store) -> None:
    of = people(at)
    id_ = proposed(of)
    refused_with("frontrunner-cycle-there", proposed, of)
    acting.act(at, of.by("operator"), id_, "decline", WHY)
    assert proposed(of) != id_


# publicity


def test_no_list_before_the_publicity_has_run_its_days(at: Store, clock: Clock) -> None:
    of = people(at)
    id_ = in_publicity(of)
    refused_with("frontrunner-publicity-runs", acting.act, at, of.by("chief"), id_, "publish", {})
    clock.later(9.999)
    refused_with("frontrunner-publicity-runs", acting.act, at, of.by("chief"), id_, "publish", {})
    clock.later(0.001)
    assert acting.act(at, of.by("chief"), id_, "publish", {}).state == "published"


def test_no_list_while_an_objection_is_undecided_and_another_person_decides_it(at: Store, clock: Clock) -> None:
    of = people(at)
    id_ = in_publicity(of)
    about = number_of(of, id_, JIA)
    acting.act(at, of.by("yi"), id_, "object", {"entry": about, "ground": "示意：型号已停产"})
    acting.act(at, of.by("reviewer"), id_, "object", {"entry": about, "ground": "示意：另一条"})
    clock.later(11)
    refused_with("frontrunner-objections-open", acting.act, at, of.by("chief"), id_, "publish", {})
    refused_with("frontrunner-publicity-over", acting.act, at, of.by("bing"), id_, "object", {"entry": about, "ground": "迟了"})
    refused_with("process-unsaid", acting.act, at, of.by("second"), id_, "dismiss", {"objection": 1, "reason": ""})
    refused_with("process-second-person", acting.act, at, of.by("reviewer"), id_, "dismiss", {"objection": 2, "reason": "自己的"})
    acting.act(at, of.by("second"), id_, "dismiss", {"objection": 2, "reason": "示意：不成立"})
    refused_with("frontrunner-objection", acting.act, at, of.by("second"), id_, "dismiss", {"objection": 2, "reason": "再来"})
    after = acting.act(at, of.by("second"), id_, "uphold", {"objection": 1, "reason": "示意：属实"})
    assert after.entry(about).standing == "out"  # type: ignore[union-attr]
    assert [each.enterprise for each in acting.act(at, of.by("chief"), id_, "publish", {}).listed] == [YI]


def test_where_every_entry_is_objected_to_with_reason_there_is_no_list(at: Store, clock: Clock) -> None:
    of = people(at)
    id_ = in_publicity(of)
    for number in (1, 2):
        acting.act(at, of.by("outsider"), id_, "object", {"entry": number, "ground": "示意"})
        acting.act(at, of.by("second"), id_, "uphold", {"objection": number, "reason": "示意"})
    clock.later(11)
    refused_with("frontrunner-nobody-listed", acting.act, at, of.by("chief"), id_, "publish", {})


def test_who_undertakes_nothing_is_not_in_publicity(at: Store) -> None:
    of = people(at)
    id_ = shortlisted(of)
    refused_with("frontrunner-no-undertaking", acting.act, at, of.by("operator"), id_, "publicise", {"text": "公示"})
    about = number_of(of, id_, JIA)
    refused_with("not-allowed-there", acting.undertake, at, of.by("yi"), id_, about, "别家的", DOCUMENTS)
    refused_with("frontrunner-documents", acting.undertake, at, of.by("jia"), id_, about, "示意", {})
    acting.undertake(at, of.by("jia"), id_, about, "示意", DOCUMENTS)
    after = acting.act(at, of.by("operator"), id_, "publicise", {"text": "公示"})
    assert {each.standing for each in after.entries if each.enterprise != JIA} <= {"out"}


# conflicts of interest


def test_nobody_judges_whom_they_have_a_role_in_or_an_interest_in(at: Store) -> None:
    of = people(at)
    id_ = chosen(of)
    refused_with("frontrunner-conflict", acting.compare, at, of.by("torn"), id_, board(at))
    acting.act(at, of.by("evaluator"), id_, "declare", {"enterprise": YI, "text": "示意：持有股份"})
    refused_with("frontrunner-conflict", acting.compare, at, of.by("evaluator"), id_, board(at))


def test_an_interest_is_in_the_way_of_deciding_on_that_entry_alone(at: Store, clock: Clock) -> None:
    of = people(at)
    id_ = in_publicity(of)
    about = {each.enterprise: each.number for each in cycle_at(of, id_).entries}
    for number in about.values():
        acting.act(at, of.by("outsider"), id_, "object", {"entry": number, "ground": "示意"})
    acting.act(at, of.by("second"), id_, "declare", {"enterprise": JIA, "text": "示意：配偶任职"})
    refused_with("frontrunner-conflict", acting.act, at, of.by("second"), id_, "dismiss", {"objection": 1, "reason": "x"})
    refused_with("frontrunner-conflict", acting.act, at, of.by("torn"), id_, "dismiss", {"objection": 1, "reason": "x"})
    assert not acting.act(at, of.by("reviewer"), id_, "dismiss", {"objection": 1, "reason": "示意"}).objections[0].is_open


def test_whoever_evaluates_does_not_review_or_decide(at: Store) -> None:
    from guiju.store.people import account_of, grant

    of = people(at)
    for role in ("verifier", "regulator"):
        grant(at, account_of(at, "evaluator").id, of.centre, role, "test")
    id_ = fixed(of)
    acting.act(at, of.by("evaluator"), id_, "apply", {"standard": "T/GUIJU 701-2026", "plan": "比对", "ground": ""})
    refused_with("process-second-person", acting.act, at, of.by("evaluator"), id_, "review", {"application": 1, "opinion": "自己的"})


def test_one_person_alone_cannot_get_a_cycle_through(at: Store) -> None:
    from certifying import field_of, opened
    from guiju.api.keeping import machine

    alone = machine(at)
    id_ = acting.propose(at, alone, field_of(opened()), "示意").id
    with pytest.raises(Refused) as refused:
        acting.act(at, alone, id_, "fix", {"days": 10, "opinion": "列入"})
    (found,) = refused.value.diagnostics
    assert found.code == "process-second-person" and "guiju store account" in found.help("en")


# after the list


def test_a_changed_standard_flags_its_entry_which_stays_only_after_it_is_evaluated_anew(at: Store, clock: Clock) -> None:
    of = people(at)
    id_ = published(of, clock)
    refused_with("frontrunner-nothing-changed", acting.flag, at, of.by("operator"), id_, library().hash, library().standards)
    now = library(WITHDRAWN)
    about = number_of(of, id_, JIA)
    after = acting.flag(at, of.by("operator"), id_, now.hash, now.standards)
    assert after.entry(about).flagged == "withdrawn"  # type: ignore[union-attr]
    refused_with("frontrunner-still-flagged", acting.act, at, of.by("operator"), id_, "close", {})
    refused_with("frontrunner-not-renewed", acting.act, at, of.by("reviewer"), id_, "keep", {"entry": about, **WHY})
    acting.re_evaluate(at, of.by("evaluator"), id_, about, board(at, WITHDRAWN))
    refused_with("frontrunner-not-renewed", acting.act, at, of.by("reviewer"), id_, "keep", {"entry": about, **WHY})
    acting.re_evaluate(at, of.by("evaluator"), id_, about, board(at))
    kept = acting.act(at, of.by("reviewer"), id_, "keep", {"entry": about, **WHY})
    assert kept.entry(about).flagged == "" and kept.entry(about).standing == "on-list"  # type: ignore[union-attr]


def test_an_entry_is_suspended_reinstated_by_another_and_removed(at: Store, clock: Clock) -> None:
    of = people(at)
    id_ = published(of, clock)
    about = number_of(of, id_, JIA)
    acting.act(at, of.by("reviewer"), id_, "suspend", {"entry": about, **WHY})
    assert next(e for e in lists(at)[0].entries if e.number == about).standing == "suspended"
    refused_with("process-second-person", acting.act, at, of.by("reviewer"), id_, "reinstate", {"entry": about, **WHY})
    acting.act(at, of.by("second"), id_, "reinstate", {"entry": about, **WHY})
    acting.act(at, of.by("second"), id_, "remove", {"entry": about, **WHY})
    assert [e.number for e in lists(at)[0].removed] == [about] and about not in {e.number for e in lists(at)[0].entries}
    refused_with("frontrunner-entry", acting.act, at, of.by("second"), id_, "remove", {"entry": about, **WHY})


# seen and done


def test_a_cycle_is_seen_by_everybody_once_the_field_is_fixed(at: Store) -> None:
    of = people(at)
    id_ = proposed(of)
    refused_with("unknown-process", acting.cycle_for, at, of.by("outsider"), id_)
    acting.act(at, of.by("operator"), id_, "fix", {"days": 10, "opinion": "列入"})
    assert acting.cycle_for(at, NOBODY, id_)[0].state == "fixed"


def test_every_act_is_refused_in_every_state_and_to_every_side_it_is_not_for(at: Store, clock: Clock) -> None:
    """Whatever is done by whomever: a refusal changes nothing; and what is not possible now, is refused as that."""
    of = people(at)
    bodies: dict[str, dict[str, Any]] = {name: {} for name in CYCLE_ACTS}
    for make in (proposed, fixed, chosen, shortlisted, in_publicity):
        id_ = make(of)
        before = cycle_at(of, id_)
        for name, wanted in CYCLE_ACTS.items():
            if before.state in wanted.before:
                continue
            for who in ("author", "operator", "reviewer", "chief", "evaluator", "jia", "outsider"):
                with pytest.raises(Refused) as refused:
                    acting.act(at, of.by(who), id_, name, bodies[name], of.by(who).organisation)
                codes = {d.code for d in refused.value.diagnostics}
                assert codes <= {"process-not-now", "not-allowed-there", "process-other-side", "unknown-process"}, (name, who, codes)
        assert cycle_at(of, id_) == before
        acting.act(at, of.by("operator"), id_, "abandon", WHY)


def test_of_two_decisions_at_once_one_is_taken(store: Store) -> None:
    of = people(store)
    id_ = in_publicity(of)
    acting.act(store, of.by("outsider"), id_, "object", {"entry": number_of(of, id_, JIA), "ground": "示意"})
    outcomes: list[str] = []

    def decide(who: str, name: str) -> None:
        try:
            acting.act(store, of.by(who), id_, name, {"objection": 1, "reason": who})
            outcomes.append("done")
        except Refused as refused:
            outcomes.append(refused.diagnostics[0].code)

    threads = [threading.Thread(target=decide, args=pair) for pair in (("reviewer", "dismiss"), ("second", "uphold"))]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(outcomes) == ["done", "frontrunner-objection"]


def test_nobody_is_shortlisted_of_nothing_and_only_what_changed_is_looked_at_again(at: Store, clock: Clock) -> None:
    of = people(at)
    id_ = published(of, clock)
    about = number_of(of, id_, YI)
    refused_with("frontrunner-not-flagged", acting.act, at, of.by("reviewer"), id_, "keep", {"entry": about, **WHY})
    refused_with("frontrunner-not-flagged", acting.re_evaluate, at, of.by("evaluator"), id_, about, board(at))
    problems = Problems()
    CHECKS["shortlist"](cycle_at(of, id_), Step(1, "shortlist", "", "", clock.now, {"entries": []}), problems)
    assert [each.code for each in problems.found] == ["frontrunner-nobody-shortlisted"]


def test_a_result_of_another_kind_is_no_comparison(at: Store) -> None:
    of = people(at)
    id_ = chosen(of)
    with at.writing() as connection:
        other = keep_result(connection, at, Request("evaluation", ()), Outcome((), None, {}), of.centre, "test")
    refused_with("frontrunner-no-board", acting.compare, at, of.by("evaluator"), id_, other)
