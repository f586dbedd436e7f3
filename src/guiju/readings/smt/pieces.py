"""Pieces: a limit as straight pieces over the grid of one input, and two limits compared by their merged breakpoints, without the solver.

An input is a whole number of steps of its grid, so every end of a piece is a whole number too, open or closed though the table says it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from guiju.ir.node import Node, Op, below
from guiju.ir.values import piece_at

PIECES_MAX = 20_000
PLACES_MAX = 4_000
"""Places looked at one by one, where two limits differ by less than a step of what is measured."""


@dataclass(frozen=True, slots=True)
class Piece:
    """first ≤ k ≤ last: the value slope·k + base; None where it is undefined."""

    first: int
    last: int
    line: tuple[Fraction, Fraction] | None

    def at(self, k: int) -> Fraction | None:
        return None if self.line is None else self.line[0] * k + self.line[1]

    def times(self, factor: Fraction) -> Piece:
        return self if self.line is None else Piece(self.first, self.last, (self.line[0] * factor, self.line[1] * factor))


Pieces = tuple[Piece, ...]
"""In rising order, each beginning where the one before ends."""


class TooMany(Exception):
    """More pieces than are worth computing with."""


def pieces(node: Node, first: int, last: int, inputs: Callable[[str], Fraction | None]) -> Pieces | None:
    """The node as straight pieces over the steps of one input; None where it is not made of such, or depends on anything else.

    inputs   (name) → by what the steps are multiplied to give the input the node depends on; None for any other input
    """
    made: dict[int, Pieces | None] = {}
    try:
        for each in below([node]):
            args = [made[a.index] for a in each.args]
            made[each.index] = _made(each, args, first, last, inputs)
    except TooMany:
        return None
    return made[node.index]


def _made(node: Node, args: Sequence[Any], first: int, last: int, inputs: Callable[[str], Fraction | None]) -> Pieces | None:
    if any(a is None for a in args):
        return None
    value: Any = node.value
    match node.op:
        case Op.CONST if isinstance(value, Fraction):
            return (Piece(first, last, (Fraction(0), value)),)
        case Op.INPUT if node.is_number:
            scale = inputs(value)
            return None if scale is None else (Piece(first, last, (scale, Fraction(0))),)
        case Op.UNDEFINED:
            return (Piece(first, last, None),)
        case Op.ADD | Op.SUB:
            sign = 1 if node.op is Op.ADD else -1
            return _joined(args[0], args[1], lambda a, b: (a[0] + sign * b[0], a[1] + sign * b[1]))
        case Op.NEG:
            return tuple(p.times(Fraction(-1)) for p in args[0])
        case Op.MUL | Op.DIV:
            return _scaled(node.op, args[0], args[1])
        case Op.MIN | Op.MAX:
            found: Pieces = args[0]
            for other in args[1:]:
                found = _extreme(node.op is Op.MIN, found, other)
            return found
        case Op.STEP if node.args[0].is_number and node.is_number:
            return _step(value, args)
        case _:
            return None


def _merged(a: Pieces, b: Pieces) -> Iterator[tuple[int, int, Piece, Piece]]:
    """The stretches on which both are one piece."""
    at = other = 0
    while at < len(a) and other < len(b):
        first, last = max(a[at].first, b[other].first), min(a[at].last, b[other].last)
        if first <= last:
            yield first, last, a[at], b[other]
        if a[at].last <= last:
            at += 1
        if b[other].last <= last:
            other += 1


def _kept(found: list[Piece]) -> Pieces:
    if len(found) > PIECES_MAX:
        raise TooMany
    return tuple(found)


def _joined(a: Pieces, b: Pieces, of: Callable[[Any, Any], tuple[Fraction, Fraction]]) -> Pieces:
    return _kept([Piece(first, last, of(p.line, q.line) if p.line and q.line else None) for first, last, p, q in _merged(a, b)])


def _scaled(op: Op, a: Pieces, b: Pieces) -> Pieces | None:
    """A product or ratio with something that is constant on each piece."""
    found = []
    for first, last, p, q in _merged(a, b):
        line = None
        if p.line and q.line:
            varying, factor = (q.line, p.line) if op is Op.MUL and not p.line[0] else (p.line, q.line)
            if factor[0]:
                return None
            if op is Op.MUL or factor[1]:
                by = factor[1] if op is Op.MUL else 1 / factor[1]
                line = (varying[0] * by, varying[1] * by)
        found.append(Piece(first, last, line))
    return _kept(found)


def _extreme(least: bool, a: Pieces, b: Pieces) -> Pieces:
    found = []
    for first, last, p, q in _merged(a, b):
        if not (p.line and q.line):
            found.append(Piece(first, last, None))
            continue
        slope, base = p.line[0] - q.line[0], p.line[1] - q.line[1]
        for start, end in _split(first, last, slope, base):
            below_ = slope * start + base < 0 or (slope * start + base == 0 and slope * end + base <= 0)
            found.append(Piece(start, end, p.line if below_ is least else q.line))
    return _kept(found)


def _split(first: int, last: int, slope: Fraction, base: Fraction) -> list[tuple[int, int]]:
    """Stretches on which slope·k + base does not change its sign."""
    if not slope:
        return [(first, last)]
    end = math.floor(-base / slope)
    return [(first, end), (end + 1, last)] if first <= end < last else [(first, last)]


def _step(ends: Any, args: Sequence[Pieces]) -> Pieces:
    """A table: its argument is cut where it passes the end of a row, and each part takes the row's own pieces."""
    found: list[Piece] = []
    for p in args[0]:
        if p.line is None:
            found.append(p)
            continue
        for first, last, row in _rows(p, ends):
            found += [Piece(max(first, q.first), min(last, q.last), q.line) for q in _within(args[row + 1], first, last)]
            _kept(found)
    return _kept(found)


def _within(of: Pieces, first: int, last: int) -> Pieces:
    low, high = 0, len(of)
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if of[middle].last < first else (low, middle)
    end = low
    while end < len(of) and of[end].first <= last:
        end += 1
    return of[low:end]


def _rows(p: Piece, ends: Any) -> Iterator[tuple[int, int, int]]:
    """(first, last, row) in rising order of k, for a piece of the argument."""
    assert p.line is not None
    slope, base = p.line
    if not slope:
        yield p.first, p.last, piece_at(ends, base)
        return
    rows = range(len(ends) + 1) if slope > 0 else range(len(ends), -1, -1)
    first = p.first
    for row in rows:
        if first > p.last:
            return
        last = min(p.last, _last_before(slope, base, ends, row, p.last))
        if last >= first:
            yield first, last, row
            first = last + 1


def _last_before(slope: Fraction, base: Fraction, ends: Any, row: int, last: int) -> int:
    """The last k whose argument is still in the row, going up in k."""
    if slope > 0:
        if row == len(ends):
            return last
        bound, closed = ends[row]
        k: Fraction = (bound - base) / slope
        return math.floor(k) if closed else math.ceil(k) - 1
    if row == 0:
        return last
    bound, closed = ends[row - 1]  # in the row while the argument is beyond the end of the one before
    k = Fraction((bound - base) / slope)
    return math.ceil(k) - 1 if closed else math.floor(k)


@dataclass(frozen=True, slots=True)
class Limit:
    """A requirement on one measured quantity: at most, or at least, a limit in straight pieces; `strict` where the limit itself does not do."""

    upper: bool
    strict: bool
    pieces: Pieces


@dataclass(frozen=True, slots=True)
class Gap:
    """What the first limit lets in and the second does not: at k, the measured value."""

    k: int
    value: Fraction


def gap(first: Limit, second: Limit, grid: Fraction, low: Fraction, high: Fraction) -> Gap | bool:
    """Whether the first limit lets in, somewhere, a measured value that the second does not.

    grid, low, high   of the measured quantity, in the unit of the limits
    gives             where it does; False: nowhere; True: not known, because too many places would have to be looked at
    """
    assert first.upper == second.upper
    if not first.upper:
        found = gap(_turned(first), _turned(second), grid, -high, -low)
        return Gap(found.k, -found.value) if isinstance(found, Gap) else found
    left = PLACES_MAX
    for start, end, p, q in _merged(first.pieces, second.pieces):
        for k in _places(p, q, start, end, second.strict and not first.strict):
            if left == 0:
                return True
            left -= 1
            most = _most(p.at(k), first.strict, grid, high)
            limit = q.at(k)
            if most is not None and most >= low and (limit is None or most > limit or (second.strict and most == limit)):
                return Gap(k, most)
    return False


def _turned(limit: Limit) -> Limit:
    return Limit(True, limit.strict, tuple(p.times(Fraction(-1)) for p in limit.pieces))


def _most(limit: Fraction | None, strict: bool, grid: Fraction, high: Fraction) -> Fraction | None:
    """The greatest value on the grid that a limit lets in."""
    if limit is None:
        return None
    steps = math.ceil(limit / grid) - 1 if strict else math.floor(limit / grid)
    return min(steps, math.floor(high / grid)) * grid


def _places(p: Piece, q: Piece, first: int, last: int, on_the_line: bool) -> Iterator[int]:
    """Where the first limit may let in more, on a stretch on which both are straight: where the second's is lower, or is strict and equal."""
    if p.line is None:
        return
    if q.line is None:
        yield from range(first, last + 1)
        return
    slope, base = p.line[0] - q.line[0], p.line[1] - q.line[1]
    for start, end in _split(first, last, slope, base):
        most = max(slope * start + base, slope * end + base)
        if most > 0 or (most == 0 and on_the_line):
            yield from range(end, start - 1, -1) if slope > 0 else range(start, end + 1)
