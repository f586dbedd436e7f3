"""Lowering: expressions, tables and dated parameters of a standard → typed nodes, with names resolved and editions picked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Protocol

from guiju.base.diagnostics import Problems, Span
from guiju.base.rounding import decimal_text
from guiju.base.units import ONE, Unit
from guiju.ir.build import Builder
from guiju.ir.functions import FUNCTIONS, SPECIALS
from guiju.ir.node import BOOLEAN, PLAIN, Kind, Node, Op, Type
from guiju.ir.ordering import declared_names, definitions, needed_names
from guiju.ir.program import ClauseMeaning, IndicatorMeaning
from guiju.ir.ranking import compares_ranks, ranks
from guiju.ir.tables import interpolated_table, map_table, step_table
from guiju.standard import expression as ex
from guiju.standard.model import Input, Parameter, Row, Standard, Table
from guiju.standard.shape import did_you_mean, nearest
from guiju.standard.unroll import AGGREGATES

_DEPTH_MAX, _CALLS_MAX, _NODES_MAX = 150, 12, 30_000
"""How deep expressions and calls of tables may go, and how much they may come to: recursion and time stay bounded."""


class Library(Protocol):
    """Where used standards are found."""

    def find(self, number: str, on: date | None = None) -> Standard | None: ...

    def numbers(self) -> Iterable[str]: ...


class Lowering:
    """Expressions of one standard → nodes, with the standard's names, and what has been defined so far."""

    def __init__(
        self, standard: Standard, on: date, library: Library, build: Builder, outer: Mapping[str, Input] | None, chain: tuple[str, ...]
    ) -> None:
        """outer   the inputs of the standard that uses this one; None for the standard itself"""
        self.standard, self.on, self.library, self.build, self.problems = standard, on, library, build, build.problems
        self.outer, self.chain = outer, chain
        self.inputs = standard.inputs if outer is None else outer
        self.known: dict[str, Node] = {}
        self.meaning: dict[int, Node] = {}
        self.rounded: Node | None = None
        self.indicator_meanings: dict[str, IndicatorMeaning] = {}
        self.clause_meanings: dict[str, ClauseMeaning] = {}
        self.scope = build.truth(True)
        self.elsewhere = 0
        """Something is being lowered at another argument than its own: its expressions keep the meaning they had."""
        self.open: list[str] = []
        """Tables and parameters that are being lowered again."""
        self.calls: dict[tuple[str, int], Node] = {}
        self.presumed: set[str] = set()
        """Names that misspelt ones probably stand for; they are not called unused."""
        self.too_large = False
        """Said once; calls are not followed any more."""
        self.depth = 0
        self.aliases: dict[str, Lowering | None] = {}
        self.definitions = definitions(standard)

    def _quantity(self, expr: ex.Expr, unit: Unit, local: Mapping[str, Node] | None = None) -> Node:
        """A value in a field with a declared unit: a bare number is in that unit."""
        return (
            self.build.as_quantity(self.lower(expr, local), unit, expr.span)
            if _is_literal(expr)
            else self.build.converted(self.lower(expr, local), unit, expr.span)
        )

    def _parameter(self, declared: Parameter) -> Node:
        if declared.unverified:
            return self.build.undefined(declared.unverified_reason, Type(Kind.NUMBER, declared.unit), declared.span)
        valid = [v for v in declared.values if v.since is None or v.since <= self.on]
        for value in declared.values:
            self._quantity(value.value, declared.unit)
        if not valid:
            return self.build.undefined(f"{declared.name} has no value on {self.on}", Type(Kind.NUMBER, declared.unit), declared.span)
        return self._quantity(valid[-1].value, declared.unit)

    def _table(self, declared: Table, at: Node | None = None) -> Node:
        of = at if at is not None else self.lower(declared.of)
        local = {declared.of.name: of} if isinstance(declared.of, ex.Name) and declared.of.within is None else {}
        local |= {name: self.lower(part, local) for name, part in declared.numeric.items()}
        values = [self._row_value(declared, row.value, local) for row in declared.rows]
        if of.is_bad:
            return of
        report = at is None and self.outer is None
        match declared.kind:
            case "map":
                return map_table(self.build, declared, of, values, report, tuple(self.standard.scenarios.labels) if self.standard.scenarios else ())
            case "interpolate":
                at_nodes = [self._bound(row.at, of, local) for row in declared.rows if row.at]
                return interpolated_table(self.build, declared, of, at_nodes, values)
            case _:
                lowers = [row.lower and self._bound(row.lower[0], of, local) for row in declared.rows]
                uppers = [row.upper and self._bound(row.upper[0], of, local) for row in declared.rows]
                made = step_table(self.build, declared, of, lowers, uppers, values, report)
                if report and not made.is_bad:
                    self._jumps(declared, of, uppers)
                return made

    def _row_value(self, table: Table, expr: ex.Expr, local: Mapping[str, Node]) -> Node:
        node = self.lower(expr, local)
        if table.numeric or _is_literal(expr):
            return self.build.as_quantity(node, table.unit, expr.span)
        return self.build.converted(node, table.unit, expr.span)

    def _bound(self, expr: ex.Expr, of: Node, local: Mapping[str, Node]) -> Node:
        node = self.lower(expr, local)
        if of.type.kind is Kind.DATE:
            return node if self.build.wants(node, Kind.DATE, expr.span) else self.build.bad
        if of.type.kind is not Kind.NUMBER:
            return node
        return self.build.as_quantity(node, of.type.unit, expr.span) if _is_literal(expr) else self.build.converted(node, of.type.unit, expr.span)

    def _jumps(self, table: Table, of: Node, uppers: Sequence[Node | None]) -> None:
        """Formula pieces that do not meet must be declared, and what is declared must be so."""
        if not of.is_number or not isinstance(table.of, ex.Name):
            return
        places = [(self._bound(jump, of, {}), jump.span) for jump in table.jumps]
        declared = {place.value: span for place, span in places if not place.is_bad}
        for row, after, upper in zip(table.rows, table.rows[1:], uppers, strict=False):
            if upper is None or upper.op is not Op.CONST:
                continue
            span = declared.pop(upper.value, None)
            here, there = self._ends_meeting(table, upper, row, after)
            if here.op is not Op.CONST or there.op is not Op.CONST:
                continue
            varies = any(not _is_literal(r.value) for r in (row, after))
            if here.value != there.value and span is None and varies:
                self.problems.add(
                    "table-jump",
                    row.upper[0].span if row.upper else table.span,
                    name=table.name,
                    at=text_of(upper),
                    left=text_of(here),
                    right=text_of(there),
                )
            elif here.value == there.value and span is not None:
                self.problems.add("table-no-jump", span, name=table.name, at=text_of(upper), value=text_of(here))
        for span in declared.values():
            self.problems.add("table-no-bound", span, name=table.name)

    def _ends_meeting(self, table: Table, at: Node, *rows: Row) -> list[Node]:
        """The values of rows at an end, nothing said: a row need not have a value where it only ends."""
        assert isinstance(table.of, ex.Name), "the caller looked"
        problems, self.problems, self.build.problems = self.problems, Problems(), Problems()
        self.elsewhere += 1
        local = {table.of.name: at}
        local |= {name: self.lower(part, local) for name, part in table.numeric.items()}
        values = [self._row_value(table, row.value, local) for row in rows]
        self.elsewhere -= 1
        self.problems = self.build.problems = problems
        return values

    def _truth(self, expr: ex.Expr) -> Node:
        node = self.lower(expr)
        if node.type.kind not in (Kind.BOOLEAN, Kind.BAD):
            self.problems.add("not-a-condition", expr.span)
            return self.build.bad
        return node

    def lower(self, expr: ex.Expr, local: Mapping[str, Node] | None = None) -> Node:
        """The node of an expression; `local` names come before the standard's."""
        if self.depth >= _DEPTH_MAX:
            self.problems.add("meaning-too-large", expr.span)
            return self.build.bad
        self.depth += 1
        node = self._lower(expr, local or {})
        self.depth -= 1
        self.build.written[node.index] = expr.span
        if not self.elsewhere:
            self.meaning[id(expr)] = node
        return node

    def _lower(self, expr: ex.Expr, local: Mapping[str, Node]) -> Node:
        build = self.build
        match expr:
            case ex.Number():
                return self._number(expr, local)
            case ex.Word():
                return build.word(expr.text, expr.span)
            case ex.Day():
                return build.day(expr.date, expr.span)
            case ex.Name():
                return self._name(expr, local)
            case ex.Call():
                return self._call(expr, local)
            case ex.Minus():
                return build.neg(self.lower(expr.operand, local), expr.span)
            case ex.Arithmetic():
                return self._arithmetic(expr, local)
            case ex.Comparison():
                rounded, self.rounded = self.rounded, None  # a condition within a compared value is no requirement
                operands = [self.lower(o, local) for o in expr.operands]
                self.rounded = rounded
                return self._comparison(expr, operands)
            case ex.Member():
                x = self.lower(expr.operand, local)
                return build.any([build.eq(x, self.lower(v, local), expr.span) for v in expr.values], expr.span)
            case ex.Not():
                return build.not_(self.lower(expr.operand, local), expr.span)
            case ex.Logic():
                operands = [self.lower(o, local) for o in expr.operands]
                return build.all(operands, expr.span) if expr.op == "and" else build.any(operands, expr.span)
            case ex.Choice():
                rounded, self.rounded = self.rounded, None
                condition = self.lower(expr.condition, local)
                self.rounded = rounded
                then = self.lower(expr.then, local)
                return build.case([(condition, then)], self.lower(expr.otherwise, local), expr.span)
            case ex.Unrolled():
                return self.lower(expr.made, local)
            case ex.Convert():
                return build.as_number(self.lower(expr.operand, local), expr.unit, expr.span)

    def _number(self, expr: ex.Number, local: Mapping[str, Node]) -> Node:
        for symbol in re.findall(r"[^\W\d_]\w*", expr.unit.text) if expr.unit and not expr.apart else ():
            if symbol in local or symbol in self.known:
                self.problems.add("unit-or-name", expr.span, text=symbol)
                return self.build.bad
        return self.build.number(expr.value, expr.unit or ONE, expr.span)

    def _name(self, expr: ex.Name, local: Mapping[str, Node]) -> Node:
        if expr.within is not None:
            return self._foreign(expr, None)
        if expr.name in ("true", "false"):
            return self.build.truth(expr.name == "true", expr.span)
        if expr.name in self.standard.populations and expr.name not in (*local, *self.known):
            return self._whole_population(expr)
        node = local.get(expr.name) or self.known.get(expr.name)
        if node is None:
            known = {*self.definitions, *declared_names(self.standard), *declared_names(self.standard.authored), *self.standard.broken}
            if expr.name not in known:
                names = [*local, *declared_names(self.standard)]
                self._unknown("unknown-name", expr.span, expr.name, names)
            return self.build.bad
        return node

    def _unknown(self, code: str, where: Span | None, name: str, known: Iterable[str]) -> None:
        names = list(known)
        self.presumed.add(nearest(name, names) or name)
        self.problems.add(code, where, name=name, **did_you_mean(name, names))

    def _foreign(self, expr: ex.Name | ex.Call, args: Sequence[Node] | None) -> Node:
        """`alias.name` or `alias.table(argument)`: something of a used standard, with its inputs bound by property."""
        alias = expr.within or ""
        if alias in self.standard.populations:
            return self._of_population(expr)
        if alias not in self.standard.uses:
            if alias not in self.standard.broken:
                self._unknown("unknown-name", expr.span, alias, self.standard.uses)
            return self.build.bad
        used = self.aliases.get(alias)
        if used is None:
            return self.build.bad
        said = len(self.problems)
        node = used._call_here(expr, args) if args is not None else used.known.get(expr.name)
        if node is None:
            self.problems.add("unknown-name", expr.span, name=f"{alias}.{expr.name}", **did_you_mean(expr.name, declared_names(used.standard)))
            return self.build.bad
        missing = used.unbound(expr) if node.is_bad and len(self.problems) == said else []
        if missing:
            self.problems.add("unbound-input", expr.span, standard=used.standard.number, properties=", ".join(missing))
        return node

    def _whole_population(self, expr: ex.Name) -> Node:
        hint = " ".join(f"{expr.name}.{best.name}" for best in self.standard.populations[expr.name].best)
        self.problems.add("unknown-name", expr.span, name=expr.name, hint_zh=f"它的界限是：{hint}", hint_en=f"its thresholds are: {hint}")
        return self.build.bad

    def _of_population(self, expr: ex.Name | ex.Call) -> Node:
        """`leaders.top20`: a threshold of a population of this standard; in a cycle it is not known, which is reported elsewhere."""
        name = f"{expr.within}.{expr.name}"
        names = [f"{expr.within}.{best.name}" for best in self.standard.populations[expr.within or ""].best]
        if name not in names:
            self.problems.add("unknown-name", expr.span, name=name, **did_you_mean(name, names))
        elif isinstance(expr, ex.Call):
            self.problems.add("argument-count", expr.span, form=name, found=len(expr.args))
        else:
            return self.known.get(name, self.build.bad)
        return self.build.bad

    def unbound(self, expr: ex.Name | ex.Call) -> list[str]:
        """Properties that a name, table or clause of this used standard depends on, and the using standard has no input for."""
        clause = [a.text for a in expr.args if isinstance(a, ex.Word)] if isinstance(expr, ex.Call) and expr.name == "pass" else []
        needed = needed_names(self.standard, self.definitions, f"[{clause[0]}]" if clause else expr.name)
        return [i.is_ for i in self.standard.inputs.values() if i.name in needed and self.known[i.name].is_bad]

    def _call_here(self, expr: ex.Name | ex.Call, args: Sequence[Node]) -> Node | None:
        """A call from a using standard: a table at another argument, a dated parameter, or `pass`."""
        if expr.name == "pass" and isinstance(expr, ex.Call):
            return self._special(expr)
        declared = self.standard.tables.get(expr.name) or self.standard.parameters.get(expr.name)
        if declared is None or len(args) != 1:
            return None
        key = (expr.name, args[0].index)
        if key in self.calls:
            return self.calls[key]
        made = self._lowered_again(declared, args[0], expr.span)
        if not made.is_bad:
            self.calls[key] = made
        return made

    def _lowered_again(self, declared: Table | Parameter, at: Node, where: Span) -> Node:
        """A table at another argument, a parameter on another date: its rows or values are lowered once more."""
        if at.is_bad or self.too_large or declared.name in self.open:  # within itself: a cycle, reported where the order was made
            return self.build.bad
        if len(self.open) >= _CALLS_MAX or len(self.build.nodes) > _NODES_MAX:
            self.too_large = True
            self.problems.add("meaning-too-large", where)
            return self.build.bad
        self.open.append(declared.name)
        self.elsewhere += 1
        made = self._table_of(declared, at, where) if isinstance(declared, Table) else self._parameter_at(declared, at, where)
        self.elsewhere -= 1
        self.open.pop()
        return made

    def _call(self, expr: ex.Call, local: Mapping[str, Node]) -> Node:
        if expr.within is None and expr.name in SPECIALS:
            return self._special(expr)
        args = [self.lower(a, local) for a in expr.args]
        if expr.within is not None:
            return self._foreign(expr, args)
        if expr.name in FUNCTIONS:
            function = FUNCTIONS[expr.name]
            if len(args) < function.least or (function.most is not None and len(args) > function.most):
                self.problems.add("argument-count", expr.span, form=function.form, found=len(args))
                return self.build.bad
            return function.lower(self.build, args, expr.span)
        if expr.name in self.standard.tables or expr.name in self.standard.parameters:
            if len(args) != 1:
                self.problems.add("argument-count", expr.span, form=f"{expr.name}(x)", found=len(args))
                return self.build.bad
            return self._call_here(expr, args) or self.build.bad
        known = [*FUNCTIONS, *SPECIALS, *AGGREGATES, *self.standard.tables, *self.standard.parameters]
        if expr.name in AGGREGATES and self.standard.rolled is not None:
            return self.build.bad
        if expr.name in AGGREGATES:
            self.problems.add("nothing-to-aggregate", expr.span, form=AGGREGATES[expr.name][0])
        elif expr.name not in self.standard.broken:
            self._unknown("unknown-function", expr.named, expr.name, known)
        return self.build.bad

    def _table_of(self, table: Table, at: Node, where: Span) -> Node:
        of = self.lower(table.of)
        if of.is_bad and self.outer is not None:
            of = self._argument_type(table)
        if at.is_bad or of.is_bad:
            return self.build.bad
        if of.is_number:
            pair = self.build.pair(of, at, where)
            return self.build.bad if pair is None else self._table(table, self.build.in_unit(pair[1], of.type.unit, where))
        return self._table(table, at) if self.build.wants(at, of.type.kind, where) else self.build.bad

    def _argument_type(self, table: Table) -> Node:
        """A stand-in for a table's own argument where the using standard has no such input: only its type is looked at."""
        declared = self.standard.inputs.get(table.of.name) if isinstance(table.of, ex.Name) else None
        return self.build.undefined("argument", type_of(declared)) if declared else self.build.bad

    def _parameter_at(self, parameter: Parameter, on: Node, where: Span) -> Node:
        if not self.build.wants(on, Kind.DATE, where):
            return self.build.bad
        if parameter.unverified:
            return self._parameter(parameter)
        values = [self._quantity(v.value, parameter.unit) for v in parameter.values]
        since = [v.since for v in parameter.values if v.since is not None]
        if len(since) != len(values):
            return values[0]
        before = self.build.undefined(f"{parameter.name} has no value before {since[0]}", Type(Kind.NUMBER, parameter.unit), where)
        return self.build.step(on, [(day, False) for day in since], [before, *values], where)

    def _special(self, expr: ex.Call) -> Node:
        """worst('core'), count('core', 2), pass('4.1')"""
        words = [a.text for a in expr.args if isinstance(a, ex.Word)]
        if not words or len(expr.args) != (2 if expr.name == "count" else 1):
            self.problems.add("argument-count", expr.span, form=SPECIALS[expr.name].form, found=len(expr.args))
            return self.build.bad
        if expr.name == "pass":
            meaning = self.clause_meanings.get(words[0])
            if words[0] in self.standard.families:  # asked by a using standard: in every scenario
                members = [self.clause_meanings[no] for no in self.standard.families[words[0]] if no in self.clause_meanings]
                return self.build.all([self.build.implies(m.applies, m.requires, expr.span) for m in members], expr.span)
            if meaning is None:
                if f"[{words[0]}]" not in {*self.definitions, *self.standard.broken}:
                    self.problems.add("unknown-clause", expr.args[0].span, no=words[0], **did_you_mean(words[0], self.standard.clauses))
                return self.build.bad
            return self.build.implies(meaning.applies, meaning.requires, expr.span)
        group = [m for m in self.indicator_meanings.values() if m.indicator.kind == words[0]]
        if not group:
            if not any(i.kind == words[0] for i in self.standard.indicators.values()) and not self.standard.broken:
                self.problems.add("no-such-indicators", expr.span, kind=words[0])
            return self.build.bad
        if expr.name == "worst":
            one = self.build.number(1)
            return self.build.max([self.build.case([(m.applies, m.level)], one, expr.span) for m in group], expr.span)
        return self._count(expr, group)

    def _count(self, expr: ex.Call, group: Sequence[IndicatorMeaning]) -> Node:
        level = self.lower(expr.args[1])
        one, none = self.build.number(1), self.build.number(0)
        total = none
        for m in group:
            reached = self.build.all([m.applies, self.build.le(m.level, level, expr.span)], expr.span)
            total = self.build.add(total, self.build.case([(reached, one)], none, expr.span), expr.span)
        return total

    def _arithmetic(self, expr: ex.Arithmetic, local: Mapping[str, Node]) -> Node:
        left = self.lower(expr.left, local)
        if expr.op == "^":
            exponent = expr.right.value if isinstance(expr.right, ex.Number) else None
            if exponent is None or exponent.denominator != 1 or not 0 <= exponent <= 6:
                self.problems.add("exponent", expr.right.span)
                return self.build.bad
            return self.build.power(left, int(exponent), expr.span)
        right = self.lower(expr.right, local)
        make = {"+": self.build.add, "-": self.build.sub, "*": self.build.mul, "/": self.build.div}[expr.op]
        return make(left, right, expr.span)

    def _comparison(self, expr: ex.Comparison, operands: list[Node]) -> Node:
        if self.rounded is not None:
            measured = 1 if len(operands) == 3 else 0
            if operands[measured].op is Op.CONST:
                self.problems.add("rounded-constant", expr.span)
            operands[measured] = self.build.round(operands[measured], self.rounded, expr.span)
        counted = self._counts(expr, operands)
        if counted is not None:
            return counted
        pairs = zip(expr.ops, operands, operands[1:], strict=False)
        return self.build.all([self._compare(op, a, b, expr.span) for op, a, b in pairs], expr.span)

    def _counts(self, expr: ex.Comparison, operands: list[Node]) -> Node | None:
        """`count('core', 2) >= k` is decided as soon as k are known to be reached, or can no longer be."""
        call, k = expr.operands[0], operands[-1]
        if not (len(operands) == 2 and isinstance(call, ex.Call) and call.name == "count" and call.within is None and expr.ops[0] in (">=", ">")):
            return None
        words = [a.text for a in call.args if isinstance(a, ex.Word)]
        if k.op is not Op.CONST or not isinstance(k.value, Fraction) or k.value.denominator != 1 or operands[0].is_bad or not words:
            return None
        level = self.lower(call.args[1])
        group = [m for m in self.indicator_meanings.values() if m.indicator.kind == words[0]]
        reached = [self.build.all([m.applies, self.build.le(m.level, level, expr.span)], expr.span) for m in group]
        return self.build.atleast(int(k.value) + (expr.ops[0] == ">"), reached, expr.span)

    def _compare(self, op: str, a: Node, b: Node, where: Span) -> Node:
        build = self.build
        if op not in ("==", "!=") and compares_ranks(a, b):
            a, b = ranks(build, a, b, where)
        match op:
            case "<=":
                return build.le(a, b, where)
            case "<":
                return build.lt(a, b, where)
            case ">=":
                return build.le(b, a, where)
            case ">":
                return build.lt(b, a, where)
            case "==":
                return build.eq(a, b, where)
            case _:
                return build.not_(build.eq(a, b, where), where)


def type_of(declared: Input) -> Type:
    if declared.kind == "number":
        return Type(Kind.NUMBER, declared.unit or ONE, declared.basis)
    if declared.kind == "boolean":
        return BOOLEAN
    zone = int(declared.zone.total_seconds()) if declared.zone is not None else 0
    return Type(Kind(declared.kind), values=declared.values, zone=zone, rising=declared.rising)


def _is_literal(expr: ex.Expr) -> bool:
    return isinstance(expr, ex.Number) or (isinstance(expr, ex.Minus) and isinstance(expr.operand, ex.Number))


def text_of(node: Node) -> str:
    number = decimal_text(node.value) if isinstance(node.value, Fraction) else str(node.value)
    return f"{number} {node.type.unit.text}" if node.type != PLAIN and node.is_number else number
