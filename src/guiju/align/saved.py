"""Saved: a document written to the file asked for, in the form its name says."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from guiju.base.diagnostics import Diagnostic, Refused
from guiju.report import written
from guiju.report.tree import Report

OFFICE = (".pdf", ".docx", ".xlsx")
FORMS = {".md": "markdown", ".html": "html", ".htm": "html"}


def save(path: Path, make: Callable[[str], str], report: Callable[[], Report]) -> None:
    """Writes what `make` gives for 'markdown' or 'html', or the report as PDF, DOCX or XLSX.

    raises   Refused: document-form, file-unwritable, what the form of a report cannot hold
    """
    form = FORMS.get(path.suffix.lower())
    if form is None and path.suffix.lower() in OFFICE:
        written.save(report(), path, overwrite=True)
        return
    if form is None:
        raise Refused([Diagnostic("document-form", None, {"file": str(path)})])
    text = make(form)
    try:
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise Refused([Diagnostic("file-unwritable", None, {"file": str(path), "reason": error.strerror or str(error)})]) from None
