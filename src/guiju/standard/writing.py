"""Writing expressions out, in Chinese or English, so that reading the text back gives the same expression."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping

from guiju.base.diagnostics import Language
from guiju.base.units import is_symbol
from guiju.standard import expression as ex
from guiju.standard.model import Row, Standard, Table

Naming = Callable[[str, str | None], str]
"""(name, alias of the used standard or None) → how it is written"""
Shown = Callable[[ex.Expr], str | None]
"""A text to stand for an expression, such as its value; None writes the expression itself."""

_WORDS: Mapping[Language, Mapping[str, str]] = {
    "zh": {
        "and": " 且 ",
        "or": " 或 ",
        "not": "非 ",
        "in": " 属于 ",
        "<=": " ≤ ",
        "<": " < ",
        ">=": " ≥ ",
        ">": " > ",
        "==": " == ",
        "!=": " ≠ ",
    },
    "en": {
        "and": " and ",
        "or": " or ",
        "not": "not ",
        "in": " in ",
        "<=": " ≤ ",
        "<": " < ",
        ">=": " ≥ ",
        ">": " > ",
        "==": " == ",
        "!=": " ≠ ",
    },
}
_FUNCTIONS_ZH = {code: word for word, code in ex.FUNCTION_WORDS.items()}
_CHOICE, _OR, _AND, _NOT, _COMPARE, _SUM, _PRODUCT, _MINUS, _CONVERT, _POWER, _ATOM = range(11)


def labels(standard: Standard, language: Language) -> dict[str, str]:
    """name → label, each label belonging to one name only; a name without its own label stands for itself."""
    s = standard
    wanted = {i.name: i.title(language) for i in s.inputs.values()}
    if s.scenarios:
        wanted["scenario"] = "场景" if language == "zh" else "scenario"
    for group in (s.parameters, s.tables, s.formulas):
        wanted |= {n: d.title.text(language) if d.title else n for n, d in group.items()}
    for titled in (s.indicators, s.scores, s.gradings):
        wanted |= {n: d.title.text(language) for n, d in titled.items()}
    taken = Counter((*wanted.values(), *wanted))
    return {n: label if (taken[label] == 1 and _can_be_quoted(label)) or label == n else n for n, label in wanted.items()}


def ranked(standard: Standard, language: Language) -> dict[str, tuple[str, dict[str, str]]]:
    """How the populations of a standard are called before the names of their thresholds, as the standards it uses are called."""
    titles = {p.name: p.title.text(language) for p in standard.populations.values()}
    taken = [*titles.values(), *titles, *labels(standard, language).values(), *(use.number for use in standard.uses.values())]
    return {name: (title if taken.count(title) == 1 and _can_be_quoted(title) else name, {}) for name, title in titles.items()}


def naming(own: Mapping[str, str], used: Mapping[str, tuple[str, Mapping[str, str]]]) -> Naming:
    """own   name → label; used   alias → (how the used standard is called, its own labels)"""

    def write(name: str, within: str | None) -> str:
        if within is None:
            return name if name in ("true", "false") else _quoted(own.get(name, name))
        called, theirs = used.get(within, (within, {}))
        return f"{_quoted(called)}.{_quoted(theirs.get(name, name))}"

    return write


def unnamed(expr: ex.Expr, own: Mapping[str, str], used: Mapping[str, tuple[str, Mapping[str, str]]]) -> ex.Expr:
    """The expression read back from a text, with labels turned into names again."""
    back = {label: name for name, label in own.items()}
    aliases = {called: alias for alias, (called, _) in used.items()}

    def name_of(name: str, within: str | None) -> tuple[str, str | None]:
        if within is None:
            return back.get(name, name), None
        alias = aliases.get(within, within)
        theirs = {label: n for n, label in used[alias][1].items()} if alias in used else {}
        return theirs.get(name, name), alias

    def turn(e: ex.Expr) -> ex.Expr:
        match e:
            case ex.Name():
                return ex.Name(*name_of(e.name, e.within), e.span)
            case ex.Call():
                return ex.Call(*name_of(e.name, e.within), tuple(turn(a) for a in e.args), e.span)
            case ex.Minus():
                return ex.Minus(turn(e.operand), e.span)
            case ex.Not():
                return ex.Not(turn(e.operand), e.span)
            case ex.Convert():
                return ex.Convert(turn(e.operand), e.unit, e.span)
            case ex.Arithmetic():
                return ex.Arithmetic(e.op, turn(e.left), turn(e.right), e.span)
            case ex.Comparison():
                return ex.Comparison(e.ops, tuple(turn(o) for o in e.operands), e.span)
            case ex.Logic():
                return ex.Logic(e.op, tuple(turn(o) for o in e.operands), e.span)
            case ex.Member():
                return ex.Member(turn(e.operand), tuple(turn(v) for v in e.values), e.span)
            case ex.Choice():
                return ex.Choice(turn(e.condition), turn(e.then), turn(e.otherwise), e.span)
            case _:
                return e

    return turn(expr)


def write(expr: ex.Expr, language: Language, name: Naming, shown: Shown = lambda e: None) -> str:
    return _Writer(language, name, shown).text(expr, _CHOICE)


def write_number(expr: ex.Number, inside: bool = True) -> str:
    if expr.unit is None:
        return expr.text
    bare = is_symbol(expr.unit.text) or not inside
    return f"{expr.text} {expr.unit.text}" if bare else f"{expr.text} [{expr.unit.text}]"


class _Writer:
    def __init__(self, language: Language, name: Naming, shown: Shown) -> None:
        self.language, self.name, self.shown, self.words = language, name, shown, _WORDS[language]

    def text(self, expr: ex.Expr, at_least: int) -> str:
        replaced = self.shown(expr)
        if replaced is not None:
            return replaced
        text, level = self._written(expr)
        return f"({text})" if level < at_least else text

    def _written(self, expr: ex.Expr) -> tuple[str, int]:
        words = self.words
        match expr:
            case ex.Number():
                return write_number(expr), _ATOM
            case ex.Word():
                opened, closed = next(pair for pair in ("''", '""', "‘’", "“”") if pair[1] not in expr.text)
                return f"{opened}{expr.text}{closed}", _ATOM
            case ex.Day():
                return expr.date.isoformat(), _ATOM
            case ex.Name():
                return self.name(expr.name, expr.within), _ATOM
            case ex.Call():
                return self._call(expr), _ATOM
            case ex.Minus():
                return f"-{self.text(expr.operand, _MINUS)}", _MINUS
            case ex.Arithmetic():
                return self._arithmetic(expr)
            case ex.Comparison():
                parts = [self.text(expr.operands[0], _SUM)]
                parts += [words[op] + self.text(o, _SUM) for op, o in zip(expr.ops, expr.operands[1:], strict=True)]
                return "".join(parts), _COMPARE
            case ex.Member():
                values = ", ".join(self.text(v, _SUM) for v in expr.values)
                return f"{self.text(expr.operand, _SUM)}{words['in']}{{{values}}}", _COMPARE
            case ex.Not():
                return f"{words['not']}{self.text(expr.operand, _COMPARE if not isinstance(expr.operand, ex.Not) else _NOT)}", _NOT
            case ex.Logic():
                level = _OR if expr.op == "or" else _AND
                return words[expr.op].join(self.text(o, level + 1) for o in expr.operands), level
            case ex.Choice():
                condition, then, other = (self.text(e, _CHOICE) for e in (expr.condition, expr.then, expr.otherwise))
                return (
                    f"若 {condition} 则 {then} 否则 {other}" if self.language == "zh" else f"if {condition} then {then} else {other}"
                ), _CHOICE
            case ex.Unrolled():
                return self._written(expr.written)
            case ex.Convert():
                unit = expr.unit.text if is_symbol(expr.unit.text) else f"[{expr.unit.text}]"
                operand = self.text(expr.operand, _CONVERT)
                return (f"{operand} 以 {unit} 计" if self.language == "zh" else f"{operand} as {unit}"), _CONVERT

    def _call(self, expr: ex.Call) -> str:
        function = expr.within is None and expr.name in _FUNCTIONS_ZH
        if function:
            name = _FUNCTIONS_ZH[expr.name] if self.language == "zh" else expr.name
        elif expr.name == "pass" and expr.within is not None:
            name = f"{self.name('', expr.within).rsplit('.', 1)[0]}.{'符合' if self.language == 'zh' else 'pass'}"
        else:
            name = self.name(expr.name, expr.within)
        return f"{name}({', '.join(self.text(a, _CHOICE) for a in expr.args)})"

    def _arithmetic(self, expr: ex.Arithmetic) -> tuple[str, int]:
        if expr.op == "^":
            base = self.text(expr.left, _ATOM)
            with_unit = isinstance(expr.left, ex.Number) and expr.left.unit is not None
            return f"{f'({base})' if with_unit else base}^{self.text(expr.right, _ATOM)}", _POWER
        level = _SUM if expr.op in "+-" else _PRODUCT
        sign = {"*": "×"}.get(expr.op, expr.op)
        return f"{self.text(expr.left, level)} {sign} {self.text(expr.right, level + 1)}", level


def _can_be_quoted(label: str) -> bool:
    return not {"「", "」"} & set(label)


def _quoted(label: str) -> str:
    return label if ex.is_plain_name(label) else f"「{label}」"


def row_condition(table: Table, index: int) -> ex.Expr | None:
    """Where a row holds, as an expression over the table's argument; None for all the rest."""
    row = table.rows[index]
    span = row.span
    if row.key is not None:
        return ex.Comparison(("==",), (table.of, ex.Word(row.key.text, span)), span)
    if row.at is not None:
        return ex.Comparison(("==",), (table.of, row.at), span)
    lower, upper = lower_end(table, index), row.upper
    if lower and upper:
        return ex.Comparison(("<=" if lower[1] else "<", "<=" if upper[1] else "<"), (lower[0], table.of, upper[0]), span)
    if upper:
        return ex.Comparison(("<=" if upper[1] else "<",), (table.of, upper[0]), span)
    return ex.Comparison((">=" if lower[1] else ">",), (table.of, lower[0]), span) if lower else None


def lower_end(table: Table, index: int) -> tuple[ex.Expr, bool] | None:
    """The lower end of a row: its own, or where the row above ends."""
    row: Row = table.rows[index]
    above = table.rows[index - 1].upper if index else None
    return row.lower or ((above[0], not above[1]) if above else None)
