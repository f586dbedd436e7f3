"""Placing: every product of a library gets its place, in one table; nothing is lost and nothing is put in an order.

The table is named PLACED: `row, product, enterprise, standard, edition, model, entry, reason, failing, r0…, l0…, v0…, domestic0…, missing0…, extra`.
entry   a number for each declared standard; reason  why it is on no board (0: it is on boards); failing  clauses, as text
rK      word of the comparable range; lK  level of indicator K (0 does not apply, 4 below the lowest, NULL missing); vK  its value
missing bits of inputs without a value; extra  bits of columns beyond what the standard asks that have one
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from guiju.base.diagnostics import Diagnostic, Refused
from guiju.frontrunner.board.model import FormCheck, Formed, Library, Range, Reason
from guiju.frontrunner.entity import DeclaredStandard
from guiju.frontrunner.scheme import Scheme
from guiju.frontrunner.scheme_meaning import LEVELS, NO, OUT, SCOPE, YES, applies_name, range_name, ranges, reached_name, value_name
from guiju.ir.program import Program
from guiju.readings.columnar import judge
from guiju.records.door import Quality, admit
from guiju.records.source import Source, identifier, literal, load_rows

if TYPE_CHECKING:
    from datetime import date

    from duckdb import DuckDBPyConnection

REASONS: tuple[str, ...] = get_args(Reason)
"""Reason n is numbered n + 1 in the table; 0 is none."""
NOT_APPLICABLE, BELOW = 0, LEVELS + 1
PLACED, JUDGED, ADMITTED, DECLARED = "board_placed", "board_judged", "board_admitted", "board_declared"
BITS = 63
NEEDED = ("product", "enterprise", "standard", "edition", "model")


@dataclass(frozen=True)
class Placing:
    """What is in the table, beside it.

    lean      the program with what boards ask and nothing else
    ranges    those that occur, in the order of the column rid
    inputs    those of the lean program, in the order of the bits of `missing`
    extra     columns beyond what the standard asks, in the order of the bits of `extra`
    forms     what the form check found of each declared standard, those barred and those not
    """

    scheme: Scheme
    lean: Program
    ranges: tuple[Range, ...]
    inputs: tuple[str, ...]
    extra: tuple[str, ...]
    forms: Mapping[tuple[str, str], Formed]
    quality: Quality

    @property
    def words(self) -> int:
        """Of how many words a range is made."""
        return sum(1 for name in self.lean.values if name.startswith(range_name(0)[:-1]))

    def references(self, at: int) -> tuple[str, ...]:
        """The reference levels of an indicator that the scheme gives."""
        levels, name = self.scheme.references, self.scheme.indicators[at].name
        return tuple(reference for reference in sorted(levels) if name in levels[reference])


def leaned(program: Program, scheme: Scheme) -> Program:
    """The program with only the basic clauses, the scheme's indicators and what the scheme adds: what else the standard says is not computed."""
    listed = {each.name for each in scheme.indicators}
    values = {name: node for name, node in program.values.items() if name.startswith("board ")}
    return replace(
        program, clauses=tuple(c for c in program.clauses if c.no in scheme.basic), overall=None, otherwise=None, scores=(), grades=(), aggregates=(),
        families=tuple(c for c in program.families if c.no in scheme.basic), values=values, populations=(),
        indicators=tuple(i for i in program.indicators if i.indicator.name in listed),
    )  # fmt: skip


def place(program: Program, scheme: Scheme, library: Library, on: date, form: FormCheck) -> Placing:
    """Fills PLACED, in the connection of the library.

    raises   Refused: board-column, and what `admit` finds of the declared values
    """
    connection, source, lean = library.connection, library.products, leaned(program, scheme)
    _needed(source)
    used = lean.used_inputs
    quality = admit(connection, source, library.mapping, [lean.inputs[name] for name in used], ADMITTED)
    judge(connection, lean, ADMITTED, JUDGED, ("row",))
    forms = {key: form(declared, scheme) for key, declared in library.standards.items()}
    _declare(connection, library, forms, on)
    asked = {lean.inputs[name].is_ for name in used}
    extra = tuple(sorted({e.column for name, e in library.mapping.inputs.items()
                          if e.column and (e.is_ or name) not in asked and name not in used and source.column(e.column)}))  # fmt: skip
    found = _ranges(connection, len(ranges(scheme, lean.standard)))
    connection.execute(f"CREATE OR REPLACE TABLE {PLACED} AS {_query(lean, scheme, source, on, used, extra, found)}")
    return Placing(scheme, lean, found, used, extra, forms, quality)


def _ranges(connection: DuckDBPyConnection, parts: int) -> tuple[Range, ...]:
    """Those that occur, by their words."""
    if not parts:
        return ((),)
    words = [identifier(range_name(number)) for number in range(parts)]
    known = " AND ".join(f"{word} IS NOT NULL" for word in words)
    return tuple(sorted(connection.execute(f"SELECT DISTINCT {', '.join(words)} FROM {JUDGED} WHERE {known}").fetchall()))


def _needed(source: Source) -> None:
    missing = [name for name in NEEDED if source.column(name) is None]
    if missing:
        raise Refused([Diagnostic("board-column", None, {"columns": "、".join(missing), "known": "、".join(c.name for c in source.columns)})])


def _declare(connection: DuckDBPyConnection, library: Library, forms: Mapping[tuple[str, str], Formed], on: date) -> None:
    """Table DECLARED: number, edition, enterprise, entry, reason, drafting. An entry is numbered by what it is called, not by where it stands."""

    def reason(declared: DeclaredStandard) -> int:
        if declared.enterprise not in library.enterprises:
            return 1 + REASONS.index("enterprise")
        if declared.status != "current" or (declared.published is not None and declared.published > on):
            return 1 + REASONS.index("not-current")
        return 1 + REASONS.index("form") if forms[declared.number, declared.edition].barred else 0

    kept = sorted(library.standards.items())
    qualities = sorted({formed.quality for formed in forms.values()})
    rows = [(number, edition, each.enterprise, entry, reason(each), qualities.index(forms[number, edition].quality))
            for entry, ((number, edition), each) in enumerate(kept)]  # fmt: skip
    types = {"number": "VARCHAR", "edition": "VARCHAR", "enterprise": "VARCHAR", "entry": "INTEGER", "reason": "UTINYINT", "drafting": "USMALLINT"}
    with tempfile.TemporaryDirectory(prefix="guiju-board-") as folder:
        load_rows(connection, DECLARED, types, rows, Path(folder))


def _query(lean: Program, scheme: Scheme, source: Source, on: date, used: Sequence[str], extra: Sequence[str],
           known: Sequence[Range]) -> str:  # fmt: skip
    def found(name: str) -> str:
        column = source.column(name)
        return f"nullif(trim(CAST(p.{identifier(column.at)} AS VARCHAR)), '')" if column else "CAST(NULL AS VARCHAR)"

    indicators = [each.name for each in scheme.indicators]
    parts = range(len(ranges(scheme, lean.standard)))
    reason = _reason(lean, scheme, found, _on_sale(source), on, parts)
    selected = [
        "p.row AS row",
        "(p.row <> j.row OR p.row <> a.row) IS NOT FALSE AS strayed",
        *(f"{found(name)} AS {name}" for name in NEEDED),
        "d.entry AS entry",
        "d.drafting AS drafting",
    ]
    selected += [f"CAST({reason} AS UTINYINT) AS reason", f"{_failing(scheme)} AS failing"]
    selected += [f"j.{identifier(range_name(number))} AS r{number}" for number in parts]
    cases = " ".join(f"WHEN {' AND '.join(f'j.{identifier(range_name(n))} = {literal(word)}' for n, word in enumerate(each)) or 'TRUE'} THEN {rid}"
                     for rid, each in enumerate(known))  # fmt: skip
    selected.append(f"CAST({f'CASE {cases} END' if cases else 'NULL'} AS INTEGER) AS rid")
    for number, name in enumerate(indicators):
        selected += [f"CAST({_level(lean, name)} AS UTINYINT) AS l{number}", f"j.{identifier(value_name(name))} AS v{number}"]
        for reference in sorted(scheme.references):
            if name in scheme.references[reference]:
                reached = f"j.{identifier(reached_name(reference, name))}"
                selected.append(f"({reached} = {literal(YES)}) AS {reference}{number}")
    selected += masks("missing", [f"a.{identifier(name)} IS NULL" for name in used])
    selected += masks("extra", [f"nullif(trim(CAST(p.{identifier(_at(source, name))} AS VARCHAR)), '') IS NOT NULL" for name in extra])
    tables = f"{identifier(source.table)} p JOIN {JUDGED} j ON j.row = p.row JOIN {ADMITTED} a ON a.row = p.row"
    looked_up = f"LEFT JOIN {DECLARED} d ON d.number = {found('standard')} AND d.edition = {found('edition')}"
    return f"SELECT {', '.join(selected)} FROM {tables} {looked_up}"


def masks(name: str, conditions: Sequence[str]) -> list[str]:
    """Conditions as bits of as many whole numbers as they need, one column at least."""
    groups = [conditions[at : at + BITS] for at in range(0, len(conditions), BITS)] or [[]]
    return [f"CAST({' + '.join(f'CASE WHEN {c} THEN {1 << bit} ELSE 0 END' for bit, c in enumerate(group)) or '0'} AS BIGINT) AS {name}{number}"
            for number, group in enumerate(groups)]  # fmt: skip


def _at(source: Source, name: str) -> str:
    column = source.column(name)
    assert column is not None, "only columns of the source are asked for"
    return column.at


def _on_sale(source: Source) -> str:
    column = source.column("on_sale")
    return f"try_cast(p.{identifier(column.at)} AS DATE)" if column else "CAST(NULL AS DATE)"


def _level(lean: Program, name: str) -> str:
    level = f"j.{identifier(name)}"
    applies = applies_name(name)
    if applies not in lean.values:
        return level
    return f"CASE WHEN j.{identifier(applies)} = {literal(NO)} THEN {NOT_APPLICABLE} ELSE {level} END"


def _reason(lean: Program, scheme: Scheme, found: Callable[[str], str], on_sale: str, on: date, parts: Sequence[int]) -> str:
    """The first reason that holds. What is declared is asked before what is in the product, and its being in scope before its being good."""
    said = {
        "standard": "d.entry IS NULL", "not-theirs": f"d.enterprise IS DISTINCT FROM {found('enterprise')}", "declared": "d.reason > 0",
        "no-model": f"{found('model')} IS NULL", "not-on-sale": f"{on_sale} > DATE {literal(on.isoformat())}",
    }  # fmt: skip
    if SCOPE in lean.values:
        scope = f"j.{identifier(SCOPE)}"
        said |= {"scope": f"{scope} = {literal(OUT)}", "scope-unknown": f"{scope} IS NULL"}
    if parts:
        said["range-unknown"] = " OR ".join(f"j.{identifier(range_name(number))} IS NULL" for number in parts)
    if scheme.basic:
        said["basic-failed"] = " OR ".join(f"j.{identifier(no)} = 0" for no in scheme.basic)
        said["basic-unknown"] = " OR ".join(f"j.{identifier(no)} IS NULL" for no in scheme.basic)
    numbers = {name: "d.reason" if name == "declared" else str(1 + REASONS.index(name)) for name in said}
    return f"CASE {' '.join(f'WHEN {condition} THEN {numbers[name]}' for name, condition in said.items())} ELSE 0 END"


def _failing(scheme: Scheme) -> str:
    """The basic clauses that are failed; where none is, those that cannot be shown."""
    if not scheme.basic:
        return "CAST(NULL AS VARCHAR)"
    failed, unknown = (", ".join(f"CASE WHEN j.{identifier(no)} {test} THEN {literal(no)} END" for no in scheme.basic) for test in ("= 0", "IS NULL"))
    return f"coalesce(nullif(concat_ws('、', {failed}), ''), nullif(concat_ws('、', {unknown}), ''))"
