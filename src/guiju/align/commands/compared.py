"""What `guiju align compare` does: the matrix as a table, one row of it opened, every two sides counted, or all of it as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from guiju.align.marks import LEFT, MARKS, STRENGTHS
from guiju.align.matrix import Cell, Matrix, Relation, Row, compare, compare_pairs
from guiju.align.reports import comparison_report, pairs_report
from guiju.align.requirements import Named, asks
from guiju.align.side import Side, sides_of
from guiju.base.dates import as_of
from guiju.base.diagnostics import Diagnostic, Refused
from guiju.cli.answering import answer_json, mark, real_records, show_witness, treated, why
from guiju.cli.console import Exit, console, language, progress, refusals, say, table, written
from guiju.ir.program import ClauseMeaning, Program
from guiju.readings.smt.answers import Answer
from guiju.report.proved import witness_of
from guiju.report.written import ready, save
from guiju.standard.regions import load_regions
from guiju.standard.shelf import Shelf


def compared(
    words: list[str], *, subject: str | None, on: str | None, treat_as: Sequence[str], any_method: bool, must: bool, every: bool, row: int | None,
    pairwise: bool, records: Path | None, mapping: Path | None, as_json: bool,
    out: Path | None = None, overwrite: bool = False,
) -> Exit:  # fmt: skip
    """Prints how sides compare; gives the exit code."""
    shelf = Shelf()
    with refusals():
        if out is not None:
            ready(out, overwrite)
        used = treated(shelf, treat_as)
        found = sides_of(shelf, load_regions(), words, subject, as_of(on))
        if len(found) < 2:
            raise Refused([Diagnostic("align-two", None, {"found": str(len(found))})])
        strengths = ("shall",) if must else ("shall", "should")
        population = real_records(shelf, [p for s in found for p in s.programs], records, mapping) if records else None
        with progress(say("逐项证明", "proving")) as tell:
            if pairwise:
                pairs = compare_pairs(found, shelf.dictionary, treat_as=used, any_method=any_method, strengths=strengths)
                if out is not None:
                    save(pairs_report(pairs, language()), out, overwrite=overwrite)
                    written(out)
                return _show_pairs(pairs, as_json, quiet=out is not None)
            made = compare(found, shelf.dictionary, treat_as=used, any_method=any_method, population=population, strengths=strengths, progress=tell)
        if row is not None and not 1 <= row <= len(made.rows):
            raise Refused([Diagnostic("align-no-row", None, {"row": str(row), "rows": str(len(made.rows))})])
        if out is not None:
            save(comparison_report(made, language(), assumed=used, every=every, row=row), out, overwrite=overwrite)
    if as_json:
        print(json.dumps(matrix_json(made, used), ensure_ascii=False, indent=1))
    elif out is not None:
        written(out)
    elif row is not None:
        _open(made, made.rows[row - 1], row)
    else:
        _show(made, used, every)
    bad = (Relation.CONFLICTING, Relation.MISSTATED)
    return Exit.FAILS if any(cell.relation in bad for each in made.rows for cell in each.cells) else Exit.OK


# the table


def _show(made: Matrix, used: dict[str, str], every: bool) -> None:
    shared = [(n, r) for n, r in enumerate(made.rows, 1) if every or r in made.shared]
    header = ("#", say("要求", "requirement"), *(side.title.text(language()) if len(side.programs) > 1 else side.code for side in made.sides))
    rows = [(str(n), r.requirement.title.text(language()), *(_cell(made, at, cell) for at, cell in enumerate(r.cells))) for n, r in shared]
    title = say("要求 × 各方；每行以第一个提出要求的一方为准", "requirements by side; each row is measured by the first side that has it")
    table(title, header, rows, right=(0,))
    hidden = len(made.rows) - len(shared)
    if hidden:
        console().print(say(f"另有 {hidden} 项只有一方要求（--all 列出）", f"{hidden} more are asked by one side only (--all shows them)"))
    for at, side in enumerate(made.sides):
        counts = made.counts(at)
        said = "  ".join(f"{MARKS[r][0]} {say(*MARKS[r][1:])} {n}" for r in Relation if (n := counts[r]))
        console().print(f"{side.code}: {said}{_left(made, at)}")
    for asked, other in used.items():
        console().print(say(f"! 假定：以「{other}」的数值代替「{asked}」", f"! assumed: the value of {other} stands for {asked}"), style="yellow")
    console().print(say("--row N 打开一行：双方文本、证明、证据与出处", "--row N opens a row: both texts, proof, witness, sources"), style="dim")


def _left(made: Matrix, at: int) -> str:
    cells = [row.cells[at] for row in made.rows]
    said = [f"{say(*words)} {n}" for left, words in LEFT.items() if (n := sum(c.left == left for c in cells))]
    return say("（疑误中：", " (of the misstated: ") + say("，", ", ").join(said) + say("）", ")") if said else ""


def _cell(made: Matrix, at: int, cell: Cell) -> str:
    sign, zh, en = MARKS[cell.relation]
    if not cell.clauses:
        return f"{sign} {say(zh, en)}"
    texts = list(dict.fromkeys(_short(*made.clause(at, name)) for name in cell.clauses))
    shown = "; ".join(texts[:2]) + (say(f" 等 {len(texts)} 条", f" and {len(texts) - 2} more") if len(texts) > 2 else "")
    left = f" [{say(*LEFT[cell.left])}]" if cell.left else ""
    mended = f" [{say('勘正后', 'as corrected')} {say(*MARKS[cell.corrected][1:])}]" if cell.corrected else ""
    return f"{sign} {shown}{left}{mended}"


def _short(program: Program, meaning: ClauseMeaning) -> str:
    text = asks(program, meaning, language())
    condition = say("（有条件）", " (on condition)") if meaning.clause.when is not None else ""
    recommended = say("（宜）", " (should)") if meaning.clause.strength == "should" else ""
    return (text if len(text) <= 40 else f"{text[:38]}…") + condition + recommended


# one row


def _open(made: Matrix, row: Row, number: int) -> None:
    console().print(f"{number}  {row.requirement.title.text(language())}  ({', '.join(row.requirement.properties)})", style="bold")
    for at, (side, cell) in enumerate(zip(made.sides, row.cells, strict=True)):
        console().print(f"\n{side.code}  {side.title.text(language())}: {MARKS[cell.relation][0]} {say(*MARKS[cell.relation][1:])}", style="bold")
        for name in cell.clauses:
            for line in clause_lines(*made.clause(at, name)):
                console().print(f"  {line}", markup=False)
        if cell.why is not None:
            console().print(f"  {cell.why.text(language())}")
        if cell.corrected is not None:
            console().print(f"  {say('按勘正：', 'as corrected: ')}{say(*MARKS[cell.corrected][1:])}")
        _answers(made, row, at, cell)


def clause_lines(program: Program, meaning: ClauseMeaning) -> list[str]:
    """A clause for people: number, strength, title, expression; what is disputed or believed wrong; each source with its grade."""
    clause, standard = meaning.clause, program.standard
    strength = say(*STRENGTHS[clause.strength])
    lines = [f"{standard.number} {clause.no} ({strength}) {clause.title.text(language())}", f"  {asks(program, meaning, language())}"]
    if clause.disputed is not None:
        lines.append(f"  {say('来源有分歧：', 'disputed: ')}{clause.disputed.text(language())}")
    if clause.corrected is not None:
        lines.append(f"  {say('疑误：', 'believed wrong: ')}{clause.corrected.reason.text(language())}")
    for id_ in clause.sources:
        source = standard.sources[id_]
        lines.append(f"  [{source.id}·{source.grade}] {source.title}  {source.address or ''}")
    return lines


def _answers(made: Matrix, row: Row, at: int, cell: Cell) -> None:
    measure, side = made.sides[row.measure], made.sides[at]
    programs = [*measure.programs, *side.programs]
    asked = asked_of(made, row, at)
    said = (say(f"满足 {measure.code} 就满足 {side.code}", f"meeting {measure.code} is enough for {side.code}"),
            say(f"满足 {side.code} 就满足 {measure.code}", f"meeting {side.code} is enough for {measure.code}"),
            say("能同时满足", "both can be met"))  # fmt: skip
    for words, answer in zip(said, (cell.forward, cell.backward, cell.together), strict=True):
        if answer is not None:
            console().print(f"  {mark(answer)}  {words}  {why(answer, programs)}")
    for words, answer in zip(said, (cell.forward, cell.backward, cell.together), strict=True):
        witness = witness_of(answer) if answer is not None else None
        if witness is not None:
            show_witness(words, witness, asked)


def asked_of(made: Matrix, row: Row, at: int) -> list[tuple[int, str]]:
    """The clauses of a cell and of its measure, by their positions in the space of the two sides."""
    offset = len(made.sides[row.measure].programs)
    ours = [(name.program, name.no) for name in row.cells[row.measure].clauses]
    return ours + [(name.program + offset, name.no) for name in row.cells[at].clauses]


# every two sides


def _show_pairs(matrices: Sequence[Matrix], as_json: bool, quiet: bool = False) -> Exit:
    kinds = [r for r in Relation if r not in (Relation.MEASURE, Relation.MISSING)]
    if as_json:
        pairs = [{"sides": [s.code for s in m.sides], "counts": {r.value: m.counts(1)[r] for r in kinds}} for m in matrices]
        print(json.dumps({"pairs": pairs}, ensure_ascii=False, indent=1))
    elif not quiet:
        rows = [(m.sides[0].code, m.sides[1].code, *(str(m.counts(1)[r] or "") for r in kinds)) for m in matrices if m.shared]
        header = (say("以此为准", "measured by"), say("另一方", "other"), *(f"{MARKS[r][0]} {say(*MARKS[r][1:])}" for r in kinds))
        table(say("两两比较：后者较前者", "every two sides: the other against the first"), header, rows, right=tuple(range(2, 2 + len(kinds))))
        apart = sum(not m.shared for m in matrices)
        if apart:
            console().print(say(f"另有 {apart} 对没有共同的要求", f"{apart} more pairs have no requirement in common"))
    bad = (Relation.CONFLICTING, Relation.MISSTATED)
    return Exit.FAILS if any(m.counts(1)[r] for m in matrices for r in bad) else Exit.OK


# JSON


def matrix_json(made: Matrix, used: dict[str, str]) -> dict[str, Any]:
    """The whole matrix: sides with their editions and hashes, rows with both texts, and every answer with its witness."""
    return {"sides": [_side_json(side) for side in made.sides], "assumed": used,
            "counts": {side.code: {r.value: n for r, n in made.counts(at).items()} for at, side in enumerate(made.sides)},
            "rows": [row_json(made, row) for row in made.rows]}  # fmt: skip


def _side_json(side: Side) -> dict[str, Any]:
    standards = [{"number": p.standard.number, "edition": p.standard.edition, "on": str(p.on), "content": p.content_hash} for p in side.programs]
    return {"code": side.code, "zh": side.title.zh, "en": side.title.en, "standards": standards}


def row_json(made: Matrix, row: Row) -> dict[str, Any]:
    title = row.requirement.title
    return {"properties": row.requirement.properties, "zh": title.zh, "en": title.en, "measure": made.sides[row.measure].code,
            "cells": [_cell_json(made, row, at) for at in range(len(row.cells))]}  # fmt: skip


def _cell_json(made: Matrix, row: Row, at: int) -> dict[str, Any]:
    cell, only = row.cells[at], asked_of(made, row, at)
    clauses = [_clause_json(made, at, name) for name in cell.clauses]
    told: dict[str, Any] = {"side": made.sides[at].code, "relation": cell.relation.value, "clauses": clauses}
    answers: dict[str, Answer | None] = {"forward": cell.forward, "backward": cell.backward, "together": cell.together}
    told |= {name: answer_json(answer, only) for name, answer in answers.items() if answer is not None}
    told |= {"why": {"zh": cell.why.zh, "en": cell.why.en}} if cell.why is not None else {}
    told |= {"left": cell.left} if cell.left else {}
    return told | ({"corrected": cell.corrected.value} if cell.corrected else {})


def _clause_json(made: Matrix, at: int, name: Named) -> dict[str, Any]:
    program, meaning = made.clause(at, name)
    clause, standard = meaning.clause, program.standard
    sources = [{"title": s.title, "address": s.address, "grade": s.grade} for s in (standard.sources[id_] for id_ in clause.sources)]
    return {"standard": standard.number, "no": clause.no, "strength": clause.strength, "zh": clause.title.zh, "en": clause.title.en,
            "asks": {"zh": asks(program, meaning, "zh"), "en": asks(program, meaning, "en")}, "sources": sources}  # fmt: skip
