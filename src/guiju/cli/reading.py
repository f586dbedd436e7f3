"""Commands about standards themselves: list, check, show, sql."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from guiju.base.dates import as_of
from guiju.base.diagnostics import Diagnostic, Problems, Refused, Severity
from guiju.cli.console import Exit, console, language, refusals, say, show, table, written
from guiju.cli.ranking import ranked_programs
from guiju.ir.program import Program
from guiju.ir.snapshot import citation
from guiju.readings.columnar import DUCKDB, columns
from guiju.readings.examples import examine
from guiju.readings.render import WORDS, render
from guiju.readings.spark import SPARK
from guiju.records.bulk import located, programs
from guiju.standard.lock import NAME, hashes, locked, write_lock
from guiju.standard.model import Standard
from guiju.standard.shelf import Opened, Shelf

DIALECTS = {"duckdb": DUCKDB, "spark": SPARK}


def list_standards(words: Sequence[str], as_json: bool) -> None:
    """Prints the standards whose number or title has all the words."""
    shelf = Shelf()
    rows = []
    for path in shelf.paths().values():
        s = shelf.open(path).standard
        if s is not None and all(w.casefold() in f"{s.number} {s.title.zh} {s.title.en}".casefold() for w in words):
            rows.append(s)
    if as_json:
        listed = [{"number": s.number, **_titles(s), "status": s.status, "effective": str(s.effective or ""),
                   "unverified": [p.name for p in s.unverified]} for s in rows]  # fmt: skip
        print(json.dumps(listed, ensure_ascii=False, indent=1))
        return
    if not rows:
        console().print(say("没有这样的标准。`guiju list` 列出全部。", "no such standard; `guiju list` shows all."))
        return
    header = (
        say("标准号", "number"),
        say("名称", "title"),
        say("状态", "status"),
        say("实施", "effective"),
        say("条款", "clauses"),
        say("算例", "examples"),
    )
    table("", header, [_row(s) for s in rows], right=(4, 5))


def _row(s: Standard) -> tuple[str, ...]:
    status = say(*WORDS[s.status]) + (say("·模板", ", template") if s.unverified else "")
    return s.number, s.title.text(language()), status, str(s.effective or ""), str(len(s.clauses)), str(len(s.examples))


def _titles(s: Standard) -> dict[str, str]:
    return {"zh": s.title.zh, "en": s.title.en}


def check(standards: Sequence[str], on: str | None, as_json: bool) -> Exit:
    """Prints every problem of the standards (all of the shelf if none is named); gives the exit code."""
    shelf = Shelf()
    with refusals():
        when = as_of(on)
        paths = located(shelf, list(standards) or list(shelf.numbers()))
    found: list[Diagnostic] = list(shelf.problems.found)
    texts: dict[str, str] = {}
    examples = proved = 0
    for path in paths:
        opened, program, problems = examine(shelf, path, when)
        found += problems.found
        texts |= opened.texts
        examples += len(opened.standard.examples) if opened.standard else 0
        proved += len(program.exactness.shifts) - len(program.exactness.unproved) if program else 0
    if as_json:
        print(json.dumps([d.as_json() for d in found], ensure_ascii=False, indent=1))
    else:
        show(found, texts)
        errors, warnings, notes = (sum(d.severity is s for d in found) for s in (Severity.ERROR, Severity.WARNING, Severity.NOTE))
        console().print(say(
            f"{len(paths)} 份标准，{examples} 个算例，{proved} 处数值比较已证明精确；{errors} 个错误，{warnings} 个警告，{notes} 个提示",
            f"{len(paths)} {'standard' if len(paths) == 1 else 'standards'}, {examples} examples, {proved} numeric comparisons proved exact; "
            f"{errors} errors, {warnings} warnings, {notes} notes",
        ))  # fmt: skip
    return Exit.WRONG_INPUT if any(d.severity is Severity.ERROR for d in found) else Exit.OK


def texts_of(shelf: Shelf, words: list[str]) -> dict[str, str]:
    """The texts of the standards named, for showing problems in them."""
    opened: list[Opened] = [shelf.open(path) for word in words if (path := shelf.locate(word))]
    return {file: text for each in opened for file, text in each.texts.items()}


def show_standard(standard: str, on: str | None, html: Path | None, markdown: Path | None, corrected: bool = False) -> None:
    """Prints a standard as Markdown, or writes it as HTML or Markdown."""
    shelf = Shelf()
    with refusals(texts_of(shelf, [standard])):
        program = programs(shelf, [standard], as_of(on), corrected)[0]
    for path, form in ((html, "html"), (markdown, "markdown")):
        if path is not None:
            path.write_text(render(program, language(), form), encoding="utf-8")
            written(path)
    if html is None and markdown is None:
        print(render(program, language()))


def aggregates_apart(program: Program) -> None:
    """Says which aggregates a reading that judges records one by one leaves out."""
    names = ", ".join(each.name for each in program.aggregates)
    if names:
        show([Diagnostic("aggregates-apart", None, {"number": program.standard.number, "names": names})])


def sql(standard: str, source: str, dialect: str, on: str | None, corrected: bool = False, snapshots: Sequence[Path] = ()) -> None:
    """Prints the SQL that judges a table named `source`, for DuckDB or Spark, after the snapshots it rests on."""
    shelf = Shelf()
    with refusals(texts_of(shelf, [standard])):
        program = ranked_programs(shelf, [standard], as_of(on), corrected, snapshots)[0]
    aggregates_apart(program)
    for snapshot in program.snapshots:
        print(f"-- {citation(snapshot, language())}")
    print(columns(program, ("row",), dialect=DIALECTS[dialect]).sql(source))


def lock(standard: str) -> None:
    """Writes the lock of a standard, and says what is not as it was."""
    shelf = Shelf()
    with refusals(texts_of(shelf, [standard])):
        file = located(shelf, [standard])[0]
        file = file if file.is_file() else file / "standard.yaml"
        path, problems = file.with_name(NAME), Problems()
        found = hashes(shelf.open(file).document, shelf, problems)
        held = {number: value.text for number, (_, value) in (locked(path, Problems())[0] if path.is_file() else {}).items()}
        problems.refuse_errors()
        if not found and not path.is_file():
            console().print(say("它不引用其他标准，也不以其他标准为基础：无须锁定。", "it rests on no other standard: there is nothing to lock."))
            return
        for number in sorted(found.keys() | held.keys()):
            old, new = held.get(number), found.get(number)
            changed = ("去掉", "removed") if new is None else ("已变", "changed")
            word = ("不变", "as before") if old == new else ("新", "new") if old is None else changed
            console().print(f"{number}  {(new or old or '')[:12]}…  {say(*word)}")
        try:
            write_lock(path, found)
        except OSError as error:
            raise Refused([Diagnostic("file-unwritable", None, {"file": str(path), "reason": error.strerror or str(error)})]) from None
        written(path)
