"""System: the frame of a system of standards, what it is expected to hold, and the standards known that are not on the shelf.

Data, in a folder of its own beside the shelf: segments, aspects, cells that are wanted and why, a catalogue of facts with their sources.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from guiju.base.dates import parse_date
from guiju.base.diagnostics import Diagnostic, Problems, Refused
from guiju.standard.document import Scalar, load
from guiju.standard.form import GRADES, LEVELS, STATUSES
from guiju.standard.model import Title
from guiju.standard.regions import Regions
from guiju.standard.shape import Key, ListOf, MapOf, Shape, did_you_mean, read
from guiju.standard.shelf import data_folder

SEEN = ("text", "excerpt", "contents", "cover", "metadata", "title", "news", "cited")
"""How much of a standard was seen, from its text to no more than that another cites it."""

_NAMED = {"zh": Key("label", True), "en": Key("label", True)}
_OWNER = Shape("owner", _NAMED, "归口单位")
_PLACE = {"segment": Key("text", True), "aspect": Key("text", True)}
SHAPE = Shape("the system", {
    "guiju": Key("text", True),
    "system": Key(Shape("system", {"id": Key("text", True), **_NAMED}, "体系"), True),
    "sources": Key(MapOf(Shape("source", {"title": Key("text", True), "address": Key("text"), "grade": Key("text", True),
                                          "why": Key(Shape("why", _NAMED))}, "出处", whole=True)), True),
    "segments": Key(MapOf(Shape("segment", {**_NAMED, "subjects": Key(ListOf("text"))}, "门类")), True),
    "aspects": Key(MapOf(Shape("aspect", _NAMED, "方面")), True),
    "review": Key(Shape("review", {"months": Key("text", True), "levels": Key(ListOf("text"), True), "source": Key("text", True)}, "复审")),
    "shelf": Key(MapOf(Shape("place", {"segment": Key("text"), "aspect": Key("text"), "owner": Key(_OWNER), "source": Key("text")}, "位置"))),
    "wanted": Key(ListOf(Shape("wanted", {**_PLACE, **_NAMED, "levels": Key(ListOf("text"), True), "source": Key("text", True)}, "应有",
                               whole=True))),
    "agreements": Key(ListOf(Shape("agreement", {**_PLACE, **_NAMED, "regions": Key(ListOf("text"), True), "signed": Key("text"),
                                                 "source": Key("text", True)}, "协议", whole=True))),
    "catalogue": Key(ListOf(Shape("entry", {
        **_PLACE, **_NAMED, "number": Key("text", True), "level": Key("text", True), "region": Key("text", True), "issued": Key("text"),
        "effective": Key("text"), "withdrawn": Key("text"), "status": Key("text"), "replaces": Key("text"), "owner": Key(_OWNER),
        "seen": Key("text", True), "source": Key("text", True)}, "条目", whole=True))),
}, "标准体系")  # fmt: skip


@dataclass(frozen=True, slots=True)
class When:
    """A day, a month or a year: what is known of a date."""

    text: str
    first: date
    last: date

    @classmethod
    def of(cls, day: date) -> When:
        return cls(day.isoformat(), day, day)


@dataclass(frozen=True, slots=True)
class Evidence:
    id: str
    title: str
    address: str | None
    grade: str


@dataclass(frozen=True, slots=True)
class Segment:
    id: str
    title: Title
    subjects: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A cell the system is expected to fill at some levels, and why."""

    segment: str
    aspect: str
    levels: tuple[str, ...]
    why: Title
    source: Evidence


@dataclass(frozen=True, slots=True)
class Agreement:
    """An agreement of regions to recognise one another's results."""

    title: Title
    regions: tuple[str, ...]
    signed: When | None
    segment: str
    aspect: str
    source: Evidence


@dataclass(frozen=True, slots=True)
class Entry:
    """A standard in the system, on the shelf or only known of. None and '' are what is not known."""

    number: str
    title: Title
    level: str
    region: str
    segment: str
    aspect: str
    issued: When | None
    effective: When | None
    withdrawn: When | None
    status: str
    replaces: str | None
    owner: Title | None
    seen: str
    source: Evidence | None
    """None: on the shelf, where its document has the sources."""

    @property
    def on_shelf(self) -> bool:
        return self.source is None

    @property
    def cell(self) -> tuple[str, str]:
        return self.segment, self.aspect

    @property
    def since(self) -> When | None:
        return self.effective or self.issued


@dataclass(frozen=True, slots=True)
class Review:
    months: int
    levels: tuple[str, ...]
    source: Evidence


@dataclass(frozen=True, slots=True)
class Place:
    """Where a standard of the shelf belongs, where that is not told by its subject; None: not said."""

    segment: str | None
    aspect: str | None
    owner: Title | None


@dataclass(frozen=True, slots=True)
class System:
    id: str
    title: Title
    segments: Mapping[str, Segment]
    aspects: Mapping[str, Title]
    review: Review | None
    places: Mapping[str, Place]
    wanted: tuple[Wanted, ...]
    agreements: tuple[Agreement, ...]
    catalogue: tuple[Entry, ...]


def system_files() -> tuple[Path, ...]:
    """The systems shipped."""
    return tuple(sorted((data_folder() / "systems").glob("*.yaml")))


def load_system(path: Path, regions: Regions) -> System:
    """The system written in a file.

    raises   Refused, with every problem: malformed files, unknown segments, aspects, levels, regions, sources and words, dates, duplicates
    """
    problems = Problems()
    raw = read(load(path, problems).root, SHAPE, problems)
    problems.refuse_errors()
    assert raw is not None, "what is not read is an error"
    made = _Reader(raw, regions, problems).system()
    problems.refuse_errors()
    return made


class _Reader:
    def __init__(self, raw: Mapping[str, Any], regions: Regions, problems: Problems) -> None:
        self.raw, self.regions, self.problems = raw, regions, problems
        self.sources = {key.text: self.evidence(key, each) for key, each in raw["sources"].values()}
        self.segments = {
            key.text: Segment(key.text, _title(each), tuple(s.text for s in each.get("subjects", ()))) for key, each in raw["segments"].values()
        }
        self.aspects = {key.text: _title(each) for key, each in raw["aspects"].values()}

    def system(self) -> System:
        raw, head = self.raw, self.raw["system"]
        if raw["guiju"].text != "1":
            self.problems.add("format-version", raw["guiju"].span, found=raw["guiju"].text)
        return System(
            head["id"].text, _title(head), self.segments, self.aspects, self.review(raw.get("review")),
            {key.text: self.place(each) for key, each in raw.get("shelf", {}).values()},
            tuple(self.wanted(each) for each in raw.get("wanted", ())), tuple(self.agreement(each) for each in raw.get("agreements", ())),
            tuple(self.entries(raw.get("catalogue", ()))),
        )  # fmt: skip

    def known(self, word: Scalar, known: Iterable[str], code: str) -> str:
        """A word that must be one of those declared."""
        known = list(known)
        if word.text not in known:
            self.problems.add(code, word.span, name=word.text, word=word.text, id=word.text, known=", ".join(known), **did_you_mean(word.text, known))
        return word.text

    def words(self, words: Iterable[Scalar], known: Iterable[str], code: str) -> tuple[str, ...]:
        return tuple(self.known(word, known, code) for word in words)

    def evidence(self, key: Scalar, each: Mapping[str, Any]) -> Evidence:
        address = each.get("address")
        grade = self.known(each["grade"], GRADES, "unknown-word")
        if address is None and grade != "illustrative" and "why" not in each:
            self.problems.add("missing-key", key.span, key="address", within=f"source {key.text}", within_zh=f"出处 {key.text}")
        return Evidence(key.text, each["title"].text, address.text if address else None, grade)

    def source(self, word: Scalar) -> Evidence:
        self.known(word, self.sources, "unknown-source")
        return self.sources.get(word.text) or Evidence(word.text, word.text, None, "C")

    def at(self, each: Mapping[str, Any]) -> tuple[str, str]:
        return self.known(each["segment"], self.segments, "unknown-segment"), self.known(each["aspect"], self.aspects, "unknown-aspect")

    def review(self, each: Mapping[str, Any] | None) -> Review | None:
        if each is None:
            return None
        months = each["months"]
        if not re.fullmatch(r"[1-9]\d{0,3}", months.text):
            self.problems.add("not-a-number", months.span, text=months.text)
            return None
        return Review(int(months.text), self.words(each["levels"], LEVELS, "unknown-word"), self.source(each["source"]))

    def place(self, each: Mapping[str, Any]) -> Place:
        segment = self.known(each["segment"], self.segments, "unknown-segment") if "segment" in each else None
        aspect = self.known(each["aspect"], self.aspects, "unknown-aspect") if "aspect" in each else None
        if "source" in each:
            self.source(each["source"])
        return Place(segment, aspect, _title(each["owner"]) if "owner" in each else None)

    def wanted(self, each: Mapping[str, Any]) -> Wanted:
        return Wanted(*self.at(each), self.words(each["levels"], LEVELS, "unknown-word"), _title(each), self.source(each["source"]))

    def agreement(self, each: Mapping[str, Any]) -> Agreement:
        regions = tuple(self.region(word, word.text) for word in each["regions"])
        return Agreement(_title(each), regions, self.when(each.get("signed")), *self.at(each), self.source(each["source"]))

    def region(self, word: Scalar, code: str) -> str:
        try:
            return self.regions.named(code).code
        except Refused as refused:
            self.problems.extend(Diagnostic(d.code, word.span, d.facts) for d in refused.diagnostics)
            return code

    def entries(self, raw: Iterable[Mapping[str, Any]]) -> Iterable[Entry]:
        seen: dict[str, Scalar] = {}
        for each in raw:
            number = each["number"]
            first = seen.setdefault(number.text, number)
            if first is not number:
                self.problems.add("duplicate-entry", number.span, number=number.text, line=first.span.line)
                continue
            yield self.entry(each)

    def entry(self, each: Mapping[str, Any]) -> Entry:
        region = ", ".join(self.region(each["region"], code) for code in self.regions.issued_for(each["region"].text))
        owner, replaces = each.get("owner"), each.get("replaces")
        issued, effective, withdrawn = (self.when(each.get(name)) for name in ("issued", "effective", "withdrawn"))
        for earlier, later in ((issued, effective), (effective or issued, withdrawn)):
            if earlier and later and later.last < earlier.first:
                self.problems.add("dates-not-rising", each["number"].span, earlier=earlier.text, later=later.text)
        return Entry(
            each["number"].text, _title(each), self.known(each["level"], LEVELS, "unknown-word"), region, *self.at(each),
            issued or numbered_year(each["number"].text), effective, withdrawn,
            self.known(each["status"], STATUSES, "unknown-word") if "status" in each else "", replaces.text if replaces else None,
            _title(owner) if owner else None, self.known(each["seen"], SEEN, "unknown-word"), self.source(each["source"]),
        )  # fmt: skip

    def when(self, word: Scalar | None) -> When | None:
        if word is None:
            return None
        found = parse_when(word.text)
        if found is None:
            self.problems.add("not-a-date", word.span, text=word.text)
        return found


def parse_when(text: str) -> When | None:
    """2025, 2025-02 or a day."""
    day = parse_date(text)
    if day is not None:
        return When(text, day, day)
    match = re.fullmatch(r"([12]\d{3})(?:-(0[1-9]|1[0-2]))?", text)
    if match is None:
        return None
    year, months = int(match[1]), (int(match[2]),) * 2 if match[2] else (1, 12)
    return When(text, date(year, months[0], 1), date(year, months[1], calendar.monthrange(year, months[1])[1]))


def numbered_year(number: str) -> When | None:
    """The year of issue that a number ends with, by the rules of numbering."""
    match = re.search(r"-((?:19|20)\d\d)$", number)
    return parse_when(match[1]) if match else None


def _title(each: Mapping[str, Any]) -> Title:
    return Title(each["zh"].text, each["en"].text)
