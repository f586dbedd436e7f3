"""Impact: what each standard must change to ask what is proposed, and which real products that touches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from guiju.align.pool import Clauses, Pool, Row
from guiju.readings.columnar import judge
from guiju.records.door import Quality, admit
from guiju.records.mapping import Mapping as ColumnMapping
from guiju.records.source import Source, identifier
from guiju.standard.model import Title

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Kind = Literal["keeps", "tightens", "loosens", "changes", "adds", "drops", "stays", "open"]
KINDS: Mapping[Kind, Title] = {
    "keeps": Title("不变", "keeps"), "tightens": Title("加严", "tightens"), "loosens": Title("放宽", "loosens"), "changes": Title("改变", "changes"),
    "adds": Title("新增", "adds"), "drops": Title("取消", "drops"), "stays": Title("地方保留", "stays regional"), "open": Title("待协商", "open"),
}  # fmt: skip
DONE: frozenset[Kind] = frozenset(("keeps", "stays", "open"))
"""Kinds that change nothing."""
SHOWN = 20
"""Products that are named; all are counted."""


@dataclass(frozen=True, slots=True)
class Target:
    """What is to become of a row: these clauses in place of every standard's own; or None, and each keeps what it has, for this reason."""

    row: Row
    clauses: Clauses | None
    kind: Kind = "stays"


@dataclass(frozen=True, slots=True)
class Affected:
    """Real products that fail and were not known to, that failed and now surely do not, and those of which nothing is known; of some, the names."""

    fail: int
    passes: int
    undetermined: int
    failing: tuple[str, ...] = ()
    passing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """What one standard does about one row.

    mends      a text of it is believed wrong, and is put right
    old, new   clauses of the pool, as written
    affected   None where no products were given, or nothing changes
    """

    standard: int
    row: Row
    kind: Kind
    mends: bool
    old: Clauses
    new: Clauses
    affected: Affected | None = None

    @property
    def is_work(self) -> bool:
        return self.kind not in DONE or self.mends


@dataclass(frozen=True)
class Products:
    """Real products judged by every clause of the pool: row by row in the table `verdicts`."""

    connection: DuckDBPyConnection
    quality: Quality
    count: int
    admitted: str = "pool_admitted"
    verdicts: str = "pool_verdicts"

    def failing(self, clauses: Clauses) -> tuple[int, int]:
        """Products that fail any of the clauses; and those that fail none but of which one is undetermined."""
        ((fails, unknown),) = self.connection.execute(
            f"SELECT count(*) FILTER ({fails_any(clauses)}), count(*) FILTER ({waits_any(clauses)}) FROM {self.verdicts}"
        ).fetchall()
        return int(fails), int(unknown)

    def affected(self, old: Clauses, new: Clauses) -> Affected:
        """What becomes of the products when they are asked the new clauses in place of the old."""
        before, after = fails_any(old), fails_any(new)
        fresh, freed, waits = f"{after} AND NOT {before}", f"{before} AND NOT {after} AND NOT {waits_any(new)}", waits_any(new)
        ((fails, passes, unknown),) = self.connection.execute(
            f"SELECT count(*) FILTER ({fresh}), count(*) FILTER ({freed}), count(*) FILTER ({waits}) FROM {self.verdicts}"
        ).fetchall()
        return Affected(int(fails), int(passes), int(unknown), self.named(fresh), self.named(freed))

    def named(self, condition: str) -> tuple[str, ...]:
        rows = self.connection.execute(f"SELECT key FROM {self.verdicts} WHERE {condition} ORDER BY row LIMIT {SHOWN}").fetchall()
        return tuple(str(key) for (key,) in rows)

    def counted(self, condition: str) -> int:
        ((found,),) = self.connection.execute(f"SELECT count(*) FROM {self.verdicts} WHERE {condition}").fetchall()
        return int(found)


def fails_any(clauses: Clauses) -> str:
    """SQL: whether a product surely fails one of them."""
    return "(" + (" OR ".join(f"coalesce({identifier(no)} = 0, FALSE)" for no in clauses) or "FALSE") + ")"


def waits_any(clauses: Clauses) -> str:
    """SQL: whether a product fails none of them as far as is known, and one of them is undetermined."""
    waits = " OR ".join(f"{identifier(no)} IS NULL" for no in clauses) or "FALSE"
    return f"(NOT {fails_any(clauses)} AND ({waits}))"


def judged(pool: Pool, connection: DuckDBPyConnection, source: Source, mapping: ColumnMapping) -> Products:
    """The products judged by every clause of the pool.

    raises   Refused: what `admit` finds
    """
    program = pool.program
    quality = admit(connection, source, mapping, [program.inputs[name] for name in program.used_inputs], "pool_admitted")
    judge(connection, program, "pool_admitted", "pool_verdicts")
    return Products(connection, quality, source.rows)


def changes_to(pool: Pool, targets: Sequence[Target], standards: Sequence[int], products: Products | None = None) -> tuple[Change, ...]:
    """What each of the standards does about every row."""
    found = []
    for target in targets:
        for at in standards:
            change = _change(pool, target, at)
            if change is not None:
                told = products is not None and change.is_work and target.row.strength == "shall"
                affected = products.affected(change.old, change.new) if products is not None and told else None
                found.append(Change(at, target.row, change.kind, change.mends, change.old, change.new, affected))
    return tuple(found)


def _change(pool: Pool, target: Target, at: int) -> Change | None:
    row = target.row
    now, meant, mended = row.now.get(at, ()), row.meant.get(at, ()), at in row.mended
    if target.clauses is None:
        if not meant:
            return None
        # a text believed wrong is put right, whatever else stays
        return Change(at, row, target.kind, mended, now, meant)
    new = target.clauses
    if not now and not meant:
        return Change(at, row, "adds", False, (), new) if new else None
    if not new:
        return Change(at, row, "drops", False, now, ())
    if pool.equal(now, new):
        return Change(at, row, "keeps", False, now, now)
    if mended:
        compared = meant or now
        kind: Kind = "keeps" if pool.equal(compared, new) else _direction(pool, compared, new)
        return Change(at, row, kind, True, now, meant if kind == "keeps" else new)
    return Change(at, row, _direction(pool, now, new), False, now, new)


def _direction(pool: Pool, old: Clauses, new: Clauses) -> Kind:
    if pool.implies(new, old):
        return "tightens"
    return "loosens" if pool.implies(old, new) else "changes"
