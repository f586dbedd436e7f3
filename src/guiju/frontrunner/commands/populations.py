"""Populations as the command line names them: a file, or a revision of a library of the store; and R from a result of that store."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from guiju.base.units import Unit
    from guiju.frontrunner.authoring.asked import Bring
    from guiju.frontrunner.authoring.capability import Capability
    from guiju.standard.shelf import Shelf

InStore = Annotated[
    str, typer.Option("--library", metavar="NAME[@REV]", help="仓库里的标准库，代替文件 · a library of the store, in place of a file")
]
Result = Annotated[str, typer.Option("--result", metavar="ID", help="R 取自仓库里的协同试验或验证报告 · R from a study or dossier of the store")]


@dataclass(frozen=True)
class Population:
    """illustrative   whether it is known to be made up
    measured       R by the result that was named; None where none was
    result         what takes R from a result by its identifier; None where no store is open
    """

    shelf: Shelf
    bring: Bring
    illustrative: bool
    measured: Callable[[str, Unit], Capability] | None
    result: Callable[[str], Callable[[str, Unit], Capability]] | None


@contextmanager
def population(
    records: Path | None, mapping: Path | None, sheet: str | None, library: str, place: str, files: Path | None, result: str = ""
) -> Iterator[Population]:
    """The population of a command, as long as it is looked at; the store is opened only where something in it is named."""
    from guiju.base.diagnostics import Diagnostic, Refused
    from guiju.cli.console import refusals
    from guiju.frontrunner.authoring.asked import from_file
    from guiju.frontrunner.authoring.held import named, of_library
    from guiju.frontrunner.authoring.measured import limit_kept
    from guiju.frontrunner.authoring.tray import folder
    from guiju.standard.shelf import Shelf

    with ExitStack() as stack:
        with refusals():
            if (records is None) == (not library):
                raise Refused([Diagnostic("authoring-one-population", None, {})])
            store: Any = stack.enter_context(opened(place, files)) if library or result else None
            held = named(store, library) if library else None
        bring = of_library(store, held, Path(stack.enter_context(folder()))) if held else from_file(records, mapping, sheet)  # type: ignore[arg-type]
        by_id = None if store is None else lambda id_: partial(limit_kept, store, id_)
        yield Population(Shelf(), bring, held is not None and held.illustrative, by_id(result) if by_id and result else None, by_id)


@contextmanager
def populations(
    records: Sequence[Path], mapping: Path | None, library: str, every: bool, place: str, files: Path | None
) -> Iterator[tuple[list[tuple[str, Bring]], bool]]:
    """(name, what reads it) of files in their order, or of a library, alone or with the revisions before it; and whether it is made up.

    raises   Refused: authoring-one-population, library-unknown, library-revision
    """
    from guiju.base.diagnostics import Diagnostic, Refused
    from guiju.frontrunner.authoring.asked import from_file
    from guiju.frontrunner.authoring.held import every_revision, named, of_library
    from guiju.frontrunner.authoring.tray import folder

    if bool(records) == bool(library):
        raise Refused([Diagnostic("authoring-one-population", None, {})])
    if records:
        yield [(each.name, from_file(each, mapping)) for each in records], False
        return
    with opened(place, files) as store, folder() as name:
        held = every_revision(store, library) if every else [named(store, library)]
        brings = []
        for at, each in enumerate(held):
            inner = Path(name) / str(at)
            inner.mkdir()
            brings.append((each.word, of_library(store, each, inner)))
        yield brings, held[-1].illustrative


@contextmanager
def opened(place: str, files: Path | None) -> Iterator[Any]:
    """A store of today, closed at the end.

    raises   Refused: what `require_current` finds
    """
    from guiju.store.database import store_at
    from guiju.store.migrate import require_current

    store = store_at(place, files)
    try:
        require_current(store)
        yield store
    finally:
        store.close()
