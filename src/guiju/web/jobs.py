"""Jobs: long work as a person meets it: what waits, how far it is, what came of it; stopped and taken up again."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from guiju.store.belonging import JUDGES, hidden_from, job_for, seen_by
from guiju.store.jobs import ENDED, Job, State, cancel, jobs, resume
from guiju.store.sets import sets_of
from guiju.web.kept import STATES, after_last, diagnostics_of, here, page_of, words

PER_PAGE = 50


def listed(request: Request) -> Response:
    """The jobs of one's organisations, the newest first."""
    who, store = here(request)
    state: State | None = next((s for s in ("queued", "running", "done", "failed", "cancelled") if s == who.one("state")), None)
    hidden = hidden_from(store, who.user)
    found = jobs(store, organisations=seen_by(who.user), states=(state,) if state else None, before=who.one("before"), limit=PER_PAGE + 1,
                 without=hidden)  # fmt: skip
    shown = found[:PER_PAGE]
    said = words(who, (j.created_by for j in shown), (e for j in shown for e in j.request.editions))
    return page_of(request, "web/jobs.html", said, jobs=shown, following=after_last(found, PER_PAGE), state=state, states=list(STATES),
                   is_moving=any(j.state not in ENDED for j in shown), may=may_work(who.user))  # fmt: skip


def one(request: Request, id: str) -> Response:
    """How far a job is; the page asks again by itself until it has ended."""
    who, store = here(request)
    return _page(request, job_for(store, who.user, id))


def stop(request: Request, id: str) -> Response:
    """Asks it to stop; what it has done is kept."""
    who, store = here(request)
    cancel(store, job_for(store, who.user, id, JUDGES).id, who.user.id)
    return RedirectResponse(f"/jobs/{id}", 303)


def go_on(request: Request, id: str) -> Response:
    """Lets it wait again, to go on where it stopped."""
    who, store = here(request)
    resume(store, job_for(store, who.user, id, JUDGES).id, who.user.id)
    return RedirectResponse(f"/jobs/{id}", 303)


def _page(request: Request, job: Job) -> Response:
    who, store = here(request)
    held = sets_of(store, [job.request.records])[job.request.records] if job.request.records else None
    said = words(who, [job.created_by], job.request.editions)
    return page_of(
        request, "web/job.html", said, job=job, records=held, failure=diagnostics_of(job.failure, who), is_moving=job.state not in ENDED,
        may=bool(set(seen_by(who.user, JUDGES)) & {job.organisation}), arguments=plain(job.request.arguments),
    )  # fmt: skip


def plain(arguments: object) -> list[tuple[str, str]]:
    """Arguments of a request as texts; a long one is told by its length."""
    found = arguments if isinstance(arguments, dict) else dict(arguments)  # type: ignore[call-overload]
    texts = [(name, ", ".join(f"{k} → {v}" for k, v in value.items()) if isinstance(value, dict) else str(value)) for name, value in found.items()]
    return [(name, text if len(text) <= 200 else f"{text[:80]}… ({len(text):,})") for name, text in texts if text not in ("None", "")]


def may_work(user: object) -> bool:
    return bool(seen_by(user, JUDGES))  # type: ignore[arg-type]
