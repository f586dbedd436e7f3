"""What a server keeps of the zone: after any acts it is what a server that begins now makes, whoever acted, on both databases."""

from __future__ import annotations

import random
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from certifying import WHY, Clock, certificate_at, cycle_at, issued, library_folder, people, published, shelf
from guiju.api.library import Programs
from guiju.base.diagnostics import Refused
from guiju.frontrunner.library.kept import bring
from guiju.frontrunner.process import acting, certifying
from guiju.frontrunner.zone.gathered import Wanted
from guiju.frontrunner.zone.now import Zone, zone_of
from guiju.store.database import Store


def server(store: Store) -> Any:
    return SimpleNamespace(state=SimpleNamespace(shelf=shelf(), store=store, programs=Programs(shelf())))


def shows(zone: Zone) -> dict[str, Any]:
    gathered = zone.gathered
    listed = [gathered.rows(Wanted(certified=each)) for each in ("valid", "any", "")]
    return {
        "shown": list(zone.shown.items()), "published": zone.published, "schemes": zone.schemes, "certificates": list(gathered.certificates.items()),
        "of_product": gathered.of_product, "listed": listed, "libraries": [(name, each.hash) for name, each in gathered.libraries.items()],
        "names": gathered.held.names.find("甲汽车 J1 与乙汽车 Y1"), "properties": gathered.held.properties,
        "standings": [(name, each.schemes, each.on, each.library.hash) for name, each in zone.standings.items()],
    }  # fmt: skip


@pytest.mark.parametrize("seed", [1, 2])
def test_what_is_kept_is_what_is_made_from_nothing(at: Store, clock: Clock, seed: int) -> None:
    """One server looks after every act, another now and then, a third begins anew each time; states are reached by acts and by the clock alone."""
    drawn, of = random.Random(seed), people(at)
    cycle = published(of, clock)
    day = clock.now.date()
    made = [issued(of, str(day), str(day.replace(year=day.year + 1))) for _ in range(2)]
    made.append(issued(of, str(day), str(day.replace(day=min(day.day + 3, 28)))))
    always, sometimes = server(at), server(at)
    states = set[str]()

    def some_act() -> None:
        id_ = drawn.choice(made)
        now = certificate_at(of, id_).state
        names = {"valid": ("suspend", "withdraw"), "suspended": ("reinstate", "withdraw")}.get(now, ("suspend",))
        name = drawn.choice(names)
        certifying.act(at, of.by("second" if name == "reinstate" else "reviewer"), id_, name, WHY)

    def off_the_list() -> None:
        entry = drawn.choice(cycle_at(of, cycle).listed).number
        acting.act(at, of.by("reviewer"), cycle, "suspend", {"entry": entry, **WHY})

    acts: dict[str, Callable[[], object]] = {
        "act": some_act, "day": lambda: clock.later(1),
        "list": off_the_list,
        "library": lambda: bring(at, "cars", library_folder(drawn.choice([(), (("Q/BING 003", "废止"),)])), shelf().dictionary, "test"),
        "issue": lambda: made.append(issued(of)),
    }  # fmt: skip
    for name in (*acts, *drawn.choices([*acts], [6, 3, 1, 1, 1], k=8)):
        try:
            acts[name]()
        except Refused:
            continue  # not to be done as things stand
        anew = zone_of(server(at))
        assert shows(zone_of(always)) == shows(anew), name
        if drawn.random() < 0.3:
            assert shows(zone_of(sometimes)) == shows(anew), name
        states |= {each.state for each in anew.shown.values()}
    clock.later(400)
    assert shows(zone_of(always)) == shows(zone_of(sometimes)) == shows(zone_of(server(at)))
    states |= {each.state for each in zone_of(always).shown.values()}
    assert {"valid", "expired"} < states
