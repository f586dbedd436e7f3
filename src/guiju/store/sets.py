"""Sets of records in the store: a table as it was found, as Parquet beside the database, with the mapping its columns are read by."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from guiju.base.diagnostics import Diagnostic, Problems, Refused
from guiju.records.mapping import Mapping, load_mapping
from guiju.records.read import read_table
from guiju.records.source import Progress, Source, identifier, literal
from guiju.standard.shape import did_you_mean
from guiju.store.audit import append
from guiju.store.canonical import canonical, new_id
from guiju.store.database import Store
from guiju.store.files import named, proved, put
from guiju.store.tables import record_set

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


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
                 progress: Progress | None = None) -> tuple[RecordSet, tuple[Diagnostic, ...]]:  # fmt: skip
    """Keeps the records of a file of any format the records kit reads; and what the reader has to tell.

    organisation   its identifier: whose the records are
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
        append(writer, now, actor, "records.kept", id_, {"name": row["name"], "rows": source.rows, "sha256": kept.sha256})
    return _record_set(row), source.diagnostics


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


def record_sets(store: Store, *, organisations: Sequence[str] | None = None, after: str = "", limit: int | None = None) -> list[RecordSet]:
    """Sets from the oldest; a page begins after an identifier."""
    query = select(record_set).where(record_set.c.id > after).order_by(record_set.c.id).limit(limit)
    with store.reading() as connection:
        found = connection.execute(query if organisations is None else query.where(record_set.c.organisation.in_(organisations)))
        return [_record_set(row._mapping) for row in found]


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
