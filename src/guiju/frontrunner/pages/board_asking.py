"""Asking for a board run in the browser: which scheme, which revision of a library, which day; first a look at what it would compare."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from guiju.api.problems import status_of
from guiju.base.dates import parse_date
from guiju.base.diagnostics import Diagnostic, Problems, Refused
from guiju.frontrunner.board import words as told
from guiju.frontrunner.board.looking import PLACED_MAX, Look, looked_at
from guiju.frontrunner.board.work import opened_scheme
from guiju.frontrunner.library.kept import libraries, revisions
from guiju.frontrunner.library.uploading import IMPORTERS
from guiju.frontrunner.scheme import Scheme, load_scheme, scheme_files
from guiju.standard.shape import did_you_mean
from guiju.standard.shelf import Shelf
from guiju.store.belonging import JUDGES
from guiju.store.database import Store
from guiju.store.jobs import submit
from guiju.store.results import Request as Work
from guiju.web.asking import Asked
from guiju.web.kept import acting, edition_meant, here, page_of, words

FIELDS = ("scheme", "library", "revision", "on", "organisation")
FORMS = "html pdf"
FORMS_SHOWN = 50
"""Standards the form check bars that are named one by one; how many more there are is said."""


def add(router: APIRouter) -> None:
    made = APIRouter(include_in_schema=False)
    made.add_api_route("/frontrunners/boards/new", ask, methods=["GET"], response_model=None)
    made.add_api_route("/frontrunners/boards/new", run, methods=["POST"], response_model=None)
    router.include_router(made)


def may_run(who: Asked) -> bool:
    return who.store is not None and bool(acting(who, JUDGES))


def ask(request: Request) -> Response:
    """The form, filled as the address says; with `?look=` what the run would compare."""
    who, store = here(request)
    given = {name: who.one(name).strip() for name in FIELDS}
    if not who.one("look") or not may_run(who):
        return _page(request, given, ())
    try:
        chosen = _chosen(store, who, given)
        found = looked_at(store, chosen.edition, chosen.text, given["library"], chosen.revision, chosen.on)
    except Refused as refused:
        return _page(request, given, refused.diagnostics)
    return _page(request, given, (), found)


def run(
    request: Request, scheme: Annotated[str, Form(max_length=300)] = "", library: Annotated[str, Form(max_length=300)] = "",
    revision: Annotated[str, Form(max_length=30)] = "", on: Annotated[str, Form(max_length=30)] = "",
    organisation: Annotated[str, Form(max_length=100)] = "",
) -> Response:  # fmt: skip
    """Hands the run in as a job and leads to it; what can be found wrong without a proof is said here, with what was typed."""
    who, store = here(request)
    given = {name: value.strip() for name, value in zip(FIELDS, (scheme, library, revision, on, organisation), strict=True)}
    try:
        whose = who.user.acting_for(given["organisation"] or None, JUDGES)
        chosen = _chosen(store, who, given)
        opened_scheme(store, chosen.edition, chosen.text, chosen.on, (), prove=False)
        arguments = {"scheme": chosen.text, "library": given["library"], "revision": chosen.revision, "on": chosen.on.isoformat(),
                     "language": who.language, "forms": FORMS}  # fmt: skip
        made = submit(store, Work("board", (chosen.edition,), None, arguments), whose, who.user.id)
    except Refused as refused:
        return _page(request, given, refused.diagnostics)
    return RedirectResponse(f"/jobs/{made.id}", 303)


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the fields of the form come to. text: of the scheme; edition: of its evaluation standard, in the store."""

    text: str
    edition: str
    revision: int
    on: date


def _chosen(store: Store, who: Asked, given: Mapping[str, str]) -> Chosen:
    """
    raises   Refused: everything that is wrong with the fields
    """
    problems = Problems()
    for name in ("scheme", "library"):
        if not given[name]:
            problems.add("board-argument", None, name=name)
    on = parse_date(given["on"]) if given["on"] else today_of(store)
    if on is None:
        problems.add("not-a-date", None, text=given["on"])
    text, edition, revision = "", "", 0
    if given["scheme"]:
        try:
            text, scheme = _scheme(who.shelf, given["scheme"])
            edition = edition_meant(who, scheme.standard)
        except Refused as refused:
            problems.extend(refused.diagnostics)
    if given["library"]:
        try:
            revision = _revision(store, given["library"], given["revision"])
        except Refused as refused:
            problems.extend(refused.diagnostics)
    problems.refuse_errors()
    assert on is not None, "what is no date is told as an error"
    return Chosen(text, edition, revision, on)


def _scheme(shelf: Shelf, word: str) -> tuple[str, Scheme]:
    """A scheme of the shelf with its text; a file elsewhere is not for pages to read.

    raises   Refused: scheme-unknown, what is wrong with the scheme
    """
    known = scheme_files(shelf)
    if word not in known:
        raise Refused([Diagnostic("scheme-unknown", None, {"name": word, **did_you_mean(word, known)})])
    problems = Problems()
    found = load_scheme(known[word], problems)
    problems.refuse_errors()
    assert found is not None, "what cannot be used is told as an error"
    return known[word].read_text("utf-8"), found


def _revision(store: Store, name: str, word: str) -> int:
    """The number that was typed; empty: the newest.

    raises   Refused: library-unknown, library-revision
    """
    held = revisions(store, name)
    found = next((each.revision for each in held if not word or str(each.revision) == word), None)
    if found is None:
        raise Refused([Diagnostic("library-revision", None, {"name": name, "revision": word, "newest": str(held[0].revision)})])
    return found


def schemes_of(shelf: Shelf) -> list[Scheme]:
    """Those of the shelf that can be used."""
    found = (load_scheme(path, Problems()) for path in scheme_files(shelf).values())
    return [each for each in found if each is not None]


def _page(request: Request, given: dict[str, str], found: tuple[Diagnostic, ...], look: Look | None = None) -> Response:
    """The form. Who may not ask for a run sees who may, and nothing of libraries."""
    who, store = here(request)
    chosen = acting(who, JUDGES)
    return page_of(
        request, "frontrunner/board_new.html", words(who), status_of(found) if found else 200, found=found, given=given, look=look, told=told,
        today=today_of(store).isoformat(), organisations=chosen, libraries=libraries(store) if chosen else [],
        schemes=schemes_of(who.shelf) if chosen else [], roles=sorted(JUDGES - {"admin"}), brings=bool(acting(who, IMPORTERS)),
        placed_max=PLACED_MAX, forms_shown=FORMS_SHOWN, range_text=lambda each, range_: told.range_text(words_of(each), range_, who.language),
    )  # fmt: skip


def today_of(store: Store) -> date:
    with store.reading() as connection:
        return store.clock(connection).date()


def words_of(scheme: Scheme) -> dict[str, Any]:
    """The words of its ranges, as boards hold them."""
    return {"words": {word: {"zh": title.zh, "en": title.en} for part in scheme.range for word, title in part.words.items()}}
