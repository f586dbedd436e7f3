"""Corrections: a text believed wrong, kept as it is written beside what it is believed to mean. Either can be read; neither is lost.

As read, a clause, a row or a value carries the other reading in its `corrected`; `as_corrected` turns the two round.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from guiju.base.diagnostics import Problems
from guiju.standard.model import Clause, Correction, Dated, Row, Standard, Title

_INSTEAD_OF_EACH_OTHER = (("shall", "should"), ("upto", "below"), ("above", "from"))

Read = Callable[[dict[str, Any]], Any]
"""Plain values of a clause, a row or a value → the same as the model has it; None where it is malformed."""


def correction(
    raw: dict[str, Any], keys: Sequence[str], make: Read, ids: Callable[[dict[str, Any]], tuple[str, ...]], problems: Problems
) -> Correction | None:
    """What the plain values say under `corrected`; None where they say nothing, or what they say is malformed.

    keys   what may be corrected
    """
    given = raw.get("corrected")
    if given is None:
        return None
    changes = {key: given[key] for key in keys if key in given}
    if not changes:
        problems.add("missing-key", given[""], key=" | ".join(keys), within="corrected", within_zh="勘正")
        return None
    dropped = {"corrected"}.union(*(pair for pair in _INSTEAD_OF_EACH_OTHER if set(pair) & changes.keys()))
    other = make({key: value for key, value in raw.items() if key not in dropped} | changes)
    if other is None:
        return None
    return Correction(other, Title(given["zh"].text, given["en"].text), ids(given), given[""])


def corrections(standard: Standard) -> Iterator[tuple[str, Clause | Row | Dated]]:
    """Everything with a correction, and the clause, table or parameter it belongs to."""
    yield from ((clause.no, clause) for clause in standard.clauses.values() if clause.corrected)
    yield from ((table.name, row) for table in standard.tables.values() for row in table.rows if row.corrected)
    yield from ((p.name, value) for p in standard.parameters.values() for value in p.values if value.corrected)


def changes_nothing(item: Clause | Row | Dated) -> bool:
    """Whether both readings ask the same."""
    return item.corrected is not None and _asked(item) == _asked(item.corrected.other)


def _asked(item: Clause | Row | Dated) -> tuple[object, ...]:
    match item:
        case Clause():
            return item.strength, item.requires, item.when, item.rounded
        case Row():
            return item.lower, item.upper, item.key and item.key.text, item.at, item.value
    return (item.value,)


def as_corrected(standard: Standard) -> Standard:
    """The standard by its other reading: as corrected, or as written where it was read as corrected."""
    return replace(
        standard,
        corrected=not standard.corrected,
        clauses={no: _turned(clause) for no, clause in standard.clauses.items()},
        tables={name: replace(table, rows=tuple(map(_turned, table.rows))) for name, table in standard.tables.items()},
        parameters={name: replace(p, values=tuple(map(_turned, p.values))) for name, p in standard.parameters.items()},
    )


Correctable = TypeVar("Correctable", Clause, Row, Dated)


def _turned(item: Correctable) -> Correctable:
    if item.corrected is None:
        return item
    other: Correctable = item.corrected.other
    return replace(other, corrected=replace(item.corrected, other=replace(item, corrected=None)))
