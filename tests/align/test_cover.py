"""Cover: on small cases as cheap and as quick as the best of all subsets; and a bound that holds where the time is up."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guiju.align.cover import Item, TooLate, cheapest, line_days
from guiju.align.whole import Choice, Row

AMOUNTS = st.builds(Fraction, st.integers(0, 12), st.sampled_from((1, 2, 5)))


@st.composite
def offered(draw: st.DrawFn) -> list[Item]:
    wants = draw(st.integers(1, 7))
    items: list[Item] = []
    for at in range(draw(st.integers(1, 8))):
        needs = draw(st.lists(st.integers(0, at - 1), max_size=2, unique=True)) if at else []
        gives, line = draw(st.integers(0, 2**wants - 1)), draw(st.sampled_from(("", "a", "b")))
        items.append(Item(draw(AMOUNTS), gives, tuple(sorted(needs)), draw(AMOUNTS), line))
    return items


def all_wants(items: Sequence[Item]) -> int:
    found = 0
    for item in items:
        found |= item.gives
    return found


def covers(items: Sequence[Item]) -> list[frozenset[int]]:
    """Every set of items that covers all wants, with what it needs."""
    subsets = [frozenset(at for at in range(len(items)) if mask >> at & 1) for mask in range(1 << len(items))]
    return [s for s in subsets if all_wants([items[at] for at in s]) == all_wants(items) and all(set(items[at].needs) <= s for at in s)]


def price(items: Sequence[Item], taken: frozenset[int]) -> tuple[Fraction, Fraction]:
    return sum((items[at].cost for at in taken), Fraction(0)), sum((items[at].days for at in taken), Fraction(0))


def longest(items: Sequence[Item], taken: frozenset[int]) -> Fraction:
    return max(line_days(items, taken).values(), default=Fraction(0))


@given(offered())
@settings(max_examples=150, deadline=None)
def test_a_cover_is_the_cheapest_of_all_and_the_quickest_of_the_cheapest(items: list[Item]) -> None:
    found = cheapest(items, all_wants(items))
    assert found.taken in covers(items)
    assert price(items, found.taken) == min(price(items, each) for each in covers(items))
    assert found.cost == found.bound == price(items, found.taken)[0]
    assert found.proof in ("reduction", "exact")


@given(offered(), AMOUNTS)
@settings(max_examples=150, deadline=None)
def test_with_a_deadline_every_line_is_done_or_the_fewest_days_are_told(items: list[Item], deadline: Fraction) -> None:
    timely = [each for each in covers(items) if longest(items, each) <= deadline]
    if not timely:
        with pytest.raises(TooLate) as late:
            cheapest(items, all_wants(items), deadline=deadline)
        assert late.value.least == min(longest(items, each) for each in covers(items))
        return
    found = cheapest(items, all_wants(items), deadline=deadline)
    assert found.taken in timely
    assert price(items, found.taken) == min(price(items, each) for each in timely)


@given(offered(), st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_the_order_of_the_items_does_not_change_the_cost(items: list[Item], shuffled: random.Random) -> None:
    order = list(range(len(items)))
    shuffled.shuffle(order)
    at = {old: new for new, old in enumerate(order)}
    moved = [replace(items[old], needs=tuple(at[need] for need in items[old].needs)) for old in order]
    wants = all_wants(items)
    assert price(moved, cheapest(moved, wants).taken) == price(items, cheapest(items, wants).taken)


def tangled(wants: int, items: int, each: int) -> list[Item]:
    """Items that give wants drawn at random: nothing can be decided by looking."""
    draw = random.Random(7)
    gives = [sum(1 << want for want in draw.sample(range(wants), each)) for _ in range(items)]
    return [Item(Fraction(draw.randint(100, 130)), mask) for mask in gives]


def test_where_the_time_is_up_the_best_found_covers_all_and_the_bound_is_below() -> None:
    items = tangled(300, 300, 18)
    found = cheapest(items, all_wants(items), seconds=0.05)
    assert found.proof == "none" and 0 <= found.bound < found.cost and 0 < found.gap <= 1
    assert all_wants([items[at] for at in found.taken]) == all_wants(items)


def test_a_proof_in_whole_numbers_holds_for_the_least_cost_and_for_no_higher_one() -> None:
    """Three rows in a ring: each half of every item costs 3/2, whole ones cost 2, so the linear program alone does not tell."""
    ring = Choice([1, 1, 1], [Row({0: 1, 1: 1}, 1), Row({1: 1, 2: 1}, 1), Row({2: 1, 0: 1}, 1)])
    assert ring.proved(2, 100, 5) and not ring.proved(3, 100, 5)
    wider = Choice([2, 2, 2, 3], [*ring.rows, Row({3: 1}, 1)])
    assert wider.proved(7, 100, 5) and not wider.proved(8, 100, 5) and not wider.proved(7, 0, 5)


def test_what_cannot_be_met_is_told_as_such() -> None:
    never = Choice([1, 1], [Row({0: 1, 1: 1}, 1), Row({0: -1}, 0), Row({1: -1}, 0)])
    assert never.least(5).chosen is None and never.least(5).ended and never.pruned() is None
