"""Pages of verify: studies, proficiency testing, planning, uncertainty, decision rules; each by an address that can be sent, and as files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, File, Form, UploadFile
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from guiju.base.diagnostics import Diagnostic, Refused, Severity
from guiju.ir.program import Program
from guiju.metrology.decision import RULES
from guiju.metrology.proficiency import Score
from guiju.readings.uncertain.words import RULES as RULE_WORDS
from guiju.standard.shelf import data_folder
from guiju.verify import decision_asked, dossier_pages, plan_asked, process_pages, round_asked, standard_asked, study_asked, worksheet_asked
from guiju.verify.chart import NARROW, WIDE, Chart
from guiju.verify.given import Given, on_a_page
from guiju.verify.keep_pages import keep_table, may_keep
from guiju.verify.outcome import MEDIA, Outcome, written
from guiju.verify.rounds import METHODS, SCORES
from guiju.verify.study import EDITIONS, NEWEST
from guiju.verify.told import Table
from guiju.verify.tray import IN_ADDRESS_MAX, Brought, Tray, pasted
from guiju.web.apart import apart_of
from guiju.web.asking import Asked, addressed, asked
from guiju.web.form import groups
from guiju.web.library import slug
from guiju.web.opening import library_of, opened, program_of
from guiju.web.reading import given_texts
from guiju.web.rendering import render

ENDINGS = tuple(MEDIA)
EXAMPLES_SHOWN, OPTIONS_MAX, ROWS_SHOWN, PROBLEMS_SHOWN, DOWNLOAD_SECONDS = 8, 600, 400, 50, 60.0


def router() -> APIRouter:
    """Every page of verification; the parts with a router of their own join here."""
    made = APIRouter(include_in_schema=False)
    for path, page in PAGES:
        made.add_api_route(path, page, methods=["GET"], response_model=None)
    for path, act in ACTS:
        made.add_api_route(path, act, methods=["POST"], response_model=None)
    for each in PARTS:
        made.include_router(each())
    return made


def entry(request: Request) -> Response:
    """Where all that is here begins."""
    return render(request, "verify/verify.html")


# what every page shares


class _Found:
    """What came of an address: an outcome, or everything that is wrong."""

    def __init__(self, make: Callable[[], Outcome | None]) -> None:
        self.outcome: Outcome | None = None
        self.problems: tuple[Diagnostic, ...] = ()
        try:
            self.outcome = make()
        except Refused as refused:
            self.problems = tuple(on_a_page(each) for each in refused.diagnostics)
        if self.outcome is not None:
            self.problems = tuple(on_a_page(each) for each in self.outcome.diagnostics)

    @property
    def status(self) -> int:
        return 422 if self.outcome is None and self.problems else 200

    @property
    def wrong(self) -> tuple[Diagnostic, ...]:
        return self.problems if any(d.severity is Severity.ERROR for d in self.problems) else ()

    @property
    def said(self) -> tuple[Diagnostic, ...]:
        return () if self.wrong else self.problems


def _given(who: Asked) -> Given:
    return Given(who.request.query_params.multi_items(), who.language)


def _tray(who: Asked) -> Tray:
    state = who.request.app.state
    if not hasattr(state, "tray"):
        state.tray = Tray()
    found: Tray = state.tray
    return found


def _page(request: Request, template: str, found: _Found, given: Given, **context: Any) -> Response:
    who = asked(request)
    path, query = request.url.path, [(n, v) for n, v in request.query_params.multi_items() if v and n not in ("lang", "on")]
    day = who.one("on") or date.today().isoformat()
    links = [(ending, addressed(f"{path}.{ending}", [*query, ("on", day)])) for ending in ENDINGS]
    return render(request, template, found.status, given=given, outcome=found.outcome, shown=_shown(found.outcome), said=found.said, links=links,
                  wrong=found.wrong[:PROBLEMS_SHOWN], total=len(found.wrong), query=query, may_keep=may_keep(who), **context)  # fmt: skip


def _shown(outcome: Outcome | None) -> list[tuple[str, bool, list[tuple[str, Any]]]]:
    """The parts, each block with what it is."""

    def kind(block: Any) -> tuple[str, Any]:
        if isinstance(block, Chart):
            return "chart", {"chart": block, "wide": Markup(block.svg(WIDE)), "narrow": Markup(block.svg(NARROW)), "table": _short(block.table)}
        if isinstance(block, Table):
            return "table", _short(block)
        return ("warning", block.removeprefix("!").strip()) if block.startswith("!") else ("note", block)

    return [] if outcome is None else [(part.title, part.beside, [kind(block) for block in part.blocks]) for part in outcome.parts if part.blocks]


def _short(table: Table) -> Table:
    """As many rows as a page holds; the files have them all."""
    if len(table.rows) <= ROWS_SHOWN:
        return table
    return replace(table, title=f"{table.title} · {ROWS_SHOWN} / {len(table.rows):,}", rows=table.rows[:ROWS_SHOWN])


def _file(request: Request, ending: str, outcome: Outcome | None) -> Response:
    """An outcome as a file. Refused: format-unknown, not-a-date, and what the form cannot hold."""
    who = asked(request)
    if ending not in MEDIA:
        raise Refused([Diagnostic("format-unknown", None, {"file": ending, "known": " ".join(ENDINGS)})])
    if outcome is None:
        raise Refused([Diagnostic("verify-nothing", None, {"file": "?"})])
    day = who.on or date.today()
    name = request.url.path.rpartition("/")[2].rpartition(".")[0]
    headers = {"Content-Disposition": f"attachment; filename=\"{name}.{ending}\"; filename*=UTF-8''{quote(f'{outcome.title}.{ending}', safe='')}"}
    return Response(written(outcome, ending, who.language, day), media_type=MEDIA[ending], headers=headers if ending != "json" else {})


def _take(
    request: Request, path: str, file: UploadFile | None, table: str, query: Sequence[tuple[str, str]] = ()
) -> Response | tuple[Diagnostic, ...]:
    """A table that was brought: a short text goes into the address, a file or a long one is kept for a while."""
    who = asked(request)
    try:
        if file is not None and file.filename:
            key = _tray(who).put(who.user.id, file.filename, file.file.read()).key
        elif table.strip():
            brought = pasted(table)
            key = brought.key if len(quote(table)) <= IN_ADDRESS_MAX else _tray(who).put(who.user.id, brought.name, brought.content).key
        else:
            return (Diagnostic("records-not-given", None, {}),)
    except Refused as refused:
        return refused.diagnostics
    return RedirectResponse(addressed(path, [key, *query]), 303)


# precision


def study(request: Request) -> Response:
    return _study(request)


def _study(request: Request, brought_wrong: Sequence[Diagnostic] = ()) -> Response:
    """A precision study: brought, checked, analysed by what the address asks."""
    who = asked(request)
    given = _given(who)
    table: list[Brought | None] = [None]

    def make() -> Outcome | None:
        if brought_wrong:
            raise Refused(brought_wrong)
        table[0] = _tray(who).brought(given, who.user.id, study_asked.SHIPPED)
        return None if table[0] is None else study_asked.study_outcome(given, table[0])

    found = _Found(make)
    rows = list(zip(*(given.many(name) for name in study_asked.EXCLUSION), strict=False))
    rows = [row for row in rows if any(row)]
    rows.append((given.one("newlab"), given.one("newlevel"), "", "", "", ""))
    headers = study_asked.headers_of(table[0]) if table[0] is not None else []
    return _page(request, "verify/study.html", found, given, brought=table[0], editions=tuple(EDITIONS), newest=NEWEST, methods=study_asked.METHODS,
                 columns=study_asked.COLUMNS, rows=rows, headers=headers, names=study_asked.EXCLUSION, share=_share(table[0]))  # fmt: skip


def _share(table: Brought | None) -> str:
    """The table itself as an address, where it is short text; empty where it is not."""
    if table is None or table.key[0] != "kept":
        return ""
    try:
        text = table.content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return ""
    return text if len(quote(text)) <= IN_ADDRESS_MAX and "\x00" not in text else ""


def take_study(request: Request, file: Annotated[UploadFile | None, File()] = None, table: Annotated[str, Form()] = "") -> Response:
    taken = _take(request, "/verify/study", file, table)
    return taken if isinstance(taken, Response) else _study(request, taken)


def study_file(request: Request, ending: str) -> Response:
    """The study as a report, as JSON (what `guiju verify precision --json` prints) or as CSV."""
    who = asked(request)
    given = _given(who)
    table = _tray(who).brought(given, who.user.id, study_asked.SHIPPED)
    return _file(request, ending, None if table is None else study_asked.study_outcome(given, table))


def study_kept(request: Request) -> Response:
    return _kept(request, "precision", study_asked.SHIPPED)


def round_kept(request: Request) -> Response:
    return _kept(request, "proficiency", round_asked.SHIPPED)


def _kept(request: Request, topic: str, shipped: dict[str, str]) -> Response:
    """What the address asks of the table it names, as a job of the store."""
    who = asked(request)
    given = _given(who)
    return keep_table(request, topic, _tray(who).brought(given, who.user.id, shipped), given.items)


# proficiency testing


def proficiency(request: Request) -> Response:
    return _proficiency(request)


def _proficiency(request: Request, brought_wrong: Sequence[Diagnostic] = ()) -> Response:
    """A round of proficiency testing."""
    who = asked(request)
    given = _given(who)
    table: list[Brought | None] = [None]

    def make() -> Outcome | None:
        if brought_wrong:
            raise Refused(brought_wrong)
        table[0] = _tray(who).brought(given, who.user.id, round_asked.SHIPPED)
        return None if table[0] is None else round_asked.round_outcome(given, table[0])

    found = _Found(make)
    headers = study_asked.headers_of(table[0]) if table[0] is not None else []
    scores: tuple[Score, ...] = SCORES
    return _page(request, "verify/proficiency.html", found, given, brought=table[0], methods=METHODS, method_words=round_asked.METHOD_WORDS,
                 scores=scores, columns=round_asked.COLUMNS, headers=headers, share=_share(table[0]))  # fmt: skip


def take_round(request: Request, file: Annotated[UploadFile | None, File()] = None, table: Annotated[str, Form()] = "") -> Response:
    taken = _take(request, "/verify/proficiency", file, table)
    return taken if isinstance(taken, Response) else _proficiency(request, taken)


def proficiency_file(request: Request, ending: str) -> Response:
    who = asked(request)
    given = _given(who)
    table = _tray(who).brought(given, who.user.id, round_asked.SHIPPED)
    return _file(request, ending, None if table is None else round_asked.round_outcome(given, table))


# planning


def _planned(who: Asked, given: Given) -> Outcome:
    return plan_asked.plan_outcome(given, _tray(who).brought(given, who.user.id, study_asked.SHIPPED))


def plan(request: Request) -> Response:
    """How many laboratories and replicates a wanted accuracy takes."""
    who = asked(request)
    given = _given(who)
    return _page(request, "verify/plan.html", _Found(lambda: _planned(who, given)), given)


def plan_file(request: Request, ending: str) -> Response:
    who = asked(request)
    return _file(request, ending, _planned(who, _given(who)))


# uncertainty


class _NotYet(Exception):
    """It is still being computed: done of total."""


def uncertainty(request: Request) -> Response:
    """The calculator: of a formula of a standard, of a formula of one's own, or where one of them is chosen."""
    who = asked(request)
    given = _given(who)
    program = program_of(opened(who, given.one("standard"), who.on, who.corrected)) if given.one("standard") else None
    try:
        found = _Found(lambda: _uncertain(who, given, program, 2.5))
    except _NotYet:
        response = render(request, "verify/computing.html", 202)
        response.headers["Refresh"] = "2"
        return response
    if program is not None:
        return _of_standard(request, who, given, program, found)
    sheet = _sheet(given)
    lines = [worksheet_asked.at_line(each, sheet) for each in found.wrong]
    heads = [(h.number, h.title.text(who.language)) for h in library_of(who).heads][:OPTIONS_MAX]
    rows = worksheet_asked.rows(given) if not given.one("example") else []
    return _page(request, "verify/uncertainty.html", found, given, shapes=worksheet_asked.SHAPES, bounded=worksheet_asked.BOUNDED, heads=heads,
                 rows=[*rows, *[worksheet_asked.Row()] * max(2, 4 - len(rows))], pairs=[*worksheet_asked.pairs(given), ("", "", "")], lines=lines,
                 sheet=sheet if given.one("sheet") or given.one("example") else "")  # fmt: skip


def uncertainty_file(request: Request, ending: str) -> Response:
    """The result as a file; what is asked was mostly computed for the page, else it is waited for."""
    who = asked(request)
    given = _given(who)
    program = program_of(opened(who, given.one("standard"), who.on, who.corrected)) if given.one("standard") else None
    try:
        return _file(request, ending, _uncertain(who, given, program, DOWNLOAD_SECONDS))
    except _NotYet:
        raise Refused([Diagnostic("proof-busy", None, {"seconds": f"{DOWNLOAD_SECONDS:.0f}"})]) from None


def _uncertain(who: Asked, given: Given, program: Program | None, seconds: float) -> Outcome | None:
    """From the process apart. None where nothing is asked yet; _NotYet while it is computed."""
    arguments: tuple[Any, ...]
    function: Callable[..., Outcome]
    if program is not None:
        if not standard_asked.record_of(given, program):
            return None
        query = tuple((name, value) for name, value in given.items if value and name != "lang")
        function = standard_asked.judged
        arguments = (tuple(who.shelf.folders), program.standard.authored.number, who.on, who.corrected, query, who.language)
    else:
        if not any(given.one(name) for name in ("model", "sheet", "example", "n")):
            return None
        sheet = _sheet(given) or worksheet_asked.written(given)
        seed = given.whole("seed", standard_asked.SEED_WORD, 1, 0, 10**9)
        given.problems.refuse_errors()
        function, arguments = worksheet_asked.evaluated, (sheet, bool(given.one("shortest")), seed, who.language, bool(given.one("illustrative")))
    found = apart_of(who).ask((function.__name__, *arguments), function, *arguments, seconds=seconds)
    if found.value is None:
        raise _NotYet
    made: Outcome = found.value
    return made


def _sheet(given: Given) -> str:
    """A worksheet that is given as a whole: as text, or as a shipped example. Refused: unknown-word."""
    if given.one("example"):
        if given.one("example") != "end-gauge":
            raise Refused([Diagnostic("unknown-word", None, {"word": given.one("example"), "known": "end-gauge"})])
        return (data_folder() / "examples" / "verify" / "end-gauge.yaml").read_text("utf-8")
    return given.one("sheet") and given.one("sheet") + "\n"


def _of_standard(request: Request, who: Asked, given: Given, program: Program, found: _Found) -> Response:
    values = {name: given.one(f"x.{name}") for name in program.used_inputs if given.one(f"x.{name}")}
    said = tuple(_called(each, program, who) for each in found.wrong)
    found.problems = said or found.problems
    authored = program.standard.authored
    examples = [
        (
            each.name.text(who.language),
            addressed("/uncertainty", [("standard", slug(authored.number)), *((f"x.{n}", v) for n, v in given_texts(each))]),
        )
        for each in authored.examples[:EXAMPLES_SHOWN]
    ]
    numbers = {name for name in program.used_inputs if program.inputs[name].kind == "number"}
    return _page(
        request,
        "verify/uncertain_standard.html",
        found,
        given,
        program=program,
        s=authored,
        groups=groups(program, values, said, who.language),
        examples=examples,
        numbers=numbers,
        shapes=("normal", "rectangular", "triangular", "arcsine"),
        shape_words=worksheet_asked.SHAPES,
        rules=RULES,
        rule_words=RULE_WORDS,
        pairs=[*worksheet_asked.pairs(given), ("", "", "")],
    )


def _called(found: Diagnostic, program: Program, who: Asked) -> Diagnostic:
    declared = program.inputs.get(found.facts.get("name", ""))
    if declared is None:
        return found
    return replace(found, facts={**found.facts, "name": declared.title(who.language), "field": declared.name})


# decision rules


def _limit_example(given: Given) -> Given:
    """An address that asks for the shipped example has its worksheet."""
    if not given.one("example"):
        return given
    if given.one("example") != "limit":
        raise Refused([Diagnostic("unknown-word", None, {"word": given.one("example"), "known": "limit"})])
    text = (data_folder() / "examples" / "verify" / "limit.yaml").read_text("utf-8")
    return Given([*given.items, ("sheet", text.rstrip("\n"))], given.language)


def _decided(given: Given) -> Outcome | None:
    if not any(given.one(name) for name in ("value", "u", "low", "high", "sheet", "example")):
        return None
    return decision_asked.decision_outcome(_limit_example(given), bool(given.one("example") or given.one("illustrative")))


def decision(request: Request) -> Response:
    """A measured value against limits, by every rule."""
    given = _given(asked(request))
    return _page(
        request, "verify/decision.html", _Found(lambda: _decided(given)), given, priors=decision_asked.PRIORS, rules=RULES, rule_words=RULE_WORDS
    )


def decision_file(request: Request, ending: str) -> Response:
    return _file(request, ending, _decided(_given(asked(request))))


PAGES: Sequence[tuple[str, Callable[..., Response]]] = (
    ("/verify", entry), ("/verify/study", study), ("/verify/study.{ending}", study_file), ("/verify/proficiency", proficiency),
    ("/verify/proficiency.{ending}", proficiency_file), ("/verify/plan", plan), ("/verify/plan.{ending}", plan_file), ("/uncertainty", uncertainty),
    ("/uncertainty.{ending}", uncertainty_file), ("/decision", decision), ("/decision.{ending}", decision_file),
)  # fmt: skip
"""What can be read, and its URL."""
ACTS: Sequence[tuple[str, Callable[..., Response]]] = (
    ("/verify/study", take_study), ("/verify/proficiency", take_round), ("/verify/study/keep", study_kept), ("/verify/proficiency/keep", round_kept),
)  # fmt: skip
"""What takes a table in, of which nothing is stored; and what keeps it because somebody asks for that."""
PARTS: Sequence[Callable[[], APIRouter]] = (dossier_pages.router, process_pages.router)
"""The routers of further parts of verification."""
