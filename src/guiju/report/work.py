"""Reports as long work: a set of records judged by editions of the store, told as documents that come out the same whenever they are made again.

arguments   on, corrected, mapping: as of an evaluation; language: zh or en; forms: endings such as `pdf docx xlsx html md`, with spaces
            between; listed: how many records are told one by one, per standard
body        the report's title and identity, the sha256 of each form, counts of the whole per standard
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from guiju.base.diagnostics import Language
from guiju.records.bulk import Batch, counts, judged
from guiju.report.judged import LISTED_MAX, judged_report
from guiju.report.legible import identity, legible_report
from guiju.report.tree import Report
from guiju.report.written import FORMS, content
from guiju.store.database import Store
from guiju.store.files import Kept, proved
from guiju.store.kinds.evaluation import ARGUMENTS, Opened, opened
from guiju.store.kinds.work import Piece, Put, cited, counted, refused
from guiju.store.results import Outcome, Request

DEFAULT_FORMS = "html pdf"
TOLD = {"language": str, "forms": str}
LISTED_AT_MOST = 10_000


@contextmanager
def report(store: Store, request: Request) -> Iterator[Reporting]:
    counted(request, 1, 20, records=True)
    with opened(store, request, {**ARGUMENTS, **TOLD, "listed": int}) as found, tempfile.TemporaryDirectory(prefix="guiju-report-") as folder:
        forms_of(found.arguments)
        language_of(found.arguments)
        if not 0 <= (found.arguments["listed"] or 0) <= LISTED_AT_MOST:
            raise refused("report-listed", found=found.arguments["listed"], most=LISTED_AT_MOST)
        file = _under_its_name(proved(store, found.records.file, found.records.sha256), Path(folder), found.records.name)
        yield Reporting(found, file)


def forms_of(arguments: Mapping[str, Any]) -> list[str]:
    """The forms that are asked for, as endings.

    raises   Refused: report-format
    """
    asked = list(dict.fromkeys(f".{word.lower().lstrip('.')}" for word in (arguments["forms"] or DEFAULT_FORMS).split()))
    for each in asked:
        if each not in FORMS:
            raise refused("report-format", file=each, known=" ".join(FORMS))
    return asked


def language_of(arguments: Mapping[str, Any]) -> Language:
    """
    raises   Refused: report-language
    """
    if arguments["language"] not in (None, "zh", "en"):
        raise refused("report-language", text=arguments["language"])
    return "en" if arguments["language"] == "en" else "zh"


def _under_its_name(file: Path, folder: Path, name: str) -> Path:
    """The file of a set as its name calls it: a report cites files by their names."""
    called = "".join("_" if c in "/\\:" or not c.isprintable() else c for c in name)[:80].strip(". ")
    place = folder / f"{called or 'records'}{file.suffix}"
    try:
        os.link(file, place)
    except OSError:  # another disk
        shutil.copyfile(file, place)
    return place


def put_forms(made: Report, forms: Sequence[str], put: Put) -> dict[str, Kept]:
    """Ending → the file kept.

    raises   Refused: what a form cannot hold
    """
    return {ending: put(ending, lambda to, form=FORMS[ending]: to.write_bytes(content(made, form))) for ending in forms}  # type: ignore[misc]


def told_of(made: Report, files: Mapping[str, Kept]) -> dict[str, Any]:
    """What a result says of a report that lies beside it."""
    held = legible_report(made)
    return {"title": held.title, "identity": identity(held), "language": held.language, "forms": {form: kept.sha256 for form, kept in files.items()}}


@dataclass(frozen=True)
class Reporting:
    """One piece: a report is only whole once all records are judged."""

    opened: Opened
    file: Path

    pieces = 1

    @property
    def total(self) -> int:
        return self.opened.source.rows

    def piece(self, number: int, put: Put) -> Piece:
        o = self.opened
        source = replace(o.source, path=self.file)
        batch = Batch(o.connection, source, o.mapping, None, judged(o.connection, source, o.mapping, o.programs))
        listed = o.arguments["listed"]
        made = judged_report(batch, language_of(o.arguments), LISTED_MAX if listed is None else listed)
        files = put_forms(made, forms_of(o.arguments), put)
        standards = [
            {"number": each.program.standard.number,
             "verdicts": {no: {v.value: n for v, n in tally.items()} for no, tally in counts(batch, each).items()}}
            for each in batch.judged
        ]  # fmt: skip
        return Piece({**told_of(made, files), "rows": self.total, "standards": standards}, self.total, tuple(files.values()))

    def whole(self, pieces: Sequence[Piece]) -> Outcome:
        return Outcome(cited(self.opened.programs), self.opened.records.sha256, pieces[0].body, pieces[0].files)
