"""Paged: what the pages of coordination share: words of a URL, answers that take long, a report as a page, the report as a file."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from html import unescape
from pathlib import Path
from typing import Any

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from guiju.align.brought import File
from guiju.base.diagnostics import Diagnostic, Problems, Refused
from guiju.report import tree as t
from guiju.report.html import fragment
from guiju.report.legible import identity, legible_report
from guiju.report.written import content
from guiju.standard.shape import did_you_mean
from guiju.standard.shelf import Shelf
from guiju.web.apart import Answer, apart_of
from guiju.web.asking import Asked, addressed
from guiju.web.library import slug
from guiju.web.naming import regions
from guiju.web.opening import library_of
from guiju.web.rendering import render, standard_url

SIDES_MAX, OPTIONS_MAX, LONG, NUMBER_WORDS = 12, 600, 80_000, 4
FORMS = {
    "pdf": "application/pdf", "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "md": "text/markdown; charset=utf-8",
}  # fmt: skip
"""Ending of a download → its media type."""


@dataclass(frozen=True)
class Found:
    """What was found out, as it comes from the process apart.

    report   as a document, in one language
    data     the same for programs
    shown    what the page shows besides
    files    name → text, to be downloaded
    """

    report: t.Report
    data: Mapping[str, Any]
    shown: Mapping[str, Any] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)


Folders = tuple[tuple[Path, ...], tuple[tuple[str, Path], ...]]
"""Of a shelf, as it travels: its folders, and what stands beside them."""


@lru_cache(4)
def shelf_of(folders: Folders) -> Shelf:
    """In the process apart: the shelf of these folders."""
    return Shelf(folders[0], beside=folders[1])


def named(who: Asked, words: Sequence[str], more: Sequence[str] = (), most: int = SIDES_MAX) -> list[str]:
    """The numbers and codes of regions that words of a URL name; never anything else.

    more     numbers and codes known besides
    raises   Refused: align-unknown, all of them
    """
    problems, found, held = Problems(), [], library_of(who)
    for word in words[:most]:
        number = held.number(word)
        if number is not None:
            found.append(number)
        elif word in more:
            found.append(word)
        elif regions().is_one(word):
            found.append(regions().named(word).code)
        else:
            known = [*held.paths, *more, *(text for r in regions().held.values() for text in (r.code, r.title.zh, r.title.en))]
            problems.add("align-unknown", None, name=word, **did_you_mean(word, known))
    problems.refuse_errors()
    return list(dict.fromkeys(found))


def one_of(who: Asked, name: str, words: Sequence[str]) -> str:
    """A word of the URL that is one of these; the first where it is not there.

    raises   Refused: unknown-word
    """
    word = who.one(name)
    if not word:
        return words[0]
    if word not in words:
        near = did_you_mean(word, words, listed=True)
        raise Refused([Diagnostic("unknown-word", None, {"word": f"{name}={word}", "known": ", ".join(words), **near})])
    return word


def assumptions(who: Asked) -> tuple[str, ...]:
    """`?treat=asked=used`, one or several in a field."""
    return tuple(sorted({word for text in who.many("treat") for word in re.split(r"[\s,，]+", text) if word}))


def asked_apart(
    who: Asked, function: Callable[..., Any], *arguments: Any, files: Sequence[File | None] = (), before: tuple[Path, ...] = ()
) -> Answer:
    """What a function finds in the process apart, given the folders of the shelf, the arguments and the language; or how far it is.

    files    that somebody brought: what is wrong with them is told by the names they have there
    before   folders of standards that are looked in first
    raises   Refused: what the function refuses
    """
    every = (((*before, *who.shelf.folders), who.shelf.beside), *arguments, who.language)
    try:
        return apart_of(who).ask((function.__name__, *every), function, *every)
    except Refused as refused:
        said = refused.diagnostics
        for file in files:
            said = file.named(said) if file is not None and file.owner else said
        raise Refused(said) from None


def not_yet(request: Request, found: Answer) -> Response:
    """Says how far it is; the page asks again by itself."""
    response = render(request, "align/proving.html", 202, done=found.done, total=found.total)
    response.headers["Refresh"] = "2"
    return response


def as_data(found: Answer) -> Response:
    """The same as plain values; 202 while it is being proved."""
    if found.value is None:
        return JSONResponse({"done": found.done, "total": found.total}, 202)
    return JSONResponse(found.value.data if isinstance(found.value, Found) else found.value)


# a report as a page


@dataclass(frozen=True, slots=True)
class Body:
    """A report, or one chapter of a long one.

    contents   (URL, title) of its chapters; `here`: the one that is shown, None where all are
    """

    html: Markup
    contents: tuple[tuple[str, str], ...]
    here: int | None
    footer: str


def body(who: Asked, report: t.Report) -> Body:
    """The report as a fragment: numbers of standards lead to their pages; of a long one a chapter at a time, the first without a word in the URL."""
    held = legible_report(report)
    text = _linked(who, fragment(held).partition("</h1>")[2])
    text = re.sub(r"<th [^<>]*></th>", "<td></td>", text)  # a head that says nothing is none
    titles = [block.title for block in held.blocks if isinstance(block, t.Section)]
    first, *parts = re.split(r"(?=<h2 )", text)
    footer = t.footer(held, identity(held))
    if len(text.encode()) <= LONG or len(parts) < 2:
        return Body(Markup(text), tuple((f"#section-{n}", title) for n, title in enumerate(titles, 1)), None, footer)
    here = who.number("part", 1, len(parts))
    urls = tuple((who.here(part=n) + f"#section-{n}", title) for n, title in enumerate(titles, 1))
    place = {key: n for n, part in enumerate(parts, 1) for key in re.findall(r'id="(source-\d+)"', part)}

    def led(found: re.Match[str]) -> str:
        there = place.get(found[1], here)
        return found[0] if there == here else f'href="{Markup.escape(who.here(part=there))}#{found[1]}"'

    shown = re.sub(r'href="#(source-\d+)"', led, parts[here - 1])
    return Body(Markup((first if here == 1 else "") + shown), urls, here, footer)


def _linked(who: Asked, text: str) -> str:
    """A text that is, or begins with, the number of a standard on the shelf leads to it."""
    known = library_of(who).paths

    def led(found: re.Match[str]) -> str:
        words = found[2].split(" ")
        heads = (" ".join(words[:n]) for n in range(min(len(words), NUMBER_WORDS), 0, -1))
        number = next((head for head in heads if unescape(head) in known), None)
        if number is None:
            return found[0]
        return f'{found[1]}<a href="{Markup.escape(standard_url(unescape(number)))}">{number}</a>{found[2][len(number) :]}<'

    return re.sub(r"(<(?:td|th|dd|li|h3)\b[^<>]*>)([^<>]{4,200})<", led, text)


def downloads(who: Asked, path: str) -> list[tuple[str, str]]:
    """(URL, form) of a report as a file, for what this page asks."""
    query = [(k, v) for k, v in who.request.query_params.multi_items() if v and k not in ("part", "lang")]
    return [(addressed(f"{path}/report.{ending}", query), ending.upper()) for ending in FORMS]


def downloaded(found: Found, ending: str, name: str) -> Response:
    """The report as a file.

    raises   Refused: report-format, what the form cannot hold
    """
    if ending not in FORMS:
        raise Refused([Diagnostic("report-format", None, {"file": ending, "known": " ".join(FORMS)})])
    made = content(found.report, {"md": "markdown"}.get(ending, ending))
    return Response(made, media_type=FORMS[ending], headers={"Content-Disposition": f'attachment; filename="{name}.{ending}"'})


def try_url(judged: Mapping[str, Any]) -> str:
    """The form with the values of a witness."""
    return addressed(f"/standards/{slug(judged['number'])}/try", [("on", judged["on"]), *judged["values"].items()])


# choosing


def options(who: Asked) -> list[tuple[str, str]]:
    """Standards by number, and regions by code, with what they are called."""
    heads = [(h.number, h.title.text(who.language)) for h in list(library_of(who).heads)[:OPTIONS_MAX]]
    return [*heads, *places(who)]


def places(who: Asked) -> list[tuple[str, str]]:
    return [(r.code, r.title.text(who.language)) for r in regions().held.values()]


def subjects(who: Asked) -> list[str]:
    """Types of subject that standards on the shelf are about, and what those are parts of."""
    return sorted({kind for h in library_of(who).heads for kind in (h.subject, h.subject.partition(".")[0]) if kind})


