"""Scheme: how an evaluator compares declared standards by an evaluation standard of the shelf, as a file of its own.

The standard says what the indicators are and where their levels lie; the scheme says which ranges are compared, what the basic clauses are, the
reference levels beside them, the weights of the comparison as a whole and who is shortlisted. Whether what it names is in the standard, and
whether its lowest levels are above the mandatory limits, is asked in `scheme_meaning.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal

from guiju.base.dates import parse_date
from guiju.base.diagnostics import Problems, Refused, Span
from guiju.base.rounding import parse_number
from guiju.base.units import Unit, UnknownUnit, parse_unit
from guiju.standard import expression as ex
from guiju.standard.dictionary import LABELS
from guiju.standard.document import Document, Scalar, load, plain
from guiju.standard.form import GRADES, weakest_grade
from guiju.standard.model import Title
from guiju.standard.shape import Either, Key, ListOf, MapOf, Shape, did_you_mean, read
from guiju.standard.shelf import Shelf, data_folder
from guiju.store.canonical import canonical, digest

Entity = Literal["product", "service", "solution"]
ENTITIES = ("product", "service", "solution")
REFERENCES = ("domestic", "international")
OTHERS = "others"
"""Every core indicator that is not named."""
PARTS = ("completeness", "advancement", "drafting")
TIES = ("all", "none")
CORE_LEAST = 3

_NAMED = {"zh": Key("label", True), "en": Key("label", True)}
_CITED = {"source": Key(ListOf("text"), True)}
_INDICATORS = MapOf(Shape("indicator", {"national": Key("text")}, "指标"))
_DERIVED = Shape("derived", {"library": Key("text", True), "share": Key("text", True), "step": Key("text"), "count": Key("text", True)}, "推得",
                 whole=True)  # fmt: skip
_REFERENCE = Shape("reference", {"value": Key("text"), "unit": Key("text"), "on": Key("text"), "population": Key(LABELS),
                                 "source": Key(ListOf("text")), "derived": Key(_DERIVED), "none": Key(LABELS)}, "参考水平", whole=True)  # fmt: skip
_RANGE = Shape("range", {**_NAMED, "formula": Key("text", True), "words": Key(MapOf(LABELS))}, "可比范围", whole=True)
SHAPE = Shape("the scheme", {
    "guiju": Key("text", True),
    "scheme": Key(Shape("scheme", {
        "id": Key("text", True), "title": Key(LABELS, True), "standard": Key("text", True), "entity": Key("text", True),
        "range": Key(ListOf(Either(_RANGE))), "basic": Key(ListOf("text"), True), "core": Key(_INDICATORS, True), "innovative": Key(_INDICATORS),
        "fewer": Key(Shape("fewer", {**_NAMED, **_CITED}, "核心指标少于三项的理由", whole=True)),
        "references": Key(MapOf(MapOf(_REFERENCE))),
        "form": Key(Shape("form", {"cites": Key(ListOf("text")), "methods": Key(MapOf(ListOf("text")))}, "形式审查")),
        "weights": Key(Shape("weights", {**{part: Key("text", True) for part in PARTS}, **_CITED}, "权重", whole=True), True),
        "shortlist": Key(Shape("shortlist", {"least": Key("text", True), "share": Key("text", True), "level": Key("text"), "ties": Key("text"),
                                             **_CITED}, "入围规则", whole=True), True),
        "evaluator": Key(LABELS, True), "cycle": Key("text", True),
        "sources": Key(MapOf(Shape("source", {"title": Key("label", True), "address": Key("text"), "grade": Key("text", True),
                                              "read": Key("text"), "why": Key(LABELS)}, "出处", whole=True)), True),
    }, "评估方案"), True),
}, "评估方案")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cited:
    """A source of a scheme. grade: A to D, or illustrative: made up for showing how it works."""

    id: str
    title: str
    address: str
    grade: str
    read: date | None
    why: Title | None


@dataclass(frozen=True, slots=True)
class RangePart:
    """A comparable range is named by one word for each part.

    text     the expression as written, over names of the standard, giving words
    words    what they are called; one that is not named is shown as it is
    """

    title: Title
    text: str
    formula: ex.Expr
    words: Mapping[str, Title]
    span: Span


@dataclass(frozen=True, slots=True)
class National:
    """The clause of a mandatory or industry standard that the lowest band must not be below."""

    clause: str
    number: str
    span: Span


@dataclass(frozen=True, slots=True)
class Asked:
    """An indicator of the scheme: its name in the standard, of kind core or innovative there."""

    name: str
    kind: Literal["core", "innovative"]
    national: National | None
    span: Span


@dataclass(frozen=True, slots=True)
class Derived:
    """A rule: the value of the last one in the best share of a library's models in scope.

    library   hash of what was looked at; count: models with a value there
    share     from 0 to 1
    step      what the value is rounded to, by GB/T 8170; None: as it is
    """

    library: str
    share: Fraction
    step: Fraction | None
    count: int


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference level of an indicator, with the population it is taken from and the day that was looked at.

    derived   by which rule it comes from which library; None: as its source has it
    """

    indicator: str
    value: Fraction
    text: str
    unit: Unit | None
    on: date
    population: Title
    sources: tuple[str, ...]
    span: Span
    derived: Derived | None = None


@dataclass(frozen=True, slots=True)
class Form:
    """What the form check asks of a declared standard besides live references.

    cites     numbers it must cite
    methods   property → numbers of accepted methods, one of which it must name
    """

    cites: tuple[str, ...]
    methods: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Weights:
    """Of the comparison as a whole, in percent: they add up to 100."""

    completeness: Fraction
    advancement: Fraction
    drafting: Fraction
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shortlist:
    """Who is shortlisted, in each comparable range.

    least    of 100
    share    of the declared standards compared, from 0 to 1
    level    the lowest level a core indicator may have (1 the best); None: any, or none reached
    ties     all: everyone equal to the last one in is in too; none: then nobody equal to it is
    """

    least: Fraction
    share: Fraction
    level: int | None
    ties: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scheme:
    """standard   number of the evaluation standard
    range      empty: the ranges of the standard's populations, else all records are one range
    fewer      why there are fewer than three core indicators
    none       reference → indicator → why there is no such level
    hash       of what is written, whatever its layout
    """

    id: str
    title: Title
    standard: str
    entity: Entity
    range: tuple[RangePart, ...]
    basic: tuple[str, ...]
    indicators: tuple[Asked, ...]
    fewer: Title | None
    references: Mapping[str, Mapping[str, Reference]]
    form: Form
    weights: Weights
    shortlist: Shortlist
    evaluator: Title
    cycle: int
    sources: Mapping[str, Cited]
    file: str
    places: Mapping[str, Span]
    hash: str
    none: Mapping[str, Mapping[str, Title]] = field(default_factory=dict)

    @property
    def core(self) -> tuple[str, ...]:
        return tuple(each.name for each in self.indicators if each.kind == "core")

    @property
    def innovative(self) -> tuple[str, ...]:
        return tuple(each.name for each in self.indicators if each.kind == "innovative")

    @property
    def grade(self) -> str:
        """The weakest grade of what it cites."""
        return weakest_grade(source.grade for source in self.sources.values())

    @property
    def illustrative(self) -> bool:
        """Whether anything of it is made up: said wherever something rests on it. The standard's own sources are to be asked too."""
        return self.grade == "illustrative"


def scheme_files(shelf: Shelf) -> dict[str, Path]:
    """Id → file, of the schemes beside the shelves and the shipped ones."""
    folders = dict.fromkeys((*(folder.parent / "schemes" for folder in shelf.folders), data_folder() / "schemes"))
    found: dict[str, Path] = {}
    for folder in folders:
        for path in sorted(folder.glob("*.yaml")):
            found.setdefault(path.stem, path)
    return found


def located_scheme(shelf: Shelf, word: str) -> Path:
    """The file of a scheme named by its id or its path.

    raises   Refused: scheme-unknown
    """
    known = scheme_files(shelf)
    path = known.get(word) or Path(word)
    if word not in known and not path.is_file():
        problems = Problems()
        problems.add("scheme-unknown", None, name=word, **did_you_mean(word, known))
        raise Refused(problems.found)
    return path


def load_scheme(path: Path, problems: Problems) -> Scheme | None:
    """The scheme in a file; None where it is malformed beyond use. Every problem is in `problems`, with its place."""
    return read_scheme(load(path, problems), problems)


def read_scheme(document: Document, problems: Problems, *, as_file: bool = True) -> Scheme | None:
    """The scheme a document holds, by itself: what it names is not looked up.

    as_file   it lies in a file of its own, which is named for it
    """
    before = sum(1 for each in problems.found if each.severity.name == "ERROR")
    if document.root is None:
        if not problems.has_errors:
            problems.add("document-empty", None)
        return None
    raw = read(document.root, SHAPE, problems)
    if raw is None or raw.get("scheme") is None or sum(1 for each in problems.found if each.severity.name == "ERROR") > before:
        return None
    if raw["guiju"].text != "1":
        problems.add("format-version", raw["guiju"].span, found=raw["guiju"].text)
    made = _Reader(raw["scheme"], document, problems).scheme(as_file)
    return None if sum(1 for each in problems.found if each.severity.name == "ERROR") > before else made


class _Reader:
    """Gives checked plain values a meaning, and reports what of them has none."""

    def __init__(self, raw: Mapping[str, Any], document: Document, problems: Problems) -> None:
        self.raw, self.document, self.problems = raw, document, problems
        self.sources = {name: self._source(name, each) for name, (_, each) in raw["sources"].items()}

    def scheme(self, as_file: bool) -> Scheme:
        raw = self.raw
        indicators = (*self._indicators("core"), *self._indicators("innovative"))
        self._enough_core(indicators)
        fewer = raw.get("fewer")
        if fewer is not None:
            self._cites(fewer)
        entity: Any = self._one_of(raw["entity"], ENTITIES)
        cycle = raw["cycle"]
        if not (cycle.text.isascii() and cycle.text.isdigit() and len(cycle.text) == 4):
            self.problems.add("scheme-cycle", cycle.span, text=cycle.text)
        name, file = raw["id"], Path(self.document.file).stem
        if as_file and name.text != file:
            self.problems.add("scheme-id", name.span, id=name.text, file=file)
        references = dict(self._references({each.name for each in indicators}))
        none = self._none(indicators, references)
        return Scheme(
            id=name.text, title=_title(raw["title"]), standard=raw["standard"].text, entity=entity, range=tuple(self._ranges()),
            basic=tuple(each.text for each in raw["basic"]), indicators=indicators, fewer=_title(fewer) if fewer else None,
            references=references, none=none, form=self._form(), weights=self._weights(),
            shortlist=self._shortlist(), evaluator=_title(raw["evaluator"]), cycle=int(cycle.text) if cycle.text.isdigit() else 0,
            sources=self.sources, file=self.document.file,
            places={"standard": raw["standard"].span, **{f"basic {each.text}": each.span for each in raw["basic"]}},
            hash=digest(canonical(plain(self.document.root))) if self.document.root else "",
        )  # fmt: skip

    def _source(self, name: str, raw: Mapping[str, Any]) -> Cited:
        grade = raw["grade"]
        self._one_of(grade, GRADES)
        seen = self._date(raw["read"]) if "read" in raw else None
        address = raw["address"].text if "address" in raw else ""
        return Cited(name, raw["title"].text, address, grade.text, seen, _title(raw["why"]) if raw.get("why") else None)

    def _indicators(self, kind: Literal["core", "innovative"]) -> Iterator[Asked]:
        for key, each in (self.raw.get(kind) or {}).values():
            written = each.get("national")
            yield Asked(key.text, kind, self._national(written) if written is not None else None, key.span)

    def _national(self, word: Scalar) -> National | None:
        clause, of, number = word.text.partition(" of ")
        if not of or not clause.strip() or not number.strip():
            self.problems.add("scheme-national-form", word.span, text=word.text)
            return None
        return National(clause.strip(), number.strip(), word.span)

    def _enough_core(self, indicators: tuple[Asked, ...]) -> None:
        """At least three core indicators, unless the scheme says why not."""
        names = [each.name for each in indicators]
        for each in indicators:
            if names.count(each.name) > 1:
                self.problems.add("scheme-twice", each.span, name=each.name)
        core = sum(1 for each in indicators if each.kind == "core")
        if core < CORE_LEAST and self.raw.get("fewer") is None:
            self.problems.add("scheme-few-core", self.raw[""], found=core, least=CORE_LEAST)

    def _ranges(self) -> Iterator[RangePart]:
        for each in self.raw.get("range") or []:
            written = each if isinstance(each, Scalar) else each["formula"]
            formula = ex.parse(written, self.problems)
            title = Title("可比范围", "comparable range") if isinstance(each, Scalar) else _title(each)
            words = {} if isinstance(each, Scalar) else {name: _title(labels) for name, (_, labels) in (each.get("words") or {}).items()}
            if formula is not None:
                yield RangePart(title, written.text, formula, words, written.span)

    def _references(self, known: set[str]) -> Iterator[tuple[str, Mapping[str, Reference]]]:
        for name, (key, levels) in (self.raw.get("references") or {}).items():
            if name not in REFERENCES:
                self.problems.add("unknown-word", key.span, word=name, known=", ".join(REFERENCES))
            made: dict[str, Reference] = {}
            for indicator, (at, each) in levels.items():
                if indicator not in known and not (indicator == OTHERS and "none" in each):
                    self.problems.add("scheme-indicator", at.span, name=indicator, **did_you_mean(indicator, known))
                reference = self._reference(indicator, at, each)
                if reference is not None:
                    made[indicator] = reference
            yield name, made

    def _reference(self, indicator: str, at: Scalar, each: Mapping[str, Any]) -> Reference | None:
        """The level, or None where it says why there is none."""
        there = [name for name in ("value", "on", "population", "source") if name in each]
        if "none" in each and not there and "derived" not in each:
            return None
        if "none" in each or len(there) < len(("value", "on", "population", "source")):
            self.problems.add("scheme-reference", at.span, name=indicator)
            return None
        value, unit, on = self._number(each["value"]), self._unit(each.get("unit")), self._date(each["on"])
        cited = self._cites(each)
        if value is None or on is None:
            return None
        derived = self._derived(each["derived"]) if "derived" in each else None
        return Reference(indicator, value, each["value"].text, unit, on, _title(each["population"]), cited, at.span, derived)

    def _derived(self, raw: Mapping[str, Any]) -> Derived:
        step, count = self._number(raw["step"]) if "step" in raw else None, self._number(raw["count"])
        for word, value in ((raw.get("step"), step), (raw["count"], count)):
            if word is not None and value is not None and value <= 0:
                self.problems.add("scheme-number", word.span, text=word.text, low="0", high="∞")
        return Derived(raw["library"].text, self._share(raw["share"]), step or None, int(count or 0))

    def _none(self, indicators: tuple[Asked, ...], references: Mapping[str, Mapping[str, Reference]]) -> dict[str, dict[str, Title]]:
        """Why there is no level, of every indicator that has none; a core indicator must have a level or a reason, of both references."""
        made: dict[str, dict[str, Title]] = {}
        written = self.raw.get("references") or {}
        for reference in REFERENCES:
            levels = written[reference][1] if reference in written else {}
            said = {name: _title(each["none"]) for name, (_, each) in levels.items() if "none" in each}
            left = [each for each in indicators if each.kind == "core" and each.name not in references.get(reference, {}) and each.name not in said]
            others = said.pop(OTHERS, None)
            made[reference] = {**said, **{each.name: others for each in left if others is not None}}
            if left and others is None:
                self.problems.add("scheme-reference-omitted", self.raw[""], reference=reference, names=", ".join(each.name for each in left))
        return made

    def _form(self) -> Form:
        raw = self.raw.get("form") or {}
        methods = {name: tuple(each.text for each in numbers) for name, (_, numbers) in (raw.get("methods") or {}).items()}
        return Form(tuple(each.text for each in raw.get("cites") or []), methods)

    def _weights(self) -> Weights:
        raw = self.raw["weights"]
        found = [self._number(raw[part]) for part in PARTS]
        for part, value in zip(PARTS, found, strict=True):
            if value is not None and value < 0:
                self.problems.add("scheme-number", raw[part].span, text=raw[part].text, low="0", high="100")
        total = sum((value for value in found if value is not None), Fraction(0))
        if None not in found and total != 100:
            self.problems.add("scheme-weights", raw[""], total=total)
        completeness, advancement, drafting = (value or Fraction(0) for value in found)
        return Weights(completeness, advancement, drafting, self._cites(raw))

    def _shortlist(self) -> Shortlist:
        raw = self.raw["shortlist"]
        least = self._within(raw["least"], self._number(raw["least"]), 100)
        share = self._share(raw["share"])
        level, ties = raw.get("level"), raw.get("ties")
        if level is not None and level.text not in ("1", "2", "3"):
            self.problems.add("unknown-word", level.span, word=level.text, known="1, 2, 3")
        return Shortlist(least, share, int(level.text) if level is not None and level.text in ("1", "2", "3") else None,
                         self._one_of(ties, TIES) if ties is not None else "all", self._cites(raw))  # fmt: skip

    def _share(self, word: Scalar) -> Fraction:
        text = word.text.strip()
        percent = text.endswith("%")
        value = parse_number(text.removesuffix("%").strip())
        if value is None:
            self.problems.add("not-a-number", word.span, text=word.text)
            return Fraction(0)
        return self._within(word, value / 100 if percent else value, 1)

    def _within(self, word: Scalar, value: Fraction | None, high: int) -> Fraction:
        if value is not None and not 0 <= value <= high:
            self.problems.add("scheme-number", word.span, text=word.text, low="0", high=str(high))
        return value or Fraction(0)

    def _number(self, word: Scalar) -> Fraction | None:
        value = parse_number(word.text)
        if value is None:
            self.problems.add("not-a-number", word.span, text=word.text)
        return value

    def _unit(self, word: Scalar | None) -> Unit | None:
        if word is None:
            return None
        try:
            return parse_unit(word.text)
        except UnknownUnit as error:
            self.problems.add("unknown-unit", word.span, unit=error.text, reason_zh=error.reason_zh, reason_en=error.reason_en)
            return None

    def _date(self, word: Scalar) -> date | None:
        found = parse_date(word.text)
        if found is None:
            self.problems.add("not-a-date", word.span, text=word.text)
        return found

    def _one_of(self, word: Scalar, known: tuple[str, ...]) -> str:
        if word.text not in known:
            self.problems.add("unknown-word", word.span, word=word.text, known=", ".join(known))
        return word.text

    def _cites(self, raw: Mapping[str, Any]) -> tuple[str, ...]:
        for each in raw["source"]:
            if each.text not in self.sources:
                self.problems.add("unknown-source", each.span, id=each.text, **did_you_mean(each.text, self.sources))
        return tuple(each.text for each in raw["source"])


def _title(raw: Mapping[str, Any]) -> Title:
    return Title(raw["zh"].text, raw["en"].text)
