"""Expressions: the grammar of what a standard requires, parsed to a tree that keeps every place.

A Pratt parser of our own: number literals carry units (`500 km`, `13.8 [kWh/100km]`), comparisons chain, and the same grammar reads the
Chinese and the English rendering (`且`/`and`, `以 kg 计`/`as kg`, 「quoted name」), so that what people read can be checked by reading it back.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Literal as OneOf

from guiju.base.dates import parse_date
from guiju.base.diagnostics import Problems, Span
from guiju.base.rounding import parse_number
from guiju.base.units import Unit, UnknownUnit, is_symbol, parse_unit
from guiju.standard.document import Scalar
from guiju.standard.tokens import Syntax, Token, tokens_of

LENGTH_MAX = 2000
DEPTH_MAX = 30
HEIGHT_MAX = 100


@dataclass(frozen=True, slots=True)
class Number:
    value: Fraction
    text: str
    unit: Unit | None
    """None: a bare number, taken in the declared unit of its field where it has one."""
    span: Span = field(compare=False)
    apart: bool = field(default=False, compare=False)
    """The unit is in brackets, or the field holds nothing else: it cannot be a name."""


@dataclass(frozen=True, slots=True)
class Word:
    """A category value, `'M1'`."""

    text: str
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Day:
    date: date
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Name:
    name: str
    within: str | None
    """The alias of the used standard it belongs to."""
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Call:
    name: str
    within: str | None
    args: tuple[Expr, ...]
    span: Span = field(compare=False)
    named: Span | None = field(default=None, compare=False)
    """The place of the name alone."""


@dataclass(frozen=True, slots=True)
class Minus:
    operand: Expr
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Arithmetic:
    op: OneOf["+", "-", "*", "/", "^"]
    left: Expr
    right: Expr
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Comparison:
    """`a <= b < c` holds when every neighbouring pair does."""

    ops: tuple[str, ...]
    operands: tuple[Expr, ...]
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Member:
    operand: Expr
    values: tuple[Expr, ...]
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Not:
    operand: Expr
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Logic:
    op: OneOf["and", "or"]
    operands: tuple[Expr, ...]
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Choice:
    condition: Expr
    then: Expr
    otherwise: Expr
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Convert:
    """The pure number of a quantity in a unit: `curb_mass as kg`."""

    operand: Expr
    unit: Unit
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Unrolled:
    """An aggregate over children or scenarios, or a comparison of one, as written, and what it stands for. Never parsed."""

    written: Call | Comparison
    made: Expr
    span: Span = field(compare=False)


Expr = Number | Word | Day | Name | Call | Minus | Arithmetic | Comparison | Member | Not | Logic | Choice | Convert | Unrolled


def children(expr: Expr) -> tuple[Expr, ...]:
    """The expressions directly below one, in the order written."""
    match expr:
        case Number() | Word() | Day() | Name():
            return ()
        case Call():
            return expr.args
        case Minus() | Not() | Convert():
            return (expr.operand,)
        case Arithmetic():
            return (expr.left, expr.right)
        case Comparison() | Logic():
            return expr.operands
        case Member():
            return (expr.operand, *expr.values)
        case Choice():
            return (expr.condition, expr.then, expr.otherwise)
        case Unrolled():
            return (expr.made,)


def walk(expr: Expr) -> list[Expr]:
    """The expression and all below it, parents first."""
    found, waiting = [], [expr]
    while waiting:
        each = waiting.pop()
        found.append(each)
        waiting.extend(reversed(children(each)))
    return found


def _height(expr: Expr) -> int:
    height, level = 0, [expr]
    while level:
        height, level = height + 1, [child for each in level for child in children(each)]
    return height


KEYWORDS = {
    "and": "and", "且": "and", "or": "or", "或": "or", "not": "not", "非": "not", "in": "in", "属于": "in", "as": "as", "以": "as",
    "if": "if", "若": "if", "then": "then", "则": "then", "else": "else", "否则": "else", "计": "计", "true": "true", "false": "false",
}  # fmt: skip
FUNCTION_WORDS = {
    "最小值": "min", "最大值": "max", "绝对值": "abs", "修约": "round_gb", "相隔天数": "days", "已知": "known", "缺省": "default",
    "至少": "atleast", "全部": "all", "任一": "any", "最差等级": "worst", "达到数": "count", "符合": "pass",
    "舍到": "round_down", "入到": "round_up", "所在日": "day", "相隔秒数": "seconds",
    "每个": "every", "有一个": "some", "个数": "number", "平均值": "mean", "总和": "sum", "最小的": "smallest", "最大的": "largest",
    "有效位修约": "significant", "加年": "years_after", "加月": "months_after",
}  # fmt: skip
COMPARISONS = {"<=": "<=", "≤": "<=", "<": "<", "＜": "<", ">=": ">=", "≥": ">=", ">": ">", "＞": ">", "==": "==", "!=": "!=", "≠": "!="}
PRODUCTS = {"*": "*", "×": "*", "·": "*", "/": "/", "÷": "/"}

def parse(scalar: Scalar, problems: Problems, *, quantity: bool = False) -> Expr | None:
    """The expression in a scalar; None where it is malformed (and reported at its place).

    quantity   the field holds a value: a number may be followed by a compound unit without brackets, `13.8 kWh/100km`
    """
    if len(scalar.text) > LENGTH_MAX:
        problems.add("expression-too-long", scalar.span, limit=LENGTH_MAX)
        return None
    try:
        if quantity and (plain := _plain_quantity(scalar)):
            return plain
        expr = _Parser(scalar).whole()
        if _height(expr) > HEIGHT_MAX:
            raise Syntax("expression-too-deep", 0, len(scalar.text), limit=str(HEIGHT_MAX))
        return expr
    except Syntax as error:
        problems.add(error.code, scalar.part(error.start, error.end), **error.facts)
        return None


_QUANTITY = re.compile(r"\s*([-+−]?[\d.]+(?:[eE][-+]?\d+)?)\s*(.*?)\s*", re.DOTALL)


def _plain_quantity(scalar: Scalar) -> Expr | None:
    match = _QUANTITY.fullmatch(scalar.text)
    value = match and parse_number(match[1].replace("−", "-"))
    if not match or value is None:
        return None
    span = scalar.part(0, len(scalar.text))
    if not match[2]:
        return _signed(value, match[1], None, span)
    try:
        return _signed(value, match[1], parse_unit(match[2]), span)
    except UnknownUnit as error:
        if re.fullmatch(r"[\w%‰°/·²³Ω]+", match[2]):
            raise _unit_error(error, match.start(2)) from None
        return None


def _signed(value: Fraction, text: str, unit: Unit | None, span: Span) -> Expr:
    if value >= 0 and text[0] not in "-−":
        return Number(value, text.lstrip("+"), unit, span, True)
    return Minus(Number(-value, text.lstrip("-−"), unit, span, True), span)


def _unit_error(error: UnknownUnit, offset: int) -> Syntax:
    start = offset + error.position
    hint = {"hint_zh": f"是不是「{error.suggestion}」？", "hint_en": f"did you mean `{error.suggestion}`?"} if error.suggestion else {}
    return Syntax(
        "unknown-unit", start, offset + len(error.text), unit=error.text, reason_zh=error.reason_zh, reason_en=error.reason_en, **hint
    )


class _Parser:
    def __init__(self, scalar: Scalar) -> None:
        self.scalar, self.text = scalar, scalar.text
        self.tokens = tokens_of(self.text)
        self.at = 0
        self.depth = 0

    def whole(self) -> Expr:
        expr = self.expression()
        if self.next.kind != "end":
            raise self.unexpected()
        return expr

    @property
    def next(self) -> Token:
        return self.tokens[self.at]

    def keyword(self) -> str | None:
        return KEYWORDS.get(self.next.text) if self.next.kind == "name" else None

    def take(self, *texts: str) -> Token | None:
        if self.next.kind == "op" and self.next.text in texts:
            self.at += 1
            return self.tokens[self.at - 1]
        return None

    def take_keyword(self, word: str) -> bool:
        if self.keyword() == word:
            self.at += 1
            return True
        return False

    def expect(self, text: str) -> Token:
        token = self.take(text)
        if token is None:
            raise self.unexpected(text)
        return token

    def span(self, start: int) -> Span:
        return self.scalar.part(start, self.tokens[self.at - 1].end)

    def unexpected(self, wanted: str | None = None) -> Syntax:
        token = self.next
        code = "expression-ends-early" if token.kind == "end" else "unexpected-symbol"
        hints = _HINTS.get(token.text)
        facts = {"hint_zh": hints[0], "hint_en": hints[1]} if hints else {}
        if wanted and not facts:
            facts = {"hint_zh": f"这里应为「{wanted}」", "hint_en": f"`{wanted}` is expected here"}
        return Syntax(code, token.start, token.end, found=token.text, **facts)

    def expression(self) -> Expr:
        self.depth += 1
        if self.depth > DEPTH_MAX:
            raise Syntax("expression-too-deep", self.next.start, self.next.end, limit=str(DEPTH_MAX))
        start = self.next.start
        if self.take_keyword("if"):
            expr = self._prefix_choice(start)
        else:
            expr = self.logic("or", lambda: self.logic("and", self.negation))
            if self.take_keyword("if"):
                condition = self.logic("or", lambda: self.logic("and", self.negation))
                if not self.take_keyword("else"):
                    raise self.unexpected("else")
                expr = Choice(condition, expr, self.expression(), self.span(start))
        self.depth -= 1
        return expr

    def _prefix_choice(self, start: int) -> Expr:
        condition = self.expression()
        if not self.take_keyword("then"):
            raise self.unexpected("then")
        then = self.expression()
        if not self.take_keyword("else"):
            raise self.unexpected("else")
        return Choice(condition, then, self.expression(), self.span(start))

    def logic(self, word: OneOf["and", "or"], below: Callable[[], Expr]) -> Expr:
        start = self.next.start
        operands = [below()]
        while self.take_keyword(word):
            operands.append(below())
        return operands[0] if len(operands) == 1 else Logic(word, tuple(operands), self.span(start))

    def negation(self) -> Expr:
        start = self.next.start
        if self.take_keyword("not"):
            self.depth += 1
            if self.depth > DEPTH_MAX:
                raise Syntax("expression-too-deep", start, self.next.end, limit=str(DEPTH_MAX))
            operand = self.negation()
            self.depth -= 1
            return Not(operand, self.span(start))
        return self.comparison()

    def comparison(self) -> Expr:
        start = self.next.start
        operands, ops = [self.sum()], []
        while (token := self.take(*COMPARISONS)) is not None:
            ops.append(COMPARISONS[token.text])
            operands.append(self.sum())
        if ops:
            return Comparison(tuple(ops), tuple(operands), self.span(start))
        negated = (
            self.keyword() == "not" and self.tokens[self.at + 1].kind == "name" and KEYWORDS.get(self.tokens[self.at + 1].text) == "in"
        )
        if negated:
            self.at += 1
        if self.take_keyword("in"):
            member = Member(operands[0], self._set(), self.span(start))
            return Not(member, self.span(start)) if negated else member
        return operands[0]

    def _set(self) -> tuple[Expr, ...]:
        opened = self.take("{", "[", "(")
        if opened is None:
            raise self.unexpected("{")
        values = [self.sum()]
        while self.take(","):
            values.append(self.sum())
        self.expect({"{": "}", "[": "]", "(": ")"}[opened.text])
        return tuple(values)

    def sum(self) -> Expr:
        start = self.next.start
        left = self.product()
        while (token := self.take("+", "-")) is not None:
            left = Arithmetic("+" if token.text == "+" else "-", left, self.product(), self.span(start))
        return left

    def product(self) -> Expr:
        start = self.next.start
        left = self.unary()
        while (token := self.take(*PRODUCTS)) is not None:
            left = Arithmetic("*" if PRODUCTS[token.text] == "*" else "/", left, self.unary(), self.span(start))
        return left

    def unary(self) -> Expr:
        start = self.next.start
        signs = 0
        while self.take("-"):
            signs += 1
            if signs > DEPTH_MAX:
                raise Syntax("expression-too-deep", start, self.next.end, limit=str(DEPTH_MAX))
        expr = self.converted()
        for _ in range(signs):
            expr = Minus(expr, self.span(start))
        return expr

    def power(self) -> Expr:
        start = self.next.start
        plain = self.next.kind == "number"
        base = self.atom()
        if plain and isinstance(base, Number) and base.unit and self.next.text == "^":
            shown = f"{base.text} {base.unit.text}"
            squared = f"{base.text} [{base.unit.text}^2]"
            hint_zh, hint_en = f"写「({shown})^2」或「{squared}」", f"write `({shown})^2` or `{squared}`"
            raise Syntax("power-of-what", start, self.next.end, text=shown, hint_zh=hint_zh, hint_en=hint_en)
        if self.take("^"):
            return Arithmetic("^", base, self.atom(), self.span(start))
        return base

    def converted(self) -> Expr:
        start = self.next.start
        expr = self.power()
        while self.take_keyword("as"):
            expr = Convert(expr, self._unit_words(), self.span(start))
            self.take_keyword("计")
        return expr

    def _unit_words(self) -> Unit:
        """The unit after `as`: in brackets, or one symbol."""
        if self.next.text == "[":
            return self._bracketed()
        token = self.next
        if token.kind != "name" and token.text not in _SIGNS:
            raise self.unexpected()
        return self._skipped(_symbol(self.text, token))

    def _skipped(self, text: str) -> Unit:
        """The unit of a text that begins at the next token, which is passed."""
        start = self.next.start
        while self.next.kind != "end" and self.next.start < start + len(text):
            if self.next.end > start + len(text):
                raise self.unexpected()
            self.at += 1
        return _unit(text, start)

    def _bracketed(self) -> Unit:
        opened = self.next
        end = self.text.find("]", opened.end)
        if end < 0:
            raise Syntax("expression-ends-early", opened.start, len(self.text), found="[", hint_zh="缺少「]」", hint_en="`]` is missing")
        unit = _unit(self.text[opened.end : end], opened.end)
        while self.next.kind != "end" and self.next.start <= end:
            self.at += 1
        return unit

    def atom(self) -> Expr:
        token = self.next
        match token.kind:
            case "number":
                return self._number()
            case "date":
                return self._day()
            case "word":
                self.at += 1
                return Word(token.text[1:-1], self.span(token.start))
            case "quoted":
                return self._name()
            case "name" if token.text in KEYWORDS and KEYWORDS[token.text] not in ("true", "false", "计"):
                raise self.unexpected()
            case "name":
                return self._name()
        if self.take("("):
            inner = self.expression()
            self.expect(")")
            return inner
        raise self.unexpected()

    def _number(self) -> Expr:
        token = self.next
        value = parse_number(token.text)
        if value is None:
            raise Syntax("not-a-number", token.start, token.end, text=token.text)
        self.at += 1
        apart = self.next.text == "["
        return Number(value, token.text, self._unit_after_number(), self.span(token.start), apart)

    def _unit_after_number(self) -> Unit | None:
        token = self.next
        if token.text == "[" and token.kind == "op":
            return self._bracketed()
        if token.text in _SIGNS or (token.kind == "name" and token.text not in KEYWORDS):
            return self._skipped(_unit_run(self.text[token.start :], _symbol(self.text, token)))
        return None

    def _day(self) -> Expr:
        token = self.next
        day = parse_date(token.text)
        if day is None:
            raise Syntax("not-a-date", token.start, token.end, text=token.text)
        self.at += 1
        return Day(day, self.span(token.start))

    def _name(self) -> Expr:
        start = self.next.start
        name, within = self._name_text(), None
        quoted = self.tokens[self.at - 1].kind == "quoted"
        if self.take("."):
            if self.next.kind not in ("name", "quoted"):
                raise self.unexpected()
            within, name = name, self._name_text()
        named = self.span(start)
        if not self.take("("):
            return Name(name, within, named)
        args: list[Expr] = []
        while not self.take(")"):
            if args:
                self.expect(",")
            args.append(self.expression())
        known = name if quoted or within else FUNCTION_WORDS.get(name, name)
        return Call(FUNCTION_WORDS.get(name, name) if within and name == "符合" else known, within, tuple(args), self.span(start), named)

    def _name_text(self) -> str:
        token = self.next
        self.at += 1
        return token.text[1:-1] if token.kind == "quoted" else token.text


_HINTS = {
    "=": ("比较相等写「==」", "write `==` to compare"),
    "&": ("并且写「and」", "write `and`"),
    "|": ("或者写「or」", "write `or`"),
    "!": ("否定写「not」，不等写「!=」", "write `not`, or `!=` for unequal"),
    "?": ("条件写「a if 条件 else b」", "write `a if condition else b`"),
    "%": ("百分数紧跟数字，例如「35 %」", "a percentage follows its number, e.g. `35 %`"),
    ";": ("参数之间用逗号，末尾不写标点", "arguments are parted by commas, and nothing stands at the end"),
    "大于": ("写「>」", "write `>`"), "小于": ("写「<」", "write `<`"), "等于": ("写「==」", "write `==`"),
    "不大于": ("写「<=」", "write `<=`"), "不小于": ("写「>=」", "write `>=`"),
    "大于等于": ("写「>=」", "write `>=`"), "小于等于": ("写「<=」", "write `<=`"),
}  # fmt: skip


_SIGNS = ("%", "‰", "°")


def _symbol(text: str, token: Token) -> str:
    """The unit symbol that begins with a token; two of them are more than one token."""
    return next((odd for odd in ("dB(A)", "°C") if text.startswith(odd, token.start)), text[token.start : token.start + len(token.text)])


_UNIT_TAIL = re.compile(r"[/·](?:\d+(?:\.\d+)?)?([^\W\d_]\w*|%)")


def _unit_run(text: str, first: str) -> str:
    """The unit written without spaces after a number: `km`, `km/h`, `kWh/100km`; it ends before what is no unit."""
    end = len(first)
    while (tail := _UNIT_TAIL.match(text, end)) is not None and is_symbol(tail[1].rstrip("²³")):
        end = tail.end()
    return text[:end]


def _unit(text: str, offset: int) -> Unit:
    try:
        return parse_unit(text)
    except UnknownUnit as error:
        raise _unit_error(error, offset) from None


def is_plain_name(text: str) -> bool:
    """Whether a label can stand unquoted where a name is read."""
    return re.fullmatch(r"[^\W\d]\w*", text) is not None and text not in KEYWORDS and text not in FUNCTION_WORDS and not is_symbol(text)
