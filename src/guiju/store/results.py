"""Results in the store: what was asked, of which editions and which records, by which engine, and what came out, each by its hash."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from guiju.base.diagnostics import Diagnostic, Refused
from guiju.records.source import literal
from guiju.records.write import write_table
from guiju.store.audit import append
from guiju.store.canonical import canonical, digest, new_id
from guiju.store.database import Store
from guiju.store.files import Kept, named, proved
from guiju.store.tables import result

ENGINES = ("guiju", "duckdb", "z3-solver")
"""What results are computed with, whose versions they cite."""


def engine_version() -> str:
    return "; ".join(f"{name} {version(name)}" for name in ENGINES)


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked.

    kind        evaluation, proof, …: a key of the kinds of work
    editions    identifiers, in the order the question takes them
    records     the identifier of a set; None where the question is about none
    arguments   what else the kind takes, JSON without doubles
    """

    kind: str
    editions: tuple[str, ...]
    records: str | None = None
    arguments: Mapping[str, Any] = field(default_factory=dict)

    @property
    def text(self) -> str:
        return canonical({"kind": self.kind, "editions": list(self.editions), "records": self.records, "arguments": dict(self.arguments)})

    @property
    def hash(self) -> str:
        return digest(self.text)


def read_request(text: str) -> Request:
    held = json.loads(text)
    return Request(held["kind"], tuple(held["editions"]), held["records"], held["arguments"])


@dataclass(frozen=True, slots=True)
class Result:
    """standards   number, content hash and date as of which, of each edition asked about
    data_hash      of the records
    body           what came out, canonical JSON; its hash is what a replay must find again
    files          tables beside it, in their order
    """

    id: str
    organisation: str
    kind: str
    request: Request
    standards: tuple[Mapping[str, str], ...]
    data_hash: str | None
    engine: str
    body: str = field(repr=False)
    body_hash: str
    files: tuple[Kept, ...]
    job: str | None
    created_at: datetime
    created_by: str


Also = Callable[[Connection, str, str], None]
"""What is written in the very transaction that keeps a result: (connection, actor, identifier of the job) → nothing."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What work came to, before it is kept.

    effect   makes ready what else becomes true with the result; called by a worker outside any transaction, and never by a replay
    """

    standards: tuple[Mapping[str, str], ...]
    data_hash: str | None
    body: Any
    files: tuple[Kept, ...] = ()
    effect: Callable[[], Also] | None = None


def keep_result(connection: Connection, store: Store, request: Request, outcome: Outcome, organisation: str, actor: str, job: str | None = None
                ) -> str:  # fmt: skip
    """Writes a result, in the transaction of the connection; gives its identifier."""
    id_, now, body = new_id(), store.clock(connection), canonical(outcome.body)
    named(connection, store, outcome.files)
    connection.execute(result.insert().values(
        id=id_, organisation=organisation, kind=request.kind, request=request.text, request_hash=request.hash,
        standards=canonical(list(map(dict, outcome.standards))),
        record_set=request.records, data_hash=outcome.data_hash, engine=engine_version(), body=body, body_hash=digest(body),
        files=canonical([[each.path, each.sha256, each.bytes] for each in outcome.files]), job=job, created_at=now, created_by=actor,
    ))  # fmt: skip
    append(connection, now, actor, "result.kept", id_, {"kind": request.kind, "request": request.hash, "body": digest(body), "job": job})
    return id_


def result_of(store: Store, id_: str) -> Result:
    """
    raises   Refused: unknown-result; result-altered, where its body is not what its hash says
    """
    with store.reading() as connection:
        row = connection.execute(select(result).where(result.c.id == id_)).first()
    if row is None:
        raise Refused([Diagnostic("unknown-result", None, {"name": id_})])
    found = _result(row)
    if digest(found.body) != found.body_hash:
        raise Refused([Diagnostic("result-altered", None, {"name": id_, "said": found.body_hash[:12], "found": digest(found.body)[:12]})])
    return found


def answered(store: Store, request: Request, organisation: str) -> Result | None:
    """The newest result this very request came to with this very engine, if it was ever made for this organisation: it would come out the same."""
    wanted = (result.c.request_hash == request.hash, result.c.organisation == organisation, result.c.engine == engine_version())
    with store.reading() as connection:
        row = connection.execute(select(result).where(*wanted).order_by(result.c.id.desc()).limit(1)).first()
    return _result(row) if row is not None else None


def results(store: Store, *, organisations: Sequence[str] | None = None, kind: str | None = None, before: str = "", limit: int | None = None,
            records: str | None = None, without: Sequence[str] = ()) -> list[Result]:  # fmt: skip
    """Results from the newest; a page begins before an identifier.

    records   the identifier of a set: only results about it
    without   identifiers of sets of records whose results are left out
    """
    query = select(result).order_by(result.c.id.desc()).limit(limit)
    query = query.where(result.c.id < before) if before else query
    query = query.where(result.c.kind == kind) if kind else query
    query = query.where(result.c.record_set == records) if records else query
    query = query if organisations is None else query.where(result.c.organisation.in_(organisations))
    query = query.where(result.c.record_set.is_(None) | result.c.record_set.not_in(without)) if without else query
    with store.reading() as connection:
        return [_result(row) for row in connection.execute(query)]


def _result(row: Any) -> Result:
    return Result(row.id, row.organisation, row.kind, read_request(row.request), tuple(json.loads(row.standards)), row.data_hash, row.engine,
                  row.body, row.body_hash, tuple(Kept(*each) for each in json.loads(row.files)), row.job, row.created_at, row.created_by)  # fmt: skip


def verdicts_as(store: Store, files: Sequence[Kept], name: str) -> Path:
    """The rows of kept tables, in order, as one file of this name, in a folder of its own that `remove_verdicts` takes away. Cells a spreadsheet
    would run as a formula are marked as text.

    files    Parquet, each with a column `row`
    raises   Refused: what is wrong with a file that is kept, what the form cannot hold
    """
    import duckdb

    places = ", ".join(literal(str(proved(store, each.path, each.sha256))) for each in files)
    path = Path(tempfile.mkdtemp(prefix="guiju-table-")) / name
    try:
        with duckdb.connect() as connection:
            write_table(connection, f"SELECT * FROM read_parquet([{places}]) ORDER BY row", path)
    except BaseException:
        remove_verdicts(path)
        raise
    return path


def remove_verdicts(path: Path) -> None:
    path.unlink(missing_ok=True)
    path.parent.rmdir()
