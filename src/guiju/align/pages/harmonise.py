"""The page of harmonising: one standard proposed in place of several, proved clause by clause, with who must change what and the way there."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Any

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from guiju.align.brought import File, records_of, samples
from guiju.align.commands.harmonised import proposal_json, roadmap_json, source_page
from guiju.align.harmonise import STRATEGIES
from guiju.align.harmonise_report import harmonised_report
from guiju.align.harmonising import EXTRA, Harmonised, Question, harmonise, way_to
from guiju.align.pages.paged import (
    Folders,
    Found,
    as_data,
    asked_apart,
    assumptions,
    body,
    downloaded,
    downloads,
    named,
    not_yet,
    one_of,
    options,
    shelf_of,
    subjects,
)
from guiju.base.diagnostics import Diagnostic, Language, Refused
from guiju.cli.console import speaking
from guiju.readings.smt.answers import Proved
from guiju.web.apart import Answer, Tell
from guiju.web.asking import Asked, asked
from guiju.web.editing import check_text
from guiju.web.rendering import render

FILES = ("standard.yaml", "examples.yaml", "SOURCE.md")
WORTH = (
    (("T/CSAE 53-2017", "江苏智慧高速指南2020"), "", "车路协同：团体标准与江苏指南", "vehicle to road: a group standard and the guide of Jiangsu"),
    (("CN-32", "CN-33"), "road.smart", "智慧高速：江苏与浙江", "smart expressways: Jiangsu and Zhejiang"),
    (("GB/T 19056-2012", "GB/T 19056-2021"), "", "行驶记录仪：两个版本", "driving recorders: two editions"),
)
"""Questions that are worth asking of the shipped standards."""


@lru_cache(4)
def _harmonised(folders: Folders, question: Question) -> Harmonised:
    return harmonise(shelf_of(folders), question)


def harmonised_found(tell: Tell, folders: Folders, question: Question, steps: bool, language: Language) -> Found:
    """In the process apart: the proposal, and where `steps` are wanted the way to it.

    raises   Refused, as `harmonise`
    """
    with speaking(language):
        tell(0, 3)
        made = _harmonised(folders, question if question.number else replace(question, number=_number(question, language)))
        tell(1, 3)
        way = way_to(shelf_of(folders), question, made.proposal) if steps else None
        tell(2, 3)
        data = proposal_json(made) | ({"roadmap": roadmap_json(*way)} if way else {})
        texts = dict(zip(FILES, (made.proposal.text, made.proposal.examples or "", source_page(made.proposal)), strict=True))
        return Found(harmonised_report(made, language, way), data, _shown(made), texts)


def _number(question: Question, language: Language) -> str:
    return f"协调提案-{question.strategy}" if language == "zh" else f"HARMONISED-{question.strategy}"


def _shown(made: Harmonised) -> dict[str, Any]:
    """The counts a reader wants first."""
    outcomes = [c.outcome for c in made.proposal.choices]
    work = [c for c in made.changes if c.is_work]
    return {
        "clauses": len(made.proposal.made.program.standard.authored.clauses), "proofs": len(made.proposal.proofs),
        "proved": sum(isinstance(answer, Proved) for *_, answer in made.proposal.proofs), "open": outcomes.count("open"),
        "regional": outcomes.count("regional"), "dropped": outcomes.count("dropped"), "changes": len(work),
        "changing": len({c.standard for c in work}), "examples": len(made.proposal.specimens.found),
        "baseline": made.asked.pool.standards[made.asked.baseline].standard.number,
        "standards": [p.standard.number for p in made.asked.pool.standards],
    }  # fmt: skip


# the pages


def harmonising(request: Request) -> Response:
    """The proposal for `?with=`, by `?policy=`; without any, where they are chosen."""
    who = asked(request)
    if not who.many("with"):
        return render(request, "align/harmonise.html", found=None, records=None, **_form(who))
    found, records = _found(who)
    if found.value is None:
        return not_yet(request, found)
    made: Found = found.value
    view = one_of(who, "show", ("report", "standard"))
    checked = check_text(who, made.files["standard.yaml"], made.files["examples.yaml"]) if view == "standard" else None
    return render(
        request, "align/harmonise.html", found=made, shown=made.shown, view=view, checked=checked, records=records, files=FILES,
        body=body(who, made.report) if view == "report" else None, downloads=downloads(who, "/harmonise"), **_form(who),
    )  # fmt: skip


def harmonising_json(request: Request) -> Response:
    """The same as plain values; 202 while it is being proved."""
    found, _ = _found(asked(request))
    return as_data(found)


def harmonised_file(request: Request, name: str) -> Response:
    """The report, or a text of the proposal, as a file."""
    found, _ = _found(asked(request))
    if found.value is None:
        return not_yet(request, found)
    made: Found = found.value
    if name in made.files:
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return PlainTextResponse(made.files[name], media_type="text/plain; charset=utf-8", headers=headers)
    stem, _, ending = name.rpartition(".")
    if stem != "report":
        raise Refused([Diagnostic("report-format", None, {"file": name, "known": " ".join(FILES)})])
    return downloaded(made, ending, "harmonised")


def _found(who: Asked) -> tuple[Answer, File | None]:
    """raises   Refused: align-unknown, unknown-word, not-a-date, records-gone, what `harmonise` refuses"""
    words, records = named(who, who.many("with")), records_of(who)
    if not words:
        raise Refused([Diagnostic("align-two", None, {"found": "0"})])
    baseline = named(who, [who.one("baseline")])[0] if who.one("baseline") else None
    question = Question(
        tuple(words), one_of(who, "policy", [*STRATEGIES]), baseline, one_of(who, "extra", EXTRA), None, None, None, who.one("subject") or None,
        who.on, assumptions(who), bool(who.one("any_method")), records.path if records else None, records.mapping if records else None,
    )  # fmt: skip
    return asked_apart(who, harmonised_found, question, bool(who.one("steps")), files=[records]), records


def _form(who: Asked) -> dict[str, Any]:
    strategies = [(word, title.text(who.language)) for word, title in STRATEGIES.items()]
    return {"words": who.many("with"), "strategies": strategies, "options": options(who), "subjects": subjects(who), "samples": list(samples()),
            "worth": WORTH}  # fmt: skip
