"""Reporting: what a page found, as a document to keep: one product tried, or a file judged, as PDF, DOCX, XLSX or HTML."""

from __future__ import annotations

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from guiju.base.diagnostics import Diagnostic, Problems, Refused
from guiju.ir.record import admit
from guiju.readings.evaluate import evaluate
from guiju.readings.explain import explain
from guiju.report.evaluation import evaluation_report
from guiju.report.judged import judged_report
from guiju.report.tree import Report, changed
from guiju.report.written import content
from guiju.web.asking import asked
from guiju.web.checking import sheet_of
from guiju.web.opening import opened, program_of
from guiju.web.trying import given

OFFICE = "application/vnd.openxmlformats-officedocument"
FORMS = {"pdf": "application/pdf", "docx": f"{OFFICE}.wordprocessingml.document", "xlsx": f"{OFFICE}.spreadsheetml.sheet", "html": "text/html"}
"""Ending → what a browser is told the file is."""


def tried_report(request: Request, number: str, ending: str) -> Response:
    """The report of the values in the URL, by the names the form gives them.

    raises   Refused: format-unknown; every problem of what was given; what the form cannot hold
    """
    who = asked(request)
    refuse_unknown(ending)
    page = opened(who, number, who.on, who.corrected)
    program, problems = program_of(page), Problems()
    record = admit(program.inputs, given(who), problems, dictionary=who.shelf.dictionary)
    problems.refuse_errors()
    explanation = explain(evaluate(program, record), who.language)
    return file_of(evaluation_report([explanation], who.say("给出的值", "values given")), page.number, ending)


def checked_report(request: Request, number: str, id: str, ending: str) -> Response:
    """The report of a file that was dropped.

    raises   Refused: format-unknown, records-gone, what the form cannot hold
    """
    who = asked(request)
    refuse_unknown(ending)
    page, sheet = sheet_of(who, number, id)
    with sheet.turn:
        made = judged_report(sheet.batch, who.language)
    made = changed(made, lambda text: text.replace(f"{sheet.folder}/", ""))  # where it lies here is nobody's business
    return file_of(made, f"{sheet.name}-{page.number}", ending)


def refuse_unknown(ending: str) -> None:
    """raises   Refused: format-unknown"""
    if ending not in FORMS:
        raise Refused([Diagnostic("format-unknown", None, {"file": ending, "known": " ".join(FORMS)})])


def file_of(report: Report, name: str, ending: str) -> Response:
    """A report as a file to keep, under a name that is only a name."""
    shown = quote(f"{name}.{ending}".replace("/", "-"), safe="")
    return Response(content(report, ending), media_type=FORMS[ending], headers={"Content-Disposition": f"attachment; filename*=UTF-8''{shown}"})
