"""What `guiju align diff` does: the changes of two editions as a table, and the real products whose verdict changes."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from guiju.align.change import Change, Moved, Product, change, changes, moved, products
from guiju.align.commands.compared import row_json
from guiju.align.marks import CHANGES
from guiju.align.matrix import Matrix, Row, compare
from guiju.align.reports import Moves, changes_report
from guiju.align.requirements import asks
from guiju.align.side import sides_of
from guiju.base.diagnostics import Diagnostic, Refused
from guiju.cli.answering import real_records, treated
from guiju.cli.console import Exit, console, language, progress, refusals, say, show, table, written
from guiju.ir.program import Program
from guiju.readings.evaluate import Verdict
from guiju.readings.explain import WORDS
from guiju.records.bulk import Batch, run
from guiju.report.cited import file_hash
from guiju.report.tree import Origin
from guiju.report.written import ready, save
from guiju.standard.regions import load_regions
from guiju.standard.shelf import Shelf


@dataclass(frozen=True)
class Real:
    """What became of the real products."""

    batch: Batch
    moved: Moved
    products: Sequence[Product]


def changed(
    older: str, newer: str, *, treat_as: Sequence[str], any_method: bool, same: bool, records: Path | None, mapping: Path | None, top: int,
    as_json: bool, out: Path | None = None, overwrite: bool = False,
) -> Exit:  # fmt: skip
    """Prints what changed from one edition to the next; gives the exit code."""
    shelf = Shelf()
    with refusals():
        if out is not None:
            ready(out, overwrite)
        used = treated(shelf, treat_as)
        found = sides_of(shelf, load_regions(), [older, newer], None, None)
        pair = [program for side in found for program in side.programs]
        if len(pair) != 2:
            raise Refused([Diagnostic("align-two", None, {"found": str(len(pair))})])
        population = real_records(shelf, pair, records, mapping) if records else None
        with progress(say("逐项证明", "proving")) as tell:
            made = compare(found, shelf.dictionary, treat_as=used, any_method=any_method, population=population, strict=False, progress=tell)
        real = None if records is None else moved_products(shelf, pair, records, mapping, used, top)
        if out is not None:
            moves = Moves(Origin(records.name, file_hash(records)), real.moved, real.products) if records and real else None
            save(changes_report(made, language(), assumed=used, same=same, moves=moves), out, overwrite=overwrite)
    if as_json:
        print(json.dumps(changes_json(made, used, real), ensure_ascii=False, indent=1))
        return Exit.OK
    if out is not None:
        show(real.batch.diagnostics if real else ())
        written(out)
        return Exit.OK
    _show(made, used, same)
    if real is not None:
        show(real.batch.diagnostics)
        _show_products(real, pair)
    return Exit.OK


def moved_products(shelf: Shelf, pair: Sequence[Program], records: Path, mapping: Path | None, used: Mapping[str, str], top: int) -> Real:
    batch = run(shelf, pair, records, mapping, treat_as=used)
    older, newer = batch.judged
    both = moved(batch.connection, older.verdicts, newer.verdicts)
    return Real(batch, both, products(batch.connection, older.verdicts, newer.verdicts, newer.admitted, newer.program, top))


def _show(made: Matrix, used: Mapping[str, str], same: bool) -> None:
    rows = [row for row in made.rows if same or change(row) is not Change.SAME]
    header = (say("变化", "change"), say("要求", "requirement"), *(side.code for side in made.sides))
    table(say("版本差异", "from one edition to the next"), header, [_row(made, row) for row in rows])
    said = "  ".join(f"{CHANGES[c][0]} {say(*CHANGES[c][1:])} {n}" for c in Change if (n := changes(made)[c]))
    console().print(said)
    for asked, other in used.items():
        console().print(say(f"! 假定：以「{other}」的数值代替「{asked}」", f"! assumed: the value of {other} stands for {asked}"), style="yellow")


def _row(made: Matrix, row: Row) -> tuple[str, ...]:
    sign, zh, en = CHANGES[change(row)]
    texts = []
    for at, cell in enumerate(row.cells):
        shown = [f"{name.no}: {asks(*made.clause(at, name), language())}" for name in cell.clauses]
        texts.append("; ".join(shown[:2]) + ("…" if len(shown) > 2 else ""))
    return f"{sign} {say(zh, en)}", row.requirement.title.text(language()), *texts


def _show_products(real: Real, pair: Sequence[Program]) -> None:
    names = [p.standard.number for p in pair]
    verdicts = [v for v in Verdict if any(v in both for both in real.moved.rows)]
    rows = [(WORDS[a][language()], *(f"{real.moved.count(a, b):,}" for b in verdicts)) for a in verdicts]
    title = say(f"真实产品的结论（行：{names[0]}；列：{names[1]}）", f"verdicts of real products (rows: {names[0]}; columns: {names[1]})")
    table(title, ("", *(WORDS[v][language()] for v in verdicts)), rows, right=tuple(range(1, len(verdicts) + 1)))
    console().print(say(f"结论改变的有 {real.moved.changed:,} 个", f"{real.moved.changed:,} change their verdict"), style="bold")
    if real.products:
        shown = [(str(p.row), p.key, WORDS[p.old][language()], WORDS[p.new][language()], "、".join(p.fails)) for p in real.products]
        header = (say("行", "row"), say("产品", "product"), names[0], names[1], say("不符合的条款", "clauses failed"))
        table(say("结论改变的产品", "products whose verdict changes"), header, shown, right=(0,))
        if real.moved.changed > len(shown):
            console().print(say(f"只列出前 {len(shown)} 个（--top）", f"the first {len(shown)} are listed (--top)"), style="dim")


def changes_json(made: Matrix, used: Mapping[str, str], real: Real | None = None) -> dict[str, Any]:
    """Every row with its change, both texts and every answer; and what became of the real products."""
    told: dict[str, Any] = {"older": made.sides[0].code, "newer": made.sides[1].code, "assumed": dict(used),
                            "counts": {c.value: n for c, n in changes(made).items()},
                            "rows": [{"change": change(row).value, **row_json(made, row)} for row in made.rows]}  # fmt: skip
    if real is not None:
        rows = [{"older": a.value, "newer": b.value, "products": n} for (a, b), n in sorted(real.moved.rows.items(), key=lambda r: str(r[0]))]
        listed = [{"row": p.row, "key": p.key, "older": p.old.value, "newer": p.new.value, "fails": p.fails} for p in real.products]
        told["products"] = {"verdicts": rows, "changed": real.moved.changed, "listed": listed}
    return told
