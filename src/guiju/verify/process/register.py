"""Register of points: those shipped and those of the store, searched by words, field, region and what they can measure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from guiju.base.diagnostics import Diagnostic, Language, Refused
from guiju.standard.dictionary import Dictionary
from guiju.standard.regions import Regions, load_regions
from guiju.standard.shape import did_you_mean
from guiju.standard.shelf import Shelf, data_folder
from guiju.store.database import Store
from guiju.store.people import organisation_named, organisations
from guiju.store.registers import Entry, Kept, entries_of, keep_entries
from guiju.verify.process.point import Known, Point, fields_of_work
from guiju.verify.process.points_file import point_kept, read_points

REGISTER = "point"


@dataclass(frozen=True, slots=True)
class Listed:
    """A point with where it is from. entry   None: it is shipped"""

    point: Point
    entry: Entry | None


@cache
def _regions() -> Regions:
    return load_regions()


def known_to(dictionary: Dictionary) -> Known:
    return Known(fields_of_work(), _regions(), dictionary)


@cache
def _shipped() -> Mapping[str, Point]:
    found = read_points(data_folder() / "points" / "points.yaml", known_to(Shelf().dictionary))
    return {each.code: each for each in found}


def points(store: Store | None, dictionary: Dictionary) -> list[Listed]:
    """Every point by code: those of the store, and those shipped that it has no entry for."""
    found = {code: Listed(point, None) for code, point in _shipped().items()}
    known = known_to(dictionary)
    for each in entries_of(store, REGISTER) if store is not None else ():
        found[each.code] = Listed(point_kept(each.code, each.body, known), each)
    return [found[code] for code in sorted(found)]


def point_named(store: Store | None, dictionary: Dictionary, code: str) -> Listed:
    """
    raises   Refused: unknown-point
    """
    held = {each.point.code: each for each in points(store, dictionary)}
    if code not in held:
        raise Refused([Diagnostic("unknown-point", None, {"name": code, **did_you_mean(code, held)})])
    return held[code]


def search(
    held: Sequence[Listed], language: Language, *, words: Sequence[str] = (), field: str = "", region: str = "", able: str = ""
) -> list[Listed]:
    """Points that have every word, of a field, in a region or within it, and able to measure a property (by its id, or how it begins)."""
    fields = fields_of_work()

    def fits(point: Point) -> bool:
        text = point.words(language, fields)
        is_able = any(c.property == able or c.property.startswith(f"{able}.") for c in point.capabilities)
        is_there = field in ("", point.field) and (not region or _is_within(point.region, region))
        return is_there and (is_able or not able) and all(word.casefold() in text for word in words)

    return [each for each in held if fits(each.point)]


def _is_within(code: str, region: str) -> bool:
    return any(whole.code == region for whole in _regions().wholes(code))


def bring_in(store: Store, path: Path, dictionary: Dictionary, actor: str) -> tuple[list[Point], Kept]:
    """Takes the points of a file into the register, all or none.

    raises   Refused, with every problem of the file
    """
    return _keep(store, read_points(path, known_to(dictionary)), actor)


def keep_point(store: Store, point: Point, actor: str) -> Kept:
    """One point.

    raises   Refused: unknown-organisation
    """
    return _keep(store, [point], actor)[1]


def _keep(store: Store, found: Sequence[Point], actor: str) -> tuple[list[Point], Kept]:
    wrong: list[Diagnostic] = []
    owners: dict[str, str | None] = {}
    for each in found:
        try:
            owners[each.code] = organisation_named(store, each.organisation) if each.organisation else None
        except Refused as refused:
            wrong += refused.diagnostics
    if wrong:
        raise Refused(wrong)
    given = {each.code: (owners[each.code], each.raw) for each in found}
    return list(found), keep_entries(store, REGISTER, given, actor)


def owner_of(store: Store, listed: Listed) -> str | None:
    """The identifier of the organisation that acts for a point."""
    if listed.entry is not None:
        return listed.entry.organisation
    names = {name: id_ for id_, name, _ in organisations(store)}
    return names.get(listed.point.organisation or "")
