"""Why: of one product in one scenario, exactly: which condition it does not meet, by how much, and what is not known of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from guiju.base.diagnostics import Problems
from guiju.base.rounding import decimal_text, is_decimal
from guiju.frontrunner.application.suits import CONDITIONAL, GRADES, RESULT, SUITED, Application, Condition
from guiju.ir.check import check
from guiju.ir.node import Node
from guiju.ir.program import Program
from guiju.ir.values import Unknown, Value
from guiju.readings.evaluate import Evaluation, Verdict, evaluate
from guiju.standard import expression as ex
from guiju.standard.model import Standard, Title
from guiju.standard.shelf import Shelf


@dataclass(frozen=True, slots=True)
class Short:
    """A condition that is not met, or not known to be.

    value, limit, gap   as text in `unit`; empty where they are no numbers, or unknown
    at_least            whether the value must not be below the limit
    missing             what is not declared; empty: it is known, and the condition fails
    held                what holds the grade back, where the condition is about the grade
    """

    clause: str
    title: Title
    value: str
    limit: str
    unit: str
    gap: str
    at_least: bool
    missing: tuple[Title, ...] = ()
    held: tuple[Short, ...] = ()

    @property
    def is_unknown(self) -> bool:
        return bool(self.missing)

    @property
    def told(self) -> Title:
        """In one sentence; what is missing of what holds it back is said there."""
        if self.missing and self.held:
            return Title(f"{self.title.zh}：不能判定", f"{self.title.en}: cannot be told")
        if self.missing:
            return Title(f"{self.title.zh}：未声明 {'、'.join(each.zh for each in self.missing)}",
                         f"{self.title.en}: not declared: {', '.join(each.en for each in self.missing)}")  # fmt: skip
        if not self.gap:
            return Title(f"{self.title.zh}：{_word(self.value).zh}，要求 {_words(self.limit, 'zh')}",
                         f"{self.title.en}: {_word(self.value).en}, asked for {_words(self.limit, 'en')}")  # fmt: skip
        unit = f" {self.unit}" if self.unit not in ("", "1") else ""
        sign, zh, en = ("<", "差", "short by") if self.at_least else (">", "超出", "over by")
        said = f"{self.value}{unit} {sign} {self.limit}{unit}"
        return Title(f"{self.title.zh}：{said}，{zh} {self.gap}{unit}", f"{self.title.en}: {said}, {en} {self.gap}{unit}")


@dataclass(frozen=True)
class Reasons:
    """What keeps a product from a word in a scenario; `conditional` is empty where it has that or better."""

    suited: tuple[Short, ...]
    conditional: tuple[Short, ...]


@dataclass
class Asking:
    """Asks of records why they stand as they do, by an application standard and the evaluation standards it uses."""

    application: Application
    shelf: Shelf
    _programs: dict[str, Program] = field(default_factory=dict)

    def reasons(self, record: Mapping[str, Value]) -> dict[str, Reasons]:
        """Scenario → what is short of each word."""
        found = evaluate(self.application.program, record)
        made = {}
        for name, asked in self.application.conditions.items():
            made[name] = Reasons(tuple(self._short(found, asked[SUITED])), tuple(self._short(found, asked[CONDITIONAL])))
        return made

    def _short(self, found: Evaluation, asked: Sequence[Condition]) -> Iterator[Short]:
        for each in asked:
            holds = found.of(each.node)
            if holds is not True:
                yield self._told(found, each, holds)

    def _told(self, found: Evaluation, asked: Condition, holds: Value) -> Short:
        program = self.application.program
        missing = self._missing(program.standard, holds)
        if isinstance(asked.asked, ex.Member):
            wanted = [each.text for each in asked.asked.values if isinstance(each, ex.Word)]
            value = found.of(program.meaning[id(asked.asked.operand)])
            held = self._held(found, wanted) if _about_grade(asked.asked) else ()
            return Short(asked.clause, asked.title, value if isinstance(value, str) else "", " ".join(wanted), "", "", True, missing, held)
        compared = _compared(found, program, asked.asked)
        value_, limit, unit, gap, at_least = compared or ("", "", "", "", True)
        return Short(asked.clause, asked.title, value_, limit, unit, gap, at_least, missing)

    def _missing(self, standard: Standard, value: Value) -> tuple[Title, ...]:
        """What is not declared, by what it is called; a reason that is no input is left as it is."""
        if type(value) is not Unknown:
            return ()
        names = [*sorted(value.missing), *sorted(value.undefined)]
        declared = standard.inputs
        return tuple(Title(declared[each].zh, declared[each].en) if each in declared else Title(str(each), str(each)) for each in names)

    def _held(self, found: Evaluation, wanted: Sequence[str]) -> tuple[Short, ...]:
        """What of the evaluation standard that gave the grade keeps it from being one of those wanted: basic clauses, and core indicators."""
        alias = _alias(found, self.application.program)
        standard = self.application.program.used.get(alias)
        if standard is None:
            return ()
        program = self._program(alias, standard)
        own = evaluate(program, _record(program, self.application.program, found.record))
        level = max(list(GRADES).index(each) + 1 for each in wanted)
        return (*_clauses(program, own), *_indicators(program, own, level))

    def _program(self, alias: str, standard: Standard) -> Program:
        if alias not in self._programs:
            self._programs[alias] = check(standard, self.application.program.on, self.shelf, Problems())
        return self._programs[alias]


def _about_grade(asked: ex.Member) -> bool:
    return isinstance(asked.operand, ex.Name) and asked.operand.name == RESULT


def _alias(found: Evaluation, program: Program) -> str:
    """The used standard that gives the grade of this record."""
    formula = program.standard.formulas[RESULT].formula
    while isinstance(formula, ex.Choice):
        holds = found.of(program.meaning[id(formula.condition)])
        if type(holds) is Unknown:
            return ""
        formula = formula.then if holds else formula.otherwise
    return (formula.within or "") if isinstance(formula, ex.Name) else ""


def _record(program: Program, asked: Program, record: Mapping[str, Value]) -> dict[str, Value]:
    """A record under the names of another standard: what is the same property is the same value."""
    held = {asked.inputs[name].is_: (value, asked.inputs[name].unit) for name, value in record.items()}
    made: dict[str, Value] = {}
    for name, declared in program.inputs.items():
        if declared.is_ in held:
            value, unit = held[declared.is_]
            ratio = unit.ratio(declared.unit) if unit is not None and declared.unit is not None else Fraction(1)
            made[name] = value * ratio if isinstance(value, Fraction) else value
    return made


def _clauses(program: Program, own: Evaluation) -> Iterator[Short]:
    for meaning in program.clauses:
        verdict = own.judge(meaning)
        if meaning.clause.strength == "shall" and verdict in (Verdict.FAIL, Verdict.UNDETERMINED):
            unknown = own.why_unknown(meaning) if verdict is Verdict.UNDETERMINED else None
            missing = tuple(_input(program, each) for each in sorted(unknown.missing)) if unknown else ()
            yield Short(meaning.no, meaning.clause.title, "fail" if not missing else "", "pass", "", "", True, missing)


def _indicators(program: Program, own: Evaluation, wanted: int) -> Iterator[Short]:
    for meaning in program.indicators:
        indicator = meaning.indicator
        level, value = own.of(meaning.level), own.of(meaning.value)
        if indicator.kind != "core" or own.of(meaning.applies) is False or (isinstance(level, Fraction) and level <= wanted):
            continue
        if type(level) is Unknown:
            missing = tuple(_input(program, each) for each in sorted(level.missing))
            yield Short(indicator.no, indicator.title, "", "", "", "", True, missing or (indicator.title,))
            continue
        node = program.meaning[id(indicator.levels[wanted - 1][1])]
        limit, at_least = _at(own, node), indicator.better == "higher"
        if isinstance(value, Fraction) and isinstance(limit, Fraction):
            unit = meaning.value.type.unit
            limit *= node.type.unit.ratio(unit)
            yield Short(indicator.no, indicator.title, shown(value), shown(limit), unit.shown, shown(abs(value - limit)), at_least)


def _input(program: Program, name: str) -> Title:
    return Title(program.inputs[name].zh, program.inputs[name].en)


def _compared(found: Evaluation, program: Program, expr: ex.Expr) -> tuple[str, str, str, str, bool] | None:
    """(value, limit, unit, gap, whether at least) of a comparison of two numbers that are known."""
    if not isinstance(expr, ex.Comparison) or len(expr.operands) != 2:
        return None
    node, other = (program.meaning[id(each)] for each in expr.operands)
    value, limit = _at(found, node), _at(found, other)
    if not isinstance(value, Fraction) or not isinstance(limit, Fraction):
        return None
    limit = limit * other.type.unit.ratio(node.type.unit) if limit else limit
    return shown(value), shown(limit), node.type.unit.shown, shown(abs(value - limit)), expr.ops[0] in (">=", ">")


def _at(found: Evaluation, node: Node) -> object:
    """The value of a node; of a constant that nothing else asks for, the constant."""
    return found.values.get(node.index, node.value)


def shown(value: Fraction) -> str:
    """A decimal as it is where it is short; else to four places."""
    if is_decimal(value) and len(text := decimal_text(value)) <= 12:
        return text
    return f"{float(value):.4f}".rstrip("0").rstrip(".")


def _word(word: str) -> Title:
    known = {**GRADES, "fail": Title("不符合", "fails"), "pass": Title("符合", "to pass")}
    return known.get(word, Title(word or "未知", word or "unknown"))


def _words(words: str, language: str) -> str:
    said = [_word(each) for each in words.split()]
    return "或".join(each.zh for each in said) if language == "zh" else " or ".join(each.en for each in said)
