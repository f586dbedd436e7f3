"""Random courses: whatever is tried, in whatever order, by whomever, a verification stays in a state it may be in, nothing is lost, and both databases
say the same."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from guiju.base.diagnostics import Refused
from guiju.store.audit import entries, verify_chain
from guiju.store.canonical import canonical
from guiju.store.database import Store
from guiju.store.migrate import make_store
from guiju.store.processes import process_of, unsealed
from guiju.verify.process import acting
from guiju.verify.process.project import KIND, Project
from guiju.verify.process.states import ACTS, BLIND, STATES
from store.stores import Places
from verifying import ITEM, ON, PLAN, VERDICTS, People, conclude, demanded, people, program, results, shelf

NAMES = ("planner", "assessor", "chief", "keeper", "second", "auditor", "firm", "outsider", "lab1", "lab2", "lab3")
LABS = ("lab1", "lab2", "lab3")
REASON = {"reason": "示意"}
SAID: dict[str, dict[str, Any]] = {
    "accept": {"judgement": "可以"}, "decline": REASON, "renew": REASON, "approve": {"opinion": ""}, "send-back": REASON, "reopen-plan": REASON,
    "call": {"text": "征集", "until": "2027-01-31"}, "end-call": {}, "return": {"order": 1, **REASON}, "drop": {"order": 3, **REASON}, "close": {},
    "reopen": REASON, "exclude": {"item": ITEM, "lab": "L01", "level": "A", "replicate": "1", **REASON}, "confirm": {"exclusion": 1},
    "restore": {"exclusion": 1, **REASON}, "reconsider": REASON, "archive": {}, "abandon": REASON,
}  # fmt: skip
STEPS = 60


class Course(RuleBasedStateMachine):
    """The same is tried on both databases; what became of it must be the same too."""

    stores: list[Store]
    people: list[People]

    def __init__(self) -> None:
        super().__init__()
        self.ids = [demanded(of) for of in self.people]
        self.taken = 1
        self.last: Project | None = None
        self.written: list[str] = []

    def attempt(self, call: Callable[[People, str], Project]) -> None:
        outcomes: list[tuple[str, ...] | str] = []
        for of, id_ in zip(self.people, self.ids, strict=True):
            before = self.project(of, id_)
            try:
                after = call(of, id_)
            except Refused as refused:
                assert self.project(of, id_) == before, "what is refused changes nothing"
                outcomes.append(tuple(sorted({d.code for d in refused.diagnostics})))
            else:
                legal(before, after)
                outcomes.append(after.state)
        assert outcomes.count(outcomes[0]) == len(outcomes), outcomes
        self.taken += isinstance(outcomes[0], str)

    def project(self, of: People, id_: str) -> Project:
        held, steps = process_of(of.store, KIND, id_)
        return acting.VERIFICATION.told(held, steps)

    @property
    def state(self) -> str:
        return self.project(self.people[0], self.ids[0]).state

    @rule(data=st.data())
    def anything_by_anyone(self, data: st.DataObject) -> None:
        """Weighted towards what is possible now, so that courses get far."""
        likely = [name for name in SAID if self.state in ACTS[name].before and name not in ("abandon", "drop")] or list(SAID)
        name = data.draw(st.sampled_from(likely) | st.sampled_from(sorted(SAID)))
        who = data.draw(st.sampled_from(NAMES))
        self.attempt(lambda of, id_: acting.act(of.store, of.by(who), id_, name, SAID[name], of.by(who).organisation))

    @precondition(lambda self: self.state in ("demand", "accepted", "planned", "approved"))
    @rule()
    def get_on(self) -> None:
        who, name = {"demand": ("planner", "accept"), "accepted": ("", ""), "planned": ("assessor", "approve"), "approved": ("chief", "call")}[self.state]
        if name:
            self.attempt(lambda of, id_: acting.act(of.store, of.by(who), id_, name, SAID[name]))
        else:
            self.plan("planner")

    @rule(who=st.sampled_from(("planner", "chief")))
    def plan(self, who: str) -> None:
        self.attempt(lambda of, id_: acting.plan(of.store, of.by(who), id_, program(), shelf().dictionary, PLAN))

    @precondition(lambda self: self.state == "calling")
    @rule()
    def all_apply_and_are_assigned(self) -> None:
        for lab in LABS:
            self.apply(lab)
        self.assign(None, "chief")

    @rule(lab=st.sampled_from(LABS))
    def apply(self, lab: str) -> None:
        self.attempt(lambda of, id_: acting.apply(of.store, of.by(lab), id_, shelf().dictionary, f"P{lab[3:]}", "drum", ON))

    @rule(lab=st.sampled_from(LABS), number=st.integers(1, 4))
    def withdraw(self, lab: str, number: int) -> None:
        self.attempt(lambda of, id_: acting.withdraw(of.store, of.by(lab), id_, number))

    @rule(chosen=st.lists(st.integers(1, 4), max_size=4) | st.none(), who=st.sampled_from(("chief", "planner")))
    def assign(self, chosen: list[int] | None, who: str) -> None:
        def call(of: People, id_: str) -> Project:
            valid = [each.number for each in self.project(of, id_).applications if not each.withdrawn]
            return acting.assign(of.store, of.by(who), id_, valid if chosen is None else chosen, of.by("keeper").id, "示意")

        self.attempt(call)

    @precondition(lambda self: self.state == "running")
    @rule(lab=st.sampled_from(LABS), submit=st.booleans(), spoilt=st.booleans(), late=st.booleans())
    def enter(self, lab: str, submit: bool, spoilt: bool, late: bool) -> None:
        def call(of: People, id_: str) -> Project:
            project = self.project(of, id_)
            order = next((each for each in project.orders if each.organisation == of.labs[lab]), None)
            if order is None:
                raise Refused([])
            given = results(of, id_, lab)
            if spoilt:
                given[order.codes[0]] = {ITEM: "?"}
            return acting.enter(of.store, of.by(lab), id_, order.number, given, {}, submit=submit, after=order.entries + late)

        self.attempt(call)

    @precondition(lambda self: self.state == "running")
    @rule()
    def all_submit_and_it_is_closed(self) -> None:
        for lab in LABS:
            self.enter(lab, True, False, False)
        self.attempt(lambda of, id_: acting.act(of.store, of.by("chief"), id_, "close", {}))

    @rule(who=st.sampled_from(("keeper", "chief", "lab1")))
    def lift(self, who: str) -> None:
        self.attempt(lambda of, id_: acting.lift(of.store, of.by(who), id_))

    @rule(edition=st.sampled_from(("ISO 5725-2:2025", "ISO 1:1")))
    def analyse(self, edition: str) -> None:
        self.attempt(lambda of, id_: acting.analyse(of.store, of.by("planner"), id_, edition, {}))

    @precondition(lambda self: self.state in ("analysed", "concluded", "running"))
    @rule(verdicts=st.sampled_from((VERDICTS, {})))
    def it_is_concluded(self, verdicts: dict[str, Any]) -> None:
        self.attempt(lambda of, id_: conclude(of.store, of.by("planner"), id_, verdicts, ""))

    @invariant()
    def nothing_is_lost(self) -> None:
        seen = []
        for of, id_ in zip(self.people, self.ids, strict=True):
            held, steps = process_of(of.store, KIND, id_)
            project = acting.VERIFICATION.told(held, steps)
            assert [s.number for s in steps] == list(range(1, len(steps) + 1)) and len(steps) == self.taken == held.steps
            assert held.state == project.state and project.state in STATES
            assert [e.action for e in entries(of.store, subject=id_)] == [f"{KIND}.{s.act}" for s in steps]
            seen.append([(s.act, canonical(plainly(s.body))) for s in steps])
        assert all(each == seen[0] for each in seen)
        if self.written:
            assert seen[0][: len(self.written)] == self.written, "an earlier step is never another"
        self.written = seen[0]  # type: ignore[assignment]

    def teardown(self) -> None:
        for of in self.people:
            assert verify_chain(of.store).broken is None


def plainly(body: Any) -> Any:
    """A body without what is drawn or made anew in each store: codes, salts, hashes, identifiers."""
    drawn = {"codes", "seals", "samples", "salt", "laboratories", "key_holder", "values", "studies", "point"}
    return {name: "…" if name in drawn else [plainly(e) if isinstance(e, dict) else e for e in value] if isinstance(value, list) else value
            for name, value in body.items() if name not in ("text",)}  # fmt: skip


def legal(before: Project, after: Project) -> None:
    """What no course may break, whatever the checks say: written apart from them."""
    assert after.number == before.number + 1
    assert after.state == before.state or any(before.state in act.before and act.after == after.state for act in ACTS.values())
    assert before.state not in ("archived", "abandoned"), "an end is an end"
    kept = {each.number: each.entries for each in before.orders}
    assert all(each.entries >= kept.get(each.number, 0) for each in after.orders)
    if after.state in BLIND or before.state in BLIND[:1]:
        assert not after.samples and not after.laboratories, "blind until it is lifted"
    if after.state in ("closed", "lifted", "analysed", "concluded", "archived"):
        assert all(each.submitted for each in after.working) and len(after.working) >= 3
        assert after.plan is not None and after.approved_by not in ("", after.plan.by)
    if after.analysis is not None:
        assert after.samples
        for study in after.analysis.studies.values():
            assert json.loads(study[1])["studies"][0]["all"]["levels"][0]["N"] == 2 * len(after.working)
    if after.state in ("concluded", "archived"):
        assert after.conclusion is not None and not after.is_stale and not any(each.is_open for each in after.exclusions)
    assert all(each.confirmed_by != each.by for each in after.exclusions)


@pytest.fixture
def both(tmp_path: Path, postgresql: Callable[[], str]) -> Iterator[list[Store]]:
    """A store on each database."""
    folders = {"sqlite": Places("sqlite", tmp_path, str), "postgresql": Places("postgresql", tmp_path, postgresql)}
    stores = [each.new() for each in folders.values()]
    for store in stores:
        make_store(store, "test")
    yield stores
    for each in folders.values():
        each.close()


def test_random_courses_stay_legal_lose_nothing_and_are_the_same_on_both_databases(both: list[Store]) -> None:
    machine = type("OnBoth", (Course,), {"stores": both, "people": [people(store, 3) for store in both]})
    reached: set[str] = set()
    original = machine.teardown

    def teardown(self: Course) -> None:
        reached.update(state for state, _ in self.project(self.people[0], self.ids[0]).course)
        original(self)

    machine.teardown = teardown  # type: ignore[method-assign]
    run_state_machine_as_test(
        machine, settings=settings(max_examples=12, stateful_step_count=STEPS, deadline=None, derandomize=True, database=None,
                                   suppress_health_check=list(HealthCheck)),
    )  # fmt: skip
    assert {"running", "closed", "lifted", "analysed"} <= reached, f"courses got no further than {reached}"


def test_seals_are_of_what_is_sealed(both: list[Store]) -> None:
    from guiju.verify.process.blind import sealing
    from verifying import running

    for store in both:
        of = people(store)
        id_ = running(of)
        project, _ = acting.project_of(store, of.by("chief"), id_)
        with store.reading() as connection:
            for name, hash_ in project.seals.items():
                assert sealing(unsealed(connection, id_, name)) == hash_
