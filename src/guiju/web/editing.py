"""Editing: the text of a standard beside what it reads as: checked, rendered and its examples run, as it is written. Nothing of it is kept."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from fastapi import Form
from starlette.requests import Request
from starlette.responses import Response

from guiju.base.diagnostics import Diagnostic, Problems, Severity
from guiju.ir.program import Program
from guiju.readings.evaluate import Verdict
from guiju.readings.examples import compare, examine, judged
from guiju.standard.shelf import Shelf
from guiju.web.asking import Asked, asked
from guiju.web.desk import named
from guiju.web.document import Document
from guiju.web.limits import NARROW, LimitFigure, limit_figures
from guiju.web.opening import Page, opened
from guiju.web.rendering import render, standard_url

FILES = ("standard.yaml", "examples.yaml")
EXAMPLES_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Said:
    """A diagnostic with the line it is about, as text."""

    diagnostic: Diagnostic
    file: str
    line: int
    column: int
    text: str


@dataclass(frozen=True, slots=True)
class Run:
    """An example: what it came to, and everything it expected that did not come true."""

    title: str
    overall: Verdict | None
    unmet: tuple[str, ...]


@dataclass(frozen=True)
class Checked:
    """What a text reads as; `program` None where it has errors."""

    program: Program | None
    document: Document | None
    figures: tuple[LimitFigure, ...]
    said: tuple[Said, ...]
    runs: tuple[Run, ...]

    @property
    def errors(self) -> int:
        return sum(each.diagnostic.severity is Severity.ERROR for each in self.said)


def editing(request: Request, number: str) -> Response:
    """The text of a standard on the shelf, to be changed."""
    who = asked(request)
    page = opened(who, number)
    examples = page.opened.examples.text if page.opened.examples is not None else ""
    return edit_page(request, page, page.opened.document.text, examples)


def edited(
    request: Request, number: str, text: Annotated[str, Form()] = "", examples: Annotated[str, Form()] = "", download: Annotated[str, Form()] = ""
) -> Response:
    """A changed text, checked again; or one of the two files, to be kept where its author wants it."""
    who = asked(request)
    page = opened(who, number)
    text, examples = (each.replace("\r\n", "\n") for each in (text, examples))
    if download in FILES:
        headers = {"Content-Disposition": f'attachment; filename="{download}"'}
        return Response(text if download == FILES[0] else examples, media_type="application/yaml; charset=utf-8", headers=headers)
    return edit_page(request, page, text, examples)


def edit_page(request: Request, page: Page, text: str, examples: str, status: int = 200, found: Sequence[Diagnostic] = ()) -> Response:
    """The editor with a text. found   what kept it from being published"""
    who = asked(request)
    reason = ""
    if who.store is None:
        en = "There is no store here to publish into; download the files and put them on a shelf."
        reason = who.say("这里没有仓库，发布不了；可以下载后放进书架。", en)
    elif not who.user.has("author"):
        reason = who.say("发布要有“author”角色。", "Publishing needs the role “author”.")
    url, to = standard_url(page.number, "edit"), standard_url(page.number, "publish")
    made = check_text(who, text, examples)
    return render(request, "web/edit.html", status, page=page, text=text, examples=examples, made=made, reason=reason, narrow=NARROW, url=url,
                  publish=to, found=tuple(found), exists=any(d.code == "edition-exists" for d in found))  # fmt: skip


def check_text(who: Asked, text: str, examples: str) -> Checked:
    """Everything `guiju check` says of the two texts, laid where the bases and properties of the shelf are found."""
    with tempfile.TemporaryDirectory(prefix="guiju-edit-") as name:
        folder, shelf = Path(name), Shelf(who.shelf.folders, who.shelf.property_folders, beside=who.shelf.beside)
        texts = {"standard.yaml": text, "examples.yaml": examples}
        for file, content in texts.items():
            if content.strip() or file == "standard.yaml":
                (folder / file).write_text(content, encoding="utf-8", errors="replace")
        _, program, problems = examine(shelf, folder)
        said = tuple(_said(named(d, folder), texts) for d in sorted(problems.found, key=lambda d: -d.severity))
        if program is None or problems_stop(problems.found):
            return Checked(None, None, (), said, ())
        runs, evaluations = [], []
        for example, evaluation in judged(program, shelf, Problems(), lambda day: shelf.open(folder, day).standard):
            own = Problems()
            compare(evaluation, example, own)
            overall = evaluation.judge(evaluation.program.overall) if evaluation.program.overall else None
            runs.append(Run(example.name.text(who.language), overall, tuple(d.message(who.language) for d in own.found)))
            evaluations.append((example.name.text(who.language), evaluation))
        figures = tuple(limit_figures(program, evaluations, who.language))
        return Checked(program, Document(program, who.language), figures, said, tuple(runs[:EXAMPLES_SHOWN]))


def problems_stop(found: Sequence[Diagnostic]) -> bool:
    """Whether something is so wrong that there is nothing to show: an example that fails is not."""
    return any(d.severity is Severity.ERROR and not d.code.startswith("example") for d in found)


def _said(found: Diagnostic, texts: dict[str, str]) -> Said:
    if found.span is None:
        return Said(found, "", 0, 0, "")
    lines = texts.get(found.span.file, "").split("\n")
    line = lines[found.span.line - 1].strip() if 0 < found.span.line <= len(lines) else ""
    return Said(found, found.span.file, found.span.line, found.span.column, line[:160])
