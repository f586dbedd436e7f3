"""Merging: an enterprise's own rows put in the place of those it declared before, in a library that holds others' too."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from guiju.base.diagnostics import Diagnostic, Problems, Span
from guiju.frontrunner.library.columns import EVIDENCE, TABLES, Table
from guiju.frontrunner.library.library import Library
from guiju.frontrunner.library.opened import MAPPING
from guiju.records.mapping import Entry, Mapping, mapping_yaml
from guiju.records.source import SHOWN_MAX, identifier, literal

_COLUMN = {"enterprises": "code", "standards": "enterprise", "products": "enterprise"}


def own_rows(found: Library, own: Collection[str]) -> tuple[Diagnostic, ...]:
    """A library-not-own for every row of another enterprise, the first ones by their place; evidence is of whoever's product it is."""
    problems = Problems()
    listed = ", ".join(map(literal, sorted(own)))
    for table in TABLES:
        query = f"SELECT line, row, {_whose(table)} AS whose FROM {table.name} AS t WHERE coalesce({_whose(table)}, '') NOT IN ({listed})"
        for line, row, whose in found.connection.execute(f"{query} ORDER BY row LIMIT {SHOWN_MAX}").fetchall():
            span = Span(table.title.zh, line, 1, line, 2) if line else None
            facts = {"zh": table.title.zh, "en": table.title.en, "row": line or row, "enterprise": whose or "–", "own": ", ".join(sorted(own))}
            problems.add("library-not-own", span, **facts)
    return problems.found


def _whose(table: Table) -> str:
    if table is EVIDENCE:
        return "(SELECT any_value(p.enterprise) FROM products AS p WHERE p.product = t.product)"
    return f"t.{_COLUMN[table.name]}"


def merged(before: Library, brought: Library, own: Collection[str], folder: Path) -> Path:
    """Writes the library before without the rows of some enterprises, and the brought one's beside; gives the folder.

    raises   Refused: library-merge, where a property is held in another unit or in other words
    """
    _refuse_other_units(before.mapping, brought.mapping)
    headers = {id_: _header(id_, entry) for mapping in (before.mapping, brought.mapping) for id_, entry in mapping.inputs.items() if entry.column}
    listed = ", ".join(map(literal, sorted(own)))
    for table in TABLES:
        parts = []
        for name, library, which in (("before", before, f"coalesce({_whose(table)}, '') NOT IN ({listed})"), ("brought", brought, "true")):
            path = folder / f"{name} {table.name}.part"
            query = f"SELECT {_cells(library, table, headers)} FROM {table.name} AS t WHERE {which} ORDER BY row"
            library.connection.execute(f"COPY ({query}) TO {literal(str(path))} (FORMAT parquet)")
            parts.append(path)
        both = " UNION ALL BY NAME ".join(f"SELECT * FROM read_parquet({literal(str(path))})" for path in parts)
        brought.connection.execute(f"COPY ({both}) TO {literal(str(folder / f'{table.name}.parquet'))} (FORMAT parquet)")
        for path in parts:
            path.unlink()
    entries = {**before.mapping.inputs, **brought.mapping.inputs}
    held = {id_: Entry(headers[id_], None, e.unit, id_, e.values, e.round) if e.column else e for id_, e in entries.items()}
    text = mapping_yaml(Mapping(held, "product", about=before.mapping.about or brought.mapping.about))
    (folder / MAPPING).write_text(text, encoding="utf-8")
    return folder


def _header(id_: str, entry: Entry) -> str:
    return f"{id_} ({entry.unit})" if entry.unit is not None else id_


def _cells(library: Library, table: Table, headers: dict[str, str]) -> str:
    """The cells of a table as text, lists put together, declared values under the names both libraries have for them."""
    lists = {"references", "markets"}
    core = [
        f"{f'array_to_string(t.{identifier(name)}, chr(59))' if name in lists else f'CAST(t.{identifier(name)} AS VARCHAR)'} AS {identifier(name)}"
        for name in (column.name for column in table.columns)
    ]
    if table.name != "products":
        return ", ".join(core)
    held = {entry.column: headers[id_] for id_, entry in library.mapping.inputs.items() if entry.column}
    known = {column.name for column in table.columns}
    more = [
        f"CAST(t.{identifier(column.at)} AS VARCHAR) AS {identifier(held.get(column.name, column.name))}"
        for column in library.products.columns
        if column.at not in known
    ]
    return ", ".join(core + more)


def _refuse_other_units(before: Mapping, brought: Mapping) -> None:
    problems = Problems()
    for id_ in before.inputs.keys() & brought.inputs.keys():
        one, other = before.inputs[id_], brought.inputs[id_]
        if (one.unit, one.constant, dict(one.values)) != (other.unit, other.constant, dict(other.values)):
            problems.add("library-merge", other.span, id=id_, held=_said(one), brought=_said(other))
    for id_ in brought.inputs.keys() - before.inputs.keys():
        if brought.inputs[id_].constant is not None:
            problems.add("library-merge", brought.inputs[id_].span, id=id_, held="–", brought=_said(brought.inputs[id_]))
    for id_ in before.inputs.keys() - brought.inputs.keys():
        if before.inputs[id_].constant is not None:
            problems.add("library-merge", None, id=id_, held=_said(before.inputs[id_]), brought="–")
    problems.refuse_errors()


def _said(entry: Entry) -> str:
    parts = [entry.constant or "", str(entry.unit or ""), ", ".join(f"{word}={to}" for word, to in entry.values.items())]
    return " ".join(filter(None, parts)) or "1"
