"""Aggregates: the exact reading and the SQL give one result, whatever the order of the records and however they are divided."""

from __future__ import annotations

import os
import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pytest

from agreement import load
from guiju.base.diagnostics import Refused
from guiju.ir.program import Program
from guiju.ir.values import Value
from guiju.readings.aggregate import Aggregated, aggregate
from guiju.readings.aggregate_reasons import reasons
from guiju.readings.columnar_aggregate import aggregate_tables
from random_documents import random_program
from random_records import records

DOCUMENTS = int(os.environ.get("GUIJU_AGREE_DOCUMENTS", "300"))
RECORDS = 400
PARTS = 4
SEEDS = range(1, 4 * DOCUMENTS, 4)


def exact(program: Program, found: Sequence[Mapping[str, Value]]) -> dict[str, Aggregated] | tuple[object, ...]:
    """What the exact reading gives, or what it refuses."""
    try:
        return aggregate(program, found)
    except Refused as refused:
        return refused.diagnostics


def columnar(connection: duckdb.DuckDBPyConnection, program: Program, sources: Sequence[str], levels: Sequence[str] | None = None) -> Any:
    try:
        return aggregate_tables(connection, program, sources, levels)
    except Refused as refused:
        return refused.diagnostics


def compared(program: Program, seed: int, folder: Path) -> tuple[int, str]:
    """The groups compared, and the code of what is refused."""
    found = records(program, RECORDS, seed)
    expected = exact(program, found)
    shuffled = list(found)
    random.Random(seed).shuffle(shuffled)
    assert exact(program, shuffled) == expected, "another order changes the exact result"
    connection = duckdb.connect(config={"threads": 2})
    load(connection, program, shuffled, folder / "records.csv")
    for number in range(3):
        connection.execute(f"CREATE TABLE chunk{number} AS SELECT * FROM source WHERE hash(row) % 3 = {number}")
    chunks = ["chunk0", "chunk1", "chunk2"]
    if isinstance(expected, tuple):
        assert columnar(connection, program, ["source"]) == expected
        assert columnar(connection, program, chunks) == expected
        return 0, expected[0].code  # type: ignore[attr-defined]
    for sources in (["source"], chunks):
        made = columnar(connection, program, sources)
        assert isinstance(made, dict), made
        for name, wanted in expected.items():
            assert tuple(made[name].groups(connection)) == wanted.groups, name
            assert made[name].keyless == wanted.keyless
            assert made[name].hash(connection) == wanted.hash
            assert reasons(connection, program, wanted.meaning, sources) == wanted.reasons
    for name, wanted in expected.items():
        alone = columnar(connection, program, ["source"], [name])[name]
        assert alone.hash(connection) == wanted.hash, f"{name} alone, without the tables on the way to it"
    connection.close()
    return sum(len(each.groups) for each in expected.values()), ""


@pytest.mark.parametrize("part", range(PARTS))
def test_aggregates_of_random_documents_are_the_same_in_sql_in_any_order_and_in_chunks(part: int, tmp_path: Path) -> None:
    groups, refused = 0, set()
    for seed in list(SEEDS)[: max(DOCUMENTS // 4, 8)][part::PARTS]:
        count, code = compared(random_program(seed), seed, tmp_path)
        groups += count
        refused.add(code)
    assert groups > 5
    assert "order-not-total" in refused or DOCUMENTS < 200
