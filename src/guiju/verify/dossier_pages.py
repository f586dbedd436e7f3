"""Pages of the dossier of a standard: what is concluded, by which evidence, and where studies and products are brought.

The computing and proving is done in the process apart; files that are brought lie in a folder of their own for a while and are stored nowhere.
"""

from __future__ import annotations

import secrets
import shutil
import tempfile
import threading
import time
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, File, Form, UploadFile
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from guiju.base.diagnostics import Diagnostic, Language, Problems, Refused
from guiju.ir.program import Program
from guiju.records.mapping import load_mapping
from guiju.records.packed import refuse_bomb
from guiju.standard.shelf import Shelf, data_folder
from guiju.verify.chart import NARROW, WIDE, Chart
from guiju.verify.dossier.assembled import Given, twin, verify_standard
from guiju.verify.dossier.bound import read_bound
from guiju.verify.dossier.drawn import chart_of, study_charts
from guiju.verify.dossier.evidence import ASPECTS, OUTCOMES, WHOLE, Dossier
from guiju.verify.dossier.kept import dossier_bytes
from guiju.verify.dossier.measured import Tell
from guiju.verify.dossier.report import NOTHING, SIGNS, value_text
from guiju.verify.keep_pages import keep_dossier, may_keep
from guiju.verify.precision_told import tables
from guiju.web.apart import Answer, apart_of
from guiju.web.asking import Asked, asked
from guiju.web.desk import named, safe
from guiju.web.opening import opened, program_of
from guiju.web.rendering import render, standard_url

MEDIA = {
    "pdf": "application/pdf", "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "html": "text/html; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "json": "application/json",
}  # fmt: skip
KEPT_MAX, KEPT_SECONDS, WRITE_SECONDS = 24, 2 * 3600, 60.0
STEPS, SECONDS = 1_000_000, 20.0
"""What one question of a dossier on a page may cost the solver."""
FEW = 6
"""Subjects up to which all are told on one page."""
PARTS = ("study", "results", "exclusions", "records", "mapping", "criteria")


def router() -> APIRouter:
    made = APIRouter(include_in_schema=False)
    base = "/standards/{number}/verification"
    for path, page in ((base, dossier), (base + ".{ending}", download), (base + "/{id}.{ending}", download), (base + "/{id}", brought)):
        made.add_api_route(path, page, methods=["GET"], response_model=None)
    for path, act in ((base, bring), (base + "/keep", keep), (base + "/{id}/keep", keep)):
        made.add_api_route(path, act, methods=["POST"], response_model=None)
    return made


# files that are brought


@dataclass(frozen=True, slots=True)
class Brought:
    """Files that somebody brought for one standard; nobody else is shown what comes of them."""

    id: str
    owner: str
    number: str
    folder: Path
    given: Given
    at: float


class Bench:
    """What was brought last; the oldest makes room."""

    def __init__(self) -> None:
        self._held: OrderedDict[str, Brought] = OrderedDict()
        self._turn = threading.Lock()

    def keep(self, brought: Brought) -> None:
        with self._turn:
            self._held[brought.id] = brought
            self._sweep()

    def get(self, id_: str, owner: str, number: str) -> Brought:
        """raises   Refused: records-gone"""
        with self._turn:
            self._sweep()
            found = self._held.get(id_)
            if found is None or found.owner != owner or found.number != number:
                raise Refused([Diagnostic("records-gone", None, {"minutes": str(KEPT_SECONDS // 60)})])
            return found

    def _sweep(self) -> None:
        old = [each for each in self._held.values() if time.monotonic() - each.at > KEPT_SECONDS]
        for each in [*old, *list(self._held.values())[: max(0, len(self._held) - KEPT_MAX - len(old))]]:
            self._held.pop(each.id, None)
            shutil.rmtree(each.folder, ignore_errors=True)


def bench_of(who: Asked) -> Bench:
    state = who.request.app.state
    if not hasattr(state, "dossiers"):
        state.dossiers = Bench()
    found: Bench = state.dossiers
    return found


Upload = Annotated[UploadFile | None, File()]


def bring(
    request: Request, number: str, study: Upload = None, results: Upload = None, exclusions: Upload = None, records: Upload = None,
    mapping: Upload = None, criteria: Upload = None, sample: Annotated[str, Form()] = "",
) -> Response:  # fmt: skip
    """Takes studies, products and criteria, and leads to the dossier made with them."""
    who = asked(request)
    page = opened(who, number)
    program = program_of(page)
    folder = Path(tempfile.mkdtemp(prefix="guiju-dossier-"))
    try:
        if sample:
            given = _samples(who.shelf, program, page.number)
        else:
            files = dict(zip(PARTS, (study, results, exclusions, records, mapping, criteria), strict=True))
            given = _put(folder, page.number, files)
        _read_first(who.shelf, given, folder)
    except Refused as refused:
        shutil.rmtree(folder, ignore_errors=True)
        return _page(request, number, None, refused.diagnostics)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    made = Brought(secrets.token_urlsafe(16), who.user.id, page.number, folder, given, time.monotonic())
    bench_of(who).keep(made)
    return RedirectResponse(standard_url(page.number, f"verification/{made.id}"), 303)


def _put(folder: Path, number: str, files: Mapping[str, UploadFile | None]) -> Given:
    """The uploaded files in a folder, under their own names without anything a path could be made of.

    raises   Refused: records-not-given
    """
    held: dict[str, Path] = {}
    for part, file in files.items():
        if file is not None and file.filename:
            held[part] = folder / safe(file.filename, part)
            with held[part].open("wb") as opened_file:
                shutil.copyfileobj(file.file, opened_file, 1 << 20)
            refuse_bomb(held[part])
    if not {"study", "records", "criteria"} & set(held):
        raise Refused([Diagnostic("records-not-given", None, {})])
    return Given(
        number, (held["study"],) if "study" in held else (), (held["records"],) if "records" in held else (),
        (held["mapping"],) if "records" in held and "mapping" in held else (), held.get("criteria"), steps=STEPS, seconds=SECONDS,
    )  # fmt: skip


def _read_first(shelf: Shelf, given: Given, folder: Path) -> None:
    """What is wrong with a study file is told beside the form, not after the waiting.

    raises   Refused, with the names of files as their owner knows them
    """
    for path in given.studies:
        try:
            read_bound(path, shelf.dictionary)
        except Refused as refused:
            raise Refused([named(each, folder) for each in refused.diagnostics]) from None


def _samples(shelf: Shelf, program: Program, number: str) -> Given:
    """The bundled study and products that serve the standard; made up where they say so."""
    asked_for = {program.inputs[name].property_id for name in program.used_inputs}
    studies = tuple(path for path in sorted((data_folder() / "examples" / "verify").glob("*.study.yaml"))
                    if read_bound(path, shelf.dictionary).property_id in asked_for)  # fmt: skip
    files: list[tuple[Path, Path]] = []
    for file in sorted((data_folder() / "examples").glob("*.csv")):
        said = file.with_name(f"{file.stem}.mapping.yaml")
        mapping = load_mapping(said, Problems()) if said.is_file() else None
        served = [name for name in program.used_inputs if mapping is not None and mapping.of(program.inputs[name]) is not None]
        if len(served) >= 0.6 * len(program.used_inputs) > 0:
            files.append((file, said))
    records, mappings = (tuple(each) for each in zip(*files[:1], strict=True)) if files else ((), ())
    return Given(number, studies, records, mappings, steps=STEPS, seconds=SECONDS)


def has_samples(shelf: Shelf, program: Program, number: str) -> bool:
    found = _samples(shelf, program, number)
    return bool(found.studies or found.records)


# computed apart


def computed(tell: Tell, folders: tuple[Path, ...], given: Given) -> tuple[Dossier, tuple[Diagnostic, ...]]:
    return verify_standard(Shelf(folders), given, tell)


def filed(tell: Tell, made: Dossier, ending: str, language: Language) -> bytes:
    return dossier_bytes(made, f".{ending}", language)


def _answer(who: Asked, number: str, id_: str | None) -> Answer:
    """The dossier of a standard, with what was brought or by its text alone.

    raises   Refused: what was found wrong, without the folder the files lie in
    """
    kept = bench_of(who).get(id_, who.user.id, number) if id_ else None
    given = kept.given if kept else Given(number, steps=STEPS, seconds=SECONDS)
    given = replace(given, on=who.on or _default_day(who, number))
    key = (who.shelf.folders, opened(who, number).opened.document.text, id_ or "", given.on)
    try:
        return apart_of(who).ask(("dossier", key), computed, who.shelf.folders, given)
    except Refused as refused:
        if kept is None:
            raise
        raise Refused([named(each, kept.folder) for each in refused.diagnostics]) from None


def _default_day(who: Asked, number: str) -> date:
    return program_of(opened(who, number)).on


# pages


def dossier(request: Request, number: str) -> Response:
    """What the text of a standard alone shows, and where studies and products are brought."""
    return _page(request, number, None, ())


def brought(request: Request, number: str, id: str) -> Response:
    """The dossier made with what was brought."""
    return _page(request, number, id, ())


def _page(request: Request, number: str, id_: str | None, wrong: Sequence[Diagnostic]) -> Response:
    who = asked(request)
    page = opened(who, number)
    program = program_of(page)
    try:
        found = _answer(who, page.number, id_)
    except Refused as refused:
        found, wrong = Answer(None), (*wrong, *refused.diagnostics)
    if found.value is None and not wrong:
        waiting = render(request, "verify/dossier_waiting.html", 202, page=page, s=program.standard.authored, done=found.done, total=found.total)
        waiting.headers["Refresh"] = "2"
        return waiting
    made, said = found.value if found.value is not None else (None, ())
    return render(
        request, "verify/dossier.html", 422 if wrong else 200, page=page, s=program.standard.authored, wrong=tuple(wrong), said=said, made=made,
        id=id_ or "", shown=_shown(made, who) if made else None, endings=list(MEDIA), aspects=ASPECTS, signs=SIGNS, outcomes=OUTCOMES,
        nothing=NOTHING, value_text=partial(value_text, language=who.language), digest=twin(made)["sha256"] if made else "", whole=WHOLE,
        has_sample=has_samples(who.shelf, program, page.number), base=standard_url(page.number, "verification" + (f"/{id_}" if id_ else "")),
        form=standard_url(page.number, "verification"), may_keep=may_keep(who),
    )  # fmt: skip


def _shown(made: Dossier, who: Asked) -> dict[str, Any]:
    """The grid, and sections with evidence, tables and figures: of every subject where there are few, else of the one that `?about=` names."""
    by, language = {(c.subject, c.aspect): c for c in made.conclusions}, who.language
    few = len(made.subjects) <= FEW
    chosen = who.one("about") if who.one("about") in {s.name for s in made.subjects} else WHOLE
    sections, grid = [], []
    for at, subject in enumerate(made.subjects):
        is_open = few or subject.name == chosen
        anchor = f"about-{at}"
        grid.append((f"#{anchor}" if is_open else who.here(about=subject.name) + f"#{anchor}", subject, [by.get((subject.name, a)) for a in ASPECTS]))
        if is_open:
            charts = [_drawn(chart_of(plot, language)) for plot in made.plots if plot.subject == subject.name]
            grids = [g for g in made.grids if g.subject == subject.name]
            concluded = [c for aspect in ASPECTS if (c := by.get((subject.name, aspect)))]
            sections.append({"anchor": anchor, "subject": subject, "evidence": made.of(subject.name), "grids": grids, "charts": charts,
                             "conclusions": concluded})  # fmt: skip
    studies: list[dict[str, Any]] = [
        {"bound": b, "tables": list(tables(b.result, language)) if b.result is not None else [], "charts": []} for b in made.studies
    ]
    for at, chart in study_charts(made, language):
        studies[at]["charts"].append(_drawn(chart))
    anchors = {e.id: f"evidence-{n}" for n, e in enumerate(made.evidence)}
    return {"grid": grid, "sections": sections, "studies": studies, "anchors": anchors, "few": few}


def _drawn(chart: Chart) -> dict[str, Any]:
    return {"chart": chart, "wide": Markup(chart.svg(WIDE)), "narrow": Markup(chart.svg(NARROW))}


def keep(request: Request, number: str, id: str | None = None) -> Response:
    """The dossier as a job of the store, of what was brought or of the text alone."""
    who = asked(request)
    page = opened(who, number)
    kept = bench_of(who).get(id, who.user.id, page.number) if id else None
    given = replace(kept.given if kept else Given(page.number), on=who.on or _default_day(who, page.number))
    try:
        return keep_dossier(request, page.number, given)
    except Refused as refused:
        raise Refused([named(each, kept.folder) for each in refused.diagnostics]) if kept else refused from None


def download(request: Request, number: str, ending: str, id: str | None = None) -> Response:
    """The dossier as a file.

    raises   Refused: report-format
    """
    who = asked(request)
    page = opened(who, number)
    if ending not in MEDIA:
        raise Refused([Diagnostic("report-format", None, {"file": f".{ending}", "known": " ".join(MEDIA)})])
    found = _answer(who, page.number, id)
    if found.value is None:
        return _page(request, number, id, ())
    made, _ = found.value
    key = ("dossier file", twin(made)["sha256"], ending, who.language)
    written = apart_of(who).ask(key, filed, made, ending, who.language, seconds=WRITE_SECONDS)
    if written.value is None:
        return _page(request, number, id, ())
    name = f"{page.path.name}-verification.{ending}"
    return Response(written.value, media_type=MEDIA[ending], headers={"Content-Disposition": f'attachment; filename="{name}"'})
