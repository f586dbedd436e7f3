"""Publishing: a written text as an edition of the store, and the editions that were published, each read from what was kept of it."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated

from fastapi import Form
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from guiju.base.diagnostics import Diagnostic, Refused
from guiju.standard.shelf import Shelf
from guiju.store.editions import Edition, edition_named, editions, make_shelf, opened_shelf, program_of, publish, shelves_seen_by
from guiju.store.people import organisations
from guiju.web.asking import Asked, asked
from guiju.web.document import Document
from guiju.web.editing import check_text, edit_page
from guiju.web.kept import store_of
from guiju.web.opening import opened
from guiju.web.rendering import render

PER_PAGE = 50


def publishing(
    request: Request, number: str, text: Annotated[str, Form()] = "", examples: Annotated[str, Form()] = "", revise: Annotated[str, Form()] = ""
) -> Response:
    """Publishes a text that is free of errors, for the organisation of whoever asks; otherwise the editor says what is wrong.

    revise   another text under the same number and edition is taken as one put right
    """
    who = asked(request)
    page, store = opened(who, number), store_of(who)
    text, examples = (each.replace("\r\n", "\n") for each in (text, examples))
    if check_text(who, text, examples).errors:
        return edit_page(request, page, text, examples, 422)
    organisation = who.user.acting_for(None, ("author",))
    name = next(name for id_, name, _ in organisations(store) if id_ == organisation)
    with tempfile.TemporaryDirectory(prefix="guiju-publish-") as root:
        folder = Path(root) / "standards" / page.path.parent.name / page.path.name
        folder.mkdir(parents=True)
        for file, content in (("standard.yaml", text), ("examples.yaml", examples)):
            if content.strip():
                (folder / file).write_text(content, encoding="utf-8")
        shelf = Shelf((Path(root) / "standards", *who.shelf.folders), who.shelf.property_folders, beside=who.shelf.beside)
        try:
            into = make_shelf(store, f"written by {name}", who.user.id, of=name)
            made, _ = publish(store, shelf, folder, into, who.user.id, revise=bool(revise))
        except Refused as refused:
            return edit_page(request, page, text, examples, 422, refused.diagnostics)
    request.app.state.shelves.look_again()
    return RedirectResponse(f"/editions/{made.id}", 303)


def published(request: Request) -> Response:
    """The editions of the store that may be seen, those published last first."""
    who = asked(request)
    found = sorted(editions(store_of(who), shelves=seen(who)), key=lambda e: (e.published_at, e.number), reverse=True)
    last = max(1, -(-len(found) // PER_PAGE))
    page = who.number("page", 1, last)
    return render(request, "web/editions.html", editions=found[(page - 1) * PER_PAGE : page * PER_PAGE], page=page, last=last, total=len(found))


def edition(request: Request, id: str) -> Response:
    """One edition as a document, read from the files that were kept of it."""
    who = asked(request)
    held = _held(who, id)
    program, _ = program_of(store_of(who), held, who.on)
    return render(request, "web/edition.html", held=held, program=program, s=program.standard.authored, document=Document(program, who.language))


def edition_yaml(request: Request, id: str) -> Response:
    """The text of an edition as it was published."""
    who = asked(request)
    with opened_shelf(store_of(who), _held(who, id)) as (_, folder):
        return PlainTextResponse((folder / "standard.yaml").read_text("utf-8"), media_type="application/yaml; charset=utf-8")


def _held(who: Asked, id_: str) -> Edition:
    found = edition_named(store_of(who), id_)
    if found.shelf not in seen(who):
        raise Refused([Diagnostic("unknown-edition", None, {"name": id_})])
    return found


def seen(who: Asked) -> list[str]:
    """The shelves whoever asks may see: open ones, and those of their organisations."""
    return shelves_seen_by(store_of(who), who.user.organisations)

