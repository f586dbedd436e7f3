"""Products in scenarios: as the exact reading has it, whatever the order and the units, never worse for being better, and why."""

from __future__ import annotations

import csv
import random
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

import pytest

from guiju.base.diagnostics import Problems, Refused
from guiju.frontrunner.application.asked import STANDARD, opened_application
from guiju.frontrunner.application.fitting import Fitted, Fitting, Wanted, fit
from guiju.frontrunner.application.suits import CONDITIONAL, STATES, SUITED, UNKNOWN, UNSUITED, WORDS, Application, application_of, suits_name
from guiju.frontrunner.application.why import Asking
from guiju.frontrunner.library.library import read_library
from guiju.ir.check import check
from guiju.readings.evaluate import evaluate
from guiju.standard.shelf import Shelf, data_folder

FLEET = data_folder() / "examples" / "frontrunner" / "fleet"
RANGE, PAYLOAD, COLD = "续驶里程（CHTC，货车）（km）", "额定载质量（kg）", "低温里程衰减率（%）"
Rows = list[dict[str, str]]


@cache
def shelf() -> Shelf:
    return Shelf()


@cache
def application() -> Application:
    return opened_application(shelf())


def rows() -> Rows:
    with (FLEET / "产品.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def written(folder: Path, products: Rows) -> Fitting:
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("企业", "标准"):
        (folder / f"{name}.csv").write_bytes((FLEET / f"{name}.csv").read_bytes())
    with (folder / "产品.csv").open("w", encoding="utf-8", newline="") as file:
        made = csv.DictWriter(file, list(products[0]))
        made.writeheader()
        made.writerows(products)
    return fit(application(), read_library(folder, shelf().dictionary))


@pytest.fixture(scope="module")
def fleet() -> Fitting:
    return fit(application(), read_library(FLEET, shelf().dictionary))


def by_key(found: Fitting) -> dict[str, tuple[str | None, Mapping[str, str]]]:
    return {each.product: (each.grade, each.suits) for each in found.rows(Wanted(in_scope=False), per_page=None)[0]}


def one(found: Fitting, key: str) -> Fitted:
    product = found.product(key)
    assert product is not None
    return product


def test_the_fleet_is_told_as_the_exact_reading_tells_it_and_its_grade_is_worked_out(fleet: Fitting) -> None:
    program, listed = application().program, fleet.rows(Wanted(), per_page=None)[0]
    records = fleet.records([each.row for each in listed])
    assert {each.product[3] for each in listed} == {"C", "T"}
    for each in listed:
        exact = evaluate(program, records[each.row])
        assert each.grade == exact.of(program.values["result"])
        for scenario, state in each.suits.items():
            value = exact.of(program.values[suits_name(scenario)])
            assert state == (value if value in WORDS else UNKNOWN)
    assert {state for each in listed for state in each.suits.values()} == {SUITED, CONDITIONAL, UNSUITED, UNKNOWN}


def test_chargers_and_services_are_out_of_scope_and_no_vehicle_is_lost(fleet: Fitting) -> None:
    everything, total = fleet.rows(Wanted(in_scope=False), per_page=None)
    outside = {each.product for each in everything if set(each.suits.values()) == {"outside"}}
    assert total == 22 and {key[3] for key in outside} == {"D", "S"}
    counts = fleet.counts(Wanted(in_scope=False))
    assert all(sum(states.values()) == 22 and list(states) == list(STATES) for states in counts.values())


def test_the_order_of_rows_changes_nothing(fleet: Fitting, tmp_path: Path) -> None:
    turned = rows()
    random.Random(7).shuffle(turned)
    assert by_key(written(tmp_path, turned)) == by_key(fleet)


def test_units_change_nothing(fleet: Fitting, tmp_path: Path) -> None:
    changed = [{name.replace("（km）", "（m）") if name == RANGE else name.replace("（kg）", "（t）") if name == PAYLOAD else name:
                f"{value}000" if name == RANGE and value else f"{int(value) / 1000:.3f}" if name == PAYLOAD and value else value
                for name, value in each.items()} for each in rows()]  # fmt: skip
    assert by_key(written(tmp_path, changed)) == by_key(fleet)


@pytest.mark.parametrize(("column", "better"), [(RANGE, lambda v: v + 120), (PAYLOAD, lambda v: v + 200), (COLD, lambda v: max(0.0, v - 6))])
def test_better_in_one_thing_is_never_less_suited(fleet: Fitting, tmp_path: Path, column: str, better: Callable[[float], float]) -> None:
    changed = [{**each, column: f"{better(float(each[column])):g}"} if each[column] else each for each in rows()]
    before, after = by_key(fleet), by_key(written(tmp_path, changed))
    places = {UNSUITED: 0, CONDITIONAL: 1, SUITED: 2}
    told = [(places[before[key][1][name]], places[state]) for key, (_, suits) in after.items() for name, state in suits.items()
            if state in places and before[key][1][name] in places]  # fmt: skip
    assert all(was <= now for was, now in told) and any(was < now for was, now in told)


def test_why_names_the_condition_how_far_it_is_and_what_holds_the_grade_back(fleet: Fitting) -> None:
    asking = Asking(application(), shelf())

    def why(key: str, scenario: str) -> tuple[list[str], list[str]]:
        row = one(fleet, key).row
        found = asking.reasons(fleet.records([row])[row])[scenario]
        return [each.told.en for each in found.suited], [each.told.en for each in found.conditional]

    assert why("FL-T02", "county_taxi") == (
        ["usable range over what is needed (county taxi): 71.25 % < 100 %, short by 28.75 %",
         "county taxi, suited: charged from 30 % to 80 % within 30 min: 33 min > 30 min, over by 3 min"], [])  # fmt: skip
    suited, _ = why("FL-T05", "rural")
    assert suited == ["rural, suited: a clearance of at least 180 mm when laden: not declared: least ground clearance when fully laden"]
    row = one(fleet, "FL-C06").row
    short = asking.reasons(fleet.records([row])[row])["rural"].suited[0]
    assert short.value == "baseline" and [(each.value, each.limit, each.gap) for each in short.held][1:] == [
        ("545", "600", "55"), ("28", "24", "4"), ("9.6", "6.8", "2.8")]  # fmt: skip
    assert why("FL-T01", "rural") == ([], [])


def test_the_conditions_that_products_lack_are_counted(fleet: Fitting) -> None:
    payload = fleet.held_back(Wanted())["town_delivery"][2]
    lacking = [each for each in rows() if each[PAYLOAD] and int(each[PAYLOAD]) < 1000]
    assert payload[0] == len(lacking) and 0 < payload[1] < payload[0] and payload[2] == 0


@pytest.mark.parametrize(("wanted", "keys"), [
    (Wanted(scenario="rural", state=SUITED, brand="示意丙"), ["FL-C08", "FL-T01", "FL-T04"]),
    (Wanted(grade="advanced"), ["FL-T01", "FL-C04", "FL-C01"]),
    (Wanted(region="CN-31", words=("c3",)), ["FL-C03"]), (Wanted(scenario="cold_region", state=UNKNOWN), ["FL-C08", "FL-T05"]),
])  # fmt: skip
def test_a_matrix_is_narrowed(fleet: Fitting, wanted: Wanted, keys: list[str]) -> None:
    found, total = fleet.rows(wanted)
    assert [each.product for each in found] == keys and total == len(keys)


def test_a_standard_without_scenarios_is_no_application() -> None:
    with pytest.raises(Refused) as caught:
        opened_application(shelf(), "T/GUIJU 701-2026")
    assert [each.code for each in caught.value.diagnostics] == ["application-none"]
    assert opened_application(shelf()).program.standard.number == STANDARD


def test_suitability_without_all_three_words_is_refused(tmp_path: Path) -> None:
    path = shelf().locate(STANDARD)
    assert path is not None
    text = (path / "standard.yaml").read_text("utf-8")
    start, end = text.index("else 'conditional' if"), text.index(" else 'unsuited'")
    (tmp_path / "standard.yaml").write_text(text[:start].rstrip() + text[end:], "utf-8")
    standard = shelf().open(tmp_path).standard
    assert standard is not None
    with pytest.raises(Refused) as caught:
        application_of(check(standard, None, shelf(), Problems()))
    assert [each.code for each in caught.value.diagnostics] == ["application-words"]
