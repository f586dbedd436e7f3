"""Unroll: scenarios and children become inputs, formulas and clauses of their own, so that every reading sees a plain standard.

An input given per scenario becomes one input per scenario, `delay@fcw`; one measured on each of a set of children becomes `capacity#1`,
`capacity#2`, …. What mentions them is written once for each, and an aggregate (`every`, `mean`, …) becomes the expression it stands for.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from guiju.base.diagnostics import Problems, Span
from guiju.base.units import ONE
from guiju.standard import expression as ex
from guiju.standard.model import Aggregate, Children, Clause, Declaration, Indicator, Input, Population, Relief, Row, Standard, Table, Title
from guiju.standard.shape import did_you_mean

SCENARIO = "scenario"
AGGREGATES = {
    "every": ("every(c)", "每个都成立", "holds for every one"), "some": ("some(c)", "至少一个成立", "holds for at least one"),
    "number": ("number(c)", "成立的个数", "for how many it holds"), "mean": ("mean(x)", "平均值", "the mean"),
    "sum": ("sum(x)", "总和", "the sum"), "smallest": ("smallest(x)", "最小的一个", "the smallest"),
    "largest": ("largest(x)", "最大的一个", "the largest"),
}  # fmt: skip
"""name → (form, zh, en): over a set of children, or over the scenarios."""
_TURNED = {"<=": ">=", "<": ">", ">=": "<=", ">": "<"}
Place = Mapping[str, str]
"""Which scenario (under `scenario`) and which child (under the name of its set, as '1', '2', …) is meant."""


def unroll(standard: Standard, problems: Problems) -> Standard:
    """The standard without scenarios and children; itself where it has none, or has none any more."""
    if standard.rolled is not None or (standard.scenarios is None and not standard.children):
        return standard
    return _Unroller(standard, problems).whole()


class _Unroller:
    def __init__(self, standard: Standard, problems: Problems) -> None:
        self.standard, self.problems = standard, problems
        self.scenarios = list(standard.scenarios.labels) if standard.scenarios else []
        self.varying: dict[str, frozenset[str]] = {}
        self.clause_varies: dict[str, bool] = {}

    # what varies

    def dims(self, name: str) -> frozenset[str]:
        """What a name varies by: `scenario`, names of sets of children."""
        s = self.standard
        if name == SCENARIO:
            return frozenset((SCENARIO,)) if self.scenarios else frozenset()
        if name in s.inputs:
            declared = s.inputs[name]
            return frozenset(([SCENARIO] if declared.per_scenario else []) + ([declared.of] if declared.of and declared.of in s.children else []))
        if name not in self.varying:
            self.varying[name] = frozenset()  # a cycle is reported where the order is made
            made = s.formulas.get(name) or s.tables.get(name) or s.indicators.get(name)
            self.varying[name] = self.open(made.parts if made else ())
        return self.varying[name]

    def open(self, parts: Iterable[ex.Expr]) -> frozenset[str]:
        """What expressions vary by that no aggregate puts together."""
        return frozenset().union(*(self.open_in(part) for part in parts), frozenset())

    def open_in(self, expr: ex.Expr) -> frozenset[str]:
        match expr:
            case ex.Name(within=None):
                return self.dims(expr.name)
            case ex.Call(within=None) if expr.name in AGGREGATES:
                inner = self.open(expr.args)
                return inner - self.closed(expr, inner)
            case ex.Call(within=None):
                return self.open(expr.args) | (self.dims(expr.name) if expr.name in self.standard.tables else frozenset())
            case _:
                return self.open(ex.children(expr))

    def closed(self, call: ex.Call, inner: frozenset[str]) -> frozenset[str]:
        """What an aggregate puts together: its children if it has any, else the scenarios."""
        sets = inner - {SCENARIO}
        form = AGGREGATES[call.name][0]
        if len(call.args) != 1:
            self.problems.add("argument-count", call.span, form=form, found=len(call.args))
        elif len(sets) > 1:
            self.problems.add("two-sets", call.span, form=form, sets=", ".join(sorted(sets)))
        elif not inner:
            self.problems.add("nothing-to-aggregate", call.span, form=form)
        return sets or inner

    def loose(self, expr: ex.Expr, dim: str) -> ex.Name | None:
        """The first name that varies by `dim` and is put together by no aggregate."""
        if isinstance(expr, ex.Name):
            return expr if expr.within is None and dim in self.dims(expr.name) else None
        if isinstance(expr, ex.Call) and expr.name in AGGREGATES and dim not in self.open_in(expr):
            return None
        return next((found for child in ex.children(expr) if (found := self.loose(child, dim))), None)

    # the whole

    def whole(self) -> Standard:
        s = self.standard
        self.see_clauses()
        formulas = dict(self.each(s.formulas, lambda f, at: replace(f, formula=self.at(f.formula, at))))
        tables = dict(self.each(s.tables, self.table))
        indicators = {i.name: i for each in s.indicators.values() for i in self.indicator(each)}
        clauses, families = self.clauses()
        fixed: Mapping[str, Declaration] = {**({"[]": s.scope} if s.scope else {}), **s.gradings, **s.aggregates, **s.populations}
        varying = {name for name, declared in fixed.items() if not self.must_not_vary(declared.parts)}
        made = replace(
            s, inputs=dict(self.inputs()), formulas=formulas, tables=tables, indicators=indicators, clauses=clauses, families=families,
            scope=replace(s.scope, expr=self.at(s.scope.expr, {})) if s.scope and "[]" not in varying else None,
            scores={n: replace(x, weights=tuple(w for key, weight in x.weights for w in self.weights(key, weight))) for n, x in s.scores.items()},
            gradings={n: replace(g, grades=tuple(replace(x, when=x.when and self.at(x.when, {})) for x in g.grades))
                      for n, g in s.gradings.items() if n not in varying},
            aggregates={n: self.grouping(a) for n, a in s.aggregates.items() if n not in varying},
            populations={n: self.population(p) for n, p in s.populations.items() if n not in varying},
            rolled=s, broken=s.broken | varying | {f"[{no}]" for no in s.clauses if no not in self.clause_varies}
            | {name for name in s.indicators if self.dims(name) - {SCENARIO}},
        )  # fmt: skip
        return _mentioned(made)

    def grouping(self, a: Aggregate) -> Aggregate:
        """Of records; one of groups has nothing that could vary."""
        return a if a.of is not None else replace(a, where=a.where and self.at(a.where, {}), sums=tuple((k, self.at(e, {})) for k, e in a.sums))

    def must_not_vary(self, exprs: list[ex.Expr], by: Iterable[str] | None = None) -> bool:
        """Whether nothing varies (by these); if something does, it is reported."""
        varying = [each for each in sorted(self.open(exprs)) if by is None or each in by]
        for each in varying:
            name = next(found for expr in exprs if (found := self.loose(expr, each)))
            code = "varies-by-scenario" if each == SCENARIO else "varies-by-child"
            self.problems.add(code, name.span, name=name.name, **({} if each == SCENARIO else {"set": each}))
        return not varying

    def weights(self, key: Any, weight: Fraction) -> Iterator[tuple[Any, Fraction]]:
        for at in self.places(self.dims(key.text)):
            yield replace(key, text=_named(key.text, at)), weight

    def places(self, dims: frozenset[str], scenarios: Iterable[str] | None = None) -> Iterator[Place]:
        """Every scenario and child of what varies by these."""
        choices = [[(SCENARIO, each) for each in (self.scenarios if scenarios is None else scenarios)]] if SCENARIO in dims else []
        for name in sorted(dims - {SCENARIO}):
            choices.append([(name, str(number)) for number in range(1, self.standard.children[name].most + 1)])
        yield from (dict(chosen) for chosen in itertools.product(*choices))

    def each(self, group: Mapping[str, Any], make: Any) -> Iterator[tuple[str, Any]]:
        for name, declared in group.items():
            for at in self.places(self.dims(name)):
                flat = _named(name, at)
                title = declared.title and self.titled(declared.title, at)
                yield flat, replace(make(declared, at), name=flat, title=title)

    def titled(self, title: Any, at: Place) -> Any:
        if not at:
            return title
        return replace(title, zh=f"{title.zh}（{self.called(at, 'zh')}）", en=f"{title.en} ({self.called(at, 'en')})")

    def called(self, at: Place, language: Any) -> str:
        labels = self.standard.scenarios.labels if self.standard.scenarios else {}
        words = [labels[each].text(language) if name == SCENARIO else f"#{each}" for name, each in at.items()]
        return "，".join(words) if language == "zh" else ", ".join(words)

    def inputs(self) -> Iterator[tuple[str, Input]]:
        s = self.standard
        for declared in s.inputs.values():
            for at in self.places(self.dims(declared.name)):
                name = _named(declared.name, at)
                title = self.titled(Title(declared.zh, declared.en), at)
                yield name, replace(declared, name=name, is_=_named(declared.is_, at), zh=title.zh, en=title.en)
        for c in s.children.values():
            if c.most > c.least:
                yield c.count, Input(c.count, c.count, "number", ONE, 0, Fraction(c.least), Fraction(c.most), (), f"{c.title.zh}的个数",
                                     f"number of {c.title.en}", None, c.span)  # fmt: skip

    def table(self, t: Table, at: Place) -> Table:
        def end(bound: tuple[ex.Expr, bool] | None) -> tuple[ex.Expr, bool] | None:
            return bound and (self.at(bound[0], at), bound[1])

        rows: list[Row] = [
            replace(r, lower=end(r.lower), upper=end(r.upper), at=r.at and self.at(r.at, at), value=self.at(r.value, at)) for r in t.rows
        ]
        numeric = {name: self.at(e, at) for name, e in t.numeric.items()}
        return replace(t, of=self.at(t.of, at), numeric=numeric, rows=tuple(rows), jumps=tuple(self.at(j, at) for j in t.jumps))

    def population(self, p: Population) -> Population:
        return replace(p, of=self.at(p.of, {}), within=tuple(self.at(e, {}) for e in p.within), where=p.where and self.at(p.where, {}))

    def indicator(self, i: Indicator) -> Iterator[Indicator]:
        dims = self.dims(i.name)
        if not self.must_not_vary(i.parts, dims - {SCENARIO}):
            return
        for at in self.places(dims & {SCENARIO}):
            yield replace(
                i, no=_named(i.no, at), name=_named(i.name, at), title=self.titled(i.title, at), value=self.at(i.value, at),
                levels=tuple((level, self.at(e, at)) for level, e in i.levels), when=i.when and self.at(i.when, at),
            )  # fmt: skip

    # clauses

    def see_clauses(self) -> None:
        """Which clauses vary: `pass` of one may stand in a formula or an indicator, so it is known before those are written out."""
        for c in self.standard.clauses.values():
            dims = self.open(c.parts)
            if self.must_not_vary(c.parts, dims - {SCENARIO}):
                self.clause_varies[c.no] = SCENARIO in dims

    def clauses(self) -> tuple[dict[str, Clause], dict[str, tuple[str, ...]]]:
        """The clauses, one per scenario where they vary, and which belong together: a clause as a whole, and all `shall` of one scenario."""
        made: dict[str, Clause] = {}
        families: dict[str, list[str]] = {}
        for c in self.standard.clauses.values():
            if c.no not in self.clause_varies:
                continue
            holds = self.holds_in(c)
            if not self.clause_varies[c.no]:
                made[c.no] = replace(self.clause(c, {}), authored=c)
                continue
            for scenario in holds:
                at = {SCENARIO: scenario}
                no = _named(c.no, at)
                made[no] = replace(self.clause(c, at), no=no, title=self.titled(c.title, at), authored=c)
                families.setdefault(c.no, []).append(no)
                if c.strength == "shall":
                    families.setdefault(f"overall@{scenario}", []).append(no)
        whole = sorted(families, key=lambda name: name.startswith("overall@"))
        return made, {name: tuple(families[name]) for name in whole}

    def holds_in(self, c: Clause) -> list[str]:
        for each in c.scenarios:
            if each.text not in self.scenarios:
                self.problems.add("unknown-word", each.span, word=each.text, known=", ".join(self.scenarios) or "—",
                                  **did_you_mean(each.text, self.scenarios, listed=True))  # fmt: skip
        named = [each.text for each in c.scenarios if each.text in self.scenarios]
        aggregated = any(isinstance(e, ex.Call) and e.name in AGGREGATES for part in c.parts for e in ex.walk(part))
        if c.scenarios and not self.clause_varies[c.no] and not aggregated:
            self.problems.add("clause-scenario-idle", c.span, no=c.no)
        return named if c.scenarios else self.scenarios

    def clause(self, c: Clause, at: Place) -> Clause:
        within = [each.text for each in c.scenarios]

        def turned(e: ex.Expr) -> ex.Expr:
            return self.at(e, at, within)

        reliefs: list[Relief] = [replace(r, when=turned(r.when), requires=r.requires and turned(r.requires)) for r in c.reliefs]
        return replace(c, requires=turned(c.requires), when=c.when and turned(c.when), reliefs=tuple(reliefs))

    # expressions

    def at(self, expr: ex.Expr, at: Place, within: Iterable[str] = ()) -> ex.Expr:
        """The expression for one scenario and child.

        within   the scenarios an aggregate over scenarios is about; all where empty
        """
        def turn(e: ex.Expr) -> ex.Expr:
            return self.at(e, at, within)

        match expr:
            case ex.Name(within=None) if expr.name == SCENARIO and SCENARIO in at:
                return ex.Word(at[SCENARIO], expr.span)
            case ex.Name(within=None):
                return replace(expr, name=self.flat(expr.name, at))
            case ex.Call(within=None, name="pass") if expr.args and isinstance(expr.args[0], ex.Word):
                return self.passed(expr, expr.args[0], at)
            case ex.Call(within=None) if expr.name in AGGREGATES:
                return self.aggregate(expr, at, within)
            case ex.Call():
                name = self.flat(expr.name, at) if expr.within is None and expr.name in self.standard.tables else expr.name
                return replace(expr, name=name, args=tuple(turn(a) for a in expr.args))
            case ex.Comparison(operands=(ex.Call(within=None, name="number", args=(_,)) as call, ex.Number(unit=None) as k)) if (
                k.value.denominator == 1
            ):
                return self.counted(expr, call, int(k.value), at, within)
            case ex.Comparison(ops=(op,), operands=(ex.Number(unit=None) as k, ex.Call(within=None, name="number", args=(_,)) as call)) if (
                k.value.denominator == 1
            ):
                return self.counted(replace(expr, ops=(_TURNED.get(op, op),), operands=(call, k)), call, int(k.value), at, within)
            case ex.Comparison() | ex.Member() if self.asks_no_scenario(expr):
                return ex.Name("false", None, expr.span)
            case ex.Minus() | ex.Not() | ex.Convert():
                return replace(expr, operand=turn(expr.operand))
            case ex.Arithmetic():
                return replace(expr, left=turn(expr.left), right=turn(expr.right))
            case ex.Comparison() | ex.Logic():
                return replace(expr, operands=tuple(turn(o) for o in expr.operands))
            case ex.Member():
                return replace(expr, operand=turn(expr.operand), values=tuple(turn(v) for v in expr.values))
            case ex.Choice():
                return ex.Choice(turn(expr.condition), turn(expr.then), turn(expr.otherwise), expr.span)
            case _:
                return expr

    def asks_no_scenario(self, expr: ex.Comparison | ex.Member) -> bool:
        """Whether the scenario is compared with a word that is none, which is reported."""
        operands = ex.children(expr)
        if not any(isinstance(e, ex.Name) and e.within is None and e.name == SCENARIO for e in operands) or not self.scenarios:
            return False
        wrong = [e for e in operands if isinstance(e, ex.Word) and e.text not in self.scenarios]
        for word in wrong:
            near = did_you_mean(word.text, self.scenarios, listed=True)
            self.problems.add("unknown-category", word.span, word=word.text, known=", ".join(self.scenarios), **near)
        return bool(wrong)

    def flat(self, name: str, at: Place) -> str:
        dims = self.dims(name)
        return _named(name, {dim: at[dim] for dim in sorted(dims, key=_order) if dim in at})

    def passed(self, call: ex.Call, no: ex.Word, at: Place) -> ex.Expr:
        """`pass` of a clause in the same scenario, or in all of its own."""
        if not self.clause_varies.get(no.text):
            return call
        c = self.standard.clauses[no.text]
        own = [each.text for each in c.scenarios] or self.scenarios
        if at.get(SCENARIO) in own:
            own = [at[SCENARIO]]
        named = [replace(call, args=(ex.Word(f"{no.text}@{each}", no.span),)) for each in own]
        return ex.Logic("and", tuple(named), call.span) if len(named) > 1 else named[0]

    def members(self, call: ex.Call, at: Place, within: Iterable[str]) -> tuple[list[tuple[ex.Expr, ex.Expr | None]], Children | None]:
        """The argument of an aggregate for every member, with the condition that there is such a member (None: always), and their set."""
        closed = sorted(self.closed(call, self.open(call.args)))
        if len(closed) != 1 or len(call.args) != 1:
            return [], None
        over = closed[0]
        children = self.standard.children.get(over)
        found: list[tuple[ex.Expr, ex.Expr | None]] = []
        for place in self.places(frozenset((over,)), list(within) or None):
            here = self.at(call.args[0], {**at, **place}, within)
            there = None
            if children and children.most > children.least and int(place[over]) > children.least:
                number = ex.Number(Fraction(place[over]), place[over], None, call.span)
                there = ex.Comparison((">=",), (ex.Name(children.count, None, call.span), number), call.span)
            found.append((here, there))
        return found, children

    def aggregate(self, call: ex.Call, at: Place, within: Iterable[str]) -> ex.Expr:
        members, children = self.members(call, at, within)
        if not members:
            return call
        return ex.Unrolled(replace(call, args=tuple(self.at(a, at, within) for a in call.args)), self.over(call, members, children), call.span)

    def over(self, call: ex.Call, members: list[tuple[ex.Expr, ex.Expr | None]], children: Children | None) -> ex.Expr:
        span = call.span
        zero, one = ex.Number(Fraction(0), "0", None, span), ex.Number(Fraction(1), "1", None, span)

        def where(value: ex.Expr, there: ex.Expr | None, otherwise: ex.Expr) -> ex.Expr:
            return value if there is None else ex.Choice(there, value, otherwise, span)

        match call.name:
            case "every":
                return _call("all", [where(e, t, ex.Name("true", None, span)) for e, t in members], span)
            case "some":
                return _call("any", [where(e, t, ex.Name("false", None, span)) for e, t in members], span)
            case "number":
                return _sum([where(ex.Choice(e, one, zero, span), t, zero) for e, t in members], span)
            case "smallest" | "largest":
                return _call("min" if call.name == "smallest" else "max", [where(e, t, members[0][0]) for e, t in members], span)
        total = _sum([where(e, t, zero) for e, t in members], span)
        if call.name == "sum":
            return total
        count: ex.Expr = ex.Number(Fraction(len(members)), str(len(members)), None, span)
        if children and children.most > children.least:
            count = ex.Name(children.count, None, span)
        return ex.Arithmetic("/", total, count, span)

    def counted(self, whole: ex.Comparison, call: ex.Call, k: int, at: Place, within: Iterable[str]) -> ex.Expr:
        """`number(c) >= k`, decided as soon as k are known, or can no longer be."""
        members, _ = self.members(call, at, within)
        span = whole.span
        if not members:
            return call
        conditions = [e if t is None else ex.Choice(t, e, ex.Name("false", None, span), span) for e, t in members]

        def atleast(least: int) -> ex.Expr:
            return _call("atleast", [ex.Number(Fraction(least), str(least), None, span), *conditions], span)

        made: ex.Expr
        match whole.ops[0]:
            case ">=" | ">":
                made = atleast(k + (whole.ops[0] == ">"))
            case "<" | "<=":
                made = ex.Not(atleast(k + (whole.ops[0] == "<=")), span)
            case op:
                exactly = ex.Logic("and", (atleast(k), ex.Not(atleast(k + 1), span)), span)
                made = exactly if op == "==" else ex.Not(exactly, span)
        return ex.Unrolled(replace(whole, operands=(replace(call, args=(self.at(call.args[0], at, within),)), whole.operands[1])), made, span)


def _order(dim: str) -> tuple[bool, str]:
    return dim != SCENARIO, dim


def _named(name: str, at: Place) -> str:
    """`capacity@fcw#2`"""
    return name + "".join(f"@{each}" if dim == SCENARIO else f"#{each}" for dim, each in sorted(at.items(), key=lambda kv: _order(kv[0])))


def _call(name: str, args: Iterable[ex.Expr], span: Span) -> ex.Expr:
    return ex.Call(name, None, tuple(args), span)


def _sum(terms: list[ex.Expr], span: Span) -> ex.Expr:
    total = terms[0]
    for term in terms[1:]:
        total = ex.Arithmetic("+", total, term, span)
    return total


def _mentioned(s: Standard) -> Standard:
    """The standard without formulas and tables of scenarios that nothing asks for while it asks for others of them."""
    while True:
        asked = {e.name for part in s.parts for e in ex.walk(part) if isinstance(e, ex.Name | ex.Call)}
        families = {name.split("@")[0] for name in asked if "@" in name}
        idle = {name for name in (*s.formulas, *s.tables) if name not in asked and "@" in name and name.split("@")[0] in families}
        if not idle:
            return s
        tables = {name: table for name, table in s.tables.items() if name not in idle}
        s = replace(s, tables=tables, formulas={name: formula for name, formula in s.formulas.items() if name not in idle})
