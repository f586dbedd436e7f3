"""Checking: a file of records through one standard: what was read, the verdicts, why, row by row, and the result as a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from fastapi import File, Form, UploadFile
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response

from guiju.base.diagnostics import Diagnostic, Problems, Refused
from guiju.ir.program import Program
from guiju.ir.values import Unknown
from guiju.readings.columnar import CODES, record_of
from guiju.readings.evaluate import Evaluation, Verdict, evaluate
from guiju.readings.explain import explain, undefined_words
from guiju.readings.missing import missing_tally
from guiju.records.bulk import Batch, Judged, counts, export_query, run, weakest_evidence
from guiju.records.headers import parse_header
from guiju.records.mapping import Entry, load_mapping, mapping_yaml
from guiju.records.mapping import Mapping as ColumnMapping
from guiju.records.source import identifier
from guiju.records.write import write_table
from guiju.standard.shelf import data_folder
from guiju.web.asking import Asked, asked
from guiju.web.desk import Desk, Sheet
from guiju.web.opening import Page, library_of, opened, program_of
from guiju.web.reading import typed
from guiju.web.rendering import render, standard_url

PER_PAGE, DIAGNOSTICS_SHOWN = 50, 30
ORDER = (Verdict.PASS, Verdict.FAIL, Verdict.UNDETERMINED, Verdict.NOT_APPLICABLE)
FORMATS = {"csv": "text/csv", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "json": "application/json"}


def desk_of(who: Asked) -> Desk:
    state = who.request.app.state
    if not hasattr(state, "desk"):
        state.desk = Desk(who.store)
    found: Desk = state.desk
    return found


def checking(request: Request, number: str) -> Response:
    """Where a file is dropped."""
    return _form(request, number, ())


def _form(request: Request, number: str, found: Sequence[Diagnostic]) -> Response:
    who = asked(request)
    page = opened(who, number)
    program = program_of(page)
    return render(
        request, "web/records.html", 422 if found else 200, page=page, s=program.standard.authored, program=program, found=tuple(found),
        inputs=[program.inputs[n] for n in program.used_inputs], sample=_sample(program),
    )  # fmt: skip


def drop(
    request: Request, number: str, file: Annotated[UploadFile | None, File()] = None, mapping: Annotated[UploadFile | None, File()] = None,
    sample: Annotated[str, Form()] = "", sheet: Annotated[str, Form()] = "",
) -> Response:  # fmt: skip
    """Judges a dropped file, and leads to what came of it."""
    who = asked(request)
    page = opened(who, number)
    program = program_of(page)
    bundled = _sample(program) if sample else None
    try:
        if bundled is not None:
            with bundled.open("rb") as content:
                said = _mapping_of(bundled).read_bytes()
                made = desk_of(who).put(who.user.id, page.number, bundled.name, content, said, _judge(who, program))
        elif file is None or not file.filename:
            raise Refused([Diagnostic("records-not-given", None, {})])
        else:
            said = mapping.file.read(1 << 20) if mapping is not None and mapping.filename else b""
            made = desk_of(who).put(who.user.id, page.number, file.filename, file.file, said or None, _judge(who, program), sheet)
    except Refused as refused:
        return _form(request, number, refused.diagnostics)
    return RedirectResponse(standard_url(page.number, f"records/{made.id}"), 303)


class _judge:  # noqa: N801 – a function with its standard put in
    def __init__(self, who: Asked, program: Program) -> None:
        self.who, self.program = who, program

    def __call__(self, file: Path, mapping: Path | None, sheet: str) -> Batch:
        return run(self.who.shelf, [self.program], file, mapping, sheet=sheet or None)


def _sample(program: Program) -> Path | None:
    """A bundled file whose mapping serves most of what the standard asks."""
    for file in sorted((data_folder() / "examples").glob("*.csv")):
        said = _mapping_of(file)
        mapping = load_mapping(said, Problems()) if said.is_file() else None
        names = program.used_inputs
        if mapping is not None and names and sum(mapping.of(program.inputs[n]) is not None for n in names) >= 0.6 * len(names):
            return file
    return None


def _mapping_of(file: Path) -> Path:
    return file.with_name(f"{file.stem}.mapping.yaml")


# what came of it


@dataclass(frozen=True, slots=True)
class Tally:
    """Of a clause, or of the whole."""

    no: str
    title: str
    counts: Mapping[Verdict, int]

    @property
    def rate(self) -> float | None:
        decided = self.counts.get(Verdict.PASS, 0) + self.counts.get(Verdict.FAIL, 0)
        return self.counts.get(Verdict.PASS, 0) / decided if decided else None


@dataclass(frozen=True, slots=True)
class Row:
    """One record on the page: its verdict and why, and the form with its values."""

    row: int
    key: str
    verdict: Verdict
    why: str
    href: str


def checked(request: Request, number: str, id: str) -> Response:
    """The verdicts of a file: counted, row by row, and what was read of it."""
    who = asked(request)
    page, sheet = sheet_of(who, number, id)
    with sheet.turn:
        each = sheet.batch.judged[0]
        counted = tallies(sheet.batch, each, who)
        clause, verdict = who.one("clause") or "overall", who.one("verdict")
        known = {t.no for t in counted}
        clause = clause if clause in known else counted[0].no if counted else ""
        wanted = next((v for v in Verdict if v.value == verdict), None)
        total = next((sum(n for v, n in t.counts.items() if wanted in (None, v)) for t in counted if t.no == clause), 0)
        last = max(1, -(-total // PER_PAGE))
        at = who.number("page", 1, last)
        rows = _rows(sheet, each, who, clause, wanted, at) if counted else []
        waits = _waits(sheet.batch, each, who)
        said = [d for d in sheet.said(sheet.batch.diagnostics) if d.code != "input-without-column"]
    return render(
        request, "web/checked.html", page=page, s=each.program.standard.authored, head=library_of(who).head(page.number), sheet=sheet, each=each,
        tallies=counted, clause=clause, wanted=wanted, total=total, rows=rows, number_of_page=at, last=last, waits=waits, order=ORDER,
        diagnostics=said[:DIAGNOSTICS_SHOWN], more=max(0, len(said) - DIAGNOSTICS_SHOWN), grade=weakest_evidence(each.program),
        source=sheet.batch.source, formats=list(FORMATS),
    )  # fmt: skip


def sheet_of(who: Asked, number: str, id_: str) -> tuple[Page, Sheet]:
    page = opened(who, number)
    return page, desk_of(who).get(id_, who.user.id, page.number, _judge(who, program_of(page)))


def tallies(batch: Batch, each: Judged, who: Asked) -> list[Tally]:
    found, s = counts(batch, each), each.program.standard
    judged = [m for m in each.program.judged if "@" not in m.no or m.no.startswith("overall@")]
    judged.sort(key=lambda m: m is not each.program.overall)
    made = []
    for m in judged:
        title = who.say("整体", "overall") if m is each.program.overall else m.clause.title.text(who.language)
        if m.no.startswith("overall@") and s.scenarios:
            title = s.scenarios.labels[m.no.removeprefix("overall@")].text(who.language)
        made.append(Tally(m.no, title, found[m.no]))
    return made


def _rows(sheet: Sheet, each: Judged, who: Asked, clause: str, wanted: Verdict | None, page: int) -> list[Row]:
    names = list(each.program.used_inputs)
    columns = ", ".join(f"a.{identifier(n)}" for n in names)
    cell = f"v.{identifier(clause)}"
    code = next((c for c, v in CODES.items() if v is wanted), None)
    where = "" if wanted is None else f"WHERE {cell} IS NULL" if code is None else f"WHERE {cell} = {code}"
    query = (
        f"SELECT a.row, a.key, {cell}{', ' if columns else ''}{columns} FROM {each.admitted} a JOIN {each.verdicts} v ON v.row = a.row {where} "
        f"ORDER BY a.row LIMIT {PER_PAGE} OFFSET {(page - 1) * PER_PAGE}"
    )
    made = []
    for row, key, found, *values in sheet.batch.connection.execute(query).fetchall():
        evaluation = evaluate(each.program, record_of(each.program, names, values))
        query_values: dict[str, str | int | None] = {name: typed(value) for name, value in evaluation.record.items()}
        made.append(Row(row, str(key), CODES[found], reason(evaluation, who), standard_url(sheet.number, "try", **query_values)))
    return made


def reason(evaluation: Evaluation, who: Asked) -> str:
    """In a line, why a record fails or cannot be decided."""
    told = explain(evaluation, who.language)
    failed = [c for c in told.clauses if c.verdict is Verdict.FAIL]
    if failed:
        first = min(failed, key=lambda c: c.strength != "shall")
        more = len(failed) - 1
        return f"{first.no}: {first.put_in}" + (who.say(f"；另有 {more} 条", f"; and {more} more") if more else "")
    overall = evaluation.program.overall
    if overall is None or evaluation.judge(overall) is not Verdict.UNDETERMINED:
        return next((c.note for c in told.clauses if c.note), "")
    unknown = evaluation.why_unknown(overall)
    inputs = evaluation.program.inputs
    waits = [inputs[n].title(who.language) if n in inputs else n for n in sorted(unknown.missing)]
    words = waits or undefined_words(evaluation.program, unknown, who.language)
    shown = who.say("、", ", ").join(words[:4]) + (who.say(f" 等 {len(words)} 项", f" and {len(words) - 4} more") if len(words) > 4 else "")
    return (who.say("缺 ", "missing ") if waits else "") + shown


def _waits(batch: Batch, each: Judged, who: Asked) -> list[tuple[str, int]]:
    found = missing_tally(batch.connection, each.waiting, each.bits) if each.program.overall else []
    made = []
    for name, rows in found[:8]:
        declared = each.program.inputs.get(name)
        words = declared.title(who.language) if declared else undefined_words(each.program, Unknown(undefined=frozenset((name,))), who.language)[0]
        made.append((words, rows))
    return made


# another mapping, the result as a file


async def remap(request: Request, number: str, id: str) -> Response:
    """The same file with columns chosen by hand."""
    from starlette.concurrency import run_in_threadpool

    async with request.form() as form:
        chosen = {name: str(value).strip() for name, value in form.multi_items() if isinstance(value, str)}
    return await run_in_threadpool(_remapped, request, number, id, chosen)


def _remapped(request: Request, number: str, id_: str, chosen: Mapping[str, str]) -> Response:
    who = asked(request)
    page, sheet = sheet_of(who, number, id_)
    each, entries = sheet.batch.judged[0], {}
    for quality in each.quality.inputs:
        name, held = quality.asked.name, quality.entry
        column, constant = chosen.get(f"column:{name}", ""), chosen.get(f"constant:{name}", "")
        if constant and not column:
            entries[name] = Entry(constant=constant)
        elif column and held is not None and held.column == column:
            entries[name] = held
        elif column:
            unit = parse_header(column).unit
            fits = unit is not None and quality.asked.unit is not None and unit.same_dimension(quality.asked.unit)
            entries[name] = Entry(column=column, unit=unit if fits else None, is_=quality.asked.is_)
    text = mapping_yaml(ColumnMapping(entries, sheet.batch.mapping.key, about=sheet.batch.mapping.about))
    try:
        made = desk_of(who).judge_again(sheet, text, _judge(who, each.program))
    except Refused as refused:
        return render(request, "web/problem.html", 422, title=who.say("这样对应不行", "Columns cannot be mapped so"), lead="",
                      found=refused.diagnostics, links=[(standard_url(page.number, f"records/{id_}"), who.say("回到结果", "Back"))])  # fmt: skip
    return RedirectResponse(standard_url(page.number, f"records/{made.id}"), 303)


def mapping_text(request: Request, number: str, id: str) -> Response:
    """Which column is what, as the file `guiju evaluate --map` takes."""
    who = asked(request)
    _, sheet = sheet_of(who, number, id)
    headers = {"Content-Disposition": 'attachment; filename="mapping.yaml"'}
    return Response(mapping_yaml(sheet.batch.mapping), media_type="application/yaml; charset=utf-8", headers=headers)


def download(request: Request, number: str, id: str, ending: str) -> Response:
    """The verdicts as a file; a text that a spreadsheet would take for a formula is kept a text."""
    who = asked(request)
    page, sheet = sheet_of(who, number, id)
    if ending not in FORMATS:
        raise Refused([Diagnostic("format-unknown", None, {"file": ending, "known": " ".join(FORMATS)})])
    path = sheet.folder / f"verdicts-{who.request.state.request_id or 'one'}.{ending}"
    with sheet.turn:
        write_table(sheet.batch.connection, export_query(sheet.batch), path, overwrite=True)
    shown = f"{Path(sheet.name).stem}-{page.number}.{ending}".replace("/", "-")
    return FileResponse(path, media_type=FORMATS[ending], filename=shown, background=BackgroundTask(path.unlink, missing_ok=True))
