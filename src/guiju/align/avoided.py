"""Avoided: the tests that recognition saves in a region, against a region that tests everything again; by the tests on offer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from guiju.align.catalogue import Catalogue
from guiju.align.needs import Need, needs_of
from guiju.align.recognition import DONE, Recognition, Standing
from guiju.align.testplan import Plan, plan
from guiju.standard.dictionary import Dictionary
from guiju.standard.regions import Regions


@dataclass(frozen=True)
class Avoided:
    """What one region would test, each time by the cheapest tests of the catalogue.

    everything   where nothing is recognised
    remaining    where what is recognised is not tested again, and barriers are not asked
    repeated     of what remains, that which was shown by another method, test cycle or metering point
    """

    region: str
    everything: Plan
    remaining: Plan
    repeated: Plan

    @property
    def cost(self) -> Fraction:
        """元, with samples."""
        return self.everything.cost - self.remaining.cost

    @property
    def tests(self) -> int:
        return len(self.everything.steps) - len(self.remaining.steps)

    @property
    def days(self) -> Fraction:
        """Days of laboratories."""
        return days(self.everything) - days(self.remaining)

    @property
    def certain(self) -> bool:
        """Whether both plans are proved to be the cheapest."""
        return self.everything.proof != "none" and self.remaining.proof != "none"


def avoided(
    found: Sequence[Recognition], region: str, catalogue: Catalogue, regions: Regions, dictionary: Dictionary, seconds: float = 10
) -> Avoided:
    """What recognition saves in one region, where all of these standards are asked."""
    needs: list[Need] = []
    remaining: list[Need] = []
    again: list[Need] = []
    for each in found:
        held, _ = needs_of(each.program, regions, (), dictionary)
        held = [replace(need, regions=(region,)) for need in held]
        needs += held
        remaining += _of(held, (f.no for f in each.findings if f.standing not in (*DONE, Standing.BARRIER)))
        again += _of(held, (f.no for f in each.findings if f.standing is Standing.REPEAT))

    def planned(asked: Sequence[Need]) -> Plan:
        return plan(asked, (), catalogue, (region,), regions, dictionary, seconds=seconds)

    return Avoided(region, planned(needs), planned(remaining), planned(again))


def days(made: Plan) -> Fraction:
    """The days of all its tests, one after another."""
    return sum((step.offer.days for step in made.steps), Fraction(0))


def _of(needs: Sequence[Need], numbers: Iterable[str]) -> list[Need]:
    wanted = set(numbers)
    return [need for need in needs if need.no in wanted]
