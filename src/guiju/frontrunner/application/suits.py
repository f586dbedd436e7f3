"""Suits: what an application standard asks of a product in each scenario, read from the standard itself.

An application standard has scenarios, a formula `suitability` that gives `suited`, `conditional` or `unsuited` in each of them, and a formula
`result`: the grade of the product by its own evaluation standard. The conditions are what the formula joins by `and` before each of the words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from guiju.base.diagnostics import Diagnostic, Refused
from guiju.ir.node import Node
from guiju.ir.program import Program
from guiju.standard import expression as ex
from guiju.standard.model import Clause, Title

SUITABILITY, RESULT = "suitability", "result"
SUITED, CONDITIONAL, UNSUITED = WORDS = ("suited", "conditional", "unsuited")
OUTSIDE, UNKNOWN = "outside", "unknown"
STATES: Mapping[str, tuple[str, Title]] = {
    SUITED: ("●", Title("适用", "suited")), CONDITIONAL: ("◐", Title("有条件", "conditional")), UNSUITED: ("○", Title("不适用", "unsuited")),
    UNKNOWN: ("?", Title("不能判定", "undetermined")), OUTSIDE: ("–", Title("不在范围", "out of scope")),
}  # fmt: skip
"""What can be said of a product in a scenario: a shape and a word, never a colour alone."""
GRADES: Mapping[str, Title] = {
    "advanced": Title("先进", "advanced"), "average": Title("平均", "average"), "baseline": Title("基准", "baseline"),
    "none": Title("未达基准", "none"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing asked for a word in a scenario.

    clause   its number in the standard; empty: it stands in the formula alone
    asked    what is compared, as written; node: whether it holds
    """

    clause: str
    title: Title
    asked: ex.Expr
    node: Node


@dataclass(frozen=True)
class Application:
    """An application standard as it is used.

    program      with what suitability needs and nothing else
    scenarios    name → what it is called
    conditions   scenario → word (suited, conditional) → what it asks
    """

    program: Program
    scenarios: Mapping[str, Title]
    conditions: Mapping[str, Mapping[str, tuple[Condition, ...]]]


def suits_name(scenario: str) -> str:
    return f"{SUITABILITY}@{scenario}"


def condition_name(scenario: str, at: int) -> str:
    """The column that says whether the condition for `suited` holds that stands at a place."""
    return f"condition {scenario} {at}"


SCOPE = "application scope"


def application_of(program: Program) -> Application:
    """What a program asks in each of its scenarios.

    raises   Refused: application-none, where it is no application standard
    """
    standard = program.standard
    names = list(standard.scenarios.labels) if standard.scenarios else []
    if not names or RESULT not in program.values or any(suits_name(each) not in program.values for each in names):
        raise Refused([Diagnostic("application-none", None, {"number": standard.number})])
    asked = {each: dict(_asked(program, standard.formulas[suits_name(each)].formula)) for each in names}
    wrong = [each for each in names if set(asked[each]) != {SUITED, CONDITIONAL}]
    if wrong:
        raise Refused([Diagnostic("application-words", None, {"number": standard.number, "scenario": wrong[0]})])
    values = {suits_name(each): program.values[suits_name(each)] for each in names} | {RESULT: program.values[RESULT], SCOPE: program.scope}
    values |= {condition_name(each, at): one.node for each in names for at, one in enumerate(asked[each][SUITED])}
    lean = replace(program, clauses=(), families=(), overall=None, otherwise=None, indicators=(), scores=(), grades=(), aggregates=(), populations=(),
                   values=values)  # fmt: skip
    titles = standard.scenarios.labels if standard.scenarios else {}
    return Application(lean, {each: titles[each] for each in names}, asked)


def _asked(program: Program, formula: ex.Expr) -> Iterator[tuple[str, tuple[Condition, ...]]]:
    """Word → its conditions, of choices one after another that end in `unsuited`."""
    while isinstance(formula, ex.Choice) and isinstance(formula.then, ex.Word) and formula.then.text in WORDS:
        yield formula.then.text, tuple(_conditions(program, formula.condition))
        formula = formula.otherwise


def _conditions(program: Program, expr: ex.Expr) -> Iterator[Condition]:
    if isinstance(expr, ex.Logic) and expr.op == "and":
        for each in expr.operands:
            yield from _conditions(program, each)
        return
    clause = _clause(program, expr)
    node = program.meaning[id(expr)]
    if clause is None:
        yield Condition("", _called(program, expr), expr, node)
    elif next(each for each in program.clauses if each.no == clause.no).applies.value is not False:
        authored = clause.authored or clause
        yield Condition(authored.no, authored.title, clause.requires, node)


def _clause(program: Program, expr: ex.Expr) -> Clause | None:
    """The clause that `pass('…')` names."""
    named = expr.args[0] if isinstance(expr, ex.Call) and expr.name == "pass" and expr.args else None
    return program.standard.clauses.get(named.text) if isinstance(named, ex.Word) else None


def _called(program: Program, expr: ex.Expr) -> Title:
    """What the first thing named in an expression is called."""
    standard = program.standard
    for each in ex.walk(expr):
        if isinstance(each, ex.Name):
            declared = standard.formulas.get(each.name) or standard.tables.get(each.name)
            if declared is not None and declared.title is not None:
                return declared.title
            if each.name in standard.inputs:
                return Title(standard.inputs[each.name].zh, standard.inputs[each.name].en)
    return Title("条件", "condition")
