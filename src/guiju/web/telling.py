"""Telling: an evaluation as a page shows it: clause by clause in groups, what is missing in order of effect, what would flip a verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from guiju.base.diagnostics import Language
from guiju.base.rounding import decimal_text
from guiju.ir.node import Op
from guiju.readings.evaluate import Evaluation, Verdict, evaluate
from guiju.readings.explain import ClauseExplanation, Explanation, explain
from guiju.readings.limit import comparisons
from guiju.web.form import field_id

WHOLE_MAX = 24
"""Clauses; of more, those that do not fail are told in full only when asked for."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A missing input.

    waiting   the clauses that wait for it; `alone` those that wait for nothing else
    """

    name: str
    label: str
    field: str
    waiting: tuple[str, ...]
    alone: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Family:
    """A clause with what it is in every scenario, or a clause of its own.

    own     the clauses shown one by one, with what each is called among them; `lacking` and `idle` only by the scenarios they are about
    """

    no: str
    title: str
    verdict: Verdict
    own: tuple[tuple[ClauseExplanation, str], ...]
    lacking: tuple[str, ...]
    idle: tuple[str, ...]


@dataclass(frozen=True)
class Told:
    """flips   clause → the value of its measured input from which it passes
    why     the clause that is opened, where there are so many that only those that fail are
    """

    explanation: Explanation
    families: tuple[Family, ...]
    scenarios: tuple[tuple[str, str, Verdict], ...]
    wanted: tuple[Wanted, ...]
    flips: dict[str, str]
    why: str

    def is_whole(self, clause: ClauseExplanation) -> bool:
        """Whether everything about a clause stands on the page, or only once it is asked for."""
        return len(self.explanation.clauses) <= WHOLE_MAX or clause.verdict is Verdict.FAIL or clause.no == self.why

    @property
    def overall(self) -> Verdict | None:
        return self.explanation.overall


def told(evaluation: Evaluation, language: Language, why: str = "") -> Told:
    """Everything a page says of one evaluation."""
    explanation = explain(evaluation, language)
    scenarios = tuple(f for f in explanation.families if f[0].startswith("overall@"))
    wanted = tuple(_wanted(evaluation, explanation, language))
    return Told(explanation, tuple(_families(explanation, language)), scenarios, wanted, flips(evaluation, language), why)


def _families(explanation: Explanation, language: Language) -> list[Family]:
    grouped: dict[str, list[ClauseExplanation]] = {}
    for clause in explanation.clauses:
        grouped.setdefault(clause.no.partition("@")[0] if "@" in clause.no else clause.no, []).append(clause)
    whole = {no: (title, verdict) for no, title, verdict in explanation.families}
    found = []
    for no, clauses in grouped.items():
        if no not in whole:
            found += [Family(c.no, c.title, c.verdict, ((c, c.title),), (), ()) for c in clauses]
            continue
        title, verdict = whole[no]
        lacking = [c for c in clauses if c.verdict is Verdict.UNDETERMINED and c.missing and not c.undefined]
        idle = [c for c in clauses if c.verdict is Verdict.NOT_APPLICABLE]
        own = tuple((c, _short(explanation, c, language)) for c in clauses if c not in lacking and c not in idle)
        found.append(Family(no, title, verdict, own, _scenarios(explanation, lacking, language), _scenarios(explanation, idle, language)))
    return found


def _short(explanation: Explanation, clause: ClauseExplanation, language: Language) -> str:
    """What a clause is called among those of its family: its scenario."""
    held = explanation.evaluation.program.standard.scenarios
    scenario = clause.no.partition("@")[2].partition("#")[0]
    return held.labels[scenario].text(language) if held and scenario in held.labels else clause.title


def _scenarios(explanation: Explanation, clauses: Sequence[ClauseExplanation], language: Language) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_short(explanation, c, language) for c in clauses))


def _wanted(evaluation: Evaluation, explanation: Explanation, language: Language) -> list[Wanted]:
    """What the whole waits for: first what would settle a clause by itself, then what most clauses wait for."""
    program = evaluation.program
    if program.overall is None or explanation.overall is not Verdict.UNDETERMINED:
        return []
    names = evaluation.why_unknown(program.overall).missing
    waiting = {c.no: set(c.missing) for c in explanation.clauses if c.verdict is Verdict.UNDETERMINED}
    found = []
    for name in names:
        held = tuple(no for no, missing in waiting.items() if name in missing)
        alone = tuple(no for no, missing in waiting.items() if missing == {name})
        label = program.inputs[name].title(language) if name in program.inputs else name
        found.append(Wanted(name, label, field_id(name), held, alone))
    order = {name: at for at, name in enumerate(program.used_inputs)}
    return sorted(found, key=lambda w: (-len(w.alone), -len(w.waiting), order.get(w.name, 0)))


def flips(evaluation: Evaluation, language: Language) -> dict[str, str]:
    """Of a clause that fails by one measured input: the value from which it passes, checked by judging the record with it."""
    program, found = evaluation.program, {}
    for no, each in comparisons(program).items():
        meaning = next(m for m in program.clauses if m.no == no)
        limit = evaluation.of(each.limit)
        if evaluation.judge(meaning) is not Verdict.FAIL or each.measured.op is not Op.INPUT or not isinstance(limit, Fraction):
            continue
        grid = each.input.grid
        value = limit // grid * grid if each.upper else -(-limit // grid) * grid
        if meaning.requires.op is Op.LT and value == limit:
            value += -grid if each.upper else grid
        if evaluate(program, {**evaluation.record, each.input.name: value}).judge(meaning) is not Verdict.PASS:
            continue
        amount = each.input.with_unit(decimal_text(value))
        label = each.input.title(language)
        if language == "zh":
            found[no] = f"{label}{'降到' if each.upper else '升到'} {amount} {'或更低' if each.upper else '或更高'}，这一条就符合"
        else:
            found[no] = f"it passes with {label} at {amount} or {'less' if each.upper else 'more'}"
    return found


