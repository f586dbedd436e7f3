"""Sets of records in the store: a table as it was found, as Parquet beside the database, with the mapping its columns are read by."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import select

from guiju.base.diagnostics import Diagnostic, Problems, Refused, told_without
from guiju.records.mapping import Mapping, load_mapping
from guiju.records.read import read_table
from guiju.records.source import Progress, Source, identifier, literal
from guiju.standard.shape import did_you_mean
from guiju.store.audit import append
from guiju.store.canonical import canonical, new_id
from guiju.store.database import Store
from guiju.store.files import named, proved, put
from guiju.store.tables import record_set, set_note

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


Sensitivity = Literal["internal", "sensitive"]
FINDINGS_MAX = 50
"""Findings of the reader that are kept one by one; of the others, how many."""


@dataclass(frozen=True, slots=True)
class RecordSet:
    """columns   (header, DuckDB type) as found
    mapping      the text of the mapping file it came with
    source       the name of the file it came in
    sha256       of the Parquet file, which lies at `file` in the store's folder
    """

    id: str
    organisation: str
    name: str
    file: str
    sha256: str
    rows: int
    columns: tuple[tuple[str, str], ...]
    mapping: str | None
    source: str
    created_at: datetime
    created_by: str


def keep_records(store: Store, path: Path, organisation: str, actor: str, *, name: str = "", mapping: Path | None = None, sheet: str | None = None,
                 sensitivity: Sensitivity = "internal", progress: Progress | None = None) -> tuple[RecordSet, tuple[Diagnostic, ...]]:  # fmt: skip
    """Keeps the records of a file of any format the records kit reads; and what the reader has to tell.

    organisation   its identifier: whose the records are
    sensitivity    whether all of the organisation see it, or only who brought it, its administrators and those invited
    raises         Refused: what `read_table` and `load_mapping` find, store-unwritable
    """
    import duckdb

    text = _mapping_text(mapping)
    with duckdb.connect() as connection:
        source = read_table(path, connection, "records", sheet=sheet, progress=progress)
        cells = ", ".join(identifier(column.at) for column in source.columns)
        query = f"SELECT {cells} FROM records ORDER BY row"
        kept = put(store, "sets", ".parquet", lambda to: connection.execute(f"COPY ({query}) TO {literal(str(to))} (FORMAT parquet)"))
    columns = [[column.at, column.type] for column in source.columns]
    with store.writing() as writer:
        id_, now = new_id(), store.clock(writer)
        named(writer, store, [kept])
        row = {"id": id_, "organisation": organisation, "name": name or path.stem, "file": kept.path, "sha256": kept.sha256, "rows": source.rows,
               "columns": canonical(columns), "mapping": text, "source": path.name, "created_at": now, "created_by": actor}  # fmt: skip
        writer.execute(record_set.insert().values(**row))
        told = told_without(str(path.parent), source.diagnostics)[:FINDINGS_MAX]
        findings = canonical({"count": len(source.diagnostics), "first": [each.as_json() for each in told]})
        writer.execute(set_note.insert().values(record_set=id_, sensitivity=sensitivity, findings=findings, noted_at=now, noted_by=actor))
        facts = {"name": row["name"], "rows": source.rows, "sha256": kept.sha256, "sensitivity": sensitivity}
        append(writer, now, actor, "records.kept", id_, facts)
    return _record_set(row), source.diagnostics


@dataclass(frozen=True, slots=True)
class Note:
    """sensitivity   internal: all of its organisation; sensitive: who brought it, its administrators, and those invited
    count, findings   how much the reader had to tell when it came, and the first of it, diagnostics as JSON
    """

    sensitivity: Sensitivity
    count: int
    findings: tuple[dict[str, Any], ...]


def note_of(store: Store, id_: str) -> Note:
    """What is noted of a set; of one kept before there were notes, nothing was."""
    with store.reading() as connection:
        row = connection.execute(select(set_note).where(set_note.c.record_set == id_)).first()
    held: dict[str, Any] = {"count": 0, "first": []} if row is None else json.loads(row.findings)
    return Note("internal" if row is None else row.sensitivity, held["count"], tuple(held["first"]))


def sensitivities(store: Store, ids: Sequence[str]) -> dict[str, Sensitivity]:
    """Identifier → sensitivity."""
    query = select(set_note.c.record_set, set_note.c.sensitivity).where(set_note.c.record_set.in_(ids))
    with store.reading() as connection:
        held = {row.record_set: row.sensitivity for row in connection.execute(query)}
    return {id_: held.get(id_, "internal") for id_ in ids}


def mark_sensitivity(store: Store, id_: str, sensitivity: Sensitivity, actor: str) -> None:
    """Changes who of the organisation may see a set; from now on."""
    with store.writing(alone=True) as connection:
        now = store.clock(connection)
        values = {"sensitivity": sensitivity, "noted_at": now, "noted_by": actor}
        if not connection.execute(set_note.update().where(set_note.c.record_set == id_).values(**values)).rowcount:
            nothing = canonical({"count": 0, "first": []})
            connection.execute(set_note.insert().values(record_set=id_, findings=nothing, **values))
        append(connection, now, actor, "records.sensitivity", id_, {"sensitivity": sensitivity})


def _mapping_text(path: Path | None) -> str | None:
    if path is None:
        return None
    problems = Problems()
    load_mapping(path, problems)
    problems.refuse_errors()
    return path.read_text(encoding="utf-8-sig")


def _record_set(row: Any) -> RecordSet:
    columns = tuple((name, type_) for name, type_ in json.loads(row["columns"]))
    return RecordSet(**{**row, "columns": columns})


def record_sets(store: Store, *, organisations: Sequence[str] | None = None, after: str = "", limit: int | None = None,
                without: Sequence[str] = ()) -> list[RecordSet]:  # fmt: skip
    """Sets from the oldest; a page begins after an identifier.

    without   identifiers of those that are left out
    """
    query = select(record_set).where(record_set.c.id > after).order_by(record_set.c.id).limit(limit)
    query = query.where(record_set.c.id.not_in(without)) if without else query
    with store.reading() as connection:
        found = connection.execute(query if organisations is None else query.where(record_set.c.organisation.in_(organisations)))
        return [_record_set(row._mapping) for row in found]


def sets_of(store: Store, ids: Sequence[str]) -> dict[str, RecordSet]:
    """Identifier → the set."""
    with store.reading() as connection:
        found = connection.execute(select(record_set).where(record_set.c.id.in_(set(ids))))
        return {row.id: _record_set(row._mapping) for row in found}


def record_set_of(store: Store, word: str) -> RecordSet:
    """The set of an identifier, or the last one kept under a name.

    raises   Refused: unknown-record-set
    """
    query = select(record_set).where((record_set.c.id == word) | (record_set.c.name == word)).order_by(record_set.c.id.desc()).limit(1)
    with store.reading() as connection:
        row = connection.execute(query).first()
        if row is not None:
            return _record_set(row._mapping)
        known = connection.execute(select(record_set.c.name).distinct()).scalars().all()
    raise Refused([Diagnostic("unknown-record-set", None, {"name": word, **did_you_mean(word, known)})])


def opened_set(store: Store, held: RecordSet, connection: DuckDBPyConnection, name: str) -> tuple[Source, Mapping | None]:
    """The records as the relation `name` of a connection of DuckDB, once the file is proved; and the mapping it came with.

    raises   Refused: store-file-missing, store-file-altered
    """
    path = proved(store, held.file, held.sha256)
    return read_table(path, connection, name), read_mapping(held)


def read_mapping(held: RecordSet) -> Mapping | None:
    if held.mapping is None:
        return None
    import tempfile

    with tempfile.TemporaryDirectory(prefix="guiju-mapping-") as folder:
        path, problems = Path(folder) / "mapping.yaml", Problems()
        path.write_text(held.mapping, encoding="utf-8")
        return load_mapping(path, problems)
