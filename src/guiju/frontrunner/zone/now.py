"""Now: the zone as it is at this moment. What is public is what a published list or an issued certificate rests on, and nothing else of the store.

Of a library the newest revision that one of them cites is shown. It is gathered anew when a certificate, a list or a library changed, or a day began;
of certificates only what has another step than before is read.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import func, select

from guiju.base.diagnostics import Problems, Refused
from guiju.frontrunner.library.kept import REGISTER, library_of, revisions
from guiju.frontrunner.library.library import Library
from guiju.frontrunner.process.certifying import CERTIFYING
from guiju.frontrunner.process.public import Published, Shown, lists, shown
from guiju.frontrunner.process.states import CERTIFICATE, CYCLE, ISSUED
from guiju.frontrunner.scheme import load_scheme, scheme_files
from guiju.frontrunner.zone.certified import Programs, certified
from guiju.frontrunner.zone.gathered import Gathered, gather
from guiju.frontrunner.zone.held import Certificate
from guiju.frontrunner.zone.standing import Standings
from guiju.ir.program import Program
from guiju.standard.model import Title
from guiju.standard.shelf import Shelf
from guiju.store.database import Store
from guiju.store.processes import ends_in, histories
from guiju.store.registers import entries_of
from guiju.store.tables import entry, process


@dataclass(frozen=True)
class Zone:
    """shown     id → the certificate as the process shows it
    published   lists, the newest first
    schemes     id → title
    """

    gathered: Gathered
    shown: Mapping[str, Shown]
    published: Sequence[Published]
    schemes: Mapping[str, Title]
    standings: Mapping[str, Standings]
    """Library → where its products stand by the schemes that lists and certificates use."""

    def indicators(self) -> list[tuple[str, Title]]:
        """The indicators that certificates state levels of."""
        found = {name: each.called(name) for each in self.gathered.certificates.values() for name in each.levels}
        return sorted(found.items())


@dataclass
class _Kept:
    mark: Any = None
    zone: Zone | None = None
    libraries: dict[tuple[str, int], Library] = field(default_factory=dict)
    day: tuple[date, Shelf] | None = None
    told: dict[str, tuple[Shown, Certificate]] = field(default_factory=dict)
    """Last step → the certificate after it, as it is on that day by that shelf: steps never change."""
    turn: threading.Lock = field(default_factory=threading.Lock)


_turn = threading.Lock()


def zone_of(app: Any) -> Zone:
    """The zone of the application's store, alike for everybody; an empty one where there is no store. app: what the faces are served by"""
    state = app.state
    with _turn:
        if not hasattr(state, "zone_kept"):
            state.zone_kept = _Kept()
    kept: _Kept = state.zone_kept
    shelf: Shelf = state.shelf
    store: Store | None = state.store
    if store is None:
        return Zone(gather((), (), shelf.dictionary), {}, (), {}, {})
    with kept.turn:
        mark = (_mark(store), id(shelf))
        if kept.zone is None or kept.mark != mark:
            kept.zone, kept.mark = _made(store, shelf, _programs(app), kept, mark[0][0]), mark
        return kept.zone


def _programs(app: Any) -> Programs:
    def program_of(number: str) -> Program | None:
        try:
            found: Program = app.state.programs.of(number)
        except Refused:
            return None
        return found

    return program_of


def _mark(store: Store) -> tuple[Any, ...]:
    """Differs when anything differs that the zone shows."""
    with store.reading() as connection:
        day: date = store.clock(connection).date()
        steps = connection.execute(select(func.count(), func.sum(process.c.steps)).where(process.c.kind.in_((CERTIFICATE, CYCLE)))).one()
        brought = connection.execute(select(func.count()).where(entry.c.register == REGISTER)).scalar_one()
    return (day, *steps, brought)


def _made(store: Store, shelf: Shelf, programs: Programs, kept: _Kept, today: date) -> Zone:
    schemes, before = scheme_titles(shelf), kept.zone
    told = _told(store, shelf, programs, kept, schemes, today)
    by_id, made, published = {each.id: each for each, _ in told}, [each for _, each in told], lists(store)
    cited = {str(each.claims["libraryHash"]) for each in by_id.values()} | {str(each.hashes.get("library", "")) for each in published}
    libraries = _libraries(store, cited, kept.libraries)
    used = sorted({each.scheme_id for each in made} | {each.field.scheme for each in published})
    standings = {each.name: _standings(before, Standings(each, used, shelf, today)) for each in libraries}
    return Zone(gather(libraries, made, shelf.dictionary, before.gathered if before else None), by_id, published, schemes, standings)


def _told(
    store: Store, shelf: Shelf, programs: Programs, kept: _Kept, schemes: Mapping[str, Title], today: date,
) -> list[tuple[Shown, Certificate]]:  # fmt: skip
    """Every certificate that was issued, the newest first; only those with another step than before are read, on another day all."""
    if kept.day is None or kept.day[0] != today or kept.day[1] is not shelf:
        kept.day, kept.told = (today, shelf), {}
    with store.reading() as connection:
        ends = ends_in(connection, CERTIFICATE, ISSUED)
        end_of = {held.id: end for held, end in ends}
        new = dict[str, tuple[Shown, Certificate]]()
        for held, steps in histories(connection, [held for held, end in ends if end not in kept.told]):
            each = shown(CERTIFYING.told(held, steps), today)
            title = schemes.get(each.scheme, Title(each.scheme, each.scheme))
            new[end_of[held.id]] = each, certified(each, programs, title, shelf.dictionary, today)
    kept.told = {end: new.get(end) or kept.told[end] for _, end in ends}
    return list(kept.told.values())


def _standings(before: Zone | None, made: Standings) -> Standings:
    """Those that were there, where nothing they rest on is another: what was placed stays placed."""
    held = before.standings.get(made.library.name) if before is not None else None
    same = held is not None and held.library is made.library and held.shelf is made.shelf and (held.schemes, held.on) == (made.schemes, made.on)
    return held if held is not None and same else made


def _libraries(store: Store, cited: set[str], held: dict[tuple[str, int], Library]) -> list[Library]:
    """The newest revision of each library that something public cites; those that were open stay open."""
    wanted: dict[tuple[str, int], Library] = {}
    for name in (each.code for each in entries_of(store, REGISTER)):
        newest = next((each.revision for each in revisions(store, name) if each.hash in cited), None)
        if newest is not None:
            wanted[name, newest] = held.get((name, newest)) or library_of(store, name, newest)
    held.clear()
    held.update(wanted)
    return list(wanted.values())


def scheme_titles(shelf: Shelf) -> dict[str, Title]:
    """What schemes are called; one that cannot be read is called by its name."""
    found = {}
    for name, path in scheme_files(shelf).items():
        problems = Problems()
        try:
            scheme = load_scheme(path, problems)
        except Refused:
            scheme = None
        found[name] = scheme.title if scheme is not None else Title(name, name)
    return found


