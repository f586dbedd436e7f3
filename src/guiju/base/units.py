"""Units: an exact factor and a dimension over the bases of units.txt, and the grammar in which units are written.

    unit      = product [ '/' product ]                 one '/'; after it only one factor, or several in parentheses
    product   = factor { '·' factor }                   '*' and '×' are read as '·'
    factor    = [ number ] symbol [ power ]             kWh/100km; a number never begins a unit, except 1 alone or 1/…
              | '(' unit ')' [ power ]                  parentheses do not nest
    power     = ² | ^2 | ⁻¹ | ^-1 | …                   -9 to 9, not 0

Nothing is guessed: a text that can be read in two ways is refused, with the way to write it.
"""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

from guiju.base.diagnostics import Language
from guiju.base.rounding import HALF_WIDTH, decimal_text

# One character to one, so that positions hold; the Ohm sign and the Greek mu become the characters of the catalogue.
_FOLD = HALF_WIDTH | str.maketrans("\u2126\u03bc₂*×⋅∙•・\u2215\u2044", "\u03a9\u00b52······//")
_TOKEN = re.compile(
    r"\s*(?:(?P<factor>(?P<number>[0-9]+(?:\.[0-9]+)?)?\s*(?P<symbol>dB\(A\)|[^\s0-9/·()^⁺⁻⁰¹²³⁴-⁹][^\s/·()^⁺⁻⁰¹²³⁴-⁹]*))"
    r"|(?P<power>\^[+-]?[0-9]+|[⁺⁻]?[⁰¹²³⁴-⁹]+)|(?P<lone>[0-9]+)|(?P<sign>[/·()])|(?P<stray>\S)|(?P<end>$))"
)
_Tokens = deque[re.Match[str]]
_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_LOWERED = str.maketrans("⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "+-0123456789")
_PREFIXES = {"k": ("千", 3), "M": ("兆", 6), "G": ("吉", 9), "T": ("太", 12),
             "d": ("分", -1), "c": ("厘", -2), "m": ("毫", -3), "µ": ("微", -6), "n": ("纳", -9)}  # fmt: skip
_LONGEST_UNIT, _LARGEST_POWER = 80, 9
_LANGUAGES: tuple[Language, ...] = ("zh", "en")


class UnknownUnit(ValueError):
    """A text that is not a unit: where it goes wrong, why, and the nearest known symbol when there is one.

    text       in half-width characters, each where it was in the text as written
    position   offset from 0
    """

    def __init__(self, text: str, position: int, reason_zh: str, reason_en: str, suggestion: str | None = None) -> None:
        super().__init__(reason_en)
        self.text, self.position, self.suggestion = text, position, suggestion
        self.reason_zh, self.reason_en = reason_zh, reason_en


@dataclass(frozen=True, slots=True)
class Unit:
    """How many coherent base units one of this unit is, and of which dimension.

    text   as written, or made by an operation; always something `parse_unit` reads back to an equal unit
    """

    factor: Fraction
    dimension: tuple[int, ...]
    text: str = field(compare=False)

    @property
    def is_number(self) -> bool:
        """Whether it has no dimension; % is such a number too, with factor 1/100."""
        return not any(self.dimension)

    @property
    def shown(self) -> str:
        """As it stands after a number: nothing for a pure number, which is written 1."""
        return "" if self.text == "1" else self.text

    def same_dimension(self, other: Unit) -> bool:
        return self.dimension == other.dimension

    def ratio(self, other: Unit) -> Fraction:
        """How many of the other unit one of this unit is, exactly."""
        assert self.same_dimension(other), "the checker compares dimensions before it converts"
        return self.factor / other.factor

    def __mul__(self, other: Unit) -> Unit:
        return _combined(self.text, other.text, 1)

    def __truediv__(self, other: Unit) -> Unit:
        return _combined(self.text, other.text, -1)

    def __pow__(self, exponent: int) -> Unit:
        return _combined(ONE.text, self.text, exponent)

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Symbol:
    """One entry of the catalogue; a prefixed unit has its own, defined by the unit it is made from."""

    symbol: str
    aliases: tuple[str, ...]
    factor: Fraction
    definition: str
    zh: str


@lru_cache(maxsize=4096)
def parse_unit(text: str) -> Unit:
    """The unit a text stands for: `kWh/100km`, `Wh/(km·kg)`, `m/s²`, `元/千瓦时`, `1`.

    raises   UnknownUnit
    """
    if len(text) > _LONGEST_UNIT:
        raise UnknownUnit(text, _LONGEST_UNIT, f"单位长于 {_LONGEST_UNIT} 个字符", f"the unit is longer than {_LONGEST_UNIT} characters")
    return _product(_terms(text), text.strip())


def is_symbol(text: str) -> bool:
    """Whether the text is one bare symbol that may follow a number without brackets: km, %, 元, 公里."""
    return text.translate(_FOLD) in _KNOWN


def dimension_name(unit: Unit, language: Language) -> str:
    """What quantities of the unit are called: 长度 / length, 纯数 / pure number, else a product of bases such as kg·m/(s·A)."""
    names = _DIMENSION_NAMES.get(unit.dimension)
    return names[language] if names else _written(dict(zip(_BASES, unit.dimension, strict=True)))


def dimension_facts(left: Unit, right: Unit) -> dict[str, str]:
    """Both units with the names of their dimensions, for a message that they do not go together."""
    named = {f"{side}_{language}": dimension_name(unit, language) for side, unit in (("left", left), ("right", right)) for language in _LANGUAGES}
    return {"left": left.text, "right": right.text, **named}


def catalogue() -> tuple[Symbol, ...]:
    """Every symbol in the order of units.txt, for the generated reference page."""
    return _SYMBOLS


def _terms(text: str) -> Counter[str]:
    """The factors of a written unit with their exponents; `100km` is one factor. `kWh/100km` → {kWh: 1, 100km: -1}"""
    tokens = deque(_TOKEN.finditer(text.translate(_FOLD)))
    if tokens[0].lastgroup == "end":
        raise _refused(tokens[0], "单位是空的；纯数请写 1", "the unit is empty; write 1 for a pure number")
    if tokens[0]["number"]:
        raise _refused(tokens[0], "单位不能以数字开头", "a unit does not begin with a number")
    return _quotient(tokens, inside=False)


def _quotient(tokens: _Tokens, inside: bool) -> Counter[str]:
    """The factors up to the end, or up to the closing parenthesis when inside a pair."""
    terms = _factor(tokens, inside, first=True)
    below = False
    while not (tokens[0].lastgroup == "end" or (inside and tokens[0]["sign"] == ")")):
        token = tokens.popleft()
        if token["sign"] not in ("/", "·"):
            raise _refused(token, "此处应为“·”或“/”", "'·' or '/' is expected here")
        if below:
            raise _refused(token, f"“/”之后的“{token['sign']}”有两种读法；请加括号，如 a/(b·c)",
                           f"'{token['sign']}' after '/' can be read in two ways; use parentheses: a/(b·c)")  # fmt: skip
        below = token["sign"] == "/"
        terms = _merged(terms, _factor(tokens, inside, first=False), -1 if below else 1)
    return terms


def _factor(tokens: _Tokens, inside: bool, first: bool) -> Counter[str]:
    token = tokens.popleft()
    if token.lastgroup == "factor":
        symbol, number, exponent = _known(token), token["number"], _power(tokens)
        return Counter({number + symbol: 1, symbol: exponent - 1} if number else {symbol: exponent})
    if token["lone"] == "1" and first and (tokens[0].lastgroup == "end" or tokens[0]["sign"] == "/"):
        return Counter()
    if token["lone"]:
        raise _refused(token, "数字后面应紧接单位符号，如 100km", "a number must be followed by a symbol: 100km")
    if token["sign"] != "(":
        raise _refused(token, "此处应为单位符号", "a unit symbol is expected here")
    if inside:
        raise _refused(token, "单位中的括号不能嵌套", "parentheses in a unit do not nest")
    terms = _quotient(tokens, inside=True)
    if tokens.popleft().lastgroup == "end":
        raise _refused(token, "括号没有闭合", "the parenthesis is not closed")
    return _merged(Counter(), terms, _power(tokens))


def _power(tokens: _Tokens) -> int:
    if tokens[0].lastgroup != "power":
        return 1
    token = tokens.popleft()
    exponent = token["power"].lstrip("^").translate(_LOWERED)
    if exponent.lstrip("+-") not in set("123456789"):
        raise _refused(token, "指数须在 -9 与 9 之间且不为 0", "a power is from -9 to 9, and not 0")
    return int(exponent)


def _known(token: re.Match[str]) -> str:
    """The symbol of a factor, or the refusal with what was probably meant."""
    symbol, number = token["symbol"], token["number"]
    if number and not number.strip("0."):
        raise _refused(token, "单位中的数字不能为 0", "a number in a unit must not be 0")
    if symbol in _KNOWN:
        return symbol
    if symbol in _REFUSED:
        raise _refused(token, *_REFUSED[symbol], group="symbol")
    same = [known for known in _KNOWN if known.casefold() == symbol.casefold()]
    if len({_KNOWN[known] for known in same}) > 1:
        zh, en = f"大小写不同是不同的单位：{' 或 '.join(same)}", f"upper and lower case are different units: {' or '.join(same)}"
        raise _refused(token, zh, en, group="symbol")
    if symbol[:-1] in _KNOWN and symbol[-1] in "23456789":
        same = [symbol[:-1] + symbol[-1].translate(_RAISED)]
    near = same or get_close_matches(symbol, _KNOWN, n=1)
    raise _refused(token, f"“{symbol}”不是已知的单位", f"'{symbol}' is not a known unit", next(iter(near), None), "symbol")


def _refused(token: re.Match[str], zh: str, en: str, suggestion: str | None = None, group: str = "") -> UnknownUnit:
    return UnknownUnit(token.string, token.start(group or str(token.lastgroup)), zh, en, suggestion)


def _merged(terms: Counter[str], others: Mapping[str, int], exponent: int) -> Counter[str]:
    return Counter({term: terms[term] + exponent * others.get(term, 0) for term in (*terms, *others)})


def _product(terms: Mapping[str, int], text: str) -> Unit:
    factor, dimension = Fraction(1), ONE.dimension
    for term, exponent in terms.items():
        symbol = term.lstrip("0123456789.")
        known, number = _KNOWN[symbol], Fraction(term.removesuffix(symbol) or 1)
        factor *= (known.factor * number) ** exponent
        dimension = tuple(a + exponent * b for a, b in zip(dimension, known.dimension, strict=True))
    return Unit(factor, dimension, text)


@lru_cache(maxsize=4096)
def _combined(text: str, other: str, exponent: int) -> Unit:
    terms = _merged(_terms(text), _terms(other), exponent)
    return _product(terms, _written(terms))


def _written(terms: Mapping[str, int]) -> str:
    """The factors as a text of the grammar, those with a number last, since a unit does not begin with one."""
    ordered = sorted(terms, key=lambda term: term[0].isdigit())
    over = [part for term in ordered for part in _raised(term, terms[term])]
    under = [part for term in ordered for part in _raised(term, -terms[term])]
    above, below = "·".join(over) or "1", "·".join(under)
    if over and over[0][0].isdigit():
        above = f"({above})"
    return f"{above}/({below})" if len(under) > 1 else f"{above}/{below}" if under else above


def _raised(term: str, exponent: int) -> list[str]:
    """The term to a positive power; `100km` is repeated, since 100km² is 100·km², and so is what is beyond the largest power."""
    if term[0].isdigit() or exponent > _LARGEST_POWER:
        return [term] * exponent
    return [term + (str(exponent).translate(_RAISED) if exponent > 1 else "")] if exponent > 0 else []


def _load() -> Iterator[Symbol]:
    """Fill the tables below from units.txt, a symbol at a time; a flaw in the file is ours, not a user's."""
    for head, *columns in (re.split(r" {2,}", line) for line in _LINES if line and not line.startswith("#")):
        if head.startswith("! "):
            _REFUSED.update(dict.fromkeys(head[2:].split(), (columns[0], columns[1])))
        elif head.startswith("@ "):
            _DIMENSION_NAMES[parse_unit(head[2:]).dimension] = {"zh": columns[0], "en": columns[1]}
        else:
            names = [head, *columns[1].replace("-", "").split()]
            yield _entered(names, columns[0])
            for prefix in " ".join(columns[2:]).split():
                zh, power = _PREFIXES[prefix]
                prefixed = [(zh if "\u4e00" <= name[0] <= "\u9fff" else prefix) + name for name in names]
                yield _entered(prefixed, f"{decimal_text(Fraction(10) ** power)} {head}")


def _entered(names: list[str], definition: str) -> Symbol:
    number, _, rest = definition.partition(" ")
    unit = parse_unit(rest or "1")
    if number == "base":
        number, unit = "1", Unit(Fraction(1), tuple(int(base == names[0]) for base in _BASES), names[0])
    factor, dimension = unit.factor * Fraction(number), unit.dimension
    for name in names:
        assert name not in _KNOWN, f"units.txt gives {name} two meanings"
        _KNOWN[name] = Unit(factor, dimension, name)
    return Symbol(names[0], tuple(names[1:]), factor, definition, names[1] if len(names) > 1 else names[0])


_LINES = Path(__file__).with_name("units.txt").read_text("utf-8").splitlines()
_BASES = [line.split()[0] for line in _LINES if re.match(r"\S+ +base ", line)]
ONE = Unit(Fraction(1), (0,) * len(_BASES), "1")
_KNOWN: dict[str, Unit] = {}
_REFUSED: dict[str, tuple[str, str]] = {}
_DIMENSION_NAMES: dict[tuple[int, ...], dict[str, str]] = {}
_SYMBOLS = tuple(_load())
