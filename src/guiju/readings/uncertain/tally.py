"""What comes of the draws of one record: counts per verdict and level, and the values of numbers; and when enough has been drawn.

source  JCGM 101:2008, 7.9: batches, until twice the standard uncertainty of the mean over the batches is below half a unit of the last digit
        wanted of u, for mean, u and both ends of the 95 % interval of every number; a probability is settled to so many decimals.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from guiju.ir.node import Node
from guiju.ir.program import Program
from guiju.metrology.array import Array
from guiju.metrology.montecarlo import coverage
from guiju.readings.evaluate import Verdict
from guiju.readings.uncertain.sampled import BLOCK, Draws, Many, Sampler

OF_VERDICTS = (Verdict.PASS, Verdict.FAIL, Verdict.UNDETERMINED, Verdict.NOT_APPLICABLE)
COVERAGE = 0.95
BATCH = {"philox": 10_000, "sobol": 4_096}
"""At least 100 / (1 - 0.95), and 10⁴ plain draws (JCGM 101, 7.9.4); a Sobol net is a power of two."""


class Tally:
    """What comes of the draws: whole counts, so that it is the same however they are cut into blocks."""

    def __init__(self, program: Program, numbers: Mapping[str, Node], levels: Mapping[str, tuple[Node | None, Node]]) -> None:
        self.program, self._numbers, self._levels = program, numbers, levels
        self.count = self.joint = 0
        self._verdicts: dict[str, Counter[Verdict]] = {m.no: Counter() for m in program.judged}
        self._level_counts: dict[str, Counter[str | None]] = {name: Counter() for name in levels}
        self._values: dict[str, list[tuple[Array, Array]]] = {name: [] for name in numbers}

    def add(self, found: Mapping[int, Many], count: int) -> None:
        """Counts the draws of a block."""
        self.count += count
        fine: Any = np.ones(count, dtype=bool)
        strict = {m.no for m in self.program.clauses if m.clause.strength == "shall"}
        for meaning in self.program.judged:
            masks = _masks(found[meaning.applies.index], found[meaning.requires.index], count)
            for verdict, mask in masks.items():
                self._verdicts[meaning.no][verdict] += int(np.count_nonzero(mask))
            if meaning.no in strict:
                fine = fine & (masks[Verdict.PASS] | masks[Verdict.NOT_APPLICABLE])
        self.joint += int(np.count_nonzero(fine))
        for name, (applies, node) in self._levels.items():
            value, known = found[node.index]
            asked: Any = True if applies is None else np.logical_and(*found[applies.index])
            self._count_levels(self._level_counts[name], value, np.broadcast_to(np.logical_and(known, asked), (count,)), count)
        for name, node in self._numbers.items():
            value, known = found[node.index]
            self._values[name].append((np.broadcast_to(value, (count,)), np.broadcast_to(known, (count,))))

    def merge(self, other: Tally) -> None:
        """Takes in what came of more draws."""
        self.count += other.count
        self.joint += other.joint
        for no, verdicts in other._verdicts.items():
            self._verdicts[no].update(verdicts)
        for name, levels in other._level_counts.items():
            self._level_counts[name].update(levels)
        for name, values in other._values.items():
            self._values[name].extend(values)

    def _count_levels(self, tally: Counter[str | None], value: Any, known: Array, count: int) -> None:
        words = np.broadcast_to(np.array(value, dtype=object) if isinstance(value, str) else value, (count,))[np.asarray(known, dtype=bool)]
        tally[None] += count - len(words)
        each, counts = np.unique(words.astype(str) if words.dtype == object else words, return_counts=True)
        for word, number in zip(each, counts, strict=True):
            tally[str(word) if isinstance(word, str) else f"{float(word):g}"] += int(number)

    def shares(self, no: str) -> dict[Verdict, float]:
        return {verdict: self._verdicts[no][verdict] / self.count for verdict in OF_VERDICTS}

    def probabilities(self) -> Iterator[float]:
        """That each clause is met, and all of them together."""
        yield from (verdicts[Verdict.PASS] / self.count for verdicts in self._verdicts.values())
        yield self.joint / self.count

    def figures(self) -> Iterator[tuple[str, tuple[float, float, float, float]]]:
        """Mean, standard deviation and both ends of the interval of every number that has values."""
        for name in self._numbers:
            x, _ = self.values(name)
            if len(x) > 1:
                yield name, (float(x.mean()), float(x.std(ddof=1)), *coverage(x, COVERAGE, "symmetric"))

    def levels(self, name: str) -> dict[str | None, float]:
        found = {word: number / self.count for word, number in self._level_counts[name].items() if number}
        return dict(sorted(found.items(), key=lambda each: -each[1]))

    def together(self) -> Array:
        """The numbers side by side, shape (numbers, draws), where all of them are known."""
        values = [np.concatenate([v for v, _ in self._values[name]]) for name in self._numbers]
        known = [np.concatenate([k for _, k in self._values[name]]) for name in self._numbers]
        if not values:
            return np.zeros((0, self.count))
        return np.asarray(np.stack(values)[:, np.logical_and.reduce(known)], dtype=np.float64)

    def values(self, name: str) -> tuple[Array, float]:
        """The values that are known, and their share."""
        values, known = (np.concatenate(each) for each in zip(*self._values[name], strict=True))
        return values[known], float(np.mean(known))


def _masks(applies: Many, requires: Many, count: int) -> dict[Verdict, Any]:
    """Which draws get which verdict."""
    asked, surely = (np.broadcast_to(np.asarray(each, dtype=bool), (count,)) for each in applies)
    met, decided = (np.broadcast_to(np.asarray(each, dtype=bool), (count,)) for each in requires)
    judged = asked & surely & decided
    out = surely & ~asked
    return {Verdict.PASS: judged & met, Verdict.FAIL: judged & ~met, Verdict.NOT_APPLICABLE: out, Verdict.UNDETERMINED: ~out & ~judged}


@dataclass(frozen=True, slots=True)
class Wanted:
    """trials  so many; None: until everything is settled to `digits` digits, or `most` is reached"""

    trials: int | None
    digits: int = 2
    most: int = 2_000_000


@dataclass(frozen=True, slots=True)
class Counted:
    """settled  False where an adaptive run came to its largest number of draws first; error: largest standard error of a clause's probability"""

    tally: Tally
    settled: bool
    error: float


def count(sampler: Sampler, draws: Draws, fresh: Callable[[], Tally], wanted: Wanted, block: int = BLOCK) -> Counted:
    """Draws as many as are wanted. `fresh` makes an empty tally."""
    size = BATCH[draws.sampler] if wanted.trials is None else wanted.trials
    if wanted.trials is not None:
        found = _batch(sampler, draws, fresh(), 0, size, block)
        return Counted(found, True, _plain_error(found))
    whole, figures, settled = fresh(), _Figures(wanted.digits), False
    while not settled and whole.count + size <= max(wanted.most, 2 * size):
        batch = _batch(sampler, draws, fresh(), whole.count, size, block)
        figures.add(batch)
        whole.merge(batch)
        settled = figures.settled()
    return Counted(whole, settled, figures.error())


def _batch(sampler: Sampler, draws: Draws, tally: Tally, first: int, size: int, block: int) -> Tally:
    for start in range(first, first + size, block):
        part = min(block, first + size - start)
        tally.add(sampler.block(draws, start, part), part)
    return tally


def _plain_error(found: Tally) -> float:
    return max((math.sqrt(p * (1 - p) / found.count) for p in found.probabilities()), default=0.0)


class _Figures:
    """The figures of each batch, and whether their averages are settled."""

    def __init__(self, digits: int) -> None:
        self.digits = digits
        self._chances: list[list[float]] = []
        self._numbers: list[dict[str, tuple[float, float, float, float]]] = []

    def add(self, batch: Tally) -> None:
        self._chances.append(list(batch.probabilities()))
        self._numbers.append(dict(batch.figures()))

    def settled(self) -> bool:
        """Two batches at least; a number that has no value in some batch is not waited for."""
        if len(self._chances) < 2 or 2 * self.error() > 0.5 * 10.0**-self.digits:
            return False
        for name in set.intersection(*(set(each) for each in self._numbers)):
            rows = np.array([each[name] for each in self._numbers])
            u = float(np.mean(rows[:, 1]))
            if not math.isfinite(u):
                continue
            limit = max(0.5 * 10.0 ** (math.floor(math.log10(u)) - self.digits + 1) if u > 0 else 0.0, 1e-13 * float(np.max(np.abs(rows))))
            if np.any(2 * np.std(rows, axis=0, ddof=1) / math.sqrt(len(rows)) > limit):
                return False
        return True

    def error(self) -> float:
        """The largest standard error of the average of a probability over the batches."""
        if len(self._chances) < 2 or not self._chances[0]:
            return 0.0
        return float(np.max(np.std(np.array(self._chances), axis=0, ddof=1))) / math.sqrt(len(self._chances))
