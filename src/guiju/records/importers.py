"""Importers: three public sets of cars as tables whose columns are named for the properties they hold, each with its mapping.

A value as published keeps its number and its unit. What is computed from others stands in a column of its own and says how; what no column
of the set says is a constant of the mapping, with the reason above it, to be read and changed. Every row is kept, or counted under the
reason why it is not.
"""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from guiju.base.diagnostics import Diagnostic, Problems
from guiju.base.units import parse_unit
from guiju.records.mapping import Entry, Mapping, mapping_yaml
from guiju.records.read import read_table
from guiju.records.source import Source, identifier, literal
from guiju.records.source import replace as replace_table
from guiju.records.write import write_table
from guiju.standard.model import Title
from guiju.standard.shape import did_you_mean

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

CHARGING_LOSS = "1.10"
"""Electricity from the mains over electricity from the battery, where only the battery's is known. Assumed: no source gives it per car."""
MASS_ASSUMED = "3500 kg"


@dataclass(frozen=True, slots=True)
class Importer:
    """A public set: its terms, the columns it must have, and what becomes of them.

    needed      columns without which the set is not the one meant
    computed    column made → SQL over the columns found, all of them text
    kept        columns carried over under their own names
    numbers     columns made or kept that hold numbers
    entries     property → where it is found, and the remark above it
    notes       what a reader must know of the set
    """

    name: str
    title: Title
    licence: str
    attribution: str
    needed: tuple[str, ...]
    computed: AnyMapping[str, str]
    kept: tuple[str, ...]
    numbers: tuple[str, ...]
    entries: AnyMapping[str, tuple[Entry, str]]
    notes: tuple[Title, ...]
    identity: str = "id"
    drops_duplicates: bool = False
    unknown_words: tuple[str, str] | None = None
    """(column found, column made): words of the first for which the second is empty are reported."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a file: rows_in = rows_out + all dropped.

    table        `row`, then the columns; numbers are DOUBLE or DECIMAL where every cell is one
    dropped      reason → rows
    mapping_yaml the mapping of this table, with its remarks
    notes        the importer's, and what was found in this file
    """

    importer: Importer
    table: str
    rows_in: int
    rows_out: int
    dropped: AnyMapping[str, int]
    mapping_yaml: str
    notes: tuple[Title, ...]
    diagnostics: tuple[Diagnostic, ...]


def run(name: str, source: Path, connection: DuckDBPyConnection, into: str) -> Imported:
    """The file of a public set as the table `into` of the connection, with its mapping.

    name     of IMPORTERS
    source   the set's CSV (also .gz) or Parquet file
    raises   Refused: importer-unknown, import-columns-missing, and what `read_table` finds
    """
    problems = Problems()
    importer = IMPORTERS.get(name)
    if importer is None:
        problems.add("importer-unknown", None, name=name, known=", ".join(IMPORTERS), **did_you_mean(name, IMPORTERS))
        problems.refuse_errors()
    assert importer is not None, "refused above"
    found = read_table(source, connection, f"{into}_found")
    _check_columns(importer, found, problems)
    problems.refuse_errors()
    problems.extend(found.diagnostics)
    dropped = _make(connection, importer, found, into)
    for column in importer.numbers:
        _typed(connection, into, column)
    replace_table(connection, found.table)
    ((rows_out,),) = connection.execute(f"SELECT count(*) FROM {identifier(into)}").fetchall()
    assert found.rows == rows_out + sum(dropped.values()), "a row was lost without being counted"
    words = _unknown_words(connection, importer, into)
    if words:
        problems.add("import-words-unknown", None, column=importer.unknown_words and importer.unknown_words[0], words=words)
    notes = (*importer.notes, *_counted(dropped))
    text = _mapping_text(importer, _entries(connection, importer, into), notes)
    return Imported(importer, into, found.rows, int(rows_out), dropped, text, notes, problems.found)


def save(connection: DuckDBPyConnection, imported: Imported, path: Path, *, overwrite: bool = False) -> Path:
    """Writes the records to the file, in the format its ending names, and the mapping beside it; gives the mapping's path.

    raises   Refused: what `write_table` finds
    """
    columns = ", ".join(identifier(column) for column in _columns_of(connection, imported.table) if column != "row")
    write_table(connection, f"SELECT {columns} FROM {identifier(imported.table)} ORDER BY row", path, overwrite=overwrite)
    beside = path.with_name(f"{path.name.removesuffix('.gz').rpartition('.')[0]}.mapping.yaml")
    beside.write_text(imported.mapping_yaml, encoding="utf-8")
    return beside


def _check_columns(importer: Importer, found: Source, problems: Problems) -> None:
    names = [column.name for column in found.columns]
    missing = [column for column in importer.needed if column not in names]
    if missing:
        near = {column: did_you_mean(column, names).get("hint_en", "") for column in missing}
        said = ", ".join(column + (f" ({hint.removesuffix('?')})" if (hint := near[column]) else "") for column in missing)
        facts = {"zh": importer.title.zh, "en": importer.title.en, "columns": said, "found": ", ".join(names[:12]) + (" …" if len(names) > 12 else "")}
        problems.add("import-columns-missing", None, file=found.path, **facts)
    taken = {*importer.needed, *importer.kept}
    left = [name for name in names if name not in taken]
    if left and not missing:
        problems.add("import-columns-left", None, count=len(left), columns=", ".join(left))


def _make(connection: DuckDBPyConnection, importer: Importer, found: Source, into: str) -> dict[str, int]:
    """Creates the table; gives how many rows were dropped, by reason."""
    at = {column.name: identifier(column.at) for column in found.columns}
    absent = [column for column in importer.kept if column not in at]
    cells = [f"CAST({place} AS VARCHAR) AS {identifier(name)}" for name, place in at.items()]
    cells += [f"CAST(NULL AS VARCHAR) AS {identifier(name)}" for name in absent]
    rows = f"(SELECT row AS {identifier('row')}, {', '.join(cells)} FROM {identifier(found.table)})"
    if importer.drops_duplicates:
        same = ", ".join(identifier(name) for name in at if name != importer.identity)
        rows = f"(SELECT * FROM {rows} QUALIFY row_number() OVER (PARTITION BY {same} ORDER BY row) = 1)"
    made = ", ".join(f"{sql} AS {identifier(column)}" for column, sql in importer.computed.items())
    kept = ", ".join(identifier(column) for column in importer.kept)
    replace_table(connection, into)
    connection.execute(
        f"CREATE TABLE {identifier(into)} AS SELECT CAST(row_number() OVER (ORDER BY row) AS BIGINT) AS row, {kept}, {made} FROM {rows} ORDER BY row"
    )
    ((rows_out,),) = connection.execute(f"SELECT count(*) FROM {identifier(into)}").fetchall()
    return {"exact-duplicate": found.rows - int(rows_out)} if importer.drops_duplicates else {}


def _typed(connection: DuckDBPyConnection, table: str, column: str) -> None:
    """Makes a column of texts one of numbers, where every text in it is one; otherwise the door must see the texts."""
    cell = identifier(column)
    kinds = connection.execute(f"SELECT typeof({cell}) FROM {identifier(table)} LIMIT 1").fetchall()
    if not kinds or kinds[0][0] != "VARCHAR":
        return
    query = f"SELECT count(*) FROM {identifier(table)} WHERE {cell} IS NOT NULL AND TRY_CAST({cell} AS DOUBLE) IS NULL"
    ((odd,),) = connection.execute(query).fetchall()
    if not odd:
        connection.execute(f"ALTER TABLE {identifier(table)} ALTER {cell} TYPE DOUBLE")


def _unknown_words(connection: DuckDBPyConnection, importer: Importer, table: str) -> str:
    if importer.unknown_words is None:
        return ""
    read, made = (identifier(column) for column in importer.unknown_words)
    query = f"SELECT DISTINCT {read} FROM {identifier(table)} WHERE {read} IS NOT NULL AND {made} IS NULL ORDER BY 1 LIMIT 12"
    return ", ".join(word for (word,) in connection.execute(query).fetchall())


def _entries(connection: DuckDBPyConnection, importer: Importer, table: str) -> dict[str, tuple[Entry, str]]:
    """The entries that serve this file: an assumption that the file's own figures contradict is not made, the column is taken instead."""
    entries = dict(importer.entries)
    mass, column = "vehicle.mass.max_design", "vehicle.mass.max_design (kg)"
    if mass in entries and entries[mass][0].constant is not None:
        heavy = f"SELECT count(*) FROM {identifier(table)} WHERE TRY_CAST({identifier(column)} AS DOUBLE) > 3500"
        if connection.execute(heavy).fetchall()[0][0]:
            entries[mass] = (Entry(column=column, unit=parse_unit("kg"), is_=mass), "所列总质量有超过 3500 kg 的，不再假设 · some are above 3500 kg: nothing is assumed")
    return entries


def _mapping_text(importer: Importer, entries: AnyMapping[str, tuple[Entry, str]], notes: Sequence[Title]) -> str:
    head = [importer.title.zh, importer.title.en, f"许可 licence: {importer.licence}", f"署名 attribution: {importer.attribution}"]
    head += [f"- {note.zh} · {note.en}" for note in notes]
    mapping = Mapping({name: entry for name, (entry, _) in entries.items()}, importer.identity)
    remarks = {name: remark for name, (_, remark) in entries.items()}
    return "".join(f"# {' '.join(line.split())}\n" for line in head) + mapping_yaml(mapping, remarks)


def _counted(dropped: AnyMapping[str, int]) -> list[Title]:
    return [Title(f"去掉 {rows} 行：{reason}", f"{rows} rows dropped: {reason}") for reason, rows in dropped.items() if rows]


def _columns_of(connection: DuckDBPyConnection, table: str) -> list[str]:
    return [name for name, *_ in connection.execute(f"DESCRIBE {identifier(table)}").fetchall()]


# SQL of what is computed.


def exact_quotient(numerator: str, times: str, denominator: str) -> str:
    """SQL of numerator × times ÷ denominator, cut after 6 decimals; a seventh digit 1 tells that digits were cut.

    With it GB/T 8170, applied once at the door, meets a tie only where the quotient is one. NULL where a text is no number, or zero divides.
    """
    n = f"CAST(TRY_CAST({numerator} AS DECIMAL(18, 4)) * {times} * 1000000 AS DECIMAL(38, 6))"
    scaled = f"CAST({n} * 1000000 AS HUGEINT)"
    d = f"CAST(TRY_CAST({denominator} AS DECIMAL(18, 6)) * 1000000 AS HUGEINT)"
    cut = f"CASE WHEN ({scaled}) % ({d}) = 0 THEN 0 ELSE 1 END"
    return f"CASE WHEN {d} > 0 THEN CAST((({scaled}) // ({d})) * 10 + {cut} AS DECIMAL(28, 0)) / 10000000 END"


def _words(column: str, meanings: AnyMapping[str, Sequence[str]], otherwise: str = "NULL") -> str:
    """SQL that turns the words of a column into values of a category; a word that is not listed becomes NULL."""
    whens = " ".join(f"WHEN {identifier(column)} IN ({', '.join(map(literal, words))}) THEN {literal(to)}" for to, words in meanings.items())
    return f"CASE {whens} ELSE {otherwise} END"


def _where(condition: str, column: str) -> str:
    return f"CASE WHEN {condition} THEN {column} END"


def _column(property_: str, unit: str = "", *, rounded: bool = False) -> Entry:
    """The entry of a column named for its property."""
    name = f"{property_} ({unit})" if unit else property_
    return Entry(column=name, unit=parse_unit(unit) if unit else None, is_=property_, round=rounded)


def _constant(property_: str, value: str) -> Entry:
    return Entry(constant=value, is_=property_)


_BEV, _PHEV = "\"vehicle.powertrain\" = 'bev'", "\"vehicle.powertrain\" = 'phev'"
_ENERGY = {
    "bev": ("ELECTRIC",),
    "phev": ("ELEC+ESSENC HR", "ELEC+GAZOLE HR"),
    "hev": ("ESS+ELEC HNR", "GAZ+ELEC HNR"),
    "fcev": ("HYDROGENE",),
    "ice": ("ESSENCE", "GAZOLE", "SUPERETHANOL", "ESS+G.P.L.", "GAZ NAT.VEH"),
}
