"""Evaluation: a set of records judged by one or more editions, so many rows at a time.

arguments   on: the date as of which (default: each edition's own); corrected: texts believed wrong as corrected; mapping: the text of a
            mapping file, in the place of the one the set came with
body        counts per clause, how the inputs were filled, what undetermined verdicts wait for, and a hash over all rows of the tables
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from guiju.ir.program import Program
from guiju.readings.missing import missing_tally
from guiju.records.bulk import Batch, counts, export_query, judged, mapping_of, weakest_evidence
from guiju.records.mapping import Mapping as ColumnMapping
from guiju.records.mapping import found_column, mapping_yaml
from guiju.records.source import Source, identifier, literal
from guiju.standard.shelf import Shelf
from guiju.store.canonical import digest
from guiju.store.database import Store
from guiju.store.editions import edition_named, program_of
from guiju.store.kinds.work import Piece, Put, cited, counted, day, taken
from guiju.store.results import Outcome, Request
from guiju.store.sets import RecordSet, opened_set, record_set_of

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

PIECE_ROWS = 100_000
"""Part of what a result is, since its hash goes over pieces: changing it makes every replay differ."""
ARGUMENTS = {"on": str, "corrected": bool, "mapping": str}


@dataclass(frozen=True)
class Opened:
    """The records of a request, its programs, and which column is what."""

    connection: DuckDBPyConnection
    programs: tuple[Program, ...]
    records: RecordSet
    source: Source
    mapping: ColumnMapping
    arguments: Mapping[str, Any]


@contextmanager
def opened(store: Store, request: Request, known: Mapping[str, type]) -> Iterator[Opened]:
    """
    raises   Refused: what is wrong in the request, in the mapping, or with the files of the store
    """
    import duckdb

    arguments = taken(request, known)
    held = [program_of(store, edition_named(store, word), day(arguments), corrected=bool(arguments["corrected"])) for word in request.editions]
    programs, shelves = tuple(program for program, _ in held), [shelf for _, shelf in held]
    records = record_set_of(store, request.records or "")
    with duckdb.connect() as connection:
        source, _ = opened_set(store, records, connection, "records")
        mapping = _mapping(arguments["mapping"] or records.mapping, shelves, programs, source)
        yield Opened(connection, programs, records, source, mapping, arguments)


def _mapping(text: str | None, shelves: Sequence[Shelf], programs: Sequence[Program], source: Source) -> ColumnMapping:
    first = shelves[0]
    first.dictionary = {id_: each for shelf in reversed(shelves) for id_, each in shelf.dictionary.items()}
    if text is None:
        return mapping_of(first, programs, source, None)[0]
    with tempfile.TemporaryDirectory(prefix="guiju-mapping-") as folder:
        path = Path(folder) / "mapping.yaml"
        path.write_text(text, encoding="utf-8")
        return mapping_of(first, programs, source, path)[0]


@contextmanager
def evaluation(store: Store, request: Request) -> Iterator[Evaluation]:
    counted(request, 1, 20, records=True)
    with opened(store, request, ARGUMENTS) as found:
        yield Evaluation(found)


@dataclass(frozen=True)
class Evaluation:
    opened: Opened

    @property
    def total(self) -> int:
        return self.opened.source.rows

    @property
    def pieces(self) -> int:
        return max(1, -(-self.total // PIECE_ROWS))

    def piece(self, number: int, put: Put) -> Piece:
        """So many rows, judged; their verdicts in words as a table beside."""
        o, first, last = self.opened, number * PIECE_ROWS, min((number + 1) * PIECE_ROWS, self.total)
        o.connection.execute(f"CREATE OR REPLACE VIEW piece AS SELECT * FROM records WHERE row > {first} AND row <= {last}")
        part = replace(o.source, table="piece", rows=last - first)
        batch = Batch(o.connection, part, o.mapping, None, judged(o.connection, part, o.mapping, o.programs))
        o.connection.execute(f"CREATE OR REPLACE TABLE shown AS {export_query(batch)}")
        kept = put(".parquet", lambda to: o.connection.execute(f"COPY (SELECT * FROM shown ORDER BY row) TO {literal(str(to))} (FORMAT parquet)"))
        body = {
            "rows": last - first, "sha256": _rows_hash(o.connection),
            "standards": [
                {
                    "verdicts": {no: {v.value: n for v, n in tally.items()} for no, tally in counts(batch, each).items()},
                    "inputs": {q.asked.name: {"present": q.present, "missing": q.missing, "rounded": q.rounded, "bad": dict(q.bad)}
                               for q in each.quality.inputs},
                    "waits_for": dict(missing_tally(o.connection, each.waiting, each.bits)) if each.program.overall else {},
                }
                for each in batch.judged
            ],
        }  # fmt: skip
        return Piece(body, last, (kept,))

    def whole(self, pieces: Sequence[Piece]) -> Outcome:
        o = self.opened
        body = {
            "rows": sum(each.body["rows"] for each in pieces),
            "sha256": digest("\n".join(each.body["sha256"] for each in pieces)),
            "mapping": mapping_yaml(o.mapping),
            "keys": self._keys(),
            "standards": [
                {
                    "number": program.standard.number, "evidence": weakest_evidence(program),
                    "verdicts": _summed(each.body["standards"][at]["verdicts"] for each in pieces),
                    "inputs": _summed(each.body["standards"][at]["inputs"] for each in pieces),
                    "waits_for": _summed([{"rows": each.body["standards"][at]["waits_for"]} for each in pieces]).get("rows", {}),
                }
                for at, program in enumerate(o.programs)
            ],
        }  # fmt: skip
        return Outcome(cited(o.programs), o.records.sha256, body, tuple(kept for each in pieces for kept in each.files))

    def _keys(self) -> dict[str, int]:
        """Keys that stand on several rows, and rows that have none, over the whole set."""
        column = found_column(self.opened.mapping.key, self.opened.source.columns) if self.opened.mapping.key else None
        if column is None:
            return {"repeated": 0, "missing": 0}
        key = f"nullif(trim(CAST({identifier(column.at)} AS VARCHAR)), '')"
        grouped = f"SELECT {key} AS k, count(*) AS n FROM records GROUP BY 1"
        query = f"SELECT count(*) FILTER (k IS NOT NULL AND n > 1), coalesce(sum(n) FILTER (k IS NULL), 0) FROM ({grouped})"
        ((repeated, missing),) = self.opened.connection.execute(query).fetchall()
        return {"repeated": int(repeated), "missing": int(missing)}


def _rows_hash(connection: DuckDBPyConnection) -> str:
    """sha256 over the rows of the table `shown`, in their order, each as a JSON list."""
    columns = ", ".join(identifier(name) for name, *_ in connection.execute("DESCRIBE shown").fetchall())
    query = f"SELECT sha256(coalesce(string_agg(CAST(json_array({columns}) AS VARCHAR), chr(10) ORDER BY row), '')) FROM shown"
    ((found,),) = connection.execute(query).fetchall()
    return str(found)


def _summed(tallies: Any) -> dict[str, Any]:
    """Nested counts added up."""
    total: dict[str, Any] = {}
    for tally in tallies:
        for name, found in tally.items():
            if isinstance(found, dict):
                total[name] = _summed([total.get(name, {}), found])
            else:
                total[name] = total.get(name, 0) + found
    return total


