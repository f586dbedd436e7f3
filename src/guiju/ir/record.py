"""A record at the door: what someone gives for one product, made exact values in the declared units, or refused with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from fractions import Fraction

from guiju.base.dates import parse_date
from guiju.base.diagnostics import Problems, Span
from guiju.base.rounding import decimal_text, parse_number
from guiju.base.times import TooFine, moment, parse_time
from guiju.base.units import UnknownUnit, parse_unit
from guiju.ir.values import Value
from guiju.standard.dictionary import Dictionary
from guiju.standard.model import Input
from guiju.standard.shape import did_you_mean

TRUE_WORDS = frozenset(("true", "t", "yes", "y", "1", "1.0", "是", "真", "√", "✓", "✔", "对"))
FALSE_WORDS = frozenset(("false", "f", "no", "n", "0", "0.0", "否", "假", "×", "✗", "✘", "错"))
"""有 and 无 are in neither: beside each other they mean yes and no, alone 无 means that nothing is known."""
Given = Mapping[str, object]
"""A record as someone gives it: input name or property id → number, text with or without unit, bool, date, or None."""


def admit(
    inputs: Mapping[str, Input], given: Given, problems: Problems, spans: Mapping[str, Span] | None = None, dictionary: Dictionary | None = None
) -> dict[str, Value]:
    """A given record at the door: exact values in the declared units; what cannot be used is reported and left out.

    Reports values finer than the declared decimals, outside the declared range, of another dimension, not among the categories, names that
    are no input, and (with the dictionary) properties of another test cycle or metering point than the one asked. None and empty text are
    missing.
    """
    by_property = {i.is_: i for i in inputs.values()}
    record: dict[str, Value] = {}
    for name, value in counted(inputs, given, problems).items():
        declared = inputs.get(name) or by_property.get(name)
        span = (spans or {}).get(name)
        if declared is None:
            _unknown(inputs, name, dictionary or {}, problems, span)
        elif value is not None and value != "":
            admitted = admit_value(declared, value, problems, span)
            if admitted is not None:
                record[declared.name] = admitted
    return record


def flattened(given: Given) -> tuple[dict[str, object], dict[str, int]]:
    """Values given per scenario (a mapping) or per child (a list) under the names of unrolled inputs, and how many children each list has.

    `{"delay": {"fcw": 80}, "mass": [60, 61]}` gives `delay@fcw`, `mass#1` and `mass#2`, and 2 for `mass`.
    """
    found: dict[str, object] = {}
    lengths: dict[str, int] = {}
    for name, value in given.items():
        inner: Given = {}
        if isinstance(value, Mapping):
            inner = {f"{name}@{key}": each for key, each in value.items()}
        elif isinstance(value, list | tuple):
            inner = {f"{name}#{number}": each for number, each in enumerate(value, 1)}
            lengths[name] = len(value)
        else:
            found[name] = value
        if inner:
            values, more = flattened(inner)
            found |= values
            lengths |= more
    return found, lengths


def counted(inputs: Mapping[str, Input], given: Given, problems: Problems) -> dict[str, object]:
    """The flat record; where lists of children are given and their number is not fixed, with that number. Lists that differ are reported."""
    flat, lengths = flattened(given)
    for declared in inputs.values():
        name, mark, rest = declared.name.rpartition("#")
        if not mark or rest != "count" or declared.name in flat or declared.maximum is None:
            continue
        own = {base: n for base, n in lengths.items() if f"{base}#1" in inputs and inputs[f"{base}#1"].of == name}
        if len(set(own.values())) > 1:
            problems.add("children-differ", None, set=name, counts=", ".join(f"{base}: {n}" for base, n in own.items()))
        elif own and max(own.values()) > declared.maximum:
            problems.add("children-too-many", None, set=name, found=max(own.values()), most=declared.maximum)
            flat = {each: value for each, value in flat.items() if each.partition("#")[0] not in own}
        elif own:
            flat[declared.name] = max(own.values())
    return flat


def _unknown(inputs: Mapping[str, Input], name: str, dictionary: Dictionary, problems: Problems, span: Span | None) -> None:
    """A property of the kind an input asks, but of another cycle or metering point, is not that input."""
    held = dictionary.get(name)
    asked = next((i for i in inputs.values() if held and i.basis and held.basis != i.basis and dictionary[i.property_id].kind == held.kind), None)
    if held is not None and asked is not None:
        problems.add("input-wrong-property", span, name=asked.name, held=name, asked=asked.is_)
    else:
        problems.add("unknown-input", span, name=name, **did_you_mean(name, inputs))


def admit_value(declared: Input, value: object, problems: Problems, span: Span | None = None) -> Value | None:
    """One given value made exact, in the declared unit; None where it cannot be used, and that is reported."""
    match declared.kind:
        case "number":
            return _number(declared, value, problems, span)
        case "boolean":
            return _boolean(declared, value, problems, span)
        case "date":
            given = value.date() if isinstance(value, datetime) else value
            day = given if isinstance(given, date) else parse_date(str(given))
            if day is None:
                problems.add("input-not-a-date", span, name=declared.name, value=value)
            return day
        case "identifier":
            return _identifier(declared, value, problems, span)
        case "time":
            return _time(declared, value, problems, span)
        case "category":
            if str(value) in declared.values:
                return str(value)
            known = ", ".join(declared.values)
            problems.add(
                "input-not-a-category", span, name=declared.name, value=value, known=known, **did_you_mean(str(value), declared.values, listed=True)
            )
    return None


def _identifier(declared: Input, value: object, problems: Problems, span: Span | None) -> str | None:
    """A text as it is, spaces around it aside: 007 and 7 are two identifiers. A number with a decimal point is none."""
    if isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool)):
        return str(value).strip(" ") or None
    problems.add("input-not-an-identifier", span, name=declared.name, value=value)
    return None


def _time(declared: Input, value: object, problems: Problems, span: Span | None) -> datetime | None:
    zone = declared.zone or timedelta()
    try:
        found = moment(value, zone) if isinstance(value, datetime) else parse_time(str(value), zone)
    except TooFine:
        problems.add("input-time-too-fine", span, name=declared.name, value=value)
        return None
    if found is None:
        problems.add("input-not-a-time", span, name=declared.name, value=value)
    return found


def _boolean(declared: Input, value: object, problems: Problems, span: Span | None) -> bool | None:
    word = str(value).strip().casefold()
    if word in TRUE_WORDS or word in FALSE_WORDS:
        return word in TRUE_WORDS
    problems.add("input-not-a-boolean", span, name=declared.name, value=value)
    return None


def _number(declared: Input, value: object, problems: Problems, span: Span | None) -> Fraction | None:
    exact = _exact(declared, value, problems, span)
    if exact is None:
        return None
    scaled = exact * 10 ** (declared.decimals or 0)
    if scaled.denominator != 1:
        problems.add("input-too-fine", span, name=declared.name, value=decimal_text(exact), decimals=declared.decimals)
        return None
    low, high = declared.minimum, declared.maximum
    if (low is not None and exact < low) or (high is not None and exact > high):
        problems.add("input-out-of-range", span, name=declared.name, value=decimal_text(exact), low="" if low is None else decimal_text(low),
                     high="" if high is None else decimal_text(high))  # fmt: skip
        return None
    return exact


def _exact(declared: Input, value: object, problems: Problems, span: Span | None) -> Fraction | None:
    """The number in the declared unit; a float stands for the shortest decimal that reads back as it."""
    if isinstance(value, bool):
        problems.add("input-not-a-number", span, name=declared.name, value=value)
        return None
    if isinstance(value, int | Fraction):
        return Fraction(value)
    text = repr(value) if isinstance(value, float) else str(value).strip()
    number, _, unit_text = _split(text)
    exact = parse_number(number)
    if exact is None:
        problems.add("input-not-a-number", span, name=declared.name, value=value)
        return None
    if not unit_text:
        return exact
    try:
        unit = parse_unit(unit_text)
    except UnknownUnit as error:
        problems.add(
            "input-unit", span, name=declared.name, value=value, unit=unit_text, reason_zh=error.reason_zh, reason_en=error.reason_en
        )
        return None
    if declared.unit is None or not unit.same_dimension(declared.unit):
        wanted = declared.unit.text if declared.unit else "1"
        problems.add(
            "input-unit",
            span,
            name=declared.name,
            value=value,
            unit=unit_text,
            reason_zh=f"应以 {wanted} 计",
            reason_en=f"{wanted} is asked",
        )
        return None
    return exact * unit.ratio(declared.unit)


def _split(text: str) -> tuple[str, str, str]:
    """('13.8', ' ', 'kWh/100km')"""
    end = 0
    while end < len(text) and (text[end].isdigit() or (text[end] in "+-.,eE−" and not text[end:].startswith(("eV", "EJ")))):
        end += 1
    return text[:end].strip(), " ", text[end:].strip()
