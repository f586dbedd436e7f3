"""Standard: what the author wrote, as frozen dataclasses; expressions parsed, names not yet resolved."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from typing import Any, Literal

from guiju.base.diagnostics import Language, Span
from guiju.base.units import Unit
from guiju.standard.document import Item, Scalar
from guiju.standard.expression import Expr, Name


def _given(*parts: Expr | None) -> list[Expr]:
    return [part for part in parts if part is not None]


@dataclass(frozen=True, slots=True)
class Title:
    zh: str
    en: str

    def text(self, language: Language) -> str:
        return self.zh if language == "zh" else self.en


@dataclass(frozen=True, slots=True)
class Source:
    id: str
    title: str
    address: str | None
    """None only for what was derived here, which says why."""
    grade: str
    """A text of the clause seen · B quoted by a third party · C derived · D sources conflict · illustrative: ours."""
    read: date | None
    why: Title | None
    span: Span


@dataclass(frozen=True, slots=True)
class Transition:
    until: date
    title: Title
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Relation:
    kind: str
    target: str
    edition: str | None
    """None: an undated reference."""
    span: Span


@dataclass(frozen=True, slots=True)
class Use:
    alias: str
    number: str
    span: Span


@dataclass(frozen=True, slots=True)
class Input:
    name: str
    is_: str
    kind: Literal["number", "boolean", "category", "date", "identifier", "time"]
    unit: Unit | None
    decimals: int | None
    minimum: Fraction | None
    maximum: Fraction | None
    values: tuple[str, ...]
    zh: str
    en: str
    basis: tuple[str, str] | None
    span: Span
    labels: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    rising: bool = False
    """Of a category: its values are written from low to high, and can be compared."""
    per_scenario: bool = False
    of: str | None = None
    """The set of children it is measured on."""
    zone: timedelta | None = None
    """Of a time: in which one without an offset is read, and days are counted."""

    @property
    def property_id(self) -> str:
        """The id in the dictionary; `is_` of an unrolled input also names its scenario and child."""
        return re.split("[@#]", self.is_, maxsplit=1)[0]

    @property
    def authored_name(self) -> str:
        """The name the author gave it, without scenario and child."""
        return re.split("[@#]", self.name, maxsplit=1)[0]

    @property
    def is_unrolled(self) -> bool:
        """Whether it stands for one scenario or child of what the author declared, or for the number of children."""
        return self.property_id != self.is_

    @property
    def grid(self) -> Fraction:
        return Fraction(1, 10 ** (self.decimals or 0))

    def title(self, language: Language) -> str:
        return self.zh if language == "zh" else self.en

    @property
    def unit_text(self) -> str:
        """Its unit as people read it; empty of a pure number, and of what is no number."""
        return self.unit.shown if self.unit is not None else ""

    def with_unit(self, text: str) -> str:
        """A value of it as text, with the unit after it."""
        return f"{text} {self.unit_text}" if self.unit_text else text

    def heading(self, language: Language) -> str:
        """The title with the unit, such as over a column or along an axis: mass / kg, speed / (km/h)."""
        unit = f"({self.unit_text})" if "/" in self.unit_text else self.unit_text
        return f"{self.title(language)} / {unit}" if unit else self.title(language)


@dataclass(frozen=True, slots=True)
class Correction:
    """The other reading of a text believed wrong."""

    other: Any
    """The same `Clause`, `Row` or `Dated` value by the other reading."""
    reason: Title
    sources: tuple[str, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Scenarios:
    """The application scenarios in which requirements hold: values of a category property."""

    is_: str
    labels: Mapping[str, Title]
    span: Span


@dataclass(frozen=True, slots=True)
class Children:
    """A set of like things that a record has: samples, runs, positions."""

    name: str
    title: Title
    least: int
    most: int
    span: Span

    @property
    def count(self) -> str:
        """The input that says how many there are, where the number is not fixed."""
        return f"{self.name}#count"


@dataclass(frozen=True, slots=True)
class Dated:
    since: date | None
    """None: always."""
    value: Expr
    sources: tuple[str, ...]
    span: Span
    corrected: Correction | None = None


@dataclass(frozen=True, slots=True)
class Parameter:
    name: str
    title: Title | None
    unit: Unit
    values: tuple[Dated, ...]
    span: Span
    unverified: Title | None = None
    """Why its value is not known yet; then it has none, and what rests on it stays undetermined."""

    @property
    def parts(self) -> list[Expr]:
        return [each.value for each in self.values]

    @property
    def unverified_reason(self) -> str:
        """What an unknown value says of it; explanations put it in words."""
        return f"unverified parameter {self.name}"


@dataclass(frozen=True, slots=True)
class Row:
    lower: tuple[Expr, bool] | None
    """(bound, whether the bound itself belongs to the row); None: open, or where the row above ends."""
    upper: tuple[Expr, bool] | None
    key: Scalar | None
    at: Expr | None
    value: Expr
    sources: tuple[str, ...]
    span: Span
    corrected: Correction | None = None


@dataclass(frozen=True, slots=True)
class Table:
    name: str
    title: Title | None
    of: Expr
    kind: str
    unit: Unit
    numeric: Mapping[str, Expr]
    rows: tuple[Row, ...]
    jumps: tuple[Expr, ...]
    outside: str
    sources: tuple[str, ...]
    span: Span

    @property
    def parts(self) -> list[Expr]:
        ends = [end[0] for row in self.rows for end in (row.lower, row.upper) if end]
        return _given(self.of, *self.numeric.values(), *(row.value for row in self.rows), *ends, *(row.at for row in self.rows), *self.jumps)


@dataclass(frozen=True, slots=True)
class Formula:
    name: str
    title: Title | None
    unit: Unit | None
    """None: it gives a date or a category."""
    formula: Expr
    sources: tuple[str, ...]
    span: Span

    @property
    def parts(self) -> list[Expr]:
        return [self.formula]


@dataclass(frozen=True, slots=True)
class Condition:
    expr: Expr
    title: Title | None
    sources: tuple[str, ...]

    @property
    def parts(self) -> list[Expr]:
        return [self.expr]


@dataclass(frozen=True, slots=True)
class Relief:
    """An exemption (requires is None) or another requirement where the condition holds."""

    when: Expr
    requires: Expr | None
    title: Title | None
    sources: tuple[str, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Clause:
    no: str
    title: Title
    strength: Literal["shall", "should"]
    requires: Expr
    when: Expr | None
    reliefs: tuple[Relief, ...]
    rounded: Expr | None
    """The rounding interval of the rounded-value comparison; None: full-value comparison."""
    method: str | None
    sources: tuple[str, ...]
    disputed: Title | None
    span: Span
    scenarios: tuple[Scalar, ...] = ()
    """The scenarios it holds in; empty: all."""
    authored: Clause | None = None
    """The clause this one was unrolled from."""
    corrected: Correction | None = None

    @property
    def parts(self) -> list[Expr]:
        return _given(self.requires, self.when, self.rounded, *(part for relief in self.reliefs for part in (relief.when, relief.requires)))


@dataclass(frozen=True, slots=True)
class Indicator:
    no: str
    name: str
    title: Title
    kind: str
    value: Expr
    better: str
    levels: tuple[tuple[str, Expr], ...]
    """(level, its limit), best first; levels are the numbers 1, 2, 3…"""
    when: Expr | None
    sources: tuple[str, ...]
    disputed: Title | None
    span: Span

    @property
    def parts(self) -> list[Expr]:
        return _given(self.value, *(limit for _, limit in self.levels), self.when)


@dataclass(frozen=True, slots=True)
class Score:
    name: str
    title: Title
    weights: tuple[tuple[Scalar, Fraction], ...]
    points: Mapping[str, Fraction]
    """Points of each level, and of 'none': no level reached."""
    not_applicable: str
    sources: tuple[str, ...]
    span: Span

    @property
    def parts(self) -> list[Expr]:
        return [Name(key.text, None, key.span) for key, _ in self.weights]


@dataclass(frozen=True, slots=True)
class Grade:
    grade: str
    when: Expr | None
    span: Span


@dataclass(frozen=True, slots=True)
class Grading:
    name: str
    title: Title
    grades: tuple[Grade, ...]
    sources: tuple[str, ...]
    span: Span

    @property
    def parts(self) -> list[Expr]:
        return _given(*(each.when for each in self.grades))


@dataclass(frozen=True, slots=True)
class Aggregate:
    """Records, or the groups of another aggregate, brought together by their keys."""

    name: str
    title: Title
    of: str | None
    """None: records."""
    by: tuple[Name, ...]
    where: Expr | None
    order: tuple[Name, ...]
    first: int | None
    """Of each group only so many count, in the order given."""
    sums: tuple[tuple[Scalar, Expr], ...]
    caps: tuple[tuple[Scalar, Expr], ...]
    undetermined: str
    """exclude or refuse; '' where it is of another aggregate, which has settled it."""
    sources: tuple[str, ...]
    span: Span

    @property
    def parts(self) -> list[Expr]:
        """What it asks of a record, which is nothing where it is of another aggregate, and its caps."""
        asked = _given(*self.by, *self.order, self.where, *(value for _, value in self.sums)) if self.of is None else []
        return [*asked, *(cap for _, cap in self.caps)]


@dataclass(frozen=True, slots=True)
class Best:
    """How many of a population are in: the best share of its members, or the best so many."""

    name: str
    share: Fraction | None
    count: int | None
    span: Span

    def places(self, members: int) -> int:
        """How many may be in, of so many members."""
        return int(self.share * members) if self.share is not None else min(self.count or 0, members)


@dataclass(frozen=True, slots=True)
class Population:
    """A ranking of records within comparable ranges; where a threshold lies is fixed by a snapshot, never by the record judged."""

    name: str
    title: Title
    of: Expr
    better: str
    within: tuple[Expr, ...]
    """Categories that together name the comparable range; none: all records are one range."""
    where: Expr | None
    min_count: int
    ties: str
    """all: everyone equal to the last one counted is in; none: then nobody equal to it is."""
    best: tuple[Best, ...]
    sources: tuple[str, ...]
    span: Span

    @property
    def parts(self) -> list[Expr]:
        return _given(self.of, *self.within, self.where)


Declaration = Parameter | Table | Formula | Condition | Clause | Indicator | Score | Grading | Aggregate | Population
"""What is made of expressions; its `parts` are all of them, as it is read."""


@dataclass(frozen=True, slots=True)
class Example:
    name: Title
    on: date | None
    given: Mapping[str, Item]
    expect: Mapping[str, tuple[Scalar, tuple[Scalar, ...]]]
    """name → (the key as written, the values expected: one, or a list for `missing`)."""
    span: Span
    keys: Mapping[str, Span] = field(default_factory=dict)
    """Where the names of what is given are written."""
    corrected: Scalar | None = None
    """Judged by the text as corrected, not as written."""


@dataclass(frozen=True, slots=True)
class Layer:
    """An amendment, in force from a day."""

    since: date
    number: str
    title: Title
    sources: tuple[str, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Origin:
    """Which standard, and which amendment of it, something was written in."""

    number: str
    layer: str | None = None
    since: date | None = None

    def text(self, language: Language) -> str:
        if self.layer is None:
            return self.number
        since = f"{self.since} 起" if language == "zh" else f"since {self.since}"
        return f"{self.number} {self.layer}（{since}）" if language == "zh" else f"{self.number} {self.layer} ({since})"


@dataclass(frozen=True, slots=True)
class Series:
    """What a general standard says of its parts."""

    parts: Mapping[str, tuple[Scalar, Title]]
    each: tuple[Scalar, ...]
    """What every part must define: names, and numbers of clauses."""


@dataclass(frozen=True, slots=True)
class Standard:
    number: str
    edition: str
    title: Title
    level: str
    region: str
    status: str
    published: date | None
    effective: date | None
    withdrawn: date | None
    transitions: tuple[Transition, ...]
    relations: tuple[Relation, ...]
    sources: Mapping[str, Source]
    subject: tuple[str, Title]
    uses: Mapping[str, Use]
    inputs: Mapping[str, Input]
    parameters: Mapping[str, Parameter]
    tables: Mapping[str, Table]
    formulas: Mapping[str, Formula]
    scope: Condition | None
    clauses: Mapping[str, Clause]
    indicators: Mapping[str, Indicator]
    scores: Mapping[str, Score]
    gradings: Mapping[str, Grading]
    left_out: tuple[Title, ...]
    examples: tuple[Example, ...]
    file: str
    span: Span
    aggregates: Mapping[str, Aggregate] = field(default_factory=dict)
    broken: frozenset[str] = frozenset()
    """Names whose declaration is malformed, which is reported; what refers to them is not reported again."""
    content_hash: str = ""
    """Of what is written and of all it rests on (see `standard.content`)."""
    based_on: Use | None = None
    layers: tuple[Layer, ...] = ()
    """All amendments, of what it is based on too, in force or not."""
    origins: Mapping[str, Origin] = field(default_factory=dict)
    """Name, `[clause]` or `source s1` → where it was written; empty where the standard is based on nothing and never amended."""
    period: tuple[date | None, date | None] = (None, None)
    """The days between which it reads so: the first, and the first on which an amendment changes it."""
    stated_date: date | None = None
    """The day it takes effect, else is published, else was last read by its author; of a profile, whatever its base says."""
    corrected: bool = False
    """Read as corrected, where a text is believed wrong; otherwise as written."""
    part: Scalar | None = None
    series: Series | None = None
    scenarios: Scenarios | None = None
    children: Mapping[str, Children] = field(default_factory=dict)
    families: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Of an unrolled standard: a clause as a whole, and `overall@scenario` → the clauses they are made of."""
    rolled: Standard | None = None
    """Of an unrolled standard: the one the author wrote."""

    @property
    def default_date(self) -> date:
        """The day it is read as of where nobody says."""
        return self.stated_date or date.today()

    @property
    def authored(self) -> Standard:
        """The standard as its author wrote it, with scenarios and children not unrolled."""
        return self.rolled or self

    factors: tuple[str, ...] = ()
    """name=value of every factor its parameters refer to: they are written elsewhere, but its results rest on them."""
    populations: Mapping[str, Population] = field(default_factory=dict)

    @property
    def parts(self) -> list[Expr]:
        """Every expression, as it is read."""
        groups: tuple[Mapping[str, Declaration], ...] = (
            self.parameters, self.tables, self.formulas, self.indicators, self.scores, self.gradings, self.clauses, self.populations, self.aggregates
        )  # fmt: skip
        return [*(self.scope.parts if self.scope else ()), *(part for group in groups for each in group.values() for part in each.parts)]

    @property
    def label(self) -> str:
        return self.number

    @property
    def unverified(self) -> tuple[Parameter, ...]:
        """Parameters without a value: a standard that has any is a template."""
        return tuple(p for p in self.parameters.values() if p.unverified)
