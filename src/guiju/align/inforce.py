"""In force: which standards of the shelf hold for a kind of product on a day, in one region or in all of them."""

from __future__ import annotations

from datetime import date

from guiju.align.side import in_force, within_subject
from guiju.base.diagnostics import Problems
from guiju.standard.model import Standard
from guiju.standard.regions import Regions
from guiju.standard.shape import did_you_mean
from guiju.standard.shelf import Shelf


def standards_in_force(shelf: Shelf, regions: Regions, subject: str, region: str | None, on: date) -> tuple[Standard, ...]:
    """The standards about a kind of product that apply in a region on a day, by number.

    subject  `vehicle` takes in `vehicle.car`
    region   a word for it; None: of every region
    raises   Refused: unknown-subject, unknown-region, nothing-in-force
    """
    problems = Problems()
    held = [s for path in shelf.paths().values() if (s := shelf.open(path).standard) is not None]
    about = [s for s in held if within_subject(s, subject)]
    if not about:
        known = sorted({s.subject[0] for s in held})
        problems.add("unknown-subject", None, subject=subject, known=", ".join(known), **did_you_mean(subject, known, listed=True))
    code = regions.named(region).code if region is not None else None
    found = [s for s in about if in_force(s, on) and (code is None or regions.applies(s.region, code))]
    if about and not found:
        problems.add("nothing-in-force", None, subject=subject, region=region or "–", on=on)
    problems.refuse_errors()
    return tuple(sorted(found, key=lambda s: s.number))
