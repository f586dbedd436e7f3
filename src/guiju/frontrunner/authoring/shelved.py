"""Shelved: what the shelf has to offer to whoever sets levels: the standards with graded indicators, their levels as they are, and the national
limits that schemes name for them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from guiju.base.diagnostics import Language, Problems
from guiju.frontrunner.authoring.capability import amount
from guiju.frontrunner.authoring.sample import limit_in, property_of, thresholds_in_force
from guiju.frontrunner.scheme import National, load_scheme, scheme_files
from guiju.ir.check import check
from guiju.ir.program import IndicatorMeaning, Program
from guiju.standard.shelf import Shelf

_GRADED = re.compile(r"^\s+(?:levels|scale)\s*:", re.MULTILINE)
_BASED = re.compile(r"^based_on\s*:\s*[\"']?([^\"'\n#]+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Graded:
    """An indicator that thresholds can be derived for. levels: as they are now, in words; empty where they depend on another quantity"""

    name: str
    no: str
    title: str
    unit: str
    better: str
    levels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Limit:
    """A national limit as a scheme names it: `CLAUSE of STANDARD`."""

    text: str
    scheme: str


def graded_texts(files: Iterable[tuple[str, Path]]) -> list[str]:
    """The numbers of standards whose text has levels, or is based on one that has. files: (number, folder)"""
    texts = {number: _text(folder / "standard.yaml") for number, folder in files}
    found = {number for number, text in texts.items() if _GRADED.search(text)}
    based = {number: match[1].strip() for number, text in texts.items() if (match := _BASED.search(text))}
    while more := {number for number, base in based.items() if base in found and number not in found}:
        found |= more
    return [number for number in texts if number in found]


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


def graded(program: Program, language: Language) -> list[Graded]:
    """The indicators of a standard whose value is a number, in its order."""
    made = []
    for each in program.indicators:
        if each.value.is_number:
            unit, held = each.value.type.unit, thresholds_in_force(each)
            levels = () if held is None else tuple(amount(value, unit) for value in held)
            made.append(
                Graded(each.indicator.name, each.indicator.no, each.indicator.title.text(language), unit.shown, each.indicator.better, levels)
            )
    return made


def named_limits(shelf: Shelf, program: Program, meaning: IndicatorMeaning) -> list[Limit]:
    """The national limits that schemes of a standard, or of the one it is based on, name for an indicator, where they limit what it grades."""
    standard, found = program.standard, dict[str, Limit]()
    numbers = (standard.number, *([standard.based_on.number] if standard.based_on else ()))
    for id_, path in scheme_files(shelf).items():
        scheme = load_scheme(path, Problems())
        if scheme is None or scheme.standard not in numbers:
            continue
        national = next((each.national for each in scheme.indicators if each.name == meaning.indicator.name), None)
        if national is None:
            continue
        clause = f"{national.clause} of {national.number}"
        if _limits(shelf, national, program, meaning):
            found.setdefault(clause, Limit(clause, id_))
    return list(found.values())


def _limits(shelf: Shelf, national: National, program: Program, meaning: IndicatorMeaning) -> bool:
    """Whether a clause is one limit, to the side that counts, on a quantity such as an indicator grades."""
    standard = shelf.find(national.number, program.on)
    if standard is None:
        return False
    return limit_in(check(standard, program.on, shelf, Problems()), national.clause, meaning, property_of(program, meaning)) is not None
