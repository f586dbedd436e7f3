"""Looking: what a board run would compare, before it is asked for: who would stand in which comparable range, who is barred, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from guiju.frontrunner.board import counting
from guiju.frontrunner.board.forming import formed_by
from guiju.frontrunner.board.model import Formed, Range
from guiju.frontrunner.board.placing import PLACED, place
from guiju.frontrunner.board.work import opened_scheme
from guiju.frontrunner.entity import DeclaredStandard
from guiju.frontrunner.library.kept import library_of
from guiju.frontrunner.scheme import Scheme
from guiju.ir.program import Program
from guiju.records.bulk import weakest_evidence
from guiju.store.database import Store

PLACED_MAX = 200_000
"""Products that are placed while a page waits; of more the form check alone is shown, and the run itself tells the ranges."""


@dataclass(frozen=True)
class Look:
    """library    its hash; standards, products: how many it has
    ranges     range → (declared standards, models) that would be compared; None: the library is too large to be placed while somebody waits
    barred     reason → models that would be on no board; None as above
    forms      declared standards the form check bars, by number and edition
    """

    scheme: Scheme
    program: Program
    library: str
    standards: int
    products: int
    ranges: Mapping[Range, tuple[int, int]] | None
    barred: Mapping[str, int] | None
    forms: tuple[tuple[DeclaredStandard, Formed], ...]
    illustrative: bool


def looked_at(store: Store, edition: str, text: str, library: str, revision: int | None, on: date | None) -> Look:
    """What a run with these arguments would compare. Nothing is kept, nothing is proved.

    edition   of the evaluation standard, in the store; text: of the scheme
    raises    Refused: every problem of the scheme, library-unknown, library-revision, what is wrong with the library
    """
    opened = opened_scheme(store, edition, text, on, (), prove=False)
    scheme, program = opened.scheme, opened.program
    held = library_of(store, library, revision)
    with held.connection as connection:
        form = formed_by(held, scheme, opened.shelf.editions(), program.on)
        found = ((declared, form(declared, scheme)) for _, declared in sorted(held.standards.items()))
        forms = tuple((declared, formed) for declared, formed in found if formed.barred)
        ranges, barred = None, None
        if held.products.rows <= PLACED_MAX:
            words = [f"r{at}" for at in range(place(program, scheme, held, program.on, form).words)]
            counts = f"{''.join(f'{word}, ' for word in words)}count(DISTINCT entry), count(*)"
            grouped = f" GROUP BY {', '.join(words)} ORDER BY {', '.join(words)}" if words else " HAVING count(*) > 0"
            rows = connection.execute(f"SELECT {counts} FROM {PLACED} WHERE reason = 0{grouped}").fetchall()
            ranges = {tuple(row[:-2]): (int(row[-2]), int(row[-1])) for row in rows}
            barred = counting.barred(connection)
    illustrative = scheme.illustrative or weakest_evidence(program) == "illustrative" or held.illustrative
    return Look(scheme, program, held.hash, len(held.standards), held.products.rows, ranges, barred, forms, illustrative)
