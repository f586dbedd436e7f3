"""Boards: a library of declared standards compared by a scheme. The same scheme, standard, library and date give the same boards, in any order
of rows and in any units.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from guiju.frontrunner.board import counting
from guiju.frontrunner.board.comparing import OVERALL, compare, drafting_qualities
from guiju.frontrunner.board.model import Boards, Cited, FormCheck, Formed, Library
from guiju.frontrunner.board.placed import in_memory
from guiju.frontrunner.board.placing import PLACED, Placing, place
from guiju.frontrunner.entity import DeclaredStandard
from guiju.frontrunner.scheme import Scheme
from guiju.ir.node import Op, below
from guiju.ir.program import Program
from guiju.ir.snapshot import Snapshot
from guiju.records.bulk import weakest_evidence
from guiju.store.results import engine_version

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def unchecked(declared: DeclaredStandard, scheme: Scheme) -> Formed:
    """The form check that is none: nothing is barred and every standard is drafted alike. Boards say that none was made."""
    return Formed((), Fraction(1))


def boards(
    program: Program, scheme: Scheme, library: Library, on: date, snapshots: Sequence[Snapshot] = (), *, form: FormCheck = unchecked,
    form_name: str = "none", limits: Mapping[str, Fraction] | None = None,
) -> Boards:  # fmt: skip
    """A board run: every product of the library placed, every range × indicator counted, declared standards compared as a whole.

    program    as `board_program` makes it of the scheme
    on         the day the products are looked at: what is declared, published and on sale by then
    snapshots  those the program was made with
    form       the form check; form_name: how it is called where it is cited
    limits     of `national_limits`, for showing them
    raises     Refused: board-column, and what is wrong with the mapping of declared values
    """
    connection = library.connection
    placing = place(program, scheme, library, on, form)
    compared, shortlisted = compare(connection, placing)
    found = counting.boards(connection, placing)
    standard = program.standard
    cited = Cited(scheme.id, scheme.hash, standard.number, standard.edition, program.content_hash, library.hash,
                  tuple(sorted(each.hash for each in snapshots)), engine_version(), on, form_name)  # fmt: skip
    illustrative = scheme.illustrative or weakest_evidence(program) == "illustrative" or library.illustrative
    barred_forms = {key: formed for key, formed in sorted(placing.forms.items()) if formed.barred}
    needs = needed_inputs(placing)
    qualities = drafting_qualities(placing)
    placed = in_memory(connection, scheme, placing.words, placing.inputs, needs, qualities)
    return Boards(
        scheme=scheme, program=program, cited=cited, illustrative=illustrative, products=library.products.rows, barred=counting.barred(connection),
        mandatory=counting.mandatory(connection, placing), ranges=tuple(dict.fromkeys(board.range for board in found)), boards=found,
        compared=compared, shortlisted=shortlisted, sha256=_hashes(connection, placing), forms=barred_forms, limits=dict(limits or {}),
        inputs=placing.inputs, needs=needs, qualities=qualities, diagnostics=placing.quality.diagnostics(), placed=placed,
    )  # fmt: skip


def needed_inputs(placing: Placing) -> Mapping[str, tuple[str, ...]]:
    """Indicator → the inputs its level is made of."""
    found = {}
    for meaning in placing.lean.indicators:
        nodes = below([meaning.level, meaning.applies])
        names = {str(node.value) for node in nodes if node.op is Op.INPUT}
        found[meaning.indicator.name] = tuple(name for name in placing.inputs if name in names)
    return found


def _hashes(connection: DuckDBPyConnection, placing: Placing) -> dict[str, str]:
    """sha256 over the rows of both tables, whatever order they came in."""
    parts, numbers = [f"r{number}" for number in range(placing.words)], range(len(placing.scheme.indicators))
    reached = [f"CAST({name}{at} AS INTEGER)" for at in numbers for name in placing.references(at)]
    placed = [
        "enterprise",
        "standard",
        "edition",
        "model",
        "product",
        "reason",
        "failing",
        *parts,
        *_packed([*(f"l{at}" for at in numbers), *reached]),
    ]
    overall = [
        *parts,
        "enterprise",
        "standard",
        "edition",
        "models",
        *_packed([f"w{at}" for at in numbers]),
        "declared",
        "asked",
        "extra",
        "stars",
        "status",
    ]
    return {"placed": _hash(connection, PLACED, placed), "overall": _hash(connection, OVERALL, overall)}


_PACKED = 20


def _packed(columns: Sequence[str]) -> list[str]:
    """Numbers from 0 to 6, or NULL, in whole numbers of three bits each."""
    groups = [columns[at : at + _PACKED] for at in range(0, len(columns), _PACKED)]
    return [" + ".join(f"(CAST(coalesce({column}, 7) AS BIGINT) << {3 * place})" for place, column in enumerate(group)) for group in groups]


def _hash(connection: DuckDBPyConnection, table: str, columns: Sequence[str]) -> str:
    line = f"CAST(json_array({', '.join(columns)}) AS VARCHAR)"
    query = f"SELECT sha256(coalesce(string_agg(line, chr(10) ORDER BY line), '')) FROM (SELECT {line} AS line FROM {table})"
    ((found,),) = connection.execute(query).fetchall()
    return str(found)
