"""Asked: what commands, pages and programs ask of the effect of a standard alike; answered in parts, each of which may have too little to go on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import get_args

from guiju.base.diagnostics import Diagnostic, Refused
from guiju.base.rounding import parse_number
from guiju.frontrunner.authoring.asked import Asked, Bring, ordered, population, thresholds_of
from guiju.frontrunner.authoring.preview import Standing, in_force, standing
from guiju.frontrunner.authoring.sample import DIFFERENT_MAX, Sample
from guiju.frontrunner.effect.adoption import Adoption, Moment, adoption, revisions
from guiju.frontrunner.effect.benefit import Benefit, Measure, benefit
from guiju.frontrunner.effect.diffusion import Curve, Reached, Speed, first_reached, logistic, speed
from guiju.frontrunner.effect.raised import Raise, raised
from guiju.standard.shelf import Shelf


@dataclass(frozen=True, slots=True)
class Question:
    """values   thresholds; empty: those of the edition in force
    raised     thresholds they would be raised to; empty: none
    since      None: the day the standard was published, as it says
    share      percent of the products
    """

    population: Asked
    values: str = ""
    raised: str = ""
    since: date | None = None
    share: str = "50"
    measure: str = "sales"


@dataclass(frozen=True)
class Effect:
    """Of the last population given; by_revision: of every one. lacking: what could not be told, and why"""

    standing: Standing
    by_revision: tuple[Moment, ...]
    adoption: Adoption | None
    reached: tuple[Reached, ...]
    curves: tuple[Curve, ...]
    speeds: tuple[Speed, ...]
    raised: Raise | None
    benefit: Benefit | None
    lacking: tuple[Diagnostic, ...]

    @property
    def sample(self) -> Sample:
        return self.standing.sample


def effect(shelf: Shelf, brought: Sequence[tuple[str, Bring]], asked: Question, most: int = DIFFERENT_MAX) -> Effect:
    """The effect of a standard as records, or several revisions of them in their order, show it.

    brought  (name of the revision, what reads it)
    raises   Refused: everything wrong in the standard, the files or the question
    """
    share, measure = _share(asked.share), _measure(asked.measure)
    found = [(name, _standing(shelf, bring, asked, most)) for name, bring in brought]
    last = found[-1][1]
    after = _raised(last, asked.raised) if asked.raised.strip() else None
    lacking: list[Diagnostic] = []
    over_time: Adoption | None = None
    reached: tuple[Reached, ...] = ()
    speeds: tuple[Speed, ...] = ()
    curves: list[Curve] = []
    try:
        over_time = adoption(last)
        lacking += over_time.diagnostics
        since = asked.since or last.sample.program.standard.published
        if since is not None:
            reached = tuple(first_reached(over_time, level, share, since) for level in range(1, last.none))
            speeds = tuple(told for level in range(1, last.none) if (told := speed(over_time, level, since)) is not None)
    except Refused as refused:
        lacking += refused.diagnostics
    for level in range(1, last.none) if over_time is not None else ():
        try:
            curves.append(logistic(over_time, level))  # type: ignore[arg-type]
        except Refused as refused:
            lacking += refused.diagnostics
    gained: Benefit | None = None
    try:
        gained = benefit(last, measure)
    except Refused as refused:
        lacking += refused.diagnostics
    return Effect(last, revisions(found) if len(found) > 1 else (), over_time, reached, tuple(curves), speeds, after, gained, tuple(lacking))


def _standing(shelf: Shelf, bring: Bring, asked: Question, most: int) -> Standing:
    sample, _ = population(shelf, bring, replace(asked.population, national=""), most)
    if not asked.values.strip():
        return in_force(sample)
    return standing(sample, ordered(sample, thresholds_of(asked.values, sample.unit)))


def _raised(before: Standing, text: str) -> Raise:
    thresholds = ordered(before.sample, thresholds_of(text, before.sample.unit, "raised"))
    return raised(before, standing(before.sample, thresholds))


def _share(text: str) -> Fraction:
    value = parse_number(text.strip().removesuffix("%"))
    if value is None or not 0 < value <= 100:
        raise Refused([Diagnostic("authoring-shares", None, {"text": text})])
    return value / 100


def _measure(word: str) -> Measure:
    known: tuple[Measure, ...] = get_args(Measure)
    if word not in known:
        raise Refused([Diagnostic("unknown-word", None, {"word": word, "known": ", ".join(known)})])
    return next(each for each in known if each == word)
