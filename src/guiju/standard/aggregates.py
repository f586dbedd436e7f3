"""The written form of aggregates: records grouped by keys, of each group the first so many counted, values summed and capped."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Protocol

from guiju.base.diagnostics import Problems
from guiju.base.times import parse_zone
from guiju.standard.document import Scalar
from guiju.standard.expression import Expr, Name
from guiju.standard.model import Aggregate, Title
from guiju.standard.shape import Key, ListOf, MapOf, Shape

AGGREGATE = Shape("aggregate", {
    "zh": Key("label", True), "en": Key("label", True), "of": Key("text"), "by": Key(ListOf("text"), True), "where": Key("text"),
    "order": Key(ListOf("text")), "first": Key("text"), "sums": Key(MapOf("text"), True), "caps": Key(MapOf("text")),
    "undetermined": Key("text"), "source": Key(ListOf("text"))}, "汇总", whole=True)  # fmt: skip
POLICIES = ("exclude", "refuse")
FIRST_MAX = 10**6


class Reader(Protocol):
    """What reads the parts that aggregates share with everything else."""

    problems: Problems

    def ids(self, raw: dict[str, Any]) -> tuple[str, ...]: ...

    def name(self, key: Scalar) -> bool: ...

    def one_of(self, scalar: Scalar | None, known: tuple[str, ...]) -> str: ...

    def expression(self, scalar: Scalar | None, *, quantity: bool = False) -> Expr | None: ...


def read_aggregate(reader: Reader, key: Scalar, raw: dict[str, Any]) -> Aggregate | None:
    """The aggregate under a key; None where it is malformed, which is reported."""
    problems = reader.problems
    if not raw.get("source"):
        problems.add("no-source", key.span, what=key.text)
    settled = _of_another(problems, raw) if "of" in raw else _of_records(problems, key, raw)
    by, order = _names(reader, raw["by"]), _names(reader, raw.get("order", []))
    where = reader.expression(raw.get("where"))
    sums, caps = (_named(reader, raw.get(part, {}), quantity) for part, quantity in (("sums", False), ("caps", True)))
    if not raw["sums"]:
        problems.add("empty-value", key.span, hint_zh="sums 至少写一项", hint_en="write at least one entry under `sums`")
    first = _first(problems, raw["first"]) if "first" in raw else None
    broken = not settled or by is None or order is None or ("where" in raw and where is None) or not raw["sums"] or ("first" in raw and first is None)
    if broken or by is None or order is None or len(sums) != len(raw["sums"]) or len(caps) != len(raw.get("caps", {})):
        return None
    policy = reader.one_of(raw["undetermined"], POLICIES) if "undetermined" in raw else ""
    of = raw["of"].text if "of" in raw else None
    title = Title(raw["zh"].text, raw["en"].text)
    return Aggregate(key.text, title, of, by, where, order, first, sums, caps, policy, reader.ids(raw), key.span)


def _of_records(problems: Problems, key: Scalar, raw: dict[str, Any]) -> bool:
    """What to do with records that cannot be decided must be said; an order and a number of first ones need each other."""
    lacking = [name for name, needed in (("undetermined", True), ("first", "order" in raw), ("order", "first" in raw)) if needed and name not in raw]
    for name in lacking:
        problems.add("missing-key", key.span, key=name, within=f"aggregate {key.text}", within_zh=f"汇总 {key.text}")
    return not lacking


def _of_another(problems: Problems, raw: dict[str, Any]) -> bool:
    """Which records count has been decided by then."""
    wrong = [name for name in ("where", "order", "first", "undetermined") if name in raw]
    for name in wrong:
        at = raw[name][0] if isinstance(raw[name], list) and raw[name] else raw["of"] if isinstance(raw[name], list) else raw[name]
        problems.add("aggregate-key-of-records", at.span, key=name, of=raw["of"].text)
    return not wrong


def _first(problems: Problems, scalar: Scalar) -> int | None:
    if scalar.text.isascii() and scalar.text.isdigit() and 1 <= int(scalar.text) <= FIRST_MAX:
        return int(scalar.text)
    problems.add("not-a-number", scalar.span, text=scalar.text, hint_zh="写不小于 1 的整数", hint_en="write a whole number, 1 or more")
    return None


def _names(reader: Reader, scalars: Sequence[Scalar]) -> tuple[Name, ...] | None:
    found = [reader.expression(scalar) for scalar in scalars]
    for scalar, expr in zip(scalars, found, strict=True):
        if expr is not None and not (isinstance(expr, Name) and expr.within is None):
            reader.problems.add("aggregate-key-not-a-name", scalar.span, text=scalar.text)
    names = tuple(expr for expr in found if isinstance(expr, Name) and expr.within is None)
    return names if len(names) == len(scalars) else None


def _named(reader: Reader, raw: dict[str, tuple[Scalar, Scalar]], quantity: bool) -> tuple[tuple[Scalar, Expr], ...]:
    read = [(key, reader.expression(value, quantity=quantity)) for key, value in raw.values() if reader.name(key)]
    return tuple((key, expr) for key, expr in read if expr is not None)


def read_zone(reader: Reader, key: Scalar, raw: dict[str, Any], is_time: bool) -> timedelta | None:
    """The zone of an input that is a time, which must be said; nothing else has one."""
    scalar, problems = raw.get("zone"), reader.problems
    if is_time and scalar is None:
        problems.add("missing-key", key.span, key="zone", within=f"input {key.text}", within_zh=f"输入 {key.text}")
    if scalar is None:
        return None
    zone = parse_zone(scalar.text)
    if not is_time:
        problems.add("zone-without-time", scalar.span, name=key.text)
    elif zone is None:
        problems.add("not-a-zone", scalar.span, text=scalar.text)
    return zone
