"""Asked: an application standard or a scheme of solutions opened from a shelf, and what is public or kept to ask it of, opened once."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from guiju.base.diagnostics import Diagnostic, Problems, Refused
from guiju.frontrunner.application.fitting import Fitting, fit
from guiju.frontrunner.application.parts import Composition, composition_of
from guiju.frontrunner.application.solving import Solving, solve
from guiju.frontrunner.application.suits import Application, application_of
from guiju.frontrunner.library.kept import libraries, library_of, revisions
from guiju.frontrunner.library.library import Library
from guiju.frontrunner.scheme import located_scheme
from guiju.frontrunner.scheme_meaning import open_scheme
from guiju.frontrunner.zone.now import Zone, zone_of
from guiju.ir.check import check
from guiju.standard.shape import did_you_mean
from guiju.standard.shelf import Shelf
from guiju.store.belonging import Somebody, seen_by
from guiju.store.database import Store

STANDARD, SCHEME = "T/GUIJU 707-2026", "mobility-solutions"
"""What is asked where nothing else is named."""
KEPT_MOST = 4


def opened_application(shelf: Shelf, number: str = STANDARD, on: date | None = None) -> Application:
    """An application standard of the shelf as of a day.

    raises   Refused: unknown-standard, used-standard-broken, application-none, application-words
    """
    place, problems = shelf.locate(number), Problems()
    if place is None:
        raise Refused([Diagnostic("unknown-standard", None, {"number": number, **did_you_mean(number, shelf.numbers())})])
    opened = shelf.open(place, on)
    if opened.standard is None or opened.problems.has_errors:
        raise Refused(opened.problems.found)
    program = check(opened.standard, on, shelf, problems)
    problems.refuse_errors()
    return application_of(program)


def opened_composition(shelf: Shelf, word: str = SCHEME, on: date | None = None) -> Composition:
    """A scheme of solutions by its name or its file, as of a day.

    raises   Refused: scheme-unknown, every problem of the scheme, solution-none
    """
    problems = Problems()
    opened = open_scheme(shelf, located_scheme(shelf, word), on, problems)
    problems.refuse_errors()
    assert opened is not None, "what cannot be used is told as an error"
    return composition_of(opened)


@dataclass(frozen=True, slots=True)
class Readable:
    """A library somebody may read. revision: None where it is shown as published, since something public cites it"""

    name: str
    revision: int | None
    hash: str


def readable(app: Any, store: Store | None, user: Somebody) -> dict[str, Readable]:
    """Those that are public, and for who reads the store's libraries the newest revision of each."""
    zone: Zone = zone_of(app)
    found = {name: Readable(name, None, library.hash) for name, library in zone.gathered.libraries.items()}
    if store is not None and seen_by(user):
        found |= {each.name: Readable(each.name, each.revision, each.hash) for each in libraries(store)}
    return dict(sorted(found.items()))


def chosen(app: Any, store: Store | None, user: Somebody, name: str) -> Readable:
    """raises   Refused: library-unknown, where it is not there for who asks"""
    held = readable(app, store, user)
    if name not in held:
        raise Refused([Diagnostic("library-unknown", None, {"name": name, **did_you_mean(name, held)})])
    return held[name]


def _library(app: Any, store: Store | None, chosen_: Readable) -> Library:
    zone: Zone = zone_of(app)
    held = zone.gathered.libraries.get(chosen_.name)
    if held is not None and held.hash == chosen_.hash:
        return held
    assert store is not None and chosen_.revision is not None, "what is not public is kept in the store"
    newest = next((each.revision for each in revisions(store, chosen_.name) if each.hash == chosen_.hash), chosen_.revision)
    return library_of(store, chosen_.name, newest)


@dataclass
class Opened:
    """What was asked last, kept open: some seconds' work for a large library. By what it rests on, so that nothing old is shown."""

    held: OrderedDict[tuple[Any, ...], Any] = field(default_factory=OrderedDict)
    turn: threading.Lock = field(default_factory=threading.Lock)

    def get(self, key: tuple[Any, ...], make: Callable[[], Any]) -> Any:
        with self.turn:
            if key not in self.held:
                self.held[key] = make()
                while len(self.held) > KEPT_MOST:
                    self.held.popitem(last=False)
            self.held.move_to_end(key)
            return self.held[key]


_turn = threading.Lock()


def _opened(app: Any) -> Opened:
    with _turn:
        if not hasattr(app.state, "applications_opened"):
            app.state.applications_opened = Opened()
    found: Opened = app.state.applications_opened
    return found


def fitting_of(app: Any, shelf: Shelf, store: Store | None, wanted: Readable) -> Fitting:
    """A library by the application standard of the shelf.

    raises   Refused: what `opened_application` and `fit` find
    """
    day = date.today() if store is None else _day(store)
    made: Fitting = _opened(app).get(
        ("fit", wanted.hash, day, id(shelf)), lambda: fit(opened_application(shelf, on=day), _library(app, store, wanted))
    )
    return made


def solving_of(app: Any, shelf: Shelf, store: Store | None, wanted: Mapping[str, Readable]) -> Solving:
    """Every combination of what libraries offer, by the scheme of solutions of the shelf.

    wanted   alias of a part → the library it comes from
    raises   Refused: what `opened_composition` and `solve` find
    """
    day = date.today() if store is None else _day(store)

    def make() -> Solving:
        opened: dict[str, Library] = {}
        return solve(
            opened_composition(shelf, on=day), {alias: opened.setdefault(each.hash, _library(app, store, each)) for alias, each in wanted.items()}
        )

    made: Solving = _opened(app).get(("solve", tuple(sorted((alias, each.hash) for alias, each in wanted.items())), day, id(shelf)), make)
    return made


def _day(store: Store) -> date:
    with store.reading() as connection:
        found: date = store.clock(connection).date()
    return found
