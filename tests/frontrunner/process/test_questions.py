"""How many questions lists ask of the database: as many for a hundred processes as for two."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from sqlalchemy import event

from certifying import (
    DOCUMENTS,
    JIA,
    YI,
    Clock,
    People,
    board,
    cycle_at,
    evaluated,
    evidenced,
    issued,
    people,
    proposed,
    published,
    shortlisted,
)
from guiju.api.asker import Asker
from guiju.frontrunner.process import acting, certifying, public
from guiju.frontrunner.zone.channels import changes
from guiju.store.database import Store


@dataclass
class Asked:
    number: int = 0


@contextmanager
def asked(store: Store) -> Iterator[Asked]:
    """The questions that are asked meanwhile."""
    found = Asked()

    def count(*_: object) -> None:
        found.number += 1

    event.listen(store.engine, "before_cursor_execute", count)
    try:
        yield found
    finally:
        event.remove(store.engine, "before_cursor_execute", count)


LISTS: dict[str, Callable[[People, Asker], object]] = {
    "cycles": lambda of, who: acting.cycles_for(of.store, who),
    "certificates": lambda of, who: certifying.certificates_for(of.store, who),
    "published lists": lambda of, _: public.lists(of.store),
    "their boards": lambda of, _: public.published_boards(of.store),
    "certificates of the zone": lambda of, _: public.certificates(of.store),
    "changes": lambda of, _: changes(of.store),
    "statuses": lambda of, _: public.statuses(of.store),
}


def test_a_list_of_more_asks_no_more(at: Store, clock: Clock) -> None:
    of, counted = people(at), list[dict[str, int]]()
    who = of.by("operator")
    for _ in range(2):
        published(of, clock)
        of.year += 1  # one field has one cycle a year
        proposed(of)
        of.year += 1
        certifying.act(at, of.by("reviewer"), issued(of, "2041-01-01", "2044-12-31"), "suspend", {"reason": "示意"})
        evidenced(of)
        counted.append({})
        for name, ask in LISTS.items():
            for course in (acting.ANNUAL, certifying.CERTIFYING):
                course.kept.clear()
            with asked(at) as questions:
                ask(of, who)
            counted[-1][name] = questions.number
    assert counted[0] == counted[1], counted
    for name in ("cycles", "certificates"):
        LISTS[name](of, who)
        with asked(at) as again:
            LISTS[name](of, who)
        assert again.number == counted[0][name] - 1, "what is known of each is not asked for again"


def test_a_list_says_of_each_what_all_its_steps_say(at: Store, clock: Clock) -> None:
    of = people(at)
    listed = published(of, clock)
    for make in (issued, evaluated, evidenced):
        make(of)
    other = replace(at, clock=clock)

    def agree() -> None:
        for held, cycle in acting.cycles_for(at, of.by("operator")):
            whole, _ = acting.cycle_for(at, of.by("operator"), held.id)
            assert (cycle.state, cycle.number, cycle.course, cycle.field, cycle.entries, cycle.objections, cycle.until) == (
                held.state, held.steps, whole.course, whole.field, whole.entries, whole.objections, whole.until)  # fmt: skip
        for held, found in certifying.certificates_for(at, of.by("operator")):
            all_of, _ = certifying.certificate_for(at, of.by("operator"), held.id)
            assert (found.state, found.number, found.course, found.subject, found.decision, found.changes, found.surveillance) == (
                held.state, held.steps, all_of.course, all_of.subject, all_of.decision, all_of.changes, all_of.surveillance)  # fmt: skip

    agree()
    entry = acting.cycle_for(at, of.by("operator"), listed)[0].entries[0].number
    acting.act(other, of.by("reviewer"), listed, "suspend", {"entry": entry, "reason": "示意"})
    agree()
    assert [e.standing for e in acting.cycles_for(at, of.by("operator"))[0][1].entries if e.number == entry] == ["suspended"]


def test_the_boards_of_a_list_are_those_of_its_last_comparison(at: Store, clock: Clock) -> None:
    of = people(at)
    id_ = shortlisted(of)
    first = cycle_at(of, id_).comparison
    acting.act(at, of.by("reviewer"), id_, "send-back", {"reason": "示意"})
    result = board(at)
    acting.compare(at, of.by("evaluator"), id_, result)
    acting.shortlist(at, of.by("evaluator"), id_, {})
    cycle = cycle_at(of, id_)
    assert public.published_boards(at) == frozenset(), "no list yet"
    for each in cycle.entries:
        acting.undertake(at, of.by({JIA: "jia", YI: "yi"}[each.enterprise]), id_, each.number, "示意承诺", DOCUMENTS)
    acting.act(at, of.by("operator"), id_, "publicise", {"text": "公示"})
    clock.later(10)
    acting.act(at, of.by("chief"), id_, "publish", {})
    assert first is not None and first.result != result and public.published_boards(at) == {result}
