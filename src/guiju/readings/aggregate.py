"""Aggregate: records brought together exactly, one by one, in dictionaries and whole numbers; what the columnar one is tested against.

Sums are whole numbers of steps, so no order of the records and no division into parts can change them. Only which records are the first so
many of a group depends on an order; it is the declared one, and where it leaves open which of several different records count, that is told.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from guiju.base.diagnostics import Diagnostic, Refused
from guiju.ir.node import Kind
from guiju.ir.program import AggregateMeaning, Program
from guiju.ir.values import Unknown, Value, unknown_of
from guiju.readings.evaluate import Evaluation, Verdict, evaluate

Keys = tuple[Any, ...]
WAITS_SHOWN = 8
LARGEST = 2**63 - 1
FORM = "guiju aggregate 1"
"""The first line of the canonical form; another form gets another number."""


@dataclass(frozen=True, slots=True)
class Group:
    """One group; the counts are of records, at every level.

    sums       in steps of 10 to the minus `places` of each sum, after its cap
    uncapped   the same before the cap
    """

    keys: Keys
    counted: int
    beyond: int
    rejected: int
    undetermined: int
    sums: tuple[int, ...]
    uncapped: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Reasons:
    """Why records of an aggregate do not count.

    rejected   clause number, `scope` or `where` → (records that fail it, those of which it is the first to fail, in the order of the standard)
    waits      input or reason → undetermined records that wait for it
    """

    rejected: Mapping[str, tuple[int, int]]
    waits: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Aggregated:
    """The groups in the order of their keys; `keyless`: (rejected, undetermined) records of which a key is unknown, so that no group has them."""

    meaning: AggregateMeaning
    groups: tuple[Group, ...]
    keyless: tuple[int, int]
    reasons: Reasons = field(compare=False)

    @property
    def hash(self) -> str:
        """sha256 of the canonical form."""
        return content_hash(self.meaning, (canonical_line(self.meaning, group) for group in self.groups), self.keyless)


@dataclass(slots=True)
class _Tally:
    """A group while records come in; with a number of first ones, the candidates are kept until all are there."""

    sums: list[int]
    counted: int = 0
    rejected: int = 0
    undetermined: int = 0
    candidates: list[tuple[Keys, tuple[int, ...]]] = field(default_factory=list)


def aggregate(program: Program, records: Iterable[Mapping[str, Value]]) -> dict[str, Aggregated]:
    """Every aggregate of the program over the records, by name.

    raises   Refused: aggregate-undetermined, order-not-total, sum-overflow
    """
    gatherings = [Gathering(program, meaning) for meaning in program.aggregates if meaning.of is None]
    for record in records:
        evaluation = evaluate(program, record)
        for gathering in gatherings:
            gathering.add(evaluation)
    found = {gathering.meaning.name: gathering.result() for gathering in gatherings}
    for meaning in sorted(program.aggregates, key=lambda each: len(each.chain)):
        if meaning.of is not None:
            found[meaning.name] = _of_groups(meaning, found[meaning.of.name])
    return {meaning.name: found[meaning.name] for meaning in program.aggregates}


class Gathering:
    """The records of one aggregate so far."""

    def __init__(self, program: Program, meaning: AggregateMeaning) -> None:
        self.program, self.meaning = program, meaning
        self.tallies: dict[Keys, _Tally] = {}
        self.keyless = _Tally([])
        self.rejected: dict[str, tuple[int, int]] = {}
        self.waits: dict[str, int] = {}

    def add(self, evaluation: Evaluation) -> None:
        meaning = self.meaning
        where = evaluation.of(meaning.where)
        keys = [evaluation.of(node) for _, node in meaning.keys]
        order = [evaluation.of(node) for _, node in meaning.order]
        values: list[Any] = [evaluation.of(each.value) for each in meaning.sums if each.value is not None]
        tally = self.keyless
        if unknown_of(keys) is None:
            tally = self.tallies.setdefault(tuple(keys), _Tally([0] * len(values)))
        unknown = unknown_of([where, *keys, *order, *values])
        if where is False:
            tally.rejected += 1
            scope = ["scope"] if evaluation.of(self.program.scope) is False else []
            self.reject([*scope, *(m.no for m in self.program.clauses if evaluation.judge(m) is Verdict.FAIL)], 1)
        elif unknown is not None:
            tally.undetermined += 1
            self.wait(unknown, 1)
        else:
            steps = tuple(int(value * 10**each.places) for value, each in zip(values, meaning.sums, strict=True))
            tally.counted += 1
            tally.sums = [total + step for total, step in zip(tally.sums, steps, strict=True)]
            if meaning.first is not None:
                tally.candidates.append((tuple(order), steps))

    def reject(self, fails: Sequence[str], rows: int) -> None:
        """Records that fail these clauses, in the order of the standard; where they fail none, it is `where` itself they do not meet."""
        for position, reason in enumerate(fails or ["where"]):
            failed, first = self.rejected.get(reason, (0, 0))
            self.rejected[reason] = (failed + rows, first + rows * (position == 0))

    def wait(self, unknown: Unknown, rows: int) -> None:
        for name in (*unknown.missing, *unknown.undefined):
            self.waits[name] = self.waits.get(name, 0) + rows

    def result(self) -> Aggregated:
        meaning = self.meaning
        undetermined = self.keyless.undetermined + sum(tally.undetermined for tally in self.tallies.values())
        refuse_undetermined(meaning, undetermined, self.waits)
        open_: list[Keys] = []
        groups = []
        for keys in sorted(self.tallies):
            tally, beyond = self.tallies[keys], 0
            if meaning.first is not None and tally.counted > meaning.first:
                taken = _first(tally.candidates, meaning.first)
                if taken is None:
                    open_.append(keys)
                    continue
                beyond, tally.sums = tally.counted - meaning.first, taken
            groups.append(_capped(meaning, keys, (tally.counted - beyond, beyond, tally.rejected, tally.undetermined), tally.sums))
        refuse_open_order(meaning, len(open_), open_[0] if open_ else ())
        return Aggregated(meaning, tuple(groups), (self.keyless.rejected, self.keyless.undetermined), Reasons(self.rejected, self.waits))


def _first(candidates: Sequence[tuple[Keys, tuple[int, ...]]], first: int) -> list[int] | None:
    """The sums of the first so many; None where records that stand equal in the order, and differ, lie on both sides of the end."""
    ordered = sorted(candidates, key=lambda each: each[0])
    last = ordered[first - 1][0]
    if ordered[first][0] == last and len({steps for order, steps in ordered if order == last}) > 1:
        return None
    return [sum(steps) for steps in zip(*(steps for _, steps in ordered[:first]), strict=True)]


def _capped(meaning: AggregateMeaning, keys: Keys, counts: tuple[int, int, int, int], sums: Sequence[int]) -> Group:
    if any(not -LARGEST <= each <= LARGEST for each in sums):
        raise Refused([overflow(meaning)])
    capped = tuple(total if each.cap is None else min(total, each.cap) for total, each in zip(sums, meaning.sums, strict=True))
    return Group(keys, *counts, capped, tuple(sums))


def _of_groups(meaning: AggregateMeaning, under: Aggregated) -> Aggregated:
    """The groups of one aggregate, brought together by fewer keys."""
    names = [name for name, _ in under.meaning.keys]
    at = [names.index(name) for name, _ in meaning.keys]
    taken = [under.meaning.sums.index(each.of) for each in meaning.sums if each.of is not None]
    scales = [10 ** (each.places - each.of.places) for each in meaning.sums if each.of is not None]
    made: dict[Keys, tuple[list[int], list[int]]] = {}
    for group in under.groups:
        counts, sums = made.setdefault(tuple(group.keys[n] for n in at), ([0] * 4, [0] * len(taken)))
        for n, count in enumerate((group.counted, group.beyond, group.rejected, group.undetermined)):
            counts[n] += count
        for n, (position, scale) in enumerate(zip(taken, scales, strict=True)):
            sums[n] += group.sums[position] * scale
    groups = tuple(_capped(meaning, keys, (c[0], c[1], c[2], c[3]), sums) for keys, (c, sums) in sorted(made.items()))
    return Aggregated(meaning, groups, under.keyless, under.reasons)


# What is refused, in either reading.


def refuse_undetermined(meaning: AggregateMeaning, count: int, waits: Mapping[str, int]) -> None:
    """Raises where the standard says that nothing may be brought together while records are undetermined."""
    if count and meaning.aggregate.undetermined == "refuse":
        named = ", ".join(name for name, _ in sorted(waits.items(), key=lambda each: (-each[1], each[0]))[:WAITS_SHOWN])
        facts = {"aggregate": meaning.name, "count": str(count), "waits": named}
        raise Refused([Diagnostic("aggregate-undetermined", meaning.aggregate.span, facts)])


def refuse_open_order(meaning: AggregateMeaning, groups: int, example: Keys) -> None:
    """Raises where which records count would depend on the order in which they came in."""
    if groups:
        facts = {"aggregate": meaning.name, "groups": str(groups), "first": str(meaning.first), "example": ", ".join(map(key_text, example)) or "—"}
        raise Refused([Diagnostic("order-not-total", meaning.aggregate.span, facts)])


def overflow(meaning: AggregateMeaning) -> Diagnostic:
    return Diagnostic("sum-overflow", meaning.aggregate.span, {"aggregate": meaning.name})


# The canonical form: one text for one content, whatever reading, order or division it came from.


def content_hash(meaning: AggregateMeaning, lines: Iterable[str], keyless: tuple[int, int]) -> str:
    """sha256 of the canonical form: what is summed by what, a line a group in the order of the keys, and what has no key."""
    keys = [f"{name}:{node.type.kind.value}" for name, node in meaning.keys]
    sums = [f"{each.name}:{each.unit.text}:{each.places}:{'' if each.cap is None else each.cap}" for each in meaning.sums]
    found = hashlib.sha256("\n".join((FORM, meaning.name, "\t".join(keys), "\t".join(sums))).encode())
    for line in lines:
        found.update(f"\n{line}".encode())
    found.update(f"\n-\t{keyless[0]}\t{keyless[1]}\n".encode())
    return found.hexdigest()


def canonical_line(meaning: AggregateMeaning, group: Group) -> str:
    r"""Keys, the four counts, the sums before and after caps; parted by tabs, of which (as of \ and line ends) a key's own are written \t \\ \n."""
    keys = [escaped(key_text(key)) if node.type.kind in (Kind.IDENTIFIER, Kind.CATEGORY) else key_text(key)
            for key, (_, node) in zip(group.keys, meaning.keys, strict=True)]  # fmt: skip
    numbers = (group.counted, group.beyond, group.rejected, group.undetermined, *group.uncapped, *group.sums)
    return "\t".join((*keys, *map(str, numbers)))


def key_text(key: object) -> str:
    """A time in UTC, to the second."""
    if isinstance(key, datetime):
        return key.strftime("%Y-%m-%d %H:%M:%S")
    return key.isoformat() if isinstance(key, date) else str(key)


def escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")


