"""The hash of a library: over what its tables say, in whatever order and format they came.

A number counts as its value: 13.80 in a text, 13.8 on a sheet and the double nearest to it are one. Rows and columns are put in order first.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from guiju.frontrunner.library.columns import CORE, TABLES
from guiju.records.cells import MISSING_WORDS
from guiju.records.mapping import Mapping, mapping_yaml
from guiju.records.source import Column, Source, identifier, literal

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_PLAIN = r"[+-]?(0|[1-9][0-9]{0,14})([.][0-9]{1,14})?"
_LONGEST = 16
_NUMBERS = ("DOUBLE", "TINYINT", "SMALLINT", "INTEGER", "UTINYINT", "USMALLINT", "UINTEGER")
"""Types all of whose values a double holds as they are shown: they need not be read as text."""
_CELL, _ABSENT = "\x1f", "\x1e"


def library_hash(connection: DuckDBPyConnection, products: Source, mapping: Mapping) -> str:
    """sha256 in hex of the four tables and of what is constant by the mapping.

    A declared column goes by the property and unit it holds, where it holds one, and by its header otherwise.
    """
    whole = sha256()
    for table in TABLES:
        cells = {column.name: said(identifier(column.name), column.kind == "number") for column in table.columns}
        if table.name == "products":
            cells |= {name: said(identifier(column.at), True, column.type) for name, column in _declared(products, mapping).items()}
        names = sorted(cells)
        whole.update(f"{table.name}{_CELL}{_CELL.join(names)}\n".encode())
        row = f" || {literal(_CELL)} || ".join(f"coalesce({cells[name]}, {literal(_ABSENT)})" for name in names)
        query = f"SELECT sha256(coalesce(string_agg(h, '' ORDER BY h), '')) FROM (SELECT sha256({row}) AS h FROM {table.name})"
        ((found,),) = connection.execute(query).fetchall()
        whole.update(f"{found}\n".encode())
    constant = {name: entry for name, entry in sorted(mapping.inputs.items()) if entry.constant is not None}
    whole.update(mapping_yaml(Mapping(constant)).encode())
    return whole.hexdigest()


def _declared(products: Source, mapping: Mapping) -> dict[str, Column]:
    held = {entry.column: f"{id_} ({entry.unit or ''})" for id_, entry in mapping.inputs.items() if entry.column is not None}
    return {f"= {held.get(column.name, column.name)}": column for column in products.columns if column.at not in CORE}


def said(cell: str, is_value: bool, type_: str = "VARCHAR") -> str:
    """What a cell says as text: of a value a plain number as the text of its double; NULL of an empty one, and of a word for nothing."""
    if is_value and type_ in _NUMBERS:
        return f"CAST(CAST({cell} AS DOUBLE) AS VARCHAR)"
    text = f"trim(CAST({cell} AS VARCHAR))"
    missing = ", ".join(literal(word) for word in sorted(MISSING_WORDS))
    number = f"regexp_full_match({text}, {literal(_PLAIN)}) AND length({text}) <= {_LONGEST}"
    if not is_value:
        return f"nullif({text}, '')"
    return f"CASE WHEN lower({text}) IN ({missing}) THEN NULL WHEN {number} THEN CAST(CAST({text} AS DOUBLE) AS VARCHAR) ELSE {text} END"
