"""Check: a Standard and a date → a Program. Names resolved, editions and dated parameters picked, types and units proved.

Every declaration is lowered, used or not, so that a mistake in an unused table is found too. Definitions are lowered in the order of their
dependencies (found without recursion); a cycle is reported with its path.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

from guiju.base.diagnostics import Problems, Span
from guiju.ir.aggregates import AggregateLowering
from guiju.ir.build import KIND_WORDS, Builder
from guiju.ir.lower import Library, Lowering, text_of, type_of
from guiju.ir.node import Kind, Node, Op, Type
from guiju.ir.ordering import RESERVED, in_order, names_mentioned, names_once
from guiju.ir.population import PopulationMeaning, in_force, ranking_in, threshold
from guiju.ir.program import ClauseMeaning, GradeMeaning, IndicatorMeaning, Program, ScoreMeaning
from guiju.ir.ranking import order_text
from guiju.ir.snapshot import Snapshot
from guiju.standard import expression as ex
from guiju.standard.correction import as_corrected, changes_nothing, corrections
from guiju.standard.model import Clause, Condition, Formula, Grading, Indicator, Input, Parameter, Population, Score, Standard, Table
from guiju.standard.shape import did_you_mean
from guiju.standard.unroll import unroll


def check(
    standard: Standard, on: date | None, library: Library, problems: Problems, corrected: bool = False, *, snapshots: Sequence[Snapshot] = ()
) -> Program:
    """What the standard means on the date (its effective date if None). Errors are in `problems`; parts made from them are BAD.

    corrected   read texts believed wrong as corrected, not as written; the program knows its other reading either way
    snapshots   of the populations of this standard or of those it uses; without one, thresholds are undefined
    """
    standard = standard.authored
    on = on or standard.default_date
    since, until = standard.period
    assert (since is None or since <= on) and (until is None or on < until), "a standard is opened on the date it is checked on"
    standard = as_corrected(standard) if corrected != standard.corrected else standard
    program, resting = _checked(standard, on, library, problems, snapshots)
    if not any(True for each in resting for _ in corrections(each)):
        return program
    said = Problems()
    other, _ = _checked(as_corrected(standard), on, library, said, snapshots)
    problems.extend(d for d in said.found if d.code not in _OF_ONE_READING)
    return replace(program, otherwise=other)


_OF_ONE_READING = ("table-jump", "table-no-jump", "correction-unchanged", "snapshot-of-another-reading")
"""What is said of the reading asked for, and need not hold of the other: `jumps` are declared for one."""


def _checked(
    standard: Standard, on: date, library: Library, problems: Problems, snapshots: Sequence[Snapshot]
) -> tuple[Program, list[Standard]]:
    """The program of one reading, and the standards it rests on."""
    for name, item in corrections(standard):
        if item.corrected and changes_nothing(item):
            problems.add("correction-unchanged", item.corrected.span, name=name)
    standard = unroll(standard, problems)
    checker = _Checker(standard, on, library, Builder(problems, standard.inputs), None, (standard.number,), {}, snapshots)
    program = checker.program()
    if standard.unverified:
        names = ", ".join(p.name for p in standard.unverified)
        problems.add("parameters-unverified", standard.unverified[0].span, number=standard.number, names=names)
    if not standard.broken:
        checker.report_unused()
    return program, [standard.authored, *(used.standard.authored for used in checker.shared.values())]


_CHAIN_MAX = 30
"""Standards that each use the next."""


class _Checker(AggregateLowering):
    """The declarations of a standard, lowered in the order of their dependencies."""

    def __init__(
        self, standard: Standard, on: date, library: Library, build: Builder, outer: Mapping[str, Input] | None, chain: tuple[str, ...],
        shared: dict[str, Lowering], snapshots: Sequence[Snapshot],
    ) -> None:  # fmt: skip
        """shared   the used standards lowered so far, by number: each is lowered once, however many ways lead to it"""
        super().__init__(standard, on, library, build, outer, chain)
        self.shared, self.snapshots = shared, snapshots
        self.population_meanings: dict[str, PopulationMeaning] = {}
        self.snapshot: Snapshot | None = None
        self.prepare()

    def prepare(self) -> None:
        s = self.standard
        for name, declared in s.inputs.items():
            self.known[name] = self._input(declared)
        names_once(s, self.problems)
        for use in s.uses.values():
            self.aliases[use.alias] = self._used(use.alias)
        self.snapshot = in_force(self.snapshots, s, self.on, self.problems) if s.populations else None
        for name in in_order(s, self.definitions, self.problems):
            self._define(name)

    def _define(self, name: str) -> None:
        match declared := self.definitions[name]:
            case Parameter():
                self.known[name] = self._parameter(declared)
            case Table():
                self.known[name] = self._table(declared)
            case Formula():
                unit = declared.unit
                self.known[name] = self._formula_without_unit(declared) if unit is None else self._quantity(declared.formula, unit)
            case Indicator():
                self._indicator(declared)
            case Score():
                self.known[name] = self._score(declared)
            case Population():
                self._population(declared)
            case Clause():
                self.clause_meanings[declared.no] = self._clause(declared)
            case Condition():
                self.scope = self._truth(declared.expr)
            case Grading():
                self.known[name] = self._grading(declared)

    def _formula_without_unit(self, declared: Formula) -> Node:
        """A date or a category; a number says in which unit it is."""
        node = self.lower(declared.formula)
        if node.is_number:
            self.problems.add("missing-key", declared.span, key="unit", within=f"formula {declared.name}", within_zh=f"公式 {declared.name}")
        elif node.type.kind not in (Kind.DATE, Kind.CATEGORY, Kind.BAD):
            found = KIND_WORDS[node.type.kind]
            wanted = {"wanted_zh": "数、日期或类别", "wanted_en": "a number, a date or a category"}
            self.problems.add("type-mismatch", declared.formula.span, found_zh=found[0], found_en=found[1], **wanted)
        return node if node.type.kind in (Kind.DATE, Kind.CATEGORY) else self.build.bad

    def _input(self, declared: Input) -> Node:
        if self.outer is None:
            return self.build.input(declared.name, type_of(declared), declared.span)
        bound = next((i for i in self.outer.values() if i.is_ == declared.is_), None)
        if bound is None or bound.kind != declared.kind:
            return self.build.bad
        if bound.zone != declared.zone:
            self.problems.add("zone-differs", bound.span, name=bound.name, standard=self.standard.number)
        if declared.rising and (not bound.rising or bound.values != declared.values):
            self.problems.add("orders-differ", bound.span, left=order_text(declared.values, True), right=order_text(bound.values, bound.rising))
            return self.build.bad
        node = self.build.input(bound.name, type_of(bound), bound.span)
        return self.build.in_unit(node, declared.unit) if declared.unit is not None else node

    def _used(self, alias: str) -> Lowering | None:
        use = self.standard.uses[alias]
        found = self.library.find(use.number, self.on)
        if found is None and use.number not in self.library.numbers():
            self.problems.add("unknown-standard", use.span, number=use.number, **did_you_mean(use.number, self.library.numbers()))
            return None
        if found is None or found.broken:
            self.problems.add("used-standard-broken", use.span, number=use.number)
            return None
        if found.number in self.chain:
            self.problems.add("cycle", use.span, path=" → ".join((*self.chain, found.number)))
            return None
        if len(self.chain) > _CHAIN_MAX:
            self.problems.add("meaning-too-large", use.span)
            return None
        if found.number not in self.shared:
            found = as_corrected(found) if found.corrected != self.standard.corrected else found
            self.shared[found.number] = _Checker(
                unroll(found, self.problems), self.on, self.library, self.build, self.inputs, (*self.chain, found.number), self.shared,
                self.snapshots,
            )
        return self.shared[found.number]

    def _population(self, declared: Population) -> None:
        build = self.build
        of, within = self.lower(declared.of), tuple(self.lower(each) for each in declared.within)
        if not of.is_bad and not build.wants(of, Kind.NUMBER, declared.of.span):
            of = build.bad
        within = tuple(n if build.wants(n, Kind.CATEGORY, e.span) else build.bad for n, e in zip(within, declared.within, strict=True))
        belongs = build.all([self.scope, self._truth(declared.where) if declared.where else build.truth(True)], declared.span)
        meaning = self.population_meanings[declared.name] = PopulationMeaning(declared, of, within, belongs)
        ranking = ranking_in(self.snapshot, self.standard, meaning, self.problems) if self.snapshot else None
        for best in declared.best:
            self.known[f"{declared.name}.{best.name}"] = threshold(build, meaning, best, ranking)

    def _indicator(self, declared: Indicator) -> None:
        build = self.build
        value = self.lower(declared.value)
        unit = value.type.unit
        limits = [self._quantity(limit, unit) if not value.is_bad and value.is_number else self.lower(limit) for _, limit in declared.levels]
        applies = self._truth(declared.when) if declared.when else build.truth(True)
        self._levels_in_order(declared, limits)
        higher = declared.better == "higher"
        numbers = [build.number(n + 1) for n in range(len(limits) + 1)]
        if not value.is_bad and value.is_number and all(limit.op is Op.CONST for limit in limits):
            ordered: list[Any] = [limit.value for limit in limits]
            bounds = [(b, False) for b in reversed(ordered)] if higher else [(b, True) for b in ordered]
            level = build.step(value, bounds, list(reversed(numbers)) if higher else numbers, declared.value.span)
        else:
            reached = [build.le(limit, value, declared.value.span) if higher else build.le(value, limit, declared.value.span) for limit in limits]
            level = build.case(list(zip(reached, numbers[:-1], strict=True)), numbers[-1], declared.value.span)
        self.known[declared.name] = level
        self.indicator_meanings[declared.name] = IndicatorMeaning(declared, applies, value, level)

    def _levels_in_order(self, declared: Indicator, limits: Sequence[Node]) -> None:
        for (_, _), (_, later), a, b in zip(declared.levels, declared.levels[1:], limits, limits[1:], strict=False):
            x: Any = a.value
            y: Any = b.value
            fixed = a.op is Op.CONST and b.op is Op.CONST and a.type.kind is b.type.kind
            if fixed and not (x > y if declared.better == "higher" else x < y):
                self.problems.add("levels-not-rising", later.span, name=declared.name, better=text_of(a), worse=text_of(b))
                return

    def _score(self, declared: Score) -> Node:
        build = self.build
        best = declared.points.get("1")
        terms: list[tuple[Node, Node, Fraction]] = []
        for key, weight in declared.weights:
            meaning = self.indicator_meanings.get(key.text)
            if meaning is None:
                if key.text not in self.standard.indicators and not {key.text, "indicator"} & self.standard.broken:
                    self.problems.add("unknown-indicator", key.span, name=key.text, **did_you_mean(key.text, self.indicator_meanings))
                return build.bad
            count = len(meaning.indicator.levels)
            points = [declared.points.get(str(n + 1) if n < count else "none") for n in range(count + 1)]
            if best is None or any(p is None for p in points):
                missing = ", ".join(str(n + 1) if n < count else "none" for n, p in enumerate(points) if p is None)
                self.problems.add("points-missing", declared.span, name=declared.name, levels=missing or "1")
                return build.bad
            earned = build.step(
                meaning.level, [(Fraction(n + 1), True) for n in range(count)], [build.number(p) for p in points if p is not None], key.span
            )
            terms.append((meaning.applies, earned, weight))
        return self._weighted(declared, terms, best or Fraction(0))

    def _weighted(self, declared: Score, terms: list[tuple[Node, Node, Fraction]], best: Fraction) -> Node:
        build = self.build
        total, weights = build.number(0), build.number(0)
        for applies, earned, weight in terms:
            w = build.number(weight)
            instead = build.number(weight * best if declared.not_applicable == "full" else 0)
            total = build.add(total, build.case([(applies, build.mul(w, earned))], instead, declared.span), declared.span)
            counted = build.case([(applies, w)], build.number(0), declared.span) if declared.not_applicable == "exclude" else w
            weights = build.add(weights, counted, declared.span)
        return build.div(total, weights, declared.span)

    def _grading(self, declared: Any) -> Node:
        branches = [(self._truth(g.when), self.build.word(g.grade, g.span)) for g in declared.grades if g.when is not None]
        last = declared.grades[-1]
        otherwise = self.build.word(last.grade, last.span) if last.when is None else self.build.undefined("no grade", Type(Kind.CATEGORY), last.span)
        return self.build.case(branches, otherwise, declared.span)

    def _clause(self, clause: Clause) -> ClauseMeaning:
        """The first exception that holds decides: it exempts, or asks something else."""
        build = self.build
        applies = build.all([self.scope, self._truth(clause.when) if clause.when else build.truth(True)], clause.span)
        requires = self._required(clause, clause.requires)
        conditions = [self._truth(relief.when) for relief in clause.reliefs]
        for position in reversed(range(len(conditions))):
            relief, when = clause.reliefs[position], conditions[position]
            if relief.requires is None:
                exempt = build.all([when, build.not_(build.any(conditions[:position]), relief.span)], relief.span)
                applies = build.all([applies, build.not_(exempt, relief.span)], clause.span)
            else:
                requires = build.choose(when, self._required(clause, relief.requires), requires, clause.span)
        return ClauseMeaning(clause, applies, requires)

    def _required(self, clause: Clause, expr: ex.Expr) -> Node:
        """What a clause asks, by its way of comparing; conditions are always compared at full value."""
        self.rounded = self.lower(clause.rounded) if clause.rounded else None
        node = self._truth(expr)
        self.rounded = None
        return node

    def program(self) -> Program:
        s, build = self.standard, self.build
        clauses = tuple(self.clause_meanings[no] for no in s.clauses if no in self.clause_meanings)
        values = {n: self.known[n] for group in (s.parameters, s.tables, s.formulas) for n in group if n in self.known and not self.known[n].is_bad}
        overall = self._overall(_sound(clauses))
        values |= {n: node for n, node in self.known.items() if "." in n and not node.is_bad}
        lowered = [self, *(each for each in self.shared.values() if isinstance(each, _Checker))]
        program = Program(
            standard=s, on=self.on, inputs=s.inputs, scope=self.scope if not self.scope.is_bad else build.truth(True), clauses=_sound(clauses),
            overall=overall, families=tuple(self._families(_sound(clauses))),
            indicators=_sound_indicators(self.indicator_meanings),
            scores=tuple(ScoreMeaning(score, n) for name, score in s.scores.items() if (n := self.known.get(name)) and not n.is_bad),
            grades=tuple(GradeMeaning(g, n) for name, g in s.gradings.items() if (n := self.known.get(name)) and not n.is_bad),
            values=values, meaning=self.meaning,
            used={alias: used.standard for alias, used in self.aliases.items() if used},
            aggregates=self.aggregates(overall),
            populations=tuple(m for m in self.population_meanings.values() if not any(n.is_bad for n in (m.of, m.belongs, *m.within))),
            snapshots=tuple(each.snapshot for each in lowered if each.snapshot is not None),
        )  # fmt: skip
        if not any(c.strength == "shall" for c in s.clauses.values()) and not any(name.startswith("[") for name in s.broken):
            self.problems.add("no-requirement", s.span)
        return program

    def _overall(self, clauses: Sequence[ClauseMeaning]) -> ClauseMeaning | None:
        build = self.build
        shall = [c for c in clauses if c.clause.strength == "shall"]
        if not shall:
            return None
        applies = build.any([c.applies for c in shall])
        by_condition: dict[int, list[ClauseMeaning]] = {}
        for c in shall:
            by_condition.setdefault(c.applies.index, []).append(c)
        groups = [(group[0].applies, build.all([c.requires for c in group])) for group in by_condition.values()]
        requires = build.all([met if condition is applies else build.implies(condition, met) for condition, met in groups])
        whole = replace(shall[0].clause, no="overall", title=self.standard.title, when=None, reliefs=(), rounded=None, method=None, sources=(),
                        disputed=None, span=self.standard.span, scenarios=(), authored=None, corrected=None)  # fmt: skip
        return None if applies.is_bad or requires.is_bad else ClauseMeaning(whole, applies, requires)

    def _inherited(self, span: Span) -> dict[str, str]:
        """What to do about something a base declares."""
        if span.file == self.standard.file:
            return {}
        where = self.standard.file
        return {"hint_zh": f"它来自作为基础的标准：在 {where} 的 `remove:` 中删去", "hint_en": f"it is inherited: name it under `remove:` of {where}"}

    def _families(self, clauses: Sequence[ClauseMeaning]) -> Iterator[ClauseMeaning]:
        """A clause in all of its scenarios, and all clauses of one scenario."""
        by_no = {c.no: c for c in clauses}
        for name, members in self.standard.families.items():
            group = [by_no[no] for no in members if no in by_no]
            if group:
                applies = self.build.any([c.applies for c in group])
                requires = self.build.all([self.build.implies(c.applies, c.requires) for c in group])
                written = group[0].clause.authored or group[0].clause
                title = self.standard.title if name.startswith("overall@") else written.title
                yield ClauseMeaning(replace(written, no=name, title=title), applies, requires)

    def report_unused(self) -> None:
        s = self.standard
        mentioned = names_mentioned(s) | self.presumed | RESERVED
        if any(True for _ in corrections(s.authored)):
            mentioned |= names_mentioned(unroll(as_corrected(s.authored), Problems()))
        by_property = {i.is_ for used in self.aliases.values() if used for i in used.standard.inputs.values()}
        families = {i.authored_name for i in s.inputs.values() if i.name in mentioned}
        for declared in s.inputs.values():
            if declared.authored_name not in families and declared.is_ not in by_property and None not in self.aliases.values():
                self.problems.add("unused-input", declared.span, name=declared.authored_name, **self._inherited(declared.span))
        for group, code in ((s.parameters, "unused-parameter"), (s.tables, "unused-table")):
            for name, declaration in group.items():
                if name not in mentioned:
                    self.problems.add(code, declaration.span, name=name, **self._inherited(declaration.span))
        for name, population in s.populations.items():
            if name not in mentioned:
                self.problems.add("unused-population", population.span, name=name, **self._inherited(population.span))
        for use in s.uses.values():
            if use.alias not in mentioned:
                self.problems.add("unused-use", use.span, alias=use.alias)


def _sound(clauses: Sequence[ClauseMeaning]) -> tuple[ClauseMeaning, ...]:
    return tuple(c for c in clauses if not (c.applies.is_bad or c.requires.is_bad))


def _sound_indicators(meanings: Mapping[str, IndicatorMeaning]) -> tuple[IndicatorMeaning, ...]:
    return tuple(m for m in meanings.values() if not (m.level.is_bad or m.applies.is_bad))
