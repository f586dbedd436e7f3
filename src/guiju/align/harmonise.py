"""Harmonise: one standard in place of several, requirement by requirement, by a rule that is named, with what it leaves open."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from guiju.align.carrying import Wanted
from guiju.align.document import Head, Made, checked, faithful, make
from guiju.align.pool import Clauses, Pool, Row
from guiju.align.specimens import Specimens, examples_text, specimens
from guiju.base.diagnostics import Diagnostic, Problems, Refused, Severity
from guiju.ir.program import Program
from guiju.readings.examples import run_examples
from guiju.readings.smt.answers import Answer, Refuted
from guiju.standard.model import Title
from guiju.standard.shelf import Shelf

Strategy = Literal["strictest", "baseline", "fewest", "cheapest"]
STRATEGIES: Mapping[Strategy, Title] = {
    "strictest": Title("最严", "the strictest"), "baseline": Title("以国家（基准）标准为准", "the national baseline"),
    "fewest": Title("改动最少", "the fewest changes"), "cheapest": Title("现有产品不合格最少", "the fewest products that fail"),
}  # fmt: skip
Outcome = Literal["chosen", "together", "open", "regional", "dropped"]
Failing = Callable[[Clauses], tuple[int, int]]
"""How many real products fail any of these clauses, and of how many more that is not known."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What becomes of one row.

    outcome   chosen: one standard's clauses; together: of several, side by side; open: they cannot be brought together, and the row is left
              out; regional: the baseline asks nothing, each region keeps its own; dropped: it asks nothing, and neither will the others
    clauses   of the pool
    conflict  of an open row, clauses that cannot be met together
    products  of the clauses chosen, real products that fail, and those of which it is not known; None where none were given
    """

    row: Row
    outcome: Outcome
    clauses: Clauses
    why: Title
    conflict: Clauses = ()
    products: tuple[int, int] | None = None


@dataclass(frozen=True)
class Proposal:
    """A harmonised standard.

    text, examples   the files of it, which `guiju check` takes; examples None where nothing can pass it
    proofs           (clause of the proposal, what it was carried from, whether both give every record the same verdict)
    """

    pool: Pool
    strategy: Strategy
    baseline: int
    choices: tuple[Choice, ...]
    made: Made
    specimens: Specimens
    examples: str | None
    proofs: tuple[tuple[str, Title, Answer], ...]

    @property
    def text(self) -> str:
        return self.made.text

    def number_of(self, no: str) -> str | None:
        """The number in the proposal of a clause of the pool, with its scenario."""
        voice, own = self.pool.origin(no)
        stem, mark, scenario = own.partition("@")
        return next((w.number + mark + scenario for w in self.made.wanted
                     if (w.voice, w.no) == (voice, stem) and (not w.scenarios or not scenario or scenario in w.scenarios)), None)  # fmt: skip


def choose(pool: Pool, strategy: Strategy, baseline: int, extra: str = "keep", failing: Failing | None = None) -> tuple[Choice, ...]:
    """What becomes of every row.

    extra     of what the baseline does not ask, by the strategy of that name: keep (each region its own), add (the strictest), drop
    failing   needed for `cheapest`
    raises    Refused: harmonise-without-records
    """
    if strategy == "cheapest" and failing is None:
        raise Refused([Diagnostic("harmonise-without-records", None, {})])
    chooser = _Chooser(pool, baseline, extra, failing)
    choices = [chooser.choice(strategy, row) for row in pool.rows if row.meant]
    return tuple(choices if failing is None else [replace(c, products=failing(c.clauses)) if c.clauses else c for c in choices])


@dataclass(frozen=True)
class _Chooser:
    pool: Pool
    baseline: int
    extra: str
    failing: Failing | None

    def choice(self, strategy: Strategy, row: Row) -> Choice:
        if len(row.meant) == 1 and not (strategy == "baseline" and self.baseline not in row.meant):
            (only,) = row.meant.items()
            return Choice(row, "chosen", only[1], self.said(only[0], "只有它有此要求", "it alone asks this"))
        if strategy == "baseline":
            return self.by_baseline(row)
        strictest = self.strictest(row)
        if strategy == "strictest":
            return strictest
        return self.by_cost(row, strictest, self.changes if strategy == "fewest" else self.products)

    def said(self, at: int, zh: str, en: str) -> Title:
        label = self.pool.made.voices[at].label
        return Title(f"{label.zh}：{zh}", f"{label.en}: {en}")

    def strictest(self, row: Row) -> Choice:
        """The clauses of one standard that are enough for all; else all that do not follow from one another, if they can be met together."""
        every = tuple(no for nos in row.meant.values() for no in nos)
        for at in sorted(row.meant, key=lambda at: (at != self.baseline, at)):
            if self.pool.implies(row.meant[at], every):
                why = self.said(at, "满足它就满足其余各标准", "meeting it is enough for all the others")
                return self.possible(Choice(row, "chosen", row.meant[at], why))
        kept = every
        for no in every:
            rest = tuple(other for other in kept if other != no)
            if rest and self.pool.implies(rest, (no,)):
                kept = rest
        why = Title("没有一份标准足以满足其余，各取所需并列", "no standard is enough for the others; theirs stand side by side")
        return self.possible(Choice(row, "together", kept, why))

    def possible(self, choice: Choice) -> Choice:
        """The choice, or an open question where its clauses cannot be met together."""
        answer = self.pool.together(choice.clauses)
        if isinstance(answer, Refuted):
            conflict = tuple(no for _, no in answer.conflict)
            why = Title("不能同时满足，须先协商", "they cannot be met together; it has to be settled first")
            return Choice(choice.row, "open", (), why, conflict)
        return choice

    def by_baseline(self, row: Row) -> Choice:
        if self.baseline in row.meant:
            return Choice(row, "chosen", row.meant[self.baseline], self.said(self.baseline, "基准标准的要求", "the requirement of the baseline"))
        if self.extra == "add":
            return self.strictest(row)
        if self.extra == "drop":
            return Choice(row, "dropped", (), Title("基准标准无此要求，取消", "the baseline does not ask it; it goes"))
        return Choice(row, "regional", (), Title("基准标准无此要求，各地保留自己的", "the baseline does not ask it; each region keeps its own"))

    def by_cost(self, row: Row, strictest: Choice, cost: Callable[[Row, Clauses], tuple[int, ...]]) -> Choice:
        """The standard whose clauses cost least among those at least as strict as the baseline, where there is one; of equals the stricter."""
        asked = row.meant.get(self.baseline, ())
        able = {at: nos for at, nos in row.meant.items() if self.pool.implies(nos, asked) and not isinstance(self.pool.together(nos), Refuted)}
        if not able:
            return strictest
        costs = {at: cost(row, nos) for at, nos in able.items()}
        least = min(costs.values())
        cheapest = [at for at in able if costs[at] == least]
        best = next((at for at in cheapest if all(self.pool.implies(able[at], able[other]) for other in cheapest)), cheapest[0])
        words = ("该改的标准最少", "the fewest standards must change") if cost == self.changes else ("不合格的产品最少", "the fewest products fail")
        return Choice(row, "chosen", able[best], self.said(best, f"{words[0]}（{least[0]}）", f"{words[1]} ({least[0]})"))

    def changes(self, row: Row, clauses: Clauses) -> tuple[int, ...]:
        """How many standards that ask this as written would have to ask something else."""
        return (sum(not self.pool.equal(clauses, row.now.get(at, nos)) for at, nos in row.meant.items()),)

    def products(self, row: Row, clauses: Clauses) -> tuple[int, ...]:
        assert self.failing is not None, "asked for before"
        return (self.failing(clauses)[0],)


def propose(pool: Pool, strategy: Strategy, baseline: int, choices: Sequence[Choice], head: Head, shelf: Shelf) -> Proposal:
    """The proposal as a document with examples, its clauses proved to give the verdicts of those they were carried from.

    Rows whose clauses leave nothing that could pass the whole become open questions.
    raises   Refused: nothing-carried
    """
    voices = pool.made.voices[: len(pool.standards)]
    while True:
        wanted = _numbered(pool, choices)
        said = (*head.left_out, *(_left(pool, c) for c in choices if c.outcome not in ("chosen", "together")))
        head_now = replace(head, left_out=said)
        made = make(voices, wanted, head_now, shelf, pool.made.treat_as)
        shown = specimens(made.program, budget=pool.follower.searcher.budget, population=pool.follower.searcher.population)
        blamed = _blamed(pool, choices) if shown.satisfiable is False else ()
        if not blamed:
            break
        choices = [_opened(c, blamed) for c in choices]
    text = examples_text(shown, "examples.yaml")
    if text is not None:
        made = replace(made, program=_with_examples(made, text, head_now, shelf))
    proofs = [(no, Title(f"{voices[w.voice].label.zh} {w.no}", f"{voices[w.voice].label.en} {w.no}"), answer)
              for w, no, answer in faithful(made, shelf, pool.follower.searcher.budget)]  # fmt: skip
    return Proposal(pool, strategy, baseline, tuple(choices), made, shown, text, tuple(proofs))


def _numbered(pool: Pool, choices: Sequence[Choice]) -> list[Wanted]:
    """The clauses chosen, numbered 1, 2, 3 … in the order of the rows, each with its scenarios."""
    found: dict[tuple[int, str], list[str]] = {}
    for no in dict.fromkeys(no for choice in choices for no in choice.clauses):
        voice, own = pool.origin(no)
        stem, _, scenario = own.partition("@")
        found.setdefault((voice, stem), []).append(scenario)
    return [Wanted(voice, stem, str(n), tuple(s for s in scenarios if s)) for n, ((voice, stem), scenarios) in enumerate(found.items(), 1)]


def _left(pool: Pool, choice: Choice) -> Title:
    title = pool.title(choice.row)
    cited = [pool.origin(no) for no in choice.conflict or [no for nos in choice.row.meant.values() for no in nos]]
    zh = "、".join(f"{pool.made.voices[at].label.zh} {no}" for at, no in cited)
    en = ", ".join(f"{pool.made.voices[at].label.en} {no}" for at, no in cited)
    return Title(f"{title.zh}：{choice.why.zh}（{zh}）", f"{title.en}: {choice.why.en} ({en})")


def _blamed(pool: Pool, choices: Sequence[Choice]) -> Clauses:
    """Clauses that must be met and leave no room for one another, none of which can be left out; the later ones are left out first."""
    kept = [no for c in choices if c.row.strength == "shall" for no in c.clauses]
    searcher, demands = pool.follower.searcher, pool.demands
    domain = searcher.space.domain(frozenset().union(*(demands[no].all_keys for no in kept)), True)
    for no in reversed(list(kept)):
        fewer = [other for other in kept if other != no]
        if searcher.refutes([*domain, *(demands[other].met for other in fewer)]):
            kept = fewer
    return tuple(kept)


def _opened(choice: Choice, blamed: Clauses) -> Choice:
    if not set(choice.clauses) & set(blamed):
        return choice
    why = Title("与其他要求一起没有产品能满足，须先协商", "nothing can meet it beside other requirements; it has to be settled first")
    return Choice(choice.row, "open", (), why, blamed)


def _with_examples(made: Made, text: str, head: Head, shelf: Shelf) -> Program:
    """The program with its examples, which must come true; that a kind of example cannot be had is no reason to refuse."""
    problems = Problems()
    program = checked(made.text, text, head, shelf, problems)
    if program is not None:
        run_examples(program, shelf, problems)
    wrong = [d for d in problems.found if d.severity is Severity.ERROR and d.code != "examples-incomplete"]
    if wrong:
        raise Refused(wrong)
    assert program is not None, "it was checked without the examples before"
    return program

