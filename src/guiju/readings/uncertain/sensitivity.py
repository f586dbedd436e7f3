"""Whose variance it is: of the numbers and margins of one record, by what is uncertain of it; of scores, by what real products differ in."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from guiju.ir.node import Node, Op, below
from guiju.ir.program import Program
from guiju.ir.values import Value
from guiju.metrology.array import Array
from guiju.metrology.sensitivity import LOG2, NETS, Indices, indices, refuse_correlated
from guiju.readings.evaluate import evaluate
from guiju.readings.uncertain.conforming import Uncertain
from guiju.readings.uncertain.linear import Propagation
from guiju.readings.uncertain.sampled import Many, Sampler, drawn_from
from guiju.readings.uncertain.stated import Spread, Stated


def sensitivities(found: Uncertain, *, seed: int = 1, nets: int = NETS, log2: int = LOG2) -> dict[str, Indices]:
    """Of the margin of each clause that has one, and of every quantity; empty where nothing is uncertain.

    raises   Refused: sensitivity-correlated
    """
    stated = found.stated
    refuse_correlated(stated.matrix())
    nodes = {c.meaning.no: c.margin.node for c in found.clauses if c.margin is not None} | {q.name: q.linear.node for q in found.quantities}
    if not nodes or not stated.spreads:
        return {}
    propagation = Propagation(found.program, found.evaluation, stated)
    values = {**propagation.values, **{node.index: propagation.value(node) for node in below(list(nodes.values()))}}
    sampler = Sampler(found.program, stated, values, list(nodes.values()))

    def at(uniform: Array) -> dict[str, Array]:
        return _numbers(sampler.given(drawn_from(stated, uniform)), nodes, uniform.shape[1])

    return indices(at, [(name, 1) for name in stated.names], seed=seed, nets=nets, log2=log2)


def score_sensitivities(program: Program, scores: Mapping[str, Node], records: Sequence[tuple[Mapping[str, Value], int]], *, seed: int = 1,
                        nets: int = NETS, log2: int = LOG2) -> dict[str, Indices]:  # fmt: skip
    """Of scores, by inputs: each input is as it is among the records, drawn independently of the others.

    records   with how many products each stands for
    """
    asked = {str(node.value) for node in below(list(scores.values())) if node.op is Op.INPUT}
    columns = {name: _column(name, records) for name in program.used_inputs if name in asked}
    varying = {name: column for name, column in columns.items() if column is not None}
    if not varying:
        return {}
    first = records[0][0]
    # What does not vary is as in every record; what does is moved, whatever its kind.
    stated = Stated(first, dict.fromkeys(varying, Spread(Fraction(1))))
    evaluation = evaluate(program, first)
    propagation = Propagation(program, evaluation, stated)
    sampler = Sampler(program, stated, propagation.values, list(scores.values()))

    def at(uniform: Array) -> dict[str, Array]:
        inputs = {name: _drawn(varying[name], uniform[at]) for at, name in enumerate(varying)}
        return _numbers(sampler.given(inputs), scores, uniform.shape[1])

    return indices(at, [(name, 1) for name in varying], seed=seed, nets=nets, log2=log2)


def _column(name: str, records: Sequence[tuple[Mapping[str, Value], int]]) -> tuple[Any, Array] | None:
    """The different values of an input, in order, and up to which share each goes; None where there is one, or some record lacks it."""
    counts: dict[Value, int] = {}
    for record, count in records:
        if name not in record:
            return None
        counts[record[name]] = counts.get(record[name], 0) + count
    if len(counts) < 2:
        return None
    values = sorted(counts, key=lambda value: (str(type(value)), value))
    numbers = all(isinstance(value, Fraction) for value in values)
    made = np.array([float(value) if isinstance(value, Fraction) else value for value in values], dtype=np.float64 if numbers else object)
    return made, np.cumsum([counts[value] for value in values]) / sum(counts.values())


def _drawn(column: tuple[Any, Array], uniform: Array) -> Any:
    values, ends = column
    return values[np.minimum(np.searchsorted(ends, uniform, side="left"), len(values) - 1)]


def _numbers(found: Mapping[int, Many], nodes: Mapping[str, Node], count: int) -> dict[str, Array]:
    """The numbers asked for; NaN where one has no value."""
    made = {}
    for name, node in nodes.items():
        value, known = found[node.index]
        made[name] = np.where(np.broadcast_to(known, (count,)), np.broadcast_to(np.asarray(value, dtype=np.float64), (count,)), math.nan)
    return made
