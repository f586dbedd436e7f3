"""Proposals from records: exact, the same whatever the order of rows and the unit, held to the national limit, refused where R does not fit in."""

from __future__ import annotations

import json
import random
from collections import Counter
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import duckdb
import pytest

from chargers_made_up import CARS, CARS_MAPPING, FILE, MAPPING, answer, asked, rewritten, rows, shelf
from guiju.base.diagnostics import Refused
from guiju.base.rounding import round_gb
from guiju.frontrunner.authoring.asked import Asked, answered, from_file, population
from guiju.frontrunner.authoring.cuts import level_of
from guiju.frontrunner.authoring.preview import crossed, in_force, market, moves, standing
from guiju.frontrunner.authoring.sample import Headers, sample_of
from guiju.frontrunner.authoring.told import plain, proposal_tables
from guiju.frontrunner.authoring.written import Head, new_file
from guiju.ir.program import IndicatorMeaning
from guiju.readings.limit import comparisons
from guiju.records import importers
from guiju.records.bulk import mapping_of, programs
from guiju.records.read import read_table
from guiju.standard.model import Indicator, Title

F = Fraction


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [each.code for each in refused.value.diagnostics]


def test_quantiles_are_the_values_of_products_with_ties_and_rounding_told() -> None:
    found = answer(decimals="1", national="94.5 %")
    values = sorted((F(row.split(",")[4]) for row in rows() if row.split(",")[2] == "直流" and row.split(",")[4]), reverse=True)
    assert [each.derived for each in found.proposal.cuts] == [values[4], values[19], values[38]], "5, 20 and 39 of 48 are the first to be 10, 40, 80 %"
    assert found.proposal.thresholds == (F("96.4"), F("95.6"), F("94.9"))
    third = found.proposal.cuts[2]
    assert (third.tied, third.count, third.changed) == (values.count(F("94.83")), sum(v >= F("94.9") for v in values), -4)
    assert found.sample.illustrative
    assert (found.sample.rows, found.sample.outside, found.sample.undetermined) == (50, 1, 1)


def test_the_order_of_rows_and_the_unit_they_are_in_change_nothing(tmp_path: Path) -> None:
    mixed = rows()
    random.Random(2).shuffle(mixed)
    usual = plain(answer(method="classes", against="in-force"))
    assert plain(answer(rewritten(tmp_path, mixed), method="classes", against="in-force"))["levels"] == usual["levels"]
    cells = [row.split(",") for row in rows()]
    parts = [",".join([*row[:4], str(F(row[4]) / 100 and float(row[4]) / 100) if row[4] else "", *row[5:]]) for row in cells]
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text(MAPPING.read_text("utf-8").replace('unit: "%", is: charger.eff', 'unit: "1", is: charger.eff'), encoding="utf-8")
    other = plain(answer(rewritten(tmp_path, parts, "parts.csv"), mapping, method="classes", against="in-force"))
    assert other["levels"] == usual["levels"]
    assert other["standing"]["products"] == usual["standing"]["products"]


@pytest.mark.parametrize("method", ["quantiles", "gaps", "classes", "market"])
def test_every_method_gives_levels_that_get_looser_and_everybody_has_one(method: str) -> None:
    found = answer(method=method)
    assert list(found.proposal.thresholds) == sorted(found.proposal.thresholds, reverse=True)
    assert sum(found.standing.counts()) == len(found.sample.offers) == 48
    for offer, level in zip(found.sample.offers, found.standing.levels, strict=True):
        assert level == level_of(offer.value, found.proposal.thresholds, "higher")


def test_market_shares_weigh_products_by_their_sales() -> None:
    found = answer(method="market", shares="10,50,90")
    sold = [(each.value, each.sales or F(0)) for each in found.sample.offers]
    whole = sum(sales for _, sales in sold)
    for cut in found.proposal.cuts:
        assert cut.stated is not None
        assert sum(sales for value, sales in sold if value >= cut.value) >= cut.stated * whole
        assert sum(sales for value, sales in sold if value > cut.value) < cut.stated * whole


def test_no_level_is_looser_than_the_national_limit() -> None:
    found = answer(national="95 %", decimals="1")
    assert found.proposal.thresholds[-1] == 95
    assert found.proposal.cuts[2].held
    assert "authoring-held" in {each.code for each in found.diagnostics}
    with pytest.raises(Refused) as refused:
        answer(method="given", values="96,95,94", national="94.5 %")
    assert codes(refused) == ["authoring-looser"]
    with pytest.raises(Refused) as refused:
        answer(shares="90,95,100", national="96 %")
    assert set(codes(refused)) == {"authoring-held", "authoring-meet"}


def test_the_national_limit_of_a_clause_is_the_strictest_among_the_products(tmp_path: Path) -> None:
    file, mapping = tmp_path / "cars.csv", tmp_path / "cars.mapping.yaml"
    file.write_text(CARS, encoding="utf-8")
    mapping.write_text(CARS_MAPPING, encoding="utf-8")
    (program,) = programs(shelf(), ["GB 36980.1-2025"], None)
    meaning = next(each for each in program.clauses if each.no == "R1")
    indicator = Indicator("1", "level", Title("", ""), "core", meaning.clause.requires, "lower", (), None, (), None, meaning.clause.span)
    comparison = comparisons(program)["R1"]
    graded = replace(program, indicators=(IndicatorMeaning(indicator, meaning.applies, comparison.measured, comparison.measured),))
    connection = duckdb.connect()
    source = read_table(file, connection, "records")
    used, _ = mapping_of(shelf(), [program], source, mapping)
    sample = sample_of(connection, graded, "level", source, used, Headers(), national=(program, "R1"))
    assert sample.national is not None
    assert round_gb(sample.national, F(1, 10**4)) == round_gb(F("0.00556") * (1200 - 1780) + F("13.92"), F(1, 10**4)), "of the lightest car"
    with pytest.raises(Refused) as refused:
        sample_of(connection, graded, "level", source, used, Headers(), national=(program, "R9"))
    assert codes(refused) == ["authoring-national"]


def test_steps_narrower_than_r_are_refused_with_what_can_be_told_apart() -> None:
    with pytest.raises(Refused) as refused:
        answer(method="classes", R="0.9 %")
    (narrow,) = [each for each in refused.value.diagnostics if each.code == "authoring-narrow"]
    assert narrow.facts["steps"].startswith("2–3 (0.84 %)")
    assert "96.88, 95.94, 95.04 %" in narrow.help("en")
    found = answer(method="classes", R="0.8 %")
    table = next(each for each in proposal_tables(found, "en") if "measurement capability" in each.title)
    assert [row[1] for row in table.rows] == ["50.0 %", "50.0 %", "50.2 %"], "at the limit of level 3 results may also fall into level 1"


def test_r_is_read_from_a_precision_study_in_its_own_unit(tmp_path: Path) -> None:
    study = {"unit": "1", "sha256": "ab" * 32, "studies": [{"all": {"levels": [{"R": 0.002, "s_R": 0.0007}, {"R": 0.004, "s_R": 0.0014}]}, "kept": None}]}
    found = answer(method="classes", precision=("study.json", json.dumps(study).encode()))
    held = found.proposal.question.capability
    assert held is not None
    assert (held.R, held.s_R) == (F("0.4"), F("0.14")), "in percent, of the worst level"
    for content in (b"{", b"[]", b'{"studies": []}', json.dumps({**study, "studies": [{"all": {"levels": [{"R": -1, "s_R": 1}]}}]}).encode()):
        with pytest.raises(Refused) as refused:
            answer(precision=("study.json", content))
        assert codes(refused) == ["authoring-precision"]


def test_who_rises_and_falls_is_counted_against_the_edition_in_force() -> None:
    found = answer(method="given", values="96,95.5,94.5", against="in-force")
    assert found.against is not None
    assert found.against.levels == standing(found.sample, (F("96.5"), F("95.5"), F("94.5"))).levels
    changed = moves(found.against, found.standing)
    assert all(each.rises and (each.before, each.after) == (2, 1) for each in changed)
    assert {each.offer.value for each in changed} == {v for v in found.sample.values if F(96) <= v < F("96.5")}
    assert sum(crossed(found.against, found.standing).values()) == 48
    assert in_force(found.sample).counts() == found.against.counts()


def test_the_market_is_parted_exactly() -> None:
    found = answer(decimals="1")
    seen = market(found.standing)
    assert seen.products.parts == tuple(map(F, found.standing.counts()))
    assert seen.sales is not None
    assert seen.sales.whole == sum(each.sales or 0 for each in found.sample.offers)
    assert sum(int(share.whole) for _, _, share in seen.prices) == 48
    first = Counter(offer.enterprise for offer, level in zip(found.sample.offers, found.standing.levels, strict=True) if level == 1)
    assert seen.concentration == sum((F(n, first.total()) ** 2 for n in first.values()), F(0))
    assert seen.enterprises_all == 6


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"method": "magic"}, "unknown-word"),
        ({"toward": "up"}, "unknown-word"),
        ({"shares": "40,10"}, "authoring-shares"),
        ({"shares": "ten"}, "authoring-shares"),
        ({"method": "given"}, "authoring-values"),
        ({"method": "given", "values": "96 kg"}, "authoring-amount"),
        ({"method": "given", "values": "95,96"}, "authoring-meet"),
        ({"decimals": "1.5"}, "authoring-amount"),
        ({"R": "-1"}, "authoring-amount"),
        ({"method": "gaps", "levels": 60}, "authoring-values"),
        ({"method": "classes", "levels": 9, "only": "一体式", "decimals": "0"}, "authoring-meet"),
        ({"only": "nothing"}, "authoring-few"),
        ({"national": "R1 of GB 36980.1-2025"}, "authoring-national"),
    ],
)
def test_what_is_wrong_is_said(said: dict[str, object], code: str) -> None:
    with pytest.raises(Refused) as refused:
        answer(**said)
    assert code in codes(refused)


def test_what_is_wrong_with_the_records_is_said(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        answered(shelf(), from_file(FILE, MAPPING), replace(asked(), headers=Headers(sales="卖了")))
    assert codes(refused) == ["authoring-column"]
    with pytest.raises(Refused) as refused:
        answered(shelf(), from_file(FILE, MAPPING), replace(asked(), indicator="noise_level"))
    assert codes(refused) == ["authoring-indicator"]
    with pytest.raises(Refused) as refused:
        answered(shelf(), from_file(FILE, MAPPING), asked(), 10)
    assert codes(refused) == ["authoring-too-many"]
    cells = [row.split(",") for row in rows()]
    file = rewritten(tmp_path, [",".join([*row[:7], "many", row[8]]) for row in cells])
    sample, _ = population(shelf(), from_file(file, MAPPING), asked())
    assert "authoring-cell" in {each.code for each in sample.diagnostics}
    with pytest.raises(Refused) as refused:
        answer(file, method="market")
    assert codes(refused) == ["authoring-no-sales"]
    file = rewritten(tmp_path, rows()[:2], "two.csv")
    with pytest.raises(Refused) as refused:
        answer(file, method="gaps")
    assert codes(refused) == ["authoring-few"]


def test_thresholds_of_a_computed_indicator_come_from_real_cars(shared: Path, tmp_path: Path) -> None:
    source = shared / "data" / "products" / "open_ev_data.csv.gz"
    if not source.is_file():
        pytest.skip("needs ../shared/data/products/open_ev_data.csv.gz")
    connection = duckdb.connect()
    file = tmp_path / "cars.parquet"
    mapping = importers.save(connection, importers.run("open-ev", source, connection, "cars"), file)
    question = Asked("T/GUIJU 701-2026", "consumption_level", decimals="1", national="100 %", against="in-force")
    found = answered(shelf(), from_file(file, mapping), question)
    assert len(found.sample.offers) > 100
    assert not found.sample.illustrative
    values = sorted(found.sample.values)
    for cut in found.proposal.cuts:
        assert cut.stated is not None
        assert cut.derived == values[-(-len(values) * cut.stated.numerator // cut.stated.denominator) - 1]
        assert cut.value <= cut.derived
    opened = shelf().open(shelf().locate("T/GUIJU 701-2026") or Path())
    draft = new_file([found.proposal], opened, shelf(), Head("T/GUIJU 791-2026", Title("试", "Trial"), date(2026, 11, 22)))
    assert "grade: C" in draft.text
    assert draft.examples.count("nearest to level") == 6, "no car on the decimals of mass and consumption has these very ratios"
