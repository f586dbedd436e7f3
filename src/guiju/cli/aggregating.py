"""Bringing records together: read, map, admit, group, sum, cap; and the whole of it told: what counts, what does not and why."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from guiju.base.dates import as_of
from guiju.base.diagnostics import Diagnostic, Refused
from guiju.base.rounding import decimal_text
from guiju.cli.console import Exit, console, language, progress, refusals, say, show, table, written
from guiju.cli.judging import show_inputs
from guiju.cli.reading import texts_of
from guiju.ir.aggregates import COUNTS, UNCAPPED
from guiju.ir.program import AggregateMeaning, Program, SumMeaning
from guiju.readings.aggregate import Reasons
from guiju.readings.aggregate_reasons import reasons
from guiju.readings.columnar_aggregate import AggregateTable, aggregate_tables
from guiju.records.bulk import mapping_of, programs
from guiju.records.door import Quality, admit
from guiju.records.read import read_table
from guiju.records.source import Source, identifier
from guiju.records.suggestion import Suggestion
from guiju.records.write import write_table
from guiju.standard.shape import did_you_mean
from guiju.standard.shelf import Shelf

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

WAITS_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Totals:
    """An aggregate as a whole.

    sums     in steps, over all groups
    capped   of each capped sum: groups that reach beyond the cap, and by how much in all, in steps
    """

    groups: int
    counts: Mapping[str, int]
    sums: tuple[int, ...]
    capped: tuple[tuple[int, int] | None, ...]


@dataclass(frozen=True)
class Run:
    connection: DuckDBPyConnection
    program: Program
    source: Source
    suggestion: Suggestion | None
    quality: Quality
    tables: Mapping[str, AggregateTable]
    reasons: Mapping[str, Reasons]
    """By the aggregate of records that has them."""


def aggregate_records(
    standard: str,
    records: Path,
    level: str | None,
    to: Path | None,
    mapping: Path | None,
    sheet: str | None,
    on: str | None,
    overwrite: bool,
    as_json: bool,
    corrected: bool = False,
) -> Exit:
    """Prints what counts and why the rest does not, writes the groups of one level; gives the exit code."""
    shelf = Shelf()
    with refusals(texts_of(shelf, [standard])):
        program = programs(shelf, [standard], as_of(on), corrected)[0]
        levels = _levels(program, level)
        with progress(say("读取与汇总", "reading and bringing together")) as tell:
            import duckdb

            connection = duckdb.connect()
            source = read_table(records, connection, "records", sheet=sheet, progress=tell)
            used, suggestion = mapping_of(shelf, [program], source, mapping)
            asked = [program.inputs[name] for name in program.used_inputs]
            quality = admit(connection, source, used, asked, "admitted", progress=tell)
            tables = aggregate_tables(connection, program, ["admitted"], [each.name for each in levels])
            bases = {each.chain[0].name: each.chain[0] for each in levels}
            why = {name: reasons(connection, program, base, ["admitted"]) for name, base in bases.items()}
        run = Run(connection, program, source, suggestion, quality, tables, why)
        totals = {name: totals_of(run, made) for name, made in tables.items()}
        if as_json:
            print(json.dumps(as_plain(run, totals), ensure_ascii=False, indent=1))
        else:
            _show(run, totals)
        if to is not None:
            write_table(connection, export_query(tables[levels[-1].name]), to, overwrite=overwrite)
            if not as_json:
                written(to)
    return Exit.UNDETERMINED if any(each.counts["undetermined"] for each in totals.values()) else Exit.OK


def _levels(program: Program, level: str | None) -> list[AggregateMeaning]:
    """All of the standard's, or the one named and those it is made of; the last is the one that is written.

    raises   Refused: no-aggregates, unknown-aggregate
    """
    known = {each.name: each for each in program.aggregates}
    facts = {"number": program.standard.number}
    if not known:
        raise Refused([Diagnostic("no-aggregates", None, facts)])
    if level is not None and level not in known:
        raise Refused([Diagnostic("unknown-aggregate", None, {**facts, "name": level, **did_you_mean(level, known)})])
    return list(known.values()) if level is None else list(known[level].chain)


def totals_of(run: Run, made: AggregateTable) -> Totals:
    """The whole of an aggregate: records without a key are among the counts and in no sum."""
    sums, parts = made.meaning.sums, []
    for each in sums:
        name, before = identifier(each.name), identifier(each.name + UNCAPPED)
        cut = f"count(CASE WHEN {before} > {name} THEN 1 END), coalesce(sum({before} - {name}), 0)" if each.cap is not None else "0, 0"
        parts.append(f"coalesce(sum({name}), 0), {cut}")
    counted = ", ".join(f"coalesce(sum({name}), 0)" for name in COUNTS)
    ((groups, *found),) = run.connection.execute(f"SELECT count(*), {counted}, {', '.join(parts)} FROM {identifier(made.table)}").fetchall()
    counts = dict(zip(COUNTS, map(int, found), strict=False))
    counts["rejected"] += made.keyless[0]
    counts["undetermined"] += made.keyless[1]
    numbers = [int(number) for number in found[len(COUNTS) :]]
    of_each = [numbers[3 * n : 3 * n + 3] for n in range(len(sums))]
    capped = tuple((cut[1], cut[2]) if each.cap is not None else None for each, cut in zip(sums, of_each, strict=True))
    return Totals(int(groups), counts, tuple(each[0] for each in of_each), capped)


def export_query(made: AggregateTable) -> str:
    """The groups in the order of their keys, sums as decimals in the unit that stands in the header."""
    keys = [identifier(name) for name, _ in made.meaning.keys]
    columns = [*keys, *COUNTS]
    for each in made.meaning.sums:
        columns += [_decimal(each, each.name + UNCAPPED)] if each.cap is not None else []
        columns.append(_decimal(each, each.name))
    ordered = f" ORDER BY {', '.join(keys)}" if keys else ""
    return f"SELECT {', '.join(columns)} FROM {identifier(made.table)}{ordered}"


def _decimal(each: SumMeaning, name: str) -> str:
    """A whole number of steps as the decimal it stands for, which no double could hold in every case."""
    header = f"{name} ({each.unit.shown})" if each.unit.shown else name
    if not each.places:
        return f"{identifier(name)} AS {identifier(header)}"
    step = f"CAST('{decimal_text(_step(each))}' AS DECIMAL({each.places + 1}, {each.places}))"
    return f"CAST({identifier(name)} AS DECIMAL(19, 0)) * {step} AS {identifier(header)}"


def _step(each: SumMeaning) -> Fraction:
    return Fraction(1, 10**each.places)


def amount(each: SumMeaning, steps: int, unit: bool = True) -> str:
    """A sum as people read it: 1014605 gCO2e, 119124.942 kgCO2e."""
    text = decimal_text(steps * _step(each))
    return f"{text} {each.unit.shown}".rstrip() if unit else text


def as_plain(run: Run, totals: Mapping[str, Totals]) -> dict[str, object]:
    """The whole as plain values, sums as texts of decimals."""
    levels = {}
    for name, made in run.tables.items():
        total = totals[name]
        levels[name] = {
            "groups": total.groups, "records": dict(total.counts), "without_a_key": {"rejected": made.keyless[0], "undetermined": made.keyless[1]},
            "sums": {
                each.name: {
                    "total": amount(each, steps, unit=False), "unit": each.unit.text,
                    "cap": None if each.cap is None else amount(each, each.cap, unit=False),
                    "groups_capped": cut and cut[0], "cut_off": cut and amount(each, cut[1], unit=False),
                }
                for each, steps, cut in zip(made.meaning.sums, total.sums, total.capped, strict=True)
            },
            "sha256": made.hash(run.connection),
        }  # fmt: skip
    why = {
        name: {
            "rejected": {no: {"fail": fails, "first": first} for no, (fails, first) in sorted(found.rejected.items())},
            "undetermined_wait_for": dict(sorted(found.waits.items(), key=lambda each: (-each[1], each[0]))),
        }
        for name, found in run.reasons.items()
    }
    standard = run.program.standard
    return {
        "standard": standard.number, "on": run.program.on.isoformat(), "records": run.source.rows, "unusable_cells": run.quality.bad,
        "aggregates": levels, "reasons": why,
        "diagnostics": [d.as_json() for d in _told(run)],
    }  # fmt: skip


def _told(run: Run) -> list[Diagnostic]:
    found = [*run.source.diagnostics, *(run.suggestion.diagnostics if run.suggestion else ()), *run.quality.diagnostics()]
    return [d for d in found if d.code != "input-without-column"]


def _show(run: Run, totals: Mapping[str, Totals]) -> None:
    show(_told(run))
    show_inputs(run.source, run.suggestion is not None, run.quality.inputs)
    _show_levels(run, totals)
    for name, found in run.reasons.items():
        _show_rejected(run.program, name, found)
        if found.waits:
            waits = sorted(found.waits.items(), key=lambda each: (-each[1], each[0]))[:WAITS_SHOWN]
            labels = {n: i.title(language()) for n, i in run.program.inputs.items()}
            listed = say("、", ", ").join(f"{labels.get(each, each)} {count:,}" for each, count in waits)
            console().print(say(f"? {name}：无法判定的记录在等待 {listed}", f"? {name}: undetermined records wait for {listed}"), style="yellow")
    for name, made in run.tables.items():
        console().print(f"{name}  sha256 {made.hash(run.connection)}", style="dim")


def _show_levels(run: Run, totals: Mapping[str, Totals]) -> None:
    words = (say("汇总", "aggregate"), say("组", "groups"), say("计入", "counted"), say("名额之外", "beyond the first"), say("不符合", "rejected"),
             say("无法判定", "undetermined"), say("和", "sums"))  # fmt: skip
    rows = []
    for name, made in run.tables.items():
        total = totals[name]
        shown = []
        for each, steps, cut in zip(made.meaning.sums, total.sums, total.capped, strict=True):
            text = f"{each.name} {amount(each, steps)}"
            if cut is not None and cut[0]:
                off = amount(each, cut[1])
                text += say(f"（{cut[0]:,} 组到上限，共削去 {off}）", f" ({cut[0]:,} capped, {off} cut off)")
            shown.append(text)
        title = f"{name} {made.meaning.aggregate.title.text(language())}"
        rows.append((title, f"{total.groups:,}", *(f"{total.counts[count]:,}" for count in COUNTS), "; ".join(shown)))
    table(say(f"汇总：{run.source.rows:,} 条记录", f"aggregates: {run.source.rows:,} records"), words, rows, right=(1, 2, 3, 4, 5))


def _show_rejected(program: Program, name: str, found: Reasons) -> None:
    """Which clause rejects how many; the first column adds up to the records rejected."""
    if not found.rejected:
        return
    titles = {m.no: m.clause.title.text(language()) for m in program.clauses}
    titles |= {"scope": say("不在适用范围内", "outside the scope"), "where": say("不满足汇总条件", "the condition of the aggregate")}
    order = ["scope", *(m.no for m in program.clauses), "where"]
    rows = [(f"{no} {titles[no]}", f"{found.rejected[no][1]:,}", f"{found.rejected[no][0]:,}") for no in order if no in found.rejected]
    header = (say("条款", "clause"), say("首先因它", "first by it"), say("共不符合", "fail it in all"))
    table(say(f"{name}：不计入的原因", f"{name}: why records do not count"), header, rows, right=(1, 2))
