"""The shipped standards: nothing to say of them, and not one number in them can change without an example or a check noticing."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest

from checking import MADE_UP, checked, program_of, shelf
from guiju.base.diagnostics import Problems, Severity, report
from guiju.base.rounding import decimal_text
from guiju.readings.columnar import columns
from guiju.readings.examples import examine
from guiju.standard.document import Fields, Item, Listing, Scalar, read
from guiju.standard.expression import Number, parse, walk

NUMBERS = tuple(shelf().numbers())

# Where the limits of a standard are written. A number elsewhere (a date, a title, decimals, min and max) is no limit.
LIMITS = {
    "parameters": {"value"}, "tables": {"upto", "below", "above", "from", "at", "value"}, "formulas": {"formula"},
    "scope": {"shall"}, "clauses": {"shall", "should", "when", "compare"}, "indicators": {"value", "when", "levels"},
    "scores": {"weights", "points"}, "grades": {"when"},
}  # fmt: skip


def _folder(number: str) -> Path:
    folder = shelf().locate(number)
    assert folder is not None
    return folder


@pytest.mark.parametrize("number", NUMBERS)
def test_checking_a_shipped_standard_finds_nothing_wrong(number: str) -> None:
    opened, program, problems = examine(shelf(), _folder(number))
    said = [d for d in problems.found if d.severity is not Severity.NOTE]
    assert program is not None and not said, report(said, "en", opened.texts)


@pytest.mark.parametrize("number", NUMBERS)
def test_every_fact_of_a_shipped_standard_names_its_source(number: str) -> None:
    standard = shelf().find(number)
    assert standard is not None
    facts = {f"parameter {p.name}": v.sources for p in standard.parameters.values() for v in p.values}
    facts |= {f"row {n} of table {t.name}": r.sources or t.sources for t in standard.tables.values() for n, r in enumerate(t.rows, 1)}
    facts |= {f"formula {f.name}": f.sources for f in standard.formulas.values()}
    facts |= {f"clause {c.no}": c.sources for c in standard.clauses.values()}
    facts |= {f"exception of {c.no}": r.sources for c in standard.clauses.values() for r in c.reliefs}
    facts |= {f"indicator {i.name}": i.sources for i in standard.indicators.values()}
    facts |= {"scope": standard.scope.sources} if standard.scope else {}
    facts |= {f"transition {t.until}": t.sources for t in standard.transitions}
    assert not [fact for fact, sources in facts.items() if not sources]
    assert not {each for sources in facts.values() for each in sources} - standard.sources.keys()


@pytest.mark.parametrize("number", NUMBERS)
def test_where_sources_conflict_the_standard_says_what_is_disputed(number: str) -> None:
    standard = shelf().find(number)
    assert standard is not None
    for source in (s for s in standard.sources.values() if s.grade == "D"):
        facts = [each for each in (*standard.clauses.values(), *standard.indicators.values()) if source.id in each.sources]
        assert source.why is not None
        assert any(each.disputed for each in facts), f"{source.id} conflicts with another source; no fact says on what"


# changing limits


def _scalars(item: Item, wanted: set[str], inside: bool) -> Iterator[Scalar]:
    """The scalars under the wanted keys, however deep."""
    if isinstance(item, Scalar):
        if inside:
            yield item
    elif isinstance(item, Listing):
        for each in item.items:
            yield from _scalars(each, wanted, inside)
    else:
        for key, value in item.entries:
            yield from _scalars(value, wanted, inside or key.text in wanted)


def limits(text: str) -> list[tuple[int, int, str]]:
    """Every number literal that is a limit: its line, the column it begins at (both from 0), and the number."""
    root = read(text, "standard.yaml", Problems()).root
    assert isinstance(root, Fields)
    lines, found = text.splitlines(), []
    for section, item in root.entries:
        for scalar in _scalars(item, LIMITS.get(section.text, set()), False):
            plain = scalar.text.removeprefix("rounded ")
            shift = None if scalar.shift is None else scalar.shift + len(scalar.text) - len(plain)
            parsed = None if plain == "full" else parse(Scalar(plain, scalar.span, shift), Problems(), quantity=True)
            for each in walk(parsed) if parsed else ():
                if isinstance(each, Number):
                    assert shift is not None, f"{scalar.span}: write this on one line, so that its numbers can be found"
                    start = lines[each.span.line - 1].index(each.text, each.span.column - 1)
                    found.append((each.span.line - 1, start, each.text))
    return sorted(set(found))


def _changed(text: str, line: int, start: int, number: str, by: int) -> str:
    """The text with a unit of the last digit of a number added."""
    places = len(number.partition(".")[2])
    made = decimal_text(Fraction(number) + Fraction(by, 10**places))
    lines = text.splitlines(keepends=True)
    lines[line] = lines[line][:start] + made + lines[line][start + len(number) :]
    return "".join(lines)


@pytest.mark.parametrize("number", NUMBERS)
def test_no_limit_of_a_shipped_standard_can_change_unnoticed(number: str) -> None:
    text, examples = ((_folder(number) / name).read_text("utf-8") for name in ("standard.yaml", "examples.yaml"))
    assert not _anything_said(text, examples)
    unnoticed = [
        f"line {line + 1}: {literal} {by:+d} in its last digit: {text.splitlines()[line].strip()}"
        for line, start, literal in limits(text)
        for by in (1, -1)
        if not _anything_said(_changed(text, line, start, literal, by), examples)
    ]
    assert not unnoticed, "\n".join(["nothing notices:", *unnoticed])


def _anything_said(text: str, examples: str) -> bool:
    """Whether an example fails or a check objects. Where two pieces of a table meet, an end moved by one grid step changes no value at all;
    that the pieces do not meet there is what the check then says."""
    return any(d.severity is not Severity.NOTE for d in checked(text, examples).problems.found)


def test_limits_are_found_wherever_they_are_written() -> None:
    text = (_folder("GB 36980.1-2025") / "standard.yaml").read_text("utf-8")
    literals = [literal for _, _, literal in limits(text)]
    assert literals == ["1090", "10.1", "2710", "0.00556", "1780", "13.92", "19.1", "3500"]


# the size of what is made

HEAD = MADE_UP + """inputs:
  mass: {is: vehicle.mass.curb, unit: kg, decimals: 0, min: 300, max: 6000}
  range: {is: nev.range.cltc, unit: km, decimals: 0, min: 0, max: 2000}
  category: {is: vehicle.category, values: [M1, N1]}
"""


def _with_clauses(count: int) -> str:
    clauses = "".join(
        f'  "{n}": {{zh: 甲, en: a, shall: "range >= limit * {n + 1} / 7 and mass <= {300 + n} kg", when: "category == \'M1\'", source: s}}\n'
        for n in range(count)
    )
    table = "tables:\n  limit: {of: mass, kind: step, unit: km, rows: [{upto: 1000 kg, value: 100}, {value: 200}], source: s}\n"
    return f"{HEAD}{table}clauses:\n{clauses}"


def test_sql_stays_short_where_minima_and_maxima_are_nested() -> None:
    nested = "range"
    for n in range(12):
        nested = f"{('max', 'min')[n % 2]}({nested}, range * {n + 2} / 10)"
    for wanted in ("{0}", "{0} * 2 + 1 km", "{0} / 3 <= range", "known({0})"):
        formula = wanted.format(nested)
        shall = formula if "<=" in formula or "known" in formula else f"{formula} >= 100 km"
        text = f'{HEAD}clauses: {{"1": {{zh: 甲, en: a, shall: "{shall}", source: s}}}}\n'
        assert len(columns(program_of(text)).template) < 10_000
    only_max = "range"
    for n in range(12):
        only_max = f"max({only_max}, {only_max if n < 3 else 'range'} * {n + 2} / 10)"
    text = f'{HEAD}formulas: {{f: {{unit: km, formula: "{only_max}"}}}}\nclauses: {{"1": {{zh: 甲, en: a, shall: "f >= 1 km", source: s}}}}\n'
    assert len(columns(program_of(text)).template) < 10_000


def test_a_standard_of_three_hundred_clauses_is_checked_and_its_sql_grows_with_it_in_proportion() -> None:
    sizes = {count: len(columns(program_of(_with_clauses(count))).template) for count in (100, 300)}
    assert sizes[300] < 3.2 * sizes[100]
