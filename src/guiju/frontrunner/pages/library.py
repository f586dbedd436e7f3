"""Pages of libraries: those that are kept, the form to import one, and one with its quality, its revisions and what changed."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, File, Form, UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from guiju.api.problems import status_of
from guiju.base.diagnostics import Diagnostic, Refused
from guiju.frontrunner.library.changes import changes_json
from guiju.frontrunner.library.columns import TABLES
from guiju.frontrunner.library.kept import Brought, Listed, enterprises_of, libraries, revisions
from guiju.frontrunner.library.quality import from_json
from guiju.frontrunner.library.told_library import ILLUSTRATIVE, severity
from guiju.frontrunner.library.uploading import IMMEDIATE_BYTES, IMPORTERS, bring_upload
from guiju.store.jobs import Job
from guiju.store.uploads import EXPANDED_TIMES, Upload
from guiju.web.kept import acting, here, page_of, words
from guiju.web.rendering import environment

VALUES_SHOWN = 50


def add(router: APIRouter) -> None:
    made = APIRouter(include_in_schema=False)
    made.add_api_route("/frontrunners/library", listed, methods=["GET"], response_model=None)
    made.add_api_route("/frontrunners/library", bring, methods=["POST"], response_model=None)
    made.add_api_route("/frontrunners/library/{name}", one, methods=["GET"], response_model=None)
    router.include_router(made)
    environment().globals |= {"library_quality": from_json, "library_tables": TABLES, "library_severity": severity,
                              "library_illustrative": ILLUSTRATIVE, "library_values_shown": VALUES_SHOWN}  # fmt: skip


def listed(request: Request) -> Response:
    """Every library, and the form to import one."""
    return _list(request, ())


def _list(request: Request, found: tuple[Diagnostic, ...], name: str = "", dry: Brought | None = None) -> Response:
    who, store = here(request)
    held = libraries(store)
    chosen = acting(who, IMPORTERS)
    own = {id_: None if who.user.has("operator", id_) else enterprises_of(store, id_) for id_, _ in chosen}
    limit = request.app.state.settings.upload_bytes_max
    return page_of(
        request, "frontrunner/library_list.html", words(who, (each.created_by for each in held)), status_of(found) if found else 200, libraries=held,
        found=found, tables=TABLES, organisations=chosen, own=own, name=name, megabytes=limit >> 20, times=EXPANDED_TIMES,
        immediate=IMMEDIATE_BYTES >> 20, dry=dry,
        changes=changes_json(dry.changes) if dry and dry.changes else None, severity=severity, illustrative=ILLUSTRATIVE, values_shown=VALUES_SHOWN,
    )  # fmt: skip


def bring(
    request: Request, file: Annotated[UploadFile | None, File()] = None, mapping: Annotated[UploadFile | None, File()] = None,
    name: Annotated[str, Form(max_length=300)] = "", organisation: Annotated[str, Form(max_length=100)] = "",
    dry: Annotated[str, Form(max_length=10)] = "",
) -> Response:  # fmt: skip
    """Imports a library and leads to it; a dry run shows what would be. A large one is a job, and this leads to the job."""
    who, store = here(request)
    try:
        if file is None or not file.filename:
            raise Refused([Diagnostic("records-not-given", None, {})])
        said = Upload(mapping.filename, mapping.file) if mapping is not None and mapping.filename else None
        found = bring_upload(store, who.user, Upload(file.filename, file.file), said, who.shelf.dictionary,
                             limit=request.app.state.settings.upload_bytes_max, name=name, organisation=organisation or None,
                             dry=bool(dry))  # fmt: skip
    except Refused as refused:
        return _list(request, refused.diagnostics, name)
    if isinstance(found, Job):
        return RedirectResponse(f"/jobs/{found.id}", 303)
    if dry:
        return _list(request, (), name, found)
    return RedirectResponse(f"/frontrunners/library/{quote(found.library.name, safe='')}", 303)


def one(request: Request, name: str) -> Response:
    """A library: what was found of it, its revisions, and what changed in this one."""
    who, store = here(request)
    held = revisions(store, name)
    wanted = who.one("revision")
    if job := who.one("job"):  # that imported it; of one that found nothing new, the newest
        wanted = next((str(each.revision) for each in held if each.job == job), wanted)
    shown: Listed | None = held[0] if not wanted else next((each for each in held if str(each.revision) == wanted), None)
    if shown is None:
        raise Refused([Diagnostic("library-revision", None, {"name": name, "revision": wanted, "newest": str(held[0].revision)})])
    about: dict[str, Any] = {"held": shown, "revisions": held, "changes": shown.changes, "quality": shown.quality, "tables": TABLES}
    said = words(who, (each.created_by for each in held))
    return page_of(request, "frontrunner/library_one.html", said, severity=severity, illustrative=ILLUSTRATIVE, values_shown=VALUES_SHOWN, **about)
