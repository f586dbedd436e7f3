"""Recognition, 互认: given what was passed, what remains to be shown of what is asked elsewhere. By proof, and by what a recognition rule says.

A clause is recognised by proof where every product that passes all of the passed standards meets it or is outside it. A rule adds two things:
values of properties of the place do not carry over, and what was shown once need not be shown again though no proof reaches it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property

from guiju.align.holder import Holders
from guiju.align.rules import Entry, Rule, property_of
from guiju.base.diagnostics import Diagnostic, Refused
from guiju.ir.node import Node
from guiju.ir.program import Program
from guiju.readings.evaluate import Evaluation, Verdict, evaluate
from guiju.readings.smt.answers import Answer, NotComparable, Proved, Refuted, Unknown, Witness
from guiju.readings.smt.comparable import Comparability
from guiju.readings.smt.following import Follower, about, gap_between, passing
from guiju.readings.smt.meaning import Demand, Joint, conformity, demand
from guiju.readings.smt.search import Budget, Nothing, Population, Searcher, Sought
from guiju.readings.smt.space import Space
from guiju.standard.dictionary import Dictionary
from guiju.standard.model import Title


class Standing(Enum):
    """What a clause asks of whoever passed what was passed.

    RECOGNISED   nothing: it follows, or a rule says that it is shown once
    OUTSIDE      nothing: it never applies to what passed
    SHOW         to be shown: a product passed and does not meet it
    UNASKED      to be shown: nothing that was passed is about it
    EXCLUDED     nothing that passed can meet it
    REPEAT       not comparable, to be tested again: shown by another method, test cycle or metering point, or on records the other does not judge
    UNKNOWN      no answer within the budget
    BARRIER      a rule says that it may not be asked
    """

    RECOGNISED = "recognised"
    OUTSIDE = "outside"
    SHOW = "to_show"
    UNASKED = "unasked"
    EXCLUDED = "excluded"
    REPEAT = "repeat"
    UNKNOWN = "unknown"
    BARRIER = "barrier"


OUT_OF_RANGE = Title("通过的产品都不在所要求的标准声明的取值范围内", "nothing that passed lies in the ranges that the standard asked declares")
DONE = (Standing.RECOGNISED, Standing.OUTSIDE)


@dataclass(frozen=True, slots=True)
class Named:
    """A clause by the number of its standard and its own."""

    standard: str
    no: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One clause of what is asked.

    by       the passed clauses it follows from, or that are about the same thing
    entry    what the rule says of it
    barrier  why the rule does not let it be asked, or asked again
    """

    asked: Demand
    standing: Standing
    answer: Answer
    by: tuple[Named, ...]
    entry: Entry | None = None
    barrier: Title | None = None

    @property
    def no(self) -> str:
        return self.asked.no

    @property
    def title(self) -> Title:
        return self.asked.meaning.clause.title

    @property
    def must(self) -> bool:
        return self.asked.meaning.clause.strength == "shall"

    @property
    def ground(self) -> str:
        """proof, rule, or nothing where it is not recognised."""
        if self.standing not in DONE:
            return ""
        return "proof" if isinstance(self.answer, Proved) else "rule"

    @property
    def properties(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(property_of(key) for key in sorted(self.asked.measured)))


@dataclass(frozen=True)
class Recognition:
    """One standard that is asked.

    region   where it is asked: a code, or what the standard says
    rule     the recognition rule that binds there
    scope    where every clause is met, whether that is determined for the whole
    """

    program: Program
    region: str
    rule: Rule | None
    findings: tuple[Finding, ...]
    scope: Answer

    @property
    def remaining(self) -> tuple[Finding, ...]:
        """What must still be shown, barriers aside."""
        return tuple(f for f in self.findings if f.must and f.standing not in (*DONE, Standing.BARRIER))

    @property
    def barriers(self) -> tuple[Finding, ...]:
        """What the rule does not let the region ask, or ask again."""
        return tuple(f for f in self.findings if f.must and f.barrier is not None)

    @property
    def apart(self) -> bool:
        """Nothing that was passed is under this standard at all."""
        return bool(self.findings) and all(f.standing is Standing.OUTSIDE for f in self.findings)

    @property
    def whole(self) -> Answer:
        """Whether what was passed is enough by proof alone, whatever a rule says."""
        answers = [f.answer for f in self.findings if f.must]
        for kind in (Refuted, Unknown, NotComparable):
            found = next((answer for answer in answers if isinstance(answer, kind)), None)
            if found is not None:
                return found
        return self.scope

    @property
    def breaks(self) -> tuple[Finding, ...]:
        """The clauses that keep it from being enough."""
        return tuple(f for f in self.findings if f.must and not isinstance(f.answer, Proved))


@dataclass(frozen=True)
class Passed(Joint):
    """What must be met of several programs by what each of them passes: at least one clause of each applies."""

    @cached_property
    def scopes(self) -> tuple[tuple[int, Node], ...]:
        wholes = [(at, self.space.programs[at].overall) for at in sorted({d.position for d in self.demands})]
        return tuple((at, whole.applies) for at, whole in wholes if whole is not None)


@dataclass(frozen=True)
class Question:
    """How it is asked.

    treat_as     property that is asked → property of what was passed taken for it: an assumption of whoever asks
    any_method   results of different test methods are taken for one another
    """

    dictionary: Dictionary
    treat_as: Mapping[str, str]
    any_method: bool = False
    budget: Budget | None = None
    population: Population | None = None


def recognise(passed: Sequence[Program], asked: Program, question: Question, *, region: str = "", rule: Rule | None = None) -> Recognition:
    """What remains to be shown of a standard for whoever passed the others.

    region   where it is asked, for whoever reads it
    rule     a recognition rule that binds it
    raises   Refused: recognise-subjects, recognise-passed-by-nothing
    """
    _check_subjects(passed, asked)
    return _Recognising(passed, asked, question, region or asked.standard.region, rule).found()


def _check_subjects(passed: Sequence[Program], asked: Program) -> None:
    wanted, zh_en = asked.standard.subject
    held = {p.standard.subject[0] for p in passed}
    shared = {i.property_id for i in asked.inputs.values()} & {i.property_id for p in passed for i in p.inputs.values()}
    if not shared and not any(_related(one, wanted) for one in held):
        facts = {"number": asked.standard.number, "asked": wanted, "asked_zh": zh_en.zh, "passed": ", ".join(sorted(held))}
        raise Refused([Diagnostic("recognise-subjects", asked.standard.span, facts)])


def _related(one: str, other: str) -> bool:
    """The same type of subject, or one within the other, as `road.smart` is within `road`."""
    return f"{one}.".startswith(f"{other}.") or f"{other}.".startswith(f"{one}.")


class _Recognising:
    """One standard asked, in a space of its own with those passed: another standard's declared ranges narrow nothing."""

    def __init__(self, passed: Sequence[Program], asked: Program, question: Question, region: str, rule: Rule | None) -> None:
        self.asked_program, self.region, self.rule, self.dictionary = asked, region, rule, question.dictionary
        programs = (*passed, asked)
        local = rule.local if rule else frozenset()
        apart = frozenset(i.is_ for p in programs for i in p.inputs.values() if i.property_id in local)
        self.space = Space(programs, question.treat_as, apart)
        self.comparable = Comparability(self.space, question.dictionary, question.any_method)
        self.follower = Follower(self.space, self.comparable, Searcher(self.space, question.budget, question.population))
        musts = [(at, c) for at, p in enumerate(passed) for c in p.clauses if c.clause.strength == "shall"]
        self.passed = Passed(self.space, tuple(demand(self.space, at, c) for at, c in musts))
        self.holders = Holders(self.space, self.passed, self.follower.searcher)
        self.real = bool(question.population and question.population.records)

    def found(self) -> Recognition:
        position = len(self.space.programs) - 1
        asked = [demand(self.space, position, c) for c in self.asked_program.clauses]
        obstacle = self.comparable.space_obstacle(frozenset(self.space.quantities)) or (None if self._some_passed() else OUT_OF_RANGE)
        if obstacle is not None:
            findings = tuple(Finding(d, Standing.REPEAT, NotComparable(obstacle), ()) for d in asked)
            return Recognition(self.asked_program, self.region, self.rule, findings, NotComparable(obstacle))
        findings = tuple(self._finding(d) for d in asked)
        scope = self._scope() if all(isinstance(f.answer, Proved) for f in findings if f.must) else Proved("parts")
        return Recognition(self.asked_program, self.region, self.rule, findings, scope)

    def _some_passed(self) -> bool:
        """Whether something that passed can be judged by what is asked: its declared ranges may let in none of it.

        raises   Refused: recognise-passed-by-nothing
        """
        if self.holders.settle():
            return True
        formulas, keys = passing(self.passed, self.passed.demands)
        if self._exists(formulas, keys) is not False:
            self.follower.searcher.settle(formulas, keys)
            return True
        alone = Space(self.space.programs[:-1], self.space.treat_as)
        joint = Passed(alone, tuple(demand(alone, d.position, d.meaning) for d in self.passed.demands))
        if Searcher(alone, self.follower.searcher.budget).exists(*passing(joint, joint.demands)) is False:
            numbers = ", ".join(p.standard.number for p in self.space.programs[:-1])
            raise Refused([Diagnostic("recognise-passed-by-nothing", None, {"numbers": numbers})])
        return False

    def _exists(self, formulas: Sequence[object], keys: frozenset[str]) -> bool | None:
        return self.follower.searcher.exists(formulas, keys)

    # one clause

    def _finding(self, asked: Demand) -> Finding:
        answer = self._answer(asked)
        by = self._by(asked, answer)
        standing = self._standing(asked, answer)
        if self.rule is None or standing in DONE:
            return Finding(asked, standing, answer, by)
        return self._by_rule(Finding(asked, standing, answer, by))

    def _answer(self, asked: Demand) -> Answer:
        """Whether it follows; from results of another test method it does not, though results of the asked one were passed too."""
        answer = self._follows(asked)
        if not isinstance(answer, Proved) or self.comparable.any_method or asked.meaning.clause.method is None:
            return answer
        alike = tuple(d for d in self.passed.demands if self.comparable.obstacle(asked, [d]) is None)
        if len(alike) == len(self.passed.demands) or isinstance(self.follower.follows(Joint(self.space, alike), asked), Proved):
            return answer
        reason = self.comparable.obstacle(asked, [d for d in about(self.passed, asked.measured) if d not in alike])
        return answer if reason is None else NotComparable(reason)

    def _follows(self, asked: Demand) -> Answer:
        """A record made in few steps is looked for before the solver is asked for one, unless there are real ones to look through."""
        comparable = self.comparable.obstacle(asked, self.passed.demands) is None
        near = self._near(asked)
        if comparable and any(self.follower.same(d, asked) for d in near):
            return Proved("text")
        quick = comparable and not self.real
        found = self.holders.near(asked) if quick else None
        if found is None and comparable and any(self._enough(d, asked) for d in near):
            return Proved()
        found = found or (self.holders.failing(asked) if quick else None)
        answer = self.follower.follows(self.passed, asked) if found is None else self._refuted(found, asked)
        if isinstance(answer, Unknown) and self.real:
            found = self.holders.near(asked) or self.holders.failing(asked)
            return answer if found is None else self._refuted(found, asked)
        return answer

    def _refuted(self, found: Witness, asked: Demand) -> Refuted:
        held = frozenset[str]().union(*(d.asked for d in self.passed.demands))
        return Refuted(found, unasked=tuple(sorted(asked.measured - held)))

    def _standing(self, asked: Demand, answer: Answer) -> Standing:
        match answer:
            case Proved():
                return Standing.RECOGNISED if self._can_apply(asked) else Standing.OUTSIDE
            case NotComparable():
                return Standing.REPEAT
            case Unknown():
                return Standing.UNKNOWN
        if set(answer.unasked) >= asked.measured:
            return Standing.UNASKED
        if self._typical is not None and self._typical.judge(asked.meaning) is Verdict.PASS:
            return Standing.SHOW
        formulas, keys = passing(self.passed, about(self.passed, asked.measured))
        together = self._exists([*formulas, asked.applies.true, asked.requires.true], keys | asked.all_keys)
        return Standing.EXCLUDED if together is False else Standing.SHOW

    @cached_property
    def _typical(self) -> Evaluation | None:
        """The typical record judged by what is asked; None where it is not one that passed."""
        typical = self.follower.searcher.typical
        judged = [evaluate(program, self.space.record(at, typical)) for at, program in enumerate(self.space.programs)]
        return judged[-1] if self.passed.passes(judged) else None

    def _can_apply(self, asked: Demand) -> bool:
        """Whether it can apply to something that passed, as far as is known."""
        if self._typical is not None and self._typical.of(asked.meaning.applies) is True:
            return True
        formulas, keys = passing(self.passed, about(self.passed, asked.all_keys))
        return self._exists([*formulas, asked.applies.true], keys | asked.all_keys) is not False

    def _by(self, asked: Demand, answer: Answer) -> tuple[Named, ...]:
        """The one clause that is enough by itself where there is one; else all that are about the same thing."""
        near = self._near(asked)
        if isinstance(answer, Proved):
            alone = next((d for d in near if self._enough(d, asked)), None)
            near = near if alone is None else [alone]
        return tuple(Named(self.space.programs[d.position].standard.number, d.no) for d in near)

    def _near(self, asked: Demand) -> list[Demand]:
        """The passed clauses about the same thing, those that ask just the same first."""
        return sorted(about(self.passed, asked.measured), key=lambda d: not self.follower.same(d, asked))

    def _enough(self, one: Demand, asked: Demand) -> bool:
        if self.follower.same(one, asked) or (not one.left and gap_between(self.space, one, asked) is False):
            return True
        alone = Joint(self.space, (one,))
        formulas, keys = passing(alone, alone.demands)
        return self._exists([*formulas, asked.violated], keys | asked.all_keys) is False

    # the whole

    def _scope(self) -> Answer:
        """Every clause is met; but the whole is passed or does not apply only where that is determined."""
        theirs = conformity(self.space, len(self.space.programs) - 1)
        if theirs is None or theirs.scope_undetermined is False:
            return Proved("parts")

        whole = theirs.whole

        def shows(judged: Sequence[Evaluation]) -> bool:
            return self.passed.passes(judged) and judged[-1].judge(whole) is Verdict.UNDETERMINED

        needs, keys = passing(self.passed, self.passed.demands)
        found = self.follower.searcher.find(Sought([*needs, theirs.scope_undetermined], keys | theirs.scope_keys, shows))
        if isinstance(found, Nothing):
            return Proved("parts")
        return Refuted(found) if isinstance(found, Witness) else Unknown(found.reason)

    # the rule

    @cached_property
    def _shown(self) -> frozenset[str]:
        """The clauses of the rule's standard that were passed, without their scenarios."""
        rule = self.rule
        return frozenset(d.no.split("@")[0] for d in self.passed.demands if rule is not None and self._number(d) == rule.standard)

    def _number(self, d: Demand) -> str:
        return self.space.programs[d.position].standard.number

    def _by_rule(self, found: Finding) -> Finding:
        """What the rule makes of a clause that is not proved: of the place, shown once, a permitted addition, or a barrier."""
        rule = self.rule
        assert rule is not None, "asked only where a rule binds"
        names = found.properties
        for kind in ("local", "extra"):
            of_place = [e for name in names if (e := rule.entry(kind, name)) is not None]
            if of_place:
                standing = Standing.SHOW if found.standing is Standing.UNASKED else found.standing
                return Finding(found.asked, standing, found.answer, found.by, of_place[0])
        once = [e for name in names if (e := rule.entry("once", name)) is not None and set(e.shown_by) <= self._shown]
        if not found.must or found.standing is Standing.UNKNOWN:
            return found
        if len(once) == len(names):
            return Finding(found.asked, Standing.RECOGNISED, found.answer, found.by, once[0], _again(rule, once[0]))
        beyond = [name for name in names if rule.entry("once", name) is None]
        return Finding(found.asked, Standing.BARRIER, found.answer, found.by, None, self._beyond(rule, beyond or list(names)))

    def _beyond(self, rule: Rule, names: Sequence[str]) -> Title:
        held = [self.dictionary[name] for name in names if name in self.dictionary]
        zh, en = "、".join(p.zh for p in held), ", ".join(p.en for p in held)
        return Title(
            f"规则第 {rule.article} 条只许各地另要当地项目；「{zh}」不在其中",
            f"article {rule.article} lets a region add local items only, and this is none: {en}",
        )


def _again(rule: Rule, entry: Entry) -> Title:
    return Title(
        f"规则第 {rule.article} 条：{entry.title.zh}，各地认可，不得重复要求",
        f"article {rule.article}: {entry.title.en}; once shown they are accepted everywhere and not asked again",
    )
