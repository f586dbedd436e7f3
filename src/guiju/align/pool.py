"""The pool: every clause of several standards in one document, as written and as corrected, and what each of them asks beside the others.

In it all clauses speak of the same inputs, so that they can be compared with one another and judged over the same records at once. A clause
counts everywhere: whoever is outside its scope meets it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from guiju.align.carrying import Refusal, Voice, Wanted
from guiju.align.document import Head, Made, faithful, make
from guiju.base.diagnostics import Diagnostic, Refused
from guiju.ir.node import Op
from guiju.ir.program import Program
from guiju.readings.evaluate import Evaluation, is_met
from guiju.readings.smt.answers import Answer, Proved, Refuted, Unknown, Witness, weakest
from guiju.readings.smt.comparable import Comparability
from guiju.readings.smt.following import Follower
from guiju.readings.smt.logic import Formula, disj
from guiju.readings.smt.meaning import Demand
from guiju.readings.smt.search import Budget, Nothing, Population, Searcher, Sought
from guiju.readings.smt.space import Space
from guiju.standard.model import Clause, Title
from guiju.standard.shelf import Shelf

Clauses = tuple[str, ...]
"""Numbers of clauses in the pool."""


@dataclass(frozen=True)
class Everywhere:
    """Clauses met together, each where it applies."""

    demands: tuple[Demand, ...]
    applies: Formula = True
    scope_keys: frozenset[str] = frozenset()

    def passes(self, judged: Sequence[Evaluation]) -> bool:
        return all(is_met(judged[d.position], d.meaning) for d in self.demands)


@dataclass(frozen=True, slots=True)
class Row:
    """What several standards ask of the same thing, with the same force.

    about   the quantities it is about, by property with scenario and child
    now     position of the standard → its clauses as written
    meant   position of the standard → its clauses, a text believed wrong as corrected
    """

    about: tuple[str, ...]
    strength: str
    now: Mapping[int, Clauses]
    meant: Mapping[int, Clauses]

    @property
    def mended(self) -> frozenset[int]:
        """Standards of which a text in this row is believed wrong."""
        return frozenset(at for at in self.meant if self.now.get(at) != self.meant[at])


@dataclass(frozen=True)
class Pool:
    """standards   as corrected, in the order given
    now         position of a standard → the position of its voice as written
    """

    standards: tuple[Program, ...]
    made: Made
    now: Mapping[int, int]
    follower: Follower
    doubtful: tuple[tuple[str, Answer], ...] = ()
    """Clauses not proved to judge here as in their own standards, with the answer."""
    answers: dict[tuple[frozenset[str], frozenset[str]], Answer] = field(default_factory=dict)
    implied: dict[tuple[frozenset[str], str], bool] = field(default_factory=dict)
    meetings: dict[frozenset[str], Answer] = field(default_factory=dict)

    @property
    def program(self) -> Program:
        return self.made.program

    @property
    def refused(self) -> tuple[Refusal, ...]:
        return self.made.refused

    @cached_property
    def demands(self) -> Mapping[str, Demand]:
        space = self.follower.space
        return {c.no: Demand(space, 0, c, () if c.applies.op is Op.CONST else (c.applies,)) for c in self.program.clauses}

    @cached_property
    def wanted(self) -> Mapping[str, Wanted]:
        return {each.number: each for each in self.made.wanted}

    def origin(self, no: str) -> tuple[int, str]:
        """The voice a clause comes from, and its number there, with its scenario."""
        stem, mark, scenario = no.partition("@")
        wanted = self.wanted[stem]
        return wanted.voice, wanted.no + mark + scenario

    def clause(self, no: str) -> Clause:
        """A clause of the pool as it is in its own standard."""
        voice, own = self.origin(no)
        return next(c.clause for c in self.made.voices[voice].program.clauses if c.no == own)

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """Clauses about the same quantities and of the same force, in the order of the standards."""
        found: dict[tuple[frozenset[str], str], dict[int, list[str]]] = {}
        for no, d in self.demands.items():
            voice, _ = self.origin(no)
            found.setdefault((d.measured, d.meaning.clause.strength), {}).setdefault(voice, []).append(no)
        made = []
        for (keys, strength), by_voice in found.items():
            meant = {at: tuple(by_voice[at]) for at in range(len(self.standards)) if at in by_voice}
            now = {at: self._as_written(at, by_voice, meant.get(at, ())) for at in range(len(self.standards))}
            made.append(Row(tuple(sorted(keys)), strength, {at: nos for at, nos in now.items() if nos}, meant))
        return tuple(made)

    def _as_written(self, at: int, by_voice: Mapping[int, list[str]], meant: Clauses) -> Clauses:
        """The clauses as written; those that are not believed wrong under the number they have as corrected."""
        if at not in self.now:
            return meant
        same = {self.origin(no)[1]: no for no in self.unchanged(at)}
        return tuple(same.get(self.origin(no)[1], no) for no in by_voice.get(self.now[at], ()))

    def unchanged(self, at: int) -> Iterable[str]:
        """Clauses of a standard, as corrected, that ask the same as written."""
        written = {self.origin(no)[1]: d for no, d in self.demands.items() if self.origin(no)[0] == self.now[at]}
        for no, d in self.demands.items():
            voice, own = self.origin(no)
            other = written.get(own) if voice == at else None
            if other is not None and other.meaning.applies is d.meaning.applies and other.meaning.requires is d.meaning.requires:
                yield no

    def title(self, row: Row) -> Title:
        held = [self.follower.space.quantities[key].input for key in row.about]
        return Title("、".join(i.zh for i in held), ", ".join(i.en for i in held))

    # what is asked beside one another

    def enough(self, given: Clauses, asked: Clauses) -> Answer:
        """Whether meeting these clauses, each where it applies, is enough for meeting those."""
        key = frozenset(given), frozenset(asked)
        if key not in self.answers:
            held = Everywhere(tuple(self.demands[no] for no in given))
            self.answers[key] = weakest([self.follower.follows(held, self.demands[no]) for no in asked if no not in key[0]])
        return self.answers[key]

    def implies(self, given: Clauses, asked: Clauses) -> bool:
        """Whether it is proved that meeting these is enough for those. No record is looked for, which can take long, where it is not."""
        return all(self._implied(given, no) for no in asked if no not in given)

    def _implied(self, given: Clauses, no: str) -> bool:
        key = frozenset(given), no
        if key not in self.implied:
            held, asked = [self.demands[each] for each in given], self.demands[no]
            near = [d for d in held if d.measured & asked.measured]
            simple = asked.simple is not None and all(d.simple for d in near)
            self.implied[key] = isinstance(self.enough(given, (no,)), Proved) if simple else self._excluded(near, asked)
        return self.implied[key]

    def _excluded(self, near: Sequence[Demand], asked: Demand) -> bool:
        """Whether it is proved that no record meets these and violates that."""
        searcher = self.follower.searcher
        if self.follower.comparable.obstacle(asked, near) is not None:
            return False
        formulas, keys = [*(d.met for d in near), asked.violated], asked.all_keys.union(*(d.all_keys for d in near))
        found = searcher.exists(formulas, keys)
        return found is False or (found is True and searcher.refutes([*formulas, *searcher.space.domain(keys, True)]))

    def equal(self, a: Clauses, b: Clauses) -> bool:
        return self.implies(a, b) and self.implies(b, a)

    def together(self, clauses: Clauses) -> Answer:
        """Whether a record can meet all of these: Refuted with two that no record both apply to can meet, where there are such."""
        key = frozenset(clauses)
        if key not in self.meetings:
            self.meetings[key] = self._together(clauses)
        return self.meetings[key]

    def _together(self, clauses: Clauses) -> Answer:
        demands, searcher = [self.demands[no] for no in clauses], self.follower.searcher
        for n, a in enumerate(demands):
            for b in demands[n + 1 :]:
                if a.asked & b.asked and self.follower.exclude(a, b):
                    return Refuted(conflict=((0, a.no), (0, b.no)))
        keys = frozenset[str]().union(*(d.all_keys for d in demands))
        formulas = [*(d.met for d in demands), disj(d.applies.true for d in demands)]
        found = searcher.find(Sought(formulas, keys, lambda judged: all(is_met(judged[0], d.meaning) for d in demands)))
        if isinstance(found, Nothing):
            return Refuted(conflict=tuple((0, no) for no in clauses))
        return Proved(witness=found) if isinstance(found, Witness) else Unknown(found.reason)


def pool_of(
    standards: Sequence[tuple[Program, Title]], head: Head, shelf: Shelf, *, treat_as: Mapping[str, str] | None = None, any_method: bool = False,
    budget: Budget | None = None, population: Population | None = None,
) -> Pool:  # fmt: skip
    """Every clause of the standards in one document.

    standards   by either reading, with what each is called
    raises      Refused: nothing-carried, harmonise-standards
    """
    if len(standards) < 2:
        raise Refused([Diagnostic("harmonise-standards", None, {"found": str(len(standards))})])
    voices, now, written = list[Voice](), dict[int, int](), list[Voice]()
    for at, (program, label) in enumerate(standards):
        other = program.otherwise
        voices.append(Voice(other if other is not None and other.standard.corrected else program, label))
        if other is not None:
            now[at] = len(standards) + len(written)
            written.append(Voice(program if other.standard.corrected else other, Title(f"{label.zh}（按原文）", f"{label.en} (as written)")))
    voices += written
    wanted = [Wanted(at, no, f"{at + 1}:{no}") for at, voice in enumerate(voices) for no in voice.standard.clauses]
    made = make(voices, wanted, head, shelf, treat_as or {})
    space = Space((made.program,))
    follower = Follower(space, Comparability(space, shelf.dictionary, any_method), Searcher(space, budget, population))
    doubtful = tuple((no, answer) for _, no, answer in faithful(made, shelf, budget) if not isinstance(answer, Proved))
    return Pool(tuple(v.program for v in voices[: len(standards)]), made, now, follower, doubtful)
