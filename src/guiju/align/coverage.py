"""Coverage: which features products have that no clause asks, and which properties clauses ask that no product has a value of.

A feature on which products differ widely and nobody asks is a candidate for a standard; a property that is asked and never known cannot be
judged. What a column holds is told by the mapping, or by a header that spells a property of the dictionary; where it holds none, its values
are looked at all the same. Counted are models; the value of a model is the median of its variants, or the word most of them have.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from guiju.align.population import Population, refused
from guiju.ir.node import Node, Op, below
from guiju.ir.program import Program
from guiju.records.cells import MISSING_WORDS
from guiju.records.headers import parse_header
from guiju.records.likeness import SAME_WORDS, named_properties
from guiju.records.mapping import found_column
from guiju.records.source import Column, identifier, literal
from guiju.standard.dictionary import Dictionary
from guiju.standard.model import Title

KINDS_MAX = 12
"""A column of words with more different ones names things, and is no feature."""
_NUMBERS_LEAST = 0.95


@dataclass(frozen=True, slots=True)
class Bounds:
    """least     models that must have a value before a feature can be a candidate
    spread    and how widely its numbers must differ: from the 10 % to the 90 % quantile, as a share of the median
    common    or, of words, the greatest share the commonest may have
    """

    least: int = 30
    spread: float = 0.25
    common: float = 0.9

    def __post_init__(self) -> None:
        if self.least < 1 or self.spread < 0 or not 0 < self.common <= 1:
            raise refused("coverage-bounds", least=self.least, spread=self.spread, common=self.common)


@dataclass(frozen=True, slots=True, order=True)
class Ask:
    """A clause or indicator that asks a property, or goes by it.

    how   asks: what it requires depends on it; condition: only whether it applies does
    """

    standard: str
    region: str
    no: str
    how: Literal["asks", "condition"]


@dataclass(frozen=True, slots=True)
class Feature:
    """A column of the records.

    property_id the id it holds a value of; None: of none in the dictionary
    models      that have a value
    distinct    different values among them
    quantiles   of numbers, at 10, 50 and 90 %, as found in the column
    common      of words, the share of the commonest
    is_name     it names the model or the record, or holds too many words to be a feature
    kin         properties that are asked and are the same quantity over another test cycle or at another metering point
    """

    column: str
    property_id: str | None
    title: Title
    models: int
    distinct: int
    quantiles: tuple[float, float, float] | None
    common: float | None
    is_name: bool
    asks: tuple[Ask, ...]
    kin: tuple[str, ...]
    is_candidate: bool

    @property
    def spread(self) -> float | None:
        """How widely its numbers differ; None of words, and where the median is 0."""
        if self.quantiles is None or not self.quantiles[1]:
            return None
        low, median, high = self.quantiles
        return (high - low) / abs(median)

    @property
    def is_asked(self) -> bool:
        return any(ask.how == "asks" for ask in self.asks)


@dataclass(frozen=True, slots=True)
class Unserved:
    """A property that clauses ask and no column holds.

    assumed   the one value the mapping puts in for every record
    """

    property_id: str
    title: Title
    asks: tuple[Ask, ...]
    assumed: str | None


@dataclass(frozen=True, slots=True)
class Coverage:
    population: Population
    programs: tuple[Program, ...]
    bounds: Bounds
    features: tuple[Feature, ...]
    unserved: tuple[Unserved, ...]

    @property
    def candidates(self) -> tuple[Feature, ...]:
        return tuple(each for each in self.features if each.is_candidate)


def coverage(found: Population, programs: Sequence[Program], dictionary: Dictionary, bounds: Bounds) -> Coverage:
    """Features against clauses: candidates first, the widest spread at their head; then the columns that are asked, and the rest."""
    asked = _asked(programs)
    held, constants = _held(found, programs, dictionary)
    features = [_feature(found, column, held.get(column.name), asked, dictionary, bounds) for column in found.source.columns]
    features.sort(key=lambda f: (not f.is_candidate, not f.asks, f.is_name, -(f.spread or 0), f.column))
    unserved = []
    for id_, asks in sorted(asked.items()):
        required = tuple(ask for ask in asks if ask.how == "asks")
        if required and id_ not in held.values():
            unserved.append(Unserved(id_, _title(dictionary, id_, id_), required, constants.get(id_)))
    return Coverage(found, tuple(programs), bounds, tuple(features), tuple(unserved))


def _title(dictionary: Dictionary, id_: str | None, otherwise: str) -> Title:
    known = dictionary.get(id_) if id_ else None
    return Title(known.zh, known.en) if known else Title(otherwise, otherwise)


def _asked(programs: Sequence[Program]) -> dict[str, tuple[Ask, ...]]:
    """Property → the clauses and indicators that ask it; of a clause in many scenarios its own number, once."""
    found: dict[str, set[Ask]] = {}

    def note(program: Program, no: str, how: Literal["asks", "condition"], nodes: list[Node]) -> None:
        for node in below(nodes):
            if node.op is Op.INPUT:
                ask = Ask(program.standard.number, program.standard.region, no, how)
                found.setdefault(program.inputs[str(node.value)].property_id, set()).add(ask)

    for program in programs:
        for clause in program.clauses:
            no = clause.clause.authored.no if clause.clause.authored else clause.no
            note(program, no, "asks", [clause.requires])
            note(program, no, "condition", [clause.applies])
        for each in program.indicators:
            note(program, each.indicator.name, "asks", [each.value, each.level])
            note(program, each.indicator.name, "condition", [each.applies])
        for aggregate in program.aggregates:
            note(program, aggregate.name, "asks", list(aggregate.nodes))
    return {id_: tuple(sorted(a for a in asks if a.how == "asks" or replace(a, how="asks") not in asks)) for id_, asks in found.items()}


def _held(found: Population, programs: Sequence[Program], dictionary: Dictionary) -> tuple[dict[str, str], dict[str, str]]:
    """Column → the property it holds, by the mapping or else by its header; and property → the one value the mapping puts in for every record."""
    by_input = {asked.name: asked.property_id for program in programs for asked in program.inputs.values()}
    held: dict[str, str] = {}
    constants: dict[str, str] = {}
    for name, entry in found.mapping.inputs.items():
        id_ = entry.is_ or (name if name in dictionary else by_input.get(name))
        column = found_column(entry.column, found.source.columns) if entry.column is not None else None
        if id_ is not None and column is not None:
            held[column.name] = id_
        elif id_ is not None and entry.constant is not None:
            constants[id_] = entry.constant
    for column in (column for column in found.source.columns if column.name not in held):
        named = named_properties(parse_header(column.name), dictionary)
        if named and named[0][0] >= SAME_WORDS:
            held[column.name] = named[0][1].id
    return held, constants


def _feature(
    found: Population, column: Column, property_: str | None, asked: Mapping[str, tuple[Ask, ...]], dictionary: Dictionary, bounds: Bounds
) -> Feature:
    cell = f"CAST(r.{identifier(column.at)} AS VARCHAR)"
    nothing = ", ".join(literal(word) for word in sorted(MISSING_WORDS))
    found.connection.execute(
        f"CREATE OR REPLACE TEMP TABLE cells AS SELECT model, word, TRY_CAST(word AS DOUBLE) AS number FROM (SELECT m.model, trim({cell}) AS word "
        f"FROM {identifier(found.source.table)} r JOIN models m USING (row)) WHERE word IS NOT NULL AND lower(word) NOT IN ({nothing})"
    )
    ((cells, numbers),) = found.connection.execute("SELECT count(*), count(number) FILTER (isfinite(number)) FROM cells").fetchall()
    is_number = bool(cells) and numbers >= _NUMBERS_LEAST * cells
    value = "median(number) FILTER (isfinite(number))" if is_number else "min(word) FILTER (times = most)"
    of = "cells" if is_number else (
        "(SELECT *, max(times) OVER (PARTITION BY model) AS most FROM (SELECT model, word, count(*) AS times FROM cells GROUP BY ALL))"
    )  # fmt: skip
    found.connection.execute(f"CREATE OR REPLACE TEMP TABLE values_of AS SELECT model, {value} AS value FROM {of} GROUP BY model")
    quantiles = "quantile_cont(value, [0.1, 0.5, 0.9])" if is_number else "NULL"
    models, distinct, places = found.connection.execute(f"SELECT count(value), count(DISTINCT value), {quantiles} FROM values_of").fetchall()[0]
    most = found.connection.execute("SELECT count(*) FROM values_of WHERE value IS NOT NULL GROUP BY value ORDER BY 1 DESC LIMIT 1").fetchall()
    common = None if is_number or not models else most[0][0] / models
    is_name = column.name in (*found.named, found.mapping.key) or (not is_number and distinct > KINDS_MAX)
    held = tuple(places) if is_number and models else None
    made = Feature(
        column.name, property_, _title(dictionary, property_, column.name), int(models), int(distinct), held, common, is_name,
        asked.get(property_ or "", ()), _kin(property_, asked, dictionary), False,
    )  # fmt: skip
    differs = (made.spread or 0) >= bounds.spread if is_number else distinct > 1 and common is not None and common <= bounds.common
    is_candidate = not made.asks and not made.kin and not is_name and models >= bounds.least and differs
    return replace(made, is_candidate=is_candidate)


def _kin(property_: str | None, asked: Mapping[str, tuple[Ask, ...]], dictionary: Dictionary) -> tuple[str, ...]:
    """What is asked of the same quantity on another basis: nev.range.cltc of nev.range.wltp."""
    own = dictionary.get(property_) if property_ else None
    if own is None or own.basis is None or property_ in asked:
        return ()
    others = (dictionary[id_] for id_ in asked if id_ in dictionary)
    return tuple(sorted(o.id for o in others if o.basis and o.kind == own.kind and o.id.split(".")[:2] == own.id.split(".")[:2]))
