"""Aggregate: a set of records brought together by one edition, each of its aggregates as a table beside the result.

arguments   on, corrected, mapping: as of an evaluation; level: one aggregate, with those it is made of (default: all)
body        groups, records without a key, and the sha256 of the canonical form, per aggregate
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from guiju.ir.program import AggregateMeaning
from guiju.readings.columnar_aggregate import aggregate_tables
from guiju.records.door import admit
from guiju.records.mapping import mapping_yaml
from guiju.records.source import identifier, literal
from guiju.standard.shape import did_you_mean
from guiju.store.database import Store
from guiju.store.kinds.evaluation import ARGUMENTS, Opened, opened
from guiju.store.kinds.work import Piece, Put, cited, counted, refused
from guiju.store.results import Outcome, Request


@contextmanager
def aggregation(store: Store, request: Request) -> Iterator[Aggregation]:
    counted(request, 1, 1, records=True)
    with opened(store, request, {**ARGUMENTS, "level": str}) as found:
        yield Aggregation(found, _levels(found))


def _levels(found: Opened) -> Sequence[AggregateMeaning]:
    (program,), level = found.programs, found.arguments["level"]
    known = {each.name: each for each in program.aggregates}
    if not known:
        raise refused("no-aggregates", number=program.standard.number)
    if level is not None and level not in known:
        raise refused("unknown-aggregate", number=program.standard.number, name=level, **did_you_mean(level, known))
    return list(known.values()) if level is None else known[level].chain


@dataclass(frozen=True)
class Aggregation:
    """One piece: groups are only whole once all records are seen."""

    opened: Opened
    levels: Sequence[AggregateMeaning]

    pieces = 1

    @property
    def total(self) -> int:
        return self.opened.source.rows

    def piece(self, number: int, put: Put) -> Piece:
        o, (program,) = self.opened, self.opened.programs
        quality = admit(o.connection, o.source, o.mapping, [program.inputs[name] for name in program.used_inputs], "admitted")
        made = aggregate_tables(o.connection, program, ["admitted"], [each.name for each in self.levels])
        levels, files = {}, []
        for name, table in made.items():
            keys = ", ".join(identifier(key) for key, _ in table.meaning.keys) or "1"
            query = f"SELECT * FROM {identifier(table.table)} ORDER BY {keys}"
            files.append(put(".parquet", lambda to, query=query: o.connection.execute(f"COPY ({query}) TO {literal(str(to))} (FORMAT parquet)")))  # type: ignore[misc]
            ((groups,),) = o.connection.execute(f"SELECT count(*) FROM {identifier(table.table)}").fetchall()
            levels[name] = {"groups": int(groups), "keyless": list(table.keyless), "sha256": table.hash(o.connection)}
        return Piece({"rows": self.total, "unusable_cells": quality.bad, "aggregates": levels}, self.total, tuple(files))

    def whole(self, pieces: Sequence[Piece]) -> Outcome:
        body = {**pieces[0].body, "mapping": mapping_yaml(self.opened.mapping)}
        return Outcome(cited(self.opened.programs), self.opened.records.sha256, body, pieces[0].files)
