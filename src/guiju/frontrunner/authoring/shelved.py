"""Shelved: what the shelf has to offer to whoever sets levels: the standards with graded indicators, their levels as they are, and the national
limits that schemes name for them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from guiju.base.diagnostics import Language, Problems
from guiju.frontrunner.authoring.capability import amount
from guiju.frontrunner.authoring.sample import thresholds_in_force
from guiju.frontrunner.scheme import load_scheme, scheme_files
from guiju.ir.program import Program
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


def named_limits(shelf: Shelf, number: str, indicator: str, based_on: Sequence[str] = ()) -> list[Limit]:
    """The national limits that schemes of a standard, or of one it is based on, name for an indicator."""
    found: dict[str, Limit] = {}
    for id_, path in scheme_files(shelf).items():
        scheme = load_scheme(path, Problems())
        if scheme is None or scheme.standard not in (number, *based_on):
            continue
        for each in scheme.indicators:
            if each.name == indicator and each.national is not None:
                text = f"{each.national.clause} of {each.national.number}"
                found.setdefault(text, Limit(text, id_))
    return list(found.values())
