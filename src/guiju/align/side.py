"""Sides: what is compared. A side is a standard, or a region with all that applies in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from guiju.align.inforce import standards_in, within_subject
from guiju.base.diagnostics import Diagnostic, Problems, Refused
from guiju.ir.check import check
from guiju.ir.program import Program
from guiju.standard.model import Title
from guiju.standard.regions import Regions
from guiju.standard.shape import did_you_mean
from guiju.standard.shelf import Shelf


@dataclass(frozen=True, slots=True)
class Side:
    """code   of the region; of a standard, its number"""

    code: str
    title: Title
    programs: tuple[Program, ...]

    @property
    def number(self) -> str:
        return "、".join(p.standard.number for p in self.programs)


def sides_of(shelf: Shelf, regions: Regions, words: Sequence[str], subject: str | None, on: date | None, corrected: bool = False) -> list[Side]:
    """The sides named by numbers, folders or files of standards, or by codes or names of regions.

    subject   of a region, only standards of this type of subject, or of a part of it (`road` for `road.smart`)
    on        the date of all programs; None: each standard's own
    raises    Refused, with every problem: what is neither, a standard with errors, a region with nothing of that subject
    """
    problems, found = Problems(), []
    for word in words:
        if shelf.locate(word) is None and regions.is_one(word):
            found.append(_region(shelf, regions, word, subject, on, corrected, problems))
        else:
            found += _standard(shelf, regions, word, on, corrected, problems)
    problems.refuse_errors()
    shared = _shared(found) if len(found) > 1 else set()
    return [replace(side, programs=tuple(p for p in side.programs if p.content_hash not in shared)) for side in found]


def _shared(found: Sequence[Side]) -> set[str]:
    """What applies on every side is the same there and tells nothing."""
    return set.intersection(*({p.content_hash for p in side.programs} for side in found))


def _standard(shelf: Shelf, regions: Regions, word: str, on: date | None, corrected: bool, problems: Problems) -> list[Side]:
    path = shelf.locate(word)
    if path is None:
        known = [*shelf.numbers(), *(text for r in regions.held.values() for text in (r.code, r.title.zh, r.title.en))]
        problems.add("align-unknown", None, name=word, **did_you_mean(word, known))
        return []
    opened, own = shelf.open(path, on), Problems()
    own.extend(opened.problems.found)
    program = check(opened.standard, on, shelf, own, corrected) if opened.standard else None
    if own.has_errors or program is None:
        problems.extend(own.found)
        return []
    return [Side(shelf.name_of(path) or program.standard.number, program.standard.title, (program,))]


def _region(shelf: Shelf, regions: Regions, word: str, subject: str | None, on: date | None, corrected: bool, problems: Problems) -> Side:
    region = regions.named(word)
    held, subjects = [], set()
    for standard in standards_in(shelf, regions, region.code, on):
        subjects.add(standard.subject[0])
        if subject is None or within_subject(standard, subject):
            own = Problems()
            held.append(check(standard, on, shelf, own, corrected))
            if own.has_errors:
                problems.extend(own.found)
    if not held:
        facts = {"name": region.code, "subject": subject or "", "known": "、".join(sorted(subjects)) or "–"}
        problems.add("align-region-empty", None, **facts, **did_you_mean(subject or "", subjects))
    return Side(region.code, region.title, tuple(held))


def only_pair(found: Sequence[Side]) -> tuple[Side, Side]:
    """raises   Refused: align-two"""
    if len(found) != 2:
        raise Refused([Diagnostic("align-two", None, {"found": str(len(found))})])
    return found[0], found[1]
