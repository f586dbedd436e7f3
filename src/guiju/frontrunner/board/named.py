"""Named: what enterprises of a kept board run are called, by the revision of the library it was made over.

Boards cite enterprises by their codes, and so do their hashes; a name is read from the library where something is shown. A revision never changes,
so neither do the names of a run.
"""

from __future__ import annotations

from collections.abc import Collection

from guiju.frontrunner.library.kept import REGISTER
from guiju.records.source import file_literal
from guiju.standard.model import Title
from guiju.store.database import Store
from guiju.store.files import proved
from guiju.store.registers import Entry, revisions_of
from guiju.store.results import Result


def revision_of(store: Store, result: Result) -> Entry | None:
    """The revision of the library a run was made over, by its hash; None where the register has none."""
    held = revisions_of(store, REGISTER, str(result.request.arguments.get("library", "")))
    asked = result.request.arguments.get("revision")
    fits = [each for each in held if each.body["hash"] == result.data_hash]
    return next((each for each in fits if each.revision == asked), fits[0] if fits else None)


def names_of(store: Store, result: Result, codes: Collection[str]) -> dict[str, Title]:
    """Code → what the library calls the enterprise, of those it names.

    raises   Refused: store-file-missing, store-file-altered
    """
    import duckdb

    held = revision_of(store, result) if codes else None
    if held is None:
        return {}
    kept = held.body["files"]["enterprises"]
    table = f"read_parquet({file_literal(proved(store, kept['file'], kept['sha256']))}, hive_partitioning = false)"
    query = f"SELECT code, title_zh, title_en FROM {table} WHERE code IN (SELECT unnest(?))"
    with duckdb.connect() as connection:
        rows = connection.execute(query, [sorted(codes)]).fetchall()
    return {code: Title(zh or en or code, en or zh or code) for code, zh, en in rows}


