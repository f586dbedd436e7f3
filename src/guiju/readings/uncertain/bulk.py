"""Many records in DuckDB: per clause the margin, its first-order uncertainty and the probability that it is met.

The same derivative nodes as for one record become columns. Where a border is within 3 u (in any piece, in force or not) there is no probability
but the mark `near`, as where doubles cannot tell the verdict: such a record is for `uncertain`. Curvature is not looked into here.

All clauses together: what is common to them is not known from their probabilities alone, so there are two bounds, which are equal where one clause
moves: the joint probability is at most the least of them, and at least 1 less the sum of what each lacks (Bonferroni).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from guiju.base.units import ONE
from guiju.ir.node import Node, Op, below
from guiju.ir.program import ClauseMeaning, Program
from guiju.metrology.conformity import duckdb_macros
from guiju.metrology.decision import BAND, Rule
from guiju.readings.columnar import columns
from guiju.readings.uncertain.derivative import Derivatives
from guiju.readings.uncertain.linear import NEAR, moved

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

EDGE = 1e-6
"""Doubles are in doubt at 3 u itself, where a single record is exact."""
LONGEST = 200
"""Rows of a table whose ends are looked at; a clause with a longer one is left out."""


@dataclass(frozen=True, slots=True)
class Margins:
    """template  SQL; `source` is filled with the name of a table as `admit` leaves it, with the columns of standard uncertainties
    clauses   with columns `margin <no>`, `u <no>`, `P <no>`, `near <no>`
    left_out  clauses that are not one comparison of numbers that something moves, or are too long for this
    settled   those of `left_out` that nothing uncertain moves: they have their verdict
    bounded   whether there are columns `all at least`, `all at most`: bounds of the probability that every `shall` clause that applies is met
    """

    template: str
    clauses: tuple[str, ...]
    left_out: tuple[str, ...]
    settled: tuple[str, ...] = ()
    bounded: bool = False

    def sql(self, source: str) -> str:
        return self.template.replace("{source}", source)

    def make(self, connection: DuckDBPyConnection, source: str, target: str) -> None:
        """The table of margins of a table of records."""
        for statement in duckdb_macros():
            connection.execute(statement)
        connection.execute(f'CREATE OR REPLACE TABLE "{target}" AS {self.sql(source)}')


class _Slopes:
    """Columns of numbers with the columns of their derivatives."""

    def __init__(self, program: Program, spreads: Mapping[str, str], correlation: Mapping[tuple[str, str], float]) -> None:
        self.spreads, self.correlation = spreads, correlation
        self.derivatives = Derivatives(program.order)
        self.columns: dict[str, Node] = {}
        self.named: dict[int, str] = {}

    def column(self, node: Node) -> str:
        name = self.named.setdefault(node.index, f"uncertain {len(self.named)}")
        self.columns[name] = node
        return f'"{name}"'

    def u(self, node: Node) -> str | None:
        """The first-order standard uncertainty of a number, in SQL; None where a derivative is too long."""
        parts: dict[str, str] = {}
        moves = moved(below([node]), tuple(self.spreads))[node.index]
        for name in self.spreads:
            slope = self.derivatives.of(node, name) if name in moves else None
            if name in moves and slope is None:
                return None
            if slope is not None:
                parts[name] = f'{self.column(slope)} * "{self.spreads[name]}"'
        terms = [f"({part}) * ({part})" for part in parts.values()]
        terms += [f"2e0 * {r!r} * ({parts[a]}) * ({parts[b]})" for (a, b), r in self.correlation.items() if a in parts and b in parts]
        return f"sqrt(greatest({' + '.join(terms)}, 0e0))"

    def near(self, node: Node) -> str | None:
        """Whether any border below a number is near, in SQL; None where that cannot be told."""
        order = below([node])
        moves, found = moved(order, tuple(self.spreads)), ["FALSE"]
        for each in order:
            for number, distance in self._borders(each) if moves[each.index] else ():
                if not moved(below([number]), tuple(self.spreads))[number.index]:
                    continue
                u = self.u(number) if distance else None
                if u is None:
                    return None
                found.append(f"coalesce({distance} <= {NEAR + EDGE!r}::DOUBLE * {u}, FALSE)")
        return " OR ".join(found)

    def _borders(self, node: Node) -> list[tuple[Node, str]]:
        """(a number, its distance to the nearest border in SQL, empty where there are too many)"""
        build, value = self.derivatives.build, node.value
        gaps: list[Node] = []
        match node.op:
            case Op.LE | Op.LT | Op.EQ if node.args[0].is_number:
                gaps = [build.sub(node.args[0], node.args[1])]
            case Op.ABS:
                gaps = [node.args[0]]
            case Op.DIV:
                gaps = [node.args[1]]
            case Op.MIN | Op.MAX:
                gaps = [build.sub(a, b) for i, a in enumerate(node.args) for b in node.args[:i]]
            case Op.STEP if node.args[0].is_number:
                bounds: Any = value
                x = self.column(node.args[0])
                distances = ", ".join(f"abs({x} - {float(bound)!r}::DOUBLE)" for bound, _ in bounds)
                return [(node.args[0], f"least({distances})" if len(bounds) <= LONGEST else "")]
            case Op.ROUND:
                interval: Any = value
                steps = f"({self.column(node.args[0])} / {float(interval)!r}::DOUBLE)"
                return [(node.args[0], f"abs({steps} - floor({steps}) - 0.5e0) * {float(interval)!r}::DOUBLE")]
        return [(gap, f"abs({self.column(gap)})") for gap in gaps]


def margin_columns(
    program: Program, spreads: Mapping[str, str], keep: Sequence[str] = (), correlation: Mapping[tuple[str, str], float] | None = None,
    rule: Rule | None = None,
) -> Margins:  # fmt: skip
    """SQL for the margins of every clause that is one comparison.

    spreads      input → the column of its standard uncertainty, in the declared unit of the input
    keep         columns of the table passed through
    correlation  (one input, another) → r, of every record alike
    rule         also columns `decision <no>` by that rule, where there is a probability
    """
    slopes = _Slopes(program, spreads, correlation or {})
    said: list[_Said] = []
    left_out = []
    moves = moved(program.order, tuple(spreads))
    for meaning in program.judged:
        made = _said(meaning, slopes, moves)
        if made is None:
            left_out.append(meaning.no)
        else:
            said.append(made)
    settled = tuple(m.no for m in program.judged if m.no in left_out and not moves[m.requires.index] and not moves[m.applies.index])
    strict = {m.no for m in program.clauses if m.clause.strength == "shall"}
    bounded = bool(strict) and strict <= {each.no for each in said} | set(settled)
    own = [*dict.fromkeys(spreads.values())]
    text = _text(program, slopes, said, [*keep], own, strict if bounded else set(), rule)
    return Margins(text, tuple(each.no for each in said), tuple(left_out), settled, bounded)


@dataclass(frozen=True, slots=True)
class _Said:
    """Of one clause, in SQL. open: 1 where the parts that do not move leave the verdict to the margin, 0 where they decide it; empty: always 1"""

    no: str
    margin: str
    u: str
    near: str
    open: str


def _said(meaning: ClauseMeaning, slopes: _Slopes, moves: Mapping[int, frozenset[str]]) -> _Said | None:
    build, node, met, left_open = slopes.derivatives.build, meaning.requires, True, []
    while True:
        moving = [arg for arg in node.args if moves[arg.index]]
        if node.op is Op.NOT:
            node, met = node.args[0], not met
        elif node.op in (Op.AND, Op.OR) and len(moving) == 1:
            others = [arg for arg in node.args if arg is not moving[0]]
            left_open.append(build.all(others) if node.op is Op.AND else build.not_(build.any(others)))
            node = moving[0]
        else:
            break
    if node.op not in (Op.LE, Op.LT) or not node.args[0].is_number or not moves[node.index]:
        return None
    low, high = node.args if met else node.args[::-1]
    margin = build.sub(high, low)
    u, near, edge = slopes.u(margin), slopes.near(margin), slopes.near(meaning.applies)
    if u is None or near is None or edge is None:
        return None
    one, zero = (build.number(n, ONE) for n in (1, 0))
    opened = slopes.column(build.case([(build.all(left_open), one)], zero)) if left_open else ""
    borders = near if edge == "FALSE" else f"{near} OR {edge}"
    return _Said(meaning.no, slopes.column(margin), u, borders, opened)


def _text(program: Program, slopes: _Slopes, said: list[_Said], keep: list[str], own: list[str], strict: set[str],
          rule: Rule | None) -> str:  # fmt: skip
    """strict   the clauses whose joint probability is bounded; none: no bounds"""
    judged = columns(replace(program, values={**program.values, **slopes.columns}), [*keep, *(name for name in own if name not in keep)])
    unsure = " OR coalesce(recheck, FALSE)" if judged.rechecks else ""
    exact = " AND ".join(f'"{name}" = 0' for name in own)
    # u and borders in a layer of their own: they are named several times, and some are long.
    inner = [f'{each.u} AS "u {each.no}", ({each.near}{unsure}) AS "near {each.no}"' for each in said]
    outer = [f'"{name}"' for name in keep]
    bounds: dict[str, str] = {}
    decisions = []
    for each in said:
        no, u, near = each.no, f'"u {each.no}"', f'"near {each.no}"'
        decided = f"{exact} OR {each.open} = 0e0" if each.open else exact
        opened = f" AND {each.open} = 1e0" if each.open else ""
        chance = f'CASE WHEN {decided} THEN CAST("{no}" AS DOUBLE) WHEN {u} > 0{opened} THEN normal_cdf({each.margin} / {u}) END'
        chance = f'CASE WHEN "{no}" IN (0, 1) AND NOT {near} THEN {chance} END'
        outer += [f'{each.margin} AS "margin {no}"', u, f'{chance} AS "P {no}"', near]
        decisions.append(f'CASE WHEN ({chance}) IS NOT NULL THEN {_decision(each, decided, rule or "simple")} END AS "decision {no}"')
        if no in strict:
            bounds[no] = f'CASE WHEN "{no}" = 2 AND NOT {near} THEN 1e0 ELSE {chance} END'
    if strict:
        bounds |= {no: f'CASE "{no}" WHEN 0 THEN 0e0 WHEN 1 THEN 1e0 WHEN 2 THEN 1e0 END' for no in strict - bounds.keys()}
        every = list(bounds.values())
        whole = f"({' + '.join(every)})"  # NULL where one is
        ends = {"least": f"greatest({whole} - {len(every) - 1}e0, 0e0)", "most": f"least({', '.join(every)})"}
        outer += [f'CASE WHEN {whole} IS NOT NULL THEN {end} END AS "all at {name}"' for name, end in ends.items()]
    outer += decisions if rule is not None else []
    layer = f"SELECT *{''.join(f', {each}' for each in inner)} FROM ({judged.template})"
    return f"SELECT {', '.join(outer)} FROM ({layer})"


def _decision(each: _Said, decided: str, rule: Rule) -> str:
    """As `decide` has it of a margin with the lower limit 0; what no uncertainty moves, and simple acceptance, by the verdict."""
    simple = f"CASE \"{each.no}\" WHEN 1 THEN 'pass' ELSE 'fail' END"
    margin, band = each.margin, f'{BAND[rule]!r}::DOUBLE * "u {each.no}"'
    if rule == "simple":
        return simple
    if rule == "guard":
        chosen = f"WHEN {margin} >= {band} THEN 'pass' ELSE 'fail'"
    elif rule == "ilac-g8":
        chosen = f"WHEN {margin} >= {band} THEN 'pass' WHEN {margin} >= 0e0 THEN 'conditional pass' "
        chosen += f"WHEN {margin} >= -{band} THEN 'conditional fail' ELSE 'fail'"
    else:
        chosen = f"WHEN {margin} >= {band} THEN 'pass' WHEN {margin} >= -{band} THEN 'undecided' ELSE 'fail'"
    return f"CASE WHEN {decided} THEN {simple} {chosen} END"
