"""Roadmap: the way from the standards of today to a proposal, one change of one standard at a time, each state on the way sound."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from guiju.align.impact import Change, Products, Target, changes_to, fails_any
from guiju.align.pool import Clauses, Pool, Row
from guiju.readings.smt.answers import Answer, Proved, Refuted, weakest

Order = Literal["products", "standards", "date"]


@dataclass(frozen=True, slots=True)
class Step:
    """Changes of one standard that are made at once.

    earliest      the day they can take effect, where a date or a transition period is declared; None where none is
    affected      products that newly fail this standard, and those that no longer do: None where none were given
    cumulative    products that by now fail a standard they did not fail at the start
    satisfiable   whether something can meet all the standard asks after it
    conflicts     rows on which what the standards ask after it cannot be met together
    below         rows on which it now asks less than the baseline does
    """

    standard: int
    changes: tuple[Change, ...]
    earliest: date | None
    affected: tuple[int, int] | None
    cumulative: int | None
    satisfiable: Answer
    conflicts: tuple[Row, ...]
    below: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Roadmap:
    """steps   in order; what changes nothing is no step
    start   rows on which the standards as written cannot be met together
    stays   what is left as it is, and is not in the proposal
    end     whether every standard asks what is proposed, row by row, at the end
    """

    steps: tuple[Step, ...]
    start: tuple[Row, ...]
    stays: tuple[Change, ...]
    end: Answer


def targets_of(pool: Pool, proposal: int) -> list[Target]:
    """What a document among the standards of the pool proposes for every row; of what it does not speak, each standard keeps its own."""
    return [Target(row, row.meant.get(proposal) or None) for row in pool.rows if row.meant]


def roadmap(pool: Pool, proposal: int, baseline: int, order: Order = "products", products: Products | None = None, together: bool = False) -> Roadmap:
    """The steps from what the standards ask as written to what the proposal asks.

    proposal   its position in the pool
    together   all changes of one standard at once; else one requirement at a time
    """
    standards = [at for at in range(len(pool.standards)) if at != proposal]
    changes = changes_to(pool, targets_of(pool, proposal), standards, products)
    work = [c for c in changes if c.is_work]
    maker = _Maker(pool, proposal, baseline, standards, products)
    steps = maker.ordered(_grouped(pool, work, together), order)
    end = weakest([a for c in changes if c.kind != "stays" for a in maker.at_end(c)] or [Proved("text")])
    return Roadmap(tuple(steps), tuple(maker.conflicts(maker.state(()))), tuple(c for c in changes if c.kind == "stays" and not c.mends), end)


def _grouped(pool: Pool, work: Sequence[Change], together: bool) -> list[tuple[Change, ...]]:
    """Changes made at once: of one requirement as it is written, in all of its scenarios; or of one standard."""
    found: dict[object, list[Change]] = {}
    for c in work:
        stems = tuple(tuple(sorted({no.partition("@")[0] for no in nos})) for nos in (c.old, c.new))
        found.setdefault(c.standard if together else (c.standard, c.kind, c.mends, *stems), []).append(c)
    return [tuple(group) for group in found.values()]


State = dict[tuple[int, int], Clauses]
"""(standard, position of the row) → what it asks."""


class _Maker:
    def __init__(self, pool: Pool, proposal: int, baseline: int, standards: Sequence[int], products: Products | None) -> None:
        self.pool, self.proposal, self.baseline, self.standards, self.products = pool, proposal, baseline, standards, products
        self.rows = [row for row in pool.rows if row.meant]
        self.position = {id(row): n for n, row in enumerate(self.rows)}

    def state(self, done: Sequence[tuple[Change, ...]]) -> State:
        """What every standard asks after these changes."""
        held: State = {(at, n): row.now.get(at, ()) for n, row in enumerate(self.rows) for at in self.standards}
        for c in (c for group in done for c in group):
            held[c.standard, self.position[id(c.row)]] = c.new
        return held

    def ordered(self, groups: list[tuple[Change, ...]], order: Order) -> list[Step]:
        """The next step is the least one that leaves everything sound; where none does, the least one, and what is not sound is said."""
        waiting, done, steps = sorted(groups, key=lambda group: self.weight(group, order)), list[tuple[Change, ...]](), list[Step]()
        while waiting:
            tried = [self.step(group, done) for group in waiting[:1]]
            if not self.is_sound(tried[0]):
                for group in waiting[1:]:
                    tried.append(self.step(group, done))
                    if self.is_sound(tried[-1]):
                        break
            chosen = tried[-1] if self.is_sound(tried[-1]) else tried[0]
            group = next(g for g in waiting if g == chosen.changes)
            waiting.remove(group)
            done.append(group)
            steps.append(chosen)
        return steps

    def is_sound(self, step: Step) -> bool:
        return not isinstance(step.satisfiable, Refuted) and not step.below

    def weight(self, group: tuple[Change, ...], order: Order) -> tuple[object, ...]:
        """By what steps are put in order: products that newly fail, the order of the standards, or the earliest day."""
        fails = sum(c.affected.fail for c in group if c.affected)
        if self.products is None:
            fails = sum(c.kind in ("tightens", "adds", "changes") for c in group)
        first = group[0]
        return {
            "products": (fails, not first.mends, first.standard), "standards": (first.standard, not first.mends, fails),
            "date": (self.earliest(first.standard) or date.max, fails, first.standard),
        }[order]  # fmt: skip

    def step(self, group: tuple[Change, ...], done: Sequence[tuple[Change, ...]]) -> Step:
        at = group[0].standard
        before, after = self.state(done), self.state([*done, group])
        asked = self.asks(after, at)
        below = [self.rows[n] for (who, n), nos in after.items() if who == at and self.is_below(before, after, at, n, nos)]
        return Step(at, group, self.earliest(at), self.affected(before, after, at), self.cumulative(after),
                    self.pool.together(asked) if asked else Proved("text"), tuple(self.conflicts(after)), tuple(below))  # fmt: skip

    def asks(self, state: State, at: int) -> Clauses:
        """What must be met of one standard."""
        return tuple(no for (who, n), nos in state.items() if who == at and self.rows[n].strength == "shall" for no in nos)

    def is_below(self, before: State, after: State, at: int, n: int, nos: Clauses) -> bool:
        """Whether a step takes a standard below what the baseline asks at that time."""
        if at == self.baseline or self.baseline not in self.standards or before[at, n] == nos or not before[at, n]:
            return False
        asked = after[self.baseline, n]
        return bool(asked) and self.pool.implies(before[at, n], asked) and not self.pool.implies(nos, asked)

    def conflicts(self, state: State) -> list[Row]:
        """Rows on which the standards cannot be met together."""
        found = []
        for n, row in enumerate(self.rows):
            asked = tuple(dict.fromkeys(no for at in self.standards for no in state[at, n]))
            if row.strength == "shall" and len(asked) > 1 and isinstance(self.pool.together(asked), Refuted):
                found.append(row)
        return found

    def affected(self, before: State, after: State, at: int) -> tuple[int, int] | None:
        if self.products is None:
            return None
        was, now = fails_any(self.asks(before, at)), fails_any(self.asks(after, at))
        return self.products.counted(f"{now} AND NOT {was}"), self.products.counted(f"{was} AND NOT {now}")

    def cumulative(self, after: State) -> int | None:
        if self.products is None:
            return None
        start = self.state(())
        fresh = [f"({fails_any(self.asks(after, at))} AND NOT {fails_any(self.asks(start, at))})" for at in self.standards]
        return self.products.counted(" OR ".join(fresh))

    def earliest(self, at: int) -> date | None:
        """Not before the proposal, once it is more than a draft, nor before a transition that the standard declares has ended."""
        proposed, own = self.pool.standards[self.proposal].standard, self.pool.standards[at].standard
        since = [proposed.effective] if proposed.effective and proposed.status != "draft" else []
        return max([*since, *(t.until for t in own.transitions)], default=None)

    def at_end(self, change: Change) -> list[Answer]:
        """Whether what a standard asks of a row at the end is what is proposed."""
        target = change.row.meant.get(self.proposal, ())
        return [self.pool.enough(change.new, target), self.pool.enough(target, change.new)] if target else []

