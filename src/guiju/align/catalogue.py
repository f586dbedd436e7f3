"""Catalogue: the tests on offer, with what each gives, by which method, where it is accepted, and what it costs; a file of their own.

Costs and durations are whoever's wrote them: every offer names its source and grade, and what is illustrative stays marked wherever it is shown.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from guiju.base.diagnostics import Problems, Span
from guiju.base.rounding import is_decimal, parse_number
from guiju.base.units import Unit, UnknownUnit, parse_unit
from guiju.standard.dictionary import LABELS, Dictionary
from guiju.standard.document import Scalar, load
from guiju.standard.form import GRADES
from guiju.standard.model import Title
from guiju.standard.regions import Regions
from guiju.standard.shape import Either, Key, ListOf, MapOf, Shape, did_you_mean, read

_NAMED = {"zh": Key("label", True), "en": Key("label", True)}
SHAPE = Shape("the catalogue", {
    "title": Key(LABELS, True),
    "laboratories": Key(MapOf(LABELS)),
    "samples": Key(MapOf(Shape("sample", {**_NAMED, "cost": Key("text", True)}, "样品", whole=True))),
    "papers": Key(ListOf("text")),
    "tests": Key(MapOf(Shape("test", {
        **_NAMED, "gives": Key(ListOf("text")), "method": Key("text"), "cycle": Key("text"),
        "sample": Key(Either(Shape("sample", {"of": Key("text", True), "count": Key("text", True)}, "样品", whole=True))), "destructive": Key("text"),
        "cost": Key("text", True), "duration": Key("text", True), "accepted_in": Key(ListOf("text")), "laboratory": Key("text"),
        "needs": Key(ListOf("text")), "source": Key("text", True), "grade": Key("text", True)}, "试验", whole=True)), True),
}, "试验目录")  # fmt: skip
YUAN, DAY = parse_unit("元"), parse_unit("d")
_AMOUNT = re.compile(r"\s*([+-]?[0-9][0-9.,]*)\s*(\S.*?)\s*")


@dataclass(frozen=True, slots=True)
class Given:
    """What a test gives: a property; in one scenario, or in all; of one child, or of all."""

    property: str
    scenario: str | None
    child: str | None

    def includes(self, asked: str) -> bool:
        """Whether it is the property an input is of, written as in `Input.is_`."""
        other = given(asked)
        return self.property == other.property and self.scenario in (None, other.scenario) and self.child in (None, other.child)


@dataclass(frozen=True, slots=True)
class Offer:
    """A test as it is offered.

    sample       (kind, how many)
    destructive  its samples serve no other test
    cost         元, without samples
    days         it takes its laboratory
    accepted     codes of the regions in which its result is accepted; none: in all
    needs        tests to be done first
    """

    id: str
    title: Title
    gives: tuple[Given, ...]
    method: str | None
    sample: tuple[str, int] | None
    destructive: bool
    cost: Fraction
    days: Fraction
    accepted: tuple[str, ...]
    laboratory: str
    needs: tuple[str, ...]
    source: str
    grade: str
    span: Span

    def accepted_in(self, region: str, regions: Regions) -> bool:
        return not self.accepted or regions.applies(",".join(self.accepted), region)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """papers   properties, or `roadtest.*` for all that begin so, that are shown by papers and not tested"""

    title: Title
    offers: Mapping[str, Offer]
    laboratories: Mapping[str, Title]
    samples: Mapping[str, tuple[Title, Fraction]]
    papers: tuple[str, ...]
    file: str

    @property
    def illustrative(self) -> bool:
        return any(offer.grade == "illustrative" for offer in self.offers.values())

    def by_papers(self, property_id: str) -> bool:
        """Whether the catalogue says that a property is shown by papers."""
        return any(property_id == word or (word.endswith(".*") and property_id.startswith(word[:-1])) for word in self.papers)


def given(text: str) -> Given:
    """`v2x.delay.system@fcw#2` taken apart."""
    rest, _, child = text.partition("#")
    property_id, _, scenario = rest.partition("@")
    return Given(property_id.strip(), scenario.strip() or None, child.strip() or None)


def load_catalogue(path: Path, dictionary: Dictionary, regions: Regions, problems: Problems) -> Catalogue | None:
    """The catalogue in a file; None where it is too broken to go on. Every problem is reported, with its place."""
    document = load(path, problems)
    if document.root is None:
        if not problems.has_errors:
            problems.add("document-empty", Span(document.file, 1, 1, 1, 2))
        return None
    raw = read(document.root, SHAPE, problems)
    if raw is None:
        return None
    reader = _Reader(raw, dictionary, regions, problems)
    offers = {name: reader.offer(key, each) for name, (key, each) in raw["tests"].items()}
    reader.check_needs(offers)
    return Catalogue(
        _title(raw["title"]), offers, {name: _title(each) for name, (_, each) in raw.get("laboratories", {}).items()},
        {name: (_title(each), reader.amount(each["cost"], YUAN, "cost")) for name, (_, each) in raw.get("samples", {}).items()},
        tuple(reader.paper(each) for each in raw.get("papers", [])), document.file,
    )  # fmt: skip


_AMOUNTS = {
    "cost": ("不小于 0 的金额", "an amount of money, 0 or more", "3200 元"), "duration": ("不小于 0 的时长", "a time, 0 or more", "2 d"),
    "count": ("1 至 1000 的整数", "a whole number from 1 to 1000", "2"),
}  # fmt: skip


class _Reader:
    """Turns checked plain values into offers; reports what single values mean wrongly."""

    def __init__(self, raw: Mapping[str, Any], dictionary: Dictionary, regions: Regions, problems: Problems) -> None:
        self.raw, self.dictionary, self.regions, self.problems = raw, dictionary, regions, problems
        self.scenarios = {word for each in dictionary.values() for word in each.values}

    def offer(self, key: Scalar, each: Mapping[str, Any]) -> Offer:
        grade, cycle = each["grade"], each.get("cycle")
        if grade.text not in GRADES:
            self.problems.add("unknown-word", grade.span, word=grade.text, known=", ".join(GRADES))
        laboratory = self.declared(each.get("laboratory"), "laboratories")
        return Offer(
            key.text, _title(each), tuple(self.gives(key, word, cycle) for word in each.get("gives", [])), _text(each.get("method")),
            self.sample(each.get("sample")), self.destructive(each.get("destructive")), self.amount(each["cost"], YUAN, "cost"),
            self.amount(each["duration"], DAY, "duration"), tuple(self.region(word) for word in each.get("accepted_in", [])), laboratory,
            tuple(word.text for word in each.get("needs", [])), each["source"].text, grade.text, key.span,
        )  # fmt: skip

    def gives(self, key: Scalar, word: Scalar, cycle: Scalar | None) -> Given:
        """A property with its scenario and child; by the cycle the test says it is run by."""
        found = given(word.text)
        self.known(word, found.property)
        if found.scenario is not None and found.scenario not in self.scenarios:
            self.problems.add("test-scenario", word.span, name=found.scenario, **did_you_mean(found.scenario, self.scenarios))
        held = self.dictionary.get(found.property)
        if cycle is not None and held is not None and (held.cycle or "") != cycle.text.casefold():
            facts = {"test": key.text, "cycle": cycle.text, "property": held.id}
            self.problems.add("test-cycle", cycle.span, **facts, asked_zh=held.cycle or "无", asked_en=held.cycle or "none")
        return found

    def known(self, word: Scalar, property_id: str) -> None:
        if property_id not in self.dictionary:
            self.problems.add("unknown-property", word.span, id=property_id, **did_you_mean(property_id, self.dictionary))

    def paper(self, word: Scalar) -> str:
        if not word.text.endswith(".*"):
            self.known(word, word.text)
        elif not any(name.startswith(word.text[:-1]) for name in self.dictionary):
            self.problems.add("unknown-property", word.span, id=word.text)
        return word.text

    def region(self, word: Scalar) -> str:
        if not self.regions.is_one(word.text):
            known = [name for r in self.regions.held.values() for name in (r.code, r.title.zh, r.title.en)]
            self.problems.add("unknown-region", word.span, name=word.text, **did_you_mean(word.text, known))
            return word.text
        return self.regions.named(word.text).code

    def sample(self, raw: Scalar | Mapping[str, Any] | None) -> tuple[str, int] | None:
        """(kind, how many); a bare number is of the only kind there is, or of none that is declared."""
        if raw is None:
            return None
        kinds = self.raw.get("samples", {})
        if isinstance(raw, Scalar):
            if len(kinds) > 1:
                self.problems.add("test-sample-kind", raw.span, known=", ".join(kinds))
            return next(iter(kinds), ""), self.count(raw)
        return self.declared(raw["of"], "samples"), self.count(raw["count"])

    def count(self, word: Scalar) -> int:
        number = parse_number(word.text)
        if number is None or number.denominator != 1 or not 1 <= number <= 1000:
            self.wrong(word, "count")
            return 1
        return int(number)

    def destructive(self, word: Scalar | None) -> bool:
        if word is not None and word.text not in ("true", "false"):
            self.problems.add("unknown-word", word.span, word=word.text, known="true, false")
        return word is not None and word.text == "true"

    def amount(self, word: Scalar, unit: Unit, what: str) -> Fraction:
        """An exact decimal with its unit, in the unit; not below 0."""
        match = _AMOUNT.fullmatch(word.text)
        number = parse_number(match[1]) if match else None
        if match is None or number is None or number < 0 or not is_decimal(number):
            self.wrong(word, what)
            return Fraction(0)
        try:
            written = parse_unit(match[2])
        except UnknownUnit as error:
            self.problems.add("unknown-unit", word.span, unit=match[2], reason_zh=error.reason_zh, reason_en=error.reason_en)
            return Fraction(0)
        if not written.same_dimension(unit):
            self.wrong(word, what)
            return Fraction(0)
        return number * written.ratio(unit)

    def wrong(self, word: Scalar, what: str) -> None:
        zh, en, form = _AMOUNTS[what]
        self.problems.add("test-amount", word.span, text=word.text, what_zh=zh, what_en=en, form=form)

    def declared(self, word: Scalar | None, section: str) -> str:
        if word is not None and word.text not in self.raw.get(section, {}):
            self.problems.add("test-undeclared", word.span, name=word.text, section=section, **did_you_mean(word.text, self.raw.get(section, {})))
        return word.text if word is not None else ""

    def check_needs(self, offers: Mapping[str, Offer]) -> None:
        """Tests that need unknown ones, that need themselves in the end, and that are of no use."""
        for offer in offers.values():
            for word in self.raw["tests"][offer.id][1].get("needs", []):
                if word.text not in offers:
                    self.problems.add("unknown-test", word.span, name=word.text, **did_you_mean(word.text, offers))
                elif offer.id in _before(word.text, offers):
                    self.problems.add("test-needs-itself", word.span, name=offer.id)
        wanted = {need for offer in offers.values() for need in offer.needs}
        for offer in offers.values():
            if not offer.gives and offer.id not in wanted:
                self.problems.add("test-gives-nothing", offer.span, name=offer.id)


def _before(name: str, offers: Mapping[str, Offer]) -> set[str]:
    """The test and everything that must be done before it."""
    found, open_names = set(), [name]
    while open_names:
        each = open_names.pop()
        if each not in found and each in offers:
            found.add(each)
            open_names += offers[each].needs
    return found


def _title(raw: Mapping[str, Any]) -> Title:
    return Title(raw["zh"].text, raw["en"].text)


def _text(word: Scalar | None) -> str | None:
    return word.text if word is not None else None
