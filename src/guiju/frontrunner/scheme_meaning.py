"""What a scheme means by its standard: what it names is looked up, what it adds is checked with it, its lowest levels are held against the law.

A scheme adds expressions to the standard, read in its names: the comparable range, and whether a reference level is reached. They become values of
the standard's program, so that boards take them, with levels and verdicts, from one reading of the table. The standard's hash stays its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Protocol

from guiju.base.diagnostics import Problems
from guiju.base.rounding import decimal_text
from guiju.frontrunner.scheme import Asked, Reference, Scheme, load_scheme
from guiju.ir.check import check
from guiju.ir.node import Kind, Op
from guiju.ir.program import Program
from guiju.ir.snapshot import Snapshot
from guiju.readings.smt.answers import NotComparable, Refuted, Unknown, Witness
from guiju.readings.smt.meaning import constant_limits
from guiju.readings.smt.search import Budget
from guiju.readings.smt.sides import sides
from guiju.readings.smt.space import Space
from guiju.standard import expression as ex
from guiju.standard.dictionary import Dictionary
from guiju.standard.model import Clause, Formula, Indicator, Standard, Title
from guiju.standard.shape import did_you_mean
from guiju.standard.shelf import KnownEdition, Shelf

LEVELS = 3
SCOPE, IN, OUT = "board scope", "in", "out"
YES, NO = "yes", "no"


def range_name(number: int) -> str:
    """The value of the program that is a word of the comparable range."""
    return f"board range {number}"


def value_name(indicator: str) -> str:
    return f"board value {indicator}"


def limit_name(indicator: str, level: int) -> str:
    """A level whose limit is no number as written, but computed."""
    return f"board limit {indicator} {level}"


def applies_name(indicator: str) -> str:
    return f"board applies {indicator}"


def reached_name(reference: str, indicator: str) -> str:
    return f"board {reference} {indicator}"


class Standards(Protocol):
    """Where the standards a scheme names are found: a shelf, or the store."""

    @property
    def dictionary(self) -> Dictionary: ...
    def find(self, number: str, on: date | None = None) -> Standard | None: ...
    def numbers(self) -> Iterable[str]: ...
    def editions(self) -> Mapping[tuple[str, str], KnownEdition]: ...


@dataclass(frozen=True)
class Opened:
    """A scheme with the program of its standard on a date, what it adds included."""

    scheme: Scheme
    program: Program
    shelf: Standards


def open_scheme(
    shelf: Shelf, path: Path, on: date | None, problems: Problems, *, snapshots: Sequence[Snapshot] = (), corrected: bool = False
) -> Opened | None:
    """The scheme in a file with its standard of the shelf; None where it cannot be used. Nothing is proved yet: see `below_national`.

    on   None: the day the standard is read as of by default
    """
    scheme = load_scheme(path, problems)
    if scheme is None:
        return None
    place = shelf.locate(scheme.standard)
    if place is None:
        numbers = shelf.numbers()
        problems.add("unknown-standard", scheme.places["standard"], number=scheme.standard, **did_you_mean(scheme.standard, numbers))
        return None
    opened = shelf.open(place, on)
    if opened.standard is None or opened.problems.has_errors:
        problems.add("used-standard-broken", scheme.places["standard"], number=scheme.standard)
        return None
    program = board_program(opened.standard, scheme, on, shelf, problems, snapshots=snapshots, corrected=corrected)
    return None if program is None else Opened(scheme, program, shelf)


def board_program(
    standard: Standard, scheme: Scheme, on: date | None, shelf: Standards, problems: Problems, *, snapshots: Sequence[Snapshot] = (),
    corrected: bool = False,
) -> Program | None:  # fmt: skip
    """The program of the standard on a date with what the scheme adds; None where they do not fit, which is in `problems`."""
    own = Problems()
    bare = check(standard, on, shelf, own, corrected, snapshots=snapshots)
    if own.has_errors:
        problems.add("used-standard-broken", scheme.places["standard"], number=scheme.standard)
        return None
    fits = Problems()
    _named(scheme, bare, fits)
    problems.extend(fits.found)
    if fits.has_errors:
        return None
    said = Problems()
    program = check(_with_formulas(bare, scheme), on, shelf, said, corrected, snapshots=snapshots)
    added = [each for each in said.found if each.span is not None and each.span.file == scheme.file]
    problems.extend(added)
    return None if said.has_errors else program


def _named(scheme: Scheme, program: Program, problems: Problems) -> None:
    """Whether what the scheme names is there, and nothing graded is left out."""
    standard, indicators = program.standard, {m.indicator.name: m.indicator for m in program.indicators}
    known = [m.no for m in program.judged if m.no != "overall"]
    for no in scheme.basic:
        if no not in known:
            problems.add("scheme-clause", scheme.places[f"basic {no}"], standard=standard.number, no=no, **did_you_mean(no, known))
    for asked in scheme.indicators:
        found = indicators.get(asked.name)
        if found is None:
            problems.add("scheme-indicator", asked.span, name=asked.name, **did_you_mean(asked.name, indicators))
        elif found.kind != asked.kind:
            problems.add("scheme-indicator-kind", asked.span, name=asked.name, found=found.kind, listed=asked.kind)
        elif len(found.levels) != LEVELS:
            problems.add("scheme-levels", asked.span, name=asked.name, found=len(found.levels))
    listed = {asked.name for asked in scheme.indicators}
    for name, each in indicators.items():
        if each.kind in ("core", "innovative") and name not in listed:
            problems.add("scheme-indicator-left", scheme.places["standard"], name=name, kind=each.kind)


def ranges(scheme: Scheme, standard: Standard) -> tuple[tuple[Title, ex.Expr], ...]:
    """What the comparable range is made of: what the scheme says, else within what the standard's populations are ranked."""
    if scheme.range:
        return tuple((part.title, part.formula) for part in scheme.range)
    within = [expr for population in standard.authored.populations.values() for expr in population.within]
    distinct = {ex.Name(e.name, e.within, e.span) if isinstance(e, ex.Name) else e: e for e in within}
    return tuple((Title("可比范围", "comparable range"), e) for e in distinct)


def _with_formulas(program: Program, scheme: Scheme) -> Standard:
    standard = program.standard.authored
    parts = {range_name(number): expr for number, (_, expr) in enumerate(ranges(scheme, standard))}
    if standard.scope is not None:
        parts[SCOPE] = _word(standard.scope.expr, IN, OUT)
    for meaning in program.indicators:
        indicator = meaning.indicator
        if indicator.when is not None:
            parts[applies_name(indicator.name)] = _word(indicator.when, YES, NO)
        for name, levels in scheme.references.items():
            if indicator.name in levels:
                parts[reached_name(name, indicator.name)] = _word(_reaches(indicator, levels[indicator.name]), YES, NO)
    made = {name: Formula(name, None, None, expr, (), expr.span) for name, expr in parts.items()}
    for meaning in program.indicators:
        indicator, kind = meaning.indicator, meaning.value.type
        unit = kind.unit if kind.kind is Kind.NUMBER else None
        name = value_name(indicator.name)
        made[name] = Formula(name, None, unit, indicator.value, (), indicator.span)
        for level, (_, limit) in enumerate(indicator.levels, 1):
            if unit is not None and not isinstance(limit, ex.Number):
                made[limit_name(indicator.name, level)] = Formula(limit_name(indicator.name, level), None, unit, limit, (), indicator.span)
    return replace(standard, formulas={**standard.formulas, **made})


def _word(condition: ex.Expr, yes: str, no: str) -> ex.Expr:
    span = condition.span
    return ex.Choice(condition, ex.Word(yes, span), ex.Word(no, span), span)


def _reaches(indicator: Indicator, reference: Reference) -> ex.Expr:
    number: ex.Expr = ex.Number(abs(reference.value), reference.text.lstrip("-−"), reference.unit, reference.span, True)
    if reference.value < 0:
        number = ex.Minus(number, reference.span)
    return ex.Comparison((">=" if indicator.better == "higher" else "<=",), (indicator.value, number), reference.span)


def below_national(opened: Opened, problems: Problems, *, budget: Budget | None = None) -> Mapping[str, str]:
    """Whether whoever meets the basic clauses and reaches the lowest level of an indicator meets the clause named for it, wherever that applies.

    Gives indicator → proved, refuted or unknown. Refuted is an error with a record that shows it; unknown a warning with the reason.

    budget   of each question
    """
    found: dict[str, str] = {}
    for asked in opened.scheme.indicators:
        if asked.national is not None:
            found[asked.name] = _held_against(opened, asked, problems, budget)
    return found


def _held_against(opened: Opened, asked: Asked, problems: Problems, budget: Budget | None) -> str:
    shelf, scheme, national = opened.shelf, opened.scheme, asked.national
    assert national is not None
    facts = {"name": asked.name, "standard": national.number, "clause": national.clause}
    standard = shelf.find(national.number, opened.program.on)
    if standard is None:
        problems.add("unknown-standard", national.span, number=national.number, **did_you_mean(national.number, shelf.numbers()))
        return "unknown"
    theirs, ours, said = check(standard, opened.program.on, shelf, Problems()), _with_lowest(opened.program, asked.name), Problems()
    program = check(ours, opened.program.on, shelf, said, opened.program.standard.corrected, snapshots=opened.program.snapshots)
    if national.clause not in [c.no for c in theirs.clauses]:
        near = did_you_mean(national.clause, [c.no for c in theirs.clauses])
        problems.add("scheme-clause", national.span, standard=national.number, no=national.clause, **near)
        return "unknown"
    given = [(0, LOWEST), *((0, c.no) for c in program.clauses if c.no in scheme.basic)]
    asking = sides((program, theirs), shelf.dictionary, budget=budget, plain=True)
    answer, _ = asking.where([(0, LOWEST), (1, national.clause)], given, (1, national.clause))
    if isinstance(answer, Refuted):
        witness = "；".join(_told(answer.witness, program)) if answer.witness else "–"
        problems.add("scheme-below-national", national.span, **facts, witness=witness)
        return "refuted"
    if isinstance(answer, Unknown | NotComparable):
        problems.add("scheme-national-unknown", national.span, **facts, reason_zh=answer.reason.zh, reason_en=answer.reason.en)
        return "unknown"
    return "proved"


def national_limits(shelf: Standards, scheme: Scheme, program: Program) -> Mapping[str, Fraction]:
    """Indicator → the limit of the clause named for it, in the indicator's unit, where both are about one input and the limit is one number."""
    found: dict[str, Fraction] = {}
    for meaning in program.indicators:
        national = next((each.national for each in scheme.indicators if each.name == meaning.indicator.name), None)
        standard = shelf.find(national.number, program.on) if national else None
        if national is None or standard is None or meaning.value.op is not Op.INPUT:
            continue
        space = Space((program, check(standard, program.on, shelf, Problems())))
        clause = next((c for c in space.programs[1].clauses if c.no == national.clause), None)
        (key,) = space.uses(0, meaning.value)
        for limited, limit in constant_limits(space, 1, clause.requires) if clause else ():
            if limited == key:
                found[meaning.indicator.name] = limit * space.ratio(0, space.quantities[key])
    return found


LOWEST = "board lowest"


def _with_lowest(program: Program, indicator: str) -> Standard:
    """The standard with a clause that asks the lowest level of an indicator."""
    standard = program.standard.authored
    declared = standard.indicators[indicator]
    span = declared.span
    reached = ex.Comparison(("<=",), (ex.Name(indicator, None, span), ex.Number(Fraction(LEVELS), str(LEVELS), None, span)), span)
    clause = Clause(LOWEST, declared.title, "should", reached, declared.when, (), None, None, declared.sources, None, span)
    return replace(standard, clauses={**standard.clauses, LOWEST: clause})


def _told(witness: Witness, program: Program) -> Iterator[str]:
    for name, value in witness.record(0).items():
        declared = program.inputs.get(name)
        if declared is not None and isinstance(value, Fraction):
            yield f"{name} = {decimal_text(value)}{f' {declared.unit}' if declared.unit else ''}"
        elif declared is not None and isinstance(value, str | bool | date):
            yield f"{name} = {value}"
