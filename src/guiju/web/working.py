"""Working: asking for long work with a form: an evaluation, a proof, an aggregate, a report, a comparison."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from guiju.base.diagnostics import Diagnostic, Problems, Refused
from guiju.store.belonging import JUDGES, hidden_from, seen_by, set_for
from guiju.store.jobs import submit
from guiju.store.results import Request as Work
from guiju.store.sets import record_sets
from guiju.store.uploads import Upload, keep_upload
from guiju.web.kept import acting, edition_meant, here, page_of, words

SETS_SHOWN = 300


@dataclass(frozen=True, slots=True)
class Form:
    """What a kind asks. least, most: how many standards; fields: the arguments it takes, each a name the template knows."""

    least: int
    most: int
    records: bool
    fields: tuple[str, ...]


FORMS = {
    "evaluation": Form(1, 20, True, ("on", "corrected")), "report": Form(1, 20, True, ("on", "corrected", "language", "forms")),
    "proof": Form(1, 20, False, ("question", "on", "corrected")), "comparison": Form(2, 8, False, ("must", "any_method", "on", "language", "forms")),
    "aggregate": Form(1, 1, True, ("on", "corrected", "level")),
}  # fmt: skip
ENDINGS = ("html", "pdf", "docx", "xlsx", "md")
YES = ("corrected", "must", "any_method")


def asking(request: Request) -> Response:
    """The form, filled with what the URL says."""
    who, _ = here(request)
    kind = who.one("kind") if who.one("kind") in FORMS else "evaluation"
    given = {name: who.one(name) for name in ("set", "question", "on", "level")} | {"forms": "html pdf", "language": who.language}
    return _page(request, kind, {**given, "standards": "\n".join(who.many("standard"))})


def _page(request: Request, kind: str, given: Mapping[str, str], found: Sequence[Diagnostic] = ()) -> Response:
    who, store = here(request)
    sets = record_sets(store, organisations=seen_by(who.user), without=hidden_from(store, who.user))[-SETS_SHOWN:][::-1]
    chosen = given.get("set", "")
    if chosen and chosen not in {each.id for each in sets}:
        try:
            sets = [set_for(store, who.user, chosen), *sets]
        except Refused:
            chosen = ""
    return page_of(
        request, "web/job-new.html", words(who), 422 if found else 200, kind=kind, form=FORMS[kind], kinds=list(FORMS), given=given, chosen=chosen,
        sets=sets, found=tuple(found), organisations=acting(who, JUDGES), endings=ENDINGS,
    )  # fmt: skip


async def ask(request: Request) -> Response:
    """Keeps the file, if one came, and submits the work; what is wrong is said all at once beside the form."""
    async with request.form() as form:
        return await run_in_threadpool(_asked, request, form)


def _asked(request: Request, form: FormData) -> Response:
    who, store = here(request)
    given = {name: str(value).strip() for name, value in form.multi_items() if isinstance(value, str)}
    given["forms"] = " ".join(str(each) for each in form.getlist("forms"))
    kind = given.get("kind", "") if given.get("kind", "") in FORMS else "evaluation"
    try:
        whose = who.user.acting_for(given.get("organisation") or None, JUDGES)
        editions, problems = _editions(request, given.get("standards", ""), FORMS[kind])
        records = _records(request, form, given, whose, problems) if FORMS[kind].records else None
        work = Work(kind, tuple(editions), records, _arguments(kind, given))
        if records is None and not problems.has_errors:
            with request.app.state.kinds[kind](store, work):
                pass  # what cannot be asked is said at once, not by a job that fails
        problems.refuse_errors()
    except Refused as refused:
        return _page(request, kind, given, refused.diagnostics)
    return RedirectResponse(f"/jobs/{submit(store, work, whose, who.user.id).id}", 303)


def _editions(request: Request, text: str, form: Form) -> tuple[list[str], Problems]:
    """The editions that the lines of a text name, and what is wrong with them."""
    who, _ = here(request)
    problems, found = Problems(), []
    for word in dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()):
        try:
            found.append(edition_meant(who, word))
        except Refused as refused:
            problems.extend(refused.diagnostics)
    if not problems.has_errors and not form.least <= len(found) <= form.most:
        asked = str(form.least) if form.least == form.most else f"{form.least}–{form.most}"
        problems.add("standards-counted", None, asked=asked, found=len(found))
    return found, problems


def _records(request: Request, form: FormData, given: Mapping[str, str], whose: str, problems: Problems) -> str | None:
    """The set the work is about: one that is kept, or a file, which is kept for it where all else is right."""
    who, store = here(request)
    file, mapping = form.get("file"), form.get("mapping")
    if isinstance(file, UploadFile) and file.filename:
        problems.refuse_errors()
        said = Upload(mapping.filename, mapping.file) if isinstance(mapping, UploadFile) and mapping.filename else None
        sent, limit = Upload(file.filename, file.file), request.app.state.settings.upload_bytes_max
        sensitivity: Any = "sensitive" if given.get("sensitivity") == "sensitive" else "internal"
        held, _ = keep_upload(store, whose, who.user.id, sent, said, limit=limit, name=given.get("name", ""), sheet=given.get("sheet", ""),
                              sensitivity=sensitivity)  # fmt: skip
        return held.id
    if not given.get("set"):
        problems.add("records-not-given", None)
        return None
    return set_for(store, who.user, given["set"]).id


def _arguments(kind: str, given: Mapping[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in FORMS[kind].fields:
        if name in YES:
            found |= {name: True} if given.get(name) else {}
        elif given.get(name):
            found[name] = given[name]
    return found
