"""Words: what the reader of advertising texts knows, from claims.yaml and from the dictionary of properties."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from guiju.base.diagnostics import Problems
from guiju.base.units import Unit, parse_unit
from guiju.frontrunner.zone.numerals import folded
from guiju.standard.dictionary import NOT_NUMBERS, Dictionary
from guiju.standard.document import load, plain
from guiju.standard.model import Title

ENGLISH = re.compile(r"[A-Za-z]")
_CYCLES_OF_NAMES = re.compile(r"[（(].*?[)）]|\b(cltc|wltp|nedc|epa)\b|CLTC|WLTP|NEDC|EPA", re.IGNORECASE)
SHORTEST = 3


@dataclass(frozen=True, slots=True)
class Topic:
    """What a number can be about.

    words       that name it
    units       a number must have one of their dimension
    properties  it may be, of the dictionary; the cycle tells which
    unless      where one is found, the number is about something else
    per         (unit, words, what the unit then means): `13 kWh` beside 百公里
    apart       property → words that choose it, where no cycle does
    """

    id: str
    title: Title
    words: re.Pattern[str]
    units: tuple[Unit, ...]
    properties: tuple[str, ...]
    unless: re.Pattern[str] | None
    per: tuple[str, re.Pattern[str], Unit] | None
    apart: Mapping[str, re.Pattern[str]]

    def holds(self, unit: Unit) -> bool:
        return any(unit.same_dimension(each) for each in self.units)


@dataclass(frozen=True, slots=True)
class Words:
    """units   spelling → unit; `unit` finds the longest; qualifiers: meaning → (right before a number, right after it)"""

    topics: tuple[Topic, ...]
    units: Mapping[str, Unit]
    unit: re.Pattern[str]
    cycles: Mapping[str, re.Pattern[str]]
    qualifiers: Mapping[str, tuple[re.Pattern[str], re.Pattern[str] | None]]
    about_digits: int
    levels: Mapping[int, re.Pattern[str]]
    not_levels: re.Pattern[str]
    status: Mapping[str, re.Pattern[str]]
    certificate_number: re.Pattern[str]
    superlatives: re.Pattern[str]
    negations: re.Pattern[str]
    relative: re.Pattern[str]
    condition: re.Pattern[str]
    question: re.Pattern[str]
    ignore: re.Pattern[str]


def any_of(words: Iterable[str], head: str = "", tail: str = "") -> re.Pattern[str]:
    """A pattern of these words, the longest first, spaces in them as they come; a Latin word stands by itself."""
    found = []
    for word in sorted({folded(each).strip() for each in words if each.strip()}, key=lambda each: (-len(each), each)):
        text = r"\s+".join(re.escape(part) for part in word.split())
        before = r"(?<![A-Za-z])" if ENGLISH.match(word) else ""
        found.append(before + text + (r"(?![A-Za-z])" if ENGLISH.search(word[-1]) else ""))
    return re.compile(f"{head}(?:{'|'.join(found) or '(?!)'}){tail}", re.IGNORECASE)


def _one_of(patterns: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{each})" for each in patterns) or "(?!)", re.IGNORECASE)


@cache
def _written() -> Mapping[str, Any]:
    """claims.yaml as it is; a flaw in it is ours, not a user's."""
    problems = Problems()
    found = load(Path(__file__).with_name("claims.yaml"), problems)
    problems.refuse_errors()
    held: Mapping[str, Any] = plain(found.root)  # type: ignore[arg-type]
    return held


def _topic(id_: str, given: Mapping[str, Any]) -> Topic:
    per = given.get("per")
    read_per = None
    if per is not None:
        (unit, meant), words = next(pair for pair in per.items() if pair[0] != "word"), per["word"]
        read_per = (unit, any_of(words), parse_unit(meant))
    return Topic(
        id_, Title(given["zh"], given["en"]), any_of(given["words"]), tuple(parse_unit(each) for each in given["units"]), tuple(given["properties"]),
        _one_of(given["unless"]) if given.get("unless") else None, read_per, {name: any_of(words) for name, words in given.get("apart", {}).items()},
    )  # fmt: skip


def _with_property(topics: list[Topic], property_: str, dictionary: Dictionary) -> None:
    """Adds a property that claims.yaml does not know: to the topic that goes by one of its names, or as one of its own by its names and headers."""
    known = dictionary.get(property_)
    if known is None or known.unit is None or known.kind in NOT_NUMBERS:
        return
    names = {folded(_CYCLES_OF_NAMES.sub("", name)).strip() for name in (known.zh, known.en, *known.headers)}
    words = sorted(name for name in names if len(name) >= SHORTEST and "_" not in name)
    for at, topic in enumerate(topics):
        if topic.holds(known.unit) and any(topic.words.fullmatch(word) for word in words):
            topics[at] = replace(topic, properties=(*topic.properties, property_))
            return
    if words:
        topics.append(Topic(property_, Title(known.zh, known.en), any_of(words), (known.unit,), (property_,), None, None, {}))


def variants() -> tuple[str, ...]:
    """What makes the name of a model that of another one, where it stands behind it."""
    return tuple(_written()["variants"])


def words_for(properties: Iterable[str], dictionary: Dictionary) -> Words:
    """What is understood where these properties are held: the topics of claims.yaml, and one of each further property."""
    return _words(tuple(sorted(set(properties))), _Known(dictionary))


class _Known:
    """A dictionary as part of a key, by identity: it is one for a shelf."""

    def __init__(self, dictionary: Dictionary) -> None:
        self.dictionary = dictionary

    def __hash__(self) -> int:
        return id(self.dictionary)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Known) and other.dictionary is self.dictionary


@lru_cache(maxsize=64)
def _words(properties: tuple[str, ...], known: _Known) -> Words:
    given = _written()
    topics = [_topic(id_, each) for id_, each in given["topics"].items()]
    there = {property_ for topic in topics for property_ in topic.properties}
    for each in properties:
        if each not in there:
            _with_property(topics, each, known.dictionary)
    units = {folded(spelt): parse_unit(unit) for unit, spellings in given["units"].items() for spelt in spellings}
    return Words(
        tuple(topics), units, _units(units),
        {name: any_of(each) for name, each in given["cycles"].items()},
        {name: (any_of(each["before"], tail=r"(?:为|达到|达|至|可|是|of|is|:)?\s*$"), any_of(each["after"], head=r"\s*") if each["after"] else None)
         for name, each in given["qualifiers"].items()},
        int(given["about_digits"]), {int(level): any_of(each) for level, each in given["levels"].items()}, any_of(given["not_levels"]),
        {name: any_of(each) for name, each in given["status"].items()}, re.compile(given["certificate_number"], re.IGNORECASE),
        any_of(given["superlatives"]), any_of(given["negations"]), _one_of(given["relative"]), _one_of(given["condition"]),
        _one_of(given["question"]), _one_of(given["ignore"]),
    )  # fmt: skip


def _units(units: Mapping[str, Unit]) -> re.Pattern[str]:
    """Finds the longest spelling right here; a Latin one ends where its letters end."""
    spelt = sorted(units, key=lambda each: (-len(each), each))
    ends = [re.escape(each) + (r"(?![A-Za-z0-9/·])" if ENGLISH.search(each[-1]) else "") for each in spelt]
    return re.compile(r"\s*(?P<unit>" + "|".join(ends) + ")")
