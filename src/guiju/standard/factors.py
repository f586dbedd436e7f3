"""Factors: emission factors and the like, as their issuers published them; found by id, kind, region, and data year or date.

A factor is never a bare number. It has a unit, a kind, a region, a data year, an issuer, a day of publication and an evidence grade; who asks
for one must name the kind. Under one label, "the grid factor", seven numbers are in use, and they mean different things.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Any

from guiju.base.dates import parse_date
from guiju.base.diagnostics import Problems, Span
from guiju.base.rounding import parse_number
from guiju.base.units import Unit, UnknownUnit, parse_unit
from guiju.standard.dictionary import LABELS
from guiju.standard.document import Scalar, load
from guiju.standard.model import Title
from guiju.standard.shape import Key, ListOf, MapOf, Shape, did_you_mean, read

CONFIDENCES = ("A", "B", "C", "D")
COUNTED = {"CO2": parse_unit("kgCO2"), "CO2e": parse_unit("kgCO2e")}
"""What an emission factor may count: carbon dioxide alone, or all greenhouse gases as CO2-equivalent."""
ORDERS = ("published", "data_year")

_NAMED = {"zh": Key("label", True), "en": Key("label", True)}
SHAPE = Shape("the factors", {
    "regions": Key(MapOf(LABELS)),
    "sources": Key(MapOf(Shape("source", {
        **_NAMED, "issuer": Key(LABELS, True), "published": Key("text"), "address": Key("text"), "why": Key(LABELS)}, "出处", whole=True))),
    "factors": Key(MapOf(Shape("factor", {
        **_NAMED, "carrier": Key("text", True), "kinds": Key(MapOf(Shape("kind", {
            **_NAMED, "counts": Key("text"), "unit": Key("text", True), "beside": Key(ListOf("text")),
            "values": Key(ListOf(Shape("value", {
                "region": Key("text", True), "data_year": Key("text"), "value": Key("text", True), "replaced": Key("text"),
                "source": Key("text", True), "confidence": Key("text", True), "why": Key(LABELS)}, "值", whole=True)), True),
        }, "类别", whole=True)), True)}, "因子"))),
}, "因子文件")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Announcement:
    """Where factors were published."""

    id: str
    title: Title
    issuer: Title
    published: date | None
    """A month alone counts from its last day, when they were out for certain; None: not known."""
    address: str | None
    """None only where `why` says that it is not known."""
    why: Title | None


@dataclass(frozen=True, slots=True)
class FactorKind:
    """One kind of factor of one carrier: values of different kinds never stand for one another."""

    id: str
    name: str
    title: Title
    carrier: str
    counts: str | None
    """CO2 or CO2e; None: no emission, such as an efficiency."""
    unit: Unit
    beside: tuple[str, ...]
    """Other kinds that are made to be used with it, such as build margin with operating margin."""


@dataclass(frozen=True, slots=True)
class Factor:
    kind: FactorKind
    region: str
    data_year: int | None
    value: Fraction
    text: str
    """As published, in the unit of its kind."""
    published: date | None
    replaced: date | None
    """The day another value took its place; then it is not known since when this one held."""
    announcement: Announcement
    confidence: str
    why: Title | None
    span: Span

    @property
    def name(self) -> str:
        """Which one this is, such as electricity.cn/average_CO2/CN-31/2023."""
        dated = f"before-{self.replaced}" if self.replaced else f"since-{self.published}" if self.published else "undated"
        when = str(self.data_year) if self.data_year else dated
        return "/".join((self.kind.id, self.kind.name, self.region, when))

    @property
    def rank(self) -> tuple[int, date]:
        """Of two values the later one has the later data year, and of one year the later publication."""
        return self.data_year or 0, self.published or date.min


Schedule = tuple[tuple[date, Factor], ...]
"""(the first day, the value that holds from then on), rising."""
Places = Mapping[str, Span | None]
"""Where `id`, `kind`, `region` and `earliest` were written, for messages."""


@dataclass(frozen=True)
class Factors:
    """All factors of the shelves."""

    kinds: Mapping[str, Mapping[str, FactorKind]]
    """id → name of a kind → the kind"""
    values: Mapping[tuple[str, str], tuple[Factor, ...]]
    regions: Mapping[str, Title]

    def find(self, id_: str, kind: str, region: str, data_year: int) -> Factor:
        """The value of a data year; where it was published twice, the later one.

        raises   Refused: unknown-factor, unknown-factor-kind, unknown-factor-region, unknown-factor-year, factor-unusable
        """
        problems = Problems()
        series = self.series(id_, kind, region, problems)
        of_year = [f for f in series if f.data_year == data_year]
        if series and not of_year:
            years = ", ".join(str(f.data_year) for f in series if f.data_year)
            problems.add("unknown-factor-year", None, id=id_, kind=kind, region=region, year=data_year, known=years or "–")
        usable(of_year[-1:], problems, None)
        problems.refuse_errors()
        return of_year[-1]

    def as_of(self, id_: str, kind: str, region: str, on: date, *, earliest: date | None = None) -> Factor | None:
        """The newest value published by the date; None before the first.

        earliest   the day from which the oldest value is taken, as in `schedule`
        raises     Refused: unknown-factor, unknown-factor-kind, unknown-factor-region, factor-unusable and what `schedule` reports
        """
        problems = Problems()
        series = self.series(id_, kind, region, problems)
        scheduled = schedule(series, "published", earliest, problems, {}) if series else ()
        held = [factor for since, factor in scheduled if since <= on][-1:]
        usable(held, problems, None)
        problems.refuse_errors()
        return held[0] if held else None

    def series(self, id_: str, kind: str, region: str, problems: Problems, where: Places | None = None) -> tuple[Factor, ...]:
        """Every value of one kind in one region, oldest first; empty where there is none, and that is reported."""
        where = where or {}
        if id_ not in self.kinds:
            problems.add("unknown-factor", where.get("id"), id=id_, **did_you_mean(id_, self.kinds))
            return ()
        if kind not in self.kinds[id_]:
            kinds = self.kinds[id_]
            near = did_you_mean(kind, kinds, listed=True)
            problems.add("unknown-factor-kind", where.get("kind"), id=id_, kind=kind, known=", ".join(kinds), **near)
            return ()
        found = self._by_region.get((id_, kind, self.code(region)), ())
        if not found:
            regions = list(dict.fromkeys(f.region for f in self.values[id_, kind]))
            problems.add("unknown-factor-region", where.get("region"), id=id_, kind=kind, region=region, **self._meant(region, regions))
        return found

    @cached_property
    def _by_region(self) -> dict[tuple[str, str, str], tuple[Factor, ...]]:
        grouped: dict[tuple[str, str, str], list[Factor]] = {}
        for (id_, kind), values in self.values.items():
            for factor in values:
                grouped.setdefault((id_, kind, factor.region), []).append(factor)
        return {key: tuple(sorted(values, key=lambda f: f.rank)) for key, values in grouped.items()}

    def code(self, region: str) -> str:
        """A region as it is written here: a province by the six digits of GB/T 2260 (CN-310000) is the one by two (CN-31)."""
        return region[:5] if re.fullmatch(r"CN-[0-9]{2}0000", region) else region

    def _meant(self, region: str, codes: Sequence[str]) -> dict[str, str]:
        """A region called by its name is told its code; a code that is one, though without a value here, is not told another."""
        named = [code for code in codes if code in self.regions and region in (self.regions[code].zh, self.regions[code].en)]
        if named:
            return {"hint_zh": f"写代码「{named[0]}」", "hint_en": f"write its code `{named[0]}`"}
        return {} if re.fullmatch(r"CN-[0-9]{2}", self.code(region)) else did_you_mean(region, codes)


def usable(factors: Sequence[Factor], problems: Problems, where: Span | None) -> bool:
    """Whether none of them is doubtful; a value of confidence D is reported and never used."""
    doubtful = [f for f in factors if f.confidence == "D"]
    for factor in doubtful:
        why = factor.why or Title("", "")
        problems.add("factor-unusable", where, factor=factor.name, why_zh=why.zh, why_en=why.en)
    return not doubtful


def schedule(series: Sequence[Factor], by: str, earliest: date | None, problems: Problems, where: Places) -> Schedule:
    """Which value holds from which day on.

    by         published: from the day it was published, the newest data year first; data_year: from 1 January of its data year
    earliest   the oldest value is taken from this day on, though it was published later or it is not known when; without it, nothing
               holds before the first day known
    """
    known: list[tuple[date, Factor]] = []
    for factor in sorted((f for f in series if _start(f, by)), key=lambda f: (_start(f, by), f.rank)):
        if not known or factor.rank > known[-1][1].rank:
            start = _start(factor, by)
            assert start is not None, "only those with a start are gone through"
            known = [(day, f) for day, f in known if day != start] + [(start, factor)]
    unknown = [f for f in series if not _start(f, by)]
    if earliest is None:
        if not known:
            names = ", ".join(f.name for f in unknown)
            problems.add("factor-without-date", where.get("region"), factor=names, by=by)
        return tuple(known)
    if known and earliest >= known[0][0]:
        problems.add("dates-not-rising", where.get("earliest"), earlier=earliest, later=known[0][0])
        return ()
    oldest = unknown[-1] if unknown else known[0][1]
    return ((earliest, oldest), *(known if unknown else known[1:]))


def _start(factor: Factor, by: str) -> date | None:
    if by == "data_year":
        return date(factor.data_year, 1, 1) if factor.data_year else None
    return factor.published


def load_factors(folders: Sequence[Path], problems: Problems) -> Factors:
    """Every factor of every YAML file in the folders; what is malformed is reported and left out."""
    paths = [path for folder in folders for path in sorted(folder.glob("*.yaml"))]
    raws = [read(load(path, problems).root, SHAPE, problems) or {} for path in paths]
    reader = _Reader(problems)
    for raw in raws:
        reader.regions |= {code: Title(v["zh"].text, v["en"].text) for code, (_, v) in raw.get("regions", {}).items()}
    for raw in raws:
        reader.file(raw)
    return Factors(reader.kinds, {name: tuple(values) for name, values in reader.values.items()}, reader.regions)


class _Reader:
    def __init__(self, problems: Problems) -> None:
        self.problems = problems
        self.kinds: dict[str, dict[str, FactorKind]] = {}
        self.values: dict[tuple[str, str], list[Factor]] = {}
        self.regions: dict[str, Title] = {}

    def file(self, raw: dict[str, Any]) -> None:
        announcements = {key.text: self.announcement(key, each) for key, each in raw.get("sources", {}).values()}
        for id_, (key, each) in raw.get("factors", {}).items():
            if id_ in self.kinds:
                self.problems.add("duplicate-factor", key.span, factor=id_)
                continue
            self.kinds[id_] = {}
            for name, (kind_key, values) in each["kinds"].items():
                kind = self.kind(id_, kind_key, values, each["carrier"].text)
                if kind is not None:
                    self.kinds[id_][name] = kind
                    self.values[id_, name] = []
                    for value in values["values"]:
                        self.value(kind, value, announcements)

    def announcement(self, key: Scalar, raw: dict[str, Any]) -> Announcement:
        published = self.day(raw["published"]) if "published" in raw else None
        address, why = (raw["address"].text if "address" in raw else None), (_title(raw["why"]) if "why" in raw else None)
        if address is None and why is None:
            self.problems.add("missing-key", key.span, key="why", within=f"source {key.text}", within_zh=f"出处 {key.text}")
        return Announcement(key.text, _title(raw), _title(raw["issuer"]), published, address, why)

    def day(self, scalar: Scalar) -> date | None:
        """A day, or the last day of a month."""
        month = re.fullmatch(r"([0-9]{4})-(0[1-9]|1[0-2])", scalar.text)
        if month:
            year, number = int(month[1]), int(month[2])
            return date(year, number, calendar.monthrange(year, number)[1]) if year else None
        day = parse_date(scalar.text)
        if day is None:
            self.problems.add("not-a-date", scalar.span, text=scalar.text)
        return day

    def kind(self, id_: str, key: Scalar, raw: dict[str, Any], carrier: str) -> FactorKind | None:
        counts, unit = raw.get("counts"), self.unit(raw["unit"])
        if unit is None:
            return None
        if counts is not None and counts.text not in COUNTED:
            self.problems.add("unknown-word", counts.span, word=counts.text, known=", ".join(COUNTED))
            return None
        says = counted_in(unit)
        if says != (counts.text if counts else None):
            self.problems.add("factor-counts-otherwise", raw["unit"].span, kind=key.text, unit=unit.text, counts=counts.text if counts else "–")
            return None
        return FactorKind(id_, key.text, _title(raw), carrier, says, unit, tuple(each.text for each in raw.get("beside", [])))

    def unit(self, scalar: Scalar) -> Unit | None:
        try:
            return parse_unit(scalar.text)
        except UnknownUnit as error:
            self.problems.add("unknown-unit", scalar.part(error.position, len(scalar.text)), unit=scalar.text, reason_zh=error.reason_zh,
                              reason_en=error.reason_en)  # fmt: skip
            return None

    def value(self, kind: FactorKind, raw: dict[str, Any], announcements: Mapping[str, Announcement]) -> None:
        """One published value; anything wrong with it is said, and it is left out."""
        region, year, source, confidence = raw["region"], raw.get("data_year"), raw["source"], raw["confidence"]
        sound = self.known(region, self.regions, "unknown-factor-region", id=kind.id, kind=kind.name, region=region.text)
        sound &= self.known(source, announcements, "unknown-source", id=source.text)
        sound &= self.known(confidence, CONFIDENCES, "unknown-word", word=confidence.text, known=", ".join(CONFIDENCES))
        plain = re.fullmatch(r"[0-9]+(\.[0-9]+)?", raw["value"].text)
        value = parse_number(raw["value"].text) if plain else None
        if value is None:
            self.problems.add("not-a-number", raw["value"].span, text=raw["value"].text)
        if year is not None and not re.fullmatch(r"[12][0-9]{3}", year.text):
            hint = {"hint_zh": "写四位数的年份，如 2023", "hint_en": "write a year of four digits, such as 2023"}
            self.problems.add("not-a-number", year.span, text=year.text, **hint)
            sound = False
        explained = "why" in raw or (source.text in announcements and announcements[source.text].why is not None)
        if confidence.text in ("C", "D") and not explained:
            self.problems.add("missing-key", confidence.span, key="why", within=f"{kind.id} {kind.name} {region.text}",
                              within_zh=f"{kind.id} {kind.name} {region.text}")  # fmt: skip
            sound = False
        replaced = self.day(raw["replaced"]) if "replaced" in raw else None
        if value is None or not sound or ("replaced" in raw and replaced is None):
            return
        announced = announcements[source.text]
        made = Factor(
            kind, region.text, int(year.text) if year else None, value, raw["value"].text, None if replaced else announced.published, replaced,
            announced, confidence.text, _title(raw["why"]) if "why" in raw else None, raw["value"].span,
        )  # fmt: skip
        others = self.values[kind.id, kind.name]
        if any((f.region, f.data_year, f.published) == (made.region, made.data_year, made.published) for f in others):
            self.problems.add("duplicate-factor", raw["value"].span, factor=made.name)
            return
        others.append(made)

    def known(self, scalar: Scalar, words: Any, code: str, **facts: str) -> bool:
        if scalar.text in words:
            return True
        self.problems.add(code, scalar.span, **facts, **did_you_mean(scalar.text, words, listed="known" in facts))
        return False


def counted_in(unit: Unit) -> str | None:
    """CO2 or CO2e where the unit counts one of them, to the first power; None where it counts neither."""
    for name, base in COUNTED.items():
        position = base.dimension.index(1)
        if unit.dimension[position] == 1:
            return name
    return None


def as_equivalent(unit: Unit) -> Unit:
    """The unit with CO2-equivalent in place of CO2."""
    written = parse_unit(re.sub("CO[2₂]", "CO2e", unit.text).replace("二氧化碳", "二氧化碳当量"))
    return written if counted_in(written) == "CO2e" else unit / COUNTED["CO2"] * COUNTED["CO2e"]


def _title(raw: Mapping[str, Any]) -> Title:
    return Title(raw["zh"].text, raw["en"].text)
