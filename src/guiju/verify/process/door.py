"""Door: the results a laboratory writes, cell by cell, before they are taken: is it a number, in the unit asked, to the decimals asked, in reach.

Nothing is refused for being unlikely: what is out of range, far from the rest, or missing is taken with a note that says why. What would tell a
laboratory which of its samples are alike is not asked here; that is `unlikely_cells`, for who holds the key.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from guiju.base.diagnostics import Diagnostic, Problems, Severity
from guiju.base.rounding import HALF_WIDTH, parse_number
from guiju.base.units import UnknownUnit, parse_unit
from guiju.verify.process.blind import is_code
from guiju.verify.process.point import shown
from guiju.verify.process.project import Item, Order, Plan

SLIP = 8
"""So many times the middle of its sheet, or so small a part of it, is asked about: a decimal point in the wrong place is a factor of 10."""
SPREAD = 8
"""A cell whose range is so many times the middle one of its quantity is told to who holds the key."""


def checked(order: Order, items: Sequence[Item], values: Mapping[str, Mapping[str, str]], notes: Mapping[str, str]) -> tuple[Diagnostic, ...]:
    """Everything there is to say of a sheet; errors keep it from being submitted. The fact `field` of each is `code/item`."""
    problems = Problems()
    known = {each.id: each for each in items if each.id in order.items}
    for code, row in values.items():
        if code not in order.codes:
            problems.add("entry-code" if is_code(code) else "entry-code-slip", None, sample=code, field=f"{code}/")
        for id_ in row:
            if id_ not in known:
                problems.add("entry-item", None, item=id_, known=", ".join(known), field=f"{code}/{id_}")
    for item in known.values():
        numbers = {code: number for code in order.codes if (number := _number(values.get(code, {}).get(item.id, ""), item)[0]) is not None}
        middle = statistics.median(numbers.values()) if len(numbers) > 2 else None
        for code in order.codes:
            asked = _cell(values.get(code, {}).get(item.id, ""), item, middle)
            _tell(problems, asked, code, item, bool(notes.get(code, "").strip()))
    return problems.found


def _tell(problems: Problems, asked: Iterator[tuple[str, dict[str, str]]], code: str, item: Item, has_note: bool) -> None:
    for diagnosed, facts in asked:
        whole = {"sample": code, "item_zh": item.title.zh, "item_en": item.title.en, "field": f"{code}/{item.id}", **facts}
        problems.add(diagnosed, None, **whole)
        if Diagnostic(diagnosed, None).severity is Severity.WARNING and not has_note and diagnosed != "entry-decimals-few":
            problems.add("entry-needs-note", None, **whole)


def _cell(text: str, item: Item, middle: Fraction | None) -> Iterator[tuple[str, dict[str, str]]]:
    number, wrong = _number(text, item)
    if wrong is not None:
        yield wrong
    if number is None:
        return
    decimals = _decimals(text)
    if decimals > item.decimals:
        yield "entry-decimals", {"text": text, "decimals": str(item.decimals)}
    elif decimals < item.decimals:
        yield "entry-decimals-few", {"text": text, "decimals": str(item.decimals)}
    if (item.low is not None and number < item.low) or (item.high is not None and number > item.high):
        yield "entry-range", {"text": text, "low": shown(item.low), "high": shown(item.high), "unit": item.unit}
    elif middle is not None and middle > 0 and (number > SLIP * middle or number * SLIP < middle):
        yield "entry-slip", {"text": text, "middle": f"{float(middle):.4g}"}


def _number(text: str, item: Item) -> tuple[Fraction | None, tuple[str, dict[str, str]] | None]:
    """The number of a cell; what is wrong where there is none. A unit may stand after it, and must be the one asked for."""
    text = text.translate(HALF_WIDTH).strip()
    if not text:
        return None, ("entry-missing", {})
    number = parse_number(text)
    if number is not None:
        return number, None
    at = next((n for n, sign in enumerate(text) if sign.isalpha() or sign in "%°Ω"), len(text))
    head, tail = text[:at].strip(), text[at:].strip()
    number = parse_number(head)
    if number is None or not tail:
        return None, ("entry-not-a-number", {"text": text})
    try:
        unit = parse_unit(tail)
    except UnknownUnit:
        return None, ("entry-not-a-number", {"text": text})
    if not item.unit or unit != parse_unit(item.unit):
        return None, ("entry-unit", {"text": text, "found": tail, "unit": item.unit or "–"})
    return number, None


def value_of(text: str, item: Item) -> Fraction | None:
    """The number a cell stands for; None where it is empty."""
    return _number(text, item)[0]


def _decimals(text: str) -> int:
    _, point, rest = text.translate(HALF_WIDTH).partition(".")
    return len(rest) - len(rest.lstrip("0123456789")) if point else 0


def unlikely_cells(plan: Plan, orders: Sequence[Order], samples: Mapping[str, Sequence[str]]) -> list[tuple[int, str, str, float]]:
    """(order, level, item, how many times the middle range) of cells whose replicates lie unusually far apart. Only for who holds the key."""
    ranges: list[tuple[int, str, Item, Fraction]] = []
    for order in orders:
        for item in (each for each in plan.items if each.id in order.items):
            for level in plan.levels:
                texts = [order.values.get(code, {}).get(item.id, "") for code in order.codes if samples[code][1] == level]
                found = [number for text in texts if (number := value_of(text, item)) is not None]
                if len(found) > 1:
                    ranges.append((order.number, level, item, max(found) - min(found)))
    unlikely = []
    for item in plan.items:
        own = [each for each in ranges if each[2] is item]
        middle = statistics.median(each[3] for each in own) if len(own) > 2 else Fraction(0)
        unlikely += [(n, level, item.id, float(width / middle)) for n, level, _, width in own if middle and width > SPREAD * middle]
    return unlikely
