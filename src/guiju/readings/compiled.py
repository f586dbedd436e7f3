"""Compiled: one record at a time, as straight-line Python on floats; for APIs and streams.

The same shifts as in `columnar` make every comparison exact; a record the compiled form cannot take as it is (a value off its declared grid
or range, or near a comparison that could not be proved) goes to the exact reading. None means unknown throughout.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any

from guiju.base.dates import months_after
from guiju.base.diagnostics import Problems
from guiju.ir.halving import LONG, halved, rising
from guiju.ir.node import Node, Op, below
from guiju.ir.program import Program
from guiju.ir.record import admit
from guiju.readings.evaluate import Verdict, evaluate

Judge = Callable[[Mapping[str, Any]], tuple[Verdict, ...]]
"""record (floats in declared units, category words, bools, dates, times in UTC; none is missing) → verdicts in the order of `program.judged`"""


def compile_record(program: Program) -> Judge:
    """A function that judges one record.

    raises   (the function) Refused, where the record is not fit for the door: finer than declared, out of range, not a known category
    """
    source = _Source(program)
    text = source.text()
    scope: dict[str, Any] = {
        "exactly": lambda record: exactly(program, record), "floor": math.floor, "months_after": months_after,
        "PASS": Verdict.PASS, "FAIL": Verdict.FAIL, "UNDETERMINED": Verdict.UNDETERMINED, "NOT_APPLICABLE": Verdict.NOT_APPLICABLE,
        **source.constants,
    }  # fmt: skip
    exec(compile(text, f"<{program.standard.number}>", "exec"), scope)
    judge: Judge = scope["judge"]
    return judge


def exactly(program: Program, record: Mapping[str, Any]) -> tuple[Verdict, ...]:
    problems = Problems()
    admitted = admit(program.inputs, record, problems)
    problems.refuse_errors()
    evaluation = evaluate(program, admitted)
    return tuple(evaluation.judge(m) for m in program.judged)


class _Source:
    """The text of the function; constants that are no literals are passed by name."""

    def __init__(self, program: Program) -> None:
        self.program, self.exactness = program, program.exactness
        self.constants: dict[str, Any] = {}
        self.names: dict[int, str] = {}
        self.rows: dict[Row | None, list[Node]] = {}

    def text(self) -> str:
        roots = [n for m in self.program.judged for n in (m.applies, m.requires)]
        order = below(roots)
        within = _only_within(order, roots)
        for node in order:
            row = within.get(node.index)
            held = self.rows.setdefault(row, [])
            held.append(node)
            # Rows of a table use the same names: thousands of local variables would cost more than what is computed.
            name = f"n{node.index}" if row is None else f"n{row[0]}r{len(held)}"
            self.names[node.index] = self.constant(node.value) if node.op is Op.CONST else name
        lines = ["get = record.get", *self.computed(None)]
        verdicts = ", ".join(self._verdict(self.names[m.applies.index], self.names[m.requires.index]) for m in self.program.judged)
        return "\n".join(["def judge(record):", *(f"    {line}" for line in lines), f"    return ({verdicts},)"])

    def computed(self, row: Row | None) -> list[str]:
        """The lines that compute what only this row of a long table needs; with None, what is needed always."""
        lines: list[str] = []
        for node in self.rows.get(row, ()):
            args = [self.names[a.index] for a in node.args]
            lines += RULES[node.op](self, node, self.names[node.index], args) if node.op is not Op.CONST else []
            lines += self._recheck(node, args)
        return lines

    def constant(self, value: object) -> str:
        if isinstance(value, Fraction):
            return repr(float(value))
        if isinstance(value, bool | str):
            return repr(value)
        name = f"c{len(self.constants)}"
        self.constants[name] = value
        return name

    def _verdict(self, applies: str, requires: str) -> str:
        met = f"(PASS if {requires} else UNDETERMINED if {requires} is None else FAIL)"
        if applies == "True":
            return met
        return f"({met} if {applies} else UNDETERMINED if {applies} is None else NOT_APPLICABLE)"

    def _recheck(self, node: Any, args: Sequence[str]) -> list[str]:
        distance = self.exactness.unproved.get(node.index)
        if distance is None:
            return []
        if math.isinf(distance):
            return ["return exactly(record)"]
        name = self.names[node.index]
        compared = args[:1] if node.op in (Op.STEP, Op.ROUND) else args[:2]
        known = [f"{a} is not None" for a in compared if a.startswith("n")]
        match node.op:
            case Op.ROUND:
                near = f"-{distance!r} <= {name}y - floor({name}y) - 0.5 <= {distance!r}"
            case Op.STEP:
                near = " or ".join(f"-{distance!r} <= {args[0]} - {float(b)!r} <= {distance!r}" for b, _ in node.value)
            case Op.DIV:
                near = f"-{distance!r} <= {args[1]} <= {distance!r}"
            case _:
                near = f"-{distance!r} <= {args[0]} - {args[1]} <= {distance!r}"
        return [f"if {' and '.join([*known, f'({near})'])}: return exactly(record)"]


Row = tuple[int, int]
"""(index of a long table's node, position of the row's value among its arguments)"""


def _only_within(order: Sequence[Node], roots: Sequence[Node]) -> dict[int, Row]:
    """Nodes that nothing but one row of a long table needs: they are computed where that row is taken. Inputs are looked at always."""
    uses = Counter(arg.index for node in order for arg in node.args) + Counter(root.index for root in roots)
    found: dict[int, Row] = {}
    for table in reversed(order):  # a table within a row of another comes later, and keeps what is its own
        if table.op not in (Op.STEP, Op.MAP) or len(table.args) - 1 <= LONG:
            continue
        for position, value in enumerate(table.args[1:], 1):
            seen: Counter[int] = Counter()
            waiting = [value]
            while waiting:
                node = waiting.pop()
                seen[node.index] += 1
                if seen[node.index] == uses[node.index] and node.args:
                    found[node.index] = (table.index, position)
                    waiting.extend(node.args)
    return found


Lines = Callable[[_Source, Any, str, Sequence[str]], list[str]]


def _guarded(name: str, args: Sequence[str], expression: str) -> list[str]:
    """An assignment that is None where any argument is; constants need no test."""
    tests = [f"{a} is None" for a in dict.fromkeys(args) if a.startswith("n")]
    return [f"{name} = None if {' or '.join(tests)} else {expression}" if tests else f"{name} = {expression}"]


def _input(s: _Source, node: Any, name: str, args: Sequence[str]) -> list[str]:
    declared = s.program.inputs[node.value]
    lines = [f"{name} = get({node.value!r})"]
    if declared.kind == "number":
        low, high = declared.minimum, declared.maximum
        scale = float(10 ** (declared.decimals or 0))
        scaled = f"{name} * {scale!r}" if scale != 1 else name
        fits = [f"{float(low)!r} <= {name}"] if low is not None else []
        fits += [f"{name} <= {float(high)!r}"] if high is not None else []
        lines.append(f"if {name} is not None:")
        lines.append(f"    if {name}.__class__ is not float: return exactly(record)")
        snapped = f"({scaled} + 0.5) // 1.0 / {scale!r}" if scale != 1 else f"({name} + 0.5) // 1.0"
        fits.append(f"{name} == {snapped}")
        lines.append(f"    if not ({' and '.join(fits)}): return exactly(record)")
    elif declared.kind == "category":
        lines.append(f"if {name} is not None and {name} not in {s.constant(frozenset(declared.values))}: return exactly(record)")
    elif declared.kind == "boolean":
        lines.append(f"if {name} is not None and {name}.__class__ is not bool: return exactly(record)")
    elif declared.kind == "time":
        lines.append(f"if {name} is not None and not ({name}.__class__ is {s.constant(datetime)} and {name}.tzinfo is {s.constant(UTC)}):")
        lines.append("    return exactly(record)")
    else:
        kind = str if declared.kind == "identifier" else date
        lines.append(f"if {name} is not None and {name}.__class__ is not {s.constant(kind)}: return exactly(record)")
    return lines


def _infix(sign: str) -> Lines:
    return lambda s, node, name, args: _guarded(name, args, f"{args[0]} {sign} {args[1]}")


def _mul(s: _Source, node: Any, name: str, args: Sequence[str]) -> list[str]:
    copy = node.args[1].op is Op.CONST and node.args[1].value == 1
    return [f"{name} = {args[0]}"] if copy else _guarded(name, args, f"{args[0]} * {args[1]}")


def _div(s: _Source, node: Any, name: str, args: Sequence[str]) -> list[str]:
    shift = s.exactness.shifts.get(node.index)
    if shift is None:
        return _guarded(name, args, f"{args[0]} / {args[1]}")
    return _guarded(name, args, f"({args[0]} / {args[1]} if abs({args[1]}) > {shift!r} else None)")


def _round(s: _Source, node: Any, name: str, args: Sequence[str]) -> list[str]:
    interval: Fraction = node.value
    inverse = 1 / interval
    scaled = f"{args[0]} * {float(inverse)!r}" if inverse.denominator == 1 else f"{args[0]} / {float(interval)!r}"
    tie = f"-{s.exactness.shifts[node.index]!r} <= {name}y - floor({name}y) - 0.5 <= {s.exactness.shifts[node.index]!r}"
    whole = f"(2.0 * floor({name}y * 0.5 + 0.5) if {tie} else floor({name}y + 0.5))"
    times = f" * {float(interval.numerator)!r}" if interval.numerator != 1 else ""
    return [*_guarded(f"{name}y", args, scaled), f"{name} = None if {name}y is None else {whole}{times} / {float(interval.denominator)!r}"]


def _order(sign: str) -> Lines:
    def write(s: _Source, node: Any, name: str, args: Sequence[str]) -> list[str]:
        shift = s.exactness.shifts.get(node.index, 0.0) if node.args[0].is_number else 0.0
        by = shift if sign == "<=" else -shift
        return _guarded(name, args, f"{args[0]} {sign} {args[1]} + {by!r}" if by else f"{args[0]} {sign} {args[1]}")

    return write


def _eq(s: _Source, node: Any, name: str, args: Sequence[str]) -> list[str]:
    shift = s.exactness.shifts.get(node.index, 0.0) if node.args[0].is_number else 0.0
    return _guarded(name, args, f"abs({args[0]} - {args[1]}) <= {shift!r}" if shift else f"{args[0]} == {args[1]}")


def _junction(decided: bool) -> Lines:
    def write(s: _Source, node: Any, name: str, args: Sequence[str]) -> list[str]:
        settled = " or ".join(f"{a} is {decided}" for a in args)
        unknown = " or ".join(f"{a} is None" for a in args)
        return [f"{name} = {decided} if {settled} else None if {unknown} else {not decided}"]

    return write


def _atleast(s: _Source, node: Any, name: str, args: Sequence[str]) -> list[str]:
    certain = " + ".join(f"({a} is True)" for a in args)
    possible = " + ".join(f"({a} is not False)" for a in args)
    return [f"{name} = True if {certain} >= {node.value} else False if {possible} < {node.value} else None"]


def _case(s: _Source, node: Any, name: str, args: Sequence[str]) -> list[str]:
    text = args[-1]
    for position in range(len(args) - 3, -1, -2):
        text = f"({args[position + 1]} if {args[position]} else None if {args[position]} is None else {text})"
    return [f"{name} = {text}"]


def _step(s: _Source, node: Any, name: str, args: Sequence[str]) -> list[str]:
    shift = s.exactness.shifts.get(node.index, 0.0)

    def within(at: int) -> str:
        bound, closed = node.value[at]
        text = s.constant(bound) if isinstance(bound, date) else repr(float(bound + Fraction(shift if closed else -shift)))
        return f"{args[0]} {'<=' if closed else '<'} {text}"

    if len(args) - 1 > LONG:
        return _found(s, node, name, args, range(1, len(args)), lambda at: within(at - 1))
    text = args[-1]
    for at in range(len(node.value) - 1, -1, -1):
        text = f"({args[at + 1]} if {within(at)} else {text})"
    return _guarded(name, args[:1], text)


def _found(s: _Source, node: Any, name: str, args: Sequence[str], rows: Sequence[int], before: Callable[[int], str]) -> list[str]:
    """A row found by halving, and only its value computed.

    rows      positions of the rows' values among the arguments, in the order they are halved in
    before    (n) → the condition that the row is before the n-th
    """

    def leaf(first: int, end: int) -> list[str]:
        value = [*s.computed((node.index, rows[first])), f"{name} = {args[rows[first]]}"]
        if node.op is Op.STEP:
            return value
        return [f"if {args[0]} == {node.value[rows[first] - 1]!r}:", *(f"    {line}" for line in value), f"else: {name} = None"]

    def choose(at: int, left: list[str], right: list[str]) -> list[str]:
        return [f"if {before(at)}:", *(f"    {line}" for line in left), "else:", *(f"    {line}" for line in right)]

    return [f"if {args[0]} is None: {name} = None", "else:", *(f"    {line}" for line in halved(len(rows), leaf, choose, 1))]


def _map(s: _Source, node: Any, name: str, args: Sequence[str]) -> list[str]:
    if len(args) - 1 > LONG:
        order = rising(node.value)
        return _found(s, node, name, args, [at + 1 for at in order], lambda at: f"{args[0]} < {node.value[order[at]]!r}")
    text = "None"
    for key, value in reversed(list(zip(node.value, args[1:], strict=True))):
        text = f"({value} if {args[0]} == {key!r} else {text})"
    return _guarded(name, args[:1], text)


RULES: Mapping[Op, Lines] = {
    Op.CONST: lambda s, node, name, args: [],
    Op.INPUT: _input,
    Op.UNDEFINED: lambda s, node, name, args: [f"{name} = None"],
    Op.ADD: _infix("+"),
    Op.SUB: _infix("-"),
    Op.MUL: _mul,
    Op.DIV: _div,
    Op.NEG: lambda s, node, name, args: _guarded(name, args, f"-{args[0]}"),
    Op.ABS: lambda s, node, name, args: _guarded(name, args, f"abs({args[0]})"),
    Op.MIN: lambda s, node, name, args: _guarded(name, args, f"min({', '.join(args)})"),
    Op.MAX: lambda s, node, name, args: _guarded(name, args, f"max({', '.join(args)})"),
    Op.ROUND: _round,
    Op.DAYS: lambda s, node, name, args: _guarded(name, args, f"float(({args[1]} - {args[0]}).days)"),
    Op.DAY: lambda s, node, name, args: _guarded(name, args, f"({args[0]} + {s.constant(timedelta(seconds=node.value))}).date()"),
    Op.SECONDS: lambda s, node, name, args: _guarded(name, args, f"({args[1]} - {args[0]}).total_seconds()"),
    Op.MONTHS: lambda s, node, name, args: _guarded(name, args, f"months_after({args[0]}, {int(node.value)})"),
    Op.LE: _order("<="),
    Op.LT: _order("<"),
    Op.EQ: _eq,
    Op.AND: _junction(False),
    Op.OR: _junction(True),
    Op.NOT: lambda s, node, name, args: _guarded(name, args, f"not {args[0]}"),
    Op.ATLEAST: _atleast,
    Op.KNOWN: lambda s, node, name, args: [f"{name} = {args[0]} is not None"],
    Op.CASE: _case,
    Op.STEP: _step,
    Op.MAP: _map,
}
