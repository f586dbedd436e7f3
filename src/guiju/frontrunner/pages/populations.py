"""The population of a page of authoring or of effect: a library of the store, a set of records, what was brought, or an example; and which field
of the form a problem belongs to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from fastapi import UploadFile
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from guiju.base.diagnostics import Diagnostic, Refused, Severity
from guiju.base.units import Unit
from guiju.frontrunner.authoring.asked import Bring
from guiju.frontrunner.authoring.capability import Capability
from guiju.frontrunner.authoring.held import choices, every_revision, named, of_library
from guiju.frontrunner.authoring.measured import limit_kept
from guiju.frontrunner.authoring.tray import Tray, folder, of_bytes, of_set, shipped
from guiju.standard.model import Title
from guiju.store.belonging import READERS, seen_by, set_for
from guiju.store.sets import record_sets
from guiju.web.asking import Asked as Who
from guiju.web.asking import addressed, asked

SETS_SHOWN = 50
SOURCES = ("library", "set", "kept", "example")
COLUMNS = {
    "enterprise": Title("企业列", "column of enterprises"),
    "within": Title("可比范围列", "column of comparable ranges"),
    "brand": Title("品牌列", "column of brands"),
    "price": Title("价格列", "column of prices"),
    "sales": Title("销量列", "column of sales"),
    "on_sale": Title("上市日期列", "column of days on sale"),
}


@dataclass(frozen=True)
class Population:
    """name   as whoever asks knows it
    earlier  what reads the revisions before it, the oldest first, where it is a library
    """

    name: str
    bring: Bring
    illustrative: bool
    earlier: tuple[tuple[str, Bring], ...] = ()


def tray_of(request: Request) -> Tray:
    state = request.app.state
    if not hasattr(state, "authoring_tray"):
        state.authoring_tray = Tray()
    found: Tray = state.authoring_tray
    return found


def may_read_libraries(who: Who) -> bool:
    return who.store is not None and bool(READERS & who.user.roles)


@contextmanager
def brought(who: Who, given: Mapping[str, str]) -> Iterator[Population | None]:
    """The population an address or a form names, readable as long as the context lasts; None where it names none.

    raises   Refused: unknown-word, no-store, unknown-record-set, library-unknown, library-revision, records-gone
    """
    with folder() as name:
        if word := given.get("library", "").strip():
            yield _library(who, word, Path(name))
        elif word := given.get("set", ""):
            if who.store is None:
                raise Refused([Diagnostic("no-store", None, {})])
            held = set_for(who.store, who.user, word)
            yield Population(held.name, of_set(who.store, held, Path(name)), False)
        elif word := given.get("kept", ""):
            found = tray_of(who.request).get(who.user.id, word)
            yield Population(found.name, of_bytes(found, Path(name)), False)
        elif word := given.get("example", ""):
            yield Population(who.say("示意的充电设备", "chargers made up"), shipped(word), True)
        else:
            yield None


def _library(who: Who, word: str, place: Path) -> Population:
    if not may_read_libraries(who):
        raise Refused([Diagnostic("library-unknown", None, {"name": word})])
    held = named(who.store, word)

    def readable(at: int) -> Bring:
        inner = place / str(at)
        inner.mkdir()
        return of_library(who.store, every[at], inner)

    every = every_revision(who.store, word)
    brings = [(each.word, readable(at)) for at, each in enumerate(every)]
    return Population(held.title.text(who.language), brings[-1][1], held.illustrative, tuple(brings[:-1]))


def measured_by(who: Who, id_: str, property_: str, unit: Unit) -> Capability:
    """R from a result of the store that somebody may see.

    raises   Refused: no-store, unknown-result, result-altered, authoring-result, authoring-precision
    """
    if who.store is None:
        raise Refused([Diagnostic("no-store", None, {})])
    return limit_kept(who.store, id_, property_, unit, who.user)


def offered(who: Who) -> dict[str, list[tuple[str, str]]]:
    """(word, name) of the libraries and of the sets somebody may take a population from."""
    if who.store is None or not who.user.is_signed_in:
        return {"library": [], "set": []}
    marks = {False: "", True: who.say("，示意", ", illustrative")}
    held = choices(who.store) if may_read_libraries(who) else []
    libraries = [
        (word, who.say(f"{name} 第 {word.rpartition('@')[2]} 版（{rows:,} 个产品{marks[made_up]}）",
                       f"{name}, revision {word.rpartition('@')[2]} ({rows:,} products{marks[made_up]})"))
        for word, name, rows, made_up in held
    ]  # fmt: skip
    sets = record_sets(who.store, organisations=seen_by(who.user), limit=SETS_SHOWN)
    return {"library": libraries, "set": [(each.id, each.name) for each in sets]}


Page = Callable[[Request, Mapping[str, str], Sequence[Diagnostic]], Response]


def take(request: Request, form: FormData, file: UploadFile | None, mapping: UploadFile | None, path: str, page: Page) -> Response:
    """Takes records in, stores nothing, and leads on with what was chosen already."""
    who = asked(request)
    given = {name: value for name, value in form.items() if isinstance(value, str) and value.strip() and name not in SOURCES}
    try:
        if file is None or not file.filename:
            raise Refused([Diagnostic("records-not-given", None, {})])
        said = mapping.file.read() if mapping is not None and mapping.filename else None
        key = tray_of(request).put(who.user.id, file.filename, file.file.read(), said)
    except Refused as refused:
        return page(request, given, refused.diagnostics)
    return RedirectResponse(addressed(path, [*given.items(), ("kept", key)]), 303)


# which field a problem belongs to

_OF_CODE = {
    "authoring-indicator": "indicator", "authoring-not-number": "indicator", "unknown-standard": "standard", "authoring-shares": "shares",
    "authoring-values": "levels", "authoring-no-sales": "method", "authoring-national": "national", "authoring-looser": "values",
    "authoring-narrow": "R", "authoring-precision": "R", "authoring-result": "result", "unknown-result": "result", "result-altered": "result",
    "not-a-date": "on", "unknown-word": "method", "authoring-few": "levels", "scheme-clause": "national", "draft-number": "number",
}  # fmt: skip


def placed(found: Sequence[Diagnostic], given: Mapping[str, str], otherwise: Mapping[str, str] | None = None) -> tuple[Diagnostic, ...]:
    """The problems, each saying which field of the form it belongs to, where it belongs to one. otherwise: code → field, of another form"""
    return tuple(replace(each, facts={**each.facts, "field": field}) if (field := _field(each, given, otherwise or {})) else each for each in found)


def _field(found: Diagnostic, given: Mapping[str, str], otherwise: Mapping[str, str]) -> str:
    if found.code in otherwise:
        return otherwise[found.code]
    if found.code in ("authoring-amount", "authoring-column"):
        return found.facts["what"].partition(":")[0]
    if found.code == "authoring-meet":
        return "values" if given.get("method") == "given" else "decimals" if given.get("decimals") else "shares"
    if found.code in ("authoring-values", "authoring-looser") and given.get("method") == "given":
        return "values"
    if found.code == "authoring-narrow" and given.get("result"):
        return "result"
    return _OF_CODE.get(found.code, "")


def at_fields(found: Sequence[Diagnostic]) -> dict[str, list[Diagnostic]]:
    """Field → the errors that belong to it."""
    made: dict[str, list[Diagnostic]] = {}
    for each in found:
        if each.facts.get("field") and each.severity is Severity.ERROR:
            made.setdefault(each.facts["field"], []).append(each)
    return made
