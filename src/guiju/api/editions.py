"""Editions of the store over HTTP: published once and never changed, read and judged by for ever."""

from __future__ import annotations

import tempfile
import threading
from collections import OrderedDict
from datetime import date
from pathlib import Path as FilePath
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import Field

from guiju.api.asker import Asker
from guiju.api.exact import Json
from guiju.api.judging import judged
from guiju.api.library import PROGRAMS_MAX
from guiju.api.once import OnceRoute
from guiju.api.paths import ERRORS, store_of
from guiju.api.shapes import DOCUMENT_CHARACTERS_MAX, EvaluateAnswer, EvaluateRequest, Strict
from guiju.base.dates import as_of
from guiju.base.diagnostics import Problems, Refused, told_without
from guiju.ir.program import Program
from guiju.ir.record import admit
from guiju.readings.evaluate import evaluate
from guiju.standard.shelf import Shelf, folded
from guiju.store.database import Store
from guiju.store.editions import Edition, edition_named, editions, make_shelf, opened_shelf, program_of, publish, shelves_seen_by
from guiju.store.people import organisations

router = APIRouter(prefix="/api/v1", tags=["standards"], route_class=OnceRoute, responses=ERRORS)
Id = Annotated[str, Path(max_length=300, description="identifier, or a number: its last revision")]
Text = Annotated[str, Field(max_length=DOCUMENT_CHARACTERS_MAX)]


class NewEdition(Strict):
    document: Text = Field(description="standard.yaml")
    examples: Text | None = None
    lock: Text | None = None
    source: Text | None = Field(None, description="SOURCE.md: where the facts were read")
    is_open: bool = Field(False, description="whether everyone may read it, or only its organisation")
    revise: bool = Field(False, description="another text under the same number and edition is taken as one put right")


def edition_json(each: Edition) -> dict[str, Any]:
    return {"id": each.id, "number": each.number, "edition": each.edition, "revision": each.revision,
            "title": {"zh": each.title.zh, "en": each.title.en}, "content_hash": each.content_hash,
            "published_at": each.published_at, "published_by": each.published_by}  # fmt: skip


def _held(request: Request, word: str) -> tuple[Store, Edition]:
    """An edition somebody may see; to others it is not there.

    raises   Refused: unknown-edition
    """
    store = store_of(request)
    return store, edition_named(store, word, shelves_seen_by(store, request.state.user.organisations))


class Held:
    """Programs of editions, kept in memory: an edition means the same on any day."""

    def __init__(self) -> None:
        self._held: OrderedDict[tuple[str, date | None, bool], tuple[Program, Shelf]] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, store: Store, held: Edition, on: date | None, corrected: bool) -> tuple[Program, Shelf]:
        key = held.id, on, corrected
        with self._lock:
            if key in self._held:
                return self._held[key]
        made = program_of(store, held, on, corrected=corrected)
        with self._lock:
            self._held[key] = made
            if len(self._held) > PROGRAMS_MAX:
                self._held.popitem(last=False)
        return made


@router.get("/editions", summary="已发布的版本 · Published editions")
def list_editions(
    request: Request, q: Annotated[str, Query(max_length=200)] = "", after: Annotated[str, Query(max_length=600)] = "",
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> Response:  # fmt: skip
    """Of the shelves you may see, by number; a page after the `next` of the one before."""
    store = store_of(request)
    number, _, id_ = after.rpartition("|")
    shelves = shelves_seen_by(store, request.state.user.organisations)
    found = editions(store, q.split(), shelves=shelves, after=(number, id_), limit=limit + 1)
    following = f"{found[limit - 1].number}|{found[limit - 1].id}" if len(found) > limit else None
    return Json({"editions": [edition_json(each) for each in found[:limit]], "next": following})


@router.post("/editions", status_code=201, summary="发布 · Publish an edition")
def new_edition(request: Request, asked: NewEdition) -> Response:
    """For authors, on a shelf of their organisation. It must be free of errors, examples and all; once published it never changes."""
    store, user = store_of(request), request.state.user
    with tempfile.TemporaryDirectory(prefix="guiju-publish-") as root:
        folder = FilePath(root) / "standards" / "written" / "standard"
        folder.mkdir(parents=True)
        given = {"standard.yaml": asked.document, "examples.yaml": asked.examples, "lock.yaml": asked.lock, "SOURCE.md": asked.source}
        for file, text in given.items():
            if text is not None:
                (folder / file).write_bytes(text.encode("utf-8", "surrogatepass"))
        shelf: Shelf = request.state.shelf
        near = Shelf((FilePath(root) / "standards", *shelf.folders), shelf.property_folders, beside=shelf.beside)
        number = near.open(folder).standard
        named = folder.with_name(folded(number.number) or "standard") if number else folder
        folder.rename(named)
        try:
            near = Shelf((FilePath(root) / "standards", *shelf.folders), shelf.property_folders, beside=shelf.beside)
            made, is_new = publish(store, near, named, _shelf(store, user, asked.is_open), user.id, revise=asked.revise)
        except Refused as refused:
            raise Refused(told_without(str(named), refused.diagnostics)) from None
    request.app.state.shelves.look_again()
    return Json(edition_json(made), 201 if is_new else 200, {"location": f"/api/v1/editions/{made.id}"})


def _shelf(store: Store, user: Asker, is_open: bool) -> str:
    organisation = user.acting_for(None, ("author",))
    name = next(name for id_, name, _ in organisations(store) if id_ == organisation)
    return make_shelf(store, f"{'open: ' if is_open else 'own: '}{name}", user.id, of=name, is_open=is_open)


@router.get("/editions/{id}", summary="一个版本 · One edition")
def one_edition(request: Request, id: Id) -> Response:
    """With every file it is read from, by hash."""
    _, held = _held(request, id)
    return Json({**edition_json(held), "files": dict(held.files)}, 200, {"etag": f'"{held.content_hash[:32]}-{held.revision}"'})


@router.get("/editions/{id}/text", summary="其文本 · Its text", response_class=Response, responses={200: {"content": {"application/yaml": {}}}})
def edition_text(request: Request, id: Id) -> Response:
    with opened_shelf(*_held(request, id)) as (_, folder):
        return Response((folder / "standard.yaml").read_bytes(), media_type="application/yaml; charset=utf-8")


@router.post("/editions/{id}/evaluate", response_model=EvaluateAnswer, summary="按它判定一条记录 · Judge one record by it")
def evaluate_by_edition(request: Request, id: Id, asked: EvaluateRequest) -> Response:
    store, held = _held(request, id)
    program, shelf = request.app.state.editions.of(store, held, as_of(asked.on), asked.corrected)
    problems = Problems()
    record = admit(program.inputs, asked.record, problems, dictionary=shelf.dictionary)
    problems.refuse_errors()
    request.app.state.metrics.verdicts.inc()
    return Json(judged(evaluate(program, record), request.state.language if asked.explain else None))
