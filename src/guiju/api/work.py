"""What is kept, over HTTP: sets of records, jobs, results and their replay, the audit log. Everyone sees their organisations' only."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, File, Form, Path, Query, Request, Response, UploadFile
from fastapi.responses import FileResponse
from pydantic import Field
from starlette.background import BackgroundTask

from guiju.api.exact import Json
from guiju.api.once import OnceRoute
from guiju.api.paths import ERRORS, store_of
from guiju.api.shapes import Strict, Word
from guiju.base.diagnostics import Diagnostic, Refused
from guiju.store.access import guests, invite_guest, remove_guest, sets_as_guest
from guiju.store.audit import Entry, entries, verify_chain
from guiju.store.belonging import JUDGES, READERS, actors_audited, hidden_from, job_for, result_for, seen_by, set_for
from guiju.store.database import Store
from guiju.store.editions import edition_named, shelves_seen_by
from guiju.store.jobs import Job, cancel, jobs, resume, submit
from guiju.store.people import account_of
from guiju.store.replay import replay
from guiju.store.results import Request as Work
from guiju.store.results import Result, remove_verdicts, results, verdicts_as
from guiju.store.sets import RecordSet, Sensitivity, record_set_of, record_sets
from guiju.store.uploads import Upload, keep_upload

router = APIRouter(prefix="/api/v1", tags=["store"], route_class=OnceRoute, responses=ERRORS)
Id = Annotated[str, Path(max_length=100)]
Organisation = Annotated[str | None, Query(max_length=100, description="the organisation you act for; default your own")]
Limit = Annotated[int, Query(ge=1, le=500)]


# sets of records


def set_json(each: RecordSet) -> dict[str, Any]:
    return {"id": each.id, "organisation": each.organisation, "name": each.name, "rows": each.rows, "sha256": each.sha256, "source": each.source,
            "columns": [{"name": name, "type": type_} for name, type_ in each.columns], "has_mapping": each.mapping is not None,
            "created_at": each.created_at, "created_by": each.created_by}  # fmt: skip


@router.get("/record-sets", summary="记录集 · Sets of records")
def list_sets(request: Request, after: Annotated[str, Query(max_length=100)] = "", limit: Limit = 100) -> Response:
    """Those of your organisations, the oldest first, a page after an identifier; and those you were invited to."""
    store, user = store_of(request), request.state.user
    found = record_sets(store, organisations=seen_by(user), after=after, limit=limit + 1, without=hidden_from(store, user))
    invited = [record_set_of(store, id_) for id_ in sets_as_guest(store, user.id)]
    return Json({"record_sets": [set_json(each) for each in found[:limit]], "invited": [set_json(each) for each in invited],
                 "next": found[limit - 1].id if len(found) > limit else None})  # fmt: skip


@router.post("/record-sets", status_code=201, summary="上传记录 · Upload records")
def upload(
    request: Request, file: Annotated[UploadFile, File(description="CSV XLSX Parquet JSON NDJSON, also .gz")],
    mapping: Annotated[UploadFile | None, File(description="the mapping of its columns, YAML")] = None,
    name: Annotated[str, Form(max_length=300)] = "", sheet: Annotated[str | None, Form(max_length=300)] = None,
    sensitivity: Annotated[Sensitivity, Form(description="sensitive: only for you, administrators and those you invite")] = "internal",
    organisation: Organisation = None,
) -> Response:  # fmt: skip
    """Kept as Parquet with its hash; the answer tells what the reader had to say."""
    store, user = store_of(request), request.state.user
    whose, limit = user.acting_for(organisation, JUDGES), request.app.state.settings.upload_bytes_max
    said = Upload(mapping.filename, mapping.file) if mapping is not None and mapping.filename else None
    found, told = keep_upload(store, whose, user.id, Upload(file.filename or "", file.file), said, limit=limit, name=name, sheet=sheet or "",
                              sensitivity=sensitivity)  # fmt: skip
    return Json({**set_json(found), "diagnostics": [each.as_json() for each in told]}, 201)


@router.get("/record-sets/{id}", summary="一个记录集 · One set of records")
def one_set(request: Request, id: Id) -> Response:
    return Json(set_json(set_for(store_of(request), request.state.user, id)))


class Guest(Strict):
    account: Word = Field(description="identifier or name")


def _own_set(request: Request, id_: str) -> tuple[Store, RecordSet]:
    store = store_of(request)
    found = set_for(store, request.state.user, id_)
    request.state.user.acting_for(found.organisation, JUDGES)
    return store, found


@router.get("/record-sets/{id}/guests", summary="受邀者 · Guests")
def list_guests(request: Request, id: Id) -> Response:
    store, found = _own_set(request, id)
    return Json({"guests": guests(store, found.id)})


@router.post("/record-sets/{id}/guests", status_code=201, summary="邀请 · Invite a guest")
def invite_to_set(request: Request, id: Id, asked: Guest) -> Response:
    """Somebody of another organisation may then see and judge this set, and nothing else of yours."""
    store, found = _own_set(request, id)
    guest = account_of(store, asked.account)
    invite_guest(store, found.id, guest.id, request.state.user.id)
    return Json({"guests": guests(store, found.id)}, 201)


@router.delete("/record-sets/{id}/guests/{account}", status_code=204, summary="收回邀请 · Take an invitation back", response_class=Response)
def end_guest(request: Request, id: Id, account: Id) -> Response:
    store, found = _own_set(request, id)
    remove_guest(store, found.id, account, request.state.user.id)
    return Response(status_code=204)


# jobs


class NewJob(Strict):
    kind: Literal["evaluation", "proof", "aggregate", "report", "comparison", "dossier", "study", "board"]
    standards: list[Word] = Field(max_length=20, examples=[["GB 36980.1-2025"]], description="none for a study, else at least one")
    record_set: Word | None = None
    arguments: dict[Word, str | bool | int | dict[str, str]] = Field(default_factory=dict, max_length=20)


def job_json(each: Job) -> dict[str, Any]:
    return {"id": each.id, "organisation": each.organisation, "kind": each.request.kind, "state": each.state, "done": each.done, "total": each.total,
            "standards": list(each.request.editions), "record_set": each.request.records, "arguments": dict(each.request.arguments),
            "attempts": each.attempts, "cancel_requested": each.cancel_requested, "failure": list(each.failure), "result": each.result,
            "created_at": each.created_at, "created_by": each.created_by, "started_at": each.started_at, "ended_at": each.ended_at}  # fmt: skip


@router.post("/jobs", status_code=202, summary="提交任务 · Submit a job")
def new_job(request: Request, asked: NewJob, organisation: Organisation = None) -> Response:
    """Long work: an evaluation over a set of records, a proof, an aggregate. It survives restarts and is done exactly once."""
    store, user = store_of(request), request.state.user
    whose = user.acting_for(organisation, JUDGES)
    held = set_for(store, user, asked.record_set).id if asked.record_set is not None else None
    shelves = shelves_seen_by(store, user.organisations)
    editions = tuple(edition_named(store, word, shelves).id for word in asked.standards)
    work = Work(asked.kind, editions, held, dict(asked.arguments.items()))
    made = submit(store, work, whose, user.id)
    return Json(job_json(made), 202, {"location": f"/api/v1/jobs/{made.id}"})


@router.get("/jobs", summary="任务 · Jobs")
def list_jobs(
    request: Request, state: Annotated[Literal["queued", "running", "done", "failed", "cancelled"] | None, Query()] = None,
    before: Annotated[str, Query(max_length=100)] = "", limit: Limit = 100,
) -> Response:  # fmt: skip
    """Those of your organisations, the newest first; a page before an identifier."""
    states = None if state is None else (state,)
    store, user = store_of(request), request.state.user
    found = jobs(store, organisations=seen_by(user), states=states, before=before, limit=limit + 1, without=hidden_from(store, user))
    return Json({"jobs": [job_json(each) for each in found[:limit]], "next": found[limit - 1].id if len(found) > limit else None})


def _job(request: Request, id_: str, roles: frozenset[str] = READERS) -> tuple[Store, Job]:
    store = store_of(request)
    return store, job_for(store, request.state.user, id_, roles)


@router.get("/jobs/{id}", summary="一项任务 · One job")
def one_job(request: Request, id: Id) -> Response:
    return Json(job_json(_job(request, id)[1]))


@router.post("/jobs/{id}/cancel", summary="取消 · Cancel")
def cancel_job(request: Request, id: Id) -> Response:
    store, found = _job(request, id, JUDGES)
    return Json(job_json(cancel(store, found.id, request.state.user.id)))


@router.post("/jobs/{id}/resume", summary="继续 · Resume")
def resume_job(request: Request, id: Id) -> Response:
    store, found = _job(request, id, JUDGES)
    return Json(job_json(resume(store, found.id, request.state.user.id)))


# results


def result_json(each: Result, whole: bool = False) -> dict[str, Any]:
    import json

    shown = {"id": each.id, "organisation": each.organisation, "kind": each.kind, "standards": [dict(s) for s in each.standards],
             "record_set": each.request.records, "arguments": dict(each.request.arguments), "data_hash": each.data_hash, "engine": each.engine,
             "body_hash": each.body_hash, "files": [{"sha256": f.sha256, "bytes": f.bytes} for f in each.files], "job": each.job,
             "created_at": each.created_at, "created_by": each.created_by}  # fmt: skip
    return {**shown, "body": json.loads(each.body)} if whole else shown


@router.get("/results", summary="结果 · Results")
def list_results(
    request: Request, kind: Annotated[str | None, Query(max_length=40)] = None, before: Annotated[str, Query(max_length=100)] = "",
    limit: Limit = 100,
) -> Response:  # fmt: skip
    store, user = store_of(request), request.state.user
    found = results(store, organisations=seen_by(user), kind=kind, before=before, limit=limit + 1, without=hidden_from(store, user))
    return Json({"results": [result_json(each) for each in found[:limit]], "next": found[limit - 1].id if len(found) > limit else None})


@router.get("/results/{id}", summary="一个结果 · One result")
def one_result(request: Request, id: Id) -> Response:
    """With everything it was made from: hashes of standards and records, engine, arguments."""
    return Json(result_json(result_for(store_of(request), request.state.user, id), whole=True))


@router.get("/results/{id}/table", summary="逐条结论 · Verdicts, row by row", response_class=Response,
            responses={200: {"content": {"text/csv": {}, "application/octet-stream": {}}}})  # fmt: skip
def result_table(request: Request, id: Id, form: Literal["csv", "xlsx", "parquet", "ndjson"] = "csv") -> Response:
    """Cells a spreadsheet would run as a formula are marked as text."""
    store = store_of(request)
    found = result_for(store, request.state.user, id)
    tables = [each for each in found.files if each.path.endswith(".parquet")]
    if not tables:
        raise Refused([Diagnostic("unknown-result", None, {"name": id})])
    path = verdicts_as(store, tables, f"{found.id}.{form}")
    return FileResponse(path, filename=path.name, content_disposition_type="attachment", background=BackgroundTask(remove_verdicts, path))


@router.post("/results/{id}/replay", summary="重放 · Replay")
def replay_result(request: Request, id: Id) -> Response:
    """Makes it again from the same editions and records, keeps nothing, and says whether the same came out."""
    store = store_of(request)
    made = replay(store, result_for(store, request.state.user, id).id, request.app.state.kinds)
    return Json({"result": made.result.id, "same": made.same, "engine_then": made.result.engine, "engine_now": made.engine,
                 "body_hash_then": made.result.body_hash, "body_hash_now": made.body_hash,
                 "differing": [{"place": place, "then": then, "now": now} for place, then, now in made.differing],
                 "diagnostics": [each.as_json() for each in made.diagnostics]})  # fmt: skip


# the audit log


def entry_json(each: Entry) -> dict[str, Any]:
    import json

    return {"seq": each.seq, "at": each.at, "actor": each.actor, "action": each.action, "subject": each.subject, "detail": json.loads(each.detail),
            "previous": each.previous, "hash": each.hash}  # fmt: skip


@router.get("/audit", summary="审计记录 · The audit log")
def audit_log(
    request: Request, after: Annotated[int, Query(ge=0, le=1 << 62)] = 0, subject: Annotated[str | None, Query(max_length=200)] = None,
    limit: Limit = 100,
) -> Response:  # fmt: skip
    """All of it for auditors of the first organisation; for those of another, what was done by its accounts."""
    store, user = store_of(request), request.state.user
    found = entries(store, after=after, subject=subject, limit=limit + 1)
    following = found[limit - 1].seq if len(found) > limit else None
    theirs = actors_audited(store, user)
    if theirs is not None:
        found = [each for each in found if each.actor in theirs]
    return Json({"entries": [entry_json(each) for each in found[:limit]], "next": following})


@router.get("/audit/chain", summary="核对审计链 · Check the chain")
def audit_chain(request: Request) -> Response:
    chain = verify_chain(store_of(request))
    return Json({"head": {"seq": chain.head[0], "hash": chain.head[1]},
                 "broken": None if chain.broken is None else {"seq": chain.broken[0], "reason": chain.broken[1]}})  # fmt: skip
