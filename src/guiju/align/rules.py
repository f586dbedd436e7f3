"""Recognition rules: what a text says need not be shown again elsewhere, what each place shows anew, and what a place may add. Data, not code.

A rule speaks of the clauses of one standard and of the properties they measure. It holds between the regions within one region.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from guiju.base.dates import parse_date
from guiju.base.diagnostics import Problems, Span
from guiju.ir.check import check
from guiju.ir.program import Program
from guiju.readings.smt.meaning import demand
from guiju.readings.smt.space import Space
from guiju.standard.dictionary import LABELS, Dictionary
from guiju.standard.document import Scalar, load
from guiju.standard.form import GRADES
from guiju.standard.model import Title
from guiju.standard.regions import Regions
from guiju.standard.shape import Key, ListOf, MapOf, Shape, did_you_mean, read
from guiju.standard.shelf import Shelf, data_folder

_NAMED = {"zh": Key("label", True), "en": Key("label", True)}
_ENTRY = {**_NAMED, "clauses": Key(ListOf("text")), "properties": Key(ListOf("text")), "source": Key(ListOf("text"), True)}
SHAPE = Shape("the recognition rule", {
    "rule": Key("text", True), "title": Key(LABELS, True), "standard": Key("text", True), "article": Key("text", True),
    "within": Key("text", True), "since": Key("text", True),
    "sources": Key(MapOf(Shape("source", {"title": Key("label", True), "grade": Key("text", True), "why": Key(LABELS)}, "出处", whole=True)), True),
    "once": Key(ListOf(Shape("once", {**_ENTRY, "shown_by": Key(ListOf("text"))}, "一次通过", whole=True)), True),
    "local": Key(ListOf(Shape("local", _ENTRY, "当地项目", whole=True)), True),
    "extra": Key(ListOf(Shape("extra", _ENTRY, "附加项目", whole=True)), True),
    "left_out": Key(ListOf(LABELS)),
}, "互认规则")  # fmt: skip
KINDS = ("once", "local", "extra")


@dataclass(frozen=True, slots=True)
class Entry:
    """What a rule says of some properties.

    kind       once: shown anywhere, accepted everywhere · local: shown in each place · extra: what a place may ask besides
    shown_by   clauses of the rule's standard that show it; none: passing the standard does
    """

    kind: str
    title: Title
    properties: frozenset[str]
    shown_by: tuple[str, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cited:
    title: str
    grade: str
    why: Title | None


@dataclass(frozen=True, slots=True)
class Rule:
    """within   the code of the region whose parts recognise one another"""

    name: str
    title: Title
    standard: str
    article: str
    within: str
    since: date
    sources: Mapping[str, Cited]
    entries: tuple[Entry, ...]
    left_out: tuple[Title, ...]

    @property
    def local(self) -> frozenset[str]:
        """The properties that are of the place: what one place has shown of them tells another nothing."""
        return frozenset[str]().union(*(e.properties for e in self.entries if e.kind != "once"))

    def entry(self, kind: str, property_id: str) -> Entry | None:
        return next((e for e in self.entries if e.kind == kind and property_id in e.properties), None)

    def grade(self, entry: Entry) -> str:
        """The weakest grade an entry rests on."""
        return max((self.sources[name].grade for name in entry.sources), key=GRADES.index)

    def binds(self, program: Program, regions: Regions) -> bool:
        """Whether the rule says what a region may ask by this text: its own standard, or one issued for a part of the whole."""
        issued = [code for code in regions.issued_for(program.standard.region) if code in regions.held]
        inside = [any(whole.code == self.within for whole in regions.wholes(code)) and code != self.within for code in issued]
        return program.standard.number == self.standard or (bool(inside) and all(inside))


def load_rules(shelf: Shelf, regions: Regions, files: Iterable[Path] | None = None) -> tuple[Rule, ...]:
    """The rules of these files; where None, of every file in the folders `recognition` beside the shelves and the shipped one.

    raises   Refused, with every problem of every one of them
    """
    problems, found = Problems(), []
    folders = dict.fromkeys((*(f.parent / "recognition" for f in shelf.folders), data_folder() / "recognition"))
    for path in files if files is not None else [path for folder in folders for path in sorted(folder.glob("*.yaml"))]:
        raw = read(load(path, problems).root, SHAPE, problems)
        if raw is not None:
            found.append(_Reader(raw, shelf, regions, problems).rule())
    problems.refuse_errors()
    return tuple(rule for rule in found if rule is not None)


class _Reader:
    """Gives checked plain values a meaning, and reports what of them has none."""

    def __init__(self, raw: Mapping[str, Any], shelf: Shelf, regions: Regions, problems: Problems) -> None:
        self.raw, self.regions, self.problems = raw, regions, problems
        self.dictionary: Dictionary = shelf.dictionary
        self.since = self._date(raw["since"])
        self.program = self._program(raw["standard"], shelf)

    def rule(self) -> Rule | None:
        raw = self.raw
        within = raw["within"]
        if within.text not in self.regions.held:
            self.problems.add("unknown-region", within.span, name=within.text, **did_you_mean(within.text, self.regions.held))
        sources = {name: self._source(each) for name, (_, each) in raw["sources"].items()}
        written = [(kind, each) for kind in KINDS for each in raw[kind]]
        entries = [self._entry(kind, each, sources) for kind, each in written]
        self._check_kinds(written, entries)
        if self.program is None or self.since is None:
            return None
        return Rule(raw["rule"].text, _title(raw["title"]), self.program.standard.number, raw["article"].text, within.text, self.since, sources,
                    tuple(entries), tuple(_title(each) for each in raw.get("left_out", [])))  # fmt: skip

    def _program(self, number: Scalar, shelf: Shelf) -> Program | None:
        standard = shelf.find(number.text, self.since)
        if standard is None:
            self.problems.add("unknown-standard", number.span, number=number.text, **did_you_mean(number.text, shelf.numbers()))
            return None
        return check(standard, self.since, shelf, Problems())

    def _date(self, word: Scalar) -> date | None:
        found = parse_date(word.text)
        if found is None:
            self.problems.add("not-a-date", word.span, text=word.text)
        return found

    def _source(self, raw: Mapping[str, Any]) -> Cited:
        grade = raw["grade"]
        if grade.text not in GRADES:
            self.problems.add("unknown-word", grade.span, word=grade.text, known=", ".join(GRADES))
        return Cited(raw["title"].text, grade.text, _title(raw["why"]) if "why" in raw else None)

    def _entry(self, kind: str, raw: Mapping[str, Any], sources: Mapping[str, Cited]) -> Entry:
        for cited in raw["source"]:
            if cited.text not in sources:
                self.problems.add("unknown-source", cited.span, id=cited.text, **did_you_mean(cited.text, sources))
        clauses = [self._measured(word) for word in raw.get("clauses", [])]
        named = [self._named(word) for word in raw.get("properties", [])]
        shown = raw.get("shown_by", [])
        for word in shown:
            self._measured(word)
        if not clauses and not named:
            self.problems.add("recognition-of-nothing", raw[""], kind=kind)
        return Entry(kind, _title(raw), frozenset[str]().union(*clauses, *named), tuple(w.text for w in shown), tuple(w.text for w in raw["source"]))

    def _measured(self, word: Scalar) -> frozenset[str]:
        """The properties that a clause of the rule's standard measures, in all its scenarios."""
        if self.program is None:
            return frozenset()
        space = Space((self.program,))
        found = [demand(space, 0, c) for c in self.program.clauses if c.no == word.text or c.no.startswith(f"{word.text}@")]
        if not found:
            facts = {"no": word.text, "standard": self.program.standard.number}
            self.problems.add("recognition-clause", word.span, **facts, **did_you_mean(word.text, [c.no for c in self.program.clauses]))
        return frozenset(property_of(key) for d in found for key in d.measured)

    def _named(self, word: Scalar) -> frozenset[str]:
        """A property, or with `.*` all that begin so."""
        stem = word.text.removesuffix("*")
        found = frozenset(name for name in self.dictionary if (name.startswith(stem) if word.text.endswith(".*") else name == word.text))
        if not found:
            self.problems.add("unknown-property", word.span, id=word.text, **did_you_mean(word.text, self.dictionary))
        return found

    def _check_kinds(self, written: list[tuple[str, Mapping[str, Any]]], entries: list[Entry]) -> None:
        """A property that is shown once for all places is not of the place."""
        once = frozenset[str]().union(*(e.properties for e in entries if e.kind == "once"))
        for (kind, raw), entry in zip(written, entries, strict=True):
            both = sorted(once & entry.properties) if kind != "once" else []
            if both:
                span: Span = raw[""]
                self.problems.add("recognition-twice", span, kind=kind, properties=", ".join(both))


def property_of(key: str) -> str:
    """The property a quantity is of, without its scenario, child and other marks."""
    return re.split("[@# ]", key, maxsplit=1)[0]


def _title(raw: Mapping[str, Any]) -> Title:
    return Title(raw["zh"].text, raw["en"].text)
