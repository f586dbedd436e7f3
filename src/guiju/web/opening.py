"""Opening: the standards and programs that URLs name. Only what lies on the shelf is opened, whatever a URL says."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from starlette.applications import Starlette

from guiju.base.diagnostics import Diagnostic, Problems, Refused
from guiju.ir.check import check
from guiju.ir.program import Program
from guiju.standard.shape import did_you_mean
from guiju.standard.shelf import Opened, Shelf
from guiju.web.asking import Asked
from guiju.web.library import Heads, Library

PROGRAMS_MAX, SHELVES_MAX = 256, 8


class _Kept:
    """What is kept of one shelf: its heads, and the programs used last."""

    def __init__(self, like: Heads | None) -> None:
        self.heads, self.turn = Heads(like), threading.Lock()
        self.programs: OrderedDict[tuple[Path, date | None, bool], Page] = OrderedDict()


@dataclass(frozen=True)
class Page:
    """A standard, open. program   None where it has errors, which `problems` has"""

    number: str
    path: Path
    opened: Opened
    program: Program | None
    problems: tuple[Diagnostic, ...]


_turn = threading.Lock()


def _kept(app: Starlette, shelf: Shelf) -> _Kept:
    """What the application keeps of the shelf that is asked; by identity, since shelves compare by value."""
    with _turn:
        shelves: list[tuple[Shelf, _Kept]] = getattr(app.state, "shelves_kept", [])
        for other, held in shelves:
            if other is shelf:
                return held
        made = _Kept(shelves[-1][1].heads if shelves else None)
        app.state.shelves_kept = [*shelves[-SHELVES_MAX + 1 :], (shelf, made)]
        return made


def library_of(who: Asked) -> Library:
    return library_in(who.request.app, who.shelf)


def library_in(app: Starlette, shelf: Shelf) -> Library:
    return _kept(app, shelf).heads.library(shelf)


def opened(who: Asked, word: str, on: date | None = None, corrected: bool = False) -> Page:
    """The standard a word of a URL names: its number or folder, however it is punctuated.

    raises   Refused: unknown-standard
    """
    held, kept = library_of(who), _kept(who.request.app, who.shelf)
    number = held.number(word)
    if number is None:
        raise Refused([Diagnostic("unknown-standard", None, {"number": word, **did_you_mean(word, held.paths)})])
    key = (held.paths[number], on, corrected)
    with kept.turn:
        if key not in kept.programs:
            kept.programs[key] = _opened(who.shelf, number, *key)
            if len(kept.programs) > PROGRAMS_MAX:
                kept.programs.popitem(last=False)
        kept.programs.move_to_end(key)
        return kept.programs[key]


def _opened(shelf: Shelf, number: str, path: Path, on: date | None, corrected: bool) -> Page:
    found, problems = shelf.open(path, on), Problems()
    problems.extend(found.problems.found)
    program = check(found.standard, on, shelf, problems, corrected) if found.standard else None
    return Page(number, path, found, None if problems.has_errors else program, problems.found)


def program_of(page: Page) -> Program:
    """The program of a standard that is free of errors.

    raises   Refused, with every problem
    """
    if page.program is None:
        raise Refused(page.problems)
    return page.program
