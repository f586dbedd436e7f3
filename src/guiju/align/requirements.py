"""Requirements: what several sides ask about one thing, put in one row, whatever the clauses are called or numbered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from guiju.align.side import Side
from guiju.base.diagnostics import Language
from guiju.base.rounding import decimal_text
from guiju.ir.node import Node, Op
from guiju.ir.program import ClauseMeaning, Program
from guiju.readings.smt.meaning import demand
from guiju.readings.smt.space import Space
from guiju.standard.dictionary import Dictionary
from guiju.standard.model import Input, Title
from guiju.standard.writing import labels, naming, write

PROPERTIES_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Named:
    """A clause of a side: of which of its programs, and its number."""

    program: int
    no: str


@dataclass(frozen=True)
class Requirement:
    """One row.

    properties   the properties (with scenario and child) the clauses measure
    clauses      of each side, what it asks of them; empty: nothing
    """

    properties: tuple[str, ...]
    title: Title
    clauses: tuple[tuple[Named, ...], ...]


def requirements(
    sides: Sequence[Side], dictionary: Dictionary, treat_as: Mapping[str, str], strengths: Sequence[str] = ("shall", "should")
) -> list[Requirement]:
    """The rows of several sides: clauses that measure a property in common, or the same property by another test, are one row.

    In the order of the first side that asks, then of the next.
    """
    asked: list[tuple[int, Named, frozenset[str]]] = []
    titles: dict[str, Title] = {}
    for at, side in enumerate(sides):
        space = Space(side.programs, treat_as)
        for position, program in enumerate(side.programs):
            for clause in program.clauses:
                measured = demand(space, position, clause).measured if clause.clause.strength in strengths else frozenset()
                if measured:
                    asked.append((at, Named(position, clause.no), measured))
                    titles |= {key: _title(space.quantities[key].input) for key in measured if key not in titles}
    rows: list[tuple[set[str], list[tuple[int, Named]]]] = []
    where: dict[str, int] = {}
    for at, name, measured in asked:
        stems = {_stem(key, dictionary) for key in measured}
        touched = sorted({where[stem] for stem in stems if stem in where})
        keep = touched[0] if touched else len(rows)
        if not touched:
            rows.append((set(), []))
        for other in touched[1:]:
            rows[keep][0].update(rows[other][0])
            rows[keep][1].extend(rows[other][1])
            rows[other] = (set(), [])
        rows[keep][0].update(measured)
        rows[keep][1].append((at, name))
        where.update({stem: keep for key in rows[keep][0] for stem in [_stem(key, dictionary)]})
    return [_requirement(keys, names, titles, len(sides)) for keys, names in rows if names]


def _requirement(keys: set[str], names: Iterable[tuple[int, Named]], titles: Mapping[str, Title], count: int) -> Requirement:
    order = sorted(keys)
    shown = list(dict.fromkeys(titles[key] for key in order))
    more = len(shown) > PROPERTIES_SHOWN
    zh = "、".join(t.zh for t in shown[:PROPERTIES_SHOWN]) + (f" 等 {len(shown)} 项" if more else "")
    en = ", ".join(t.en for t in shown[:PROPERTIES_SHOWN]) + (f" and {len(shown) - PROPERTIES_SHOWN} more" if more else "")
    held = list(names)
    return Requirement(tuple(order), Title(zh, en), tuple(tuple(n for at, n in held if at == side) for side in range(count)))


def _title(declared: Input) -> Title:
    return Title(declared.title("zh"), declared.title("en"))


def _stem(key: str, dictionary: Dictionary) -> str:
    """The property without the words that say by which test cycle and at which metering point: those of one row differ in nothing else."""
    name, sign, rest = key.partition("@")
    found = dictionary.get(name.split("#")[0].split(" ")[0])
    if found is None or found.basis is None:
        return key
    return ".".join(part for part in name.split(".") if part.replace("_", "-") not in (found.cycle, found.metering)) + sign + rest


# what a clause asks, in few words


def asks(program: Program, meaning: ClauseMeaning, language: Language) -> str:
    """The requirement of a clause as people write it: `≤ 100 ms` where it is limits on one quantity, else its whole expression."""
    limits = _limits(program, meaning.requires)
    if limits:
        return " ".join(limits)
    standard = program.standard
    used = {alias: (s.number, labels(s, language)) for alias, s in program.used.items()}
    return write(meaning.clause.requires, language, naming(labels(standard, language), used))


def _limits(program: Program, node: Node) -> list[str] | None:
    """Comparisons of one input with constants, as texts; None where it is anything else."""
    found, inputs = [], set()
    for part in node.args if node.op is Op.AND else (node,):
        if part.op not in (Op.LE, Op.LT) or not part.args[0].is_number:
            return None
        strict = part.op is Op.LT
        for measured, limit, sign in ((part.args[0], part.args[1], "<" if strict else "≤"), (part.args[1], part.args[0], ">" if strict else "≥")):
            inner, value = _bare(measured, limit)
            if inner is not None:
                found.append(program.inputs[str(inner.value)].with_unit(f"{sign} {decimal_text(value)}"))
                inputs.add(inner.value)
    return found if len(inputs) == 1 and found else None


def _bare(measured: Node, limit: Node) -> tuple[Node | None, Fraction]:
    """An input and the constant it is compared with, in the unit of the input."""
    factor = Fraction(1)
    for constant, other in (measured.args, measured.args[::-1]) if measured.op is Op.MUL else ():
        if isinstance(constant.value, Fraction) and constant.op is Op.CONST:
            factor, measured = constant.value, other
            break
    bare = measured.op is Op.INPUT and isinstance(limit.value, Fraction) and limit.op is Op.CONST and factor > 0
    return (measured, limit.value / factor) if bare and isinstance(limit.value, Fraction) else (None, Fraction(0))
