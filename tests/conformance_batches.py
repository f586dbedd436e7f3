"""Batches of the conformance suite: records that are grouped and summed, or ranked; by the exact reading and by DuckDB, which must agree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import duckdb

from agreement import load
from exact_population import rank_exactly
from guiju.base.diagnostics import Refused
from guiju.ir.program import Program
from guiju.ir.snapshot import Ranking, Snapshot
from guiju.ir.values import Value
from guiju.readings.aggregate import Aggregated, aggregate, key_text
from guiju.readings.columnar_aggregate import aggregate_tables
from guiju.readings.population import rank, ranking_of, take_snapshot

Written = dict[str, Any]
COUNTS = ("counted", "beyond", "rejected", "undetermined")
RANGE_COUNTS = ("members", "outside", "undetermined")


def grouped(program: Program, records: Sequence[dict[str, Value]], folder: Path) -> tuple[list[str], Written]:
    """Codes of what is refused; and the groups of every aggregate, with what belongs to none, as the suite writes them in full."""
    connection = _connection(program, records, folder)
    try:
        exact = aggregate(program, records)
    except Refused as refused:
        try:
            aggregate_tables(connection, program, ["source"])
        except Refused as also:
            assert also.diagnostics == refused.diagnostics
            return [d.code for d in refused.diagnostics], {}
        raise
    for name, made in aggregate_tables(connection, program, ["source"]).items():
        assert (tuple(made.groups(connection)), made.keyless) == (exact[name].groups, exact[name].keyless), name
        assert made.hash(connection) == exact[name].hash, name
    return [], {name: {"groups": _groups(found), "keyless": list(found.keyless)} for name, found in exact.items()}


def _groups(found: Aggregated) -> list[Written]:
    made: list[Written] = []
    for group in found.groups:
        written: Written = {name: key_text(key) for (name, _), key in zip(found.meaning.keys, group.keys, strict=True)}
        written |= {name: getattr(group, name) for name in COUNTS}
        for each, steps, uncapped in zip(found.meaning.sums, group.sums, group.uncapped, strict=True):
            written[each.name] = Fraction(steps, 10**each.places)
            if each.cap is not None:
                written[f"{each.name}_uncapped"] = Fraction(uncapped, 10**each.places)
        made.append(written)
    return made


def expected_groups(batch: Mapping[str, Any]) -> Written:
    """What a batch says of its aggregates, in full: a count that is not written is 0."""
    made: Written = {}
    for name, groups in batch.get("groups", {}).items():
        keyless = batch.get("keyless", {}).get(name, {})
        made[name] = {"groups": [_in_full(group) for group in groups], "keyless": [int(keyless.get(each, "0")) for each in COUNTS[2:]]}
    return made


def _in_full(group: Mapping[str, Any]) -> Written:
    """Counts are whole numbers, sums stand under `sums`, the rest are keys."""
    keys = {name: text for name, text in group.items() if name not in (*COUNTS, "sums")}
    return keys | {name: int(group.get(name, "0")) for name in COUNTS} | {name: Fraction(text) for name, text in group["sums"].items()}


def ranked(program: Program, records: Sequence[dict[str, Value]], folder: Path) -> Written:
    """The ranges of every population, and what is in none, as the suite writes them in full."""
    exact = rank_exactly(program, records)
    assert rank(_connection(ranking_of(program), records, folder), program, "source") == exact
    return {name: {"ranges": _ranges(found), "rangeless": [found.outside, found.undetermined]} for name, found in exact.items()}


def _ranges(found: Ranking) -> list[Written]:
    return [
        {"range": list(key), "members": each.n, "outside": each.outside, "undetermined": each.undetermined,
         "best": {name: (t.k, t.inside, t.value) for name, t in each.best.items()}}
        for key, each in sorted(found.ranges.items())
    ]  # fmt: skip


def expected_ranges(batch: Mapping[str, Any]) -> Written:
    """What a batch says of its populations, in full: a count that is not written is 0."""
    made: Written = {}
    for name, ranges in batch.get("ranges", {}).items():
        none = batch.get("rangeless", {}).get(name, {})
        made[name] = {"rangeless": [int(none.get(each, "0")) for each in RANGE_COUNTS[1:]], "ranges": [_range(each) for each in ranges]}
    return made


def _range(each: Mapping[str, Any]) -> Written:
    best = {name: (int(t["places"]), int(t["in"]), None if t["threshold"] == "none" else Fraction(t["threshold"])) for name, t in each.get("best", {}).items()}
    return {"range": each.get("range", [])} | {name: int(each.get(name, "0")) for name in RANGE_COUNTS} | {"best": best}


def snapshot_of(program: Program, records: Sequence[dict[str, Value]], folder: Path) -> Snapshot:
    return take_snapshot(_connection(ranking_of(program), records, folder), program, "source")


def _connection(program: Program, records: Sequence[dict[str, Value]], folder: Path) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(config={"threads": 1})
    load(connection, program, list(records), folder / "batch.csv")
    return connection
