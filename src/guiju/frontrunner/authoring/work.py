"""Proposals of levels as long work, kept and made again: thresholds from a library or a set of records, told as documents beside.

editions    of the standard whose indicator is graded, then of those whose clauses are named as national limits
records     a set of records; none where a library is named
arguments   library: its name; revision: its number; asked: the question as a query string, the columns in it; also: those of further indicators;
            on; language, forms: as of a report
body        what the report says of itself, and `basis`: see `basis_of`
files       the documents
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, fields
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from guiju.frontrunner.authoring.asked import Answer, Asked, Bring, answered
from guiju.frontrunner.authoring.basis import basis_of
from guiju.frontrunner.authoring.held import Named, named, of_library
from guiju.frontrunner.authoring.measured import limit_kept
from guiju.frontrunner.authoring.report import proposal_report
from guiju.frontrunner.authoring.sample import Headers
from guiju.frontrunner.authoring.several import further, query_of, said_in
from guiju.frontrunner.authoring.tray import folder, of_set
from guiju.report.cited import engine
from guiju.report.work import TOLD, forms_of, language_of, put_forms, told_of
from guiju.standard.shelf import Shelf
from guiju.store.database import Store
from guiju.store.editions import edition_named, opened_shelf
from guiju.store.kinds.work import Piece, Put, cited, counted, day, refused, taken
from guiju.store.results import Outcome, Request
from guiju.store.sets import record_set_of

ARGUMENTS = {"library": str, "revision": int, "asked": str, "also": list, "on": str, **TOLD}
EDITIONS_MAX = 10


@contextmanager
def proposal(store: Store, request: Request) -> Iterator[Proposing]:
    """
    raises   Refused: what is wrong in the request, with its population, or in the question
    """
    arguments = taken(request, ARGUMENTS)
    counted(request, 1, EDITIONS_MAX, records=arguments["library"] is None)
    forms_of(arguments)
    language_of(arguments)
    if day(arguments) is None:
        raise refused("board-argument", name="on")
    with ExitStack() as stack:
        opened = [stack.enter_context(opened_shelf(store, edition_named(store, each))) for each in request.editions]
        shelf = Shelf(tuple(each for held, _ in opened for each in held.folders), shipped=False)
        place = Path(stack.enter_context(folder()))
        held = named(store, f"{arguments['library']}@{arguments['revision'] or ''}".rstrip("@")) if arguments["library"] is not None else None
        bring = of_library(store, held, place) if held else of_set(store, record_set_of(store, request.records or ""), place)
        yield Proposing(store, shelf, str(opened[0][1]), bring, held, arguments, questions(store, str(opened[0][1]), arguments, held))


def questions(store: Store, standard: str, arguments: Mapping[str, Any], held: Named | None) -> list[Asked]:
    """
    raises   Refused: unknown-word
    """
    said = said_in(arguments["asked"] or "")
    headers = Headers(**{each.name: said.pop(each.name, "") for each in fields(Headers)})
    plain = Asked(standard, "", headers=headers, on=day(arguments), illustrative=held is not None and held.illustrative)
    by_id = partial(partial, limit_kept, store)
    made = [further(plain, query, by_id) for query in arguments["also"] or ()]
    return [*made, further(plain, query_of(said), by_id)]


@dataclass(frozen=True)
class Proposing:
    """One piece: thresholds are of the whole population."""

    store: Store
    shelf: Shelf
    standard: str
    bring: Bring
    held: Named | None
    arguments: Mapping[str, Any]
    asked: Sequence[Asked]

    pieces = 1
    total = 1

    def answers(self) -> list[Answer]:
        """
        raises   Refused: everything wrong in any of the questions
        """
        return [answered(self.shelf, self.bring, each) for each in self.asked]

    def piece(self, number: int, put: Put) -> Piece:
        found = self.answers()
        on: date = self.asked[0].on or found[0].sample.program.on
        basis = basis_of(found, on)
        told = proposal_report(basis, language_of(self.arguments), engine())
        files = put_forms(told, forms_of(self.arguments), put)
        body = {**told_of(told, files), "illustrative": basis["illustrative"], "basis": basis, "data": [each.sample.hash for each in found],
                "cited": [dict(each) for each in cited([found[0].sample.program])]}  # fmt: skip
        return Piece(body, 1, tuple(files.values()))

    def whole(self, pieces: Sequence[Piece]) -> Outcome:
        body = pieces[0].body
        data = self.held.hash if self.held is not None else body["data"][0]
        return Outcome(tuple(body["cited"]), data, body, pieces[0].files)
