"""Typed: the tables of a library as found become tables whose columns have the library's names and types, by the door of the records kit.

Nothing goes row by row through Python: what a column holds is decided from its header, and DuckDB does the rest.
"""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace as replaced
from pathlib import Path
from typing import TYPE_CHECKING, Any

from guiju.base.diagnostics import Problems
from guiju.frontrunner.library.columns import CORE, EVIDENCE, HERE, PRODUCTS, STANDARDS, TABLES, Table
from guiju.frontrunner.library.properties import Properties, methods_of, methods_text
from guiju.records.cells import PLAIN_NUMBER
from guiju.records.door import Quality, admit
from guiju.records.headers import parse_header
from guiju.records.mapping import Entry, Mapping, found_column
from guiju.records.source import Column, Source, identifier, literal, replace
from guiju.standard.dictionary import NOT_NUMBERS, Property
from guiju.standard.model import Input

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

DATED = r"^(.*\S)\s*[-—–]\s*([0-9]{4})$"
"""A number with its year behind it: Q/ABC 001-2024."""
PRICE = "DECIMAL(18, 4)"
_LISTED = "[,，;；、|\\n]+"


@dataclass(frozen=True, slots=True)
class Typed:
    """A table as typed: `source` as found, `door` what became of its cells, `headers` column of the library → header."""

    table: Table
    source: Source
    door: Quality
    headers: dict[str, str]


def typed(connection: DuckDBPyConnection, source: Source, table: Table, declared: Sequence[Input], mapping: Mapping, problems: Problems) -> Typed:
    """Lets a table through the door, into `typed <name>`; what its columns lack is added to the problems.

    declared, mapping   of products: the declared values, and which columns hold them
    """
    entries, headers = dict(mapping.inputs), {}
    for column in table.columns:
        found = column.found(source.columns)
        if len(found) > 1:
            names = ", ".join(each.name for each in found)
            problems.add("library-column-twice", None, zh=table.title.zh, en=table.title.en, column=column.title.zh, name=column.name, columns=names)
        elif found:
            entries[column.name] = column.entry(found[0].name)
            headers[column.name] = found[0].name
        elif column.needed:
            problems.add("library-column-missing", None, zh=table.title.zh, en=table.title.en, column=column.title.zh, name=column.name,
                         found=", ".join(each.name for each in source.columns[:12]))  # fmt: skip
    fields = [column.asked for column in table.columns] + list(declared)
    door = admit(connection, source, Mapping(entries, None), fields, f"typed {table.name}")
    return Typed(table, source, door, headers)


def declared_columns(source: Source, properties: Properties, given: Mapping | None, problems: Problems) -> tuple[Mapping, list[Input]]:
    """Which column of the products holds which property: as a mapping file says, else by its header; and the properties as the door asks them.

    A column that names two properties equally well, or none, is left alone and told.
    """
    dictionary = properties.dictionary
    core = {each.name for column in PRODUCTS.columns for each in column.found(source.columns)}
    entries: dict[str, Entry] = {}
    for name, entry in (given.inputs if given else {}).items():
        id_ = entry.is_ or name
        if id_ not in dictionary:
            problems.add("unknown-property", entry.span, id=id_)
        elif entry.column is not None and found_column(entry.column, source.columns) is None:
            problems.add("mapping-unknown-column", entry.span, input=name, column=entry.column)
        else:
            entries[id_] = entry
    taken = {found.name for entry in entries.values() if entry.column and (found := found_column(entry.column, source.columns))}
    for column in source.columns:
        if column.name in core or column.name in taken:
            continue
        named = properties.named(column.name)
        if named is None or named.id in entries:
            code = "library-column-unknown" if named is None else "library-property-twice"
            problems.add(code, None, column=column.name, id=named.id if named else "")
            continue
        unit = parse_header(column.name).unit
        differs = unit is not None and named.unit is not None and unit != named.unit
        entries[named.id] = Entry(column=column.name, unit=unit if differs else None, is_=named.id)
    return Mapping(entries, "product", about=given.about if given else None), [asked(dictionary[id_]) for id_ in entries]


def asked(property_: Property) -> Input:
    """A property as the door asks it, in its own unit and as fine as it is declared; a moment as its text, since no zone is known."""
    kind: Any = "identifier" if property_.kind == "time" else property_.kind if property_.kind in NOT_NUMBERS else "number"
    return Input(property_.id, property_.id, kind, property_.unit, None, None, None, tuple(property_.values), property_.zh, property_.en,
                 property_.basis, HERE, property_.values)  # fmt: skip


def make(connection: DuckDBPyConnection, made: dict[str, Typed], properties: Properties) -> None:
    """The tables enterprises, standards, products and evidence; those that no file has are empty. Words for properties become their ids."""
    for table in TABLES:
        replace(connection, table.name)
        if table.name not in made:
            connection.execute(f"CREATE TABLE {table.name} ({', '.join(f'{identifier(n)} {t}' for n, t in _empty(table).items())})")
            continue
        held = made[table.name]
        if table in (EVIDENCE, STANDARDS):
            _words(connection, table, properties)
        connection.execute(f"CREATE TABLE {table.name} AS {_query(held)}")


def _words(connection: DuckDBPyConnection, table: Table, properties: Properties) -> None:
    """The table `words`: what stands in the file → what the library keeps: ids of properties, and methods by those ids."""
    column = "property" if table is EVIDENCE else "methods"
    replace(connection, "words")
    connection.execute("CREATE TABLE words (word VARCHAR, kept VARCHAR)")
    query = f"SELECT DISTINCT {column} FROM {identifier(f'typed {table.name}')} WHERE {column} IS NOT NULL"
    for (word,) in connection.execute(query).fetchall():
        found = properties.named(word) if table is EVIDENCE else None
        kept = found.id if found is not None else word if table is EVIDENCE else methods_text(methods_of(word, properties)[0])
        connection.execute("INSERT INTO words VALUES (?, ?)", [word, kept])


def _query(held: Typed) -> str:
    table, typed_, found = held.table, identifier(f"typed {held.table.name}"), identifier(held.source.table)
    cells = {column.name: f"t.{identifier(column.name)}" for column in table.columns}
    more, joined = "", ""
    if table in (STANDARDS, PRODUCTS):
        number = "number" if table is STANDARDS else "standard"
        cells |= _dated(cells[number], cells["edition"], number)
    if table is STANDARDS:
        cells["references"], cells["illustrative"] = _list(cells["references"]), f"coalesce({cells['illustrative']}, false)"
        cells["methods"], joined = "w.kept", "LEFT JOIN words AS w ON w.word = t.methods"
    if table is PRODUCTS:
        cells["price"], cells["markets"] = f"CAST({cells['price']} AS {PRICE})", _list(cells["markets"])
        core = set(held.headers.values())
        more = "".join(f", s.{identifier(column.at)}" for column in held.source.columns if column.name not in core)
    if table is EVIDENCE:
        more = f", {cells['value']} AS number, {cells['u']} AS number_u"
        cells |= {name: _exact(held, name) for name in ("value", "u")}
        cells["property"], joined = "w.kept", "LEFT JOIN words AS w ON w.word = t.property"
    named = ", ".join(f"{cell} AS {identifier(name)}" for name, cell in cells.items())
    return f"SELECT s.row, s.line, {named}{more} FROM {typed_} AS t JOIN {found} AS s ON s.row = t.row {joined} ORDER BY s.row"


def _dated(number: str, edition: str, name: str) -> dict[str, str]:
    """A year behind the number is its edition, where none is given or it is the same."""
    year = f"regexp_extract({number}, {literal(DATED)}, 2)"
    cut = f"({edition} IS NULL OR {edition} = {year}) AND {year} <> ''"
    return {name: f"CASE WHEN {cut} THEN regexp_extract({number}, {literal(DATED)}, 1) ELSE {number} END",
            "edition": f"coalesce({edition}, nullif({year}, ''), '')"}  # fmt: skip


def _list(cell: str) -> str:
    return f"list_filter(list_transform(string_split_regex(coalesce({cell}, ''), {literal(_LISTED)}), lambda x: trim(x)), lambda x: x <> '')"


def _exact(held: Typed, name: str) -> str:
    """A number as its text, digit by digit, where a cell is one; the text of its double where it was read otherwise."""
    header = held.headers.get(name)
    column = held.source.column(header) if header else None
    if column is None:
        return "CAST(NULL AS VARCHAR)"
    text = f"trim(CAST(s.{identifier(column.at)} AS VARCHAR))"
    value = f"t.{identifier(name)}"
    plain = f"regexp_full_match({text}, {literal(PLAIN_NUMBER)})"
    return f"CASE WHEN {value} IS NULL THEN NULL WHEN {plain} THEN {text} ELSE CAST({value} AS VARCHAR) END"


def _empty(table: Table) -> dict[str, str]:
    types = {"number": "VARCHAR", "date": "DATE", "boolean": "BOOLEAN"}
    columns = {"row": "BIGINT", "line": "BIGINT"} | {column.name: types.get(column.kind, "VARCHAR") for column in table.columns}
    return columns | ({"number": "DOUBLE", "number_u": "DOUBLE"} if table is EVIDENCE else {})


def source_of(connection: DuckDBPyConnection, made: Source) -> Source:
    """The table of products as a source: the library's own columns, then those of declared values under their headers as found."""
    found = source_of_table(connection, made.path, {column.at: column.name for column in made.columns})
    return replaced(found, format=made.format, sheet=made.sheet)


def source_of_table(connection: DuckDBPyConnection, path: Path, headers: AnyMapping[str, str]) -> Source:
    """The same of a table that is read from Parquet. headers: name in the table → header"""
    described = connection.execute("DESCRIBE products").fetchall()
    columns = tuple(
        Column(name if name in CORE else headers.get(name, name), name, type_) for name, type_, *_ in described if name not in ("row", "line")
    )
    ((rows,),) = connection.execute("SELECT count(*) FROM products").fetchall()
    return Source(path, "products", "parquet", int(rows), columns)
