"""Commands about populations: taking a snapshot of one, and reading the snapshots others are judged by."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path

from guiju.base.dates import as_of
from guiju.base.diagnostics import Diagnostic, Problems, Refused
from guiju.base.rounding import decimal_text
from guiju.cli.console import console, language, progress, refusals, say, show, table, written
from guiju.ir.population import PopulationMeaning
from guiju.ir.program import Program
from guiju.ir.snapshot import Key, Snapshot, citation, load_snapshot, number_text, save_snapshot
from guiju.readings.population import ranking_of, take_snapshot
from guiju.records.bulk import mapping_of, programs
from guiju.records.door import Quality, admit
from guiju.records.read import read_table
from guiju.standard.shelf import Shelf


def ranked_programs(shelf: Shelf, words: Sequence[str], on: date | None, corrected: bool, files: Sequence[Path]) -> list[Program]:
    """The programs of standards, with the snapshots of their populations.

    raises   Refused: every problem of a standard or of a snapshot, and a snapshot of a standard that none of these is or uses
    """
    problems = Problems()
    read = [(file, load_snapshot(file, problems)) for file in files]
    problems.refuse_errors()
    snapshots = [snapshot for _, snapshot in read if snapshot is not None]
    found = programs(shelf, words, on, corrected, snapshots=snapshots)
    used = {s.number for program in found for s in program.snapshots}
    for file, snapshot in read:
        if snapshot is not None and snapshot.number not in used:
            problems.add("snapshot-not-used", None, file=file, number=snapshot.number)
    problems.refuse_errors()
    return found


def take(standard: str, records: Path, on: str, to: Path, mapping: Path | None, sheet: str | None, corrected: bool) -> None:
    """Ranks the records by the standard's populations, prints the thresholds and who is in, and writes the snapshot."""
    import duckdb

    shelf = Shelf()
    opened = shelf.open(path) if (path := shelf.locate(standard)) else None
    with refusals(opened.texts if opened else {}):
        (program,) = programs(shelf, [standard], as_of(on), corrected)
        if not program.populations:
            raise Refused([Diagnostic("no-populations", None, {"number": program.standard.number})])
        connection, ranked = duckdb.connect(), ranking_of(program)
        with progress(say("读取与排名", "reading and ranking")) as tell:
            source = read_table(records, connection, "records", sheet=sheet, progress=tell)
            used, suggestion = mapping_of(shelf, [ranked], source, mapping)
            quality = admit(connection, source, used, [program.inputs[n] for n in ranked.used_inputs], "admitted", progress=tell)
            snapshot = take_snapshot(connection, program, "admitted")
        show([*source.diagnostics, *(suggestion.diagnostics if suggestion else ()), *quality.diagnostics()])
        _show_quality(quality)
        _show_thresholds(program, snapshot)
        new = save_snapshot(snapshot, to)
    if new:
        written(to)
    else:
        console().print(say(f"{to} 已有同一快照", f"{to} holds this very snapshot already"))
    console().print(citation(snapshot, language()))


def _show_quality(quality: Quality) -> None:
    header = (say("输入", "input"), say("取自", "from"), say("有值", "present"), say("缺", "missing"), say("不可用", "unusable"))
    rows = [(q.asked.title(language()), q.column or "—", f"{q.present:,}", f"{q.missing:,}", f"{sum(q.bad.values()):,}") for q in quality.inputs]
    table(say(f"数据：{quality.rows:,} 行", f"data: {quality.rows:,} rows"), header, rows, right=(2, 3, 4))


def _show_thresholds(program: Program, snapshot: Snapshot) -> None:
    for meaning in program.populations:
        ranking = snapshot.rankings[meaning.name]
        header = (
            say("可比范围", "range"), say("参加", "members"), say("不参加", "outside"), say("无法确定", "undetermined"), say("界限", "threshold"),
            say("值", "value"), say("名额", "places"), say("入围", "in"),
        )  # fmt: skip
        title = f"{meaning.population.title.text(language())}" + (f" ({ranking.unit})" if ranking.unit not in ("", "1") else "")
        rows = [row for key, each in sorted(ranking.ranges.items()) for row in _rows(meaning, snapshot, key)]
        table(title, header, rows, right=(1, 2, 3, 5, 6, 7))
        if ranking.outside or ranking.undetermined:
            console().print(say(
                f"可比范围不明：不参加 {ranking.outside:,}，无法确定 {ranking.undetermined:,}",
                f"range not known: {ranking.outside:,} outside, {ranking.undetermined:,} undetermined",
            ))  # fmt: skip


def _rows(meaning: PopulationMeaning, snapshot: Snapshot, key: Key) -> Iterator[tuple[str, ...]]:
    each = snapshot.rankings[meaning.name].ranges[key]
    counts = (", ".join(key) or say("全部", "all"), f"{each.n:,}", f"{each.outside:,}", f"{each.undetermined:,}")
    if not each.best:
        yield (*counts, "", say(f"不足 {meaning.population.min_count} 个", f"fewer than {meaning.population.min_count}"), "", "")
    for position, (name, place) in enumerate(each.best.items()):
        head = counts if position == 0 else ("", "", "", "")
        yield (*head, f"{meaning.name}.{name}", _shown(place.value), f"{place.k:,}", f"{place.inside:,}")


def _shown(value: Fraction | None) -> str:
    if value is None:
        return "—"
    text = decimal_text(value)
    return f"{text} = {number_text(value)}" if text.startswith("≈") else text
