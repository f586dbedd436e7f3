"""Libraries of declared standards, for programs: brought, listed, told with their quality, and checked for their form."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, File, Form, Path, Query, Request, Response, UploadFile
from pydantic import Field, StringConstraints

from guiju.api.exact import Json
from guiju.api.once import OnceRoute
from guiju.api.paths import ERRORS, store_of
from guiju.api.shapes import Strict, Word
from guiju.api.work import job_json
from guiju.frontrunner.library.changes import changes_json
from guiju.frontrunner.library.form_check import form_check, form_json
from guiju.frontrunner.library.kept import Listed, enterprises_of, libraries, library_of, register_enterprises, revisions
from guiju.frontrunner.library.quality import as_json
from guiju.frontrunner.library.uploading import bring_upload
from guiju.store.access import first_organisation
from guiju.store.jobs import Job
from guiju.store.people import organisation_named
from guiju.store.uploads import Upload

Name = Annotated[str, Path(max_length=100, description="of a library")]
Revision = Annotated[int | None, Query(ge=1, le=1_000_000, description="default: the newest")]
Code = Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=r"^[^\x00-\x1f]+$")]
KEPT: dict[int | str, dict[str, Any]] = {202: {"description": "a large file: the job that imports it",
                                               "content": {"application/json": {"schema": {"type": "object"}}}},
                                         200: {"description": "nothing was kept: a dry run, or the same as the newest revision",
                                               "content": {"application/json": {"schema": {"type": "object"}}}}}  # fmt: skip
Organisation = Annotated[str | None, Query(max_length=100, description="the organisation you act for; default your own")]


def add(router: APIRouter) -> None:
    made = APIRouter(prefix="/api/v1/frontrunners", tags=["frontrunners"], route_class=OnceRoute, responses=ERRORS)
    routes = (
        ("GET", "/libraries", list_libraries, "标准库 · Libraries of declared standards"),
        ("POST", "/libraries", new_revision, "导入标准库 · Import a library"),
        ("GET", "/libraries/{name}", one_library, "一个标准库 · One library"),
        ("GET", "/libraries/{name}/form-check", forms, "格式审查 · Form check"),
        ("POST", "/enterprises", new_enterprises, "登记企业 · Who declares for an enterprise"),
    )
    for method, path, call, summary in routes:
        status, responses = (201, KEPT if path == "/libraries" else {}) if method == "POST" else (200, {})
        made.add_api_route(path, call, methods=[method], status_code=status, summary=summary, responses=responses, response_class=Response)
    router.include_router(made)


def listed_json(each: Listed, whole: bool = False) -> dict[str, Any]:
    """A revision; whole: with its quality and what changed."""
    said = {"name": each.name, "revision": each.revision, "hash": each.hash, "rows": dict(each.rows), "illustrative": each.illustrative,
            "source": each.source, "created_at": each.created_at, "created_by": each.created_by}  # fmt: skip
    return {**said, "quality": as_json(each.quality), "changes": each.changes} if whole else said


def list_libraries(request: Request) -> Response:
    """The newest revision of each."""
    return Json({"libraries": [listed_json(each) for each in libraries(store_of(request))]})


def new_revision(
    request: Request, file: Annotated[UploadFile, File(description="a workbook with sheets, or a zip of CSV or Parquet files")],
    mapping: Annotated[UploadFile | None, File(description="which column of the products holds which property, YAML")] = None,
    name: Annotated[str, Form(max_length=300, description="default: that of the file")] = "",
    dry_run: Annotated[bool, Form(description="say what would be, and keep nothing")] = False, organisation: Organisation = None,
) -> Response:  # fmt: skip
    """An operator brings a whole library; an enterprise its own rows, which take the place of those it had. All or nothing, every problem at once.
    A file of more than 1 MB, unpacked, is imported by a job: the answer is the job, its result the quality.
    """
    store, user = store_of(request), request.state.user
    said = Upload(mapping.filename, mapping.file) if mapping is not None and mapping.filename else None
    found = bring_upload(store, user, Upload(file.filename or "", file.file), said, request.state.shelf.dictionary,
                         limit=request.app.state.settings.upload_bytes_max, name=name, organisation=organisation, dry=dry_run)  # fmt: skip
    if isinstance(found, Job):
        return Json(job_json(found), 202, {"location": f"/api/v1/jobs/{found.id}"})
    told = {"name": found.library.name, "revision": found.entry.revision if found.entry else None, "hash": found.library.hash,
            "changes": changes_json(found.changes) if found.changes else None, "quality": as_json(found.library.quality)}  # fmt: skip
    headers = {"location": f"/api/v1/frontrunners/libraries/{found.library.name}"} if found.entry and found.library.name.isascii() else {}
    return Json(told, 201 if found.entry else 200, headers)


def one_library(request: Request, name: Name, revision: Revision = None) -> Response:
    """With its quality, what changed since the revision before, and all revisions."""
    held = revisions(store_of(request), name)
    found = held[0] if revision is None else next((each for each in held if each.revision == revision), None)
    if found is None:
        library_of(store_of(request), name, revision)
    assert found is not None, "refused above"
    return Json({**listed_json(found, whole=True), "revisions": [listed_json(each) for each in held]})


def forms(
    request: Request, name: Name, revision: Revision = None, on: Annotated[date | None, Query(description="default: today")] = None,
    cites: Annotated[list[Annotated[str, Field(max_length=100)]] | None, Query(max_length=50, description="numbers that must be cited")] = None,
    method: Annotated[list[Annotated[str, Field(max_length=200)]] | None, Query(max_length=50, description="PROPERTY or PROPERTY=NUMBER")] = None,
) -> Response:  # fmt: skip
    """Per declared standard whether it may enter an evaluation, and why not."""
    library = library_of(store_of(request), name, revision)
    accepted: dict[str, list[str]] = {}
    for each in method or ():
        property_, _, number = each.partition("=")
        accepted.setdefault(property_.strip(), []).extend([number.strip()] if number.strip() else [])
    day = on or datetime.now(UTC).date()
    found = form_check(library.standards.values(), request.state.shelf.editions(), day, cites=cites or (), methods=accepted, others=library.standards)
    return Json({"library": library.name, "hash": library.hash, "on": day.isoformat(), "standards": form_json(found)})


class NewEnterprises(Strict):
    organisation: Word = Field(examples=["local"], description="identifier or name")
    codes: list[Code] = Field(min_length=1, max_length=1_000, examples=[["91350100M000100Y43"]])


def new_enterprises(request: Request, asked: NewEnterprises) -> Response:
    """From now on the organisation declares for these enterprises, and no other does."""
    store, user = store_of(request), request.state.user
    user.acting_for(first_organisation(store), ("operator",))  # whoever could say it of any enterprise would get round its conflicts of interest
    whose = organisation_named(store, asked.organisation)
    register_enterprises(store, asked.codes, whose, user.id)
    return Json({"organisation": whose, "codes": enterprises_of(store, whose)}, 201)
