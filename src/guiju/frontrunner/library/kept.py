"""Kept: libraries in the store, as revisions that never change: each table a Parquet file beside the database, named by its content.

An operator brings a whole library. An enterprise brings its own rows, which take the place of those it declared before; of the others nothing
is touched.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from guiju.base.diagnostics import Diagnostic, Problems, Refused, told_without
from guiju.frontrunner.library.changes import Changes, changes_between, changes_json
from guiju.frontrunner.library.columns import TABLES
from guiju.frontrunner.library.library import Library, entities, read_library
from guiju.frontrunner.library.merging import merged, own_rows
from guiju.frontrunner.library.quality import Quality, as_json, from_json
from guiju.frontrunner.library.typed import source_of_table
from guiju.records.mapping import Mapping as ColumnMapping
from guiju.records.mapping import load_mapping, mapping_yaml
from guiju.records.packed import EXPANDED_MAX
from guiju.records.source import Progress, file_literal, literal
from guiju.standard.dictionary import Dictionary
from guiju.standard.shape import did_you_mean
from guiju.store.database import Store
from guiju.store.files import Kept, proved, put
from guiju.store.kinds.work import Put
from guiju.store.registers import Entry, entries_of, keep_entries, revisions_of

REGISTER, OWNERS = "library", "library-enterprise"
NAME_MAX = 60


@dataclass(frozen=True, slots=True)
class Listed:
    """A revision of a library as the register has it; `changes` since the one before, as `changes_json` says them; `job` that imported it."""

    name: str
    revision: int
    hash: str
    rows: Mapping[str, int]
    illustrative: bool
    source: str
    created_at: datetime
    created_by: str
    quality: Quality
    changes: Mapping[str, Any] | None
    job: str | None = None


@dataclass(frozen=True, slots=True)
class Brought:
    """What an import comes to.

    library   as it would be, or is, kept
    changes   from the revision before; None where there is none
    entry     None: nothing was kept, since it was a dry run or says what the newest revision says
    """

    library: Library
    changes: Changes | None
    entry: Entry | None


def bring(
    store: Store, name: str, path: Path, dictionary: Dictionary, actor: str, *, own: Collection[str] | None = None, organisation: str | None = None,
    mapping: Path | None = None, dry: bool = False, limit: int = EXPANDED_MAX, source: str = "", hidden: str = "", progress: Progress | None = None,
) -> Brought:  # fmt: skip
    """Reads a library, checks it, and keeps it as the next revision of a name; all or nothing.

    own      codes of the enterprises whose rows may be brought, which take the place of those they had; None: the whole library
    dry      says what would be kept and what would change, and keeps nothing
    organisation   that brings it; a library stays with the one that began it
    source   the name of the file as it was sent; hidden: the folder it lies in for a moment, of which nothing is kept
    raises   Refused: library-unknown, library-merge, register-moved, what `may_bring` and `sent` find
    """
    organisation = may_bring(store, name, own, organisation)
    newest, before = newest_of(store, name)
    found = sent(name, path, dictionary, own=own, mapping=mapping, limit=limit, hidden=hidden, progress=progress)
    found = in_place(before, found, own, dictionary)
    changes = changes_between(before, found) if before is not None else None
    if dry or (before is not None and before.hash == found.hash):
        return Brought(found, changes, None)
    return Brought(found, changes, _keep(store, found, changes, newest, actor, organisation, source or path.name))


def may_bring(store: Store, name: str, own: Collection[str] | None, organisation: str | None) -> str | None:
    """The organisation the library belongs to, before anything is read.

    raises   Refused: library-name, library-no-enterprise, library-of-other, library-unknown
    """
    if not name.strip(". ") or len(name) > NAME_MAX or not name.isprintable() or name != name.strip() or {*name} & {*"/\\"}:
        raise Refused([Diagnostic("library-name", None, {"limit": str(NAME_MAX)})])
    if own is not None and not own:
        raise Refused([Diagnostic("library-no-enterprise", None)])
    return _whose(store, name, own, organisation)


def newest_of(store: Store, name: str) -> tuple[int, Library | None]:
    """The newest revision and its number, 0 where there is none."""
    newest = next((each.revision for each in revisions_of(store, REGISTER, name)), 0)
    return newest, library_of(store, name, newest) if newest else None


def sent(
    name: str, path: Path, dictionary: Dictionary, *, own: Collection[str] | None, mapping: Path | None, limit: int, hidden: str,
    progress: Progress | None = None, step: Callable[[], None] = lambda: None,
) -> Library:  # fmt: skip
    """A library as somebody sent it.

    raises   Refused: library-not-own, library-refused with every error, what `read_library` finds
    """
    found = _without(hidden, read_library(path, dictionary, name=name, mapping=mapping, limit=limit, progress=progress, step=step))
    _refuse(found, () if own is None else own_rows(found, own))
    return found


def in_place(before: Library | None, found: Library, own: Collection[str] | None, dictionary: Dictionary) -> Library:
    """What was sent as it would be kept: where it is only somebody's own rows, in the place of those they had.

    raises   Refused: library-merge, library-refused
    """
    if own is None or before is None:
        return found
    with tempfile.TemporaryDirectory(prefix="guiju-library-") as folder:
        both = _without(folder, read_library(merged(before, found, own, Path(folder)), dictionary, name=found.name))
    _refuse(both)
    return both


def _whose(store: Store, name: str, own: Collection[str] | None, organisation: str | None) -> str | None:
    """The organisation a library belongs to: it stays with the one that began it; an enterprise declares into one that is there.

    raises   Refused: library-unknown, library-of-other
    """
    held = revisions_of(store, REGISTER, name)
    if not held and own is None:
        return organisation
    if not held:
        raise Refused([_unknown(store, name)])
    if own is None and held[0].organisation not in (None, organisation):
        raise Refused([Diagnostic("library-of-other", None, {"name": name})])
    return held[0].organisation


def _unknown(store: Store, name: str) -> Diagnostic:
    return Diagnostic("library-unknown", None, {"name": name, **did_you_mean(name, [each.name for each in libraries(store)])})


def _refuse(found: Library, only_own: tuple[Diagnostic, ...] = ()) -> None:
    """
    raises   Refused: with everything that was found, where any of it is an error
    """
    wrong = (*only_own, *(each for each in found.quality.errors if not only_own))
    if wrong:
        counted = sum(found.quality.counts.get(code, 1) for code in {each.code for each in wrong})
        raise Refused([*(found.quality.diagnostics if not only_own else wrong), Diagnostic("library-refused", None, {"count": str(counted)})])


def _without(folder: str, found: Library) -> Library:
    if not folder:
        return found
    quality = Quality(found.quality.tables, found.quality.counts, tuple(told_without(folder, found.quality.diagnostics)))
    return Library(**{**vars(found), "quality": quality})


def _keep(store: Store, found: Library, changes: Changes | None, newest: int, actor: str, organisation: str | None, source: str) -> Entry:
    held = put_tables(found, lambda ending, write: put(store, "libraries", ending, write))
    keep_entries(store, REGISTER, {found.name: (organisation, body_of(found, held, changes, source))}, actor, {found.name: newest}, held)
    return revisions_of(store, REGISTER, found.name)[0]


def put_tables(found: Library, put: Put) -> list[Kept]:
    """The tables of a library as files, in the order of `TABLES`."""

    def write(table: str, to: Path) -> None:
        found.connection.execute(f"COPY (SELECT * FROM {table} ORDER BY row) TO {literal(str(to))} (FORMAT parquet)")

    return [put(".parquet", partial(write, table.name)) for table in TABLES]


def body_of(found: Library, held: Sequence[Kept], changes: Changes | None, source: str) -> dict[str, Any]:
    """A library as its entry says it, its tables being files; `opened_body` opens it again."""
    files = {table.name: {"file": kept.path, "sha256": kept.sha256, "rows": found.quality.rows(table.name)}
             for table, kept in zip(TABLES, held, strict=True)}  # fmt: skip
    headers = [[column.name, column.at] for column in found.products.columns]
    return {"hash": found.hash, "files": files, "columns": headers, "mapping": mapping_yaml(found.mapping), "illustrative": found.illustrative,
            "source": source, "quality": as_json(found.quality), "changes": changes_json(changes) if changes else None}  # fmt: skip


def libraries(store: Store) -> list[Listed]:
    """The newest revision of every library, by name."""
    return [_listed(each) for each in entries_of(store, REGISTER)]


def revisions(store: Store, name: str) -> list[Listed]:
    """Every revision of a library, the newest first.

    raises   Refused: library-unknown
    """
    found = revisions_of(store, REGISTER, name)
    if not found:
        raise Refused([_unknown(store, name)])
    return [_listed(each) for each in found]


def _listed(each: Entry) -> Listed:
    rows = {table: int(held["rows"]) for table, held in each.body["files"].items()}
    return Listed(each.code, each.revision, each.body["hash"], rows, each.body["illustrative"], each.body["source"], each.created_at,
                  each.created_by, from_json(each.body["quality"]), each.body["changes"], each.body.get("job"))  # fmt: skip


def library_of(store: Store, name: str, revision: int | None = None) -> Library:
    """A revision of a library, its files proved; the products are read where they lie.

    revision   None: the newest
    raises     Refused: library-unknown, library-revision, store-file-missing, store-file-altered
    """
    held = {each.revision: each for each in revisions_of(store, REGISTER, name)}
    if not held:
        revisions(store, name)
    if revision is not None and revision not in held:
        raise Refused([Diagnostic("library-revision", None, {"name": name, "revision": str(revision), "newest": str(max(held))})])
    return opened_body(store, name, held[revision if revision is not None else max(held)].body)


def opened_body(store: Store, name: str, body: Mapping[str, Any]) -> Library:
    """The library that `body_of` says.

    raises   Refused: store-file-missing, store-file-altered
    """
    import duckdb

    connection = duckdb.connect()
    for table in TABLES:
        kept = body["files"][table.name]
        path = proved(store, kept["file"], kept["sha256"])
        kind = "VIEW" if table.name == "products" else "TABLE"
        connection.execute(f"CREATE {kind} {table.name} AS SELECT * FROM read_parquet({file_literal(path)}, hive_partitioning = false)")
        if table.name == "products":
            products = source_of_table(connection, path, {at: header for header, at in body["columns"]})
    enterprises, standards = entities(connection)
    return Library(name, connection, products, _mapping(body["mapping"]), enterprises, standards, body["hash"], from_json(body["quality"]))


def _mapping(text: str) -> ColumnMapping:
    with tempfile.TemporaryDirectory(prefix="guiju-mapping-") as folder:
        path, problems = Path(folder) / "mapping.yaml", Problems()
        path.write_text(text, encoding="utf-8")
        found = load_mapping(path, problems)
        problems.refuse_errors()
    assert found is not None, "it was read when it was kept"
    return found


# who declares for which enterprise


def register_enterprises(store: Store, codes: Collection[str], organisation: str, actor: str) -> None:
    """Says that an organisation of the store declares for enterprises: from now on it, and no other."""
    keep_entries(store, OWNERS, {code: (organisation, {"code": code}) for code in codes}, actor)


def enterprises_of(store: Store, organisation: str) -> list[str]:
    """The codes of the enterprises an organisation declares for."""
    return [each.code for each in entries_of(store, OWNERS) if each.organisation == organisation]
