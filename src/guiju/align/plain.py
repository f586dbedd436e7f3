"""Plain: a matrix as plain values with all that a page shows of it: texts, relations, proofs, and witnesses as products that can be tried."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any

from guiju.align.change import change
from guiju.align.commands.compared import asked_of, row_json
from guiju.align.matrix import Matrix, Row, Tell, compare
from guiju.align.side import sides_of
from guiju.base.diagnostics import Diagnostic, Refused
from guiju.base.rounding import decimal_text
from guiju.ir.node import Op, below
from guiju.ir.values import Value
from guiju.readings.evaluate import Evaluation
from guiju.readings.explain import explain
from guiju.readings.smt.answers import Answer, Proved, Refuted, Witness
from guiju.standard.regions import load_regions
from guiju.standard.shelf import Shelf

ANSWERS = ("forward", "backward", "together")


@lru_cache(2)
def _shelf(folders: tuple[Path, ...], beside: tuple[tuple[str, Path], ...]) -> Shelf:
    return Shelf(folders, beside=beside)


def compared(
    tell: Tell, folders: tuple[Path, ...], beside: tuple[tuple[str, Path], ...], words: Sequence[str], subject: str | None, on: date | None,
    treat_as: tuple[tuple[str, str], ...], any_method: bool, strict: bool,
) -> dict[str, Any]:  # fmt: skip
    """How sides compare, for a page; may take long.

    treat_as   (property asked, property used in its place)
    raises     Refused: align-two, align-unknown, align-nothing-in-common and what else `compare` refuses
    """
    shelf = _shelf(folders, beside)
    found = sides_of(shelf, load_regions(), words, subject, on)
    if len(found) < 2:
        raise Refused([Diagnostic("align-two", None, {"found": str(len(found))})])
    made = compare(found, shelf.dictionary, treat_as=dict(treat_as), any_method=any_method, strict=strict, progress=tell)
    return matrix_plain(made, dict(treat_as))


def matrix_plain(made: Matrix, assumed: Mapping[str, str]) -> dict[str, Any]:
    """shape   sides: [{code, zh, en, standards}], rows: [{number, zh, en, shared, change (of two sides), cells: [{relation, clauses, …}]}]"""
    called = {p.content_hash: s.code if s.code.startswith(f"{p.standard.number}@") else p.standard.number for s in made.sides for p in s.programs}
    sides = [{"code": s.code, "zh": s.title.zh, "en": s.title.en, "standards": [called[p.content_hash] for p in s.programs],
              "counts": {r.value: n for r, n in made.counts(at).items()}} for at, s in enumerate(made.sides)]  # fmt: skip
    shared = set(map(id, made.shared))
    return {"sides": sides, "assumed": dict(assumed), "rows": [_row(made, row, n, id(row) in shared, called) for n, row in enumerate(made.rows, 1)]}


def _row(made: Matrix, row: Row, number: int, is_shared: bool, called: Mapping[str, str]) -> dict[str, Any]:
    told = row_json(made, row) | {"number": number, "shared": is_shared}
    if len(made.sides) == 2:
        told["change"] = change(row).value
    for at, cell in enumerate(row.cells):
        for name in ANSWERS:
            witness = _witness_of(getattr(cell, name))
            if witness is not None:
                told["cells"][at][name]["witness"] = witness_plain(witness, asked_of(made, row, at), called)
    return told


def _witness_of(answer: Answer | None) -> Witness | None:
    return answer.witness if isinstance(answer, Proved | Refuted) else None


def witness_plain(witness: Witness, only: Sequence[tuple[int, str]], called: Mapping[str, str]) -> dict[str, Any]:
    """The product as each standard sees it: what is shown is what the clauses depend on, `values` is all of it, as the form to try it takes.

    called   content hash → what the standard is called on the shelf
    """
    places = {at for at, _ in only}
    told = [_judged(e, called, [no for place, no in only if place == at]) for at, e in enumerate(witness.evaluations) if at in places]
    return {"real": witness.real, "judged": told}


def numbers_of(witness: Witness) -> dict[str, str]:
    """Content hash → number, of the standards a witness was judged by."""
    return {e.program.content_hash: e.program.standard.number for e in witness.evaluations}


def _judged(evaluation: Evaluation, called: Mapping[str, str], numbers: Sequence[str]) -> dict[str, Any]:
    program = evaluation.program
    nodes = [n for c in program.clauses if c.no in numbers for n in (c.applies, c.requires)]
    depends = {str(n.value) for n in below(nodes) if n.op is Op.INPUT}
    shown = []
    for name, value in evaluation.record.items():
        if name in depends:
            declared = program.inputs[name]
            label = declared.labels.get(str(value), (None, None))
            text = declared.with_unit(_text(value)) if isinstance(value, Fraction) else _text(value)
            shown.append({"zh": declared.zh, "en": declared.en, "value_zh": label[0] or _yes(value, "zh") or text,
                          "value_en": label[1] or _yes(value, "en") or text})  # fmt: skip
    zh, en = ({c.no: c for c in explain(evaluation, language).clauses} for language in ("zh", "en"))
    clauses = [{"no": no, "verdict": zh[no].verdict.value, "zh": zh[no].put_in or zh[no].note, "en": en[no].put_in or en[no].note}
               for no in numbers if no in zh]  # fmt: skip
    values = {name: _text(value) for name, value in evaluation.record.items()}
    return {"number": called[program.content_hash], "on": str(program.on), "shown": shown, "clauses": clauses, "values": values}


def _yes(value: Value, language: str) -> str | None:
    if not isinstance(value, bool):
        return None
    return ("是" if value else "否") if language == "zh" else ("yes" if value else "no")


def _text(value: Value) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return decimal_text(value) if isinstance(value, Fraction) else str(value)
