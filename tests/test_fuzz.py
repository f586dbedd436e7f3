"""A mistake in a document is always a diagnostic, never an exception, and never takes long: 10 000 documents made wrong at random."""

from __future__ import annotations

import os
import random
import re
import time
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from checking import MADE_UP, checked, shelf
from guiju.base.diagnostics import Refused, report
from guiju.readings.columnar import columns
from guiju.readings.missing import missing_columns

COUNT = int(os.environ.get("GUIJU_FUZZ_MUTANTS", "10000"))
PARTS = 10
SECONDS_MAX = 10.0
"""A document of a hundred lines that takes longer to check is a trap, not merely slow: the usual one takes a hundredth of this."""

NUMBERS = ("0", "-1", "1e999999", "1e999", "-1e308", "1e-999", "1e-320", "9" * 60, "0.1", ".5", "5.", "1_000", "0x10", "1,5", "NaN", "inf", "½", "３")
FRAGMENTS = (
    "[", "]", "{", "}", "(", ")", "'", '"', ":", ": ", "- ", "#", ",", "&a ", "*a", "!!python/object:os.system ", "|", ">", "%", "@", "`", "?",
    "\t", "\0", "\x1b[31m", "\x85", "\u2028", "\ufeff", "\u202e", "é", "é", "限值", "ﬁ", "🚗", "≤", "²", "⁻¹", "℃", "°", "「", "」", "『", "--- ", "...",
    "\n", "\n\n", "\r\n", "  ", " ^ 6", " ^ -1", " ^ 0.5", " as kg", " as ", " if ", " else ", " not ", " and ", " or ", " in ", " == ", "=", "<", "<= 1 <= ",
    "true", "null", "~", "no", "12:30", "0123", "2024-02-30", "0000-00-00", "round_gb(", "max(0, ", "min()", "worst('core')", "count('core', 'x')",
    "pass('R1')", "energy.", ".limit", "'M1'", "limit(0)", "default(", "known(", "days(1, 2)", "atleast(1.5, ", "[kWh/100km]", "[m⁹·kg⁹]", " km", " %", " / 0",
)  # fmt: skip
LONG = (
    "x" * 5000, "(" * 300, ")" * 300, "[" * 60, "{a: " * 60, "- " * 60, "-" * 500, "not " * 200, "1 + " * 400 + "1", "x if a else " * 100 + "y",
    "a.b." * 200, "a < " * 300 + "b", "9" * 3000, "km·" * 30 + "km", "max(" * 40, "字" * 3000, "\n" * 500, " " * 3000, "1 ^ " * 50, "'" + "a" * 3000 + "'",
)  # fmt: skip
Mutation = Callable[[random.Random, str], str]


def _line(chance: random.Random, lines: Sequence[str]) -> int:
    return chance.randrange(len(lines)) if lines else 0


def _without_a_line(chance: random.Random, text: str) -> str:
    lines = text.splitlines(keepends=True)
    at = _line(chance, lines)
    return "".join(lines[:at] + lines[at + chance.choice((1, 1, 1, 2, 5)) :])


def _with_a_line_twice(chance: random.Random, text: str) -> str:
    lines = text.splitlines(keepends=True)
    at, to = _line(chance, lines), _line(chance, lines)
    return "".join([*lines[:to], *lines[at : at + 1], *lines[to:]])


def _with_lines_swapped(chance: random.Random, text: str) -> str:
    lines = text.splitlines(keepends=True)
    a, b = _line(chance, lines), _line(chance, lines)
    if lines:
        lines[a], lines[b] = lines[b], lines[a]
    return "".join(lines)


def _with_another_indentation(chance: random.Random, text: str) -> str:
    lines = text.splitlines(keepends=True)
    at = _line(chance, lines)
    if lines:
        lines[at] = chance.choice(("", " ", "    ", "\t")) + (lines[at].lstrip() if chance.random() < 0.5 else lines[at])
    return "".join(lines)


def _with_other_characters(chance: random.Random, text: str) -> str:
    characters = list(text)
    for _ in range(chance.choice((1, 1, 2, 5))):
        if characters:
            characters[chance.randrange(len(characters))] = chance.choice("aZ09 .:,-'\"[]{}#&*%<>=|()\n限é\0") if chance.random() < 0.9 else chr(chance.randrange(1, 0xD7FF))
    return "".join(characters)


def _with_a_fragment(chance: random.Random, text: str) -> str:
    at = chance.randint(0, len(text))
    return text[:at] + chance.choice(FRAGMENTS) + text[at:]


def _with_a_long_run(chance: random.Random, text: str) -> str:
    at = chance.randint(0, len(text))
    return text[:at] + chance.choice(LONG) + text[at:]


def _cut_short(chance: random.Random, text: str) -> str:
    return text[: chance.randint(0, len(text))]


def _values(text: str) -> list[re.Match[str]]:
    return list(re.finditer(r"(?<=: )[^\s,{}\[\]][^,{}\[\]\n]*", text))


def _with_values_swapped(chance: random.Random, text: str) -> str:
    found = _values(text)
    if len(found) < 2:
        return text
    a, b = sorted(chance.sample(found, 2), key=lambda m: m.start())
    return text[: a.start()] + b[0] + text[a.end() : b.start()] + a[0] + text[b.end() :]


def _with_a_value_of_its_own(chance: random.Random, text: str) -> str:
    """A value replaced by a fragment, a number, a long run, or nothing; often inside the expressions."""
    found = _values(text)
    if not found:
        return text
    at = chance.choice(found)
    put = chance.choice((chance.choice(FRAGMENTS), chance.choice(NUMBERS), chance.choice(LONG), "", "{}", "[]", "{a: b}", f"({at[0]}) ^ 6", f'"{at[0]}"'))
    return text[: at.start()] + put + text[at.end() :]


def _with_another_number(chance: random.Random, text: str) -> str:
    found = list(re.finditer(r"\d+(?:\.\d+)?", text))
    if not found:
        return text
    at = chance.choice(found)
    return text[: at.start()] + chance.choice((*NUMBERS, at[0] + "1", "-" + at[0], at[0] + "e5")) + text[at.end() :]


def _with_another_name(chance: random.Random, text: str) -> str:
    """A word put where another stood: names, units, keys and keywords meet in places they were not made for."""
    found = list(re.finditer(r"[^\W\d]\w*", text))
    if not found:
        return text
    a, b = chance.choice(found), chance.choice(found)
    return text[: a.start()] + b[0] + text[a.end() :]


def expression(chance: random.Random, names: Sequence[str], depth: int) -> str:
    """An expression that can be read, of no type in particular: numbers, dates, words and conditions are put together at random."""
    if depth == 0 or chance.random() < 0.2:
        leaf = chance.choice((
            chance.choice(names), chance.choice(names), chance.choice(names), "0", "1", str(chance.randint(-5, 3000)), f"{chance.randint(0, 99)} %",
            f"{chance.randint(0, 9999)} kg", "13.9 [kWh/100km]", "0.5 km", "2024-06-01", "'M1'", "'bev'", "true", "1e90", "1e-90", "7 [m⁹]", "150 [Wh/kg]",
        ))  # fmt: skip
        return f"({leaf})" if leaf.startswith("-") else leaf

    def part() -> str:
        return expression(chance, names, depth - 1)

    form = chance.choice((
        "({} + {})", "({} - {})", "({} * {})", "({} / {})", "(-{})", "({})^{n}", "({} as kg)", "({} as %)", "({} <= {})", "({} > {})", "({} == {})",
        "({} < {} <= {})", "({} != {})", "({} and {})", "({} or {})", "(not {})", "({} in {{{}, {}}})", "({} if {} else {})", "min({}, {}, {})",
        "max({}, {})", "abs({})", "round_gb({}, {})", "days({}, {})", "known({})", "default({}, {})", "atleast({n}, {}, {}, {})", "all({}, {})",
        "any({}, {})", "worst('{kind}')", "count('{kind}', {})", "pass('{no}')", "{table}({})", "{alias}.{table}({})", "{alias}.{table}", "{alias}.pass('{no}')",
    ))  # fmt: skip
    words = {"n": chance.choice("0123679"), "kind": chance.choice(("core", "basic", "no")), "no": chance.choice(("R1", "R2", "5", "4.1"))}
    words |= {"table": chance.choice(names), "alias": chance.choice(("energy", "previous", "previous", "x"))}
    return form.format(*(part() for _ in range(3)), **words)


def _with_another_expression(chance: random.Random, text: str) -> str:
    keys = "shall|should|when|formula|value|of|upto|below|above|from|at|unit|compare|min|max"
    found = list(re.finditer(rf"(?<=[ {{])(?:{keys}|\d): (\"[^\"\n]*\"|[^\s,{{}}\[\]][^,{{}}\[\]\n]*)", text))
    names = [m[1] for m in re.finditer(r"(?m)^  ([^\W\d]\w*):", text)] + re.findall(r"name: (\w+)", text)
    if not found or not names:
        return text
    at = chance.choice(found)
    made = expression(chance, names, chance.choice((1, 1, 2, 3, 5)))
    return f'{text[: at.start(1)]}"{made}"{text[at.end(1) :]}'


def _buried(chance: random.Random, text: str) -> str:
    found = _values(text)
    if not found:
        return text
    at, depth = chance.choice(found), chance.choice((3, 30, 45, 500, 5000))
    opened, closed = chance.choice((("[", "]"), ("{a: ", "}"), ("(", ")"), ("- ", "")))
    return text[: at.start()] + opened * depth + at[0] + closed * depth + text[at.end() :]


MUTATIONS: tuple[Mutation, ...] = (
    _without_a_line, _with_a_line_twice, _with_lines_swapped, _with_another_indentation, _with_other_characters, _with_a_fragment, _with_a_long_run,
    _cut_short, _with_values_swapped, _with_values_swapped, _with_a_value_of_its_own, _with_a_value_of_its_own, _with_another_number,
    _with_another_number, _with_another_name, _with_another_name, _buried,
    *(5 * (_with_another_expression,)),
)  # fmt: skip


def _originals() -> list[tuple[str, str]]:
    return [((folder / "standard.yaml").read_text("utf-8"), (folder / "examples.yaml").read_text("utf-8")) for folder in shelf().paths().values()]


def mutant(chance: random.Random, originals: Sequence[tuple[str, str]]) -> tuple[str, str]:
    standard, examples = chance.choice(originals)
    for _ in range(chance.choice((1, 1, 1, 2, 3, 8))):
        change = chance.choice(MUTATIONS)
        if chance.random() < 0.75:
            standard = change(chance, standard)
        else:
            examples = change(chance, examples)
    return standard, examples


def _everything_said_of(standard: str, examples: str) -> None:
    """Load, parse, check, run the examples, write the SQL, and show what was found in both languages."""
    found = checked(standard, examples)
    if found.program is not None and not found.problems.has_errors:
        columns(found.program)
        missing_columns(found.program)
    report(found.problems.found, "zh", found.texts)
    report(found.problems.found, "en", found.texts)


@pytest.mark.parametrize("part", range(PARTS))
def test_no_mutant_of_a_standard_raises_an_exception_or_takes_long(part: int, tmp_path: Path) -> None:
    chance, originals = random.Random(f"mutants {part}"), _originals()
    worst, failures = 0.0, []
    for number in range(COUNT // PARTS):
        standard, examples = mutant(chance, originals)
        start = time.process_time()
        try:
            _everything_said_of(standard, examples)
        except Refused:
            pass
        except Exception:
            failures.append((number, standard, examples, traceback.format_exc(limit=-4)))
        took = time.process_time() - start
        worst = max(worst, took)
        if took > SECONDS_MAX:
            failures.append((number, standard, examples, f"took {took:.1f} s"))
    for number, standard, examples, said in failures:
        (tmp_path / f"{number}.standard.yaml").write_text(standard, "utf-8")
        (tmp_path / f"{number}.examples.yaml").write_text(examples, "utf-8")
        print(number, said)
    print(f"part {part}: the slowest of {COUNT // PARTS} mutants took {worst:.2f} s of CPU")
    assert not failures, f"{len(failures)} of {COUNT // PARTS} mutants, kept in {tmp_path}: {failures[0][3]}"


HEAD = MADE_UP + """inputs:
  mass: {is: vehicle.mass.curb, unit: kg, decimals: 0, min: 300, max: 6000}
  top: {is: vehicle.mass.max_design, unit: kg, decimals: 4, min: 0, max: 10000}
  seats: {is: vehicle.seats, unit: "1", decimals: 0, min: 0, max: 100}
"""


def _document(sections: str = "", shall: str = "mass <= top") -> str:
    return f'{HEAD}{sections}\nclauses: {{"1": {{zh: 甲, en: a, shall: "{shall}", source: s}}}}\n'


def _formulas(count: int, first: str, then: str, unit: str = "kg") -> str:
    made = "".join(f'\n  f{n}: {{unit: "{unit}", formula: "{then.format(n - 1) if n else first}"}}' for n in range(count))
    return f"formulas:{made}"


def _tables(count: int, value: str) -> str:
    row = "{{unit: kg, of: mass, kind: step, rows: [{{upto: 9000 kg, value: '{}'}}], source: s}}"
    return "tables:" + "".join(f"\n  t{n}: {row.format(value.format(n + 1) if n < count - 1 else 'mass')}" for n in range(count))


TRAPS = {
    "powers of powers of a number": _document(shall="((((((((((7^6)^6)^6)^6)^6)^6)^6)^6)^6)^6) <= 1"),
    "powers of powers of a quantity": _document(shall="((((((((((mass^6)^6)^6)^6)^6)^6)^6)^6)^6)^6) <= top"),
    "powers of powers of a number of an input": _document(shall="((((((((((seats^6)^6)^6)^6)^6)^6)^6)^6)^6)^6) <= 1"),
    "units that cancel": _document(shall="(((((((mass / (1 g))^6)^6)^6)^6)^6)^6)^6 <= 1"),
    "a formula squared forty times": _document(_formulas(40, "seats / (seats + 1)", "f{0} * f{0}", "1"), "f39 <= 1"),
    "a ratio doubled forty times": _document(_formulas(40, "seats / (seats + 1)", "f{0} + f{0}", "1"), "f39 <= 1"),
    "a quotient of itself": _document(_formulas(40, "seats + 1", "f{0} / (f{0} + 1)", "1"), "f39 <= 1"),
    "constants squared": _document(_formulas(40, "3 / 7", "f{0} * f{0}", "1"), "f39 <= seats"),
    "minima in maxima": _document(_formulas(200, "mass", "max(min(f{0}, top), min(f{0} + 1 kg, mass))"), "f199 <= top"),
    "minima in maxima on both sides": _document(_formulas(30, "mass", "max(min(f{0}, top), min(f{0} + 1 kg, mass))"), "f29 <= f28"),
    "wide maxima on both sides": _document(shall=f"max({', '.join(f'mass + {n} kg' for n in range(60))}) <= max({', '.join(f'top + {n} kg' for n in range(60))})"),
    "tables calling the next one twice": _document(_tables(40, "t{0}(mass + 1 kg) + t{0}(mass * 2)"), "t0 <= top"),
    "tables calling the next one at the same place": _document(_tables(40, "t{0}(mass) + t{0}(mass)"), "t0 <= top"),
    "a table calling itself": _document(_tables(1, "").replace("'mass'", "'t0(mass + 1 kg)'"), "t0 <= top"),
    "choices in choices": _document(_formulas(200, "mass", "f{0} if f{0} <= top else f{0} + 1 kg"), "f199 <= top"),
    "sums as long as an expression may be": _document(shall=" + ".join(["mass"] * 90) + " <= top"),
    "five hundred clauses with unknown names": _document().replace(
        'clauses: {', "clauses: {" + "".join(f'"u{n}": {{zh: 甲, en: a, shall: "unknown_{n} <= {n} kg", source: s}},' for n in range(500))),
    "a name as long as the file may be": _document(shall="x" * 1900 + " <= top").replace("mass:", "m" * 500_000 + ":"),
    "spaces in a number": _document().replace("300,", f'"5 {" " * 100_000}x",'),
    "a million dashes": _document("formulas:\n  f: " + "- " * 500_000),
    "a million brackets": _document("formulas:\n  f: " + "[" * 1_000_000),
    "a key of brackets": _document("formulas:\n  ? " + "{" * 1000),
}  # fmt: skip


@pytest.mark.parametrize("trap", TRAPS)
def test_what_is_made_to_take_long_does_not(trap: str) -> None:
    start = time.process_time()
    _everything_said_of(TRAPS[trap], "examples: [{name: a, given: {mass: 1000, top: 2000, seats: 5}, expect: {overall: pass}}]")
    assert time.process_time() - start < SECONDS_MAX
