"""Explain: why a record got its verdicts. Clause by clause, with the values put in, the table row used, what is missing, and the sources."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import Any

from guiju.base.diagnostics import Language
from guiju.base.rounding import decimal_text, round_gb
from guiju.ir.bounds import bounds
from guiju.ir.node import Node, Op
from guiju.ir.ordering import definitions
from guiju.ir.population import ranking_words
from guiju.ir.program import ClauseMeaning, Program
from guiju.ir.reasons import reason_text
from guiju.ir.snapshot import citation, snapshot_json
from guiju.ir.values import Unknown, Value, piece_at
from guiju.readings.evaluate import Evaluation, Verdict, evaluate
from guiju.standard import expression as ex
from guiju.standard.correction import corrections
from guiju.standard.model import Clause, Grading, Indicator, Relief, Row, Score, Source, Standard, Table
from guiju.standard.writing import Naming, labels, naming, ranked, row_condition, write

MARKS = {Verdict.PASS: "✓", Verdict.FAIL: "✗", Verdict.UNDETERMINED: "?", Verdict.NOT_APPLICABLE: "–"}
WORDS: Mapping[Verdict, Mapping[Language, str]] = {
    Verdict.PASS: {"zh": "符合", "en": "passes"},
    Verdict.FAIL: {"zh": "不符合", "en": "fails"},
    Verdict.UNDETERMINED: {"zh": "无法判定", "en": "undetermined"},
    Verdict.NOT_APPLICABLE: {"zh": "不适用", "en": "not applicable"},
}
_SIGNS = {"<=": "≤", "<": "<", ">=": "≥", ">": ">", "==": "=", "!=": "≠"}
_MISSING: Mapping[Language, str] = {"zh": "缺", "en": "missing"}


@dataclass(frozen=True, slots=True)
class Term:
    """One value a clause depends on, and how it came about."""

    name: str
    label: str
    value: str
    how: str


@dataclass(frozen=True, slots=True)
class ClauseExplanation:
    no: str
    title: str
    strength: str
    verdict: Verdict
    requirement: str
    put_in: str
    """The requirement with values in place of names; each comparison with the sign that really holds, and the margin."""
    terms: tuple[Term, ...]
    missing: tuple[str, ...]
    undefined: tuple[str, ...]
    note: str
    """Why it does not apply, or which relief was taken."""
    sources: tuple[Source, ...]
    disputed: str
    corrected: str
    """Which text is believed wrong, why, and what the other reading gives."""
    origin: str
    """The standard or amendment it comes from, where that is another than the one named at the top."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A level, score, grade or formula of the standard, with bounds where it is only partly known."""

    name: str
    label: str
    value: str
    how: str


@dataclass(frozen=True)
class Explanation:
    evaluation: Evaluation
    language: Language
    overall: Verdict | None
    clauses: tuple[ClauseExplanation, ...]
    families: tuple[tuple[str, str, Verdict], ...]
    """(no, title, verdict) of clauses in all of their scenarios, and of scenarios in all of their clauses."""
    outcomes: tuple[Outcome, ...]
    inputs: tuple[Term, ...]
    provisional: tuple[Source, ...] = field(default=())
    """Sources of grade C, D or illustrative that a clause's verdict rests on."""


def explain(evaluation: Evaluation, language: Language) -> Explanation:
    """The explanation of one record's evaluation."""
    return _Explainer(evaluation, language).whole()


class _Explainer:
    def __init__(self, evaluation: Evaluation, language: Language) -> None:
        self.evaluation, self.language = evaluation, language
        self.program: Program = evaluation.program
        self.standard: Standard = self.program.standard
        authored = labels(self.standard.authored, language)
        self.labels = {**authored, **labels(self.standard, language)}
        self.authored_name = naming(authored, {})
        used = {alias: (s.number, labels(s, language)) for alias, s in self.program.used.items()}
        self.name = naming(self.labels, used | ranked(self.standard, language))
        other = self.program.otherwise
        self.otherwise = evaluate(other, evaluation.record) if other is not None else None

    def whole(self) -> Explanation:
        clauses = tuple(self.clause(m) for m in self.program.clauses)
        overall = self.evaluation.judge(self.program.overall) if self.program.overall else None
        shaky = {s.id: s for c in clauses if c.verdict in (Verdict.PASS, Verdict.FAIL) for s in c.sources if s.grade not in ("A", "B")}
        families = tuple((m.no, self.family_title(m.no, m.clause), self.evaluation.judge(m)) for m in self.program.families)
        return Explanation(
            self.evaluation, self.language, overall, clauses, families, tuple(self.outcomes()), tuple(self.inputs()), tuple(shaky.values())
        )

    def family_title(self, no: str, clause: Clause) -> str:
        scenarios = self.standard.scenarios
        scenario = no.removeprefix("overall@")
        return scenarios.labels[scenario].text(self.language) if scenarios and no != scenario else clause.title.text(self.language)

    def zh(self, zh: str, en: str) -> str:
        return zh if self.language == "zh" else en

    # values as text

    def value_text(self, value: Value, node: Node | None = None, unit: bool = True) -> str:
        if type(value) is Unknown:
            return _MISSING[self.language] if value.missing else self.zh("无定义", "undefined")
        if isinstance(value, bool):
            return self.zh("是" if value else "否", "yes" if value else "no")
        if isinstance(value, Fraction):
            suffix = f" {node.type.unit.text}" if unit and node is not None and node.type.unit.text not in ("", "1") else ""
            return decimal_text(value) + suffix
        return str(value)

    def node_of(self, expr: ex.Expr) -> Node | None:
        return self.program.meaning.get(id(expr))

    def known(self, expr: ex.Expr) -> Value | None:
        node = self.node_of(expr)
        return None if node is None or node.index not in self.evaluation.values else self.evaluation.of(node)

    def shown(self, expr: ex.Expr) -> str | None:
        """The value in place of a name, an aggregate or a table at an argument; None leaves the expression as it is."""
        node = self.node_of(expr)
        if isinstance(expr, ex.Unrolled) and isinstance(value := self.known(expr), Fraction):
            return f"{write(expr.written, self.language, self.name)} {self.value_text(value, node)}"
        if not (isinstance(expr, ex.Name) or (isinstance(expr, ex.Call) and (expr.within or expr.name in self.standard.tables))):
            return None
        if node is None or node.index not in self.evaluation.values:
            return None
        value = self.evaluation.of(node)
        if type(value) is Unknown:
            return f"{self.name(expr.name, expr.within)}({self.value_text(value)})"
        return self.value_text(value, node)

    # clauses

    def clause(self, meaning: ClauseMeaning) -> ClauseExplanation:
        """What is shown of one clause; a clause that does not apply shows why not, and no values."""
        clause, verdict = meaning.clause, self.evaluation.judge(meaning)
        relief = self.relief_taken(clause.reliefs)
        requires = relief.requires if relief and relief.requires is not None else clause.requires
        unknown = self.evaluation.why_unknown(meaning) if verdict is Verdict.UNDETERMINED else Unknown()
        interval = self.node_of(clause.rounded) if clause.rounded else None
        ids = list(clause.sources) + (list(relief.sources) if relief else [])
        declared = self.declared_below(requires)
        ids += [i for name in declared for i in self.sources_of(name)]
        ids += [i for name in self.rankings_below(requires) for i in self.standard.populations[name].sources]
        return ClauseExplanation(
            no=clause.no, title=clause.title.text(self.language), strength=clause.strength, verdict=verdict,
            requirement=write((clause.authored or clause).requires, self.language, self.naming_of(clause)), put_in=self.put_in(requires, interval),
            terms=() if verdict is Verdict.NOT_APPLICABLE else tuple(dict.fromkeys(self.terms(requires, declared))),
            missing=tuple(sorted(unknown.missing)), undefined=tuple(undefined_words(self.program, unknown, self.language)),
            note=self.note(meaning, verdict, relief),
            sources=tuple(self.standard.sources[i] for i in dict.fromkeys(ids) if i in self.standard.sources),
            disputed=clause.disputed.text(self.language) if clause.disputed else "",
            corrected=self.other_reading(meaning, verdict, declared), origin=self.origin(f"[{(clause.authored or clause).no}]"),
        )  # fmt: skip

    def origin(self, name: str) -> str:
        found = self.standard.origins.get(name)
        return found.text(self.language) if found and (found.layer or found.number != self.standard.number) else ""

    def other_reading(self, meaning: ClauseMeaning, verdict: Verdict, declared: Iterable[str]) -> str:
        """Every text believed wrong that the clause rests on, and the verdict by the other reading."""
        if self.otherwise is None:
            return ""
        s, program = self.standard, self.program
        below = {meaning.clause.no, *declared}
        wrong = [item for name, item in corrections(s) if name in below]
        other = next((self.otherwise.judge(m) for m in self.otherwise.program.judged if m.no == meaning.no), None)
        if not wrong and other in (verdict, None):
            return ""
        reasons = [item.corrected.reason.text(self.language) for item in wrong if item.corrected]
        reasons = reasons or [u.number for u in program.used.values() if any(True for _ in corrections(u))]
        now, then = (self.zh("原文", "as written"), self.zh("勘正", "as corrected"))[:: -1 if s.corrected else 1]
        asked = self.asked_otherwise(meaning.clause)
        gives = WORDS[other][self.language] if other else "?"
        said = self.zh("；", "; ").join(dict.fromkeys(reasons))
        return self.zh(f"{said}。此处按{now}判定；按{then}{asked}：{gives}", f"{said}. Judged {now}; {then}{asked}: {gives}")

    def asked_otherwise(self, clause: Clause) -> str:
        if clause.corrected is None:
            return ""
        asked = write(clause.corrected.other.requires, self.language, self.naming_of(clause))
        return self.zh(f"（{asked}）", f" ({asked})")

    def naming_of(self, clause: Clause) -> Naming:
        """A clause is quoted as its author wrote it: with plain names, not those of one scenario or child."""
        if clause.authored is None:
            return self.name
        return lambda name, within: self.authored_name(name, None) if within is None else self.name(name, within)

    def relief_taken(self, reliefs: Iterable[Relief]) -> Relief | None:
        for relief in reliefs:
            if self.known(relief.when) is True:
                return relief
        return None

    def note(self, meaning: ClauseMeaning, verdict: Verdict, relief: Relief | None) -> str:
        if verdict is Verdict.NOT_APPLICABLE:
            return self.why_not(meaning, relief)
        if relief is None:
            return ""
        title = relief.title.text(self.language) if relief.title else write(relief.when, self.language, self.name)
        return self.zh(f"按例外判定：{title}", f"judged by the exception: {title}")

    def why_not(self, meaning: ClauseMeaning, relief: Relief | None) -> str:
        scope = self.standard.scope
        if scope is not None and self.known(scope.expr) is False:
            return self.zh("不在适用范围内：", "outside the scope: ") + self.put_in(scope.expr)
        if meaning.clause.when is not None and self.known(meaning.clause.when) is False:
            return self.zh("条件不成立：", "its condition does not hold: ") + self.put_in(meaning.clause.when)
        title = relief.title.text(self.language) if relief and relief.title else ""
        shown = title or (write(relief.when, self.language, self.name) if relief else "")
        return self.zh(f"豁免：{shown}", f"exempt: {shown}")

    def put_in(self, expr: ex.Expr, interval: Node | None = None) -> str:
        """Comparisons joined by `and` stand one by one with their true sign and margin; anything else is written with its values.

        interval   of the rounded-value comparison: what is compared is rounded first, and shown so
        """
        if isinstance(expr, ex.Logic) and expr.op == "and":
            return self.zh("；", "; ").join(self.put_in(o, interval) for o in expr.operands)
        if isinstance(expr, ex.Comparison) and len(expr.operands) == 2:
            return self.comparison(expr, interval)
        if isinstance(expr, ex.Name) and isinstance(self.known(expr), bool):
            return f"{self.name(expr.name, expr.within)}{self.zh('：', ': ')}{self.shown(expr)}"
        return write(expr, self.language, self.name, self.shown)

    def comparison(self, expr: ex.Comparison, interval: Node | None) -> str:
        left, right = (self.known(o) for o in expr.operands)
        node, other = (self.node_of(o) for o in expr.operands)
        if isinstance(left, date) and isinstance(right, date):
            return self.dates_compared(left, right, expr.ops[0])
        if node is None or other is None or not isinstance(left, Fraction) or not isinstance(right, Fraction):
            return write(expr, self.language, self.name, self.shown)
        in_left = right * other.type.unit.ratio(node.type.unit) if right else right
        measured = self.value_text(left, node, unit=False)
        if interval is not None and isinstance(interval.value, Fraction):
            left = round_gb(left, interval.value * interval.type.unit.ratio(node.type.unit))
            measured = self.zh(f"{measured} 修约为 {decimal_text(left)}", f"{measured} rounded to {decimal_text(left)}")
        written = expr.ops[0]
        text = f"{measured} {_true_sign(left, in_left, written)} {self.value_text(in_left, node)}"
        gap = abs(left - in_left)
        share = f" ({_percent(gap / abs(in_left))})" if in_left else ""
        return text + self.margin(left, in_left, written, self.value_text(gap, node) + share)

    def dates_compared(self, left: date, right: date, written: str) -> str:
        gap = abs((left - right).days)
        return f"{left} {_true_sign(left, right, written)} {right}" + self.margin(left, right, written, self.zh(f"{gap} 天", f"{gap} d"))

    def margin(self, left: Any, right: Any, written: str, gap: str) -> str:
        if left == right:
            return self.zh("（恰在限值上）", " (exactly at the limit)")
        fails = (written in ("<=", "<") and left > right) or (written in (">=", ">") and left < right)
        word = self.zh("差", "short by") if written in (">=", ">") else self.zh("超出", "over by")
        if not fails:
            word = self.zh("余量", "margin")
        return f"{self.zh('；', '; ')}{word} {gap}"

    # terms

    def declared_below(self, expr: ex.Expr) -> list[str]:
        """Names of the standard's own formulas, tables and parameters that the expression rests on, nearest first; of a table, the row used."""
        s, found, waiting = self.standard, [], [expr]
        while waiting:
            for each in ex.walk(waiting.pop(0)):
                if isinstance(each, ex.Name | ex.Call) and each.within is None and each.name not in found:
                    if each.name in s.formulas:
                        waiting.append(s.formulas[each.name].formula)
                    elif each.name in s.tables:
                        used = self.row_used(s.tables[each.name], self.program.values.get(each.name))
                        waiting += [s.tables[each.name].of, *([used[1].value] if used else [])]
                    elif each.name in s.indicators:
                        waiting.append(s.indicators[each.name].value)
                    elif each.name not in s.parameters:
                        continue
                    found.append(each.name)
        return found

    def sources_of(self, name: str) -> tuple[str, ...]:
        s = self.standard
        if name in s.parameters:
            held = [v for v in s.parameters[name].values if v.since is None or v.since <= self.program.on]
            values = s.parameters[name].values if name in self.called else held[-1:]
            return tuple(i for v in values for i in v.sources)
        if name in s.tables:
            row = self.row_used(s.tables[name], self.program.values.get(name))
            return (row[1].sources if row else ()) or s.tables[name].sources
        group: Any = s.formulas if name in s.formulas else s.indicators
        sources: tuple[str, ...] = group[name].sources
        return sources

    @cached_property
    def called(self) -> set[str]:
        """Parameters taken on another date than that of the judgement: any of their values may be in use."""
        parts = (part for declared in definitions(self.standard).values() for part in declared.parts)
        return {each.name for part in parts for each in ex.walk(part) if isinstance(each, ex.Call) and each.within is None}

    def terms(self, expr: ex.Expr, declared: Iterable[str]) -> list[Term]:
        found = [*map(self.term, declared), *self.members(expr)]
        foreign = {(e.within, e.name): e for e in ex.walk(expr) if isinstance(e, ex.Name | ex.Call) and e.within}
        for (within, name), each in foreign.items():
            node = self.node_of(each)
            if node is not None and node.index in self.evaluation.values:
                table = self.program.used[within].tables.get(name) if within in self.program.used else None
                how = self.row_text(table, node, {}) if table else self.ranking_text(within, name) if within in self.standard.populations else ""
                found.append(Term(name, self.name(name, within), self.value_text(self.evaluation.of(node), node), how))
        return found

    def rankings_below(self, expr: ex.Expr) -> list[str]:
        """The populations whose thresholds stand in an expression."""
        return [e.within for e in ex.walk(expr) if isinstance(e, ex.Name) and e.within is not None and e.within in self.standard.populations]

    def ranking_text(self, population: str, best: str) -> str:
        """Among how many a threshold was found, and how many are in."""
        meaning = next((m for m in self.program.populations if m.name == population), None)
        snapshot = next((s for s in self.program.snapshots if s.number == self.standard.number), None)
        return ranking_words(meaning, snapshot, best, self.evaluation.values, self.language) if meaning and snapshot else ""

    def members(self, expr: ex.Expr) -> Iterable[Term]:
        """What aggregates put together: the values of every child or scenario."""
        s = self.standard
        for each in (e for e in ex.walk(expr) if isinstance(e, ex.Unrolled)):
            mentioned = (e.name for e in ex.walk(each.made) if isinstance(e, ex.Name) and e.name in s.inputs)
            names = dict.fromkeys(name for name in mentioned if s.inputs[name].is_unrolled and not name.endswith("#count"))
            for base in dict.fromkeys(s.inputs[name].property_id for name in names):
                group = [name for name in names if s.inputs[name].property_id == base and name in self.program.inputs]
                values = [self.value_text(self.evaluation.record.get(name, Unknown(frozenset((name,))))) for name in group]
                shown = s.inputs[group[0]].with_unit(self.zh("、", ", ").join(values))
                yield Term(group[0], self.authored_name(s.inputs[group[0]].authored_name, None), shown, "")

    def term(self, name: str) -> Term:
        s, node = self.standard, self.program.roots.get(name)
        value = self.value_text(self.evaluation.of(node), node) if node else "?"
        how = ""
        if name in s.formulas:
            how = write(s.formulas[name].formula, self.language, self.name, self.shown)
        elif name in s.tables and node is not None:
            how = self.row_text(s.tables[name], node, s.tables[name].numeric)
        elif name in s.parameters:
            since = [v.since for v in s.parameters[name].values if v.since and v.since <= self.program.on]
            unverified = s.parameters[name].unverified
            if unverified:
                how = self.zh(f"未核实：{unverified.zh}", f"unverified: {unverified.en}")
            elif since:
                how = self.zh(f"{since[-1]} 起", f"since {since[-1]}")
        return Term(name, self.labels.get(name, name), value, how)

    def row_used(self, table: Table, node: Node | None) -> tuple[int, Row] | None:
        """The row (numbered from 1) that gave a table's value; that of a table of the scenario was found when the standard was checked."""
        if isinstance(table.of, ex.Word):
            return next(((n, row) for n, row in enumerate(table.rows, 1) if row.key and row.key.text == table.of.text), None)
        while node is not None and node.op is Op.MUL:
            node = node.args[0]
        if node is None or node.op not in (Op.STEP, Op.MAP) or table.kind == "interpolate":
            return None
        x: Any = self.evaluation.values.get(node.args[0].index)
        if x is None or type(x) is Unknown:
            return None
        pieces: Any = node.value
        if node.op is Op.MAP:
            return (pieces.index(x) + 1, table.rows[pieces.index(x)]) if x in pieces else None
        row = piece_at(pieces, x) - (1 if table.rows[0].lower else 0)
        return (row + 1, table.rows[row]) if 0 <= row < len(table.rows) else None

    def row_text(self, table: Table, node: Node, numeric: Mapping[str, ex.Expr]) -> str:
        used = self.row_used(table, node)
        if used is None or isinstance(table.of, ex.Word):
            return ""
        number, row = used
        step = node
        while step.op is Op.MUL:
            step = step.args[0]
        of = step.args[0]
        at = self.value_text(self.evaluation.of(of), of)
        condition = row_condition(table, number - 1)
        where = write(condition, self.language, self.name) if condition else self.zh("其余", "all the rest")
        text = self.zh(f"{at} 取第 {number} 档", f"{at} takes row {number}") + f" ({where})"
        if isinstance(row.value, ex.Number):
            return text
        return f"{text}: {write(row.value, self.language, self.name, lambda e: self.numeric_value(e, numeric))}"

    def numeric_value(self, expr: ex.Expr, numeric: Mapping[str, ex.Expr]) -> str | None:
        if isinstance(expr, ex.Name) and expr.name in numeric:
            value = self.known(numeric[expr.name])
            return decimal_text(value) if isinstance(value, Fraction) else None
        return self.shown(expr)

    # the rest

    def outcomes(self) -> Iterable[Outcome]:
        program = self.program
        for i in program.indicators:
            level = self.evaluation.of(i.level)
            if self.evaluation.of(i.applies) is False:
                text = WORDS[Verdict.NOT_APPLICABLE][self.language]
            elif level == len(i.indicator.levels) + 1:
                text = self.zh("未达到任何等级", "no level reached")
            else:
                shown = self.value_text(level)
                text = self.zh(f"{shown} 级", f"level {shown}") if isinstance(level, Fraction) else shown
            value = self.evaluation.of(i.value)
            yield self.marked(Outcome(i.indicator.name, i.indicator.title.text(self.language), text, self.value_text(value, i.value)), [i.indicator])
        graded = [i.indicator for i in program.indicators]
        for score in program.scores:
            yield self.marked(self.partly(score.score.name, score.score.title.text(self.language), score.node), [score.score, *graded])
        for grade in program.grades:
            yield self.marked(self.partly(grade.grading.name, grade.grading.title.text(self.language), grade.node), [grade.grading, *graded])
        for p in self.standard.populations.values():
            for name in (f"{p.name}.{best.name}" for best in p.best):
                if name in program.values:
                    outcome = self.partly(name, self.name(name.partition(".")[2], p.name), program.values[name])
                    yield replace(outcome, how=outcome.how or self.ranking_text(p.name, name.partition(".")[2]))
        for name in self.standard.formulas:
            if name in program.values and not ("@" in name and type(self.evaluation.of(program.values[name])) is Unknown):
                yield self.partly(name, self.labels.get(name, name), program.values[name])

    def marked(self, outcome: Outcome, facts: Iterable[Indicator | Score | Grading]) -> Outcome:
        """The outcome, told to be illustrative where one of the facts it rests on is."""
        if all(self.standard.sources[i].grade != "illustrative" for fact in facts for i in fact.sources if i in self.standard.sources):
            return outcome
        mark = self.zh("示意", "illustrative")
        return replace(outcome, how=f"{outcome.how}{self.zh('；', '; ')}{mark}" if outcome.how else mark)

    def partly(self, name: str, label: str, node: Node) -> Outcome:
        value = self.evaluation.of(node)
        how = ""
        if type(value) is Unknown:
            between = bounds(self.program, self.evaluation.values, node) if node.is_number else None
            missing = [self.labels.get(n, n) for n in sorted(value.missing)]
            waits = self.zh("、", ", ").join(missing or undefined_words(self.program, value, self.language))
            how = self.zh(f"缺 {waits}", f"waits for {waits}") if value.missing else waits
            if between is not None:
                low, high = (self.value_text(b, node) for b in between)
                how += self.zh(f"；介于 {low} 与 {high} 之间", f"; between {low} and {high}")
        return Outcome(name, label, self.value_text(value, node), how)

    def inputs(self) -> Iterable[Term]:
        for name in self.program.used_inputs:
            declared = self.program.inputs[name]
            value = self.evaluation.record.get(name)
            if value is None and declared.is_unrolled:
                continue
            text = _MISSING[self.language] if value is None else self.value_text(value)
            text = declared.with_unit(text) if isinstance(value, Fraction) else text
            label = declared.labels.get(str(value))
            yield Term(name, declared.title(self.language), text, self.zh(*label) if label else "")


def undefined_words(program: Program, unknown: Unknown, language: Language) -> list[str]:
    """Why something has no value, in words: an unverified parameter is called by its label."""
    words = {reason: reason_text(reason, language) for reason in sorted(unknown.undefined)}
    for standard in reversed((program.standard, *program.used.values())):
        for p in standard.unverified:
            if p.unverified_reason in words:
                called = labels(standard, language)[p.name]
                words[p.unverified_reason] = f"参数「{called}」未核实" if language == "zh" else f"the parameter `{called}` is unverified"
    return list(words.values())


def _true_sign(left: Any, right: Any, written: str) -> str:
    """The sign that was written where it holds, else the one that does."""
    holds = "<" if left < right else ">" if left > right else "="
    return _SIGNS[written] if holds in {"<=": "<=", "<": "<", ">=": ">=", ">": ">"}.get(written, "=") else holds


def _percent(share: Fraction) -> str:
    return f"{float(share) * 100:.3g} %"


def text(explanation: Explanation) -> str:
    """The explanation for a terminal or a plain file."""
    e, language = explanation, explanation.language
    zh = language == "zh"
    standard = e.evaluation.program.standard
    how = f"按 {e.evaluation.program.on}" if zh else f"as of {e.evaluation.program.on}"
    if standard.corrected:
        how += "，原文疑误处按勘正" if zh else ", texts believed wrong read as corrected"
    lines = [f"{standard.number}  {standard.title.text(language)}" + (f"（{how}）" if zh else f" ({how})")]
    if e.overall is not None:
        lines.append(f"{MARKS[e.overall]} {WORDS[e.overall][language]}  {'整体' if zh else 'overall'}")
    lines += [f"  {MARKS[v]} {title}: {WORDS[v][language]}" for no, title, v in e.families if no.startswith("overall@")]
    unknown = [c for c in e.clauses if c.verdict is Verdict.UNDETERMINED and "@" in c.no and c.missing and not c.undefined]
    idle = [c for c in e.clauses if c.verdict is Verdict.NOT_APPLICABLE and "@" in c.no]
    for c in e.clauses:
        lines += [] if c in unknown or c in idle else _clause_lines(c, language)
    lacking, inapplicable = ("以下场景缺少输入 ", "不适用于 ") if zh else ("inputs are missing in ", "not applicable in ")
    for group, mark, said in ((unknown, "?", lacking), (idle, "–", inapplicable)):
        for no, title, _ in e.families:
            names = [c.no.partition("@")[2] for c in group if c.no.partition("@")[0] == no]
            lines += [f"  {mark} {no} {title}: {said}{', '.join(names)}"] if names else []
    lines += [f"  = {o.label}: {o.value}" + (f"  ({o.how})" if o.how else "") for o in e.outcomes]
    lines.append("  " + ("输入 " if zh else "inputs ") + "; ".join(f"{t.label} {t.value}" for t in e.inputs))
    cited = {s.id: s for c in e.clauses for s in c.sources}
    lines += [f"  [{s.id}·{s.grade}] {s.title}" + (f" {s.address}" if s.address else "") for s in cited.values()]
    lines += [f"  {citation(s, language)}" for s in e.evaluation.program.snapshots]
    for s in e.provisional:
        lines.append("  ! " + (f"判定依据中 {s.id} 的证据等级为 {s.grade}" if zh else f"a verdict rests on {s.id}, of evidence grade {s.grade}")
                     + (f": {s.why.text(language)}" if s.why else ""))  # fmt: skip
    return "\n".join(lines)


def _clause_lines(c: ClauseExplanation, language: Language) -> list[str]:
    zh = language == "zh"
    advice = "" if c.strength == "shall" else ("（推荐）" if zh else " (recommended)")
    lines = [f"  {MARKS[c.verdict]} {c.no} {c.title}{advice}: {WORDS[c.verdict][language]}"]

    def line(zh_word: str, en_word: str, content: str) -> None:
        if content:
            lines.append(f"      {zh_word if zh else en_word:<8}{content}")

    line("要求", "asks", c.requirement)
    if c.verdict is not Verdict.NOT_APPLICABLE:
        line("代入", "here", c.put_in)
    line("说明", "note", c.note)
    for term in c.terms:
        lines.append(f"        {term.label} = {term.value}" + (f"  {term.how}" if term.how else ""))
    line("缺少", "missing", ", ".join(c.missing))
    line("无定义", "undef.", ", ".join(c.undefined))
    line("争议", "disputed", c.disputed)
    line("疑误", "error?", c.corrected)
    line("来自", "from", c.origin)
    line("出处", "source", " ".join(f"[{s.id}·{s.grade}]" for s in c.sources))
    return lines


def as_json(explanation: Explanation) -> dict[str, object]:
    """The same as plain values, for files and programs."""
    e = explanation
    return {
        "standard": e.evaluation.program.standard.number, "on": e.evaluation.program.on.isoformat(),
        "content_hash": e.evaluation.program.content_hash, "text": "corrected" if e.evaluation.program.standard.corrected else "written",
        "overall": e.overall.value if e.overall else None,
        "clauses": [{
            "no": c.no, "title": c.title, "strength": c.strength, "verdict": c.verdict.value, "requirement": c.requirement, "put_in": c.put_in,
            "terms": [{"name": t.name, "label": t.label, "value": t.value, "how": t.how} for t in c.terms],
            "missing": list(c.missing), "undefined": list(c.undefined), "note": c.note, "disputed": c.disputed,
            "corrected": c.corrected, "origin": c.origin,
            "sources": [{"id": s.id, "grade": s.grade, "title": s.title, "address": s.address} for s in c.sources],
        } for c in e.clauses],
        "scenarios": [{"no": no, "title": title, "verdict": v.value} for no, title, v in e.families],
        "outcomes": [{"name": o.name, "label": o.label, "value": o.value, "how": o.how} for o in e.outcomes],
        "inputs": [{"name": t.name, "label": t.label, "value": t.value} for t in e.inputs],
        "snapshots": [snapshot_json(s) for s in e.evaluation.program.snapshots],
        "provisional": [{"id": s.id, "grade": s.grade} for s in e.provisional],
    }  # fmt: skip
