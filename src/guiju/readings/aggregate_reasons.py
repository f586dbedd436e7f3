"""Why records of an aggregate do not count: the clauses that reject them, in the order of the standard, and what undetermined ones wait for.

A second pass over the records, made only where someone asks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from guiju.ir.node import Node
from guiju.ir.program import AggregateMeaning, Program
from guiju.readings.aggregate import Gathering, Reasons
from guiju.readings.columnar import DUCKDB, Emitter, record_of
from guiju.readings.evaluate import Evaluation, evaluate
from guiju.readings.missing import MaskEmitter, unmasked

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_FETCHED = 50_000


def reasons(connection: DuckDBPyConnection, program: Program, meaning: AggregateMeaning, sources: Sequence[str]) -> Reasons:
    """Why the records of the tables do not count in an aggregate, as the exact reading tells it."""
    base = meaning.chain[0]
    told = Gathering(program, base)
    nodes = [*base.nodes, program.scope, *(node for m in program.clauses for node in (m.applies, m.requires))]
    emitter = MaskEmitter(program, DUCKDB)
    emitter.plan(nodes)
    near = emitter.recheck(nodes)
    for source in sources:
        if near is not None:
            for evaluation in rechecked(connection, program, emitter, near, source):
                told.add(evaluation)
        apart = f"NOT ({near}) AS apart" if near is not None else "TRUE AS apart"
        _add_rejected(connection, emitter, base, source, apart, told)
        _add_waits(connection, emitter, base, source, apart, told)
    return Reasons(told.rejected, told.waits)


def rechecked(connection: DuckDBPyConnection, program: Program, emitter: Emitter, near: str, source: str) -> Iterator[Evaluation]:
    """The records of a source that are to be evaluated exactly, evaluated."""
    names = list(program.used_inputs)
    text = emitter.text([*(DUCKDB.name(name) for name in names), f"{near} AS recheck"]).replace("{source}", source)
    cursor = connection.cursor().execute(f"SELECT {', '.join(DUCKDB.name(name) for name in names)} FROM ({text}) WHERE recheck")
    while fetched := cursor.fetchmany(_FETCHED):
        for row in fetched:
            yield evaluate(program, record_of(program, names, row))


def _add_rejected(connection: DuckDBPyConnection, emitter: Emitter, meaning: AggregateMeaning, source: str, apart: str, told: Gathering) -> None:
    """Rejected records by the set of what they fail: there are few such sets."""
    program = emitter.program
    labels = ["scope", *(m.no for m in program.clauses)]
    fails = [f"NOT {emitter.expr(program.scope)}", *(f"{emitter.verdict(m.applies, m.requires)} = 0" for m in program.clauses)]
    tests = [f"coalesce({test}, FALSE) AS f{n}" for n, test in enumerate(fails)]
    text = emitter.text([f"{emitter.expr(meaning.where)} AS ok", apart, *tests]).replace("{source}", source)
    names = ", ".join(f"f{n}" for n in range(len(fails)))
    for rows, *failed in connection.execute(f"SELECT count(*), {names} FROM ({text}) WHERE NOT ok AND apart GROUP BY {names}").fetchall():
        told.reject([label for label, failed_it in zip(labels, failed, strict=True) if failed_it], int(rows))


def _add_waits(connection: DuckDBPyConnection, emitter: MaskEmitter, meaning: AggregateMeaning, source: str, apart: str, told: Gathering) -> None:
    """Undetermined records by what they lack, as bits."""
    asked: list[Node] = list(meaning.nodes)
    masks = [f"({' | '.join(emitter.mask(node, group) for node in asked)}) AS m{group}" for group in range(emitter.groups)]
    text = emitter.text([f"{emitter.expr(meaning.where)} AS ok", apart, *masks]).replace("{source}", source)
    groups, lacking = ", ".join(f"m{n}" for n in range(emitter.groups)), " OR ".join(f"m{n} <> 0" for n in range(emitter.groups))
    undetermined = f"ok IS DISTINCT FROM FALSE AND apart AND ({lacking})"
    for rows, *found in connection.execute(f"SELECT count(*), {groups} FROM ({text}) WHERE {undetermined} GROUP BY {groups}").fetchall():
        told.wait(unmasked(found, list(emitter.bits)), int(rows))
