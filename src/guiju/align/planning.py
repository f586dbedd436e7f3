"""Planning: what is asked for when a test plan is wanted, and the plan: for commands, pages and programs alike."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from pathlib import Path

from guiju.align.catalogue import load_catalogue
from guiju.align.needs import needs_of_all, numbers_in
from guiju.align.testplan import Plan, plan
from guiju.base.diagnostics import Diagnostic, Problems, Refused
from guiju.records.bulk import programs
from guiju.standard.regions import Regions
from guiju.standard.shelf import Shelf


@dataclass(frozen=True)
class Question:
    """What is asked: of plain values, so that it can be kept, compared and sent to another process.

    tests      the catalogue of tests on offer
    words      standards; none: those in force in the regions that are about the subjects
    regions    by code or name; none: those the standards are issued for
    deadline   days for every laboratory
    seconds    for the solver
    """

    tests: Path
    words: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    scenarios: tuple[str, ...] = ()
    should: bool = False
    passed: tuple[str, ...] = ()
    deadline: int | None = None
    seconds: float = 10
    on: date | None = None


def planned(shelf: Shelf, known: Regions, question: Question) -> Plan:
    """The cheapest tests for access to the regions, with all there is to say about the catalogue.

    raises   Refused: plan-unasked, unknown-subject, plan-scenario, plan-asks-nothing, plan-too-late, unknown-test, unknown-region, what the catalogue
             and the standards have
    """
    problems = Problems()
    catalogue = load_catalogue(question.tests, shelf.dictionary, known, problems)
    problems.refuse_errors()
    assert catalogue is not None, "a catalogue that cannot be read is refused"
    asked, day, words = [known.named(word).code for word in question.regions], question.on, list(question.words)
    if not words:
        if not asked or not question.subjects:
            raise Refused([Diagnostic("plan-unasked", None)])
        day = day or date.today()
        words = numbers_in(shelf, known, asked, question.subjects, day)
    found = programs(shelf, words, day)
    codes = list(dict.fromkeys(asked or (code for p in found for code in known.issued_for(p.standard.region))))
    needs, told = needs_of_all(found, known, codes, shelf.dictionary, should=question.should, scenarios=question.scenarios)
    made = plan(needs, told, catalogue, codes, known, shelf.dictionary, passed=question.passed, seconds=question.seconds,
                deadline=None if question.deadline is None else Fraction(question.deadline))  # fmt: skip
    return replace(made, diagnostics=(*problems.found, *made.diagnostics))
