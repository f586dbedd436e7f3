"""Headers: what the header of a column says: the quantity's words, its unit, the test cycle, the metering point, and what narrows it.

    整备质量(kg)              words 整备质量      unit kg
    电能消耗量（kWh/100km）    words 电能消耗量    unit kWh/100km
    elec_wltp_max_wh_km       words elec          unit Wh/km     cycle wltp     narrowed max
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from guiju.base.rounding import HALF_WIDTH
from guiju.base.units import Unit, UnknownUnit, catalogue, parse_unit

CYCLES = {
    "cltc": "cltc", "clwt": "clwt", "nedc": "nedc", "wltp": "wltp", "wltc": "wltp", "epa": "epa", "jc08": "jc08", "chtc": "chtc", "wtvc": "c-wtvc",
    "ftp": "ftp", "udds": "udds", "hwfet": "hwfet", "等速": "constant-speed", "中国工况": "cltc",
}  # fmt: skip
METERING = {
    "mains": "mains", "grid": "mains", "wall": "mains", "plug": "mains", "电网": "mains", "电网端": "mains", "桩端": "mains",
    "net": "battery", "usable": "battery", "电池端": "battery", "电池": "battery", "battery": "battery",
}  # fmt: skip
NARROWED = {
    "min": "min", "max": "max", "minimum": "min", "maximum": "max", "avg": "mean", "average": "mean", "mean": "mean", "comb": "combined",
    "combined": "combined", "city": "city", "urban": "city", "highway": "highway", "hwy": "highway", "cold": "cold", "winter": "cold",
    "最小": "min", "最大": "max", "最低": "min", "最高": "max", "平均": "mean", "综合": "combined", "市区": "city", "城市": "city", "高速": "highway",
    "低温": "cold", "冬季": "cold", "高温": "hot",
}  # fmt: skip
_SPELT = {"pct": "%", "percent": "%", "kmh": "km/h", "kph": "km/h", "nm": "N·m"}
_BRACKETS = re.compile(r"[(\[【〔{]([^()\[\]【】〔〕{}]*)[)\]】〕}]")
_SAID_UNIT = re.compile(r"单位[:： ]?\s*([^\s,，;；)）]+)")
_TOKEN = re.compile(r"[0-9]*[a-zß-öø-ÿ]+(?:[0-9]+(?![a-z]))?|[0-9]+|[\u3040-\u9fff]+|[%‰°℃]")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z][a-z])|(?<=[a-z])(?=[A-Z]$)")
_SYMBOL = re.compile(r"[^\s/·*()⁰-⁹²³^0-9.\-]+")


@dataclass(frozen=True, slots=True)
class Header:
    """folded: the whole text without case, width, spaces and signs; unit_is_stated: in brackets or after a slash, not a last word."""

    text: str
    folded: str
    words: tuple[str, ...]
    unit: Unit | None
    unit_is_stated: bool
    cycles: frozenset[str]
    metering: str | None
    narrowed: frozenset[str]

    @property
    def stem(self) -> str:
        return "".join(self.words)


@lru_cache(maxsize=8192)
def parse_header(text: str) -> Header:
    """What a header says, as far as it is written there; nothing is inferred from the quantity."""
    plain = text.translate(HALF_WIDTH).strip()
    rest, unit = _bracketed(plain)
    if unit is None:
        rest, unit = _after_slash(rest)
    stated = unit is not None
    tokens = _TOKEN.findall(_CAMEL.sub("_", rest).casefold())
    tokens, cycles = _taken_out(tokens, CYCLES)
    tokens, narrowed = _taken_out(tokens, NARROWED)
    if unit is None:
        tokens, unit = _last_words(tokens)
    metering = {METERING[token] for token in tokens if token in METERING} | {
        METERING[each] for each in METERING for token in tokens if each in token and not each.isascii()
    }
    folded = "".join(_TOKEN.findall(plain.casefold()))
    return Header(text, folded, tuple(tokens), unit, stated, frozenset(cycles), metering.pop() if len(metering) == 1 else None, frozenset(narrowed))


def spelt_unit(text: str) -> Unit | None:
    """The unit of a text in any case, where only one unit is spelt so: KWH/100KM is kWh/100km, MW stays MW, mw is nothing."""
    text = text.translate(HALF_WIDTH).strip()
    text = _SPELT.get(text.casefold(), text)
    known = _spellings()
    parts = _SYMBOL.findall(text)
    if any(part not in known.get(part.casefold(), ()) and len(known.get(part.casefold(), ())) != 1 for part in parts):
        return None
    try:
        return parse_unit(_SYMBOL.sub(lambda part: part[0] if part[0] in known[part[0].casefold()] else known[part[0].casefold()][0], text))
    except UnknownUnit:
        return None


@lru_cache(maxsize=1)
def _spellings() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for symbol in catalogue():
        for name in (symbol.symbol, *symbol.aliases):
            found[name.casefold()] = (*found.get(name.casefold(), ()), name)
    return found


def _bracketed(text: str) -> tuple[str, Unit | None]:
    """The text without a unit in brackets or after 单位; other brackets are opened."""
    unit: Unit | None = None

    def opened(match: re.Match[str]) -> str:
        nonlocal unit
        inside = match[1].strip()
        said = _SAID_UNIT.search(inside)
        found = spelt_unit(said[1] if said else inside)
        if found is None or unit is not None:
            return f" {inside} "
        unit = found
        return " "

    text = _BRACKETS.sub(opened, text)
    said = _SAID_UNIT.search(text)
    if unit is None and said and (unit := spelt_unit(said[1])) is not None:
        text = text[: said.start()] + text[said.end() :]
    return text, unit


def _after_slash(text: str) -> tuple[str, Unit | None]:
    """整备质量/kg, 电耗/kWh/100km, curb mass, kg"""
    for match in re.finditer(r"[/,，]\s*|\s+", text):
        unit = spelt_unit(text[match.end() :]) if match.start() and match.end() < len(text) else None
        if unit is not None and (match[0].strip() or len(text) - match.end() > 1):
            return text[: match.start()], unit
    return text, None


def _last_words(tokens: list[str]) -> tuple[list[str], Unit | None]:
    """The longest run of last words that spells a unit: mass_kg, elec_wh_km, ec_kwh_100km, ec_kwh_100_km, kwh_100km_net. One letter does not."""
    end = len(tokens)
    while end and tokens[end - 1] in METERING:
        end -= 1
    for length in range(min(4, end - 1), 0, -1):
        first, *others = [token for token in tokens[end - length : end] if token != "per"] or [""]
        if not others and (len(first) == 1 and first not in "%‰°℃"):
            continue
        if (unit := spelt_unit(f"{first}/{''.join(others)}" if others else first)) is not None:
            return tokens[: end - length] + tokens[end:], unit
    return tokens, None


def _taken_out(tokens: Iterable[str], known: dict[str, str]) -> tuple[list[str], set[str]]:
    """The tokens without known words, which in Chinese need not stand alone, and what those words mean."""
    kept: list[str] = []
    found: set[str] = set()
    for token in tokens:
        if token in known:
            found.add(known[token])
            continue
        rest = token
        for word, meaning in known.items():
            if not word.isascii() and word in rest:
                found.add(meaning)
                rest = rest.replace(word, "")
        if rest:
            kept.append(rest)
    return kept, found
