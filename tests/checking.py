"""Checking a standard that is only a text: the way of `guiju check`, without files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache

from guiju.base.diagnostics import Problems, Severity
from guiju.ir.check import check
from guiju.ir.program import Program
from guiju.ir.record import admit
from guiju.ir.snapshot import Snapshot
from guiju.readings.evaluate import Evaluation, evaluate
from guiju.readings.examples import run_examples
from guiju.standard.consolidated import change_dates, read_standard
from guiju.standard.dictionary import Dictionary
from guiju.standard.document import Document, read
from guiju.standard.model import Standard
from guiju.standard.shelf import Shelf

MADE_UP = """
guiju: 1
standard: {number: T/TEST 1, edition: 2026, title: {zh: 测试, en: test}, level: group, region: CN, status: draft, dates: {effective: 2026-01-01}}
sources: {s: {title: made up, grade: illustrative, why: {zh: 测试, en: test}}}
subject: {type: car, zh: 车, en: car}
"""
"""The head of a standard made up for a test; inputs, clauses and the rest follow."""


@cache
def shelf() -> Shelf:
    """The shipped shelf, opened once."""
    return Shelf()


@dataclass
class Checked:
    """What checking a text gave."""

    standard: Standard | None
    program: Program | None
    problems: Problems
    texts: Mapping[str, str]

    @property
    def codes(self) -> list[str]:
        return [d.code for d in self.problems.found]

    @property
    def errors(self) -> list[str]:
        return [f"{d.span}: {d.code}: {d.message('en')}" for d in self.problems.found if d.severity is Severity.ERROR]


@dataclass
class Texts:
    """A library of standards that are texts; what it lacks is looked for on the shipped shelf if there is one."""

    standards: Mapping[str, str]
    beyond: Texts | Shelf | None = None
    opened: dict[tuple[str, date | None], Standard | None] = field(default_factory=dict)
    dictionary: Dictionary = field(default_factory=lambda: shelf().dictionary)

    def find(self, number: str, on: date | None = None) -> Standard | None:
        if number not in self.standards:
            return self.beyond.find(number, on) if self.beyond else None
        document = self.document(number)
        if (number, on) not in self.opened and document is not None:
            self.opened[number, on], _ = read_standard(document, None, self.dictionary, self, on, Problems(), shelf().factors)
        return self.opened[number, on]

    def document(self, number: str) -> Document | None:
        if number in self.standards:
            return read(self.standards[number], f"{number}.yaml", Problems())
        return self.beyond.document(number) if self.beyond else None

    def factor(self, id_: str, kind: str, region: str) -> list[str]:
        return shelf().factor(id_, kind, region)

    def numbers(self) -> list[str]:
        return [*self.standards, *(self.beyond.numbers() if self.beyond else ())]


def checked(
    text: str, examples: str | None = None, *, on: date | None = None, library: Texts | Shelf | None = None, run: bool = True,
    dictionary: Dictionary | None = None, snapshots: Sequence[Snapshot] = (),
) -> Checked:  # fmt: skip
    """Everything said of the text of a standard, and of its examples where they are given.

    run   also run the examples, where nothing before was wrong
    """
    library, dictionary = library or shelf(), dictionary or shelf().dictionary
    problems = Problems()
    document = read(text, "standard.yaml", problems)
    beside = None if examples is None else read(examples, "examples.yaml", problems)
    standard, bases = read_standard(document, beside, dictionary, library, on, problems, shelf().factors)
    texts = {"standard.yaml": text} | ({} if examples is None else {"examples.yaml": examples}) | {b.file: b.text for b in bases}
    if standard is None:
        return Checked(None, None, problems, texts)
    program = check(standard, on, library, problems, snapshots=snapshots)
    for day in () if on else change_dates(document, library):
        later, _ = read_standard(document, beside, dictionary, library, day, problems, shelf().factors)
        if later is not None:
            check(later, day, library, problems)
    if run and not problems.has_errors:
        for index in program.exactness.unproved:
            problems.add("comparison-not-proved", next(n.where for n in program.order if n.index == index))
        if examples is not None:
            run_examples(program, library, problems, lambda day: read_standard(document, beside, dictionary, library, day, Problems(), shelf().factors)[0])
    return Checked(standard, program, problems, texts)


def program_of(
    text: str, *, on: date | None = None, library: Texts | Shelf | None = None, dictionary: Dictionary | None = None,
    snapshots: Sequence[Snapshot] = (),
) -> Program:  # fmt: skip
    """The program of a text that must have no error."""
    found = checked(text, on=on, library=library, run=False, dictionary=dictionary, snapshots=snapshots)
    assert found.program is not None and not found.errors, "\n".join(found.errors)
    return found.program


def evaluation_of(
    text: str, given: Mapping[str, object], *, on: date | None = None, library: Texts | Shelf | None = None, snapshots: Sequence[Snapshot] = ()
) -> Evaluation:
    """The text's verdict on one product, given as a person gives it."""
    program = program_of(text, on=on, library=library, snapshots=snapshots)
    problems = Problems()
    record = admit(program.inputs, given, problems)
    assert not problems.has_errors, [d.message("en") for d in problems.found]
    return evaluate(program, record)
