"""Asked: what commands, pages and programs ask of a population alike, as texts; answered with a proposal and who stands where by it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from guiju.base.diagnostics import Diagnostic, Problems
from guiju.base.rounding import parse_number
from guiju.base.units import Unit
from guiju.frontrunner.authoring.capability import Capability, given_limit, measured_limit, quantity
from guiju.frontrunner.authoring.preview import Standing, in_force, standing
from guiju.frontrunner.authoring.proposal import METHODS, TOWARDS, Proposal, Question, propose
from guiju.frontrunner.authoring.sample import DIFFERENT_MAX, Headers, Sample, indicator_of, property_of, sample_of
from guiju.ir.program import Program
from guiju.records.bulk import mapping_of, programs
from guiju.records.read import read_table
from guiju.records.source import Source
from guiju.standard.shape import did_you_mean
from guiju.standard.shelf import Shelf

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

IN_FORCE = "in-force"
KNOWN: dict[str, tuple[str, ...]] = {
    "enterprise": ("enterprise", "企业", "企业名称", "生产企业"),
    "within": ("within", "可比范围"),
    "price": ("price", "价格"),
    "sales": ("sales", "销量", "年销量"),
    "on_sale": ("on_sale", "上市日期", "上市时间", "published"),
    "brand": ("brand", "品牌"),
}
"""Headers that are taken to be these columns where no others are named; what is taken is told with the answer."""


@dataclass(frozen=True, slots=True)
class Asked:
    """All as written. national: a value, or `CLAUSE of STANDARD`; against: `in-force`, or thresholds; precision: (name, content)

    measured   (property, unit) → R, from a result of the store, instead of `R` and `precision`
    """

    standard: str
    indicator: str
    method: str = "quantiles"
    shares: str = "10,40,80"
    values: str = ""
    levels: int = 3
    decimals: str = ""
    toward: str = "inward"
    national: str = ""
    R: str = ""
    precision: tuple[str, bytes] | None = field(default=None, repr=False)
    only: str = ""
    against: str = ""
    headers: Headers = field(default_factory=Headers)
    on: date | None = None
    illustrative: bool = False
    measured: Callable[[str, Unit], Capability] | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Answer:
    """standing   by the proposal; against: by what it is compared with, None where with nothing"""

    proposal: Proposal
    standing: Standing
    against: Standing | None

    @property
    def sample(self) -> Sample:
        return self.proposal.sample

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        return (*self.sample.diagnostics, *self.proposal.diagnostics)


Bring = Callable[["DuckDBPyConnection"], tuple[Source, Path | None]]
"""Reads records into the relation `records` of a connection; and the mapping file they came with."""


def from_file(records: Path, mapping: Path | None, sheet: str | None = None) -> Bring:
    return lambda connection: (read_table(records, connection, "records", sheet=sheet), mapping)


def answered(shelf: Shelf, bring: Bring, asked: Asked, most: int = DIFFERENT_MAX) -> Answer:
    """The proposal that is asked for.

    most     different records that are evaluated
    raises   Refused: everything wrong in the standard, the file, the mapping or the question
    """
    sample, national = population(shelf, bring, asked, most)
    question = question_of(asked, sample.unit, national, property_of(sample.program, sample.indicator))
    made = propose(sample, question)
    return Answer(made, standing(sample, made.thresholds), compared_with(asked.against, sample))


def population(shelf: Shelf, bring: Bring, asked: Asked, most: int = DIFFERENT_MAX) -> tuple[Sample, Fraction | None]:
    """The population that is asked about, and the national limit in the unit of its indicator.

    raises   Refused
    """
    import duckdb

    (program,) = programs(shelf, [asked.standard], asked.on)
    unit = indicator_of(program, asked.indicator).value.type.unit
    clause = _clause(shelf, asked.national, asked.on)
    found = [program, clause[0]] if clause and clause[0].standard.number != program.standard.number else [program]
    with duckdb.connect() as connection:
        source, mapping = bring(connection)
        used, suggestion = mapping_of(shelf, found, source, mapping)
        sample = sample_of(
            connection, program, asked.indicator, source, used, headers_of(source, asked.headers), only=asked.only, national=clause,
            illustrative=asked.illustrative, most=most,
        )  # fmt: skip
    if suggestion is not None:
        sample = replace(sample, diagnostics=(*suggestion.diagnostics, *sample.diagnostics))
    value = sample.national if clause else quantity(asked.national, unit, "national") if asked.national.strip() else None
    return sample, value


def _clause(shelf: Shelf, text: str, on: date | None) -> tuple[Program, str] | None:
    """The standard and clause of `R1 of GB 36980.1-2025`; None where the text is no such thing."""
    found = re.fullmatch(r"\s*(.+?)\s+of\s+(.+?)\s*", text)
    return None if found is None else (programs(shelf, [found[2]], on)[0], found[1])


def headers_of(source: Source, given: Headers) -> Headers:
    """The headers given, and for the others those known by their words, units in brackets apart."""
    bare = {re.sub(r"\s*[(（\[].*$", "", each.name).strip().casefold(): each.name for each in reversed(source.columns)}
    known = {name: next((bare[word] for word in words if word in bare), "") for name, words in KNOWN.items()}
    return Headers(**{each.name: getattr(given, each.name) or known[each.name] for each in fields(Headers)})


def question_of(asked: Asked, unit: Unit, national: Fraction | None, property_: str = "") -> Question:
    """The question as numbers. property_: what the indicator grades

    raises   Refused: unknown-word, authoring-shares, authoring-amount, authoring-precision
    """
    problems = Problems()
    for word, known in ((asked.method, METHODS), (asked.toward, TOWARDS)):
        if word not in known:
            problems.add("unknown-word", None, word=word, known=", ".join(known), **did_you_mean(word, list(known), listed=True))
    shares = [parse_number(each.strip().removesuffix("%")) for each in asked.shares.split(",")] if asked.method in ("quantiles", "market") else []
    if None in shares:
        problems.add("authoring-shares", None, text=asked.shares)
    decimals = parse_number(asked.decimals) if asked.decimals.strip() else None
    if asked.decimals.strip() and (decimals is None or decimals.denominator != 1 or not 0 <= decimals <= 9):
        problems.add("authoring-amount", None, text=asked.decimals, what="decimals", unit="0–9")
    problems.refuse_errors()
    return Question(
        next(m for m in METHODS if m == asked.method), asked.levels, tuple(each / 100 for each in shares if each is not None),
        thresholds_of(asked.values, unit) if asked.method == "given" else (), None if decimals is None else int(decimals),
        next(t for t in TOWARDS if t == asked.toward), national, capability_of(asked, unit, property_),
    )  # fmt: skip


def thresholds_of(text: str, unit: Unit, what: str = "values") -> tuple[Fraction, ...]:
    """Thresholds written one after another with commas, each with its unit or in that of the indicator. what: the field they are of

    raises   Refused: authoring-amount
    """
    return tuple(quantity(each, unit, what) for each in text.split(",") if each.strip())


def capability_of(asked: Asked, unit: Unit, property_: str = "") -> Capability | None:
    if asked.measured is not None:
        return asked.measured(property_, unit)
    if asked.precision is not None:
        return measured_limit(asked.precision[1], asked.precision[0], unit)
    return given_limit(asked.R, unit) if asked.R.strip() else None


def compared_with(text: str, sample: Sample) -> Standing | None:
    """Where the products stand by what a proposal is compared with: the edition in force, or other thresholds.

    raises   Refused: authoring-amount, authoring-values, authoring-meet
    """
    if not text.strip():
        return None
    if text.strip() == IN_FORCE:
        return in_force(sample)
    return standing(sample, ordered(sample, thresholds_of(text, sample.unit, "against")))


def ordered(sample: Sample, thresholds: Sequence[Fraction]) -> tuple[Fraction, ...]:
    """Thresholds that get looser from one to the next.

    raises   Refused: authoring-values, authoring-meet
    """
    return propose(sample, Question("given", values=tuple(thresholds))).thresholds
