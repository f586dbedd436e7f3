"""The drawing of a board: no name covers another, no line runs through a name, whatever the lines are."""

from __future__ import annotations

from typing import Any, Literal

from hypothesis import example, given, settings
from hypothesis import strategies as st

from guiju.base.drawing import text_width
from guiju.frontrunner.board.figure import NARROW, WIDE, Line, _Drawing, lines_of

LANGUAGES: tuple[Literal["zh", "en"], ...] = ("zh", "en")


def drawn(levels: list[int], national: int | None, references: dict[str, int], language: Literal["zh", "en"], wide: int) -> _Drawing:
    board: dict[str, Any] = {"lines": [str(each) for each in levels], "counts": [{"low": "500", "high": "600", "models": 3}]}
    indicator = {"national": {"standard": "GB 36980.1-2025", "clause": "R1", "limit": str(national)} if national else None,
                 "references": {name: {"plain": str(value)} for name, value in references.items()}}  # fmt: skip
    return _Drawing(board, lines_of(board, indicator, language), wide, language, "km")


def apart(one: Line, row: int, other: Line, below: int) -> bool:
    """Whether the names share no row; each has its last one in the row given."""
    return row <= below - len(other.names) or below <= row - len(one.names)


value = st.integers(min_value=450, max_value=650)


@settings(max_examples=300, deadline=None)
@given(st.lists(value, min_size=3, max_size=3), st.one_of(st.none(), value), st.dictionaries(st.sampled_from(["domestic", "international"]), value),
       st.sampled_from(LANGUAGES))  # fmt: skip
@example([700, 600, 520], None, {"domestic": 700}, "zh")
@example([600, 599, 598], 597, {"domestic": 601, "international": 602}, "en")
@example([450, 450, 493], 450, {"domestic": 493, "international": 493}, "en")
def test_names_and_lines_keep_clear_of_one_another(levels: list[int], national: int | None, references: dict[str, int],
                                                   language: Literal["zh", "en"]) -> None:  # fmt: skip
    made = drawn(levels, national, references, language, WIDE)
    names = list(zip(made.lines, made.rows, made.extents, strict=True))
    for one, row, (start, end) in names:
        assert start >= 0 and end <= WIDE and end - start >= max(map(text_width, one.names)) - 1e-9
        for other, below, (left, right) in names:
            if other is one:
                continue
            assert apart(one, row, other, below) or end <= left or right <= start, "a name covers another"
            assert below >= row or not start < made.x(other.value) < end, "a line runs through a name"


@settings(max_examples=100, deadline=None)
@given(st.lists(value, min_size=3, max_size=3), st.dictionaries(st.sampled_from(["domestic", "international"]), value), st.sampled_from(LANGUAGES))
def test_on_a_narrow_screen_names_stay_inside_and_apart(levels: list[int], references: dict[str, int], language: Literal["zh", "en"]) -> None:
    made = drawn(levels, None, references, language, NARROW)
    names = list(zip(made.lines, made.rows, made.extents, strict=True))
    for at, (one, row, (start, end)) in enumerate(names):
        assert start >= 0 and end <= NARROW and row >= len(one.names) - 1
        assert all(apart(one, row, other, below) or end <= left or right <= start for other, below, (left, right) in names[at + 1 :])


def test_what_lies_at_one_value_has_one_line_with_both_names() -> None:
    made = drawn([700, 600, 520], None, {"domestic": 700}, "zh", WIDE)
    assert [each.names for each in made.lines] == [("3 级",), ("2 级",), ("1 级", "国内领先水平")]
