"""Whether the formulas of a program mean what the exact reading finds: a record is put in for their variables, and they are simplified."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

from guiju.ir.node import Kind, Node
from guiju.ir.program import Program
from guiju.ir.values import Unknown, Value
from guiju.readings.evaluate import evaluate
from guiju.readings.smt.calendar import counted, moment_at
from guiju.readings.smt.contexts import solver_library
from guiju.readings.smt.logic import Truth, lift
from guiju.readings.smt.space import Quantity, Space

z3 = solver_library()


def differences(program: Program, records: list[dict[str, Value]]) -> list[str]:
    """Every value that substituting a record in the formulas gives otherwise than the exact reading."""
    space = Space([program], missing=True)
    names = space._keys[0]
    roots = {name: node for name, node in program.roots.items() if not node.is_bad}
    roots |= {f"{each.name} {n}": node for each in program.aggregates for n, node in enumerate(each.nodes)}
    made = {name: space.of(0, node) for name, node in roots.items()}
    found: list[str] = []
    for record in records:
        given = [pair for name, key in names.items() for pair in _given(space, space.quantities[key], record.get(name))]
        evaluation = evaluate(program, record)
        for name, node in roots.items():
            value = evaluation.of(node)
            if isinstance(made[name], Truth):
                said: Any = (_is_true(made[name].true, given), _is_true(made[name].false, given))
                wanted: Any = (value is True, value is False)
            elif _is_true(made[name].defined, given):
                said, wanted = _read(space, node, made[name].term, given), value
            else:
                said, wanted = "undefined", "undefined" if type(value) is Unknown else value
            if said != wanted:
                found.append(f"{name}: solver {said}, exact {wanted}: {record}")
    return found


def _given(space: Space, q: Quantity, value: Value | None) -> list[tuple[Any, Any]]:
    known = (q.known, z3.BoolVal(value is not None))
    if isinstance(value, bool):
        return [known, (q.variable, z3.BoolVal(value))]
    if isinstance(value, str):
        return [known, (q.variable, z3.IntVal(space.code(value)))]
    if isinstance(value, date):
        return [known, (q.variable, z3.IntVal(counted(value)))]
    return [known] if value is None else [known, (q.variable, lift(value))]


def _is_true(formula: Any, given: list[tuple[Any, Any]]) -> bool:
    if isinstance(formula, bool):
        return formula
    put_in = z3.simplify(z3.substitute(formula, *given))
    if z3.is_true(put_in) or z3.is_false(put_in):
        return bool(z3.is_true(put_in))
    solver = z3.Solver()  # what is left hangs on values nobody gave, and may not make a difference
    solver.add(z3.Not(put_in))
    return solver.check() == z3.unsat


def _read(space: Space, node: Node, term: Any, given: list[tuple[Any, Any]]) -> Any:
    found = z3.simplify(z3.substitute(lift(term), *given))
    if node.is_number:
        return Fraction(found.as_fraction()) if z3.is_rational_value(found) else str(found)
    if not z3.is_int_value(found):
        return str(found)
    kinds = {Kind.DATE: date.fromordinal, Kind.TIME: moment_at}
    return kinds.get(node.type.kind, space.word)(found.as_long())
