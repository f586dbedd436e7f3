"""Pages of the process: the register of points, and verifications with whatever whoever looks at them may do next."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from guiju.api.problems import status_of
from guiju.base.dates import parse_date
from guiju.base.diagnostics import Diagnostic, Refused
from guiju.base.rounding import parse_number
from guiju.store.access import first_organisation
from guiju.store.database import Store
from guiju.store.people import accounts
from guiju.verify.process import acting
from guiju.verify.process.bodies import GENERIC, body_of
from guiju.verify.process.door import checked
from guiju.verify.process.matching import FITS, match, needs_of
from guiju.verify.process.plan import Asked
from guiju.verify.process.point import METHODS, fields_of_work
from guiju.verify.process.project import Order, Project
from guiju.verify.process.register import Listed, owner_of, point_named, points, search
from guiju.verify.process.seen import Key, key_of, names_in, place_of, view
from guiju.verify.process.sheets import Rows, pasted
from guiju.verify.process.states import ACTS, ASPECTS, COURSE, ENDS, PUBLISHED, STAGES, STATES, VERDICTS
from guiju.verify.process.told_point import capability_json
from guiju.verify.process_api import today
from guiju.verify.process_proposals import answered, awaited
from guiju.verify.study import EDITIONS, NEWEST
from guiju.web.apart import WAIT_SECONDS
from guiju.web.asking import Asked as Who
from guiju.web.asking import asked
from guiju.web.opening import library_of, opened, program_of
from guiju.web.rendering import render, standard_url

MADE_LONGER = 12
"""So many clauses stand in the form of a plan by themselves; more are folded."""


def router() -> APIRouter:
    made = APIRouter(include_in_schema=False)
    for path, page in PAGES:
        made.add_api_route(path, page, methods=["GET"], response_model=None)
    for path, act in ACTS_OF_FORMS:
        made.add_api_route(path, act, methods=["POST"], response_model=None)
    return made


async def form_of(request: Request) -> FormData:
    return await request.form(max_fields=20_000)


Given = Annotated[FormData, Depends(form_of)]


def store_of(who: Who) -> Store:
    """
    raises   Refused: no-store
    """
    if who.store is None:
        raise Refused([Diagnostic("no-store", None, {})])
    found: Store = who.store
    return found


# points


def register(request: Request) -> Response:
    """The register, searched; `?standard=` leads to those able to verify it."""
    who = asked(request)
    if wanted := who.one("standard"):
        return RedirectResponse(standard_url(opened(who, wanted).number, "points"), 303)
    held = points(who.store, who.shelf.dictionary)
    found = search(held, who.language, words=who.one("q").split(), field=who.one("field"), region=who.one("region"), able=who.one("able"))
    fields = fields_of_work()
    counts = {id_: sum(each.point.field == id_ for each in held) for id_ in fields}
    able = sorted({each.property for listed in held for each in listed.point.capabilities})
    there = sorted({listed.point.region for listed in held})
    return render(request, "verify/points.html", found=found, total=len(held), fields=fields, counts=counts, able=_named(who, able), there=there,
                  options=[(h.number, h.title.text(who.language)) for h in library_of(who).heads])  # fmt: skip


def _named(who: Who, properties: list[str]) -> list[tuple[str, str]]:
    dictionary = who.shelf.dictionary
    return [(id_, who.say(dictionary[id_].zh, dictionary[id_].en)) for id_ in properties if id_ in dictionary]


def point(request: Request, code: str) -> Response:
    """One point: who it is, and what it can measure."""
    who = asked(request)
    listed = point_named(who.store, who.shelf.dictionary, code)
    titles = dict(_named(who, [each.property for each in listed.point.capabilities]))
    able = [(titles.get(each.property, each.property), each, capability_json(each)) for each in listed.point.capabilities]
    return render(request, "verify/point.html", point=listed.point, entry=listed.entry, able=able, fields=fields_of_work(), methods=METHODS,
                  today=today())  # fmt: skip


def matching(request: Request, number: str) -> Response:
    """Which points can verify a standard, what none can, and why."""
    who = asked(request)
    page = opened(who, number)
    needs = needs_of(program_of(page), who.shelf.dictionary)
    found = match(needs, points(who.store, who.shelf.dictionary), today())
    return render(request, "verify/match.html", page=page, found=found, quantities=[need for need in needs if need.quantity], fits=FITS,
                  others=[need for need in needs if not need.quantity])  # fmt: skip


# verifications


def verifications(request: Request) -> Response:
    """Those that may be seen, and the form for a demand."""
    return _list(request, ())


def _list(request: Request, found: tuple[Diagnostic, ...], given: Mapping[str, Any] | None = None) -> Response:
    who = asked(request)
    held = acting.projects_for(store_of(who), who.user) if who.store is not None else []
    names = names_in(who.store).organisations if who.store is not None else {}
    may = bool(who.user.roles & ACTS["demand"].roles) and who.store is not None
    return render(request, "verify/verifications.html", 422 if found else 200, held=held, names=names, may=may, found=found, states=STATES,
                  stages=STAGES, given=given or {"standard": who.one("standard")}, no_store=who.store is None,
                  options=[(h.number, h.title.text(who.language)) for h in library_of(who).heads])  # fmt: skip


def demand(request: Request, form: Given) -> Response:
    """A demand; leads to its page."""
    who, given = asked(request), _texts(form)
    try:
        store = store_of(who)
        program = program_of(opened(who, given.get("standard", "")))
        said = {"stage": given.get("stage", ""), "reason": given.get("reason", "")}
        made = acting.demand(store, who.user, first_organisation(store), program, said)
    except Refused as refused:
        return _list(request, refused.diagnostics, given)
    return RedirectResponse(f"/verifications/{made.id}", 303)


def _texts(form: FormData) -> dict[str, str]:
    return {name: value.strip() for name, value in form.items() if not isinstance(value, UploadFile)}


def verification(request: Request, id: str) -> Response:
    """One verification, as far as whoever looks may see it."""
    return _page(request, id, ())


def _page(request: Request, id_: str, found: tuple[Diagnostic, ...], given: Mapping[str, str] | None = None) -> Response:
    who = asked(request)
    store = store_of(who)
    project, steps = acting.project_of(store, who.user, id_)
    seen = view(project, steps, who.user, names_in(store))
    forms = _forms(who, store, project, seen["possible"])
    proposed, why_not = _proposed(request, project) if "conclude" in seen["possible"] else (None, ())
    alone = [acting.alone(ACTS[name]) for name in seen["for_another"] if not acting.others_for(store, project, ACTS[name], who.user)]
    words = {"states": STATES, "acts": ACTS, "course": COURSE, "ends": ENDS, "stages": STAGES, "methods": METHODS, "aspects": ASPECTS,
             "verdicts": VERDICTS, "published": PUBLISHED}  # fmt: skip
    return render(
        request, "verify/verification.html", status_of(found) if found else 200, seen=seen, project=project, found=found, forms=forms,
        given={"act": "", **(given or {})}, place=place_of(project, who.user), editions=tuple(EDITIONS), newest=NEWEST, items=_items(project),
        studies=_studies(seen), folded=MADE_LONGER, proposed=proposed, why_not=why_not, alone=alone,
        **words,
    )  # fmt: skip


def _proposed(request: Request, project: Project) -> tuple[Mapping[str, Any] | None, tuple[Diagnostic, ...]]:
    """What the evidence proposes, None as long as it is computed; or why there is nothing."""
    try:
        found = answered(request, project, WAIT_SECONDS).value
    except Refused as refused:
        return None, tuple(refused.diagnostics)
    return (found.said if found is not None else None), ()


def _items(project: Project) -> dict[str, Any]:
    return {each.id: each for each in project.plan.items} if project.plan else {}


def _studies(seen: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Of every quantity what the page shows: levels of all data, and of what was kept, and what is out of line."""
    found = []
    for item, each in ((seen["analysis"] or {}).get("studies") or {}).items():
        study = each["result"]["studies"][0]
        flags = (study["kept"] or study["all"])["flags"]
        found.append({"item": item, "sha256": each["sha256"], "all": study["all"], "kept": study["kept"], "flags": flags})
    return found


@dataclass(frozen=True)
class Forms:
    """What the forms that are possible now offer.

    clauses   of the standard, to be planned: (number, title, whether it can be measured)
    own       points that whoever looks may apply with
    keepers   accounts that can hold the key
    """

    clauses: tuple[tuple[str, str, bool], ...] = ()
    own: tuple[Listed, ...] = ()
    keepers: tuple[tuple[str, str], ...] = ()


def _forms(who: Who, store: Store, project: Project, possible: list[str]) -> Forms:
    found = Forms()
    if "plan" in possible:
        program = program_of(opened(who, project.standard))
        measured = {need.clause for need in needs_of(program, who.shelf.dictionary) if need.quantity}
        found = replace(found, clauses=tuple((m.no, m.clause.title.text(who.language), m.no in measured) for m in program.clauses))
    if "apply" in possible:
        own = [each for each in points(store, who.shelf.dictionary) if owner_of(store, each) in who.user.organisations]
        found = replace(found, own=tuple(own))
    if "assign" in possible or "hand-over" in possible:
        keepers = [each for each in accounts(store) if each.has("operator", project.runner) and each.disabled_at is None
                   and each.id != project.key_holder]  # fmt: skip
        found = replace(found, keepers=tuple((each.id, each.title or each.name) for each in keepers))
    return found


def step(request: Request, id: str, form: Given) -> Response:
    """A step, from one of the forms of the page."""
    who, given = asked(request), _texts(form)
    name = given.pop("act", "")
    try:
        _stepped(who, id, name, given, form)
    except Refused as refused:
        return _page(request, id, refused.diagnostics, {"act": name, **given})
    return RedirectResponse(f"/verifications/{id}", 303)


def _stepped(who: Who, id_: str, name: str, given: dict[str, str], form: FormData) -> None:
    store, user = store_of(who), who.user
    if name in MADE:
        MADE[name](who, store, id_, given, form)
    elif name == "withdraw":
        acting.withdraw(store, user, id_, body_of(name, given)["application"])
    elif name in GENERIC:
        acting.act(store, user, id_, name, body_of(name, given))
    else:
        raise Refused([Diagnostic("point-word", None, {"what_zh": "步骤", "what_en": "step", "word": name, "known": ", ".join(ACTS)})])


def _plan(who: Who, store: Store, id_: str, given: dict[str, str], form: FormData) -> None:
    project, _ = acting.project_of(store, who.user, id_)
    hows = {name.removeprefix("how/"): text for name, text in given.items() if name.startswith("how/")}
    clauses = {no: (how, given.get(f"why/{no}", "") or given.get("why", "")) for no, how in hows.items()}
    levels = [line.strip() for line in given.get("levels", "").replace("、", "\n").replace(",", "\n").splitlines() if line.strip()]
    wanted = Asked(clauses, levels, _number(given, "gamma") or 2.0, _number(given, "within_r"), _number(given, "within_R"),
                   _whole(given, "laboratories"), _whole(given, "replicates"), given.get("criteria", ""))  # fmt: skip
    acting.plan(store, who.user, id_, program_of(opened(who, project.standard)), who.shelf.dictionary, wanted)


def _number(given: Mapping[str, str], name: str) -> float | None:
    text = given.get(name, "")
    found = parse_number(text) if text else None
    if text and found is None:
        raise Refused([Diagnostic("point-number", None, {"text": text})])
    return None if found is None else float(found)


def _whole(given: Mapping[str, str], name: str) -> int | None:
    found = _number(given, name)
    if found is not None and found != int(found):
        raise Refused([Diagnostic("point-number", None, {"text": given[name]})])
    return None if found is None else int(found)


def _call(who: Who, store: Store, id_: str, given: dict[str, str], form: FormData) -> None:
    until = parse_date(given.get("until", ""))
    acting.act(store, who.user, id_, "call", {"text": given.get("text", ""), "until": until.isoformat() if until else given.get("until", "")})


def _apply(who: Who, store: Store, id_: str, given: dict[str, str], form: FormData) -> None:
    code, _, laboratory = given.get("point", "").partition("/")
    acting.apply(store, who.user, id_, who.shelf.dictionary, code, laboratory, today())


def _assign(who: Who, store: Store, id_: str, given: dict[str, str], form: FormData) -> None:
    chosen = [int(text) for text in form.getlist("application") if isinstance(text, str) and text.isdecimal()]
    acting.assign(store, who.user, id_, chosen, given.get("key_holder", ""), given.get("reason", ""))


def _hand_over(who: Who, store: Store, id_: str, given: dict[str, str], form: FormData) -> None:
    acting.hand_over(store, who.user, id_, given.get("key_holder", ""), given.get("reason", ""))


def _lift(who: Who, store: Store, id_: str, given: dict[str, str], form: FormData) -> None:
    acting.lift(store, who.user, id_)


def _analyse(who: Who, store: Store, id_: str, given: dict[str, str], form: FormData) -> None:
    acting.analyse(store, who.user, id_, given.get("edition", NEWEST), names_in(store).accounts)


def _conclude(who: Who, store: Store, id_: str, given: dict[str, str], form: FormData) -> None:
    clauses: dict[str, dict[str, dict[str, str]]] = {}
    for name, verdict in given.items():
        kind, _, place = name.partition("/")
        no, _, aspect = place.rpartition("/")
        if kind == "verdict":
            clauses.setdefault(no, {})[aspect] = {"verdict": verdict, "ground": given.get(f"ground/{no}/{aspect}", "")}
    found = awaited(who.request, acting.concluding(store, who.user, id_))
    acting.conclude(store, who.user, id_, clauses, given.get("text", ""), found)


MADE: Mapping[str, Callable[[Who, Store, str, dict[str, str], FormData], None]] = {
    "plan": _plan, "call": _call, "apply": _apply, "assign": _assign, "hand-over": _hand_over,
    "lift": _lift, "analyse": _analyse, "conclude": _conclude,
}  # fmt: skip
"""Steps whose forms say more than words."""


# entering results


def entry(request: Request, id: str, number: int) -> Response:
    """The sheet of an order of one's own."""
    who = asked(request)
    _, order = _own(who, id, number)
    return _sheet(request, id, number, (order.values, order.notes), ())


def _own(who: Who, id_: str, number: int) -> tuple[Project, Order]:
    """
    raises   Refused: process-order-unknown, also for another's
    """
    project, _ = acting.project_of(store_of(who), who.user, id_)
    found = project.order(number)
    if found is None or found.organisation not in who.user.organisations or not who.user.organisations[found.organisation]:
        raise Refused([Diagnostic("process-order-unknown", None, {"number": str(number)})])
    return project, found


def _sheet(request: Request, id_: str, number: int, rows: Any, found: tuple[Diagnostic, ...], text: str = "") -> Response:
    who = asked(request)
    project, order = _own(who, id_, number)
    values, notes = rows
    assert project.plan is not None, "there are orders"
    items = [each for each in project.plan.items if each.id in order.items]
    is_begun = any(values.values()) or bool(notes)
    said = checked(order, project.plan.items, values, notes) if is_begun else ()
    cells: dict[str, list[Diagnostic]] = {}
    for each in said:
        cells.setdefault(each.facts["field"], []).append(each)
    writes = project.state == "running" and not order.submitted and not order.dropped
    may = bool(ACTS["enter"].roles & who.user.organisations[order.organisation]) and who.user.id != project.key_holder
    status = status_of(found) if found else 200
    return render(request, "verify/entry.html", status, project=project, order=order, items=items, values=values, notes=notes,
                  cells=cells, said=said, found=found, writes=writes and may, text=text, states=STATES)  # fmt: skip


def enter(request: Request, id: str, number: int, form: Given) -> Response:
    """Checks, keeps or submits a sheet; or reads cells pasted from a spreadsheet into it."""
    who, given = asked(request), _texts(form)
    project, order = _own(who, id, number)
    values: dict[str, dict[str, str]] = {}
    notes = {name.removeprefix("note/"): text for name, text in given.items() if name.startswith("note/") and text}
    for name, text in given.items():
        kind, _, rest = name.partition("/")
        code, _, item = rest.partition("/")
        if kind == "cell" and text:
            values.setdefault(code, {})[item] = text
    do = given.get("do", "check")
    try:
        if do == "paste":
            assert project.plan is not None, "there are orders"
            found: Rows = pasted(given.get("pasted", ""), order, project.plan.items)
            return _sheet(request, id, number, ({**values, **found[0]}, {**notes, **found[1]}), ())
        if do in ("keep", "submit"):
            after = int(given["after"]) if given.get("after", "").isdecimal() else -1
            acting.enter(store_of(who), who.user, id, number, values, notes, submit=do == "submit", after=after)
            return RedirectResponse(f"/verifications/{id}/orders/{number}", 303)
    except Refused as refused:
        return _sheet(request, id, number, (values, notes), refused.diagnostics, given.get("pasted", ""))
    return _sheet(request, id, number, (values, notes), ())


def labels(request: Request, id: str) -> Response:
    """Labels to print: of one's own orders the codes alone; for who holds the key, what they stand for."""
    who = asked(request)
    store = store_of(who)
    project, _ = acting.project_of(store, who.user, id)
    place = place_of(project, who.user)
    key: Key | None = key_of(store, who.user, id) if place.holds_key else None
    own = [each for each in project.orders if each.number in place.own]
    if key is None and not own:
        raise Refused([Diagnostic("process-other-side", None, {"act_zh": "印标签", "act_en": "print labels"})])
    return render(request, "verify/labels.html", project=project, key=key, own=[] if key else own, items=_items(project))


def verification_json(request: Request, id: str) -> Response:
    """The same as plain values."""
    who = asked(request)
    store = store_of(who)
    project, steps = acting.project_of(store, who.user, id)
    text = json.dumps(view(project, steps, who.user, names_in(store)), ensure_ascii=False, default=str)
    return Response(text, media_type="application/json")


PAGES: tuple[tuple[str, Callable[..., Response]], ...] = (
    ("/points", register), ("/points/{code}", point), ("/standards/{number}/points", matching), ("/verifications", verifications),
    ("/verifications/{id}.json", verification_json), ("/verifications/{id}", verification), ("/verifications/{id}/orders/{number}", entry),
    ("/verifications/{id}/labels", labels),
)  # fmt: skip
ACTS_OF_FORMS: tuple[tuple[str, Callable[..., Response]], ...] = (
    ("/verifications", demand), ("/verifications/{id}", step), ("/verifications/{id}/orders/{number}", enter),
)  # fmt: skip
