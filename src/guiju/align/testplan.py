"""Test plan: the cheapest tests that show everything a set of regions asks, which clause each serves, and what no test on offer can show."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from guiju.align.catalogue import Catalogue, Offer
from guiju.align.cover import Cover, Item, Proof, TooLate, cheapest
from guiju.align.needs import Need, Told
from guiju.base.diagnostics import Diagnostic, Problems, Refused
from guiju.base.rounding import decimal_text
from guiju.standard.dictionary import Dictionary, Property
from guiju.standard.model import Title
from guiju.standard.regions import Regions
from guiju.standard.shape import did_you_mean

NEAR_MAX = 4
"""Tests told beside what none can show."""


@dataclass(frozen=True, slots=True)
class Served:
    """regions   those in which the test shows it"""

    need: Need
    regions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """A test of the plan.

    passed   its result is in hand; it costs nothing
    begins   days after the start, each laboratory doing one test after another
    """

    offer: Offer
    passed: bool
    serves: tuple[Served, ...]
    begins: Fraction
    ends: Fraction


@dataclass(frozen=True, slots=True)
class Near:
    """A test that nearly shows it, and what is wrong with it."""

    offer: Offer
    why: Title


@dataclass(frozen=True, slots=True)
class Unserved:
    """A need that no test on offer shows in these regions."""

    need: Need
    regions: tuple[str, ...]
    near: tuple[Near, ...]


@dataclass(frozen=True, slots=True)
class Alone:
    """What a region costs that tests for itself."""

    region: str
    tests: tuple[str, ...]
    cost: Fraction
    bound: Fraction
    proof: Proof


@dataclass(frozen=True)
class Plan:
    """What is to be done.

    papers    needs shown by papers, since the catalogue says so, or since no test gives something that is no quantity
    cost      in 元, with samples; added up exactly from the catalogue
    bound     no set of these tests that shows as much costs less; `proof` says how that is known
    samples   kind → how many
    alone     by region, where there are several
    """

    regions: tuple[str, ...]
    standards: tuple[str, ...]
    catalogue: Catalogue
    steps: tuple[Step, ...]
    unserved: tuple[Unserved, ...]
    papers: tuple[Need, ...]
    told: tuple[Told, ...]
    cost: Fraction
    bound: Fraction
    proof: Proof
    samples: Mapping[str, int]
    alone: tuple[Alone, ...]
    diagnostics: tuple[Diagnostic, ...]

    @property
    def gap(self) -> Fraction:
        """By which share of its cost it may be too dear."""
        return (self.cost - self.bound) / self.cost if self.cost else Fraction(0)

    @property
    def days(self) -> Fraction:
        """Until the last test ends."""
        return max((step.ends for step in self.steps), default=Fraction(0))

    @property
    def laboratories(self) -> dict[str, Fraction]:
        """The days of each; '' are tests that name none."""
        found: dict[str, Fraction] = {}
        for step in self.steps:
            if not step.passed:
                found[step.offer.laboratory] = found.get(step.offer.laboratory, Fraction(0)) + step.offer.days
        return dict(sorted(found.items()))

    @property
    def saved(self) -> Fraction:
        """What is saved against every region testing for itself."""
        return sum((each.cost for each in self.alone), Fraction(0)) - self.cost if self.alone else Fraction(0)

    @property
    def repeated(self) -> dict[str, int]:
        """Test → in how many regions it would be done, where that is more than one."""
        times: dict[str, int] = {}
        for name in (name for each in self.alone for name in each.tests):
            times[name] = times.get(name, 0) + 1
        return {name: n for name, n in sorted(times.items()) if n > 1}


def plan(
    needs: Sequence[Need], told: Sequence[Told], catalogue: Catalogue, codes: Sequence[str], regions: Regions, dictionary: Dictionary, *,
    passed: Iterable[str] = (), deadline: Fraction | None = None, seconds: float = 10,
) -> Plan:  # fmt: skip
    """The cheapest tests of the catalogue that show the needs in the regions; of equally cheap sets one with the fewest days in all.

    passed     tests whose results are in hand
    deadline   days within which every laboratory must be done
    seconds    for the solver
    raises     Refused: unknown-test, plan-too-late
    """
    done = frozenset(passed)
    unknown = sorted(done - set(catalogue.offers))
    if unknown:
        raise Refused(Diagnostic("unknown-test", None, {"name": name, **did_you_mean(name, catalogue.offers)}) for name in unknown)
    market = _Market(catalogue, regions, done)
    papers = [need for need in needs if market.is_for_papers(need)]
    tested = [need for need in needs if not market.is_for_papers(need)]
    until = time.monotonic() + seconds
    try:
        found, kept = market.cheapest(tested, codes, seconds if len(codes) == 1 else seconds / 2, deadline)
    except TooLate as late:
        raise Refused([_too_late(late, deadline or Fraction(0))]) from None
    alone = [market.alone(tested, code, (until - time.monotonic()) / (len(codes) - n)) for n, code in enumerate(codes)] if len(codes) > 1 else []
    steps = _steps(kept, market, tested)
    unserved = tuple(_unserved(tested, market, dictionary))
    assert _is_complete(steps, unserved, tested), "what the model takes shows all that can be shown"
    cost, samples = market.cost(kept)
    assert cost == found.cost, "the model has the costs of the catalogue"
    standards = tuple(dict.fromkeys(need.standard for need in needs))
    made = Plan(
        tuple(codes), standards, catalogue, steps, unserved, tuple(papers), tuple(told), cost, found.bound, found.proof, samples, tuple(alone),
        _misspelt_methods(tested, catalogue),
    )  # fmt: skip
    return made if deadline is None or made.days <= deadline else replace(made, diagnostics=(*made.diagnostics, _order_late(made, deadline)))


def _too_late(late: TooLate, deadline: Fraction) -> Diagnostic:
    facts = {"deadline": decimal_text(deadline), "least_zh": "求解时间内没有找到，也没有排除", "least_en": "the time was up; there may still be one"}
    if late.least is not None:
        least = decimal_text(late.least)
        facts |= {"least_zh": f"至少要 {least} 天", "least_en": f"it takes {least} days at least"}
    return Diagnostic("plan-too-late", None, facts)


def _is_complete(steps: Iterable[Step], unserved: Iterable[Unserved], needs: Iterable[Need]) -> bool:
    """Whether every need is shown in every region, or told to be missing there."""
    told = {(id(served.need), code) for step in steps for served in step.serves for code in served.regions}
    told |= {(id(each.need), code) for each in unserved for code in each.regions}
    return all((id(need), code) in told for need in needs for code in need.regions)


def _order_late(made: Plan, deadline: Fraction) -> Diagnostic:
    """Every laboratory has few enough days, but one waits for another."""
    return Diagnostic("plan-order-late", None, {"days": decimal_text(made.days), "deadline": decimal_text(deadline)})


class _Market:
    """The tests on offer, in order of their ids, and what they show."""

    def __init__(self, catalogue: Catalogue, regions: Regions, passed: frozenset[str]) -> None:
        self.catalogue, self.regions, self.passed = catalogue, regions, passed
        self.offers = [catalogue.offers[name] for name in sorted(catalogue.offers)]
        self.of_property: dict[str, list[int]] = {}
        for at, offer in enumerate(self.offers):
            for property_id in dict.fromkeys(each.property for each in offer.gives):
                self.of_property.setdefault(property_id, []).append(at)
        self._accepted: dict[tuple[int, str], bool] = {}
        self._able: dict[tuple[str, str | None], list[int]] = {}

    def is_for_papers(self, need: Need) -> bool:
        return self.catalogue.by_papers(need.property_id) or (not need.quantity and need.property_id not in self.of_property)

    def able(self, need: Need) -> list[int]:
        """The offers that give it by its method, wherever they are accepted."""
        key = need.asked, need.method
        if key not in self._able:
            held = self.of_property.get(need.property_id, ())
            self._able[key] = [at for at in held if gives(self.offers[at], need) and suits(self.offers[at], need)]
        return self._able[key]

    def accepted(self, at: int, code: str) -> bool:
        if (at, code) not in self._accepted:
            self._accepted[at, code] = self.offers[at].accepted_in(code, self.regions)
        return self._accepted[at, code]

    def showing(self, need: Need, code: str) -> list[int]:
        """The offers that show it in a region."""
        return [at for at in self.able(need) if self.accepted(at, code)]

    def cheapest(self, needs: Sequence[Need], codes: Sequence[str], seconds: float, deadline: Fraction | None = None) -> tuple[Cover, frozenset[int]]:
        """The cheapest cover of the needs in these regions, and the offers it takes."""
        among = frozenset(codes)
        sets = dict.fromkeys(tuple(self.showing(need, code)) for need in needs for code in need.regions if code in among)
        wanted = [*(each for each in sets if each), *((at,) for at, offer in enumerate(self.offers) if offer.id in self.passed)]
        found = cheapest(self.items(wanted), (1 << len(wanted)) - 1, seconds, deadline)
        return found, frozenset(at for at in found.taken if at < len(self.offers))

    def items(self, wanted: Sequence[tuple[int, ...]]) -> list[Item]:
        """The offers as items, and after them the samples.

        A sample serves every test that does not destroy it. So of each kind there is an item for the fewest that any test takes, one for so many
        more as the next takes, and so on; each test needs the item of its own number, which needs those before it.
        """
        gives = [0] * len(self.offers)
        for want, showing in enumerate(wanted):
            for at in showing:
                gives[at] |= 1 << want
        places = {offer.id: at for at, offer in enumerate(self.offers)}
        samples, levels = self._samples()
        items = []
        for at, offer in enumerate(self.offers):
            if offer.id in self.passed:
                items.append(Item(Fraction(0), gives[at]))
                continue
            kind, count = offer.sample or ("", 0)
            cost = offer.cost + (count * self._price(kind) if offer.destructive else 0)
            needs = [places[name] for name in offer.needs]
            needs += [levels[kind, count]] if offer.sample and not offer.destructive else []
            items.append(Item(cost, gives[at], tuple(needs), offer.days, offer.laboratory))
        return [*items, *samples]

    def _samples(self) -> tuple[list[Item], dict[tuple[str, int], int]]:
        """(an item for each further number of samples of a kind, where each is)"""
        shared = sorted({offer.sample for offer in self.offers if offer.sample and not offer.destructive and offer.id not in self.passed})
        samples: list[Item] = []
        levels: dict[tuple[str, int], int] = {}
        for kind, count in shared:
            below = max((n for k, n in levels if k == kind), default=0)
            samples.append(Item((count - below) * self._price(kind), 0, (levels[kind, below],) if below else ()))
            levels[kind, count] = len(self.offers) + len(samples) - 1
        return samples, levels

    def _price(self, kind: str) -> Fraction:
        return self.catalogue.samples[kind][1] if kind in self.catalogue.samples else Fraction(0)

    def cost(self, kept: Iterable[int]) -> tuple[Fraction, dict[str, int]]:
        """(what these offers cost, samples of each kind), added up from the catalogue."""
        bought = [self.offers[at] for at in kept if self.offers[at].id not in self.passed]
        count: dict[str, int] = {}
        for kind in sorted({offer.sample[0] for offer in bought if offer.sample}):
            of_kind = [(offer.destructive, offer.sample[1]) for offer in bought if offer.sample and offer.sample[0] == kind]
            count[kind] = sum(n for destroyed, n in of_kind if destroyed) + max((n for destroyed, n in of_kind if not destroyed), default=0)
        return sum((o.cost for o in bought), Fraction(0)) + sum((n * self._price(kind) for kind, n in count.items()), Fraction(0)), count

    def alone(self, needs: Sequence[Need], code: str, seconds: float) -> Alone:
        found, kept = self.cheapest(needs, [code], seconds)
        tests = tuple(self.offers[at].id for at in sorted(kept) if self.offers[at].id not in self.passed)
        return Alone(code, tests, found.cost, found.bound, found.proof)


def gives(offer: Offer, need: Need) -> bool:
    return any(each.includes(need.asked) for each in offer.gives)


def suits(offer: Offer, need: Need) -> bool:
    """Whether it is by the method asked; where none is asked any will do."""
    return need.method is None or offer.method == need.method


# the plan, step by step


def _steps(kept: Iterable[int], market: _Market, needs: Sequence[Need]) -> tuple[Step, ...]:
    """The tests in the order in which they begin: what is needed first, and in each laboratory one after another."""
    offers = [market.offers[at] for at in sorted(kept)]
    ends: dict[str, Fraction] = {offer.id: Fraction(0) for offer in offers if offer.id in market.passed}
    free: dict[str, Fraction] = {}
    begins: dict[str, Fraction] = dict(ends)
    waiting = [offer for offer in offers if offer.id not in ends]
    while waiting:
        ready = [o for o in waiting if set(o.needs) <= set(ends)]
        starts = [(max(free.get(o.laboratory, Fraction(0)), Fraction(0), *(ends[name] for name in o.needs)), o.id, o) for o in ready]
        start, _, first = min(starts, key=lambda each: each[:2])
        begins[first.id], ends[first.id] = start, start + first.days
        if first.laboratory:
            free[first.laboratory] = ends[first.id]
        waiting.remove(first)
    served = _served(offers, market, needs)
    found = [Step(o, o.id in market.passed, tuple(served[o.id]), begins[o.id], ends[o.id]) for o in offers]
    return tuple(sorted(found, key=lambda step: (not step.passed, step.begins, step.offer.id)))


def _served(offers: Sequence[Offer], market: _Market, needs: Sequence[Need]) -> dict[str, list[Served]]:
    """What each test shows, judged by test and need and not by the model."""
    found: dict[str, list[Served]] = {offer.id: [] for offer in offers}
    giving: dict[str, list[Offer]] = {}
    for offer in offers:
        for property_id in dict.fromkeys(each.property for each in offer.gives):
            giving.setdefault(property_id, []).append(offer)
    for need in needs:
        for offer in giving.get(need.property_id, ()):
            if gives(offer, need) and suits(offer, need):
                where = tuple(code for code in need.regions if offer.accepted_in(code, market.regions))
                found[offer.id] += [Served(need, where)] if where else []
    return found


# what no test shows


def _unserved(needs: Sequence[Need], market: _Market, dictionary: Dictionary) -> Iterable[Unserved]:
    for need in needs:
        missing = tuple(code for code in need.regions if not market.showing(need, code))
        if missing:
            yield Unserved(need, missing, _near(need, market, dictionary))


def _near(need: Need, market: _Market, dictionary: Dictionary) -> tuple[Near, ...]:
    """The tests that come nearest: right but for where they are accepted, for the method, for the scenario, for cycle or metering."""
    found: list[tuple[int, str, Near]] = []
    asked = dictionary[need.property_id]
    twins = {each.id for each in dictionary.values() if _is_twin(each, asked)}
    for offer in market.offers:
        held = {each.property for each in offer.gives}
        if gives(offer, need) and suits(offer, need):
            where = "、".join(offer.accepted), ", ".join(offer.accepted)
            rank, why = 0, Title(f"结果只在 {where[0]} 被接受", f"its result is accepted in {where[1]} only")
        elif gives(offer, need):
            by_zh, by_en = (f"它用 {offer.method}", f"it uses {offer.method}") if offer.method else ("它没有写明方法", "it names no method")
            rank, why = 1, Title(f"{by_zh}，要求 {need.method}", f"{by_en}; {need.method} is asked")
        elif need.property_id in held:
            words = ", ".join(sorted({each.scenario or each.child or "" for each in offer.gives if each.property == need.property_id}))
            rank, why = 2, Title(f"它只对 {words} 给出这一性质", f"it gives this property for {words} only")
        elif held & twins:
            other = dictionary[min(held & twins)]
            zh = f"它给出的「{other.zh}」（{other.id}）循环或计量点不同"
            rank, why = 3, Title(zh, f"it gives {other.en} ({other.id}), by another cycle or metering point")
        else:
            continue
        found.append((rank, offer.id, Near(offer, why)))
    return tuple(near for _, _, near in sorted(found, key=lambda each: each[:2])[:NEAR_MAX])


def _is_twin(one: Property, other: Property) -> bool:
    """One quantity by different tests: alike but for the test cycle or the metering point."""
    return one.id != other.id and one.kind == other.kind and one.basis != other.basis and _stem(one) == _stem(other)


def _stem(each: Property) -> str:
    return ".".join(part for part in each.id.split(".") if part.replace("_", "-") not in (each.cycle, each.metering))


def _misspelt_methods(needs: Sequence[Need], catalogue: Catalogue) -> tuple[Diagnostic, ...]:
    """Tests by a method that nothing here asks, of a property that is asked by others only."""
    problems = Problems()
    asked: dict[str, set[str | None]] = {}
    for need in needs:
        asked.setdefault(need.property_id, set()).add(need.method)
    for offer in catalogue.offers.values():
        for property_id in dict.fromkeys(each.property for each in offer.gives):
            methods = asked.get(property_id, {None})
            if offer.method is not None and None not in methods and offer.method not in methods:
                known = sorted(str(method) for method in methods)
                facts = {"test": offer.id, "method": offer.method, "property": property_id, "asked": ", ".join(known)}
                problems.add("test-method-unasked", offer.span, **facts, **did_you_mean(offer.method, known))
    return problems.found
