"""Opened: the tables of a library from a workbook with sheets, or from a folder or a zip of files; each read by the records kit."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from guiju.base.diagnostics import Diagnostic, Problems, Refused, told_without
from guiju.frontrunner.library.columns import TABLES, table_of
from guiju.records.packed import EXPANDED_MAX, refuse_bomb
from guiju.records.read import SUFFIXES, read_table
from guiju.records.source import Progress, Source
from guiju.records.workbook import sheet_names

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MEMBERS_MAX = 100
MAPPING = "mapping.yaml"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a table lies: a file, and its sheet where it is a workbook with several."""

    path: Path
    sheet: str | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """sources    table name → as found, in the relation `found <table>` of the connection
    mapping       the mapping file that lies beside the tables
    """

    sources: dict[str, Source]
    mapping: Path | None


@contextmanager
def laid_out(path: Path, limit: int = EXPANDED_MAX) -> Iterator[tuple[Path, str]]:
    """The library as a folder or workbook that can be read, for as long as it is; and the folder that nobody need hear of.

    limit    bytes that a zip or workbook may unpack to
    raises   Refused: file-missing, archive-bomb, library-archive, library-members
    """
    if not path.exists():
        raise Refused([Diagnostic("file-missing", None, {"file": str(path)})])
    if path.is_dir() or path.suffix.lower() != ".zip":
        if path.is_file():
            refuse_bomb(path, limit)
        yield path, ""
        return
    refuse_bomb(path, limit)
    with TemporaryDirectory(prefix="guiju-library-") as folder:
        _unpack(path, Path(folder))
        try:
            yield Path(folder), folder
        except Refused as refused:
            raise Refused(told_without(folder, refused.diagnostics)) from None


def _unpack(path: Path, folder: Path) -> None:
    """The tables of a zip under their last names: where a name leads is never followed."""
    try:
        with zipfile.ZipFile(path) as parts:
            members = [each for each in parts.infolist() if not each.is_dir()]
            if len(members) > MEMBERS_MAX:
                raise Refused([Diagnostic("library-members", None, {"file": path.name, "found": str(len(members)), "limit": str(MEMBERS_MAX)})])
            for each in members:
                name = re.split(r"[/\\]", each.filename)[-1]
                if not name or name.startswith("."):
                    continue
                with parts.open(each) as content, (folder / name).open("wb") as out:
                    while chunk := content.read(1 << 20):
                        out.write(chunk)
                refuse_bomb(folder / name)
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile, RuntimeError, NotImplementedError, ValueError) as error:
        raise Refused([Diagnostic("library-archive", None, {"file": path.name, "reason": str(error) or type(error).__name__})]) from None


def open_tables(path: Path, connection: DuckDBPyConnection, progress: Progress | None = None, step: Callable[[], None] = lambda: None) -> Opened:
    """Reads every table there is.

    path     a folder or a workbook, or one file, which is then the products
    step     told after each table
    raises   Refused: library-empty, library-table-twice, library-table-missing, and what `read_table` finds, of all tables together
    """
    problems = Problems()
    places = _places(path, problems)
    sources: dict[str, Source] = {}
    for name, place in places.items():
        try:
            sources[name] = read_table(place.path, connection, f"found {name}", sheet=place.sheet, progress=progress)
        except Refused as refused:
            problems.extend(refused.diagnostics)
        step()
    missing = [each for each in TABLES[:3] if each.name not in places]
    for each in missing if not problems.has_errors else ():
        problems.add("library-table-missing", None, zh=each.title.zh, en=each.title.en, file=path.name)
    problems.refuse_errors()
    beside = path / MAPPING if path.is_dir() else path.with_name(f"{path.stem}.{MAPPING}")
    return Opened(sources, beside if beside.is_file() else None)


def _places(path: Path, problems: Problems) -> dict[str, Place]:
    """Name of a table → where it lies."""
    named: list[tuple[str, Place]] = []
    for file in sorted(each for each in path.iterdir() if each.is_file()) if path.is_dir() else [path]:
        kind = next((kind for ending, kind in SUFFIXES.items() if file.name.lower().endswith(ending)), None)
        if kind == "workbook":
            named += [(sheet, Place(file, sheet)) for sheet in sheet_names(file)]
        elif kind is not None:
            named.append((file.name.partition(".")[0], Place(file)))
    places: dict[str, Place] = {}
    for word, place in named:
        table = table_of(word)
        if table is None:
            problems.add("library-table-unknown", None, name=word)
        elif table.name in places:
            problems.add("library-table-twice", None, zh=table.title.zh, en=table.title.en, first=_shown(places[table.name]), second=_shown(place))
        else:
            places[table.name] = place
    if not places:
        problems.add("library-empty", None, file=path.name)
    problems.refuse_errors()
    return places


def _shown(place: Place) -> str:
    return f"{place.path.name} [{place.sheet}]" if place.sheet else place.path.name
