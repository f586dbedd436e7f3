"""The matrix: requirement by side, each cell told by proof how it stands to what the row is measured by."""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from guiju.align.requirements import Named, Requirement, requirements
from guiju.align.side import Side
from guiju.base.diagnostics import Diagnostic, Refused
from guiju.ir.program import ClauseMeaning, Program
from guiju.readings.smt.answers import Answer, NotComparable, Proved, Refuted, Unknown
from guiju.readings.smt.meaning import Demand
from guiju.readings.smt.search import Budget, Population
from guiju.readings.smt.sides import Sides, sides
from guiju.standard.dictionary import Dictionary
from guiju.standard.model import Title

Tell = Callable[[int | None, int | None], None]


class Relation(enum.Enum):
    """How what a side asks stands to what the row is measured by."""

    MEASURE = "measure"
    """it is what the others are measured by: the first side that asks"""
    EQUAL = "equal"
    STRICTER = "stricter"
    LOOSER = "looser"
    CROSSING = "crossing"
    """each lets something through that the other does not"""
    CONFLICTING = "conflicting"
    """nothing that both apply to can meet both"""
    MISSTATED = "misstated"
    """evidently not what is meant: the comparison points the other way and leaves a single value or none, or our document says so"""
    INCOMPARABLE = "incomparable"
    MISSING = "missing"
    """it asks nothing of it"""
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Cell:
    """What one side asks of a requirement, and how that stands to the measure of the row.

    forward      whether meeting the measure is enough for this side
    backward     whether meeting this side is enough for the measure
    together     whether both can be met; None where that is plain
    why          of a mis-statement or where nothing can be compared
    left         of a mis-statement, what both together leave: `nothing` or a single `point`
    corrected    the relation if texts believed wrong are read as corrected
    """

    relation: Relation
    clauses: tuple[Named, ...]
    forward: Answer | None = None
    backward: Answer | None = None
    together: Answer | None = None
    why: Title | None = None
    left: str | None = None
    corrected: Relation | None = None

    @property
    def answers(self) -> tuple[Answer, ...]:
        return tuple(a for a in (self.forward, self.backward, self.together) if a is not None)


@dataclass(frozen=True)
class Row:
    """measure   the side the others are measured by"""

    requirement: Requirement
    measure: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Matrix:
    sides: tuple[Side, ...]
    rows: tuple[Row, ...]

    @property
    def shared(self) -> tuple[Row, ...]:
        """The rows that more than one side asks."""
        return tuple(row for row in self.rows if sum(bool(cell.clauses) for cell in row.cells) > 1)

    def counts(self, side: int) -> Counter[Relation]:
        return Counter(row.cells[side].relation for row in self.rows)

    def clause(self, side: int, name: Named) -> tuple[Program, ClauseMeaning]:
        program = self.sides[side].programs[name.program]
        return program, next(c for c in program.clauses if c.no == name.no)


def compare(
    found: Sequence[Side], dictionary: Dictionary, *, treat_as: Mapping[str, str] | None = None, any_method: bool = False,
    budget: Budget | None = None, population: Population | None = None, strengths: Sequence[str] = ("shall", "should"), strict: bool = True,
    progress: Tell | None = None,
) -> Matrix:  # fmt: skip
    """Every requirement of every side, each measured by the first side that has it.

    treat_as   property → property taken for it: an assumption of whoever asks
    strict     nothing in common is refused
    raises     Refused: align-nothing-in-common, where no two sides ask the same thing
    """
    pairs = _Pairs(found, dictionary, treat_as or {}, any_method, budget, population)
    made = _matrix(pairs, strengths, progress)
    if strict and not made.shared:
        raise Refused([_nothing_in_common(found)])
    return made


def compare_pairs(
    found: Sequence[Side], dictionary: Dictionary, *, treat_as: Mapping[str, str] | None = None, any_method: bool = False,
    budget: Budget | None = None, strengths: Sequence[str] = ("shall", "should"), progress: Tell | None = None,
) -> list[Matrix]:  # fmt: skip
    """The matrix of every two sides, in order; where two have nothing in common, no row of theirs is shared.

    Witnesses are any, not the most typical: there are many, and few are looked at.
    raises   Refused: align-nothing-in-common, where no two have
    """
    two = [(a, b) for n, a in enumerate(found) for b in found[n + 1 :]]
    made = []
    for done, both in enumerate(two):
        if progress is not None:
            progress(done, len(two))
        made.append(_matrix(_Pairs(both, dictionary, treat_as or {}, any_method, budget, None, plain=True), strengths, None))
    if not any(matrix.shared for matrix in made):
        raise Refused([_nothing_in_common(found)])
    return made


def _nothing_in_common(found: Sequence[Side]) -> Diagnostic:
    subjects = "、".join(dict.fromkeys(f"{p.standard.number} {p.standard.subject[0]}" for side in found for p in side.programs))
    return Diagnostic("align-nothing-in-common", None, {"subjects": subjects})


def _matrix(pairs: _Pairs, strengths: Sequence[str], progress: Tell | None) -> Matrix:
    rows = requirements(pairs.found, pairs.dictionary, pairs.treat_as, strengths)
    made = []
    for done, row in enumerate(rows):
        if progress is not None:
            progress(done, len(rows))
        made.append(_row(pairs, row))
    return Matrix(tuple(pairs.found), tuple(made))


@dataclass
class _Pairs:
    """Two sides at a time in a space of their own: what a third allows must not narrow what they are asked about."""

    found: Sequence[Side]
    dictionary: Dictionary
    treat_as: Mapping[str, str]
    any_method: bool
    budget: Budget | None
    population: Population | None
    plain: bool = False

    def __post_init__(self) -> None:
        self.held: dict[tuple[int, int], _Pair] = {}

    def of(self, first: int, second: int) -> _Pair:
        if (first, second) not in self.held:
            programs = [*self.found[first].programs, *self.found[second].programs]
            otherwise = {at: p.otherwise for at, p in enumerate(programs) if p.otherwise is not None}
            both = sides([*programs, *otherwise.values()], self.dictionary, treat_as=self.treat_as, any_method=self.any_method,
                         budget=self.budget, population=self.population, plain=self.plain)  # fmt: skip
            other = {at: len(programs) + n for n, at in enumerate(otherwise)}
            self.held[first, second] = _Pair(both, len(self.found[first].programs), other)
        return self.held[first, second]


def _row(pairs: _Pairs, row: Requirement) -> Row:
    measure = next(at for at, names in enumerate(row.clauses) if names)
    cells = [_cell(pairs, row, measure, at) for at in range(len(row.clauses))]
    return Row(row, measure, tuple(cells))


def _cell(pairs: _Pairs, row: Requirement, measure: int, at: int) -> Cell:
    names = row.clauses[at]
    if at == measure:
        return Cell(Relation.MEASURE, names)
    if not names:
        return Cell(Relation.MISSING, ())
    return pairs.of(measure, at).cell(row.clauses[measure], names)


Place = tuple[int, str]


@dataclass(frozen=True)
class _Pair:
    """offset      the position of the second side's first program
    otherwise   position of a program → that of its other reading
    """

    sides: Sides
    offset: int
    otherwise: Mapping[int, int]

    def cell(self, first: Sequence[Named], second: Sequence[Named]) -> Cell:
        ours, theirs = [(n.program, n.no) for n in first], [(n.program + self.offset, n.no) for n in second]
        plain = self._compared(ours, theirs, tuple(second))
        mended = [self._mended(name) for name in ours], [self._mended(name) for name in theirs]
        if mended == (ours, theirs):
            return plain
        return self._misstated(plain, self._compared(*mended, tuple(second)).relation)

    def _misstated(self, plain: Cell, mended: Relation) -> Cell:
        """A clause of the row has another reading, and our document says why."""
        if plain.relation is mended:
            return plain
        return replace(plain, relation=Relation.MISSTATED, why=_BELIEVED_WRONG, corrected=mended)

    def _mended(self, name: Place) -> Place:
        """The same clause as corrected, where that is another clause."""
        other = self.otherwise.get(name[0])
        if other is None or (other, name[1]) not in self.sides.demands:
            return name
        as_written, as_corrected = self.sides.demands[name], self.sides.demands[other, name[1]]
        follower = self.sides.follower
        return name if follower.same(as_written, as_corrected) or follower.same(as_corrected, as_written) else (other, name[1])

    def _compared(self, ours: Sequence[Place], theirs: Sequence[Place], names: tuple[Named, ...]) -> Cell:
        forward, backward = self.sides.enough(ours, theirs), self.sides.enough(theirs, ours)
        for answer in (forward, backward):
            if isinstance(answer, NotComparable):
                return Cell(Relation.INCOMPARABLE, names, forward, backward, why=answer.reason)
        match forward, backward:
            case Proved(), Proved():
                return Cell(Relation.EQUAL, names, forward, backward)
            case Proved(), Refuted():
                return Cell(Relation.LOOSER, names, forward, backward)
            case Refuted(), Proved():
                return Cell(Relation.STRICTER, names, forward, backward)
        together = self.sides.together(ours, theirs)
        reason = next((a.reason for a in (forward, backward, together) if isinstance(a, Unknown)), None)
        nothing = isinstance(together, Refuted)
        if reason is not None and not nothing:
            return Cell(Relation.UNKNOWN, names, forward, backward, together, reason)
        left = self._left(ours, theirs, nothing)
        if left is not None:
            return Cell(Relation.MISSTATED, names, forward, backward, together, _OPPOSITE[left], left)
        return Cell(Relation.CONFLICTING if nothing else Relation.CROSSING, names, forward, backward, together)

    def _left(self, ours: Sequence[Place], theirs: Sequence[Place], nothing: bool) -> str | None:
        """What two sides that only limit one quantity, the one from above and the other from below, leave together."""
        first, second = ([self.sides.demands[name] for name in names] for names in (ours, theirs))
        ways = [{d.simple.upper if d.simple else None for d in group} for group in (first, second)]
        if ways not in ([{True}, {False}], [{False}, {True}]):
            return None
        if nothing:
            return "nothing"
        limits = {_bound(d) for d in (*first, *second)}
        return "point" if len(limits) == 1 and None not in limits else None


_BELIEVED_WRONG = Title("文本疑有误：另有勘正的读法", "a text is believed wrong: it has a corrected reading")
_OPPOSITE = {
    "nothing": Title("比较方向相反，没有任何值能同时满足：其中一份疑有误", "they point opposite ways and leave no value at all: one seems misstated"),
    "point": Title("比较方向相反，同时满足只剩一个值：其中一份疑有误", "they point opposite ways and leave a single value: one seems misstated"),
}


def _bound(d: Demand) -> object:
    """The constant a clause limits by, in the unit of the quantity; None where it depends on something, or the limit itself does not do."""
    limit = d.limit(None) if d.simple is not None and d.simple.over is None else None
    return limit.pieces[0].line if limit is not None and not limit.strict and len(limit.pieces) == 1 else None
