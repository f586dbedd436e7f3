"""Saved: a document written to the file asked for, in the form its name says."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from guiju.base.diagnostics import Diagnostic, Refused

FORMS = {".md": "markdown", ".html": "html", ".htm": "html"}


def save(path: Path, make: Callable[[str], str]) -> None:
    """Writes what `make` gives for 'markdown' or 'html'.

    raises   Refused: document-form, file-unwritable
    """
    form = FORMS.get(path.suffix.lower())
    if form is None:
        raise Refused([Diagnostic("document-form", None, {"file": str(path)})])
    text = make(form)
    try:
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise Refused([Diagnostic("file-unwritable", None, {"file": str(path), "reason": error.strerror or str(error)})]) from None
