"""Categories in order, compared by rank: MAP to 1, 2, 3 … and a comparison of numbers. Everything else about categories stays as it is."""

from __future__ import annotations

from collections.abc import Sequence

from guiju.base.diagnostics import Span
from guiju.ir.build import KIND_WORDS, Builder
from guiju.ir.node import Kind, Node, Op, Type
from guiju.standard.shape import did_you_mean


def compares_ranks(a: Node, b: Node) -> bool:
    """Whether an order between the two is one of categories."""
    return Kind.CATEGORY in (a.type.kind, b.type.kind) and not (a.is_bad or b.is_bad)


def ranks(build: Builder, a: Node, b: Node, where: Span) -> tuple[Node, Node]:
    """Both as numbers: an input whose values are in order, with one of its words or with an input of the same values; else reported."""
    lead = next((n for n in (a, b) if n.op is Op.INPUT and n.type.rising), None)
    if lead is None or any(n.type.kind is Kind.CATEGORY and n.op not in (Op.INPUT, Op.CONST) for n in (a, b)):
        _not_in_order(build, next(n for n in (a, b) if n.type.kind is Kind.CATEGORY and n is not lead), where)
        return build.bad, build.bad
    return _rank(build, a, lead.type, where), _rank(build, b, lead.type, where)


def _rank(build: Builder, node: Node, order: Type, where: Span) -> Node:
    if not build.wants(node, Kind.CATEGORY, where):
        return build.bad
    place = build.written.get(node.index, where)
    if node.op is Op.CONST:
        word = str(node.value)
        if word in order.values:
            return build.number(order.values.index(word) + 1)
        build.problems.add("unknown-category", place, word=word, known=", ".join(order.values), **did_you_mean(word, order.values, listed=True))
        return build.bad
    if node.type != order:
        build.problems.add("orders-differ", place, left=order_text(order.values, True), right=order_text(node.type.values, node.type.rising))
        return build.bad
    return build.map(node, order.values, [build.number(n + 1) for n in range(len(order.values))], where)


def order_text(values: Sequence[str], rising: bool) -> str:
    return (" < " if rising else ", ").join(values)


def _not_in_order(build: Builder, node: Node, where: Span) -> None:
    (found_zh, found_en), (wanted_zh, wanted_en) = KIND_WORDS[node.type.kind], KIND_WORDS[Kind.NUMBER]
    build.problems.add(
        "type-mismatch", build.written.get(node.index, where), found_zh=found_zh, found_en=found_en, wanted_zh=wanted_zh, wanted_en=wanted_en,
        hint_zh="类别要比大小，输入须声明 `order: rising`，并只与它的取值或同序的另一输入相比",
        hint_en="categories compare where the input says `order: rising`, with one of its words or another input of the same order",
    )  # fmt: skip
