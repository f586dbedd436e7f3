"""Comparisons as long work: editions of the store compared requirement by requirement, each relation proved, told as documents beside.

arguments   on, corrected; treat_as: property asked → property taken for it; any_method, must: as of `guiju align compare`; language, forms: as
            of a report
body        the matrix with its answers and witnesses, and what the report says of itself
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from guiju.align.commands.compared import matrix_json
from guiju.align.matrix import compare
from guiju.align.reports import comparison_report
from guiju.align.side import Side
from guiju.ir.program import Program
from guiju.report.work import TOLD, forms_of, language_of, put_forms, told_of
from guiju.standard.dictionary import Dictionary
from guiju.store.database import Store
from guiju.store.editions import edition_named, program_of
from guiju.store.kinds.work import Piece, Put, cited, counted, day, taken
from guiju.store.results import Outcome, Request

ARGUMENTS = {"on": str, "corrected": bool, "treat_as": dict, "any_method": bool, "must": bool, **TOLD}
SIDES_MAX = 8


@contextmanager
def comparison(store: Store, request: Request) -> Iterator[Comparison]:
    arguments = taken(request, ARGUMENTS)
    counted(request, 2, SIDES_MAX, records=False)
    forms_of(arguments)
    language_of(arguments)
    held = [program_of(store, edition_named(store, word), day(arguments), corrected=bool(arguments["corrected"])) for word in request.editions]
    dictionary = {id_: each for _, shelf in reversed(held) for id_, each in shelf.dictionary.items()}
    yield Comparison([program for program, _ in held], dictionary, arguments)


@dataclass(frozen=True)
class Comparison:
    programs: Sequence[Program]
    dictionary: Dictionary
    arguments: Mapping[str, Any]

    pieces = 1
    total = 1

    def piece(self, number: int, put: Put) -> Piece:
        asked = self.arguments
        numbers = [p.standard.number for p in self.programs]
        codes = [n if numbers.count(n) == 1 else f"{n}@{p.content_hash[:8]}" for n, p in zip(numbers, self.programs, strict=True)]
        sides = [Side(code, p.standard.title, (p,)) for code, p in zip(codes, self.programs, strict=True)]
        used, strengths = asked["treat_as"] or {}, ("shall",) if asked["must"] else ("shall", "should")
        made = compare(sides, self.dictionary, treat_as=used, any_method=bool(asked["any_method"]), strengths=strengths)
        told = comparison_report(made, language_of(asked), assumed=used)
        files = put_forms(told, forms_of(asked), put)
        return Piece({**told_of(told, files), "matrix": matrix_json(made, used)}, 1, tuple(files.values()))

    def whole(self, pieces: Sequence[Piece]) -> Outcome:
        return Outcome(cited(self.programs), None, pieces[0].body, pieces[0].files)
