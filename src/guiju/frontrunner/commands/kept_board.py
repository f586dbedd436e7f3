"""What `guiju frontrunner board … --keep` does: boards of a library in the store, as a result of the store."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from guiju.base.diagnostics import Problems
from guiju.cli.console import Exit, refusals
from guiju.frontrunner.board.asked import read_snapshots
from guiju.frontrunner.library.kept import revisions
from guiju.frontrunner.scheme import load_scheme, located_scheme
from guiju.standard.shelf import Shelf
from guiju.store.commands import known_kinds
from guiju.store.database import store_at
from guiju.store.migrate import require_current
from guiju.store.printed import run_request
from guiju.store.results import Request


def keep_boards(
    word: str, library: str, *, on: str | None, snapshots: Sequence[Path], rows: int, as_json: bool, place: str, files: Path | None
) -> Exit:  # fmt: skip
    """Runs the boards of the newest revision of a library as a job of the store, at once; prints the job and its result.

    raises   typer.Exit: 2 where the scheme, the library or the store is not as it must be
    """
    with refusals():
        path, problems = located_scheme(Shelf(), word), Problems()
        scheme = load_scheme(path, problems)
        problems.refuse_errors()
        assert scheme is not None, "it was read"
        read_snapshots(snapshots)
        store = store_at(place, files)
        try:
            revision = max(each.revision for each in revisions(require_current(store), library))
        finally:
            store.close()
    asked = {"scheme": path.read_text(encoding="utf-8"), "library": library, "revision": revision, "on": on, "rows": rows,
             "snapshots": {each.name: each.read_text(encoding="utf-8") for each in snapshots}}  # fmt: skip
    request = Request("board", (scheme.standard,), arguments={name: value for name, value in asked.items() if value not in (None, {})})
    return run_request(place, files, known_kinds(), request, None, True, as_json)
