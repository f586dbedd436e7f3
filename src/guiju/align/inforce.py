"""In force: which standards of the shelf hold for a kind of product on a day, in one region or in all of them, and how one ended."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from guiju.base.diagnostics import Diagnostic, Refused
from guiju.standard.model import Standard
from guiju.standard.regions import Regions
from guiju.standard.shape import did_you_mean
from guiju.standard.shelf import Shelf, stem

GONE = ("superseded", "withdrawn", "draft")


@dataclass(frozen=True, slots=True)
class Ended:
    """Why a standard is not in force: it is over, or never came to be. by, day: what replaced it; since or until when."""

    why: Literal["replaced", "withdrawn", "draft"]
    by: str | None = None
    day: date | None = None


def ended(standard: Standard, shelf: Shelf, on: date) -> Ended | None:
    """How it ended by a day, as far as its status, its dates and the other standards tell; None where it did not."""
    if standard.withdrawn is not None and standard.withdrawn <= on:
        by, _ = replaced_by(standard, shelf)
        return Ended("replaced" if by else "withdrawn", by, standard.withdrawn)
    if standard.status in ("superseded", "withdrawn") and standard.withdrawn is None:
        by, day = replaced_by(standard, shelf)
        if day is None or day <= on:
            return Ended("withdrawn" if standard.status == "withdrawn" else "replaced", by, day)
    return Ended("draft") if standard.status == "draft" else None


def begins(standard: Standard) -> date | None:
    """The day from which it is in force: that of its effect, else of its issue; None where neither is known."""
    return standard.effective or standard.published


def in_force(standard: Standard, shelf: Shelf, on: date) -> bool:
    """Whether it is in force on a day; one whose days are not known is."""
    since = begins(standard)
    return (since is None or since <= on) and ended(standard, shelf, on) is None


def standards_in(shelf: Shelf, regions: Regions, code: str | None, on: date | None, subjects: Sequence[str] = ()) -> list[Standard]:
    """The standards on the shelf that are in force on a day and apply in a region.

    code      of the region; None: any
    on        None: today
    subjects  about any of these, where `vehicle` takes in `vehicle.car`; none: whatever they are about
    """
    found, day = [], on or date.today()
    for name, path in shelf.paths().items():
        standard = shelf.open(path, on).standard
        if standard is None or standard.number != name:  # another text of one that stands here under its number is not one more
            continue
        if subjects and not any(within_subject(standard, subject) for subject in subjects):
            continue
        if (code is None or regions.applies(standard.region, code)) and in_force(standard, shelf, day):
            found.append(standard)
    return found


def standards_in_force(shelf: Shelf, regions: Regions, subject: str, region: str | None, on: date) -> tuple[Standard, ...]:
    """The standards about a kind of product that apply in a region on a day, by number.

    region   a word for it; None: any
    raises   Refused: unknown-subject, unknown-region, nothing-in-force
    """
    refuse_unknown(shelf, [subject])
    code = regions.named(region).code if region is not None else None
    found = standards_in(shelf, regions, code, on, [subject])
    if not found:
        raise Refused([Diagnostic("nothing-in-force", None, {"subject": subject, "region": region or "–", "on": str(on)})])
    return tuple(sorted(found, key=lambda s: s.number))


def refuse_unknown(shelf: Shelf, subjects: Iterable[str]) -> None:
    """raises   Refused: unknown-subject, for each that no standard on the shelf is about"""
    held = [s for path in shelf.paths().values() if (s := shelf.open(path).standard) is not None]
    unknown = [each for each in subjects if not any(within_subject(s, each) for s in held)]
    if unknown:
        raise Refused(unknown_subject(each, {s.subject[0] for s in held}) for each in unknown)


def unknown_subject(word: str, types: Iterable[str]) -> Diagnostic:
    """That nothing is about it; with the types of subject there are, and what they begin with."""
    parts = [each.split(".") for each in types]
    known = sorted({".".join(each[:end]) for each in parts for end in range(1, len(each) + 1)})
    return Diagnostic("unknown-subject", None, {"subject": word, "known": ", ".join(known), **did_you_mean(word, known, listed=True)})


def within_subject(standard: Standard, subject: str) -> bool:
    """Whether it is about a kind of product: `vehicle` takes in `vehicle.car`."""
    return f"{standard.subject[0]}.".startswith(f"{subject}.")


def replaced_by(standard: Standard, shelf: Shelf) -> tuple[str | None, date | None]:
    """What replaces a standard, by what is on the shelf or known of editions; and since when."""
    names = {standard.number, stem(standard.number)}
    others = (other for path in shelf.paths().values() if (other := shelf.open(path).standard) and other.number != standard.number)
    for other in others:
        for relation in other.relations:
            if relation.kind == "replaces" and relation.target in names and relation.edition in (None, standard.edition):
                return other.number, other.effective
    known = shelf.editions().get((stem(standard.number), standard.edition))
    return (known.replaced_by, known.replaced_on) if known else (None, None)
