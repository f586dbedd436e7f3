"""Inherited: the examples of a base, run on what was made of it; and a standard's own examples across its amendments.

An expectation that held before and holds no more is a change the author should see, not a mistake. Both sides are judged on one date, so
that what is listed comes of the profile or the amendment, never of the calendar.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from guiju.base.diagnostics import Problems, Span
from guiju.ir.check import check
from guiju.ir.lower import Library
from guiju.ir.ordering import definitions, needed_names
from guiju.ir.program import Program
from guiju.readings.evaluate import Evaluation, Verdict
from guiju.standard.model import Example, Origin, Standard

At = Callable[[date], Standard | None]
"""The standard as it reads on a date."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """An example as a program judges it."""

    evaluation: Evaluation
    unmet: Mapping[str, str]
    """What was expected and is not so → what is found instead."""
    kinds: frozenset[str]


Run = Callable[[Program, Example], Outcome]


def inherited(program: Program, library: Library, at: At, run: Run, problems: Problems) -> set[str]:
    """Notes every expectation of the bases' examples that no longer holds; gives the kinds of those examples that hold in full."""
    standard, kinds = program.standard, set[str]()
    base = standard.based_on
    while base is not None:
        below = library.find(base.number)
        if below is None:
            break
        gone: Counter[str] = Counter()
        for example in below.examples:
            day = max(example.on or below.default_date, program.on)
            reference = library.find(standard.based_on.number, day) if standard.based_on else None
            merged = at(day)
            if reference is None or merged is None:
                continue
            pair = Pair(check(reference, day, library, Problems()), check(merged, day, library, Problems()))
            kinds |= _compared(pair, example, below.number, run, problems, gone)
        _say_gone(gone, below.number, standard, problems)
        base = below.based_on
    return kinds


def across_amendments(standard: Standard, library: Library, at: At, run: Run, problems: Problems) -> None:
    """Notes what each amendment changes of the standard's own examples dated before it."""
    for since in sorted({layer.since for layer in standard.layers}):
        before, after = at(since - timedelta(days=1)) if since > date.min else None, at(since)
        if before is None or after is None:
            continue
        unamended = replace(before, period=(None, None))
        pair = Pair(check(unamended, since, library, Problems()), check(after, since, library, Problems()))
        gone: Counter[str] = Counter()
        for example in standard.examples:
            if (example.on or standard.default_date) < since:
                _compared(pair, example, standard.number, run, problems, gone)
        _say_gone(gone, standard.number, after, problems)


@dataclass(frozen=True, slots=True)
class Pair:
    """The same standard without and with what a profile or an amendment does to it."""

    before: Program
    after: Program


def _compared(pair: Pair, example: Example, number: str, run: Run, problems: Problems, gone: Counter[str]) -> set[str]:
    """Notes what an example expects and is no longer so; what it expects of something removed is counted in `gone`."""
    before, after = run(pair.before, example), run(pair.after, example)
    there = {*pair.after.roots, "missing"}
    for what in (what for what in after.unmet if what not in before.unmet):
        if what not in there:
            gone[what] += 1
            continue
        changed = list(dict.fromkeys(_changers(pair, before.evaluation, after.evaluation, what)))
        words = ", ".join("scope" if name == "[]" else name.strip("[]") for name, _ in changed)
        span = next((span for _, span in changed if span), None) or _amending(pair.after.standard)
        expected = ", ".join(s.text for s in example.expect[what][1])
        problems.add("inherited-example-changed", span, name_zh=example.name.zh, name_en=example.name.en, number=number, what=what, expected=expected,
                     found=after.unmet[what], by=words or "—")  # fmt: skip
    return set() if after.unmet else set(after.kinds)


def _say_gone(gone: Counter[str], number: str, standard: Standard, problems: Problems) -> None:
    if gone:
        problems.add("inherited-expectations-gone", _amending(standard), number=number, count=sum(gone.values()), names=", ".join(gone))


def _amending(standard: Standard) -> Span:
    return standard.based_on.span if standard.based_on else standard.layers[-1].span if standard.layers else standard.span


def _changers(pair: Pair, before: Evaluation, after: Evaluation, what: str) -> Iterator[tuple[str, Span | None]]:
    """The declarations that are not as before and that an expectation rests on: (name, where it is written)."""
    old, new = pair.before.standard, pair.after.standard
    own = Origin(old.number)
    changed = {name for name, origin in new.origins.items() if origin != old.origins.get(name, own)}
    found = definitions(new)
    clauses = {m.no for m in pair.after.judged} | {m.no for m in pair.before.judged}
    if what in ("overall", "missing"):
        was, is_ = before.verdicts, after.verdicts
        differ = [no for no in clauses - {"overall"} if was.get(no) is not is_.get(no)]
        starts = [f"[{no}]" for no in differ if {was.get(no, Verdict.PASS), is_.get(no, Verdict.PASS)} - {Verdict.PASS, Verdict.NOT_APPLICABLE}]
    else:
        starts = [f"[{no}]" for no in new.families.get(what, (what,))] if what in clauses else [what]
    for start in sorted(starts):
        if start not in found:
            yield _authored(start), None
            continue
        needed = [name for name in needed_names(new, found, start) if _authored(name) in changed]
        for name in sorted(needed, key=lambda n: (n != start, n != "[]", n)):
            declared = found.get(name) or new.inputs.get(name)
            yield _authored(name), getattr(declared, "span", None)


def _authored(name: str) -> str:
    """The name as its author wrote it: `delay@fcw` and `mass#1` are one input each, `[4.1@fcw]` is one clause."""
    return re.sub(r"[@#][^\]]*", "", name)
