"""Missing: which inputs and reasons keep verdicts on many records undetermined, as bit masks computed only for undetermined rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from guiju.ir.node import Node, Op, below
from guiju.ir.program import Program
from guiju.ir.values import DIVISION_BY_ZERO, NO_ROW, NO_SUCH_DAY, Unknown
from guiju.readings.columnar import DUCKDB, Dialect, Emitter, columns, mapped, pieces, planned, record_of
from guiju.readings.evaluate import Evaluation, Verdict, evaluate

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

BITS = 60
"""Missing inputs and reasons per mask column."""


def missing_columns(program: Program, keep: Sequence[str] = (), *, dialect: Dialect = DUCKDB) -> tuple[str, tuple[str, ...]]:
    """SQL that tells, for each judged clause, which inputs and reasons keep it undetermined.

    returns   the text (fill `{source}`), with a column `<no> <group>` per clause and group of 60 bits; and what each bit means, inputs
              first, then reasons
    """
    emitter = MaskEmitter(program, dialect)
    roots = [n for m in program.judged for n in (m.applies, m.requires)]
    emitter.plan(roots)
    selected = [dialect.name(k) for k in keep]
    for m in program.judged:
        for group in range(emitter.groups):
            a, r = emitter.mask(m.applies, group), emitter.mask(m.requires, group)
            undetermined = f"{emitter.verdict(m.applies, m.requires)} IS NULL"
            selected.append(f"CASE WHEN {undetermined} THEN {a} | {r} ELSE 0 END AS {dialect.name(f'{m.no} {group}')}")
    return emitter.text(selected), tuple(emitter.bits)


class MaskEmitter(Emitter):
    """Every node and its masks become columns: this runs on few rows, and clarity beats speed."""

    def __init__(self, program: Program, dialect: Dialect) -> None:
        super().__init__(program, dialect)
        reasons = {str(n.value) for n in program.order if n.op is Op.UNDEFINED}
        reasons |= {DIVISION_BY_ZERO for n in program.order if n.op is Op.DIV} | {NO_ROW for n in program.order if n.op is Op.MAP}
        reasons |= {NO_SUCH_DAY for n in program.order if n.op is Op.MONTHS}
        self.bits = {name: i for i, name in enumerate([*program.used_inputs, *(f"!{r}" for r in sorted(reasons))])}
        self.groups = 1 + (len(self.bits) - 1) // BITS if self.bits else 1
        self.masks: dict[tuple[int, int], str] = {}

    def bit(self, name: str, group: int) -> str:
        position = self.bits[name]
        return str(1 << (position % BITS)) if position // BITS == group else "0"

    def plan(self, roots: Sequence[Node]) -> None:
        for node in below(list(roots)):
            self.written[node.index] = self._write(node)
            if node.args:
                self.written[node.index] = self._let(node, self.written[node.index])
            args = [self.written[a.index] for a in node.args]
            for group in range(self.groups):
                sql = _mask(self, node, args, [self.masks[a.index, group] for a in node.args], group)
                name = f"{self.prefix}{node.index}m{group}"
                layer = (self.lets[node.index][1] + 1) if node.index in self.lets else 0
                if node.args:
                    self._add(layer, f"CAST({sql} AS BIGINT) AS {name}")
                    self.lets[node.index] = (self.lets[node.index][0], layer)
                self.masks[node.index, group] = name if node.args else sql

    def mask(self, node: Node, group: int) -> str:
        return f"({self.masks[node.index, group]})"


def _mask(e: MaskEmitter, node: Node, values: Sequence[str], masks: Sequence[str], group: int) -> str:
    joined = "(" + (" | ".join(f"({m})" for m in masks) or "0") + ")"
    match node.op:
        case Op.CONST | Op.KNOWN:
            return "0"
        case Op.INPUT:
            return f"CASE WHEN {e.written[node.index]} IS NULL THEN {e.bit(str(node.value), group)} ELSE 0 END"
        case Op.UNDEFINED:
            return e.bit(f"!{node.value}", group)
        case Op.AND | Op.OR | Op.ATLEAST:
            return f"CASE WHEN {e.written[node.index]} IS NULL THEN {joined} ELSE 0 END"
        case Op.DIV:
            unknown = f"{values[0]} IS NULL OR {values[1]} IS NULL"
            by_zero = f"{e.written[node.index]} IS NULL THEN {e.bit('!' + DIVISION_BY_ZERO, group)}"
            return f"CASE WHEN {unknown} THEN {joined} WHEN {by_zero} ELSE 0 END"
        case Op.MONTHS:
            beyond = f"{e.written[node.index]} IS NULL THEN {e.bit('!' + NO_SUCH_DAY, group)}"
            return f"CASE WHEN {values[0]} IS NULL THEN {masks[0]} WHEN {beyond} ELSE 0 END"
        case Op.CASE:
            return _case_mask(values, masks)
        case Op.STEP:
            return f"CASE WHEN {values[0]} IS NULL THEN {masks[0]} ELSE {pieces(e, node, values[0], masks[1:])} END"
        case Op.MAP:
            found = mapped(e, node, values[0], masks[1:], f" ELSE {e.bit('!' + NO_ROW, group)}")
            return f"CASE WHEN {values[0]} IS NULL THEN {masks[0]} ELSE {found} END"
        case _:
            return joined


def _case_mask(values: Sequence[str], masks: Sequence[str]) -> str:
    branches = []
    for position in range(0, len(values) - 1, 2):
        branches.append(f"WHEN {values[position]} THEN {masks[position + 1]}")
        branches.append(f"WHEN {values[position]} IS NULL THEN {masks[position]}")
    return f"CASE {' '.join(branches)} ELSE {masks[-1]} END"


def unmasked(masks: Sequence[int], bits: Sequence[str]) -> Unknown:
    """What the bits of one verdict's masks say."""
    named = {name for i, name in enumerate(bits) if masks[i // BITS] >> (i % BITS) & 1}
    return Unknown(frozenset(n for n in named if not n.startswith("!")), frozenset(n[1:] for n in named if n.startswith("!")))


def missing_table(connection: DuckDBPyConnection, program: Program, source: str, into: str) -> tuple[str, ...]:
    """What each verdict on the rows of `source` waits for, as a new table `into` of masks by `row`; what each bit means is returned.

    Rows near a comparison that could not be proved are told from their exact evaluation, as their verdicts are.
    """
    text, bits = missing_columns(program, ("row",))
    planned(connection, f"CREATE OR REPLACE TABLE {into} AS {text.replace('{source}', source)}")
    made, names, quote = columns(program, ("row",), values=False), list(program.used_inputs), DUCKDB.name
    if not made.rechecks:
        return bits
    selected = ", ".join(f"s.{quote(name)}" for name in names)
    near = f"SELECT row FROM ({made.sql(source)}) WHERE recheck"
    for row, *values in connection.execute(f"SELECT s.row, {selected} FROM {source} s WHERE s.row IN ({near})").fetchall():
        masks = _exact_masks(evaluate(program, record_of(program, names, values)), bits)
        sets = ", ".join(f"{quote(name)} = {mask}" for name, mask in masks.items())
        connection.execute(f"UPDATE {into} SET {sets} WHERE row = {row}")
    return bits


def _exact_masks(evaluation: Evaluation, bits: Sequence[str]) -> dict[str, int]:
    """The masks of `missing_columns` by the name of their column, by the exact reading."""
    masks: dict[str, int] = {}
    for meaning in evaluation.program.judged:
        undetermined = evaluation.judge(meaning) is Verdict.UNDETERMINED
        why = evaluation.why_unknown(meaning) if undetermined else Unknown()
        named = {*why.missing, *(f"!{reason}" for reason in why.undefined)}
        for group in range(0, max(len(bits), 1), BITS):
            mask = sum(1 << i for i, name in enumerate(bits[group : group + BITS]) if name in named)
            masks[f"{meaning.no} {group // BITS}"] = mask
    return masks


def undetermined(admitted: str, verdicts: str) -> str:
    """The rows of an admitted table whose overall verdict is undetermined, as a table expression."""
    return f"(SELECT * FROM {admitted} SEMI JOIN (SELECT row FROM {verdicts} WHERE overall IS NULL) USING (row))"


def missing_tally(connection: DuckDBPyConnection, waiting: str, bits: Sequence[str]) -> list[tuple[str, int]]:
    """What the overall verdicts of a table of `missing_table` wait for: input names and reasons, with the rows they keep, most first."""
    groups = ", ".join(f'"overall {group}"' for group in range(1 + max(len(bits) - 1, 0) // BITS))
    tally: dict[str, int] = {}
    for *masks, rows in connection.execute(f"SELECT {groups}, count(*) FROM {waiting} GROUP BY {groups}").fetchall():
        unknown = unmasked(masks, bits)
        for name in (*unknown.missing, *unknown.undefined):
            tally[name] = tally.get(name, 0) + int(rows)
    return sorted(tally.items(), key=lambda item: (-item[1], item[0]))
