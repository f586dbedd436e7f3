"""Commands about records: evaluate many, explain one, and the mapping of columns to inputs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from guiju.base.dates import as_of
from guiju.base.diagnostics import Diagnostic, Problems, Refused
from guiju.cli.console import Exit, console, language, progress, refusals, say, show, table, written
from guiju.cli.ranking import ranked_programs
from guiju.cli.reading import texts_of
from guiju.ir.program import Program
from guiju.ir.record import Given, admit
from guiju.ir.snapshot import citation
from guiju.ir.values import Unknown, Value
from guiju.readings.evaluate import Evaluation, Verdict, evaluate
from guiju.readings.explain import MARKS, WORDS, as_json, explain, text, undefined_words
from guiju.readings.missing import missing_tally
from guiju.records import importers
from guiju.records.bulk import Batch, Counts, counts, evaluations_of, export_query, fields_of, judged_otherwise, programs, run, weakest_evidence
from guiju.records.door import InputQuality
from guiju.records.mapping import Mapping as ColumnMapping
from guiju.records.read import read_table
from guiju.records.source import Source, literal
from guiju.records.suggestion import suggest
from guiju.records.write import write_table
from guiju.standard.correction import corrections
from guiju.standard.document import load, plain
from guiju.standard.shape import MapOf, read
from guiju.standard.shelf import Shelf

MISSING_SHOWN = 8
"""Inputs named per standard as what undetermined verdicts wait for."""


def evaluate_records(
    standards: list[str],
    records: Path,
    mapping: Path | None,
    sheet: str | None,
    on: str | None,
    out: Sequence[Path],
    overwrite: bool,
    rows: int,
    strict: bool,
    corrected: bool = False,
    snapshots: Sequence[Path] = (),
) -> Exit:
    """Prints what was read, its quality, the verdicts and why; writes the results; gives the exit code."""
    shelf = Shelf()
    with refusals(texts_of(shelf, standards)):
        found = ranked_programs(shelf, standards, as_of(on), corrected, snapshots)
        with progress(say("读取与判定", "reading and judging")) as tell:
            batch = run(shelf, found, records, mapping, sheet=sheet, progress=tell)
        show(d for d in batch.diagnostics if d.code != "input-without-column")
        by_property: dict[str, InputQuality] = {}
        for quality in (quality for each in batch.judged for quality in each.quality.inputs):
            by_property.setdefault(quality.asked.is_, quality)
        show_inputs(batch.source, batch.suggestion is not None, by_property.values())
        tallies = [counts(batch, each) for each in batch.judged]
        _show_counts(batch, tallies)
        _show_rows(batch, rows)
        _show_missing(batch)
        _show_evidence(batch)
        for snapshot in {s.hash: s for p in found for s in p.snapshots}.values():
            console().print(citation(snapshot, language()))
        _show_readings(batch)
        _show_content(batch)
        show_about(batch.mapping)
        for path in out:
            write_table(batch.connection, export_query(batch), path, overwrite=overwrite)
            written(path)
    if strict and any(each.quality.bad for each in batch.judged):
        return Exit.WRONG_INPUT
    return exit_code([tally["overall"] for tally in tallies if "overall" in tally])


def exit_code(overall: Sequence[Counts]) -> Exit:
    found = {verdict for tally in overall for verdict in tally}
    if Verdict.FAIL in found:
        return Exit.FAILS
    return Exit.UNDETERMINED if Verdict.UNDETERMINED in found else Exit.OK


def show_inputs(source: Source, suggested: bool, inputs: Iterable[InputQuality]) -> None:
    """Which column each input was read from, and how well it was filled: nothing is mapped or left out unseen."""
    rows = [_input_row(quality) for quality in inputs]
    header = (
        say("输入", "input"), say("取自", "from"), say("列的单位", "its unit"), say("单位", "asked in"), say("有值", "present"), say("缺", "missing"),
        say("不可用", "unusable"), say("已修约", "rounded"), say("原因", "why"),
    )  # fmt: skip
    title = say(f"数据：{source.rows:,} 行，全部保留", f"data: {source.rows:,} rows, all kept")
    if suggested:
        title += say("；列的对应按表头推断，`guiju map` 可写成文件修改", "; columns mapped by their headers, `guiju map` writes a file to edit")
    table(title, header, rows, right=(4, 5, 6, 7))


def _input_row(q: InputQuality) -> tuple[str, ...]:
    entry = q.entry
    where = say("— 没有列", "— no column") if entry is None else entry.column or f"= {entry.constant}"
    own = entry.unit.text if entry is not None and entry.unit is not None else ""
    asked = q.asked.unit.text if q.asked.unit else ""
    bad = sum(q.bad.values())
    counts = ("", "", "", "") if entry is None else (f"{q.present:,}", f"{q.missing:,}", f"{bad:,}", f"{q.rounded:,}")
    return (q.asked.title(language()), where, own, asked, *counts, ", ".join(q.bad))


def _show_counts(batch: Batch, tallies: Sequence[dict[str, Counts]]) -> None:
    rows = []
    order = (Verdict.PASS, Verdict.FAIL, Verdict.UNDETERMINED, Verdict.NOT_APPLICABLE)
    for each, tally in zip(batch.judged, tallies, strict=True):
        standard = each.program.standard
        judged = [m for m in each.program.judged if "@" not in m.no or m.no.startswith("overall@")]
        for meaning in sorted(judged, key=lambda m: m is not each.program.overall):
            found = tally[meaning.no]
            decided = found.get(Verdict.PASS, 0) + found.get(Verdict.FAIL, 0)
            rate = f"{100 * found.get(Verdict.PASS, 0) / decided:.1f} %" if decided else "—"
            name = f"{standard.number}" if meaning.no == "overall" else f"  {meaning.no} {meaning.clause.title.text(language())}"
            if meaning.no.startswith("overall@") and standard.scenarios:
                name = f"  @ {standard.scenarios.labels[meaning.no.removeprefix('overall@')].text(language())}"
            rows.append((name, *(f"{found.get(v, 0):,}" for v in order), rate))
    header = (say("标准 / 条款", "standard / clause"), *(f"{MARKS[v]} {WORDS[v][language()]}" for v in order), say("符合率", "pass rate"))
    table(say("判定", "verdicts"), header, rows, right=(1, 2, 3, 4, 5))


def _show_rows(batch: Batch, most: int) -> None:
    """One line per record: a mark per standard, and why the first of them fails or cannot be decided."""
    if most <= 0:
        return
    query = f"SELECT row, key FROM {batch.judged[0].admitted} ORDER BY row LIMIT {most}"
    keys = batch.connection.execute(query).fetchall()
    evaluated = {each.program.standard.number: evaluations_of(batch, each, [row for row, _ in keys]) for each in batch.judged}
    rows = []
    for row, key in keys:
        marks, why = [], ""
        for number, found in evaluated.items():
            evaluation = found[row]
            overall = evaluation.program.overall
            verdict = evaluation.judge(overall) if overall else Verdict.UNDETERMINED
            marks.append(f"{MARKS[verdict]} {WORDS[verdict][language()]}")
            if not why and verdict in (Verdict.FAIL, Verdict.UNDETERMINED):
                why = (f"{number} " if len(evaluated) > 1 else "") + _reason(evaluation)
        rows.append((str(key), *marks, why))
    if rows:
        title = say("逐条结果", "record by record")
        if batch.source.rows > len(rows):
            title += say(f"（前 {len(rows)} 条，共 {batch.source.rows:,}）", f" (the first {len(rows)} of {batch.source.rows:,})")
        table(title, (say("记录", "record"), *evaluated, say("为什么", "why")), rows)


def _reason(evaluation: Evaluation) -> str:
    explained = explain(evaluation, language())
    for clause in explained.clauses:
        if clause.verdict is Verdict.FAIL and clause.strength == "shall":
            return f"{clause.no} {clause.put_in}"
    overall = evaluation.program.overall
    if overall is None:
        return ""
    unknown = evaluation.why_unknown(overall)
    names = evaluation.program.inputs
    waits = [names[n].title(language()) if n in names else n for n in sorted(unknown.missing)]
    if not waits:
        return say("、", ", ").join(undefined_words(evaluation.program, unknown, language()))
    return say("缺 ", "missing ") + say("、", ", ").join(waits)


def _show_missing(batch: Batch) -> None:
    rows = []
    for each in batch.judged:
        found = missing_tally(batch.connection, each.waiting, each.bits) if each.program.overall else []
        for name, number in found[:MISSING_SHOWN]:
            declared = each.program.inputs.get(name)
            waited = declared.title(language()) if declared else undefined_words(each.program, Unknown(undefined=frozenset((name,))), language())[0]
            rows.append((each.program.standard.number, waited, f"{number:,}"))
    if rows:
        header = (say("标准", "standard"), say("等待", "waits for"), say("记录数", "records"))
        table(say("无法判定的原因", "why undetermined"), header, rows, right=(2,))


def _show_evidence(batch: Batch) -> None:
    for each in batch.judged:
        grade = weakest_evidence(each.program)
        if grade in ("C", "D", "illustrative"):
            number = each.program.standard.number
            zh = f"! {number} 有证据等级为 {grade} 的内容；`guiju explain` 会指出某个结论是否依据它"
            en = f"! {number} holds facts of evidence grade {grade}; `guiju explain` tells whether a verdict rests on one"
            console().print(say(zh, en), style="yellow")


def _show_readings(batch: Batch) -> None:
    """What is believed wrong in the standards, and how many records the other reading would give another verdict."""
    words = (("原文", "as written"), ("勘正", "as corrected"))
    for each in batch.judged:
        if each.program.otherwise is None:
            continue
        standard, differ = each.program.standard, judged_otherwise(batch, each)
        for wrong in (standard, *each.program.used.values()):
            for name, item in corrections(wrong):
                reason = item.corrected.reason.text(language()) if item.corrected else ""
                found = say(f"! {wrong.number} 的 {name} 疑有误：{reason}", f"! {name} of {wrong.number} is believed wrong: {reason}")
                console().print(found, style="yellow")
        (now_zh, now_en), (then_zh, then_en) = words[:: -1 if standard.corrected else 1]
        changed = ", ".join(f"{no} {number:,}" for no, number in differ.items() if number) or say("无", "none")
        zh = f"! {standard.number} 按{now_zh}判定；按{then_zh}，结论不同的记录数：{changed}"
        console().print(say(zh, f"! {standard.number} is judged {now_en}; {then_en}, records with another verdict: {changed}"), style="yellow")


def _show_content(batch: Batch) -> None:
    """What the verdicts cite: each standard's date, reading and content."""
    for each in batch.judged:
        s, on = each.program.standard, each.program.on
        reading = say("，原文疑误处按勘正", ", as corrected") if s.corrected else ""
        console().print(say(f"依据：{s.number}（按 {on}{reading}），内容 sha256 {s.content_hash[:16]}…",
                            f"by {s.number} (as of {on}{reading}), content sha256 {s.content_hash[:16]}…"), style="dim")  # fmt: skip


def show_about(mapping: ColumnMapping) -> None:
    """What the mapping says of the records: derived and assumed values, and whose they are."""
    about = mapping.about
    if about is None:
        return
    for note in about.notes:
        console().print(f"! {note.text(language())}", style="yellow")
    console().print(say("数据：", "records: ") + f"{about.title.text(language())}" + (f"; {about.terms}" if about.terms else ""), style="dim")


def explain_record(
    standards: list[str],
    record: Path | None,
    put: Sequence[str],
    records: Path | None,
    key: str | None,
    mapping: Path | None,
    on: str | None,
    json_: bool,
    corrected: bool = False,
    snapshots: Sequence[Path] = (),
) -> Exit:
    """Prints the explanation of one record by each standard; gives the exit code."""
    shelf = Shelf()
    verdicts: list[Verdict] = []
    with refusals(texts_of(shelf, standards)):
        found = ranked_programs(shelf, standards, as_of(on), corrected, snapshots)
        put_in = given(record, put)
        for program in found:
            admitted = admitted_values(shelf, program, found, put_in) if records is None else {}
            if records is not None:
                batch = run(shelf, [program], records, mapping)
                row = row_of(batch, key)
                admitted = {**evaluations_of(batch, batch.judged[0], [row])[row].record, **admitted_values(shelf, program, found, put_in)}
            evaluation = evaluate(program, admitted)
            if program.overall is not None:
                verdicts.append(evaluation.judge(program.overall))
            explained = explain(evaluation, language())
            print(json.dumps(as_json(explained), ensure_ascii=False, indent=1) if json_ else text(explained) + "\n")
    return exit_code([{v: 1} for v in verdicts])


def given(record: Path | None, put: Sequence[str]) -> dict[str, object]:
    """One record as someone gives it: the values of a YAML or JSON file, and those written NAME=VALUE, which win.

    raises   Refused: a malformed file, set-malformed
    """
    problems = Problems()
    found: dict[str, object] = {}
    if record is not None:
        raw = read(load(record, problems).root, MapOf("tree"), problems) or {}
        found = {name: plain(value) for name, (_, value) in raw.items()}
    for each in put:
        name, sign, value = each.partition("=")
        if not sign:
            problems.add("set-malformed", None, text=each)
        found[name.strip()] = value.strip()
    problems.refuse_errors()
    return found


def admitted_values(shelf: Shelf, program: Program, found: Sequence[Program], given: Given) -> dict[str, Value]:
    """The given values this program asks for, by name or property; a name no program asks for is reported."""
    problems = Problems()
    asked_elsewhere = {n for p in found if p is not program for i in p.inputs.values() for n in (i.name, i.is_)}
    own = {n for i in program.inputs.values() for n in (i.name, i.is_)}
    mine = {n: v for n, v in given.items() if n in own or n not in asked_elsewhere}
    admitted = admit(program.inputs, mine, problems, dictionary=shelf.dictionary)
    problems.refuse_errors()
    return admitted


def row_of(batch: Batch, key: str | None) -> int:
    """The row of a key; a row number where no key is it.

    raises   Refused: key-unknown
    """
    from guiju.standard.shape import did_you_mean

    first = batch.judged[0].admitted
    if key is None:
        keys: Iterable[str] = []
    else:
        found = batch.connection.execute(f"SELECT row FROM {first} WHERE key = {literal(key)} ORDER BY row LIMIT 1").fetchone()
        if found is not None:
            return int(found[0])
        if key.isdigit() and 1 <= int(key) <= batch.source.rows:
            return int(key)
        keys = [str(row[0]) for row in batch.connection.execute(f"SELECT key FROM {first} LIMIT 2000").fetchall()]
    raise Refused([Diagnostic("key-unknown", None, {"key": key or "", "rows": str(batch.source.rows), **did_you_mean(key or "", keys)})])


def map_columns(standards: list[str], records: Path, out: Path | None, sheet: str | None) -> None:
    """Prints or writes the mapping suggested for the columns of a file."""
    import duckdb

    shelf = Shelf()
    with refusals(texts_of(shelf, standards)):
        found = programs(shelf, standards, None)
        source = read_table(records, duckdb.connect(), "records", sheet=sheet)
        suggestion = suggest(source.columns, fields_of(found), shelf.dictionary)
        show([*source.diagnostics, *suggestion.diagnostics])
        if out is None:
            print(suggestion.yaml(language()))
            return
        if out.exists():
            raise Refused([Diagnostic("file-exists", None, {"file": str(out)})])
        out.write_text(suggestion.yaml(language()), encoding="utf-8")
        written(out)


def import_set(name: str, file: Path, out: Path, overwrite: bool) -> None:
    """Writes the records of a public set and their mapping; prints what was dropped, derived and assumed, and whose data it is."""
    import duckdb

    with refusals():
        connection = duckdb.connect()
        imported = importers.run(name, file, connection, "imported")
        show(imported.diagnostics)
        mapping = importers.save(connection, imported, out, overwrite=overwrite)
    written(out)
    written(mapping)
    console().print(
        say(f"{imported.rows_in:,} 行读入，{imported.rows_out:,} 行写出", f"{imported.rows_in:,} rows in, {imported.rows_out:,} rows out")
    )
    for note in imported.notes:
        console().print(f"! {note.text(language())}", style="yellow")
    console().print(f"{imported.importer.title.text(language())}; {imported.importer.licence}; {imported.importer.attribution}")
