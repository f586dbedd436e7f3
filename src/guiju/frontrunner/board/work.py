"""Board runs as long work: a scheme, an edition of its evaluation standard and a revision of a library give boards; told as documents beside.

arguments   scheme: its text; library: a name; revision: its number; on; snapshots: name → text of a snapshot; rows: listed in a table of the
            documents; language, forms: as of a report
body        `board`: the twin of boards, `sha256`: its hash, and what the documents say of themselves
files       where every product stands and the comparison as a whole, as Parquet, then the documents
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from guiju.base.diagnostics import Problems, Refused
from guiju.frontrunner.board.boards import boards
from guiju.frontrunner.board.comparing import OVERALL
from guiju.frontrunner.board.forming import NAME, formed_by
from guiju.frontrunner.board.placing import PLACED
from guiju.frontrunner.board.report import LISTED, board_report
from guiju.frontrunner.board.twin import boards_json
from guiju.frontrunner.library.kept import library_of
from guiju.frontrunner.library.library import Library
from guiju.frontrunner.scheme import Scheme, read_scheme
from guiju.frontrunner.scheme_meaning import Opened, below_national, board_program, national_limits
from guiju.ir.snapshot import Snapshot, load_snapshot
from guiju.records.source import literal
from guiju.report.cited import engine
from guiju.report.work import TOLD, forms_of, language_of, put_forms, told_of
from guiju.standard.dictionary import Dictionary
from guiju.standard.document import read
from guiju.standard.model import Standard
from guiju.standard.shelf import KnownEdition, Shelf
from guiju.store.database import Store
from guiju.store.editions import edition_named, editions, program_of
from guiju.store.kinds.work import Piece, Put, cited, counted, day, refused, taken
from guiju.store.results import Outcome, Request

ARGUMENTS = {"scheme": str, "library": str, "revision": int, "on": str, "snapshots": dict, "rows": int, **TOLD}
ROWS_MAX = 10_000


@contextmanager
def board(store: Store, request: Request) -> Iterator[Boarding]:
    """
    raises   Refused: board-argument, board-another-standard, every problem of the scheme, what is wrong with the library
    """
    arguments = taken(request, ARGUMENTS)
    counted(request, 1, 1, records=False)
    forms_of(arguments)
    language_of(arguments)
    for name in ("scheme", "library"):
        if not arguments[name]:
            raise refused("board-argument", name=name)
    if not 0 <= (arguments["rows"] or 0) <= ROWS_MAX:
        raise refused("report-listed", found=arguments["rows"], most=ROWS_MAX)
    opened = opened_scheme(store, request.editions[0], arguments["scheme"], day(arguments), snapshots_of(arguments["snapshots"] or {}))
    held = library_of(store, arguments["library"], arguments["revision"])
    try:
        yield Boarding(opened, held, arguments)
    finally:
        held.connection.close()


def opened_scheme(store: Store, edition: str, text: str, on: date | None, snapshots: Sequence[Snapshot], *, prove: bool = True) -> Opened:
    """A scheme given as text, with the edition of its standard in the store; its lowest levels held against the mandatory limits it names.

    prove    whether that is proved now; a page does not wait for a proof, the job makes it
    raises   Refused, with every problem
    """
    problems = Problems()
    scheme = read_scheme(read(text, "scheme.yaml", problems), problems, as_file=False)
    problems.refuse_errors()
    assert scheme is not None, "what cannot be used is told as an error"
    program, shelf = program_of(store, edition_named(store, edition), on, snapshots=snapshots)
    if program.standard.number != scheme.standard:
        raise refused("board-another-standard", found=program.standard.number, asked=scheme.standard)
    known = Known(store, shelf)
    made = board_program(program.standard, scheme, program.on, known, problems, snapshots=snapshots)
    problems.refuse_errors()
    assert made is not None, "what cannot be used is told as an error"
    opened = Opened(scheme, made, known)
    if prove:
        below_national(opened, problems)
        problems.refuse_errors()
    return opened


@dataclass(frozen=True)
class Known:
    """The standards a scheme may name: those beside its own, and then those of the store."""

    store: Store
    shelf: Shelf

    @cached_property
    def dictionary(self) -> Dictionary:
        return self.shelf.dictionary

    @cached_property
    def others(self) -> dict[str, Standard | None]:
        return {}

    def find(self, number: str, on: date | None = None) -> Standard | None:
        found = self.shelf.find(number, on)
        if found is not None:
            return found
        if number not in self.others:
            try:
                self.others[number] = program_of(self.store, edition_named(self.store, number), on)[0].standard
            except Refused:
                self.others[number] = None
        return self.others[number]

    def numbers(self) -> list[str]:
        return [*self.shelf.numbers(), *(each.number for each in editions(self.store))]

    def editions(self) -> Mapping[tuple[str, str], KnownEdition]:
        return self.shelf.editions()


def snapshots_of(texts: Mapping[str, Any]) -> list[Snapshot]:
    """
    raises   Refused: what is wrong with any of them
    """
    problems, found = Problems(), []
    with tempfile.TemporaryDirectory(prefix="guiju-board-") as folder:
        for number, text in enumerate(texts.values()):
            path = Path(folder) / f"{number}.json"
            path.write_text(str(text), encoding="utf-8")
            snapshot = load_snapshot(path, problems)
            found += [snapshot] if snapshot is not None else []
    problems.refuse_errors()
    return found


@dataclass(frozen=True)
class Boarding:
    """One piece: who stands where is only known once all are placed."""

    opened: Opened
    library: Library
    arguments: Mapping[str, Any]

    pieces = 1

    @property
    def total(self) -> int:
        return self.library.products.rows

    def piece(self, number: int, put: Put) -> Piece:
        scheme, program, connection = self.opened.scheme, self.opened.program, self.library.connection
        form = formed_by(self.library, scheme, self.opened.shelf.editions(), program.on)
        limits = national_limits(self.opened.shelf, scheme, program)
        found = boards(program, scheme, self.library, program.on, program.snapshots, form=form, form_name=NAME, limits=limits)
        placed = put(".parquet", lambda to: _copy(connection, PLACED, "* EXCLUDE (row, entry)", "enterprise, standard, edition, model, product", to))
        words = "".join(f"r{at}, " for at in range(len(found.ranges[0]) if found.ranges else 0))
        overall = put(".parquet", lambda to: _copy(connection, OVERALL, "*", f"{words}enterprise, standard, edition", to))
        rows, body = self.arguments["rows"], boards_json(found)
        told = board_report(body, found.placed, language_of(self.arguments), engine(), LISTED if rows is None else rows, self.library.enterprises)
        files = put_forms(told, forms_of(self.arguments), put)
        return Piece({**told_of(told, files), "board": body, "sha256": found.hash}, self.total, (placed, overall, *files.values()))

    def whole(self, pieces: Sequence[Piece]) -> Outcome:
        return Outcome(cited([self.opened.program]), self.library.hash, pieces[0].body, pieces[0].files)


def _copy(connection: Any, table: str, columns: str, order: str, to: Path) -> None:
    connection.execute(f"COPY (SELECT {columns} FROM {table} ORDER BY {order}) TO {literal(str(to))} (FORMAT parquet)")


def scheme_of(text: str) -> Scheme:
    """The scheme a result was made by."""
    problems = Problems()
    found = read_scheme(read(text, "scheme.yaml", problems), problems, as_file=False)
    assert found is not None, "it was read when the result was made"
    return found
