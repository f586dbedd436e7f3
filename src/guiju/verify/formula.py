"""Formula: a measurement model as a person writes it, checked word by word and made into a plain callable.

Operators + - * / **, brackets, numbers, names, and the functions of `FUNCTIONS`. Nothing else of Python is let in.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from guiju.base.diagnostics import Problems, Span
from guiju.standard.document import Scalar
from guiju.standard.shape import did_you_mean

FUNCTIONS: Mapping[str, np.ufunc] = {
    "sqrt": np.sqrt, "exp": np.exp, "ln": np.log, "log": np.log, "log10": np.log10, "lg": np.log10, "log2": np.log2, "sin": np.sin, "cos": np.cos,
    "tan": np.tan, "asin": np.arcsin, "acos": np.arccos, "atan": np.arctan, "sinh": np.sinh, "cosh": np.cosh, "tanh": np.tanh, "abs": np.absolute,
    "atan2": np.arctan2, "hypot": np.hypot,
}  # fmt: skip
CONSTANTS: Mapping[str, float] = {"pi": float(np.pi)}
LONGEST = 2000
_TWO = {"atan2", "hypot"}

Values = Mapping[str, Any]
Formula = Callable[[Values], Any]


def parse_formula(written: Scalar, known: set[str], problems: Problems) -> Formula | None:
    """The formula over the names known; None where it is malformed, and every problem in it is reported at its place."""
    text = written.text
    if len(text) > LONGEST:
        problems.add("uncertain-formula", written.span, reason_zh=f"长于 {LONGEST} 个字符", reason_en=f"longer than {LONGEST} characters")
        return None
    try:
        # in brackets a formula may take several lines
        tree = ast.parse(f"({text})", mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        problems.add("uncertain-formula", written.span, reason_zh="不成式子", reason_en="this is no formula")
        return None
    before = len(problems)
    made = _Made(written, known, problems).of(tree.body)
    return made if len(problems) == before else None


class _Made:
    def __init__(self, written: Scalar, known: set[str], problems: Problems) -> None:
        self.written, self.known, self.problems = written, known, problems

    def of(self, node: ast.expr) -> Formula:
        match node:
            case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
                number = float(value)
                return lambda at: number
            case ast.Name(id=name):
                return self.name(node, name)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                inner = self.of(operand)
                return lambda at: -inner(at)
            case ast.UnaryOp(op=ast.UAdd(), operand=operand):
                return self.of(operand)
            case ast.BinOp(left=left, op=op, right=right):
                return self.binary(node, left, op, right)
            case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]):
                return self.call(node, name, arguments)
        return self.wrong(node, "这里不能这样写", "this cannot be written here")

    def name(self, node: ast.expr, name: str) -> Formula:
        if name in self.known:
            return lambda at: at[name]
        if name in CONSTANTS:
            return lambda at: CONSTANTS[name]
        self.problems.add("uncertain-unknown-name", self.span(node), name=name, **did_you_mean(name, sorted({*self.known, *CONSTANTS})))
        return lambda at: 0.0

    def binary(self, node: ast.expr, left: ast.expr, op: ast.operator, right: ast.expr) -> Formula:
        a, b = self.of(left), self.of(right)
        match op:
            case ast.Add():
                return lambda at: a(at) + b(at)
            case ast.Sub():
                return lambda at: a(at) - b(at)
            case ast.Mult():
                return lambda at: a(at) * b(at)
            case ast.Div():
                return lambda at: a(at) / b(at)
            case ast.Pow():
                if isinstance(right, ast.Constant) and isinstance(right.value, int) and 0 <= right.value <= 64:
                    power = right.value  # whole: right at 0 and for negative bases
                    return lambda at: a(at) ** power
                return lambda at: a(at) ** b(at)
            case ast.BitXor():
                return self.wrong(node, "乘方写作 **", "a power is written **")
        return self.wrong(node, "没有这种运算", "there is no such operation")

    def call(self, node: ast.expr, name: str, arguments: list[ast.expr]) -> Formula:
        inner = [self.of(each) for each in arguments]
        if name not in FUNCTIONS:
            self.problems.add("uncertain-unknown-name", self.span(node), name=name, **did_you_mean(name, FUNCTIONS))
            return lambda at: 0.0
        wanted = 2 if name in _TWO else 1
        if len(arguments) != wanted:
            return self.wrong(node, f"{name} 要 {wanted} 个数", f"{name} takes {wanted}")
        function = FUNCTIONS[name]
        return lambda at: function(*(each(at) for each in inner))

    def wrong(self, node: ast.expr, zh: str, en: str) -> Formula:
        self.problems.add("uncertain-formula", self.span(node), reason_zh=zh, reason_en=en)
        return lambda at: 0.0

    def span(self, node: ast.expr) -> Span:
        if node.lineno > 1 or node.end_col_offset is None:
            return self.written.span
        prefix = f"({self.written.text}".encode()
        start, end = (len(prefix[:offset].decode(errors="ignore")) - 1 for offset in (node.col_offset, node.end_col_offset))
        return self.written.part(start, end)
