"""Saturation: counts of models that can be checked by hand, exact boundaries, and real cars against the chain of energy thresholds."""

from __future__ import annotations

import random
from collections.abc import Sequence
from fractions import Fraction
from math import comb
from pathlib import Path
from xml.etree import ElementTree

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from checking import MADE_UP, checked, shelf
from guiju.align.interval import EXACT_MAX, interval
from guiju.align.population import population, treated
from guiju.align.saturation import BINS, Counts, Finding, Saturation, Spread, Thresholds, classify, saturation
from guiju.align.saturation_figure import figure_svg
from guiju.align.saturation_page import page_html
from guiju.base.diagnostics import Refused
from guiju.base.rounding import decimal_text
from guiju.ir.program import Program
from guiju.readings.evaluate import Verdict, evaluate
from guiju.records.bulk import programs
from guiju.records.importers import run, save
from random_records import records

CHAIN = ("公告2017年第172号", "财建〔2018〕18号", "财建〔2020〕86号", "GB 36980.1-2025")
STANDARD = MADE_UP + """
inputs:
  mass: {is: vehicle.mass.curb, unit: kg, decimals: 0, min: 300, max: 6000}
  use: {is: nev.electricity.cltc, unit: kWh/100km, decimals: 2, min: 1, max: 90}
  range: {is: nev.range.cltc, unit: km, decimals: 0, min: 0, max: 2000}
  kind: {is: vehicle.category, values: [M1, N1]}
clauses:
  "1": {zh: 甲, en: use, shall: use <= 20 kWh/100km, source: s}
  "2": {zh: 乙, en: range, shall: range >= 400 km, source: s}
  "3": {zh: 丙, en: category, shall: kind == 'M1', source: s}
  "4": {zh: 丁, en: heavy, when: mass > 3000 kg, shall: use < 15 kWh/100km, source: s}
indicators:
  "5": {name: grade, zh: 级, en: grade, kind: core, value: use, better: lower, levels: {1: 10 kWh/100km, 2: 15 kWh/100km}, source: s}
"""
MAPPING = """\
guiju: 1
inputs:
  vehicle.mass.curb: {column: mass, unit: kg, is: vehicle.mass.curb}
  nev.electricity.cltc: {column: use, unit: kWh/100km, is: nev.electricity.cltc}
  nev.range.cltc: {column: range, unit: km, is: nev.range.cltc}
  vehicle.category: {constant: M1, is: vehicle.category}
"""
CARS = (
    "make,model,mass,use,range",
    "甲,a,1500,12,500",
    "甲,a,1500,12,500",  # the same car again
    "甲,a,1600,21,500",  # a variant that fails clause 1
    "甲,b,1500,20,399",  # exactly at the limit of clause 1
    "乙,a,1500,20.01,400",  # another make's model of the same name
    "乙,c,3100,,400",  # nothing is known of its consumption
    "乙,,1500,9,410",  # no model is named: a unit by itself
)


def program() -> Program:
    made = checked(STANDARD)
    assert made.program is not None and not made.errors, made.errors
    return made.program


def seen(folder: Path, lines: Sequence[str] = CARS, *, model: Sequence[str] = (), thresholds: Thresholds | None = None) -> Saturation:
    (folder / "cars.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "cars.mapping.yaml").write_text(MAPPING, encoding="utf-8")
    found = population(shelf(), [program()], folder / "cars.csv", folder / "cars.mapping.yaml", model=model)
    return saturation(found, [program()], thresholds or Thresholds(least=1))


def counts(found: Saturation) -> dict[str, tuple[int, ...]]:
    return {f.no: (f.counts.passing, f.counts.split, f.counts.failing, f.counts.open, f.counts.outside) for f in found.findings}


def test_models_are_counted_once_and_a_model_whose_variants_differ_is_split(tmp_path: Path) -> None:
    found = seen(tmp_path)
    assert (found.population.named, found.population.units) == (("make", "model"), 5)
    assert counts(found) == {
        "1": (2, 1, 1, 1, 0), "2": (4, 0, 1, 0, 0), "3": (5, 0, 0, 0, 0), "4": (0, 0, 0, 1, 4), "grade 1": (1, 0, 3, 1, 0),
        "grade 2": (1, 1, 2, 1, 0), "overall": (1, 1, 2, 1, 0),
    }  # fmt: skip


def test_without_models_every_record_is_a_unit(tmp_path: Path) -> None:
    found = seen(tmp_path, model=["record"])
    assert found.population.units == 7 and counts(found)["1"] == (4, 0, 2, 1, 0)


def test_the_margin_of_a_model_is_that_of_its_variant_nearest_to_failing(tmp_path: Path) -> None:
    spread = next(f.spread for f in seen(tmp_path).findings if f.no == "1")
    assert spread is not None and spread.models == 4 == sum(spread.bins) and spread.roomy == 1
    assert spread.quantiles[0] == pytest.approx(-0.05 * 0.85 - 0.0005 * 0.15) and spread.quantiles[4] == pytest.approx(0.55 * 0.85)


def test_a_clause_everyone_passes_is_saturated_and_one_nobody_passes_is_far(tmp_path: Path) -> None:
    lines = [CARS[0], *(f"丙,{n},1500,{13 + n / 20:.2f},{100 + n}" for n in range(40))]
    found = {f.no: f for f in seen(tmp_path, lines, thresholds=Thresholds()).findings}
    assert (found["1"].class_, found["3"].class_, found["2"].class_) == ("saturated", "saturated", "far")
    assert not found["1"].firm and found["1"].interval is not None and found["1"].interval.low < Fraction(99, 100)
    assert found["4"].class_ == "untested" and found["grade 2"].class_ == "binding"


@pytest.mark.parametrize("seed", range(3))
def test_the_order_the_repetition_and_the_chunks_of_the_records_change_nothing(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    rows = [f"{chance.choice('甲乙丙')},{chance.randrange(25)},{chance.randrange(1000, 4000)},{chance.choice(['', chance.randrange(800, 2500) / 100])},"
            f"{chance.randrange(200, 700)}" for _ in range(300)]  # fmt: skip
    first = seen(tmp_path, [CARS[0], *rows])
    again = [*rows, *chance.sample(rows, 100)]
    chance.shuffle(again)
    shuffled = seen(tmp_path, [CARS[0], *again])
    assert bare(first.findings) == bare(shuffled.findings)
    with duckdb.connect() as connection:
        table = f"read_csv('{tmp_path / 'cars.csv'}', all_varchar = true)"
        connection.execute(f"COPY (SELECT * FROM {table}) TO '{tmp_path / 'cars.parquet'}' (FORMAT parquet, ROW_GROUP_SIZE 16)")
    held = population(shelf(), [program()], tmp_path / "cars.parquet", tmp_path / "cars.mapping.yaml")
    assert bare(saturation(held, [program()], Thresholds(least=1)).findings) == bare(first.findings)


def bare(findings: Sequence[Finding]) -> list[tuple[object, ...]]:
    return [(f.no, f.counts, f.class_, f.firm, f.interval, f.spread and (f.spread.models, f.spread.roomy, f.spread.bins),
             f.spread and [round(q, 9) for q in f.spread.quantiles]) for f in findings]  # fmt: skip


@pytest.mark.parametrize("number", ["GB 46519-2025", "GB 36980.1-2025", "财建〔2018〕18号"])
def test_counts_and_room_agree_with_the_exact_reading_on_records_that_hug_limits(number: str, tmp_path: Path) -> None:
    (made,) = programs(shelf(), [number], None)
    given = records(made, 300, 7)
    names = list(made.used_inputs)
    lines = [",".join(names), *(",".join(text(record.get(name)) for name in names) for record in given)]
    (tmp_path / "r.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    entries = "".join(f"  {n}: {{column: {n}, is: {made.inputs[n].is_}{unit(made, n)}}}\n" for n in names)
    (tmp_path / "r.yaml").write_text(f"guiju: 1\ninputs:\n{entries}", encoding="utf-8")
    found = saturation(population(shelf(), [made], tmp_path / "r.csv", tmp_path / "r.yaml", model=["record"]), [made], Thresholds())
    judged = [evaluate(made, record) for record in given]
    for each in (f for f in found.findings if f.kind != "level"):
        verdicts = [e.verdict(each.no) for e in judged]
        told = (each.counts.passing, each.counts.failing, each.counts.open, each.counts.outside)
        assert told == tuple(verdicts.count(v) for v in (Verdict.PASS, Verdict.FAIL, Verdict.UNDETERMINED, Verdict.NOT_APPLICABLE)), each.no
        assert sum(told) + each.counts.split == len(given)
    for indicator in made.indicators:
        reached = [e.of(indicator.level) if e.of(indicator.applies) is True else None for e in judged]
        for place, (level, _) in enumerate(indicator.indicator.levels, 1):
            told = next(f.counts.passing for f in found.findings if f.no == f"{indicator.indicator.name} {level}")
            assert told == sum(isinstance(r, Fraction) and r <= place for r in reached)
    for grade in made.grades:
        words = [e.of(grade.node) if e.of(made.scope) is True else None for e in judged]
        places = [each.grade for each in grade.grading.grades]
        for place, each in enumerate(grade.grading.grades[:-1], 1):
            told = next(f.counts.passing for f in found.findings if f.no == f"{grade.grading.name} {each.grade}")
            assert told == sum(word in places[:place] for word in words) and told


def text(value: object) -> str:
    if value is None:
        return ""
    return decimal_text(value) if isinstance(value, Fraction) else str(value).lower() if isinstance(value, bool) else str(value)


def unit(made: Program, name: str) -> str:
    declared = made.inputs[name]
    return f', unit: "{declared.unit.text}"' if declared.unit is not None and declared.kind == "number" else ""


def test_a_product_exactly_at_the_margin_is_roomy_whatever_doubles_say(tmp_path: Path) -> None:
    """Of a limit of 3 to 9 that goes with the mass, nine tenths, exactly: doubles see some of these as less."""
    standard = STANDARD.replace("use <= 20 kWh/100km", "use <= 1 kWh/100km * (mass / 100 kg)")
    made = checked(standard).program
    assert made is not None and not checked(standard).errors
    masses = range(300, 900, 10)
    lines = [CARS[0], *(f"丙,{mass},{mass},{decimal_text(Fraction(mass * 9, 1000))},1" for mass in masses)]
    (tmp_path / "m.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (tmp_path / "m.yaml").write_text(MAPPING, encoding="utf-8")
    held = population(shelf(), [made], tmp_path / "m.csv", tmp_path / "m.yaml")
    spread = saturation(held, [made], Thresholds()).findings[0].spread
    assert any(mass * 0.01 - mass * 9 / 1000 < 0.1 * (mass * 0.01) for mass in masses), "doubles alone would do"
    assert spread is not None and spread.roomy == spread.models == 60


# Classes and intervals.


@given(st.integers(0, 300), st.integers(0, 300), st.integers(0, 300), st.integers(0, 50), st.integers(0, 50))
def test_shares_add_up_and_every_boundary_belongs_to_the_class_it_names(passing: int, split: int, failing: int, open_: int, outside: int) -> None:
    found = Counts(passing, split, failing, open_, outside)
    class_ = classify(found, None, Thresholds())
    if found.share is not None and found.any_share is not None:
        assert found.share + Fraction(split + failing, found.judged) == 1 and found.share <= found.any_share
    judged = passing + split + failing
    if judged < 30:
        assert class_ == "untested"
    elif 100 * passing >= 99 * judged:
        assert class_ == "saturated"
    else:
        assert class_ == ("far" if 100 * (passing + split) <= 5 * judged else "discriminating")


@pytest.mark.parametrize(("passing", "failing", "class_"), [
    (99, 1, "saturated"), (98, 1, "discriminating"), (5, 95, "far"), (5, 94, "discriminating"), (29, 0, "untested"), (30, 0, "saturated"),
])  # fmt: skip
def test_the_boundaries(passing: int, failing: int, class_: str) -> None:
    assert classify(Counts(passing, 0, failing, 0, 0), None, Thresholds()) == class_


def test_what_nearly_all_pass_closely_is_binding_not_saturated() -> None:
    def spread(roomy: int) -> Spread:
        return Spread(100, roomy, (0.0,) * 5, (0,) * BINS)

    assert classify(Counts(100, 0, 0, 0, 0), spread(50), Thresholds()) == "saturated"
    assert classify(Counts(100, 0, 0, 0, 0), spread(49), Thresholds()) == "binding"


@pytest.mark.parametrize(("hits", "units", "low", "high"), [(5, 10, "0.1870", "0.8130"), (0, 10, "0", "0.3085"), (36, 36, "0.9026", "1")])
def test_the_interval_of_clopper_and_pearson_is_that_of_the_tables_rounded_outward(hits: int, units: int, low: str, high: str) -> None:
    found = interval(hits, units)
    assert found is not None and (found.low, found.high, found.method) == (Fraction(low), Fraction(high), "Clopper-Pearson")


@given(st.integers(1, 60).flatmap(lambda units: st.tuples(st.integers(0, units), st.just(units))))
def test_the_bounds_are_where_seeing_so_many_becomes_as_rare_as_1_in_40(seen_of: tuple[int, int]) -> None:
    hits, units = seen_of
    found = interval(hits, units)
    assert found is not None and found.low <= Fraction(hits, units) <= found.high

    def tail(share: Fraction) -> Fraction:
        return sum((comb(units, i) * share**i * (1 - share) ** (units - i) for i in range(hits, units + 1)), Fraction(0))

    if hits:
        assert tail(found.low) <= Fraction(1, 40) < tail(found.low + Fraction(1, 10_000))


def test_beyond_a_thousand_units_the_interval_is_wilsons() -> None:
    found = interval(EXACT_MAX, 2 * EXACT_MAX)
    assert found is not None and found.method == "Wilson" and (found.low, found.high) == (Fraction("0.4781"), Fraction("0.5219"))


# Real cars.


def open_ev(shared: Path, folder: Path, model: Sequence[str] = ()) -> Saturation:
    with duckdb.connect() as connection:
        made = run("open-ev", shared / "data" / "products" / "open_ev_data.parquet", connection, "open_ev")
        save(connection, made, folder / "open-ev.parquet")
    found = programs(shelf(), CHAIN, None)
    held = population(shelf(), found, folder / "open-ev.parquet", folder / "open-ev.mapping.yaml", model=model)
    return saturation(treated(held, shelf(), found, {"nev.electricity.nedc": "nev.electricity.cltc"}), found, Thresholds())


def test_of_real_cars_the_older_energy_thresholds_are_saturated_and_the_newest_still_tells_them_apart(shared: Path, tmp_path: Path) -> None:
    """36 models of 16 makes. The facts page counts the rows of the whole set (269, 269, 266 and 238 of 269); at hand are 117 rows."""
    found = open_ev(shared, tmp_path)
    energy = {f.standard: f for f in found.findings if (f.standard, f.no) in zip(CHAIN, ("R3", "R3", "R2", "R1"), strict=True)}
    assert [(f.class_, f.counts.passing, f.counts.split, f.counts.failing) for f in energy.values()] == [
        ("saturated", 36, 0, 0), ("saturated", 36, 0, 0), ("saturated", 36, 0, 0), ("discriminating", 29, 1, 6)]  # fmt: skip
    assert [round(100 * f.spread.quantiles[2], 1) for f in energy.values() if f.spread] == [42.0, 35.6, 25.2, 9.0]
    assert "the value of electricity consumption (CLTC) stands for electricity consumption (NEDC)" in [a.en for a in found.population.assumptions]


def test_counted_by_records_the_figures_are_those_of_the_lag(shared: Path, tmp_path: Path) -> None:
    found = open_ev(shared, tmp_path, ["record"])
    newest = next(f for f in found.findings if f.standard == CHAIN[-1] and f.no == "R1")
    assert (newest.counts.passing, newest.counts.judged) == (105, 117)


# The figure and the page.


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("width", [960, 390])
def test_the_figure_says_in_words_what_it_shows(language: str, width: int, tmp_path: Path) -> None:
    found = seen(tmp_path)
    svg = figure_svg(found, language, width)  # type: ignore[arg-type]
    assert svg is not None
    root = ElementTree.fromstring(svg)
    texts = {child.tag.rpartition("}")[2]: child.text or "" for child in root if child.text}
    assert "T/TEST 1 1" in texts["desc"] and texts["title"]
    classes = {"zh": "有区分", "en": "discriminating"}
    assert classes[language] in svg
    places = [float(x) for e in root.iter() if (x := e.get("x")) and "%" not in x]
    assert all(0 <= place <= width for place in places)


def test_nothing_judged_is_no_figure_and_the_page_says_so(tmp_path: Path) -> None:
    found = seen(tmp_path, ["make,model,mass,use,range"])
    assert figure_svg(found, "zh") is None and "<svg" not in page_html(found, "zh") and "没有饱和或远离的条款" in page_html(found, "zh")


def test_the_page_names_the_sources_the_assumptions_and_the_thresholds(tmp_path: Path) -> None:
    page = page_html(seen(tmp_path), "en")
    assert page.count("<svg") == 2 and "made up" in page and "vehicle category: M1" in page and "99.0 %" in page


# What is refused.


@pytest.mark.parametrize("wrong", [
    {"saturated": Fraction(2)}, {"far": Fraction(99, 100)}, {"far": Fraction(-1)}, {"margin": Fraction(-1, 100)}, {"least": 0},
])  # fmt: skip
def test_thresholds_that_do_not_hold_together_are_refused(wrong: dict[str, Fraction]) -> None:
    with pytest.raises(Refused) as refused:
        Thresholds(**wrong)  # type: ignore[arg-type]
    assert [d.code for d in refused.value.diagnostics] == ["saturation-thresholds"]


def test_a_column_that_should_name_the_model_and_is_not_there_is_refused_with_the_near_one(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        seen(tmp_path, model=["modell"])
    (said,) = refused.value.diagnostics
    assert said.code == "unknown-model-column" and "model" in said.help("en")


def test_treating_one_property_as_another_of_another_kind_is_refused(tmp_path: Path) -> None:
    held = seen(tmp_path).population
    with pytest.raises(Refused) as refused:
        treated(held, shelf(), [program()], {"nev.range.cltc": "vehicle.mass.curb", "nev.rnge": "nev.range.cltc"})
    assert {d.code for d in refused.value.diagnostics} == {"treat-as-kind", "unknown-property"}
