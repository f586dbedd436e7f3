from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guiju.frontrunner.library.credit_code import ALPHABET, check_character, is_valid, looks_like_one, meant
from guiju.frontrunner.library.lookalike import lookalikes, oddities, skeleton

BODIES = st.text(ALPHABET, min_size=17, max_size=17)


def test_the_example_of_the_standard() -> None:
    assert is_valid("91350100M000100Y43")


@given(BODIES, st.integers(0, 17), st.sampled_from(ALPHABET))
def test_any_one_wrong_character_is_seen(body: str, place: int, other: str) -> None:
    code = body + check_character(body)
    assert is_valid(code)
    changed = code[:place] + other + code[place + 1 :]
    assert is_valid(changed) == (changed == code)


@given(BODIES, st.integers(0, 16))
def test_two_neighbours_in_the_wrong_order_are_seen(body: str, place: int) -> None:
    code = body + check_character(body)
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert is_valid(swapped) == (swapped == code)


@given(BODIES)
def test_capitals_and_width_are_put_right(body: str) -> None:
    code = body + check_character(body)
    assert meant(code) is None
    wide = "".join(chr(ord(each) + 0xFEE0) for each in code)
    assert meant(wide) == code


@given(st.text(max_size=40))
def test_anything_may_be_asked(text: str) -> None:
    assert not is_valid(text) or (looks_like_one(text) and set(text) <= set(ALPHABET))
    assert isinstance(skeleton(text), str)
    assert isinstance(oddities(text), tuple)


def test_a_body_is_seventeen_characters() -> None:
    with pytest.raises(ValueError, match="not 17"):
        check_character("9135")


SAME = [
    ("BYD", "ВYD"),  # Cyrillic Ve
    ("Tesla", "TesIa"), ("Tesla", "Te\u200bsla"), ("Mini", "rnini"), ("NIO", "N1O"), ("AITO", "А\u0406ТО"), ("Zeekr", "Ｚeekr"), ("O2", "02"),
    ("比亚迪", "比亚 迪"), ("Škoda", "Skoda"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), SAME)
def test_names_that_look_alike(one: str, other: str) -> None:
    assert skeleton(one) == skeleton(other)
    assert lookalikes([one, other, one]) == [tuple(sorted((one, other)))]


@pytest.mark.parametrize(("one", "other"), [("BYD", "BYC"), ("比亚迪", "比亚油"), ("蔚来", "理想"), ("ET5", "ET7")])
def test_names_that_do_not(one: str, other: str) -> None:
    assert skeleton(one) != skeleton(other)
    assert lookalikes([one, other]) == []


def test_odd_names() -> None:
    assert oddities("ВYD") == ("scripts",)
    assert oddities("甲\u200b汽车") == ("unseen",)
    assert oddities("甲 Jia-2（上海）") == ()


@given(st.text(st.characters(categories=["Lu", "Ll", "Lo", "Nd"]), max_size=12))
def test_case_width_and_what_is_unseen_do_not_matter(name: str) -> None:
    assert skeleton(name + "\u200b") == skeleton(name)
    assert skeleton(f" {name} ") == skeleton(name)
