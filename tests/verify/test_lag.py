"""Standard lag over small populations whose every figure can be checked by hand, and over the examples."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree

import duckdb
import pytest

from guiju.base.diagnostics import Language, Problems, Refused
from guiju.ir.check import check
from guiju.ir.program import Program
from guiju.readings.evaluate import Verdict
from guiju.readings.limit import Curve, comparisons, curve, pieces, strictness
from guiju.records.mapping import load_mapping
from guiju.records.read import read_table
from guiju.standard.shelf import Shelf
from guiju.verify.figure import figure_svg
from guiju.verify.lag import Lag, measure
from guiju.verify.page import page_html

SHELF = Shelf()
CHAIN = ("公告2017年第172号", "财建〔2018〕18号", "财建〔2020〕86号", "GB 36980.1-2025")
AS_IF = {"nev.electricity.nedc": "nev.electricity.cltc"}
DAY = date(2026, 11, 22)
CARS = (
    "id,curb mass (kg),gvw (kg),CLTC consumption (kWh/100km)\n"
    "a,1780,2200,13.92\n"  # exactly at the newest limit
    "b,1780,2200,13.93\n"  # 0.01 above it
    "c,800,1200,10.0\n"  # where the newest is the looser
    "d,2000,3600,20\n"  # too heavy for its scope
    "e,2000,2500,\n"  # nothing known of its consumption
    "f,2000,2500,16\n"
    "g,2000,2500,16\n"  # the same car again
)
MAPPING = """\
guiju: 1
about: {title: {zh: 七辆车, en: seven cars}, terms: none, notes: [{zh: 都是虚设的, en: all made up}]}
key: id
inputs:
  vehicle.category: {constant: M1}
  vehicle.powertrain: {constant: bev}
  vehicle.mass.curb: {column: "curb mass (kg)", unit: kg, is: vehicle.mass.curb}
  vehicle.mass.max_design: {column: "gvw (kg)", unit: kg, is: vehicle.mass.max_design}
  nev.electricity.cltc: {column: "CLTC consumption (kWh/100km)", unit: kWh/100km, is: nev.electricity.cltc}
"""


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        yield opened


def program(number: str) -> Program:
    standard = SHELF.find(number)
    assert standard is not None, number
    problems = Problems()
    made = check(standard, None, SHELF, problems)
    assert not problems.has_errors, problems.found
    return made


def limit(number: str, no: str) -> Curve:
    made = program(number)
    found = curve(made, comparisons(made)[no], {})
    assert found is not None
    return found


def measured(
    connection: duckdb.DuckDBPyConnection, folder: Path, *, cars: str = CARS, mapping: str = MAPPING, numbers: Sequence[str] = CHAIN,
    treat_as: dict[str, str] | None = None,
) -> Lag:  # fmt: skip
    (folder / "cars.csv").write_text(cars, encoding="utf-8")
    (folder / "cars.mapping.yaml").write_text(mapping, encoding="utf-8")
    loaded = load_mapping(folder / "cars.mapping.yaml", Problems())
    assert loaded is not None
    source = read_table(folder / "cars.csv", connection, "cars")
    programs = [program(number) for number in numbers]
    return measure(
        connection,
        programs,
        source,
        loaded,
        dictionary=SHELF.dictionary,
        on=DAY,
        treat_as=treat_as,
    )


def test_the_newest_edition_counts_every_row_once_under_its_verdict(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    lag = measured(connection, tmp_path)
    newest = lag.standards[-1]
    assert newest.standard.number == "GB 36980.1-2025"
    assert newest.scope == (6, 1, 0)
    assert newest.overall is not None
    assert newest.overall.counts == {Verdict.PASS: 2, Verdict.FAIL: 3, Verdict.UNDETERMINED: 1, Verdict.NOT_APPLICABLE: 1}
    assert newest.overall.rate == 0.4
    assert newest.missing == (("consumption", 1),)
    assert (lag.rows, lag.different) == (7, 6)
    assert sum(newest.overall.counts.values()) == lag.rows


def test_without_treat_as_a_value_of_another_cycle_is_refused_and_that_is_told(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    lag = measured(connection, tmp_path)
    for number, no in (("公告2017年第172号", "R3"), ("财建〔2018〕18号", "R3"), ("财建〔2020〕86号", "R2")):
        assert lag.standard(number).clause(no).determined == 0
        assert ("consumption", 7) in lag.standard(number).missing
        assert any(d.code == "other-cycle-not-used" and number in d.message("zh") for d in lag.diagnostics)
    assert not [a for a in lag.assumptions if a.kind == "treated-as"]
    assert lag.drawing is not None and [c.label for c in lag.drawing.curves] == ["GB 36980.1-2025 R1"]


def test_what_is_treated_as_something_else_is_an_assumption_everywhere(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    lag = measured(connection, tmp_path, treat_as=AS_IF)
    assert [a.kind for a in lag.assumptions] == ["constant", "constant", "treated-as", "note"]
    said = next(a.title for a in lag.assumptions if a.kind == "treated-as")
    assert "NEDC" in said.zh and "CLTC" in said.en
    for language in ("zh", "en"):
        for brief in (True, False):
            figure = figure_svg(lag, language, brief=brief)
            assert figure is not None and said.text(language) in without_line_breaks(figure)
        assert said.text(language) in page_html(lag, language)
    assert [lag.standard(n).clause(no).counts[Verdict.PASS] for n, no in (("公告2017年第172号", "R3"), ("财建〔2020〕86号", "R2"))] == [6, 4]


def without_line_breaks(svg: str) -> str:
    return re.sub(r"</text><text[^>]*>", "", svg)


def test_the_margin_is_the_room_to_the_limit_in_shares_of_it(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    lag = measured(connection, tmp_path)
    margin = lag.standards[-1].clause("R1").margin
    assert margin is not None and margin.rows == 2
    assert margin.least == 0  # a, exactly at the limit
    assert margin.median == pytest.approx((10.1 - 10.0) / 10.1 / 2)


def test_two_editions_are_compared_by_their_tables_and_by_the_products_both_judge(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    lag = measured(connection, tmp_path, treat_as=AS_IF)
    pair = next(each for each in lag.pairs if each.newer == "GB 36980.1-2025" and each.older == "财建〔2020〕86号")
    assert (pair.both, pair.only_older, pair.only_newer, pair.neither) == (1, 3, 1, 0)  # a; b, f, g; c
    assert pair.strictness.crossings == (Fraction(97, 10) / Fraction("0.0112"),)


def test_the_age_of_a_standard_is_told_for_the_day_of_the_measurement(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    lag = measured(connection, tmp_path)
    ages = {each.standard.number: each.age for each in lag.standards}
    assert ages["公告2017年第172号"] == pytest.approx(8.89, abs=0.01)
    assert ages["GB 36980.1-2025"] == pytest.approx(0.89, abs=0.01)
    assert [each.standard.number for each in lag.standards] == list(CHAIN)


def test_a_pair_of_different_kinds_cannot_be_treated_as_one_another(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        measured(connection, tmp_path, treat_as={"nev.electricity.nedc": "vehicle.mass.curb"})
    assert [d.code for d in refused.value.diagnostics] == ["treat-as-kind"]
    with pytest.raises(Refused) as refused:
        measured(connection, tmp_path, treat_as={"nev.electricity.nedc": "nev.electricity.cltcc"})
    assert [d.code for d in refused.value.diagnostics] == ["unknown-property"]


def test_an_entry_no_standard_asks_is_let_be_and_one_nobody_knows_is_not(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    known = MAPPING + "  vehicle.seats: {constant: 5}\n"
    assert measured(connection, tmp_path, mapping=known, numbers=CHAIN[-1:]).rows == 7
    with pytest.raises(Refused) as refused:
        measured(connection, tmp_path, mapping=MAPPING + "  vehicle.seatz: {constant: 5}\n")
    assert [d.code for d in refused.value.diagnostics] == ["mapping-unknown-input"]


def test_a_column_whose_header_names_another_cycle_is_refused(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    cars = CARS.replace("CLTC consumption", "WLTP consumption")
    mapping = MAPPING.replace('"CLTC consumption (kWh/100km)", unit: kWh/100km, is: nev.electricity.cltc', '"WLTP consumption (kWh/100km)"')
    with pytest.raises(Refused) as refused:
        measured(connection, tmp_path, cars=cars, mapping=mapping, numbers=CHAIN[-1:])
    assert [d.code for d in refused.value.diagnostics] == ["wrong-property"]


def test_a_curve_has_the_very_values_and_breaks_of_its_table() -> None:
    drawn = list(pieces(limit("GB 36980.1-2025", "R1"), Fraction(500), Fraction(3500)))
    assert drawn == [
        [(500, Fraction("10.1")), (1090, Fraction("10.1"))],
        [(1091, Fraction("10.08916")), (2710, Fraction("19.0908"))],
        [(2711, Fraction("19.1")), (3500, Fraction("19.1"))],
    ]


def test_strictness_names_the_stretches_and_the_crossing_exactly() -> None:
    found = strictness(limit("财建〔2020〕86号", "R2"), limit("GB 36980.1-2025", "R1"), Fraction(500), Fraction(3500))
    assert [(s.low, s.high, s.stricter) for s in found.stretches] == [(500, 866, "first"), (867, 3500, "second")]
    assert found.crossings == (Fraction(12125, 14),)
    assert not found.always("second")
    older = strictness(limit("公告2017年第172号", "R3"), limit("财建〔2018〕18号", "R3"), Fraction(500), Fraction(3500))
    assert older.always("second") and not older.crossings


def test_a_least_value_is_a_limit_from_below() -> None:
    made = program("财建〔2020〕86号")
    found = comparisons(made)["R1"]
    assert not found.upper and found.input.is_ == "nev.range.nedc" and found.depends == ()
    assert curve(made, found, {}) is not None


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("width", [960, 390])
def test_the_figure_stands_alone_and_tells_itself_in_words(
    language: Language, width: int, connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    lag = measured(connection, tmp_path, treat_as=AS_IF)
    svg = figure_svg(lag, language, width)
    assert svg is not None
    root = ElementTree.fromstring(svg)
    space = "{http://www.w3.org/2000/svg}"
    ids = str(root.get("aria-labelledby")).split()
    assert [root.find(f"{space}title").get("id"), root.find(f"{space}desc").get("id")] == ids  # type: ignore[union-attr]
    assert "script" not in svg and "http" not in svg.replace("http://www.w3.org/2000/svg", "")
    assert len(root.findall(f".//{space}circle[@class='pass']")) == 2 + 1  # a, c and the legend
    assert len(root.findall(f".//{space}path[@class='fail']")) == 2 + 1  # b, f with g on the same place, and the legend
    words = [each.text or "" for each in root.iter(f"{space}text")]
    for number in CHAIN:
        assert any(number in text for text in words)
    assert any("kWh/100km" in text for text in words) and any("/ kg" in text for text in words)
    assert any("866.07" in text for text in words)


def test_every_text_of_the_figure_lies_inside_it(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    lag = measured(connection, tmp_path, treat_as=AS_IF)
    for width in (960, 390):
        root = ElementTree.fromstring(figure_svg(lag, "zh", width) or "")
        height = float(str(root.get("viewBox")).split()[3])
        for text in root.iter("{http://www.w3.org/2000/svg}text"):
            x, y, wide = float(str(text.get("x"))), float(str(text.get("y"))), 7.2 * sum(2 if ord(c) > 0x2E80 else 1 for c in text.text or "")
            left = x - {"start": 0.0, "middle": wide / 2, "end": wide}[str(text.get("text-anchor"))]
            assert left > -6 and left + wide < width + 12 and 0 < y < height, text.text


def test_hostile_keys_do_not_reach_the_markup(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    lag = measured(connection, tmp_path, cars=CARS.replace("\na,", '\n"<script>alert(1)</script>",', 1))
    figure = figure_svg(lag, "en")
    assert figure is not None
    for text in (figure, page_html(lag, "en")):
        assert "<script" not in text and "&lt;script&gt;" in text


def test_the_page_needs_nothing_else_and_lists_what_it_rests_on(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    lag = measured(connection, tmp_path, treat_as=AS_IF)
    page = page_html(lag, "zh")
    assert "<script" not in page and "<link" not in page and "<img" not in page and 'src="' not in page
    assert page.count("<svg") == 2 and 'id="wide-title"' in page and 'id="narrow-title"' in page
    for each in lag.assumptions:
        assert each.title.zh in page
    for each in lag.standards:
        for source in each.standard.sources.values():
            assert source.title.split("(")[0].strip()[:12] in page or source.id in page
    assert "866.07 kg" in page and "cars.csv · none" in page


def test_a_standard_without_a_number_to_go_by_has_a_page_and_no_figure(connection: duckdb.DuckDBPyConnection, repo_root: Path) -> None:
    examples = repo_root / "examples"
    loaded = load_mapping(examples / "chargers.mapping.yaml", Problems())
    assert loaded is not None
    source = read_table(examples / "chargers.csv", connection, "chargers")
    lag = measure(connection, [program("GB 46519-2025")], source, loaded, dictionary=SHELF.dictionary, on=DAY)
    assert lag.drawing is None and figure_svg(lag, "zh") is None
    page = page_html(lag, "zh")
    assert "GB 46519-2025" in page and "<svg" not in page
    overall = lag.standards[0].overall
    assert overall is not None
    assert overall.counts == {Verdict.PASS: 3, Verdict.FAIL: 5, Verdict.UNDETERMINED: 2, Verdict.NOT_APPLICABLE: 1}


def test_many_places_are_thinned_and_that_is_said(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    cars = CARS.splitlines()[0] + "\n" + "".join(f"{n},{1000 + n // 10},2000,{10 + n % 10 / 10}\n" for n in range(9000))
    lag = measured(connection, tmp_path, cars=cars, numbers=CHAIN[-1:])
    assert lag.drawing is not None
    assert lag.drawing.places == 9000 and len(lag.drawing.points) == 3000 and sum(lag.drawing.counts.values()) == 9000
    figure = figure_svg(lag, "en")
    assert figure is not None and "3,000 of 9,000 places" in figure


def test_a_population_without_a_row_gives_a_page_all_the_same(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    lag = measured(connection, tmp_path, cars=CARS.splitlines()[0] + "\n")
    assert lag.rows == 0 and all(each.overall is not None and each.overall.rate is None for each in lag.standards)
    assert "<h1>" in page_html(lag, "en")
