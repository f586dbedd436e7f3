"""What every primitive means, also where something is missing: one table per operation, and no operation without one."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any

import pytest

from guiju.ir.node import BOOLEAN, Constant, Node, Op
from guiju.ir.values import DIVISION_BY_ZERO, NO_ROW, NO_SUCH_DAY, RULES, Unknown

T, F = True, False
A, B = Unknown(frozenset("a")), Unknown(frozenset("b"))
AB = Unknown(frozenset("ab"))
ZERO, ONE, TWO, THREE, HALF = Fraction(0), Fraction(1), Fraction(2), Fraction(3), Fraction(1, 2)
DAY, LATER = date(2024, 2, 28), date(2024, 3, 1)
EVE, MORNING = datetime(2024, 2, 28, 15, 59, 59, tzinfo=UTC), datetime(2024, 2, 28, 16, 0, 1, tzinfo=UTC)


def undefined(reason: str, *missing: str) -> Unknown:
    return Unknown(frozenset(missing), frozenset((reason,)))


Case = tuple[Constant, list[Any], Any]
"""the node's constant part, its arguments, what comes out"""

TABLES: dict[Op, list[Case]] = {
    Op.CONST: [(ONE, [], ONE), (T, [], T), ("M1", [], "M1"), (DAY, [], DAY)],
    Op.INPUT: [("a", [], A)],
    Op.UNDEFINED: [("outside", [], undefined("outside"))],
    Op.ADD: [(None, [ONE, TWO], THREE), (None, [A, ONE], A), (None, [ONE, B], B), (None, [A, B], AB)],
    Op.SUB: [(None, [THREE, TWO], ONE), (None, [A, A], A), (None, [ONE, A], A)],
    Op.MUL: [(None, [TWO, HALF], ONE), (None, [ZERO, A], A)],
    Op.DIV: [
        (None, [ONE, TWO], HALF), (None, [ONE, ZERO], undefined(DIVISION_BY_ZERO)), (None, [A, ZERO], A), (None, [ZERO, A], A), (None, [ZERO, TWO], ZERO),
    ],
    Op.NEG: [(None, [ONE], -ONE), (None, [A], A)],
    Op.ABS: [(None, [-TWO], TWO), (None, [TWO], TWO), (None, [A], A)],
    Op.MIN: [(None, [TWO, ONE, THREE], ONE), (None, [ONE, A], A), (None, [A, B, ONE], AB)],
    Op.MAX: [(None, [TWO, ONE, THREE], THREE), (None, [ONE, A], A)],
    Op.ROUND: [(ONE, [Fraction(5, 2)], TWO), (ONE, [Fraction(7, 2)], Fraction(4)), (ONE, [Fraction(-5, 2)], -TWO), (HALF, [Fraction(3, 4)], ONE), (ONE, [A], A)],
    Op.DAYS: [(None, [DAY, LATER], TWO), (None, [LATER, DAY], -TWO), (None, [DAY, DAY], ZERO), (None, [A, DAY], A)],
    Op.DAY: [(0, [MORNING], DAY), (28_800, [EVE], DAY), (28_800, [MORNING], date(2024, 2, 29)), (-60_000, [EVE], date(2024, 2, 27)), (0, [A], A)],
    Op.SECONDS: [(None, [EVE, MORNING], TWO), (None, [MORNING, EVE], -TWO), (None, [EVE, EVE], ZERO), (None, [EVE, A], A)],
    Op.MONTHS: [
        (Fraction(12), [date(2024, 2, 29)], date(2025, 2, 28)), (Fraction(48), [date(2024, 2, 29)], date(2028, 2, 29)), (Fraction(-3), [date(2023, 5, 31)], date(2023, 2, 28)),
        (Fraction(1), [date(9999, 12, 1)], undefined(NO_SUCH_DAY)), (Fraction(-1), [date(1, 1, 31)], undefined(NO_SUCH_DAY)), (Fraction(5), [A], A),
    ],
    Op.LE: [(None, [EVE, MORNING], T), (None, [ONE, TWO], T), (None, [TWO, TWO], T), (None, [THREE, TWO], F), (None, [A, TWO], A), (None, [DAY, LATER], T)],
    Op.LT: [(None, [ONE, TWO], T), (None, [TWO, TWO], F), (None, [THREE, TWO], F), (None, [TWO, A], A)],
    Op.EQ: [(None, [TWO, TWO], T), (None, [ONE, TWO], F), (None, ["M1", "M1"], T), (None, ["M1", "N1"], F), (None, [T, F], F), (None, [A, A], A)],
    Op.AND: [
        (None, [T, T], T), (None, [T, F], F), (None, [F, F], F), (None, [T, A], A), (None, [F, A], F), (None, [A, F], F), (None, [A, B], AB), (None, [A, T, B, F], F),
    ],
    Op.OR: [
        (None, [T, T], T), (None, [T, F], T), (None, [F, F], F), (None, [T, A], T), (None, [F, A], A), (None, [A, T], T), (None, [A, B], AB), (None, [F, A, F, T], T),
    ],
    Op.NOT: [(None, [T], F), (None, [F], T), (None, [A], A)],
    Op.ATLEAST: [
        (2, [T, T, F], T), (2, [T, F, F], F), (2, [T, T, A], T), (2, [F, F, A], F), (2, [T, F, A], A), (2, [A, B, F], AB), (2, [A, B, T], AB), (3, [A, B, F], F),
    ],
    Op.KNOWN: [(None, [ONE], T), (None, [F], T), (None, [A], F), (None, [undefined("outside")], F)],
    Op.CASE: [
        (None, [T, ONE, TWO], ONE), (None, [F, ONE, TWO], TWO), (None, [A, ONE, TWO], A), (None, [A, ONE, ONE], A), (None, [F, ONE, A, TWO, THREE], A),
        (None, [T, ONE, A, TWO, B], ONE), (None, [T, A, TWO], A), (None, [F, A, TWO], TWO), (None, [F, ONE, F, TWO, B], B),
    ],
    Op.STEP: [
        (((ONE, T), (TWO, F)), [ONE, "x", "y", "z"], "x"), (((ONE, T), (TWO, F)), [Fraction(3, 2), "x", "y", "z"], "y"), (((ONE, T), (TWO, F)), [TWO, "x", "y", "z"], "z"),
        (((ONE, F),), [ONE, "x", "y"], "y"), (((ONE, T),), [A, ONE, ONE], A), (((ONE, T),), [ONE, B, TWO], B), (((ONE, T),), [TWO, B, TWO], TWO),
        (((DAY, F),), [DAY, "before", "from"], "from"),
    ],
    Op.MAP: [
        (("M1", "N1"), ["N1", ONE, TWO], TWO), (("M1",), ["N1", ONE], undefined(NO_ROW)), (("M1",), [A, ONE], A), (("M1", "N1"), ["M1", B, TWO], B), (("M1", "N1"), ["N1", B, TWO], TWO),
    ],
}  # fmt: skip


def test_every_operation_has_a_rule_and_a_table() -> None:
    assert set(RULES) == set(Op) == set(TABLES)


@pytest.mark.parametrize(("op", "case"), [(op, case) for op, cases in TABLES.items() for case in cases], ids=lambda v: v.value if isinstance(v, Op) else repr(v[1:]))
def test_an_operation_means_what_its_table_says(op: Op, case: Case) -> None:
    value, args, expected = case
    found = RULES[op](Node(op, (), BOOLEAN, value, None, 0), args)
    assert found == expected and type(found) is type(expected)


@pytest.mark.parametrize("op", [Op.AND, Op.OR, Op.NOT, Op.ATLEAST])
def test_what_is_decided_stays_decided_when_more_becomes_known(op: Op) -> None:
    """Kleene's condition: a known result is the result for every value the unknown arguments could have."""
    count = 1 if op is Op.NOT else 3
    for args in itertools.product((T, F, A), repeat=count):
        found = RULES[op](Node(op, (), BOOLEAN, 2, None, 0), args)
        fillings = [[T, F] if isinstance(arg, Unknown) else [arg] for arg in args]
        results = {RULES[op](Node(op, (), BOOLEAN, 2, None, 0), filled) for filled in itertools.product(*fillings)}
        assert results == {found} if not isinstance(found, Unknown) else len(results) == 2, (op, args)
