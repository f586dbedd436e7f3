"""Boards: bands without an order, ties exact, nothing lost, nothing published that says nothing."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boarding import GOOD, INPUTS, ON, SCHEME, STANDARD, Held, library, opened, run
from guiju.base.diagnostics import Refused
from guiju.base.rounding import parse_number
from guiju.frontrunner.board.model import Board, Boards, Formed
from guiju.frontrunner.board.twin import boards_json, overall_json
from guiju.frontrunner.entity import DeclaredStandard
from guiju.frontrunner.scheme import Scheme
from guiju.frontrunner.scheme_meaning import Opened
from guiju.readings.evaluate import Verdict, evaluate
from guiju.standard.model import Title


@pytest.fixture(scope="module")
def scheme(tmp_path_factory: pytest.TempPathFactory) -> Opened:
    return opened(tmp_path_factory.mktemp("boards"))


def board_of(found: Boards, indicator: str, range_: str = "large") -> Board:
    return next(each for each in found.boards if each.indicator == indicator and each.range == (range_,))


def told(found: Boards) -> Any:
    """All there is to see of boards."""
    bands = [(b.range, b.indicator, band.level, found.placed.entries(b.range, b.indicator, band.level)) for b in found.boards for band in b.bands]
    apart = [found.placed.apart(b.range, b.indicator) for b in found.boards]
    return boards_json(found), bands, apart, found.placed.barred(), [overall_json(each) for each in found.overall]


# Values at thresholds, on both sides of them, and missing.
VALUES: dict[str, tuple[str | None, ...]] = {
    "category": ("M1", "M1", "M1", "N1", None), "curb_mass": ("999", "1000", "1001", "1090", "1199", "1200", "2710", None),
    "consumption": ("8.58", "8.59", "9.59", "9.60", "10.09", "10.10", "10.11", "13.92", None),
    "range": ("399", "400", "499", "500", "600", "601", "700", None),
    "density": ("124.9", "125.0", "139.9", "140.0", "160.0", None), "speed": ("99", "100", "120", "140", "160", None),
}  # fmt: skip
ROWS = st.lists(
    st.fixed_dictionaries({
        **{name: st.sampled_from(values) for name, values in VALUES.items()}, "model": st.sampled_from(["a", "b", None]),
        "maker": st.integers(1, 4), "on_sale": st.sampled_from(["2025-01-01", "2026-06-01", "2027-01-01", None]),
    }), min_size=1, max_size=25,
)  # fmt: skip


def filled(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**row, "product": f"p{at}", "enterprise": f"E{row['maker']}", "standard": f"Q/{row['maker']}"} for at, row in enumerate(rows)]


@given(ROWS, st.randoms(use_true_random=False))
@settings(max_examples=25)
def test_the_order_of_rows_means_nothing(scheme: Opened, rows: list[dict[str, Any]], random: Any) -> None:
    rows = filled(rows)
    shuffled = list(rows)
    random.shuffle(shuffled)
    standards = library(rows).standards
    assert told(run(scheme, library(rows, standards=standards))) == told(run(scheme, library(shuffled, standards=standards)))


@given(ROWS)
@settings(max_examples=25)
def test_units_mean_nothing(scheme: Opened, rows: list[dict[str, Any]]) -> None:
    rows = filled(rows)
    units = {"consumption": "Wh/km", "curb_mass": "t", "range": "m"}
    factors = {"consumption": 10, "curb_mass": Fraction(1, 1000), "range": 1000}
    others = [{**row, **{name: in_unit(row[name], factor) for name, factor in factors.items()}} for row in rows]
    assert told(run(scheme, library(rows))) == told(run(scheme, library(others, units)))


def in_unit(text: str | None, factor: int | Fraction) -> str | None:
    value = parse_number(text) if text is not None else None
    return None if value is None else f"{float(value * factor):.10f}".rstrip("0").rstrip(".")


@given(ROWS)
@settings(max_examples=25)
def test_levels_are_those_of_the_exact_reading_and_nothing_is_lost(scheme: Opened, rows: list[dict[str, Any]]) -> None:
    rows = filled(rows)
    found = run(scheme, library(rows))
    program = scheme.program
    barred = {each.product: each for each in found.placed.barred()}
    assert len(barred) == sum(found.barred.values())
    for board in found.boards:
        apart = found.placed.apart(board.range, board.indicator)
        listed = {level: {m for e in found.placed.entries(board.range, board.indicator, level, models=100) for m in e.models} for level in (1, 2, 3)}
        in_range = [row for row in rows if row["product"] not in barred and range_of(row) == board.range[0]]
        assert sum(band.models for band in board.bands) + len(apart) == len(in_range)
        assert sum(board.apart.values()) == len(apart)
        for band in board.bands:
            entries = found.placed.entries(board.range, board.indicator, band.level, models=100)
            assert (len(entries), sum(e.count for e in entries)) == (band.entries, band.models)
        for row in in_range:
            judged = evaluate(program, record(row, program.inputs))
            meaning = next(m for m in program.indicators if m.indicator.name == board.indicator)
            level, applies = judged.of(meaning.level), judged.of(meaning.applies)
            own = [each.reason for each in apart if each.product == row["product"]]
            if applies is False:
                assert own == ["not-applicable"]
            elif not isinstance(level, Fraction):
                assert own == ["missing"]
            elif level == 4:
                assert own == ["below"]
            else:
                assert own == [] and row["model"] in listed[int(level)]
    on_boards = [row for row in rows if row["product"] not in barred]
    assert found.products == len(rows) == len(barred) + len(on_boards)
    for row in on_boards:
        judged = evaluate(program, record(row, program.inputs))
        assert judged.judge(next(c for c in program.clauses if c.no == "4.1")) is Verdict.PASS


def range_of(row: dict[str, Any]) -> str:
    return "small" if int(row["curb_mass"]) < 1200 else "large"


def record(row: dict[str, Any], inputs: Any) -> dict[str, Any]:
    values = {name: row[name] for name in INPUTS if row[name] is not None}
    return {name: parse_number(text) if inputs[name].kind == "number" else text for name, text in values.items()}


def cars(*changes: dict[str, Any]) -> list[dict[str, Any]]:
    """Cars of as many enterprises, each with a standard of its own, good but for the changes."""
    return [
        {**GOOD, "product": f"p{at}", "enterprise": f"E{at}", "standard": f"Q/{at}", "model": f"m{at}", **change} for at, change in enumerate(changes)
    ]


def test_values_at_a_threshold_are_in(scheme: Opened) -> None:
    found = run(scheme, library(cars({"range": "600"}, {"range": "599"}, {"range": "400"}, {"range": "399"})))
    board = board_of(found, "i_range")
    assert [band.entries for band in board.bands] == [1, 1, 1] and board.apart["below"] == 1
    assert board.lines == ("600", "500", "400") and (board.low, board.high) == ("400", "600")


def test_a_ratio_at_its_threshold_is_in_where_doubles_would_not_tell(scheme: Opened) -> None:
    """At 1090 kg the limit is 10.1; 0.85 of it is 8.585, which no consumption has; 10.10 is at 1 exactly."""
    found = run(scheme, library(cars({"curb_mass": "1090", "consumption": "10.10"}, {"curb_mass": "1090", "consumption": "10.11"})))
    board = board_of(found, "i_ratio", "small")
    assert [band.entries for band in board.bands] == [0, 0, 1] and board.apart["below"] == 1


def test_equal_values_are_not_published(scheme: Opened) -> None:
    found = run(scheme, library(cars({}, {}, {"density": "165.0"})))
    assert board_of(found, "i_range").withheld == "equal" and board_of(found, "i_density").withheld is None
    assert [band.entries for band in board_of(found, "i_range").bands] == [3, 0, 0]


def test_equal_ratios_of_unequal_numbers_are_equal_exactly(scheme: Opened) -> None:
    """10.1 and 5.05 kWh/100km over 10.1 differ; 19.1 over 19.1 and 10.1 over 10.1 are both 1."""
    one, other = {"curb_mass": "3000", "consumption": "19.10"}, {"curb_mass": "2800", "consumption": "19.10"}
    assert board_of(run(scheme, library(cars(one, other))), "i_ratio").withheld == "equal"
    near = {"curb_mass": "2800", "consumption": "19.09"}
    assert board_of(run(scheme, library(cars(one, near))), "i_ratio").withheld is None


def test_one_standard_alone_is_not_published_whatever_its_models(scheme: Opened) -> None:
    mine = {"enterprise": "E0", "standard": "Q/0"}
    found = run(scheme, library(cars({"range": "650"}, {"range": "700", **mine}, {"curb_mass": "1100", **mine})))
    assert board_of(found, "i_range").withheld == "one"
    assert board_of(found, "i_range", "small").withheld == "one"


def test_a_board_nobody_is_on_is_not_published(scheme: Opened) -> None:
    assert board_of(run(scheme, library(cars({"range": "100"}, {"range": "200"}))), "i_range").withheld == "none"


REASONS = {
    "standard": {"standard": "Q/none"}, "not-theirs": {"enterprise": "E0"}, "no-model": {"model": None}, "not-on-sale": {"on_sale": "2027-01-01"},
    "scope": {"category": "N1"}, "scope-unknown": {"category": None}, "range-unknown": {"curb_mass": None}, "basic-failed": {"speed": "99"},
    "basic-unknown": {"speed": None},
}  # fmt: skip


@pytest.mark.parametrize("reason", REASONS)
def test_who_is_on_no_board_is_told_why(scheme: Opened, reason: str) -> None:
    rows = cars({}, {}, REASONS[reason])
    found = run(scheme, library(rows, standards=library(cars({}, {}, {})).standards))
    (barred,) = found.placed.barred()
    assert (barred.product, barred.reason) == ("p2", reason) and found.barred == {reason: 1}
    assert barred.detail == ("4.1" if reason.startswith("basic") else "")


@pytest.mark.parametrize(("change", "reason"), [
    ({"status": "withdrawn"}, "not-current"), ({"published": date(2027, 1, 1)}, "not-current"), ({"enterprise": "E9"}, "enterprise"),
])  # fmt: skip
def test_standards_that_cannot_stand_take_their_products_with_them(scheme: Opened, change: dict[str, Any], reason: str) -> None:
    held = library(cars({}, {}, {"enterprise": "E9"} if "enterprise" in change else {}))
    from dataclasses import replace

    standards = {**held.standards, ("Q/2", "2024"): replace(held.standards["Q/2", "2024"], **change)}
    enterprises = {code: each for code, each in held.enterprises.items() if code != "E9"}
    found = run(scheme, Held(held.connection, held.products, held.mapping, enterprises, standards))
    assert [each.reason for each in found.placed.barred()] == [reason]


def formed(declared: DeclaredStandard, scheme: Scheme) -> Formed:
    if declared.number == "Q/0":
        return Formed((Title("引用已废止的标准", "cites a dead standard"),), Fraction(0))
    return Formed((), Fraction(1, 2))


def test_what_the_form_check_bars_is_on_no_board_and_drafting_counts(scheme: Opened) -> None:
    found = run(scheme, library(cars({}, {}, {"range": "700"})), formed)
    assert found.barred == {"form": 1}
    assert {key: each.barred[0].en for key, each in found.forms.items()} == {("Q/0", "2024"): "cites a dead standard"}
    assert {each.drafting for each in found.overall} == {Fraction(1, 2)}
    assert {each.score for each in found.overall} == {Fraction(30 + 50 + 10)}


def test_mandatory_results_stand_apart_from_boards(scheme: Opened) -> None:
    found = run(scheme, library(cars({}, {"speed": "99"}, {"speed": None}, {"range": "1"}, {"category": "N1"})))
    (mandatory,) = found.mandatory
    assert (mandatory.clause, mandatory.passed, mandatory.failed, mandatory.undetermined) == ("4.1", 2, 1, 1)


def test_a_reference_level_is_reached_or_not_or_not_known(scheme: Opened) -> None:
    mine = {"enterprise": "E0", "standard": "Q/0"}
    found = run(scheme, library(cars({"range": "700"}, {"range": "699", **mine}, {"range": "750"}, {"range": None})))
    reached = board_of(found, "i_range").reached["domestic"]
    assert (reached.entries, reached.models) == (1, 2)
    assert [(e.enterprise, e.reached["domestic"]) for e in found.placed.entries(("large",), "i_range", 1)] == [("E0", False), ("E2", True)]


def test_the_whole_is_the_lowest_of_its_models_and_exact(scheme: Opened) -> None:
    mine = {"enterprise": "E0", "standard": "Q/0"}
    found = run(scheme, library(cars({}, {"range": "450", "density": None, **mine}, {"range": "100"})))
    first, third = found.overall
    assert first.levels == {"i_range": 3, "i_ratio": 1, "i_density": None, "i_speed": 1} and first.models == 2
    assert (first.declared, first.asked) == (3, 4)
    assert first.score == 30 * Fraction(3, 4) + 50 * Fraction(3 + 5 + 0 + 5, 20) + 20
    assert third.levels["i_range"] == 4 and third.declared == 4


def test_what_does_not_apply_is_not_asked(scheme: Opened) -> None:
    (only,) = run(scheme, library(cars({"curb_mass": "1000", "consumption": "8.00"}))).overall
    assert only.levels["i_speed"] == 0 and (only.declared, only.asked) == (3, 3) and only.advancement == 1


def test_what_is_declared_beyond_the_scheme_is_counted(scheme: Opened) -> None:
    extra = {"trunk": "vehicle.length"}
    rows = cars({"trunk": "4"}, {"trunk": None})
    assert [each.extra for each in run(scheme, library(rows, extra=extra)).overall] == [1, 0]


def listed(folder: Path, rows: list[dict[str, Any]], rule: str) -> dict[str, tuple[bool, tuple[str, ...]]]:
    changed = SCHEME.replace("shortlist: {least: 60, share: 50 %, source: s}", f"shortlist: {rule}")
    return {each.enterprise: (each.shortlisted, each.why) for each in run(opened(folder, scheme=changed), library(rows)).overall}


def test_ties_at_the_cut_are_all_in_or_all_out(tmp_path: Path) -> None:
    rows = cars({}, {"range": "550"}, {"range": "550"}, {"range": "1", "density": "1.0"})
    assert listed(tmp_path, rows, "{least: 0, share: 50 %, ties: all, source: s}") == {
        "E0": (True, ()), "E1": (True, ()), "E2": (True, ()), "E3": (False, ("share",))}  # fmt: skip
    assert listed(tmp_path, rows, "{least: 0, share: 50 %, ties: none, source: s}") == {
        "E0": (True, ()), "E1": (False, ("tie",)), "E2": (False, ("tie",)), "E3": (False, ("share",))}  # fmt: skip


def test_who_is_not_shortlisted_is_told_why(tmp_path: Path) -> None:
    rows = cars({}, {"range": "1"}, {"range": None, "consumption": None, "density": None})
    assert listed(tmp_path, rows, "{least: 70, share: 100 %, level: 3, source: s}") == {
        "E0": (True, ()), "E1": (False, ("level",)), "E2": (False, ("least",))}  # fmt: skip


def test_the_lowest_band_of_the_ratio_is_never_below_the_national_limit(scheme: Opened) -> None:
    """Every car in a band meets R1 of GB 36980.1-2025, which the scheme says and the solver proved: looked at along all masses."""
    national = scheme.shelf.find("GB 36980.1-2025", ON)
    assert national is not None
    from guiju.base.diagnostics import Problems
    from guiju.ir.check import check

    program = check(national, ON, scheme.shelf, Problems())
    rows = cars(*({"curb_mass": str(mass), "consumption": f"{consumption / 100:.2f}"} for mass in (900, 1090, 1091, 1780, 2710, 2711)
                  for consumption in (1009, 1010, 1011, 1392, 1393, 1909, 1910, 1911)))  # fmt: skip
    found = run(scheme, library(rows))
    by_model = {row["model"]: row for row in rows}
    rule = next(c for c in program.clauses if c.no == "R1")
    banded = [m for b in found.boards if b.indicator == "i_ratio" for level in (1, 2, 3) for e in found.placed.entries(b.range, "i_ratio", level)
              for m in e.models]  # fmt: skip
    assert banded
    for model in banded:
        values = record(by_model[model], scheme.program.inputs)
        given_ = {
            i.name: values[name]
            for i in program.inputs.values()
            for name, own in scheme.program.inputs.items()
            if own.is_ == i.is_ and name in values
        }
        assert evaluate(program, given_).judge(rule) is not Verdict.FAIL


def test_steps_of_the_distribution_hold_every_value_once(scheme: Opened) -> None:
    found = run(scheme, library(cars(*({"range": str(number)} for number in range(390, 700, 7)))))
    board = board_of(found, "i_range")
    assert sum(step.models for step in board.counts) == len(range(390, 700, 7))
    assert all(one.high == other.low for one, other in pairwise(board.counts))


def test_without_a_range_all_are_compared(tmp_path: Path) -> None:
    start, end = SCHEME.index("  range:\n"), SCHEME.index("  basic:")
    found = run(opened(tmp_path, scheme=SCHEME[:start] + SCHEME[end:]), library(cars({}, {"curb_mass": "1100", "range": "601"})))
    assert found.ranges == ((),) and len(found.boards) == 4 and found.boards[0].withheld is None
    assert len(found.placed.entries((), "i_range", 1)) == 2 and len(found.overall) == 2


def test_levels_that_are_computed_are_told_where_they_lie(tmp_path: Path) -> None:
    changed = STANDARD.replace(
        "levels: {1: 600 km, 2: 500 km, 3: 400 km}", "levels: {1: 500 km if curb_mass < 1200 kg else 600 km, 2: 490 km, 3: 400 km}"
    )
    found = run(opened(tmp_path, changed), library(cars({}, {"curb_mass": "1100"})))
    assert [board_of(found, "i_range", r).lines for r in ("small", "large")] == [("500", "490", "400"), ("600", "490", "400")]


def test_a_library_without_its_columns_is_refused(scheme: Opened) -> None:
    held = library(cars({}))
    from dataclasses import replace

    held.products = replace(held.products, columns=tuple(c for c in held.products.columns if c.name not in ("model", "edition")))
    with pytest.raises(Refused) as caught:
        run(scheme, held)
    (found,) = caught.value.diagnostics
    assert found.code == "board-column" and found.facts["columns"] == "edition、model"
