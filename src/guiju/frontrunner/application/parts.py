"""Parts: of what a solution is made, by its evaluation standard: for each standard it uses, the products of a library that can be it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from guiju.base.diagnostics import Diagnostic, Problems, Refused
from guiju.frontrunner.library.library import Library
from guiju.frontrunner.scheme_meaning import Opened
from guiju.ir.check import check
from guiju.ir.node import Op, below
from guiju.ir.program import Program
from guiju.readings.columnar import judge
from guiju.records.door import admit
from guiju.records.source import identifier, literal
from guiju.standard import expression as ex
from guiju.standard.model import Indicator, Standard, Title

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

GRADE = "frontrunner"
"""The grading of an evaluation standard."""


@dataclass(frozen=True)
class Part:
    """A standard a solution uses.

    alias       what the solution calls it
    indicator   the core indicator of the solution that is its level
    program     of its own evaluation standard
    inputs      of the solution's standard that this part declares
    """

    alias: str
    title: Title
    indicator: Indicator
    program: Program
    inputs: tuple[str, ...]


@dataclass(frozen=True)
class Composition:
    """A scheme of solutions as it is used."""

    opened: Opened
    parts: tuple[Part, ...]
    fits: tuple[str, ...] = field(default=())
    """Basic clauses that are of no one part: how the parts go together."""

    @property
    def program(self) -> Program:
        return self.opened.program


def composition_of(opened: Opened) -> Composition:
    """What a scheme of solutions is made of.

    raises   Refused: solution-none, where its standard has no core indicators that are levels of the standards it uses
    """
    program = opened.program
    standard = program.standard
    asked = {alias: indicator for indicator in standard.indicators.values() if indicator.kind == "core"
             if (alias := _alias(standard, indicator.value)) is not None}  # fmt: skip
    if opened.scheme.entity != "solution" or len(asked) < 2 or set(asked) != set(program.used) or GRADE not in program.roots:
        raise Refused([Diagnostic("solution-none", None, {"id": opened.scheme.id, "standard": standard.number})])
    programs = {alias: check(used, program.on, opened.shelf, Problems()) for alias, used in program.used.items()}
    owned = {alias: {each.is_ for each in one.inputs.values()} for alias, one in programs.items()}
    everybody = set().union(*owned.values())
    parts = tuple(
        Part(alias, asked[alias].title, asked[alias], programs[alias],
             tuple(name for name, each in program.inputs.items() if each.is_ in owned[alias] or each.is_ not in everybody))
        for alias in asked
    )  # fmt: skip
    fits = tuple(no for no in opened.scheme.basic if len(set(_aliases(standard, standard.clauses[no].requires))) != 1)
    return Composition(opened, parts, fits)


def _alias(standard: Standard, expr: ex.Expr) -> str | None:
    found = set(_aliases(standard, expr))
    return found.pop() if len(found) == 1 else None


def _aliases(standard: Standard, expr: ex.Expr) -> Iterator[str]:
    """The used standards an expression rests on, through the standard's own tables and formulas."""
    for each in ex.walk(expr):
        if isinstance(each, ex.Name | ex.Call) and each.within is not None:
            yield each.within
        elif isinstance(each, ex.Name) and each.name in standard.tables:
            of = standard.tables[each.name].of
            if isinstance(of, ex.Expr):
                yield from _aliases(standard, of)
        elif isinstance(each, ex.Name) and each.name in standard.formulas:
            yield from _aliases(standard, standard.formulas[each.name].formula)


def candidates(part: Part, library: Library, composition: Composition, to: DuckDBPyConnection, into: str, file: str) -> int:
    """Fills a table of `to` with the products that can be a part: `n, library, product, …` and the solution's inputs it declares; gives how many.

    A product can be a part where it is in the scope of its standard, and declares something its indicators are made of.

    file     a place for the rows on their way: two databases have no table in common
    raises   Refused: what `admit` finds of the declared values
    """
    connection = library.connection.cursor()
    connection.execute("SET enable_progress_bar = false")
    own = part.program
    told = {str(node.value) for each in own.indicators for node in below([each.value]) if node.op is Op.INPUT}
    lean = replace(own, clauses=(), families=(), overall=None, otherwise=None, indicators=(), scores=(), aggregates=(), populations=(),
                   values={"part scope": own.scope}, grades=tuple(g for g in own.grades if g.grading.name == GRADE))  # fmt: skip
    admit(connection, library.products, library.mapping, [own.inputs[name] for name in {*lean.used_inputs, *told}], "solution_asked")
    judge(connection, lean, "solution_asked", "solution_scoped", ("row",))
    asked = composition.program
    admit(connection, library.products, library.mapping, [asked.inputs[name] for name in part.inputs], "solution_declared")
    declares = " OR ".join(f"q.{identifier(name)} IS NOT NULL" for name in sorted(told)) or "true"
    texts = ", ".join(f"coalesce(p.{name}, '') AS {name}" for name in ("product", "enterprise", "standard", "edition", "model", "brand"))
    given = ", ".join(f"d.{identifier(name)} AS {identifier(f'in {name}')}" for name in part.inputs)
    query = f"""
        SELECT {literal(library.name)} AS library, {texts}, coalesce(p.title_zh, p.model, p.product, '') AS title_zh,
            coalesce(p.title_en, p.title_zh, p.model, p.product, '') AS title_en, p.price AS price, s.{identifier(GRADE)} AS grade,
            {given}
        FROM products p JOIN solution_asked q ON q.row = p.row JOIN solution_scoped s ON s.row = p.row JOIN solution_declared d ON d.row = p.row
        WHERE s."part scope" AND ({declares}) ORDER BY brand, model, product, p.row"""
    connection.execute(f"COPY ({query}) TO {literal(file)} (FORMAT parquet)")
    to.execute(f"CREATE OR REPLACE TABLE {into} AS SELECT row_number() OVER () - 1 AS n, * FROM read_parquet({literal(file)})")
    ((found,),) = to.execute(f"SELECT count(*) FROM {into}").fetchall()
    return int(found)
