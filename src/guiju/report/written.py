"""Written: a report in the form the ending of a file names; the file appears whole or not at all."""

from __future__ import annotations

import importlib
import secrets
from pathlib import Path

from guiju.base.diagnostics import Diagnostic, Refused
from guiju.records.write import put
from guiju.report.legible import identity, legible_report
from guiju.report.tree import Report

FORMS = {".pdf": "pdf", ".docx": "docx", ".html": "html", ".htm": "html", ".xlsx": "xlsx", ".md": "markdown"}
"""Ending of a file → the module that writes it; a module is imported when it is asked for."""


def form_of(path: Path) -> str:
    """The form the ending of a file names.

    raises   Refused: report-format
    """
    form = FORMS.get(path.suffix.lower())
    if form is None:
        raise Refused([Diagnostic("report-format", None, {"file": str(path), "known": " ".join(FORMS)})])
    return form


def content(report: Report, form: str) -> bytes:
    """The report as `pdf`, `docx`, `html`, `xlsx` or `markdown`: the same report gives the same bytes.

    raises   Refused: what the form cannot hold
    """
    held = legible_report(report)
    made: str | bytes = importlib.import_module(f"guiju.report.{form}").document(held, identity(held))
    return made.encode("utf-8") if isinstance(made, str) else made


def ready(path: Path, overwrite: bool) -> None:
    """Nothing where the file can be written; asked before the work is done.

    raises   Refused: report-format, folder-missing, file-exists
    """
    form_of(path)
    ready_at(path, overwrite)


def ready_at(path: Path, overwrite: bool) -> None:
    """Nothing where a file can be put there, whatever its form.

    raises   Refused: folder-missing, file-exists
    """
    if not path.parent.is_dir():
        raise Refused([Diagnostic("folder-missing", None, {"folder": str(path.parent)})])
    if path.exists() and not overwrite:
        raise Refused([Diagnostic("file-exists", None, {"file": str(path)})])


def save(report: Report, path: Path, *, overwrite: bool = False) -> None:
    """Writes the report to the file in the form its ending names.

    raises   Refused: report-format, folder-missing, file-exists, file-unwritable, what the form cannot hold
    """
    ready(path, overwrite)
    write_whole(content(report, form_of(path)), path, overwrite)


def write_whole(made: bytes, path: Path, overwrite: bool) -> None:
    """The file appears whole or not at all.

    raises   Refused: file-exists, file-unwritable
    """
    partial = path.with_name(f".{path.name}.{secrets.token_hex(4)}.partial")
    try:
        partial.write_bytes(made)
        put(partial, path, overwrite)
    except OSError as error:
        raise Refused([Diagnostic("file-unwritable", None, {"file": str(path), "reason": error.strerror or str(error)})]) from None
    finally:
        partial.unlink(missing_ok=True)
