"""A population ranked exactly and slowly, in plain Python: what the snapshot of the DuckDB reading must be equal to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from hashlib import sha256

from guiju.ir.population import PopulationMeaning
from guiju.ir.program import Program
from guiju.ir.snapshot import Key, Range, Ranking, Threshold
from guiju.ir.values import Unknown, Value
from guiju.readings.evaluate import evaluate
from guiju.readings.population import ranking_of
from guiju.standard.model import Best, Population


def rank_exactly(program: Program, records: Sequence[Mapping[str, Value]]) -> dict[str, Ranking]:
    return {meaning.name: _ranking(program, meaning, records) for meaning in program.populations}


def _ranking(program: Program, meaning: PopulationMeaning, records: Sequence[Mapping[str, Value]]) -> Ranking:
    alone = ranking_of(program)
    members: dict[Key, list[Fraction]] = {}
    others: dict[Key | None, list[int]] = {}
    for record in records:
        found = evaluate(alone, record)
        words, x, belongs = [found.of(n) for n in meaning.within], found.of(meaning.of), found.of(meaning.belongs)
        key = None if any(isinstance(w, Unknown) for w in words) else tuple(str(w) for w in words)
        if belongs is True and key is not None and isinstance(x, Fraction):
            members.setdefault(key, []).append(x)
        else:
            others.setdefault(key, [0, 0])[belongs is not False] += 1
    population = meaning.population
    ranges = {}
    for key in {*members, *(k for k in others if k is not None)}:
        values = sorted(members.get(key, ()), reverse=population.better == "higher")
        outside, undetermined = others.get(key, (0, 0))
        best = {b.name: _threshold(population, b, values) for b in population.best} if len(values) >= population.min_count else {}
        ranges[key] = Range(len(values), outside, undetermined, best)
    return Ranking(meaning.of.type.unit.text, ranges, *others.get(None, (0, 0)))


def _threshold(population: Population, best: Best, values: Sequence[Fraction]) -> Threshold:
    """values   best first"""
    k = best.places(len(values))
    if k == 0:
        return Threshold(0, 0, None)
    at = values[k - 1]
    inside = sum(1 for v in values if (v <= at if population.better == "lower" else v >= at))
    if inside > k and population.ties == "none":
        ahead = [v for v in values[:k] if v != at]
        return Threshold(k, len(ahead), ahead[-1] if ahead else None)
    return Threshold(k, inside, at)


def hash_exactly(program: Program, names: Sequence[str], records: Sequence[Mapping[str, Value]]) -> str:
    inputs = [program.inputs[name] for name in names]
    heading = "|".join(f"{i.name} {i.unit.text if i.unit else i.kind} {i.decimals or 0}" for i in inputs)
    lines = sorted("|".join(_cell(record.get(i.name), i.decimals or 0) for i in inputs) for record in records)
    return sha256("".join(f"{line}\n" for line in [heading, *lines]).encode()).hexdigest()


def _cell(value: Value | None, decimals: int) -> str:
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case Fraction():
            return str(value * 10**decimals)
        case date():
            return value.isoformat()
        case _:
            return str(value).replace("\\", "\\\\").replace("|", "\\p").replace("\n", "\\n")
