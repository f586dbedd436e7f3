"""Import of a library as long work: the file lies in the store by its content, the quality of what was sent is the result, and the revision of the
library comes to be in the transaction that keeps the result.

arguments   name: of the library; source: the name the file was sent under; sha256: of its bytes; mapping: the same two of a mapping file;
            own: codes of the enterprises whose rows these are; organisation: that brings it; limit: bytes it may unpack to;
            dry: keep nothing; against: the revision a dry run is compared with
body        `hash` and `quality` of the library as it was sent, and of a dry run `changes`. Both come of the bytes alone, whatever else was imported
            since: a replay reads the same bytes again, must find the same hash and quality, and imports nothing
files       none; the tables as they were sent are files of the piece, and become those of the revision
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from guiju.base.diagnostics import Refused, told_without
from guiju.frontrunner.library.changes import changes_between, changes_json
from guiju.frontrunner.library.columns import TABLES
from guiju.frontrunner.library.kept import (
    REGISTER,
    body_of,
    enterprises_of,
    in_place,
    library_of,
    may_bring,
    newest_of,
    opened_body,
    put_tables,
    sent,
)
from guiju.frontrunner.library.library import STEPS, Library
from guiju.records.packed import EXPANDED_MAX
from guiju.standard.dictionary import Dictionary
from guiju.standard.shelf import Shelf
from guiju.store.database import Store
from guiju.store.files import Kept, proved, put
from guiju.store.kinds.work import Piece, Put, counted, refused, taken
from guiju.store.registers import keep_within
from guiju.store.results import Also, Outcome, Request

KIND, UPLOADS = "library", "uploads"
ARGUMENTS = {"name": str, "source": str, "sha256": str, "mapping": dict, "own": list, "organisation": str, "limit": int, "dry": bool,
             "against": int}  # fmt: skip
TOLD = ("hash", "illustrative", "source", "quality", "changes")


def place_of(source: str, hash_: str) -> str:
    """Where `put` lays an upload, in the folder of the store."""
    return f"{UPLOADS}/{hash_[:2]}/{hash_}{Path(source).suffix.lower()}"


@contextmanager
def library_import(store: Store, request: Request) -> Iterator[Importing]:
    """
    raises   Refused: what is wrong in the request
    """
    arguments = taken(request, ARGUMENTS)
    counted(request, 0, 0, records=False)
    for name in ("name", "source", "sha256"):
        if not arguments[name]:
            raise refused("argument-wrong", kind=request.kind, name=name, type="str")
    yield Importing(store, arguments, Shelf().dictionary)


@dataclass
class Importing:
    """One piece: what is wrong in a table may lie in another. Its total is of steps: those of the reading, and one for each table written."""

    store: Store
    arguments: Mapping[str, Any]
    dictionary: Dictionary = field(repr=False)
    tell: Callable[[int], None] = lambda done: None

    pieces = 1
    total = STEPS + len(TABLES)

    def watched_by(self, tell: Callable[[int], None]) -> None:
        self.tell = tell

    def piece(self, number: int, put: Put) -> Piece:
        steps = count(1)

        def step() -> None:
            self.tell(next(steps))

        def put_one(ending: str, write: Callable[[Path], object]) -> Kept:
            kept = put(ending, write)
            step()
            return kept

        found = self._sent(step)
        changes = self._tried(found) if self.arguments["dry"] else None
        files = put_tables(found, put_one)
        body = body_of(found, files, None, self.arguments["source"])
        found.connection.close()
        return Piece({**body, "changes": changes}, self.total, tuple(files))

    def whole(self, pieces: Sequence[Piece]) -> Outcome:
        (piece,) = pieces
        body = {"name": self.arguments["name"], "dry": bool(self.arguments["dry"]), **{name: piece.body[name] for name in TOLD}}
        effect = None if self.arguments["dry"] else partial(self._kept, piece)
        return Outcome((), self.arguments["sha256"], body, (), effect)

    def _sent(self, step: Callable[[], None]) -> Library:
        asked = self.arguments
        with tempfile.TemporaryDirectory(prefix="guiju-upload-") as folder:
            path = self._laid(Path(folder), asked)
            mapping = self._laid(Path(folder) / "mapping", asked["mapping"]) if asked["mapping"] else None
            try:
                return sent(asked["name"], path, self.dictionary, own=asked["own"], mapping=mapping, limit=asked["limit"] or EXPANDED_MAX,
                            hidden=folder, step=step)  # fmt: skip
            except Refused as wrong:
                raise Refused(told_without(folder, wrong.diagnostics)) from None

    def _laid(self, folder: Path, held: Mapping[str, str]) -> Path:
        """The file under the name it was sent under, by which problems are told."""
        folder.mkdir(exist_ok=True)
        path = folder / Path(held["source"]).name
        shutil.copyfile(proved(self.store, place_of(held["source"], held["sha256"]), held["sha256"]), path)
        return path

    def _tried(self, found: Library) -> dict[str, Any] | None:
        """What would change since the revision that was the newest when it was asked."""
        if not self.arguments["against"]:
            return None
        before = library_of(self.store, self.arguments["name"], self.arguments["against"])
        return changes_json(changes_between(before, in_place(before, found, self.arguments["own"], self.dictionary)))

    def _kept(self, piece: Piece) -> Also:
        """Makes the next revision ready, from the newest there is now; it is written where that is still the newest.

        raises   Refused: what `may_bring` finds, library-no-enterprise where another declares for those enterprises by now, library-merge,
                 library-refused; what it gives: register-moved
        """
        asked, body, files = self.arguments, piece.body, piece.files
        name, own = asked["name"], asked["own"]
        if own is not None and asked["organisation"] and not set(own) <= set(enterprises_of(self.store, asked["organisation"])):
            raise refused("library-no-enterprise")
        organisation = may_bring(self.store, name, own, asked["organisation"])
        newest, before = newest_of(self.store, name)
        if before is not None:
            brought = opened_body(self.store, name, body)
            found = in_place(before, brought, own, self.dictionary)
            if found.hash == before.hash:
                return lambda connection, actor, job: None  # it says what the newest says
            changes = changes_between(before, found)
            if found is not brought:
                files = tuple(put_tables(found, lambda ending, write: put(self.store, "libraries", ending, write)))
            body = body_of(found, files, changes, asked["source"])

        def also(connection: Connection, actor: str, job: str) -> None:
            given = {name: (organisation, {**body, "job": job})}
            keep_within(connection, self.store, REGISTER, given, actor, {name: newest}, files)

        return also
