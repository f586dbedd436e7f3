"""Objections without an account: taken in on both databases, followed by a receipt, decided by people; who raised them is told to few."""

from __future__ import annotations

import re
import threading
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import text

from certifying import JIA, YI, Clock, cycle_at, in_publicity, people, published, shortlisted
from frontrunner.process.test_cycle import number_of, refused_with
from guiju.api.asker import NOBODY
from guiju.base.diagnostics import Refused
from guiju.frontrunner.process import acting, objecting
from guiju.frontrunner.process.bodies import numbers_of
from guiju.frontrunner.process.cycle_checks import PUBLIC_AN_HOUR
from guiju.frontrunner.process.objecting import Said, followed, new_receipt, objector, raise_objection
from guiju.frontrunner.process.seen import cycle_view
from guiju.frontrunner.process.states import CYCLE, CYCLE_ACTS
from guiju.store.audit import entries, verify_chain
from guiju.store.database import Store
from guiju.store.processes import process_of

NAME, CONTACT, GROUND = "张三丰（示意）", "13800000000@example.org", "示意：J2 已经停产"


def said(entry: int, **changed: Any) -> Said:
    return replace(Said(entry, GROUND, NAME, CONTACT, new_receipt()), **changed)


def test_anybody_objects_and_follows_it_and_no_list_comes_before_it_is_decided(at: Store, clock: Clock) -> None:
    of = people(at)
    id_ = in_publicity(of)
    asked = said(number_of(of, id_, JIA))
    made = raise_objection(at, NOBODY, id_, asked)
    assert (made.number, made.by, made.is_open) == (1, "public", True) and asked.receipt not in str(made)
    assert followed(at, NOBODY, id_, f" {asked.receipt} ") == made
    refused_with("frontrunner-receipt", followed, at, NOBODY, id_, new_receipt())
    refused_with("frontrunner-receipt", followed, at, NOBODY, id_, made.receipt)
    clock.later(11)
    refused_with("frontrunner-objections-open", acting.act, at, of.by("chief"), id_, "publish", {})
    refused_with("frontrunner-publicity-over", raise_objection, at, NOBODY, id_, said(1))
    acting.act(at, of.by("second"), id_, "uphold", {"objection": 1, "reason": "示意：属实"})
    assert [each.enterprise for each in acting.act(at, of.by("chief"), id_, "publish", {}).listed] == [YI]
    assert followed(at, NOBODY, id_, asked.receipt).reason == "示意：属实"
    assert [e.action for e in entries(at, subject=id_) if "object" in e.action] == [f"{CYCLE}.object-public"] and verify_chain(at).broken is None


def test_the_same_form_sent_twice_or_at_once_is_one_objection(at: Store) -> None:
    of = people(at)
    id_ = in_publicity(of)
    asked, found = said(1), []
    threads = [threading.Thread(target=lambda: found.append(raise_objection(at, NOBODY, id_, asked).number)) for _ in range(6)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert found == [1] * 6 and len(cycle_at(of, id_).objections) == 1


def test_what_cannot_be_an_objection_is_refused_with_every_reason(at: Store) -> None:
    of = people(at)
    id_ = in_publicity(of)
    with pytest.raises(Refused) as refused:
        raise_objection(at, NOBODY, id_, Said(1, "", "a\u202eb", "x" * 121, "short", "http://spam"))
    assert {d.code for d in refused.value.diagnostics} == {
        "process-unsaid", "frontrunner-objection-sign", "process-too-long", "frontrunner-receipt-form", "frontrunner-objection-trap"}  # fmt: skip
    refused_with("frontrunner-entry", raise_objection, at, NOBODY, id_, said(99))
    refused_with("unknown-process", raise_objection, at, NOBODY, "none", said(1))
    with at.reading() as connection:
        assert connection.execute(text("select count(*) from sealed")).scalar_one() == 0, "nothing is half-written"
    of.year += 1
    refused_with("process-not-now", raise_objection, at, NOBODY, shortlisted(of), said(1))


def test_a_flood_is_held_back_and_two_people_set_it_aside(at: Store, clock: Clock) -> None:
    of = people(at)
    id_ = in_publicity(of)
    for _ in range(PUBLIC_AN_HOUR):
        raise_objection(at, NOBODY, id_, said(1))
    refused_with("frontrunner-objections-many", raise_objection, at, NOBODY, id_, said(1))
    clock.later(1 / 23)
    genuine = said(number_of(of, id_, YI))
    assert raise_objection(at, NOBODY, id_, genuine).number == PUBLIC_AN_HOUR + 1
    clock.later(11)
    spam = {"objections": list(range(1, PUBLIC_AN_HOUR + 1)), "reason": "示意：同一句广告"}
    refused_with("frontrunner-not-aside", acting.act, at, of.by("second"), id_, "confirm-aside", spam)
    acting.act(at, of.by("reviewer"), id_, "set-aside", spam)
    refused_with("frontrunner-objections-open", acting.act, at, of.by("chief"), id_, "publish", {})
    refused_with("process-second-person", acting.act, at, of.by("reviewer"), id_, "confirm-aside", spam)
    refused_with("not-allowed-there", acting.act, at, of.by("operator"), id_, "confirm-aside", spam)
    refused_with("not-allowed-there", acting.act, at, of.by("jia"), id_, "set-aside", spam)
    acting.act(at, of.by("second"), id_, "confirm-aside", {**spam, "reason": "示意：确是广告"})
    refused_with("frontrunner-objection", acting.act, at, of.by("second"), id_, "confirm-aside", spam)
    refused_with("frontrunner-objections-open", acting.act, at, of.by("chief"), id_, "publish", {})
    acting.act(at, of.by("second"), id_, "dismiss", {"objection": PUBLIC_AN_HOUR + 1, "reason": "示意：已说明"})
    done = acting.act(at, of.by("chief"), id_, "publish", {})
    assert {each.decided for each in done.objections} == {"confirm-aside", "dismiss"} and len(done.listed) == 2
    assert done.objections[0].reason == "示意：确是广告"


def test_nobody_sets_aside_what_is_about_an_enterprise_of_theirs_or_what_they_raised(at: Store) -> None:
    of = people(at)
    id_ = in_publicity(of)
    raise_objection(at, NOBODY, id_, said(number_of(of, id_, JIA)))
    raise_objection(at, of.by("second"), id_, said(number_of(of, id_, YI)))
    refused_with("frontrunner-conflict", acting.act, at, of.by("torn"), id_, "set-aside", {"objections": [1], "reason": "x"})
    refused_with("process-second-person", acting.act, at, of.by("second"), id_, "set-aside", {"objections": [2], "reason": "x"})
    acting.act(at, of.by("reviewer"), id_, "set-aside", {"objections": [1, 2], "reason": "x"})
    refused_with("frontrunner-conflict", acting.act, at, of.by("torn"), id_, "confirm-aside", {"objections": [1], "reason": "x"})
    refused_with("process-second-person", acting.act, at, of.by("second"), id_, "confirm-aside", {"objections": [1, 2], "reason": "x"})


def test_the_act_is_not_to_be_had_but_by_the_form(at: Store) -> None:
    of = people(at)
    id_ = in_publicity(of)
    body = {"entry": 1, "ground": "x", "receipt": "0" * 64, "whom": "0" * 64}
    for name in ("second", "jia", "chief", "outsider"):
        refused_with("not-allowed-there", acting.act, at, of.by(name), id_, "object-public", body)
    with at.reading() as connection:
        assert all(CYCLE_ACTS["object-public"] not in acting.possible(connection, cycle_at(of, id_), of.by(name), at.clock(connection)) for name in of.keys)


def test_who_objected_is_told_to_whoever_runs_it_alone_and_that_is_logged(at: Store) -> None:
    of = people(at)
    id_ = in_publicity(of)
    raise_objection(at, NOBODY, id_, said(number_of(of, id_, JIA)))
    for name in ("jia", "evaluator", "outsider", "author"):
        refused_with("not-allowed-there", objector, at, of.by(name), id_, 1)
    refused_with("not-allowed-there", objector, at, NOBODY, id_, 1)
    refused_with("frontrunner-conflict", objector, at, of.by("torn"), id_, 1)
    assert objector(at, of.by("second"), id_, 1) == {"name": NAME, "contact": CONTACT}
    acting.act(at, of.by("jia"), id_, "object", {"entry": 1, "ground": "示意"})
    for number in (2, 3):
        refused_with("frontrunner-objection", objector, at, of.by("second"), id_, number)
    assert [e.actor for e in entries(at, subject=id_) if e.action == f"{CYCLE}.objector-seen"] == [of.by("second").id]


def test_neither_name_contact_nor_receipt_stands_in_any_step_view_or_line_of_the_log(at: Store) -> None:
    of = people(at)
    id_ = in_publicity(of)
    asked = said(1)
    raise_objection(at, NOBODY, id_, asked)
    held, steps = process_of(at, CYCLE, id_)
    seen = {name: str(cycle_view(at, cycle_at(of, id_), steps, NOBODY if name == "" else of.by(name))) for name in ("", "jia", "second", "evaluator")}
    for told in (*seen.values(), str(steps), str(held), str(entries(at))):
        assert not any(secret in told for secret in (NAME, CONTACT, asked.receipt))
    assert all((GROUND in told) == (name in ("second", "evaluator")) for name, told in seen.items())
    assert all("'unverified': True" in told for told in seen.values())


@pytest.mark.parametrize(("written", "meant"), [("1-3, 8", [1, 2, 3, 8]), ("8、1 – 2；8", [1, 2, 8]), (" 5 ", [5]),
    ("", None), ("3-1", None), ("1-99999", None), ("-1", None), ("x", None), ("１", None), (",".join(f"{n}-{n + 999}" for n in (1, 2000, 4000)), None)])  # fmt: skip
def test_numbers_are_read_as_people_write_them(written: str, meant: list[int] | None) -> None:
    if meant is None:
        refused_with("process-unsaid", numbers_of, written, "objections")
    else:
        assert numbers_of(written, "objections") == meant


def test_receipts_are_long_and_never_the_same() -> None:
    made = {new_receipt() for _ in range(1_000)}
    assert len(made) == 1_000 and all(re.fullmatch(objecting.RECEIPT, each) for each in made)


def test_once_the_list_is_published_no_objection_is_taken(at: Store, clock: Clock) -> None:
    of = people(at)
    id_ = published(of, clock)
    refused_with("process-not-now", raise_objection, at, NOBODY, id_, said(1))
