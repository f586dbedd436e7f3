"""Reading: one standard as a document, with where each number comes from, its examples, relations and editions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response

from guiju.base.diagnostics import Problems
from guiju.base.rounding import decimal_text
from guiju.ir.program import Program
from guiju.ir.record import flattened
from guiju.readings.evaluate import Evaluation, Verdict
from guiju.readings.examples import compare, judged
from guiju.readings.render import render as rendered
from guiju.standard.document import plain
from guiju.standard.form import weakest_grade
from guiju.standard.model import Example, Source
from guiju.standard.shelf import stem
from guiju.web.asking import Asked, addressed, asked
from guiju.web.document import Document
from guiju.web.finding import head_json
from guiju.web.library import Library, slug
from guiju.web.limits import NARROW, WIDE, limit_figures
from guiju.web.opening import Page, library_of, opened, program_of
from guiju.web.rendering import render, standard_url


def standard(request: Request, number: str) -> Response:
    """A standard, as of `?on=`, its texts as written or `?corrected`."""
    who = asked(request)
    page = opened(who, number, who.on, who.corrected)
    if slug(page.number) != number:
        return RedirectResponse(addressed(f"/standards/{slug(page.number)}", request.query_params.multi_items()), 308)
    if page.program is None:
        return _unreadable(request, page)
    program, held = page.program, library_of(who)
    s = program.standard.authored
    document = Document(program, who.language)
    shown = _examples(who, page)
    figures = limit_figures(program, [(e.title, e.evaluation) for e in shown], who.language)
    return render(
        request, "web/standard.html", page=page, s=s, head=held.head(page.number), program=program, document=document, examples=shown,
        figures=figures, wide=WIDE, narrow=NARROW, timeline=_timeline(who, held, page), relations=_relations(held, page), sources=_weighed(s.sources),
        weakest=weakest_grade(x.grade for x in s.sources.values()), warnings=[d for d in page.problems if d.severity > 0],
        own_date=program.on == s.default_date,
    )  # fmt: skip


def _unreadable(request: Request, page: Page) -> Response:
    who = asked(request)
    en = "This standard has errors, so nothing is concluded from it. All of them are listed."
    lead = who.say("这份标准有错误，所以没有任何结论依据它。改好之前，这里列出全部问题。", en)
    links = [(standard_url(page.number, "edit"), who.say("打开编辑", "Open it in the editor"))]
    return render(request, "web/problem.html", 200, title=page.number, lead=lead, found=page.problems, links=links)


@dataclass(frozen=True, slots=True)
class Shown:
    """An example of the standard's own.

    given      (name, value) as in the form that tries it
    as_said    whether everything it expects came true
    """

    title: str
    given: tuple[tuple[str, str], ...]
    evaluation: Evaluation
    overall: Verdict | None
    as_said: bool
    href: str


def _examples(who: Asked, page: Page) -> list[Shown]:
    program, found = program_of(page), []
    problems = Problems()
    runs = judged(program, who.shelf, problems, lambda day: who.shelf.open(page.path, day).standard)
    for number, (example, evaluation) in enumerate(runs, 1):
        own = Problems()
        compare(evaluation, example, own)
        values = given_texts(example)
        overall = evaluation.judge(evaluation.program.overall) if evaluation.program.overall else None
        href = standard_url(page.number, "try", example=number)
        labels = tuple((_label(program, name, who), value) for name, value in values)
        found.append(Shown(example.name.text(who.language), labels, evaluation, overall, not own.has_errors, href))
    return found


def given_texts(example: Example) -> list[tuple[str, str]]:
    """What an example gives, by the names of inputs, each as one would type it."""
    flat, _ = flattened({name: plain(value) for name, value in example.given.items()})
    return [(name, typed(value)) for name, value in flat.items() if value is not None]


def typed(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return decimal_text(value) if isinstance(value, Fraction) else str(value)


def _label(program: Program, name: str, who: Asked) -> str:
    by_property = {i.is_: i for i in program.inputs.values()}
    declared = program.inputs.get(name) or by_property.get(name)
    return declared.title(who.language) if declared else name


# margins


def _weighed(sources: Mapping[str, Source]) -> list[Source]:
    return list(sources.values())


@dataclass(frozen=True, slots=True)
class Moment:
    """A day in the life of a standard and of the editions before and after it.

    number   of the edition, where it is another one that can be compared with
    """

    day: date | None
    text: str
    href: str
    here: bool
    to_come: bool
    number: str = ""


def _timeline(who: Asked, held: Library, page: Page) -> list[Moment]:
    """Editions, amendments and the ends of transitions, in the order of days; what is only known of is told without a link."""
    s = program_of(page).standard.authored
    today = date.today()
    found: dict[tuple[date | None, str], Moment] = {}

    def add(day: date | None, text: str, href: str = "", here: bool = False, number: str = "") -> None:
        found.setdefault((day, text), Moment(day, text, href, here, day is not None and day > today, number))

    for head in held.beside(page.number):
        verb = who.say(" 实施", " in effect") if head.effective else who.say(" 发布", " published")
        add(head.since, head.number + (verb if head.since else ""), standard_url(head.number), number=head.number)
    for edition in who.shelf.editions().values():
        number = f"{edition.number}-{edition.edition}"
        if edition.number == stem(page.number) and number != page.number and edition.effective:
            add(edition.effective, number + who.say(" 实施（不在库中）", " in effect (not held here)"))
        if edition.number == stem(page.number) and edition.replaced_on and edition.replaced_by and held.number(edition.replaced_by) is None:
            add(edition.replaced_on, edition.replaced_by + who.say(" 实施（不在库中）", " in effect (not held here)"))
    verb = who.say(" 实施", " in effect") if s.effective else who.say(" 发布", " published")
    add(s.effective or s.published, page.number + (verb if s.effective or s.published else ""), "", True)
    for layer in s.layers:
        add(layer.since, f"{layer.number} " + layer.title.text(who.language), who.here(on=str(layer.since)))
    for transition in s.transitions:
        add(transition.until, who.say("过渡结束：", "transition ends: ") + transition.title.text(who.language))
    if s.withdrawn:
        add(s.withdrawn, page.number + who.say(" 废止", " withdrawn"))
    return sorted(found.values(), key=lambda m: (m.day or date.min, m.text))


@dataclass(frozen=True, slots=True)
class Related:
    """from_here   whether this standard says it of the other; else the other says it of this one"""

    kind: str
    number: str
    href: str
    from_here: bool


def _relations(held: Library, page: Page) -> list[Related]:
    head = held.head(page.number)
    own = [Related(kind, target, _to(held, target), True) for kind, target in (head.relations if head else ())]
    back = [Related(kind, h.number, standard_url(h.number), False) for kind, h in held.naming(page.number) if h.number != page.number]
    s = program_of(page).standard
    own += [Related("based_on", s.based_on.number, _to(held, s.based_on.number), True)] if s.based_on else []
    own += [Related("uses", use.number, _to(held, use.number), True) for use in s.uses.values()]
    return list(dict.fromkeys([*own, *back]))


def _to(held: Library, target: str) -> str:
    number = held.number(target)
    return standard_url(number) if number is not None else ""


# twins


def standard_json(request: Request, number: str) -> Response:
    """The same as plain values."""
    who = asked(request)
    page = opened(who, number, who.on, who.corrected)
    head = library_of(who).head(page.number)
    program = program_of(page)
    s = program.standard.authored
    sources = {x.id: {"title": x.title, "address": x.address, "grade": x.grade, "read": x.read and str(x.read)} for x in s.sources.values()}
    inputs = {i.name: {"is": i.is_, "kind": i.kind, "zh": i.zh, "en": i.en, "unit": i.unit and i.unit.text, "decimals": i.decimals,
                       "min": i.minimum if i.minimum is None else decimal_text(i.minimum),
                       "max": i.maximum if i.maximum is None else decimal_text(i.maximum), "values": list(i.values)}
              for i in s.inputs.values()}  # fmt: skip
    clauses = [{"no": c.no, "zh": c.title.zh, "en": c.title.en, "strength": c.strength, "sources": list(c.sources), "method": c.method}
               for c in s.clauses.values()]  # fmt: skip
    told = {**(head_json(head) if head else {"number": s.number}), "on": str(program.on), "content_hash": program.content_hash,
            "text": "corrected" if program.standard.corrected else "written", "clauses": clauses, "inputs": inputs, "sources": sources,
            "relations": [{"kind": r.kind, "target": r.target, "edition": r.edition} for r in s.relations],
            "unverified": [p.name for p in s.unverified], "left_out": [{"zh": t.zh, "en": t.en} for t in s.left_out],
            "markdown": rendered(program, who.language)}  # fmt: skip
    return JSONResponse(told)


def standard_markdown(request: Request, number: str) -> Response:
    who = asked(request)
    program = program_of(opened(who, number, who.on, who.corrected))
    return PlainTextResponse(rendered(program, who.language), media_type="text/markdown; charset=utf-8")


def standard_yaml(request: Request, number: str) -> Response:
    """The text as its author wrote it."""
    who = asked(request)
    return PlainTextResponse(opened(who, number).opened.document.text, media_type="application/yaml; charset=utf-8")


