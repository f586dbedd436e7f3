"""A standard's own examples, run exactly: every expectation compared, and the kinds of example that are missing named."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

from guiju.base.diagnostics import Problems, Span
from guiju.base.rounding import decimal_text, parse_number
from guiju.base.units import ONE
from guiju.ir.check import check
from guiju.ir.lower import Library
from guiju.ir.node import Kind, Node, Op, below
from guiju.ir.population import read_as_corrected
from guiju.ir.program import Program
from guiju.ir.record import admit, flattened
from guiju.ir.snapshot import Range, Ranking, Snapshot, Threshold
from guiju.ir.values import Unknown, Value
from guiju.readings.evaluate import Evaluation, Verdict, evaluate
from guiju.readings.inherited import At, Outcome, across_amendments, inherited
from guiju.standard.consolidated import change_dates
from guiju.standard.document import Scalar, places, plain
from guiju.standard.expression import Minus, Number, parse
from guiju.standard.lock import NAME as LOCK
from guiju.standard.lock import check_lock
from guiju.standard.model import Example
from guiju.standard.series import check_series
from guiju.standard.shape import did_you_mean
from guiju.standard.shelf import Opened, Shelf, expired_references

KINDS = {
    "pass": ("整体符合", "passing as a whole"), "fail": ("整体不符合", "failing as a whole"), "limit": ("恰在限值上", "exactly at a limit"),
    "missing": ("缺少输入而无法判定", "undetermined for want of an input"), "not_applicable": ("不适用", "not applicable"),
}  # fmt: skip


def examine(shelf: Shelf, path: Path, on: date | None = None) -> tuple[Opened, Program | None, Problems]:
    """Everything `guiju check` says of a standard: form, meaning, references, examples, lock, series, and comparisons not proved exact.

    on   None: the day it takes effect, and every day on which an amendment comes into force
    """
    opened = shelf.open(path, on)
    problems = Problems()
    problems.extend(opened.problems.found)
    if opened.standard is None:
        return opened, None, problems
    program = check(opened.standard, on, shelf, problems)
    expired_references(opened.standard, shelf, program.on, problems)
    for day in () if on else change_dates(opened.document, shelf):
        later = shelf.open(path, day)
        problems.extend(later.problems.found)
        if later.standard is not None:
            check(later.standard, day, shelf, problems)
    if not problems.has_errors:
        for index in program.exactness.unproved:
            problems.add("comparison-not-proved", next(n.where for n in program.order if n.index == index))
        run_examples(program, shelf, problems, lambda day: shelf.open(path, day).standard)
    check_series(opened.standard, lambda number: shelf.find(number, program.on), shelf, problems)
    file = Path(opened.document.file)
    lock = check_lock(opened.document, file.with_name(LOCK), shelf, problems) if file.name == "standard.yaml" else None
    return replace(opened, others=(*opened.others, lock)) if lock else opened, program, problems


def run_examples(program: Program, library: Library, problems: Problems, at: At | None = None) -> None:
    """Runs every example on its date; reports what differs, what a base's examples expect otherwise, and which kinds of example are missing.

    at   the standard on another date, where amendments change it
    """
    standard = program.standard
    at = at or (lambda day: standard.authored)
    seen = inherited(program, library, at, _outcome, problems)
    if not standard.examples and not seen:
        problems.add("examples-missing", standard.span)
        return
    across_amendments(standard, library, at, _outcome, problems)
    for example, evaluation in judged(program, library, problems, at):
        compare(evaluation, example, problems)
        seen |= kinds(evaluation)
    wanted = set(KINDS) - _impossible(program)
    lacking = [k for k in KINDS if k in wanted - seen]
    if lacking:
        place = standard.examples[0].span if standard.examples else standard.span
        problems.add("examples-incomplete", place, kinds_zh="、".join(KINDS[k][0] for k in lacking), kinds_en="; ".join(KINDS[k][1] for k in lacking))


def judged(program: Program, library: Library, problems: Problems, at: At) -> Iterator[tuple[Example, Evaluation]]:
    """Every example of a standard's own, with what it comes to on its date and by the reading it asks for."""
    standard = program.standard
    programs: dict[date, Program] = {program.on: program}
    for example in standard.examples:
        on = example.on or program.on
        if on not in programs:
            programs[on] = check(at(on) or standard.authored, on, library, Problems())
        if example.corrected and programs[on].otherwise is None:
            problems.add("nothing-corrected", example.corrected.span)
        read = _read_as(programs[on], example)
        given = thresholds_given(read, example, problems)
        own = check(read.standard.authored, on, library, Problems(), read.standard.corrected, snapshots=[given]) if given else read
        yield example, evaluated(own, example, problems)


def _read_as(program: Program, example: Example) -> Program:
    """The program by the reading the example asks for."""
    return program.otherwise or program if (example.corrected is not None) != program.standard.corrected else program


def _outcome(program: Program, example: Example) -> Outcome:
    """An example of another standard, or of another day: what is no input here is not given."""
    asked = {name for declared in program.inputs.values() for name in (declared.name, declared.is_, declared.authored_name)}
    here = replace(example, given={name: value for name, value in example.given.items() if name in asked})
    evaluation = evaluated(_read_as(program, example), here, Problems())
    unmet = {}
    for what, expected in example.expect.items():
        said = Problems()
        compare(evaluation, replace(here, expect={what: expected}), said)
        if said.found:
            unmet[what] = said.found[0].facts.get("found", "—")
    return Outcome(evaluation, unmet, frozenset(kinds(evaluation)))


def thresholds_given(program: Program, example: Example, problems: Problems) -> Snapshot | None:
    """A snapshot that says what an example gives as thresholds, `leaders.top20: 85 %`, whatever the range; None where it gives none."""
    rankings = {}
    for p in program.standard.populations.values():
        best = {}
        for name in (b.name for b in p.best if f"{p.name}.{b.name}" in example.given):
            item, node = example.given[f"{p.name}.{name}"], program.values.get(f"{p.name}.{name}")
            value = _quantity(item, node) if node is not None and isinstance(item, Scalar) else None
            if value is not None:
                best[name] = Threshold(1, 1, value)
            elif node is not None:
                zh, en = f"应是以 {node.type.unit.text} 计的数", f"a number in {node.type.unit.text} is needed"
                named = {"name_zh": example.name.zh, "name_en": example.name.en}
                problems.add("example-bad-value", item.span, what=f"{p.name}.{name}", value=plain(item), reason_zh=zh, reason_en=en, **named)
        if best:
            unit = program.values[f"{p.name}.{next(iter(best))}"].type.unit
            rankings[p.name] = Ranking(unit.text, {(): Range(1, 0, 0, best)})
    standard = program.standard
    made = Snapshot(standard.number, program.on, program.content_hash, "", 0, "an example", rankings, read_as_corrected(standard))
    return made if rankings else None


def evaluated(program: Program, example: Example, problems: Problems) -> Evaluation:
    thresholds = {name for name in program.values if "." in name}
    given = {name: plain(item) for name, item in example.given.items() if name not in thresholds}
    asked = {name for declared in program.inputs.values() for name in (declared.name, declared.is_)}
    flat, _ = flattened({name: places(item) for name, item in example.given.items()})
    spans: dict[str, Span] = {n: span if n in asked else example.keys.get(n, span) for n, span in flat.items() if isinstance(span, Span)}
    return evaluate(program, admit(program.inputs, given, problems, spans))


def _impossible(program: Program) -> set[str]:
    """The kinds of example a standard cannot have: a template never passes as a whole, where its clauses rest on what is unverified."""
    applies = any(m.applies.op is not Op.CONST for m in program.judged)
    reasons = {p.unverified_reason for p in program.standard.unverified}
    held_up = program.overall is not None and any(n.op is Op.UNDEFINED and n.value in reasons for n in below([program.overall.requires]))
    return (set() if applies else {"not_applicable"}) | ({"pass"} if held_up else set())


def kinds(evaluation: Evaluation) -> set[str]:
    """Which of the mandatory kinds of example this one is."""
    program, found = evaluation.program, set()
    if program.overall is not None:
        found.add({Verdict.PASS: "pass", Verdict.FAIL: "fail"}.get(evaluation.judge(program.overall), ""))
    for meaning in program.judged:
        verdict = evaluation.judge(meaning)
        if verdict is Verdict.NOT_APPLICABLE:
            found.add("not_applicable")
        if verdict is Verdict.UNDETERMINED and evaluation.why_unknown(meaning).missing:
            found.add("missing")
    roots = [m.requires for m in program.clauses] + [m.level for m in program.indicators]
    if any(_at_limit(node, evaluation) for node in below(roots)):
        found.add("limit")
    return found


def _at_limit(node: Node, evaluation: Evaluation) -> bool:
    numbers = node.op in (Op.LE, Op.LT, Op.EQ) and node.args[0].is_number
    if numbers or (node.op in (Op.LE, Op.LT) and node.args[0].type.kind is Kind.DATE):
        left, right = (evaluation.of(a) for a in node.args)
        return type(left) is not Unknown and left == right
    return False


def compare(evaluation: Evaluation, example: Example, problems: Problems) -> None:
    """Reports every expectation of an example that its evaluation does not meet."""
    program, named = evaluation.program, {"name_zh": example.name.zh, "name_en": example.name.en}
    for what, (key, expected) in example.expect.items():
        if what == "missing":
            for each in expected:
                if each.text not in program.inputs:
                    problems.add("example-unknown-name", each.span, what=each.text, **named, **did_you_mean(each.text, program.inputs))
            wanted, missing = sorted(e.text for e in expected), sorted(_missing(evaluation))
            if wanted != missing and set(wanted) <= program.inputs.keys():
                problems.add("example-fails", key.span, what=what, expected=", ".join(wanted) or "—", found=", ".join(missing) or "—", **named)
            continue
        found, node = _found(evaluation, what), program.roots.get(what)
        if found is None:
            problems.add("example-unknown-name", key.span, what=what, **named, **did_you_mean(what, _names(program)))
        elif len(expected) != 1:
            problems.add("example-fails", key.span, what=what, expected=", ".join(s.text for s in expected), found=_text(found, node), **named)
        elif (reason := _unusable(expected[0], what, program)) is not None:
            problems.add("example-bad-value", expected[0].span, what=what, value=expected[0].text, reason_zh=reason[0], reason_en=reason[1], **named)
        elif not _same(expected[0], found, node):
            problems.add("example-fails", expected[0].span, what=what, expected=expected[0].text, found=_text(found, node), **named)


def _names(program: Program) -> list[str]:
    return [name for name in program.roots if not name.endswith("?")]


def _unusable(expected: Scalar, what: str, program: Program) -> tuple[str, str] | None:
    """Why an expectation can never come true, in Chinese and English; None where it can."""
    node, grading = program.roots[what], program.standard.gradings.get(what)
    words = {v.value for v in Verdict}
    if any(m.no == what for m in program.judged):
        return None if expected.text in words else (f"判定是 {'、'.join(sorted(words))} 之一", f"a verdict is one of {', '.join(sorted(words))}")
    if grading is not None:
        grades = [g.grade for g in grading.grades]
        return None if expected.text in (*grades, "undetermined") else (f"等级是 {'、'.join(grades)} 之一", f"a grade is one of {', '.join(grades)}")
    indicator = program.standard.indicators.get(what)
    others = {"undetermined"} if indicator is None else {"undetermined", "none", "not_applicable"}
    if expected.text in others or not node.is_number or _quantity(expected, node) is not None:
        return None
    if indicator is not None:
        return "等级是 1、2……或 none", "a level is 1, 2 … or none"
    return f"应是以 {node.type.unit.text} 计的数", f"a number in {node.type.unit.text} is needed"


def _missing(evaluation: Evaluation) -> set[str]:
    """Inputs that undetermined verdicts wait for."""
    undetermined = [m for m in evaluation.program.judged if evaluation.judge(m) is Verdict.UNDETERMINED]
    return set().union(*(evaluation.why_unknown(m).missing for m in undetermined)) if undetermined else set()


def _found(evaluation: Evaluation, what: str) -> Value | Verdict | str | None:
    program = evaluation.program
    for meaning in program.judged:
        if meaning.no == what:
            return evaluation.judge(meaning)
    for indicator in program.indicators:
        if indicator.indicator.name == what:
            if evaluation.of(indicator.applies) is False:
                return Verdict.NOT_APPLICABLE
            level = evaluation.of(indicator.level)
            return "none" if level == len(indicator.indicator.levels) + 1 else level
    node = program.roots.get(what)
    return None if node is None else evaluation.of(node)


def _same(expected: Scalar, found: Value | Verdict | str, node: Node | None) -> bool:
    if isinstance(found, Verdict):
        return expected.text == found.value
    if isinstance(found, Unknown):
        return expected.text == "undetermined"
    if isinstance(found, Fraction) and node is not None:
        return _quantity(expected, node) == found
    return expected.text == (str(found).lower() if isinstance(found, bool) else str(found))


def _quantity(expected: Scalar, node: Node) -> Fraction | None:
    plain = parse_number(expected.text)
    if plain is not None:
        return plain
    written = parse(expected, Problems(), quantity=True)
    number, sign = (written.operand, -1) if isinstance(written, Minus) else (written, 1)
    if isinstance(number, Number) and number.unit is not None and number.unit.same_dimension(node.type.unit):
        return sign * number.value * number.unit.ratio(node.type.unit)
    return None


def _text(found: Value | Verdict | str, node: Node | None) -> str:
    if isinstance(found, Verdict):
        return found.value
    if isinstance(found, Unknown):
        return "undetermined"
    if isinstance(found, Fraction):
        return decimal_text(found) if node is None or node.type.unit == ONE else f"{decimal_text(found)} {node.type.unit.text}"
    return str(found).lower() if isinstance(found, bool) else str(found)
