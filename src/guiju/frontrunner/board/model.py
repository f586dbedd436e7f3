"""What boards are made of, and what they find. Nothing is computed here.

A band holds entries without an order: they are given by enterprise code, standard and edition, which means nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Literal, Protocol

from guiju.base.diagnostics import Diagnostic
from guiju.frontrunner.entity import DeclaredStandard, Enterprise
from guiju.frontrunner.scheme import Scheme
from guiju.ir.program import Program
from guiju.records.mapping import Mapping as ColumnMapping
from guiju.records.source import Source
from guiju.standard.model import Title

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Range = tuple[str, ...]
"""One word for each expression of the scheme's comparable range."""


class Library(Protocol):
    """What boards ask of a library of declared standards: read-only."""

    @property
    def connection(self) -> DuckDBPyConnection: ...
    @property
    def products(self) -> Source:
        """Columns product, enterprise, standard, edition, model, on_sale, and the declared values."""
        ...

    @property
    def mapping(self) -> ColumnMapping: ...
    @property
    def enterprises(self) -> Mapping[str, Enterprise]: ...
    @property
    def standards(self) -> Mapping[tuple[str, str], DeclaredStandard]: ...
    @property
    def hash(self) -> str: ...
    @property
    def illustrative(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Formed:
    """What the form check finds of a declared standard.

    barred    why it can be on no list; empty: it can
    quality   of its drafting, from 0 to 1
    findings  what was found, barring or not
    """

    barred: tuple[Title, ...]
    quality: Fraction
    findings: tuple[Title, ...] = ()


FormCheck = Callable[[DeclaredStandard, Scheme], Formed]


Reason = Literal[
    "standard", "not-theirs", "enterprise", "not-current", "form", "no-model", "not-on-sale", "scope", "scope-unknown", "range-unknown",
    "basic-failed", "basic-unknown",
]  # fmt: skip
"""Why a product is on no board at all: the first that holds, in this order."""
Apart = Literal["below", "missing", "not-applicable"]
"""Why a product is in no band of one indicator."""
Withheld = Literal["equal", "one", "none"]
"""Why a board is not published: all values are equal; there is one declared standard only; nobody reaches the lowest band."""


@dataclass(frozen=True, slots=True)
class Band:
    """Of one level. entries: declared standard × enterprise; models: products of theirs in it."""

    level: int
    entries: int
    models: int


@dataclass(frozen=True, slots=True)
class Reached:
    """A reference level of a board: the entries of which all models on the board reach it, and the models on it that do."""

    entries: int
    models: int


@dataclass(frozen=True, slots=True)
class Board:
    """One indicator in one comparable range.

    bands     1, 2, 3: the best first; an empty band is there too
    lines     where each level lies in this range, as text in the indicator's unit; None where that is not one number
    apart     products in no band, by reason
    withheld  why it is not published; None: it is. The bands are counted all the same, for the evaluation report
    low, high the smallest and the largest value on the board, as text in the indicator's unit; None where nobody is on it
    counts    how many products have a value in each of the steps of the distribution
    reached   domestic, international → who reaches that reference level; only those the scheme gives
    """

    range: Range
    indicator: str
    bands: tuple[Band, ...]
    lines: tuple[str | None, ...]
    apart: Mapping[str, int]
    withheld: Withheld | None
    low: str | None
    high: str | None
    counts: tuple[Step, ...]
    reached: Mapping[str, Reached]


@dataclass(frozen=True, slots=True)
class Step:
    """Of a distribution: values from `low` up to but not `high` (the last with it), and how many products have them."""

    low: str
    high: str
    models: int


@dataclass(frozen=True, slots=True)
class Entry:
    """A declared standard × enterprise in a band.

    models    names of the models, at most as many as were asked for; count: how many there are
    reached   reference → whether every model of these reaches it; None: not known
    """

    enterprise: str
    standard: str
    edition: str
    models: tuple[str, ...]
    count: int
    reached: Mapping[str, bool | None]


@dataclass(frozen=True, slots=True)
class Barred:
    """A product on no board, or in no band of an indicator.

    detail   clauses it fails or cannot show, what the form check says, or the input that is missing
    """

    product: str
    enterprise: str
    standard: str
    edition: str
    model: str
    reason: str
    detail: str


@dataclass(frozen=True, slots=True)
class Mandatory:
    """What products in scope show of a basic clause. It says what it says; standing on no board says nothing of conformity."""

    clause: str
    passed: int
    failed: int
    undetermined: int
    not_applicable: int


@dataclass(frozen=True, slots=True)
class Overall:
    """A declared standard × enterprise in a range, as a whole, over all of its models that are on boards.

    levels        indicator → the lowest level all of its models reach; 0: applies to none of them, 4: one is below the lowest level,
                  None: one has no value
    declared, asked   core and innovative indicators: declared of every model, and those that apply
    extra         declared values beyond what the scheme's standard asks
    completeness, advancement, drafting   from 0 to 1, exact
    score         of 100, exact
    shortlisted   why not is in `why`, empty where it is
    """

    range: Range
    enterprise: str
    standard: str
    edition: str
    models: int
    levels: Mapping[str, int | None]
    declared: int
    asked: int
    extra: int
    completeness: Fraction
    advancement: Fraction
    drafting: Fraction
    score: Fraction
    shortlisted: bool
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cited:
    """What boards were made from.

    form   how the form check was done: its name, or `none`
    """

    scheme: str
    scheme_hash: str
    standard: str
    edition: str
    standard_hash: str
    library: str
    snapshots: tuple[str, ...]
    engine: str
    on: date
    form: str


class Placed(Protocol):
    """Where every product stands: read as much as is asked for."""

    def entries(self, range_: Range, indicator: str, level: int, *, offset: int = 0, limit: int | None = None, models: int = 20) -> Sequence[Entry]:
        """Those of a band, by enterprise code, standard and edition, an order that means nothing."""
        ...

    def apart(self, range_: Range, indicator: str, *, offset: int = 0, limit: int | None = None) -> Sequence[Barred]:
        """Products of a range that are in no band of an indicator, with the reason."""
        ...

    def barred(self, *, offset: int = 0, limit: int | None = None) -> Sequence[Barred]:
        """Products that are on no board, with the reason."""
        ...

    def overall(self, range_: Range | None = None, *, offset: int = 0, limit: int | None = None) -> Sequence[Overall]: ...


@dataclass(frozen=True)
class Boards:
    """A board run.

    program    of the evaluation standard on the date, with what the scheme adds to it
    products   in the library: barred + on boards
    barred     reason → products on no board
    ranges     those that products on boards are in
    compared   declared standards × enterprises × ranges compared as a whole, and how many of them are shortlisted
    forms      declared standards the form check bars
    limits     indicator → the mandatory limit in its unit, where that is one number
    inputs, needs   those boards are made from; indicator → those its level is made of
    qualities  of drafting, that occur
    sha256     over where every product stands, and over the comparison as a whole
    placed     entries, products apart, and the comparison as a whole
    """

    scheme: Scheme
    program: Program
    cited: Cited
    illustrative: bool
    products: int
    barred: Mapping[str, int]
    mandatory: tuple[Mandatory, ...]
    ranges: tuple[Range, ...]
    boards: tuple[Board, ...]
    compared: int
    shortlisted: int
    sha256: Mapping[str, str]
    forms: Mapping[tuple[str, str], Formed]
    limits: Mapping[str, Fraction]
    inputs: tuple[str, ...]
    needs: Mapping[str, Sequence[str]]
    qualities: Sequence[Fraction]
    diagnostics: tuple[Diagnostic, ...]
    placed: Placed

    @property
    def hash(self) -> str:
        """sha256 of the canonical twin."""
        from guiju.frontrunner.board.twin import boards_json
        from guiju.store.canonical import canonical, digest

        return digest(canonical(boards_json(self)))

    @property
    def overall(self) -> Sequence[Overall]:
        return self.placed.overall()
