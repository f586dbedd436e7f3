"""The page of test plans: the cheapest tests for access to several regions, over their days, with the proof and what is saved."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from guiju.align.brought import File, catalogues, tests_of
from guiju.align.pages.paged import (
    Folders,
    Found,
    as_data,
    asked_apart,
    body,
    downloaded,
    downloads,
    named,
    not_yet,
    options,
    places,
    shelf_of,
    subjects,
)
from guiju.align.plan_figure import NARROW, plan_figure
from guiju.align.plan_page import Page, money
from guiju.align.plan_report import plan_report
from guiju.align.planning import Question, planned
from guiju.base.diagnostics import Diagnostic, Language, Refused
from guiju.base.rounding import decimal_text, round_gb
from guiju.cli.console import speaking
from guiju.records.bulk import programs
from guiju.report.cited import file_hash, standard_origin
from guiju.report.tree import Origin
from guiju.web.apart import Answer, Tell
from guiju.web.asking import Asked, asked
from guiju.web.naming import regions
from guiju.web.rendering import render

SECONDS = 20
WORTH = (
    ((("in", "CN-32"), ("in", "CN-33"), ("subject", "road")), "道路：进入江苏与浙江", "roads: Jiangsu and Zhejiang"),
    ((("in", "CN-31"), ("in", "CN-32"), ("in", "CN-33"), ("subject", "v2x"), ("subject", "road")), "车路协同：长三角三地",
     "vehicle to road: three places of the delta"),
    ((("in", "CN-32"), ("subject", "recorder")), "行驶记录仪：进入江苏", "driving recorders: Jiangsu"),
)  # fmt: skip


def plan_found(tell: Tell, folders: Folders, question: Question, language: Language) -> Found:
    """In the process apart: the plan, with its figure.

    raises   Refused, as `planned`
    """
    with speaking(language):
        tell(0, 2)
        made = planned(shelf_of(folders), regions(), question)
        tell(1, 2)
        page = Page(made, regions(), language)
        found = programs(shelf_of(folders), made.standards, question.on)
        origins = (Origin(question.tests.name, file_hash(question.tests)), *(standard_origin(p) for p in found))
        shown = {
            "tests": sum(not s.passed for s in made.steps), "cost": money(made.cost), "days": decimal_text(made.days), "proof": made.proof,
            "how": page.proof(made.proof, made.cost, made.bound), "gap": decimal_text(round_gb(made.gap * 100, Fraction(1, 100))),
            "saved": money(made.saved) if made.alone else None, "apart": money(made.cost + made.saved), "unserved": len(made.unserved),
            "papers": len(made.papers), "illustrative": made.catalogue.illustrative, "standards": list(made.standards),
            "wide": plan_figure(page, language), "narrow": plan_figure(page, language, NARROW),
        }  # fmt: skip
        return Found(plan_report(page, language, origins, question.on or date.today()), page.json(), shown, {"needs.csv": page.csv()})


# the pages


def testing(request: Request) -> Response:
    """The plan for the regions of `?in=` and the subjects of `?subject=`, or the standards of `?with=`."""
    who = asked(request)
    if not who.many("in") and not who.many("with"):
        return render(request, "align/testplan.html", found=None, tests=None, **_form(who))
    found, tests = _found(who)
    if found.value is None:
        return not_yet(request, found)
    made: Found = found.value
    return render(request, "align/testplan.html", found=made, shown=made.shown, tests=tests, body=body(who, made.report),
                  downloads=downloads(who, "/testplan"), **_form(who))  # fmt: skip


def testing_json(request: Request) -> Response:
    """The same as plain values; 202 while it is being worked out."""
    found, _ = _found(asked(request))
    return as_data(found)


def testing_file(request: Request, name: str) -> Response:
    """The report, or the needs one by one, as a file."""
    found, _ = _found(asked(request))
    if found.value is None:
        return not_yet(request, found)
    made: Found = found.value
    if name in made.files:
        text = "\ufeff" + made.files[name]
        return Response(text, media_type="text/csv; charset=utf-8", headers={"Content-Disposition": f'attachment; filename="{name}"'})
    stem, _, ending = name.rpartition(".")
    if stem != "report":
        raise Refused([Diagnostic("report-format", None, {"file": name, "known": ", ".join(made.files)})])
    return downloaded(made, ending, "testplan")


def _found(who: Asked) -> tuple[Answer, File | None]:
    """raises   Refused: align-unknown, not-a-date, records-gone, what `planned` refuses"""
    tests = tests_of(who)
    path = tests.path if tests else next(iter(catalogues().values()))
    words, codes = named(who, who.many("with"), most=20), [regions().named(word).code for word in who.many("in")[:40]]
    days = who.number("deadline", 0, 10_000)
    question = Question(
        path, tuple(words), tuple(dict.fromkeys(codes)), tuple(who.many("subject")[:20]), tuple(who.many("scenario")[:40]), bool(who.one("should")),
        tuple(who.many("done")[:200]), days or None, SECONDS, who.on,
    )  # fmt: skip
    return asked_apart(who, plan_found, question, files=[tests]), tests


def _form(who: Asked) -> dict[str, Any]:
    bundled = [name for name in catalogues() if name != "recorder"]  # that one is of the worked example of recognition
    return {"options": options(who), "places": places(who), "subjects": subjects(who), "catalogues": bundled, "worth": WORTH}
