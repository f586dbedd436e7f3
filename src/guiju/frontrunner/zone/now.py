"""Now: the zone as it is at this moment. What is public is what a published list or an issued certificate rests on, and nothing else of the store.

Of a library the newest revision that one of them cites is shown. It is gathered anew when a certificate, a list or a library changed, or a day began.
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
from guiju.frontrunner.process.public import Published, Shown, certificates, lists
from guiju.frontrunner.process.states import CERTIFICATE, CYCLE
from guiju.frontrunner.scheme import load_scheme, scheme_files
from guiju.frontrunner.zone.certified import Programs, certified
from guiju.frontrunner.zone.gathered import Gathered, gather
from guiju.frontrunner.zone.standing import Standings
from guiju.ir.program import Program
from guiju.standard.model import Title
from guiju.standard.shelf import Shelf
from guiju.store.database import Store
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
            kept.zone, kept.mark = _made(store, shelf, _programs(app), kept.libraries, mark[0][0]), mark
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


def _made(store: Store, shelf: Shelf, programs: Programs, held: dict[tuple[str, int], Library], today: date) -> Zone:
    shown = {each.id: each for each in certificates(store)}
    published = lists(store)
    schemes = scheme_titles(shelf)
    made = [certified(each, programs, schemes.get(each.scheme, Title(each.scheme, each.scheme)), shelf.dictionary, today)
            for each in shown.values()]
    cited = {str(each.claims["libraryHash"]) for each in shown.values()} | {str(each.hashes.get("library", "")) for each in published}
    libraries = _libraries(store, cited, held)
    used = sorted({each.scheme_id for each in made} | {each.field.scheme for each in published})
    standings = {each.name: Standings(each, used, shelf, today) for each in libraries}
    return Zone(gather(libraries, made, shelf.dictionary), shown, published, schemes, standings)


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


