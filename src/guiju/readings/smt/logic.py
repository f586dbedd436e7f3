"""Terms of the solver, built small: what is a constant stays a Python value and never reaches the solver.

A number is a term with whether it is defined; a truth is whether it is surely true and whether it is surely false, as in `ir.values`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from guiju.readings.smt.contexts import real, solver_library

Formula = Any
"""A Python bool, or a term of the solver of sort Bool."""
Term = Any
"""A Fraction or an int (a category's code, a date's day number), or a term of the solver of sort Real or Int."""


@dataclass(frozen=True, slots=True)
class Known:
    """A number, a date as its day number, or a category as its code. Where `defined` is false the term says nothing."""

    term: Term
    defined: Formula


@dataclass(frozen=True, slots=True)
class Truth:
    """Surely true, surely false; neither where it is not determined."""

    true: Formula
    false: Formula


Meaning = Known | Truth


def lift(term: Term) -> Term:
    """A constant as a term: a Fraction as a Real, an int as an Int."""
    if isinstance(term, Fraction):
        return real(term)
    return solver_library().IntVal(term) if isinstance(term, int) else term


def is_constant(term: Term) -> bool:
    return isinstance(term, Fraction | int)


def conj(parts: Iterable[Formula]) -> Formula:
    return _joined(parts, False)


def disj(parts: Iterable[Formula]) -> Formula:
    return _joined(parts, True)


def _joined(parts: Iterable[Formula], decisive: bool) -> Formula:
    """The constant that decides the whole, or what is left without the other one, each part once."""
    kept = {}
    for part in parts:
        if part is decisive:
            return decisive
        if not isinstance(part, bool):
            kept[part.get_id()] = part
    if len(kept) < 2:
        return next(iter(kept.values()), not decisive)
    return (solver_library().Or if decisive else solver_library().And)(list(kept.values()))


def neg(part: Formula) -> Formula:
    if isinstance(part, bool):
        return not part
    z3 = solver_library()
    return part.arg(0) if z3.is_not(part) else z3.Not(part)


def choose(condition: Formula, then: Any, otherwise: Any) -> Any:
    """Of formulas or terms."""
    if isinstance(condition, bool):
        return then if condition else otherwise
    if isinstance(then, bool) or isinstance(otherwise, bool):
        return disj((conj((condition, then)), conj((neg(condition), otherwise))))
    if is_constant(then) and is_constant(otherwise) and then == otherwise:
        return then
    a, b = lift(then), lift(otherwise)
    return then if a.eq(b) else solver_library().If(condition, a, b)


def at_least(count: int, parts: Sequence[Formula]) -> Formula:
    """Whether so many of the formulas are true."""
    count -= sum(part is True for part in parts)
    open_ = [part for part in parts if not isinstance(part, bool)]
    if count <= 0:
        return True
    return False if count > len(open_) else solver_library().AtLeast(*open_, count)


def compared(sign: str, a: Term, b: Term) -> Formula:
    """`a sign b`; sign is <=, < or ==."""
    if is_constant(a) and is_constant(b):
        return bool(a <= b if sign == "<=" else a < b if sign == "<" else a == b)
    left, right = lift(a), lift(b)
    return left <= right if sign == "<=" else left < right if sign == "<" else left == right


def truth(formula: Formula, defined: Formula = True) -> Truth:
    """What is true or false wherever it is defined."""
    return Truth(conj((defined, formula)), conj((defined, neg(formula))))


def as_real(term: Term) -> Term:
    """A whole number as a number."""
    return Fraction(term) if isinstance(term, int) else solver_library().ToReal(term)
