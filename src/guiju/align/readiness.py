"""Readiness: how far a technology has come against how far the standards that serve it have, and what the next step would be.

Technology readiness is given, with its source. Standard readiness is computed from the standards themselves, on the scale of SCALE: what kind
each is follows from its number, what it covers from the file, and whether it is executable here from the shelf. Both are ordinal scales of
0 to 9, so a gap says no more than which of the two is behind, and about how many steps.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from guiju.base.diagnostics import Problems, Refused
from guiju.standard.dictionary import LABELS
from guiju.standard.document import Scalar, load
from guiju.standard.form import GRADES
from guiju.standard.model import Title
from guiju.standard.regions import Regions
from guiju.standard.shape import Key, ListOf, MapOf, Shape, did_you_mean, read
from guiju.standard.shelf import Shelf, data_folder

COVERS = ("term", "requirement", "test")
STAGES = ("draft", "published")
LEVELS = ("group", "local", "industry", "national-recommended", "national-mandatory", "international")
_NAMED = {"zh": Key("label", True), "en": Key("label", True)}
SHAPE = Shape("the pipeline", {
    "guiju": Key("text", True),
    "sources": Key(MapOf(Shape("source", {"title": Key("text", True), "address": Key("text"), "grade": Key("text", True), "read": Key("text")},
                               "出处", whole=True))),
    "technologies": Key(MapOf(Shape("technology", {
        **_NAMED, "note": Key(LABELS),
        "trl": Key(Shape("trl", {"level": Key("text", True), "on": Key("text"), "source": Key("text"), "why": Key(LABELS), "stated": Key("text")},
                         "技术成熟度", whole=True), True),
        "standards": Key(ListOf(Shape("standard", {
            "number": Key("text", True), "level": Key("text"), "region": Key("text"), "stage": Key("text"), "covers": Key(ListOf("text")),
            "source": Key("text")}, "标准", whole=True))),
    }, "技术", whole=True)), True),
}, "技术与标准")  # fmt: skip

SCALE: tuple[Title, ...] = (
    Title("没有", "none"), Title("只有术语", "terms only"), Title("草案", "a draft"), Title("团体标准已发布", "a group standard is published"),
    Title("地方标准", "a local standard"), Title("行业标准", "an industry standard"),
    Title("推荐性国家标准或国际标准", "a recommended national or an international standard"),
    Title("强制性国家标准", "a mandatory national standard"), Title("国家或国际标准，并有试验方法", "national or international, with tests"),
    Title("国家或国际标准，有试验方法，且在此可执行", "national or international, with tests, and executable here"),
)  # fmt: skip
"""Standard readiness, 0 to 9."""
_OF_LEVEL = {"group": 3, "local": 4, "industry": 5, "national-recommended": 6, "international": 6, "national-mandatory": 7}
STATES = {
    "idea": Title("设想", "idea"), "draft": Title("草案", "draft"), "group": Title("团体", "group"), "local": Title("地方", "local"),
    "industry": Title("行业", "industry"), "national": Title("国家", "national"), "international": Title("国际", "international"),
}  # fmt: skip
Balance = Literal["lags", "in-step", "leads"]
BALANCES: Mapping[Balance, Title] = {
    "lags": Title("标准滞后", "standard lags"), "in-step": Title("同步", "in step"),
    "leads": Title("标准超前（为时过早）", "standard leads (premature)"),
}  # fmt: skip
_NUMBERS = (
    (re.compile(r"GB[ 0-9]"), "national-mandatory", "CN"), (re.compile(r"GB/[TZ]"), "national-recommended", "CN"), (re.compile(r"T/"), "group", "CN"),
    (re.compile(r"(ISO|IEC|ITU)\b"), "international", "GLOBAL"), (re.compile(r"UN\b"), "international", "UN"),
    (re.compile(r"EU\b|\(EU\)"), "national-mandatory", "EU"), (re.compile(r"[A-Z]{2}(/T)? ?\d"), "industry", "CN"),
)  # fmt: skip
_LOCAL = re.compile(r"DB(\d+)")


@dataclass(frozen=True, slots=True)
class Cited:
    """Where a fact was found. `grade` A to D as of standards' sources; illustrative where nobody but the author says it."""

    id: str
    title: str
    address: str
    grade: str


@dataclass(frozen=True, slots=True)
class Serving:
    """A standard that serves a technology.

    level       one of LEVELS, by its number where the file does not say
    covers      of COVERS
    source      None: it is on the shelf, whose own sources hold
    executable  it is on the shelf and has clauses
    counts      it is issued for the region asked, for one it is within, or for a part of it
    """

    number: str
    level: str
    region: str
    stage: str
    covers: tuple[str, ...]
    source: Cited | None
    executable: bool
    counts: bool

    @property
    def is_published(self) -> bool:
        return self.stage == "published"

    @property
    def demands(self) -> bool:
        """Whether it says more than what words mean."""
        return any(what != "term" for what in self.covers)


@dataclass(frozen=True, slots=True)
class Technology:
    """trl, on, evidence, why   its readiness, when, by which source, and how the level was read from it
    grade     of the level: that of the source where the source names the level, C where the author reads it from a fact, else illustrative
    """

    id: str
    title: Title
    trl: int
    on: str
    evidence: Cited | None
    why: Title | None
    grade: str
    note: Title | None
    standards: tuple[Serving, ...]

    @property
    def counted(self) -> tuple[Serving, ...]:
        return tuple(each for each in self.standards if each.counts)

    @property
    def elsewhere(self) -> tuple[Serving, ...]:
        return tuple(each for each in self.standards if not each.counts)


@dataclass(frozen=True, slots=True)
class Readiness:
    """A technology against its standards: `gap` = trl − srl, above 0 where the standards are behind."""

    technology: Technology
    srl: int
    gap: int
    balance: Balance
    state: str
    next_step: Title


@dataclass(frozen=True, slots=True)
class Pipeline:
    file: str
    region: str
    step: int
    items: tuple[Readiness, ...]
    """The widest gap first."""


def default_files() -> tuple[Path, ...]:
    return tuple(sorted((data_folder() / "pipeline").glob("*.yaml")))


def pipeline(file: Path, shelf: Shelf, regions: Regions, region: str, step: int) -> Pipeline:
    """The technologies of a file, ordered by gap.

    region   the code of the region whose standards count
    step     the gap up to which both are in step
    raises   Refused, with every problem: a malformed file, readiness-level, readiness-word, readiness-number, unknown-source,
             readiness-without-source, readiness-judgement
    """
    problems = Problems()
    values = read(load(file, problems).root, SHAPE, problems)
    problems.refuse_errors()
    found = [readiness(each, step) for each in _Reader(values, shelf, regions, region, problems).technologies()]
    problems.refuse_errors()
    return Pipeline(str(file), region, step, tuple(sorted(found, key=lambda r: (-r.gap, r.technology.id))))


def readiness(technology: Technology, step: int) -> Readiness:
    srl = standard_readiness(technology.counted)
    gap = technology.trl - srl
    balance: Balance = "lags" if gap > step else "leads" if gap < -step else "in-step"
    return Readiness(technology, srl, gap, balance, state_of(technology.counted), next_step(technology, srl))


def standard_readiness(standards: Sequence[Serving]) -> int:
    """Where on SCALE the standards that serve a technology are: by the highest that demands something, then by tests, then by being executable."""
    published = [each for each in standards if each.is_published]
    demanding = [each for each in published if each.demands]
    if not demanding:
        drafted = any(each.demands for each in standards)
        return 2 if drafted else 1 if published else 0
    highest = max(_OF_LEVEL[each.level] for each in demanding)
    if highest < 6 or not any("test" in each.covers for each in published):
        return highest
    return 9 if any(each.executable and _OF_LEVEL[each.level] >= 6 for each in demanding) else 8


def state_of(standards: Sequence[Serving]) -> str:
    """How far the standards have been carried: the last of STATES that any published one has reached."""
    states = [each.level.partition("-")[0] for each in standards if each.is_published]
    return max(states, key=list(STATES).index) if states else "draft" if standards else "idea"


def next_step(technology: Technology, srl: int) -> Title:
    """What would carry the standards one step on; of a technology not demonstrated yet, no more than it can bear."""
    known = [each.number for each in technology.elsewhere]
    draft = ", ".join(each.number for each in technology.counted if not each.is_published)
    if srl == 0 and known:
        return Title(f"研究采用 {'、'.join(known)}", f"examine adopting {', '.join(known)}")
    if srl <= 1:
        mature = Title("提出团体标准：要求与试验方法", "propose a group standard: requirements and tests")
        return mature if technology.trl >= 7 else Title("先统一术语", "agree on terms first")
    if srl == 2:
        return Title(f"完成草案 {draft}", f"finish the draft {draft}")
    if srl < 6 and draft:
        return Title(f"完成草案 {draft}", f"finish the draft {draft}")
    if not any("test" in each.covers for each in technology.counted if each.is_published):
        return Title("补试验方法", "add a test method")
    if srl < 6:
        ready = Title("上升为行业或国家标准", "carry it on to an industry or national standard")
        return ready if technology.trl >= 7 else Title("积累试验数据，暂不上升", "gather test data; carry it no further yet")
    if srl == 8:
        return Title("写成可执行的标准", "write it as an executable standard")
    return Title("提出国际标准提案", "propose it as an international standard")


class _Reader:
    """A file with its words given their meaning; every problem is reported at its place."""

    def __init__(self, values: Mapping[str, Any], shelf: Shelf, regions: Regions, region: str, problems: Problems) -> None:
        self.values, self.shelf, self.regions, self.region, self.problems = values, shelf, regions, region, problems
        self.sources = {id_: self.cited(key, raw) for id_, (key, raw) in values.get("sources", {}).items()}

    def cited(self, key: Scalar, raw: Mapping[str, Any]) -> Cited:
        grade = self.one_of(raw["grade"], GRADES, "证据等级", "evidence grade") or "D"
        return Cited(key.text, raw["title"].text, raw["address"].text if "address" in raw else "", grade)

    def one_of(self, found: Scalar, known: Sequence[str], zh: str, en: str) -> str | None:
        if found.text in known:
            return found.text
        facts = {"what_zh": zh, "what_en": en, "known": ", ".join(known), **did_you_mean(found.text, known, listed=True)}
        self.problems.add("readiness-word", found.span, found=found.text, **facts)
        return None

    def source(self, raw: Mapping[str, Any]) -> Cited | None:
        if "source" not in raw:
            return None
        found = self.sources.get(raw["source"].text)
        if found is None:
            self.problems.add("unknown-source", raw["source"].span, id=raw["source"].text, **did_you_mean(raw["source"].text, self.sources))
        return found

    def place(self, word: Scalar) -> str | None:
        try:
            return self.regions.named(word.text).code
        except Refused as refused:
            self.problems.extend(replace(each, span=word.span) for each in refused.diagnostics)
            return None

    def technologies(self) -> list[Technology]:
        return [self.technology(key, raw) for key, raw in self.values.get("technologies", {}).values()]

    def technology(self, key: Scalar, raw: Mapping[str, Any]) -> Technology:
        trl = raw["trl"]
        level = trl["level"].text
        if level not in tuple("123456789"):
            self.problems.add("readiness-level", trl["level"].span, found=level)
        evidence, why = self.source(trl), _title(trl.get("why"))
        stated = "stated" in trl and self.one_of(trl["stated"], ("true", "false"), "是否值", "yes-or-no value") == "true"
        if evidence is None and why is None:
            self.problems.add("readiness-judgement", key.span, name=key.text)
        grade = "illustrative" if evidence is None else evidence.grade if stated else max(evidence.grade, "C")
        standards = tuple(found for each in raw.get("standards", []) if (found := self.serving(each)) is not None)
        title = Title(raw["zh"].text, raw["en"].text)
        on = trl["on"].text if "on" in trl else ""
        return Technology(key.text, title, int(level) if level.isdecimal() else 0, on, evidence, why, grade, _title(raw.get("note")), standards)

    def serving(self, raw: Mapping[str, Any]) -> Serving | None:
        number: Scalar = raw["number"]
        held = self.shelf.find(number.text)
        kind = kind_of(number.text)
        level = self.one_of(raw["level"], LEVELS, "标准级别", "level of a standard") if "level" in raw else kind and kind[0]
        region = self.place(raw["region"]) if "region" in raw else held.region if held else kind and kind[1]
        stage = self.one_of(raw["stage"], STAGES, "阶段", "stage") if "stage" in raw else "draft" if held and held.status == "draft" else "published"
        words = raw.get("covers")
        covers = [self.one_of(each, COVERS, "所覆盖的内容", "kind of content") for each in words] if words else ["requirement"]
        source = self.source(raw)
        if level is None or region is None:
            if "level" not in raw and kind is None:
                self.problems.add("readiness-number", number.span, number=number.text)
            return None
        if held is None and "source" not in raw:
            self.problems.add("readiness-without-source", number.span, number=number.text)
        within = {whole.code for code in self.regions.issued_for(region) for whole in self.regions.wholes(code)}
        counts = self.regions.applies(region, self.region) or self.region in within
        executable = held is not None and bool(held.clauses or held.indicators) and not held.unverified
        return Serving(number.text, level, region, stage or "draft", tuple(each for each in covers if each), source, executable, counts)


def kind_of(number: str) -> tuple[str, str] | None:
    """(level, region) of a standard by its number: GB is mandatory and national, T/ a group's, DB31 one of Shanghai. None where it tells neither."""
    local = _LOCAL.match(number)
    if local is not None:
        return "local", f"CN-{local[1]}{'00' if len(local[1]) == 4 else ''}"
    return next(((level, region) for pattern, level, region in _NUMBERS if pattern.match(number)), None)


def _title(raw: Mapping[str, Scalar] | None) -> Title | None:
    return Title(raw["zh"].text, raw["en"].text) if raw else None
