"""Dossiers and studies as long work, kept and made again: a standard verified, a study or a round analysed, told as documents beside.

dossier     of one edition, with a set of records where there are products
  arguments  on, corrected, mapping, treat_as: as of an evaluation; studies: name → text of a study file; files: name → text of what they name,
             workbooks as `data:;base64,…`; criteria: text; steps: the solver's budget for each question; language, forms: as of a report
  body       what the report says of itself, and the twin for machines, its doubles as texts
study       of a set of records, which are the results
  arguments  topic: precision or proficiency; asked: what the address of the page of that topic asks; illustrative: made-up results; on, language,
             forms: as of a report; without `on` the day is that on which the set was kept
  body       what the report says of itself, and every figure unrounded, as texts
"""

from __future__ import annotations

import base64
import binascii
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from guiju.base.diagnostics import Problems, Refused, told_without
from guiju.ir.program import Program
from guiju.report.work import TOLD, forms_of, language_of, put_forms, told_of
from guiju.standard.shelf import Shelf
from guiju.store.database import Store
from guiju.store.editions import edition_named, opened_shelf, program_of
from guiju.store.files import proved
from guiju.store.kinds.work import Piece, Put, cited, counted, day, refused, taken
from guiju.store.results import Outcome, Request
from guiju.store.sets import RecordSet, record_set_of
from guiju.verify.chart import Chart
from guiju.verify.dossier.assembled import Given, twin, verify_standard
from guiju.verify.dossier.bound import read_bound
from guiju.verify.dossier.report import dossier_report
from guiju.verify.given import Given as Address
from guiju.verify.outcome import Outcome as Found
from guiju.verify.outcome import finite, report
from guiju.verify.round_asked import round_outcome
from guiju.verify.study_asked import study_outcome
from guiju.verify.told import Table
from guiju.verify.tray import Brought, refuse_large

OF_DOSSIER = {"on": str, "corrected": bool, "mapping": str, "treat_as": dict, "studies": dict, "files": dict, "criteria": str, "steps": int, **TOLD}
OF_STUDY = {"topic": str, "asked": str, "illustrative": bool, "on": str, **TOLD}
TOPICS = {"precision": study_outcome, "proficiency": round_outcome}
STEPS, SECONDS = 1_000_000, 3600.0
"""What one question may cost: steps end it, not the clock, or the answer would hang on the machine."""
PACKED = "data:;base64,"
"""Begins the text of a file that is none."""


# dossiers


@contextmanager
def dossier(store: Store, request: Request) -> Iterator[OfStandard]:
    """The work of a request for a dossier, with its files laid out for as long as it lasts.

    raises   Refused: what is wrong in the request, with the files it brings or with those of the store
    """
    arguments = taken(request, OF_DOSSIER)
    counted(request, 1, 1, records=request.records is not None)
    forms_of(arguments)
    language_of(arguments)
    held = edition_named(store, request.editions[0])
    program, _ = program_of(store, held, day(arguments), corrected=bool(arguments["corrected"]))
    with opened_shelf(store, held) as (shelf, path), tempfile.TemporaryDirectory(prefix="guiju-dossier-") as name:
        folder = Path(name)
        try:
            studies = _laid(folder, arguments)
            records = record_set_of(store, request.records) if request.records is not None else None
            mapping, criteria = arguments["mapping"] or (records.mapping if records else None), arguments["criteria"]
            given = Given(
                str(path), studies, (_records(store, records, folder),) if records else (),
                (_text(folder, "mapping.yaml", mapping),) if records and mapping else (),
                _text(folder, "criteria.yaml", criteria) if criteria else None, day(arguments), bool(arguments["corrected"]),
                arguments["treat_as"] or {}, arguments["steps"] or STEPS, SECONDS,
            )  # fmt: skip
            for each in studies:  # what is wrong with a study is said at once, not after all else is computed
                read_bound(each, shelf.dictionary)
            yield OfStandard(shelf, program, given, records, arguments)
        except Refused as found:
            raise Refused(told_without(str(folder), found.diagnostics)) from None


def _laid(folder: Path, arguments: Mapping[str, Any]) -> tuple[Path, ...]:
    """Study files and what they name, in a folder of their own; gives the study files.

    raises   Refused: work-file-name, work-file-text, verify-too-large; argument-wrong
    """
    inner = folder / "studies"
    inner.mkdir()
    problems, made = Problems(), []
    for kind in ("files", "studies"):
        for name, text in (arguments[kind] or {}).items():
            if not name.strip(". ") or Path(name).name != name or "\\" in name or (inner / name).exists():
                problems.add("work-file-name", None, name=name)
                continue
            try:
                content = base64.b64decode(text.removeprefix(PACKED), validate=True) if text.startswith(PACKED) else text.encode("utf-8")
            except (binascii.Error, AttributeError, UnicodeEncodeError):
                problems.add("work-file-text", None, name=name)
                continue
            refuse_large(content)
            (inner / name).write_bytes(content)
            made += [inner / name] if kind == "studies" else []
    problems.refuse_errors()
    return tuple(made)


def _text(folder: Path, name: str, text: str) -> Path:
    (folder / name).write_text(text, encoding="utf-8", newline="\n")
    return folder / name


def _records(store: Store, held: RecordSet, folder: Path) -> Path:
    """The file of a set, by the name its owner knows it by: a dossier cites files by their names."""
    found = proved(store, held.file, held.sha256)
    called = "".join("_" if c in "/\\:" or not c.isprintable() else c for c in held.name)[:80].strip(". ") or "records"
    place = folder / f"{called}{found.suffix}"
    place.symlink_to(found.resolve())
    return place


@dataclass(frozen=True)
class OfStandard:
    """One piece: conclusions follow from all evidence together."""

    shelf: Shelf
    program: Program
    given: Given
    records: RecordSet | None
    arguments: Mapping[str, Any]

    pieces = 1
    total = 1

    def piece(self, number: int, put: Put) -> Piece:
        made, said = verify_standard(self.shelf, self.given)
        told = dossier_report(made, language_of(self.arguments))
        files = put_forms(told, forms_of(self.arguments), put)
        remarks = [each.as_json() for each in said]
        body = {**told_of(told, files), "illustrative": made.illustrative, "remarks": remarks, "twin": exact(twin(made))}
        return Piece(body, 1, tuple(files.values()))

    def whole(self, pieces: Sequence[Piece]) -> Outcome:
        return Outcome(cited([self.program]), self.records.sha256 if self.records else None, pieces[0].body, pieces[0].files)


# studies


@contextmanager
def study(store: Store, request: Request) -> Iterator[OfResults]:
    arguments = taken(request, OF_STUDY)
    counted(request, 0, 0, records=True)
    forms_of(arguments)
    language_of(arguments)
    topic = arguments["topic"] or "precision"
    if topic not in TOPICS:
        raise refused("unknown-word", word=topic, known=", ".join(TOPICS))
    held = record_set_of(store, request.records or "")
    path = proved(store, held.file, held.sha256)
    refuse_large(path.read_bytes())
    yield OfResults(path, held, topic, arguments)


@dataclass(frozen=True)
class OfResults:
    """One piece: statistics are of all results together."""

    path: Path
    records: RecordSet
    topic: str
    arguments: Mapping[str, Any]

    pieces = 1
    total = 1

    def found(self) -> Found:
        """
        raises   Refused: what is wrong in what is asked, and with the results
        """
        language = language_of(self.arguments)
        address = Address(parse_qsl(self.arguments["asked"] or "", keep_blank_values=True), language)
        table = Brought(f"{self.records.name[:80]}{self.path.suffix}".replace("/", "_"), self.path.read_bytes(), ("kept", self.records.id),
                        bool(self.arguments["illustrative"]))  # fmt: skip
        return TOPICS[self.topic](address, table)

    def piece(self, number: int, put: Put) -> Piece:
        found = self.found()
        on: date = day(self.arguments) or self.records.created_at.date()
        told = report(found, language_of(self.arguments), on)
        files = put_forms(told, forms_of(self.arguments), put)
        blocks = [block for part in found.parts for block in part.blocks if not isinstance(block, Chart)]
        body = {
            **told_of(told, files), "topic": self.topic, "illustrative": found.illustrative, "figures": exact(finite(found.plain)),
            "remarks": [each.as_json() for each in found.diagnostics],
            "tables": [{"title": b.title, "header": list(b.header), "rows": [list(row) for row in b.rows], "right": list(b.right)}
                       for b in blocks if isinstance(b, Table) and b.rows],
            "notes": [b.title if isinstance(b, Table) else b for b in blocks if not isinstance(b, Table) or not b.rows],
        }  # fmt: skip
        return Piece(body, 1, tuple(files.values()))

    def whole(self, pieces: Sequence[Piece]) -> Outcome:
        return Outcome((), self.records.sha256, pieces[0].body, pieces[0].files)


def exact(value: Any) -> Any:
    """Plain values with their doubles as the shortest texts that read back to the same double: what is hashed and kept holds none."""
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, Mapping):
        return {str(name): exact(each) for name, each in value.items()}
    return [exact(each) for each in value] if isinstance(value, list | tuple) else value
