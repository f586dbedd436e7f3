"""Kept: a dossier as a file, in the form its ending names: a document, or the twin for machines. The same dossier gives the same bytes."""

from __future__ import annotations

import json
from pathlib import Path

from guiju.base.diagnostics import Diagnostic, Language, Refused
from guiju.report.written import FORMS, content, form_of, ready, ready_at, write_whole
from guiju.verify.dossier.assembled import twin
from guiju.verify.dossier.evidence import Dossier
from guiju.verify.dossier.report import dossier_report

TWIN = ".json"


def dossier_bytes(dossier: Dossier, ending: str, language: Language) -> bytes:
    """The dossier as `.pdf`, `.docx`, `.html`, `.xlsx`, `.md` or `.json`.

    raises   Refused: report-format, what the form cannot hold
    """
    if ending.lower() == TWIN:
        return (json.dumps(twin(dossier), ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode("utf-8")
    return content(dossier_report(dossier, language), form_of(Path(f"dossier{ending}")))


def ready_for(path: Path, overwrite: bool) -> None:
    """Nothing where the file can be written; asked before the work is done.

    raises   Refused: report-format, folder-missing, file-exists
    """
    if path.suffix.lower() != TWIN:
        if path.suffix.lower() not in FORMS:
            raise Refused([Diagnostic("report-format", None, {"file": str(path), "known": " ".join([*FORMS, TWIN])})])
        ready(path, overwrite)
    else:
        ready_at(path, overwrite)


def save_dossier(dossier: Dossier, path: Path, language: Language, *, overwrite: bool = False) -> None:
    """Writes the dossier; the file appears whole or not at all.

    raises   Refused: what `ready_for` refuses, file-unwritable
    """
    ready_for(path, overwrite)
    write_whole(dossier_bytes(dossier, path.suffix, language), path, overwrite)
