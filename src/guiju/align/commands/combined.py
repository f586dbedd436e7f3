"""What `guiju align across` does: for each check, every combination of clauses with its answer, and how far it can be missed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from guiju.align.across import Combination, across
from guiju.align.requirements import asks
from guiju.align.side import sides_of
from guiju.base.dates import as_of
from guiju.base.diagnostics import Diagnostic, Refused
from guiju.base.rounding import decimal_text
from guiju.cli.answering import answer_json, mark, show_witness, treated, why
from guiju.cli.console import Exit, console, language, refusals, say, table
from guiju.ir.program import Program
from guiju.readings.smt.answers import Refuted, Unknown
from guiju.records.bulk import programs
from guiju.standard.regions import load_regions
from guiju.standard.shelf import Shelf, data_folder


def combined(words: list[str], check: Path | None, *, subject: str | None, on: str | None, treat_as: Sequence[str], as_json: bool) -> Exit:
    """Prints what clauses of the sides come to together; gives the exit code."""
    with refusals():
        told = combinations_of(Shelf(), words, None if check is None else [check], subject, as_of(on), treat_as)
    if as_json:
        print(json.dumps({"checks": [check_json(program, each) for program, each in told]}, ensure_ascii=False, indent=1))
    else:
        for program, each in told:
            _show(program, each)
    answers = [c.answer for _, each in told for c in each]
    if any(isinstance(a, Refuted) for a in answers):
        return Exit.FAILS
    return Exit.UNDETERMINED if any(isinstance(a, Unknown) for a in answers) else Exit.OK


def combinations_of(
    shelf: Shelf, words: Sequence[str], checks: Sequence[Path] | None, subject: str | None, on: date | None, treat_as: Sequence[str]
) -> list[tuple[Program, list[Combination]]]:
    """Every check with what the sides come to together; checks: None, those shipped.

    raises   Refused: align-no-check, align-unknown, what the standards have
    """
    used = treated(shelf, treat_as)
    found = sides_of(shelf, load_regions(), words, subject, on)
    files = checks if checks is not None else sorted((data_folder() / "checks").glob("*/standard.yaml"))
    programs_ = programs(Shelf(shelf.folders, shelf.property_folders, beside=shelf.beside), [str(file) for file in files], on)
    told = [(each, across(each, found, shelf.dictionary, treat_as=used)) for each in programs_]
    told = [(each, combinations) for each, combinations in told if combinations]
    if not told:
        raise Refused([Diagnostic("align-no-check", None, {"sides": "、".join(side.code for side in found)})])
    return told


def _show(check: Program, combinations: Sequence[Combination]) -> None:
    grades = ", ".join(sorted({s.grade for s in check.standard.sources.values()}))
    title = f"{check.standard.title.text(language())}（{say('依据等级', 'evidence')} {grades}）"
    columns = (say(f"第 {n} 项", f"part {n}") for n in range(1, len(combinations[0].parts) + 1))
    header = (*columns, say("答案", "answer"), say("最多相差", "by at most"))
    rows = []
    for each in combinations:
        parts = [f"{p.side.code} {p.meaning.no}: {asks(p.program, p.meaning, language())}" for p in each.parts]
        rows.append((*parts, mark(each.answer), worst_text(each, check) or why(each.answer, [])))
    table(title, header, rows)
    shown = [each for each in combinations if each.worst is not None and each.worst.witness is not None][:3]
    for each in shown:
        if each.worst is not None and each.worst.witness is not None:
            names = " + ".join(f"{p.side.code} {p.meaning.no}" for p in each.parts)
            show_witness(names, each.worst.witness, each.places)
    console().print(say("给出前三种的最差记录；其余见 --json", "the worst record of the first three is shown; --json has the others"), style="dim")


def worst_text(each: Combination, check: Program) -> str:
    """How far it can be missed; empty where it cannot."""
    if each.worst is None:
        return ""
    measured = each.clause.requires.args[0]
    unit = f" {measured.type.unit.shown}".rstrip()
    end = decimal_text(each.worst.end)
    if each.worst.reached:
        return f"{end}{unit}"
    grid = decimal_text(each.worst.on_grid)
    return say(f"不到 {end}{unit}（按声明的小数位 {grid}{unit}）", f"less than {end}{unit} ({grid}{unit} on the declared decimals)")


def check_json(check: Program, combinations: Sequence[Combination]) -> dict[str, Any]:
    """A check with every combination and its answer; for programs."""
    standard = check.standard
    grades = sorted({s.grade for s in standard.sources.values()})
    return {"check": standard.number, "zh": standard.title.zh, "en": standard.title.en, "grades": grades,
            "combinations": [_combination_json(each) for each in combinations]}  # fmt: skip


def _combination_json(each: Combination) -> dict[str, Any]:
    parts = [{"property": p.property_id, "side": p.side.code, "standard": p.program.standard.number, "no": p.meaning.no,
              "asks": {"zh": asks(p.program, p.meaning, "zh"), "en": asks(p.program, p.meaning, "en")}} for p in each.parts]  # fmt: skip
    told: dict[str, Any] = {"clause": each.clause.no, "parts": parts, **answer_json(each.answer, each.places)}
    if each.worst is not None:
        told["worst"] = {"end": decimal_text(each.worst.end), "reached": each.worst.reached, "on_grid": decimal_text(each.worst.on_grid)}
    return told
