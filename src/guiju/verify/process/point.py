"""Point: a standard verification point (标准验证点): who it is, its field and region, its laboratories, and what they can measure.

One form everywhere: a YAML file, the rows of a table, the store and the API are all read by `point_of`, which tells every problem at once.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from typing import Any

from guiju.base.dates import parse_date
from guiju.base.diagnostics import Language, Problems, Span
from guiju.base.rounding import decimal_text, is_decimal, parse_number
from guiju.base.units import Unit, UnknownUnit, parse_unit
from guiju.standard.dictionary import LABELS, Dictionary
from guiju.standard.document import Fields, Item, Listing, Scalar, load
from guiju.standard.form import GRADES
from guiju.standard.model import Title
from guiju.standard.regions import Regions
from guiju.standard.shape import Key, ListOf, MapOf, Shape, did_you_mean, read
from guiju.standard.shelf import data_folder

METHODS = {"evidence": Title("证据验证", "evidence"), "experiment": Title("试验验证", "experiment"), "on-site": Title("现场验证", "on site")}
"""How a clause can be verified."""
_NAMED = {"zh": Key("label", True), "en": Key("label", True)}
CAPABILITY = Shape("capability", {
    "property": Key("text", True), "method": Key("text"), "low": Key("text"), "high": Key("text"), "unit": Key("text"), "expanded": Key("text"),
    "k": Key("text"), "laboratory": Key("text"), "until": Key("text")}, "能力", whole=True)  # fmt: skip
SHAPE = Shape("point", {
    **_NAMED, "holder": Key(LABELS, True), "field": Key("text"), "holds": Key(ListOf("text")), "region": Key("text", True),
    "organisation": Key("text"), "batch": Key("text"), "methods": Key(ListOf("text")), "laboratories": Key(MapOf(LABELS)),
    "capabilities": Key(ListOf(CAPABILITY)), "source": Key("text", True)}, "验证点")  # fmt: skip
SOURCE = Shape("source", {"title": Key("label", True), "address": Key("text"), "grade": Key("text", True), "read": Key("text")}, "来源", whole=True)
FIELDS = Shape("the fields", {"sources": Key(MapOf(SOURCE), True), "fields": Key(MapOf(Shape("field", {
    **_NAMED, "source": Key("text", True), "holds": Key(ListOf("text"))}, "领域", whole=True)), True)}, "领域")  # fmt: skip
CODE = re.compile(r"[\w.\-]{1,60}")
_AMOUNT = re.compile(r"\s*([0-9][0-9.,]*)\s*(\S.*?)\s*")


@dataclass(frozen=True, slots=True)
class Source:
    """Where something is said, with its grade as in a standard."""

    title: str
    address: str | None
    grade: str
    read: date | None

    @property
    def is_illustrative(self) -> bool:
        return self.grade == "illustrative"


@dataclass(frozen=True, slots=True)
class FieldOfWork:
    """One of the fields points are set up in. holds   the parts of it that were seen named"""

    id: str
    title: Title
    holds: tuple[str, ...]
    source: Source


@dataclass(frozen=True, slots=True)
class Capability:
    """What a laboratory can measure.

    property   of the dictionary
    method     test method; None: by any
    low, high  in `unit`; None: not bounded there
    expanded   uncertainty with factor k, in `spread_unit`; where that is %, of the value. None: not stated
    until      the last day it holds
    """

    property: str
    method: str | None
    low: Fraction | None
    high: Fraction | None
    unit: Unit | None
    expanded: Fraction | None
    spread_unit: Unit | None
    k: Fraction
    laboratory: str
    until: date | None


@dataclass(frozen=True, slots=True)
class Point:
    """organisation   name of the one in the store that acts for it
    batch            in which it was approved
    """

    code: str
    title: Title
    holder: Title
    field: str | None
    holds: tuple[str, ...]
    region: str
    organisation: str | None
    batch: str | None
    methods: tuple[str, ...]
    laboratories: Mapping[str, Title]
    capabilities: tuple[Capability, ...]
    source: Source
    raw: Mapping[str, Any]
    """As it is written, with its source in full: what is kept."""

    def words(self, language: Language, fields: Mapping[str, FieldOfWork]) -> str:
        """Everything a search may hit."""
        field = fields[self.field].title.text(language) if self.field else ""
        labs = " ".join(f"{lab.zh} {lab.en}" for lab in self.laboratories.values())
        able = " ".join(f"{each.property} {each.method or ''}" for each in self.capabilities)
        called = f"{self.code} {self.title.zh} {self.title.en} {self.holder.zh} {self.holder.en}"
        return f"{called} {field} {' '.join(self.holds)} {labs} {able}".casefold()


@dataclass(frozen=True, slots=True)
class Known:
    """What a point is checked against."""

    fields: Mapping[str, FieldOfWork]
    regions: Regions
    dictionary: Dictionary


@cache
def fields_of_work() -> Mapping[str, FieldOfWork]:
    """The fields as shipped. They are data, with source and grade."""
    problems = Problems()
    found = read(load(data_folder() / "points" / "fields.yaml", problems).root, FIELDS, problems) or {}
    problems.refuse_errors()
    sources = {key.text: source_of(values, problems) for key, values in found["sources"].values()}
    problems.refuse_errors()
    made = {}
    for key, each in found["fields"].values():
        holds, source = tuple(word.text for word in each.get("holds", ())), sources[each["source"].text]
        assert source is not None
        made[key.text] = FieldOfWork(key.text, Title(each["zh"].text, each["en"].text), holds, source)
    return made


def source_of(raw: Mapping[str, Any], problems: Problems) -> Source | None:
    """A source with its grade and day checked."""
    grade, day = raw["grade"], raw.get("read")
    if grade.text not in GRADES:
        problems.add("point-word", grade.span, what_zh="证据等级", what_en="grade", word=grade.text, known=", ".join(GRADES))
        return None
    read_on = parse_date(day.text) if day else None
    if day and read_on is None:
        problems.add("not-a-date", day.span, text=day.text)
    return Source(raw["title"].text, raw["address"].text if "address" in raw else None, grade.text, read_on)


def point_of(code: Scalar, item: Item, sources: Mapping[str, tuple[Source, Mapping[str, str]]], known: Known, problems: Problems) -> Point | None:
    """A point as it is written, with every problem of it; None where there is one.

    sources   id → the source, and its texts as they are kept
    """
    before = len(problems)
    raw = read(item, SHAPE, problems)
    if not CODE.fullmatch(code.text):
        problems.add("point-code", code.span, point=code.text)
    if raw is None:
        return None
    source = sources.get(raw["source"].text)
    if source is None:
        problems.add("point-word", raw["source"].span, what_zh="来源", what_en="source", word=raw["source"].text, known=", ".join(sources))
    field, region = raw.get("field"), raw["region"]
    if field and field.text not in known.fields:
        problems.add("point-word", field.span, what_zh="领域", what_en="field", word=field.text, known=", ".join(known.fields))
    if region.text not in known.regions.held:
        problems.add("unknown-region", region.span, name=region.text, **did_you_mean(region.text, known.regions.held))
    for method in raw.get("methods", ()):
        if method.text not in METHODS:
            problems.add("point-word", method.span, what_zh="验证方式", what_en="way of verifying", word=method.text, known=", ".join(METHODS))
    labs = {key.text: Title(lab["zh"].text, lab["en"].text) for key, lab in raw.get("laboratories", {}).values()}
    able = [_capability(each, labs, known, problems) for each in raw.get("capabilities", ())]
    if source is None or len(problems) > before:
        return None
    texts = {**_plain(item), "source": dict(source[1])}
    batch, organisation = raw.get("batch"), raw.get("organisation")
    return Point(
        code.text, Title(raw["zh"].text, raw["en"].text), Title(raw["holder"]["zh"].text, raw["holder"]["en"].text), field.text if field else None,
        tuple(each.text for each in raw.get("holds", ())), region.text, organisation.text if organisation else None, batch.text if batch else None,
        tuple(each.text for each in raw.get("methods", ())), labs, tuple(each for each in able if each), source[0], texts,
    )  # fmt: skip


def _capability(raw: Mapping[str, Any], labs: Mapping[str, Title], known: Known, problems: Problems) -> Capability | None:
    before, name = len(problems), raw["property"]
    held = known.dictionary.get(name.text)
    if held is None:
        problems.add("point-property", name.span, name=name.text, **did_you_mean(name.text, known.dictionary))
    unit = _unit(raw.get("unit"), problems)
    if held is not None and unit is not None and (held.unit is None or not held.unit.same_dimension(unit)):
        problems.add("point-unit", raw["unit"].span, unit=unit, property=name.text, declared=held.unit or "–")
    low, high, k = (_number(raw.get(each), problems) for each in ("low", "high", "k"))
    if unit is None and (low is not None or high is not None) and "unit" not in raw:
        problems.add("point-unit-missing", name.span, property=name.text)
    if low is not None and high is not None and low >= high:
        problems.add("point-range", raw["low"].span, low=decimal_text(low), high=decimal_text(high))
    expanded, spread_unit = _amount(raw.get("expanded"), unit, problems)
    if k is not None and k <= 0:
        problems.add("point-number", raw["k"].span, text=raw["k"].text)
    lab, day = raw.get("laboratory"), raw.get("until")
    if lab and lab.text not in labs:
        problems.add("point-word", lab.span, what_zh="实验室", what_en="laboratory", word=lab.text, known=", ".join(labs))
    until = parse_date(day.text) if day else None
    if day and until is None:
        problems.add("not-a-date", day.span, text=day.text)
    if len(problems) > before:
        return None
    method = raw["method"].text if "method" in raw else None
    return Capability(name.text, method, low, high, unit, expanded, spread_unit, k or Fraction(2), lab.text if lab else "", until)


def _unit(scalar: Scalar | None, problems: Problems) -> Unit | None:
    if scalar is None:
        return None
    try:
        return parse_unit(scalar.text)
    except UnknownUnit as error:
        problems.add("point-unit-unknown", scalar.span, text=scalar.text, hint=error.suggestion or "")
        return None


def _number(scalar: Scalar | None, problems: Problems) -> Fraction | None:
    if scalar is None:
        return None
    found = parse_number(scalar.text)
    if found is None:
        problems.add("point-number", scalar.span, text=scalar.text)
    return found


def _amount(scalar: Scalar | None, unit: Unit | None, problems: Problems) -> tuple[Fraction | None, Unit | None]:
    """`1.5 %`, of the value; or an amount in a unit of the same kind."""
    if scalar is None:
        return None, None
    match = _AMOUNT.fullmatch(scalar.text)
    number = parse_number(match[1]) if match else None
    if match is None or number is None:
        problems.add("point-amount", scalar.span, text=scalar.text)
        return None, None
    found = _unit(Scalar(match[2], scalar.span, None), problems)
    if found is not None and match[2] != "%" and (unit is None or not unit.same_dimension(found)):
        problems.add("point-unit", scalar.span, unit=found, property="expanded", declared=unit or "–")
    return number, found


def shown(x: Fraction | None) -> str:
    """A bound of a range; – where there is none."""
    return "–" if x is None else decimal_text(x) if is_decimal(x) else f"{float(x):.6g}"


def _plain(item: Item) -> Any:
    match item:
        case Fields():
            return {key.text: _plain(value) for key, value in item.entries}
        case Listing():
            return [_plain(each) for each in item.items]
        case _:
            return item.text


def item_of(value: Any, span: Span) -> Item:
    """Plain keys and texts as what a document would give, so that they are read in the same way."""
    if isinstance(value, Mapping):
        said = ((key, each) for key, each in value.items() if each not in (None, "", [], {}))
        return Fields(tuple((Scalar(str(key), span, None), item_of(each, span)) for key, each in said), span)
    if isinstance(value, list | tuple):
        return Listing(tuple(item_of(each, span) for each in value), span)
    return Scalar(str(value), span, None)
