"""Archives: the whole store in one file, of one moment, proved by hashes; and the way back, onto either database.

    manifest.json            what it is: format, revision, engine, when, the head of the audit log; of every part its rows or bytes, and hash
    tables/<name>.ndjson     the rows of a table, one JSON object a line
    files/<path>             the files beside the database

It is written by reading one state of the database, so work may go on meanwhile. It is restored into a place that is empty; the form it was of
is made there first, its rows put in, and that carried forward: an archive of an earlier Guiju is as good as a database of it.
"""

from __future__ import annotations

import base64
import io
import json
import os
import secrets
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, LargeBinary, MetaData, Table, func, inspect, select, text

from guiju.base.diagnostics import Diagnostic, Problems, Refused
from guiju.store.audit import append, checked_chain, entries_in
from guiju.store.canonical import canonical, moment_text
from guiju.store.database import Store
from guiju.store.files import put
from guiju.store.migrate import carry_forward, make_place, newest, refuse_newer, revision_of
from guiju.store.results import engine_version
from guiju.store.tables import TRANSIENT, file, metadata

FORMAT = "guiju-archive-1"
MANIFEST = "manifest.json"
_ROWS = 1_000
_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Archive:
    """What stands in the manifest.

    tables   name → (rows, sha256); files: path → (bytes, sha256)
    head     (seq, hash) of the audit log
    """

    revision: str
    engine: str
    created_at: str
    head: tuple[int, str]
    tables: Mapping[str, tuple[int, str]]
    files: Mapping[str, tuple[int, str]]

    @property
    def rows(self) -> int:
        return sum(rows for rows, _ in self.tables.values())


def backup(store: Store, to: Path, *, overwrite: bool = False) -> Archive:
    """Writes the store to a file, which is there whole or not at all.

    raises   Refused: file-exists, folder-missing, file-unwritable; store-file-missing, store-file-altered: what cannot be restored is not backed up
    """
    if not to.parent.is_dir():
        raise _refused("folder-missing", folder=to.parent)
    if to.exists() and not overwrite:
        raise _refused("file-exists", file=to)
    partial = to.with_name(f".{to.name}.{secrets.token_hex(4)}.partial")
    try:
        with partial.open("wb") as out:
            with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
                made = _write(store, archive)
            out.flush()
            os.fsync(out.fileno())
        partial.replace(to)
    except OSError as error:
        raise _refused("file-unwritable", file=to, reason=error.strerror or error) from None
    finally:
        partial.unlink(missing_ok=True)
    return made


def _write(store: Store, archive: zipfile.ZipFile) -> Archive:
    problems, files = Problems(), {}
    with store.reading() as connection:
        revision = revision_of(connection)
        assert revision is not None, "what is backed up is known to be a store"
        head = checked_chain(entries_in(connection)).head
        tables = {each.name: _write_table(connection, each, archive) for each in metadata.sorted_tables if each.name not in TRANSIENT}
        rows = connection.execute(select(file).order_by(file.c.path)).all()
        now = store.clock(connection)
    for row in rows:  # files are never changed, so they need no moment of their own
        place = store.folder / row.path
        if not place.is_file():
            problems.add("store-file-missing", None, file=row.path)
            continue
        with place.open("rb") as content, archive.open(zipfile.ZipInfo(f"files/{row.path}"), "w", force_zip64=True) as member:
            found = _copied(content, member)
        if found != (row.bytes, row.sha256):
            problems.add("store-file-altered", None, file=row.path, said=row.sha256[:12], found=found[1][:12])
        files[row.path] = found
    problems.refuse_errors()
    made = Archive(revision, engine_version(), moment_text(now), head, tables, files)
    told = {"format": FORMAT, **{name: getattr(made, name) for name in Archive.__slots__}}
    archive.writestr(MANIFEST, json.dumps(told, ensure_ascii=False, indent=1))
    return made


def _write_table(connection: Connection, table: Table, archive: zipfile.ZipFile) -> tuple[int, str]:
    count, hash_ = 0, sha256()
    ordered = select(table).order_by(*table.primary_key.columns)
    with archive.open(f"tables/{table.name}.ndjson", "w", force_zip64=True) as member:
        for row in connection.execute(ordered.execution_options(yield_per=_ROWS)):
            line = (canonical({name: _plain(value) for name, value in row._mapping.items()}) + "\n").encode()
            member.write(line)
            hash_.update(line)
            count += 1
    return count, hash_.hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return moment_text(value)
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value


def _copied(source: Any, to: Any) -> tuple[int, str]:
    size, hash_ = 0, sha256()
    while found := source.read(_BYTES):
        to.write(found)
        hash_.update(found)
        size += len(found)
    return size, hash_.hexdigest()


# the way back


def read_archive(path: Path) -> Archive:
    """The manifest of an archive, once every part of it is known to be whole.

    raises   Refused: file-unreadable, archive-malformed, archive-format, archive-altered (for each part), store-newer
    """
    with _opened(path) as archive:
        return _proved(path, archive)


def restore(store: Store, path: Path, actor: str) -> Archive:
    """Puts an archive into an empty store, in one transaction of the database after its files.

    raises   Refused: what `read_archive` finds; store-not-empty; store-unwritable
    """
    with _opened(path) as archive:
        made = _proved(path, archive)
        refuse_content(store)
        make_place(store)
        for name, (size, hash_) in made.files.items():
            kept = put(store, name.split("/")[0], Path(name).suffix, lambda to, name=name: _extract(archive, name, to))  # type: ignore[misc]
            if (kept.path, kept.bytes, kept.sha256) != (name, size, hash_):
                raise _refused("archive-altered", file=path, part=f"files/{name}")
        with store.writing(alone=True) as connection:
            _refuse_rows(store, connection)  # again: a restoration that was killed may have been committed meanwhile
            _empty(connection)
            carry_forward(connection, made.revision)
            known = MetaData()
            known.reflect(connection)
            for table in (each for each in known.sorted_tables if each.name in made.tables):
                _put_rows(connection, table, archive)
            carry_forward(connection)
            append(connection, store.clock(connection), actor, "store.restored", newest(), {"head": list(made.head), "revision": made.revision})
    return made


def refuse_content(store: Store) -> None:
    """
    raises   Refused: store-not-empty, where there is anything a restored store would stand beside: rows, or files
    """
    if not store.is_sqlite or Path(str(store.engine.url.database)).is_file():
        with store.reading() as connection:
            _refuse_rows(store, connection)


def _refuse_rows(store: Store, connection: Connection) -> None:
    if rows := _content(connection):
        raise _refused("store-not-empty", place=store.place, found="、".join(f"{name} {count}" for name, count in rows.items()))


def _content(connection: Connection) -> dict[str, int]:
    """Rows of tables of the store, those apart that making a store leaves in it."""
    there = set(inspect(connection).get_table_names())
    tables = [each for each in metadata.sorted_tables if each.name in there]
    found = {each.name: connection.execute(select(func.count()).select_from(each)).scalar_one() for each in tables}
    made = {"organisation": 1, "audit": 1}
    return {} if all(found.get(name, 0) <= made.get(name, 0) for name in found) else {name: count for name, count in found.items() if count}


def _empty(connection: Connection) -> None:
    """Takes away the tables of a store that was made and not used, so that those of the archive's form can be made."""
    there = set(inspect(connection).get_table_names())
    for table in reversed(metadata.sorted_tables):
        if table.name in there:
            connection.execute(text(f'DROP TABLE "{table.name}"'))
    if "alembic_version" in there:
        connection.execute(text("DROP TABLE alembic_version"))


def _put_rows(connection: Connection, table: Table, archive: zipfile.ZipFile) -> None:
    binary = [column.name for column in table.columns if isinstance(column.type, LargeBinary)]
    waiting: list[dict[str, Any]] = []
    for row in _lines(archive, table.name):
        waiting.append(row | {name: base64.b64decode(row[name]) for name in binary})
        if len(waiting) == _ROWS:
            connection.execute(_insert(table, waiting[0]), waiting)
            waiting = []
    if waiting:
        connection.execute(_insert(table, waiting[0]), waiting)


def _insert(table: Table, row: Mapping[str, Any]) -> Any:
    """As text: the types a database tells of its columns need not be those they were made with, and the values are written as it takes them."""
    names = ", ".join(f'"{name}"' for name in row)
    casts = {column.name: "CAST(:{0} AS TIMESTAMPTZ)" for column in table.columns if str(column.type).startswith("TIMESTAMP")}
    return text(f'INSERT INTO "{table.name}" ({names}) VALUES ({", ".join(casts.get(name, ":{0}").format(name) for name in row)})')


def _lines(archive: zipfile.ZipFile, table: str) -> Iterator[dict[str, Any]]:
    with archive.open(f"tables/{table}.ndjson") as member:
        for line in io.TextIOWrapper(member, encoding="utf-8", newline="\n"):
            yield json.loads(line)


def _extract(archive: zipfile.ZipFile, name: str, to: Path) -> None:
    with archive.open(f"files/{name}") as member, to.open("wb") as out:
        _copied(member, out)


def _opened(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except OSError as error:
        raise _refused("file-unreadable", file=path, reason=error.strerror or error) from None
    except zipfile.BadZipFile as error:
        raise _refused("archive-malformed", file=path, reason=error) from None


def _proved(path: Path, archive: zipfile.ZipFile) -> Archive:
    try:
        whole = json.loads(archive.read(MANIFEST))
        if whole["format"] != FORMAT:
            raise _refused("archive-format", file=path, found=whole["format"], known=FORMAT)
        tables = {str(name): (int(rows), str(hash_)) for name, (rows, hash_) in whole["tables"].items()}
        files = {str(name): (int(size), str(hash_)) for name, (size, hash_) in whole["files"].items()}
        seq, head = whole["head"]
        made = Archive(str(whole["revision"]), str(whole["engine"]), str(whole["created_at"]), (int(seq), str(head)), tables, files)
    except (KeyError, ValueError, TypeError, AttributeError, zipfile.BadZipFile) as error:
        raise _refused("archive-malformed", file=path, reason=f"{MANIFEST}: {error}") from None
    refuse_newer(made.revision)
    problems = Problems()
    for part, hash_ in [*((f"tables/{n}.ndjson", h) for n, (_, h) in tables.items()), *((f"files/{n}", h) for n, (_, h) in files.items())]:
        if _hash_of_part(archive, part) != hash_ or ".." in part or not _is_named_by_content(part, hash_):
            problems.add("archive-altered", None, file=path, part=part)
    problems.refuse_errors()
    return made


def _is_named_by_content(part: str, hash_: str) -> bool:
    return not part.startswith("files/") or Path(part).stem == hash_


def _hash_of_part(archive: zipfile.ZipFile, part: str) -> str | None:
    try:
        with archive.open(part) as member:
            return _copied(member, _Nowhere())[1]
    except (KeyError, zipfile.BadZipFile, OSError, EOFError, RuntimeError, ValueError):
        return None
    except Exception as error:  # zlib.error has no base of its own
        if type(error).__module__ == "zlib":
            return None
        raise


class _Nowhere:
    def write(self, _: bytes) -> None: ...


def _refused(code: str, **facts: object) -> Refused:
    return Refused([Diagnostic(code, None, {name: str(value) for name, value in facts.items()})])


