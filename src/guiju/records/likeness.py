"""Likeness: how well a header names a property of the dictionary, and which property a header says its column holds.

A test cycle or metering point that the header names and the property does not have settles the matter: the column holds something else,
however alike the words are. 1 is the very spelling, 0.95 the same words, from THRESHOLD up the words of one within the other's.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from guiju.base.units import Unit
from guiju.records.headers import Header, parse_header
from guiju.standard.dictionary import Dictionary, Property

EXACT = 0.99
THRESHOLD = 0.65
SAME_WORDS = 0.95
_NARROWED = 0.25
_UNSTATED = 0.1


@dataclass(frozen=True, slots=True)
class Likeness:
    """score 0 where the unit has another dimension; contradicted: by the cycle or metering point; unstated: the cycle is not named."""

    score: float
    spelling: str
    contradicted: bool = False
    unstated: bool = False


NONE = Likeness(0.0, "")


def likeness(header: Header, spellings: Iterable[str], unit: Unit | None, cycle: str | None, metering: str | None) -> Likeness:
    """How well the header is one of the spellings of a quantity with that unit, test cycle and metering point."""
    if header.unit is not None and unit is not None and not header.unit.same_dimension(unit):
        return NONE
    scored = [(_alike(header, parse_header(spelling)), spelling) for spelling in spellings if spelling]
    score, spelling = max(scored, default=(0.0, ""), key=lambda each: each[0])
    if score >= EXACT:
        return Likeness(1.0, spelling, False, cycle is not None and not _names_cycle(spelling))
    contradicted = bool(cycle and header.cycles and not _has_cycle(header, cycle)) or bool(metering and header.metering not in (None, metering))
    unstated = cycle is not None and not header.cycles
    return Likeness(max(score - (_UNSTATED if unstated else 0), 0.0), spelling, contradicted, unstated)


def likeness_to(header: Header, wanted: Property) -> Likeness:
    """How well the header names the property; one of its spellings in tables is taken to state its cycle."""
    found = likeness(header, (wanted.id, wanted.zh, wanted.en, *wanted.headers), wanted.unit, wanted.cycle, wanted.metering)
    return Likeness(found.score, found.spelling) if found.score == 1 and found.spelling in wanted.headers else found


def named_properties(header: Header, dictionary: Dictionary) -> list[tuple[float, Property]]:
    """The properties the header may name, the likeliest first; none that it contradicts."""
    found = [(likeness_to(header, each), each) for each in dictionary.values()]
    ranked = [(alike.score, each) for alike, each in found if not alike.contradicted and alike.score >= THRESHOLD]
    return sorted(ranked, key=lambda each: (-each[0], each[1].id))


def held_by(header: Header, wanted: Property, named: Iterable[tuple[float, Property]], dictionary: Dictionary) -> str | None:
    """The property a column must hold by its header, where that is not the one wanted: its id, or its cycle where no id is known.

    named   `named_properties` of the header
    """
    own = likeness_to(header, wanted)
    ranked = [(score, each) for score, each in named if each.kind == wanted.kind and each.id != wanted.id]
    if own.contradicted:
        stated = [each for _, each in ranked if _agrees(header, each)] or [
            each for each in dictionary.values() if each.kind == wanted.kind and _agrees(header, each)
        ]
        return stated[0].id if stated else " ".join(sorted((*map(str.upper, header.cycles), header.metering or ""))).strip()
    return ranked[0][1].id if ranked and ranked[0][0] >= EXACT > own.score else None


def _agrees(header: Header, each: Property) -> bool:
    """Whether the header names the property's very cycle and metering point."""
    cycle = not header.cycles or (each.cycle is not None and _has_cycle(header, each.cycle))
    return cycle and (header.metering is None or header.metering == each.metering)


def _has_cycle(header: Header, cycle: str) -> bool:
    """A part of a cycle (wltp-city) is named by the cycle; a header that names two cycles names neither."""
    return header.cycles in ({cycle}, {cycle.partition("-")[0]})


@lru_cache(maxsize=8192)
def _names_cycle(spelling: str) -> bool:
    return bool(parse_header(spelling).cycles)


def _alike(header: Header, spelling: Header) -> float:
    if header.folded == spelling.folded:
        return 1.0
    if not header.words or not spelling.words:
        return 0.0
    narrowed = _NARROWED * len(header.narrowed ^ spelling.narrowed)
    return max((SAME_WORDS if header.stem == spelling.stem else _contained(header, spelling)) - narrowed, 0.0)


def _contained(header: Header, spelling: Header) -> float:
    """By how much of the longer the shorter makes up: 整备质量 two thirds of 整车整备质量, curb mass two thirds of vehicle.mass.curb."""
    mine, other = set(header.words), set(spelling.words)
    if mine <= other or other <= mine:
        return 0.3 + 0.6 * min(len(mine), len(other)) / max(len(mine), len(other))
    short, long = sorted((header.stem, spelling.stem), key=len)
    if short in long and not short.isascii():
        return 0.3 + 0.6 * len(short) / len(long)
    return 0.0
