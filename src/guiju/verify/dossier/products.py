"""Products: a population of real records, each different one once with its number, and what the exact reading finds of it.

Everything counted here is counted in exact numbers: a product on a limit is on it, and a limit moved by a share is moved by exactly that share.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np

from guiju.base.diagnostics import Diagnostic, Refused
from guiju.ir.node import Node
from guiju.ir.program import Program
from guiju.ir.values import Value
from guiju.metrology.array import Array
from guiju.readings.columnar import record_of
from guiju.readings.evaluate import Evaluation, evaluate
from guiju.readings.missing import missing_tally
from guiju.records.bulk import Batch, run
from guiju.records.source import identifier
from guiju.standard.model import Title
from guiju.standard.shelf import Shelf
from guiju.verify.dossier.limited import Limited

DIFFERENT_MAX = 100_000
"""Different records that are judged one by one; of more a sample is for people to draw, and to say how."""


@dataclass(frozen=True)
class Products:
    """A population.

    rows       records in the file, all of them
    records    the different ones, exact, with how many there are of each; `keys` one name of each
    present    input → rows that have a value; None where no column serves it
    missing    what undetermined rows wait for, and how many wait for it
    """

    name: str
    title: Title
    rows: int
    records: tuple[Mapping[str, Value], ...]
    counts: tuple[int, ...]
    keys: tuple[str, ...]
    present: Mapping[str, int | None]
    missing: tuple[tuple[str, int], ...]
    notes: tuple[Title, ...]
    terms: str
    digest: str
    diagnostics: tuple[Diagnostic, ...]


def read_products(shelf: Shelf, program: Program, path: Path, mapping: Path | None, digest: str, treat_as: Mapping[str, str]) -> Products:
    """A file of records through the door, mapped by the file given or by suggestion.

    raises   Refused: what reading, mapping and the door refuse; dossier-population-large
    """
    batch = run(shelf, [program], path, mapping, treat_as=treat_as)
    (each,) = batch.judged
    names = list(program.used_inputs)
    columns = ", ".join(identifier(name) for name in names)
    query = f"SELECT min(row) AS first, count(*), arg_min(key, row){', ' if names else ''}{columns} FROM {each.admitted}"
    found = batch.connection.execute(f"{query} GROUP BY {columns or 'ALL'} ORDER BY first").fetchmany(DIFFERENT_MAX + 1)
    if len(found) > DIFFERENT_MAX:
        raise Refused([Diagnostic("dossier-population-large", None, {"file": path.name, "limit": f"{DIFFERENT_MAX:,}"})])
    about = batch.mapping.about
    quality = {q.asked.name: q.present if q.entry is not None else None for q in each.quality.inputs}
    missing = tuple(missing_tally(batch.connection, each.waiting, each.bits)[:12]) if program.overall else ()
    return Products(
        path.name,
        about.title if about else Title(path.name, path.name),
        batch.source.rows,
        tuple(record_of(program, names, values) for _, _, _, *values in found),
        tuple(int(n) for _, n, *_ in found),
        tuple(str(key) for _, _, key, *_ in found),
        quality,
        missing,
        tuple(about.notes) if about else (),
        about.terms if about else "",
        digest,
        _said(batch),
    )


def _said(batch: Batch) -> tuple[Diagnostic, ...]:
    return tuple(d for d in batch.diagnostics if d.code != "input-without-column")


@dataclass(frozen=True)
class Seen:
    """The different records judged.

    weight   how many each stands for
    """

    products: Products
    evaluations: tuple[Evaluation, ...]
    weight: Array

    def share(self, node: Node) -> tuple[int, int, int]:
        """Rows for which a condition is true, false and unknown."""
        values = [e.of(node) for e in self.evaluations]
        sums = [sum(n for n, v in zip(self.products.counts, values, strict=True) if v is wanted) for wanted in (True, False)]
        return sums[0], sums[1], self.products.rows - sum(sums)


def see(program: Program, products: Products, tell: Callable[[int | None, int | None], None]) -> Seen:
    """Every different record judged by the exact reading."""
    total, made = len(products.records), []
    for number, record in enumerate(products.records):
        if number % 2000 == 0:
            tell(number, total)
        made.append(evaluate(program, record))
    return Seen(products, tuple(made), np.array(products.counts, dtype=np.float64))


@dataclass(frozen=True)
class Against:
    """A population against one limit: only the products it applies to, whose measured value and limit are known.

    measured, limit   exact
    weight            how many products each stands for
    at                positions among the records
    undetermined      products it applies to, or may, of which it is not known
    """

    limited: Limited
    measured: tuple[Fraction, ...]
    limit: tuple[Fraction, ...]
    weight: tuple[int, ...]
    at: tuple[int, ...]
    undetermined: int

    @property
    def total(self) -> int:
        return sum(self.weight)

    @property
    def ratios(self) -> tuple[Fraction, ...]:
        """measured / limit; only where every limit is above 0."""
        return tuple(m / limit for m, limit in zip(self.measured, self.limit, strict=True))

    @property
    def movable(self) -> bool:
        return bool(self.limit) and min(self.limit) > 0

    def passing(self, shift: Fraction = Fraction(0), strict: bool = False) -> int:
        """Products that meet the limit moved by a share of itself; exact."""
        factor = 1 + shift
        return sum(
            n for m, limit, n in zip(self.measured, self.limit, self.weight, strict=True) if _met(m, limit * factor, self.limited.upper, strict)
        )


def _met(measured: Fraction, limit: Fraction, upper: bool, strict: bool) -> bool:
    if measured == limit:
        return not strict
    return (measured < limit) is upper


def against(seen: Seen, limited: Limited) -> Against:
    """The products a limit applies to, with what is measured and the limit of each."""
    measured, limits, weight, at, undetermined = [], [], [], [], 0
    for position, (e, n) in enumerate(zip(seen.evaluations, seen.products.counts, strict=True)):
        applies, value, limit = e.of(limited.applies), e.of(limited.measured), e.of(limited.limit)
        if applies is False:
            continue
        if applies is True and isinstance(value, Fraction) and isinstance(limit, Fraction):
            measured.append(value)
            limits.append(limit)
            weight.append(n)
            at.append(position)
        else:
            undetermined += n
    return Against(limited, tuple(measured), tuple(limits), tuple(weight), tuple(at), undetermined)


def elasticity(found: Against, step: Fraction, strict: bool) -> float | None:
    """The share by which the number of passing products changes, per share the limit is moved by, at the limit: counted at ± `step`.

    None where none passes, or a limit is not above 0.
    """
    here = found.passing(strict=strict)
    if not here or not found.movable:
        return None
    return float(Fraction(found.passing(step, strict) - found.passing(-step, strict), here) / (2 * step))


def weighted_quantiles(values: Sequence[Fraction], weight: Sequence[int], shares: Sequence[float]) -> list[float]:
    """Values below which a share of the products lies: each that of a product."""
    pairs = sorted(zip(values, weight, strict=True))
    total, found = sum(weight), []
    for share in shares:
        run_, answer = 0, float(pairs[-1][0])
        for value, n in pairs:
            run_ += n
            if run_ >= share * total:
                answer = float(value)
                break
        found.append(answer)
    return found
