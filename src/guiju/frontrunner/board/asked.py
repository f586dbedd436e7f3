"""Asked: a board run as the command line and jobs ask for it: a scheme by its file, a library, a day, snapshots."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from guiju.base.diagnostics import Diagnostic, Problems
from guiju.frontrunner.board.boards import boards
from guiju.frontrunner.board.forming import NAME, formed_by
from guiju.frontrunner.board.model import Boards, Library
from guiju.frontrunner.scheme_meaning import Opened, below_national, national_limits, open_scheme
from guiju.ir.snapshot import Snapshot, load_snapshot
from guiju.standard.shelf import Shelf


@dataclass(frozen=True)
class Checked:
    """A scheme that can be used. national: indicator → proved or unknown; warnings: what should be looked at."""

    opened: Opened
    national: dict[str, str]
    warnings: tuple[Diagnostic, ...]


def checked_scheme(shelf: Shelf, path: Path, on: date | None, snapshots: Sequence[Snapshot] = (), *, corrected: bool = False) -> Checked:
    """The scheme in a file, read, held against its standard and against the mandatory limits it names.

    raises   Refused, with every problem
    """
    problems = Problems()
    opened = open_scheme(shelf, path, on, problems, snapshots=snapshots, corrected=corrected)
    problems.refuse_errors()
    assert opened is not None, "what cannot be used is told as an error"
    national = dict(below_national(opened, problems))
    problems.refuse_errors()
    return Checked(opened, national, problems.found)


def read_snapshots(files: Sequence[Path]) -> list[Snapshot]:
    """
    raises   Refused: what is wrong with any of them
    """
    problems = Problems()
    found = [snapshot for file in files if (snapshot := load_snapshot(file, problems)) is not None]
    problems.refuse_errors()
    return found


def run_boards(scheme: Checked, library: Library, snapshots: Sequence[Snapshot] = ()) -> Boards:
    """The boards of a library by a scheme, on the day its standard is read as of, with the form check the scheme asks for.

    raises   Refused: what is wrong with the library
    """
    program, of = scheme.opened.program, scheme.opened.scheme
    limits = national_limits(scheme.opened.shelf, of, program)
    used = [each for each in snapshots if each.hash in {held.hash for held in program.snapshots}]
    form = formed_by(library, of, scheme.opened.shelf.editions(), program.on)
    return boards(program, of, library, program.on, used, form=form, form_name=NAME, limits=limits)
